//! Where a page shows the warning of a treatment: a field with the role `notice`.

use crate::check::lint::CheckedPage;
use crate::config::theme::Shown;
use crate::config::{Collection, Role};
use crate::page_id::PageId;
use crate::parse::body::ComponentCall;
use crate::resolve::shown::component_pages;

use super::{collection_of, says_something};

/// Tells whether the page `id` has a warning.
pub(super) fn has_notice(checked: &CheckedPage<'_>, id: &PageId) -> bool {
    let notice = || {
        let field = collection_of(checked, id)?.field_with_role(Role::Notice)?;
        checked.reader.fields(id)?.get(&field.name)
    };
    notice().is_some_and(says_something)
}

/// Tells whether the page itself has a warning, which its template shows.
pub(super) fn has_own_notice(checked: &CheckedPage<'_>) -> bool {
    checked.field_with_role(Role::Notice).is_some_and(|(_, value)| says_something(value))
}

/// Returns the first component of the body that shows a warning, of a page that has one or in
/// its own words.
pub(super) fn first_notice<'a>(checked: &CheckedPage<'a>) -> Option<&'a ComponentCall> {
    checked.page.body.components.iter().find(|call| shows(checked, call, &[Role::Notice]))
}

/// Tells whether a component of the body shows a field with one of `roles`.
pub(super) fn shows_any(checked: &CheckedPage<'_>, roles: &[Role]) -> bool {
    checked.page.body.components.iter().any(|call| shows(checked, call, roles))
}

fn shows(checked: &CheckedPage<'_>, call: &ComponentCall, roles: &[Role]) -> bool {
    let (config, theme) = (checked.of.config, checked.of.theme);
    let Ok(component) = theme.component(&call.name) else { return false };
    if !component.shows.values().flatten().any(|shown| may_be(shown, roles)) {
        return false;
    }
    let pages = component_pages(call, checked.page.id.lang(), config, theme, checked.reader);
    let shows_one = pages.iter().any(|named| {
        let Some(collection) = collection_of(checked, &named.page) else { return false };
        let fields = checked.reader.fields(&named.page);
        let shown = named.shows.iter().flat_map(|shown| names(shown, roles, collection));
        let mut values = shown.filter_map(|name| fields?.get(name));
        values.any(says_something)
    });
    // Without a page, what stands inside is the warning.
    shows_one || pages.is_empty() && call.attributes.pairs.is_empty()
}

/// Tells whether `shown` can be a field with one of `roles`.
fn may_be(shown: &Shown, roles: &[Role]) -> bool {
    match shown {
        Shown::Field(_) => true,
        Shown::Role(role) => roles.contains(role),
    }
}

/// Returns the names of the fields of `collection` that `shown` stands for and that have one
/// of `roles`.
fn names<'a>(
    shown: &'a Shown,
    roles: &'a [Role],
    collection: &'a Collection,
) -> impl Iterator<Item = &'a str> {
    let fields = collection.fields.values().filter(move |field| {
        let has_role = field.role.is_some_and(|role| roles.contains(&role));
        has_role
            && match shown {
                Shown::Field(name) => *field.name == **name,
                Shown::Role(role) => field.role == Some(*role),
            }
    });
    fields.map(|field| &*field.name)
}
