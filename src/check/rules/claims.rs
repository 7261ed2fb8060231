//! Claims that rest on no source: figures, studies, quotations, and words that date.
//!
//! Each rule looks at the sentences of the page's running text that hold a digit or one of
//! its words, and reports a sentence once, at the first place that it objects to.

mod figures;
mod quotes;
mod studies;
#[cfg(test)]
mod tests;
mod times;

use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{Said, first_of_each, is_running_text, makes_claims, mentions_in};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};

use figures::{FigureWords, may_hold_number};

pub(super) use quotes::{CLAIM_QUOTE, LENGTH, QUOTE_EXCEPT};
pub(super) use studies::{CLAIM_STUDY, STUDY_EXCEPT, STUDY_NOUNS, STUDY_VERBS, STUDY_WORDS};
pub(super) use times::{CLAIM_RELATIVE_TIME, TIME_IDIOMS, TIME_WORDS};

static CLAIM_STAT_RULE: Rule = Rule {
    id: "claim-stat",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A sentence gives a percentage, a part of a whole, a multiple, a p value or a \
        ratio, and cites nothing. Doses, ages and dates do not count. With `within = \
        \"paragraph\"` one citation serves its paragraph.",
};

/// Figures without a source.
pub(super) static CLAIM_STAT: Lint =
    Lint { rule: &CLAIM_STAT_RULE, check: Check::Page(claim_stat) };

/// Where the citation of a figure may stand.
pub(super) static WITHIN: RuleOption = RuleOption {
    rule: &CLAIM_STAT_RULE,
    name: "within",
    kind: OptionKind::Word(&["sentence", "paragraph"]),
};

/// Figures in words.
pub(super) static STAT_WORDS: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "words");
/// Names of ratios, which are figures where a decimal follows.
pub(super) static STAT_RATIOS: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "ratios");
/// What makes a figure of the number before it.
pub(super) static STAT_UNITS: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "units");
/// What stands between a part and its whole.
pub(super) static STAT_BETWEEN: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "between");
/// What makes an ordinal of the numbers after it.
pub(super) static STAT_LABELS: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "labels");
/// What makes a measure of the whole before it.
pub(super) static STAT_MEASURES: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "measures");
/// What makes a strength of the percentage before it.
pub(super) static STAT_FORMS: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "forms");

fn claim_stat(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let by_paragraph = WITHIN.is_word("paragraph", checked.of.config, checked.collection);
    let is_bare = |sentence: &Sentence| {
        let cites = match by_paragraph {
            true => prose.block_of(sentence).iter().any(|sentence| sentence.cites),
            false => sentence.cites,
        };
        !cites && is_running_text(checked, prose, sentence)
    };
    let ratios: Vec<Said<'_>> =
        prose.found_of(checked, CLAIM_STAT_RULE.id, "ratios").map(Said::from).collect();
    let in_words = prose.found(checked, CLAIM_STAT_RULE.id).map(Said::from);
    let mut found: Vec<Said<'_>> = in_words.filter(|said| is_bare(said.sentence)).collect();
    let given = |said: &&Said<'_>| is_bare(said.sentence) && has_decimal_after(prose, said);
    found.extend(ratios.iter().filter(given).cloned());
    let mut words = None;
    for sentence in prose.sentences() {
        if !may_hold_number(prose.words(sentence)) || !is_bare(sentence) {
            continue;
        }
        let words = words.get_or_insert_with(|| figure_words(checked));
        let figure = first_figure(checked, sentence, words, &ratios);
        found.extend(figure.map(|range| Said { sentence, range }));
    }
    found.retain(|said| said.is_running_text(checked, prose) && !said.is_quoted(prose));
    for said in first_of_each(found) {
        let figure = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("`{figure}` is said without a source");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_STAT_RULE, span, message)
                .with_help("cite what the figure is from, in the same sentence"),
        );
    }
}

fn figure_words<'a>(checked: &CheckedPage<'a>) -> FigureWords<'a> {
    let listed = |option: &RuleOption| option.listed(checked.of.config, checked.page.id.lang());
    FigureWords {
        units: listed(&STAT_UNITS),
        between: listed(&STAT_BETWEEN),
        labels: listed(&STAT_LABELS),
        measures: listed(&STAT_MEASURES),
        forms: listed(&STAT_FORMS),
    }
}

/// Tells whether a number with decimals follows `said` in its sentence.
fn has_decimal_after(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let rest = prose.text(said.sentence).as_bytes();
    let rest = rest.get(said.range.end..said.sentence.plain.end).unwrap_or_default();
    let mut triples = rest.windows(3);
    triples.any(|w| w[0].is_ascii_digit() && matches!(w[1], b'.' | b',') && w[2].is_ascii_digit())
}

/// Returns the first figure of `sentence` that is neither the strength of what the text
/// names beside it ("minoxidil 5%") nor the level of one of `ratios` ("95% CI").
fn first_figure(
    checked: &CheckedPage<'_>,
    sentence: &Sentence,
    words: &FigureWords<'_>,
    ratios: &[Said<'_>],
) -> Option<Range<usize>> {
    /// How far the next strength of the same may be: "2% and 5%", "1%, 2% or 5%".
    const NEAR: usize = 6;
    let prose = checked.prose();
    let start = sentence.plain.start;
    let mut strength_end = None;
    for figure in figures::figures(prose.words(sentence), words) {
        let figure = start + figure.start..start + figure.end;
        let is_level = ratios.iter().any(|ratio| {
            let gap = ratio.range.start.checked_sub(figure.end);
            ratio.sentence == sentence && gap.is_some_and(|gap| gap <= "\u{a0}".len())
        });
        let goes_on =
            strength_end.is_some_and(|end: usize| figure.start.saturating_sub(end) <= NEAR);
        let is_share = prose.text(sentence)[figure.clone()].ends_with('%');
        if is_share && (goes_on || is_beside_name(checked, sentence, &figure)) {
            strength_end = Some(figure.end);
        } else if !is_level {
            return Some(figure);
        }
    }
    None
}

/// Tells whether the name of an entity stands right before or after `figure`.
fn is_beside_name(checked: &CheckedPage<'_>, sentence: &Sentence, figure: &Range<usize>) -> bool {
    let prose = checked.prose();
    let text = prose.text(sentence);
    let is_space = |between: Range<usize>| {
        text.get(between).is_some_and(|between| between.chars().count() == 1)
    };
    let mut mentions = mentions_in(checked, prose, sentence, sentence.plain.clone());
    mentions.any(|mention| {
        let name = mention.plain.range();
        is_space(name.end..figure.start) || is_space(figure.end..name.start)
    })
}
