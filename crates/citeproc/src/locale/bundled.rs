//! Finds the bundled locale for a language tag (CSL 1.0.2, "Locale Fallback").

use super::{Locale, primary_subtag};
use crate::styles;

/// The dialect that stands for a language; others are named after their language (`fr-FR`).
const PRIMARY_DIALECTS: &[(&str, &str)] = &[
    ("af", "af-ZA"),
    ("bal", "bal-PK"),
    ("brh", "brh-PK"),
    ("ca", "ca-AD"),
    ("cs", "cs-CZ"),
    ("cy", "cy-GB"),
    ("da", "da-DK"),
    ("el", "el-GR"),
    ("en", "en-US"),
    ("et", "et-EE"),
    ("fa", "fa-IR"),
    ("gl", "gl-ES"),
    ("he", "he-IL"),
    ("hi", "hi-IN"),
    ("hy", "hy-AM"),
    ("ja", "ja-JP"),
    ("km", "km-KH"),
    ("ko", "ko-KR"),
    ("lij", "lij-IT"),
    ("ms", "ms-MY"),
    ("nb", "nb-NO"),
    ("nn", "nn-NO"),
    ("no", "nb-NO"),
    ("pa", "pa-PK"),
    ("sl", "sl-SI"),
    ("sr", "sr-RS"),
    ("sv", "sv-SE"),
    ("uk", "uk-UA"),
    ("vi", "vi-VN"),
    ("zh", "zh-CN"),
];

/// Returns the bundled locale that serves a language tag best.
///
/// `de-AT` has a file; `de-LI` is served by `de-DE`; a language without a file by `en-US`.
pub fn bundled_locale(lang: &str) -> Option<&'static Locale> {
    let lang = lang.replace('_', "-");
    if let Some(locale) = styles::locale(&lang) {
        return Some(locale);
    }
    let language = primary_subtag(&lang).to_ascii_lowercase();
    let dialect = PRIMARY_DIALECTS.iter().find(|(name, _)| *name == language).map_or_else(
        || format!("{language}-{}", language.to_ascii_uppercase()),
        |d| d.1.to_owned(),
    );
    styles::locale(&dialect)
        .or_else(|| styles::locale(&language))
        .or_else(|| styles::locale("en-US"))
}

/// Returns the locale for a language with what it lacks taken from its primary dialect and from
/// American English.
pub(super) fn with_fallback(lang: &str) -> Locale {
    let mut locale = bundled_locale(lang).cloned().unwrap_or_default();
    let primary = bundled_locale(primary_subtag(lang));
    for fallback in primary.into_iter().chain(styles::locale("en-US")) {
        fill(&mut locale, fallback);
    }
    locale
}

/// Fills in what a locale does not define.
pub(super) fn fill(locale: &mut Locale, fallback: &Locale) {
    locale.terms.fill_from(&fallback.terms);
    if locale.text_date.is_none() {
        locale.text_date.clone_from(&fallback.text_date);
    }
    if locale.numeric_date.is_none() {
        locale.numeric_date.clone_from(&fallback.numeric_date);
    }
}
