//! The tree of a collection's pages beside each of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Collection;
use crate::render::value::{Value, list, map, no_values, text};
use crate::resolve::facts::Card;
use crate::resolve::order::{in_order, title_key};

use super::scope::PageScope;

/// A folder of a collection: its pages, and the folders in it.
#[derive(Default)]
struct Folder<'a> {
    /// The page that describes it.
    index: Option<&'a Arc<Card>>,
    pages: Vec<&'a Arc<Card>>,
    /// By name.
    folders: BTreeMap<&'a str, Folder<'a>>,
}

impl<'a> Folder<'a> {
    /// Returns the folder `section` in this one, which is added where there is none.
    fn at(&mut self, section: &'a str) -> &mut Self {
        let names = section.split('/').filter(|name| !name.is_empty());
        names.fold(self, |folder, name| folder.folders.entry(name).or_default())
    }

    /// Returns the entries of what is in the folder, which is at `section`: its pages in
    /// their order, then its folders by the weight of their index and by title.
    fn entries(self, section: &str, collection: &Collection, scope: &PageScope<'_>) -> Value {
        let pages = self.pages.into_iter().map(|page| entry(page, no_values(), scope));
        let mut folders: Vec<_> = self
            .folders
            .into_iter()
            .map(|(name, folder)| {
                let title = folder.index.map_or(name, |index| &index.title);
                let weight = folder.index.and_then(|index| index.weight);
                ((weight.unwrap_or(i64::MAX), title_key(title), name), folder)
            })
            .collect();
        folders.sort_by(|(a, _), (b, _)| a.cmp(b));
        let folders = folders.into_iter().map(|((_, _, name), mut folder)| {
            let section = match section.is_empty() {
                true => name.to_owned(),
                false => format!("{section}/{name}"),
            };
            let index = folder.index.take();
            let children = folder.entries(&section, collection, scope);
            if let Some(index) = index {
                return entry(index, children, scope);
            }
            let url = scope.site.routes.section(collection, &section, scope.id.lang());
            map([
                ("title", text(name.replace('-', " "))),
                ("url", text(scope.relative(&url))),
                ("active", Value::from(false)),
                ("children", children),
            ])
        });
        list(pages.chain(folders))
    }
}

/// Returns the tree of the page's collection, where the collection shows one.
pub(super) fn sidebar(scope: &PageScope<'_>, collection: Option<&Collection>) -> Value {
    let Some(collection) = collection.filter(|collection| collection.sidebar) else {
        return no_values();
    };
    let members = scope.reader.members(scope.id.lang(), &collection.name).into_iter();
    let cards: Vec<&Arc<Card>> = members.filter_map(|id| scope.reader.card(id)).collect();
    let (indexes, pages): (Vec<_>, Vec<_>) = cards.into_iter().partition(|card| card.is_index);
    let mut root = Folder::default();
    for page in in_order(pages, Some(&collection.sort), scope.reader) {
        root.at(&page.section).pages.push(page);
    }
    for index in indexes {
        root.at(&index.section).index = Some(index);
    }
    root.entries("", collection, scope)
}

fn entry(card: &Card, children: Value, scope: &PageScope<'_>) -> Value {
    map([
        ("title", text(&card.title)),
        ("url", text(scope.relative(&card.url))),
        ("active", Value::from(card.id == *scope.id)),
        ("children", children),
    ])
}
