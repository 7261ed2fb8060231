//! From the parser's events to a [`Body`].
//!
//! [`Writer::run`] goes through the events once, then through the footnotes that
//! were referred to. `blocks`, `inline`, `tables` and `raw` hold the methods for
//! their events.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::citation::syntax::Citation;
use crate::diagnostic::{Diagnostic, Rule};
use crate::packed::Text;
use crate::parse::body::{Body, Hole, HoleKind, LeadingTitle, Note};
use crate::parse::components::ComponentLine;
use crate::parse::text::{BlockInfo, BlockKind, Linkable, TextBuilder};
use crate::source::{SourceId, Span};

use super::anchors::Anchors;
use super::mask::Script;
use super::notes::Definition;
use super::raw::OpenComponent;
use super::tables::OpenTable;
use super::{Extent, MarkdownOptions};

/// What the writer reads.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    /// The Markdown as written.
    pub(super) source: &'a str,
    /// The Markdown as the parser saw it.
    pub(super) masked: &'a str,
    pub(super) citations: &'a [Citation],
    pub(super) components: &'a [ComponentLine],
    pub(super) scripts: &'a [Script],
    pub(super) events: &'a [(Event<'a>, Range<usize>)],
    /// Where the Markdown stands in its file.
    pub(super) base: usize,
    pub(super) id: &'a SourceId,
    pub(super) options: &'a MarkdownOptions,
    pub(super) extent: Extent,
}

/// An element that is open.
#[derive(Debug)]
pub(super) enum Open {
    /// One of Markdown's, which the parser ends.
    Markdown,
    /// One of raw HTML, by name, or one that ends with the next block.
    Raw(String),
    /// A component.
    Component(OpenComponent),
}

pub(super) struct Writer<'a> {
    pub(super) input: Input<'a>,
    pub(super) body: Body,
    pub(super) html: String,
    pub(super) text: TextBuilder,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) anchors: Anchors,
    pub(super) open: Vec<Open>,
    /// The place of the block of text that is open, in the Markdown.
    pub(super) leaf: Option<Range<usize>>,
    /// What the leaf is, where that is not by what it stands in.
    pub(super) leaf_kind: Option<BlockKind>,
    /// The last heading.
    section: Option<usize>,
    /// How many quotations are open, and whether a footnote is.
    pub(super) quotes: usize,
    pub(super) in_note: bool,
    /// The link that is open, and where its text starts in the plain text.
    pub(super) link: Option<(usize, usize)>,
    /// The same of the open link of raw HTML.
    pub(super) raw_link: Option<(usize, usize)>,
    /// The outermost open table of raw HTML, by its place, and whether it has a header cell.
    pub(super) raw_table: Option<(Range<usize>, bool)>,
    /// The citations in the open link, which cannot stand in it and follow it.
    pub(super) deferred: Vec<Citation>,
    /// The sub- or superscript that is open.
    pub(super) script: Option<Script>,
    /// Up to here the Markdown is written already.
    pub(super) written_until: usize,
    pub(super) table: Option<OpenTable<'a>>,
    /// The footnotes' definitions by label, in lower case.
    pub(super) definitions: BTreeMap<String, Definition>,
    /// Comments that govern the next block, as indices into the body's allows.
    pub(super) pending_allows: Vec<usize>,
    /// Those that govern the open block of text.
    pub(super) leaf_allows: Vec<usize>,
}

