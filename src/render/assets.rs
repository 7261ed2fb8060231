//! The files of a theme that pages load: style sheets, scripts, fonts, images.
//!
//! Each is published under a name that holds a fingerprint of its content, so that
//! browsers may keep it for good: `assets/galen.1a2b3c4d.css`. What a style sheet names
//! in `url(…)` is renamed with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::load::FileHandle;
use crate::source::SourceId;
use crate::url::{UrlPath, join_path};

use super::theme::Theme;

/// The folder of a theme that holds its assets.
const STATIC: &str = "static/";

/// The folder of the site that they are published in.
const PUBLISHED: &str = "/assets/";

/// The files of a theme that pages load, by their path below its `static/`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assets {
    assets: BTreeMap<String, Asset>,
}

/// One file that pages load.
#[derive(Clone, Debug, PartialEq)]
pub struct Asset {
    /// Where it is published.
    pub url: UrlPath,
    /// What it holds.
    pub content: AssetContent,
}

/// What an asset holds.
#[derive(Clone, Debug, PartialEq)]
pub enum AssetContent {
    /// Text of the theme, with its own assets' names filled in.
    Text(Arc<str>),
    /// A file of the site.
    File(FileHandle),
}

impl Assets {
    /// Returns the assets of `theme`, whose files that are not text are among `files`.
    pub fn of(theme: &Theme, files: &BTreeMap<SourceId, FileHandle>) -> Self {
        let mut all = Self::default();
        let folders: Vec<String> = theme.folders().collect();
        for folder in folders.iter().rev() {
            let folder = format!("{folder}{STATIC}");
            let start = SourceId::new(folder.as_str());
            for (id, file) in files.range(start..) {
                let Some(path) = id.as_str().strip_prefix(&folder) else { break };
                let asset = Asset {
                    url: published(path, file.fingerprint),
                    content: AssetContent::File(file.clone()),
                };
                all.assets.insert(path.to_owned(), asset);
            }
        }
        let texts = theme
            .files()
            .into_iter()
            .filter_map(|file| Some((file.path.strip_prefix(STATIC)?, &file.source.text)));
        let (styles, others): (Vec<_>, Vec<_>) =
            texts.partition(|(path, _)| path.ends_with(".css"));
        // Style sheets last, so that they find the names of what they load.
        for (path, text) in others.into_iter().chain(styles) {
            let text = match path.ends_with(".css") {
                true => Arc::from(all.renamed(path, text)),
                false => Arc::clone(text),
            };
            let url = published(path, Fingerprint::of(text.as_bytes()));
            let asset = Asset { url, content: AssetContent::Text(text) };
            all.assets.insert(path.to_owned(), asset);
        }
        all
    }

    /// Returns where the file at `path` below `static/` is published.
    pub fn url(&self, path: &str) -> Option<&UrlPath> {
        self.assets.get(path).map(|asset| &asset.url)
    }

    /// Returns the assets in the order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = &Asset> {
        self.assets.values()
    }

    /// Returns the style sheet at `path` with the published names of what it loads.
    fn renamed(&self, path: &str, css: &str) -> String {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let from = UrlPath::new(&format!("{PUBLISHED}{path}"));
        let mut out = String::with_capacity(css.len());
        let mut rest = css;
        while let Some(start) = rest.find("url(") {
            let (before, after) = rest.split_at(start + "url(".len());
            out.push_str(before);
            let end = after.find(')').unwrap_or(after.len());
            let written = after[..end].trim().trim_matches(['"', '\'']);
            let (name, suffix) =
                written.split_at(written.find(['#', '?']).unwrap_or(written.len()));
            match joined(folder, name).and_then(|path| self.url(&path)) {
                Some(url) => {
                    out.push_str(&url.relative_from(&from));
                    out.push_str(suffix);
                }
                None => out.push_str(&after[..end]),
            }
            rest = &after[end..];
        }
        out.push_str(rest);
        out
    }
}

/// Returns the path that `name` has from `folder`; `None` for an address or a path of
/// the site, and where it leads out of the theme.
fn joined(folder: &str, name: &str) -> Option<String> {
    if name.is_empty() || name.starts_with('/') || name.contains(':') {
        return None;
    }
    join_path(folder, name)
}

fn published(path: &str, fingerprint: Fingerprint) -> UrlPath {
    let (folder, name) = match path.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name),
        None => (String::new(), path),
    };
    let named = match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{}.{extension}", fingerprint.short()),
        None => format!("{name}.{}", fingerprint.short()),
    };
    UrlPath::new(&format!("{PUBLISHED}{folder}{named}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::source::{Source, Span};

    fn assets(texts: &[(&str, &str)], binary: &[&str]) -> Assets {
        let sources = texts
            .iter()
            .map(|(id, text)| (SourceId::new(*id), Source::new(SourceId::new(*id), text)));
        let handle = |path: &str| FileHandle {
            path: Arc::from(Path::new(path)),
            length: 0,
            fingerprint: Fingerprint::of(path.as_bytes()),
        };
        let files = binary.iter().map(|path| (SourceId::new(*path), handle(path))).collect();
        let (theme, found) =
            Theme::resolve(&sources.collect(), "plain", Span::file(SourceId::new("book.toml")));
        assert_eq!(found, []);
        Assets::of(&theme, &files)
    }

    #[test]
    fn names_change_with_content_and_style_sheets_follow() {
        let theme = ("themes/plain/theme.toml", "");
        let css = "@font-face{src:url(\"../fonts/a.woff2\") format('woff2')} \
                   b{background:url(x.svg#i);c:url(https://e.org/y);d:url(data:z);e:url(gone.png)}";
        let style = ("themes/plain/static/css/site.css", css);
        let one = assets(
            &[theme, style, ("themes/plain/static/css/x.svg", "<svg/>")],
            &["themes/plain/static/fonts/a.woff2"],
        );
        let font = one.url("fonts/a.woff2").unwrap().as_str();
        let image = one.url("css/x.svg").unwrap().as_str();
        let AssetContent::Text(text) = &one.assets["css/site.css"].content else { panic!() };
        let expected = css
            .replace("\"../fonts/a.woff2\"", &font.replace("/assets", ".."))
            .replace("x.svg", image.strip_prefix("/assets/css/").unwrap());
        assert_eq!(**text, *expected);

        let other = assets(
            &[theme, style, ("themes/plain/static/css/x.svg", "<svg></svg>")],
            &["themes/plain/static/fonts/a.woff2"],
        );
        assert_ne!(one.url("css/site.css"), other.url("css/site.css"));
        assert_eq!(one.url("fonts/a.woff2"), other.url("fonts/a.woff2"));
    }

    #[test]
    fn a_themes_file_replaces_the_default_themes() {
        let one = assets(&[("themes/plain/theme.toml", "")], &[]);
        let other = assets(
            &[("themes/plain/theme.toml", ""), ("themes/plain/static/galen.css", "b{}")],
            &[],
        );
        assert!(one.url("galen.css").is_some());
        assert_ne!(one.url("galen.css"), other.url("galen.css"));
    }
}
