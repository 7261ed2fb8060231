//! `[ids.NAME]`: identifier schemes that a site adds to those built in.

use std::sync::Arc;

use super::table::{TableReader, ValueReader};
use crate::ids::{CheckDigit, CustomScheme};
use crate::ordered::IndexMap;

/// Returns the schemes that the entries of `[ids]` declare.
pub(super) fn schemes(table: &TableReader<'_, '_>) -> IndexMap<Arc<str>, CustomScheme> {
    table
        .entries()
        .into_iter()
        .filter_map(|entry| {
            let scheme = scheme(&entry.key, &entry.value)?;
            Some((entry.key, scheme))
        })
        .collect()
}

fn scheme(name: &Arc<str>, value: &ValueReader<'_, '_>) -> Option<CustomScheme> {
    let mut table = value.table()?;
    let label = table.text("label");
    let pattern = table.value("pattern");
    let check_digit = table.word("check_digit", CheckDigit::ALL);
    let url = table.value("url").and_then(|url| {
        let text = url.text()?;
        if !text.contains("{id}") {
            let findings = url.findings();
            let message = format!("`{}` must hold `{{id}}`, where the value goes", url.path());
            findings.push(findings.wrong(url.range(), message));
        }
        Some(text)
    });
    table.finish();
    let Some(pattern) = pattern else {
        let findings = value.findings();
        let message = format!("`{}` has no `pattern`, so nothing could be checked", value.path());
        findings.push(findings.wrong(value.range(), message));
        return None;
    };
    let text = pattern.text()?;
    match CustomScheme::new(name, label, &text, check_digit, url) {
        Ok(scheme) => Some(scheme),
        Err(reason) => {
            let findings = pattern.findings();
            let message = format!("`{}` is not a regular expression", pattern.path());
            findings.push(findings.wrong(pattern.range(), message).with_label(reason));
            None
        }
    }
}
