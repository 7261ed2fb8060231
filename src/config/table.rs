//! Reading TOML with every finding kept: the only door to `toml`.
//!
//! A [`TableReader`] hands out the values of one table by key. It remembers the
//! keys that it was asked for, so that [`TableReader::finish`] can report those
//! that nobody asked for, with the nearest known one as a suggestion. A value of
//! the wrong type is reported and read as absent; reading goes on.

use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::source::{Source, Span};

/// What was found in one file so far.
pub(super) struct Findings<'a> {
    source: &'a Source,
    found: RefCell<Vec<Diagnostic>>,
    /// Whether the file is malformed, so that keys may stand in the wrong table.
    malformed: Cell<bool>,
}

impl<'a> Findings<'a> {
    /// Returns the findings of `source`: none yet.
    pub(super) fn new(source: &'a Source) -> Self {
        Self { source, found: RefCell::new(Vec::new()), malformed: Cell::new(false) }
    }

    /// Adds a finding.
    pub(super) fn push(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }

    /// Returns a wrong-type finding at `range`, not yet added.
    pub(super) fn wrong(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&structural::CONFIG_TYPE, self.source.span(range), message)
    }

    /// Returns an unknown-key finding at `range`, not yet added.
    pub(super) fn unknown(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(&structural::CONFIG_UNKNOWN, self.source.span(range), message)
    }

    fn unknown_at_root(&self, key: &str) -> String {
        let path = self.source.id.as_str();
        match path.rsplit('/').next().unwrap_or(path) {
            super::FILE => format!("{} has no table `{key}`", super::FILE),
            file => format!("{file} has no key `{key}`"),
        }
    }

    /// Returns what was found, in the order of the file.
    pub(super) fn into_vec(self) -> Vec<Diagnostic> {
        let mut found = self.found.into_inner();
        crate::diagnostic::sort(&mut found);
        found
    }
}

/// Parses the text of `findings`' source and calls `read` with the root table,
/// which holds what could be parsed; syntax errors are reported at their place.
pub(super) fn parse<T>(
    findings: &Findings<'_>,
    read: impl for<'t> FnOnce(TableReader<'_, 't>) -> T,
) -> T {
    let text = findings.source.text();
    let (root, errors) = DeTable::parse_recoverable(&text);
    findings.malformed.set(!errors.is_empty());
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        let message = format!("this is not valid TOML: {}", error.message());
        findings.push(findings.wrong(range, message));
    }
    read(TableReader::new(findings, root.get_ref(), String::new()))
}

/// Returns the place of the value at `path` (keys from the root, list indices in
/// decimal), or of its nearest parent that exists.
pub(super) fn locate(source: &Source, path: &[&str]) -> Span {
    located(source, path, |_, value| value)
}

/// Returns the place of the key at `path`, else as [`locate`].
pub(super) fn locate_key(source: &Source, path: &[&str]) -> Span {
    located(source, path, |key, _| key)
}

/// Returns the place at `path`: of the two of its last entry, key and value, the one that
/// `choose` says.
fn located(
    source: &Source,
    path: &[&str],
    choose: impl Fn(Range<usize>, Range<usize>) -> Range<usize>,
) -> Span {
    let text = source.text();
    let (root, _) = DeTable::parse_recoverable(&text);
    let mut place = 0..0;
    let mut next = path.first().and_then(|key| entry(root.get_ref(), key));
    for step in path.get(1..).unwrap_or_default().iter().map(Some).chain([None]) {
        let Some((key, value)) = next else { break };
        // A table that a header opens has the header as its place: point at the key.
        place = match value.get_ref() {
            DeValue::Table(_) => key,
            _ => choose(key, value.span()),
        };
        next = match (step, value.get_ref()) {
            (Some(step), DeValue::Table(table)) => entry(table, step),
            (Some(step), DeValue::Array(items)) => {
                let item = step.parse::<usize>().ok().and_then(|index| items.get(index));
                item.map(|item| (item.span(), item))
            }
            _ => None,
        };
    }
    source.span(place)
}

fn entry<'t>(
    table: &'t DeTable<'t>,
    key: &str,
) -> Option<(Range<usize>, &'t Spanned<DeValue<'t>>)> {
    table
        .iter()
        .find(|(name, _)| name.get_ref().as_ref() == key)
        .map(|(name, value)| (name.span(), value))
}

/// One entry of a table whose keys are the author's.
pub(super) struct Entry<'f, 't> {
    /// The key.
    pub(super) key: Arc<str>,
    /// The key's place.
    pub(super) key_range: Range<usize>,
    /// The value.
    pub(super) value: ValueReader<'f, 't>,
}

/// A table and who asked for what in it.
pub(super) struct TableReader<'f, 't> {
    findings: &'f Findings<'f>,
    table: &'t DeTable<'t>,
    path: String,
    known: Vec<&'static str>,
    /// Keys that somebody else judges, which no message offers.
    accepted: Vec<&'static str>,
}

