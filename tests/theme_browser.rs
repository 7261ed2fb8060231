//! The sample in a browser: cards, keys, colours, paper, narrow windows, and no script.

#![cfg(all(feature = "serve", unix))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "serve/browser.rs"]
mod browser;
mod support;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use browser::{Browser, Tab};
use support::BuiltSite;

/// The sample's files by path.
static FILES: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| BuiltSite::of_repository().files);

/// Where they are served for as long as the tests run; what leads to the published site
/// from the page for what is not there leads to this one.
static SAMPLE: LazyLock<String> = LazyLock::new(|| {
    let mut files = FILES.clone();
    let missing = files.get_mut("404.html").unwrap();
    *missing = missing.replace("\"https://galen.example/", "\"/");
    serve(files)
});

/// The same for a browser that cannot place one element beside another.
static WITHOUT_ANCHORS: LazyLock<String> = LazyLock::new(|| without("position-area"));

/// The same for one that has no popovers either.
static WITHOUT_POPOVERS: LazyLock<String> = LazyLock::new(|| without("popover"));

/// Serves the sample with a word of its styles and scripts made one that no browser knows.
fn without(word: &str) -> String {
    let mut files = FILES.clone();
    let code = |path: &str| path.ends_with(".css") || path.ends_with(".js");
    for (_, text) in files.iter_mut().filter(|(path, _)| code(path)) {
        *text = text.replace("position-area", "position-nowhere");
        if word != "position-area" {
            *text = text.replace(&format!("\"{word}\""), "\"nothing\"");
        }
    }
    serve(files)
}

const ARTICLE: &str = "articles/jak-inhibitors-for-alopecia-areata/";

/// A page of each kind.
const KINDS: &[&str] = &[
    "",
    ARTICLE,
    "treatments/baricitinib/",
    "conditions/alopecia-areata/",
    "classes/jak-inhibitor/",
    "people/ines-marlowe/",
    "glossary/",
    "glossary/salt-score/",
    "search/",
    "articles/",
    "references/",
    "references/king2022/",
    "tags/",
    "style-guide/",
    "404.html",
];

/// Serves files under a policy that allows only what comes from the site itself.
fn serve(files: BTreeMap<String, String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let files = Arc::new(files);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let files = Arc::clone(&files);
            // A browser that goes away in the middle of an answer is no failure.
            std::thread::spawn(move || drop(answer(&stream, &files)));
        }
    });
    address
}

