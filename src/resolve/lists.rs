//! The lists of pages that pages and themes declare.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::{Collection, Config, FieldType, ListQuery, Sort};
use crate::page_id::{Lang, PageId};
use crate::parse::page::FieldValue;

use super::facts::Card;
use super::linked::RelationTarget;
use super::names::page_named;
use super::order::in_order;
use super::reader::SiteReader;
use super::routes::Routes;

/// A way to choose pages by what each has, whatever its collection declares.
#[derive(Debug)]
pub struct CardFilter {
    /// The name, as lists write it.
    pub name: &'static str,
    by: By,
}

/// What of a page is looked at.
#[derive(Debug)]
enum By {
    /// Its tags, in any spelling.
    Tag,
    Text(fn(&Card) -> &str),
    Day(fn(&Card) -> Option<Date>),
}

impl CardFilter {
    const fn new(name: &'static str, by: By) -> Self {
        Self { name, by }
    }

    /// Tells whether it goes by a date.
    pub const fn is_date(&self) -> bool {
        matches!(self.by, By::Day(_))
    }
}

/// What a list can be filtered by beside the fields of its collection.
pub static FILTERS: &[CardFilter] = &[
    CardFilter::new("tags", By::Tag),
    CardFilter::new("tag", By::Tag),
    CardFilter::new("section", By::Text(|card| &card.section)),
    CardFilter::new("title", By::Text(|card| &card.title)),
    CardFilter::new("date", By::Day(|card| card.date)),
    CardFilter::new("updated", By::Day(|card| card.updated)),
    CardFilter::new("reviewed", By::Day(|card| card.reviewed)),
];

fn is_day(day: Option<Date>, wanted: &str) -> bool {
    day.is_some_and(|day| wanted.parse().is_ok_and(|wanted: Date| wanted == day))
}

/// Returns the pages in the language `lang` that `query` asks for, in its order; in
/// that of their collection where it has none.
pub fn listed<'a>(
    query: &ListQuery,
    lang: &Lang,
    config: &Config,
    reader: &SiteReader<'a>,
) -> Vec<&'a Arc<Card>> {
    let collection = config.collections.get(&query.collection);
    let names = Names { lang, config, reader };
    let filters: Vec<Filter<'_, '_>> = query
        .filter
        .iter()
        .map(|(field, wanted)| Filter::new(field, wanted, collection, &names))
        .collect();
    let cards = reader.members(lang, &query.collection).into_iter();
    let cards: Vec<&Arc<Card>> = cards
        .filter_map(|id| reader.card(id))
        .filter(|card| !card.is_index)
        .filter(|card| filters.iter().all(|filter| filter.admits(card, &names)))
        .collect();
    let sort = query.sort.as_ref().map(|field| Sort::parse(field));
    let declared = collection.map(|collection| &collection.sort);
    let mut ordered = in_order(cards, sort.as_ref().or(declared), reader);
    ordered.truncate(query.limit.unwrap_or(usize::MAX));
    ordered
}

/// Returns the collections that a value of the type `ty` names pages of, itself or in a
/// record; `None` where it names no page.
pub fn named_collections(ty: &FieldType) -> Option<&[Arc<str>]> {
    match ty.innermost() {
        FieldType::Page { collections, .. } => Some(collections),
        FieldType::Record(fields) => fields.values().find_map(|f| named_collections(&f.ty)),
        _ => None,
    }
}

/// Looks up what names stand for in the language of a list.
struct Names<'r, 'a> {
    lang: &'r Lang,
    config: &'r Config,
    reader: &'r SiteReader<'a>,
}

impl Names<'_, '_> {
    fn page(&self, written: &str, collections: &[Arc<str>]) -> Option<PageId> {
        let default_lang = &self.config.site.language;
        match page_named(written, collections, self.lang, default_lang, self.reader) {
            RelationTarget::Page(id) => Some(id),
            RelationTarget::Ambiguous(_) | RelationTarget::Unknown => None,
        }
    }

    fn tag_slug(&self, tag: &str) -> String {
        Routes::new(self.config).tag_slug(tag)
    }
}

/// What a page must hold to be listed.
struct Filter<'q, 'a> {
    wanted: &'q str,
    /// How it goes by what every page has.
    of_card: Option<&'static CardFilter>,
    /// The field of the collection that it goes by.
    field: Option<&'q str>,
    /// The collections that the field names pages of, and the page that `wanted` stands for.
    page: Option<(&'q [Arc<str>], PageId)>,
    /// The pages with the tag that is wanted, in any spelling.
    tagged: BTreeSet<&'a PageId>,
}

impl<'q, 'a> Filter<'q, 'a> {
    fn new(
        field: &'q str,
        wanted: &'q str,
        collection: Option<&'q Collection>,
        names: &Names<'_, 'a>,
    ) -> Self {
        let declared = collection.and_then(|collection| collection.fields.get(field));
        let collections = declared.and_then(|field| named_collections(&field.ty));
        let page = collections.and_then(|all| Some((all, names.page(wanted, all)?)));
        let of_card = FILTERS.iter().find(|filter| filter.name == field);
        let is_tag = of_card.is_some_and(|filter| matches!(filter.by, By::Tag));
        let tag = is_tag.then(|| names.tag_slug(wanted));
        let tagged = tag.map(|tag| names.reader.tagged(names.lang, &tag)).unwrap_or_default();
        let tagged = tagged.into_iter().collect();
        Self { wanted, of_card, field: declared.map(|_| field), page, tagged }
    }

