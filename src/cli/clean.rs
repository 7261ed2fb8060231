//! `galen clean`: deletes what galen wrote.

use clap::Args;

use crate::write;

use super::session::{Failure, Outcome, Session};
use super::terminal::counted;

/// The arguments of `galen clean`.
#[derive(Debug, Args)]
pub(super) struct Clean {}

impl Clean {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (config, _) = session.config()?;
        let output = session.output(&config)?;
        let deleted = write::clean(&output)?;
        session.terminal.say(&format!(
            "deleted {} in `{}`",
            counted(deleted, "file"),
            output.path().display()
        ));
        Ok(Outcome::Clean)
    }
}
