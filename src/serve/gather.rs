//! When to look: at once after a save, and after a short quiet otherwise.
//!
//! A [`Gathering`] takes what the watcher tells and says from when on to look. It knows
//! no clock and no disk; both are handed to it.

use std::time::{Duration, Instant};

use super::snapshot::Touched;

/// How long nothing may happen before a look, where no event says that a file is done.
/// Programs that write a file in several steps take less than this between them.
pub(crate) const QUIET: Duration = Duration::from_millis(10);

/// How long to put off a look while things go on happening.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_millis(300);

/// As many places at a time are no save from an editor, but a program at work (a change
/// of branch, say), which is let come to rest.
pub(crate) const MANY: usize = 8;

/// What kind of thing happened at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    /// A file was closed after writing, or put in place by a rename: it is as its
    /// author wants it.
    Saved,
    /// Something else, which may go on.
    Stirred,
}

/// What was told since the last look.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathering {
    touched: Touched,
    /// When the first and the last of it were told.
    since: Option<(Instant, Instant)>,
    /// Whether a file that the site knew was saved.
    saved: bool,
}

impl Gathering {
    /// Takes in that something happened where `touched` says.
    ///
    /// `known` tells whether it is a file that the site had before: one that is new may
    /// be an editor's own, about to be renamed.
    pub(crate) fn add(&mut self, touched: Touched, happened: Happened, known: bool, now: Instant) {
        self.touched.paths.extend(touched.paths);
        self.touched.everything |= touched.everything;
        self.saved |= known && happened == Happened::Saved;
        let first = self.since.map_or(now, |(first, _)| first);
        self.since = Some((first, now));
    }

    /// Returns from when on to look; `None` where nothing was told.
    pub(crate) fn due(&self) -> Option<Instant> {
        let (first, last) = self.since?;
        if self.saved && !self.touched.everything && self.touched.paths.len() < MANY {
            return Some(first);
        }
        Some((last + QUIET).min(first + LONGEST_WAIT))
    }

    /// Hands out where to look, and starts anew.
    pub(crate) fn take(&mut self) -> Touched {
        std::mem::take(self).touched
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(paths: &[&str]) -> Touched {
        Touched { paths: paths.iter().map(Into::into).collect(), everything: false }
    }

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn nothing_is_due_before_anything_happened() {
        assert_eq!(Gathering::default().due(), None);
    }

    #[test]
    fn a_save_is_due_at_once_and_a_new_file_after_the_quiet() {
        let start = Instant::now();
        let mut gathering = Gathering::default();
        gathering.add(at(&["a"]), Happened::Saved, false, start);
        assert_eq!(gathering.due(), Some(start + QUIET));
        gathering.add(at(&["b"]), Happened::Saved, true, start + MS);
        assert_eq!(gathering.due(), Some(start));
        assert_eq!(gathering.take(), at(&["a", "b"]));
        assert_eq!(gathering.due(), None);
    }

    #[test]
    fn what_goes_on_puts_the_look_off_and_not_for_ever() {
        let start = Instant::now();
        let mut gathering = Gathering::default();
        for step in 0..100 {
            gathering.add(at(&["a"]), Happened::Stirred, true, start + step * 5 * MS);
            let due = gathering.due().unwrap();
            assert_eq!(due, (start + step * 5 * MS + QUIET).min(start + LONGEST_WAIT));
        }
    }

    #[test]
    fn many_saves_at_a_time_wait_for_their_end() {
        let start = Instant::now();
        let mut gathering = Gathering::default();
        for index in 0..MANY {
            gathering.add(at(&[&index.to_string()]), Happened::Saved, true, start + MS);
        }
        assert_eq!(gathering.due(), Some(start + MS + QUIET));
    }
}
