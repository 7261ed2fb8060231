//! The names of entities: which of them text should not link by itself.

use std::sync::Arc;

use crate::check::common_words::is_common;
use crate::check::lint::{Check, CheckedPage, Findings, Lint, leaf_values};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::page::{FieldStep, FieldValue};
use crate::resolve::contribute::page_title;
use crate::resolve::surfaces::{is_case_exact, page_surfaces, surface_key};
use crate::source::Span;

static TERM_COMMON_WORD_RULE: Rule = Rule {
    id: "term-common-word",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A name of an entity is an everyday word of its language, so that the word is \
        linked, and counted as a mention, wherever it stands. `{name: …, case: exact}` links it \
        only as the name is written, `link: never` not at all. English only.",
};

/// Names that are everyday words.
pub(super) static TERM_COMMON_WORD: Lint =
    Lint { rule: &TERM_COMMON_WORD_RULE, check: Check::Page(term_common_word) };

fn term_common_word(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let (page, Some(collection)) = (checked.page, checked.collection) else { return };
    let lang = page.id.lang();
    for (key, surface) in page_surfaces(page, collection) {
        if surface.never_link || is_case_exact(&surface) || !is_common(&key, lang) {
            continue;
        }
        let name = &surface.name;
        let message =
            format!("`{name}` is an everyday word: it would be linked wherever it stands");
        let (span, is_title) = place(checked, &key);
        let way = match is_title {
            true => "write it among the aliases, too: ",
            false => "write ",
        };
        let help = format!("{way}`{{name: {name}, case: exact}}`, or with `link: never`");
        let found = Diagnostic::new(&TERM_COMMON_WORD_RULE, span, message);
        findings.report(found.with_help(help));
    }
}

/// Returns the place of the name with the folded form `key`, and whether it is the title.
fn place(checked: &CheckedPage<'_>, key: &str) -> (Span, bool) {
    let page = checked.page;
    let is_meant = |name: &Arc<str>| *surface_key(name) == *key;
    if is_meant(&page_title(page)) {
        let name = ["title", "name"].into_iter().find(|name| {
            *name == "title" || checked.collection.is_some_and(|c| c.fields.contains_key(*name))
        });
        return (checked.named_field_span(name.unwrap_or("title")), true);
    }
    let is_name = |field: &Arc<str>| {
        checked.collection.and_then(|c| c.fields.get(field)).is_some_and(|field| field.surface)
    };
    let mut values = leaf_values(page).into_iter();
    let found = values.find(|(path, value)| {
        let name = match value {
            FieldValue::Surface(surface) => &surface.name,
            FieldValue::Text(name) => name,
            _ => return false,
        };
        matches!(path.0.first(), Some(FieldStep::Name(field)) if is_name(field)) && is_meant(name)
    });
    match found {
        Some((path, _)) => (checked.field_span(&path), false),
        None => (Span::file(page.source.id.clone()), false),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(path: &str, fields: &str) -> Vec<String> {
        let site = TestSite::new("[languages.de]\n");
        site.page(path, &format!("---\n{fields}\n---\nText.\n")).findings("term-common-word")
    }

    #[test]
    fn a_name_that_is_an_everyday_word_says_when_it_is_meant() {
        assert_eq!(
            found("glossary/x.md", "title: Placebo\naliases: [sham, Trial, blind trial]\nabbr: IT"),
            ["glossary/x.md:3:17 `Trial` is an everyday word: it would be linked wherever it \
                stands | write `{name: Trial, case: exact}`, or with `link: never`"]
        );
        for fine in ["{name: Trial, case: exact}", "{name: trial, link: never}"] {
            let fields = format!("title: Placebo\naliases: [{fine}]");
            assert_eq!(found("glossary/x.md", &fields), [""; 0], "{fine}");
        }
        assert_eq!(found("articles/x.md", "title: Trial"), [""; 0], "an article is no entity");
    }

    #[test]
    fn a_title_that_is_an_everyday_word_is_restricted_by_an_alias() {
        let trial = found("glossary/x.md", "title: Trials");
        assert_eq!(
            trial,
            ["glossary/x.md:2:8 `Trials` is an everyday word: it would be linked wherever it \
                stands | write it among the aliases, too: `{name: Trials, case: exact}`, or with \
                `link: never`"]
        );
        let fields = "title: Trials\naliases: [{name: Trials, link: never}]";
        assert_eq!(found("glossary/x.md", fields), [""; 0]);
    }

    #[test]
    fn only_languages_with_a_list_are_judged() {
        assert_eq!(found("glossary/x.de.md", "title: Trial"), [""; 0]);
        let fields = "title: Placebo\naliases: [{name: trial, lang: de}]";
        assert_eq!(found("glossary/x.md", fields), [""; 0]);
    }
}
