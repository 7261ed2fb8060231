//! From [`Artifact`]s to the output folder, so that a reader never meets half a site.
//!
//! This is the only place that writes to the disk (a [`Shelf`] too is written here). A [`Publication`] takes the
//! artifacts one by one, from any thread, pages as soon as they are rendered, and puts those
//! whose bytes differ from what stands in the output folder into a staging folder in it.
//! Only [`Publication::commit`] touches the site:
//!
//! 1. It judges every path before it changes any: a file that galen did not write
//!    is in nobody's way, or nothing happens.
//! 2. It notes in the manifest, for each file, what stands there and what will.
//! 3. It renames the staged files into place, assets before the pages that name
//!    them, then deletes the files that the last build wrote and this one did not.
//!
//! A build that fails or is killed before step 3 leaves the site as it was; one
//! that is killed within it leaves every file whole, and the manifest knows both
//! states of each, so that the next build completes the work.

mod disk;
mod error;
mod manifest;
mod publisher;
mod shelf;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use rayon::prelude::*;

use crate::fingerprint::Fingerprint;
use crate::load::{self, FileError};
use crate::outputs::{Artifact, Content, Keeper};

pub use error::WriteError;
pub use publisher::Publisher;
pub use shelf::Shelf;

use disk::{Disk, RealDisk};
use manifest::{Manifest, Stamp};

/// The folder in the output folder where files wait to be renamed; the same file
/// system is what makes the rename a single step.
const STAGING_FOLDER: &str = ".galen-staging";

/// An output folder that is safe to write to.
#[derive(Clone, Debug)]
pub struct OutputDir {
    path: PathBuf,
    state: PathBuf,
    manifest: PathBuf,
    /// Whether files that galen did not write are replaced where the site has its own.
    takes_over: bool,
}

/// What a publication did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublishReport {
    /// Files that were added or replaced.
    pub written: usize,
    /// Files that stood there with the same bytes.
    pub unchanged: usize,
    /// Files of the last build that are gone.
    pub deleted: usize,
    /// Files of the site.
    pub files: usize,
    /// Bytes of the site.
    pub bytes: u64,
}

impl OutputDir {
    /// Returns the output folder `output` (relative to `root`, or absolute) of the
    /// site in `root`; it need not exist.
    ///
    /// # Errors
    /// Fails where the folder is the site itself, one of the folders that the site
    /// is made from or inside one, or holds any of these.
    pub fn new(root: &Path, output: &Path) -> Result<Self, WriteError> {
        let root = load::resolved(
            &std::path::absolute(root).map_err(|error| FileError::new("find", root, error))?,
        );
        let path = load::resolved(&root.join(output));
        let refuse = |reason| Err(WriteError::UnsafeOutput { path: path.clone(), reason });
        if root.starts_with(&path) {
            return refuse("the site itself lies in it");
        }
        for folder in load::FOLDERS.into_iter().chain([load::STATE_FOLDER, ".git"]) {
            let input = load::resolved(&root.join(folder));
            if path.starts_with(&input) {
                return refuse("it lies in a folder that the site is made from");
            }
            if input.starts_with(&path) {
                return refuse("it holds a folder that the site is made from");
            }
        }
        if path.is_file() {
            return refuse("it is a file");
        }
        let state = root.join(load::STATE_FOLDER);
        // Relative, so that a site that is moved with its output still knows it.
        let known_as = path.strip_prefix(&root).unwrap_or(&path);
        let name = Fingerprint::of(known_as.to_string_lossy().as_bytes()).short();
        let manifest = state.join(format!("manifest-{name}.json"));
        Ok(Self { manifest, path, state, takes_over: false })
    }

    /// Lets the site's files replace those of the same names that galen does not know,
    /// as after the record of an earlier build was lost. Folders and links stay, and
    /// nothing else is deleted.
    pub fn taking_over(self) -> Self {
        Self { takes_over: true, ..self }
    }

    /// Returns the folder as an absolute path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

/// The making of one version of the site; nothing is seen before [`Self::commit`].
///
/// Dropped without a commit, it leaves the site as it was.
pub struct Publication<'a> {
    output: &'a OutputDir,
    disk: &'a dyn Disk,
    before: Manifest,
    planned: Mutex<BTreeMap<String, Planned>>,
    /// How many files were staged; the folder for them is made before the first.
    staged: Mutex<usize>,
    /// Whether the output folder was not there before, so that nothing stands in place.
    is_new: bool,
    /// What went wrong first with a page that was taken in as it was rendered.
    failure: Mutex<Option<WriteError>>,
    /// What was not there before: it goes again where nothing is published.
    made: Vec<PathBuf>,
    /// Held so that two builds do not publish to one folder at a time.
    _lock: File,
}

