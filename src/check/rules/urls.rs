//! URLs that two pages claim, and redirects that lead in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint};
use crate::config::FILE;
use crate::diagnostic::{Diagnostic, structural};
use crate::ordered::IndexMap;
use crate::page_id::{Lang, PageId};
use crate::parse::FieldPath;
use crate::resolve::generated::{generated_pages, old_url};
use crate::resolve::routes::Routes;
use crate::resolve::{Card, Fact, SiteReader};
use crate::source::{SourceId, Span};
use crate::url::{SlugStyle, UrlPath, encoded_path_fault, path_fault, slug, tag_slug};

/// URLs with several claimants.
pub(super) static URL_DUPLICATE: Lint =
    Lint { rule: &structural::URL_DUPLICATE, check: Check::Site(url_duplicate) };

/// Values of which no URL can be made.
pub(super) static URL_IMPOSSIBLE: Lint =
    Lint { rule: &structural::FM_TYPE, check: Check::Page(url_impossible) };

/// Redirects that lead back to where they began.
pub(super) static REDIRECT_LOOP: Lint =
    Lint { rule: &structural::REDIRECT_LOOP, check: Check::Site(redirect_loop) };

fn url_duplicate(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let redirected: BTreeSet<UrlPath> =
        checked.config.redirects.keys().map(|old| old_url(old)).collect();
    for (url, claimants) in checked.site.facts.contested_urls() {
        let mut claims: Vec<&(PageId, Fact)> = claimants.iter().collect();
        // Authors' pages first: they have a place to point at.
        claims.sort_by_key(|(id, fact)| (id.is_generated(), *fact == Fact::Redirect));
        let [(one, first), (other, fact), ..] = *claims.as_slice() else { continue };
        // The output of redirects reports an old URL at which the build has a page, and
        // of two pages of the build there is one.
        let is_redirected = *first == Fact::Redirect
            || claims.iter().any(|(id, _)| *id == generated_pages()) && redirected.contains(url);
        if one.is_generated() || other.is_generated() && is_redirected {
            continue;
        }
        let (here, there) = (place(checked, one), place(checked, other));
        let doing = match fact {
            Fact::Redirect => "redirects from here too",
            _ => "claims it too",
        };
        let message = match other.is_generated() {
            true => format!("`{url}` is the URL of `{one}` and of a page that galen makes"),
            false => format!("`{url}` is the URL of both `{one}` and `{other}`"),
        };
        let found = Diagnostic::new(&structural::URL_DUPLICATE, here.clone(), message)
            .with_help("give one of them another `slug` or `permalink`");
        findings.report(match here == there || other.is_generated() {
            true => found,
            false => found.with_related(there, doing),
        });
    }
    file_duplicate(checked, findings);
    section_duplicate(checked, findings);
}

/// Reports folders whose listings have one URL, since their names differ in case or in signs
/// alone. Where a page claims the URL, [`url_duplicate`] tells.
fn section_duplicate(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let routes = Routes::new(checked.config);
    let cards = || checked.site.pages.values().map(|entry| &entry.card);
    let in_sections = cards().filter(|card| !card.section.is_empty());
    // The first page of each section, and the listing's URL where an author's file says it.
    let mut sections: BTreeMap<(&Lang, &str, &str), (&Card, Option<&UrlPath>)> = BTreeMap::new();
    for card in in_sections {
        let Some(collection) = card.collection.as_deref() else { continue };
        let key = (card.id.lang(), collection, &*card.section);
        let (_, own) = sections.entry(key).or_insert((card, None));
        *own = own.or(card.is_index.then_some(&card.url));
    }
    let reader = SiteReader::new(checked.site);
    let mut listings: BTreeMap<(&str, UrlPath), (&str, &Card)> = BTreeMap::new();
    for ((lang, name, section), (card, own)) in sections {
        let Some(collection) = checked.config.collections.get(name) else { continue };
        let url = own.cloned().unwrap_or_else(|| routes.section(collection, section, lang));
        let at = (name, url.clone());
        let Some((other, first)) = listings.get(&at) else {
            listings.insert(at, (section, card));
            continue;
        };
        if reader.claimants(&url).len() > 1 {
            continue;
        }
        let message = format!(
            "`{url}` is the URL of the listings of both `{other}` and `{section}` in {}",
            collection.name
        );
        findings.report(
            Diagnostic::new(&structural::URL_DUPLICATE, place(checked, &card.id), message)
                .with_related(place(checked, &first.id), "the other folder has this page")
                .with_help("rename one of the two folders"),
        );
    }
}

