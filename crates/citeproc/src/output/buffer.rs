//! The flat buffer that rendering writes into.
//!
//! Output is a list of operations over one string. An element that turns out empty is undone by
//! cutting both back to a [`Mark`], which is what makes groups and conditions cheap.

use crate::style::model::{Display, Formatting};

/// A step of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Text(Span),
    Open(Tag),
    Close,
    CloseQuote,
}

/// A piece of text: a range of the buffer's string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// The piece continues the one before within the same value, so that punctuation at the
    /// seam is the author's and stays.
    pub(crate) joined: bool,
}

/// What an [`Op::Open`] opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tag {
    /// Formatting that the style asks for.
    Format(Formatting),
    /// Formatting from markup inside a value, which alternates with what is around it.
    Markup(Formatting),
    Quote,
    /// A quotation in single marks, of an author who has double ones too.
    InnerQuote,
    NoCase,
    /// Undoes the formatting around it.
    NoDecor,
    /// The index into [`Buffer::links`].
    Link(u32),
    Display(Display),
    /// The index into the marks of the citation.
    Cite(u32),
    /// The first names of the cite or entry.
    Names,
    /// A list among the first names, without its label.
    NameList,
    /// One name among the first names.
    Name,
    /// A year suffix.
    YearSuffix,
    /// The number of the entry in the list.
    CitationNumber,
}

/// A place to cut back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    ops: usize,
    text: usize,
    links: usize,
}

impl Mark {
    /// Returns the index of the first operation after the mark.
    pub(crate) fn index(self) -> usize {
        self.ops
    }
}

/// Output in the making.
#[derive(Debug, Clone, Default)]
pub(crate) struct Buffer {
    pub(crate) text: String,
    pub(crate) ops: Vec<Op>,
    pub(crate) links: Vec<Box<str>>,
    /// The language quotes with guillemets, so that these are quotation marks in values.
    pub(crate) guillemets: bool,
    /// The language quotes with curly double marks, so that these alternate in values.
    pub(crate) curly: bool,
}

impl Buffer {
    /// Makes a buffer with room for some bytes of text and some operations.
    pub(crate) fn with_capacity(text: usize, ops: usize) -> Self {
        Self { text: String::with_capacity(text), ops: Vec::with_capacity(ops), ..Self::default() }
    }

    /// Gives back the room that was made for more.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ops.shrink_to_fit();
        self.links.shrink_to_fit();
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { ops: self.ops.len(), text: self.text.len(), links: self.links.len() }
    }

    /// Undoes everything since the mark.
    pub(crate) fn cut(&mut self, mark: Mark) {
        self.ops.truncate(mark.ops);
        self.text.truncate(mark.text);
        self.links.truncate(mark.links);
    }

    /// Returns whether nothing was written since the mark.
    pub(crate) fn is_empty_since(&self, mark: Mark) -> bool {
        self.ops.len() == mark.ops
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    /// Takes the blanks off the end of the output.
    pub(crate) fn trim_end(&mut self) {
        while let Some(place) = self.ops.iter().rposition(|op| matches!(op, Op::Text(_))) {
            let Op::Text(mut span) = self.ops[place] else { return };
            span.end = span.start + self.str(span).trim_end().len() as u32;
            self.ops[place] = Op::Text(span);
            if span.end > span.start {
                return;
            }
            self.ops.remove(place);
        }
    }

    /// Appends text; an empty text leaves no trace.
    pub(crate) fn push(&mut self, text: &str) {
        self.push_span(text, false);
    }

    /// Appends text that continues the piece before it.
    pub(crate) fn push_joined(&mut self, text: &str) {
        self.push_span(text, true);
    }

    fn push_span(&mut self, text: &str, joined: bool) {
        if !text.is_empty() {
            let start = self.text.len() as u32;
            self.text.push_str(text);
            let end = self.text.len() as u32;
            self.ops.push(Op::Text(Span { start, end, joined }));
        }
    }

    pub(crate) fn open(&mut self, tag: Tag) {
        self.ops.push(Op::Open(tag));
    }

    pub(crate) fn close(&mut self, tag: Tag) {
        let is_quote = matches!(tag, Tag::Quote | Tag::InnerQuote);
        self.ops.push(if is_quote { Op::CloseQuote } else { Op::Close });
    }

    pub(crate) fn str(&self, span: Span) -> &str {
        &self.text[span.start as usize..span.end as usize]
    }

    /// Replaces the text of one operation.
    pub(crate) fn replace(&mut self, index: usize, text: &str) {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let end = self.text.len() as u32;
        if let Op::Text(span) = &mut self.ops[index] {
            span.start = start;
            span.end = end;
        }
    }

    /// Appends some operations of another buffer.
    pub(crate) fn append(&mut self, other: &Buffer, ops: std::ops::Range<usize>) {
        let link_offset = self.links.len() as u32;
        for op in &other.ops[ops] {
            match *op {
                Op::Text(span) => {
                    let start = self.text.len() as u32;
                    self.text.push_str(other.str(span));
                    let end = self.text.len() as u32;
                    self.ops.push(Op::Text(Span { start, end, ..span }));
                }
                Op::Open(Tag::Link(index)) => {
                    self.ops.push(Op::Open(Tag::Link(index + link_offset)));
                }
                op => self.ops.push(op),
            }
        }
        self.links.extend(other.links.iter().cloned());
    }

    /// Returns the text of some operations, without any formatting.
    pub(crate) fn plain(&self, ops: std::ops::Range<usize>) -> String {
        let mut plain = String::new();
        for op in &self.ops[ops] {
            if let Op::Text(span) = *op {
                plain.push_str(self.str(span));
            }
        }
        plain
    }

    /// Returns the index after the operation that closes the tag opened at `open`.
    pub(crate) fn end_of(&self, open: usize) -> usize {
        let mut depth = 0usize;
        for (offset, op) in self.ops[open..].iter().enumerate() {
            match op {
                Op::Open(_) => depth += 1,
                Op::Close | Op::CloseQuote => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return open + offset + 1;
                    }
                }
                Op::Text(_) => {}
            }
        }
        self.ops.len()
    }

    /// Returns the operations of the first such tag, its own ones included.
    pub(crate) fn find(&self, tag: Tag) -> Option<std::ops::Range<usize>> {
        let open = self.ops.iter().position(|op| *op == Op::Open(tag))?;
        Some(open..self.end_of(open))
    }
}
