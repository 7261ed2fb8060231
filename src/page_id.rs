//! What a page is called: its path without the extension, and its language.

use std::fmt;
use std::sync::Arc;

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

    /// Tells whether the language is written from right to left.
    pub fn is_right_to_left(&self) -> bool {
        matches!(
            self.primary(),
            "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ps" | "sd" | "ug" | "ur" | "yi"
        )
    }
}

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
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId {
    path: Arc<str>,
    lang: Lang,
}

impl PageId {
    /// Returns the id of the page at `path` in the language `lang`.
    pub fn new(path: impl Into<Arc<str>>, lang: Lang) -> Self {
        Self { path: path.into(), lang }
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
        &self.path
    }

    /// Returns the last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Returns the language.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// Tells whether the build made the page, without a file of its own.
    pub fn is_generated(&self) -> bool {
        self.path.starts_with('@')
    }

    /// Returns the same page in another language.
    pub fn in_lang(&self, lang: &Lang) -> Self {
        Self { path: Arc::clone(&self.path), lang: lang.clone() }
    }
}

impl fmt::Debug for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.path, self.lang)
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}
