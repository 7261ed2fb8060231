//! What every page is read and shown by: the configuration, the theme, the citation
//! database.
//!
//! Where another ground reads and links pages as before ([`GroundNews`]), only those are
//! made anew that show what is different; else the site is built anew.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::export::Exporter;
use crate::citation::{Bibliography, CitationKey};
use crate::config::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Hasher};
use crate::load::Inputs;
use crate::outputs::OutputMemory;
use crate::page_id::Lang;
use crate::parse::document::{WordsByLang, markdown_options};
use crate::parse::markdown::MarkdownOptions;
use crate::render::assets::Assets;
use crate::render::highlight::Highlighter;
use crate::render::templates::{Looks, Templates};
use crate::render::theme::Theme;
use crate::render::value::{Value, map_by_name, text};
use crate::render::view::Notices;
use crate::resolve::reviews::hold_alike;
use crate::source::{Source, SourceId};

use super::settings::Settings;
use super::{BuildOptions, content_path, database, settings};

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
    looks: Looks,
    pub(super) assets: Assets,
    pub(super) works: Arc<Bibliography>,
    pub(super) words: WordsByLang,
    /// The same words as templates see them.
    pub(super) shown_words: BTreeMap<Lang, Value>,
    pub(super) markdown: Arc<MarkdownOptions>,
    pub(super) notices: Notices,
    pub(super) highlighter: Highlighter,
    /// What writes the works for reference managers.
    pub(super) exporter: Exporter,
    /// What the outputs keep from build to build.
    pub(super) memory: OutputMemory,
    /// What reading all that found, but the database.
    found: Vec<Arc<Diagnostic>>,
    /// What reading the database found.
    found_in_works: Arc<[Arc<Diagnostic>]>,
    today: Date,
    made_from: MadeFrom,
}

/// What is different in another ground under which pages are read and linked as before.
#[derive(Debug, Default)]
pub(super) struct GroundNews {
    /// Whether `book.toml` is another, so that rules and outputs may find other things.
    pub(super) is_configured_otherwise: bool,
    /// Whether it says something else that any page may show.
    pub(super) is_shown_otherwise: bool,
    /// Whether the theme has other templates or files.
    pub(super) is_themed_otherwise: bool,
    /// The templates and components that draw otherwise, as pages ask for them.
    pub(super) looks: BTreeSet<String>,
    /// The keys of works that are others; `None` where the database is as it was.
    pub(super) works: Option<BTreeSet<CitationKey>>,
    /// The last date taken as today and the one that is, where they differ.
    pub(super) days: Option<[Date; 2]>,
}

impl GroundNews {
    /// Tells whether there is nothing new that a page may show.
    pub(super) fn shows_nothing(&self) -> bool {
        let is_same = !self.is_shown_otherwise && self.looks.is_empty();
        is_same && self.works.is_none() && self.days.is_none()
    }

    /// Tells whether rules may find other things on any page.
    pub(super) fn judges_otherwise(&self) -> bool {
        self.is_configured_otherwise || self.works.is_some() || self.days.is_some()
    }
}

/// Fingerprints of what a ground is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct MadeFrom {
    options: Fingerprint,
    book: Fingerprint,
    theme: Fingerprint,
    works: Fingerprint,
    /// The citation styles.
    styles: Fingerprint,
}

impl Ground {
    /// Returns the ground of the site that `inputs` hold, and what is different in it;
    /// `None` where the site must be built anew.
    pub(super) fn renewed(
        last: Option<Self>,
        inputs: &Inputs,
        options: &BuildOptions,
    ) -> (Self, Option<GroundNews>) {
        let made_from = MadeFrom::of(inputs, options);
        match last {
            None => (Self::read(inputs, options, made_from, None), None),
            Some(last) if last.made_from == made_from => {
                let news = GroundNews { days: last.days(options), ..GroundNews::default() };
                (Self { today: options.today, ..last }, Some(news))
            }
            Some(last) => {
                let ground = Self::read(inputs, options, made_from, Some(&last));
                let news = ground.news_since(&last, options);
                match news {
                    Some(news) => (ground.with_memory_of(last), Some(news)),
                    None => (ground, None),
                }
            }
        }
    }

    /// Returns what is wrong with the configuration and the templates that `inputs` hold, where
    /// these are others than this ground was made from.
    pub(super) fn foresee(&self, inputs: &Inputs, options: &BuildOptions) -> Vec<Arc<Diagnostic>> {
        let made_from = MadeFrom::of(inputs, options);
        if (made_from.book, made_from.theme) == (self.made_from.book, self.made_from.theme) {
            return Vec::new();
        }
        let mut found = Vec::new();
        let read = settings::read(inputs, options, &mut found);
        found.extend(Templates::new(&read.theme).1);
        found.into_iter().map(Arc::new).collect()
    }

    /// Returns what reading it found.
    pub(super) fn found(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        self.found.iter().chain(&*self.found_in_works)
    }

