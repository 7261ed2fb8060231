//! What pages of one folder show alike, made once.
//!
//! Links are relative, so that a card or a menu is not the same value on every page.
//! But seen from `/articles/x/` and from `/articles/y/`, everything outside of these
//! two folders lies the same way: such pages share a [`Vantage`]. And what has no folder in
//! common with `/articles/x/` lies the same way from `/people/z/`, which is as deep: of that
//! they share one [`Horizon`].

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use crate::page_id::Lang;
use crate::render::value::Value;
use crate::resolve::{Card, Reads};
use crate::url::UrlPath;

use super::shared::{ByAddress, Shared};

/// The vantages of a site, by language and standpoint.
#[derive(Debug, Default)]
pub struct Vantages {
    by_standpoint: Shared<(Lang, UrlPath), Arc<Vantage>>,
    /// By language and depth.
    horizons: Shared<(Lang, usize), Arc<Horizon>>,
}

/// What is shown alike on all pages that lie beside one another.
#[derive(Debug, Default)]
pub(super) struct Vantage {
    /// What stands around a page.
    pub(super) surroundings: OnceLock<Surroundings>,
    cards: Cards,
    tags: Tags,
    horizon: Arc<Horizon>,
}

/// What is shown alike on all pages that lie as deep as one another.
#[derive(Debug, Default)]
struct Horizon {
    cards: Cards,
    tags: Tags,
    dates: Shared<Date, Value>,
}

/// Cards by what they were made from: another card of the same page is another value.
type Cards = Shared<ByAddress<Card>, Arc<ShownCard>>;

/// Tags by name, each with the URL of its listing.
type Tags = Shared<Arc<str>, (UrlPath, Value)>;

/// What stands around a page: the same for all pages of a vantage but those that it
/// leads to.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    pub(super) site: Value,
    pub(super) assets: Value,
    /// Where it leads.
    pub(super) targets: Vec<UrlPath>,
    /// The facts that it was made from.
    pub(super) reads: Arc<Reads>,
}

/// A card as templates see it.
#[derive(Debug)]
pub(super) struct ShownCard {
    pub(super) value: Value,
    /// The link to its page.
    pub(super) url: String,
    /// Where it leads.
    targets: Vec<UrlPath>,
    /// The outermost folders of these, each once.
    folders: Vec<Box<str>>,
    /// The further facts that it was made from.
    pub(super) reads: Reads,
}

impl ShownCard {
    /// Returns a card whose links lead to `targets`.
    pub(super) fn new(value: Value, url: String, targets: Vec<UrlPath>, reads: Reads) -> Self {
        let mut folders: Vec<&str> = targets.iter().filter_map(outermost_folder).collect();
        folders.sort_unstable();
        folders.dedup();
        let folders = folders.into_iter().map(Box::from).collect();
        Self { value, url, targets, folders, reads }
    }

    /// Tells whether it is seen alike from every page that is as deep as the one at `on`.
    fn is_beyond(&self, on: &UrlPath) -> bool {
        self.folders.iter().all(|there| is_elsewhere(there, on))
    }

    /// Tells whether it is seen alike from every page beside the one at `on`.
    fn is_outside(&self, on: &UrlPath) -> bool {
        self.targets.iter().all(|target| !is_own(target, on))
    }
}

impl Vantages {
    /// Returns the vantage of the page at `url`.
    pub(super) fn of(&self, lang: &Lang, url: &UrlPath) -> Arc<Vantage> {
        self.by_standpoint.get_or_insert_with((lang.clone(), standpoint(url)), || {
            let depth = depth(url);
            let horizon = self.horizons.get_or_insert_with((lang.clone(), depth), Arc::default);
            Arc::new(Vantage { horizon, ..Vantage::default() })
        })
    }
}

impl Vantage {
    /// Returns the card as it was shown before, or makes it, for the page at `on`; `keeps`
    /// says whether one that only the pages beside it can share is kept.
    pub(super) fn card(
        &self,
        card: &Arc<Card>,
        on: &UrlPath,
        keeps: bool,
        make: impl FnOnce() -> ShownCard,
    ) -> Arc<ShownCard> {
        let key = ByAddress::of(card);
        let beyond = || self.horizon.cards.get(&key).filter(|shown| shown.is_beyond(on));
        let outside = || self.cards.get(&key).filter(|shown| shown.is_outside(on));
        if let Some(shown) = beyond().or_else(outside) {
            return shown;
        }
        let shown = Arc::new(make());
        if shown.is_beyond(on) {
            self.horizon.cards.insert(key, Arc::clone(&shown));
        } else if keeps && shown.is_outside(on) {
            self.cards.insert(key, Arc::clone(&shown));
        }
        shown
    }

