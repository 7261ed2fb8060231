//! The repository's own site, as a reader and a machine find it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use galen::citation::CitationKey;
use galen::page_id::PageId;
use galen::resolve::{Fact, FactKey};
use scraper::{ElementRef, Html, Selector};
use support::BuiltSite;

static SITE: LazyLock<BuiltSite> = LazyLock::new(BuiltSite::of_repository);

const ARTICLE: &str = "articles/jak-inhibitors-for-alopecia-areata/index.html";

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn hrefs(page: &Html, selector: &str) -> Vec<String> {
    let links = select(page, selector).into_iter();
    links.filter_map(|link| Some(link.attr("href")?.to_owned())).collect()
}

#[test]
fn the_site_builds_without_a_finding() {
    let found: Vec<_> =
        SITE.build.diagnostics.iter().map(|f| format!("{}: {}", f.rule.id, f.message)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn the_article_names_author_reviewer_and_dates() {
    let page = SITE.page(ARTICLE);
    let people: BTreeSet<String> =
        hrefs(&page, "main a[href^='../../people/']").into_iter().collect();
    assert!(people.len() >= 2, "an author and a reviewer are linked: {people:?}");
    let dates: Vec<_> =
        select(&page, "main header time").into_iter().filter_map(|t| t.attr("datetime")).collect();
    assert!(dates.len() >= 3, "published, updated and reviewed are dated: {dates:?}");
    assert!(dates.iter().all(|date| date.len() == "2026-01-31".len()));
}

#[test]
fn the_article_lists_its_contents() {
    let page = SITE.page(ARTICLE);
    let ids: BTreeSet<_> = select(&page, "main [id]").iter().filter_map(|e| e.attr("id")).collect();
    let contents = hrefs(&page, "nav.toc a, .toc a");
    assert!(contents.len() >= 8, "{contents:?}");
    for href in contents {
        let id = href.strip_prefix('#').expect("the contents list leads into the page");
        assert!(ids.contains(id), "#{id} is on the page");
    }
}

#[test]
fn references_are_numbered_and_lead_back_to_each_citing_place() {
    let page = SITE.page(ARTICLE);
    let entries = select(&page, "[role='doc-bibliography'] li[id^='ref-']");
    assert!(entries.len() >= 15, "{} references", entries.len());

    // Every citation link leads to an entry, in the order of first citation.
    let mut first_cited = Vec::new();
    for href in hrefs(&page, "a[role='doc-biblioref']") {
        let id = href[1..].to_owned();
        if !first_cited.contains(&id) {
            first_cited.push(id);
        }
    }
    let listed: Vec<String> =
        entries.iter().map(|entry| entry.attr("id").unwrap().to_owned()).collect();
    for id in &first_cited {
        assert!(listed.contains(id), "{id} is in the list");
    }

    // Every back-link leads to a place that cites this very entry or a range over it.
    let citing: BTreeMap<&str, &str> = select(&page, "a[role='doc-biblioref'][id]")
        .into_iter()
        .map(|link| (link.attr("id").unwrap(), link.attr("href").unwrap()))
        .collect();
    let mut back_to = BTreeSet::new();
    for entry in &entries {
        let backlink = Selector::parse("a[role='doc-backlink']").unwrap();
        let links = entry.select(&backlink);
        let links: Vec<_> = links.map(|link| link.attr("href").unwrap()).collect();
        assert!(!links.is_empty(), "{:?} has a way back", entry.attr("id"));
        for link in links {
            let anchor = link.strip_prefix('#').unwrap();
            assert!(citing.contains_key(anchor), "{link} is a citation");
            back_to.insert(anchor.to_owned());
        }
    }
    for id in citing.keys() {
        assert!(back_to.contains(*id), "some entry leads back to {id}");
    }
}

#[test]
fn a_work_quotes_the_very_sentence_that_cites_it() {
    let page = SITE.page(ARTICLE);
    let entry = format!("[href^='../../{}#']", ARTICLE.trim_end_matches("index.html"));
    let mut quoted = 0;
    for reference in select(&page, "[role='doc-bibliography'] li[id^='ref-']") {
        let key = reference.attr("id").unwrap().trim_start_matches("ref-");
        let backlink = Selector::parse("a[role='doc-backlink']").unwrap();
        let first = reference.select(&backlink).next().unwrap().attr("href").unwrap();
        let citation = select(&page, &format!("a[id='{}']", &first[1..]))[0];
        let mut around = citation.ancestors().filter_map(ElementRef::wrap);
        let block =
            around.find(|element| ["p", "li", "td", "dd"].contains(&element.value().name()));
        let before = text_before(block.expect("a citation stands in a block"), citation);
        let work = SITE.page(&format!("references/{key}/index.html"));
        let [link] = select(&work, &entry)[..] else { continue };
        let sentence = text(ElementRef::wrap(link.parent().unwrap()).unwrap());
        let last_words = before.split_whitespace().rev().take(3).collect::<Vec<_>>();
        let last_words = last_words.into_iter().rev().collect::<Vec<_>>().join(" ");
        assert!(sentence.contains(&last_words), "{key} is cited after {last_words}: {sentence}");
        quoted += usize::from(!last_words.is_empty());
    }
    assert!(quoted >= 10, "{quoted} works are quoted from this article");
}

/// What stands between the cells of a row that is quoted.
const CELLS: char = '·';

#[test]
fn every_passage_that_a_page_quotes_stands_where_it_leads() {
    let pages = SITE.files.iter().filter(|(path, _)| path.ends_with(".html"));
    let pages: BTreeMap<&str, Html> =
        pages.map(|(path, html)| (&**path, Html::parse_document(html))).collect();
    let texts: BTreeMap<&str, String> = pages
        .iter()
        .map(|(path, page)| (*path, select(page, "main")))
        .filter_map(|(path, main)| Some((path, text_outside_citations(*main.first()?, None))))
        .map(|(path, text)| (path, spaced(&text)))
        .collect();
    let mut quoted = 0;
    for (path, page) in &pages {
        for entry in select(page, "section.mentions li") {
            let part = |selector: &str| {
                let selector = Selector::parse(selector).unwrap();
                entry.select(&selector).next()
            };
            let Some(sentence) = part("p").map(text) else { continue };
            let href = part("a").unwrap().attr("href").unwrap();
            let target = file_of(path, href.split('#').next().unwrap());
            let holds =
                |shown: &String| sentence.split(CELLS).all(|part| shown.contains(&spaced(part)));
            // A component may show less of another page's record than it says there.
            let of_record = target.starts_with("style-guide/") && texts.values().any(holds);
            let found = holds(&texts[&*target]) || of_record;
            assert!(found, "{path} quotes {href}: {sentence}");
            quoted += 1;
        }
    }
    assert!(quoted > 300, "{quoted} passages");
}

/// Returns the words of `text` in small letters, as a theme may begin a text with a capital,
/// with no space before punctuation, as a citation may stand there.
fn spaced(text: &str) -> String {
    let words = text.to_lowercase();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    [".", ",", ";", ":"].iter().fold(words, |words, sign| words.replace(&format!(" {sign}"), sign))
}

/// Returns the path of the page's file that `href` leads to from the page at `path`.
fn file_of(path: &str, href: &str) -> String {
    match joined(path, href).as_str() {
        "" => "index.html".into(),
        folder => format!("{folder}/index.html"),
    }
}

/// Returns the path that `href` leads to from the page at `path`.
fn joined(path: &str, href: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in href.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." | "" => {}
            part => parts.push(part),
        }
    }
    percent_decoded(&parts.join("/"))
}

