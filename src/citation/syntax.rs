//! Pandoc's citation syntax.
//!
//! [`scan()`] finds the citations of a Markdown text, [`parse_group`] reads one
//! group in brackets, and [`parse_field`] the value of a `source` field. All are
//! pure functions of text; what stands in code or raw HTML is for the caller to
//! leave alone.

mod locator;
mod markup;
mod scan;

use std::ops::Range;

use super::key::CitationKey;

pub use locator::LocatorTerms;
pub use scan::{scan, scan_in};

/// One citation of the text: a group in brackets, or a narrative mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Citation {
    /// Whether the author stands in the text.
    pub narrative: bool,
    /// Whether it stands in the text of a link, so that it cannot be a link itself.
    pub in_link: bool,
    /// The works cited, in order; never empty.
    pub cites: Vec<Cite>,
    /// The place in the source.
    pub range: Range<usize>,
}

/// One work in a citation.
#[derive(Clone, Debug, PartialEq)]
pub struct Cite {
    /// The key.
    pub key: CitationKey,
    /// The key in the source, without `@` and braces.
    pub key_range: Range<usize>,
    /// Whether the author's name is left out (`-@key`).
    pub suppress_author: bool,
    /// What stands before, as CSL rich text (`<i>`, `<b>`, `<sup>`, `<sub>`), with
    /// the space that parts it from the work.
    pub prefix: String,
    /// The place in the work.
    pub locator: Option<Locator>,
    /// What stands after, as CSL rich text, with the space or comma that parts it
    /// from the work.
    pub suffix: String,
}

/// A place in a work, such as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locator {
    /// The CSL locator term, such as `page` or `section`.
    pub label: &'static str,
    /// The place, such as `4` or `4-6`.
    pub value: String,
}

/// A key where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct WrittenKey {
    /// The whole, with `-`, `@` and braces.
    range: Range<usize>,
    /// The key alone.
    key: Range<usize>,
    suppress_author: bool,
}

/// Reads the group `text`, brackets included, that stands at `base` in its source.
///
/// Returns `None` where it is no citation: one of its parts has no key.
pub fn parse_group(text: &str, base: usize, terms: &LocatorTerms) -> Option<Citation> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let cites = parse_cites(inner, base + 1, terms)?;
    Some(Citation { narrative: false, in_link: false, cites, range: base..base + text.len() })
}

/// Reads the value of a `source` field: a key, or a citation as the text would have it.
///
/// Ranges are relative to `text`. Returns `None` where it is neither.
pub fn parse_field(text: &str, terms: &LocatorTerms) -> Option<Citation> {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let range = start..start + trimmed.len();
    if trimmed.starts_with('[') {
        return parse_group(trimmed, start, terms);
    }
    if trimmed.starts_with('@') || trimmed.starts_with("-@") {
        let cites = parse_cites(trimmed, start, terms)?;
        return Some(Citation { narrative: false, in_link: false, cites, range });
    }
    let is_key = !trimmed.is_empty()
        && !trimmed.contains(|c: char| c.is_whitespace() || matches!(c, '[' | ']' | ';' | ','));
    is_key.then(|| Citation {
        narrative: false,
        in_link: false,
        cites: vec![Cite {
            key: CitationKey::new(trimmed),
            key_range: range.clone(),
            suppress_author: false,
            prefix: String::new(),
            locator: None,
            suffix: String::new(),
        }],
        range,
    })
}

/// What follows a narrative key in brackets: `[p. 4; see @b]`, or a group `[@b]`.
struct Bare {
    locator: Option<Locator>,
    suffix: String,
    others: Vec<Cite>,
}

/// Reads the brackets after a narrative key; `None` where they hold nothing of it.
fn parse_bare(text: &str, base: usize, terms: &LocatorTerms) -> Option<Bare> {
    let inner = text.strip_prefix('[')?.strip_suffix(']')?;
    let parts = Parts::of(inner);
    let own = parts.ranges.first()?.clone();
    if inner[own.clone()].trim().is_empty() {
        return None;
    }
    if parts.keys.iter().any(|key| key.range.end <= own.end) {
        let others = parse_cites(inner, base + 1, terms)?;
        return Some(Bare { locator: None, suffix: String::new(), others });
    }
    let (locator, suffix) = place_and_suffix(&format!(" {}", &inner[own.clone()]), terms);
    let rest = own.end + 1;
    let others = match inner.get(rest..) {
        Some(others) if !others.trim().is_empty() => parse_cites(others, base + 1 + rest, terms)?,
        _ => Vec::new(),
    };
    Some(Bare { locator, suffix, others })
}

/// A group's text cut at its semicolons, and the keys in it.
struct Parts {
    ranges: Vec<Range<usize>>,
    keys: Vec<WrittenKey>,
}

