//! The view of an author's page.

use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::CitationKey;
use crate::citation::format_references::{
    FormattedReferences, NotePlace, PageAuthor, ReferenceRequest, format_references,
};
use crate::citation::syntax::Citation;
use crate::config::{Collection, FieldType, Role};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::Page;
use crate::parse::body::Heading;
use crate::parse::page::FieldValue;
use crate::pattern::fill;
use crate::render::value::{
    Value, html, list, map, map_by_name, no_entries, optional, optional_text, text,
};
use crate::resolve::flow::{CitationCursor, Flow, FlowItem, InverseRecords};
use crate::resolve::linked::{RelationTarget, ResolvedPage};
use crate::resolve::names::page_named;
use crate::resolve::plan::{PageKind, PlannedPage};
use crate::resolve::reviews::NextReview;
use crate::resolve::shown::inverse_names;
use crate::resolve::{LinkedPage, SitePage};
use crate::url::encode_path;

use super::frame::Frame;
use super::scope::PageScope;
use super::shared_notice::shared_notice;
use super::sidebar::sidebar;
use super::text::{ShownCitation, TextRenderer};
use super::{View, card, head, listing, record, references};

/// Returns the view of an author's page.
pub(super) fn written<'a>(
    scope: &mut PageScope<'a>,
    frame: &Frame<'_>,
    planned: &PlannedPage,
    entry: &'a SitePage,
    resolved: &'a ResolvedPage,
) -> View {
    let page = &entry.page.page();
    let ResolvedPage { linked, shown: records, .. } = resolved;
    let collection = page.collection.as_deref().and_then(|name| scope.collection(name));
    let is_note_style = scope.site.style_of(page).is_note();
    let flow = Flow::new(page, records, collection);
    let flow = if is_note_style { flow.of_notes() } else { flow };
    let citations = flow.citations();
    let notes = if is_note_style { flow.notes() } else { Vec::new() };
    let formatted = formatted(scope, page, &citations, &notes);
    scope.component_numbers = component_numbers(scope, page);
    scope.lettered_notes = scope.site.style_of(page).is_numeric() && !citations.is_empty();

    let scope: &PageScope<'_> = scope;
    let shown_citations = ShownCitation::all(&formatted, &notes);
    let cursor = CitationCursor::new(&citations, &shown_citations);
    let mut renderer = TextRenderer::new(scope, linked, &records.components, cursor)
        .with_notes_in_place(is_note_style);
    let shown = Shown::render(&mut renderer, &flow, page, collection);
    let (notes, terms) = renderer.into_notes_and_terms();

    let sections = references::sections(page, &flow, collection, scope);
    let reader = Reader { scope, page, collection };
    let keys: Vec<CitationKey> =
        formatted.references.iter().map(|reference| reference.key.clone()).collect();
    let reviews = reader.reviews();
    let reviewed = entry.card.reviewed;
    let next_review = reader.date(Role::NextReview);
    let config = scope.site.config;
    let review_due = NextReview::of(next_review, reviewed, config, collection).day();
    let former = reader.date(Role::Former);
    let overdue = review_due.filter(|due| *due < scope.site.today);
    let mut view = frame.base.clone();
    let parts = [
        ("license", optional_text(reader.license())),
        ("show_toc", Value::from(reader.shows_toc())),
        ("toc", toc(&page.body.headings)),
        ("before", list(shown.before)),
        ("body", html(&shown.body)),
        ("after", list(shown.after)),
        ("authors", list(reader.people(Role::Author))),
        ("reviewers", list(reviews)),
        ("reviewed", card::optional_date(reviewed, scope)),
        ("next_review", card::optional_date(next_review, scope)),
        ("former", card::optional_date(former.filter(|day| *day < scope.site.today), scope)),
        ("review_due", Value::from(overdue.is_some())),
        ("review_due_since", card::optional_date(overdue, scope)),
        ("references", references::references(&formatted, &sections, scope)),
        ("notes", references::notes(&notes, scope)),
        ("terms", list(terms)),
        ("mentions", listing::passages(scope, planned, "mentions")),
        ("inverse", reader.inverses(shown.inverses, linked)),
        ("shared_notice", reader.shared_notice(linked)),
        ("publications", record::publications(scope, &records.publications, reader.order())),
        ("related", list(reader.pages(&page.front.related))),
        ("sidebar", sidebar(scope, collection)),
        ("edit_url", optional_text(reader.edit_url())),
        ("cite_this", record::cite_this(scope, page, &reader.author_names(), !keys.is_empty())),
        ("extra", optional(page.front.extra.as_ref().map(free_value))),
        ("fields", map_by_name(reader.fields(shown.fields, linked))),
    ];
    view.extend(parts);
    let template = template(scope, planned, page, collection);
    view.extend(listing::lists(scope, &template, &page.front.lists));
    if !matches!(planned.kind, PageKind::Written) {
        view.extend(listing::listing_parts(scope, planned));
    }
    let facts = head::PageFacts {
        page: Some(page),
        collection,
        authors: reader.ids(Role::Author),
        reviewers: reader.ids(Role::Reviewer),
        about: reader.about(),
        references: &keys,
        work: None,
    };
    let head = head::head(scope, frame, &facts);
    let turns = review_due.into_iter().chain(former).collect();
    View { template, head, page: view, references: keys, turns }
}

