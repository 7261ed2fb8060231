//! Blocks: paragraphs, headings, lists, quotations, code.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::diagnostic::structural;
use crate::parse::body::{Heading, HoleKind, Listing};
use crate::parse::components::parse_attributes;
use crate::parse::text::{BlockKind, escape_into};

use super::Extent;
use super::writer::{Open, Writer, trimmed};

impl<'a> Writer<'a> {
    /// Ends what ends where a block begins.
    pub(super) fn begin_block(&mut self, range: &Range<usize>) {
        self.end_text();
        while let Some(Open::Raw(name)) = self.open.last() {
            if !matches!(name.as_str(), "p" | "label") {
                break;
            }
            if let Some(open) = self.open.pop() {
                self.close(open);
            }
        }
        self.settle_allows(range);
    }

    /// Writes the start `tag`, the event `at`; returns the event to go on with.
    pub(super) fn start(&mut self, at: usize, tag: &'a Tag<'a>, range: &Range<usize>) -> usize {
        match tag {
            Tag::Emphasis => self.start_inline("<em>"),
            Tag::Strong => self.start_inline("<strong>"),
            Tag::Strikethrough => self.start_inline("<del>"),
            // Written from the scripts that `mask` finds.
            Tag::Superscript | Tag::Subscript => {}
            Tag::Link { link_type, dest_url, title, .. } => {
                return self.start_link(at, *link_type, (dest_url, title), range);
            }
            Tag::Image { dest_url, title, .. } => return self.image(at, dest_url, title, range),
            Tag::HtmlBlock => return self.html_block(at, range),
            Tag::FootnoteDefinition(_) => {
                self.end_text();
                self.settle_allows(range);
                return self.matching_end(at) + 1;
            }
            Tag::MetadataBlock(_) => return self.matching_end(at) + 1,
            Tag::CodeBlock(kind) => return self.code_block(at, kind, range),
            Tag::Heading { level, id, classes, attrs } => {
                self.begin_block(range);
                self.heading(at, *level, id.as_ref(), (classes, attrs));
            }
            Tag::Paragraph => {
                self.begin_block(range);
                self.leaf = Some(trimmed(self.input.source, range));
                self.html.push_str("<p>");
            }
            Tag::BlockQuote(kind) => {
                self.begin_block(range);
                match kind {
                    None => {
                        self.quotes += 1;
                        self.html.push_str("<blockquote>\n");
                    }
                    Some(kind) => {
                        let (class, title) = self.input.options.language.alert_titles.of(*kind);
                        let html = &mut self.html;
                        let _ = writeln!(html, "<div class=\"alert alert-{class}\" role=\"note\">");
                        html.push_str("<p class=\"alert-title\">");
                        escape_into(title, html);
                        html.push_str("</p>\n");
                    }
                }
            }
            Tag::List(first) => {
                self.begin_block(range);
                self.html.push_str(match first {
                    None => "<ul>\n",
                    Some(1) => "<ol>\n",
                    Some(_) => "<ol start=\"",
                });
                if let Some(first) = first.filter(|&first| first != 1) {
                    let _ = writeln!(self.html, "{first}\">");
                }
            }
            Tag::Item => {
                self.begin_block(range);
                let next = self.input.events[at + 1..].iter().map(|(event, _)| event);
                let is_task = next
                    .take(2)
                    .skip_while(|event| matches!(event, Event::Start(Tag::Paragraph)))
                    .take(1)
                    .any(|event| matches!(event, Event::TaskListMarker(_)));
                self.html.push_str(if is_task { "<li class=\"task\">" } else { "<li>" });
            }
            Tag::DefinitionList => {
                self.begin_block(range);
                self.html.push_str("<dl>\n");
            }
            Tag::DefinitionListTitle => {
                self.begin_block(range);
                self.leaf = Some(trimmed(self.input.source, range));
                self.html.push_str("<dt>");
            }
            Tag::DefinitionListDefinition => {
                self.begin_block(range);
                self.html.push_str("<dd>");
            }
            Tag::Table(_) | Tag::TableHead | Tag::TableRow | Tag::TableCell => {
                self.start_table_part(at, tag, range);
            }
        }
        self.open.push(Open::Markdown);
        at + 1
    }

    /// Writes the end of a block.
    pub(super) fn end_block(&mut self, tag: TagEnd) {
        self.end_text();
        self.close_markdown();
        self.pending_allows.clear();
        let html = &mut self.html;
        match tag {
            TagEnd::Paragraph => self.end_paragraph(),
            TagEnd::Heading(level) => {
                let _ = writeln!(html, "</{level}>");
            }
            TagEnd::BlockQuote(None) => {
                self.quotes = self.quotes.saturating_sub(1);
                html.push_str("</blockquote>\n");
            }
            TagEnd::BlockQuote(Some(_)) => html.push_str("</div>\n"),
            TagEnd::List(true) => html.push_str("</ol>\n"),
            TagEnd::List(false) => html.push_str("</ul>\n"),
            TagEnd::Item => html.push_str("</li>\n"),
            TagEnd::DefinitionList => html.push_str("</dl>\n"),
            TagEnd::DefinitionListTitle => html.push_str("</dt>\n"),
            TagEnd::DefinitionListDefinition => html.push_str("</dd>\n"),
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => {
                self.end_table_part(tag);
            }
            // The others are written whole where they start.
            _ => {}
        }
    }

