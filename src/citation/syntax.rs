//! Pandoc's citation syntax.

use std::ops::Range;

use super::key::CitationKey;

/// One citation of the text: a group in brackets, or a narrative mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Whether the author stands in the text.
    pub narrative: bool,
    /// The works cited, in order; never empty.
    pub cites: Vec<Cite>,
    /// The place in the source.
    pub range: Range<usize>,
}

/// One work in a citation.
#[derive(Clone, Debug, PartialEq)]
pub struct Cite {
    /// The key.
    pub key: CitationKey,
    /// The key in the source, without `@` and braces.
    pub key_range: Range<usize>,
    /// Whether the author's name is left out (`-@key`).
    pub suppress_author: bool,
    /// What stands before, as CSL rich text (`<i>`, `<b>`, `<sup>`, `<sub>`).
    pub prefix: String,
    /// The place in the work.
    pub locator: Option<Locator>,
    /// What stands after, as CSL rich text.
    pub suffix: String,
}

/// A place in a work, such as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// The CSL locator term, such as `page` or `section`.
    pub label: &'static str,
    /// The place, such as `4` or `4-6`.
    pub value: String,
}
