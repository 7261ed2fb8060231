//! Findings for programs: one JSON object.

use serde_json::{Value, json};

use super::place::{Files, Texts};
use super::{Diagnostic, Level};
use crate::source::Span;

/// The version of the form; raised when a key changes its meaning or goes.
const VERSION: u32 = 1;

/// Renders `diagnostics` as `{"version": 1, "diagnostics": […], "total": {…}}`.
///
/// Each has `rule`, `level`, `message`, a `place` and, where there are any, `label`,
/// `related`, `help` and `fix`. A place has `file`, `start` and `end`, each with
/// `line` and `column` from 1, in characters, and `offset` from 0, in bytes of the file.
pub(super) fn json(diagnostics: &[Diagnostic], texts: &Texts<'_>, _folder: &str) -> String {
    let mut files = Files::new(texts);
    let findings: Vec<Value> =
        diagnostics.iter().map(|diagnostic| finding(diagnostic, &mut files)).collect();
    let count = |level| diagnostics.iter().filter(|found| found.level == level).count();
    let report = json!({
        "version": VERSION,
        "diagnostics": findings,
        "total": {
            "error": count(Level::Error),
            "warning": count(Level::Warning),
            "info": count(Level::Info),
        },
    });
    format!("{report:#}\n")
}

fn finding(diagnostic: &Diagnostic, files: &mut Files<'_>) -> Value {
    let mut value = json!({
        "rule": diagnostic.rule.id,
        "level": diagnostic.level.name(),
        "message": diagnostic.message,
        "place": place(&diagnostic.span, files),
    });
    if !diagnostic.label.is_empty() {
        value["label"] = Value::from(&*diagnostic.label);
    }
    if !diagnostic.related.is_empty() {
        let related = diagnostic
            .related
            .iter()
            .map(|(span, label)| json!({ "place": place(span, files), "label": label }));
        value["related"] = related.collect();
    }
    if !diagnostic.help.is_empty() {
        value["help"] = Value::from(diagnostic.help.clone());
    }
    if let Some(fix) = &diagnostic.fix {
        value["fix"] = json!({
            "place": place(&fix.span, files),
            "replacement": fix.replacement,
        });
    }
    value
}

fn place(span: &Span, files: &mut Files<'_>) -> Value {
    let (start, end) = files.lines(span);
    let offsets = files.offsets(span);
    json!({
        "file": span.source.as_str(),
        "start": { "line": start.line, "column": start.column, "offset": offsets.start },
        "end": { "line": end.line, "column": end.column, "offset": offsets.end },
    })
}