fn answer(mut stream: &TcpStream, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let path = first.split(' ').nth(1).unwrap_or("/").trim_start_matches('/');
    let path = path.split('?').next().unwrap_or_default();
    let index = format!("{path}index.html");
    let found = files.get_key_value(path).or_else(|| files.get_key_value(&index));
    let (status, body) = found.map_or(("404 Not Found", ""), |(_, body)| ("200 OK", body));
    let kind = match found.and_then(|(path, _)| path.rsplit_once('.')) {
        Some((_, "html")) => "text/html; charset=utf-8",
        Some((_, "css")) => "text/css",
        Some((_, "js")) => "text/javascript",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'self'\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn open(browser: &Browser, path: &str) -> Tab {
    let mut tab = browser.open(&format!("{}{path}", *SAMPLE));
    tab.resize(1280, 900);
    tab
}

const CITATION: &str = "document.querySelectorAll('.body [role=doc-biblioref]')[3]";
const OPEN_CARD: &str = "document.querySelector('.card:popover-open')";
const NO_CARD: &str = "!document.querySelector('.card:popover-open')";

/// Waits longer than a card takes to come or to go.
fn wait_a_moment() {
    std::thread::sleep(std::time::Duration::from_millis(600));
}

#[test]
fn a_citation_shows_its_reference_and_a_term_its_meaning() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);

    // By the pointer: it comes, can be pointed at, and stays until it is left.
    tab.point_until(CITATION, OPEN_CARD);
    let said = format!(
        "document.getElementById({CITATION}.hash.slice(1)).querySelector('.right').textContent\
         .startsWith({OPEN_CARD}.querySelector('.right').textContent.trim())"
    );
    assert_eq!(tab.value(&said), true, "the card says what the list says");
    let number = format!("{CITATION}.textContent");
    let go = format!("{OPEN_CARD}.lastElementChild.textContent");
    let expected = format!("Go to reference {}", tab.value(&number).as_str().unwrap());
    assert_eq!(tab.value(&go), expected);
    let inside = format!(
        "(() => {{ const r = {OPEN_CARD}.getBoundingClientRect(); \
         return [r.x + r.width / 2, r.y + r.height / 2, r.left >= 0 && r.right <= innerWidth]; }})()"
    );
    let place = tab.value(&inside);
    assert_eq!(place[2], true, "the card is in the window");
    tab.mouse("mouseMoved", (place[0].as_f64().unwrap(), place[1].as_f64().unwrap()));
    wait_a_moment();
    assert_eq!(tab.value(&format!("Boolean({OPEN_CARD})")), true, "it stays under the pointer");

    // It is out of the reading order and of the order of Tab.
    assert_eq!(tab.value(&format!("{OPEN_CARD}.ariaHidden")), "true");
    assert_eq!(
        tab.value(&format!("{OPEN_CARD}.querySelectorAll('a:not([tabindex=\"-1\"])').length")),
        0
    );

    tab.press("Escape");
    tab.wait_for(NO_CARD);
    tab.point_until(CITATION, OPEN_CARD);
    tab.mouse("mouseMoved", (2.0, 2.0));
    tab.wait_for(NO_CARD);

    // By the keyboard: with the focus, until Escape or the next stop.
    tab.press("Tab");
    tab.value(&format!("{CITATION}.focus({{ focusVisible: true }})"));
    tab.wait_for(OPEN_CARD);
    tab.press("Escape");
    tab.wait_for(NO_CARD);
    assert_eq!(tab.value(&format!("document.activeElement === {CITATION}")), true);

    tab.point_until("document.querySelector('.body a.term')", OPEN_CARD);
    let means = tab.value(&format!("{OPEN_CARD}.children[1].textContent.length"));
    assert!(means.as_u64().unwrap() > 20, "it says what the term means: {means}");
}

#[test]
fn a_finger_on_a_citation_goes_to_the_list() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);
    tab.touch_only();
    tab.resize(390, 800);
    tab.go(&format!("{}{ARTICLE}?touch", *SAMPLE));
    tab.value("document.addEventListener('toggle', () => { window.opened = true; }, true)");
    tab.tap(CITATION);
    tab.wait_for(&format!("location.hash === {CITATION}.hash"));
    wait_a_moment();
    assert_eq!(tab.value(NO_CARD), true);
    assert_eq!(tab.value("window.opened ?? false"), false, "nor was there one");
    let target = "document.querySelector('.references li:target').getBoundingClientRect()";
    assert_eq!(tab.value(&format!("{target}.top >= 0 && {target}.top < innerHeight")), true);

    tab.tap("document.querySelector('.references li:target .backlinks a')");
    tab.wait_for("document.querySelector(':target').closest('.body')");
    let term = "document.querySelector('.body a.term')";
    let leads = tab.value(&format!("{term}.pathname"));
    tab.tap(term);
    tab.wait_for(&format!("location.pathname === {leads}"));
}

/// Opens the card of the citation `nth` and returns whether it is whole in the window and
/// beside its citation, which it does not hide.
fn place_of_card(tab: &mut Tab, citation: &str, card: &str) -> serde_json::Value {
    tab.point_until(citation, card);
    tab.value(&format!(
        "(() => {{ const card = {card}.getBoundingClientRect(); \
         const link = {citation}.getBoundingClientRect(); \
         const near = Math.min(Math.abs(card.bottom - link.top), Math.abs(card.top - link.bottom)); \
         return [card.left >= 0 && card.right <= innerWidth, card.top >= 0 && card.bottom <= innerHeight, \
         card.bottom <= link.top + 2 || card.top >= link.bottom - 2, near < 40]; }})()"
    ))
}

