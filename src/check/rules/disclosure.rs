//! What the publisher and the authors disclose: interests, policies, a contact.

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint, OptionKind, RuleOption};
use crate::check::suggest::nearest_name;
use crate::check::wording::Said;
use crate::config::Role;
use crate::config::checks::{EXCEPT, WORDS};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::FieldPath;
use crate::parse::body::{Body, Link};
use crate::parse::page::FieldValue;
use crate::parse::text::{BlockKind, fold};
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

static DISC_COMMERCIAL_RULE: Rule = Rule {
    id: "disc-commercial",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A page advertises (option `words`; none of `except` before) or links to a shop \
        (option `hosts`), and discloses nothing, or says that there is nothing (option \
        `nothing`): readers cannot tell who earns by it. Policy pages may speak of it. A host that ends with a dot, such as `amazon.`, is meant under \
        any ending, with or without `www`; any other with all that is below it.",
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

/// Advertisements without a disclosure.
pub(super) static DISC_COMMERCIAL: Lint =
    Lint { rule: &DISC_COMMERCIAL_RULE, check: Check::Page(disc_commercial) };

/// The phrases of advertisements.
pub(super) static COMMERCIAL_WORDS: RuleOption =
    RuleOption { rule: &DISC_COMMERCIAL_RULE, name: WORDS, kind: OptionKind::Words };

/// The words that deny one.
pub(super) static COMMERCIAL_EXCEPT: RuleOption =
    RuleOption { rule: &DISC_COMMERCIAL_RULE, name: EXCEPT, kind: OptionKind::Words };

/// Disclosures that say that there is nothing to disclose.
pub(super) static COMMERCIAL_NOTHING: RuleOption =
    RuleOption { rule: &DISC_COMMERCIAL_RULE, name: "nothing", kind: OptionKind::Words };

/// The hosts of shops.
pub(super) static SHOP_HOSTS: RuleOption =
    RuleOption { rule: &DISC_COMMERCIAL_RULE, name: "hosts", kind: OptionKind::Texts };

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

fn disc_commercial(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let field = checked.collection.and_then(|c| c.field_with_role(Role::Disclosure));
    if field.is_some_and(|field| checked.has_value(&field.name) && !denies_all(checked)) {
        return;
    }
    let Some((span, message)) = advertised(checked).or_else(|| shop(checked)) else { return };
    if is_policy(checked) {
        return;
    }
    let found = Diagnostic::new(&DISC_COMMERCIAL_RULE, span, message);
    findings.report(match field {
        Some(field) => found.with_help(format!("say who earns by it under `{}`", field.name)),
        None => found.with_help("take it away, or say on the page who earns by it and allow it"),
    });
}

/// Tells whether the page's disclosure says that there is nothing to disclose, and no more.
fn denies_all(checked: &CheckedPage<'_>) -> bool {
    let (config, lang) = (checked.of.config, checked.page.id.lang());
    let said = match checked.field_with_role(Role::Disclosure) {
        Some((_, FieldValue::Markdown(body))) => body.text.plain.trim().trim_end_matches('.'),
        Some((_, FieldValue::Text(text))) => text.trim().trim_end_matches('.'),
        _ => return false,
    };
    let said = fold(said);
    COMMERCIAL_NOTHING.listed(config, lang).into_iter().any(|nothing| fold(nothing) == said)
}

/// Returns the place of the first phrase of an advertisement, and what to say of it.
fn advertised(checked: &CheckedPage<'_>) -> Option<(Span, String)> {
    let prose = checked.prose();
    let except = prose.hits(&COMMERCIAL_EXCEPT);
    let said = prose.hits(&COMMERCIAL_WORDS).iter().map(Said::from).find(|said| {
        said.sentence.kind != BlockKind::Quotation
            && said.is_own(prose)
            && !except.is_before(said.sentence, said.range.start, usize::MAX)
    })?;
    let words = &prose.text(said.sentence)[said.range.clone()];
    let message = format!("“{words}” advertises, and the page discloses nothing");
    Some((prose.span(checked, said.sentence, &said.range), message))
}

/// Returns the place of the first link to a shop, and what to say of it.
fn shop(checked: &CheckedPage<'_>) -> Option<(Span, String)> {
    let (config, collection) = (checked.of.config, checked.collection);
    let is_shop = |link: &&Link| {
        host(&link.destination)
            .is_some_and(|host| SHOP_HOSTS.texts(config, collection).any(|shop| is_at(host, shop)))
    };
    let fields = checked.linked.fields.iter().filter_map(|linked| {
        match checked.page.front.value_at(&linked.field)? {
            FieldValue::Markdown(body) => Some((Some(&linked.field), &**body)),
            _ => None,
        }
    });
    let body: (Option<&FieldPath>, &Body) = (None, &checked.page.body);
    let mut texts = std::iter::once(body).chain(fields);
    let (field, link) =
        texts.find_map(|(field, body)| Some((field, body.links.iter().find(is_shop)?)))?;
    let span = checked.text_span(field, link.destination_range.clone(), &link.destination);
    let shop = host(&link.destination).unwrap_or_default();
    Some((span, format!("the link leads to a shop, `{shop}`, and the page discloses nothing")))
}

/// Returns the host of a web address.
fn host(address: &str) -> Option<&str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    host.split(':').next().filter(|host| !host.is_empty())
}

