//! JSON-LD: a page and what it describes, in the words of schema.org.
//!
//! One graph a page: the site, its publisher, the page, its place in the site, and
//! what it describes. A collection names the types (`page_type`, `schema_type`); which
//! properties a type may have is schema.org's, so only those are written that every
//! type of its kind has, and those that the collection's fields name.

use std::iter;

use crate::url::UrlPath;

use super::facts::{
    CitedWork, CreatorName, HeadKind, HeadPage, Identifier, ImageFacts, PersonFacts, Property,
    PublisherFacts, SiteFacts, SiteHead, ThingFacts, WorkFacts,
};
use super::links::license_url;
use super::node::{Node, Value, WrittenNode, to_script};

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
pub(super) fn json_ld(site: &SiteHead, page: &HeadPage<'_>) -> Option<String> {
    if page.kind == HeadKind::NotFound {
        return None;
    }
    let writer = Writer { site: &site.facts };
    let mut graph: Vec<Value<'_>> = site.nodes.iter().map(Value::from).collect();
    graph.push(writer.page(page).into());
    graph.extend(writer.breadcrumbs(page).map(Value::Node));
    let document = Node::untyped()
        .text("@context", Some("https://schema.org"))
        .with("@graph", Value::List(graph));
    Some(to_script(&document))
}

impl WrittenNode {
    /// Returns the nodes that stand on every page of `site`: its own and its publisher's.
    pub(super) fn of_site(site: &SiteFacts) -> Vec<Self> {
        let writer = Writer { site };
        let publisher = site.publisher.as_ref().map(|publisher| writer.publisher(publisher));
        let nodes = iter::once(writer.web_site()).chain(publisher);
        nodes.map(|node| Self::new(&node)).collect()
    }

    /// Returns a person as a byline names them.
    pub(super) fn byline(site: &SiteFacts, person: &PersonFacts) -> Self {
        Self::new(&Writer { site }.byline(person))
    }

    /// Returns what pages of `site` say of an entity that they are about.
    pub fn thing(site: &SiteFacts, thing: &ThingFacts) -> Self {
        Self::new(&Writer { site }.thing(thing))
    }

    /// Returns a work as a reference list names it: enough to know it by.
    pub fn work(work: &CitedWork<'_>) -> Self {
        let node = Node::new(&[work_type(work.kind)])
            .text("name", Some(work.title))
            .text("datePublished", work.date)
            .text("sameAs", work.address.as_deref());
        Self::new(&node)
    }
}

/// Writes the nodes of one site.
struct Writer<'a> {
    site: &'a SiteFacts,
}

impl<'a> Writer<'a> {
    /// Returns the address of `path`, where the site has one.
    fn url(&self, path: &UrlPath) -> Option<String> {
        self.site.base_url.as_ref().map(|base| path.absolute(base))
    }

    /// Returns the name of the node for what the page at `path` is or describes.
    fn id(&self, path: &UrlPath, fragment: &str) -> Option<String> {
        let mut id = self.url(path)?;
        id.push('#');
        id.push_str(fragment);
        Some(id)
    }

