//! Findings as the workflow commands that GitHub shows beside the changed lines.

use super::place::{Files, Texts};
use super::{Diagnostic, Level};

/// Renders each of `diagnostics` as one line, `::error file=…,line=…::message`; files are
/// below `folder`.
pub(super) fn github(diagnostics: &[Diagnostic], texts: &Texts<'_>, folder: &str) -> String {
    let mut files = Files::new(texts);
    let mut out = String::new();
    for found in diagnostics {
        let command = match found.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Info => "notice",
        };
        let (start, end) = files.lines(&found.span);
        let message: Vec<&str> =
            std::iter::once(&*found.message).chain(found.help.iter().map(|help| &**help)).collect();
        out.push_str(&format!(
            "::{command} file={},line={},col={},endLine={},title={}::{}\n",
            property(&format!("{folder}{}", found.source())),
            start.line,
            start.column,
            end.line,
            property(found.rule.id),
            data(&message.join("\n")),
        ));
    }
    out
}

/// Escapes a command's message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a command's property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