fn template(
    scope: &PageScope<'_>,
    planned: &PlannedPage,
    page: &Page,
    collection: Option<&Collection>,
) -> String {
    if let Some(template) = &page.front.template {
        return template.to_string();
    }
    match planned.kind {
        PageKind::Home => "home.html".to_owned(),
        PageKind::Listing { .. } => "listing.html".to_owned(),
        _ => collection
            .map(|collection| collection.template.as_str())
            .filter(|template| scope.has_template(template))
            .unwrap_or("page.html")
            .to_owned(),
    }
}

/// Formats the citations of the page, which `notes` hold in a style of notes.
fn formatted(
    scope: &PageScope<'_>,
    page: &Page,
    citations: &[&Citation],
    notes: &[NotePlace],
) -> FormattedReferences {
    let bibliography = scope.site.bibliography;
    let nocite: Vec<CitationKey> = match page.front.lists_everything() {
        true => bibliography.keys().cloned().collect(),
        false => page.front.nocite.iter().map(|key| CitationKey::new(Arc::clone(key))).collect(),
    };
    if citations.is_empty() && nocite.is_empty() {
        return FormattedReferences::default();
    }
    let request = ReferenceRequest {
        style: scope.site.style_of(page),
        bibliography,
        citations,
        nocite: &nocite,
        notes,
        link_name: scope.strings.get("reference_number").map_or("{number}", String::as_str),
    };
    match notes.is_sorted_by_key(|note| note.number) {
        true => format_references(&request),
        false => in_note_order(&request),
    }
}

/// Formats citations in the order of their notes, which is not that of rendering where
/// a footnote of the author's cites: "ibid." refers to the note before.
fn in_note_order(request: &ReferenceRequest<'_>) -> FormattedReferences {
    let mut order: Vec<usize> = (0..request.notes.len()).collect();
    order.sort_by_key(|&index| request.notes[index].number);
    let citations: Vec<&Citation> = order.iter().map(|&index| request.citations[index]).collect();
    let notes: Vec<NotePlace> = order.iter().map(|&index| request.notes[index]).collect();
    let ordered =
        format_references(&ReferenceRequest { citations: &citations, notes: &notes, ..*request });
    let mut formatted =
        FormattedReferences { references: ordered.references, ..Default::default() };
    formatted.citations = vec![String::new(); order.len()];
    formatted.names = vec![String::new(); order.len()];
    let texts = ordered.citations.into_iter().zip(ordered.names);
    for (&index, (citation, names)) in order.iter().zip(texts) {
        (formatted.citations[index], formatted.names[index]) = (citation, names);
    }
    for place in formatted.references.iter_mut().flat_map(|reference| &mut reference.places) {
        place.citation = order[place.citation];
    }
    formatted
}

/// Returns the number of each component that its theme numbers, each kind by itself.
fn component_numbers(scope: &PageScope<'_>, page: &Page) -> Vec<Option<usize>> {
    crate::resolve::contribute::component_numbers(page, &scope.site.theme.config)
        .into_iter()
        .map(|number| number.map(|(_, number)| number))
        .collect()
}

/// What the page shows, rendered in the order of its flow.
#[derive(Default)]
struct Shown<'a> {
    before: Vec<Value>,
    body: String,
    after: Vec<Value>,
    fields: IndexMap<&'a str, Value>,
    inverses: IndexMap<&'a str, Value>,
}

