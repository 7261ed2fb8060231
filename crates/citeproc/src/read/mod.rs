//! Readers of bibliographic files: BibTeX and BibLaTeX, CSL-JSON, CSL-YAML, Hayagriva, RIS, nbib.
//!
//! [`detect`] tells the format of a file, [`read`] reads it into a [`Library`]. A reader never
//! stops at the first mistake: it keeps every entry that it can read, and lists what is wrong with
//! the place of each mistake.

mod bibtex;
mod csl;
mod hayagriva;
mod json;
mod nbib;
pub(crate) mod ris;
mod tagged;
mod yaml;

use std::ops::Range;

use crate::item::Item;

pub(crate) use bibtex::language_name as bibtex_language;

pub use crate::item::node::{Member, Node, Value};

/// A format of bibliographic files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// BibTeX or BibLaTeX (`.bib`).
    Bibtex,
    /// CSL-JSON (`.json`).
    CslJson,
    /// CSL-YAML or Hayagriva (`.yaml`, `.yml`), told apart by the shape of the data.
    Yaml,
    /// RIS (`.ris`).
    Ris,
    /// PubMed's MEDLINE format (`.nbib`).
    Nbib,
}

/// What a reader may do beyond the format itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// Takes CSL variables out of the notes, as [`Item::read_note_variables`] does.
    pub note_variables: bool,
}

/// What a file holds, as far as it can be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// The entries in the order of the file. A key may occur twice.
    pub entries: Vec<Entry>,
    /// What is wrong with the file, in the order of the file.
    pub errors: Vec<ReadError>,
}

/// An entry of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The record; its `id` is the key.
    pub item: Item,
    /// The bytes of the whole entry.
    pub span: Range<usize>,
    /// The bytes of the key, or of the place that stands for it where the format has no keys.
    pub key_span: Range<usize>,
}

/// A mistake in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong, in a few words that make sense alone.
    pub message: String,
    /// The smallest place that shows it, in bytes.
    pub span: Range<usize>,
    /// What the author can do about it.
    pub help: Option<String>,
}

impl ReadError {
    fn new(message: impl Into<String>, span: Range<usize>) -> Self {
        Self { message: message.into(), span, help: None }
    }

    fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// Tells the format of a file by its extension (without the dot), else by how the text begins.
///
/// Returns `None` where neither says anything.
pub fn detect(extension: Option<&str>, text: &str) -> Option<Format> {
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("bib" | "bibtex" | "biblatex") => return Some(Format::Bibtex),
        Some("json") => return Some(Format::CslJson),
        Some("yaml" | "yml") => return Some(Format::Yaml),
        Some("ris") => return Some(Format::Ris),
        Some("nbib") => return Some(Format::Nbib),
        _ => {}
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let first = text.lines().next().unwrap_or_default();
    if text.starts_with(['[', '{']) {
        Some(Format::CslJson)
    } else if first.starts_with("TY  -") {
        Some(Format::Ris)
    } else if first.starts_with("PMID-") {
        Some(Format::Nbib)
    } else if text.starts_with('@') || text.starts_with('%') {
        Some(Format::Bibtex)
    } else if first.starts_with("---") || first.starts_with("- ") || first.ends_with(':') {
        Some(Format::Yaml)
    } else {
        None
    }
}

/// Reads a file.
///
/// Never fails: what cannot be read is in [`Library::errors`], and the rest in
/// [`Library::entries`].
pub fn read(text: &str, format: Format, options: ReadOptions) -> Library {
    let mut library = match format {
        Format::Bibtex => bibtex::read(text),
        Format::CslJson => json::read(text),
        Format::Yaml => yaml::read(text),
        Format::Ris => ris::read(text),
        Format::Nbib => nbib::read(text),
    };
    if options.note_variables {
        for entry in &mut library.entries {
            entry.item.read_note_variables();
        }
    }
    library.errors.sort_by_key(|error| error.span.start);
    library
}

/// Reads the first document of a YAML text into a tree with spans; `None` where it is empty.
///
/// Scalars keep their source text. After a mistake the tree holds what was complete before it.
pub fn parse_yaml<'a>(text: &'a str, errors: &mut Vec<ReadError>) -> Option<Node<'a>> {
    yaml::parse(text, errors)
}
