//! Reading the site: every look-up is recorded, so that it is known what depends on
//! which facts.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::citation::CitationKey;
use crate::ordered::IndexMap;
use crate::page_id::{Lang, PageId};
use crate::parse::page::{FieldValue, Surface};
use crate::source::SourceId;
use crate::url::UrlPath;

use super::facts::{
    AnchorFact, Card, Fact, FactKey, Facts, FileFact, ImageFact, KeyId, KeySet, Passage,
    RelatedFact,
};
use super::site::Site;

/// The keys that something was made from, also those that had no facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// The keys that had a number, in order.
    known: Vec<KeyId>,
    /// Those that nobody had contributed to, in order.
    missed: Vec<FactKey>,
}

impl Reads {
    /// Returns how many keys were read.
    pub fn len(&self) -> usize {
        self.known.len() + self.missed.len()
    }

    /// Tells whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Tells whether one of `changed` was read.
    pub fn touch(&self, changed: &KeySet) -> bool {
        self.known.iter().any(|id| changed.contains(*id))
    }

    /// Returns the numbers of the keys that were read; those without one are left out.
    pub fn keys(&self) -> impl Iterator<Item = KeyId> {
        self.known.iter().copied()
    }

    /// Tells whether the key with this number was read.
    pub fn has(&self, key: KeyId) -> bool {
        self.known.binary_search(&key).is_ok()
    }

    /// Gives the keys that nobody had contributed to numbers, by which they are known
    /// when somebody does.
    pub fn settle(&mut self, facts: &mut Facts) {
        if !self.missed.is_empty() {
            let missed = std::mem::take(&mut self.missed);
            self.known.extend(missed.iter().map(|key| facts.intern(key)));
            self.known.sort_unstable();
        }
    }

    /// Tells whether every key that was read has a number.
    pub fn is_settled(&self) -> bool {
        self.missed.is_empty()
    }

    /// Tells whether `key` was read.
    pub fn contains(&self, key: &FactKey, facts: &Facts) -> bool {
        let known = facts.id(key).is_some_and(|id| self.known.binary_search(&id).is_ok());
        known || self.missed.binary_search(key).is_ok()
    }
}

/// A reader of the site that records which facts it was asked for.
///
/// Everything that a page shows of the rest of the site goes through here, so
/// that the record tells when the page must be made again. A key without facts
/// is recorded too: what is missing today may be there tomorrow.
#[derive(Debug)]
pub struct SiteReader<'a> {
    facts: &'a Facts,
    known: RefCell<Vec<KeyId>>,
    missed: RefCell<Vec<FactKey>>,
}

impl<'a> SiteReader<'a> {
    /// Returns a reader of `site` that has read nothing.
    pub fn new(site: &'a Site) -> Self {
        Self { facts: &site.facts, known: RefCell::default(), missed: RefCell::default() }
    }

    /// Returns the keys that were read.
    pub fn into_reads(self) -> Reads {
        let (mut known, mut missed) = (self.known.into_inner(), self.missed.into_inner());
        known.sort_unstable();
        known.dedup();
        known.shrink_to_fit();
        missed.sort_unstable();
        missed.dedup();
        missed.shrink_to_fit();
        Reads { known, missed }
    }

    /// Records what somebody else read on the page's behalf.
    pub fn also(&self, reads: &Reads) {
        self.known.borrow_mut().extend_from_slice(&reads.known);
        self.missed.borrow_mut().extend_from_slice(&reads.missed);
    }

    /// Returns a reader of the same site that has read nothing.
    pub fn fresh(&self) -> Self {
        Self { facts: self.facts, known: RefCell::default(), missed: RefCell::default() }
    }

    fn read(&self, key: FactKey) -> impl ExactSizeIterator<Item = &'a (PageId, Fact)> + use<'a> {
        let facts = match self.facts.id(&key) {
            Some(id) => {
                self.known.borrow_mut().push(id);
                self.facts.at(id)
            }
            None => {
                self.missed.borrow_mut().push(key);
                &[]
            }
        };
        facts.iter()
    }

