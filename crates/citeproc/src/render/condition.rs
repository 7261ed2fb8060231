//! Conditions (CSL 1.0.2, "Choose").

use super::{Area, Renderer, number};
use crate::cite::Position;
use crate::item::{TextVariable, Variable};
use crate::style::model::{Branch, Match, Test};

impl<'a> Renderer<'a> {
    /// Returns the branch whose conditions hold.
    pub(super) fn branch<'b>(&self, branches: &'b [Branch]) -> Option<&'b Branch> {
        branches.iter().find(|branch| {
            if branch.tests.is_empty() {
                return true;
            }
            let mut tests = branch.tests.iter().map(|test| self.test(test));
            match branch.combine {
                Match::All => tests.all(|holds| holds),
                Match::Any => tests.any(|holds| holds),
                Match::None => !tests.any(|holds| holds),
            }
        })
    }

    fn test(&self, test: &Test) -> bool {
        let cx = &self.cx;
        match *test {
            Test::Type(kind) => cx.item.kind == kind,
            Test::Variable(variable) => self.has(variable),
            Test::IsNumeric(variable) => self.is_numeric(variable),
            Test::IsUncertainDate(variable) => cx.item.date(variable).is_some_and(|d| d.circa),
            Test::Locator(label) => self.locator().is_some_and(|(own, _)| own == label),
            Test::Position(position) => {
                cx.area == Area::Citation
                    && match position {
                        Position::First => cx.position == Position::First,
                        Position::Subsequent => cx.position != Position::First,
                        Position::Ibid => {
                            matches!(cx.position, Position::Ibid | Position::IbidWithLocator)
                        }
                        Position::IbidWithLocator => cx.position == Position::IbidWithLocator,
                        Position::NearNote => cx.near_note,
                    }
            }
            Test::Disambiguate(wanted) => {
                let seen = self.conditions_seen.get();
                self.conditions_seen.set(seen + 1);
                (seen < cx.disambiguation.condition) == wanted
            }
            Test::Never => false,
        }
    }

    /// Returns whether the item or the cite has a value for a variable.
    fn has(&self, variable: Variable) -> bool {
        let cx = &self.cx;
        match variable {
            Variable::Text(TextVariable::Locator) => cx.locator.is_some(),
            Variable::Text(TextVariable::CitationNumber) => cx.number.is_some(),
            Variable::Text(TextVariable::YearSuffix) => cx.year_suffix.is_some(),
            Variable::Text(TextVariable::FirstReferenceNoteNumber) => cx.first_note.is_some(),
            Variable::Text(TextVariable::PageFirst) => {
                cx.item.has(TextVariable::PageFirst) || cx.item.has(TextVariable::Page)
            }
            variable => cx.item.has(variable),
        }
    }

    fn is_numeric(&self, variable: TextVariable) -> bool {
        match variable {
            TextVariable::CitationNumber => self.cx.number.is_some(),
            TextVariable::FirstReferenceNoteNumber => self.cx.first_note.is_some(),
            _ => {
                self.text_value(variable).is_some_and(|value| number::is_numeric(&value.to_plain()))
            }
        }
    }
}
