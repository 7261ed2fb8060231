//! Ranges in half the room.

use std::ops::Range;

/// The length of the longest Markdown text that is read, in bytes.
///
/// What is made of a text is a few times as long, so that [`Extent`] reaches it all.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// A range of offsets in bytes, below 4 GiB.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    start: u32,
    end: u32,
}

impl Extent {
    /// Returns the extent of `range`; what lies beyond 4 GiB is cut off.
    pub fn new(range: Range<usize>) -> Self {
        Self { start: offset(range.start), end: offset(range.end) }
    }

    /// Returns the offset of the first byte.
    pub fn start(self) -> usize {
        self.start as usize
    }

    /// Returns the offset behind the last byte.
    pub fn end(self) -> usize {
        self.end as usize
    }

    /// Returns the range.
    pub fn range(self) -> Range<usize> {
        self.start()..self.end()
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.start >= self.end
    }
}

/// Returns `offset` in half the room; beyond 4 GiB, the last offset below.
pub(in crate::parse) fn offset(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
