//! The languages of a site: the words of its interface, and pages in several.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use galen::config::words::words;
use galen::render::plural::plural_category;
use galen::source::{Source, SourceId};
use scraper::Selector;
use support::BuiltSite;

/// The languages that the default theme speaks.
const SPOKEN: [&str; 3] = ["en", "de", "ar"];

/// The forms that a text may have for different numbers.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn words_of(lang: &str) -> BTreeMap<String, String> {
    let path = format!("themes/default/i18n/{lang}.toml");
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)).unwrap();
    words(&Source::new(SourceId::new(path), &text)).unwrap().into_iter().collect()
}

/// Splits a key into what it names and the form of plural that it is.
fn form(key: &str) -> Option<(&str, &str)> {
    key.rsplit_once('_').filter(|(_, form)| FORMS.contains(form))
}

/// Returns the names in braces, in order.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

#[test]
fn every_language_has_the_same_words_with_the_same_parts() {
    let english = words_of("en");
    // What a site names itself is in English as the site says.
    let is_of_the_site = |key: &str| key.starts_with("label_") || key.starts_with("collection_");
    let names = |words: &BTreeMap<String, String>| -> BTreeSet<String> {
        let names = words.keys().filter(|key| !is_of_the_site(key));
        names.map(|key| form(key).map_or(key.as_str(), |(name, _)| name).to_owned()).collect()
    };
    let of_the_site = |lang: &str| -> BTreeSet<String> {
        words_of(lang).into_keys().filter(|key| is_of_the_site(key)).collect()
    };
    assert_eq!(of_the_site("de"), of_the_site("ar"));
    for lang in SPOKEN {
        let own = words_of(lang);
        assert_eq!(names(&own), names(&english), "{lang}");
        for (key, word) in own.iter().filter(|(key, _)| form(key).is_none()) {
            let Some(theirs) = english.get(key) else { continue };
            assert_eq!(placeholders(word), placeholders(theirs), "{lang}: {key}");
            assert!(!word.trim().is_empty(), "{lang}: {key}");
        }
    }
}

#[test]
fn every_number_has_its_form() {
    for lang in SPOKEN {
        let needed: BTreeSet<&str> =
            (0..=200).map(|number| plural_category(lang, number)).collect();
        let own = words_of(lang);
        let mut forms: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, form) in own.keys().filter_map(|key| form(key)) {
            forms.entry(name).or_default().insert(form);
        }
        assert!(forms.len() > 4, "{forms:?}");
        for (name, forms) in forms {
            assert_eq!(forms, needed, "{lang}: {name}");
            // A form for many numbers says which.
            let many = &own[&format!("{name}_other")];
            assert!(many.contains("{n}"), "{lang}: {name}: {many}");
        }
    }
}

fn site(files: &[(&str, &str)]) -> BuiltSite {
    site_with("", files)
}

/// Builds a site of these files, `more` at the end of its `book.toml`.
fn site_with(more: &str, files: &[(&str, &str)]) -> BuiltSite {
    let folder = tempfile::tempdir().unwrap();
    let book = "[site]\ntitle = \"Stars\"\nbase_url = \"https://example.org/b\"\n\
                [languages.de]\ntitle = \"Sterne\"\nstyle = \"apa\"\n[languages.ar]\ntitle = \"نجوم\"\n\
                [citations]\nstyle = \"apa\"\n";
    let book = format!("{book}{more}");
    for (path, text) in [("book.toml", &*book)].iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    BuiltSite::of(folder.path())
}

fn translated() -> BuiltSite {
    site(&[
        (
            "citations/a.bib",
            "@book{roe, title={Light}, editor={Roe, Jane}, year=2020, publisher={P}}",
        ),
        (
            "content/treatments/nova.md",
            "---\ntitle: Nova\nbrands: [Novix]\nkind: drug\ndate: 2026-03-04\nupdated: 2026-03-04\n\
             description: A light.\nindications: [{condition: dusk, status: approved, date: 2026-02-03}]\n\
             ---\nIt shines [@roe].\n",
        ),
        (
            "content/treatments/nova.de.md",
            "---\ntitle: Neustern\ndescription: Ein Licht.\n---\nEr leuchtet [@roe].\n",
        ),
        ("content/treatments/nova.ar.md", "---\ntitle: مستعر\n---\nيضيء [@roe].\n"),
        ("content/conditions/dusk.md", "---\ntitle: Dusk\n---\nDark.\n"),
        ("content/conditions/dusk.de.md", "---\ntitle: Abend\n---\nDunkel.\n"),
        ("content/articles/a.md", "---\ntitle: On Nova\ndate: 2026-03-04\n---\nNova is bright.\n"),
        (
            "content/articles/a.de.md",
            "---\ntitle: Vom Neustern\n---\nDer Neustern ist hell, Novix auch.\n",
        ),
    ])
}

fn texts(site: &BuiltSite, path: &str, selector: &str) -> Vec<String> {
    let page = site.page(path);
    let selector = Selector::parse(selector).unwrap();
    let found = page.select(&selector).map(|element| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    });
    found.collect()
}

