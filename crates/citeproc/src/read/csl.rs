//! CSL records as trees: what CSL-JSON and CSL-YAML have in common.

use std::ops::Range;

use super::{Entry, Library, ReadError};
use crate::item::Item;
use crate::item::node::{Node, Value};

/// Reads a list of items, or one of the maps that such a list may be wrapped in.
pub(super) fn read_items(root: &Node<'_>, library: &mut Library) {
    match &root.value {
        Value::List(nodes) => {
            for node in nodes {
                push_item(node, None, library);
            }
        }
        Value::Map(members) => {
            if let Some(wrapped) = ["references", "items"].into_iter().find_map(|key| root.get(key))
            {
                read_items(wrapped, library);
            } else if is_item(root) {
                push_item(root, None, library);
            } else {
                // citeproc-js and some exports keep items by id.
                for member in members {
                    push_item(&member.node, Some((&member.key, member.key_span.clone())), library);
                }
            }
        }
        Value::Null => {}
        _ => library.errors.push(ReadError::new(
            format!("references must be a list, not {}", root.kind()),
            root.span.clone(),
        )),
    }
}

/// Tells whether a map is an item, rather than a map of items.
pub(super) fn is_item(node: &Node<'_>) -> bool {
    ["id", "type", "title"].iter().any(|key| node.get(key).and_then(Node::as_scalar).is_some())
}

/// Adds an item; `outer` is the key that it stands under, where it stands in a map.
pub(super) fn push_item(
    node: &Node<'_>,
    outer: Option<(&str, Range<usize>)>,
    library: &mut Library,
) {
    let mut problems = Vec::new();
    let item = Item::from_node(node, &mut problems);
    library.errors.extend(problems.into_iter().map(|problem| {
        let message = match problem.path.as_str() {
            "" => problem.message,
            path => format!("`{path}` {}", problem.message),
        };
        ReadError::new(message, problem.span)
    }));
    let Some(mut item) = item else { return };
    let mut key_span = node.get("id").map(|id| id.span.clone());
    // Zotero gives its own address as the id where the citation key stands apart.
    let address = item.id.starts_with("http://zotero.org/");
    if (item.id.is_empty() || address)
        && let Some(key) = node.get("citation-key")
        && let Some(text) = key.as_scalar()
        && !text.is_empty()
    {
        item.id = text.into();
        key_span = Some(key.span.clone());
    }
    if item.id.is_empty()
        && let Some((key, span)) = outer
    {
        item.id = key.into();
        key_span = Some(span);
    }
    if item.id.is_empty() {
        let first = node.members().first().map_or(&node.span, |member| &member.key_span);
        library.errors.push(
            ReadError::new("an item has no `id`", first.clone())
                .with_help("the `id` is the key by which the item is cited"),
        );
        return;
    }
    library.entries.push(Entry {
        item,
        span: node.span.clone(),
        key_span: key_span.unwrap_or_else(|| node.span.clone()),
    });
}
