//! Findings as SARIF 2.1.0, which code-scanning services read.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::place::{Files, Texts};
use super::{Diagnostic, Level, Rule};
use crate::source::Span;
use crate::url::encode_path;

/// Renders `diagnostics` as a SARIF log of one run; files are below `folder`.
pub(super) fn sarif(diagnostics: &[Diagnostic], texts: &Texts<'_>, folder: &str) -> String {
    let mut places = Places { files: Files::new(texts), folder };
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
    let results: Vec<Value> = diagnostics.iter().map(|found| places.result(found)).collect();
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

/// Where findings are.
struct Places<'a> {
    files: Files<'a>,
    folder: &'a str,
}

impl Places<'_> {
    fn result(&mut self, found: &Diagnostic) -> Value {
        let text = std::iter::once(&*found.message).chain(found.help.iter().map(|help| &**help));
        let mut result = json!({
            "ruleId": found.rule.id,
            "level": level(found.level),
            "message": { "text": text.collect::<Vec<_>>().join("\n") },
            "locations": [{ "physicalLocation": self.location(&found.span) }],
        });
        if !found.related.is_empty() {
            let related = found.related.iter().map(|(span, label)| {
            json!({ "physicalLocation": self.location(span), "message": { "text": label } })
        });
            result["relatedLocations"] = related.collect();
        }
        if let Some(fix) = &found.fix {
            let location = self.location(&fix.span);
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

    fn location(&mut self, span: &Span) -> Value {
        let (start, end) = self.files.lines(span);
        json!({
            "artifactLocation": { "uri": encode_path(&format!("{}{}", self.folder, span.source)) },
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        })
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Info => "note",
    }
}
