//! BibTeX, in the fields that BibTeX and BibLaTeX share where there is a choice.

use std::borrow::Borrow;

use super::{edtf, latex};
use crate::item::{
    Date, DateVariable, Item, ItemType, Name, NameVariable, Text, TextVariable as T,
};
use crate::read::bibtex_language;

/// Writes items as a BibTeX file.
///
/// Particles of names are written as the "von" part, whether dropping or not; a literal date goes
/// into `year`.
pub fn to_bibtex(items: impl IntoIterator<Item = impl Borrow<Item>>) -> String {
    let mut out = String::new();
    for item in items {
        if !out.is_empty() {
            out.push('\n');
        }
        write_entry(item.borrow(), &mut out);
    }
    out
}

fn write_entry(item: &Item, out: &mut String) {
    let (kind, subtype) = entry_type(item);
    let mut writer = Writer { item, out, kind };
    writer.out.push('@');
    writer.out.push_str(kind);
    writer.out.push('{');
    writer.out.push_str(&key(&item.id));
    writer.out.push_str(",\n");
    writer.titles();
    writer.names();
    writer.dates();
    writer.numbers();
    writer.publisher();
    writer.identifiers();
    writer.rest();
    if let Some(subtype) = subtype {
        writer.field("entrysubtype", subtype);
    }
    writer.out.push_str("}\n");
}

/// Returns a key without the signs that end a key or mean something in TeX.
///
/// Each is written as its number in Unicode between two `+`, so that two items have two keys,
/// in whatever files they are written.
fn key(id: &str) -> String {
    let forbidden =
        |c: char| c.is_whitespace() || c.is_control() || "{}(),=\"#%~\\'@^$&".contains(c);
    if id.is_empty() {
        return "entry".to_owned();
    }
    if !id.contains(forbidden) {
        return id.to_owned();
    }
    let mut key = String::with_capacity(id.len() + 8);
    for c in id.chars() {
        match forbidden(c) || c == '+' {
            true => key.push_str(&format!("+{:x}+", u32::from(c))),
            false => key.push(c),
        }
    }
    key
}

/// Returns the type of an entry, and its `entrysubtype`.
fn entry_type(item: &Item) -> (&'static str, Option<&'static str>) {
    let kind = match item.kind {
        ItemType::ArticleJournal => "article",
        ItemType::ArticleMagazine => return ("article", Some("magazine")),
        ItemType::ArticleNewspaper => return ("article", Some("newspaper")),
        ItemType::Article => return ("article", Some("preprint")),
        ItemType::Periodical => "periodical",
        ItemType::Book | ItemType::Classic => "book",
        ItemType::Collection => "collection",
        ItemType::Chapter => "incollection",
        ItemType::Entry | ItemType::EntryDictionary | ItemType::EntryEncyclopedia => "inreference",
        ItemType::PaperConference => "inproceedings",
        ItemType::Thesis => match item.str(T::Genre) {
            Some("Master’s thesis") => "mastersthesis",
            _ => "phdthesis",
        },
        ItemType::Report => "techreport",
        ItemType::Pamphlet => "booklet",
        ItemType::Manuscript | ItemType::Speech => "unpublished",
        ItemType::Webpage | ItemType::Post | ItemType::PostWeblog => "online",
        ItemType::Patent => "patent",
        ItemType::Dataset => "dataset",
        ItemType::Software => "software",
        ItemType::Standard => "standard",
        ItemType::PersonalCommunication => "letter",
        ItemType::Legislation | ItemType::Bill | ItemType::Regulation => "legislation",
        ItemType::LegalCase => "jurisdiction",
        ItemType::MotionPicture => "movie",
        ItemType::Song => "audio",
        ItemType::Graphic | ItemType::Figure | ItemType::Map => "image",
        ItemType::Performance => "performance",
        ItemType::Review | ItemType::ReviewBook => "review",
        _ => "misc",
    };
    (kind, None)
}

struct Writer<'w> {
    item: &'w Item,
    out: &'w mut String,
    kind: &'static str,
}

