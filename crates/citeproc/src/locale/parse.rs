//! Reads `cs:locale` elements, of a locale file or inside a style.

use super::terms::{Gender, OrdinalMatch, Term, TermForm, Terms};
use crate::error::StyleError;
use crate::style::model::DateFormat;
use roxmltree::Node;

/// Holds what one `cs:locale` element defines.
#[derive(Debug, Clone, Default)]
pub(crate) struct LocaleOverride {
    pub(crate) lang: Option<String>,
    pub(crate) terms: Terms,
    pub(crate) text_date: Option<DateFormat>,
    pub(crate) numeric_date: Option<DateFormat>,
    pub(crate) punctuation_in_quote: Option<bool>,
    pub(crate) limit_day_ordinals_to_day_1: Option<bool>,
}

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// Reads a `cs:locale` element.
pub(crate) fn parse_locale_node(node: Node<'_, '_>) -> Result<LocaleOverride, StyleError> {
    let mut layer = LocaleOverride {
        lang: node
            .attribute((XML_NAMESPACE, "lang"))
            .filter(|lang| !lang.is_empty())
            .map(str::to_owned),
        ..LocaleOverride::default()
    };
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "style-options" => {
                let flag = |name| child.attribute(name).map(|v| v == "true");
                if let Some(value) = flag("punctuation-in-quote") {
                    layer.punctuation_in_quote = Some(value);
                }
                if let Some(value) = flag("limit-day-ordinals-to-day-1") {
                    layer.limit_day_ordinals_to_day_1 = Some(value);
                }
            }
            "date" => {
                let format = crate::style::parse::date_format(child)?;
                match child.attribute("form") {
                    Some("numeric") => layer.numeric_date = Some(format),
                    _ => layer.text_date = Some(format),
                }
            }
            "terms" => {
                for term in child.children().filter(|n| n.has_tag_name_local("term")) {
                    parse_term(term, &mut layer.terms);
                }
            }
            _ => {}
        }
    }
    Ok(layer)
}

fn parse_term(node: Node<'_, '_>, terms: &mut Terms) {
    let Some(name) = node.attribute("name") else { return };
    let form = node.attribute("form").and_then(TermForm::from_name).unwrap_or_default();
    let gender_form = node.attribute("gender-form").and_then(Gender::from_name);
    let part = |tag: &str| node.children().find(|c| c.has_tag_name_local(tag)).map(|c| text_of(c));
    let (single, multiple) = match (part("single"), part("multiple")) {
        (None, None) => {
            let text = text_of(node);
            (text.clone(), text)
        }
        (single, multiple) => {
            let single = single.unwrap_or_default();
            let multiple = multiple.unwrap_or_else(|| single.clone());
            (single, multiple)
        }
    };
    if name == "ordinal" {
        terms.insert_ordinal(None, None, gender_form, &single);
        return;
    }
    if let Some(number) = name.strip_prefix("ordinal-").and_then(|n| n.parse().ok()) {
        let matches = node.attribute("match").and_then(|m| match m {
            "last-digit" => Some(OrdinalMatch::LastDigit),
            "last-two-digits" => Some(OrdinalMatch::LastTwoDigits),
            "whole-number" => Some(OrdinalMatch::WholeNumber),
            _ => None,
        });
        terms.insert_ordinal(Some(number), matches, gender_form, &single);
        return;
    }
    let gender = node.attribute("gender").and_then(Gender::from_name).unwrap_or_default();
    let term = Term { single: single.into(), multiple: multiple.into(), gender };
    terms.insert(&term_key(name), form, gender_form, term);
}

/// Brings a term name to one spelling: several are in use for the same term.
pub(crate) fn term_key(name: &str) -> std::borrow::Cow<'_, str> {
    match name {
        "sub verbo" => "sub-verbo".into(),
        "and-others" => "and others".into(),
        "et al" => "et-al".into(),
        "printing" => "printing-number".into(),
        "editortranslator" => "editor-translator".into(),
        _ => name.into(),
    }
}

fn text_of(node: Node<'_, '_>) -> String {
    let text: String =
        node.descendants().filter_map(|n| if n.is_text() { n.text() } else { None }).collect();
    // A term laid out over several lines means the words, not the line breaks.
    if text.contains('\n') { text.split_whitespace().collect::<Vec<_>>().join(" ") } else { text }
}

/// Compares tag names without their namespace, which some styles leave out.
trait LocalName {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl LocalName for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}
