//! Citation styles: bundled ones by name, `.csl` files by path.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use citeproc::item::Item;
use citeproc::locale::bundled_locale;
use citeproc::{HtmlOptions, Options, Processor, Style, StyleClass, styles};

use crate::config::Config;
use crate::diagnostic::nearest;
use crate::page_id::Lang;

/// A style in one language, ready to format.
pub struct CitationStyle {
    processor: Processor,
    /// What makes the entries of lists, where the style itself has none.
    lister: Option<Processor>,
    numeric: bool,
    note: bool,
}

impl fmt::Debug for CitationStyle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CitationStyle")
            .field("numeric", &self.numeric)
            .field("note", &self.note)
            .finish_non_exhaustive()
    }
}

/// An entry of a reference list that belongs to no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedEntry {
    /// The work's key.
    pub key: String,
    /// The entry with its number, where the style numbers, as plain text.
    pub text: String,
    /// The same as HTML.
    pub html: String,
    /// The entry without its number, as plain text.
    pub body_text: String,
    /// The same as HTML.
    pub body_html: String,
}

/// Why there is no style of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StyleProblem {
    /// No bundled style has the name; the nearest, if one is near.
    Unknown(Option<String>),
    /// There is no `.csl` file at the path.
    NoFile,
    /// The file is no style: what is wrong, and the byte where it is.
    Malformed(String, Option<usize>),
    /// The style depends on another, of this id, that is not bundled.
    NoParent(String),
}

impl CitationStyle {
    /// Returns the style in the language of `locale`.
    pub fn new(style: &Style, locale: &str) -> Self {
        let processor = |style: &Style| Processor::new(style, Some(locale), Options::default());
        Self {
            processor: processor(style),
            lister: (!style.has_bibliography()).then(|| processor(&default_style())),
            numeric: style.is_numeric(),
            note: style.class() == StyleClass::Note,
        }
    }

    /// Tells whether the style numbers the works.
    pub fn is_numeric(&self) -> bool {
        self.numeric
    }

    /// Tells whether citations are footnotes.
    pub fn is_note(&self) -> bool {
        self.note
    }

    /// Returns works as the entries of a list, in the order given.
    pub fn list<'i>(&self, items: impl IntoIterator<Item = &'i Item>) -> Vec<ListedEntry> {
        let entries = self.lister().list(items).into_iter();
        entries
            .map(|entry| ListedEntry {
                text: match (entry.left_margin(), entry.right_inline()) {
                    (Some(first), Some(rest)) => {
                        format!("{} {}", first.to_plain(), rest.to_plain())
                    }
                    _ => entry.content().to_plain(),
                },
                html: entry.content().to_html(&HtmlOptions::default()),
                body_text: entry.body().to_plain(),
                body_html: entry.body_html().into_owned(),
                key: entry.key,
            })
            .collect()
    }

    /// Returns the record as an entry of a list, without its number, as HTML.
    pub fn format_entry(&self, item: &Item) -> String {
        self.lister().format_entry(item).to_html(&HtmlOptions::default())
    }

    /// Returns the names of the authors of a work as a sentence says them, as plain text.
    pub fn short_names(&self, item: &Item) -> String {
        self.processor.short_names(item).to_plain()
    }

    /// Returns what makes the entries of lists.
    pub(super) fn lister(&self) -> &Processor {
        self.lister.as_ref().unwrap_or(&self.processor)
    }

    pub(super) fn processor(&self) -> &Processor {
        &self.processor
    }
}

/// Reads the style `name`: a bundled one, or the `.csl` file whose text `file_text`
/// returns for its path.
///
/// # Errors
/// Why there is none; the caller knows where the name is written.
pub fn read_style(
    name: &str,
    file_text: impl Fn(&str) -> Option<Arc<str>>,
) -> Result<Style, StyleProblem> {
    if !name.ends_with(".csl") {
        return styles::bundled(name).ok_or_else(|| {
            let every_name = styles::names()
                .into_iter()
                .flat_map(|name| [&[name], &*styles::aliases(name)].concat());
            StyleProblem::Unknown(nearest(name, every_name).map(str::to_owned))
        });
    }
    let text = file_text(name).ok_or(StyleProblem::NoFile)?;
    let style = Style::from_xml(&text).map_err(|error| {
        StyleProblem::Malformed(error.to_string(), error.position().and_then(|at| at.offset))
    })?;
    match style.parent() {
        Some(parent) => {
            styles::bundled_by_id(parent).ok_or_else(|| StyleProblem::NoParent(parent.to_owned()))
        }
        None => Ok(style),
    }
}

/// The quotation marks of a language, as its CSL locale has them; spaces that stand between
/// a mark and the words belong to the mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotationMarks {
    /// The mark that opens a quotation.
    pub open: Box<str>,
    /// The one that closes it.
    pub close: Box<str>,
    /// The mark that opens a quotation in a quotation.
    pub open_inner: Box<str>,
    /// The one that closes that.
    pub close_inner: Box<str>,
}

