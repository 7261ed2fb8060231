//! Doses: that they are written so that nobody misreads them, and say where they come from.

use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption, leaf_values};
use crate::check::prose::{Prose, Sentence};
use crate::check::wording::Quoted;
use crate::config::checks::{EXCEPT, WORDS};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::FieldPath;
use crate::parse::page::FieldValue;
use crate::parse::text::BlockKind;
use crate::source::Span;

use super::measured::{Amount, amounts};
use super::{holds_treatments, treatments_in};

static DOSE_UNIT_RULE: Rule = Rule {
    id: "drug-unit",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A dose is written so that it can be misread: a unit that looks like another \
        (option `better`: \"µg\" like mg, \"U\" like 0), a trailing zero (\"1.0 mg\" like 10 mg), \
        or no zero before the point (\".5 mg\" like 5 mg). Concentrations, code and \
        quotations do not count; option `units` has the units of doses, by language.",
};

static DOSE_SOURCE_RULE: Rule = Rule {
    id: "drug-dose-source",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A sentence says how much of a treatment is taken (an amount in one of the \
        `units`, with one of the `words`, such as \"once a day\") and cites nothing. The names \
        of groups in a trial (option `except`: \"the 4 mg group\") do not count.",
};

/// Doses that can be misread.
///
/// After the "List of Error-Prone Abbreviations, Symbols, and Dose Designations" of the Institute
/// for Safe Medication Practices (ISMP), and its campaign with the FDA, which asks for the same
/// in all that is written about medicines (FDA Patient Safety News 53, July 2006). That trailing
/// zeros may stand in laboratory results is from the Joint Commission's "Do Not Use" list.
pub(in crate::check::rules) static DOSE_UNIT: Lint =
    Lint { rule: &DOSE_UNIT_RULE, check: Check::Page(drug_unit) };

/// Doses without a citation.
pub(in crate::check::rules) static DOSE_SOURCE: Lint =
    Lint { rule: &DOSE_SOURCE_RULE, check: Check::Page(drug_dose_source) };

/// The units of doses.
pub(in crate::check::rules) static UNIT_UNITS: RuleOption =
    RuleOption::words(&DOSE_UNIT_RULE, "units");

/// The units that are misread, each with what to write.
pub(in crate::check::rules) static UNIT_BETTER: RuleOption =
    RuleOption { rule: &DOSE_UNIT_RULE, name: "better", kind: OptionKind::Pairs };

/// The units of doses that are cited.
pub(in crate::check::rules) static SOURCE_UNITS: RuleOption =
    RuleOption::words(&DOSE_SOURCE_RULE, "units");

/// The words by which an amount is known to be taken.
pub(in crate::check::rules) static SOURCE_WORDS: RuleOption =
    RuleOption { rule: &DOSE_SOURCE_RULE, name: WORDS, kind: OptionKind::Words };

/// The words after an amount that make it a name.
pub(in crate::check::rules) static SOURCE_EXCEPT: RuleOption =
    RuleOption { rule: &DOSE_SOURCE_RULE, name: EXCEPT, kind: OptionKind::Words };

/// What is wrong with how an amount is written.
#[derive(Debug, PartialEq, Eq)]
struct Misread {
    /// What is wrong with it, in words.
    message: String,
    /// What to write in the place of the whole amount.
    better: String,
}

/// Where an amount stands.
struct Place {
    span: Span,
    /// Whether it is known to stand there, and not only its words.
    is_certain: bool,
}

fn drug_unit(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let (config, lang) = (checked.of.config, checked.page.id.lang());
    let units = UNIT_UNITS.listed(config, lang);
    if units.is_empty() {
        return;
    }
    let prose = checked.prose();
    // What others wrote is not changed; of each block it is looked for once.
    let mut quoted: Option<((usize, usize), Quoted<'_>)> = None;
    for sentence in prose.sentences().iter().filter(|s| s.kind != BlockKind::Quotation) {
        let words = prose.words(sentence);
        for amount in amounts(words) {
            let range = amount.range();
            let at = sentence.plain.start + range.start..sentence.plain.start + range.end;
            for misread in misread(checked, &amount, &units) {
                let block = (sentence.text, sentence.block);
                let known = quoted.take().filter(|(of, _)| *of == block);
                let known = known.unwrap_or_else(|| (block, quoted_in_block(prose, sentence)));
                if quoted.insert(known).1.holds(at.start) || prose.is_code(sentence, at.start) {
                    continue;
                }
                let certain = prose.certain_span(checked, sentence, &at);
                let place = Place {
                    is_certain: certain.is_some(),
                    span: certain.unwrap_or_else(|| prose.span(checked, sentence, &at)),
                };
                findings.report(misread_finding(checked, place, &amount, misread));
            }
        }
    }
    misread_fields(checked, &units, findings);
}

/// Returns what is quoted in the block of `sentence`, up to its end.
fn quoted_in_block<'p>(prose: &Prose<'p>, sentence: &Sentence) -> Quoted<'p> {
    let block = prose.block_of(sentence);
    let start = block.first().map_or(sentence.plain.start, |first| first.plain.start);
    let end = block.last().map_or(sentence.plain.end, |last| last.plain.end);
    Quoted::of(prose.text(sentence), start..end)
}

/// Looks through the texts of the front matter that are no Markdown.
fn misread_fields(checked: &CheckedPage<'_>, units: &[&str], findings: &mut Findings) {
    let front = &checked.page.front;
    // What a translation leaves out is judged in its original.
    let is_own = |path: &FieldPath| checked.page.written_in(path).0.id == checked.page.source.id;
    let mut report = |path: &FieldPath, text: &str| {
        let mut quoted = Quoted::of(text, 0..text.len());
        for amount in amounts(text).filter(|_| is_own(path)) {
            if quoted.holds(amount.range().start) {
                continue;
            }
            for misread in misread(checked, &amount, units) {
                let certain = checked.certain_span(Some(path), amount.range());
                let place = Place {
                    is_certain: certain.is_some(),
                    span: certain
                        .unwrap_or_else(|| checked.text_span(Some(path), 0..0, amount.words())),
                };
                findings.report(misread_finding(checked, place, &amount, misread));
            }
        }
    };
    let common = [("subtitle", &front.subtitle), ("description", &front.description)];
    for (name, text) in common.into_iter().chain([("title", &front.title)]) {
        if let Some(text) = text.as_deref().filter(|text| holds_digit(text)) {
            report(&FieldPath::field(name), text);
        }
    }
    if !front.fields.values().any(may_hold_amount) {
        return;
    }
    for (path, value) in leaf_values(checked.page) {
        if let FieldValue::Text(text) = value {
            report(&path, text);
        }
    }
}

fn holds_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn may_hold_amount(value: &FieldValue) -> bool {
    match value {
        FieldValue::Text(text) => holds_digit(text),
        FieldValue::List(values) => values.iter().any(may_hold_amount),
        FieldValue::Record(values) => values.values().any(may_hold_amount),
        _ => false,
    }
}

/// Returns how `amount` can be misread, where it is a dose in one of `units`.
fn misread(checked: &CheckedPage<'_>, amount: &Amount<'_>, units: &[&str]) -> Vec<Misread> {
    let (number, gap, unit) = (amount.number(), amount.gap(), amount.unit());
    let mut found = Vec::new();
    let better = UNIT_BETTER.better(unit, checked.of.config, checked.collection);
    let is_unit = better.is_some() || units.contains(&unit);
    if !is_unit || amount.is_concentration() || amount.is_of_longer_word() {
        return found;
    }
    if let Some(better) = better {
        let better = better.strip_suffix('s').filter(|_| number == "1").unwrap_or(better);
        let gap = if gap.is_empty() { " " } else { gap };
        found.push(Misread {
            message: format!("the unit of `{}` is easily misread", amount.words()),
            better: format!("{number}{gap}{better}"),
        });
    }
    if let Some(decimals) = number.strip_prefix('.') {
        found.push(Misread {
            message: format!("`{}` can be read as {}{gap}{unit}", amount.words(), decimals),
            better: format!("0{number}{gap}{unit}"),
        });
    }
    let whole = number.split_once('.').filter(|(whole, decimals)| {
        !whole.is_empty() && decimals.bytes().all(|digit| digit == b'0')
    });
    if let Some((whole, decimals)) = whole {
        found.push(Misread {
            message: format!("`{}` can be read as {whole}{decimals}{gap}{unit}", amount.words()),
            better: format!("{whole}{gap}{unit}"),
        });
    }
    found
}

/// Returns the finding at `place`, with a fix where the amount is known to stand there as the
/// text has it.
fn misread_finding(
    checked: &CheckedPage<'_>,
    place: Place,
    amount: &Amount<'_>,
    misread: Misread,
) -> Diagnostic {
    let Place { span, is_certain } = place;
    let (range, text) = (span.range(), checked.source_text());
    // What a backslash stands before is mended by hand.
    let is_escaped = |text: &str| text.ends_with('\\');
    let is_mended = is_certain
        && span.source == checked.page.source.id
        && text.get(range.clone()) == Some(amount.words())
        && !is_escaped(&text[..range.start]);
    let found = Diagnostic::new(&DOSE_UNIT_RULE, span, misread.message);
    match is_mended {
        true => found.with_fix(range, misread.better),
        false => found.with_help(format!("write `{}`", misread.better)),
    }
}

fn drug_dose_source(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let prose = checked.prose();
    let mut last: Option<&Sentence> = None;
    for (sentence, _) in prose.hits(&SOURCE_WORDS).iter() {
        if last.replace(sentence) == Some(sentence)
            || sentence.cites
            || !matches!(sentence.kind, BlockKind::Prose | BlockKind::Note)
        {
            continue;
        }
        let Some(dose) = dose_in(checked, sentence) else { continue };
        let speaks_of_one = checked.collection.is_some_and(holds_treatments)
            || treatments_in(checked, sentence).next().is_some();
        if !speaks_of_one {
            continue;
        }
        let span = prose.span(checked, sentence, &dose);
        let message = format!("the dose `{}` is not cited", &prose.text(sentence)[dose]);
        findings.report(
            Diagnostic::new(&DOSE_SOURCE_RULE, span, message)
                .with_help("cite in this sentence where it comes from, such as the label"),
        );
    }
}

/// Returns the place of the first dose in `sentence`, in its text.
fn dose_in(checked: &CheckedPage<'_>, sentence: &Sentence) -> Option<Range<usize>> {
    let (config, lang) = (checked.of.config, checked.page.id.lang());
    let words = checked.prose().words(sentence);
    let units = SOURCE_UNITS.listed(config, lang);
    let names = SOURCE_EXCEPT.listed(config, lang);
    let is_dose = |amount: &Amount<'_>| {
        let after = amount.after().trim_start_matches([' ', '-', '\u{a0}']);
        let next = after.find(|c: char| !c.is_alphanumeric()).map_or(after, |end| &after[..end]);
        units.contains(&amount.unit())
            && !amount.is_concentration()
            && !names.iter().any(|name| name.eq_ignore_ascii_case(next))
    };
    let range = amounts(words).find(is_dose)?.range();
    Some(sentence.plain.start + range.start..sentence.plain.start + range.end)
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn site(body: &str) -> TestSite {
        let works = "@book{k, title = {T}, author = {King, A.}, year = {2020}}";
        TestSite::new("")
            .works(works, "")
            .page("treatments/nova.md", "---\ntitle: Nova\nbrands: Zap\n---\n")
            .page("conditions/gout.md", "---\ntitle: Gout\n---\n")
            .page("articles/a.md", &format!("---\ntitle: A\n---\n{body}\n"))
    }

    /// Returns the findings of `drug-unit`, each with its place, message and help, and what
    /// its fix makes of the body.
    fn units(body: &str) -> Vec<String> {
        let site = site(body);
        let text = format!("---\ntitle: A\n---\n{body}\n");
        let found = site.diagnostics("drug-unit").into_iter().map(|found| {
            let fixed = found.fix.map(|fix| {
                let mut text = text.clone();
                text.replace_range(fix.span.range(), &fix.replacement);
                text.lines().nth(3).unwrap_or_default().to_owned()
            });
            format!("{} > {}", found.message, fixed.unwrap_or_default())
        });
        found.collect()
    }

    #[test]
    fn doses_that_can_be_misread_are_found_and_mended() {
        for (body, found, fixed) in [
            ("Take 5 µg.", "the unit of `5 µg` is easily misread", "Take 5 mcg."),
            ("Take 5μg.", "the unit of `5μg` is easily misread", "Take 5 mcg."),
            ("Give 10U.", "the unit of `10U` is easily misread", "Give 10 units."),
            ("Give 1 U.", "the unit of `1 U` is easily misread", "Give 1 unit."),
            (
                "Give 400 IU daily.",
                "the unit of `400 IU` is easily misread",
                "Give 400 international units daily.",
            ),
            ("Take 1.0 mg.", "`1.0 mg` can be read as 10 mg", "Take 1 mg."),
            ("A 2.0-mg tablet.", "`2.0-mg` can be read as 20-mg", "A 2-mg tablet."),
            ("Take .5 mg.", "`.5 mg` can be read as 5 mg", "Take 0.5 mg."),
            ("Take 1.0 mg/kg.", "`1.0 mg` can be read as 10 mg", "Take 1 mg/kg."),
            ("Then 11 mg, and 1.0 mg.", "`1.0 mg` can be read as 10 mg", "Then 11 mg, and 1 mg."),
            (
                "So „nimm 2.0 mg“ und wir 1.0 mg.",
                "`1.0 mg` can be read as 10 mg",
                "So „nimm 2.0 mg“ und wir 1 mg.",
            ),
            (
                "So »nimm 2.0 mg.« Und wir 1.0 mg.",
                "`1.0 mg` can be read as 10 mg",
                "So »nimm 2.0 mg.« Und wir 1 mg.",
            ),
        ] {
            assert_eq!(units(body), [format!("{found} > {fixed}")], "{body}");
        }
        assert_eq!(
            units("Take 1.0 **mg**."),
            ["`1.0 mg` can be read as 10 mg > "],
            "what stands otherwise in the source is left to the author"
        );
    }

    #[test]
    fn only_what_is_shown_is_mended() {
        for (body, fixed) in [
            ("Take <!-- 1.0 mg --> 1.0 mg.", "Take <!-- 1.0 mg --> 1 mg."),
            (
                "A <span title=\"1.0 mg\">b</span>, 1.0 mg.",
                "A <span title=\"1.0 mg\">b</span>, 1 mg.",
            ),
            ("See [it](b.md \"1.0 mg\"), 1.0 mg.", "See [it](b.md \"1.0 mg\"), 1 mg."),
            ("See ![1.0 mg](b.png), 1.0 mg.", "See ![1.0 mg](b.png), 1 mg."),
            ("It's &lt; 5 [@k, 1.0 mg], “ä” 1.0 mg.", "It's &lt; 5 [@k, 1.0 mg], “ä” 1 mg."),
            ("Code `1.0 mg`, then 1.0 mg.", "Code `1.0 mg`, then 1 mg."),
            ("Take[^1] 1.0 mg\n\n[^1]: So", "Take[^1] 1 mg"),
        ] {
            assert_eq!(units(body), [format!("`1.0 mg` can be read as 10 mg > {fixed}")], "{body}");
        }
        let wrapped = site("Take 1.0\nmg, or\n> 2.0\r\n> mg").findings("drug-unit");
        assert_eq!(wrapped.len(), 1, "quotations do not count: {wrapped:?}");
        assert!(wrapped[0].starts_with("articles/a.md:4:6 "), "{wrapped:?}");
        assert!(wrapped[0].ends_with("| write `1 mg`"), "{wrapped:?}");
    }

    #[test]
    fn levels_code_quotations_and_other_numbers_are_fine() {
        for fine in [
            "Take 5 mcg, 1 mg, 0.5 mg or 2.5 mg, or 10 units.",
            "Creatinine was 1.0 mg/dL, and lead 5 µg/L.",
            "Haemoglobin was 13.0 g per 100 mL, or 130.0 g per 1.0 L.",
            "It holds 5 mg/1.0 mL.",
            "ALT was 40 U/L; insulin holds 100 U/mL.",
            "It was 1.0 (p < .05), 1.0 cm, and 2.0 mm.",
            "In 50 U.S. states and on 3 U-boats.",
            "Write `5 µg` or `1.0 mg` never.",
            "The label says “take 1.0 mg” once.",
            "The label says „nimm 1.0 mg“ once, »nimm 1.0 mg« twice, ‚nimm 1.0 mg‘ too.",
            "The label says «take 1.0 mg», « take 1.0 mg », ‘take 1.0 mg’, 「take 1.0 mg」.",
            "The label says “Wash it. Then take 1.0 mg.” once.",
            "> Take 1.0 mg.",
            "Version 1.0 and vitamin B12.",
            "It came in 4.50 mg.",
        ] {
            assert_eq!(units(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn the_texts_of_fields_and_cells_are_read_too() {
        let text = "---\ntitle: Rigel\ndescription: It takes 5 µg.\nforms: [tablet 1.0 mg]\n\
            mechanism: Take .5 mg.\ndoses: [{dose: 5 µg a day}]\n---\n\
            | Dose |\n|---|\n| 3.0 mg |\n";
        let site = TestSite::new("").page("treatments/rigel.md", text);
        let found = site.findings("drug-unit");
        let places: Vec<&str> = found.iter().filter_map(|f| f.split(' ').next()).collect();
        let lines = ["3:23", "4:16", "5:17", "6:16", "10:3"];
        assert_eq!(places, lines.map(|line| format!("treatments/rigel.md:{line}")), "{found:?}");
        let fixes = site.diagnostics("drug-unit").into_iter().filter(|found| found.fix.is_some());
        assert_eq!(fixes.count(), 5);
    }

    #[test]
    fn what_a_field_quotes_is_left_as_it_is() {
        let found = |description: &str| {
            let text = format!("---\ntitle: Rigel\ndescription: {description}\n---\n");
            TestSite::new("").page("treatments/rigel.md", &text).findings("drug-unit").len()
        };
        assert_eq!(found("The label says „nimm 1.0 mg“ once."), 0);
        assert_eq!(found("The label says “take 1.0 mg”, we say 1.0 mg."), 1);
    }

    #[test]
    fn the_wrong_number_is_never_mended() {
        let text = "---\ntitle: Rigel\nmechanism: From 2.5 mg down to .5 mg.\n---\n";
        let found = TestSite::new("").page("treatments/rigel.md", text).diagnostics("drug-unit");
        for fix in found.iter().filter_map(|found| found.fix.as_ref()) {
            assert_eq!(&text[fix.span.range()], ".5 mg");
            assert_eq!(&text[fix.span.start - 1..fix.span.start], " ");
        }
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_field_is_mended_where_its_words_surely_stand() {
        for (yaml, mended) in [
            ("'`1.0 mg` and 1.0 mg'", "'`1.0 mg` and 1 mg'"),
            ("is <!-- 1.0 mg -->\n  what, 1.0 mg", "is <!-- 1.0 mg -->\n  what, 1 mg"),
            (
                "> # 1.0 mg\n  a [b](c \"1.0 mg\")\n  1.0 mg",
                "> # 1.0 mg\n  a [b](c \"1.0 mg\")\n  1 mg",
            ),
            ("\"1\\x2e0 mg of \\\"1.0 mg\\\"\"", ""),
            ("\"\\\"a\\\": 1.0 mg\"", "\"\\\"a\\\": 1 mg\""),
            ("1.0\n  mg", ""),
            ("1.0&nbsp;mg of “1.0 mg”", ""),
        ] {
            let text = format!("---\ntitle: Rigel\nmechanism: {yaml}\n---\n");
            let found =
                TestSite::new("").page("treatments/rigel.md", &text).diagnostics("drug-unit");
            let fixes = found.iter().filter_map(|found| found.fix.as_ref());
            let fixed = fixes.map(|fix| {
                let mut text = text.clone();
                text.replace_range(fix.span.range(), &fix.replacement);
                text["---\ntitle: Rigel\nmechanism: ".len()..text.len() - "\n---\n".len()]
                    .to_owned()
            });
            let expected: Vec<&str> = Some(mended).into_iter().filter(|m| !m.is_empty()).collect();
            assert_eq!(fixed.collect::<Vec<_>>(), expected, "{yaml}");
            assert_eq!(found.len(), 1, "{yaml}");
        }
    }

    #[test]
    fn another_language_and_another_preset_have_units_of_their_own() {
        let found = |book: &str, path: &str| {
            TestSite::new(book)
                .page(path, "---\ntitle: A\n---\n1.0 mg\n")
                .findings("drug-unit")
                .len()
        };
        assert_eq!(found("[languages.de]\n", "articles/a.de.md"), 0);
        assert_eq!(found("[site]\npreset = \"none\"\n", "a.md"), 0);
        assert_eq!(found("", "a.md"), 1);
        let own = "[languages.de]\n[checks.drug-unit]\nunits.de = [\"mg\"]\n";
        assert_eq!(found(own, "articles/a.de.md"), 1);
    }

    fn doses(body: &str) -> Vec<String> {
        site(body).findings("drug-dose-source")
    }

    #[test]
    fn a_dose_without_a_source_is_found() {
        assert_eq!(
            doses("Adults take 5 mg of Nova once a day."),
            ["articles/a.md:4:13 the dose `5 mg` is not cited \
                | cite in this sentence where it comes from, such as the label"]
        );
        for body in [
            "Nova is injected, 10 units each night.",
            "The dose of Zap is 250 mcg per day. It is high [@k].",
            "- Nova: 2 mL twice daily",
            "In the 4 mg group people took Nova, 4 mg a day.",
        ] {
            assert_eq!(doses(body).len(), 1, "{body}");
        }
    }

    #[test]
    fn what_is_cited_and_what_is_no_dose_is_fine() {
        for fine in [
            "Adults take 5 mg of Nova once a day [@k].",
            "Adults take 5 mg of Nova once a day.[^n]\n\n[^n]: [@k]",
            "Take 5 mg once a day.",
            "In gout, 5 mg a day is common.",
            "In the 4 mg group of Nova, hair came once.",
            "In the 4-mg arm of Nova, hair came once.",
            "Nova comes as a tablet of 5 mg.",
            "Nova was 5 mg/L in the blood a day later.",
            "Nova was 5 mg per 100 mL in the blood a day later.",
            "Nova is taken once a day.",
            "Nova was tested in 5 men a day.",
            "> Take 5 mg of Nova once a day.",
            "## Nova 5 mg once a day",
            "| Nova | [@k] |\n|---|---|\n| Nova 5 mg once a day | [@k] |",
        ] {
            assert_eq!(doses(fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn on_a_page_of_a_treatment_every_dose_is_its_own() {
        let found = |fields: &str, body: &str| {
            let text = format!("---\ntitle: Rigel\n{fields}---\n{body}\n");
            TestSite::new("").page("treatments/rigel.md", &text).findings("drug-dose-source")
        };
        assert_eq!(found("", "Take 5 mg once a day.").len(), 1);
        let warned =
            |source: &str| format!("boxed_warning: {{text: Above 5 mg a day it kills.{source}}}\n");
        assert_eq!(found(&warned(", source: label"), ""), [""; 0], "its record has a source");
        assert_eq!(found(&warned(""), "").len(), 1);
    }
}
