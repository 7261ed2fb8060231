//! Judging and rendering the pages that have changed, or read a fact that has.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{CheckedSite, PageFindings, check_page};
use crate::diagnostic::Diagnostic;
use crate::outputs::{Content, Files, Keeper, Maker, OutputContext, beside_page};
use crate::page_id::PageId;
use crate::render::view::{RenderedPage, ViewSite, render_page};
use crate::resolve::KeySet;
use crate::resolve::facts::Facts;
use crate::resolve::linked::ResolvedPage;
use crate::resolve::plan::{Plan, PlannedPage};
use crate::source::SourceId;

use super::resolving::Resolution;

/// The pages as they were judged and rendered last.
#[derive(Debug, Default)]
pub(super) struct Rendering {
    judged: BTreeMap<PageId, Judged>,
    rendered: BTreeMap<PageId, Rendered>,
    pages: Arc<BTreeMap<PageId, Arc<RenderedPage>>>,
    /// The drafts that a link may have led to.
    drafts: BTreeMap<SourceId, PageId>,
}

#[derive(Debug)]
struct Judged {
    resolved: Arc<ResolvedPage>,
    findings: PageFindings,
}

#[derive(Debug)]
struct Rendered {
    planned: Arc<PlannedPage>,
    resolved: Option<Arc<ResolvedPage>>,
    page: Arc<RenderedPage>,
    /// The paths of the files beside it.
    beside: Vec<String>,
}

/// A page that was rendered, with its files: the page first, then what stands beside it.
type Made = (Rendered, Vec<(Maker, String, Option<Content>)>);

/// What pages are rendered with, and for whom.
pub(super) struct Renderer<'a> {
    pub(super) keeper: &'a dyn Keeper,
    pub(super) view: &'a ViewSite<'a>,
    pub(super) context: &'a OutputContext<'a>,
    pub(super) resolution: &'a Resolution,
}

impl Rendering {
    /// Judges the pages of the site; those that need not be are as they were.
    pub(super) fn judge(&mut self, checked: &CheckedSite<'_>, resolution: &Resolution) {
        let changed = resolution.changed();
        let site = checked.site;
        let judge_all = self.drafts != *checked.drafts;
        self.drafts.clone_from(checked.drafts);
        self.judged.retain(|id, _| site.pages.contains_key(id));
        let is_stale = |id: &PageId| {
            let resolved = &resolution.resolved[id];
            self.judged.get(id).is_none_or(|last| {
                judge_all
                    || resolution.edited.contains(id)
                    || last.findings.site_wide
                    || !Arc::ptr_eq(&last.resolved, resolved)
                    || last.findings.reads.touch(&changed)
            })
        };
        let entries: Vec<_> = site.pages.iter().collect();
        let judged: Vec<(PageId, Judged)> = entries
            .into_par_iter()
            .filter(|(id, _)| is_stale(id))
            .map(|(id, entry)| {
                let resolved = Arc::clone(&resolution.resolved[id]);
                let findings = check_page(checked, &entry.page, &resolved.linked);
                (id.clone(), Judged { resolved, findings })
            })
            .collect();
        self.judged.extend(judged);
    }