    /// Returns what others show of the page `id`, or `None` where there is no such page.
    pub fn card(&self, id: &PageId) -> Option<&'a Arc<Card>> {
        let Some((key, card)) = self.facts.card(id) else {
            _ = self.read(FactKey::Page(id.clone()));
            return None;
        };
        self.known.borrow_mut().push(*key);
        Some(card)
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

    /// Returns what there is of the image `source` beside its file, or `None` where it is
    /// shown as it is.
    pub fn image(&self, source: &SourceId) -> Option<&'a Arc<ImageFact>> {
        self.read(FactKey::Image(source.clone())).find_map(|(_, fact)| match fact {
            Fact::Image(image) => Some(image),
            _ => None,
        })
    }

    /// Returns the pages that claim `url`; more than one is a conflict.
    pub fn claimants(&self, url: &UrlPath) -> Vec<&'a PageId> {
        self.read(FactKey::Url(url.clone())).map(|(id, _)| id).collect()
    }

    /// Returns where the configuration redirects `url`, as it is written there.
    pub fn redirect(&self, url: &UrlPath) -> Option<&'a Arc<str>> {
        self.read(FactKey::Url(url.clone())).find_map(|(_, fact)| match fact {
            Fact::Leads(target) => Some(target),
            _ => None,
        })
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

    /// Returns how often the page `id` cites the work `key`.
    pub fn times_cited(&self, id: &PageId, key: &CitationKey) -> usize {
        let cited = self.read(FactKey::Cites(key.clone())).find(|(by, _)| by == id);
        cited.map_or(0, |(_, fact)| match fact {
            Fact::Citing(passage) => passage.count,
            _ => 0,
        })
    }

    /// Tells whether the page `id` lists the work `key` among its references without citing it.
    pub fn lists(&self, id: &PageId, key: &CitationKey) -> bool {
        let mut lists = self.read(FactKey::Lists(key.clone()));
        lists.any(|(by, fact)| by == id && *fact != Fact::OwnWork)
    }

    /// Tells whether the work `key` is listed as one of the person's whom the page `id` describes.
    pub fn lists_own(&self, id: &PageId, key: &CitationKey) -> bool {
        let mut lists = self.read(FactKey::Lists(key.clone()));
        lists.any(|(by, fact)| by == id && *fact == Fact::OwnWork)
    }

    /// Tells whether an author links to the page `id`, names it in a field or mentions it.
    pub fn is_linked_to(&self, id: &PageId) -> bool {
        self.read(FactKey::LinkedFrom(id.clone())).len() > 0
            || self.read(FactKey::Mentions(id.clone())).any(|(from, _)| from != id)
    }

    /// Returns the pages of `collection` in the language `lang`, by id.
    pub fn members(&self, lang: &Lang, collection: &str) -> Vec<&'a PageId> {
        self.read(FactKey::Members(lang.clone(), Arc::from(collection))).map(|(id, _)| id).collect()
    }

    /// Returns the pages in the language `lang` that have the tag `slug`, by id.
    pub fn tagged(&self, lang: &Lang, slug: &str) -> Vec<&'a PageId> {
        self.read(FactKey::Tagged(lang.clone(), Arc::from(slug))).map(|(id, _)| id).collect()
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

    /// Returns the languages that have the page at `path`, in order, and where they have it.
    ///
    /// What the build makes is among them once the pages are planned.
    pub fn translations(&self, path: &str) -> Vec<(&'a Lang, &'a UrlPath)> {
        let places = self.read(FactKey::Translations(Arc::from(path)));
        let places = places.filter_map(|(id, fact)| match fact {
            Fact::Place(url) => Some((id.lang(), url)),
            _ => None,
        });
        let mut places: Vec<_> = places.collect();
        places.sort_unstable();
        places
    }
}
