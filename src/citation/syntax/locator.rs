//! Places in a work: `p. 33`, `chaps. 2-4`, `{§ 5.1 (b)}`.
//!
//! Pandoc's rule: after the key and an optional comma stands a label with a
//! number, or a number alone, which is a page; further numbers follow, parted by
//! commas. Braces delimit a place that the rule would not see.

use std::sync::Arc;

use super::Locator;
use crate::citation::style::locale_terms;

/// Every label, with its plurals and abbreviations, in lower case.
const LABELS: &[(&str, &[&str])] = &[
    ("act", &["act", "acts"]),
    ("appendix", &["appendix", "appendices", "appendixes", "app.", "apps."]),
    ("article-locator", &["article", "articles", "art.", "arts."]),
    ("book", &["book", "books", "bk.", "bks."]),
    ("canon", &["canon", "canons", "can.", "cann."]),
    ("chapter", &["chapter", "chapters", "chap.", "chaps.", "ch.", "chs."]),
    ("column", &["column", "columns", "col.", "cols."]),
    ("elocation", &["location", "locations", "loc.", "locs.", "elocation"]),
    ("equation", &["equation", "equations", "eq.", "eqs."]),
    ("figure", &["figure", "figures", "fig.", "figs."]),
    ("folio", &["folio", "folios", "fol.", "fols.", "ff."]),
    ("issue", &["issue", "issues", "number", "numbers", "no.", "nos."]),
    ("line", &["line", "lines", "l.", "ll."]),
    ("note", &["note", "notes", "n.", "nn."]),
    ("opus", &["opus", "opera", "op.", "opp."]),
    ("page", &["page", "pages", "p.", "pp.", "pg.", "pgs."]),
    ("paragraph", &["paragraph", "paragraphs", "para.", "paras.", "par.", "pars.", "¶", "¶¶"]),
    ("part", &["part", "parts", "pt.", "pts."]),
    ("rule", &["rule", "rules", "r.", "rr."]),
    ("scene", &["scene", "scenes", "sc.", "scs."]),
    ("section", &["section", "sections", "sec.", "secs.", "sect.", "sects.", "§", "§§"]),
    ("sub-verbo", &["sub verbo", "sub verbis", "s.v.", "s.vv.", "s. v.", "s. vv."]),
    ("supplement", &["supplement", "supplements", "supp.", "supps.", "suppl.", "suppls."]),
    ("table", &["table", "tables", "tbl.", "tbls.", "tab.", "tabs."]),
    ("timestamp", &["timestamp", "timestamps", "time", "times"]),
    ("title-locator", &["title", "titles", "tit.", "tits."]),
    ("verse", &["verse", "verses", "v.", "vv."]),
    ("volume", &["volume", "volumes", "vol.", "vols."]),
];

/// The words for places in a language, beside the English ones, which are always known: those
/// of its CSL locale. The default knows no others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LocatorTerms(Arc<[(&'static str, Box<str>)]>);

impl LocatorTerms {
    /// Returns the words of the language with the tag `lang`.
    pub fn of_lang(lang: &str) -> Self {
        let terms = LABELS.iter().flat_map(|&(label, english)| {
            let texts = locale_terms(lang, label).into_iter().map(|text| text.to_lowercase());
            let new = texts.filter(move |text| !english.contains(&text.as_str()));
            new.map(move |text| (label, text.into_boxed_str()))
        });
        Self(terms.collect())
    }
}

/// Reads the place at the start of `rest`, which follows a key; also says how
/// many bytes it takes.
pub(super) fn parse(rest: &str, terms: &LocatorTerms) -> (Option<Locator>, usize) {
    let after_comma = rest.trim_start().strip_prefix(',').unwrap_or(rest).trim_start();
    let start = rest.len() - after_comma.len();
    if after_comma.is_empty() {
        return (None, 0);
    }
    if after_comma.starts_with('{') {
        return match delimited(after_comma, terms) {
            Some((locator, length)) => (locator, start + length),
            None => (None, 0),
        };
    }
    let labelled = labels(after_comma, terms).into_iter().find_map(|(label, length)| {
        let value = &after_comma[length..];
        let gap = value.len() - value.trim_start().len();
        words(&value[gap..], Want::Numeral).map(|words| (label, length + gap, words))
    });
    let found =
        labelled.or_else(|| words(after_comma, Want::Digit).map(|words| ("page", 0, words)));
    match found {
        Some((label, skipped, length)) => {
            let value = tidy(&after_comma[skipped..skipped + length]);
            (Some(Locator { label, value }), start + skipped + length)
        }
        None => (None, 0),
    }
}

