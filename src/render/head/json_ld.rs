//! JSON-LD: a page and what it describes, in the words of schema.org.
//!
//! One graph a page: the site, its publisher, the page, its place in the site, and
//! what it describes. A collection names the types (`page_type`, `schema_type`); which
//! properties a type may have is schema.org's, so only those are written that every
//! type of its kind has, and those that the collection's fields name.

use serde_json::{Map, Value, json};

use crate::url::UrlPath;

use super::facts::{
    CreatorName, HeadKind, HeadPage, HeadSite, Identifier, ImageFacts, PersonFacts, Property,
    PublisherFacts, ThingFacts, WorkFacts,
};
use super::links::license_url;

/// The types of a text that is itself the page; any other type is of what it describes.
const TEXT_TYPES: [&str; 8] = [
    "Article",
    "BlogPosting",
    "MedicalScholarlyArticle",
    "NewsArticle",
    "Report",
    "ScholarlyArticle",
    "TechArticle",
    "HowTo",
];

/// Returns the JSON-LD of `page`, safe to stand in a `<script>`; none for a page that
/// stands for nothing.
pub(super) fn json_ld(site: &HeadSite, page: &HeadPage) -> Option<String> {
    if page.kind == HeadKind::NotFound {
        return None;
    }
    let writer = Writer { site };
    let mut graph = vec![writer.web_site()];
    graph.extend(site.publisher.as_ref().map(|publisher| writer.publisher(publisher)));
    graph.push(writer.page(page));
    graph.extend(writer.breadcrumbs(page));
    let document = json!({ "@context": "https://schema.org", "@graph": graph });
    // Neither the script's end nor a comment can then stand in the text.
    Some(document.to_string().replace('<', "\\u003c").replace('>', "\\u003e"))
}

/// One node, whose empty properties are left out.
struct Node(Map<String, Value>);

impl Node {
    fn new(types: &[&str]) -> Self {
        let types = match types {
            [one] => json!(one),
            several => json!(several),
        };
        Self(Map::from_iter([("@type".to_owned(), types)]))
    }

    fn with(mut self, name: &str, value: impl Into<Option<Value>>) -> Self {
        if let Some(value) = value.into().filter(|value| !is_empty(value)) {
            self.0.insert(name.to_owned(), value);
        }
        self
    }

    fn text(self, name: &str, text: Option<&str>) -> Self {
        self.with(name, text.map(Value::from))
    }

    /// A list of one is written as the one.
    fn list(self, name: &str, values: impl IntoIterator<Item = Value>) -> Self {
        let mut values: Vec<Value> = values.into_iter().filter(|value| !is_empty(value)).collect();
        match values.len() {
            0 => self,
            1 => self.with(name, values.pop()),
            _ => self.with(name, Value::from(values)),
        }
    }

    fn build(self) -> Value {
        Value::Object(self.0)
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Writes the nodes of one site.
struct Writer<'a> {
    site: &'a HeadSite,
}

impl Writer<'_> {
    /// Returns the address of `path`, where the site has one.
    fn url(&self, path: &UrlPath) -> Option<String> {
        self.site.base_url.as_ref().map(|base| path.absolute(base))
    }

    /// Returns the name of the node for what the page at `path` is or describes.
    fn id(&self, path: &UrlPath, fragment: &str) -> Option<Value> {
        self.url(path).map(|url| Value::from(format!("{url}#{fragment}")))
    }

    fn web_site(&self) -> Value {
        let home = UrlPath::new("/");
        Node::new(&["WebSite"])
            .with("@id", self.id(&home, "website"))
            .text("name", Some(&self.site.title))
            .text("description", self.site.description.as_deref())
            .text("url", self.url(&home).as_deref())
            .text("inLanguage", Some(self.site.language.as_str()))
            .with("publisher", self.publisher_reference())
            .build()
    }

