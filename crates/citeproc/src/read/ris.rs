//! RIS: records of two-letter tags, from `TY` to `ER`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::tagged::{TaggedLine, tagged_lines};
use super::{Entry, Library, ReadError};
use crate::item::{Date, DateVariable, Item, ItemType, Name, NameVariable, TextVariable};

/// The types of RIS and the types of CSL; the first row with a CSL type is the one to write.
pub(crate) const TYPES: &[(&str, ItemType)] = &[
    ("JOUR", ItemType::ArticleJournal),
    ("EJOUR", ItemType::ArticleJournal),
    ("JFULL", ItemType::Periodical),
    ("MGZN", ItemType::ArticleMagazine),
    ("NEWS", ItemType::ArticleNewspaper),
    ("UNPB", ItemType::Article),
    ("INPR", ItemType::Article),
    ("BOOK", ItemType::Book),
    ("EBOOK", ItemType::Book),
    ("EDBOOK", ItemType::Book),
    ("CHAP", ItemType::Chapter),
    ("ECHAP", ItemType::Chapter),
    ("CPAPER", ItemType::PaperConference),
    ("CONF", ItemType::PaperConference),
    ("RPRT", ItemType::Report),
    ("GOVDOC", ItemType::Report),
    ("THES", ItemType::Thesis),
    ("ELEC", ItemType::Webpage),
    ("WEB", ItemType::Webpage),
    ("ICOMM", ItemType::Webpage),
    ("BLOG", ItemType::PostWeblog),
    ("DATA", ItemType::Dataset),
    ("AGGR", ItemType::Dataset),
    ("COMP", ItemType::Software),
    ("STAND", ItemType::Standard),
    ("PAT", ItemType::Patent),
    ("CASE", ItemType::LegalCase),
    ("BILL", ItemType::Bill),
    ("STAT", ItemType::Legislation),
    ("LEGAL", ItemType::Regulation),
    ("HEAR", ItemType::Hearing),
    ("MANSCPT", ItemType::Manuscript),
    ("MAP", ItemType::Map),
    ("MPCT", ItemType::MotionPicture),
    ("VIDEO", ItemType::MotionPicture),
    ("SOUND", ItemType::Song),
    ("MUSIC", ItemType::MusicalScore),
    ("PAMP", ItemType::Pamphlet),
    ("PCOMM", ItemType::PersonalCommunication),
    ("SLIDE", ItemType::Speech),
    ("DICT", ItemType::EntryDictionary),
    ("ENCYC", ItemType::EntryEncyclopedia),
    ("FIGURE", ItemType::Figure),
    ("ART", ItemType::Graphic),
    ("CLSWK", ItemType::Classic),
    ("SER", ItemType::Collection),
    ("CTLG", ItemType::Book),
    ("GEN", ItemType::Document),
];

/// Reads a file of RIS.
pub(crate) fn read(text: &str) -> Library {
    let mut library = Library::default();
    let mut keys = BTreeSet::new();
    let (lines, stray) = tagged_lines(text, 4);
    for line in stray {
        library.errors.push(ReadError::new("a line without a tag", line.span));
    }
    let mut record: Vec<&TaggedLine<'_>> = Vec::new();
    for line in &lines {
        match line.tag {
            "TY" => {
                if let Some(first) = record.first() {
                    library.errors.push(not_closed(first));
                    push_record(&record, &mut keys, &mut library);
                }
                record = vec![line];
            }
            "ER" => {
                if record.is_empty() {
                    let error = ReadError::new("`ER` without a record", line.span.clone());
                    library.errors.push(error.with_help("a record begins with `TY`"));
                } else {
                    record.push(line);
                    push_record(&record, &mut keys, &mut library);
                }
                record.clear();
            }
            _ if record.is_empty() => {
                let error = ReadError::new(
                    format!("`{}` stands outside a record", line.tag),
                    line.span.clone(),
                );
                library
                    .errors
                    .push(error.with_help("a record begins with `TY` and ends with `ER`"));
            }
            _ => record.push(line),
        }
    }
    if let Some(first) = record.first() {
        library.errors.push(not_closed(first));
        push_record(&record, &mut keys, &mut library);
    }
    library
}

fn not_closed(first: &TaggedLine<'_>) -> ReadError {
    ReadError::new("a record is not closed", first.span.clone())
        .with_help("end the record with a line `ER  - `")
}

