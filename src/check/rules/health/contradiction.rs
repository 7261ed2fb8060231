//! Evidence that contradicts itself: one outcome of one treatment, and two values for it.
//!
//! A record says something of the treatment on whose page it stands, or that its page is about,
//! if that is only one. A page is compared with what its treatment's page says, and with other
//! pages about the treatment; of two such, the later by id has the finding.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::config::{Collection, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::FieldPath;
use crate::parse::page::FieldValue;
use crate::parse::text::fold;
use crate::resolve::names::page_named;
use crate::source::Span;

use super::{collection_of, holds_treatments, items};

static CLAIM_CONTRADICTION_RULE: Rule = Rule {
    id: "claim-contradiction",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "Two records of evidence on one treatment agree in the fields of option `same`, \
        as far as both have them, and their values in one of the fields `values` differ by more \
        than 20 percent of the greater (option `tolerance`): one may be mistyped, or what sets \
        them apart is not said. Compared are the first numbers, where the same words stand before \
        and the same unit behind.",
};

/// Two values for one outcome.
pub(in crate::check::rules) static CLAIM_CONTRADICTION: Lint =
    Lint { rule: &CLAIM_CONTRADICTION_RULE, check: Check::Page(claim_contradiction) };

/// The fields in which records about the same thing agree; all have the first.
pub(in crate::check::rules) static CONTRADICTION_SAME: RuleOption =
    RuleOption { rule: &CLAIM_CONTRADICTION_RULE, name: "same", kind: OptionKind::Texts };

/// The fields that hold values.
pub(in crate::check::rules) static CONTRADICTION_VALUES: RuleOption =
    RuleOption { rule: &CLAIM_CONTRADICTION_RULE, name: "values", kind: OptionKind::Texts };

/// By how many percent values may differ.
pub(in crate::check::rules) static CONTRADICTION_TOLERANCE: RuleOption = RuleOption {
    rule: &CLAIM_CONTRADICTION_RULE,
    name: "tolerance",
    kind: OptionKind::Number(100),
};

const USUAL_TOLERANCE: i64 = 20;

/// With how many other pages a page is compared at most.
const MOST_PAGES: usize = 64;

type Record = IndexMap<Arc<str>, FieldValue>;

/// A record, with what is compared of it.
struct Told<'a> {
    record: &'a Record,
    /// Its place in the page that is checked; `None` for another page's.
    path: Option<FieldPath>,
    page: &'a PageId,
    /// What it is about, field by field.
    about: Vec<Option<String>>,
    /// Its values, field by field.
    measures: Vec<Option<Measure>>,
}

/// What makes a contradiction.
struct Terms<'a> {
    same: Vec<&'a str>,
    values: Vec<&'a str>,
    /// In percent of the greater value.
    tolerance: f64,
}

fn claim_contradiction(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = checked.collection else { return };
    let (id, fields) = (&checked.page.id, &checked.page.front.fields);
    let terms = Terms::of(checked);
    let own = terms.told(checked, id, collection, fields);
    if own.is_empty() {
        return;
    }
    let Some(treatment) = treatment_of(checked, id, collection, fields) else { return };
    let others: Vec<Told<'_>> = match treatment == *id {
        true => Vec::new(),
        false => others(checked, &terms, &treatment),
    };
    let mut by_outcome: BTreeMap<&str, Vec<&Told<'_>>> = BTreeMap::new();
    for told in &others {
        by_outcome.entry(told.outcome()).or_default().push(told);
    }
    for told in &own {
        let earlier = by_outcome.entry(told.outcome()).or_default();
        for (at, name) in terms.values.iter().enumerate() {
            if let Some(other) = earlier.iter().find(|other| terms.are_broken(at, told, other)) {
                report(checked, name, [told, other], findings);
            }
        }
        earlier.push(told);
    }
}

