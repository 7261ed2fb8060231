//! What the pages of small sites show: how views and the default theme's templates fit
//! together; and where their links lead (`small_sites/links.rs`).

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "small_sites/links.rs"]
mod link_targets;
mod support;

use std::fs;

use scraper::{Html, Selector};
use support::BuiltSite;

/// The table that every `book.toml` starts with.
const SITE: &str = "[site]\ntitle = \"T\"\nbase_url = \"https://example.org/sub\"\n";

/// Builds a health site of these files, `book` at the end of its `book.toml`.
fn site(book: &str, files: &[(&str, &str)]) -> BuiltSite {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::write(root.join("book.toml"), format!("{SITE}{book}")).unwrap();
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    BuiltSite::of(root)
}

/// Returns the texts of the elements that a selector finds, with single spaces.
fn texts(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    let found = page.select(&selector).map(|element| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    });
    found.collect()
}

/// Returns where the links that a selector finds lead.
fn links(page: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    page.select(&selector).filter_map(|link| Some(link.attr("href")?.to_owned())).collect()
}

#[test]
fn a_misspelt_date_is_not_missing_too() {
    let book = "[collections.notes]\npermalink = \"/{year}/{slug}/\"\n";
    let site = site(book, &[("content/notes/a.md", "---\ntitle: A\ndat: 2026-01-02\n---\n")]);
    let found = site.build.diagnostics.iter().filter(|found| found.rule.id.starts_with("fm-"));
    let found: Vec<&str> = found.map(|found| found.rule.id).collect();
    assert_eq!(found, ["fm-unknown-field"]);
}

#[test]
fn the_page_of_tags_names_each_with_its_pages() {
    let page = "---\ntitle: A\ntags: [Safety, Trials]\n---\n";
    let other = "---\ntitle: B\ntags: Safety\n---\n";
    let site = site(
        "[outputs]\nmarkdown-copies = true\n",
        &[("content/articles/a.md", page), ("content/articles/b.md", other)],
    );
    let tags = site.page("tags/index.html");
    assert_eq!(texts(&tags, ".tags li"), ["Safety (2)", "Trials (1)"]);
    assert_eq!(links(&tags, ".tags a"), ["safety/", "trials/"]);
    assert!(site.file("tags/index.md").contains("- [Safety]("));
}

#[test]
fn a_page_without_a_description_says_its_first_paragraph_once() {
    let first = "The first paragraph says what the page is about.";
    let plain = format!("---\ntitle: A\n---\n\n{first}\n\nThe second goes on.\n");
    let described = format!("---\ntitle: B\ndescription: In short.\n---\n\n{first}\n");
    let site = site(
        "",
        &[
            ("content/articles/a.md", &plain),
            ("content/articles/b.md", &described),
            ("content/people/p.md", &plain.replace("title", "name")),
            ("content/_index.md", &plain),
        ],
    );
    for path in ["articles/a", "people/p", "."] {
        let path = format!("{path}/index.html");
        let page = site.page(path.trim_start_matches("./"));
        assert_eq!(texts(&page, ".lead"), [""; 0], "{path}");
        let said = texts(&page, "main p").into_iter().filter(|text| text == first).count();
        assert_eq!(said, 1, "{path}");
        let described = Selector::parse(&format!("meta[name=description][content='{first}']"));
        assert_eq!(page.select(&described.unwrap()).count(), 1, "{path}");
    }
    let page = site.page("articles/b/index.html");
    assert_eq!(texts(&page, ".lead"), ["In short."]);
    let cards = texts(&site.page("articles/index.html"), ".cards p");
    assert_eq!(cards, [first, "In short."]);
}

#[test]
fn a_definition_is_the_whole_first_paragraph() {
    let first = "A number that says how many people have an event. ".repeat(8);
    let term = format!("---\ntitle: Absolute risk\n---\n\n{first}\n\nAn example.\n");
    let site = site("", &[("content/glossary/absolute-risk.md", &term)]);
    let cards = texts(&site.page("glossary/index.html"), ".cards p");
    assert_eq!(cards, [first.trim()]);
    let page = site.file("glossary/absolute-risk/index.html");
    assert!(page.contains(&format!("\"description\":\"{}\"", first.trim())));
}

