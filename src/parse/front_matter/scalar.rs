//! A scalar's text, read as the type that its field declares.

use std::sync::{Arc, LazyLock};

use super::citation;
use super::date::{self, DateFault};
use super::finding::Finding;
use super::read::Reading;
use crate::config::{Field, FieldType};
use crate::diagnostic::nearest;
use crate::ids::{self, Scheme};
use crate::ordered::IndexMap;
use crate::parse::page::{FieldPath, FieldStep, FieldValue, Surface};

/// Returns `text` as a value of type `ty`; `None` where it is empty or does not fit.
pub(super) fn value<'a>(
    text: &str,
    ty: &'a FieldType,
    reading: &mut Reading<'a>,
) -> Option<FieldValue> {
    if text.trim().is_empty() {
        return None;
    }
    match ty {
        // A folded or literal block ends with a line feed.
        FieldType::Text => Some(FieldValue::Text(Arc::from(text.trim()))),
        FieldType::Markdown => {
            let (body, found) = (reading.markdown)(text);
            let path = &reading.path;
            reading.findings.extend(found.into_iter().map(|d| Finding::inside(path.clone(), d)));
            Some(FieldValue::Markdown(Arc::new(body)))
        }
        FieldType::Date => match date::parse(text) {
            Ok(date) => Some(FieldValue::Date(date)),
            Err(fault) => {
                reading.findings.push(bad_date(reading.path.clone(), text, &fault));
                None
            }
        },
        FieldType::Boolean => match text {
            "true" | "True" | "TRUE" => Some(FieldValue::Boolean(true)),
            "false" | "False" | "FALSE" => Some(FieldValue::Boolean(false)),
            _ => {
                let word = match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "1" | "y" => Some("true"),
                    "no" | "off" | "0" | "n" => Some("false"),
                    _ => None,
                };
                let finding = Finding::mismatch(reading.path.clone(), ty, &quoted(text));
                reading.findings.push(finding.suggest(word));
                None
            }
        },
        FieldType::Integer => match text.parse() {
            Ok(number) => Some(FieldValue::Integer(number)),
            Err(_) => mismatch(text, ty, reading),
        },
        FieldType::Number => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Some(FieldValue::Number(Arc::from(text))),
            _ => mismatch(text, ty, reading),
        },
        FieldType::Enum(words) => match words.iter().find(|word| ***word == *text) {
            Some(word) => Some(FieldValue::Text(Arc::clone(word))),
            None => {
                let finding = Finding::mismatch(reading.path.clone(), ty, &quoted(text));
                let hyphenated = text.replace([' ', '_'], "-");
                let suggestion = nearest(&hyphenated, words.iter().map(|word| &**word));
                reading.findings.push(finding.suggest(suggestion));
                None
            }
        },
        FieldType::Page { .. } => Some(FieldValue::Page(Arc::from(text))),
        FieldType::Citation => citation::read(text, reading).map(FieldValue::Citation),
        FieldType::Surface => {
            let name = Arc::from(text);
            let surface = Surface { name, plural: true, ..Surface::default() };
            Some(FieldValue::Surface(Arc::new(surface)))
        }
        FieldType::List(item) => Some(FieldValue::List(vec![value(text, item, reading)?])),
        FieldType::Record(fields) => match shorthand(fields) {
            Some(field) => {
                reading.path.0.push(FieldStep::Name(Arc::clone(&field.name)));
                let read = value(text, &field.ty, reading);
                reading.path.0.pop();
                let values = IndexMap::from_iter([(Arc::clone(&field.name), read?)]);
                Some(FieldValue::Record(values))
            }
            None => mismatch(text, ty, reading),
        },
        FieldType::Ids | FieldType::Map(_) => mismatch(text, ty, reading),
        FieldType::Any => Some(FieldValue::Text(Arc::from(text))),
    }
}

