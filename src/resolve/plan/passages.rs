//! In which order the passages that speak of an entity or a work are shown, and on
//! which page each.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::page_id::PageId;
use crate::resolve::facts::{Fact, FactKey, Passage};
use crate::resolve::routes::Routes;
use crate::resolve::site::Site;

use super::{PageKind, Part, PlannedPage, part_id};

/// How many entries of "mentioned in" or "cited by" one page shows.
pub const SLICE: usize = 50;

/// The passages that one page shows of all that speak of an entity or a work.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PassageSlice {
    /// How many pages speak of it.
    pub total: usize,
    /// Those on this page, the newest page first.
    pub entries: Vec<(PageId, Arc<Passage>)>,
}

/// Returns the passages under `key`, [`SLICE`] at a time, the newest page first.
///
/// There is a slice, be it empty, for the page that the list begins on.
fn slices(site: &Site, key: &FactKey) -> Vec<PassageSlice> {
    let contributors = site.facts.under(key);
    let mut found: Vec<_> = contributors
        .iter()
        .filter_map(|(id, fact)| {
            let (Fact::Mention(passage) | Fact::Citing(passage)) = fact else { return None };
            let card = site.card(id)?;
            Some((Reverse(card.updated.max(card.date)), id, passage))
        })
        .collect();
    // Pages of one date stay in the order of their ids, which is the facts'.
    found.sort_by_key(|(date, ..)| *date);
    if found.is_empty() {
        return vec![PassageSlice::default()];
    }
    found
        .chunks(SLICE)
        .map(|chunk| PassageSlice {
            total: found.len(),
            entries: chunk.iter().map(|(_, id, p)| ((*id).clone(), Arc::clone(p))).collect(),
        })
        .collect()
}

/// Plans a page that shows the passages under `key`, and as many further pages as they
/// need: `further` says what these are, `segment` what their URLs say before the number.
pub(super) fn with_passages(
    page: PlannedPage,
    key: &FactKey,
    (segment, further): (&str, &PageKind),
    site: &Site,
    routes: Routes<'_>,
) -> Vec<PlannedPage> {
    let mut slices = slices(site, key).into_iter();
    let of = slices.len();
    let (id, first) = (page.id.clone(), page.url.clone());
    let mut pages = vec![PlannedPage { passages: slices.next().unwrap_or_default(), ..page }];
    for (number, passages) in (2..).zip(slices) {
        let id = part_id(&id, segment, number);
        let url = routes.numbered(&first, segment, number);
        let part = Part { number, of, first: first.clone(), segment: Arc::from(segment) };
        pages.push(PlannedPage { passages, part, ..PlannedPage::new(id, url, further.clone()) });
    }
    pages
}
