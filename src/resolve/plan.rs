//! Which pages a site has: the authors' own, and those that the build makes of them.
//!
//! A [`PlannedPage`] holds everything about a page's place among the others: what
//! it lists, what comes before and after it. It is made from facts once a build, so
//! that a view reads only the pages that it really shows. [`Plan`] keeps the pages of a
//! site between builds, and plans anew what read a fact that changed.

mod generated;
mod kept;
mod listings;
mod passages;

use std::sync::Arc;

use crate::citation::CitationKey;
use crate::page_id::PageId;
use crate::url::UrlPath;

pub use kept::{Plan, PlanNews, Wanted};
pub use passages::{PassageSlice, SLICE};

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
    /// The works that it lists, in order.
    pub works: Vec<WorkCount>,
    /// Which page of its listing it is.
    pub part: Part,
    /// The page before it in its collection's order.
    pub previous: Option<PageId>,
    /// The page after it in its collection's order.
    pub next: Option<PageId>,
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
    /// The page of the search, which lists the pages by collection.
    Search,
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

impl PlannedPage {
    fn is_arranged_as(&self, other: &Self) -> bool {
        let is_alike = (&self.url, &self.kind) == (&other.url, &other.kind);
        is_alike && have_same(&self.members, &other.members)
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

/// Tells whether both lists have the same pages, in whatever order.
fn have_same(one: &[PageId], other: &[PageId]) -> bool {
    let sorted = |ids: &[PageId]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    one == other || one.len() == other.len() && sorted(one) == sorted(other)
}

/// Returns the id of the page `number` of what begins at `id`.
fn part_id(id: &PageId, segment: &str, number: usize) -> PageId {
    match number {
        1 => id.clone(),
        _ => PageId::new(format!("@{segment}/{number}/{}", id.path()), id.lang().clone()),
    }
}