#[test]
fn a_card_is_in_its_place_where_the_browser_does_not_place_it() {
    let Some(browser) = Browser::start() else { return };
    let ways: [(&str, &str); 2] = [
        (&WITHOUT_ANCHORS, OPEN_CARD),
        (&WITHOUT_POPOVERS, "document.querySelector('.card.open')"),
    ];
    for (site, card) in ways {
        for (path, width, height) in
            [(ARTICLE, 1280, 900), (ARTICLE, 500, 320), ("ar/articles/", 700, 700)]
        {
            let mut tab = browser.open(&format!("{site}{path}"));
            tab.resize(width, height);
            if path != ARTICLE {
                let first = tab.value("document.querySelector('.cards li a').href");
                tab.go(first.as_str().unwrap());
            }
            let citations = "[...document.querySelectorAll('.body [role=doc-biblioref]')]";
            for citation in [format!("{citations}.at(0)"), format!("{citations}.at(-1)")] {
                let place = place_of_card(&mut tab, &citation, card);
                let all = serde_json::json!([true, true, true, true]);
                assert_eq!(place, all, "{path} at {width} by {height}: {citation}");
                tab.press("Escape");
                tab.wait_for(&format!("!{card}"));
            }
            // What goes away from its citation goes for good.
            place_of_card(&mut tab, &format!("{citations}.at(0)"), card);
            tab.value("scrollBy({ top: 400, behavior: 'instant' })");
            tab.wait_for(&format!("!{card}"));
        }
    }
}

#[test]
fn keys_lead_to_the_text_to_a_reference_and_back() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);
    tab.press("Tab");
    assert_eq!(tab.value("document.activeElement.className"), "skip");
    tab.press("Enter");
    tab.wait_for("document.activeElement.id === 'main'");

    tab.value(&format!("{CITATION}.focus({{ focusVisible: true }})"));
    let outline = "parseFloat(getComputedStyle(document.activeElement).outlineWidth)";
    assert_eq!(tab.value(outline), 3, "the focus shows");
    let from = tab.value(&format!("'#' + {CITATION}.id"));
    tab.press("Enter");
    tab.wait_for(&format!("location.hash === {CITATION}.hash"));
    assert_eq!(tab.value("document.querySelector(':target').matches('.references li')"), true);
    let marked = "document.querySelector('.backlinks a[aria-current]')";
    assert_eq!(tab.value(&format!("{marked}.hash")), from, "the way back stands out");
    tab.value(&format!("{marked}.focus()"));
    tab.press("Enter");
    tab.wait_for(&format!("location.hash === {from}"));
    assert_eq!(tab.value(&format!("document.querySelector(':target') === {CITATION}")), true);
}

#[test]
fn the_choice_of_colours_is_remembered() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, "");
    tab.emulate("prefers-color-scheme", "light");
    let paper = "getComputedStyle(document.body).backgroundColor";
    let light = tab.value(paper);
    let switch = "document.querySelector('.theme-switch')";
    assert_eq!(tab.value(&format!("{switch}.textContent.trim()")), "Colours: as the system");
    tab.emulate("prefers-color-scheme", "dark");
    let dark = tab.value(paper);
    assert_ne!(dark, light, "at first the system decides");

    tab.click(switch);
    assert_eq!(tab.value(paper), light);
    tab.click(switch);
    tab.emulate("prefers-color-scheme", "light");
    assert_eq!(tab.value(paper), dark, "then the reader does");
    tab.go(&format!("{}about/", *SAMPLE));
    assert_eq!(tab.value(paper), dark, "on every page");
    assert_eq!(tab.value(&format!("{switch}.textContent.trim()")), "Colours: dark");
}

#[test]
fn everything_can_be_read_without_script() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);
    tab.without_script();
    tab.go(&format!("{}{ARTICLE}?plain", *SAMPLE));
    let shown = |element: &str| format!("document.querySelector('{element}').checkVisibility()");
    for element in [".site-nav a", ".toc a", ".body", ".references li", ".backlinks a"] {
        assert_eq!(tab.value(&shown(element)), true, "{element}");
    }
    assert_eq!(tab.value(&shown(".theme-switch")), false, "what needs script is not there");
    assert_eq!(tab.value("document.querySelector('.card')"), serde_json::Value::Null);

    tab.click(CITATION);
    tab.wait_for("document.querySelector('.references li:target')");
    let marked = "getComputedStyle(document.querySelector(':target')).backgroundColor";
    assert_ne!(tab.value(marked), "rgba(0, 0, 0, 0)", "the reference stands out");

    tab.resize(390, 800);
    assert_eq!(tab.value(&shown(".site-nav a")), false);
    tab.click("document.querySelector('.menu-button')");
    tab.wait_for(&shown(".site-nav a"));

    tab.go(&format!("{}style-guide/", *SAMPLE));
    let hidden =
        "[...document.querySelectorAll('.tab')].filter((tab) => !tab.checkVisibility()).length";
    assert_eq!(tab.value(hidden), 0, "every panel is there");
}

