//! Components: Pandoc's fenced divs, and attributes in braces.
//!
//! A component opens with `::: name` or `::: {.name #id key=value}` and closes
//! with a line of colons. Whether a line of colons stands in a code block is for
//! the Markdown parser to say; here is only what the line says.

use std::ops::Range;
use std::sync::Arc;

use super::body::{Attribute, Attributes, ComponentCall};

/// A line that opens or closes a component.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ComponentLine {
    /// From the first colon to the end of the line, without its line feed.
    pub(super) range: Range<usize>,
    /// How many colons it starts with.
    pub(super) colons: usize,
    /// The call; `None` on a closing line.
    pub(super) call: Option<ComponentCall>,
    /// What is wrong with it.
    pub(super) errors: Vec<AttributeError>,
}

/// What is wrong with attributes, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AttributeError {
    pub(super) message: String,
    pub(super) range: Range<usize>,
}

/// Returns the lines of `text` that open or close components, in order.
pub(super) fn component_lines(text: &str) -> Vec<ComponentLine> {
    let mut lines = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find(':') {
        let start = from + found;
        from = start + 1;
        if !text[from..].starts_with("::") {
            continue;
        }
        let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[start..].find(['\n', '\r']).map_or(text.len(), |length| start + length);
        if may_stand_before(&text[line_start..start]) {
            lines.push(component_line(text, start..end));
        }
        from = end;
    }
    lines
}

/// Tells whether a component may follow `prefix` on its line: the indentation and
/// the markers of quotations and of a list item.
fn may_stand_before(prefix: &str) -> bool {
    let rest = prefix.trim_start_matches([' ', '\t', '>']);
    let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let marker = if number.len() < rest.len() {
        number.strip_prefix(['.', ')'])
    } else {
        rest.strip_prefix(['-', '*', '+'])
    };
    rest.is_empty()
        || marker.is_some_and(|rest| !rest.is_empty() && rest.trim_matches([' ', '\t']).is_empty())
}

/// Reads the component line at `range`.
fn component_line(text: &str, range: Range<usize>) -> ComponentLine {
    let line = text[range.clone()].trim_end();
    let colons = line.len() - line.trim_start_matches(':').len();
    let rest = line[colons..].trim_end_matches(':').trim();
    if rest.is_empty() {
        return ComponentLine { range, colons, call: None, errors: Vec::new() };
    }
    let line_end = range.start + line.len();
    let text = &text[..line_end];
    let mut reader = Reader { text, at: range.start + colons, errors: Vec::new() };
    reader.skip_space();
    let name_start = reader.at;
    let name = reader.take_while(|c| !c.is_whitespace() && c != '{' && c != ':');
    let mut call = ComponentCall {
        name: Arc::from(name),
        name_range: name_start..reader.at,
        attributes: Attributes::default(),
        range: range.start..line_end,
    };
    reader.skip_space();
    if reader.rest().starts_with('{') {
        let open = reader.at;
        match parse_attributes(text, open) {
            Some(found) => {
                reader.errors.extend(found.errors);
                call.attributes = found.attributes;
                reader.at = found.end;
            }
            None => {
                reader.error("the attributes are never closed with `}`", open..line_end);
                reader.at = line_end;
            }
        }
        if call.name.is_empty() && !call.attributes.classes.is_empty() {
            call.name = call.attributes.classes.remove(0);
            let place = text[open..].find(&format!(".{}", call.name));
            call.name_range = place.map_or(open..line_end, |place| {
                open + place + 1..open + place + 1 + call.name.len()
            });
        }
    }
    reader.skip_space();
    let trailing = text[reader.at..line_end].trim_end_matches(':').trim_end();
    if !trailing.is_empty() {
        let place = reader.at..reader.at + trailing.len();
        reader.error("a component's arguments stand in braces: `::: {.name key=value}`", place);
    }
    if call.name.is_empty() && reader.errors.is_empty() {
        call.name_range = name_start..line_end;
        reader.error("the component has no name: write `::: {.name …}`", name_start..line_end);
    }
    ComponentLine { range, colons, errors: reader.errors, call: Some(call) }
}

/// Attributes as read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ReadAttributes {
    pub(super) attributes: Attributes,
    /// Where the closing brace ends.
    pub(super) end: usize,
    pub(super) errors: Vec<AttributeError>,
}

