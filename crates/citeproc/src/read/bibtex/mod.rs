//! BibTeX and BibLaTeX.
//!
//! [`read`] goes in three steps: [`syntax`] splits the file into entries, [`inherit`] adds what
//! `crossref` and `xdata` give, and [`fields`] makes an item of each entry, with the LaTeX
//! interpreted by [`latex`]. The parser is our own because one mistake must not hide the rest of
//! the file, and because titles keep their markup.

mod fields;
mod inherit;
mod latex;
mod names;
mod pieces;
mod sentence_case;
mod symbols;
mod syntax;
mod types;

use rayon::prelude::*;

pub(crate) use types::language_name;

use super::{Entry, Library};

/// Reads a file of BibTeX or BibLaTeX.
pub(super) fn read(text: &str) -> Library {
    let mut file = syntax::parse(text);
    inherit::resolve(&mut file);
    let entries = file
        .entries
        .par_iter()
        .filter(|entry| !matches!(&*entry.kind, "xdata" | "set" | "control" | "bibnote"))
        .map(|entry| Entry {
            item: fields::to_item(entry),
            span: entry.span.clone(),
            key_span: entry.key_span.clone(),
        })
        .collect();
    Library { entries, errors: file.errors }
}
