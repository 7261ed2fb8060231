//! Reading `theme.toml` with every finding kept.

use std::collections::BTreeMap;

use crate::config::collection::Role;
use crate::config::list_query::ListQuery;
use crate::config::table::{self, Findings, TableReader, ValueReader};
use crate::diagnostic::{Diagnostic, nearest};
use crate::source::Source;

use super::{Argument, ArgumentType, Component, Numbering, Shown, ThemeConfig};

const ARGUMENT_TYPES: &[(&str, ArgumentType)] = &[
    ("text", ArgumentType::Text),
    ("number", ArgumentType::Number),
    ("boolean", ArgumentType::Boolean),
    ("enum", ArgumentType::Enum),
    ("page", ArgumentType::Page),
    ("pages", ArgumentType::Pages),
];

const NUMBERINGS: &[(&str, Numbering)] =
    &[("figure", Numbering::Figure), ("table", Numbering::Table)];

/// Reads a theme's configuration and reports everything in it that is wrong.
pub(super) fn theme(source: &Source) -> (ThemeConfig, Vec<Diagnostic>) {
    let findings = Findings::new(source);
    let config = table::parse(&findings, |mut root| {
        let config = ThemeConfig {
            extends: root.string("extends"),
            options: root.table("options").map(|table| options(&table)).unwrap_or_default(),
            properties: root.table("properties").map(|t| properties(&t)).unwrap_or_default(),
            stylesheets: strings(&mut root, "stylesheets"),
            scripts: strings(&mut root, "scripts"),
            early_scripts: strings(&mut root, "early_scripts"),
            icon: root.string("icon"),
            components: named(&mut root, "components", component),
            lists: named(&mut root, "lists", |table| {
                let lists = table.entries().into_iter();
                let read = |value: &ValueReader<'_, '_>| ListQuery::read(value.table()?);
                lists.filter_map(|entry| Some((entry.key, read(&entry.value)?))).collect()
            }),
        };
        root.finish();
        config
    });
    (config, findings.into_vec())
}

fn strings(table: &mut TableReader<'_, '_>, key: &'static str) -> Vec<String> {
    let texts = table.texts(key).unwrap_or_default();
    texts.into_iter().map(|text| text.to_string()).collect()
}

fn options(table: &TableReader<'_, '_>) -> serde_json::Map<String, serde_json::Value> {
    let entries = table.entries().into_iter();
    entries.map(|entry| (entry.key.to_string(), entry.value.any())).collect()
}

/// Reads which custom property each option sets.
fn properties(table: &TableReader<'_, '_>) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::new();
    for entry in table.entries() {
        let Some(name) = entry.value.text() else { continue };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.starts_with("--") && name.chars().all(is_name) {
            properties.insert(entry.key.to_string(), name.to_string());
        } else {
            let findings = entry.value.findings();
            let message = format!("`{name}` is no name of a custom property");
            let found = findings.wrong(entry.value.range(), message);
            findings.push(found.with_help("it starts with two hyphens, such as `--accent`"));
        }
    }
    properties
}

/// Reads the tables in the table `key` by their names.
fn named<'f, 't, T>(
    table: &mut TableReader<'f, 't>,
    key: &'static str,
    read: impl Fn(TableReader<'f, 't>) -> T,
) -> BTreeMap<String, T> {
    let entries = table.table(key).map(|table| table.entries()).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|entry| Some((entry.key.to_string(), read(entry.value.table()?))))
        .collect()
}

fn component(mut table: TableReader<'_, '_>) -> Component {
    let default = Component::default();
    let args = named(&mut table, "args", argument);
    let shown = table.table("shows").map(|table| table.entries()).unwrap_or_default();
    let mut shows = BTreeMap::new();
    for entry in shown {
        if !args.get(&*entry.key).is_some_and(|argument: &Argument| argument.ty.is_page()) {
            let findings = entry.value.findings();
            let message = format!(
                "`{}` is for a page argument, and `{}` is none",
                entry.value.path(),
                entry.key
            );
            findings.push(findings.wrong(entry.key_range, message));
        }
        let fields = entry.value.items();
        let fields: Vec<Shown> = fields.iter().filter_map(shown_field).collect();
        shows.insert(entry.key.to_string(), fields);
    }
    let component = Component {
        args,
        shows,
        numbered: table.word("numbered", NUMBERINGS),
        links: table.flag("links").unwrap_or(default.links),
        captioned: table.flag("captioned").unwrap_or(default.captioned),
    };
    table.finish();
    component
}

fn shown_field(value: &ValueReader<'_, '_>) -> Option<Shown> {
    let text = value.text()?;
    let Some(name) = text.strip_prefix("role:") else {
        return Some(Shown::Field(text.to_string()));
    };
    let role = Role::ALL.iter().find(|(word, _)| *word == name);
    if role.is_none() {
        let findings = value.findings();
        let words = Role::ALL.iter().map(|(word, _)| *word);
        let message = format!("there is no role `{name}`");
        let found = findings.wrong(value.range(), message);
        findings.push(found.with_suggestion(nearest(name, words)));
    }
    role.map(|(_, role)| Shown::Role(*role))
}

fn argument(mut table: TableReader<'_, '_>) -> Argument {
    let mut argument = Argument {
        ty: table.word("type", ARGUMENT_TYPES).unwrap_or_default(),
        collections: strings(&mut table, "collections"),
        values: strings(&mut table, "values"),
        required: table.flag("required").unwrap_or_default(),
        default: None,
    };
    if let Some(value) = table.value("default")
        && let Some(default) = value.text()
    {
        match argument.read("default", &default) {
            Ok(_) => argument.default = Some(default.to_string()),
            Err(problem) => {
                let findings = value.findings();
                findings.push(findings.wrong(value.range(), problem));
            }
        }
    }
    table.finish();
    argument
}