impl Writer<'_> {
    /// Writes a field whose value is LaTeX already; an empty one is left out.
    fn field(&mut self, name: &str, value: &str) {
        if value.is_empty() {
            return;
        }
        self.out.push_str("  ");
        self.out.push_str(name);
        self.out.push_str(" = {");
        self.out.push_str(value);
        self.out.push_str("},\n");
    }

    fn marked(&mut self, name: &str, variable: T) {
        if let Some(text) = self.item.text(variable) {
            self.field(name, &latex::marked(text));
        }
    }

    fn title(&mut self, name: &str, text: Option<&Text>) {
        if let Some(text) = text {
            self.field(name, &latex::title(text));
        }
    }

    /// Writes a field that is not typeset; what would end or break it is percent-encoded.
    fn verbatim(&mut self, name: &str, variable: T) {
        let Some(text) = self.item.str(variable) else { return };
        let mut value = String::with_capacity(text.len());
        for c in text.chars().filter(|c| !c.is_control() && !c.is_whitespace()) {
            match c {
                '{' => value.push_str("%7B"),
                '}' => value.push_str("%7D"),
                '\\' => value.push_str("%5C"),
                c => value.push(c),
            }
        }
        self.field(name, &value);
    }

    fn is_article(&self) -> bool {
        matches!(self.kind, "article" | "periodical")
    }

    fn is_part_of_book(&self) -> bool {
        matches!(self.kind, "incollection" | "inproceedings" | "inreference")
    }

    fn titles(&mut self) {
        let item = self.item;
        let [title, container, volume] =
            [T::Title, T::ContainerTitle, T::VolumeTitle].map(|variable| item.text(variable));
        if self.is_part_of_book() {
            self.title("title", title);
            // A volume with a title is the book, and what contains it the work as a whole.
            if volume.is_some() {
                self.title("booktitle", volume);
                self.title("maintitle", container);
            } else {
                self.title("booktitle", container);
            }
        } else {
            if volume.is_some() {
                self.title("title", volume);
                self.title("maintitle", title);
            } else {
                self.title("title", title);
            }
            let name = if self.is_article() { "journal" } else { "journaltitle" };
            self.marked(name, T::ContainerTitle);
        }
        let short = if self.is_part_of_book() { "shortbooktitle" } else { "shortjournal" };
        self.marked(short, T::ContainerTitleShort);
        self.title("shorttitle", item.text(T::TitleShort));
        self.marked("series", T::CollectionTitle);
        self.title("eventtitle", item.text(T::EventTitle));
        self.title("origtitle", item.text(T::OriginalTitle));
    }

    fn names(&mut self) {
        for (name, variable) in [
            ("author", NameVariable::Author),
            ("editor", NameVariable::Editor),
            ("translator", NameVariable::Translator),
            ("bookauthor", NameVariable::ContainerAuthor),
            ("director", NameVariable::Director),
        ] {
            let names = self.item.names(variable);
            let (names, others) = Name::split_others(names);
            let written = names.iter().map(name_text).filter(|name| !name.is_empty());
            let others = others.then(|| "others".to_owned());
            let written: Vec<_> = written.chain(others).collect();
            self.field(name, &written.join(" and "));
        }
    }

    fn dates(&mut self) {
        if let Some(issued) = self.item.date(DateVariable::Issued) {
            self.issued(issued);
        }
        for (name, variable) in [
            ("urldate", DateVariable::Accessed),
            ("eventdate", DateVariable::EventDate),
            ("origdate", DateVariable::OriginalDate),
        ] {
            if let Some(date) = self.item.date(variable) {
                let value = date_text(date);
                self.field(name, &value);
            }
        }
    }

    /// Writes a single date in the fields of BibTeX, anything else as BibLaTeX's `date`.
    fn issued(&mut self, issued: &Date) {
        const MONTHS: [&str; 12] =
            ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
        let single = issued.start.filter(|start| {
            issued.end.is_none()
                && !issued.circa
                && issued.literal.is_none()
                && start.season.is_none()
                && (1000..=9999).contains(&start.year)
        });
        let Some(start) = single else {
            let value = date_text(issued);
            let name = if issued.start.is_some() { "date" } else { "year" };
            return self.field(name, &value);
        };
        self.field("year", &start.year.to_string());
        if let Some(month) = start.month.and_then(|month| MONTHS.get(usize::from(month) - 1)) {
            self.out.push_str(&format!("  month = {month},\n"));
        }
        if let Some(day) = start.day {
            self.field("day", &day.to_string());
        }
    }

    fn numbers(&mut self) {
        let number = if self.is_article() {
            T::Issue
        } else if self.is_part_of_book() || matches!(self.kind, "book" | "collection" | "booklet") {
            T::CollectionNumber
        } else {
            T::Number
        };
        self.marked("volume", T::Volume);
        self.marked("number", number);
        if number != T::Issue {
            self.marked("issue", T::Issue);
        }
        self.marked("volumes", T::NumberOfVolumes);
        self.marked("edition", T::Edition);
        self.marked("chapter", T::ChapterNumber);
        self.marked("part", T::PartNumber);
        self.marked("pagetotal", T::NumberOfPages);
        self.marked("version", T::Version);
        if let Some(pages) = self.item.text(T::Page) {
            let pages = pages.to_plain().replace(['–', '—'], "-");
            let parts: Vec<_> = pages
                .split('-')
                .map(|part| {
                    let mut out = String::new();
                    latex::escape(part, &mut out);
                    out
                })
                .collect();
            self.field("pages", &parts.join("--"));
        }
    }

    fn publisher(&mut self) {
        let (publisher, place) = match self.kind {
            "phdthesis" | "mastersthesis" => ("school", "address"),
            "techreport" => ("institution", "address"),
            _ => ("publisher", "address"),
        };
        self.list_item(publisher, T::Publisher);
        self.list_item(place, T::PublisherPlace);
        if self.kind == "patent" {
            self.list_item("location", T::Jurisdiction);
        }
        self.list_item("origpublisher", T::OriginalPublisher);
        self.list_item("origlocation", T::OriginalPublisherPlace);
        self.marked("venue", T::EventPlace);
        self.marked("library", T::Archive);
        self.marked("medium", T::Medium);
        let implied = matches!(
            (self.kind, self.item.str(T::Genre)),
            ("phdthesis", Some("PhD thesis")) | ("mastersthesis", Some("Master’s thesis"))
        );
        if !implied {
            self.marked("type", T::Genre);
        }
        self.marked("pubstate", T::Status);
    }

    /// Writes one value of a field that lists values, joined by "and".
    fn list_item(&mut self, name: &str, variable: T) {
        if let Some(text) = self.item.text(variable) {
            let value = protected(latex::plain(text), has_and);
            self.field(name, &value);
        }
    }

    fn identifiers(&mut self) {
        self.verbatim("doi", T::Doi);
        self.verbatim("pmid", T::Pmid);
        self.verbatim("pmcid", T::Pmcid);
        self.verbatim("isbn", T::Isbn);
        self.verbatim("issn", T::Issn);
        self.verbatim("lccn", T::CallNumber);
        self.verbatim("url", T::Url);
    }

    fn rest(&mut self) {
        if let Some(language) = self.item.str(T::Language) {
            match bibtex_language(language) {
                Some(name) => self.field("langid", name),
                None => self.marked("language", T::Language),
            }
        }
        self.marked("abstract", T::Abstract);
        self.marked("keywords", T::Keyword);
        self.marked("annotation", T::Annote);
        self.marked("note", T::Note);
    }
}

