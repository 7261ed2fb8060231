//! The citation database: every entry of every citation file, by key.

use std::sync::Arc;

use citeproc::item::Item;
use indexmap::IndexMap;

use crate::source::Span;

use super::key::CitationKey;

/// The works that a site can cite, in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Bibliography {
    pub(super) entries: IndexMap<CitationKey, Entry>,
}

/// One work.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its key.
    pub key: CitationKey,
    /// Its record, without what is never published.
    pub item: Arc<Item>,
    /// Where its file holds it.
    pub span: Span,
    /// What `notes.yaml` adds.
    pub notes: EntryNotes,
}

/// What no reference manager has: `citations/notes.yaml`, by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryNotes {
    /// What became of the work.
    pub status: Option<Status>,
    /// How near the work is to what it reports.
    pub level: Option<SourceLevel>,
    /// What kind of study it is.
    pub study_type: Option<Arc<str>>,
    /// Whether its age does not count against it.
    pub seminal: bool,
    /// Whether it was not peer-reviewed.
    pub preprint: bool,
    /// How readers get it, such as `open`.
    pub access: Option<Arc<str>>,
    /// A copy in a web archive.
    pub archive_url: Option<Arc<str>>,
    /// When the copy was made.
    pub archived: Option<Arc<str>>,
}

/// What became of a work after its publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was withdrawn.
    Retracted,
    /// A correction was published.
    Corrected,
    /// Its journal published an expression of concern.
    Concern,
}

/// How near a work is to what it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceLevel {
    /// It reports its own findings.
    Primary,
    /// It weighs the findings of others.
    Secondary,
    /// It retells.
    Tertiary,
}

impl Status {
    /// Returns the word that `notes.yaml` and templates use.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Retracted => "retracted",
            Status::Corrected => "corrected",
            Status::Concern => "concern",
        }
    }
}

impl SourceLevel {
    /// Returns the word that `notes.yaml` and templates use.
    pub fn as_str(self) -> &'static str {
        match self {
            SourceLevel::Primary => "primary",
            SourceLevel::Secondary => "secondary",
            SourceLevel::Tertiary => "tertiary",
        }
    }
}

impl Bibliography {
    /// Returns the entry `key`.
    pub fn get(&self, key: &CitationKey) -> Option<&Entry> {
        self.entries.get(key)
    }

    /// Returns the record of the entry `key`.
    pub fn item(&self, key: &str) -> Option<&Item> {
        self.entries.get(&CitationKey::new(key)).map(|entry| &*entry.item)
    }

    /// Returns the keys, in the order of the files.
    pub fn keys(&self) -> impl Iterator<Item = &CitationKey> {
        self.entries.keys()
    }

    /// Returns how many works there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there is no work.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
