//! Citations where nothing is cited: in texts that are shown as they are written, and in
//! fields that nothing shows.

use std::ops::Range;
use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, leaf_values};
use crate::citation::syntax::{Citation, scan};
use crate::config::theme::{ArgumentType, Shown};
use crate::config::{Collection, Field, FieldType, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::FieldPath;
use crate::parse::body::Attribute;
use crate::parse::page::{FieldStep, FieldValue};
use crate::source::Span;

static CITE_PLAIN_RULE: Rule = Rule {
    id: "cite-plain",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A citation stands in a text that is no Markdown, such as a title or a short \
        field, so that readers see its key and nothing is cited; or in a field that `display` \
        does not name, so that it is neither numbered nor listed.",
};

/// Citations in plain texts.
pub(super) static CITE_PLAIN: Lint =
    Lint { rule: &CITE_PLAIN_RULE, check: Check::Page(cite_plain) };

fn cite_plain(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for (path, text) in plain_fields(checked) {
        for written in cited(text, checked) {
            let span = checked.text_span(Some(&path), written.clone(), &text[written.clone()]);
            let message = format!("`{}` is plain text, in which nothing is cited", named(&path));
            findings.report(found(checked, span, message));
        }
    }
    for (field, body) in checked.texts() {
        for call in &body.components {
            let Ok(component) = checked.of.theme.component(&call.name) else { continue };
            let plain = call.attributes.pairs.iter().filter(|pair| {
                let argument = component.args.get(&*pair.name);
                argument.is_some_and(|argument| argument.ty == ArgumentType::Text)
            });
            for pair in plain {
                for written in cited(&pair.value, checked) {
                    let span = argument_span(checked, field.as_ref(), pair, &pair.value[written]);
                    let name = &pair.name;
                    let message = format!("`{name}` is plain text, in which nothing is cited");
                    findings.report(found(checked, span, message));
                }
            }
        }
    }
    hidden(checked, findings);
}

/// Reports the citations of fields that no page shows.
fn hidden(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = checked.collection else { return };
    for (path, value) in leaf_values(checked.page) {
        let citations: &[Citation] = match value {
            FieldValue::Citation(citation) => std::slice::from_ref(&**citation),
            FieldValue::Markdown(body) => &body.citations,
            _ => continue,
        };
        let Some(FieldStep::Name(name)) = path.0.first() else { continue };
        let field = collection.fields.get(name);
        if field.is_none_or(|field| is_shown(field, collection, checked)) {
            continue;
        }
        for cite in citations.iter().flat_map(|citation| &citation.cites) {
            let span = checked.text_span(Some(&path), cite.key_range.clone(), cite.key.as_str());
            let message =
                format!("`{name}` is a field that is not shown, in which nothing is cited");
            findings.report(
                Diagnostic::new(&CITE_PLAIN_RULE, span, message)
                    .with_label("neither numbered nor listed")
                    .with_help(format!(
                        "name `{name}` in `display` of `[collections.{}]`, or cite in the text",
                        collection.name
                    )),
            );
        }
    }
}

/// Tells whether the field is shown: by its own page, by those that its records name, or by a
/// component.
fn is_shown(field: &Field, collection: &Collection, checked: &CheckedPage<'_>) -> bool {
    let displays = |collection: &Collection, name: &Arc<str>| collection.display.contains(name);
    let mut inverses = field.inverse.iter().collect::<Vec<_>>();
    if let FieldType::Record(record) = field.ty.innermost() {
        inverses.extend(record.values().filter_map(|field| field.inverse.as_ref()));
    }
    let components = checked.of.theme.components.values();
    field.role == Some(Role::Publications)
        || displays(collection, &field.name)
        || checked
            .of
            .config
            .collections
            .values()
            .any(|other| inverses.iter().any(|inverse| displays(other, inverse)))
        || components.flat_map(|component| component.shows.values().flatten()).any(|shown| {
            match shown {
                Shown::Field(name) => **name == *field.name,
                Shown::Role(role) => field.role == Some(*role),
            }
        })
}

/// Returns the place of the words `written` in the value of an argument.
fn argument_span(
    checked: &CheckedPage<'_>,
    field: Option<&FieldPath>,
    pair: &Attribute,
    written: &str,
) -> Span {
    let mut range = pair.range.clone();
    if field.is_none()
        && let Some(at) = checked.page.source.text()[range.clone()].find(written)
    {
        range = range.start + at..range.start + at + written.len();
    }
    checked.text_span(field, range, written)
}

fn found(checked: &CheckedPage<'_>, span: Span, message: String) -> Diagnostic {
    let found = Diagnostic::new(&CITE_PLAIN_RULE, span, message).with_label("shown as it stands");
    let fields = checked.collection.into_iter().flat_map(|c| c.fields.values());
    let fields: Vec<String> = fields
        .filter(|field| is_markdown(field))
        .map(|field| format!("`{}`", field.name))
        .collect();
    found.with_help(match fields.is_empty() {
        true => "cite in the text".to_owned(),
        false => format!("cite in the text, or in a field that is Markdown: {}", fields.join(", ")),
    })
}

/// Tells whether the field is Markdown throughout.
fn is_markdown(field: &Field) -> bool {
    *field.ty.innermost() == FieldType::Markdown
}

/// Returns the plain texts of the front matter that hold an `@`, with their places.
fn plain_fields<'a>(checked: &CheckedPage<'a>) -> Vec<(FieldPath, &'a str)> {
    let front = &checked.page.front;
    let of_image = front.image.as_ref();
    let common = [
        (&["title"] as &[&str], &front.title),
        (&["name"], &front.title),
        (&["subtitle"], &front.subtitle),
        (&["description"], &front.description),
        (&["image", "alt"], of_image.map_or(&None, |image| &image.alt)),
        (&["image", "credit"], of_image.map_or(&None, |image| &image.credit)),
    ];
    let is_person = checked.collection.is_some_and(|collection| collection.people);
    let common = common.into_iter().filter_map(|(path, text)| {
        let text: &str = text.as_deref().filter(|text| text.contains('@'))?;
        let is_meant = match path {
            ["title"] => !is_person,
            ["name"] => is_person,
            // That of a field that stands in is one of the collection's own.
            ["image", _] => checked.image_span().1 == "image",
            _ => true,
        };
        let steps = path.iter().map(|name| FieldStep::Name(Arc::from(*name))).collect();
        is_meant.then_some((FieldPath(steps), text))
    });
    let mut found: Vec<(FieldPath, &str)> = common.collect();
    if front.fields.values().any(holds_sign) {
        let leaves = leaf_values(checked.page).into_iter();
        found.extend(leaves.filter_map(|(path, value)| match value {
            FieldValue::Text(text) if text.contains('@') => Some((path, &**text)),
            _ => None,
        }));
    }
    found
}

