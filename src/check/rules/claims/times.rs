//! Words that say when as seen from the day of writing.

use crate::check::lint::{Check, CheckedPage, Findings, Lint, RuleOption};
use crate::check::prose::Sentence;
use crate::check::wording::{Said, first_of_each, is_question, is_running_text, makes_claims};
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
    RuleOption::words(&CLAIM_RELATIVE_TIME_RULE, "idioms");

fn claim_relative_time(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let idioms = prose.hits(&TIME_IDIOMS);
    let is_judged = |sentence: &Sentence| {
        let words = prose.words(sentence);
        is_running_text(checked, prose, sentence) && !is_question(words) && !names_year(words)
    };
    let counts =
        |said: &Said<'_>| said.is_own(prose) && !idioms.is_part_of_one(said.sentence, &said.range);
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

/// Tells whether `text` holds a number that can be the year of an event.
fn names_year(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| n.len() == 4);
    numbers.any(|number| number.starts_with("19") || number.starts_with("20"))
}
