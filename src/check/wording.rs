//! What rules about words ask of a page, its sentences, and what stands beside a word.

use std::ops::Range;

use crate::config::Role;
use crate::parse::page::FieldStep;
use crate::parse::text::{BlockKind, Linkable};
use crate::resolve::mentions::Mention;

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
    /// Tells whether it stands in the page's running text and in no code.
    pub fn is_running_text(&self, checked: &CheckedPage<'_>, prose: &Prose<'_>) -> bool {
        let segment = prose.body(self.sentence).text.segment_at(self.range.start);
        segment.is_none_or(|segment| segment.linkable != Linkable::Code)
            && is_running_text(checked, prose, self.sentence)
    }

    /// Tells whether it is the first in quotation marks, as are words that are spoken about.
    pub fn is_quoted(&self, prose: &Prose<'_>) -> bool {
        let before = prose.text(self.sentence)[..self.range.start].chars().next_back();
        matches!(before, Some('"' | '\u{201c}' | '\u{201e}' | '\u{ab}' | '\u{2018}'))
    }

    /// Tells whether it is a part of one of `others`.
    pub fn is_within(&self, others: &[Said<'_>]) -> bool {
        others.iter().any(|other| {
            other.sentence == self.sentence
                && other.range.start <= self.range.start
                && self.range.end <= other.range.end
        })
    }
}

/// Puts `said` in order and keeps the first of each sentence.
pub fn first_of_each(mut said: Vec<Said<'_>>) -> Vec<Said<'_>> {
    said.sort_by_key(|said| (said.sentence.text, said.range.start));
    said.dedup_by_key(|said| (said.sentence.text, said.sentence.plain.start));
    said
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
    let end = sentence.trim_end_matches(['"', '\u{201d}', '\u{bb}', ')', '\u{a0}', ' ']);
    end.ends_with(['?', '\u{61f}', '\u{37e}'])
}

/// Returns up to `bytes` bytes of `text` before `at`, none before `start`.
pub fn before(text: &str, start: usize, at: usize, bytes: usize) -> &str {
    let mut from = at.saturating_sub(bytes).max(start);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..at]
}

/// Returns the first `count` words of `text`.
pub fn first_words(text: &str, count: usize) -> &str {
    let mut spaces = text.trim_start().match_indices(char::is_whitespace);
    let end = spaces.nth(count.saturating_sub(1)).map(|(at, _)| at);
    let text = text.trim_start();
    &text[..end.unwrap_or(text.len())]
}

/// Tells whether `text` holds one of `phrases` as whole words, in any case; a star at the end
/// of a phrase stands for any ending.
pub fn holds_one(text: &str, phrases: &[&str]) -> bool {
    last_of(text, phrases).is_some()
}

/// Returns where the last of `phrases` in `text` starts, found as by [`holds_one`].
pub fn last_of(text: &str, phrases: &[&str]) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let last = |phrase: &str| {
        let found = lower.rmatch_indices(phrase.trim_end_matches('*')).map(|(at, _)| at);
        let mut found = found.filter(|at| starts_word(&lower, *at));
        found.find(|at| starts_with_one(&lower[*at..], &[phrase]).is_some())
    };
    let curled = |phrase: &str| {
        let phrase = phrase.contains('\'').then(|| phrase.replace('\'', "\u{2019}"));
        phrase.and_then(|phrase| last(&phrase))
    };
    phrases.iter().filter_map(|phrase| last(phrase).max(curled(phrase))).max()
}

fn starts_word(text: &str, at: usize) -> bool {
    !text[..at].chars().next_back().is_some_and(char::is_alphanumeric)
}

/// Returns the length of the longest of `phrases` that `text` starts with, as whole words and
/// in any case of ASCII; a star at the end of a phrase stands for any ending.
pub fn starts_with_one(text: &str, phrases: &[&str]) -> Option<usize> {
    let length = |phrase: &&str| {
        let stem = phrase.trim_end_matches('*');
        let start = text.get(..stem.len()).filter(|start| start.eq_ignore_ascii_case(stem))?;
        let rest = &text[start.len()..];
        let more = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let is_whole = more == 0 || stem.len() < phrase.len();
        (is_whole && !stem.is_empty()).then_some(stem.len() + more)
    };
    phrases.iter().filter_map(length).max()
}

/// Returns the mentions in `range` of the text that `sentence` stands in.
pub fn mentions_in<'a>(
    checked: &CheckedPage<'a>,
    prose: &Prose<'_>,
    sentence: &Sentence,
    range: Range<usize>,
) -> impl Iterator<Item = &'a Mention> {
    let field = prose.field(sentence).cloned();
    checked.linked.mentions.mentions.iter().filter(move |mention| {
        mention.is_in(field.as_ref())
            && range.start <= mention.plain.start()
            && mention.plain.end() <= range.end
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_whole_words() {
        assert!(holds_one("It does not heal", &["not"]));
        assert!(holds_one("It isn\u{2019}t", &["isn't"]));
        assert!(!holds_one("A knot", &["not"]));
        assert!(holds_one("Who promises that", &["promis*"]));
        assert!(!holds_one("compromised", &["promis*"]));
        assert_eq!(last_of("no, not no", &["no", "not"]), Some(8));
        assert_eq!(last_of("isn\u{2019}t so, but", &["but", "isn't"]), Some(12));
        assert_eq!(last_of("", &["no"]), None);
    }

    #[test]
    fn the_longest_phrase_counts_that_a_text_starts_with() {
        assert_eq!(starts_with_one("out of ten", &["out", "out of"]), Some(6));
        assert_eq!(starts_with_one("outer", &["out"]), None);
        assert_eq!(starts_with_one("Prozentpunkte mehr", &["prozent*"]), Some(13));
        assert_eq!(starts_with_one("é", &["ee", "e"]), None);
    }

    #[test]
    fn what_stands_beside_a_word_is_cut_between_characters() {
        assert_eq!(before("ééé x", 0, 7, 2), " ");
        assert_eq!(before("abc", 1, 3, 9), "bc");
        assert_eq!(first_words(" one two three", 2), "one two");
        assert_eq!(first_words("one", 2), "one");
    }

    #[test]
    fn questions_end_with_their_mark() {
        assert!(is_question("Is it so?"));
        assert!(is_question("“Is it so?”"));
        assert!(!is_question("Why? It is."));
    }
}
