//! The order in which a page shows what cites.
//!
//! Numbers follow the order of reading, so whatever collects a page's citations
//! and whatever renders them must walk it alike. [`Flow`] is that walk: the fields
//! and the body in the order of the collection's `display`, each component with
//! the records that it shows before its inner text, the notes of all texts last. The
//! citations are collected here; rendering takes them one by one through a
//! [`CitationCursor`], which refuses any other order.

use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::CitationKey;
use crate::citation::format_references::NotePlace;
use crate::citation::syntax::Citation;
use crate::config::{Collection, Field, FieldType, Role};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::Page;
use crate::parse::body::{Body, Hole, HoleKind};
use crate::parse::page::FieldValue;

/// The name that stands for the body in a collection's `display`.
pub const BODY: &str = "body";

/// One thing that a page shows in its place.
#[derive(Clone, Debug)]
pub enum FlowItem<'a> {
    /// A field of the page, and its values in the order in which they are shown.
    Field(&'a Arc<str>, &'a FieldValue, Vec<&'a FieldValue>),
    /// The body.
    Body,
    /// The records of other pages that name this one, by the inverse's name.
    Inverse(&'a InverseRecords),
}

/// The records that name a page, from all pages that hold some.
#[derive(Clone, Debug, PartialEq)]
pub struct InverseRecords {
    /// The inverse's name.
    pub name: Arc<str>,
    /// The pages, in the order shown.
    pub pages: Vec<InverseEntry>,
}

/// One page whose field names another.
#[derive(Clone, Debug, PartialEq)]
pub struct InverseEntry {
    /// The page.
    pub page: PageId,
    /// The field.
    pub field: Arc<str>,
    /// Its records that name the other; empty where the field holds bare ids.
    pub records: Vec<IndexMap<Arc<str>, FieldValue>>,
    /// The date of the relation, such as a review's.
    pub date: Option<Date>,
}

/// The records that one component shows: per argument that names pages, the
/// pages in order, each with the fields shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ComponentRecords {
    /// Each page with its shown fields, in the order of the arguments.
    pub pages: Vec<ShownFields>,
}

/// The fields of another page that a component shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownFields {
    /// The argument that named the page.
    pub argument: Arc<str>,
    /// The page.
    pub page: PageId,
    /// Its fields in the order shown, with their values in the order shown; `Null`
    /// where the page leaves one out.
    pub fields: Vec<(Arc<str>, FieldValue)>,
}

/// What a page shows of other pages' records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownRecords {
    /// By the index of the body's components.
    pub components: Vec<ComponentRecords>,
    /// The inverses that the collection displays.
    pub inverses: Vec<InverseRecords>,
    /// The works of the person whom the page describes.
    pub publications: Vec<CitationKey>,
}

/// What a page shows, in order.
#[derive(Clone, Debug)]
pub struct Flow<'a> {
    /// The page's body.
    pub body: &'a Body,
    /// The records that its components show.
    pub shown: &'a ShownRecords,
    /// What stands in the page, in order; the body exactly once.
    pub items: Vec<FlowItem<'a>>,
    /// Whether the notes of a text are met with it and not at the end of the page, as in a
    /// style of notes, in which all are in one sequence.
    pub has_notes_in_place: bool,
}

impl<'a> Flow<'a> {
    /// Returns what `page` shows, in the order of its collection's `display`.
    pub fn new(page: &'a Page, shown: &'a ShownRecords, collection: Option<&Collection>) -> Self {
        let mut items = Vec::new();
        // A person's works are a list of their own, not citations of the page.
        let publications = collection.and_then(|c| c.field_with_role(Role::Publications));
        for name in collection.iter().flat_map(|collection| &collection.display) {
            if publications.is_some_and(|field| field.name == *name) {
                continue;
            }
            if &**name == BODY {
                items.push(FlowItem::Body);
            } else if let Some((name, value)) = page.front.fields.get_key_value(name) {
                if matches!(value, FieldValue::List(values) if values.is_empty()) {
                    continue;
                }
                let field = collection.and_then(|collection| collection.fields.get(name));
                items.push(FlowItem::Field(name, value, shown_order(value, field)));
            } else if let Some(records) = shown.inverses.iter().find(|r| r.name == *name) {
                items.push(FlowItem::Inverse(records));
            }
        }
        if !items.iter().any(|item| matches!(item, FlowItem::Body)) {
            items.push(FlowItem::Body);
        }
        Self { body: &page.body, shown, items, has_notes_in_place: false }
    }

    /// Returns the same for a page whose style makes citations notes.
    pub fn of_notes(self) -> Self {
        Self { has_notes_in_place: true, ..self }
    }

