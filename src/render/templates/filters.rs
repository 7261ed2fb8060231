//! The filters that templates have beside Tera's own: pure functions of their input.
//!
//! | filter | makes |
//! |---|---|
//! | `t.key \| fill(name=x)` | the text with `{name}` filled in, escaped |
//! | `t \| counted(key="pages", n=3)` | the form of a text that fits a number, filled in |
//! | `x \| json` | JSON that is safe inside a `script` element |
//! | `x \| url_encode` | text for one part of a URL |
//! | `x \| shape` | the kind of a field's value, such as `list of record` |
//! | `t \| word(of=x)` | the word of an enumeration in the reader's language |
//! | `x \| sentence` | the text with its first letter capital |

use std::borrow::Cow;

use tera::value::Key;
use tera::{Kwargs, State, StringInput, Tera, TeraResult, Value};

use crate::pattern::{Piece, pieces};
use crate::render::plural::plural_category;

/// Adds the filters to an engine.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("fill", fill);
    tera.register_filter("counted", counted);
    tera.register_filter("json", json);
    tera.register_filter("url_encode", url_encode);
    tera.register_filter("shape", shape);
    tera.register_filter("word", word_of);
    tera.register_filter("sentence", sentence);
}

fn fill(text: StringInput<'_>, kwargs: Kwargs, state: &State) -> TeraResult<Value> {
    filled(&text.rendered(state)?, &kwargs, state)
}

/// Picks the form of a text that fits a number: `KEY_one`, `KEY_other` and so on.
///
/// The rules of plural are those of the words' language.
fn counted(words: &Value, kwargs: Kwargs, state: &State) -> TeraResult<Value> {
    let key = kwargs.must_get::<&str>("key")?;
    let number = kwargs.must_get::<u64>("n")?;
    let category = plural_category(word(words, "language").unwrap_or_default(), number);
    let candidates = [format!("{key}_{category}"), format!("{key}_other"), key.to_owned()];
    let text = candidates
        .iter()
        .find_map(|key| word(words, key))
        .ok_or_else(|| tera::Error::message(format!("there are no words for `{key}_other`")))?;
    filled(&state.escape_if_needed(&Value::from(text))?, &kwargs, state)
}

fn word<'v>(words: &'v Value, key: &'v str) -> Option<&'v str> {
    words.as_map()?.get(&Key::Str(key))?.as_str()
}

/// Fills each `{name}` of an escaped text with the argument of that name.
///
/// A placeholder without an argument stays as it is, which shows the mistake.
fn filled(text: &str, kwargs: &Kwargs, state: &State) -> TeraResult<Value> {
    let mut output = String::with_capacity(text.len() + 32);
    for piece in pieces(text) {
        match piece {
            Piece::Place(name) if let Some(value) = kwargs.get::<Value>(name)? => {
                output.push_str(&state.escape_if_needed(&value)?);
            }
            piece => piece.write_into(&mut output),
        }
    }
    Ok(Value::safe_string(&output))
}

/// Names the kind of a field's value, so that a template can show any field well.
fn shape(value: &Value, _: Kwargs, _: &State) -> String {
    match value.as_array() {
        Some([]) => "none".to_owned(),
        Some([first, ..]) => format!("list of {}", shape_of_one(first)),
        None => shape_of_one(value).to_owned(),
    }
}

fn shape_of_one(value: &Value) -> &'static str {
    if let Some(map) = value.as_map() {
        let has = |key| map.contains_key(&Key::Str(key));
        return match () {
            () if has("iso") && has("text") => "date",
            () if has("missing") || (has("url") && has("title")) => "page",
            () if has("scheme") && has("value") => "id",
            () if has("name") && has("region") => "surface",
            () => "record",
        };
    }
    match value {
        _ if value.is_none() || value.is_undefined() => "none",
        _ if value.is_bool() => "boolean",
        _ if value.is_number() => "number",
        _ if value.is_array() => "list",
        _ if value.is_safe() => "html",
        _ => "text",
    }
}

