//! Figures that say how often, how much more or how sure: what a reader may want the source of.
//!
//! A number alone is none: it may be a dose, an age or a date. [`figures`] looks at what
//! stands beside each number of a sentence.

use std::ops::Range;

use crate::byte_set::ByteSet;
use crate::check::wording::{first_words, holds_one, starts_with_one};

/// The words of a language that tell what a number says.
#[derive(Debug, Default)]
pub(super) struct FigureWords<'a> {
    /// What makes a figure of the number before it, such as "percent" and "times as".
    pub units: Vec<&'a str>,
    /// What stands between a part and its whole, such as "out of".
    pub between: Vec<&'a str>,
    /// What makes an ordinal of the numbers after it, such as "step".
    pub labels: Vec<&'a str>,
    /// What makes a measure of the whole before it, such as "hours".
    pub measures: Vec<&'a str>,
    /// What makes a strength of the percentage before it, such as "solution".
    pub forms: Vec<&'a str>,
}

/// The digits of ASCII, and the first byte of the Arabic ones.
const DIGITS: ByteSet = ByteSet::new(b"0123456789\xd9");

/// The years that a whole in "12 in 2020" may be.
const YEARS: std::ops::RangeInclusive<u64> = 1900..=2100;

/// Tells whether `text` may hold a digit.
pub(super) fn may_hold_number(text: &str) -> bool {
    DIGITS.find(text.as_bytes()).is_some()
}

/// Returns the figures of the sentence `text`, by place.
pub(super) fn figures<'t>(
    text: &'t str,
    words: &'t FigureWords<'t>,
) -> impl Iterator<Item = Range<usize>> + 't {
    numbers(text).filter_map(|number| {
        share(text, &number, words)
            .or_else(|| part_of_whole(text, &number, words))
            .or_else(|| probability(text, &number))
    })
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{660}'..='\u{669}').contains(&c)
}

/// Returns the numbers of `text` that are no part of a name, such as that in "JAK1".
fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text[from..].find(is_digit)?;
            let end = start + number_len(&text[start..]);
            from = end;
            let before = text[..start].trim_end_matches('-');
            let is_named = before.ends_with(char::is_alphabetic)
                && (before.len() == start || before.len() + 1 == start);
            if !is_named {
                return Some(start..end);
            }
        }
    })
}

