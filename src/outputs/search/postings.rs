//! Which pages have which terms, for one language.
//!
//! [`Postings`] follow the pages: of a page whose terms changed, only the lists of those
//! terms are touched, and [`Postings::take_changed`] says which they were.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::lexicon::{Lexicon, TermId};
use super::page_terms::{TITLE, Weighted};

/// The most pages that a term is kept for, beside those that have it in a title or name:
/// whoever looks for so common a word alone sees the best of them.
pub(super) const MOST_PAGES: usize = 512;

/// The pages of each term.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// By the term's number, in the order of the pages.
    lists: Vec<Vec<Weighted>>,
    /// The terms that a page has, in their own order.
    sorted: Vec<TermId>,
    changed: BTreeSet<TermId>,
}

impl Postings {
    /// Returns the postings of pages with these terms.
    pub(super) fn of(pages: &[Arc<[Weighted]>], lexicon: &Lexicon) -> Self {
        let mut sizes = vec![0_u32; lexicon.len()];
        for term in pages.iter().flat_map(|page| page.iter()) {
            sizes[term.number() as usize] += 1;
        }
        let mut lists: Vec<Vec<Weighted>> =
            sizes.iter().map(|size| Vec::with_capacity(*size as usize)).collect();
        for (number, page) in (0..).zip(pages) {
            for term in page.iter() {
                lists[term.number() as usize].push(Weighted::new(number, term.weight()));
            }
        }
        let used = (0..).zip(&lists).filter(|(_, list)| !list.is_empty());
        let mut sorted: Vec<TermId> = used.map(|(id, _)| id).collect();
        sorted.sort_unstable_by(|a, b| lexicon.term(*a).cmp(lexicon.term(*b)));
        Self { lists, sorted, changed: BTreeSet::new() }
    }

    /// Gives the page `number` the terms `after` in the place of `before`.
    pub(super) fn replace(
        &mut self,
        number: u32,
        before: &[Weighted],
        after: &[Weighted],
        lexicon: &Lexicon,
    ) {
        self.lists.resize_with(lexicon.len(), Vec::new);
        let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
        loop {
            let (term, weight) = match (before.peek(), after.peek()) {
                (None, None) => return,
                (Some(old), Some(new)) if old == new => {
                    before.next();
                    after.next();
                    continue;
                }
                (Some(old), Some(new)) if old.number() == new.number() => {
                    let new = **new;
                    before.next();
                    after.next();
                    (new.number(), Some(new.weight()))
                }
                (Some(old), new) if new.is_none_or(|new| old.number() < new.number()) => {
                    let old = old.number();
                    before.next();
                    (old, None)
                }
                (_, Some(new)) => {
                    let new = **new;
                    after.next();
                    (new.number(), Some(new.weight()))
                }
                (Some(_), None) => unreachable!("an old term before the end is dropped above"),
            };
            self.set(term, number, weight, lexicon);
        }
    }

    /// Sets the weight of a term in a page; `None` withdraws it.
    fn set(&mut self, term: TermId, page: u32, weight: Option<u8>, lexicon: &Lexicon) {
        self.changed.insert(term);
        let list = &mut self.lists[term as usize];
        let place = list.binary_search_by_key(&page, |posting| posting.number());
        let was_used = !list.is_empty();
        match (place, weight) {
            (Ok(at), Some(weight)) => list[at] = Weighted::new(page, weight),
            (Ok(at), None) => {
                list.remove(at);
            }
            (Err(at), Some(weight)) => list.insert(at, Weighted::new(page, weight)),
            (Err(_), None) => {}
        }
        let is_used = !list.is_empty();
        if was_used != is_used {
            let text = lexicon.term(term);
            let place = self.sorted.binary_search_by(|id| lexicon.term(*id).cmp(text));
            match place {
                Ok(at) if !is_used => {
                    self.sorted.remove(at);
                }
                Err(at) if is_used => self.sorted.insert(at, term),
                _ => {}
            }
        }
    }

