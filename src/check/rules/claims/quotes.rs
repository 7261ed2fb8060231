//! Quotations: whose words they are, and where they stand.

use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{Marks, is_question, is_running_text, makes_claims};
use crate::citation::CitationKey;
use crate::citation::syntax::{Citation, Cite};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::body::{Hole, HoleKind};
use crate::parse::text::BlockKind;
use crate::phrases::is_unspaced;
use crate::resolve::citing::{cited_at, last_before};
use crate::source::Span;

static CLAIM_QUOTE_RULE: Rule = Rule {
    id: "claim-quote",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A quotation of four words or more (option `length`) cites nothing, so that \
        nobody can look up whose words they are; at level info, the citation does not say where \
        in the work they stand. Titles and questions do not count.",
};

/// Quotations without a source.
pub(in crate::check::rules) static CLAIM_QUOTE: Lint =
    Lint { rule: &CLAIM_QUOTE_RULE, check: Check::Page(claim_quote) };

/// From how many words on a quotation counts.
pub(in crate::check::rules) static LENGTH: RuleOption =
    RuleOption { rule: &CLAIM_QUOTE_RULE, name: "length", kind: OptionKind::Number(1000) };
/// Words before what stands in quotation marks and is nobody's words.
pub(in crate::check::rules) static QUOTE_EXCEPT: RuleOption =
    RuleOption::words(&CLAIM_QUOTE_RULE, "except");

const USUAL_LENGTH: i64 = 4;

/// How far before a quotation the word may stand that says what it is, in bytes.
const INTRODUCTION: usize = 20;

/// The kinds of works that have pages or sections of their own to point at.
const LONG_KINDS: &[&str] = &["book", "chapter", "report", "thesis", "legislation", "legal_case"];

/// A quotation: the first sentence that it stands in, its words in the text, and the sentences
/// and citations that say whose they are.
struct Quotation<'p> {
    sentence: &'p Sentence,
    inner: Range<usize>,
    near: &'p [Sentence],
    citations: Vec<&'p Citation>,
}

fn claim_quote(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !makes_claims(checked) {
        return;
    }
    let prose = checked.prose();
    let length = LENGTH.number(USUAL_LENGTH, checked.of.config, checked.collection);
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let blocks: Vec<&[Sentence]> =
        prose.sentences().chunk_by(|a, b| (a.text, a.block) == (b.text, b.block)).collect();
    let except = prose.hits(&QUOTE_EXCEPT);
    let mut sources = Sources::default();
    for block in &blocks {
        if !is_running_text(checked, prose, &block[0]) {
            continue;
        }
        for quotation in in_block(prose, block) {
            let words = &prose.text(quotation.sentence)[quotation.inner.clone()];
            let is_meant =
                !is_title(words) && !is_question(words) && !is_subject(prose, &quotation);
            if word_count(words) < length || !is_meant {
                continue;
            }
            // The sentence before may say what it is: "The term is this. \"...\"".
            let start =
                block[0].plain.start.max(quotation.inner.start.saturating_sub(INTRODUCTION));
            let before = except.beginning_in(quotation.sentence, start..quotation.inner.start);
            if before.is_empty() {
                report(checked, &quotation, &mut sources, findings);
            }
        }
    }
    for quotation in set_in(prose, &blocks) {
        let words = &prose.text(quotation.sentence)[quotation.inner.clone()];
        if word_count(words) >= length {
            report(checked, &quotation, &mut sources, findings);
        }
    }
}

/// Returns how many words `text` has; where no spaces part them, two letters count as one.
fn word_count(text: &str) -> usize {
    let words = text.split_whitespace().map(|word| {
        let unspaced = word.chars().filter(|c| is_unspaced(*c) && c.is_alphanumeric()).count();
        unspaced.div_ceil(2).max(usize::from(word.contains(char::is_alphanumeric)))
    });
    words.sum()
}

