//! A page that is written from right to left, in a narrow window.

#![cfg(all(feature = "serve", unix))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "serve/browser.rs"]
mod browser;
#[path = "serve/program.rs"]
mod program;

use browser::Browser;
use program::{Program, TestSite};

#[test]
fn a_page_from_right_to_left_fits_a_phone_and_is_searched_in_its_language() {
    let Some(browser) = Browser::start() else { return };
    let site = TestSite::new();
    site.write(
        "book.toml",
        "[site]\ntitle = \"Stars\"\n[languages.ar]\ntitle = \"نجوم\"\n\
         [[nav]]\ntitle = \"A\"\npage = \"a\"\n",
    );
    site.write(
        "content/a.ar.md",
        "---\ntitle: النجوم المستعرة\ndescription: صفحة عن النجوم.\n---\n## القسم الأول\n\n\
         - نقطة أولى\n- نقطة ثانية\n\n> اقتباس قصير.\n\n\
         | العمود | القيمة | الملاحظة |\n|---|---|---|\n| أول | 1 | نص طويل بعض الشيء في خلية |\n",
    );
    let program = Program::serve(&site, &["--port", "0"]);
    let mut tab = browser.open(&format!("{}a/", program.url()));
    tab.resize(360, 740);
    // The way to the translation is in its own language.
    let link = "document.querySelector('nav.languages a')";
    assert_eq!(tab.value(&format!("{link}.textContent")), "العربية");
    tab.go(&format!("{}ar/a/", program.url()));
    assert_eq!(tab.value("document.dir"), "rtl");
    let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
    assert_eq!(tab.value(overflow), 0);

    // What comes first stands on the right: the name of the site, the marks of a list and
    // the rule beside a quotation.
    let place = "(() => { const name = document.createRange(); \
                 name.selectNodeContents(document.querySelector('.site-title')); \
                 const r = name.getBoundingClientRect(); \
                 return innerWidth - r.right < r.left; })()";
    assert_eq!(tab.value(place), true);
    let starts = "['ul', 'blockquote'].map((name) => { \
                  const s = getComputedStyle(document.querySelector('.body ' + name)); \
                  const sides = (side) => ['padding', 'margin'].map((p) => parseFloat(s[p + side])) \
                  .concat(parseFloat(s['border' + side + 'Width'])).reduce((a, b) => a + b); \
                  return sides('Right') > sides('Left'); }).join()";
    assert_eq!(tab.value(starts), "true,true");

    tab.wait_for("document.querySelector('a[data-search][aria-haspopup]')");
    tab.press_with_ctrl("k");
    tab.wait_for("document.querySelector('dialog[open] input:focus')");
    // The word with another article and number.
    tab.type_text("مستعره");
    tab.wait_for(
        "document.querySelector('dialog a.search-hit')?.textContent === 'النجوم المستعرة'",
    );
    let said = "document.querySelector('dialog [role=status]').textContent";
    assert_eq!(tab.value(said), "نتيجة واحدة");
    let inside = "(() => { const r = document.querySelector('dialog').getBoundingClientRect(); \
                  return r.left >= 0 && r.right <= innerWidth; })()";
    assert_eq!(tab.value(inside), true);
}
