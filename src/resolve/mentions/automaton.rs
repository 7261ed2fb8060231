//! Finding surfaces in folded text: the only door to aho-corasick.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::page_id::Lang;
use crate::parse::text::{Folded, Signature, TextIndex, is_apostrophe, is_dropped, is_hyphen};
use crate::phrases::is_unspaced;
use crate::resolve::surfaces::{Claim, SurfaceSet, is_case_exact, plural_forms, trim_marks};

use super::starts::Starts;

/// Up to how many bytes of patterns the faster automaton is built, which takes
/// some 300 bytes of memory for each.
const MAX_DENSE: usize = 512 * 1024;

/// A matcher for all surfaces of one language.
#[derive(Clone, Debug)]
pub struct Automaton {
    /// `None` without surfaces.
    matcher: Option<Matcher>,
    /// The patterns, in their order.
    folded: Vec<String>,
    /// What each pattern may stand for.
    patterns: Vec<Vec<Reading>>,
    lang: Lang,
}

/// What finds the patterns.
#[derive(Clone, Debug)]
struct Matcher {
    starts: Starts,
    automaton: AhoCorasick,
}

/// One page that a pattern may name.
#[derive(Clone, Debug)]
struct Reading {
    surface: Arc<str>,
    claim: Claim,
    form: Form,
    exact_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    AsWritten,
    Plural,
}

/// A place where text names something.
#[derive(Clone, Debug)]
pub struct Match<'a> {
    /// The place in the plain text.
    pub plain: Range<usize>,
    /// The folded surface; plural forms go by their singular.
    pub surface: &'a Arc<str>,
    /// What it may name, by page; never empty.
    pub claims: Vec<&'a Claim>,
}

impl Automaton {
    /// Returns the matcher for `surfaces`.
    pub fn new(surfaces: &SurfaceSet) -> Self {
        let mut patterns: BTreeMap<String, Vec<Reading>> = BTreeMap::new();
        for (surface, claims) in surfaces.iter() {
            for claim in claims {
                let exact_case = is_case_exact(&claim.surface);
                let mut read = |pattern: String, form| {
                    let (surface, claim) = (Arc::clone(surface), claim.clone());
                    let reading = Reading { surface, claim, form, exact_case };
                    patterns.entry(pattern).or_default().push(reading);
                };
                if claim.surface.plural {
                    for plural in plural_forms(surface, surfaces.lang(), exact_case) {
                        read(plural, Form::Plural);
                    }
                }
                read(surface.to_string(), Form::AsWritten);
            }
        }
        let size: usize = patterns.keys().map(String::len).sum();
        let kind = match size <= MAX_DENSE {
            true => AhoCorasickKind::DFA,
            false => AhoCorasickKind::ContiguousNFA,
        };
        let matcher = (!patterns.is_empty()).then(|| {
            let automaton = AhoCorasick::builder()
                // All matches are wanted: the longest may not be a whole word, or not
                // be written as its surface demands, while a shorter one is.
                .match_kind(MatchKind::Standard)
                .start_kind(StartKind::Anchored)
                .prefilter(false)
                .kind(Some(kind))
                .build(patterns.keys())
                .expect("a site's surfaces are far fewer than an automaton has states");
            Matcher { starts: Starts::new(patterns.keys().map(String::as_str)), automaton }
        });
        let (folded, patterns) = patterns.into_iter().unzip();
        Self { matcher, folded, patterns, lang: surfaces.lang().clone() }
    }

    /// Tells whether texts of this signature may name anything, without a look at them.
    pub fn may_match(&self, texts: &Signature) -> bool {
        self.folded.iter().any(|folded| texts.may_hold(folded))
    }

    /// Tells whether `text` names anything, to find the pages that a surface concerns.
    pub fn is_match(&self, text: &TextIndex) -> bool {
        self.all(text, &text.folded()).next().is_some()
    }

