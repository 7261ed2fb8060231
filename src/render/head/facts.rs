//! What the head of a page is made from.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;

use crate::page_id::Lang;
use crate::url::UrlPath;

use super::node::WrittenNode;

/// What all pages of a site share.
#[derive(Clone, Debug)]
pub struct SiteHead {
    /// What is known of the site.
    pub facts: SiteFacts,
    /// The nodes that stand on every page.
    pub(super) nodes: Vec<WrittenNode>,
}

impl SiteHead {
    /// Returns what all pages of the site share.
    pub fn new(facts: SiteFacts) -> Self {
        let nodes = WrittenNode::of_site(&facts);
        Self { facts, nodes }
    }
}

/// What is known of a site.
#[derive(Clone, Debug)]
pub struct SiteFacts {
    /// The site's name, in the page's language.
    pub title: String,
    /// The site's name in its own language.
    pub own_title: String,
    /// The site in a sentence, in its own language.
    pub description: Option<String>,
    /// The address under which the site is published, without a final `/`.
    pub base_url: Option<String>,
    /// The site's own language.
    pub language: Lang,
    /// The licence of the texts, a name or an address.
    pub license: Option<String>,
    /// Who answers for the site.
    pub publisher: Option<PublisherFacts>,
    /// The image that stands for pages without one.
    pub image: Option<ImageFacts>,
}

/// Who answers for a site.
#[derive(Clone, Debug, Default)]
pub struct PublisherFacts {
    /// The name.
    pub name: String,
    /// The publisher's own address.
    pub url: Option<String>,
    /// The logo, a file of the site.
    pub logo: Option<UrlPath>,
    /// The page that says how content is made.
    pub principles: Option<UrlPath>,
    /// The page that says how mistakes are mended.
    pub corrections: Option<UrlPath>,
}

/// What kind of page it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadKind {
    /// The site's front page.
    Home,
    /// A page that an author wrote, or one that stands for an entity.
    Page,
    /// A list of pages.
    Listing,
    /// A page about a work of the bibliography.
    Reference,
    /// The page for addresses that lead nowhere.
    NotFound,
}

/// What is known of one page.
#[derive(Clone, Debug)]
pub struct HeadPage<'a> {
    /// Its URL.
    pub path: &'a UrlPath,
    /// What kind it is.
    pub kind: HeadKind,
    /// Its language.
    pub lang: &'a Lang,
    /// Its title.
    pub title: &'a str,
    /// What it is about, in a sentence.
    pub description: Option<Cow<'a, str>>,
    /// The image that stands for it.
    pub image: Option<ImageFacts>,
    /// When it was published.
    pub date: Option<Date>,
    /// When it was last changed.
    pub updated: Option<Date>,
    /// When it was last reviewed.
    pub reviewed: Option<Date>,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
    /// The schema.org type of the page, such as `MedicalWebPage`.
    pub page_type: Option<&'a str>,
    /// The schema.org type of what it describes, such as `Article` or `Person`.
    pub schema_type: Option<&'a str>,
    /// Its licence, in place of the site's.
    pub license: Option<&'a str>,
    /// Its tags.
    pub tags: &'a [Arc<str>],
    /// The title of its collection.
    pub section: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Arc<Byline>>,
    /// Who reviewed it.
    pub reviewers: Vec<Arc<Byline>>,
    /// The entities that it is about.
    pub about: Vec<WrittenNode>,
    /// The entity that it describes, beyond title and description.
    pub thing: Option<ThingFacts>,
    /// The person that it describes.
    pub person: Option<PersonFacts>,
    /// The work that it describes.
    pub work: Option<WorkFacts>,
    /// The works in its reference list.
    pub citations: Vec<WrittenNode>,
    /// The pages above it, the front page first, the page itself left out.
    pub breadcrumbs: &'a [(String, UrlPath)],
    /// Its translations with their languages, itself among them.
    pub translations: Vec<(Lang, UrlPath)>,
    /// The feeds that it may be followed by, with their titles.
    pub feeds: Vec<(String, UrlPath)>,
    /// Its copy in Markdown.
    pub markdown: Option<UrlPath>,
    /// The page before it in a listing in several pages.
    pub prev: Option<UrlPath>,
    /// The page after it in a listing in several pages.
    pub next: Option<UrlPath>,
}

