//! What an author sees in the browser while writing.

#![cfg(all(feature = "serve", unix))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "serve/browser.rs"]
mod browser;
#[path = "serve/program.rs"]
mod program;

use browser::{Browser, Tab};
use program::{Program, TestSite};

/// A page that is much longer than the window, with something to open at its top.
fn long_page(words: &str) -> String {
    let mut text = "---\ntitle: A long page\n---\n\n<details id=\"more\"><summary>More</summary>\n\
                    \nhidden words\n\n</details>\n\n<input id=\"box\">\n\n"
        .to_owned();
    for number in 0..120 {
        text.push_str(&format!("Paragraph {number} stands where it stands.\n\n"));
    }
    text.push_str(&format!("The last one says {words} and ends.\n"));
    text
}

/// Opens a page, and marks it, so that a page that is loaded anew shows.
fn open(browser: &Browser, url: &str) -> Tab {
    let mut tab = browser.open(url);
    tab.wait_for("document.body");
    tab.value("window.kept = true; document.body.offsetHeight");
    tab
}

const OVERLAY: &str = "(document.querySelector('galen-findings')?.shadowRoot.textContent ?? '')";

fn overlay_says(text: &str) -> String {
    format!("{OVERLAY}.includes({})", serde_json::Value::from(text))
}

fn page_says(text: &str) -> String {
    format!("document.body.textContent.includes({})", serde_json::Value::from(text))
}

#[test]
fn a_page_changes_where_it_stands_and_findings_come_and_go() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    site.write("content/a.md", &long_page("first words"));
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = open(&browser, &format!("{}a/", program.url()));
    tab.value("document.querySelector('#more').open = true");
    tab.value("document.querySelector('#box').value = 'typed'");
    tab.value("window.scrollTo(0, 1500)");
    let scrolled = tab.value("scrollY");
    assert!(scrolled.as_f64().unwrap() > 1000.0, "{scrolled}");

    // An edit: the words change, and nothing else does.
    site.write("content/a.md", &long_page("quite other words"));
    tab.wait_for(&page_says("The last one says quite other words and ends."));
    let marked = "[...(CSS.highlights.get('galen-changed') ?? [])].map(String).join('|')";
    assert_eq!(tab.value(marked), "quite other");
    assert_eq!(tab.value("scrollY"), scrolled);
    assert_eq!(tab.value("document.querySelector('#more').open"), true);
    assert_eq!(tab.value("document.querySelector('#box').value"), "typed");
    assert_eq!(tab.value(OVERLAY), "");
    tab.wait_for("!CSS.highlights.has('galen-changed')");

    // A mistake: the page stays, and what is wrong lies over it.
    site.write("content/a.md", &long_page("broken words").replace("A long page", "[A long page"));
    tab.wait_for(&overlay_says("content/a.md:2:"));
    tab.wait_for(&overlay_says("This page shows an older state, since content/a.md"));
    tab.wait_for(&overlay_says("title: [A long page"));
    let link = "document.querySelector('galen-findings').shadowRoot.querySelector('a').href";
    let link = tab.value(link).as_str().unwrap().to_owned();
    let file = site.root().join("content/a.md");
    assert!(link.starts_with(&format!("vscode://file{}:2:", file.display())), "{link}");
    assert_eq!(tab.value(&page_says("quite other words")), true);
    assert_eq!(tab.value("scrollY"), scrolled);

    // Mended.
    site.write("content/a.md", &long_page("mended words"));
    tab.wait_for(&page_says("The last one says mended words and ends."));
    tab.wait_for("!document.querySelector('galen-findings')");
    assert_eq!(tab.value("scrollY"), scrolled);
    assert_eq!(tab.value("document.querySelector('#more').open"), true);
    assert_eq!(tab.value("window.kept"), true, "it was never loaded anew");
}

#[test]
fn nothing_flashes_for_those_who_want_no_motion() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = open(&browser, &format!("{}a/", program.url()));
    tab.emulate("prefers-reduced-motion", "reduce");
    site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    tab.wait_for(&page_says("new words"));
    assert_eq!(tab.value("CSS.highlights.has('galen-changed')"), false);
}

#[test]
fn a_style_sheet_is_swapped_and_the_page_stays() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    site.write("content/a.md", "---\ntitle: A\ntemplate: own.html\n---\nfirst words\n");
    let template = |color: &str| {
        format!(
            "<!doctype html><html><head><title>{{{{ page.title }}}}</title>\
             <meta name=\"theme-color\" content=\"{color}\">\
             <link rel=\"stylesheet\" href=\"../own.css\"></head>\
             <body><h1>{{{{ page.title }}}}</h1>{{{{ page.body }}}}</body></html>"
        )
    };
    site.write("templates/own.html", &template("#111"));
    site.write("static/own.css", "h1 { color: rgb(1, 2, 3) }");
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = open(&browser, &format!("{}a/", program.url()));
    let color = |wanted: &str| {
        format!("getComputedStyle(document.querySelector('h1')).color === '{wanted}'")
    };
    tab.wait_for(&color("rgb(1, 2, 3)"));
    site.write("static/own.css", "h1 { color: rgb(4, 5, 6) }");
    tab.wait_for(&color("rgb(4, 5, 6)"));
    tab.wait_for("document.querySelectorAll('link[rel=stylesheet]').length === 1");

    // A page that is older than its connection hears of the style sheets that it missed.
    let link = "document.querySelector('link[rel=stylesheet]')";
    tab.value(&format!("{link}.setAttribute('href', '../own.css')"));
    tab.value("facts.build = 1, port.postMessage({ hello: true })");
    tab.wait_for(&format!("{link}.href.includes('galen=')"));
    tab.wait_for("document.querySelectorAll('link[rel=stylesheet]').length === 1");

    // A template that changes the head keeps the style sheet as it is.
    site.write("templates/own.html", &template("#222"));
    tab.wait_for("document.querySelector('meta[name=theme-color]').content === '#222'");
    assert_eq!(tab.value(&color("rgb(4, 5, 6)")), true);
    assert_eq!(tab.value("document.querySelectorAll('meta[name=theme-color]').length"), 1);
    assert_eq!(tab.value("window.kept"), true);
}

