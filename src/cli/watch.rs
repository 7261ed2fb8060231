//! `galen watch`: builds the site into its output folder, again whenever it changes.

use std::time::Duration;

use clap::Args;

use crate::serve;

use super::session::{Failure, Outcome, Session};
use super::watching::{WatchArgs, WatchReporter};

/// The arguments of `galen watch`.
#[derive(Debug, Args)]
pub(super) struct Watch {
    #[command(flatten)]
    watch: WatchArgs,
}

impl Watch {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (config, _) = session.config()?;
        let output = session.output(&config, None)?;
        let engine = self.watch.engine(session, Some(output.path().to_owned()))?;
        let reporter = Box::new(WatchReporter::new(session.clone(), Some(output)));
        serve::watch(engine, self.watch.poll.map(Duration::from_millis), reporter)?;
        Ok(Outcome::Clean)
    }
}