    /// Returns the terms that a page has, in their own order.
    pub(super) fn terms(&self) -> &[TermId] {
        &self.sorted
    }

    /// Returns the pages of a term, in order.
    pub(super) fn pages(&self, term: TermId) -> &[Weighted] {
        &self.lists[term as usize]
    }

    /// Returns the pages of a term that the index keeps, in order: all, or where there are
    /// too many the best of them and those that have it in a title or name.
    pub(super) fn kept(&self, term: TermId) -> Vec<Weighted> {
        let list = self.pages(term);
        if list.len() <= MOST_PAGES {
            return list.to_vec();
        }
        let mut with_weight = [0_usize; 16];
        list.iter().for_each(|posting| with_weight[usize::from(posting.weight())] += 1);
        // The lowest weight that fits whole; of the next one as many pages as there is room
        // for.
        let (mut kept, mut least) = (0, 16_u8);
        while least > 1 && kept + with_weight[usize::from(least - 1)] <= MOST_PAGES {
            least -= 1;
            kept += with_weight[usize::from(least)];
        }
        let mut room = MOST_PAGES.saturating_sub(kept);
        let is_kept = |posting: &&Weighted| {
            let weight = posting.weight();
            let has_room = weight + 1 == least && room > 0;
            room -= usize::from(has_room && weight < TITLE);
            weight >= least.min(TITLE) || has_room
        };
        list.iter().filter(is_kept).copied().collect()
    }

    /// Returns the terms whose pages changed since this was asked last.
    pub(super) fn take_changed(&mut self) -> BTreeSet<TermId> {
        std::mem::take(&mut self.changed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::Stemmer;
    use super::*;
    use crate::page_id::Lang;

    fn lexicon(terms: &[&str]) -> Lexicon {
        let mut lexicon = Lexicon::new(Arc::new(Stemmer::of(&Lang::new("en"))));
        terms.iter().for_each(|term| {
            lexicon.id(term);
        });
        lexicon
    }

    #[test]
    fn a_page_that_changes_leaves_what_a_first_look_would_find() {
        let lexicon = lexicon(&["d", "a", "c", "b"]);
        let terms = |terms: &[(u32, u8)]| -> Arc<[Weighted]> {
            terms.iter().map(|(term, weight)| Weighted::new(*term, *weight)).collect()
        };
        let before = [terms(&[(0, 3), (1, 9), (3, 1)]), terms(&[(1, 2)])];
        let after = [terms(&[(1, 9), (2, 4), (3, 2)]), Arc::clone(&before[1])];
        let mut postings = Postings::of(&before, &lexicon);
        postings.replace(0, &before[0], &after[0], &lexicon);
        let fresh = Postings::of(&after, &lexicon);
        assert_eq!((&postings.lists, &postings.sorted), (&fresh.lists, &fresh.sorted));
        assert_eq!(postings.take_changed(), BTreeSet::from([0, 2, 3]));
        assert_eq!(postings.terms(), [1, 3, 2]);
    }

    #[test]
    fn of_a_common_term_the_best_pages_are_kept_and_all_titles() {
        let lexicon = lexicon(&["a"]);
        let weight = |number: usize| match number {
            n if n % 10 == 0 => 12,
            n if n % 3 == 0 => 5,
            _ => 2,
        };
        let pages = |of: usize| -> Vec<Arc<[Weighted]>> {
            (0..of).map(|number| Arc::from([Weighted::new(0, weight(number))])).collect()
        };
        let kept = Postings::of(&pages(1000), &lexicon).kept(0);
        assert_eq!(kept.len(), MOST_PAGES);
        assert_eq!(kept.iter().filter(|posting| posting.weight() == 12).count(), 100);
        assert_eq!(kept.iter().filter(|posting| posting.weight() == 5).count(), 300);
        assert!(kept.is_sorted());
        let kept = Postings::of(&pages(10_000), &lexicon).kept(0);
        assert_eq!(kept.iter().filter(|posting| posting.weight() == 12).count(), 1000);
        assert_eq!(kept.len(), 1000);
    }
}
