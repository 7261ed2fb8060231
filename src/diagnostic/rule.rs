//! Rules: the kinds of finding, each with an id, a default level and an explanation.

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing.
    Info,
    /// Should be looked at.
    Warning,
    /// Must be mended.
    Error,
}

impl Level {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        match self {
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// Whether a finding stops publication by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// The page cannot be made right: `build` publishes nothing.
    Structural,
    /// The page is as its author wrote it, and could be better.
    Editorial,
    /// The same, and off where the site gives it no level.
    Optional,
}

/// One kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The id, FAMILY-FINDING.
    pub id: &'static str,
    /// Whether it stops publication by itself.
    pub kind: RuleKind,
    /// The level of its findings unless the configuration says otherwise.
    pub level: Level,
    /// What it finds and why that matters, in a sentence or two.
    pub explanation: &'static str,
}

impl Rule {
    /// Returns the word for its level where the configuration says nothing.
    pub fn usual_level(&self) -> &'static str {
        match self.kind {
            RuleKind::Optional => "off",
            RuleKind::Structural | RuleKind::Editorial => self.level.name(),
        }
    }
}

/// Identifiers of pages that are malformed, or whose check digit is wrong.
///
/// Parsing finds them; `check` gives them the level that the site asks for.
pub static ID_BAD: Rule = Rule {
    id: "id-bad",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "An identifier of a page, person or entity does not follow its scheme's syntax; \
        a warning where only its check digit is wrong.",
};

/// Suppressions that say no reason.
///
/// Parsing finds them; they suppress nothing.
pub static ALLOW_REASON: Rule = Rule {
    id: "allow-reason",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "An `allow` of the front matter or of a comment gives no reason, so that it \
        suppresses nothing.",
};

macro_rules! structural_rules {
    ($($(#[$doc:meta])* $name:ident = $id:literal, $explanation:literal;)*) => {
        /// The structural rules: always on, always errors.
        pub mod structural {
            use super::{Level, Rule, RuleKind};
            $(
                $(#[$doc])*
                #[doc = $explanation]
                pub static $name: Rule = Rule {
                    id: $id,
                    kind: RuleKind::Structural,
                    level: Level::Error,
                    explanation: $explanation,
                };
            )*
            /// Every structural rule, by family.
            pub static ALL: &[&Rule] = &[$(&$name),*];
        }
    };
}

structural_rules! {
    YAML_SYNTAX = "yaml-syntax", "The front matter is not valid YAML, so none of its fields can be read.";
    FM_UNKNOWN_FIELD = "fm-unknown-field", "The front matter has a field that its collection does not declare.";
    FM_TYPE = "fm-type", "A field's value is not of the type that its collection declares.";
    FM_REQUIRED = "fm-required", "A field that the collection requires is missing.";
    CONFIG_UNKNOWN = "config-unknown", "book.toml has a key that galen does not know.";
    CONFIG_TYPE = "config-type", "book.toml is malformed, or a key's value is not of its type.";
    ENCODING = "encoding", "A text file is not valid UTF-8, or a page is too long to be read.";
    FILE_MISSING = "file-missing", "A file or folder of the site is a link whose target is not there, so that the site lacks it.";
    PAGE_NAME = "page-name", "The name of a page's file ends in capitals, `.MD`, so that it makes no page.";
    TEMPLATE_ERROR = "template-error", "A template cannot be parsed or rendered.";
    BIB_SYNTAX = "bib-syntax", "A citation file cannot be parsed at this place.";
    STYLE_MISSING = "style-missing", "The citation style is neither bundled nor a readable .csl file.";
    URL_DUPLICATE = "url-duplicate", "Two pages claim the same URL, and one would overwrite the other.";
    ANCHOR_DUPLICATE = "anchor-duplicate", "Two headings of a page claim the same explicit anchor.";
    RELATION_UNKNOWN = "relation-unknown", "A field names a page that does not exist.";
    PERSON_UNKNOWN = "person-unknown", "A field names a person who has no page.";
    IMAGE_MISSING = "image-missing", "An image file does not exist.";
    COMPONENT_UNKNOWN = "component-unknown", "A component is not one of the theme's, is called wrongly, or is never closed.";
    NOTE_UNMATCHED = "note-unmatched", "A footnote is referred to and not defined, or its text is shown nowhere: nothing refers to it, or another has its label.";
    COMMENT_SYNTAX = "comment-syntax", "A comment is never closed, so that the text after it is lost, or is one to galen that cannot be followed.";
    MATH_SYNTAX = "math-syntax", "A formula is not valid LaTeX, or nested too deep, so that the page shows its source.";
    CITE_KEY_CONFLICT = "cite-key-conflict", "Two citation files hold different records under one key.";
    CITE_UNKNOWN = "cite-unknown", "A citation names a key that the citation database does not hold.";
    REDIRECT_LOOP = "redirect-loop", "Redirects lead back to where they began.";
    LINK_BROKEN = "link-broken", "A link leads to a page, file or anchor that does not exist.";
}
