//! Evidence: that a grade of certainty is one of the scale, and somebody's.

use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::config::{Field, FieldType, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind, nearest};
use crate::ordered::IndexMap;
use crate::parse::FieldPath;
use crate::parse::page::FieldValue;

use super::{cites, first_field, items, says_something};

static EVID_CERTAINTY_RULE: Rule = Rule {
    id: "evid-certainty",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A record of evidence grades its certainty (option `fields`) without a source, \
        so that the grade is nobody's, or, where the field is plain text, with a word that is \
        not of the `scale`.",
};

/// Grades of certainty that are nobody's, or of no scale.
pub(in crate::check::rules) static EVID_CERTAINTY: Lint =
    Lint { rule: &EVID_CERTAINTY_RULE, check: Check::Page(evid_certainty) };

/// The names of the fields that hold a grade; the first enumeration where none is there.
pub(in crate::check::rules) static FIELDS: RuleOption =
    RuleOption { rule: &EVID_CERTAINTY_RULE, name: "fields", kind: OptionKind::Texts };

/// The grades.
pub(in crate::check::rules) static SCALE: RuleOption =
    RuleOption { rule: &EVID_CERTAINTY_RULE, name: "scale", kind: OptionKind::Texts };

fn evid_certainty(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some((name, value)) = checked.field_with_role(Role::Evidence) else { return };
    let Some(field) = checked.collection.and_then(|c| c.fields.get(name)) else { return };
    let Some(certainty) = certainty(checked, field) else { return };
    let source = first_field(&field.ty, |ty| *ty == FieldType::Citation);
    for (index, record) in items(value) {
        let FieldValue::Record(values) = record else { continue };
        let Some(grade) = values.get(&certainty.name).filter(|grade| says_something(grade)) else {
            continue;
        };
        let path = FieldPath::field(name.clone());
        let path = index.into_iter().fold(path, FieldPath::index).name(certainty.name.clone());
        if let FieldValue::Text(grade) = grade
            && certainty.ty == FieldType::Text
        {
            off_scale(checked, grade, &path, findings);
        }
        if !is_sourced(values, source) {
            let message = format!("the {} has no source", certainty.name);
            let found = Diagnostic::new(&EVID_CERTAINTY_RULE, checked.field_span(&path), message);
            findings.report(match source {
                Some(source) => found.with_help(format!("cite who graded it: `{}`", source.name)),
                None => found.with_help("cite who graded it"),
            });
        }
    }
}

/// Returns the field of the records of `field` that holds the grade.
fn certainty<'a>(checked: &CheckedPage<'a>, field: &'a Field) -> Option<&'a Field> {
    let FieldType::Record(fields) = field.ty.innermost() else { return None };
    let mut names = FIELDS.texts(checked.of.config, checked.collection);
    names
        .find_map(|name| fields.get(name))
        .or_else(|| first_field(&field.ty, |ty| matches!(ty, FieldType::Enum(_))))
}

/// Tells whether a record cites a work, or must by its type.
fn is_sourced(values: &IndexMap<Arc<str>, FieldValue>, source: Option<&Field>) -> bool {
    source.is_some_and(|source| source.required) || values.values().any(cites)
}

/// Reports the grade `grade` at `path` where it is not of the scale.
fn off_scale(checked: &CheckedPage<'_>, grade: &str, path: &FieldPath, findings: &mut Findings) {
    let scale: Vec<&str> = SCALE.texts(checked.of.config, checked.collection).collect();
    let plain = grade.trim().replace(' ', "-");
    if scale.is_empty() || scale.iter().any(|known| known.eq_ignore_ascii_case(&plain)) {
        return;
    }
    let message = format!("`{grade}` is no grade of the scale");
    let found = Diagnostic::new(&EVID_CERTAINTY_RULE, checked.field_span(path), message);
    findings.report(match nearest(grade, scale.iter().copied()) {
        None => found.with_help(format!("the grades are {}", scale.join(", "))),
        near => found.with_suggestion(near),
    });
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(certainty: &str, source: &str, records: &str) -> Vec<String> {
        let book = format!(
            "[collections.treatments.fields.evidence]\ntype = \"list of record\"\n\
            role = \"evidence\"\n[collections.treatments.fields.evidence.fields]\n\
            outcome = \"text\"\ndesign = {{ type = \"enum\", values = [\"trial\"] }}\n\
            certainty = {certainty}\nsource = {source}\nnotes = \"markdown\"\n"
        );
        let text = format!("---\ntitle: Nova\nevidence: [{records}]\n---\n");
        TestSite::new(&book).page("treatments/nova.md", &text).findings("evid-certainty")
    }

    const ENUM: &str = "{ type = \"enum\", values = [\"high\", \"low\"] }";
    const CITATION: &str = "\"citation\"";

    #[test]
    fn a_grade_has_a_source() {
        assert_eq!(
            found(ENUM, CITATION, "{outcome: hair, certainty: high}"),
            ["treatments/nova.md:3:39 the certainty has no source | cite who graded it: `source`"]
        );
        assert_eq!(found(ENUM, CITATION, "{outcome: hair, certainty: high, source: k}"), [""; 0]);
        let noted = "{outcome: hair, certainty: high, notes: \"As [@k] says.\"}";
        assert_eq!(found(ENUM, CITATION, noted), [""; 0]);
        assert_eq!(found(ENUM, CITATION, "{outcome: hair, design: trial}"), [""; 0]);
    }

    #[test]
    fn what_the_schema_finds_is_not_found_twice() {
        let required = "{ type = \"citation\", required = true }";
        assert_eq!(found(ENUM, required, "{certainty: low, source: k}"), [""; 0]);
        let site = TestSite::new("").page(
            "treatments/nova.md",
            "---\ntitle: Nova\nevidence: [{outcome: hair, certainty: low, source: k}]\n---\n",
        );
        assert_eq!(site.findings("evid-certainty"), [""; 0]);
    }

    #[test]
    fn a_grade_in_plain_text_is_of_the_scale() {
        let of = |grade: &str| {
            found("\"text\"", CITATION, &format!("{{certainty: {grade}, source: k}}"))
        };
        for fine in ["high", "Moderate", "very low", "very-low"] {
            assert_eq!(of(fine), [""; 0], "{fine}");
        }
        assert_eq!(
            of("hihg"),
            ["treatments/nova.md:3:24 `hihg` is no grade of the scale | did you mean `high`?"]
        );
        assert_eq!(
            of("grade A"),
            ["treatments/nova.md:3:24 `grade A` is no grade of the scale \
                | the grades are high, moderate, low, very-low"]
        );
    }
}
