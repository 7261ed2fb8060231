//! What is said to be the only, first or best one.

use jiff::ToSpan;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{Said, first_of_each, is_question, is_running_text};
use crate::citation::CitationKey;
use crate::config::Role;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::page_id::PageId;
use crate::resolve::reviews::MOST_MONTHS;

static CLAIM_EXCLUSIVE_RULE: Rule = Rule {
    id: "claim-exclusive",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A treatment is said to be \"the only\", \"the first\" or \"the safest\", and \
        nothing is cited, or only works that appeared more than 24 months ago (option `months`): \
        another may have come since.",
};

/// Ranks without a recent source.
pub(in crate::check::rules) static CLAIM_EXCLUSIVE: Lint =
    Lint { rule: &CLAIM_EXCLUSIVE_RULE, check: Check::Page(claim_exclusive) };

/// Phrases that rank.
pub(in crate::check::rules) static EXCLUSIVE_WORDS: RuleOption =
    RuleOption::words(&CLAIM_EXCLUSIVE_RULE, "words");
/// Longer phrases in which they do not.
pub(in crate::check::rules) static EXCLUSIVE_IDIOMS: RuleOption =
    RuleOption::words(&CLAIM_EXCLUSIVE_RULE, "idioms");
/// Words with which a rank is denied.
pub(in crate::check::rules) static EXCLUSIVE_EXCEPT: RuleOption =
    RuleOption::words(&CLAIM_EXCLUSIVE_RULE, "except");
/// What, behind a rank, makes it advice against all that could have it.
pub(in crate::check::rules) static EXCLUSIVE_ADVICE: RuleOption =
    RuleOption::words(&CLAIM_EXCLUSIVE_RULE, "advice");
/// After how many months a source may have been overtaken.
pub(in crate::check::rules) static EXCLUSIVE_MONTHS: RuleOption = RuleOption {
    rule: &CLAIM_EXCLUSIVE_RULE,
    name: "months",
    kind: OptionKind::Number(MOST_MONTHS),
};

const USUAL_MONTHS: i64 = 24;

/// How far before a rank the word may stand that denies it, in bytes.
const DENIAL: usize = 30;

/// How far behind a rank such advice may stand, in bytes.
const ADVICE: usize = 60;

fn claim_exclusive(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let prose = checked.prose();
    let (idioms, except) = (prose.hits(&EXCLUSIVE_IDIOMS), prose.hits(&EXCLUSIVE_EXCEPT));
    let is_judged = |sentence: &Sentence| {
        is_running_text(checked, prose, sentence) && !is_question(prose.words(sentence))
    };
    let counts = |said: &Said<'_>| {
        let after = prose.text(said.sentence)[said.range.end..].trim_start();
        said.is_own(prose)
            && !after.starts_with(|c: char| c.is_ascii_digit())
            && !idioms.is_part_of_one(said.sentence, &said.range)
            && !except.is_before(said.sentence, said.range.start, DENIAL)
            && !is_advice(prose, said)
    };
    let found = prose.hits(&EXCLUSIVE_WORDS).iter().map(Said::from).collect();
    for said in first_of_each(found, is_judged, counts) {
        let Some(named) = named_with_effects(checked, &said) else { continue };
        let Some(why) = lack(checked, &said) else { continue };
        let words = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("`{words}` is said of {named} and {why}");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_EXCLUSIVE_RULE, span, message)
                .with_help("cite a recent source that compares, or say what it was compared with"),
        );
    }
}

/// Tells whether the clause of `said` goes on as advice: "the safest choice is to stop".
fn is_advice(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let end = said.range.end;
    let near = end..(end + ADVICE).min(said.sentence.plain.end);
    let advice = prose.hits(&EXCLUSIVE_ADVICE).beginning_in(said.sentence, near).first();
    let between = advice.and_then(|advice| prose.text(said.sentence).get(end..advice.start));
    between.is_some_and(|between| !between.contains([',', ';', ':', '\u{2014}']))
}

/// Returns the title of the first entity in the sentence of `said` that has effects or
/// approvals to tell of.
fn named_with_effects(checked: &CheckedPage<'_>, said: &Said<'_>) -> Option<String> {
    let mut mentions = checked.prose().mentions(said.sentence).iter();
    mentions.find_map(|mention| title_with_effects(checked, mention.target()?))
}

fn title_with_effects(checked: &CheckedPage<'_>, id: &PageId) -> Option<String> {
    let card = checked.card(id)?;
    let collection = checked.of.config.collections.get(card.collection.as_ref()?)?;
    let has = |role| collection.field_with_role(role).is_some();
    (has(Role::Effects) || has(Role::Approval)).then(|| format!("“{}”", card.title))
}

/// Says what the sentence of `said` lacks; `None` where a recent source stands behind it.
fn lack(checked: &CheckedPage<'_>, said: &Said<'_>) -> Option<String> {
    let citations = checked.prose().citations(said.sentence);
    let keys: Vec<_> = citations.flat_map(|citation| &citation.cites).map(|c| &c.key).collect();
    if keys.is_empty() {
        return Some("cites nothing".to_owned());
    }
    let (config, collection) = (checked.of.config, checked.collection);
    let months = EXCLUSIVE_MONTHS.number(USUAL_MONTHS, config, collection);
    let since = checked.of.today.checked_sub(months.months()).ok()?;
    let is_old = |key: &&CitationKey| {
        let entry = checked.of.works.get(key);
        let date = entry.and_then(|entry| entry.description().last_day());
        date.is_some_and(|date| date < since)
    };
    keys.iter()
        .all(is_old)
        .then(|| format!("rests on works of more than {months} months ago, such as `{}`", keys[0]))
}
