//! Whether a page depends on a change, judged without the pipeline that builds again.
//!
//! Two first builds, of the site before the change and after it, say what a page is made
//! from: its own file, its place among the others, and the facts that it reads. A page may
//! be rendered again where one of these has another value, and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use galen::citation::CitationKey;
use galen::fingerprint::Fingerprint;
use galen::load::Inputs;
use galen::outputs;
use galen::page_id::PageId;
use galen::parse::page::EVERYTHING;
use galen::pipeline::Build;
use galen::resolve::Reads;
use galen::resolve::facts::{Fact, FactKey};
use galen::resolve::plan::{PageKind, Plan, PlanNews, Wanted};
use jiff::civil::Date;

/// Why a page may be rendered again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reason {
    /// It was not there.
    New,
    /// Its own file says something else, or that of which it is a translation.
    File,
    /// It lists other pages, or has another place among them.
    Place,
    /// A fact that it reads is another.
    Fact,
    /// The configuration or the theme's own, which any page may show.
    Ground,
    /// A template that it may be drawn with, or a file that it loads.
    Look,
    /// A work that it cites, lists or is about.
    Work,
    /// The date.
    Date,
}

/// A site with what a first build makes of it.
pub(crate) struct State {
    inputs: Inputs,
    today: Date,
    pub(crate) build: Build,
    plan: Plan,
}

impl State {
    /// Returns the state of these inputs, of which `build` is a first build on the day `today`.
    pub(crate) fn new(inputs: &Inputs, today: Date, build: Build) -> Self {
        let plan = plan(&build);
        Self { inputs: inputs.clone(), today, build, plan }
    }

    /// Returns why the page may be made again in this state when it was made in `before`;
    /// `None` where it need not.
    pub(crate) fn reason(&self, before: &State, id: &PageId) -> Option<Reason> {
        if !before.build.pages.contains_key(id) {
            return Some(Reason::New);
        }
        if self.sources(is_ground) != before.sources(is_ground) {
            return Some(Reason::Ground);
        }
        let own = |state: &State| {
            let page = &state.build.site.pages.get(id)?.page;
            Some((page.source.fingerprint, page.front.clone()))
        };
        if own(self) != own(before) {
            return Some(Reason::File);
        }
        if self.plan.get(id) != before.plan.get(id) {
            return Some(Reason::Place);
        }
        let keys = self.read_by(id).into_iter().chain(before.read_by(id)).collect::<BTreeSet<_>>();
        let differs = |key: &FactKey| self.facts(key) != before.facts(key);
        if keys.iter().any(differs) {
            return Some(Reason::Fact);
        }
        if self.works_of(before, id) {
            return Some(Reason::Work);
        }
        if self.may_look_otherwise(before, id) {
            return Some(Reason::Look);
        }
        let passed = |state: &State| {
            let turns = state.build.pages.get(id).map(|page| page.turns.as_slice());
            turns.unwrap_or_default().iter().filter(|day| **day < state.today).count()
        };
        (passed(self) != passed(before)).then_some(Reason::Date)
    }

    /// Tells whether the page shows a work that is another than in `before`.
    fn works_of(&self, before: &State, id: &PageId) -> bool {
        let work = |state: &State, key: &CitationKey| {
            let entry = state.build.bibliography.get(key)?;
            Some((entry.item.clone(), entry.notes.clone()))
        };
        let shows = |key: &CitationKey| {
            // A list may have had it.
            let everything = FactKey::Lists(CitationKey::new(EVERYTHING));
            let says = [FactKey::Cites(key.clone()), FactKey::Lists(key.clone()), everything];
            let says = [self, before].iter().any(|state| {
                says.iter().any(|key| state.facts(key).iter().any(|(by, _)| by == id))
            });
            let planned = self.plan.get(id);
            says || planned.is_some_and(|page| {
                let is_of = matches!(&page.kind, PageKind::Reference(of) | PageKind::CitedBy(of) if of == key);
                is_of || page.works.iter().any(|work| work.key == *key)
            })
        };
        let keys = [self, before]
            .into_iter()
            .flat_map(|state| state.build.site.used_keys(&state.build.bibliography));
        keys.collect::<BTreeSet<_>>()
            .iter()
            .any(|key| work(self, key) != work(before, key) && shows(key))
    }

    /// Tells whether the page may be drawn with a template that is another than in `before`,
    /// or loads files that are.
    fn may_look_otherwise(&self, before: &State, id: &PageId) -> bool {
        let is_style = |path: &str| path.contains("/static/");
        let is_template = |path: &str| !is_ground(path) && is_of_theme(path) && !is_style(path);
        let loads = |state: &State| {
            let path = state.build.pages[id].url.to_file_path();
            state.build.files.get(&path).cloned()
        };
        // A style sheet has its fingerprint in the address by which pages load it.
        if self.sources(is_style) != before.sources(is_style) && loads(self) != loads(before) {
            return true;
        }
        // The one template that the sequences edit is that of articles.
        let is_article = self.plan.get(id).is_some_and(|page| {
            matches!(page.kind, PageKind::Written) && id.path().starts_with("articles/")
        });
        is_article && self.sources(is_template) != before.sources(is_template)
    }

    /// Returns the keys that the page and what it leads to and shows were made from.
    fn read_by(&self, id: &PageId) -> BTreeSet<FactKey> {
        let facts = &self.build.site.facts;
        let resolved =
            self.build.resolved.get(id).map(|page| [&page.linked.reads, &page.shown_reads]);
        let page = self.build.pages.get(id).map(|page| &page.reads);
        let all: Vec<&Reads> = resolved.into_iter().flatten().chain(page).collect();
        assert!(all.iter().all(|reads| reads.is_settled()), "{id} has read keys without numbers");
        all.into_iter().flat_map(Reads::keys).map(|key| facts.key(key).clone()).collect()
    }

    fn facts(&self, key: &FactKey) -> &[(PageId, Fact)] {
        self.build.site.facts.under(key)
    }

    /// Returns the files whose paths `are` some.
    fn sources(&self, are: impl Fn(&str) -> bool) -> BTreeMap<&str, Fingerprint> {
        let sources =
            self.inputs.sources.iter().map(|(id, source)| (id.as_str(), source.fingerprint));
        sources.filter(|(path, _)| are(path)).collect()
    }
}

fn is_of_theme(path: &str) -> bool {
    path.starts_with("templates/") || path.starts_with("themes/")
}

/// Tells whether a file says how all pages are read or shown.
fn is_ground(path: &str) -> bool {
    path.ends_with(".toml") || path.ends_with(".csl")
}

/// Plans the pages of a built site by itself.
fn plan(build: &Build) -> Plan {
    let (site, config) = (&build.site, &build.config);
    let wanted = Wanted {
        references: outputs::REFERENCES.is_on(config).then_some(&*build.bibliography),
        used: &Arc::new(site.used_keys(&build.bibliography)),
        tags: outputs::TAGS.is_on(config),
        search: outputs::SEARCH.is_on(config),
    };
    let edited = site.pages.keys().cloned().collect();
    let mut plan = Plan::default();
    plan.update(
        site,
        config,
        wanted,
        PlanNews { edited: &edited, gone: &[], is_restructured: true },
    );
    plan
}
