//! What one page has to say to the index: its terms, each with its weight, and the record
//! that a result shows.
//!
//! It follows from the page's own file and its collection alone, so that it is made once
//! for each state of the page. The weight is BM25's, without the part that depends on the
//! other pages (that is left to the browser), in four bits: 1 to 7 where the term stands in
//! the text, 8 to 15 where it stands in a title or a name of the page. Nothing is compared
//! with the average page, or an edit of one would change the weights of all.

use crate::config::Collection;
use crate::parse::Page;
use crate::parse::body::Body;
use crate::parse::page::FieldValue;
use crate::parse::text::BlockKind;
use crate::resolve::Card;
use crate::resolve::surfaces::gather;

use super::lexicon::{Lexicon, TermId};
use super::words::{each_word, exact_forms};

/// How much more a word of a heading counts than one of the text.
const HEADING: u32 = 2;
/// The lowest weight of a term of a title or a name.
pub(super) const TITLE: u8 = 8;
/// The highest weight.
const MOST: u8 = 15;
/// How soon more of the same word counts for nothing (the k₁ of BM25).
const SATURATION: f32 = 1.2;
/// The most words of a name that is looked up as a whole.
const NAME_WORDS: usize = 4;

/// The number of a term or a page with a weight, 1 to 15, packed: `number << 4 | weight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Weighted(u32);

impl Weighted {
    pub(super) fn new(number: u32, weight: u8) -> Self {
        Self(number << 4 | u32::from(weight))
    }

    pub(super) fn number(self) -> u32 {
        self.0 >> 4
    }

    pub(super) fn weight(self) -> u8 {
        (self.0 & 15) as u8
    }
}

/// What is counted of a term in one page.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// How often it stands there, by weight of the place.
    times: u32,
    /// How much of a title or name it makes up, in thousandths; 0 where it stands in none.
    share: u16,
    /// Whether it is a whole name.
    is_name: bool,
}

/// Counts the terms of pages, one page after the other.
#[derive(Debug)]
pub(super) struct TermCounter {
    pub(super) lexicon: Lexicon,
    counts: Vec<Count>,
    seen: Vec<TermId>,
    words: u32,
}

impl TermCounter {
    pub(super) fn new(lexicon: Lexicon) -> Self {
        Self { lexicon, counts: Vec::new(), seen: Vec::new(), words: 0 }
    }

    /// Returns the terms of an author's page, in the order of their numbers.
    pub(super) fn of_page(
        &mut self,
        page: &Page,
        card: &Card,
        collection: Option<&Collection>,
    ) -> Vec<Weighted> {
        self.of_card(card);
        let front = &page.front;
        for (name, value) in &front.fields {
            let is_surface = collection.and_then(|c| c.fields.get(name)).is_some_and(|f| f.surface);
            match is_surface {
                true => self.names(value),
                false => self.value(value),
            }
        }
        self.body(&page.body);
        self.finish()
    }

    /// Returns the terms of a page that has no file, in the order of their numbers.
    pub(super) fn of_made(&mut self, card: &Card) -> Vec<Weighted> {
        self.of_card(card);
        self.finish()
    }

    fn of_card(&mut self, card: &Card) {
        self.name(&card.title);
        let beside = card.subtitle.iter().chain(&card.description).chain(&card.tags);
        beside.for_each(|text| self.text(text, HEADING));
    }

    /// Takes in a title or a name: its words, and where it is short the whole of it.
    fn name(&mut self, name: &str) {
        let mut terms: Vec<TermId> = Vec::new();
        each_word(name, |word| terms.extend(self.lexicon.of_word(word)));
        let share = match terms.len() {
            0 => return self.exact_name(name),
            1 => 1000,
            2 => 700,
            3 => 500,
            4 | 5 => 350,
            6..=8 => 250,
            _ => 150,
        };
        for term in &terms {
            let count = self.count(*term);
            count.share = count.share.max(share);
        }
        if terms.len() <= NAME_WORDS {
            let whole = self.lexicon.of_name(&terms);
            self.count(whole).is_name = true;
        }
    }

