//! Levels from the configuration, and findings that authors suppress with a reason.

use std::ops::Range;
use std::sync::Arc;

use crate::config::{Collection, RuleLevel};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind, nearest};
use crate::parse::page::FieldStep;
use crate::parse::{FieldPath, Page};
use crate::source::Span;

use super::lint::{Check, CheckedPage, CheckedSite, Lint};
use super::rules::all_rules;
use super::rules::external::LINK_EXTERNAL;

static ALLOW_UNUSED_RULE: Rule = Rule {
    id: "allow-unused",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "An `allow` of the front matter or of a comment suppresses nothing: the rule \
        finds nothing there, or there is no such rule.",
};

/// Suppressions that suppress nothing.
pub(super) static ALLOW_UNUSED: Lint = Lint { rule: &ALLOW_UNUSED_RULE, check: Check::Elsewhere };

/// Returns the level of the findings of `rule`, by default `usual`, on the pages of
/// `collection`; `None` where the rule is off. Structural rules keep theirs, and the one on
/// other sites is on where these were asked.
pub(super) fn level_of(
    rule: &Rule,
    usual: Level,
    site: &CheckedSite<'_>,
    collection: Option<&Collection>,
) -> Option<Level> {
    if rule.kind == RuleKind::Structural {
        return Some(usual);
    }
    let checks = &site.config.checks;
    let is_asked_for = rule.id == LINK_EXTERNAL.rule.id && site.answers.is_some();
    let own = collection.and_then(|c| checks.collections.get(&c.name)?.get(rule.id)?.level);
    match own.or_else(|| checks.rules.get(rule.id)?.level) {
        Some(RuleLevel::Off) => None,
        Some(RuleLevel::At(level)) => Some(level),
        None => (rule.kind != RuleKind::Optional || is_asked_for).then_some(usual),
    }
}

/// One place where the author suppresses a rule.
struct Suppression<'a> {
    rule: &'a Arc<str>,
    /// Where in the file it holds; everywhere when `None`.
    governs: Option<Range<usize>>,
    field: bool,
    range: Range<usize>,
    used: bool,
}

/// Drops the editorial findings on `checked` that its author suppresses, and reports
/// the suppressions that suppress nothing.
pub(super) fn suppress(checked: &CheckedPage<'_>, found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let page = checked.page;
    let mut suppressions = suppressions(page);
    if suppressions.is_empty() {
        return found;
    }
    let mut kept = Vec::new();
    for diagnostic in found {
        let suppressible = diagnostic.rule.kind != RuleKind::Structural;
        let mut suppressed = false;
        for suppression in &mut suppressions {
            if suppressible && suppression.covers(&diagnostic, page) {
                suppression.used = true;
                suppressed = true;
            }
        }
        if !suppressed {
            kept.push(diagnostic);
        }
    }
    // What only the original allows is its author's to take away.
    let inherited = |rule: &Arc<str>| {
        page.inherited.as_ref().is_some_and(|inherited| inherited.allows.contains(rule))
    };
    let unused_ones = suppressions.iter().filter(|suppression| {
        !(suppression.used || suppression.field && inherited(suppression.rule))
    });
    for suppression in unused_ones {
        kept.extend(unused(checked, suppression));
    }
    kept
}

fn suppressions(page: &Page) -> Vec<Suppression<'_>> {
    let fields = page.front.allow.iter().map(|(rule, _)| Suppression {
        rule,
        governs: None,
        field: true,
        range: 0..0,
        used: false,
    });
    let comments = page.body.allows.iter().map(|allow| Suppression {
        rule: &allow.rule,
        governs: Some(allow.governs.clone()),
        field: false,
        range: allow.range.clone(),
        used: false,
    });
    fields.chain(comments).collect()
}

impl Suppression<'_> {
    fn covers(&self, diagnostic: &Diagnostic, page: &Page) -> bool {
        let here = match &self.governs {
            None => true,
            Some(governed) => {
                let span = &diagnostic.span;
                span.start < governed.end && governed.start <= span.start
            }
        };
        // What a translation leaves out is found, and allowed, in its original.
        let inherited = page.inherited.as_ref().filter(|_| self.field);
        let is_in_file = *diagnostic.source() == page.source.id
            || inherited.is_some_and(|inherited| *diagnostic.source() == inherited.source.id);
        diagnostic.rule.id == &**self.rule && is_in_file && here
    }
}

