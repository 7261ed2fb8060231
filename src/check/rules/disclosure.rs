//! What the publisher and the authors disclose: interests, policies, a contact.

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint};
use crate::check::suggest::nearest_name;
use crate::config::Role;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::resolve::SiteReader;
use crate::resolve::names::page_named;
use crate::source::Span;

static DISC_MISSING_RULE: Rule = Rule {
    id: "disc-missing",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A page of a bylined collection says nothing about its authors' interests; \
        \"none\" counts.",
};

static SITE_POLICY_RULE: Rule = Rule {
    id: "site-policy",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A policy page that `[publisher]` names does not exist, or no policy is \
        declared at all.",
};

static SITE_CONTACT_RULE: Rule = Rule {
    id: "site-contact",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "The contact for corrections is a placeholder, or neither an e-mail address \
        nor a web address.",
};

/// Pages without a disclosure.
pub(super) static DISC_MISSING: Lint =
    Lint { rule: &DISC_MISSING_RULE, check: Check::Page(disc_missing) };

/// Policies without a page.
pub(super) static SITE_POLICY: Lint =
    Lint { rule: &SITE_POLICY_RULE, check: Check::Site(site_policy) };

/// Contacts that reach nobody.
pub(super) static SITE_CONTACT: Lint =
    Lint { rule: &SITE_CONTACT_RULE, check: Check::Site(site_contact) };

/// Domains that are reserved for examples (RFC 2606).
const EXAMPLE_DOMAINS: &[&str] =
    &["example.com", "example.org", "example.net", "example", "invalid", "test"];

/// Words that stand for what was never filled in.
const PLACEHOLDERS: &[&str] =
    &["yourdomain", "your-domain", "yoursite", "your-site", "todo", "changeme", "change-me"];

fn disc_missing(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = checked.collection.filter(|collection| collection.bylined) else {
        return;
    };
    let Some(field) = collection.field_with_role(Role::Disclosure) else { return };
    if checked.page.is_index || checked.has_value(&field.name) {
        return;
    }
    let message = format!("this {} discloses nothing", collection.singular);
    findings.report(
        Diagnostic::new(&DISC_MISSING_RULE, Span::file(checked.page.source.id.clone()), message)
            .with_help(format!("say what interests there are: `{}: none` will do", field.name)),
    );
}

fn site_policy(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let policies = &checked.config.publisher.policies;
    if policies.is_empty() {
        let span = checked.book_span(&["publisher"]);
        let mut found = Diagnostic::new(&SITE_POLICY_RULE, span, "no policy page is declared")
            .with_help("name the pages under `publisher.policies`: editorial, corrections, …");
        found.level = Level::Info;
        findings.report(found);
    }
    let lang = &checked.config.site.language;
    for (kind, written) in policies {
        let reader = SiteReader::new(checked.site);
        if page_named(written, &[], lang, lang, &reader).page().is_none() {
            let span = checked.book_span(&["publisher", "policies", kind]);
            let message = format!("the {kind} policy `{written}` is no page of the site");
            findings.report(
                Diagnostic::new(&SITE_POLICY_RULE, span, message).with_suggestion(nearest_name(
                    checked.site,
                    lang,
                    &[],
                    written,
                )),
            );
        }
    }
}

fn site_contact(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let Some(contact) = &checked.config.publisher.contact else { return };
    let lower = contact.to_lowercase();
    let message = match () {
        () if is_placeholder(&lower) => {
            format!("the contact `{contact}` is a placeholder")
        }
        () if !is_reachable(&lower) => {
            format!("the contact `{contact}` is neither an e-mail address nor a web address")
        }
        () => return,
    };
    let span = checked.book_span(&["publisher", "contact"]);
    findings.report(
        Diagnostic::new(&SITE_CONTACT_RULE, span, message)
            .with_help("give an address where readers can report errors"),
    );
}

/// Tells whether a contact was never filled in: by whole words, since `todosalud.org` and
/// `testing.org` are people's own.
fn is_placeholder(contact: &str) -> bool {
    let start = contact.find("://").map(|at| at + 3).or_else(|| Some(contact.find('@')? + 1));
    let host = contact[start.unwrap_or_default()..].split(['/', '?', '#', ':']).next();
    let labels: Vec<&str> = host.unwrap_or_default().split('.').collect();
    let is_example = |domain: &&str| {
        let domain: Vec<&str> = domain.split('.').collect();
        start.is_some() && labels.ends_with(&domain)
    };
    let mut words = contact.split(|c: char| !c.is_alphanumeric() && c != '-');
    EXAMPLE_DOMAINS.iter().any(is_example)
        || words.any(|word| PLACEHOLDERS.contains(&word))
        || contact.starts_with("xxx@")
}

fn is_reachable(contact: &str) -> bool {
    let host = ["https://", "http://"].iter().find_map(|scheme| contact.strip_prefix(scheme));
    if let Some(host) = host {
        return host.split('/').next().is_some_and(has_dot);
    }
    let address = contact.strip_prefix("mailto:").unwrap_or(contact);
    matches!(address.split_once('@'), Some((user, domain))
        if !user.is_empty() && has_dot(domain) && !domain.contains('@')
            && !address.contains(char::is_whitespace))
}

fn has_dot(domain: &str) -> bool {
    domain.split('.').count() > 1 && domain.split('.').all(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;

    #[test]
    fn an_article_discloses_something() {
        let found = |fields: &str| {
            let text = format!("---\ntitle: X\n{fields}\n---\n");
            TestSite::new("").page("articles/x.md", &text).findings("disc-missing").len()
        };
        assert_eq!(found(""), 1);
        assert_eq!(found("disclosures: none"), 0);
    }

    #[test]
    fn a_policy_has_its_page() {
        let book = "[publisher.policies]\neditorial = \"policy\"\nprivacy = \"privacyy\"\n";
        let site = TestSite::new(book)
            .page("policy.md", "---\ntitle: Policy\n---\n")
            .page("privacy.md", "---\ntitle: Privacy\n---\n");
        assert_eq!(
            site.findings("site-policy"),
            ["book.toml:3:11 the privacy policy `privacyy` is no page of the site \
                | did you mean `privacy`?"]
        );
        assert_eq!(site.levels("site-policy"), [Level::Warning]);
        assert_eq!(TestSite::new("").levels("site-policy"), [Level::Info]);
    }

    #[test]
    fn the_contact_reaches_somebody() {
        for (contact, findings) in [
            ("corrections@health.gov", 0),
            ("mailto:a@b.co", 0),
            ("https://health.gov/contact", 0),
            ("info@todosalud.org", 0),
            ("hello@lab.testing.org", 0),
            ("https://contact.examples.org/x", 0),
            ("you@example.com", 1),
            ("https://www.example.org/contact", 1),
            ("a@lab.test", 1),
            ("TODO", 1),
            ("https://yourdomain.org/contact", 1),
            ("corrections", 1),
            ("a@b", 1),
            ("a@b@c.org", 1),
            ("a b@c.org", 1),
            ("https://health", 1),
        ] {
            let book = format!("[publisher]\ncontact = \"{contact}\"\n");
            let found = TestSite::new(&book).findings("site-contact");
            assert_eq!(found.len(), findings, "{contact}: {found:?}");
        }
    }
}
