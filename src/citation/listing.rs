//! Citation files apart from any site: as a reference list, or in another format.

use serde_json::{Map, Value, json};

use citeproc::item::Item;
use citeproc::{Entry, HtmlOptions};

use crate::html::escape;

use super::style::CitationStyle;

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
    let entries = style.processor().list(items);
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
                    let texts =
                        json!({ "text": entry.body().to_plain(), "html": entry.body_html() });
                    (entry.key.clone(), texts)
                })
                .collect();
            format!("{:#}\n", Value::Object(object))
        }
    }
}

fn text_line(entry: &Entry) -> String {
    let text = match (entry.left_margin(), entry.right_inline()) {
        (Some(first), Some(rest)) => format!("{} {}", first.to_plain(), rest.to_plain()),
        _ => entry.content().to_plain(),
    };
    format!("{}\n", text.replace('\n', " "))
}

fn html_block(entry: &Entry) -> String {
    let key = escape(&entry.key).to_string();
    let html = entry.content().to_html(&HtmlOptions::default());
    format!("  <div class=\"csl-entry\" data-key=\"{key}\">{html}</div>\n")
}
