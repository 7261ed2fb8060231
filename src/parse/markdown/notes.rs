//! Footnotes whose text or reference would be lost.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Tag};

use crate::diagnostic::structural;
use crate::source::Span;

use super::writer::Writer;

/// Where a footnote is defined.
#[derive(Clone, Debug)]
pub(super) struct Definition {
    /// The events of its text.
    pub(super) events: Range<usize>,
    /// The label with its brackets, in the Markdown.
    pub(super) mark: Range<usize>,
    /// Its index among the notes, once something refers to it.
    pub(super) note: Option<usize>,
}

impl Writer<'_> {
    /// Returns the label, with its brackets, of the definition at `range`.
    pub(super) fn definition_mark(&self, range: &Range<usize>) -> Range<usize> {
        let written = &self.input.source[range.clone()];
        let start = written.find("[^").unwrap_or(0);
        let end = written[start..].find("]:").map_or(written.len(), |end| start + end + 1);
        range.start + start..range.start + end
    }

    /// Takes a definition; a second one of its label is reported.
    pub(super) fn define_note(&mut self, label: &str, definition: Definition) {
        let first = self.definitions.get(&label.to_lowercase()).map(|first| first.mark.clone());
        let Some(first) = first else {
            self.definitions.insert(label.to_lowercase(), definition);
            return;
        };
        let message = format!("the footnote `{label}` is defined twice: only the first is shown");
        self.report(&structural::NOTE_UNMATCHED, definition.mark, message);
        let first = Span::new(self.input.id.clone(), self.place(first));
        if let Some(found) = self.diagnostics.pop() {
            let found = found.with_related(first, "the first one");
            self.diagnostics.push(found.with_help("give it another label"));
        }
    }

    /// Reports the footnotes that nothing refers to.
    pub(super) fn find_unused_notes(&mut self) {
        let used: BTreeSet<String> =
            self.body.notes.iter().map(|note| note.label.to_lowercase()).collect();
        let unused: Vec<(String, Range<usize>)> = self
            .definitions
            .iter()
            .filter(|(label, _)| !used.contains(*label))
            .map(|(label, definition)| (label.clone(), definition.mark.clone()))
            .collect();
        for (label, mark) in unused {
            let message = format!("nothing refers to the footnote `{label}`: it is not shown");
            self.report(&structural::NOTE_UNMATCHED, mark, message);
            if let Some(found) = self.diagnostics.pop() {
                let help = format!("write `[^{label}]` where it belongs, or delete it");
                self.diagnostics.push(found.with_help(help));
            }
        }
    }

    /// Reports the references to footnotes that are not defined, which are text.
    pub(super) fn find_undefined_notes(&mut self) {
        if !self.input.source.contains("[^") {
            return;
        }
        let events = self.input.events;
        let (mut at, mut code) = (0, 0);
        while at < events.len() {
            match &events[at].0 {
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => at = self.matching_end(at),
                Event::InlineHtml(html) => code += code_depth(html),
                _ => {}
            }
            let Some((Event::Text(_), range)) = events.get(at) else {
                at += 1;
                continue;
            };
            // The parser cuts a text at each sign that may mean something.
            let mut run = range.clone();
            at += 1;
            while let Some((Event::Text(_), next)) = events.get(at)
                && next.start == run.end
            {
                run.end = next.end;
                at += 1;
            }
            if code == 0 {
                self.undefined_in(run);
            }
        }
    }

    fn undefined_in(&mut self, run: Range<usize>) {
        let source = self.input.source;
        let mut from = run.start;
        while let Some(found) = source.get(from..run.end).and_then(|text| text.find("[^")) {
            let start = from + found;
            from = start + 2;
            let rest = &source[from..run.end];
            let length = rest.find([']', '[', ' ', '\n', '^']).unwrap_or(rest.len());
            let is_reference = is_label(&rest[..length]) && rest[length..].starts_with(']');
            if !is_reference || source[..start].ends_with('\\') {
                continue;
            }
            let label = &rest[..length];
            let message = format!("there is no footnote `{label}`");
            self.report(&structural::NOTE_UNMATCHED, start..from + length + 1, message);
            if let Some(found) = self.diagnostics.pop() {
                let help = format!(
                    "define it, `[^{label}]: …` on a line of its own; `\\[^{label}]` is plain text"
                );
                self.diagnostics.push(found.with_help(help));
            }
        }
    }
}

/// Tells whether `label` is one of a footnote and no class of characters, as in `[^0-9]`.
fn is_label(label: &str) -> bool {
    let is_range = |label: &str| {
        label.split_once('-').is_some_and(|(from, to)| {
            from.chars().count() == 1 && to.chars().next().is_some_and(char::is_alphanumeric)
        })
    };
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    !label.is_empty() && label.chars().all(is_part) && !is_range(label)
}

/// Returns by how much the tag `html` changes how deep what follows is in code.
fn code_depth(html: &str) -> i32 {
    let name = html.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric());
    let name = name.into_iter().next().unwrap_or_default().to_ascii_lowercase();
    match ["code", "kbd", "samp", "pre", "tt", "var"].contains(&name.as_str()) {
        true if html.starts_with("</") => -1,
        true => 1,
        false => 0,
    }
}
