//! What the site looked like when it was last looked at, and what differs since.
//!
//! Events say where to look ([`Touched`]); only a [`Snapshot`] says what changed. It
//! compares length, times and inode, then content, so that a file that was touched, or
//! written again with the same bytes, is no change. A file that vanishes gets a moment
//! ([`VANISHING`]) before it counts as deleted, because some editors delete a file
//! before they put its new version in place; one that turns up elsewhere in the site
//! with the same inode was moved, and is gone at once.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::fingerprint::Fingerprint;
use crate::load::tree::{self, Extent, FileStat, Found, Tree};

/// How long a file may be away before it counts as deleted. Editors that save by
/// deleting and writing anew are back within a few milliseconds; an author who deletes
/// a file does not notice the wait.
pub(crate) const VANISHING: Duration = Duration::from_millis(60);

/// A file that was written this long before it was looked at may be written again
/// without its time telling: the clocks of file systems tick as slowly as this.
const CLOCK_TICK: u64 = 2_000_000_000;

/// Up to this length a file's content is compared too. Larger files are not worth
/// reading twice for the rare save that changes nothing.
const COMPARED_LENGTH: u64 = 8 << 20;

/// Where something may have changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Files and folders, by the paths that the site knows them by; a folder stands
    /// for all that is below it.
    pub(crate) paths: BTreeSet<PathBuf>,
    /// Whether anything may have changed.
    pub(crate) everything: bool,
}

/// What differs from the last look.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are there for the first time.
    pub added: BTreeSet<PathBuf>,
    /// Files with other bytes.
    pub modified: BTreeSet<PathBuf>,
    /// Files that are gone.
    pub deleted: BTreeSet<PathBuf>,
}

impl Changes {
    /// Tells whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.modified.is_empty() && self.deleted.is_empty()
    }

    /// Returns the paths with what happened to each, in the order of the paths.
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &'static str)> {
        let all = self.added.iter().map(|path| (path.as_path(), "added"));
        let all = all.chain(self.modified.iter().map(|path| (path.as_path(), "changed")));
        let all = all.chain(self.deleted.iter().map(|path| (path.as_path(), "deleted")));
        let mut all: Vec<_> = all.collect();
        all.sort();
        all.into_iter()
    }

    /// Adds what a later look found, as if there had been one look.
    pub fn extend(&mut self, later: Changes) {
        for path in later.deleted {
            self.modified.remove(&path);
            if !self.added.remove(&path) {
                self.deleted.insert(path);
            }
        }
        for path in later.added {
            match self.deleted.remove(&path) {
                true => self.modified.insert(path),
                false => self.added.insert(path),
            };
        }
        for path in later.modified {
            if !self.added.contains(&path) {
                self.modified.insert(path);
            }
        }
    }
}

/// What the site looked like.
#[derive(Clone, Debug)]
pub(crate) struct Snapshot {
    extent: Extent,
    files: BTreeMap<PathBuf, Seen>,
    /// The folders, each with the place that it really is.
    folders: BTreeMap<PathBuf, PathBuf>,
    /// The files that are links, each with the place that it leads to.
    links: BTreeMap<PathBuf, PathBuf>,
    /// Files that were not there at a later look, and since when.
    vanished: BTreeMap<PathBuf, Instant>,
    /// Whether folders or links differ since [`Self::was_reshaped`] was asked.
    reshaped: bool,
}

/// A file as it was seen.
#[derive(Clone, Copy, Debug)]
struct Seen {
    stat: FileStat,
    /// The fingerprint of its content, where that has been read.
    content: Option<Fingerprint>,
    /// Whether it could have been written again since without another time.
    unsettled: bool,
}

impl Seen {
    fn new(stat: FileStat, content: Option<Fingerprint>) -> Self {
        let unsettled = stat.modified.saturating_add(CLOCK_TICK) > tree::file_time();
        Self { stat, content, unsettled }
    }
}

impl Snapshot {
    /// Looks at the whole site.
    pub(crate) fn take(extent: Extent) -> Self {
        let Tree { files, folders, links } = tree::tree(&extent);
        let files = files.into_iter().map(|(path, stat)| (path, Seen::new(stat, None))).collect();
        Self { extent, files, folders, links, vanished: BTreeMap::new(), reshaped: false }
    }

    /// Returns which files are part of the site.
    pub(crate) fn extent(&self) -> &Extent {
        &self.extent
    }

    /// Returns the folders, each with the place that it really is.
    pub(crate) fn folders(&self) -> &BTreeMap<PathBuf, PathBuf> {
        &self.folders
    }

    /// Returns the files that are links, each with the place that it leads to.
    pub(crate) fn links(&self) -> &BTreeMap<PathBuf, PathBuf> {
        &self.links
    }

