//! `feed.xml`: Atom feeds of the site and of each collection that has one.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::page_id::Lang;
use crate::resolve::Card;
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
    let feeds = feeds(context);
    let artifacts = feeds.values().map(|feed| {
        let path = feed.url.to_file_path();
        Artifact::new(path, atom(feed, context))
    });
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

/// One feed.
struct Feed<'a> {
    title: String,
    lang: Lang,
    /// The page that it follows.
    page: UrlPath,
    url: UrlPath,
    members: Vec<&'a Arc<Card>>,
}

/// Returns the feeds of the site by URL: of each home page and of each listing of a
/// collection that asks for one.
fn feeds<'a>(context: &OutputContext<'a>) -> BTreeMap<UrlPath, Feed<'a>> {
    let mut feeds: BTreeMap<UrlPath, Feed<'a>> = BTreeMap::new();
    let cards = context.cards();
    for page in context.plan.pages() {
        let Some(title) = title(page, context) else { continue };
        let url = Routes::new(context.config).feed(&page.part.first);
        let feed = feeds.entry(url.clone()).or_insert_with(|| Feed {
            title,
            lang: page.id.lang().clone(),
            page: page.part.first.clone(),
            url,
            members: Vec::new(),
        });
        let members = page.members.iter().filter_map(|id| cards.get(id).copied());
        feed.members.extend(members.filter(|card| card.date.is_some() && !card.noindex));
    }
    for feed in feeds.values_mut() {
        let newest_first =
            |a: &&Arc<Card>, b: &&Arc<Card>| b.date.cmp(&a.date).then_with(|| a.id.cmp(&b.id));
        if feed.members.len() > ENTRIES {
            feed.members.select_nth_unstable_by(ENTRIES, newest_first);
            feed.members.truncate(ENTRIES);
        }
        feed.members.sort_by(newest_first);
    }
    feeds
}

/// Returns the title of the feed that follows the page, where there is one.
fn title(page: &PlannedPage, context: &OutputContext<'_>) -> Option<String> {
    let site = match context.config.languages.get(page.id.lang()) {
        Some(language) => language.title.as_ref().unwrap_or(&context.config.site.title),
        None => &context.config.site.title,
    };
    match &page.kind {
        PageKind::Home => Some(site.to_string()),
        PageKind::Listing { collection: Some(name), section } if section.is_empty() => {
            let collection = context.config.collections.get(name)?;
            collection.feed.then(|| format!("{} – {site}", collection.title))
        }
        _ => None,
    }
}

fn atom(feed: &Feed<'_>, context: &OutputContext<'_>) -> String {
    let attributes = [("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", feed.lang.as_str())];
    let mut xml = Xml::new("feed", &attributes);
    let page = context.address(&feed.page).unwrap_or_default();
    let own = context.address(&feed.url).unwrap_or_default();
    xml.text("id", &own);
    xml.text("title", &feed.title);
    let changed = feed.members.iter().filter_map(|card| changed(card)).max();
    xml.text("updated", &timestamp(changed.unwrap_or(NEVER)));
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)]);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
    xml.start("author", &[]);
    let publisher = context.config.publisher.name.as_ref();
    xml.text("name", publisher.unwrap_or(&context.config.site.title));
    xml.end();
    for card in &feed.members {
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
