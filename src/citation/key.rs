//! Citation keys.

use std::fmt;
use std::sync::Arc;

/// The name of an entry of the citation database, compared exactly.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CitationKey(Arc<str>);

impl CitationKey {
    /// Returns the key `key`.
    pub fn new(key: impl Into<Arc<str>>) -> Self {
        Self(key.into())
    }

    /// Returns the key as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CitationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.0)
    }
}

impl fmt::Display for CitationKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
