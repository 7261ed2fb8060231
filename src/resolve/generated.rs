//! URLs that the build serves without a file of the author's: listings, tags, the
//! bibliography and its works, feeds, redirects.
//!
//! Those of planned pages are claimed once all pages are linked, since only then it is known
//! what is cited and mentioned, so that a link to one is no broken link, and a page in its
//! place is a conflict.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::config::{Config, Role};
use crate::page_id::{Lang, PageId};
use crate::url::{UrlPath, percent_decode};

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

/// Returns the contributor of the URLs that the build serves whatever the pages are.
pub fn generated_pages() -> PageId {
    PageId::new("@generated", Lang::new("und"))
}

/// What stands before the path of a planned page in the name of who contributes for it.
const SERVED: &str = "@served/";

/// Returns the contributor of the URLs that the build serves for the planned page `id`.
pub fn served_for(id: &PageId) -> PageId {
    PageId::new(format!("{SERVED}{}", id.path()), id.lang().clone())
}

/// Returns the path of the page that `contributor` speaks for: its own, or that of the
/// planned page that it serves.
pub fn spoken_for(contributor: &PageId) -> &str {
    contributor.path().strip_prefix(SERVED).unwrap_or(contributor.path())
}

/// Returns the contributor of the URLs of the exports beside the page `id`.
pub fn exports_of(id: &PageId) -> PageId {
    PageId::new(format!("@exports/{}", id.path()), id.lang().clone())
}

/// Returns the claims of the URLs that the build serves whatever the pages are; those that
/// the configuration redirects are known before pages are linked.
pub fn site_claims(config: &Config) -> Vec<(FactKey, Fact)> {
    let files = ROOT_FILES.iter().filter(|(output, _)| is_on(output, config));
    let mut claims: BTreeMap<UrlPath, Fact> =
        files.map(|(_, path)| (UrlPath::new(path), Fact::Claim)).collect();
    if is_on("redirects", config) {
        let redirects = config.redirects.iter();
        claims.extend(redirects.map(|(old, new)| (old_url(old), Fact::Leads(Arc::clone(new)))));
    }
    claims.into_iter().map(|(url, fact)| (FactKey::Url(url), fact)).collect()
}

/// Returns the claims of the URLs that the build serves for the planned `page`: its own,
/// unless an author's page or a made one claims it, and that of its feed. In a site of
/// several languages it is found by those that it has in the others.
pub fn page_claims(page: &PlannedPage, site: &Site, config: &Config) -> Vec<(FactKey, Fact)> {
    let mut urls = BTreeSet::new();
    let mut place = None;
    if site.card(&page.id).is_none() {
        urls.insert(page.url.clone());
        let is_found = !config.languages.is_empty() && is_of_each_language(page);
        let key = || FactKey::Translations(Arc::from(page.id.path()));
        place = is_found.then(|| (key(), Fact::Place(page.url.clone())));
    }
    let follows = page.part.number == 1 && has_feed(page, config);
    if follows && is_on("feed", config) && !config.site.base_url.is_empty() {
        urls.insert(Routes::new(config).feed(&page.url));
    }
    claims(urls).into_iter().chain(place).collect()
}

/// Tells whether the page is one that each language has of its own.
fn is_of_each_language(page: &PlannedPage) -> bool {
    let is_made_for_each = matches!(
        page.kind,
        PageKind::Home
            | PageKind::Listing { .. }
            | PageKind::Tags
            | PageKind::Tag { .. }
            | PageKind::Search
    );
    is_made_for_each && page.part.number == 1
}

/// Returns the claims of the URLs of the exports beside the author's page `id`.
pub fn export_claims(id: &PageId, site: &Site, config: &Config) -> Vec<(FactKey, Fact)> {
    let cites = || site.facts.contributed_by(id).any(|key| matches!(key, FactKey::Cites(_)));
    let url = exported(id, site, config).filter(|_| is_on("page-exports", config) && cites());
    let routes = Routes::new(config);
    let urls = url.iter().flat_map(|url| EXPORTS.iter().map(|ext| routes.export(url, ext)));
    claims(urls.collect())
}

fn is_on(output: &str, config: &Config) -> bool {
    !config.turns_off(output)
}

fn claims(urls: BTreeSet<UrlPath>) -> Vec<(FactKey, Fact)> {
    urls.into_iter().map(|url| (FactKey::Url(url), Fact::Claim)).collect()
}

/// Returns the URL of what an author names by an old URL or an old id, in which signs may be
/// percent-encoded.
pub fn old_url(old: &str) -> UrlPath {
    with_slash(&percent_decode(old))
}

/// Returns the URL at `path`, decoded, as the site has it.
///
/// A name without extension gets a final `/`, since a host serves a file without
/// extension as no page.
pub fn with_slash(path: &str) -> UrlPath {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.is_empty() || name.contains('.') {
        true => UrlPath::new(path),
        false => UrlPath::new(&format!("{path}/")),
    }
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
