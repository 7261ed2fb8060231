//! Which pages a site has: the authors' own, and those that the build makes of them.
//!
//! A [`PlannedPage`] holds everything about a page's place among the others: what
//! it lists, what comes before and after it. It is made from facts once a build, so
//! that a view reads only the pages that it really shows.

mod passages;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::citation::{Bibliography, CitationKey};
use crate::config::{Collection, Config};
use crate::page_id::{Lang, PageId};
use crate::url::UrlPath;

use super::facts::{Card, Fact, FactKey};
use super::lists::listed;
use super::order::in_order;
use super::reader::SiteReader;
use super::routes::Routes;
use super::site::Site;

pub use passages::{PassageSlice, SLICE};

use passages::slices;

/// How many pages a listing shows by default on one page of a tag.
const TAG_PAGES: usize = 50;

/// One page to make.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedPage {
    /// Its name.
    pub id: PageId,
    /// Where it goes.
    pub url: UrlPath,
    /// What it is.
    pub kind: PageKind,
    /// The pages that it lists, in order.
    pub members: Vec<PageId>,
    /// What it shows of the pages that mention or cite what it is about.
    pub passages: PassageSlice,
    /// The tags that it lists, in order.
    pub tags: Vec<TagCount>,
    /// The works that it lists, in the order of their keys.
    pub works: Vec<WorkCount>,
    /// Which page of its listing it is.
    pub part: Part,
    /// The page before it in its collection's order.
    pub previous: Option<PageId>,
    /// The page after it in its collection's order.
    pub next: Option<PageId>,
}

/// The pages of a site in the order of their ids, kept between builds.
#[derive(Debug, Default)]
pub struct Plan {
    pages: Vec<Arc<PlannedPage>>,
    changed: Vec<Arc<PlannedPage>>,
    gone: Vec<Arc<PlannedPage>>,
    is_rearranged: bool,
}

impl Plan {
    /// Takes in the pages that are planned now, in the order of their ids; what is as
    /// before stays the same value.
    pub fn replace(&mut self, planned: Vec<PlannedPage>) {
        self.keep();
        let mut before = std::mem::take(&mut self.pages).into_iter().peekable();
        for page in planned {
            while let Some(gone) = before.next_if(|last| last.id < page.id) {
                self.gone.push(gone);
            }
            let last = before.next_if(|last| last.id == page.id);
            self.is_rearranged |= last.as_ref().is_none_or(|last| !last.is_arranged_as(&page));
            match last.filter(|last| **last == page) {
                Some(last) => self.pages.push(last),
                None => {
                    let page = Arc::new(page);
                    self.changed.push(Arc::clone(&page));
                    self.pages.push(page);
                }
            }
        }
        self.gone.extend(before);
        self.is_rearranged |= !self.gone.is_empty();
    }

    /// Leaves the pages as they are.
    pub fn keep(&mut self) {
        self.changed.clear();
        self.gone.clear();
        self.is_rearranged = false;
    }

    /// Returns the pages, in the order of their ids.
    pub fn pages(&self) -> &[Arc<PlannedPage>] {
        &self.pages
    }

    /// Returns the page `id`.
    pub fn get(&self, id: &PageId) -> Option<&PlannedPage> {
        let place = self.pages.binary_search_by(|page| page.id.cmp(id));
        place.ok().map(|place| &*self.pages[place])
    }

    /// Returns the pages that are new or differ from before.
    pub fn changed(&self) -> &[Arc<PlannedPage>] {
        &self.changed
    }

    /// Returns the pages that are no more.
    pub fn gone(&self) -> &[Arc<PlannedPage>] {
        &self.gone
    }

    /// Tells whether other pages are there than before, at other places, or one lists others.
    pub fn is_rearranged(&self) -> bool {
        self.is_rearranged
    }
}

/// How often a tag is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagCount {
    /// The tag's slug.
    pub slug: Arc<str>,
    /// The tag as its first page writes it.
    pub name: Arc<str>,
    /// How many pages have it.
    pub pages: usize,
}

/// How often a work is cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkCount {
    /// The work.
    pub key: CitationKey,
    /// How many pages cite it.
    pub pages: usize,
}

/// Which page of a listing a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// The first one's URL.
    pub first: UrlPath,
    /// What the URLs of the further ones say between the first one's and the number.
    pub segment: Arc<str>,
}

