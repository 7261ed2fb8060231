//! Cross-linking in three passes, each of which reads only the facts of the ones
//! before it: what pages say of themselves, whom they name and mention, what they
//! show and cite.
//!
//! A [`Resolution`] is kept between builds. A pass takes up the pages whose file
//! changed and those that read a fact that changed, and leaves the others as they are;
//! a first build is one in which everything changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::citation::{CitationKey, StyleSet};
use crate::config::{Collection, Config};
use crate::load::{FileHandle, Inputs};
use crate::outputs::{self, ImageMemory, Needs};
use crate::page_id::{Lang, PageId};
use crate::parse::{KeptPage, PageHead};
use crate::resolve::contribute::{card, contributions};
use crate::resolve::derive::{linked_facts, shown_facts};
use crate::resolve::files::{file_facts, left_out_bundles};
use crate::resolve::flow::Flow;
use crate::resolve::generated::{
    export_claims, exports_of, generated_pages, page_claims, served_for, site_claims,
};
use crate::resolve::link::{link_page, linkable_texts};
use crate::resolve::linked::ResolvedPage;
use crate::resolve::made::{is_maker, made_contributions, made_pages};
use crate::resolve::mentions::Automaton;
use crate::resolve::plan::Plan;
use crate::resolve::publications::publications;
use crate::resolve::quoting::Quoting;
use crate::resolve::routes::Routes;
use crate::resolve::shown::shown_records;
use crate::resolve::surfaces::SurfaceSet;
use crate::resolve::{
    Card, ChangeSet, Fact, FactKey, KeySet, LinkedPage, Pass, Readers, Reads, Site, SitePage,
    SiteReader,
};

use crate::source::SourceId;

use super::ground::{Ground, GroundNews};
use super::parsing::PageChanges;

/// What a site is resolved with, beside its pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Basis<'a> {
    pub(super) inputs: &'a Inputs,
    pub(super) ground: &'a Ground,
    /// The citation styles, which say how a sentence that is quoted names authors.
    pub(super) styles: &'a StyleSet,
    /// The works that are others than before; `None` where the database is as it was.
    pub(super) works: Option<&'a BTreeSet<CitationKey>>,
}

impl<'a> Basis<'a> {
    /// Returns what names the authors of works where the words of `page` are quoted.
    fn quoting(self, page: &PageHead) -> Quoting<'a> {
        let config = &self.ground.config;
        let style = self.styles.of_page(page.front.style.as_ref(), page.id.lang(), config);
        Quoting::new(style, &self.ground.works)
    }
}

/// The site as it was resolved last.
#[derive(Debug, Default)]
pub(super) struct Resolution {
    pub(super) site: Arc<Site>,
    /// What each author's page leads to and shows.
    pub(super) resolved: Arc<BTreeMap<PageId, Arc<ResolvedPage>>>,
    /// The pages that are taken up: those whose file changed since the last build, those that
    /// are new, and those that are reworded.
    pub(super) edited: BTreeSet<PageId>,
    /// Those among them that are as they were, but cite works that are others.
    pub(super) reworded: BTreeSet<PageId>,
    /// Those that are no more.
    pub(super) gone: Vec<PageId>,
    /// The pages that lead elsewhere or show other things than at the last build.
    pub(super) remade: BTreeSet<PageId>,
    /// Whether a page has other front matter than before, is new or is gone.
    pub(super) is_restructured: bool,
    /// The keys of the works that pages cite or list.
    pub(super) used: Arc<BTreeSet<CitationKey>>,
    /// Whether these are others than before.
    uses_other_works: bool,
    /// What finds the terms of each language.
    terms: BTreeMap<Lang, Automaton>,
    publications: BTreeMap<PageId, Vec<CitationKey>>,
    /// The pages whose fields may make others.
    makers: BTreeSet<PageId>,
    /// What it was looked up in to make these.
    made_reads: Reads,
    /// The files that are no text, as they were last.
    files: BTreeMap<SourceId, FileHandle>,
    /// The folders among them that belong to pages which are left out.
    left_out: BTreeSet<Arc<str>>,
    /// Whether the files that are published are others than before, or have other bytes.
    has_other_files: bool,
    linked_readers: Readers,
    shown_readers: Readers,
}

