//! Turns a buffer into the tree: alternating formatting and quotation marks.

use super::buffer::{Buffer, Op, Tag};
use super::tree::{CiteMark, Node, Output};
use crate::style::model::{
    Display, FontStyle, FontVariant, FontWeight, Formatting, TextDecoration, VerticalAlign,
};

/// The quotation marks of a locale.
#[derive(Debug, Clone, Default)]
pub(crate) struct QuoteMarks {
    pub(crate) open: Box<str>,
    pub(crate) close: Box<str>,
    pub(crate) open_inner: Box<str>,
    pub(crate) close_inner: Box<str>,
}

/// What an open level of the tree will become.
enum Frame {
    /// A level that leaves no node.
    Plain,
    Formatted(Formatting),
    Quoted {
        inner: bool,
    },
    Link(Box<str>),
    Display(Display),
    Cite(CiteMark),
    Number,
}

/// The marks of a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    Outer,
    Inner,
}

struct Level {
    frame: Frame,
    nodes: Vec<Node>,
    outer_formatting: Formatting,
    outer_quotes: Option<Marks>,
}

/// Builds the tree of some operations of a buffer whose punctuation is settled.
pub(crate) fn finish(
    buffer: &Buffer,
    ops: std::ops::Range<usize>,
    quotes: &QuoteMarks,
    marks: &[CiteMark],
) -> Output {
    let mut nodes: Vec<Node> = Vec::new();
    let mut levels: Vec<Level> = Vec::new();
    let mut formatting = Formatting::default();
    let mut quotes_around = None;
    for op in &buffer.ops[ops] {
        match *op {
            Op::Text(span) => push_text(&mut nodes, buffer.str(span)),
            Op::Open(tag) => {
                let outer_formatting = formatting;
                let outer_quotes = quotes_around;
                let frame = match tag {
                    Tag::Format(f) => formatted(f, false, &mut formatting),
                    Tag::Markup(f) => formatted(f, true, &mut formatting),
                    Tag::NoDecor => formatted(undone(&formatting), false, &mut formatting),
                    Tag::Quote => {
                        let inner = quotes_around == Some(Marks::Outer);
                        quotes_around = Some(if inner { Marks::Inner } else { Marks::Outer });
                        Frame::Quoted { inner }
                    }
                    Tag::InnerQuote => {
                        let inner = quotes_around != Some(Marks::Inner);
                        quotes_around = Some(if inner { Marks::Inner } else { Marks::Outer });
                        Frame::Quoted { inner }
                    }
                    Tag::Link(index) => buffer
                        .links
                        .get(index as usize)
                        .map_or(Frame::Plain, |url| Frame::Link(url.clone())),
                    Tag::Display(display) => Frame::Display(display),
                    Tag::Cite(index) => marks
                        .get(index as usize)
                        .map_or(Frame::Plain, |mark| Frame::Cite(mark.clone())),
                    Tag::NoCase | Tag::Names | Tag::NameList | Tag::Name | Tag::YearSuffix => {
                        Frame::Plain
                    }
                    Tag::CitationNumber => Frame::Number,
                };
                let outer_nodes = match frame {
                    Frame::Plain => Vec::new(),
                    _ => std::mem::take(&mut nodes),
                };
                levels.push(Level { frame, nodes: outer_nodes, outer_formatting, outer_quotes });
            }
            Op::Close | Op::CloseQuote => {
                let Some(level) = levels.pop() else { continue };
                formatting = level.outer_formatting;
                quotes_around = level.outer_quotes;
                close(level, &mut nodes, quotes);
            }
        }
    }
    while let Some(level) = levels.pop() {
        close(level, &mut nodes, quotes);
    }
    Output { nodes }
}

fn push_text(nodes: &mut Vec<Node>, text: &str) {
    if text.is_empty() {
        return;
    }
    match nodes.last_mut() {
        Some(Node::Text(last)) => last.push_str(text),
        _ => nodes.push(Node::Text(text.to_owned())),
    }
}

/// Ends a level: what was gathered becomes the children of its node.
fn close(level: Level, nodes: &mut Vec<Node>, quotes: &QuoteMarks) {
    if matches!(level.frame, Frame::Plain) {
        return;
    }
    let children = std::mem::replace(nodes, level.nodes);
    if children.is_empty() {
        return;
    }
    nodes.push(match level.frame {
        Frame::Plain => return,
        Frame::Formatted(formatting) => Node::Formatted(formatting, children),
        Frame::Quoted { inner: true } => Node::Quoted {
            open: quotes.open_inner.clone(),
            close: quotes.close_inner.clone(),
            children,
        },
        Frame::Quoted { inner: false } => {
            Node::Quoted { open: quotes.open.clone(), close: quotes.close.clone(), children }
        }
        Frame::Link(url) => Node::Link { url, children },
        Frame::Display(display) => Node::Display(display, children),
        Frame::Cite(mark) => Node::Cite(mark, children),
        Frame::Number => match children.as_slice() {
            [Node::Text(text)] if let Ok(number) = text.parse() => Node::Number(number),
            _ => {
                nodes.extend(children);
                return;
            }
        },
    });
}

/// Resolves formatting against what is around it.
///
/// Markup that asks for what is there already undoes it; a style that asks for what is there
/// already changes nothing, and neither does `normal` in normal text.
fn formatted(wanted: Formatting, markup: bool, current: &mut Formatting) -> Frame {
    let mut out = Formatting::default();
    macro_rules! resolve {
        ($field:ident, $normal:expr) => {
            if let Some(value) = wanted.$field {
                let now = current.$field.unwrap_or($normal);
                let value = if markup && value == now { $normal } else { value };
                if value != now {
                    out.$field = Some(value);
                    current.$field = Some(value);
                }
            }
        };
    }
    resolve!(font_style, FontStyle::Normal);
    resolve!(font_variant, FontVariant::Normal);
    resolve!(font_weight, FontWeight::Normal);
    resolve!(text_decoration, TextDecoration::None);
    if let Some(value) = wanted.vertical_align {
        // A superscript inside a superscript stands higher still.
        let now = current.vertical_align.unwrap_or(VerticalAlign::Baseline);
        if value != VerticalAlign::Baseline || now != VerticalAlign::Baseline {
            out.vertical_align = Some(value);
            current.vertical_align = Some(value);
        }
    }
    if out.is_none() { Frame::Plain } else { Frame::Formatted(out) }
}

/// Returns the formatting that makes text plain again.
fn undone(current: &Formatting) -> Formatting {
    Formatting {
        font_style: current.font_style.map(|_| FontStyle::Normal),
        font_variant: current.font_variant.map(|_| FontVariant::Normal),
        font_weight: current.font_weight.map(|_| FontWeight::Normal),
        text_decoration: None,
        vertical_align: None,
    }
}
