//! The syntax of BibTeX files: entries, fields, strings; with recovery after a mistake.
//!
//! [`parse`] goes through the file once. A mistake inside an entry costs that entry, or the field
//! it is in; reading goes on at the next `@` that begins a line.

mod values;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::read::ReadError;

/// A file as it is written: nothing inherited, no LaTeX interpreted.
#[derive(Debug, Default)]
pub(super) struct RawFile<'a> {
    pub(super) entries: Vec<RawEntry<'a>>,
    pub(super) errors: Vec<ReadError>,
}

/// An entry as it is written.
#[derive(Debug)]
pub(super) struct RawEntry<'a> {
    /// The type, in lower case and without the `@`.
    pub(super) kind: Cow<'a, str>,
    pub(super) key: &'a str,
    pub(super) key_span: Range<usize>,
    pub(super) span: Range<usize>,
    pub(super) fields: Vec<RawField<'a>>,
}

/// A field as it is written, its strings expanded.
#[derive(Clone, Debug)]
pub(super) struct RawField<'a> {
    /// The name in lower case.
    pub(super) name: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

/// Parses a file.
pub(super) fn parse(text: &str) -> RawFile<'_> {
    let mut parser = Parser {
        text,
        at: 0,
        strings: BTreeMap::new(),
        expanded: 0,
        overflowed: false,
        file: RawFile::default(),
        resume: None,
    };
    while let Some(at) = parser.next_at_sign() {
        parser.at = at + 1;
        parser.entry(at);
        if let Some(resume) = parser.resume.take() {
            parser.at = resume;
        }
    }
    parser.file
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    strings: BTreeMap<String, Cow<'a, str>>,
    /// How many bytes joined strings have come to.
    expanded: usize,
    overflowed: bool,
    file: RawFile<'a>,
    /// Where reading goes on after an entry that is not closed.
    resume: Option<usize>,
}

