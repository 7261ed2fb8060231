//! The menu, and links to pages that the configuration names.

use crate::config::{NavItem, NavTarget};
use crate::page_id::PageId;
use crate::render::value::{Value, list, map, optional_text, text};
use crate::resolve::linked::RelationTarget;
use crate::resolve::links::{generated_url, leads_into};
use crate::resolve::names::page_named;
use crate::url::{UrlPath, percent_decode};

use super::scope::PageScope;

/// Returns an entry of the menu as templates see it, with those below it.
pub(super) fn nav(item: &NavItem, scope: &PageScope<'_>) -> Value {
    let target = match &item.target {
        Some(NavTarget::Page(id)) => page_link(id, scope).map(|(title, url)| (Some(title), url)),
        Some(NavTarget::Url(url)) => Some((None, link(url, scope))),
        None => None,
    };
    let (own_title, url) = match target {
        Some((title, url)) => (title, Some(url)),
        None => (None, None),
    };
    let title = item.title.as_ref().map(|title| title.to_string()).or(own_title);
    map([
        ("title", text(title.unwrap_or_default())),
        ("active", Value::from(url.as_deref().is_some_and(|url| is_above(url, scope)))),
        ("url", optional_text(url)),
        ("children", list(item.children.iter().map(|child| nav(child, scope)))),
    ])
}

/// Returns the link to the address or path of the site `written`, whose query and anchor stay
/// as they are.
///
/// A path leads to what the page's language has of it, where the anchor is there, too.
fn link(written: &str, scope: &PageScope<'_>) -> String {
    if !written.starts_with('/') || written.starts_with("//") {
        return written.to_owned();
    }
    let (path, rest) = written.split_at(written.find(['?', '#']).unwrap_or(written.len()));
    let path = UrlPath::new(&percent_decode(path));
    let anchor = rest.split_once('#').map_or("", |(_, anchor)| anchor);
    let translated = scope.in_own_language(&path).filter(|url| has_anchor(url, anchor, scope));
    format!("{}{rest}", scope.relative(&translated.unwrap_or(path)))
}

/// Tells whether the page at `url` has the place `anchor`; what galen makes may have any.
fn has_anchor(url: &UrlPath, anchor: &str, scope: &PageScope<'_>) -> bool {
    let reader = scope.reader;
    let mut written = reader.claimants(url).into_iter().filter(|id| reader.anchors(id).is_some());
    written.next().is_none_or(|id| leads_into(id, anchor, reader, scope.site.config))
}

/// Tells whether the relative link `url` leads to the page itself or to a folder
/// that holds it; the home page of a language, which holds all of it, is none.
fn is_above(url: &str, scope: &PageScope<'_>) -> bool {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let only_up = url == "./" || url.split_terminator('/').all(|part| part == "..");
    let home = || scope.way_to(&scope.site.routes.home(scope.id.lang()));
    url == "./" || only_up && url != scope.url.root() && url != home()
}

/// Returns the title of the page that `id` names, and the link to it.
pub(super) fn page_link(id: &str, scope: &PageScope<'_>) -> Option<(String, String)> {
    let default_lang = &scope.site.config.site.language;
    let reader = scope.reader;
    let found = page_named(id, &[], scope.id.lang(), default_lang, reader);
    let found = match found {
        RelationTarget::Page(found) => reader.card(&found),
        // The listing of a collection is named by the collection's folder.
        _ => reader.card(&PageId::new(format!("{id}/_index"), scope.id.lang().clone())),
    };
    if let Some(card) = found {
        return Some(match scope.own_listing(&card.id) {
            Some((title, url)) => (title, scope.relative(url)),
            None => (card.title.to_string(), scope.relative(&card.url)),
        });
    }
    let collection = scope.site.config.collections.get(id)?;
    let listing = |lang| scope.site.routes.section(collection, "", lang);
    // A language without pages of the collection has no listing.
    let own = generated_url(&listing(scope.id.lang()), reader);
    let url = own.unwrap_or_else(|| listing(default_lang));
    Some((scope.collection_title(collection), scope.relative(&url)))
}