    /// Returns what `text` names: of overlapping names the leftmost, and of those the longest.
    pub fn matches(&self, text: &TextIndex) -> Vec<Match<'_>> {
        let mut all: Vec<_> = self.all(text, &text.folded()).collect();
        all.sort_by_key(|found| (found.plain.start, std::cmp::Reverse(found.plain.end)));
        let mut end = 0;
        all.retain(|found| {
            let free = found.plain.start >= end;
            if free {
                end = found.plain.end;
            }
            free
        });
        all
    }

    fn all<'a>(&'a self, text: &TextIndex, folded: &Folded) -> impl Iterator<Item = Match<'a>> {
        let found = self.matcher.iter().flat_map(|matcher| matcher.find(&folded.text));
        found.filter_map(|found| {
            if !is_whole(&folded.text, found.range(), &self.lang) {
                return None;
            }
            let to_plain = |offset| folded.to_plain(offset, &text.plain);
            let plain = to_plain(found.start())..to_plain(found.end());
            if is_in_address(&text.plain, &plain) {
                return None;
            }
            let readings = &self.patterns[found.pattern().as_usize()];
            let written = &text.plain[plain.clone()];
            let mut fitting: Vec<&Reading> =
                readings.iter().filter(|reading| reading.fits(written)).collect();
            // What is written just so comes before what is a plural of something else.
            let form = fitting.iter().map(|reading| reading.form).min()?;
            fitting.retain(|reading| reading.form == form);
            fitting.sort_by_key(|reading| &reading.claim.entity);
            let surface = &fitting.first()?.surface;
            Some(Match { plain, surface, claims: fitting.iter().map(|r| &r.claim).collect() })
        })
    }
}

impl Matcher {
    /// Returns where a pattern stands in `text` and may be a whole word, in order; whether it
    /// is one is judged after.
    fn find(&self, text: &str) -> impl Iterator<Item = aho_corasick::Match> {
        self.starts.find(text).flat_map(move |start| {
            let rest = Input::new(text).range(start..).anchored(Anchored::Yes);
            let mut state = OverlappingState::start();
            let all = std::iter::from_fn(move || {
                self.automaton.find_overlapping(rest.clone(), &mut state);
                state.get_match()
            });
            // A pattern that ends another is found with it.
            all.filter(move |found| found.start() == start)
        })
    }
}

impl Reading {
    /// Tells whether `written` has the case that the surface demands.
    fn fits(&self, written: &str) -> bool {
        if !self.exact_case {
            return true;
        }
        let (name, written) = (cased(trim_marks(&self.claim.surface.name)), cased(written));
        match self.form {
            Form::AsWritten => written.trim() == name.trim(),
            Form::Plural => written.trim().strip_suffix('s') == Some(name.trim()),
        }
    }
}