    /// Takes in a name of which nobody looks for a word.
    fn exact_name(&mut self, name: &str) {
        for form in exact_forms(name).iter().filter(|form| !form.is_empty()) {
            let term = self.lexicon.id(form);
            self.count(term).is_name = true;
        }
    }

    fn names(&mut self, value: &FieldValue) {
        let mut surfaces = Vec::new();
        gather(value, &mut surfaces);
        surfaces.iter().for_each(|surface| self.name(&surface.name));
    }

    fn value(&mut self, value: &FieldValue) {
        match value {
            FieldValue::Text(text) | FieldValue::Page(text) => self.text(text, 1),
            FieldValue::Markdown(body) => self.body(body),
            FieldValue::Surface(surface) => self.text(&surface.name, 1),
            FieldValue::Ids(ids) => ids.iter().for_each(|(_, id)| self.text(id, 1)),
            FieldValue::List(values) => values.iter().for_each(|value| self.value(value)),
            FieldValue::Record(values) => values.values().for_each(|value| self.value(value)),
            FieldValue::Date(_)
            | FieldValue::Boolean(_)
            | FieldValue::Integer(_)
            | FieldValue::Number(_)
            | FieldValue::Citation(_)
            | FieldValue::Null => {}
        }
    }

    fn body(&mut self, body: &Body) {
        for block in &body.text.blocks {
            let weight = if block.kind == BlockKind::Heading { HEADING } else { 1 };
            self.text(body.text.block_text(block), weight);
        }
    }

    fn text(&mut self, text: &str, weight: u32) {
        each_word(text, |word| {
            self.words += 1;
            if let Some(term) = self.lexicon.of_word(word) {
                self.count(term).times += weight;
            }
        });
    }

    fn count(&mut self, term: TermId) -> &mut Count {
        let at = term as usize;
        if at >= self.counts.len() {
            self.counts.resize(self.lexicon.len().max(at + 1), Count::default());
        }
        let count = &self.counts[at];
        if count.times == 0 && count.share == 0 && !count.is_name {
            self.seen.push(term);
        }
        &mut self.counts[at]
    }

    fn finish(&mut self) -> Vec<Weighted> {
        self.seen.sort_unstable();
        let length = length_factor(self.words);
        let counts = &mut self.counts;
        let terms = self.seen.drain(..).map(|term| {
            let count = std::mem::take(&mut counts[term as usize]);
            Weighted::new(term, weight(count, length))
        });
        let terms = terms.collect();
        self.words = 0;
        terms
    }
}

/// Returns how much less a word counts in a text of so many words than in one of 512.
///
/// It goes in steps of twice the length, so that few edits change it.
fn length_factor(words: u32) -> f32 {
    match words {
        0..128 => 0.6,
        128..256 => 0.75,
        256..512 => 0.9,
        512..1024 => 1.0,
        1024..2048 => 1.2,
        2048..4096 => 1.5,
        _ => 2.0,
    }
}

fn weight(count: Count, length: f32) -> u8 {
    if count.is_name {
        return MOST;
    }
    // Counts are small: they are exact as such numbers.
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    let times = count.times as f32;
    let in_text = times / (times + SATURATION * length);
    let span = f32::from(MOST - TITLE);
    let weight = match count.share {
        0 => (in_text * span).round().max(1.0),
        share => {
            f32::from(TITLE) + (span * (0.7 * f32::from(share) / 1000.0 + 0.3 * in_text)).round()
        }
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 1 to 15")]
    let weight = weight as u8;
    weight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_counts_more_than_a_text_and_a_short_title_more_than_a_long_one() {
        let of = |times, share| weight(Count { times, share, is_name: false }, 1.0);
        assert!(of(1, 0) < of(5, 0) && of(5, 0) < of(0, 150));
        assert!(of(0, 150) < of(0, 1000) && of(0, 1000) < of(9, 1000));
        assert_eq!(of(10_000, 0), TITLE - 1);
        assert_eq!(of(10_000, 1000), MOST);
        assert!(weight(Count { times: 2, ..Count::default() }, length_factor(5000)) < of(2, 0));
    }
}
