//! What the outputs of the whole site are made from, as far as it may change.

/// Parts of a site: what an output is made from, or what is different since the last build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs(u16);

impl Needs {
    /// Nothing but the configuration.
    pub const NOTHING: Self = Self(0);
    /// Which pages there are, where, and what each lists.
    pub const PAGES: Self = Self(1);
    /// What pages show of one another.
    pub const CARDS: Self = Self(2);
    /// When pages changed, and whether search engines may list them.
    pub const DATES: Self = Self(4);
    /// The front matter of pages.
    pub const FIELDS: Self = Self(8);
    /// The places in pages that can be linked to.
    pub const ANCHORS: Self = Self(16);
    /// The site's files that are no pages.
    pub const FILES: Self = Self(32);
    /// The works that pages cite or list.
    pub const WORKS: Self = Self(64);
    /// The pages' own files: their text, and all else that they say.
    pub const TEXTS: Self = Self(128);
    /// The templates and the other files of the theme.
    pub const THEME: Self = Self(256);
    /// All of these, and the configuration.
    pub const EVERYTHING: Self = Self(u16::MAX);

    /// Returns these and `others`.
    pub const fn and(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Tells whether one of `parts` is among these.
    pub fn touch(self, parts: Self) -> bool {
        self.0 & parts.0 != 0
    }
}
