//! Components that the theme does not have, or that are called wrongly.

use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::check::suggest::nearest_name;
use crate::config::theme::{ArgumentValue, CallProblem, Component};
use crate::diagnostic::{Diagnostic, structural};
use crate::parse::FieldPath;
use crate::parse::body::ComponentCall;
use crate::resolve::linked::RelationTarget;
use crate::resolve::names::page_named;
use crate::source::Span;

/// Components that cannot be made.
pub(super) static COMPONENT_UNKNOWN: Lint =
    Lint { rule: &structural::COMPONENT_UNKNOWN, check: Check::Page(component_unknown) };

fn component_unknown(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for (field, body) in checked.texts() {
        for call in &body.components {
            judge(checked, (field.as_ref(), call), findings);
        }
    }
}

/// Reports what is wrong with a call in the body, or in a field.
fn judge(
    checked: &CheckedPage<'_>,
    (field, call): (Option<&FieldPath>, &ComponentCall),
    findings: &mut Findings,
) {
    let span = |problem: &CallProblem| {
        let pair = problem.argument.and_then(|index| call.attributes.pairs.get(index));
        match pair {
            Some(pair) => checked.text_span(field, pair.range.clone(), &pair.name),
            None => checked.text_span(field, call.name_range.clone(), &call.name),
        }
    };
    let component = match checked.of.theme.component(&call.name) {
        Err(problem) => return findings.report(diagnostic(span(&problem), problem)),
        Ok(component) => component,
    };
    let pairs = call.attributes.pairs.iter().map(|pair| (&*pair.name, &*pair.value));
    let (values, problems) = component.read_call(&call.name, pairs);
    for problem in problems {
        findings.report(diagnostic(span(&problem), problem));
    }
    for (name, value) in &values {
        let written: &[Arc<str>] = match value {
            ArgumentValue::Page(written) => std::slice::from_ref(written),
            ArgumentValue::Pages(written) => written,
            _ => continue,
        };
        for written in written {
            unknown_page(checked, findings, (field, call, component, name), written);
        }
    }
}

fn diagnostic(span: Span, problem: CallProblem) -> Diagnostic {
    let diagnostic = Diagnostic::new(&structural::COMPONENT_UNKNOWN, span, problem.message)
        .with_suggestion(problem.suggestion);
    match problem.help {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

/// Reports the argument of a call that names a page that does not exist.
fn unknown_page(
    checked: &CheckedPage<'_>,
    findings: &mut Findings,
    (field, call, component, name): (Option<&FieldPath>, &ComponentCall, &Component, &str),
    written: &str,
) {
    let collections: Vec<Arc<str>> = component
        .args
        .get(name)
        .map(|argument| argument.collections.iter().map(|c| Arc::from(c.as_str())).collect())
        .unwrap_or_default();
    let (lang, default_lang) = (checked.page.id.lang(), &checked.of.config.site.language);
    let found = page_named(written, &collections, lang, default_lang, checked.reader);
    let pair = call.attributes.pairs.iter().find(|pair| &*pair.name == name);
    let (range, text) = match pair {
        Some(pair) => (&pair.range, &pair.value),
        None => (&call.name_range, &call.name),
    };
    let span = checked.text_span(field, range.clone(), text);
    let found = match found {
        RelationTarget::Page(_) => return,
        RelationTarget::Unknown => {
            findings.looked_everywhere();
            let message = format!("`{name}` names a page that does not exist: `{written}`");
            Diagnostic::new(&structural::RELATION_UNKNOWN, span, message)
                .with_suggestion(nearest_name(checked.of.site, lang, &collections, written))
        }
        RelationTarget::Ambiguous(pages) => {
            let names: Vec<String> = pages.iter().map(|id| format!("`{id}`")).collect();
            let message = format!("`{written}` is a name of {} pages", pages.len());
            Diagnostic::new(&structural::RELATION_UNKNOWN, span, message)
                .with_help(format!("write one of {}", names.join(", ")))
        }
    };
    findings.report(found);
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    const THEME: &str = "[components.facts.args]\n\
        treatment = { type = \"page\", collections = [\"treatments\"], required = true }\n";

    fn found(body: &str, rule: &str) -> Vec<String> {
        TestSite::new("")
            .theme(THEME)
            .page("treatments/nova.md", "---\ntitle: Nova\n---\n")
            .page("articles/x.md", &format!("---\ntitle: X\n---\n{body}\n"))
            .findings(rule)
    }

    #[test]
    fn a_component_is_called_as_its_theme_declares_it() {
        let body = "::: {.facts treatment=nova}\n:::";
        assert_eq!(found(body, "component-unknown"), [""; 0]);
        assert_eq!(found(body, "relation-unknown"), [""; 0]);
    }

    #[test]
    fn an_unknown_component_or_argument_is_shown_at_its_place() {
        let unknown = found("::: fact\n:::", "component-unknown");
        assert_eq!(unknown.len(), 1);
        assert!(
            unknown[0].starts_with(
                "articles/x.md:4:5 the theme has no component `fact` | did you mean `facts`?"
            ),
            "{unknown:?}"
        );
        let argument = found("::: {.facts treatment=nova colour=red}\n:::", "component-unknown");
        assert_eq!(argument.len(), 1);
        assert!(argument[0].starts_with("articles/x.md:4:28 "), "{argument:?}");
        assert_eq!(found("::: facts\n:::", "component-unknown").len(), 1);
    }

    #[test]
    fn components_of_markdown_fields_are_judged_too() {
        let page = "---\ntitle: X\nkey_points: [\"::: fact\\nx\\n:::\"]\n---\n";
        let site = TestSite::new("").theme(THEME).page("articles/x.md", page);
        let found = site.findings("component-unknown");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("articles/x.md:3:19 the theme has no component `fact`"));
    }

    #[test]
    fn an_argument_that_names_no_page_is_a_relation() {
        assert_eq!(
            found("::: {.facts treatment=novo}\n:::", "relation-unknown"),
            ["articles/x.md:4:13 `treatment` names a page that does not exist: `novo` \
                | did you mean `nova`?"]
        );
    }
}
