//! URLs that two pages claim, and redirects that lead in a circle.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::lint::{Check, CheckedSite, Findings, Lint};
use crate::config::FILE;
use crate::diagnostic::{Diagnostic, structural};
use crate::page_id::PageId;
use crate::resolve::Fact;
use crate::source::{SourceId, Span};

/// URLs with several claimants.
pub(super) static URL_DUPLICATE: Lint =
    Lint { rule: &structural::URL_DUPLICATE, check: Check::Site(url_duplicate) };

/// Redirects that lead back to where they began.
pub(super) static REDIRECT_LOOP: Lint =
    Lint { rule: &structural::REDIRECT_LOOP, check: Check::Site(redirect_loop) };

fn url_duplicate(checked: &CheckedSite<'_>, findings: &mut Findings) {
    for (url, claimants) in checked.site.facts.contested_urls() {
        let mut claims: Vec<&(PageId, Fact)> = claimants.iter().collect();
        // Authors' pages first: they have a place to point at.
        claims.sort_by_key(|(id, fact)| (id.is_generated(), *fact == Fact::Redirect));
        let [(one, first), (other, fact), ..] = *claims.as_slice() else { continue };
        // The output of redirects reports an old URL at which the build has a page, and
        // of two pages of the build there is one.
        if one.is_generated() || other.is_generated() && *first == Fact::Redirect {
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
}

/// Returns the file of the page `id`, or `book.toml` for one that the build makes.
fn place(checked: &CheckedSite<'_>, id: &PageId) -> Span {
    match checked.site.pages.get(id) {
        Some(page) => Span::file(page.page.source.id.clone()),
        None => Span::file(SourceId::new(FILE)),
    }
}

/// Follows each redirect of the configuration, and reports each circle once.
fn redirect_loop(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let redirects = &checked.config.redirects;
    let mut reported: BTreeSet<&Arc<str>> = BTreeSet::new();
    for start in redirects.keys() {
        let mut way = vec![start];
        let mut at = start;
        while let Some((next, _)) = redirects.get(at).and_then(|to| redirects.get_key_value(to)) {
            if let Some(first) = way.iter().position(|seen| *seen == next) {
                let circle = &way[first..];
                if circle.iter().all(|url| reported.insert(url)) {
                    findings.report(circular(checked, circle));
                }
                break;
            }
            way.push(next);
            at = next;
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
            .page("articles/_index.md", "---\ntitle: All\n---\n")
            .page("articles/a.md", "---\ntitle: A\n---\n");
        assert_eq!(site.findings("url-duplicate"), [""; 0]);
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
    }
}
