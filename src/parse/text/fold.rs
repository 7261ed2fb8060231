//! Folding: what makes two spellings of a term the same.

use std::borrow::Cow;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::TextIndex;

/// Returns `text` in the form in which terms are matched: lower case, NFC, curly
/// apostrophes straightened, what is invisible dropped, hyphens turned into
/// spaces, runs of white space into one space.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut offsets = Vec::new();
    fold_into(text, 0, &mut folded, &mut offsets);
    folded
}

/// Appends `text`, folded, to `folded`, and to `offsets` where folded and plain
/// offsets drift apart; `plain` is the plain offset of `text`.
fn fold_into(text: &str, plain: usize, folded: &mut String, offsets: &mut Vec<(usize, usize)>) {
    Folder { plain, start: folded.len(), folded, offsets }.run(text);
}

/// A text in the form in which terms are matched, with the way back to the plain text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folded {
    /// The text, a line for each block.
    pub text: String,
    /// Where folded and plain offsets drift apart: `(folded, plain)` pairs, ascending;
    /// between two pairs both advance alike.
    offsets: Vec<(usize, usize)>,
}

impl Folded {
    /// Folds the blocks of `index`.
    pub(super) fn of(index: &TextIndex) -> Self {
        let mut text = String::with_capacity(index.plain.len());
        let mut offsets = Vec::new();
        for block in &index.blocks {
            let plain = block.plain;
            fold_into(index.block_text(block), plain.start(), &mut text, &mut offsets);
            map(&mut offsets, text.len(), plain.end());
            text.push('\n');
        }
        Self { text, offsets }
    }

    /// Returns the offset in `plain`, of which this is the folded form, of the folded
    /// offset `folded`.
    ///
    /// The end of a match leads to where the next character starts, so that
    /// what folding drops in between counts to the match.
    pub fn to_plain(&self, folded: usize, plain: &str) -> usize {
        let pairs = self.offsets.partition_point(|&(from, _)| from <= folded);
        let offset = match pairs.checked_sub(1).map(|last| self.offsets[last]) {
            Some((from, offset)) => offset + (folded - from),
            None => folded,
        };
        plain.floor_char_boundary(offset)
    }
}

/// What folding makes of a byte of ASCII that a letter or digit does not follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ascii {
    /// Stays, or becomes lower case.
    Letter,
    /// Becomes a space.
    Space,
    /// Is not ASCII.
    Other,
}

const CLASSES: [Ascii; 256] = {
    let mut table = [Ascii::Letter; 256];
    let mut byte = 0;
    while byte < 256 {
        if byte >= 128 {
            table[byte] = Ascii::Other;
        } else if matches!(byte as u8, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | b'-') {
            table[byte] = Ascii::Space;
        }
        byte += 1;
    }
    table
};

struct Folder<'a> {
    plain: usize,
    /// Where the text starts in `folded`.
    start: usize,
    folded: &'a mut String,
    offsets: &'a mut Vec<(usize, usize)>,
}

