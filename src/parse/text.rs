//! The plain text of a page: what terms are looked for in, excerpts are taken
//! from and search indexes.
//!
//! The text of all blocks is one string, `plain`. Beside it stands `folded`, in
//! which terms are matched: case folded, NFC, curly apostrophes straightened,
//! soft hyphens dropped, hyphens turned into spaces, runs of white space into one.
//! A sparse map leads from folded to plain offsets, and the segments lead from
//! plain offsets to the HTML.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The plain text of a Markdown text, by block.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextIndex {
    /// The text of all blocks, each ended by a line feed.
    pub plain: String,
    /// The text in which terms are matched.
    pub folded: String,
    /// Where folded and plain offsets drift apart: `(folded, plain)` pairs, ascending;
    /// between two pairs both advance alike.
    pub offsets: Vec<(usize, usize)>,
    /// The blocks, in order.
    pub blocks: Vec<TextBlock>,
    /// The segments, in order; what lies between two is not shown as text.
    pub segments: Vec<Segment>,
}

/// One block of text: a paragraph, heading, table cell or the like.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBlock {
    /// What it is.
    pub kind: BlockKind,
    /// Its place in the plain text, without the line feed.
    pub plain: Range<usize>,
    /// The heading that it stands under, as an index into the body's headings.
    pub heading: Option<usize>,
    /// The component that it stands in, as an index into the body's components.
    pub component: Option<usize>,
    /// The place in the source.
    pub source: Range<usize>,
}

/// What a block of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockKind {
    /// A paragraph, list item, definition or alert.
    Prose,
    /// A heading.
    Heading,
    /// A cell of a table.
    Cell,
    /// A quotation.
    Quotation,
    /// A caption of a figure or table.
    Caption,
    /// A footnote.
    Note,
}

/// A stretch of plain text that stands unbroken in the HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// Its place in the plain text.
    pub plain: Range<usize>,
    /// Where it starts in the HTML; there `&`, `<`, `>` and `"` are written as entities.
    pub html: usize,
    /// Whether a term in it may become a link.
    pub linkable: Linkable,
}

/// Whether a term may become a link, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Linkable {
    /// It may.
    Yes,
    /// It stands in a heading.
    Heading,
    /// It stands in a link.
    Link,
    /// It stands in code.
    Code,
    /// It stands in a quotation.
    Quotation,
    /// It stands in a caption.
    Caption,
    /// It stands in a component that opts out, or the author opted out.
    OptedOut,
}

impl TextIndex {
    /// Appends a block with the text `text`, which gets its line feed and its folded form.
    pub fn push_block(&mut self, text: &str, block: TextBlock) {
        let (folded_start, start) = (self.folded.len(), self.plain.len());
        self.mark(folded_start, start);
        self.plain.push_str(text);
        fold_into(text, &mut self.folded, |folded, plain| {
            push_offset(&mut self.offsets, folded, start + plain);
        });
        self.mark(self.folded.len(), self.plain.len());
        self.plain.push('\n');
        self.folded.push('\n');
        self.blocks.push(TextBlock { plain: start..start + text.len(), ..block });
    }

    fn mark(&mut self, folded: usize, plain: usize) {
        push_offset(&mut self.offsets, folded, plain);
    }

    /// Returns the plain offset of the folded offset `folded`.
    ///
    /// The end of a match leads to where the next character starts, so that
    /// what folding drops in between counts to the match.
    pub fn to_plain(&self, folded: usize) -> usize {
        let after = self.offsets.partition_point(|&(start, _)| start <= folded);
        let plain = match after.checked_sub(1) {
            Some(index) => {
                let (folded_start, plain_start) = self.offsets[index];
                plain_start + (folded - folded_start)
            }
            None => folded,
        };
        self.plain.floor_char_boundary(plain)
    }

    /// Returns the index of the block that holds the plain offset `plain`.
    pub fn block_at(&self, plain: usize) -> Option<usize> {
        let index = self.blocks.partition_point(|block| block.plain.end < plain);
        self.blocks.get(index).filter(|block| block.plain.start <= plain).map(|_| index)
    }

    /// Returns the plain range of the sentence that holds the plain offset `plain`,
    /// without white space around it.
    pub fn sentence_at(&self, plain: usize) -> Option<Range<usize>> {
        let block = &self.blocks[self.block_at(plain)?];
        let text = &self.plain[block.plain.clone()];
        let wanted = plain - block.plain.start;
        let (mut start, mut end) = (0, 0);
        for sentence in text.split_sentence_bounds() {
            end += sentence.len();
            if ends_with_abbreviation(&text[start..end]) && end < text.len() {
                continue;
            }
            if wanted < end {
                break;
            }
            if end < text.len() {
                start = end;
            }
        }
        let sentence = &text[start..end];
        let start = block.plain.start + start + (sentence.len() - sentence.trim_start().len());
        Some(start..start + sentence.trim().len())
    }
}

