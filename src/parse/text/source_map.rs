//! Where the plain text stands in the source.
//!
//! [`SourceMapBuilder`] notes it while a text is read, and [`SourceMap::range`] tells it. Most of
//! a text is the author's byte for byte, so that only the places are kept where the distance
//! between the two changes: where markup was left out, or something stands for something else.

use std::ops::Range;

use super::extent::offset;

/// Leads from plain text to the source that it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceMap {
    /// The starts of the pieces, by their place in the plain text.
    pieces: Box<[Piece]>,
}

/// Where a piece of the plain text starts, which ends where the next one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Piece {
    plain: u32,
    /// The offset in the source; with the bit [`MADE`], the piece as a whole stands for what
    /// lies in the source up to the start of the next one.
    source: u32,
}

/// The bit of offsets in sources by which pieces that are not the author's words are known;
/// what lies beyond 2 GiB has no place.
const MADE: u32 = 1 << 31;

/// Where a text comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::parse) enum Origin {
    /// From this place of the source on it is written there, byte for byte; a line's end in the
    /// source may be a space.
    Written(usize),
    /// It stands for what is written there: an entity, a straight quotation mark, a citation.
    Made(Range<usize>),
}

impl Piece {
    fn is_made(self) -> bool {
        self.source & MADE != 0
    }

    fn source(self) -> usize {
        (self.source & !MADE) as usize
    }

    /// Tells whether what is written at `plain` and `source` belongs to the piece.
    fn goes_on(self, plain: u32, source: u32) -> bool {
        !self.is_made() && plain.wrapping_sub(self.plain) == source.wrapping_sub(self.source)
    }
}

impl SourceMap {
    /// Returns where the words at the range `plain` of the plain text stand, from the first byte
    /// to the last: with the markup between them, and whole where something stands for another.
    ///
    /// `None` where no source is known.
    pub fn range(&self, plain: &Range<usize>) -> Option<Range<usize>> {
        let first = self.pieces[self.piece_at(plain.start)?];
        let start = match first.is_made() {
            true => first.source(),
            false => first.source() + (plain.start - first.plain as usize),
        };
        if plain.is_empty() {
            return Some(start..start);
        }
        let at = self.piece_at(plain.end - 1)?;
        let last = self.pieces[at];
        let end = match last.is_made() {
            true => self.pieces.get(at + 1)?.source(),
            false => last.source() + (plain.end - last.plain as usize),
        };
        Some(start..end.max(start))
    }

    /// Returns the index of the piece that holds the plain offset `plain`.
    fn piece_at(&self, plain: usize) -> Option<usize> {
        self.pieces.partition_point(|piece| piece.plain as usize <= plain).checked_sub(1)
    }

    /// Returns the places in the plain text of what the author wrote so, each with its place in
    /// the source; `len` is the length of the text.
    #[cfg(test)]
    pub(crate) fn written(&self, len: usize) -> Vec<(Range<usize>, usize)> {
        let ends = self.pieces.iter().skip(1).map(|piece| piece.plain as usize).chain([len]);
        let pieces = self.pieces.iter().zip(ends).filter(|(piece, _)| !piece.is_made());
        pieces.map(|(piece, end)| (piece.plain as usize..end, piece.source())).collect()
    }
}

/// Notes where a plain text stands in the source while it is written.
#[derive(Debug, Default)]
pub(in crate::parse) struct SourceMapBuilder {
    pieces: Vec<Piece>,
}

impl SourceMapBuilder {
    /// Notes where the text at `plain` comes from, which stands at the end.
    pub(in crate::parse) fn push(&mut self, plain: Range<usize>, origin: Origin) {
        match origin {
            Origin::Written(source) => self.written(offset(plain.start), place(source)),
            Origin::Made(source) => {
                let (start, end) = (place(source.start) | MADE, place(source.end));
                self.pieces.push(Piece { plain: offset(plain.start), source: start });
                self.pieces.push(Piece { plain: offset(plain.end), source: end });
            }
        }
    }

    fn written(&mut self, plain: u32, source: u32) {
        if !self.pieces.last().is_some_and(|last| last.goes_on(plain, source)) {
            self.pieces.push(Piece { plain, source });
        }
    }

    /// Takes back what lies behind the plain offset `end`.
    pub(in crate::parse) fn truncate(&mut self, end: usize) {
        let end = offset(end);
        let after = self.pieces.iter().rposition(|piece| piece.plain <= end).map_or(0, |at| at + 1);
        if let Some(first) = self.pieces.get_mut(after) {
            // It may be the end of a piece that stands for another.
            first.plain = end;
            self.pieces.truncate(after + 1);
        }
    }

    /// Returns the map.
    pub(in crate::parse) fn finish(self) -> SourceMap {
        SourceMap { pieces: self.pieces.into_boxed_slice() }
    }
}

/// Returns the offset `source` as pieces have it.
fn place(source: usize) -> u32 {
    offset(source).min(MADE - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(texts: &[(Range<usize>, Origin)]) -> SourceMap {
        let mut map = SourceMapBuilder::default();
        texts.iter().for_each(|(plain, origin)| map.push(plain.clone(), origin.clone()));
        map.finish()
    }

    #[test]
    fn words_lead_to_their_bytes_and_what_stands_for_another_to_all_of_it() {
        // `ab **cd** &amp; ef`
        let map = map(&[
            (0..3, Origin::Written(10)),
            (3..5, Origin::Written(15)),
            (5..6, Origin::Written(19)),
            (6..7, Origin::Made(20..25)),
            (7..10, Origin::Written(25)),
        ]);
        let range = |plain: Range<usize>| map.range(&plain).unwrap();
        assert_eq!(range(0..2), 10..12);
        assert_eq!(range(1..4), 11..16);
        assert_eq!(range(3..5), 15..17, "what follows is no part of it");
        assert_eq!(range(6..7), 20..25);
        assert_eq!(range(5..8), 19..26);
        assert_eq!(range(3..3), 15..15);
        assert_eq!(map.pieces.len(), 5);
        assert_eq!(SourceMap::default().range(&(0..1)), None);
    }

    #[test]
    fn nothing_is_noted_where_the_distance_stays() {
        let map = map(&[(0..3, Origin::Written(10)), (3..4, Origin::Written(13))]);
        assert_eq!(map.pieces.len(), 1);
        assert_eq!(map.range(&(2..4)), Some(12..14));
    }

    #[test]
    fn what_is_taken_back_is_forgotten() {
        let mut map = SourceMapBuilder::default();
        map.push(0..2, Origin::Written(10));
        map.push(2..8, Origin::Made(12..20));
        map.push(8..9, Origin::Written(25));
        map.truncate(5);
        map.push(5..6, Origin::Written(30));
        let map = map.finish();
        assert_eq!(map.range(&(1..5)), Some(11..20));
        assert_eq!(map.range(&(5..6)), Some(30..31));
    }
}
