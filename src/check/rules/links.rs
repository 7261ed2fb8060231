//! Links and images that lead nowhere, and terms that may mean several pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, LinkedText, Lint};
use crate::check::suggest::{nearest_anchor, nearest_file, nearest_name, nearest_url};
use crate::citation::CitationKey;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind, nearest, structural};
use crate::page_id::PageId;
use crate::parse::body::{Body, Link, LinkKind};
use crate::parse::{FieldPath, FieldValue};
use crate::resolve::links::{BrokenLink, file_path};
use crate::resolve::mentions::{Mention, MentionOutcome, MentionPlace};
use crate::resolve::routes::Routes;
use crate::resolve::{FactKey, ImageTarget, LinkTarget};
use crate::source::{SourceId, Span};
use crate::url::percent_decode;

/// Links that lead nowhere.
pub(super) static LINK_BROKEN: Lint =
    Lint { rule: &structural::LINK_BROKEN, check: Check::Page(link_broken) };

/// Images without a file.
pub(super) static IMAGE_MISSING: Lint =
    Lint { rule: &structural::IMAGE_MISSING, check: Check::Page(image_missing) };

static LINK_AMBIGUOUS_RULE: Rule = Rule {
    id: "link-ambiguous",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A term in the text is a name of several pages, so it is not linked. \
        The page's `about` or `terms`, or a link, says which is meant.",
};

/// Terms that may mean several pages.
pub(super) static LINK_AMBIGUOUS: Lint =
    Lint { rule: &LINK_AMBIGUOUS_RULE, check: Check::Page(link_ambiguous) };

fn link_broken(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for text in checked.linked_texts() {
        for (link, target) in text.body.links.iter().zip(text.links) {
            if let Some(why) = target.broken(checked.reader, checked.of.config) {
                findings.looked_everywhere();
                findings.report(broken(checked, &text, link, &why));
            } else if matches!(target, LinkTarget::File { .. }) && !checked.of.publishes_files() {
                let place = link.destination_range.clone();
                let span = checked.text_span(text.field, place, &link.destination);
                findings.report(unpublished(&structural::LINK_BROKEN, span, &link.destination));
            }
        }
    }
}

fn broken(
    checked: &CheckedPage<'_>,
    text: &LinkedText<'_>,
    link: &Link,
    why: &BrokenLink,
) -> Diagnostic {
    let written = link.destination.as_str();
    let span = checked.text_span(text.field, link.destination_range.clone(), written);
    let found = |message: String| Diagnostic::new(&structural::LINK_BROKEN, span.clone(), message);
    let site = checked.of.site;
    match why {
        BrokenLink::Page => match left_out(checked, link) {
            Some((page, Why::Draft)) => {
                found(format!("the link leads to `{page}`, which is a draft"))
                    .with_label("not published")
                    .with_help("publish the draft or take the link away; `--drafts` builds drafts")
            }
            Some((page, Why::Ahead)) => {
                found(format!("the link leads to `{page}`, which is dated ahead"))
                    .with_label("not published yet")
                    .with_help("date it today or take the link away; `--future` builds such pages")
            }
            None => {
                let missing = found(format!("there is no page `{written}`"))
                    .with_label("leads nowhere")
                    .with_suggestion(nearest_page(checked, link));
                match uncited(checked, written) {
                    Some(key) => missing.with_help(format!(
                        "only works that a page cites or lists have a page, and none does `{key}`"
                    )),
                    None => missing,
                }
            }
        },
        BrokenLink::File => found(format!("there is no file `{written}`"))
            .with_label("leads nowhere")
            .with_suggestion(nearest_asset(checked, written)),
        BrokenLink::Anchor { page, anchor } => {
            let message = match page == &checked.page.id {
                true => format!("this page has no anchor `#{anchor}`"),
                false => format!("`{page}` has no anchor `#{anchor}`"),
            };
            let near = nearest_anchor(site, page, anchor).map(|near| format!("#{near}"));
            found(message).with_label("no such place").with_suggestion(near)
        }
        BrokenLink::Ambiguous(pages) => {
            found(format!("`{written}` is a name of {} pages", pages.len()))
                .with_label("which of them?")
                .with_help(format!("write one of {}", listed(pages)))
        }
        BrokenLink::Outside => found(format!("`{written}` leaves the site's folder"))
            .with_label("climbs above the root"),
        BrokenLink::Unsafe => found(format!("`{written}` has a scheme that is never linked"))
            .with_label("refused")
            .with_help("links of the schemes javascript, data, file and the like stay text"),
    }
}

