//! Addresses of other sites that cannot be reached.
//!
//! Whether they can is asked before, and only by `galen check --external`: [`addresses`] says
//! whom to ask, and the rule finds nothing where nobody was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::check::lint::{
    Check, CheckedPage, CheckedWork, Findings, LinkedText, Lint, linked_texts,
};
use crate::citation::Bibliography;
use crate::citation::bibliography::Entry;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::external::address_to_ask;
use crate::ids;
use crate::page_id::PageId;
use crate::resolve::linked::ResolvedPage;
use crate::resolve::{ImageTarget, LinkTarget, Site};
use crate::source::{SourceId, Span};
use crate::url::percent_decode;

static LINK_EXTERNAL_RULE: Rule = Rule {
    id: "link-external",
    kind: RuleKind::Optional,
    level: Level::Warning,
    explanation: "An address of another site, in a text or of a work that pages cite or list, \
        cannot be reached. Only `galen check --external` asks other sites, and turns the rule on.",
};

/// Addresses in texts that cannot be reached.
pub(in crate::check) static LINK_EXTERNAL: Lint =
    Lint { rule: &LINK_EXTERNAL_RULE, check: Check::Page(of_page) };

/// Addresses of works that cannot be reached.
pub(super) static WORK_EXTERNAL: Lint =
    Lint { rule: &LINK_EXTERNAL_RULE, check: Check::Work(of_work) };

/// An address of another site that a text names.
struct NamedAddress<'a> {
    /// As it is asked.
    address: String,
    /// As it is written.
    written: &'a str,
    /// Where in the text.
    range: &'a Range<usize>,
}

/// Returns the addresses of other sites that the pages and the works of `site` name, as they
/// are asked, in the files that `is_meant` takes.
pub fn addresses(
    site: &Site,
    resolved: &BTreeMap<PageId, Arc<ResolvedPage>>,
    works: &Bibliography,
    config: &Config,
    is_meant: &dyn Fn(&SourceId) -> bool,
) -> BTreeSet<String> {
    let base_url = &config.site.base_url;
    let mut found = BTreeSet::new();
    for (id, entry) in site.pages.iter().filter(|(_, entry)| is_meant(&entry.page.source.id)) {
        let Some(resolved) = resolved.get(id) else { continue };
        let page = entry.page.glance();
        for text in linked_texts(&page, &resolved.linked) {
            found.extend(named_in(&text, base_url).into_iter().map(|named| named.address));
        }
    }
    for key in site.used_keys(works) {
        let entry = works.get(key.as_str()).filter(|entry| is_meant(&entry.span.source));
        found.extend(entry.into_iter().flat_map(|entry| named_by(entry, base_url)));
    }
    found
}

/// Returns the addresses of other sites in `text`, links first.
fn named_in<'a>(text: &LinkedText<'a>, base_url: &str) -> Vec<NamedAddress<'a>> {
    let named = |target: &str, written, range| {
        Some(NamedAddress { address: address_to_ask(target, base_url)?, written, range })
    };
    let links = text.body.links.iter().zip(text.links).filter_map(|(link, target)| match target {
        LinkTarget::External(target) => named(target, &link.destination, &link.destination_range),
        _ => None,
    });
    let images = text.body.images.iter().zip(text.images);
    let images = images.filter_map(|(image, target)| match target {
        ImageTarget::External(target) => named(target, &image.src, &image.range),
        _ => None,
    });
    links.chain(images).collect()
}

/// Returns the addresses of a work: that of its DOI, and its own, or where a copy is archived
/// the copy's.
fn named_by(entry: &Entry, base_url: &str) -> BTreeSet<String> {
    let record = entry.description();
    let own = entry.notes.archive_url.as_deref().or(record.url.as_deref());
    let dois = record.identifiers.iter().filter(|(scheme, _)| *scheme == "doi");
    let dois = dois.filter_map(|(_, written)| doi_address(written));
    let usual = |own: &str| doi_address(&percent_decode(doi_in(own)?));
    let own = own.map(|own| usual(own).unwrap_or_else(|| own.to_owned()));
    dois.chain(own).filter_map(|address| address_to_ask(&address, base_url)).collect()
}

/// Returns the address of a DOI; `None` where it is none, which another rule finds.
fn doi_address(written: &str) -> Option<String> {
    let scheme = ids::built_in("doi")?;
    let doi = scheme.normalize(written);
    scheme.check(&doi).ok()?;
    scheme.url(&doi)
}

/// Returns the DOI of an address that is one of the DOI system.
fn doi_in(address: &str) -> Option<&str> {
    let (_, place) = address.split_once("://")?;
    let (host, doi) = place.split_once('/')?;
    let is_doi = host == "doi.org" || host.ends_with(".doi.org");
    doi.split(['?', '#']).next().filter(|_| is_doi)
}

fn of_page(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(answers) = checked.of.answers else { return };
    for text in checked.linked_texts() {
        for named in named_in(&text, &checked.of.config.site.base_url) {
            let Some(why) = answers.why_unreachable(&named.address) else { continue };
            let span = checked.text_span(text.field, named.range.clone(), named.written);
            let found = unreachable(&named.address, why, span);
            findings.report(found.with_help("correct the address, or name an archived copy"));
        }
    }
}

