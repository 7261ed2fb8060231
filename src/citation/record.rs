//! A work as readers and machines are told of it, beside its formatted entry.

use citeproc::item::{Date, DateVariable, Item, Name, NameVariable, RangeEnd, TextVariable};
use jiff::civil;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a page says of a work in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The CSL type, such as `article-journal`.
    pub kind: &'static str,
    /// The title, as plain text.
    pub title: String,
    /// The authors; the editors where there is none.
    pub authors: Vec<Creator>,
    /// Whether there are authors whom the record does not name.
    pub has_others: bool,
    /// The date as far as it is known: `2022`, `2022-05` or `2022-05-05`.
    pub date: Option<String>,
    /// The year.
    pub year: Option<i32>,
    /// The journal, book or site that it appeared in.
    pub container: Option<String>,
    /// The volume.
    pub volume: Option<String>,
    /// The issue.
    pub issue: Option<String>,
    /// The pages.
    pub pages: Option<String>,
    /// The publisher.
    pub publisher: Option<String>,
    /// Its address.
    pub url: Option<String>,
    /// When it was read there, as an ISO 8601 date or a part of one.
    pub accessed: Option<String>,
    /// The abstract.
    pub summary: Option<String>,
    /// Its identifiers as `(scheme, value)`.
    pub identifiers: Vec<(&'static str, String)>,
    /// What it is filed under: its first author, its year, its title, in small letters.
    pub filed_under: String,
    /// By what another record of the same work can be known: its DOI, its PubMed number,
    /// its title's letters with the year.
    pub marks: Vec<String>,
}

/// Who made a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Creator {
    /// A person.
    Person {
        /// The given name; empty where none is known.
        given: String,
        /// The family name, with its particles.
        family: String,
    },
    /// An organisation, or a name that is not taken apart.
    Group(String),
}

/// The identifiers of a work: where CSL keeps them, and their schemes.
const IDENTIFIERS: &[(TextVariable, &str)] = &[
    (TextVariable::Doi, "doi"),
    (TextVariable::Pmid, "pmid"),
    (TextVariable::Pmcid, "pmcid"),
    (TextVariable::Issn, "issn"),
    (TextVariable::Isbn, "isbn"),
];

impl Record {
    /// Returns what `item` says.
    pub fn of(item: &Item) -> Self {
        let text = |variable| {
            let text = item.text(variable).map(|text| text.to_plain().into_owned());
            text.filter(|text| !text.is_empty())
        };
        let issued = item.date(DateVariable::Issued);
        let authors = match item.names(NameVariable::Author) {
            [] => item.names(NameVariable::Editor),
            authors => authors,
        };
        let identifiers: Vec<(&str, String)> = IDENTIFIERS
            .iter()
            .filter_map(|(variable, scheme)| Some((*scheme, text(*variable)?)))
            .collect();
        let title = text(TextVariable::Title).unwrap_or_default();
        let year = issued.and_then(|date| date.start).map(|start| start.year);
        let (named, has_others) = Name::split_others(authors);
        let authors: Vec<Creator> = named.iter().filter_map(creator).collect();
        Self {
            kind: item.kind.as_str(),
            marks: marks(&identifiers, &title, year),
            filed_under: filed_under(authors.first(), year, &title),
            title,
            authors,
            has_others,
            date: issued.and_then(iso_date),
            year,
            container: text(TextVariable::ContainerTitle),
            volume: text(TextVariable::Volume),
            issue: text(TextVariable::Issue),
            pages: text(TextVariable::Page),
            publisher: text(TextVariable::Publisher),
            url: text(TextVariable::Url),
            accessed: item.date(DateVariable::Accessed).and_then(iso_date),
            summary: text(TextVariable::Abstract),
            identifiers,
        }
    }

    /// Returns the last day on which the work can have appeared, as far as its date is known.
    pub fn last_day(&self) -> Option<civil::Date> {
        let (year, date) = (i16::try_from(self.year?).ok()?, self.date.as_deref()?);
        match date.len() {
            10 => date.parse().ok(),
            7 => format!("{date}-01").parse::<civil::Date>().ok().map(civil::Date::last_of_month),
            _ => civil::Date::new(year, 12, 31).ok(),
        }
    }
}

