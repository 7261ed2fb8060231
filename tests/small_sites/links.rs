//! Links and files: what leads where, under which address.

use scraper::Selector;

use super::{links, site, texts};

#[test]
fn the_page_for_what_is_not_there_is_whole_at_any_address() {
    let site = site("[[nav]]\npage = \"about\"\n", &[("content/about.md", "---\ntitle: A\n---\n")]);
    let page = site.page("404.html");
    let all = links(&page, "link[rel=stylesheet], link[rel=icon], body a");
    let (anchors, paths): (Vec<_>, Vec<_>) = all.iter().partition(|link| link.starts_with('#'));
    assert_eq!(anchors, ["#main"]);
    assert!(paths.iter().all(|path| path.starts_with("https://example.org/sub/")), "{paths:?}");
    assert!(paths.iter().any(|path| path.ends_with("/sub/about/")), "{paths:?}");
    assert!(links(&site.page("index.html"), "nav a").iter().any(|path| path == "about/"));
}

#[test]
fn addresses_that_browsers_understand_are_no_errors() {
    let page = "---\ntitle: A\nauthors: [ann]\n---\n\nSee [the list](#reference-list), \
        [who](../people/ann.md#publications), [G](/glossary/#letter-a) and @a.\n\n\
        <iframe src=\"/demo/\"></iframe>\n";
    let book = "[theme]\nstylesheets = [\"own.css?v=2\"]\n\
        [[nav]]\ntitle = \"G\"\nurl = \"/glossary/#letter-a\"\n\
        [redirects]\n\"/old/\" = \"/articles/a/#ref-a\"\n\"/top/\" = \"/articles/a/#top\"\n";
    let site = site(
        book,
        &[
            ("citations/a.bib", "@article{a, title={T}, author={Roe, Ann}, year=2022}"),
            ("content/articles/a.md", page),
            ("content/glossary/_index.md", "---\ntitle: Words\n---\n"),
            ("content/glossary/atopy.md", "---\ntitle: Atopy\n---\nA word.\n"),
            ("content/people/ann.md", "---\nname: Ann Roe\n---\n"),
            ("static/demo/index.html", "<p>D</p>"),
            ("static/own.css", "p {}"),
        ],
    );
    let wrong = site.build.diagnostics.iter().filter(|found| found.rule.id == "link-broken");
    let wrong: Vec<&str> = wrong.map(|found| &*found.message).collect();
    assert_eq!(wrong, [""; 0]);
    let html = site.file("articles/a/index.html");
    assert!(html.contains("href=\"../../own.css?v=2\""), "{html}");
    assert!(site.file("old/index.html").contains("url=../articles/a/#ref-a"));
}

#[test]
fn an_address_in_full_leads_to_the_language_that_it_names() {
    let text = "---\ntitle: A\n---\n[Read in English](https://example.org/sub/articles/a/)\n";
    let site = site(
        "[languages.fr]\n",
        &[("content/articles/a.md", "---\ntitle: A\n---\n"), ("content/articles/a.fr.md", text)],
    );
    let links = links(&site.page("fr/articles/a/index.html"), ".body a");
    assert_eq!(links, ["../../../articles/a/"]);
}

#[test]
fn the_files_of_a_bundle_that_is_left_out_are_not_published() {
    let page = |more: &str| format!("---\ntitle: A\n{more}---\n\nText.\n");
    let (draft, ahead, plain) = (page("draft: true\n"), page("date: 2030-01-01\n"), page(""));
    let site = site(
        "[languages.de]\n",
        &[
            ("content/articles/draft/index.md", &draft),
            ("content/articles/draft/data/secret.png", ""),
            ("content/articles/ahead/index.md", &ahead),
            ("content/articles/ahead/secret.png", ""),
            ("content/articles/plain/index.md", &plain),
            ("content/articles/plain/plain.png", ""),
            ("content/articles/german/index.md", &plain),
            ("content/articles/german/index.de.md", &draft),
            ("content/articles/german/german.png", ""),
        ],
    );
    let images: Vec<&String> = site.files.keys().filter(|path| path.ends_with(".png")).collect();
    assert_eq!(images, ["articles/german/german.png", "articles/plain/plain.png"]);
}

#[test]
fn nothing_leads_to_what_is_not_made() {
    let book = "[outputs]\ntags = false\nassets = false\n";
    let page = "---\ntitle: A\ntags: [Safety]\n---\n";
    let site = site(book, &[("content/articles/a.md", page)]);
    let page = site.page("articles/a/index.html");
    assert_eq!(texts(&page, ".tags li"), ["Safety"]);
    assert_eq!(links(&page, ".tags a"), [""; 0]);
    let html = site.file("articles/a/index.html");
    assert!(!html.contains("assets/"), "{html}");
}