/// Returns the length of the number that `text` starts with, with its decimals.
fn number_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    let mut end = 0;
    while let Some((at, c)) = chars.next() {
        let goes_on = matches!(c, '.' | ',' | '\u{66b}' | '\u{66c}')
            && chars.peek().is_some_and(|(_, next)| is_digit(*next));
        if !is_digit(c) && !goes_on {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Returns `text` without the one space, of whatever width, that it may start with.
fn after_space(text: &str) -> &str {
    text.strip_prefix([' ', '\u{a0}', '\u{202f}', '\u{2009}']).unwrap_or(text)
}

/// Returns the percentage, or the multiple, that `number` is.
fn share(text: &str, number: &Range<usize>, words: &FigureWords<'_>) -> Option<Range<usize>> {
    let rest = after_space(&text[number.end..]);
    let sign = rest.chars().next().filter(|c| matches!(c, '%' | '\u{66a}' | '\u{2030}'));
    let length = match sign {
        Some(sign) => sign.len_utf8(),
        None => {
            let rest = rest.strip_prefix('-').unwrap_or(rest);
            let unit = starts_with_one(rest, &words.units)?;
            unit + (after_space(&text[number.end..]).len() - rest.len())
        }
    };
    let end = text.len() - rest.len() + length;
    let is_idiom = &text[number.clone()] == "100"
        && !text[..number.start].ends_with(['-', '\u{2013}'])
        && starts_with_one(text[end..].trim_start(), &words.between).is_none();
    (!is_idiom && !is_strength(&text[end..], words)).then_some(number.start..end)
}

/// Tells whether `rest` makes a strength of the percentage before it: "2% and 5% solution".
fn is_strength(mut rest: &str, words: &FigureWords<'_>) -> bool {
    /// How far a further percentage may be to be one of the same kind, and how many there may be.
    const NEAR: usize = 12;
    const ALIKE: usize = 4;
    for _ in 0..ALIKE {
        if holds_one(first_words(rest, 2), &words.forms) {
            return true;
        }
        match rest.find('%').filter(|at| *at <= NEAR) {
            Some(at) => rest = &rest[at + 1..],
            None => return false,
        }
    }
    false
}

/// Returns the range of "n of m" that `number` begins.
fn part_of_whole(
    text: &str,
    number: &Range<usize>,
    words: &FigureWords<'_>,
) -> Option<Range<usize>> {
    let rest = text[number.end..].trim_start();
    let between = starts_with_one(rest, &words.between)?;
    let rest = rest[between..].trim_start();
    let length = rest.starts_with(is_digit).then(|| number_len(rest))?;
    let start = text.len() - rest.len();
    let end = start + length;
    let (part, whole) = (value(&text[number.clone()])?, value(&text[start..end])?);
    if part >= whole || YEARS.contains(&whole) || YEARS.contains(&part) {
        return None;
    }
    let before = text[..number.start].trim_end().rsplit(char::is_whitespace).next();
    let is_ordinal = before.is_some_and(|word| starts_with_one(word, &words.labels).is_some());
    let after = &text[end..];
    let is_measure = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/'))
        || starts_with_one(after.trim_start(), &words.measures).is_some();
    (!is_ordinal && !is_measure).then_some(number.start..end)
}

/// Returns the whole number that `digits` is, which may have commas between thousands.
fn value(digits: &str) -> Option<u64> {
    let mut plain = digits.chars().filter(|c| !matches!(c, ',' | '\u{66c}'));
    plain.try_fold(0_u64, |value, c| {
        let digit = match c {
            '\u{660}'..='\u{669}' => u64::from(c) - 0x660,
            c => u64::from(c.to_digit(10)?),
        };
        value.checked_mul(10)?.checked_add(digit)
    })
}

/// Returns the range of the p value that `number` ends: "p < 0.05".
fn probability(text: &str, number: &Range<usize>) -> Option<Range<usize>> {
    let before = text[..number.start].trim_end_matches('.').trim_end();
    let sign = before.trim_end_matches(['<', '>', '=', '\u{2264}', '\u{2265}', '\u{2248}']);
    let name = sign.trim_end();
    let is_p = sign.len() < before.len() && name.ends_with(['p', 'P']);
    let start = name.len().checked_sub(1)?;
    let is_word = !text.get(..start)?.ends_with(char::is_alphanumeric);
    (is_p && is_word).then_some(start..number.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let words = FigureWords {
            units: vec!["percent", "per cent", "percentage point*", "fold", "times as"],
            between: vec!["in", "of", "of the", "out of"],
            labels: vec!["step", "week"],
            measures: vec!["hours", "mg", "star*"],
            forms: vec!["solution*", "foam*"],
        };
        figures(text, &words).map(|range| &text[range]).collect()
    }

    #[test]
    fn shares_multiples_parts_and_probabilities_are_figures() {
        for (text, figure) in [
            ("It fell by 39%.", "39%"),
            ("It fell by 39.5\u{a0}%.", "39.5\u{a0}%"),
            ("About 12 percent did.", "12 percent"),
            ("Up by 32.6 percentage points.", "32.6 percentage points"),
            ("A 3-fold rise.", "3-fold"),
            ("It came 1.66 times as often.", "1.66 times as"),
            ("It came in 5 of 8.", "5 of 8"),
            ("In 30 of the 60 people.", "30 of the 60"),
            ("1 in 1,000 have it.", "1 in 1,000"),
            ("3 out of 10 did.", "3 out of 10"),
            ("They differ (p < 0.05).", "p < 0.05"),
            ("They differ (P=.03).", "P=.03"),
            ("100% of them did.", "100%"),
            ("From 95\u{2013}100% did.", "100%"),
            ("\u{663}\u{669}\u{66a} منهم", "\u{663}\u{669}\u{66a}"),
        ] {
            assert_eq!(found(text).first(), Some(&figure), "{text}");
        }
    }

    #[test]
    fn doses_ages_dates_and_names_are_no_figures() {
        for text in [
            "Take 5 mg twice in 24 hours.",
            "At most 2 in 24 hours.",
            "People aged 12 to 17 took 50 mg.",
            "In 12 of 2020 it began.",
            "It was 2019 in 3,000 towns.",
            "Week 3 of 12.",
            "It got 4 of 5 stars.",
            "Step 2 of 7.",
            "A 5% foam.",
            "A 5% topical solution.",
            "The 2% and 5% solution.",
            "I am 100% sure.",
            "JAK1 of 4 enzymes.",
            "BRAVE-AA1 in 654 adults.",
            "Section 5.1 of 12 sections.",
            "A step = 0.5 wide.",
            "3 of 12-week courses.",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