impl<'a> Shown<'a> {
    fn render(
        renderer: &mut TextRenderer<'a>,
        flow: &Flow<'a>,
        page: &'a Page,
        collection: Option<&'a Collection>,
    ) -> Self {
        let mut shown = Self::default();
        let mut after_body = false;
        for item in &flow.items {
            let (name, value) = match item {
                FlowItem::Body => {
                    shown.body = renderer.body(&page.body, &page.id);
                    after_body = true;
                    continue;
                }
                FlowItem::Field(name, value, shown_values) => {
                    let name: &'a Arc<str> = name;
                    let field = collection.and_then(|c| c.fields.get(name));
                    let ty = field.map_or(&FieldType::Any, |field| &field.ty);
                    let rendered = match value {
                        FieldValue::List(_) => {
                            let item = ty.item();
                            let values = shown_values.iter();
                            list(values.map(|value| renderer.value(value, item, &page.id)))
                        }
                        value => renderer.value(value, ty, &page.id),
                    };
                    shown.fields.insert(name, rendered.clone());
                    (name, rendered)
                }
                FlowItem::Inverse(records) => {
                    let records: &'a InverseRecords = records;
                    let value = renderer.inverse(records);
                    shown.inverses.insert(&records.name, value.clone());
                    (&records.name, value)
                }
            };
            let field = collection.and_then(|collection| collection.fields.get(name));
            let block = renderer.block(name, field, value);
            match after_body {
                true => shown.after.push(block),
                false => shown.before.push(block),
            }
        }
        shown
    }
}

/// Reads what the page shows of other pages beside its flow.
struct Reader<'a> {
    scope: &'a PageScope<'a>,
    page: &'a Page,
    collection: Option<&'a Collection>,
}

