//! Building the values that templates see.
//!
//! Views are built as values directly: nothing is serialised, and a value that
//! many pages show is shared, not copied.

use std::cell::RefCell;
use std::sync::LazyLock;

use serde::ser::{Serialize, SerializeMap, SerializeStruct, Serializer};

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

/// Returns the named values as a map, in their order; of one name the last counts.
pub fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    serialized(&Struct(RefCell::new(entries.into_iter())))
}

/// Returns the named values as a [`Map`], in their order.
pub fn to_map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Map {
    entries.into_iter().map(|(name, value)| (name.into(), value)).collect()
}

/// Returns values under names that the site chose as a map, in their order.
pub fn map_by_name(entries: impl IntoIterator<Item = (impl AsRef<str>, Value)>) -> Value {
    serialized(&ByName(RefCell::new(entries.into_iter())))
}

/// Entries whose names the program knows, which are written as the engine's own map.
///
/// The engine takes in any other map by building its own of it, name by name. Serde hands
/// entries over one by one, and the engine takes a value that it wrote itself as it is.
struct Struct<I>(RefCell<I>);

impl<I: Iterator<Item = (&'static str, Value)>> Serialize for Struct<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = self.0.borrow_mut();
        let mut map = serializer.serialize_struct("", entries.size_hint().0)?;
        entries.try_for_each(|(name, value)| map.serialize_field(name, &value))?;
        map.end()
    }
}

/// Entries whose names the site chose, written in the same way.
struct ByName<I>(RefCell<I>);

impl<K: AsRef<str>, I: Iterator<Item = (K, Value)>> Serialize for ByName<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut entries = self.0.borrow_mut();
        let mut map = serializer.serialize_map(Some(entries.size_hint().0))?;
        entries.try_for_each(|(name, value)| map.serialize_entry(name.as_ref(), &value))?;
        map.end()
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
    static NO_VALUES: LazyLock<Value> = LazyLock::new(|| Value::from(Vec::<Value>::new()));
    NO_VALUES.clone()
}

/// Returns an empty map.
pub fn no_entries() -> Value {
    static NO_ENTRIES: LazyLock<Value> = LazyLock::new(|| map([]));
    NO_ENTRIES.clone()
}

/// Returns the number that `text` writes, an integer where it is one; text where it is none.
///
/// One that would be printed otherwise than it is written, such as `1.50`, stays text too:
/// its digits may say how exact it is.
pub fn number(text: &str) -> Value {
    let integer = text.parse::<i64>().ok().map(Value::from);
    let float = || text.parse::<f64>().ok().filter(|float| float.is_finite()).map(Value::from);
    let number = integer.or_else(float).filter(|number| number.to_string() == text);
    number.unwrap_or_else(|| Value::normal_string(text))
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
        let entries = || [("b", text("1")), ("a", html("2")), ("b", no_values())];
        for made in [map(entries()), map_by_name(entries())] {
            assert_eq!(made, Value::from(to_map(entries())));
            let names: Vec<_> = made.as_map().unwrap().keys().map(|key| key.as_str()).collect();
            assert_eq!(names, [Some("b"), Some("a")]);
            assert!(made.get_from_path("a").is_some_and(Value::is_safe));
        }
    }

    #[test]
    fn a_number_keeps_its_kind() {
        assert_eq!(number("12").as_i64(), Some(12));
        assert_eq!(number("1.5").as_f64(), Some(1.5));
        for kept in ["NaN", "1.50", "007", "+1", "1e3", "12345678901234567890", ""] {
            assert_eq!(number(kept).as_str(), Some(kept));
        }
        for printed in ["-3", "0", "0.05", "-1.25", "2.0"] {
            assert!(number(printed).is_number(), "{printed}");
            assert_eq!(number(printed).to_string(), printed);
        }
    }
}
