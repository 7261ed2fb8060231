//! What galen knows of the files it wrote to an output folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::load::FileError;

use super::disk::Disk;

/// What a file was when it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The fingerprint of its bytes.
    pub(super) fingerprint: Fingerprint,
    /// Its length in bytes.
    pub(super) length: u64,
    /// When it was changed, in nanoseconds since 1970.
    pub(super) modified: u64,
}

/// The files of the last build, by their path below the output folder.
///
/// A file has two stamps while it is being replaced, and after a build that was
/// killed in that moment: it may be in either state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    files: BTreeMap<String, Vec<Stamp>>,
}

/// The manifest as JSON.
#[derive(Serialize, Deserialize)]
struct Stored {
    version: u32,
    files: BTreeMap<String, Vec<(String, u64, u64)>>,
}

/// The version of the format; a manifest of another version counts as none.
const VERSION: u32 = 1;

impl Manifest {
    /// Reads the manifest at `path`; one that is missing or damaged is empty, so
    /// that no file counts as galen's without a record.
    pub(super) fn read(path: &Path) -> Result<Self, FileError> {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(FileError::new("read", path, error)),
        };
        let stored = serde_json::from_slice::<Stored>(&bytes).ok();
        let mut manifest = Self::default();
        for (path, stamps) in
            stored.filter(|stored| stored.version == VERSION).into_iter().flat_map(|s| s.files)
        {
            for (fingerprint, length, modified) in stamps {
                if let Ok(fingerprint) = fingerprint.parse() {
                    manifest.add(&path, Stamp { fingerprint, length, modified });
                }
            }
        }
        Ok(manifest)
    }

    /// Writes the manifest in one step.
    pub(super) fn write(&self, path: &Path, disk: &dyn Disk) -> Result<(), FileError> {
        let files = self.files.iter().map(|(path, stamps)| {
            let stamps = stamps.iter().map(|s| (s.fingerprint.to_string(), s.length, s.modified));
            (path.clone(), stamps.collect())
        });
        let stored = Stored { version: VERSION, files: files.collect() };
        let bytes = serde_json::to_vec(&stored).expect("text and numbers are valid JSON");
        let temporary = path.with_extension("json.new");
        disk.write(&temporary, &bytes)
            .and_then(|()| disk.rename(&temporary, path))
            .map_err(|error| FileError::new("write", path, error))
    }

    /// Adds a state that the file at `path` may be in.
    pub(super) fn add(&mut self, path: &str, stamp: Stamp) {
        let stamps = self.files.entry(path.to_owned()).or_default();
        if !stamps.contains(&stamp) {
            stamps.push(stamp);
        }
    }

    /// Returns the paths, in order.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Tells whether a build wrote the file at `path`.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Returns the states that the file at `path` may be in.
    pub(super) fn stamps(&self, path: &str) -> &[Stamp] {
        self.files.get(path).map_or(&[], Vec::as_slice)
    }
}
