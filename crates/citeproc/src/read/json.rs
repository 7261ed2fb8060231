//! CSL-JSON, read into a tree with spans; an item that is no JSON is skipped and reported.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use super::{Library, ReadError, csl};
use crate::item::node::{Member, Node, Value};

/// Reads a file of CSL-JSON.
pub(super) fn read(text: &str) -> Library {
    let mut library = Library::default();
    let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut parser = Parser { text, bytes: text.as_bytes(), at };
    parser.skip_space();
    if parser.at == text.len() {
        return library;
    }
    if parser.peek() == Some(b'[') {
        match parser.sound_items() {
            Some(items) => library = items,
            None => parser.items(&mut library),
        }
    } else {
        match parser.value(0) {
            Ok(root) => csl::read_items(&root, &mut library),
            Err(error) => library.errors.push(error.into_read_error(text)),
        }
    }
    parser.skip_space();
    if parser.at < text.len() && library.errors.is_empty() {
        let error = Syntax { message: "the data ends before this", at: parser.at };
        library.errors.push(error.into_read_error(text));
    }
    library
}

/// How many items a processor reads at a time.
const ELEMENTS_A_CHUNK: usize = 64;

/// How deep values may nest; it bounds recursion over hostile input.
const MAX_DEPTH: usize = 100;

/// A place where the text is no JSON.
struct Syntax {
    message: &'static str,
    at: usize,
}