    fn days(&self, options: &BuildOptions) -> Option<[Date; 2]> {
        (self.today != options.today).then_some([self.today, options.today])
    }

    /// Returns what is different since `last`; `None` where pages are to be read or linked
    /// in another way.
    fn news_since(&self, last: &Self, options: &BuildOptions) -> Option<GroundNews> {
        let (now, before) = (&self.made_from, &last.made_from);
        let reads_alike = now.options == before.options
            && now.styles == before.styles
            && self.config.reads_as(&last.config)
            && self.theme.config == last.theme.config
            && self.words == last.words
            && self.notices == last.notices;
        reads_alike.then(|| GroundNews {
            is_configured_otherwise: now.book != before.book,
            is_shown_otherwise: !self.config.shows_as(&last.config)
                || !hold_alike(&self.config, &last.config),
            is_themed_otherwise: now.theme != before.theme || self.assets != last.assets,
            looks: self.looks.differing_from(&last.looks),
            works: (now.works != before.works).then(|| self.works.differing_from(&last.works)),
            days: last.days(options),
        })
    }

    /// Takes over what `last` remembers and what is the same in it.
    fn with_memory_of(self, last: Self) -> Self {
        let same_works = self.made_from.works == last.made_from.works;
        let (works, exporter) = match same_works {
            true => (last.works, last.exporter),
            false => (self.works, self.exporter),
        };
        Self { works, exporter, highlighter: last.highlighter, memory: last.memory, ..self }
    }

    /// Reads the ground of the site that `inputs` hold; the database is that of `last` where
    /// it was read from the same.
    fn read(
        inputs: &Inputs,
        options: &BuildOptions,
        made_from: MadeFrom,
        last: Option<&Self>,
    ) -> Self {
        let mut found = Vec::new();
        let read = settings::read(inputs, options, &mut found);
        let config_source = read.config_source();
        let Settings { config, book, theme } = read;
        let (templates, problems) = Templates::new(&theme);
        found.extend(problems);
        let (works, found_in_works) = match last.filter(|last| made_from.reads_works_of(last)) {
            Some(last) => (Arc::clone(&last.works), Arc::clone(&last.found_in_works)),
            None => {
                let mut found = Vec::new();
                let works = database::read(inputs, &config, &mut found);
                (Arc::new(works), found.into_iter().map(Arc::new).collect())
            }
        };
        let words = settings::words(&config, &theme, &mut found);
        let markdown = markdown_options(&config, &theme.config, &words);
        let shown_words = words.iter().map(|(lang, strings)| {
            let strings = strings.iter().map(|(key, word)| (key, text(word)));
            (lang.clone(), map_by_name(strings))
        });
        let assets = Assets::of(&theme, &config.theme.options, &inputs.files);
        Self {
            shown_words: shown_words.collect(),
            notices: settings::notices(&config, &markdown),
            looks: Looks::of(&templates, &assets),
            assets,
            book,
            config_source,
            theme,
            templates,
            works,
            words,
            markdown: Arc::new(markdown),
            highlighter: Highlighter::default(),
            exporter: Exporter::new(config.citations.publish_abstracts),
            memory: OutputMemory::default(),
            config: Arc::new(config),
            found: found.into_iter().map(Arc::new).collect(),
            found_in_works,
            today: options.today,
            made_from,
        }
    }
}

impl MadeFrom {
    /// Tells whether the database is that of `last`: what is made of its files is for the
    /// configuration to say.
    fn reads_works_of(&self, last: &Ground) -> bool {
        (self.book, self.works) == (last.made_from.book, last.made_from.works)
    }

    fn of(inputs: &Inputs, options: &BuildOptions) -> Self {
        let [mut book, mut theme, mut works, mut styles] = [(); 4].map(|()| Fingerprint::hasher());
        let add = |hasher: &mut Hasher, id: &SourceId, content: &Fingerprint| {
            hasher.update(id.as_str().as_bytes());
            hasher.update(b"\0");
            hasher.update(content.to_string().as_bytes());
        };
        let is_of_theme = |id: &SourceId| {
            id.as_str().starts_with("templates/") || id.as_str().starts_with("themes/")
        };
        let sources = inputs.sources.iter().filter(|(id, _)| content_path(id).is_none());
        for (id, source) in sources {
            let part = match id {
                _ if id.as_str() == config::FILE => &mut book,
                _ if is_of_theme(id) => &mut theme,
                _ if id.extension() == Some("csl") => &mut styles,
                _ => &mut works,
            };
            add(part, id, &source.fingerprint);
        }
        for (id, file) in inputs.files.iter().filter(|(id, _)| is_of_theme(id)) {
            add(&mut theme, id, &file.fingerprint);
        }
        // The date is asked for where it counts.
        let options = BuildOptions { today: Date::default(), ..options.clone() };
        Self {
            options: Fingerprint::of(format!("{options:?}").as_bytes()),
            book: book.finish(),
            theme: theme.finish(),
            works: works.finish(),
            styles: styles.finish(),
        }
    }
}
