//! RIS.

use std::borrow::Borrow;

use crate::item::{
    Date, DateVariable, Item, ItemType, Name, NameVariable, RangeEnd, TextVariable as T,
};
use crate::read::ris::{TYPES, has_versions, is_book_like, is_numbered};

use super::edtf;

/// Writes items as a RIS file.
///
/// Markup is left out, since RIS has none. A comma inside the name of a group is doubled, as
/// EndNote has it, so that it is not taken for a person.
pub fn to_ris(items: impl IntoIterator<Item = impl Borrow<Item>>) -> String {
    let mut out = String::new();
    for item in items {
        let mut writer = Writer { item: item.borrow(), out: &mut out };
        writer.record();
        writer.line("ER", "");
        writer.out.push('\n');
    }
    out
}

struct Writer<'w> {
    item: &'w Item,
    out: &'w mut String,
}

impl Writer<'_> {
    /// Writes a line; line breaks in the value become spaces.
    fn line(&mut self, tag: &str, value: &str) {
        self.out.push_str(tag);
        self.out.push_str("  - ");
        let mut words = value.split(|c: char| c.is_whitespace() || c.is_control());
        if let Some(first) = words.next() {
            self.out.push_str(first);
        }
        for word in words.filter(|word| !word.is_empty()) {
            self.out.push(' ');
            self.out.push_str(word);
        }
        self.out.push('\n');
    }

    fn text(&mut self, tag: &str, variable: T) {
        if let Some(text) = self.item.text(variable) {
            self.line(tag, text.to_plain().trim());
        }
    }

    fn record(&mut self) {
        let kind = self.item.kind;
        let ris = TYPES.iter().find(|(_, csl)| *csl == kind).map_or("GEN", |(ris, _)| ris);
        self.line("TY", ris);
        self.line("ID", &self.item.id);
        self.text("TI", T::Title);
        self.text("ST", T::TitleShort);
        self.names(kind);
        self.dates();
        self.titles(kind);
        self.text("VL", T::Volume);
        self.text("IS", if is_numbered(kind) { T::Number } else { T::Issue });
        self.text("NV", T::NumberOfVolumes);
        self.pages(kind);
        self.text("SE", T::Section);
        let by_version = has_versions(kind) || !self.item.has(T::Edition);
        self.text("ET", if by_version { T::Version } else { T::Edition });
        self.text("PB", T::Publisher);
        self.text("CY", T::PublisherPlace);
        self.text("SN", if is_book_like(kind) { T::Isbn } else { T::Issn });
        self.text("DO", T::Doi);
        self.text("UR", T::Url);
        self.text("M3", T::Genre);
        self.text("C2", T::Pmcid);
        if let Some(pmid) = self.item.str(T::Pmid) {
            self.line("AN", pmid);
            self.line("DB", "PubMed");
        } else {
            self.text("AN", T::ArchiveLocation);
            self.text("DB", T::Source);
        }
        self.text("LA", T::Language);
        self.text("CN", T::CallNumber);
        self.text("AB", T::Abstract);
        if let Some(keywords) = self.item.str(T::Keyword) {
            for keyword in keywords.split(',').map(str::trim).filter(|word| !word.is_empty()) {
                self.line("KW", keyword);
            }
        }
        if let Some(note) = self.item.str(T::Note) {
            for line in note.lines().filter(|line| !line.trim().is_empty()) {
                self.line("N1", line.trim());
            }
        }
    }

    fn titles(&mut self, kind: ItemType) {
        if matches!(kind, ItemType::Book | ItemType::Report | ItemType::Thesis) {
            self.text("T2", T::CollectionTitle);
            return;
        }
        // As EndNote has it: the conference, and what its papers are printed in.
        let event = kind == ItemType::PaperConference && self.item.has(T::EventTitle);
        if event {
            self.text("T2", T::EventTitle);
        }
        self.text(if event { "C3" } else { "T2" }, T::ContainerTitle);
        if self.item.has(T::ContainerTitle) {
            self.text("J2", T::ContainerTitleShort);
        }
        self.text("T3", T::CollectionTitle);
    }

    fn names(&mut self, kind: ItemType) {
        // "A2" is the series editor of a book, the editor of anything else.
        let series_editor = if kind == ItemType::Book { "A2" } else { "A3" };
        for (tag, variable) in [
            ("AU", NameVariable::Author),
            ("ED", NameVariable::Editor),
            (series_editor, NameVariable::CollectionEditor),
            ("A4", NameVariable::Translator),
        ] {
            for name in Name::split_others(self.item.names(variable)).0 {
                self.line(tag, &name_text(name));
            }
        }
    }

    fn dates(&mut self) {
        if let Some(issued) = self.item.date(DateVariable::Issued) {
            if let Some(start) = issued.start.filter(|start| start.year > 0) {
                self.line("PY", &format!("{:04}", start.year));
            }
            let value = date_text(issued);
            self.line(if issued.start.is_some() { "DA" } else { "PY" }, &value);
        }
        for (tag, variable) in [("Y2", DateVariable::Accessed), ("OP", DateVariable::OriginalDate)]
        {
            if let Some(date) = self.item.date(variable) {
                self.line(tag, &date_text(date));
            }
        }
    }

    fn pages(&mut self, kind: ItemType) {
        let Some(pages) = self.item.text(T::Page) else {
            if matches!(kind, ItemType::Book | ItemType::Thesis) {
                self.text("SP", T::NumberOfPages);
            }
            return;
        };
        let pages = pages.to_plain().replace(['–', '—'], "-");
        match pages.split_once('-') {
            Some((start, end)) if !end.contains(['-', ',']) && !start.contains(',') => {
                self.line("SP", start.trim());
                self.line("EP", end.trim());
            }
            _ => self.line("SP", &pages),
        }
    }
}