#[test]
fn of_many_pages_that_change_each_that_is_open_follows_and_is_styled() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    let name = "themes/own/static/house.css";
    site.write("book.toml", "[site]\ntitle = \"S\"\ntheme = \"own\"\n");
    site.write("themes/own/theme.toml", "stylesheets = [\"house.css\"]\n");
    site.write(name, "p { color: rgb(1, 2, 3) }\n");
    let template = |words: &str| {
        format!(
            "<!doctype html><html><head><title>T</title>\
             {{% for url in assets.css %}}<link rel=\"stylesheet\" href=\"{{{{ url }}}}\">{{% endfor %}}</head>\
             <body><p>{words}</p>{{{{ page.body }}}}</body></html>"
        )
    };
    site.write("templates/page.html", &template("one"));
    for page in 0..200 {
        site.write(&format!("content/p{page}.md"), "---\ntitle: P\n---\nwords\n");
    }
    let program = Program::serve(&site, &["--port", "0"]);
    let pages = [3, 150].map(|page| format!("{}p{page}/", program.url()));
    let mut tabs = pages.map(|page| open(&browser, &page));
    let color = "getComputedStyle(document.querySelector('p')).color";
    for (words, green) in [("two", 20), ("three", 30)] {
        site.write("templates/page.html", &template(words));
        for tab in &mut tabs {
            tab.wait_for(&page_says(words));
        }
        site.write(name, &format!("p {{ color: rgb(1, {green}, 3) }}\n"));
        for tab in &mut tabs {
            tab.wait_for(&format!("{color} === 'rgb(1, {green}, 3)'"));
            assert_eq!(tab.value("window.kept"), true, "it was never loaded anew");
        }
    }
}

#[test]
fn a_strict_content_security_policy_is_no_hindrance() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    site.write("content/a.md", "---\ntitle: A\ntemplate: own.html\n---\nfirst words\n");
    site.write(
        "templates/own.html",
        "<!doctype html><html><head><meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">\
         <title>{{ page.title }}</title></head><body>{{ page.body }}\
         <script>document.body.append('forbidden')</script></body></html>",
    );
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = open(&browser, &format!("{}a/", program.url()));
    for words in ["second words", "third words"] {
        site.write("content/a.md", &format!("---\ntitle: A\ntemplate: own.html\n---\n{words}\n"));
        tab.wait_for(&page_says(words));
    }
    assert_eq!(tab.value("document.body.innerText.includes('forbidden')"), false);
    site.write("content/a.md", "---\ntitle: [A\n---\n");
    tab.wait_for(&overlay_says("content/a.md"));
    let shown = "document.querySelector('galen-findings').shadowRoot.querySelector('.corner')";
    assert_eq!(tab.value(&format!("getComputedStyle({shown}).position")), "fixed");
    assert_eq!(tab.value("window.kept"), true);
}

#[test]
fn all_tabs_follow_and_find_the_server_again() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let url = program.url().to_owned();
    let port = url.trim_end_matches('/').rsplit(':').next().unwrap().to_owned();
    // More than the connections that a browser opens to a server.
    let mut tabs: Vec<Tab> = (0..8).map(|_| open(&browser, &format!("{url}a/"))).collect();
    let mut other = open(&browser, &format!("{url}b/"));
    site.write("content/a.md", "---\ntitle: A\n---\nsecond words\n");
    for tab in &mut tabs {
        tab.wait_for(&page_says("second words"));
        assert_eq!(tab.value("window.kept"), true);
    }
    assert_eq!(other.value("window.kept"), true);

    // A server that starts again with the same site changes nothing.
    drop(program);
    tabs[0].wait_for(&overlay_says("does not answer"));
    let program = Program::serve(&site, &["--port", &port]);
    tabs[0].wait_for("!document.querySelector('galen-findings')");
    assert_eq!(tabs[0].value("window.kept"), true);
    site.write("content/a.md", "---\ntitle: A\n---\nthird words\n");
    tabs[0].wait_for(&page_says("third words"));
    assert_eq!(tabs[0].value("window.kept"), true);

    // One that has another site is shown as it is.
    drop(program);
    site.write("content/a.md", "---\ntitle: A\n---\nfourth words\n");
    let _program = Program::serve(&site, &["--port", &port]);
    for tab in &mut tabs {
        tab.wait_for(&page_says("fourth words"));
    }
}

#[test]
fn a_page_that_goes_and_comes_is_followed() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = open(&browser, &format!("{}a/", program.url()));
    std::fs::remove_file(site.root().join("content/a.md")).unwrap();
    tab.wait_for(&format!("!({})", page_says("first words")));
    site.write("content/a.md", "---\ntitle: A\n---\nback again\n");
    tab.wait_for(&page_says("back again"));
}
