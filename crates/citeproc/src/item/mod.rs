//! The bibliographic item: the data model of CSL-JSON 1.0.2.
//!
//! Start at [`Item`]. Variables are enums ([`TextVariable`], [`NameVariable`], [`DateVariable`]),
//! so that a value of the wrong class cannot be stored and a look-up costs a few instructions.

mod date;
mod from_node;
mod name;
pub(crate) mod node;
mod note;
mod parse_date;
mod table;
mod text;
mod to_json;
mod variable;

pub(crate) use variable::vocabulary;

pub use date::{Date, PartialDate, RangeEnd};
pub use from_node::Problem;
pub use name::Name;
pub use text::{Inline, InlineStyle, Text, parse_inlines};
pub use variable::{DateVariable, ItemType, NameVariable, TextVariable, Variable};

pub(crate) use parse_date::month_number;
use table::Table;

/// A bibliographic record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The key by which it is cited.
    pub id: Box<str>,
    /// Its type; [`ItemType::Other`] where CSL does not know it, or there is none.
    pub kind: ItemType,
    texts: Table<TextVariable, Text>,
    names: Table<NameVariable, Box<[Name]>>,
    dates: Table<DateVariable, Date>,
    /// Fields that CSL does not know (among them `custom`, and a `type` that is not of CSL), in
    /// the order of the source.
    pub extra: Vec<(Box<str>, serde_json::Value)>,
}

impl Item {
    /// Makes an item without variables.
    pub fn new(id: impl Into<Box<str>>, kind: ItemType) -> Self {
        Self {
            id: id.into(),
            kind,
            texts: Table::default(),
            names: Table::default(),
            dates: Table::default(),
            extra: Vec::new(),
        }
    }

    /// Returns a standard or number variable; `None` where it is absent, never an empty text.
    pub fn text(&self, variable: TextVariable) -> Option<&Text> {
        self.texts.get(variable)
    }

    /// Returns the source text of a standard or number variable.
    pub fn str(&self, variable: TextVariable) -> Option<&str> {
        self.texts.get(variable).map(Text::as_str)
    }

    /// Returns the names of a name variable; empty where it is absent.
    pub fn names(&self, variable: NameVariable) -> &[Name] {
        self.names.get(variable).map_or(&[], |names| names)
    }

    /// Returns a date variable; `None` where it is absent, never an empty date.
    pub fn date(&self, variable: DateVariable) -> Option<&Date> {
        self.dates.get(variable)
    }

    /// Tells whether the variable has a value.
    pub fn has(&self, variable: impl Into<Variable>) -> bool {
        match variable.into() {
            Variable::Text(variable) => self.texts.contains(variable),
            Variable::Date(variable) => self.dates.contains(variable),
            Variable::Name(variable) => self.names.contains(variable),
        }
    }

    /// Sets a standard or number variable; an empty text removes it.
    pub fn set_text(&mut self, variable: TextVariable, text: impl Into<Text>) {
        let text = text.into();
        if text.is_empty() {
            self.texts.remove(variable);
        } else {
            self.texts.insert(variable, text);
        }
    }

    /// Sets a name variable, without the empty names; no name removes it.
    pub fn set_names(&mut self, variable: NameVariable, mut names: Vec<Name>) {
        names.retain(|name| !name.is_empty());
        if names.is_empty() {
            self.names.remove(variable);
        } else {
            self.names.insert(variable, names.into());
        }
    }

    /// Sets a date variable; an empty date removes it.
    pub fn set_date(&mut self, variable: DateVariable, date: impl Into<Date>) {
        let date = date.into();
        if date.is_empty() {
            self.dates.remove(variable);
        } else {
            self.dates.insert(variable, date);
        }
    }

    /// Removes a variable.
    pub fn remove(&mut self, variable: impl Into<Variable>) {
        match variable.into() {
            Variable::Text(variable) => drop(self.texts.remove(variable)),
            Variable::Date(variable) => drop(self.dates.remove(variable)),
            Variable::Name(variable) => drop(self.names.remove(variable)),
        }
    }

    /// Iterates over the standard and number variables that are there, in the order of the enum.
    pub fn texts(&self) -> impl Iterator<Item = (TextVariable, &Text)> {
        self.texts.iter()
    }

    /// Iterates over the name variables that are there, in the order of the enum.
    pub fn name_lists(&self) -> impl Iterator<Item = (NameVariable, &[Name])> {
        self.names.iter().map(|(variable, names)| (variable, &**names))
    }

    /// Iterates over the date variables that are there, in the order of the enum.
    pub fn dates(&self) -> impl Iterator<Item = (DateVariable, &Date)> {
        self.dates.iter()
    }

    /// Returns the item without what is private to its owner: note, annotation, keywords, and the
    /// fields that CSL does not know (file paths among them).
    pub fn into_publishable(mut self) -> Self {
        self.extra = Vec::new();
        for private in [TextVariable::Note, TextVariable::Annote, TextVariable::Keyword] {
            self.remove(private);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_by_class_and_empty_ones_are_absent() {
        let mut item = Item::new("king2022", ItemType::ArticleJournal);
        item.set_text(TextVariable::Volume, "386");
        item.set_text(TextVariable::Title, "");
        item.set_names(NameVariable::Author, vec![Name::default(), Name::person("King", "Brett")]);
        item.set_date(DateVariable::Issued, Date::from_year(2022));
        item.set_date(DateVariable::Accessed, Date::default());
        assert_eq!(item.str(TextVariable::Volume), Some("386"));
        assert!(!item.has(TextVariable::Title));
        assert_eq!(item.names(NameVariable::Author), [Name::person("King", "Brett")]);
        assert!(item.names(NameVariable::Editor).is_empty());
        assert!(item.has(DateVariable::Issued) && !item.has(DateVariable::Accessed));
        item.remove(NameVariable::Author);
        assert!(!item.has(NameVariable::Author));
    }

    #[test]
    fn a_publishable_copy_holds_nothing_private() {
        let mut item = Item::new("a", ItemType::Book);
        item.set_text(TextVariable::Title, "T");
        item.set_text(TextVariable::Note, "my copy is on the shelf");
        item.set_text(TextVariable::Keyword, "todo");
        item.set_text(TextVariable::Annote, "weak");
        item.extra.push(("file".into(), "/home/me/a.pdf".into()));
        let public = item.into_publishable();
        assert_eq!(public.texts().map(|(v, _)| v).collect::<Vec<_>>(), [TextVariable::Title]);
        assert!(public.extra.is_empty());
    }
}
