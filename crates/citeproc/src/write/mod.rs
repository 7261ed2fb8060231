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

use crate::item::Item;

/// Writes items as CSL-JSON: a list, one field a line.
pub fn to_csl_json<'i>(items: impl IntoIterator<Item = &'i Item>) -> String {
    let items: Vec<&Item> = items.into_iter().collect();
    let mut json = serde_json::to_string_pretty(&items)
        .expect("items have text keys and finite numbers, which JSON can hold");
    json.push('\n');
    json
}
