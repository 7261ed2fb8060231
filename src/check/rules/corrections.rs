//! Corrections: that readers learn what changed since a review.

use std::ops::Range;

use jiff::civil::Date;

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint};
use crate::config::{Collection, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::load::history::History;
use crate::parse::front_matter::split;
use crate::parse::page::FieldValue;
use crate::source::SourceId;

use super::review::last_review;

static CORR_UNLOGGED_RULE: Rule = Rule {
    id: "corr-unlogged",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "The text of a page has other words than when it was last reviewed, and the field \
        with the role `changes` has no entry since, so that readers cannot tell what the reviewer \
        saw. Git knows what it was: the last version of that day, or the first in which the review \
        is noted, whichever is the later. Only `galen check` asks git, which must have the full \
        history.",
};

/// Changes of reviewed pages that nobody noted.
pub(super) static CORR_UNLOGGED: Lint =
    Lint { rule: &CORR_UNLOGGED_RULE, check: Check::Page(corr_unlogged) };

/// Histories that do not go back to the reviews.
pub(super) static CORR_NOT_EVIDENCED: Lint =
    Lint { rule: &CORR_UNLOGGED_RULE, check: Check::Site(corr_not_evidenced) };

fn corr_unlogged(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some(history) = checked.of.history.filter(|history| history.is_complete()) else { return };
    let Some(changes) = checked.collection.and_then(|c| c.field_with_role(Role::Changes)) else {
        return;
    };
    let Some(reviewed) = last_review(checked) else { return };
    if is_logged(checked, reviewed) {
        return;
    }
    let Some(changed) = changed_since(checked, history, reviewed) else { return };
    let message =
        format!("the text is not the one that was reviewed on {reviewed}, and nothing says so");
    findings.report(
        Diagnostic::new(&CORR_UNLOGGED_RULE, checked.span(changed), message)
            .with_label("the first words that differ")
            .with_help(format!("say under `{}` on which day what changed", changes.name))
            .with_help("or have it reviewed again"),
    );
}

/// Tells whether the page has an entry of a change since the day `reviewed`.
fn is_logged(checked: &CheckedPage<'_>, reviewed: Date) -> bool {
    let Some((name, value)) = checked.field_with_role(Role::Changes) else { return false };
    let is_since = |value: &FieldValue| matches!(value, FieldValue::Date(day) if *day >= reviewed);
    let entries = match value {
        FieldValue::List(entries) => entries.as_slice(),
        entry => std::slice::from_ref(entry),
    };
    let mut records = entries.iter().map(|entry| match entry {
        FieldValue::Record(values) => values.values().any(is_since),
        value => is_since(value),
    });
    records.any(|is_since| is_since) || checked.is_misnamed(name)
}

/// Returns the text that was reviewed on `day`; `None` where that is not known.
///
/// A review is noted on its day or later: the text is that of the day's last version, or that
/// of the first version in whose front matter the day stands.
fn reviewed_text(history: &dyn History, file: &SourceId, day: Date) -> Option<String> {
    let noted = day.to_string();
    let mut reviewed = None;
    for (made, text) in history.versions(file) {
        let text = text?.trim_start_matches('\u{feff}').to_owned();
        if !text[..split(&text).body].contains(&noted) {
            break;
        }
        reviewed = Some(text);
        if made <= day {
            break;
        }
    }
    reviewed
}

/// Returns the place of the first words in the page's text that are others than when it was
/// reviewed on `day`; `None` where they are the same, or it is not known what they were.
fn changed_since(
    checked: &CheckedPage<'_>,
    history: &dyn History,
    day: Date,
) -> Option<Range<usize>> {
    let source = &checked.page.source;
    let earlier = reviewed_text(history, &source.id, day)?;
    let mut earlier = earlier[split(&earlier).body..].split_whitespace();
    let text = source.text();
    let start = checked.page.text_start;
    let mut last = start..start;
    // How lines are broken makes no difference.
    for word in text[start..].split_whitespace() {
        let at = word.as_ptr().addr() - text.as_ptr().addr();
        last = at..at + word.len();
        if earlier.next() != Some(word) {
            return Some(last);
        }
    }
    earlier.next().map(|_| last)
}

fn corr_not_evidenced(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let logs = |c: &Collection| c.reviewed && c.field_with_role(Role::Changes).is_some();
    let is_known = checked.history.is_none_or(|history| history.is_complete());
    if is_known || !checked.config.collections.values().any(logs) {
        return;
    }
    let message = "changes since reviews are not evidenced: that needs the full history";
    let mut found = Diagnostic::new(&CORR_UNLOGGED_RULE, checked.book_span(&[]), message)
        .with_help("fetch it: `git fetch --unshallow`, or `fetch-depth: 0` where CI checks out");
    found.level = Level::Info;
    findings.report(found);
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    const REVIEWED: &str = "reviewers: [{person: ada, date: 2026-01-05}]\n";

    fn page(fields: &str, text: &str) -> String {
        format!("---\ntitle: X\n{fields}---\n{text}\n")
    }

    /// Returns a site with a page that has these earlier versions, each with its day.
    fn site(fields: &str, text: &str, earlier: &[(&str, String)]) -> TestSite {
        let site = TestSite::new("")
            .page("people/ada.md", "---\nname: Ada\n---\n")
            .page("articles/x.md", &page(fields, text));
        earlier.iter().fold(site, |site, (day, text)| site.earlier("articles/x.md", day, text))
    }

    /// Returns the findings on a page whose text was `before` when it was reviewed.
    fn found(before: &str, fields: &str, text: &str) -> Vec<String> {
        let earlier = [("2026-01-05", page(REVIEWED, before))];
        site(fields, text, &earlier).findings("corr-unlogged")
    }

    #[test]
    fn other_words_since_the_review_are_noted() {
        let finding = |place: &str| {
            format!(
                "articles/x.md:{place} the text is not the one that was reviewed on 2026-01-05, and \
                nothing says so | say under `changes` on which day what changed | or have it \
                reviewed again"
            )
        };
        assert_eq!(found("One two.", REVIEWED, "One\ntwo."), [""; 0]);
        assert_eq!(found("One two.", REVIEWED, "One three."), [finding("5:5")]);
        assert_eq!(found("One two.", REVIEWED, "One two. Three."), [finding("5:10")]);
        assert_eq!(found("One two. Three.", REVIEWED, "One two."), [finding("5:5")]);
        assert_eq!(found("One.", REVIEWED, ""), [finding("5:1")]);
    }

    #[test]
    fn a_change_may_be_logged_or_before_any_review() {
        let logged = |date: &str| format!("{REVIEWED}changes: [{{date: {date}, note: Two.}}]\n");
        assert_eq!(found("One.", &logged("2026-01-05"), "Two."), [""; 0]);
        assert_eq!(found("One.", &logged("2026-01-04"), "Two.").len(), 1);
        assert_eq!(found("One.", "", "Two."), [""; 0], "nobody reviewed it");
        let later = "reviewers: [{person: ada, date: 2026-01-06}]\n";
        assert_eq!(found("One.", later, "Two."), [""; 0], "the review is noted in no version");
    }

    #[test]
    fn a_review_may_be_noted_after_its_day() {
        let draft = ("2026-01-04", page("", "One."));
        let noted = ("2026-01-06", page(REVIEWED, "Two."));
        let typo = ("2026-01-07", page(REVIEWED, "Too."));
        let found = |text: &str, earlier: &[(&str, String)]| {
            site(REVIEWED, text, earlier).findings("corr-unlogged").len()
        };
        assert_eq!(found("Two.", &[draft.clone(), noted.clone()]), 0);
        assert_eq!(found("Two.", std::slice::from_ref(&draft)), 0, "it is about to be noted");
        assert_eq!(found("Three.", &[draft.clone(), noted.clone()]), 1);
        assert_eq!(found("Too.", &[draft, noted, typo]), 1);
        let planned = ("2026-01-03", page(REVIEWED, "One."));
        let of_the_day = ("2026-01-05", page(REVIEWED, "Two."));
        assert_eq!(found("Two.", &[planned, of_the_day]), 0, "the day's last version counts");
    }

    #[test]
    fn a_history_that_is_not_all_there_is_told_once() {
        let site = site(REVIEWED, "Two.", &[("2026-01-05", page(REVIEWED, "One."))]);
        assert_eq!(site.findings("corr-unlogged").len(), 1);
        assert_eq!(
            site.shallow().findings("corr-unlogged"),
            ["book.toml:1:1 changes since reviews are not evidenced: that needs the full history \
                | fetch it: `git fetch --unshallow`, or `fetch-depth: 0` where CI checks out"]
        );
    }
}
