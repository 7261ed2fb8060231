//! Citation keys, and how near one is to another.

use std::fmt;
use std::sync::Arc;

/// The name of an entry of the citation database, compared exactly.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitationKey(Arc<str>);

impl CitationKey {
    /// Returns the key `key`.
    pub fn new(key: impl Into<Arc<str>>) -> Self {
        Self(key.into())
    }

    /// Returns the key as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for CitationKey {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for CitationKey {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CitationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.0)
    }
}

impl fmt::Display for CitationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A key that was not found, ready to be compared with those that exist.
///
/// Case does not count. Keys that differ only in the year or in the letter behind it
/// (`king2021`, `king2022a`) are near whatever their length, since that is how keys are
/// mistaken most often.
pub(super) struct MistakenKey {
    folded: String,
    /// How much of the key is its name, before the year.
    stem: usize,
}

impl MistakenKey {
    pub(super) fn new(key: &str) -> Self {
        let folded = key.to_lowercase();
        let stem = stem_length(&folded);
        Self { folded, stem }
    }

    /// Returns how far `key` is from it, from 0; `None` where it is too far to be meant.
    pub(super) fn distance(&self, key: &str) -> Option<usize> {
        let length = self.folded.chars().count();
        // About one mistake in four letters; a short key allows one.
        let most = (length / 4).max(1);
        let other = key.to_lowercase();
        let other_stem = stem_length(&other);
        let same_stem = self.stem > 0 && self.folded[..self.stem] == other[..other_stem];
        if !same_stem && other.chars().count().abs_diff(length) > most {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&self.folded, &other);
        (same_stem || distance <= most).then_some(distance)
    }
}

/// Returns the length of what precedes the year in a key; 0 where it holds no year.
fn stem_length(key: &str) -> usize {
    let bytes = key.as_bytes();
    let year = bytes.windows(4).position(|window| {
        window.iter().all(u8::is_ascii_digit) && matches!(&window[..2], b"18" | b"19" | b"20")
    });
    year.unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(mistaken: &str, key: &str) -> Option<usize> {
        MistakenKey::new(mistaken).distance(key)
    }

    #[test]
    fn typing_mistakes_are_near_and_other_keys_are_not() {
        assert_eq!(distance("King2022", "king2022"), Some(0));
        assert_eq!(distance("knig2022", "king2022"), Some(1));
        assert_eq!(distance("kimg2023", "king2022"), Some(2));
        assert_eq!(distance("smith2022", "king2022"), None);
        assert_eq!(distance("ab", "xy"), None);
    }

    #[test]
    fn another_year_or_letter_of_the_same_author_is_near() {
        assert_eq!(distance("king1999", "king2022"), Some(4));
        assert_eq!(distance("king2022", "king2022safety"), Some(6));
        assert_eq!(distance("2022", "2023"), Some(1));
        assert_eq!(distance("müller2020", "müller2021b"), Some(2));
    }
}
