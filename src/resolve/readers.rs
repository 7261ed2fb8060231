//! Who read what: from the facts that changed to the pages that must be made again,
//! without a look at all pages.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::page_id::PageId;

use super::facts::{KeyId, KeySet};
use super::reader::Reads;

/// The pages that may have read a key.
///
/// A page that no longer reads a key is found with it still: who asks looks at what the
/// page reads now ([`Reads::touch`]).
#[derive(Debug, Default)]
pub struct Readers {
    pages: Vec<PageId>,
    numbers: FxHashMap<PageId, u32>,
    /// By key, the numbers of the pages.
    of_keys: FxHashMap<KeyId, Vec<u32>>,
}

impl Readers {
    /// Notes that `page` reads the keys of `now`, where it read those of `last` before.
    /// Both are settled.
    pub fn note(&mut self, page: &PageId, last: Option<&Reads>, now: &Reads) {
        let number = match self.numbers.get(page) {
            Some(number) => *number,
            None => {
                let number = u32::try_from(self.pages.len()).expect("a site has fewer pages");
                self.pages.push(page.clone());
                self.numbers.insert(page.clone(), number);
                number
            }
        };
        for key in now.keys() {
            if !last.is_some_and(|last| last.has(key)) {
                self.of_keys.entry(key).or_default().push(number);
            }
        }
    }

    /// Returns the pages that may have read one of the keys.
    pub fn of(&self, keys: &KeySet) -> BTreeSet<&PageId> {
        let numbers = keys.iter().filter_map(|key| self.of_keys.get(&key)).flatten();
        let numbers: BTreeSet<u32> = numbers.copied().collect();
        numbers.into_iter().map(|number| &self.pages[number as usize]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page_id::Lang;
    use crate::resolve::SiteReader;
    use crate::resolve::facts::{ChangeSet, Fact, FactKey, Facts, Pass};
    use crate::resolve::site::Site;

    #[test]
    fn the_readers_of_a_changed_key_are_found_also_where_it_was_missing() {
        let page = |path: &str| PageId::new(path, Lang::new("en"));
        let mut site = Site::default();
        let read = |site: &mut Site, of: &PageId| {
            let reader = SiteReader::new(site);
            reader.card(of);
            let mut reads = reader.into_reads();
            reads.settle(&mut site.facts);
            reads
        };
        let mut readers = Readers::default();
        let (x, y) = (read(&mut site, &page("x")), read(&mut site, &page("y")));
        readers.note(&page("a"), None, &x);
        readers.note(&page("b"), None, &y);
        readers.note(&page("b"), Some(&y), &x);
        let claimed = |facts: &mut Facts, of: &PageId| {
            facts.start();
            let mut changes = ChangeSet::default();
            changes.replace(of, Pass::Own, vec![(FactKey::Page(of.clone()), Fact::Claim)]);
            facts.apply(changes);
            facts.changed()
        };
        let changed = claimed(&mut site.facts, &page("x"));
        assert_eq!(readers.of(&changed), BTreeSet::from([&page("a"), &page("b")]));
        let changed = claimed(&mut site.facts, &page("y"));
        assert_eq!(readers.of(&changed), BTreeSet::from([&page("b")]), "it may have read it");
        assert!(!x.touch(&changed), "it reads it no more");
    }
}
