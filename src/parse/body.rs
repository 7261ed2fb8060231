//! A parsed Markdown text: HTML with holes.
//!
//! Parsing renders everything that depends on the text alone. Where the page
//! needs the rest of the site (a citation's number, a link's target, an image's
//! size, a component's records, a highlighted listing) it leaves a [`Hole`], a
//! position in the HTML with an index into the table of that kind. Rendering is
//! then one pass that copies HTML and fills holes; nothing is parsed twice.
//!
//! The same type holds a page's body and a Markdown field's value.

use std::ops::Range;
use std::sync::Arc;

use crate::citation::syntax::Citation;
use crate::packed::Text;

use super::text::TextIndex;

/// A parsed Markdown text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The HTML between the holes: the main text, then each note's text in the
    /// order of `notes`. It may be put by until the page is rendered.
    pub html: Text,
    /// Where the main text ends in `html`.
    pub main_end: usize,
    /// The holes, by position; two at one position are filled in their order here.
    pub holes: Vec<Hole>,
    /// How many of the holes belong to the main text.
    pub main_holes: usize,
    /// The headings, in order.
    pub headings: Vec<Heading>,
    /// The citations, in the order in which the page shows them (notes last).
    pub citations: Vec<Citation>,
    /// The links, in order.
    pub links: Vec<Link>,
    /// The images, in order.
    pub images: Vec<Image>,
    /// The code blocks that have a language, in order.
    pub listings: Vec<Listing>,
    /// The components, in order of their opening lines.
    pub components: Vec<ComponentCall>,
    /// The footnotes that are referred to, in the order of their first reference.
    pub notes: Vec<Note>,
    /// Ids that can be linked to beside the headings': of spans of raw HTML,
    /// definition terms and the like.
    pub anchors: Vec<Anchor>,
    /// The tables without a header cell, by their place in the source.
    pub headless_tables: Vec<Range<usize>>,
    /// The findings that comments in the text suppress, in order.
    pub allows: Vec<Allow>,
    /// The first heading, where it stands in for the title: it is in neither
    /// `html` nor `headings`.
    pub title: Option<LeadingTitle>,
    /// The plain text, for mentions, excerpts, search and readability.
    pub text: TextIndex,
}

impl Body {
    /// Gives back the room that was kept for more.
    pub(super) fn shrink(&mut self) {
        self.holes.shrink_to_fit();
        self.headings.shrink_to_fit();
        self.citations.shrink_to_fit();
        self.links.shrink_to_fit();
        self.text.shrink();
    }
}

/// A first-level heading that stands in for the page's title.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadingTitle {
    /// The plain text.
    pub text: String,
    /// The place in the source.
    pub range: Range<usize>,
}

/// A comment `<!-- galen: allow RULE: reason -->`, which suppresses a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allow {
    /// The rule's id as written.
    pub rule: Arc<str>,
    /// Why; empty where the author gave no reason.
    pub reason: Arc<str>,
    /// The comment in the source.
    pub range: Range<usize>,
    /// The block that it governs, in the source: the one that holds it, or the
    /// next one; the comment itself where none follows.
    pub governs: Range<usize>,
}

/// A place in the HTML that rendering fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The position in [`Body::html`], in bytes.
    pub at: usize,
    /// What goes there.
    pub kind: HoleKind,
}

/// What fills a hole; each index points into the table of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoleKind {
    /// The rendered citation [`Body::citations`]`[i]`.
    Citation(usize),
    /// The start tag of [`Body::links`]`[i]`.
    LinkStart(usize),
    /// The address of [`Body::links`]`[i]`, as the value of an attribute or a part of it.
    Address(usize),
    /// The end tag of [`Body::links`]`[i]`; an empty link gets its text here.
    LinkEnd(usize),
    /// The element of [`Body::images`]`[i]`.
    Image(usize),
    /// The highlighted [`Body::listings`]`[i]`, a whole `pre` element.
    Listing(usize),
    /// The start of [`Body::components`]`[i]`; what follows until its end is its body.
    ComponentStart(usize),
    /// The end of [`Body::components`]`[i]`.
    ComponentEnd(usize),
    /// A reference to the footnote [`Body::notes`]`[note]`, the `nth` (from 0) to it.
    NoteReference {
        /// The footnote.
        note: usize,
        /// How many references to it came before.
        nth: usize,
    },
}

