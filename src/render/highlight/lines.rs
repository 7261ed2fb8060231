//! Lines of code that were read before.
//!
//! How a line is shown follows from the line itself and from the state in which the lines
//! above it leave the parser. Both come again: in a listing of which one line was edited,
//! and in every `{` and `import` of a site. So a line is read once in each state.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use syntect::html::{ClassStyle, line_tokens_to_classed_spans};
use syntect::parsing::{ParseState, ScopeStack, SyntaxReference, SyntaxSet};
use syntect::util::LinesWithEndings;

/// Shows code in classed spans, and remembers its lines.
#[derive(Debug)]
pub(super) struct Lines {
    syntaxes: SyntaxSet,
    style: ClassStyle,
    /// By the name of the syntax, the states in which it was; the first is that of a
    /// listing's first line.
    states: RwLock<HashMap<String, Vec<State>>>,
}

/// A state in which lines leave the parser.
#[derive(Debug)]
struct State {
    parser: ParseState,
    scopes: ScopeStack,
    /// What is known of lines in this state.
    lines: HashMap<Box<str>, Line>,
}

/// A line as it is shown, and the state that it leads to.
#[derive(Clone, Debug)]
struct Line {
    spans: Arc<str>,
    next: usize,
}

impl Lines {
    /// Returns what knows the syntaxes but no line yet.
    pub(super) fn new(syntaxes: SyntaxSet, style: ClassStyle) -> Self {
        Self { syntaxes, style, states: RwLock::default() }
    }

    /// The syntaxes.
    pub(super) fn syntaxes(&self) -> &SyntaxSet {
        &self.syntaxes
    }

    /// Returns `code` in spans; `None` where the syntax cannot read it.
    pub(super) fn spans(&self, syntax: &SyntaxReference, code: &str) -> Option<String> {
        let mut spans = String::with_capacity(code.len() * 6);
        let mut at = 0;
        for line in LinesWithEndings::from(code) {
            let line = self.known(syntax, at, line).or_else(|| self.read(syntax, at, line))?;
            spans.push_str(&line.spans);
            at = line.next;
        }
        for _ in 0..self.open_spans(syntax, at) {
            spans.push_str("</span>");
        }
        Some(spans)
    }

    fn known(&self, syntax: &SyntaxReference, at: usize, line: &str) -> Option<Line> {
        let states = self.states.read().expect("no thread panics while it holds the lock");
        states.get(&syntax.name)?.get(at)?.lines.get(line).cloned()
    }

    fn read(&self, syntax: &SyntaxReference, at: usize, line: &str) -> Option<Line> {
        let (mut parser, mut scopes) = {
            let states = self.states.read().expect("no thread panics while it holds the lock");
            match states.get(&syntax.name).and_then(|states| states.get(at)) {
                Some(state) => (state.parser.clone(), state.scopes.clone()),
                None => (ParseState::new(syntax), ScopeStack::new()),
            }
        };
        let operations = parser.parse_line(line, &self.syntaxes).ok()?;
        let (spans, _) =
            line_tokens_to_classed_spans(line, &operations, self.style, &mut scopes).ok()?;
        let mut states = self.states.write().expect("no thread panics while it holds the lock");
        let states = states.entry(syntax.name.clone()).or_default();
        if states.is_empty() {
            states.push(State::new(ParseState::new(syntax), ScopeStack::new()));
        }
        let same = |state: &State| state.parser == parser && state.scopes == scopes;
        let next = states.iter().position(same).unwrap_or(states.len());
        if next == states.len() {
            states.push(State::new(parser, scopes));
        }
        let read = Line { spans: Arc::from(spans), next };
        states[at].lines.insert(Box::from(line), read.clone());
        Some(read)
    }

    /// Returns how many spans are open in the state `at`: one for each scope.
    fn open_spans(&self, syntax: &SyntaxReference, at: usize) -> usize {
        let states = self.states.read().expect("no thread panics while it holds the lock");
        let state = states.get(&syntax.name).and_then(|states| states.get(at));
        state.map_or(0, |state| state.scopes.len())
    }
}

impl State {
    fn new(parser: ParseState, scopes: ScopeStack) -> Self {
        Self { parser, scopes, lines: HashMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntect::html::ClassedHTMLGenerator;

    const STYLE: ClassStyle = ClassStyle::SpacedPrefixed { prefix: "x-" };

    /// Listings that leave their parser in the middle of something, and lines that look
    /// alike but stand in other places.
    const LISTINGS: [(&str, &str); 8] = [
        ("Python", "import a\n\"\"\"text\nimport a\n\"\"\"\nimport a\n"),
        ("Python", "\"\"\"text\nimport a\n"),
        ("JSON", "{\n  \"a\": [1,\n  \"a\": [1,\n}\n}\n"),
        ("JSON", "{\n  \"a\": [1,\n2]}"),
        ("HTML", "<style>\na { b: c }\n</style>\na { b: c }\n<script>\nlet a = `\na { b: c }\n"),
        ("Rust", "/* a\n/* b */ fn x() {\n*/ fn x() {\n"),
        ("Bourne Again Shell (bash)", "cat <<END\n$a `b`\nEND\n$a `b`\n"),
        ("Ruby", "x = <<A + <<B\n#{y}\nA\n#{y}\nB\n#{y}\n"),
    ];

    #[test]
    fn lines_that_are_remembered_are_shown_as_when_they_are_read() {
        let lines = Lines::new(SyntaxSet::load_defaults_newlines(), STYLE);
        for round in 0..2 {
            for (name, code) in LISTINGS {
                let syntaxes = lines.syntaxes();
                let syntax = syntaxes.find_syntax_by_name(name).unwrap();
                let mut whole = ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, STYLE);
                for line in LinesWithEndings::from(code) {
                    whole.parse_html_for_line_which_includes_newline(line).unwrap();
                }
                assert_eq!(lines.spans(syntax, code).unwrap(), whole.finalize(), "{name} {round}");
            }
        }
    }
}
