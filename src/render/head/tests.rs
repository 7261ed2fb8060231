//! The head of pages of each kind.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value as Json;

use super::*;
use crate::page_id::Lang;
use crate::url::UrlPath;

fn site() -> SiteFacts {
    SiteFacts {
        title: "Handbook".to_owned(),
        own_title: "Handbook".to_owned(),
        description: Some("About hair.".to_owned()),
        base_url: Some("https://example.org/base".to_owned()),
        language: Lang::new("en"),
        license: Some("CC BY-SA 4.0".to_owned()),
        publisher: Some(PublisherFacts {
            name: "The Press".to_owned(),
            url: Some("https://press.example".to_owned()),
            logo: Some(UrlPath::new("/logo.png")),
            principles: Some(UrlPath::new("/policy/")),
            corrections: Some(UrlPath::new("/corrections/")),
        }),
        image: None,
    }
}

fn author() -> PersonFacts {
    PersonFacts {
        name: "Ada Ames".to_owned(),
        given: Some("Ada".to_owned()),
        family: Some("Ames".to_owned()),
        path: Some(UrlPath::new("/people/ada/")),
        affiliations: vec!["University of Nowhere".to_owned()],
        credentials: vec![Credential {
            title: "MSc".to_owned(),
            kind: Some("degree".to_owned()),
            issuer: Some("A university".to_owned()),
        }],
        identifiers: vec![Identifier {
            scheme: "ORCID".to_owned(),
            value: "0000-0002-1825-0097".to_owned(),
            url: Some("https://orcid.org/0000-0002-1825-0097".to_owned()),
        }],
        ..PersonFacts::default()
    }
}

fn work() -> WorkFacts {
    WorkFacts {
        kind: "article-journal".to_owned(),
        title: "Two trials".to_owned(),
        authors: vec![
            CreatorName::Person { given: "Brett".to_owned(), family: "King".to_owned() },
            CreatorName::Literal("The Investigators".to_owned()),
        ],
        date: Some("2022-05".to_owned()),
        container: Some("A Journal".to_owned()),
        volume: Some("386".to_owned()),
        issue: Some("18".to_owned()),
        pages: Some("1687-1699".to_owned()),
        issn: Some("0028-4793".to_owned()),
        identifiers: vec![Identifier {
            scheme: "DOI".to_owned(),
            value: "10.1056/x".to_owned(),
            url: Some("https://doi.org/10.1056/x".to_owned()),
        }],
        ..WorkFacts::default()
    }
}

fn cited() -> CitedWork<'static> {
    CitedWork {
        kind: "article-journal",
        title: "Two trials",
        date: Some("2022-05"),
        address: Some("https://doi.org/10.1056/x".into()),
    }
}

fn article(site: &SiteFacts) -> HeadPage<'static> {
    let byline = |person| Arc::new(Byline::new(site, person));
    let condition = ThingFacts {
        schema_type: Some("MedicalCondition".to_owned()),
        name: "Alopecia areata".to_owned(),
        path: Some(UrlPath::new("/conditions/aa/")),
        ..ThingFacts::default()
    };
    HeadPage {
        description: Some("What they do.".into()),
        date: Some(Date::constant(2027, 1, 2)),
        reviewed: Some(Date::constant(2027, 3, 4)),
        page_type: Some("MedicalWebPage"),
        schema_type: Some("Article"),
        tags: kept(vec!["safety".into()]),
        authors: vec![byline(author())],
        reviewers: vec![byline(PersonFacts { name: "Bo".to_owned(), ..PersonFacts::default() })],
        about: vec![WrittenNode::thing(site, &condition)],
        citations: vec![WrittenNode::work(&cited())],
        breadcrumbs: kept(vec![
            ("Home".to_owned(), UrlPath::new("/")),
            ("Articles".to_owned(), UrlPath::new("/articles/")),
        ]),
        translations: vec![
            (Lang::new("en"), UrlPath::new("/articles/jak/")),
            (Lang::new("de"), UrlPath::new("/de/articles/jak/")),
        ],
        feeds: vec![("Articles".to_owned(), UrlPath::new("/articles/feed.xml"))],
        markdown: Some(UrlPath::new("/articles/jak/index.md")),
        ..page("/articles/jak/", HeadKind::Page, "en", "JAK")
    }
}

