//! The reference list and the notes of a page, with the links back to each place.

use crate::citation::format_references::{FormattedReferences, reference_id};
use crate::config::Collection;
use crate::parse::Page;
use crate::pattern::fill;
use crate::render::templates::filters::sentence_case;
use crate::render::value::{Value, html, list, map, optional, optional_text, text};
use crate::resolve::citing;
use crate::resolve::flow::{Flow, Holder};

use super::scope::{PageScope, letters};
use super::text::{NoteView, label};

/// Returns the entries of a page's list as templates see them.
pub(super) fn references(
    formatted: &FormattedReferences,
    sections: &[Option<String>],
    scope: &PageScope<'_>,
) -> Value {
    list(formatted.references.iter().map(|reference| {
        let total = reference.places.len();
        let backlinks = reference.places.iter().enumerate().map(|(index, place)| {
            let section = sections.get(place.citation).and_then(Option::as_deref);
            map([
                ("url", text(format!("#{}", place.anchor))),
                ("text", text(letters(index))),
                ("label", text(backlink_label(index + 1, total, section, scope))),
            ])
        });
        let entry = scope.site.bibliography.get(&reference.key);
        let notes = entry.map(|entry| &entry.notes);
        let url = scope.reference_url(&reference.key);
        let has_page = scope.site.makes("references");
        map([
            ("key", text(reference.key.as_str())),
            ("number", optional(reference.number.map(Value::from))),
            ("left", optional_text(reference.number.map(|number| format!("{number}.")))),
            ("id", text(reference_id(&reference.key))),
            ("html", html(&reference.html)),
            ("url", optional_text(has_page.then(|| scope.relative(&url)))),
            ("status", optional_text(notes.and_then(|notes| notes.status.map(|s| s.as_str())))),
            ("level", optional_text(notes.and_then(|notes| notes.level.map(|l| l.as_str())))),
            ("access", optional_text(notes.and_then(|notes| notes.access.as_deref()))),
            ("preprint", Value::from(notes.is_some_and(|notes| notes.preprint))),
            ("archive_url", optional_text(notes.and_then(|notes| notes.archive_url.as_deref()))),
            ("backlinks", list(backlinks)),
        ])
    }))
}

/// Names a link back: "Back to citation 2 of 3, section Side effects".
fn backlink_label(
    number: usize,
    total: usize,
    section: Option<&str>,
    scope: &PageScope<'_>,
) -> String {
    let key = match (total, section) {
        (1, None) => "backlink_only",
        (1, Some(_)) => "backlink_only_section",
        (_, None) => "backlink",
        (_, Some(_)) => "backlink_section",
    };
    let pattern = scope.strings.get(key).map_or("{number}/{total} {section}", String::as_str);
    fill(pattern, |place| match place {
        "number" => Some(number.to_string().into()),
        "total" => Some(total.to_string().into()),
        "section" => Some(section.unwrap_or_default().into()),
        _ => None,
    })
}

/// Returns, for each of the page's citations in reading order, the section that it stands in:
/// under a heading of the text, or in a field under its label; `None` before the first.
pub(super) fn sections<'a>(
    page: &'a Page,
    flow: &Flow<'a>,
    collection: Option<&Collection>,
    scope: &PageScope<'_>,
) -> Vec<Option<String>> {
    let headings = citing::headings(page, flow).into_iter();
    let sections = headings.map(|(holder, heading)| match holder {
        Holder::Field(name, _) => {
            let field = collection.and_then(|collection| collection.fields.get(name));
            Some(sentence_case(&label(name, field, scope.strings)).into_owned())
        }
        _ => heading.map(|heading| heading.text.clone()),
    });
    sections.collect()
}

/// Returns the footnotes of a page as templates see them.
pub(super) fn notes(notes: &[NoteView], scope: &PageScope<'_>) -> Value {
    list(notes.iter().enumerate().map(|(index, note)| {
        let id = index + 1;
        let backlinks = (1..=note.references).map(|nth| {
            let pattern = scope.strings.get("note_backlink").map_or("{marker}", String::as_str);
            map([
                ("url", text(format!("#fnref-{id}-{nth}"))),
                ("text", text(letters(nth - 1))),
                (
                    "label",
                    text(fill(pattern, |place| (place == "marker").then(|| (&note.marker).into()))),
                ),
            ])
        });
        map([
            ("marker", text(&note.marker)),
            ("id", text(format!("fn-{id}"))),
            ("body", html(&note.html)),
            ("backlinks", list(backlinks)),
        ])
    }))
}
