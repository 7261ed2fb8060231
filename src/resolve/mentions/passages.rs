//! How a page speaks of each entity: the sentences that other pages show.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::page_id::PageId;
use crate::parse::body::Body;
use crate::parse::text::{BlockKind, Sentences, TextBlock};
use crate::resolve::facts::Passage;
use crate::resolve::quoting::Quoting;

/// The passages of one page, gathered in the order in which it shows them.
#[derive(Debug)]
pub(super) struct Passages<'a> {
    quoting: Quoting<'a>,
    by_entity: BTreeMap<PageId, Gathered>,
    /// The sentences of the text that the last mention stood in.
    sentences: Option<(usize, Sentences<'a>)>,
}

/// What is known of an entity's passage before the page is read to its end.
#[derive(Debug)]
struct Gathered {
    rank: u8,
    passage: Passage,
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
    pub(super) fn new(quoting: Quoting<'a>) -> Self {
        Self { quoting, by_entity: BTreeMap::new(), sentences: None }
    }

    /// Adds a mention of `entity`.
    ///
    /// The first sentence of a passage is the first that stands in prose, failing that
    /// in a table or caption, failing that the heading.
    pub(super) fn add(&mut self, entity: &PageId, place: &PassagePlace<'a>) {
        let rank = place.rank();
        if let Some(known) = self.by_entity.get_mut(entity)
            && known.rank <= rank
        {
            known.passage.count += 1;
            return;
        }
        let count = self.by_entity.get(entity).map_or(0, |known| known.passage.count) + 1;
        let passage = Passage { sentence: self.words(place), section: place.section(), count };
        self.by_entity.insert(entity.clone(), Gathered { rank, passage });
    }

    /// Returns the words of the sentence, heading or cell of `place`.
    fn words(&mut self, place: &PassagePlace<'a>) -> Arc<str> {
        let words_at = |plain| self.quoting.words(place.body, plain);
        let whole = || Arc::from(words_at(place.block.plain.range()).trim());
        if matches!(place.block.kind, BlockKind::Heading | BlockKind::Cell) {
            return whole();
        }
        let sentences = match &mut self.sentences {
            Some((index, sentences)) if *index == place.text => sentences,
            other => &mut other.insert((place.text, Sentences::of(&place.body.text))).1,
        };
        sentences.at(place.at, words_at).map_or_else(whole, |(_, words)| words)
    }

    /// Returns the passage of each entity.
    pub(super) fn into_facts(self) -> BTreeMap<PageId, Arc<Passage>> {
        let gathered = self.by_entity.into_iter();
        gathered.map(|(entity, gathered)| (entity, Arc::new(gathered.passage))).collect()
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

    /// Returns the heading that the mention stands under.
    fn section(&self) -> Option<(Arc<str>, Arc<str>)> {
        let heading = self.body.headings.get(self.block.heading? as usize)?;
        Some((Arc::clone(&heading.id), Arc::from(heading.text.as_str())))
    }
}
