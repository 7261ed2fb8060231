//! The threads that build, which are sent home when there is nothing to do.
//!
//! An allocator keeps for each thread what the thread has freed, and gives it back to the
//! system when the thread ends or, where others hold parts of it, some time after that.

use std::thread;

use rayon::{ThreadPool, ThreadPoolBuilder};

/// The threads that build.
#[derive(Debug, Default)]
pub(super) struct Crew {
    /// They are called when there is something to do.
    at_work: Option<ThreadPool>,
}

impl Crew {
    /// Runs `work` on as many threads as the program is to use.
    pub(super) fn run<T: Send>(&mut self, work: impl FnOnce() -> T + Send) -> T {
        if self.at_work.is_none() {
            self.at_work = ThreadPoolBuilder::new().build().ok();
        }
        match &self.at_work {
            Some(pool) => pool.install(work),
            // The system gives no more threads: those of the program do it.
            None => work(),
        }
    }

    /// Sends the threads home; those that were sent home before have left something to give
    /// back by now.
    pub(super) fn dismiss(&mut self) {
        self.at_work = None;
        // Without another thread, it is for the next build to do.
        if let Ok(thread) = thread::Builder::new().spawn(|| ()) {
            let _ = thread.join();
        }
    }
}
