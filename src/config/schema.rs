//! Reading collections and their fields from TOML, over what a preset says.
//!
//! [`collection`] starts from the preset's collection of that name, or from
//! defaults, and replaces what the table names; [`field`] does the same for one
//! field. A type is a word (`"text"`), or `"list of TYPE"`, `"map of TYPE"` or
//! `"id-of(COLLECTION, …)"`; what else it needs (words, fields) stands in further
//! keys of the field's table.

use std::sync::Arc;

use indexmap::IndexMap;

use super::collection::{Collection, Field, FieldType, Role, Sort};
use super::settings::{self, RuleSetting};
use super::table::{TableReader, ValueReader};
use crate::diagnostic::nearest;

/// The words for types, as messages list them.
const TYPE_WORDS: &[&str] = &[
    "text", "markdown", "date", "boolean", "integer", "number", "enum", "page", "citation",
    "surface", "ids", "list", "map", "record", "any",
];

/// A collection with the rules set for it alone.
pub(super) struct CollectionTable {
    pub(super) collection: Collection,
    pub(super) checks: IndexMap<Arc<str>, RuleSetting>,
}

/// Reads the collection `name` from `table`, over `base` where a preset has it.
pub(super) fn collection(
    name: &Arc<str>,
    base: Option<Collection>,
    mut table: TableReader<'_, '_>,
) -> CollectionTable {
    let mut collection = base.unwrap_or_else(|| Collection::named(name));
    replace(&mut collection.folder, table.string("folder"));
    replace(&mut collection.title, table.string("title"));
    replace(&mut collection.singular, table.string("singular"));
    replace(&mut collection.permalink, permalink(&mut table));
    replace(&mut collection.sort, table.text("sort").map(|sort| Sort::parse(&sort)));
    collection.paginate_by = table.count("paginate_by").or(collection.paginate_by);
    replace(&mut collection.reviewed, table.flag("reviewed"));
    replace(&mut collection.bylined, table.flag("bylined"));
    replace(&mut collection.sidebar, table.flag("sidebar"));
    replace(&mut collection.feed, table.flag("feed"));
    replace(&mut collection.entity, table.flag("entity"));
    replace(&mut collection.people, table.flag("people"));
    replace(&mut collection.template, table.string("template"));
    collection.schema_type = table.string("schema_type").or(collection.schema_type);
    collection.page_type = table.string("page_type").or(collection.page_type);
    if let Some(declared) = table.table("fields") {
        fields(&mut collection.fields, &declared);
    }
    if let Some(display) = table.value("display") {
        collection.display = display_order(&display, &collection.fields);
    }
    let checks = table.table("checks").map(|table| settings::checks(&table)).unwrap_or_default();
    table.finish();
    CollectionTable { collection, checks }
}

/// Reads every entry of `table` as a field, over the field of that name in `fields`.
pub(super) fn fields(fields: &mut IndexMap<Arc<str>, Field>, table: &TableReader<'_, '_>) {
    for entry in table.entries() {
        let base = fields.get(&entry.key).cloned();
        if let Some(field) = field(&entry.key, base, &entry.value) {
            fields.insert(entry.key, field);
        }
    }
}

fn replace<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The parts that a permalink can hold.
const PERMALINK_PARTS: &[&str] = &["slug", "section", "year", "month", "day"];

fn permalink(table: &mut TableReader<'_, '_>) -> Option<String> {
    let value = table.value("permalink")?;
    let pattern = value.text()?;
    let findings = table.findings();
    for part in pattern.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or(part);
        if !PERMALINK_PARTS.contains(&name) {
            let message = format!("`{}` has no part `{{{name}}}`", value.path());
            let suggestion = nearest(name, PERMALINK_PARTS.iter().copied());
            let diagnostic = findings.wrong(value.range(), message);
            findings.push(
                diagnostic
                    .with_suggestion(suggestion.map(|part| format!("{{{part}}}")))
                    .with_help("a permalink can hold {slug}, {section}, {year}, {month} and {day}"),
            );
        }
    }
    if !pattern.starts_with('/') {
        let message = format!("`{}` must start with `/`", value.path());
        findings.push(findings.wrong(value.range(), message));
    }
    Some(pattern.to_string())
}