    fn web_site(&self) -> Node<'a> {
        let home = UrlPath::new("/");
        Node::new(&["WebSite"])
            .text("@id", self.id(&home, "website"))
            .text("name", Some(&self.site.own_title))
            .text("description", self.site.description.as_deref())
            .text("url", self.url(&home))
            .text("inLanguage", Some(self.site.language.as_str()))
            .node("publisher", self.publisher_reference())
    }

    fn publisher(&self, publisher: &'a PublisherFacts) -> Node<'a> {
        let page = |path: &Option<UrlPath>| path.as_ref().and_then(|path| self.url(path));
        let logo = page(&publisher.logo);
        let logo = logo.map(|url| Node::new(&["ImageObject"]).text("url", Some(url)));
        Node::new(&["Organization"])
            .text("@id", self.id(&UrlPath::new("/"), "publisher"))
            .text("name", Some(&publisher.name))
            .text("url", publisher.url.as_deref())
            .node("logo", logo)
            .text("publishingPrinciples", page(&publisher.principles))
            .text("correctionsPolicy", page(&publisher.corrections))
    }

    /// Returns the publisher as other nodes name it: by its node, or by its name where
    /// nodes have no names.
    fn publisher_reference(&self) -> Option<Node<'a>> {
        let publisher = self.site.publisher.as_ref()?;
        Some(match self.id(&UrlPath::new("/"), "publisher") {
            Some(id) => Node::reference(id),
            None => Node::named("Organization", &publisher.name),
        })
    }

    fn page(&self, page: &'a HeadPage<'a>) -> Node<'a> {
        let page_type = match (page.kind, &page.page_type) {
            (HeadKind::Listing, _) => "CollectionPage",
            (_, Some(page_type)) => page_type,
            _ => "WebPage",
        };
        let text_type = page.schema_type.filter(|ty| TEXT_TYPES.contains(ty));
        let mut types = vec![page_type];
        types.extend(text_type);
        let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
        Node::new(&types)
            .text("@id", self.id(page.path, "page"))
            .text("url", self.url(page.path))
            .text("name", Some(page.title))
            .text("headline", text_type.map(|_| page.title))
            .text("description", page.description.as_deref())
            .text("inLanguage", Some(page.lang.as_str()))
            .node("isPartOf", self.id(&UrlPath::new("/"), "website").map(Node::reference))
            .node("breadcrumb", self.breadcrumb_id(page).map(Node::reference))
            .node("primaryImageOfPage", page.image.as_ref().and_then(|image| self.image(image)))
            .text("datePublished", date(page.date))
            .text("dateModified", date(page.updated.or(page.date)))
            .text("lastReviewed", date(page.reviewed))
            .list("author", page.authors.iter().map(|author| (&author.node).into()))
            .list("reviewedBy", page.reviewers.iter().map(|reviewer| (&reviewer.node).into()))
            .node("publisher", self.publisher_reference())
            .text("license", license_url(self.site, page))
            .list("keywords", page.tags.iter().map(|tag| Value::from(&**tag)))
            .list("about", page.about.iter().map(Value::from))
            .node("mainEntity", self.main_entity(page))
            .list("citation", page.citations.iter().map(Value::from))
    }

    fn main_entity(&self, page: &'a HeadPage<'a>) -> Option<Node<'a>> {
        if let Some(person) = &page.person {
            return Some(self.person(person, page));
        }
        if let Some(work) = &page.work {
            return Some(described(work));
        }
        let ty = page.schema_type.filter(|ty| !TEXT_TYPES.contains(ty))?;
        let node = self.named_thing(ty, page.title, Some(page.path));
        let node = match &page.thing {
            Some(thing) => self.with_facts(node, thing),
            None => node,
        };
        let description = page.description.as_deref().filter(|_| !node.has("description"));
        Some(node.text("description", description))
    }

    fn thing(&self, thing: &'a ThingFacts) -> Node<'a> {
        let ty = thing.schema_type.as_deref().unwrap_or("Thing");
        self.with_facts(self.named_thing(ty, &thing.name, thing.path.as_ref()), thing)
    }

    fn named_thing(&self, ty: &'a str, name: &'a str, path: Option<&UrlPath>) -> Node<'a> {
        Node::new(&[ty])
            .text("@id", path.and_then(|path| self.id(path, "thing")))
            .text("name", Some(name))
            .text("url", path.and_then(|path| self.url(path)))
    }

    /// Adds what is known of the thing beyond type, name and page.
    fn with_facts(&self, node: Node<'a>, thing: &'a ThingFacts) -> Node<'a> {
        let mut node = node
            .list("alternateName", texts(&thing.aliases))
            .list("identifier", thing.identifiers.iter().map(|id| identifier(id).into()))
            .list("sameAs", same_as(&thing.identifiers));
        for (name, values) in &thing.properties {
            let values = values.iter().map(|value| match value {
                Property::Text(text) => Value::from(text.as_str()),
                Property::Thing(thing) => self.thing(thing).into(),
            });
            node = node.list(name, values);
        }
        node
    }

    /// Returns a person as a byline names them.
    fn byline(&self, person: &'a PersonFacts) -> Node<'a> {
        let path = person.path.as_ref();
        let node = Node::new(&[person_type(person)])
            .text("@id", path.and_then(|path| self.id(path, "person")))
            .text("name", Some(&person.name))
            .text("url", path.and_then(|path| self.url(path)));
        match person.organization {
            true => node,
            false => node
                .text("honorificPrefix", person.prefix.as_deref())
                .text("honorificSuffix", person.suffix.as_deref())
                .text("jobTitle", person.role.as_deref()),
        }
    }

    /// Returns a person as their own page describes them.
    fn person(&self, person: &'a PersonFacts, page: &'a HeadPage<'a>) -> Node<'a> {
        let image = person.image.as_ref().or(page.image.as_ref());
        let node = Node::new(&[person_type(person)])
            .text("@id", self.id(page.path, "person"))
            .text("name", Some(&person.name))
            .text("url", self.url(page.path))
            .text("description", page.description.as_deref())
            .list("alternateName", texts(&person.aliases))
            .node("image", image.and_then(|image| self.image(image)))
            .list("identifier", person.identifiers.iter().map(|id| identifier(id).into()))
            .list("sameAs", same_as(&person.identifiers))
            .list("knowsAbout", texts(&person.expertise));
        if person.organization {
            return node;
        }
        let organization = |name: &'a String| Node::named("Organization", name);
        let credentials = person.credentials.iter().map(|credential| {
            Node::new(&["EducationalOccupationalCredential"])
                .text("name", Some(&credential.title))
                .text("credentialCategory", credential.kind.as_deref())
                .node("recognizedBy", credential.issuer.as_ref().map(organization))
                .into()
        });
        node.text("givenName", person.given.as_deref())
            .text("familyName", person.family.as_deref())
            .text("honorificPrefix", person.prefix.as_deref())
            .text("honorificSuffix", person.suffix.as_deref())
            .text("jobTitle", person.role.as_deref())
            .list("affiliation", person.affiliations.iter().map(|name| organization(name).into()))
            .list("hasCredential", credentials)
    }

    fn image(&self, image: &'a ImageFacts) -> Option<Node<'a>> {
        let number = |number: u32| Value::Number(number as usize);
        let node = Node::new(&["ImageObject"])
            .text("url", Some(self.url(&image.path)?))
            .text("caption", image.alt.as_deref())
            .with("width", image.size.map(|(width, _)| number(width)))
            .with("height", image.size.map(|(_, height)| number(height)));
        Some(node)
    }

    fn breadcrumb_id(&self, page: &HeadPage<'_>) -> Option<String> {
        self.id(page.path, "breadcrumb").filter(|_| !page.breadcrumbs.is_empty())
    }

    fn breadcrumbs(&self, page: &'a HeadPage<'a>) -> Option<Node<'a>> {
        let id = self.breadcrumb_id(page)?;
        let above = page.breadcrumbs.iter().map(|(title, path)| (title.as_str(), path));
        let items = above.chain([(page.title, page.path)]).enumerate();
        let items = items.map(|(index, (title, path))| {
            Node::new(&["ListItem"])
                .with("position", Value::Number(index + 1))
                .text("name", Some(title))
                .text("item", self.url(path))
                .into()
        });
        let list = Node::new(&["BreadcrumbList"])
            .text("@id", Some(id))
            .with("itemListElement", Value::List(items.collect()));
        Some(list)
    }
}

fn texts(texts: &[String]) -> impl Iterator<Item = Value<'_>> {
    texts.iter().map(|text| Value::from(text.as_str()))
}

