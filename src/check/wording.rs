//! What rules about words ask of a page, its sentences, and what stands beside a word.

use std::ops::Range;

use crate::byte_set::ByteSet;
use crate::config::Role;
use crate::parse::page::FieldStep;
use crate::parse::text::BlockKind;

use super::lint::CheckedPage;
use super::prose::{Prose, Sentence};

/// A place in a sentence that a rule may object to.
#[derive(Clone, Debug)]
pub struct Said<'p> {
    /// The sentence.
    pub sentence: &'p Sentence,
    /// The place in the sentence's text.
    pub range: Range<usize>,
}

impl<'p> From<(&'p Sentence, Range<usize>)> for Said<'p> {
    fn from((sentence, range): (&'p Sentence, Range<usize>)) -> Self {
        Self { sentence, range }
    }
}

impl Said<'_> {
    /// Tells whether it is said by the page itself: it is no code, and not the first in
    /// quotation marks, as are words that are spoken about.
    pub fn is_own(&self, prose: &Prose<'_>) -> bool {
        let before = prose.text(self.sentence)[..self.range.start].chars().next_back();
        !before.is_some_and(|c| OPENING.contains(&c))
            && !prose.is_code(self.sentence, self.range.start)
    }
}

/// What opens a quotation.
const OPENING: &[char] = &[
    '"', '\u{201c}', '\u{201e}', '\u{ab}', '\u{bb}', '\u{2018}', '\u{201a}', '\u{2039}',
    '\u{300c}', '\u{300e}',
];

/// The first bytes of quotation marks.
const MARKS: ByteSet = ByteSet::new(b"\"\xc2\xe2\xe3");

/// The quotation marks of a text, from place to place.
#[derive(Clone, Debug)]
pub struct Marks<'t> {
    text: &'t str,
    from: usize,
    end: usize,
    /// The marks that nothing closes from here on.
    unclosed: Vec<char>,
    /// Where the first quotation begins that nothing closes.
    open: Option<usize>,
}

impl<'t> Marks<'t> {
    /// Returns those in the range `of` of `text`.
    pub fn of(text: &'t str, of: Range<usize>) -> Self {
        Self { text, from: of.start, end: of.end, unclosed: Vec::new(), open: None }
    }

    /// Returns where the search goes on: behind the quotation that was found last.
    pub fn place(&self) -> usize {
        self.from
    }

    /// Returns what stands in the next pair, and goes on behind it.
    pub fn next_quotation(&mut self) -> Option<Range<usize>> {
        loop {
            let rest = self.text.as_bytes().get(self.from..self.end)?;
            let start = self.from + MARKS.find(rest)?;
            let mark = self.text[start..].chars().next()?;
            self.from = start + mark.len_utf8();
            let Some(closing) = closing(mark) else { continue };
            let (before, after) = (&self.text[..start], &self.text[self.from..self.end]);
            if self.unclosed.contains(&mark) || !opens(mark, before, after) {
                continue;
            }
            let is_closing = |(at, found): &(usize, &str)| {
                // An apostrophe closes nothing.
                let next = after[at + found.len()..].chars().next();
                *found != "\u{2019}" || !next.is_some_and(char::is_alphanumeric)
            };
            match after.match_indices(closing).find(is_closing) {
                Some((length, found)) => {
                    let inner = self.from..self.from + length;
                    self.from = inner.end + found.len();
                    return Some(inner);
                }
                None => {
                    self.unclosed.push(mark);
                    // What is no apostrophe is meant to be closed in a later paragraph.
                    if !closing.contains(&'\u{2019}') {
                        self.open = self.open.or(Some(self.from));
                    }
                }
            }
        }
    }
}

/// What of a text stands in quotation marks, asked for from place to place.
#[derive(Clone, Debug)]
pub struct Quoted<'t> {
    marks: Marks<'t>,
    last: Range<usize>,
}

impl<'t> Quoted<'t> {
    /// Returns that of the range `of` of `text`.
    pub fn of(text: &'t str, of: Range<usize>) -> Self {
        Self { marks: Marks::of(text, of), last: 0..0 }
    }