/// Reports pages at a file of the website that another page has, or needs as a folder:
/// that can be where an author names a file.
fn file_duplicate(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let cards = || checked.site.pages.values().map(|entry| &entry.card);
    let reader = SiteReader::new(checked.site);
    let mut named = cards().filter(|card| !card.url.as_str().ends_with('/')).peekable();
    if named.peek().is_none() {
        return;
    }
    let by_url: BTreeMap<&str, &Card> = cards().map(|card| (card.url.as_str(), &**card)).collect();
    let in_folders = by_url.iter().filter(|(url, _)| url.ends_with('/'));
    let by_file: BTreeMap<String, &Card> =
        in_folders.map(|(_, card)| (card.url.to_file_path(), *card)).collect();
    for named in named {
        let file = named.url.to_file_path();
        let folder = format!("{}/", named.url);
        let below = by_url.range(&*folder..).next().filter(|(url, _)| url.starts_with(&folder));
        let at = [by_file.get(&file), below.map(|(_, card)| card)].into_iter().flatten();
        let mut at = at.filter(|card| card.id != named.id && card.url != named.url);
        let index = named.url.as_str().strip_suffix("index.html").unwrap_or(&folder);
        let generated = || reader.claimants(&UrlPath::new(index)).into_iter();
        let other = at.next().map(|card| &card.id);
        let Some(other) = other.or_else(|| generated().find(|id| **id != named.id)) else {
            continue;
        };
        let message = match other.is_generated() {
            true => format!("`{}` cannot be a file beside a page that galen makes", named.url),
            false => format!("`{}` cannot be a file beside the page `{other}`", named.url),
        };
        let found = Diagnostic::new(&structural::URL_DUPLICATE, place(checked, &named.id), message)
            .with_help("end its `permalink` with `/`, or give it another one");
        findings.report(match other.is_generated() {
            true => found,
            false => found.with_related(place(checked, other), "it stands in the way of this one"),
        });
    }
}

/// Reports what of the front matter, or the name of the file, no URL can be made of.
fn url_impossible(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let page = checked.page;
    let front = &page.front;
    let mut judge = |field: FieldPath, path: &str, fault: Option<&str>| {
        if let Some(fault) = fault {
            let message = format!("`{field}` cannot be a URL of this site: {fault}");
            let span = checked.text_span(Some(&field), 0..0, path);
            findings.report(
                Diagnostic::new(&structural::FM_TYPE, span, message)
                    .with_help("write a path such as `/articles/hair-loss/`"),
            );
        }
    };
    if let Some(permalink) = &front.permalink {
        judge(FieldPath::field("permalink"), permalink, encoded_path_fault(permalink));
    }
    for (index, old) in front.redirect_from.iter().enumerate() {
        judge(FieldPath::field("redirect_from").index(index), old, encoded_path_fault(old));
    }
    if let Some(slug) = &front.slug {
        let fault = path_fault(slug).or_else(|| slug.ends_with('/').then_some(ENDS_IN_SLASH));
        judge(FieldPath::field("slug"), slug, fault);
    }
    date_missing(checked, findings);
    let has_no_url = |tag: &str| tag_slug(tag, SlugStyle::Ascii).is_empty();
    for (index, tag) in front.tags.iter().enumerate().filter(|(_, tag)| has_no_url(tag)) {
        let field = FieldPath::field("tags").index(index);
        let message = format!("the tag `{tag}` has neither a letter nor a digit for its URL");
        let span = checked.text_span(Some(&field), 0..0, tag);
        findings.report(Diagnostic::new(&structural::FM_TYPE, span, message));
    }
    let has_own = front.permalink.is_some() || page.is_index;
    let parts = page.section.split('/').filter(|part| !part.is_empty());
    let own = front.slug.is_none().then(|| page.id.name());
    if let Some(name) = parts.chain(own).find(|name| has_no_slug(name)).filter(|_| !has_own) {
        let message = format!("`{name}` has neither a letter nor a digit for the page's URL");
        let span = Span::file(page.source.id.clone());
        findings.report(
            Diagnostic::new(&structural::FM_TYPE, span, message)
                .with_help("rename it, or give the page a `permalink`"),
        );
    }
}

