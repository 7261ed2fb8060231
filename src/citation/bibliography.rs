//! The citation database: every entry of every citation file, by key.
//!
//! [`CitationFile::parse`] reads one file and depends on nothing else, so that it can be cached;
//! [`Bibliography::merge`] puts the files and the notes together.

use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use citeproc::item::{DateVariable, Item, NameVariable, TextVariable};
use citeproc::read::{ReadOptions, detect, read};
use indexmap::map::Entry as Slot;

use crate::diagnostic::{Diagnostic, Level, structural};
use crate::ordered::IndexMap;
use crate::source::{Source, Span};

use super::key::{CitationKey, MistakenKey};
use super::notes::NotesFile;
use super::record::Record;

/// A citation file, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CitationFile {
    /// The entries in the order of the file, without notes; a key may occur twice.
    pub(super) entries: Vec<Entry>,
    /// What is wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl CitationFile {
    /// Reads a citation file of any format; a pure function of the file.
    ///
    /// What can be read is kept whatever else is wrong. CSL variables in a note count, and what
    /// is private to the owner of the library (notes, keywords, file paths) is dropped here, so
    /// that nothing downstream can publish it.
    pub fn parse(source: &Source) -> Self {
        Self::parse_with(source, Item::into_publishable)
    }

    /// Does the same and keeps what is private, for commands that publish nothing.
    pub fn parse_whole(source: &Source) -> Self {
        Self::parse_with(source, |item| item)
    }

    fn parse_with(source: &Source, kept: impl Fn(Item) -> Item) -> Self {
        let Some(format) = detect(source.id.extension(), &source.text()) else {
            let span = Span::file(source.id.clone());
            let message = "this file is of no citation format that galen reads";
            let help = "BibTeX, CSL-JSON, CSL-YAML, Hayagriva, RIS and nbib are read";
            let diagnostic =
                Diagnostic::new(&structural::BIB_SYNTAX, span, message).with_help(help);
            return Self { entries: Vec::new(), diagnostics: vec![diagnostic] };
        };
        let library = read(&source.text(), format, ReadOptions { note_variables: true });
        let diagnostics = library
            .errors
            .into_iter()
            .map(|error| {
                let span = source.span(error.span);
                let diagnostic = Diagnostic::new(&structural::BIB_SYNTAX, span, error.message);
                match error.help {
                    Some(help) => diagnostic.with_help(help),
                    None => diagnostic,
                }
            })
            .collect();
        let entries = library
            .entries
            .into_iter()
            .map(|entry| Entry {
                key: CitationKey::new(&*entry.item.id),
                item: Arc::new(kept(entry.item)),
                span: source.span(entry.key_span),
                record: source.span(entry.span),
                notes: EntryNotes::default(),
                description: OnceLock::new(),
            })
            .collect();
        Self { entries, diagnostics }
    }

    /// Returns how many entries could be read.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether no entry could be read.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The works that a site can cite, in the order of their files.
#[derive(Clone, Debug, Default)]
pub struct Bibliography {
    pub(super) entries: IndexMap<CitationKey, Entry>,
}

/// One work.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its key.
    pub key: CitationKey,
    /// Its record, without what is never published.
    pub item: Arc<Item>,
    /// The key in its file.
    pub span: Span,
    /// The whole record in its file.
    pub record: Span,
    /// What `notes.yaml` adds.
    pub notes: EntryNotes,
    /// What pages say of it, made when the first one asks.
    description: OnceLock<Record>,
}

/// What no reference manager has: `citations/notes.yaml`, by key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EntryNotes {
    /// What became of the work.
    pub status: Option<Status>,
    /// How near the work is to what it reports.
    pub level: Option<SourceLevel>,
    /// What kind of study it is.
    pub study_type: Option<Arc<str>>,
    /// Whether its age does not count against it.
    pub seminal: bool,
    /// Whether it was not peer-reviewed.
    pub preprint: bool,
    /// How readers get it, such as `open`.
    pub access: Option<Arc<str>>,
    /// A copy in a web archive.
    pub archive_url: Option<Arc<str>>,
    /// When the copy was made.
    pub archived: Option<Arc<str>>,
}

/// What became of a work after its publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It was withdrawn.
    Retracted,
    /// A correction was published.
    Corrected,
    /// Its journal published an expression of concern.
    Concern,
}

/// How near a work is to what it reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceLevel {
    /// It reports its own findings.
    Primary,
    /// It weighs the findings of others.
    Secondary,
    /// It retells.
    Tertiary,
}

impl Status {
    /// Returns the word that `notes.yaml` and templates use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Retracted => "retracted",
            Status::Corrected => "corrected",
            Status::Concern => "concern",
        }
    }
}

