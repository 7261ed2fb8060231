//! Finding citations in a Markdown text.
//!
//! One pass over the bytes that keeps the open brackets of the paragraph. It
//! knows code spans, escapes, autolinks, comments and where blocks start, so far
//! as brackets could be paired wrongly across them; whether a find stands in a
//! code block or in raw HTML is for the Markdown parser to say.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Citation, Cite, LocatorTerms, code_span_end, key_at, parse_bare, parse_group};
use crate::byte_set::ByteSet;
use crate::citation::key::CitationKey;

/// Returns the citations of `text`, ascending, none inside another.
///
/// A bracket that is a link or a wikilink is no group; a narrative mention in it
/// is found.
pub fn scan(text: &str) -> Vec<Citation> {
    scan_in(text, &LocatorTerms::default())
}

/// Returns what [`scan`] does for a text of the language whose words for places are `terms`.
pub fn scan_in(text: &str, terms: &LocatorTerms) -> Vec<Citation> {
    if !text.contains('@') {
        return Vec::new();
    }
    let mut scanner = Scanner {
        text,
        terms,
        at: 0,
        paragraph_end: 0,
        no_tag_before: 0,
        no_code_before: [0; LONGEST_RUN],
        open: Vec::new(),
        found: Vec::new(),
        definitions: None,
    };
    scanner.run();
    scanner.found
}

/// Runs of backticks longer than this are taken as text.
const LONGEST_RUN: usize = 16;

/// How many bytes the destination and title of a link, or its label, may have.
const LONGEST_DESTINATION: usize = 2048;

/// How many parentheses may be open in a destination, as in CommonMark.
const MOST_PARENTHESES: usize = 32;

/// An open bracket.
struct Open {
    at: usize,
    /// Whether a key stands in it and in no bracket within.
    has_key: bool,
    /// The narrative citation that it follows, as an index into the found ones.
    follows: Option<usize>,
    /// How many brackets with a key were closed in it.
    inner: usize,
}

/// Brackets that hold more brackets with keys than this are no group: each level of
/// nesting is read anew.
const MOST_INNER: usize = 16;

struct Scanner<'a> {
    text: &'a str,
    /// The words for places.
    terms: &'a LocatorTerms,
    at: usize,
    /// Where the paragraph at `at` ends, at the earliest.
    paragraph_end: usize,
    /// Up to here no `>` ends a tag.
    no_tag_before: usize,
    /// Up to here no run of backticks of that length ends a code span.
    no_code_before: [usize; LONGEST_RUN],
    open: Vec<Open>,
    found: Vec<Citation>,
    /// The labels of the text's link definitions, once they were asked for.
    definitions: Option<BTreeSet<&'a str>>,
}

/// The bytes that mean something to the scanner while no bracket is open.
const SPECIAL: ByteSet = ByteSet::new(b"\\`[<@");

/// Those that do where one is.
const SPECIAL_IN_BRACKETS: ByteSet = ByteSet::new(b"\\`[]<@\n");

