//! A site whose citation style is one of notes.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::sync::LazyLock;

use scraper::{ElementRef, Html, Selector};
use support::BuiltSite;

static SITE: LazyLock<BuiltSite> = LazyLock::new(|| {
    BuiltSite::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/notes"))
});

fn article() -> Html {
    SITE.page("articles/wind/index.html")
}

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn text(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_site_builds_without_a_finding() {
    let found: Vec<_> = SITE.build.diagnostics.iter().map(|found| &found.message).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn citations_are_notes_in_one_numbering_with_the_authors() {
    let page = article();
    let marks: Vec<_> = select(&page, "a[role='doc-noteref']").into_iter().map(text).collect();
    assert_eq!(marks, ["1", "2", "3", "4", "5", "6"]);
    let notes: Vec<_> = select(&page, ".notes li .right").into_iter().map(text).collect();
    let says = |number: usize, words: &str| {
        assert!(notes[number - 1].starts_with(words), "{number}: {}", notes[number - 1]);
    };
    assert_eq!(notes.len(), 6);
    says(1, "Ida Lund, Girders in Wind (Harbour Press, 2019), 3.");
    says(2, "Lund, Girders in Wind, 4.");
    says(3, "In the author’s words, after Lund Girders in Wind and others Jane Roe, “Long Spans,”");
    assert!(notes[2].contains("(2021): 10–19. ↑"), "one full stop ends it: {}", notes[2]);
    says(4, "“Long Spans.”");
    says(5, "Roe, “Long Spans,” 12; Lund, Girders in Wind.");
    says(6, "Roe, “Long Spans.”");
}

#[test]
fn the_text_keeps_names_and_its_marks_follow_the_sentence() {
    let body: String = select(&article(), ".body").into_iter().map(text).collect();
    assert!(body.starts_with("Girders hum.2 A note of the author’s follows3,"), "{body}");
    assert!(body.contains("and Roe4 measured it, as5 say!"), "{body}");
}

fn body_of(path: &str) -> String {
    select(&SITE.page(path), ".body").into_iter().map(text).collect()
}

#[test]
fn marks_that_follow_each_other_stand_apart_behind_the_sentence() {
    let body = body_of("articles/marks/index.html");
    assert!(body.starts_with("Seen.1 2 Heard.3 4 Felt,5.6 Then7 Lund.8"), "{body}");
}

#[test]
fn raised_numbers_that_follow_each_other_are_not_one() {
    let body = body_of("articles/numbers/index.html");
    assert!(body.starts_with("Seen1 2. Heard2 1. Felta 1."), "{body}");
}

#[test]
fn links_lead_from_text_to_note_to_list_and_back() {
    let page = article();
    let ids: Vec<_> = select(&page, "[id]").iter().filter_map(|e| e.attr("id")).collect();
    let hrefs = |selector: &str| -> Vec<String> {
        let links = select(&page, selector).into_iter();
        links
            .filter_map(|link| Some(link.attr("href")?.trim_start_matches('#').to_owned()))
            .collect()
    };
    assert_eq!(hrefs(".notes a[role='doc-biblioref']").len(), 8, "every cite leads to the list");
    for selector in [
        "a[role='doc-noteref']",
        ".notes a[role='doc-biblioref']",
        ".notes a[role='doc-backlink']",
        ".references a[role='doc-backlink']",
    ] {
        for target in hrefs(selector) {
            let times = ids.iter().filter(|id| **id == target).count();
            assert_eq!(times, 1, "{selector} leads to #{target}");
        }
    }
    let lund = hrefs("#ref-lund2019 a[role='doc-backlink']");
    let expected: Vec<String> = (1..=4).map(|nth| format!("cite-lund2019-{nth}")).collect();
    assert_eq!(lund, expected);
}

#[test]
fn the_notes_stand_above_the_list() {
    let page = SITE.file("articles/wind/index.html");
    assert!(page.find("doc-endnotes").unwrap() < page.find("doc-bibliography").unwrap());
}
