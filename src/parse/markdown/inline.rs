//! What stands in a line of text: text, citations, links, images, code, formulas.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag};

use crate::citation::syntax::Citation;
use crate::diagnostic::structural;
use crate::parse::body::{Attributes, HoleKind, Image, Link, LinkKind};
use crate::parse::components::parse_attributes;
use crate::parse::math;
use crate::parse::text::{Linkable, OMITTED, Origin, escape_into};

use super::raw_html::is_safe_url;
use super::writer::{Open, Writer, trimmed};

impl<'a> Writer<'a> {
    pub(super) fn start_inline(&mut self, tag: &str) {
        self.html.push_str(tag);
    }

    pub(super) fn end_inline(&mut self, tag: &str) {
        self.close_markdown();
        self.html.push_str(tag);
    }

    /// Writes the text event `at`, with the citations in it.
    pub(super) fn text_event(&mut self, at: usize, text: &str, range: &Range<usize>) {
        let Some(place) = self.written_at(text) else {
            if range.end > self.written_until {
                self.push_text(self.quotation_mark(at).unwrap_or(text), range);
            }
            return;
        };
        let citations = self.input.citations;
        let mut from = place.start.max(self.written_until);
        let mut next = citations.partition_point(|citation| citation.range.end <= from);
        while from < place.end {
            let Some(citation) = citations.get(next).filter(|c| c.range.start < place.end) else {
                break;
            };
            next += 1;
            if citation.range.start < from || !self.stands_in_text(at, citation.range.end) {
                continue;
            }
            self.push_written(at, from..citation.range.start);
            self.citation(citation);
            self.written_until = citation.range.end;
            from = citation.range.end.min(place.end);
        }
        if from < place.end {
            self.push_written(at, from..place.end);
        }
    }

    /// Writes the source in `range`, in the event `at`, with sub- and superscripts.
    fn push_written(&mut self, at: usize, range: Range<usize>) {
        let source = self.input.source;
        let mut from = range.start;
        loop {
            if let Some(script) = self.script {
                if !(from..range.end).contains(&script.close) {
                    break;
                }
                self.push_text(&source[from..script.close], &(from..script.close));
                self.html.push_str(if script.element == "sub" { "</sub>" } else { "</sup>" });
                self.script = None;
                from = script.close + 1;
                continue;
            }
            let scripts = self.input.scripts;
            let next = scripts.partition_point(|script| script.open < from);
            let Some(script) = scripts[next..]
                .iter()
                .take_while(|script| script.open < range.end)
                .find(|script| self.stands_in_text(at, script.close + 1))
            else {
                break;
            };
            self.push_text(&source[from..script.open], &(from..script.open));
            self.html.push_str(if script.element == "sub" { "<sub>" } else { "<sup>" });
            self.script = Some(*script);
            from = script.open + 1;
        }
        self.push_text(&source[from..range.end], &(from..range.end));
    }

    /// Tells whether only text follows from the event `at` up to `end` in the source.
    fn stands_in_text(&self, at: usize, end: usize) -> bool {
        for (event, range) in &self.input.events[at..] {
            if !matches!(event, Event::Text(_) | Event::SoftBreak | Event::HardBreak) {
                return false;
            }
            if range.end >= end {
                return true;
            }
        }
        false
    }

    fn push_text(&mut self, text: &str, range: &Range<usize>) {
        if text.is_empty() {
            return;
        }
        self.touch(range);
        let linkable = self.linkable();
        self.push_linkable(text, range, linkable);
    }

    /// Writes `text`, which stands in the source in `range` or stands for what does.
    fn push_linkable(&mut self, text: &str, range: &Range<usize>, linkable: Linkable) {
        let text = clean(text);
        let start = self.html.len();
        escape_into(&text, &mut self.html);
        let origin = self.origin(&text, range);
        self.text.push(&text, origin, start..self.html.len(), linkable);
    }

