//! Sets of bytes that a text is searched for.

/// A set of bytes.
///
/// What reads a text goes from one byte that means something to it to the next, and most
/// bytes mean nothing: [`ByteSet::find`] skips these many at a time.
#[derive(Clone, Debug)]
pub struct ByteSet([bool; 256]);

/// How many bytes are looked at together.
const STRIDE: usize = 16;

impl ByteSet {
    /// Returns the set of `bytes`.
    pub const fn new(bytes: &[u8]) -> Self {
        let mut holds = [false; 256];
        let mut index = 0;
        while index < bytes.len() {
            holds[bytes[index] as usize] = true;
            index += 1;
        }
        Self(holds)
    }

    /// Tells whether the set holds `byte`.
    pub const fn holds(&self, byte: u8) -> bool {
        self.0[byte as usize]
    }

    /// Returns where the first of `bytes` stands that is in the set.
    pub fn find(&self, bytes: &[u8]) -> Option<usize> {
        let strides = bytes.chunks_exact(STRIDE);
        let is_free = |stride: &&[u8]| !stride.iter().fold(false, |any, b| any | self.holds(*b));
        let start = strides.take_while(is_free).count() * STRIDE;
        let found = bytes[start..].iter().position(|byte| self.holds(*byte));
        found.map(|found| start + found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_first_is_found(text in "[a-z]{0,40}[a-z&<]{0,40}") {
            const SET: ByteSet = ByteSet::new(b"&<");
            let first = text.find(['&', '<']);
            prop_assert_eq!(SET.find(text.as_bytes()), first);
        }
    }
}
