//! Whose turn it is: places that several threads take one by one, each once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The places from 0, each of which is taken once.
pub(super) struct Turns {
    taken: Vec<AtomicBool>,
    next: AtomicUsize,
}

impl Turns {
    /// Returns the turns of as many places.
    pub(super) fn new(places: usize) -> Self {
        let taken = std::iter::repeat_with(|| AtomicBool::new(false));
        Self { taken: taken.take(places).collect(), next: AtomicUsize::new(0) }
    }

    /// Takes a place: one that is `awaited`, as long as there are any, or the first that
    /// nobody took.
    ///
    /// # Panics
    /// Panics where it is asked more often than there are places.
    pub(super) fn next(&self, awaited: impl Fn() -> Option<usize>) -> usize {
        while let Some(place) = awaited() {
            if self.take(place) {
                return place;
            }
        }
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            assert!(place < self.taken.len(), "there are as many turns as places");
            if self.take(place) {
                return place;
            }
        }
    }

    /// Takes a place, unless it is taken or there is none.
    fn take(&self, place: usize) -> bool {
        self.taken.get(place).is_some_and(|taken| !taken.swap(true, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use rayon::prelude::*;

    use super::*;

    #[test]
    fn what_is_awaited_comes_first_and_everything_comes_once() {
        let turns = Turns::new(5);
        let awaited = Mutex::new(vec![9, 3, 3]);
        let next = || turns.next(|| awaited.lock().unwrap().pop());
        assert_eq!([next(), next(), next()], [3, 0, 1]);
        awaited.lock().unwrap().extend([1, 4]);
        assert_eq!([next(), next()], [4, 2]);
    }

    #[test]
    fn several_threads_take_each_place_once() {
        let turns = Turns::new(1000);
        let awaited = Mutex::new((0..500).map(|place| place * 2).collect::<Vec<_>>());
        let mut taken: Vec<usize> = (0..1000)
            .into_par_iter()
            .map(|_| turns.next(|| awaited.lock().unwrap().pop()))
            .collect();
        taken.sort_unstable();
        assert_eq!(taken, (0..1000).collect::<Vec<_>>());
    }
}
