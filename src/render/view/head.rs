//! From what a view knows to the facts that a page's head is made from.

use std::borrow::Cow;
use std::hash::Hash;
use std::sync::Arc;

use crate::citation::CitationKey;
use crate::citation::bibliography::Entry;
use crate::citation::record::{Creator, Record};
use crate::config::Collection;
use crate::ids;
use crate::page_id::{Lang, PageId};
use crate::parse::Page;
use crate::parse::page::FieldValue;
use crate::pattern::fill;
use crate::render::head::{
    Byline, CitedWork, CreatorName, Credential, Head, HeadKind, HeadPage, Identifier, ImageFacts,
    PersonFacts, PublisherFacts, SiteFacts, SiteHead, ThingFacts, WorkFacts, WrittenNode,
};
use crate::render::value::Value;
use crate::resolve::linked::RelationTarget;
use crate::resolve::links::ImageTarget;
use crate::resolve::names::page_named;
use crate::resolve::plan::PageKind;
use crate::resolve::routes::markdown_copy;
use crate::resolve::{Card, Reads};
use crate::url::UrlPath;

use super::frame::Frame;
use super::record::year_in_words;
use super::scope::{PageScope, Strings};
use super::shared::{ByAddress, Shared};

/// What the heads of the pages of one build have in common.
#[derive(Debug, Default)]
pub struct Heads {
    sites: Parts<Lang, Arc<SiteHead>>,
    /// People and entities by their cards.
    bylines: Parts<ByAddress<Card>, Arc<Byline>>,
    things: Parts<ByAddress<Card>, Option<WrittenNode>>,
    works: Shared<CitationKey, WrittenNode>,
}

/// Parts of heads, each with the facts that it was made from.
type Parts<K, T> = Shared<K, (T, Arc<Reads>)>;

/// Returns the part of heads under `key`, which the first page that asks makes.
fn part_of_heads<K: Eq + Hash, T: Clone>(
    parts: &Parts<K, T>,
    key: K,
    scope: &PageScope<'_>,
    make: impl FnOnce(&PageScope<'_>) -> T,
) -> T {
    let (part, reads) = parts.get_or_insert_with(key, || {
        let reader = scope.reader.fresh();
        let part = make(&scope.reading(&reader));
        (part, Arc::new(reader.into_reads()))
    });
    scope.reader.also(&reads);
    part
}

/// What the head needs to know of a page beyond its frame.
#[derive(Default)]
pub(super) struct PageFacts<'a> {
    pub(super) page: Option<&'a Page>,
    pub(super) collection: Option<&'a Collection>,
    pub(super) authors: Vec<PageId>,
    pub(super) reviewers: Vec<PageId>,
    pub(super) about: Vec<PageId>,
    pub(super) references: &'a [CitationKey],
    pub(super) work: Option<&'a Record>,
}

/// Returns the head of the page as templates see it.
pub(super) fn head(scope: &PageScope<'_>, frame: &Frame, facts: &PageFacts<'_>) -> Value {
    let site = site(scope);
    Head::of(&site, &page_facts(scope, frame, facts, &site.facts)).to_value()
}

fn site(scope: &PageScope<'_>) -> Arc<SiteHead> {
    let lang = scope.id.lang().clone();
    part_of_heads(&scope.site.heads.sites, lang, scope, |scope| {
        Arc::new(SiteHead::new(site_facts(scope)))
    })
}

fn site_facts(scope: &PageScope<'_>) -> SiteFacts {
    let config = scope.site.config;
    let policy = |kind: &str| {
        let id = config.publisher.policies.get(kind)?;
        named(id, scope).map(|card| card.url.clone())
    };
    let publisher = config.publisher.name.as_ref().map(|name| PublisherFacts {
        name: name.to_string(),
        url: owned(&config.publisher.url),
        logo: config.publisher.logo.as_ref().map(|file| UrlPath::new(file)),
        principles: policy("editorial"),
        corrections: policy("corrections"),
    });
    SiteFacts {
        title: scope.site_title().to_owned(),
        own_title: config.site.title.to_string(),
        description: owned(&config.site.description),
        base_url: Some(config.site.base_url.to_string()).filter(|url| !url.is_empty()),
        language: config.site.language.clone(),
        license: owned(&config.site.license),
        publisher,
        image: config.site.image.as_ref().map(|file| ImageFacts {
            path: UrlPath::new(file),
            alt: Some(scope.site_title().to_owned()),
            size: None,
        }),
    }
}

