//! Rendering what a page shows in its order: fields, the body, components, notes.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::citation::format_references::{FormattedReferences, NotePlace};
use crate::citation::syntax::Citation;
use crate::config::{Field, FieldType, Role};
use crate::html::escape_into;
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::Body;
use crate::parse::page::{FieldValue, Surface};
use crate::render::body::{Filler, TermLink, fill};
use crate::render::value::{Value, html, list, map, map_by_name, number, optional_text, text};
use crate::resolve::LinkedPage;
use crate::resolve::flow::{CitationCursor, ComponentRecords, InverseRecords, ShownFields};
use crate::resolve::linked::RelationTarget;
use crate::resolve::links::{ImageTarget, LinkTarget};
use crate::resolve::names::page_named;

use super::scope::{PageScope, Strings};
use super::{card, element};

/// Renders one page's texts and values, each citation in its turn.
pub(super) struct TextRenderer<'a> {
    scope: &'a PageScope<'a>,
    linked: &'a LinkedPage,
    records: &'a [ComponentRecords],
    citations: CitationCursor<'a, ShownCitation<'a>>,
    notes: Vec<NoteView>,
    /// Whether the notes of a text are rendered with it, and not last.
    has_notes_in_place: bool,
    /// The texts whose notes come last, in order.
    waiting: VecDeque<NotedText<'a>>,
    /// What the linked terms mean, by their pages.
    terms: IndexMap<&'a PageId, Value>,
}

/// A citation as its place shows it.
#[derive(Clone, Copy)]
pub(super) struct ShownCitation<'a> {
    /// Its text: in its place, or as its own note says it.
    html: &'a str,
    /// What stands in the place of one that is a note of its own, before the mark;
    /// `None` for one that is shown in its place.
    names: Option<&'a str>,
    /// Whether it stands in a footnote of the author's, in a style of notes.
    is_in_note: bool,
}

impl<'a> ShownCitation<'a> {
    /// Returns how the citations of a page are shown, `notes` being those of a style of
    /// notes.
    pub(super) fn all(formatted: &'a FormattedReferences, notes: &[NotePlace]) -> Vec<Self> {
        let citations = formatted.citations.iter().zip(&formatted.names).enumerate();
        citations
            .map(|(index, (html, names))| {
                let note = notes.get(index);
                let is_own = note.is_some_and(|note| note.is_own);
                let is_in_note = note.is_some() && !is_own;
                Self { html, names: is_own.then_some(names), is_in_note }
            })
            .collect()
    }
}

/// What ends a sentence or a part of it stands before the mark of a citation's note.
const PASSES_NOTE_MARK: &[char] = &['.', ',', ';', ':', '!', '?', '”', '’', '»'];

/// Marks of notes that stand one after the other, by their bytes in the HTML.
type MarkRun = std::ops::Range<usize>;

/// Takes the blanks off the end of `out`, where a raised mark follows.
fn trim_before_mark(out: &mut String) {
    out.truncate(out.trim_end_matches([' ', '\n']).len());
}

/// Writes a blank where a raised mark follows another, so that 5 and 1 are not read as 51.
fn part_from_mark(out: &mut String) {
    if out.ends_with("</sup>") || out.ends_with("</sup></span>") {
        out.push('\u{a0}');
    }
}

/// A footnote as the page shows it.
pub(super) struct NoteView {
    /// What the text shows for it.
    pub(super) marker: String,
    /// Its text.
    pub(super) html: String,
    /// How many references lead to it.
    pub(super) references: usize,
}

/// Where a text comes from.
#[derive(Clone, Copy)]
struct Origin<'a> {
    /// The page whose file holds the text: links are relative to it.
    owner: &'a PageId,
    /// Whether the text is the rendered page's own body, whose links are looked up already.
    is_body: bool,
}

/// A text whose notes are still to be rendered.
struct NotedText<'a> {
    body: &'a Body,
    origin: Origin<'a>,
    /// The page's note that each of the text's notes is, once it was referred to.
    notes: Vec<Option<usize>>,
}

impl<'a> TextRenderer<'a> {
    pub(super) fn new(
        scope: &'a PageScope<'a>,
        linked: &'a LinkedPage,
        records: &'a [ComponentRecords],
        citations: CitationCursor<'a, ShownCitation<'a>>,
    ) -> Self {
        Self {
            scope,
            linked,
            records,
            citations,
            notes: Vec::new(),
            has_notes_in_place: false,
            waiting: VecDeque::new(),
            terms: IndexMap::default(),
        }
    }

