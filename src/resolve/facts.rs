//! Facts: what pages say to one another.
//!
//! Every cross-link of a site is a fact that one page contributes under a key:
//! "I am at this URL", "this surface names me", "I mention that entity". A page
//! that needs something of the site asks for the facts under a key and never
//! looks at other pages themselves. Facts hold no offsets, ordinals or HTML, so
//! that an edit which moves text changes no fact.

mod changes;
mod key_set;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::citation::CitationKey;
use crate::config::theme::Numbering;
use crate::ordered::{IndexMap, IndexSet};
use crate::page_id::{Lang, PageId};
use crate::parse::page::{FieldValue, PageImage, Surface};
use crate::source::SourceId;
use crate::url::UrlPath;

use changes::Replacement;

pub use changes::ChangeSet;
pub use key_set::KeySet;

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
    /// The pages that show the image of a file.
    Shows(SourceId),
    /// The smaller variants of an image that pages show.
    Image(SourceId),
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

impl FactKey {
    /// Tells whether the keys of this kind are listed, in order: somebody asks which
    /// there are.
    fn is_listed(&self) -> bool {
        matches!(
            self,
            Self::File(_)
                | Self::Shows(_)
                | Self::Surface(..)
                | Self::Cites(_)
                | Self::Lists(_)
                | Self::Tagged(..)
        )
    }
}

impl fmt::Display for FactKey {
    /// Writes what the facts under the key are, in words for authors.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FactKey::Page(page) => write!(f, "what others show of `{page}`"),
            FactKey::Name(_, name) => write!(f, "which page is named `{name}`"),
            FactKey::Title(_, title) => write!(f, "which page is titled “{title}”"),
            FactKey::Source(file) => write!(f, "which page `{file}` makes"),
            FactKey::File(file) => write!(f, "the file `{file}`"),
            FactKey::Shows(file) => write!(f, "which pages show `{file}`"),
            FactKey::Image(file) => write!(f, "the variants of `{file}`"),
            FactKey::Url(url) => write!(f, "what stands at `{url}`"),
            FactKey::Anchors(page) => write!(f, "the places in `{page}`"),
            FactKey::Fields(page) => write!(f, "the fields of `{page}`"),
            FactKey::Surface(_, surface) => write!(f, "whom “{surface}” names"),
            FactKey::Mentions(page) => write!(f, "how pages mention `{page}`"),
            FactKey::LinkedFrom(page) => write!(f, "which pages link to `{page}`"),
            FactKey::Cites(key) => write!(f, "how pages cite `{key}`"),
            FactKey::Lists(key) => write!(f, "which pages list `{key}`"),
            FactKey::Members(_, collection) => write!(f, "which pages are in `{collection}`"),
            FactKey::Tagged(_, tag) => write!(f, "which pages have the tag `{tag}`"),
            FactKey::Relation(page, name) => write!(f, "the `{name}` of `{page}`"),
            FactKey::Translations(page) => write!(f, "the languages of `{page}`"),
        }
    }
}

/// What one page says under a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// That it is there, and nothing else.
    Claim,
    /// That it is by the person whom the page describes.
    OwnWork,
    /// That it was there once and leads here.
    Redirect,
    /// Where it is.
    Place(UrlPath),
    /// Where `book.toml` says that it leads, as written.
    Leads(Arc<str>),
    /// What others show of it.
    Card(Arc<Card>),
    /// The ids that can be linked to, with the text of those that are headings.
    Anchors(Arc<BTreeMap<Arc<str>, AnchorFact>>),
    /// How it is published.
    File(Arc<FileFact>),
    /// What there is of it beside its file.
    Image(Arc<ImageFact>),
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
    /// The title's letters without case and marks, by which listings are in order.
    pub title_key: Arc<str>,
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
    /// Whether `description` is the start of the text.
    pub is_excerpt: bool,
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
    /// The texts of the fields that cards show, by name.
    pub shown: BTreeMap<Arc<str>, Vec<Arc<str>>>,
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

/// What there is of an image beside its file, contributed under [`PageId::images`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImageFact {
    /// Its width and height in pixels as it is shown, which a photograph may turn.
    pub size: Option<(u32, u32)>,
    /// Its smaller variants, the narrowest first.
    pub variants: Vec<ImageVariant>,
    /// Whether readers with a large screen need the file itself beside them.
    pub needs_original: bool,
    /// Why none could be made.
    pub problem: Option<Arc<str>>,
}

/// A smaller variant of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageVariant {
    /// Where it is published.
    pub url: UrlPath,
    /// Its width in pixels.
    pub width: u32,
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
    /// Every key that somebody contributed to, or asked for in vain, in the order of
    /// their numbers.
    keys: IndexSet<FactKey>,
    /// The contributors under each key, by page, in the order of the numbers.
    contributors: Vec<Contributors>,
    /// The pages' cards with the numbers of their keys: they are asked for more than all
    /// else, and of many pages in turn.
    cards: FxHashMap<PageId, (KeyId, Arc<Card>)>,
    /// The keys of the listed kinds that have contributors, in order.
    listed: BTreeMap<FactKey, KeyId>,
    /// The URLs with several claimants, in order.
    contested: BTreeMap<UrlPath, KeyId>,
    /// The keys under which each page contributed in each pass.
    contributed: FxHashMap<(PageId, Pass), Vec<KeyId>>,
    /// What stood under each key that was touched since [`Facts::start`].
    before: FxHashMap<KeyId, Contributors>,
    /// Whether `before` is kept.
    is_recording: bool,
}

