//! Malformed YAML: what the parser says, where, and what is likely the cause.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, structural};
use crate::source::Source;

/// Returns the finding that the YAML at `range` cannot be parsed.
pub(super) fn diagnostic(
    source: &Source,
    range: &Range<usize>,
    error: &serde_yaml::Error,
) -> Diagnostic {
    let text = source.text();
    let yaml = &text[range.clone()];
    let offset = error.location().map_or(0, |place| place.index()).min(yaml.len());
    let text = error.to_string();
    let problem = problem(&text);
    let cause = cause(yaml, offset, problem);
    let place = cause.as_ref().map_or_else(|| at(yaml, offset), |cause| cause.place.clone());
    let span = source.span(range.start + place.start..range.start + place.end);
    match cause {
        Some(cause) => Diagnostic::new(&structural::YAML_SYNTAX, span, cause.message)
            .with_label(problem.to_owned())
            .with_help(cause.help),
        None if text.starts_with("invalid type") => {
            let message = "the front matter must be fields, each as `name: value`";
            Diagnostic::new(&structural::YAML_SYNTAX, span, message)
        }
        None => {
            let message = format!("the front matter is not valid YAML: {problem}");
            Diagnostic::new(&structural::YAML_SYNTAX, span, message)
        }
    }
}

/// A likely cause.
struct Cause {
    message: String,
    place: Range<usize>,
    help: String,
}

/// Returns the parser's words without the place, which the frame shows.
fn problem(text: &str) -> &str {
    let text = text.split(" at line ").next().unwrap_or(text);
    text.split(" at position ").next().unwrap_or(text)
}

/// Returns the character at `offset` as a place; the one before it at the end.
fn at(yaml: &str, offset: usize) -> Range<usize> {
    let mut start = offset;
    while !yaml.is_char_boundary(start) {
        start -= 1;
    }
    if start == yaml.len() {
        start = yaml.trim_end().len().saturating_sub(1);
        while !yaml.is_char_boundary(start) {
            start -= 1;
        }
    }
    start..start + yaml[start..].chars().next().map_or(0, char::len_utf8)
}

/// Looks for the likely cause on the line of the problem and on the lines before,
/// nearest first, because the parser often notices a line late.
fn cause(yaml: &str, offset: usize, problem: &str) -> Option<Cause> {
    const LINES_BEFORE: usize = 3;
    let end = yaml[..at(yaml, offset).start].rfind('\n').map_or(0, |newline| newline + 1);
    let mut starts = vec![end];
    while let Some(&start) = starts.last()
        && start > 0
        && starts.len() <= LINES_BEFORE
    {
        starts.push(yaml[..start - 1].rfind('\n').map_or(0, |newline| newline + 1));
    }
    starts.into_iter().find_map(|start| {
        let line = yaml[start..].lines().next().unwrap_or_default();
        line_cause(line, start, problem)
    })
}

fn line_cause(line: &str, start: usize, problem: &str) -> Option<Cause> {
    let indent = line.len() - line.trim_start().len();
    if let Some(tab) = line[..indent].find('\t') {
        return Some(Cause {
            message: "a tab cannot indent YAML".to_owned(),
            place: start + tab..start + indent,
            help: "indent by spaces".to_owned(),
        });
    }
    let (key, value_start) = value_start(line)?;
    let value = line[value_start..].trim_end();
    let place = start + value_start..start + value_start + value.len();
    let first = value.chars().next()?;
    let named = if key.is_empty() { "a value".to_owned() } else { format!("the value of `{key}`") };
    match first {
        '@' => Some(Cause {
            message: "a plain value cannot start with `@`".to_owned(),
            help: format!("write the key alone, `{}`, or in quotes: `\"{value}\"`", &value[1..]),
            place,
        }),
        '[' if value.starts_with("[@") || value.starts_with("[-@") => Some(Cause {
            message: "a citation in brackets must be quoted".to_owned(),
            help: format!("write `\"{value}\"`"),
            place,
        }),
        '`' | '%' | '*' | '&' | '!' => Some(Cause {
            message: format!("{named} must be quoted, because it starts with `{first}`"),
            help: format!("write `{}`", quote(value)),
            place,
        }),
        '"' | '\'' => {
            let closing = value[1..].find(first).map(|index| index + 1);
            match closing {
                None => Some(Cause {
                    message: "this quotation mark is never closed".to_owned(),
                    help: format!("end the value with `{first}`"),
                    place: place.start..place.start + 1,
                }),
                Some(end) if !value[end + 1..].trim().is_empty() && !in_list(line, value_start) => {
                    Some(Cause {
                        message: "text follows the closing quotation mark".to_owned(),
                        help: format!("quote the whole value: `{}`", quote(value)),
                        place: place.start + end + 1..place.end,
                    })
                }
                _ => None,
            }
        }
        '[' | '{' if problem.contains("expected ','") => {
            let close = if first == '[' { ']' } else { '}' };
            (value.matches(first).count() > value.matches(close).count()).then(|| Cause {
                message: "this bracket is never closed".to_owned(),
                help: format!("end the value with `{close}`"),
                place: place.start..place.start + 1,
            })
        }
        '{' | '[' | '|' | '>' | '#' => None,
        _ if value.contains(": ") && problem.contains("mapping values") => {
            let colon = value.find(": ").unwrap_or_default();
            Some(Cause {
                message: "a value that holds a colon and a space must be quoted".to_owned(),
                help: format!("write `{}`", quote(value)),
                place: place.start + colon..place.start + colon + 1,
            })
        }
        _ => None,
    }
}

/// Returns the key of a line and where its value starts, after dashes and blanks.
fn value_start(line: &str) -> Option<(&str, usize)> {
    let mut start = line.len() - line.trim_start().len();
    while let Some(rest) = line[start..].strip_prefix("- ") {
        start = line.len() - rest.trim_start().len();
    }
    let rest = &line[start..];
    let Some(colon) = rest.find(": ") else {
        return match rest.ends_with(':') || rest.is_empty() {
            true => None,
            false => Some(("", start)),
        };
    };
    let key = &rest[..colon];
    if key.starts_with(['"', '\'', '[', '{']) {
        return Some(("", start));
    }
    let after = &rest[colon + 1..];
    Some((key, line.len() - after.trim_start().len()))
}

fn in_list(line: &str, value_start: usize) -> bool {
    line[..value_start].contains(['[', '{'])
}

/// Returns `value` as a quoted scalar.
fn quote(value: &str) -> String {
    match value.contains(['"', '\\']) {
        false => format!("\"{value}\""),
        true => format!("'{}'", value.replace('\'', "''")),
    }
}
