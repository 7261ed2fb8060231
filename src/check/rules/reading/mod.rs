//! Whether readers can follow: how hard a text is, and words that it could spare them.

mod abbreviations;
mod grade;
mod plain_words;

pub(super) use abbreviations::{AFTER, BEFORE, COMMON, KNOWN, READ_ABBREV};
pub(super) use grade::{GRADE, READ_GRADE, SMOG};
pub(super) use plain_words::{READ_PLAIN, WORDS};

use crate::check::lint::CheckedPage;
use crate::parse::Body;
use crate::parse::text::Linkable;

/// Tells whether `checked` is a page of text that is its own: an article, or one about an
/// entity.
fn is_read(checked: &CheckedPage<'_>) -> bool {
    let is_text = checked.collection.is_some_and(|c| (c.bylined || c.entity) && !c.people);
    is_text && !checked.page.is_index
}

/// Tells whether the plain offset `at` of `body` stands in a `place` where terms are not linked.
fn is_in(place: Linkable, body: &Body, at: usize) -> bool {
    body.text.segment_at(at).is_some_and(|segment| segment.linkable == place)
}