fn page_facts<'a>(
    scope: &PageScope<'a>,
    frame: &'a Frame<'_>,
    facts: &PageFacts<'a>,
    site: &SiteFacts,
) -> HeadPage<'a> {
    let planned = frame.planned;
    let kind = head_kind(&planned.kind);
    let mut head = HeadPage::new(&planned.url, kind, scope.id.lang(), &frame.title);
    head.breadcrumbs = &frame.breadcrumbs;
    head.translations = translations(scope);
    if scope.site.makes("feed") && !scope.site.config.site.base_url.is_empty() {
        let home = scope.site.routes.home(scope.id.lang());
        head.feeds = vec![(site.title.clone(), scope.site.routes.feed(&home))];
    }
    let is_copied = !matches!(planned.kind, PageKind::NotFound | PageKind::Search);
    if is_copied && scope.site.makes("markdown-copies") {
        head.markdown = Some(markdown_copy(&planned.url));
    }
    let part = &planned.part;
    let numbered = |number| scope.site.routes.numbered(&part.first, &part.segment, number);
    head.prev = (part.number > 1).then(|| numbered(part.number - 1));
    head.next = (part.number < part.of).then(|| numbered(part.number + 1));
    head.noindex = scope.site.noindex
        || matches!(
            planned.kind,
            PageKind::Mentions(_) | PageKind::CitedBy(_) | PageKind::List { .. } | PageKind::Search
        );
    head.description = facts.work.map(|record| in_brief(record, scope.strings).into());
    head.work = facts.work.map(|record| work(record, scope));
    let bibliography = scope.site.bibliography;
    let entries = facts.references.iter().filter_map(|key| bibliography.get(key));
    head.citations = entries.map(|entry| cited(entry, scope)).collect();
    head.authors = bylines(&facts.authors, site, scope);
    head.reviewers = bylines(&facts.reviewers, site, scope);
    head.about = facts.about.iter().filter_map(|id| about(id, site, scope)).collect();
    if let Some(card) = scope.reader.card(scope.id) {
        describe(&mut head, card, scope, facts);
    }
    if head.description.is_none() {
        let words = words_of(&planned.kind, scope).or_else(|| members_in_brief(frame, scope));
        head.description = words.map(Cow::Owned);
    }
    head
}

/// Returns what the interface says of a page that lists no other pages.
fn words_of(kind: &PageKind, scope: &PageScope<'_>) -> Option<String> {
    let key = match kind {
        PageKind::Bibliography => "bibliography_text",
        PageKind::Tags => "tags_text",
        _ => return None,
    };
    let title = scope.site_title();
    let words = scope.strings.get(key)?;
    Some(fill(words, |place| (place == "site").then_some(title.into())))
}

/// Returns what a listing holds in one line: its title, and those of its first pages.
fn members_in_brief(frame: &Frame, scope: &PageScope<'_>) -> Option<String> {
    const NAMED: usize = 5;
    let members = frame.planned.members.iter().take(NAMED);
    let titles: Vec<&str> = members.filter_map(|id| Some(&*scope.reader.card(id)?.title)).collect();
    (!titles.is_empty()).then(|| cut(&format!("{}: {}", frame.title, titles.join(", "))))
}

/// Adds what the page's own card and fields say.
fn describe<'a>(
    head: &mut HeadPage<'a>,
    card: &'a Card,
    scope: &PageScope<'a>,
    facts: &PageFacts<'a>,
) {
    head.description = card.description.as_deref().map(Cow::Borrowed);
    head.image = card
        .image
        .as_ref()
        .and_then(|image| image_facts(&scope.image(&image.src, card), image.alt.as_deref()));
    head.date = card.date;
    head.updated = card.updated;
    head.reviewed = card.reviewed;
    head.noindex |= card.noindex;
    head.tags = &card.tags;
    head.license = facts.page.and_then(|page| page.front.license.as_deref());
    let collection = facts
        .collection
        .or_else(|| scope.collection(card.collection.as_deref()?))
        .filter(|_| !card.is_index);
    let Some(collection) = collection else { return };
    head.page_type = collection.page_type.as_deref();
    head.schema_type = schema_type(card, collection, scope);
    head.section = Some(scope.listing_title(collection));
    if collection.people {
        head.person = Some(person(card, scope));
    } else {
        head.thing = thing(card, scope);
    }
}

fn head_kind(kind: &PageKind) -> HeadKind {
    match kind {
        PageKind::Home => HeadKind::Home,
        PageKind::Written | PageKind::Made => HeadKind::Page,
        PageKind::Reference(_) => HeadKind::Reference,
        PageKind::NotFound => HeadKind::NotFound,
        PageKind::Listing { .. }
        | PageKind::Tags
        | PageKind::Tag { .. }
        | PageKind::Bibliography
        | PageKind::Search
        | PageKind::Mentions(_)
        | PageKind::CitedBy(_)
        | PageKind::List { .. } => HeadKind::Listing,
    }
}