/// Returns the words under `word_VALUE`, or the value itself.
fn word_of(words: &Value, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let value = kwargs.must_get::<Value>("of")?;
    let key = format!("word_{value}");
    Ok(word(words, &key).map_or_else(|| value.clone(), Value::from))
}

/// Makes the first letter of a text capital and leaves the rest.
fn sentence(text: StringInput<'_>, _: Kwargs, _: &State) -> Value {
    match sentence_case(text.as_str()) {
        Cow::Owned(capital) => text.inherit_safety(capital),
        Cow::Borrowed(_) => text.into_value(),
    }
}

/// Returns the text with its first letter capital.
pub(in crate::render) fn sentence_case(text: &str) -> Cow<'_, str> {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) if first.is_lowercase() => {
            Cow::Owned(first.to_uppercase().chain(characters).collect())
        }
        _ => Cow::Borrowed(text),
    }
}

/// Writes a value as JSON in which nothing can end a `script` element.
fn json(value: &Value, _: Kwargs, _: &State) -> TeraResult<Value> {
    let json = serde_json::to_string(value).map_err(tera::Error::message)?;
    let mut safe = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                safe.push_str(&format!("\\u{:04x}", u32::from(character)));
            }
            _ => safe.push(character),
        }
    }
    Ok(Value::safe_string(&safe))
}

/// Encodes text so that it is one part of a path or of a query.
fn url_encode(text: &str, _: Kwargs, _: &State) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                encoded.push(char::from(byte));
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::value::{Context, context, html, list, map, text};

    fn render(template: &str, view: Context) -> String {
        let mut tera = Tera::default();
        register(&mut tera);
        tera.render_str(template, &view, true).unwrap()
    }

    #[test]
    fn filling_escapes_text_and_keeps_html() {
        let view = context([
            ("words", text("By {who} & {what}, {rest}")),
            ("who", text("<A>")),
            ("what", html("<b>B</b>")),
        ]);
        assert_eq!(
            render("{{ words | fill(who=who, what=what) }}", view),
            "By &lt;A&gt; &amp; <b>B</b>, {rest}"
        );
    }

    #[test]
    fn a_counted_text_follows_the_language() {
        let t = map([
            ("language", text("en")),
            ("pages_one", text("{n} page")),
            ("pages_other", text("{n} pages")),
        ]);
        let view = context([("t", t)]);
        let template =
            r#"{{ t | counted(key="pages", n=1) }}, {{ t | counted(key="pages", n=2) }}"#;
        assert_eq!(render(template, view), "1 page, 2 pages");
    }

    #[test]
    fn json_cannot_end_its_script() {
        let view = context([("x", text("</script>\u{2028}&"))]);
        assert_eq!(render("{{ x | json }}", view), r#""\u003c/script\u003e\u2028\u0026""#);
    }

    #[test]
    fn text_becomes_one_part_of_a_url() {
        let view = context([("x", text("a b/ç?&"))]);
        assert_eq!(render("{{ x | url_encode }}", view), "a%20b%2F%C3%A7%3F%26");
    }

    #[test]
    fn a_value_is_known_by_its_shape() {
        let date = map([("iso", text("2026")), ("text", text("2026"))]);
        let page = map([("url", text("x")), ("title", text("x"))]);
        let record = map([("dose", text("1 mg"))]);
        let view = context([(
            "values",
            list([date, page, record, text("x"), html("x"), list([html("x")])]),
        )]);
        assert_eq!(
            render("{% for value in values %}{{ value | shape }}, {% endfor %}", view),
            "date, page, record, text, html, list of html, "
        );
    }

    #[test]
    fn words_stand_for_values_and_sentences_begin_with_a_capital() {
        let view = context([("t", map([("word_very-low", text("very <low>"))]))]);
        let template = r#"{{ t | word(of="very-low") | sentence }}, {{ t | word(of="high") }}"#;
        assert_eq!(render(template, view), "Very &lt;low&gt;, high");
    }
}