fn of_work(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let Some(answers) = checked.of.answers else { return };
    let entry = checked.entry;
    for address in named_by(entry, &checked.of.config.site.base_url) {
        let Some(why) = answers.why_unreachable(&address) else { continue };
        let help = match doi_in(&address) {
            Some(_) => "compare the DOI with its source: it may be mistyped",
            None => {
                "correct the address, or name an archived copy in citations/notes.yaml: \
                 `archive_url`"
            }
        };
        findings.report(unreachable(&address, why, entry.span.clone()).with_help(help));
    }
}

fn unreachable(address: &str, why: &str, span: Span) -> Diagnostic {
    Diagnostic::new(&LINK_EXTERNAL_RULE, span, format!("`{address}` is not reachable: {why}"))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;
    use crate::external::Answer;

    const HELP: &str = "correct the address, or name an archived copy";

    fn answers() -> [(&'static str, Answer); 4] {
        let dead = |why: &str| Answer::Unreachable(why.to_owned());
        [
            ("https://who.int/gone", dead("404 Not Found")),
            ("https://who.int/here", Answer::Reachable),
            ("https://gone.eu/", dead("there is no such host")),
            ("https://doi.org/10.1000/182", dead("404 Not Found")),
        ]
    }

    fn asked(book: &str, text: &str) -> TestSite {
        TestSite::new(book).page("articles/x.md", text).answers(&answers())
    }

    #[test]
    fn addresses_that_cannot_be_reached_are_found_wherever_texts_name_them() {
        let text = "---\ntitle: X\nkey_points:\n  - As [a](https://who.int/gone) says\n---\n\
            [b](https://who.int/here) [c](https://who.int/gone#part) [d](//gone.eu)\n\n\
            <a href=\"https://gone.eu\">e</a> <https://who.int/gone> ![f](https://gone.eu/)\n";
        let found = asked("", text).findings("link-external");
        let gone = |place: &str| {
            let why = "is not reachable: 404 Not Found";
            format!("articles/x.md:{place} `https://who.int/gone` {why} | {HELP}")
        };
        let no_host = |place: &str| {
            let why = "is not reachable: there is no such host";
            format!("articles/x.md:{place} `https://gone.eu/` {why} | {HELP}")
        };
        let expected = [
            gone("4:12"),
            gone("6:31"),
            no_host("6:62"),
            no_host("8:10"),
            gone("8:34"),
            no_host("8:56"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn nothing_is_found_where_nobody_was_asked() {
        let text = "---\ntitle: X\n---\n<!-- galen: allow link-external: it comes and goes -->\n\
            [a](https://who.int/gone)\n";
        for book in ["", "[checks]\nlink-external = \"error\"\n"] {
            let site = TestSite::new(book).page("articles/x.md", text);
            assert_eq!(site.findings("link-external"), [""; 0]);
            assert_eq!(site.findings("allow-unused"), [""; 0]);
        }
    }

    #[test]
    fn levels_and_suppressions_count_as_for_any_rule() {
        let text = "---\ntitle: X\n---\n[a](https://who.int/gone)\n";
        let levels = |book: &str| asked(book, text).levels("link-external");
        assert_eq!(levels(""), [Level::Warning]);
        assert_eq!(levels("[checks]\nlink-external = \"error\"\n"), [Level::Error]);
        assert_eq!(levels("[checks]\nlink-external = \"off\"\n"), []);
        assert_eq!(
            levels("[collections.articles.checks]\nlink-external = \"info\"\n"),
            [Level::Info]
        );
        let allowed = "---\ntitle: X\n---\n<!-- galen: allow link-external: kept -->\n\
            [a](https://who.int/gone)\n\n<!-- galen: allow link-external: it comes and goes -->\n\
            [b](https://who.int/here)\n";
        let site = asked("", allowed);
        assert_eq!(site.findings("link-external"), [""; 0]);
        assert_eq!(site.findings("allow-unused"), [""; 0], "it may be gone tomorrow");
    }

    #[test]
    fn works_are_found_by_their_doi_and_their_address() {
        let works = "@book{a, title={A}, url={https://who.int/gone}}\n\
            @book{b, title={B}, doi={10.1000/182}, url={http://dx.doi.org/10.1000%2F182}}\n\
            @book{c, title={C}, doi={11.1000/182}, url={https://who.int/here}}\n\
            @book{d, title={D}, url={https://gone.eu}}\n\
            @book{unused, title={E}, url={https://gone.eu}}\n";
        let notes = "d: {archive_url: 'https://who.int/here'}\n";
        let text = "---\ntitle: X\n---\n[@a; @b; @c; @d]\n";
        let site = asked("", text).works(works, notes);
        let found: Vec<String> = site
            .diagnostics("link-external")
            .iter()
            .map(|found| {
                let key = &works[found.span.range()];
                format!("{key}: {} | {}", found.message, found.help.join(" | "))
            })
            .collect();
        let expected = [
            "a: `https://who.int/gone` is not reachable: 404 Not Found | correct the address, or \
             name an archived copy in citations/notes.yaml: `archive_url`",
            "b: `https://doi.org/10.1000/182` is not reachable: 404 Not Found | compare the DOI \
             with its source: it may be mistyped",
        ];
        assert_eq!(found, expected);
    }
}