    /// Tells whether `at`, which is not before where it was asked last, is quoted, or stands
    /// behind a mark that nothing closes.
    pub fn holds(&mut self, at: usize) -> bool {
        while self.last.end <= at {
            self.last = self.marks.next_quotation().unwrap_or(usize::MAX..usize::MAX);
        }
        self.last.start <= at || self.marks.open.is_some_and(|open| open <= at)
    }
}

/// Returns what closes a quotation that `mark` opens; `None` where it opens none.
fn closing(mark: char) -> Option<&'static [char]> {
    match mark {
        '\u{201c}' => Some(&['\u{201d}']),
        '\u{201e}' => Some(&['\u{201c}', '\u{201d}']),
        '\u{2018}' => Some(&['\u{2019}']),
        '\u{201a}' => Some(&['\u{2018}', '\u{2019}']),
        '\u{ab}' => Some(&['\u{bb}']),
        '\u{bb}' => Some(&['\u{ab}', '\u{bb}']),
        '\u{300c}' => Some(&['\u{300d}']),
        '\u{300e}' => Some(&['\u{300f}']),
        '"' => Some(&['"']),
        _ => None,
    }
}

/// Tells whether `mark` opens a quotation between `before` and `after`.
fn opens(mark: char, before: &str, after: &str) -> bool {
    let is_behind_words = before
        .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '!' | '?' | '\u{2026}'));
    match mark {
        '\u{300c}' | '\u{300e}' => true,
        // With a space behind it, it is French, unless it closes what `\u{bb}` opens.
        '\u{ab}' => !(is_behind_words && (after.is_empty() || after.starts_with([' ', ',']))),
        // A straight mark after a digit stands for inches.
        _ => {
            !before.ends_with(char::is_alphanumeric)
                && !after.is_empty()
                && !after.starts_with(char::is_whitespace)
                && (mark != '\u{bb}' || !is_behind_words && !after.starts_with(is_stop))
        }
    }
}

/// Tells whether `c` ends a part of a sentence, so that what stands before it ends, too.
fn is_stop(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')')
}

/// Returns, of each sentence that `is_judged`, the first of `said` in it that `counts`; in order.
pub fn first_of_each<'p>(
    mut said: Vec<Said<'p>>,
    is_judged: impl Fn(&Sentence) -> bool,
    mut counts: impl FnMut(&Said<'p>) -> bool,
) -> Vec<Said<'p>> {
    said.sort_by_key(|said| (said.sentence.text, said.range.start));
    let sentences = said.chunk_by(|a, b| std::ptr::eq(a.sentence, b.sentence));
    let judged = sentences.filter(|said| is_judged(said[0].sentence));
    judged.filter_map(|said| said.iter().find(|said| counts(said)).cloned()).collect()
}

/// Where the clauses of a sentence begin, asked for from place to place: the text between two
/// is gone over once.
#[derive(Debug)]
pub struct Clauses<'m> {
    /// What ends a clause.
    marks: &'m [char],
    /// The text, the start of the sentence, and how far the sentence was looked through.
    seen: (usize, usize, usize),
    start: usize,
}

impl<'m> Clauses<'m> {
    /// Returns those that `marks` end.
    pub fn new(marks: &'m [char]) -> Self {
        Self { marks, seen: (0, 0, 0), start: 0 }
    }

    /// Returns where the clause begins in which `said` stands, as a place in its text.
    pub fn start_of(&mut self, prose: &Prose<'_>, said: &Said<'_>) -> usize {
        let sentence = (said.sentence.text, said.sentence.plain.start);
        if sentence != (self.seen.0, self.seen.1) || said.range.start < self.seen.2 {
            (self.seen, self.start) = ((sentence.0, sentence.1, sentence.1), sentence.1);
        }
        let between = &prose.text(said.sentence)[self.seen.2..said.range.start];
        if let Some((at, mark)) = between.rmatch_indices(self.marks).next() {
            self.start = self.seen.2 + at + mark.len();
        }
        self.seen.2 = said.range.start;
        self.start
    }
}

/// Tells whether readers expect what the page says to rest on sources: it has authors or
/// reviewers to answer for it, or is what others link to; the text of a listing is none.
pub fn makes_claims(checked: &CheckedPage<'_>) -> bool {
    let makes_claims = checked.collection.is_some_and(|c| c.bylined || c.reviewed || c.entity);
    makes_claims && !checked.page.is_index
}

