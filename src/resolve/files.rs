//! The files that are published as they are: those of `static/`, and those that lie
//! beside pages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::load::{FileHandle, read_bytes};
use crate::parse::place::ContentPlace;
use crate::source::SourceId;
use crate::url::UrlPath;

use super::facts::{Fact, FactKey, Facts, FileFact};
use super::site::Site;

/// Returns the folders of those bundles among the `sources` that make no page of the site,
/// such as a draft's, each with a slash at its end.
pub fn left_out_bundles<'a>(
    sources: impl Iterator<Item = &'a SourceId>,
    site: &Site,
    config: &Config,
) -> BTreeSet<Arc<str>> {
    let built: BTreeSet<&str> =
        site.pages.values().map(|entry| entry.page.source.id.as_str()).collect();
    let has_page =
        |folder: &str| built.range(folder..).next().is_some_and(|path| path.starts_with(folder));
    let folders = sources.filter_map(|id| {
        let path = id.as_str().strip_prefix("content/").filter(|path| path.ends_with(".md"))?;
        let (folder, _) = path.rsplit_once('/')?;
        (ContentPlace::of(path, config).id.path() == folder).then(|| format!("content/{folder}/"))
    });
    folders.filter(|folder| !has_page(folder)).map(Arc::from).collect()
}

/// Returns the facts of the files among `files` that the site publishes.
///
/// `static/x` is published as `/x`; a file beside a page, as `content/articles/x.png`,
/// under the folder's own path. What lies in one of the folders `left_out` is not published.
///
/// A file that is among the `earlier` ones with the same bytes has the fact that it has
/// in `known`, and is not read again.
pub fn file_facts(
    files: &BTreeMap<SourceId, FileHandle>,
    left_out: &BTreeSet<Arc<str>>,
    earlier: &BTreeMap<SourceId, FileHandle>,
    known: &Facts,
) -> Vec<(FactKey, Fact)> {
    let is_left_out = |id: &&SourceId| {
        let folders = id.as_str().match_indices('/').map(|(at, _)| &id.as_str()[..=at]);
        folders.into_iter().any(|folder| left_out.contains(folder))
    };
    let published: Vec<(&SourceId, &str, &FileHandle)> = files
        .iter()
        .filter(|(id, _)| !is_left_out(id))
        .filter_map(|(id, handle)| {
            let path = id.as_str().strip_prefix("static/");
            Some((id, path.or_else(|| id.as_str().strip_prefix("content/"))?, handle))
        })
        .collect();
    published
        .into_par_iter()
        .map(|(id, path, handle)| {
            let key = FactKey::File(id.clone());
            let same = earlier.get(id).filter(|last| last.fingerprint == handle.fingerprint);
            if let Some((_, fact)) = same.and_then(|_| known.under(&key).first()) {
                return (key, fact.clone());
            }
            let file = FileFact { url: UrlPath::new(path), size: image_size(id, handle) };
            (key, Fact::File(Arc::new(file)))
        })
        .collect()
}

/// Returns an image's width and height in pixels; `None` for what is no image, and
/// for an image whose size cannot be told.
fn image_size(id: &SourceId, handle: &FileHandle) -> Option<(u32, u32)> {
    let extension = id.extension()?.to_ascii_lowercase();
    match extension.as_str() {
        "svg" => svg_size(&String::from_utf8(read_bytes(handle).ok()?).ok()?),
        "png" | "jpg" | "jpeg" | "gif" | "webp" | "avif" | "ico" | "bmp" | "tif" | "tiff" => {
            let size = imagesize::blob_size(&read_bytes(handle).ok()?).ok()?;
            Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?))
        }
        _ => None,
    }
}

/// Returns the size of an SVG image: its width and height where both are in pixels,
/// else those of its view box (SVG 2, section 8.2).
fn svg_size(text: &str) -> Option<(u32, u32)> {
    let start = text.find("<svg")?;
    let tag = &text[start..start + text[start..].find('>')?];
    let attribute = |name: &str| {
        let at = tag.match_indices(name).find_map(|(at, _)| {
            let before = tag[..at].chars().next_back()?;
            let after = tag[at + name.len()..].trim_start().strip_prefix('=')?;
            before.is_whitespace().then(|| after.trim_start())
        })?;
        let quote = at.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        at[1..].split(quote).next()
    };
    let pixels = |name: &str| whole(attribute(name)?.trim().trim_end_matches("px"));
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        return Some((width, height));
    }
    let mut sides = attribute("viewBox")?.split([' ', ',']).filter(|side| !side.is_empty()).skip(2);
    Some((whole(sides.next()?)?, whole(sides.next()?)?))
}

/// Returns the nearest whole number of pixels.
fn whole(length: &str) -> Option<u32> {
    let length: f64 = length.parse().ok()?;
    let sensible = length.is_finite() && (1.0..=1e6).contains(&length);
    sensible.then(|| length.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_has_its_own_size_or_that_of_its_view_box() {
        let own = "<?xml?><svg xmlns='x' width=\"640px\" height='480' viewBox='0 0 1 1'>";
        assert_eq!(svg_size(own), Some((640, 480)));
        assert_eq!(
            svg_size("<svg viewBox=\"0 0 720.4, 300\" stroke-width=\"2\">"),
            Some((720, 300))
        );
        assert_eq!(svg_size("<svg width=\"100%\" height=\"100%\">"), None);
        assert_eq!(svg_size("no image"), None);
    }
}
