//! A site with collections of its own, declared in `book.toml` alone.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;
use std::sync::LazyLock;

use galen::page_id::{Lang, PageId};
use galen::resolve::FactKey;
use scraper::{Html, Selector};
use support::BuiltSite;

static SITE: LazyLock<BuiltSite> = LazyLock::new(|| {
    BuiltSite::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/standards"))
});

fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let elements = page.select(&selector);
    elements.map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

#[test]
fn it_builds_without_an_error() {
    let errors: Vec<_> =
        SITE.build.diagnostics.iter().filter(|finding| finding.is_structural_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn surfaces_of_its_own_entities_are_linked_once() {
    let page = SITE.page("guides/fatigue/index.html");
    let terms = Selector::parse("a.term").unwrap();
    let links: Vec<_> = page
        .select(&terms)
        .map(|a| (a.text().collect::<String>(), a.attr("href").unwrap()))
        .collect();
    assert_eq!(
        links,
        [
            ("GC 4".to_owned(), "../../standards/girder-code/"),
            ("GC 2".to_owned(), "../../standards/old-girder-code/"),
        ]
    );
}

#[test]
fn numbers_follow_the_declared_order_of_display() {
    let page = SITE.page("guides/fatigue/index.html");
    let cited = texts(&page, "a[role='doc-biblioref']");
    assert!(
        cited[0].contains('1') && cited[1].contains('2') && cited[2].contains('2'),
        "{cited:?}"
    );
    let entries = texts(&page, "[role='doc-bibliography'] li[id]");
    assert_eq!(entries.len(), 2);
    assert_eq!(texts(&page, "[role='doc-bibliography'] li .left"), ["1.", "2."]);
    assert!(entries[0].contains("Wind on long spans"), "the scope stands first: {entries:?}");
}

#[test]
fn values_keep_their_text_and_records_are_shown() {
    let page = SITE.file("standards/girder-code/index.html");
    assert!(page.contains("1.10"), "a clause number is text");
    assert!(page.contains("<em>every</em>"));
    assert!(SITE.file("guides/fatigue/index.html").contains("0.90 mm"));
}

#[test]
fn relations_are_shown_from_both_sides() {
    let page = PageId::new("standards/old-girder-code", Lang::new("en"));
    let replaced = FactKey::Relation(page, "replaced_by".into());
    let replacing = SITE.build.site.facts.under(&replaced);
    assert!(!replacing.is_empty(), "the older standard knows what replaced it");
    let mentions = SITE.file("standards/girder-code/index.html");
    assert!(mentions.contains("guides/fatigue/"), "the standard lists the guide that mentions it");
}

#[test]
fn a_page_lists_what_it_asks_for_on_pages_of_its_own() {
    let first = SITE.page("register/index.html");
    let hrefs = |page: &Html, id: &str| -> Vec<String> {
        let links = Selector::parse(&format!("section[aria-labelledby='{id}'] a")).unwrap();
        page.select(&links).map(|a| a.attr("href").unwrap().to_owned()).collect()
    };
    assert_eq!(hrefs(&first, "list-in_force").len(), 1);
    let shown = hrefs(&first, "list-all_standards");
    assert_eq!(shown.last().unwrap(), "all-standards/2/", "the rest is on a page of its own");
    let second = SITE.page("register/all-standards/2/index.html");
    assert_eq!(hrefs(&second, "list").len(), 1);
    assert_ne!(
        hrefs(&second, "list")[0].trim_start_matches("../"),
        shown[0].trim_start_matches("../")
    );
    assert_eq!(texts(&second, ".pagination [aria-current]"), ["2"]);
}

#[test]
fn pages_stand_under_letters_where_that_is_their_order() {
    let letters = |path: &str| texts(&SITE.page(path), ".letters a");
    let titles = |path: &str| texts(&SITE.page(path), ".cards li > a");
    assert_eq!(letters("standards/index.html"), ["G"]);
    assert_eq!(
        titles("standards/index.html"),
        ["Girder code of 1970", "Girder code"],
        "what has a weight comes first, under no letter"
    );
    assert_eq!(letters("guides/index.html"), [""; 0]);
    assert_eq!(
        titles("guides/index.html"),
        ["Wind on a finished bridge", "Fatigue in practice"],
        "the newest comes first"
    );
}

#[test]
fn a_theme_lists_pages_for_a_template() {
    let home = SITE.page("index.html");
    assert_eq!(texts(&home, "section[aria-labelledby='list-newest_guides'] li a").len(), 1);
}

#[test]
fn the_word_of_no_other_field_appears() {
    for (path, html) in SITE.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        for word in ["treatment", "Medical", "boxed"] {
            assert!(!html.contains(word), "{path} says `{word}`");
        }
    }
}
