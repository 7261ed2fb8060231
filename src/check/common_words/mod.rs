//! Everyday words, by language: data, which rules ask.
//!
//! `en.txt` holds the words of everyday English, a word a line, in order. What belongs to a
//! subject (a disease, a part of the body) is left out even where everybody knows it: who
//! writes a page about it wants it linked.

use std::sync::LazyLock;

use crate::page_id::Lang;

static ENGLISH: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("en.txt").lines().collect());

/// The fewest letters of a word that is known in the plural too: "hims" is a name.
const PLURAL_FROM: usize = 5;

/// Tells whether `word`, in small letters, is an everyday word of the language `lang`;
/// `false` where there is no list of its words.
pub(super) fn is_common(word: &str, lang: &Lang) -> bool {
    if lang.primary() != "en" {
        return false;
    }
    let singular = word.strip_suffix('s').filter(|_| word.len() >= PLURAL_FROM);
    let is_listed = |word: &str| ENGLISH.binary_search(&word).is_ok();
    is_listed(word) || singular.is_some_and(is_listed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order_and_in_small_letters() {
        assert!(ENGLISH.len() > 1500);
        for pair in ENGLISH.windows(2) {
            assert!(pair[0] < pair[1], "`{}` stands before `{}`", pair[1], pair[0]);
        }
        let is_word =
            |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase());
        assert_eq!(ENGLISH.iter().find(|word| !is_word(word)), None);
    }

    #[test]
    fn a_word_is_common_in_its_language() {
        let en = Lang::new("en-GB");
        for common in ["trial", "trials", "the", "wednesday", "youth", "a"] {
            assert!(is_common(common, &en), "{common}");
        }
        for rare in ["placebo", "telogen", "hims", "", "tria", "zzz", "trial\nfor"] {
            assert!(!is_common(rare, &en), "{rare}");
        }
        assert!(!is_common("trial", &Lang::new("de")));
    }
}
