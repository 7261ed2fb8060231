//! The order of pages in a listing.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::config::Sort;
use crate::parse::page::FieldValue;

use super::facts::Card;
use super::reader::SiteReader;

/// Returns the cards in the order of a listing: those with a weight first, by
/// weight; then by `sort`, by title where it is `None`; equals by id.
pub fn in_order<'a>(
    cards: Vec<&'a Arc<Card>>,
    sort: Option<&Sort>,
    reader: &SiteReader<'a>,
) -> Vec<&'a Arc<Card>> {
    let mut keyed: Vec<(SortKey<'_>, &Arc<Card>)> =
        cards.into_iter().map(|card| (SortKey::of(card, sort, reader), card)).collect();
    let descending = sort.is_some_and(|sort| sort.descending);
    keyed.sort_by(|(a, card_a), (b, card_b)| {
        let by_weight = compare_missing_last(a.weight.as_ref(), b.weight.as_ref(), false);
        by_weight
            .then_with(|| compare_missing_last(a.value.as_ref(), b.value.as_ref(), descending))
            .then_with(|| card_a.id.cmp(&card_b.id))
    });
    keyed.into_iter().map(|(_, card)| card).collect()
}

struct SortKey<'a> {
    weight: Option<i64>,
    value: Option<SortValue<'a>>,
}

/// What one listing compares: all its pages have values of one kind.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum SortValue<'a> {
    Days(Date, Option<Date>),
    Number(Number),
    Text(Cow<'a, str>),
}

impl SortValue<'_> {
    /// Returns what is compared of a field: a list's first value.
    fn of(value: &FieldValue) -> Option<Self> {
        match value {
            FieldValue::Integer(number) => Some(Self::Number(Number(*number as f64))),
            FieldValue::Number(number) => number.parse().ok().map(Number).map(Self::Number),
            FieldValue::List(values) => values.iter().find_map(Self::of),
            value => value.texts().first().map(|text| Self::Text(Cow::Owned(title_key(text)))),
        }
    }
}

/// A finite number in the order of its value.
#[derive(Clone, Copy)]
struct Number(f64);

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        // With zero added, zero has one sign.
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl<'a> SortKey<'a> {
    fn of(card: &'a Card, sort: Option<&Sort>, reader: &SiteReader<'a>) -> Self {
        let value = match sort.map_or("title", |sort| &sort.field) {
            "title" | "name" => Some(SortValue::Text(Cow::Borrowed(&card.title_key))),
            "date" => card.date.map(|date| SortValue::Days(date, None)),
            "updated" => changed(card).map(|(changed, date)| SortValue::Days(changed, date)),
            "reviewed" => card.reviewed.map(|date| SortValue::Days(date, None)),
            field => {
                let value = reader.fields(&card.id).and_then(|fields| fields.get(field));
                value.and_then(SortValue::of)
            }
        };
        Self { weight: card.weight, value }
    }
}

/// Returns when the page was changed last, and when it was published: of pages that were
/// changed on one day, the newer one counts as later.
pub fn changed(card: &Card) -> Option<(Date, Option<Date>)> {
    Some((card.updated.or(card.date)?, card.date))
}

/// Compares pages so that the one that was changed last comes first, as the home page and
/// feeds list them.
pub fn latest_first(a: &Card, b: &Card) -> Ordering {
    changed(b).cmp(&changed(a)).then_with(|| a.id.cmp(&b.id))
}

/// Returns the letters of a title without case and marks, so that É files under E, and
/// without the signs before them.
pub fn title_key(title: &str) -> String {
    let start = title.find(char::is_alphanumeric).unwrap_or_default();
    let letters = title[start..].nfd().filter(|c| !is_combining_mark(*c));
    letters.flat_map(char::to_lowercase).collect()
}

fn compare_missing_last<T: Ord>(a: Option<&T>, b: Option<&T>, descending: bool) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) if descending => b.cmp(a),
        (Some(a), Some(b)) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::page_id::{Lang, PageId};
    use crate::resolve::fixture::WrittenSite;
    use crate::url::UrlPath;

    #[test]
    fn numbers_stand_in_the_order_of_their_values() {
        let book = "[collections.parts.fields]\norder = \"integer\"\nmass = \"number\"\n";
        let mut site = WrittenSite::new(book);
        let parts = [("a", 10, "-0.5"), ("b", 2, "-12"), ("c", -100, "1e3"), ("d", 1, "0.25")];
        for (name, order, mass) in parts {
            let text = format!("---\ntitle: {name}\norder: {order}\nmass: {mass}\n---\n");
            site = site.page(&format!("parts/{name}.md"), &text);
        }
        let resolved = site.resolve();
        let reader = SiteReader::new(&resolved);
        let sorted = |sort: &str| {
            let cards = resolved.pages.values().map(|entry| &entry.card).collect();
            let sorted = in_order(cards, Some(&Sort::parse(sort)), &reader).into_iter();
            sorted.map(|card| card.title.to_string()).collect::<String>()
        };
        assert_eq!(sorted("order"), "cdba");
        assert_eq!(sorted("-order"), "abdc");
        assert_eq!(sorted("mass"), "badc");
    }

    #[test]
    fn of_pages_changed_on_one_day_the_newer_is_later() {
        let card = |date, updated| {
            let id = PageId::new("a", Lang::new("en"));
            Card { date, updated, ..Card::titled(id, "A", UrlPath::new("/a/")) }
        };
        let (march, may) = (date(2026, 3, 1), date(2026, 5, 1));
        let in_order = [
            card(None, None),
            card(Some(march), None),
            card(None, Some(may)),
            card(Some(march), Some(may)),
            card(Some(may), None),
        ];
        assert!(in_order.windows(2).all(|pair| changed(&pair[0]) < changed(&pair[1])));
    }

    #[test]
    fn a_title_is_filed_without_signs_case_and_marks() {
        assert_eq!(title_key("“Écart” type"), "ecart” type");
        assert_eq!(title_key("5-alpha"), "5-alpha");
        assert_eq!(title_key("…"), "…");
    }
}
