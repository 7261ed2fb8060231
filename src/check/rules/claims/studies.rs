//! What studies are said to have found, without saying which.

use crate::check::lint::{Check, CheckedPage, Findings, Lint, RuleOption};
use crate::check::prose::Sentence;
use crate::check::wording::{Said, first_of_each, is_question, is_running_text, makes_claims};
use crate::config::checks::IDIOMS;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};

static CLAIM_STUDY_RULE: Rule = Rule {
    id: "claim-study",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A sentence says what a study, trial or expert found (\"research shows\", \
        \"according to\") and cites nothing, so that readers cannot look it up. Questions and \
        conditions do not count.",
};

/// Studies that are not named.
pub(in crate::check::rules) static CLAIM_STUDY: Lint =
    Lint { rule: &CLAIM_STUDY_RULE, check: Check::Page(claim_study) };

/// Phrases that by themselves speak of what was found.
pub(in crate::check::rules) static STUDY_WORDS: RuleOption =
    RuleOption::words(&CLAIM_STUDY_RULE, "words");
/// Names of studies and of those who make them.
pub(in crate::check::rules) static STUDY_NOUNS: RuleOption =
    RuleOption::words(&CLAIM_STUDY_RULE, "nouns");
/// What those found to be so.
pub(in crate::check::rules) static STUDY_VERBS: RuleOption =
    RuleOption::words(&CLAIM_STUDY_RULE, "verbs");
/// Words before the name of a study with which nothing is said to have been found.
pub(in crate::check::rules) static STUDY_EXCEPT: RuleOption =
    RuleOption::words(&CLAIM_STUDY_RULE, "except");
/// Longer phrases in which nothing is said to have been found.
pub(in crate::check::rules) static STUDY_IDIOMS: RuleOption =
    RuleOption::words(&CLAIM_STUDY_RULE, IDIOMS);

/// How far the verb may stand behind its noun, in bytes: about eight words.
const REACH: usize = 50;

/// How far before a noun the word may stand that makes a condition of it, in bytes.
const CONDITION: usize = 40;

fn claim_study(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let (verbs, except) = (prose.hits(&STUDY_VERBS), prose.hits(&STUDY_EXCEPT));
    let idioms = prose.hits(&STUDY_IDIOMS);
    let has_verb = |said: &Said<'_>| {
        let end = said.range.end;
        let near = end..(end + REACH + 1).min(said.sentence.plain.end);
        let near = verbs.beginning_in(said.sentence, near);
        let verb = near.iter().find(|(sentence, verb)| !idioms.is_part_of_one(sentence, verb));
        verb.is_some_and(|(_, verb)| {
            let between = &prose.text(said.sentence)[end..verb.start];
            // One comma begins a clause, two set one in: "for the trials, and we show".
            !between.contains([';', ':']) && between.matches(',').count() != 1
        })
    };
    let nouns = prose.hits(&STUDY_NOUNS);
    let nouns = nouns.iter().map(Said::from).filter(has_verb);
    let found = prose.hits(&STUDY_WORDS).iter().map(Said::from).chain(nouns).collect();
    let is_judged = |sentence: &Sentence| {
        !sentence.cites
            && is_running_text(checked, prose, sentence)
            && !is_question(prose.words(sentence))
    };
    let counts = |said: &Said<'_>| {
        said.is_own(prose)
            && !idioms.is_part_of_one(said.sentence, &said.range)
            && !except.is_before(said.sentence, said.range.start, CONDITION)
    };
    for said in first_of_each(found, is_judged, counts) {
        let words = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("what `{words}` speaks of is not cited");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_STUDY_RULE, span, message)
                .with_help("cite the study in the same sentence, or say that none is meant"),
        );
    }
}
