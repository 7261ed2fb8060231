//! Every file of a website by its path, whoever makes it.
//!
//! Several makers may offer a file at one path: a page, an output, a file of the site's
//! own. The first by [`Maker`] stands, the others wait. [`Files`] is kept between builds:
//! a maker offers or withdraws only what changed, and [`Files::take_changes`] tells what
//! that changed on the website.

use std::collections::{BTreeMap, BTreeSet};

use super::Artifact;
use super::artifact::Content;

/// Who makes a file; of two that offer one path, the lesser stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Maker {
    /// A page.
    Page,
    /// An output of the whole site, by its place in the list of outputs.
    Site(usize),
    /// An output beside a page.
    BesidePage,
}

#[derive(Clone, Debug)]
struct Offer {
    maker: Maker,
    /// `None` where somebody else keeps it.
    content: Option<Content>,
}

/// Every file of a website by its path.
#[derive(Clone, Debug, Default)]
pub struct Files {
    /// The offers at each path, the one that stands first.
    offers: BTreeMap<String, Vec<Offer>>,
    /// What stood at each path that was touched since the changes were taken.
    before: BTreeMap<String, Option<Content>>,
}

impl Files {
    /// Offers a file, in place of what the maker offered at the path before; no `content`
    /// says that somebody else keeps it.
    pub fn offer(&mut self, maker: Maker, path: String, content: Option<Content>) {
        let offers = self.offers.entry(path.clone()).or_default();
        if offers.first().is_none_or(|first| maker <= first.maker) {
            let stood = offers.first().and_then(|first| first.content.clone());
            self.before.entry(path).or_insert(stood);
        }
        let offer = Offer { maker, content };
        match offers.binary_search_by_key(&maker, |offer| offer.maker) {
            Ok(at) => offers[at] = offer,
            Err(at) => offers.insert(at, offer),
        }
    }

    /// Takes back what the maker offered at the path.
    pub fn withdraw(&mut self, maker: Maker, path: &str) {
        let Some(offers) = self.offers.get_mut(path) else { return };
        let Ok(at) = offers.binary_search_by_key(&maker, |offer| offer.maker) else { return };
        let offer = offers.remove(at);
        if at == 0 {
            self.before.entry(path.to_owned()).or_insert(offer.content);
        }
        if offers.is_empty() {
            self.offers.remove(path);
        }
    }

    /// Offers `new` in the place of `old`, all of one maker.
    pub(super) fn replace(&mut self, maker: Maker, old: &[Artifact], new: &[Artifact]) {
        let mut gone: BTreeMap<&str, &Artifact> =
            old.iter().map(|artifact| (artifact.path.as_str(), artifact)).collect();
        for artifact in new {
            // What was not made again stands as it is.
            if gone.remove(artifact.path.as_str()) != Some(artifact) {
                self.offer(maker, artifact.path.clone(), Some(artifact.content.clone()));
            }
        }
        gone.keys().for_each(|path| self.withdraw(maker, path));
    }

    /// Tells whether the maker offers a file at the path.
    pub fn offers(&self, maker: Maker, path: &str) -> bool {
        self.offers.get(path).is_some_and(|offers| offers.iter().any(|o| o.maker == maker))
    }

    /// Returns what the maker offers at the path, unless somebody else keeps it.
    pub fn offered(&self, maker: Maker, path: &str) -> Option<&Content> {
        let offers = self.offers.get(path)?;
        offers.iter().find(|offer| offer.maker == maker)?.content.as_ref()
    }

    /// Tells whether a file that `maker` would offer at the path would wait.
    pub fn is_taken(&self, maker: Maker, path: &str) -> bool {
        self.offers.get(path).and_then(|offers| offers.first()).is_some_and(|o| o.maker < maker)
    }

    /// Returns the paths that were touched since the changes were taken, each with what
    /// stands there now, unless somebody else keeps it.
    pub fn touched(&self) -> impl Iterator<Item = (&String, Option<&Content>)> {
        self.before.keys().map(|path| (path, self.get(path)))
    }

    /// Returns what stands at the path, unless somebody else keeps it.
    pub fn get(&self, path: &str) -> Option<&Content> {
        self.offers.get(path)?.first()?.content.as_ref()
    }

