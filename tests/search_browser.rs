//! The search in a browser, by keyboard alone.

#![cfg(all(feature = "serve", unix))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "serve/browser.rs"]
mod browser;
#[path = "serve/program.rs"]
mod program;

use browser::{Browser, Tab};
use program::{Program, TestSite};

fn site() -> TestSite {
    let site = TestSite::new();
    site.write("book.toml", "[site]\ntitle = \"A site\"\n");
    site.write(
        "content/treatments/novamab.md",
        "---\ntitle: Novamab\nbrands: [Novix]\ndescription: A made-up antibody.\n---\n\
         ## What it risks\n\nNovamab may cause headaches. Few are severe.\n",
    );
    site.write("content/glossary/headache.md", "---\ntitle: Headache\n---\nPain in the head.\n");
    site
}

fn hits() -> &'static str {
    "[...document.querySelectorAll('dialog a.search-hit')].map((hit) => hit.textContent).join()"
}

fn focused(tab: &mut Tab) -> String {
    let focused = tab.value("document.activeElement.textContent || document.activeElement.type");
    focused.as_str().unwrap().to_owned()
}

#[test]
fn the_search_is_used_by_keyboard_alone() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = browser.open(&format!("{}a/", program.url()));
    tab.wait_for("document.querySelector('a[data-search][aria-haspopup]')");
    let scripts = "performance.getEntriesByType('resource').filter((r) => /search\\.[0-9a-f]+\\.js/.test(r.name)).length";
    assert_eq!(tab.value(scripts), 0, "the search is loaded when it is wanted");

    // A brand finds the generic's page, and the way there is Enter.
    tab.press_with_ctrl("k");
    tab.wait_for("document.querySelector('dialog[open] input:focus')");
    tab.type_text("novix");
    tab.wait_for(&format!("{} === 'Novamab'", hits()));
    let said = "document.querySelector('dialog [role=status]').textContent";
    assert_eq!(tab.value(said), "1 result");
    assert_eq!(tab.value("document.querySelector('dialog h2').textContent"), "Treatments");

    // Esc closes, and the focus is where it was.
    tab.press("Escape");
    tab.wait_for(
        "!document.querySelector('dialog[open]') && document.activeElement === document.body",
    );

    // Arrows go through the results, one of which quotes its sentence and section.
    tab.press("/");
    tab.wait_for("document.querySelector('dialog[open] input:focus')");
    tab.type_text("headahce");
    tab.wait_for(&format!("{} === 'Headache,Novamab'", hits()));
    tab.press("ArrowDown");
    assert_eq!(focused(&mut tab), "Headache");
    tab.press("ArrowDown");
    assert_eq!(focused(&mut tab), "Novamab");
    tab.wait_for(
        "document.querySelector('dialog a.search-section')?.textContent === 'What it risks'",
    );
    let quoted = "document.querySelector('dialog a.search-section').parentElement.textContent";
    assert_eq!(tab.value(quoted), "What it risks Novamab may cause headaches.");
    tab.press("ArrowUp");
    tab.press("ArrowUp");
    assert_eq!(focused(&mut tab), "search");
    tab.press("ArrowDown");
    tab.press("Enter");
    tab.wait_for("location.pathname === '/glossary/headache/'");
}

#[test]
fn readers_can_turn_the_single_key_off() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = browser.open(&format!("{}a/", program.url()));
    tab.wait_for("document.querySelector('a[data-search][aria-haspopup]')");
    tab.press("/");
    tab.wait_for("document.querySelector('dialog[open] input[type=checkbox]')");
    assert_eq!(tab.value("document.querySelector('dialog input[type=checkbox]').checked"), true);
    tab.value("document.querySelector('dialog input[type=checkbox]').click()");
    tab.press("Escape");
    tab.wait_for("!document.querySelector('dialog[open]')");
    tab.press("/");
    tab.press_with_ctrl("k");
    tab.wait_for("document.querySelector('dialog[open]')");
    tab.press("Escape");
    tab.value("location.assign('../b/')");
    tab.wait_for("location.pathname === '/b/' && document.querySelector('[aria-haspopup]')");
    tab.press("/");
    // What would open it is quicker than this.
    tab.value("new Promise((done) => setTimeout(done, 300))");
    assert_eq!(tab.value("document.querySelector('dialog[open]') === null"), true);

    // A field takes the key as text.
    tab.press_with_ctrl("k");
    tab.wait_for("document.querySelector('dialog[open] input:focus')");
    tab.type_text("a/b");
    assert_eq!(tab.value("document.querySelector('dialog input').value"), "a/b");
}

#[test]
fn the_page_of_the_search_lists_the_pages_and_answers_its_address() {
    let Some(browser) = Browser::start() else { return };
    let site = site();
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = browser.open(&format!("{}search/?q=novix", program.url()));
    tab.wait_for("document.querySelector('#search-page a.search-hit')?.textContent === 'Novamab'");
    let listed = "[...document.querySelectorAll('main section h2[id]')].map((h) => h.textContent)";
    let listed = tab.value(&format!("{listed}.filter((t) => t).join()"));
    let listed = listed.as_str().unwrap();
    assert!(listed.contains("Treatments") && listed.contains("Glossary"), "{listed}");
}
