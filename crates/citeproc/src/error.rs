//! The errors that reading a style or a locale can end in.

use std::fmt;

/// Says why a style or locale file cannot be used.
///
/// A CSL file is data written by others, so every fault in it ends here and never in a panic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StyleError {
    message: String,
    position: Option<Position>,
}

/// Names a place in an XML file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The byte offset from the start of the file, when the parser knows it.
    pub offset: Option<usize>,
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

impl StyleError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), position: None }
    }

    pub(crate) fn at(node: roxmltree::Node<'_, '_>, message: impl Into<String>) -> Self {
        let offset = node.range().start;
        let place = node.document().text_pos_at(offset);
        let position = Position { offset: Some(offset), line: place.row, column: place.col };
        Self { message: message.into(), position: Some(position) }
    }

    pub(crate) fn from_xml(error: &roxmltree::Error) -> Self {
        let place = error.pos();
        let position = Position { offset: None, line: place.row, column: place.col };
        Self { message: format!("not well-formed XML: {error}"), position: Some(position) }
    }

    /// Returns what is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns where it is wrong; `None` when the fault is in the file as a whole.
    pub fn position(&self) -> Option<Position> {
        self.position
    }
}

impl fmt::Display for StyleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some(at) => write!(f, "{} (line {}, column {})", self.message, at.line, at.column),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for StyleError {}
