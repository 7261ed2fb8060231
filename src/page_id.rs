//! What a page is called: its path without the extension, and its language.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

/// A language as a BCP 47 tag, such as `en` or `de-AT`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lang(Arc<str>);

impl Lang {
    /// Returns the language `tag`.
    pub fn new(tag: impl Into<Arc<str>>) -> Self {
        Self(tag.into())
    }

    /// Returns the tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the primary subtag, `de` for `de-AT`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or(&self.0)
    }

    /// Returns the script that the tag names, `Arab` for `ku-Arab`.
    fn script(&self) -> Option<&str> {
        let is_script =
            |part: &&str| part.len() == 4 && part.bytes().all(|b| b.is_ascii_alphabetic());
        // What follows a single letter is an extension or private (RFC 5646, section 2.1).
        self.0.split('-').skip(1).take_while(|part| part.len() > 1).find(is_script)
    }

    /// Tells whether the language is written from right to left: in the script that the tag
    /// names, else in the one that the language is mostly written in.
    pub fn is_right_to_left(&self) -> bool {
        let is_one =
            |names: &[&str], name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        match self.script() {
            Some(script) => is_one(RIGHT_TO_LEFT_SCRIPTS, script),
            None => is_one(RIGHT_TO_LEFT_LANGUAGES, self.primary()),
        }
    }
}

/// The scripts that are written from right to left (ISO 15924), those of living languages.
const RIGHT_TO_LEFT_SCRIPTS: &[&str] = &[
    "Adlm", "Arab", "Aran", "Gara", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Syre",
    "Syrj", "Syrn", "Thaa", "Yezi",
];

/// The languages that are mostly written in one of these scripts.
const RIGHT_TO_LEFT_LANGUAGES: &[&str] = &[
    "ar", "arc", "ary", "arz", "azb", "ckb", "dv", "fa", "glk", "he", "iw", "ks", "lrc", "mzn",
    "nqo", "pnb", "ps", "sd", "skr", "syr", "ug", "ur", "yi",
];

impl fmt::Debug for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Names one page: its path below `content/` without the extension, in one language.
///
/// A page bundle `jak/index.md` is named `jak`, a folder's `_index.md` is named
/// `articles/_index`. A page that the build makes has a path that no file can
/// have: it starts with `@`, as `@references/king2022` or `@tags/safety`.
///
/// Ids are looked up a hundred times a page: they are shared, and know their hash.
#[derive(Clone)]
pub struct PageId {
    name: Arc<Name>,
    hash: u64,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Name {
    path: Box<str>,
    lang: Lang,
}

impl PageId {
    /// Returns the id of the page at `path` in the language `lang`.
    pub fn new(path: impl Into<Box<str>>, lang: Lang) -> Self {
        let path = path.into();
        let hash = FxBuildHasher.hash_one((&path, &lang));
        Self { name: Arc::new(Name { path, lang }), hash }
    }

    /// Returns the id under which the site's files, which no page owns, are contributed.
    pub fn files() -> Self {
        Self::new("@files", Lang::new("und"))
    }

    /// Returns the id under which the variants of images are contributed.
    pub fn images() -> Self {
        Self::new("@images", Lang::new("und"))
    }

    /// Returns the path, as authors write it.
    pub fn path(&self) -> &str {
        &self.name.path
    }

    /// Returns the last part of the path.
    pub fn name(&self) -> &str {
        self.name.path.rsplit('/').next().unwrap_or(&self.name.path)
    }

    /// Returns the language.
    pub fn lang(&self) -> &Lang {
        &self.name.lang
    }

    /// Tells whether the build made the page, without a file of its own.
    pub fn is_generated(&self) -> bool {
        self.name.path.starts_with('@')
    }

    /// Returns the same page in another language.
    pub fn in_lang(&self, lang: &Lang) -> Self {
        Self::new(self.path(), lang.clone())
    }
}

impl PartialEq for PageId {
    fn eq(&self, other: &Self) -> bool {
        self.hash == other.hash && (Arc::ptr_eq(&self.name, &other.name) || self.name == other.name)
    }
}

impl Eq for PageId {}

impl PartialOrd for PageId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PageId {
    fn cmp(&self, other: &Self) -> Ordering {
        match Arc::ptr_eq(&self.name, &other.name) {
            true => Ordering::Equal,
            false => self.name.cmp(&other.name),
        }
    }
}

impl Hash for PageId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash);
    }
}

impl fmt::Debug for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.path(), self.lang())
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_equal_and_in_order_by_path_and_language() {
        let id = |path: &str, lang: &str| PageId::new(path, Lang::new(lang));
        let ordered = [("a", "de"), ("a", "en"), ("a/b", "de"), ("b", "de")];
        for (at, (path, lang)) in ordered.into_iter().enumerate() {
            for (other_at, (other_path, other_lang)) in ordered.into_iter().enumerate() {
                let (one, other) = (id(path, lang), id(other_path, other_lang));
                assert_eq!(one.cmp(&other), at.cmp(&other_at), "{one:?} {other:?}");
                assert_eq!(one == other, at == other_at, "{one:?} {other:?}");
                let hash = |id: &PageId| FxBuildHasher.hash_one(id);
                assert_eq!(hash(&one) == hash(&other), at == other_at, "{one:?} {other:?}");
            }
        }
        assert_eq!(id("a", "en").in_lang(&Lang::new("de")), id("a", "de"));
    }

    #[test]
    fn the_script_of_a_tag_says_in_which_direction_its_language_is_written() {
        for tag in ["ar", "he-IL", "ku-Arab", "az-Arab-IR", "ff-adlm", "zh-yue-Hebr"] {
            assert!(Lang::new(tag).is_right_to_left(), "{tag}");
        }
        for tag in ["ku", "az-Latn", "ur-Latn-PK", "de-1996", "en-x-arab", "th-Thai"] {
            assert!(!Lang::new(tag).is_right_to_left(), "{tag}");
        }
    }
}