impl Folder<'_> {
    fn run(mut self, text: &str) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match CLASSES[usize::from(bytes[at])] {
                Ascii::Letter => at = self.letters(text, at),
                Ascii::Space => {
                    self.space(at);
                    at += 1;
                }
                Ascii::Other => at = self.cluster(text, at),
            }
        }
    }

    /// Folds the run of ASCII at `at`, single spaces between words included; the
    /// byte before a combining mark is left to [`Self::cluster`].
    fn letters(&mut self, text: &str, at: usize) -> usize {
        let bytes = text.as_bytes();
        let is_letter = |at: usize| {
            bytes.get(at).is_some_and(|&byte| CLASSES[usize::from(byte)] == Ascii::Letter)
        };
        let mut end = at + 1;
        while is_letter(end) || (bytes.get(end) == Some(&b' ') && is_letter(end + 1)) {
            end += 1;
        }
        if text[end..].chars().next().is_some_and(joins) {
            end -= 1;
        }
        if end == at {
            return self.cluster(text, at);
        }
        self.map(at);
        let from = self.folded.len();
        self.folded.push_str(&text[at..end]);
        self.folded[from..].make_ascii_lowercase();
        end
    }

    fn space(&mut self, at: usize) {
        if self.folded.len() == self.start || !self.folded.ends_with(' ') {
            self.map(at);
            self.folded.push(' ');
        }
    }

    /// Folds one character of `text` with those that combine with it.
    fn cluster(&mut self, text: &str, at: usize) -> usize {
        let rest = &text[at..];
        let mut chars = rest.char_indices();
        let Some((_, first)) = chars.next() else { return text.len() };
        if is_dropped(first) {
            return at + first.len_utf8();
        }
        if is_hyphen(first) || first.is_whitespace() {
            self.space(at);
            return at + first.len_utf8();
        }
        let end = chars.find(|&(_, c)| !joins(c)).map_or(rest.len(), |(end, _)| end);
        let cluster = &rest[..end];
        let normal: Cow<'_, str> = match is_nfc_quick(cluster.chars()) {
            IsNormalized::Yes => Cow::Borrowed(cluster),
            _ => Cow::Owned(cluster.nfc().collect()),
        };
        self.map(at);
        let begin = self.folded.len();
        for c in normal.chars() {
            match c {
                c if is_apostrophe(c) => self.folded.push('\''),
                'ς' => self.folded.push('σ'),
                c => self.folded.extend(c.to_lowercase()),
            }
        }
        self.map_inside(begin, cluster, at);
        at + end
    }

    /// Notes that the end of the folded text stands for the plain text at `at`.
    fn map(&mut self, at: usize) {
        map(self.offsets, self.folded.len(), self.plain + at);
    }

    /// Leads each further character of the folded cluster at `begin` to a
    /// character of the plain cluster at `at`: to its own as long as lengths agree,
    /// then to the last such.
    fn map_inside(&mut self, begin: usize, cluster: &str, at: usize) {
        let inner: Vec<usize> =
            self.folded[begin..].char_indices().skip(1).map(|(offset, _)| offset).collect();
        let (mut drift, mut own) = (false, 0);
        for offset in inner {
            drift |= !cluster.is_char_boundary(offset) || offset >= cluster.len();
            if drift {
                self.offsets.push((begin + offset, self.plain + at + own));
            } else {
                own = offset;
            }
        }
    }
}

/// Notes that the folded offset `folded`, past all before, stands for `plain`,
/// unless that follows from what is noted.
fn map(offsets: &mut Vec<(usize, usize)>, folded: usize, plain: usize) {
    let (last_folded, last_plain) = offsets.last().copied().unwrap_or((0, 0));
    if last_plain + (folded - last_folded) == plain {
        return;
    }
    match offsets.last_mut() {
        Some(last) if last.0 == folded => last.1 = plain,
        _ => offsets.push((folded, plain)),
    }
}

/// Tells whether `c` is a hyphen, which matches a space.
pub fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Tells whether `c` is an apostrophe, straight or curly.
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02BC}')
}

/// Tells whether `c` is invisible and never matters: soft hyphens, joiners and the like.
pub fn is_dropped(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// Tells whether a character may combine with the one before it.
fn joins(c: char) -> bool {
    if c < '\u{300}' || c.is_whitespace() || is_dropped(c) || is_hyphen(c) {
        return false;
    }
    canonical_combining_class(c) != 0
        || is_combining_mark(c)
        || is_nfc_quick(std::iter::once(c)) != IsNormalized::Yes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_term_fold_to_one() {
        assert_eq!(fold("JAK-Inhibitor"), "jak inhibitor");
        assert_eq!(fold("JAK \u{2011} \n inhibitor"), "jak inhibitor");
        assert_eq!(fold("Crohn’s"), "crohn's");
        assert_eq!(fold("bari\u{ad}citinib"), "baricitinib");
        assert_eq!(fold("Sjo\u{308}gren"), fold("SJÖGREN"));
        assert_eq!(fold("ΟΔΥΣΣΕΥΣ"), fold("οδυσσεύς").replace('ύ', "υ"));
        assert_eq!(fold("\u{1100}\u{1161}"), "가");
    }
}