    /// Returns where `text` comes from, which the parser says of what lies in `range`.
    fn origin(&self, text: &str, range: &Range<usize>) -> Origin {
        let source = self.input.source;
        if source.get(range.clone()) == Some(text) {
            return Origin::Written(self.input.base + range.start);
        }
        // At the end of a line, the parser counts white space to a quotation mark.
        let made = trimmed(source, range);
        Origin::Made(self.place(if made.is_empty() { range.clone() } else { made }))
    }

    pub(super) fn line_break(&mut self, html: &str, range: &Range<usize>) {
        if range.start < self.written_until {
            return;
        }
        self.touch(range);
        let start = self.html.len();
        self.html.push_str(html);
        let source = self.place(range.clone());
        if html == "\n" {
            let linkable = self.linkable();
            self.text.push(" ", Origin::Written(source.start), start..start + 1, linkable);
        } else {
            self.text.space(source);
        }
    }

    fn citation(&mut self, citation: &Citation) {
        self.touch(&citation.range);
        match citation.narrative {
            true => {
                let source = self.place(citation.range.clone());
                self.text.names(self.body.citations.len(), source);
            }
            false => self.text.skip(),
        }
        let mut citation = citation.clone();
        citation.range = self.place(citation.range.clone());
        for cite in &mut citation.cites {
            cite.key_range = self.place(cite.key_range.clone());
        }
        let in_link = self.link.is_some() || self.in_raw("a");
        if self.link.is_some() && !citation.narrative {
            self.deferred.push(citation);
            return;
        }
        citation.in_link = in_link;
        self.push_citation(citation);
    }

    fn push_citation(&mut self, citation: Citation) {
        self.hole(HoleKind::Citation(self.body.citations.len()));
        self.body.citations.push(citation);
    }

    pub(super) fn note_reference(&mut self, label: &str, range: &Range<usize>) {
        let Some(note) = self.note(label) else {
            let written = self.input.source[range.clone()].to_owned();
            self.push_text(&written, range);
            return;
        };
        self.touch(range);
        self.text.skip();
        let nth = self.body.notes[note].references;
        self.body.notes[note].references += 1;
        self.hole(HoleKind::NoteReference { note, nth });
    }

