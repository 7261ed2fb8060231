//! Promises that no treatment keeps.

use crate::check::lint::{Check, CheckedPage, Findings, Lint, RuleOption};
use crate::check::prose::Prose;
use crate::check::wording::{Said, first_of_each, first_words, holds_one, is_question, last_of};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};

static CLAIM_ABSOLUTE_RULE: Rule = Rule {
    id: "claim-absolute",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A sentence promises what no treatment keeps: \"guaranteed\", \"miracle\", \"no \
        side effects\"; or a cure, and cites nothing. What is denied or asked does not count.",
};

/// Promises.
pub(in crate::check::rules) static CLAIM_ABSOLUTE: Lint =
    Lint { rule: &CLAIM_ABSOLUTE_RULE, check: Check::Page(claim_absolute) };

/// What is promised whatever is cited.
pub(in crate::check::rules) static ABSOLUTE_WORDS: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "words");
/// What a source can make a finding of.
pub(in crate::check::rules) static ABSOLUTE_UNCITED: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "uncited");
/// Words with which it is denied or doubted.
pub(in crate::check::rules) static ABSOLUTE_EXCEPT: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "except");
/// Words that end what such a word denies.
pub(in crate::check::rules) static ABSOLUTE_TURNS: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "turns");

/// How many words after a promise may hold its denial: "a cure does not exist".
const WORDS_AFTER: usize = 3;

fn claim_absolute(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let prose = checked.prose();
    let id = CLAIM_ABSOLUTE_RULE.id;
    let uncited = prose.found_of(checked, id, "uncited").filter(|(sentence, _)| !sentence.cites);
    let mut found: Vec<Said<'_>> = prose.found(checked, id).map(Said::from).collect();
    found.extend(uncited.map(Said::from));
    if found.is_empty() {
        return;
    }
    let (config, lang) = (checked.of.config, checked.page.id.lang());
    let (except, turns) =
        (ABSOLUTE_EXCEPT.listed(config, lang), ABSOLUTE_TURNS.listed(config, lang));
    found.retain(|said| {
        said.is_running_text(checked, prose)
            && !is_question(prose.words(said.sentence))
            && !said.is_quoted(prose)
            && !is_denied(prose, said, &except, &turns)
    });
    for said in first_of_each(found) {
        let words = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("`{words}` promises more than a source can show");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_ABSOLUTE_RULE, span, message)
                .with_help("say how many of how many were helped or harmed, and cite it"),
        );
    }
}

/// Tells whether what `said` promises is denied in its clause.
fn is_denied(prose: &Prose<'_>, said: &Said<'_>, except: &[&str], turns: &[&str]) -> bool {
    let text = prose.text(said.sentence);
    let before = &text[said.sentence.plain.start..said.range.start];
    let clause = before.rfind([';', ':', '\u{2014}', '(']).map_or(0, |at| at + 1);
    let clause = before.get(clause..).unwrap_or(before);
    let clause = &clause[last_of(clause, turns).unwrap_or(0)..];
    let after = text.get(said.range.end..said.sentence.plain.end).unwrap_or_default();
    let after = after.split([',', ';', ':', '\u{2014}']).next().unwrap_or_default();
    holds_one(clause, except) || holds_one(first_words(after, WORDS_AFTER), except)
}
