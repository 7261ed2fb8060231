//! A theme as its files: the site's own overrides, the theme, its parents, and the
//! default theme, which is compiled in.
//!
//! [`Theme::resolve`] finds the layers and reads each `theme.toml`. Every file of a
//! theme is looked up by its path inside the theme (`templates/page.html`), and the
//! first layer that has it wins. The default theme lies under every other one; a
//! `themes/default` on disk replaces its files one by one.

use std::collections::BTreeMap;

use crate::config::theme::ThemeConfig;
use crate::config::words::words;
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::load::FileHandle;
use crate::ordered::IndexMap;
use crate::source::{Source, SourceId, Span};

use super::default_theme;
use super::theme_options::judge_defaults;

/// The name of the theme that is compiled in.
pub const DEFAULT_THEME: &str = "default";

/// The language whose words stand in for those that a translation lacks.
const FALLBACK_LANGUAGE: &str = "en";

/// A theme with everything below it.
#[derive(Clone, Debug)]
pub struct Theme {
    /// The site's own overrides, the theme, its parents and the default theme, in this order.
    pub layers: Vec<Layer>,
    /// The configuration of all layers together.
    pub config: ThemeConfig,
}

/// The files of one theme, or of the site's own `templates/`.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// The theme's name; empty for the site's own files.
    pub name: String,
    /// The text files by their path inside the theme.
    pub files: BTreeMap<String, Source>,
}

/// A file of a theme and where it comes from.
#[derive(Clone, Copy, Debug)]
pub struct ThemeFile<'a> {
    /// The path inside the theme, such as `templates/page.html`.
    pub path: &'a str,
    /// The layer that it comes from.
    pub layer: &'a Layer,
    /// The file.
    pub source: &'a Source,
}

impl Theme {
    /// Finds the layers of the theme `name` among a site's text files.
    ///
    /// `named_at` is where the site names its theme. An unknown theme, at that place or
    /// in an `extends`, is reported, and the default theme stands in for it.
    pub fn resolve(
        sources: &BTreeMap<SourceId, Source>,
        name: &str,
        named_at: Span,
    ) -> (Self, Vec<Diagnostic>) {
        let mut themes = themes_on_disk(sources);
        let mut diagnostics = Vec::new();
        let mut layers = vec![site_layer(sources)];
        let mut configs = Vec::new();
        let mut wanted = (name.to_owned(), named_at);
        while wanted.0 != DEFAULT_THEME {
            let (name, named_at) = wanted;
            let Some(layer) = themes.remove(&name) else {
                diagnostics.push(unknown_theme(&name, named_at, &themes, &layers));
                break;
            };
            let (config, found) = read_config(&layer);
            diagnostics.extend(found);
            let extends = config.extends.clone().unwrap_or_else(|| DEFAULT_THEME.to_owned());
            let source = layer.files.get("theme.toml").cloned();
            let named_at = match &source {
                Some(source) => place_of(source, &extends),
                None => Span::file(SourceId::new(format!("themes/{name}/theme.toml"))),
            };
            layers.push(layer);
            configs.push((config, source));
            wanted = (extends, named_at);
        }
        let default = default_layer(themes.remove(DEFAULT_THEME));
        let (config, found) = read_config(&default);
        diagnostics.extend(found);
        layers.push(default);
        let mut config = config;
        for (own, source) in configs.into_iter().rev() {
            let mut properties = config.properties.clone();
            properties.extend(own.properties.clone());
            if let Some(source) = source {
                diagnostics.extend(judge_defaults(&own, &properties, &source));
            }
            config = own.over(config);
        }
        (Self { layers, config }, diagnostics)
    }

