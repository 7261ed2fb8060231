//! When a page was reviewed, and when it is to be reviewed again.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::config::{Collection, Config, Role};
use crate::parse::page::{FieldValue, FrontMatter};

/// The rule whose option `months` says how long a review holds.
const RULE: &str = "rev-stale";

/// How long a review holds, in months, where the rule's option says nothing else.
const MONTHS: i64 = 12;

/// The longest that the option can say, in months: a hundred years.
pub const MOST_MONTHS: i64 = 1200;

/// When a page is to be reviewed again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NextReview {
    /// The day that the page names.
    pub named: Option<Date>,
    /// The day until which its last review holds.
    pub held: Option<Date>,
}

impl NextReview {
    /// Returns when a page of `collection` that names the day `named` for it, and was
    /// reviewed `last` then, is to be reviewed again.
    pub fn of(
        named: Option<Date>,
        last: Option<Date>,
        config: &Config,
        collection: Option<&Collection>,
    ) -> Self {
        let months = review_months(config, collection).months();
        Self { named, held: last.and_then(|last| last.checked_add(months).ok()) }
    }

    /// Returns the first of the days; `None` for a page that was never reviewed and names
    /// none.
    pub fn day(&self) -> Option<Date> {
        self.named.into_iter().chain(self.held).min()
    }
}

/// Returns how long a review of a page of `collection` holds, in months.
pub fn review_months(config: &Config, collection: Option<&Collection>) -> i64 {
    let months = config.checks.option(RULE, "months", collection);
    let months = months.and_then(|months| months.as_i64());
    // What it cannot be is found with the configuration.
    months.filter(|months| (1..=MOST_MONTHS).contains(months)).unwrap_or(MONTHS)
}

/// Tells whether reviews hold equally long under two configurations with the same
/// collections.
pub fn hold_alike(one: &Config, other: &Config) -> bool {
    let collections = one.collections.values().map(Some).chain([None]);
    collections.into_iter().all(|c| review_months(one, c) == review_months(other, c))
}

/// Returns the day of the last review that the page names: a reviewer's own, or the one
/// common to all that give none.
pub fn last_review(front: &FrontMatter, collection: &Collection) -> Option<Date> {
    let value = |role| front.fields.get(&collection.field_with_role(role)?.name);
    let common = value(Role::Reviewed).and_then(date);
    let reviewers = match value(Role::Reviewer)? {
        FieldValue::List(reviewers) => reviewers.as_slice(),
        reviewer => std::slice::from_ref(reviewer),
    };
    let days = reviewers.iter().map(|reviewer| match reviewer {
        FieldValue::Record(values) => values.values().find_map(date).or(common),
        _ => common,
    });
    days.flatten().max()
}

fn date(value: &FieldValue) -> Option<Date> {
    match value {
        FieldValue::Date(date) => Some(*date),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::source::{Source, SourceId};

    fn config(book: &str) -> Config {
        Config::parse(&Source::new(SourceId::new("book.toml"), book)).0
    }

    #[test]
    fn a_review_is_due_on_its_day_and_when_the_last_holds_no_more() {
        let due = |named, last, book: &str| {
            let config = config(book);
            NextReview::of(named, last, &config, config.collections.get("articles")).day()
        };
        let (last, named) = (date(2025, 11, 23), date(2026, 1, 1));
        assert_eq!(due(None, None, ""), None);
        assert_eq!(due(None, Some(last), ""), Some(date(2026, 11, 23)));
        assert_eq!(due(Some(named), Some(last), ""), Some(named));
        assert_eq!(due(Some(date(2027, 1, 1)), Some(last), ""), Some(date(2026, 11, 23)));
        let six = "[checks]\nrev-stale = { months = 6 }\n";
        assert_eq!(due(None, Some(last), six), Some(date(2026, 5, 23)));
        let own = format!("{six}[collections.articles.checks]\nrev-stale = {{ months = 3 }}\n");
        assert_eq!(due(None, Some(last), &own), Some(date(2026, 2, 23)));
        assert!(!hold_alike(&config(six), &config(&own)));
        assert!(hold_alike(&config(six), &config(six)));
    }
}
