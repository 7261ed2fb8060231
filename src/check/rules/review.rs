//! Reviews: that there is one, by whom, and when.

use jiff::civil::Date;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::config::Role;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::page_id::PageId;
use crate::parse::FieldPath;
use crate::parse::page::FieldValue;
use crate::resolve::reviews::{MOST_MONTHS, NextReview, review_months};
use crate::source::Span;

/// After how many months a review is stale.
pub(super) static MONTHS: RuleOption =
    RuleOption { rule: &REV_STALE_RULE, name: "months", kind: OptionKind::Number(MOST_MONTHS) };

static REV_MISSING_RULE: Rule = Rule {
    id: "rev-missing",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A page of a reviewed collection names no reviewer.",
};

static REV_UNDATED_RULE: Rule = Rule {
    id: "rev-undated",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A review has no date, so that nobody can tell what it covered.",
};

static REV_STALE_RULE: Rule = Rule {
    id: "rev-stale",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "The last review is older than the interval (option `months`, 12 by default), \
        or the date of the next review has passed.",
};

static REV_BEFORE_UPDATE_RULE: Rule = Rule {
    id: "rev-before-update",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "The page was updated after its last review, so that the reviewer has not \
        seen what it says.",
};

static REV_SELF_RULE: Rule = Rule {
    id: "rev-self",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A reviewer of the page is also one of its authors.",
};

static REV_CREDENTIAL_RULE: Rule = Rule {
    id: "rev-credential",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A reviewer's page names no credentials, so that readers cannot tell what \
        qualifies them.",
};

static PERS_FORMER_RULE: Rule = Rule {
    id: "pers-former",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A review is dated after the reviewer left.",
};

/// Pages without a reviewer.
pub(super) static REV_MISSING: Lint =
    Lint { rule: &REV_MISSING_RULE, check: Check::Page(rev_missing) };

/// Reviews without a date.
pub(super) static REV_UNDATED: Lint =
    Lint { rule: &REV_UNDATED_RULE, check: Check::Page(rev_undated) };

/// Reviews that are due again.
pub(super) static REV_STALE: Lint = Lint { rule: &REV_STALE_RULE, check: Check::Page(rev_stale) };

/// Pages updated after their review.
pub(super) static REV_BEFORE_UPDATE: Lint =
    Lint { rule: &REV_BEFORE_UPDATE_RULE, check: Check::Page(rev_before_update) };

/// Authors who review themselves.
pub(super) static REV_SELF: Lint = Lint { rule: &REV_SELF_RULE, check: Check::Page(rev_self) };

/// Reviewers without credentials.
pub(super) static REV_CREDENTIAL: Lint =
    Lint { rule: &REV_CREDENTIAL_RULE, check: Check::Page(rev_credential) };

/// Reviews by people who had left.
pub(super) static PERS_FORMER: Lint =
    Lint { rule: &PERS_FORMER_RULE, check: Check::Page(pers_former) };

/// One review of a page.
struct Review<'a> {
    /// The reviewer.
    person: &'a PageId,
    /// Where the page names them.
    field: &'a FieldPath,
    date: Option<Date>,
}

/// Returns the reviews whose reviewer is known, in order.
fn reviews<'a>(checked: &CheckedPage<'a>) -> Vec<Review<'a>> {
    let common = checked.field_with_role(Role::Reviewed).and_then(|(_, value)| date(value));
    let named = checked.named_by_role(Role::Reviewer).into_iter();
    named
        .map(|(field, person)| {
            let record = FieldPath(field.0[..field.0.len() - 1].to_vec());
            let own = match checked.page.front.value_at(&record) {
                Some(FieldValue::Record(values)) => values.values().find_map(date),
                _ => None,
            };
            Review { person, field, date: own.or(common) }
        })
        .collect()
}

/// Returns the day of the last review.
pub(super) fn last_review(checked: &CheckedPage<'_>) -> Option<Date> {
    reviews(checked).iter().filter_map(|review| review.date).max()
}

fn date(value: &FieldValue) -> Option<Date> {
    match value {
        FieldValue::Date(date) => Some(*date),
        _ => None,
    }
}

