//! Locales: terms, date formats and options of one language (CSL 1.0.2, "Locale Files",
//! "Locale").
//!
//! [`Locale::from_xml`] reads a locale file. [`Locale::for_style`] merges the files of a
//! language with what the style itself defines, in the order of the section "Locale Fallback";
//! the renderer only ever sees such a merged locale.

mod bundled;
mod parse;
mod terms;

pub use bundled::bundled_locale;
pub(crate) use parse::{LocaleOverride, parse_locale_node, term_key};
pub(crate) use terms::{TermForm, Terms};

use crate::error::StyleError;
use crate::style::model::DateFormat;

/// Holds the terms, date formats and options of one language.
///
/// CSL 1.0.2, section "Locale Files".
#[derive(Debug, Clone, Default)]
pub struct Locale {
    pub(crate) lang: String,
    pub(crate) terms: Terms,
    pub(crate) text_date: Option<DateFormat>,
    pub(crate) numeric_date: Option<DateFormat>,
    pub(crate) punctuation_in_quote: bool,
    pub(crate) limit_day_ordinals_to_day_1: bool,
}

impl Locale {
    /// Reads a locale file (`locales-xx-XX.xml`).
    ///
    /// # Errors
    /// When the text is not XML or its root is not `locale`.
    pub fn from_xml(xml: &str) -> Result<Self, StyleError> {
        let document = crate::style::parse_document(xml)?;
        let root = document.root_element();
        if root.tag_name().name() != "locale" {
            return Err(StyleError::at(root, "the root element is not `locale`"));
        }
        let mut locale = Locale::default();
        let layer = parse_locale_node(root)?;
        locale.lang = layer.lang.clone().unwrap_or_default();
        locale.apply(&layer);
        Ok(locale)
    }

    /// Returns the language tag of the locale, such as `de-AT`.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns a term's text in its long form; `None` when the locale does not define it.
    pub fn term(&self, name: &str, plural: bool) -> Option<&str> {
        self.terms.text(name, TermForm::Long, plural)
    }

    /// Returns every text of a term, long and short, of one and of several.
    pub fn term_texts(&self, name: &str) -> Vec<&str> {
        let mut texts = Vec::new();
        for form in [TermForm::Long, TermForm::Short, TermForm::Symbol] {
            texts.extend(
                [false, true].into_iter().filter_map(|plural| self.terms.text(name, form, plural)),
            );
        }
        texts.retain(|text| !text.trim().is_empty());
        texts.sort_unstable();
        texts.dedup();
        texts
    }

    /// Returns whether the language is English, on which title case depends.
    pub(crate) fn is_english(&self) -> bool {
        let lang = self.lang.as_bytes();
        lang.len() >= 2
            && lang[..2].eq_ignore_ascii_case(b"en")
            && (lang.len() == 2 || !lang[2].is_ascii_alphanumeric())
    }

    /// Lays what a `cs:locale` element defines over this locale.
    pub(crate) fn apply(&mut self, layer: &LocaleOverride) {
        self.terms.overlay(&layer.terms);
        if let Some(date) = &layer.text_date {
            self.text_date = Some(date.clone());
        }
        if let Some(date) = &layer.numeric_date {
            self.numeric_date = Some(date.clone());
        }
        if let Some(flag) = layer.punctuation_in_quote {
            self.punctuation_in_quote = flag;
        }
        if let Some(flag) = layer.limit_day_ordinals_to_day_1 {
            self.limit_day_ordinals_to_day_1 = flag;
        }
    }

    /// Merges the bundled files for `lang` with what the style defines for it.
    ///
    /// CSL 1.0.2, section "Locale Fallback": the style's dialect, the style's language, the
    /// style's unqualified locale, the dialect's file, the language's file, en-US.
    pub(crate) fn for_style(
        lang: &str,
        overrides: &[LocaleOverride],
        file: Option<&Locale>,
    ) -> Locale {
        let mut locale = match file {
            Some(file) => file.clone(),
            None => bundled::with_fallback(lang),
        };
        lang.clone_into(&mut locale.lang);
        let language = primary_subtag(lang);
        let matches_none = |layer: &LocaleOverride| layer.lang.is_none();
        let matches_language = |layer: &LocaleOverride| {
            layer
                .lang
                .as_deref()
                .is_some_and(|l| l.eq_ignore_ascii_case(language) && !l.eq_ignore_ascii_case(lang))
        };
        let matches_dialect = |layer: &LocaleOverride| {
            layer.lang.as_deref().is_some_and(|l| l.eq_ignore_ascii_case(lang))
        };
        for layer in overrides.iter().filter(|l| matches_none(l)) {
            locale.apply(layer);
        }
        for layer in overrides.iter().filter(|l| matches_language(l)) {
            locale.apply(layer);
        }
        for layer in overrides.iter().filter(|l| matches_dialect(l)) {
            locale.apply(layer);
        }
        locale
    }
}

/// Returns the part of a language tag before the first separator.
pub(crate) fn primary_subtag(lang: &str) -> &str {
    lang.split(['-', '_']).next().unwrap_or(lang)
}