    /// Offers the pages that are new to `files`, so that it is known where pages stand, and
    /// takes back those that are no more.
    pub(super) fn announce(&mut self, plan: &Plan, files: &mut Files) {
        let pages = Arc::make_mut(&mut self.pages);
        for page in plan.gone() {
            pages.remove(&page.id);
            let Some(rendered) = self.rendered.remove(&page.id) else { continue };
            files.withdraw(Maker::Page, &page.url.to_file_path());
            rendered.beside.iter().for_each(|path| files.withdraw(Maker::BesidePage, path));
        }
        for page in plan.changed() {
            let last = self.rendered.get(&page.id).map(|last| &last.planned.url);
            if last == Some(&page.url) {
                continue;
            }
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

    /// Renders the planned pages; those that need not be are as they were.
    pub(super) fn render(&mut self, renderer: &Renderer<'_>, plan: &Plan, files: &mut Files) {
        let resolution = renderer.resolution;
        let changed = resolution.changed();
        let stale: Vec<&Arc<PlannedPage>> = plan
            .pages()
            .par_iter()
            .filter(|page| self.is_stale(page, resolution, &changed))
            .collect();
        let made: Vec<Made> =
            stale.into_par_iter().map(|page| renderer.render(page, files)).collect();
        let pages = Arc::make_mut(&mut self.pages);
        for (rendered, made) in made {
            let id = rendered.planned.id.clone();
            if let Some(last) = self.rendered.get(&id) {
                let is_gone = |path: &&String| !rendered.beside.contains(path);
                let gone = last.beside.iter().filter(is_gone);
                gone.for_each(|path| files.withdraw(Maker::BesidePage, path));
            }
            for (maker, path, content) in made {
                files.offer(maker, path, content);
            }
            pages.insert(id.clone(), Arc::clone(&rendered.page));
            self.rendered.insert(id, rendered);
        }
    }

    fn is_stale(&self, page: &Arc<PlannedPage>, resolution: &Resolution, changed: &KeySet) -> bool {
        let Some(last) = self.rendered.get(&page.id) else { return true };
        let resolved = resolution.resolved.get(&page.id);
        let is_resolved_alike = match (&last.resolved, resolved) {
            (Some(last), Some(now)) => Arc::ptr_eq(last, now),
            (None, None) => true,
            _ => false,
        };
        !is_resolved_alike
            || !Arc::ptr_eq(&last.planned, page)
            || resolution.edited.contains(&page.id)
            || last.page.reads.touch(changed)
    }

    /// Gives the keys that were looked for in vain numbers.
    pub(super) fn settle(&mut self, facts: &mut Facts) {
        for judged in self.judged.values_mut() {
            judged.findings.reads.settle(facts);
        }
        let pages = Arc::make_mut(&mut self.pages);
        for (id, rendered) in &mut self.rendered {
            if !rendered.page.reads.is_settled() {
                // The one copy is settled: the other holder would keep its own.
                pages.remove(id);
                Arc::make_mut(&mut rendered.page).reads.settle(facts);
                pages.insert(id.clone(), Arc::clone(&rendered.page));
            }
        }
    }

    /// Returns what was found on each page, by the rules and in rendering it.
    pub(super) fn findings(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        let by_rules = self.judged.values().flat_map(|judged| &judged.findings.diagnostics);
        by_rules.chain(self.rendered.values().flat_map(|rendered| &rendered.page.diagnostics))
    }

    /// Returns the pages, by their ids.
    pub(super) fn pages(&self) -> &Arc<BTreeMap<PageId, Arc<RenderedPage>>> {
        &self.pages
    }
}

impl Renderer<'_> {
    /// Renders one page; its HTML moves on, so that a large site need not hold it.
    fn render(&self, planned: &Arc<PlannedPage>, files: &Files) -> Made {
        let resolved = self.resolution.resolved.get(&planned.id).cloned();
        let mut page = render_page(self.view, &self.resolution.site, planned, resolved.as_deref());
        let path = planned.url.to_file_path();
        let html = std::mem::take(&mut page.html);
        let content = self.keeper.keep(&path, html.into_bytes());
        let mut made = vec![(Maker::Page, path, content)];
        let mut beside = Vec::new();
        for artifact in beside_page(self.context, &page) {
            let path = artifact.path;
            beside.push(path.clone());
            let content = match artifact.content {
                // What only waits for another file to go is for nobody else to keep.
                Content::Bytes(bytes) if !files.is_taken(Maker::BesidePage, &path) => {
                    self.keeper.keep(&path, bytes.to_vec())
                }
                content => Some(content),
            };
            made.push((Maker::BesidePage, path, content));
        }
        let planned = Arc::clone(planned);
        (Rendered { planned, resolved, page: Arc::new(page), beside }, made)
    }
}
