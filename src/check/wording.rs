//! What rules about words ask of a page, its sentences, and what stands beside a word.

use std::ops::Range;

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
    '"', '\u{201c}', '\u{201e}', '\u{ab}', '\u{2018}', '\u{201a}', '\u{2039}', '\u{300c}',
    '\u{300e}',
];

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
    fn questions_end_with_their_mark() {
        assert!(is_question("Is it so?"));
        assert!(is_question("“Is it so?”"));
        assert!(!is_question("Why? It is."));
    }
}
