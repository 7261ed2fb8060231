//! The home page, the listings of collections, and the order of the pages in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::{Collection, Config};
use crate::page_id::{Lang, PageId};
use crate::resolve::facts::Card;
use crate::resolve::order::{changed, in_order, latest_first};
use crate::resolve::reader::SiteReader;
use crate::resolve::routes::Routes;
use crate::url::UrlPath;

use super::passages::SLICE;
use super::{PageKind, Part, PlannedPage, part_id};

/// A page of a collection in its place among the others, without what it shows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outline {
    pub(super) url: UrlPath,
    pub(super) kind: PageKind,
    pub(super) previous: Option<PageId>,
    pub(super) next: Option<PageId>,
}

/// A collection as it is listed in one language.
#[derive(Debug, Default)]
pub(super) struct CollectionPlan {
    pub(super) listings: Vec<PlannedPage>,
    pub(super) outlines: BTreeMap<PageId, Outline>,
}

/// Plans listings from facts, which its reader records.
pub(super) struct Lister<'a> {
    pub(super) reader: &'a SiteReader<'a>,
    pub(super) config: &'a Config,
    pub(super) routes: Routes<'a>,
}

impl<'a> Lister<'a> {
    /// Plans the home page of a language.
    pub(super) fn home(&self, lang: &Lang) -> PlannedPage {
        let recent = self.config.collections.values().filter(|collection| collection.feed);
        let mut cards: Vec<&Arc<Card>> = recent
            .flat_map(|collection| self.members(Some(collection), lang))
            .filter(|card| changed(card).is_some() && !card.is_index)
            .collect();
        cards.sort_by(|a, b| latest_first(a, b));
        // The feed takes its entries from here, and leaves out what search engines may not list.
        cards.truncate(2 * SLICE);
        let mut left = SLICE;
        let members = cards.into_iter().take_while(|card| {
            let has_room = left > 0;
            left -= usize::from(has_room && !card.noindex);
            has_room
        });
        let id = PageId::new("_index", lang.clone());
        PlannedPage {
            members: members.map(|card| card.id.clone()).collect(),
            ..PlannedPage::new(id, self.routes.home(lang), PageKind::Home)
        }
    }

    fn members(&self, collection: Option<&Collection>, lang: &Lang) -> Vec<&'a Arc<Card>> {
        let name = collection.map_or("", |collection| &collection.name);
        let members = self.reader.members(lang, name).into_iter();
        members.filter_map(|id| self.reader.card(id)).collect()
    }

    /// Plans the listings of a collection, and outlines its pages; `None` stands for the
    /// stand-alone pages.
    pub(super) fn collection(
        &self,
        collection: Option<&Collection>,
        lang: &Lang,
    ) -> CollectionPlan {
        let cards = self.members(collection, lang);
        let indexes: BTreeMap<Arc<str>, &Arc<Card>> = cards
            .iter()
            .filter(|card| card.is_index)
            .map(|card| (Arc::clone(&card.section), *card))
            .collect();
        let pages: Vec<&Arc<Card>> = cards.into_iter().filter(|card| !card.is_index).collect();
        let ordered = in_order(pages, collection.map(|collection| &collection.sort), self.reader);

        let mut sections: BTreeSet<Arc<str>> = indexes.keys().cloned().collect();
        if collection.is_some() && !ordered.is_empty() {
            sections.insert(Arc::from(""));
            sections.extend(ordered.iter().flat_map(|card| with_parents(&card.section)));
        }
        let mut plan = CollectionPlan::default();
        for section in sections {
            // The home page is planned for every language.
            if collection.is_none() && section.is_empty() {
                continue;
            }
            let inside = |card: &&&Arc<Card>| is_inside(&card.section, &section);
            let members = ordered.iter().filter(inside).map(|card| card.id.clone()).collect();
            let folder = collection.map_or("", |collection| &collection.folder);
            let path: Vec<&str> =
                [folder, &section, "_index"].into_iter().filter(|part| !part.is_empty()).collect();
            let url = match (indexes.get(&section), collection) {
                (Some(card), _) => card.url.clone(),
                (None, Some(collection)) => self.routes.section(collection, &section, lang),
                (None, None) => continue,
            };
            let kind = PageKind::Listing {
                collection: collection.map(|collection| Arc::clone(&collection.name)),
                section: Arc::clone(&section),
            };
            let listing = PlannedPage::new(PageId::new(path.join("/"), lang.clone()), url, kind);
            let per_page = collection.and_then(|collection| collection.paginate_by);
            plan.listings.extend(self.parts(&listing, members, per_page.unwrap_or(usize::MAX)));
        }
        plan.outlines = outlines(&ordered);
        plan
    }

    /// Returns a listing of `members` on as many pages as it needs.
    pub(super) fn parts(
        &self,
        listing: &PlannedPage,
        members: Vec<PageId>,
        per_page: usize,
    ) -> Vec<PlannedPage> {
        let chunks: Vec<&[PageId]> = match members.is_empty() {
            true => vec![&[]],
            false => members.chunks(per_page.max(1)).collect(),
        };
        let of = chunks.len();
        let numbered = (1..).zip(chunks);
        let parts = numbered.map(|(number, chunk)| {
            let url = self.routes.numbered(&listing.url, "page", number);
            let first = listing.url.clone();
            PlannedPage {
                members: chunk.to_vec(),
                part: Part { number, of, first, segment: Arc::from("page") },
                ..PlannedPage::new(part_id(&listing.id, "page", number), url, listing.kind.clone())
            }
        });
        parts.collect()
    }
}

/// Gives each page its neighbours in its section.
fn outlines(ordered: &[&Arc<Card>]) -> BTreeMap<PageId, Outline> {
    let mut sections: BTreeMap<&str, Vec<&Arc<Card>>> = BTreeMap::new();
    for card in ordered {
        sections.entry(&card.section).or_default().push(card);
    }
    let mut outlines = BTreeMap::new();
    for cards in sections.values() {
        for (index, card) in cards.iter().enumerate() {
            let kind = match card.source {
                Some(_) => PageKind::Written,
                None => PageKind::Made,
            };
            let neighbour = |at: Option<usize>| Some(cards.get(at?)?.id.clone());
            let outline = Outline {
                url: card.url.clone(),
                kind,
                previous: neighbour(index.checked_sub(1)),
                next: neighbour(index.checked_add(1)),
            };
            outlines.insert(card.id.clone(), outline);
        }
    }
    outlines
}

/// Tells whether `section` is `folder` or below it.
fn is_inside(section: &str, folder: &str) -> bool {
    folder.is_empty()
        || section.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Returns `a/b/c`, `a/b` and `a` for `a/b/c`.
fn with_parents(section: &str) -> Vec<Arc<str>> {
    let mut all = Vec::new();
    let mut rest = section;
    while !rest.is_empty() {
        all.push(Arc::from(rest));
        rest = rest.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    all
}
