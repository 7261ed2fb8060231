//! Which plural form of a text fits a whole number, by language.
//!
//! The rules are those of Unicode CLDR for whole numbers, for the languages whose
//! rules differ from English; every other language has one form for 1 and one for
//! the rest.

/// Returns the plural category of `number` in `language`: `one`, `two`, `few`, `many` or `other`.
pub fn plural_category(language: &str, number: u64) -> &'static str {
    let base = language.split(['-', '_']).next().unwrap_or_default();
    let (ten, hundred) = (number % 10, number % 100);
    let teens = (11..=14).contains(&hundred);
    match (base, number) {
        ("ja" | "zh" | "ko" | "vi" | "th" | "id" | "ms", _) => "other",
        ("fr" | "pt" | "hy" | "ff" | "kab", 0 | 1) => "one",
        ("cs" | "sk", 2..=4) => "few",
        ("pl", 0 | 2..) if (2..=4).contains(&ten) && !teens => "few",
        ("pl", 0 | 2..) => "many",
        ("ru" | "uk" | "be" | "sr" | "hr" | "bs", _) => match ten {
            1 if !teens => "one",
            2..=4 if !teens => "few",
            _ if matches!(base, "ru" | "uk" | "be") => "many",
            _ => "other",
        },
        ("lt", _) => match ten {
            1 if !(11..=19).contains(&hundred) => "one",
            2..=9 if !(11..=19).contains(&hundred) => "few",
            _ => "other",
        },
        ("ro", 0) => "few",
        ("ro", 2..) if (1..=19).contains(&hundred) => "few",
        ("ar", 0) => "zero",
        ("ar" | "he" | "sl" | "cy" | "ga", 2) => "two",
        ("ar", 3..) if (3..=10).contains(&hundred) => "few",
        ("ar", 3..) if (11..=99).contains(&hundred) => "many",
        (_, 1) => "one",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_their_own_forms() {
        let forms = |language, numbers: &[u64]| -> Vec<_> {
            numbers.iter().map(|&number| plural_category(language, number)).collect()
        };
        assert_eq!(forms("en", &[0, 1, 2]), ["other", "one", "other"]);
        assert_eq!(forms("fr-CA", &[0, 1, 2]), ["one", "one", "other"]);
        assert_eq!(forms("pl", &[1, 3, 5, 12, 22]), ["one", "few", "many", "many", "few"]);
        assert_eq!(forms("ru", &[1, 3, 5, 11, 21]), ["one", "few", "many", "many", "one"]);
        assert_eq!(forms("ar", &[0, 1, 2, 3, 11]), ["zero", "one", "two", "few", "many"]);
        assert_eq!(forms("ja", &[1]), ["other"]);
    }
}
