//! The views of pages that list others: collections, sections, tags, the home page,
//! and the further pages of "mentioned in".

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Collection, ListQuery};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::render::value::{Value, list, map, map_by_name, no_values, optional_text, text};
use crate::resolve::LinkedPage;
use crate::resolve::facts::Card;
use crate::resolve::flow::CitationCursor;
use crate::resolve::lists::listed;
use crate::resolve::plan::{PageKind, PassageSlice, PlannedPage, SLICE};
use crate::resolve::shown::{inverse_names, inverse_records};

use super::frame::Frame;
use super::pagination::pagination;
use super::scope::PageScope;
use super::shared_notice::shared_notice;
use super::text::TextRenderer;
use super::{View, card};

/// Returns the view of a page that no author's file stands behind.
pub(super) fn listing(scope: &PageScope<'_>, frame: &Frame<'_>, planned: &PlannedPage) -> View {
    let mut view = frame.base.clone();
    view.extend(listing_parts(scope, planned));
    let template = match &planned.kind {
        PageKind::Home => "home.html".to_owned(),
        PageKind::Tags => "tags.html".to_owned(),
        PageKind::Tag { .. } => "tag.html".to_owned(),
        PageKind::NotFound => "404.html".to_owned(),
        PageKind::Search => "search.html".to_owned(),
        PageKind::Made => made_template(scope),
        _ => "listing.html".to_owned(),
    };
    if planned.kind == PageKind::Made {
        view.extend(made_parts(scope, planned));
    }
    View::listing(template, view, scope, frame)
}

fn collection_of<'a>(scope: &PageScope<'a>) -> Option<&'a Collection> {
    scope.collection(scope.reader.card(scope.id)?.collection.as_deref()?)
}

fn made_template(scope: &PageScope<'_>) -> String {
    collection_of(scope)
        .map(|collection| collection.template.clone())
        .filter(|template| scope.has_template(template))
        .unwrap_or_else(|| "page.html".to_owned())
}

/// Returns what a page that a field made shows: who names it, and who mentions it.
fn made_parts(scope: &PageScope<'_>, planned: &PlannedPage) -> Vec<(&'static str, Value)> {
    let Some(collection) = collection_of(scope) else { return Vec::new() };
    let names = inverse_names(&collection.name, scope.site.config);
    let linked = LinkedPage::default();
    let inverse = names.into_iter().map(|name| {
        let value = inverse(scope, scope.id, &name, &linked);
        (name, value)
    });
    let fields = collection.fields.keys().map(|name| (name, Value::none()));
    vec![
        ("fields", map_by_name(fields)),
        ("inverse", map_by_name(inverse)),
        ("shared_notice", shared_notice(scope, scope.id, collection, &linked)),
        ("mentions", passages(scope, planned, "mentions")),
    ]
}

/// Returns the parts of a view that list the planned members.
pub(super) fn listing_parts(
    scope: &PageScope<'_>,
    planned: &PlannedPage,
) -> Vec<(&'static str, Value)> {
    // Beyond these, the home page has some for the feed alone.
    let most = if planned.kind == PageKind::Home { SLICE } else { usize::MAX };
    let members = planned.members.iter().take(most).filter_map(|id| scope.reader.card(id));
    let shown: Vec<ShownMember> = members.map(|card| (card, card::card(card, scope))).collect();
    let mut parts = vec![
        ("pages", list(shown.iter().map(|(_, value)| value.clone()))),
        ("pagination", pagination(&planned.part, scope)),
    ];
    match &planned.kind {
        PageKind::Home => parts.push(("sections", list(collections(scope)))),
        PageKind::Listing { collection, .. } if is_alphabetical(collection.as_deref(), scope) => {
            parts.push(("groups", groups(shown)));
        }
        PageKind::Tags => parts.push(("sections", list(tags(scope, planned)))),
        PageKind::Search => parts.push(("groups", by_collection(&shown, scope))),
        _ => {}
    }
    parts
}

/// A page that a list names, with its card as templates see it.
type ShownMember<'a> = (&'a Arc<Card>, Value);

