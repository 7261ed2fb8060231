//! What an author may have meant: the nearest page, file, anchor or key.
//!
//! Unlike links and views, these look through the whole site; they run only where
//! something is wrong already.

use std::sync::Arc;

use crate::diagnostic::nearest;
use crate::page_id::{Lang, PageId};
use crate::resolve::links::file_path;
use crate::resolve::surfaces::surface_key;
use crate::resolve::{Fact, FactKey, Site, SiteReader};
use crate::source::SourceId;
use crate::url::percent_decode;

/// Returns the page file that the path `written` on the page of `source` was likely
/// meant for, written in the same manner.
///
/// A page of the same name in another folder comes before one of a similar path.
pub(super) fn nearest_file(site: &Site, source: &SourceId, written: &str) -> Option<String> {
    let (path, anchor) = written.split_once('#').unwrap_or((written, ""));
    let wanted = file_path(&percent_decode(path), source)?;
    let wanted = match wanted.ends_with(".md") {
        true => wanted,
        false => format!("{wanted}.md"),
    };
    let files = || {
        let others = site.pages.values().filter(|page| page.page.source.id != *source);
        others.map(|page| page.page.source.id.as_str())
    };
    let mut namesakes = files().filter(|file| name(file) == name(&wanted));
    let found = match (namesakes.next(), namesakes.next()) {
        (Some(only), None) => only,
        _ => nearest_path(&wanted, files())?,
    };
    let found = match path.strip_prefix('/') {
        Some(_) => format!("/{}", found.strip_prefix("content/").unwrap_or(found)),
        None => relative_file(found, source.as_str()),
    };
    Some(if anchor.is_empty() { found } else { format!("{found}#{anchor}") })
}

/// Returns the URL that the path `written` was likely meant for.
pub(super) fn nearest_url(site: &Site, written: &str) -> Option<String> {
    let path = percent_decode(written.split(['#', '?']).next().unwrap_or(written));
    let urls = site.pages.values().map(|page| page.card.url.as_str());
    nearest_path(&path, urls).map(str::to_owned)
}

/// Returns the page of the language `lang` that the name `written` was likely meant
/// for, as an author would write it; of `collections` where there are any.
pub(super) fn nearest_name(
    site: &Site,
    lang: &Lang,
    collections: &[Arc<str>],
    written: &str,
) -> Option<String> {
    let name = written.split('#').next().unwrap_or(written);
    let pages = || {
        site.pages.iter().filter(|(id, page)| {
            let collection = page.page.collection.as_ref();
            id.lang() == lang
                && (collections.is_empty() || collection.is_some_and(|c| collections.contains(c)))
        })
    };
    if name.contains('/') {
        return nearest_path(name, pages().map(|(id, _)| id.path())).map(str::to_owned);
    }
    let names = pages().flat_map(|(id, page)| [id.name(), &*page.card.title]);
    nearest(name, names).map(str::to_owned)
}

/// Returns the name of a page by which texts in the language `lang` mention it that `word` was
/// likely meant for.
pub(super) fn nearest_surface(site: &Site, lang: &Lang, word: &str) -> Option<String> {
    let first = FactKey::Surface(lang.clone(), Arc::from(""));
    let surfaces = site.facts.listed_from(first);
    let names = surfaces.map_while(|(key, _)| match key {
        FactKey::Surface(of, folded) if of == lang => Some(folded),
        _ => None,
    });
    let near = nearest(&surface_key(word), names.map(|folded| &**folded))?;
    let facts = site.facts.under(&FactKey::Surface(lang.clone(), Arc::from(near)));
    facts.iter().find_map(|(_, fact)| match fact {
        Fact::Surface(surface) => Some(surface.name.to_string()),
        _ => None,
    })
}

/// Returns the anchor of the page `id` that `written` was likely meant for.
pub(super) fn nearest_anchor(site: &Site, id: &PageId, written: &str) -> Option<String> {
    let anchors = SiteReader::new(site).anchors(id)?;
    nearest(written, anchors.keys().map(|anchor| &**anchor)).map(str::to_owned)
}

/// Returns the nearest of `paths` whose last part is near as well, since long paths
/// are alike by the folders that they share.
fn nearest_path<'a>(wanted: &str, paths: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    nearest(wanted, paths.filter(|path| nearest(name(wanted), [name(path)]).is_some()))
}

/// Returns the last part of `path`; a final `/` does not count.
fn name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns the path of the file `to` relative to the folder of the file `from`.
fn relative_file(to: &str, from: &str) -> String {
    let from: Vec<&str> = from.split('/').collect();
    let to: Vec<&str> = to.split('/').collect();
    let folders = from.len() - 1;
    let shared = from[..folders].iter().zip(&to).take_while(|(a, b)| a == b).count();
    let climb = "../".repeat(folders - shared);
    format!("{climb}{}", to[shared..].join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_climb_to_the_shared_folder() {
        let relative = |to| relative_file(to, "content/articles/x.md");
        assert_eq!(relative("content/treatments/nova.md"), "../treatments/nova.md");
        assert_eq!(relative("content/articles/y.md"), "y.md");
        assert_eq!(relative("content/about.md"), "../about.md");
    }
}
