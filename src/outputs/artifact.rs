//! What a build leaves in the output folder, one file at a time.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use lz4_flex::block;

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

/// Compressed bytes.
#[derive(Clone, Debug)]
pub struct Packed {
    /// What tells the bytes from others, packed or not.
    fingerprint: Fingerprint,
    bytes: Arc<[u8]>,
    /// Bytes that these have much in common with.
    sample: Sample,
}

/// Bytes that others are packed against.
type Sample = Arc<[u8]>;

impl Packed {
    /// Packs `bytes`, of which what stands in `sample` takes little room.
    fn of(bytes: &[u8], sample: Sample) -> Self {
        let packed = block::compress_prepend_size_with_dict(bytes, &sample);
        Self { fingerprint: Fingerprint::of(bytes), bytes: Arc::from(packed), sample }
    }

    /// Returns the bytes.
    pub fn unpacked(&self) -> Vec<u8> {
        block::decompress_size_prepended_with_dict(&self.bytes, &self.sample)
            .expect("what was packed can be unpacked")
    }

    /// Returns what tells these bytes from others.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl PartialEq for Packed {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for Packed {}

impl PartialEq for Content {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            // What was not made again is the same without a look at its bytes.
            (Content::Bytes(a), Content::Bytes(b)) => Arc::ptr_eq(a, b) || a == b,
            (Content::Packed(a), Content::Packed(b)) => a == b,
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
///
/// The pages of a folder have their frame in common, so that each is packed against a
/// sample of those that came before: what is kept takes two thirds of the room.
#[derive(Debug, Default)]
pub struct PackedInMemory {
    samples: RwLock<BTreeMap<FileKind, Sample>>,
}

/// The folder at the top and the extension of a file's name.
type FileKind = (Box<str>, Box<str>);

/// How long a sample grows: the format looks back 64 KiB, the packed bytes included.
const SAMPLE_LENGTH: usize = 32 * 1024;

impl PackedInMemory {
    /// Returns the sample for the file at `path`, which `bytes` go to while it is short.
    fn sample(&self, path: &str, bytes: &[u8]) -> Sample {
        let folder = path.split_once('/').map_or("", |(folder, _)| folder);
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let kind: FileKind = (Box::from(folder), Box::from(extension));
        let known = |samples: &BTreeMap<FileKind, Sample>| {
            samples.get(&kind).filter(|sample| sample.len() >= SAMPLE_LENGTH).map(Arc::clone)
        };
        if let Some(sample) = known(&self.samples.read().unwrap_or_else(PoisonError::into_inner)) {
            return sample;
        }
        let mut samples = self.samples.write().unwrap_or_else(PoisonError::into_inner);
        let sample = samples.entry(kind).or_default();
        if sample.len() < SAMPLE_LENGTH {
            let more = &bytes[..bytes.len().min(SAMPLE_LENGTH - sample.len())];
            *sample = [sample, more].concat().into();
        }
        Arc::clone(sample)
    }
}

impl Keeper for PackedInMemory {
    fn keep(&self, path: &str, bytes: Vec<u8>) -> Option<Content> {
        Some(match bytes.is_empty() {
            true => Content::Bytes(Arc::from(bytes)),
            false => Content::Packed(Packed::of(&bytes, self.sample(path, &bytes))),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(keeper: &PackedInMemory, path: &str, text: &str) -> Packed {
        match keeper.keep(path, text.as_bytes().to_vec()) {
            Some(Content::Packed(packed)) => packed,
            other => panic!("{path} is kept as {other:?}"),
        }
    }

    #[test]
    fn a_file_is_packed_against_others_and_is_the_same_without_them() {
        let keeper = PackedInMemory::default();
        let frame: String = (0..1000).map(|number| format!("<a href=\"/{number}/\">")).collect();
        let page = |words: &str| format!("{frame}{words}");
        let first = packed(&keeper, "articles/a/index.html", &page("One."));
        let second = packed(&keeper, "articles/b/index.html", &page("Two."));
        assert_eq!(second.unpacked(), page("Two.").as_bytes());
        let alone = block::compress_prepend_size(page("Two.").as_bytes());
        assert!(second.bytes.len() * 4 < alone.len(), "{} of {}", second.bytes.len(), alone.len());
        assert_eq!(second.fingerprint(), Fingerprint::of(page("Two.").as_bytes()));
        let apart = packed(&PackedInMemory::default(), "b/index.html", &page("Two."));
        assert_ne!(first, second);
        assert_eq!(apart, second);
    }
}
