//! The lists of pages that pages and themes declare.

use std::sync::Arc;

use crate::config::{Config, ListQuery, Sort};
use crate::page_id::Lang;

use super::facts::Card;
use super::order::in_order;
use super::reader::SiteReader;

/// Returns the pages in the language `lang` that `query` asks for, in its order; in
/// that of their collection where it has none.
pub fn listed<'a>(
    query: &ListQuery,
    lang: &Lang,
    config: &Config,
    reader: &SiteReader<'a>,
) -> Vec<&'a Arc<Card>> {
    let cards = reader.members(lang, &query.collection).into_iter();
    let cards: Vec<&Arc<Card>> = cards
        .filter_map(|id| reader.card(id))
        .filter(|card| !card.is_index)
        .filter(|card| {
            query.filter.iter().all(|(field, wanted)| holds(card, field, wanted, reader))
        })
        .collect();
    let sort = query.sort.as_ref().map(|field| Sort::parse(field));
    let declared = config.collections.get(&query.collection).map(|collection| &collection.sort);
    let mut ordered = in_order(cards, sort.as_ref().or(declared), reader);
    ordered.truncate(query.limit.unwrap_or(usize::MAX));
    ordered
}

fn holds(card: &Card, field: &str, wanted: &str, reader: &SiteReader<'_>) -> bool {
    match field {
        "tags" | "tag" => card.tags.iter().any(|tag| **tag == *wanted),
        "section" => *card.section == *wanted,
        field => {
            let value = reader.fields(&card.id).and_then(|fields| fields.get(field));
            value.is_some_and(|value| value.texts().iter().any(|text| **text == *wanted))
        }
    }
}