impl QuotationMarks {
    /// Returns the marks of the language `lang`; `None` for English and for languages without
    /// a locale.
    pub fn of_lang(lang: &str) -> Option<Self> {
        let locale = bundled_locale(lang).filter(|locale| !locale.lang().starts_with("en"))?;
        let mark = |term| locale.term_texts(term).first().map(|mark| Box::from(*mark));
        Some(Self {
            open: mark("open-quote")?,
            close: mark("close-quote")?,
            open_inner: mark("open-inner-quote")?,
            close_inner: mark("close-inner-quote")?,
        })
    }
}

/// Returns what the locale of the language `lang` calls `term`, in long and short, one and
/// several; nothing for English, which also stands in for languages without a locale.
pub(super) fn locale_terms(lang: &str, term: &str) -> Vec<&'static str> {
    let locale = bundled_locale(lang).filter(|locale| !locale.lang().starts_with("en"));
    let texts = locale.map(|locale| locale.term_texts(term)).unwrap_or_default();
    texts.into_iter().map(str::trim).collect()
}

/// Under what terms the bundled styles and locales may be used, and whose they are.
pub const STYLES_LICENSE: &str = "\
The styles and locales are by the authors and contributors that each names, and come from
https://github.com/citation-style-language/styles and
https://github.com/citation-style-language/locales under the Creative Commons
Attribution-ShareAlike 3.0 Unported License (https://creativecommons.org/licenses/by-sa/3.0/).
Text that is formatted by a style is not covered by it.";

/// A style that comes with the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundledStyle {
    /// Its name.
    pub name: &'static str,
    /// Its title.
    pub title: &'static str,
    /// The other names by which it can be asked for.
    pub aliases: Vec<&'static str>,
}

/// Returns the styles that come with the program, by name.
pub fn bundled_styles() -> Vec<BundledStyle> {
    let style = |name| BundledStyle {
        name,
        title: styles::title(name).unwrap_or(name),
        aliases: styles::aliases(name),
    };
    styles::names().into_iter().map(style).collect()
}

/// Tells whether there are words for citations in the language of `locale`, be they those
/// of another country.
///
/// # Errors
/// Without such words, returns the most similar tag that has some.
pub fn judge_locale(locale: &str) -> Result<(), Option<&'static str>> {
    let language = |tag: &str| {
        let language = tag.split(['-', '_']).next().unwrap_or_default();
        language.to_ascii_lowercase()
    };
    let names = styles::locale_names();
    // The two written languages of Norway go by this name together.
    let wanted = language(locale);
    match wanted == "no" || names.iter().any(|name| language(name) == wanted) {
        true => Ok(()),
        false => Err(nearest(locale, names.iter().copied())),
    }
}

/// The style that stands in where none could be read.
const DEFAULT_STYLE: &str = "american-medical-association";

/// Returns the default style in the language of `locale`.
pub fn bundled_default(locale: &str) -> CitationStyle {
    CitationStyle::new(&default_style(), locale)
}

fn default_style() -> Style {
    styles::bundled(DEFAULT_STYLE).expect("the default style is bundled")
}

/// The styles of a site, by name and language.
#[derive(Debug)]
pub struct StyleSet {
    by_name: BTreeMap<(Arc<str>, Lang), CitationStyle>,
    fallback: CitationStyle,
}

impl StyleSet {
    /// Returns a set in which `fallback` stands in for styles that could not be read.
    pub fn new(fallback: CitationStyle) -> Self {
        Self { by_name: BTreeMap::new(), fallback }
    }

    /// Forgets the works that the styles have formatted, which takes time when they are
    /// formatted again, and gives the memory back.
    pub fn forget_works(&self) {
        let styles = self.by_name.values().chain([&self.fallback]);
        let processors = styles.flat_map(|style| [Some(&style.processor), style.lister.as_ref()]);
        processors.flatten().for_each(Processor::forget);
    }

    /// Adds the style `name` in the language `lang`.
    pub fn insert(&mut self, name: Arc<str>, lang: Lang, style: CitationStyle) {
        self.by_name.insert((name, lang), style);
    }

    /// Returns the style of a page in the language `lang` that names `own`: that one, its
    /// language's, or the site's.
    pub fn of_page(&self, own: Option<&Arc<str>>, lang: &Lang, config: &Config) -> &CitationStyle {
        let language = config.languages.get(lang);
        let usual = || language.and_then(|language| language.style.as_ref());
        self.get(own.or_else(usual).unwrap_or(&config.citations.style), lang)
    }

    /// Returns the style `name` in the language `lang`.
    pub fn get(&self, name: &Arc<str>, lang: &Lang) -> &CitationStyle {
        self.by_name.get(&(Arc::clone(name), lang.clone())).unwrap_or(&self.fallback)
    }
}