fn unused(checked: &CheckedPage<'_>, suppression: &Suppression<'_>) -> Option<Diagnostic> {
    let id = suppression.rule;
    let span: Span = match suppression.field {
        true => {
            let steps = ["allow", &**id].map(|name| FieldStep::Name(Arc::from(name)));
            checked.field_key_span(&FieldPath(steps.into()))
        }
        false => checked.span(suppression.range.clone()),
    };
    let rules = all_rules();
    let message = match rules.iter().find(|rule| rule.id == &**id) {
        None => {
            let near = nearest(id, rules.iter().map(|rule| rule.id));
            let message = format!("there is no rule `{id}` to allow");
            return Some(Diagnostic::new(&ALLOW_UNUSED_RULE, span, message).with_suggestion(near));
        }
        Some(rule) if rule.kind == RuleKind::Structural => {
            format!("`{id}` cannot be allowed: the page cannot be made right")
        }
        // It may be wanted again when the rule is on again, or an address is gone again.
        Some(rule)
            if rule.id == LINK_EXTERNAL.rule.id
                || level_of(rule, rule.level, checked.of, checked.collection).is_none() =>
        {
            return None;
        }
        Some(_) => format!("`{id}` finds nothing here, so that it need not be allowed"),
    };
    Some(Diagnostic::new(&ALLOW_UNUSED_RULE, span, message).with_help("take it away"))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;

    fn site(book: &str, fields: &str, body: &str) -> TestSite {
        let text = format!("---\ntitle: X\n{fields}\n---\n{body}\n");
        TestSite::new(book).page("articles/x.md", &text)
    }

    #[test]
    fn levels_are_set_for_the_site_and_for_a_collection() {
        let article = |book: &str| site(book, "", "").levels("meta-author");
        assert_eq!(article(""), [Level::Error]);
        assert_eq!(article("[checks]\nmeta-author = \"info\"\n"), [Level::Info]);
        assert_eq!(article("[checks]\nmeta-author = \"off\"\n"), []);
        let own = "[checks]\nmeta-author = \"off\"\n\
            [collections.articles.checks]\nmeta-author = \"warn\"\n";
        assert_eq!(article(own), [Level::Warning]);
    }

    #[test]
    fn the_front_matter_allows_a_rule_on_the_whole_page() {
        let site = site("", "allow: {meta-author: an editorial}", "");
        assert_eq!(site.findings("meta-author"), [""; 0]);
        assert_eq!(site.findings("allow-unused"), [""; 0]);
    }

    #[test]
    fn a_comment_allows_a_rule_in_the_next_block_only() {
        let body = "<!-- galen: allow a11y-link-text: as the law words it -->\n\
            Read [here](#).\n\nAnd [here](#).";
        let site = site("", "", body);
        assert_eq!(site.findings("a11y-link-text").len(), 1);
        assert!(site.findings("a11y-link-text")[0].starts_with("articles/x.md:8:"));
        assert_eq!(site.findings("allow-unused"), [""; 0]);
    }

    #[test]
    fn a_translation_is_judged_and_allowed_with_its_original() {
        let book = "[languages.fr]\n";
        let site = |allow: &str| {
            let text = format!("---\ntitle: X\nauthors: [nobody, noone]\n{allow}---\n");
            TestSite::new(book)
                .page("articles/x.md", &text)
                .page("articles/x.fr.md", "---\ntitle: Y\n---\n")
        };
        let unknown = site("").findings("person-unknown");
        assert_eq!(unknown.len(), 2, "each is reported once, in the original: {unknown:?}");
        assert!(unknown.iter().all(|found| found.starts_with("articles/x.md:")), "{unknown:?}");
        assert_eq!(site("allow: {meta-description: short}\n").findings("allow-unused"), [""; 0]);
        assert_eq!(
            site("allow: {meta-description: short}\n").findings("meta-description"),
            [""; 0]
        );
    }

    #[test]
    fn what_is_structural_cannot_be_allowed() {
        let site = site("", "allow: {link-broken: later}", "[a](none.md)");
        assert_eq!(site.findings("link-broken").len(), 1);
        assert_eq!(
            site.findings("allow-unused"),
            ["articles/x.md:3:9 `link-broken` cannot be allowed: the page cannot be made right \
                | take it away"]
        );
    }

    #[test]
    fn an_allow_that_suppresses_nothing_is_reported() {
        let fields = "authors: jane\nallow: {meta-author: none, meta-athor: none}";
        assert_eq!(
            site("", fields, "").findings("allow-unused"),
            [
                "articles/x.md:4:9 `meta-author` finds nothing here, so that it need not be \
                allowed | take it away",
                "articles/x.md:4:28 there is no rule `meta-athor` to allow \
                | did you mean `meta-author`?",
            ]
        );
        let off = "[checks]\nmeta-author = \"off\"\n";
        assert_eq!(site(off, "allow: {meta-author: x}", "").findings("allow-unused"), [""; 0]);
    }
}
