//! Phrases that texts are searched for, all lists of them at once.
//!
//! A phrase is one or more words, found where they stand as whole words; in a script without
//! spaces between words, anywhere. A star at its end stands for any ending of the last word:
//! `cure*` finds "cured". Small letters of a phrase are found in any case, capitals only as
//! capitals, so that `WHO` is no pronoun. A space stands for white space of any width, and
//! apostrophes and hyphens are alike.
//!
//! [`Phrases::find`] walks down a tree of all spellings from each place where a word begins, as
//! far as a phrase goes on; most words are known by their first four bytes to begin none. So a
//! text is gone over once, whatever the number of phrases.

use std::ops::Range;

/// Lists of phrases, each known by the number that whoever made it gave it.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// The phrases in the order of their folded spelling.
    patterns: Vec<Pattern>,
    /// The tree of the spellings; the root comes first, and the children of a node stand
    /// together. Empty where there are no phrases.
    nodes: Vec<Node>,
    /// The byte that leads to each node.
    bytes: Vec<u8>,
    /// The child of the root for each byte; 0 where there is none.
    starts: Vec<u32>,
    /// With which bytes phrases begin.
    beginnings: Beginnings,
}

/// How many bytes are looked through together for where words begin: as many as a word has bits.
const CHUNK: usize = 64;

#[derive(Clone, Debug)]
struct Pattern {
    list: usize,
    /// The words in one spelling for all that is alike but for the case, which is kept.
    written: Box<str>,
    has_capitals: bool,
    any_ending: bool,
}

#[derive(Clone, Debug, Default)]
struct Node {
    children: Range<u32>,
    /// The patterns that end here.
    ends: Range<u32>,
}

/// A phrase where a text holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundPhrase {
    /// The list that the phrase is in.
    pub list: usize,
    /// Its place in the text, with the whole of the last word.
    pub range: Range<usize>,
}

