//! How a page speaks of each entity: the sentences that other pages show.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::page_id::PageId;
use crate::parse::body::Body;
use crate::parse::text::{BlockKind, TextBlock};
use crate::resolve::facts::Passage;

/// The passages of one page, gathered in the order in which it shows them.
#[derive(Debug, Default)]
pub(super) struct Passages<'a> {
    by_entity: BTreeMap<PageId, Vec<(PassagePlace<'a>, Range<usize>)>>,
    /// The sentence of the last place, which often holds the next one too.
    last: (usize, Range<usize>),
}

/// One mention, where it stands.
#[derive(Debug)]
pub(super) struct PassagePlace<'a> {
    /// Which of the page's texts it stands in.
    pub(super) text: usize,
    /// The text.
    pub(super) body: &'a Body,
    /// The block of the text.
    pub(super) block: &'a TextBlock,
    /// The plain offset.
    pub(super) at: usize,
}

impl<'a> Passages<'a> {
    /// Adds a mention of `entity`.
    pub(super) fn add(&mut self, entity: &PageId, place: PassagePlace<'a>) {
        let (text, sentence) = &self.last;
        if *text != place.text || !sentence.contains(&place.at) {
            self.last = (place.text, place.range());
        }
        let sentence = self.last.1.clone();
        self.by_entity.entry(entity.clone()).or_default().push((place, sentence));
    }

    /// Returns the passage of each entity.
    pub(super) fn into_facts(self) -> BTreeMap<PageId, Arc<Passage>> {
        let facts = self.by_entity.into_iter();
        facts.map(|(entity, places)| (entity, Arc::new(passage(&places)))).collect()
    }
}

/// Returns the passage of the places `places`, which are not empty: its first sentence
/// is the first that stands in prose, failing that in a table or caption, failing that
/// the heading.
fn passage(places: &[(PassagePlace<'_>, Range<usize>)]) -> Passage {
    let (first, sentence) = places
        .iter()
        .min_by_key(|(place, _)| place.rank())
        .expect("a passage is made where there is a mention");
    let mut seen: Vec<(usize, usize)> = vec![(first.text, sentence.start)];
    let mut sentences = vec![first.words(sentence)];
    for (place, sentence) in places {
        let identity = (place.text, sentence.start);
        if !seen.contains(&identity) {
            seen.push(identity);
            sentences.push(place.words(sentence));
        }
    }
    let heading = first.block.heading.and_then(|index| first.body.headings.get(index));
    Passage {
        sentence: Arc::clone(&sentences[0]),
        section: heading.map(|heading| (Arc::clone(&heading.id), Arc::from(heading.text.as_str()))),
        count: places.len(),
        sentences,
    }
}

impl PassagePlace<'_> {
    fn rank(&self) -> u8 {
        match self.block.kind {
            BlockKind::Prose | BlockKind::Quotation => 0,
            BlockKind::Note => 1,
            BlockKind::Cell | BlockKind::Caption => 2,
            BlockKind::Heading => 3,
        }
    }

    fn range(&self) -> Range<usize> {
        match self.block.kind {
            BlockKind::Heading | BlockKind::Cell => self.block.plain.clone(),
            _ => self.body.text.sentence_at(self.at).unwrap_or(self.block.plain.clone()),
        }
    }

    fn words(&self, sentence: &Range<usize>) -> Arc<str> {
        Arc::from(self.body.text.plain[sentence.clone()].trim())
    }
}
