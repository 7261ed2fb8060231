//! Views as the renderer would build them: one with everything, one with nothing.
//!
//! They are written as JSON; a string that starts with `html:` is HTML.

use std::collections::BTreeMap;
use std::sync::Arc;

use galen::render::templates::{Context, Value};
use galen::render::theme::Theme;
use galen::render::value;
use galen::source::{SourceId, Span};
use serde_json::{Value as Json, json};

/// Returns the default theme alone.
pub(crate) fn default_theme() -> Theme {
    let named_at = Span::file(SourceId::new("book.toml"));
    let (theme, found) = Theme::resolve(&Default::default(), "default", named_at);
    assert_eq!(found, []);
    theme
}

/// Returns the value that JSON stands for; a text that starts with `html:` is HTML.
pub(crate) fn value_of(json: &Json) -> Value {
    match json {
        Json::String(text) => match text.strip_prefix("html:") {
            Some(html) => value::html(html),
            None => value::text(text),
        },
        Json::Array(items) => value::list(items.iter().map(value_of)),
        Json::Object(map) => {
            value::map_by_name(map.iter().map(|(key, item)| (key, value_of(item))))
        }
        other => value::serialized(other),
    }
}

/// Returns a view of `page` under the words of the default theme in English.
pub(crate) fn view(site: &Json, page: &Json) -> Context {
    let (strings, found) = default_theme().strings("en");
    assert_eq!(found, []);
    let words =
        strings.iter().map(|(key, word)| (Arc::<str>::from(key.as_str()), value::text(word)));
    value::context([
        ("site", value_of(site)),
        ("page", value_of(page)),
        ("t", value::map_by_name(words)),
        (
            "assets",
            value_of(
                &json!({"css": ["galen.css"], "early": ["theme.js"], "js": ["page.js"], "icon": "icon.svg", "files": {"search.js": "search.js", "search.css": "search.css"}}),
            ),
        ),
        ("root", value::text("../../")),
        (
            "head",
            value_of(&json!({
                "elements": "html:<meta name=\"description\" content=\"A &amp; B\">\n<meta property=\"og:title\" content=\"T\">\n<link rel=\"canonical\" href=\"https://example.org/x/\">\n<link rel=\"alternate\" href=\"feed.xml\" type=\"application/atom+xml\" title=\"Feed\">\n",
                "json_ld": "html:{\"@context\":\"https://schema.org\",\"@type\":\"MedicalWebPage\"}"
            })),
        ),
        ("redirect", value_of(&json!({"url": "../y/", "title": "Y", "canonical": null}))),
    ])
}

/// Returns the pages that exercise the theme, as `(template, page)`.
pub(crate) fn rich_pages() -> Vec<(&'static str, Json)> {
    let article = article();
    let numbered_article = numbered(article.clone());
    vec![
        ("article.html", numbered_article.clone()),
        ("page.html", numbered_article.clone()),
        ("treatment.html", numbered(treatment())),
        ("condition.html", numbered(condition())),
        (
            "class.html",
            merged(
                &numbered_article,
                json!({"title": "JAK inhibitors", "inverse": {"members": [{"page": card("Baricitinib"), "records": [], "date": null}]}}),
            ),
        ),
        ("person.html", person()),
        (
            "term.html",
            merged(
                &empty_page(),
                json!({"title": "Absolute risk", "fields": {"abbr": [{"name": "AR", "region": null, "from": null, "until": null}], "aliases": []}, "body": "html:<p>How many people have an event.</p>", "mentions": mentions()}),
            ),
        ),
        ("listing.html", listing()),
        ("tag.html", listing()),
        (
            "tags.html",
            merged(
                &empty_page(),
                json!({"kind": "tags", "title": "Tags", "sections": [{"title": "Safety", "url": "safety/", "description": null, "count": 3}]}),
            ),
        ),
        (
            "slice.html",
            merged(
                &empty_page(),
                json!({"kind": "slice", "title": "Pages that mention Baricitinib", "mentions": mentions(), "cited_by": mentions()}),
            ),
        ),
        ("reference.html", reference()),
        (
            "bibliography.html",
            merged(
                &empty_page(),
                json!({"kind": "bibliography", "title": "Bibliography", "entries": [
            {"html": "html:King B. <i>Two phase 3 trials</i>. 2022.", "key": "king2022", "id": "ref-king2022", "url": "king2022/", "status": null, "count": 4},
            {"html": "html:Doe J. Withdrawn. 2001.", "key": "doe2001", "id": "ref-doe2001", "url": "doe2001/", "status": "retracted", "count": 1}]}),
            ),
        ),
        (
            "home.html",
            merged(
                &listing(),
                json!({"kind": "home", "title": "A Handbook", "body": "html:<p>Welcome.</p>", "lists": {"newest_trials": [card("A trial")]}}),
            ),
        ),
        (
            "404.html",
            merged(&empty_page(), json!({"kind": "not-found", "title": "Page not found"})),
        ),
        (
            "search.html",
            merged(
                &empty_page(),
                json!({"kind": "search", "title": "Search", "groups": [{"title": "Articles", "id": "articles", "url": "../articles/", "total": 3, "pages": [{"url": "../articles/a/", "title": "A"}]}, {"title": "Other pages", "id": "pages", "url": null, "total": 1, "pages": [{"url": "../b/", "title": "B"}]}]}),
            ),
        ),
        ("redirect.html", empty_page()),
    ]
}