/// When a page contributes: each pass reads only the facts of those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pass {
    /// What the page says of itself.
    Own,
    /// Whom it names and mentions.
    Linked,
    /// What it shows and cites.
    Shown,
}

/// The facts under one key, in the order of the contributing pages.
pub type Contributors = Vec<(PageId, Fact)>;

/// A key whose facts are others than they were.
#[derive(Clone, Copy, Debug)]
pub struct FactDifference<'a> {
    /// The number of the key.
    pub id: KeyId,
    /// The key.
    pub key: &'a FactKey,
    /// Who contributed then.
    pub before: &'a [(PageId, Fact)],
    /// Who contributes now.
    pub now: &'a [(PageId, Fact)],
}

impl FactDifference<'_> {
    /// Tells whether there are facts under the key now and were none, or the other way round.
    pub fn came_or_went(&self) -> bool {
        self.before.is_empty() != self.now.is_empty()
    }
}

impl Facts {
    /// Starts to record what changes.
    pub fn start(&mut self) {
        // A first build touches every key: the room for that is not kept.
        self.before = FxHashMap::default();
        self.is_recording = true;
    }

    /// Returns the keys whose facts differ from what they were at the start.
    pub fn changed(&self) -> KeySet {
        let mut changed = KeySet::default();
        self.differences().for_each(|difference| changed.insert(difference.id));
        changed
    }

    /// Returns what differs from what was at the start, in no order.
    pub fn differences(&self) -> impl Iterator<Item = FactDifference<'_>> {
        self.before.iter().filter_map(|(id, before)| {
            let now = self.at(*id);
            (now != before.as_slice()).then(|| FactDifference {
                id: *id,
                key: self.key(*id),
                before,
                now,
            })
        })
    }

    /// Applies the changes.
    pub fn apply(&mut self, changes: ChangeSet) {
        for Replacement { contributor, pass, facts } in changes.replacements {
            let mut ids: Vec<KeyId> = Vec::with_capacity(facts.len());
            for (key, fact) in facts {
                ids.push(self.set(key, &contributor, fact));
            }
            let Some(pass) = pass else { continue };
            let said = (contributor, pass);
            let earlier = match ids.is_empty() {
                true => self.contributed.remove(&said),
                false => {
                    ids.sort_unstable();
                    ids.dedup();
                    self.contributed.insert(said.clone(), ids.clone())
                }
            };
            for id in earlier.unwrap_or_default() {
                if ids.binary_search(&id).is_err() {
                    self.remove(id, &said.0);
                }
            }
        }
    }

    /// Puts `fact` in the place of the contributor's earlier fact under `key`.
    fn set(&mut self, key: FactKey, contributor: &PageId, fact: Fact) -> KeyId {
        let id = self.intern(&key);
        if let (FactKey::Page(page), Fact::Card(card)) = (&key, &fact) {
            self.cards.insert(page.clone(), (id, Arc::clone(card)));
        }
        let is_listed = key.is_listed();
        let place = self.place(id, contributor);
        let is_same = place.is_ok_and(|at| self.contributors[id.index()][at].1 == fact);
        if !is_same {
            self.remember(id);
        }
        // An equal fact is taken in too: what it holds belongs to the page as it is now.
        let contributors = &mut self.contributors[id.index()];
        match place {
            Ok(at) => contributors[at].1 = fact,
            Err(at) => {
                if contributors.is_empty() {
                    // Most keys have one contributor ever.
                    contributors.reserve_exact(1);
                }
                contributors.insert(at, (contributor.clone(), fact));
                match (contributors.len(), key) {
                    (1, key) if is_listed => _ = self.listed.insert(key, id),
                    (2, FactKey::Url(url)) => _ = self.contested.insert(url, id),
                    _ => {}
                }
            }
        }
        id
    }

    /// Withdraws the contributor's fact under the key.
    fn remove(&mut self, id: KeyId, contributor: &PageId) {
        if let Ok(at) = self.place(id, contributor) {
            self.remember(id);
            let contributors = &mut self.contributors[id.index()];
            contributors.remove(at);
            match (contributors.len(), &self.keys[id.index()]) {
                (0, key) if key.is_listed() => _ = self.listed.remove(key),
                (1, FactKey::Url(url)) => _ = self.contested.remove(url),
                (0, FactKey::Page(page)) => _ = self.cards.remove(page),
                _ => {}
            }
        }
    }

    fn place(&self, id: KeyId, contributor: &PageId) -> Result<usize, usize> {
        self.contributors[id.index()].binary_search_by(|(page, _)| page.cmp(contributor))
    }

    fn remember(&mut self, id: KeyId) {
        if self.is_recording && !self.before.contains_key(&id) {
            self.before.insert(id, self.contributors[id.index()].clone());
        }
    }

    /// Returns the number that stands for `key`, which nobody need have contributed to.
    pub fn intern(&mut self, key: &FactKey) -> KeyId {
        self.id(key).unwrap_or_else(|| {
            self.contributors.push(Contributors::new());
            KeyId::at(self.keys.insert_full(key.clone()).0)
        })
    }

    /// Returns the key that `id` stands for.
    pub fn key(&self, id: KeyId) -> &FactKey {
        &self.keys[id.index()]
    }

    /// Returns the number that stands for `key`, where it has one.
    pub fn id(&self, key: &FactKey) -> Option<KeyId> {
        self.keys.get_index_of(key).map(KeyId::at)
    }

    /// Returns what others show of the page `id`, and the number of the key that this is
    /// under.
    pub fn card(&self, id: &PageId) -> Option<&(KeyId, Arc<Card>)> {
        self.cards.get(id)
    }

    /// Returns the contributors under `key` with their facts, by page.
    pub fn under(&self, key: &FactKey) -> &[(PageId, Fact)] {
        self.id(key).map(|id| self.at(id)).unwrap_or_default()
    }

    /// Returns the contributors under the key that `id` stands for, by page.
    pub fn at(&self, id: KeyId) -> &[(PageId, Fact)] {
        &self.contributors[id.index()]
    }

    /// Returns the URLs that several pages claim, in order, each with its claimants.
    pub fn contested_urls(&self) -> impl Iterator<Item = (&UrlPath, &[(PageId, Fact)])> {
        self.contested.iter().map(|(url, id)| (url, self.at(*id)))
    }

    /// Returns the keys to which the page contributes.
    pub fn contributed_by(&self, page: &PageId) -> impl Iterator<Item = &FactKey> {
        let passes = [Pass::Own, Pass::Linked, Pass::Shown].into_iter();
        let said = passes.filter_map(|pass| self.contributed.get(&(page.clone(), pass)));
        said.flatten().map(|id| self.key(*id))
    }

    /// Returns the keys from `first` on with their contributors, in order.
    ///
    /// Only files, surfaces, tags and works are listed; the other kinds are left out.
    pub fn listed_from(
        &self,
        first: FactKey,
    ) -> impl Iterator<Item = (&FactKey, &[(PageId, Fact)])> {
        debug_assert!(first.is_listed(), "{first:?} is of a kind that is listed");
        self.listed.range(first..).map(|(key, id)| (key, self.at(*id)))
    }
}