impl Resolution {
    /// Resolves the site anew in which these pages are others than before.
    pub(super) fn update(
        &mut self,
        pages: PageChanges,
        basis: Basis<'_>,
        images: &mut ImageMemory,
    ) {
        let Basis { inputs, ground, works, .. } = basis;
        let has_other_works = works.is_some();
        Arc::make_mut(&mut self.site).facts.start();
        self.remade.clear();
        let news = self.take_in(pages, basis);
        self.make_pages(&ground.config, news.has_makers);
        self.link(basis);
        let written = match news.has_people || has_other_works {
            true => self.renew_publications(ground),
            false => BTreeSet::new(),
        };
        self.show(basis, &written);
        self.scale_images(inputs, ground, images);
        let is_use = |key: &FactKey| matches!(key, FactKey::Cites(_) | FactKey::Lists(_));
        self.uses_other_works =
            self.site.facts.differences().any(|found| is_use(found.key) && found.came_or_went());
        if self.uses_other_works || has_other_works {
            self.used = Arc::new(self.site.used_keys(&ground.works));
        }
    }

    /// Returns the keys whose facts differ from those of the last build.
    pub(super) fn changed(&self) -> KeySet {
        self.site.facts.changed()
    }

    /// Returns what is different since the last build, now that the pages are planned.
    pub(super) fn differs(&self, plan: &Plan, news: &GroundNews) -> Needs {
        if news.is_configured_otherwise {
            return Needs::EVERYTHING;
        }
        let mut differs = match plan.is_rearranged() {
            true => Needs::PAGES,
            false => Needs::NOTHING,
        };
        if self.is_restructured {
            differs = differs.and(Needs::FIELDS);
        }
        if self.uses_other_works || news.works.is_some() {
            differs = differs.and(Needs::WORKS);
        }
        if news.is_themed_otherwise {
            differs = differs.and(Needs::THEME);
        }
        if self.has_other_files {
            differs = differs.and(Needs::FILES);
        }
        if !self.edited.is_empty() || !self.gone.is_empty() {
            differs = differs.and(Needs::TEXTS);
        }
        for found in self.site.facts.differences() {
            differs = differs.and(match found.key {
                FactKey::Page(_) if days(found.before) != days(found.now) => {
                    Needs::CARDS.and(Needs::DATES)
                }
                FactKey::Page(_) => Needs::CARDS,
                FactKey::Anchors(_) => Needs::ANCHORS,
                FactKey::Image(_) => Needs::FILES,
                _ => Needs::NOTHING,
            });
        }
        differs
    }

    /// Claims the URLs that the build serves for the planned pages.
    pub(super) fn claim_generated(&mut self, config: &Config, plan: &Plan) {
        let mut changes = ChangeSet::default();
        let site = &self.site;
        let edited = self.edited.iter().chain(&self.gone);
        let planned = plan.changed().iter().chain(plan.gone()).map(|page| &page.id);
        for id in edited.clone().chain(planned).collect::<BTreeSet<_>>() {
            let claims = plan.get(id).map(|page| page_claims(page, site, config));
            changes.replace(&served_for(id), Pass::Own, claims.unwrap_or_default());
        }
        for id in edited.chain(&self.remade).collect::<BTreeSet<_>>() {
            changes.replace(&exports_of(id), Pass::Own, export_claims(id, site, config));
        }
        Arc::make_mut(&mut self.site).facts.apply(changes);
    }

    /// Returns the pages beside those that changed whose words may name the authors of works
    /// that are others than before.
    fn reworded(&self, pages: &PageChanges, basis: Basis<'_>) -> Vec<Arc<KeptPage>> {
        let site = &self.site;
        let works = basis.works.into_iter().flatten();
        let cited = works.flat_map(|key| site.facts.under(&FactKey::Cites(key.clone())));
        let mut citing: BTreeSet<&PageId> = cited.map(|(id, _)| id).collect();
        pages.changed.iter().map(|page| &page.id).chain(&pages.gone).for_each(|id| {
            citing.remove(id);
        });
        let entries = citing.into_iter().filter_map(|id| site.pages.get(id));
        entries.map(|entry| Arc::clone(&entry.page)).collect()
    }