fn holds_sign(value: &FieldValue) -> bool {
    match value {
        FieldValue::Text(text) => text.contains('@'),
        FieldValue::List(values) => values.iter().any(holds_sign),
        FieldValue::Record(values) => values.values().any(holds_sign),
        _ => false,
    }
}

/// Returns the places of the citations in `text`. Of those without brackets, which may be the
/// names of accounts, only those of works that there are count.
fn cited(text: &str, checked: &CheckedPage<'_>) -> Vec<Range<usize>> {
    let works = checked.of.works;
    let citations = scan(text).into_iter().filter(|citation| {
        !citation.narrative || citation.cites.iter().all(|cite| works.get(&cite.key).is_some())
    });
    citations.map(|citation| citation.range).collect()
}

/// Returns the field as authors write it: `faq.q` for the question of any of its records.
fn named(path: &FieldPath) -> String {
    let names = path.0.iter().filter_map(|step| match step {
        FieldStep::Name(name) => Some(&**name),
        FieldStep::Index(_) => None,
    });
    names.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(path: &str, text: &str) -> Vec<String> {
        let theme = "[components.figure.args]\ncaption = { type = \"text\" }\n";
        let site = TestSite::new("").theme(theme).works("@book{a, title={A}}", "");
        site.page(path, text).findings("cite-plain")
    }

    #[test]
    fn a_citation_in_a_plain_text_is_shown_at_its_place() {
        let found = found(
            "treatments/nova.md",
            "---\ntitle: Nova [@a]\npregnancy: Avoid [@a, p. 4].\nfaq:\n  - q: Does @a say so?\n    \
                a: Yes [@a].\nmechanism: So [@a].\n---\nText [@a].\n\n\
                ::: {.figure caption=\"Seen [@a]\"}\n:::\n",
        );
        let starts = [
            "treatments/nova.md:2:13 `title` is plain text, in which nothing is cited",
            "treatments/nova.md:3:18 `pregnancy` is",
            "treatments/nova.md:5:13 `faq.q` is",
            "treatments/nova.md:11:28 `caption` is",
        ];
        assert_eq!(found.len(), starts.len(), "{found:?}");
        for (found, start) in found.iter().zip(starts) {
            assert!(found.starts_with(start), "{found}");
            assert!(found.contains("or in a field that is Markdown: `key_points`"), "{found}");
        }
    }

    #[test]
    fn a_citation_in_a_field_that_nothing_shows_is_reported() {
        let found = |display: &str| {
            let book = format!(
                "[collections.guides]\ndisplay = [{display}\"body\"]\n[collections.guides.fields]\n\
                    scope = \"markdown\"\nsource = \"citation\"\nboxed = \"markdown\"\n\
                    of = {{ type = \"list of record\", fields = {{ guide = {{ type = \
                    \"id-of(guides)\", inverse = \"named\" }}, source = \"citation\" }} }}\n"
            );
            TestSite::new(&book)
                .theme("[components.box]\nargs.guide.type = \"page\"\nshows.guide = [\"boxed\"]\n")
                .works("@book{a, title={A}}", "")
                .page(
                    "guides/g.md",
                    "---\ntitle: G\nscope: See [@a].\nsource: a\nboxed: As [@a].\n\
                        of:\n  - guide: g\n    source: a\n---\nText [@a].\n",
                )
                .findings("cite-plain")
        };
        let message = "is a field that is not shown, in which nothing is cited | name";
        let starts = [("3:14", "scope"), ("4:9", "source"), ("8:13", "of")];
        let starts =
            starts.map(|(at, name)| format!("guides/g.md:{at} `{name}` {message} `{name}`"));
        let all = found("");
        assert_eq!(all.len(), starts.len(), "{all:?}");
        assert!(all.iter().zip(&starts).all(|(found, start)| found.starts_with(start)), "{all:?}");
        assert_eq!(found("\"scope\", \"source\", \"named\", "), [""; 0]);
    }

    #[test]
    fn addresses_and_accounts_are_no_citations() {
        let fields = "pregnancy: Ask roe@example.org or @roe, https://example.org/@a.\n";
        let text = format!("---\ntitle: \"@home\"\ndescription: By @nobody\n{fields}---\n");
        assert_eq!(found("treatments/nova.md", &text), [""; 0]);
        assert_eq!(found("page.md", "---\ntitle: \"@a\"\n---\n").len(), 1);
        assert_eq!(found("people/a.md", "---\nname: \"Roe [@a]\"\n---\n").len(), 1);
        let photo = |name: &str| {
            let text = format!("---\nname: Roe\n{name}: {{src: a.jpg, alt: \"By [@a]\"}}\n---\n");
            found("people/a.md", &text)
        };
        assert!(matches!(photo("photo").as_slice(), [one] if one.contains("`photo.alt` is")));
        assert!(matches!(photo("image").as_slice(), [one] if one.contains("`image.alt` is")));
    }
}