/// Returns a page of which nothing more is known.
fn page(path: &str, kind: HeadKind, lang: &str, title: &'static str) -> HeadPage<'static> {
    HeadPage::new(kept(UrlPath::new(path)), kind, kept(Lang::new(lang)), title)
}

/// Returns the value for as long as the tests run.
fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Returns the head of an article on `site`.
fn head_on(site: SiteFacts) -> Head {
    let page = article(&site);
    Head::of(&SiteHead::new(site), &page)
}

/// Returns the head of `page` on the site.
fn head_of(page: &HeadPage<'_>) -> Head {
    Head::of(&SiteHead::new(site()), page)
}

fn content<'a>(head: &'a Head, key: &str) -> Vec<&'a str> {
    let is_meant = |meta: &&Meta| match meta.key {
        MetaKey::Name(name) | MetaKey::Property(name) => name == key,
    };
    head.meta.iter().filter(is_meant).map(|meta| meta.content.as_str()).collect()
}

fn graph(head: &Head) -> Vec<Json> {
    let json: Json = serde_json::from_str(head.json_ld.as_ref().unwrap()).unwrap();
    json["@graph"].as_array().unwrap().clone()
}

#[test]
fn an_article_names_its_dates_people_subject_and_sources() {
    let head = head_on(site());
    let nodes = graph(&head);
    let page = &nodes[2];
    assert_eq!(page["@type"], serde_json::json!(["MedicalWebPage", "Article"]));
    assert_eq!(page["url"], "https://example.org/base/articles/jak/");
    assert_eq!(page["dateModified"], "2027-01-02");
    assert_eq!(page["lastReviewed"], "2027-03-04");
    assert_eq!(page["author"]["@id"], "https://example.org/base/people/ada/#person");
    assert_eq!(page["reviewedBy"], serde_json::json!({ "@type": "Person", "name": "Bo" }));
    assert_eq!(page["about"]["@type"], "MedicalCondition");
    assert_eq!(page["citation"]["@type"], "ScholarlyArticle");
    assert_eq!(page["citation"]["sameAs"], "https://doi.org/10.1056/x");
    assert_eq!(page["license"], "https://creativecommons.org/licenses/by-sa/4.0/");
    assert_eq!(nodes[3]["itemListElement"][2]["item"], page["url"]);
}

#[test]
fn an_article_has_scholarly_and_social_tags() {
    let head = head_on(site());
    assert_eq!(content(&head, "description"), ["What they do."]);
    assert_eq!(content(&head, "citation_author"), ["Ames, Ada"]);
    assert_eq!(content(&head, "citation_publication_date"), ["2027/01/02"]);
    assert_eq!(content(&head, "og:type"), ["article"]);
    assert_eq!(content(&head, "og:url"), ["https://example.org/base/articles/jak/"]);
    assert_eq!(content(&head, "og:locale"), [""; 0]);
    assert_eq!(content(&head, "robots"), [""; 0]);
}

#[test]
fn links_to_other_readers_are_absolute_and_those_within_relative() {
    let head = head_on(site());
    let links: Vec<(&str, &str, Option<&str>)> = head
        .links
        .iter()
        .map(|link| (link.rel, link.href.as_str(), link.hreflang.as_deref()))
        .collect();
    assert_eq!(
        links,
        [
            ("canonical", "https://example.org/base/articles/jak/", None),
            ("alternate", "https://example.org/base/articles/jak/", Some("en")),
            ("alternate", "https://example.org/base/de/articles/jak/", Some("de")),
            ("alternate", "https://example.org/base/articles/jak/", Some("x-default")),
            ("alternate", "../feed.xml", None),
            ("alternate", "index.md", None),
            ("license", "https://creativecommons.org/licenses/by-sa/4.0/", None),
        ]
    );
}

