//! Where the phrases of a rule's options stand in a page's sentences.
//!
//! All lists are looked for together (`check/prose.rs`); [`Hits`] are those of one list, in
//! order, so that what stands in a sentence or before a word is found without going over the
//! others.

use std::ops::Range;

use super::prose::Sentence;

/// A phrase where a sentence holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// The text, as a sentence has it.
    text: u32,
    /// The sentence, as an index into those of the page.
    sentence: u32,
    start: u32,
    end: u32,
}

impl Hit {
    /// Returns the hit at `range` of the text `text`, in the sentence with the index `sentence`.
    pub(super) fn new(text: usize, sentence: usize, range: &Range<usize>) -> Self {
        // A text has at most 16 MiB.
        let [text, sentence, start, end] = [text, sentence, range.start, range.end]
            .map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        Self { text, sentence, start, end }
    }

    fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    fn begins_before(self, text: usize, at: usize) -> bool {
        (self.text as usize, self.start as usize) < (text, at)
    }
}

/// Where the phrases of one list stand in a page's sentences, in order. No two overlap.
#[derive(Clone, Copy, Debug)]
pub struct Hits<'p> {
    sentences: &'p [Sentence],
    hits: &'p [Hit],
}

impl<'p> Hits<'p> {
    /// Returns `hits` in `sentences`.
    pub(super) fn new(sentences: &'p [Sentence], hits: &'p [Hit]) -> Self {
        Self { sentences, hits }
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Returns each with its sentence and its place in the sentence's text.
    pub fn iter(&self) -> impl Iterator<Item = (&'p Sentence, Range<usize>)> + use<'p> {
        let sentences = self.sentences;
        self.hits.iter().map(|hit| (&sentences[hit.sentence as usize], hit.range()))
    }

    /// Returns those that begin in the range `plain` of the text of `sentence`.
    pub fn beginning_in(&self, sentence: &Sentence, plain: Range<usize>) -> Self {
        let of = |at: usize| self.hits.partition_point(|hit| hit.begins_before(sentence.text, at));
        let start = of(plain.start);
        Self { hits: &self.hits[start..of(plain.end).max(start)], ..*self }
    }

    /// Returns the first, as a place in the text of its sentence.
    pub fn first(&self) -> Option<Range<usize>> {
        self.hits.first().map(|hit| hit.range())
    }

    /// Returns the last, as a place in the text of its sentence.
    pub fn last(&self) -> Option<Range<usize>> {
        self.hits.last().map(|hit| hit.range())
    }

    /// Tells whether one stands in `sentence`.
    pub fn is_in(&self, sentence: &Sentence) -> bool {
        !self.beginning_in(sentence, sentence.plain.clone()).is_empty()
    }

    /// Tells whether one stands in `sentence` within the `reach` bytes before the place `at` of
    /// its text, such as "not" before a word.
    pub fn is_before(&self, sentence: &Sentence, at: usize, reach: usize) -> bool {
        let from = at.saturating_sub(reach).max(sentence.plain.start);
        self.beginning_in(sentence, from..at).first().is_some_and(|hit| hit.end <= at)
    }

    /// Tells whether `range` of the text of `sentence` is a part of one.
    pub fn is_part_of_one(&self, sentence: &Sentence, range: &Range<usize>) -> bool {
        let before = self.beginning_in(sentence, sentence.plain.start..range.start + 1);
        before.last().is_some_and(|hit| range.end <= hit.end)
    }
}
