//! What every command works with, and how it ends.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::config::{self, Config};
use crate::diagnostic::{self, Diagnostic, HumanStyle, Level, Texts};
use crate::external::NoNetwork;
use crate::load::{self, FileError, Inputs};
#[cfg(feature = "serve")]
use crate::serve::ServeError;
use crate::source::{Source, SourceId};
use crate::write::{OutputDir, WriteError};

use super::args::{Cli, Command};
use super::terminal::Terminal;

/// The variable by which reproducible builds give the date, in seconds since 1970.
const DATE_VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// What every command works with.
#[derive(Clone)]
pub(super) struct Session {
    /// The site's folder.
    pub(super) root: PathBuf,
    /// The terminal.
    pub(super) terminal: Terminal,
    today: Option<Date>,
}

/// How a command that could do its work ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// All is well.
    Clean,
    /// The author's files have errors.
    Findings,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// It was called wrongly.
    Usage(String),
    /// A file could not be read.
    File(FileError),
    /// A file could not be written.
    Write(WriteError),
    /// The terminal, or what stands behind the pipe, takes no more.
    Output(io::Error),
    /// No other site could be asked.
    NoNetwork(NoNetwork),
    /// The site could not be served or watched.
    #[cfg(feature = "serve")]
    Serve(ServeError),
}

impl Session {
    pub(super) fn start(cli: Cli) -> (Self, Command) {
        let Cli { global, command } = cli;
        let terminal = Terminal::new(global.color, global.quiet, global.verbose > 0);
        (Self { root: global.root, terminal, today: global.today }, command)
    }

    /// Returns the date to take as today.
    pub(super) fn today(&self) -> Result<Date, Failure> {
        Ok(self.fixed_today()?.unwrap_or_else(date_of_clock))
    }

    /// Returns the date that the user gave to take as today; `None` where the clock's counts.
    pub(super) fn fixed_today(&self) -> Result<Option<Date>, Failure> {
        if self.today.is_some() {
            return Ok(self.today);
        }
        let Ok(seconds) = std::env::var(DATE_VARIABLE) else { return Ok(None) };
        let seconds = seconds.trim().parse::<i64>().ok();
        let then = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
        let unreadable = || Failure::Usage(format!("{DATE_VARIABLE} is not a number of seconds"));
        Ok(Some(date_at(then.ok_or_else(unreadable)?)))
    }

    /// Returns the site's configuration with its file, for commands that leave its
    /// findings to `build`.
    pub(super) fn config(&self) -> Result<(Config, Source), Failure> {
        match load::read_config(&self.root)? {
            Some((source, _)) => Ok((Config::parse(&source).0, source)),
            None => Err(Failure::Usage(self.no_site())),
        }
    }

    /// Returns the way to the site from where the user stands, with a `/` at its end; nothing
    /// where the user stands in its folder.
    pub(super) fn way_to_site(&self) -> String {
        let way = self.root.strip_prefix(".").unwrap_or(&self.root);
        way.join("").display().to_string()
    }

    /// Says that the folder is not the root of a site, and how to come to one.
    fn no_site(&self) -> String {
        let mut message = format!(
            "there is no {} in `{}`: `galen init DIR` starts a site, `--root DIR` names one",
            config::FILE,
            self.root.display()
        );
        let full = load::resolved(&std::path::absolute(&self.root).unwrap_or_default());
        let mut above = (1..).zip(full.ancestors().skip(1));
        if let Some((up, _)) = above.find(|(_, dir)| load::exists(&dir.join(config::FILE))) {
            let way = self.root.join(vec![".."; up].join("/"));
            let way = way.strip_prefix(".").unwrap_or(&way);
            message.push_str(&format!("; one is in `{}`", way.display()));
        }
        message
    }

    /// Shows what was found in the site's files: notes only where everything is wanted,
    /// those of the level `fatal`, which fail the command, alone where little is.
    pub(super) fn show_findings(&self, found: &[Arc<Diagnostic>], inputs: &Inputs, fatal: Level) {
        let text = |id: &SourceId| inputs.sources.get(id).map(|source| source.text());
        self.show_findings_in(found, &text, fatal);
    }

    /// Shows what was found in the texts that `texts` gives, as [`Self::show_findings`].
    pub(super) fn show_findings_in(
        &self,
        found: &[Arc<Diagnostic>],
        texts: &Texts<'_>,
        fatal: Level,
    ) {
        let least = match (self.terminal.is_quiet(), self.terminal.is_verbose()) {
            (true, _) => fatal,
            (false, false) => Level::Warning,
            (false, true) => Level::Info,
        };
        let shown: Vec<Diagnostic> = found
            .iter()
            .filter(|finding| finding.level >= least)
            .map(|finding| Diagnostic::clone(finding))
            .collect();
        let per_rule = match self.terminal.is_verbose() {
            true => usize::MAX,
            false => HumanStyle::default().per_rule,
        };
        // Colours that are not wanted are dropped where the text is printed.
        let folder = self.way_to_site();
        let style = HumanStyle { folder: &folder, color: true, per_rule, ..HumanStyle::default() };
        self.terminal.findings(&diagnostic::human(&shown, texts, style));
    }

    /// Returns the output folder: the one that the command line names, else that of `config`.
    pub(super) fn output(
        &self,
        config: &Config,
        named: Option<&Path>,
    ) -> Result<OutputDir, Failure> {
        let Some(named) = named else {
            return Ok(OutputDir::new(&self.root, config.build.output_dir.as_ref().as_ref())?);
        };
        // A folder on the command line is relative to where the command runs.
        let out =
            std::path::absolute(named).map_err(|error| FileError::new("find", named, error))?;
        Ok(OutputDir::new(&self.root, &out)?)
    }
}

/// Returns the date by the clock, in UTC; the only place that reads it for a build.
pub(super) fn date_of_clock() -> Date {
    date_at(Timestamp::now())
}

fn date_at(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}

impl Failure {
    /// Tells whether it is only that nobody reads on, as in `galen … | head`.
    pub(super) fn is_broken_pipe(&self) -> bool {
        matches!(self, Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) => f.write_str(message),
            Failure::File(error) => error.fmt(f),
            Failure::Write(error) => error.fmt(f),
            Failure::Output(error) => write!(f, "cannot write to the terminal: {error}"),
            Failure::NoNetwork(error) => error.fmt(f),
            #[cfg(feature = "serve")]
            Failure::Serve(error) => error.fmt(f),
        }
    }
}

#[cfg(feature = "serve")]
impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        Failure::Serve(error)
    }
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Failure::File(error)
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        Failure::Write(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}
