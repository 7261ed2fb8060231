//! Amounts in a text: a number with a unit, as in "5 mg" and "10-mg".

use std::ops::Range;

/// A number with the word after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Amount<'a> {
    /// The place of the number in the text.
    pub(super) number: Range<usize>,
    /// The place of the word after it.
    pub(super) unit: Range<usize>,
    text: &'a str,
}

/// What the amount of something is measured in, after a slash or "per": a level in the blood
/// and no dose.
const MEASURED_IN: &[&str] = &[
    "l",
    "dl",
    "cl",
    "ml",
    "µl",
    "μl",
    "mol",
    "mmol",
    "g",
    "m3",
    "m³",
    "litre",
    "liter",
    "decilitre",
    "deciliter",
    "millilitre",
    "milliliter",
];

/// The words that say the same as a slash between two units.
const PER: &[&str] = &["per", "pro"];

/// The spaces that may stand around a slash.
const SPACES: [char; 3] = [' ', '\u{a0}', '\u{202f}'];

/// Returns the amounts in `text`, in order, whatever their unit.
///
/// A number in a name, such as JAK1 or IL-17, or in a version is none.
pub(super) fn amounts(text: &str) -> impl Iterator<Item = Amount<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let number = next_number(text, from)?;
            from = number.end;
            let unit = unit_after(text, number.end);
            if unit.is_empty() || is_part_of_name(text, number.start) {
                continue;
            }
            from = unit.end;
            return Some(Amount { number, unit, text });
        }
    })
}

/// Returns the place of the first number of `text` from `from` on, with its decimals and the
/// point that one without a zero begins with.
fn next_number(text: &str, from: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let start = from + bytes[from..].iter().position(u8::is_ascii_digit)?;
    let mut end = start + 1;
    while is_digit(end) || matches!(bytes.get(end), Some(b'.' | b',')) && is_digit(end + 1) {
        end += 1;
    }
    let has_point = start > from && bytes[start - 1] == b'.';
    Some(start - usize::from(has_point)..end)
}

/// Tells whether what begins at `start` goes on with a word, as 1 in JAK1 and 17 in IL-17.
fn is_part_of_name(text: &str, start: usize) -> bool {
    let mut before = text[..start].chars().rev();
    match before.next() {
        Some('-' | '\u{2011}') => before.next().is_some_and(char::is_alphabetic),
        Some(c) => c.is_alphanumeric() || matches!(c, '.' | '_'),
        None => false,
    }
}

/// Returns the place of the word right after `at`, or after one space or hyphen there.
fn unit_after(text: &str, at: usize) -> Range<usize> {
    let rest = &text[at..];
    let is_gap =
        |c: &char| matches!(c, ' ' | '-' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2011}');
    let gap = rest.chars().next().filter(is_gap).map_or(0, char::len_utf8);
    let word = &rest[gap..];
    let length = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
    let goes_on = word[length..].chars().next().is_some_and(char::is_numeric);
    let end = if goes_on { 0 } else { length };
    at + gap..at + gap + end
}

