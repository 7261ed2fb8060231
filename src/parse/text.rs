//! The plain text of a page: what terms are looked for in, excerpts are taken
//! from and search indexes.
//!
//! The text of all blocks is one string, `plain`. Terms are matched in its [`Folded`]
//! form, which is made when it is asked for and leads back to plain offsets; the
//! segments lead from plain offsets to the HTML, and a [`SourceMap`] to the source. A site keeps the index of each page,
//! so that its tables are as small as they can be: see [`Extent`].

mod builder;
mod extent;
mod fold;
mod sentence;
mod signature;
mod source_map;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::byte_set::ByteSet;
pub(in crate::parse) use builder::{BlockInfo, TextBuilder};
pub(in crate::parse) use source_map::{Origin, SourceMapBuilder};

pub use extent::{Extent, LONGEST};
pub use fold::{Folded, fold, is_apostrophe, is_dropped, is_hyphen};
pub use signature::Signature;
pub use source_map::SourceMap;

/// The plain text of a Markdown text, by block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextIndex {
    /// The text of all blocks, each ended by a line feed.
    pub plain: Arc<str>,
    /// The blocks, in order.
    pub blocks: Vec<TextBlock>,
    /// The segments, in order; what lies between two stands for what is not known yet, such
    /// as the names in a citation, or parts what markup parts.
    pub segments: Vec<Segment>,
    /// Where the text stands for the names that a citation shows, in order.
    pub names: Vec<NamePlace>,
    /// Where the plain text stands in the source.
    pub source: SourceMap,
}

/// One block of text: a paragraph, heading, table cell or the like.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its place in the plain text, without the line feed.
    pub plain: Extent,
    /// The heading that it stands under, as an index into the body's headings.
    pub heading: Option<u32>,
    /// The component that it stands in, as an index into the body's components.
    pub component: Option<u32>,
    /// The place in the source.
    pub source: Extent,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A paragraph, list item, definition or alert.
    Prose,
    /// A heading.
    Heading,
    /// A cell of a table.
    Cell,
    /// A quotation.
    Quotation,
    /// A caption of a figure or table.
    Caption,
    /// A footnote.
    Note,
}

/// What stands in a plain text for what is shown there and not known yet.
pub(in crate::parse) const OMITTED: &str = "…";

/// A place in the plain text where one character stands for the names that a citation shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamePlace {
    /// Its place in the plain text.
    pub plain: Extent,
    /// The citation, as an index into the body's citations.
    pub citation: u32,
}

/// A stretch of plain text that stands unbroken in the HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its place in the plain text.
    pub plain: Extent,
    /// Where it starts in the HTML; there `&`, `<`, `>` and `"` are written as entities.
    pub html: u32,
    /// Whether a term in it may become a link.
    pub linkable: Linkable,
}

/// Whether a term may become a link, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Linkable {
    /// It may.
    Yes,
    /// It stands in a heading.
    Heading,
    /// It stands in a link.
    Link,
    /// It stands in code.
    Code,
    /// It stands in a quotation.
    Quotation,
    /// It stands in a caption.
    Caption,
    /// It stands in a component that opts out, or the author opted out.
    OptedOut,
}

impl TextIndex {
    /// Appends a block with the text `text`, which gets its line feed.
    #[cfg(test)]
    pub(crate) fn push_block(&mut self, text: &str, block: TextBlock) {
        let start = self.plain.len();
        self.plain = Arc::from([&self.plain, text, "\n"].concat());
        self.blocks.push(TextBlock { plain: Extent::new(start..start + text.len()), ..block });
    }

    /// Returns the text of `block`, without its line feed.
    pub fn block_text(&self, block: &TextBlock) -> &str {
        &self.plain[block.plain.range()]
    }

    /// Returns the text in which terms are matched, a line for each block.
    pub fn folded(&self) -> Folded {
        Folded::of(self)
    }

    /// Gives back the room that was kept for more.
    pub(super) fn shrink(&mut self) {
        self.blocks.shrink_to_fit();
        self.segments.shrink_to_fit();
        self.names.shrink_to_fit();
    }