fn rev_missing(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(collection) = checked.collection.filter(|collection| collection.reviewed) else {
        return;
    };
    let Some(field) = collection.field_with_role(Role::Reviewer) else { return };
    if checked.page.is_index || checked.has_value(&field.name) {
        return;
    }
    let message = format!("this {} has no reviewer", collection.singular);
    findings.report(
        Diagnostic::new(&REV_MISSING_RULE, Span::file(checked.page.source.id.clone()), message)
            .with_help(format!("name who reviewed it, and when, under `{}`", field.name)),
    );
}

fn rev_undated(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for review in reviews(checked).iter().filter(|review| review.date.is_none()) {
        let message = format!("the review by {} has no date", name(checked, review.person));
        let span = checked.field_span(review.field);
        findings.report(
            Diagnostic::new(&REV_UNDATED_RULE, span, message)
                .with_help("give the day of the review: `date: YYYY-MM-DD`"),
        );
    }
}

fn rev_stale(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let today = checked.of.today;
    let mut report = |name: &str, message: String| {
        let span = checked.named_field_span(name);
        findings.report(Diagnostic::new(&REV_STALE_RULE, span, message));
    };
    let (config, collection) = (checked.of.config, checked.collection);
    let (named, last) = (checked.field_with_role(Role::NextReview), last_review(checked));
    let day = named.and_then(|(_, value)| date(value));
    let due = NextReview::of(day, last, config, collection);
    let is_past = |day: &Date| *day < today;
    if let (Some((name, _)), Some(day)) = (named, due.named.filter(is_past)) {
        report(name, format!("the next review was due on {day}"));
    } else if let (Some(last), Some(_)) = (last, due.held.filter(is_past))
        && let Some((name, _)) = checked.field_with_role(Role::Reviewer)
    {
        let months = review_months(config, collection);
        report(name, format!("the last review was on {last}, over {months} months ago"));
    }
}

fn rev_before_update(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let (Some(updated), Some(last)) = (checked.page.front.updated, last_review(checked)) else {
        return;
    };
    if updated > last {
        let message = format!("updated on {updated}, after the last review on {last}");
        let span = checked.named_field_span("updated");
        findings.report(Diagnostic::new(&REV_BEFORE_UPDATE_RULE, span, message));
    }
}

fn rev_self(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let authors = checked.named_by_role(Role::Author);
    for review in reviews(checked) {
        if let Some((author, _)) = authors.iter().find(|(_, person)| *person == review.person) {
            let message = format!("{} reviews what they wrote", name(checked, review.person));
            findings.report(
                Diagnostic::new(&REV_SELF_RULE, checked.field_span(review.field), message)
                    .with_label("a reviewer")
                    .with_related(checked.field_span(author), "and an author"),
            );
        }
    }
}

fn rev_credential(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for review in reviews(checked) {
        if of_person(checked, review.person, Role::Credentials).is_none() {
            let message = format!("{} has no credentials", name(checked, review.person));
            findings.report(
                Diagnostic::new(&REV_CREDENTIAL_RULE, checked.field_span(review.field), message)
                    .with_help("add them to the reviewer's page"),
            );
        }
    }
}

fn pers_former(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for review in reviews(checked) {
        let left = of_person(checked, review.person, Role::Former).and_then(date);
        if let (Some(left), Some(reviewed)) = (left, review.date)
            && reviewed > left
        {
            let who = name(checked, review.person);
            let message = format!("{who} reviewed on {reviewed} and had left on {left}");
            let span = checked.field_span(review.field);
            findings.report(Diagnostic::new(&PERS_FORMER_RULE, span, message));
        }
    }
}

/// Returns the value of the field with `role` on the page of `person`.
fn of_person<'a>(checked: &CheckedPage<'a>, person: &PageId, role: Role) -> Option<&'a FieldValue> {
    let collection = checked.card(person)?.collection.as_ref()?;
    let field = checked.of.config.collections.get(collection)?.field_with_role(role)?;
    checked.reader.fields(person)?.get(&field.name)
}

