//! Patterns: texts with named places, such as `{day} {month} {year}`.
//!
//! A pattern is read once, from start to end, so that what stands in a value is never
//! taken for a place.

use std::borrow::Cow;

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands as it is.
    Text(&'a str),
    /// The name of a place, without its braces.
    Place(&'a str),
}

impl Piece<'_> {
    /// Writes the piece as the pattern has it.
    pub fn write_into(self, out: &mut String) {
        match self {
            Piece::Text(text) => out.push_str(text),
            Piece::Place(name) => {
                out.push('{');
                out.push_str(name);
                out.push('}');
            }
        }
    }
}

/// Returns the parts of a pattern in order; a brace that is not closed is text.
pub fn pieces(pattern: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        let place = rest.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        if let Some((name, after)) = place {
            rest = after;
            return Some(Piece::Place(name));
        }
        let end = rest.bytes().skip(1).position(|byte| byte == b'{').map(|at| at + 1);
        let (text, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after;
        (!text.is_empty()).then_some(Piece::Text(text))
    })
}

/// Returns the pattern with the value of each place.
///
/// A place without a value stays as it is, which shows the mistake.
pub fn fill<'v>(pattern: &str, value: impl Fn(&str) -> Option<Cow<'v, str>>) -> String {
    let mut filled = String::with_capacity(pattern.len() + 32);
    for piece in pieces(pattern) {
        match piece {
            Piece::Place(name) if let Some(value) = value(name) => filled.push_str(&value),
            piece => piece.write_into(&mut filled),
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn places_are_filled_once() {
        let value = |name: &str| match name {
            "day" => Some(Cow::Borrowed("{month}")),
            "month" => Some(Cow::Borrowed("May")),
            _ => None,
        };
        assert_eq!(fill("{day}. {month} {year}", value), "{month}. May {year}");
        assert_eq!(fill("a {day", value), "a {day");
        assert_eq!(fill("{{month}}", value), "{{month}}");
        assert_eq!(fill("", value), "");
    }

    proptest! {
        #[test]
        fn a_pattern_is_its_pieces(pattern in "[{}aé ]{0,12}") {
            let mut written = String::new();
            pieces(&pattern).for_each(|piece| piece.write_into(&mut written));
            prop_assert_eq!(&written, &pattern);
            prop_assert_eq!(fill(&pattern, |_| None), pattern);
        }
    }
}
