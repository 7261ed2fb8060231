//! Reads style XML into the compiled form of [`super::model`].

use super::attributes as attr;
use super::model::*;
use crate::cite::{LocatorLabel, Position};
use crate::error::StyleError;
use crate::item::{ItemType, NameVariable, Text, TextVariable, Variable};
use crate::locale::{LocaleOverride, TermForm, parse_locale_node};
use roxmltree::Node;
use std::collections::HashMap;
use std::rc::Rc;

/// How deep elements may nest. Styles in use stay below 30; the limit bounds recursion.
const MAX_ELEMENT_DEPTH: usize = 100;

/// Reads what lies inside the elements of one style.
pub(super) struct Parser {
    macro_indices: HashMap<String, usize>,
    citation_names: NameOptions,
    bibliography_names: NameOptions,
    pub(super) explicit_year_suffix: bool,
    pub(super) disambiguate_tests: u32,
    /// The `cs:names` whose substitutes are being read, the innermost last.
    substituted: Vec<Rc<NamesElement>>,
}

impl Parser {
    pub(super) fn new(root: Node<'_, '_>) -> Self {
        let area = |tag: &str| elements(root).find(|n| is(*n, tag)).map(attr::inheritable_names);
        let style_names = attr::inheritable_names(root);
        let mut macro_indices = HashMap::new();
        for (index, node) in elements(root).filter(|n| is(*n, "macro")).enumerate() {
            if let Some(name) = node.attribute("name") {
                macro_indices.entry(name.to_owned()).or_insert(index);
            }
        }
        Self {
            macro_indices,
            citation_names: area("citation").unwrap_or_default().or(&style_names),
            bibliography_names: area("bibliography").unwrap_or_default().or(&style_names),
            explicit_year_suffix: false,
            disambiguate_tests: 0,
            substituted: Vec::new(),
        }
    }

    pub(super) fn macros(&mut self, root: Node<'_, '_>) -> Result<Vec<MacroSpec>, StyleError> {
        elements(root)
            .filter(|n| is(*n, "macro"))
            .map(|node| Ok(MacroSpec { children: self.children(node, 0)? }))
            .collect()
    }

    pub(super) fn citation(&mut self, root: Node<'_, '_>) -> Result<CitationSpec, StyleError> {
        let node = elements(root)
            .find(|n| is(*n, "citation"))
            .ok_or_else(|| StyleError::at(root, "the style has no `citation` element"))?;
        let boxed = |name: &str| node.attribute(name).map(Box::from);
        Ok(CitationSpec {
            layout: self.layout(node)?,
            sort: self.sort(node)?,
            add_names: attr::flag(node, "disambiguate-add-names").unwrap_or(false),
            add_givenname: attr::flag(node, "disambiguate-add-givenname").unwrap_or(false),
            givenname_rule: match node.attribute("givenname-disambiguation-rule") {
                Some("all-names") => GivennameRule::AllNames,
                Some("all-names-with-initials") => GivennameRule::AllNamesWithInitials,
                Some("primary-name") => GivennameRule::PrimaryName,
                Some("primary-name-with-initials") => GivennameRule::PrimaryNameWithInitials,
                _ => GivennameRule::ByCite,
            },
            add_year_suffix: attr::flag(node, "disambiguate-add-year-suffix").unwrap_or(false),
            collapse: match node.attribute("collapse") {
                Some("citation-number") => Some(Collapse::CitationNumber),
                Some("year") => Some(Collapse::Year),
                Some("year-suffix") => Some(Collapse::YearSuffix),
                Some("year-suffix-ranged") => Some(Collapse::YearSuffixRanged),
                _ => None,
            },
            cite_group_delimiter: boxed("cite-group-delimiter"),
            year_suffix_delimiter: boxed("year-suffix-delimiter"),
            after_collapse_delimiter: boxed("after-collapse-delimiter"),
            near_note_distance: attr::number(node, "near-note-distance").unwrap_or(5),
        })
    }