/// Returns the field that a scalar fills where a record is expected: the only
/// required one, or of a record that requires none the first.
fn shorthand(fields: &IndexMap<Arc<str>, Field>) -> Option<&Field> {
    let mut required = fields.values().filter(|field| field.required);
    match (required.next(), required.next()) {
        (Some(field), None) => Some(field),
        (None, _) => fields.values().next(),
        _ => None,
    }
}

fn mismatch(text: &str, ty: &FieldType, reading: &mut Reading<'_>) -> Option<FieldValue> {
    reading.mismatch(ty, &quoted(text));
    None
}

/// Returns `text` as messages show it: quoted, and cut where it is long.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    let line = text.lines().next().unwrap_or_default();
    match line.chars().count() > SHOWN || line.len() < text.trim_end().len() {
        true => format!("`{}…`", line.chars().take(SHOWN).collect::<String>()),
        false => format!("`{line}`"),
    }
}

fn bad_date(path: FieldPath, text: &str, fault: &DateFault) -> Finding {
    let message = format!("`{path}` is not a date: {}", quoted(text));
    match fault {
        DateFault::NoSuchDay(why) => Finding::wrong(path, message).label(why.clone()),
        DateFault::Incomplete => Finding::wrong(path, message)
            .label("the day is missing")
            .help("a date has a year, a month and a day, such as `2024-05-31`"),
        DateFault::Form(guesses) => {
            let finding = Finding::wrong(path, message).label("expected the form 2024-05-31");
            match guesses.as_slice() {
                [] => finding.help("write the year, the month and the day as numbers"),
                [guess] => finding.help(format!("write `{guess}`")),
                [first, second, ..] => {
                    finding.help(format!("write `{first}` or `{second}`, whichever is meant"))
                }
            }
        }
    }
}

/// The fields of a surface that is written as a record.
static SURFACE: LazyLock<IndexMap<Arc<str>, Field>> = LazyLock::new(|| {
    let word = |word| FieldType::Enum(vec![Arc::from(word)]);
    let fields = [
        ("name", FieldType::Text),
        ("lang", FieldType::Text),
        ("region", FieldType::Text),
        ("from", FieldType::Text),
        ("until", FieldType::Text),
        ("case", word("exact")),
        ("link", word("never")),
        ("plural", FieldType::Boolean),
    ];
    fields
        .into_iter()
        .map(|(name, ty)| {
            let mut field = Field::new(name, ty);
            field.required = name == "name";
            (Arc::from(name), field)
        })
        .collect()
});

/// Returns the fields of a surface that is written as a record.
pub(super) fn surface_fields() -> &'static IndexMap<Arc<str>, Field> {
    &SURFACE
}

/// Returns the surface that a record of [`surface_fields`] describes.
pub(super) fn surface(record: FieldValue) -> Option<FieldValue> {
    let FieldValue::Record(fields) = record else { return None };
    let text = |name: &str| match fields.get(name) {
        Some(FieldValue::Text(text)) => Some(Arc::clone(text)),
        _ => None,
    };
    let surface = Surface {
        name: text("name")?,
        lang: text("lang"),
        region: text("region"),
        from: text("from"),
        until: text("until"),
        exact_case: text("case").map(|_| true),
        never_link: text("link").is_some(),
        plural: !matches!(fields.get("plural"), Some(FieldValue::Boolean(false))),
    };
    Some(FieldValue::Surface(Arc::new(surface)))
}

/// Returns the identifier scheme `name`, whatever its case.
pub(super) fn scheme<'a>(name: &str, reading: &Reading<'a>) -> Option<Scheme<'a>> {
    ids::scheme(name, reading.schema.ids)
        .or_else(|| ids::scheme(&name.to_ascii_lowercase(), reading.schema.ids))
}

/// Returns the identifier `text` in its usual form, and notes what is wrong with it.
pub(super) fn identifier(text: &str, scheme: Scheme<'_>, reading: &mut Reading<'_>) -> Arc<str> {
    let normal = scheme.normalize(text);
    if let Err(fault) = scheme.check(&normal) {
        reading.findings.push(Finding::bad_id(reading.path.clone(), text, scheme, fault));
    }
    Arc::from(normal)
}
