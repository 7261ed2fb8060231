//! The variables of CSL 1.0.2, one enum for each class of value.
//!
//! A style names variables by text; [`Variable::from_csl`] turns that text into an enum once, when
//! the style is read, so that rendering compares small integers only.

/// Declares an enum whose members have a CSL name, with `as_str`, `from_csl` and `ALL`.
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($member:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`.")] $member),+
        }

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$member),+];

            /// Returns the name that CSL gives it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$member => $text),+ }
            }

            /// Returns the member with this CSL name, or `None` where CSL has none.
            pub fn from_csl(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$member),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

pub(crate) use vocabulary;

vocabulary! {
    /// A variable that holds text: the standard and the number variables.
    ///
    /// The number variables come last; [`TextVariable::is_number`] tells them apart.
    TextVariable {
        Title = "title",
        TitleShort = "title-short",
        ContainerTitle = "container-title",
        ContainerTitleShort = "container-title-short",
        CollectionTitle = "collection-title",
        VolumeTitle = "volume-title",
        VolumeTitleShort = "volume-title-short",
        PartTitle = "part-title",
        OriginalTitle = "original-title",
        ReviewedTitle = "reviewed-title",
        EventTitle = "event-title",
        Publisher = "publisher",
        PublisherPlace = "publisher-place",
        OriginalPublisher = "original-publisher",
        OriginalPublisherPlace = "original-publisher-place",
        EventPlace = "event-place",
        Doi = "DOI",
        Pmid = "PMID",
        Pmcid = "PMCID",
        Isbn = "ISBN",
        Issn = "ISSN",
        Url = "URL",
        Language = "language",
        Genre = "genre",
        ReviewedGenre = "reviewed-genre",
        Medium = "medium",
        Dimensions = "dimensions",
        Scale = "scale",
        Status = "status",
        Authority = "authority",
        Jurisdiction = "jurisdiction",
        Division = "division",
        References = "references",
        Archive = "archive",
        ArchiveCollection = "archive_collection",
        ArchiveLocation = "archive_location",
        ArchivePlace = "archive-place",
        CallNumber = "call-number",
        Source = "source",
        License = "license",
        Abstract = "abstract",
        Annote = "annote",
        Keyword = "keyword",
        Note = "note",
        CitationKey = "citation-key",
        CitationLabel = "citation-label",
        YearSuffix = "year-suffix",
        ChapterNumber = "chapter-number",
        CitationNumber = "citation-number",
        CollectionNumber = "collection-number",
        Edition = "edition",
        FirstReferenceNoteNumber = "first-reference-note-number",
        Issue = "issue",
        Locator = "locator",
        Number = "number",
        NumberOfPages = "number-of-pages",
        NumberOfVolumes = "number-of-volumes",
        Page = "page",
        PageFirst = "page-first",
        PartNumber = "part-number",
        PrintingNumber = "printing-number",
        Section = "section",
        SupplementNumber = "supplement-number",
        Version = "version",
        Volume = "volume",
    }
}

vocabulary! {
    /// A variable that holds a date or a range of dates.
    DateVariable {
        Issued = "issued",
        Accessed = "accessed",
        AvailableDate = "available-date",
        EventDate = "event-date",
        OriginalDate = "original-date",
        Submitted = "submitted",
    }
}

vocabulary! {
    /// A variable that holds a list of names.
    NameVariable {
        Author = "author",
        Chair = "chair",
        CollectionEditor = "collection-editor",
        Compiler = "compiler",
        Composer = "composer",
        ContainerAuthor = "container-author",
        Contributor = "contributor",
        Curator = "curator",
        Director = "director",
        Editor = "editor",
        EditorTranslator = "editor-translator",
        EditorialDirector = "editorial-director",
        ExecutiveProducer = "executive-producer",
        Guest = "guest",
        Host = "host",
        Illustrator = "illustrator",
        Interviewer = "interviewer",
        Narrator = "narrator",
        Organizer = "organizer",
        OriginalAuthor = "original-author",
        Performer = "performer",
        Producer = "producer",
        Recipient = "recipient",
        ReviewedAuthor = "reviewed-author",
        ScriptWriter = "script-writer",
        SeriesCreator = "series-creator",
        Translator = "translator",
    }
}

vocabulary! {
    /// The type of an item.
    ItemType {
        Article = "article",
        ArticleJournal = "article-journal",
        ArticleMagazine = "article-magazine",
        ArticleNewspaper = "article-newspaper",
        Bill = "bill",
        Book = "book",
        Broadcast = "broadcast",
        Chapter = "chapter",
        Classic = "classic",
        Collection = "collection",
        Dataset = "dataset",
        Document = "document",
        Entry = "entry",
        EntryDictionary = "entry-dictionary",
        EntryEncyclopedia = "entry-encyclopedia",
        Event = "event",
        Figure = "figure",
        Graphic = "graphic",
        Hearing = "hearing",
        Interview = "interview",
        LegalCase = "legal_case",
        Legislation = "legislation",
        Manuscript = "manuscript",
        Map = "map",
        MotionPicture = "motion_picture",
        MusicalScore = "musical_score",
        Pamphlet = "pamphlet",
        PaperConference = "paper-conference",
        Patent = "patent",
        Performance = "performance",
        Periodical = "periodical",
        PersonalCommunication = "personal_communication",
        Post = "post",
        PostWeblog = "post-weblog",
        Regulation = "regulation",
        Report = "report",
        Review = "review",
        ReviewBook = "review-book",
        Software = "software",
        Song = "song",
        Speech = "speech",
        Standard = "standard",
        Thesis = "thesis",
        Treaty = "treaty",
        Webpage = "webpage",
        Other = "",
    }
}

impl TextVariable {
    /// Tells whether CSL counts it as a number variable (`cs:number`, `is-numeric`, labels).
    pub const fn is_number(self) -> bool {
        self as u8 >= Self::ChapterNumber as u8
    }
}

/// A variable of any class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// A standard or number variable.
    Text(TextVariable),
    /// A date variable.
    Date(DateVariable),
    /// A name variable.
    Name(NameVariable),
}

impl Variable {
    /// Returns the variable of this name, or `None` where CSL has none.
    ///
    /// The older names of CSL-JSON (`journalAbbreviation`, `shortTitle`, `event`) and the
    /// hyphenated or underscored forms in use (`archive-location`) are understood.
    pub fn from_csl(name: &str) -> Option<Self> {
        if let Some(text) = TextVariable::from_csl(name) {
            return Some(Self::Text(text));
        }
        if let Some(names) = NameVariable::from_csl(name) {
            return Some(Self::Name(names));
        }
        if let Some(date) = DateVariable::from_csl(name) {
            return Some(Self::Date(date));
        }
        Some(match name {
            "journalAbbreviation" => Self::Text(TextVariable::ContainerTitleShort),
            "shortTitle" => Self::Text(TextVariable::TitleShort),
            "event" => Self::Text(TextVariable::EventTitle),
            "archive-location" => Self::Text(TextVariable::ArchiveLocation),
            "archive-collection" => Self::Text(TextVariable::ArchiveCollection),
            "editortranslator" => Self::Name(NameVariable::EditorTranslator),
            _ => return None,
        })
    }

    /// Returns the name that CSL gives it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text(variable) => variable.as_str(),
            Self::Date(variable) => variable.as_str(),
            Self::Name(variable) => variable.as_str(),
        }
    }
}

impl std::fmt::Display for Variable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<TextVariable> for Variable {
    fn from(variable: TextVariable) -> Self {
        Self::Text(variable)
    }
}

impl From<DateVariable> for Variable {
    fn from(variable: DateVariable) -> Self {
        Self::Date(variable)
    }
}

impl From<NameVariable> for Variable {
    fn from(variable: NameVariable) -> Self {
        Self::Name(variable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_found_by_its_own_name() {
        for &text in TextVariable::ALL {
            assert_eq!(Variable::from_csl(text.as_str()), Some(text.into()));
        }
        for &date in DateVariable::ALL {
            assert_eq!(Variable::from_csl(date.as_str()), Some(date.into()));
        }
        for &name in NameVariable::ALL {
            assert_eq!(Variable::from_csl(name.as_str()), Some(name.into()));
        }
        for &kind in ItemType::ALL {
            assert_eq!(ItemType::from_csl(kind.as_str()), Some(kind));
        }
    }

    #[test]
    fn number_variables_are_told_from_standard_ones() {
        let numbers: Vec<_> =
            TextVariable::ALL.iter().filter(|v| v.is_number()).map(|v| v.as_str()).collect();
        assert_eq!(numbers.len(), 18);
        assert!(numbers.contains(&"chapter-number") && numbers.contains(&"volume"));
        assert!(!TextVariable::YearSuffix.is_number());
    }

    #[test]
    fn older_names_lead_to_the_same_variable() {
        assert_eq!(
            Variable::from_csl("journalAbbreviation"),
            Some(TextVariable::ContainerTitleShort.into())
        );
        assert_eq!(Variable::from_csl("no-such-variable"), None);
    }
}
