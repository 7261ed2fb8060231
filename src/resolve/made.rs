//! Pages that a field makes by naming them: a class that has no file of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Collection, Config, Field, FieldType};
use crate::page_id::PageId;
use crate::parse::PageHead;
use crate::parse::page::{FieldValue, Surface};
use crate::parse::text::fold;

use super::facts::{AnchorFact, Card, Fact, FactKey};
use super::linked::RelationTarget;
use super::names::page_named;
use super::order::title_key;
use super::reader::SiteReader;
use super::routes::Routes;
use crate::url::UrlPath;

/// Returns the pages that the fields of `pages` make, by id.
///
/// A name that some page answers to makes nothing, nor does one whose page would stand in
/// the place of an author's. Names that fold alike make one page, with the title that the
/// first page by id gives it.
pub fn made_pages<'a>(
    pages: impl Iterator<Item = &'a PageHead>,
    config: &Config,
    reader: &SiteReader<'_>,
) -> BTreeMap<PageId, Arc<Card>> {
    let routes = Routes::new(config);
    let mut made: BTreeMap<PageId, Arc<Card>> = BTreeMap::new();
    for page in pages {
        for (written, collection) in makers(page, config) {
            let lang = page.id.lang();
            let names = std::slice::from_ref(&collection.name);
            let known = page_named(written, names, lang, &config.site.language, reader);
            if known != RelationTarget::Unknown {
                continue;
            }
            let slug = routes.slug(&fold(written));
            if slug.is_empty() {
                continue;
            }
            let id = PageId::new(format!("{}/{slug}", collection.folder), lang.clone());
            if reader.card(&id).is_some() {
                continue;
            }
            made.entry(id.clone()).or_insert_with(|| {
                let card = Card::titled(id, written, routes.made(collection, &slug, lang));
                Arc::new(Card { collection: Some(Arc::clone(&collection.name)), ..card })
            });
        }
    }
    made
}

impl Card {
    /// Returns the card of the page `id` at `url`, of which nothing but the title is known.
    pub fn titled(id: PageId, title: &str, url: UrlPath) -> Self {
        Self {
            id,
            title: Arc::from(title),
            title_key: Arc::from(title_key(title)),
            url,
            collection: None,
            section: Arc::from(""),
            is_index: false,
            description: None,
            is_excerpt: false,
            subtitle: None,
            image: None,
            date: None,
            updated: None,
            reviewed: None,
            weight: None,
            tags: Vec::new(),
            noindex: false,
            source: None,
            shown: BTreeMap::new(),
        }
    }
}

/// Returns the facts that a made page contributes.
pub fn made_contributions(card: &Arc<Card>, config: &Config) -> Vec<(FactKey, Fact)> {
    let id = &card.id;
    let lang = id.lang();
    let folded: Arc<str> = Arc::from(fold(&card.title));
    let no_anchors: BTreeMap<Arc<str>, AnchorFact> = BTreeMap::new();
    let mut facts = vec![
        (FactKey::Page(id.clone()), Fact::Card(Arc::clone(card))),
        (FactKey::Url(card.url.clone()), Fact::Claim),
        (FactKey::Anchors(id.clone()), Fact::Anchors(Arc::new(no_anchors))),
        (FactKey::Translations(Arc::from(id.path())), Fact::Place(card.url.clone())),
        (FactKey::Name(lang.clone(), Arc::from(id.path())), Fact::Claim),
        (FactKey::Name(lang.clone(), Arc::from(id.name())), Fact::Claim),
        (FactKey::Title(lang.clone(), Arc::clone(&folded)), Fact::Claim),
    ];
    if let Some(name) = &card.collection {
        facts.push((FactKey::Members(lang.clone(), Arc::clone(name)), Fact::Claim));
        if config.collections.get(name).is_some_and(|collection| collection.entity) {
            let surface =
                Surface { name: Arc::clone(&card.title), plural: true, ..Surface::default() };
            facts.push((FactKey::Surface(lang.clone(), folded), Fact::Surface(Arc::new(surface))));
        }
    }
    facts
}

/// Tells whether a field of the page may make another.
pub fn is_maker(page: &PageHead, config: &Config) -> bool {
    !makers(page, config).is_empty()
}

/// Returns the names in the page's fields that may make a page, each with the
/// collection that it would belong to.
fn makers<'a>(page: &'a PageHead, config: &'a Config) -> Vec<(&'a Arc<str>, &'a Collection)> {
    let mut found = Vec::new();
    let Some(collection) = page.collection.as_ref().and_then(|c| config.collections.get(c)) else {
        return found;
    };
    for (name, value) in &page.front.fields {
        if let Some(Field { ty, .. }) = collection.fields.get(name) {
            push_makers(value, ty, config, &mut found);
        }
    }
    found
}

fn push_makers<'a>(
    value: &'a FieldValue,
    ty: &FieldType,
    config: &'a Config,
    found: &mut Vec<(&'a Arc<str>, &'a Collection)>,
) {
    match (value, ty) {
        (FieldValue::Page(written), FieldType::Page { collections, create: true }) => {
            let collection = collections.first().and_then(|name| config.collections.get(name));
            found.extend(collection.map(|collection| (written, collection)));
        }
        (FieldValue::List(values), FieldType::List(item)) => {
            values.iter().for_each(|value| push_makers(value, item, config, found));
        }
        (FieldValue::Record(values), FieldType::Record(fields)) => {
            for (name, value) in values {
                if let Some(field) = fields.get(name) {
                    push_makers(value, &field.ty, config, found);
                }
            }
        }
        _ => {}
    }
}
