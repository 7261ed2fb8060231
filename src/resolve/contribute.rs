//! What a page says to the rest of the site by itself: the facts that follow from
//! its own file.
//!
//! The facts that need other pages (relations, mentions, citations of shown
//! records) come afterwards, from [`super::link`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::Collection;
use crate::config::theme::{Numbering, ThemeConfig};
use crate::parse::Page;
use crate::parse::page::FrontMatter;
use crate::parse::text::fold;
use crate::url::{SlugStyle, UrlPath, tag_slug};

use super::facts::{AnchorFact, AnchorName, Card, Fact, FactKey};
use super::generated::old_url;
use super::order::title_key;
use super::quoting::Quoting;
use super::reviews::last_review;
use super::surfaces::page_surfaces;

/// The length, in characters, at which a description taken from the text ends.
const EXCERPT_CHARS: usize = 155;

/// The schema.org type of what the first paragraph of its page defines.
const DEFINED: &str = "DefinedTerm";

/// What others show of `page`, which is at `url`.
pub fn card(
    page: &Page,
    url: UrlPath,
    collection: Option<&Collection>,
    quoting: Quoting<'_>,
    slugs: SlugStyle,
) -> Card {
    let front = &page.front;
    let title = page_title(page);
    Card {
        id: page.id.clone(),
        title_key: Arc::from(title_key(&title)),
        title,
        url,
        collection: page.collection.clone(),
        section: Arc::clone(&page.section),
        is_index: page.is_index,
        description: front.description.clone().or_else(|| excerpt(page, collection, quoting)),
        is_excerpt: front.description.is_none(),
        subtitle: front.subtitle.clone(),
        image: front.image.clone(),
        date: front.date,
        updated: front.updated,
        reviewed: collection.and_then(|collection| last_review(front, collection)),
        weight: front.weight,
        tags: tags(&front.tags, slugs),
        noindex: front.noindex,
        source: Some(page.source.id.clone()),
        shown: shown_texts(front, collection),
    }
}

/// Returns the tags without those that are another spelling of one before.
fn tags(written: &[Arc<str>], slugs: SlugStyle) -> Vec<Arc<str>> {
    let mut tags = written.to_vec();
    if tags.len() > 1 {
        let mut seen = BTreeSet::new();
        tags.retain(|tag| seen.insert(tag_slug(tag, slugs)));
    }
    tags
}

/// Returns the facts that `page` contributes by itself.
pub fn contributions(
    page: &Page,
    card: &Arc<Card>,
    collection: Option<&Collection>,
    theme: &ThemeConfig,
    slugs: SlugStyle,
) -> Vec<(FactKey, Fact)> {
    let id = &page.id;
    let lang = id.lang();
    let mut facts = vec![
        (FactKey::Page(id.clone()), Fact::Card(Arc::clone(card))),
        (FactKey::Source(page.source.id.clone()), Fact::Claim),
        (FactKey::Url(card.url.clone()), Fact::Claim),
        (FactKey::Anchors(id.clone()), Fact::Anchors(Arc::new(anchors(page, theme)))),
        (FactKey::Members(lang.clone(), page.collection.clone().unwrap_or_default()), Fact::Claim),
        (FactKey::Translations(Arc::from(id.path())), Fact::Place(card.url.clone())),
    ];
    if !page.front.fields.is_empty() {
        let fields = Fact::Fields(Arc::new(page.front.fields.clone()));
        facts.push((FactKey::Fields(id.clone()), fields));
    }
    for name in names(page) {
        facts.push((FactKey::Name(lang.clone(), name), Fact::Claim));
    }
    facts.push((FactKey::Title(lang.clone(), Arc::from(fold(&card.title))), Fact::Claim));
    if let Some(collection) = collection.filter(|c| c.entity && !page.is_index) {
        for (folded, surface) in page_surfaces(page, collection) {
            facts.push((FactKey::Title(lang.clone(), Arc::clone(&folded)), Fact::Claim));
            facts.push((FactKey::Surface(lang.clone(), folded), Fact::Surface(surface)));
        }
    }
    for old in page.front.redirect_from.iter().filter(|old| old.starts_with('/')) {
        let url = old_url(old);
        if url != card.url {
            facts.push((FactKey::Url(url), Fact::Redirect));
        }
    }
    for tag in &card.tags {
        let key = FactKey::Tagged(lang.clone(), Arc::from(tag_slug(tag, slugs)));
        facts.push((key, Fact::Tag(Arc::clone(tag))));
    }
    facts
}

