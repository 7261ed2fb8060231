//! A table of works that were retracted, as Retraction Watch publishes it: a CSV file with
//! `OriginalPaperDOI`, `OriginalPaperPubMedID` and `RetractionNature` among its columns.
//!
//! A small table of the site's own may name the columns `doi`, `pmid`, `nature` and `date`,
//! and leave out the nature of retractions.

use std::borrow::Cow;
use std::collections::HashMap;

use citeproc::item::{Date, TextVariable};

use crate::diagnostic::{Diagnostic, structural};
use crate::ids;
use crate::source::Source;

use super::bibliography::{Bibliography, Status};

/// The works of a table, by identifier.
#[derive(Clone, Debug, Default)]
pub struct Retractions {
    by_doi: HashMap<String, Notices>,
    by_pmid: HashMap<String, Notices>,
    /// What is wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// The names of the columns, in small letters.
const DOI: [&str; 2] = ["originalpaperdoi", "doi"];
const PMID: [&str; 2] = ["originalpaperpubmedid", "pmid"];
const NATURE: [&str; 2] = ["retractionnature", "nature"];
const DATE: [&str; 2] = ["retractiondate", "date"];

/// What the table writes where it knows no identifier.
const UNKNOWN: [&str; 3] = ["", "0", "unavailable"];

/// Year, month and day.
type Day = (i32, u8, u8);

/// What stands for the day of a retraction that has none: any reinstatement is later.
const BEFORE_ALL: Day = (i32::MIN, 0, 0);

/// What stands for the day of a reinstatement that has none: no retraction is later.
const AFTER_ALL: Day = (i32::MAX, 0, 0);

/// What the rows about one work say together.
#[derive(Clone, Copy, Debug, Default)]
struct Notices {
    /// When it was last retracted.
    retracted: Option<Day>,
    /// When it was last reinstated.
    reinstated: Option<Day>,
    /// The gravest of what else became of it.
    lesser: Option<Status>,
}

impl Notices {
    /// Returns what a row of the nature `nature` says; nothing where it is none of those known.
    fn of(nature: &str, day: Option<Day>) -> Self {
        let mut notices = Self::default();
        match nature {
            "" | "retraction" => notices.retracted = Some(day.unwrap_or(BEFORE_ALL)),
            "reinstatement" => notices.reinstated = Some(day.unwrap_or(AFTER_ALL)),
            "expression of concern" => notices.lesser = Some(Status::Concern),
            "correction" => notices.lesser = Some(Status::Corrected),
            _ => {}
        }
        notices
    }

    /// Returns what both say.
    fn and(self, other: Self) -> Self {
        Self {
            retracted: self.retracted.max(other.retracted),
            reinstated: self.reinstated.max(other.reinstated),
            lesser: graver(self.lesser, other.lesser),
        }
    }

    /// Returns what became of the work: a reinstatement takes back the retractions before it.
    fn status(self) -> Option<Status> {
        match self.retracted > self.reinstated {
            true => Some(Status::Retracted),
            false => self.lesser,
        }
    }
}

impl Retractions {
    /// Reads a table; a file without a column of identifiers is reported and empty.
    pub fn parse(source: &Source) -> Self {
        let mut read = Self::default();
        let text = source.text();
        let text = text.trim_start_matches('\u{feff}');
        let mut rows = Rows { rest: text };
        let header: Vec<String> =
            rows.next().unwrap_or_default().iter().map(|name| key(name)).collect();
        let column =
            |names: [&str; 2]| header.iter().position(|name| names.contains(&name.as_str()));
        let (doi, pmid) = (column(DOI), column(PMID));
        let (nature, date) = (column(NATURE), column(DATE));
        if doi.is_none() && pmid.is_none() {
            let first = text.lines().next().map_or(0, str::len);
            let message = "this table of retractions has no column of DOIs or PubMed numbers";
            read.diagnostics.push(
                Diagnostic::new(&structural::BIB_SYNTAX, source.span(0..first), message)
                    .with_help("its first line names the columns: `doi`, `pmid`, `nature`"),
            );
            return read;
        }
        for row in rows {
            let cell = |column: Option<usize>| row.get(column?).map(|cell| key(cell));
            let day = cell(date).and_then(|date| day(&date));
            let said = Notices::of(cell(nature).as_deref().unwrap_or_default(), day);
            let ids = [("doi", doi, &mut read.by_doi), ("pmid", pmid, &mut read.by_pmid)];
            for (scheme, column, known) in ids {
                if let Some(id) = cell(column).filter(|id| !UNKNOWN.contains(&id.as_str())) {
                    let notices = known.entry(normal(scheme, &id)).or_default();
                    *notices = notices.and(said);
                }
            }
        }
        read
    }

