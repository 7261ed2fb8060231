//! YAML, read into a tree with spans; CSL-YAML and Hayagriva told apart by the shape of the data.

use std::collections::BTreeMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Library, ReadError, csl, hayagriva};
use crate::item::node::{Member, Node, Value};

/// Reads a file of references in YAML.
///
/// A list, or a map with `references`, is CSL-YAML as pandoc has it; a map of entries by key is
/// Hayagriva.
pub(super) fn read(text: &str) -> Library {
    let mut library = Library::default();
    let Some(root) = parse(text, &mut library.errors) else { return library };
    if is_hayagriva(&root) {
        hayagriva::read_entries(&root, &mut library);
    } else {
        csl::read_items(&root, &mut library);
    }
    library
}

fn is_hayagriva(root: &Node<'_>) -> bool {
    let members = root.members();
    !members.is_empty()
        && !["references", "items"].iter().any(|key| root.get(key).is_some())
        && !csl::is_item(root)
        && members.iter().any(|member| matches!(member.node.value, Value::Map(_)))
}

/// How many nodes aliases may add; it bounds documents that double themselves at every line.
const MAX_ALIASED_NODES: usize = 100_000;

/// How deep values may nest; it bounds recursion over hostile input.
const MAX_DEPTH: usize = 100;

/// Parses the first document; `None` where there is none.
///
/// After a mistake the tree holds what was complete before it.
pub(super) fn parse<'a>(text: &'a str, errors: &mut Vec<ReadError>) -> Option<Node<'a>> {
    let text =
        text.strip_prefix('\u{feff}').map_or((text, 0), |rest| (rest, text.len() - rest.len()));
    let (text, base) = text;
    let mut builder = Builder::new(text, base);
    for event in Parser::new_from_str(text) {
        match event {
            Ok((Event::DocumentEnd, _)) => break,
            Ok((event, span)) => {
                builder.event(event, span, errors);
                if builder.stack.len() > MAX_DEPTH {
                    let span = builder.span(span);
                    errors.push(ReadError::new("the values are nested too deep", span));
                    break;
                }
            }
            Err(error) => {
                let start = base + builder.bytes.of(error.marker().index());
                let at = start.min(base + text.len());
                let length = text[at - base..].chars().next().map_or(0, char::len_utf8);
                errors.push(ReadError::new(
                    format!("not valid YAML: {}", error.info()),
                    at..at + length,
                ));
                break;
            }
        }
    }
    builder.finish()
}

/// Turns positions in characters, which the parser counts, into positions in bytes.
struct BytePositions<'a> {
    text: &'a str,
    ascii: bool,
    /// The byte position of every 64th character.
    marks: Vec<usize>,
}

impl<'a> BytePositions<'a> {
    const STEP: usize = 64;

    fn new(text: &'a str) -> Self {
        let ascii = text.is_ascii();
        let marks = if ascii {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::STEP).map(|(at, _)| at).collect()
        };
        Self { text, ascii, marks }
    }

    fn of(&self, index: usize) -> usize {
        if self.ascii {
            return index.min(self.text.len());
        }
        let Some(&mark) = self.marks.get(index / Self::STEP) else { return self.text.len() };
        let rest = &self.text[mark..];
        rest.char_indices()
            .nth(index % Self::STEP)
            .map_or(self.text.len(), |(offset, _)| mark + offset)
    }
}

/// A list or a map that is open.
struct Open<'a> {
    start: usize,
    anchor: usize,
    kind: OpenKind<'a>,
}

enum OpenKind<'a> {
    List(Vec<Node<'a>>),
    /// The members so far, and a key whose value is still to come.
    Map(Vec<Member<'a>>, Option<Node<'a>>),
}

struct Builder<'a> {
    bytes: BytePositions<'a>,
    base: usize,
    stack: Vec<Open<'a>>,
    root: Option<Node<'a>>,
    anchors: BTreeMap<usize, Node<'a>>,
    aliased: usize,
    end: usize,
}

impl<'a> Builder<'a> {
    fn new(text: &'a str, base: usize) -> Self {
        Self {
            bytes: BytePositions::new(text),
            base,
            stack: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            aliased: 0,
            end: base,
        }
    }

    fn span(&self, span: Span) -> Range<usize> {
        let start = self.base + self.bytes.of(span.start.index());
        start..start.max(self.base + self.bytes.of(span.end.index()))
    }

    fn event(&mut self, event: Event<'a>, span: Span, errors: &mut Vec<ReadError>) {
        let span = self.span(span);
        match event {
            Event::Scalar(text, style, anchor, _tag) => {
                self.end = span.end;
                let value = match style {
                    ScalarStyle::Plain => plain_scalar(text),
                    _ => Value::String(text),
                };
                self.push(Node { value, span }, anchor, errors);
            }
            Event::SequenceStart(anchor, _tag) => {
                let kind = OpenKind::List(Vec::new());
                self.stack.push(Open { start: span.start, anchor, kind });
            }
            Event::MappingStart(anchor, _tag) => {
                let kind = OpenKind::Map(Vec::new(), None);
                self.stack.push(Open { start: span.start, anchor, kind });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                // The end of a block has its place where the next thing begins.
                if span.end > span.start {
                    self.end = span.end;
                }
                self.close(errors);
            }
            Event::Alias(anchor) => self.alias(anchor, span, errors),
            _ => {}
        }
    }