#[test]
fn without_a_base_url_no_address_is_made_up() {
    let head = head_on(SiteFacts { base_url: None, ..site() });
    assert!(head.links.iter().all(|link| link.rel != "canonical"));
    assert_eq!(content(&head, "og:url"), [""; 0]);
    let json = head.json_ld.unwrap();
    assert!(!json.contains("@id") && !json.contains("/articles/jak/"), "{json}");
    assert!(json.contains(r#""publisher":{"@type":"Organization","name":"The Press"}"#));
}

#[test]
fn a_profile_describes_its_person_and_an_organisation_has_no_job() {
    let mut page = page("/people/ada/", HeadKind::Page, "en-GB", "Ada");
    page.page_type = Some("ProfilePage");
    page.schema_type = Some("Person");
    page.person = Some(author());
    let head = head_of(&page);
    let person = &graph(&head)[2]["mainEntity"];
    assert_eq!(person["@id"], "https://example.org/base/people/ada/#person");
    assert_eq!(person["hasCredential"]["recognizedBy"]["name"], "A university");
    assert_eq!(person["sameAs"], "https://orcid.org/0000-0002-1825-0097");
    assert_eq!(content(&head, "og:type"), ["profile"]);
    assert_eq!(content(&head, "og:locale"), ["en_GB"]);
    assert_eq!(content(&head, "citation_title"), [""; 0]);

    page.person = Some(PersonFacts { organization: true, ..author() });
    let person = &graph(&head_of(&page))[2]["mainEntity"];
    assert_eq!(person["@type"], "Organization");
    assert_eq!(person["hasCredential"], Json::Null);
}

#[test]
fn an_entity_is_what_its_page_describes() {
    let mut page = page("/t/b/", HeadKind::Page, "en", "Baricitinib");
    page.schema_type = Some("Drug");
    page.thing = Some(ThingFacts {
        aliases: vec!["Olumiant".to_owned()],
        properties: vec![(
            "drugClass".to_owned(),
            vec![Property::Thing(ThingFacts {
                schema_type: Some("DrugClass".to_owned()),
                name: "JAK inhibitor".to_owned(),
                ..ThingFacts::default()
            })],
        )],
        ..ThingFacts::default()
    });
    let drug = &graph(&head_of(&page))[2]["mainEntity"];
    assert_eq!(drug["@type"], "Drug");
    assert_eq!(drug["name"], "Baricitinib");
    assert_eq!(drug["alternateName"], "Olumiant");
    assert_eq!(drug["drugClass"]["name"], "JAK inhibitor");
}

#[test]
fn a_reference_page_describes_the_work_down_to_its_issue() {
    let mut page = page("/r/k/", HeadKind::Reference, "en", "Two trials");
    page.work = Some(work());
    let work = &graph(&head_of(&page))[2]["mainEntity"];
    assert_eq!(work["author"][1]["@type"], "Organization");
    assert_eq!(work["isPartOf"]["issueNumber"], "18");
    assert_eq!(work["isPartOf"]["isPartOf"]["isPartOf"]["issn"], "0028-4793");
}

#[test]
fn nothing_in_a_title_ends_the_script() {
    let title = "</script><!-- \u{2028} \"q\" & <b>";
    let page = page("/x/", HeadKind::Page, "en", title);
    let head = head_of(&page);
    let json = head.json_ld.as_ref().unwrap();
    assert!(!json.contains(['<', '>']), "{json}");
    assert_eq!(graph(&head)[2]["name"], title);
}

#[test]
fn a_page_that_is_not_found_says_nothing_but_noindex() {
    let page = page("/404.html", HeadKind::NotFound, "en", "Gone");
    let head = head_of(&page);
    assert_eq!(content(&head, "robots"), ["noindex"]);
    assert_eq!((head.meta.len(), head.links.len(), head.json_ld), (1, 0, None));
}

#[test]
fn the_elements_are_written_with_the_attributes_that_they_have() {
    let head = Head {
        meta: vec![
            Meta { key: MetaKey::Name("description"), content: "A \"b\" & <c>'s".to_owned() },
            Meta { key: MetaKey::Property("og:title"), content: "T".to_owned() },
        ],
        links: vec![
            HeadLink { rel: "canonical", href: "https://e.org/?a&b".into(), ..HeadLink::default() },
            HeadLink {
                rel: "alternate",
                href: "x/".to_owned(),
                media_type: Some("text/html"),
                hreflang: Some("de".to_owned()),
                title: Some("Ä".to_owned()),
            },
        ],
        json_ld: None,
    };
    let elements = head.to_value().get_from_path("elements").unwrap().clone();
    assert!(elements.is_safe());
    assert_eq!(
        elements.as_str().unwrap(),
        "<meta name=\"description\" content=\"A &quot;b&quot; &amp; &lt;c&gt;&#39;s\">\n\
         <meta property=\"og:title\" content=\"T\">\n\
         <link rel=\"canonical\" href=\"https://e.org/?a&amp;b\">\n\
         <link rel=\"alternate\" href=\"x/\" type=\"text/html\" hreflang=\"de\" title=\"Ä\">\n"
    );
}