    /// Ends a paragraph; one in which nothing is shown is taken back.
    fn end_paragraph(&mut self) {
        let html = &mut self.html;
        let empty =
            html.ends_with("<p>") && self.body.holes.last().is_none_or(|hole| hole.at < html.len());
        if empty {
            html.truncate(html.len() - "<p>".len());
        } else {
            html.push_str("</p>\n");
        }
    }

    /// Takes the ids that authors give to headings, before any is derived.
    pub(super) fn claim_heading(&mut self, id: &str, range: Range<usize>) {
        let heading = &self.input.source[range.clone()];
        let place = heading
            .rfind(&format!("#{id}"))
            .map_or(range.clone(), |at| range.start + at + 1..range.start + at + 1 + id.len());
        if let Err(earlier) = self.anchors.claim(id, place.clone()) {
            self.duplicate_anchor(id, place, earlier);
        }
    }

    /// Reports that `id` is given twice, or is the page's own.
    pub(super) fn duplicate_anchor(
        &mut self,
        id: &str,
        place: Range<usize>,
        earlier: Option<Range<usize>>,
    ) {
        if self.anchors.is_own(id) {
            let message = format!("the page itself has an anchor `{id}`");
            self.report(&structural::ANCHOR_DUPLICATE, place, message);
            let found = self.diagnostics.pop();
            self.diagnostics.extend(found.map(|found| found.with_help("choose another word")));
            return;
        }
        let message = format!("the anchor `{id}` is given twice on this page");
        self.report(&structural::ANCHOR_DUPLICATE, place, message);
        let earlier = earlier.map(|earlier| self.place(earlier));
        if let (Some(found), Some(earlier)) = (self.diagnostics.pop(), earlier) {
            let span = crate::source::Span::new(self.input.id.clone(), earlier);
            self.diagnostics.push(found.with_related(span, "the first one"));
        }
    }

    fn heading(
        &mut self,
        at: usize,
        level: HeadingLevel,
        id: Option<&CowStr<'a>>,
        (classes, attributes): (&[CowStr<'a>], &[(CowStr<'a>, Option<CowStr<'a>>)]),
    ) {
        let range = trimmed(self.input.source, &self.input.events[at].1);
        let text = self.plain_text(at + 1..self.matching_end(at));
        let explicit = id.filter(|id| {
            // A second heading with the same anchor gets one of its own.
            !self.body.headings.iter().any(|heading| *heading.id == ***id)
        });
        let anchor: Option<Arc<str>> = match explicit {
            Some(id) => Some(Arc::from(&**id)),
            None if self.input.extent == Extent::Page => Some(self.anchors.derive(&text)),
            None => None,
        };
        let html = &mut self.html;
        let _ = write!(html, "<{level}");
        if let Some(anchor) = &anchor {
            html.push_str(" id=\"");
            escape_into(anchor, html);
            html.push('"');
        }
        if !classes.is_empty() {
            let classes: Vec<&str> = classes.iter().map(|class| &**class).collect();
            html.push_str(" class=\"");
            escape_into(&classes.join(" "), html);
            html.push('"');
        }
        for (name, value) in attributes {
            if matches!(&**name, "lang" | "dir" | "title") || name.starts_with("data-") {
                let well_formed = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
                if let Some(value) = value.as_ref().filter(|_| well_formed) {
                    let _ = write!(html, " {name}=\"");
                    escape_into(value, html);
                    html.push('"');
                }
            }
        }
        html.push('>');
        self.leaf = Some(range.clone());
        self.leaf_kind = Some(BlockKind::Heading);
        let heading = Heading {
            level: level as u8,
            id: anchor.unwrap_or_default(),
            explicit: explicit.is_some(),
            text,
            range: self.place(range),
        };
        self.body.headings.push(heading);
        self.begin_section(self.body.headings.len() - 1);
    }

    fn code_block(&mut self, at: usize, kind: &CodeBlockKind<'a>, range: &Range<usize>) -> usize {
        self.begin_block(range);
        let end = self.matching_end(at);
        let mut code = String::new();
        for (event, _) in &self.input.events[at + 1..end] {
            if let Event::Text(text) = event {
                code.push_str(self.as_written(text));
            }
        }
        if !code.is_empty() && !code.ends_with('\n') {
            code.push('\n');
        }
        let language = match kind {
            CodeBlockKind::Fenced(info) => language(self.as_written(info)),
            CodeBlockKind::Indented => None,
        };
        match language {
            Some(language) => {
                self.hole(HoleKind::Listing(self.body.listings.len()));
                self.body.listings.push(Listing { language, code: Arc::from(code) });
                self.html.push('\n');
            }
            None => {
                let html = &mut self.html;
                html.push_str("<pre class=\"code\" tabindex=\"0\"><code>");
                super::inline::escape_clean(&code, html);
                html.push_str("</code></pre>\n");
            }
        }
        end + 1
    }

    pub(super) fn task_marker(&mut self, checked: bool) {
        // The item's text is the box's label, whatever its language.
        self.html.push_str("<label><input type=\"checkbox\" disabled");
        self.html.push_str(if checked { " checked> " } else { "> " });
        self.open.push(Open::Raw("label".to_owned()));
    }
}

/// Returns the language that a fence names: `rust`, `rust,ignore`, `{.rust}`.
fn language(info: &str) -> Option<Arc<str>> {
    let info = info.trim();
    if info.starts_with('{') {
        let read = parse_attributes(info, 0)?;
        return read.attributes.classes.into_iter().next();
    }
    let name = info.split([' ', '\t', ',', '{']).next()?;
    (!name.is_empty()).then(|| Arc::from(name))
}