impl SourceLevel {
    /// Returns the word that `notes.yaml` and templates use.
    pub const fn as_str(self) -> &'static str {
        match self {
            SourceLevel::Primary => "primary",
            SourceLevel::Secondary => "secondary",
            SourceLevel::Tertiary => "tertiary",
        }
    }
}

impl Entry {
    /// Returns what pages say of the work in their own words.
    pub fn description(&self) -> &Record {
        self.description.get_or_init(|| Record::of(&self.item))
    }

    /// Returns the place of a variable's value in `text`, the text of the entry's file.
    ///
    /// It is the first place in the record that reads as the value does; the key where the file
    /// writes the value in another way (escaped, inherited, joined of parts).
    pub fn value_span(&self, text: &str, variable: TextVariable) -> Span {
        let found = self.item.str(variable).zip(text.get(self.record.range())).and_then(
            |(value, record)| {
                let start = self.record.start + record.find(value)?;
                Some(start..start + value.len())
            },
        );
        match found {
            Some(range) => Span::new(self.record.source.clone(), range),
            None => self.span.clone(),
        }
    }
}

impl Bibliography {
    /// Puts citation files and notes together, in the order given.
    ///
    /// Of two entries with one key and the same record the first wins; two different records
    /// are a conflict, reported at the second, and the first stays. The diagnostics of the files
    /// themselves are not repeated.
    pub fn merge<'f>(
        files: impl IntoIterator<Item = &'f CitationFile>,
        notes: impl IntoIterator<Item = &'f NotesFile>,
    ) -> (Self, Vec<Diagnostic>) {
        let mut entries: IndexMap<CitationKey, Entry> = IndexMap::default();
        let mut diagnostics = Vec::new();
        for entry in files.into_iter().flat_map(|file| &file.entries) {
            match entries.entry(entry.key.clone()) {
                Slot::Vacant(slot) => {
                    slot.insert(entry.clone());
                }
                Slot::Occupied(slot) => {
                    if let Some(field) = contradiction(&slot.get().item, &entry.item) {
                        diagnostics.push(conflict(slot.get(), entry, field));
                    }
                }
            }
        }
        let mut bibliography = Self { entries };
        for (key, span, notes) in notes.into_iter().flat_map(|file| &file.entries) {
            match bibliography.entries.get_mut(key) {
                Some(entry) => entry.notes = notes.clone(),
                None => diagnostics.push(bibliography.stray_notes(key, span)),
            }
        }
        (bibliography, diagnostics)
    }

    fn stray_notes(&self, key: &CitationKey, span: &Span) -> Diagnostic {
        let message = format!("there are notes on `{key}`, which no citation file holds");
        let mut diagnostic = Diagnostic::new(&structural::CITE_UNKNOWN, span.clone(), message)
            .with_suggestion(self.nearest(key.as_str()).first());
        // Nothing on a page is wrong for it.
        diagnostic.level = Level::Warning;
        diagnostic
    }

    /// Returns the keys that `key` may have meant, the likeliest first, at most three.
    ///
    /// A DOI or a PubMed number written in place of a key finds the entry that has it.
    pub fn nearest(&self, key: &str) -> Vec<&CitationKey> {
        if let Some(entry) = self.by_identifier(key) {
            return vec![&entry.key];
        }
        let mistaken = MistakenKey::new(key);
        let mut near: Vec<_> = self
            .entries
            .keys()
            .filter_map(|candidate| Some((mistaken.distance(candidate.as_str())?, candidate)))
            .collect();
        near.sort();
        near.into_iter().take(3).map(|(_, candidate)| candidate).collect()
    }

    fn by_identifier(&self, text: &str) -> Option<&Entry> {
        let text = text.trim_start_matches("doi:").trim_start_matches("https://doi.org/");
        let text = text.trim_start_matches("pmid:").trim_start_matches("pmid");
        let has = |entry: &Entry, variable, shape: bool| {
            shape && entry.item.str(variable).is_some_and(|id| id.eq_ignore_ascii_case(text))
        };
        let is_doi = text.starts_with("10.");
        let is_pmid = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !is_doi && !is_pmid {
            return None;
        }
        self.entries.values().find(|entry| {
            has(entry, TextVariable::Doi, is_doi) || has(entry, TextVariable::Pmid, is_pmid)
        })
    }

    /// Returns the entries, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// Returns the entry `key`.
    pub fn get(&self, key: impl AsRef<str>) -> Option<&Entry> {
        self.entries.get(key.as_ref())
    }

    /// Returns the record of the entry `key`.
    pub fn item(&self, key: &str) -> Option<&Arc<Item>> {
        self.entries.get(key).map(|entry| &entry.item)
    }

    /// Returns the keys under which other works, or others' notes, stand than in `earlier`;
    /// in which files and where does not count.
    pub fn differing_from(&self, earlier: &Self) -> BTreeSet<CitationKey> {
        let says = |of: &Self, key: &CitationKey| {
            of.get(key).map(|entry| (Arc::clone(&entry.item), entry.notes.clone()))
        };
        let all = self.keys().chain(earlier.keys());
        all.filter(|key| says(self, key) != says(earlier, key)).cloned().collect()
    }

    /// Returns the keys, in the order of the files.
    pub fn keys(&self) -> impl Iterator<Item = &CitationKey> {
        self.entries.keys()
    }

    /// Returns how many works there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Tells whether there is no work.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

