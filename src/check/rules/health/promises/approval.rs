//! Approvals that the text reports and the entity's own record does not hold.

use std::sync::Arc;

use serde_json::Value;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::{Said, first_of_each, is_question, is_running_text};
use crate::config::checks::IDIOMS;
use crate::config::{Field, FieldType, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::page::FieldValue;

static CLAIM_APPROVAL_RULE: Rule = Rule {
    id: "claim-approval",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A sentence says that an authority has approved a treatment, and no indication \
        on the treatment's page names that authority with the status of an approval: it is not \
        evidenced here. Of the page's own subject it is understood where the sentence names it, or \
        says \"it\" or \"the drug\" (option `pronouns`).",
};

/// Approvals without a record.
pub(in crate::check::rules) static CLAIM_APPROVAL: Lint =
    Lint { rule: &CLAIM_APPROVAL_RULE, check: Check::Page(claim_approval) };

const fn option_of_approval(name: &'static str, kind: OptionKind) -> RuleOption {
    RuleOption { rule: &CLAIM_APPROVAL_RULE, name, kind }
}

/// Words that speak of an approval.
pub(in crate::check::rules) static APPROVAL_WORDS: RuleOption =
    option_of_approval("words", OptionKind::Words);
/// Words with which it is denied, or yet to come.
pub(in crate::check::rules) static APPROVAL_EXCEPT: RuleOption =
    option_of_approval("except", OptionKind::Words);
/// Words that end what such a word denies.
pub(in crate::check::rules) static APPROVAL_TURNS: RuleOption =
    option_of_approval("turns", OptionKind::Words);
/// Who approves and is no authority.
pub(in crate::check::rules) static APPROVAL_OTHERS: RuleOption =
    option_of_approval("others", OptionKind::Words);
/// Longer phrases in which they speak of none.
pub(in crate::check::rules) static APPROVAL_IDIOMS: RuleOption =
    option_of_approval(IDIOMS, OptionKind::Words);
/// What stands for the subject of the page.
pub(in crate::check::rules) static APPROVAL_PRONOUNS: RuleOption =
    option_of_approval("pronouns", OptionKind::Words);
/// The names of authorities, each with the one that records use.
pub(in crate::check::rules) static APPROVAL_AUTHORITIES: RuleOption =
    option_of_approval("authorities", OptionKind::Pairs);
/// The words of records that stand for an approval.
pub(in crate::check::rules) static APPROVAL_STATUS: RuleOption =
    option_of_approval("status", OptionKind::Texts);

/// How far before the word for an approval one for the subject may stand, in bytes: "it was
/// first approved".
const BESIDE: usize = 16;

/// How far before that word the one for who approves may stand, in bytes.
const OTHERS: usize = 30;

/// How far from the name of an authority the word for its approval may stand, in bytes.
const REACH: usize = 80;

fn claim_approval(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let prose = checked.prose();
    let found: Vec<Said<'_>> = prose.hits(&APPROVAL_WORDS).iter().map(Said::from).collect();
    if found.is_empty() {
        return;
    }
    let idioms = prose.hits(&APPROVAL_IDIOMS);
    let is_judged = |sentence: &Sentence| {
        is_running_text(checked, prose, sentence) && !is_question(prose.words(sentence))
    };
    let mut last: Option<NamedAuthorities<'_>> = None;
    let mut authority = |said: &Said<'_>| {
        let known = last.take().filter(|named| named.are_in(said.sentence));
        let named = known.unwrap_or_else(|| NamedAuthorities::of(checked, said.sentence));
        last.insert(named).beside(said)
    };
    let counts = |said: &Said<'_>| {
        said.is_own(prose)
            && !idioms.is_part_of_one(said.sentence, &said.range)
            && !is_denied(prose, said)
            && !is_of_another(prose, said)
            && authority(said).is_some()
    };
    for said in first_of_each(found, is_judged, counts) {
        if let Some(authority) = authority(&said) {
            report(checked, &said, authority, findings);
        }
    }
}

