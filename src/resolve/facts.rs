//! Facts: what pages say to one another.
//!
//! Every cross-link of a site is a fact that one page contributes under a key:
//! "I am at this URL", "this surface names me", "I mention that entity". A page
//! that needs something of the site asks for the facts under a key and never
//! looks at other pages themselves. Facts hold no offsets, ordinals or HTML, so
//! that an edit which moves text changes no fact.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use indexmap::IndexMap;
use jiff::civil::Date;

use crate::citation::CitationKey;
use crate::config::theme::Numbering;
use crate::page_id::{Lang, PageId};
use crate::parse::page::{FieldValue, PageImage, Surface};
use crate::source::SourceId;
use crate::url::UrlPath;

/// What a fact is about; the contributors and their values are looked up under it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactKey {
    /// The page itself: one contributor, a [`Fact::Card`].
    Page(PageId),
    /// A name by which authors refer to a page in fields and wikilinks: its id,
    /// its bare id, or an old id. Several pages may answer to one name.
    Name(Lang, Arc<str>),
    /// A folded title or alias, by which a field that may make a page, or a
    /// wikilink, refers to a page.
    Title(Lang, Arc<str>),
    /// The page that a file makes.
    Source(SourceId),
    /// A file below `content/` or `static/` that is published as it is or as an image.
    File(SourceId),
    /// A URL; more than one contributor is a conflict.
    Url(UrlPath),
    /// The ids that can be linked to in a page.
    Anchors(PageId),
    /// The fields of a page, for components and relations.
    Fields(PageId),
    /// A folded surface; more than one contributor makes it ambiguous.
    Surface(Lang, Arc<str>),
    /// The pages that mention an entity.
    Mentions(PageId),
    /// The pages whose author links to a page or names it in a field.
    LinkedFrom(PageId),
    /// The pages that cite an entry.
    Cites(CitationKey),
    /// The pages that list an entry without citing it.
    Lists(CitationKey),
    /// The pages of a collection, in one language.
    Members(Lang, Arc<str>),
    /// The pages with a tag, by the tag's slug.
    Tagged(Lang, Arc<str>),
    /// The pages whose fields name a page, by the name of the inverse.
    Relation(PageId, Arc<str>),
    /// The languages that a page exists in, by its path.
    Translations(Arc<str>),
}

/// What one page says under a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// That it is there, and nothing else.
    Claim,
    /// That it was there once and leads here.
    Redirect,
    /// What others show of it.
    Card(Arc<Card>),
    /// The ids that can be linked to, with the text of those that are headings.
    Anchors(Arc<BTreeMap<Arc<str>, AnchorFact>>),
    /// How it is published.
    File(Arc<FileFact>),
    /// Its fields.
    Fields(Arc<IndexMap<Arc<str>, FieldValue>>),
    /// The surface as its author wrote it.
    Surface(Arc<Surface>),
    /// How it mentions the entity.
    Mention(Arc<Passage>),
    /// How it cites the entry.
    Citing(Arc<Passage>),
    /// By which name of a tag it goes there.
    Tag(Arc<str>),
    /// Its records that name the page.
    Related(Arc<RelatedFact>),
}

/// What other pages show of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The page.
    pub id: PageId,
    /// Its title.
    pub title: Arc<str>,
    /// Its URL.
    pub url: UrlPath,
    /// Its collection.
    pub collection: Option<Arc<str>>,
    /// The folders below the collection's folder.
    pub section: Arc<str>,
    /// Whether it describes a folder's listing.
    pub is_index: bool,
    /// Its description, or the start of its text.
    pub description: Option<Arc<str>>,
    /// Its subtitle.
    pub subtitle: Option<Arc<str>>,
    /// The image that stands for it.
    pub image: Option<PageImage>,
    /// When it was published.
    pub date: Option<Date>,
    /// When it was last changed.
    pub updated: Option<Date>,
    /// When it was last reviewed.
    pub reviewed: Option<Date>,
    /// Its place among its siblings.
    pub weight: Option<i64>,
    /// Its tags.
    pub tags: Vec<Arc<str>>,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
    /// The file it comes from; `None` for a page that the build made.
    pub source: Option<SourceId>,
    /// The short texts among its fields, by name, for sorting and filtering:
    /// the texts themselves, dates in ISO 8601, pages by their id.
    pub texts: BTreeMap<Arc<str>, Vec<Arc<str>>>,
}

/// An id that can be linked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnchorFact {
    /// What the place is called, where it has a name.
    pub name: Option<AnchorName>,
}

/// What a place in a page is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnchorName {
    /// A heading's text.
    Heading(Arc<str>),
    /// A number in a sequence, as "Figure 2"; the word is the reader's language's.
    Numbered(Numbering, usize),
}

/// A file that is no page, contributed under [`PageId::files`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    /// Where it is published.
    pub url: UrlPath,
    /// Its width and height in pixels, where it is an image that could be read.
    pub size: Option<(u32, u32)>,
}

/// How a page speaks of something: the first sentence, its section, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// The first sentence that does, as plain text; a heading or title where no
    /// sentence does.
    pub sentence: Arc<str>,
    /// The heading that the sentence stands under: its anchor and its text.
    pub section: Option<(Arc<str>, Arc<str>)>,
    /// How often.
    pub count: usize,
}

/// The records of a page that name another.
#[derive(Clone, Debug, PartialEq)]
pub struct RelatedFact {
    /// The field that holds them.
    pub field: Arc<str>,
    /// The records, in order; empty where the field names the page directly.
    pub records: Vec<IndexMap<Arc<str>, FieldValue>>,
    /// The date of the relation, such as a review's, where a record gives one.
    pub date: Option<Date>,
}

