//! Raw HTML and components among Markdown: what opens and closes, so that the
//! HTML is well formed whatever the author left open.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::Event;

use crate::diagnostic::{ALLOW_REASON, structural};
use crate::html::unescape;
use crate::parse::body::{
    Allow, Anchor, Attribute, Attributes, ComponentCall, HoleKind, HtmlAttributes, Image, Link,
    LinkKind,
};
use crate::parse::components::ComponentLine;

use super::RawHtml;
use super::inline::escape_clean;
use super::raw_html::{
    Piece, Policy, Tag, allow_comment, is_dropped_whole, is_void, passing_attributes, pieces,
    push_escaped,
};
use super::writer::{Open, Writer, trimmed};

/// Elements of raw HTML deeper than this are left out, their text kept: each is looked
/// for among those that are open.
const MOST_NESTED: usize = 64;

/// A component that is open.
#[derive(Debug)]
pub(super) struct OpenComponent {
    /// Its call, as an index into the body's components; `None` where it has no name.
    pub(super) index: Option<usize>,
    /// Whether its text is a caption.
    pub(super) captioned: bool,
    /// Whether terms in it are not linked.
    pub(super) opted_out: bool,
    colons: usize,
    /// The opening line.
    range: Range<usize>,
    /// The comments that govern it.
    allows: Vec<usize>,
}

/// Returns where in `place` the tag stands, or somewhat before: of a line, the parser leaves
/// out how it is indented and part of how it ends.
pub(super) fn within(source: &str, place: &Range<usize>, tag: &Tag<'_>) -> usize {
    source.floor_char_boundary((place.start + tag.range.start).min(place.end)).max(place.start)
}

/// Elements whose text is no markup, so that a comment in it is none (HTML, 13.1.2).
const RAW_TEXT: &[&str] = &["script", "style", "textarea", "title"];