impl KeyId {
    fn at(index: usize) -> Self {
        Self(u32::try_from(index).expect("a site has fewer facts"))
    }

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
    fn only_keys_whose_facts_differ_in_the_end_are_changed() {
        let [a, b] = ["a", "b"].map(|key| FactKey::Cites(CitationKey::new(key)));
        let says = |facts: &mut Facts, keys: &[&FactKey]| {
            let mut changes = ChangeSet::default();
            let said = keys.iter().map(|key| ((*key).clone(), Fact::Claim)).collect();
            changes.replace(&page("articles/x"), Pass::Linked, said);
            facts.apply(changes);
            facts.changed().iter().map(|id| facts.key(id).clone()).collect::<Vec<_>>()
        };
        let mut facts = Facts::default();
        facts.start();
        assert_eq!(says(&mut facts, &[&a, &b]), [a.clone(), b.clone()]);
        facts.start();
        assert_eq!(says(&mut facts, &[&a, &b]), []);
        let said = says(&mut facts, &[&a]);
        assert_eq!(said, std::slice::from_ref(&b), "what is not said again is withdrawn");
        assert_eq!(facts.under(&b), []);
        assert_eq!(facts.listed_from(a.clone()).count(), 1);
        assert_eq!(says(&mut facts, &[&b, &a]), [], "it is as it was");
        let mut gone = ChangeSet::default();
        gone.withdraw(&page("articles/x"));
        facts.apply(gone);
        assert_eq!(facts.listed_from(a).count(), 0);
        assert_eq!(facts.changed().iter().count(), 2);
    }

    #[test]
    fn a_card_is_found_as_long_as_its_page_says_it() {
        let id = page("articles/x");
        let key = FactKey::Page(id.clone());
        let says = |facts: &mut Facts, title: &str| {
            let card = Arc::new(Card::titled(id.clone(), title, UrlPath::new("/x/")));
            let mut changes = ChangeSet::default();
            changes.replace(&id, Pass::Own, vec![(key.clone(), Fact::Card(Arc::clone(&card)))]);
            facts.apply(changes);
            let found = facts.card(&id).map(|(number, card)| (facts.key(*number), card));
            assert_eq!(found, Some((&key, &card)));
            assert_eq!(facts.under(&key), [(id.clone(), Fact::Card(card))]);
        };
        let mut facts = Facts::default();
        assert_eq!(facts.card(&id), None);
        says(&mut facts, "One");
        says(&mut facts, "Another");
        let mut gone = ChangeSet::default();
        gone.withdraw(&id);
        facts.apply(gone);
        assert_eq!(facts.card(&id), None);
        assert_eq!(facts.under(&key), []);
        says(&mut facts, "One");
    }
}
