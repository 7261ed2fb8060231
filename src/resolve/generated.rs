//! URLs that the build serves without a file of the author's: listings, tags, the
//! bibliography and its works, feeds, redirects.
//!
//! They are claimed once all pages are linked, since only then it is known what is
//! cited and mentioned, so that a link to one is no broken link, and a page in its
//! place is a conflict.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::{Config, Role};
use crate::page_id::{Lang, PageId};
use crate::url::UrlPath;

use super::facts::{Fact, FactKey};
use super::plan::{PageKind, PlannedPage};
use super::routes::Routes;
use super::site::Site;

/// The files that outputs put at the root, each with the output that makes it.
const ROOT_FILES: &[(&str, &str)] = &[
    ("sitemap", "/sitemap.xml"),
    ("robots", "/robots.txt"),
    ("bibliography", "/bibliography.bib"),
    ("bibliography", "/bibliography.ris"),
    ("bibliography", "/bibliography.json"),
];

/// The formats in which pages offer their references.
const EXPORTS: &[&str] = &["bib", "ris"];

/// Returns the contributor of the URLs that the build serves by itself.
pub fn generated_pages() -> PageId {
    PageId::new("@generated", Lang::new("und"))
}

/// Returns the claims of the URLs that the build serves by itself in `site`, whose
/// pages are linked and `planned`.
pub fn generated_urls(
    site: &Site,
    config: &Config,
    planned: &[PlannedPage],
) -> Vec<(FactKey, Fact)> {
    let routes = Routes::new(config);
    let is_on = |output: &str| config.outputs.get(output) != Some(&false);
    let made = planned.iter().filter(|page| site.card(&page.id).is_none());
    let mut urls: BTreeSet<UrlPath> = made.map(|page| page.url.clone()).collect();
    if is_on("feed") && !config.site.base_url.is_empty() {
        let followed = planned.iter().filter(|page| has_feed(page, config));
        urls.extend(followed.map(|page| routes.feed(&page.part.first)));
    }
    if is_on("page-exports") {
        let citing = site.facts.range(first_citation()..).map_while(|(key, citing)| match key {
            FactKey::Cites(_) => Some(citing.iter().map(|(id, _)| id)),
            _ => None,
        });
        let citing: BTreeSet<&PageId> = citing.flatten().collect();
        for url in citing.into_iter().filter_map(|id| exported(id, site, config)) {
            urls.extend(EXPORTS.iter().map(|extension| routes.export(&url, extension)));
        }
    }
    let files = ROOT_FILES.iter().filter(|(output, _)| is_on(output));
    urls.extend(files.map(|(_, path)| UrlPath::new(path)));
    if is_on("redirects") {
        urls.extend(config.redirects.keys().map(|old| old_url(old)));
    }
    urls.into_iter().map(|url| (FactKey::Url(url), Fact::Claim)).collect()
}

/// Returns the URL of what an author names by an old URL or an old id.
///
/// A name without extension gets a final `/`, since a host serves a file without
/// extension as no page.
pub fn old_url(old: &str) -> UrlPath {
    let name = old.rsplit('/').next().unwrap_or(old);
    match name.is_empty() || name.contains('.') {
        true => UrlPath::new(old),
        false => UrlPath::new(&format!("{old}/")),
    }
}

fn first_citation() -> FactKey {
    FactKey::Cites(crate::citation::CitationKey::new(""))
}

/// Tells whether a feed follows the page.
fn has_feed(page: &PlannedPage, config: &Config) -> bool {
    match &page.kind {
        PageKind::Home => true,
        PageKind::Listing { collection: Some(name), section } => {
            section.is_empty() && config.collections.get(name).is_some_and(|c| c.feed)
        }
        _ => false,
    }
}

/// Returns the URL of the page `id` where it has an author, so that its references are
/// offered.
fn exported(id: &PageId, site: &Site, config: &Config) -> Option<UrlPath> {
    let entry = site.pages.get(id)?;
    let collection: &Arc<str> = entry.page.collection.as_ref()?;
    let field = config.collections.get(collection)?.field_with_role(Role::Author)?;
    entry.page.front.fields.contains_key(&field.name).then(|| entry.card.url.clone())
}
