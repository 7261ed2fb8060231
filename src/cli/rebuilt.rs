//! What `serve` and `watch` note of their last rebuild, for `galen explain page`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::load;
use crate::ordered::IndexMap;
use crate::page_id::PageId;
#[cfg(any(feature = "serve", test))]
use crate::write::{self, WriteError};

/// The file that holds the note, in the folder of what is kept between builds.
pub(super) const FILE: &str = "last-rebuild.json";

/// Which pages the last rebuild made again, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct LastRebuild {
    changed: String,
    /// The reasons in words, by the page's id and language.
    pages: IndexMap<String, Vec<String>>,
}

impl LastRebuild {
    /// Reads the note of the site in `root`; one that is missing or damaged is none.
    pub(super) fn read(root: &Path) -> Option<Self> {
        serde_json::from_str(&load::read_text(&path(root)).ok()?).ok()
    }

    /// Returns what changed, in words.
    pub(super) fn changed(&self) -> &str {
        &self.changed
    }

    /// Returns why the page was made again; `None` where it was not.
    pub(super) fn reasons(&self, id: &PageId) -> Option<Vec<String>> {
        self.pages.get(&name(id)).cloned()
    }
}

/// Only what watches a site has anything to note.
#[cfg(any(feature = "serve", test))]
impl LastRebuild {
    /// Returns the note of a rebuild after `changed`, in words.
    pub(super) fn new<R: ToString>(changed: &str, pages: &[(PageId, Vec<R>)]) -> Self {
        let reasons = |reasons: &[R]| reasons.iter().map(ToString::to_string).collect();
        let pages = pages.iter().map(|(id, all)| (name(id), reasons(all)));
        Self { changed: changed.to_owned(), pages: pages.collect() }
    }

    /// Writes it in the place of the last one.
    pub(super) fn write(&self, root: &Path) -> Result<(), WriteError> {
        let text = serde_json::to_string(self).expect("text is valid JSON");
        write::create_file(&path(root), &text, true)
    }

    /// Returns the pages in the order in which they were noted, each with its reasons.
    pub(super) fn pages(&self) -> impl ExactSizeIterator<Item = (&str, &[String])> {
        self.pages.iter().map(|(name, reasons)| (name.as_str(), reasons.as_slice()))
    }
}

fn path(root: &Path) -> PathBuf {
    root.join(load::STATE_FOLDER).join(FILE)
}

fn name(id: &PageId) -> String {
    format!("{id} ({})", id.lang().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_id::Lang;

    #[test]
    fn a_note_is_read_as_it_was_written_and_a_damaged_one_is_none() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(LastRebuild::read(dir.path()), None);
        let id = |lang| PageId::new("articles/a", Lang::new(lang));
        let note = LastRebuild::new("`a.md` changed", &[(id("en"), vec!["its file changed"])]);
        note.write(dir.path()).unwrap();
        let read = LastRebuild::read(dir.path()).unwrap();
        assert_eq!(read, note);
        assert_eq!(read.reasons(&id("en")), Some(vec!["its file changed".to_owned()]));
        assert_eq!(read.reasons(&id("fr")), None);
        write::create_file(&path(dir.path()), "{", true).unwrap();
        assert_eq!(LastRebuild::read(dir.path()), None);
    }
}
