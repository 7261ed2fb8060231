//! Where sentences end.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::byte_set::ByteSet;

use super::OMITTED;

/// Abbreviations after which a sentence goes on, in lower case, without the last dot.
const ABBREVIATIONS: &[&str] = &[
    "al", "approx", "art", "ca", "cf", "ch", "chap", "co", "corp", "dept", "dr", "e.g", "ed",
    "eds", "eq", "est", "etc", "fig", "figs", "i.e", "inc", "jr", "ltd", "max", "min", "mr", "mrs",
    "ms", "no", "nos", "p", "para", "pp", "prof", "ref", "refs", "resp", "sec", "sect", "sr", "st",
    "suppl", "tab", "viz", "vol", "vols", "vs", "z.b", "bzw", "usw", "u.a",
];

/// Words that begin sentences and no names: a single capital before one is no initial, as in
/// "vitamin D. Their". Those that are surnames too, such as He and So, are left out.
const BEGINNINGS: &[&str] = &[
    "after", "all", "although", "and", "as", "at", "because", "before", "both", "but", "by",
    "each", "for", "from", "her", "his", "however", "if", "it", "its", "many", "most", "not", "of",
    "on", "or", "she", "since", "some", "such", "that", "the", "their", "then", "there", "these",
    "they", "this", "those", "under", "we", "what", "when", "where", "which", "while", "who",
    "with", "without",
];

/// Returns the sentences of `text`, in order, without the white space around them.
///
/// A sentence ends where Unicode says (UAX #29), save after an abbreviation, and before
/// what stands for the names with which one begins.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for end in ends(text) {
        if end < text.len() && goes_on(&text[start..end], &text[end..]) {
            continue;
        }
        let sentence = &text[start..end];
        let trimmed = start + (sentence.len() - sentence.trim_start().len());
        found.push(trimmed..trimmed + sentence.trim().len());
        start = end;
    }
    found
}

