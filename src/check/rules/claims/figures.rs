//! Figures that say how often, how much more or how sure: what a reader may want the source of.
//!
//! A number alone is none: it may be a dose, an age or a date. [`figures`] looks at what
//! stands beside each number of a sentence.

use std::ops::Range;

use crate::byte_set::ByteSet;
use crate::check::prose::Prose;
use crate::config::checks::Placed;

use super::{
    STAT_APART, STAT_BETWEEN, STAT_FORMS, STAT_LABELS, STAT_MEASURES, STAT_SUBSTANCES, STAT_UNITS,
};

/// The words of a language that tell what a number says.
#[derive(Clone, Copy, Debug)]
pub(super) struct FigureWords<'a> {
    /// What makes a figure of the number before it, such as "percent" and "times as".
    units: Placed<'a>,
    /// What stands between a part and its whole, such as "out of".
    between: Placed<'a>,
    /// What makes an ordinal of the numbers after it, such as "step".
    labels: Placed<'a>,
    /// What makes a measure of the whole before it, such as "hours".
    measures: Placed<'a>,
    /// What makes a strength of the percentage before it, such as "solution".
    forms: Placed<'a>,
    /// What stands between the two where it does not, such as "of".
    apart: Placed<'a>,
    /// What makes a strength of the percentage beside it, such as "alcohol".
    substances: Placed<'a>,
}

impl<'a> FigureWords<'a> {
    /// Returns those of the language of `prose`.
    pub(super) fn of(prose: &Prose<'a>) -> Self {
        Self {
            units: prose.placed(&STAT_UNITS),
            between: prose.placed(&STAT_BETWEEN),
            labels: prose.placed(&STAT_LABELS),
            measures: prose.placed(&STAT_MEASURES),
            forms: prose.placed(&STAT_FORMS),
            apart: prose.placed(&STAT_APART),
            substances: prose.placed(&STAT_SUBSTANCES),
        }
    }
}

/// How long a word may be that is looked for before or after a number, in bytes.
const LONGEST_WORD: usize = 40;

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
    words: &'t FigureWords<'_>,
) -> impl Iterator<Item = Range<usize>> + 't {
    let mut strengths = Strengths::default();
    numbers(text).filter_map(move |number| {
        let Some(range) = share(text, &number, words) else {
            return part_of_whole(text, &number, words).or_else(|| probability(text, &number));
        };
        let is_one = strengths.hold(&range, || is_strength(text, &range, words));
        (!is_one).then_some(range)
    })
}

/// Strengths that follow one another, from place to place.
#[derive(Clone, Debug, Default)]
pub(super) struct Strengths {
    last_end: Option<usize>,
}

impl Strengths {
    /// Tells whether the percentage at `share` `is_one`, or goes on with those before.
    pub(super) fn hold(&mut self, share: &Range<usize>, is_one: impl FnOnce() -> bool) -> bool {
        /// How far the next of the same may be: "2% and 5%", "1%, 2% or 5%".
        const NEAR: usize = 6;
        let goes_on = self.last_end.is_some_and(|end| share.start.saturating_sub(end) <= NEAR);
        let holds = goes_on || is_one();
        if holds {
            self.last_end = Some(share.end);
        }
        holds
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('\u{660}'..='\u{669}').contains(&c)
}

/// Returns the numbers of `text` that are no part of a name, such as that in "JAK1".
fn numbers(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + DIGITS.find(&text.as_bytes()[from..])?;
            if !text[start..].starts_with(is_digit) {
                // Another letter, of two bytes, that begins as Arabic digits do.
                from = start + 2;
                continue;
            }
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
            let unit = words.units.at_start(rest)?;
            unit + (after_space(&text[number.end..]).len() - rest.len())
        }
    };
    let end = text.len() - rest.len() + length;
    let is_idiom = &text[number.clone()] == "100"
        && !text[..number.start].ends_with(['-', '\u{2013}'])
        && words.between.at_start(text[end..].trim_start()).is_none();
    (!is_idiom).then_some(number.start..end)
}