    /// Returns how many files there are, those that somebody else keeps included.
    pub fn len(&self) -> usize {
        self.offers.len()
    }

    /// Tells whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.offers.is_empty()
    }

    /// Returns the files that nobody else keeps, in the order of their paths.
    pub fn artifacts(&self) -> impl Iterator<Item = Artifact> {
        self.offers.iter().filter_map(|(path, offers)| {
            let content = offers.first()?.content.clone()?;
            Some(Artifact { path: path.clone(), content })
        })
    }

    /// Returns what [`Self::take_changes`] does, against another set of files.
    pub fn changes_since(&self, last: &Files) -> Vec<(String, Option<Content>)> {
        let mut paths: BTreeSet<&String> = self.offers.keys().collect();
        paths.extend(last.offers.keys());
        let differs = |path: &&String| self.get(path) != last.get(path);
        paths
            .into_iter()
            .filter(differs)
            .map(|path| (path.clone(), last.get(path).cloned()))
            .collect()
    }

    /// Returns the paths of the files that are new, have other bytes or are gone since this
    /// was asked last, each with what stood there; in order.
    pub fn take_changes(&mut self) -> Vec<(String, Option<Content>)> {
        let touched = std::mem::take(&mut self.before).into_iter();
        touched.filter(|(path, stood)| self.get(path) != stood.as_ref()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: Option<&Content>) -> Option<&str> {
        match content? {
            Content::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            Content::Packed(_) | Content::Copy(_) => None,
        }
    }

    fn offer(files: &mut Files, maker: Maker, path: &str, text: &str) {
        files.offer(maker, path.to_owned(), Some(Artifact::new(path, text).content));
    }

    fn changes(files: &mut Files) -> Vec<String> {
        let changes = files.take_changes();
        changes
            .iter()
            .map(|(path, stood)| {
                let (was, is) = (text(stood.as_ref()), text(files.get(path)));
                format!("{path}: {} → {}", was.unwrap_or("-"), is.unwrap_or("-"))
            })
            .collect()
    }

    #[test]
    fn the_first_maker_s_file_stands_and_the_next_takes_its_place() {
        let mut files = Files::default();
        offer(&mut files, Maker::BesidePage, "a", "beside");
        offer(&mut files, Maker::Site(2), "a", "second");
        offer(&mut files, Maker::Site(1), "a", "first");
        offer(&mut files, Maker::Page, "b", "page");
        assert_eq!(changes(&mut files), ["a: - → first", "b: - → page"]);
        offer(&mut files, Maker::Site(2), "a", "other");
        assert_eq!(changes(&mut files), [""; 0], "what waits is no change");
        assert!(files.is_taken(Maker::Site(2), "a") && !files.is_taken(Maker::Page, "b"));
        files.withdraw(Maker::Site(1), "a");
        files.withdraw(Maker::Page, "b");
        assert_eq!(changes(&mut files), ["a: first → other", "b: page → -"]);
        assert_eq!(files.artifacts().count(), 1);
    }

    #[test]
    fn what_comes_and_goes_between_two_looks_is_no_change() {
        let mut files = Files::default();
        offer(&mut files, Maker::Page, "a", "one");
        files.take_changes();
        offer(&mut files, Maker::Page, "a", "two");
        files.withdraw(Maker::Page, "a");
        offer(&mut files, Maker::Page, "a", "one");
        offer(&mut files, Maker::Page, "b", "new");
        files.withdraw(Maker::Page, "b");
        assert_eq!(changes(&mut files), [""; 0]);
    }

    #[test]
    fn a_maker_s_new_files_replace_its_old_ones() {
        let mut files = Files::default();
        let list = |list: &[(&str, &str)]| -> Vec<Artifact> {
            list.iter().map(|(path, text)| Artifact::new(*path, *text)).collect()
        };
        let (old, new) = (list(&[("a", "1"), ("b", "1")]), list(&[("b", "1"), ("c", "1")]));
        files.replace(Maker::Site(0), &[], &old);
        files.take_changes();
        files.replace(Maker::Site(0), &old, &new);
        assert_eq!(changes(&mut files), ["a: 1 → -", "c: - → 1"]);
    }
}
