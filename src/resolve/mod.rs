//! Cross-linking: from parsed pages to the [`Site`] that every page is shown from.
//!
//! Resolving *records*: an unknown key or a broken link is kept as data. Rules
//! (`check`) judge.

pub mod facts;
pub mod site;

pub use facts::{Card, ChangeSet, Fact, FactKey, Facts, Passage};
pub use site::{Site, SitePage, SiteReader};
