//! What is wrong with templates, as findings at their places.
//!
//! Tera stops at the first syntax error, and reports what it finds between templates
//! (an unknown filter, say) as text. [`salvage`] goes on until every broken template
//! is known, and keeps those that work; [`rendering_problem`] explains one failure
//! while a page was rendered.

use std::collections::BTreeMap;
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
    sources: TemplateSources,
    first_error: tera::Error,
) -> Salvaged {
    let mut salvage = Salvage { sources, left_out: BTreeMap::new(), diagnostics: Vec::new() };
    salvage.leave_out_syntax_errors();
    let mut error = salvage.left_out.is_empty().then_some(first_error);
    loop {
        if let Some(error) = error {
            salvage.leave_out_culprits(&error);
        }
        match compile(prefixes, &salvage.sources) {
            Ok(tera) => {
                let Salvage { sources, mut diagnostics, .. } = salvage;
                crate::diagnostic::sort(&mut diagnostics);
                return Salvaged { tera, sources, diagnostics };
            }
            Err(next) => error = Some(next),
        }
    }
}

/// The work of [`salvage`].
struct Salvage {
    sources: TemplateSources,
    left_out: TemplateSources,
    diagnostics: Vec<Diagnostic>,
}

impl Salvage {
    fn leave_out(&mut self, template: &str) {
        if let Some((name, source)) = self.sources.remove_entry(template) {
            self.left_out.insert(name, source);
        }
    }

    fn leave_out_syntax_errors(&mut self) {
        let mut broken = Vec::new();
        for (name, source) in &self.sources {
            let Err(error) = engine(&[]).add_raw_template(name, &source.text()) else { continue };
            let ErrorKind::SyntaxError(report) = error.kind() else { continue };
            let range = report.span().range.clone();
            self.diagnostics.push(finding(source, range, report.message()));
            broken.push(name.clone());
        }
        broken.iter().for_each(|name| self.leave_out(name));
    }

    /// Leaves out at least one template, so that trying again comes to an end.
    fn leave_out_culprits(&mut self, error: &tera::Error) {
        let culprits = culprits(&self.sources, error);
        if culprits.is_empty() {
            let message = error.to_string();
            let message = lowered(message.lines().next().unwrap_or_default());
            let place = Span::file(SourceId::new("templates"));
            self.diagnostics.push(Diagnostic::new(&structural::TEMPLATE_ERROR, place, message));
            self.left_out.append(&mut self.sources);
        }
        for culprit in culprits {
            if !culprit.missing.is_some_and(|missing| self.was_left_out(&missing)) {
                self.diagnostics.push(culprit.finding);
            }
            self.leave_out(&culprit.template);
        }
    }

    fn was_left_out(&self, missing: &Missing) -> bool {
        match missing {
            Missing::Template(name) => {
                let with_theme = format!("/{name}");
                self.left_out.keys().any(|out| out == name || out.ends_with(&with_theme))
            }
            Missing::Component(name) => {
                let definition = format!("component {name}(");
                self.left_out.values().any(|source| source.text().contains(&definition))
            }
        }
    }
}

/// A template that cannot be compiled with the others.
struct Culprit {
    template: String,
    finding: Diagnostic,
    /// What it names and does not exist.
    missing: Option<Missing>,
}

/// What a template names and does not exist.
enum Missing {
    Template(String),
    Component(String),
}

/// Finds the templates that an error of the whole set is about.
fn culprits(sources: &TemplateSources, error: &tera::Error) -> Vec<Culprit> {
    match error.kind() {
        ErrorKind::MissingParent { current, parent } => {
            let message = format!("there is no template `{parent}` to extend");
            let known = sources.keys().map(String::as_str);
            let suggestion = nearest(parent, known);
            let mut found = one_culprit(sources, current, parent, &message, suggestion);
            for culprit in &mut found {
                culprit.missing = Some(Missing::Template(parent.clone()));
            }
            found
        }
        ErrorKind::CircularExtend { tpl, .. } => {
            let name = tpl.rsplit_once('/').map_or(tpl.as_str(), |(_, name)| name);
            let help = format!("name the theme to extend its template: \"default/{name}\"");
            let mut found =
                one_culprit(sources, tpl, "extends", "the template extends itself", None);
            for culprit in &mut found {
                culprit.finding.help.push(help.clone().into());
            }
            found
        }
        ErrorKind::CircularInclude { tpl, include_chain } => {
            let next = include_chain.get(1).map_or(tpl.as_str(), String::as_str);
            let plain = next.rsplit_once('/').map_or(next, |(_, name)| name);
            one_culprit(sources, tpl, plain, "the template includes itself", None)
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
) -> Vec<Culprit> {
    let Some(source) = sources.get(template) else { return Vec::new() };
    let range = source.text().find(word).map_or(0..0, |start| start..start + word.len());
    vec![Culprit {
        template: template.to_owned(),
        finding: finding(source, range, message).with_suggestion(suggestion),
        missing: None,
    }]
}

/// "Component `x` is defined in both `a` and `b`": the second is left out.
fn duplicate_component(sources: &TemplateSources, text: &str) -> Vec<Culprit> {
    let names: Vec<&str> = text.split('`').skip(1).step_by(2).collect();
    let [component, first, second] = names.as_slice() else { return Vec::new() };
    let definition = format!("component {component}");
    let message = format!("component `{component}` is defined in `{first}` too");
    one_culprit(sources, second, &definition, &message, None)
}

fn reported_culprits(sources: &TemplateSources, text: &str) -> Vec<Culprit> {
    let reports = reports(text);
    let culprits = reports.iter().filter_map(|report| {
        let source = sources.get(report.template)?;
        let unknown = report.message.split('`').nth(1).unwrap_or_default();
        let known = sources.keys().map(String::as_str);
        let (missing, suggestion) = match report.message.split(' ').nth(1) {
            Some("template") => (Some(Missing::Template(unknown.into())), nearest(unknown, known)),
            Some("component") => (Some(Missing::Component(unknown.into())), None),
            _ => (None, None),
        };
        Some(Culprit {
            template: report.template.to_owned(),
            finding: finding(source, report.range(source), report.message)
                .with_suggestion(suggestion),
            missing,
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
        let text = source.text();
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
    let range = range.start.min(source.text().len())..range.end.min(source.text().len());
    let shown = source.text().get(range.clone()).unwrap_or_default().trim().to_owned();
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
