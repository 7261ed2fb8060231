//! A file without a name for what is seldom looked at, so that it takes no memory.
//!
//! The file stands where the system keeps large temporary files and goes with the program,
//! however that ends. Bytes lie in it one after the other; where some were taken away, others
//! are put that are not longer ([`Room`]).

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::packed::Store;

/// A file without a name that holds bytes until they are given back.
#[derive(Debug)]
pub struct Shelf {
    file: File,
    room: Mutex<Room>,
}

impl Shelf {
    /// Opens an empty one.
    ///
    /// # Errors
    /// Fails where the system has no folder for temporary files that can be written.
    pub fn open() -> io::Result<Self> {
        // The system's folder for temporary files is often memory itself; the other is for
        // what is large (Filesystem Hierarchy Standard 3.0, 5.15).
        let large = if cfg!(unix) { Some("/var/tmp") } else { None };
        let opened = large.and_then(|folder| tempfile::tempfile_in(folder).ok());
        let file = opened.map_or_else(tempfile::tempfile, Ok)?;
        Ok(Self { file, room: Mutex::default() })
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Shelf {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let len = bytes.len() as u64;
        let at = self.room().take(len);
        // A disk may be full.
        write_at(&self.file, bytes, at).inspect_err(|_| self.room().give(at, len))?;
        Ok(at)
    }

    fn read(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        read_at(&self.file, &mut bytes, at)?;
        Ok(bytes)
    }

    fn give_back(&self, at: u64, len: usize) {
        self.room().give(at, len as u64);
    }
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, at) = (&mut bytes[read..], at + read as u64);
    }
    Ok(())
}

/// Where there is room in a file: the gaps, no two of which touch, and all after the end.
#[derive(Debug, Default)]
struct Room {
    /// The length of each gap, by where it starts.
    gaps: BTreeMap<u64, u64>,
    /// The gaps by their length, each with where it starts.
    by_length: BTreeSet<(u64, u64)>,
    end: u64,
}

impl Room {
    /// Takes `len` bytes, of the shortest gap that has them or else at the end, and returns
    /// where they start.
    fn take(&mut self, len: u64) -> u64 {
        let Some(&(gap, at)) = self.by_length.range((len, 0)..).next() else {
            let at = self.end;
            self.end += len;
            return at;
        };
        self.close(at, gap);
        if gap > len {
            self.leave(at + len, gap - len);
        }
        at
    }

    /// Gives back the `len` bytes at `at`.
    fn give(&mut self, mut at: u64, mut len: u64) {
        if len == 0 {
            return;
        }
        if let Some((&before, &gap)) = self.gaps.range(..at).next_back()
            && before + gap == at
        {
            self.close(before, gap);
            (at, len) = (before, len + gap);
        }
        if let Some(&gap) = self.gaps.get(&(at + len)) {
            self.close(at + len, gap);
            len += gap;
        }
        match at + len == self.end {
            true => self.end = at,
            false => self.leave(at, len),
        }
    }

    fn leave(&mut self, at: u64, len: u64) {
        self.gaps.insert(at, len);
        self.by_length.insert((len, at));
    }

    fn close(&mut self, at: u64, len: u64) {
        self.gaps.remove(&at);
        self.by_length.remove(&(len, at));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_put_on_a_shelf_is_read_as_it_was_whatever_else_comes_and_goes(
            steps: Vec<(Vec<u8>, Option<proptest::sample::Index>)>,
        ) {
            let shelf = Shelf::open().unwrap();
            let mut kept: Vec<(Vec<u8>, u64)> = Vec::new();
            for (bytes, taken_away) in steps {
                if let Some(index) = taken_away.filter(|_| !kept.is_empty()) {
                    let (bytes, at) = kept.swap_remove(index.index(kept.len()));
                    shelf.give_back(at, bytes.len());
                }
                let at = shelf.put(&bytes).unwrap();
                kept.push((bytes, at));
                for (bytes, at) in &kept {
                    prop_assert_eq!(&shelf.read(*at, bytes.len()).unwrap(), bytes);
                }
                let room = shelf.room();
                let held: u64 = kept.iter().map(|(bytes, _)| bytes.len() as u64).sum();
                let gaps: u64 = room.gaps.values().sum();
                prop_assert_eq!(held + gaps, room.end);
                let by_start = room.gaps.iter().map(|(at, len)| (*len, *at));
                prop_assert_eq!(&by_start.collect::<BTreeSet<_>>(), &room.by_length);
            }
            kept.iter().for_each(|(bytes, at)| shelf.give_back(*at, bytes.len()));
            let room = shelf.room();
            prop_assert!(room.gaps.is_empty() && room.end == 0, "{:?}", room);
        }
    }

    #[test]
    fn room_that_was_given_back_is_taken_again() {
        let mut room = Room::default();
        let places: Vec<u64> = [10, 20, 30, 40].iter().map(|len| room.take(*len)).collect();
        assert_eq!(places, [0, 10, 30, 60]);
        room.give(0, 10);
        room.give(30, 30);
        assert_eq!(room.take(25), 30, "the shortest gap that is long enough");
        assert_eq!(room.take(6), 0);
        assert_eq!(room.take(5), 55);
        assert_eq!(room.take(5), 100, "nothing is long enough");
        room.give(10, 20);
        assert_eq!(room.gaps, BTreeMap::from([(6, 24)]), "gaps that touch are one");
    }
}
