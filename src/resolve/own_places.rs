//! The places that galen itself makes in a page, beside those of its text: the entries of its
//! reference list, the citations that lead to them, and the fields that it shows.
//!
//! What a page cites is known only once all pages are linked, so that a link to such a place
//! is judged like one to a page that the build makes: later.

use crate::citation::CitationKey;
use crate::citation::format_references::key_in_id;
use crate::config::Config;
use crate::page_id::PageId;
use crate::parse::page::{EVERYTHING, FieldValue};

use super::reader::SiteReader;
use super::routes::Routes;

/// What the ids of such places begin with.
const BEGINNINGS: [&str; 4] = ["ref-", "cite-", "work-", "field-"];

/// Ids that templates write where a page has what stands there, and the beginnings of such
/// ids. No fact tells whether it has: a link to one is taken to lead there.
const OF_TEMPLATES: [&str; 8] = [
    "cite-this",
    "main",
    "mentions",
    "notes-list",
    "people",
    "publications",
    "reference-list",
    "related",
];
const BEGINNINGS_OF_TEMPLATES: [&str; 4] = ["group-", "inverse-", "letter-", "list-"];

/// Tells whether `anchor` may be the id of a place that galen makes.
pub(super) fn may_be_own(anchor: &str) -> bool {
    is_of_template(anchor) || BEGINNINGS.iter().any(|beginning| anchor.starts_with(beginning))
}

fn is_of_template(anchor: &str) -> bool {
    OF_TEMPLATES.contains(&anchor)
        || BEGINNINGS_OF_TEMPLATES.iter().any(|beginning| anchor.starts_with(beginning))
}

/// Tells whether the page `id` has the place `anchor`, which galen would have made.
pub(super) fn has_own(id: &PageId, anchor: &str, reader: &SiteReader<'_>, config: &Config) -> bool {
    if let Some(key) = anchor.strip_prefix("ref-") {
        let key = CitationKey::new(key_in_id(key));
        let every = || CitationKey::new(EVERYTHING);
        return reader.times_cited(id, &key) > 0
            || reader.lists(id, &key)
            || reader.lists(id, &every()) && is_known(&key, reader, config);
    }
    if let Some(key) = anchor.strip_prefix("work-") {
        return reader.lists_own(id, &CitationKey::new(key));
    }
    if let Some((key, nth)) = anchor.strip_prefix("cite-").and_then(|rest| rest.rsplit_once('-')) {
        let key = CitationKey::new(key_in_id(key));
        let times = reader.times_cited(id, &key);
        return nth.parse::<usize>().is_ok_and(|nth| (1..=times).contains(&nth));
    }
    match anchor.strip_prefix("field-") {
        Some(name) => shows_under_heading(id, name, reader, config),
        None => is_of_template(anchor),
    }
}

/// Tells whether the database, all of which a page lists, holds the work `key`: it has a page
/// then, where works have pages.
fn is_known(key: &CitationKey, reader: &SiteReader<'_>, config: &Config) -> bool {
    let url = Routes::new(config).reference(&config.site.language, key);
    config.turns_off("references") || !reader.claimants(&url).is_empty()
}

/// Tells whether the page shows its field `name` under a heading: a short one that stands
/// before the text is one of several facts.
fn shows_under_heading(id: &PageId, name: &str, reader: &SiteReader<'_>, config: &Config) -> bool {
    let value = reader.fields(id).and_then(|fields| fields.get(name));
    let collection = reader.card(id).and_then(|card| card.collection.as_ref());
    let collection = collection.and_then(|name| config.collections.get(name));
    let (Some(value), Some(collection)) = (value, collection) else { return false };
    let place = |part: &str| collection.display.iter().position(|shown| &**shown == part);
    place(name).is_some_and(|at| is_long(value) || place("body").is_some_and(|body| at > body))
}

fn is_long(value: &FieldValue) -> bool {
    match value {
        FieldValue::Markdown(_) | FieldValue::Record(_) => true,
        FieldValue::List(values) => values.iter().any(is_long),
        _ => false,
    }
}