    /// Tells whether there was a file at `path`.
    pub(crate) fn knows(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// Returns how many files there are.
    pub(crate) fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns when the next vanished file counts as deleted; `None` where all are there.
    pub(crate) fn next_deletion(&self) -> Option<Instant> {
        self.vanished.values().min().map(|since| *since + VANISHING)
    }

    /// Tells whether folders or links differ since this was last asked.
    pub(crate) fn was_reshaped(&mut self) -> bool {
        std::mem::take(&mut self.reshaped)
    }

    /// Takes another extent; the next look at everything finds what that changes.
    pub(crate) fn set_extent(&mut self, extent: Extent) {
        self.extent = extent;
        self.reshaped = true;
    }

    /// Looks again where something may have changed, and returns what did.
    pub(crate) fn look(&mut self, touched: &Touched, now: Instant) -> Changes {
        let mut changes = Changes::default();
        let mut gone = BTreeSet::new();
        if touched.everything {
            let seen = tree::tree(&self.extent);
            self.compare(None, seen, &mut changes, &mut gone);
        } else {
            for path in &touched.paths {
                self.look_at(path, &mut changes, &mut gone);
            }
        }
        self.settle(gone, now, &mut changes);
        changes
    }

    fn look_at(&mut self, path: &Path, changes: &mut Changes, gone: &mut BTreeSet<PathBuf>) {
        let found = tree::stat(path);
        if found == Found::Folder || self.folders.contains_key(path) {
            let seen = tree::subtree(&self.extent, path);
            self.compare(Some(path), seen, changes, gone);
            return;
        }
        if !self.extent.includes(path) {
            return;
        }
        match found {
            Found::File(stat) => {
                let target = tree::link_target(path);
                if self.links.get(path) != target.as_ref() {
                    self.reshaped = true;
                    match target {
                        Some(target) => self.links.insert(path.to_owned(), target),
                        None => self.links.remove(path),
                    };
                }
                self.judge(path, stat, true, changes);
            }
            Found::Missing | Found::Folder => {
                if self.files.contains_key(path) {
                    gone.insert(path.to_owned());
                }
            }
        }
    }

    /// Compares what is below `top`, or everything, with what was there.
    fn compare(
        &mut self,
        top: Option<&Path>,
        seen: Tree,
        changes: &mut Changes,
        gone: &mut BTreeSet<PathBuf>,
    ) {
        gone.extend(
            keys_below(&self.files, top).filter(|path| !seen.files.contains_key(*path)).cloned(),
        );
        self.reshaped |= replace_below(&mut self.folders, top, seen.folders);
        self.reshaped |= replace_below(&mut self.links, top, seen.links);
        for (path, stat) in seen.files {
            self.judge(&path, stat, false, changes);
        }
    }

    /// Compares a file that is there with what was there.
    fn judge(&mut self, path: &Path, stat: FileStat, touched: bool, changes: &mut Changes) {
        self.vanished.remove(path);
        let Some(before) = self.files.get(path).copied() else {
            self.files.insert(path.to_owned(), Seen::new(stat, content(path, stat)));
            changes.added.insert(path.to_owned());
            return;
        };
        let same = before.stat == stat;
        // What has never been read cannot be compared: an event is believed, a look in
        // passing is not.
        if same && !(before.unsettled && (before.content.is_some() || touched)) {
            return;
        }
        let content = content(path, stat);
        self.files.insert(path.to_owned(), Seen::new(stat, content));
        let unchanged = match content {
            Some(_) => content == before.content,
            None => same && !touched,
        };
        if !unchanged {
            changes.modified.insert(path.to_owned());
        }
    }

    /// Decides what becomes of the files that are not there.
    fn settle(&mut self, gone: BTreeSet<PathBuf>, now: Instant, changes: &mut Changes) {
        for path in gone {
            self.vanished.entry(path).or_insert(now);
        }
        if self.vanished.is_empty() {
            return;
        }
        let moved: BTreeSet<(u64, u64)> = changes
            .added
            .iter()
            .filter_map(|path| self.files.get(path))
            .filter(|seen| seen.stat.inode != 0)
            .map(|seen| (seen.stat.inode, seen.stat.length))
            .collect();
        let vanished = std::mem::take(&mut self.vanished);
        for (path, since) in vanished {
            if let Found::File(stat) = tree::stat(&path)
                && self.extent.includes(&path)
            {
                // It is back, and no event has told of it yet.
                self.judge(&path, stat, true, changes);
                continue;
            }
            let was_moved = self
                .files
                .get(&path)
                .is_some_and(|seen| moved.contains(&(seen.stat.inode, seen.stat.length)));
            if was_moved || now.saturating_duration_since(since) >= VANISHING {
                self.files.remove(&path);
                self.links.remove(&path);
                changes.deleted.insert(path);
            } else {
                self.vanished.insert(path, since);
            }
        }
    }
}

/// Returns the fingerprint of the file at `path`, unless it is too long to be compared.
fn content(path: &Path, stat: FileStat) -> Option<Fingerprint> {
    (stat.length <= COMPARED_LENGTH).then(|| tree::fingerprint(path)).flatten()
}

/// Puts `new` in the place of what is at and below `top`, and tells whether they differ.
fn replace_below(
    map: &mut BTreeMap<PathBuf, PathBuf>,
    top: Option<&Path>,
    new: BTreeMap<PathBuf, PathBuf>,
) -> bool {
    let old: Vec<PathBuf> = keys_below(map, top).cloned().collect();
    let same = old.len() == new.len() && new.iter().all(|(path, real)| map.get(path) == Some(real));
    if !same {
        for path in old {
            map.remove(&path);
        }
        map.extend(new);
    }
    !same
}

/// Returns the keys at and below `top`, or all.
fn keys_below<'a, V>(
    map: &'a BTreeMap<PathBuf, V>,
    top: Option<&'a Path>,
) -> impl Iterator<Item = &'a PathBuf> {
    let start = match top {
        Some(top) => Bound::Included(top),
        None => Bound::Unbounded,
    };
    map.range::<Path, _>((start, Bound::Unbounded))
        .map(|(path, _)| path)
        .take_while(move |path| top.is_none_or(|top| path.starts_with(top)))
}
