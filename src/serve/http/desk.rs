//! The desk: what is served, and whom it is told to when it changes.

use std::net::IpAddr;
use std::sync::{Arc, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

use crate::outputs::{Content, Upcoming};
use crate::serve::audience::Audience;
use crate::serve::engine::{Engine, Update};
use crate::serve::shown::{Shown, ShownFile};

use super::host::AllowedHosts;

/// What is served, and whom it is told to when it changes.
#[derive(Clone)]
pub(crate) struct Desk {
    shown: Arc<RwLock<Shown>>,
    /// The number of what was told last of builds.
    builds: watch::Sender<u64>,
    /// Another number whenever a file is made that somebody waits for.
    made: watch::Sender<u64>,
    /// Another for each start of a server.
    server: Arc<str>,
    hosts: Arc<AllowedHosts>,
}

impl Desk {
    /// Returns a desk that shows what `shown` holds, for a server at the address `bound`
    /// for which the user gave the name `given`.
    pub(crate) fn new(shown: Shown, bound: IpAddr, given: Option<&str>) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let server = format!("{:x}-{:x}", since.as_nanos(), std::process::id());
        Self {
            shown: Arc::new(RwLock::new(shown)),
            builds: watch::Sender::new(0),
            made: watch::Sender::new(0),
            server: Arc::from(server),
            hosts: Arc::new(AllowedHosts::new(bound, given)),
        }
    }

    /// Returns what tells this server from one that is started later.
    pub(super) fn server(&self) -> &str {
        &self.server
    }

    /// Tells whether requests for this host are answered.
    pub(super) fn answers_for(&self, host: &str) -> bool {
        self.hosts.allows(host)
    }

    /// Returns what `look` finds in what is shown.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Shown) -> T) -> T {
        look(&self.shown.read().expect("nobody panics while changing it"))
    }

    /// Returns what `look` finds in what is shown, again while files are made that it looks
    /// for, until it finds something.
    pub(super) async fn look_until<T>(&self, look: impl Fn(&Shown) -> Option<T>) -> T {
        let mut made = self.made.subscribe();
        loop {
            if let Some(found) = self.look(&look) {
                return found;
            }
            if made.changed().await.is_err() {
                // The program ends.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Returns what tells of each build.
    pub(super) fn builds(&self) -> watch::Receiver<u64> {
        self.builds.subscribe()
    }

    /// Changes what is shown, and tells everybody who listens or waits.
    fn change(&self, change: impl FnOnce(&mut Shown)) {
        let build = {
            let mut shown = self.shown.write().expect("nobody panics while changing it");
            change(&mut shown);
            shown.build
        };
        self.builds.send_replace(build);
        self.made.send_modify(|number| *number += 1);
    }
}

impl Audience for Desk {
    fn expect(&self, upcoming: &Upcoming<'_>) {
        self.change(|shown| shown.expect(upcoming));
    }

    fn awaited(&self) -> Option<usize> {
        self.look(|shown| shown.pending()?.awaited())
    }

    fn made(&self, path: &str, content: Option<&Content>) {
        let file = content.map(ShownFile::of);
        let take = |shown: &Shown| shown.pending().is_some_and(|p| p.take(path, file));
        if self.look(take) {
            self.made.send_modify(|number| *number += 1);
        }
    }

    fn built(&self, engine: &Engine, update: &Update) {
        self.change(|shown| shown.take(engine, update));
    }
}
