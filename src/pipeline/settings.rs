//! Everything that is read before the pages: configuration, theme, styles, notices.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::citation::style::{CitationStyle, StyleProblem, StyleSet, bundled_default, read_style};
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::load::Inputs;
use crate::page_id::Lang;
use crate::parse::KeptPage;
use crate::parse::document::WordsByLang;
use crate::parse::markdown::{MarkdownOptions, parse_fragment};
use crate::render::theme::Theme;
use crate::render::theme_options;
use crate::render::view::Notices;
use crate::source::{Source, SourceId, Span};

use super::BuildOptions;

/// What a site's pages are read and shown by.
pub(super) struct Settings {
    pub(super) config: Config,
    /// `book.toml`, where there is one.
    pub(super) book: Option<Source>,
    pub(super) theme: Theme,
}

impl Settings {
    /// Returns `book.toml`, empty where there is none.
    pub(super) fn config_source(&self) -> Source {
        self.book.clone().unwrap_or_else(|| Source::new(SourceId::new(config::FILE), ""))
    }
}

/// Reads the configuration and finds the theme.
pub(super) fn read(
    inputs: &Inputs,
    options: &BuildOptions,
    found: &mut Vec<Diagnostic>,
) -> Settings {
    let book = inputs.sources.get(&SourceId::new(config::FILE)).cloned();
    let (mut config, problems) = match &book {
        Some(source) => Config::parse(source),
        None => Config::missing(),
    };
    found.extend(problems);
    if let Some(base_url) = &options.base_url {
        config.site.base_url = Arc::from(base_url.trim_end_matches('/'));
    }
    if let Some(source) = &book {
        found.extend(crate::outputs::unknown_switches(&config, source));
    }
    let named_at = match &book {
        Some(source) => config::locate(source, &["site", "theme"]),
        None => Span::file(SourceId::new(config::FILE)),
    };
    let (theme, problems) = Theme::resolve(&inputs.sources, &config.site.theme, named_at);
    found.extend(problems);
    found.extend(theme.missing_files(&inputs.files));
    if let Some(source) = &book {
        found.extend(theme_options::judge(&theme.config, &config.theme.options, source));
    }
    Settings { config, book, theme }
}

/// Returns the words of the interface in every language of the site.
pub(super) fn words(config: &Config, theme: &Theme, found: &mut Vec<Diagnostic>) -> WordsByLang {
    let languages = config.languages.keys().chain([&config.site.language]);
    languages
        .map(|lang| {
            let (strings, problems) = theme.strings(lang.as_str());
            found.extend(problems);
            (lang.clone(), strings)
        })
        .collect()
}

/// The styles that the site and its pages name.
#[derive(Debug)]
pub(super) struct Styles {
    /// In which languages each is used.
    wanted: BTreeMap<Arc<str>, BTreeSet<Lang>>,
    pub(super) set: Arc<StyleSet>,
    /// What could not be read, by its name, for the rules.
    pub(super) problems: BTreeMap<Arc<str>, StyleProblem>,
}

impl Styles {
    /// Reads the styles that the site and its pages name, in the languages that they
    /// are used in.
    pub(super) fn read(inputs: &Inputs, config: &Config, pages: &[&KeptPage]) -> Self {
        let locale = |lang: &Lang| match &config.citations.locale {
            Some(locale) => locale.to_string(),
            None => lang.to_string(),
        };
        let mut set = StyleSet::new(bundled_default(&locale(&config.site.language)));
        let mut problems = BTreeMap::new();
        let wanted = wanted_styles(config, pages);
        for (name, langs) in &wanted {
            let text = |path: &str| {
                let source = inputs.sources.get(&crate::load::named_id(path))?;
                Some(source.text())
            };
            match read_style(name, text) {
                Ok(style) => {
                    for lang in langs {
                        let ready = CitationStyle::new(&style, &locale(lang));
                        set.insert(Arc::clone(name), lang.clone(), ready);
                    }
                }
                Err(problem) => {
                    problems.insert(Arc::clone(name), problem);
                }
            }
        }
        Self { wanted, set: Arc::new(set), problems }
    }

    /// Tells whether these are the styles that the site and its pages name.
    pub(super) fn are_of(&self, config: &Config, pages: &[&KeptPage]) -> bool {
        self.wanted == wanted_styles(config, pages)
    }
}

fn wanted_styles(config: &Config, pages: &[&KeptPage]) -> BTreeMap<Arc<str>, BTreeSet<Lang>> {
    let mut wanted: BTreeMap<Arc<str>, BTreeSet<Lang>> = BTreeMap::new();
    let mut want = |name: &Arc<str>, lang: &Lang| {
        wanted.entry(Arc::clone(name)).or_default().insert(lang.clone());
    };
    let languages = config.languages.keys().chain([&config.site.language]);
    for lang in languages {
        want(&config.citations.style, lang);
        if let Some(style) = &config.citations.publications_style {
            want(style, lang);
        }
        if let Some(style) = config.languages.get(lang).and_then(|l| l.style.as_ref()) {
            want(style, lang);
        }
    }
    for page in pages {
        if let Some(style) = &page.front.style {
            want(style, page.id.lang());
        }
    }
    wanted
}

/// Renders the publisher's notices, which are Markdown without citations.
pub(super) fn notices(config: &Config, options: &MarkdownOptions) -> Notices {
    let book = SourceId::new(config::FILE);
    let html = |text: &Option<Arc<str>>| {
        let (body, _) = parse_fragment(text.as_deref()?, &book, options);
        Some(crate::render::view::plain_html(&body))
    };
    Notices {
        sourcing: html(&config.publisher.sourcing_notice),
        commercial_interest: html(&config.publisher.commercial_interest),
    }
}
