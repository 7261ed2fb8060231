//! Reads the attributes that several elements of a style share.

use super::model::*;
use crate::locale::TermForm;
use roxmltree::Node;

pub(super) fn text(node: Node<'_, '_>, name: &str) -> Box<str> {
    node.attribute(name).unwrap_or_default().into()
}

pub(super) fn flag(node: Node<'_, '_>, name: &str) -> Option<bool> {
    node.attribute(name).map(|value| value == "true")
}

pub(super) fn number(node: Node<'_, '_>, name: &str) -> Option<u32> {
    node.attribute(name).and_then(|value| value.trim().parse().ok())
}

pub(super) fn term_form(node: Node<'_, '_>) -> TermForm {
    node.attribute("form").and_then(TermForm::from_name).unwrap_or_default()
}

/// Reads affixes, formatting, quotes, periods, case and display.
pub(super) fn decor(node: Node<'_, '_>) -> Decor {
    Decor {
        prefix: text(node, "prefix"),
        suffix: text(node, "suffix"),
        formatting: formatting(node),
        quotes: flag(node, "quotes").unwrap_or(false),
        strip_periods: flag(node, "strip-periods").unwrap_or(false),
        text_case: match node.attribute("text-case") {
            Some("lowercase") => Some(TextCase::Lowercase),
            Some("uppercase") => Some(TextCase::Uppercase),
            Some("capitalize-first") => Some(TextCase::CapitalizeFirst),
            Some("capitalize-all") => Some(TextCase::CapitalizeAll),
            Some("sentence") => Some(TextCase::Sentence),
            Some("title") => Some(TextCase::Title),
            _ => None,
        },
        display: match node.attribute("display") {
            Some("block") => Some(Display::Block),
            Some("left-margin") => Some(Display::LeftMargin),
            Some("right-inline") => Some(Display::RightInline),
            Some("indent") => Some(Display::Indent),
            _ => None,
        },
    }
}

fn formatting(node: Node<'_, '_>) -> Formatting {
    Formatting {
        font_style: match node.attribute("font-style") {
            Some("normal") => Some(FontStyle::Normal),
            Some("italic") => Some(FontStyle::Italic),
            Some("oblique") => Some(FontStyle::Oblique),
            _ => None,
        },
        font_variant: match node.attribute("font-variant") {
            Some("normal") => Some(FontVariant::Normal),
            Some("small-caps") => Some(FontVariant::SmallCaps),
            _ => None,
        },
        font_weight: match node.attribute("font-weight") {
            Some("normal") => Some(FontWeight::Normal),
            Some("bold") => Some(FontWeight::Bold),
            Some("light") => Some(FontWeight::Light),
            _ => None,
        },
        text_decoration: match node.attribute("text-decoration") {
            Some("none") => Some(TextDecoration::None),
            Some("underline") => Some(TextDecoration::Underline),
            _ => None,
        },
        vertical_align: match node.attribute("vertical-align") {
            Some("baseline") => Some(VerticalAlign::Baseline),
            Some("sup") => Some(VerticalAlign::Sup),
            Some("sub") => Some(VerticalAlign::Sub),
            _ => None,
        },
    }
}

/// Reads the name options by the names they have outside of `cs:name`.
pub(super) fn inheritable_names(node: Node<'_, '_>) -> NameOptions {
    let boxed = |name: &str| node.attribute(name).map(Box::from);
    NameOptions {
        delimiter: boxed("name-delimiter"),
        form: node.attribute("name-form").and_then(name_form),
        names_delimiter: boxed("names-delimiter"),
        ..shared_name_options(node)
    }
}

/// Reads the options of `cs:name`.
pub(super) fn name_element(node: Node<'_, '_>) -> NameOptions {
    NameOptions {
        delimiter: node.attribute("delimiter").map(Box::from),
        form: node.attribute("form").and_then(name_form),
        ..shared_name_options(node)
    }
}

fn shared_name_options(node: Node<'_, '_>) -> NameOptions {
    let precedes = |name: &str| match node.attribute(name) {
        Some("contextual") => Some(DelimiterPrecedes::Contextual),
        Some("after-inverted-name") => Some(DelimiterPrecedes::AfterInvertedName),
        Some("always") => Some(DelimiterPrecedes::Always),
        Some("never") => Some(DelimiterPrecedes::Never),
        _ => None,
    };
    NameOptions {
        and: match node.attribute("and") {
            Some("text") => Some(NameAnd::Text),
            Some("symbol") => Some(NameAnd::Symbol),
            _ => None,
        },
        delimiter_precedes_et_al: precedes("delimiter-precedes-et-al"),
        delimiter_precedes_last: precedes("delimiter-precedes-last"),
        et_al_min: number(node, "et-al-min"),
        et_al_use_first: number(node, "et-al-use-first"),
        et_al_use_last: flag(node, "et-al-use-last"),
        et_al_subsequent_min: number(node, "et-al-subsequent-min"),
        et_al_subsequent_use_first: number(node, "et-al-subsequent-use-first"),
        initialize: flag(node, "initialize"),
        initialize_with: node.attribute("initialize-with").map(Box::from),
        name_as_sort_order: match node.attribute("name-as-sort-order") {
            Some("first") => Some(NameOrder::First),
            Some("all") => Some(NameOrder::All),
            _ => None,
        },
        sort_separator: node.attribute("sort-separator").map(Box::from),
        ..NameOptions::default()
    }
}

fn name_form(name: &str) -> Option<NameForm> {
    match name {
        "long" => Some(NameForm::Long),
        "short" => Some(NameForm::Short),
        "count" => Some(NameForm::Count),
        _ => None,
    }
}
