//! The words of a text as the index knows them, and their stems.
//!
//! The browser has to make the same of a query: [`Stemmer`] is a table of endings, which
//! the index carries with it, so that one small interpreter serves every language on both
//! sides. The tables are in `stems.json`; a language without one has no stems.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::page_id::Lang;
use crate::phrases::is_unspaced;

/// How the words of one language become stems, in this order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Rules {
    /// Words that nobody looks for, separated by spaces.
    stop: String,
    /// What is replaced wherever it stands.
    replace: Vec<(String, String)>,
    /// Beginnings: the first that fits is replaced, where so many letters follow it.
    prefixes: Vec<(String, String, usize)>,
    /// Endings, step by step: in each the first that fits is replaced, where so many
    /// letters stand before it.
    suffixes: Vec<Vec<(String, String, usize)>>,
}

static TABLES: LazyLock<BTreeMap<String, Rules>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("stems.json")).expect("the tables of endings are well formed")
});

/// Makes stems of the words of one language.
#[derive(Clone, Debug)]
pub(super) struct Stemmer {
    pub(super) rules: Rules,
    stop: HashSet<String>,
    /// The letters of what each of the rules' `replace` looks for.
    replaced: Vec<Letters>,
}

impl Stemmer {
    /// Returns the stemmer of `lang`, which leaves every word as it is where there is no
    /// table for the language.
    pub(super) fn of(lang: &Lang) -> Self {
        let rules = TABLES.get(lang.primary()).cloned().unwrap_or_default();
        let stop = rules.stop.split(' ').filter(|word| !word.is_empty());
        Self {
            stop: stop.map(normal).collect(),
            replaced: rules.replace.iter().map(|(from, _)| Letters::of(from)).collect(),
            rules,
        }
    }

    /// Returns the stem of a word in its normal form; `None` where nobody looks for it.
    pub(super) fn stem(&self, word: &str) -> Option<String> {
        if self.stop.contains(word) {
            return None;
        }
        let mut stem = word.to_owned();
        // Names of substances and the like, AA2 and 10mg, have no forms.
        if word.bytes().any(|byte| byte.is_ascii_digit()) {
            return Some(stem);
        }
        let mut letters = Letters::of(&stem);
        for ((from, to), wanted) in self.rules.replace.iter().zip(&self.replaced) {
            if letters.may_hold(*wanted) && stem.contains(from.as_str()) {
                stem = stem.replace(from.as_str(), to);
                letters = Letters::of(&stem);
            }
        }
        let begun = self.rules.prefixes.iter().find_map(|(from, to, least)| {
            let rest = stem.strip_prefix(from.as_str())?;
            (length(rest) >= *least).then(|| format!("{to}{rest}"))
        });
        stem = begun.unwrap_or(stem);
        for step in &self.rules.suffixes {
            let ended = step.iter().find_map(|(from, to, least)| {
                let rest = stem.strip_suffix(from.as_str())?;
                (length(rest) >= *least).then_some((rest.len(), to))
            });
            if let Some((kept, to)) = ended {
                stem.truncate(kept);
                stem.push_str(to);
            }
        }
        Some(stem)
    }
}

/// Which bytes a text has, several to a bit.
///
/// Most words have not all letters of what is looked for in them, which is known from
/// this at once.
#[derive(Clone, Copy, Debug)]
struct Letters(u64);

impl Letters {
    fn of(text: &str) -> Self {
        Self(text.bytes().fold(0, |bits, byte| bits | 1 << (byte & 63)))
    }

    /// Tells whether a text with these letters may hold one with those of `wanted`.
    fn may_hold(self, wanted: Self) -> bool {
        wanted.0 & !self.0 == 0
    }
}

/// Returns the length of `text` as scripts in a browser count it.
fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// Returns the normal form of a word.
fn normal(word: &str) -> String {
    let mut normal = String::with_capacity(word.len());
    push_normal(word, &mut normal);
    normal
}

/// Appends the normal form of a word: small letters without accents.
fn push_normal(word: &str, normal: &mut String) {
    if word.is_ascii() {
        let start = normal.len();
        normal.push_str(word);
        normal[start..].make_ascii_lowercase();
        return;
    }
    for c in word.to_lowercase().nfkd().filter(|c| !is_combining_mark(*c) && !is_invisible(*c)) {
        match c {
            'ß' => normal.push_str("ss"),
            'æ' => normal.push_str("ae"),
            'œ' => normal.push_str("oe"),
            'ø' => normal.push('o'),
            'ł' => normal.push('l'),
            'đ' => normal.push('d'),
            c => normal.push(c),
        }
    }
}

