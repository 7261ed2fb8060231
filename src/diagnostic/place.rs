//! Spans as people and editors count them: lines and columns.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::source::{LineColumn, Lines, MARK, SourceId, Span};

/// Returns the text of a source, with the byte order mark of its file or without one;
/// `None` where it is not at hand.
pub type Texts<'a> = dyn Fn(&SourceId) -> Option<Arc<str>> + 'a;

/// The texts that findings are about, each read once, with its lines.
pub(super) struct Files<'a> {
    texts: &'a Texts<'a>,
    read: BTreeMap<SourceId, Option<File>>,
}

/// A text with its lines.
pub(super) struct File {
    lines: Lines,
    /// How many bytes of the file stand before the text.
    before: usize,
}

impl<'a> Files<'a> {
    /// Returns the files that `texts` gives, none of them read yet.
    pub(super) fn new(texts: &'a Texts<'a>) -> Self {
        Self { texts, read: BTreeMap::new() }
    }

    /// Returns the file `id`, or `None` where its text is not at hand.
    pub(super) fn get(&mut self, id: &SourceId) -> Option<&File> {
        let texts = self.texts;
        self.read.entry(id.clone()).or_insert_with(|| texts(id).map(File::new)).as_ref()
    }

    /// Returns where `span` starts and ends; line 1, column 1 for a file that is
    /// not at hand.
    pub(super) fn lines(&mut self, span: &Span) -> (LineColumn, LineColumn) {
        let first = LineColumn { line: 1, column: 1 };
        self.get(&span.source).map_or((first, first), |file| {
            (file.line_column(span.start), file.line_column(span.end))
        })
    }
}

impl Files<'_> {
    /// Returns where `span` starts and ends in the bytes of its file.
    pub(super) fn offsets(&mut self, span: &Span) -> Range<usize> {
        let before = self.get(&span.source).map_or(0, |file| file.before);
        before + span.start..before + span.end
    }
}

impl File {
    fn new(text: Arc<str>) -> Self {
        let (text, before) = match text.strip_prefix(MARK) {
            Some(rest) => (Arc::from(rest), MARK.len_utf8()),
            None => (text, 0),
        };
        Self { lines: Lines::of(text), before }
    }

    /// Returns the line and column of byte `offset`; past the end counts as the end.
    pub(super) fn line_column(&self, offset: usize) -> LineColumn {
        self.lines.line_column(offset)
    }

    /// Returns the line that holds the start of `range`, without its line break, and
    /// the part of `range` on that line, as offsets in it.
    pub(super) fn first_line(&self, range: &Range<usize>) -> (&str, Range<usize>) {
        let text = self.lines.text();
        let start = floor(text, range.start);
        let end = floor(text, range.end).max(start);
        let from = self.lines.start_of_line(start);
        let line = text[from..].split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let within = |offset: usize| (offset - from).min(line.len());
        (line, within(start)..within(end))
    }
}

/// Returns the last character boundary of `text` at or before `offset`.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_without_its_break() {
        let file = File::new(Arc::from("ab\r\ncde\n"));
        assert_eq!(file.first_line(&(1..6)), ("ab", 1..2));
        assert_eq!(file.first_line(&(4..6)), ("cde", 0..2));
        assert_eq!(file.first_line(&(99..120)), ("", 0..0));
        assert_eq!(file.line_column(5), LineColumn { line: 2, column: 2 });
    }
}
