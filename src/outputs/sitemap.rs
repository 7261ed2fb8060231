//! `sitemap.xml`: every page that search engines may list, with the day it changed.

use std::sync::Arc;

use jiff::civil::Date;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

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

fn make(context: &OutputContext<'_>) -> Made {
    let mut artifacts = Vec::new();
    let entries = entries(context);
    match entries.len() {
        // Without an address of its own, or with nothing to list, a site has no sitemap.
        0 => {}
        1..=LIMIT => artifacts.push(Artifact::new(PATH, sitemap(&entries))),
        _ => artifacts.extend(split(context, &entries)),
    }
    Made { artifacts, ..Made::default() }
}

/// Tells whether the site has a sitemap.
pub(super) fn exists(context: &OutputContext<'_>) -> bool {
    let has_address = !context.config.site.base_url.is_empty() && !context.noindex;
    SITEMAP.is_on(context.config)
        && has_address
        && context.plan.pages().any(|page| is_indexed(page, context.card(&page.id)))
}

struct Entry {
    address: String,
    changed: Option<Date>,
}

fn entries(context: &OutputContext<'_>) -> Vec<Entry> {
    if context.noindex {
        return Vec::new();
    }
    let cards = context.cards();
    let pages: Vec<&Arc<PlannedPage>> = context.plan.pages().collect();
    let mut entries: Vec<Entry> = pages
        .into_par_iter()
        .filter(|page| is_indexed(page, cards.get(&page.id).copied()))
        .filter_map(|page| {
            let address = context.address(&page.url)?;
            Some(Entry { address, changed: changed(page, &cards) })
        })
        .collect();
    entries.par_sort_by(|a, b| a.address.cmp(&b.address));
    entries.dedup_by(|a, b| a.address == b.address);
    entries
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

/// Returns when the page changed; for a listing, when one of its pages did.
fn changed(page: &PlannedPage, cards: &FxHashMap<&PageId, &Arc<Card>>) -> Option<Date> {
    let ids = page.members.iter().chain([&page.id]);
    ids.filter_map(|id| last_changed(cards.get(id)?)).max()
}

fn sitemap(entries: &[Entry]) -> String {
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

fn split(context: &OutputContext<'_>, entries: &[Entry]) -> Vec<Artifact> {
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