/// Reports that the field `name` of the first record is another than that of the second.
fn report(
    checked: &CheckedPage<'_>,
    name: &str,
    [own, other]: [&Told<'_>; 2],
    findings: &mut Findings,
) {
    let place = |path: &FieldPath| checked.field_span(&path.clone().name(Arc::from(name)));
    let said = |told: &Told<'_>| text(told.record, name).unwrap_or_default();
    let Some(path) = &own.path else { return };
    let (elsewhere, where_else) = match &other.path {
        Some(path) => (Some(place(path)), "in another record".to_owned()),
        None => {
            let card = checked.card(other.page);
            let title = card.map_or(other.page.path(), |card| &card.title);
            let source = card.and_then(|card| card.source.clone());
            (source.map(Span::file), format!("on “{title}”"))
        }
    };
    let message = format!(
        "`{name}` of the same outcome is `{}` here and `{}` {where_else}",
        said(own),
        said(other)
    );
    let found = Diagnostic::new(&CLAIM_CONTRADICTION_RULE, place(path), message)
        .with_help("correct one, or say what sets them apart, such as the population or the time");
    findings.report(match elsewhere {
        Some(span) => found.with_related(span, "the other value"),
        None => found,
    });
}

impl Told<'_> {
    /// Returns what the record measures: the first of what it is about.
    fn outcome(&self) -> &str {
        self.about.first().and_then(Option::as_deref).unwrap_or_default()
    }
}

impl<'a> Terms<'a> {
    fn of(checked: &CheckedPage<'a>) -> Self {
        let (config, collection) = (checked.of.config, checked.collection);
        Self {
            same: CONTRADICTION_SAME.texts(config, collection).collect(),
            values: CONTRADICTION_VALUES.texts(config, collection).collect(),
            tolerance: CONTRADICTION_TOLERANCE.number(USUAL_TOLERANCE, config, collection) as f64,
        }
    }

    /// Returns the records of evidence among `fields` of the page `id` that say what they measure.
    fn told<'p>(
        &self,
        checked: &CheckedPage<'_>,
        id: &'p PageId,
        collection: &Collection,
        fields: &'p Record,
    ) -> Vec<Told<'p>> {
        let field = collection.field_with_role(Role::Evidence);
        let Some((field, value)) = field.and_then(|f| Some((f, fields.get(&f.name)?))) else {
            return Vec::new();
        };
        let is_own = *id == checked.page.id;
        let records = items(value).into_iter().filter_map(|(index, value)| {
            let FieldValue::Record(record) = value else { return None };
            let path =
                index.into_iter().fold(FieldPath::field(field.name.clone()), FieldPath::index);
            // A page may be named with its folder and without.
            let bare = |text: Arc<str>| fold(text.rsplit('/').next().unwrap_or(&text).trim());
            let about = self.same.iter().map(|name| text(record, name).map(bare)).collect();
            let measure = |name: &&str| Measure::of(&text(record, name)?);
            let measures = self.values.iter().map(measure).collect();
            let path = is_own.then_some(path);
            let told = Told { record, path, page: id, about, measures };
            (!told.outcome().is_empty()).then_some(told)
        });
        records.collect()
    }

    /// Tells whether two records of one outcome speak of the same and differ in the value `at`.
    fn are_broken(&self, at: usize, one: &Told<'_>, other: &Told<'_>) -> bool {
        let (Some(value), Some(other_value)) = (&one.measures[at], &other.measures[at]) else {
            return false;
        };
        let mut about = one.about.iter().zip(&other.about);
        value.differs(other_value, self.tolerance)
            && about.all(|(one, other)| one.is_none() || other.is_none() || one == other)
    }
}

/// Returns the text of the field `name` of `record`.
fn text(record: &Record, name: &str) -> Option<Arc<str>> {
    record.get(name)?.texts().into_iter().next()
}

/// Returns the treatment that the evidence of a page is on: the page's own, or the only one that
/// it is about.
fn treatment_of(
    checked: &CheckedPage<'_>,
    id: &PageId,
    collection: &Collection,
    fields: &Record,
) -> Option<PageId> {
    if holds_treatments(collection) {
        return Some(id.clone());
    }
    let about = fields.get(&collection.field_with_role(Role::About)?.name)?;
    let default_lang = &checked.of.config.site.language;
    let named = about.texts().into_iter().filter_map(|name| {
        page_named(&name, &[], id.lang(), default_lang, checked.reader).page().cloned()
    });
    let mut treatments =
        named.filter(|id| collection_of(checked, id).is_some_and(holds_treatments));
    let treatment = treatments.next()?;
    treatments.next().is_none().then_some(treatment)
}