    /// Takes in what the pages and files say of themselves.
    fn take_in(&mut self, pages: PageChanges, basis: Basis<'_>) -> News {
        let Basis { inputs, ground, .. } = basis;
        let Ground { config, theme, .. } = ground;
        let reworded = self.reworded(&pages, basis);
        let routes = Routes::new(config);
        let site = Arc::make_mut(&mut self.site);
        let mut changes = ChangeSet::default();
        changes.replace(&generated_pages(), Pass::Own, site_claims(config));

        self.is_restructured = !pages.gone.is_empty();
        let mut news = News::default();
        for id in &pages.gone {
            changes.withdraw(id);
            let entry = site.pages.remove(id);
            news.has_people |= entry.is_some_and(|entry| is_person(&entry.page, config));
            news.has_makers |= self.makers.remove(id);
            Arc::make_mut(&mut self.resolved).remove(id);
        }

        self.gone = pages.gone;
        self.edited = pages.changed.iter().chain(&reworded).map(|page| page.id.clone()).collect();
        self.reworded = reworded.iter().map(|page| page.id.clone()).collect();
        let earlier = &site.pages;
        let entries: Vec<(SitePage, Vec<(FactKey, Fact)>)> = pages
            .changed
            .into_par_iter()
            .chain(reworded)
            .map(|page| {
                let whole = page.page();
                let collection = collection_of(&page, config);
                let (quoting, slugs) = (basis.quoting(&page), config.build.slugs);
                let url = routes.page(&page);
                let mut card = Arc::new(card(&whole, url, collection, quoting, slugs));
                if let Some(earlier) = earlier.get(&page.id) {
                    card = kept(&earlier.card, card);
                }
                let facts = contributions(&whole, &card, collection, &theme.config, slugs);
                (SitePage { page, card }, facts)
            })
            .collect();
        for (entry, facts) in entries {
            let id = entry.page.id.clone();
            changes.replace(&id, Pass::Own, facts);
            news.has_people |= is_person(&entry.page, config);
            news.has_makers |= match is_maker(&entry.page, config) {
                true => {
                    self.makers.insert(id.clone());
                    true
                }
                false => self.makers.remove(&id),
            };
            match site.pages.get(&id) {
                Some(earlier) => {
                    self.is_restructured |= earlier.page.front != entry.page.front;
                    news.has_people |= is_person(&earlier.page, config);
                }
                None => self.is_restructured = true,
            }
            site.pages.insert(id, entry);
        }
        self.has_other_files = self.files != inputs.files;
        if self.has_other_files || self.is_restructured || pages.has_left_out {
            let left_out = left_out_bundles(inputs.sources.keys(), site, config);
            self.has_other_files |= self.left_out != left_out;
            self.left_out = left_out;
        }
        if self.has_other_files {
            let facts = file_facts(&inputs.files, &self.left_out, &self.files, &site.facts);
            changes.replace(&PageId::files(), Pass::Own, facts);
            self.files.clone_from(&inputs.files);
        }
        site.facts.apply(changes);
        news
    }

    /// Makes the pages that fields name and that have no file.
    fn make_pages(&mut self, config: &Config, has_news: bool) {
        if !has_news && !self.made_reads.touch(&self.changed()) {
            return;
        }
        // What they said themselves must not count when they are made.
        let site = Arc::make_mut(&mut self.site);
        let mut changes = ChangeSet::default();
        let earlier = std::mem::take(&mut site.made);
        // An author may have written one since: then the facts are those of the file.
        let still_made = earlier.keys().filter(|id| !site.pages.contains_key(*id));
        still_made.for_each(|id| changes.withdraw(id));
        site.facts.apply(changes);

        let reader = SiteReader::new(site);
        let makers = self.makers.iter().filter_map(|id| Some(&**site.pages.get(id)?.page));
        let made = made_pages(makers, config, &reader);
        self.made_reads = reader.into_reads();
        self.made_reads.settle(&mut site.facts);
        let mut changes = ChangeSet::default();
        for (id, card) in made {
            let card = earlier.get(&id).map_or_else(|| card.clone(), |was| kept(was, card.clone()));
            changes.replace(&id, Pass::Own, made_contributions(&card, config));
            site.made.insert(id, card);
        }
        site.facts.apply(changes);
    }