/// Tells whether `text` is written as titles are: every longer word with a capital, or a figure.
/// Where letters have no case, nothing tells.
fn is_title(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\u{2019}' && c != '\'');
    let mut long = words.filter(|word| word.chars().nth(3).is_some());
    long.all(|word| word.starts_with(|c: char| c.is_uppercase() || c.is_numeric()))
}

/// Tells whether `quotation` is what its sentence speaks about: "\"Six times as many\" can mean
/// little". Where somebody said it, a comma or full stop would end it.
fn is_subject(prose: &Prose<'_>, quotation: &Quotation<'_>) -> bool {
    let (text, inner) = (prose.text(quotation.sentence), &quotation.inner);
    // The sentence before may end at the mark.
    let before = text.get(quotation.sentence.plain.start..inner.start);
    let begins = before.is_some_and(|before| before.chars().nth(1).is_none());
    let ends = text[inner.clone()].ends_with(|c: char| c.is_ascii_punctuation());
    let mut after = text[inner.end..].chars().skip(1);
    let goes_on = after.next() == Some(' ') && after.next().is_some_and(char::is_lowercase);
    begins && !ends && goes_on
}

/// Returns the quotations of `block`.
fn in_block<'p>(prose: &'p Prose<'_>, block: &'p [Sentence]) -> Vec<Quotation<'p>> {
    let (first, last) = (&block[0], &block[block.len() - 1]);
    let mut found = Vec::new();
    let mut marks = Marks::of(prose.text(first), first.plain.start..last.plain.end);
    while let Some(inner) = marks.next_quotation() {
        let start = block.partition_point(|sentence| sentence.plain.end <= inner.start);
        let end = block.partition_point(|sentence| sentence.plain.start < marks.place());
        let near = block.get(start..end).unwrap_or_default();
        let Some(sentence) = near.first() else { continue };
        found.push(Quotation { sentence, inner, near, citations: Vec::new() });
    }
    found
}

/// Returns the quotations that are blocks of their own: what follows one without other text
/// between is a part of it.
fn set_in<'p>(prose: &'p Prose<'_>, blocks: &[&'p [Sentence]]) -> Vec<Quotation<'p>> {
    let is_quotation = |block: &[Sentence]| block[0].kind == BlockKind::Quotation;
    let mut found = Vec::new();
    let mut at = 0;
    for group in blocks.chunk_by(|a, b| {
        is_quotation(a) && is_quotation(b) && a[0].text == b[0].text && a[0].block + 1 == b[0].block
    }) {
        let start = at;
        at += group.len();
        if !is_quotation(group[0]) {
            continue;
        }
        let sentence = &group[0][0];
        let last = group.last().and_then(|block| block.last()).unwrap_or(sentence);
        let inner = sentence.plain.start..last.plain.end;
        let same_text = |block: &&&'p [Sentence]| block[0].text == sentence.text;
        // Who introduces a quotation ends with a colon; who names it after it, with a dash.
        let before = start.checked_sub(1).and_then(|before| blocks.get(before));
        let before = before.filter(same_text).and_then(|block| block.last());
        let before = before.filter(|sentence| prose.words(sentence).ends_with(':'));
        let after = blocks.get(at).filter(same_text).and_then(|block| block.first());
        let after = after.filter(|s| prose.words(s).starts_with(['\u{2014}', '\u{2013}', '-']));
        let all = group.iter().flat_map(|block| block.iter()).chain(before).chain(after);
        let mut citations: Vec<&Citation> = all.flat_map(|s| prose.citations(s)).collect();
        citations.extend(standing_after(prose, sentence, &inner));
        found.push(Quotation { sentence, inner, near: &[], citations });
    }
    found
}

