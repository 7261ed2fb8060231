//! Presets: collections that come with the program, as data.
//!
//! A preset is written as the `[collections]` of a `book.toml` and read by the
//! same code. A further preset is one file and one line in [`PRESETS`].

use std::sync::Arc;

use super::collection::{Collection, Field};
use super::{schema, table};
use crate::ordered::IndexMap;
use crate::source::{Source, SourceId};

/// The presets by name.
const PRESETS: &[(&str, &str)] =
    &[("health", include_str!("presets/health.toml")), ("none", include_str!("presets/none.toml"))];

/// The names that `site.preset` can hold, each with itself.
pub(super) const NAMES: &[(&str, &str)] = &[("health", "health"), ("none", "none")];

/// The fields that every page has.
const PAGE: &str = include_str!("presets/page.toml");

/// Returns the collections of the preset `name`; none for an unknown name.
pub(super) fn collections(name: &str) -> IndexMap<Arc<str>, Collection> {
    let text = PRESETS.iter().find(|(preset, _)| *preset == name).map_or("", |(_, text)| text);
    let source = Source::new(SourceId::new(format!("preset:{name}")), text);
    let findings = table::Findings::new(&source);
    let collections = table::parse(&findings, |mut root| {
        let mut collections = IndexMap::default();
        if let Some(table) = root.table("collections") {
            schema::collections(&mut collections, &mut IndexMap::default(), &table);
        }
        root.finish();
        collections
    });
    debug_assert_eq!(findings.into_vec(), [], "the presets are valid");
    collections
}

/// Returns the fields that every page has.
pub(super) fn page_fields() -> IndexMap<Arc<str>, Field> {
    let source = Source::new(SourceId::new("preset:page"), PAGE);
    let findings = table::Findings::new(&source);
    let fields = table::parse(&findings, |mut root| {
        let mut fields = IndexMap::default();
        if let Some(declared) = root.table("fields") {
            schema::fields(&mut fields, &declared);
        }
        root.finish();
        fields
    });
    debug_assert_eq!(findings.into_vec(), [], "the fields of every page are valid");
    fields
}
