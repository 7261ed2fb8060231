//! The rules of the preset `health`: what readers of pages about treatments have to be told.
//!
//! A rule finds its fields by their roles and its words in the preset, so that a collection of
//! another name is judged alike, and a site of another subject is left alone.

pub(super) mod boxed;
pub(super) mod contradiction;
pub(super) mod doses;
pub(super) mod effects;
pub(super) mod evidence;
mod measured;
pub(super) mod names;
mod notices;
mod promises;
pub(super) mod risks;

pub(super) use promises::{
    ABSOLUTE_DENIALS, ABSOLUTE_EXCEPT, ABSOLUTE_IDIOMS, ABSOLUTE_TIMES, ABSOLUTE_TURNS,
    ABSOLUTE_UNCITED, ABSOLUTE_WORDS, APPROVAL_AUTHORITIES, APPROVAL_EXCEPT, APPROVAL_IDIOMS,
    APPROVAL_OTHERS, APPROVAL_PRONOUNS, APPROVAL_STATUS, APPROVAL_TURNS, APPROVAL_WORDS,
    CLAIM_ABSOLUTE, CLAIM_APPROVAL, CLAIM_EXCLUSIVE, EXCLUSIVE_ADVICE, EXCLUSIVE_EXCEPT,
    EXCLUSIVE_IDIOMS, EXCLUSIVE_MONTHS, EXCLUSIVE_WORDS,
};

use crate::check::lint::CheckedPage;
use crate::check::prose::Sentence;
use crate::config::{Collection, Field, FieldType, Role};
use crate::page_id::PageId;
use crate::parse::page::FieldValue;

/// The roles that only fields of what is taken or done against an illness have.
const ROLES_OF_TREATMENTS: &[Role] = &[Role::Notice, Role::Effects, Role::Approval, Role::Brand];

/// Tells whether the pages of `collection` are treatments.
fn holds_treatments(collection: &Collection) -> bool {
    let is_sign = |field: &Field| field.role.is_some_and(|r| ROLES_OF_TREATMENTS.contains(&r));
    collection.entity && collection.fields.values().any(is_sign)
}

/// Tells whether the page is an article: reviewed or signed, and no entry about one thing.
fn is_article(checked: &CheckedPage<'_>) -> bool {
    let is_article = |c: &Collection| (c.reviewed || c.bylined) && !c.entity && !c.people;
    checked.collection.is_some_and(is_article) && !checked.page.is_index
}

/// Returns the collection of the page `id`.
fn collection_of<'a>(checked: &CheckedPage<'a>, id: &PageId) -> Option<&'a Collection> {
    let name = checked.card(id)?.collection.as_ref()?;
    checked.of.config.collections.get(name)
}

/// Returns the treatments that `sentence` names, in order; perhaps the page's own.
fn treatments_in<'a>(
    checked: &CheckedPage<'a>,
    sentence: &Sentence,
) -> impl Iterator<Item = &'a PageId> {
    let named = checked.prose().mentions(sentence).iter().filter_map(|mention| mention.target());
    named.filter(|id| collection_of(checked, id).is_some_and(holds_treatments))
}

/// Returns the first field of a record of the type `ty`, through lists, that `is_meant`.
fn first_field(ty: &FieldType, is_meant: impl Fn(&FieldType) -> bool) -> Option<&Field> {
    let FieldType::Record(fields) = ty.innermost() else { return None };
    fields.values().find(|field| is_meant(field.ty.innermost()))
}

/// Returns the records, or other single values, that `value` holds, each with its index where
/// it is one of a list.
fn items(value: &FieldValue) -> Vec<(Option<usize>, &FieldValue)> {
    match value {
        FieldValue::List(values) => {
            values.iter().enumerate().map(|(index, value)| (Some(index), value)).collect()
        }
        single => vec![(None, single)],
    }
}

/// Tells whether `value` says something.
fn says_something(value: &FieldValue) -> bool {
    match value {
        FieldValue::Null => false,
        FieldValue::Text(text) => !text.trim().is_empty(),
        FieldValue::Markdown(body) => !body.text.plain.trim().is_empty(),
        FieldValue::Citation(citation) => !citation.cites.is_empty(),
        FieldValue::List(values) => values.iter().any(says_something),
        FieldValue::Record(values) => values.values().any(says_something),
        _ => true,
    }
}

/// Tells whether `value` cites a work.
fn cites(value: &FieldValue) -> bool {
    match value {
        FieldValue::Citation(citation) => !citation.cites.is_empty(),
        FieldValue::Markdown(body) => !body.citations.is_empty(),
        FieldValue::List(values) => values.iter().any(cites),
        FieldValue::Record(values) => values.values().any(cites),
        _ => false,
    }
}