#[test]
fn tags_that_a_sign_tells_apart_have_pages_of_their_own() {
    let page = |tags: &str| format!("---\ntitle: Page of {tags}\ntags: ['{tags}']\n---\n");
    let (c, cpp) = (page("C"), page("C++"));
    let site = site("", &[("content/articles/a.md", &c), ("content/articles/b.md", &cpp)]);
    let listed = texts(&site.page("tags/index.html"), ".tags li");
    assert_eq!(listed, ["C (1)", "C++ (1)"]);
    let [tag] = &links(&site.page("articles/b/index.html"), ".tags a")[..] else { panic!() };
    let tag = site.page(&format!("{}index.html", tag.trim_start_matches("../../")));
    assert_eq!(texts(&tag, ".cards a"), ["Page of C++"]);
}

#[test]
fn a_page_says_that_a_review_is_due_where_the_rule_finds_it() {
    let page = |more: &str| format!("---\ntitle: A\nreviewers: [ann]\n{more}\n---\n");
    // Today is the 23rd of November 2026.
    let pages = [
        ("old", page("reviewed: 2025-11-22")),
        ("named", page("reviewed: 2026-10-01\nnext_review: 2026-11-22")),
        ("old-named", page("reviewed: 2025-11-22\nnext_review: 2027-01-01")),
        ("fresh", page("reviewed: 2026-06-01")),
    ];
    let ann = "---\nname: Ann\ncredentials: [{kind: degree, title: MD}]\n---\n";
    let due = |months: &str| {
        let paths = pages.each_ref().map(|(name, _)| format!("content/articles/{name}.md"));
        let pages = paths.iter().zip(&pages).map(|(path, (_, text))| (&**path, &**text));
        let files: Vec<_> = pages.chain([("content/people/ann.md", ann)]).collect();
        let site = site(&format!("[collections.articles.checks]\nrev-stale = {months}\n"), &files);
        let found = site.build.diagnostics.iter().filter(|found| found.rule.id == "rev-stale");
        let found = found.map(|found| found.span.source.as_str().to_owned()).collect::<Vec<_>>();
        let is_shown = |path: &&String| {
            let path = path.trim_start_matches("content/").replace(".md", "/index.html");
            !texts(&site.page(&path), ".notice").is_empty()
        };
        let shown: Vec<&String> = paths.iter().filter(is_shown).collect();
        let mut shown: Vec<String> = shown.into_iter().cloned().collect();
        shown.sort();
        assert_eq!(found, shown);
        shown.len()
    };
    assert_eq!(due("{ months = 12 }"), 3);
    assert_eq!(due("{ months = 3 }"), 4);
    assert_eq!(due("{ months = 24 }"), 1);
}

#[test]
fn the_sidebar_is_the_tree_of_folders() {
    let page = |title: &str, weight: &str| format!("---\ntitle: {title}\n{weight}---\n");
    let site = site(
        "[collections.docs]\nsidebar = true\n",
        &[
            ("content/docs/start.md", &page("Start", "")),
            ("content/docs/one/_index.md", &page("One Index", "weight: 2\n")),
            ("content/docs/one/two/deep.md", &page("Deep", "")),
            ("content/docs/zero/first.md", &page("First", "")),
            ("content/docs/zero/_index.md", &page("Zero", "weight: 1\n")),
            ("content/docs/beta/_index.md", &page("Beta", "")),
            ("content/docs/alpha-beta/page.md", &page("Page", "")),
        ],
    );
    let start = site.page("docs/start/index.html");
    let tree = ".sidebar details > ul";
    assert_eq!(
        texts(&start, &format!("{tree} > li > a")),
        ["Start", "Zero", "One Index", "alpha beta", "Beta"]
    );
    assert_eq!(texts(&start, &format!("{tree} > li > ul > li > a")), ["First", "two", "Page"]);
    let deep = format!("{tree} > li > ul > li > ul > li > a");
    assert_eq!(texts(&start, &deep), ["Deep"]);
    let two = links(&start, &format!("{tree} > li:nth-child(3) a"));
    assert_eq!(two, ["../one/", "../one/two/", "../one/two/deep/"]);
}

