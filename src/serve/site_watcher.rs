//! What changes in a site, one batch after the other.
//!
//! [`SiteWatcher::next_changes`] waits for the system to tell of something ([`watch`]),
//! lets it come to rest ([`super::gather`]), looks ([`Snapshot`]), and watches the folders that
//! have come. What is told while the caller builds waits in a queue and makes the next
//! batch.
//!
//! These are the ways in which files are saved and moved that are tried on a real file
//! system (`tests/watch.rs`); each is to come out as one batch with the right change:
//!
//! | what happens | what the system tells | what comes out |
//! |---|---|---|
//! | a file is written in place (nano, VS Code, Notepad) | modify …, close after write | changed, at once |
//! | vim: the file becomes `a.md~`, is written anew, `a.md~` is deleted | rename, create, modify, close, delete | changed |
//! | vim with `backupcopy=yes`, and its test file `4913` | create, delete, modify, close | changed |
//! | Emacs: the file becomes `a.md~`, is written anew, with `.#a.md` and `#a.md#` beside it | rename, create, close | changed |
//! | JetBrains: `a.md___jb_tmp___` is written, `a.md` becomes `…___jb_old___`, the first is renamed | create, close, rename, rename, delete | changed |
//! | Helix: a copy `a.mdXXXX.bck`, then in place | create, close, modify, close, delete | changed |
//! | GNOME, Qt, `sed -i`: a file beside it is written and renamed over it | create, close, rename | changed, at once |
//! | the file is deleted and written anew | delete, create, close | changed |
//! | a file is written in place and given its old time, its length as before | modify, close, attributes | changed |
//! | the file is touched, or saved without a change | attributes; modify, close | nothing |
//! | the file is deleted | delete | deleted, after a moment |
//! | a folder is renamed, with what is in it | rename | the old files deleted, the new added, in one batch |
//! | `mkdir -p a/b/c` with a file in it | create | added |
//! | a folder is moved in from outside, or out | rename | added; deleted |
//! | a folder is deleted and made again | delete, create | changed, and later saves in it are seen |
//! | a change of branch with thousands of files, as git does it and by git itself | thousands | all of them, in few batches |
//! | events are lost in an overflow | a call for a look | all of what changed |
//! | a file of a linked folder, or the target of a link, is saved | close after write there | changed, under each of its names |
//! | a link that leads nowhere is made, its target comes and goes | create; create; delete | added; changed, each time |
//! | the site is built into a folder inside of `content/` | many | nothing |
//! | a named file outside of the site is saved | close after write | changed |
//! | the system tells nothing (polling) | nothing | changed, at the next look |
//! | the system watches no more folders (`tests/serve.rs`) | a refusal | it polls, and says so |

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use crate::load::tree::Extent;
use crate::load::{self, FileError, LoadPlan};

use super::gather::{Gathering, Happened};
use super::places::Places;
use super::snapshot::{Changes, Snapshot, Touched};
use super::watch::{self, Doubt, FolderWatcher, Told};

/// How often to look where the system is trusted to tell: now and then, for what it
/// forgot.
const RECHECK: Duration = Duration::from_secs(20);

/// How often to look where the system may not tell.
pub const POLL: Duration = Duration::from_millis(500);

/// A look takes at most one in so many parts of the time, however large the site is.
const IDLE_SHARE: u32 = 10;

/// Watches the files of a site.
pub struct SiteWatcher {
    snapshot: Snapshot,
    places: Places,
    /// `None` where the system does not watch, or is not asked to.
    watcher: Option<FolderWatcher>,
    told: Receiver<Told>,
    tell: Sender<Told>,
    gathering: Gathering,
    /// Real folders that may be others than those that are watched.
    replaced: BTreeSet<PathBuf>,
    /// How often to look unasked.
    interval: Duration,
    next_look: Instant,
    doubt: Option<Doubt>,
}

impl SiteWatcher {
    /// Starts to watch the site that `plan` describes: what changes from here on is told.
    ///
    /// With `poll`, it looks that often, and does not ask the system.
    ///
    /// # Errors
    /// Fails where the site cannot be found.
    pub fn start(plan: &LoadPlan, poll: Option<Duration>) -> Result<Self, FileError> {
        let (tell, told) = mpsc::channel();
        let snapshot = Snapshot::take(Extent::new(plan)?);
        let mut watcher = Self {
            places: Places::of(&snapshot),
            snapshot,
            watcher: None,
            told,
            tell,
            gathering: Gathering::default(),
            replaced: BTreeSet::new(),
            interval: poll.unwrap_or(RECHECK),
            next_look: Instant::now(),
            doubt: poll.map(|_| Doubt::Asked),
        };
        if poll.is_none() {
            let root = load::resolved(watcher.snapshot.extent().root());
            let mounts = load::read_text(watch::MOUNTS.as_ref()).unwrap_or_default();
            if let Some(doubt) = watch::doubt_of_mount(&mounts, &root) {
                watcher.doubts(doubt);
            }
            match FolderWatcher::new(watcher.tell.clone()) {
                Ok(folders) => watcher.watcher = Some(folders),
                Err(doubt) => watcher.doubts(doubt),
            }
        }
        // What changed between the first look and the watching is no change to tell: the
        // site has not been read yet.
        let mut changes = Changes::default();
        watcher.watch_folders(&mut changes);
        watcher.next_look = Instant::now() + watcher.interval;
        Ok(watcher)
    }

