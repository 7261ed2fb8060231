//! The notice that the pages which belong to another have in common, such as that of the
//! members of a class.

use std::sync::Arc;

use crate::config::{Collection, Field, Role};
use crate::page_id::PageId;
use crate::parse::page::FieldValue;
use crate::render::value::Value;
use crate::resolve::LinkedPage;
use crate::resolve::flow::{CitationCursor, InverseEntry};
use crate::resolve::shown::{inverse_names, inverse_records};

use super::scope::PageScope;
use super::text::TextRenderer;

/// A notice, with its field and the page that it stands on.
struct Notice<'a> {
    field: &'a Field,
    value: &'a FieldValue,
    page: &'a PageId,
}

/// Returns the notice that says the same on every page which belongs to the page `id` of
/// `collection`, two at least, without numbered citations: the sources are given there.
pub(super) fn shared_notice(
    scope: &PageScope<'_>,
    id: &PageId,
    collection: &Collection,
    linked: &LinkedPage,
) -> Value {
    let config = scope.site.config;
    let names = inverse_names(&collection.name, config).into_iter();
    let inverses = names.filter_map(|name| inverse_records(id, name, config, scope.reader));
    let members: Vec<InverseEntry> =
        inverses.flat_map(|records| records.pages).filter(|entry| belongs(scope, entry)).collect();
    let notices: Vec<Notice<'_>> =
        members.iter().filter_map(|member| notice(scope, &member.page)).collect();
    let Some(first) = notices.first().filter(|_| notices.len() == members.len()) else {
        return Value::none();
    };
    let said = said(first.value);
    let is_shared = notices.len() > 1 && !said.is_empty();
    if !is_shared || notices.iter().any(|other| self::said(other.value) != said) {
        return Value::none();
    }
    let mut renderer = TextRenderer::new(scope, linked, &[], CitationCursor::new(&[], &[]));
    renderer.value(first.value, &first.field.ty, first.page)
}

/// Tells whether the field that names the page says what the other belongs to.
fn belongs(scope: &PageScope<'_>, entry: &InverseEntry) -> bool {
    let collection = collection_of(scope, &entry.page);
    let field = collection.and_then(|collection| collection.fields.get(&entry.field));
    field.is_some_and(|field| field.role == Some(Role::Category))
}

fn notice<'a>(scope: &PageScope<'a>, page: &PageId) -> Option<Notice<'a>> {
    let field = collection_of(scope, page)?.field_with_role(Role::Notice)?;
    let value = scope.reader.fields(page)?.get(&field.name)?;
    Some(Notice { field, value, page: &scope.reader.card(page)?.id })
}

fn collection_of<'a>(scope: &PageScope<'a>, page: &PageId) -> Option<&'a Collection> {
    scope.collection(scope.reader.card(page)?.collection.as_deref()?)
}

/// Returns the text of a value in words with single spaces; works that it cites say nothing.
fn said(value: &FieldValue) -> String {
    let parts: Vec<String> = match value {
        FieldValue::Markdown(body) => vec![body.text.plain.to_string()],
        FieldValue::List(values) => values.iter().map(said).collect(),
        FieldValue::Record(values) => values.values().map(said).collect(),
        value => value.texts().iter().map(Arc::to_string).collect(),
    };
    parts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
