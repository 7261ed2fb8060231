//! The views of works: their own pages, the bibliography, a person's list, and how
//! to cite a page of the site.

use crate::citation::bibliography::Entry;
use crate::citation::format_references::{PageAsWork, PageAuthor, format_page, reference_id};
use crate::citation::record::{Creator, Record};
use crate::citation::{CitationKey, CitationStyle};
use crate::parse::Page;
use crate::render::value::{Value, html, list, map, optional, optional_text, text};
use crate::resolve::plan::PlannedPage;

use super::frame::Frame;
use super::pagination::pagination;
use super::scope::{PageScope, Strings};
use super::{View, head, listing};

/// Returns the title of the work `key`.
pub(super) fn title(scope: &PageScope<'_>, key: &CitationKey) -> Option<String> {
    let entry = scope.site.bibliography.get(key)?;
    Some(entry.description().title.clone()).filter(|title| !title.is_empty())
}

/// Returns the view of a work's page.
pub(super) fn reference(
    scope: &PageScope<'_>,
    frame: &Frame<'_>,
    planned: &PlannedPage,
    key: &CitationKey,
) -> View {
    let mut view = frame.base.clone();
    view.extend([("cited_by", listing::passages(scope, planned, "cited-by"))]);
    let entry = scope.site.bibliography.get(key);
    view.extend(entry.map(|entry| ("reference", full_record(scope, entry))));
    let facts =
        head::PageFacts { work: entry.map(Entry::description), ..head::PageFacts::default() };
    View {
        template: "reference.html".to_owned(),
        page: view,
        head: head::head(scope, frame, &facts),
        references: entry.map(|entry| entry.key.clone()).into_iter().collect(),
        turns: Vec::new(),
    }
}

fn full_record(scope: &PageScope<'_>, entry: &Entry) -> Value {
    let (record, notes) = (entry.description(), &entry.notes);
    let publishes_abstracts = scope.site.config.citations.publish_abstracts;
    let summary = record.summary.as_ref().filter(|_| publishes_abstracts);
    let identifiers = record.identifiers.iter().map(|(scheme, id)| scope.identifier(scheme, id));
    let formats = [("BibTeX", "bib"), ("RIS", "ris")];
    let downloads = formats.into_iter().filter(|_| scope.site.makes("reference-exports"));
    let downloads = downloads.map(|(format, extension)| {
        let url = scope.site.routes.export(scope.url, extension);
        map([("format", text(format)), ("url", text(scope.relative(&url)))])
    });
    let formatted = formatted(scope, scope.site.site_style(scope.id.lang()), &[&entry.key]);
    let others = record.has_others.then(|| "et al.".to_owned());
    let authors = record.authors.iter().map(Creator::to_name).chain(others).map(text);
    map([
        ("key", text(entry.key.as_str())),
        ("html", html(formatted.into_iter().next().unwrap_or_default())),
        ("title", text(&record.title)),
        ("authors", list(authors)),
        ("year", optional(record.year.map(|year| self::year(year, scope.strings)))),
        ("date", optional_text(record.date.as_ref())),
        ("container", optional_text(record.container.as_ref())),
        ("volume", optional_text(record.volume.as_ref())),
        ("issue", optional_text(record.issue.as_ref())),
        ("pages", optional_text(record.pages.as_ref())),
        ("publisher", optional_text(record.publisher.as_ref())),
        ("url", optional_text(record.url.as_ref().filter(|url| is_web_address(url)))),
        ("kind", text(record.kind)),
        ("abstract", optional_text(summary)),
        ("status", optional_text(notes.status.map(|status| status.as_str()))),
        ("study_type", optional_text(notes.study_type.as_ref())),
        ("level", optional_text(notes.level.map(|level| level.as_str()))),
        ("access", optional_text(notes.access.as_ref())),
        ("preprint", Value::from(notes.preprint)),
        ("archive_url", optional_text(notes.archive_url.as_ref())),
        ("archived", optional_text(notes.archived.as_ref())),
        ("identifiers", list(identifiers)),
        ("downloads", list(downloads)),
    ])
}

/// Returns a year as templates print it: a number, or before the first year words.
fn year(year: i32, strings: &Strings) -> Value {
    match year {
        0.. => Value::from(year),
        _ => text(year_in_words(year, strings)),
    }
}

/// Returns a year as readers write it, `376 BC` for one before the first.
pub(super) fn year_in_words(year: i32, strings: &Strings) -> String {
    match strings.get("year_bc").filter(|_| year < 0) {
        Some(words) => words.replace("{year}", &year.unsigned_abs().to_string()),
        None => year.to_string(),
    }
}

fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// Returns the view of a further page of "cited by".
pub(super) fn cited_by(scope: &PageScope<'_>, frame: &Frame<'_>, planned: &PlannedPage) -> View {
    let mut view = frame.base.clone();
    let slice = listing::passages(scope, planned, "cited-by");
    view.extend(listing::slice_parts(scope, planned, slice));
    View::listing("slice.html", view, scope, frame)
}

/// Returns the view of the list of works that the site rests on.
pub(super) fn bibliography(
    scope: &PageScope<'_>,
    frame: &Frame<'_>,
    planned: &PlannedPage,
) -> View {
    let style = scope.site.site_style(scope.id.lang());
    let known = planned
        .works
        .iter()
        .filter_map(|work| Some((scope.site.bibliography.get(&work.key)?, work.pages)));
    let entries: Vec<(&Entry, usize)> = known.collect();
    let ordered: Vec<&CitationKey> = entries.iter().map(|(entry, _)| &entry.key).collect();
    let formatted = formatted(scope, style, &ordered);
    let has_pages = scope.site.makes("references");
    let values = entries.iter().zip(formatted).map(|((entry, count), formatted)| {
        let url = scope.reference_url(&entry.key);
        let status = entry.notes.status.map(|status| status.as_str());
        map([
            ("key", text(entry.key.as_str())),
            ("id", text(reference_id(&entry.key))),
            ("html", html(formatted)),
            ("url", optional_text(has_pages.then(|| scope.relative(&url)))),
            ("status", optional_text(status)),
            ("count", Value::from(*count)),
        ])
    });
    let mut view = frame.base.clone();
    let pagination = pagination(&planned.part, scope);
    view.extend([("entries", list(values)), ("pagination", pagination)]);
    let references = planned.works.iter().map(|work| work.key.clone()).collect();
    View { references, ..View::listing("bibliography.html", view, scope, frame) }
}

/// Returns the HTML of works as entries without numbers, in the order of `keys`.
fn formatted(scope: &PageScope<'_>, style: &CitationStyle, keys: &[&CitationKey]) -> Vec<String> {
    let entries = keys.iter().map(|key| scope.site.bibliography.get(key));
    entries
        .map(|entry| entry.map(|entry| style.format_entry(&entry.item)).unwrap_or_default())
        .collect()
}

/// Returns the works of a person as templates see them.
pub(super) fn publications(
    scope: &PageScope<'_>,
    keys: &[CitationKey],
    order: Option<&str>,
) -> Value {
    let mut entries: Vec<(&Entry, &Record)> = keys
        .iter()
        .filter_map(|key| scope.site.bibliography.get(key))
        .map(|entry| (entry, entry.description()))
        .collect();
    match order {
        Some("listed") => {}
        Some("oldest") => entries.sort_by(|(_, a), (_, b)| a.date.cmp(&b.date)),
        _ => entries.sort_by(|(_, a), (_, b)| b.date.cmp(&a.date)),
    }
    let style = scope.site.publications_style(scope.id.lang());
    let ordered: Vec<&CitationKey> = entries.iter().map(|(entry, _)| &entry.key).collect();
    let formatted = formatted(scope, style, &ordered);
    let has_pages = scope.site.makes("references");
    list(entries.iter().zip(formatted).map(|((entry, _), formatted)| {
        let url = scope.reference_url(&entry.key);
        map([
            ("html", html(formatted)),
            ("id", text(entry.key.as_str())),
            ("url", optional_text(has_pages.then(|| scope.relative(&url)))),
            ("status", optional_text(entry.notes.status.map(|status| status.as_str()))),
        ])
    }))
}

/// Returns how to cite a page, for pages that have an author.
pub(super) fn cite_this(
    scope: &PageScope<'_>,
    page: &Page,
    authors: &[PageAuthor],
    has_references: bool,
) -> Value {
    if authors.is_empty() {
        return Value::none();
    }
    let style = scope.site.site_style(scope.id.lang());
    let config = scope.site.config;
    let base_url = Some(&config.site.base_url).filter(|url| !url.is_empty());
    let work = format_page(
        style,
        &PageAsWork {
            title: scope.reader.card(scope.id).map(|c| c.title.to_string()).unwrap_or_default(),
            authors: authors.to_vec(),
            site: scope.site_title().to_owned(),
            url: base_url.map(|base| scope.url.absolute(base)),
            date: page.front.updated.or(page.front.date),
        },
    );
    let export = |extension: &str| {
        let url = scope.site.routes.export(scope.url, extension);
        let offered = has_references && scope.site.makes("page-exports");
        optional_text(offered.then(|| scope.relative(&url)))
    };
    map([
        ("html", html(&work.html)),
        ("text", text(&work.text)),
        ("bib_url", export("bib")),
        ("ris_url", export("ris")),
    ])
}