impl Phrases {
    /// Returns the phrases of all `lists`, each with its list's number.
    pub fn new<'a>(lists: impl IntoIterator<Item = (usize, &'a str)>) -> Self {
        let mut spelled: Vec<(String, Pattern)> = Vec::new();
        for (list, phrase) in lists {
            let (words, any_ending) = match phrase.strip_suffix('*') {
                Some(stem) => (stem, true),
                None => (phrase, false),
            };
            let written: String = words.chars().map(plainly).collect();
            let written = written.split_whitespace().collect::<Vec<_>>().join(" ");
            if written.is_empty() {
                continue;
            }
            let folded = written.chars().map(lower).collect();
            let has_capitals = written.chars().any(char::is_uppercase);
            let written = written.into();
            spelled.push((folded, Pattern { list, written, has_capitals, any_ending }));
        }
        spelled.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut phrases = Self::default();
        if !spelled.is_empty() {
            let spellings: Vec<&[u8]> =
                spelled.iter().map(|(folded, _)| folded.as_bytes()).collect();
            phrases.grow(&spellings);
            for (folded, pattern) in &spelled {
                phrases.beginnings.add(folded.as_bytes(), pattern.any_ending);
            }
            phrases.patterns = spelled.into_iter().map(|(_, pattern)| pattern).collect();
        }
        phrases
    }

    /// Makes the tree of `spellings`, which are in order.
    fn grow(&mut self, spellings: &[&[u8]]) {
        self.nodes.push(Node::default());
        self.bytes.push(0);
        // For each node the spellings that begin with what leads to it, which is so long.
        let mut begun = vec![(0..spellings.len(), 0)];
        let mut at = 0;
        while let Some((mut rest, depth)) = begun.get(at).cloned() {
            let ending = spellings[rest.clone()].iter().take_while(|s| s.len() == depth).count();
            let children = self.nodes.len();
            self.nodes[at].ends = narrow(rest.start)..narrow(rest.start + ending);
            rest.start += ending;
            while let Some(byte) = spellings[rest.clone()].first().map(|spelling| spelling[depth]) {
                let same = spellings[rest.clone()].iter().take_while(|s| s[depth] == byte).count();
                begun.push((rest.start..rest.start + same, depth + 1));
                rest.start += same;
                self.nodes.push(Node::default());
                self.bytes.push(byte);
            }
            self.nodes[at].children = narrow(children)..narrow(self.nodes.len());
            at += 1;
        }
        self.starts = vec![0; 256];
        for child in self.nodes[0].children.clone() {
            self.starts[usize::from(self.bytes[child as usize])] = child;
        }
    }

    /// Returns the phrases that `text` holds, by their place, and of those of one list that
    /// overlap the one that begins first, and of these the longest.
    pub fn find(&self, text: &str) -> Vec<FoundPhrase> {
        let mut found = Vec::new();
        if self.nodes.is_empty() {
            return found;
        }
        // Where the last phrase of each list ends.
        let mut ends: Vec<usize> = Vec::new();
        let mut is_inside = false;
        for (index, chunk) in text.as_bytes().chunks(CHUNK).enumerate() {
            let words = bits(chunk, |byte| {
                (byte | 0x20).wrapping_sub(b'a') < 26 || byte.wrapping_sub(b'0') < 10
            });
            let signs = match self.beginnings.has_signs {
                true => bits(chunk, |byte| self.beginnings.signs[usize::from(byte)]),
                false => bits(chunk, |byte| byte >= 0xc0),
            };
            let mut begun = words & !(words << 1 | u64::from(is_inside)) | signs;
            is_inside = words >> (CHUNK - 1) != 0;
            while begun != 0 {
                let at = index * CHUNK + begun.trailing_zeros() as usize;
                begun &= begun - 1;
                if self.beginnings.may_hold(&text.as_bytes()[at..]) && begins_word(text, at) {
                    self.find_at(text, at, &mut ends, &mut found);
                }
            }
        }
        found
    }

    /// Returns the length of the longest phrase of `list` with which `text` begins.
    pub fn longest_at_start(&self, text: &str, list: usize) -> Option<usize> {
        if self.nodes.is_empty() {
            return None;
        }
        let (mut node, mut at, mut longest) = (0, 0, None);
        while let Some((next, after)) = self.step(text, node, at) {
            (node, at) = (next, after);
            longest = longest
                .max(self.ending(text, (0, at), node).filter(|f| f.0 == list).map(|f| f.1).max());
        }
        longest
    }

    /// Adds to `found` the phrases of `text` that begin at `start`, of each list the longest,
    /// and of those whose last phrase `ends` later none.
    fn find_at(
        &self,
        text: &str,
        start: usize,
        ends: &mut Vec<usize>,
        found: &mut Vec<FoundPhrase>,
    ) {
        let first = found.len();
        let (mut node, mut at) = (0, start);
        while let Some((next, after)) = self.step(text, node, at) {
            (node, at) = (next, after);
            for (list, end) in self.ending(text, (start, at), node) {
                if ends.get(list).is_some_and(|end| *end > start) {
                    continue;
                }
                match found[first..].iter_mut().find(|found| found.list == list) {
                    Some(shorter) => shorter.range.end = shorter.range.end.max(end),
                    None => found.push(FoundPhrase { list, range: start..end }),
                }
            }
        }
        found[first..].sort_by_key(|found| found.list);
        for found in &found[first..] {
            if ends.len() <= found.list {
                ends.resize(found.list + 1, 0);
            }
            ends[found.list] = found.range.end;
        }
    }

    /// Returns the lists of the phrases that end at `node`, each with its end in `text`, where it
    /// goes from `start` up to `at`.
    fn ending(
        &self,
        text: &str,
        (start, at): (usize, usize),
        node: usize,
    ) -> impl Iterator<Item = (usize, usize)> {
        let ends = &self.nodes[node].ends;
        let patterns = &self.patterns[ends.start as usize..ends.end as usize];
        patterns.iter().filter_map(move |pattern| {
            let is_meant =
                !pattern.has_capitals || has_capitals(&pattern.written, &text[start..at]);
            let end = word_end(text, at, pattern.any_ending)?;
            is_meant.then_some((pattern.list, end))
        })
    }

    /// Returns the node to which the character of `text` at `at` leads from `node`, and where
    /// the next begins; a space is led on by all white space there is.
    fn step(&self, text: &str, node: usize, at: usize) -> Option<(usize, usize)> {
        let byte = *text.as_bytes().get(at)?;
        if byte.is_ascii() && byte != b' ' {
            return Some((self.child(node, byte.to_ascii_lowercase())?, at + 1));
        }
        let c = lower(plainly(char_at(text, at)));
        let mut bytes = [0; 4];
        let mut steps = c.encode_utf8(&mut bytes).bytes();
        let node = steps.try_fold(node, |node, byte| self.child(node, byte))?;
        let next = at + char_at(text, at).len_utf8();
        let spaces = text[next..].chars().take_while(|d| c == ' ' && plainly(*d) == ' ');
        Some((node, next + spaces.map(char::len_utf8).sum::<usize>()))
    }

    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        if node == 0 {
            return Some(self.starts[usize::from(byte)] as usize).filter(|child| *child != 0);
        }
        let children = &self.nodes[node].children;
        let bytes = &self.bytes[children.start as usize..children.end as usize];
        let place = bytes.iter().position(|child| *child == byte)?;
        Some(children.start as usize + place)
    }
}