#[test]
fn the_home_page_and_the_feed_name_the_same_pages_in_one_order() {
    let page = |dates: &str| format!("---\ntitle: T\n{dates}\n---\n");
    let site = site(
        "",
        &[
            ("content/articles/a.md", &page("updated: 2026-11-03")),
            ("content/articles/b.md", &page("date: 2026-11-02")),
            ("content/articles/c.md", &page("date: 2026-01-01\nupdated: 2026-11-04")),
            ("content/articles/d.md", &page("weight: 1")),
        ],
    );
    let home = links(&site.page("index.html"), "[aria-labelledby=recent-title] .cards a");
    assert_eq!(home, ["articles/c/", "articles/a/", "articles/b/"]);
    let addresses = home.iter().map(|link| format!("<id>https://example.org/sub/{link}</id>"));
    let feed = site.file("feed.xml");
    let places: Vec<Option<usize>> = addresses.map(|id| feed.find(&id)).collect();
    assert!(places.is_sorted() && places[0].is_some(), "{feed}");
    assert!(!feed.contains("articles/d"), "{feed}");
}

#[test]
fn without_references_there_is_nothing_to_download() {
    let page = "---\ntitle: A\nauthors: [ann]\n---\n\nText.\n";
    let site = site(
        "",
        &[("content/articles/a.md", page), ("content/people/ann.md", "---\nname: Ann\n---\n")],
    );
    let page = site.page("articles/a/index.html");
    assert_eq!(texts(&page, ".cite-this h2").len(), 1);
    assert_eq!(texts(&page, ".downloads"), [""; 0]);
}

#[test]
fn the_page_of_somebody_who_left_says_so_from_the_day_after() {
    let person = |day: &str| format!("---\nname: Ann\nformer: {day}\n---\n");
    let site = site(
        "",
        &[
            ("content/people/gone.md", &person("2026-11-22")),
            ("content/people/here.md", &person("2026-11-23")),
        ],
    );
    let notice = |name: &str| texts(&site.page(&format!("people/{name}/index.html")), ".notice");
    assert_eq!(notice("gone"), ["Left the team on 22 November 2026."]);
    assert_eq!(notice("here"), [""; 0]);
}

#[test]
fn what_somebody_wrote_is_dated_the_newest_first() {
    let page =
        |title: &str, dates: &str| format!("---\ntitle: {title}\nauthors: [ann]\n{dates}\n---\n");
    let site = site(
        "",
        &[
            ("content/articles/a.md", &page("A", "date: 2026-01-02")),
            ("content/articles/b.md", &page("B", "date: 2026-03-04\nabout: [nova]")),
            ("content/treatments/nova.md", "---\ntitle: Nova\n---\n"),
            ("content/people/ann.md", "---\nname: Ann\n---\n"),
        ],
    );
    let written = texts(&site.page("people/ann/index.html"), ".inverse li");
    assert_eq!(written, ["B 4 March 2026", "A 2 January 2026"]);
    let about = texts(&site.page("treatments/nova/index.html"), ".inverse li");
    assert_eq!(about, ["B"]);
}

#[test]
fn a_list_says_how_many_pages_are_left() {
    let paths: Vec<String> = (0..121).map(|n| format!("content/articles/page-{n:03}.md")).collect();
    let text = "---\ntitle: T\n---\n\nHere Novastat is given.\n";
    let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (&**path, text)).collect();
    files.push(("content/treatments/novastat.md", "---\ntitle: Novastat\n---\n"));
    let site = site("", &files);
    let more = |path: &str| {
        let page = site.page(&format!("treatments/novastat/{path}index.html"));
        let more = texts(&page, ".mentions > p:last-child");
        more.into_iter().filter(|text| text.contains("more")).collect::<Vec<_>>()
    };
    assert_eq!(more(""), ["71 more pages"]);
    assert_eq!(more("mentions/2/"), ["21 more pages"]);
    assert_eq!(more("mentions/3/"), [""; 0]);
}

