//! The order of pages in a listing.

use std::cmp::Ordering;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::config::Sort;

use super::facts::Card;

/// Returns the cards in the order of a listing: those with a weight first, by
/// weight; then by `sort`, by title where it is `None`; equals by id.
pub fn in_order<'a>(cards: Vec<&'a Arc<Card>>, sort: Option<&Sort>) -> Vec<&'a Arc<Card>> {
    let mut keyed: Vec<(SortKey, &Arc<Card>)> =
        cards.into_iter().map(|card| (SortKey::of(card, sort), card)).collect();
    let descending = sort.is_some_and(|sort| sort.descending);
    keyed.sort_by(|(a, card_a), (b, card_b)| {
        let by_weight = compare_missing_last(a.weight.as_ref(), b.weight.as_ref(), false);
        by_weight
            .then_with(|| compare_missing_last(a.value.as_ref(), b.value.as_ref(), descending))
            .then_with(|| card_a.id.cmp(&card_b.id))
    });
    keyed.into_iter().map(|(_, card)| card).collect()
}

struct SortKey {
    weight: Option<i64>,
    value: Option<String>,
}

impl SortKey {
    fn of(card: &Card, sort: Option<&Sort>) -> Self {
        let value = match sort.map_or("title", |sort| &sort.field) {
            "title" | "name" => Some(title_key(&card.title)),
            "date" => card.date.map(|date| date.to_string()),
            "updated" => card.updated.or(card.date).map(|date| date.to_string()),
            "reviewed" => card.reviewed.map(|date| date.to_string()),
            field => card.texts.get(field).and_then(|texts| texts.first()).map(|t| title_key(t)),
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