/// A heading of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Heading {
    /// The level, 1 to 6.
    pub level: u8,
    /// The anchor, unique in the page.
    pub id: Arc<str>,
    /// Whether the author gave the anchor.
    pub explicit: bool,
    /// The plain text.
    pub text: String,
    /// The place in the source.
    pub range: Range<usize>,
}

/// An id of the text that is no heading's.
#[derive(Clone, Debug, PartialEq)]
pub struct Anchor {
    /// The id.
    pub id: Arc<str>,
    /// The place in the source.
    pub range: Range<usize>,
}

/// A link as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// How it was written.
    pub kind: LinkKind,
    /// The destination as written: a URL, a path to a file, `#anchor`, or a
    /// wikilink's page with an optional `#anchor`.
    pub destination: String,
    /// The title.
    pub title: String,
    /// Whether the link has no text of its own, so that the target's name stands in.
    pub empty: bool,
    /// The plain text, for checks; empty where `empty`.
    pub text: String,
    /// The whole link in the source.
    pub range: Range<usize>,
    /// The destination in the source.
    pub destination_range: Range<usize>,
    /// Of a link of raw HTML, what its tag says beside the address; `None` otherwise.
    pub html: Option<HtmlAttributes>,
}

/// What a tag of raw HTML says beside the address that is looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HtmlAttributes {
    /// The value of `class`, as HTML.
    pub class: Option<String>,
    /// The other attributes that may pass, as HTML, each after a space.
    pub others: String,
    /// The names of those, in lower case.
    pub names: Vec<String>,
}

/// How a link was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `[text](destination)`, by reference, `<https://…>`, or `<a href>` of raw HTML.
    Markdown,
    /// `[[page]]` or `[[page|text]]`.
    Wikilink,
    /// An attribute of raw HTML that is no link to follow: `<video src>`, `<img srcset>`,
    /// `<iframe src>`.
    Embedded,
}

/// An image as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// The file as written.
    pub src: String,
    /// The files among which browsers choose, where raw HTML names them.
    pub srcset: Vec<Candidate>,
    /// The alternative text, plain.
    pub alt: String,
    /// The title.
    pub title: String,
    /// Attributes given in braces: an id, classes and `key=value` pairs such as
    /// `width=400` or `decorative`.
    pub attributes: Attributes,
    /// The place in the source.
    pub range: Range<usize>,
    /// Of an image of raw HTML, what its tag says beside the address; `None` otherwise.
    pub html: Option<HtmlAttributes>,
}

/// A file of a `srcset`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The file, as an index into [`Body::links`].
    pub link: usize,
    /// For which width or density it is, such as `2x`; perhaps empty.
    pub descriptor: String,
}

/// A code block with a language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listing {
    /// The language's name as written.
    pub language: Arc<str>,
    /// The code, with its final line feed.
    pub code: Arc<str>,
}

/// An id, classes and pairs, as Pandoc writes attributes: `{#id .class key=value}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attributes {
    /// The id.
    pub id: Option<Arc<str>>,
    /// The classes, in order.
    pub classes: Vec<Arc<str>>,
    /// The pairs, in order; a word without `=` has an empty value.
    pub pairs: Vec<Attribute>,
}

/// One `key=value` pair.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The key.
    pub name: Arc<str>,
    /// The value without its quotes.
    pub value: Arc<str>,
    /// The pair in the source.
    pub range: Range<usize>,
}

/// A component where the text calls it.
#[derive(Clone, Debug, PartialEq)]
pub struct ComponentCall {
    /// The component's name.
    pub name: Arc<str>,
    /// The name in the source.
    pub name_range: Range<usize>,
    /// The id, further classes and arguments.
    pub attributes: Attributes,
    /// The opening line in the source.
    pub range: Range<usize>,
}

/// A footnote that is referred to.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The label as written.
    pub label: Arc<str>,
    /// Its text's place in [`Body::html`].
    pub html: Range<usize>,
    /// Its holes' place in [`Body::holes`].
    pub holes: Range<usize>,
    /// How many references lead to it.
    pub references: usize,
}