#[test]
fn a_class_shows_the_warning_that_all_its_members_share() {
    let member = |title: &str, class: &str, warning: &str| {
        let warning = format!("boxed_warning: {{text: {warning}, source: king2022}}");
        format!("---\ntitle: {title}\nclass: [{class}]\n{warning}\n---\n")
    };
    let site = site(
        "",
        &[
            ("content/classes/jak.md", "---\ntitle: JAK inhibitors\n---\n\nThe class.\n"),
            ("content/treatments/a.md", &member("A", "jak", "Serious  *infections*.")),
            ("content/treatments/b.md", &member("B", "jak", "Serious infections.")),
            ("content/treatments/c.md", &member("C", "Nova", "One.")),
            ("content/treatments/d.md", &member("D", "Nova", "Another.")),
            ("content/treatments/e.md", &member("E", "Stella", "Alike.")),
            ("content/treatments/f.md", &member("F", "Stella", "Alike.")),
            ("citations/a.bib", "@article{king2022, title={T}, author={King, B}, year={2022}}"),
        ],
    );
    let page = |name: &str| site.page(&format!("classes/{name}/index.html"));
    let warning = |name: &str| texts(&page(name), ".boxed-warning .warning-text");
    assert_eq!(warning("jak"), ["Serious infections."]);
    assert_eq!(warning("nova"), [""; 0]);
    assert_eq!(warning("stella"), ["Alike."]);
    let html = site.file("classes/jak/index.html");
    assert!(html.find("shared-warning") < html.find("inverse-members"));
}

#[test]
fn what_a_page_describes_is_typed_by_its_kind() {
    let kinds = [
        ("drug", "Drug"),
        ("device", "MedicalDevice"),
        ("procedure", "MedicalProcedure"),
        ("supplement", "DietarySupplement"),
        ("lifestyle", "LifestyleModification"),
    ];
    let path = |kind: &str| format!("content/treatments/{kind}.md");
    let files = kinds.map(|(kind, _)| (path(kind), format!("---\ntitle: T\nkind: {kind}\n---\n")));
    let mut files: Vec<_> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    files.push(("content/articles/a.md", "---\ntitle: A\nabout: [treatments/device]\n---\n"));
    let site = site("", &files);
    for (kind, ty) in kinds {
        let page = site.file(&format!("treatments/{kind}/index.html"));
        assert!(page.contains(&format!("\"@type\":\"{ty}\"")), "{kind}: {page}");
    }
    assert!(site.file("articles/a/index.html").contains("\"@type\":\"MedicalDevice\""));
}

#[test]
fn the_photograph_of_a_person_is_the_image_of_their_page() {
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='80' height='90'></svg>";
    let site = site(
        "",
        &[
            (
                "content/people/ann.md",
                "---\nname: Ann\nphoto: {src: ann.svg, alt: Ann at work}\n---\n",
            ),
            ("content/people/ann.svg", svg),
            (
                "content/people/bob.md",
                "---\nname: Bob\nphoto: none.png\nimage: {src: ann.svg, alt: B}\n---\n",
            ),
            ("content/people/cid.md", "---\nname: Cid\nphoto: none.png\n---\n"),
            ("content/articles/a.md", "---\ntitle: A\nauthors: [ann]\n---\n"),
        ],
    );
    let portrait = "<figure class=\"portrait\"><img src=\"../ann.svg\" alt=\"Ann at work\" width=\"80\" height=\"90\">";
    let page = site.file("people/ann/index.html");
    assert!(page.contains(portrait), "{page}");
    assert!(page.contains(
        "\"image\":{\"@type\":\"ImageObject\",\"url\":\"https://example.org/sub/people/ann.svg\""
    ));
    assert!(site.file("articles/a/index.html").contains("src=\"../../people/ann.svg\""));
    let found = site.build.diagnostics.iter().filter(|found| found.rule.id == "image-missing");
    let found: Vec<_> = found.map(|found| (found.source().as_str(), found.span.start)).collect();
    assert_eq!(found, [("content/people/cid.md", 21)]);
}

#[test]
fn one_mistake_makes_one_finding() {
    let site = site(
        "",
        &[
            ("content/articles/a.md", "---\ntitle: A\nautors: [ann]\nreviewer: ann\n---\n"),
            ("content/articles/b.md", "---\ntitel: B\nauthors: [ann]\n---\n"),
            ("content/people/ann.md", "---\nname: Ann\n---\n"),
        ],
    );
    let of = |file: &str| -> Vec<&str> {
        let about = site.build.diagnostics.iter().filter(|found| found.source().as_str() == file);
        about.map(|found| found.rule.id).filter(|rule| !rule.starts_with("link-")).collect()
    };
    let missing = ["disc-missing", "meta-description"];
    let unknown = ["fm-unknown-field", "fm-unknown-field"];
    assert_eq!(of("content/articles/a.md"), [unknown, missing].concat());
    assert_eq!(
        of("content/articles/b.md"),
        ["fm-unknown-field", "disc-missing", "meta-description", "rev-missing"]
    );
}