/// Tells whether the pages of the collection stand in the order of their titles: under
/// letters they would lose another.
fn is_alphabetical(collection: Option<&str>, scope: &PageScope<'_>) -> bool {
    let collection = collection.and_then(|name| scope.collection(name));
    collection.is_none_or(|collection| collection.sort.is_alphabetical())
}

/// Returns the pages by the first letter of their titles, after those that a weight puts
/// first, which stand under none.
fn groups(shown: Vec<ShownMember<'_>>) -> Value {
    let (weighted, lettered): (Vec<_>, Vec<_>) =
        shown.into_iter().partition(|(card, _)| card.weight.is_some());
    let mut by_letter: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (found, value) in lettered {
        by_letter.entry(card::initial(&found.title)).or_default().push(value);
    }
    if by_letter.is_empty() {
        return no_values();
    }
    let group = |title: Value, id: Value, pages: Vec<Value>| {
        map([("title", title), ("id", id), ("pages", list(pages))])
    };
    let weighted: Vec<Value> = weighted.into_iter().map(|(_, value)| value).collect();
    let first = (!weighted.is_empty()).then(|| group(Value::none(), Value::none(), weighted));
    let letters = by_letter.into_iter().map(|(letter, pages)| {
        let id = match letter.as_str() {
            "#" => "letter-0".to_owned(),
            letter => format!("letter-{}", letter.to_lowercase()),
        };
        group(text(&letter), text(id), pages)
    });
    list(first.into_iter().chain(letters))
}

