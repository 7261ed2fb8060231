//! The default theme renders whatever a view may hold, as markup that readers and
//! machines can rely on.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![recursion_limit = "256"]

mod views;

use galen::render::templates::{Context, Templates};
use galen::render::value::{self, to_map};
use scraper::{Html, Selector};
use serde_json::json;
use views::{
    article, default_theme, empty_page, empty_site, merged, rich_pages, rich_site, value_of, view,
};

fn templates() -> Templates {
    let (templates, found) = Templates::new(&default_theme());
    assert_eq!(found, []);
    templates
}

fn rendered(templates: &Templates, template: &str, view: &Context) -> String {
    templates.render(template, view).unwrap_or_else(|problem| panic!("{template}: {problem:?}"))
}

fn rich(template: &str) -> String {
    let (_, page) = rich_pages().into_iter().find(|(name, _)| *name == template).unwrap();
    rendered(&templates(), template, &view(&rich_site(), &page))
}

/// Returns the texts of the elements that a selector finds, with single spaces.
fn texts(html: &str, selector: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let selector = Selector::parse(selector).unwrap();
    let text = |element: scraper::ElementRef<'_>| {
        element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    document.select(&selector).map(text).collect()
}

/// Returns an attribute of every element that a selector finds.
fn attributes(html: &str, selector: &str, name: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let selector = Selector::parse(selector).unwrap();
    let found = document.select(&selector).filter_map(|element| element.attr(name));
    found.map(str::to_owned).collect()
}

#[test]
fn every_template_renders_everything_and_nothing() {
    let templates = templates();
    for (template, page) in rich_pages() {
        rendered(&templates, template, &view(&rich_site(), &page));
        let html = rendered(&templates, template, &view(&empty_site(), &empty_page()));
        assert!(html.starts_with("<!doctype html>"), "{template}: {html}");
    }
}

#[test]
fn every_page_has_landmarks_a_skip_link_and_one_first_heading() {
    for (template, page) in rich_pages() {
        if template == "redirect.html" {
            continue;
        }
        let html = rendered(&templates(), template, &view(&rich_site(), &page));
        assert_eq!(attributes(&html, "body > a.skip:first-child", "href"), ["#main"], "{template}");
        assert_eq!(texts(&html, "h1").len(), 1, "{template}");
        assert_eq!(texts(&html, "main").len(), 1, "{template}");
        assert_eq!(texts(&html, "body > header, body > footer").len(), 2, "{template}");
        let mut ids = attributes(&html, "[id]", "id");
        ids.sort();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "{template}: an id occurs twice");
        for name in attributes(&html, "[aria-labelledby]", "aria-labelledby") {
            assert!(ids.contains(&name), "{template}: nothing has the id `{name}`");
        }
    }
}

#[test]
fn a_strict_content_security_policy_holds() {
    for (template, page) in rich_pages() {
        let html = rendered(&templates(), template, &view(&rich_site(), &page));
        assert_eq!(attributes(&html, "[style]", "style"), [""; 0], "{template}");
        assert_eq!(texts(&html, "style"), [""; 0], "{template}");
        assert_eq!(
            texts(&html, "script:not([src]):not([type='application/ld+json'])"),
            [""; 0],
            "{template}"
        );
        let document = Html::parse_document(&html);
        let elements = document.root_element().descendent_elements();
        let mut attributes = elements.flat_map(|element| element.value().attrs());
        assert!(!attributes.any(|(name, _)| name.starts_with("on")), "{template}");
    }
}

#[test]
fn citations_stand_in_the_order_in_which_they_are_numbered() {
    for template in ["article.html", "treatment.html"] {
        let html = rich(template);
        let mut last = std::collections::BTreeMap::new();
        for id in attributes(&html, "sup.cite a", "id") {
            let (work, nth) = id.rsplit_once('-').unwrap();
            let nth: u32 = nth.parse().unwrap();
            let before = last.insert(work.to_owned(), nth).unwrap_or(0);
            assert!(before < nth, "{template}: {id} comes after {before}");
        }
        assert_eq!(last.len(), 3);
    }
}

#[test]
fn the_reference_list_leads_back_to_every_citing_place() {
    let html = rich("article.html");
    let list = "section[role=doc-bibliography] > ol > li";
    assert_eq!(attributes(&html, list, "id"), ["ref-k1", "ref-k2", "ref-k3"]);
    let links = format!("{list}:first-child a[role=doc-backlink]");
    assert_eq!(texts(&html, &links), ["a", "b", "c"]);
    assert_eq!(
        attributes(&html, &links, "aria-label"),
        [
            "a: Back to citation 1 of 3, section Key points",
            "b: Back to citation 2 of 3, section How well it works",
            "c: Back to citation 3 of 3, section Side effects"
        ]
    );
    assert_eq!(texts(&html, ".status"), ["Corrected", "Retracted"]);
}

