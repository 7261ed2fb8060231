//! What is wrong with templates, as findings at their places.
//!
//! Tera stops at the first syntax error, and reports what it finds between templates
//! (an unknown filter, say) as text. [`salvage`] goes on until every broken template
//! is known, and keeps those that work; [`rendering_problem`] explains one failure
//! while a page was rendered.

use std::collections::BTreeSet;
use std::ops::Range;

use tera::{ErrorKind, Tera};

use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::source::{Source, SourceId, Span};

use super::{TemplateSources, compile, engine};

/// More names than this are not listed in a help.
const LONGEST_LIST: usize = 24;

/// The templates that work, and what is wrong with the others.
pub(super) struct Salvaged {
    /// The engine with the templates that work.
    pub(super) tera: Tera,
    /// Their sources.
    pub(super) sources: TemplateSources,
    /// What is wrong with the others.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Finds every template that cannot be compiled, and compiles the others.
///
/// A template that only fails because another one is left out is left out in silence.
pub(super) fn salvage(
    prefixes: &[String],
    mut sources: TemplateSources,
    first_error: tera::Error,
) -> Salvaged {
    let mut diagnostics = Vec::new();
    let mut left_out = BTreeSet::new();
    let broken: Vec<String> = sources
        .iter()
        .filter_map(|(name, source)| {
            let error = engine(&[]).add_raw_template(name, &source.text).err()?;
            let ErrorKind::SyntaxError(report) = error.kind() else { return None };
            diagnostics.push(finding(source, report.span().range.clone(), report.message()));
            Some(name.clone())
        })
        .collect();
    for name in broken {
        sources.remove(&name);
        left_out.insert(name);
    }
    let mut error = if left_out.is_empty() { Some(first_error) } else { None };
    loop {
        if let Some(error) = error.take() {
            let culprits = culprits(&sources, &error);
            if culprits.is_empty() {
                let message = error.to_string();
                diagnostics.push(Diagnostic::new(
                    &structural::TEMPLATE_ERROR,
                    Span::file(SourceId::new("templates")),
                    message.lines().next().unwrap_or_default(),
                ));
                sources.clear();
            }
            for culprit in culprits {
                let follows = culprit.missing.is_some_and(|missing| {
                    left_out.iter().any(|name: &String| {
                        *name == missing || name.ends_with(&format!("/{missing}"))
                    })
                });
                if !follows {
                    diagnostics.push(culprit.finding);
                }
                sources.remove(&culprit.template);
                left_out.insert(culprit.template);
            }
        }
        match compile(prefixes, &sources) {
            Ok(tera) => {
                crate::diagnostic::sort(&mut diagnostics);
                return Salvaged { tera, sources, diagnostics };
            }
            Err(next) => error = Some(next),
        }
    }
}

/// A template that cannot be compiled with the others.
struct Culprit {
    template: String,
    finding: Diagnostic,
    /// The template that it names and that does not exist.
    missing: Option<String>,
}

/// Finds the templates that an error of the whole set is about.
fn culprits(sources: &TemplateSources, error: &tera::Error) -> Vec<Culprit> {
    match error.kind() {
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("there is no template `{parent}` to extend");
            let known = sources.keys().map(String::as_str);
            one_culprit(sources, current, parent, &message, nearest(parent, known), Some(parent))
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            let name = tpl.rsplit_once('/').map_or(tpl.as_str(), |(_, name)| name);
            let help = format!("name the theme to extend its template: \"default/{name}\"");
            let mut found =
                one_culprit(sources, tpl, "extends", "the template extends itself", None, None);
            for culprit in &mut found {
                culprit.finding.help.push(help.clone());
            }
            found
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let next = include_chain.get(1).map_or(tpl.as_str(), String::as_str);
            let plain = next.rsplit_once('/').map_or(next, |(_, name)| name);
            one_culprit(sources, tpl, plain, "the template includes itself", None, None)
        }
        ErrorKind::Msg(text) => {
            let found = reported_culprits(sources, text);
            if found.is_empty() { duplicate_component(sources, text) } else { found }
        }
        _ => Vec::new(),
    }
}

fn one_culprit(
    sources: &TemplateSources,
    template: &str,
    word: &str,
    message: &str,
    suggestion: Option<&str>,
    missing: Option<&String>,
) -> Vec<Culprit> {
    let Some(source) = sources.get(template) else { return Vec::new() };
    let range = source.text.find(word).map_or(0..0, |start| start..start + word.len());
    vec![Culprit {
        template: template.to_owned(),
        finding: finding(source, range, message).with_suggestion(suggestion),
        missing: missing.cloned(),
    }]
}

