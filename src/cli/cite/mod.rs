//! `galen cite`: citation files and styles, with or without a site.

mod convert;
mod format;
mod styles;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};

use crate::citation::{Bibliography, CitationFile};
use crate::diagnostic::Level;
use crate::load::{self, Inputs};
use crate::source::Source;

use super::session::{Failure, Outcome, Session};

/// The arguments of `galen cite`.
#[derive(Debug, Args)]
pub(super) struct Cite {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Print citation files as a reference list, in the order of the files
    Format(format::Format),
    /// Print citation files in another format
    Convert(convert::Convert),
    /// List the citation styles that come with galen
    Styles,
}

impl Cite {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        match self.action {
            Action::Format(command) => command.run(session),
            Action::Convert(command) => command.run(session),
            Action::Styles => styles::list(session),
        }
    }
}

/// Reads citation files and puts their entries together; says what is wrong with them.
fn read_works(
    session: &Session,
    paths: &[PathBuf],
    parse: fn(&Source) -> CitationFile,
) -> Result<(Bibliography, Outcome), Failure> {
    let mut inputs = Inputs::default();
    let mut files = Vec::with_capacity(paths.len());
    let mut found = Vec::new();
    for path in paths {
        let id = load::named_id(&path.to_string_lossy());
        let source = Source::new(id.clone(), &load::read_text(path)?);
        let file = parse(&source);
        found.extend(file.diagnostics.iter().cloned());
        files.push(file);
        inputs.sources.insert(id, source);
    }
    let (works, conflicts) = Bibliography::merge(&files, []);
    found.extend(conflicts);
    let found: Vec<_> = found.into_iter().map(Arc::new).collect();
    session.show_findings(&found, &inputs, Level::Error);
    let fails = found.iter().any(|finding| finding.level == Level::Error);
    Ok((works, if fails { Outcome::Findings } else { Outcome::Clean }))
}
