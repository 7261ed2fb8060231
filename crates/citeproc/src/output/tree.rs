//! The tree that rendered citations and entries consist of.

use crate::style::model::{
    Display, FontStyle, FontVariant, FontWeight, Formatting, TextDecoration, VerticalAlign,
};
use serde_json::{Value, json};

/// A piece of rendered output.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// Text as it is, neither escaped nor marked up.
    Text(String),
    /// The number of an entry in the list, written in digits.
    Number(u32),
    /// Formatted content (CSL 1.0.2, "Formatting"); nested italics and the like are resolved, so
    /// that `normal` only occurs where it undoes an outer property.
    Formatted(Formatting, Vec<Node>),
    /// Content in quotation marks.
    Quoted {
        /// The opening mark of the locale.
        open: Box<str>,
        /// The closing mark of the locale.
        close: Box<str>,
        /// What is quoted.
        children: Vec<Node>,
    },
    /// A link, of a DOI, PMID, PMCID or URL.
    Link {
        /// The address, always `http:` or `https:`.
        url: Box<str>,
        /// The link's text.
        children: Vec<Node>,
    },
    /// A block of its own (CSL 1.0.2, "Display").
    Display(Display, Vec<Node>),
    /// What belongs to one cite of a citation.
    Cite(CiteMark, Vec<Node>),
}

/// Says which cite of its citation a piece of output belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CiteMark {
    /// The position of the cite in [`crate::Citation::cites`], as the author wrote them.
    pub index: usize,
    /// The key of the item.
    pub key: Box<str>,
    /// The cites that a collapsed range hides between its first end and this one: in "3–6" the
    /// node of "6" lists the cites of 4 and 5.
    pub hidden: Vec<usize>,
    /// There is no item with this key; the output is the key itself, marked.
    pub unknown: bool,
}

/// A rendered citation, entry, or part of one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Output {
    /// The pieces, in order.
    pub nodes: Vec<Node>,
}

impl Output {
    /// Returns whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the text without formatting and links.
    pub fn to_plain(&self) -> String {
        let mut out = String::new();
        push_plain(&self.nodes, &mut out);
        out
    }

    /// Returns the tree as JSON: strings, and objects with a `children` list.
    pub fn to_json(&self) -> Value {
        nodes_json(&self.nodes)
    }
}

fn push_plain(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) => out.push_str(text),
            Node::Number(number) => out.push_str(&number.to_string()),
            Node::Formatted(_, children)
            | Node::Link { children, .. }
            | Node::Cite(_, children) => push_plain(children, out),
            Node::Quoted { open, close, children } => {
                out.push_str(open);
                push_plain(children, out);
                out.push_str(close);
            }
            Node::Display(display, children) => {
                // Blocks that stand below each other must not run together.
                let breaks = matches!(display, Display::Block | Display::Indent);
                if breaks && !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                push_plain(children, out);
            }
        }
    }
}

fn nodes_json(nodes: &[Node]) -> Value {
    nodes.iter().map(node_json).collect()
}

fn node_json(node: &Node) -> Value {
    match node {
        Node::Text(text) => json!(text),
        Node::Number(number) => json!(number.to_string()),
        Node::Formatted(formatting, children) => {
            let mut object = serde_json::Map::new();
            for (name, value) in formatting_names(formatting) {
                object.insert(name.to_owned(), json!(value));
            }
            object.insert("children".to_owned(), nodes_json(children));
            Value::Object(object)
        }
        Node::Quoted { open, close, children } => {
            json!({ "quote": [open, close], "children": nodes_json(children) })
        }
        Node::Link { url, children } => json!({ "link": url, "children": nodes_json(children) }),
        Node::Display(display, children) => {
            json!({ "display": display_name(*display), "children": nodes_json(children) })
        }
        Node::Cite(mark, children) => json!({
            "cite": mark.index,
            "key": mark.key,
            "hidden": mark.hidden,
            "unknown": mark.unknown,
            "children": nodes_json(children),
        }),
    }
}

/// Returns the CSL name of a `display` value.
pub(super) fn display_name(display: Display) -> &'static str {
    match display {
        Display::Block => "block",
        Display::LeftMargin => "left-margin",
        Display::RightInline => "right-inline",
        Display::Indent => "indent",
    }
}

/// Returns the set properties by their CSL names, the innermost first.
pub(super) fn formatting_names(
    f: &Formatting,
) -> impl DoubleEndedIterator<Item = (&'static str, &'static str)> {
    let style = f.font_style.map(|value| match value {
        FontStyle::Normal => "normal",
        FontStyle::Italic => "italic",
        FontStyle::Oblique => "oblique",
    });
    let variant = f.font_variant.map(|value| match value {
        FontVariant::Normal => "normal",
        FontVariant::SmallCaps => "small-caps",
    });
    let weight = f.font_weight.map(|value| match value {
        FontWeight::Normal => "normal",
        FontWeight::Bold => "bold",
        FontWeight::Light => "light",
    });
    let decoration = f.text_decoration.map(|value| match value {
        TextDecoration::None => "none",
        TextDecoration::Underline => "underline",
    });
    let align = f.vertical_align.map(|value| match value {
        VerticalAlign::Baseline => "baseline",
        VerticalAlign::Sup => "sup",
        VerticalAlign::Sub => "sub",
    });
    [
        ("font-style", style),
        ("font-variant", variant),
        ("font-weight", weight),
        ("text-decoration", decoration),
        ("vertical-align", align),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
}
