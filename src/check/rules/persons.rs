//! What readers need to know of the people who write and review.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::citation::CitationKey;
use crate::config::{Collection, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::resolve::contribute::page_title;
use crate::resolve::derive::push_keys;
use crate::resolve::publications::known_author;
use crate::source::Span;

static PERS_ROLE_RULE: Rule = Rule {
    id: "pers-role",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A person who wrote or reviewed a page has no `role`, so that readers cannot \
        tell what they do.",
};

static PERS_BIO_RULE: Rule = Rule {
    id: "pers-bio",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A person who wrote or reviewed a page has no biography: their own page has no \
        text.",
};

static PERS_ALIAS_RULE: Rule = Rule {
    id: "pers-alias",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A publication that a person lists names none of their names among its authors: \
        an alias is missing, or it is another's work.",
};

/// People without a role.
pub(super) static PERS_ROLE: Lint = Lint { rule: &PERS_ROLE_RULE, check: Check::Page(pers_role) };

/// People without a biography.
pub(super) static PERS_BIO: Lint = Lint { rule: &PERS_BIO_RULE, check: Check::Page(pers_bio) };

/// Publications by somebody else.
pub(super) static PERS_ALIAS: Lint =
    Lint { rule: &PERS_ALIAS_RULE, check: Check::Page(pers_alias) };

/// The field that says what a person does.
const ROLE: &str = "role";

/// Returns the page's collection, where the page is of a person who is shown with what they
/// wrote or reviewed.
fn shown_person<'a>(checked: &CheckedPage<'a>) -> Option<&'a Collection> {
    let collection = checked.collection.filter(|collection| collection.people)?;
    let mut inverses = crate::resolve::shown::inverse_names(&collection.name, checked.of.config);
    inverses.retain(|name| !checked.reader.related(&checked.page.id, name).is_empty());
    (!checked.page.is_index && !inverses.is_empty()).then_some(collection)
}

fn at_page(checked: &CheckedPage<'_>, rule: &'static Rule, message: String) -> Diagnostic {
    Diagnostic::new(rule, Span::file(checked.page.source.id.clone()), message)
}

fn title<'a>(checked: &CheckedPage<'a>) -> &'a str {
    checked.card(&checked.page.id).map_or("", |card| &card.title)
}

fn pers_role(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = shown_person(checked) else { return };
    if collection.fields.contains_key(ROLE) && !checked.has_value(ROLE) {
        let message = format!("{} has no role", title(checked));
        let found = at_page(checked, &PERS_ROLE_RULE, message);
        findings.report(found.with_help("say what they do: `role: …`"));
    }
}

fn pers_bio(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if shown_person(checked).is_some() && checked.page.body.text.plain.trim().is_empty() {
        let message = format!("{} has no biography", title(checked));
        let found = at_page(checked, &PERS_BIO_RULE, message);
        findings.report(found.with_help("write it below the front matter"));
    }
}

fn pers_alias(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = checked.collection.filter(|collection| collection.people) else {
        return;
    };
    let Some((name, value)) = checked.field_with_role(Role::Publications) else { return };
    let mut keys: Vec<CitationKey> = Vec::new();
    push_keys(value, &mut keys);
    let author = known_author(checked.page, &page_title(checked.page), collection);
    for key in keys {
        let Some(entry) = checked.of.works.get(&key) else { continue };
        if !author.wrote(entry) {
            let span = checked.text_span(
                Some(&crate::parse::FieldPath::field(name.clone())),
                0..0,
                key.as_str(),
            );
            let message = format!("`{key}` names none of the names of {}", title(checked));
            let found = Diagnostic::new(&PERS_ALIAS_RULE, span, message);
            findings.report(found.with_help("add the name that it uses to `aliases`"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn who_writes_has_a_role_and_a_biography() {
        let site = TestSite::new("")
            .page("people/ada.md", "---\nname: Ada\n---\n")
            .page("people/bob.md", "---\nname: Bob\nrole: Editor\n---\nBob edits.\n")
            .page("people/idle.md", "---\nname: Idle\n---\n")
            .page("articles/x.md", "---\ntitle: X\nauthors: [ada, bob]\n---\n");
        assert_eq!(
            site.findings("pers-role"),
            ["people/ada.md:1:1 Ada has no role | say what they do: `role: …`"]
        );
        assert_eq!(
            site.findings("pers-bio"),
            ["people/ada.md:1:1 Ada has no biography | write it below the front matter"]
        );
    }

    #[test]
    fn a_listed_work_is_by_the_person() {
        let bib = "@book{a, author={Roe, Jane}}\n@book{b, author={Roe, J.}}\n";
        let found = |aliases: &str| {
            let text = format!("---\nname: Jane Roe\n{aliases}publications: [a, b]\n---\n");
            TestSite::new("").works(bib, "").page("people/x.md", &text).findings("pers-alias")
        };
        assert_eq!(
            found(""),
            ["people/x.md:3:19 `b` names none of the names of Jane Roe \
                | add the name that it uses to `aliases`"]
        );
        assert_eq!(found("aliases: Roe J\n"), [""; 0]);
    }
}
