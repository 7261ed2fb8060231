//! What a build leaves in the output folder, one file at a time.

use std::sync::Arc;

use crate::load::FileHandle;

/// One file of the built site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its path below the output folder, with `/` between parts and none before them.
    pub path: String,
    /// What it holds.
    pub content: Content,
}

/// What an artifact holds.
#[derive(Clone, Debug, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// The bytes of a file of the site.
    Copy(FileHandle),
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // What was not made again is the same without a look at its bytes.
            (Content::Bytes(a), Content::Bytes(b)) => Arc::ptr_eq(a, b) || a == b,
            (Content::Copy(a), Content::Copy(b)) => a == b,
            _ => false,
        }
    }
}

/// Takes in the rendered pages one by one, from any thread, so that a large site is
/// never held whole.
pub trait Keeper: Sync {
    /// Takes in the page at `path`, or gives it back as an artifact like any other.
    fn keep(&self, path: &str, bytes: Vec<u8>) -> Option<Content>;
}

/// Keeps pages in memory.
#[derive(Clone, Copy, Debug)]
pub struct InMemory;

impl Keeper for InMemory {
    fn keep(&self, _path: &str, bytes: Vec<u8>) -> Option<Content> {
        Some(Content::Bytes(Arc::from(bytes)))
    }
}

impl Artifact {
    /// Returns the artifact at `path` that holds `bytes`.
    pub fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), content: Content::Bytes(Arc::from(bytes.into())) }
    }

    /// Returns the artifact at `path` that is a copy of a file of the site.
    pub fn copy(path: impl Into<String>, file: &FileHandle) -> Self {
        Self { path: path.into(), content: Content::Copy(file.clone()) }
    }
}