fn display_order(value: &ValueReader<'_, '_>, fields: &IndexMap<Arc<str>, Field>) -> Vec<Arc<str>> {
    let mut order = Vec::new();
    for item in value.items() {
        let Some(name) = item.text() else { continue };
        if &*name != "body" && !fields.contains_key(&name) {
            let message = format!("`{}` names no field of the collection: `{name}`", value.path());
            let candidates = fields.keys().map(|name| &**name).chain(["body"]);
            let suggestion = nearest(&name, candidates);
            let findings = item.findings();
            findings.push(findings.wrong(item.range(), message).with_suggestion(suggestion));
            continue;
        }
        order.push(name);
    }
    order
}

fn field(name: &Arc<str>, base: Option<Field>, value: &ValueReader<'_, '_>) -> Option<Field> {
    let mut field = base.unwrap_or_else(|| Field::new(Arc::clone(name), FieldType::Any));
    if !value.is_table() {
        field.ty = word_type(value)?;
        return Some(field);
    }
    let mut table = value.table()?;
    if let Some(ty) = table.value("type").and_then(|word| word_type(&word)) {
        field.ty = ty;
    } else if let Some(values) = table.value("values")
        && !matches!(field.ty.innermost(), FieldType::Enum(_))
    {
        let findings = table.findings();
        let message = format!("`{}` has `values` but no `type = \"enum\"`", value.path());
        findings.push(findings.wrong(values.range(), message));
    }
    refine(&mut field.ty, &mut table);
    replace(&mut field.required, table.flag("required"));
    field.role = table.word("role", Role::ALL).or(field.role);
    replace(&mut field.surface, table.flag("surface"));
    field.inverse = table.text("inverse").or(field.inverse);
    field.label = table.string("label").or(field.label);
    table.finish();
    Some(field)
}

/// Fills in what the type word left open from the further keys of the field's table.
fn refine(ty: &mut FieldType, table: &mut TableReader<'_, '_>) {
    let of = table.value("of");
    let values = table.texts("values");
    let collections = table.texts("collections");
    let create = table.flag("create");
    let declared = table.table("fields");
    if let (FieldType::List(item) | FieldType::Map(item), Some(of)) = (&mut *ty, of) {
        let name = Arc::from("of");
        let base = Field::new(Arc::clone(&name), (**item).clone());
        if let Some(field) = field(&name, Some(base), &of) {
            **item = field.ty;
        }
    }
    match ty.innermost_mut() {
        FieldType::Enum(words) => replace(words, values),
        FieldType::Page { collections: targets, create: makes } => {
            replace(targets, collections);
            replace(makes, create);
        }
        FieldType::Record(record) => {
            if let Some(declared) = declared {
                fields(record, &declared);
            }
        }
        _ => {}
    }
}

fn word_type(value: &ValueReader<'_, '_>) -> Option<FieldType> {
    let word = value.text()?;
    let ty = parse_type(&word);
    if ty.is_none() {
        let message = format!("`{}` has no type `{word}`", value.path());
        let findings = value.findings();
        let suggestion = nearest(&word, TYPE_WORDS.iter().copied());
        findings.push(
            findings.wrong(value.range(), message).with_suggestion(suggestion).with_help(format!(
                "types are: {}, and `list of` any of them",
                TYPE_WORDS.join(", ")
            )),
        );
    }
    ty
}

fn parse_type(word: &str) -> Option<FieldType> {
    let word = word.trim();
    if let Some(item) = word.strip_prefix("list of ") {
        return parse_type(item).map(|item| FieldType::List(Box::new(item)));
    }
    if let Some(item) = word.strip_prefix("map of ") {
        return parse_type(item).map(|item| FieldType::Map(Box::new(item)));
    }
    let target = word.strip_prefix("id-of(").or_else(|| word.strip_prefix("page("));
    if let Some(names) = target.and_then(|rest| rest.strip_suffix(')')) {
        let collections = names.split(',').map(|name| Arc::from(name.trim())).collect();
        return Some(FieldType::Page { collections, create: false });
    }
    Some(match word {
        "text" => FieldType::Text,
        "markdown" => FieldType::Markdown,
        "date" => FieldType::Date,
        "boolean" => FieldType::Boolean,
        "integer" => FieldType::Integer,
        "number" => FieldType::Number,
        "enum" => FieldType::Enum(Vec::new()),
        "page" => FieldType::Page { collections: Vec::new(), create: false },
        "citation" => FieldType::Citation,
        "surface" => FieldType::Surface,
        "ids" => FieldType::Ids,
        "list" => FieldType::List(Box::new(FieldType::Any)),
        "map" => FieldType::Map(Box::new(FieldType::Any)),
        "record" => FieldType::Record(IndexMap::new()),
        "any" => FieldType::Any,
        _ => return None,
    })
}