/// Reports a page without the date that the URLs of its collection hold.
fn date_missing(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let (page, Some(collection)) = (checked.page, checked.collection) else { return };
    let permalink = &collection.permalink;
    let holds_date = DATE_PARTS.iter().any(|part| permalink.contains(part));
    let is_elsewhere = page.is_index || page.front.permalink.is_some();
    let is_written = page.front.date.is_some() || checked.is_misnamed("date");
    if !holds_date || is_elsewhere || is_written {
        return;
    }
    let message = format!(
        "this page has no `date`, which its URL holds: {} are at `{permalink}`",
        collection.name
    );
    let span = Span::file(page.source.id.clone());
    findings.report(
        Diagnostic::new(&structural::FM_REQUIRED, span, message)
            .with_help("add `date: YYYY-MM-DD`, or a `permalink` of its own"),
    );
}

/// What of a collection's permalink is taken from a page's date.
const DATE_PARTS: &[&str] = &["{year}", "{month}", "{day}"];

/// What is wrong with a slug that ends in a slash.
const ENDS_IN_SLASH: &str = "a slug has no final slash";

/// Tells whether nothing of `name` can stand in a URL.
fn has_no_slug(name: &str) -> bool {
    slug(name, SlugStyle::Ascii).is_empty()
}

/// Returns the file of the page `id`, or `book.toml` for one that the build makes.
fn place(checked: &CheckedSite<'_>, id: &PageId) -> Span {
    match checked.site.pages.get(id) {
        Some(page) => Span::file(page.page.source.id.clone()),
        None => Span::file(SourceId::new(FILE)),
    }
}

/// Follows each redirect of the configuration, and reports each circle once.
///
/// Paths are compared as the site has them: with their final slash, without an anchor.
fn redirect_loop(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let target = |to: &str| old_url(to.split(['#', '?']).next().unwrap_or(to));
    let redirects: IndexMap<UrlPath, (&Arc<str>, UrlPath)> = checked
        .config
        .redirects
        .iter()
        .map(|(from, to)| (old_url(from), (from, target(to))))
        .collect();
    let reader = SiteReader::new(checked.site);
    // Each redirect that was seen, with the one from which it was.
    let mut seen: BTreeMap<&UrlPath, &UrlPath> = BTreeMap::new();
    for start in redirects.keys() {
        let mut way = Vec::new();
        let mut at = Some(start);
        while let Some(url) = at.filter(|url| !seen.contains_key(url)) {
            seen.insert(url, start);
            way.push(url);
            let (_, to) = &redirects[url];
            at = redirects.get_key_value(to).map(|(next, _)| next);
        }
        let Some(again) = at.filter(|url| seen[*url] == start) else { continue };
        let Some(first) = way.iter().position(|url| *url == again) else { continue };
        let circle = &way[first..];
        // A page that is there is in the way of a redirect, which is found with those.
        let is_page =
            circle.len() == 1 && reader.claimants(again).iter().any(|id| !id.is_generated());
        if !is_page {
            let written: Vec<&Arc<str>> = circle.iter().map(|url| redirects[*url].0).collect();
            findings.report(circular(checked, &written));
        }
    }
}