    /// Returns the file at `path` inside the theme, from the first layer that has it.
    pub fn file(&self, path: &str) -> Option<ThemeFile<'_>> {
        self.layers.iter().find_map(|layer| {
            let (path, source) = layer.files.get_key_value(path)?;
            Some(ThemeFile { path, layer, source })
        })
    }

    /// Returns every file of the theme by path, each from the first layer that has it.
    pub fn files(&self) -> Vec<ThemeFile<'_>> {
        let mut files = BTreeMap::new();
        for layer in &self.layers {
            for (path, source) in &layer.files {
                files.entry(path.as_str()).or_insert(ThemeFile { path, layer, source });
            }
        }
        files.into_values().collect()
    }

    /// Returns the folders of the site in which files of the theme may lie, first one first.
    ///
    /// Files that are not text, such as a theme's fonts, are found below them.
    pub fn folders(&self) -> impl Iterator<Item = String> {
        self.layers
            .iter()
            .filter(|layer| !layer.name.is_empty())
            .map(|layer| format!("themes/{}/", layer.name))
    }

    /// Returns what is wrong with the files that `theme.toml` names: those that neither the
    /// theme nor its parents have; what is not text is among `files`.
    pub fn missing_files(&self, files: &BTreeMap<SourceId, FileHandle>) -> Vec<Diagnostic> {
        let config = &self.config;
        let named = config.stylesheets.iter().chain(&config.scripts).chain(&config.early_scripts);
        let is_missing = |name: &&String| {
            let path = format!("static/{name}");
            let is_in = |folder| files.contains_key(&SourceId::new(format!("{folder}{path}")));
            self.file(&path).is_none() && !self.folders().any(is_in)
        };
        let missing = named.chain(&config.icon).filter(is_missing);
        missing.filter_map(|name| self.missing_file(name)).collect()
    }

    fn missing_file(&self, name: &str) -> Option<Diagnostic> {
        let own = self.layers.iter().filter_map(|layer| layer.files.get("theme.toml"));
        let place = own.map(|source| place_of(source, name)).find(|place| !place.is_file())?;
        let known = self.files().into_iter().filter_map(|file| file.path.strip_prefix("static/"));
        let message = format!("the theme has no file `static/{name}`");
        let found = Diagnostic::new(&structural::LINK_BROKEN, place, message);
        Some(found.with_label("no such file").with_suggestion(nearest(name, known)))
    }

    /// Returns the interface's words in `language`, by key.
    ///
    /// A word that the language lacks is taken from its base language (`pt` for
    /// `pt-BR`), else from English. `language` in the result names the language whose
    /// rules of plural apply.
    pub fn strings(&self, language: &str) -> (IndexMap<String, String>, Vec<Diagnostic>) {
        let base = language.split(['-', '_']).next().unwrap_or(language);
        let mut languages = vec![FALLBACK_LANGUAGE, base, language];
        languages.dedup();
        let mut strings = IndexMap::default();
        let mut diagnostics = Vec::new();
        for language in languages {
            let path = format!("i18n/{language}.toml");
            for layer in self.layers.iter().rev() {
                let Some(source) = layer.files.get(&path) else { continue };
                match words(source) {
                    Ok(words) => strings.extend(words),
                    Err(fault) => diagnostics.push(*fault),
                }
            }
        }
        strings.insert("language".to_owned(), language.to_owned());
        (strings, diagnostics)
    }
}

impl ThemeFile<'_> {
    /// Returns where the file comes from, in words for the terminal.
    pub fn origin(&self) -> String {
        let on_disk = !self.source.id.as_str().starts_with(default_theme::SOURCE_PREFIX);
        match (self.layer.name.as_str(), on_disk) {
            ("", _) => "the site".to_owned(),
            (name, true) => format!("themes/{name}"),
            (_, false) => "built in".to_owned(),
        }
    }
}

/// Returns the site's own files: `templates/`, and its words in `templates/i18n/`.
fn site_layer(sources: &BTreeMap<SourceId, Source>) -> Layer {
    let mut layer = Layer::default();
    for (id, source) in below(sources, "templates/") {
        let path = id.as_str();
        let path = match path.strip_prefix("templates/") {
            Some(words) if words.starts_with("i18n/") => words,
            _ => path,
        };
        layer.files.insert(path.to_owned(), source.clone());
    }
    layer
}

fn themes_on_disk(sources: &BTreeMap<SourceId, Source>) -> BTreeMap<String, Layer> {
    let mut themes: BTreeMap<String, Layer> = BTreeMap::new();
    for (id, source) in below(sources, "themes/") {
        let Some((_, rest)) = id.as_str().split_once('/') else { continue };
        let Some((name, path)) = rest.split_once('/') else { continue };
        let layer = themes.entry(name.to_owned()).or_default();
        layer.name = name.to_owned();
        layer.files.insert(path.to_owned(), source.clone());
    }
    themes
}

fn below<'a>(
    sources: &'a BTreeMap<SourceId, Source>,
    folder: &'a str,
) -> impl Iterator<Item = (&'a SourceId, &'a Source)> {
    sources
        .range(SourceId::new(folder)..)
        .take_while(move |(id, _)| id.as_str().starts_with(folder))
}

fn default_layer(on_disk: Option<Layer>) -> Layer {
    let mut layer = Layer { name: DEFAULT_THEME.to_owned(), files: default_theme::sources() };
    layer.files.extend(on_disk.unwrap_or_default().files);
    layer
}

fn read_config(layer: &Layer) -> (ThemeConfig, Vec<Diagnostic>) {
    layer.files.get("theme.toml").map(ThemeConfig::parse).unwrap_or_default()
}

