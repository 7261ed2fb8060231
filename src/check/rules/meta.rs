//! What a page says about itself: author, description, dates.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::config::Role;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::source::Span;

/// The longest description that search engines show whole, in characters.
const MAX_DESCRIPTION: usize = 160;

static META_AUTHOR_RULE: Rule = Rule {
    id: "meta-author",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A page of a bylined collection names no author, so that readers cannot \
        tell who answers for it.",
};

static META_DESCRIPTION_RULE: Rule = Rule {
    id: "meta-description",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "The page has no `description`, or one of over 160 characters, which search \
        engines and feeds cut.",
};

static META_DATE_ORDER_RULE: Rule = Rule {
    id: "meta-date-order",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "The page was updated before it was published, or will be updated only in \
        the future.",
};

/// Pages without an author.
pub(super) static META_AUTHOR: Lint =
    Lint { rule: &META_AUTHOR_RULE, check: Check::Page(meta_author) };

/// Pages without a description, or with one that is too long.
pub(super) static META_DESCRIPTION: Lint =
    Lint { rule: &META_DESCRIPTION_RULE, check: Check::Page(meta_description) };

/// Dates in the wrong order.
pub(super) static META_DATE_ORDER: Lint =
    Lint { rule: &META_DATE_ORDER_RULE, check: Check::Page(meta_date_order) };

fn meta_author(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = checked.collection.filter(|collection| collection.bylined) else {
        return;
    };
    let Some(field) = collection.field_with_role(Role::Author) else { return };
    if checked.page.is_index || checked.has_value(&field.name) {
        return;
    }
    let message = format!("this {} has no author", collection.singular);
    findings.report(
        Diagnostic::new(&META_AUTHOR_RULE, Span::file(checked.page.source.id.clone()), message)
            .with_help(format!("name the people who wrote it: `{}: [ID]`", field.name)),
    );
}

fn meta_description(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if checked.page.is_index || checked.page.front.noindex {
        return;
    }
    let found = match &checked.page.front.description {
        None if checked.is_misnamed("description") => return,
        None => Diagnostic::new(
            &META_DESCRIPTION_RULE,
            Span::file(checked.page.source.id.clone()),
            "this page has no description",
        )
        .with_help("say in a sentence what it is about; the start of the text stands in"),
        Some(description) => {
            let length = description.chars().count();
            if length <= MAX_DESCRIPTION {
                return;
            }
            let message =
                format!("the description has {length} characters, over {MAX_DESCRIPTION}");
            let span = checked.named_field_span("description");
            Diagnostic::new(&META_DESCRIPTION_RULE, span, message)
        }
    };
    findings.report(found);
}

fn meta_date_order(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let front = &checked.page.front;
    let Some(updated) = front.updated else { return };
    let found = |message| {
        Diagnostic::new(&META_DATE_ORDER_RULE, checked.named_field_span("updated"), message)
    };
    if let Some(date) = front.date.filter(|date| *date > updated) {
        let message = format!("updated on {updated}, before it was published on {date}");
        findings.report(
            found(message).with_related(checked.named_field_span("date"), "published here"),
        );
    }
    // Authors east of the build's clock are a day ahead.
    if checked.of.today.tomorrow().is_ok_and(|tomorrow| updated > tomorrow) {
        let message = format!("updated on {updated}, which is yet to come");
        findings.report(found(message).with_label(format!("today is {}", checked.of.today)));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(rule: &str, path: &str, fields: &str) -> Vec<String> {
        TestSite::new("").page(path, &format!("---\ntitle: X\n{fields}\n---\n")).findings(rule)
    }

    #[test]
    fn bylined_collections_need_an_author() {
        assert_eq!(
            found("meta-author", "articles/x.md", ""),
            [
                "articles/x.md:1:1 this article has no author | name the people who wrote it: `authors: [ID]`"
            ]
        );
        assert_eq!(found("meta-author", "articles/x.md", "authors: []").len(), 1);
        assert_eq!(found("meta-author", "articles/x.md", "authors: jane"), [""; 0]);
        assert_eq!(found("meta-author", "treatments/x.md", ""), [""; 0]);
        assert_eq!(found("meta-author", "articles/_index.md", ""), [""; 0]);
    }

    #[test]
    fn a_description_is_there_and_short() {
        assert_eq!(found("meta-description", "articles/x.md", "").len(), 1);
        assert_eq!(found("meta-description", "articles/x.md", "description: Short"), [""; 0]);
        let exact = format!("description: {}", "é".repeat(160));
        assert_eq!(found("meta-description", "articles/x.md", &exact), [""; 0]);
        let long = format!("description: {}", "a".repeat(161));
        assert_eq!(
            found("meta-description", "articles/x.md", &long),
            ["articles/x.md:3:14 the description has 161 characters, over 160"]
        );
    }

    #[test]
    fn dates_are_in_order_with_a_day_of_grace() {
        let of = |fields: &str| found("meta-date-order", "articles/x.md", fields);
        assert_eq!(of("date: 2026-01-02\nupdated: 2026-01-02"), [""; 0]);
        assert_eq!(of("updated: 2026-03-02"), [""; 0]);
        assert_eq!(
            of("date: 2026-01-02\nupdated: 2025-12-31"),
            ["articles/x.md:4:10 updated on 2025-12-31, before it was published on 2026-01-02"]
        );
        assert_eq!(
            of("updated: 2026-03-03"),
            ["articles/x.md:3:10 updated on 2026-03-03, which is yet to come"]
        );
    }
}
