//! Judging and rendering the pages that have changed, or read a fact that has.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{CheckedSite, PageFindings, check_page};
use crate::citation::CitationKey;
use crate::diagnostic::{Diagnostic, Ordered};
use crate::outputs::{
    Artifact, BesideFile, Content, Files, Keeper, Maker, OutputContext, Upcoming, beside_page,
};
use crate::page_id::PageId;
use crate::parse::{FieldPath, KeptPage, front_matter};
use crate::render::view::{RenderedPage, ViewSite, render_page};
use crate::resolve::facts::Facts;
use crate::resolve::plan::{PageKind, Plan, PlannedPage};
use crate::resolve::{FactKey, KeySet, Readers, Reads, Site, SitePage};
use crate::source::{Source, SourceId};

use super::causes::{Cause, Differences};
use super::ground::GroundNews;
use super::resolving::Resolution;
use super::turns::Turns;

/// The pages as they were judged and rendered last.
#[derive(Debug, Default)]
pub(super) struct Rendering {
    judged: BTreeMap<PageId, PageFindings>,
    /// All that was found in judging.
    findings: Ordered,
    judged_readers: Readers,
    /// The pages of which a finding depends on more than what was read.
    site_wide: BTreeSet<PageId>,
    /// The drafts, and the pages dated ahead, that a link may have led to.
    left_out: [BTreeMap<SourceId, PageId>; 2],
    pages: Arc<BTreeMap<PageId, Arc<RenderedPage>>>,
    page_readers: Readers,
    /// The paths of the files beside each page that has any.
    beside: BTreeMap<PageId, Vec<String>>,
    /// The pages in whose rendering something was found.
    faulty: BTreeSet<PageId>,
    /// What was judged and rendered in this build.
    fresh: Fresh,
    /// Whether every page is judged anew.
    judges_all: bool,
    /// The pages that are rendered anew for something other than what they read.
    unread: BTreeSet<PageId>,
    /// Why pages were rendered again in this build; of a first build nothing is said.
    causes: Vec<(PageId, Vec<Cause>)>,
    /// Whether more pages were rendered in this build than works are kept of.
    was_large: bool,
}

/// What is new, with what the page read before.
#[derive(Debug, Default)]
struct Fresh {
    judged: Vec<(PageId, Option<Reads>)>,
    rendered: Vec<(PageId, Option<Reads>)>,
}

/// Tells whether the page shows one of these works without citing or listing it.
fn shows_work(page: &RenderedPage, site: &Site, keys: &BTreeSet<CitationKey>) -> bool {
    match &page.kind {
        PageKind::Reference(key) | PageKind::CitedBy(key) => keys.contains(key),
        // It shows the works of its list, and where each is filed may be another place.
        PageKind::Bibliography => page.references.iter().any(|key| keys.contains(key)),
        _ => {
            let entry = site.pages.get(&page.id);
            !keys.is_empty() && entry.is_some_and(|entry| entry.page.front.lists_everything())
        }
    }
}

/// The pages that are rendered again, and why.
pub(super) struct Stale<'a> {
    /// The pages, those that take the longest first.
    pages: Vec<&'a PlannedPage>,
    /// The facts that differ.
    changed: KeySet,
    /// The pages that have another place, or show other passages.
    placed: BTreeSet<&'a PageId>,
}

/// A page that was rendered, with its files: itself first, then what stands beside it.
struct Made {
    page: RenderedPage,
    files: Vec<(Maker, String, Option<Content>)>,
}

/// The pages that were rendered in a build, with the reasons where they had been before.
pub(super) struct FreshPages {
    made: Vec<Made>,
    causes: Vec<(PageId, Vec<Cause>)>,
}

/// What pages are rendered with, and for whom.
pub(super) struct Renderer<'a> {
    pub(super) keeper: &'a dyn Keeper,
    pub(super) view: &'a ViewSite<'a>,
    pub(super) context: &'a OutputContext<'a>,
    /// The site's texts.
    pub(super) sources: &'a BTreeMap<SourceId, Source>,
    pub(super) resolution: &'a Resolution,
    pub(super) news: &'a GroundNews,
    /// Whether the pages are kept for a later build.
    pub(super) is_kept: bool,
}

/// How many pages' texts may be at hand at a time.
const AT_HAND: usize = 1024;

/// Of how many pages the works are kept as they were formatted.
const FORMATTED: usize = 256;

