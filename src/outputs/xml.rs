//! Writing XML.

use std::fmt::Write;

/// An XML document that is being written.
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Starts a document whose root is `root` with the attributes `attributes`.
    pub(super) fn new(root: &'static str, attributes: &[(&str, &str)]) -> Self {
        let text = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n".to_owned();
        let mut xml = Self { text, open: Vec::new() };
        xml.start(root, attributes);
        xml
    }

    /// Opens an element.
    pub(super) fn start(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, ">\n");
        self.open.push(name);
    }

    /// Closes the innermost open element.
    pub(super) fn end(&mut self) {
        if let Some(name) = self.open.pop() {
            self.indent();
            let _ = writeln!(self.text, "</{name}>");
        }
    }

    /// Writes an element that holds text.
    pub(super) fn text(&mut self, name: &'static str, text: &str) {
        self.tag(name, &[], ">");
        escape_into(text, &mut self.text);
        let _ = writeln!(self.text, "</{name}>");
    }

    /// Writes an element that holds nothing.
    pub(super) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.tag(name, attributes, "/>\n");
    }

    /// Closes what is open and returns the document.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.text
    }

    fn tag(&mut self, name: &str, attributes: &[(&str, &str)], end: &str) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            let _ = write!(self.text, " {name}=\"");
            escape_into(value, &mut self.text);
            self.text.push('"');
        }
        self.text.push_str(end);
    }

    fn indent(&mut self) {
        self.open.iter().for_each(|_| self.text.push_str("  "));
    }
}

/// Writes `text` escaped for text and attributes; what XML cannot hold is dropped.
fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(|c| escape(c).is_some()) {
        out.push_str(&rest[..at]);
        let mut after = rest[at..].chars();
        out.push_str(after.next().and_then(escape).unwrap_or_default());
        rest = after.as_str();
    }
    out.push_str(rest);
}

/// Returns what stands in XML for a character that cannot stand for itself.
fn escape(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        '"' => Some("&quot;"),
        '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
            Some("")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_closed_and_text_is_escaped() {
        let mut xml = Xml::new("a", &[("b", "\"1\" & 2")]);
        xml.start("c", &[]);
        xml.text("d", "x < y\u{1}");
        xml.empty("e", &[]);
        let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
                        <a b=\"&quot;1&quot; &amp; 2\">\n  <c>\n    <d>x &lt; y</d>\n    <e/>\n  </c>\n</a>\n";
        assert_eq!(xml.finish(), expected);
    }
}