    /// Renders the notes of a text with it and not last, where `is_so`.
    pub(super) fn with_notes_in_place(self, is_so: bool) -> Self {
        Self { has_notes_in_place: is_so, ..self }
    }

    /// Renders the notes that come last, and returns all, and what the linked terms mean, in
    /// order.
    pub(super) fn into_notes_and_terms(mut self) -> (Vec<NoteView>, Vec<Value>) {
        while let Some(text) = self.waiting.pop_front() {
            self.render_notes(text);
        }
        (self.notes, self.terms.into_values().collect())
    }

    /// Renders the page's own body, its terms linked.
    pub(super) fn body(&mut self, body: &'a Body, owner: &'a PageId) -> String {
        let (terms, targets) = self.term_links();
        self.text(body, Origin { owner, is_body: true }, &terms, &targets)
    }

    /// Returns the body's linked terms as places in the HTML, each with its entity.
    fn term_links(&self) -> (Vec<TermLink>, Vec<&'a PageId>) {
        let links = self.linked.mentions.links();
        links.map(|(html, target)| (TermLink { start: html.start, end: html.end }, target)).unzip()
    }

    fn text(
        &mut self,
        body: &'a Body,
        origin: Origin<'a>,
        terms: &[TermLink],
        targets: &[&'a PageId],
    ) -> String {
        let notes = vec![None; body.notes.len()];
        let (run, open) = (None, Vec::new());
        let mut filler = TextFiller { renderer: self, body, origin, targets, notes, run, open };
        let main = &body.holes[..body.main_holes];
        let written = &*body.html.get();
        let html = fill(written, 0..body.main_end, main, terms, &mut filler);
        let text = NotedText { body, origin, notes: filler.notes };
        match self.has_notes_in_place {
            true => self.render_notes(text),
            false if body.notes.is_empty() => {}
            false => self.waiting.push_back(text),
        }
        html
    }

    /// Renders the notes of a text whose marks stand.
    fn render_notes(&mut self, text: NotedText<'a>) {
        let NotedText { body, origin, notes } = text;
        let (run, open) = (None, Vec::new());
        let mut filler =
            TextFiller { renderer: self, body, origin, targets: &[], notes, run, open };
        let written = &*body.html.get();
        for (index, note) in body.notes.iter().enumerate() {
            let number = filler.note(index);
            let holes = &body.holes[note.holes.clone()];
            filler.run = None;
            let html = fill(written, note.html.clone(), holes, &[], &mut filler);
            filler.renderer.notes[number].html = html;
        }
    }

    /// Adds a note to the page's, and returns its index.
    fn push_note(&mut self, html: String, references: usize) -> usize {
        let index = self.notes.len();
        let marker = self.scope.note_marker(index);
        self.notes.push(NoteView { marker, html, references });
        index
    }

    /// Writes the mark of the note `index` where it is referred to for the `nth` time,
    /// from 1.
    fn note_mark(&self, index: usize, nth: usize, is_link: bool, out: &mut String) {
        let id = index + 1;
        let marker = &self.notes[index].marker;
        let written = match is_link {
            true => write!(
                out,
                "<sup class=\"note-ref\"><a href=\"#fn-{id}\" id=\"fnref-{id}-{nth}\" \
                 role=\"doc-noteref\">{marker}</a></sup>",
            ),
            // A link cannot stand in another.
            false => {
                write!(out, "<sup class=\"note-ref\" id=\"fnref-{id}-{nth}\">{marker}</sup>")
            }
        };
        written.expect("writing to a string succeeds");
    }

    /// Renders the value of a field of the type `ty`, written in the file of `owner`.
    pub(super) fn value(
        &mut self,
        value: &'a FieldValue,
        ty: &'a FieldType,
        owner: &'a PageId,
    ) -> Value {
        match value {
            FieldValue::Text(value) => text(value),
            FieldValue::Number(value) => number(value),
            FieldValue::Markdown(body) => {
                html(self.text(body, Origin { owner, is_body: false }, &[], &[]))
            }
            FieldValue::Date(date) => card::date(*date, self.scope),
            FieldValue::Boolean(value) => Value::from(*value),
            FieldValue::Integer(value) => Value::from(*value),
            FieldValue::Page(written) => self.page(written, ty, owner),
            FieldValue::Citation(citation) => html(self.citation(citation)),
            FieldValue::Surface(value) => surface(value),
            FieldValue::Ids(ids) => {
                list(ids.iter().map(|(scheme, value)| self.scope.identifier(scheme, value)))
            }
            FieldValue::List(values) => {
                let item = match ty {
                    FieldType::List(item) => item,
                    other => other,
                };
                list(values.iter().map(|value| self.value(value, item, owner)))
            }
            FieldValue::Record(values) => self.record(values, record_fields(ty), owner),
            FieldValue::Null => Value::none(),
        }
    }

    /// Renders a record; declared fields that it leaves out are none.
    pub(super) fn record(
        &mut self,
        values: &'a IndexMap<Arc<str>, FieldValue>,
        fields: Option<&'a IndexMap<Arc<str>, Field>>,
        owner: &'a PageId,
    ) -> Value {
        let declared = fields.into_iter().flat_map(|fields| fields.keys());
        let mut rendered: IndexMap<&str, Value> =
            declared.map(|name| (&**name, Value::none())).collect();
        for (name, value) in values {
            let field = fields.and_then(|fields| fields.get(name));
            let ty = field.map_or(&FieldType::Any, |field| &field.ty);
            rendered.insert(name, self.value(value, ty, owner));
        }
        map_by_name(rendered)
    }

    /// Renders the records of other pages that name this one.
    pub(super) fn inverse(&mut self, inverse: &'a InverseRecords) -> Value {
        let mut pages = Vec::with_capacity(inverse.pages.len());
        for entry in &inverse.pages {
            let Some(found) = self.scope.reader.card(&entry.page) else { continue };
            let fields = self.scope.record_fields(found, &entry.field);
            let records: Vec<Value> = entry
                .records
                .iter()
                .map(|record| self.record(record, fields, &entry.page))
                .collect();
            let certainty = self.scope.best_certainty(&entry.page);
            pages.push(map([
                ("certainty", optional_text(certainty)),
                ("page", card::card(found, self.scope)),
                ("records", list(records)),
                ("date", card::optional_date(entry.date, self.scope)),
            ]));
        }
        list(pages)
    }

    /// Returns a field with what a template needs to show it.
    pub(super) fn block(&self, name: &str, field: Option<&Field>, value: Value) -> Value {
        let strings = self.scope.strings;
        let records = field.and_then(|field| record_fields(&field.ty));
        let labels = records.into_iter().flatten();
        let labels = labels.map(|(name, field)| (name, text(label(name, Some(field), strings))));
        map([
            ("name", text(name)),
            ("label", text(label(name, field, strings))),
            ("labels", map_by_name(labels)),
            ("role", optional_text(field.and_then(|field| field.role).map(Role::word))),
            ("value", value),
        ])
    }

    /// Renders what a component shows of another page: its card, with the fields as
    /// `blocks`.
    fn shown_page(&mut self, shown: &'a ShownFields) -> Value {
        let Some(found) = self.scope.reader.card(&shown.page) else {
            return missing_page(shown.page.path());
        };
        let declared = found.collection.as_ref().and_then(|name| self.scope.collection(name));
        let mut blocks = Vec::with_capacity(shown.fields.len());
        for (name, value) in &shown.fields {
            let field = declared.and_then(|collection| collection.fields.get(name));
            let ty = field.map_or(&FieldType::Any, |field| &field.ty);
            let value = self.value(value, ty, &shown.page);
            blocks.push(self.block(name, field, value));
        }
        let mut entries = card::entries(found, self.scope);
        entries.push(("blocks", list(blocks)));
        map(entries)
    }

    fn page(&self, written: &str, ty: &FieldType, owner: &PageId) -> Value {
        let collections: &[Arc<str>] = match ty {
            FieldType::Page { collections, .. } => collections,
            _ => &[],
        };
        let reader = self.scope.reader;
        let default_lang = &self.scope.site.config.site.language;
        let found = match page_named(written, collections, owner.lang(), default_lang, reader) {
            RelationTarget::Page(id) => reader.card(&id),
            RelationTarget::Ambiguous(_) | RelationTarget::Unknown => None,
        };
        found.map_or_else(|| missing_page(written), |found| card::card(found, self.scope))
    }

    fn shown(&mut self, citation: &Citation) -> Option<ShownCitation<'a>> {
        self.citations.take(citation).copied()
    }

