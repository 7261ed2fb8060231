//! Where the front matter stands in a file.

use std::ops::Range;

use crate::diagnostic::{Diagnostic, structural};
use crate::source::Source;

/// The parts of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The YAML between the lines of `---`; `None` where the file starts with none.
    pub yaml: Option<Range<usize>>,
    /// Where the body starts; the end of the file where the front matter is faulty.
    pub body: usize,
    /// What is wrong with the fence.
    pub fault: Option<FenceFault>,
}

/// What is wrong with the lines around the front matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FenceFault {
    /// No line of `---` ends it.
    Unclosed,
    /// It is TOML between lines of `+++`.
    Toml,
}

/// Finds the front matter of a file: from a first line of `---` to the next line
/// of `---` or `...`.
pub fn split(text: &str) -> Split {
    let mut lines = lines(text);
    let none = Split { yaml: None, body: 0, fault: None };
    let Some((_, first)) = lines.next() else { return none };
    let toml = first.trim_end() == "+++";
    if first.trim_end() != "---" && !toml {
        return none;
    }
    let yaml_start = lines.clone().next().map_or(text.len(), |(start, _)| start);
    for (start, line) in lines {
        let line_end = start + line.len();
        match line.trim_end() {
            "---" | "..." if !toml => {
                return Split { yaml: Some(yaml_start..start), body: line_end, fault: None };
            }
            "+++" if toml => {
                return Split { yaml: None, body: line_end, fault: Some(FenceFault::Toml) };
            }
            _ => {}
        }
    }
    match toml {
        // A lone `+++` is nobody's front matter.
        true => none,
        false => Split { yaml: None, body: text.len(), fault: Some(FenceFault::Unclosed) },
    }
}

/// Returns what is wrong with the fence, as a finding.
pub(super) fn problem(source: &Source, split: &Split) -> Option<Diagnostic> {
    let fault = split.fault?;
    let first_line = 0..source.text().lines().next().unwrap_or_default().trim_end().len();
    let span = source.span(first_line);
    let diagnostic = match fault {
        FenceFault::Unclosed => {
            Diagnostic::new(&structural::YAML_SYNTAX, span, "the front matter is never closed")
                .with_label("it starts here")
                .with_help("end it with a line that holds only `---`")
        }
        FenceFault::Toml => {
            let message = "this front matter is TOML, and galen reads YAML";
            Diagnostic::new(&structural::YAML_SYNTAX, span, message)
                .with_help("write `key: value` between two lines of `---`")
        }
    };
    Some(diagnostic)
}

/// Returns the lines of `text`, each with its start and with its line feed.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> + Clone {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let here = start;
        start += line.len();
        (here, line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_yaml_stands_between_the_fences() {
        let text = "---\ntitle: A\n---\nBody\n";
        let found = split(text);
        assert_eq!(&text[found.yaml.clone().unwrap()], "title: A\n");
        assert_eq!(&text[found.body..], "Body\n");
    }

    #[test]
    fn line_endings_and_trailing_blanks_do_not_matter() {
        let text = "---  \r\ntitle: A\r\n---\r\nBody";
        let found = split(text);
        assert_eq!(&text[found.yaml.clone().unwrap()], "title: A\r\n");
        assert_eq!(&text[found.body..], "Body");
    }

    #[test]
    fn a_file_may_have_none_or_nothing_else() {
        assert_eq!(split(""), Split { yaml: None, body: 0, fault: None });
        assert_eq!(split("Text\n---\n").yaml, None);
        assert_eq!(split("---\n---"), Split { yaml: Some(4..4), body: 7, fault: None });
        assert_eq!(split("---\ntitle: A\n---").body, 16);
    }

    #[test]
    fn an_unclosed_fence_is_a_fault() {
        assert_eq!(split("---\ntitle: A\n").fault, Some(FenceFault::Unclosed));
        assert_eq!(split("---").fault, Some(FenceFault::Unclosed));
        assert_eq!(split("+++\ntitle = 1\n+++\n").fault, Some(FenceFault::Toml));
        assert_eq!(split("+++\n").fault, None);
    }
}