/// Returns `base` with the values of `over` in place of its own.
pub(crate) fn merged(base: &Json, over: Json) -> Json {
    let mut merged = base.clone();
    if let (Json::Object(merged), Json::Object(over)) = (&mut merged, over) {
        merged.extend(over);
    }
    merged
}

/// Returns a site with everything.
pub(crate) fn rich_site() -> Json {
    json!({
        "title": "The Handbook of Hair Loss", "description": "A sample", "base_url": "https://example.org",
        "language": "en", "license": "CC BY 4.0", "repository": "https://example.org/repo", "url": "../../",
        "publisher": {
            "name": "The Handbook", "url": "https://example.org", "logo": null, "contact": "mail@example.org",
            "sourcing_notice": "html:<p>Every figure, approval and harm on this site is cited to a published source. This is a sample site: it is not medical advice.</p>",
            "commercial_interest": "html:<p>This sample takes no advertising, sells nothing and has no sponsor.</p>",
            "policies": [{"kind": "editorial", "title": "Editorial policy", "url": "../../editorial-policy/"}, {"kind": "corrections", "title": "Corrections", "url": "../../corrections/"}]
        },
        "nav": [
            {"title": "Articles", "url": "../../articles/", "active": true, "children": []},
            {"title": "Treatments", "url": "../../treatments/", "active": false, "children": []},
            {"title": "Conditions", "url": "../../conditions/", "active": false, "children": []},
            {"title": "Glossary", "url": "../../glossary/", "active": false, "children": []},
            {"title": "About", "url": "../../about/", "active": false, "children": [
                {"title": "Editorial policy", "url": "../../editorial-policy/", "active": false, "children": []},
                {"title": "Corrections", "url": "../../corrections/", "active": false, "children": []}]}
        ],
        "search_url": "../../search/", "search_index": "../../search/en/index.json", "feed_url": "../../feed.xml", "options": {"contents": "side", "notes": "margin", "cards": true, "theme_switch": true}, "extra": {}
    })
}

/// Returns a site with as little as there can be.
pub(crate) fn empty_site() -> Json {
    json!({
        "title": "T", "description": "", "base_url": null, "language": "en", "license": null, "repository": null,
        "url": "./", "publisher": null, "nav": [], "search_url": null, "search_index": null, "feed_url": null, "options": {}, "extra": {}
    })
}

/// Returns a page with as little as there can be.
pub(crate) fn empty_page() -> Json {
    json!({
        "id": "x", "kind": "page", "collection": null, "people": false, "lang": "en", "dir": "ltr",
        "title": "T", "subtitle": null, "description": null, "canonical": null, "path": "/x/", "url": "./", "image": null,
        "date": null, "updated": null, "tags": [], "noindex": false, "license": null, "show_toc": false,
        "toc": [], "before": [], "body": "", "after": [], "fields": {}, "authors": [], "reviewers": [],
        "reviewed": null, "next_review": null, "former": null, "review_due": false, "review_due_since": null, "references": [], "notes": [], "terms": [],
        "mentions": {"total": 0, "entries": [], "more": 0, "more_url": null}, "cited_by": {"total": 0, "entries": [], "more": 0, "more_url": null},
        "inverse": {}, "shared_notice": null, "publications": [], "pages": [], "pagination": null, "groups": [], "sections": [],
        "breadcrumbs": [], "prev": null, "next": null, "related": [], "sidebar": [], "translations": [],
        "lists": {}, "further": {}, "list": null, "edit_url": null, "source": null, "cite_this": null, "downloads": [], "entries": [], "extra": null,
        "reference": {"key": "k", "html": "html:K.", "title": "K", "authors": [], "year": null, "container": null,
            "kind": null, "abstract": null, "status": null, "study_type": null, "level": null, "identifiers": [], "downloads": []}
    })
}

