//! `galen completions`: a script that completes galen's commands in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::args::Cli;
use super::session::{Failure, Outcome, Session};

/// The arguments of `galen completions`.
#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

impl Completions {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "galen", &mut script);
        session.terminal.data(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Clean)
    }
}
