//! Building the values that templates see.
//!
//! Views are built as values directly: nothing is serialised, and a value that
//! many pages show is shared, not copied.

pub use super::templates::{Map, Value};

/// Returns `text` as a value that templates escape.
pub fn text(text: impl AsRef<str>) -> Value {
    Value::normal_string(text.as_ref())
}

/// Returns `html` as a value that templates print as it is.
pub fn html(html: impl AsRef<str>) -> Value {
    Value::safe_string(html.as_ref())
}

/// Returns the values as a list.
pub fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::from(values.into_iter().collect::<Vec<_>>())
}

/// Returns the named values as a map, in their order.
pub fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::from(to_map(entries))
}

/// Returns the named values as a [`Map`], in their order.
pub fn to_map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Map {
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

/// Returns values under names that the site chose as a map, in their order.
pub fn map_by_name(entries: impl IntoIterator<Item = (impl AsRef<str>, Value)>) -> Value {
    let entries = entries.into_iter();
    let map: Map = entries.map(|(name, value)| (name.as_ref().to_owned().into(), value)).collect();
    Value::from(map)
}

/// Returns the value, or none.
pub fn optional(value: Option<Value>) -> Value {
    value.unwrap_or_else(Value::none)
}

/// Returns the text as a value that templates escape, or none.
pub fn optional_text(value: Option<impl AsRef<str>>) -> Value {
    optional(value.map(text))
}

/// Returns an empty list.
pub fn no_values() -> Value {
    Value::from(Vec::<Value>::new())
}
