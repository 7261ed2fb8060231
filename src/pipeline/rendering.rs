//! Judging and rendering the pages that have changed, or read a fact that has.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::check::{CheckedSite, PageFindings, check_page};
use crate::outputs::{Artifact, Keeper};
use crate::page_id::PageId;
use crate::render::view::{RenderedPage, ViewSite, render_page};
use crate::resolve::facts::Facts;
use crate::resolve::linked::ResolvedPage;
use crate::resolve::plan::PlannedPage;
use crate::resolve::{KeySet, Site};
use crate::source::SourceId;

use super::resolving::Resolution;

/// The pages as they were judged and rendered last.
#[derive(Debug, Default)]
pub(super) struct Rendering {
    judged: BTreeMap<PageId, Judged>,
    rendered: BTreeMap<PageId, Rendered>,
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
    planned: PlannedPage,
    resolved: Option<Arc<ResolvedPage>>,
    page: Arc<RenderedPage>,
    /// Its file, where nobody else keeps it.
    artifact: Option<Artifact>,
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

    /// Returns what the rules say of each page, in the order of the pages.
    pub(super) fn findings(&self) -> impl Iterator<Item = &PageFindings> {
        self.judged.values().map(|judged| &judged.findings)
    }

    /// Renders the planned pages; those that need not be are as they were.
    pub(super) fn render(
        &mut self,
        keeper: &dyn Keeper,
        view: &ViewSite<'_>,
        planned: &[PlannedPage],
        resolution: &Resolution,
    ) {
        let changed = resolution.changed();
        let stale: Vec<&PlannedPage> =
            planned.par_iter().filter(|page| self.is_stale(page, resolution, &changed)).collect();
        let rendered: Vec<(PageId, Rendered)> = stale
            .into_par_iter()
            .map(|page| (page.id.clone(), rendered(keeper, view, page, resolution)))
            .collect();
        let mut before = std::mem::take(&mut self.rendered);
        let mut fresh: BTreeMap<PageId, Rendered> = rendered.into_iter().collect();
        self.rendered = planned
            .iter()
            .filter_map(|page| {
                let page = &page.id;
                let rendered = fresh.remove(page).or_else(|| before.remove(page));
                rendered.map(|rendered| (page.clone(), rendered))
            })
            .collect();
    }

    fn is_stale(&self, page: &PlannedPage, resolution: &Resolution, changed: &KeySet) -> bool {
        let Some(last) = self.rendered.get(&page.id) else { return true };
        let resolved = resolution.resolved.get(&page.id);
        let is_resolved_alike = match (&last.resolved, resolved) {
            (Some(last), Some(now)) => Arc::ptr_eq(last, now),
            (None, None) => true,
            _ => false,
        };
        !is_resolved_alike
            || resolution.edited.contains(&page.id)
            || last.page.reads.touch(changed)
            || last.planned != *page
    }

    /// Gives the keys that were looked for in vain numbers.
    pub(super) fn settle(&mut self, facts: &mut Facts) {
        for judged in self.judged.values_mut() {
            judged.findings.reads.settle(facts);
        }
        for rendered in self.rendered.values_mut() {
            if !rendered.page.reads.is_settled() {
                Arc::make_mut(&mut rendered.page).reads.settle(facts);
            }
        }
    }

    /// Returns the pages, in the order of their ids.
    pub(super) fn pages(&self) -> Vec<Arc<RenderedPage>> {
        self.rendered.values().map(|rendered| Arc::clone(&rendered.page)).collect()
    }

    /// Returns the files of the pages that nobody else keeps.
    pub(super) fn artifacts(&self) -> impl Iterator<Item = Artifact> {
        self.rendered.values().filter_map(|rendered| rendered.artifact.clone())
    }
}

/// Renders one page; its HTML moves on, so that a large site need not hold it.
fn rendered(
    keeper: &dyn Keeper,
    view: &ViewSite<'_>,
    planned: &PlannedPage,
    resolution: &Resolution,
) -> Rendered {
    let site: &Site = &resolution.site;
    let resolved = resolution.resolved.get(&planned.id).cloned();
    let mut page = render_page(view, site, planned, resolved.as_deref());
    let artifact = keeper.keep(planned.url.to_file_path(), std::mem::take(&mut page.html));
    Rendered { planned: planned.clone(), resolved, page: Arc::new(page), artifact }
}
