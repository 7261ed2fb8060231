//! CSL variables written into a note, as Zotero's "Extra" field holds them.

use super::{Date, Item, ItemType, Name, NameVariable, TextVariable, Variable};

impl Item {
    /// Moves the CSL variables that stand in `note` into the item.
    ///
    /// Two forms are read, as citeproc-js and Zotero do: a line of its own, `PMID: 123`, and
    /// `{:key: value}` anywhere in a line. A name is `author: Family || Given`, or a group
    /// without the bars; several lines make several names. A variable that the item has is kept,
    /// except that dates and the type in a note win: there Zotero has fields that cannot say
    /// what the note can. Lines that are not variables stay in the note.
    pub fn read_note_variables(&mut self) {
        let Some(note) = self.str(TextVariable::Note) else { return };
        let note = note.to_owned();
        let mut rest = Vec::new();
        let mut names: Vec<(NameVariable, Vec<Name>)> = Vec::new();
        for line in note.lines() {
            for piece in split_braced(line) {
                let used = match piece {
                    Piece::Braced(field) | Piece::Text(field) => {
                        self.read_note_field(field, &mut names)
                    }
                };
                if !used {
                    rest.push(piece);
                }
            }
            rest.push(Piece::Text("\n"));
        }
        for (variable, list) in names {
            if !self.has(variable) {
                self.set_names(variable, list);
            }
        }
        let rest: String = rest.into_iter().map(Piece::to_source).collect();
        let rest: Vec<_> = rest.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        self.set_text(TextVariable::Note, rest.join("\n"));
    }

    /// Reads `key: value`; tells whether it is a variable.
    fn read_note_field(&mut self, field: &str, names: &mut Vec<(NameVariable, Vec<Name>)>) -> bool {
        let Some((key, value)) = field.split_once(':') else { return false };
        let (key, value) = (key.trim(), value.trim());
        if value.is_empty() {
            return false;
        }
        if key.eq_ignore_ascii_case("type") {
            let Some(kind) = ItemType::from_csl(value) else { return false };
            self.kind = kind;
            self.extra.retain(|(key, _)| &**key != "type");
            return true;
        }
        match variable_of_key(key) {
            Some(Variable::Text(TextVariable::Note)) | None => false,
            Some(Variable::Text(variable)) => {
                if !self.has(variable) {
                    self.set_text(variable, value);
                }
                true
            }
            Some(Variable::Date(variable)) => {
                self.set_date(variable, Date::parse(value));
                true
            }
            Some(Variable::Name(variable)) => {
                let name = read_name(value);
                match names.iter_mut().find(|(seen, _)| *seen == variable) {
                    Some((_, list)) => list.push(name),
                    None => names.push((variable, vec![name])),
                }
                true
            }
        }
    }
}

/// Returns the variable of a key, also in Zotero's wording ("Original Date", "doi").
fn variable_of_key(key: &str) -> Option<Variable> {
    if key.is_empty() || key.len() > 40 {
        return None;
    }
    Variable::from_csl(key)
        .or_else(|| Variable::from_csl(&key.to_ascii_uppercase()))
        .or_else(|| Variable::from_csl(&key.to_ascii_lowercase().replace(' ', "-")))
}

fn read_name(value: &str) -> Name {
    match value.split_once("||") {
        Some((family, given)) => Name::person(family.trim(), given.trim()).with_particles_split(),
        None => Name::group(value),
    }
}

/// A part of a line of a note.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Text(&'a str),
    /// What stands between `{:` and `}`.
    Braced(&'a str),
}

impl Piece<'_> {
    fn to_source(self) -> String {
        match self {
            Self::Text(text) => (*text).to_owned(),
            Self::Braced(field) => format!("{{:{field}}}"),
        }
    }
}

fn split_braced(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find("{:") {
        let Some(length) = rest[start..].find('}') else { break };
        pieces.push(Piece::Text(&rest[..start]));
        pieces.push(Piece::Braced(&rest[start + 2..start + length]));
        rest = &rest[start + length + 1..];
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{DateVariable, PartialDate};

    fn item_with_note(note: &str) -> Item {
        let mut item = Item::new("a", ItemType::Book);
        item.set_text(TextVariable::Note, note);
        item.read_note_variables();
        item
    }

    #[test]
    fn lines_of_extra_become_variables() {
        let item = item_with_note(
            "PMID: 11797025\nOriginal Date: 1999-05\nread in June\ndoi: 10.1/x\ntype: dataset",
        );
        assert_eq!(item.str(TextVariable::Pmid), Some("11797025"));
        assert_eq!(item.str(TextVariable::Doi), Some("10.1/x"));
        assert_eq!(item.str(TextVariable::Note), Some("read in June"));
        assert_eq!(item.kind, ItemType::Dataset);
        let expected = PartialDate { year: 1999, month: Some(5), ..PartialDate::default() };
        assert_eq!(item.date(DateVariable::OriginalDate).unwrap().start, Some(expected));
    }

    #[test]
    fn braced_fields_stand_anywhere_in_a_line() {
        let item = item_with_note("See {:genre: Peer commentary} and {:bogus: x} {:medium: CD");
        assert_eq!(item.str(TextVariable::Genre), Some("Peer commentary"));
        assert_eq!(item.str(TextVariable::Note), Some("See  and {:bogus: x} {:medium: CD"));
    }

    #[test]
    fn names_gather_and_do_not_replace_those_of_the_item() {
        let mut item = Item::new("a", ItemType::Book);
        item.set_names(NameVariable::Author, vec![Name::person("King", "Brett")]);
        item.set_text(
            TextVariable::Note,
            "author: Doe || J\nreviewed-author: Hall || W.C.\nreviewed-author: WHO",
        );
        item.read_note_variables();
        assert_eq!(item.names(NameVariable::Author), [Name::person("King", "Brett")]);
        assert_eq!(
            item.names(NameVariable::ReviewedAuthor),
            [Name::person("Hall", "W.C."), Name::group("WHO")]
        );
        assert!(!item.has(TextVariable::Note));
    }

    #[test]
    fn prose_with_a_colon_stays() {
        let note = "Important: check this\nnote: itself\n: \nsee http://x.org";
        assert_eq!(
            item_with_note(note).str(TextVariable::Note),
            Some("Important: check this\nnote: itself\n:\nsee http://x.org")
        );
    }
}
