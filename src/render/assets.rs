//! The files of a theme that pages load: style sheets, scripts, fonts, images.
//!
//! Each is published under a name that holds a fingerprint of its content, so that
//! browsers may keep it for good: `assets/page.1a2b3c4d.js`. The style sheets of a theme
//! and its parents are published as one, which ends with what the site's options set; what
//! they name in `url(…)` is renamed with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::fingerprint::Fingerprint;
use crate::load::FileHandle;
use crate::source::SourceId;
use crate::url::{UrlPath, join_path};

use super::theme::Theme;
use super::theme_options::{self, ChosenOptions};

/// The folder of a theme that holds its assets.
const STATIC: &str = "static/";

/// The name under which a theme's style sheets are published as one.
const STYLE: &str = "style.css";

/// The folder of the site that they are published in.
const PUBLISHED: &str = "/assets/";

/// The files of a theme that pages load, by their path below its `static/`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assets {
    assets: BTreeMap<String, Asset>,
    style: Option<Asset>,
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
    /// Returns the assets of `theme` with the site's options; files of the theme that are
    /// not text are among `files`.
    pub fn of(
        theme: &Theme,
        options: &ChosenOptions,
        files: &BTreeMap<SourceId, FileHandle>,
    ) -> Self {
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
            .filter_map(|file| Some((file.path.strip_prefix(STATIC)?, file.source.text())));
        let (styles, others): (Vec<_>, Vec<_>) =
            texts.partition(|(path, _)| path.ends_with(".css"));
        for (path, text) in others {
            let asset = text_asset(path, text);
            all.assets.insert(path.to_owned(), asset);
        }
        // Style sheets last, so that they find the names of what they load.
        let listed = |path: &str| theme.config.stylesheets.iter().any(|listed| listed == path);
        for (path, text) in styles.iter().filter(|(path, _)| !listed(path)) {
            let asset = text_asset(path, Arc::from(all.renamed(path, path, text)));
            all.assets.insert((*path).to_owned(), asset);
        }
        let mut style = String::new();
        for path in &theme.config.stylesheets {
            if let Some((_, text)) = styles.iter().find(|(known, _)| known == path) {
                style.push_str(&all.renamed(path, STYLE, text));
                style.push('\n');
            }
        }
        style.push_str(&theme_options::style(&theme.config, options));
        all.style = (!style.is_empty()).then(|| text_asset(STYLE, Arc::from(style)));
        all
    }

    /// Returns where the theme's style sheets are published as one; `None` where it has none.
    pub fn style(&self) -> Option<&UrlPath> {
        self.style.as_ref().map(|asset| &asset.url)
    }

    /// Returns where the file at `path` below `static/` is published.
    pub fn url(&self, path: &str) -> Option<&UrlPath> {
        self.assets.get(path).map(|asset| &asset.url)
    }

    /// Returns the paths below `static/`, in order, each with where it is published.
    pub fn paths(&self) -> impl Iterator<Item = (&str, &UrlPath)> {
        self.assets.iter().map(|(path, asset)| (path.as_str(), &asset.url))
    }

    /// Returns where each asset is published, which says what it holds, too.
    pub fn urls(&self) -> impl Iterator<Item = &UrlPath> {
        self.iter().map(|asset| &asset.url)
    }

    /// Returns the assets in the order of their paths, the style sheet last.
    pub fn iter(&self) -> impl Iterator<Item = &Asset> {
        self.assets.values().chain(&self.style)
    }

    /// Returns the style sheet at `path`, to be published as `published`, with the
    /// published names of what it loads.
    fn renamed(&self, path: &str, published: &str, css: &str) -> String {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let from = UrlPath::new(&format!("{PUBLISHED}{published}"));
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

fn text_asset(path: &str, text: Arc<str>) -> Asset {
    let url = published(path, Fingerprint::of(text.as_bytes()));
    Asset { url, content: AssetContent::Text(text) }
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
        Assets::of(&theme, &ChosenOptions::default(), &files)
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
    fn style_sheets_are_published_as_one_in_the_order_of_the_themes() {
        let theme = ("themes/plain/theme.toml", "stylesheets = ['css/own.css', 'more.css']");
        let one = assets(
            &[
                theme,
                ("themes/plain/static/css/own.css", "b{background:url(x.svg)}"),
                ("themes/plain/static/css/x.svg", "<svg/>"),
                ("themes/plain/static/more.css", "i{}"),
                ("themes/plain/static/print.css", "u{}"),
            ],
            &[],
        );
        let AssetContent::Text(style) = &one.style.as_ref().unwrap().content else { panic!() };
        let image = one.url("css/x.svg").unwrap().as_str().strip_prefix("/assets/").unwrap();
        assert!(style.ends_with(&format!("b{{background:url({image})}}\ni{{}}\n")), "{style}");
        assert!(one.url("css/own.css").is_none(), "it is in the one style sheet");
        assert!(one.url("print.css").is_some(), "a template may name it");
    }

    #[test]
    fn a_themes_file_replaces_the_default_themes() {
        let one = assets(&[("themes/plain/theme.toml", "")], &[]);
        let other = assets(
            &[("themes/plain/theme.toml", ""), ("themes/plain/static/galen.css", "b{}")],
            &[],
        );
        assert_ne!(one.style(), other.style());
        let style = |assets: &Assets| match &assets.style.as_ref().unwrap().content {
            AssetContent::Text(text) => text.to_string(),
            AssetContent::File(_) => panic!("a style sheet is text"),
        };
        assert!(style(&one).starts_with("/* The default theme."));
        assert!(style(&other).starts_with("b{}\n"));
    }
}
