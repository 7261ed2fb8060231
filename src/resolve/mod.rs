//! Cross-linking: from parsed pages to the [`Site`] that every page is shown from.
//!
//! Resolving *records*: an unknown key or a broken link is kept as data. Rules
//! (`check`) judge.

pub mod citing;
pub mod contribute;
pub mod derive;
mod destination;
pub mod explain;
pub mod facts;
pub mod files;
#[cfg(test)]
pub(crate) mod fixture;
pub mod flow;
pub mod generated;
pub mod in_language;
pub mod link;
pub mod linked;
pub mod links;
pub mod lists;
pub mod made;
pub mod mentions;
pub mod names;
pub mod order;
mod own_places;
pub mod plan;
pub mod publications;
pub mod quoting;
pub mod reader;
pub mod readers;
pub mod reviews;
pub mod routes;
pub mod shown;
pub mod site;
pub mod surfaces;
pub mod translations;

pub use explain::explain_links;
pub use facts::{Card, ChangeSet, Fact, FactKey, Facts, KeyId, KeySet, Pass, Passage};
pub use link::link_page;
pub use linked::LinkedPage;
pub use links::{ImageTarget, LinkTarget};
pub use mentions::PageMentions;
pub use reader::{Reads, SiteReader};
pub use readers::Readers;
pub use site::{Site, SitePage};