/// The first four bytes of all phrases, by which most words of a text are known to begin none.
#[derive(Clone, Debug, Default)]
struct Beginnings {
    /// A bit for each hash of four bytes; empty where there are no phrases.
    quads: Vec<u64>,
    /// Phrases of two bytes.
    pairs: Vec<[u8; 2]>,
    /// The first bytes of others: of one byte, of two and any ending, or not of ASCII.
    others: Vec<u8>,
    /// For each byte, whether a phrase may begin with it that begins with no letter or digit of
    /// ASCII.
    signs: Vec<bool>,
    /// Whether one is of ASCII.
    has_signs: bool,
}

impl Beginnings {
    const BITS: u32 = 16;

    /// Adds the folded `spelling` of a phrase.
    fn add(&mut self, spelling: &[u8], any_ending: bool) {
        self.quads.resize(1 << (Self::BITS - 6), 0);
        self.signs.resize(256, false);
        self.signs[0xc0..].fill(true);
        if let Some(byte) = spelling.first().filter(|byte| !byte.is_ascii_alphanumeric()) {
            self.signs[usize::from(*byte)] = true;
            self.has_signs |= byte.is_ascii();
        }
        let start = &spelling[..spelling.len().min(4)];
        match *start {
            [a, b, c, d] if start.is_ascii() => self.set([a, b, c, d]),
            // What comes next ends the word, unless that may have any ending.
            [a, b, c] if start.is_ascii() => {
                // Behind a sign, too, anything may come.
                let is_any = any_ending || !c.is_ascii_alphanumeric();
                let next = (0x20..0x80_u8).filter(|next| is_any || !next.is_ascii_alphanumeric());
                next.for_each(|next| self.set([a, b, c, next]));
            }
            [a, b] if start.is_ascii() && !any_ending => self.pairs.push([a, b]),
            _ => self.others.extend(spelling.first().filter(|byte| !self.others.contains(byte))),
        }
    }

    /// Returns the word and the bit of `quad`, whatever the case of its letters.
    fn place(quad: [u8; 4]) -> (usize, u64) {
        let folded = u32::from_le_bytes(quad) | 0x2020_2020;
        let hash = folded.wrapping_mul(0x9e37_79b1) >> (32 - Self::BITS);
        ((hash >> 6) as usize, 1 << (hash & 63))
    }

    fn set(&mut self, quad: [u8; 4]) {
        let (word, bit) = Self::place(quad);
        self.quads[word] |= bit;
    }

    /// Tells whether a phrase may stand at the start of `bytes`.
    fn may_hold(&self, bytes: &[u8]) -> bool {
        let Some(quad) = bytes.first_chunk::<4>() else { return true };
        let (word, bit) = Self::place(*quad);
        // What is spelled in another way, as white space and apostrophes are, is looked at.
        let is_plain = quad.iter().all(|byte| (0x20..0x80).contains(byte))
            && !quad.windows(2).any(|pair| pair == b"  ");
        let [first, second, third, _] = quad.map(|byte| byte.to_ascii_lowercase());
        !is_plain
            || self.quads[word] & bit != 0
            || !(second.is_ascii_alphanumeric() && third.is_ascii_alphanumeric())
                && self.pairs.contains(&[first, second])
            || !self.others.is_empty() && self.others.contains(&first)
    }
}

/// Returns `index` as the tree keeps it.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).expect("phrases have less than 4 GiB")
}

/// Returns the character of `text` at `at`, a boundary before its end.
fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or_default()
}

/// Returns a bit for each byte of `chunk`, in order, the lowest first: whether it `is_meant`.
fn bits(chunk: &[u8], is_meant: impl Fn(u8) -> bool) -> u64 {
    let mut flags = [0_u8; CHUNK];
    for (flag, byte) in flags.iter_mut().zip(chunk) {
        *flag = u8::from(is_meant(*byte));
    }
    // Of eight bytes, each 0 or 1, the product has the bits side by side at its top.
    let gathered =
        |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    let eights = flags.as_chunks::<8>().0.iter().enumerate();
    eights.fold(0, |bits, (index, eight)| bits | gathered(eight) << (8 * index))
}

