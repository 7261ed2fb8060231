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
    // The names of the official repository.
    ("chicago-fullnote-bibliography", "chicago-notes"),
    ("chicago-note-bibliography", "chicago-shortened-notes"),
    ("chicago-notes-bibliography", "chicago-notes"),
    ("chicago-shortened-notes-bibliography", "chicago-shortened-notes"),
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

/// Returns the other names by which a bundled style can be asked for, sorted.
pub fn aliases(name: &str) -> Vec<&'static str> {
    let Some(style) = archived(name) else { return Vec::new() };
    let short = ALIASES.iter().filter(|(_, full)| archived(full) == Some(style)).map(|(a, _)| *a);
    let mut names: Vec<&'static str> = style.names().iter().skip(1).copied().chain(short).collect();
    names.sort_unstable();
    names.dedup();
    names
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

/// The languages of the archive's locales, in its order, so that a locale is found without
/// decoding the others.
const LANGUAGES: [&str; archive::LOCALES.len()] = [
    "af-ZA",
    "ar",
    "bal-PK",
    "bg-BG",
    "brh-PK",
    "ca-AD",
    "cs-CZ",
    "cy-GB",
    "da-DK",
    "de-AT",
    "de-CH",
    "de-DE",
    "el-GR",
    "en-GB",
    "en-US",
    "es-CL",
    "es-ES",
    "es-MX",
    "et-EE",
    "eu",
    "fa-IR",
    "fi-FI",
    "fr-CA",
    "fr-FR",
    "gl-ES",
    "he-IL",
    "hi-IN",
    "hr-HR",
    "hu-HU",
    "hy-AM",
    "id-ID",
    "is-IS",
    "it-IT",
    "ja-JP",
    "km-KH",
    "ko-KR",
    "la",
    "lij-IT",
    "lt-LT",
    "lv-LV",
    "mn-MN",
    "ms-MY",
    "nb-NO",
    "nl-NL",
    "nn-NO",
    "pa-PK",
    "pl-PL",
    "pt-BR",
    "pt-PT",
    "ro-RO",
    "ru-RU",
    "sk-SK",
    "sl-SI",
    "sr-Cyrl-RS",
    "sr-Latn-RS",
    "sv-SE",
    "th-TH",
    "tl-PH",
    "tr-TR",
    "uk-UA",
    "vi-VN",
    "zh-CN",
    "zh-TW",
];

/// Returns the bundled locale of exactly this language tag, read when it is first asked for.
pub(crate) fn locale(lang: &str) -> Option<&'static Locale> {
    static READ: [OnceLock<Option<Locale>>; LANGUAGES.len()] =
        [const { OnceLock::new() }; LANGUAGES.len()];
    let at = LANGUAGES.iter().position(|language| language.eq_ignore_ascii_case(lang))?;
    READ[at].get_or_init(|| read_locale(&decoded(at)?)).as_ref()
}

fn decoded(at: usize) -> Option<citationberg::Locale> {
    let locale: citationberg::Locale = ciborium::from_reader(archive::LOCALES[at]).ok()?;
    let is_meant = locale.lang.as_ref().is_some_and(|code| code.0 == LANGUAGES[at]);
    is_meant.then_some(locale)
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
pub fn locale_names() -> &'static [&'static str] {
    &LANGUAGES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Item, ItemType, Name, NameVariable, TextVariable};
    use crate::{Options, Processor};

    #[test]
    fn every_bundled_locale_is_of_the_language_that_it_is_found_by() {
        assert!(LANGUAGES.is_sorted());
        for (at, language) in LANGUAGES.iter().enumerate() {
            let found = decoded(at).and_then(|locale| locale.lang);
            assert_eq!(found.as_ref().map(|code| code.0.as_str()), Some(*language));
            assert!(locale(language).is_some(), "{language}");
        }
    }

    #[test]
    fn every_bundled_style_can_be_read() {
        for name in names() {
            let style = bundled(name).unwrap_or_else(|| panic!("{name}"));
            assert!(style.parent().is_none(), "{name}");
            assert!(!style.title().is_empty(), "{name}");
        }
    }

    #[test]
    fn short_and_older_names_lead_to_the_style() {
        for (name, title) in [
            ("ama", "AMA Manual of Style"),
            ("american-medical-association", "AMA Manual of Style"),
            ("apa", "APA Style"),
            ("vancouver", "NLM/Vancouver"),
            ("nlm", "NLM"),
        ] {
            let style = bundled(name).unwrap_or_else(|| panic!("{name}"));
            assert!(style.title().contains(title), "{name} is {}", style.title());
        }
        assert!(aliases("american-medical-association").contains(&"ama"));
        assert!(bundled("no-such-style").is_none());
        assert!(bundled("ama").unwrap().is_numeric());
        assert!(!bundled("apa").unwrap().is_numeric());
    }

    #[test]
    fn a_dependent_style_names_a_bundled_parent() {
        let dependent = r#"<style version="1.0"><info><title>Some Journal</title>
            <link href="http://www.zotero.org/styles/american-medical-association"
            rel="independent-parent"/></info></style>"#;
        let style = Style::from_xml(dependent).unwrap();
        let parent = bundled_by_id(style.parent().unwrap()).unwrap();
        assert!(parent.title().contains("AMA Manual of Style"));
    }

    #[test]
    fn bundled_locales_keep_their_terms() {
        let english = locale("en-US").unwrap();
        for (term, text) in [
            ("et-al", "et al."),
            ("and others", "and others"),
            ("sub-verbo", "sub verbo"),
            ("printing-number", "printing"),
            ("no date", "no date"),
        ] {
            assert_eq!(english.term(term, false), Some(text), "{term}");
        }
        assert_eq!(locale("de-DE").unwrap().term("and", false), Some("und"));
        assert!(locale_names().contains(&"fr-FR"));
    }

    #[test]
    fn an_entry_has_no_number_and_names_can_stand_alone() {
        let mut item = Item::new("a", ItemType::Book);
        item.set_text(TextVariable::Title, "Sleep and memory");
        item.set_names(
            NameVariable::Author,
            vec![
                Name::person("Okafor", "Ada"),
                Name::person("Lund", "Erik"),
                Name::person("Sato", "Yuki"),
            ],
        );
        let style = bundled("ama").unwrap();
        let processor = Processor::new(&style, None, Options::default());
        let entry = processor.format_entry(&item).to_plain();
        assert_eq!(entry, "Okafor A, Lund E, Sato Y. Sleep and Memory.");
        assert_eq!(processor.short_names(&item).to_plain(), "Okafor et al.");
    }
}
