//! The values of fields: in braces, in quotation marks, bare, and joined by `#`.

use std::borrow::Cow;

use super::{Broken, Parser};

/// How many bytes joined strings may come to; strings that double others grow without bound.
const MAX_EXPANDED: usize = 16 << 20;

impl<'a> Parser<'a> {
    /// Reads a value; `None` where it does not end.
    pub(super) fn value(&mut self) -> Result<Option<Cow<'a, str>>, Broken> {
        let mut value: Option<Cow<'a, str>> = None;
        loop {
            self.skip_space();
            let piece = match self.peek() {
                Some(b'{') => match self.braced() {
                    Some(text) => Cow::Borrowed(text),
                    None => return Ok(None),
                },
                Some(b'"') => match self.quoted() {
                    Some(text) => Cow::Borrowed(text),
                    None => return Ok(None),
                },
                Some(_) => self.bare_value(),
                None => return Ok(None),
            };
            value = Some(match value {
                None => piece,
                Some(before) => {
                    let length = before.len() + piece.len();
                    if self.may_expand(length) {
                        Cow::Owned(before.into_owned() + &piece)
                    } else {
                        before
                    }
                }
            });
            self.skip_space();
            if self.peek() != Some(b'#') {
                return Ok(value);
            }
            self.at += 1;
        }
    }

    /// Takes from what strings may still expand to; reports it where that is used up.
    fn may_expand(&mut self, length: usize) -> bool {
        self.expanded = self.expanded.saturating_add(length);
        let fits = self.expanded <= MAX_EXPANDED;
        if !fits && !std::mem::replace(&mut self.overflowed, true) {
            let span = self.char_span(self.at.min(self.text.len()));
            self.error("the strings expand to too much text", span, "write the values out");
        }
        fits
    }

    /// Reads a number or the name of a string.
    fn bare_value(&mut self) -> Cow<'a, str> {
        let start = self.at;
        let name = self.name();
        if name.is_empty() {
            let span = self.char_span(start);
            self.error("a field has no value", span, "write the value in braces");
            return Cow::Borrowed("");
        }
        if name.bytes().all(|byte| byte.is_ascii_digit()) {
            return Cow::Borrowed(name);
        }
        if let Some(text) = self.strings.get(&name.to_lowercase()).cloned() {
            let is_free = matches!(text, Cow::Borrowed(_));
            return if is_free || self.may_expand(text.len()) { text } else { Cow::Borrowed(name) };
        }
        if crate::item::month_number(name).is_none() || name.len() != 3 {
            self.error(
                format!("the string `{name}` is not defined"),
                start..self.at,
                "put the value in braces, or define it with @string before its first use",
            );
        }
        Cow::Borrowed(name)
    }

    /// Reads `{…}`; `None` where it does not end.
    fn braced(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let bytes = self.text.as_bytes();
        let mut depth = 1usize;
        let mut at = start;
        while let Some(found) = memchr::memchr3(b'{', b'}', b'\\', &bytes[at..]) {
            at += found + 1;
            match bytes[at - 1] {
                b'{' => depth += 1,
                b'}' if depth == 1 => {
                    self.at = at;
                    return Some(&self.text[start..at - 1]);
                }
                b'}' => depth -= 1,
                // What a backslash stands before does not count.
                _ => at = (at + 1).min(bytes.len()),
            }
        }
        self.at = bytes.len();
        None
    }

    /// Reads `"…"`, in which braces hide quotation marks; `None` where it does not end.
    fn quoted(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let mut depth = 0usize;
        for (offset, byte) in self.text.as_bytes()[start..].iter().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' => depth = depth.saturating_sub(1),
                b'"' if depth == 0 => {
                    self.at = start + offset + 1;
                    return Some(&self.text[start..start + offset]);
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        None
    }
}