/// Tells whether a phrase that begins at `at` in `text` begins inside of no word.
fn begins_word(text: &str, at: usize) -> bool {
    let is_part = |c: char| c.is_alphanumeric() && !is_unspaced(c);
    !(text[at..].starts_with(is_part) && text[..at].ends_with(is_part))
}

/// Returns the character in whose place `c` may stand: a space for one of another width, and
/// the apostrophe and the hyphen of ASCII.
fn plainly(c: char) -> char {
    match c {
        '\u{2019}' | '\u{2bc}' => '\'',
        '\u{2010}' | '\u{2011}' => '-',
        // No phrase goes over the end of a block.
        '\n' | '\r' => c,
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// Returns `c` as a small letter where that is one letter.
fn lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(lower), None) => lower,
        _ => c,
    }
}

/// Tells whether what `written` has as capitals are capitals in `text`, which is the same but
/// for the case.
fn has_capitals(written: &str, text: &str) -> bool {
    let is_space = |c: &char| *c == ' ';
    let letters = text.chars().map(plainly).filter(|c| !is_space(c));
    let mut pairs = written.chars().filter(|c| !is_space(c)).zip(letters);
    pairs.all(|(written, c)| !written.is_uppercase() || written == c)
}

/// Returns the end of the last word of a phrase that goes up to `at` in `text`, the end of the
/// word where it may have `any_ending`; `None` where the phrase ends inside of a word.
fn word_end(text: &str, at: usize, any_ending: bool) -> Option<usize> {
    let is_part = |c: char| c.is_alphanumeric() && !is_unspaced(c);
    let (before, after) = text.split_at(at);
    if !after.starts_with(is_part) || before.ends_with(is_unspaced) {
        return Some(at);
    }
    match any_ending {
        true => Some(at + after.find(|c: char| !is_part(c)).unwrap_or(after.len())),
        false => (!before.ends_with(is_part)).then_some(at),
    }
}

