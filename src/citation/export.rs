//! The formats in which works are handed on.
//!
//! A format is one line in [`FORMATS`].

use citeproc::item::{Item, TextVariable};
use citeproc::write::{to_bibtex, to_csl_json, to_ris};

use super::bibliography::Entry;

/// A format in which reference managers take works.
#[derive(Debug)]
pub struct ExportFormat {
    /// What people call it.
    pub name: &'static str,
    /// The extension of its files.
    pub extension: &'static str,
    write: fn(&[Item]) -> String,
}

/// BibTeX.
pub static BIBTEX: ExportFormat =
    ExportFormat { name: "BibTeX", extension: "bib", write: |items| to_bibtex(items) };

/// RIS.
pub static RIS: ExportFormat =
    ExportFormat { name: "RIS", extension: "ris", write: |items| to_ris(items) };

/// CSL-JSON.
pub static CSL_JSON: ExportFormat =
    ExportFormat { name: "CSL-JSON", extension: "json", write: |items| to_csl_json(items) };

/// Every format.
pub static FORMATS: &[&ExportFormat] = &[&BIBTEX, &RIS, &CSL_JSON];

impl ExportFormat {
    /// Returns the works with all that the format can carry, for their owner.
    pub fn write_whole<'a>(&self, entries: impl IntoIterator<Item = &'a Entry>) -> String {
        let items: Vec<Item> = entries.into_iter().map(|entry| Item::clone(&entry.item)).collect();
        (self.write)(&items)
    }
}

/// Returns the works in `format`, without what is never published, and without their
/// abstracts unless these are wanted.
pub fn export<'a>(
    format: &ExportFormat,
    entries: impl IntoIterator<Item = &'a Entry>,
    with_abstracts: bool,
) -> String {
    let items: Vec<Item> = entries
        .into_iter()
        .map(|entry| {
            let mut item = Item::clone(&entry.item).into_publishable();
            if !with_abstracts {
                item.remove(TextVariable::Abstract);
            }
            item
        })
        .collect();
    (format.write)(&items)
}
