//! Reading collections and their fields from TOML, over what a preset says.
//!
//! [`collections`] starts each from the preset's collection of that name, or from
//! defaults, and replaces what the table names; a field likewise. A type is a word (`"text"`), or `"list of TYPE"`, `"map of TYPE"` or
//! `"id-of(COLLECTION, …)"`; what else it needs (words, fields) stands in further
//! keys of the field's table.

use std::sync::Arc;

use super::checks::{self, RuleSetting};
use super::collection::{Collection, Field, FieldType, Role, Sort};
use super::table::{TableReader, ValueReader};
use crate::diagnostic::nearest;
use crate::ordered::IndexMap;
use crate::url::path_fault;

/// The words for types, as messages list them.
const TYPE_WORDS: &[&str] = &[
    "text", "markdown", "date", "boolean", "integer", "number", "enum", "page", "citation",
    "surface", "ids", "list", "map", "record", "any",
];

/// What the table of one collection says.
struct CollectionTable<'f, 't> {
    /// The collection, with the display order of its preset.
    collection: Collection,
    /// The display order, for [`judge_display`].
    display: Option<ValueReader<'f, 't>>,
    /// The rules set for the collection alone.
    checks: IndexMap<Arc<str>, RuleSetting>,
}

/// Reads the collection `name` from `table`, over `base` where a preset has it.
fn collection<'f, 't>(
    name: &Arc<str>,
    base: Option<Collection>,
    mut table: TableReader<'f, 't>,
) -> CollectionTable<'f, 't> {
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
    if collection.people {
        // What other pages call `title` is a person's `name`.
        let name: Arc<str> = Arc::from("name");
        let field = || Field { surface: true, ..Field::new("name", FieldType::Text) };
        collection.fields.entry(name).or_insert_with(field);
    }
    let display = table.value("display");
    let checks = table.table("checks").map(|table| checks::rules(&table)).unwrap_or_default();
    table.finish();
    CollectionTable { collection, display, checks }
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

/// Reads `[collections]` over `collections`, and puts the rules that each sets for
/// itself into `checks`.
pub(super) fn collections(
    collections: &mut IndexMap<Arc<str>, Collection>,
    checks: &mut IndexMap<Arc<str>, IndexMap<Arc<str>, RuleSetting>>,
    table: &TableReader<'_, '_>,
) {
    let mut displays = Vec::new();
    for entry in table.entries() {
        let Some(table) = entry.value.table() else { continue };
        let base = collections.get(&entry.key).cloned();
        let read = collection(&entry.key, base, table);
        displays.extend(read.display.map(|display| (Arc::clone(&entry.key), display)));
        if !read.checks.is_empty() {
            checks.insert(Arc::clone(&entry.key), read.checks);
        }
        collections.insert(entry.key, read.collection);
    }
    judge_display(collections, displays);
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
    if let Some(fault) = path_fault(&pattern) {
        let message = format!("`{}` cannot be a URL of this site: {fault}", value.path());
        findings.push(findings.wrong(value.range(), message));
    }
    Some(pattern.to_string())
}

/// Drops from every `display` in `tables` what is neither `body` nor a field of the
/// collection nor the inverse of a relation, and reports it.
///
/// This waits until all collections are read, because an inverse is declared by the
/// collection at the other end.
fn judge_display(
    collections: &mut IndexMap<Arc<str>, Collection>,
    displays: Vec<(Arc<str>, ValueReader<'_, '_>)>,
) {
    let inverses: Vec<Arc<str>> =
        collections.values().flat_map(|collection| inverses(&collection.fields)).collect();
    for (name, display) in displays {
        let Some(collection) = collections.get_mut(&name) else { continue };
        let mut known: Vec<&str> = collection.fields.keys().map(|name| &**name).collect();
        known.push("body");
        known.extend(inverses.iter().map(|name| &**name));
        let mut order = Vec::new();
        for item in display.items() {
            let Some(shown) = item.text() else { continue };
            if known.contains(&&*shown) {
                order.push(shown);
                continue;
            }
            let message = format!("`{}` names no field of `{name}`: `{shown}`", display.path());
            let findings = item.findings();
            let suggestion = nearest(&shown, known.iter().copied());
            findings.push(findings.wrong(item.range(), message).with_suggestion(suggestion));
        }
        collection.display = order;
    }
}

/// Returns the names under which the targets of the fields' relations list them.
fn inverses(fields: &IndexMap<Arc<str>, Field>) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for field in fields.values() {
        names.extend(field.inverse.clone());
        if let FieldType::Record(record) = field.ty.innermost() {
            names.extend(inverses(record));
        }
    }
    names
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
    replace(&mut field.card, table.flag("card"));
    field.inverse = table.text("inverse").or(field.inverse);
    field.label = table.string("label").or(field.label);
    if let Some(types) = table.table("schema_types") {
        field.schema_types = schema_types(&types, &field.ty);
    }
    table.finish();
    Some(field)
}

/// Returns the schema.org types by the words of the enumeration `ty`; others are reported.
fn schema_types(table: &TableReader<'_, '_>, ty: &FieldType) -> IndexMap<Arc<str>, String> {
    let words: &[Arc<str>] = match ty {
        FieldType::Enum(words) => words,
        _ => &[],
    };
    let mut types = IndexMap::default();
    for entry in table.entries() {
        if !words.contains(&entry.key) {
            let findings = table.findings();
            let message = format!("`{}` is none of the field's `values`", entry.key);
            let suggestion = nearest(&entry.key, words.iter().map(|word| &**word));
            let found = findings.wrong(entry.key_range, message).with_suggestion(suggestion);
            findings.push(found);
        } else if let Some(name) = entry.value.text() {
            types.insert(entry.key, name.to_string());
        }
    }
    types
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
        "record" => FieldType::Record(IndexMap::default()),
        "any" => FieldType::Any,
        _ => return None,
    })
}