/// Returns where sentences of `text` may end, in order, the end of the text last.
fn ends(text: &str) -> Vec<usize> {
    if text.is_ascii() {
        return plain_boundaries(text);
    }
    let mut ends = boundaries(text);
    let named = text.match_indices(OMITTED).map(|(at, _)| at);
    let begun = named.filter(|at| [". ", "! ", "? "].iter().any(|end| text[..*at].ends_with(end)));
    ends.extend(begun);
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Returns the ends of the sentences of `text` by UAX #29, the end of the text last.
fn boundaries(text: &str) -> Vec<usize> {
    match text.chars().all(is_plain) {
        true => plain_boundaries(text),
        false => {
            let pieces = text.split_sentence_bound_indices();
            pieces.map(|(at, piece)| at + piece.len()).collect()
        }
    }
}

/// Tells whether `c` is of a script or block in which no character but those of
/// [`ENDINGS`] can end a sentence: letters before Armenian, and punctuation and symbols.
fn is_plain(c: char) -> bool {
    const OTHER_ENDINGS: &[char] = &[
        '\u{2024}', '\u{2028}', '\u{2029}', '\u{203c}', '\u{203d}', '\u{2047}', '\u{2048}',
        '\u{2049}',
    ];
    let is_near = matches!(c, '\0'..='\u{588}') && c != '\u{37e}';
    is_near || (matches!(c, '\u{2000}'..='\u{2bff}') && !OTHER_ENDINGS.contains(&c))
}

/// What may end a sentence in a text of plain characters.
const ENDINGS: [char; 6] = ['.', '!', '?', '\n', '\r', '\u{85}'];

/// The first bytes of [`ENDINGS`].
const STARTS_ENDING: ByteSet = {
    let mut starts = [0; ENDINGS.len()];
    let mut index = 0;
    while index < ENDINGS.len() {
        let mut bytes = [0; 4];
        ENDINGS[index].encode_utf8(&mut bytes);
        starts[index] = bytes[0];
        index += 1;
    }
    ByteSet::new(&starts)
};

/// Returns what [`boundaries`] does for a text of plain characters, in a fraction of the
/// time: only where a sentence may end are the rules asked, about the little that they
/// look at.
fn plain_boundaries(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut last = 0;
    let mut from = 0;
    while let Some(at) = STARTS_ENDING.find(&bytes[from..]) {
        let at = from + at;
        from = at + 1;
        match (bytes[at], bytes.get(at + 1), bytes.get(at + 2)) {
            // A decimal or the inside of an abbreviation (SB6, SB8).
            (b'.', Some(b'0'..=b'9' | b'a'..=b'z'), _) => continue,
            // Another character than U+0085, which begins with the same byte.
            (0xc2, Some(next), _) if *next != 0x85 => continue,
            // The next sentence, whatever stands before (SB11).
            (b'.' | b'!' | b'?', Some(b' '), Some(b'A'..=b'Z')) => {
                last = at + 2;
                found.push(last);
                from = last;
                continue;
            }
            _ => {}
        }
        // The rules look back at the letter before a full stop and the marks on it.
        let mut before = text[last..at].char_indices().rev();
        let window = last + before.find(|(_, c)| c.is_alphanumeric()).map_or(0, |(at, _)| at);
        let sentence = text[window..].split_sentence_bounds().next();
        last = window + sentence.map_or(0, str::len);
        found.push(last);
        from = last;
    }
    if last < text.len() {
        found.push(text.len());
    }
    found
}

/// Tells whether the first word of `text` is one with which sentences begin, and no name.
fn begins_sentence(text: &str) -> bool {
    let word = text.split(|c: char| !c.is_alphanumeric()).find(|word| !word.is_empty());
    word.is_some_and(|word| BEGINNINGS.iter().any(|first| first.eq_ignore_ascii_case(word)))
}

/// Tells whether the sentence that `before` ends with goes on in `after`.
fn goes_on(before: &str, after: &str) -> bool {
    let trimmed = before.trim_end();
    let Some(stem) = trimmed.strip_suffix('.') else { return false };
    let word = stem.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[')).next();
    let Some(word) = word.filter(|word| !word.is_empty()) else { return false };
    let is_capital = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let initial = is_capital && !begins_sentence(after);
    // Of all letters only those of ASCII have one of these in lower case.
    let is = |abbreviation: &&str| abbreviation.eq_ignore_ascii_case(word);
    let known = ABBREVIATIONS.iter().any(is);
    if ["etc", "al", "no"].iter().any(is) {
        // These end sentences too: only a capital or nothing tells.
        let next = after.trim_start().chars().next();
        return known && next.is_some_and(|c| !c.is_uppercase());
    }
    (known || initial) && !after.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        super::sentences(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn abbreviations_and_decimals_end_no_sentence() {
        assert_eq!(
            sentences("King et al. found it. See p. 4 of Dr. Smith. It fell by 4.5 points! Why?"),
            ["King et al. found it.", "See p. 4 of Dr. Smith.", "It fell by 4.5 points!", "Why?"]
        );
        assert_eq!(
            sentences("Some drugs, e.g. Olumiant, work. J. K. Smith wrote so."),
            ["Some drugs, e.g. Olumiant, work.", "J. K. Smith wrote so."]
        );
        assert_eq!(
            sentences("It rests on one trial. … compared it, as King et al. … did."),
            ["It rests on one trial.", "… compared it, as King et al. … did."]
        );
        assert_eq!(
            sentences("All lacked vitamin D. Their anaemia was mild. J. A. Smith said so."),
            ["All lacked vitamin D.", "Their anaemia was mild.", "J. A. Smith said so."]
        );
        assert_eq!(
            sentences("Trials, cohorts, etc. The rest followed."),
            ["Trials, cohorts, etc.", "The rest followed."]
        );
    }

    proptest! {
        #[test]
        fn the_short_way_finds_what_unicode_says(
            text in proptest::string::string_regex(
                "([a-z]{1,3}|[A-Z]|[0-9]{1,2}|[.!?]|[ \u{a0}]|[\"'’”)\\]]|[,;:–—]|[\r\n\u{85}]|é|e\u{301}|ß|Ω|…|\u{ad}|\u{200b}|\u{2060}){0,40}"
            ).unwrap()
        ) {
            prop_assume!(text.chars().all(is_plain));
            let whole = text.split_sentence_bound_indices();
            let whole: Vec<usize> = whole.map(|(at, piece)| at + piece.len()).collect();
            prop_assert_eq!(plain_boundaries(&text), whole);
        }
    }

    #[test]
    fn no_plain_character_but_the_known_ones_ends_a_sentence() {
        for c in ('\0'..='\u{10ffff}').filter(|c| is_plain(*c) && !ENDINGS.contains(c)) {
            let text = format!("a{c} B");
            assert_eq!(text.split_sentence_bounds().count(), 1, "{c:?}");
        }
    }
}
