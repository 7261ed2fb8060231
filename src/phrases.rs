//! Phrases that texts are searched for, all lists of them at once: the only door to
//! aho-corasick beside the linking of terms.
//!
//! A phrase is one or more words, found where they stand as whole words. A star at its end
//! stands for any ending of the last word: `cure*` finds "cured". A phrase in small letters is
//! found in any case, one with a capital only as it is written, so that `WHO` is no pronoun.

use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

/// Lists of phrases, each known by the number that whoever made it gave it.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    patterns: Vec<Pattern>,
    /// `None` where there are no patterns.
    automaton: Option<AhoCorasick>,
}

#[derive(Clone, Debug)]
struct Pattern {
    list: usize,
    /// The words as they must be written; `None` where their case does not count.
    exactly: Option<String>,
    any_ending: bool,
}

/// A phrase where a text holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPhrase {
    /// The list that the phrase is in.
    pub list: usize,
    /// Its place in the text, with the whole of the last word.
    pub range: Range<usize>,
}

impl Phrases {
    /// Returns the phrases of all `lists`, each with its list's number.
    pub fn new<'a>(lists: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let mut patterns = Vec::new();
        let mut spellings = Vec::new();
        for (list, phrase) in lists {
            let (words, any_ending) = match phrase.strip_suffix('*') {
                Some(stem) => (stem, true),
                None => (phrase, false),
            };
            let words = words.trim();
            if words.is_empty() {
                continue;
            }
            let exactly = words.chars().any(char::is_uppercase).then(|| words.to_owned());
            for spelling in spelled(words) {
                patterns.push(Pattern { list, exactly: exactly.clone(), any_ending });
                spellings.push(spelling);
            }
        }
        let automaton = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&spellings);
        // It fails only for more patterns than memory holds; then nothing is found.
        let automaton = automaton.ok().filter(|_| !patterns.is_empty());
        Self { patterns, automaton }
    }

    /// Returns the phrases that `text` holds, by their place, and of those of one list that
    /// overlap the one that begins first, and of these the longest.
    pub fn find(&self, text: &str) -> Vec<FoundPhrase> {
        let Some(automaton) = &self.automaton else { return Vec::new() };
        let mut found: Vec<FoundPhrase> = automaton
            .find_overlapping_iter(text)
            .filter_map(|hit| {
                let pattern = &self.patterns[hit.pattern().as_usize()];
                let range = whole_words(text, hit.range(), pattern.any_ending)?;
                let is_meant = pattern.exactly.as_ref().is_none_or(|exactly| {
                    text[hit.range()].replace('\u{2019}', "'") == exactly.replace('\u{2019}', "'")
                });
                is_meant.then_some(FoundPhrase { list: pattern.list, range })
            })
            .collect();
        found.sort_by_key(|found| (found.list, found.range.start, usize::MAX - found.range.end));
        let mut last: Option<(usize, usize)> = None;
        found.retain(|found| {
            let is_free =
                last.is_none_or(|(list, end)| list != found.list || end <= found.range.start);
            if is_free {
                last = Some((found.list, found.range.end));
            }
            is_free
        });
        found.sort_by_key(|found| (found.range.start, found.list));
        found
    }
}

/// Returns the ways in which texts spell `words` that a search without regard to the case of
/// ASCII tells apart: with either apostrophe, and a first letter that is not ASCII in capitals.
fn spelled(words: &str) -> Vec<String> {
    let mut spellings = vec![words.replace('\u{2019}', "'")];
    if spellings[0].contains('\'') {
        spellings.push(words.replace('\'', "\u{2019}"));
    }
    let capitals = spellings.iter().filter_map(|words| {
        let first = words.chars().next().filter(|first| !first.is_ascii())?;
        let capital: String = first.to_uppercase().collect();
        let capital = capital + &words[first.len_utf8()..];
        (capital != *words).then_some(capital)
    });
    let capitals: Vec<String> = capitals.collect();
    spellings.extend(capitals);
    spellings
}

/// Returns `range` where it holds whole words of `text`, drawn out to the end of its last
/// word where that may have `any_ending`.
fn whole_words(text: &str, range: Range<usize>, any_ending: bool) -> Option<Range<usize>> {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let begins_inside =
        is_word(before.chars().next_back()) && is_word(text[range.start..].chars().next());
    if begins_inside {
        return None;
    }
    let rest = after.find(|c: char| !c.is_alphanumeric()).unwrap_or(after.len());
    match any_ending {
        true => Some(range.start..range.end + rest),
        false => {
            let ends_inside = rest > 0 && is_word(text[range.clone()].chars().next_back());
            (!ends_inside).then_some(range)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(lists: &[(usize, &str)], text: &str) -> Vec<(usize, String)> {
        let phrases = Phrases::new(lists.iter().copied());
        let found = phrases.find(text).into_iter();
        found.map(|found| (found.list, text[found.range].to_owned())).collect()
    }

    #[test]
    fn whole_words_are_found_in_any_case() {
        let lists = [(0, "trial"), (0, "meta-analysis"), (1, "cure*")];
        let text = "Trials: a Trial, trialled, META-ANALYSIS; cures, incurable, Cured.";
        assert_eq!(
            found(&lists, text),
            [
                (0, "Trial".to_owned()),
                (0, "META-ANALYSIS".to_owned()),
                (1, "cures".to_owned()),
                (1, "Cured".to_owned()),
            ]
        );
    }

    #[test]
    fn capitals_are_meant_and_apostrophes_are_alike() {
        let lists = [(0, "WHO"), (1, "isn't"), (2, "über")];
        let text = "Who? WHO, isn\u{2019}t, Isn't, Über.";
        let found = found(&lists, text);
        let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["WHO", "isn\u{2019}t", "Isn't", "Über"]);
    }

    #[test]
    fn of_one_list_the_longest_counts_and_lists_do_not_hide_each_other() {
        let lists = [(0, "side effects"), (0, "no side effects"), (1, "effects")];
        assert_eq!(
            found(&lists, "No side effects."),
            [(0, "No side effects".to_owned()), (1, "effects".to_owned()),]
        );
    }

    #[test]
    fn no_phrases_find_nothing() {
        assert_eq!(found(&[], "words"), []);
        assert_eq!(found(&[(0, "*"), (0, " ")], "words * "), []);
    }
}