fn conflict(first: &Entry, second: &Entry, field: &str) -> Diagnostic {
    let message = format!("`{}` is the key of two different works", second.key);
    Diagnostic::new(&structural::CITE_KEY_CONFLICT, second.span.clone(), message)
        .with_label(format!("this record has another {field}"))
        .with_related(first.span.clone(), "the first record with this key")
        .with_help("give one of them another key, or remove one of them")
}

/// Returns the field that shows two records to be of different works; `None` where none does.
///
/// Only what identifies a work counts, since two programs export one record in two ways. A field
/// that one record lacks says nothing.
fn contradiction(first: &Item, second: &Item) -> Option<&'static str> {
    if first == second {
        return None;
    }
    let identifiers =
        [(TextVariable::Doi, "DOI"), (TextVariable::Pmid, "PMID"), (TextVariable::Title, "title")];
    for (variable, name) in identifiers {
        if let (Some(first), Some(second)) = (first.text(variable), second.text(variable))
            && folded(&first.to_plain()) != folded(&second.to_plain())
        {
            return Some(name);
        }
    }
    let year = |item: &Item| item.date(DateVariable::Issued)?.start.map(|start| start.year);
    if year(first).zip(year(second)).is_some_and(|(first, second)| first != second) {
        return Some("year");
    }
    let author = |item: &Item| {
        let name = item.names(NameVariable::Author).first()?;
        name.family.as_deref().or(name.literal.as_deref()).map(folded)
    };
    if author(first).zip(author(second)).is_some_and(|(first, second)| first != second) {
        return Some("author");
    }
    None
}

