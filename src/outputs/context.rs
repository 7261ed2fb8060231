//! What outputs are made from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::export::Exporter;
use crate::citation::{Bibliography, CitationKey};
use crate::config::{Collection, Config, Role};
use crate::load::FileHandle;
use crate::page_id::{Lang, PageId};
use crate::parse::FieldValue;
use crate::parse::document::WordsByLang;
use crate::render::assets::Assets;
use crate::render::templates::{Templates, Value};
use crate::render::view::collection_title;
use crate::resolve::linked::RelationTarget;
use crate::resolve::names::page_named;
use crate::resolve::plan::Plan;
use crate::resolve::{Card, Site, SiteReader};
use crate::source::{Source, SourceId};
use crate::url::UrlPath;

use super::feed::FeedMemory;
use super::images::ImageMemory;
use super::needs::Needs;
use super::search::SearchMemory;
use super::sitemap::SitemapMemory;

/// What outputs of the whole site keep from build to build.
#[derive(Debug, Default)]
pub struct OutputMemory {
    /// The indexes of the search as they were made last.
    pub(super) search: SearchMemory,
    /// The sitemap as it was made last.
    pub(super) sitemap: SitemapMemory,
    /// The feeds, with whom each lists.
    pub(super) feeds: FeedMemory,
}

/// What outputs are made from.
#[derive(Clone, Copy)]
pub struct OutputContext<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The file of the configuration, for places of findings.
    pub config_source: &'a Source,
    /// The site.
    pub site: &'a Site,
    /// Its pages.
    pub plan: &'a Plan,
    /// The citation database.
    pub bibliography: &'a Bibliography,
    /// The keys of the works that pages cite or list.
    pub used: &'a BTreeSet<CitationKey>,
    /// What writes the works of the database for reference managers.
    pub exporter: &'a Exporter,
    /// What the outputs keep from build to build.
    pub memory: &'a OutputMemory,
    /// The variants of the images that pages show.
    pub images: &'a ImageMemory,
    /// The site's files that are not text.
    pub files: &'a BTreeMap<SourceId, FileHandle>,
    /// The theme's files that pages load.
    pub assets: &'a Assets,
    /// The theme's templates.
    pub templates: &'a Templates,
    /// The interface's words in the site's language, as templates see them.
    pub words: &'a Value,
    /// The interface's words in each language.
    pub strings: &'a WordsByLang,
    /// What is different since the last build.
    pub changed: Needs,
    /// Whether search engines are asked to leave the whole site out.
    pub noindex: bool,
}

impl<'a> OutputContext<'a> {
    /// Returns the address of `path`; `None` where the site does not know its own.
    pub(super) fn address(&self, path: &UrlPath) -> Option<String> {
        let base = &self.config.site.base_url;
        (!base.is_empty()).then(|| path.absolute(base))
    }

    /// Returns the card of a page that an author or a field made.
    pub(super) fn card(&self, id: &PageId) -> Option<&'a Arc<Card>> {
        self.site.card(id)
    }

    /// Returns what the collection is called in the language: as its listing's page says.
    pub(super) fn collection_title(&self, collection: &Collection, lang: &Lang) -> String {
        let listing = PageId::new(format!("{}/_index", collection.folder), lang.clone());
        if let Some(card) = self.card(&listing) {
            return card.title.to_string();
        }
        collection_title(collection, lang, self.config, self.strings)
    }

    /// Returns the names of those who wrote the page, as their own pages give them.
    pub(super) fn author_names(&self, id: &PageId) -> Vec<Arc<str>> {
        let Some(page) = self.site.pages.get(id).map(|page| &page.page) else { return Vec::new() };
        let collection =
            page.collection.as_ref().and_then(|name| self.config.collections.get(name));
        let field = collection.and_then(|collection| collection.field_with_role(Role::Author));
        let Some(value) = field.and_then(|field| page.front.fields.get(&field.name)) else {
            return Vec::new();
        };
        let values = match value {
            FieldValue::List(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let reader = SiteReader::new(self.site);
        let default = &self.config.site.language;
        let names = values.iter().filter_map(|value| match value {
            FieldValue::Page(name) => {
                match page_named(name, &[], page.id.lang(), default, &reader) {
                    RelationTarget::Page(person) => Some(Arc::clone(&self.card(&person)?.title)),
                    _ => None,
                }
            }
            _ => None,
        });
        names.collect()
    }
}

/// Returns when what the page shows was last changed, a review included.
pub(super) fn last_changed(card: &Card) -> Option<Date> {
    [card.date, card.updated, card.reviewed].into_iter().flatten().max()
}
