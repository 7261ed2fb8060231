//! Building the values that templates see.
//!
//! Views are built as values directly: nothing is serialised, and a value that
//! many pages show is shared, not copied.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::Serialize;

use super::templates::Key;

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
    in_their_order(entries.into_iter().map(|(name, value)| (Key::Str(name), value)))
}

/// Returns the named values as a [`Map`], in their order.
pub fn to_map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Map {
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

/// Returns values under names that the site chose as a map, in their order.
pub fn map_by_name(entries: impl IntoIterator<Item = (impl AsRef<str>, Value)>) -> Value {
    let entries = entries.into_iter();
    in_their_order(entries.map(|(name, value)| (Key::String(name.as_ref().into()), value)))
}

/// Returns the entries as a map; a name that comes again keeps its place and has the later
/// value.
///
/// The engine makes its own map of whatever map it is given: one that is sorted by place
/// costs no look at a name, where a [`Map`] would have each name looked up twice.
fn in_their_order(entries: impl Iterator<Item = (Key<'static>, Value)>) -> Value {
    let placed = entries.enumerate().map(|(place, (name, value))| (Placed { place, name }, value));
    Value::from(placed.collect::<BTreeMap<_, _>>())
}

/// A name with its place among the entries, by which it is sorted.
struct Placed {
    place: usize,
    name: Key<'static>,
}

impl From<Placed> for Key<'static> {
    fn from(placed: Placed) -> Self {
        placed.name
    }
}

impl PartialEq for Placed {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Placed {}

impl PartialOrd for Placed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Placed {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.cmp(&other.place)
    }
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
    fn entries_keep_their_order_and_the_later_of_one_name_counts() {
        let made = map([("b", text("1")), ("a", text("2")), ("b", text("3"))]);
        let shown: Vec<_> =
            made.as_map().unwrap().iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        assert_eq!(shown, [(Some("b"), Some("3")), (Some("a"), Some("2"))]);
        assert_eq!(made, Value::from(to_map([("b", text("3")), ("a", text("2"))])));
    }

    #[test]
    fn a_number_keeps_its_kind() {
        assert_eq!(number("12").as_i64(), Some(12));
        assert_eq!(number("1.5").as_f64(), Some(1.5));
        assert_eq!(number("NaN").as_str(), Some("NaN"));
    }
}
