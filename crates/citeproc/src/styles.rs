//! The styles and locales that come with the crate.
//!
//! They are the official ones (CC BY-SA), carried as data by hayagriva's archive. This is the
//! only file that knows of it; what leaves it is XML.

use crate::error::StyleError;
use crate::locale::Locale;
use crate::style::Style;
use citationberg::LocaleFile;
use hayagriva::archive::{self, ArchivedStyle};
use std::sync::OnceLock;

/// Shorter names by which styles are asked for, beside those of the archive.
const ALIASES: &[(&str, &str)] = &[
    ("ama", "american-medical-association"),
    ("chicago", "chicago-author-date"),
    ("harvard", "harvard-cite-them-right"),
    ("lancet", "the-lancet"),
    ("mla", "modern-language-association"),
    ("nlm", "nlm-citation-sequence"),
];

/// Returns the names of the bundled styles, sorted, one for each style.
pub fn names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> =
        ArchivedStyle::all().iter().filter_map(|style| style.names().first().copied()).collect();
    names.sort_unstable();
    names
}

/// Returns the bundled style of this name.
///
/// Names are those of the official repository (`american-medical-association`, `apa`,
/// `chicago-author-date`), older names of the same styles, and short forms such as `ama` and
/// `nlm`. `None` when there is no such style.
pub fn bundled(name: &str) -> Option<Style> {
    let style = archived(name)?;
    xml(style).and_then(|xml| Style::from_xml(&xml)).ok()
}

/// Returns the bundled style that a style's identifier names, as dependent styles do.
pub fn bundled_by_id(id: &str) -> Option<Style> {
    let style = ArchivedStyle::by_id(id).or_else(|| {
        // Files in the wild write the address with and without `https` and `www`.
        let name = id.rsplit('/').next()?;
        archived(name)
    })?;
    xml(style).and_then(|xml| Style::from_xml(&xml)).ok()
}

/// Returns the title of a bundled style, without reading the style.
pub fn title(name: &str) -> Option<&'static str> {
    archived(name).map(ArchivedStyle::display_name)
}

fn archived(name: &str) -> Option<ArchivedStyle> {
    let name = name.trim().trim_end_matches(".csl");
    let name = ALIASES.iter().find(|(alias, _)| *alias == name).map_or(name, |(_, full)| full);
    ArchivedStyle::by_name(name)
}

fn xml(style: ArchivedStyle) -> Result<String, StyleError> {
    style.get().to_xml().map_err(|error| StyleError::new(error.to_string()))
}

/// A bundled locale, read when it is first asked for.
struct Bundled {
    source: citationberg::Locale,
    locale: OnceLock<Option<Locale>>,
}

fn locales() -> &'static [Bundled] {
    static LOCALES: OnceLock<Vec<Bundled>> = OnceLock::new();
    LOCALES.get_or_init(|| {
        archive::locales()
            .into_iter()
            .map(|source| Bundled { source, locale: OnceLock::new() })
            .collect()
    })
}

/// Returns the bundled locale of exactly this language tag.
pub(crate) fn locale(lang: &str) -> Option<&'static Locale> {
    let bundled = locales().iter().find(|bundled| {
        bundled.source.lang.as_ref().is_some_and(|code| code.0.eq_ignore_ascii_case(lang))
    })?;
    bundled.locale.get_or_init(|| read_locale(&bundled.source)).as_ref()
}

fn read_locale(source: &citationberg::Locale) -> Option<Locale> {
    let file = LocaleFile {
        version: "1.0".to_owned(),
        lang: source.lang.clone()?,
        info: None,
        terms: source.terms.clone(),
        date: source.date.clone(),
        style_options: source.style_options,
    };
    // The writer calls the root of any file `style`.
    let xml = file.to_xml().ok()?;
    let inner = xml.strip_prefix("<style")?.strip_suffix("</style>")?;
    Locale::from_xml(&format!("<locale{inner}</locale>")).ok()
}

/// Returns the language tags of the bundled locales, sorted.
pub fn locale_names() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = locales()
        .iter()
        .filter_map(|bundled| bundled.source.lang.as_ref().map(|code| code.0.as_str()))
        .collect();
    names.sort_unstable();
    names
}
