//! Whether a page depends on a change, judged without the pipeline that builds again.
//!
//! Two first builds, of the site before the change and after it, say what a page is made
//! from: its own file, its place among the others, and the facts that it reads. A page may
//! be rendered again where one of these has another value, and nowhere else.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use galen::fingerprint::Fingerprint;
use galen::load::Inputs;
use galen::outputs;
use galen::page_id::PageId;
use galen::pipeline::Build;
use galen::resolve::Reads;
use galen::resolve::facts::{Fact, FactKey};
use galen::resolve::plan::{Plan, PlanNews, Wanted};

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
    /// The configuration, the theme, the templates or the citation database.
    Ground,
}

/// A site with what a first build makes of it.
pub(crate) struct State {
    inputs: Inputs,
    pub(crate) build: Build,
    plan: Plan,
}

impl State {
    /// Returns the state of these inputs, of which `build` is a first build.
    pub(crate) fn new(inputs: &Inputs, build: Build) -> Self {
        let plan = plan(&build);
        Self { inputs: inputs.clone(), build, plan }
    }

    /// Returns why the page may be made again in this state when it was made in `before`;
    /// `None` where it need not.
    pub(crate) fn reason(&self, before: &State, id: &PageId) -> Option<Reason> {
        if !before.build.pages.contains_key(id) {
            return Some(Reason::New);
        }
        if self.ground() != before.ground() {
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
        keys.iter().any(differs).then_some(Reason::Fact)
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

    /// Returns the files that are neither pages nor shown by pages.
    fn ground(&self) -> BTreeMap<&str, Fingerprint> {
        let sources =
            self.inputs.sources.iter().map(|(id, source)| (id.as_str(), source.fingerprint));
        sources.filter(|(path, _)| !path.starts_with("content/")).collect()
    }
}

/// Plans the pages of a built site by itself.
fn plan(build: &Build) -> Plan {
    let (site, config) = (&build.site, &build.config);
    let wanted = Wanted {
        references: outputs::REFERENCES.is_on(config).then_some(&*build.bibliography),
        used: &Arc::new(site.used_keys()),
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