/// Tells whether what `said` speaks of is denied in its part of the sentence, between the turns
/// before and behind it.
fn is_denied(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let (turns, sentence) = (prose.hits(&APPROVAL_TURNS), said.sentence);
    let before = turns.beginning_in(sentence, sentence.plain.start..said.range.start).last();
    let after = turns.beginning_in(sentence, said.range.end..sentence.plain.end).first();
    let start = before.map_or(sentence.plain.start, |turn| turn.start);
    let end = after.map_or(sentence.plain.end, |turn| turn.start);
    !prose.hits(&APPROVAL_EXCEPT).beginning_in(sentence, start..end).is_empty()
}

/// Tells whether it is not an authority that approves: "your insurer has approved it".
fn is_of_another(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let near = said.range.start.saturating_sub(OTHERS).max(said.sentence.plain.start);
    let others = prose.hits(&APPROVAL_OTHERS);
    let other = others.beginning_in(said.sentence, near..said.range.start).last();
    other.is_some_and(|other| {
        let between = prose.text(said.sentence).get(other.end..said.range.start);
        between.is_some_and(|between| {
            !between.contains([',', ';', ':']) && !between.contains(char::is_uppercase)
        })
    })
}

/// Reports the entity that the sentence of `said` speaks of, the page's own where it names
/// none, if no record of it names `authority`.
fn report(checked: &CheckedPage<'_>, said: &Said<'_>, authority: &str, findings: &mut Findings) {
    let prose = checked.prose();
    let mentions = prose.mentions(said.sentence).iter();
    let with_approvals = mentions.filter_map(|mention| {
        let id = mention.target()?;
        Some((mention.plain.start().abs_diff(said.range.start), id, approvals(checked, id)?))
    });
    let nearest = with_approvals.min_by_key(|(distance, ..)| *distance);
    let own = || {
        let speaks_of_own = speaks_of_own(prose, said);
        speaks_of_own.then_some((0, &checked.page.id, approvals(checked, &checked.page.id)?))
    };
    let Some((_, id, approvals)) = nearest.or_else(own) else { return };
    if approvals.name(checked, authority) {
        return;
    }
    let Some(card) = checked.card(id) else { return };
    let message = format!("approval of “{}” by the {authority} is not evidenced", card.title);
    let span = prose.span(checked, said.sentence, &said.range);
    findings.report(Diagnostic::new(&CLAIM_APPROVAL_RULE, span, message).with_help(format!(
        "record it on the page of “{}”, with date and source, or say what is on record there",
        card.title
    )));
}

/// Tells whether the sentence of `said`, which names no entity, is about the page's own: it begins
/// with the approval or with a word that stands for the subject, or has such a word right beside
/// the approval.
fn speaks_of_own(prose: &Prose<'_>, said: &Said<'_>) -> bool {
    let pronouns = prose.placed(&APPROVAL_PRONOUNS);
    let (text, start) = (prose.text(said.sentence), said.sentence.plain.start);
    let near = text.ceil_char_boundary(said.range.start.saturating_sub(BESIDE)).max(start);
    let before = &text[near..said.range.start];
    // "FDA-approved", too, begins with the approval.
    let begins = near == start && !before.contains(char::is_whitespace);
    let words = before.match_indices(char::is_whitespace).map(|(at, space)| at + space.len());
    let is_pronoun = |text: &str| pronouns.at_start(text).is_some();
    begins
        || is_pronoun(&text[start..])
        || is_pronoun(text[said.range.end..].trim_start())
        || words.into_iter().any(|at| is_pronoun(&before[at..]))
}

/// The records of the approvals of a page, and the field that holds them.
struct Approvals<'a> {
    field: &'a Field,
    records: &'a [FieldValue],
}

/// Returns the approvals of the page `id`; `None` where its collection has no field for them.
fn approvals<'a>(checked: &CheckedPage<'a>, id: &PageId) -> Option<Approvals<'a>> {
    let config = checked.of.config;
    let (collection, fields) = match *id == checked.page.id {
        true => (checked.collection?, Some(&checked.page.front.fields)),
        false => {
            let name = checked.card(id)?.collection.as_ref()?;
            (config.collections.get(name)?, checked.reader.fields(id))
        }
    };
    let field = collection.field_with_role(Role::Approval)?;
    let records = match fields.and_then(|fields| fields.get(&field.name)) {
        Some(FieldValue::List(records)) => records,
        Some(record) => std::slice::from_ref(record),
        None => &[],
    };
    Some(Approvals { field, records })
}

