//! Watching a site, building it anew when it changes, and serving it.
//!
//! [`SiteWatcher`] says what changed.

mod gather;
mod places;
mod site_watcher;
mod snapshot;
mod watch;

pub use site_watcher::{POLL, SiteWatcher};
pub use snapshot::Changes;
pub use watch::Doubt;
