//! `galen build`: builds the site and publishes it.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use crate::config::settings::judge_base_url;
use crate::diagnostic::Level;
use crate::load::{self, Inputs, LoadPlan};
use crate::pipeline::{self, Build as Built, BuildOptions};
use crate::write::{OutputDir, Publication, PublishReport};

use super::baseline::Baseline;
use super::session::{Failure, Outcome, Session};
use super::terminal::counted;

/// The arguments of `galen build`.
#[derive(Debug, Args)]
pub(super) struct Build {
    /// Where the site is written [default: build.output_dir of book.toml]
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The address under which the site is published, in place of site.base_url
    #[arg(short = 'u', long, value_name = "URL", value_parser = base_url)]
    base_url: Option<String>,
    /// Build drafts too
    #[arg(long)]
    drafts: bool,
    /// Build pages too that are dated more than a day ahead
    #[arg(long)]
    future: bool,
    /// Ask search engines to leave the whole site out
    #[arg(long)]
    noindex: bool,
    /// Fail on editorial errors and warnings too
    #[arg(long)]
    strict: bool,
    /// Publish although pages have errors; the exit status stays 1
    #[arg(long)]
    allow_errors: bool,
    /// Replace files of the output folder that galen has no record of having written
    #[arg(long)]
    force: bool,
    /// How many threads to use [default: one a core]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

impl Build {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let started = Instant::now();
        let progress = session.terminal.progress();
        if let Some(jobs) = self.jobs {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.into());
            pool.build_global().map_err(|error| Failure::Usage(error.to_string()))?;
        }
        let today = session.today()?;
        progress.stage("reading files");
        let (inputs, output) = self.load(session)?;
        progress.stage("building pages");
        let options = BuildOptions {
            today,
            drafts: self.drafts,
            future: self.future,
            noindex: self.noindex,
            base_url: self.base_url.clone(),
        };
        let publication = Publication::begin(&output)?;
        let mut built = pipeline::build_into(&publication, &inputs, &options);
        Baseline::read(&session.root)?.subtract_from(&mut built.diagnostics);
        let has_errors = built.has_structural_errors();
        let publishes = !has_errors || self.allow_errors;
        let report = match publishes {
            true => {
                progress.stage("writing files");
                Some(publication.publish(&built.artifacts())?)
            }
            false => {
                drop(publication);
                None
            }
        };
        drop(progress);
        let fatal = if self.strict { Level::Warning } else { Level::Error };
        session.show_findings(&built.diagnostics, &inputs, fatal);
        let seconds = started.elapsed().as_secs_f64();
        let verbose = session.terminal.is_verbose();
        session.terminal.say(&summary(&built, report.as_ref(), &output, today, seconds, verbose));
        let fails =
            has_errors || self.strict && built.diagnostics.iter().any(|found| found.level >= fatal);
        // The process ends: to give back a large site piece by piece would only take time.
        std::mem::forget((built, inputs));
        Ok(if fails { Outcome::Findings } else { Outcome::Clean })
    }

    fn load(&self, session: &Session) -> Result<(Inputs, OutputDir), Failure> {
        let (config, _) = session.config()?;
        let output = session.output(&config, self.out.as_deref())?;
        let output = if self.force { output.taking_over() } else { output };
        let plan = LoadPlan::new(&session.root, output.path(), &config);
        Ok((load::load(&plan)?, output))
    }
}

fn base_url(text: &str) -> Result<String, String> {
    match judge_base_url(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(wanted) => Err(format!("it must be {wanted}")),
    }
}

fn summary(
    built: &Built,
    report: Option<&PublishReport>,
    output: &OutputDir,
    today: jiff::civil::Date,
    seconds: f64,
    verbose: bool,
) -> String {
    let count = |level| built.diagnostics.iter().filter(|d| d.level == level).count();
    let mut text = String::new();
    let _ = match report {
        Some(report) => write!(
            text,
            "built {} and {} into `{}`: {} written, {} unchanged, {} deleted",
            counted(built.pages.len(), "page"),
            counted(built.site.used_keys(&built.bibliography).len(), "reference"),
            output.path().display(),
            counted(report.written, "file"),
            report.unchanged,
            report.deleted,
        ),
        None => write!(text, "nothing was published; `{}` is as it was", output.path().display()),
    };
    let _ = write!(
        text,
        "\n{}, {}, {}; {:.2} s; today is {today}",
        counted(count(Level::Error), "error"),
        counted(count(Level::Warning), "warning"),
        counted(count(Level::Info), "note"),
        seconds,
    );
    if count(Level::Info) > 0 && !verbose {
        text.push_str(" (-v shows the notes)");
    }
    if !built.left_out.is_empty() {
        let names: Vec<String> = built.left_out.iter().map(|id| format!("`{id}`")).collect();
        let _ = write!(text, "\nleft out (drafts, or dated ahead): {}", names.join(", "));
    }
    text
}