fn date(iso: &str, text: &str) -> Json {
    json!({"iso": iso, "text": text})
}

fn card(title: &str) -> Json {
    json!({
        "id": "treatments/x", "title": title, "url": "../x/", "path": "/x/", "collection": "treatments", "section": "",
        "subtitle": null, "description": "An oral drug that blocks JAK1 and JAK2, taken once a day.", "image": null,
        "date": null, "updated": null, "reviewed": null, "tags": [], "fields": {}, "initial": "B"
    })
}

fn person_card(name: &str, suffix: &str, role: &str) -> Json {
    merged(
        &card(name),
        json!({
            "url": "../../people/x/", "description": "Has treated and studied hair loss for twenty years.",
            "fields": {"honorific_suffix": [suffix], "role": [role]}
        }),
    )
}

/// Returns a mark that cites the work `number`; [`numbered`] counts the places.
fn cite(number: u32) -> String {
    format!(
        "<sup class=\"cite\"><a id=\"cite-k{number}-?\" href=\"#ref-k{number}\" role=\"doc-biblioref\">{number}</a></sup>"
    )
}

/// Counts a page's citing places in the order in which the page is to show them.
fn numbered(mut page: Json) -> Json {
    let mut places = BTreeMap::new();
    for part in ["before", "body", "after"] {
        number_places(&mut page[part], &mut places);
    }
    page
}