    fn publisher(&self, publisher: &PublisherFacts) -> Value {
        let page = |path: &Option<UrlPath>| path.as_ref().and_then(|path| self.url(path));
        let logo = page(&publisher.logo).map(|url| json!({ "@type": "ImageObject", "url": url }));
        Node::new(&["Organization"])
            .with("@id", self.id(&UrlPath::new("/"), "publisher"))
            .text("name", Some(&publisher.name))
            .text("url", publisher.url.as_deref())
            .with("logo", logo)
            .text("publishingPrinciples", page(&publisher.principles).as_deref())
            .text("correctionsPolicy", page(&publisher.corrections).as_deref())
            .build()
    }

    /// Returns the publisher as other nodes name it: by its node, or by its name where
    /// nodes have no names.
    fn publisher_reference(&self) -> Option<Value> {
        let publisher = self.site.publisher.as_ref()?;
        Some(match self.id(&UrlPath::new("/"), "publisher") {
            Some(id) => json!({ "@id": id }),
            None => json!({ "@type": "Organization", "name": publisher.name }),
        })
    }

    fn page(&self, page: &HeadPage) -> Value {
        let page_type = match (page.kind, &page.page_type) {
            (HeadKind::Listing, _) => "CollectionPage",
            (_, Some(page_type)) => page_type,
            _ => "WebPage",
        };
        let text_type = page.schema_type.as_deref().filter(|ty| TEXT_TYPES.contains(ty));
        let mut types = vec![page_type];
        types.extend(text_type);
        let date = |date: Option<jiff::civil::Date>| date.map(|date| Value::from(date.to_string()));
        let image = page.image.as_ref().and_then(|image| self.image(image));
        let site = self.id(&UrlPath::new("/"), "website").map(|id| json!({ "@id": id }));
        Node::new(&types)
            .with("@id", self.id(&page.path, "page"))
            .text("url", self.url(&page.path).as_deref())
            .text("name", Some(&page.title))
            .text("headline", text_type.map(|_| page.title.as_str()))
            .text("description", page.description.as_deref())
            .text("inLanguage", Some(page.lang.as_str()))
            .with("isPartOf", site)
            .with("breadcrumb", self.breadcrumb_reference(page))
            .with("primaryImageOfPage", image)
            .with("datePublished", date(page.date))
            .with("dateModified", date(page.updated.or(page.date)))
            .with("lastReviewed", date(page.reviewed))
            .list("author", page.authors.iter().map(|person| self.byline(person)))
            .list("reviewedBy", page.reviewers.iter().map(|person| self.byline(person)))
            .with("publisher", self.publisher_reference())
            .text("license", license_url(self.site, page).as_deref())
            .list("keywords", page.tags.iter().map(|tag| Value::from(tag.as_str())))
            .list("about", page.about.iter().map(|thing| self.thing(thing)))
            .with("mainEntity", self.main_entity(page))
            .list("citation", page.citations.iter().map(cited))
            .build()
    }

    fn main_entity(&self, page: &HeadPage) -> Option<Value> {
        if let Some(person) = &page.person {
            return Some(self.person(person, page));
        }
        if let Some(work) = &page.work {
            return Some(described(work));
        }
        let ty = page.schema_type.as_ref().filter(|ty| !TEXT_TYPES.contains(&ty.as_str()))?;
        let facts = page.thing.clone().unwrap_or_default();
        let thing = ThingFacts {
            schema_type: Some(ty.clone()),
            name: page.title.clone(),
            path: Some(page.path.clone()),
            ..facts
        };
        let mut node = self.thing(&thing);
        if let (Value::Object(node), Some(description)) = (&mut node, &page.description) {
            node.entry("description").or_insert_with(|| Value::from(description.as_str()));
        }
        Some(node)
    }

    fn thing(&self, thing: &ThingFacts) -> Value {
        let path = thing.path.as_ref();
        let mut node = Node::new(&[thing.schema_type.as_deref().unwrap_or("Thing")])
            .with("@id", path.and_then(|path| self.id(path, "thing")))
            .text("name", Some(&thing.name))
            .text("url", path.and_then(|path| self.url(path)).as_deref())
            .list("alternateName", thing.aliases.iter().map(|alias| Value::from(alias.as_str())))
            .list("identifier", thing.identifiers.iter().map(identifier))
            .list("sameAs", same_as(&thing.identifiers));
        for (name, values) in &thing.properties {
            let values = values.iter().map(|value| match value {
                Property::Text(text) => Value::from(text.as_str()),
                Property::Thing(thing) => self.thing(thing),
            });
            node = node.list(name, values);
        }
        node.build()
    }