fn name<'a>(checked: &CheckedPage<'a>, person: &'a PageId) -> &'a str {
    checked.card(person).map_or(person.path(), |card| &card.title)
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn site(book: &str, fields: &str) -> TestSite {
        TestSite::new(book)
            .page(
                "people/ada.md",
                "---\nname: Ada\ncredentials: [{kind: degree, title: MD}]\nformer: 2025-12-01\n---\n",
            )
            .page("people/bob.md", "---\nname: Bob\n---\n")
            .page("articles/x.md", &format!("---\ntitle: X\n{fields}\n---\n"))
    }

    fn found(rule: &str, fields: &str) -> Vec<String> {
        site("", fields).findings(rule)
    }

    #[test]
    fn a_reviewed_collection_needs_a_reviewer() {
        assert_eq!(
            found("rev-missing", ""),
            ["articles/x.md:1:1 this article has no reviewer \
                | name who reviewed it, and when, under `reviewers`"]
        );
        assert_eq!(found("rev-missing", "reviewers: [ada]"), [""; 0]);
    }

    #[test]
    fn a_review_has_a_date_of_its_own_or_in_common() {
        assert_eq!(
            found("rev-undated", "reviewers: [{person: ada}, {person: bob, date: 2026-01-02}]"),
            ["articles/x.md:3:22 the review by Ada has no date \
                | give the day of the review: `date: YYYY-MM-DD`"]
        );
        assert_eq!(found("rev-undated", "reviewers: [ada, bob]\nreviewed: 2026-01-02"), [""; 0]);
    }

    #[test]
    fn a_review_grows_stale() {
        let last = |date: &str| format!("reviewers: [{{person: ada, date: {date}}}]");
        assert_eq!(found("rev-stale", &last("2025-03-01")), [""; 0]);
        assert_eq!(
            found("rev-stale", &last("2025-02-28")),
            ["articles/x.md:3:12 the last review was on 2025-02-28, over 12 months ago"]
        );
        let book = "[checks]\nrev-stale = { level = \"error\", months = 6 }\n";
        let site = site(book, &last("2025-08-01"));
        assert_eq!(site.findings("rev-stale").len(), 1);
        assert_eq!(site.levels("rev-stale"), [crate::diagnostic::Level::Error]);
        assert_eq!(
            found("rev-stale", "next_review: 2026-02-28"),
            ["articles/x.md:3:14 the next review was due on 2026-02-28"]
        );
        assert_eq!(found("rev-stale", "next_review: 2026-03-01"), [""; 0]);
        assert_eq!(
            found("rev-stale", &format!("{}\nnext_review: 2027-01-01", last("2025-02-28"))),
            ["articles/x.md:3:12 the last review was on 2025-02-28, over 12 months ago"]
        );
    }

    #[test]
    fn the_newest_review_counts_against_an_update() {
        let reviews =
            "reviewers: [{person: ada, date: 2025-11-01}, {person: bob, date: 2026-01-02}]";
        let of =
            |updated: &str| found("rev-before-update", &format!("{reviews}\nupdated: {updated}"));
        assert_eq!(of("2026-01-02"), [""; 0]);
        assert_eq!(
            of("2026-01-03"),
            ["articles/x.md:4:10 updated on 2026-01-03, after the last review on 2026-01-02"]
        );
    }

    #[test]
    fn nobody_reviews_themselves() {
        assert_eq!(
            found("rev-self", "authors: [bob, ada]\nreviewers: [{person: ada, date: 2025-01-02}]"),
            ["articles/x.md:4:22 Ada reviews what they wrote"]
        );
        assert_eq!(found("rev-self", "authors: [bob]\nreviewers: [ada]"), [""; 0]);
    }

    #[test]
    fn a_reviewer_is_qualified_and_was_there() {
        let fields =
            "reviewers: [{person: ada, date: 2025-12-02}, {person: bob, date: 2025-12-02}]";
        assert_eq!(
            found("rev-credential", fields),
            ["articles/x.md:3:55 Bob has no credentials | add them to the reviewer's page"]
        );
        assert_eq!(
            found("pers-former", fields),
            ["articles/x.md:3:22 Ada reviewed on 2025-12-02 and had left on 2025-12-01"]
        );
    }
}
