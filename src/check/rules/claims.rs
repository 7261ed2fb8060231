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

use std::collections::BTreeSet;
use std::ops::Range;

use crate::check::hits::Hits;
use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{Said, first_of_each, is_running_text, makes_claims};
use crate::config::checks::{EXCEPT, IDIOMS};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};

use figures::{FigureWords, Strengths, may_hold_number};

pub(super) use quotes::{CLAIM_QUOTE, LENGTH, QUOTE_EXCEPT};
pub(super) use studies::{
    CLAIM_STUDY, STUDY_EXCEPT, STUDY_IDIOMS, STUDY_NOUNS, STUDY_VERBS, STUDY_WORDS,
};
pub(super) use times::{CLAIM_RELATIVE_TIME, TIME_EXCEPT, TIME_IDIOMS, TIME_UNITS, TIME_WORDS};

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
/// Words between the two with which it makes none.
pub(super) static STAT_APART: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "apart");
/// What makes a strength of the percentage beside it.
pub(super) static STAT_SUBSTANCES: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "substances");
/// Longer phrases that hold no figure.
pub(super) static STAT_IDIOMS: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, IDIOMS);

/// Words before a figure that make what is asked for of it, or a case.
pub(super) static STAT_EXCEPT: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, EXCEPT);
/// Words that no figure ends with.
pub(super) static STAT_UNFINISHED: RuleOption = RuleOption::words(&CLAIM_STAT_RULE, "unfinished");

/// How far before a figure, in its clause, such a word may stand, in bytes.
const ASKED: usize = 40;

/// What ends a clause.
const MARKS: &[char] = &[',', ';', ':', '\u{2014}', '('];

/// How far behind the name of a ratio its value may stand, in bytes.
const DECIMAL_REACH: usize = 24;

fn claim_stat(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let is_bare =
        |sentence: &Sentence| !sentence.cites && is_running_text(checked, prose, sentence);
    let ratios = prose.hits(&STAT_RATIOS);
    let given = ratios.iter().map(Said::from).filter(|said| has_decimal_after(prose, said));
    let mut found: Vec<Said<'_>> =
        prose.hits(&STAT_WORDS).iter().map(Said::from).chain(given).collect();
    let mut words = None;
    for sentence in prose.sentences() {
        if may_hold_number(prose.words(sentence)) && is_bare(sentence) {
            let words = words.get_or_insert_with(|| FigureWords::of(prose));
            found.extend(first_figure(prose, sentence, words, ratios));
        }
    }
    let cited = match WITHIN.is_word("paragraph", checked.of.config, checked.collection) {
        true => cited_blocks(prose),
        false => BTreeSet::new(),
    };
    let is_judged = |sentence: &Sentence| {
        is_bare(sentence) && !cited.contains(&(sentence.text, sentence.block))
    };
    let idioms = prose.hits(&STAT_IDIOMS);
    let counts = |said: &Said<'_>| {
        said.is_own(prose)
            && !idioms.is_part_of_one(said.sentence, &said.range)
            && !is_asked(prose, said)
    };
    for mut said in first_of_each(found, is_judged, counts) {
        said.range.end = finished(prose, &said);
        let figure = &prose.text(said.sentence)[said.range.clone()];
        let message = format!("`{figure}` is said without a source");
        let span = prose.span(checked, said.sentence, &said.range);
        findings.report(
            Diagnostic::new(&CLAIM_STAT_RULE, span, message)
                .with_help("cite what the figure is from, in the same sentence"),
        );
    }
}

/// Tells whether `said` is what readers are asked for, or a case: "fill it to 20%".
fn is_asked(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let (text, start) = (prose.text(said.sentence), said.range.start);
    let near = start.saturating_sub(ASKED).max(said.sentence.plain.start);
    let near = text.ceil_char_boundary(near).min(start);
    let clause = text[near..start].rfind(MARKS).map_or(near, |mark| near + mark);
    prose.hits(&STAT_EXCEPT).is_before(said.sentence, start, start - clause)
}

/// Returns the end of the figure `said`, with the next word where it ends with one that needs
/// another: "nine out of ten".
fn finished(prose: &Prose<'_>, said: &Said<'_>) -> usize {
    let (text, end) = (prose.text(said.sentence), said.range.end);
    let last = text[said.range.clone()].rsplit(char::is_whitespace).next().unwrap_or_default();
    let is_finished = prose.placed(&STAT_UNFINISHED).at_start(last) != Some(last.len());
    let rest = text.get(end..said.sentence.plain.end).unwrap_or_default();
    match rest.strip_prefix(' ') {
        Some(next) if !is_finished => {
            let word = next.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(next.len());
            if word == 0 { end } else { end + 1 + word }
        }
        _ => end,
    }
}

/// Returns the blocks in which a sentence cites: the text of each, and its index there.
fn cited_blocks(prose: &Prose<'_>) -> BTreeSet<(usize, usize)> {
    let cited = prose.sentences().iter().filter(|sentence| sentence.cites);
    cited.map(|sentence| (sentence.text, sentence.block)).collect()
}

/// Tells whether a number with decimals follows `said` closely in its sentence.
fn has_decimal_after(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let end = said.sentence.plain.end.min(said.range.end + DECIMAL_REACH);
    let rest = prose.text(said.sentence).as_bytes().get(said.range.end..end).unwrap_or_default();
    let mut triples = rest.windows(3);
    triples.any(|w| w[0].is_ascii_digit() && matches!(w[1], b'.' | b',') && w[2].is_ascii_digit())
}

/// Returns the first figure of `sentence` that the page gives itself and that is neither the
/// strength of what the text names beside it ("minoxidil 5%") nor the level of one of `ratios`
/// ("95% CI").
fn first_figure<'p>(
    prose: &'p Prose<'_>,
    sentence: &'p Sentence,
    words: &FigureWords<'_>,
    ratios: Hits<'_>,
) -> Option<Said<'p>> {
    let start = sentence.plain.start;
    let mut strengths = Strengths::default();
    for figure in figures::figures(prose.words(sentence), words) {
        let range = start + figure.start..start + figure.end;
        let is_share = prose.text(sentence)[range.clone()].ends_with('%');
        if is_share && strengths.hold(&range, || is_beside_name(prose, sentence, &range)) {
            continue;
        }
        let after = range.end..range.end + "\u{a0}".len() + 1;
        let said = Said { sentence, range };
        let is_level = !ratios.beginning_in(sentence, after).is_empty();
        if !is_level && said.is_own(prose) && !is_asked(prose, &said) {
            return Some(said);
        }
    }
    None
}

/// Tells whether the name of an entity stands right before or after `figure`.
fn is_beside_name(prose: &Prose<'_>, sentence: &Sentence, figure: &Range<usize>) -> bool {
    let text = prose.text(sentence);
    let is_space = |between: Range<usize>| {
        let between = text.get(between).filter(|between| between.len() <= "\u{202f}".len());
        between.is_some_and(|between| between.chars().count() == 1)
    };
    let mentions = prose.mentions(sentence);
    let after = mentions.partition_point(|mention| mention.plain.start() < figure.start);
    let before = after.checked_sub(1).map(|before| &mentions[before]);
    before.is_some_and(|mention| is_space(mention.plain.end()..figure.start))
        || mentions.get(after).is_some_and(|mention| is_space(figure.end..mention.plain.start()))
}
