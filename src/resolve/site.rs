//! The site: the pages, the bibliography, and the facts that link them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;
use std::cell::RefCell;

use crate::citation::CitationKey;
use crate::page_id::{Lang, PageId};
use crate::parse::Page;
use crate::parse::page::{FieldValue, Surface};
use crate::source::SourceId;
use crate::url::UrlPath;

use super::facts::{AnchorFact, Card, Fact, FactKey, Facts, FileFact, Passage, RelatedFact};

/// One page of the site, written by an author.
#[derive(Clone, Debug)]
pub struct SitePage {
    /// What its file says.
    pub page: Arc<Page>,
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
    /// For planning and reports; a view asks its [`SiteReader`].
    pub fn card(&self, id: &PageId) -> Option<&Arc<Card>> {
        self.pages.get(id).map(|page| &page.card).or_else(|| self.made.get(id))
    }

    /// Returns the keys of the works that pages cite or list, in order.
    pub fn used_keys(&self) -> BTreeSet<CitationKey> {
        let facts = self.facts.iter();
        facts
            .filter_map(|(key, _)| match key {
                FactKey::Cites(key) | FactKey::Lists(key) => Some(key.clone()),
                _ => None,
            })
            .collect()
    }
}

/// A reader of the site that records which facts it was asked for.
///
/// Everything that a page shows of the rest of the site goes through here, so
/// that the record tells when the page must be made again. A key without facts
/// is recorded too: what is missing today may be there tomorrow.
#[derive(Debug)]
pub struct SiteReader<'a> {
    site: &'a Site,
    reads: RefCell<BTreeSet<FactKey>>,
}

impl<'a> SiteReader<'a> {
    /// Returns a reader of `site` that has read nothing.
    pub fn new(site: &'a Site) -> Self {
        Self { site, reads: RefCell::default() }
    }

    /// Returns the keys that were read.
    pub fn into_reads(self) -> BTreeSet<FactKey> {
        self.reads.into_inner()
    }

