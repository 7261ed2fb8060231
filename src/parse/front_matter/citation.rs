//! The works that a field names: a key, several keys, or a quoted Pandoc citation.

use std::sync::Arc;

use super::finding::Finding;
use super::read::Reading;
use super::scalar::quoted;
use crate::citation::syntax::{Citation, LocatorTerms, parse_field};
use crate::parse::page::FieldValue;

/// Reads one scalar: `king2022`, `"@king2022"` or `"[@king2022, p. 4]"`.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) -> Option<Arc<Citation>> {
    let english = LocatorTerms::default();
    let citation = parse_field(text, reading.schema.locator_terms.unwrap_or(&english));
    if citation.is_none() {
        let message = format!("`{}` is not a citation: {}", reading.path, quoted(text));
        let bracketed = text.trim_start().starts_with('[');
        let help = match text.contains([',', ';']) && !bracketed {
            true => "write several keys as a list: `[first, second]`",
            false => {
                "write a key such as `king2022`, or a quoted citation such as \
                 `\"[@king2022, p. 4]\"`"
            }
        };
        reading.findings.push(Finding::wrong(reading.path.clone(), message).help(help));
    }
    citation.map(Arc::new)
}

/// Joins the citations of a list into one; `None` where it holds none.
pub(super) fn join(items: Vec<FieldValue>) -> Option<Arc<Citation>> {
    let mut citations = items.into_iter().filter_map(|item| match item {
        FieldValue::Citation(citation) => Some(citation),
        _ => None,
    });
    let first = citations.next()?;
    let mut joined = Arc::unwrap_or_clone(first);
    joined.cites.extend(citations.flat_map(|citation| Arc::unwrap_or_clone(citation).cites));
    Some(Arc::new(joined))
}
