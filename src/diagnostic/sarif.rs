//! Findings as SARIF 2.1.0, which code-scanning services read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::place::{Files, Texts};
use super::{Diagnostic, Level, Rule};
use crate::source::Span;
use crate::url::encode_path;

/// Renders `diagnostics` as a SARIF log of one run.
pub(super) fn sarif(diagnostics: &[Diagnostic], texts: &Texts<'_>) -> String {
    let mut files = Files::new(texts);
    let rules: BTreeMap<&str, &Rule> =
        diagnostics.iter().map(|found| (found.rule.id, found.rule)).collect();
    let rules: Vec<Value> = rules
        .values()
        .map(|rule| {
            json!({
                "id": rule.id,
                "shortDescription": { "text": rule.explanation },
                "defaultConfiguration": { "level": level(rule.level) },
            })
        })
        .collect();
    let results: Vec<Value> = diagnostics.iter().map(|found| result(found, &mut files)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "galen", "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn result(found: &Diagnostic, files: &mut Files<'_>) -> Value {
    let text = std::iter::once(&*found.message).chain(found.help.iter().map(|help| &**help));
    let mut result = json!({
        "ruleId": found.rule.id,
        "level": level(found.level),
        "message": { "text": text.collect::<Vec<_>>().join("\n") },
        "locations": [{ "physicalLocation": location(&found.span, files) }],
    });
    if !found.related.is_empty() {
        let related = found.related.iter().map(|(span, label)| {
            json!({ "physicalLocation": location(span, files), "message": { "text": label } })
        });
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = &found.fix {
        let location = location(&fix.span, files);
        result["fixes"] = json!([{
            "artifactChanges": [{
                "artifactLocation": location["artifactLocation"],
                "replacements": [{
                    "deletedRegion": location["region"],
                    "insertedContent": { "text": fix.replacement },
                }],
            }],
        }]);
    }
    result
}

fn location(span: &Span, files: &mut Files<'_>) -> Value {
    let (start, end) = files.lines(span);
    json!({
        "artifactLocation": { "uri": encode_path(span.source.as_str()) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
        },
    })
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}