    fn alias(&mut self, anchor: usize, span: Range<usize>, errors: &mut Vec<ReadError>) {
        let node = self.anchors.get(&anchor).cloned();
        self.aliased += node.as_ref().map_or(1, count);
        let value = match node {
            Some(node) if self.aliased <= MAX_ALIASED_NODES => node.value,
            Some(_) => {
                errors.push(ReadError::new("the aliases expand to too much data", span.clone()));
                Value::Null
            }
            None => Value::Null,
        };
        self.push(Node { value, span }, 0, errors);
    }

    fn close(&mut self, errors: &mut Vec<ReadError>) {
        let Some(open) = self.stack.pop() else { return };
        let value = match open.kind {
            OpenKind::List(nodes) => Value::List(nodes),
            OpenKind::Map(members, _) => Value::Map(members),
        };
        let span = open.start..self.end.max(open.start);
        self.push(Node { value, span }, open.anchor, errors);
    }

    fn push(&mut self, node: Node<'a>, anchor: usize, errors: &mut Vec<ReadError>) {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut().map(|open| &mut open.kind) {
            None => self.root = Some(node),
            Some(OpenKind::List(nodes)) => nodes.push(node),
            Some(OpenKind::Map(_, key @ None)) => *key = Some(node),
            Some(OpenKind::Map(members, key)) => {
                let Some(key) = key.take() else { return };
                let key_span = key.span;
                let key = match key.value {
                    Value::String(text) | Value::Number(text) => text,
                    Value::Bool(value) => value.to_string().into(),
                    Value::Null | Value::List(_) | Value::Map(_) => {
                        errors.push(ReadError::new("a key must be text", key_span));
                        return;
                    }
                };
                members.push(Member { key, key_span, node });
            }
        }
    }

    /// Closes what is open; the last member of each map or list may be cut short, and is dropped.
    fn finish(mut self) -> Option<Node<'a>> {
        let mut ignored = Vec::new();
        let mut innermost = true;
        while let Some(open) = self.stack.last_mut() {
            // The innermost list of entries is complete up to the mistake; what is open above it
            // was never finished.
            let is_item = matches!(open.kind, OpenKind::Map(..)) && innermost;
            if is_item && self.stack.len() > 1 {
                self.stack.pop();
                continue;
            }
            innermost = false;
            self.close(&mut ignored);
        }
        self.root
    }
}

fn count(node: &Node<'_>) -> usize {
    match &node.value {
        Value::List(nodes) => 1 + nodes.iter().map(count).sum::<usize>(),
        Value::Map(members) => 1 + members.iter().map(|member| count(&member.node)).sum::<usize>(),
        _ => 1,
    }
}

/// Returns the value of a scalar without quotation marks.
fn plain_scalar(text: std::borrow::Cow<'_, str>) -> Value<'_> {
    match text.as_ref() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        number
            if number.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'-')
                && number.parse::<f64>().is_ok() =>
        {
            Value::Number(text)
        }
        _ => Value::String(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{DateVariable, NameVariable, TextVariable};

    const REFERENCES: &str = "---\nreferences:\n- id: król2020\n  type: book\n  version: 1.10\n  \
        author:\n  - family: Król\n    given: É\n  issued:\n    - year: 2020\n      month: 5\n\
        - id: b\n  title: >\n    Folded\n    title\n  issued: 2020-05-03\n...\n";

    #[test]
    fn csl_yaml_of_pandoc_is_read_with_spans_in_bytes() {
        for text in [REFERENCES.to_owned(), format!("\u{feff}{REFERENCES}")] {
            let library = read(&text);
            assert_eq!(library.errors, []);
            let [first, second] = &library.entries[..] else { panic!("two entries") };
            assert_eq!(&text[first.key_span.clone()], "król2020");
            assert_eq!(&text[second.key_span.clone()], "b");
            assert!(text[first.span.clone()].starts_with("id: król2020"));
            assert!(text[first.span.clone()].ends_with("month: 5"));
            assert_eq!(first.item.str(TextVariable::Version), Some("1.10"));
            assert_eq!(first.item.names(NameVariable::Author)[0].given.as_deref(), Some("É"));
            assert_eq!(
                first.item.date(DateVariable::Issued),
                Some(&crate::item::Date::parse("2020-05"))
            );
            assert_eq!(second.item.str(TextVariable::Title), Some("Folded title\n"));
        }
    }

    #[test]
    fn what_precedes_a_mistake_is_kept() {
        let text = "- id: a\n  title: T\n- id: b\n  title: \"open\n";
        let library = read(text);
        assert_eq!(library.entries.len(), 1);
        assert_eq!(&*library.entries[0].item.id, "a");
        assert_eq!(library.errors.len(), 1);
        assert!(library.errors[0].message.starts_with("not valid YAML"));
    }

    #[test]
    fn aliases_are_followed_but_do_not_explode() {
        let library = read("- id: a\n  author: &x\n  - family: King\n- id: b\n  author: *x\n");
        assert_eq!(library.entries[1].item.names(NameVariable::Author).len(), 1);
        let mut bomb = "- &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = format!("*a{}, ", level - 1).repeat(10);
            bomb.push_str(&format!("- &a{level} [{before}]\n"));
        }
        let library = read(&bomb);
        assert!(library.errors.iter().any(|error| error.message.contains("too much data")));
    }

    #[test]
    fn empty_files_are_empty_libraries() {
        for text in ["", "---\n", "# nothing\n", "references:\n"] {
            assert_eq!(read(text), Library::default(), "{text}");
        }
    }
}