    /// Returns the citations in the order in which readers meet them.
    pub fn citations(&self) -> Vec<&'a Citation> {
        self.places().into_iter().map(|(citation, _)| citation).collect()
    }

    /// Returns the citations in the order in which readers meet them, each with what holds it.
    pub fn places(&self) -> Vec<(&'a Citation, Holder<'a>)> {
        let mut walk = CitationWalk { flow: self, found: Vec::new(), waiting: Vec::new() };
        for item in &self.items {
            match item {
                FlowItem::Field(name, _, values) => {
                    values.iter().for_each(|value| walk.value(value, Holder::Field(name, value)));
                }
                FlowItem::Body => walk.body(self.body, &self.shown.components, Holder::Body),
                FlowItem::Inverse(inverse) => {
                    for record in inverse.pages.iter().flat_map(|entry| &entry.records) {
                        let holder = Holder::Inverse(record);
                        record.values().for_each(|value| walk.value(value, holder));
                    }
                }
            }
        }
        let mut next = 0;
        while let Some(&text) = walk.waiting.get(next) {
            walk.notes(text);
            next += 1;
        }
        walk.found
    }
}

/// What holds a citation.
#[derive(Clone, Copy, Debug)]
pub enum Holder<'a> {
    /// A value of the page's field of this name.
    Field(&'a Arc<str>, &'a FieldValue),
    /// The page's text or one of its notes.
    Body,
    /// A field of another page that the body's component of this index shows.
    Component(usize, &'a FieldValue),
    /// A record of another page that names this one.
    Inverse(&'a IndexMap<Arc<str>, FieldValue>),
}

impl<'a> Flow<'a> {
    /// Returns the note that holds each citation, in the order of [`Self::citations`],
    /// where the style makes citations notes.
    ///
    /// A citation in a footnote stays there, any other is a note of its own; all notes
    /// are numbered in one sequence, in the order in which readers meet their marks.
    pub fn notes(&self) -> Vec<NotePlace> {
        let mut walk = NoteWalk::default();
        for item in &self.items {
            match item {
                FlowItem::Field(_, _, values) => values.iter().for_each(|value| walk.value(value)),
                FlowItem::Body => walk.body(self.body, &self.shown.components),
                FlowItem::Inverse(inverse) => {
                    for record in inverse.pages.iter().flat_map(|entry| &entry.records) {
                        record.values().for_each(|value| walk.value(value));
                    }
                }
            }
        }
        walk.places
    }
}

/// Numbers the notes of a page.
#[derive(Debug, Default)]
struct NoteWalk {
    numbered: u32,
    places: Vec<NotePlace>,
}

impl NoteWalk {
    fn value(&mut self, value: &FieldValue) {
        match value {
            FieldValue::Citation(_) => self.own_note(),
            FieldValue::Markdown(body) => self.body(body, &[]),
            FieldValue::List(values) => values.iter().for_each(|value| self.value(value)),
            FieldValue::Record(values) => values.values().for_each(|value| self.value(value)),
            _ => {}
        }
    }

    fn body(&mut self, body: &Body, records: &[ComponentRecords]) {
        let mut numbers: Vec<Option<u32>> = vec![None; body.notes.len()];
        self.holes(&body.holes[..body.main_holes], records, None, &mut numbers);
        for (index, note) in body.notes.iter().enumerate() {
            let own = numbers[index].unwrap_or_else(|| self.next());
            self.holes(&body.holes[note.holes.clone()], records, Some(own), &mut numbers);
        }
    }

    /// Walks the holes of a text, or of the footnote `inside`; `numbers` are those of the
    /// text's footnotes.
    fn holes(
        &mut self,
        holes: &[Hole],
        records: &[ComponentRecords],
        inside: Option<u32>,
        numbers: &mut [Option<u32>],
    ) {
        for hole in holes {
            match hole.kind {
                HoleKind::Citation(_) => match inside {
                    Some(number) => self.places.push(NotePlace { number, is_own: false }),
                    None => self.own_note(),
                },
                HoleKind::NoteReference { note, .. } if numbers[note].is_none() => {
                    numbers[note] = Some(self.next());
                }
                HoleKind::ComponentStart(index) => {
                    for page in records.get(index).into_iter().flat_map(|records| &records.pages) {
                        page.fields.iter().for_each(|(_, value)| self.value(value));
                    }
                }
                _ => {}
            }
        }
    }

    fn own_note(&mut self) {
        let number = self.next();
        self.places.push(NotePlace { number, is_own: true });
    }

    fn next(&mut self) -> u32 {
        self.numbered += 1;
        self.numbered
    }
}

/// Returns the values of a field in the order in which a page shows them: harms by
/// how often they occur, findings together that are about the same page, everything
/// else as it is written.
pub fn shown_order<'a>(value: &'a FieldValue, field: Option<&Field>) -> Vec<&'a FieldValue> {
    let FieldValue::List(values) = value else { return vec![value] };
    let mut shown: Vec<&FieldValue> = values.iter().collect();
    let Some(field) = field else { return shown };
    let FieldType::Record(fields) = field.ty.innermost() else { return shown };
    match field.role {
        Some(Role::Effects) => {
            let scale = fields.values().find_map(|field| match &field.ty {
                FieldType::Enum(words) => Some((&field.name, words)),
                _ => None,
            });
            if let Some((name, words)) = scale {
                shown.sort_by_key(|record| {
                    let word = text_of(record, name);
                    word.and_then(|word| words.iter().position(|known| known == word))
                        .unwrap_or(words.len())
                });
            }
        }
        Some(Role::Evidence) => {
            let group = fields.values().find(|field| matches!(field.ty, FieldType::Page { .. }));
            if let Some(group) = group {
                let mut groups: Vec<Option<&Arc<str>>> = Vec::new();
                for record in &shown {
                    let named = text_of(record, &group.name);
                    if !groups.contains(&named) {
                        groups.push(named);
                    }
                }
                shown.sort_by_key(|record| {
                    let named = text_of(record, &group.name);
                    groups.iter().position(|known| *known == named)
                });
            }
        }
        _ => {}
    }
    shown
}