#[test]
fn tabs_are_tabs_where_there_is_script() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, "style-guide/");
    let panels = "[...document.querySelector('.tabs').querySelectorAll('.tab')]";
    let shown = format!(
        "{panels}.map((panel) => panel.checkVisibility({{ contentVisibilityAuto: true }}) && !panel.hidden).join()"
    );
    assert_eq!(tab.value(&shown), "true,false,false");
    tab.value("document.querySelector('[role=tab]').focus()");
    tab.press("ArrowRight");
    assert_eq!(tab.value(&shown), "false,true,false");
    tab.press("End");
    assert_eq!(tab.value(&shown), "false,false,true");
    assert_eq!(tab.value("document.activeElement.ariaSelected"), "true");
    tab.press("ArrowRight");
    assert_eq!(tab.value(&shown), "true,false,false");
}

#[test]
fn notes_stand_beside_the_text_where_there_is_room() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, "style-guide/");
    tab.wait_for("document.querySelector('.sidenote')");
    let beside = "(() => { \
        const note = document.querySelector('.sidenote').getBoundingClientRect(); \
        const mark = document.querySelector('.body [role=doc-noteref]').getBoundingClientRect(); \
        const text = document.querySelector('.body').getBoundingClientRect(); \
        return note.left > text.right && note.right < innerWidth && Math.abs(note.top - mark.top) < 40; \
    })()";
    assert_eq!(tab.value(beside), true);
    // The list at the end holds it for everyone else.
    assert_eq!(tab.value("document.querySelector('.sidenote').ariaHidden"), "true");
    assert_eq!(
        tab.value("document.querySelector('.sidenote a:not([tabindex=\"-1\"])')"),
        serde_json::Value::Null
    );
    tab.resize(800, 900);
    tab.wait_for("!document.querySelector('.sidenote')");
    tab.point_until("document.querySelector('.body [role=doc-noteref]')", OPEN_CARD);
    assert_eq!(tab.value(&format!("{OPEN_CARD}.lastElementChild.textContent")), "Go to note a");
}

#[test]
fn the_contents_list_shows_where_the_reader_is() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);
    tab.value("document.querySelectorAll('.body h2')[3].scrollIntoView({ behavior: 'instant' })");
    let current = "document.querySelector('.toc [aria-current]')?.hash";
    tab.wait_for(&format!("{current} === '#' + document.querySelectorAll('.body h2')[3].id"));
    let stays = "document.querySelector('.toc').getBoundingClientRect().top >= 0";
    assert_eq!(tab.value(stays), true, "and goes along");
}

#[test]
fn paper_is_white_and_holds_the_text_alone() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);
    tab.value("document.documentElement.dataset.theme = 'dark'");
    let pdf = tab.pdf();
    assert!(pdf.starts_with("JVBERi0"), "it is a PDF");
    assert!(pdf.len() > 50_000, "with the whole article");
    tab.show_as("print");
    assert_eq!(tab.value("getComputedStyle(document.body).backgroundColor"), "rgb(255, 255, 255)");
    assert_eq!(tab.value("getComputedStyle(document.body).color"), "rgb(0, 0, 0)");
    let shown = "[...document.querySelectorAll('.site-nav, .toc, .breadcrumbs, .theme-switch, \
                 .backlinks, .neighbours')].filter((part) => part.checkVisibility()).length";
    assert_eq!(tab.value(shown), 0, "no navigation");
    let links = "document.querySelectorAll('.references li .right').length > 10 && \
                 document.querySelector('.references').checkVisibility()";
    assert_eq!(tab.value(links), true);
}