    /// Returns a person as a byline names them.
    fn byline(&self, person: &PersonFacts) -> Value {
        let path = person.path.as_ref();
        let node = Node::new(&[person_type(person)])
            .with("@id", path.and_then(|path| self.id(path, "person")))
            .text("name", Some(&person.name))
            .text("url", path.and_then(|path| self.url(path)).as_deref());
        match person.organization {
            true => node.build(),
            false => node
                .text("honorificPrefix", person.prefix.as_deref())
                .text("honorificSuffix", person.suffix.as_deref())
                .text("jobTitle", person.role.as_deref())
                .build(),
        }
    }

    /// Returns a person as their own page describes them.
    fn person(&self, person: &PersonFacts, page: &HeadPage) -> Value {
        let texts = |texts: &[String]| -> Vec<Value> {
            texts.iter().map(|text| Value::from(text.as_str())).collect()
        };
        let image = person.image.as_ref().or(page.image.as_ref());
        let node = Node::new(&[person_type(person)])
            .with("@id", self.id(&page.path, "person"))
            .text("name", Some(&person.name))
            .text("url", self.url(&page.path).as_deref())
            .text("description", page.description.as_deref())
            .list("alternateName", texts(&person.aliases))
            .with("image", image.and_then(|image| self.image(image)))
            .list("identifier", person.identifiers.iter().map(identifier))
            .list("sameAs", same_as(&person.identifiers))
            .list("knowsAbout", texts(&person.expertise));
        if person.organization {
            return node.build();
        }
        let organization = |name: &String| json!({ "@type": "Organization", "name": name });
        node.text("givenName", person.given.as_deref())
            .text("familyName", person.family.as_deref())
            .text("honorificPrefix", person.prefix.as_deref())
            .text("honorificSuffix", person.suffix.as_deref())
            .text("jobTitle", person.role.as_deref())
            .list("affiliation", person.affiliations.iter().map(organization))
            .list(
                "hasCredential",
                person.credentials.iter().map(|credential| {
                    Node::new(&["EducationalOccupationalCredential"])
                        .text("name", Some(&credential.title))
                        .text("credentialCategory", credential.kind.as_deref())
                        .with("recognizedBy", credential.issuer.as_ref().map(organization))
                        .build()
                }),
            )
            .build()
    }

    fn image(&self, image: &ImageFacts) -> Option<Value> {
        let node = Node::new(&["ImageObject"])
            .text("url", Some(&self.url(&image.path)?))
            .text("caption", image.alt.as_deref())
            .with("width", image.size.map(|(width, _)| Value::from(width)))
            .with("height", image.size.map(|(_, height)| Value::from(height)));
        Some(node.build())
    }

    fn breadcrumb_reference(&self, page: &HeadPage) -> Option<Value> {
        let id = self.id(&page.path, "breadcrumb").filter(|_| !page.breadcrumbs.is_empty())?;
        Some(json!({ "@id": id }))
    }

    fn breadcrumbs(&self, page: &HeadPage) -> Option<Value> {
        let id = self.id(&page.path, "breadcrumb").filter(|_| !page.breadcrumbs.is_empty())?;
        let own = (page.title.clone(), page.path.clone());
        let items = page.breadcrumbs.iter().chain([&own]).enumerate();
        let items = items.map(|(index, (title, path))| {
            Node::new(&["ListItem"])
                .with("position", Value::from(index + 1))
                .text("name", Some(title))
                .text("item", self.url(path).as_deref())
                .build()
        });
        let list = Node::new(&["BreadcrumbList"])
            .with("@id", id)
            .with("itemListElement", Value::from(items.collect::<Vec<_>>()));
        Some(list.build())
    }
}