fn push_record<'a>(lines: &[&TaggedLine<'a>], keys: &mut BTreeSet<String>, library: &mut Library) {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    let wanted = first.value.to_ascii_uppercase();
    let kind = TYPES.iter().find(|(ris, _)| *ris == wanted).map(|(_, kind)| *kind);
    if kind.is_none() {
        library.errors.push(ReadError::new(
            format!("`{}` is no type of RIS", first.value),
            first.value_span.clone(),
        ));
    }
    let mut record =
        Record { item: Item::new("", kind.unwrap_or(ItemType::Document)), ..Record::default() };
    for line in &lines[1..] {
        record.field(line);
    }
    let key_span = record.key_span.clone().unwrap_or_else(|| first.span.clone());
    let mut item = record.finish();
    if item.id.is_empty() {
        match generated_key(&item, keys) {
            Some(key) => item.id = key.into(),
            None => {
                let error = ReadError::new("a record has no key", first.span.clone());
                library.errors.push(error.with_help("give it a line `ID  - key`"));
                return;
            }
        }
    }
    keys.insert(item.id.to_string());
    library.entries.push(Entry { item, span: first.span.start..last.span.end, key_span });
}

/// Makes a key of the first family name and the year, with a letter where it is taken.
pub(super) fn generated_key(item: &Item, taken: &BTreeSet<String>) -> Option<String> {
    let author = item.names(NameVariable::Author).first()?;
    let name = author.family.as_deref().or(author.literal.as_deref())?;
    let stem: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(24)
        .collect();
    let year = item.date(DateVariable::Issued)?.start?.year;
    let base = format!("{stem}{year}");
    let mut candidates = std::iter::once(base.clone())
        .chain(('b'..='z').map(|letter| format!("{base}{letter}")))
        .chain((27..).map(|number| format!("{base}-{number}")));
    candidates.find(|key| !taken.contains(key))
}

struct Record {
    item: Item,
    key_span: Option<Range<usize>>,
    authors: Vec<Name>,
    editors: Vec<Name>,
    secondary: Vec<Name>,
    series_editors: Vec<Name>,
    translators: Vec<Name>,
    keywords: Vec<String>,
    notes: Vec<String>,
    full_title: Option<String>,
    /// What the papers of a conference are printed in, where the conference itself is named.
    proceedings: Option<String>,
    short_titles: Vec<String>,
    start_page: Option<String>,
    end_page: Option<String>,
    accession: Option<String>,
    year: Option<Date>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            item: Item::new("", ItemType::Document),
            key_span: None,
            authors: Vec::new(),
            editors: Vec::new(),
            secondary: Vec::new(),
            series_editors: Vec::new(),
            translators: Vec::new(),
            keywords: Vec::new(),
            notes: Vec::new(),
            full_title: None,
            proceedings: None,
            short_titles: Vec::new(),
            start_page: None,
            end_page: None,
            accession: None,
            year: None,
        }
    }
}

impl Record {
    fn field(&mut self, line: &TaggedLine<'_>) {
        let value = line.value.trim();
        if value.is_empty() {
            return;
        }
        let kind = self.item.kind;
        let variable = match line.tag {
            "ID" => {
                self.item.id = value.into();
                self.key_span = Some(line.value_span.clone());
                return;
            }
            "AU" | "A1" => return self.authors.push(name(value)),
            "ED" => return self.editors.push(name(value)),
            "A2" => return self.secondary.push(name(value)),
            "A3" => return self.series_editors.push(name(value)),
            "A4" => return self.translators.push(name(value)),
            "KW" => return self.keywords.push(value.to_owned()),
            "N1" => return self.notes.push(value.to_owned()),
            "SP" => return self.start_page = Some(value.to_owned()),
            "EP" => return self.end_page = Some(value.to_owned()),
            "AN" => return self.accession = Some(value.to_owned()),
            "T2" | "JF" | "BT" => {
                self.full_title.get_or_insert_with(|| value.to_owned());
                return;
            }
            "JO" | "J2" | "JA" | "J1" => return self.short_titles.push(value.to_owned()),
            "DA" => return self.item.set_date(DateVariable::Issued, date(value)),
            "PY" | "Y1" => return self.year = Some(date(value)),
            "OP" => {
                let original = date(value);
                if original.start.is_some() {
                    self.item.set_date(DateVariable::OriginalDate, original);
                }
                return;
            }
            "C3" if kind == ItemType::PaperConference => {
                return self.proceedings = Some(value.to_owned());
            }
            "Y2" => return self.item.set_date(DateVariable::Accessed, date(value)),
            "TI" | "T1" => TextVariable::Title,
            "T3" => TextVariable::CollectionTitle,
            "ST" => TextVariable::TitleShort,
            "VL" => TextVariable::Volume,
            "IS" | "CP" if is_numbered(kind) => TextVariable::Number,
            "IS" | "CP" => TextVariable::Issue,
            "M1" if is_numbered(kind) => TextVariable::Number,
            "M3" => TextVariable::Genre,
            "NV" => TextVariable::NumberOfVolumes,
            "SE" => TextVariable::Section,
            "ET" if has_versions(kind) => TextVariable::Version,
            "ET" => TextVariable::Edition,
            "PB" => TextVariable::Publisher,
            "CY" | "PP" => TextVariable::PublisherPlace,
            "SN" if is_book_like(kind) => TextVariable::Isbn,
            "SN" => TextVariable::Issn,
            "DO" => TextVariable::Doi,
            "UR" => TextVariable::Url,
            "AB" | "N2" => TextVariable::Abstract,
            "LA" => TextVariable::Language,
            "CN" => TextVariable::CallNumber,
            "DB" | "DP" => TextVariable::Source,
            "C2" if value.starts_with("PMC") => TextVariable::Pmcid,
            _ => return,
        };
        if !self.item.has(variable) {
            self.item.set_text(variable, value);
        }
    }