fn unknown_theme(
    name: &str,
    named_at: Span,
    left: &BTreeMap<String, Layer>,
    used: &[Layer],
) -> Diagnostic {
    if used.iter().any(|layer| layer.name == name) {
        let message = format!("theme `{name}` extends itself");
        return Diagnostic::new(&structural::CONFIG_TYPE, named_at, message);
    }
    let names = left.keys().map(String::as_str).chain([DEFAULT_THEME]);
    Diagnostic::new(&structural::CONFIG_TYPE, named_at, format!("there is no theme `{name}`"))
        .with_suggestion(nearest(name, names))
        .with_help(format!("a theme is a folder: `themes/{name}/`"))
}

fn place_of(source: &Source, word: &str) -> Span {
    let quoted = [format!("\"{word}\""), format!("'{word}'")];
    let text = source.text();
    let found = quoted.iter().find_map(|quoted| Some((text.find(quoted)?, quoted.len())));
    match found {
        Some((start, length)) => source.span(start..start + length),
        None => Span::file(source.id.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> BTreeMap<SourceId, Source> {
        files
            .iter()
            .map(|(id, text)| (SourceId::new(*id), Source::new(SourceId::new(*id), text)))
            .collect()
    }

    fn resolve(files: &[(&str, &str)], name: &str) -> (Theme, Vec<Diagnostic>) {
        Theme::resolve(&site(files), name, Span::file(SourceId::new("book.toml")))
    }

    #[test]
    fn the_first_layer_that_has_a_file_wins() {
        let (theme, found) = resolve(
            &[
                ("templates/page.html", "site"),
                ("themes/a/theme.toml", "extends = \"b\""),
                ("themes/a/templates/page.html", "a"),
                ("themes/b/templates/page.html", "b"),
                ("themes/b/templates/tag.html", "b"),
                ("themes/default/templates/tags.html", "default on disk"),
            ],
            "a",
        );
        assert_eq!(found, []);
        let names: Vec<_> = theme.layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, ["", "a", "b", "default"]);
        let text = |path| theme.file(path).unwrap().source.text();
        assert_eq!(&*text("templates/page.html"), "site");
        assert_eq!(&*text("templates/tag.html"), "b");
        assert_eq!(&*text("templates/tags.html"), "default on disk");
        assert_eq!(theme.file("i18n/en.toml").unwrap().origin(), "built in");
        assert_eq!(theme.file("templates/tags.html").unwrap().origin(), "themes/default");
    }

    #[test]
    fn an_unknown_theme_is_reported_with_the_nearest() {
        let (theme, found) = resolve(&[("themes/plain/theme.toml", "")], "plein");
        assert_eq!(found[0].help[0], "did you mean `plain`?");
        assert_eq!(theme.layers.len(), 2);
    }

    #[test]
    fn files_that_a_theme_names_are_there() {
        let toml = "stylesheets = [\"own.css\", \"galen.css\", \"awn.css\"]\nicon = \"icon.png\"\n";
        let files = [("themes/a/theme.toml", toml), ("themes/a/static/own.css", "")];
        let (theme, found) = resolve(&files, "a");
        assert_eq!(found, []);
        let found = theme.missing_files(&BTreeMap::new());
        let shown: Vec<_> = found.iter().map(|f| (&toml[f.span.range()], &*f.message)).collect();
        assert_eq!(
            shown,
            [
                ("\"awn.css\"", "the theme has no file `static/awn.css`"),
                ("\"icon.png\"", "the theme has no file `static/icon.png`"),
            ]
        );
        assert_eq!(found[0].help, ["did you mean `own.css`?"]);
        let icon = FileHandle {
            path: std::path::Path::new("icon.png").into(),
            length: 0,
            fingerprint: crate::fingerprint::Fingerprint::of(b""),
        };
        let icon = BTreeMap::from([(SourceId::new("themes/a/static/icon.png"), icon)]);
        assert_eq!(theme.missing_files(&icon).len(), 1);
    }

    #[test]
    fn a_circle_of_themes_is_reported_where_it_closes() {
        let (_, found) = resolve(
            &[
                ("themes/a/theme.toml", "extends = \"b\""),
                ("themes/b/theme.toml", "extends = \"a\""),
            ],
            "a",
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].span.source.as_str(), "themes/b/theme.toml");
        assert_eq!(found[0].span.range(), 10..13);
    }

    #[test]
    fn words_fall_back_from_the_region_to_the_language_to_english() {
        let (theme, _) = resolve(
            &[
                ("templates/i18n/pt.toml", "toc = \"Nesta página\"\n[pages]\none = \"{n} página\""),
                ("templates/i18n/pt-BR.toml", "tags = \"Marcadores\""),
            ],
            "default",
        );
        let (strings, found) = theme.strings("pt-BR");
        assert_eq!(found, []);
        assert_eq!(strings["toc"], "Nesta página");
        assert_eq!(strings["tags"], "Marcadores");
        assert_eq!(strings["pages_one"], "{n} página");
        assert_eq!(strings["skip_to_content"], "Skip to content");
        assert_eq!(strings["language"], "pt-BR");
    }
}
