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
    /// `page.fr.md` is the French `page.md` where the configuration knows `fr`; so is
    /// `page.FR.md`.
    pub fn of(path: &str, config: &Config) -> Self {
        let stem = path.strip_suffix(".md").unwrap_or(path);
        let named = suffix(path).and_then(|tag| Some((tag, language(tag, config)?)));
        let (stem, lang) = match named {
            Some((tag, lang)) => (&stem[..stem.len() - tag.len() - 1], lang.clone()),
            None => (stem, config.site.language.clone()),
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

/// Returns what stands between the name of a Markdown file and its extension, where a language
/// may stand: `fr` of `page.fr.md`.
pub fn suffix(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (name, tag) = name.strip_suffix(".md").unwrap_or(name).rsplit_once('.')?;
    (!name.is_empty()).then_some(tag)
}

/// Returns the language of the site that `tag` names, in whatever case and with `_` for `-`;
/// `None` where that is none, or one of several that differ in nothing else.
pub fn language<'a>(tag: &str, config: &'a Config) -> Option<&'a Lang> {
    let languages = || [&config.site.language].into_iter().chain(config.languages.keys());
    if let Some(lang) = languages().find(|lang| lang.as_str() == tag) {
        return Some(lang);
    }
    let tag = tag.replace('_', "-");
    let mut alike = languages().filter(|lang| lang.as_str().eq_ignore_ascii_case(&tag));
    alike.next().filter(|_| alike.next().is_none())
}

/// Returns the rest of `folder` below `parent`, or `None` where it is not below it.
fn below<'a>(folder: &'a str, parent: &str) -> Option<&'a str> {
    let rest = folder.strip_prefix(parent.trim_matches('/'))?;
    match rest.is_empty() {
        true => Some(rest),
        false => rest.strip_prefix('/'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, SourceId};

    fn place(path: &str, book: &str) -> String {
        let config = Config::parse(&Source::new(SourceId::new("book.toml"), book)).0;
        let place = ContentPlace::of(path, &config);
        format!("{} {}", place.id.path(), place.id.lang())
    }

    #[test]
    fn a_file_names_its_language_in_whatever_case() {
        let book = "[languages.zh-hant]\n[languages.pt-BR]\n";
        for (path, found) in [
            ("articles/a.zh-hant.md", "articles/a zh-hant"),
            ("articles/a.zh-Hant.md", "articles/a zh-hant"),
            ("articles/_index.PT_br.md", "articles/_index pt-BR"),
            ("articles/b/index.pt-BR.md", "articles/b pt-BR"),
            ("a.EN.md", "a en"),
            ("a.fr.md", "a.fr en"),
            ("v1.2/a.md", "v1.2/a en"),
        ] {
            assert_eq!(place(path, book), found);
        }
        let alike = "[languages.fr]\n[languages.FR]\n";
        assert_eq!(place("a.FR.md", alike), "a FR");
        assert_eq!(place("a.Fr.md", alike), "a.Fr en");
    }
}