/// Returns the text of `block` before the element `end`, without the marks of its citations.
fn text_before(block: ElementRef<'_>, end: ElementRef<'_>) -> String {
    text_outside_citations(block, Some(end))
}

/// Returns the text of `block`, without the marks of its citations, up to the element `end`;
/// names that a citation says are part of it.
fn text_outside_citations(block: ElementRef<'_>, end: Option<ElementRef<'_>>) -> String {
    let mut before = String::new();
    for node in block.descendants().take_while(|node| end.is_none_or(|end| node.id() != end.id())) {
        let around = node.ancestors().filter_map(ElementRef::wrap);
        let mut marks = around.filter(|element| element.value().name() == "sup").filter(|mark| {
            let around = mark.ancestors().filter_map(ElementRef::wrap);
            around.flat_map(|element| element.value().classes()).any(|class| class == "citation")
        });
        let in_mark = marks.next().is_some();
        if let (Some(text), false) = (node.value().as_text(), in_mark) {
            before.push_str(text);
        }
    }
    before
}

#[test]
fn numbers_follow_the_order_of_reading() {
    for (path, html) in SITE.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(html);
        let mut highest = 0;
        for citation in select(&page, "main .citation") {
            let shown = text(citation);
            for link in citation.select(&Selector::parse("a[role='doc-biblioref']").unwrap()) {
                let Ok(number) = text(link).split('(').next().unwrap_or_default().parse::<usize>()
                else {
                    continue;
                };
                // The members that a range hides are counted where it ends.
                let in_order = number <= highest + 1 || shown.contains('–');
                assert!(in_order, "{path}: {number} comes after {highest}, in {shown}");
                highest = highest.max(number);
            }
        }
    }
}

