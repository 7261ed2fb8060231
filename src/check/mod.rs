//! Checks: the rules that judge what parsing and resolving recorded.
//!
//! [`check_page`] runs every page's rules on one page, [`WorkFindings`] those of the works
//! that are cited, [`check_site`] those of the site as a whole. A rule is a static [`Lint`] in one
//! file of `rules/`, and one line in [`rules::ALL`]. What an author may have meant is looked for by
//! `suggest`; `suppress` applies the configured levels and the `allow`s.

mod common_words;
#[cfg(test)]
pub(crate) mod fixture;
pub mod hits;
pub mod lint;
pub mod prose;
pub mod rules;
mod suggest;
mod suppress;
mod syllables;
pub mod wording;
mod works;

pub use lint::{Check, CheckedPage, CheckedSite, Findings, Lint};
pub use rules::all_rules;
pub use rules::external::addresses;
pub use works::WorkFindings;

use std::sync::Arc;

use crate::config::Collection;
use crate::diagnostic::{self, Diagnostic, RuleKind};
use crate::parse::Page;
use crate::resolve::{LinkedPage, Reads, SiteReader};

use lint::Made;
use suppress::{level_of, suppress};

/// What the rules say about one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageFindings {
    /// The findings, in order.
    pub diagnostics: Vec<Arc<Diagnostic>>,
    /// The keys that the rules read.
    pub reads: Reads,
    /// Whether a finding depends on more than that, so that the page must be checked
    /// again whatever changes: a suggestion looks through the whole site.
    pub site_wide: bool,
}

/// Returns what the rules find on `page`, which leads to `linked`.
pub fn check_page(site: &CheckedSite<'_>, page: &Page, linked: &LinkedPage) -> PageFindings {
    let collection = page.collection.as_ref().and_then(|name| site.config.collections.get(name));
    let reader = SiteReader::new(site.site);
    let made = Made::default();
    let checked = CheckedPage { page, linked, collection, of: site, reader: &reader, made: &made };
    let mut findings = Findings::default();
    for found in page.diagnostics.iter().filter(|found| found.rule.kind != RuleKind::Structural) {
        findings.report(found.clone());
    }
    let turns_one_off = site.config.checks.turns_one_off(collection);
    for lint in rules::ALL {
        let Check::Page(check) = lint.check else { continue };
        // What is found of a rule that is off would only be dropped.
        let is_off = || level_of(lint.rule, lint.rule.level, site, collection).is_none();
        if !(turns_one_off && is_off()) {
            check(&checked, &mut findings);
        }
    }
    let (found, site_wide) = findings.into_parts();
    let found = levelled(suppress(&checked, found), site, collection);
    // What is collected from a list may keep the room of the list, which is many times as much.
    let mut diagnostics = Vec::with_capacity(found.len());
    diagnostics.extend(found.into_iter().map(Arc::new));
    diagnostic::sort(&mut diagnostics);
    PageFindings { diagnostics, reads: reader.into_reads(), site_wide }
}

/// Returns what the rules find on the site as a whole.
pub fn check_site(site: &CheckedSite<'_>) -> Vec<Diagnostic> {
    let mut findings = Findings::default();
    let is_on = |lint: &&&Lint| level_of(lint.rule, lint.rule.level, site, None).is_some();
    for lint in rules::ALL.iter().filter(is_on) {
        if let Check::Site(check) = lint.check {
            check(site, &mut findings);
        }
    }
    let mut diagnostics = levelled(findings.into_parts().0, site, None);
    diagnostic::sort(&mut diagnostics);
    diagnostics
}

/// Returns the findings at their configured levels, without those that are off.
fn levelled(
    found: Vec<Diagnostic>,
    site: &CheckedSite<'_>,
    collection: Option<&Collection>,
) -> Vec<Diagnostic> {
    let levels = found.into_iter().filter_map(|mut diagnostic| {
        let rule = diagnostic.rule;
        diagnostic.level = level_of(rule, diagnostic.level, site, collection)?;
        Some(diagnostic)
    });
    levels.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    #[test]
    fn every_rule_has_an_id_of_its_own_and_says_why() {
        let rules = all_rules();
        let ids: BTreeSet<&str> = rules.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules.len());
        for rule in rules {
            assert!(rule.explanation.ends_with('.'), "{} is explained in sentences", rule.id);
        }
    }
}
