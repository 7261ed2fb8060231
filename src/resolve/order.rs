//! The order of pages in a listing.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::config::Sort;

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
    Date(Date),
    Text(Cow<'a, str>),
}

impl<'a> SortKey<'a> {
    fn of(card: &'a Card, sort: Option<&Sort>, reader: &SiteReader<'a>) -> Self {
        let text = |text: &Arc<str>| SortValue::Text(Cow::Owned(title_key(text)));
        let value = match sort.map_or("title", |sort| &sort.field) {
            "title" | "name" => Some(SortValue::Text(Cow::Borrowed(&card.title_key))),
            "date" => card.date.map(SortValue::Date),
            "updated" => card.updated.or(card.date).map(SortValue::Date),
            "reviewed" => card.reviewed.map(SortValue::Date),
            field => {
                let value = reader.fields(&card.id).and_then(|fields| fields.get(field));
                value.and_then(|value| value.texts().first().map(text))
            }
        };
        Self { weight: card.weight, value }
    }
}

/// Returns the letters of a title without case and marks, so that É files under E.
pub fn title_key(title: &str) -> String {
    let letters = title.nfd().filter(|c| !is_combining_mark(*c));
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