#[test]
fn a_byline_says_who_wrote_and_reviewed_and_when() {
    let html = rich("article.html");
    assert_eq!(
        texts(&html, ".byline > p"),
        ["Written by Mara Ellison, MD", "Reviewed by Jon Abara, PharmD (1 March 2026)"]
    );
    assert_eq!(
        texts(&html, ".byline dt"),
        ["Published", "Updated", "Last reviewed", "Next review", "Interests"]
    );
    assert_eq!(attributes(&html, ".byline dd time", "datetime")[3], "2026-09-01");
    assert!(texts(&html, "[role=note]")[0].starts_with("Due for review."));
}

#[test]
fn a_warning_comes_before_anything_else_about_a_treatment() {
    let html = rich("treatment.html");
    let warning = html.find("class=\"boxed-warning\"").unwrap();
    for later in ["class=\"facts\"", "class=\"toc\"", "class=\"body\"", "side_effects"] {
        assert!(warning < html.find(later).unwrap(), "{later} comes before the warning");
    }
    assert_eq!(texts(&html, ".boxed-warning h2"), ["Boxed warning"]);
}

#[test]
fn a_long_listing_has_letters_and_shows_where_pages_are_left_out() {
    let html = rich("listing.html");
    let parts = texts(&html, ".pagination li");
    assert_eq!(parts, ["Previous", "1", "2", "3", "…", "9", "Next"]);
    assert_eq!(texts(&html, ".pagination .gap[aria-hidden='true']"), ["…"]);
    assert_eq!(attributes(&html, ".pagination .gap a", "href"), [""; 0]);
    assert_eq!(texts(&html, ".letters a"), ["B", "R"]);
    let titles = texts(&html, ".cards li > a");
    assert_eq!(titles[..4], ["Devices", "Read this first", "Baricitinib", "Ritlecitinib"]);
}

#[test]
fn evidence_is_a_table_for_each_condition_and_certainty_a_word_with_a_shape() {
    let html = rich("treatment.html");
    assert_eq!(texts(&html, "table.evidence caption"), ["Alopecia areata", "Atopic dermatitis"]);
    assert_eq!(texts(&html, ".certainty"), ["●●●● High", "●●○○ Low", "●○○○ Very low"]);
    assert_eq!(texts(&html, ".certainty [aria-hidden]").len(), 3);
    assert_eq!(
        texts(&html, "table.evidence tbody th")[0],
        "SALT score of 20 or less adults, severe, compared with placebo, 1200 participants, 36 weeks"
    );
}

#[test]
fn side_effects_stand_under_their_frequency() {
    let html = rich("treatment.html");
    assert_eq!(
        texts(&html, ".frequency h3"),
        [
            "Very common 1 in 10 people or more",
            "Common 1 in 100 to 1 in 10",
            "Uncommon 1 in 1,000 to 1 in 100"
        ]
    );
    assert_eq!(texts(&html, ".frequency:nth-child(2) li"), ["Acne", "Herpes simplex"]);
    assert_eq!(texts(&html, ".serious"), ["Serious"]);
}

#[test]
fn a_withdrawn_work_of_a_person_is_marked() {
    assert_eq!(texts(&rich("person.html"), ".bibliography .status"), ["Retracted"]);
}

#[test]
fn wide_tables_scroll_in_a_named_region_that_keys_can_reach() {
    for template in ["treatment.html", "condition.html"] {
        let html = rich(template);
        let all = texts(&html, "table").len();
        assert_eq!(texts(&html, ".table-wrap[role=region][tabindex='0'] > table").len(), all);
        let named = ".table-wrap[aria-label]:not([aria-label='']), .table-wrap[aria-labelledby]";
        assert_eq!(texts(&html, named).len(), all, "{template}");
    }
}

#[test]
fn a_condition_shows_its_treatments_with_status_and_best_certainty() {
    let html = rich("condition.html");
    let section = "section[aria-labelledby='inverse-treatments']";
    assert_eq!(
        texts(&html, &format!("{section} tbody tr")),
        ["Baricitinib Approved FDA, 13 June 2022, adults, severe ●●●● High", "Minoxidil Off-label"]
    );
    assert_eq!(texts(&html, "#inverse-subtypes, #inverse-about"), ["Subtypes", "Pages about this"]);
}

