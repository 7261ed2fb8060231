//! Where fields stand in the file; read on the error path only.

use std::cell::OnceCell;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks, StrInput};

use crate::diagnostic::{Diagnostic, structural};
use crate::parse::page::{FieldPath, FieldStep};
use crate::parse::text::SourceMap;
use crate::source::{Source, Span};

use super::scalar_source::scalar_source;

/// Returns the place of the value at `path` in the front matter at `yaml`, or of
/// the nearest part of the way to it that exists.
pub fn locate(source: &Source, yaml: &Range<usize>, path: &FieldPath) -> Span {
    source.span(FieldLocator::new(source, yaml).value(path))
}

/// Returns the place of the key at the end of `path`, or as [`locate`].
pub fn locate_key(source: &Source, yaml: &Range<usize>, path: &FieldPath) -> Span {
    source.span(FieldLocator::new(source, yaml).key(path, 0))
}

/// Knows where every field of one front matter stands.
///
/// All ranges are byte ranges of the whole file.
#[derive(Debug)]
pub struct FieldLocator {
    root: Option<Node>,
    /// What stands for the front matter as a whole: its first line.
    whole: Range<usize>,
}

#[derive(Debug)]
struct Node {
    range: Range<usize>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalar(Scalar),
    List(Vec<Node>),
    Mapping(Vec<Entry>),
}

#[derive(Debug)]
struct Scalar {
    value: String,
    style: ScalarStyle,
    /// Where its text stands, once that was asked for; `None` where it is not certain.
    source: OnceCell<Option<SourceMap>>,
}

#[derive(Debug)]
struct Entry {
    /// `None` for a key that is no scalar.
    key: Option<String>,
    key_range: Range<usize>,
    value: Node,
}

impl FieldLocator {
    /// Reads the front matter of `source` at `yaml` for places. Of malformed YAML
    /// it knows what stands before the fault.
    pub fn new(source: &Source, yaml: &Range<usize>) -> Self {
        let text = source.text();
        let whole = 0..text.lines().next().unwrap_or_default().trim_end().len();
        let text = text.get(yaml.clone()).unwrap_or_default();
        Self { root: Tree::read(text, yaml.start), whole }
    }

    /// Returns the place of the value at `path`, or of its nearest parent.
    pub fn value(&self, path: &FieldPath) -> Range<usize> {
        let Some(root) = &self.root else { return self.whole.clone() };
        let mut node = root;
        let mut place = self.whole.clone();
        for step in &path.0 {
            let Some((_, next)) = node.step(step, 0) else { return place };
            node = next;
            place = node.range.clone();
        }
        place
    }

    /// Returns the place of the key at the end of `path`, of several equal ones the
    /// `nth` from 0, or of the nearest parent of the value.
    pub fn key(&self, path: &FieldPath, nth: usize) -> Range<usize> {
        let Some((last, parents)) = path.0.split_last() else { return self.whole.clone() };
        let found = self.node(parents).and_then(|node| node.step(last, nth)?.0);
        found.unwrap_or_else(|| self.value(path))
    }

    /// Tells whether there is a key at `path`.
    pub(super) fn has_key(&self, path: &FieldPath) -> bool {
        let Some((last, parents)) = path.0.split_last() else { return false };
        self.node(parents).and_then(|node| node.step(last, 0)?.0).is_some()
    }

    /// Tells whether the field `name` of the page is given and not empty.
    pub(super) fn has_value(&self, name: &str) -> bool {
        let node = self.node(&FieldPath::field(name).0);
        node.is_some_and(|node| !node.range.is_empty())
    }

    /// Returns the place of `text` in the value at `path`, such as of one key in a
    /// list of keys: of the first place where it stands alone; else as [`Self::value`].
    pub fn find(&self, path: &FieldPath, text: &str, file: &str) -> Range<usize> {
        let value = self.value(path);
        let raw = file.get(value.clone()).unwrap_or_default();
        let is_boundary =
            |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-'));
        raw.match_indices(text)
            .find(|(start, _)| {
                is_boundary(raw[..*start].chars().next_back())
                    && is_boundary(raw[start + text.len()..].chars().next())
            })
            .map_or(value.clone(), |(start, _)| {
                value.start + start..value.start + start + text.len()
            })
    }