/// What a page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageKind {
    /// An author's page.
    Written,
    /// A page that a field made by naming it.
    Made,
    /// The home page.
    Home,
    /// The listing of a collection, or of one of its sections.
    Listing {
        /// The collection; `None` for a folder of stand-alone pages.
        collection: Option<Arc<str>>,
        /// The folders below the collection's.
        section: Arc<str>,
    },
    /// The list of tags.
    Tags,
    /// The pages with a tag.
    Tag {
        /// The tag's slug.
        slug: Arc<str>,
        /// The tag as its first page writes it.
        name: Arc<str>,
    },
    /// The list of works that the site rests on.
    Bibliography,
    /// One work.
    Reference(CitationKey),
    /// The page of a URL that leads nowhere.
    NotFound,
    /// A further page of "mentioned in".
    Mentions(PageId),
    /// A further page of "cited by".
    CitedBy(CitationKey),
    /// A further page of a list that a page declares.
    List {
        /// The page.
        page: PageId,
        /// The list's name.
        name: Arc<str>,
    },
}

/// Which generated pages a site wants.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The works that get a page where they are used; `None` for no such pages.
    pub references: Option<&'a Bibliography>,
    /// The pages of the tags.
    pub tags: bool,
}

/// Plans the pages of a site, in the order of their ids.
pub fn plan(site: &Site, config: &Config, wanted: Wanted<'_>) -> Vec<PlannedPage> {
    let mut planner = Planner { site, config, routes: Routes::new(config), pages: Vec::new() };
    let mut languages: BTreeSet<Lang> = site.pages.keys().map(|id| id.lang().clone()).collect();
    languages.insert(config.site.language.clone());
    for lang in &languages {
        planner.home(lang);
        for collection in config.collections.values() {
            planner.collection(Some(collection), lang);
        }
        planner.collection(None, lang);
        if wanted.tags {
            planner.tags(lang);
        }
    }
    let lang = &config.site.language;
    if let Some(works) = wanted.references {
        planner.references(works, lang);
    }
    let not_found = UrlPath::new("/404.html");
    planner.push(PageId::new("@404", lang.clone()), not_found, PageKind::NotFound, Vec::new());
    planner.lists();
    planner.pages.sort_by(|a, b| a.id.cmp(&b.id));
    planner.pages
}

struct Planner<'a> {
    site: &'a Site,
    config: &'a Config,
    routes: Routes<'a>,
    pages: Vec<PlannedPage>,
}

impl<'a> Planner<'a> {
    fn push(&mut self, id: PageId, url: UrlPath, kind: PageKind, members: Vec<PageId>) {
        self.pages.push(PlannedPage { members, ..PlannedPage::new(id, url, kind) });
    }

    /// Plans a listing, on as many pages as it needs.
    fn push_listing(
        &mut self,
        id: PageId,
        url: UrlPath,
        kind: PageKind,
        members: Vec<PageId>,
        per_page: usize,
    ) {
        let chunks: Vec<&[PageId]> = match members.is_empty() {
            true => vec![&[]],
            false => members.chunks(per_page.max(1)).collect(),
        };
        let of = chunks.len();
        for (number, chunk) in (1..).zip(chunks) {
            let (id, own) =
                (part_id(&id, "page", number), self.routes.numbered(&url, "page", number));
            self.pages.push(PlannedPage {
                members: chunk.to_vec(),
                part: Part { number, of, first: url.clone(), segment: Arc::from("page") },
                ..PlannedPage::new(id, own, kind.clone())
            });
        }
    }

    fn home(&mut self, lang: &Lang) {
        let recent = self.config.collections.values().filter(|collection| collection.feed);
        let mut cards: Vec<&Arc<Card>> = recent
            .flat_map(|collection| self.members(Some(collection), lang))
            .filter(|card| card.date.is_some() && !card.is_index)
            .collect();
        cards.sort_by(|a, b| b.date.cmp(&a.date).then_with(|| a.id.cmp(&b.id)));
        let members = cards.into_iter().take(SLICE).map(|card| card.id.clone()).collect();
        let id = PageId::new("_index", lang.clone());
        // A language of which there is no page has no home page either.
        let has_pages = self.site.pages.keys().any(|id| id.lang() == lang);
        if has_pages || *lang == self.config.site.language {
            self.push(id, self.routes.home(lang), PageKind::Home, members);
        }
    }

