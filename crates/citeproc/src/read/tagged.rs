//! Lines of a tag and a value: the common ground of RIS and nbib.

use std::borrow::Cow;
use std::ops::Range;

/// A tag and its value, with the lines that continue it.
#[derive(Debug)]
pub(super) struct TaggedLine<'a> {
    /// The tag, without the spaces that pad it.
    pub(super) tag: &'a str,
    pub(super) value: Cow<'a, str>,
    /// The bytes from the tag to the end of the value.
    pub(super) span: Range<usize>,
    /// The bytes of the value.
    pub(super) value_span: Range<usize>,
}

/// A line that belongs to no tag.
#[derive(Debug)]
pub(super) struct StrayLine {
    pub(super) span: Range<usize>,
}

/// Splits a text into tagged lines; `tag_length` is the width of the tag, before its hyphen.
///
/// A line without a tag continues the one before it. Before the first tag it is stray.
pub(super) fn tagged_lines(text: &str, tag_length: usize) -> (Vec<TaggedLine<'_>>, Vec<StrayLine>) {
    let mut lines: Vec<TaggedLine<'_>> = Vec::new();
    let mut stray = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        let bare = line.trim_end();
        let skipped =
            if start == 0 && bare.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let (start, bare) = (start + skipped, &bare[skipped..]);
        if bare.trim().is_empty() {
            continue;
        }
        let end = start + bare.len();
        if let Some((tag, offset)) = split_tag(bare, tag_length) {
            lines.push(TaggedLine {
                tag,
                value: Cow::Borrowed(&bare[offset..]),
                span: start..end,
                value_span: start + offset..end,
            });
        } else if let Some(last) = lines.last_mut() {
            let value = last.value.to_mut();
            if !value.is_empty() {
                value.push(' ');
            }
            value.push_str(bare.trim_start());
            last.span.end = end;
            last.value_span.end = end;
        } else {
            stray.push(StrayLine { span: start..end });
        }
    }
    (lines, stray)
}

/// Returns the tag of a line and where its value begins.
fn split_tag(line: &str, tag_length: usize) -> Option<(&str, usize)> {
    let tag = line.get(..tag_length)?.trim_end();
    let mut bytes = tag.bytes();
    let valid = bytes.next().is_some_and(|byte| byte.is_ascii_uppercase())
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let rest = &line[tag_length..];
    let value = rest.strip_prefix('-')?;
    let spaced = value.is_empty() || value.starts_with(' ');
    (valid && spaced).then(|| (tag, line.len() - value.trim_start().len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_over_lines_without_a_tag() {
        let text =
            "\u{feff}stray\r\nTI  - A title\r\n      that goes on\r\n\r\nER  -\r\nXX- no tag\n";
        let (lines, stray) = tagged_lines(text, 4);
        let found: Vec<_> = lines.iter().map(|line| (line.tag, &*line.value)).collect();
        assert_eq!(found, [("TI", "A title that goes on"), ("ER", "XX- no tag")]);
        assert_eq!(&text[stray[0].span.clone()], "stray");
        assert_eq!(&text[lines[0].value_span.clone()], "A title\r\n      that goes on");
    }
}
