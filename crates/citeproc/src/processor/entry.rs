//! An entry of the list, of which documents share all but the number.

use crate::output::{Display, HtmlOptions, Node, Output};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// An entry of a reference list.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The key of the item.
    pub key: String,
    /// The number of the entry, from 1.
    pub number: u32,
    text: Arc<EntryText>,
}

/// What an entry shows; wherever a number stands, it is that of the entry.
#[derive(Debug)]
pub(super) struct EntryText {
    content: Output,
    numbered: bool,
    in_fields: bool,
    body: Body,
    /// The number of the entry makes a difference to the body.
    body_numbered: bool,
    body_html: OnceLock<Box<str>>,
}

/// Where the entry without its number is to be found.
#[derive(Debug)]
pub(super) enum Body {
    /// In the field beside the number.
    Field,
    /// It is the entry as it is.
    Whole,
    /// It is another text than the entry.
    Apart(Output),
}

impl EntryText {
    pub(super) fn new(content: Output, in_fields: bool, body: Body) -> Self {
        let numbered = has_number(&content.nodes);
        let body_numbered = match &body {
            Body::Apart(_) => false,
            Body::Whole => numbered,
            Body::Field => content.nodes.iter().any(
                |node| matches!(node, Node::Display(Display::RightInline, c) if has_number(c)),
            ),
        };
        Self { content, numbered, in_fields, body, body_numbered, body_html: OnceLock::new() }
    }
}

impl Entry {
    pub(super) fn new(key: &str, number: u32, text: Arc<EntryText>) -> Self {
        Self { key: key.to_owned(), number, text }
    }

    /// Returns the whole entry; with `second-field-align`, in the blocks `left-margin` and
    /// `right-inline`.
    pub fn content(&self) -> Cow<'_, Output> {
        if !self.text.numbered {
            return Cow::Borrowed(&self.text.content);
        }
        Cow::Owned(Output { nodes: numbered(&self.text.content.nodes, self.number) })
    }

    /// Returns the first field, with `second-field-align`.
    pub fn left_margin(&self) -> Option<Output> {
        self.field(Display::LeftMargin)
    }

    /// Returns what follows the first field, with `second-field-align`.
    pub fn right_inline(&self) -> Option<Output> {
        self.field(Display::RightInline)
    }

    /// Returns the entry without its number, for a list that numbers its entries itself.
    pub fn body(&self) -> Cow<'_, Output> {
        match &self.text.body {
            Body::Field => Cow::Owned(self.right_inline().unwrap_or_default()),
            Body::Whole => self.content(),
            Body::Apart(output) => Cow::Borrowed(output),
        }
    }

    /// Returns [`Entry::body`] as HTML, with the default options; it is written once.
    pub fn body_html(&self) -> Cow<'_, str> {
        let html = || self.body().to_html(&HtmlOptions::default());
        if self.text.body_numbered {
            return Cow::Owned(html());
        }
        Cow::Borrowed(self.text.body_html.get_or_init(|| html().into()))
    }

    fn field(&self, wanted: Display) -> Option<Output> {
        if !self.text.in_fields {
            return None;
        }
        let mut nodes = Vec::new();
        for node in &self.text.content.nodes {
            if let Node::Display(display, children) = node
                && *display == wanted
            {
                nodes.extend(numbered(children, self.number));
            }
        }
        (!nodes.is_empty()).then_some(Output { nodes })
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key && self.number == other.number && self.content() == other.content()
    }
}

impl Eq for Entry {}

fn has_number(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Number(_) => true,
        Node::Text(_) => false,
        Node::Formatted(_, children)
        | Node::Quoted { children, .. }
        | Node::Link { children, .. }
        | Node::Display(_, children)
        | Node::Cite(_, children) => has_number(children),
    })
}

/// Returns nodes with another number in the place of theirs.
fn numbered(nodes: &[Node], number: u32) -> Vec<Node> {
    let within = |children: &[Node]| numbered(children, number);
    nodes
        .iter()
        .map(|node| match node {
            Node::Number(_) => Node::Number(number),
            Node::Text(text) => Node::Text(text.clone()),
            Node::Formatted(formatting, children) => Node::Formatted(*formatting, within(children)),
            Node::Quoted { open, close, children } => Node::Quoted {
                open: open.clone(),
                close: close.clone(),
                children: within(children),
            },
            Node::Link { url, children } => {
                Node::Link { url: url.clone(), children: within(children) }
            }
            Node::Display(display, children) => Node::Display(*display, within(children)),
            Node::Cite(mark, children) => Node::Cite(mark.clone(), within(children)),
        })
        .collect()
}
