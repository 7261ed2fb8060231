//! `feed.xml`: Atom feeds of the site and of each collection that has one.
//!
//! Which pages are the newest is kept between builds ([`FeedMemory`]): as long as no page
//! has another date and no list of a feed another page, it is as it was.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;

use crate::page_id::{Lang, PageId};
use crate::resolve::Card;
use crate::resolve::order::latest_first;
use crate::resolve::plan::{PageKind, PlannedPage};
use crate::resolve::routes::Routes;
use crate::url::UrlPath;

use super::xml::Xml;
use super::{Artifact, Made, Make, Needs, Output, OutputContext};

/// The feeds.
pub(super) static FEED: Output = Output {
    name: "feed",
    summary: "feed.xml: Atom feeds of the site and of its collections",
    on_by_default: true,
    make: Make::Site(Needs::PAGES.and(Needs::CARDS).and(Needs::FIELDS), make),
};

/// How many pages a feed holds, the newest ones.
const ENTRIES: usize = 50;

/// When a feed without entries was changed: a date that every build agrees on.
const NEVER: Date = Date::constant(1970, 1, 1);

fn make(context: &OutputContext<'_>) -> Made {
    // Readers of feeds have no page to resolve a relative address against.
    if context.config.site.base_url.is_empty() {
        return Made::default();
    }
    let mut memory = context.memory.feeds.0.lock().expect("no output panics with the lock");
    let last = memory.take().filter(|_| !has_other_members(context));
    let feeds = last.unwrap_or_else(|| feeds(context));
    let artifacts =
        feeds.iter().map(|feed| Artifact::new(feed.url.to_file_path(), atom(feed, context)));
    let artifacts = artifacts.collect();
    *memory = Some(feeds);
    Made { artifacts, ..Made::default() }
}

/// The feeds as they were made last.
#[derive(Debug, Default)]
pub(super) struct FeedMemory(Mutex<Option<Vec<Feed>>>);

/// One feed.
#[derive(Debug)]
struct Feed {
    /// The collection whose pages it holds; `None` for those of the site.
    collection: Option<Arc<str>>,
    lang: Lang,
    /// The page that it follows.
    page: UrlPath,
    url: UrlPath,
    /// The pages that it holds, the newest first.
    newest: Vec<PageId>,
}

/// Tells whether a feed may hold other pages than before, or in another order.
fn has_other_members(context: &OutputContext<'_>) -> bool {
    let mut planned = context.plan.changed().iter().chain(context.plan.gone());
    context.changed.touch(Needs::DATES) || planned.any(|page| followed(page, context).is_some())
}

/// Returns the feeds of the site in the order of their URLs: of each home page and of each
/// listing of a collection that asks for one.
fn feeds(context: &OutputContext<'_>) -> Vec<Feed> {
    let mut feeds: BTreeMap<UrlPath, (Feed, Vec<&Arc<Card>>)> = BTreeMap::new();
    for page in context.plan.pages() {
        let Some(collection) = followed(page, context) else { continue };
        let url = Routes::new(context.config).feed(&page.part.first);
        let (_, members) = feeds.entry(url.clone()).or_insert_with(|| {
            let (lang, page) = (page.id.lang().clone(), page.part.first.clone());
            (Feed { collection, lang, page, url, newest: Vec::new() }, Vec::new())
        });
        let listed = page.members.iter().filter_map(|id| context.card(id));
        members.extend(listed.filter(|card| changed(card).is_some() && !card.noindex));
    }
    let feeds = feeds.into_values().map(|(feed, mut members)| {
        let newest_first = |a: &&Arc<Card>, b: &&Arc<Card>| latest_first(a, b);
        if members.len() > ENTRIES {
            members.select_nth_unstable_by(ENTRIES, newest_first);
            members.truncate(ENTRIES);
        }
        members.sort_by(newest_first);
        Feed { newest: members.into_iter().map(|card| card.id.clone()).collect(), ..feed }
    });
    feeds.collect()
}

/// Returns the collection whose feed follows the page, or within `Some` that it is the
/// site's; `None` where no feed does.
fn followed(page: &PlannedPage, context: &OutputContext<'_>) -> Option<Option<Arc<str>>> {
    match &page.kind {
        PageKind::Home => Some(None),
        PageKind::Listing { collection: Some(name), section } if section.is_empty() => {
            let collection = context.config.collections.get(name)?;
            collection.feed.then(|| Some(Arc::clone(name)))
        }
        _ => None,
    }
}

/// Returns what the feed is called in its language.
fn title(feed: &Feed, context: &OutputContext<'_>) -> String {
    let site = context.config.title_in(&feed.lang);
    let collection = feed.collection.as_ref().and_then(|c| context.config.collections.get(c));
    match collection {
        Some(collection) => {
            format!("{} – {site}", context.collection_title(collection, &feed.lang))
        }
        None => site.to_string(),
    }
}

fn atom(feed: &Feed, context: &OutputContext<'_>) -> String {
    let attributes = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", feed.lang.as_str())];
    let mut xml = Xml::new("feed", &attributes);
    let page = context.address(&feed.page).unwrap_or_default();
    let own = context.address(&feed.url).unwrap_or_default();
    xml.text("id", &own);
    xml.text("title", &title(feed, context));
    let cards: Vec<&Arc<Card>> = feed.newest.iter().filter_map(|id| context.card(id)).collect();
    let changed = cards.iter().filter_map(|card| changed(card)).max();
    xml.text("updated", &timestamp(changed.unwrap_or(NEVER)));
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
    xml.start("author", &[]);
    let publisher = context.config.publisher.name.as_ref();
    xml.text("name", publisher.unwrap_or(context.config.title_in(&feed.lang)));
    xml.end();
    for card in cards {
        entry(&mut xml, card, context);
    }
    xml.finish()
}

fn entry(xml: &mut Xml, card: &Card, context: &OutputContext<'_>) {
    let Some(address) = context.address(&card.url) else { return };
    xml.start("entry", &[]);
    xml.text("id", &address);
    xml.text("title", &card.title);
    if let Some(date) = card.date {
        xml.text("published", &timestamp(date));
    }
    xml.text("updated", &timestamp(changed(card).unwrap_or(NEVER)));
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &address)]);
    for name in context.author_names(&card.id) {
        xml.start("author", &[]);
        xml.text("name", &name);
        xml.end();
    }
    for tag in &card.tags {
        xml.empty("category", &[("term", tag)]);
    }
    if let Some(description) = &card.description {
        xml.text("summary", description);
    }
    xml.end();
}

/// Returns when a subscriber has something new to read.
fn changed(card: &Card) -> Option<Date> {
    card.updated.max(card.date)
}

fn timestamp(date: Date) -> String {
    format!("{date}T00:00:00Z")
}
