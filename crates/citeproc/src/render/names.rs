//! Lists of names: `cs:names` (CSL 1.0.2, "Names").

use super::name::NameShape;
use super::{Area, Called, GivenLevel, NamesTrace, Renderer, VariableSet};
use crate::cite::Position;
use crate::item::{Name, NameVariable};
use crate::locale::TermForm;
use crate::output::buffer::Tag;
use crate::style::model::*;

/// A list of names and the role its label names.
struct NameList<'a> {
    variable: NameVariable,
    names: &'a [Name],
    /// The record says that there are others.
    others: bool,
    role: &'static str,
}

impl NameList<'_> {
    /// Returns how many people there are at least.
    fn people(&self) -> usize {
        self.names.len() + usize::from(self.others)
    }
}

impl<'a> Renderer<'a> {
    pub(super) fn names(&mut self, element: &NamesElement) -> Called {
        let options = match self.cx.area {
            Area::Citation => &element.in_citation,
            Area::Bibliography => &element.in_bibliography,
        };
        let lists = self.name_lists(element);
        if lists.is_empty() {
            let called = self.substitute(element);
            self.shown |= element.substitute.is_empty();
            return called;
        }
        if self.cx.suppress_names && !self.names_rendered {
            self.names_rendered = true;
            return Called::EMPTY;
        }
        let first = !self.names_rendered;
        let open = self.begin(&element.decor);
        if options.form == Some(NameForm::Count) {
            self.count(&lists, options);
        } else {
            let tag = first.then_some(Tag::Names);
            if let Some(tag) = tag {
                self.out.open(tag);
            }
            let inner = self.out.mark();
            let delimiter = options.names_delimiter.as_deref().unwrap_or_default();
            let mut started = false;
            for list in &lists {
                let before = self.out.mark();
                if started {
                    self.out.push(delimiter);
                }
                let content = self.out.mark();
                self.name_list(element, options, list);
                if self.out.is_empty_since(content) {
                    self.out.cut(before);
                } else {
                    started = true;
                }
            }
            let empty = self.out.is_empty_since(inner);
            if let Some(tag) = tag {
                if empty {
                    self.out.ops.pop();
                } else {
                    self.out.close(tag);
                }
            }
        }
        for list in &lists {
            self.note_rendered(list.variable);
        }
        let filled = self.end(&element.decor, open);
        self.names_rendered |= filled;
        self.shown |= filled;
        Called::of(filled)
    }

