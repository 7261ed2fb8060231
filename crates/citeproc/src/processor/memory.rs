//! What a processor remembers of the items that documents share.
//!
//! A rendering is a function of an item and of its [`Context`](crate::render::Context). Each is
//! kept under what the style looks at of that context (`style/reads.rs`), so that an item which
//! many documents cite is rendered once where the style allows, and never wrongly where not.

use super::bibliography::EntryForm;
use super::citation::CiteForm;
use super::registry::prepared;
use super::sort::Value;
use crate::cite::Position;
use crate::item::Item;
use crate::render::{Disambiguation, NamesTrace};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// How many locks the memory is spread over, so that threads seldom wait for each other.
const SHARDS: usize = 16;

/// How many renderings of one kind are kept of an item; what differs more often than that from
/// document to document is not worth the memory.
const MAX_VARIANTS: usize = 16;

type Shard = RwLock<HashMap<Box<str>, Arc<Remembered>>>;

/// The items that a processor has seen, by key.
#[derive(Debug, Default)]
pub(super) struct Memory {
    shards: [Shard; SHARDS],
}

impl Memory {
    /// Returns what is remembered of an item; another item of the same key is forgotten.
    pub(super) fn of(&self, item: &Arc<Item>) -> Arc<Remembered> {
        // Keys differ most in their last characters, and any spread will do.
        let tail = item.id.bytes().rev().take(4).fold(0, |sum, byte| sum * 31 + usize::from(byte));
        let shard = &self.shards[tail % SHARDS];
        {
            let known = shard.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = known.get(&item.id).filter(|r| Arc::ptr_eq(&r.source, item)) {
                return Arc::clone(found);
            }
        }
        let new = Arc::new(Remembered::new(Arc::clone(item)));
        let mut known = shard.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(&item.id).filter(|r| Arc::ptr_eq(&r.source, item)) {
            return Arc::clone(found);
        }
        known.insert(item.id.clone(), Arc::clone(&new));
        new
    }

    /// Forgets every item.
    pub(super) fn clear(&self) {
        for shard in &self.shards {
            *shard.write().unwrap_or_else(PoisonError::into_inner) = HashMap::new();
        }
    }
}

/// What is remembered of one item.
#[derive(Debug)]
pub(super) struct Remembered {
    source: Arc<Item>,
    /// The item with its names taken apart, where that changes it.
    prepared: Option<Item>,
    pub(super) list_values: OnceLock<Vec<Value>>,
    pub(super) cite_values: OnceLock<Vec<Value>>,
    pub(super) compared: Variants<ComparedKey, Compared>,
    pub(super) cites: Variants<CiteKey, CiteForm>,
    pub(super) entries: Variants<EntryKey, EntryForm>,
}

impl Remembered {
    fn new(source: Arc<Item>) -> Self {
        let prepared = match prepared(&source) {
            Cow::Owned(item) => Some(item),
            Cow::Borrowed(_) => None,
        };
        Self {
            source,
            prepared,
            list_values: OnceLock::new(),
            cite_values: OnceLock::new(),
            compared: Variants::default(),
            cites: Variants::default(),
            entries: Variants::default(),
        }
    }

    pub(super) fn item(&self) -> &Item {
        self.prepared.as_ref().unwrap_or(&self.source)
    }
}

/// What the rendering of a cite without locator and affixes depends on, beside its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CiteKey {
    pub(super) position: Position,
    pub(super) near_note: bool,
    pub(super) first_note: Option<u32>,
    pub(super) year_suffix: Option<u32>,
    pub(super) disambiguation: Disambiguation,
    pub(super) suppress_names: bool,
    pub(super) begins_sentence: bool,
}

/// What a cite that is compared with others depends on, beside its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ComparedKey {
    pub(super) number: Option<u32>,
    pub(super) disambiguation: Disambiguation,
}

/// A cite as it is compared with others.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) text: String,
    pub(super) trace: Vec<NamesTrace>,
}

/// What the rendering of an entry depends on, beside its item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EntryKey {
    pub(super) number: Option<u32>,
    pub(super) first_note: Option<u32>,
    pub(super) year_suffix: Option<u32>,
    pub(super) condition: bool,
}

/// Renderings of one kind, by what they depend on.
#[derive(Debug)]
pub(super) struct Variants<K, V>(RwLock<Vec<(K, Arc<V>)>>);

impl<K, V> Default for Variants<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: PartialEq, V> Variants<K, V> {
    /// Returns the rendering for `key`, and makes it where it is not known.
    pub(super) fn get_or(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, found)) = known.iter().find(|(own, _)| *own == key) {
                return Arc::clone(found);
            }
        }
        let new = Arc::new(make());
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < MAX_VARIANTS && !known.iter().any(|(own, _)| *own == key) {
            known.push((key, Arc::clone(&new)));
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::ItemType;

    #[test]
    fn an_item_is_known_by_its_identity_and_not_by_its_key_alone() {
        let memory = Memory::default();
        let first = Arc::new(Item::new("a", ItemType::Book));
        let second = Arc::new(Item::new("a", ItemType::Webpage));
        let known = memory.of(&first);
        assert!(Arc::ptr_eq(&known, &memory.of(&first)));
        assert_eq!(memory.of(&second).item().kind, ItemType::Webpage);
        assert_eq!(memory.of(&first).item().kind, ItemType::Book);
        let known = memory.of(&first);
        memory.clear();
        assert!(!Arc::ptr_eq(&known, &memory.of(&first)));
    }

    #[test]
    fn variants_are_made_once_and_bounded() {
        let variants: Variants<usize, usize> = Variants::default();
        assert_eq!(*variants.get_or(1, || 10), 10);
        assert_eq!(*variants.get_or(1, || unreachable!()), 10);
        for key in 0..10 * MAX_VARIANTS {
            assert_eq!(*variants.get_or(key, || key * 10), key * 10);
        }
        assert_eq!(variants.0.read().unwrap().len(), MAX_VARIANTS);
    }
}
