//! The compiled form of a style: what the XML says, with names looked up and macros indexed.

use crate::item::{DateVariable, ItemType, NameVariable, TextVariable, Variable};
use crate::locale::{LocaleOverride, TermForm};

/// Names where a citation of the style goes (CSL 1.0.2, "The Root Element - `cs:style`").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StyleClass {
    /// Citations stand in the text.
    #[default]
    InText,
    /// Citations stand in footnotes or endnotes.
    Note,
}

/// The formatting attributes (CSL 1.0.2, "Formatting"); `None` leaves a property as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Formatting {
    /// `font-style`.
    pub font_style: Option<FontStyle>,
    /// `font-variant`.
    pub font_variant: Option<FontVariant>,
    /// `font-weight`.
    pub font_weight: Option<FontWeight>,
    /// `text-decoration`.
    pub text_decoration: Option<TextDecoration>,
    /// `vertical-align`.
    pub vertical_align: Option<VerticalAlign>,
}

impl Formatting {
    /// Returns whether no property is set.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// `font-style`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FontStyle {
    /// `normal`
    Normal,
    /// `italic`
    Italic,
    /// `oblique`
    Oblique,
}

/// `font-variant`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FontVariant {
    /// `normal`
    Normal,
    /// `small-caps`
    SmallCaps,
}

/// `font-weight`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FontWeight {
    /// `normal`
    Normal,
    /// `bold`
    Bold,
    /// `light`
    Light,
}

/// `text-decoration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextDecoration {
    /// `none`
    None,
    /// `underline`
    Underline,
}

/// `vertical-align`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VerticalAlign {
    /// `baseline`
    Baseline,
    /// `sup`
    Sup,
    /// `sub`
    Sub,
}

/// The `display` attribute (CSL 1.0.2, "Display").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Display {
    /// `block`
    Block,
    /// `left-margin`
    LeftMargin,
    /// `right-inline`
    RightInline,
    /// `indent`
    Indent,
}

/// `text-case` (CSL 1.0.2, "Text-case").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum TextCase {
    Lowercase,
    Uppercase,
    CapitalizeFirst,
    CapitalizeAll,
    Sentence,
    Title,
}

/// The attributes that most rendering elements share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Decor {
    pub(crate) prefix: Box<str>,
    pub(crate) suffix: Box<str>,
    pub(crate) formatting: Formatting,
    pub(crate) quotes: bool,
    pub(crate) strip_periods: bool,
    pub(crate) text_case: Option<TextCase>,
    pub(crate) display: Option<Display>,
}

/// A rendering element (CSL 1.0.2, "Rendering Elements").
#[derive(Debug, Clone)]
pub(crate) enum Element {
    Text(TextElement),
    Number(NumberElement),
    Label(LabelElement),
    Date(Box<DateElement>),
    Names(Box<NamesElement>),
    Group(GroupElement),
    Choose(Vec<Branch>),
}

#[derive(Debug, Clone)]
pub(crate) struct TextElement {
    pub(crate) source: TextSource,
    pub(crate) decor: Decor,
}

#[derive(Debug, Clone)]
pub(crate) enum TextSource {
    Variable {
        variable: TextVariable,
        short: bool,
    },
    Macro(usize),
    Term {
        name: Box<str>,
        form: TermForm,
        plural: bool,
    },
    Value(crate::item::Text),
    /// A variable that no item can have.
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NumberForm {
    Numeric,
    Ordinal,
    LongOrdinal,
    Roman,
}

#[derive(Debug, Clone)]
pub(crate) struct NumberElement {
    pub(crate) variable: TextVariable,
    pub(crate) form: NumberForm,
    pub(crate) decor: Decor,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LabelPlural {
    Contextual,
    Always,
    Never,
}

#[derive(Debug, Clone)]
pub(crate) struct LabelElement {
    /// `None` inside `cs:names`, where it is the name variable that is rendered.
    pub(crate) variable: Option<TextVariable>,
    pub(crate) form: TermForm,
    pub(crate) plural: LabelPlural,
    pub(crate) decor: Decor,
}

#[derive(Debug, Clone)]
pub(crate) struct GroupElement {
    pub(crate) children: Vec<Element>,
    pub(crate) delimiter: Box<str>,
    pub(crate) decor: Decor,
}

/// Says how the tests of a condition combine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    All,
    Any,
    None,
}

/// One branch of `cs:choose`; `cs:else` has no tests.
#[derive(Debug, Clone)]
pub(crate) struct Branch {
    pub(crate) combine: Match,
    pub(crate) tests: Vec<Test>,
    pub(crate) children: Vec<Element>,
}

/// A single test of a condition (CSL 1.0.2, "Choose").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Test {
    Type(ItemType),
    Variable(Variable),
    IsNumeric(TextVariable),
    IsUncertainDate(DateVariable),
    Locator(crate::cite::LocatorLabel),
    Position(crate::cite::Position),
    Disambiguate(bool),
    /// Names something that no item can have.
    Never,
}