/// Tells whether `c` belongs to a script that is written without spaces between words, so that
/// no word is known to begin or end beside it.
pub fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{e00}'..='\u{eff}' // Thai, Lao
        | '\u{1000}'..='\u{109f}' // Myanmar
        | '\u{1780}'..='\u{17ff}' // Khmer
        | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30ff}' // Hiragana, Katakana
        | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' // Han
        | '\u{4e00}'..='\u{9fff}'
        | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(lists: &[(usize, &str)], text: &str) -> Vec<(usize, String)> {
        let phrases = Phrases::new(lists.iter().copied());
        let found = phrases.find(text).into_iter();
        found.map(|found| (found.list, text[found.range].to_owned())).collect()
    }

    #[test]
    fn whole_words_are_found_in_any_case() {
        let lists = [(0, "trial"), (0, "meta-analysis"), (1, "cure*")];
        let text = "Trials: a Trial, trialled, META-ANALYSIS; cures, incurable, Cured.";
        assert_eq!(
            found(&lists, text),
            [
                (0, "Trial".to_owned()),
                (0, "META-ANALYSIS".to_owned()),
                (1, "cures".to_owned()),
                (1, "Cured".to_owned()),
            ]
        );
    }

    #[test]
    fn capitals_are_meant_and_apostrophes_are_alike() {
        let lists = [(0, "WHO"), (1, "isn't"), (2, "über")];
        let text = "Who? WHO, isn\u{2019}t, Isn't, Über.";
        let found = found(&lists, text);
        let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["WHO", "isn\u{2019}t", "Isn't", "Über"]);
    }

    #[test]
    fn only_its_capitals_are_meant() {
        let lists = [(0, "in einer Studie"), (1, "Health Canada"), (2, "ärzte")];
        let text = "In einer Studie, in einer studie, HEALTH CANADA, health Canada, ÄRZTE.";
        let found = found(&lists, text);
        let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["In einer Studie", "HEALTH CANADA", "ÄRZTE"]);
    }

    #[test]
    fn white_space_and_hyphens_of_any_width_are_alike() {
        let lists = [(0, "no side-effects"), (1, "100 % safe"), (2, "at\u{a0}present")];
        for (text, count) in [
            ("no\u{a0}side-effects", 1),
            ("no  side\u{2011}effects", 1),
            ("100\u{202f}%\u{2009}safe", 1),
            ("at present", 1),
            ("no\nside-effects", 0),
            ("noside-effects", 0),
        ] {
            assert_eq!(found(&lists, text).len(), count, "{text:?}");
        }
    }

    #[test]
    fn scripts_without_spaces_have_no_bounds_of_words() {
        let lists = [(0, "治愈"), (1, "最近*"), (2, "รักษา"), (3, "FDA"), (4, "cure*")];
        let text = "它治愈了。最近的研究ยานี้รักษาโรคFDA批准curesは";
        let found = found(&lists, text);
        let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["治愈", "最近", "รักษา", "FDA", "cures"]);
    }

    #[test]
    fn a_list_holds_the_same_phrase_twice_with_and_without_an_ending() {
        let lists = [(0, "trial"), (0, "trial*"), (1, "Trial"), (1, "trials")];
        let expected = [(0, "trials".to_owned()), (1, "trials".to_owned())];
        assert_eq!(found(&lists, "trials"), expected);
    }

    #[test]
    fn of_one_list_the_longest_counts_and_lists_do_not_hide_each_other() {
        let lists = [(0, "side effects"), (0, "no side effects"), (1, "effects")];
        assert_eq!(
            found(&lists, "No side effects."),
            [(0, "No side effects".to_owned()), (1, "effects".to_owned()),]
        );
    }

    #[test]
    fn the_longest_phrase_counts_that_a_text_begins_with() {
        let lists = [(0, "out"), (0, "out of"), (1, "Prozent*"), (0, "e"), (2, "out of ten")];
        let phrases = Phrases::new(lists);
        assert_eq!(phrases.longest_at_start("out of ten", 0), Some(6));
        assert_eq!(phrases.longest_at_start("Out\u{a0}of ten", 2), Some(11));
        assert_eq!(phrases.longest_at_start("outer", 0), None);
        assert_eq!(phrases.longest_at_start("Prozentpunkte mehr", 1), Some(13));
        assert_eq!(phrases.longest_at_start("é", 0), None);
        assert_eq!(Phrases::default().longest_at_start("out", 0), None);
    }

    #[test]
    fn anything_may_follow_a_sign() {
        let lists = [(0, "n="), (1, "OR=")];
        let text = "n=30, n= 30, N=x, OR=x, OR=2, on=30.";
        let found = found(&lists, text);
        let words: Vec<&str> = found.iter().map(|(_, words)| words.as_str()).collect();
        assert_eq!(words, ["n=", "n=", "N=", "OR=", "OR="]);
    }

    #[test]
    fn no_phrases_find_nothing() {
        assert_eq!(found(&[], "words"), []);
        assert_eq!(found(&[(0, "*"), (0, " ")], "words * "), []);
    }

    proptest! {
        #[test]
        fn nothing_is_passed_over(pieces in proptest::collection::vec(proptest::sample::select(&[
            "no", "No risk", "non", "norm", "risk", "free", "isn\u{2019}t", "isn't", " ", " ", "  ",
            "\u{a0}", "%", "100 %", "%off", "e", "é", "ÉTÉ", "它", "治愈", "FDA", "fda", "-", ", ", "\n",
            "a long word indeed", "n=", "n=x", "OR=", "or=",
        ][..]), 0..60)) {
            let text = pieces.concat();
            let lists = ["no", "no risk*", "isn't", "%", "%off", "e", "été", "治愈", "FDA", "risk free", "fr*", "n=", "or="];
            let phrases = Phrases::new(lists.into_iter().map(|phrase| (0, phrase)));
            let mut expected = Vec::new();
            let mut end = 0;
            for (at, _) in text.char_indices() {
                if at < end || !begins_word(&text, at) {
                    continue;
                }
                if let Some(length) = phrases.longest_at_start(&text[at..], 0) {
                    end = at + length;
                    expected.push(FoundPhrase { list: 0, range: at..end });
                }
            }
            prop_assert_eq!(phrases.find(&text), expected);
        }

        #[test]
        fn a_phrase_is_found_in_itself(phrase in r"\PC{0,12}", before in r"\PC?", after in r"\PC{0,3}") {
            let phrases = Phrases::new([(3, phrase.as_str())]);
            let words = phrase.trim_end_matches('*').trim();
            let whole = phrases.find(words);
            prop_assert!(phrase.ends_with("**") || words.is_empty() || !whole.is_empty());
            // Whatever stands around it, what is found is a part of the text.
            let text = format!("{before}{phrase}{after}");
            prop_assert!(phrases.find(&text).iter().all(|found| text.get(found.range.clone()).is_some()));
        }
    }
}
