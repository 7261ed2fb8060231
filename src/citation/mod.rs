//! The citation database, the citation syntax, and the door to the CSL processor.

pub mod authors;
pub mod bibliography;
pub mod export;
pub mod format_references;
pub mod key;
pub mod listing;
pub mod notes;
pub mod record;
pub mod retractions;
pub mod style;
pub mod syntax;

pub use bibliography::{Bibliography, CitationFile};
pub use key::CitationKey;
pub use notes::NotesFile;
pub use style::{CitationStyle, StyleSet};
