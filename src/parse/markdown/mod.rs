//! Markdown, and the only door to pulldown-cmark.
//!
//! Start with [`parse`]: `mask` overwrites what the Markdown parser would take
//! for something else (citations, component lines), pulldown-cmark tells the
//! structure, and `writer` writes the HTML with its holes, reading from the source
//! again what was overwritten.

mod anchors;
mod blocks;
mod inline;
mod mask;
mod notes;
mod quotes;
mod raw;
mod raw_address;
mod raw_html;
mod tables;
mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pulldown_cmark::{BlockQuoteKind, Options, Parser};

use crate::citation::style::QuotationMarks;
use crate::citation::syntax::LocatorTerms;
use crate::diagnostic::Diagnostic;
use crate::ordered::IndexMap;
use crate::page_id::Lang;
use crate::source::SourceId;

use super::body::Body;
use writer::Writer;

/// How Markdown is read.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkdownOptions {
    /// Whether `$…$` and `$$…$$` are formulas.
    pub math: bool,
    /// Whether straight quotes, `--` and `...` become typographic.
    pub smart_punctuation: bool,
    /// What becomes of raw HTML.
    pub raw_html: RawHtml,
    /// Whether a first-level heading that starts the text and has no like becomes
    /// the title instead of a heading.
    pub lift_title: bool,
    /// Ids that the page's template uses, which no derived anchor takes.
    pub reserved_ids: Vec<Arc<str>>,
    /// Those that the pages of each collection use beside them.
    pub reserved_by_collection: Arc<BTreeMap<Arc<str>, Vec<Arc<str>>>>,
    /// What the language of the text brings.
    pub language: Arc<TextLanguage>,
    /// The same of each language of the site.
    pub languages: Arc<BTreeMap<Lang, Arc<TextLanguage>>>,
    /// The components whose text is the caption of what they show.
    pub captioned: Arc<BTreeSet<String>>,
}

impl MarkdownOptions {
    /// Returns how a text in the language `lang` of the site is read.
    pub fn in_lang(&self, lang: &Lang) -> Self {
        let language = self.languages.get(lang).unwrap_or(&self.language);
        Self { language: Arc::clone(language), ..self.clone() }
    }
}

/// What the language of a text brings; English by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextLanguage {
    /// The words for places in works.
    pub locator_terms: LocatorTerms,
    /// The titles of alerts.
    pub alert_titles: AlertTitles,
    /// The quotation marks that straight ones become; `None` for those of English.
    pub quotation_marks: Option<QuotationMarks>,
}

impl Default for MarkdownOptions {
    fn default() -> Self {
        Self {
            math: false,
            smart_punctuation: true,
            raw_html: RawHtml::default(),
            lift_title: false,
            reserved_ids: Vec::new(),
            reserved_by_collection: Arc::default(),
            language: Arc::default(),
            languages: Arc::default(),
            captioned: Arc::default(),
        }
    }
}

/// What becomes of raw HTML. Comments, scripts, styles, event handlers and
/// `javascript:` or `data:` addresses are left out in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RawHtml {
    /// It passes.
    #[default]
    Allow,
    /// Elements and attributes of prose pass.
    Sanitize,
    /// It is shown as text.
    Refuse,
}

/// The titles of alerts, in the language of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertTitles {
    /// Of `[!NOTE]`.
    pub note: Arc<str>,
    /// Of `[!TIP]`.
    pub tip: Arc<str>,
    /// Of `[!IMPORTANT]`.
    pub important: Arc<str>,
    /// Of `[!WARNING]`.
    pub warning: Arc<str>,
    /// Of `[!CAUTION]`.
    pub caution: Arc<str>,
}

impl Default for AlertTitles {
    fn default() -> Self {
        Self {
            note: Arc::from("Note"),
            tip: Arc::from("Tip"),
            important: Arc::from("Important"),
            warning: Arc::from("Warning"),
            caution: Arc::from("Caution"),
        }
    }
}

impl AlertTitles {
    /// Returns the titles among the words of a theme's interface; those of English for
    /// the ones that are left out.
    pub fn of_words(words: &IndexMap<String, String>) -> Self {
        let english = Self::default();
        let word = |name: &str, otherwise: Arc<str>| {
            words.get(name).map_or(otherwise, |word| Arc::from(word.as_str()))
        };
        Self {
            note: word("alert_note", english.note),
            tip: word("alert_tip", english.tip),
            important: word("alert_important", english.important),
            warning: word("alert_warning", english.warning),
            caution: word("alert_caution", english.caution),
        }
    }

    /// Returns the class of an alert and its title.
    fn of(&self, kind: BlockQuoteKind) -> (&'static str, &str) {
        match kind {
            BlockQuoteKind::Note => ("note", &self.note),
            BlockQuoteKind::Tip => ("tip", &self.tip),
            BlockQuoteKind::Important => ("important", &self.important),
            BlockQuoteKind::Warning => ("warning", &self.warning),
            BlockQuoteKind::Caution => ("caution", &self.caution),
        }
    }
}

/// Parses the body `text` of a page, which stands at byte `base` of `source`.
///
/// All ranges are those of the source. Any text can be parsed; what is wrong in
/// it (a component that is never closed, an anchor given twice) is a diagnostic.
pub fn parse(
    text: &str,
    base: usize,
    source: &SourceId,
    options: &MarkdownOptions,
) -> (Body, Vec<Diagnostic>) {
    parse_as(text, base, source, options, Extent::Page)
}

/// Parses the Markdown `text` of a field of `source`.
///
/// As [`parse`], but ranges are those of `text`, and headings get no anchors
/// except those that the author gave: a page shows several fields.
pub fn parse_fragment(
    text: &str,
    source: &SourceId,
    options: &MarkdownOptions,
) -> (Body, Vec<Diagnostic>) {
    parse_as(text, 0, source, options, Extent::Fragment)
}

/// What a text is of its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// Its body.
    Page,
    /// A field.
    Fragment,
}

fn parse_as(
    text: &str,
    base: usize,
    source: &SourceId,
    options: &MarkdownOptions,
    extent: Extent,
) -> (Body, Vec<Diagnostic>) {
    let mask = mask::mask(text, options.math, &options.language.locator_terms);
    let masked = mask.text.as_deref().unwrap_or(text);
    let events: Vec<_> =
        Parser::new_ext(masked, parser_options(options)).into_offset_iter().collect();
    let input = writer::Input {
        source: text,
        masked,
        citations: &mask.citations,
        components: &mask.components,
        scripts: &mask.scripts,
        events: &events,
        base,
        id: source,
        options,
        extent,
    };
    Writer::new(input).run()
}

fn parser_options(options: &MarkdownOptions) -> Options {
    let mut flags = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_WIKILINKS;
    flags.set(Options::ENABLE_SMART_PUNCTUATION, options.smart_punctuation);
    flags.set(Options::ENABLE_MATH, options.math);
    flags
}

#[cfg(test)]
mod tests;
