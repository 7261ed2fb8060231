//! Names in `book.toml` that only the whole program can judge: rules, pages, styles.

use std::sync::Arc;

use crate::check::lint::{Check, CheckedSite, Findings, Lint};
use crate::check::suggest::{nearest_anchor, nearest_name, nearest_url};
use crate::config::{NavItem, NavTarget, RuleSetting};
use crate::diagnostic::{Diagnostic, Rule, RuleKind, nearest, structural};
use crate::page_id::PageId;
use crate::resolve::linked::RelationTarget;
use crate::resolve::links::{generated_url, leads_into};
use crate::resolve::names::page_named;
use crate::resolve::{FactKey, SiteReader};
use crate::source::SourceId;
use crate::url::{UrlPath, percent_decode};

/// Names in the configuration that nothing answers to.
pub(super) static CONFIGURATION: Lint =
    Lint { rule: &structural::CONFIG_UNKNOWN, check: Check::Site(configuration) };

fn configuration(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let checks = &checked.config.checks;
    rule_names(checked, &["checks"], checks.rules.iter(), findings);
    for (collection, rules) in &checks.collections {
        rule_names(checked, &["collections", collection, "checks"], rules.iter(), findings);
    }
    let mut targets: Vec<(Vec<String>, &NavTarget)> = Vec::new();
    for (index, item) in checked.config.nav.iter().enumerate() {
        nav_targets(item, vec!["nav".to_owned(), index.to_string()], &mut targets);
    }
    for (path, target) in targets {
        match target {
            NavTarget::Page(written) => unknown_page(checked, &path, written, findings),
            NavTarget::Url(url) => broken_url(checked, &path, url, findings),
        }
    }
    files(checked, findings);
}

/// Reports files that the configuration names and the site does not publish.
fn files(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let config = checked.config;
    let image = &structural::IMAGE_MISSING;
    if let Some(file) = &config.site.image {
        missing_file(checked, &["site", "image"], file, image, findings);
    }
    if let Some(file) = &config.publisher.logo {
        missing_file(checked, &["publisher", "logo"], file, image, findings);
    }
    for (index, file) in config.theme.stylesheets.iter().enumerate() {
        let path = ["theme", "stylesheets", &index.to_string()];
        missing_file(checked, &path, file, &structural::LINK_BROKEN, findings);
    }
}

/// Reports the file that the key at `path` names where the site does not publish it.
fn missing_file(
    checked: &CheckedSite<'_>,
    path: &[&str],
    written: &str,
    rule: &'static Rule,
    findings: &mut Findings,
) {
    let file = written.split(['#', '?']).next().unwrap_or(written).trim_start_matches('/');
    let is_there = is_file(checked, file);
    if is_there && checked.publishes_files() {
        return;
    }
    let found = |message| Diagnostic::new(rule, checked.book_span(path), message);
    findings.report(match is_there {
        true => found(format!("the file `static/{file}` is not published"))
            .with_help("`[outputs] static = false` leaves the site's own files out"),
        false => found(format!("there is no file `static/{file}`"))
            .with_label("no such file")
            .with_suggestion(nearest_static(checked, file)),
    });
}

/// Tells whether a file of the site's own is published at `path`, which has no `/` before it.
fn is_file(checked: &CheckedSite<'_>, path: &str) -> bool {
    let reader = SiteReader::new(checked.site);
    let is_in = |folder| reader.file(&SourceId::new(format!("{folder}/{path}"))).is_some();
    ["static", "content"].into_iter().any(is_in)
}

/// Returns the file below `static/` whose path is nearest to `written`.
fn nearest_static<'a>(checked: &CheckedSite<'a>, written: &str) -> Option<&'a str> {
    let files = checked.site.facts.listed_from(FactKey::File(SourceId::new("static/")));
    let files = files.map_while(|(key, _)| match key {
        FactKey::File(file) => file.as_str().strip_prefix("static/"),
        _ => None,
    });
    nearest(written, files.collect::<Vec<_>>())
}