    /// Gives the works of the table their status, unless the site's notes say graver things.
    pub fn mark(&self, works: &mut Bibliography) {
        for entry in works.entries.values_mut() {
            let of = |scheme, variable, known: &HashMap<String, Notices>| {
                let notices = known.get(&normal(scheme, entry.item.str(variable)?));
                notices.copied()
            };
            let by_doi = of("doi", TextVariable::Doi, &self.by_doi).unwrap_or_default();
            let by_pmid = of("pmid", TextVariable::Pmid, &self.by_pmid).unwrap_or_default();
            entry.notes.status = graver(entry.notes.status, by_doi.and(by_pmid).status());
        }
    }
}

fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Returns the form in which identifiers are compared.
fn normal(scheme: &str, id: &str) -> String {
    key(&ids::built_in(scheme).map_or_else(|| id.to_owned(), |scheme| scheme.normalize(id)))
}

/// Returns the day of a cell, which may say the time too ("1/31/2024 0:00").
fn day(cell: &str) -> Option<Day> {
    let first = cell.split_whitespace().next()?;
    let start = [cell, first].into_iter().find_map(|text| Date::parse(text).start)?;
    Some((start.year, start.month.unwrap_or_default(), start.day.unwrap_or_default()))
}

fn graver(one: Option<Status>, other: Option<Status>) -> Option<Status> {
    let rank = |status: &Option<Status>| match status {
        Some(Status::Retracted) => 3,
        Some(Status::Concern) => 2,
        Some(Status::Corrected) => 1,
        None => 0,
    };
    std::cmp::max_by_key(other, one, rank)
}

/// The rows of a CSV file (RFC 4180), each as its cells.
struct Rows<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Rows<'a> {
    type Item = Vec<Cow<'a, str>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let mut cells = Vec::new();
        loop {
            let (cell, after) = match self.rest.strip_prefix('"') {
                Some(quoted) => quoted_cell(quoted),
                None => {
                    let end = self.rest.find([',', '\n']).unwrap_or(self.rest.len());
                    (Cow::Borrowed(self.rest[..end].trim_end_matches('\r')), &self.rest[end..])
                }
            };
            cells.push(cell);
            match after.as_bytes().first() {
                Some(b',') => self.rest = &after[1..],
                // What stands between a closing quote and the next comma is no CSV.
                Some(b'\n') => {
                    self.rest = &after[1..];
                    return Some(cells);
                }
                _ => {
                    let end = after.find('\n').map_or(after.len(), |end| end + 1);
                    self.rest = &after[end..];
                    return Some(cells);
                }
            }
        }
    }
}

