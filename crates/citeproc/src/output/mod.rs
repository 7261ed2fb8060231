//! What the processor returns: a small tree, and its writers.
//!
//! The renderer writes into a flat [`buffer::Buffer`]; [`finish`] settles punctuation
//! ([`punctuation`]), quotation marks and alternating formatting, and builds the tree of
//! [`Node`]s. [`Output::to_html`] and [`Output::to_plain`] write it.

pub(crate) mod buffer;
pub(crate) mod content;
pub(crate) mod finish;
mod html;
pub(crate) mod punctuation;
mod tree;

pub use crate::style::model::{
    Display, FontStyle, FontVariant, FontWeight, Formatting, TextDecoration, VerticalAlign,
};
pub use html::HtmlOptions;
pub use tree::{CiteMark, Node, Output};