#[test]
fn what_raw_html_embeds_is_found_from_the_page() {
    let page = "---\ntitle: A\n---\n\n<video src='clip.mp4#t=2' poster=/still.png></video>\n\n\
        <img src=/still.png alt=A srcset=\"/still.png 1x, /large.png 2x\">\n\n\
        <iframe src=\"b.md\"></iframe>\n";
    let site = site(
        "",
        &[
            ("content/articles/a.md", page),
            ("content/articles/b.md", "---\ntitle: B\n---\n"),
            ("content/articles/clip.mp4", ""),
            ("static/still.png", ""),
            ("static/large.png", ""),
        ],
    );
    let html = site.file("articles/a/index.html");
    for tag in [
        "<video src=\"../clip.mp4#t=2\" poster=\"../../still.png\">",
        "srcset=\"../../still.png 1x, ../../large.png 2x\"",
        "<iframe src=\"../b/\">",
    ] {
        assert!(html.contains(tag), "{tag}");
    }
}

#[test]
fn what_stands_beside_a_page_is_named_after_it() {
    let page = "---\ntitle: A\nauthors: [ann]\n---\n\nSo [@king2022].\n";
    let site = site(
        "[outputs]\nmarkdown-copies = true\n[collections.articles]\npermalink = \"/a/{slug}\"\n\
         [redirects]\n\"/old\" = \"/p\"\n",
        &[
            ("content/articles/x.md", page),
            ("content/p.md", "---\ntitle: P\npermalink: /p\n---\n"),
            ("content/people/ann.md", "---\nname: Ann\n---\n"),
            ("citations/a.bib", "@article{king2022, title={T}, author={King, B}, year={2022}}"),
        ],
    );
    for path in
        ["p/index.html", "p/index.md", "a/x/index.html", "a/x/references.bib", "old/index.html"]
    {
        site.file(path);
    }
    let downloads = texts(&site.page("a/x/index.html"), ".downloads");
    assert!(downloads[0].ends_with("BibTeX RIS"), "{downloads:?}");
    assert!(site.file("a/x/index.md").contains("BibTeX](references.bib) [RIS]"));
}

#[test]
fn signs_in_the_names_of_files_are_encoded_in_addresses() {
    let book =
        "[redirects]\n\"/b%C3%A9/\" = \"/articles/z%C3%A9b/\"\n[build]\nslugs = \"unicode\"\n";
    let book = format!("edit_url = \"https://example.org/edit/{{path}}\"\n{book}");
    let site = site(
        &book,
        &[
            ("content/articles/C# & 100%.md", "---\ntitle: C\nredirect_from: /caf%C3%A9/\n---\n"),
            ("content/articles/zéb.md", "---\ntitle: Z\n---\n"),
        ],
    );
    assert_eq!(site.build.diagnostics.iter().filter(|d| d.rule.id == "link-broken").count(), 0);
    assert!(site.file("bé/index.html").contains("../articles/z%C3%A9b/"));
    assert!(site.file("café/index.html").contains("../articles/c-100/"));
    let page = site.file("articles/c-100/index.html");
    let address = "https://example.org/edit/content/articles/C%23%20%26%20100%25.md";
    assert!(page.contains(address), "{page}");
}

#[test]
fn links_to_files_and_images_keep_their_query_and_anchor() {
    let text = "---\ntitle: A\n---\n[pdf](/doc.pdf#page=5) <a href=\"/doc.pdf?v=2#page=9\">x</a>\n\n\
        ![Part](/sprite.svg#b)\n";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>";
    let site = site(
        "",
        &[("content/articles/a.md", text), ("static/doc.pdf", ""), ("static/sprite.svg", svg)],
    );
    let page = site.page("articles/a/index.html");
    assert_eq!(links(&page, ".body a"), ["../../doc.pdf#page=5", "../../doc.pdf?v=2#page=9"]);
    let image = Selector::parse(".body img").unwrap();
    let shown: Vec<_> = page.select(&image).filter_map(|image| image.attr("src")).collect();
    assert_eq!(shown, ["../../sprite.svg#b"]);
}

#[test]
fn a_link_to_a_redirected_path_leads_to_the_new_page() {
    let site = site(
        "[redirects]\n\"/x/\" = \"/articles/b/\"\n",
        &[
            ("content/articles/a.md", "---\ntitle: A\n---\n[k](/x/#sec) [](/x/)\n"),
            ("content/articles/b.md", "---\ntitle: B\n---\n## Sec\n"),
        ],
    );
    let page = site.page("articles/a/index.html");
    assert_eq!(links(&page, ".body a"), ["../b/#sec", "../b/"]);
    assert_eq!(texts(&page, ".body a"), ["k", "B"]);
    assert!(site.file("x/index.html").contains("../articles/b/"));
}