fn attributes(site: &BuiltSite, path: &str, selector: &str, name: &str) -> Vec<String> {
    let page = site.page(path);
    let selector = Selector::parse(selector).unwrap();
    let found = page.select(&selector);
    found.filter_map(|element| element.attr(name)).map(str::to_owned).collect()
}

#[test]
fn a_translation_has_the_facts_of_its_original_in_its_own_words() {
    let site = translated();
    let german = "de/treatments/nova/index.html";
    assert_eq!(attributes(&site, german, "html", "lang"), ["de"]);
    let text = texts(&site, german, "main").concat();
    for word in [
        "Neustern",
        "Handelsnamen",
        "Novix",
        "Arzneimittel",
        "Abend",
        "Zugelassen",
        "3. Februar 2026",
    ] {
        assert!(text.contains(word), "{word}: {text}");
    }
    for word in ["Brands", "pproved", "February", "shines"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // The style's own words are those of the page's language.
    assert!(texts(&site, german, ".references").concat().contains("Hrsg."));
    assert!(texts(&site, "treatments/nova/index.html", ".references").concat().contains("Ed."));
    // A brand of the original is a term of the translation, and leads to it.
    let links = attributes(&site, "de/articles/a/index.html", ".body a", "href");
    assert_eq!(links, ["../../treatments/nova/"]);
    // Listings are those of the language.
    let listed = texts(&site, "de/articles/index.html", "main a");
    assert!(listed.contains(&"Vom Neustern".to_owned()) && !listed.contains(&"On Nova".to_owned()));
    assert_eq!(texts(&site, "de/articles/index.html", "h1"), ["Artikel"]);
    assert!(!site.file("sitemap.xml").is_empty());
}

#[test]
fn translations_lead_to_each_other_and_are_named_to_machines() {
    let site = translated();
    let page = "treatments/nova/index.html";
    let alternates = "link[rel=alternate][hreflang]";
    let mut named = attributes(&site, page, alternates, "hreflang");
    named.retain(|lang| lang != "x-default");
    named.sort();
    assert_eq!(named, ["ar", "de", "en"]);
    let hrefs = attributes(&site, page, alternates, "href");
    assert!(hrefs.contains(&"https://example.org/b/de/treatments/nova/".to_owned()), "{hrefs:?}");
    let links = attributes(&site, page, "nav.languages a", "href");
    assert_eq!(links, ["../../ar/treatments/nova/", "../../de/treatments/nova/"]);
    let names = texts(&site, page, "nav.languages a");
    assert_eq!(names, ["العربية", "Deutsch"], "each language by its own name");
    let name = |page| attributes(&site, page, "meta[property='og:site_name']", "content");
    let feed = |page| attributes(&site, page, "link[type='application/atom+xml']", "title");
    for (page, title) in [(page, "Stars"), ("de/treatments/nova/index.html", "Sterne")] {
        assert_eq!((name(page), feed(page)), (vec![title.to_owned()], vec![title.to_owned()]));
        let json = texts(&site, page, "script[type='application/ld+json']").concat();
        assert!(json.contains("#website\",\"name\":\"Stars\""), "all name one site: {json}");
    }
    let back = attributes(&site, "de/treatments/nova/index.html", "nav.languages a", "href");
    assert!(back.contains(&"../../../treatments/nova/".to_owned()), "{back:?}");
    let back = attributes(&site, "de/treatments/nova/index.html", "nav.languages a", "lang");
    assert_eq!(back, ["ar", "en"]);
}

#[test]
fn what_is_written_from_right_to_left_says_so_and_has_its_own_numbers() {
    let site = translated();
    let arabic = "ar/treatments/nova/index.html";
    assert_eq!(attributes(&site, arabic, "html", "dir"), ["rtl"]);
    assert_eq!(attributes(&site, "de/treatments/nova/index.html", "html", "dir"), ["ltr"]);
    let text = texts(&site, arabic, "main").concat();
    for word in ["الأسماء التجارية", "معتمد", "4 مارس 2026"] {
        assert!(text.contains(word), "{word}: {text}");
    }
}

#[test]
fn each_language_has_a_search_of_its_own() {
    let site = translated();
    let index = |lang: &str| -> serde_json::Value {
        serde_json::from_str(site.file(&format!("search/{lang}/index.json"))).unwrap()
    };
    assert_eq!((index("en")["pages"].as_u64(), index("de")["pages"].as_u64()), (Some(3), Some(3)));
    assert_eq!(index("de")["groups"][0][1], "Artikel");
    assert_eq!(index("ar")["words"]["results_two"], "نتيجتان");
    let link = attributes(&site, "de/articles/a/index.html", "a[data-search]", "data-index");
    assert_eq!(link, ["../../../search/de/index.json"]);
    assert_eq!(texts(&site, "de/search/index.html", "h1"), ["Suche"]);
}

/// Returns the languages that a page names to machines, in order, without the default.
fn alternates(site: &BuiltSite, path: &str) -> Vec<String> {
    let mut named = attributes(site, path, "link[rel=alternate][hreflang]", "hreflang");
    named.retain(|lang| lang != "x-default");
    named.sort();
    named
}

#[test]
fn what_galen_makes_in_each_language_leads_to_the_others() {
    let site = site(&[
        ("content/_index.md", "---\ntitle: Home\n---\n"),
        ("content/articles/a.md", "---\ntitle: A\ntags: sky\n---\n"),
        ("content/articles/a.de.md", "---\ntitle: A\n---\n"),
        ("content/articles/_index.de.md", "---\ntitle: Texte\n---\n"),
    ]);
    for path in ["", "articles/", "tags/", "tags/sky/", "search/"] {
        let (english, german) = (format!("{path}index.html"), format!("de/{path}index.html"));
        for page in [&english, &german] {
            assert_eq!(alternates(&site, page), ["de", "en"], "{page}");
        }
        let links = attributes(&site, &german, "nav.languages a", "href");
        let up = "../".repeat(german.matches('/').count());
        assert_eq!(links, [format!("{up}{path}")], "{german}");
    }
    let link = attributes(&site, "index.html", "nav.languages a", "href");
    assert_eq!(link, ["de/"]);
    let home = attributes(&site, "de/index.html", "link[hreflang='x-default']", "href");
    assert_eq!(home, ["https://example.org/b/"]);
    // Arabic has no page.
    assert!(!site.files.contains_key("ar/index.html"));
}

#[test]
fn what_is_named_in_a_translation_is_named_in_its_language() {
    let site = site(&[
        ("content/people/roe.md", "---\nname: Jane Roe\n---\n"),
        ("content/articles/_index.md", "---\ntitle: Writings\n---\n"),
        ("content/articles/_index.de.md", "---\ntitle: Aufsätze\n---\n"),
        ("content/articles/a.md", "---\ntitle: A\nauthors: roe\ndate: 2026-03-04\n---\n"),
        ("content/articles/a.de.md", "---\ntitle: B\n---\n"),
    ]);
    assert_eq!(texts(&site, "de/index.html", "h1"), ["Sterne"]);
    assert_eq!(texts(&site, "index.html", "h1"), ["Stars"]);
    let cited = texts(&site, "de/articles/a/index.html", "#cite-this, .cite-this").concat();
    assert!(cited.contains("Sterne") && !cited.contains("Stars"), "{cited}");
    let section = "meta[property='article:section']";
    assert_eq!(attributes(&site, "de/articles/a/index.html", section, "content"), ["Aufsätze"]);
    assert_eq!(attributes(&site, "articles/a/index.html", section, "content"), ["Writings"]);
    assert!(site.file("de/articles/feed.xml").contains("<title>Aufsätze – Sterne</title>"));
    assert!(site.file("articles/feed.xml").contains("<title>Writings – Stars</title>"));
}

#[test]
fn the_menu_and_links_lead_to_what_the_language_has() {
    let menu =
        ["/articles/", "/articles/a/?x=1#part", "/articles/a/#only", "/feed.xml", "/people/"];
    let mut book: String =
        menu.iter().map(|url| format!("[[nav]]\ntitle = \"T\"\nurl = \"{url}\"\n")).collect();
    book.push_str("[[nav]]\npage = \"_index\"\n");
    let site = site_with(
        &book,
        &[
            ("content/_index.md", "---\ntitle: Home\n---\n"),
            ("content/people/roe.md", "---\nname: Jane Roe\n---\n"),
            ("content/articles/_index.md", "---\ntitle: Writings\n---\n"),
            ("content/articles/a.md", "---\ntitle: A\ntags: x\n---\n## Part\n\n## Only\n"),
            (
                "content/articles/a.de.md",
                "---\ntitle: B\n---\n## Part\n\n[h](/) [t](/tags/x/) [s](/search/?q=a) [a](/articles/) \
                 [b](_index.md) [p](/people/) [f](/feed.xml) [](_index.md) [](/)\n",
            ),
        ],
    );
    let page = "de/articles/a/index.html";
    assert_eq!(
        attributes(&site, page, ".body p a", "href"),
        [
            "../../",
            "../../tags/x/",
            "../../search/?q=a",
            "../",
            "../",
            "../../../people/",
            "../../../feed.xml",
            "../",
            "../../",
        ]
    );
    let named = texts(&site, page, ".body p a");
    assert_eq!(named[7..], ["Artikel", "Sterne"]);
    let menu = "#site-nav a";
    let own = ["../", "./?x=1#part", "../../../articles/a/#only", "../../../feed.xml"];
    let shared = ["../../../people/", "../../"];
    assert_eq!(attributes(&site, page, menu, "href"), [&own[..], &shared[..]].concat());
    assert_eq!(texts(&site, page, menu)[5], "Sterne");
    assert_eq!(attributes(&site, page, "#site-nav a.active", "href"), own[..2]);
    let english = attributes(&site, "articles/a/index.html", menu, "href");
    assert_eq!(english[..4], ["../", "./?x=1#part", "./#only", "../../feed.xml"]);
}
