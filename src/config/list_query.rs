//! A list of pages that a page or a theme declares.

use std::sync::Arc;

use super::table::TableReader;

/// Which pages a list holds, and in which order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListQuery {
    /// The collection to list.
    pub collection: Arc<str>,
    /// Fields and the value that each must hold, as it is written.
    pub filter: Vec<(Arc<str>, Arc<str>)>,
    /// The field to sort by, with `-` before it for the greatest first.
    pub sort: Option<Arc<str>>,
    /// How many pages at most.
    pub limit: Option<usize>,
    /// How many pages on one page of the listing.
    pub per_page: Option<usize>,
}

impl ListQuery {
    /// Reads the table of a list in a theme, which has no further pages to show.
    pub(super) fn read(mut table: TableReader<'_, '_>) -> Option<Self> {
        let collection = table.text("collection");
        let filter = table.table("filter").map(|table| table.entries()).unwrap_or_default();
        let filter = filter.into_iter().filter_map(|entry| Some((entry.key, entry.value.plain()?)));
        let query = Self {
            collection: collection.clone().unwrap_or_default(),
            filter: filter.collect(),
            sort: table.text("sort"),
            limit: table.count("limit"),
            per_page: None,
        };
        table.require("collection", collection.is_some());
        table.finish();
        collection.map(|_| query)
    }
}