impl Approvals<'_> {
    /// Tells whether one of the records names `authority` and has the status of an approval, or
    /// none, as where an authority clears what it does not approve.
    fn name(&self, checked: &CheckedPage<'_>, authority: &str) -> bool {
        let status: Vec<&str> =
            APPROVAL_STATUS.texts(checked.of.config, checked.collection).collect();
        self.records.iter().any(|record| {
            let FieldValue::Record(record) = record else { return false };
            let texts: Vec<Arc<str>> = record.values().flat_map(FieldValue::texts).collect();
            let is_named =
                |name: &str| texts.iter().any(|text| places_of(text, name).next().is_some());
            let mut words = self.words(record).peekable();
            let is_approval = words.peek().is_none() || words.any(|word| status.contains(&word));
            is_approval
                && (is_named(authority)
                    || authorities(checked)
                        .any(|(name, short)| short == authority && is_named(name)))
        })
    }

    /// Returns the words of `record` that are of an enumeration.
    fn words<'r>(
        &self,
        record: &'r IndexMap<Arc<str>, FieldValue>,
    ) -> impl Iterator<Item = &'r str> {
        let fields = match self.field.ty.innermost() {
            FieldType::Record(fields) => Some(fields),
            _ => None,
        };
        let is_word = move |name: &Arc<str>| {
            let field = fields.and_then(|fields| fields.get(name));
            field.is_some_and(|field| matches!(field.ty.innermost(), FieldType::Enum(_)))
        };
        record.iter().filter_map(move |(name, value)| match value {
            FieldValue::Text(word) if is_word(name) => Some(&**word),
            _ => None,
        })
    }
}

/// Returns the names of authorities, each with the one that records use.
fn authorities<'a>(checked: &CheckedPage<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let checks = &checked.of.config.checks;
    let option =
        checks.option(CLAIM_APPROVAL_RULE.id, APPROVAL_AUTHORITIES.name, checked.collection);
    let names = option.and_then(Value::as_object).into_iter().flatten();
    let names = names.filter(|(name, _)| !name.is_empty());
    names.filter_map(|(name, short)| Some((name.as_str(), short.as_str()?)))
}

/// The authorities that a sentence names, by place: where each stands in the text, and the name
/// that records use.
struct NamedAuthorities<'a> {
    /// The text, and the start of the sentence.
    sentence: (usize, usize),
    named: Vec<(usize, &'a str)>,
}

impl<'a> NamedAuthorities<'a> {
    fn of(checked: &CheckedPage<'a>, sentence: &Sentence) -> Self {
        let (words, start) = (checked.prose().words(sentence), sentence.plain.start);
        let named = authorities(checked)
            .flat_map(|(name, short)| places_of(words, name).map(move |at| (start + at, short)));
        let mut named: Vec<_> = named.collect();
        named.sort_unstable();
        Self { sentence: (sentence.text, start), named }
    }

    fn are_in(&self, sentence: &Sentence) -> bool {
        self.sentence == (sentence.text, sentence.plain.start)
    }

    /// Returns the one whose name stands nearest to the word for an approval at `said`.
    fn beside(&self, said: &Said<'_>) -> Option<&'a str> {
        let at = said.range.start;
        let after = self.named.partition_point(|(named, _)| *named < at);
        let before = after.checked_sub(1).and_then(|before| self.named.get(before));
        let near = before.into_iter().chain(self.named.get(after));
        let near = near.map(|(named, short)| (named.abs_diff(at), *short));
        let near = near.filter(|(distance, _)| *distance <= REACH);
        near.min_by_key(|(distance, _)| *distance).map(|(_, short)| short)
    }
}

/// Returns where `name` stands in `text` as a whole word, written as it is.
fn places_of<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let places = text.match_indices(name).filter(move |(at, _)| {
        !is_part(text[..*at].chars().next_back())
            && !is_part(text[at + name.len()..].chars().next())
    });
    places.map(|(at, _)| at)
}