/// Tells whether the percentage `share` is a strength by what stands around it: "2% and 5%
/// topical solution", "5% minoxidil", "minoxidil 5%".
fn is_strength(text: &str, share: &Range<usize>, words: &FigureWords<'_>) -> bool {
    /// How far a further percentage may be to be one of the same kind, and how many there may be.
    const NEAR: usize = 12;
    const ALIKE: usize = 4;
    if words.substances.at_start(last_word(&text[..share.start])).is_some() {
        return true;
    }
    let mut rest = &text[share.end..];
    for _ in 0..ALIKE {
        if is_of_form(rest, words) {
            return true;
        }
        match rest.as_bytes().iter().take(NEAR + 1).position(|byte| *byte == b'%') {
            Some(at) => rest = &rest[at + 1..],
            None => return false,
        }
    }
    false
}

/// Tells whether `rest`, what follows a percentage, begins with a form, or with what it is of.
fn is_of_form(rest: &str, words: &FigureWords<'_>) -> bool {
    /// Within how many words a form stands: "2.5% benzoyl peroxide gel".
    const WORDS: usize = 3;
    let mut begun =
        begun_words(rest, WORDS).take_while(|word| words.apart.at_start(word).is_none());
    begun.any(|word| {
        words.forms.at_start(word).is_some() || words.substances.at_start(word).is_some()
    })
}

/// Returns `text` from each of its first `count` words on.
fn begun_words(text: &str, count: usize) -> impl Iterator<Item = &str> {
    let mut rest = Some(text.trim_start_matches(|c: char| !c.is_alphanumeric()));
    let next = move || {
        let text = rest.take()?;
        let end = text.char_indices().take(LONGEST_WORD).find(|(_, c)| c.is_whitespace());
        rest = end.map(|(end, _)| text[end..].trim_start());
        Some(text)
    };
    std::iter::from_fn(next).take(count)
}

/// Returns the last word of `text`.
fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    let start = text.char_indices().rev().take(LONGEST_WORD).find(|(_, c)| c.is_whitespace());
    start.map_or(text, |(at, c)| &text[at + c.len_utf8()..])
}

/// Returns the range of "n of m" that `number` begins.
fn part_of_whole(
    text: &str,
    number: &Range<usize>,
    words: &FigureWords<'_>,
) -> Option<Range<usize>> {
    let rest = text[number.end..].trim_start();
    let between = words.between.at_start(rest)?;
    let rest = rest[between..].trim_start();
    let length = rest.starts_with(is_digit).then(|| number_len(rest))?;
    let start = text.len() - rest.len();
    let end = start + length;
    let (part, whole) = (value(&text[number.clone()])?, value(&text[start..end])?);
    if part >= whole || YEARS.contains(&whole) || YEARS.contains(&part) {
        return None;
    }
    let is_ordinal = words.labels.at_start(last_word(&text[..number.start])).is_some();
    let after = &text[end..];
    let is_measure = after.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/'))
        || words.measures.at_start(after.trim_start()).is_some();
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
    use crate::phrases::Phrases;

    fn found(text: &str) -> Vec<&str> {
        let lists: [&[&str]; 7] = [
            &["percent", "per cent", "percentage point*", "fold", "times as"],
            &["in", "of", "of the", "out of"],
            &["step", "week"],
            &["hours", "mg", "star*"],
            &["solution*", "foam*", "gel"],
            &["of", "used"],
            &["minoxidil", "peroxide"],
        ];
        let lists = lists.iter().enumerate();
        let phrases = lists.flat_map(|(list, words)| words.iter().map(move |word| (list, *word)));
        let phrases = Phrases::new(phrases);
        let placed = |list| Placed::new(&phrases, list);
        let words = FigureWords {
            units: placed(0),
            between: placed(1),
            labels: placed(2),
            measures: placed(3),
            forms: placed(4),
            apart: placed(5),
            substances: placed(6),
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
            ("39% of foam users improved.", "39%"),
            ("39% used the foam.", "39%"),
            ("39% improved within a year of foam.", "39%"),
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
            "A 2.5% benzoyl peroxide gel.",
            "A 2.5% other thing gel.",
            "The 5% minoxidil.",
            "Minoxidil 2% or 5%.",
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