impl Writer<'_> {
    /// Returns the components that are open, the innermost first.
    pub(super) fn components(&self) -> impl Iterator<Item = &OpenComponent> {
        self.open.iter().rev().filter_map(|open| match open {
            Open::Component(component) => Some(component),
            _ => None,
        })
    }

    /// Returns the innermost component that is open and has a name.
    pub(super) fn component(&self) -> Option<&OpenComponent> {
        self.components().find(|component| component.index.is_some())
    }

    /// Tells whether the element `name` of raw HTML is open.
    pub(super) fn in_raw(&self, name: &str) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Raw(open) if open == name))
    }

    /// Closes all that is open in the innermost element of Markdown's, and that.
    pub(super) fn close_markdown(&mut self) {
        while let Some(open) = self.open.pop() {
            if matches!(open, Open::Markdown) {
                break;
            }
            self.close(open);
        }
    }

    /// Writes the end of what the author left open.
    pub(super) fn close(&mut self, open: Open) {
        match open {
            Open::Markdown => {}
            Open::Raw(name) => self.write_end_tag(&name),
            Open::Component(component) => {
                let message = match component.index {
                    Some(index) => {
                        format!(
                            "the component `{}` is never closed",
                            self.body.components[index].name
                        )
                    }
                    None => "the component is never closed".to_owned(),
                };
                self.report(&structural::COMPONENT_UNKNOWN, component.range.clone(), message);
                if let Some(found) = self.diagnostics.pop() {
                    let colons = ":".repeat(component.colons);
                    self.diagnostics.push(found.with_help(format!(
                        "end it with a line `{colons}`, in the same list item or quotation"
                    )));
                }
                self.end_component(component, None);
            }
        }
    }

    fn write_end_tag(&mut self, name: &str) {
        if let Some((place, false)) = self.raw_table.take_if(|_| name == "table") {
            let place = self.place(place);
            self.body.headless_tables.push(place);
        }
        if let Some((index, from)) = self.raw_link.take_if(|_| name == "a") {
            let link = &mut self.body.links[index];
            link.text = [self.text.since(from), &link.text].concat().trim().to_owned();
            return self.hole(HoleKind::LinkEnd(index));
        }
        self.html.push_str("</");
        self.html.push_str(name);
        self.html.push('>');
    }

    /// Writes the HTML block that starts with the event `at`.
    pub(super) fn html_block(&mut self, at: usize, range: &Range<usize>) -> usize {
        let end = self.matching_end(at);
        let input = self.input;
        let first = input.components.partition_point(|line| line.range.end <= range.start);
        if let Some(line) = input.components.get(first)
            && range.contains(&line.range.start)
            && input.source[range.start..line.range.start].trim().is_empty()
        {
            self.component_line(line);
            return end + 1;
        }
        let mut html = String::new();
        for (event, _) in &input.events[at + 1..end] {
            if let Event::Html(line) | Event::Text(line) = event {
                html.push_str(self.as_written(line));
            }
        }
        self.end_text();
        let place = trimmed(input.source, range);
        let pieces = pieces(&html);
        let shows = pieces.iter().any(|piece| match piece {
            Piece::Comment(..) => false,
            Piece::Text(text) => !text.trim().is_empty(),
            _ => true,
        });
        if shows {
            self.settle_allows(&place);
        }
        self.judge_comments(&pieces, &html, &place);
        let (before, holes) = (self.html.len(), self.body.holes.len());
        self.write_pieces(&pieces, &html, &place, false);
        let written = self.html.split_off(before);
        let is_empty = written.trim().is_empty() && self.body.holes.len() == holes;
        let written = if is_empty { "" } else { &written };
        self.html.push_str(written);
        if !written.is_empty() && !written.ends_with('\n') {
            self.html.push('\n');
        }
        end + 1
    }

    /// Writes the tag or comment `html`, which stands in a line of text.
    pub(super) fn inline_html(&mut self, html: &str, range: &Range<usize>) {
        if range.start < self.written_until {
            return;
        }
        self.touch(range);
        let html = self.as_written(html);
        self.write_pieces(&pieces(html), html, range, true);
    }

    fn write_pieces(
        &mut self,
        pieces: &[Piece<'_>],
        html: &str,
        place: &Range<usize>,
        inline: bool,
    ) {
        let policy = match self.input.options.raw_html {
            RawHtml::Allow => Policy::All,
            RawHtml::Sanitize => Policy::Prose,
            RawHtml::Refuse => return self.refuse(pieces, html, place, inline),
        };
        let mut dropped: Option<&str> = None;
        for piece in pieces {
            match piece {
                Piece::Close(name) if dropped == Some(name) => dropped = None,
                _ if dropped.is_some() => {}
                Piece::Open(tag) if is_dropped_whole(&tag.name) => {
                    // In a line of text each tag is a piece of its own.
                    dropped = (!inline).then_some(tag.name.as_str());
                }
                Piece::Open(tag)
                    if policy.passes(&tag.name, inline)
                        || tag.name == "title" && self.in_raw("svg") =>
                {
                    self.open_raw(tag, policy, place);
                }
                Piece::Close(name) => self.close_raw(name),
                Piece::Text(text) => {
                    push_escaped(text, &mut self.html);
                    if let Some((link, _)) = self.raw_link {
                        self.body.links[link].text.push_str(&unescape(text));
                    }
                }
                Piece::Comment(comment, _) => self.comment(comment, place, inline),
                Piece::Open(_) => {}
            }
        }
    }

    /// Shows raw HTML as text.
    fn refuse(&mut self, pieces: &[Piece<'_>], html: &str, place: &Range<usize>, inline: bool) {
        let mut shown = html.to_owned();
        for piece in pieces.iter().rev() {
            if let Piece::Comment(comment, range) = piece {
                self.comment(comment, place, inline);
                shown.replace_range(range.clone(), "");
            }
        }
        if inline {
            escape_clean(&shown, &mut self.html);
        } else if !shown.trim().is_empty() {
            self.html.push_str("<p>");
            escape_clean(shown.trim(), &mut self.html);
            self.html.push_str("</p>");
        }
    }

    fn open_raw(&mut self, tag: &Tag<'_>, policy: Policy, place: &Range<usize>) {
        let nested_link = tag.name == "a" && (self.link.is_some() || self.in_raw("a"));
        let is_too_deep = !is_void(&tag.name) && self.open.len() >= MOST_NESTED;
        if nested_link || is_too_deep {
            return;
        }
        match tag.address(policy) {
            Some(address) => self.open_linked(tag, address, policy, place),
            None => self.open_embedding(tag, policy, place),
        }
        // Part of the name of a link, as a drawing's is.
        if let Some(label) = tag.value("aria-label").filter(|_| tag.name != "a")
            && tag.value("aria-hidden") != Some("true")
        {
            self.add_to_link(&unescape(label));
        }
        let is_layout = matches!(tag.value("role"), Some("presentation" | "none"));
        match (tag.name.as_str(), &mut self.raw_table) {
            ("table", table @ None) => {
                *table = Some((within(self.input.source, place, tag)..place.end, is_layout));
            }
            ("th", Some((_, has_header))) => *has_header = true,
            _ => {}
        }
        if tag.name == "br" {
            self.text.space(self.place(place.clone()));
        }
        if !is_void(&tag.name) {
            self.open.push(Open::Raw(tag.name.clone()));
        }
    }

    /// Returns the attributes of the tag that pass.
    pub(super) fn attributes(
        &mut self,
        tag: &Tag<'_>,
        policy: Policy,
        place: &Range<usize>,
    ) -> HtmlAttributes {
        let refused = |name: &str, value: &str| name == "id" && !self.claim_raw_id(value, place);
        passing_attributes(tag, policy, refused)
    }

    /// Leaves a hole for the link or image that leads to `address`.
    fn open_linked(&mut self, tag: &Tag<'_>, address: &str, policy: Policy, place: &Range<usize>) {
        let html = self.attributes(tag, policy, place);
        let from = within(self.input.source, place, tag);
        let written = self.find_in(&(from..place.end), address);
        let destination_range = self.place(written);
        let value = |name: &str| tag.value(name).map(unescape);
        let title = value("title").unwrap_or_default();
        if tag.name == "a" {
            let index = self.body.links.len();
            self.body.links.push(Link {
                kind: LinkKind::Markdown,
                destination: unescape(address),
                title,
                empty: false,
                text: String::new(),
                range: self.place(place.clone()),
                destination_range,
                html: Some(html),
            });
            self.hole(HoleKind::LinkStart(index));
            self.raw_link = Some((index, self.text.len()));
            return;
        }
        let alt = value("alt");
        let mut attributes = Attributes::default();
        // In HTML an empty text says that the image adds nothing.
        if alt.as_deref().is_some_and(|alt| alt.trim().is_empty()) {
            let (name, value) = (Arc::from("decorative"), Arc::from(""));
            attributes.pairs.push(Attribute { name, value, range: destination_range.clone() });
        }
        let alt = alt.unwrap_or_default();
        self.text.skip();
        self.add_to_link(&alt);
        let srcset = self.image_candidates(tag, policy, place);
        self.hole(HoleKind::Image(self.body.images.len()));
        let (src, range, html) = (unescape(address), destination_range, Some(html));
        self.body.images.push(Image { src, srcset, alt, title, attributes, range, html });
    }

    /// Takes the id of an element; a second one with it is reported and left out.
    fn claim_raw_id(&mut self, id: &str, place: &Range<usize>) -> bool {
        if id.is_empty() || id.contains(char::is_whitespace) {
            return false;
        }
        let place = self.find_in(place, id);
        match self.anchors.claim(id, place.clone()) {
            Ok(id) => {
                let range = self.place(place);
                self.body.anchors.push(Anchor { id, range });
                true
            }
            Err(earlier) => {
                self.duplicate_anchor(id, place, earlier);
                false
            }
        }
    }

    /// Returns where `text` stands in `place`, or `place` where it does not.
    pub(super) fn find_in(&self, place: &Range<usize>, text: &str) -> Range<usize> {
        let found = self.input.source[place.clone()].find(text);
        found.map_or_else(|| place.clone(), |at| place.start + at..place.start + at + text.len())
    }

    /// Closes the element `name` and what is open in it; a stray end tag is left out.
    fn close_raw(&mut self, name: &str) {
        let from = self.open.iter().rposition(|open| !matches!(open, Open::Raw(_)));
        let from = from.map_or(0, |last| last + 1);
        let Some(found) = self.open[from..]
            .iter()
            .rposition(|open| matches!(open, Open::Raw(open) if open == name))
        else {
            return;
        };
        while self.open.len() > from + found {
            if let Some(open) = self.open.pop() {
                self.close(open);
            }
        }
    }

    fn comment(&mut self, comment: &str, place: &Range<usize>, inline: bool) {
        if inline {
            self.text.skip();
        }
        let whole = self.comment_place(comment, place);
        let (rules, reason) = match allow_comment(comment) {
            Ok(Some(allow)) => allow,
            Ok(None) => return,
            Err(problem) => {
                self.report(&structural::COMMENT_SYNTAX, whole, problem);
                return self.help_with("write `<!-- galen: allow RULE: reason -->`");
            }
        };
        if reason.is_empty() {
            let message = format!("this `allow` of `{}` gives no reason", rules.join("`, `"));
            self.report(&ALLOW_REASON, whole, message);
            return self.help_with("write it after a colon: `<!-- galen: allow RULE: reason -->`");
        }
        for rule in rules {
            let index = self.body.allows.len();
            let range = self.place(whole.clone());
            self.body.allows.push(Allow {
                rule: Arc::from(rule),
                reason: Arc::from(reason),
                governs: range.clone(),
                range,
            });
            if inline { self.leaf_allows.push(index) } else { self.pending_allows.push(index) }
        }
    }

    /// Returns where a comment stands, with its delimiters.
    fn comment_place(&self, comment: &str, place: &Range<usize>) -> Range<usize> {
        // What a comment says, which may be nothing, stands elsewhere as well; one that is never
        // closed ends with a line break that is no part of the block.
        let said = comment.trim_end();
        let written = self.find_in(place, &format!("<!--{said}"));
        let end = (written.end + comment.len() - said.len() + "-->".len()).min(place.end);
        written.start..self.input.source.floor_char_boundary(end)
    }

    /// Adds help to what was reported last.
    fn help_with(&mut self, help: &str) {
        if let Some(found) = self.diagnostics.pop() {
            self.diagnostics.push(found.with_help(help.to_owned()));
        }
    }

    /// Reports the comments of an HTML block that take text with them: one that is never
    /// closed, and one to galen before text on its line, which is no Markdown then.
    fn judge_comments(&mut self, pieces: &[Piece<'_>], html: &str, place: &Range<usize>) {
        let mut text_of: Option<&str> = None;
        for (at, piece) in pieces.iter().enumerate() {
            let (comment, range) = match piece {
                Piece::Open(tag) if RAW_TEXT.contains(&tag.name.as_str()) => {
                    text_of.get_or_insert(&tag.name);
                    continue;
                }
                Piece::Close(name) if text_of == Some(name) => {
                    text_of = None;
                    continue;
                }
                Piece::Comment(comment, range) if text_of.is_none() => (comment, range),
                _ => continue,
            };
            let whole = self.comment_place(comment, place);
            if !html[range.clone()].ends_with("-->") {
                let end = (whole.start + "<!--".len()).min(place.end);
                let start = whole.start..self.input.source.floor_char_boundary(end);
                let message = "this comment is never closed, so that what follows is lost";
                self.report(&structural::COMMENT_SYNTAX, start, message.to_owned());
                self.help_with("end it with `-->`; within other HTML before the next empty line");
                continue;
            }
            let shares_line = match pieces.get(at + 1) {
                Some(Piece::Text(text)) => {
                    !text.split('\n').next().unwrap_or_default().trim().is_empty()
                }
                Some(Piece::Open(_) | Piece::Close(_)) => at == 0,
                _ => false,
            };
            if shares_line && comment.trim().starts_with("galen:") {
                let message = "text after this comment, on its line, is not read as Markdown";
                self.report(&structural::COMMENT_SYNTAX, whole, message.to_owned());
                self.help_with("put the comment on a line of its own, before the paragraph");
            }
        }
    }

    /// Says of the comments before a block that they govern it.
    pub(super) fn settle_allows(&mut self, range: &Range<usize>) {
        if self.pending_allows.is_empty() {
            return;
        }
        let governs = self.place(trimmed(self.input.source, range));
        for allow in std::mem::take(&mut self.pending_allows) {
            self.body.allows[allow].governs = governs.clone();
        }
    }

    fn component_line(&mut self, line: &ComponentLine) {
        self.end_text();
        for error in &line.errors {
            let message = error.message.clone();
            self.report(&structural::COMPONENT_UNKNOWN, error.range.clone(), message);
        }
        match &line.call {
            Some(call) => self.open_component(line, call),
            None => self.close_component(line),
        }
    }

    fn open_component(&mut self, line: &ComponentLine, call: &ComponentCall) {
        while matches!(self.open.last(), Some(Open::Raw(name)) if name == "p" || name == "label") {
            if let Some(open) = self.open.pop() {
                self.close(open);
            }
        }
        let opted_out = call
            .attributes
            .pairs
            .iter()
            .any(|pair| &*pair.name == "autolink" && matches!(&*pair.value, "false" | "no"));
        let index = (!call.name.is_empty()).then(|| {
            let mut placed = call.clone();
            placed.name_range = self.place(placed.name_range);
            placed.range = self.place(placed.range);
            for pair in &mut placed.attributes.pairs {
                pair.range = self.place(pair.range.clone());
            }
            let index = self.body.components.len();
            self.body.components.push(placed);
            self.hole(HoleKind::ComponentStart(index));
            index
        });
        self.open.push(Open::Component(OpenComponent {
            index,
            captioned: self.input.options.captioned.contains(&*call.name),
            opted_out,
            colons: line.colons,
            range: call.range.clone(),
            allows: std::mem::take(&mut self.pending_allows),
        }));
    }

    /// Closes the component that a line of colons ends: the innermost with as many
    /// colons, else the innermost.
    fn close_component(&mut self, line: &ComponentLine) {
        self.pending_allows.clear();
        let from = self.open.iter().rposition(|open| matches!(open, Open::Markdown));
        let from = from.map_or(0, |last| last + 1);
        let is_component = |open: &Open| matches!(open, Open::Component(_));
        let is_equal =
            |open: &Open| matches!(open, Open::Component(open) if open.colons == line.colons);
        let inner = &self.open[from..];
        let Some(found) =
            inner.iter().rposition(is_equal).or_else(|| inner.iter().rposition(is_component))
        else {
            let message = "this line closes a component, but none is open here".to_owned();
            self.report(&structural::COMPONENT_UNKNOWN, line.range.clone(), message);
            return;
        };
        while self.open.len() > from + found + 1 {
            if let Some(open) = self.open.pop() {
                self.close(open);
            }
        }
        if let Some(Open::Component(component)) = self.open.pop() {
            self.end_component(component, Some(line.range.end));
        }
    }

    /// Ends a component that the line that ends at `end` closes.
    fn end_component(&mut self, component: OpenComponent, end: Option<usize>) {
        let end = end.unwrap_or(component.range.end);
        let governs = self.place(component.range.start..end);
        for allow in component.allows {
            self.body.allows[allow].governs = governs.clone();
        }
        if let Some(index) = component.index {
            self.hole(HoleKind::ComponentEnd(index));
        }
    }
}