#[test]
fn a_quoted_sentence_names_the_authors_whom_its_citation_names() {
    let authors = "King, Brett and Ohyama, Manabu and Kwon, Ohsang";
    let work = format!("@article{{king2022, title={{T}}, author={{{authors}}}, year=2022}}");
    let text = "---\ntitle: A\ndate: 2024-01-01\n---\n@king2022 shows that baricitinib works.\n";
    let site = site(
        "",
        &[
            ("citations/a.bib", &work),
            ("content/articles/a.md", text),
            ("content/treatments/baricitinib.md", "---\ntitle: Baricitinib\n---\n"),
        ],
    );
    let said = "King et al. shows that baricitinib works.";
    for path in ["references/king2022", "treatments/baricitinib", "articles"] {
        let page = site.page(&format!("{path}/index.html"));
        assert!(texts(&page, "main p").iter().any(|text| text == said), "{path}");
    }
    assert!(site.file("feed.xml").contains(said));
    assert!(site.file("articles/a/index.html").contains(&format!("content=\"{said}\"")));
}

#[test]
fn what_notes_cite_is_numbered_where_the_page_shows_the_notes() {
    let works = "@book{a, title={A}} @book{b, title={B}} @book{c, title={C}} @book{d, title={D}}";
    let text = "---\ntitle: A\nkey_points: [\"Point[^k] [@a].\\n\\n[^k]: Note [@c].\"]\n\
        changes: [{date: 2024-01-01, note: \"Changed [@b].\"}]\n---\nText[^1].\n\n\
        [^1]: A note [@d].\n";
    let numbers = |style: &str| {
        let book = format!("[citations]\nstyle = \"{style}\"\n");
        let page = site(&book, &[("citations/a.bib", works), ("content/articles/a.md", text)])
            .page("articles/a/index.html");
        (texts(&page, "a[role=doc-biblioref]"), links(&page, "a[role=doc-biblioref]"))
    };
    assert_eq!(numbers("ama").0, ["1", "2", "3", "4"]);
    assert_eq!(numbers("ama").1, ["#ref-a", "#ref-b", "#ref-c", "#ref-d"]);
    let noted = numbers("chicago-notes").1;
    assert_eq!(noted, ["#ref-c", "#ref-a", "#ref-d", "#ref-b"], "in the order of the marks");
}

#[test]
fn formulas_are_copied_as_they_were_written() {
    let page = "---\ntitle: A\n---\n\nSo $x^2 < y$.\n\n$$\\frac{a}{b}$$\n";
    let book = "[markdown]\nmath = true\n[outputs]\nmarkdown-copies = true\n";
    let site = site(book, &[("content/articles/a.md", page)]);
    let copy = site.file("articles/a/index.md");
    assert!(copy.contains("So $x^2 < y$.\n\n$$\\frac{a}{b}$$\n"), "{copy}");
}

#[test]
fn a_tag_in_several_spellings_is_one() {
    let page = "---\ntitle: A\ntags: [Hair Loss, hair loss, HAIR-LOSS, Safety]\n---\n";
    let site = site("", &[("content/articles/a.md", page)]);
    assert_eq!(texts(&site.page("articles/a/index.html"), ".tags li"), ["Hair Loss", "Safety"]);
    assert_eq!(texts(&site.page("tags/index.html"), ".tags li"), ["Hair Loss (1)", "Safety (1)"]);
}

#[test]
fn the_search_is_offered_where_there_is_one() {
    let home = ("content/_index.md", "---\ntitle: Home\n---\n");
    let german = ("content/articles/a.de.md", "---\ntitle: A\n---\n");
    let opens = |site: &BuiltSite, path: &str| links(&site.page(path), ".search-open");
    assert_eq!(opens(&site("", &[home]), "index.html"), [""; 0]);
    let site = site("[languages.de]\n", &[home, german]);
    assert_eq!(opens(&site, "index.html"), [""; 0]);
    assert_eq!(opens(&site, "de/articles/a/index.html"), ["../../search/"]);
    site.file("de/search/index.html");
    let site = self::site("", &[home, ("content/articles/a.md", "---\ntitle: A\n---\n")]);
    assert_eq!(opens(&site, "index.html"), ["search/"]);
}