/// What tells the bytes of one file from others.
#[derive(Clone, Copy)]
struct Identity {
    fingerprint: Fingerprint,
    length: u64,
}

/// One file of the next version.
#[derive(Clone, Debug)]
struct Planned {
    stamp: Stamp,
    /// The file in the staging folder; `None` where the right bytes stand in place.
    staged: Option<PathBuf>,
}

impl<'a> Publication<'a> {
    /// Starts a publication to `output`, when no other is under way.
    ///
    /// What a killed publication left in the staging folder is removed.
    ///
    /// # Errors
    /// Fails where the folders cannot be made or the manifest cannot be read.
    pub fn begin(output: &'a OutputDir) -> Result<Self, WriteError> {
        Self::begin_on(output, &RealDisk)
    }

    fn begin_on(output: &'a OutputDir, disk: &'a dyn Disk) -> Result<Self, WriteError> {
        let state = &output.state;
        let lock_file = output.manifest.with_extension("lock");
        let new = [&lock_file, state, &output.path].into_iter();
        let made: Vec<PathBuf> =
            new.filter(|path| disk::kind(path) == disk::Kind::Missing).cloned().collect();
        disk.create_dir_all(state).map_err(|e| FileError::new("create", state, e))?;
        let lock = disk::lock(&lock_file)?;
        let staging = output.path.join(STAGING_FOLDER);
        disk.remove_dir_all(&staging).map_err(|e| FileError::new("remove", &staging, e))?;
        Ok(Self {
            output,
            disk,
            before: Manifest::read(&output.manifest)?,
            planned: Mutex::default(),
            staged: Mutex::default(),
            is_new: made.contains(&output.path),
            failure: Mutex::default(),
            made,
            _lock: lock,
        })
    }

    /// Takes in one file of the site.
    ///
    /// # Errors
    /// Fails where the path is bad or taken, or the file cannot be staged.
    pub fn stage(&self, artifact: &Artifact) -> Result<(), WriteError> {
        match &artifact.content {
            Content::Bytes(bytes) => self.stage_bytes(&artifact.path, bytes),
            Content::Packed(packed) => self.stage_bytes(&artifact.path, &packed.unpacked()),
            Content::Copy(file) => {
                let bytes = Identity { fingerprint: file.fingerprint, length: file.length };
                self.plan(&artifact.path, bytes, |staged| {
                    let copied = self.disk.copy(&file.path, staged);
                    copied.map_err(|error| FileError::new("copy", &file.path, error))
                })
            }
        }
    }

    fn stage_bytes(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        let identity = Identity { fingerprint: Fingerprint::of(bytes), length: bytes.len() as u64 };
        self.plan(path, identity, |staged| {
            let written = self.disk.write(staged, bytes);
            written.map_err(|error| FileError::new("write", staged, error))
        })
    }

    /// Plans the file at `path`, which `write` writes into the staging folder unless its
    /// bytes stand in place.
    fn plan(
        &self,
        path: &str,
        bytes: Identity,
        write: impl FnOnce(&Path) -> Result<(), FileError>,
    ) -> Result<(), WriteError> {
        if !is_safe(path) {
            return Err(WriteError::BadPath(path.to_owned()));
        }
        let planned = match self.in_place(path, bytes) {
            Some(stamp) => Planned { stamp, staged: None },
            None => {
                let staged = self.staging_place()?;
                write(&staged)?;
                let stamp = disk::stamp(&staged, bytes.fingerprint);
                let stamp = stamp.map_err(|error| FileError::new("write", &staged, error))?;
                Planned { stamp, staged: Some(staged) }
            }
        };
        let mut all = self.planned.lock().expect("no thread panics while it plans");
        match all.insert(path.to_owned(), planned) {
            None => Ok(()),
            Some(_) => Err(WriteError::Claimed(path.to_owned())),
        }
    }

    /// Returns the stamp of the file in place, where it has these bytes.
    fn in_place(&self, path: &str, bytes: Identity) -> Option<Stamp> {
        if self.is_new {
            return None;
        }
        let Identity { fingerprint, length } = bytes;
        let full = self.output.path.join(path);
        let found = disk::stat(&full).filter(|found| found.length == length)?;
        let wanted = Stamp { fingerprint, length, modified: found.modified };
        let known = self.before.stamps(path).contains(&wanted);
        (known || disk::fingerprint(&full) == Some(fingerprint)).then_some(wanted)
    }

