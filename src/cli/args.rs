//! The arguments of the program, and the list of its commands.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

use super::session::{Failure, Outcome, Session};
use super::{build, check, cite, clean, completions, explain, impact, init, new, theme};
#[cfg(feature = "serve")]
use super::{serve, watch};

/// Builds a static website from Markdown and a citation database.
#[derive(Debug, Parser)]
#[command(name = "galen", version, propagate_version = true, max_term_width = 100)]
#[command(after_help = "Exit status: 0 all is well; 1 the site's files have errors; \
                        2 wrong usage, or the machine failed.")]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// The site's folder, which holds book.toml
    #[arg(short, long, value_name = "DIR", default_value = ".", global = true)]
    pub(super) root: PathBuf,
    /// The date to take as today [default: SOURCE_DATE_EPOCH, else the date in UTC]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date, global = true)]
    pub(super) today: Option<Date>,
    /// Print only what fails the command: no other findings, no progress, no summary
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print every finding instead of ten a rule
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub(super) verbose: u8,
    /// When to use colour; `auto` does on a terminal, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", value_enum, default_value = "auto", global = true)]
    pub(super) color: Color,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Start a site: a small complete one, to change into your own
    Init(init::Init),
    /// Start a page with its front matter
    New(new::New),
    /// Build the site
    Build(build::Build),
    /// Serve the site on this machine, and show every change as it is saved
    #[cfg(feature = "serve")]
    Serve(serve::Serve),
    /// Build the site, again whenever it changes
    #[cfg(feature = "serve")]
    Watch(watch::Watch),
    /// Say what is wrong in the site's files
    Check(check::Check),
    /// Format or convert citation files, or list the citation styles
    Cite(cite::Cite),
    /// Explain the links of a page, a page, or a rule
    Explain(explain::Explain),
    /// Show every page and sentence that rests on one work
    Impact(impact::Impact),
    /// List the theme's files, or copy one into the site to change it
    Theme(theme::Theme),
    /// Delete the built site and the cache, and nothing that galen did not write
    Clean(clean::Clean),
    /// Print a script that completes galen's commands in a shell
    Completions(completions::Completions),
}

impl Command {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        if !self.stays() {
            allocator::keep_freed_memory();
        }
        match self {
            Command::Init(command) => command.run(session),
            Command::New(command) => command.run(session),
            Command::Build(command) => command.run(session),
            #[cfg(feature = "serve")]
            Command::Serve(command) => command.run(session),
            #[cfg(feature = "serve")]
            Command::Watch(command) => command.run(session),
            Command::Check(command) => command.run(session),
            Command::Cite(command) => command.run(session),
            Command::Explain(command) => command.run(session),
            Command::Impact(command) => command.run(session),
            Command::Theme(command) => command.run(session),
            Command::Clean(command) => command.run(session),
            Command::Completions(command) => command.run(session),
        }
    }

    /// Tells whether the command runs until somebody ends it.
    fn stays(&self) -> bool {
        #[cfg(feature = "serve")]
        let stays = matches!(self, Command::Serve(_) | Command::Watch(_));
        #[cfg(not(feature = "serve"))]
        let stays = false;
        stays
    }
}

fn date(text: &str) -> Result<Date, String> {
    // Stricter than the parser of dates, which also takes times and zones.
    let date = (text.len() == "2026-01-31".len()).then(|| text.parse().ok()).flatten();
    date.ok_or_else(|| "a date is written like 2026-01-31".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn global_flags_stand_before_or_after_the_command() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).unwrap().global;
        assert_eq!(parse("galen -r site clean").root, PathBuf::from("site"));
        assert_eq!(parse("galen clean --root site").root, PathBuf::from("site"));
        assert_eq!(parse("galen clean --today 2027-06-01").today, "2027-06-01".parse().ok());
    }

    #[test]
    fn a_malformed_date_is_refused() {
        for wrong in ["2027-6-1", "2027-13-01", "01.06.2027", "2027-06-01T00:00", "today"] {
            assert!(Cli::try_parse_from(["galen", "clean", "--today", wrong]).is_err(), "{wrong}");
        }
    }
}