/// Returns what other pages tell of `treatment`: its own, and those about it that come before the
/// page that is checked.
fn others<'a>(checked: &CheckedPage<'a>, terms: &Terms<'_>, treatment: &PageId) -> Vec<Told<'a>> {
    let collections = checked.of.config.collections.values();
    let inverses: BTreeSet<&Arc<str>> = collections
        .filter_map(|collection| collection.field_with_role(Role::About)?.inverse.as_ref())
        .collect();
    let about = inverses.into_iter().flat_map(|name| checked.reader.related(treatment, name));
    let about = about.map(|(id, _)| id).filter(|id| **id < checked.page.id && *id != treatment);
    let about: BTreeSet<&PageId> = about.collect();
    let own = checked.card(treatment).map(|card| &card.id);
    let told = own.into_iter().chain(about).take(MOST_PAGES).filter_map(|id| {
        let (collection, fields) = (collection_of(checked, id)?, checked.reader.fields(id)?);
        let is_on_it = treatment_of(checked, id, collection, fields)? == *treatment;
        is_on_it.then(|| terms.told(checked, id, collection, fields))
    });
    told.flatten().collect()
}

/// The first number of a text, with what it measures.
#[derive(Debug, PartialEq)]
struct Measure {
    /// The words before it.
    label: String,
    number: f64,
    /// The sign or word after it.
    unit: String,
}

impl Measure {
    fn of(text: &str) -> Option<Self> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let rest = &text[start..];
        let len = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
        let (digits, after) = rest.split_at(len.unwrap_or(rest.len()));
        let number = number(digits.trim_end_matches(['.', ',']))?;
        let before = text[..start].trim_end();
        let label = before.trim_end_matches(['-', '\u{2212}']);
        let is_negative = label.len() < before.len() && !label.ends_with(char::is_alphanumeric);
        let number = if is_negative { -number } else { number };
        let after = after.trim_start();
        let is_sign = |c: char| matches!(c, '%' | '\u{2030}');
        let (number, unit) = match whole(after) {
            Some(whole) => (number / whole, "/".to_owned()),
            None if after.starts_with(is_sign) => (number, after.chars().take(1).collect()),
            None => {
                let word = after.split(|c: char| !c.is_alphabetic()).next();
                (number, fold(word.unwrap_or_default()))
            }
        };
        Some(Self { label: fold(label.trim()), number, unit })
    }

    /// Tells whether both measure the same and are more than `tolerance` percent of the greater
    /// apart.
    fn differs(&self, other: &Self, tolerance: f64) -> bool {
        let (one, two) = (self.number, other.number);
        let is_apart = (one - two).abs() * 100.0 > tolerance * one.abs().max(two.abs());
        is_apart && self.label == other.label && self.unit == other.unit
    }
}

/// Returns the whole that a part is taken of, where `after` it says so: "of 30", "in 5", "/ 20".
fn whole(after: &str) -> Option<f64> {
    /// The most letters of "out of", "von", "aus".
    const LONGEST: usize = 6;
    let start = after.find(|c: char| c.is_ascii_digit())?;
    let between = after[..start].trim();
    let is_words = between.len() <= LONGEST
        && between.split(' ').all(|word| (2..=3).contains(&word.len()))
        && between.chars().all(|c| c.is_alphabetic() || c == ' ');
    let digits = after[start..].split(|c: char| !c.is_ascii_digit() && c != ',').next()?;
    let whole = number(digits.trim_end_matches(','))?;
    ((is_words || between == "/") && whole > 0.0).then_some(whole)
}

