//! Where a Markdown file stands in the content, and so which page it makes.

use std::sync::Arc;

use crate::config::Config;
use crate::page_id::{Lang, PageId};

/// Where a Markdown file stands in the content: its id, collection and section.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentPlace {
    /// The page that it makes.
    pub id: PageId,
    /// The collection whose folder holds it.
    pub collection: Option<Arc<str>>,
    /// The folders below the collection's folder.
    pub section: Arc<str>,
    /// Whether it is an `_index.md`.
    pub is_index: bool,
}

impl ContentPlace {
    /// Returns the place of the file at `path`, relative to `content/`.
    ///
    /// `page.fr.md` is the French `page.md` where the configuration knows `fr`.
    pub fn of(path: &str, config: &Config) -> Self {
        let stem = path.strip_suffix(".md").unwrap_or(path);
        let (stem, lang) = match stem.rsplit_once('.') {
            Some((stem, tag)) if config.languages.contains_key(&Lang::new(tag)) => {
                (stem, Lang::new(tag))
            }
            Some((stem, tag)) if tag == config.site.language.as_str() => (stem, Lang::new(tag)),
            _ => (stem, config.site.language.clone()),
        };
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let is_index = name == "_index";
        // A bundle `jak/index.md` stands where `jak.md` would.
        let (id, folder) = match name == "index" && !folder.is_empty() {
            true => (folder, folder.rsplit_once('/').map_or("", |(parent, _)| parent)),
            false => (stem, folder),
        };
        let collection = config.collection_of(path);
        let section =
            collection.and_then(|collection| below(folder, &collection.folder)).unwrap_or(folder);
        Self {
            id: PageId::new(id, lang),
            collection: collection.map(|collection| Arc::clone(&collection.name)),
            section: Arc::from(section),
            is_index,
        }
    }
}

/// Returns the rest of `folder` below `parent`, or `None` where it is not below it.
fn below<'a>(folder: &'a str, parent: &str) -> Option<&'a str> {
    let rest = folder.strip_prefix(parent.trim_matches('/'))?;
    match rest.is_empty() {
        true => Some(rest),
        false => rest.strip_prefix('/'),
    }
}
