//! Fingerprints of content: what tells a cached value that its input is the same.

use std::fmt;

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// A 128-bit hash of content; equal on every machine, not meant to resist an attacker.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    /// Returns the fingerprint of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }

    /// Returns the fingerprint of several parts; where one part ends counts.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = Xxh3::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hasher.digest128())
    }

    /// Returns a hasher that takes content piece by piece; the pieces' ends do not count.
    pub fn hasher() -> Hasher {
        Hasher(Xxh3::new())
    }

    /// Returns the first eight hexadecimal digits, as asset names carry them.
    pub fn short(self) -> String {
        format!("{:08x}", (self.0 >> 96) as u32)
    }
}

/// Takes the fingerprint of content that is read piece by piece.
pub struct Hasher(Xxh3);

impl Hasher {
    /// Takes in the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Returns the fingerprint of all pieces as one, the same as [`Fingerprint::of`].
    pub fn finish(&self) -> Fingerprint {
        Fingerprint(self.0.digest128())
    }
}

impl std::str::FromStr for Fingerprint {
    type Err = std::num::ParseIntError;

    /// Reads the 32 hexadecimal digits that a fingerprint is shown as.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_and_digits_give_the_same_fingerprint() {
        let whole = Fingerprint::of(b"abc");
        let mut hasher = Fingerprint::hasher();
        hasher.update(b"a");
        hasher.update(b"bc");
        assert_eq!(hasher.finish(), whole);
        assert_eq!(whole.to_string().parse(), Ok(whole));
    }

    #[test]
    fn parts_are_not_their_concatenation() {
        let split = Fingerprint::of_parts([b"ab".as_slice(), b"c"]);
        assert_ne!(split, Fingerprint::of_parts([b"a".as_slice(), b"bc"]));
        assert_eq!(split, Fingerprint::of_parts([b"ab".as_slice(), b"c"]));
    }
}
