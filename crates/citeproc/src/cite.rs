//! What a document asks for: citations, the cites in them, and their locators.

use crate::item::vocabulary;

vocabulary! {
    /// Names what a locator counts (CSL 1.0.2, "Locators").
    LocatorLabel {
        Act = "act",
        Appendix = "appendix",
        ArticleLocator = "article-locator",
        Article = "article",
        Book = "book",
        Canon = "canon",
        Chapter = "chapter",
        Column = "column",
        Elocation = "elocation",
        Equation = "equation",
        Figure = "figure",
        Folio = "folio",
        Issue = "issue",
        Line = "line",
        Note = "note",
        Opus = "opus",
        Page = "page",
        Paragraph = "paragraph",
        Part = "part",
        Rule = "rule",
        Scene = "scene",
        Section = "section",
        SubVerbo = "sub-verbo",
        Supplement = "supplement",
        Surah = "surah",
        Table = "table",
        Timestamp = "timestamp",
        TitleLocator = "title-locator",
        Title = "title",
        Verse = "verse",
        Version = "version",
        Volume = "volume",
    }
}

impl LocatorLabel {
    /// Returns the label that a style or a record writes in one of the spellings in use.
    pub fn from_text(text: &str) -> Option<Self> {
        match text {
            "sub verbo" => Some(Self::SubVerbo),
            _ => Self::from_csl(text),
        }
    }
}

/// Says where a cite stands in relation to earlier cites of the same item.
///
/// CSL 1.0.2, section "Choose", condition `position`. A cite that is `IbidWithLocator` is also
/// `Ibid`, and one that is `Ibid` or near a note is also `Subsequent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Position {
    /// The first cite of the item.
    First,
    /// A later cite.
    Subsequent,
    /// A cite of what was cited directly before.
    Ibid,
    /// The same with another locator.
    IbidWithLocator,
    /// A later cite at most `near-note-distance` notes after an earlier one.
    NearNote,
}

/// Says which parts of a cite are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CiteMode {
    /// All of it.
    #[default]
    Normal,
    /// The author is named in the sentence already, and is left out.
    SuppressAuthor,
    /// The author alone.
    AuthorOnly,
    /// The author as part of the sentence, then the rest of the citation: "Okafor (2021)" or
    /// "Okafor et al.¹".
    Composite,
}

/// One reference within a citation.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Cite {
    /// The key of the item.
    pub key: String,
    /// The place within the item, such as page `12`.
    pub locator: Option<(LocatorLabel, String)>,
    /// Text before the cite.
    pub prefix: String,
    /// Text after the cite.
    pub suffix: String,
    /// Which parts are shown.
    pub mode: CiteMode,
    /// The position that the host has worked out itself; `None` leaves it to the processor.
    pub position: Option<Position>,
    /// The cite is near an earlier note, as the host has worked out; only read with `position`.
    pub near_note: bool,
    /// The note in which the item is first cited, where the host knows better.
    pub first_reference_note_number: Option<u32>,
}

impl Cite {
    /// Makes a plain cite of an item.
    pub fn new(key: impl Into<String>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
}

/// One citation: the cites that stand together at one place of the document.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Citation {
    /// The cites, in the order in which the author wrote them.
    pub cites: Vec<Cite>,
    /// The number of the note that holds the citation; `None` or 0 in the text.
    pub note_number: Option<u32>,
}

impl Citation {
    /// Makes a citation of some keys, without locators or affixes.
    pub fn of_keys<K: Into<String>>(keys: impl IntoIterator<Item = K>) -> Self {
        Self { cites: keys.into_iter().map(Cite::new).collect(), note_number: None }
    }
}