/// Returns the number that `digits` write, with a comma for thousands or for the decimals.
fn number(digits: &str) -> Option<f64> {
    let mut groups = digits.split('.').next()?.split(',');
    let first = groups.next()?;
    let are_thousands = digits.contains(',')
        && (1..=3).contains(&first.len())
        && first != "0"
        && groups.all(|group| group.len() == 3);
    match are_thousands {
        true => digits.replace(',', "").parse().ok(),
        false => digits.replace(',', ".").parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fixture::TestSite;

    /// Returns a page of a treatment with these records.
    fn page(about: &str, records: &str) -> String {
        format!("---\ntitle: X\n{about}evidence:\n{records}---\n")
    }

    fn record(rest: &str) -> String {
        format!("  - {{outcome: Regrowth, source: k, {rest}}}\n")
    }

    fn found(records: &[&str]) -> Vec<String> {
        let records: String = records.iter().map(|rest| record(rest)).collect();
        TestSite::new("")
            .page("treatments/x.md", &page("", &records))
            .findings("claim-contradiction")
    }

    #[test]
    fn values_of_one_outcome_may_differ_a_little() {
        assert_eq!(found(&["effect: 38.8% of 654", "effect: 35.9% of 546"]), [""; 0]);
        assert_eq!(
            found(&["effect: 38.8%", "effect: RR 3", "effect: 20% of 546"]),
            [
                "treatments/x.md:6:44 `effect` of the same outcome is `20% of 546` here and `38.8%` in \
                another record | correct one, or say what sets them apart, such as the population \
                or the time"
            ]
        );
        let book = "[checks]\nclaim-contradiction = { tolerance = 5 }\n";
        let records = record("effect: 38.8%") + &record("effect: 35.9%");
        let site = TestSite::new(book).page("treatments/x.md", &page("", &records));
        assert_eq!(site.findings("claim-contradiction").len(), 1);
    }

    #[test]
    fn what_is_set_apart_or_measured_otherwise_is_no_contradiction() {
        for records in [
            ["effect: 40%, timepoint: 24 weeks", "effect: 20%, timepoint: 36 weeks"],
            ["effect: 40%, population: men", "effect: 20%, population: women"],
            ["effect: 40%", "effect: RR 20"],
            ["effect: 40 mg", "effect: 20 weeks"],
            ["effect: RR 0.5", "effect: OR 0.9"],
            ["effect: great", "effect: small"],
            ["effect: 24 of 30 people", "effect: 240 of 300 people"],
            ["effect: \"RR 0,825\"", "effect: \"RR 0,82\""],
        ] {
            assert_eq!(found(&records), [""; 0], "{records:?}");
        }
        let named = ["condition: conditions/gout, effect: 40%", "condition: gout, effect: 20%"];
        assert_eq!(found(&named).len(), 1, "one page by two names");
        assert_eq!(found(&["effect: RR 0.5", "effect: rr -0.5"]).len(), 1);
        assert_eq!(found(&["effect: 1 in 5", "effect: 1 in 50"]).len(), 1);
    }

    #[test]
    fn pages_about_one_treatment_are_compared() {
        let about = |pages: &str| format!("about: [{pages}]\n");
        let with = |about: &str, effect: &str| page(about, &record(effect));
        let site = TestSite::new("")
            .page("conditions/gout.md", "---\ntitle: Gout\n---\n")
            .page("treatments/nova.md", &with("", "effect: 40%").replace("X", "Nova"))
            .page("treatments/vega.md", "---\ntitle: Vega\n---\n")
            .page("articles/a.md", &with(&about("nova, gout"), "effect: 70%"))
            .page("articles/b.md", &with(&about("treatments/nova"), "effect: 42%"))
            .page("articles/c.md", &with(&about("nova, vega"), "effect: 99%"))
            .page("articles/d.md", &with(&about("vega"), "effect: 10%"))
            .page("articles/e.md", &with(&about("vega"), "effect: 50%"));
        let found = site.findings("claim-contradiction");
        let said: Vec<&str> = found.iter().filter_map(|f| f.split(" | ").next()).collect();
        assert_eq!(
            said,
            [
                "articles/a.md:5:44 `effect` of the same outcome is `70%` here and `40%` on “Nova”",
                "articles/b.md:5:44 `effect` of the same outcome is `42%` here and `70%` on “X”",
                "articles/e.md:5:44 `effect` of the same outcome is `50%` here and `10%` on “X”",
            ]
        );
    }

    #[test]
    fn the_treatments_own_page_is_always_compared() {
        let text = page("about: nova\n", &record("effect: 90%"));
        let site = (0..70).fold(TestSite::new(""), |site, number| {
            site.page(&format!("articles/a{number:02}.md"), &text)
        });
        let own = page("", &record("effect: 40%")).replace("X", "Nova");
        let found = site.page("treatments/nova.md", &own).findings("claim-contradiction");
        assert_eq!(found.len(), 70);
    }

    #[test]
    fn the_first_number_is_measured_with_its_unit() {
        let measure = |text| Measure::of(text).map(|m| (m.label, m.number, m.unit));
        let is = |label: &str, number: f64, unit: &str| {
            Some((label.to_owned(), number, unit.to_owned()))
        };
        assert_eq!(measure("RR 0.82 (0.7 to 0.9)"), is("rr", 0.82, ""));
        assert_eq!(measure("38,5 % gegen 6"), is("", 38.5, "%"));
        assert_eq!(measure("1,200 people"), is("", 1200.0, "people"));
        assert_eq!(measure("mean \u{2212}2.5 points."), is("mean", -2.5, "points"));
        assert_eq!(measure("UP-1."), is("up", 1.0, ""));
        assert_eq!(measure("5 out of 20 people"), is("", 0.25, "/"));
        assert_eq!(measure("0,825"), is("", 0.825, ""));
        assert_eq!(measure("1.2.3"), None);
        assert_eq!(measure("none"), None);
    }
}
