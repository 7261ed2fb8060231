//! Reading the citation database: the citation files, the notes on them, and the table of
//! retracted works.

use rayon::prelude::*;

use crate::citation::bibliography::{Bibliography, CitationFile};
use crate::citation::notes::NotesFile;
use crate::citation::retractions::Retractions;
use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::load::{self, Inputs};
use crate::source::{Source, SourceId, Span};

/// Reads the citation files that the configuration names, all of `citations/` where
/// it names none, and the notes on them.
pub(super) fn read(inputs: &Inputs, config: &Config, found: &mut Vec<Diagnostic>) -> Bibliography {
    let named = &config.citations.files;
    let sources: Vec<&Source> = match named.is_empty() {
        true => inputs.sources.values().filter(|source| holds_works(&source.id)).collect(),
        false => named.iter().filter_map(|path| named_source(inputs, path)).collect(),
    };
    found.extend(missing_files(inputs, config));
    let files: Vec<CitationFile> =
        sources.par_iter().map(|source| CitationFile::parse(source)).collect();
    let notes = inputs.sources.get(&SourceId::new(NOTES)).map(NotesFile::parse);
    let (mut bibliography, problems) = Bibliography::merge(&files, &notes);
    let table = config.citations.retractions.as_deref().unwrap_or(RETRACTIONS);
    if let Some(source) = named_source(inputs, table) {
        let retractions = Retractions::parse(source);
        retractions.mark(&mut bibliography);
        found.extend(retractions.diagnostics);
    }
    let in_files = files.into_iter().flat_map(|file| file.diagnostics);
    found.extend(in_files.chain(notes.into_iter().flat_map(|notes| notes.diagnostics)));
    found.extend(problems);
    bibliography
}

/// Returns the text file that the configuration names `path`.
fn named_source<'a>(inputs: &'a Inputs, path: &str) -> Option<&'a Source> {
    inputs.sources.get(&load::named_id(path))
}

/// Returns the findings that files which the configuration names cannot be read.
fn missing_files(inputs: &Inputs, config: &Config) -> Vec<Diagnostic> {
    let citations = &config.citations;
    let mut named: Vec<(Vec<String>, &str)> = Vec::new();
    for (index, path) in citations.files.iter().enumerate() {
        named.push((vec!["citations".into(), "files".into(), index.to_string()], path));
    }
    if let Some(path) = &citations.retractions {
        named.push((vec!["citations".into(), "retractions".into()], path));
    }
    named.retain(|(_, path)| named_source(inputs, path).is_none());
    named.iter().map(|(keys, path)| missing_file(inputs, keys, path)).collect()
}

/// Returns the finding that there is no text at `path`, which the configuration names
/// under `keys`.
fn missing_file(inputs: &Inputs, keys: &[String], path: &str) -> Diagnostic {
    let id = load::named_id(path);
    let book = SourceId::new(config::FILE);
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let span = match inputs.sources.get(&book) {
        Some(book) => config::locate(book, &keys),
        None => Span::file(book),
    };
    if inputs.files.contains_key(&id) {
        let message = format!("`{path}` is a file that is copied, and its text is not read");
        return Diagnostic::new(&structural::CONFIG_UNKNOWN, span, message)
            .with_help("put it into `citations/`, or into a folder of its own");
    }
    Diagnostic::new(&structural::CONFIG_UNKNOWN, span, format!("there is no file `{path}`"))
        .with_suggestion(nearest_file(inputs, id.as_str()))
}

/// Returns the file of `citations/` that `path` most likely means: by its whole path, or
/// else by its name alone.
fn nearest_file<'a>(inputs: &'a Inputs, path: &str) -> Option<&'a str> {
    let name = |path: &'a str| path.rsplit('/').next().unwrap_or(path);
    let known = || {
        let known = inputs.sources.keys().map(SourceId::as_str);
        known.filter(|path| path.starts_with("citations/") && *path != NOTES)
    };
    nearest(path, known()).or_else(|| {
        let wanted = nearest(path.rsplit('/').next()?, known().map(name))?;
        known().find(|path| name(path) == wanted)
    })
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