#[test]
fn every_treatment_is_linked_at_its_first_mention_and_only_there() {
    let page = SITE.page(ARTICLE);
    for name in [
        "baricitinib",
        "ritlecitinib",
        "deuruxolitinib",
        "tofacitinib",
        "ruxolitinib",
        "upadacitinib",
        "finasteride",
        "minoxidil",
    ] {
        let target = format!("../../treatments/{name}/");
        let links = hrefs(&page, "main a.term").into_iter().filter(|href| *href == target).count();
        assert_eq!(links, 1, "{name} is linked once by itself");
    }
    let headings = select(&page, "h1 a.term, h2 a.term, h3 a.term, a a, [role='doc-biblioref'] a");
    assert!(headings.is_empty(), "no term is linked in a heading or a link");
}

#[test]
fn the_boxed_warning_stands_before_the_side_effects() {
    let html = SITE.file(ARTICLE);
    let warning = html.find("boxed-warning").expect("the article shows the boxed warning");
    let effects = html.find("id=\"common-side-effects\"").expect("there are side effects");
    assert!(warning < effects);
    let page = SITE.page("treatments/baricitinib/index.html");
    let boxes = select(&page, ".boxed-warning");
    assert_eq!(boxes.len(), 1);
    for head in ["infection", "death", "cancer", "clot"] {
        assert!(text(boxes[0]).to_lowercase().contains(head), "the warning names {head}");
    }
}

#[test]
fn the_reviewer_card_shows_publications() {
    let page = SITE.page(ARTICLE);
    let reviewers = hrefs(&page, "main a[href^='../../people/']");
    let shown = reviewers.iter().any(|href| {
        let path = format!("{}index.html", href.trim_start_matches("../../"));
        let person = SITE.page(&path);
        let list = text(person.root_element());
        list.contains("10.5555")
    });
    assert!(shown, "a reviewer's own page lists publications");
}