/// Tells whether `host` is `shop` or below it; of a shop that ends with a dot, whether it is
/// the shop under any ending.
fn is_at(host: &str, shop: &str) -> bool {
    let starts = |host: &str, prefix: &str| {
        host.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if shop.ends_with('.') {
        let bare = if starts(host, "www.") { &host[4..] } else { host };
        return starts(host, shop) || starts(bare, shop);
    }
    let Some(at) = host.len().checked_sub(shop.len()) else { return false };
    let ends = host.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(shop));
    ends && (at == 0 || host.as_bytes()[at - 1] == b'.')
}

/// Tells whether the page is one of the publisher's policies.
fn is_policy(checked: &CheckedPage<'_>) -> bool {
    let (config, page) = (checked.of.config, &checked.page.id);
    let lang = &config.site.language;
    config.publisher.policies.values().any(|written| {
        let target = page_named(written, &[], lang, lang, checked.reader);
        target.page().is_some_and(|policy| policy.path() == page.path())
    })
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

    fn commercial(path: &str, fields: &str, body: &str) -> Vec<String> {
        let book = "[publisher.policies]\nadvertising = \"ads\"\n";
        let text = format!("---\ntitle: X\n{fields}\n---\n{body}\n");
        TestSite::new(book).page(path, &text).findings("disc-commercial")
    }

    #[test]
    fn an_advertisement_is_found_once_where_nothing_is_disclosed() {
        let found = |body: &str| commercial("articles/x.md", "description: Y", body);
        assert_eq!(
            found("It is good. Buy now, with free shipping!"),
            ["articles/x.md:5:13 “Buy now” advertises, and the page discloses nothing \
                | say who earns by it under `disclosures`"]
        );
        assert_eq!(
            found("See [this](https://www.amazon.co.uk/dp/1)."),
            ["articles/x.md:5:12 the link leads to a shop, `www.amazon.co.uk`, and the page \
                discloses nothing | say who earns by it under `disclosures`"]
        );
        for body in [
            "This post contains affiliate links.",
            "Use our code NOVA, a discount code.",
            "<https://amzn.to/x>",
            "[a](https://Amazon.com)",
            "[a](http://shop.etsy.com:80/x)",
        ] {
            assert_eq!(found(body).len(), 1, "{body}");
        }
        assert_eq!(commercial("articles/x.md", "key_points: Order now.", "").len(), 1);
        assert_eq!(commercial("about.md", "", "Shop now.").len(), 1);
    }

    #[test]
    fn what_discloses_denies_or_sells_nothing_is_fine() {
        let sold = "Buy now at <https://amazon.com/x>.";
        assert_eq!(commercial("articles/x.md", "disclosures: We earn by it.", sold), [""; 0]);
        assert_eq!(commercial("articles/x.md", "disclosures: None.", sold).len(), 1);
        let little = "disclosures: None but a share.";
        assert_eq!(commercial("articles/x.md", little, sold), [""; 0]);
        assert_eq!(commercial("ads.md", "", sold), [""; 0], "it is the policy on advertising");
        for fine in [
            "We take no sponsored posts and never use affiliate links.",
            "The trial was sponsored by its maker, and the maker's affiliate ran it.",
            "Those who buy it now use code blocks.",
            "`buy now`",
            "> Buy now!",
            "[a](https://docs.aws.amazon.com/x)",
            "[a](https://myamazon.com) [b](https://x.org/amazon.com) [c](https://notetsy.com)",
            "[a](https://ebay-study.org)",
        ] {
            assert_eq!(commercial("articles/x.md", "", fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn a_host_of_many_parts_is_looked_at_once() {
        assert!(super::is_at("www.amazon.de", "amazon."));
        assert!(!super::is_at(&"www.".repeat(300_000), "amazon."));
    }

    #[test]
    fn a_site_names_its_own_shops() {
        let book = "[checks.disc-commercial]\nhosts = [\"pills.example\"]\n";
        let text = "---\ntitle: X\n---\n[a](https://amazon.com) [b](https://www.pills.example/)\n";
        let site = TestSite::new(book).page("articles/x.md", text);
        assert_eq!(site.findings("disc-commercial").len(), 1);
        assert_eq!(site.findings("config-unknown"), [""; 0]);
        assert_eq!(site.findings("config-type"), [""; 0]);
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
