//! Which folders of the disk to watch, and what a place there means to the site.
//!
//! The site knows a file by its path through the site's links; the system tells of it
//! by the place where it really is. One real folder may be several folders of the site,
//! and is watched once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::load;

use super::snapshot::Snapshot;

/// The real places that a site is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// Real folders of which every entry counts, with their names in the site.
    folders: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// Real files and folders in other folders, with their names in the site.
    entries: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
}

impl Places {
    /// Returns the places of the site that `snapshot` shows.
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let mut places = Self::default();
        for (path, real) in snapshot.folders() {
            places.folders.entry(real.clone()).or_default().insert(path.clone());
        }
        let extent = snapshot.extent();
        // Where a file is expected, even one that is not there yet. A name whose parent
        // is a link is known by where the parent is.
        let expected = extent.named().iter().cloned().chain(extent.folders());
        for path in expected {
            let Some((parent, name)) = path.parent().zip(path.file_name()) else { continue };
            let real = load::resolved(parent).join(name);
            places.entries.entry(real).or_default().insert(path);
        }
        for (path, target) in snapshot.links() {
            places.entries.entry(target.clone()).or_default().insert(path.clone());
        }
        places
    }

    /// Returns the real folders to watch: each once, whatever leads to it.
    pub(crate) fn watched(&self) -> BTreeSet<&Path> {
        let parents = self.entries.keys().filter_map(|path| path.parent());
        self.folders.keys().map(PathBuf::as_path).chain(parents).collect()
    }

    /// Tells whether the real place `real` is a folder of the site.
    pub(crate) fn is_folder(&self, real: &Path) -> bool {
        self.folders.contains_key(real)
    }

    /// Returns what the site calls the real place `real`, which need not exist; nothing
    /// where it is no part of the site.
    pub(crate) fn names(&self, real: &Path) -> BTreeSet<PathBuf> {
        let mut names: BTreeSet<PathBuf> = BTreeSet::new();
        names.extend(self.folders.get(real).into_iter().flatten().cloned());
        names.extend(self.entries.get(real).into_iter().flatten().cloned());
        if let Some((folders, name)) =
            real.parent().and_then(|parent| self.folders.get(parent)).zip(real.file_name())
        {
            names.extend(folders.iter().map(|folder| folder.join(name)));
        }
        names
    }
}
