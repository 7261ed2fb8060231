//! Writes values into a buffer: their markup, their quotation marks and apostrophes.
//!
//! Quotation marks inside a value are turned into nested quotations, so that they alternate
//! with those of the style (CSL 1.0.2, "Formatting", `quotes`); an apostrophe becomes `’`.

use super::buffer::{Buffer, Tag};
use crate::item::{Inline, InlineStyle, Text};
use crate::style::model::{FontStyle, FontVariant, FontWeight, Formatting, VerticalAlign};
use std::borrow::Cow;

/// Appends a value with its markup.
pub(crate) fn push_value(buffer: &mut Buffer, value: &Text) {
    match value.inlines() {
        None => push_str(buffer, value.as_str()),
        Some(inlines) => {
            let mut pieces = Vec::new();
            flatten(inlines, &mut pieces);
            push_pieces(buffer, &pieces);
        }
    }
}

/// Appends a value without markup.
pub(crate) fn push_str(buffer: &mut Buffer, value: &str) {
    if value.contains(is_quote) {
        push_pieces(buffer, &[Piece::Text(value)]);
    } else {
        buffer.push(&unbroken(value));
    }
}

/// Appends a string in which markup may occur, such as the prefix of a cite.
pub(crate) fn push_markup(buffer: &mut Buffer, value: &str) {
    if value.contains('<') {
        push_value(buffer, &Text::new(value));
    } else {
        push_str(buffer, value);
    }
}

/// Returns text with the blanks made narrow and unbreakable that French writes beside
/// punctuation, so that no line begins with a colon.
fn unbroken(text: &str) -> Cow<'_, str> {
    let is_mark = |c: char| matches!(c, ':' | ';' | '?' | '!' | '»');
    let found = |pair: &[u8]| match pair {
        // The first byte of a guillemet is that of other letters too.
        [b' ', next] => matches!(next, b':' | b';' | b'?' | b'!' | 0xc2),
        [before, b' '] => *before == 0xab,
        _ => false,
    };
    if !text.as_bytes().windows(2).any(found) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 4);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let narrow = c == ' ' && (out.ends_with('«') || chars.peek().copied().is_some_and(is_mark));
        out.push(if narrow { '\u{202f}' } else { c });
    }
    Cow::Owned(out)
}

/// A value taken apart at its markup.
enum Piece<'a> {
    Text(&'a str),
    Open(InlineStyle),
    Close,
}

fn flatten<'a>(inlines: &'a [Inline], pieces: &mut Vec<Piece<'a>>) {
    for inline in inlines {
        match inline {
            Inline::Plain(text) => pieces.push(Piece::Text(text)),
            Inline::Styled(style, children) => {
                pieces.push(Piece::Open(*style));
                flatten(children, pieces);
                pieces.push(Piece::Close);
            }
        }
    }
}

fn tag_of(style: InlineStyle) -> Tag {
    let formatting = match style {
        InlineStyle::Italic => {
            Formatting { font_style: Some(FontStyle::Italic), ..Formatting::default() }
        }
        InlineStyle::Bold => {
            Formatting { font_weight: Some(FontWeight::Bold), ..Formatting::default() }
        }
        InlineStyle::SmallCaps => {
            Formatting { font_variant: Some(FontVariant::SmallCaps), ..Formatting::default() }
        }
        InlineStyle::Superscript => {
            Formatting { vertical_align: Some(VerticalAlign::Sup), ..Formatting::default() }
        }
        InlineStyle::Subscript => {
            Formatting { vertical_align: Some(VerticalAlign::Sub), ..Formatting::default() }
        }
        InlineStyle::NoCase => return Tag::NoCase,
        InlineStyle::NoDecor => return Tag::NoDecor,
    };
    Tag::Markup(formatting)
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}')
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '«' | '»')
}

/// What a quotation character turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Literal,
    Apostrophe,
    Open,
    Close,
}

/// A quotation character of the value.
struct Candidate {
    piece: usize,
    at: usize,
    char: char,
    role: Role,
    can_open: bool,
    can_close: bool,
    /// The innermost markup around it; a pair never crosses markup.
    container: usize,
}

fn push_pieces(buffer: &mut Buffer, pieces: &[Piece<'_>]) {
    let candidates = pair(candidates(pieces, buffer));
    // Where both kinds of marks occur, each keeps its kind; single marks alone are as good as
    // double ones.
    let opens = |candidate: &Candidate| candidate.role == Role::Open && candidate.char != '\'';
    let single = if candidates.iter().any(opens) { Tag::InnerQuote } else { Tag::Quote };
    let mut next = candidates.iter().peekable();
    let mut joined = false;
    let mut push = |buffer: &mut Buffer, text: &str| {
        if text.is_empty() {
            return;
        }
        let text = unbroken(text);
        if joined {
            buffer.push_joined(&text);
        } else {
            buffer.push(&text);
        }
        joined = true;
    };
    let mut open = Vec::new();
    // Text up to the next tag is one piece, so that words with apostrophes stay whole.
    let mut text = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Open(style) => {
                push(buffer, &std::mem::take(&mut text));
                let tag = tag_of(*style);
                open.push(tag);
                buffer.open(tag);
            }
            Piece::Close => {
                push(buffer, &std::mem::take(&mut text));
                if let Some(tag) = open.pop() {
                    buffer.close(tag);
                }
            }
            Piece::Text(source) => {
                let mut from = 0;
                while let Some(candidate) = next.next_if(|c| c.piece == index) {
                    text.push_str(&source[from..candidate.at]);
                    from = candidate.at + candidate.char.len_utf8();
                    match candidate.role {
                        Role::Literal => text.push(candidate.char),
                        Role::Apostrophe => text.push('’'),
                        Role::Open => {
                            push(buffer, &std::mem::take(&mut text));
                            buffer.open(match candidate.char {
                                '\'' => single,
                                _ => Tag::Quote,
                            });
                            if candidate.char == '«' {
                                // The mark of the locale brings its own blank.
                                let rest = source[from..].trim_start_matches(is_blank);
                                from = source.len() - rest.len();
                            }
                        }
                        Role::Close => {
                            if candidate.char == '»' {
                                text.truncate(text.trim_end_matches(is_blank).len());
                            }
                            push(buffer, &std::mem::take(&mut text));
                            buffer.close(Tag::Quote);
                        }
                    }
                }
                text.push_str(&source[from..]);
            }
        }
    }
    push(buffer, &text);
}

