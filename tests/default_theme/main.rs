//! The default theme renders whatever a view may hold.

#![recursion_limit = "256"]

mod views;

use galen::render::templates::{Context, Templates};
use views::{default_theme, empty_page, empty_site, merged, rich_pages, rich_site, view};

fn templates() -> Templates {
    let (templates, found) = Templates::new(&default_theme());
    assert_eq!(found, []);
    templates
}

fn rendered(templates: &Templates, template: &str, view: &Context) -> String {
    templates.render(template, view).unwrap_or_else(|problem| panic!("{template}: {problem:?}"))
}

#[test]
fn every_template_renders_everything_and_nothing() {
    let templates = templates();
    for (template, page) in rich_pages() {
        rendered(&templates, template, &view(&rich_site(), &page));
        let html = rendered(&templates, template, &view(&empty_site(), &empty_page()));
        assert!(html.starts_with("<!doctype html>"), "{template}: {html}");
    }
    let _ = merged;
}
