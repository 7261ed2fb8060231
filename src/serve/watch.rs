//! The watcher: the only door to `notify`.
//!
//! It watches folders, never files, and each real folder once; what it tells is only a
//! reason to look ([`super::snapshot`]). Where the system cannot tell of every change
//! ([`Doubt`]), the caller looks from time to time by itself.

use std::collections::BTreeSet;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;

use notify::event::{AccessKind, AccessMode, ModifyKind, RenameMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};

use super::gather::Happened;
use super::places::Places;

/// What the system tells, in real places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// Something happened at these places.
    Event {
        /// Where.
        paths: Vec<PathBuf>,
        /// What.
        happened: Happened,
        /// Whether a file or folder came, went or moved, so that a folder at the place
        /// may be another than the one that is watched.
        appeared: bool,
    },
    /// Events were lost: anything may have happened.
    Lost,
}

/// Why the system may not tell of every change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// The user wants to poll.
    Asked,
    /// The site lies on a file system that others write to behind the system's back.
    Remote {
        /// The kind of file system.
        kind: String,
    },
    /// The system watches no more folders.
    Limit,
    /// The system refuses.
    Refused(String),
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Doubt::Asked => f.write_str("polling, as asked for"),
            Doubt::Remote { kind } => {
                write!(f, "polling too, since the site lies on a file system (`{kind}`) that may not tell of every change")
            }
            Doubt::Limit => f.write_str(
                "polling, since the system watches no more folders (on Linux, raise fs.inotify.max_user_watches)",
            ),
            Doubt::Refused(reason) => {
                write!(f, "polling, since the system does not watch folders: {reason}")
            }
        }
    }
}

/// Watches real folders.
pub(crate) struct FolderWatcher {
    notify: RecommendedWatcher,
    /// The folders that are watched.
    watched: BTreeSet<PathBuf>,
}

impl FolderWatcher {
    /// Starts a watcher that watches nothing yet, and hands what the system tells to
    /// `tell`.
    ///
    /// # Errors
    /// Fails where the system has no watcher to give.
    pub(crate) fn new(tell: Sender<Told>) -> Result<Self, Doubt> {
        let handler = move |event: notify::Result<Event>| {
            let told = match event {
                Ok(event) => told(event),
                // What the watcher fails at, a look finds.
                Err(_) => Some(Told::Lost),
            };
            if let Some(told) = told {
                // Nobody listens any more when the program ends.
                let _ = tell.send(told);
            }
        };
        let notify = notify::recommended_watcher(handler).map_err(|error| doubt(&error))?;
        Ok(Self { notify, watched: BTreeSet::new() })
    }

    /// Tells whether it watches anything.
    pub(crate) fn is_set(&self) -> bool {
        !self.watched.is_empty()
    }

    /// Watches the folders of `places` and no others.
    ///
    /// Those at and below `replaced` are taken for other folders than before. Returns
    /// whether a folder is watched that was not: what happened in it before went unseen.
    ///
    /// # Errors
    /// Fails where the system watches no more folders.
    pub(crate) fn watch(
        &mut self,
        places: &Places,
        replaced: &BTreeSet<PathBuf>,
    ) -> Result<bool, Doubt> {
        let wanted = places.watched();
        let is_replaced = |path: &Path| replaced.iter().any(|top| path.starts_with(top));
        let dropped: Vec<PathBuf> = self
            .watched
            .iter()
            .filter(|path| !wanted.contains(path.as_path()) || is_replaced(path))
            .cloned()
            .collect();
        // All are dropped before any is watched: the system knows a folder that was
        // moved by one number under both its names.
        for path in dropped {
            self.watched.remove(&path);
            // It may be gone, and its watch with it.
            let _ = self.notify.unwatch(&path);
        }
        let mut is_new = false;
        for path in wanted {
            if self.watched.contains(path) {
                continue;
            }
            match self.notify.watch(path, RecursiveMode::NonRecursive) {
                Ok(()) => {
                    self.watched.insert(path.to_owned());
                    is_new = true;
                }
                Err(error) if is_limit(&error) => return Err(doubt(&error)),
                // It is gone again, or not to be read; its parent tells when that changes.
                Err(_) => {}
            }
        }
        Ok(is_new)
    }
}