    pub(super) fn bibliography(
        &mut self,
        root: Node<'_, '_>,
    ) -> Result<Option<BibliographySpec>, StyleError> {
        let Some(node) = elements(root).find(|n| is(*n, "bibliography")) else {
            return Ok(None);
        };
        Ok(Some(BibliographySpec {
            layout: self.layout(node)?,
            sort: self.sort(node)?,
            hanging_indent: attr::flag(node, "hanging-indent").unwrap_or(false),
            second_field_align: match node.attribute("second-field-align") {
                Some("flush" | "true") => Some(SecondFieldAlign::Flush),
                Some("margin") => Some(SecondFieldAlign::Margin),
                _ => None,
            },
            line_spacing: attr::number(node, "line-spacing").unwrap_or(1),
            entry_spacing: attr::number(node, "entry-spacing").unwrap_or(1),
            subsequent_author_substitute: node
                .attribute("subsequent-author-substitute")
                .map(Box::from),
            substitute_rule: match node.attribute("subsequent-author-substitute-rule") {
                Some("complete-each") => SubstituteRule::CompleteEach,
                Some("partial-each") => SubstituteRule::PartialEach,
                Some("partial-first") => SubstituteRule::PartialFirst,
                _ => SubstituteRule::CompleteAll,
            },
        }))
    }

    fn layout(&mut self, node: Node<'_, '_>) -> Result<Layout, StyleError> {
        let layout = elements(node)
            .find(|n| is(*n, "layout"))
            .ok_or_else(|| StyleError::at(node, "the element has no `layout`"))?;
        Ok(Layout {
            children: self.children(layout, 0)?,
            delimiter: attr::text(layout, "delimiter"),
            decor: attr::decor(layout),
        })
    }

    fn sort(&mut self, node: Node<'_, '_>) -> Result<Vec<SortKey>, StyleError> {
        let Some(sort) = elements(node).find(|n| is(*n, "sort")) else { return Ok(Vec::new()) };
        let mut keys = Vec::new();
        for key in elements(sort).filter(|n| is(*n, "key")) {
            let source = if let Some(name) = key.attribute("macro") {
                SortSource::Macro(self.macro_index(key, name)?)
            } else if let Some(variable) = key.attribute("variable").and_then(Variable::from_csl) {
                SortSource::Variable(variable)
            } else {
                SortSource::Nothing
            };
            keys.push(SortKey {
                source,
                descending: key.attribute("sort") == Some("descending"),
                names_min: attr::number(key, "names-min"),
                names_use_first: attr::number(key, "names-use-first"),
                names_use_last: attr::flag(key, "names-use-last"),
            });
        }
        Ok(keys)
    }

    fn macro_index(&self, node: Node<'_, '_>, name: &str) -> Result<usize, StyleError> {
        self.macro_indices
            .get(name)
            .copied()
            .ok_or_else(|| StyleError::at(node, format!("no macro is named `{name}`")))
    }