impl Creator {
    /// Returns the name as a sentence writes it.
    pub fn to_name(&self) -> String {
        match self {
            Creator::Person { given, family } if given.is_empty() => family.clone(),
            Creator::Person { given, family } => format!("{given} {family}"),
            Creator::Group(name) => name.clone(),
        }
    }
}

fn creator(name: &Name) -> Option<Creator> {
    let part = |part: &Option<Box<str>>| part.as_deref().unwrap_or_default().trim().to_owned();
    if name.literal.is_some() {
        return Some(Creator::Group(part(&name.literal)));
    }
    let parts = [&name.dropping_particle, &name.non_dropping_particle, &name.family, &name.suffix];
    let family: Vec<String> = parts.into_iter().map(part).filter(|part| !part.is_empty()).collect();
    match family.is_empty() {
        true => Some(Creator::Group(part(&name.given))).filter(|_| name.given.is_some()),
        false => Some(Creator::Person { given: part(&name.given), family: family.join(" ") }),
    }
}

fn filed_under(author: Option<&Creator>, year: Option<i32>, title: &str) -> String {
    let author = match author {
        Some(Creator::Person { family, given }) => format!("{family} {given}"),
        Some(Creator::Group(name)) => name.clone(),
        None => String::new(),
    };
    let key = format!("{author}\u{0}{:08}\u{0}{title}", year.unwrap_or_default());
    let letters = key.nfd().filter(|c| !is_combining_mark(*c));
    letters.flat_map(char::to_lowercase).collect()
}

fn marks(identifiers: &[(&str, String)], title: &str, year: Option<i32>) -> Vec<String> {
    let ids = identifiers.iter().filter(|(scheme, _)| matches!(*scheme, "doi" | "pmid"));
    let ids = ids.map(|(scheme, id)| format!("{scheme} {}", id.to_lowercase()));
    let letters = title.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    let letters: String = letters.collect();
    let titled = year.filter(|_| !letters.is_empty()).map(|year| format!("title {letters} {year}"));
    ids.chain(titled).collect()
}

/// Returns the start of a date in ISO 8601, as far as it is known.
fn iso_date(date: &Date) -> Option<String> {
    let start = date.start?;
    let is_span = matches!(date.end, Some(RangeEnd::At(end)) if end.year != start.year);
    let year = iso_year(start.year);
    Some(match (start.month, start.day) {
        (Some(month), Some(day)) if !is_span => format!("{year}-{month:02}-{day:02}"),
        (Some(month), _) if !is_span => format!("{year}-{month:02}"),
        _ => year,
    })
}

/// Returns a year as ISO 8601 counts, where 1 BC is the year 0.
fn iso_year(year: i32) -> String {
    match year {
        0.. => format!("{year:04}"),
        -1 => "0000".to_owned(),
        _ => format!("-{:04}", year.saturating_add(1).unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn years_before_the_first_are_those_of_iso_8601() {
        let iso = |text: &str| iso_date(&Date::parse(text));
        for date in ["-0375", "0000", "-0043-03-15", "0044", "2020-05"] {
            assert_eq!(iso(date).as_deref(), Some(date));
        }
    }

    use super::*;
    use citeproc::item::ItemType;

    #[test]
    fn a_record_says_what_the_item_holds() {
        let mut item = Item::new("a", ItemType::ArticleJournal);
        item.set_text(TextVariable::Title, "On <i>JAK</i>");
        item.set_text(TextVariable::Doi, "10.1/x");
        item.set_names(
            NameVariable::Author,
            vec![Name::person("King", "Brett"), Name::group("BRAVE Investigators"), Name::others()],
        );
        item.set_date(DateVariable::Issued, Date::parse("2022-05"));
        let record = Record::of(&item);
        assert_eq!(record.title, "On JAK");
        assert_eq!(record.date.as_deref(), Some("2022-05"));
        assert_eq!(record.identifiers, [("doi", "10.1/x".to_owned())]);
        assert!(record.has_others);
        let names: Vec<_> = record.authors.iter().map(Creator::to_name).collect();
        assert_eq!(names, ["Brett King", "BRAVE Investigators"]);
    }
}
