//! The head of pages of each kind.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::*;
use crate::page_id::Lang;
use crate::url::UrlPath;

fn site() -> HeadSite {
    HeadSite {
        title: "Handbook".to_owned(),
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

fn article() -> HeadPage<'static> {
    HeadPage {
        description: Some("What they do.".to_owned()),
        date: Some(Date::constant(2027, 1, 2)),
        reviewed: Some(Date::constant(2027, 3, 4)),
        page_type: Some("MedicalWebPage".to_owned()),
        schema_type: Some("Article".to_owned()),
        tags: vec!["safety".to_owned()],
        authors: vec![author()],
        reviewers: vec![PersonFacts { name: "Bo".to_owned(), ..PersonFacts::default() }],
        about: vec![ThingFacts {
            schema_type: Some("MedicalCondition".to_owned()),
            name: "Alopecia areata".to_owned(),
            path: Some(UrlPath::new("/conditions/aa/")),
            ..ThingFacts::default()
        }],
        citations: vec![cited()],
        breadcrumbs: vec![
            ("Home".to_owned(), UrlPath::new("/")),
            ("Articles".to_owned(), UrlPath::new("/articles/")),
        ],
        translations: vec![
            (Lang::new("en"), UrlPath::new("/articles/jak/")),
            (Lang::new("de"), UrlPath::new("/de/articles/jak/")),
        ],
        feeds: vec![("Articles".to_owned(), UrlPath::new("/articles/feed.xml"))],
        markdown: Some(UrlPath::new("/articles/jak/index.md")),
        ..HeadPage::new(UrlPath::new("/articles/jak/"), HeadKind::Page, Lang::new("en"), "JAK")
    }
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
    let head = Head::of(&site(), &article());
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
    let head = Head::of(&site(), &article());
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
    let head = Head::of(&site(), &article());
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
    let site = HeadSite { base_url: None, ..site() };
    let head = Head::of(&site, &article());
    assert!(head.links.iter().all(|link| link.rel != "canonical"));
    assert_eq!(content(&head, "og:url"), [""; 0]);
    let json = head.json_ld.unwrap();
    assert!(!json.contains("@id") && !json.contains("/articles/jak/"), "{json}");
    assert!(json.contains(r#""publisher":{"@type":"Organization","name":"The Press"}"#));
}

#[test]
fn a_profile_describes_its_person_and_an_organisation_has_no_job() {
    let mut page =
        HeadPage::new(UrlPath::new("/people/ada/"), HeadKind::Page, Lang::new("en-GB"), "Ada");
    page.page_type = Some("ProfilePage".to_owned());
    page.schema_type = Some("Person".to_owned());
    page.person = Some(author());
    let head = Head::of(&site(), &page);
    let person = &graph(&head)[2]["mainEntity"];
    assert_eq!(person["@id"], "https://example.org/base/people/ada/#person");
    assert_eq!(person["hasCredential"]["recognizedBy"]["name"], "A university");
    assert_eq!(person["sameAs"], "https://orcid.org/0000-0002-1825-0097");
    assert_eq!(content(&head, "og:type"), ["profile"]);
    assert_eq!(content(&head, "og:locale"), ["en_GB"]);
    assert_eq!(content(&head, "citation_title"), [""; 0]);

    page.person = Some(PersonFacts { organization: true, ..author() });
    let person = &graph(&Head::of(&site(), &page))[2]["mainEntity"];
    assert_eq!(person["@type"], "Organization");
    assert_eq!(person["hasCredential"], Json::Null);
}

#[test]
fn an_entity_is_what_its_page_describes() {
    let mut page =
        HeadPage::new(UrlPath::new("/t/b/"), HeadKind::Page, Lang::new("en"), "Baricitinib");
    page.schema_type = Some("Drug".to_owned());
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
    let drug = &graph(&Head::of(&site(), &page))[2]["mainEntity"];
    assert_eq!(drug["@type"], "Drug");
    assert_eq!(drug["name"], "Baricitinib");
    assert_eq!(drug["alternateName"], "Olumiant");
    assert_eq!(drug["drugClass"]["name"], "JAK inhibitor");
}

#[test]
fn a_reference_page_describes_the_work_down_to_its_issue() {
    let mut page =
        HeadPage::new(UrlPath::new("/r/k/"), HeadKind::Reference, Lang::new("en"), "Two trials");
    page.work = Some(work());
    let work = &graph(&Head::of(&site(), &page))[2]["mainEntity"];
    assert_eq!(work["author"][1]["@type"], "Organization");
    assert_eq!(work["isPartOf"]["issueNumber"], "18");
    assert_eq!(work["isPartOf"]["isPartOf"]["isPartOf"]["issn"], "0028-4793");
}

#[test]
fn nothing_in_a_title_ends_the_script() {
    let title = "</script><!-- \u{2028} \"q\" & <b>";
    let page = HeadPage::new(UrlPath::new("/x/"), HeadKind::Page, Lang::new("en"), title);
    let head = Head::of(&site(), &page);
    let json = head.json_ld.as_ref().unwrap();
    assert!(!json.contains(['<', '>']), "{json}");
    assert_eq!(graph(&head)[2]["name"], title);
}

#[test]
fn a_page_that_is_not_found_says_nothing_but_noindex() {
    let page =
        HeadPage::new(UrlPath::new("/404.html"), HeadKind::NotFound, Lang::new("en"), "Gone");
    let head = Head::of(&site(), &page);
    assert_eq!(content(&head, "robots"), ["noindex"]);
    assert_eq!((head.meta.len(), head.links.len(), head.json_ld), (1, 0, None));
}