fn person_type(person: &PersonFacts) -> &'static str {
    if person.organization { "Organization" } else { "Person" }
}

fn identifier(identifier: &Identifier) -> Value {
    Node::new(&["PropertyValue"])
        .text("propertyID", Some(&identifier.scheme))
        .text("value", Some(&identifier.value))
        .text("url", identifier.url.as_deref())
        .build()
}

fn same_as(identifiers: &[Identifier]) -> impl Iterator<Item = Value> {
    identifiers.iter().filter_map(|identifier| identifier.url.as_deref()).map(Value::from)
}

/// Returns a work as a reference list names it: enough to know it by.
fn cited(work: &WorkFacts) -> Value {
    let address = work.identifiers.iter().find_map(|id| id.url.as_deref());
    Node::new(&[work_type(&work.kind)])
        .text("name", Some(&work.title))
        .text("datePublished", work.date.as_deref())
        .text("sameAs", address.or(work.url.as_deref()))
        .build()
}

/// Returns a work as its own page describes it.
fn described(work: &WorkFacts) -> Value {
    let ty = work_type(&work.kind);
    let authors = work.authors.iter().map(|author| match author {
        CreatorName::Literal(name) => json!({ "@type": "Organization", "name": name }),
        CreatorName::Person { given, family } => Node::new(&["Person"])
            .text("name", Some(format!("{given} {family}").trim()))
            .text("givenName", Some(given))
            .text("familyName", Some(family))
            .build(),
    });
    let publisher = work.publisher.as_ref();
    let publisher = publisher.map(|name| json!({ "@type": "Organization", "name": name }));
    Node::new(&[ty])
        .text("name", Some(&work.title))
        .list("author", authors)
        .text("datePublished", work.date.as_deref())
        .with("isPartOf", container(work))
        .text("pagination", work.pages.as_deref().filter(|_| has_pagination(ty)))
        .text("isbn", work.isbn.as_deref().filter(|_| ty == "Book"))
        .with("publisher", publisher)
        .text("url", work.url.as_deref())
        .list("identifier", work.identifiers.iter().map(identifier))
        .list("sameAs", same_as(&work.identifiers))
        .build()
}

/// Returns what a work appeared in, by issue and volume where it has them.
fn container(work: &WorkFacts) -> Option<Value> {
    let name = work.container.as_deref()?;
    if work_type(&work.kind) != "ScholarlyArticle" {
        return Some(json!({ "@type": "CreativeWork", "name": name }));
    }
    let mut whole = Node::new(&["Periodical"])
        .text("name", Some(name))
        .text("issn", work.issn.as_deref())
        .build();
    if let Some(volume) = &work.volume {
        whole = Node::new(&["PublicationVolume"])
            .text("volumeNumber", Some(volume))
            .with("isPartOf", whole)
            .build();
    }
    if let Some(issue) = &work.issue {
        whole = Node::new(&["PublicationIssue"])
            .text("issueNumber", Some(issue))
            .with("isPartOf", whole)
            .build();
    }
    Some(whole)
}

fn has_pagination(ty: &str) -> bool {
    matches!(ty, "ScholarlyArticle" | "NewsArticle" | "Article" | "Chapter")
}

/// Returns the schema.org type of a work of the CSL type `kind`.
fn work_type(kind: &str) -> &'static str {
    match kind {
        "article" | "article-journal" | "paper-conference" | "review" => "ScholarlyArticle",
        "article-magazine" => "Article",
        "article-newspaper" => "NewsArticle",
        "book" => "Book",
        "chapter" | "entry-dictionary" | "entry-encyclopedia" => "Chapter",
        "dataset" => "Dataset",
        "legislation" | "regulation" => "Legislation",
        "post-weblog" => "BlogPosting",
        "report" => "Report",
        "software" => "SoftwareApplication",
        "thesis" => "Thesis",
        "webpage" => "WebPage",
        _ => "CreativeWork",
    }
}