impl<'a> Scanner<'a> {
    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        loop {
            let special = if self.open.is_empty() { &SPECIAL } else { &SPECIAL_IN_BRACKETS };
            let Some(skip) = special.find(&bytes[self.at..]) else { break };
            self.at += skip;
            match bytes[self.at] {
                b'\\' => self.escape(),
                b'`' => self.code_span(),
                b'<' => self.tag(),
                b'\n' => self.line_break(),
                b'[' => self.open_bracket(),
                b']' => self.close_bracket(),
                _ => self.key(),
            }
        }
    }

    fn escape(&mut self) {
        let next = self.text.as_bytes().get(self.at + 1);
        self.at += if next.is_some_and(u8::is_ascii_punctuation) { 2 } else { 1 };
    }

    /// Returns where the paragraph ends: before the next blank line.
    fn paragraph_end(&mut self) -> usize {
        if self.paragraph_end <= self.at {
            let mut from = self.at;
            self.paragraph_end = loop {
                let Some(newline) = self.text[from..].find('\n') else { break self.text.len() };
                from += newline + 1;
                if is_blank(line_at(self.text, from)) {
                    break from;
                }
            };
        }
        self.paragraph_end
    }

    fn code_span(&mut self) {
        let bytes = self.text.as_bytes();
        let run = bytes[self.at..].iter().take_while(|&&byte| byte == b'`').count();
        let limit = self.paragraph_end();
        let end = match self.no_code_before.get(run) {
            Some(&none_before) if none_before <= self.at => {
                code_span_end(self.text, self.at, limit)
            }
            _ => None,
        };
        if end.is_none()
            && let Some(none_before) = self.no_code_before.get_mut(run)
        {
            *none_before = limit;
        }
        self.at = end.unwrap_or(self.at + run);
    }

    fn tag(&mut self) {
        let rest = &self.text[self.at..];
        if rest.starts_with("<!--") {
            self.at += rest.find("-->").map_or(4, |end| end + 3);
            return;
        }
        let is_tag = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let limit = self.paragraph_end();
        if !is_tag || self.at < self.no_tag_before {
            self.at += 1;
            return;
        }
        match self.text[self.at..limit].find('>') {
            Some(end) => self.at += end + 1,
            None => {
                self.no_tag_before = limit;
                self.at += 1;
            }
        }
    }

    /// Forgets the open brackets where another block begins.
    fn line_break(&mut self) {
        self.at += 1;
        if starts_block(line_at(self.text, self.at)) {
            self.open.clear();
        }
    }

    fn open_bracket(&mut self) {
        let at = self.at;
        self.at += 1;
        let follows = self.found.len().checked_sub(1).filter(|&last| {
            let citation = &self.found[last];
            let gap = self.text.get(citation.range.end..at).unwrap_or("x");
            citation.narrative
                && citation.cites.len() == 1
                && gap.trim().is_empty()
                && gap.matches('\n').count() <= 1
                && !self.text[self.at..].starts_with(['^', '[', '!'])
        });
        self.open.push(Open { at, has_key: false, follows, inner: 0 });
    }

    fn close_bracket(&mut self) {
        let end = self.at + 1;
        self.at = end;
        let Some(open) = self.open.pop() else { return };
        let range = open.at..end;
        if let Some(outer) = self.open.last_mut() {
            outer.inner += open.inner + usize::from(open.has_key);
        }
        if open.inner > MOST_INNER {
            return;
        }
        if let Some(narrative) = open.follows
            && self.bare_locator(narrative, &range)
        {
            return;
        }
        if !open.has_key || self.is_link(&range) {
            // A key in the text of a link belongs to the brackets around no more
            // than the link itself does.
            return;
        }
        if let Some(group) = parse_group(&self.text[range.clone()], range.start, self.terms) {
            self.drop_inside(&range);
            self.found.push(group);
        }
    }

    /// Joins the brackets at `range` to the narrative citation before them.
    fn bare_locator(&mut self, narrative: usize, range: &Range<usize>) -> bool {
        if self.text[range.end..].starts_with(['(', '[']) {
            return false;
        }
        let Some(bare) = parse_bare(&self.text[range.clone()], range.start, self.terms) else {
            return false;
        };
        self.found.truncate(narrative + 1);
        let citation = &mut self.found[narrative];
        citation.range.end = range.end;
        let cite = citation.cites.first_mut().expect("a citation has a work");
        (cite.locator, cite.suffix) = (bare.locator, bare.suffix);
        citation.cites.extend(bare.others);
        true
    }

    /// Tells whether the brackets at `range` are a link's text, a wikilink or a footnote.
    fn is_link(&mut self, range: &Range<usize>) -> bool {
        let (inner, after) = (&self.text[range.start + 1..range.end - 1], &self.text[range.end..]);
        if inner.starts_with('^') || is_inline_destination(after) {
            return true;
        }
        let wikilink = self.text[..range.start].ends_with('[') && after.starts_with(']');
        if wikilink && inner.split_once('|').is_some_and(|(page, _)| !page.contains('@')) {
            return true;
        }
        let Some(rest) = after.strip_prefix('[') else { return false };
        let rest = &rest[..rest.floor_char_boundary(LONGEST_DESTINATION)];
        let label = rest.split_once(']').map(|(label, _)| label);
        let text = self.text;
        label.is_some_and(|label| {
            let definitions = self.definitions.get_or_insert_with(|| definitions(text));
            !label.contains('@') && definitions.contains(label)
        })
    }

    fn drop_inside(&mut self, range: &Range<usize>) {
        while self.found.last().is_some_and(|last| last.range.start >= range.start) {
            self.found.pop();
        }
    }

    fn key(&mut self) {
        let Some(key) = key_at(self.text, self.at) else {
            self.at += 1;
            return;
        };
        if let Some(open) = self.open.last_mut() {
            open.has_key = true;
        }
        self.at = key.range.end;
        self.found.push(Citation {
            narrative: !key.suppress_author,
            in_link: false,
            cites: vec![Cite {
                key: CitationKey::new(&self.text[key.key.clone()]),
                key_range: key.key,
                suppress_author: key.suppress_author,
                prefix: String::new(),
                locator: None,
                suffix: String::new(),
            }],
            range: key.range,
        });
    }
}

