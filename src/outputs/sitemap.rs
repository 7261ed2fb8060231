//! `sitemap.xml`: every page that search engines may list, with the day it changed.
//!
//! What it says of each page is kept between builds ([`SitemapMemory`]): where lists are
//! in another order and no page has another date, only the pages that are planned anew are
//! looked at, and mostly there is nothing to write again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::page_id::PageId;
use crate::resolve::Card;
use crate::resolve::plan::{PageKind, PlannedPage};

use super::context::last_changed;
use super::xml::Xml;
use super::{Artifact, Made, Make, Needs, Output, OutputContext};

/// The sitemap.
pub(super) static SITEMAP: Output = Output {
    name: "sitemap",
    summary: "sitemap.xml, for search engines",
    on_by_default: true,
    make: Make::Site(Needs::PAGES.and(Needs::DATES), make),
};

/// How many addresses one sitemap may hold (sitemaps.org).
const LIMIT: usize = 50_000;

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// Where the sitemap is, or the index of its parts.
pub(super) const PATH: &str = "sitemap.xml";

/// The sitemap as it was made last.
#[derive(Debug, Default)]
pub(super) struct SitemapMemory(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    entries: BTreeMap<PageId, Entry>,
    artifacts: Vec<Artifact>,
}

fn make(context: &OutputContext<'_>) -> Made {
    let mut memory = context.memory.sitemap.0.lock().expect("no output panics with the lock");
    // A card's date counts for each listing that holds it.
    let mut last = memory.take().filter(|_| !context.changed.touch(Needs::DATES));
    let differs = last.as_mut().is_none_or(|last| last.update(context));
    let last = last.unwrap_or_else(|| Kept { entries: entries(context), artifacts: Vec::new() });
    let artifacts = if differs { artifacts(context, &last.entries) } else { last.artifacts };
    *memory = Some(Kept { artifacts: artifacts.clone(), ..last });
    Made { artifacts, ..Made::default() }
}

impl Kept {
    /// Looks at the pages that are planned anew; tells whether an entry is another.
    fn update(&mut self, context: &OutputContext<'_>) -> bool {
        let mut differs = false;
        for page in context.plan.gone() {
            differs |= self.entries.remove(&page.id).is_some();
        }
        for page in context.plan.changed() {
            let now = entry(page, context);
            if self.entries.get(&page.id) != now.as_ref() {
                differs = true;
                match now {
                    Some(now) => self.entries.insert(page.id.clone(), now),
                    None => self.entries.remove(&page.id),
                };
            }
        }
        differs
    }
}

/// Tells whether the site has a sitemap.
pub(super) fn exists(context: &OutputContext<'_>) -> bool {
    let has_address = !context.config.site.base_url.is_empty() && !context.noindex;
    SITEMAP.is_on(context.config)
        && has_address
        && context.plan.pages().any(|page| is_indexed(page, context.card(&page.id)))
}

#[derive(Debug, PartialEq)]
struct Entry {
    address: String,
    changed: Option<Date>,
}

/// Returns what the sitemap says of each page that it lists.
fn entries(context: &OutputContext<'_>) -> BTreeMap<PageId, Entry> {
    let pages: Vec<&Arc<PlannedPage>> = context.plan.pages().collect();
    let entries: Vec<(PageId, Entry)> = pages
        .into_par_iter()
        .filter_map(|page| Some((page.id.clone(), entry(page, context)?)))
        .collect();
    entries.into_iter().collect()
}

/// Returns what the sitemap says of the page, where it lists it.
fn entry(page: &PlannedPage, context: &OutputContext<'_>) -> Option<Entry> {
    let is_listed = !context.noindex && is_indexed(page, context.card(&page.id));
    let address = is_listed.then(|| context.address(&page.url)).flatten()?;
    // A listing changed when one of its pages did.
    let ids = page.members.iter().chain([&page.id]);
    let changed = ids.filter_map(|id| last_changed(context.card(id)?)).max();
    Some(Entry { address, changed })
}

/// Returns the files that hold the entries.
fn artifacts(context: &OutputContext<'_>, entries: &BTreeMap<PageId, Entry>) -> Vec<Artifact> {
    let mut entries: Vec<&Entry> = entries.values().collect();
    entries.par_sort_by(|a, b| a.address.cmp(&b.address));
    entries.dedup_by(|a, b| a.address == b.address);
    match entries.len() {
        // Without an address of its own, or with nothing to list, a site has no sitemap.
        0 => Vec::new(),
        1..=LIMIT => vec![Artifact::new(PATH, sitemap(&entries))],
        _ => split(context, &entries),
    }
}

/// Tells whether search engines may list the page; a page that the sitemap names and
/// that itself asks to be left out contradicts it.
fn is_indexed(page: &PlannedPage, card: Option<&Arc<Card>>) -> bool {
    let is_continuation = matches!(
        page.kind,
        PageKind::NotFound
            | PageKind::Search
            | PageKind::Mentions(_)
            | PageKind::CitedBy(_)
            | PageKind::List { .. }
    );
    !is_continuation && card.is_none_or(|card| !card.noindex)
}

fn sitemap(entries: &[&Entry]) -> String {
    let mut xml = Xml::new("urlset", &[NAMESPACE]);
    for entry in entries {
        xml.start("url", &[]);
        xml.text("loc", &entry.address);
        if let Some(changed) = entry.changed {
            xml.text("lastmod", &changed.to_string());
        }
        xml.end();
    }
    xml.finish()
}

fn split(context: &OutputContext<'_>, entries: &[&Entry]) -> Vec<Artifact> {
    let mut index = Xml::new("sitemapindex", &[NAMESPACE]);
    let mut artifacts = Vec::new();
    for (number, part) in (1..).zip(entries.chunks(LIMIT)) {
        let path = format!("sitemap-{number}.xml");
        index.start("sitemap", &[]);
        if let Some(address) = context.address(&crate::url::UrlPath::new(&path)) {
            index.text("loc", &address);
        }
        if let Some(changed) = part.iter().filter_map(|entry| entry.changed).max() {
            index.text("lastmod", &changed.to_string());
        }
        index.end();
        artifacts.push(Artifact::new(path, sitemap(part)));
    }
    artifacts.push(Artifact::new(PATH, index.finish()));
    artifacts
}