/// Tells whether `sentence` is one of the page's running text and not, as a heading, a cell,
/// or an account of changes or interests, something that claims nothing by itself.
pub fn is_running_text(checked: &CheckedPage<'_>, prose: &Prose<'_>, sentence: &Sentence) -> bool {
    if !matches!(sentence.kind, BlockKind::Prose | BlockKind::Note) {
        return false;
    }
    let Some(field) = prose.field(sentence) else { return true };
    let role = match (field.0.first(), checked.collection) {
        (Some(FieldStep::Name(name)), Some(collection)) => {
            collection.fields.get(name).and_then(|field| field.role)
        }
        _ => None,
    };
    !matches!(role, Some(Role::Changes | Role::Disclosure))
}

/// Tells whether `sentence` asks.
pub fn is_question(sentence: &str) -> bool {
    let end = sentence
        .trim_end_matches(['"', '\u{201d}', '\u{bb}', '\u{300d}', '\u{300f}', ')', '\u{a0}', ' ']);
    end.ends_with(['?', '\u{61f}', '\u{37e}', '\u{ff1f}'])
}

/// Returns the first `count` words of `text`, and no more than `bytes` bytes of it.
pub fn first_words(text: &str, count: usize, bytes: usize) -> &str {
    let text = &text[..text.floor_char_boundary(bytes)];
    let trimmed = text.trim_start();
    let mut spaces = trimmed.match_indices(char::is_whitespace);
    let end = spaces.nth(count.saturating_sub(1)).map(|(at, _)| at);
    &text[..text.len() - trimmed.len() + end.unwrap_or(trimmed.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_words_are_cut_between_characters() {
        assert_eq!(first_words(" one two three", 2, 40), " one two");
        assert_eq!(first_words("one", 2, 40), "one");
        assert_eq!(first_words("é\u{e9}x", 1, 3), "é");
        assert_eq!(first_words("", 1, 3), "");
    }

    #[test]
    fn quotations_stand_between_the_marks_of_any_language() {
        for (text, quoted) in [
            ("\u{bb}Das ist so.\u{ab} Und er sagt \u{bb}vieles.\u{ab}", "Das ist so.|vieles."),
            (
                "Il dit \u{ab} bien \u{bb}, puis \u{ab}\u{a0}mal\u{a0}\u{bb}.",
                " bien |\u{a0}mal\u{a0}",
            ),
            ("\u{ab}Bien.\u{bb}, dit-il.", "Bien."),
            ("Er sagt \u{201e}nimm\u{201c} und \u{201a}gib\u{2018} und so.", "nimm|gib"),
            ("He says \u{201c}take\u{201d} and \u{2018}don\u{2019}t\u{2019}.", "take|don\u{2019}t"),
            ("A 5\" ruler, \"so\".", "so"),
            (
                "\u{5f7c}\u{306f}\u{300c}\u{9aea}\u{300d}\u{3068}\u{300e}\u{4eca}\u{300f}",
                "\u{9aea}|\u{4eca}",
            ),
            ("It is \u{2018}so", ""),
        ] {
            let mut marks = Marks::of(text, 0..text.len());
            let found: Vec<&str> =
                std::iter::from_fn(|| marks.next_quotation()).map(|inner| &text[inner]).collect();
            assert_eq!(found.join("|"), quoted, "{text}");
        }
    }

    #[test]
    fn what_nothing_closes_is_quoted_to_its_end() {
        let is_quoted = |text: &str| {
            let at = text.find("1.0").unwrap_or_default();
            Quoted::of(text, 0..text.len()).holds(at)
        };
        assert!(is_quoted("He says \u{201c}a\u{201d} and \u{201c}take 1.0 mg."));
        assert!(!is_quoted("He says \u{201c}a\u{201d} and 1.0 mg of \u{201c}b\u{201d}."));
        assert!(!is_quoted("In the \u{2018}90s, 1.0 mg."));
    }

    #[test]
    fn questions_end_with_their_mark() {
        assert!(is_question("Is it so?"));
        assert!(is_question("“Is it so?”"));
        assert!(!is_question("Why? It is."));
    }
}