fn date_text(date: &Date) -> String {
    if let Some(text) = edtf::edtf(date) {
        return text;
    }
    let mut out = String::new();
    latex::escape(date.literal.as_deref().unwrap_or_default(), &mut out);
    out
}

fn name_text(name: &Name) -> String {
    let escaped = |part: &Option<Box<str>>| {
        let mut out = String::new();
        latex::escape(part.as_deref().unwrap_or_default(), &mut out);
        out
    };
    if name.literal.is_some() {
        return in_braces(escaped(&name.literal));
    }
    let is_separator = |part: &str| part.contains(',') || has_and(part);
    let given = protected(escaped(&name.given), is_separator);
    let suffix = protected(escaped(&name.suffix), is_separator);
    let family = escaped(&name.family);
    if family.is_empty() {
        return in_braces([given, suffix].join(" ").trim().to_owned());
    }
    // "de Gaulle" as a whole is a family name, not a particle and a name.
    let family = protected(family, |family| {
        is_separator(family)
            || family.contains('=')
            || (family.contains([' ', '~']) && family.starts_with(char::is_lowercase))
    });
    let mut out = String::new();
    for particle in [&name.dropping_particle, &name.non_dropping_particle] {
        let particle = protected(escaped(particle), is_separator);
        out.push_str(&particle);
        if !particle.is_empty() && !particle.ends_with(['\'', '’', '-']) {
            out.push(' ');
        }
    }
    out.push_str(&family);
    out.push_str(", ");
    if !suffix.is_empty() {
        out.push_str(&suffix);
        out.push_str(", ");
    }
    out.push_str(&given);
    out.truncate(out.trim_end().len());
    out
}