    /// Returns the lists to show; editors who are the translators too are one list.
    fn name_lists(&self, element: &NamesElement) -> Vec<NameList<'a>> {
        let item = self.cx.item;
        let mut lists: Vec<NameList<'a>> = Vec::with_capacity(element.variables.len());
        for &variable in &element.variables {
            let (names, others) = Name::split_others(item.names(variable));
            if names.is_empty() || self.is_suppressed(variable) {
                continue;
            }
            let partner = match variable {
                NameVariable::Editor => Some(NameVariable::Translator),
                NameVariable::Translator => Some(NameVariable::Editor),
                _ => None,
            };
            let same = partner.and_then(|partner| {
                lists.iter_mut().find(|list| {
                    list.variable == partner && list.names == names && list.others == others
                })
            });
            let combined = ["editortranslator", "editor-translator"]
                .into_iter()
                .find(|role| self.term(role, TermForm::Long, false).is_some_and(|t| !t.is_empty()));
            if let (Some(list), Some(role)) = (same, combined) {
                list.role = role;
                continue;
            }
            lists.push(NameList { variable, names, others, role: variable.as_str() });
        }
        lists
    }

    /// CSL 1.0.2, section "Substitute".
    fn substitute(&mut self, element: &NamesElement) -> Called {
        let mut called = Called::EMPTY;
        let was_in_substitute = std::mem::replace(&mut self.in_substitute, true);
        let rendered_before = std::mem::take(&mut self.rendered);
        let first = !self.names_rendered;
        for alternative in &element.substitute {
            let own = matches!(alternative, Element::Names(_));
            let before = self.out.mark();
            let open = self.begin(&element.decor);
            let tag = (first && !own).then_some(Tag::Names);
            let mut result = Called::NONE;
            let wrapped_before = self.out.mark();
            if let Some(tag) = tag {
                self.out.open(tag);
            }
            let inner = self.out.mark();
            result = result.and(self.element(alternative, ""));
            let empty = self.out.is_empty_since(inner);
            if empty {
                self.out.cut(wrapped_before);
            } else if let Some(tag) = tag {
                if self.names_rendered && first {
                    // The alternative was a macro with names of its own, which are marked.
                    self.out.ops.remove(wrapped_before.index());
                } else {
                    self.out.close(tag);
                }
            }
            let suppressed_now = first && self.names_rendered && empty;
            let filled = self.end(&element.decor, open);
            if suppressed_now || (filled && result != Called::EMPTY) {
                if filled && self.cx.suppress_names && first && !self.names_rendered {
                    self.out.cut(before);
                    self.names_rendered = true;
                    called = Called::EMPTY;
                } else {
                    self.names_rendered |= filled;
                    called = Called::of(filled);
                }
                let rendered: VariableSet = self.rendered;
                self.suppressed.extend(rendered);
                break;
            }
            self.out.cut(before);
        }
        self.in_substitute = was_in_substitute;
        let rendered = std::mem::replace(&mut self.rendered, rendered_before);
        if self.in_substitute {
            self.rendered.extend(rendered);
        }
        called
    }

    /// Writes how many names would be shown.
    fn count(&mut self, lists: &[NameList<'_>], options: &NameOptions) {
        self.count_used = true;
        let count: usize = lists
            .iter()
            .map(|list| {
                let limit = self.limit(options, list.people());
                limit.unwrap_or(list.names.len())
            })
            .sum();
        self.out.push(&count.to_string());
    }

    /// Returns how many names are shown; `None` when the list is not abbreviated.
    ///
    /// CSL 1.0.2, section "Name", et-al attributes.
    fn limit(&self, options: &NameOptions, total: usize) -> Option<usize> {
        let mut min = options.et_al_min;
        let mut use_first = options.et_al_use_first;
        if let Some(key) = self.cx.sort {
            min = key.names_min.or(min);
            use_first = key.names_use_first.or(use_first);
        } else if self.cx.area == Area::Citation && self.cx.position != Position::First {
            min = options.et_al_subsequent_min.or(min);
            use_first = options.et_al_subsequent_use_first.or(use_first);
        }
        let min = min? as usize;
        let use_first = use_first? as usize;
        (min > 0 && total >= min && use_first < total).then_some(use_first)
    }

    fn name_list(&mut self, element: &NamesElement, options: &NameOptions, list: &NameList<'a>) {
        let slot = self.trace.len();
        let total = list.names.len();
        let disambiguation = self.cx.disambiguation;
        let extra = disambiguation.shown.get(slot).map_or(0, |&shown| shown as usize);
        let base = self.limit(options, list.people());
        let shown = base.map_or(total, |limit| limit.max(extra).min(total));
        self.trace.push(NamesTrace {
            variable: list.variable,
            total: total as u32,
            shown: shown as u32,
            form: options.form.unwrap_or(NameForm::Long),
            initials: options.initialize_with.is_some() && options.initialize != Some(false),
        });
        if shown == 0 {
            return;
        }
        let levels = disambiguation.given.get(slot).map_or(&[][..], |levels| levels);
        let several = list.people() > 1;
        let is_cut = shown < total || list.others;
        let labelled = self.cx.sort.is_none();
        if labelled
            && element.label_first
            && let Some(label) = &element.label
        {
            self.names_label(label, list.role, several);
        }
        let tag = (!self.names_rendered).then_some(Tag::NameList);
        if let Some(tag) = tag {
            self.out.open(tag);
        }
        self.joined_names(element, options, &list.names[..shown], levels, is_cut);
        if is_cut {
            self.et_al(element, options, list, shown, levels);
        }
        if let Some(tag) = tag {
            self.out.close(tag);
        }
        if labelled
            && !element.label_first
            && let Some(label) = &element.label
        {
            self.names_label(label, list.role, several);
        }
    }

    /// Writes names with what goes between them.
    fn joined_names(
        &mut self,
        element: &NamesElement,
        options: &NameOptions,
        names: &[Name],
        levels: &[GivenLevel],
        abbreviated: bool,
    ) {
        let delimiter = options.delimiter.as_deref().unwrap_or(", ");
        for (index, name) in names.iter().enumerate() {
            if index > 0 {
                let is_last = index + 1 == names.len() && !abbreviated;
                // The order of names does not depend on the word between the last two.
                match options.and.filter(|_| is_last && self.cx.sort.is_none()) {
                    Some(and) => {
                        let inverted = self.is_inverted(options, index - 1);
                        let with_delimiter = match options
                            .delimiter_precedes_last
                            .unwrap_or(DelimiterPrecedes::Contextual)
                        {
                            DelimiterPrecedes::Contextual => names.len() > 2,
                            DelimiterPrecedes::AfterInvertedName => inverted,
                            DelimiterPrecedes::Always => true,
                            DelimiterPrecedes::Never => false,
                        };
                        self.push_and(and, with_delimiter.then_some(delimiter));
                    }
                    None => self.out.push(delimiter),
                }
            }
            let level = levels.get(index).copied().unwrap_or_default();
            self.shaped_name(element, options, name, index, level);
        }
    }

    fn push_and(&mut self, and: NameAnd, delimiter: Option<&str>) {
        let word = match and {
            NameAnd::Symbol if self.cx.narrative => {
                self.term("and", TermForm::Long, false).unwrap_or("and")
            }
            NameAnd::Text => self.term("and", TermForm::Long, false).unwrap_or("and"),
            NameAnd::Symbol => self.term("and", TermForm::Symbol, false).unwrap_or("&"),
        };
        // Chinese, Japanese, Korean and Hebrew write the word together with the names.
        let spaced = !word.starts_with(
            |c: char| matches!(c, '\u{5d5}' | '\u{3000}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'),
        );
        let delimiter = delimiter.filter(|_| spaced);
        let mut text = delimiter.unwrap_or_default().to_owned();
        if spaced && !text.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        text.push_str(word);
        if spaced && !word.ends_with(char::is_whitespace) {
            text.push(' ');
        }
        self.out.push(&text);
    }

    fn is_inverted(&self, options: &NameOptions, index: usize) -> bool {
        if self.cx.sort.is_some() {
            return true;
        }
        match options.name_as_sort_order {
            Some(NameOrder::All) => true,
            Some(NameOrder::First) => index == 0,
            None => false,
        }
    }

    fn shaped_name(
        &mut self,
        element: &NamesElement,
        options: &NameOptions,
        name: &Name,
        index: usize,
        level: GivenLevel,
    ) {
        let shape = NameShape {
            options,
            family: &element.family,
            given: &element.given,
            inverted: self.is_inverted(options, index),
            level,
        };
        let decor = &element.name_decor;
        let open = self.begin(decor);
        if self.names_rendered {
            self.name(name, shape);
        } else {
            self.tagged(Tag::Name, |renderer| renderer.name(name, shape));
        }
        self.end(decor, open);
    }

    /// Writes what stands for the names that are not shown.
    fn et_al(
        &mut self,
        element: &NamesElement,
        options: &NameOptions,
        list: &NameList<'_>,
        shown: usize,
        levels: &[GivenLevel],
    ) {
        let names = list.names;
        let delimiter = options.delimiter.as_deref().unwrap_or(", ");
        let inverted = self.is_inverted(options, shown - 1);
        let use_last = match self.cx.sort.and_then(|key| key.names_use_last) {
            Some(use_last) => use_last,
            None => options.et_al_use_last.unwrap_or(false),
        };
        // Who is last is not known of a list that leaves others out.
        if use_last && !list.others && names.len() >= shown + 2 {
            self.out.push(delimiter);
            self.out.push("… ");
            let last = names.len() - 1;
            let level = levels.get(last).copied().unwrap_or_default();
            self.shaped_name(element, options, &names[last], last, level);
            return;
        }
        // The order of names does not depend on whether others follow.
        if self.cx.sort.is_some() {
            return;
        }
        let Some(text) = self.term(&element.et_al.term, TermForm::Long, false) else { return };
        if text.is_empty() {
            return;
        }
        let with_delimiter =
            match options.delimiter_precedes_et_al.unwrap_or(DelimiterPrecedes::Contextual) {
                DelimiterPrecedes::Contextual => shown > 1,
                DelimiterPrecedes::AfterInvertedName => inverted,
                DelimiterPrecedes::Always => true,
                DelimiterPrecedes::Never => false,
            };
        let decor = Decor { formatting: element.et_al.formatting, ..Decor::default() };
        // Chinese and Japanese write the term without a blank before it.
        let spaced = !text.starts_with(|c: char| matches!(c, '\u{3000}'..='\u{9fff}'));
        self.out.push(if with_delimiter {
            delimiter
        } else if spaced {
            " "
        } else {
            ""
        });
        let open = self.begin(&decor);
        self.out.push(text);
        self.end(&decor, open);
    }

    /// Writes a list of names for sorting: all of them inverted and in full.
    pub(crate) fn sort_names(&mut self, variable: NameVariable) {
        let options = NameOptions { delimiter: Some(" ".into()), ..NameOptions::default() };
        self.bare_list(variable, &options);
    }

    /// Writes a list of family names; of three and more only the first.
    pub(crate) fn short_list(&mut self, variable: NameVariable) {
        let options = NameOptions {
            form: Some(NameForm::Short),
            and: Some(NameAnd::Text),
            et_al_min: Some(3),
            et_al_use_first: Some(1),
            ..NameOptions::default()
        };
        self.bare_list(variable, &options);
    }

    fn bare_list(&mut self, variable: NameVariable, options: &NameOptions) {
        let element = NamesElement {
            variables: vec![variable],
            in_citation: options.clone(),
            in_bibliography: options.clone(),
            name_decor: Decor::default(),
            family: NamePart::default(),
            given: NamePart::default(),
            et_al: EtAlElement { term: "et-al".into(), formatting: Formatting::default() },
            label: None,
            label_first: false,
            substitute: Vec::new(),
            decor: Decor::default(),
        };
        self.names(&element);
    }
}