impl Segment {
    /// Returns the position in the HTML of the plain offset `plain`, which lies in
    /// the segment or at its end; `text` is the plain text of the whole.
    pub fn html_at(&self, plain: usize, text: &str) -> usize {
        let escaped = |byte: u8| match byte {
            b'&' => "&amp;".len(),
            b'<' | b'>' => "&lt;".len(),
            b'"' => "&quot;".len(),
            _ => 1,
        };
        self.html + text[self.plain.start..plain].bytes().map(escaped).sum::<usize>()
    }
}

/// Words after which a full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &[
    "al", "approx", "cf", "ca", "dr", "ed", "eds", "eq", "e.g", "etc", "fig", "figs", "i.e", "mr",
    "mrs", "ms", "no", "nos", "p", "pp", "prof", "ref", "refs", "resp", "st", "vol", "vs",
];

/// Tells whether `text` ends in an abbreviation or an initial rather than in a sentence.
fn ends_with_abbreviation(text: &str) -> bool {
    let Some(text) = text.trim_end().strip_suffix('.') else { return false };
    let word = text.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or(text);
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    initial || ABBREVIATIONS.contains(&word.to_lowercase().as_str())
}

/// Returns `text` in the form in which terms are matched.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded, |_, _| {});
    folded
}

/// Appends the folded form of `text`, and tells `at` where each character of it
/// starts: its offset in `folded` and in `text`.
fn fold_into(text: &str, folded: &mut String, mut at: impl FnMut(usize, usize)) {
    let mut rest = text.char_indices().peekable();
    let mut after_space = false;
    while let Some((start, c)) = rest.next() {
        let space = is_hyphen(c) || c.is_whitespace();
        if is_dropped(c) || (space && after_space) {
            continue;
        }
        at(folded.len(), start);
        after_space = space;
        if space {
            folded.push(' ');
            continue;
        }
        if c.is_ascii() && rest.peek().is_none_or(|(_, next)| next.is_ascii()) {
            folded.push(c.to_ascii_lowercase());
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some((next, mark)) = rest.next_if(|(_, mark)| is_combining_mark(*mark)) {
            end = next + mark.len_utf8();
        }
        let composed = text[start..end].nfc().map(|c| if is_apostrophe(c) { '\'' } else { c });
        folded.extend(composed.flat_map(char::to_lowercase));
    }
}

/// Notes that the character at `folded` stands at `plain`, unless that follows from
/// what is noted before.
fn push_offset(offsets: &mut Vec<(usize, usize)>, folded: usize, plain: usize) {
    let (last_folded, last_plain) = offsets.last().copied().unwrap_or((0, 0));
    if plain - last_plain != folded - last_folded {
        offsets.push((folded, plain));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn index(text: &str) -> TextIndex {
        let mut index = TextIndex::default();
        let block = TextBlock {
            kind: BlockKind::Prose,
            plain: 0..0,
            heading: None,
            component: None,
            source: 0..0,
        };
        index.push_block(text, block);
        index
    }

    #[test]
    fn folding_normalises_case_hyphens_apostrophes_and_space() {
        assert_eq!(fold("JAK\u{2011}Inhibitor"), "jak inhibitor");
        assert_eq!(fold("Sjo\u{308}gren\u{2019}s"), "sjögren's");
        assert_eq!(fold("a -  b\u{AD}c"), "a bc");
    }

    #[test]
    fn folded_offsets_lead_back_to_the_plain_text() {
        let text = "e\u{301}x \u{AD} JAK\u{2011}Inhibitor İz";
        let index = index(text);
        for word in ["x", "JAK", "Inhibitor", "z"] {
            let folded = index.folded.find(&word.to_lowercase()).expect("the word is folded");
            assert_eq!(index.to_plain(folded), text.find(word).expect("is there"), "{word}");
        }
        assert_eq!(index.to_plain(index.folded.len() - 1), text.len());
    }

    #[test]
    fn a_sentence_does_not_end_in_an_abbreviation() {
        let text = "As Dr. King et al. Wrote it (Fig. 2). It works vs. Placebo. Last";
        let index = index(text);
        let sentence = |word: &str| {
            let at = text.find(word).expect("the word is there");
            &text[index.sentence_at(at).expect("a block holds it")]
        };
        assert_eq!(sentence("King"), "As Dr. King et al. Wrote it (Fig. 2).");
        assert_eq!(sentence("works"), "It works vs. Placebo.");
        assert_eq!(sentence("Last"), "Last");
    }

    #[test]
    fn entities_count_as_they_are_written() {
        let segment = Segment { plain: 0..9, html: 10, linkable: Linkable::Yes };
        assert_eq!(segment.html_at(6, "a & b <c>"), 20);
    }
}
