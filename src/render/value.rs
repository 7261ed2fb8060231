//! Building the values that templates see.
//!
//! Views are built as values directly: nothing is serialised, and a value that
//! many pages show is shared, not copied.

use serde::Serialize;

pub use super::templates::{Context, Map, Value};

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

/// Returns the number that `text` writes, an integer where it is one; text where it is none.
pub fn number(text: &str) -> Value {
    if let Ok(integer) = text.parse::<i64>() {
        return Value::from(integer);
    }
    match text.parse::<f64>() {
        Ok(float) if float.is_finite() => Value::from(float),
        _ => Value::normal_string(text),
    }
}

/// Returns a value that serde can write, such as what stands under `extra`.
///
/// What cannot be written (a map whose keys are no words) becomes none.
pub fn serialized(value: &impl Serialize) -> Value {
    Value::try_from_serializable(value).unwrap_or_else(|_| Value::none())
}

/// Returns the named values as the top level of a view.
pub fn context(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Context {
    let mut context = Context::new();
    for (name, value) in entries {
        context.insert_value(name, value);
    }
    context
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_kind() {
        assert_eq!(number("12").as_i64(), Some(12));
        assert_eq!(number("1.5").as_f64(), Some(1.5));
        assert_eq!(number("NaN").as_str(), Some("NaN"));
    }
}
