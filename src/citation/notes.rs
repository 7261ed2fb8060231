//! `citations/notes.yaml`: what no reference manager has, by citation key.

use std::sync::Arc;

use citeproc::read::{Member, Node, Value, parse_yaml};

use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::source::{Source, Span};

use super::bibliography::{EntryNotes, SourceLevel, Status};
use super::key::CitationKey;

/// The fields that an entry's notes may have.
const FIELDS: [&str; 8] =
    ["status", "level", "study_type", "seminal", "preprint", "access", "archive_url", "archived"];

/// A file of notes, read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NotesFile {
    /// The notes in the order of the file.
    pub(super) entries: Vec<(CitationKey, Span, EntryNotes)>,
    /// What is wrong with the file.
    pub diagnostics: Vec<Diagnostic>,
}

impl NotesFile {
    /// Reads the notes; a pure function of the file.
    ///
    /// A field that cannot be read costs itself only.
    pub fn parse(source: &Source) -> Self {
        let mut errors = Vec::new();
        let text = source.text();
        let root = parse_yaml(&text, &mut errors);
        let mut reader = Reader { source, notes: EntryNotes::default(), diagnostics: Vec::new() };
        for error in errors {
            let span = source.span(error.span);
            reader.diagnostics.push(Diagnostic::new(&structural::BIB_SYNTAX, span, error.message));
        }
        let mut entries: Vec<(CitationKey, Span, EntryNotes)> = Vec::new();
        match root.as_ref().map(|root| (&root.value, root)) {
            Some((Value::Map(members), _)) => {
                for member in members {
                    let key = CitationKey::new(&*member.key);
                    if let Some((_, first, _)) = entries.iter().find(|(seen, ..)| *seen == key) {
                        let first = first.clone();
                        reader.duplicate(member, first);
                        continue;
                    }
                    let span = source.span(member.key_span.clone());
                    entries.push((key, span, reader.entry(member)));
                }
            }
            None | Some((Value::Null, _)) => {}
            Some((_, root)) => {
                let message = format!("notes must be a map by citation key, not {}", root.kind());
                reader.report(root, message);
            }
        }
        Self { entries, diagnostics: reader.diagnostics }
    }
}

struct Reader<'s> {
    source: &'s Source,
    notes: EntryNotes,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn report(&mut self, node: &Node<'_>, message: impl Into<String>) -> &mut Diagnostic {
        let span = self.source.span(node.span.clone());
        self.diagnostics.push(Diagnostic::new(&structural::BIB_SYNTAX, span, message));
        self.diagnostics.last_mut().expect("a diagnostic was just pushed")
    }

    fn duplicate(&mut self, member: &Member<'_>, first: Span) {
        let span = self.source.span(member.key_span.clone());
        self.diagnostics.push(
            Diagnostic::new(
                &structural::BIB_SYNTAX,
                span,
                format!("`{}` has notes twice", member.key),
            )
            .with_related(first, "the first notes are here"),
        );
    }

    fn entry(&mut self, member: &Member<'_>) -> EntryNotes {
        self.notes = EntryNotes::default();
        match &member.node.value {
            Value::Map(fields) => fields.iter().for_each(|field| self.field(field)),
            Value::Null => {}
            _ => {
                let kind = member.node.kind();
                let message = format!("the notes of `{}` must be a map, not {kind}", member.key);
                self.report(&member.node, message);
            }
        }
        std::mem::take(&mut self.notes)
    }

    fn field(&mut self, field: &Member<'_>) {
        let node = &field.node;
        if node.value == Value::Null {
            return;
        }
        match field.key.as_ref() {
            "status" => self.notes.status = self.word(field, &STATUSES),
            "level" => self.notes.level = self.word(field, &LEVELS),
            "seminal" => self.notes.seminal = self.flag(field),
            "preprint" => self.notes.preprint = self.flag(field),
            "study_type" => self.notes.study_type = self.text(field),
            "access" => self.notes.access = self.text(field),
            "archived" => self.notes.archived = self.text(field),
            "archive_url" => {
                let address = self.text(field);
                let valid = address.as_deref().is_none_or(|address| {
                    address.starts_with("https://") || address.starts_with("http://")
                });
                if valid {
                    self.notes.archive_url = address;
                } else {
                    self.report(node, "`archive_url` must begin with https:// or http://");
                }
            }
            unknown => {
                let span = self.source.span(field.key_span.clone());
                self.diagnostics.push(
                    Diagnostic::new(
                        &structural::BIB_SYNTAX,
                        span,
                        format!("`{unknown}` is not a field of notes"),
                    )
                    .with_suggestion(nearest(unknown, FIELDS))
                    .with_help(format!("the fields are {}", FIELDS.join(", "))),
                );
            }
        }
    }

    fn text(&mut self, field: &Member<'_>) -> Option<Arc<str>> {
        let text = field.node.as_scalar();
        if text.is_none() {
            let message = format!("`{}` must be text, not {}", field.key, field.node.kind());
            self.report(&field.node, message);
        }
        text.map(str::trim).filter(|text| !text.is_empty()).map(Arc::from)
    }

    fn flag(&mut self, field: &Member<'_>) -> bool {
        if let Value::Bool(flag) = field.node.value {
            return flag;
        }
        self.report(&field.node, format!("`{}` must be true or false", field.key));
        false
    }

    fn word<T: Copy>(&mut self, field: &Member<'_>, words: &[(&'static str, T)]) -> Option<T> {
        let given = field.node.as_scalar().unwrap_or_default();
        let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(given));
        if found.is_none() {
            let names: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            let suggestion = nearest(given, names.iter().copied());
            let message = format!("`{}` must be one of {}", field.key, names.join(", "));
            let diagnostic = self.report(&field.node, message);
            *diagnostic = diagnostic.clone().with_suggestion(suggestion);
        }
        found.map(|(_, value)| *value)
    }
}