impl<'a> Reader<'a> {
    fn field(&self, role: Role) -> Option<&'a FieldValue> {
        let field = self.collection?.field_with_role(role)?;
        self.page.front.fields.get(&field.name)
    }

    fn date(&self, role: Role) -> Option<Date> {
        match self.field(role)? {
            FieldValue::Date(date) => Some(*date),
            _ => None,
        }
    }

    /// Returns the page that a name of the front matter stands for.
    fn named(&self, written: &str, collections: &[Arc<str>]) -> Option<PageId> {
        let default_lang = &self.scope.site.config.site.language;
        let lang = self.page.id.lang();
        match page_named(written, collections, lang, default_lang, self.scope.reader) {
            RelationTarget::Page(id) => Some(id),
            RelationTarget::Ambiguous(_) | RelationTarget::Unknown => None,
        }
    }

    /// Returns the pages that the field with `role` names, in order, each with the
    /// record that names it.
    fn named_with_records(&self, role: Role) -> Vec<(PageId, Option<Date>)> {
        let people = self.scope.site.people_collections();
        let mut found = Vec::new();
        let mut push = |written: &Arc<str>, date: Option<Date>| {
            found.extend(self.named(written, &people).map(|id| (id, date)));
        };
        let values = match self.field(role) {
            Some(FieldValue::List(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        let common = self.date(Role::Reviewed);
        for value in values {
            match value {
                FieldValue::Page(written) => push(written, common),
                FieldValue::Record(record) => {
                    let date = record.values().find_map(|value| match value {
                        FieldValue::Date(date) => Some(*date),
                        _ => None,
                    });
                    for value in record.values() {
                        if let FieldValue::Page(written) = value {
                            push(written, date.or(common));
                        }
                    }
                }
                _ => {}
            }
        }
        found
    }

    fn ids(&self, role: Role) -> Vec<PageId> {
        self.named_with_records(role).into_iter().map(|(id, _)| id).collect()
    }

    fn people(&self, role: Role) -> Vec<Value> {
        let cards = self.ids(role).into_iter().filter_map(|id| self.scope.reader.card(&id));
        cards.map(|found| card::card(found, self.scope)).collect()
    }

    /// Returns the authors' names in their parts; an organisation's name is whole.
    fn author_names(&self) -> Vec<PageAuthor> {
        let ids = self.ids(Role::Author).into_iter();
        let cards = ids.filter_map(|id| self.scope.reader.card(&id));
        cards
            .map(|card| {
                let fields = self.scope.reader.fields(&card.id);
                let part = |name: &str| {
                    let text = fields?.get(name)?.texts().into_iter().next();
                    text.map(|text| text.to_string())
                };
                let given = || part("given").unwrap_or_default();
                let is_group = || part("kind").is_some_and(|kind| kind == "organization");
                let named = || PageAuthor::of_person(&card.title);
                match part("family") {
                    Some(family) => PageAuthor { family, given: given(), ..named() },
                    None if is_group() => {
                        PageAuthor { family: card.title.to_string(), ..PageAuthor::default() }
                    }
                    None => named(),
                }
            })
            .collect()
    }

    /// Returns the pages that this one is about.
    fn about(&self) -> Vec<PageId> {
        let values = match self.field(Role::About) {
            Some(FieldValue::List(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        let names = values.iter().filter_map(|value| match value {
            FieldValue::Page(written) => Some(written),
            _ => None,
        });
        names.filter_map(|written| self.named(written, &[])).collect()
    }

    fn reviews(&self) -> Vec<Value> {
        self.named_with_records(Role::Reviewer)
            .into_iter()
            .filter_map(|(id, date)| {
                let found = self.scope.reader.card(&id)?;
                Some(map([
                    ("person", card::card(found, self.scope)),
                    ("date", card::optional_date(date, self.scope)),
                ]))
            })
            .collect()
    }

    fn pages(&self, names: &[Arc<str>]) -> Vec<Value> {
        let cards = names.iter().filter_map(|name| {
            let id = self.named(name, &[])?;
            self.scope.reader.card(&id)
        });
        cards.map(|found| card::card(found, self.scope)).collect()
    }

    fn license(&self) -> Option<&'a Arc<str>> {
        self.page.front.license.as_ref().or(self.scope.site.config.site.license.as_ref())
    }

    /// Tells whether the page shows a list of its contents: as it says, else where
    /// there are three sections or more.
    fn shows_toc(&self) -> bool {
        let sections = self.page.body.headings.iter().filter(|heading| heading.level == 2);
        self.page.front.toc.unwrap_or_else(|| sections.count() >= 3)
    }

    fn edit_url(&self) -> Option<String> {
        let pattern = self.scope.site.config.site.edit_url.as_ref()?;
        let path = encode_path(self.page.source.id.as_str());
        Some(fill(pattern, |place| (place == "path").then_some(path.as_str().into())))
    }

    fn order(&self) -> Option<&'a str> {
        match self.page.front.fields.get("publications_order") {
            Some(FieldValue::Text(word)) => Some(word),
            _ => None,
        }
    }

    /// Returns every inverse of the page's collection: those rendered in the flow,
    /// and the others without numbered citations, since their sources are given on
    /// the pages that hold the records.
    fn inverses(&self, mut rendered: IndexMap<&'a str, Value>, linked: &LinkedPage) -> Value {
        let Some(collection) = self.collection else { return no_entries() };
        let names = inverse_names(&collection.name, self.scope.site.config);
        map_by_name(names.into_iter().map(|name| {
            let value = rendered
                .swap_remove(&*name)
                .unwrap_or_else(|| listing::inverse(self.scope, &self.page.id, &name, linked));
            (name, value)
        }))
    }

    fn shared_notice(&self, linked: &LinkedPage) -> Value {
        let shared = |collection| shared_notice(self.scope, &self.page.id, collection, linked);
        self.collection.map_or_else(Value::none, shared)
    }

    /// Returns the collection's fields by name: those of the flow as it rendered
    /// them, the others without numbered citations, and none for those left out.
    fn fields(
        &self,
        mut rendered: IndexMap<&'a str, Value>,
        linked: &'a LinkedPage,
    ) -> Vec<(&'a Arc<str>, Value)> {
        let Some(collection) = self.collection else { return Vec::new() };
        let cursor = CitationCursor::new(&[], &[]);
        let mut renderer = TextRenderer::new(self.scope, linked, &[], cursor);
        collection
            .fields
            .iter()
            .map(|(name, field)| {
                let value = rendered.swap_remove(&**name).or_else(|| {
                    let value = self.page.front.fields.get(name)?;
                    Some(renderer.value(value, &field.ty, &self.page.id))
                });
                (name, optional(value))
            })
            .collect()
    }
}

/// Returns the headings as a tree, without a lone first-level one.
fn toc(headings: &[Heading]) -> Value {
    let shown: Vec<&Heading> = headings.iter().filter(|heading| heading.level > 1).collect();
    let mut rest = shown.as_slice();
    list(toc_level(&mut rest, 0))
}

fn toc_level(rest: &mut &[&Heading], above: u8) -> Vec<Value> {
    let mut entries = Vec::new();
    while let Some((heading, after)) = rest.split_first() {
        if heading.level <= above {
            break;
        }
        *rest = after;
        entries.push(map([
            ("level", Value::from(u64::from(heading.level))),
            ("id", text(&heading.id)),
            ("text", text(&heading.text)),
            ("children", list(toc_level(rest, heading.level))),
        ]));
    }
    entries
}

/// Returns a value of `extra` as it was written.
fn free_value(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(value) | FieldValue::Page(value) => text(value),
        FieldValue::Number(value) => crate::render::value::number(value),
        FieldValue::Date(date) => text(date.to_string()),
        FieldValue::Boolean(value) => Value::from(*value),
        FieldValue::Integer(value) => Value::from(*value),
        FieldValue::List(values) => list(values.iter().map(free_value)),
        FieldValue::Record(values) => {
            map_by_name(values.iter().map(|(name, value)| (name, free_value(value))))
        }
        FieldValue::Surface(surface) => text(&surface.name),
        FieldValue::Ids(ids) => map_by_name(ids.iter().map(|(scheme, id)| (scheme, text(id)))),
        FieldValue::Markdown(_) | FieldValue::Citation(_) | FieldValue::Null => Value::none(),
    }
}
