//! What the rules say of the works that a site uses, kept between builds.
//!
//! A work's record does not change while the site around it is built again: it is judged
//! once, when the site first uses it. Only what several works have in common is looked
//! for again, and only when the site uses others than before.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::citation::CitationKey;
use crate::diagnostic::Diagnostic;

use super::levelled;
use super::lint::{Check, CheckedSite, CheckedWork, Findings};
use super::rules;

/// What the rules say of the works of one database, under one configuration.
#[derive(Debug, Default)]
pub struct WorkFindings {
    used: Arc<BTreeSet<CitationKey>>,
    of_each: BTreeMap<CitationKey, Vec<Arc<Diagnostic>>>,
    of_several: Vec<Arc<Diagnostic>>,
}

impl WorkFindings {
    /// Judges the works that `site` uses and that were not judged yet.
    pub fn update(&mut self, site: &CheckedSite<'_>) {
        if Arc::ptr_eq(&self.used, site.used) {
            return;
        }
        let works: Vec<CheckedWork<'_>> = site
            .used
            .iter()
            .filter_map(|key| site.works.get(key))
            .map(|entry| CheckedWork { entry, record: entry.description(), of: site })
            .collect();
        self.of_each.retain(|key, _| site.used.contains(key));
        let judged: Vec<(CitationKey, Vec<Arc<Diagnostic>>)> = works
            .par_iter()
            .filter(|work| !self.of_each.contains_key(&work.entry.key))
            .map(|work| (work.entry.key.clone(), judge(work)))
            .collect();
        self.of_each.extend(judged);
        let mut findings = Findings::default();
        for lint in rules::ALL {
            if let Check::Works(check) = lint.check {
                check(&works, &mut findings);
            }
        }
        self.of_several = shared(findings, site);
        self.used = Arc::clone(site.used);
    }

    /// Returns the findings, by work.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        self.of_each.values().flatten().chain(&self.of_several)
    }
}

fn judge(work: &CheckedWork<'_>) -> Vec<Arc<Diagnostic>> {
    let mut findings = Findings::default();
    for lint in rules::ALL {
        if let Check::Work(check) = lint.check {
            check(work, &mut findings);
        }
    }
    shared(findings, work.of)
}

fn shared(findings: Findings, site: &CheckedSite<'_>) -> Vec<Arc<Diagnostic>> {
    levelled(findings.into_parts().0, site, None).into_iter().map(Arc::new).collect()
}
