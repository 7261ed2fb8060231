//! What can be known of a text without it.

use std::hash::Hasher;

use rustc_hash::FxHasher;
use unicode_normalization::char::is_combining_mark;

/// How many bits a signature has at most: as many as a text of a usual length has bytes.
const MOST_BITS: usize = 8192;

/// How many it has at least.
const FEWEST_BITS: usize = 256;

/// How many bits each word sets.
const BITS_A_WORD: u32 = 3;

/// What may hide a word of ASCII, beside combining marks, since folding drops it or makes
/// ASCII of it: the soft hyphen, joiners and marks without width, the Kelvin sign and the
/// capital I with a dot.
const HIDING: [char; 8] =
    ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{212a}', '\u{130}'];

/// Tells of most words that a text does not hold them.
///
/// Each run of letters and digits of ASCII, in lower case, sets some bits. A text that holds
/// a word has set all bits of the word (B. H. Bloom, Space/time trade-offs in hash coding
/// with allowable errors, 1970).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    bits: Box<[u64]>,
    /// Whether a word may be hidden in the text.
    hides: bool,
}

impl Signature {
    /// Returns the signature of the texts.
    pub fn of(texts: &[&str]) -> Self {
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        let length = bytes.next_power_of_two().clamp(FEWEST_BITS, MOST_BITS);
        let mut bits = vec![0; length / 64].into_boxed_slice();
        for word in texts.iter().flat_map(|text| words(text)) {
            for place in places(word, length) {
                bits[place / 64] |= 1 << (place % 64);
            }
        }
        let is_hiding = |c: char| HIDING.contains(&c) || is_combining_mark(c);
        let hides = texts.iter().any(|text| !text.is_ascii() && text.contains(is_hiding));
        Self { bits, hides }
    }

    /// Tells whether one of the texts may hold `term` as whole words, where both are folded.
    pub fn may_hold(&self, term: &str) -> bool {
        let length = self.bits.len() * 64;
        let is_set = |place: usize| self.bits[place / 64] & (1 << (place % 64)) != 0;
        self.hides || words(term).all(|word| places(word, length).all(is_set))
    }
}

/// Returns the runs of letters and digits of ASCII; other letters divide them.
fn words(text: &str) -> impl Iterator<Item = &[u8]> {
    text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Returns the places of the bits that `word` sets among as many as `length`, a power of two
/// (A. Kirsch and M. Mitzenmacher, Less hashing, same performance, 2006).
fn places(word: &[u8], length: usize) -> impl Iterator<Item = usize> {
    let mut hasher = FxHasher::default();
    word.iter().for_each(|byte| hasher.write_u8(byte.to_ascii_lowercase()));
    let hash = hasher.finish();
    let (first, step) = (hash as u32, (hash >> 32) as u32 | 1);
    (0..BITS_A_WORD).map(move |nth| {
        let place = first.wrapping_add(step.wrapping_mul(nth));
        place as usize & (length - 1)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::parse::text::fold;

    proptest! {
        #[test]
        fn what_a_text_holds_it_may_hold(
            before in "(\\PC{0,20}[ .,-])?", term in "[A-Za-z0-9é.' -]{0,12}", after in "([ .,-]\\PC{0,20})?",
        ) {
            let text = format!("{before}{term}{after}");
            let signature = Signature::of(&["others", &text]);
            prop_assert!(signature.may_hold(&fold(&term)));
        }
    }

    #[test]
    fn a_text_may_hide_a_word() {
        let may_hold = |text: &str| Signature::of(&[text]).may_hold("upadacitinib");
        assert_eq!(fold("upa\u{ad}dacitinib"), "upadacitinib");
        assert!(may_hold("upa\u{ad}dacitinib") && !may_hold("upadaçitinib"));
        // Here `i` and a mark are another letter.
        assert!(Signature::of(&["nai\u{308}ve"]).may_hold(&fold("naïve")));
    }

    #[test]
    fn most_words_that_a_text_does_not_hold_are_told() {
        let text: String = (0..1500).map(|n| format!("w{:x} ", n * 7919)).collect();
        let signature = Signature::of(&[&text]);
        let words = (0..1000).map(|number| format!("qx{:o}z", number * 104_729));
        let held = words.filter(|word| signature.may_hold(word)).count();
        assert!(held < 150, "{held} of 1,000");
    }
}