fn number_places(json: &mut Json, places: &mut BTreeMap<String, u32>) {
    match json {
        Json::String(text) => {
            while let Some(end) = text.find("-?") {
                let start = text[..end].rfind('"').expect("an id is quoted");
                let nth = places.entry(text[start..end].to_owned()).or_default();
                *nth += 1;
                text.replace_range(end + 1..end + 2, &nth.to_string());
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| number_places(item, places)),
        Json::Object(map) => map.values_mut().for_each(|item| number_places(item, places)),
        _ => {}
    }
}

fn reference_item(number: u32, status: Option<&str>) -> Json {
    json!({
        "key": format!("k{number}"), "number": number, "id": format!("ref-k{number}"),
        "html": "html:full",
        "left": format!("html:{number}."),
        "right": "html:King B, Ohyama M, Kwon O, et al. Two phase 3 trials of baricitinib for alopecia areata. <i>N Engl J Med</i>. 2022;386(18):1687-1699. doi:<a href=\"https://doi.org/10.1056/NEJMoa2110343\">10.1056/NEJMoa2110343</a>",
        "url": "../../references/k/", "status": status, "level": "primary", "access": "open", "preprint": number == 2, "archive_url": null,
        "backlinks": [
            {"url": format!("#cite-k{number}-1"), "label": "Back to citation 1 of 3, section Key points", "text": "a"},
            {"url": "#how-well", "label": "Back to citation 2 of 3, section How well it works", "text": "b"},
            {"url": "#how-well", "label": "Back to citation 3 of 3, section Side effects", "text": "c"}]
    })
}

fn mentions() -> Json {
    json!({"total": 62, "entries": [
        {"page": card("JAK inhibitors for alopecia areata"), "sentence": "Baricitinib was the first drug approved for severe alopecia areata.", "section": "What they do", "section_url": "../a/#x", "count": 4},
        {"page": card("Living with hair loss"), "sentence": "Some people take baricitinib for years.", "section": null, "section_url": null, "count": 1}],
        "more": 71, "more_url": "mentions/2/"})
}

fn block(name: &str, label: &str, role: Option<&str>, value: Json) -> Json {
    json!({"name": name, "label": label, "role": role, "value": value, "labels": {}})
}

fn questions() -> Json {
    block(
        "faq",
        "questions and answers",
        Some("questions"),
        json!([
        {"q": "Does hair fall out again when I stop?", "a": format!("html:<p>In most people it does.{}</p>", cite(1))},
        {"q": "Is it safe with alcohol?", "a": "html:<p>There is no known interaction.</p>"}]),
    )
}

fn body() -> String {
    format!(
        "html:<h2 id=\"how-well\">How well it works</h2><p>In two trials of 1,200 adults with severe alopecia areata, about a third of those who took 4 mg had regrown most of their scalp hair after 36 weeks, against one in twenty with placebo.{} The gain grew until the second year.{} <a href=\"../../treatments/ritlecitinib/\">Ritlecitinib</a> has not been compared with it head to head.</p><h3 id=\"who\">Who benefits</h3><p>People whose current episode is shorter than four years do best. Those who had lost all hair for more than eight years regrew least, and the doctors who ran the trials advise against treating them with high hopes.</p><ul><li>Adults under forty</li><li>An episode of under four years</li></ul><h2 id=\"side-effects\">Side effects</h2><p>Acne and infections of the nose and throat were the most frequent.{}</p><div class=\"table-wrap\" role=\"region\" tabindex=\"0\" aria-label=\"Table\"><table><thead><tr><th>Dose</th><th>Regrowth</th></tr></thead><tbody><tr><td>4 mg</td><td>38.8%</td></tr><tr><td>2 mg</td><td>22.8%</td></tr></tbody></table></div><blockquote><p>Hair is not a luxury.</p></blockquote><pre class=\"code\"><code>a = 1\n</code></pre>",
        cite(1),
        cite(2),
        cite(3)
    )
}

pub(crate) fn article() -> Json {
    merged(
        &empty_page(),
        json!({
            "kind": "page", "collection": {"name": "articles", "title": "Articles", "singular": "article", "url": "../"},
            "title": "JAK inhibitors for alopecia areata: what the trials show", "subtitle": "Baricitinib, ritlecitinib and deuruxolitinib side by side",
            "description": "Three oral JAK inhibitors regrow hair in about a third of adults with severe alopecia areata; they carry a boxed warning, and hair is often lost again when they are stopped.",
            "image": {"url": "x.jpg", "alt": "Regrowth", "credit": "Photo: A. Person", "width": 1200, "height": 400},
            "date": date("2026-01-09", "9 January 2026"), "updated": date("2026-03-04", "4 March 2026"),
            "tags": [{"name": "Safety", "url": "../../tags/safety/"}, {"name": "Trials", "url": "../../tags/trials/"}],
            "show_toc": true,
            "toc": [
                {"level": 2, "id": "how-well", "text": "How well it works", "children": [{"level": 3, "id": "who", "text": "Who benefits", "children": []}]},
                {"level": 2, "id": "side-effects", "text": "Side effects", "children": []}],
            "before": [block("key_points", "key points", Some("key-points"), json!([
                format!("html:About one in three regrows most scalp hair within 36 weeks.{}", cite(1)),
                "html:All carry a boxed warning about infections, heart attack, cancer and clots.",
                "html:Hair is often lost again after stopping."]))],
            "body": body(),
            "after": [questions(),
                block("disclosures", "disclosures", Some("disclosure"), json!("html:<p>The author has no financial interest.</p>")),
                block("changes", "changes", Some("changes"), json!([{"date": date("2026-03-04", "4 March 2026"), "note": "html:<p>Added the two-year results.</p>"}]))],
            "authors": [person_card("Mara Ellison", "MD", "Dermatologist")],
            "reviewers": [{"person": person_card("Jon Abara", "PharmD", "Pharmacist"), "date": date("2026-03-01", "1 March 2026")}],
            "reviewed": date("2026-03-01", "1 March 2026"), "next_review": date("2026-09-01", "1 September 2026"), "review_due": true, "review_due_since": date("2026-09-01", "1 September 2026"),
            "references": [reference_item(1, None), reference_item(2, Some("corrected")), reference_item(3, Some("retracted"))],
            "notes": [{"marker": "a", "id": "fn-1", "body": "html:<p>Severe means half the scalp or more.</p>", "backlinks": [{"url": "#fnref-1", "label": "Back to note a"}]}],
            "breadcrumbs": [{"title": "Home", "url": "../../"}, {"title": "Articles", "url": "../"}],
            "prev": card("Minoxidil by mouth"), "next": card("Living with hair loss"), "related": [card("Baricitinib"), card("Ritlecitinib")],
            "translations": [{"lang": "fr", "name": "Français", "title": "Les inhibiteurs de JAK", "url": "../../fr/x/"}],
            "edit_url": "https://example.org/edit",
            "cite_this": {"html": "html:Ellison M. JAK inhibitors for alopecia areata. <i>The Handbook of Hair Loss</i>. 2026.", "text": "x", "bib_url": "x.bib", "ris_url": "x.ris"}
        }),
    )
}

fn evidence() -> Json {
    let condition = card("Alopecia areata");
    json!([
        {"outcome": "SALT score of 20 or less", "condition": condition, "population": "adults, severe", "comparator": "placebo", "n": 1200, "effect": "RR 7.1", "ci": "95% 4.5 to 11", "absolute": "32 more in 100", "timepoint": "36 weeks", "certainty": "high", "source": format!("html:{}", cite(1))},
        {"outcome": "Relapse after stopping", "condition": card("Alopecia areata"), "population": null, "comparator": null, "n": null, "effect": "80%", "ci": null, "absolute": null, "timepoint": "at one year", "certainty": "low", "source": format!("html:{}", cite(2)), "notes": "html:<p>One small extension study.</p>"},
        {"outcome": "Itch", "condition": card("Atopic dermatitis"), "population": null, "comparator": "placebo", "n": 1, "effect": "MD −1.5", "ci": null, "absolute": null, "timepoint": null, "certainty": "very-low", "source": format!("html:{}", cite(3))}
    ])
}

fn treatment() -> Json {
    merged(
        &article(),
        json!({
            "title": "Baricitinib", "subtitle": null, "image": null, "review_due": false,
            "description": "An oral JAK inhibitor for severe alopecia areata in adults.",
            "before": [
                block("boxed_warning", "boxed warning", Some("notice"), json!({"text": "html:<p>Serious infections, death, cancer, major adverse cardiovascular events and thrombosis have occurred in people treated with JAK inhibitors for inflammatory conditions.</p>", "source": format!("html:{}", cite(1))})),
                block("brands", "brands", Some("brand"), json!([{"name": "Olumiant", "region": "US", "from": null, "until": null}])),
                block("kind", "kind", None, json!("drug")),
                block("class", "class", Some("category"), json!([card("JAK inhibitors"), {"title": "Unwritten class", "missing": true}])),
                block("ids", "identifiers", None, json!([{"scheme": "unii", "label": "UNII", "value": "ISP4442I3Y", "url": "https://example.org/unii"}])),
            ],
            "after": [
                block("mechanism", "mechanism", None, json!(format!("html:<p>It blocks JAK1 and JAK2.{}</p>", cite(2)))),
                block("indications", "indications", Some("approval"), json!([
                    {"condition": card("Alopecia areata"), "population": "adults, severe", "status": "approved", "authority": "FDA", "date": date("2022-06-13", "13 June 2022"), "source": format!("html:{}", cite(3))},
                    {"condition": {"title": "Vitiligo", "missing": true}, "population": null, "status": "off-label", "authority": null, "date": null, "source": null}])),
                block("doses", "doses", None, json!([{"dose": "2 mg once daily", "condition": card("Alopecia areata"), "population": null, "route": "oral", "source": null}, {"dose": "4 mg once daily", "source": format!("html:{}", cite(1))}])),
                block("side_effects", "side effects", Some("effects"), json!([
                    {"name": "Infections of the nose and throat", "frequency": "very-common", "serious": false, "source": format!("html:{}", cite(1))},
                    {"name": "Acne", "frequency": "common", "source": null},
                    {"name": "Herpes simplex", "frequency": "common", "source": null},
                    {"name": "Blood clots", "frequency": "uncommon", "serious": true, "source": format!("html:{}", cite(2))}])),
                block("contraindications", "contraindications", None, json!(["html:Pregnancy", "html:Active tuberculosis"])),
                block("pregnancy", "pregnancy", None, json!("Do not use.")),
                block("evidence", "evidence", Some("evidence"), evidence()),
                block("alternatives", "alternatives", Some("alternative"), json!([card("Ritlecitinib"), card("Deuruxolitinib")])),
                questions()],
            "mentions": mentions()
        }),
    )
}

fn condition() -> Json {
    merged(
        &article(),
        json!({
            "title": "Alopecia areata", "image": null,
            "before": [block("symptoms", "symptoms", None, json!(["patches of hair loss", "pitted nails"]))],
            "after": [], "mentions": mentions(),
            "inverse": {
                "treatments": [
                    {"page": card("Baricitinib"), "records": [{"status": "approved", "authority": "FDA", "date": date("2022-06-13", "13 June 2022"), "population": "adults, severe"}], "date": null, "certainty": "high"},
                    {"page": card("Minoxidil"), "records": [{"status": "off-label", "authority": null, "date": null}], "date": null}],
                "subtypes": [{"page": card("Alopecia totalis"), "records": [], "date": null}],
                "about": [{"page": card("JAK inhibitors for alopecia areata"), "records": [], "date": date("2026-01-09", "9 January 2026")}]
            }
        }),
    )
}

fn person() -> Json {
    merged(
        &empty_page(),
        json!({
            "title": "Mara Ellison", "people": true, "description": "Dermatologist who has treated hair loss for twenty years.",
            "image": {"url": "mara.jpg", "alt": "Mara Ellison", "credit": null, "width": 200, "height": 200},
            "fields": {"honorific_prefix": "Dr", "honorific_suffix": "MD", "role": "Dermatologist", "former": null,
                "affiliations": ["Example Hospital"], "expertise": ["hair loss", "trials"],
                "ids": [{"scheme": "orcid", "label": "ORCID", "value": "0000-0002-1825-0097", "url": "https://orcid.org/0000-0002-1825-0097"}]},
            "before": [block("credentials", "credentials", Some("credentials"), json!([{"kind": "degree", "title": "MD", "issuer": "Example University", "year": "2004"}]))],
            "body": "html:<p>She runs the hair clinic.</p>",
            "after": [block("publications", "publications", Some("publications"), json!([]))],
            "publications": [{"html": "html:Ellison M. A trial. 2020.", "url": "../../references/e/", "id": "ellison2020", "status": "retracted"}],
            "inverse": {"written": [{"page": card("JAK inhibitors"), "records": [], "date": date("2026-01-09", "9 January 2026")}],
                "reviewed": [{"page": card("Minoxidil"), "records": [{"person": card("Mara Ellison"), "date": null}], "date": null}]}
        }),
    )
}

fn listing() -> Json {
    merged(
        &empty_page(),
        json!({
            "kind": "listing", "title": "Treatments", "description": "What they do and what they risk.",
            "pages": [card("Baricitinib"), merged(&card("Ritlecitinib"), json!({"updated": date("2026-03-04", "4 March 2026")}))],
            "sections": [{"title": "Devices", "url": "devices/", "description": "Lasers and combs"}],
            "groups": [{"title": null, "id": null, "pages": [card("Read this first")]}, {"title": "B", "id": "letter-b", "pages": [card("Baricitinib")]}, {"title": "R", "id": "letter-r", "pages": [card("Ritlecitinib")]}],
            "pagination": {"number": 2, "total": 9, "first_url": "../../", "prev_url": "../../", "next_url": "../3/", "pages": [
                {"number": 1, "url": "../../", "current": false, "gap": false}, {"number": 2, "url": "./", "current": true, "gap": false}, {"number": 3, "url": "../3/", "current": false, "gap": false}, {"number": 9, "url": "../9/", "current": false, "gap": true}]}
        }),
    )
}

fn reference() -> Json {
    merged(
        &empty_page(),
        json!({
            "kind": "reference", "title": "Two phase 3 trials of baricitinib for alopecia areata", "cited_by": mentions(),
            "reference": {"key": "king2022", "html": "html:King B, et al. Two phase 3 trials. <i>N Engl J Med</i>. 2022.", "title": "Two phase 3 trials",
                "authors": ["Brett King", "Manabu Ohyama"], "year": "2022", "container": "New England Journal of Medicine", "kind": "article-journal",
                "abstract": "Alopecia areata is an autoimmune condition.", "status": "retracted", "study_type": "randomised trial", "level": "primary",
                "identifiers": [{"scheme": "doi", "label": "DOI", "value": "10.1056/NEJMoa2110343", "url": "https://doi.org/10.1056/NEJMoa2110343"}],
                "downloads": [{"format": "BibTeX", "url": "king2022.bib"}]}
        }),
    )
}