fn circular(checked: &CheckedSite<'_>, circle: &[&Arc<str>]) -> Diagnostic {
    let first = circle.first().map(|url| &***url).unwrap_or_default();
    let span = checked.book_span(&["redirects", first]);
    let mut way: Vec<&str> = circle.iter().map(|url| &***url).collect();
    way.push(first);
    let message = format!("redirects lead in a circle: {}", way.join(" → "));
    Diagnostic::new(&structural::REDIRECT_LOOP, span, message)
        .with_help("let one of them lead to a page")
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn two_pages_at_one_url_are_both_named() {
        let site = TestSite::new("")
            .page("articles/a.md", "---\ntitle: A\n---\n")
            .page("articles/b.md", "---\ntitle: B\nslug: a\n---\n");
        assert_eq!(
            site.findings("url-duplicate"),
            ["articles/a.md:1:1 `/articles/a/` is the URL of both `articles/a` and `articles/b` \
                | give one of them another `slug` or `permalink`"]
        );
    }

    #[test]
    fn an_old_url_may_not_be_that_of_another_page() {
        let site = TestSite::new("")
            .page("articles/a.md", "---\ntitle: A\n---\n")
            .page("articles/b.md", "---\ntitle: B\nredirect_from: /articles/a/\n---\n");
        assert_eq!(site.findings("url-duplicate").len(), 1);
        let site = TestSite::new("")
            .page("articles/b.md", "---\ntitle: B\nredirect_from: [/old/, /articles/b/]\n---\n");
        assert_eq!(site.findings("url-duplicate"), [""; 0]);
    }

    #[test]
    fn a_page_may_not_stand_where_the_build_makes_one() {
        let site = TestSite::new("")
            .page("tags.md", "---\ntitle: Tags\n---\n")
            .page("articles/a.md", "---\ntitle: A\ntags: x\n---\n");
        assert_eq!(
            site.findings("url-duplicate"),
            ["tags.md:1:1 `/tags/` is the URL of `tags` and of a page that galen makes \
                | give one of them another `slug` or `permalink`"]
        );
        let site = TestSite::new("")
            .page("search.md", "---\ntitle: Search\n---\n")
            .page("articles/a.md", "---\ntitle: A\n---\n");
        assert_eq!(site.findings("url-duplicate").len(), 1);
        let site = TestSite::new("")
            .page("articles/_index.md", "---\ntitle: All\n---\n")
            .page("articles/a.md", "---\ntitle: A\n---\n");
        assert_eq!(site.findings("url-duplicate"), [""; 0]);
    }

    #[test]
    fn two_folders_cannot_have_one_listing() {
        let found = |paths: &[&str]| {
            let site = TestSite::new("[collections.docs]\n");
            let page = |site: TestSite, path: &&str| {
                site.page(&format!("docs/{path}.md"), "---\ntitle: A\n---\n")
            };
            paths.iter().fold(site, page).findings("url-duplicate")
        };
        assert_eq!(
            found(&["a b/x", "a-b/y", "a-b/z"]),
            ["docs/a-b/y.md:1:1 `/docs/a-b/` is the URL of the listings of both `a b` and `a-b` \
                in docs | rename one of the two folders"]
        );
        assert_eq!(found(&["Sec/x", "sec/y", "sec/_index"]).len(), 1);
        assert_eq!(found(&["Sec/x", "Sec/_index", "sec/y", "sec/_index"]).len(), 1);
        assert_eq!(found(&["sec/x", "sec/y", "other/x"]), [""; 0]);
    }

    #[test]
    fn a_file_and_a_folder_of_one_name_cannot_both_be() {
        let page = |path: &str| format!("---\ntitle: A\npermalink: {path}\n---\n");
        let found = |one: &str, other: &str| {
            let site = TestSite::new("").page("a.md", &page(one)).page("b.md", &page(other));
            site.findings("url-duplicate")
        };
        assert_eq!(
            found("/x.html", "/x.html/y/"),
            ["a.md:1:1 `/x.html` cannot be a file beside the page `b` \
                | end its `permalink` with `/`, or give it another one"]
        );
        assert_eq!(found("/y/", "/y/index.html").len(), 1);
        assert_eq!(
            found("/z/", "/index.html"),
            ["b.md:1:1 `/index.html` cannot be a file beside a page that galen makes \
                | end its `permalink` with `/`, or give it another one"]
        );
        assert_eq!(found("/x.html", "/x/"), [""; 0]);
    }

    #[test]
    fn what_cannot_be_a_url_is_shown_at_its_place() {
        let found = |path: &str, field: &str| {
            let site = TestSite::new("").page(path, &format!("---\ntitle: A\n{field}\n---\n"));
            site.findings("fm-type")
        };
        for (field, column) in [
            ("slug: ..", 7),
            ("slug: ../../x", 7),
            ("slug: a/", 7),
            ("permalink: /a//b/", 12),
            ("permalink: /../x/", 12),
            ("permalink: /a?b#c", 12),
            ("permalink: /a\\b/", 12),
            ("redirect_from: \"//x\"", 17),
            ("redirect_from: [/old/, https://old.example/x]", 24),
            ("redirect_from: ./x", 16),
            ("redirect_from: \"/o3/?a=1\"", 17),
            ("tags: [a, \"?!\"]", 12),
            ("redirect_from: /%2e%2e/x", 16),
        ] {
            let found = found("articles/a.md", field);
            assert_eq!(found.len(), 1, "{field}: {found:?}");
            assert!(found[0].starts_with(&format!("articles/a.md:3:{column} ")), "{found:?}");
        }
        for field in ["slug: a.b", "permalink: a/b.html", "redirect_from: [articles/x, /y/]"] {
            assert_eq!(found("articles/a.md", field), [""; 0], "{field}");
        }
        let long = format!("slug: {}", "x".repeat(241));
        assert_eq!(found("articles/a.md", &long).len(), 1);
        let long = format!("tags: {}", "x ".repeat(241));
        assert_eq!(found("articles/a.md", &long), [""; 0]);
        for path in ["articles/!!!.md", "!!!.md", "!!!/a.md"] {
            assert_eq!(found(path, "").len(), 1, "{path}");
            assert_eq!(found(path, "permalink: /a/"), [""; 0], "{path}");
        }
    }

    #[test]
    fn a_url_with_the_date_needs_one() {
        let found = |fields: &str| {
            let book = "[collections.articles]\npermalink = \"/{year}/{slug}/\"\n";
            let site = TestSite::new(book)
                .page("articles/a.md", &format!("---\ntitle: A\n{fields}\n---\n"))
                .page("articles/_index.md", "---\ntitle: All\n---\n")
                .page("treatments/b.md", "---\ntitle: B\n---\n");
            site.findings("fm-required")
        };
        assert_eq!(
            found(""),
            ["articles/a.md:1:1 this page has no `date`, which its URL holds: articles are at \
                `/{year}/{slug}/` | add `date: YYYY-MM-DD`, or a `permalink` of its own"]
        );
        assert_eq!(found("date: 2026-01-02"), [""; 0]);
        assert_eq!(found("permalink: /a/"), [""; 0]);
    }

    #[test]
    fn a_circle_of_redirects_is_reported_once() {
        let book = "[redirects]\n\"/a/\" = \"/b/\"\n\"/b/\" = \"/c/\"\n\"/c/\" = \"/b/\"\n";
        let found = TestSite::new(book).findings("redirect-loop");
        assert_eq!(
            found,
            ["book.toml:3:9 redirects lead in a circle: /b/ → /c/ → /b/ \
                | let one of them lead to a page"]
        );
        let book = "[redirects]\n\"/a/\" = \"/b/\"\n\"/b/\" = \"/c/\"\n";
        assert_eq!(TestSite::new(book).findings("redirect-loop"), [""; 0]);
        let book = "[redirects]\n\"/a\" = \"/a/\"\n";
        let site = TestSite::new(book).page("a.md", "---\ntitle: A\n---\n");
        assert_eq!(site.findings("redirect-loop"), [""; 0], "a page is there");
        assert_eq!(TestSite::new(book).findings("redirect-loop").len(), 1);
        let book = "[redirects]\n\"/b/\" = \"/c/#x\"\n\"/c\" = \"/b\"\n";
        assert_eq!(
            TestSite::new(book).findings("redirect-loop"),
            ["book.toml:2:9 redirects lead in a circle: /b/ → /c → /b/ \
                | let one of them lead to a page"]
        );
    }

    #[test]
    fn a_redirect_over_a_page_is_for_the_redirects_to_report() {
        let site = TestSite::new("[redirects]\n\"/articles/a\" = \"/articles/b/\"\n")
            .page("articles/a.md", "---\ntitle: A\n---\n")
            .page("articles/b.md", "---\ntitle: B\n---\n");
        assert_eq!(site.findings("url-duplicate"), [""; 0]);
    }
}
