//! Maps and sets that keep their entries in the order in which they came.
//!
//! Their keys are words of the site's own files, which nobody chooses so that they collide:
//! they are hashed for speed.

use rustc_hash::FxBuildHasher;

/// A map whose entries are in the order in which they came.
pub type IndexMap<K, V> = indexmap::IndexMap<K, V, FxBuildHasher>;

/// A set whose values are in the order in which they came.
pub type IndexSet<T> = indexmap::IndexSet<T, FxBuildHasher>;
