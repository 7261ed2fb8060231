//! What a build leaves in the output folder, one file at a time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::FileHandle;
use crate::packed::{Packable, Packer, Sample};

/// One file of the built site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// Its path below the output folder, with `/` between parts and none before them.
    pub path: String,
    /// What it holds.
    pub content: Content,
}

/// A file that stands beside a page, made as the page is rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BesideFile {
    /// Its path below the output folder, with `/` between parts and none before them.
    pub path: String,
    /// What it holds.
    pub text: String,
}

/// What an artifact holds.
#[derive(Clone, Debug, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Arc<[u8]>),
    /// Bytes that take less room than they are long.
    Packed(PackedFile),
    /// The bytes of a file of the site.
    Copy(FileHandle),
}

/// The bytes of a file, compressed sooner or later.
#[derive(Clone, Debug)]
pub struct PackedFile {
    /// What tells the bytes from others, packed or not.
    fingerprint: Fingerprint,
    bytes: Packable<[u8]>,
}

impl PackedFile {
    /// Returns the bytes.
    pub fn unpacked(&self) -> Arc<[u8]> {
        self.bytes.get()
    }

    /// Returns what tells these bytes from others.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl PartialEq for PackedFile {
    fn eq(&self, other: &Self) -> bool {
        self.fingerprint == other.fingerprint
    }
}

impl Eq for PackedFile {}

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

/// What a build is about to make again, told before its first page is rendered.
#[derive(Debug)]
pub struct Upcoming<'a> {
    /// The paths of the pages.
    pub pages: Vec<String>,
    /// The paths of the other files that may have other bytes afterwards, or be gone.
    pub others: BTreeSet<String>,
    /// The files that are made already: what pages load.
    pub made: Vec<Artifact>,
    /// What was found up to now.
    pub found: &'a [Arc<Diagnostic>],
}

/// Takes in pages, what stands beside them, and long files of the site one by one, from any
/// thread, so that a large site is never held whole.
pub trait Keeper: Sync {
    /// Is told what is about to be made, except in a build that makes everything.
    fn begin(&self, _: Upcoming<'_>) {}

    /// Returns the page that somebody waits for, by its place among the [`Upcoming`] ones;
    /// it is rendered next.
    fn awaited(&self) -> Option<usize> {
        None
    }

    /// Takes in the file at `path`, or gives it back as an artifact like any other; `last`
    /// is what was given back before.
    fn keep(&self, path: &str, bytes: Vec<u8>, last: Option<&Content>) -> Option<Content>;
}

/// Keeps pages in memory.
#[derive(Clone, Copy, Debug)]
pub struct InMemory;

impl Keeper for InMemory {
    fn keep(&self, _: &str, bytes: Vec<u8>, _: Option<&Content>) -> Option<Content> {
        Some(Content::Bytes(Arc::from(bytes)))
    }
}

/// Keeps pages in little room, for a program that goes on for long.
///
/// The pages of a folder have their frame in common, so that each is packed against a
/// sample of those that came before.
///
/// What stood before and is made again is packed when there is time: see
/// [`rest`](Self::rest).
#[derive(Debug, Default)]
pub struct Packing {
    packer: Packer,
    waiting: Mutex<Vec<Waiting>>,
}

/// The bytes of a file that is to be packed.
#[derive(Debug)]
struct Waiting {
    bytes: Packable<[u8]>,
    sample: Option<Arc<Sample>>,
}

/// How many files wait to be packed at most.
const WAITING: usize = 512;

impl Packing {
    /// Returns what keeps files with the `packer`.
    pub fn new(packer: Packer) -> Self {
        Self { packer, waiting: Mutex::default() }
    }

    /// Packs what waits for it.
    pub fn rest(&self) {
        let waiting = std::mem::take(&mut *self.waiting());
        waiting.into_par_iter().for_each(|file| self.packer.pack(&file.bytes, file.sample));
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Keeper for Packing {
    fn keep(&self, path: &str, bytes: Vec<u8>, last: Option<&Content>) -> Option<Content> {
        if bytes.is_empty() {
            return Some(Content::Bytes(Arc::from(bytes)));
        }
        let fingerprint = Fingerprint::of(&bytes);
        if let Some(Content::Packed(last)) = last
            && last.fingerprint == fingerprint
        {
            return Some(Content::Packed(last.clone()));
        }
        let sample = self.packer.sample(path, &bytes);
        let bytes = Packable::new(bytes);
        let mut waiting = self.waiting();
        if last.is_some() && waiting.len() < WAITING {
            waiting.push(Waiting { bytes: bytes.clone(), sample });
        } else {
            drop(waiting);
            self.packer.pack(&bytes, sample);
        }
        Some(Content::Packed(PackedFile { fingerprint, bytes }))
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

    fn packed(keeper: &Packing, path: &str, text: &str) -> PackedFile {
        match keeper.keep(path, text.as_bytes().to_vec(), None) {
            Some(Content::Packed(packed)) => packed,
            other => panic!("{path} is kept as {other:?}"),
        }
    }

    #[test]
    fn a_file_is_packed_against_others_and_is_the_same_without_them() {
        let keeper = Packing::default();
        // No two words of it are alike.
        let word = |number: u32| format!("<a href=\"/{}/\">", number.wrapping_mul(2_654_435_761));
        let frame: String = (0..9000).map(word).collect();
        let page = |words: &str| format!("{}{words}", &frame[..64 * 1024]);
        let first = packed(&keeper, "articles/a/index.html", &page("One."));
        let second = packed(&keeper, "articles/b/index.html", &page("Two."));
        assert_eq!(&*second.unpacked(), page("Two.").as_bytes());
        let apart = packed(&Packing::default(), "b/index.html", &page("Two."));
        let [beside, alone] = [&second, &apart].map(|file| file.bytes.kept());
        assert!(beside * 4 < alone, "{beside} of {alone} bytes");
        assert_eq!(second.fingerprint(), Fingerprint::of(page("Two.").as_bytes()));
        assert_ne!(first, second);
        assert_eq!(apart, second);
    }

    #[test]
    fn what_is_made_again_is_packed_later_and_not_at_all_where_it_is_the_same() {
        let keeper = Packing::default();
        let keep = |words: &str, last: Option<&Content>| {
            keeper.keep("a/index.html", words.repeat(100).into_bytes(), last).unwrap()
        };
        let first = keep("words", None);
        assert_eq!(keep("words", Some(&first)), first);
        assert_eq!(keeper.waiting().len(), 0);
        let Content::Packed(other) = keep("others", Some(&first)) else {
            panic!("a page is packed");
        };
        assert_eq!(other.bytes.kept(), 600, "it waits");
        keeper.rest();
        assert!(other.bytes.kept() < 100, "{} bytes", other.bytes.kept());
        assert_eq!(&*other.unpacked(), "others".repeat(100).as_bytes());
    }
}
