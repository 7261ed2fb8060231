//! URLs that the build serves without a file of the author's: the home page,
//! listings, tags, the bibliography, feeds.
//!
//! They are claimed so that a link to one is no broken link. The bibliography's single
//! references are left out: what is cited is not known before pages are linked.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::config::Config;
use crate::page_id::{Lang, PageId};
use crate::url::UrlPath;

use super::facts::{Fact, FactKey};
use super::routes::Routes;
use super::site::Site;

/// The files that outputs put at the root, each with the output that makes it.
const ROOT_FILES: &[(&str, &str)] = &[
    ("feed", "/feed.xml"),
    ("sitemap", "/sitemap.xml"),
    ("robots", "/robots.txt"),
    ("bibliography", "/bibliography.bib"),
    ("bibliography", "/bibliography.ris"),
    ("bibliography", "/bibliography.json"),
];

/// Returns the contributor of the URLs that the build serves by itself.
pub fn generated_pages() -> PageId {
    PageId::new("@generated", Lang::new("und"))
}

/// Returns the claims of the URLs that the build serves by itself in `site`, whose
/// pages have contributed; what a page claims already is left to it.
pub fn generated_urls(site: &Site, config: &Config) -> Vec<(FactKey, Fact)> {
    let routes = Routes::new(config);
    let is_on = |output: &str| config.outputs.get(output) != Some(&false);
    let languages: BTreeSet<&Lang> = site.pages.keys().map(PageId::lang).collect();
    let mut urls: BTreeSet<UrlPath> = BTreeSet::new();
    for lang in languages {
        urls.insert(routes.home(lang));
        urls.extend(config.collections.values().map(|c| routes.section(c, "", lang)));
        if is_on("references") {
            urls.insert(routes.bibliography(lang));
        }
        if is_on("tags") {
            urls.insert(routes.tags(lang));
            let first = FactKey::Tagged(lang.clone(), Arc::from(""));
            let slugs = site.facts.range(first..).map_while(|(key, _)| match key {
                FactKey::Tagged(of, slug) if of == lang => Some(slug),
                _ => None,
            });
            urls.extend(slugs.map(|slug| routes.tag(lang, slug)));
        }
    }
    let files = ROOT_FILES.iter().filter(|(output, _)| is_on(output));
    urls.extend(files.map(|(_, path)| UrlPath::new(path)));
    urls.into_iter()
        .map(FactKey::Url)
        .filter(|key| site.facts.under(key).next().is_none())
        .map(|key| (key, Fact::Claim))
        .collect()
}