/// Returns the cell whose opening quote was read, and what follows its closing one.
fn quoted_cell(text: &str) -> (Cow<'_, str>, &str) {
    let mut at = 0;
    let mut has_quotes = false;
    while let Some(quote) = text[at..].find('"') {
        at += quote;
        if text[at + 1..].starts_with('"') {
            has_quotes = true;
            at += 2;
            continue;
        }
        let cell = &text[..at];
        let cell = if has_quotes { cell.replace("\"\"", "\"").into() } else { Cow::Borrowed(cell) };
        return (cell, &text[at + 1..]);
    }
    (Cow::Borrowed(text), "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::{CitationFile, NotesFile};
    use crate::source::SourceId;

    fn marked(csv: &str) -> (Vec<Option<Status>>, Vec<String>) {
        let source = |path: &str, text: &str| Source::new(SourceId::new(path), text);
        let bib = "@book{a, doi={10.1/A}}\n@book{b, pmid={12}}\n@book{c, doi={10.1/c}}\n\
            @book{d, doi={10.1/d}, pmid={44}}\n";
        let notes = NotesFile::parse(&source("citations/notes.yaml", "d: {status: corrected}\n"));
        let file = CitationFile::parse(&source("citations/a.bib", bib));
        let (mut works, _) = Bibliography::merge([&file], [&notes]);
        let table = Retractions::parse(&source("citations/retractions.csv", csv));
        table.mark(&mut works);
        let found = table.diagnostics.iter().map(|found| found.message.clone()).collect();
        (works.entries.values().map(|entry| entry.notes.status).collect(), found)
    }

    #[test]
    fn works_are_known_by_their_identifiers() {
        use Status::{Concern, Corrected, Retracted};
        let csv = "\u{feff}Record ID,Title,OriginalPaperPubMedID,OriginalPaperDOI,RetractionNature\r\n\
            1,\"On \"\"hair\"\",\nand more\",0,10.1/a,Correction\r\n\
            2,\"x\",0,10.1/a,Retraction\r\n3,y,12,unavailable,Expression of concern\r\n\
            4,z,0,10.1/c,Reinstatement\r\n";
        let (statuses, found) = marked(csv);
        assert_eq!(statuses, [Some(Retracted), Some(Concern), None, Some(Corrected)]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn a_reinstatement_takes_back_the_retractions_before_it() {
        let status = |rows: &str| marked(&format!("doi,nature,date\n{rows}")).0[2];
        let retracted = Some(Status::Retracted);
        assert_eq!(status("10.1/c,Retraction,\n10.1/c,Reinstatement,"), None);
        assert_eq!(status("10.1/c,Reinstatement,\n10.1/c,Retraction,"), None);
        assert_eq!(status("10.1/c,Retraction,2/1/2020 0:00\n10.1/c,Reinstatement,2021-03"), None);
        assert_eq!(status("10.1/c,Reinstatement,2/1/2020 0:00\n10.1/c,,2021-03"), retracted);
        let concern = "10.1/c,Expression of concern,\n10.1/c,,\n10.1/c,Reinstatement,";
        assert_eq!(status(concern), Some(Status::Concern));
    }

    #[test]
    fn the_gravest_of_what_is_said_of_a_work_counts() {
        let status = |rows: &str| marked(&format!("doi,pmid,nature\n{rows}")).0[3];
        assert_eq!(status("10.1/d,,Retraction"), Some(Status::Retracted));
        assert_eq!(status("10.1/d,,Correction\n,44,Retraction"), Some(Status::Retracted));
        assert_eq!(status(",44,Retraction\n10.1/d,,Reinstatement"), Some(Status::Corrected));
    }

    #[test]
    fn identifiers_are_compared_in_their_usual_form() {
        let (statuses, _) = marked("doi,pmid\nhttps://doi.org/10.1/C,\n DOI: 10.1/a,\n,PMID: 12");
        assert_eq!(statuses[..3], [Some(Status::Retracted); 3]);
    }

    #[test]
    fn a_table_of_the_sites_own_is_short() {
        let (statuses, _) = marked("doi\n10.1/C");
        assert_eq!(statuses[2], Some(Status::Retracted));
        assert_eq!(marked("").1.len(), 1);
        assert_eq!(marked("a,b\n1,\"2").1.len(), 1);
        assert_eq!(marked("doi,x\n\"10.1/c\"y,\"").0[2], Some(Status::Retracted));
    }
}