/// Returns the text of the field `name` of a record.
fn text_of<'a>(record: &'a FieldValue, name: &str) -> Option<&'a Arc<str>> {
    let FieldValue::Record(values) = record else { return None };
    match values.get(name)? {
        FieldValue::Text(text) | FieldValue::Page(text) => Some(text),
        _ => None,
    }
}

/// A text with notes, the records that its components show, and what holds it.
type NotedText<'a> = (&'a Body, &'a [ComponentRecords], Holder<'a>);

/// Gathers the citations of a page.
struct CitationWalk<'f, 'a> {
    flow: &'f Flow<'a>,
    found: Vec<(&'a Citation, Holder<'a>)>,
    /// The texts whose notes come last, in order.
    waiting: Vec<NotedText<'a>>,
}

impl<'a> CitationWalk<'_, 'a> {
    fn value(&mut self, value: &'a FieldValue, holder: Holder<'a>) {
        match value {
            FieldValue::Citation(citation) => self.found.push((citation, holder)),
            FieldValue::Markdown(body) => self.body(body, &[], holder),
            FieldValue::List(values) => values.iter().for_each(|value| self.value(value, holder)),
            FieldValue::Record(values) => {
                values.values().for_each(|value| self.value(value, holder));
            }
            _ => {}
        }
    }

    fn body(&mut self, body: &'a Body, records: &'a [ComponentRecords], holder: Holder<'a>) {
        self.holes(&body.holes[..body.main_holes], (body, records, holder));
        match self.flow.has_notes_in_place {
            true => self.notes((body, records, holder)),
            false if body.notes.is_empty() => {}
            false => self.waiting.push((body, records, holder)),
        }
    }

    fn notes(&mut self, text: NotedText<'a>) {
        let (body, ..) = text;
        body.notes.iter().for_each(|note| self.holes(&body.holes[note.holes.clone()], text));
    }

    fn holes(&mut self, holes: &'a [Hole], (body, records, holder): NotedText<'a>) {
        for hole in holes {
            match hole.kind {
                HoleKind::Citation(index) => self.found.push((&body.citations[index], holder)),
                HoleKind::ComponentStart(index) => {
                    for page in records.get(index).into_iter().flat_map(|records| &records.pages) {
                        for (_, value) in &page.fields {
                            self.value(value, Holder::Component(index, value));
                        }
                    }
                }
                _ => {}
            }
        }
    }
}

/// Hands out what belongs to each citation of a page, in the order of its [`Flow`].
#[derive(Debug)]
pub struct CitationCursor<'a, T> {
    order: &'a [&'a Citation],
    values: &'a [T],
    next: usize,
}

impl<'a, T> CitationCursor<'a, T> {
    /// Returns a cursor over `values`, which belong to the citations of `order` one by one.
    pub fn new(order: &'a [&'a Citation], values: &'a [T]) -> Self {
        Self { order, values, next: 0 }
    }

    /// Returns what belongs to `citation`, which must be the next in order.
    ///
    /// Returns `None` where it is not: rendering then walks otherwise than
    /// [`Flow::citations`], which is a fault of the program that the caller shows as
    /// an unresolved citation rather than as a wrong number.
    pub fn take(&mut self, citation: &Citation) -> Option<&'a T> {
        let expected = self.order.get(self.next)?;
        debug_assert!(std::ptr::eq(*expected, citation), "citations are rendered in their order");
        if !std::ptr::eq(*expected, citation) {
            return None;
        }
        let value = self.values.get(self.next);
        self.next += 1;
        value
    }

    /// Returns how many citations were taken.
    pub fn taken(&self) -> usize {
        self.next
    }
}