/// Returns the citations that stand by themselves right after the quotation `inner`.
fn standing_after<'p>(
    prose: &Prose<'p>,
    sentence: &Sentence,
    inner: &Range<usize>,
) -> impl Iterator<Item = &'p Citation> {
    let body = prose.body(sentence);
    let place = |hole: &Hole| last_before(&body.text, hole.at).map(|last| last.start);
    let first = body.holes.partition_point(|hole| place(hole) < Some(inner.start));
    let end = body.holes.partition_point(|hole| place(hole) < Some(inner.end));
    body.holes[first..end.max(first)].iter().filter_map(|hole| {
        let HoleKind::Citation(index) = hole.kind else { return None };
        let citation = &body.citations[index];
        cited_at(body, citation, hole.at).is_none().then_some(citation)
    })
}

/// What stands behind a quotation.
#[derive(Clone, Debug)]
enum Source {
    /// Nothing is cited.
    None,
    /// Works are cited, this one first, and none with the place of the words.
    NoPlace(CitationKey),
    Place,
}

impl Source {
    fn of<'p>(checked: &CheckedPage<'_>, citations: impl Iterator<Item = &'p Citation>) -> Self {
        let mut cites = citations.flat_map(|citation| &citation.cites);
        match cites.next() {
            None => Self::None,
            Some(first) => {
                match lacks_place(checked, first) && cites.all(|c| lacks_place(checked, c)) {
                    true => Self::NoPlace(first.key.clone()),
                    false => Self::Place,
                }
            }
        }
    }
}

/// What stands behind the quotations of the sentences that were asked for last.
#[derive(Default)]
struct Sources<'p> {
    last: Option<(&'p [Sentence], Source)>,
}

impl<'p> Sources<'p> {
    fn behind(&mut self, checked: &CheckedPage<'_>, quotation: &Quotation<'p>) -> Source {
        let near = quotation.near;
        if near.is_empty() {
            return Source::of(checked, quotation.citations.iter().copied());
        }
        match &self.last {
            Some((of, source)) if std::ptr::eq(*of, near) => source.clone(),
            _ => {
                let prose = checked.prose();
                let citations = near.iter().flat_map(|sentence| prose.citations(sentence));
                let source = Source::of(checked, citations);
                self.last.insert((near, source)).1.clone()
            }
        }
    }
}

fn report<'p>(
    checked: &CheckedPage<'_>,
    quotation: &Quotation<'p>,
    sources: &mut Sources<'p>,
    findings: &mut Findings,
) {
    let found =
        |message: String| Diagnostic::new(&CLAIM_QUOTE_RULE, span(checked, quotation), message);
    match sources.behind(checked, quotation) {
        Source::None => {
            let message = "these words are quoted without a source".to_owned();
            findings.report(
                found(message).with_help("cite whose words they are, or say it in your own words"),
            );
        }
        Source::NoPlace(key) => {
            let message = format!("the quotation does not say where in `{key}` it stands");
            let help = format!("give the page or section: `[@{key}, p. 4]`");
            let mut found = found(message).with_help(help);
            found.level = Level::Info;
            findings.report(found);
        }
        Source::Place => {}
    }
}

/// Tells whether `cite` names a work of several pages and no place in it.
fn lacks_place(checked: &CheckedPage<'_>, cite: &Cite) -> bool {
    let Some(entry) = checked.of.works.get(&cite.key) else { return false };
    let record = entry.description();
    // A single number is that of the article.
    let has_pages = record.pages.as_ref().is_some_and(|p| p.contains(['-', '\u{2013}']));
    let is_long = has_pages || LONG_KINDS.contains(&record.kind);
    is_long && cite.locator.is_none() && cite.suffix.trim().is_empty()
}

/// Returns the place of the quotation, or of its first word where the source spells it in
/// another way.
fn span(checked: &CheckedPage<'_>, quotation: &Quotation<'_>) -> Span {
    let (prose, inner) = (checked.prose(), &quotation.inner);
    let words = &prose.text(quotation.sentence)[inner.clone()];
    let first = inner.start..inner.start + words.find(' ').unwrap_or(words.len());
    let whole = prose.span(checked, quotation.sentence, inner);
    match whole.start < whole.end && quotation.sentence.kind != BlockKind::Quotation {
        true => whole,
        false => prose.span(checked, quotation.sentence, &first),
    }
}
