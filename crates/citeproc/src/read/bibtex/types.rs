//! The types of BibTeX and BibLaTeX, and the words that they imply.

use crate::item::ItemType;

/// Returns the CSL type of an entry's type; `subtype` is its `entrysubtype`.
pub(super) fn item_type(kind: &str, subtype: &str) -> ItemType {
    match (kind, subtype) {
        ("article" | "suppperiodical", "magazine") => ItemType::ArticleMagazine,
        ("article" | "suppperiodical", "newspaper") => ItemType::ArticleNewspaper,
        ("article", "preprint") => ItemType::Article,
        ("article" | "suppperiodical", _) => ItemType::ArticleJournal,
        ("periodical", _) => ItemType::Periodical,
        (
            "book" | "mvbook" | "collection" | "mvcollection" | "reference" | "mvreference"
            | "proceedings" | "mvproceedings" | "manual" | "commentary",
            _,
        ) => ItemType::Book,
        ("booklet", _) => ItemType::Pamphlet,
        (
            "inbook" | "incollection" | "bookinbook" | "suppbook" | "suppcollection" | "chapter",
            _,
        ) => ItemType::Chapter,
        ("inreference", _) => ItemType::EntryEncyclopedia,
        ("inproceedings" | "conference", _) => ItemType::PaperConference,
        ("thesis" | "phdthesis" | "mastersthesis" | "bachelorsthesis", _) => ItemType::Thesis,
        ("report" | "techreport", _) => ItemType::Report,
        ("online" | "electronic" | "www" | "webpage", _) => ItemType::Webpage,
        ("patent", _) => ItemType::Patent,
        ("dataset" | "data", _) => ItemType::Dataset,
        ("software" | "softwareversion" | "program", _) => ItemType::Software,
        ("standard", _) => ItemType::Standard,
        ("unpublished", _) => ItemType::Manuscript,
        ("letter", _) => ItemType::PersonalCommunication,
        ("legislation" | "legal", _) => ItemType::Legislation,
        ("jurisdiction", _) => ItemType::LegalCase,
        ("movie" | "video", _) => ItemType::MotionPicture,
        ("audio" | "music", _) => ItemType::Song,
        ("image" | "artwork", _) => ItemType::Graphic,
        ("performance", _) => ItemType::Performance,
        ("review", _) => ItemType::Review,
        _ => ItemType::Document,
    }
}

/// Returns the genre that the entry's type alone implies.
pub(super) fn implied_genre(kind: &str) -> Option<&'static str> {
    match kind {
        "phdthesis" => Some("PhD thesis"),
        "mastersthesis" => Some("Master’s thesis"),
        "bachelorsthesis" => Some("Bachelor’s thesis"),
        _ => None,
    }
}

/// Returns the words for a keyword of BibLaTeX's `type` field.
pub(super) fn genre_keyword(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "phdthesis" => "PhD thesis",
        "mathesis" | "mastersthesis" => "Master’s thesis",
        "bathesis" => "Bachelor’s thesis",
        "candthesis" => "Candidate thesis",
        "techreport" => "Technical report",
        "resreport" => "Research report",
        "software" => "Computer software",
        "datacd" => "Data CD",
        "audiocd" => "Audio CD",
        "patent" => "Patent",
        "patentus" => "U.S. patent",
        "patenteu" => "European patent",
        "patentde" => "German patent",
        "patentfr" => "French patent",
        "patentuk" => "British patent",
        "patreq" => "Patent request",
        "patrequs" => "U.S. patent request",
        "patreqeu" => "European patent request",
        _ => return None,
    })
}

/// Returns the words for a keyword of BibLaTeX's `pubstate` field.
pub(super) fn status_keyword(keyword: &str) -> Option<&'static str> {
    Some(match keyword {
        "inpreparation" => "in preparation",
        "submitted" => "submitted",
        "forthcoming" => "forthcoming",
        "inpress" => "in press",
        "prepublished" => "pre-published",
        _ => return None,
    })
}

/// Languages as babel and polyglossia name them, in alphabetical order, and their BCP 47 tags.
const LANGUAGES: &[(&str, &str)] = &[
    ("american", "en-US"),
    ("arabic", "ar"),
    ("australian", "en-AU"),
    ("austrian", "de-AT"),
    ("basque", "eu"),
    ("brazil", "pt-BR"),
    ("brazilian", "pt-BR"),
    ("british", "en-GB"),
    ("bulgarian", "bg"),
    ("canadian", "en-CA"),
    ("canadien", "fr-CA"),
    ("catalan", "ca"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("hebrew", "he"),
    ("hungarian", "hu"),
    ("icelandic", "is"),
    ("italian", "it"),
    ("japanese", "ja"),
    ("korean", "ko"),
    ("latin", "la"),
    ("latvian", "lv"),
    ("lithuanian", "lt"),
    ("naustrian", "de-AT"),
    ("newzealand", "en-NZ"),
    ("ngerman", "de"),
    ("norsk", "nb"),
    ("norwegian", "nb"),
    ("nswissgerman", "de-CH"),
    ("nynorsk", "nn"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("serbian", "sr"),
    ("slovak", "sk"),
    ("slovene", "sl"),
    ("slovenian", "sl"),
    ("spanish", "es"),
    ("swedish", "sv"),
    ("swissgerman", "de-CH"),
    ("turkish", "tr"),
    ("ukenglish", "en-GB"),
    ("ukrainian", "uk"),
    ("usenglish", "en-US"),
    ("vietnamese", "vi"),
];

/// Returns the name of a language for its BCP 47 tag: the first in the table that has it.
pub(crate) fn language_name(tag: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(_, known)| known.eq_ignore_ascii_case(tag)).map(|(name, _)| *name)
}

/// Returns the BCP 47 tag of a language named as babel and polyglossia do.
pub(super) fn language_tag(name: &str) -> Option<&'static str> {
    let name = name.trim().to_ascii_lowercase();
    let at = LANGUAGES.binary_search_by_key(&name.as_str(), |(name, _)| name).ok()?;
    Some(LANGUAGES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_found_by_name() {
        assert_eq!(language_tag("ngerman"), Some("de"));
        assert_eq!(language_tag("USenglish"), Some("en-US"));
        assert_eq!(language_tag("american"), Some("en-US"));
        assert_eq!(language_tag("vietnamese"), Some("vi"));
        assert_eq!(language_tag("klingon"), None);
    }
}