/// Puts a value into braces where it would be taken apart.
fn protected(value: String, needed: impl Fn(&str) -> bool) -> String {
    if needed(&value) { in_braces(value) } else { value }
}

fn in_braces(value: String) -> String {
    if value.is_empty() { value } else { format!("{{{value}}}") }
}

fn has_and(text: &str) -> bool {
    text.split([' ', '~']).any(|word| word.eq_ignore_ascii_case("and") || word == "others")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_written_field_by_field() {
        let mut item = Item::new("king2022", ItemType::ArticleJournal);
        item.set_text(T::Title, "Two trials of <i>baricitinib</i> for AA & more");
        item.set_text(T::ContainerTitle, "N Engl J Med");
        item.set_text(T::Volume, "386");
        item.set_text(T::Issue, "18");
        item.set_text(T::Page, "1687-1699");
        item.set_text(T::Doi, "10.1056/x_y");
        item.set_text(T::Language, "en-US");
        let mut cruz = Name::person("Cruz", "Maria");
        cruz.non_dropping_particle = Some("de la".into());
        cruz.suffix = Some("Jr.".into());
        let names = vec![
            Name::person("King", "Brett"),
            cruz,
            Name::person("de Gaulle", "Charles"),
            Name::group("Barnes and Noble"),
            Name::others(),
        ];
        item.set_names(NameVariable::Author, names);
        item.set_date(DateVariable::Issued, Date::parse("2022-05-05"));
        item.set_date(DateVariable::Accessed, Date::parse("2024-01-02"));
        assert_eq!(
            to_bibtex([&item]),
            "@article{king2022,\n  title = {Two trials of \\textit{baricitinib} for {AA} \\& \
             more},\n  journal = {N Engl J Med},\n  author = {King, Brett and de la Cruz, Jr., \
             Maria and {de Gaulle}, Charles and {Barnes and Noble} and others},\n  year = {2022},\n  \
             month = may,\n  day = {5},\n  urldate = {2024-01-02},\n  volume = {386},\n  number = \
             {18},\n  pages = {1687--1699},\n  doi = {10.1056/x_y},\n  langid = {american},\n}\n"
        );
    }

    #[test]
    fn no_value_breaks_the_file() {
        let mut item = Item::new("a b,{c}", ItemType::Webpage);
        item.set_text(T::Title, "}} \\ {");
        item.set_text(T::Url, "http://x.org/{a}\\");
        item.set_names(NameVariable::Author, vec![Name::group("}"), Name::person("{", ",")]);
        let text = to_bibtex([&item]);
        assert!(text.starts_with("@online{a+20+b+2c++7b+c+7d+,\n"));
        assert_eq!(text.matches('{').count(), text.matches('}').count());
        assert!(text.contains("url = {http://x.org/%7Ba%7D%5C}"));
    }

    #[test]
    fn no_two_entries_have_one_key() {
        assert_eq!(key("odd-key+1"), "odd-key+1");
        assert_eq!(key("odd key+1"), "odd+20+key+2b+1");
        assert_eq!(key("odd,key"), "odd+2c+key");
        assert_eq!(key(""), "entry");
    }
}