    /// Returns why the system is not trusted to tell of every change, where that has not
    /// been said yet.
    pub fn take_doubt(&mut self) -> Option<Doubt> {
        self.doubt.take()
    }

    /// Returns how many files are watched.
    pub fn files(&self) -> usize {
        self.snapshot.len()
    }

    /// Watches what another configuration makes part of the site, too.
    ///
    /// # Errors
    /// Fails where the working directory, which a relative root starts from, is gone.
    pub fn set_plan(&mut self, plan: &LoadPlan) -> Result<(), FileError> {
        self.snapshot.set_extent(Extent::new(plan)?);
        self.gathering.add(
            Touched { everything: true, ..Touched::default() },
            Happened::Stirred,
            false,
            Instant::now(),
        );
        Ok(())
    }

    /// Waits for something to change, at most until `until`; `None` where nothing did.
    pub fn next_changes(&mut self, until: Option<Instant>) -> Option<Changes> {
        loop {
            while let Ok(told) = self.told.try_recv() {
                self.take_in(told);
            }
            let now = Instant::now();
            let due = [self.gathering.due(), self.snapshot.next_deletion()];
            let due = due.into_iter().flatten().fold(self.next_look, Instant::min);
            if due <= now {
                let changes = self.look(now);
                if !changes.is_empty() {
                    return Some(changes);
                }
                continue;
            }
            if until.is_some_and(|until| until <= now) {
                return None;
            }
            let wake = until.map_or(due, |until| due.min(until));
            if let Ok(told) = self.told.recv_timeout(wake.saturating_duration_since(now)) {
                self.take_in(told);
            }
        }
    }

    fn take_in(&mut self, told: Told) {
        let now = Instant::now();
        let Told::Event { paths, happened, appeared } = told else {
            let everything = Touched { everything: true, ..Touched::default() };
            self.replaced.extend(self.places.watched().into_iter().map(ToOwned::to_owned));
            self.gathering.add(everything, Happened::Stirred, false, now);
            return;
        };
        for real in paths {
            let mut names = self.places.names(&real);
            if appeared && self.places.is_folder(&real) {
                self.replaced.insert(real);
            }
            names.retain(|name| self.snapshot.extent().includes(name));
            if names.is_empty() {
                continue;
            }
            let known = names.iter().any(|name| self.snapshot.knows(name));
            let touched = Touched { paths: names, everything: false };
            self.gathering.add(touched, happened, known, now);
        }
    }

    fn look(&mut self, now: Instant) -> Changes {
        let mut touched = self.gathering.take();
        let by_itself = self.next_look <= now;
        touched.everything |= by_itself;
        let mut changes = self.snapshot.look(&touched, now);
        self.watch_folders(&mut changes);
        if touched.everything {
            let took = now.elapsed();
            self.next_look = Instant::now() + self.interval.max(took * IDLE_SHARE);
        }
        changes
    }

    /// Watches the folders that have come, and looks into them: what happened there
    /// before went unseen.
    fn watch_folders(&mut self, changes: &mut Changes) {
        /// As often, folders that come while one looks are looked into at once.
        const ROUNDS: usize = 8;
        for _ in 0..ROUNDS {
            if self.snapshot.was_reshaped() {
                self.places = Places::of(&self.snapshot);
            } else if self.replaced.is_empty() && self.watcher_is_set() {
                return;
            }
            let Some(watcher) = &mut self.watcher else { return };
            let replaced = std::mem::take(&mut self.replaced);
            match watcher.watch(&self.places, &replaced) {
                Ok(true) => {}
                Ok(false) => return,
                Err(doubt) => {
                    self.doubts(doubt);
                    return;
                }
            }
            let everything = Touched { everything: true, ..Touched::default() };
            changes.extend(self.snapshot.look(&everything, Instant::now()));
        }
    }

    fn watcher_is_set(&self) -> bool {
        self.watcher.as_ref().is_none_or(FolderWatcher::is_set)
    }

    fn doubts(&mut self, doubt: Doubt) {
        if self.interval > POLL {
            self.interval = POLL;
            self.next_look = Instant::now() + POLL;
            self.doubt = Some(doubt);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn lost_events_make_it_look_at_everything() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("content")).unwrap();
        let plan = LoadPlan { root: dir.path().to_owned(), ..LoadPlan::default() };
        let mut watcher = SiteWatcher::start(&plan, Some(Duration::from_secs(3600))).unwrap();
        let file = dir.path().join("content/a.md");
        fs::write(&file, "a").unwrap();
        let soon = || Some(Instant::now() + Duration::from_secs(1));
        assert_eq!(watcher.next_changes(soon()), None, "nothing told of it");
        watcher.tell.send(Told::Lost).unwrap();
        let changes = watcher.next_changes(soon()).unwrap();
        assert_eq!(changes.added, BTreeSet::from([file]));
    }
}