    /// Returns the citation as its place shows it, and makes its note where it is one.
    fn citation(&mut self, citation: &Citation) -> String {
        let Some(shown) = self.shown(citation) else { return String::new() };
        let Some(names) = shown.names else { return shown.html.to_owned() };
        let mut html = names.to_owned();
        self.citation_note(citation, shown.html, &mut html);
        html
    }

    /// Makes a note that says `html`, and writes its mark in the place of `citation`.
    fn citation_note(&mut self, citation: &Citation, html: &str, out: &mut String) {
        let note = self.push_note(format!("<p>{html}</p>"), 1);
        self.note_mark(note, 1, !citation.in_link, out);
    }
}

/// Returns the fields of the records that `ty` holds.
fn record_fields(ty: &FieldType) -> Option<&IndexMap<Arc<str>, Field>> {
    match ty {
        FieldType::Record(fields) => Some(fields),
        FieldType::List(item) => record_fields(item),
        _ => None,
    }
}

/// Returns what a field is called: in the words of the page's language, else as the
/// configuration says, else by its name.
pub(super) fn label(name: &str, field: Option<&Field>, strings: &Strings) -> String {
    let translated = strings.get(&format!("label_{name}")).cloned();
    let configured = || field.and_then(|field| field.label.clone());
    translated.or_else(configured).unwrap_or_else(|| name.replace('_', " "))
}