fn person_type(person: &PersonFacts) -> &'static str {
    if person.organization { "Organization" } else { "Person" }
}

fn identifier(identifier: &Identifier) -> Node<'_> {
    Node::new(&["PropertyValue"])
        .text("propertyID", Some(&identifier.scheme))
        .text("value", Some(&identifier.value))
        .text("url", identifier.url.as_deref())
}

fn same_as(identifiers: &[Identifier]) -> impl Iterator<Item = Value<'_>> {
    identifiers.iter().filter_map(|identifier| identifier.url.as_deref()).map(Value::from)
}

/// Returns a work as its own page describes it.
fn described(work: &WorkFacts) -> Node<'_> {
    let ty = work_type(&work.kind);
    let authors = work.authors.iter().map(|author| match author {
        CreatorName::Literal(name) => Node::named("Organization", name).into(),
        CreatorName::Person { given, family } => Node::new(&["Person"])
            .text("name", Some(format!("{given} {family}").trim().to_owned()))
            .text("givenName", Some(given))
            .text("familyName", Some(family))
            .into(),
    });
    let publisher = work.publisher.as_ref().map(|name| Node::named("Organization", name));
    Node::new(&[ty])
        .text("name", Some(&work.title))
        .list("author", authors)
        .text("datePublished", work.date.as_deref())
        .node("isPartOf", container(work))
        .text("pagination", work.pages.as_deref().filter(|_| has_pagination(ty)))
        .text("isbn", work.isbn.as_deref().filter(|_| ty == "Book"))
        .node("publisher", publisher)
        .text("url", work.url.as_deref())
        .list("identifier", work.identifiers.iter().map(|id| identifier(id).into()))
        .list("sameAs", same_as(&work.identifiers))
}

/// Returns what a work appeared in, by issue and volume where it has them.
fn container(work: &WorkFacts) -> Option<Node<'_>> {
    let name = work.container.as_deref()?;
    if work_type(&work.kind) != "ScholarlyArticle" {
        return Some(Node::named("CreativeWork", name));
    }
    let mut whole = Node::named("Periodical", name).text("issn", work.issn.as_deref());
    if let Some(volume) = &work.volume {
        whole = Node::new(&["PublicationVolume"])
            .text("volumeNumber", Some(volume))
            .node("isPartOf", whole);
    }
    if let Some(issue) = &work.issue {
        whole = Node::new(&["PublicationIssue"])
            .text("issueNumber", Some(issue))
            .node("isPartOf", whole);
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