fn named<'a>(id: &str, scope: &PageScope<'a>) -> Option<&'a Arc<Card>> {
    let default_lang = &scope.site.config.site.language;
    match page_named(id, &[], scope.id.lang(), default_lang, scope.reader) {
        RelationTarget::Page(id) => scope.reader.card(&id),
        RelationTarget::Ambiguous(_) | RelationTarget::Unknown => None,
    }
}

fn translations(scope: &PageScope<'_>) -> Vec<(Lang, UrlPath)> {
    let places = scope.reader.translations(scope.id.path());
    if places.len() < 2 {
        return Vec::new();
    }
    places.into_iter().map(|(lang, url)| (lang.clone(), url.clone())).collect()
}

fn image_facts(target: &ImageTarget, alt: Option<&str>) -> Option<ImageFacts> {
    match target {
        ImageTarget::File { url, size, .. } => Some(ImageFacts {
            path: url.clone(),
            alt: alt.map(str::to_owned).filter(|alt| !alt.is_empty()),
            size: *size,
        }),
        ImageTarget::External(_) | ImageTarget::Missing => None,
    }
}

fn bylines(ids: &[PageId], site: &SiteFacts, scope: &PageScope<'_>) -> Vec<Arc<Byline>> {
    let cards = ids.iter().filter_map(|id| scope.reader.card(id));
    let bylines = cards.map(|card| {
        part_of_heads(&scope.site.heads.bylines, ByAddress::of(card), scope, |scope| {
            Arc::new(Byline::new(site, person(card, scope)))
        })
    });
    bylines.collect()
}

/// Returns what a page says of the entity `id` that it is about.
fn about(id: &PageId, site: &SiteFacts, scope: &PageScope<'_>) -> Option<WrittenNode> {
    let card = scope.reader.card(id)?;
    part_of_heads(&scope.site.heads.things, ByAddress::of(card), scope, |scope| {
        thing(card, scope).map(|thing| WrittenNode::thing(site, &thing))
    })
}

/// Returns what the fields of a person's page say of the person.
fn person(card: &Card, scope: &PageScope<'_>) -> PersonFacts {
    let fields = scope.reader.fields(&card.id);
    let texts = |name: &str| -> Vec<String> {
        let texts = fields.and_then(|fields| fields.get(name)).map(FieldValue::texts);
        texts.unwrap_or_default().iter().map(|text| text.to_string()).collect()
    };
    let first = |name: &str| texts(name).into_iter().next();
    PersonFacts {
        name: card.title.to_string(),
        organization: first("kind").as_deref() == Some("organization"),
        path: Some(card.url.clone()),
        given: first("given"),
        family: first("family"),
        prefix: first("honorific_prefix"),
        suffix: first("honorific_suffix"),
        role: first("role"),
        affiliations: texts("affiliations"),
        expertise: texts("expertise"),
        aliases: texts("aliases"),
        credentials: fields
            .and_then(|fields| fields.get("credentials"))
            .map_or_else(Vec::new, credentials),
        identifiers: identifiers(card, scope),
        image: card
            .image
            .as_ref()
            .and_then(|image| image_facts(&scope.image(&image.src, card), image.alt.as_deref())),
    }
}

fn credentials(value: &FieldValue) -> Vec<Credential> {
    let FieldValue::List(records) = value else { return Vec::new() };
    let word = |value: Option<&FieldValue>| match value {
        Some(FieldValue::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    records
        .iter()
        .filter_map(|record| match record {
            FieldValue::Record(record) => Some(Credential {
                title: word(record.get("title"))?,
                kind: word(record.get("kind")),
                issuer: word(record.get("issuer")),
            }),
            _ => None,
        })
        .collect()
}

/// Returns the schema.org type of what the page of `card` describes: that of a word that one
/// of its fields holds, else its collection's.
fn schema_type<'a>(
    card: &Card,
    collection: &'a Collection,
    scope: &PageScope<'_>,
) -> Option<&'a str> {
    let typing = collection.fields.values().filter(|field| !field.schema_types.is_empty());
    let mut of_words = typing.filter_map(|field| {
        let fields = scope.reader.fields(&card.id)?;
        match fields.get(&field.name)? {
            FieldValue::Text(word) => field.schema_types.get(word),
            _ => None,
        }
    });
    of_words.next().or(collection.schema_type.as_ref()).map(String::as_str)
}

/// Returns the entity that a page describes; `None` for a collection of texts.
fn thing(card: &Card, scope: &PageScope<'_>) -> Option<ThingFacts> {
    let collection = scope.collection(card.collection.as_deref()?)?;
    let surfaces = collection.fields.values().filter(|field| field.surface);
    let fields = scope.reader.fields(&card.id);
    let aliases = surfaces.filter_map(|field| fields?.get(&field.name)).flat_map(FieldValue::texts);
    Some(ThingFacts {
        schema_type: schema_type(card, collection, scope).map(str::to_owned),
        name: card.title.to_string(),
        path: Some(card.url.clone()),
        aliases: aliases.map(|alias| alias.to_string()).collect(),
        identifiers: identifiers(card, scope),
        properties: Vec::new(),
    })
}

