//! Findings for people: code frames, as compilers draw them.

use std::collections::BTreeMap;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Origin, Renderer, Snippet};

use super::place::{File, Files, Texts, floor};
use super::{Diagnostic, Level};
use crate::source::{SourceId, Span};

/// How findings are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HumanStyle<'a> {
    /// The way to the site from where its findings are read, with a `/` at its end; empty
    /// where they are read in the site's folder.
    pub folder: &'a str,
    /// Whether to use colours.
    pub color: bool,
    /// How many columns the terminal has.
    pub width: usize,
    /// How many findings of one rule to show; the others are counted.
    pub per_rule: usize,
}

impl Default for HumanStyle<'_> {
    /// Returns the style for a terminal of 100 columns without colours, with at most
    /// ten findings of a rule.
    fn default() -> Self {
        Self { folder: "", color: false, width: 100, per_rule: 10 }
    }
}

/// Renders `diagnostics` in their order, with the number of those that are not shown
/// and a total. Empty where there are none.
pub fn human(diagnostics: &[Diagnostic], texts: &Texts<'_>, style: HumanStyle<'_>) -> String {
    let mut files = Files::new(texts);
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = String::new();
    for diagnostic in diagnostics {
        let count = shown.entry(diagnostic.rule.id).or_default();
        *count += 1;
        if *count <= style.per_rule {
            out.push_str(&frame(diagnostic, &mut files, style));
            out.push_str("\n\n");
        }
    }
    for (rule, count) in shown {
        if let Some(hidden) = count.checked_sub(style.per_rule).filter(|hidden| *hidden > 0) {
            out.push_str(&format!("… and {hidden} more of {rule}\n"));
        }
    }
    if !diagnostics.is_empty() {
        out.push_str(&total(diagnostics));
        out.push('\n');
    }
    out
}

/// Renders one finding with its frame, without colours.
pub fn human_frame(diagnostic: &Diagnostic, texts: &Texts<'_>, width: usize) -> String {
    let style = HumanStyle { width, ..HumanStyle::default() };
    frame(diagnostic, &mut Files::new(texts), style)
}

/// Returns how many findings there are of each level, as "2 errors, 1 warning".
pub fn total(diagnostics: &[Diagnostic]) -> String {
    let levels = [(Level::Error, "error"), (Level::Warning, "warning"), (Level::Info, "note")];
    let counted = levels.iter().filter_map(|(level, noun)| {
        let count = diagnostics.iter().filter(|found| found.level == *level).count();
        let plural = if count == 1 { "" } else { "s" };
        (count > 0).then(|| format!("{count} {noun}{plural}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

/// Renders one finding with its frame.
fn frame(diagnostic: &Diagnostic, files: &mut Files<'_>, style: HumanStyle<'_>) -> String {
    let level = match diagnostic.level {
        Level::Error => annotate_snippets::Level::ERROR,
        Level::Warning => annotate_snippets::Level::WARNING,
        Level::Info => annotate_snippets::Level::INFO,
    };
    let mut group =
        Group::with_title(level.primary_title(&*diagnostic.message).id(diagnostic.rule.id));
    let kind = AnnotationKind::Primary;
    group =
        group.element(excerpt(&diagnostic.span, &diagnostic.label, kind, (files, style.folder)));
    for (span, label) in &diagnostic.related {
        let kind = AnnotationKind::Context;
        group = group.element(excerpt(span, label, kind, (files, style.folder)));
    }
    let help = annotate_snippets::Level::HELP;
    for sentence in &diagnostic.help {
        group = group.element(help.clone().message(&**sentence));
    }
    if let Some(fix) = &diagnostic.fix {
        let sentence = match fix.replacement.is_empty() {
            true => "remove it".to_owned(),
            false => format!("write `{}`", fix.replacement),
        };
        group = group.element(help.clone().message(sentence));
    }
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    renderer.term_width(style.width).render(&[group])
}

/// Returns the file, line and column of `span`, and the line with the place marked.
///
/// The renderer is handed one line, with offsets on character boundaries: it neither
/// scans the whole file nor meets a place that it cannot draw.
fn excerpt<'a>(
    span: &Span,
    label: &'a str,
    kind: AnnotationKind,
    (files, folder): (&mut Files<'_>, &str),
) -> Element<'a> {
    let path = shown_path(&span.source, folder);
    let Some(file) = files.get(&span.source) else { return Origin::path(path).into() };
    if span.is_file() {
        // Editors follow a place with a line.
        return Origin::path(path).line(1).char_column(1).into();
    }
    let line_start = file.line_column(span.start).line;
    let (line, marked) = marked_line(file, &span.range());
    let label = Some(label).filter(|label| !label.is_empty());
    let annotation = kind.span(marked).label(label);
    Snippet::source(line).path(path).line_start(line_start).annotation(annotation).into()
}

/// Returns the path of a file from where its findings are read.
fn shown_path(source: &SourceId, folder: &str) -> String {
    match source.is_relative() {
        true => format!("{folder}{source}"),
        false => source.to_string(),
    }
}

/// Returns the line of `range`, and the place of `range` in it, at least one
/// character wide where there is one.
///
/// The renderer fits the line to the terminal; of a line that goes on and on (data
/// in a text file) it is spared the rest.
fn marked_line(file: &File, range: &Range<usize>) -> (String, Range<usize>) {
    /// How many bytes to keep behind the start of the place.
    const KEPT: usize = 1000;
    let (line, mut marked) = file.first_line(range);
    let line = &line[..floor(line, marked.start + KEPT)];
    marked.end = marked.end.min(line.len());
    if marked.is_empty() {
        marked.end = marked.start + line[marked.start..].chars().next().map_or(0, char::len_utf8);
    }
    (line.to_owned(), marked)
}
