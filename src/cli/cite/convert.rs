//! `galen cite convert`: citation files in another format.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::citation::CitationFile;
use crate::citation::export::{BIBTEX, CSL_JSON, ExportFormat, RIS};

use super::super::session::{Failure, Outcome, Session};
use super::read_works;

/// The arguments of `galen cite convert`.
#[derive(Debug, Args)]
pub(super) struct Convert {
    /// Citation files: BibTeX, CSL-JSON, CSL-YAML, Hayagriva, RIS or nbib
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The format to print; everything that it can carry is kept, notes and keywords too
    #[arg(short, long, value_name = "FORMAT", value_enum)]
    to: Target,
}

/// The formats to convert to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Target {
    Bibtex,
    Ris,
    CslJson,
}

impl Target {
    fn format(self) -> &'static ExportFormat {
        match self {
            Target::Bibtex => &BIBTEX,
            Target::Ris => &RIS,
            Target::CslJson => &CSL_JSON,
        }
    }
}

impl Convert {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (works, outcome) = read_works(session, &self.files, CitationFile::parse_whole)?;
        session.terminal.data(&self.to.format().write_whole(works.iter()))?;
        Ok(outcome)
    }
}