    /// Returns the index of the block that holds the plain offset `plain`.
    pub fn block_at(&self, plain: usize) -> Option<usize> {
        let index = self.blocks.partition_point(|block| block.plain.end() < plain);
        self.blocks.get(index).filter(|block| block.plain.start() <= plain).map(|_| index)
    }

    /// Returns the segment that holds the plain offset `plain`.
    pub fn segment_at(&self, plain: usize) -> Option<&Segment> {
        let after = self.segments.partition_point(|segment| segment.plain.start() <= plain);
        self.segments[..after].last().filter(|segment| plain < segment.plain.end())
    }

    /// Returns where the words at the range `plain` of the plain text stand in the source, from
    /// the first byte to the last; `0..0` where that is not known.
    pub fn source_range(&self, plain: &Range<usize>) -> Range<usize> {
        self.source.range(plain).unwrap_or(0..0)
    }

    /// Returns where the character at the plain offset `plain` stands in the HTML.
    pub fn html_offset(&self, plain: usize) -> Option<usize> {
        self.segment_at(plain).map(|segment| segment.html_at(plain, &self.plain))
    }

    /// Returns the plain ranges of the sentences of the block `index`, in order,
    /// without white space around them.
    pub fn sentences(&self, index: usize) -> Vec<Range<usize>> {
        let block = &self.blocks[index];
        let start = block.plain.start();
        let found = sentence::sentences(self.block_text(block)).into_iter();
        found.map(|found| start + found.start..start + found.end).collect()
    }
}

/// The sentences of a text, looked for block by block when one is asked for.
#[derive(Clone, Debug)]
pub struct Sentences<'a> {
    text: &'a TextIndex,
    by_block: BTreeMap<usize, Vec<Sentence>>,
}

/// One sentence.
#[derive(Clone, Debug)]
struct Sentence {
    plain: Range<usize>,
    /// Its words, once somebody asked for them.
    words: Option<Arc<str>>,
}

impl<'a> Sentences<'a> {
    /// Returns the sentences of `text`, none of which is found yet.
    pub fn of(text: &'a TextIndex) -> Self {
        Self { text, by_block: BTreeMap::new() }
    }

    /// Returns the plain range of the sentence that holds the plain offset `plain`,
    /// without white space around it, and its words, which `words_at` says of a range.
    ///
    /// What lies between two sentences belongs to the one before it. `None` where the
    /// offset lies in no block or the block has no words.
    pub fn at(
        &mut self,
        plain: usize,
        words_at: impl Fn(Range<usize>) -> Arc<str>,
    ) -> Option<(Range<usize>, Arc<str>)> {
        let block = self.text.block_at(plain)?;
        let text = self.text;
        let sentences = self.by_block.entry(block).or_insert_with(|| {
            let found = text.sentences(block).into_iter();
            found.map(|plain| Sentence { plain, words: None }).collect()
        });
        let after = sentences.partition_point(|sentence| sentence.plain.start <= plain);
        let Sentence { plain, words } = sentences.get_mut(after.saturating_sub(1))?;
        let words = words.get_or_insert_with(|| words_at(plain.clone()));
        (!words.is_empty()).then(|| (plain.clone(), Arc::clone(words)))
    }
}

impl Segment {
    /// Returns the position in the HTML of the plain offset `plain`, which lies in
    /// the segment or at its end; `text` is the plain text of the whole.
    pub fn html_at(&self, plain: usize, text: &str) -> usize {
        self.html as usize + crate::html::escaped_text_len(&text[self.plain.start()..plain])
    }
}

/// The bytes that [`escape_into`] writes as entities.
const ESCAPED: ByteSet = ByteSet::new(b"&<>\"");

/// Appends `text` to `html` as segments expect it: `&`, `<`, `>` and `"` as entities.
pub(in crate::parse) fn escape_into(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = ESCAPED.find(rest.as_bytes()) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests;
