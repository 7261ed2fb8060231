//! Where in a text a name may start.

use crate::byte_set::ByteSet;

/// The beginnings of patterns.
///
/// Most words of a text begin as no pattern does, which is seen here at once: the others
/// alone are compared with the patterns.
#[derive(Clone, Debug)]
pub(super) struct Starts {
    /// The first two bytes of patterns that are shorter than four.
    short: Bits,
    /// The first four bytes of the others, by their hash.
    long: Bits,
}

/// The letters and digits of ASCII, and the underscore, which join to words.
const JOINS: ByteSet =
    ByteSet::new(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

impl Starts {
    /// Returns the beginnings of `patterns`.
    pub(super) fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let mut starts = Self { short: Bits::default(), long: Bits::default() };
        for pattern in patterns {
            match *pattern.as_bytes() {
                [a, b, c, d, ..] => starts.long.set(hash([a, b, c, d])),
                [a, b, ..] => starts.short.set(u16::from_le_bytes([a, b])),
                [a] => (0..=u8::MAX).for_each(|b| starts.short.set(u16::from_le_bytes([a, b]))),
                [] => {}
            }
        }
        starts
    }

    /// Returns the places of `text` where a whole word may begin that is one of the
    /// patterns, in order; not much more.
    pub(super) fn find(&self, text: &str) -> impl Iterator<Item = usize> {
        let bytes = text.as_bytes();
        let mut in_word = false;
        (0..bytes.len()).filter(move |&at| {
            let joins = JOINS.holds(bytes[at]);
            let is_inside = joins && in_word;
            in_word = joins;
            !is_inside && self.may_begin(&bytes[at..]) && text.is_char_boundary(at)
        })
    }

    /// Tells whether a pattern may stand where `text` begins.
    fn may_begin(&self, text: &[u8]) -> bool {
        match *text {
            [a, b, c, d, ..] => {
                self.long.holds(hash([a, b, c, d])) || self.short.holds(u16::from_le_bytes([a, b]))
            }
            // The rest is short enough to be compared.
            _ => true,
        }
    }
}

/// Returns the hash of the first bytes of a pattern (Fibonacci hashing: Knuth, The Art of
/// Computer Programming 3, section 6.4).
fn hash(bytes: [u8; 4]) -> u16 {
    let [.., high, low] = u32::from_be_bytes(bytes).wrapping_mul(0x9e37_79b9).to_le_bytes();
    u16::from_le_bytes([high, low])
}

/// A set of numbers.
#[derive(Clone, Debug)]
struct Bits(Box<[u64]>);

impl Default for Bits {
    fn default() -> Self {
        Self(vec![0; 1 << (u16::BITS - u64::BITS.ilog2())].into_boxed_slice())
    }
}

impl Bits {
    fn set(&mut self, number: u16) {
        self.0[usize::from(number >> 6)] |= 1 << (number & 63);
    }

    fn holds(&self, number: u16) -> bool {
        self.0[usize::from(number >> 6)] >> (number & 63) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_beginning_is_overlooked(
            pattern in "[a-cé東] ?[a-c ]{0,4}",
            before in "([a-c]{0,3}[ (é東'-])?",
            after in "[ a-c]{0,5}",
        ) {
            let text = format!("{before}{pattern}{after}");
            let starts = Starts::new([pattern.as_str()]);
            prop_assert!(starts.find(&text).any(|at| at == before.len()));
            let is_inside = |at: usize| at > 0 && {
                let joins = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                joins(text[..at].chars().next_back()) && joins(text[at..].chars().next())
            };
            prop_assert!(starts.find(&text).all(|at| !is_inside(at)));
        }
    }

    #[test]
    fn words_that_begin_otherwise_are_passed_over() {
        let starts = Starts::new(["nova", "aa"]);
        let found: Vec<usize> = starts.find("a nova, an AA; aa nove novas supernova").collect();
        assert!(found.contains(&2) && found.contains(&15) && found.contains(&23));
        assert!(found.len() < 6, "{found:?}");
    }
}