/// Returns `text` folded in everything but case.
fn cased(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_dropped(*c)).nfc() {
        match c {
            c if is_apostrophe(c) => out.push('\''),
            c if is_hyphen(c) || c.is_whitespace() => {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// Languages whose articles lose a vowel before an apostrophe ("l'arthrite").
const ELIDING: &[&str] = &["fr", "it", "ca", "oc"];

/// Tells whether `range` of `folded` is not part of a longer word.
///
/// An English possessive ends the word before its apostrophe, and an elided article
/// ends at its own; any other apostrophe between letters joins them.
fn is_whole(folded: &str, range: Range<usize>, lang: &Lang) -> bool {
    let matched = &folded[range.clone()];
    let mut before = folded[..range.start].chars().rev();
    let mut after = folded[range.end..].chars();
    let (previous, next) = (before.next(), after.next());
    let joined = |left: Option<char>, right: Option<char>| match (left, right) {
        (Some(left), Some(right)) => {
            is_word(left) && is_word(right) && !is_unspaced(left) && !is_unspaced(right)
        }
        _ => false,
    };
    if joined(previous, matched.chars().next()) || joined(matched.chars().next_back(), next) {
        return false;
    }
    if previous == Some('\'') && before.next().is_some_and(is_word) {
        return ELIDING.contains(&lang.primary());
    }
    if next == Some('\'') {
        let (letter, following) = (after.next(), after.next());
        let possessive = letter == Some('s') && !following.is_some_and(is_word);
        return !letter.is_some_and(is_word) || (possessive && lang.primary() == "en");
    }
    true
}

/// Tells whether what stands at `range` of `text` is part of a web address or one of e-mail.
///
/// An address is written in ASCII without spaces, and is not longer than [`LONGEST_ADDRESS`]
/// to either side.
fn is_in_address(text: &str, range: &Range<usize>) -> bool {
    let is_of_one = |byte: &u8| byte.is_ascii_graphic();
    let bytes = text.as_bytes();
    let start =
        bytes[..range.start].iter().rev().take(LONGEST_ADDRESS).take_while(|b| is_of_one(b));
    let end = bytes[range.end..].iter().take(LONGEST_ADDRESS).take_while(|b| is_of_one(b));
    let before = &text[range.start - start.count()..range.start];
    let after = &text[range.end..range.end + end.count()];
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '+' | '-');
    let in_name = after.split_once('@').is_some_and(|(name, host)| {
        name.chars().all(is_name) && host.starts_with(|c: char| c.is_ascii_alphanumeric())
    });
    let in_host = before.split_once('@').is_some_and(|(name, _)| name.ends_with(is_name));
    before.contains("://") || before.starts_with("www.") || in_name || in_host
}

/// How far an address is looked for around a name, in bytes.
const LONGEST_ADDRESS: usize = 256;

/// Tells whether `c` is part of a word: letters, digits, marks and the underscore.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || (!c.is_ascii() && is_combining_mark(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::page::Surface;
    use crate::resolve::fixture::{TestSite, plain_text, surface};

    fn named(surfaces: &[(&str, Surface)], lang: &str, text: &str) -> Vec<String> {
        let site = surfaces
            .iter()
            .fold(TestSite::new(lang), |site, (page, surface)| site.surface(page, surface.clone()));
        let set = SurfaceSet::from_facts(&site.site().facts, &Lang::new(lang));
        let text = plain_text(text);
        let automaton = Automaton::new(&set);
        let matches = automaton.matches(&text);
        assert_eq!(automaton.is_match(&text), !matches.is_empty());
        let signature = Signature::of(&[&text.plain]);
        assert!(matches.is_empty() || automaton.may_match(&signature));
        matches.iter().map(|found| text.plain[found.plain.clone()].to_owned()).collect()
    }

    /// Asserts which of the words of `text` the surface `name` finds.
    fn finds(name: &str, text: &str, expected: &[&str]) {
        assert_eq!(named(&[("a/x", surface(name))], "en", text), expected, "{name} in {text}");
    }

    #[test]
    fn a_match_is_a_whole_word() {
        finds("JAK", "JAK1, JAK_1, xJAK and JAKx", &[]);
        finds("JAK", "JAK, (JAK) “JAK” JAK/STAT JAK-1", &["JAK"; 5]);
        finds("nova", "Nova\u{301} novas\u{301} nova", &["nova"]);
        finds("nova", "supernova novation é-nova", &["nova"]);
    }

    #[test]
    fn an_address_holds_no_name() {
        finds("nova", "https://a.example/nova-b/nova www.nova.example (http://nova.example)", &[]);
        finds("nova", "nova@a.example, info.nova@b.example info@nova.example", &[]);
        finds("nova", "(nova) nova/vega nova, @nova https://a.example nova", &["nova"; 5]);
        finds("诺瓦", "info@x.org，诺瓦有效 www.x.org。诺瓦 https://x.org。诺瓦", &["诺瓦"; 3]);
    }

    #[test]
    fn what_folds_to_a_name_is_seen_before_it_is_folded() {
        finds("Kelvinib", "\u{212a}elvinib", &["\u{212a}elvinib"]);
        finds("Kelvinib", "Kel\u{ad}vi\u{200b}nib", &["Kel\u{ad}vi\u{200b}nib"]);
        finds("Kelvinib Forte", "KELVINIB-forte kelvinib", &["KELVINIB-forte"]);
        finds("Šumivé", "ŠUMIVÉ sumive", &["ŠUMIVÉ"]);
        finds("维生素", "维生素", &["维生素"]);
        finds("Kelvinib", "kelvin nib", &[]);
    }

    #[test]
    fn case_matters_for_short_capitals_only() {
        finds("AA", "aa Aa AA", &["AA"]);
        finds("AA", "AAs aas AAS", &["AAs"]);
        finds("Baricitinib", "baricitinib BARICITINIB", &["baricitinib", "BARICITINIB"]);
        let exact = Surface { exact_case: Some(true), ..surface("Nova") };
        assert_eq!(named(&[("a/x", exact)], "en", "nova Nova NOVA Novas"), ["Nova", "Novas"]);
        let loose = Surface { exact_case: Some(false), ..surface("AA") };
        assert_eq!(named(&[("a/x", loose)], "en", "aa AA"), ["aa", "AA"]);
    }

    #[test]
    fn hyphens_match_spaces_and_curly_apostrophes_straight_ones() {
        finds(
            "JAK inhibitor",
            "JAK-inhibitor, JAK\u{2011}inhibitor",
            &["JAK-inhibitor", "JAK\u{2011}inhibitor"],
        );
        finds("IL-17", "IL 17 and IL-17 and IL17", &["IL 17", "IL-17"]);
        finds("Crohn's disease", "Crohn’s disease", &["Crohn’s disease"]);
        finds("baricitinib", "bari\u{AD}citinib", &["bari\u{AD}citinib"]);
        finds("Sjögren", "Sjo\u{308}gren", &["Sjo\u{308}gren"]);
    }

    #[test]
    fn trademark_signs_may_follow() {
        finds("Olumiant®", "Olumiant, Olumiant® and Olumiant™", &["Olumiant"; 3]);
        finds("Olumiant", "Olumiant®'s", &["Olumiant"]);
        finds("ABC®", "ABC® abc ABCs", &["ABC", "ABCs"]);
    }

    #[test]
    fn english_plurals_and_possessives_match() {
        finds("therapy", "therapies, therapy's, therapys", &["therapies", "therapy"]);
        finds(
            "JAK inhibitor",
            "JAK inhibitors' and JAK inhibitor's",
            &["JAK inhibitors", "JAK inhibitor"],
        );
        finds("Brien", "O'Brien", &[]);
        finds("nova", "nova'd 'nova'", &["nova"]);
        let singular = Surface { plural: false, ..surface("nova") };
        assert_eq!(named(&[("a/x", singular)], "en", "novas nova's nova"), ["nova", "nova"]);
    }

    #[test]
    fn other_languages_have_their_own_boundaries() {
        assert!(named(&[("a/x", surface("Therapie"))], "de", "Therapies").is_empty());
        assert_eq!(named(&[("a/x", surface("arthrite"))], "fr", "l’arthrite"), ["arthrite"]);
        assert_eq!(named(&[("a/x", surface("関節炎"))], "ja", "この関節炎は"), ["関節炎"]);
    }

    #[test]
    fn the_leftmost_and_then_the_longest_wins() {
        let surfaces = [
            ("a/jak", surface("JAK")),
            ("a/inhibitor", surface("JAK inhibitor")),
            ("a/class", surface("inhibitor of kinases")),
        ];
        assert_eq!(named(&surfaces, "en", "a JAK inhibitor of kinases"), ["JAK inhibitor"]);
        // The longer one is no whole word, so the shorter counts.
        assert_eq!(named(&surfaces, "en", "JAK inhibitory"), ["JAK"]);
    }

    #[test]
    fn no_match_runs_from_one_block_into_the_next() {
        finds("alopecia areata", "alopecia\nareata", &[]);
    }

    #[test]
    fn a_surface_comes_before_the_plural_of_another() {
        let site = TestSite::new("en")
            .surface("a/new", surface("nova"))
            .surface("b/news", surface("novas"));
        let set = SurfaceSet::from_facts(&site.site().facts, &Lang::new("en"));
        let (automaton, text) = (Automaton::new(&set), plain_text("novas"));
        let matches = automaton.matches(&text);
        let entities: Vec<&str> = matches[0].claims.iter().map(|c| c.entity.path()).collect();
        assert_eq!(entities, ["b/news"]);
    }
}