impl<'a> HeadPage<'a> {
    /// Returns a page of which nothing more is known.
    pub fn new(path: &'a UrlPath, kind: HeadKind, lang: &'a Lang, title: &'a str) -> Self {
        Self {
            path,
            kind,
            lang,
            title,
            description: None,
            image: None,
            date: None,
            updated: None,
            reviewed: None,
            noindex: false,
            page_type: None,
            schema_type: None,
            license: None,
            tags: &[],
            section: None,
            authors: Vec::new(),
            reviewers: Vec::new(),
            about: Vec::new(),
            thing: None,
            person: None,
            work: None,
            citations: Vec::new(),
            breadcrumbs: &[],
            translations: Vec::new(),
            feeds: Vec::new(),
            markdown: None,
            prev: None,
            next: None,
        }
    }
}

/// An image of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageFacts {
    /// Its URL.
    pub path: UrlPath,
    /// Its alternative text.
    pub alt: Option<String>,
    /// Width and height in pixels.
    pub size: Option<(u32, u32)>,
}

/// A person or an organisation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PersonFacts {
    /// The name.
    pub name: String,
    /// Whether it is an organisation.
    pub organization: bool,
    /// The page about them.
    pub path: Option<UrlPath>,
    /// The given name.
    pub given: Option<String>,
    /// The family name.
    pub family: Option<String>,
    /// What stands before the name, such as `Dr`.
    pub prefix: Option<String>,
    /// What stands after the name, such as `MD`.
    pub suffix: Option<String>,
    /// What they do.
    pub role: Option<String>,
    /// Where they work.
    pub affiliations: Vec<String>,
    /// What they know about.
    pub expertise: Vec<String>,
    /// Further names.
    pub aliases: Vec<String>,
    /// What qualifies them.
    pub credentials: Vec<Credential>,
    /// Their identifiers.
    pub identifiers: Vec<Identifier>,
    /// Their picture.
    pub image: Option<ImageFacts>,
}

/// A person as the pages name them that they wrote or reviewed.
#[derive(Clone, Debug)]
pub struct Byline {
    /// The person.
    pub person: PersonFacts,
    /// What JSON-LD says of the person.
    pub(super) node: WrittenNode,
}

impl Byline {
    /// Returns the byline of a person of the site.
    pub fn new(site: &SiteFacts, person: PersonFacts) -> Self {
        let node = WrittenNode::byline(site, &person);
        Self { person, node }
    }
}

/// What qualifies a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credential {
    /// What it is called.
    pub title: String,
    /// What kind it is, such as `degree`.
    pub kind: Option<String>,
    /// Who gave it.
    pub issuer: Option<String>,
}

/// An identifier of a person, an entity or a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// What readers call the scheme, such as `DOI`.
    pub scheme: String,
    /// The value.
    pub value: String,
    /// Where it leads.
    pub url: Option<String>,
}

/// An entity: what a page describes, or is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThingFacts {
    /// The schema.org type; `Thing` where there is none.
    pub schema_type: Option<String>,
    /// The name.
    pub name: String,
    /// The page that describes it.
    pub path: Option<UrlPath>,
    /// Further names.
    pub aliases: Vec<String>,
    /// Its identifiers.
    pub identifiers: Vec<Identifier>,
    /// Further properties by the name that schema.org gives them.
    pub properties: Vec<(String, Vec<Property>)>,
}

/// A value of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Property {
    /// Plain text.
    Text(String),
    /// Another entity.
    Thing(ThingFacts),
}

/// A work in a page's reference list: enough to know it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CitedWork<'a> {
    /// The CSL type, such as `article-journal`.
    pub kind: &'a str,
    /// The title.
    pub title: &'a str,
    /// The date as far as it is known, in ISO 8601.
    pub date: Option<&'a str>,
    /// Where its first identifier leads, or its own address.
    pub address: Option<Cow<'a, str>>,
}

/// A work of the bibliography.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkFacts {
    /// The CSL type, such as `article-journal`.
    pub kind: String,
    /// The title.
    pub title: String,
    /// The authors.
    pub authors: Vec<CreatorName>,
    /// The date as far as it is known, in ISO 8601: `2022`, `2022-05` or `2022-05-05`.
    pub date: Option<String>,
    /// The journal, book or site that it appeared in.
    pub container: Option<String>,
    /// The volume.
    pub volume: Option<String>,
    /// The issue.
    pub issue: Option<String>,
    /// The pages.
    pub pages: Option<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// The ISSN of the journal.
    pub issn: Option<String>,
    /// The ISBN of the book.
    pub isbn: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// Its identifiers other than ISSN and ISBN.
    pub identifiers: Vec<Identifier>,
}

/// The name of an author of a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CreatorName {
    /// A person.
    Person {
        /// The given name; empty where none is known.
        given: String,
        /// The family name.
        family: String,
    },
    /// An organisation, or a name that is not taken apart.
    Literal(String),
}
