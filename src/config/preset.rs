//! Presets: collections, and the words of rules, that come with the program as data.
//!
//! A preset is written as the `[collections]` and `[checks]` of a `book.toml` and read by
//! the same code. A further preset is one file and one line in [`PRESETS`].

use std::sync::Arc;

use super::checks::{self, CheckSettings, RuleSetting};
use super::collection::{Collection, Field};
use super::table::TableReader;
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

/// What every site's rules are told.
const BASE: &str = include_str!("presets/base.toml");

/// Returns the text of the preset `name`; none for an unknown name.
fn text(name: &str) -> &'static str {
    PRESETS.iter().find(|(preset, _)| *preset == name).map_or("", |(_, text)| text)
}

/// Returns the collections of the preset `name`; none for an unknown name.
pub(super) fn collections(name: &str) -> IndexMap<Arc<str>, Collection> {
    read(name, text(name), |root| {
        let mut collections = IndexMap::default();
        if let Some(table) = root.table("collections") {
            schema::collections(&mut collections, &mut IndexMap::default(), &table);
        }
        root.value("checks");
        collections
    })
}

/// Returns what the preset `name` says of rules, over what every site's are told.
pub(super) fn checks(name: &str) -> IndexMap<Arc<str>, RuleSetting> {
    let rules = |name: &str, text| {
        read(name, text, |root| {
            root.value("collections");
            root.table("checks").map(|table| checks::rules(&table)).unwrap_or_default()
        })
    };
    CheckSettings::over(rules("base", BASE), rules(name, text(name)))
}

/// Returns the fields that every page has.
pub(super) fn page_fields() -> IndexMap<Arc<str>, Field> {
    read("page", PAGE, |root| {
        let mut fields = IndexMap::default();
        if let Some(declared) = root.table("fields") {
            schema::fields(&mut fields, &declared);
        }
        fields
    })
}

/// Returns what `read` makes of `text`, the preset `name`, in which nothing may be wrong.
fn read<T: Default>(name: &str, text: &str, read: impl FnOnce(&mut TableReader<'_, '_>) -> T) -> T {
    let source = Source::new(SourceId::new(format!("preset:{name}")), text);
    let findings = table::Findings::new(&source);
    let value = table::parse(&findings, |mut root| {
        let value = read(&mut root);
        root.finish();
        value
    });
    debug_assert_eq!(findings.into_vec(), [], "the presets are valid");
    value
}
