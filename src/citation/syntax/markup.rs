//! Inline Markdown in a citation's prefix or suffix, as CSL rich text.

use std::borrow::Cow;

/// How deep emphasis may nest; deeper delimiters stay as text.
const MAX_DEPTH: usize = 6;

/// The delimiters, longer before shorter, and the tag that each becomes.
const DELIMITERS: [(&str, &str); 6] =
    [("**", "b"), ("__", "b"), ("*", "i"), ("_", "i"), ("^", "sup"), ("~", "sub")];

/// Joins the lines of `text`: each run of white space, with the quotation
/// markers that start a line, becomes one space.
pub(super) fn join_lines(text: &str) -> Cow<'_, str> {
    let tidy = !text.contains(['\n', '\r', '\t', '\u{a0}']) && !text.contains("  ");
    if tidy {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut line_start = false;
    for c in text.chars() {
        let is_space = c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}';
        if c == '\n' {
            line_start = true;
        }
        if is_space || (line_start && c == '>') {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            line_start = false;
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns `text` as CSL rich text: emphasis as tags, escapes resolved, lines joined.
pub(super) fn rich_text(text: &str) -> String {
    let text = join_lines(text);
    let mut out = String::with_capacity(text.len());
    write(&text, 0, &mut out);
    out
}

fn write(text: &str, depth: usize, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '\\' && rest[1..].starts_with(|next: char| next.is_ascii_punctuation()) {
            out.push_str(&rest[1..2]);
            rest = &rest[2..];
            continue;
        }
        if c == '`' {
            let end = super::code_span_end(rest, 0, rest.len());
            if let Some(end) = end {
                out.push_str(rest[..end].trim_matches('`').trim());
                rest = &rest[end..];
                continue;
            }
        }
        let before = text[..text.len() - rest.len()].chars().next_back();
        if depth < MAX_DEPTH
            && let Some((inner, tag, length)) = emphasis(rest, before)
        {
            out.push_str(&format!("<{tag}>"));
            write(inner, depth + 1, out);
            out.push_str(&format!("</{tag}>"));
            rest = &rest[length..];
            continue;
        }
        if let Some((typographic, length)) = typographic(rest, before) {
            out.push_str(typographic);
            rest = &rest[length..];
            continue;
        }
        out.push(c);
        rest = &rest[c.len_utf8()..];
    }
}

/// Reads the emphasis that `text` starts with: its text, its tag and its length.
fn emphasis(text: &str, before: Option<char>) -> Option<(&str, &'static str, usize)> {
    let &(delimiter, tag) = DELIMITERS.iter().find(|(mark, _)| text.starts_with(mark))?;
    let inner = &text[delimiter.len()..];
    let is_word = |c: char| c.is_alphanumeric();
    let underscore = delimiter.starts_with('_');
    if inner.starts_with(char::is_whitespace) || (underscore && before.is_some_and(is_word)) {
        return None;
    }
    let close = inner.match_indices(delimiter).map(|(at, _)| at).find(|&at| {
        at > 0
            && !inner[..at].ends_with(char::is_whitespace)
            && !(underscore && inner[at + delimiter.len()..].starts_with(is_word))
    })?;
    let inner = &inner[..close];
    if matches!(tag, "sup" | "sub") && inner.contains(char::is_whitespace) {
        return None;
    }
    Some((inner, tag, inner.len() + 2 * delimiter.len()))
}

/// Returns the typographic character that the start of `text` stands for.
fn typographic(text: &str, before: Option<char>) -> Option<(&'static str, usize)> {
    for (written, meant) in [("---", "—"), ("--", "–"), ("...", "…")] {
        if text.starts_with(written) {
            return Some((meant, written.len()));
        }
    }
    let between = text.starts_with('\'')
        && before.is_some_and(char::is_alphanumeric)
        && text[1..].starts_with(char::is_alphanumeric);
    between.then_some(("’", 1))
}