/// Tells whether the character shows nothing: a soft hyphen or a joiner.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Hands out the words of a text in their normal form, in order.
///
/// A letter by itself is no word, which leaves out the s of a possessive.
pub(super) fn each_word(text: &str, mut take: impl FnMut(&str)) {
    let mut normal = String::new();
    let mut at = 0;
    while let Some(Run { range, is_normal }) = run(text, at) {
        at = range.end;
        let mut word = &text[range];
        if !is_normal {
            normal.clear();
            push_normal(word, &mut normal);
            word = &normal;
        }
        match word.is_ascii() {
            true if is_word(word) => take(word),
            true => {}
            false => each_piece(word, &mut take),
        }
    }
}

fn is_word(word: &str) -> bool {
    word.len() > 1 || word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Hands out a word; of a script that puts no spaces between words each two letters in a row,
/// so that a word is found within what stands around it.
fn each_piece(word: &str, take: &mut impl FnMut(&str)) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let is_run = is_unspaced(first);
        let end = rest.find(|c| is_unspaced(c) != is_run).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        rest = after;
        if !is_run || piece.len() == first.len_utf8() {
            if is_word(piece) {
                take(piece);
            }
            continue;
        }
        let starts = piece.char_indices().map(|(at, _)| at);
        let ends = piece.char_indices().map(|(at, c)| at + c.len_utf8()).skip(1);
        starts.zip(ends).for_each(|(start, end)| take(&piece[start..end]));
    }
}

/// Returns the exact forms of a name of which nobody looks for a word (OR, C++, "What is
/// it?"): its words in their normal form, a space after each, with the signs that belong to
/// them and without.
pub(super) fn exact_forms(name: &str) -> [String; 2] {
    let (mut signed, mut plain) = (String::new(), String::new());
    let mut rest = name;
    while let Some(start) = rest.find(is_part) {
        rest = &rest[start..];
        let (word, after) = rest.split_at(rest.find(|c| !is_part(c)).unwrap_or(rest.len()));
        rest = after.trim_start_matches(['+', '#']);
        let word = normal(word);
        if !word.is_empty() {
            signed.extend([&*word, &after[..after.len() - rest.len()], " "]);
            plain.extend([&*word, " "]);
        }
    }
    [signed, plain]
}

/// Returns the words of a text in their normal form.
#[cfg(test)]
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word| words.push(word.to_owned()));
    words
}

/// A run of letters, digits and marks.
struct Run {
    range: Range<usize>,
    /// Whether it is written in its normal form.
    is_normal: bool,
}

/// What a byte is in a text that is read word by word.
///
/// What is part of a word comes first, so that a run is told by one comparison.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// Part of a word, as it is in its normal form.
    Normal,
    /// Part of a word that has another normal form.
    Capital,
    /// Between words.
    Between,
    /// The beginning of a character that is not ASCII.
    Wide,
}

