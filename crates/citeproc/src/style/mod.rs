//! Styles: reading, checking and compiling them (CSL 1.0.2, "Styles - Structure").
//!
//! [`Style::from_xml`] is the way in. A style is compiled once: macros are indexed, variables
//! and conditions are enums, the name options of every `cs:names` are merged with what they
//! inherit. What the renderer reads is [`model::StyleData`].

mod attributes;
mod check;
pub(crate) mod model;
pub(crate) mod parse;
pub(crate) mod reads;

use crate::error::StyleError;
pub use model::StyleClass;
use model::*;
use roxmltree::{Document, Node, ParsingOptions};
use std::sync::Arc;

/// How many nodes an XML file may have; the largest styles in use have some 6,000.
const MAX_XML_NODES: u32 = 500_000;

/// A compiled citation style.
///
/// Cloning is cheap: clones share the compiled form.
#[derive(Debug, Clone)]
pub struct Style {
    pub(crate) data: Arc<StyleData>,
}

impl Style {
    /// Reads and compiles a style.
    ///
    /// A dependent style is read too: it has a [`Style::parent`] and renders nothing itself.
    ///
    /// # Errors
    /// When the text is not XML, is not a style, calls a macro that does not exist, or has
    /// macros that call each other in a circle.
    pub fn from_xml(xml: &str) -> Result<Self, StyleError> {
        let document = parse_document(xml)?;
        let root = document.root_element();
        if !parse::is(root, "style") {
            return Err(StyleError::at(root, "the root element is not `style`"));
        }
        let data = compile(root)?;
        Ok(Self { data: Arc::new(data) })
    }

    /// Returns the style's title.
    pub fn title(&self) -> &str {
        &self.data.title
    }

    /// Returns the style's identifier, a URI.
    pub fn id(&self) -> &str {
        &self.data.id
    }

    /// Returns the identifier of the style that a dependent style stands for.
    ///
    /// CSL 1.0.2, section "Dependent Styles". `None` for an independent style.
    pub fn parent(&self) -> Option<&str> {
        self.data.parent.as_deref()
    }

    /// Returns whether citations stand in the text or in notes.
    pub fn class(&self) -> StyleClass {
        self.data.class
    }

    /// Returns whether citations are numbers that refer to the list.
    pub fn is_numeric(&self) -> bool {
        self.data.numeric
    }

    /// Returns whether the style has a reference list.
    pub fn has_bibliography(&self) -> bool {
        self.data.bibliography.is_some()
    }

    /// Returns the language that the style is written for, where it names one.
    pub fn default_locale(&self) -> Option<&str> {
        self.data.default_locale.as_deref()
    }
}

/// Parses XML within the limits that keep memory and recursion bounded.
pub(crate) fn parse_document(xml: &str) -> Result<Document<'_>, StyleError> {
    let options =
        ParsingOptions { allow_dtd: true, nodes_limit: MAX_XML_NODES, ..ParsingOptions::default() };
    // A byte order mark is no part of the XML.
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml).trim_start();
    Document::parse_with_options(xml, options).map_err(|error| StyleError::from_xml(&error))
}

fn compile(root: Node<'_, '_>) -> Result<StyleData, StyleError> {
    let info = parse::elements(root).find(|n| parse::is(*n, "info"));
    let info_elements = || info.into_iter().flat_map(parse::elements);
    let info_text = |tag: &str| {
        info_elements()
            .find(|n| parse::is(*n, tag))
            .and_then(|n| n.text())
            .map(|t| t.trim().to_owned())
            .unwrap_or_default()
    };
    let parent = info_elements()
        .filter(|n| parse::is(*n, "link"))
        .find(|n| n.attribute("rel") == Some("independent-parent"))
        .and_then(|n| n.attribute("href"))
        .map(str::to_owned);
    let has_citation = parse::elements(root).any(|n| parse::is(n, "citation"));
    let mut parser = parse::Parser::new(root);
    let (macros, citation, bibliography) = if parent.is_some() && !has_citation {
        (Vec::new(), empty_citation(), None)
    } else {
        (parser.macros(root)?, parser.citation(root)?, parser.bibliography(root)?)
    };
    let format = info_elements()
        .filter(|n| parse::is(*n, "category"))
        .find_map(|n| n.attribute("citation-format"));
    let reads = reads::of_style(&macros, &citation, bibliography.as_ref());
    let mut data = StyleData {
        title: info_text("title"),
        id: info_text("id"),
        parent: if has_citation { None } else { parent },
        numeric: format == Some("numeric"),
        class: match root.attribute("class") {
            Some("note") => StyleClass::Note,
            _ => StyleClass::InText,
        },
        default_locale: root
            .attribute("default-locale")
            .filter(|lang| !lang.is_empty())
            .map(str::to_owned),
        demote_particle: match root.attribute("demote-non-dropping-particle") {
            Some("never") => DemoteParticle::Never,
            Some("sort-only") => DemoteParticle::SortOnly,
            _ => DemoteParticle::DisplayAndSort,
        },
        initialize_with_hyphen: attributes::flag(root, "initialize-with-hyphen").unwrap_or(true),
        page_range_format: match root.attribute("page-range-format") {
            Some("chicago" | "chicago-15") => Some(PageRangeFormat::Chicago15),
            Some("chicago-16") => Some(PageRangeFormat::Chicago16),
            Some("expanded") => Some(PageRangeFormat::Expanded),
            Some("minimal") => Some(PageRangeFormat::Minimal),
            Some("minimal-two") => Some(PageRangeFormat::MinimalTwo),
            _ => None,
        },
        macros,
        locales: parse::locales(root)?,
        citation,
        bibliography,
        explicit_year_suffix: parser.explicit_year_suffix,
        disambiguate_tests: parser.disambiguate_tests,
        reads,
    };
    check::check_macros(&data).map_err(|message| StyleError::at(root, message))?;
    if format.is_none() {
        data.numeric = check::shows_citation_number(&data);
    }
    Ok(data)
}

fn empty_citation() -> CitationSpec {
    CitationSpec {
        layout: Layout::default(),
        sort: Vec::new(),
        add_names: false,
        add_givenname: false,
        givenname_rule: GivennameRule::ByCite,
        add_year_suffix: false,
        collapse: None,
        cite_group_delimiter: None,
        year_suffix_delimiter: None,
        after_collapse_delimiter: None,
        near_note_distance: 5,
    }
}
