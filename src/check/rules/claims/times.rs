//! Words that say when as seen from the day of writing.

use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, RuleOption};
use crate::check::prose::Sentence;
use crate::check::wording::{
    Clauses, Said, first_of_each, is_question, is_running_text, makes_claims,
};
use crate::config::checks::{EXCEPT, IDIOMS, Placed};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};

static CLAIM_RELATIVE_TIME_RULE: Rule = Rule {
    id: "claim-relative-time",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A sentence says \"recently\", \"currently\" or \"so far\" and no year, so \
        that it is wrong one day and nobody can tell when.",
};

/// Sentences that age.
pub(in crate::check::rules) static CLAIM_RELATIVE_TIME: Lint =
    Lint { rule: &CLAIM_RELATIVE_TIME_RULE, check: Check::Page(claim_relative_time) };

/// Words that speak of the day of writing.
pub(in crate::check::rules) static TIME_WORDS: RuleOption =
    RuleOption::words(&CLAIM_RELATIVE_TIME_RULE, "words");
/// Longer phrases in which they do not.
pub(in crate::check::rules) static TIME_IDIOMS: RuleOption =
    RuleOption::words(&CLAIM_RELATIVE_TIME_RULE, IDIOMS);
/// Words before them with which readers are asked, or a case is set.
pub(in crate::check::rules) static TIME_EXCEPT: RuleOption =
    RuleOption::words(&CLAIM_RELATIVE_TIME_RULE, EXCEPT);
/// What makes an amount of a number that could be a year.
pub(in crate::check::rules) static TIME_UNITS: RuleOption =
    RuleOption::words(&CLAIM_RELATIVE_TIME_RULE, "units");

/// What ends a clause.
const MARKS: &[char] = &[',', ';', ':', '\u{2014}'];

/// How far before them such a word may stand, in bytes.
const CONDITION: usize = 40;

fn claim_relative_time(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let (idioms, except) = (prose.hits(&TIME_IDIOMS), prose.hits(&TIME_EXCEPT));
    let units = prose.placed(&TIME_UNITS);
    let is_judged = |sentence: &Sentence| {
        let words = prose.words(sentence);
        is_running_text(checked, prose, sentence)
            && !is_question(words)
            && !names_year(words, units)
    };
    let mut clauses = Clauses::new(MARKS);
    let counts = |said: &Said<'_>| {
        let start = said.range.start;
        let reach = CONDITION.min(start - clauses.start_of(prose, said));
        said.is_own(prose)
            && !idioms.is_part_of_one(said.sentence, &said.range)
            && !except.is_before(said.sentence, start, reach)
    };
    let found = prose.hits(&TIME_WORDS).iter().map(Said::from).collect();
    for said in first_of_each(found, is_judged, counts) {
        let words = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("`{words}` is said without a date");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_RELATIVE_TIME_RULE, span, message)
                .with_help("name the year: \"since 2024\", \"as of March 2026\""),
        );
    }
}

/// The years that a number can stand for.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2100;

/// Tells whether `text` holds a number that can be the year of an event: no longer one, and no
/// amount of `units`.
fn names_year(text: &str, units: Placed<'_>) -> bool {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(start) = bytes[from..].iter().position(u8::is_ascii_digit) {
        let start = from + start;
        let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        from = start + length;
        let is_year = length == 4 && text[start..from].parse().is_ok_and(|n| YEARS.contains(&n));
        if is_year && !goes_on(text, start..from) && !is_amount(&text[from..], units) {
            return true;
        }
    }
    false
}

/// Tells whether the digits at `range` are a part of a longer number or word.
fn goes_on(text: &str, range: Range<usize>) -> bool {
    let is_sign = |c: Option<char>| matches!(c, Some('.' | ','));
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let (mut before, mut after) = (text[..range.start].chars().rev(), text[range.end..].chars());
    let (last, next) = (before.next(), after.next());
    last.is_some_and(char::is_alphanumeric)
        || next.is_some_and(char::is_alphanumeric)
        || is_sign(last) && is_digit(before.next())
        || is_sign(next) && is_digit(after.next())
}

/// Tells whether `rest`, what follows a number, makes an amount of it.
fn is_amount(rest: &str, units: Placed<'_>) -> bool {
    let rest = rest.strip_prefix([' ', '-', '\u{a0}', '\u{202f}']).unwrap_or(rest);
    rest.starts_with(['%', '\u{2030}', '\u{66a}']) || units.at_start(rest).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phrases::Phrases;

    #[test]
    fn a_year_is_no_amount_and_no_part_of_a_longer_number() {
        let phrases = Phrases::new([(0, "mg"), (0, "people")]);
        let is_year = |text| names_year(text, Placed::new(&phrases, 0));
        for text in ["In 2024.", "since 1998, as", "(2026)", "2019\u{2013}2021", "A 2024 trial."] {
            assert!(is_year(text), "{text}");
        }
        for text in [
            "2000 mg",
            "2000-mg",
            "2000\u{a0}people",
            "12,000 2,000",
            "1950.5",
            "K2000",
            "20000",
            "1850",
            "2000%",
            "2000s",
            "",
        ] {
            assert!(!is_year(text), "{text}");
        }
    }
}
