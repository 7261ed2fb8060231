//! Cross-linking in three passes, each of which reads only the facts of the ones
//! before it: what pages say of themselves, whom they name and mention, what they
//! show and cite.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::citation::Bibliography;
use crate::config::Config;
use crate::load::Inputs;
use crate::page_id::{Lang, PageId};
use crate::parse::Page;
use crate::render::theme::Theme;
use crate::resolve::contribute::{card, contributions};
use crate::resolve::derive::{linked_facts, shown_facts};
use crate::resolve::files::file_facts;
use crate::resolve::flow::Flow;
use crate::resolve::generated::{generated_pages, generated_urls};
use crate::resolve::link::link_page;
use crate::resolve::linked::ResolvedPage;
use crate::resolve::made::{made_contributions, made_pages};
use crate::resolve::mentions::Automaton;
use crate::resolve::plan::PlannedPage;
use crate::resolve::publications::publications;
use crate::resolve::routes::Routes;
use crate::resolve::shown::shown_records;
use crate::resolve::surfaces::SurfaceSet;
use crate::resolve::{ChangeSet, Fact, FactKey, Site, SitePage, SiteReader};

/// Returns the site with the facts that its pages and files contribute by themselves.
pub(super) fn site(pages: Vec<Page>, inputs: &Inputs, config: &Config, theme: &Theme) -> Site {
    let routes = Routes::new(config);
    let entries: Vec<(SitePage, Vec<(FactKey, Fact)>)> = pages
        .into_par_iter()
        .map(|page| {
            let collection = page.collection.as_ref().and_then(|name| config.collections.get(name));
            let card = Arc::new(card(&page, routes.page(&page), collection));
            let facts = contributions(&page, &card, collection, &theme.config, config.build.slugs);
            (SitePage { page: Arc::new(page), card }, facts)
        })
        .collect();

    let mut site = Site::default();
    let mut changes = ChangeSet::default();
    for (entry, facts) in entries {
        let id = entry.page.id.clone();
        contribute(&mut changes, &id, facts);
        site.pages.insert(id, entry);
    }
    contribute(&mut changes, &PageId::files(), file_facts(&inputs.files));
    site.facts.apply(changes);

    site.made = made_pages(&site, config);
    let mut changes = ChangeSet::default();
    for (id, card) in &site.made {
        contribute(&mut changes, id, made_contributions(card, config));
    }
    site.facts.apply(changes);
    site
}

/// Claims the URLs that the build serves beside the authors' pages.
pub(super) fn claim_generated(site: &mut Site, config: &Config, planned: &[PlannedPage]) {
    let mut changes = ChangeSet::default();
    contribute(&mut changes, &generated_pages(), generated_urls(site, config, planned));
    site.facts.apply(changes);
}

/// Looks up what every page leads to and shows, and adds the facts that follow.
pub(super) fn link(
    site: &mut Site,
    config: &Config,
    theme: &Theme,
    works: &Bibliography,
) -> BTreeMap<PageId, ResolvedPage> {
    let automata: BTreeMap<Lang, Automaton> = site
        .pages
        .keys()
        .map(PageId::lang)
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|lang| (lang.clone(), Automaton::new(&SurfaceSet::from_facts(&site.facts, lang))))
        .collect();
    let pages: Vec<&SitePage> = site.pages.values().collect();
    let linked: Vec<_> = pages
        .par_iter()
        .map(|entry| {
            let automaton = &automata[entry.page.id.lang()];
            let linked = link_page(&entry.page, config, &theme.config, automaton, site);
            let collection = collection_of(&entry.page, config);
            let facts = linked_facts(&entry.page, &linked, collection);
            (entry.page.id.clone(), linked, facts)
        })
        .collect();
    let mut changes = ChangeSet::default();
    let mut resolved = BTreeMap::new();
    for (id, linked, facts) in linked {
        contribute(&mut changes, &id, facts);
        resolved.insert(id, ResolvedPage { linked, ..ResolvedPage::default() });
    }
    site.facts.apply(changes);

    let pages: Vec<&SitePage> = site.pages.values().collect();
    let publications = publications(site, config, works);
    let shown: Vec<_> = pages
        .par_iter()
        .map(|entry| {
            let page = &entry.page;
            let reader = SiteReader::new(site);
            let mut shown = shown_records(page, config, &theme.config, &reader);
            shown.publications = publications.get(&page.id).cloned().unwrap_or_default();
            let collection = collection_of(page, config);
            let facts = shown_facts(page, &Flow::new(page, &shown, collection));
            (page.id.clone(), shown, facts)
        })
        .collect();
    let mut changes = ChangeSet::default();
    for (id, shown, facts) in shown {
        contribute(&mut changes, &id, facts);
        if let Some(page) = resolved.get_mut(&id) {
            page.shown = shown;
        }
    }
    site.facts.apply(changes);
    resolved
}

fn collection_of<'a>(page: &Page, config: &'a Config) -> Option<&'a crate::config::Collection> {
    config.collections.get(page.collection.as_ref()?)
}

fn contribute(changes: &mut ChangeSet, id: &PageId, facts: Vec<(FactKey, Fact)>) {
    for (key, fact) in facts {
        changes.contribute(key, id, fact);
    }
}