fn identifiers(card: &Card, scope: &PageScope<'_>) -> Vec<Identifier> {
    let fields = scope.reader.fields(&card.id).into_iter().flat_map(|fields| fields.values());
    fields
        .filter_map(|value| match value {
            FieldValue::Ids(ids) => Some(ids),
            _ => None,
        })
        .flatten()
        .map(|(scheme, value)| identifier(scheme, value, scope))
        .collect()
}

fn identifier(scheme: &str, value: &str, scope: &PageScope<'_>) -> Identifier {
    let known = ids::scheme(scheme, &scope.site.config.ids);
    let normal = known.as_ref().map(|scheme| scheme.normalize(value));
    Identifier {
        scheme: known.as_ref().map_or(scheme, |scheme| scheme.label()).to_owned(),
        url: known.as_ref().zip(normal.as_ref()).and_then(|(scheme, id)| scheme.url(id)),
        value: normal.unwrap_or_else(|| value.to_owned()),
    }
}

/// Returns what a reference list says of a work to machines.
fn cited(entry: &Entry, scope: &PageScope<'_>) -> WrittenNode {
    let works = &scope.site.heads.works;
    works.get_or_insert_with(entry.key.clone(), || {
        WrittenNode::work(&cited_work(entry.description(), scope))
    })
}

fn cited_work<'a>(record: &'a Record, scope: &PageScope<'_>) -> CitedWork<'a> {
    let address = record.identifiers.iter().find_map(|(scheme, value)| match *scheme {
        "issn" | "isbn" => None,
        scheme => {
            let scheme = ids::scheme(scheme, &scope.site.config.ids)?;
            scheme.url(&scheme.normalize(value))
        }
    });
    CitedWork {
        kind: record.kind,
        title: &record.title,
        date: record.date.as_deref(),
        address: address.map(Cow::Owned).or(record.url.as_deref().map(Cow::Borrowed)),
    }
}

fn work(record: &Record, scope: &PageScope<'_>) -> WorkFacts {
    let authors = record.authors.iter().map(|author| match author {
        Creator::Person { given, family } => {
            CreatorName::Person { given: given.clone(), family: family.clone() }
        }
        Creator::Group(name) => CreatorName::Literal(name.clone()),
    });
    let of_scheme = |wanted: &str| {
        let found = record.identifiers.iter().find(|(scheme, _)| *scheme == wanted);
        found.map(|(_, value)| value.clone())
    };
    let identifiers = record.identifiers.iter();
    WorkFacts {
        kind: record.kind.to_owned(),
        title: record.title.clone(),
        authors: authors.collect(),
        date: record.date.clone(),
        container: record.container.clone(),
        volume: record.volume.clone(),
        issue: record.issue.clone(),
        pages: record.pages.clone(),
        publisher: record.publisher.clone(),
        issn: of_scheme("issn"),
        isbn: of_scheme("isbn"),
        url: record.url.clone(),
        identifiers: identifiers
            .filter(|(scheme, _)| !matches!(*scheme, "issn" | "isbn"))
            .map(|(scheme, value)| identifier(scheme, value, scope))
            .collect(),
    }
}

/// How many characters of a description search engines show.
const SHOWN_CHARS: usize = 200;

/// Returns a work in one line: who made it, what it is called, where and when it appeared.
fn in_brief(record: &Record, strings: &Strings) -> String {
    const NAMED: usize = 3;
    let mut authors: Vec<String> =
        record.authors.iter().take(NAMED).map(Creator::to_name).collect();
    if record.authors.len() > NAMED || record.has_others {
        authors.push("et al".to_owned());
    }
    let year = record.year.map(|year| year_in_words(year, strings));
    let appeared: Vec<&str> =
        [record.container.as_deref(), year.as_deref()].into_iter().flatten().collect();
    let parts = [authors.join(", "), record.title.clone(), appeared.join(", ")];
    let line: String = parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| format!("{}. ", part.trim_end_matches('.')))
        .collect();
    cut(line.trim_end())
}

/// Returns `line` cut at a word, where it is longer than search engines show.
fn cut(line: &str) -> String {
    match line.char_indices().nth(SHOWN_CHARS) {
        None => line.to_owned(),
        Some((end, _)) => {
            let end = line[..end].rfind(' ').unwrap_or(end);
            format!("{}…", line[..end].trim_end_matches([',', '.', ':', ';']))
        }
    }
}

fn owned(text: &Option<Arc<str>>) -> Option<String> {
    text.as_ref().map(|text| text.to_string())
}
