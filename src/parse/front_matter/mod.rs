//! Front matter: the only door to `serde_yaml` and `saphyr-parser`.
//!
//! 1. [`split()`] finds where the YAML stands and where the body starts.
//! 2. [`parse`] reads the YAML once, through one `DeserializeSeed` that walks the
//!    schema ([`Schema`]): it asks for text where text is wanted, so that `1.10`
//!    stays `1.10`, notes what does not fit, and goes on.
//! 3. Only where something was noted is the YAML read a second time for places
//!    ([`FieldLocator`]), which later stages use too, to point at a field.

mod any;
mod citation;
mod date;
mod finding;
mod locate;
mod place;
mod read;
mod scalar;
mod scalar_source;
mod split;
mod syntax;
#[cfg(test)]
mod tests;
mod typed;
mod unknown;

pub use locate::{FieldLocator, locate, locate_key};
pub use split::{Split, split};

use std::ops::Range;
use std::sync::Arc;

use crate::citation::syntax::LocatorTerms;
use crate::config::{Collection, Config, Field};
use crate::diagnostic::{Diagnostic, structural};
use crate::ids::CustomScheme;
use crate::ordered::IndexMap;
use crate::source::Source;

use super::body::Body;
use super::page::FrontMatter;

/// What the front matter of a page may hold.
#[derive(Clone, Copy, Debug)]
pub struct Schema<'a> {
    /// The fields that every page has.
    pub page: &'a IndexMap<Arc<str>, Field>,
    /// The collection that the page belongs to.
    pub collection: Option<&'a Collection>,
    /// The identifier schemes that the site adds.
    pub ids: &'a IndexMap<Arc<str>, CustomScheme>,
    /// The words for places in works, in the language of the page; `None` for English.
    pub locator_terms: Option<&'a LocatorTerms>,
}

impl<'a> Schema<'a> {
    /// Returns the schema of the pages of `collection`, or of stand-alone pages.
    pub fn new(config: &'a Config, collection: Option<&'a Collection>) -> Self {
        Self { page: &config.page_fields, collection, ids: &config.ids, locator_terms: None }
    }

    /// Returns the schema of pages in the language whose words for places are `terms`.
    pub fn in_lang<'b>(self, terms: &'b LocatorTerms) -> Schema<'b>
    where
        'a: 'b,
    {
        Schema { locator_terms: Some(terms), ..self }
    }

    /// Tells whether the pages are people, whose `name` is their title.
    fn of_people(&self) -> bool {
        self.collection.is_some_and(|collection| collection.people)
    }
}

/// What a parser of a field's text returns: the value, and what it found.
pub type Parsed<T> = (T, Vec<Diagnostic>);

/// Reads the text of a Markdown field.
///
/// The ranges in what it returns, and in its diagnostics, are offsets in that text;
/// the diagnostics are moved to their place in the file, the ranges in the body stay.
pub type MarkdownParser<'a> = dyn Fn(&str) -> Parsed<Body> + 'a;

/// Reads the front matter that [`split()`] found in `source`, and reports everything
/// in it that does not fit; a field that does not is left out.
///
/// A missing title is not reported here, because a lone heading may stand in:
/// see [`missing_title`].
pub fn parse(
    source: &Source,
    split: &Split,
    schema: Schema<'_>,
    markdown: &MarkdownParser<'_>,
) -> Parsed<FrontMatter> {
    if let Some(problem) = split::problem(source, split) {
        return (FrontMatter::default(), vec![problem]);
    }
    let Some(range) = split.yaml.clone() else {
        return (FrontMatter::default(), Vec::new());
    };
    let text = source.text();
    let yaml = &text[range.clone()];
    if let Some(alias) = locate::alias(source, &range) {
        return (FrontMatter::default(), vec![alias]);
    }
    match read::front_matter(yaml, schema, markdown) {
        Ok((mut front, findings)) => {
            typed::inherit_review_date(&mut front, schema.collection);
            typed::stand_in_image(&mut front, schema.collection);
            front.misnamed = finding::misnamed(&findings);
            (front, finding::diagnostics(findings, source, &range))
        }
        Err(error) => (FrontMatter::default(), vec![syntax::diagnostic(source, &range, &error)]),
    }
}

/// Returns the finding that the page has no title (`name`, for a person), worded
/// for what the file holds; `None` where `front` gives one that does not fit or has a
/// wrong name, which [`parse`] has reported.
pub fn missing_title(
    source: &Source,
    split: &Split,
    schema: Schema<'_>,
    front: &FrontMatter,
) -> Option<Diagnostic> {
    let name = if schema.of_people() { "name" } else { "title" };
    if front.misnamed.iter().any(|meant| **meant == *name) {
        return None;
    }
    let example = format!("start the file with `---`, `{name}: …` and `---`, each on its own line");
    let text = source.text();
    let (range, message, help): (Range<usize>, _, _) = match &split.yaml {
        _ if text.trim().is_empty() => {
            (0..0, format!("this file is empty: a page needs a `{name}`"), example)
        }
        None => (0..0, format!("this page has no front matter, so it has no `{name}`"), example),
        Some(yaml) if FieldLocator::new(source, yaml).has_value(name) => return None,
        Some(_) => {
            let line_end = text.find(['\r', '\n']).unwrap_or(text.len());
            let help = format!("add `{name}: …`, or start the text with a first-level heading");
            (0..line_end, format!("this page has no `{name}`"), help)
        }
    };
    let span = source.span(range);
    Some(Diagnostic::new(&structural::FM_REQUIRED, span, message).with_help(help))
}