/// Returns `YYYY/MM/DD/` for a single date, with empty places for what is not known.
fn date_text(date: &Date) -> String {
    let Some(start) = date.start else {
        return date.literal.as_deref().unwrap_or_default().to_owned();
    };
    let simple = date.end.is_none() && !date.circa && (1..=9999).contains(&start.year);
    if !simple || date.end == Some(RangeEnd::Open) {
        return edtf::edtf(date).unwrap_or_default();
    }
    let part = |part: Option<u8>| part.map(|part| format!("{part:02}")).unwrap_or_default();
    let season = match start.season {
        Some(1) => "Spring",
        Some(2) => "Summer",
        Some(3) => "Autumn",
        Some(4) => "Winter",
        _ => "",
    };
    format!("{:04}/{}/{}/{season}", start.year, part(start.month), part(start.day))
}

/// Returns `Family, Given, Suffix`, with the particles before the family name.
fn name_text(name: &Name) -> String {
    if let Some(literal) = &name.literal {
        return literal.replace(',', ",,");
    }
    let part = |part: &Option<Box<str>>| part.as_deref().unwrap_or_default().replace(',', " ");
    let family = part(&name.family);
    let given = part(&name.given);
    let suffix = part(&name.suffix);
    if family.is_empty() {
        return given;
    }
    let mut out = String::new();
    for particle in [&name.dropping_particle, &name.non_dropping_particle] {
        let particle = part(particle);
        out.push_str(&particle);
        if !particle.is_empty() && !particle.ends_with(['\'', '’', '-']) {
            out.push(' ');
        }
    }
    out.push_str(&family);
    out.push_str(", ");
    out.push_str(&given);
    if !suffix.is_empty() {
        out.push_str(", ");
        out.push_str(&suffix);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_written_line_by_line() {
        let mut item = Item::new("king2022", ItemType::ArticleJournal);
        item.set_text(T::Title, "Two <i>trials</i>\nof things");
        item.set_text(T::ContainerTitle, "New England Journal");
        item.set_text(T::ContainerTitleShort, "NEJM");
        item.set_text(T::Page, "1687–1699");
        item.set_text(T::Pmid, "123");
        item.set_text(T::Keyword, "a, b");
        let mut jr = Name::person("King", "Martin");
        jr.suffix = Some("Jr.".into());
        item.set_names(NameVariable::Author, vec![jr, Name::group("Pfizer, Inc."), Name::others()]);
        item.set_date(DateVariable::Issued, Date::parse("2022-05"));
        assert_eq!(
            to_ris([&item]),
            "TY  - JOUR\nID  - king2022\nTI  - Two trials of things\nAU  - King, Martin, Jr.\n\
             AU  - Pfizer,, Inc.\nPY  - 2022\nDA  - 2022/05//\nT2  - New England Journal\n\
             J2  - NEJM\nSP  - 1687\nEP  - 1699\nAN  - 123\nDB  - PubMed\nKW  - a\nKW  - b\n\
             ER  - \n\n"
        );
    }

    #[test]
    fn a_version_a_conference_and_a_first_publication_are_read_again() {
        let mut paper = Item::new("paper", ItemType::PaperConference);
        paper.set_text(T::Title, "Hair");
        paper.set_text(T::ContainerTitle, "Proceedings of the congress");
        paper.set_text(T::EventTitle, "The congress");
        let mut data = Item::new("data", ItemType::Dataset);
        data.set_text(T::Version, "2.1");
        let mut book = Item::new("book", ItemType::Book);
        book.set_text(T::Edition, "3");
        book.set_date(DateVariable::Issued, Date::parse("1999"));
        book.set_date(DateVariable::OriginalDate, Date::parse("1859-11-24"));
        let items = [paper, data, book];
        let text = to_ris(&items);
        for line in ["T2  - The congress\nC3  - Proceedings", "ET  - 2.1\n", "OP  - 1859/11/24/\n"]
        {
            assert!(text.contains(line), "{text}");
        }
        let read: Vec<Item> =
            crate::read::ris::read(&text).entries.into_iter().map(|e| e.item).collect();
        assert_eq!(read[0].str(T::EventTitle), Some("The congress"));
        assert_eq!(read[0].str(T::ContainerTitle), Some("Proceedings of the congress"));
        assert_eq!(read[1].str(T::Version), Some("2.1"));
        assert_eq!(read[2].str(T::Edition), Some("3"));
        assert_eq!(
            read[2].date(DateVariable::OriginalDate),
            items[2].date(DateVariable::OriginalDate)
        );
    }

    #[test]
    fn no_value_makes_a_line_of_its_own() {
        let mut item = Item::new("a\nER  - ", ItemType::Book);
        item.set_text(T::Abstract, "x\nTY  - JOUR\r\ny");
        let text = to_ris([&item]);
        assert_eq!(text.lines().filter(|line| line.starts_with("TY  - ")).count(), 1);
        assert_eq!(text.lines().filter(|line| line.starts_with("ER  - ")).count(), 1);
    }
}
