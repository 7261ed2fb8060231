//! Pages that nothing leads to.

use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::config::{NavItem, NavTarget};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::resolve::names::page_named;
use crate::source::Span;

static LINK_ORPHAN_RULE: Rule = Rule {
    id: "link-orphan",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "No text, field or menu leads to the page: readers find it in listings and by \
        search alone.",
};

/// Pages that nothing leads to.
pub(super) static LINK_ORPHAN: Lint =
    Lint { rule: &LINK_ORPHAN_RULE, check: Check::Page(link_orphan) };

fn link_orphan(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let (page, config) = (checked.page, checked.of.config);
    let lang = &config.site.language;
    // Feeds lead to what is new, a sidebar to all that it holds, an original to its translation.
    let is_shown = page.is_index
        || page.front.noindex
        || page.id.lang() != lang
        || checked.collection.is_some_and(|collection| collection.feed || collection.sidebar);
    if is_shown || checked.reader.is_linked_to(&page.id) || in_menu(checked) {
        return;
    }
    let message = "nothing leads to this page but listings";
    let found = Diagnostic::new(&LINK_ORPHAN_RULE, Span::file(page.source.id.clone()), message);
    findings.report(found.with_help("link to it where readers need it, or put it into the menu"));
}

/// Tells whether the menu or the publisher's policies lead to the page.
fn in_menu(checked: &CheckedPage<'_>) -> bool {
    fn pages<'a>(items: &'a [NavItem], found: &mut Vec<&'a Arc<str>>) {
        for item in items {
            if let Some(NavTarget::Page(page) | NavTarget::Url(page)) = &item.target {
                found.push(page);
            }
            pages(&item.children, found);
        }
    }
    let config = checked.of.config;
    let mut named = Vec::new();
    pages(&config.nav, &mut named);
    named.extend(config.publisher.policies.values());
    let url = checked.card(&checked.page.id).map(|card| card.url.as_str());
    let lang = &config.site.language;
    named.into_iter().any(|name| {
        name.split(['?', '#']).next() == url
            || page_named(name, &[], lang, lang, checked.reader).page() == Some(&checked.page.id)
    })
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn a_page_that_nothing_leads_to_is_an_orphan() {
        let book =
            "[[nav]]\npage = \"about\"\n[publisher]\npolicies = { editorial = \"policy\" }\n";
        let site = TestSite::new(book)
            .page("about.md", "---\ntitle: About\n---\n")
            .page("policy.md", "---\ntitle: Policy\n---\n")
            .page("linked.md", "---\ntitle: Linked\n---\n")
            .page("lonely.md", "---\ntitle: Lonely\n---\n[me](lonely.md)\n")
            .page("treatments/nova.md", "---\ntitle: Nova\n---\n")
            .page("treatments/vega.md", "---\ntitle: Vega\n---\n")
            .page("articles/x.md", "---\ntitle: X\n---\nNova and [a](../linked.md).\n");
        let help = "nothing leads to this page but listings \
            | link to it where readers need it, or put it into the menu";
        assert_eq!(
            site.findings("link-orphan"),
            [format!("lonely.md:1:1 {help}"), format!("treatments/vega.md:1:1 {help}")]
        );
    }
}