impl Parts {
    /// Cuts `inner` at the semicolons that stand in no brackets.
    fn of(inner: &str) -> Self {
        let bytes = inner.as_bytes();
        let (mut ranges, mut keys) = (Vec::new(), Vec::new());
        let (mut depth, mut start, mut at) = (0usize, 0, 0);
        while at < bytes.len() {
            match bytes[at] {
                b'\\' => at += 1,
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth = depth.saturating_sub(1),
                b'`' => at = code_span_end(inner, at, inner.len()).unwrap_or(at + 1) - 1,
                b';' if depth == 0 => {
                    ranges.push(start..at);
                    start = at + 1;
                }
                b'@' if depth == 0 => {
                    if let Some(key) = key_at(inner, at) {
                        at = key.range.end - 1;
                        keys.push(key);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        ranges.push(start..inner.len());
        Self { ranges, keys }
    }
}

/// Reads the works of a group; `None` where a part of it names none.
fn parse_cites(inner: &str, base: usize, terms: &LocatorTerms) -> Option<Vec<Cite>> {
    let parts = Parts::of(inner);
    let mut cites = Vec::with_capacity(parts.keys.len());
    let mut keys = parts.keys.iter().peekable();
    for range in &parts.ranges {
        if inner[range.clone()].trim().is_empty() {
            continue;
        }
        let mut key = keys.next_if(|key| key.range.end <= range.end)?;
        let mut prefix = &inner[range.start..key.range.start];
        loop {
            // Two keys without a semicolon between them are two works: what
            // follows the last comma leads to the second.
            let next = keys.next_if(|key| key.range.end <= range.end);
            let rest = &inner[key.range.end..next.map_or(range.end, |next| next.range.start)];
            let (rest, next_prefix) = match next {
                Some(_) => rest.rsplit_once(',').unwrap_or(("", rest)),
                None => (rest, ""),
            };
            let (locator, suffix) = place_and_suffix(rest, terms);
            cites.push(Cite {
                key: CitationKey::new(&inner[key.key.clone()]),
                key_range: base + key.key.start..base + key.key.end,
                suppress_author: key.suppress_author,
                prefix: markup::rich_text(prefix).trim_start().to_owned(),
                locator,
                suffix,
            });
            match next {
                Some(next) => (key, prefix) = (next, next_prefix),
                None => break,
            }
        }
    }
    (!cites.is_empty()).then_some(cites)
}

/// Parts what follows a key into the place in the work and the suffix.
fn place_and_suffix(rest: &str, terms: &LocatorTerms) -> (Option<Locator>, String) {
    let rest = markup::join_lines(rest);
    let (locator, consumed) = locator::parse(&rest, terms);
    let suffix = markup::rich_text(&rest[consumed..]);
    (locator, suffix.trim_end().to_owned())
}

/// Reads the key at the `@` at byte `at`, and a `-` before it.
///
/// Pandoc's rule: a letter, digit or `_` first, then those and single
/// punctuation characters of `:.#$%&-+?<>~/` between them; or anything in braces.
fn key_at(text: &str, at: usize) -> Option<WrittenKey> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '/' | '@' | '\\')) {
        return None;
    }
    let suppress_author = before == Some('-')
        && !text[..at - 1].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '\\'));
    let start = if suppress_author { at - 1 } else { at };
    let rest = &text[at + 1..];
    if rest.starts_with('{') {
        let length = braced_key_length(rest)?;
        let (key, end) = (at + 2..at + 2 + length, at + 3 + length);
        return Some(WrittenKey { range: start..end, key, suppress_author });
    }
    let length = plain_key_length(rest)?;
    if is_in_url(text, at) {
        return None;
    }
    let end = at + 1 + length;
    Some(WrittenKey { range: start..end, key: at + 1..end, suppress_author })
}

/// How far before a place a bare address is looked for.
const LONGEST_URL: usize = 512;

/// Tells whether byte `at` of `text` stands in a word with a scheme, such as
/// `https://example.org/a?to=@name`.
pub(crate) fn is_in_url(text: &str, at: usize) -> bool {
    let before = &text[text.floor_char_boundary(at.saturating_sub(LONGEST_URL))..at];
    before.rsplit(char::is_whitespace).next().is_some_and(|word| word.contains("://"))
}

/// Returns the length of the key that `text` starts with.
fn plain_key_length(text: &str) -> Option<usize> {
    let is_regular = |c: char| c.is_alphanumeric() || c == '_';
    let mut chars = text.char_indices().peekable();
    chars.next_if(|&(_, c)| is_regular(c))?;
    let mut end = text.len();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|&(_, next)| next);
        let goes_on = is_regular(c)
            || (":.#$%&-+?<>~/".contains(c) && next.is_some_and(is_regular))
            || (matches!(c, ':' | '/') && next == Some('/'));
        if !goes_on {
            end = at;
            break;
        }
    }
    Some(end)
}

/// Returns the length of the key in the braces that `text` starts with.
fn braced_key_length(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                if depth == 0 {
                    return (at > 1).then_some(at - 1);
                }
            }
            '\n' => return None,
            _ => {}
        }
    }
    None
}

/// Returns where the code span that starts at `at` ends, if it ends before `limit`.
fn code_span_end(text: &str, at: usize, limit: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[..limit];
    let run = |from: usize| bytes[from..].iter().take_while(|&&byte| byte == b'`').count();
    let opening = run(at);
    let mut position = at + opening;
    while let Some(found) = bytes[position..].iter().position(|&byte| byte == b'`') {
        let closing = run(position + found);
        position += found + closing;
        if closing == opening {
            return Some(position);
        }
    }
    None
}

#[cfg(test)]
mod tests;
