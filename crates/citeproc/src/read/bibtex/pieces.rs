//! Text with markup in the making, as LaTeX is read.

use crate::item::{Inline, InlineStyle};

/// Pieces in the making; text that follows text is joined to it.
#[derive(Default)]
pub(super) struct Pieces {
    done: Vec<Inline>,
    text: String,
}

impl Pieces {
    /// Returns no pieces yet, with room for `length` bytes of text.
    pub(super) fn with_capacity(length: usize) -> Self {
        Self { done: Vec::new(), text: String::with_capacity(length) }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn char(&mut self, c: char) {
        self.text.push(c);
    }

    /// Adds a space, unless there is one or nothing before it.
    pub(super) fn space(&mut self) {
        let at_start = self.text.is_empty() && self.done.is_empty();
        if !at_start && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    pub(super) fn push(&mut self, inline: Inline) {
        match inline {
            Inline::Plain(text) => self.text(&text),
            Inline::Styled(..) => {
                self.flush();
                self.done.push(inline);
            }
        }
    }

    pub(super) fn styled(&mut self, style: InlineStyle, children: Vec<Inline>) {
        if !children.is_empty() {
            self.push(Inline::Styled(style, children.into()));
        }
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.done.push(Inline::Plain(std::mem::take(&mut self.text).into()));
        }
    }

    /// Returns the pieces, without a space at the end.
    pub(super) fn finish(mut self) -> Vec<Inline> {
        let kept = self.text.trim_end_matches(' ').len();
        self.text.truncate(kept);
        self.flush();
        self.done
    }

    /// Returns the pieces, with a space at the end if there is one.
    pub(super) fn finish_inner(mut self) -> Vec<Inline> {
        self.flush();
        self.done
    }
}
