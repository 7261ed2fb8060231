//! Side effects: that each says how often it occurs.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::config::{FieldType, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::FieldPath;
use crate::parse::page::FieldValue;

use super::{first_field, items, says_something};

static SIDE_FREQUENCY_RULE: Rule = Rule {
    id: "drug-side-frequency",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A side effect (a record of the field with the role `effects`) does not say how \
        often it occurs, so that a rare harm looks like a common one. Where no source says, that \
        is worth saying: `unknown`.",
};

/// Side effects without a frequency.
pub(in crate::check::rules) static SIDE_FREQUENCY: Lint =
    Lint { rule: &SIDE_FREQUENCY_RULE, check: Check::Page(drug_side_frequency) };

fn drug_side_frequency(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some((name, value)) = checked.field_with_role(Role::Effects) else { return };
    let Some(field) = checked.collection.and_then(|c| c.fields.get(name)) else { return };
    let is_enum = |ty: &FieldType| matches!(ty, FieldType::Enum(_));
    let Some(frequency) = first_field(&field.ty, is_enum).filter(|field| !field.required) else {
        return;
    };
    if checked.is_misnamed(&frequency.name) {
        return;
    }
    for (index, record) in items(value) {
        let FieldValue::Record(values) = record else { continue };
        if values.get(&frequency.name).is_some_and(says_something) {
            continue;
        }
        let title = values.values().find_map(|value| match value {
            FieldValue::Text(text) => Some(format!("`{text}`")),
            _ => None,
        });
        let message =
            format!("{} has no {}", title.as_deref().unwrap_or("this one"), frequency.name);
        let path = FieldPath::field(name.clone());
        let path = index.into_iter().fold(path, FieldPath::index);
        let span = checked.field_span(&path);
        findings.report(
            Diagnostic::new(&SIDE_FREQUENCY_RULE, span, message).with_help(help(&frequency.ty)),
        );
    }
}

/// Says what the frequency can be.
fn help(frequency: &FieldType) -> String {
    let FieldType::Enum(words) = frequency.innermost() else { return String::new() };
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    format!("say how often it occurs: {}", words.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;

    fn site(fields: &str) -> TestSite {
        let text = format!("---\ntitle: Nova\n{fields}---\n");
        TestSite::new("").page("treatments/nova.md", &text)
    }

    #[test]
    fn a_side_effect_says_how_often_it_occurs() {
        let site = site(
            "side_effects:\n  - {name: acne, source: k}\n  - {name: rash, frequency: rare}\n  \
             - {name: fever, frequency: unknown}\n",
        );
        assert_eq!(
            site.findings("drug-side-frequency"),
            ["treatments/nova.md:4:5 `acne` has no frequency | say how often it occurs: \
                `very-common`, `common`, `uncommon`, `rare`, `very-rare`, `unknown`"]
        );
        assert_eq!(site.levels("drug-side-frequency"), [Level::Info]);
    }

    #[test]
    fn a_page_without_side_effects_and_another_collection_are_left_alone() {
        assert_eq!(site("").findings("drug-side-frequency"), [""; 0]);
        let book = "[site]\npreset = \"none\"\n[collections.parts]\nentity = true\n\
            [collections.parts.fields]\nrisks = { type = \"list of record\", role = \"effects\", \
            fields = { name = \"text\", odds = { type = \"enum\", values = [\"low\", \"high\"], \
            required = true } } }\n";
        let part = |odds: &str| {
            let text = format!("---\ntitle: Bolt\nrisks: [{{name: wear, odds: {odds}}}]\n---\n");
            TestSite::new(book).page("parts/bolt.md", &text).findings("drug-side-frequency")
        };
        assert_eq!(part("low"), [""; 0], "its schema demands one");
    }
}
