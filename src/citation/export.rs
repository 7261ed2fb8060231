//! The formats in which works are handed on.
//!
//! A format is one line in [`FORMATS`].

use std::sync::{Arc, RwLock};

use citeproc::item::{Item, TextVariable};
use citeproc::write::{to_bibtex, to_csl_json, to_ris};
use rustc_hash::FxHashMap;

use super::bibliography::Entry;
use super::key::CitationKey;

/// A format in which reference managers take works.
#[derive(Debug)]
pub struct ExportFormat {
    /// What people call it.
    pub name: &'static str,
    /// The extension of its files.
    pub extension: &'static str,
    write: fn(&mut dyn Iterator<Item = Item>) -> String,
    /// What stands between two works, where a file is no more than its works.
    separator: Option<&'static str>,
}

/// BibTeX.
pub static BIBTEX: ExportFormat = ExportFormat {
    name: "BibTeX",
    extension: "bib",
    write: |items| to_bibtex(items),
    separator: Some("\n"),
};

/// RIS.
pub static RIS: ExportFormat = ExportFormat {
    name: "RIS",
    extension: "ris",
    write: |items| to_ris(items),
    separator: Some(""),
};

/// CSL-JSON.
pub static CSL_JSON: ExportFormat = ExportFormat {
    name: "CSL-JSON",
    extension: "json",
    write: |items| to_csl_json(items),
    separator: None,
};

/// Every format.
pub static FORMATS: &[&ExportFormat] = &[&BIBTEX, &RIS, &CSL_JSON];

impl ExportFormat {
    /// Returns the works with all that the format can carry, for their owner.
    pub fn write_whole<'a>(&self, entries: impl IntoIterator<Item = &'a Entry>) -> String {
        (self.write)(&mut entries.into_iter().map(|entry| Item::clone(&entry.item)))
    }
}

/// Writes works as a site publishes them: without what is never published, and without
/// their abstracts unless these are wanted.
///
/// Many pages offer the same works: what a work looks like in a format is kept.
#[derive(Debug)]
pub struct Exporter {
    with_abstracts: bool,
    /// The works that were written, by the extension of the format.
    written: RwLock<FxHashMap<&'static str, FxHashMap<CitationKey, Arc<str>>>>,
}

impl Exporter {
    /// Returns an exporter that has written nothing.
    pub fn new(with_abstracts: bool) -> Self {
        Self { with_abstracts, written: RwLock::default() }
    }

    /// Returns the works in `format`.
    pub fn write(&self, format: &'static ExportFormat, entries: &[&Entry]) -> String {
        match format.separator {
            Some(separator) => {
                let works: Vec<Arc<str>> = entries.iter().map(|e| self.work(format, e)).collect();
                works.join(separator)
            }
            None => (format.write)(&mut entries.iter().map(|e| self.published(e))),
        }
    }

    /// Returns the work of `entry` in `format`, which is kept once it was written.
    fn work(&self, format: &'static ExportFormat, entry: &Entry) -> Arc<str> {
        let poisoned = "no thread panics while it holds the lock";
        let written = self.written.read().expect(poisoned);
        let known = written.get(format.extension).and_then(|of| of.get(&entry.key)).cloned();
        drop(written);
        if let Some(work) = known {
            return work;
        }
        let work: Arc<str> = Arc::from((format.write)(&mut std::iter::once(self.published(entry))));
        let mut written = self.written.write().expect(poisoned);
        written.entry(format.extension).or_default().insert(entry.key.clone(), Arc::clone(&work));
        work
    }

    fn published(&self, entry: &Entry) -> Item {
        let mut item = Item::clone(&entry.item).into_publishable();
        if !self.with_abstracts {
            item.remove(TextVariable::Abstract);
        }
        item
    }
}
