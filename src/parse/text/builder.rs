//! Filling a [`TextIndex`] while the HTML is written.

use std::ops::Range;
use std::sync::Arc;

use super::extent::offset;
use super::source_map::{Origin, SourceMapBuilder};
use super::{BlockKind, Extent, Linkable, NamePlace, OMITTED, Segment, TextBlock, TextIndex};

/// How many bytes of Markdown there are to a block of text, and to a segment of it, in texts
/// that have many: room for so many is kept while a text is read.
const BYTES_A_BLOCK: usize = 128;
const BYTES_A_SEGMENT: usize = 64;

/// Fills a [`TextIndex`] block by block.
#[derive(Debug, Default)]
pub(in crate::parse) struct TextBuilder {
    /// The text of the blocks so far.
    plain: String,
    /// What is known of it.
    index: TextIndex,
    /// Where it comes from.
    source: SourceMapBuilder,
    /// Where the open block starts in the plain text; `None` between blocks.
    start: Option<usize>,
    /// Where the HTML of the last segment ends.
    html_end: usize,
    /// Whether something that is no text stands after the last text.
    gap: bool,
}

/// What is known of a block when it ends.
#[derive(Clone, Debug)]
pub(in crate::parse) struct BlockInfo {
    pub(in crate::parse) kind: BlockKind,
    pub(in crate::parse) heading: Option<usize>,
    pub(in crate::parse) component: Option<usize>,
    pub(in crate::parse) source: Range<usize>,
}

impl TextBuilder {
    /// Returns a builder for a text of about `bytes` bytes.
    pub(in crate::parse) fn with_capacity(bytes: usize) -> Self {
        let index = TextIndex {
            blocks: Vec::with_capacity(bytes / BYTES_A_BLOCK),
            segments: Vec::with_capacity(bytes / BYTES_A_SEGMENT),
            ..TextIndex::default()
        };
        Self { plain: String::with_capacity(bytes), index, ..Self::default() }
    }

    /// Notes that a citation, image or the like stands here, which is no text.
    pub(in crate::parse) fn skip(&mut self) {
        self.gap = true;
    }

    /// Appends `text`, which comes from `origin` and stands at `html` in the HTML, escaped.
    ///
    /// White space at the start of a block, and beside what is skipped, is left
    /// out; line breaks become spaces.
    pub(in crate::parse) fn push(
        &mut self,
        text: &str,
        origin: Origin,
        html: Range<usize>,
        linkable: Linkable,
    ) {
        let Range { start: mut html, end: html_end } = html;
        let (mut text, mut origin) = (text, origin);
        let start = *self.start.get_or_insert(self.plain.len());
        let plain = &mut self.plain;
        let at_start = plain.len() == start;
        if at_start || (self.gap && plain.ends_with(' ')) {
            let trimmed = text.trim_start_matches([' ', '\n', '\t']);
            let left_out = text.len() - trimmed.len();
            html += left_out;
            if let Origin::Written(start) = &mut origin {
                *start += left_out;
            }
            text = trimmed;
        }
        if text.is_empty() {
            return;
        }
        if self.gap && text.starts_with([',', '.', ';', ':', '!', '?', ')', ']', '}', '”', '’'])
        {
            self.trim_end();
        }
        let broken = std::mem::take(&mut self.gap);
        let plain = &mut self.plain;
        let from = plain.len();
        plain.push_str(text);
        self.source.push(from..plain.len(), origin);
        match self.index.segments.last_mut() {
            Some(last)
                if !broken
                    && self.html_end == html
                    && last.plain.end() == from
                    && last.linkable == linkable
                    && from > start =>
            {
                last.plain = Extent::new(last.plain.start()..plain.len());
            }
            _ => self.index.segments.push(Segment {
                plain: Extent::new(from..plain.len()),
                html: offset(html),
                linkable,
            }),
        }
        self.html_end = html_end;
    }

    /// Appends what stands for the names that the citation of the index `citation`, which is
    /// written at `source`, shows.
    pub(in crate::parse) fn names(&mut self, citation: usize, source: Range<usize>) {
        let start = self.plain.len();
        self.stand_in(OMITTED, source);
        let plain = Extent::new(start..self.plain.len());
        self.index.names.push(NamePlace { plain, citation: offset(citation) });
    }

    /// Appends `words` for a text that is not known yet, as the title of the page that is named
    /// at `source`, so that a sentence is whole where it is quoted.
    pub(in crate::parse) fn stand_in(&mut self, words: &str, source: Range<usize>) {
        let from = self.plain.len();
        self.start.get_or_insert(from);
        self.plain.push_str(words);
        self.source.push(from..self.plain.len(), Origin::Made(source));
        self.gap = false;
        self.html_end = usize::MAX;
    }

    /// Appends a space that stands as no text in the HTML, as a forced line break does, which is
    /// written at `source`.
    pub(in crate::parse) fn space(&mut self, source: Range<usize>) {
        let plain = &mut self.plain;
        if self.start.is_some_and(|start| plain.len() > start) && !plain.ends_with(' ') {
            plain.push(' ');
            self.source.push(plain.len() - 1..plain.len(), Origin::Made(source));
            self.html_end = usize::MAX;
        }
    }

    /// Returns the text of the open block from `from` on, as far as it was written.
    pub(in crate::parse) fn since(&self, from: usize) -> &str {
        self.plain.get(from..).unwrap_or_default()
    }

    /// Returns how much plain text there is.
    pub(in crate::parse) fn len(&self) -> usize {
        self.plain.len()
    }

    /// Tells whether a block is open.
    pub(in crate::parse) fn in_block(&self) -> bool {
        self.start.is_some()
    }

    /// Ends the open block, if there is one.
    pub(in crate::parse) fn end_block(&mut self, info: impl FnOnce() -> BlockInfo) {
        self.gap = false;
        let Some(start) = self.start.take() else { return };
        self.start = Some(start);
        self.trim_end();
        self.start = None;
        let end = self.plain.len();
        if end == start {
            return;
        }
        let info = info();
        self.plain.push('\n');
        self.index.blocks.push(TextBlock {
            kind: info.kind,
            plain: Extent::new(start..end),
            heading: info.heading.map(offset),
            component: info.component.map(offset),
            source: Extent::new(info.source),
        });
    }

    /// Drops the white space at the end of the open block.
    fn trim_end(&mut self) {
        let start = self.start.unwrap_or(self.plain.len());
        let kept = start + self.plain[start..].trim_end_matches([' ', '\n', '\t']).len();
        self.plain.truncate(kept);
        self.source.truncate(kept);
        let segments = &mut self.index.segments;
        while let Some(last) = segments.last_mut() {
            let plain = last.plain;
            if plain.start() >= kept && plain.start() >= start {
                segments.pop();
                continue;
            }
            last.plain = Extent::new(plain.start()..plain.end().min(kept));
            break;
        }
        self.html_end = usize::MAX;
    }

    /// Returns the index.
    pub(in crate::parse) fn finish(self) -> TextIndex {
        TextIndex { plain: Arc::from(self.plain), source: self.source.finish(), ..self.index }
    }
}