    /// Returns the path of a new file in the staging folder.
    fn staging_place(&self) -> Result<PathBuf, WriteError> {
        let staging = self.output.path.join(STAGING_FOLDER);
        let mut staged = self.staged.lock().expect("no thread panics while it counts");
        if *staged == 0 {
            let made = self.disk.create_dir_all(&staging);
            made.map_err(|error| FileError::new("create", &staging, error))?;
        }
        *staged += 1;
        Ok(staging.join(staged.to_string()))
    }

    /// Takes in the artifacts, beside the pages that it has kept already, and puts the new version in
    /// the place of the last one.
    ///
    /// # Errors
    /// Fails as [`Self::stage`] and [`Self::commit`] do.
    pub fn publish(self, artifacts: &[Artifact]) -> Result<PublishReport, WriteError> {
        artifacts.par_iter().try_for_each(|artifact| self.stage(artifact))?;
        self.commit()
    }

    /// Puts the new version in the place of the last one.
    ///
    /// # Errors
    /// Fails before the site is touched where something of somebody else's stands
    /// in the way or a page could not be staged, and where the disk fails.
    pub fn commit(self) -> Result<PublishReport, WriteError> {
        Ok(self.commit_noting()?.0)
    }

    /// Does the same, and returns what is known of the files, too.
    fn commit_noting(mut self) -> Result<(PublishReport, Manifest), WriteError> {
        if let Some(failure) = self.failure.get_mut().expect("no thread panics with it").take() {
            return Err(failure);
        }
        let planned =
            std::mem::take(self.planned.get_mut().expect("no thread panics while it plans"));
        let emptied = self.judge(&planned)?;
        self.made.clear();
        let stale: Vec<&str> =
            self.before.paths().filter(|path| !planned.contains_key(*path)).collect();
        let stale: Vec<&str> = stale.into_iter().filter(|path| self.is_ours(path)).collect();

        let mut after = Manifest::default();
        for (path, file) in &planned {
            after.add(path, file.stamp);
        }
        let moves: Vec<(&str, &Path)> = planned
            .iter()
            .filter_map(|(path, file)| Some((path.as_str(), file.staged.as_deref()?)))
            .collect();
        if !moves.is_empty() || !stale.is_empty() {
            let mut between = self.before.clone();
            for (path, file) in &planned {
                between.add(path, file.stamp);
            }
            between.write(&self.output.manifest, self.disk)?;
        }

        let wanted: BTreeSet<&str> = moves.iter().map(|(path, _)| *path).collect();
        let (blocking, stale): (Vec<&str>, Vec<&str>) =
            stale.into_iter().partition(|path| blocks(path, &wanted));
        self.delete(&blocking)?;
        let (pages, assets): (Vec<_>, Vec<_>) =
            moves.iter().partition(|(path, _)| path.ends_with(".html"));
        self.make_folders(&moves)?;
        for group in [&assets, &pages] {
            group.par_iter().try_for_each(|(path, staged)| {
                if emptied.contains(path) {
                    self.remove_folder(path);
                }
                self.put(path, staged)
            })?;
        }
        self.delete(&stale)?;
        if after != self.before {
            after.write(&self.output.manifest, self.disk)?;
        }
        let report = PublishReport {
            written: moves.len(),
            unchanged: planned.len() - moves.len(),
            deleted: blocking.len() + stale.len(),
            files: planned.len(),
            bytes: planned.values().map(|file| file.stamp.length).sum(),
        };
        Ok((report, after))
    }

    /// Takes in a file that has not changed since the last build, whose bytes are not looked
    /// at where it stands as that wrote it.
    fn stage_unchanged(&self, artifact: &Artifact) -> Result<(), WriteError> {
        let path = artifact.path.as_str();
        let [stamp] = self.before.stamps(path) else { return self.stage(artifact) };
        let stands = disk::stat(&self.output.path.join(path))
            .is_some_and(|found| (found.length, found.modified) == (stamp.length, stamp.modified));
        if !stands {
            return self.stage(artifact);
        }
        let mut all = self.planned.lock().expect("no thread panics while it plans");
        match all.insert(path.to_owned(), Planned { stamp: *stamp, staged: None }) {
            None => Ok(()),
            Some(_) => Err(WriteError::Claimed(path.to_owned())),
        }
    }