    fn members(&self, collection: Option<&Collection>, lang: &Lang) -> Vec<&'a Arc<Card>> {
        let name = collection.map(|collection| Arc::clone(&collection.name)).unwrap_or_default();
        let key = FactKey::Members(lang.clone(), name);
        self.site.facts.under(&key).iter().filter_map(|(id, _)| self.site.card(id)).collect()
    }

    /// Plans the pages of a collection and its listings.
    fn collection(&mut self, collection: Option<&Collection>, lang: &Lang) {
        let cards = self.members(collection, lang);
        let indexes: BTreeMap<Arc<str>, PageId> = cards
            .iter()
            .filter(|card| card.is_index)
            .map(|card| (Arc::clone(&card.section), card.id.clone()))
            .collect();
        let pages: Vec<&Arc<Card>> = cards.into_iter().filter(|card| !card.is_index).collect();
        let ordered = in_order(pages, collection.map(|collection| &collection.sort));

        let mut sections: BTreeSet<Arc<str>> = indexes.keys().cloned().collect();
        if collection.is_some() && !ordered.is_empty() {
            sections.insert(Arc::from(""));
            sections.extend(ordered.iter().flat_map(|card| with_parents(&card.section)));
        }
        for section in sections {
            // The home page is planned for every language.
            if collection.is_none() && section.is_empty() {
                continue;
            }
            let inside = |card: &&&Arc<Card>| is_inside(&card.section, &section);
            let members: Vec<PageId> =
                ordered.iter().filter(inside).map(|card| card.id.clone()).collect();
            let folder = collection.map_or("", |collection| &collection.folder);
            let path: Vec<&str> =
                [folder, &section, "_index"].into_iter().filter(|part| !part.is_empty()).collect();
            let id = PageId::new(path.join("/"), lang.clone());
            let url = match (indexes.get(&section).and_then(|id| self.site.card(id)), collection) {
                (Some(card), _) => card.url.clone(),
                (None, Some(collection)) => self.routes.section(collection, &section, lang),
                (None, None) => continue,
            };
            let per_page = collection.and_then(|collection| collection.paginate_by);
            let kind = PageKind::Listing {
                collection: collection.map(|collection| Arc::clone(&collection.name)),
                section: Arc::clone(&section),
            };
            self.push_listing(id, url, kind, members, per_page.unwrap_or(usize::MAX));
        }
        self.written(&ordered);
    }

    /// Plans the pages themselves, each with its neighbours in its section.
    fn written(&mut self, ordered: &[&Arc<Card>]) {
        let mut sections: BTreeMap<&str, Vec<&Arc<Card>>> = BTreeMap::new();
        for card in ordered {
            sections.entry(&card.section).or_default().push(card);
        }
        for cards in sections.values() {
            for (index, card) in cards.iter().enumerate() {
                let kind = match card.source {
                    Some(_) => PageKind::Written,
                    None => PageKind::Made,
                };
                let neighbour = |at: Option<usize>| Some(cards.get(at?)?.id.clone());
                let page = PlannedPage {
                    previous: neighbour(index.checked_sub(1)),
                    next: neighbour(index.checked_add(1)),
                    ..PlannedPage::new(card.id.clone(), card.url.clone(), kind)
                };
                let key = FactKey::Mentions(card.id.clone());
                self.push_with_passages(
                    page,
                    &key,
                    "mentions",
                    PageKind::Mentions(card.id.clone()),
                );
            }
        }
    }

    fn tags(&mut self, lang: &Lang) {
        let first = FactKey::Tagged(lang.clone(), Arc::from(""));
        let tags: Vec<_> = self
            .site
            .facts
            .range(first..)
            .map_while(|(key, facts)| match key {
                FactKey::Tagged(of, slug) if of == lang => {
                    let name = facts.iter().find_map(|(_, fact)| match fact {
                        Fact::Tag(name) => Some(Arc::clone(name)),
                        _ => None,
                    })?;
                    let cards: Vec<_> =
                        facts.iter().filter_map(|(id, _)| self.site.card(id)).collect();
                    Some((Arc::clone(slug), name, cards))
                }
                _ => None,
            })
            .collect();
        if tags.is_empty() {
            return;
        }
        let counts = tags.iter().map(|(slug, name, cards)| TagCount {
            slug: Arc::clone(slug),
            name: Arc::clone(name),
            pages: cards.len(),
        });
        let (id, url) = (PageId::new("@tags", lang.clone()), self.routes.tags(lang));
        self.pages.push(PlannedPage {
            tags: counts.collect(),
            ..PlannedPage::new(id, url, PageKind::Tags)
        });
        for (slug, name, cards) in tags {
            let members = in_order(cards, None).into_iter().map(|card| card.id.clone()).collect();
            let id = PageId::new(format!("@tags/{slug}"), lang.clone());
            let url = self.routes.tag(lang, &slug);
            self.push_listing(id, url, PageKind::Tag { slug, name }, members, TAG_PAGES);
        }
    }

    fn references(&mut self, works: &Bibliography, lang: &Lang) {
        let mut used = self.site.used_keys();
        // A key that no entry has is reported, and has nothing to show.
        used.retain(|key| works.get(key).is_some());
        if used.is_empty() {
            return;
        }
        let id = PageId::new("@references", lang.clone());
        self.pages.push(PlannedPage {
            works: used.iter().map(|key| self.work(key)).collect(),
            ..PlannedPage::new(id, self.routes.bibliography(lang), PageKind::Bibliography)
        });
        for key in used {
            let id = PageId::new(format!("@references/{key}"), lang.clone());
            let url = self.routes.reference(lang, &key);
            let page = PlannedPage::new(id, url, PageKind::Reference(key.clone()));
            let citing = FactKey::Cites(key.clone());
            self.push_with_passages(page, &citing, "cited-by", PageKind::CitedBy(key));
        }
    }

    /// Plans the further pages of the lists that pages declare.
    fn lists(&mut self) {
        let reader = SiteReader::new(self.site);
        for (id, entry) in &self.site.pages {
            for (name, query) in &entry.page.front.lists {
                let Some(per_page) = query.per_page else { continue };
                let members = listed(query, id.lang(), self.config, &reader);
                let (first, segment) = (&entry.card.url, self.routes.slug(name));
                let of = members.len().div_ceil(per_page);
                for (number, chunk) in (1..).zip(members.chunks(per_page)).skip(1) {
                    let segment: Arc<str> = Arc::from(segment.as_str());
                    let own = self.routes.numbered(first, &segment, number);
                    let kind = PageKind::List { page: id.clone(), name: Arc::clone(name) };
                    self.pages.push(PlannedPage {
                        members: chunk.iter().map(|card| card.id.clone()).collect(),
                        part: Part { number, of, first: first.clone(), segment: segment.clone() },
                        ..PlannedPage::new(part_id(id, &segment, number), own, kind)
                    });
                }
            }
        }
    }

    fn work(&self, key: &CitationKey) -> WorkCount {
        let pages = self.site.facts.under(&FactKey::Cites(key.clone())).len();
        WorkCount { key: key.clone(), pages }
    }

    /// Plans a page that shows the passages under `key`, and as many further pages as
    /// they need.
    fn push_with_passages(
        &mut self,
        mut page: PlannedPage,
        key: &FactKey,
        segment: &str,
        further: PageKind,
    ) {
        let mut slices = slices(self.site, key).into_iter();
        let of = slices.len();
        page.passages = slices.next().unwrap_or_default();
        let (id, url) = (page.id.clone(), page.url.clone());
        self.pages.push(page);
        for (number, passages) in (2..).zip(slices) {
            let (id, own) =
                (part_id(&id, segment, number), self.routes.numbered(&url, segment, number));
            self.pages.push(PlannedPage {
                passages,
                part: Part { number, of, first: url.clone(), segment: Arc::from(segment) },
                ..PlannedPage::new(id, own, further.clone())
            });
        }
    }
}

impl PlannedPage {
    fn is_arranged_as(&self, other: &Self) -> bool {
        (&self.url, &self.kind, &self.members) == (&other.url, &other.kind, &other.members)
    }

    /// Returns the page `id`, which lists nothing and has no neighbours.
    pub fn new(id: PageId, url: UrlPath, kind: PageKind) -> Self {
        let part = Part { number: 1, of: 1, first: url.clone(), segment: Arc::from("page") };
        Self {
            id,
            url,
            kind,
            members: Vec::new(),
            passages: PassageSlice::default(),
            tags: Vec::new(),
            works: Vec::new(),
            part,
            previous: None,
            next: None,
        }
    }
}

/// Returns the id of the page `number` of what begins at `id`.
fn part_id(id: &PageId, segment: &str, number: usize) -> PageId {
    match number {
        1 => id.clone(),
        _ => PageId::new(format!("@{segment}/{number}/{}", id.path()), id.lang().clone()),
    }
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