/// Returns the work whose page the URL `written` would be, if a page cited it.
fn uncited<'a>(checked: &CheckedPage<'a>, written: &str) -> Option<&'a CitationKey> {
    let config = checked.of.config;
    let (routes, lang) = (Routes::new(config), &config.site.language);
    let path = written.split(['#', '?']).next().unwrap_or_default();
    let wanted = path.trim_start_matches("../").trim_matches('/');
    let mut keys = checked.of.works.keys();
    keys.find(|key| routes.reference(lang, key).as_str().trim_matches('/') == wanted)
}

/// Why a page is left out.
#[derive(Clone, Copy)]
enum Why {
    Draft,
    Ahead,
}

/// Returns the page that `link` was meant for where it is left out, and why.
fn left_out<'a>(checked: &'a CheckedPage<'_>, link: &Link) -> Option<(&'a PageId, Why)> {
    let draft = meant(checked, link, checked.of.drafts).map(|page| (page, Why::Draft));
    draft.or_else(|| Some((meant(checked, link, checked.of.ahead)?, Why::Ahead)))
}

/// Returns the one of `pages`, which are by their file, that `link` was meant for.
fn meant<'a>(
    checked: &CheckedPage<'_>,
    link: &Link,
    pages: &'a BTreeMap<SourceId, PageId>,
) -> Option<&'a PageId> {
    let written = link.destination.split(['#', '?']).next().unwrap_or_default();
    match link.kind {
        LinkKind::Wikilink => {
            let name = written.trim();
            pages.values().find(|id| id.path() == name || id.name() == name)
        }
        LinkKind::Markdown | LinkKind::Embedded => {
            let file = file_path(&percent_decode(written), &checked.page.source.id)?;
            let file = file.strip_suffix(".md").unwrap_or(&file);
            ["", "/index", "/_index"]
                .iter()
                .find_map(|name| pages.get(&SourceId::new(format!("{file}{name}.md"))))
        }
    }
}

fn nearest_page(checked: &CheckedPage<'_>, link: &Link) -> Option<String> {
    let (site, written) = (checked.of.site, link.destination.as_str());
    match link.kind {
        LinkKind::Wikilink => nearest_name(site, checked.page.id.lang(), &[], written),
        _ if written.starts_with('/') && !written.contains(".md") => nearest_url(site, written),
        LinkKind::Markdown | LinkKind::Embedded => {
            nearest_file(site, &checked.page.source.id, written)
        }
    }
}

/// Returns the file of the same folder whose name is nearest to that of `written`.
fn nearest_asset(checked: &CheckedPage<'_>, written: &str) -> Option<String> {
    let source = &checked.page.source.id;
    let wanted = file_path(&percent_decode(written), source)?;
    let (folder, name) = wanted.rsplit_once('/').unwrap_or(("", &wanted));
    let files: Vec<&str> = checked
        .of
        .site
        .facts
        .listed_from(FactKey::File(SourceId::new("")))
        .map_while(|(key, _)| match key {
            FactKey::File(file) => Some(file.as_str()),
            _ => None,
        })
        .filter_map(|file| file.strip_prefix(folder)?.strip_prefix('/'))
        .filter(|file| !file.contains('/'))
        .collect();
    let near = nearest(name, files)?;
    Some(match written.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{near}"),
        None => near.to_owned(),
    })
}

/// Returns the finding that `written` names a file that is there and is not published.
fn unpublished(rule: &'static Rule, span: Span, written: &str) -> Diagnostic {
    let message = format!("the file `{written}` is not published");
    Diagnostic::new(rule, span, message)
        .with_label("leads nowhere")
        .with_help("`[outputs] static = false` leaves the site's own files out")
}

