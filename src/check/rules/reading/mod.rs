//! Whether readers can follow: how hard a text is, and words that it could spare them.

mod grade;

pub(super) use grade::{GRADE, READ_GRADE, SMOG};

use crate::check::lint::CheckedPage;

/// Tells whether `checked` is a page of text that is its own: an article, or one about an
/// entity.
fn is_read(checked: &CheckedPage<'_>) -> bool {
    let is_text = checked.collection.is_some_and(|c| (c.bylined || c.entity) && !c.people);
    is_text && !checked.page.is_index
}
