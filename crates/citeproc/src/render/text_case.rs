//! Changes of case (CSL 1.0.2, "Text-case" and "Title Case Conversion").

use crate::output::buffer::{Buffer, Op, Tag};
use crate::style::model::{TextCase, VerticalAlign};

/// Words that title case leaves in lower case.
///
/// The specification lists the short ones; prepositions and the particles of names are those
/// that the CSL test suite expects.
const STOP_WORDS: &[&str] = &[
    "a",
    "about",
    "above",
    "across",
    "afore",
    "after",
    "against",
    "al",
    "along",
    "alongside",
    "amid",
    "amidst",
    "among",
    "amongst",
    "an",
    "and",
    "anenst",
    "apropos",
    "apud",
    "around",
    "as",
    "aside",
    "astride",
    "at",
    "athwart",
    "atop",
    "barring",
    "before",
    "behind",
    "below",
    "beneath",
    "beside",
    "besides",
    "between",
    "beyond",
    "but",
    "by",
    "c",
    "ca",
    "circa",
    "d",
    "de",
    "despite",
    "down",
    "during",
    "et",
    "except",
    "for",
    "forenenst",
    "from",
    "given",
    "in",
    "inside",
    "into",
    "lest",
    "like",
    "modulo",
    "near",
    "next",
    "nor",
    "notwithstanding",
    "of",
    "off",
    "on",
    "onto",
    "or",
    "out",
    "over",
    "per",
    "plus",
    "pro",
    "qua",
    "sans",
    "since",
    "so",
    "than",
    "the",
    "through",
    "throughout",
    "thru",
    "thruout",
    "till",
    "to",
    "toward",
    "towards",
    "under",
    "underneath",
    "until",
    "unto",
    "up",
    "upon",
    "v",
    "van",
    "versus",
    "via",
    "vis-à-vis",
    "von",
    "vs",
    "with",
    "within",
    "without",
    "yet",
];

/// Tells whether title case leaves a word in lower case.
pub(crate) fn is_stop_word(word: &str) -> bool {
    STOP_WORDS.contains(&word)
}

/// Changes the case of all text that was written since an operation.
///
/// `english` says whether the item is in English; title case changes nothing otherwise.
pub(crate) fn apply(buffer: &mut Buffer, from: usize, case: TextCase, english: bool) {
    if case == TextCase::Title && !english {
        return;
    }
    let mut pieces: Vec<Piece> = Vec::new();
    collect(buffer, from, case, &mut pieces);
    match case {
        TextCase::Lowercase => each(&mut pieces, |text| text.to_lowercase()),
        TextCase::Uppercase => each(&mut pieces, |text| text.to_uppercase()),
        TextCase::CapitalizeFirst => capitalize_first(&mut pieces),
        TextCase::CapitalizeAll => capitalize_all(&mut pieces),
        TextCase::Sentence => sentence(&mut pieces),
        TextCase::Title => title(&mut pieces),
    }
    for piece in pieces {
        if let Some(changed) = piece.changed {
            buffer.replace(piece.op, &changed);
        }
    }
}

/// A piece of text and whether its case may change.
struct Piece {
    op: usize,
    text: String,
    fixed: bool,
    changed: Option<String>,
}

fn collect(buffer: &Buffer, from: usize, case: TextCase, pieces: &mut Vec<Piece>) {
    let mut fixed_levels: Vec<bool> = Vec::new();
    for (index, op) in buffer.ops.iter().enumerate().skip(from) {
        match op {
            Op::Open(tag) => {
                let fixed = match tag {
                    Tag::NoCase | Tag::NoDecor => true,
                    // What is set smaller keeps its case in a title: units, formulas, names.
                    Tag::Markup(f) => {
                        case == TextCase::Title
                            && (f.font_variant.is_some()
                                || matches!(
                                    f.vertical_align,
                                    Some(VerticalAlign::Sup | VerticalAlign::Sub)
                                ))
                    }
                    _ => false,
                };
                fixed_levels.push(fixed);
            }
            Op::Close | Op::CloseQuote => {
                fixed_levels.pop();
            }
            Op::Text(span) => pieces.push(Piece {
                op: index,
                text: buffer.str(*span).to_owned(),
                fixed: fixed_levels.contains(&true),
                changed: None,
            }),
        }
    }
}

fn each(pieces: &mut [Piece], change: impl Fn(&str) -> String) {
    for piece in pieces.iter_mut().filter(|p| !p.fixed) {
        piece.changed = Some(change(&piece.text));
    }
}

/// Appends a word with its first letter in upper case.
fn push_capitalized(word: &str, out: &mut String) {
    let mut chars = word.chars();
    if is_greek_symbol(word) {
        out.push_str(word);
    } else if let Some(first) = chars.next() {
        out.extend(first.to_uppercase());
        out.push_str(chars.as_str());
    }
}

/// Tells whether a word begins with a Greek letter that stands alone: "β-carotene".
fn is_greek_symbol(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| matches!(c, '\u{370}'..='\u{3ff}'))
        && !chars.next().is_some_and(char::is_alphabetic)
}

fn capitalize_first(pieces: &mut [Piece]) {
    let Some(piece) = pieces.iter_mut().find(|p| p.text.contains(char::is_alphanumeric)) else {
        return;
    };
    if piece.fixed {
        return;
    }
    let start = piece.text.find(char::is_alphanumeric).unwrap_or_default();
    if !is_lower_case(first_word(&piece.text[start..])) {
        return;
    }
    let mut out = piece.text[..start].to_owned();
    push_capitalized(&piece.text[start..], &mut out);
    piece.changed = Some(out);
}

