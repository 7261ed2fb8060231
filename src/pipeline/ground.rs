//! What every page is read and shown by: the configuration, the theme, the citation
//! database. A site whose ground changed is built anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::citation::Bibliography;
use crate::citation::export::Exporter;
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Hasher};
use crate::load::Inputs;
use crate::outputs::SearchMemory;
use crate::page_id::Lang;
use crate::parse::document::{WordsByLang, markdown_options};
use crate::parse::markdown::MarkdownOptions;
use crate::render::assets::Assets;
use crate::render::highlight::Highlighter;
use crate::render::templates::Templates;
use crate::render::theme::Theme;
use crate::render::value::{Value, map_by_name, text};
use crate::render::view::Notices;
use crate::source::Source;

use super::settings::Settings;
use super::{BuildOptions, content_path, parsing, settings};

/// What every page is read and shown by.
#[derive(Debug)]
pub(super) struct Ground {
    pub(super) config: Arc<Config>,
    /// `book.toml`, where there is one.
    pub(super) book: Option<Source>,
    /// `book.toml`, empty where there is none.
    pub(super) config_source: Source,
    pub(super) theme: Theme,
    pub(super) templates: Templates,
    pub(super) assets: Assets,
    pub(super) works: Arc<Bibliography>,
    pub(super) words: WordsByLang,
    /// The same words as templates see them.
    pub(super) shown_words: BTreeMap<Lang, Value>,
    pub(super) markdown: MarkdownOptions,
    pub(super) notices: Notices,
    pub(super) highlighter: Highlighter,
    /// What writes the works for reference managers.
    pub(super) exporter: Exporter,
    /// The indexes of the search as they were made last.
    pub(super) search: SearchMemory,
    /// What reading all that found.
    pub(super) found: Vec<Arc<Diagnostic>>,
    fingerprint: Fingerprint,
}

impl Ground {
    /// Reads the ground of the site that `inputs` hold.
    pub(super) fn read(inputs: &Inputs, options: &BuildOptions) -> Self {
        let mut found = Vec::new();
        let read = settings::read(inputs, options, &mut found);
        let config_source = read.config_source();
        let Settings { config, book, theme } = read;
        let (templates, problems) = Templates::new(&theme);
        found.extend(problems);
        let works = parsing::bibliography(inputs, &config, &mut found);
        let words = settings::words(&config, &theme, &mut found);
        let markdown = markdown_options(&config, &theme.config, &words);
        let shown_words = words.iter().map(|(lang, strings)| {
            let strings = strings.iter().map(|(key, word)| (key, text(word)));
            (lang.clone(), map_by_name(strings))
        });
        Self {
            shown_words: shown_words.collect(),
            notices: settings::notices(&config, &markdown),
            assets: Assets::of(&theme, &config.theme.options, &inputs.files),
            book,
            config_source,
            theme,
            templates,
            works: Arc::new(works),
            words,
            markdown,
            highlighter: Highlighter::default(),
            exporter: Exporter::new(config.citations.publish_abstracts),
            search: SearchMemory::default(),
            config: Arc::new(config),
            found: found.into_iter().map(Arc::new).collect(),
            fingerprint: fingerprint(inputs, options),
        }
    }

    /// Tells whether `inputs` and `options` have this ground.
    pub(super) fn is_of(&self, inputs: &Inputs, options: &BuildOptions) -> bool {
        self.fingerprint == fingerprint(inputs, options)
    }
}

/// Returns the fingerprint of all that is neither a page nor a file that pages show.
fn fingerprint(inputs: &Inputs, options: &BuildOptions) -> Fingerprint {
    let mut hasher = Fingerprint::hasher();
    let add = |hasher: &mut Hasher, name: &str, content: &Fingerprint| {
        hasher.update(name.as_bytes());
        hasher.update(b"\0");
        hasher.update(content.to_string().as_bytes());
    };
    let sources = inputs.sources.iter().filter(|(id, _)| content_path(id).is_none());
    for (id, source) in sources {
        add(&mut hasher, id.as_str(), &source.fingerprint);
    }
    let files = inputs.files.iter().filter(|(id, _)| id.as_str().starts_with("themes/"));
    for (id, file) in files {
        add(&mut hasher, id.as_str(), &file.fingerprint);
    }
    hasher.update(format!("{options:?}").as_bytes());
    hasher.finish()
}