    fn finish(mut self) -> Item {
        let kind = self.item.kind;
        self.set_titles();
        self.set_pages();
        if self.item.date(DateVariable::Issued).is_none_or(|date| date.start.is_none())
            && let Some(year) = self.year
        {
            self.item.set_date(DateVariable::Issued, year);
        }
        let contained = kind != ItemType::Book;
        if contained {
            self.editors.append(&mut self.secondary);
        } else {
            self.series_editors.append(&mut self.secondary);
        }
        let item = &mut self.item;
        item.set_names(NameVariable::Author, self.authors);
        item.set_names(NameVariable::Editor, self.editors);
        item.set_names(NameVariable::CollectionEditor, self.series_editors);
        item.set_names(NameVariable::Translator, self.translators);
        item.set_text(TextVariable::Keyword, self.keywords.join(", "));
        item.set_text(TextVariable::Note, self.notes.join("\n"));
        if let Some(accession) = self.accession {
            let pubmed = item
                .str(TextVariable::Source)
                .is_some_and(|source| source.eq_ignore_ascii_case("pubmed"));
            if pubmed && accession.bytes().all(|byte| byte.is_ascii_digit()) {
                item.set_text(TextVariable::Pmid, accession);
                item.remove(TextVariable::Source);
            } else {
                item.set_text(TextVariable::ArchiveLocation, accession);
            }
        }
        self.item
    }

    fn set_titles(&mut self) {
        let kind = self.item.kind;
        if let Some(proceedings) = self.proceedings.take()
            && let Some(event) = self.full_title.replace(proceedings)
        {
            self.item.set_text(TextVariable::EventTitle, event);
        }
        let container = match kind {
            ItemType::Book | ItemType::Report | ItemType::Thesis => TextVariable::CollectionTitle,
            _ => TextVariable::ContainerTitle,
        };
        let mut short = std::mem::take(&mut self.short_titles).into_iter();
        let full = self.full_title.take().or_else(|| short.next());
        if let Some(full) = full
            && !self.item.has(container)
        {
            self.item.set_text(container, full.as_str());
            if container == TextVariable::ContainerTitle
                && let Some(short) = short.find(|short| *short != full)
            {
                self.item.set_text(TextVariable::ContainerTitleShort, short);
            }
        }
    }

    fn set_pages(&mut self) {
        let pages = match (self.start_page.take(), self.end_page.take()) {
            (Some(start), Some(end)) if start != end && !start.contains('-') => {
                format!("{start}-{end}")
            }
            (Some(start), _) => start,
            (None, Some(end)) => end,
            (None, None) => return,
        };
        let variable = match self.item.kind {
            ItemType::Book | ItemType::Thesis if !pages.contains('-') => {
                TextVariable::NumberOfPages
            }
            _ => TextVariable::Page,
        };
        self.item.set_text(variable, pages);
    }
}

/// Tells whether items of this type have versions, rather than editions.
pub(crate) fn has_versions(kind: ItemType) -> bool {
    matches!(kind, ItemType::Software | ItemType::Dataset)
}

/// Tells whether items of this type have a number of their own, rather than an issue.
pub(crate) fn is_numbered(kind: ItemType) -> bool {
    matches!(
        kind,
        ItemType::Report
            | ItemType::Patent
            | ItemType::Standard
            | ItemType::Bill
            | ItemType::LegalCase
            | ItemType::Legislation
            | ItemType::Regulation
    )
}

/// Tells whether items of this type have an ISBN, rather than an ISSN.
pub(crate) fn is_book_like(kind: ItemType) -> bool {
    matches!(
        kind,
        ItemType::Book
            | ItemType::Chapter
            | ItemType::PaperConference
            | ItemType::EntryDictionary
            | ItemType::EntryEncyclopedia
            | ItemType::Classic
            | ItemType::Collection
    )
}

