//! What `serve` and `watch` have in common: their arguments, and what they say.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use crate::diagnostic::{self, Diagnostic, Differences, Level};
use crate::load::{self, FileError};
use crate::pipeline::BuildOptions;
use crate::serve::{Built, Changes, Doubt, Engine, Reporter};
use crate::source::Source;
use crate::write::{OutputDir, Publisher};

use super::rebuilt::LastRebuild;
use super::session::{Failure, Session, date_of_clock};
use super::terminal::counted;

/// The arguments of watching.
#[derive(Clone, Debug, Args)]
pub(super) struct WatchArgs {
    /// Build drafts too
    #[arg(long)]
    drafts: bool,
    /// Look for changes every MS milliseconds, for places of which the system tells nothing
    #[arg(
        long,
        value_name = "MS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "500",
        value_parser = clap::value_parser!(u64).range(10..=3_600_000)
    )]
    pub(super) poll: Option<u64>,
}

impl WatchArgs {
    /// Returns the engine of the session's site.
    pub(super) fn engine(
        &self,
        session: &Session,
        output: Option<PathBuf>,
    ) -> Result<Engine, Failure> {
        let options = BuildOptions { drafts: self.drafts, ..BuildOptions::on(session.today()?) };
        let engine = Engine::new(session.root.clone(), output, options)?;
        Ok(match session.fixed_today()? {
            Some(_) => engine,
            None => engine.dated_by(date_of_clock),
        })
    }
}

/// Says what happens, and writes the site where there is a folder for it.
pub(super) struct WatchReporter {
    session: Session,
    /// What writes the site; `None` where it is served from memory.
    publisher: Option<Publisher>,
    /// What was found at the last build, so that what is new can be shown.
    found: Arc<[Arc<Diagnostic>]>,
}

impl WatchReporter {
    /// Returns the reporter of a session, which writes the site to `output`.
    pub(super) fn new(session: Session, output: Option<OutputDir>) -> Self {
        Self { session, publisher: output.map(Publisher::new), found: Arc::default() }
    }

    /// Shows the findings that are new and, with them or where others are gone, the errors
    /// that remain: of a thousand warnings, nobody reads those that were there before.
    fn show_findings(&mut self, engine: &Engine, all: &Arc<[Arc<Diagnostic>]>) {
        let before = std::mem::replace(&mut self.found, Arc::clone(all));
        let Differences { gone, new } = Differences::between(&before, all);
        // An edit moves what stands after it: that is nothing new.
        let is_in = |finding: &Diagnostic, found: &[Arc<Diagnostic>]| {
            let mut alike = diagnostic::about(found, finding.source()).iter();
            alike.any(|other| {
                (other.level, other.rule.id, &other.message)
                    == (finding.level, finding.rule.id, &finding.message)
            })
        };
        let new: Vec<_> = new.into_iter().filter(|found| !is_in(found, &before)).collect();
        if new.is_empty() && gone.iter().all(|found| is_in(found, all)) {
            return;
        }
        let errors = all.iter().filter(|finding| finding.level == Level::Error);
        let mut shown: Vec<Arc<Diagnostic>> = errors.chain(new).cloned().collect();
        diagnostic::sort(&mut shown);
        self.session.show_findings_in(
            &shown,
            &|id| engine.source(id).map(Source::text),
            Level::Error,
        );
    }

    /// Notes which pages were made again and why, and says so where everything is wanted.
    fn tell_why(&self, what: &str, built: &Built<'_>) {
        /// How many pages to name.
        const NAMED: usize = 20;
        let note = LastRebuild::new(what, &built.update.causes);
        // A folder that cannot be written to can still be served.
        let _ = note.write(&self.session.root);
        if !self.session.terminal.is_verbose() {
            return;
        }
        for (page, reasons) in note.pages().take(NAMED) {
            self.session.terminal.say(&format!("  {page}: {}", reasons.join("; ")));
        }
        if let Some(more @ 1..) = note.pages().len().checked_sub(NAMED) {
            self.session.terminal.say(&format!("  and {}", counted(more, "other page")));
        }
    }

    /// Writes the site, unless it cannot be made right; returns what to say of that.
    fn publish(&mut self, engine: &Engine, built: &Built<'_>) -> String {
        let Some(publisher) = &mut self.publisher else { return String::new() };
        publisher.note(&built.update.changed);
        if built.update.has_structural_errors() {
            return "; nothing was published".to_owned();
        }
        match publisher.publish(&engine.artifacts()) {
            Ok(report) => {
                let gone = match report.deleted {
                    0 => String::new(),
                    deleted => format!(", {deleted} deleted"),
                };
                format!("; {} written{gone}", counted(report.written, "file"))
            }
            Err(error) => {
                self.session.terminal.error(&error.to_string());
                "; nothing was published".to_owned()
            }
        }
    }
}

impl Reporter for WatchReporter {
    fn built(&mut self, engine: &Engine, built: &Built<'_>) {
        let published = self.publish(engine, built);
        let update = built.update;
        let what = match built.changes {
            Some(changes) if changes.is_empty() => format!("today is {}", engine.today()),
            Some(changes) => described(changes, engine),
            None => format!("built {}", counted(update.all_pages, "page")),
        };
        let pages = match (built.changes, update.changed.len()) {
            (None, _) => String::new(),
            (Some(_), 0) => ": no page is different".to_owned(),
            (Some(_), _) => {
                let others = update.changed.len() - update.pages;
                let others = match others {
                    0 => String::new(),
                    others => format!(" and {}", counted(others, "other file")),
                };
                format!(": {}{others}", counted(update.pages, "page"))
            }
        };
        let line = format!(
            "{what}{pages}{published} in {}{}",
            shown(built.took),
            totals(&update.diagnostics)
        );
        self.session.terminal.say(&line);
        if built.changes.is_some() {
            self.tell_why(&what, built);
        }
        self.show_findings(engine, &update.diagnostics);
    }

    fn serving(&mut self, url: &str) {
        self.session.terminal.say(&format!("serving at `{url}`; Ctrl-C stops"));
    }

    fn doubt(&mut self, doubt: &Doubt) {
        self.session.terminal.say(&doubt.to_string());
    }

    fn failed(&mut self, error: &FileError) {
        self.session
            .terminal
            .error(&format!("{error}; the last site stays, and it is tried again"));
    }
}

/// Says what changed on disk, in a few words.
fn described(changes: &Changes, engine: &Engine) -> String {
    /// How many files to name.
    const NAMED: usize = 2;
    let root = load::absolute_root(&engine.plan().root).unwrap_or_default();
    let all: Vec<_> = changes.iter().collect();
    let named = all.iter().take(NAMED).map(|(path, what)| {
        format!("`{}` {what}", path.strip_prefix(&root).unwrap_or(path).display())
    });
    let named: Vec<String> = named.collect();
    match all.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {}", named.join(", "), counted(more, "other file")),
    }
}

/// Returns how many findings there are, unless there are none.
fn totals(found: &[Arc<Diagnostic>]) -> String {
    let levels = [(Level::Error, "error"), (Level::Warning, "warning")];
    let totals = levels.into_iter().filter_map(|(level, noun)| {
        let count = found.iter().filter(|finding| finding.level == level).count();
        (count > 0).then(|| format!("; {}", counted(count, noun)))
    });
    totals.collect()
}

fn shown(took: Duration) -> String {
    match took.as_millis() {
        0..10 => format!("{:.1} ms", took.as_secs_f64() * 1e3),
        10..1000 => format!("{} ms", took.as_millis()),
        _ => format!("{:.1} s", took.as_secs_f64()),
    }
}