fn rule_names<'a>(
    checked: &CheckedSite<'_>,
    table: &[&str],
    settings: impl Iterator<Item = (&'a Arc<str>, &'a RuleSetting)>,
    findings: &mut Findings,
) {
    let rules = super::all_rules();
    for (id, setting) in settings {
        let mut path = table.to_vec();
        path.push(id);
        match rules.iter().find(|rule| rule.id == &**id) {
            None => findings.report(
                Diagnostic::new(
                    &structural::CONFIG_UNKNOWN,
                    checked.book_key_span(&path),
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
            Some(rule) => rule_options(checked, &path, (rule, setting), findings),
        }
    }
}

/// Reports options that the rule, set at `path`, does not have or that cannot be what
/// they are set to.
fn rule_options(
    checked: &CheckedSite<'_>,
    path: &[&str],
    (rule, setting): (&Rule, &RuleSetting),
    findings: &mut Findings,
) {
    let options = || super::OPTIONS.iter().filter(|option| option.rule == rule);
    for (name, value) in &setting.options {
        let path = [path, &[&**name]].concat();
        let Some(option) = options().find(|option| option.name == &**name) else {
            let known: Vec<&str> = options().map(|option| option.name).chain(["level"]).collect();
            let message = format!("`{}` has no option `{name}`", rule.id);
            let span = checked.book_key_span(&path);
            let found = Diagnostic::new(&structural::CONFIG_UNKNOWN, span, message);
            findings.report(match nearest(name, known.iter().copied()) {
                None => found.with_help(format!("known here: {}", known.join(", "))),
                near => found.with_suggestion(near),
            });
            continue;
        };
        if !option.can_be(value) {
            let wanted = option.wanted();
            let message = format!("`{}.{name}` must be {wanted}, not {value}", rule.id);
            let span = checked.book_span(&path);
            findings.report(Diagnostic::new(&structural::CONFIG_TYPE, span, message));
        }
    }
}

fn nav_targets<'a>(
    item: &'a NavItem,
    path: Vec<String>,
    targets: &mut Vec<(Vec<String>, &'a NavTarget)>,
) {
    let below = |steps: &[&str]| {
        path.iter().cloned().chain(steps.iter().map(|&s| s.to_owned())).collect::<Vec<_>>()
    };
    if let Some(target) = &item.target {
        let key = match target {
            NavTarget::Page(_) => "page",
            NavTarget::Url(_) => "url",
        };
        targets.push((below(&[key]), target));
    }
    for (index, child) in item.children.iter().enumerate() {
        nav_targets(child, below(&["children", &index.to_string()]), targets);
    }
}

/// Reports a path of the site at which nothing is, and an anchor that its page does not have.
fn broken_url(checked: &CheckedSite<'_>, path: &[String], url: &str, findings: &mut Findings) {
    let at = percent_decode(url.split(['#', '?']).next().unwrap_or(url));
    if !at.starts_with('/') || at.starts_with("//") {
        return;
    }
    let reader = SiteReader::new(checked.site);
    let is_file = is_file(checked, &at[1..]) && checked.publishes_files();
    let found = generated_url(&UrlPath::new(&at), &reader);
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let span = || checked.book_span(&path);
    if let Some(found) = found.filter(|_| !is_file) {
        if let Some((page, anchor)) = missing_anchor(checked, &found, url, &reader) {
            let message = format!("the menu leads to `{url}`, and `{page}` has no such place");
            let near = nearest_anchor(checked.site, page, &anchor).map(|near| format!("#{near}"));
            findings.report(
                Diagnostic::new(&structural::LINK_BROKEN, span(), message).with_suggestion(near),
            );
        }
    } else if !is_file {
        let message = format!("the menu leads to `{url}`, where nothing is");
        findings.report(
            Diagnostic::new(&structural::LINK_BROKEN, span(), message)
                .with_suggestion(nearest_url(checked.site, &at)),
        );
    }
}

/// Returns the anchor of `written` that the author's page at `url` does not have, and the page.
fn missing_anchor<'a>(
    checked: &CheckedSite<'_>,
    url: &UrlPath,
    written: &str,
    reader: &SiteReader<'a>,
) -> Option<(&'a PageId, String)> {
    let (_, anchor) = written.split_once('#')?;
    let mut claimants = reader.claimants(url).into_iter();
    let id = claimants.find(|id| reader.anchors(id).is_some())?;
    let is_there = leads_into(id, anchor, reader, checked.config);
    (!is_there).then(|| (id, percent_decode(anchor)))
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
                "book.toml:3:1 there is no rule `rev-stael` | did you mean `rev-stale`?",
                "book.toml:6:1 there is no rule `meta-autor` | did you mean `meta-author`?",
            ]
        );
        assert_eq!(site.findings("config-type").len(), 1);
    }

    #[test]
    fn rules_have_the_options_that_they_have() {
        let found = |setting: &str| {
            let site = TestSite::new(&format!("[checks]\n{setting}\n"))
                .page("people/ada.md", "---\nname: Ada\n---\n")
                .page(
                    "articles/a.md",
                    "---\ntitle: A\nreviewers: [{person: ada, date: 2025-01-01}]\n---\n",
                );
            assert_eq!(site.findings("rev-stale").len(), 1, "{setting}");
            [site.findings("config-unknown"), site.findings("config-type")].concat()
        };
        assert_eq!(found("rev-stale = { months = 6 }"), [""; 0]);
        assert_eq!(
            found("rev-stale = { mounths = 6 }"),
            ["book.toml:2:15 `rev-stale` has no option `mounths` | did you mean `months`?"]
        );
        assert_eq!(
            found("rev-missing = { months = 6 }"),
            ["book.toml:2:17 `rev-missing` has no option `months` | known here: level"]
        );
        for wrong in ["99999999999", "-1", "0", "\"6\"", "1.5", "true"] {
            assert_eq!(
                found(&format!("rev-stale = {{ months = {wrong} }}")),
                [format!(
                    "book.toml:2:24 `rev-stale.months` must be a whole number from 1 to 1200, \
                        not {wrong}"
                )]
            );
        }
    }

    #[test]
    fn the_menu_leads_to_urls_that_are_there() {
        let book = "[[nav]]\ntitle = \"A\"\nurl = \"/articles/\"\n[[nav]]\ntitle = \"B\"\n\
            url = \"/articles/a\"\n[[nav]]\ntitle = \"C\"\nurl = \"/articels/\"\n\
            [[nav]]\ntitle = \"D\"\nurl = \"/a.pdf\"\n[[nav]]\ntitle = \"E\"\nurl = \"https://x.org\"\n";
        let site =
            TestSite::new(book).page("articles/a.md", "---\ntitle: A\n---\n").file("static/a.pdf");
        assert_eq!(
            site.findings("link-broken"),
            ["book.toml:9:7 the menu leads to `/articels/`, where nothing is"]
        );
    }

    #[test]
    fn the_menu_leads_to_places_that_are_there() {
        let found = |url: &str| {
            TestSite::new(&format!("[[nav]]\ntitle = \"A\"\nurl = \"{url}\"\n"))
                .page("articles/a.md", "---\ntitle: A\n---\n## Section\n")
                .file("static/a.pdf")
                .findings("link-broken")
        };
        for url in ["/articles/a/?x=1#section", "/articles/#x", "/a.pdf#page=2", "/articles/a/#top"]
        {
            assert_eq!(found(url), [""; 0], "{url}");
        }
        assert_eq!(
            found("/articles/a/#sectio"),
            [
                "book.toml:3:7 the menu leads to `/articles/a/#sectio`, and `articles/a` has no such \
                place | did you mean `#section`?"
            ]
        );
    }

    #[test]
    fn files_that_the_configuration_names_are_there() {
        let book = "[site]\nimage = \"card.png\"\n[publisher]\nlogo = \"/lago.svg\"\n\
            [theme]\nstylesheets = [\"own.css?v=2\", \"none.css\"]\n";
        let site = || TestSite::new(book).file("static/card.png").file("static/logo.svg");
        assert_eq!(
            site().file("static/own.css").findings("link-broken"),
            ["book.toml:6:31 there is no file `static/none.css` | did you mean `own.css`?"]
        );
        assert_eq!(
            site().findings("image-missing"),
            ["book.toml:4:8 there is no file `static/lago.svg` | did you mean `logo.svg`?"]
        );
        let book = "[site]\nimage = \"card.png\"\n[outputs]\nstatic = false\n";
        assert_eq!(
            TestSite::new(book).file("static/card.png").findings("image-missing"),
            ["book.toml:2:9 the file `static/card.png` is not published \
                | `[outputs] static = false` leaves the site's own files out"]
        );
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
