//! What was told before it is made: the files that a build is making.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::outputs::Upcoming;

use super::shown::ShownFile;

/// The files that a build is making.
#[derive(Debug)]
pub(crate) struct Pending {
    /// The pages by their paths, each with its place among them.
    pages: FxHashMap<String, usize>,
    /// The other files that may have other bytes when the build ends, or be gone.
    others: BTreeSet<String>,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    /// The places of the pages that are to be made first.
    awaited: VecDeque<usize>,
    /// The paths that somebody waits for.
    waiting: FxHashSet<String>,
    /// The pages that were made; `None` for one that cannot be rendered.
    made: FxHashMap<String, Option<ShownFile>>,
}

/// How far a file is.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// It is as it was.
    AsBefore,
    /// It is made.
    Made(ShownFile),
    /// It is to be made.
    Later,
}

impl Pending {
    /// Returns what is pending when nothing is made yet.
    pub(crate) fn new(upcoming: &Upcoming<'_>) -> Self {
        let pages = upcoming.pages.iter().cloned().enumerate();
        Self {
            pages: pages.map(|(place, path)| (path, place)).collect(),
            others: upcoming.others.clone(),
            progress: Mutex::default(),
        }
    }

    /// Returns how far the file at `path` is.
    pub(crate) fn stage(&self, path: &str) -> Stage {
        if !self.pages.contains_key(path) {
            return if self.others.contains(path) { Stage::Later } else { Stage::AsBefore };
        }
        match self.progress().made.get(path) {
            Some(Some(file)) => Stage::Made(file.clone()),
            Some(None) => Stage::AsBefore,
            None => Stage::Later,
        }
    }

    /// Returns how far the file at `path` is, for one who waits for it.
    pub(crate) fn ask(&self, path: &str) -> Stage {
        if let Some(place) = self.pages.get(path) {
            // It may be made between the look and the wish: to be made is to be looked for.
            let mut progress = self.progress();
            if !progress.made.contains_key(path) && progress.waiting.insert(path.to_owned()) {
                progress.awaited.push_back(*place);
            }
        }
        self.stage(path)
    }

    /// Returns the place of the next page that somebody waits for.
    pub(crate) fn awaited(&self) -> Option<usize> {
        self.progress().awaited.pop_front()
    }

    /// Takes in a page that was made, and tells whether somebody waits for it.
    pub(crate) fn take(&self, path: &str, file: Option<ShownFile>) -> bool {
        let mut progress = self.progress();
        progress.made.insert(path.to_owned(), file);
        progress.waiting.remove(path)
    }

    /// Returns the pages that were made.
    pub(crate) fn into_made(self) -> impl Iterator<Item = (String, ShownFile)> {
        let progress = self.progress.into_inner().unwrap_or_else(PoisonError::into_inner);
        progress.made.into_iter().filter_map(|(path, file)| Some((path, file?)))
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use crate::outputs::Artifact;

    use super::*;

    fn pending() -> Pending {
        Pending::new(&Upcoming {
            pages: ["a", "b", "c"].map(|name| format!("{name}/index.html")).to_vec(),
            others: BTreeSet::from(["feed.xml".to_owned()]),
            made: Vec::new(),
            found: &[],
        })
    }

    fn stage(stage: &Stage) -> &'static str {
        match stage {
            Stage::AsBefore => "as before",
            Stage::Made(_) => "made",
            Stage::Later => "later",
        }
    }

    #[test]
    fn what_is_asked_for_is_awaited_once_until_it_is_made() {
        let pending = pending();
        for path in ["c/index.html", "b/index.html", "c/index.html", "feed.xml"] {
            assert_eq!(stage(&pending.ask(path)), "later", "{path}");
        }
        assert_eq!(stage(&pending.ask("other/index.html")), "as before");
        assert_eq!(stage(&pending.stage("a/index.html")), "later");
        let awaited: Vec<usize> = std::iter::from_fn(|| pending.awaited()).collect();
        assert_eq!(awaited, [2, 1], "a look is no wish, and only pages have a place");

        let file = ShownFile::of(&Artifact::new("", "words").content);
        assert!(pending.take("c/index.html", Some(file.clone())));
        assert!(!pending.take("a/index.html", Some(file)), "nobody waits for it");
        assert!(pending.take("b/index.html", None));
        assert_eq!(stage(&pending.ask("c/index.html")), "made");
        assert_eq!(stage(&pending.ask("b/index.html")), "as before", "it cannot be rendered");
        assert_eq!(pending.awaited(), None);
        let mut made: Vec<String> = pending.into_made().map(|(path, _)| path).collect();
        made.sort_unstable();
        assert_eq!(made, ["a/index.html", "c/index.html"]);
    }
}