#[test]
fn a_field_of_another_preset_is_shown_by_the_shape_of_its_value() {
    let field = |name: &str, value| {
        json!({"name": name, "label": name, "role": null, "value": value,
            "labels": {"grade_of_steel": "steel"}})
    };
    let fields = json!([
        field("tolerance", json!("±0.1 mm")),
        field(
            "supersedes",
            json!([{"title": "EN 1", "url": "../en-1/"}, {"title": "EN 2", "missing": true}])
        ),
        field("in_force", json!(true)),
        field("scope", json!("html:<p>Bolts.</p>")),
        field(
            "parts",
            json!([{"grade_of_steel": "8.8", "since": {"iso": "2001", "text": "2001"}, "gone": null}])
        ),
        field("empty", json!([])),
    ]);
    let page = merged(&empty_page(), json!({"before": fields}));
    let html = rendered(&templates(), "page.html", &view(&empty_site(), &page));
    assert_eq!(texts(&html, ".facts dt"), ["Tolerance", "Supersedes", "In_force"]);
    assert_eq!(texts(&html, ".facts dd"), ["±0.1 mm", "EN 1, EN 2", "Yes"]);
    assert_eq!(attributes(&html, ".facts dd a", "href"), ["../en-1/"]);
    assert_eq!(texts(&html, "h2"), ["Scope", "Parts"]);
    assert_eq!(texts(&html, "thead th"), ["Steel", "Since"]);
    assert_eq!(texts(&html, "tbody td"), ["8.8", "2001"]);
}

#[test]
fn what_authors_write_is_escaped() {
    let hostile = "<img src=x onerror=alert(1)>\"'";
    let page = merged(&article(), json!({"title": hostile, "description": hostile}));
    let html = rendered(&templates(), "article.html", &view(&rich_site(), &page));
    assert!(!html.contains("<img src=x"));
    assert_eq!(texts(&html, "h1"), [hostile]);
}

#[test]
fn every_component_of_the_theme_is_defined_and_renders() {
    let theme = default_theme();
    let templates = templates();
    let view = view(&rich_site(), &article());
    for name in theme.config.components.keys() {
        assert!(templates.contains_component(name), "no template defines `{name}`");
    }
    let treatment = value_of(&json!({
        "id": "treatments/baricitinib", "title": "Baricitinib", "url": "../b/",
        "blocks": [
            {"name": "class", "label": "class", "role": "category", "value": [{"title": "JAK inhibitors", "url": "../j/"}]},
            {"name": "boxed_warning", "label": "", "role": "notice", "value": {"text": "html:<p>Infections.</p>", "source": "html:<sup>1</sup>"}},
        ]
    }));
    let component = |name, arguments: &[(&'static str, value::Value)]| {
        let arguments = to_map(arguments.iter().cloned());
        let html = templates.render_component(name, arguments, Some("<p>Body.</p>"), &view);
        html.unwrap_or_else(|problem| panic!("{name}: {problem:?}"))
    };
    let warning = component("boxed-warning", &[("treatment", treatment.clone())]);
    assert_eq!(texts(&warning, "h2"), ["Boxed warning: Baricitinib"]);
    assert_eq!(texts(&warning, ".warning-text"), ["Infections. Source 1 Body."]);
    assert_eq!(texts(&component("boxed-warning", &[]), ".warning-text"), ["Body."]);
    let facts = component("facts", &[("treatment", treatment.clone())]);
    assert_eq!(texts(&facts, "dt")[0], "Class");
    component("evidence", &[("treatment", treatment.clone())]);
    let compared = component("compare", &[("treatments", value::list([treatment]))]);
    assert_eq!(texts(&compared, "tbody tr th"), ["Baricitinib"]);
    assert_eq!(texts(&compared, "thead th")[..2], ["Name", "Class"]);
    let figure =
        component("figure", &[("number", value::number("2")), ("caption", value::text("Salt"))]);
    assert_eq!(texts(&figure, "figcaption"), ["Figure 2. Salt"]);
    assert_eq!(texts(&component("table", &[]), "figure > p"), ["Body."]);
    assert_eq!(texts(&component("key-points", &[]), ".box-title"), ["Key points"]);
    assert_eq!(texts(&component("faq", &[]), ".box-title"), ["Questions and answers"]);
}

#[test]
fn the_templates_hold_no_words_of_their_own() {
    // Rendered with every word of the interface empty, nothing but the view's text is left.
    let theme = default_theme();
    for file in theme.files() {
        if !file.path.ends_with(".html") {
            continue;
        }
        let mut text = file.source.text().to_string();
        for (open, close) in [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<", ">")] {
            while let Some(start) = text.find(open) {
                let end =
                    text[start..].find(close).map_or(text.len(), |end| start + end + close.len());
                text.replace_range(start..end, " ");
            }
        }
        let words: Vec<_> = text
            .split(|character: char| !character.is_alphabetic())
            .filter(|word| word.len() > 1 && !["BibTeX", "RIS"].contains(word))
            .collect();
        assert_eq!(words, [""; 0], "{}", file.path);
    }
}
