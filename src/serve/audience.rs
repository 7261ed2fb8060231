//! Those who look at a site while it is built.
//!
//! A build that makes many pages tells of them before the first is made, and makes those
//! first that somebody waits for: whoever looks at one page does not wait for all.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostic::Diagnostic;
use crate::outputs::{Content, Keeper, Packing, Upcoming};

use super::engine::{Engine, Update};

/// Fewer pages than this are made sooner than anybody could ask for one.
const MANY: usize = 64;

/// Those who look at a site while it is built.
pub trait Audience: Sync {
    /// Is told that a build is about to make many pages, which may be asked for from now on.
    fn expect(&self, _: &Upcoming<'_>) {}

    /// Returns the page that somebody waits for, by its place among the expected ones.
    fn awaited(&self) -> Option<usize> {
        None
    }

    /// Takes in a page that was made, whether it was expected or not; `None` stands for one
    /// that cannot be rendered.
    fn made(&self, _path: &str, _content: Option<&Content>) {}

    /// Takes in what a build changed.
    fn built(&self, _: &Engine, _: &Update) {}
}

/// Nobody looks.
impl Audience for () {}

/// Keeps what one build makes, and shows the pages to an audience.
pub(super) struct Showing<'a> {
    keeper: &'a Packing,
    audience: &'a dyn Audience,
    /// Tells whether a site with such findings is not to be shown.
    hides: &'a (dyn Fn(&[Arc<Diagnostic>]) -> bool + Sync),
    /// Whether the audience was told what to expect.
    is_expected: AtomicBool,
}

impl<'a> Showing<'a> {
    /// Returns what keeps a build's files with `keeper`, and shows pages to `audience` unless
    /// something is found for which the site `hides`.
    pub(super) fn new(
        keeper: &'a Packing,
        audience: &'a dyn Audience,
        hides: &'a (dyn Fn(&[Arc<Diagnostic>]) -> bool + Sync),
    ) -> Self {
        Self { keeper, audience, hides, is_expected: AtomicBool::new(false) }
    }

    fn is_expected(&self) -> bool {
        self.is_expected.load(Ordering::Relaxed)
    }
}

impl Keeper for Showing<'_> {
    fn begin(&self, upcoming: Upcoming<'_>) {
        if upcoming.pages.len() >= MANY && !(self.hides)(upcoming.found) {
            self.audience.expect(&upcoming);
            self.is_expected.store(true, Ordering::Relaxed);
        }
    }

    fn awaited(&self) -> Option<usize> {
        self.is_expected().then(|| self.audience.awaited()).flatten()
    }

    fn keep(&self, path: &str, bytes: Vec<u8>, last: Option<&Content>) -> Option<Content> {
        let is_page = self.is_expected() && path.ends_with(".html");
        let is_rendered = !bytes.is_empty();
        let kept = self.keeper.keep(path, bytes, last);
        if is_page {
            self.audience.made(path, kept.as_ref().filter(|_| is_rendered));
        }
        kept
    }
}
