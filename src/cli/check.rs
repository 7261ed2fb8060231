//! `galen check`: says what is wrong in the site's files, and mends what it is asked to.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};

use crate::diagnostic::{self, Diagnostic, Fix, Level};
use crate::load::history::{GitHistory, History};
use crate::load::{self, FileError, Inputs};
use crate::pipeline::Build;
use crate::source::SourceId;
use crate::write;

use super::baseline::Baseline;
use super::external;
use super::session::{Failure, Outcome, Session};
use super::site;
use super::terminal::{Progress, counted};

/// The arguments of `galen check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    /// Show only what concerns these files and folders [default: the whole site]
    paths: Vec<PathBuf>,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// Ask other sites too, and report the addresses that cannot be reached
    #[arg(long)]
    external: bool,
    /// Make the changes that mend findings, and show what is left
    #[arg(long)]
    fix: bool,
    /// Accept today's editorial findings, so that only later ones are shown
    #[arg(long, conflicts_with_all = ["fix", "paths"])]
    write_baseline: bool,
    /// How to show what was found; all but `human` go to standard output
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "human")]
    format: Format,
}

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Code frames, for people
    Human,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a GitHub workflow
    Github,
}

impl Check {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let progress = session.terminal.progress();
        progress.stage("checking");
        let history =
            GitHistory::of(&session.root).map(|history| Arc::new(history) as Arc<dyn History>);
        let mut inputs = Inputs { history: history.clone(), ..site::read_inputs(session)? };
        let wanted = Wanted::new(session, &self.paths, &inputs)?;
        if self.fix {
            let built = site::build(session, &inputs, false)?;
            let left = left_of(session, built)?;
            let fixes = left.iter().filter(|found| wanted.includes(found.source()));
            let made = make_fixes(session, fixes, &inputs)?;
            inputs = Inputs { history, ..site::read_inputs(session)? };
            session.terminal.say(&format!("made {}", counted(made, "change")));
        }
        let built = self.build(session, &progress, &mut inputs, &wanted)?;
        drop(progress);
        if self.write_baseline {
            let baseline = Baseline::of(&built.diagnostics);
            baseline.write(&session.root)?;
            session.terminal.say(&format!("accepted {}", counted(baseline.len(), "finding")));
            return Ok(Outcome::Clean);
        }
        let mut found = left_of(session, built)?;
        found.retain(|finding| wanted.includes(finding.source()));
        let worst = if self.strict { Level::Warning } else { Level::Error };
        self.show(session, &found, &inputs, worst)?;
        let fails = found.iter().any(|finding| finding.level >= worst);
        Ok(if fails { Outcome::Findings } else { Outcome::Clean })
    }

    /// Builds the site; where other sites are to be asked, once to see whom, and once more to
    /// judge it by their answers.
    fn build(
        &self,
        session: &Session,
        progress: &Progress,
        inputs: &mut Inputs,
        wanted: &Wanted,
    ) -> Result<Build, Failure> {
        let built = site::build(session, inputs, false)?;
        if !self.external {
            return Ok(built);
        }
        let is_meant = |source: &SourceId| wanted.includes(source);
        let answers = external::answers(session, progress, &built, &is_meant)?;
        progress.stage("checking");
        inputs.answers = Some(Arc::new(answers));
        site::build(session, inputs, false)
    }

    /// Shows what was found, in the format that is asked for.
    fn show(
        &self,
        session: &Session,
        found: &[Arc<Diagnostic>],
        inputs: &Inputs,
        worst: Level,
    ) -> Result<(), Failure> {
        let named = |name| diagnostic::FORMATS.iter().find(|(format, _)| *format == name);
        if let Some((_, render)) = self.format.name().and_then(named) {
            let text = |id: &SourceId| {
                let source = inputs.sources.get(id)?;
                Some(Arc::from(source.as_file(&source.text())))
            };
            let found: Vec<Diagnostic> = found.iter().map(|f| Diagnostic::clone(f)).collect();
            let folder = self.format.folder(&session.root);
            return Ok(session.terminal.data(&render(&found, &text, &folder))?);
        }
        session.show_findings(found, inputs, worst);
        let notes = found.iter().filter(|finding| finding.level == Level::Info).count();
        if found.is_empty() {
            session.terminal.say("no findings");
        } else if notes > 0 && !session.terminal.is_verbose() {
            let before = match notes == found.len() {
                true => "no errors or warnings,",
                false => "and",
            };
            let notes = counted(notes, "note");
            session.terminal.say(&format!("{before} {notes} (-v shows them)"));
        }
        Ok(())
    }
}