impl Rendering {
    /// Lets every page be judged anew.
    pub(super) fn judge_all(&mut self) {
        self.judges_all = true;
    }

    /// Lets the pages be rendered anew that show something of another ground.
    pub(super) fn renew(&mut self, news: &GroundNews, site: &Site) {
        if news.shows_nothing() {
            return;
        }
        let shows = |page: &RenderedPage| {
            let passed = |today| page.turns.iter().filter(|day| **day < today).count();
            news.is_shown_otherwise
                || page.asked.iter().any(|name| news.looks.contains(&**name))
                || news.days.is_some_and(|[last, today]| passed(last) != passed(today))
                || news.works.as_ref().is_some_and(|keys| shows_work(page, site, keys))
        };
        let pages = self.pages.values().filter(|page| shows(page));
        self.unread = pages.map(|page| page.id.clone()).collect();
        let citing = news.works.iter().flatten().flat_map(|key| {
            let keys = [FactKey::Cites(key.clone()), FactKey::Lists(key.clone())];
            keys.into_iter().flat_map(|key| site.facts.under(&key)).map(|(id, _)| id.clone())
        });
        self.unread.extend(citing);
    }

    /// Judges the pages of the site; those that need not be are as they were.
    pub(super) fn judge(&mut self, checked: &CheckedSite<'_>, resolution: &Resolution) {
        let changed = resolution.changed();
        let site = checked.site;
        // Any link may have led to a page that is left out.
        let judges_all = std::mem::take(&mut self.judges_all)
            || self.judged.is_empty()
            || self.left_out.each_ref() != [checked.drafts, checked.ahead];
        let stale: Vec<&SitePage> = match judges_all {
            true => site.pages.values().collect(),
            false => {
                let touched = self.judged_readers.of(&changed).into_iter().filter(|id| {
                    self.judged.get(id).is_some_and(|last| last.reads.touch(&changed))
                });
                let edited = resolution.edited.iter().chain(&resolution.remade);
                let stale: BTreeSet<&PageId> =
                    edited.chain(touched).chain(&self.site_wide).collect();
                stale.into_iter().filter_map(|id| site.pages.get(id)).collect()
            }
        };
        let judged: Vec<(PageId, PageFindings)> = stale
            .into_par_iter()
            .map(|entry| {
                let id = &entry.page.id;
                let page = entry.page.page();
                (id.clone(), check_page(checked, &page, &resolution.resolved[id].linked))
            })
            .collect();
        self.left_out = [checked.drafts.clone(), checked.ahead.clone()];
        let (mut before, mut now) = (Vec::new(), Vec::new());
        for id in &resolution.gone {
            before.extend(self.judged.remove(id).into_iter().flat_map(|last| last.diagnostics));
            self.site_wide.remove(id);
        }
        for (id, findings) in judged {
            match findings.site_wide {
                true => self.site_wide.insert(id.clone()),
                false => self.site_wide.remove(&id),
            };
            now.extend(findings.diagnostics.iter().cloned());
            let last = self.judged.insert(id.clone(), findings);
            let (reads, last) = last.map(|last| (last.reads, last.diagnostics)).unzip();
            before.extend(last.into_iter().flatten());
            self.fresh.judged.push((id, reads));
        }
        self.findings.replace(&before, now);
    }

    /// Offers the pages that are new to `files`, so that it is known where pages stand, and
    /// takes back those that are no more.
    pub(super) fn announce(&mut self, plan: &Plan, files: &mut Files) {
        let pages = Arc::make_mut(&mut self.pages);
        for page in plan.gone() {
            pages.remove(&page.id);
            self.faulty.remove(&page.id);
            files.withdraw(Maker::Page, &page.url.to_file_path());
            let beside = self.beside.remove(&page.id).unwrap_or_default();
            beside.iter().for_each(|path| files.withdraw(Maker::BesidePage, path));
        }
        for page in plan.changed() {
            let last = pages.get(&page.id).map(|last| &last.url).filter(|last| **last != page.url);
            if let Some(last) = last {
                files.withdraw(Maker::Page, &last.to_file_path());
            }
        }
        // A page may stand where another stood.
        for page in plan.changed() {
            let path = page.url.to_file_path();
            if !files.offers(Maker::Page, &path) {
                files.offer(Maker::Page, path, None);
            }
        }
    }