/// Returns the page's title: of the front matter, of a lone first-level heading,
/// or its name.
pub fn page_title(page: &Page) -> Arc<str> {
    if let Some(title) = &page.front.title {
        return Arc::clone(title);
    }
    if let Some(lifted) = &page.body.title {
        return Arc::from(lifted.text.as_str());
    }
    let mut tops = page.body.headings.iter().filter(|heading| heading.level == 1);
    match (tops.next(), tops.next()) {
        (Some(heading), None) => Arc::from(heading.text.as_str()),
        _ => Arc::from(page.id.name()),
    }
}

/// Returns the names by which authors may refer to the page in fields and wikilinks.
fn names(page: &Page) -> Vec<Arc<str>> {
    let id = &page.id;
    let mut names: Vec<Arc<str>> = vec![Arc::from(id.path())];
    if id.name() != id.path() && !page.is_index {
        names.push(Arc::from(id.name()));
    }
    for old in &page.front.redirect_from {
        if !old.starts_with('/') {
            names.push(Arc::clone(old));
        }
    }
    names
}

/// Returns the number of each component of the body that its theme numbers, each
/// kind counted by itself.
pub fn component_numbers(page: &Page, theme: &ThemeConfig) -> Vec<Option<(Numbering, usize)>> {
    let mut counts: BTreeMap<Numbering, usize> = BTreeMap::new();
    let calls = page.body.components.iter();
    calls
        .map(|call| {
            let numbering = theme.component(&call.name).ok()?.numbered?;
            let count = counts.entry(numbering).or_default();
            *count += 1;
            Some((numbering, *count))
        })
        .collect()
}

fn anchors(page: &Page, theme: &ThemeConfig) -> BTreeMap<Arc<str>, AnchorFact> {
    let body = &page.body;
    let headings = body.headings.iter().map(|heading| {
        let name = AnchorName::Heading(Arc::from(heading.text.as_str()));
        (Arc::clone(&heading.id), AnchorFact { name: Some(name) })
    });
    let others = body.anchors.iter().map(|a| (Arc::clone(&a.id), AnchorFact { name: None }));
    let numbers = component_numbers(page, theme);
    let components = body.components.iter().zip(numbers).filter_map(|(call, number)| {
        let id = call.attributes.id.as_ref()?;
        let name = number.map(|(kind, number)| AnchorName::Numbered(kind, number));
        Some((Arc::clone(id), AnchorFact { name }))
    });
    headings.chain(others).chain(components).collect()
}

/// Returns the start of the page's text, cut at a word; of a definition the whole of its
/// first paragraph.
fn excerpt(page: &Page, collection: Option<&Collection>, quoting: Quoting<'_>) -> Option<Arc<str>> {
    use crate::parse::text::BlockKind;
    let text = &page.body.text;
    let block = text.blocks.iter().find(|b| b.kind == BlockKind::Prose && !b.plain.is_empty())?;
    let words = quoting.words(&page.body, block.plain.range());
    let prose = words.trim();
    let is_definition = collection.is_some_and(|c| c.schema_type.as_deref() == Some(DEFINED));
    let end = prose.char_indices().nth(EXCERPT_CHARS).filter(|_| !is_definition);
    let Some((end, _)) = end else { return Some(Arc::from(prose)) };
    let cut = prose[..end].rfind(' ').unwrap_or(end);
    Some(Arc::from(format!("{}…", prose[..cut].trim_end_matches([',', ';', ':', ' ']))))
}

/// Returns the texts of the fields that cards show.
fn shown_texts(
    front: &FrontMatter,
    collection: Option<&Collection>,
) -> BTreeMap<Arc<str>, Vec<Arc<str>>> {
    let fields = collection.into_iter().flat_map(|collection| collection.fields.values());
    fields
        .filter(|field| field.card)
        .filter_map(|field| {
            let texts = front.fields.get(&field.name)?.texts();
            (!texts.is_empty()).then(|| (Arc::clone(&field.name), texts))
        })
        .collect()
}