    pub(super) fn code(&mut self, code: &str, range: &Range<usize>) {
        self.touch(range);
        let masked =
            self.input.citations.iter().any(|citation| {
                citation.range.start < range.end && citation.range.end > range.start
            });
        let written = self.written_at(code);
        let code: Cow<'_, str> = match &written {
            None if masked => Cow::Owned(code_text(&self.input.source[range.clone()])),
            _ => Cow::Borrowed(self.as_written(code)),
        };
        let written = written.unwrap_or_else(|| range.clone());
        self.html.push_str("<code>");
        self.push_linkable(&code, &written, Linkable::Code);
        self.html.push_str("</code>");
    }

    pub(super) fn math(&mut self, formula: &str, range: &Range<usize>, display: bool) {
        self.touch(range);
        self.text.skip();
        let formula = self.as_written(formula);
        match math::mathml(formula, display) {
            Ok(html) => self.html.push_str(&html),
            Err(error) => {
                self.html.push_str("<code class=\"math-error\">");
                escape_clean(formula, &mut self.html);
                self.html.push_str("</code>");
                let message = format!("the formula cannot be read: {error}");
                self.report(&structural::MATH_SYNTAX, range.clone(), message);
            }
        }
    }

    pub(super) fn start_link(
        &mut self,
        at: usize,
        kind: LinkType,
        (destination, title): (&CowStr<'a>, &CowStr<'a>),
        range: &Range<usize>,
    ) -> usize {
        self.touch(range);
        let written = self.as_written(destination);
        // In a table, the bar before the text is written `\|`.
        let in_cell = self.table.is_some() && matches!(kind, LinkType::WikiLink { .. });
        let written = if in_cell { written.trim_end_matches('\\') } else { written };
        if !is_safe_url(written) {
            let message = format!("a link may not lead to `{}`", scheme(written));
            self.report(
                &structural::LINK_BROKEN,
                self.destination_place(destination, range),
                message,
            );
        }
        if !is_safe_url(written) || self.in_raw("a") {
            self.open.push(Open::Markdown);
            return at + 1;
        }
        let destination_range = self.place(self.destination_place(destination, range));
        let end = self.matching_end(at);
        let (kind, empty) = match kind {
            LinkType::WikiLink { has_pothole } => {
                (LinkKind::Wikilink, !has_pothole || end == at + 1)
            }
            _ => (LinkKind::Markdown, end == at + 1),
        };
        let is_email = matches!(
            self.input.events[at].0,
            Event::Start(Tag::Link { link_type: LinkType::Email, .. })
        );
        let prefix = if is_email { "mailto:" } else { "" };
        let index = self.body.links.len();
        self.body.links.push(Link {
            kind,
            destination: format!("{prefix}{written}"),
            title: self.as_written(title).to_owned(),
            empty,
            text: String::new(),
            range: self.place(range.clone()),
            destination_range,
            html: None,
        });
        self.hole(HoleKind::LinkStart(index));
        if empty {
            self.hole(HoleKind::LinkEnd(index));
            self.text.stand_in(&name_of(written), self.place(range.clone()));
            return end + 1;
        }
        self.link = Some((index, self.text.len()));
        self.open.push(Open::Markdown);
        at + 1
    }

    pub(super) fn end_link(&mut self) {
        self.close_markdown();
        let Some((index, from)) = self.link.take() else { return };
        let text = self.text.since(from).trim();
        let link = &mut self.body.links[index];
        link.text = [text, link.text.as_str()].concat().trim().to_owned();
        self.hole(HoleKind::LinkEnd(index));
        for citation in std::mem::take(&mut self.deferred) {
            self.push_citation(citation);
        }
    }

    /// Adds the text of an image to that of the link that holds it.
    pub(super) fn add_to_link(&mut self, alt: &str) {
        if let Some((link, _)) = self.link.or(self.raw_link) {
            self.body.links[link].text.push_str(alt);
        }
    }

    /// Returns where the destination of the link at `range` is written.
    fn destination_place(&self, destination: &str, range: &Range<usize>) -> Range<usize> {
        let searched = || {
            let link = &self.input.source[range.clone()];
            let at = range.start + link.rfind(destination)?;
            Some(at..at + destination.len())
        };
        match destination {
            "" => range.clone(),
            _ => self.written_at(destination).or_else(searched).unwrap_or_else(|| range.clone()),
        }
    }

    pub(super) fn image(
        &mut self,
        at: usize,
        source: &CowStr<'a>,
        title: &CowStr<'a>,
        range: &Range<usize>,
    ) -> usize {
        let end = self.matching_end(at);
        let mut range = range.clone();
        let named = !matches!(
            self.input.events[at].0,
            Event::Start(Tag::Image { link_type: LinkType::WikiLink { has_pothole: false }, .. })
        );
        let alt = if named { self.plain_text(at + 1..end) } else { String::new() };
        let mut attributes = Attributes::default();
        let masked = self.input.masked.as_bytes().get(range.end) == Some(&b',');
        if masked && self.input.source[range.end..].starts_with('{') {
            let read = parse_attributes(self.input.source, range.end);
            if let Some(read) = read.filter(|read| read.errors.is_empty()) {
                attributes = read.attributes;
                for pair in &mut attributes.pairs {
                    pair.range = self.place(pair.range.clone());
                }
                self.written_until = read.end;
                range.end = read.end;
            }
        }
        self.touch(&range);
        let src = self.as_written(source).to_owned();
        if !is_safe_url(&src) {
            let message = format!("an image may not come from `{}`", scheme(&src));
            self.report(&structural::IMAGE_MISSING, range.clone(), message);
            self.push_text(&alt, &range);
            return end + 1;
        }
        self.text.skip();
        self.add_to_link(&alt);
        self.hole(HoleKind::Image(self.body.images.len()));
        self.body.images.push(Image {
            src,
            srcset: Vec::new(),
            alt,
            title: self.as_written(title).to_owned(),
            attributes,
            range: self.place(range),
            html: None,
        });
        end + 1
    }

    /// Returns the plain text of the events in `range`, without citations, notes,
    /// images and raw HTML.
    pub(super) fn plain_text(&self, range: Range<usize>) -> String {
        let mut plain = String::new();
        let mut images = 0usize;
        for at in range {
            let (event, _) = &self.input.events[at];
            match event {
                Event::Start(Tag::Image { .. }) => images += 1,
                Event::End(pulldown_cmark::TagEnd::Image) => images = images.saturating_sub(1),
                _ if images > 0 => {}
                Event::Text(text) => {
                    self.push_plain(self.quotation_mark(at).unwrap_or(text), &mut plain);
                }
                Event::Code(code) => plain.push_str(self.as_written(code)),
                Event::SoftBreak | Event::HardBreak => plain.push(' '),
                _ => {}
            }
        }
        let words: Vec<&str> = plain.split_whitespace().collect();
        words.join(" ")
    }

    fn push_plain(&self, text: &str, plain: &mut String) {
        let Some(place) = self.written_at(text) else {
            plain.push_str(text);
            return;
        };
        let citations = self.input.citations;
        let first = citations.partition_point(|citation| citation.range.end <= place.start);
        let mut from = place.start;
        for citation in citations[first..].iter().take_while(|c| c.range.start < place.end) {
            self.push_unscripted(from..citation.range.start, plain);
            from = citation.range.end;
        }
        self.push_unscripted(from..place.end, plain);
    }

    /// Appends the source in `range` without the delimiters of scripts.
    fn push_unscripted(&self, range: Range<usize>, plain: &mut String) {
        let Some(text) = self.input.source.get(range.clone()) else { return };
        let scripts = self.input.scripts;
        let next = scripts.partition_point(|script| script.close < range.start);
        let mut from = 0;
        for delimiter in scripts[next..].iter().flat_map(|script| [script.open, script.close]) {
            if range.contains(&delimiter) {
                plain.push_str(&text[from..delimiter - range.start]);
                from = delimiter - range.start + 1;
            } else if delimiter >= range.end {
                break;
            }
        }
        plain.push_str(&text[from..]);
    }
}