#[test]
fn a_treatment_lists_every_article_that_mentions_it_with_a_sentence() {
    let page = SITE.page("treatments/baricitinib/index.html");
    let listed: BTreeSet<String> = hrefs(&page, "main a[href^='../../articles/']")
        .into_iter()
        .map(|href| href.split('#').next().unwrap().to_owned())
        .collect();
    for (path, html) in &SITE.files {
        let Some(name) = path.strip_prefix("articles/").and_then(|p| p.strip_suffix("/index.html"))
        else {
            continue;
        };
        let article = Html::parse_document(html);
        let body: String = select(&article, ".body").into_iter().map(text).collect();
        if body.contains("baricitinib") || body.contains("Olumiant") {
            assert!(listed.contains(&format!("../../articles/{name}/")), "{name} is listed");
        }
    }
    assert!(text(page.root_element()).contains("baricitinib"));
}

#[test]
fn a_brand_name_leads_to_the_generic() {
    let links: Vec<(String, String)> = SITE
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .flat_map(|(_, html)| {
            let page = Html::parse_document(html);
            let terms = select(&page, "a.term").into_iter();
            terms.map(|a| (text(a), a.attr("href").unwrap().to_owned())).collect::<Vec<_>>()
        })
        .collect();
    let brands =
        ["Olumiant", "Litfulo", "Leqselvi", "Xeljanz", "Rinvoq", "Jakafi", "Opzelura", "Propecia"];
    let found = links
        .iter()
        .any(|(text, href)| brands.contains(&text.as_str()) && href.contains("treatments/"));
    assert!(found, "some brand is linked to its treatment");
}

#[test]
fn the_sample_is_as_large_as_it_says() {
    let count = |prefix: &str| {
        let site = SITE.build.site.pages.values();
        site.filter(|p| p.page.id.path().starts_with(prefix) && !p.page.is_index).count()
    };
    assert!(count("articles/") >= 4);
    assert!(count("treatments/") >= 8);
    assert!(count("conditions/") >= 5);
    assert!(count("people/") >= 3);
    assert!(count("glossary/") >= 10);
    assert!(cited().count() >= 25);
}

/// Returns the works that pages cite, with those pages.
fn cited() -> impl Iterator<Item = (&'static CitationKey, &'static [(PageId, Fact)])> {
    let facts = SITE.build.site.facts.listed_from(FactKey::Cites(CitationKey::new("")));
    facts.map_while(|(key, pages)| match key {
        FactKey::Cites(key) => Some((key, pages)),
        _ => None,
    })
}

#[test]
fn a_record_says_that_there_are_more_authors() {
    let page = SITE.page("references/ytterberg2022/index.html");
    let authors = text(select(&page, "dl.facts dd")[0]);
    assert_eq!(authors, "Steven R. Ytterberg, Deepak L. Bhatt, Ted R. Mikuls, et al.");
}

#[test]
fn invented_publications_are_cited_by_no_page() {
    for (key, pages) in cited() {
        let entry = SITE.build.bibliography.get(key).expect("the sample cites what it has");
        let record = galen::citation::record::Record::of(&entry.item);
        let invented = record.identifiers.iter().any(|(_, id)| id.starts_with("10.5555/"));
        assert!(
            !invented,
            "{key} is cited by {:?}",
            pages.iter().map(|(id, _)| id).collect::<Vec<_>>()
        );
    }
}

#[test]
fn every_link_within_the_site_leads_to_a_file() {
    let anchors = Selector::parse("a[href]").unwrap();
    let mut broken = BTreeSet::new();
    for (path, text) in SITE.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        for link in Html::parse_document(text).select(&anchors) {
            let href = link.attr("href").unwrap().split(['#', '?']).next().unwrap();
            if href.is_empty() || href.contains(':') || href.starts_with('/') {
                continue;
            }
            let to = [joined(path, href), file_of(path, href)];
            if !to.iter().any(|to| SITE.files.contains_key(to)) {
                broken.insert(format!("{path}: {href}"));
            }
        }
    }
    assert_eq!(broken, BTreeSet::new());
}

/// Returns a path without the escapes of URLs.
fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = path_hex(first, tail);
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap()
}

fn path_hex(first: &u8, tail: &[u8]) -> Option<u8> {
    let digits = tail.get(..2).filter(|_| *first == b'%')?;
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}
