//! Writing text into HTML.

use crate::byte_set::ByteSet;

/// The bytes that [`escape_into`] writes as entities.
const ESCAPED: ByteSet = ByteSet::new(b"&<>\"'");

/// Appends `text` with `&`, `<`, `>`, `"` and `'` written as entities, safe in
/// text and in quoted attributes.
pub fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = ESCAPED.find(rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Returns `text` escaped for HTML text and quoted attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    escape_into(text, &mut out);
    out
}

/// Returns the text that `html`, an attribute's value, stands for: the entities of
/// [`escape_into`] resolved, others left as they are.
pub fn unescape(html: &str) -> String {
    const ENTITIES: [(&str, &str); 6] = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ];
    let mut text = html.to_owned();
    for (entity, letter) in ENTITIES {
        if text.contains(entity) {
            text = text.replace(entity, letter);
        }
    }
    text
}

/// Returns how long `text` is where [`crate::parse`] wrote it as HTML text: `&`, `<`,
/// `>` and `"` as entities, everything else as it is.
pub fn escaped_text_len(text: &str) -> usize {
    text.bytes()
        .map(|byte| match byte {
            b'&' => "&amp;".len(),
            b'<' => "&lt;".len(),
            b'>' => "&gt;".len(),
            b'"' => "&quot;".len(),
            _ => 1,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaping_is_safe_in_text_and_attributes() {
        assert_eq!(escape(r#"<a b="c" d='e'>&"#), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;");
    }

    #[test]
    fn an_escaped_text_reads_as_it_was() {
        for text in [r#"<a b="c" d='e'>&"#, "a&amp;lt;b", "?a=1&b=2"] {
            assert_eq!(unescape(&escape(text)), text);
        }
    }
}
