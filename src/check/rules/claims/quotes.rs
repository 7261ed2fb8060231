//! Quotations: whose words they are, and where they stand.

use std::ops::Range;

use crate::byte_set::ByteSet;
use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{before, holds_one, is_question, is_running_text, makes_claims};
use crate::citation::syntax::{Citation, Cite};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::body::HoleKind;
use crate::parse::text::BlockKind;
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

/// The first bytes of quotation marks.
const MARKS: ByteSet = ByteSet::new(b"\"\xc2\xe2");

/// The kinds of works that have pages or sections of their own to point at.
const LONG_KINDS: &[&str] = &["book", "chapter", "report", "thesis", "legislation", "legal_case"];

/// A quotation: the first sentence that it stands in, and its words in the text.
struct Quotation<'p> {
    sentence: &'p Sentence,
    inner: Range<usize>,
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
    let mut except = None;
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
            let except = except.get_or_insert_with(|| {
                QUOTE_EXCEPT.listed(checked.of.config, checked.page.id.lang())
            });
            let (text, start) = (prose.text(quotation.sentence), block[0].plain.start);
            if !holds_one(before(text, start, quotation.inner.start, INTRODUCTION), except) {
                report(checked, &quotation, findings);
            }
        }
    }
    for quotation in set_in(prose, &blocks) {
        let words = &prose.text(quotation.sentence)[quotation.inner.clone()];
        if word_count(words) >= length {
            report(checked, &quotation, findings);
        }
    }
}

fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
}

/// Tells whether `text` is written as titles are: every longer word with a capital.
fn is_title(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\u{2019}' && c != '\'');
    let mut long = words.filter(|word| word.chars().count() > 3);
    long.all(|word| !word.starts_with(char::is_lowercase))
}

/// Tells whether `quotation` is what its sentence speaks about: "\"Six times as many\" can mean
/// little". Where somebody said it, a comma or full stop would end it.
fn is_subject(prose: &Prose<'_>, quotation: &Quotation<'_>) -> bool {
    let (text, inner) = (prose.text(quotation.sentence), &quotation.inner);
    let begins = text[quotation.sentence.plain.start..inner.start].chars().count() <= 1;
    let ends = text[inner.clone()].ends_with(|c: char| c.is_ascii_punctuation());
    let mut after = text[inner.end..].chars().skip(1);
    let goes_on = after.next() == Some(' ') && after.next().is_some_and(char::is_lowercase);
    begins && !ends && goes_on
}

/// Returns the quotations of `block`.
fn in_block<'p>(prose: &'p Prose<'_>, block: &'p [Sentence]) -> Vec<Quotation<'p>> {
    let (first, last) = (&block[0], &block[block.len() - 1]);
    let (text, end) = (prose.text(first), last.plain.end);
    let mut found = Vec::new();
    let mut from = first.plain.start;
    while let Some(inner) = next_quotation(text, from, end) {
        from = inner.end + 1;
        while !text.is_char_boundary(from) {
            from += 1;
        }
        let touched = block.iter().filter(|s| s.plain.start < from && inner.start < s.plain.end);
        let touched: Vec<&Sentence> = touched.collect();
        let Some(sentence) = touched.first() else { continue };
        let citations = touched.iter().flat_map(|sentence| prose.citations(sentence)).collect();
        found.push(Quotation { sentence, inner, citations });
    }
    found
}

/// Returns what stands in the next pair of quotation marks of `text` between `from` and `end`.
fn next_quotation(text: &str, mut from: usize, end: usize) -> Option<Range<usize>> {
    loop {
        let start = from + MARKS.find(text.as_bytes().get(from..end)?)?;
        let Some(mark) = text.get(start..).and_then(|rest| rest.chars().next()) else {
            from = start + 1;
            continue;
        };
        from = start + mark.len_utf8();
        let closing: &[char] = match mark {
            '\u{201c}' => &['\u{201d}'],
            '\u{201e}' => &['\u{201c}', '\u{201d}'],
            '\u{ab}' => &['\u{bb}'],
            '"' => &['"'],
            _ => continue,
        };
        // A straight mark after a digit stands for inches.
        let opens = !text[..start].ends_with(char::is_alphanumeric)
            && !text[from..end].starts_with(char::is_whitespace);
        if let Some(length) = text[from..end].find(closing)
            && (opens || mark == '\u{ab}')
        {
            return Some(from..from + length);
        }
    }
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
        found.push(Quotation { sentence, inner, citations });
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
    body.holes.iter().filter_map(move |hole| {
        let HoleKind::Citation(index) = hole.kind else { return None };
        let citation = &body.citations[index];
        let last = last_before(&body.text, hole.at)?;
        let is_alone = cited_at(body, citation, hole.at).is_none();
        (is_alone && inner.contains(&last.start)).then_some(citation)
    })
}

fn report(checked: &CheckedPage<'_>, quotation: &Quotation<'_>, findings: &mut Findings) {
    let cites = || quotation.citations.iter().flat_map(|citation| &citation.cites);
    let found =
        |message: String| Diagnostic::new(&CLAIM_QUOTE_RULE, span(checked, quotation), message);
    if cites().next().is_none() {
        let message = "these words are quoted without a source".to_owned();
        findings.report(
            found(message).with_help("cite whose words they are, or say it in your own words"),
        );
    } else if let Some(cite) = cites().next().filter(|_| cites().all(|c| lacks_place(checked, c))) {
        let message = format!("the quotation does not say where in `{}` it stands", cite.key);
        let help = format!("give the page or section: `[@{}, p. 4]`", cite.key);
        let mut found = found(message).with_help(help);
        found.level = Level::Info;
        findings.report(found);
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
