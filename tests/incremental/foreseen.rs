//! What a build says that it is about to make is what it makes.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use galen::outputs::{Artifact, Content, Keeper, Packing, Upcoming};
use galen::pipeline::Build;

/// Keeps files as a server does, which has a page made before the others now and then, and
/// remembers what it was told beforehand.
#[derive(Default)]
pub(crate) struct Foreseeing {
    pub(crate) packed: Packing,
    upcoming: Mutex<Option<Foreseen>>,
    asked: AtomicUsize,
}

struct Foreseen {
    pages: Vec<String>,
    others: BTreeSet<String>,
    made: Vec<Artifact>,
}

impl Keeper for Foreseeing {
    fn begin(&self, Upcoming { pages, others, made, .. }: Upcoming<'_>) {
        *self.upcoming.lock().unwrap() = Some(Foreseen { pages, others, made });
    }

    fn awaited(&self) -> Option<usize> {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        // Also such as are made, and such as there are none.
        asked.is_multiple_of(3).then_some(asked * 7919 % 97)
    }

    fn keep(&self, path: &str, bytes: Vec<u8>, last: Option<&Content>) -> Option<Content> {
        self.packed.keep(path, bytes, last)
    }
}

impl Foreseeing {
    /// Panics where the build changed what it did not say; tells whether it said anything.
    pub(crate) fn compare(&self, build: &Build, history: &[String]) -> bool {
        let Some(foreseen) = self.upcoming.lock().unwrap().take() else { return false };
        for Artifact { path, content } in &foreseen.made {
            assert!(build.files.get(path) == Some(content), "{path} after {history:#?}");
        }
        let made: BTreeSet<&String> = foreseen.made.iter().map(|made| &made.path).collect();
        let pages: BTreeSet<&String> = foreseen.pages.iter().collect();
        for (path, before) in &build.changed {
            // What is new is waited for, whatever it is.
            let is_foreseen = before.is_none()
                || pages.contains(path)
                || foreseen.others.contains(path)
                || made.contains(path);
            assert!(is_foreseen, "{path} was not foreseen after {history:#?}");
        }
        true
    }
}