/// Stands for a [`FactKey`] in the [`Facts`] that gave it out.
///
/// A page reads a hundred keys: their records are kept and compared as numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(u32);

/// The facts of a site, by key and contributor.
///
/// The pipeline owns them and changes them only by applying a [`ChangeSet`].
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// Every key that somebody contributed to, or asked for in vain.
    ids: HashMap<FactKey, KeyId>,
    /// The contributors under each key, by page, in the order of the ids.
    contributors: Vec<Contributors>,
    /// The keys that have contributors, in order.
    ordered: BTreeMap<FactKey, KeyId>,
}

/// The facts under one key, in the order of the contributing pages.
pub type Contributors = Vec<(PageId, Fact)>;

/// The facts that pages contribute in place of what they contributed before.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    changes: Vec<Change>,
}

#[derive(Clone, Debug)]
struct Change {
    key: FactKey,
    contributor: PageId,
    /// `None` withdraws the fact.
    fact: Option<Fact>,
}

impl ChangeSet {
    /// Contributes `fact` under `key`, in place of the contributor's earlier fact.
    pub fn contribute(&mut self, key: FactKey, contributor: &PageId, fact: Fact) {
        self.changes.push(Change { key, contributor: contributor.clone(), fact: Some(fact) });
    }

    /// Withdraws the contributor's fact under `key`.
    pub fn withdraw(&mut self, key: FactKey, contributor: &PageId) {
        self.changes.push(Change { key, contributor: contributor.clone(), fact: None });
    }

    /// Takes over the changes of `other`, after its own.
    pub fn append(&mut self, mut other: ChangeSet) {
        self.changes.append(&mut other.changes);
    }
}

impl Facts {
    /// Applies the changes and returns the keys whose facts really differ.
    pub fn apply(&mut self, changes: ChangeSet) -> BTreeSet<KeyId> {
        let mut changed = BTreeSet::new();
        for Change { key, contributor, fact } in changes.changes {
            let id = self.intern(&key);
            let contributors = &mut self.contributors[id.index()];
            let was_empty = contributors.is_empty();
            let place = contributors.binary_search_by(|(page, _)| page.cmp(&contributor));
            let differs = match (place, fact) {
                (Ok(at), Some(fact)) => {
                    let differs = contributors[at].1 != fact;
                    contributors[at].1 = fact;
                    differs
                }
                (Err(at), Some(fact)) => {
                    contributors.insert(at, (contributor, fact));
                    true
                }
                (Ok(at), None) => {
                    contributors.remove(at);
                    true
                }
                (Err(_), None) => false,
            };
            match (was_empty, contributors.is_empty()) {
                (true, false) => _ = self.ordered.insert(key, id),
                (false, true) => _ = self.ordered.remove(&key),
                _ => {}
            }
            if differs {
                changed.insert(id);
            }
        }
        changed
    }

    /// Returns the number that stands for `key`, which nobody need have contributed to.
    pub fn intern(&mut self, key: &FactKey) -> KeyId {
        if let Some(id) = self.ids.get(key) {
            return *id;
        }
        let number = u32::try_from(self.contributors.len()).expect("a site has fewer facts");
        self.contributors.push(Contributors::new());
        self.ids.insert(key.clone(), KeyId(number));
        KeyId(number)
    }

    /// Returns the number that stands for `key`, where it has one.
    pub fn id(&self, key: &FactKey) -> Option<KeyId> {
        self.ids.get(key).copied()
    }

    /// Returns the contributors under `key` with their facts, by page.
    pub fn under(&self, key: &FactKey) -> &[(PageId, Fact)] {
        self.id(key).map(|id| self.at(id)).unwrap_or_default()
    }

    /// Returns the contributors under the key that `id` stands for, by page.
    pub fn at(&self, id: KeyId) -> &[(PageId, Fact)] {
        &self.contributors[id.index()]
    }

    /// Returns every key with its contributors, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&FactKey, &[(PageId, Fact)])> {
        self.ordered.iter().map(|(key, id)| (key, self.at(*id)))
    }

    /// Returns the keys in `range` with their contributors, in order.
    pub fn range(
        &self,
        range: impl std::ops::RangeBounds<FactKey>,
    ) -> impl Iterator<Item = (&FactKey, &[(PageId, Fact)])> {
        self.ordered.range(range).map(|(key, id)| (key, self.at(*id)))
    }
}

impl KeyId {
    fn index(self) -> usize {
        self.0 as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> PageId {
        PageId::new(path, Lang::new("en"))
    }

    #[test]
    fn only_keys_whose_facts_differ_are_reported() {
        let key = FactKey::Mentions(page("treatments/a"));
        let mut facts = Facts::default();
        let id = facts.intern(&key);
        let contribute = || {
            let mut changes = ChangeSet::default();
            changes.contribute(key.clone(), &page("articles/x"), Fact::Claim);
            changes
        };
        assert_eq!(facts.apply(contribute()), BTreeSet::from([id]));
        assert_eq!(facts.apply(contribute()), BTreeSet::new());

        let mut withdrawal = ChangeSet::default();
        withdrawal.withdraw(key.clone(), &page("articles/x"));
        assert_eq!(facts.apply(withdrawal.clone()), BTreeSet::from([id]));
        assert_eq!(facts.apply(withdrawal), BTreeSet::new());
        assert_eq!(facts.under(&key), []);
        assert_eq!(facts.iter().count(), 0);
    }
}