fn first_word(text: &str) -> &str {
    text.split(char::is_whitespace).next().unwrap_or_default()
}

/// Tells whether a word has no capitals; one that has some is a name or a symbol ("mRNA").
fn is_lower_case(word: &str) -> bool {
    !word.contains(char::is_uppercase)
}

fn capitalize_all(pieces: &mut [Piece]) {
    let mut inside_word = false;
    for piece in pieces {
        let mut out = String::with_capacity(piece.text.len());
        let breaks = |c: char| c.is_whitespace() || matches!(c, '-' | '\u{2010}' | '/');
        for part in piece.text.split_inclusive(breaks) {
            let start = part.find(char::is_alphanumeric).unwrap_or(part.len());
            let word = part.trim_end_matches(breaks);
            if inside_word || start == part.len() || !is_lower_case(word) {
                out.push_str(part);
            } else {
                out.push_str(&part[..start]);
                push_capitalized(&part[start..], &mut out);
            }
            inside_word = !part.ends_with(breaks) && (inside_word || start < part.len());
        }
        if !piece.fixed {
            piece.changed = Some(out);
        }
    }
}

/// Leaves the first word as it is, with a capital, and the rest in lower case.
fn sentence(pieces: &mut [Piece]) {
    let first = pieces.iter().position(|p| p.text.contains(char::is_alphanumeric));
    for (index, piece) in pieces.iter_mut().enumerate().filter(|(_, p)| !p.fixed) {
        if Some(index) != first {
            piece.changed = Some(piece.text.to_lowercase());
            continue;
        }
        let text = &piece.text;
        let start = text.find(char::is_alphanumeric).unwrap_or_default();
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |at| start + at);
        let mut out = text[..start].to_owned();
        push_capitalized(&text[start..end], &mut out);
        out.push_str(&text[end..].to_lowercase());
        piece.changed = Some(out);
    }
}

fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '’' | '`' | '.' | '&' | '\u{300}'..='\u{36f}')
}

fn title(pieces: &mut [Piece]) {
    let last_word = pieces.iter().rposition(|p| p.text.contains(char::is_alphanumeric));
    let mut state = TitleState { first: true, glued: false, before_raised: false, previous: None };
    // A letter with a superscript or the like is a symbol: `x` in `x<sup>2</sup>`.
    let before_raised: Vec<bool> = pieces.iter().skip(1).map(|next| next.fixed).collect();
    for (index, piece) in pieces.iter_mut().enumerate() {
        state.before_raised = before_raised.get(index).copied().unwrap_or(false);
        let changed = title_piece(&piece.text, Some(index) == last_word, &mut state);
        if !piece.fixed {
            piece.changed = Some(changed);
        }
    }
}

/// What title case remembers from one piece to the next.
struct TitleState {
    /// The next word begins the title or a part of it.
    first: bool,
    /// The next word continues a word of the piece before.
    glued: bool,
    /// The next piece keeps its case.
    before_raised: bool,
    previous: Option<char>,
}

fn title_piece(text: &str, has_last: bool, state: &mut TitleState) -> String {
    let mut out = String::with_capacity(text.len());
    let last_start = has_last.then(|| {
        let end = text.rfind(char::is_alphanumeric).unwrap_or_default();
        text[..end]
            .char_indices()
            .rev()
            .find(|(_, c)| !is_word_char(*c))
            .map_or(0, |(at, c)| at + c.len_utf8())
    });
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = rest.find(|c: char| !is_word_char(c)).unwrap_or(rest.len());
        if length == 0 {
            let c = rest.chars().next().unwrap_or(' ');
            out.push(c);
            if matches!(c, ':' | '?' | '!') {
                state.first = true;
            }
            state.glued = false;
            state.previous = Some(c);
            at += c.len_utf8();
            continue;
        }
        let word = &rest[..length];
        let is_hyphen = |c: Option<char>| matches!(c, Some('-' | '\u{2010}'));
        let before_hyphen = is_hyphen(rest[length..].chars().next());
        // A single letter at a hyphen belongs to a term: `e-mail`, `07-x`, `β-carotene`.
        let is_symbol = word.chars().nth(1).is_none()
            && (is_hyphen(state.previous)
                || (before_hyphen && !word.is_ascii())
                || (state.before_raised && length == rest.len()));
        let is_initial =
            !state.first && word.ends_with('.') && word.trim_end_matches('.').chars().count() == 1;
        let is_last = last_start.is_some_and(|start| at >= start);
        let free = state.first || is_last;
        if state.glued || is_symbol || is_initial || !takes_capital(word, free, state.first) {
            out.push_str(word);
        } else {
            let start = word.find(char::is_alphanumeric).unwrap_or_default();
            out.push_str(&word[..start]);
            push_capitalized(&word[start..], &mut out);
        }
        if word.contains(char::is_alphanumeric) {
            state.first = false;
        }
        state.glued = true;
        state.previous = word.chars().next_back();
        at += length;
    }
    out
}

/// Tells whether title case gives a word a capital.
///
/// `free` says that the word begins or ends the title, where stop words count as others do.
fn takes_capital(word: &str, free: bool, first: bool) -> bool {
    if word.chars().any(char::is_uppercase) || word.trim_end_matches('.').contains('.') {
        return false;
    }
    let mut chars = word.chars().skip_while(|c| !c.is_alphanumeric());
    let elided = chars.next().is_some()
        && chars.next().is_some_and(|c| matches!(c, '\'' | '’'))
        && chars.next().is_some();
    if elided {
        return first;
    }
    let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
    free || !STOP_WORDS.contains(&bare)
}
