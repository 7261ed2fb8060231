//! Writers of bibliographic files: BibTeX, RIS and CSL-JSON.
//!
//! Each writes what its format can carry, in a fixed order of fields, and escapes every value for
//! its format, so that the reader of the same format gets it back. What an item holds is written:
//! use [`Item::into_publishable`](crate::item::Item::into_publishable) first where the result is
//! published.

mod bibtex;
mod edtf;
mod latex;
mod ris;

pub use bibtex::to_bibtex;
pub use ris::to_ris;

use std::borrow::Borrow;

use serde::{Serialize, Serializer};
use serde_json::ser::PrettyFormatter;

use crate::item::Item;

/// Writes items as CSL-JSON: a list, one field a line.
pub fn to_csl_json(items: impl IntoIterator<Item = impl Borrow<Item> + Serialize>) -> String {
    let mut json = Vec::new();
    let mut writer = serde_json::Serializer::with_formatter(&mut json, PrettyFormatter::new());
    writer
        .collect_seq(items)
        .expect("items have text keys and finite numbers, which JSON can hold");
    let mut json = String::from_utf8(json).expect("JSON is written as text");
    json.push('\n');
    json
}
