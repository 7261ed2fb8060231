//! Source files and places in them.
//!
//! A [`SourceId`] is the file's path below the site's root, so that it is the
//! same in every run and on every machine; a [`Span`] is a byte range in one
//! source. Diagnostics, parsed pages and facts name places only through these
//! two, which is why a cached value can be kept across rebuilds.

use std::cell::Cell;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::packed::{Packer, Text};

/// Names one file of a site by its path below the root, with `/` between parts.
///
/// Files of the default theme, which are compiled in, are named `theme:PATH`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(Arc<str>);

impl SourceId {
    /// Returns the id of the file at `path`, which is relative to the site's root.
    pub fn new(path: impl Into<Arc<str>>) -> Self {
        Self(path.into())
    }

    /// Returns the path below the site's root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Tells whether it names a file by its way from the site's root, as most do: not one of the
    /// default theme, nor one that the configuration names by its whole path.
    pub fn is_relative(&self) -> bool {
        !self.0.starts_with("theme:") && Path::new(&*self.0).is_relative()
    }

    /// Returns the extension without its dot, in the file's own case.
    pub fn extension(&self) -> Option<&str> {
        let name = self.0.rsplit('/').next()?;
        name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).map(|(_, extension)| extension)
    }
}

impl fmt::Debug for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SourceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The byte order mark, with which some editors start a file.
pub const MARK: char = '\u{feff}';

/// A text file as it was read.
#[derive(Clone, Debug)]
pub struct Source {
    /// Which file this is.
    pub id: SourceId,
    /// Its text, without a byte order mark.
    text: Text,
    /// Whether the file starts with a byte order mark.
    pub has_mark: bool,
    /// The fingerprint of its bytes.
    pub fingerprint: Fingerprint,
}

impl Source {
    /// Returns the source `id` with the text `text`; a leading byte order mark is dropped.
    pub fn new(id: SourceId, text: &str) -> Self {
        let unmarked = text.strip_prefix(MARK);
        let (has_mark, text) = (unmarked.is_some(), unmarked.unwrap_or(text));
        let fingerprint = Fingerprint::of(text.as_bytes());
        Self { id, fingerprint, text: Text::new(text), has_mark }
    }

    /// Returns `text`, which is to replace its own, as the file is to hold it.
    pub fn as_file(&self, text: &str) -> String {
        match self.has_mark {
            true => format!("{MARK}{text}"),
            false => text.to_owned(),
        }
    }

    /// Returns its text, without a byte order mark.
    pub fn text(&self) -> Arc<str> {
        self.text.get()
    }

    /// Packs its text while nobody reads it, as that of the file at `path`.
    pub fn pack(&self, packer: &Packer, path: &str) {
        let sample = packer.sample(path, self.text().as_bytes());
        packer.pack(&self.text, sample);
    }

    /// Returns the span of this source that `range` covers.
    pub fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.id.clone(), range)
    }
}

/// A byte range in one source.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// Returns the span of `source` that `range` covers.
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start, end: range.end.max(range.start) }
    }

    /// Returns the span of the whole file, shown as its first line.
    pub fn file(source: SourceId) -> Self {
        Self { source, start: 0, end: 0 }
    }

    /// Tells whether it is the span of a whole file.
    pub fn is_file(&self) -> bool {
        (self.start, self.end) == (0, 0)
    }

    /// Returns the byte range.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}..{}", self.source, self.start, self.end)
    }
}

/// A place as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

/// The lines of a text, for whoever asks about many places in it.
#[derive(Debug)]
pub struct Lines {
    text: Arc<str>,
    starts: Vec<usize>,
    /// The offset that was asked about last, and its place: what comes next mostly follows on
    /// the same line, which may be long.
    last: Cell<(usize, LineColumn)>,
}

impl Lines {
    /// Returns the lines of `text`.
    pub fn of(text: Arc<str>) -> Self {
        let feeds = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(feeds.map(|(at, _)| at + 1)).collect();
        Self { text, starts, last: Cell::new((0, LineColumn { line: 1, column: 1 })) }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the line and column of byte `offset`; past the end counts as the end.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        let offset = self.text.floor_char_boundary(offset);
        let line = self.starts.partition_point(|start| *start <= offset);
        let (last, place) = self.last.get();
        let (from, column) = match place.line == line && last <= offset {
            true => (last, place.column),
            false => (self.starts[line - 1], 1),
        };
        let column = column + self.text[from..offset].chars().count();
        let place = LineColumn { line, column };
        self.last.set((offset, place));
        place
    }

    /// Returns where the line that holds byte `offset` starts; past the end counts as the end.
    pub fn start_of_line(&self, offset: usize) -> usize {
        self.starts[self.starts.partition_point(|start| *start <= offset) - 1]
    }
}

/// Returns the line and column of byte `offset` in `text`; past the end counts as the end.
pub fn line_column(text: &str, offset: usize) -> LineColumn {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    LineColumn {
        line: before.bytes().filter(|&byte| byte == b'\n').count() + 1,
        column: before[line_start..].chars().count() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_and_column_count_characters_from_one() {
        let text = "äb\nçd";
        assert_eq!(line_column(text, 0), LineColumn { line: 1, column: 1 });
        assert_eq!(line_column(text, 2), LineColumn { line: 1, column: 2 });
        assert_eq!(line_column(text, 6), LineColumn { line: 2, column: 2 });
        assert_eq!(line_column(text, 99), LineColumn { line: 2, column: 3 });
    }

    #[test]
    fn lines_know_every_place_in_any_order() {
        let text = "äb\nçdé\n\nx";
        let lines = Lines::of(Arc::from(text));
        let forth = 0..=text.len() + 1;
        for offset in forth.clone().chain(forth.clone().rev()).chain(forth.step_by(3)) {
            assert_eq!(lines.line_column(offset), line_column(text, offset), "{offset}");
        }
        assert_eq!(lines.start_of_line(5), 4);
    }

    #[test]
    fn a_dot_file_has_no_extension() {
        assert_eq!(SourceId::new("static/.htaccess").extension(), None);
        assert_eq!(SourceId::new("a.b/page.fr.md").extension(), Some("md"));
    }
}
