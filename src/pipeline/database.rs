//! Reading the citation database: the citation files, the notes on them, and the table of
//! retracted works.

use rayon::prelude::*;

use crate::citation::bibliography::{Bibliography, CitationFile};
use crate::citation::notes::NotesFile;
use crate::citation::retractions::Retractions;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::load::{self, Inputs};
use crate::source::{Source, SourceId};

/// Reads the citation files that the configuration names, all of `citations/` where
/// it names none, and the notes on them.
pub(super) fn read(inputs: &Inputs, config: &Config, found: &mut Vec<Diagnostic>) -> Bibliography {
    let named = &config.citations.files;
    let sources: Vec<&Source> = match named.is_empty() {
        true => inputs.sources.values().filter(|source| holds_works(&source.id)).collect(),
        false => named
            .iter()
            .filter_map(|path| inputs.sources.get(&crate::load::named_id(path)))
            .collect(),
    };
    let files: Vec<CitationFile> =
        sources.par_iter().map(|source| CitationFile::parse(source)).collect();
    let notes = inputs.sources.get(&SourceId::new(NOTES)).map(NotesFile::parse);
    let (mut bibliography, problems) = Bibliography::merge(&files, &notes);
    let table = config.citations.retractions.as_deref().unwrap_or(RETRACTIONS);
    if let Some(source) = inputs.sources.get(&crate::load::named_id(table)) {
        let retractions = Retractions::parse(source);
        retractions.mark(&mut bibliography);
        found.extend(retractions.diagnostics);
    }
    let in_files = files.into_iter().flat_map(|file| file.diagnostics);
    found.extend(in_files.chain(notes.into_iter().flat_map(|notes| notes.diagnostics)));
    found.extend(problems);
    bibliography
}

/// What the site adds to the works' records.
const NOTES: &str = "citations/notes.yaml";

/// The table of works that were retracted.
const RETRACTIONS: &str = "citations/retractions.csv";

/// Tells whether a file of `citations/` holds works, and not styles or tables.
fn holds_works(id: &SourceId) -> bool {
    let is_format =
        id.extension().is_some_and(|extension| !matches!(extension, "csl" | "csv" | "md" | "txt"));
    id.as_str().starts_with("citations/") && id.as_str() != NOTES && is_format
}