fn missing_page(written: &str) -> Value {
    map([("title", text(written)), ("url", Value::none()), ("missing", Value::from(true))])
}

fn surface(surface: &Surface) -> Value {
    map([
        ("name", text(&surface.name)),
        ("region", optional_text(surface.region.as_ref())),
        ("from", optional_text(surface.from.as_ref())),
        ("until", optional_text(surface.until.as_ref())),
    ])
}

/// Fills the holes of one text.
struct TextFiller<'r, 'a> {
    renderer: &'r mut TextRenderer<'a>,
    body: &'a Body,
    origin: Origin<'a>,
    /// The entities of the linked terms, in order.
    targets: &'r [&'a PageId],
    /// The page's note that each of the text's notes is, once it was referred to.
    notes: Vec<Option<usize>>,
    /// The last marks of notes.
    run: Option<MarkRun>,
    /// The records of the components that are open, by argument.
    open: Vec<IndexMap<Arc<str>, Vec<Value>>>,
}

impl TextFiller<'_, '_> {
    /// Returns the page's note that the text's note `index` is.
    fn note(&mut self, index: usize) -> usize {
        let references = self.body.notes[index].references;
        *self.notes[index].get_or_insert_with(|| self.renderer.push_note(String::new(), references))
    }

    fn link(&self, index: usize) -> LinkTarget {
        let known = self.renderer.linked.links.get(index).filter(|_| self.origin.is_body);
        known
            .cloned()
            .unwrap_or_else(|| self.renderer.scope.link(&self.body.links[index], self.origin.owner))
    }

    fn image_target(&self, index: usize) -> ImageTarget {
        let known = self.renderer.linked.images.get(index).filter(|_| self.origin.is_body);
        known.cloned().unwrap_or_else(|| {
            self.renderer.scope.image_of(&self.body.images[index].src, self.origin.owner)
        })
    }
}

