//! The site: the pages, the bibliography, and the facts that link them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::citation::{Bibliography, CitationKey};
use crate::page_id::PageId;
use crate::parse::KeptPage;
use crate::parse::page::EVERYTHING;

use super::facts::{Card, FactKey, Facts};

/// One page of the site, written by an author.
#[derive(Clone, Debug)]
pub struct SitePage {
    /// What its file says.
    pub page: Arc<KeptPage>,
    /// What other pages show of it.
    pub card: Arc<Card>,
}

/// The pages and the facts that link them.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The authors' pages, by id.
    pub pages: BTreeMap<PageId, SitePage>,
    /// The pages that fields made by naming them, by id.
    pub made: BTreeMap<PageId, Arc<Card>>,
    /// What they say to one another.
    pub facts: Facts,
}

impl Site {
    /// Returns what others show of the page `id`, written or made.
    ///
    /// For planning and reports; a view asks its [`SiteReader`](super::SiteReader).
    pub fn card(&self, id: &PageId) -> Option<&Arc<Card>> {
        self.facts.card(id).map(|(_, card)| card)
    }

    /// Returns what others show of each page, written or made.
    pub fn cards(&self) -> impl Iterator<Item = &Arc<Card>> {
        self.pages.values().map(|page| &page.card).chain(self.made.values())
    }

    /// Returns the keys of the works that pages cite or list, in order: all of `works` where
    /// a page lists the whole database.
    pub fn used_keys(&self, works: &Bibliography) -> BTreeSet<CitationKey> {
        let first = FactKey::Cites(CitationKey::new(""));
        let facts = self.facts.listed_from(first);
        let keys = facts.map_while(|(key, _)| match key {
            FactKey::Cites(key) | FactKey::Lists(key) => Some(key.clone()),
            _ => None,
        });
        let mut used: BTreeSet<CitationKey> = keys.collect();
        if used.remove(&CitationKey::new(EVERYTHING)) {
            used.extend(works.keys().cloned());
        }
        used
    }
}