    fn read(&self, key: FactKey) -> impl Iterator<Item = (&'a PageId, &'a Fact)> + use<'a> {
        let facts = self.site.facts.under(&key);
        let found: Vec<_> = facts.collect();
        self.reads.borrow_mut().insert(key);
        found.into_iter()
    }

    /// Returns what others show of the page `id`, or `None` where there is no such page.
    pub fn card(&self, id: &PageId) -> Option<&'a Arc<Card>> {
        self.read(FactKey::Page(id.clone())).find_map(|(_, fact)| match fact {
            Fact::Card(card) => Some(card),
            _ => None,
        })
    }

    /// Returns the pages that answer to `name` in the language `lang`, by id.
    pub fn named(&self, lang: &Lang, name: &str) -> Vec<&'a PageId> {
        self.read(FactKey::Name(lang.clone(), Arc::from(name))).map(|(id, _)| id).collect()
    }

    /// Returns the pages whose title or alias folds to `folded`, by id.
    pub fn titled(&self, lang: &Lang, folded: &str) -> Vec<&'a PageId> {
        self.read(FactKey::Title(lang.clone(), Arc::from(folded))).map(|(id, _)| id).collect()
    }

    /// Returns the page that the file `source` makes.
    pub fn made_by(&self, source: &SourceId) -> Option<&'a PageId> {
        self.read(FactKey::Source(source.clone())).map(|(id, _)| id).next()
    }

    /// Returns how the file `source` is published, or `None` where there is no such file.
    pub fn file(&self, source: &SourceId) -> Option<&'a Arc<FileFact>> {
        self.read(FactKey::File(source.clone())).find_map(|(_, fact)| match fact {
            Fact::File(file) => Some(file),
            _ => None,
        })
    }

    /// Returns the pages that claim `url`; more than one is a conflict.
    pub fn claimants(&self, url: &UrlPath) -> Vec<&'a PageId> {
        self.read(FactKey::Url(url.clone())).map(|(id, _)| id).collect()
    }

    /// Returns the ids in the page `id` that can be linked to.
    pub fn anchors(&self, id: &PageId) -> Option<&'a BTreeMap<Arc<str>, AnchorFact>> {
        self.read(FactKey::Anchors(id.clone())).find_map(|(_, fact)| match fact {
            Fact::Anchors(anchors) => Some(&**anchors),
            _ => None,
        })
    }

    /// Returns the fields of the page `id`.
    pub fn fields(&self, id: &PageId) -> Option<&'a IndexMap<Arc<str>, FieldValue>> {
        self.read(FactKey::Fields(id.clone())).find_map(|(_, fact)| match fact {
            Fact::Fields(fields) => Some(&**fields),
            _ => None,
        })
    }

    /// Returns the pages that the folded `surface` names, each with the surface as written.
    pub fn surface(&self, lang: &Lang, surface: &str) -> Vec<(&'a PageId, &'a Surface)> {
        self.read(FactKey::Surface(lang.clone(), Arc::from(surface)))
            .filter_map(|(id, fact)| match fact {
                Fact::Surface(surface) => Some((id, &**surface)),
                _ => None,
            })
            .collect()
    }

    /// Returns the pages that mention the entity `id`, by page.
    pub fn mentions(&self, id: &PageId) -> Vec<(&'a PageId, &'a Arc<Passage>)> {
        self.read(FactKey::Mentions(id.clone()))
            .filter_map(|(id, fact)| match fact {
                Fact::Mention(passage) => Some((id, passage)),
                _ => None,
            })
            .collect()
    }

    /// Returns the pages that cite the entry `key`, by page.
    pub fn citing(&self, key: &CitationKey) -> Vec<(&'a PageId, &'a Arc<Passage>)> {
        self.read(FactKey::Cites(key.clone()))
            .filter_map(|(id, fact)| match fact {
                Fact::Citing(passage) => Some((id, passage)),
                _ => None,
            })
            .collect()
    }

    /// Returns the pages of `collection` in the language `lang`, by id.
    pub fn members(&self, lang: &Lang, collection: &str) -> Vec<&'a PageId> {
        self.read(FactKey::Members(lang.clone(), Arc::from(collection))).map(|(id, _)| id).collect()
    }

    /// Returns the pages with the tag `slug`, each with the tag as it writes it.
    pub fn tagged(&self, lang: &Lang, slug: &str) -> Vec<(&'a PageId, &'a Arc<str>)> {
        self.read(FactKey::Tagged(lang.clone(), Arc::from(slug)))
            .filter_map(|(id, fact)| match fact {
                Fact::Tag(name) => Some((id, name)),
                _ => None,
            })
            .collect()
    }

    /// Returns the tags of the language `lang`: each one's slug, its name on its first
    /// page, and on how many pages it stands.
    ///
    /// A listing of all tags depends on every one of them, and on those to come.
    pub fn tags(&self, lang: &Lang) -> Vec<(&'a Arc<str>, &'a Arc<str>, usize)> {
        self.reads.borrow_mut().insert(FactKey::Tagged(lang.clone(), Arc::from("")));
        let first = FactKey::Tagged(lang.clone(), Arc::from(""));
        let facts = self.site.facts.range(first..);
        facts
            .map_while(|(key, facts)| match key {
                FactKey::Tagged(of, slug) if of == lang => Some((slug, facts)),
                _ => None,
            })
            .filter_map(|(slug, facts)| {
                self.reads.borrow_mut().insert(FactKey::Tagged(lang.clone(), Arc::clone(slug)));
                let name = facts.values().find_map(|fact| match fact {
                    Fact::Tag(name) => Some(name),
                    _ => None,
                })?;
                Some((slug, name, facts.len()))
            })
            .collect()
    }

    /// Returns the pages that stand in the relation `inverse` to the page `id`.
    pub fn related(&self, id: &PageId, inverse: &str) -> Vec<(&'a PageId, &'a Arc<RelatedFact>)> {
        self.read(FactKey::Relation(id.clone(), Arc::from(inverse)))
            .filter_map(|(id, fact)| match fact {
                Fact::Related(related) => Some((id, related)),
                _ => None,
            })
            .collect()
    }

    /// Returns the ids of the page at `path` in every language that has it.
    pub fn translations(&self, path: &str) -> Vec<&'a PageId> {
        self.read(FactKey::Translations(Arc::from(path))).map(|(id, _)| id).collect()
    }
}