/// The reason for leaving an entry, already reported.
struct Broken;

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn error(&mut self, message: impl Into<String>, span: Range<usize>, help: &str) {
        self.file.errors.push(ReadError::new(message, span).with_help(help));
    }

    /// Returns a span of the character at `at`, or of nothing at the end of the file.
    fn char_span(&self, at: usize) -> Range<usize> {
        at..at + self.text[at..].chars().next().map_or(0, char::len_utf8)
    }

    /// Finds the `@` of the next entry, and reports fields that stand outside an entry.
    fn next_at_sign(&mut self) -> Option<usize> {
        let found = self.text[self.at..].find('@').map(|offset| self.at + offset);
        let between = &self.text[self.at..found.unwrap_or(self.text.len())];
        let stray = between.trim_start();
        if let Some(last) = self.file.entries.last()
            && self.at == last.span.end
            && looks_like_field(stray)
        {
            let start = self.at + (between.len() - stray.len());
            let key = last.key.to_owned();
            let line = stray.lines().next().unwrap_or_default().trim_end();
            self.error(
                format!("a field stands outside the entry `{key}`"),
                start..start + line.len(),
                "the entry ends before this line: there is one closing brace too many above",
            );
        }
        found
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Reads a name: of an entry's type, a field or a string.
    fn name(&mut self) -> &'a str {
        let start = self.at;
        let is_name = |byte: &u8| {
            byte.is_ascii_alphanumeric() || *byte >= 0x80 || b"_-:.+/*?!&;'`^$[]<>|".contains(byte)
        };
        self.at += self.rest().iter().take_while(|byte| is_name(byte)).count();
        &self.text[start..self.at]
    }

    /// Reads what follows an `@`; on a mistake, reports it and leaves `at` behind what was read.
    fn entry(&mut self, start: usize) {
        self.skip_space();
        let kind = lower(self.name());
        let kind_end = self.at;
        self.skip_space();
        let close = match self.peek() {
            Some(b'{') => b'}',
            Some(b'(') => b')',
            // A bare `@`, such as in an e-mail address between the entries, is comment.
            _ => {
                if !kind.is_empty() && self.begins_line(start) {
                    let span = start..kind_end;
                    self.error(
                        format!("`@{kind}` is not followed by a brace"),
                        span,
                        "an entry is written @type{key, field = {value}}",
                    );
                }
                return;
            }
        };
        self.at += 1;
        let result = match kind.as_ref() {
            "comment" => self.skip_block(start, close),
            "preamble" => self.skip_block(start, close),
            "string" => self.string_definition(start, close),
            _ => self.record(start, kind, close),
        };
        // A broken entry was reported where it broke; the next one begins a line.
        if result.is_err() && self.resume.is_none() {
            self.resume = Some(self.next_entry_line(self.at).unwrap_or(self.text.len()));
        }
    }

    fn begins_line(&self, at: usize) -> bool {
        self.text[..at].trim_end_matches([' ', '\t', '\u{feff}']).is_empty()
            || self.text[..at].trim_end_matches([' ', '\t']).ends_with(['\n', '\r'])
    }

    /// Finds the next line, from `from` on, that begins an entry.
    fn next_entry_line(&self, from: usize) -> Option<usize> {
        let mut search = from;
        while let Some(offset) = self.text[search..].find('@') {
            let at = search + offset;
            if self.begins_line(at) && looks_like_entry(&self.text[at + 1..]) {
                return Some(at);
            }
            search = at + 1;
        }
        None
    }

    fn skip_block(&mut self, start: usize, close: u8) -> Result<(), Broken> {
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'{' => depth += 1,
                _ if byte == close && depth == 0 => return Ok(()),
                b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        self.not_closed(start, start..start + 1, None);
        Err(Broken)
    }

    /// Reports an entry that is not closed, and goes on behind its first line.
    fn not_closed(&mut self, start: usize, span: Range<usize>, key: Option<&str>) {
        let what = key.map_or_else(|| "a block".to_owned(), |key| format!("the entry `{key}`"));
        self.error(
            format!("{what} is not closed"),
            span,
            "a closing brace is missing, in a field or at the end of the entry",
        );
        self.resume = Some(self.next_entry_line(start + 1).unwrap_or(self.text.len()));
    }

    fn string_definition(&mut self, start: usize, close: u8) -> Result<(), Broken> {
        self.skip_space();
        let name = lower(self.name()).into_owned();
        self.skip_space();
        if name.is_empty() || self.peek() != Some(b'=') {
            let span = self.char_span(self.at);
            self.error("`@string` without a name and `=`", span, "write @string{name = {text}}");
            return Err(Broken);
        }
        self.at += 1;
        let Some(value) = self.value()? else {
            self.not_closed(start, start..start + 1, None);
            return Err(Broken);
        };
        self.strings.insert(name, value);
        self.skip_space();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        self.not_closed(start, start..start + 1, None);
        Err(Broken)
    }

    fn record(&mut self, start: usize, kind: Cow<'a, str>, close: u8) -> Result<(), Broken> {
        self.skip_space();
        let key_start = self.at;
        let end = self.rest().iter().position(|b| matches!(b, b',' | b'}' | b'\n' | b'=' | b'{'));
        let key_end = end.map_or(self.text.len(), |length| key_start + length);
        let key = self.text[key_start..key_end].trim_end();
        let key = key.strip_suffix(')').filter(|_| close == b')').unwrap_or(key);
        let key_span = key_start..key_start + key.len();
        self.at = key_span.end;
        self.skip_space();
        if key.is_empty() || matches!(self.peek(), Some(b'=' | b'{')) {
            let span = start..key_start;
            self.error(
                "an entry has no key",
                span,
                "write @type{key, … with a comma after the key",
            );
            self.at = key_end;
            return Err(Broken);
        }
        let mut entry =
            RawEntry { kind, key, key_span, span: start..start, fields: Vec::with_capacity(16) };
        let result = self.fields(&mut entry, start, close);
        entry.span.end = self.resume.map_or(self.at, |next| next.min(self.at).max(start + 1));
        self.file.entries.push(entry);
        result
    }

    /// Reads fields up to the end of the entry.
    fn fields(&mut self, entry: &mut RawEntry<'a>, start: usize, close: u8) -> Result<(), Broken> {
        let mut comma = false;
        let mut value_start = self.at;
        loop {
            self.skip_space();
            match self.peek() {
                Some(b',') => {
                    self.at += 1;
                    comma = true;
                    continue;
                }
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                // The value before has taken in the rest of the entry.
                None => return self.unclosed_entry(entry, start, value_start),
                Some(b'@') if self.begins_line(self.at) => {
                    let next = self.at;
                    let result = self.unclosed_entry(entry, start, value_start);
                    self.resume = Some(next);
                    return result;
                }
                Some(_) => {}
            }
            let name_start = self.at;
            let name = lower(self.name());
            let name_span = name_start..self.at;
            self.skip_space();
            if name.is_empty() || self.peek() != Some(b'=') {
                self.not_a_field(entry.key, name_span);
                comma = true;
                continue;
            }
            if !comma {
                let message = format!("a comma is missing before `{name}`");
                self.error(message, name_span.clone(), "fields are separated by commas");
            }
            comma = false;
            self.at += 1;
            value_start = name_span.start;
            match self.value()? {
                Some(value) => entry.fields.push(RawField { name, value }),
                None => return self.unclosed_entry(entry, start, value_start),
            }
        }
    }

    /// Reports an entry without an end, and drops the field that swallowed what follows it.
    fn unclosed_entry(
        &mut self,
        entry: &mut RawEntry<'a>,
        start: usize,
        value_start: usize,
    ) -> Result<(), Broken> {
        if entry.fields.last().is_some_and(|field| swallowed_a_field(&field.value)) {
            entry.fields.pop();
        }
        let line = self.text[value_start..].lines().next().unwrap_or_default().trim_end();
        let span = if line.is_empty() || entry.fields.is_empty() && value_start <= start {
            entry.key_span.clone()
        } else {
            value_start..value_start + line.len()
        };
        self.not_closed(start, span, Some(entry.key));
        Err(Broken)
    }

    /// Reports what is no field, and skips to the next comma or the end of the entry.
    fn not_a_field(&mut self, key: &str, name_span: Range<usize>) {
        let span = if name_span.is_empty() { self.char_span(self.at) } else { name_span };
        self.error(
            format!("`{}` in the entry `{key}` is not a field", &self.text[span.clone()]),
            span.clone(),
            "a field is written name = {value}",
        );
        self.at = self.at.max(span.end);
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            match byte {
                b',' if depth == 0 => return,
                b'}' | b')' if depth == 0 => return,
                b'@' if self.begins_line(self.at) => return,
                b'{' => depth += 1,
                b'}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
    }
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn looks_like_entry(text: &str) -> bool {
    let name = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    name > 0 && text[name..].trim_start().starts_with(['{', '('])
}

/// Tells whether text begins `name =`, perhaps after a comma.
fn looks_like_field(text: &str) -> bool {
    let text = text.trim_start_matches(',').trim_start();
    let name = text.bytes().take_while(|b| b.is_ascii_alphabetic() || *b == b'-').count();
    name > 0
        && text[name..].trim_start().strip_prefix('=').is_some_and(|rest| {
            rest.trim_start().starts_with(|c: char| c == '{' || c == '"' || c.is_ascii_digit())
        })
}

/// Tells whether a value holds a line that looks like a field.
fn swallowed_a_field(value: &str) -> bool {
    value.lines().skip(1).any(|line| looks_like_field(line.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys<'a>(file: &RawFile<'a>) -> Vec<&'a str> {
        file.entries.iter().map(|entry| entry.key).collect()
    }

    fn messages(file: &RawFile<'_>) -> Vec<String> {
        file.errors.iter().map(|error| error.message.clone()).collect()
    }

    fn field<'a>(entry: &'a RawEntry<'_>, name: &str) -> Option<&'a str> {
        entry.fields.iter().find(|field| field.name == name).map(|field| &*field.value)
    }

    #[test]
    fn values_are_braced_quoted_bare_or_joined() {
        let text = "@String{nejm = \"N Engl\"}\r\n@Article (king2022 ,\r\n TITLE = {A {B} \\} c},\n\
                    journal = nejm # { J } # \"Med\", year=2022, month = jan, note = \"a {\"}b\",)\n";
        let file = parse(text);
        assert_eq!(messages(&file), [""; 0]);
        let entry = &file.entries[0];
        assert_eq!((entry.key, &*entry.kind), ("king2022", "article"));
        assert_eq!(&text[entry.key_span.clone()], "king2022");
        assert!(text[entry.span.clone()].starts_with("@Article") && text.ends_with(")\n"));
        assert_eq!(field(entry, "title"), Some("A {B} \\} c"));
        assert_eq!(field(entry, "journal"), Some("N Engl J Med"));
        assert_eq!(field(entry, "year"), Some("2022"));
        assert_eq!(field(entry, "month"), Some("jan"));
        assert_eq!(field(entry, "note"), Some("a {\"}b"));
    }

    #[test]
    fn comments_and_text_between_entries_are_passed_over() {
        let file = parse(
            "\u{feff}me@example.org says\n@comment{x {y} @article{no, }}\n@preamble{\"\\foo\"}\n\
             @misc{a}\n% comment\n@misc{b,}",
        );
        assert_eq!((keys(&file), messages(&file)), (vec!["a", "b"], vec![]));
        assert_eq!(keys(&parse("")), [""; 0]);
    }

    #[test]
    fn a_missing_comma_costs_nothing() {
        let text = "@misc{a, title = {T}\n year = 2020}\n@misc{b, title={U}}";
        let file = parse(text);
        assert_eq!(keys(&file), ["a", "b"]);
        assert_eq!(field(&file.entries[0], "year"), Some("2020"));
        assert_eq!(messages(&file), ["a comma is missing before `year`"]);
        assert_eq!(&text[file.errors[0].span.clone()], "year");
    }

    #[test]
    fn an_unclosed_brace_costs_the_field_it_is_in() {
        let text = "@misc{a,\n  year = 2020,\n  title = {No end,\n  note = {x}\n}\n\n\
                    @misc{b, title={U}}\n";
        let file = parse(text);
        assert_eq!(keys(&file), ["a", "b"]);
        assert_eq!(field(&file.entries[0], "year"), Some("2020"));
        assert_eq!(field(&file.entries[0], "title"), None);
        assert_eq!(field(&file.entries[1], "title"), Some("U"));
        assert_eq!(messages(&file), ["the entry `a` is not closed"]);
        assert_eq!(&text[file.errors[0].span.clone()], "title = {No end,");
    }

    #[test]
    fn an_entry_whose_value_never_ends_does_not_lose_the_next() {
        for text in [
            "@misc{a,\n  title = {No {end,\n@misc{b, title={U}}\n",
            "@misc{a,\n  title = \"No end,\n@misc{b, title={U}}\n",
            "@misc{a,\n  title = {T}\n@misc{b, title={U}}\n",
            "@misc{a, title = {T},\n\n@misc{b, title={U}}\n",
        ] {
            let file = parse(text);
            assert_eq!(keys(&file), ["a", "b"], "{text}");
            assert_eq!(messages(&file), ["the entry `a` is not closed"], "{text}");
        }
    }

    #[test]
    fn a_brace_too_many_is_noticed() {
        let text = "@misc{a, title = {T}},\n  year = {2020}\n}\n@misc{b}";
        let file = parse(text);
        assert_eq!(keys(&file), ["a", "b"]);
        assert_eq!(messages(&file), ["a field stands outside the entry `a`"]);
        assert_eq!(&text[file.errors[0].span.clone()], ",");
    }

    #[test]
    fn entries_without_a_key_and_fields_without_a_value_are_reported() {
        let file = parse("@misc{title = {T}, year = 2020}\n@misc{b, title, year = , note = {x}}");
        assert_eq!(keys(&file), ["b"]);
        assert_eq!(
            messages(&file),
            [
                "an entry has no key",
                "`title` in the entry `b` is not a field",
                "a field has no value"
            ]
        );
        assert_eq!(field(&file.entries[0], "note"), Some("x"));
    }

    #[test]
    fn an_unknown_string_is_kept_as_text_and_reported() {
        let text = "@misc{a, journal = nejm}";
        let file = parse(text);
        assert_eq!(field(&file.entries[0], "journal"), Some("nejm"));
        assert_eq!(messages(&file), ["the string `nejm` is not defined"]);
        assert_eq!(&text[file.errors[0].span.clone()], "nejm");
    }
}