    /// Returns the text of the scalar at `path`.
    pub fn scalar(&self, path: &FieldPath) -> Option<&str> {
        match &self.node(&path.0)?.kind {
            Kind::Scalar(scalar) => Some(&scalar.value),
            _ => None,
        }
    }

    /// Returns the place in the file of `range` in the text of the scalar at `path`; `None`
    /// where it is not certain, as behind an escape that few write.
    pub fn within(
        &self,
        path: &FieldPath,
        range: Range<usize>,
        file: &str,
    ) -> Option<Range<usize>> {
        let node = self.node(&path.0)?;
        let Kind::Scalar(scalar) = &node.kind else { return None };
        scalar.value.get(range.clone())?;
        let source = scalar.source.get_or_init(|| {
            let raw = file.get(node.range.clone())?;
            scalar_source(&scalar.value, raw, node.range.start, scalar.style)
        });
        let place = source.as_ref()?.range(&range)?;
        file.get(place.clone()).map(|_| place)
    }

    /// Returns the place of the first key of the mapping at `path` that is no scalar.
    pub(super) fn odd_key(&self, path: &FieldPath) -> Range<usize> {
        let node = self.node(&path.0);
        let odd = node.and_then(|node| match &node.kind {
            Kind::Mapping(entries) => entries.iter().find(|entry| entry.key.is_none()),
            _ => None,
        });
        odd.map_or_else(|| self.value(path), |entry| entry.key_range.clone())
    }

    fn node(&self, path: &[FieldStep]) -> Option<&Node> {
        let mut node = self.root.as_ref()?;
        for step in path {
            node = node.step(step, 0)?.1;
        }
        Some(node)
    }
}

impl Node {
    /// Returns the child that `step` leads to, with the place of its key.
    fn step(&self, step: &FieldStep, nth: usize) -> Option<(Option<Range<usize>>, &Node)> {
        match (step, &self.kind) {
            (FieldStep::Name(name), Kind::Mapping(entries)) => entries
                .iter()
                .filter(|entry| entry.key.as_deref() == Some(name))
                .nth(nth)
                .map(|entry| (Some(entry.key_range.clone()), &entry.value)),
            (FieldStep::Index(index), Kind::List(items)) => Some((None, items.get(*index)?)),
            // A single value stands for a list of one, a scalar for a record of one field.
            (FieldStep::Index(0), _) | (FieldStep::Name(_), Kind::Scalar(_)) => Some((None, self)),
            _ => None,
        }
    }
}

/// Builds the tree from the parser's events.
struct Tree<'t> {
    parser: Parser<'t, StrInput<'t>>,
    text: &'t str,
    /// The byte of every character, and of the end.
    bytes: Vec<usize>,
    /// Where the text starts in the file.
    base: usize,
    depth: usize,
}

/// How deep a tree may nest; `serde_yaml` stops at the same depth.
const MAX_DEPTH: usize = 128;

impl<'t> Tree<'t> {
    fn read(text: &'t str, base: usize) -> Option<Node> {
        let bytes = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
        let parser = Parser::new_from_str(text);
        let mut tree = Tree { parser, text, bytes, base, depth: 0 };
        loop {
            match tree.next()? {
                (Event::StreamStart | Event::DocumentStart(_), _) => {}
                (Event::StreamEnd | Event::DocumentEnd, _) => return None,
                (event, marks) => return tree.node(event, marks),
            }
        }
    }

    fn next(&mut self) -> Option<(Event<'t>, Marks)> {
        self.parser.next()?.ok()
    }

    fn byte(&self, character: usize) -> usize {
        self.bytes.get(character).copied().unwrap_or(self.text.len())
    }

    /// Returns the place of an event in the file, without white space at its end.
    fn range(&self, marks: &Marks) -> Range<usize> {
        let (start, end) = (self.byte(marks.start.index()), self.byte(marks.end.index()));
        let end = start + self.text.get(start..end).map_or(0, |text| text.trim_end().len());
        self.base + start..self.base + end
    }

