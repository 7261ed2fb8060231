//! Names in `book.toml` that only the whole program can judge: rules, pages, styles.

use std::sync::Arc;

use crate::check::lint::{Check, CheckedSite, Findings, Lint};
use crate::check::suggest::nearest_name;
use crate::config::{NavItem, NavTarget, RuleSetting};
use crate::diagnostic::{Diagnostic, RuleKind, nearest, structural};
use crate::resolve::SiteReader;
use crate::resolve::linked::RelationTarget;
use crate::resolve::names::page_named;

/// Names in the configuration that nothing answers to.
pub(super) static CONFIGURATION: Lint =
    Lint { rule: &structural::CONFIG_UNKNOWN, check: Check::Site(configuration) };

fn configuration(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let checks = &checked.config.checks;
    rule_names(checked, &["checks"], checks.rules.iter(), findings);
    for (collection, rules) in &checks.collections {
        rule_names(checked, &["collections", collection, "checks"], rules.iter(), findings);
    }
    let mut pages: Vec<(Vec<String>, &Arc<str>)> = Vec::new();
    for (index, item) in checked.config.nav.iter().enumerate() {
        nav_pages(item, vec!["nav".to_owned(), index.to_string()], &mut pages);
    }
    for (path, written) in pages {
        unknown_page(checked, &path, written, findings);
    }
}

fn rule_names<'a>(
    checked: &CheckedSite<'_>,
    table: &[&str],
    settings: impl Iterator<Item = (&'a Arc<str>, &'a RuleSetting)>,
    findings: &mut Findings,
) {
    let rules = super::all_rules();
    for (id, _) in settings {
        let mut path = table.to_vec();
        path.push(id);
        match rules.iter().find(|rule| rule.id == &**id) {
            None => findings.report(
                Diagnostic::new(
                    &structural::CONFIG_UNKNOWN,
                    checked.book_span(&path),
                    format!("there is no rule `{id}`"),
                )
                .with_suggestion(nearest(id, rules.iter().map(|rule| rule.id))),
            ),
            Some(rule) if rule.kind == RuleKind::Structural => findings.report(
                Diagnostic::new(
                    &structural::CONFIG_TYPE,
                    checked.book_span(&path),
                    format!("`{id}` is always an error and has no level to set"),
                )
                .with_help(
                    "the page cannot be made right; `--allow-errors` publishes it all the same",
                ),
            ),
            Some(_) => {}
        }
    }
}

fn nav_pages<'a>(
    item: &'a NavItem,
    path: Vec<String>,
    pages: &mut Vec<(Vec<String>, &'a Arc<str>)>,
) {
    let below = |steps: &[&str]| {
        path.iter().cloned().chain(steps.iter().map(|&s| s.to_owned())).collect::<Vec<_>>()
    };
    if let Some(NavTarget::Page(page)) = &item.target {
        pages.push((below(&["page"]), page));
    }
    for (index, child) in item.children.iter().enumerate() {
        nav_pages(child, below(&["children", &index.to_string()]), pages);
    }
}

fn unknown_page(
    checked: &CheckedSite<'_>,
    path: &[String],
    written: &str,
    findings: &mut Findings,
) {
    let lang = &checked.config.site.language;
    let reader = SiteReader::new(checked.site);
    let message = match page_named(written, &[], lang, lang, &reader) {
        RelationTarget::Page(_) => return,
        RelationTarget::Unknown => format!("there is no page `{written}`"),
        RelationTarget::Ambiguous(pages) => {
            format!("`{written}` is a name of {} pages", pages.len())
        }
    };
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    findings.report(
        Diagnostic::new(&structural::RELATION_UNKNOWN, checked.book_span(&path), message)
            .with_suggestion(nearest_name(checked.site, lang, &[], written)),
    );
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn rules_are_known_by_their_ids() {
        let book = "[checks]\nrev-stale = { level = \"warn\", months = 6 }\nrev-stael = \"off\"\n\
            link-broken = \"warn\"\n[collections.articles.checks]\nmeta-autor = \"off\"\n";
        let site = TestSite::new(book);
        assert_eq!(
            site.findings("config-unknown"),
            [
                "book.toml:3:13 there is no rule `rev-stael` | did you mean `rev-stale`?",
                "book.toml:6:14 there is no rule `meta-autor` | did you mean `meta-author`?",
            ]
        );
        assert_eq!(site.findings("config-type").len(), 1);
    }

    #[test]
    fn the_menu_leads_to_pages() {
        let book = "[[nav]]\ntitle = \"A\"\nchildren = [{ page = \"articles/a\" }, { page = \"articles/aa\" }]\n";
        let site = TestSite::new(book).page("articles/a.md", "---\ntitle: A\n---\n");
        assert_eq!(
            site.findings("relation-unknown"),
            ["book.toml:3:47 there is no page `articles/aa` | did you mean `articles/a`?"]
        );
    }
}