    /// Refuses where what galen did not write stands in the way; returns the paths of files
    /// at which folders of its own stand.
    fn judge<'p>(
        &self,
        planned: &'p BTreeMap<String, Planned>,
    ) -> Result<BTreeSet<&'p str>, WriteError> {
        let staged = planned.iter().filter(|(_, file)| file.staged.is_some());
        let paths: Vec<&str> = staged.map(|(path, _)| path.as_str()).collect();
        let mut foreign = BTreeSet::new();
        let missing = self.judge_folders(&paths, planned, &mut foreign);
        let mut emptied = BTreeSet::new();
        for path in paths.into_iter().filter(|path| !lies_in(&missing, path)) {
            let allowed = match disk::kind(&self.output.path.join(path)) {
                disk::Kind::Missing => true,
                disk::Kind::File => self.output.takes_over || self.before.knows(path),
                disk::Kind::Folder => {
                    emptied.insert(path);
                    self.is_all_ours(path)
                }
                disk::Kind::Other => false,
            };
            if !allowed {
                foreign.insert(path.to_owned());
            }
        }
        match foreign.is_empty() {
            true => Ok(emptied),
            false => Err(WriteError::Foreign {
                output: self.output.path.clone(),
                paths: foreign.into_iter().collect(),
            }),
        }
    }

    /// Adds to `foreign` what stands where `paths` need folders; returns the folders that are
    /// missing, below which nothing stands in the way.
    fn judge_folders<'p>(
        &self,
        paths: &[&'p str],
        planned: &BTreeMap<String, Planned>,
        foreign: &mut BTreeSet<String>,
    ) -> BTreeSet<&'p str> {
        let folders: BTreeSet<&str> = paths.iter().copied().flat_map(folders_above).collect();
        let mut missing = BTreeSet::new();
        // Each comes after the one that it lies in.
        for folder in folders {
            if lies_in(&missing, folder) {
                missing.insert(folder);
                continue;
            }
            let allowed = match disk::kind(&self.output.path.join(folder)) {
                disk::Kind::Missing => missing.insert(folder),
                disk::Kind::Folder => true,
                // A page became a folder: the file goes, unless the site still has it.
                disk::Kind::File => self.before.knows(folder) && !planned.contains_key(folder),
                // Through a link, a file would land outside of the output folder.
                disk::Kind::Other => false,
            };
            if !allowed {
                foreign.insert(folder.to_owned());
            }
        }
        missing
    }

    /// Tells whether the file at `path` is as a build wrote it.
    fn is_ours(&self, path: &str) -> bool {
        let full = self.output.path.join(path);
        let through_link = folders_above(path)
            .any(|folder| disk::kind(&self.output.path.join(folder)) == disk::Kind::Other);
        let Some(found) = disk::stat(&full).filter(|_| is_safe(path) && !through_link) else {
            return false;
        };
        let stamps = self.before.stamps(path);
        let same_length = || stamps.iter().filter(|stamp| stamp.length == found.length);
        same_length().any(|stamp| stamp.modified == found.modified)
            || same_length().next().is_some() && {
                let fingerprint = disk::fingerprint(&full);
                same_length().any(|stamp| fingerprint == Some(stamp.fingerprint))
            }
    }

    /// Tells whether the folder at `path` holds nothing but files of the last build.
    fn is_all_ours(&self, path: &str) -> bool {
        let full = self.output.path.join(path);
        disk::files_below(&full).is_some_and(|files| {
            files.iter().all(|file| {
                let below = file.strip_prefix(&self.output.path).unwrap_or(file);
                below.to_str().is_some_and(|below| self.is_ours(&below.replace('\\', "/")))
            })
        })
    }

    /// Makes the folders that the files go to, each once.
    fn make_folders(&self, moves: &[(&str, &Path)]) -> Result<(), WriteError> {
        let parent = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).len();
        let folders: BTreeSet<&str> = moves.iter().map(|(path, _)| &path[..parent(path)]).collect();
        folders.into_iter().try_for_each(|folder| {
            let folder = self.output.path.join(folder);
            let made = self.disk.create_dir_all(&folder);
            Ok(made.map_err(|error| FileError::new("create", &folder, error))?)
        })
    }

    /// Takes away what is left of a folder whose files are gone: they were deleted, or were
    /// so by a build that was killed before it took the folders.
    fn remove_folder(&self, path: &str) {
        for folder in disk::folders_of(&self.output.path.join(path)) {
            self.disk.remove_empty_dir(&folder);
        }
    }

    fn put(&self, path: &str, staged: &Path) -> Result<(), WriteError> {
        let target = self.output.path.join(path);
        let put = self.disk.rename(staged, &target);
        Ok(put.map_err(|error| FileError::new("write", &target, error))?)
    }

    /// Deletes files of the last build, and the folders that this leaves empty.
    fn delete(&self, paths: &[&str]) -> Result<(), WriteError> {
        let mut folders = BTreeSet::new();
        for path in paths {
            let full = self.output.path.join(path);
            self.disk.remove_file(&full).map_err(|e| FileError::new("delete", &full, e))?;
            folders.extend(folders_above(path));
        }
        // The deepest first; one that still holds something stays.
        for folder in folders.iter().rev() {
            self.disk.remove_empty_dir(&self.output.path.join(folder));
        }
        Ok(())
    }
}

