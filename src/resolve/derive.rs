//! The facts that a page contributes once its links are looked up: whom its fields
//! name and what it mentions; and, once those are known, what it cites.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::CitationKey;
use crate::config::{Collection, Field, FieldType, Role};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::Page;
use crate::parse::page::{FieldStep, FieldValue};

use super::citing::citing;
use super::facts::{Fact, FactKey, RelatedFact};
use super::flow::Flow;
use super::linked::{LinkedPage, RelationTarget};
use super::links::LinkTarget;
use super::quoting::Quoting;

/// Returns the facts that follow from what `page` leads to: relations, mentions and images.
pub fn linked_facts(
    page: &Page,
    linked: &LinkedPage,
    collection: Option<&Collection>,
) -> Vec<(FactKey, Fact)> {
    let mut facts = relations(page, linked, collection);
    for target in linked_pages(page, linked) {
        facts.push((FactKey::LinkedFrom(target.clone()), Fact::Claim));
    }
    for source in linked.image_files() {
        facts.push((FactKey::Shows(source.clone()), Fact::Claim));
    }
    for (entity, passage) in &linked.mentions.passages {
        facts.push((FactKey::Mentions(entity.clone()), Fact::Mention(Arc::clone(passage))));
    }
    facts
}

/// Returns the pages that the author of `page` links to or names in fields, itself left
/// out.
fn linked_pages<'a>(page: &Page, linked: &'a LinkedPage) -> BTreeSet<&'a PageId> {
    let links = linked.links.iter().chain(linked.fields.iter().flat_map(|field| &field.links));
    let targets = links.filter_map(|target| match target {
        LinkTarget::Page { id, .. } => Some(id),
        _ => None,
    });
    let named = linked.relations.iter().filter_map(|relation| relation.target.page());
    targets.chain(named).filter(|id| **id != page.id).collect()
}

/// Returns the facts that follow from what `page` shows: the works that it cites or
/// lists.
pub fn shown_facts(page: &Page, flow: &Flow<'_>, quoting: Quoting<'_>) -> Vec<(FactKey, Fact)> {
    let mut facts: Vec<(FactKey, Fact)> = citing(page, flow, quoting)
        .into_iter()
        .map(|(key, passage)| (FactKey::Cites(key), Fact::Citing(Arc::new(passage))))
        .collect();
    facts.extend(listed(page, flow).map(|(key, fact)| (FactKey::Lists(key), fact)));
    facts
}

/// Returns the facts of the fields that name other pages under an inverse.
fn relations(
    page: &Page,
    linked: &LinkedPage,
    collection: Option<&Collection>,
) -> Vec<(FactKey, Fact)> {
    let Some(collection) = collection else { return Vec::new() };
    let common_date = collection
        .field_with_role(Role::Reviewed)
        .and_then(|field| date_of(page.front.fields.get(&field.name)?));
    let mut related: BTreeMap<(PageId, Arc<str>), RelatedFact> = BTreeMap::new();
    for relation in &linked.relations {
        let RelationTarget::Page(target) = &relation.target else { continue };
        let steps = &relation.field.0;
        let Some(FieldStep::Name(name)) = steps.first() else { continue };
        let Some(field) = collection.fields.get(name) else { continue };
        let Some(inverse) = inverse_at(field, &steps[1..]) else { continue };
        let fact = related.entry((target.clone(), Arc::clone(inverse))).or_insert_with(|| {
            RelatedFact { field: Arc::clone(name), records: Vec::new(), date: None }
        });
        if let Some(record) = record_at(page.front.fields.get(name), &steps[1..]) {
            fact.date = fact.date.max(record.values().find_map(date_of).or(common_date));
            if fact.records.last() != Some(record) {
                fact.records.push(record.clone());
            }
        }
    }
    related
        .into_iter()
        .map(|((target, inverse), fact)| {
            (FactKey::Relation(target, inverse), Fact::Related(Arc::new(fact)))
        })
        .collect()
}

/// Returns the inverse of the place that `steps` lead to below `field`.
fn inverse_at<'a>(field: &'a Field, steps: &[FieldStep]) -> Option<&'a Arc<str>> {
    let mut field = field;
    for step in steps {
        if let FieldStep::Name(name) = step {
            field = record_type(&field.ty)?.get(name)?;
        }
    }
    field.inverse.as_ref()
}

fn record_type(ty: &FieldType) -> Option<&IndexMap<Arc<str>, Field>> {
    match ty {
        FieldType::Record(fields) => Some(fields),
        FieldType::List(item) => record_type(item),
        _ => None,
    }
}

/// Returns the outermost record on the way that `steps` lead into `value`.
fn record_at<'a>(
    value: Option<&'a FieldValue>,
    steps: &[FieldStep],
) -> Option<&'a IndexMap<Arc<str>, FieldValue>> {
    let mut value = value?;
    for step in steps {
        match (value, step) {
            (FieldValue::Record(record), _) => return Some(record),
            (FieldValue::List(values), FieldStep::Index(index)) => value = values.get(*index)?,
            // A scalar stands where a list was expected.
            _ => return None,
        }
    }
    None
}

fn date_of(value: &FieldValue) -> Option<Date> {
    match value {
        FieldValue::Date(date) => Some(*date),
        _ => None,
    }
}

/// Returns the works that the page lists without citing them: `nocite`, be it
/// [`EVERYTHING`](crate::parse::page::EVERYTHING), and a person's publications; each with how.
fn listed(page: &Page, flow: &Flow<'_>) -> impl Iterator<Item = (CitationKey, Fact)> {
    let nocite = page.front.nocite.iter().map(|key| CitationKey::new(Arc::clone(key)));
    let own = flow.shown.publications.iter().map(|key| (key.clone(), Fact::OwnWork));
    nocite.map(|key| (key, Fact::Claim)).chain(own)
}

/// Appends the keys that a citation field names.
pub fn push_keys(value: &FieldValue, keys: &mut Vec<CitationKey>) {
    match value {
        FieldValue::Citation(citation) => {
            keys.extend(citation.cites.iter().map(|cite| cite.key.clone()));
        }
        FieldValue::Text(key) => keys.push(CitationKey::new(Arc::clone(key))),
        FieldValue::List(values) => values.iter().for_each(|value| push_keys(value, keys)),
        _ => {}
    }
}
