//! Names of pages as authors write them in fields and wikilinks.

use std::sync::Arc;

use crate::page_id::{Lang, PageId};
use crate::parse::text::fold;

use super::linked::RelationTarget;
use super::site::SiteReader;

/// Returns the page that `name` stands for in the language `lang`: by its id, its
/// bare id, an old id, its title or an alias.
///
/// With `collections`, only their pages count. A full id comes before a bare one,
/// and a bare id before a title. Where the language has no such page, the one in
/// `default_lang` is taken.
pub fn page_named(
    name: &str,
    collections: &[Arc<str>],
    lang: &Lang,
    default_lang: &Lang,
    reader: &SiteReader<'_>,
) -> RelationTarget {
    let candidates = candidates(name, collections, lang, reader);
    if candidates.is_empty() && lang != default_lang {
        return chosen(name, self::candidates(name, collections, default_lang, reader));
    }
    chosen(name, candidates)
}

fn candidates<'a>(
    name: &str,
    collections: &[Arc<str>],
    lang: &Lang,
    reader: &SiteReader<'a>,
) -> Vec<&'a PageId> {
    let mut candidates = reader.named(lang, name);
    let folded = fold(name);
    if folded != name {
        candidates.extend(reader.named(lang, &folded));
    }
    candidates.sort();
    candidates.dedup();
    if !collections.is_empty() {
        candidates.retain(|id| {
            let collection = reader.card(id).and_then(|card| card.collection.as_ref());
            collection.is_some_and(|collection| collections.contains(collection))
        });
    }
    candidates
}

fn chosen(name: &str, candidates: Vec<&PageId>) -> RelationTarget {
    let by_id = |matches: &dyn Fn(&PageId) -> bool| {
        let mut matching = candidates.iter().filter(|id| matches(id));
        matching.next().filter(|_| matching.next().is_none()).map(|&id| id.clone())
    };
    let unique = match *candidates {
        [only] => Some(only.clone()),
        _ => by_id(&|id| id.path() == name).or_else(|| by_id(&|id| id.name() == name)),
    };
    match unique {
        Some(id) => RelationTarget::Page(id),
        None if candidates.is_empty() => RelationTarget::Unknown,
        None => RelationTarget::Ambiguous(candidates.into_iter().cloned().collect()),
    }
}