/// Reads a place in braces; an empty one says that there is none.
fn delimited(text: &str, terms: &LocatorTerms) -> Option<(Option<Locator>, usize)> {
    let length = balanced(text)?;
    let inner = text[1..length - 1].trim();
    let (label, value) = match labels(inner, terms).into_iter().next() {
        Some((label, length)) => (label, inner[length..].trim()),
        None => ("page", inner),
    };
    let locator = (!value.is_empty()).then(|| Locator { label, value: tidy(value) });
    Some((locator, length))
}

/// Returns the labels that `text` starts with and their lengths, the longest first, of the
/// language's own before the English ones.
fn labels(text: &str, terms: &LocatorTerms) -> Vec<(&'static str, usize)> {
    let own = terms.0.iter().map(|(label, term)| (*label, &**term));
    let english = LABELS.iter().flat_map(|&(label, terms)| terms.iter().map(move |t| (label, *t)));
    let mut found: Vec<_> = own
        .chain(english)
        .filter_map(|(label, term)| Some((label, term_length(text, term)?)))
        .collect();
    found.sort_by_key(|&(_, length)| std::cmp::Reverse(length));
    found
}

/// Returns how many bytes `term` takes where `text` starts with it, whatever its case, and a
/// word ends there; `term` is in lower case.
fn term_length(text: &str, term: &str) -> Option<usize> {
    let mut rest = text.chars();
    for expected in term.chars() {
        let c = rest.next()?;
        // A space that may not break stands between the words of a term, too.
        let fits = match expected.is_whitespace() {
            true => c.is_whitespace(),
            false => c == expected || c.to_lowercase().eq([expected]),
        };
        if !fits {
            return None;
        }
    }
    let after = rest.as_str();
    let goes_on = after.starts_with(|c: char| c.is_alphanumeric() || c == '.');
    (!term.ends_with(char::is_alphabetic) || !goes_on).then(|| text.len() - after.len())
}

/// What a word must have to count as a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Want {
    /// A digit.
    Digit,
    /// A digit, or a roman numeral.
    Numeral,
    /// A digit, or a roman numeral that can hardly be a word.
    ClearNumeral,
}

/// Returns the length of the numbers that `text` starts with.
fn words(text: &str, first: Want) -> Option<usize> {
    let mut end = word(text, first)?;
    loop {
        let rest = &text[end..];
        let trimmed = rest.trim_start();
        let separated = trimmed.strip_prefix([',', '&']).map(str::trim_start);
        let next = separated.unwrap_or(trimmed);
        if next.len() == rest.len() {
            return Some(end);
        }
        let want = match separated {
            Some(_) if first == Want::Numeral => Want::Numeral,
            Some(_) => Want::Digit,
            None => Want::ClearNumeral,
        };
        match word(next, want) {
            Some(length) => end = text.len() - next.len() + length,
            None => return Some(end),
        }
    }
}

/// Returns the length of the one number that `text` starts with.
fn word(text: &str, want: Want) -> Option<usize> {
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = &text[at + c.len_utf8()..];
        at += match c {
            '(' | '[' => match balanced(&text[at..]) {
                Some(length) if !text[at..at + length].contains(' ') => length,
                _ => break,
            },
            '.' if at > 0 && next.starts_with(char::is_alphanumeric) => 1,
            '-' | '–' | '—' | ':' | '/' | '+' | '°' => c.len_utf8(),
            c if c.is_alphanumeric() => c.len_utf8(),
            _ => break,
        };
    }
    let word = text[..at].trim_end_matches(['-', '–', '—', ':', '/', '+']);
    let fits = word.contains(|c: char| c.is_numeric())
        || (want != Want::Digit && is_roman(word, want == Want::ClearNumeral));
    fits.then_some(word.len())
}

/// Tells whether `word` is a roman numeral or a range of them; a clear one is
/// lower case and longer than one letter.
fn is_roman(word: &str, clear: bool) -> bool {
    let mut parts = word.split(['-', '–', '—', '(', ')', '[', ']']).filter(|part| !part.is_empty());
    parts.next().is_some_and(|part| {
        let lower = part.chars().all(|c| "ivxlcdm".contains(c));
        let upper = part.chars().all(|c| "IVXLCDM".contains(c));
        if clear { lower && part.len() > 1 } else { lower || upper }
    })
}

/// Returns the length of the brackets that `text` starts with, which may nest.
fn balanced(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => {
                if open.pop() != Some(c) {
                    return None;
                }
                if open.is_empty() {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// Writes the dashes of ranges as hyphens, which CSL takes for the range delimiter.
fn tidy(value: &str) -> String {
    value.trim().replace("--", "-").replace(['–', '—'], "-")
}