/// Returns `text` without the control characters that HTML does not allow.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    // Control characters start with one of these bytes. Without an early end the
    // loop handles many bytes at once.
    let is_suspect = |byte: u8| byte < b' ' || byte == 0x7f || byte == 0xc2;
    let suspect = text.bytes().fold(false, |found, byte| found | is_suspect(byte));
    if suspect && text.contains(forbidden) {
        Cow::Owned(text.replace(forbidden, "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Appends `text`, escaped, without control characters.
pub(super) fn escape_clean(text: &str, html: &mut String) {
    escape_into(&clean(text), html);
}

/// Returns the text of the code span `written`, as CommonMark reads it.
fn code_text(written: &str) -> String {
    let inner = written.trim_matches('`').replace("\r\n", " ").replace('\n', " ");
    let padded = inner.starts_with(' ') && inner.ends_with(' ') && !inner.trim().is_empty();
    if padded { inner[1..inner.len() - 1].to_owned() } else { inner }
}

/// Returns the scheme of `url` with its colon.
fn scheme(url: &str) -> &str {
    url.find(':').map_or(url, |end| &url[..=end])
}

/// Returns what stands in a text for the title of the page that `destination` names, with a
/// capital as titles have; [`OMITTED`] where it says no name.
fn name_of(destination: &str) -> String {
    let path = destination.split(['#', '?']).next().unwrap_or_default().trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".md").unwrap_or(name);
    let mut characters = name.chars();
    let Some(first) = characters.next().filter(|_| !destination.contains(':')) else {
        return OMITTED.to_owned();
    };
    let rest = characters.as_str();
    let rest = if name.contains(' ') { rest.to_owned() } else { rest.replace('-', " ") };
    first.to_uppercase().chain(rest.chars()).collect()
}
