//! Promises that no treatment keeps.

use crate::check::lint::{Check, CheckedPage, Findings, Lint, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{
    Clauses, Said, first_of_each, first_words, is_question, is_running_text, makes_claims,
};
use crate::config::checks::IDIOMS;
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
/// Words before it with which it is denied or doubted.
pub(in crate::check::rules) static ABSOLUTE_EXCEPT: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "except");
/// Words right behind it with which it is denied.
pub(in crate::check::rules) static ABSOLUTE_DENIALS: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "denials");
/// Words that begin a clause that says when, and which a promise ends.
pub(in crate::check::rules) static ABSOLUTE_TIMES: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "times");
/// Words that end what such a word denies.
pub(in crate::check::rules) static ABSOLUTE_TURNS: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, "turns");
/// Longer phrases that promise nothing.
pub(in crate::check::rules) static ABSOLUTE_IDIOMS: RuleOption =
    RuleOption::words(&CLAIM_ABSOLUTE_RULE, IDIOMS);

/// How many words after a promise may hold its denial, and in how many bytes: "a cure does not
/// exist".
const WORDS_AFTER: (usize, usize) = (3, 40);

/// What ends a clause before a promise, and one behind it.
const BEFORE: &[char] = &[';', ':', '\u{2014}', '('];
const AFTER: &[char] = &[',', ';', ':', '\u{2014}'];

fn claim_absolute(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let uncited = prose.hits(&ABSOLUTE_UNCITED);
    let uncited = uncited.iter().filter(|(sentence, _)| !sentence.cites);
    let found: Vec<Said<'_>> =
        prose.hits(&ABSOLUTE_WORDS).iter().chain(uncited).map(Said::from).collect();
    if found.is_empty() {
        return;
    }
    let is_judged = |sentence: &Sentence| {
        is_running_text(checked, prose, sentence) && !is_question(prose.words(sentence))
    };
    let idioms = prose.hits(&ABSOLUTE_IDIOMS);
    let times = prose.placed(&ABSOLUTE_TIMES);
    let (mut clauses, mut parts) = (Clauses::new(BEFORE), Clauses::new(AFTER));
    let counts = |said: &Said<'_>| {
        let (clause, part) = (clauses.start_of(prose, said), parts.start_of(prose, said));
        let text = prose.text(said.sentence);
        // "Once it is cured, ..." says when.
        let says_when = text[said.range.end..].starts_with(',')
            && times.at_start(text[part..].trim_start()).is_some();
        said.is_own(prose)
            && !says_when
            && !idioms.is_part_of_one(said.sentence, &said.range)
            && !is_denied(prose, said, clause)
    };
    for said in first_of_each(found, is_judged, counts) {
        let words = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("`{words}` promises more than a source can show");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_ABSOLUTE_RULE, span, message)
                .with_help("say how many of how many were helped or harmed, and cite it"),
        );
    }
}

/// Tells whether what `said` promises is denied in its clause, which starts at `clause`: since
/// the last turn in it, or right behind the promise.
fn is_denied(prose: &Prose<'_>, said: &Said<'_>, clause: usize) -> bool {
    let (except, sentence) = (prose.hits(&ABSOLUTE_EXCEPT), said.sentence);
    let (start, end) = (said.range.start, said.range.end);
    let turn = prose.hits(&ABSOLUTE_TURNS).beginning_in(sentence, clause..start).last();
    let since = turn.map_or(clause, |turn| turn.start);
    let rest = prose.text(sentence).get(end..sentence.plain.end).unwrap_or_default();
    let rest = first_words(rest, WORDS_AFTER.0, WORDS_AFTER.1);
    let rest = rest.find(AFTER).unwrap_or(rest.len());
    let after = prose.hits(&ABSOLUTE_DENIALS).beginning_in(sentence, end..end + rest);
    except.is_before(sentence, start, start - since) || !after.is_empty()
}
