//! A table of works that were retracted, as Retraction Watch publishes it: a CSV file with
//! `OriginalPaperDOI`, `OriginalPaperPubMedID` and `RetractionNature` among its columns.
//!
//! A small table of the site's own may name the columns `doi`, `pmid` and `nature`, and
//! leave out the nature of retractions.

use std::borrow::Cow;
use std::collections::HashMap;

use citeproc::item::TextVariable;

use crate::diagnostic::{Diagnostic, structural};
use crate::source::Source;

use super::bibliography::{Bibliography, Status};

/// The works of a table, by identifier.
#[derive(Clone, Debug, Default)]
pub struct Retractions {
    by_doi: HashMap<String, Status>,
    by_pmid: HashMap<String, Status>,
    /// What is wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
}

/// The names of the columns, in small letters.
const DOI: [&str; 2] = ["originalpaperdoi", "doi"];
const PMID: [&str; 2] = ["originalpaperpubmedid", "pmid"];
const NATURE: [&str; 2] = ["retractionnature", "nature"];

/// What the table writes where it knows no identifier.
const UNKNOWN: [&str; 3] = ["", "0", "unavailable"];

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
        let (doi, pmid, nature) = (column(DOI), column(PMID), column(NATURE));
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
            let Some(status) = status(cell(nature).as_deref().unwrap_or_default()) else {
                continue;
            };
            let ids = [(doi, &mut read.by_doi), (pmid, &mut read.by_pmid)];
            for (column, known) in ids {
                if let Some(id) = cell(column).filter(|id| !UNKNOWN.contains(&id.as_str())) {
                    let worst = known.entry(id).or_insert(status);
                    *worst = graver(*worst, status);
                }
            }
        }
        read
    }

    /// Gives the works of the table their status, but for those of which the site's notes
    /// say something already.
    pub fn mark(&self, works: &mut Bibliography) {
        for entry in works.entries.values_mut().filter(|entry| entry.notes.status.is_none()) {
            let of = |variable, known: &HashMap<String, Status>| {
                known.get(&key(entry.item.str(variable)?)).copied()
            };
            let by_doi = of(TextVariable::Doi, &self.by_doi);
            entry.notes.status = by_doi.or_else(|| of(TextVariable::Pmid, &self.by_pmid));
        }
    }
}

fn key(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Returns what the table says of a work; `None` where it was reinstated.
fn status(nature: &str) -> Option<Status> {
    match nature {
        "" | "retraction" => Some(Status::Retracted),
        "expression of concern" => Some(Status::Concern),
        "correction" => Some(Status::Corrected),
        _ => None,
    }
}

fn graver(one: Status, other: Status) -> Status {
    let rank = |status| match status {
        Status::Retracted => 2,
        Status::Concern => 1,
        Status::Corrected => 0,
    };
    if rank(other) > rank(one) { other } else { one }
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
            @book{d, doi={10.1/d}}\n";
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
            4,z,0,10.1/c,Reinstatement\r\n5,z,0,10.1/d,Retraction\r\n";
        let (statuses, found) = marked(csv);
        assert_eq!(statuses, [Some(Retracted), Some(Concern), None, Some(Corrected)]);
        assert_eq!(found, [""; 0]);
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
