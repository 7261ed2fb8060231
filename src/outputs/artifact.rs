//! What a build leaves in the output folder, one file at a time.

use std::sync::Arc;

use crate::fingerprint::Fingerprint;
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
    /// Bytes that take less room than they are long.
    Packed(Packed),
    /// The bytes of a file of the site.
    Copy(FileHandle),
}

/// Compressed bytes: of equal ones, equal ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed(Arc<[u8]>);

impl Packed {
    /// Packs `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Arc::from(lz4_flex::compress_prepend_size(bytes)))
    }

    /// Returns the bytes.
    pub fn unpacked(&self) -> Vec<u8> {
        lz4_flex::decompress_size_prepended(&self.0).expect("what was packed can be unpacked")
    }

    /// Returns what tells these bytes from others.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.0)
    }
}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // What was not made again is the same without a look at its bytes.
            (Content::Bytes(a), Content::Bytes(b)) => Arc::ptr_eq(a, b) || a == b,
            (Content::Packed(a), Content::Packed(b)) => Arc::ptr_eq(&a.0, &b.0) || a == b,
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

/// Keeps pages in memory in little room, for a program that goes on for long.
#[derive(Clone, Copy, Debug)]
pub struct PackedInMemory;

impl Keeper for PackedInMemory {
    fn keep(&self, _path: &str, bytes: Vec<u8>) -> Option<Content> {
        Some(match bytes.is_empty() {
            true => Content::Bytes(Arc::from(bytes)),
            false => Content::Packed(Packed::of(&bytes)),
        })
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