    fn admits(&self, card: &Card, names: &Names<'_, '_>) -> bool {
        let value = self.field.and_then(|field| names.reader.fields(&card.id)?.get(field));
        value.is_some_and(|value| self.holds(value, names))
            || self.of_card.is_some_and(|filter| match filter.by {
                By::Tag => self.tagged.contains(&card.id),
                By::Text(text) => *text(card) == *self.wanted,
                By::Day(day) => is_day(day(card), self.wanted),
            })
    }

    /// Tells whether the value is or holds what is wanted; of a record only the pages that
    /// it names count.
    fn holds(&self, value: &FieldValue, names: &Names<'_, '_>) -> bool {
        match value {
            FieldValue::List(values) => values.iter().any(|value| self.holds(value, names)),
            FieldValue::Record(values) => {
                let is_page = |value: &&FieldValue| matches!(value, FieldValue::Page(_));
                values.values().filter(is_page).any(|value| self.holds(value, names))
            }
            FieldValue::Page(written) => match &self.page {
                Some((collections, wanted)) => {
                    names.page(written, collections).is_some_and(|page| page == *wanted)
                }
                None => **written == *self.wanted,
            },
            value => says(value, self.wanted),
        }
    }
}

/// Tells whether a plain value is what `wanted` says, which is read as the value is.
fn says(value: &FieldValue, wanted: &str) -> bool {
    match value {
        FieldValue::Integer(number) => wanted.parse() == Ok(*number),
        FieldValue::Number(number) => {
            let (given, wanted) = (number.parse::<f64>(), wanted.parse::<f64>());
            given.is_ok() && given == wanted
        }
        FieldValue::Boolean(truth) => wanted.eq_ignore_ascii_case(&truth.to_string()),
        FieldValue::Date(date) => is_day(Some(*date), wanted),
        value => value.texts().iter().any(|text| **text == *wanted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::fixture::WrittenSite;

    #[test]
    fn a_filter_goes_by_the_page_that_is_named() {
        let article = |fields: &str| format!("---\ntitle: T\n{fields}\n---\n");
        let site = WrittenSite::new("")
            .page("people/ann.md", "---\nname: Ann Lee\n---\n")
            .page("people/bob.md", "---\nname: Bob\n---\n")
            .page("articles/a.md", &article("authors: [people/ann]\ntags: [x, Hair Loss]"))
            .page("articles/b.md", &article("authors: Ann Lee\naudience: patients"))
            .page("articles/c.md", &article("authors: [bob, ann]\ndate: 2026-01-02"))
            .page("articles/d.md", &article("authors: [bob]\nreviewers: [{person: ann}]"));
        let resolved = site.resolve();
        let reader = SiteReader::new(&resolved);
        let found = |field: &str, wanted: &str| {
            let filter = vec![(Arc::from(field), Arc::from(wanted))];
            let (collection, sort) = (Arc::from("articles"), Some(Arc::from("title")));
            let query = ListQuery { collection, filter, sort, ..ListQuery::default() };
            let listed = listed(&query, &Lang::new("en"), &site.config, &reader).into_iter();
            listed.map(|card| card.id.name().to_owned()).collect::<String>()
        };
        for name in ["ann", "people/ann", "Ann Lee"] {
            assert_eq!(found("authors", name), "abc", "{name}");
            assert_eq!(found("reviewers", name), "d", "{name}");
        }
        assert_eq!(found("authors", "nobody"), "");
        assert_eq!(found("tags", "x"), "a");
        assert_eq!([found("tags", "hair loss"), found("tag", "hair-loss")], ["a"; 2]);
        assert_eq!(found("tags", "hair"), "");
        assert_eq!(found("audience", "patients"), "b");
        assert_eq!(found("date", "2026-01-02"), "c");
        assert_eq!(found("title", "T"), "abcd");
    }

    #[test]
    fn values_that_are_no_text_are_compared_as_what_they_are() {
        let book = "[collections.trials.fields]\nn = \"integer\"\ndose = \"number\"\n\
            open = \"boolean\"\nstart = \"date\"\n";
        let trial = |fields: &str| format!("---\ntitle: T\n{fields}\n---\n");
        let site = WrittenSite::new(book)
            .page("trials/a.md", &trial("n: 12\ndose: 1.50\nopen: true\nstart: 2026-01-02"))
            .page("trials/b.md", &trial("n: 1\ndose: 15\nopen: false\nstart: 2026-01-03"));
        let resolved = site.resolve();
        let reader = SiteReader::new(&resolved);
        for (field, wanted) in [
            ("n", "12"),
            ("n", "+12"),
            ("dose", "1.5"),
            ("open", "true"),
            ("open", "True"),
            ("start", "2026-01-02"),
        ] {
            let filter = vec![(Arc::from(field), Arc::from(wanted))];
            let query =
                ListQuery { collection: Arc::from("trials"), filter, ..ListQuery::default() };
            let listed = listed(&query, &Lang::new("en"), &site.config, &reader).into_iter();
            let found: Vec<_> = listed.map(|card| card.id.name().to_owned()).collect();
            assert_eq!(found, ["a"], "{field}: {wanted}");
        }
    }
}