impl<'f, 't> TableReader<'f, 't> {
    fn new(findings: &'f Findings<'f>, table: &'t DeTable<'t>, path: String) -> Self {
        Self { findings, table, path, known: Vec::new(), accepted: Vec::new() }
    }

    /// Returns the value of `key`, which is known from now on.
    pub(super) fn value(&mut self, key: &'static str) -> Option<ValueReader<'f, 't>> {
        self.known.push(key);
        let (_, value) = self.table.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some(ValueReader { findings: self.findings, value, path: join(&self.path, key) })
    }

    /// Returns the text of `key`.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Arc<str>> {
        self.value(key)?.text()
    }

    /// Returns the text of `key`, owned.
    pub(super) fn string(&mut self, key: &'static str) -> Option<String> {
        self.text(key).map(|text| text.to_string())
    }

    /// Returns the texts of `key`; one text counts as a list of one.
    pub(super) fn texts(&mut self, key: &'static str) -> Option<Vec<Arc<str>>> {
        self.value(key)?.texts()
    }

    /// Returns whether `key` is true.
    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        self.value(key)?.flag()
    }

    /// Returns the whole number of `key`, which is at least 1.
    pub(super) fn count(&mut self, key: &'static str) -> Option<usize> {
        self.value(key)?.count()
    }

    /// Returns what the word of `key` stands for.
    pub(super) fn word<T: Clone>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.value(key)?.word(words)
    }

    /// Returns the table of `key`.
    pub(super) fn table(&mut self, key: &'static str) -> Option<TableReader<'f, 't>> {
        self.value(key)?.table()
    }

    /// Returns all entries in the order of the file; every key counts as known.
    pub(super) fn entries(&self) -> Vec<Entry<'f, 't>> {
        let mut entries: Vec<Entry<'f, 't>> = self
            .table
            .iter()
            .map(|(name, value)| Entry {
                key: Arc::from(name.get_ref().as_ref()),
                key_range: name.span(),
                value: ValueReader {
                    findings: self.findings,
                    value,
                    path: join(&self.path, name.get_ref()),
                },
            })
            .collect();
        entries.sort_by_key(|entry| entry.key_range.start);
        entries
    }

    /// Returns the entries of the keys that nobody asked for, in the order of the file.
    pub(super) fn remaining(&self) -> Vec<Entry<'f, 't>> {
        let mut entries = self.entries();
        entries.retain(|entry| {
            let key = entry.key.as_ref();
            !self.known.contains(&key) && !self.accepted.contains(&key)
        });
        entries
    }

    /// Accepts keys that somebody else judges.
    pub(super) fn accept(&mut self, keys: &[&'static str]) {
        self.accepted.extend(keys);
    }

    /// Returns where the findings go.
    pub(super) fn findings(&self) -> &'f Findings<'f> {
        self.findings
    }

    /// Reports at the table that `key` is missing, unless it is there.
    pub(super) fn require(&self, key: &str, is_there: bool) {
        let first = self.entries().into_iter().next();
        if !is_there && !self.table.iter().any(|(name, _)| name.get_ref().as_ref() == key) {
            let place = first.map_or(0..0, |entry| entry.key_range);
            let message = format!("`[{}]` has no `{key}`", self.path);
            self.findings.push(self.findings.wrong(place, message));
        }
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(self) {
        // What a broken header leaves in the root belongs to some other table.
        if self.findings.malformed.get() && self.path.is_empty() {
            return;
        }
        for Entry { key, key_range, .. } in self.remaining() {
            let message = match self.path.is_empty() {
                true => self.findings.unknown_at_root(&key),
                false => format!("`[{}]` has no key `{key}`", self.path),
            };
            let suggestion = nearest(&key, self.known.iter().copied());
            let mut diagnostic =
                self.findings.unknown(key_range, message).with_label("unknown key");
            diagnostic = match suggestion {
                Some(_) => diagnostic.with_suggestion(suggestion),
                None => diagnostic.with_help(format!("known here: {}", self.known.join(", "))),
            };
            self.findings.push(diagnostic);
        }
    }
}

/// A value, where it stands and how it is called.
#[derive(Clone)]
pub(super) struct ValueReader<'f, 't> {
    findings: &'f Findings<'f>,
    value: &'t Spanned<DeValue<'t>>,
    path: String,
}

impl<'f, 't> ValueReader<'f, 't> {
    /// Returns the place of the value.
    pub(super) fn range(&self) -> Range<usize> {
        self.value.span()
    }

    /// Returns the keys that lead to the value, joined by dots.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Returns where the findings go.
    pub(super) fn findings(&self) -> &'f Findings<'f> {
        self.findings
    }

    /// Reports that the value ought to have been `wanted`, such as "a list of texts".
    pub(super) fn mismatch(&self, wanted: &str) {
        let given = describe(self.value.get_ref());
        let message = format!("`{}` must be {wanted}, not {given}", self.path);
        let diagnostic = self.findings.wrong(self.range(), message);
        self.findings.push(diagnostic.with_label(format!("this is {given}")));
    }

    /// Returns the text, or `None` where it is none, which is not reported.
    pub(super) fn as_text(&self) -> Option<&'t str> {
        self.value.get_ref().as_str()
    }

    /// Tells whether the value is a table.
    pub(super) fn is_table(&self) -> bool {
        self.value.get_ref().is_table()
    }

    /// Returns the text.
    pub(super) fn text(&self) -> Option<Arc<str>> {
        let text = self.as_text();
        if text.is_none() {
            self.mismatch("text in quotes");
        }
        text.map(Arc::from)
    }

    /// Returns the text, or the number, date, `true` or `false` as text.
    pub(super) fn plain(&self) -> Option<Arc<str>> {
        match self.any() {
            Value::String(text) => Some(Arc::from(text)),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(Arc::from(value.to_string())),
            _ => {
                self.mismatch("text, a number, a date, `true` or `false`");
                None
            }
        }
    }

    /// Returns the items of a list; anything else is a list of one.
    pub(super) fn items(&self) -> Vec<ValueReader<'f, 't>> {
        match self.value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .enumerate()
                .map(|(index, value)| ValueReader {
                    findings: self.findings,
                    value,
                    path: format!("{}[{index}]", self.path),
                })
                .collect(),
            _ => vec![self.clone()],
        }
    }

    /// Returns the texts of a list; one text counts as a list of one.
    pub(super) fn texts(&self) -> Option<Vec<Arc<str>>> {
        Some(self.items().iter().filter_map(ValueReader::text).collect())
    }

    /// Returns whether the value is true.
    pub(super) fn flag(&self) -> Option<bool> {
        let flag = self.value.get_ref().as_bool();
        if flag.is_none() {
            self.mismatch("`true` or `false`");
        }
        flag
    }

    /// Returns the whole number, which is at least 1.
    pub(super) fn count(&self) -> Option<usize> {
        let number = self.value.get_ref().as_integer();
        let count = number
            .and_then(|integer| usize::from_str_radix(integer.as_str(), integer.radix()).ok())
            .filter(|count| *count > 0);
        if count.is_none() {
            self.mismatch("a whole number above 0");
        }
        count
    }

    /// Returns what the word stands for.
    pub(super) fn word<T: Clone>(&self, words: &[(&str, T)]) -> Option<T> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let Some(given) = self.as_text() else {
            self.mismatch(&one_of(&known));
            return None;
        };
        let found = words.iter().find(|(word, _)| *word == given);
        if found.is_none() {
            let message = format!("`{}` must be {}, not `{given}`", self.path, one_of(&known));
            let diagnostic = self.findings.wrong(self.range(), message);
            self.findings.push(diagnostic.with_suggestion(nearest(given, known)));
        }
        found.map(|(_, value)| value.clone())
    }

    /// Returns the table.
    pub(super) fn table(&self) -> Option<TableReader<'f, 't>> {
        let table = self.value.get_ref().as_table();
        if table.is_none() {
            self.mismatch("a table");
        }
        Some(TableReader::new(self.findings, table?, self.path.clone()))
    }

    /// Returns the value whatever it is; a date becomes text.
    pub(super) fn any(&self) -> Value {
        to_json(self.value.get_ref())
    }
}