    /// Looks up what pages lead to and whom they mention.
    fn link(&mut self, basis: Basis<'_>) {
        let ground = basis.ground;
        let changed = self.changed();
        let fresh = self.renew_terms(&changed);
        let (site, terms, resolved) = (&self.site, &self.terms, &self.resolved);
        let touched =
            self.linked_readers.of(&changed).into_iter().filter(|id| {
                resolved.get(id).is_some_and(|last| last.linked.reads.touch(&changed))
            });
        let mut stale: BTreeSet<&PageId> = self.edited.iter().chain(touched).collect();
        if !fresh.is_empty() {
            let others = site.pages.values().filter(|entry| !stale.contains(&entry.page.id));
            let entries: Vec<&SitePage> = others.collect();
            let speaks_of_them = |entry: &&SitePage| {
                let page = &entry.page;
                fresh.get(page.id.lang()).is_some_and(|automaton| {
                    automaton.may_match(page.signature()) && {
                        let whole = page.page();
                        let texts = linkable_texts(&whole, collection_of(page, &ground.config));
                        let speaks = texts.iter().any(|text| automaton.is_match(&text.body.text));
                        if !speaks {
                            page.let_go();
                        }
                        speaks
                    }
                })
            };
            let speaking: Vec<&PageId> =
                entries.into_par_iter().filter(speaks_of_them).map(|e| &e.page.id).collect();
            stale.extend(speaking);
        }
        let stale: Vec<&SitePage> = stale.into_iter().filter_map(|id| site.pages.get(id)).collect();
        let linked: Vec<_> = stale
            .into_par_iter()
            .map(|entry| {
                let (page, config) = (entry.page.page(), &ground.config);
                let automaton = &terms[page.id.lang()];
                let (theme, quoting) = (&ground.theme.config, basis.quoting(&page));
                let linked: LinkedPage = link_page(&page, config, theme, automaton, site, quoting);
                let facts = linked_facts(&page, &linked, collection_of(&page, config));
                (page.id.clone(), linked, facts)
            })
            .collect();

        let site = Arc::make_mut(&mut self.site);
        let resolved = Arc::make_mut(&mut self.resolved);
        let mut changes = ChangeSet::default();
        for (id, mut linked, facts) in linked {
            changes.replace(&id, Pass::Linked, facts);
            linked.reads.settle(&mut site.facts);
            let last = resolved.get(&id);
            if last.is_some_and(|last| last.linked == linked) {
                continue;
            }
            self.linked_readers.note(&id, last.map(|last| &last.linked.reads), &linked.reads);
            self.remade.insert(id.clone());
            let (shown, shown_reads) =
                last.map(|last| (last.shown.clone(), last.shown_reads.clone())).unwrap_or_default();
            resolved.insert(id, Arc::new(ResolvedPage { linked, shown, shown_reads }));
        }
        site.facts.apply(changes);
    }

    /// Makes the variants of the images that pages show, and says where they are.
    fn scale_images(&mut self, inputs: &Inputs, ground: &Ground, images: &mut ImageMemory) {
        let facts = &self.site.facts;
        let shows = |key: &FactKey| matches!(key, FactKey::Shows(_));
        let is_stale = self.has_other_files
            || facts.differences().any(|found| shows(found.key) && found.came_or_went());
        if !is_stale || !outputs::IMAGES.is_on(&ground.config) {
            return;
        }
        let shown =
            facts.listed_from(FactKey::Shows(SourceId::new(""))).map_while(|(key, _)| match key {
                FactKey::Shows(source) => Some(source),
                _ => None,
            });
        images.update(shown, &inputs.files, &ground.config.images);
        let mut changes = ChangeSet::default();
        changes.replace(&PageId::images(), Pass::Shown, images.facts());
        Arc::make_mut(&mut self.site).facts.apply(changes);
    }

    /// Takes in the surfaces that changed, and returns what finds the new ones, by
    /// language.
    fn renew_terms(&mut self, changed: &KeySet) -> BTreeMap<Lang, Automaton> {
        let facts = &self.site.facts;
        let mut touched: BTreeMap<Lang, BTreeSet<&str>> = BTreeMap::new();
        for id in changed.iter() {
            if let FactKey::Surface(lang, folded) = facts.key(id) {
                touched.entry(lang.clone()).or_default().insert(folded);
            }
        }
        if touched.is_empty() && !self.is_restructured {
            return BTreeMap::new();
        }
        let languages: BTreeSet<&Lang> = self.site.pages.keys().map(PageId::lang).collect();
        let mut fresh = BTreeMap::new();
        for lang in languages {
            let touched = touched.get(lang);
            if touched.is_none() && self.terms.contains_key(lang) {
                continue;
            }
            let surfaces = SurfaceSet::from_facts(facts, lang);
            if let (Some(touched), true) = (touched, self.terms.contains_key(lang)) {
                let new = surfaces.filtered(|folded| touched.contains(folded));
                fresh.insert(lang.clone(), Automaton::new(&new));
            }
            self.terms.insert(lang.clone(), Automaton::new(&surfaces));
        }
        fresh
    }