/// "Component `x` is defined in both `a` and `b`": the second is left out.
fn duplicate_component(sources: &TemplateSources, text: &str) -> Vec<Culprit> {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let [component, first, second] = names.as_slice() else { return Vec::new() };
    let definition = format!("component {component}");
    let message = format!("component `{component}` is defined in `{first}` too");
    one_culprit(sources, second, &definition, &message, None, None)
}

fn reported_culprits(sources: &TemplateSources, text: &str) -> Vec<Culprit> {
    let reports = reports(text);
    let culprits = reports.iter().filter_map(|report| {
        let source = sources.get(report.template)?;
        let unknown = report.message.split('`').nth(1);
        let missing = unknown.filter(|_| report.message.starts_with("Unknown template"));
        let known = sources.keys().map(String::as_str);
        Some(Culprit {
            template: report.template.to_owned(),
            finding: finding(source, report.range(source), report.message)
                .with_suggestion(missing.and_then(|missing| nearest(missing, known))),
            missing: missing.map(str::to_owned),
        })
    });
    culprits.collect()
}

/// One report in the text of an error.
struct Report<'a> {
    message: &'a str,
    template: &'a str,
    line: usize,
    column: usize,
    width: usize,
}

impl Report<'_> {
    fn range(&self, source: &Source) -> Range<usize> {
        let text = &source.text;
        let Some(line) = text.split_inclusive('\n').nth(self.line.saturating_sub(1)) else {
            return 0..0;
        };
        let line_start = line.as_ptr().addr() - text.as_ptr().addr();
        let offset = |characters: usize| {
            let mut indices = line.char_indices().map(|(index, _)| index);
            line_start + indices.nth(characters).unwrap_or(line.len())
        };
        let first = self.column.saturating_sub(1);
        offset(first)..offset(first + self.width)
    }
}

/// Reads the reports in an error's text.
///
/// Each is a line "error: …" or "note: LABEL PLACE", the place (` --> NAME:LINE:COLUMN`)
/// and the line of source with carets under it.
fn reports(text: &str) -> Vec<Report<'_>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut reports = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let Some(place) = lines.get(index + 1).and_then(|line| line.trim().strip_prefix("--> "))
        else {
            continue;
        };
        let mut parts = place.rsplitn(3, ':');
        let (Some(column), Some(line), Some(template)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let (Ok(line), Ok(column)) = (line.parse(), column.parse()) else { continue };
        let width = lines.get(index + 4).map_or(1, |carets| carets.matches('^').count());
        reports.push(Report { message, template, line, column, width });
    }
    reports
}

/// Explains a failure while a template or component was rendered.
pub(super) fn rendering_problem(
    sources: &TemplateSources,
    template: &str,
    error: &tera::Error,
) -> Diagnostic {
    if let ErrorKind::RenderingError(report) | ErrorKind::SyntaxError(report) = error.kind()
        && let Some(source) = sources.get(report.filename())
    {
        return finding(source, report.span().range.clone(), report.message());
    }
    let source = sources.get(template).map(|source| source.id.clone());
    let source = source.unwrap_or_else(|| SourceId::new(format!("templates/{template}")));
    let message = error.to_string();
    let message = message.lines().next().unwrap_or_default();
    Diagnostic::new(
        &structural::TEMPLATE_ERROR,
        Span::file(source),
        lowered(message.trim_end_matches('.')),
    )
}

/// Makes a finding of Tera's message.
///
/// Tera lists what there is after the message; the list becomes a suggestion, and a
/// help where it is short.
fn finding(source: &Source, range: Range<usize>, message: &str) -> Diagnostic {
    let range = range.start.min(source.text.len())..range.end.min(source.text.len());
    let shown = source.text.get(range.clone()).unwrap_or_default().trim().to_owned();
    let (message, available) = match message.split_once(" Available ") {
        Some((message, available)) => {
            let names = available.split_once(": ").map_or("", |(_, names)| names);
            (message, names.split(", ").collect::<Vec<_>>())
        }
        None => (message, Vec::new()),
    };
    let message = match message {
        "Tried to render a variable that is undefined" if !shown.is_empty() => {
            format!("`{shown}` is not defined")
        }
        _ => lowered(message.trim_end_matches('.')),
    };
    let wanted = message.split('`').nth(1).map(str::to_owned);
    let finding =
        Diagnostic::new(&structural::TEMPLATE_ERROR, source.span(range), message.as_str())
            .with_suggestion(wanted.and_then(|wanted| nearest(&wanted, available.iter().copied())));
    match available.len() {
        1..=LONGEST_LIST => finding.with_help(format!("there are: {}", available.join(", "))),
        _ => finding,
    }
}

/// Makes the first letter small, as findings begin.
fn lowered(message: &str) -> String {
    let mut characters = message.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => String::new(),
    }
}