/// Returns the pages by their collections, whose order they are in, each with the URL of
/// its listing and how many pages that has.
fn by_collection(shown: &[ShownMember<'_>], scope: &PageScope<'_>) -> Value {
    let lang = scope.id.lang();
    list(shown.chunk_by(|(a, _), (b, _)| a.collection == b.collection).map(|shown| {
        let pages = list(shown.iter().map(|(_, value)| value.clone()));
        let Some(collection) =
            shown[0].0.collection.as_deref().and_then(|name| scope.collection(name))
        else {
            let title = scope.strings.get("search_other_pages").cloned().unwrap_or_default();
            return map([
                ("title", text(title)),
                ("id", text("pages")),
                ("url", Value::none()),
                ("total", Value::from(shown.len())),
                ("pages", pages),
            ]);
        };
        let url = scope.site.routes.section(collection, "", lang);
        let members = scope.reader.members(lang, &collection.name).into_iter();
        let total = members.filter(|id| !id.path().ends_with("/_index")).count();
        map([
            ("title", text(scope.listing_title(collection))),
            ("id", text(&collection.name)),
            ("url", text(scope.relative(&url))),
            ("total", Value::from(total)),
            ("pages", pages),
        ])
    }))
}

/// Returns the collections that have pages, in the order of the configuration.
fn collections(scope: &PageScope<'_>) -> Vec<Value> {
    let lang = scope.id.lang();
    let with_pages = scope.site.config.collections.values();
    with_pages
        .filter(|collection| !scope.reader.members(lang, &collection.name).is_empty())
        .map(|collection| {
            let index = PageId::new(format!("{}/_index", collection.folder), lang.clone());
            let index = scope.reader.card(&index);
            let own = |card: &Arc<Card>| card.title.to_string();
            let title = index.map_or_else(|| scope.collection_title(collection), own);
            let url = scope.site.routes.section(collection, "", lang);
            map([
                ("title", text(title)),
                ("url", text(scope.relative(&url))),
                ("description", optional_text(index.and_then(|card| card.description.as_ref()))),
            ])
        })
        .collect()
}

fn tags(scope: &PageScope<'_>, planned: &PlannedPage) -> Vec<Value> {
    let tags = planned.tags.iter().map(|tag| {
        let url = scope.site.routes.tag(scope.id.lang(), &tag.slug);
        map([
            ("title", text(&tag.name)),
            ("url", text(scope.relative(&url))),
            ("description", Value::none()),
            ("count", Value::from(tag.pages)),
        ])
    });
    tags.collect()
}

/// Returns the pages that name the page `id` under the inverse `name`, with their
/// records but without numbered citations.
pub(super) fn inverse(
    scope: &PageScope<'_>,
    id: &PageId,
    name: &Arc<str>,
    linked: &LinkedPage,
) -> Value {
    let Some(records) = inverse_records(id, Arc::clone(name), scope.site.config, scope.reader)
    else {
        return no_values();
    };
    let cursor = CitationCursor::new(&[], &[]);
    TextRenderer::new(scope, linked, &[], cursor).inverse(&records)
}

/// Returns the passages that the page shows, with the way to the next of them.
///
/// `segment` is what the URLs of the further pages say.
pub(super) fn passages(
    scope: &PageScope<'_>,
    planned: &PlannedPage,
    segment: &'static str,
) -> Value {
    let PassageSlice { total, entries } = &planned.passages;
    let entries = entries.iter().filter_map(|(id, passage)| {
        let page = scope.reader.card(id)?;
        let shown = card::shown(page, scope);
        let section = passage.section.as_ref();
        let section_url = section.map(|(anchor, _)| format!("{}#{anchor}", shown.url));
        Some(map([
            ("page", shown.value.clone()),
            ("sentence", text(&passage.sentence)),
            ("section", optional_text(section.map(|(_, title)| title))),
            ("section_url", optional_text(section_url)),
            ("count", Value::from(passage.count)),
        ]))
    });
    let number = planned.part.number;
    let rest = total.saturating_sub(number * SLICE);
    let more =
        (rest > 0).then(|| scope.site.routes.numbered(&planned.part.first, segment, number + 1));
    map([
        ("total", Value::from(*total)),
        ("entries", list(entries)),
        ("more", Value::from(rest)),
        ("more_url", optional_text(more.map(|url| scope.relative(&url)))),
    ])
}

/// Returns the view of a further page of "mentioned in".
pub(super) fn mentions(scope: &PageScope<'_>, frame: &Frame<'_>, planned: &PlannedPage) -> View {
    let mut view = frame.base.clone();
    let parts = [
        ("mentions", passages(scope, planned, "mentions")),
        ("pagination", pagination(&planned.part, scope)),
    ];
    view.extend(parts);
    View::listing("slice.html", view, scope, frame)
}

/// Returns a further page of "cited by" as listing parts.
pub(super) fn slice_parts(
    scope: &PageScope<'_>,
    planned: &PlannedPage,
    cited_by: Value,
) -> Vec<(&'static str, Value)> {
    vec![("cited_by", cited_by), ("pagination", pagination(&planned.part, scope))]
}

/// Returns the lists that `template` declares in the theme and those of the page itself,
/// which come in place of the template's of the same name: the pages of each by name, and
/// of each the way to its further pages.
pub(super) fn lists(
    scope: &PageScope<'_>,
    template: &str,
    own: &IndexMap<Arc<str>, ListQuery>,
) -> [(&'static str, Value); 2] {
    let declared = scope.site.theme.config.lists.get(template);
    let mut queries: IndexMap<&Arc<str>, &ListQuery> = declared.into_iter().flatten().collect();
    queries.extend(own);
    let (mut pages, mut further) = (Vec::new(), Vec::new());
    for (name, query) in queries {
        let cards = listed(query, scope.id.lang(), scope.site.config, scope.reader);
        let shown = query.per_page.unwrap_or(usize::MAX).min(cards.len());
        if shown < cards.len() {
            let url = scope.site.routes.numbered(scope.url, &scope.site.routes.slug(name), 2);
            let next = [("total", Value::from(cards.len())), ("url", text(scope.relative(&url)))];
            further.push((name, map(next)));
        }
        let cards = cards[..shown].iter();
        pages.push((name, list(cards.map(|found| card::card(found, scope)))));
    }
    [("lists", map_by_name(pages)), ("further", map_by_name(further))]
}

/// Returns the view of a further page of a list that a page declares.
pub(super) fn list_part(
    scope: &PageScope<'_>,
    frame: &Frame<'_>,
    planned: &PlannedPage,
    name: &str,
) -> View {
    let mut view = frame.base.clone();
    view.extend(listing_parts(scope, planned));
    view.extend([("list", text(name))]);
    View::listing("slice.html", view, scope, frame)
}