    /// Builds the node that `event` starts; `None` where the text ends or is faulty
    /// right there, while a list or mapping keeps what came before the fault.
    fn node(&mut self, event: Event<'t>, marks: Marks) -> Option<Node> {
        let range = self.range(&marks);
        let kind = match event {
            Event::Scalar(value, style, ..) => {
                let (value, source) = (value.into_owned(), OnceCell::new());
                return Some(Node { range, kind: Kind::Scalar(Scalar { value, style, source }) });
            }
            _ if self.depth == MAX_DEPTH => return None,
            Event::SequenceStart(..) => {
                self.depth += 1;
                let mut items = Vec::new();
                while let Some((event, marks)) = self.next() {
                    match event {
                        Event::SequenceEnd => break,
                        event => items.extend(self.node(event, marks)),
                    }
                }
                Kind::List(items)
            }
            Event::MappingStart(..) => {
                self.depth += 1;
                Kind::Mapping(self.entries())
            }
            _ => return None,
        };
        self.depth -= 1;
        let last = match &kind {
            Kind::List(items) => items.last().map(|item| item.range.end),
            Kind::Mapping(entries) => entries.last().map(|entry| entry.value.range.end),
            Kind::Scalar(_) => None,
        };
        let flow_end = usize::from(range.start < range.end);
        let end = last.map_or(range.end, |last| self.closed(last, flow_end == 1).max(range.end));
        Some(Node { range: range.start..end, kind })
    }

    fn entries(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        while let Some((event, marks)) = self.next() {
            if let Event::MappingEnd = event {
                break;
            }
            let Some(key) = self.node(event, marks) else { break };
            let Some(value) = self.next().and_then(|(event, marks)| self.node(event, marks)) else {
                break;
            };
            let (key_range, key) = match key {
                Node { range, kind: Kind::Scalar(name) } => (range, Some(name.value)),
                node => (node.range, None),
            };
            entries.push(Entry { key, key_range, value });
        }
        entries
    }

    /// Returns the end of a list or mapping whose last value ends at `last`: of one
    /// in brackets, behind its bracket.
    fn closed(&self, last: usize, flow: bool) -> usize {
        let rest = self.text.get(last - self.base..).unwrap_or_default();
        let bracket = rest.find([']', '}']).filter(|at| {
            flow && rest[..*at].trim_matches(|c: char| c.is_whitespace() || c == ',').is_empty()
        });
        bracket.map_or(last, |at| last + at + 1)
    }
}

/// Returns the finding that the front matter uses an alias (`*name`).
///
/// An alias cannot be asked twice (see [`super::place`]). Where nothing looks like
/// one, which is nearly always, nothing is parsed.
pub(super) fn alias(source: &Source, yaml: &Range<usize>) -> Option<Diagnostic> {
    let text = source.text();
    let text = text.get(yaml.clone())?;
    if !marked(text, '&') || !marked(text, '*') {
        return None;
    }
    let bytes: Vec<usize> = text.char_indices().map(|(byte, _)| byte).chain([text.len()]).collect();
    for event in Parser::new_from_str(text) {
        let (message, marks) = match event {
            Ok((Event::Alias(_), marks)) => ("the front matter uses a YAML alias", marks),
            Ok(_) => continue,
            // Where the two parsers differ, nothing can be said about aliases.
            Err(error) => ("the front matter is not valid YAML", Marks::empty(*error.marker())),
        };
        let byte = |character: usize| bytes.get(character).copied().unwrap_or(text.len());
        let start = byte(marks.start.index());
        let end = byte(marks.end.index()).max(start);
        let end = start + text.get(start..end).map_or(0, |alias| alias.trim_end().len());
        let span = source.span(yaml.start + start..yaml.start + end);
        return Some(
            Diagnostic::new(&structural::YAML_SYNTAX, span, message)
                .with_help("write the value out; put one that starts with `*` or `&` in quotes"),
        );
    }
    None
}

/// Tells whether `sign` stands in `text` where an anchor or alias could.
fn marked(text: &str, sign: char) -> bool {
    text.match_indices(sign).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + 1..].chars().next();
        before.is_none_or(|c| c.is_whitespace() || matches!(c, '[' | '{' | ',' | ':'))
            && after.is_some_and(|c| !c.is_whitespace())
    })
}
