//! The ids of a page: anchors of headings as on GitHub, each used once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use unicode_normalization::char::is_combining_mark;

/// The ids that are taken, with the place of each that the author gave.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    /// Those that the page itself uses; one that ends with a hyphen begins several.
    reserved: Vec<Arc<str>>,
    taken: BTreeMap<Arc<str>, Option<Range<usize>>>,
    /// The last number that each slug got.
    numbers: BTreeMap<String, usize>,
}

impl Anchors {
    /// Returns the anchors of a page that uses the ids `reserved` itself; one that ends with
    /// a hyphen stands for all that begin with it.
    pub(super) fn with_reserved(reserved: &[Arc<str>]) -> Self {
        Self { reserved: reserved.to_vec(), ..Self::default() }
    }

    /// Tells whether the page uses the id `id` itself.
    pub(super) fn is_own(&self, id: &str) -> bool {
        self.reserved.iter().any(|reserved| **reserved == *id)
    }

    /// Tells whether the page may use the id `id` itself.
    fn is_reserved(&self, id: &str) -> bool {
        let begins = |reserved: &Arc<str>| reserved.ends_with('-') && id.starts_with(&**reserved);
        self.is_own(id) || self.reserved.iter().any(begins)
    }

    /// Takes the id that the author gives at `place`.
    ///
    /// # Errors
    ///
    /// Returns the place of the earlier one where it is taken, be it by the page itself.
    pub(super) fn claim(
        &mut self,
        id: &str,
        place: Range<usize>,
    ) -> Result<Arc<str>, Option<Range<usize>>> {
        if let Some(earlier) = self.taken.get(id) {
            return Err(earlier.clone());
        }
        if self.is_own(id) {
            return Err(None);
        }
        let id: Arc<str> = Arc::from(id);
        self.taken.insert(Arc::clone(&id), Some(place));
        Ok(id)
    }

    /// Returns a free id made from `text`, with a number where it is taken.
    pub(super) fn derive(&mut self, text: &str) -> Arc<str> {
        let mut slug = slug(text);
        if slug.is_empty() {
            slug.push_str("section");
        }
        if self.is_reserved(&slug) {
            slug.insert_str(0, "section-");
        }
        let mut id: Arc<str> = Arc::from(slug.as_str());
        if self.taken.contains_key(&id) {
            let number = self.numbers.entry(slug.clone()).or_default();
            while self.taken.contains_key(&id) {
                *number += 1;
                id = Arc::from(format!("{slug}-{number}"));
            }
        }
        self.taken.insert(Arc::clone(&id), None);
        id
    }
}

/// Returns the anchor that GitHub makes of a heading: lower case, punctuation
/// dropped, spaces as hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            ' ' => slug.push('-'),
            '-' | '_' => slug.push(c),
            c if is_word(c) => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}

/// Tells whether `c` is a letter, a mark or a decimal digit.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || (!c.is_ascii() && (c.is_alphabetic() || is_combining_mark(c)))
        || (!c.is_ascii()
            && c.is_numeric()
            && !matches!(c, '²' | '³' | '¹' | '¼'..='¾' | '\u{2070}'..='\u{218b}' | '\u{2460}'..='\u{24ff}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_githubs() {
        assert_eq!(slug("What's new in C++ & Rust?"), "whats-new-in-c--rust");
        assert_eq!(slug("Größe_und Maß – 2"), "größe_und-maß--2");
        assert_eq!(slug("  CO₂ x² 日本  "), "co-x-日本");
    }

    #[test]
    fn an_id_is_used_once() {
        let mut anchors = Anchors::with_reserved(&[Arc::from("people"), Arc::from("ref-")]);
        assert_eq!(&*anchors.derive("People"), "section-people");
        assert_eq!(&*anchors.derive("Ref a1"), "section-ref-a1");
        assert_eq!(anchors.claim("people", 0..1), Err(None));
        assert_eq!(anchors.claim("ref-values", 0..1).as_deref(), Ok("ref-values"));
        assert_eq!(&*anchors.derive("References"), "references");
        assert_eq!(&*anchors.derive("A"), "a");
        assert_eq!(&*anchors.derive("A"), "a-1");
        assert_eq!(anchors.claim("b", 3..4).as_deref(), Ok("b"));
        assert_eq!(anchors.claim("b", 9..10), Err(Some(3..4)));
        assert_eq!(&*anchors.derive("?!"), "section");
    }
}
