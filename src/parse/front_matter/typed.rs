//! From the values of declared fields to the typed members of [`FrontMatter`].

use std::sync::Arc;

use jiff::civil::Date;

use super::finding::Finding;
use super::read::Reading;
use crate::config::ListQuery;
use crate::config::{Collection, FieldType, Role};
use crate::ordered::IndexMap;
use crate::parse::page::{FieldPath, FieldValue, FrontMatter, PageImage};

/// Puts the value of the field `name`, which every page has, into its place.
///
/// The schema has made sure of the value's type, so that what does not match here
/// cannot come.
pub(super) fn set(
    front: &mut FrontMatter,
    name: &str,
    value: FieldValue,
    reading: &mut Reading<'_>,
) {
    match name {
        "title" => front.title = text(value),
        "subtitle" => front.subtitle = text(value),
        "description" => front.description = text(value),
        "image" => front.image = image(value),
        "date" => front.date = date(&value),
        "updated" => front.updated = date(&value),
        "tags" => front.tags = texts(value),
        "weight" => front.weight = integer(&value),
        "slug" => front.slug = text(value),
        "permalink" => front.permalink = text(value),
        "redirect_from" => front.redirect_from = texts(value),
        "template" => front.template = text(value),
        "toc" => front.toc = flag(&value),
        "lang" => front.lang = text(value),
        "license" => front.license = text(value),
        "style" => front.style = text(value),
        "nocite" => front.nocite = texts(value),
        "related" => front.related = texts(value),
        "allow" => front.allow = pairs(value),
        "autolink" => front.autolink = flag(&value),
        "terms" => front.terms = pairs(value),
        "lists" => front.lists = lists(value, reading),
        "noindex" => front.noindex = flag(&value).unwrap_or_default(),
        "draft" => front.draft = flag(&value).unwrap_or_default(),
        "extra" => front.extra = Some(value),
        _ => {}
    }
}

/// Gives the reviewers that have no date of their own the page's common one.
pub(super) fn inherit_review_date(front: &mut FrontMatter, collection: Option<&Collection>) {
    let Some(collection) = collection else { return };
    let common = collection
        .field_with_role(Role::Reviewed)
        .and_then(|field| front.fields.get(&field.name))
        .and_then(date);
    let Some(common) = common else { return };
    let Some(field) = collection.field_with_role(Role::Reviewer) else { return };
    let FieldType::Record(declared) = field.ty.innermost() else { return };
    let Some(own) = declared.values().find(|field| field.ty == FieldType::Date) else { return };
    if let Some(FieldValue::List(reviewers)) = front.fields.get_mut(&field.name) {
        for reviewer in reviewers {
            if let FieldValue::Record(record) = reviewer {
                let date = FieldValue::Date(common);
                record.entry(Arc::clone(&own.name)).or_insert(date);
            }
        }
    }
}

/// Lets what the collection takes for an image stand for the page, where it names no other.
pub(super) fn stand_in_image(front: &mut FrontMatter, collection: Option<&Collection>) {
    let field = collection.and_then(|collection| collection.field_with_role(Role::Image));
    let value = field.and_then(|field| front.fields.get(&field.name));
    if front.image.is_none() {
        front.image = value.cloned().and_then(image);
    }
}

fn text(value: FieldValue) -> Option<Arc<str>> {
    match value {
        FieldValue::Text(text) | FieldValue::Page(text) => Some(text),
        _ => None,
    }
}

fn texts(value: FieldValue) -> Vec<Arc<str>> {
    match value {
        FieldValue::List(items) => items.into_iter().filter_map(text).collect(),
        one => text(one).into_iter().collect(),
    }
}

fn date(value: &FieldValue) -> Option<Date> {
    match value {
        FieldValue::Date(date) => Some(*date),
        _ => None,
    }
}

fn integer(value: &FieldValue) -> Option<i64> {
    match value {
        FieldValue::Integer(number) => Some(*number),
        _ => None,
    }
}

fn flag(value: &FieldValue) -> Option<bool> {
    match value {
        FieldValue::Boolean(flag) => Some(*flag),
        _ => None,
    }
}

fn record(value: FieldValue) -> IndexMap<Arc<str>, FieldValue> {
    match value {
        FieldValue::Record(record) => record,
        _ => IndexMap::default(),
    }
}

fn pairs(value: FieldValue) -> Vec<(Arc<str>, Arc<str>)> {
    record(value).into_iter().filter_map(|(key, value)| Some((key, text(value)?))).collect()
}

fn image(value: FieldValue) -> Option<PageImage> {
    let mut fields = record(value);
    let mut take = |name: &str| fields.shift_remove(name).and_then(text);
    Some(PageImage { src: take("src")?, alt: take("alt"), credit: take("credit") })
}

fn lists(value: FieldValue, reading: &mut Reading<'_>) -> IndexMap<Arc<str>, ListQuery> {
    let mut lists = IndexMap::default();
    for (name, list) in record(value) {
        let mut fields = record(list);
        let mut count = |field: &str| {
            let number = integer(fields.get(field)?)?;
            let count = usize::try_from(number).ok().filter(|count| *count > 0);
            if count.is_none() {
                let path = FieldPath::field("lists").name(Arc::clone(&name)).name(field);
                let message = format!("`{path}` must be a whole number above 0, not `{number}`");
                reading.findings.push(Finding::wrong(path, message));
            }
            count
        };
        let (limit, per_page) = (count("limit"), count("per_page"));
        let mut take = |name: &str| fields.shift_remove(name);
        let Some(collection) = take("collection").and_then(text) else { continue };
        let filter = take("filter").map(pairs).unwrap_or_default();
        let sort = take("sort").and_then(text);
        lists.insert(name, ListQuery { collection, filter, sort, limit, per_page });
    }
    lists
}