/// Reads the attributes in the braces that open at byte `at` of `text`.
///
/// Ranges are those of `text`. Returns `None` where the braces do not close on
/// the line.
pub(super) fn parse_attributes(text: &str, at: usize) -> Option<ReadAttributes> {
    let mut reader = Reader { text, at: at + 1, errors: Vec::new() };
    let mut attributes = Attributes::default();
    loop {
        reader.skip_space();
        let start = reader.at;
        match reader.rest().chars().next()? {
            '\n' | '\r' => return None,
            '}' => break,
            '#' => {
                reader.at += 1;
                let id = reader.word();
                if id.is_empty() {
                    reader.error("an id is missing after `#`", start..start + 1);
                } else if attributes.id.replace(Arc::from(id)).is_some() {
                    let place = start..reader.at;
                    reader.error("there is more than one id", place);
                }
            }
            '.' => {
                reader.at += 1;
                let class = reader.word();
                if class.is_empty() {
                    reader.error("a class is missing after `.`", start..start + 1);
                } else {
                    attributes.classes.push(Arc::from(class));
                }
            }
            _ => reader.pair(&mut attributes)?,
        }
    }
    Some(ReadAttributes { attributes, end: reader.at + 1, errors: reader.errors })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    errors: Vec<AttributeError>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_space(&mut self) {
        self.take_while(|c| c == ' ' || c == '\t');
    }

    fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !keep(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn word(&mut self) -> &'a str {
        self.take_while(|c| !c.is_whitespace() && !matches!(c, '}' | '=' | '"' | '\'' | '{'))
    }

    fn error(&mut self, message: &str, range: Range<usize>) {
        self.errors.push(AttributeError { message: message.to_owned(), range });
    }

    /// Reads `key=value`, `key="a value"` or a lone word; `None` at an unclosed quote.
    fn pair(&mut self, attributes: &mut Attributes) -> Option<()> {
        let start = self.at;
        let name = self.word();
        let mut value = "";
        if self.rest().starts_with('=') {
            self.at += 1;
            value = match self.rest().chars().next() {
                Some(quote @ ('"' | '\'')) => {
                    self.at += 1;
                    let value = self.take_while(|c| c != quote && c != '\n');
                    self.rest().starts_with(quote).then_some(())?;
                    self.at += 1;
                    value
                }
                _ => self.take_while(|c| !c.is_whitespace() && c != '}'),
            };
        }
        if name.is_empty() {
            if self.at == start {
                self.at += self.rest().chars().next()?.len_utf8();
            }
            let place = start..self.at;
            self.error("this is no attribute: write `#id`, `.class` or `key=value`", place);
            return Some(());
        }
        attributes.pairs.push(Attribute {
            name: Arc::from(name),
            value: Arc::from(value),
            range: start..self.at,
        });
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(line: &str) -> (ComponentCall, Vec<AttributeError>) {
        let mut lines = component_lines(line);
        assert_eq!(lines.len(), 1, "{line}");
        let line = lines.remove(0);
        (line.call.expect("the line opens a component"), line.errors)
    }

    #[test]
    fn a_call_has_a_name_an_id_and_arguments() {
        let line = "::: {.boxed-warning #bw .wide treatment=baricitinib note=\"a b\" open}";
        let (call, errors) = opening(line);
        assert_eq!((&*call.name, errors.len()), ("boxed-warning", 0));
        assert_eq!(&line[call.name_range.clone()], "boxed-warning");
        assert_eq!(call.attributes.id.as_deref(), Some("bw"));
        assert_eq!(call.attributes.classes, [Arc::from("wide")]);
        let pairs: Vec<_> = call
            .attributes
            .pairs
            .iter()
            .map(|pair| (&*pair.name, &*pair.value, &line[pair.range.clone()]))
            .collect();
        assert_eq!(
            pairs,
            [
                ("treatment", "baricitinib", "treatment=baricitinib"),
                ("note", "a b", "note=\"a b\""),
                ("open", "", "open")
            ]
        );
    }

    #[test]
    fn a_bare_word_names_a_component_and_colons_may_trail() {
        for line in [":::key-points", "::: key-points :::::", "::: {.key-points} ::::"] {
            let (call, errors) = opening(line);
            assert_eq!((&*call.name, errors.len()), ("key-points", 0), "{line}");
        }
        let lines = component_lines("::::\n> :::\n- ::: a\ntext ::: b\n1. :::");
        assert_eq!(lines.iter().map(|line| line.colons).collect::<Vec<_>>(), [4, 3, 3, 3]);
    }

    #[test]
    fn what_is_malformed_is_named_at_its_place() {
        for (line, wrong) in [
            ("::: {.a =x}", "=x"),
            ("::: {.a #}", "#"),
            ("::: {.a #b #c}", "#c"),
            ("::: name key=value", "key=value"),
            ("::: {.a key=\"b}", "{.a key=\"b}"),
            ("::: {.a", "{.a"),
            ("::: {key=value}", "{key=value}"),
        ] {
            let (_, errors) = opening(line);
            let places: Vec<_> = errors.iter().map(|error| &line[error.range.clone()]).collect();
            assert_eq!(places, [wrong], "{line}");
        }
    }
}
