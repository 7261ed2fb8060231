//! The nodes of a JSON-LD graph: typed, in the order in which they were said, and
//! written once.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use memchr::memchr2;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::{CompactFormatter, Formatter};
use serde_json::value::RawValue;

/// What a property of a node says.
#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Number(usize),
    List(Vec<Value<'a>>),
    Node(Node<'a>),
    Written(WrittenNode),
}

/// A node that many pages hold, written once for all of them.
#[derive(Clone, Debug)]
pub struct WrittenNode(Arc<RawValue>);

impl WrittenNode {
    pub(super) fn new(node: &Node<'_>) -> Self {
        let json = RawValue::from_string(to_script(node)).expect("a node is written as JSON");
        Self(Arc::from(json))
    }
}

/// One node, whose empty properties are left out.
#[derive(Clone, Debug)]
pub(super) struct Node<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Node<'a> {
    /// Returns a node of the types of schema.org.
    pub(super) fn new(types: &[&'a str]) -> Self {
        let types = types.iter().map(|ty| Value::from(*ty));
        Self::untyped().list("@type", types)
    }

    /// Returns a node that is no thing, such as the document around the graph.
    pub(super) fn untyped() -> Self {
        Self(Vec::new())
    }

    /// Returns a node that stands for the one of this name.
    pub(super) fn reference(id: String) -> Self {
        Self::untyped().text("@id", Some(id))
    }

    /// Returns a node of which only type and name are known.
    pub(super) fn named(ty: &'a str, name: &'a str) -> Self {
        Self::new(&[ty]).text("name", Some(name))
    }

    /// Adds the property, in the place of what was said under its name before.
    pub(super) fn with(
        mut self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Option<Value<'a>>>,
    ) -> Self {
        let Some(value) = value.into().filter(|value| !value.is_empty()) else { return self };
        let name = name.into();
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some(property) => property.1 = value,
            None => self.0.push((name, value)),
        }
        self
    }

    /// Adds a text.
    pub(super) fn text(self, name: &'a str, text: Option<impl Into<Cow<'a, str>>>) -> Self {
        self.with(name, text.map(|text| Value::Text(text.into())))
    }

    /// Adds a node.
    pub(super) fn node(self, name: &'a str, node: impl Into<Option<Node<'a>>>) -> Self {
        self.with(name, node.into().map(Value::Node))
    }

    /// Adds a list; a list of one is written as the one.
    pub(super) fn list(
        self,
        name: impl Into<Cow<'a, str>>,
        values: impl IntoIterator<Item = Value<'a>>,
    ) -> Self {
        let mut values: Vec<_> = values.into_iter().filter(|value| !value.is_empty()).collect();
        match values.len() {
            0 | 1 => self.with(name, values.pop()),
            _ => self.with(name, Value::List(values)),
        }
    }

    /// Tells whether something is said under `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

impl Value<'_> {
    fn is_empty(&self) -> bool {
        match self {
            Value::Text(text) => text.trim_start().is_empty(),
            Value::Number(_) => false,
            Value::List(values) => values.is_empty(),
            Value::Node(node) => node.0.is_empty(),
            Value::Written(_) => false,
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Value::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Value::Text(Cow::Owned(text))
    }
}

impl From<&WrittenNode> for Value<'_> {
    fn from(node: &WrittenNode) -> Self {
        Value::Written(node.clone())
    }
}

impl<'a> From<Node<'a>> for Value<'a> {
    fn from(node: Node<'a>) -> Self {
        Value::Node(node)
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => number.serialize(serializer),
            Value::List(values) => serializer.collect_seq(values),
            Value::Node(node) => node.serialize(serializer),
            Value::Written(node) => node.0.serialize(serializer),
        }
    }
}

impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Returns the node as JSON that may stand in a `<script>`: neither the script's end nor a
/// comment can then stand in its texts.
pub(super) fn to_script(node: &Node<'_>) -> String {
    let mut json = Vec::with_capacity(4096);
    let mut serializer = serde_json::Serializer::with_formatter(&mut json, InScript);
    node.serialize(&mut serializer).expect("texts and numbers are JSON, and memory takes them");
    String::from_utf8(json).expect("JSON of strings is UTF-8")
}

/// Writes JSON without `<` and `>`, which stand in texts alone.
struct InScript;

impl Formatter for InScript {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = memchr2(b'<', b'>', rest.as_bytes()) {
            CompactFormatter.write_string_fragment(writer, &rest[..at])?;
            writer.write_all(if rest[at..].starts_with('<') { b"\\u003c" } else { b"\\u003e" })?;
            rest = &rest[at + 1..];
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_stands_in_its_order_and_empty_properties_are_left_out() {
        let node = Node::new(&["WebPage", "Article"])
            .text("name", Some("A \"page\""))
            .text("headline", Some(" "))
            .text("url", None::<&str>)
            .list("author", [Node::named("Person", "Ada").into()])
            .list("keywords", [Value::from("a"), Value::from(""), Value::from("b")])
            .with("position", Value::Number(2))
            .text("name", Some("Another"));
        let expected = r#"{"@type":["WebPage","Article"],"name":"Another","author":{"@type":"Person","name":"Ada"},"keywords":["a","b"],"position":2}"#;
        assert_eq!(to_script(&node), expected);
    }

    #[test]
    fn no_text_ends_the_script_that_it_stands_in() {
        let node = Node::untyped().text("name", Some("</script><!-- é \u{1} --> \\"));
        let script = to_script(&node);
        assert!(!script.contains(['<', '>']), "{script}");
        let read: serde_json::Value = serde_json::from_str(&script).unwrap();
        assert_eq!(read["name"], "</script><!-- é \u{1} --> \\");
    }
}
