//! The `<meta>` elements of a page: description, robots, OpenGraph, Highwire.

use super::facts::{HeadKind, HeadPage, ImageFacts, PersonFacts, SiteFacts};
use super::{Meta, MetaKey};

/// Returns the `<meta>` elements of `page`.
pub(super) fn meta(site: &SiteFacts, page: &HeadPage<'_>) -> Vec<Meta> {
    let mut tags = Tags(Vec::new());
    tags.name("description", page.description.as_deref());
    if page.noindex || page.kind == HeadKind::NotFound {
        tags.name("robots", Some("noindex"));
    }
    if page.kind != HeadKind::NotFound {
        open_graph(&mut tags, site, page);
        highwire(&mut tags, site, page);
    }
    tags.0
}

struct Tags(Vec<Meta>);

impl Tags {
    fn name(&mut self, name: &'static str, content: Option<&str>) {
        self.push(MetaKey::Name(name), content);
    }

    fn property(&mut self, property: &'static str, content: Option<&str>) {
        self.push(MetaKey::Property(property), content);
    }

    fn push(&mut self, key: MetaKey, content: Option<&str>) {
        let content = content.map(str::trim).filter(|content| !content.is_empty());
        self.0.extend(content.map(|content| Meta { key, content: content.to_owned() }));
    }
}

fn open_graph(tags: &mut Tags, site: &SiteFacts, page: &HeadPage<'_>) {
    let absolute = |path: &crate::url::UrlPath| site.base_url.as_ref().map(|b| path.absolute(b));
    let is_article = is_article(page);
    tags.property("og:title", Some(page.title));
    tags.property("og:site_name", Some(&site.title));
    let kind = match page.person {
        Some(_) => "profile",
        None if is_article => "article",
        None => "website",
    };
    tags.property("og:type", Some(kind));
    tags.property("og:url", absolute(page.path).as_deref());
    tags.property("og:description", page.description.as_deref());
    // A locale of OpenGraph names a territory; a bare language is none.
    let locale = page.lang.as_str().replace('-', "_");
    tags.property("og:locale", Some(locale.as_str()).filter(|locale| locale.contains('_')));
    let image = page.image.as_ref().or(site.image.as_ref());
    if let Some((image, url)) = image.and_then(|image| Some((image, absolute(&image.path)?))) {
        image_tags(tags, image, &url);
    }
    let card = if page.image.is_some() { "summary_large_image" } else { "summary" };
    tags.name("twitter:card", Some(card));
    if let Some(person) = &page.person {
        tags.property("profile:first_name", person.given.as_deref());
        tags.property("profile:last_name", person.family.as_deref());
    }
    if is_article {
        let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
        tags.property("article:published_time", date(page.date).as_deref());
        tags.property("article:modified_time", date(page.updated.or(page.date)).as_deref());
        for author in &page.authors {
            tags.property(
                "article:author",
                author.person.path.as_ref().and_then(absolute).as_deref(),
            );
        }
        tags.property("article:section", page.section.as_deref());
        for tag in page.tags {
            tags.property("article:tag", Some(tag));
        }
    }
}

fn image_tags(tags: &mut Tags, image: &ImageFacts, url: &str) {
    tags.property("og:image", Some(url));
    tags.property("og:image:alt", image.alt.as_deref());
    if let Some((width, height)) = image.size {
        tags.property("og:image:width", Some(&width.to_string()));
        tags.property("og:image:height", Some(&height.to_string()));
    }
}

/// The tags by which scholarly search engines and reference managers know a page.
fn highwire(tags: &mut Tags, site: &SiteFacts, page: &HeadPage<'_>) {
    let Some(date) = page.date.filter(|_| is_article(page)) else { return };
    let written = |date: jiff::civil::Date| date.strftime("%Y/%m/%d").to_string();
    tags.name("citation_title", Some(page.title));
    for author in page.authors.iter().map(|author| &author.person) {
        tags.name("citation_author", Some(&citation_name(author)));
        tags.name("citation_author_institution", author.affiliations.first().map(String::as_str));
        let orcid = author.identifiers.iter().find(|id| id.scheme.eq_ignore_ascii_case("orcid"));
        tags.name("citation_author_orcid", orcid.and_then(|id| id.url.as_deref()));
    }
    tags.name("citation_publication_date", Some(&written(date)));
    tags.name("citation_online_date", Some(&written(page.updated.unwrap_or(date))));
    let publisher = site.publisher.as_ref().map_or(&site.title, |publisher| &publisher.name);
    tags.name("citation_publisher", Some(publisher));
    tags.name("citation_journal_title", Some(&site.title));
    tags.name("citation_language", Some(page.lang.as_str()));
    tags.name("citation_keywords", Some(&page.tags.join("; ")));
    let url = site.base_url.as_ref().map(|base| page.path.absolute(base));
    tags.name("citation_public_url", url.as_deref());
    tags.name("citation_fulltext_html_url", url.as_deref());
}

/// Tells whether the page is one that somebody wrote at a time.
fn is_article(page: &HeadPage<'_>) -> bool {
    page.kind == HeadKind::Page && page.date.is_some() && !page.authors.is_empty()
}

/// Returns a name as `Family, Given`, or whole where it is not taken apart.
fn citation_name(person: &PersonFacts) -> String {
    match (&person.family, &person.given) {
        (Some(family), Some(given)) => format!("{family}, {given}"),
        _ => person.name.clone(),
    }
}
