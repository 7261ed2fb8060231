//! Where the text of a scalar stands in the YAML.
//!
//! YAML folds lines, indents blocks and escapes characters, but leaves the other characters in
//! their order. [`scalar_source`] goes through the value and what is written side by side: where
//! both hold the same but for white space, each character has a place that is certain.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use saphyr_parser::ScalarStyle;

use crate::parse::text::{Origin, SourceMap, SourceMapBuilder};

/// Returns where the text `value` of a scalar stands, which is written as `raw` from the byte
/// `base` on; `None` where that is not certain.
pub(super) fn scalar_source(
    value: &str,
    raw: &str,
    base: usize,
    style: ScalarStyle,
) -> Option<SourceMap> {
    let content = content(raw, style)?;
    let mut written = Written { chars: raw[..content.end].char_indices().peekable(), style };
    while written.chars.next_if(|(at, _)| *at < content.start).is_some() {}
    let mut map = SourceMapBuilder::default();
    for (plain, c) in value.char_indices().filter(|(_, c)| !c.is_whitespace()) {
        let (place, found) = written.next_character()?;
        if found != c {
            return None;
        }
        let source = base + place.start;
        let origin = match place.len() == c.len_utf8() {
            true => Origin::Written(source),
            false => Origin::Made(source..base + place.end),
        };
        map.push(plain..plain + c.len_utf8(), origin);
    }
    written.next_character().is_none().then(|| map.finish())
}

/// Returns where in `raw` the scalar's content stands: of one in quotation marks, between them.
fn content(raw: &str, style: ScalarStyle) -> Option<Range<usize>> {
    let mark = match style {
        ScalarStyle::SingleQuoted => '\'',
        ScalarStyle::DoubleQuoted => '"',
        // The place of a block begins below its indicator.
        ScalarStyle::Plain | ScalarStyle::Literal | ScalarStyle::Folded => {
            return Some(0..raw.len());
        }
    };
    let inner = raw.strip_prefix(mark)?.strip_suffix(mark)?;
    Some(1..1 + inner.len())
}

/// The characters of a scalar as they are written.
struct Written<'a> {
    chars: Peekable<CharIndices<'a>>,
    style: ScalarStyle,
}

impl Written<'_> {
    /// Returns the next character that is no white space, with its place; `None` at the end,
    /// and a character that stands in no text for an escape that is not read.
    fn next_character(&mut self) -> Option<(Range<usize>, char)> {
        loop {
            let (start, c) = self.chars.find(|(_, c)| !c.is_whitespace())?;
            let place = start..start + c.len_utf8();
            match (self.style, c) {
                (ScalarStyle::SingleQuoted, '\'') => {
                    self.chars.next_if(|(_, c)| *c == '\'');
                    return Some((start..start + 2, c));
                }
                (ScalarStyle::DoubleQuoted, '\\') => match self.chars.next() {
                    Some((_, c @ ('"' | '\\' | '/'))) => return Some((start..start + 2, c)),
                    // White space, and the end of a line that is none.
                    Some((_, 'n' | 'r' | 't' | ' ' | '\t' | '\n' | '\r')) => {}
                    _ => return Some((place, '\0')),
                },
                _ => return Some((place, c)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::FieldLocator;
    use crate::parse::page::FieldPath;
    use crate::source::{Source, SourceId};

    /// Returns what stands where the words of the field `a` lead, by the YAML of its value.
    fn found(yaml: &str, value: &str, words: &str) -> Option<String> {
        let text = format!("---\na: {yaml}\n---\n");
        let source = Source::new(SourceId::new("a.md"), &text);
        let locator = FieldLocator::new(&source, &(4..text.len() - 4));
        let at = value.find(words).expect("the value holds the words");
        let path = FieldPath::field("a");
        assert_eq!(locator.scalar(&path), Some(value), "{yaml}");
        let range = locator.within(&path, at..at + words.len(), &text)?;
        Some(text[range].to_owned())
    }

    #[test]
    fn every_way_to_write_a_text_has_places() {
        for (yaml, value, words, expected) in [
            ("on e1 mg", "on e1 mg", "1 mg", "1 mg"),
            ("é\n  1 mg", "é 1 mg", "1 mg", "1 mg"),
            ("1\n  mg", "1 mg", "1 mg", "1\n  mg"),
            ("'it''s 1 mg'", "it's 1 mg", "1 mg", "1 mg"),
            ("'it''s'", "it's", "it's", "it''s"),
            ("\"a \\\"b\\\" 1 mg\"", "a \"b\" 1 mg", "1 mg", "1 mg"),
            ("\"a\\tb\\n1 mg\"", "a\tb\n1 mg", "1 mg", "1 mg"),
            ("| # 1 mg\n  1\n  mg", "1\nmg\n", "1\nmg", "1\n  mg"),
            (">-\n  a\n  1 mg\n\n  b", "a 1 mg\nb", "1 mg", "1 mg"),
            ("1 mg # 1 mg", "1 mg", "1 mg", "1 mg"),
        ] {
            assert_eq!(found(yaml, value, words).as_deref(), Some(expected), "{yaml}");
        }
    }

    #[test]
    fn what_is_not_certain_has_no_place() {
        assert_eq!(found("\"\\x31 mg\"", "1 mg", "1 mg"), None);
        assert_eq!(found("\"1 mg \\u00b5\"", "1 mg µ", "1 mg"), None);
    }

    proptest! {
        #[test]
        fn characters_lead_to_themselves(
            yaml in "(['\"|>]|>-\n  |\\|\n  )?([a-c1é\"'\\\\#:n, ]|\n  |\r\n   |\n\n  ){0,12}['\"]?"
        ) {
            let text = format!("---\na: {yaml}\n---\n");
            let source = Source::new(SourceId::new("a.md"), &text);
            let locator = FieldLocator::new(&source, &(4..text.len() - 4));
            let path = FieldPath::field("a");
            for (at, c) in locator.scalar(&path).unwrap_or_default().char_indices() {
                let range = at..at + c.len_utf8();
                if let Some(place) = locator.within(&path, range, &text).filter(|_| !c.is_whitespace()) {
                    prop_assert!(text[place].ends_with(c), "{c:?} of {text:?}");
                }
            }
        }
    }
}