impl<'a> Amount<'a> {
    /// Returns the number as written.
    pub(super) fn number(&self) -> &'a str {
        &self.text[self.number.clone()]
    }

    /// Returns the unit as written.
    pub(super) fn unit(&self) -> &'a str {
        &self.text[self.unit.clone()]
    }

    /// Returns what stands between the two.
    pub(super) fn gap(&self) -> &'a str {
        &self.text[self.number.end..self.unit.start]
    }

    /// Returns the place of the whole.
    pub(super) fn range(&self) -> Range<usize> {
        self.number.start..self.unit.end
    }

    /// Returns the amount as written.
    pub(super) fn words(&self) -> &'a str {
        &self.text[self.range()]
    }

    /// Returns the text after it.
    pub(super) fn after(&self) -> &'a str {
        &self.text[self.unit.end..]
    }

    /// Tells whether it says how much there is in something, as a laboratory does, or how much
    /// that is: both of "13 g per 100 mL".
    pub(super) fn is_concentration(&self) -> bool {
        self.measured_in()
            .is_some_and(|unit| MEASURED_IN.iter().any(|known| unit.eq_ignore_ascii_case(known)))
            || self.stands_below()
    }

    /// Returns the unit that follows after a slash or a word for it, and perhaps a number.
    fn measured_in(&self) -> Option<&'a str> {
        let rest = self.after().trim_start_matches(SPACES);
        let by_word = |word: &&str| rest.strip_prefix(*word)?.strip_prefix(SPACES);
        let rest = rest.strip_prefix('/').or_else(|| PER.iter().find_map(by_word))?;
        let rest = rest.trim_start();
        let number = next_number(rest, 0).filter(|number| number.start == 0);
        let unit = match number {
            Some(number) => unit_after(rest, number.end),
            None => 0..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len()),
        };
        Some(&rest[unit])
    }

    /// Tells whether it follows a unit and a slash, or a word for it: "5 mg/1 mL".
    ///
    /// After a number, a slash parts two doses: "875/125 mg".
    fn stands_below(&self) -> bool {
        let before = self.text[..self.number.start].trim_end_matches(SPACES);
        match before.strip_suffix('/') {
            Some(above) => above.trim_end_matches(SPACES).ends_with(char::is_alphabetic),
            None => before
                .rsplit(|c: char| !c.is_alphanumeric())
                .next()
                .is_some_and(|word| PER.contains(&word)),
        }
    }

    /// Tells whether it is part of a longer word, as in "4 U.S. states" and "3 U-boats".
    pub(super) fn is_of_longer_word(&self) -> bool {
        let mut after = self.after().chars();
        let next = after.next();
        matches!(next, Some('.' | '-' | '\u{2011}' | '\'' | '’'))
            && after.next().is_some_and(char::is_alphabetic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_units_and_names_are_none() {
        let found =
            |text: &'static str| amounts(text).map(|a| (a.number(), a.unit())).collect::<Vec<_>>();
        assert_eq!(
            found("5 mg, 10mg, 2.5-mg, 1,000\u{a0}units (.5 µg) and 7% of 12."),
            [("5", "mg"), ("10", "mg"), ("2.5", "mg"), ("1,000", "units"), (".5", "µg"), ("7", "")]
                .into_iter()
                .filter(|(_, unit)| !unit.is_empty())
                .collect::<Vec<_>>()
        );
        assert_eq!(found("JAK1 mg, IL-17 mg, v1.0.0 mg, B12 g, 5 m2"), []);
        assert_eq!(found("2 to 4 mg"), [("2", "to"), ("4", "mg")]);
        assert_eq!(found("sec.5 mg … 1..5 mg"), []);
    }

    #[test]
    fn a_level_in_the_blood_is_a_concentration() {
        for (text, expected) in [
            ("1.0 mg/dL", true),
            ("1.0 mg / L", true),
            ("5 mg per litre", true),
            ("10 mg/mL", true),
            ("30 mg/g", true),
            ("5 mg/kg", false),
            ("5 mg/day", false),
            ("5 mg per day", false),
            ("5 mg", false),
            ("13.0 g per 100 mL", true),
            ("13.0 g/100\u{a0}ml", true),
            ("5 mg pro 1,5 l", true),
            ("5 mg/5-mL", true),
            ("5 mg per 70 kg", false),
            ("5 mg permitted", false),
        ] {
            let amount = amounts(text).next().expect("it has a unit");
            assert_eq!(amount.is_concentration(), expected, "{text}");
        }
    }

    #[test]
    fn what_something_is_measured_in_is_no_dose() {
        for (text, expected) in [
            ("5 mg per 1.0 mL", true),
            ("5 mg/1.0 mL", true),
            ("5 mg / 1.0 kg", true),
            ("5 mg pro .5 ml", true),
            ("the paper 1.0 mg", false),
            ("875/125.0 mg", false),
            ("5 mg and 1.0 mg", false),
        ] {
            let amount = amounts(text).last().expect("it has a unit");
            assert_eq!(amount.is_concentration(), expected, "{text}");
        }
    }
}
