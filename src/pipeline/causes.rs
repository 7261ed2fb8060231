//! Why pages were rendered again, for the author who asks.

use std::collections::BTreeSet;
use std::fmt;

use crate::page_id::PageId;
use crate::render::view::RenderedPage;
use crate::resolve::{FactKey, KeySet, Reads};

use super::ground::GroundNews;
use super::resolving::Resolution;

/// How many facts are named for one page.
const NAMED: usize = 4;

/// Why a page was rendered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// It was not there.
    New,
    /// Its own file changed, or that of which it is a translation.
    File,
    /// It lists other pages, or stands elsewhere among them.
    Place,
    /// Something that it reads of other pages is different.
    Fact(FactKey),
    /// A template or component draws otherwise, or loads other files.
    Look(String),
    /// The configuration.
    Configuration,
    /// The record of a work that it shows.
    Work,
    /// The date.
    Date,
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::New => f.write_str("it is new"),
            Cause::File => f.write_str("its file changed"),
            Cause::Place => f.write_str("it lists other pages or has another place among them"),
            Cause::Fact(key) => write!(f, "{key} changed"),
            Cause::Look(name) => write!(f, "`{name}` or what it loads changed"),
            Cause::Configuration => f.write_str("`book.toml` changed"),
            Cause::Work => f.write_str("the record of a work changed"),
            Cause::Date => f.write_str("it is another day"),
        }
    }
}

/// What is different in a build.
pub(super) struct Differences<'a> {
    /// The pages that are planned otherwise.
    pub(super) placed: &'a BTreeSet<&'a PageId>,
    pub(super) resolution: &'a Resolution,
    pub(super) changed: &'a KeySet,
    pub(super) news: &'a GroundNews,
}

impl Differences<'_> {
    /// Returns why the page `id`, which was `last`, is rendered again; `is_of_ground` says that
    /// it shows something of another ground.
    pub(super) fn causes(
        &self,
        id: &PageId,
        last: Option<&RenderedPage>,
        is_of_ground: bool,
    ) -> Vec<Cause> {
        let Some(last) = last else { return vec![Cause::New] };
        let mut causes = Vec::new();
        if self.resolution.edited.contains(id) && !self.resolution.reworded.contains(id) {
            causes.push(Cause::File);
        }
        if self.placed.contains(id) {
            causes.push(Cause::Place);
        }
        let resolved = self.resolution.resolved.get(id);
        let links = resolved.into_iter().flat_map(|r| [&r.linked.reads, &r.shown_reads]);
        let read = links.chain([&last.reads]).flat_map(Reads::keys);
        let differ: BTreeSet<_> = read.filter(|key| self.changed.contains(*key)).collect();
        let facts = &self.resolution.site.facts;
        causes
            .extend(differ.into_iter().take(NAMED).map(|key| Cause::Fact(facts.key(key).clone())));
        if is_of_ground {
            causes.extend(self.of_ground(last));
        }
        causes
    }

    fn of_ground(&self, last: &RenderedPage) -> Vec<Cause> {
        let news = self.news;
        let looks = last.asked.iter().filter(|name| news.looks.contains(&***name));
        let mut causes: Vec<Cause> = looks.map(|name| Cause::Look(name.to_string())).collect();
        if news.is_shown_otherwise {
            causes.push(Cause::Configuration);
        }
        if news.works.is_some() {
            causes.push(Cause::Work);
        }
        if causes.is_empty() {
            causes.push(Cause::Date);
        }
        causes
    }
}