const CLASSES: [Class; 256] = {
    let mut table = [Class::Between; 256];
    let mut byte = 0u8;
    loop {
        table[byte as usize] = match byte {
            b'0'..=b'9' | b'a'..=b'z' => Class::Normal,
            b'A'..=b'Z' => Class::Capital,
            128.. => Class::Wide,
            _ => Class::Between,
        };
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

/// Returns the first run of `text` from `at` on.
fn run(text: &str, at: usize) -> Option<Run> {
    let bytes = text.as_bytes();
    let class = |at: usize| bytes.get(at).map(|byte| CLASSES[usize::from(*byte)]);
    let mut start = at;
    loop {
        match class(start)? {
            Class::Normal | Class::Capital => break,
            Class::Between => start += 1,
            Class::Wide => match wide(text, start) {
                (_, true) => break,
                (length, false) => start += length,
            },
        }
    }
    let mut end = start;
    let mut highest = Class::Normal;
    while let Some(class) = class(end) {
        let length = match class {
            Class::Normal | Class::Capital => 1,
            Class::Wide if let (length, true) = wide(text, end) => length,
            Class::Between | Class::Wide => break,
        };
        highest = highest.max(class);
        end += length;
    }
    Some(Run { range: start..end, is_normal: highest == Class::Normal })
}

/// Returns the length of the character of `text` at `at`, and whether it is part of a word.
fn wide(text: &str, at: usize) -> (usize, bool) {
    let c = text[at..].chars().next().unwrap_or_default();
    (c.len_utf8(), is_part(c))
}

/// Tells whether the character is part of a word: the letter that some use as an apostrophe
/// is none, like the other apostrophes.
fn is_part(c: char) -> bool {
    (c.is_alphanumeric() && c != '\u{2bc}') || is_combining_mark(c) || is_invisible(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(lang: &str, groups: &[&[&str]]) {
        let stemmer = Stemmer::of(&Lang::new(lang));
        for group in groups {
            let of = |text: &str| words(text).first().and_then(|word| stemmer.stem(word));
            let stems: Vec<_> = group.iter().map(|word| of(word)).collect();
            assert!(stems.windows(2).all(|pair| pair[0] == pair[1]), "{group:?}: {stems:?}");
        }
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        same(
            "en-GB",
            &[
                &["inhibitor", "inhibitors", "Inhibitor's"],
                &["therapy", "therapies"],
                &["diagnosis", "diagnoses", "diagnosed"],
                &["disease", "diseases"],
                &["dose", "doses", "dosed", "dosing"],
                &["rash", "rashes"],
                &["study", "studies", "studied", "studying"],
                &["stop", "stopping", "stopped"],
                &["bleed", "bleeding", "bleeds"],
                &["haemoglobin", "hemoglobin"],
                &["anaemia", "anemia"],
                &["randomised", "randomized"],
                &["tumour", "tumors"],
                &["virus", "viruses"],
                &["loss", "losses"],
            ],
        );
        same("de", &[&["Haar", "Haare", "Haaren"], &["Behandlung", "Behandlungen"]]);
        same("de", &[&["Medikament", "Medikamente", "Medikamenten", "Medikaments"]]);
        same("ar", &[&["العلاج", "علاج", "والعلاج"], &["الأدوية", "أدويه"]]);
    }

    #[test]
    fn different_words_stay_apart() {
        let stemmer = Stemmer::of(&Lang::new("en"));
        let stem = |word: &str| stemmer.stem(word).unwrap();
        for (one, other) in [("bus", "bu"), ("string", "strong"), ("class", "clas"), ("il2", "il")]
        {
            assert_ne!(stem(one), stem(other), "{one} {other}");
        }
        assert_eq!(stemmer.stem("the"), None);
    }

    /// Returns the word in pieces, those of Chinese in pairs.
    fn pieces(word: &str) -> Vec<String> {
        let letters: Vec<char> = word.chars().collect();
        let of_kind = letters.chunk_by(|a, b| (*a == '東') == (*b == '東'));
        let pieces = of_kind.flat_map(|run| match run[0] {
            '東' => run.windows(run.len().min(2)),
            _ => run.windows(run.len()),
        });
        pieces.map(|piece| piece.iter().collect()).collect()
    }

    proptest! {
        #[test]
        fn words_are_what_lies_between_other_characters(
            text in proptest::string::string_regex(
                "([a-z]{1,3}|[A-Z]|[0-9]|[ ,.'\u{2019}\u{2bc}®]|é|e\u{301}|ß|\u{ad}|\u{feff}|東|\u{1f600}){0,30}"
            ).unwrap()
        ) {
            let runs = text.split(|c| !is_part(c)).flat_map(|word| pieces(&normal(word)));
            let runs = runs.filter(|word| word.len() > 1 || word.parse::<u8>().is_ok());
            prop_assert_eq!(words(&text), runs.collect::<Vec<_>>());
        }

        #[test]
        fn nothing_is_replaced_unseen(word in "[a-zé]{0,12}(aemi|our|haem|women)?[a-z]{0,3}") {
            let stemmer = Stemmer::of(&Lang::new("en"));
            for (from, _) in &stemmer.rules.replace {
                let may_hold = Letters::of(&word).may_hold(Letters::of(from));
                prop_assert!(may_hold || !word.contains(from.as_str()));
            }
        }
    }

    #[test]
    fn a_name_without_words_has_exact_forms() {
        assert_eq!(exact_forms("OR"), ["or ", "or "]);
        assert_eq!(exact_forms("C++ & C#"), ["c++ c# ", "c c "]);
        assert_eq!(exact_forms("What is it?"), ["what is it ", "what is it "]);
        assert_eq!(exact_forms("+#"), ["", ""]);
    }

    #[test]
    fn accents_and_what_is_invisible_do_not_count() {
        assert_eq!(words("Sjögren\u{ad}s Maß"), ["sjogrens", "mass"]);
        assert_eq!(words("Olumiant™, IL-17a's 5"), ["olumiant", "il", "17a", "5"]);
        assert_eq!(words("أدوية"), ["ادوية"]);
        assert_eq!(words("脱发治疗, JAK抑制"), ["脱发", "发治", "治疗", "jak", "抑制"]);
        assert_eq!(
            words("обʼєкт об’єкт zero\u{feff}width"),
            ["об", "єкт", "об", "єкт", "zerowidth"]
        );
    }
}
