//! Finds out what of a document the layouts of a style look at.
//!
//! A cite or entry that looks at nothing but its item is the same in every document, and need
//! not be rendered twice.

use super::model::*;
use crate::item::{TextVariable, Variable};

/// Says how a layout uses the number of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) enum NumberUse {
    /// Not at all.
    #[default]
    Unused,
    /// It shows the number in digits, so that another number leaves all else as it is.
    Shown,
    /// In some other way.
    Examined,
}

/// What elements look at beside their item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reads {
    pub(crate) number: NumberUse,
    /// The note of the first cite.
    pub(crate) first_note: bool,
    /// The position of the cite.
    pub(crate) position: bool,
    /// The locator of the cite.
    pub(crate) locator: bool,
}

/// What each part of a style looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct StyleReads {
    pub(crate) citation: Reads,
    pub(crate) citation_sort: Reads,
    pub(crate) bibliography: Reads,
    pub(crate) bibliography_sort: Reads,
}

/// Works out what the parts of a style look at.
pub(super) fn of_style(
    macros: &[MacroSpec],
    citation: &CitationSpec,
    bibliography: Option<&BibliographySpec>,
) -> StyleReads {
    StyleReads {
        citation: of_children(macros, &citation.layout.children),
        citation_sort: of_keys(macros, &citation.sort),
        bibliography: bibliography
            .map(|list| of_children(macros, &list.layout.children))
            .unwrap_or_default(),
        bibliography_sort: bibliography.map(|list| of_keys(macros, &list.sort)).unwrap_or_default(),
    }
}

fn of_children(macros: &[MacroSpec], children: &[Element]) -> Reads {
    let mut walk = Walk { macros, seen: vec![false; macros.len()], reads: Reads::default() };
    walk.children(children);
    walk.reads
}

fn of_keys(macros: &[MacroSpec], keys: &[SortKey]) -> Reads {
    let mut walk = Walk { macros, seen: vec![false; macros.len()], reads: Reads::default() };
    for key in keys {
        match key.source {
            SortSource::Macro(index) => walk.call(index),
            SortSource::Variable(Variable::Text(variable)) => {
                walk.variable(variable, NumberUse::Examined);
            }
            SortSource::Variable(_) | SortSource::Nothing => {}
        }
    }
    walk.reads
}

/// A walk through elements and the macros that they call, each once.
struct Walk<'s> {
    macros: &'s [MacroSpec],
    seen: Vec<bool>,
    reads: Reads,
}

impl Walk<'_> {
    fn call(&mut self, index: usize) {
        if !std::mem::replace(&mut self.seen[index], true) {
            let macros = self.macros;
            self.children(&macros[index].children);
        }
    }

    fn variable(&mut self, variable: TextVariable, number: NumberUse) {
        match variable {
            TextVariable::CitationNumber => self.reads.number = self.reads.number.max(number),
            TextVariable::FirstReferenceNoteNumber => self.reads.first_note = true,
            TextVariable::Locator => self.reads.locator = true,
            _ => {}
        }
    }

    fn children(&mut self, children: &[Element]) {
        children.iter().for_each(|child| self.element(child));
    }

    fn element(&mut self, element: &Element) {
        match element {
            Element::Text(text) => match text.source {
                TextSource::Variable { variable, .. } => self.variable(variable, NumberUse::Shown),
                TextSource::Macro(index) => self.call(index),
                TextSource::Term { .. } | TextSource::Value(_) | TextSource::Nothing => {}
            },
            Element::Number(number) => self.variable(number.variable, NumberUse::Examined),
            Element::Label(label) => {
                label.variable.into_iter().for_each(|v| self.variable(v, NumberUse::Examined));
            }
            Element::Date(_) => {}
            Element::Names(names) => {
                let options = &names.in_citation;
                self.reads.position |= options.et_al_subsequent_min.is_some()
                    || options.et_al_subsequent_use_first.is_some();
                self.children(&names.substitute);
            }
            Element::Group(group) => self.children(&group.children),
            Element::Choose(branches) => branches.iter().for_each(|branch| self.branch(branch)),
        }
    }

    fn branch(&mut self, branch: &Branch) {
        for test in &branch.tests {
            match *test {
                Test::Position(_) => self.reads.position = true,
                Test::Locator(_) => self.reads.locator = true,
                // Every entry has a number; whether it has one is always the same.
                Test::Variable(Variable::Text(variable)) | Test::IsNumeric(variable) => {
                    self.variable(variable, NumberUse::Unused);
                }
                _ => {}
            }
        }
        self.children(&branch.children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::styles;

    fn reads(name: &str) -> StyleReads {
        styles::bundled(name).unwrap_or_else(|| panic!("{name}")).data.reads
    }

    #[test]
    fn numeric_styles_show_the_number_and_author_date_styles_do_not() {
        for name in ["ama", "nlm", "ieee", "nature"] {
            let reads = reads(name);
            assert_eq!(reads.citation.number, NumberUse::Shown, "{name}");
            assert_eq!(reads.bibliography.number, NumberUse::Shown, "{name}");
            assert!(!reads.bibliography.position, "{name}");
        }
        for name in ["apa", "chicago-author-date", "harvard"] {
            let reads = reads(name);
            assert_eq!(reads.citation.number, NumberUse::Unused, "{name}");
            assert_eq!(reads.bibliography.number, NumberUse::Unused, "{name}");
            assert_eq!(reads.bibliography_sort.number, NumberUse::Unused, "{name}");
        }
    }

    #[test]
    fn what_is_looked_at_is_found_in_macros_conditions_and_substitutes() {
        let style = |layout: &str| {
            let xml = format!(
                r#"<style class="note" version="1.0"><info><title/></info>
                <macro name="m"><choose><if position="ibid"><text variable="title"/></if></choose></macro>
                <citation><layout>{layout}</layout></citation></style>"#
            );
            crate::Style::from_xml(&xml).expect("the style is valid").data.reads.citation
        };
        assert_eq!(style(r#"<text variable="title"/>"#), Reads::default());
        assert!(style(r#"<group><text macro="m"/></group>"#).position);
        assert!(
            style(r#"<names variable="author"><name et-al-subsequent-min="3"/></names>"#).position
        );
        assert!(style(r#"<label variable="locator"/>"#).locator);
        let by_substitute = r#"<names variable="author"><substitute>
            <number variable="citation-number" form="roman"/></substitute></names>"#;
        assert_eq!(style(by_substitute).number, NumberUse::Examined);
        assert!(style(r#"<text variable="first-reference-note-number"/>"#).first_note);
    }
}