impl Filler for TextFiller<'_, '_> {
    fn citation(&mut self, index: usize, following: &str, out: &mut String) -> usize {
        let citation = &self.body.citations[index];
        let Some(shown) = self.renderer.shown(citation) else { return 0 };
        // Authors leave a space before a citation, which a raised mark does not have.
        let is_raised = match shown.names {
            Some(names) => names.is_empty(),
            None => shown.html.starts_with("<span class=\"citation\"><sup"),
        };
        if is_raised {
            trim_before_mark(out);
        }
        let Some(names) = shown.names else {
            if is_raised {
                part_from_mark(out);
            }
            // The style ends a note with a full stop, which the author's sentence goes on from.
            let goes_on = shown.is_in_note && !following.trim_start().starts_with("</p>");
            let unended = shown.html.strip_suffix(".</span>").filter(|_| goes_on);
            out.push_str(unended.unwrap_or(shown.html));
            out.push_str(if unended.is_some() { "</span>" } else { "" });
            return 0;
        };
        let ends = following.find(|c| !PASSES_NOTE_MARK.contains(&c)).unwrap_or(following.len());
        out.push_str(names);
        // What ends the sentence stands before all marks of a run, unless a part of it ended there.
        let run = self.run.take().filter(|run| {
            let follows = is_raised && run.end == out.len();
            follows && !out[..run.start].ends_with(['.', ',', ';', ':', '!', '?'])
        });
        let start = run.map_or(out.len(), |run| run.start);
        out.insert_str(start, &following[..ends]);
        part_from_mark(out);
        self.renderer.citation_note(citation, shown.html, out);
        self.run = Some(start + ends..out.len());
        ends
    }

    fn link_start(&mut self, index: usize, out: &mut String) {
        let href = self.renderer.scope.href(&self.link(index));
        element::link_start(href.as_deref(), &self.body.links[index], out);
    }

    fn link_end(&mut self, index: usize, out: &mut String) {
        let link = &self.body.links[index];
        if link.empty {
            let name = self.renderer.scope.target_name(&self.link(index));
            escape_into(name.as_deref().unwrap_or(&link.destination), out);
        }
        out.push_str("</a>");
    }

    /// Writes nothing for an address that leads nowhere: the page itself would be loaded at
    /// any other.
    fn address(&mut self, index: usize, out: &mut String) {
        let href = self.renderer.scope.href(&self.link(index));
        escape_into(href.as_deref().unwrap_or_default(), out);
    }

    fn image(&mut self, index: usize, out: &mut String) {
        let (image, target) = (&self.body.images[index], self.image_target(index));
        let files = image.srcset.iter().filter_map(|file| {
            let href = self.renderer.scope.href(&self.link(file.link))?;
            Some(format!("{href} {}", file.descriptor).trim_end().to_owned())
        });
        let files: Vec<String> = files.collect();
        element::image(image, &target, &files.join(", "), self.renderer.scope, out);
    }

    fn listing(&mut self, index: usize, out: &mut String) {
        self.renderer.scope.site.highlighter.highlight(&self.body.listings[index], out);
    }

    fn note_reference(&mut self, note: usize, nth: usize, out: &mut String) {
        let index = self.note(note);
        let run = self.run.take().filter(|run| run.end == out.len());
        let start = run.map_or(out.len(), |run| run.start);
        part_from_mark(out);
        self.renderer.note_mark(index, nth + 1, true, out);
        self.run = Some(start..out.len());
    }

    fn component_start(&mut self, index: usize) {
        self.run = None;
        let mut rendered: IndexMap<Arc<str>, Vec<Value>> = IndexMap::default();
        // Only the components of the body show records: a field that called one
        // could show itself.
        if let Some(records) = self.renderer.records.get(index).filter(|_| self.origin.is_body) {
            for shown in &records.pages {
                let value = self.renderer.shown_page(shown);
                rendered.entry(Arc::clone(&shown.argument)).or_default().push(value);
            }
        }
        self.open.push(rendered);
    }

    fn component_end(&mut self, index: usize, inner: String, out: &mut String) {
        self.run = None;
        let records = self.open.pop().unwrap_or_default();
        let numbers = &self.renderer.scope.component_numbers;
        let number = numbers.get(index).copied().flatten().filter(|_| self.origin.is_body);
        let call = &self.body.components[index];
        out.push_str(&self.renderer.scope.component(call, number, records, &inner));
    }

    fn term_start(&mut self, index: usize, out: &mut String) {
        let scope = self.renderer.scope;
        let target = self.targets[index];
        let card = scope.reader.card(target);
        let href = card.map(|card| scope.relative(&card.url));
        if let (Some(href), Some(card)) = (&href, card)
            && let Some(description) = &card.description
        {
            self.renderer.terms.entry(target).or_insert_with(|| {
                map([
                    ("title", text(&card.title)),
                    ("url", text(href)),
                    ("description", text(description)),
                ])
            });
        }
        out.push_str("<a class=\"term\" href=\"");
        escape_into(href.as_deref().unwrap_or("#"), out);
        out.push_str("\">");
    }
}