    fn children(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Vec<Element>, StyleError> {
        if depth > MAX_ELEMENT_DEPTH {
            return Err(StyleError::at(node, "elements are nested too deep"));
        }
        let mut children = Vec::new();
        for child in elements(node) {
            if let Some(element) = self.element(child, depth + 1)? {
                children.push(element);
            }
        }
        Ok(children)
    }

    fn element(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Option<Element>, StyleError> {
        Ok(Some(match node.tag_name().name() {
            "text" => Element::Text(self.text(node)?),
            "number" => self.number(node),
            "label" => Element::Label(label(node)),
            "date" => Element::Date(Box::new(date(node)?)),
            "names" => Element::Names(Box::new(self.names(node, depth)?)),
            "group" => Element::Group(GroupElement {
                children: self.children(node, depth)?,
                delimiter: attr::text(node, "delimiter"),
                // Groups have formatting, affixes and display, and no case of their own.
                decor: Decor { text_case: None, ..attr::decor(node) },
            }),
            "choose" => Element::Choose(self.choose(node, depth)?),
            _ => return Ok(None),
        }))
    }

    fn text(&mut self, node: Node<'_, '_>) -> Result<TextElement, StyleError> {
        let short = node.attribute("form") == Some("short");
        let source = if let Some(name) = node.attribute("variable") {
            match Variable::from_csl(name) {
                Some(Variable::Text(variable)) => {
                    self.explicit_year_suffix |= variable == TextVariable::YearSuffix;
                    TextSource::Variable { variable, short }
                }
                _ => TextSource::Nothing,
            }
        } else if let Some(name) = node.attribute("macro") {
            TextSource::Macro(self.macro_index(node, name)?)
        } else if let Some(name) = node.attribute("term") {
            TextSource::Term {
                name: crate::locale::term_key(name).into(),
                form: attr::term_form(node),
                plural: attr::flag(node, "plural").unwrap_or(false),
            }
        } else if let Some(value) = node.attribute("value") {
            TextSource::Value(Text::new(value))
        } else {
            TextSource::Nothing
        };
        Ok(TextElement { source, decor: attr::decor(node) })
    }

    fn number(&mut self, node: Node<'_, '_>) -> Element {
        let decor = attr::decor(node);
        let Some(Variable::Text(variable)) =
            node.attribute("variable").and_then(Variable::from_csl)
        else {
            return Element::Text(TextElement { source: TextSource::Nothing, decor });
        };
        let form = match node.attribute("form") {
            Some("ordinal") => NumberForm::Ordinal,
            Some("long-ordinal") => NumberForm::LongOrdinal,
            Some("roman") => NumberForm::Roman,
            _ => NumberForm::Numeric,
        };
        Element::Number(NumberElement { variable, form, decor })
    }

    fn choose(&mut self, node: Node<'_, '_>, depth: usize) -> Result<Vec<Branch>, StyleError> {
        let mut branches = Vec::new();
        for branch in elements(node) {
            let tests = match branch.tag_name().name() {
                "if" | "else-if" => self.tests(branch),
                "else" => Vec::new(),
                _ => continue,
            };
            branches.push(Branch {
                combine: match branch.attribute("match") {
                    Some("any") => Match::Any,
                    Some("none") => Match::None,
                    _ => Match::All,
                },
                tests,
                children: self.children(branch, depth)?,
            });
        }
        Ok(branches)
    }

    fn tests(&mut self, node: Node<'_, '_>) -> Vec<Test> {
        let mut tests = Vec::new();
        for attribute in node.attributes() {
            let test: fn(&str) -> Test = match attribute.name() {
                "type" => |name| ItemType::from_csl(name).map_or(Test::Never, Test::Type),
                "variable" => |name| Variable::from_csl(name).map_or(Test::Never, Test::Variable),
                "is-numeric" => |name| match Variable::from_csl(name) {
                    Some(Variable::Text(variable)) => Test::IsNumeric(variable),
                    _ => Test::Never,
                },
                "is-uncertain-date" => |name| match Variable::from_csl(name) {
                    Some(Variable::Date(variable)) => Test::IsUncertainDate(variable),
                    _ => Test::Never,
                },
                "locator" => {
                    |name| LocatorLabel::from_text(name).map_or(Test::Never, Test::Locator)
                }
                "position" => |name| position(name).map_or(Test::Never, Test::Position),
                "disambiguate" => {
                    self.disambiguate_tests = self.disambiguate_tests.saturating_add(1);
                    |value| Test::Disambiguate(value == "true")
                }
                _ => continue,
            };
            let value = attribute.value().replace("sub verbo", "sub-verbo");
            let before = tests.len();
            tests.extend(value.split_whitespace().map(test));
            if tests.len() == before {
                tests.push(Test::Never);
            }
        }
        if tests.is_empty() {
            tests.push(Test::Never);
        }
        tests
    }

    /// Reads `cs:names`; one that substitutes for another looks like it where it does not say
    /// otherwise.
    fn names(&mut self, node: Node<'_, '_>, depth: usize) -> Result<NamesElement, StyleError> {
        if depth > MAX_ELEMENT_DEPTH {
            return Err(StyleError::at(node, "elements are nested too deep"));
        }
        let outer = self.substituted.last().cloned();
        let outer = outer.as_deref();
        let child = |tag: &str| elements(node).find(|n| is(*n, tag));
        let variables = node
            .attribute("variable")
            .unwrap_or_default()
            .split_whitespace()
            .filter_map(|name| match Variable::from_csl(name) {
                Some(Variable::Name(variable)) => Some(variable),
                _ => None,
            })
            .collect::<Vec<NameVariable>>();
        let mut on_names = attr::inheritable_names(node);
        on_names.names_delimiter = node.attribute("delimiter").map(Box::from);
        let label_node = child("label");
        let mut names = NamesElement {
            variables,
            in_citation: on_names.or(&self.citation_names),
            in_bibliography: on_names.or(&self.bibliography_names),
            name_decor: Decor::default(),
            family: NamePart::default(),
            given: NamePart::default(),
            et_al: EtAlElement { term: "et-al".into(), formatting: Formatting::default() },
            label: label_node.map(label),
            label_first: false,
            substitute: Vec::new(),
            decor: attr::decor(node),
        };
        if let Some(name) = child("name") {
            let options = attr::name_element(name).or(&on_names);
            names.in_citation = options.or(&self.citation_names);
            names.in_bibliography = options.or(&self.bibliography_names);
            names.name_decor = attr::decor(name);
            for part in elements(name).filter(|n| is(*n, "name-part")) {
                let decor = attr::decor(part);
                match part.attribute("name") {
                    Some("family") => names.family = NamePart::new(decor),
                    Some("given") => names.given = NamePart::new(decor),
                    _ => {}
                }
            }
            names.label_first = label_node.is_some_and(|l| l.range().start < name.range().start);
        } else if let Some(outer) = outer {
            names.in_citation = on_names.or(&outer.in_citation);
            names.in_bibliography = on_names.or(&outer.in_bibliography);
            names.name_decor = outer.name_decor.clone();
            names.family = outer.family.clone();
            names.given = outer.given.clone();
        }
        if let Some(et_al) = child("et-al") {
            let decor = attr::decor(et_al);
            names.et_al = EtAlElement {
                term: crate::locale::term_key(et_al.attribute("term").unwrap_or("et-al")).into(),
                formatting: decor.formatting,
            };
        } else if let Some(outer) = outer {
            names.et_al = outer.et_al.clone();
        }
        if let Some(outer) = outer
            && elements(node).next().is_none()
        {
            names.label.clone_from(&outer.label);
            names.label_first = outer.label_first;
        }
        if let Some(substitute) = child("substitute") {
            self.substituted.push(Rc::new(names.clone()));
            for alternative in elements(substitute) {
                let element = self.element(alternative, depth + 1)?;
                names.substitute.extend(element);
            }
            self.substituted.pop();
        }
        Ok(names)
    }
}

fn position(name: &str) -> Option<Position> {
    Some(match name {
        "first" => Position::First,
        "subsequent" => Position::Subsequent,
        "ibid" => Position::Ibid,
        "ibid-with-locator" => Position::IbidWithLocator,
        "near-note" => Position::NearNote,
        _ => return None,
    })
}

fn label(node: Node<'_, '_>) -> LabelElement {
    let variable = match node.attribute("variable").and_then(Variable::from_csl) {
        Some(Variable::Text(variable)) => Some(variable),
        _ => None,
    };
    LabelElement {
        variable,
        form: node.attribute("form").and_then(TermForm::from_name).unwrap_or_default(),
        plural: match node.attribute("plural") {
            Some("always") => LabelPlural::Always,
            Some("never") => LabelPlural::Never,
            _ => LabelPlural::Contextual,
        },
        decor: attr::decor(node),
    }
}

fn date(node: Node<'_, '_>) -> Result<DateElement, StyleError> {
    let variable = match node.attribute("variable").and_then(Variable::from_csl) {
        Some(Variable::Date(variable)) => Some(variable),
        _ => None,
    };
    Ok(DateElement {
        variable,
        form: match node.attribute("form") {
            Some("text") => Some(DateForm::Text),
            Some("numeric") => Some(DateForm::Numeric),
            _ => None,
        },
        shown: match node.attribute("date-parts") {
            Some("year") => DateParts::Year,
            Some("year-month") => DateParts::YearMonth,
            _ => DateParts::YearMonthDay,
        },
        format: date_format(node)?,
    })
}

/// Reads the parts of a `cs:date`, in a style or in a locale.
pub(crate) fn date_format(node: Node<'_, '_>) -> Result<DateFormat, StyleError> {
    let mut parts = Vec::new();
    for part in elements(node).filter(|n| is(*n, "date-part")) {
        let name = match part.attribute("name") {
            Some("day") => DatePartName::Day,
            Some("month") => DatePartName::Month,
            Some("year") => DatePartName::Year,
            _ => return Err(StyleError::at(part, "a date part is day, month or year")),
        };
        parts.push(DatePart {
            name,
            form: match part.attribute("form") {
                Some("numeric") => Some(DatePartForm::Numeric),
                Some("numeric-leading-zeros") => Some(DatePartForm::NumericLeadingZeros),
                Some("ordinal") => Some(DatePartForm::Ordinal),
                Some("long") => Some(DatePartForm::Long),
                Some("short") => Some(DatePartForm::Short),
                _ => None,
            },
            range_delimiter: part.attribute("range-delimiter").map(Box::from),
            decor: attr::decor(part),
        });
    }
    Ok(DateFormat { parts, delimiter: attr::text(node, "delimiter"), decor: attr::decor(node) })
}

/// Reads the `cs:locale` elements of a style.
pub(super) fn locales(root: Node<'_, '_>) -> Result<Vec<LocaleOverride>, StyleError> {
    elements(root).filter(|n| is(*n, "locale")).map(parse_locale_node).collect()
}

/// Iterates over the child elements of a node.
pub(super) fn elements<'a, 'd>(node: Node<'a, 'd>) -> impl Iterator<Item = Node<'a, 'd>> {
    node.children().filter(Node::is_element)
}

/// Compares a tag name without its namespace, which some styles leave out.
pub(super) fn is(node: Node<'_, '_>, tag: &str) -> bool {
    node.tag_name().name() == tag
}
