//! Where sentences end.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// Abbreviations after which a sentence goes on, in lower case, without the last dot.
const ABBREVIATIONS: &[&str] = &[
    "al", "approx", "art", "ca", "cf", "ch", "chap", "co", "corp", "dept", "dr", "e.g", "ed",
    "eds", "eq", "est", "etc", "fig", "figs", "i.e", "inc", "jr", "ltd", "max", "min", "mr", "mrs",
    "ms", "no", "nos", "p", "para", "pp", "prof", "ref", "refs", "resp", "sec", "sect", "sr", "st",
    "suppl", "tab", "viz", "vol", "vols", "vs", "z.b", "bzw", "usw", "u.a",
];

/// Returns the sentence of `text` that holds byte `offset`, without the white
/// space around it; at the end of the text, the last one.
pub(super) fn sentence_at(text: &str, offset: usize) -> Range<usize> {
    let mut start = 0;
    let mut end = 0;
    for (at, piece) in text.split_sentence_bound_indices() {
        end = at + piece.len();
        if !goes_on(&text[start..end], &text[end..]) {
            if offset < end {
                break;
            }
            if end < text.len() {
                start = end;
            }
        }
    }
    let sentence = &text[start..end];
    let start = start + (sentence.len() - sentence.trim_start().len());
    start..(start + sentence.trim().len())
}

/// Tells whether the sentence that `before` ends with goes on in `after`.
fn goes_on(before: &str, after: &str) -> bool {
    let trimmed = before.trim_end();
    let Some(stem) = trimmed.strip_suffix('.') else { return false };
    let word = stem.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '[')).next();
    let Some(word) = word.filter(|word| !word.is_empty()) else { return false };
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let word = word.to_lowercase();
    let known = ABBREVIATIONS.contains(&word.as_str());
    if word == "etc" || word == "al" || word == "no" {
        // These end sentences too: only a capital or nothing tells.
        let next = after.trim_start().chars().next();
        return known && next.is_some_and(|c| !c.is_uppercase());
    }
    (known || initial) && !after.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = Vec::new();
        for offset in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            let sentence = &text[sentence_at(text, offset)];
            if found.last() != Some(&sentence) {
                found.push(sentence);
            }
        }
        found
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
            sentences("Trials, cohorts, etc. The rest followed."),
            ["Trials, cohorts, etc.", "The rest followed."]
        );
    }

    #[test]
    fn an_offset_past_the_end_is_in_the_last_sentence() {
        let text = "One. Two.";
        assert_eq!(&text[sentence_at(text, 99)], "Two.");
        assert_eq!(sentence_at("", 0), 0..0);
    }
}