#[test]
fn lists_for_programs_leave_out_what_search_engines_may_not_list() {
    let paths: Vec<String> = (0..52).map(|n| format!("content/articles/p{n:02}.md")).collect();
    let text = |n: usize| {
        let noindex = if n == 51 { "noindex: true\n" } else { "" };
        format!("---\ntitle: \"[{n}] *a*\"\ndate: 2026-01-01\nweight: {n}\n{noindex}---\n")
    };
    let texts: Vec<String> = (0..52).map(text).collect();
    let mut files: Vec<(&str, &str)> =
        paths.iter().zip(&texts).map(|(path, text)| (&**path, &**text)).collect();
    let newest = "---\ntitle: N\ndate: 2026-02-01\nnoindex: true\n---\n";
    files.push(("content/articles/newest.md", newest));
    let site = site("[outputs]\nllms = true\n", &files);
    assert_eq!(site.file("feed.xml").matches("<entry>").count(), 50);
    let list = site.file("llms.txt");
    assert!(list.contains("- [\\[7\\] \\*a\\*](https://example.org/sub/articles/p07/)"), "{list}");
    assert!(!list.contains("p51") && !list.contains("newest"), "{list}");
}

#[test]
fn lists_for_programs_name_collections_in_their_language() {
    let page = "---\ntitle: A\n---\n";
    let files = [
        ("content/articles/a.md", page),
        ("content/articles/a.de.md", page),
        ("content/glossary/b.de.md", page),
        ("content/glossary/_index.de.md", "---\ntitle: Unsere Wörter\n---\n"),
    ];
    let site = site("[outputs]\nllms = true\n[languages.de]\n", &files);
    assert!(site.file("llms.txt").contains("\n## Articles\n"));
    let german = site.file("de/llms.txt");
    assert!(german.contains("\n## Artikel\n"), "{german}");
    assert!(german.contains("\n## Unsere Wörter\n"), "{german}");
}

#[test]
fn a_work_of_long_ago_and_one_with_an_odd_key_are_shown_right() {
    let plato = "@book{plato, title={Laws}, author={Plato}, date={-0375}}\n";
    let odd = "[{\"id\": \"odd key\", \"type\": \"book\", \"title\": \"Odd\", \
               \"issued\": {\"date-parts\": [[2020]]}}]";
    let page = "---\ntitle: A\nnocite: \"*\"\n---\n\nSee [@plato] and [@{odd key}].\n";
    let files =
        [("content/articles/a.md", page), ("citations/a.bib", plato), ("citations/b.json", odd)];
    let site = site("", &files);
    let ids = Selector::parse("li[id^=ref-]").unwrap();
    let list = site.page("references/index.html");
    let ids: Vec<_> = list.select(&ids).filter_map(|entry| entry.attr("id")).collect();
    assert_eq!(ids, ["ref-odd~20~key", "ref-plato"]);
    let plato = site.file("references/plato/index.html");
    assert!(plato.contains("<dd>376 BC</dd>"), "{plato}");
    assert!(plato.contains("\"datePublished\":\"-0375\"") && !plato.contains("-376"), "{plato}");
}

#[test]
fn templates_can_reckon_with_numbers() {
    let book = "theme = \"own\"\n[collections.bridges]\ntemplate = \"bridge.html\"\n\
        [collections.bridges.fields]\nload = \"number\"\nspan = \"number\"\nclause = \"text\"\n";
    let template = "{% if page.fields.load > 10 %}heavy {{ page.fields.load + 1 }} {% endif %}\
        {{ page.fields.span }} {{ page.fields.clause }} {{ page.body }}";
    let component = "{% component beam(n = 0) %}{{ n + 1 }} {% endcomponent beam %}";
    let page = "---\ntitle: A\nload: 12.5\nspan: 0.90\nclause: 1.10\n---\n\
        ::: {.beam n=7}\n:::\n";
    let site = site(
        book,
        &[
            ("content/bridges/a.md", page),
            ("templates/bridge.html", template),
            ("themes/own/theme.toml", "[components.beam]\nargs.n.type = \"number\"\n"),
            ("themes/own/templates/components/beam.html", component),
        ],
    );
    let shown = site.file("bridges/a/index.html").split_whitespace().collect::<Vec<_>>();
    assert_eq!(shown, ["heavy", "13.5", "0.90", "1.10", "8"]);
}
