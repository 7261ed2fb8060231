//! Sets of the keys of one store of facts.

use super::KeyId;

/// Keys of one store of facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    words: Vec<u64>,
    len: usize,
}

impl KeySet {
    /// Adds a key.
    pub fn insert(&mut self, id: KeyId) {
        let (word, bit) = (id.index() / 64, id.index() % 64);
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        self.len += usize::from(self.words[word] >> bit & 1 == 0);
        self.words[word] |= 1 << bit;
    }

    /// Tells whether the key is among them.
    pub fn contains(&self, id: KeyId) -> bool {
        let word = self.words.get(id.index() / 64);
        word.is_some_and(|word| word >> (id.index() % 64) & 1 == 1)
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the keys, in order.
    pub fn iter(&self) -> impl Iterator<Item = KeyId> {
        self.words.iter().zip(0_u32..).flat_map(|(word, index)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| KeyId(index * 64 + bit))
        })
    }
}
