//! The plain text of a page: what terms are looked for in, excerpts are taken
//! from and search indexes.
//!
//! The text of all blocks is one string, `plain`. Beside it stands `folded`, in
//! which terms are matched: case folded, NFC, curly apostrophes straightened,
//! soft hyphens dropped, hyphens turned into spaces, runs of white space into one.
//! A sparse map leads from folded to plain offsets, and the segments lead from
//! plain offsets to the HTML.

use std::ops::Range;

/// The plain text of a Markdown text, by block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextIndex {
    /// The text of all blocks, each ended by a line feed.
    pub plain: String,
    /// The text in which terms are matched.
    pub folded: String,
    /// Where folded and plain offsets drift apart: `(folded, plain)` pairs, ascending;
    /// between two pairs both advance alike.
    pub offsets: Vec<(usize, usize)>,
    /// The blocks, in order.
    pub blocks: Vec<TextBlock>,
    /// The segments, in order; what lies between two is not shown as text.
    pub segments: Vec<Segment>,
}

/// One block of text: a paragraph, heading, table cell or the like.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its place in the plain text, without the line feed.
    pub plain: Range<usize>,
    /// The heading that it stands under, as an index into the body's headings.
    pub heading: Option<usize>,
    /// The component that it stands in, as an index into the body's components.
    pub component: Option<usize>,
    /// The place in the source.
    pub source: Range<usize>,
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

/// A stretch of plain text that stands unbroken in the HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its place in the plain text.
    pub plain: Range<usize>,
    /// Where it starts in the HTML; there `&`, `<`, `>` and `"` are written as entities.
    pub html: usize,
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