/// Which parts of a localized date are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DateParts {
    Year,
    YearMonth,
    YearMonthDay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateForm {
    Text,
    Numeric,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePartName {
    Day,
    Month,
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatePartForm {
    Numeric,
    NumericLeadingZeros,
    Ordinal,
    Long,
    Short,
}

#[derive(Debug, Clone)]
pub(crate) struct DatePart {
    pub(crate) name: DatePartName,
    pub(crate) form: Option<DatePartForm>,
    pub(crate) range_delimiter: Option<Box<str>>,
    pub(crate) decor: Decor,
}

/// The layout of a date: its parts in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct DateFormat {
    pub(crate) parts: Vec<DatePart>,
    pub(crate) delimiter: Box<str>,
    pub(crate) decor: Decor,
}

#[derive(Debug, Clone)]
pub(crate) struct DateElement {
    pub(crate) variable: Option<DateVariable>,
    /// `None` for a date whose parts the style lists itself.
    pub(crate) form: Option<DateForm>,
    pub(crate) shown: DateParts,
    pub(crate) format: DateFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameForm {
    Long,
    Short,
    Count,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameAnd {
    Text,
    Symbol,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DelimiterPrecedes {
    Contextual,
    AfterInvertedName,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameOrder {
    First,
    All,
}

/// The inheritable name attributes (CSL 1.0.2, "Inheritable Name Options").
#[derive(Debug, Clone, Default)]
pub(crate) struct NameOptions {
    pub(crate) and: Option<NameAnd>,
    pub(crate) delimiter: Option<Box<str>>,
    pub(crate) delimiter_precedes_et_al: Option<DelimiterPrecedes>,
    pub(crate) delimiter_precedes_last: Option<DelimiterPrecedes>,
    pub(crate) et_al_min: Option<u32>,
    pub(crate) et_al_use_first: Option<u32>,
    pub(crate) et_al_use_last: Option<bool>,
    pub(crate) et_al_subsequent_min: Option<u32>,
    pub(crate) et_al_subsequent_use_first: Option<u32>,
    pub(crate) form: Option<NameForm>,
    pub(crate) initialize: Option<bool>,
    pub(crate) initialize_with: Option<Box<str>>,
    pub(crate) name_as_sort_order: Option<NameOrder>,
    pub(crate) sort_separator: Option<Box<str>>,
    /// The delimiter between the name variables of a `cs:names`.
    pub(crate) names_delimiter: Option<Box<str>>,
}

impl NameOptions {
    /// Fills in what is not set here from an outer element.
    pub(crate) fn or(&self, outer: &NameOptions) -> NameOptions {
        NameOptions {
            and: self.and.or(outer.and),
            delimiter: self.delimiter.clone().or_else(|| outer.delimiter.clone()),
            delimiter_precedes_et_al: self
                .delimiter_precedes_et_al
                .or(outer.delimiter_precedes_et_al),
            delimiter_precedes_last: self.delimiter_precedes_last.or(outer.delimiter_precedes_last),
            et_al_min: self.et_al_min.or(outer.et_al_min),
            et_al_use_first: self.et_al_use_first.or(outer.et_al_use_first),
            et_al_use_last: self.et_al_use_last.or(outer.et_al_use_last),
            et_al_subsequent_min: self.et_al_subsequent_min.or(outer.et_al_subsequent_min),
            et_al_subsequent_use_first: self
                .et_al_subsequent_use_first
                .or(outer.et_al_subsequent_use_first),
            form: self.form.or(outer.form),
            initialize: self.initialize.or(outer.initialize),
            initialize_with: self.initialize_with.clone().or_else(|| outer.initialize_with.clone()),
            name_as_sort_order: self.name_as_sort_order.or(outer.name_as_sort_order),
            sort_separator: self.sort_separator.clone().or_else(|| outer.sort_separator.clone()),
            names_delimiter: self.names_delimiter.clone().or_else(|| outer.names_delimiter.clone()),
        }
    }
}

/// How one part of a name is formatted (CSL 1.0.2, "Name-part Formatting").
///
/// The affixes of a part take in the particles and suffixes beside it, which its formatting does
/// not, so that the two are also kept apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct NamePart {
    pub(crate) decor: Decor,
    /// The affixes alone.
    pub(crate) affixes: Decor,
    /// All but the affixes.
    pub(crate) plain: Decor,
}

impl NamePart {
    pub(crate) fn new(decor: Decor) -> Self {
        let affixes = Decor {
            prefix: decor.prefix.clone(),
            suffix: decor.suffix.clone(),
            ..Decor::default()
        };
        let plain = Decor { prefix: Box::default(), suffix: Box::default(), ..decor.clone() };
        Self { decor, affixes, plain }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct EtAlElement {
    pub(crate) term: Box<str>,
    pub(crate) formatting: Formatting,
}

#[derive(Debug, Clone)]
pub(crate) struct NamesElement {
    pub(crate) variables: Vec<NameVariable>,
    /// The options of `cs:name`, filled in from `cs:citation`, `cs:bibliography` and `cs:style`.
    pub(crate) in_citation: NameOptions,
    pub(crate) in_bibliography: NameOptions,
    pub(crate) name_decor: Decor,
    pub(crate) family: NamePart,
    pub(crate) given: NamePart,
    pub(crate) et_al: EtAlElement,
    pub(crate) label: Option<LabelElement>,
    pub(crate) label_first: bool,
    pub(crate) substitute: Vec<Element>,
    pub(crate) decor: Decor,
}

/// A key of `cs:sort` (CSL 1.0.2, "Sorting").
#[derive(Debug, Clone)]
pub(crate) struct SortKey {
    pub(crate) source: SortSource,
    pub(crate) descending: bool,
    pub(crate) names_min: Option<u32>,
    pub(crate) names_use_first: Option<u32>,
    pub(crate) names_use_last: Option<bool>,
}

#[derive(Debug, Clone)]
pub(crate) enum SortSource {
    Variable(Variable),
    Macro(usize),
    Nothing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Collapse {
    CitationNumber,
    Year,
    YearSuffix,
    YearSuffixRanged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivennameRule {
    AllNames,
    AllNamesWithInitials,
    PrimaryName,
    PrimaryNameWithInitials,
    ByCite,
}

/// `cs:layout`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layout {
    pub(crate) children: Vec<Element>,
    pub(crate) delimiter: Box<str>,
    pub(crate) decor: Decor,
}

/// `cs:citation` with its options (CSL 1.0.2, "Citation-specific Options").
#[derive(Debug, Clone)]
pub(crate) struct CitationSpec {
    pub(crate) layout: Layout,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) add_names: bool,
    pub(crate) add_givenname: bool,
    pub(crate) givenname_rule: GivennameRule,
    pub(crate) add_year_suffix: bool,
    pub(crate) collapse: Option<Collapse>,
    pub(crate) cite_group_delimiter: Option<Box<str>>,
    pub(crate) year_suffix_delimiter: Option<Box<str>>,
    pub(crate) after_collapse_delimiter: Option<Box<str>>,
    pub(crate) near_note_distance: u32,
}

/// `cs:bibliography` with its options (CSL 1.0.2, "Bibliography-specific Options").
#[derive(Debug, Clone)]
pub(crate) struct BibliographySpec {
    pub(crate) layout: Layout,
    pub(crate) sort: Vec<SortKey>,
    pub(crate) hanging_indent: bool,
    pub(crate) second_field_align: Option<SecondFieldAlign>,
    pub(crate) line_spacing: u32,
    pub(crate) entry_spacing: u32,
    pub(crate) subsequent_author_substitute: Option<Box<str>>,
    pub(crate) substitute_rule: SubstituteRule,
}

/// `second-field-align` (CSL 1.0.2, "Whitespace").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondFieldAlign {
    /// The first field is flush with the margin, the rest is indented.
    Flush,
    /// The first field is in the margin, the rest is flush with the margin.
    Margin,
}

/// `subsequent-author-substitute-rule` (CSL 1.0.2, "Reference Grouping").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SubstituteRule {
    CompleteAll,
    CompleteEach,
    PartialEach,
    PartialFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DemoteParticle {
    Never,
    SortOnly,
    DisplayAndSort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageRangeFormat {
    Chicago15,
    Chicago16,
    Expanded,
    Minimal,
    MinimalTwo,
}

#[derive(Debug, Clone)]
pub(crate) struct MacroSpec {
    pub(crate) children: Vec<Element>,
}

/// A whole style.
#[derive(Debug, Clone)]
pub(crate) struct StyleData {
    pub(crate) title: String,
    pub(crate) id: String,
    pub(crate) parent: Option<String>,
    pub(crate) numeric: bool,
    pub(crate) class: StyleClass,
    pub(crate) default_locale: Option<String>,
    pub(crate) demote_particle: DemoteParticle,
    pub(crate) initialize_with_hyphen: bool,
    pub(crate) page_range_format: Option<PageRangeFormat>,
    pub(crate) macros: Vec<MacroSpec>,
    pub(crate) locales: Vec<LocaleOverride>,
    pub(crate) citation: CitationSpec,
    pub(crate) bibliography: Option<BibliographySpec>,
    /// The style calls `year-suffix` itself, so that it is not added to dates.
    pub(crate) explicit_year_suffix: bool,
    /// How many conditions `disambiguate` the style has.
    pub(crate) disambiguate_tests: u32,
    /// What of a document its layouts look at.
    pub(crate) reads: super::reads::StyleReads,
}
