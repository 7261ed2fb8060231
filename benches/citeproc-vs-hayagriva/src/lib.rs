//! Benchmarks of the citation processor beside hayagriva.
//!
//! The package exists so that hayagriva's processor is no dependency of any other package. Run
//! it with `cargo bench -p citeproc-vs-hayagriva`.
//!
//! [`database`] makes the bibliography that both processors read.

use std::fmt::Write;

const FAMILIES: [&str; 16] = [
    "Okafor", "Lund", "Garcia", "Berg", "Sato", "Brandt", "Moreau", "Kowalska", "Zhang", "Rossi",
    "Novak", "Silva", "Haddad", "Eriksen", "Popescu", "Mensah",
];
const GIVEN: [&str; 8] = ["Ada N.", "Erik", "Maria J.", "Pieter", "Yuki", "Ulla", "Luc A.", "Wei"];
const WORDS: [&str; 12] = [
    "sleep", "memory", "trial", "effects", "outcomes", "adults", "therapy", "risk", "cohort",
    "review", "burden", "care",
];
const JOURNALS: [&str; 5] = ["Lancet", "BMJ", "Journal of Sleep Research", "Gut", "Pain"];

/// Returns a BibTeX bibliography of this many articles, `key0` and on, made up but varied: one to
/// eight authors, years from 1995, pages, and DOIs.
pub fn database(entries: usize) -> String {
    let mut out = String::new();
    for index in 0..entries {
        let authors: Vec<String> = (0..1 + index % 8)
            .map(|place| {
                let family = FAMILIES[(index * 7 + place * 3 + index / 16) % FAMILIES.len()];
                format!("{family}, {}", GIVEN[(index + place) % GIVEN.len()])
            })
            .collect();
        let word = |step: usize| WORDS[(index * step + index / 5) % WORDS.len()];
        // Writing to a string cannot fail.
        let _ = write!(
            out,
            "@article{{key{index},\n  author = {{{}}},\n  title = {{The {} of {} in {}: a {} {index}}},\n  \
             journal = {{{}}},\n  year = {{{}}},\n  volume = {{{}}},\n  number = {{{}}},\n  \
             pages = {{{}--{}}},\n  doi = {{10.1000/example.{index}}}\n}}\n\n",
            authors.join(" and "),
            word(3),
            word(5),
            word(7),
            word(11),
            JOURNALS[index % JOURNALS.len()],
            1995 + index % 30,
            1 + index % 90,
            1 + index % 12,
            100 + index % 800,
            105 + index % 800,
        );
    }
    out
}

/// How many documents there are; together they cite each of 10,000 entries once.
pub const DOCUMENTS: usize = 500;

/// Returns the keys of the 20 citations of a document, spread over a bibliography of this many
/// entries.
pub fn cited_keys(document: usize, entries: usize) -> Vec<String> {
    (0..20)
        .map(|place| place * DOCUMENTS + (document * 7 + place * 13) % DOCUMENTS)
        .map(|index| format!("key{}", index % entries))
        .collect()
}