/// Finds the quotation characters and what stands around each.
fn candidates(pieces: &[Piece<'_>], buffer: &Buffer) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    let mut containers = vec![0usize];
    let mut container_count = 0;
    let mut previous: Option<char> = None;
    // The last character of a piece looks ahead into the next piece, so it is settled there.
    let mut pending: Option<usize> = None;
    for (piece, content) in pieces.iter().enumerate() {
        let text = match content {
            Piece::Open(_) => {
                container_count += 1;
                containers.push(container_count);
                continue;
            }
            Piece::Close => {
                containers.pop();
                continue;
            }
            Piece::Text(text) => text,
        };
        let container = containers.last().copied().unwrap_or_default();
        let mut chars = text.char_indices().peekable();
        while let Some((at, char)) = chars.next() {
            if let Some(index) = pending.take() {
                settle(&mut found[index], Some(char));
            }
            let counts = match char {
                '«' | '»' => buffer.guillemets,
                '“' | '”' => buffer.curly,
                char => is_quote(char),
            };
            if counts {
                let before_allows = previous.is_none_or(|p| {
                    p.is_whitespace()
                        || "([{<—–-/“‘«\"'".contains(p)
                        || !p.is_alphanumeric() && !".,;:!?)]}’”»".contains(p)
                });
                let after_space = previous.is_none_or(char::is_whitespace);
                found.push(Candidate {
                    piece,
                    at,
                    char,
                    role: Role::Literal,
                    can_open: before_allows,
                    can_close: !after_space,
                    container,
                });
                let index = found.len() - 1;
                match chars.peek() {
                    Some((_, next)) => settle(&mut found[index], Some(*next)),
                    None => pending = Some(index),
                }
            }
            previous = Some(char);
        }
    }
    if let Some(index) = pending {
        settle(&mut found[index], None);
    }
    found
}

/// Finishes a candidate once the character after it is known.
fn settle(candidate: &mut Candidate, next: Option<char>) {
    let before_space = next.is_none_or(char::is_whitespace);
    let before_word = next.is_some_and(char::is_alphanumeric);
    candidate.can_open &= !before_space;
    candidate.can_close &= !before_word;
    match candidate.char {
        '“' => {
            candidate.can_open = !before_space;
            candidate.can_close = false;
        }
        // Single marks in print are most often apostrophes, and are left as they are.
        '‘' => {
            candidate.can_open = false;
            candidate.can_close = false;
        }
        '”' => {
            candidate.can_open = false;
            candidate.can_close = true;
        }
        '’' => {
            candidate.can_open = false;
            candidate.can_close = false;
        }
        '«' => {
            candidate.can_open = true;
            candidate.can_close = false;
        }
        '»' => {
            candidate.can_open = false;
            candidate.can_close = true;
        }
        _ => {}
    }
}

fn closes(open: char, close: char) -> bool {
    matches!((open, close), ('"', '"') | ('\'', '\'') | ('“', '”') | ('«', '»'))
}

/// How many opening marks a closing one may look back over, so that hostile text costs no more
/// than its length.
const MAX_OPEN_QUOTES: usize = 64;

/// Pairs opening with closing marks; what stays alone is an apostrophe or a plain character.
fn pair(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut open: Vec<usize> = Vec::new();
    for index in 0..candidates.len() {
        let (char, container) = (candidates[index].char, candidates[index].container);
        if candidates[index].can_close {
            let reach = open.len().saturating_sub(MAX_OPEN_QUOTES);
            let partner = open[reach..].iter().rposition(|&o| {
                let adjacent = candidates[o].piece == candidates[index].piece
                    && candidates[o].at + candidates[o].char.len_utf8() == candidates[index].at;
                closes(candidates[o].char, char)
                    && candidates[o].container == container
                    && !adjacent
            });
            if let Some(depth) = partner {
                let opening = open[reach + depth];
                open.truncate(reach + depth);
                candidates[opening].role = Role::Open;
                candidates[index].role = Role::Close;
                continue;
            }
        }
        if candidates[index].can_open {
            open.push(index);
        }
        if matches!(char, '\'' | '’') {
            candidates[index].role = Role::Apostrophe;
        }
    }
    candidates
}