/// Returns the labels of the lines `[label]: …` of `text`.
fn definitions(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().skip(1);
    lines.filter_map(|line| Some(line.strip_prefix('[')?.split_once("]:")?.0)).collect()
}

/// Returns the line that starts at `at`, without its end.
fn line_at(text: &str, at: usize) -> &str {
    let rest = &text[at..];
    &rest[..rest.find('\n').unwrap_or(rest.len())]
}

/// Tells whether a line is blank, be it in a quotation.
fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'>'))
}

/// Tells whether a line begins another block than the paragraph before it.
fn starts_block(line: &str) -> bool {
    let content = line.trim_start_matches([' ', '\t', '>']);
    let item = || {
        let marker = content.trim_start_matches(|c: char| c.is_ascii_digit());
        let bullet = marker.len() == content.len() && marker.starts_with(['-', '*', '+']);
        let number = marker.len() < content.len() && marker.starts_with(['.', ')']);
        (bullet || number) && marker[1..].starts_with([' ', '\t'])
    };
    is_blank(line)
        || content.starts_with('#')
        || content.starts_with(":::")
        || content.starts_with("```")
        || content.starts_with("~~~")
        || item()
}

/// Tells whether `text` starts with the destination of an inline link: `(url "title")`.
///
/// One that is longer, or holds more open parentheses, than any that is meant to be
/// one is taken for text, so that what stands unclosed is not read to the end each time.
fn is_inline_destination(text: &str) -> bool {
    let text = &text[..text.floor_char_boundary(LONGEST_DESTINATION)];
    let Some(rest) = text.strip_prefix('(') else { return false };
    let rest = rest.trim_start();
    let after = match rest.strip_prefix('<') {
        Some(quoted) => match quoted.find(['>', '\n']) {
            Some(end) if quoted[end..].starts_with('>') => &quoted[end + 1..],
            _ => return false,
        },
        None => {
            let mut depth = 0usize;
            let end = rest.find(|c: char| {
                match c {
                    '(' if depth == MOST_PARENTHESES => return true,
                    '(' => depth += 1,
                    ')' if depth == 0 => return true,
                    ')' => depth -= 1,
                    _ => {}
                }
                c.is_whitespace()
            });
            let Some(end) = end else { return false };
            &rest[end..]
        }
    };
    let after = after.trim_start();
    let title_end = match after.chars().next() {
        Some(')') => return true,
        Some(quote @ ('"' | '\'')) => after[1..].find(quote),
        Some('(') => after[1..].find(')'),
        _ => return false,
    };
    title_end.is_some_and(|end| after[end + 2..].trim_start().starts_with(')'))
}
