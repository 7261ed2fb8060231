//! Titles in title case, turned back into sentence case.
//!
//! CSL wants titles in sentence case and makes title case of them; BibTeX files have it the other
//! way round, with braces around what must keep its capitals.

use crate::item::{Inline, InlineStyle};

/// Lowers the capitals of an English title that only title case explains.
///
/// A word keeps its capital at the beginning of the title and of a subtitle, inside braces, and
/// where it has another capital or is a lone letter ("DNA", "mRNA", "vitamin D"). A title that is
/// in sentence case already, judged by its longer words, is left as it is.
pub(super) fn sentence_case(inlines: &mut [Inline]) {
    let mut words = Words::default();
    scan(inlines, &mut words);
    if words.lower > words.capitalised {
        return;
    }
    let mut state = State { start: true, before: None };
    lower(inlines, None, &mut state);
}

/// How many longer words begin with a capital, and how many do not.
#[derive(Default)]
struct Words {
    capitalised: usize,
    lower: usize,
    seen: bool,
}

/// The shortest word that is not left in lower case by title case itself ("with", "from").
const LONG_WORD: usize = 5;

fn scan(inlines: &[Inline], words: &mut Words) {
    for inline in inlines {
        match inline {
            Inline::Styled(InlineStyle::NoCase, _) => words.seen = true,
            Inline::Styled(_, children) => scan(children, words),
            Inline::Plain(text) => {
                for word in text.split(|c: char| !is_word(c)).filter(|word| has_letter(word)) {
                    let first = !std::mem::replace(&mut words.seen, true);
                    if first || word.chars().count() < LONG_WORD {
                        continue;
                    }
                    let mut chars = word.chars();
                    let capital = chars.next().is_some_and(char::is_uppercase);
                    if !chars.any(char::is_uppercase) {
                        *(if capital { &mut words.capitalised } else { &mut words.lower }) += 1;
                    }
                }
            }
        }
    }
}

struct State {
    /// The next word begins a sentence.
    start: bool,
    /// The character before, in whatever piece it stands.
    before: Option<char>,
}

fn lower(inlines: &mut [Inline], after: Option<char>, state: &mut State) {
    for index in 0..inlines.len() {
        let after = inlines.get(index + 1).map_or(after, first_char);
        match &mut inlines[index] {
            Inline::Plain(text) => {
                let lowered = lower_text(text, after, state);
                *text = lowered.into();
            }
            Inline::Styled(InlineStyle::NoCase, children) => {
                state.before = children.last().and_then(last_char);
                state.start = false;
            }
            Inline::Styled(_, children) => lower(children, after, state),
        }
    }
}

fn lower_text(text: &str, after: Option<char>, state: &mut State) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if !is_word(c) {
            if matches!(c, ':' | '?' | '!' | '.' | '—') {
                state.start = true;
            }
            state.before = Some(c);
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(length);
        let joined =
            state.before.is_some_and(is_word) || (tail.is_empty() && after.is_some_and(is_word));
        let mut chars = word.chars();
        let capital = chars.next().is_some_and(char::is_uppercase);
        let lone = chars.as_str().is_empty() && word != "A";
        if capital && !state.start && !joined && !lone && !chars.any(char::is_uppercase) {
            out.push_str(&word.to_lowercase());
        } else {
            out.push_str(word);
        }
        state.start &= !has_letter(word);
        state.before = word.chars().last();
        rest = tail;
    }
    out
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’')
}

/// Tells whether a word is more than apostrophes.
fn has_letter(word: &str) -> bool {
    word.contains(char::is_alphanumeric)
}

fn first_char(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Plain(text) => text.chars().next(),
        Inline::Styled(_, children) => children.first().and_then(first_char),
    }
}

fn last_char(inline: &Inline) -> Option<char> {
    match inline {
        Inline::Plain(text) => text.chars().last(),
        Inline::Styled(_, children) => children.last().and_then(last_char),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Text;
    use crate::read::bibtex::latex;

    fn lowered(source: &str) -> String {
        let mut inlines = latex::parse(source);
        sentence_case(&mut inlines);
        Text::from_inlines(inlines).to_plain().into_owned()
    }

    #[test]
    fn title_case_is_undone_except_where_capitals_mean_something() {
        for (source, expected) in [
            (
                "The Effect of {JAK} Inhibitors on Alopecia Areata: A Review of DNA Damage and mRNA",
                "The effect of JAK inhibitors on alopecia areata: A review of DNA damage and mRNA",
            ),
            ("What's New? The End of E. coli", "What's new? The end of E. coli"),
            ("Double-Blind Trial of Anti-TNF", "Double-blind trial of anti-TNF"),
            ("Vitamin D and H$_2$O as a Drug", "Vitamin D and H2O as a drug"),
            (r"A \emph{Companion} With Care", "A companion with care"),
            ("Life in {Germany} Today", "Life in Germany today"),
            ("{G}raph Theory", "Graph theory"),
        ] {
            assert_eq!(lowered(source), expected, "{source}");
        }
    }

    #[test]
    fn sentence_case_is_left_alone() {
        for title in [
            "Effects of aspirin on the course of disease in Germany",
            "Two phase 3 trials of baricitinib in Alzheimer's disease",
        ] {
            assert_eq!(lowered(title), title);
        }
    }
}
