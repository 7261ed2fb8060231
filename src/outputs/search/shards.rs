//! A sorted list cut into files, so that a reader's browser fetches only the part in which
//! a term stands.
//!
//! Where a file ends depends on the terms near its end and on nothing before: a file ends
//! after a term whose fingerprint says so, once it is long enough, and at the latest when
//! it is too long. So an edit changes the files of its terms, and no cascade of others.

use std::sync::Arc;

use crate::fingerprint::Fingerprint;

use super::page_terms::Weighted;

/// From how many bytes on a file may end.
const LEAST: usize = 8 * 1024;
/// At how many bytes a file ends.
const MOST: usize = 20 * 1024;
/// After one of how many terms a file may end.
const ONE_OF: u8 = 16;

/// A file of the index, made of some entries of a sorted list.
#[derive(Clone, Debug)]
pub(super) struct Shard {
    /// Its first entry.
    pub(super) first: String,
    /// Its last entry.
    pub(super) last: String,
    /// What sorts after every entry of the files before it, and not after its own first.
    pub(super) from: String,
    /// Its content.
    pub(super) bytes: Arc<[u8]>,
    /// What its name carries, so that browsers may keep it for good.
    pub(super) fingerprint: String,
}

/// Tells whether a file may end after this term.
fn may_end(term: &str) -> bool {
    xxhash_rust::xxh3::xxh3_64(term.as_bytes()).is_multiple_of(u64::from(ONE_OF))
}

/// Returns where the files of a list end, whose entries are these terms of these sizes:
/// after so many entries each.
pub(super) fn ends<'a>(entries: impl Iterator<Item = (&'a str, usize)>) -> Vec<usize> {
    let mut ends = Vec::new();
    let (mut size, mut count) = (0, 0);
    for (term, entry) in entries {
        // One that would be too long ends before.
        if size > 0 && size + entry > MOST {
            ends.push(count);
            size = 0;
        }
        count += 1;
        size += entry;
        if size >= LEAST && may_end(term) {
            ends.push(count);
            size = 0;
        }
    }
    if size > 0 {
        ends.push(count);
    }
    ends
}

/// Returns the shortest text that sorts after `before` and not after `first`.
pub(super) fn separator(before: Option<&str>, first: &str) -> String {
    let Some(before) = before else { return String::new() };
    let shared = before.bytes().zip(first.bytes()).take_while(|(a, b)| a == b).count();
    let mut end = (shared + 1).min(first.len());
    while !first.is_char_boundary(end) {
        end += 1;
    }
    first[..end].to_owned()
}

/// Writes the entries of one file: each term by what it does not share with the one before
/// it, then how many pages have it and those that are kept.
#[derive(Debug, Default)]
pub(super) struct ShardWriter {
    bytes: Vec<u8>,
    last: String,
}

impl ShardWriter {
    /// Writes a term by itself.
    pub(super) fn term(&mut self, term: &str) {
        let shared = self.last.bytes().zip(term.bytes()).take_while(|(a, b)| a == b).count();
        self.number(shared);
        self.number(term.len() - shared);
        self.bytes.extend_from_slice(&term.as_bytes()[shared..]);
        self.last.clear();
        self.last.push_str(term);
    }

    /// Writes a term with the pages that are kept of `all`.
    pub(super) fn postings(&mut self, term: &str, all: usize, kept: &[Weighted]) {
        self.term(term);
        self.number(all);
        if all > 1 {
            self.number(all - kept.len());
        }
        let mut last = 0;
        for posting in kept {
            let page = posting.number();
            self.number(((page - last) << 4 | u32::from(posting.weight())) as usize);
            last = page;
        }
    }

    /// Writes seven bits a byte, the lowest first; the highest bit says that more follow.
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.bytes.push((number & 0x7f) as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Returns the file, which holds the entries from `first` to `last` and stands at `from`.
    pub(super) fn finish(self, from: String, first: &str, last: &str) -> Shard {
        let fingerprint = Fingerprint::of(&self.bytes).short();
        let (first, last) = (first.to_owned(), last.to_owned());
        Shard { first, last, from, bytes: Arc::from(self.bytes), fingerprint }
    }
}

/// Returns about how many bytes a term takes with so many pages of `pages`.
///
/// It only has to be the same for the same term, and near enough.
pub(super) fn size(term: &str, kept: usize, pages: usize) -> usize {
    let gap = pages / kept.max(1);
    let bytes = match gap {
        0..4 => 1,
        4..600 => 2,
        _ => 3,
    };
    3 + term.len() / 2 + kept * bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(count: usize) -> Vec<String> {
        let mut terms: Vec<String> = (0..count).map(|n| format!("{:08x}", n * 7919)).collect();
        terms.sort();
        terms
    }

    fn files(terms: &[String]) -> Vec<Vec<String>> {
        let mut start = 0;
        let ends = ends(terms.iter().map(|term| (term.as_str(), 100)));
        let files = ends.into_iter().map(|end| {
            let file = terms[start..end].to_vec();
            start = end;
            file
        });
        files.collect()
    }

    #[test]
    fn files_have_a_fitting_size_and_hold_everything() {
        let terms = terms(5000);
        let files = files(&terms);
        assert_eq!(files.concat(), terms);
        let (last, whole) = files.split_last().unwrap();
        assert!(!last.is_empty());
        for file in whole {
            assert!((LEAST..=MOST).contains(&(file.len() * 100)), "{}", file.len());
        }
    }

    #[test]
    fn another_term_changes_the_files_near_it_alone() {
        let terms = terms(5000);
        let before = files(&terms);
        let mut more = terms.clone();
        more.insert(700, format!("{}x", terms[699]));
        let after = files(&more);
        let new = after.iter().filter(|file| !before.contains(file)).count();
        assert!((1..=3).contains(&new), "{new} of {}", after.len());
    }

    #[test]
    fn a_separator_is_as_short_as_can_be() {
        assert_eq!(separator(None, "hair"), "");
        assert_eq!(separator(Some("hail"), "hair"), "hair");
        assert_eq!(separator(Some("abc"), "hair"), "h");
        assert_eq!(separator(Some("hair"), "hairs"), "hairs");
        assert_eq!(separator(Some("ä"), "ö"), "ö");
    }

    #[test]
    fn a_file_says_what_was_written() {
        let mut writer = ShardWriter::default();
        writer.postings("hair", 1, &[Weighted::new(5, 9)]);
        writer.postings("hairs", 300, &[Weighted::new(2, 1), Weighted::new(40, 15)]);
        let shard = writer.finish("h".into(), "hair", "hairs");
        let hair = [0, 4, b'h', b'a', b'i', b'r', 1, 5 << 4 & 0x7f | 9];
        let hairs = [4, 1, b's', 0xac, 2, 0xaa, 2, 2 << 4 | 1, 0xef, 4];
        let mut expected = hair.to_vec();
        expected.extend(hairs);
        assert_eq!(shard.bytes.to_vec(), expected);
    }
}
