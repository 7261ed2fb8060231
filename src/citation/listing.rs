//! Citation files apart from any site: as a reference list, or in another format.

use serde_json::{Map, Value, json};

use citeproc::item::Item;

use crate::html::escape;

use super::style::{CitationStyle, ListedEntry};

/// How a reference list is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFormat {
    /// One entry a line, without formatting.
    Text,
    /// One `div` an entry.
    Html,
    /// An object: each key with its entry as text and as HTML, without the list's number.
    Json,
}

/// Returns works as a reference list, in the order given.
///
/// Works that the style tells apart by letters after the year have them; no entry stands for
/// an author by a dash, since the entry above may be another's in another order.
pub fn reference_list<'i>(
    style: &CitationStyle,
    items: impl IntoIterator<Item = &'i Item>,
    format: ListFormat,
) -> String {
    let entries = style.list(items);
    match format {
        ListFormat::Text => entries.iter().map(text_line).collect(),
        ListFormat::Html => {
            let entries: String = entries.iter().map(html_block).collect();
            format!("<div class=\"csl-bib-body\">\n{entries}</div>\n")
        }
        ListFormat::Json => {
            let object: Map<String, Value> = entries
                .iter()
                .map(|entry| {
                    let texts = json!({ "text": entry.body_text, "html": entry.body_html });
                    (entry.key.clone(), texts)
                })
                .collect();
            format!("{:#}\n", Value::Object(object))
        }
    }
}

fn text_line(entry: &ListedEntry) -> String {
    format!("{}\n", entry.text.replace('\n', " "))
}

fn html_block(entry: &ListedEntry) -> String {
    let key = escape(&entry.key);
    format!("  <div class=\"csl-entry\" data-key=\"{key}\">{}</div>\n", entry.html)
}