impl<'a> Writer<'a> {
    pub(super) fn new(input: Input<'a>) -> Self {
        Self {
            input,
            body: Body::default(),
            html: String::with_capacity(input.source.len() * 5 / 4),
            text: TextBuilder::with_capacity(input.source.len()),
            diagnostics: Vec::new(),
            anchors: Anchors::with_reserved(&input.options.reserved_ids),
            open: Vec::new(),
            leaf: None,
            leaf_kind: None,
            section: None,
            quotes: 0,
            in_note: false,
            link: None,
            raw_link: None,
            raw_table: None,
            deferred: Vec::new(),
            script: None,
            written_until: 0,
            table: None,
            definitions: BTreeMap::new(),
            pending_allows: Vec::new(),
            leaf_allows: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> (Body, Vec<Diagnostic>) {
        let start = self.lift_title();
        self.survey();
        self.write(start..self.input.events.len());
        self.body.main_end = self.html.len();
        self.body.main_holes = self.body.holes.len();
        self.write_notes();
        self.find_unused_notes();
        self.body.html = Text::new(self.html.as_str());
        self.body.text = self.text.finish();
        self.body.shrink();
        (self.body, self.diagnostics)
    }

    /// Takes a lone first-level heading at the start for the title; returns the
    /// event to begin with.
    fn lift_title(&mut self) -> usize {
        let is_top = |event: &Event<'_>| {
            matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }))
        };
        let events = self.input.events;
        let lone = self.input.options.lift_title
            && self.input.extent == Extent::Page
            && events.first().is_some_and(|(event, _)| is_top(event))
            && !events[1..].iter().any(|(event, _)| is_top(event));
        if !lone {
            return 0;
        }
        let end = self.matching_end(0);
        let range = self.place(trimmed(self.input.source, &events[0].1));
        self.body.title = Some(LeadingTitle { text: self.plain_text(1..end), range });
        end + 1
    }

    /// Notes what later events need to know of earlier ones: footnotes, explicit ids.
    fn survey(&mut self) {
        let input = self.input;
        let mut at = 0;
        while at < input.events.len() {
            match &input.events[at].0 {
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    let events = at + 1..self.matching_end(at);
                    let mark = self.definition_mark(&input.events[at].1);
                    self.define_note(label, Definition { events, mark, note: None });
                }
                Event::Start(Tag::Heading { id: Some(id), .. }) => {
                    self.claim_heading(id, input.events[at].1.clone());
                }
                _ => {}
            }
            at += 1;
        }
        self.find_undefined_notes();
    }

    /// Writes the events in `range`; footnotes in it are left to [`Self::write_notes`].
    fn write(&mut self, range: Range<usize>) {
        (self.written_until, self.script) = (0, None);
        let mut at = range.start;
        while at < range.end {
            at = self.event(at);
        }
        self.end_text();
        while let Some(open) = self.open.pop() {
            self.close(open);
        }
        self.pending_allows.clear();
    }

    /// Writes each footnote that is referred to, also those that footnotes refer to.
    fn write_notes(&mut self) {
        self.in_note = true;
        self.section = None;
        let mut index = 0;
        while let Some(note) = self.body.notes.get(index) {
            let definition = self.definitions.get(&note.label.to_lowercase());
            let events = definition.map_or(0..0, |definition| definition.events.clone());
            // Something must part two texts, or a hole could belong to either.
            self.html.push('\n');
            let (start, first) = (self.html.len(), self.body.holes.len());
            self.write(events);
            let holes = first..self.body.holes.len();
            let last = self.body.holes[first..].last().map_or(start, |hole| hole.at);
            let end = self.html.trim_end().len().max(last);
            self.html.truncate(end);
            let note = &mut self.body.notes[index];
            (note.html, note.holes) = (start..end, holes);
            index += 1;
        }
    }

    /// Writes the event `at` and returns the one to go on with.
    fn event(&mut self, at: usize) -> usize {
        let input = self.input;
        let (event, range) = &input.events[at];
        match event {
            Event::Start(tag) => return self.start(at, tag, range),
            Event::End(tag) => self.end(*tag),
            Event::Text(text) => self.text_event(at, text, range),
            Event::Code(code) => self.code(code, range),
            Event::InlineMath(formula) => self.math(formula, range, false),
            Event::DisplayMath(formula) => self.math(formula, range, true),
            Event::InlineHtml(html) => self.inline_html(html, range),
            Event::Html(html) => self.inline_html(html, range),
            Event::FootnoteReference(label) => self.note_reference(label, range),
            Event::SoftBreak => self.line_break("\n", range),
            Event::HardBreak => self.line_break("<br>\n", range),
            Event::Rule => {
                self.begin_block(range);
                self.html.push_str("<hr>\n");
            }
            Event::TaskListMarker(checked) => self.task_marker(*checked),
        }
        at + 1
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Emphasis => self.end_inline("</em>"),
            TagEnd::Strong => self.end_inline("</strong>"),
            TagEnd::Strikethrough => self.end_inline("</del>"),
            TagEnd::Link => self.end_link(),
            tag => self.end_block(tag),
        }
    }

    /// Returns the index of the event that ends what the event `at` starts.
    pub(super) fn matching_end(&self, at: usize) -> usize {
        let mut depth = 0usize;
        for (index, (event, _)) in self.input.events.iter().enumerate().skip(at) {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => {
                    depth -= 1;
                    if depth == 0 {
                        return index;
                    }
                }
                _ => {}
            }
        }
        self.input.events.len()
    }

    /// Returns the place in the file of a place in the Markdown.
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        self.input.base + range.start..self.input.base + range.end
    }

    /// Returns the place in the Markdown of a text that the parser took from it.
    pub(super) fn written_at(&self, text: &str) -> Option<Range<usize>> {
        // A borrowed text lies in the buffer that the parser read.
        let start = (text.as_ptr() as usize).checked_sub(self.input.masked.as_ptr() as usize)?;
        let range = start..start.checked_add(text.len())?;
        (self.input.masked.get(range.clone())? == text).then_some(range)
    }

    /// Returns a text of the parser's as the author wrote it.
    pub(super) fn as_written<'t>(&self, text: &'t str) -> &'t str
    where
        'a: 't,
    {
        match self.written_at(text) {
            Some(range) if !text.is_empty() => &self.input.source[range],
            _ => text,
        }
    }

    /// Adds a diagnostic at a place in the Markdown.
    pub(super) fn report(&mut self, rule: &'static Rule, range: Range<usize>, message: String) {
        let span = Span::new(self.input.id.clone(), self.place(range));
        self.diagnostics.push(Diagnostic::new(rule, span, message));
    }

    /// Adds a hole here.
    pub(super) fn hole(&mut self, kind: HoleKind) {
        self.body.holes.push(Hole { at: self.html.len(), kind });
    }

    /// Returns the note with `label`, if it is defined, as an index into the body's notes.
    pub(super) fn note(&mut self, label: &str) -> Option<usize> {
        let definition = self.definitions.get_mut(&label.to_lowercase())?;
        let notes = &mut self.body.notes;
        Some(*definition.note.get_or_insert_with(|| {
            notes.push(Note { label: Arc::from(label), html: 0..0, holes: 0..0, references: 0 });
            notes.len() - 1
        }))
    }

    /// Makes the heading `index` the one that what follows stands under.
    pub(super) fn begin_section(&mut self, index: usize) {
        if !self.in_note {
            self.section = Some(index);
        }
    }

    /// Extends the open block of text to hold `range`.
    pub(super) fn touch(&mut self, range: &Range<usize>) {
        let leaf = self.leaf.get_or_insert_with(|| range.clone());
        leaf.start = leaf.start.min(range.start);
        leaf.end = leaf.end.max(range.end);
    }

    /// Ends the open block of text.
    pub(super) fn end_text(&mut self) {
        let leaf = self.leaf.take();
        if let Some(leaf) = &leaf {
            for allow in std::mem::take(&mut self.leaf_allows) {
                let governs = self.place(trimmed(self.input.source, leaf));
                self.body.allows[allow].governs = governs;
            }
        }
        let kind = self.leaf_kind.take();
        if !self.text.in_block() {
            return;
        }
        let kind = kind.unwrap_or_else(|| self.block_kind());
        let info = BlockInfo {
            kind,
            heading: self.section,
            component: self.component().and_then(|component| component.index),
            source: self.place(trimmed(self.input.source, &leaf.unwrap_or(0..0))),
        };
        self.text.end_block(|| info);
    }

    /// Returns what a block of text is by what it stands in.
    fn block_kind(&self) -> BlockKind {
        if self.quotes > 0 {
            BlockKind::Quotation
        } else if self.component().is_some_and(|component| component.captioned) {
            BlockKind::Caption
        } else if self.in_note {
            BlockKind::Note
        } else {
            BlockKind::Prose
        }
    }

    /// Returns whether a term may become a link here.
    pub(super) fn linkable(&self) -> Linkable {
        let raw = |wanted: &[&str]| {
            self.open.iter().any(|open| match open {
                Open::Raw(name) => wanted.contains(&name.as_str()),
                _ => false,
            })
        };
        if self.leaf_kind == Some(BlockKind::Heading) {
            return Linkable::Heading;
        }
        if self.link.is_some() {
            return Linkable::Link;
        }
        if !self.open.iter().any(|open| !matches!(open, Open::Markdown)) {
            return if self.quotes > 0 { Linkable::Quotation } else { Linkable::Yes };
        }
        if raw(&["h1", "h2", "h3", "h4", "h5", "h6", "summary", "legend"]) {
            Linkable::Heading
        } else if raw(&["a", "button"]) {
            Linkable::Link
        } else if raw(&["code", "kbd", "samp", "pre", "var"]) {
            Linkable::Code
        } else if self.quotes > 0 || raw(&["blockquote", "q", "cite"]) {
            Linkable::Quotation
        } else if raw(&["figcaption", "caption"])
            || (self.component().is_some_and(|component| component.captioned)
                && self.leaf_kind != Some(BlockKind::Cell))
        {
            Linkable::Caption
        } else if self.components().any(|component| component.opted_out) {
            Linkable::OptedOut
        } else {
            Linkable::Yes
        }
    }
}

/// Returns `range` of `text` without the white space at its ends.
pub(super) fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let Some(inner) = text.get(range.clone()) else { return range.clone() };
    let start = range.start + (inner.len() - inner.trim_start().len());
    start..start + inner.trim().len()
}