/// Returns the letters and digits of a text in lower case.
fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn file(path: &str, text: &str) -> CitationFile {
        CitationFile::parse(&Source::new(SourceId::new(path), text))
    }

    fn keys<'k>(keys: impl IntoIterator<Item = &'k CitationKey>) -> Vec<&'k str> {
        keys.into_iter().map(CitationKey::as_str).collect()
    }

    #[test]
    fn every_format_contributes_in_the_order_of_the_files() {
        let files = [
            file("citations/a.bib", "@book{a, title={A}}"),
            file("citations/b.json", r#"[{"id": "b", "title": "B"}]"#),
            file("citations/c.yaml", "references:\n- id: c\n  title: C\n"),
            file("citations/d.yml", "d:\n  type: book\n  title: D\n"),
            file("citations/e.ris", "TY  - BOOK\nID  - e\nER  - \n"),
            file("citations/f.nbib", "PMID- 1\nTI  - F\n"),
        ];
        assert!(files.iter().all(|file| file.diagnostics.is_empty()));
        let (bibliography, diagnostics) = Bibliography::merge(&files, []);
        assert_eq!(keys(bibliography.keys()), ["a", "b", "c", "d", "e", "pmid1"]);
        assert_eq!(diagnostics, []);
    }

    #[test]
    fn what_is_private_does_not_enter_and_what_counts_in_a_note_does() {
        let text = "@book{a, title={A}, file={/home/me/a.pdf}, keywords={todo},\n\
                    note={PMID: 12\nnot convinced}, annotation={weak}}";
        let (bibliography, _) = Bibliography::merge(&[file("citations/a.bib", text)], []);
        let item = bibliography.item("a").unwrap();
        assert_eq!(item.str(TextVariable::Pmid), Some("12"));
        let json = serde_json::to_string(&**item).unwrap();
        for private in ["/home", "todo", "convinced", "weak"] {
            assert!(!json.contains(private), "{json}");
        }
    }

    #[test]
    fn mistakes_become_diagnostics_with_spans() {
        let text = "@book{a, title={A}\n year=2020}\n@book{b}";
        let parsed = file("citations/a.bib", text);
        assert_eq!(parsed.len(), 2);
        let diagnostic = &parsed.diagnostics[0];
        assert_eq!(diagnostic.rule.id, "bib-syntax");
        assert_eq!(&text[diagnostic.span.range()], "year");
        assert_eq!(file("citations/x.txt", "hello").diagnostics.len(), 1);
    }

    #[test]
    fn a_value_is_found_in_its_record_else_the_key_stands_for_it() {
        let text = "@book{b, doi={10.1/x}}\n@book{a, doi={10.1/x}, publisher={A \\& B}}";
        let parsed = file("citations/a.bib", text);
        let entry = &parsed.entries[1];
        let at = |variable| entry.value_span(text, variable).range();
        assert_eq!(at(TextVariable::Doi).start, text.rfind("10.1/x").unwrap());
        assert_eq!(&text[at(TextVariable::Doi)], "10.1/x");
        assert_eq!(at(TextVariable::Publisher), entry.span.range());
    }

    #[test]
    fn the_same_work_twice_is_one_entry() {
        let files = [
            file("citations/a.bib", "@article{a, title={On {JAK}}, doi={10.1/X}, year=2020}"),
            file("citations/b.json", r#"[{"id":"a","title":"On JAK","DOI":"10.1/x","page":"1"}]"#),
        ];
        let (bibliography, diagnostics) = Bibliography::merge(&files, []);
        assert_eq!(diagnostics, []);
        assert_eq!(bibliography.len(), 1);
        assert!(
            bibliography.get(CitationKey::new("a")).unwrap().item.str(TextVariable::Page).is_none()
        );
    }

    #[test]
    fn two_works_under_one_key_conflict_at_both_places() {
        let first = "@article{a, title={On JAK}, year=2020}";
        for second in
            ["@article{a, title={On hair}, year=2020}", "@article{a, title={On JAK}, year=2021}"]
        {
            let files = [file("citations/a.bib", first), file("citations/b.bib", second)];
            let (bibliography, diagnostics) = Bibliography::merge(&files, []);
            assert_eq!(bibliography.len(), 1);
            let [diagnostic] = &diagnostics[..] else { panic!("one conflict") };
            assert_eq!(diagnostic.rule.id, "cite-key-conflict");
            assert_eq!(diagnostic.span.source.as_str(), "citations/b.bib");
            assert_eq!(diagnostic.related[0].0.source.as_str(), "citations/a.bib");
            assert_eq!(&second[diagnostic.span.range()], "a");
        }
    }

    #[test]
    fn a_key_twice_in_one_file_is_judged_alike() {
        let text = "@book{a, title={A}}\n@book{a, title={A}, publisher={P}}\n@book{a, title={B}}";
        let (bibliography, diagnostics) = Bibliography::merge(&[file("citations/a.bib", text)], []);
        assert_eq!(bibliography.len(), 1);
        let [diagnostic] = &diagnostics[..] else { panic!("one conflict") };
        assert_eq!(diagnostic.span.start, text.rfind("a, title={B}").unwrap());
    }

    #[test]
    fn notes_join_their_entries_and_stray_ones_are_reported() {
        let notes = NotesFile::parse(&Source::new(
            SourceId::new("citations/notes.yaml"),
            "king2022: {seminal: true}\nknig2022: {level: primary}\n",
        ));
        let files = [file("citations/a.bib", "@book{king2022, title={A}}")];
        let (bibliography, diagnostics) = Bibliography::merge(&files, [&notes]);
        assert!(bibliography.get(CitationKey::new("king2022")).unwrap().notes.seminal);
        let [diagnostic] = &diagnostics[..] else { panic!("one stray note") };
        assert_eq!(diagnostic.level, Level::Warning);
        assert_eq!(diagnostic.help, ["did you mean `king2022`?"]);
    }

    #[test]
    fn an_unknown_key_has_its_nearest() {
        let text = "@book{king2022, doi={10.1/x}}@book{king2023}@book{kwon2022}@book{king2022b}\n\
                    @book{smith1999, pmid={123}}";
        let (bibliography, _) = Bibliography::merge(&[file("citations/a.bib", text)], []);
        assert_eq!(keys(bibliography.nearest("knig2022")), ["king2022", "king2022b", "king2023"]);
        assert_eq!(keys(bibliography.nearest("King2022B")), ["king2022b", "king2022", "king2023"]);
        assert_eq!(keys(bibliography.nearest("smith2001")), ["smith1999"]);
        assert_eq!(keys(bibliography.nearest("10.1/X")), ["king2022"]);
        assert_eq!(keys(bibliography.nearest("pmid123")), ["smith1999"]);
        assert_eq!(keys(bibliography.nearest("unrelated")), [""; 0]);
    }
}