impl Syntax {
    fn into_read_error(self, text: &str) -> ReadError {
        let at = self.at.min(text.len());
        let length = text[at..].chars().next().map_or(0, char::len_utf8);
        ReadError::new(format!("not valid JSON: {}", self.message), at..at + length)
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn fail<T>(&self, message: &'static str) -> Result<T, Syntax> {
        Err(Syntax { message, at: self.at })
    }

    /// Reads the outermost list on all processors; `None` where it is no JSON throughout, and
    /// must be read with care.
    fn sound_items(&mut self) -> Option<Library> {
        let (starts, end) = self.element_starts()?;
        let chunks: Vec<Option<Library>> = starts
            .par_chunks(ELEMENTS_A_CHUNK)
            .map(|starts| {
                let mut library = Library::default();
                for &at in starts {
                    let mut parser = Parser { text: self.text, bytes: self.bytes, at };
                    let node = parser.value(0).ok()?;
                    parser.skip_space();
                    if !matches!(parser.peek(), Some(b',' | b']')) {
                        return None;
                    }
                    csl::push_item(&node, None, &mut library);
                }
                Some(library)
            })
            .collect();
        let mut library = Library::default();
        library.entries.reserve_exact(starts.len());
        for chunk in chunks {
            let chunk = chunk?;
            library.entries.extend(chunk.entries);
            library.errors.extend(chunk.errors);
        }
        self.at = end;
        Some(library)
    }

    /// Finds where each element of the outermost list begins, and where the list ends.
    fn element_starts(&self) -> Option<(Vec<usize>, usize)> {
        let mut starts = Vec::new();
        let mut depth = 0usize;
        let mut expects = true;
        let mut at = self.at;
        while let Some(&byte) = self.bytes.get(at) {
            if depth == 1 && expects && !byte.is_ascii_whitespace() {
                if matches!(byte, b',' | b']') && !(byte == b']' && starts.is_empty()) {
                    return None;
                }
                if byte != b']' {
                    starts.push(at);
                }
                expects = false;
            }
            match byte {
                b'"' => at = self.string_end(at + 1)?,
                b'[' | b'{' => {
                    depth += 1;
                    expects |= depth == 1;
                }
                b']' | b'}' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some((starts, at + 1));
                    }
                }
                b',' if depth == 1 => expects = true,
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// Finds the quotation mark that closes a text.
    fn string_end(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += memchr::memchr2(b'"', b'\\', self.bytes.get(at..)?)?;
            if self.bytes[at] == b'"' {
                return Some(at);
            }
            at += 2;
        }
    }

    /// Reads the outermost list, item by item; an element that is no JSON costs itself only.
    fn items(&mut self, library: &mut Library) {
        let start = self.at;
        let mut comma = true;
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek() {
                None => {
                    let syntax = Syntax { message: "the list is not closed", at: start };
                    library.errors.push(syntax.into_read_error(self.text));
                    break;
                }
                Some(b']') => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.at += 1;
                    comma = true;
                    continue;
                }
                Some(_) => {}
            }
            if !comma {
                let syntax = Syntax { message: "a comma is missing between items", at: self.at };
                library.errors.push(syntax.into_read_error(self.text));
            }
            comma = false;
            let element = self.at;
            match self.value(0) {
                Ok(node) => csl::push_item(&node, None, library),
                Err(syntax) => {
                    let failed = syntax.at;
                    library.errors.push(syntax.into_read_error(self.text));
                    self.at = self.end_of_element(element, failed);
                    // What follows a broken item is not worth a second message.
                    comma = true;
                }
            }
        }
    }

    /// Finds where a broken element ends: at its closing brace, else before the next item.
    fn end_of_element(&self, start: usize, failed: usize) -> usize {
        let next = self.next_item(start + 1);
        let mut depth = 0usize;
        let mut in_string = false;
        let mut at = start;
        while at < next {
            match self.bytes[at] {
                b'\\' if in_string => at += 1,
                // JSON strings do not span lines: an unclosed one ends here.
                b'"' | b'\n' if in_string => in_string = false,
                b'"' => in_string = true,
                b'{' | b'[' if !in_string => depth += 1,
                b'}' | b']' if !in_string => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 && at >= failed {
                        return at + 1;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        next
    }

    /// Finds the next `{` that follows a comma and is followed by `"id"` or `"type"`.
    fn next_item(&self, from: usize) -> usize {
        let mut search = from;
        while let Some(offset) =
            self.bytes.get(search..).and_then(|rest| rest.iter().position(|byte| *byte == b'{'))
        {
            let at = search + offset;
            let inside = self.text[at + 1..].trim_start();
            let in_list = self.text[..at].trim_end().ends_with(',');
            if in_list && (inside.starts_with("\"id\"") || inside.starts_with("\"type\"")) {
                return at;
            }
            search = at + 1;
        }
        self.bytes.len()
    }

    fn value(&mut self, depth: usize) -> Result<Node<'a>, Syntax> {
        if depth > MAX_DEPTH {
            return self.fail("values are nested too deeply");
        }
        let start = self.at;
        let value = match self.peek() {
            Some(b'"') => Value::String(self.string()?),
            Some(b'{') => Value::Map(self.map(depth)?),
            Some(b'[') => Value::List(self.list(depth)?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(_) => return self.fail("a value is expected"),
            None => return self.fail("the text ends inside a value"),
        };
        Ok(Node { value, span: start..self.at })
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Syntax> {
        if !self.text[self.at..].starts_with(word) {
            return self.fail("a value is expected");
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Cow<'a, str> {
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        Cow::Borrowed(&self.text[start..self.at])
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Node<'a>>, Syntax> {
        let mut nodes = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(nodes);
        }
        loop {
            self.skip_space();
            nodes.push(self.value(depth + 1)?);
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(nodes);
                }
                _ => return self.fail("a comma or `]` is expected"),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Vec<Member<'a>>, Syntax> {
        // An item has about sixteen members, what is inside it two or three.
        let mut members = Vec::with_capacity(if depth == 0 { 16 } else { 2 });
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(members);
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return self.fail("a key in quotation marks is expected");
            }
            let start = self.at;
            let key = self.string()?;
            let key_span: Range<usize> = start..self.at;
            self.skip_space();
            if self.peek() != Some(b':') {
                return self.fail("a colon is expected");
            }
            self.at += 1;
            self.skip_space();
            let node = self.value(depth + 1)?;
            members.push(Member { key, key_span, node });
            self.skip_space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(members);
                }
                _ => return self.fail("a comma or `}` is expected"),
            }
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, Syntax> {
        let opening = self.at;
        self.at += 1;
        let start = self.at;
        let mut owned: Option<String> = None;
        let mut copied = start;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let tail = &self.text[copied..self.at];
                    self.at += 1;
                    return Ok(match owned {
                        None => Cow::Borrowed(tail),
                        Some(head) => Cow::Owned(head + tail),
                    });
                }
                Some(b'\\') => {
                    let out = owned.get_or_insert_default();
                    out.push_str(&self.text[copied..self.at]);
                    let unescaped = self.escape()?;
                    owned.get_or_insert_default().push(unescaped);
                    copied = self.at;
                }
                // Raw tabs occur in abstracts and do no harm; a raw line break is most often a
                // missing quotation mark.
                Some(b'\n') | None => {
                    return Err(Syntax { message: "the text is not closed", at: opening });
                }
                Some(_) => {
                    let rest = &self.bytes[self.at..];
                    self.at += memchr::memchr3(b'"', b'\\', b'\n', rest).unwrap_or(rest.len());
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Syntax> {
        let start = self.at;
        self.at += 1;
        let escaped = match self.peek() {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape(start);
            }
            _ => return Err(Syntax { message: "an unknown escape", at: start }),
        };
        self.at += 1;
        Ok(escaped)
    }

    fn unicode_escape(&mut self, start: usize) -> Result<char, Syntax> {
        let first = self.hex(start)?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.text[self.at..].starts_with("\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        self.at += 2;
        let second = self.hex(start)?;
        let joined = 0x10000 + ((first - 0xD800) << 10) + (second.wrapping_sub(0xDC00) & 0x3FF);
        Ok(char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self, start: usize) -> Result<u32, Syntax> {
        let digits = self.text.get(self.at..self.at + 4);
        let number = digits
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        number.ok_or(Syntax { message: "an unknown escape", at: start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::TextVariable;

    fn keys(library: &Library) -> Vec<&str> {
        library.entries.iter().map(|entry| &*entry.item.id).collect()
    }

    #[test]
    fn a_list_an_object_and_a_map_of_items_are_read() {
        for text in [
            r#"[{"id": "a", "type": "book"}]"#,
            "\u{feff}\r\n{\"id\": \"a\"}\r\n",
            r#"{"items": [{"id": "a"}]}"#,
            r#"{"a": {"type": "book"}}"#,
            r#"[{"id": "http://zotero.org/users/1/items/X", "citation-key": "a"}]"#,
        ] {
            let library = read(text);
            assert_eq!(library.errors, [], "{text}");
            assert_eq!(keys(&library), ["a"], "{text}");
            let key = &text[library.entries[0].key_span.clone()];
            assert_eq!(key, "\"a\"", "{text}");
        }
        assert_eq!(read("  "), Library::default());
    }

    #[test]
    fn escapes_are_resolved_and_numbers_keep_their_text() {
        let library = read(r#"[{"id":"a","title":"\"\u00e9\ud83d\ude00\" \\ \n","version":1.10}]"#);
        let item = &library.entries[0].item;
        assert_eq!(item.str(TextVariable::Title), Some("\"é😀\" \\ \n"));
        assert_eq!(item.str(TextVariable::Version), Some("1.10"));
    }

    #[test]
    fn a_broken_item_does_not_lose_the_others() {
        for (broken, at) in [
            (r#"{"id": "b", "title": "x" "volume": "1"}"#, "\""),
            ("{\"id\": \"b\", \"title\": \"x,\n \"volume\": \"1\"}", "\""),
            (r#"{"id": "b", "author": [{"family": "x"}"#, ""),
            (r#"{"id": "b", title: "x"}"#, "t"),
            (r#"{"id": "b", "title": }"#, "}"),
        ] {
            let text = format!("[{{\"id\": \"a\"}},\n{broken},\n{{\"id\": \"c\"}}]");
            let library = read(&text);
            assert_eq!(keys(&library), ["a", "c"], "{broken}");
            assert_eq!(library.errors.len(), 1, "{broken}: {:?}", library.errors);
            assert_eq!(&text[library.errors[0].span.clone()], at, "{broken}");
        }
    }

    #[test]
    fn reading_with_care_gives_what_reading_at_once_does() {
        let item = |at: usize| {
            format!("{{\"id\": \"k{at}\", \"title\": \"a ] \\\" , {at}\", \"volume\": [{at}]}}")
        };
        let many: Vec<String> = (0..200).map(item).collect();
        for text in [format!("[{}]", many.join(",\n ")), "[ ]".to_owned(), "[5, \"x\"]".to_owned()]
        {
            let parser = || Parser { text: &text, bytes: text.as_bytes(), at: 0 };
            let mut careful = Library::default();
            parser().items(&mut careful);
            assert_eq!(parser().sound_items(), Some(careful), "{text}");
        }
        for text in ["[{\"id\": \"a\"} {}]", "[,{}]", "[{},]", "[{}", "[\"a]", "[{]", "[}]"] {
            let mut parser = Parser { text, bytes: text.as_bytes(), at: 0 };
            assert_eq!(parser.sound_items(), None, "{text}");
        }
    }

    #[test]
    fn a_file_cut_short_gives_what_is_there() {
        let text = r#"[{"id": "a"}, {"id": "b", "title": "x"#;
        let library = read(text);
        assert_eq!(keys(&library), ["a"]);
        assert!(!library.errors.is_empty());
    }

    #[test]
    fn problems_point_at_their_field() {
        let text = r#"[{"id": "a", "author": [{"family": {}}]}, {"title": "x"}, 5]"#;
        let library = read(text);
        let found: Vec<_> = library
            .errors
            .iter()
            .map(|error| (error.message.as_str(), &text[error.span.clone()]))
            .collect();
        assert_eq!(
            found,
            [
                ("`author[0].family` must be text", "{}"),
                ("an item has no `id`", "\"title\""),
                ("an item must be a map, not a number", "5"),
            ]
        );
    }
}
