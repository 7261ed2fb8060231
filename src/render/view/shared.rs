//! Values that pages have in common, made by the first one that asks.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, RwLock};

use rustc_hash::FxHashMap;

/// A shared value that is known by its address.
#[derive(Debug)]
pub(super) struct ByAddress<T>(Arc<T>);

impl<T> ByAddress<T> {
    pub(super) fn of(value: &Arc<T>) -> Self {
        Self(Arc::clone(value))
    }
}

impl<T> PartialEq for ByAddress<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for ByAddress<T> {}

impl<T> Hash for ByAddress<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// Values that several threads make and share.
#[derive(Debug)]
pub(super) struct Shared<K, V>(RwLock<FxHashMap<K, V>>);

impl<K, V> Default for Shared<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Shared<K, V> {
    pub(super) fn get(&self, key: &K) -> Option<V> {
        self.0.read().expect("no thread panics while it holds the lock").get(key).cloned()
    }

    pub(super) fn insert(&self, key: K, value: V) {
        self.0.write().expect("no thread panics while it holds the lock").insert(key, value);
    }

    /// Returns the value under `key`, which `make` makes where there is none; two
    /// threads may both make it.
    pub(super) fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V {
        if let Some(value) = self.get(&key) {
            return value;
        }
        let value = make();
        self.insert(key, value.clone());
        value
    }
}
