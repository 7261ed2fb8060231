//! Punctuation where two pieces of output meet.
//!
//! A value may end in the character that the next affix begins with, and a full stop may have
//! to move inside closing quotation marks (CSL 1.0.2, "Locale Options",
//! `punctuation-in-quote`). What the specification leaves open follows the table that the CSL
//! test suite shows (`punctuation_FullMonty*`).

use super::buffer::{Buffer, Op, Span, Tag};

/// Says which of two characters that meet are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keep {
    Both,
    First,
    Second,
}

fn collide(left: char, right: char) -> Keep {
    match (left, right) {
        (' ' | '\u{a0}', ' ') => Keep::First,
        (l, r) if l == r && matches!(l, '.' | ',' | ';' | ':' | '!' | '?') => Keep::First,
        ('!' | '?', '.' | ':') => Keep::First,
        (':' | ';', '!' | '?') => Keep::Second,
        (':', '.') | (';', '.' | ':') => Keep::First,
        ('…', '.') => Keep::First,
        _ => Keep::Both,
    }
}

fn is_swappable(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ' ')
}

fn moves_into_quotes(c: char) -> bool {
    matches!(c, '.' | ',' | '!' | '?')
}

/// What stands before a place of the output.
struct Before {
    op: usize,
    char: char,
    /// The operation that closes the innermost quotation in between.
    quote: Option<usize>,
}

/// Resolves the punctuation of a finished buffer.
pub(crate) fn settle(buffer: &mut Buffer, punctuation_in_quote: bool) {
    let ops = std::mem::take(&mut buffer.ops);
    buffer.ops.reserve(ops.len());
    for op in ops {
        match op {
            Op::Text(span) if !span.joined => settle_text(buffer, span, punctuation_in_quote),
            op => buffer.ops.push(op),
        }
    }
}

fn settle_text(buffer: &mut Buffer, mut span: Span, punctuation_in_quote: bool) {
    while let Some(first) = buffer.str(span).chars().next() {
        if !is_swappable(first) {
            break;
        }
        let Some(before) = before(buffer) else { break };
        let width = first.len_utf8() as u32;
        match collide(before.char, first) {
            Keep::First => {
                span.start += width;
                continue;
            }
            Keep::Second => {
                if let Op::Text(left) = &mut buffer.ops[before.op] {
                    left.end -= before.char.len_utf8() as u32;
                }
                continue;
            }
            Keep::Both => {}
        }
        let Some(quote) = before.quote.filter(|_| punctuation_in_quote && moves_into_quotes(first))
        else {
            break;
        };
        let moved = Span { start: span.start, end: span.start + width, joined: false };
        let place = inside_formatting(&buffer.ops, quote);
        buffer.ops.insert(place, Op::Text(moved));
        span.start += width;
    }
    if span.start < span.end {
        buffer.ops.push(Op::Text(span));
    }
}

/// Returns the place before the operations that close the style's formatting of a quotation,
/// so that what moves into it looks as it does.
fn inside_formatting(ops: &[Op], quote: usize) -> usize {
    let mut place = quote;
    while place > 0 && ops[place - 1] == Op::Close {
        let mut depth = 0usize;
        let opening = ops[..place].iter().rev().find(|op| {
            match op {
                Op::Close | Op::CloseQuote => depth += 1,
                Op::Open(_) => depth -= 1,
                Op::Text(_) => {}
            }
            depth == 0
        });
        if !matches!(opening, Some(Op::Open(Tag::Format(_)))) {
            break;
        }
        place -= 1;
    }
    place
}

/// Finds the last visible character so far.
fn before(buffer: &Buffer) -> Option<Before> {
    let mut quote = None;
    for (index, op) in buffer.ops.iter().enumerate().rev() {
        match op {
            Op::CloseQuote => quote = Some(index),
            Op::Text(span) => {
                if let Some(char) = buffer.str(*span).chars().next_back() {
                    return Some(Before { op: index, char, quote });
                }
            }
            Op::Open(Tag::Quote | Tag::InnerQuote) => return None,
            Op::Open(_) | Op::Close => {}
        }
    }
    None
}