fn image_missing(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let publishes = checked.of.publishes_files();
    let mut judge = |target: &ImageTarget, src: &str, place: &dyn Fn() -> Span| {
        match target {
            ImageTarget::Missing => {}
            ImageTarget::File { .. } if !publishes => {
                return findings.report(unpublished(&structural::IMAGE_MISSING, place(), src));
            }
            ImageTarget::File { .. } | ImageTarget::External(_) => return,
        }
        findings.looked_everywhere();
        let message = format!("there is no image file `{src}`");
        findings.report(
            Diagnostic::new(&structural::IMAGE_MISSING, place(), message)
                .with_label("no such file")
                .with_suggestion(nearest_asset(checked, src)),
        );
    };
    for text in checked.linked_texts() {
        for (image, target) in text.body.images.iter().zip(text.images) {
            let place = || checked.text_span(text.field, image.range.clone(), &image.src);
            judge(target, &image.src, &place);
        }
    }
    let own = checked.page.front.image.as_ref().zip(checked.linked.image.as_ref());
    if let Some((image, target)) = own {
        judge(target, &image.src, &|| checked.image_span().0);
    }
}

/// Reports each ambiguous surface once, at its first mention.
fn link_ambiguous(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let mut first: BTreeMap<&Arc<str>, (&Mention, &[PageId], usize)> = BTreeMap::new();
    for mention in &checked.linked.mentions.mentions {
        if let MentionOutcome::Ambiguous { candidates } = &mention.outcome {
            first.entry(&mention.surface).or_insert((mention, candidates, 0)).2 += 1;
        }
    }
    let mut first: Vec<_> = first.into_values().collect();
    first.sort_by_key(|(mention, ..)| mention.plain.start());
    for (mention, candidates, count) in first {
        let (span, term) = mention_place(checked, mention);
        let example = candidates.first().map(|id| id.path()).unwrap_or_default();
        let times = if count == 1 { String::new() } else { format!(" ({count} times here)") };
        let message =
            format!("`{term}` is a name of {} pages and is not linked{times}", candidates.len());
        findings.report(
            Diagnostic::new(&LINK_AMBIGUOUS_RULE, span, message)
                .with_label(format!("one of {}", listed(candidates)))
                .with_help(format!("say which is meant: `terms: {{{term}: {example}}}`")),
        );
    }
}

/// Returns the place of `mention` in the page's file, and its words.
fn mention_place<'a>(checked: &CheckedPage<'a>, mention: &Mention) -> (Span, &'a str) {
    let (field, body): (Option<&FieldPath>, &'a Body) = match &mention.place {
        MentionPlace::Body => (None, &checked.page.body),
        MentionPlace::Field(field) => match checked.page.front.value_at(field) {
            Some(FieldValue::Markdown(body)) => (Some(field), &**body),
            _ => return (checked.field_span(field), ""),
        },
    };
    let term = body.text.plain.get(mention.plain.range()).unwrap_or_default();
    let range = body.text.source_range(&mention.plain.range());
    (checked.text_span(field, range, term), term)
}