/// Reads `Family, Given, Suffix`; a name without a comma, or with a doubled one, is a group.
fn name(value: &str) -> Name {
    if value.contains(",,") {
        return Name::group(&value.replace(",,", ","));
    }
    let mut parts = value.splitn(3, ',').map(str::trim);
    let family = parts.next().unwrap_or_default();
    let Some(given) = parts.next() else { return Name::group(value) };
    let mut name = Name::person(family, given).with_particles_split();
    if let Some(suffix) = parts.next().filter(|suffix| !suffix.is_empty()) {
        name.suffix = Some(suffix.into());
    }
    name
}

/// Reads `YYYY/MM/DD/other`, where the last three may be empty, or any other date.
fn date(value: &str) -> Date {
    let mut parts = value.splitn(4, '/').map(str::trim);
    let year = parts.next().unwrap_or_default();
    let (month, day, other) = (parts.next(), parts.next(), parts.next());
    let slashes = year.len() == 4 && value.matches('/').count() >= 2;
    if !slashes {
        return Date::parse(value);
    }
    let given: Vec<_> =
        [Some(year), month, day].into_iter().flatten().filter(|part| !part.is_empty()).collect();
    match other.filter(|other| !other.is_empty()) {
        // "2020///Spring" and "2020///May-Jun"
        Some(other) if given.len() == 1 => {
            let worded = Date::parse(&format!("{year} {other}"));
            if worded.start.is_some() { worded } else { Date::parse(year) }
        }
        _ => Date::parse(&given.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_article_is_read() {
        let text = "TY  - JOUR\r\nID  - king2022\r\nAU  - King, Brett\r\nA1  - Cruz, Maria, Jr.\r\n\
            AU  - BRAVE Investigators\r\nTI  - Two Trials\r\n  of Things\r\nT2  - New England \
            Journal\r\nJ2  - NEJM\r\nPY  - 2022\r\nDA  - 2022/05/05/\r\nVL  - 386\r\nIS  - 18\r\n\
            SP  - 1687\r\nEP  - 1699\r\nDO  - 10.1056/x\r\nAN  - 35334197\r\nDB  - PubMed\r\n\
            SN  - 1533-4406\r\nKW  - a\r\nKW  - b\r\nUR  - https://x.org\r\nER  - \r\n";
        let library = read(text);
        assert_eq!(library.errors, []);
        let entry = &library.entries[0];
        assert_eq!(&text[entry.key_span.clone()], "king2022");
        let item = &entry.item;
        assert_eq!(item.kind, ItemType::ArticleJournal);
        for (variable, expected) in [
            (TextVariable::Title, "Two Trials of Things"),
            (TextVariable::ContainerTitle, "New England Journal"),
            (TextVariable::ContainerTitleShort, "NEJM"),
            (TextVariable::Page, "1687-1699"),
            (TextVariable::Pmid, "35334197"),
            (TextVariable::Issn, "1533-4406"),
            (TextVariable::Keyword, "a, b"),
        ] {
            assert_eq!(item.str(variable), Some(expected), "{variable}");
        }
        assert_eq!(item.date(DateVariable::Issued), Some(&Date::parse("2022-05-05")));
        let authors = item.names(NameVariable::Author);
        assert_eq!(authors[1].suffix.as_deref(), Some("Jr."));
        assert_eq!(authors[2], Name::group("BRAVE Investigators"));
    }

    #[test]
    fn records_without_a_key_are_named_by_author_and_year() {
        let record = "TY  - BOOK\nAU  - Müller, J\nPY  - 2020///Spring\nSP  - 200\nER  - \n";
        let library = read(&record.repeat(2));
        let keys: Vec<_> = library.entries.iter().map(|entry| &*entry.item.id).collect();
        assert_eq!(keys, ["müller2020", "müller2020b"]);
        assert_eq!(library.entries[0].item.str(TextVariable::NumberOfPages), Some("200"));
        assert_eq!(
            library.entries[0].item.date(DateVariable::Issued),
            Some(&Date::parse("Spring 2020"))
        );
    }

    #[test]
    fn mistakes_are_reported_and_the_rest_is_kept() {
        let text = "AU  - Stray, A\nTY  - JOUR\nID  - a\nTY  - FOO\nID  - b\nER  - \nER  - \n\
                    TY  - BOOK\nER  - \nTY  - BOOK\nID  - c\n";
        let library = read(text);
        let keys: Vec<_> = library.entries.iter().map(|entry| &*entry.item.id).collect();
        assert_eq!(keys, ["a", "b", "c"]);
        let messages: Vec<_> = library.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "`AU` stands outside a record",
                "a record is not closed",
                "`FOO` is no type of RIS",
                "`ER` without a record",
                "a record has no key",
                "a record is not closed",
            ]
        );
    }
}