#[test]
fn no_page_is_wider_than_a_narrow_window() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, "");
    tab.resize(360, 740);
    for page in KINDS {
        tab.go(&format!("{}{page}?narrow", *SAMPLE));
        let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth";
        assert_eq!(tab.value(fits), true, "{page}");
    }
}

#[test]
fn an_article_is_light() {
    let Some(browser) = Browser::start() else { return };
    let mut tab = open(&browser, ARTICLE);
    let weigh = "(async () => {
        const loaded = performance.getEntriesByType('resource').map((entry) => entry.name);
        const weight = { css: 0, js: 0, all: 0, requests: loaded.length + 1 };
        for (const url of [location.href, ...loaded]) {
            const body = (await fetch(url)).body.pipeThrough(new CompressionStream('gzip'));
            const { byteLength } = await new Response(body).arrayBuffer();
            const kind = new URL(url).pathname.split('.').pop();
            if (kind in weight) weight[kind] += byteLength;
            weight.all += byteLength;
        }
        return weight;
    })()";
    let weight = tab.value(weigh);
    let of = |kind: &str| weight[kind].as_u64().unwrap();
    assert!((1..=10 * 1024).contains(&of("css")), "{weight}");
    assert!((1..=5 * 1024).contains(&of("js")), "{weight}");
    assert!(of("all") <= 50 * 1024, "{weight}");
    assert!(of("requests") <= 6, "{weight}");
}

/// Returns axe-core, which `.ci/run` fetches; `None` where it was not fetched, which is
/// said, and which is a failure where everything must be there (`GALEN_CI`).
#[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
fn axe() -> Option<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/axe/package/axe.min.js");
    let text = std::fs::read_to_string(file).ok();
    if text.is_none() {
        assert_ne!(std::env::var("GALEN_CI").as_deref(), Ok("1"), "axe-core is lacking");
        eprintln!("skipped: there is no axe-core here; `.ci/run axe` fetches it");
    }
    text
}

/// Returns what axe finds on the next of these pages, in every pair of width and colours.
fn violations(browser: &Browser, axe: &str, pages: &Mutex<Vec<&str>>) -> Vec<String> {
    let light = [("prefers-color-scheme", "light"), ("forced-colors", "none")];
    let dark = [("prefers-color-scheme", "dark"), ("forced-colors", "none")];
    let forced = [("prefers-color-scheme", "light"), ("forced-colors", "active")];
    let ways = [360, 1280].into_iter().flat_map(|width| [light, dark, forced].map(|c| (width, c)));
    let ways: Vec<_> = ways.collect();
    let run = "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], \
               resultTypes: ['violations'] }).then(({ violations }) => violations.map( \
               (v) => `${v.id}: ${v.nodes.map((node) => node.target).join(' ')}`).join('; '))";
    let mut tab = open(browser, "");
    let mut found = Vec::new();
    while let Some(page) = { pages.lock().unwrap().pop() } {
        tab.go(&format!("{}{page}?axe", *SAMPLE));
        tab.value(axe);
        for (width, media) in &ways {
            tab.resize(*width, 800);
            tab.emulate_all(media);
            match tab.value(run).as_str() {
                Some("") => {}
                other => found.push(format!("{page} at {width} {media:?}: {other:?}")),
            }
        }
    }
    found
}

#[test]
fn axe_finds_nothing_in_any_colours_on_any_kind_of_page() {
    let (Some(axe), Some(browser)) = (axe(), Browser::start()) else { return };
    // The longest page last in the list, which is taken from its end.
    let mut pages: Vec<&str> = KINDS.iter().copied().filter(|page| *page != ARTICLE).collect();
    pages.push(ARTICLE);
    let pages = Mutex::new(pages);
    let found: Vec<String> = std::thread::scope(|scope| {
        let look = || violations(&browser, &axe, &pages);
        let tabs = [scope.spawn(look), scope.spawn(look)];
        tabs.into_iter().flat_map(|tab| tab.join().unwrap()).collect()
    });
    assert_eq!(found, Vec::<String>::new());
}