fn listed(pages: &[PageId]) -> String {
    pages.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn site() -> TestSite {
        TestSite::new("")
            .page("treatments/baricitinib.md", "---\ntitle: Baricitinib\n---\n\n## Dosing\n")
            .page("treatments/ritlecitinib.md", "---\ntitle: Ritlecitinib\ndraft: true\n---\n")
            .file("content/articles/scalp.png")
            .file("static/leaflet.pdf")
    }

    fn broken(body: &str) -> Vec<String> {
        let text = format!("---\ntitle: X\n---\n{body}\n");
        site().page("articles/x.md", &text).findings("link-broken")
    }

    #[test]
    fn places_that_galen_makes_can_be_linked_to() {
        let works = "@book{a, title={A}}\n@book{b, title={B}}\n@book{c, title={C}}";
        let treatment = "---\ntitle: Nova\nmechanism: Inhibits [@a].\npregnancy: No.\n\
            kind: drug\nnocite: c\n---\n";
        let found = |links: &str| {
            let text = format!(
                "---\ntitle: X\nkey_points: [\"One [@a].\"]\n---\nText [@a; @{{odd key}}]. {links}\n"
            );
            let site = TestSite::new("").works(works, "").page("treatments/nova.md", treatment);
            site.page("articles/x.md", &text).findings("link-broken")
        };
        let links = "[a](#ref-a) [b](#cite-a-2) [c](#ref-odd~20~key) [d](#field-key_points)\n\
            [e](../treatments/nova.md#ref-a) [f](../treatments/nova.md#cite-a-1)\n\
            [g](../treatments/nova.md#field-mechanism) [h](../treatments/nova.md#ref-c)\n\
            [i](../treatments/nova.md#field-pregnancy) [[nova#ref-a]] [k](#main)";
        assert_eq!(found(links), [""; 0]);
        for link in ["#ref-c", "#cite-a-3", "#cite-a", "#field-faq", "#ref-", "#work-a"] {
            assert_eq!(found(&format!("[x]({link})")).len(), 1, "{link}");
        }
        for link in ["#cite-a-2", "#cite-c-1", "#field-kind", "#field-doses", "#work-c"] {
            assert_eq!(found(&format!("[x](../treatments/nova.md{link})")).len(), 1, "{link}");
        }
    }

    #[test]
    fn works_can_be_linked_to_as_the_page_lists_them() {
        let works = "@book{a, title={A}}\n@book{b, title={B}}";
        let person = "---\nname: Ada\npublications: [a]\n---\n";
        let all = "---\ntitle: All\nnocite: \"*\"\n---\n";
        let found = |book: &str, link: &str| {
            let site = TestSite::new(book).works(works, "").page("people/ada.md", person);
            let text = format!("---\ntitle: X\n---\n[x](../{link})\n");
            site.page("all.md", all).page("articles/x.md", &text).findings("link-broken").len()
        };
        for link in ["people/ada.md#work-a", "all.md#ref-a", "all.md#ref-b"] {
            assert_eq!(found("", link), 0, "{link}");
        }
        let missing =
            ["people/ada.md#ref-a", "people/ada.md#work-b", "all.md#work-a", "all.md#ref-c"];
        for link in missing {
            assert_eq!(found("", link), 1, "{link}");
        }
        assert_eq!(found("[outputs]\nreferences = false\n", "all.md#ref-a"), 0);
    }

    #[test]
    fn links_that_lead_somewhere_are_not_reported() {
        let body = "[a](../treatments/baricitinib.md#dosing) [[baricitinib]] [c](scalp.png) \
            [d](/leaflet.pdf) [e](https://example.org) [f](#part) [g](/treatments/baricitinib/)\n\
            [h](/) [j](/articles)\n\n\
            ## Part\n";
        assert_eq!(broken(body), [""; 0]);
    }

    #[test]
    fn what_the_build_makes_is_there_where_it_makes_it() {
        let site = |book: &str, fields: &str| {
            let text = format!(
                "---\ntitle: X\n{fields}---\n[i](/tags/) [j](/tags/a/) [k](/references/) [l](/feed.xml)\n"
            );
            let site = TestSite::new(book).works("@book{b2020, title = {B}}\n", "");
            site.page("articles/x.md", &text).findings("link-broken").len()
        };
        let book = "[site]\nbase_url = \"https://example.org\"\n";
        assert_eq!(site(book, "tags: [A]\nnocite: b2020\n"), 0);
        assert_eq!(site("", ""), 4);
    }

    #[test]
    fn pages_of_cited_works_can_be_linked_to() {
        let bib = "@book{a2020, title = {A}}\n@book{Smith2019, title = {B}}\n@book{c, title={C}}\n";
        let text = "---\ntitle: X\n---\nAs [@a2020; @Smith2019] say: [a](/references/a2020/), \
            [a](../../references/a2020#x), [c](/references/c/), [d](/references/d/).\n";
        assert_eq!(
            site().works(bib, "").page("articles/x.md", text).findings("link-broken"),
            [
                "articles/x.md:4:90 there is no page `/references/c/` \
                | only works that a page cites or lists have a page, and none does `c`",
                "articles/x.md:4:111 there is no page `/references/d/`",
            ]
        );
    }

    #[test]
    fn a_broken_link_is_shown_at_its_destination_with_the_nearest() {
        assert_eq!(
            broken("See [a](../treatments/baricitinb.md#x)."),
            ["articles/x.md:4:9 there is no page `../treatments/baricitinb.md#x` \
                | did you mean `../treatments/baricitinib.md#x`?"]
        );
        assert_eq!(
            broken("[a](baricitinib.md)"),
            ["articles/x.md:4:5 there is no page `baricitinib.md` \
                | did you mean `../treatments/baricitinib.md`?"]
        );
        assert_eq!(
            broken("[a](/treatments/baricitini/)"),
            ["articles/x.md:4:5 there is no page `/treatments/baricitini/` \
                | did you mean `/treatments/baricitinib/`?"]
        );
        assert_eq!(
            broken("[[Baricitinb]]"),
            ["articles/x.md:4:3 there is no page `Baricitinb` | did you mean `baricitinib`?"]
        );
    }

    #[test]
    fn broken_anchors_and_files_suggest_their_own_kind() {
        assert_eq!(
            broken("[a](../treatments/baricitinib.md#dosin)"),
            ["articles/x.md:4:5 `treatments/baricitinib` has no anchor `#dosin` \
                | did you mean `#dosing`?"]
        );
        assert_eq!(
            broken("[a](scalb.png)"),
            ["articles/x.md:4:5 there is no file `scalb.png` | did you mean `scalp.png`?"]
        );
        assert_eq!(broken("[a](#none)"), ["articles/x.md:4:5 this page has no anchor `#none`"]);
    }

    #[test]
    fn a_link_to_a_draft_says_so() {
        let expected = "the link leads to `treatments/ritlecitinib`, which is a draft \
            | publish the draft or take the link away; `--drafts` builds drafts";
        assert_eq!(
            broken("[a](../treatments/ritlecitinib.md) and [[ritlecitinib]]"),
            [format!("articles/x.md:4:5 {expected}"), format!("articles/x.md:4:42 {expected}")]
        );
    }

    #[test]
    fn a_link_to_a_page_dated_ahead_says_so() {
        let ahead = "---\ntitle: Soon\ndate: 2026-04-01\n---\n";
        let text = "---\ntitle: X\n---\n[a](soon.md), [[soon]] and [b](sooner.md)\n";
        let site = site().page("articles/soon.md", ahead).page("articles/x.md", text);
        let expected = "the link leads to `articles/soon`, which is dated ahead \
            | date it today or take the link away; `--future` builds such pages";
        let found = site.findings("link-broken");
        assert_eq!(
            found[..2],
            [format!("articles/x.md:4:5 {expected}"), format!("articles/x.md:4:17 {expected}")]
        );
        assert!(found[2].contains("there is no page `sooner.md`"), "{found:?}");
    }

    #[test]
    fn links_and_images_of_raw_html_are_looked_up() {
        let text = "---\ntitle: X\n---\n<a href=\"none.md\">a</a> <img src=\"nope.png\" alt=\"n\">\n\n\
            <div><a href=\"../treatments/baricitinib.md#dosing\">b</a>\n\
            <p><a href=\"#gone\">c</a> <img src='scalb.png' alt=''></p></div>\n\n\
            <a id=\"x\"></a> <a href=\"https://example.org/?a=1&amp;b=2\">d</a> <a href=\"#x\">e</a>\n";
        let site = site().page("articles/x.md", text);
        assert_eq!(
            site.findings("link-broken"),
            [
                "articles/x.md:4:10 there is no page `none.md`",
                "articles/x.md:7:13 this page has no anchor `#gone`",
            ]
        );
        assert_eq!(
            site.findings("image-missing"),
            [
                "articles/x.md:4:35 there is no image file `nope.png`",
                "articles/x.md:7:36 there is no image file `scalb.png` \
                | did you mean `scalp.png`?",
            ]
        );
    }

    #[test]
    fn files_that_are_not_published_are_not_led_to() {
        let book = "[outputs]\nstatic = false\n";
        let text = "---\ntitle: X\nimage: {src: scalp.png, alt: A}\n---\n\
            [d](/leaflet.pdf) ![e](scalp.png) [f](x.md)\n";
        let site = TestSite::new(book)
            .page("articles/x.md", text)
            .file("content/articles/scalp.png")
            .file("static/leaflet.pdf");
        let help = "| `[outputs] static = false` leaves the site's own files out";
        assert_eq!(
            site.findings("link-broken"),
            [format!("articles/x.md:5:5 the file `/leaflet.pdf` is not published {help}")]
        );
        assert_eq!(
            site.findings("image-missing"),
            [
                format!("articles/x.md:3:8 the file `scalp.png` is not published {help}"),
                format!("articles/x.md:5:19 the file `scalp.png` is not published {help}"),
            ]
        );
    }

    #[test]
    fn what_raw_html_embeds_is_looked_up() {
        let text = "---\ntitle: X\n---\n<video src=\"none.mp4\" poster=\"scalp.png\"></video>\n\n\
            <img src=scalp.png alt=\"n\" srcset=\"scalp.png 1x, scalb.png 2x\">\n\n\
            <object data=/leaflet.pdf></object><iframe src=\"https://example.org/\"></iframe>\n";
        let site = site().page("articles/x.md", text);
        assert_eq!(
            site.findings("link-broken"),
            [
                "articles/x.md:4:13 there is no file `none.mp4`",
                "articles/x.md:6:50 there is no file `scalb.png` | did you mean `scalp.png`?",
            ]
        );
    }

    #[test]
    fn links_in_fields_are_found_in_the_front_matter() {
        let text = "---\ntitle: X\nkey_points:\n  - As [a](none.md) says\n---\n";
        assert_eq!(
            site().page("articles/x.md", text).findings("link-broken"),
            ["articles/x.md:4:12 there is no page `none.md`"]
        );
    }

    #[test]
    fn a_missing_image_suggests_the_nearest_beside_it() {
        let text = "---\ntitle: X\nimage: {src: cover.png, alt: a}\n---\n![b](skalp.png)\n";
        assert_eq!(
            site().page("articles/x.md", text).findings("image-missing"),
            [
                "articles/x.md:3:8 there is no image file `cover.png`",
                "articles/x.md:5:1 there is no image file `skalp.png` \
                | did you mean `scalp.png`?",
            ]
        );
        let text = "---\ntitle: X\n---\n![b](scalp.png) ![c](https://example.org/c.png)\n";
        assert_eq!(site().page("articles/x.md", text).findings("image-missing"), [""; 0]);
    }

    #[test]
    fn an_ambiguous_term_is_reported_once_at_its_first_mention() {
        let site = || {
            TestSite::new("")
                .page("conditions/alopecia.md", "---\ntitle: Alopecia\naliases: [AA]\n---\n")
                .page("glossary/amino-acid.md", "---\ntitle: Amino acid\nabbr: AA\n---\n")
        };
        let text = "---\ntitle: X\n---\nHair loss is AA.\n\nAA is one of AA.\n";
        assert_eq!(
            site().page("articles/x.md", text).findings("link-ambiguous"),
            ["articles/x.md:4:14 `AA` is a name of 2 pages and is not linked (3 times here) \
                | say which is meant: `terms: {AA: conditions/alopecia}`"]
        );
        for decided in ["terms: {AA: glossary/amino-acid}", "about: [conditions/alopecia]"] {
            let text = format!("---\ntitle: X\n{decided}\n---\nAA\n");
            assert_eq!(site().page("articles/x.md", &text).findings("link-ambiguous"), [""; 0]);
        }
    }
}
