//! The few things that publishing does to a disk, so that a test can let it fail.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use walkdir::WalkDir;

use crate::fingerprint::Fingerprint;
use crate::load::{FileError, fingerprint_of};

use super::manifest::Stamp;

/// What changes a disk.
pub(super) trait Disk: Sync {
    /// Makes the folder and those above it, where they are missing.
    fn create_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Writes a file.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Writes a file with the bytes of another, and none of its permissions.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Moves a file, in one step, over what may stand there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Deletes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Deletes a folder with all that it holds; one that is missing is fine.
    fn remove_dir_all(&self, path: &Path) -> io::Result<()>;
    /// Deletes a folder if it is empty.
    fn remove_empty_dir(&self, path: &Path);
}

/// The machine's own disk.
pub(super) struct RealDisk;

impl Disk for RealDisk {
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(bytes)
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        // Not `fs::copy`, which would publish a private source file as private.
        io::copy(&mut File::open(from)?, &mut File::create(to)?).map(drop)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        match fs::remove_dir_all(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    fn remove_empty_dir(&self, path: &Path) {
        // A folder that somebody else's file keeps alive is not a failure.
        let _ = fs::remove_dir(path);
    }
}

/// Puts `bytes` into the place of what the file at `path` holds, all at once: whatever
/// happens meanwhile, the file is whole.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Of a link, the file that it leads to.
    let path = fs::canonicalize(path)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder)?;
    fresh.write_all(bytes)?;
    fresh.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    fresh.persist(&path)?;
    Ok(())
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing.
    Missing,
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link, or something that is neither file nor folder.
    Other,
}

/// Tells what stands at `path`, without following a link.
pub(super) fn kind(path: &Path) -> Kind {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_file() => Kind::File,
        Ok(metadata) if metadata.is_dir() => Kind::Folder,
        Ok(_) => Kind::Other,
        // Below a file nothing stands, which the system reports as its own error.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Kind::Missing
        }
        Err(_) => Kind::Other,
    }
}

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stat {
    /// Its length in bytes.
    pub(super) length: u64,
    /// When it was changed, in nanoseconds since 1970; 0 where the system does not tell.
    pub(super) modified: u64,
}

/// Returns what the file at `path` looks like; `None` where there is no file.
pub(super) fn stat(path: &Path) -> Option<Stat> {
    let metadata = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0);
    Some(Stat { length: metadata.len(), modified })
}

/// Returns the stamp of the file at `path`, whose bytes have `fingerprint`.
pub(super) fn stamp(path: &Path, fingerprint: Fingerprint) -> io::Result<Stamp> {
    let Stat { length, modified } = stat(path).ok_or(io::ErrorKind::NotFound)?;
    Ok(Stamp { fingerprint, length, modified })
}

/// Returns the fingerprint of the file at `path`, where it can be read.
pub(super) fn fingerprint(path: &Path) -> Option<Fingerprint> {
    fingerprint_of(File::open(path).ok()?).ok().map(|(_, fingerprint)| fingerprint)
}

/// Returns whatever is below the folder and is not itself a folder; `None` where
/// it cannot be listed.
pub(super) fn files_below(folder: &Path) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.ok()?;
        if !entry.file_type().is_dir() {
            files.push(entry.into_path());
        }
    }
    Some(files)
}

/// Returns the folder and those below it, each after what is below it.
pub(super) fn folders_of(folder: &Path) -> Vec<PathBuf> {
    let entries = WalkDir::new(folder).contents_first(true).into_iter().flatten();
    entries.filter(|entry| entry.file_type().is_dir()).map(walkdir::DirEntry::into_path).collect()
}

/// Takes the lock at `path`, waiting for another process that holds it.
pub(super) fn lock(path: &Path) -> Result<File, FileError> {
    let failed = |error| FileError::new("lock", path, error);
    let file = File::create(path).map_err(failed)?;
    match file.lock() {
        // Some network file systems know no locks; a lock there is no condition.
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(file),
        result => result.map(|()| file).map_err(failed),
    }
}