/// Returns what was found and is not accepted.
fn left_of(session: &Session, built: Build) -> Result<Vec<Arc<Diagnostic>>, Failure> {
    let mut found = built.diagnostics;
    Baseline::read(&session.root)?.subtract_from(&mut found);
    Ok(found)
}

/// Makes the changes that mend findings, of two that overlap the first; returns how many.
fn make_fixes<'a>(
    session: &Session,
    found: impl Iterator<Item = &'a Arc<Diagnostic>>,
    inputs: &Inputs,
) -> Result<usize, Failure> {
    let mut by_file: BTreeMap<&SourceId, Vec<&Fix>> = BTreeMap::new();
    for fix in found.filter_map(|found| found.fix.as_ref()) {
        by_file.entry(&fix.span.source).or_default().push(fix);
    }
    let mut made = 0;
    for (id, mut fixes) in by_file {
        let Some(source) = inputs.sources.get(id) else { continue };
        fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
        let written = source.text();
        let mut text = String::with_capacity(written.len());
        let mut copied = 0;
        for fix in fixes {
            let range = fix.span.range();
            if range.start < copied || written.get(range.clone()).is_none() {
                continue;
            }
            text.push_str(&written[copied..range.start]);
            text.push_str(&fix.replacement);
            copied = range.end;
            made += 1;
        }
        text.push_str(&written[copied..]);
        write::create_file(&session.root.join(id.as_str()), &source.as_file(&text), true)?;
    }
    Ok(made)
}

impl Format {
    /// Returns the way to the site at `root` from where its findings are read, with a `/` at
    /// its end: from the repository that GitHub checked out, else from the working directory.
    /// Nothing where the site lies elsewhere.
    fn folder(self, root: &Path) -> String {
        let checkout = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let from = checkout.filter(|_| self == Format::Github).or(std::env::current_dir().ok());
        let root = load::resolved(root);
        let below =
            from.and_then(|from| root.strip_prefix(load::resolved(&from)).ok().map(Path::to_owned));
        let parts = below.iter().flat_map(|below| below.iter());
        parts.map(|part| format!("{}/", part.to_string_lossy())).collect()
    }

    /// Returns the name under which programs' formats are listed; `None` for people's.
    fn name(self) -> Option<&'static str> {
        match self {
            Format::Human => None,
            Format::Json => Some("json"),
            Format::Sarif => Some("sarif"),
            Format::Github => Some("github"),
        }
    }
}

/// The files and folders that are asked about, as ids; all of the site when empty.
struct Wanted(Vec<String>);

impl Wanted {
    fn new(session: &Session, paths: &[PathBuf], inputs: &Inputs) -> Result<Self, Failure> {
        let root = load::resolved(&absolute(&session.root)?);
        let ids = paths.iter().map(|path| {
            let full = load::resolved(&absolute(path)?);
            let below = full
                .strip_prefix(&root)
                .map_err(|_| Failure::Usage(format!("`{}` is not in the site", path.display())))?;
            let id = load::named_id(&below.to_string_lossy()).to_string();
            match load::exists(&full) {
                true => Ok(id),
                false => Err(nothing_at(path, &id, (session, inputs))),
            }
        });
        ids.collect::<Result<_, Failure>>().map(Self)
    }

    fn includes(&self, source: &SourceId) -> bool {
        let holds = |id: &String| {
            let rest = source.as_str().strip_prefix(id.as_str());
            id.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.0.is_empty() || self.0.iter().any(holds)
    }
}

/// Returns the failure that nothing is at `path`, with what of the site it may have meant.
fn nothing_at(path: &Path, id: &str, (session, inputs): (&Session, &Inputs)) -> Failure {
    let files = inputs.sources.keys().chain(inputs.files.keys()).map(SourceId::as_str);
    let folders = |file: &'_ str| file.rmatch_indices('/').map(|(end, _)| end).collect::<Vec<_>>();
    let known: BTreeSet<&str> = files
        .flat_map(|file| folders(file).into_iter().map(|end| &file[..end]).chain([file]))
        .collect();
    let mut message = format!("there is no file or folder `{}`", path.display());
    if let Some(near) = diagnostic::nearest(id, known) {
        message.push_str(&format!(": did you mean `{}{near}`?", session.way_to_site()));
    }
    Failure::Usage(message)
}

fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    Ok(std::path::absolute(path).map_err(|error| FileError::new("find", path, error))?)
}