    /// Returns the planned pages that need to be rendered.
    pub(super) fn stale<'a>(&self, resolution: &Resolution, plan: &'a Plan) -> Stale<'a> {
        let changed = resolution.changed();
        let touched = self
            .page_readers
            .of(&changed)
            .into_iter()
            .filter(|id| self.pages.get(id).is_some_and(|last| last.reads.touch(&changed)));
        let planned = plan.changed().iter().map(|page| &page.id);
        let edited = resolution.edited.iter().chain(&resolution.remade);
        let stale: BTreeSet<&PageId> =
            planned.chain(edited).chain(touched).chain(&self.unread).collect();
        let mut pages: Vec<&PlannedPage> =
            stale.into_iter().filter_map(|id| plan.get(id)).collect();
        // Those that read the most take the longest; the others fill the time beside them.
        let reads = |page: &&PlannedPage| self.pages.get(&page.id).map(|last| last.reads.len());
        pages.sort_by_cached_key(|page| Reverse(reads(page)));
        let placed = plan.changed().iter().map(|page| &page.id).collect();
        Stale { pages, changed, placed }
    }

    /// Returns what is told before the `stale` pages are rendered, when `files` hold what
    /// pages load; `others` are files that are made beside them.
    pub(super) fn upcoming<'a>(
        &self,
        stale: &Stale<'_>,
        others: Vec<String>,
        files: &Files,
        found: &'a [Arc<Diagnostic>],
    ) -> Upcoming<'a> {
        let pages: Vec<String> = stale.pages.iter().map(|page| page.url.to_file_path()).collect();
        let beside = stale.pages.iter().filter_map(|page| self.beside.get(&page.id)).flatten();
        let mut others: BTreeSet<String> = beside.cloned().chain(others).collect();
        let mut made = Vec::new();
        for (path, now) in files.touched() {
            match now {
                Some(content) => {
                    made.push(Artifact { path: path.clone(), content: content.clone() });
                }
                None => _ = others.insert(path.clone()),
            }
        }
        pages.iter().for_each(|page| _ = others.remove(page));
        Upcoming { pages, others, made, found }
    }

    /// Renders the pages that are `stale`, first those that somebody waits for; `files` know
    /// what stands at each path.
    pub(super) fn render(
        &self,
        renderer: &Renderer<'_>,
        stale: &Stale<'_>,
        files: &Files,
    ) -> FreshPages {
        let Stale { pages, changed, placed } = stale;
        let differences =
            Differences { placed, resolution: renderer.resolution, changed, news: renderer.news };
        let causes = match self.pages.is_empty() {
            true => Vec::new(),
            false => pages
                .par_iter()
                .map(|PlannedPage { id, .. }| {
                    let last = self.pages.get(id).map(|last| &**last);
                    (id.clone(), differences.causes(id, last, self.unread.contains(id)))
                })
                .collect(),
        };
        let turns = Turns::new(pages.len());
        let written = &renderer.resolution.site.pages;
        let is_large = pages.len() > AT_HAND;
        let made = (0..pages.len()).into_par_iter().map(|_| {
            let place = turns.next(|| renderer.keeper.awaited());
            let made = renderer.render(pages[place], files);
            if is_large && let Some(entry) = written.get(&pages[place].id) {
                match renderer.is_kept {
                    true => entry.page.let_go(),
                    false => entry.page.discard(),
                }
            }
            (place, made)
        });
        let mut made: Vec<(usize, Made)> = made.collect();
        // Of two that make the same file beside them, it is always the same that does.
        made.sort_unstable_by_key(|(place, _)| *place);
        FreshPages { made: made.into_iter().map(|(_, made)| made).collect(), causes }
    }

    /// Takes in the pages that were rendered, and offers their files.
    pub(super) fn take(&mut self, fresh: FreshPages, files: &mut Files) {
        self.unread.clear();
        self.was_large = fresh.made.len() > FORMATTED;
        self.causes = fresh.causes;
        let pages = Arc::make_mut(&mut self.pages);
        for Made { page, files: made } in fresh.made {
            let id = page.id.clone();
            let beside: Vec<String> =
                made.iter().skip(1).map(|(_, path, _)| path.clone()).collect();
            let last = match beside.is_empty() {
                true => self.beside.remove(&id),
                false => self.beside.insert(id.clone(), beside.clone()),
            };
            let gone = last.iter().flatten().filter(|path| !beside.contains(path));
            gone.for_each(|path| files.withdraw(Maker::BesidePage, path));
            for (maker, path, content) in made {
                files.offer(maker, path, content);
            }
            match page.diagnostics.is_empty() {
                true => self.faulty.remove(&id),
                false => self.faulty.insert(id.clone()),
            };
            let last = pages.insert(id.clone(), Arc::new(page));
            self.fresh.rendered.push((id, last.map(|last| last.reads.clone())));
        }
    }

    /// Gives the keys that were looked for in vain numbers, and notes who read what.
    pub(super) fn settle(&mut self, facts: &mut Facts) {
        for (id, last) in self.fresh.judged.drain(..) {
            let Some(findings) = self.judged.get_mut(&id) else { continue };
            findings.reads.settle(facts);
            self.judged_readers.note(&id, last.as_ref(), &findings.reads);
        }
        let pages = Arc::make_mut(&mut self.pages);
        for (id, last) in self.fresh.rendered.drain(..) {
            let Some(page) = pages.get_mut(&id) else { continue };
            let page = Arc::make_mut(page);
            page.reads.settle(facts);
            self.page_readers.note(&id, last.as_ref(), &page.reads);
        }
    }

    /// Tells whether so many pages were rendered last that little of what was formatted for
    /// them is needed for the next few.
    pub(super) fn was_large(&self) -> bool {
        self.was_large
    }

    /// Returns what the rules found on the pages.
    pub(super) fn findings(&self) -> &Ordered {
        &self.findings
    }

    /// Returns what was found in rendering the pages.
    pub(super) fn faults(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        let faulty = self.faulty.iter().filter_map(|id| self.pages.get(id));
        faulty.flat_map(|page| &page.diagnostics)
    }

    /// Hands out why pages were rendered again.
    pub(super) fn take_causes(&mut self) -> Vec<(PageId, Vec<Cause>)> {
        std::mem::take(&mut self.causes)
    }

    /// Returns the pages, by their ids.
    pub(super) fn pages(&self) -> &Arc<BTreeMap<PageId, Arc<RenderedPage>>> {
        &self.pages
    }
}