impl Keeper for Publication<'_> {
    /// Stages the page; that it could not be is told when the site is published.
    fn keep(&self, path: &str, bytes: Vec<u8>, _: Option<&Content>) -> Option<Content> {
        if let Err(error) = self.stage_bytes(path, &bytes) {
            self.failure.lock().expect("no thread panics with it").get_or_insert(error);
        }
        None
    }
}

impl Drop for Publication<'_> {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next publication.
        let _ = self.disk.remove_dir_all(&self.output.path.join(STAGING_FOLDER));
        for path in &self.made {
            match disk::kind(path) {
                disk::Kind::File => _ = self.disk.remove_file(path),
                _ => self.disk.remove_empty_dir(path),
            }
        }
    }
}

/// Publishes a whole site at once.
///
/// # Errors
/// Fails as [`Publication::stage`] and [`Publication::commit`] do; the site is then
/// as it was, unless the disk failed within the commit.
pub fn publish(output: &OutputDir, artifacts: &[Artifact]) -> Result<PublishReport, WriteError> {
    Publication::begin(output)?.publish(artifacts)
}

/// Deletes what galen wrote: the site, as far as it is as it was written, its record, and
/// the files `kept` between builds. Returns the number of files of the site that are gone.
///
/// The record of another output folder stays, without which its files would be nobody's.
///
/// # Errors
/// Fails where a file cannot be deleted.
pub fn clean(output: &OutputDir, kept: &[&str]) -> Result<usize, WriteError> {
    let deleted = match output.path.is_dir() {
        true => publish(output, &[])?.deleted,
        false => 0,
    };
    RealDisk.remove_empty_dir(&output.path);
    let own = [output.manifest.clone(), output.manifest.with_extension("lock")];
    for file in own.into_iter().chain(kept.iter().map(|name| output.state.join(name))) {
        if disk::kind(&file) != disk::Kind::Missing {
            RealDisk.remove_file(&file).map_err(|error| FileError::new("remove", &file, error))?;
        }
    }
    RealDisk.remove_empty_dir(&output.state);
    Ok(deleted)
}

/// Writes a file outside of the output folder, and the folders above it. One that is there
/// is replaced as a whole.
///
/// # Errors
/// Fails where the file exists and `replace` is false, or cannot be written; what was there
/// is then as it was.
pub fn create_file(path: &Path, text: &str, replace: bool) -> Result<(), WriteError> {
    let failed = |error| FileError::new("write", path, error);
    match disk::kind(path) {
        disk::Kind::Missing => {}
        _ if !replace => return Err(WriteError::Exists(path.to_owned())),
        _ => return Ok(disk::replace(path, text.as_bytes()).map_err(failed)?),
    }
    if let Some(parent) = path.parent() {
        RealDisk.create_dir_all(parent).map_err(failed)?;
    }
    Ok(RealDisk.write(path, text.as_bytes()).map_err(failed)?)
}

/// Tells whether `path` names a file below the folder that it is joined to.
fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && !path.contains(['\\', '\0'])
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && path.split('/').next() != Some(STAGING_FOLDER)
        && Path::new(path).is_relative()
}

/// Returns the folders above `path` within the output folder, the nearest first.
fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.rmatch_indices('/').map(|(end, _)| &path[..end])
}

/// Tells whether `path` lies right in one of `folders`.
fn lies_in(folders: &BTreeSet<&str>, path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(folder, _)| folders.contains(folder))
}

/// Tells whether the file `path` stands where a wanted file needs a folder, or in
/// a folder that stands where a file is wanted.
fn blocks(path: &str, wanted: &BTreeSet<&str>) -> bool {
    let inside = format!("{path}/");
    let below = wanted.range(inside.as_str()..).next();
    below.is_some_and(|next| next.starts_with(&inside))
        || folders_above(path).any(|folder| wanted.contains(folder))
}

#[cfg(test)]
mod tests;
