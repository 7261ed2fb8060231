//! Watching a site, building it again when it changes, and serving it.
//!
//! Start with [`serve()`] and the loop in `rebuilding.rs`: [`SiteWatcher`] says what
//! changed, [`Engine`] builds it before an [`Audience`], `Shown` holds what there is to see
//! and what is `Pending`, and `http` is the server. Only `http` is asynchronous; the loop is a thread of its own.

mod audience;
mod crew;
mod engine;
mod gather;
mod http;
mod pending;
mod places;
mod rebuilding;
mod shown;
mod site_watcher;
mod snapshot;
mod watch;

pub use audience::Audience;
pub use engine::{Engine, Update};
pub use rebuilding::{Built, PORT, Reporter, ServeError, ServeOptions, serve, watch};
pub use shown::EditorLink;
pub use site_watcher::{POLL, SiteWatcher};
pub use snapshot::Changes;
pub use watch::Doubt;