    /// Returns the tag as it was shown before, or makes it, with its URL, for the page
    /// at `on`.
    pub(super) fn tag(
        &self,
        name: &Arc<str>,
        on: &UrlPath,
        make: impl FnOnce() -> (UrlPath, Value),
    ) -> (UrlPath, Value) {
        let is_beyond = |made: &(UrlPath, Value)| is_beyond(&made.0, on);
        let is_outside = |made: &(UrlPath, Value)| !is_own(&made.0, on);
        let made_before = self.horizon.tags.get(name).filter(is_beyond);
        if let Some(made) = made_before.or_else(|| self.tags.get(name).filter(is_outside)) {
            return made;
        }
        let made = make();
        if is_beyond(&made) {
            self.horizon.tags.insert(Arc::clone(name), made.clone());
        } else if is_outside(&made) {
            self.tags.insert(Arc::clone(name), made.clone());
        }
        made
    }

    /// Returns the date as it was shown before, or makes it.
    pub(super) fn date(&self, date: Date, make: impl FnOnce() -> Value) -> Value {
        self.horizon.dates.get_or_insert_with(date, make)
    }
}

/// Returns in how many folders `url` lies.
fn depth(url: &UrlPath) -> usize {
    url.as_str().matches('/').count().saturating_sub(1)
}

/// Tells whether `target` has no folder in common with the page at `url`, so that it is seen
/// alike from every page that is as deep.
fn is_beyond(target: &UrlPath, url: &UrlPath) -> bool {
    outermost_folder(target).is_none_or(|there| is_elsewhere(there, url))
}

/// Tells whether the page at `url` lies outside of the outermost folder `there`.
fn is_elsewhere(there: &str, url: &UrlPath) -> bool {
    outermost_folder(url) != Some(there)
}

fn outermost_folder(url: &UrlPath) -> Option<&str> {
    let path = url.as_str().strip_prefix('/')?;
    let end = path.bytes().position(|byte| byte == b'/')?;
    Some(&path[..end])
}

/// Returns the URL of a page that no site has, from which everything that does not lie
/// below `url` itself is seen as from there.
pub(super) fn standpoint(url: &UrlPath) -> UrlPath {
    let path = url.as_str();
    let (beside, end) = match path.strip_suffix('/') {
        Some(page) => (page, "\0/"),
        None => (path, "\0"),
    };
    let folder = beside.rfind('/').map_or("/", |slash| &beside[..=slash]);
    UrlPath::new(&format!("{folder}{end}"))
}

/// Tells whether `target` lies at or below the page at `url`, so that it is not seen as
/// from the page's [`standpoint`].
pub(super) fn is_own(target: &UrlPath, url: &UrlPath) -> bool {
    match url.as_str().ends_with('/') {
        true => target.as_str().starts_with(url.as_str()),
        false => target == url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_alike_lies_alike() {
        let urls =
            ["/", "/a/", "/a/b/", "/a/b/c/", "/a/d/", "/e/", "/a/x.html", "/x.html", "/a/y.html"];
        for from in urls.map(UrlPath::new) {
            for to in urls.map(UrlPath::new) {
                let card = ShownCard::new(
                    Value::none(),
                    String::new(),
                    vec![to.clone()],
                    Reads::default(),
                );
                assert_eq!(card.is_beyond(&from), is_beyond(&to, &from), "{to} from {from}");
                assert_eq!(card.is_outside(&from), !is_own(&to, &from), "{to} from {from}");
                if !is_own(&to, &from) {
                    let seen = to.relative_from(&standpoint(&from));
                    assert_eq!(seen, to.relative_from(&from), "{to} from {from}");
                }
            }
        }
        for from in urls.map(UrlPath::new) {
            for beside in urls.map(UrlPath::new) {
                for to in urls.map(UrlPath::new) {
                    let is_deep = depth(&from) == depth(&beside);
                    if is_deep && is_beyond(&to, &from) && is_beyond(&to, &beside) {
                        let seen = to.relative_from(&from);
                        assert_eq!(seen, to.relative_from(&beside), "{to} from {from}, {beside}");
                    }
                }
            }
        }
        assert!(is_beyond(&UrlPath::new("/e/"), &UrlPath::new("/a/b/")));
        assert!(!is_beyond(&UrlPath::new("/a/d/"), &UrlPath::new("/a/b/")));
        assert_eq!(standpoint(&UrlPath::new("/a/b/")), standpoint(&UrlPath::new("/a/c/")));
        assert_ne!(standpoint(&UrlPath::new("/a/b/")), standpoint(&UrlPath::new("/a/b")));
    }
}
