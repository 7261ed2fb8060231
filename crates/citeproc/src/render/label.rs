//! `cs:label` (CSL 1.0.2, "Label").

use super::{Called, Renderer, number};
use crate::item::TextVariable;
use crate::locale::TermForm;
use crate::style::model::{LabelElement, LabelPlural};

impl<'a> Renderer<'a> {
    pub(super) fn label(&mut self, element: &LabelElement) -> Called {
        let Some(variable) = element.variable else { return Called::NONE };
        let Some(value) = self.text_value(variable) else { return Called::NONE };
        if self.is_suppressed(variable) {
            return Called::NONE;
        }
        let value = value.to_plain().into_owned();
        let plural = match element.plural {
            LabelPlural::Always => true,
            LabelPlural::Never => false,
            LabelPlural::Contextual => match variable {
                TextVariable::NumberOfPages | TextVariable::NumberOfVolumes => {
                    value.trim().parse::<i64>().map_or_else(|_| self.is_several(&value), |n| n > 1)
                }
                _ => self.is_several(&value),
            },
        };
        let name = match variable {
            TextVariable::Locator => match self.locator() {
                Some((label, _)) => label.as_str(),
                None => return Called::NONE,
            },
            variable => variable.as_str(),
        };
        if let Some(text) = self.label_term(name, element.form, plural) {
            let open = self.begin(&element.decor);
            self.out.push(text);
            self.shown |= self.end(&element.decor, open);
        }
        Called::NONE
    }

    fn is_several(&self, value: &str) -> bool {
        let and = self.term("and", TermForm::Long, false).unwrap_or("and");
        number::is_several(value, and)
    }

    /// Returns the term for a number variable, some of which share that of a shorter name.
    fn label_term(&self, name: &str, form: TermForm, plural: bool) -> Option<&'a str> {
        self.term(name, form, plural).or_else(|| match name {
            "number-of-pages" => self.term("page", form, plural),
            "number-of-volumes" => self.term("volume", form, plural),
            "chapter-number" => self.term("chapter", form, plural),
            _ => None,
        })
    }

    /// Renders the label of a list of names.
    pub(super) fn names_label(&mut self, element: &LabelElement, role: &str, several: bool) {
        let plural = match element.plural {
            LabelPlural::Always => true,
            LabelPlural::Never => false,
            LabelPlural::Contextual => several,
        };
        if let Some(text) = self.term(role, element.form, plural) {
            let open = self.begin(&element.decor);
            self.out.push(text);
            self.shown |= self.end(&element.decor, open);
        }
    }
}
