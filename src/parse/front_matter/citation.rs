//! The works that a field names: a key, several keys, or a quoted Pandoc citation.

use std::sync::Arc;

use super::finding::Finding;
use super::read::Reading;
use super::scalar::quoted;
use crate::citation::CitationKey;
use crate::citation::syntax::{Citation, Cite};
use crate::parse::page::FieldValue;

/// Reads one scalar: `king2022`, `"@king2022"` or `"[@king2022, p. 4]"`.
pub(super) fn read(text: &str, reading: &mut Reading<'_>) -> Option<Arc<Citation>> {
    if text.trim_start().starts_with('[') {
        let (citation, found) = (reading.parsers.citation)(text);
        let path = &reading.path;
        reading.findings.extend(found.into_iter().map(|d| Finding::inside(path.clone(), d)));
        if citation.is_none() {
            let message = format!("`{path}` is not a citation: {}", quoted(text));
            let help = "write a key such as `king2022`, or a quoted citation such as \
                        `\"[@king2022, p. 4]\"`";
            reading.findings.push(Finding::wrong(path.clone(), message).help(help));
        }
        return citation.map(Arc::new);
    }
    let bare = text.trim();
    let key = bare.strip_prefix('@').unwrap_or(bare);
    if key.is_empty() || key.contains(char::is_whitespace) {
        let message = format!("`{}` is not a citation key: {}", reading.path, quoted(text));
        let help = match key.contains([',', ';']) {
            true => "write several keys as a list: `[first, second]`",
            false => "a key holds no spaces",
        };
        reading.findings.push(Finding::wrong(reading.path.clone(), message).help(help));
        return None;
    }
    let start = text.len() - text.trim_start().len() + (bare.len() - key.len());
    let cite = Cite {
        key: CitationKey::new(key),
        key_range: start..start + key.len(),
        suppress_author: false,
        prefix: String::new(),
        locator: None,
        suffix: String::new(),
    };
    Some(Arc::new(Citation { narrative: false, cites: vec![cite], range: 0..text.len() }))
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