fn is_limit(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(error) => error.kind() == std::io::ErrorKind::StorageFull,
        _ => false,
    }
}

fn doubt(error: &notify::Error) -> Doubt {
    match is_limit(error) {
        true => Doubt::Limit,
        false => Doubt::Refused(error.to_string()),
    }
}

/// Returns what an event says; `None` for one that changes nothing, such as reading.
fn told(event: Event) -> Option<Told> {
    if event.need_rescan() {
        return Some(Told::Lost);
    }
    let (happened, appeared) = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => (Happened::Saved, false),
        EventKind::Access(_) => return None,
        EventKind::Modify(ModifyKind::Name(RenameMode::To | RenameMode::Both)) => {
            (Happened::Saved, true)
        }
        EventKind::Modify(ModifyKind::Name(_)) | EventKind::Create(_) | EventKind::Remove(_) => {
            (Happened::Stirred, true)
        }
        EventKind::Any | EventKind::Other => (Happened::Stirred, true),
        EventKind::Modify(_) => (Happened::Stirred, false),
    };
    Some(Told::Event { paths: event.paths, happened, appeared })
}

/// The file systems that others write to without this machine's knowledge: those of a
/// network, and those that a container or a virtual machine shares with its host.
const REMOTE: &[&str] = &[
    "9p",
    "afs",
    "ceph",
    "cifs",
    "drvfs",
    "fakeowner",
    "fuse",
    "glusterfs",
    "grpcfuse",
    "lustre",
    "nfs",
    "nfs4",
    "prl_fs",
    "smb3",
    "smbfs",
    "vboxsf",
    "virtiofs",
    "vmhgfs",
];

/// The list of mounted file systems, on Linux.
pub(crate) const MOUNTS: &str = "/proc/self/mountinfo";

/// Returns the doubt that comes with the file system of the folder at `path`, by the
/// text of the list of mounts; `None` where that is a file system of this machine.
pub(crate) fn doubt_of_mount(mounts: &str, path: &Path) -> Option<Doubt> {
    let kind = mounts
        .lines()
        .filter_map(|line| {
            // "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw"
            let (left, right) = line.split_once(" - ")?;
            let point = unescaped(left.split(' ').nth(4)?);
            Some((PathBuf::from(point), right.split(' ').next()?))
        })
        .filter(|(point, _)| path.starts_with(point))
        // Of two at one point, the later hides the earlier.
        .enumerate()
        .max_by_key(|(order, (point, _))| (point.components().count(), *order))
        .map(|(_, (_, kind))| kind)?;
    let family = kind.split('.').next().unwrap_or(kind);
    REMOTE.contains(&family).then(|| Doubt::Remote { kind: kind.to_owned() })
}

/// Returns `text` with the octal numbers that stand for spaces and the like spelt out.
fn unescaped(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_is_no_event_and_lost_events_ask_for_a_look_at_everything() {
        assert_eq!(told(Event::new(EventKind::Access(AccessKind::Open(AccessMode::Any)))), None);
        let overflow = Event::new(EventKind::Other).set_flag(notify::event::Flag::Rescan);
        assert_eq!(told(overflow), Some(Told::Lost));
    }

    #[test]
    fn a_file_system_of_the_network_is_doubted() {
        let mounts = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n\
                      40 22 0:50 / /home/me/shared\\040site rw - nfs4 server:/x rw\n\
                      41 22 0:51 / /mnt/far rw - fuse.sshfs host: rw\n\
                      42 22 0:52 / /mnt/far/near rw - tmpfs tmpfs rw\n";
        let doubted = |path: &str| doubt_of_mount(mounts, Path::new(path));
        assert_eq!(doubted("/home/me/site"), None);
        let nfs = Some(Doubt::Remote { kind: "nfs4".to_owned() });
        assert_eq!(doubted("/home/me/shared site/content"), nfs);
        assert_eq!(doubted("/mnt/far/site"), Some(Doubt::Remote { kind: "fuse.sshfs".to_owned() }));
        assert_eq!(doubted("/mnt/far/near/site"), None);
        assert_eq!(doubt_of_mount("", Path::new("/")), None);
    }
}
