//! `galen clean`: deletes what galen wrote.

use std::path::PathBuf;

use clap::Args;

use crate::write;

use super::external;
use super::rebuilt;
use super::session::{Failure, Outcome, Session};
use super::terminal::counted;

/// The arguments of `galen clean`.
#[derive(Debug, Args)]
pub(super) struct Clean {
    /// Where the site was written [default: build.output_dir of book.toml]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Clean {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (config, _) = session.config()?;
        let output = session.output(&config, self.out.as_deref())?;
        let deleted = write::clean(&output, &[rebuilt::FILE, external::FILE])?;
        session.terminal.say(&format!(
            "deleted {} in `{}`",
            counted(deleted, "file"),
            output.path().display()
        ));
        Ok(Outcome::Clean)
    }
}