const STATUSES: [(&str, Status); 3] = [
    (Status::Retracted.as_str(), Status::Retracted),
    (Status::Corrected.as_str(), Status::Corrected),
    (Status::Concern.as_str(), Status::Concern),
];

const LEVELS: [(&str, SourceLevel); 3] = [
    (SourceLevel::Primary.as_str(), SourceLevel::Primary),
    (SourceLevel::Secondary.as_str(), SourceLevel::Secondary),
    (SourceLevel::Tertiary.as_str(), SourceLevel::Tertiary),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn notes(text: &str) -> NotesFile {
        NotesFile::parse(&Source::new(SourceId::new("citations/notes.yaml"), text))
    }

    #[test]
    fn every_field_is_read() {
        let file = notes(
            "king2022: {status: retracted, level: primary, study_type: randomised trial,\n  \
             seminal: true, preprint: false, access: open, archived: 2024-01-02,\n  \
             archive_url: 'https://web.archive.org/x'}\nempty:\n",
        );
        assert_eq!(file.diagnostics, []);
        let (key, _, entry) = &file.entries[0];
        assert_eq!(key.as_str(), "king2022");
        let expected = EntryNotes {
            status: Some(Status::Retracted),
            level: Some(SourceLevel::Primary),
            study_type: Some("randomised trial".into()),
            seminal: true,
            preprint: false,
            access: Some("open".into()),
            archive_url: Some("https://web.archive.org/x".into()),
            archived: Some("2024-01-02".into()),
        };
        assert_eq!(*entry, expected);
        assert_eq!(file.entries[1].2, EntryNotes::default());
    }

    #[test]
    fn what_is_wrong_is_reported_at_its_place_and_the_rest_is_kept() {
        let text = "a:\n  staus: retracted\n  level: primry\n  seminal: maybe\n  access: open\n\
                    b: 5\nc: {archive_url: web, study_type: [x]}\na: {}\n";
        let file = notes(text);
        let found: Vec<_> = file
            .diagnostics
            .iter()
            .map(|diagnostic| {
                (&text[diagnostic.span.range()], diagnostic.help.first().map(|help| &**help))
            })
            .collect();
        assert_eq!(
            found,
            [
                ("staus", Some("did you mean `status`?")),
                ("primry", Some("did you mean `primary`?")),
                ("maybe", None),
                ("5", None),
                ("web", None),
                ("[x]", None),
                ("a", None),
            ]
        );
        assert_eq!(file.entries[0].2.access.as_deref(), Some("open"));
    }

    #[test]
    fn an_empty_file_has_no_notes_and_a_list_is_a_mistake() {
        assert_eq!(notes("# nothing yet\n"), NotesFile::default());
        assert_eq!(notes("- a\n").diagnostics.len(), 1);
        assert_eq!(notes("a: {b: \"\n").diagnostics.len(), 1);
    }
}