/// Writes `words` as "`a`, `b` or `c`".
pub(super) fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

fn join(path: &str, key: &str) -> String {
    match path.is_empty() {
        true => key.to_owned(),
        false => format!("{path}.{key}"),
    }
}

fn describe(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(_) => "text".to_owned(),
        DeValue::Integer(number) => format!("the number {number}"),
        DeValue::Float(number) => format!("the number {number}"),
        DeValue::Boolean(flag) => format!("`{flag}`"),
        DeValue::Datetime(_) => "a date".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn to_json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map_or_else(|_| Value::from(integer.as_str()), Value::from),
        DeValue::Float(float) => float
            .as_str()
            .parse::<f64>()
            .ok()
            .and_then(|number| serde_json::Number::from_f64(number).map(Value::Number))
            .unwrap_or_else(|| Value::from(float.as_str())),
        DeValue::Boolean(flag) => Value::from(*flag),
        DeValue::Datetime(date) => Value::from(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| to_json(item.get_ref())).collect(),
        DeValue::Table(table) => {
            let mut entries: Vec<_> = table.iter().collect();
            entries.sort_by_key(|(name, _)| name.span().start);
            Value::Object(
                entries
                    .into_iter()
                    .map(|(name, value)| (name.get_ref().to_string(), to_json(value.get_ref())))
                    .collect(),
            )
        }
    }
}