    /// Looks up anew which works people wrote, and returns the people of whom these are
    /// others than before.
    fn renew_publications(&mut self, ground: &Ground) -> BTreeSet<PageId> {
        let now = publications(&self.site, &ground.config, &ground.works);
        let last = std::mem::replace(&mut self.publications, now);
        let people = last.keys().chain(self.publications.keys());
        people.filter(|id| last.get(id) != self.publications.get(id)).cloned().collect()
    }

    /// Gathers what pages show of others' records, and which works they cite; `written`
    /// are the people of whom other works are known than before.
    fn show(&mut self, basis: Basis<'_>, written: &BTreeSet<PageId>) {
        let ground = basis.ground;
        let changed = self.changed();
        let (site, publications, config) = (&self.site, &self.publications, &ground.config);
        let written_by = |id: &PageId| publications.get(id).cloned().unwrap_or_default();
        let touched = self.shown_readers.of(&changed).into_iter().filter(|id| {
            self.resolved.get(id).is_some_and(|last| last.shown_reads.touch(&changed))
        });
        let stale: BTreeSet<&PageId> = self.edited.iter().chain(touched).chain(written).collect();
        let stale: Vec<&SitePage> = stale.into_iter().filter_map(|id| site.pages.get(id)).collect();
        let shown: Vec<_> = stale
            .into_par_iter()
            .map(|entry| {
                let page = entry.page.page();
                let reader = SiteReader::new(site);
                let mut shown = shown_records(&page, config, &ground.theme.config, &reader);
                shown.publications = written_by(&page.id);
                let flow = Flow::new(&page, &shown, collection_of(&page, config));
                let facts = shown_facts(&page, &flow, basis.quoting(&page));
                (page.id.clone(), shown, reader.into_reads(), facts)
            })
            .collect();

        let site = Arc::make_mut(&mut self.site);
        let resolved = Arc::make_mut(&mut self.resolved);
        let mut changes = ChangeSet::default();
        for (id, shown, mut shown_reads, facts) in shown {
            changes.replace(&id, Pass::Shown, facts);
            shown_reads.settle(&mut site.facts);
            // What is shown holds citations of the page by their address, so that the
            // shown records of a page that was read again are never the earlier ones.
            if let Some(page) = resolved.get_mut(&id) {
                self.shown_readers.note(&id, Some(&page.shown_reads), &shown_reads);
                self.remade.insert(id);
                let page = Arc::make_mut(page);
                (page.shown, page.shown_reads) = (shown, shown_reads);
            }
        }
        site.facts.apply(changes);
    }
}

/// What is new of the pages, beside themselves.
#[derive(Clone, Copy, Debug, Default)]
struct News {
    /// A page that changed describes a person, or did.
    has_people: bool,
    /// A field of a page that changed may make another, or might have.
    has_makers: bool,
}

/// Returns when the page of a card changed, and whether it may be listed.
fn days(facts: &[(PageId, Fact)]) -> Option<([Option<Date>; 3], bool)> {
    facts.iter().find_map(|(_, fact)| match fact {
        Fact::Card(card) => Some(([card.date, card.updated, card.reviewed], card.noindex)),
        _ => None,
    })
}

/// Returns the earlier card where the new one says the same: what was made from it is
/// known by its address.
fn kept(earlier: &Arc<Card>, new: Arc<Card>) -> Arc<Card> {
    if **earlier == *new { Arc::clone(earlier) } else { new }
}

fn collection_of<'a>(page: &PageHead, config: &'a Config) -> Option<&'a Collection> {
    config.collections.get(page.collection.as_ref()?)
}

fn is_person(page: &PageHead, config: &Config) -> bool {
    collection_of(page, config).is_some_and(|collection| collection.people)
}
