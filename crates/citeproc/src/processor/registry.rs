//! The items of a document in the order in which they are numbered.

use super::memory::Remembered;
use super::{Document, Order};
use crate::item::Item;
use crate::render::Disambiguation;
use indexmap::IndexMap;
use std::borrow::Cow;
use std::sync::Arc;

/// What is known of one item of the document.
#[derive(Debug)]
pub(super) struct Registered<'i> {
    source: ItemSource<'i>,
    pub(super) number: u32,
    pub(super) year_suffix: Option<u32>,
    pub(super) disambiguation: Disambiguation,
    /// The note in which it is first cited.
    pub(super) first_note: Option<u32>,
    pub(super) cited: bool,
}

/// Where the item of a key comes from.
#[derive(Debug)]
pub(super) enum ItemSource<'i> {
    /// It is this document's alone.
    Own(Cow<'i, Item>),
    /// Documents share it.
    Shared(Arc<Remembered>),
}

impl<'i> ItemSource<'i> {
    pub(super) fn own(item: &'i Item) -> Self {
        Self::Own(prepared(item))
    }
}

impl Registered<'_> {
    pub(super) fn item(&self) -> &Item {
        match &self.source {
            ItemSource::Own(item) => item,
            ItemSource::Shared(remembered) => remembered.item(),
        }
    }

    /// Returns what is remembered of the item, when documents share it.
    pub(super) fn remembered(&self) -> Option<&Remembered> {
        match &self.source {
            ItemSource::Own(_) => None,
            ItemSource::Shared(remembered) => Some(remembered),
        }
    }
}

/// The items of a document.
#[derive(Debug, Default)]
pub(super) struct Registry<'i> {
    entries: IndexMap<String, Registered<'i>>,
    unknown: IndexMap<String, ()>,
}

impl<'i> Registry<'i> {
    /// Collects the items of a document.
    pub(super) fn gather(
        document: &Document<'_>,
        find: &dyn Fn(&str) -> Option<ItemSource<'i>>,
    ) -> Registry<'i> {
        let mut registry = Registry::default();
        let cited = document.citations.iter().flat_map(|c| &c.cites).map(|cite| &cite.key);
        match document.order {
            Order::CitedFirst => {
                cited.for_each(|key| registry.add(key, find, true));
                document.nocite.iter().for_each(|key| registry.add(key, find, false));
            }
            Order::NociteFirst => {
                document.nocite.iter().for_each(|key| registry.add(key, find, false));
                cited.for_each(|key| registry.add(key, find, true));
            }
        }
        registry
    }

    /// Makes a registry of a single item.
    pub(super) fn of_item(item: &'i Item) -> Registry<'i> {
        Self::of_items([item])
    }

    /// Makes a registry of items that nothing cites.
    pub(super) fn of_items(items: impl IntoIterator<Item = &'i Item>) -> Registry<'i> {
        let mut registry = Registry::default();
        for item in items {
            registry.add(&item.id, &|_| Some(ItemSource::own(item)), false);
        }
        registry
    }

    fn add(&mut self, key: &str, find: &dyn Fn(&str) -> Option<ItemSource<'i>>, cited: bool) {
        if let Some(entry) = self.entries.get_mut(key) {
            entry.cited |= cited;
            return;
        }
        if self.unknown.contains_key(key) {
            return;
        }
        match find(key) {
            Some(source) => {
                let entry = Registered {
                    source,
                    number: self.entries.len() as u32 + 1,
                    year_suffix: None,
                    disambiguation: Disambiguation::default(),
                    first_note: None,
                    cited,
                };
                self.entries.insert(key.to_owned(), entry);
            }
            None => {
                self.unknown.insert(key.to_owned(), ());
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn index_of(&self, key: &str) -> Option<usize> {
        self.entries.get_index_of(key)
    }

    pub(super) fn key(&self, index: usize) -> &str {
        self.entries.get_index(index).map_or("", |(key, _)| key)
    }

    pub(super) fn get(&self, index: usize) -> &Registered<'i> {
        &self.entries[index]
    }

    pub(super) fn get_mut(&mut self, index: usize) -> &mut Registered<'i> {
        &mut self.entries[index]
    }

    pub(super) fn unknown_keys(&self) -> Vec<String> {
        self.unknown.keys().cloned().collect()
    }

    /// Numbers the items by their place in the list.
    pub(super) fn number(&mut self, order: &[usize]) {
        for (place, &index) in order.iter().enumerate() {
            self.entries[index].number = place as u32 + 1;
        }
    }
}

/// Returns an item with the particles and suffixes of its names told apart.
pub(super) fn prepared(item: &Item) -> Cow<'_, Item> {
    let needs_work = item.name_lists().any(|(_, names)| names.iter().any(needs_split));
    if !needs_work {
        return Cow::Borrowed(item);
    }
    let mut changed = item.clone();
    for (variable, names) in item.name_lists() {
        if names.iter().any(needs_split) {
            let split = names.iter().cloned().map(|n| n.with_particles_split()).collect();
            changed.set_names(variable, split);
        }
    }
    Cow::Owned(changed)
}

/// Tells whether a name may hold particles or a suffix inside its main parts.
fn needs_split(name: &crate::item::Name) -> bool {
    if name.literal.is_some() {
        return false;
    }
    let family = name.family.as_deref().unwrap_or_default();
    let given = name.given.as_deref().unwrap_or_default();
    family.starts_with(|c: char| c.is_lowercase() || c == '"' || c == '\'' || c == '’')
        || given.contains(',')
        || given
            .rsplit(' ')
            .next()
            .is_some_and(|w| w.starts_with(|c: char| c.is_lowercase() || matches!(c, '\'' | '’')))
}
