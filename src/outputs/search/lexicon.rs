//! The terms of a language by their numbers.
//!
//! A term is a stem, or a whole name: the stems of its words, with a space after each, so
//! that a name stands in the index beside its first word. Numbers are given out as terms
//! come up and never reach the output, whose order is that of the terms.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::words::Stemmer;

/// Stands for a term in the lexicon that gave it out.
pub(super) type TermId = u32;

/// Terms by their numbers.
///
/// Every word of the site is looked up here, by a hash that is quick for short texts: who
/// writes a site does not attack its build.
#[derive(Clone, Debug)]
pub(super) struct Lexicon {
    pub(super) stemmer: Arc<Stemmer>,
    terms: Vec<Arc<str>>,
    ids: FxHashMap<Arc<str>, TermId>,
    /// The stems of words that came up; `None` for those that nobody looks for.
    words: Words,
}

/// What is known of words.
///
/// Nearly all words are short, and are looked up as a number in which their bytes stand.
#[derive(Clone, Debug, Default)]
struct Words {
    short: FxHashMap<u128, Option<TermId>>,
    long: FxHashMap<Box<str>, Option<TermId>>,
}

impl Words {
    /// Returns the bytes of a short word as a number, another for each; no word has a
    /// byte 0.
    fn packed(word: &str) -> Option<u128> {
        let mut bytes = [0; size_of::<u128>()];
        bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
        Some(u128::from_le_bytes(bytes))
    }

    fn get(&self, word: &str) -> Option<Option<TermId>> {
        match Self::packed(word) {
            Some(packed) => self.short.get(&packed).copied(),
            None => self.long.get(word).copied(),
        }
    }

    fn insert(&mut self, word: &str, term: Option<TermId>) {
        match Self::packed(word) {
            Some(packed) => _ = self.short.insert(packed, term),
            None => _ = self.long.insert(Box::from(word), term),
        }
    }
}

impl Lexicon {
    pub(super) fn new(stemmer: Arc<Stemmer>) -> Self {
        Self { stemmer, terms: Vec::new(), ids: FxHashMap::default(), words: Words::default() }
    }

    /// Returns how many terms there are.
    pub(super) fn len(&self) -> usize {
        self.terms.len()
    }

    /// Returns the term that `id` stands for.
    pub(super) fn term(&self, id: TermId) -> &Arc<str> {
        &self.terms[id as usize]
    }

    /// Returns the terms in the order of their numbers.
    pub(super) fn terms(&self) -> &[Arc<str>] {
        &self.terms
    }

    /// Returns the number of a term.
    pub(super) fn id(&mut self, term: &str) -> TermId {
        if let Some(id) = self.ids.get(term) {
            return *id;
        }
        let id = TermId::try_from(self.terms.len()).expect("a site has fewer words");
        let term: Arc<str> = Arc::from(term);
        self.terms.push(Arc::clone(&term));
        self.ids.insert(term, id);
        id
    }

    /// Returns the number of the stem of a word in its normal form; `None` where nobody
    /// looks for it.
    pub(super) fn of_word(&mut self, word: &str) -> Option<TermId> {
        if let Some(known) = self.words.get(word) {
            return known;
        }
        let stem = self.stemmer.stem(word);
        let id = stem.map(|stem| self.id(&stem));
        self.words.insert(word, id);
        id
    }

    /// Returns the number of the name that has these stems.
    pub(super) fn of_name(&mut self, stems: &[TermId]) -> TermId {
        let name: String = stems.iter().flat_map(|stem| [self.term(*stem), " "]).collect();
        self.id(&name)
    }
}
