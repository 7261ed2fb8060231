//! The command line: arguments in, an exit status out.
//!
//! [`run`] is all that `main` calls. A command is one file here with its arguments
//! and a `run`, and one line in the list of `args`. Every command gets a
//! `Session`: the site's folder, the date, and the terminal. What a command is asked
//! for goes to standard output; findings, progress and summaries go to standard error.

mod args;
mod baseline;
mod build;
mod check;
mod cite;
mod clean;
mod completions;
mod explain;
mod external;
mod impact;
mod init;
mod new;
mod rebuilt;
#[cfg(feature = "serve")]
mod serve;
mod session;
mod site;
mod terminal;
mod theme;
#[cfg(feature = "serve")]
mod watch;
#[cfg(feature = "serve")]
mod watching;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use args::Cli;
use session::{Outcome, Session};

/// The exit status where the author's files have errors.
const FINDINGS: u8 = 1;
/// The exit status of wrong usage and of the machine's faults.
const FAILURE: u8 = 2;

/// Runs the program with its arguments, the program's name first.
///
/// Returns 0 where all is well, 1 where the author's files have errors, and 2 for
/// wrong usage or a fault of the machine.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(shown) => {
            let code = if shown.use_stderr() { FAILURE } else { 0 };
            // Nobody is left to tell when the terminal is gone.
            let _ = shown.print();
            return ExitCode::from(code);
        }
    };
    let (session, command) = Session::start(cli);
    match command.run(&session) {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(FINDINGS),
        Err(failure) if failure.is_broken_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            session.terminal.error(&failure.to_string());
            ExitCode::from(FAILURE)
        }
    }
}
