//! The citation database, the citation syntax, and the door to the CSL processor.

pub mod key;
pub mod syntax;

pub use key::CitationKey;