impl Renderer<'_> {
    /// Renders one page; its HTML moves on, so that a large site need not hold it.
    fn render(&self, planned: &PlannedPage, files: &Files) -> Made {
        let resolved = self.resolution.resolved.get(&planned.id).map(|resolved| &**resolved);
        let mut page = render_page(self.view, &self.resolution.site, planned, resolved);
        if let Some(written) = self.resolution.site.pages.get(&planned.id) {
            self.point_at_template(&written.page, &mut page.diagnostics);
        }
        let path = planned.url.to_file_path();
        let beside = beside_page(self.context, &page);
        let html = std::mem::take(&mut page.html);
        let content = self.keep(files, Maker::Page, &path, html.into_bytes());
        let mut made = vec![(Maker::Page, path, content)];
        for BesideFile { path, text } in beside {
            let bytes = text.into_bytes();
            let content = match files.is_taken(Maker::BesidePage, &path) {
                false => self.keep(files, Maker::BesidePage, &path, bytes),
                // What only waits for another file to go is for nobody else to keep.
                true => Some(Content::Bytes(Arc::from(bytes))),
            };
            made.push((Maker::BesidePage, path, content));
        }
        Made { page, files: made }
    }

    /// Says of a template that does not exist where `page` names it; what is wrong with one
    /// that does is said there.
    fn point_at_template(&self, page: &KeptPage, found: &mut [Arc<Diagnostic>]) {
        let (Some(template), Some(yaml)) = (&page.front.template, &page.yaml) else { return };
        let file = SourceId::new(format!("templates/{template}"));
        if self.sources.contains_key(&file) {
            return;
        }
        for found in found.iter_mut().filter(|found| *found.source() == file) {
            let span = front_matter::locate(&page.source, yaml, &FieldPath::field("template"));
            *found = Arc::new(Diagnostic { span, ..Diagnostic::clone(found) });
        }
    }

    /// Hands a file to the keeper, who may know it from the last build.
    fn keep(&self, files: &Files, maker: Maker, path: &str, bytes: Vec<u8>) -> Option<Content> {
        self.keeper.keep(path, bytes, files.offered(maker, path))
    }
}
