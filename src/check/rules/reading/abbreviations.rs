//! Abbreviations that a page uses and never spells out.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::Sentence;
use crate::config::checks::Placed;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::page_id::PageId;
use crate::parse::text::{BlockKind, Linkable};
use crate::resolve::contribute::page_title;
use crate::resolve::mentions::{Mention, MentionOutcome, MentionPlace, SkipReason};

use super::{is_in, is_read};

static READ_ABBREV_RULE: Rule = Rule {
    id: "read-abbrev",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A text uses an abbreviation that it does not spell out at its first use, as \
        \"Severity of Alopecia Tool (SALT)\" does, and that is no term which the page links. \
        Those that everybody knows are left alone; option `known` lists further ones.",
};

/// Abbreviations that the site's readers know.
pub(in crate::check::rules) static KNOWN: RuleOption =
    RuleOption { rule: &READ_ABBREV_RULE, name: "known", kind: OptionKind::Texts };

/// Abbreviations that are not spelt out.
pub(in crate::check::rules) static READ_ABBREV: Lint =
    Lint { rule: &READ_ABBREV_RULE, check: Check::Page(read_abbrev) };

/// Abbreviations that everybody knows, and what only looks like one: units, parts of a day or of
/// an address.
pub(in crate::check::rules) static COMMON: RuleOption =
    RuleOption { rule: &READ_ABBREV_RULE, name: "common", kind: OptionKind::Texts };

/// What stands between the long form and the abbreviation after it.
pub(in crate::check::rules) static BEFORE: RuleOption =
    RuleOption::words(&READ_ABBREV_RULE, "before");

/// What stands between the abbreviation and the long form after it.
pub(in crate::check::rules) static AFTER: RuleOption =
    RuleOption::words(&READ_ABBREV_RULE, "after");

/// What stands between an abbreviation and its long form, in the language of the page.
struct Ways<'a> {
    before: Vec<&'a str>,
    after: Placed<'a>,
}

/// The fewest and the most characters of an abbreviation.
const LENGTHS: std::ops::RangeInclusive<usize> = 2..=6;

fn read_abbrev(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !is_read(checked) {
        return;
    }
    let prose = checked.prose();
    let title = page_title(checked.page);
    let ways = Ways {
        before: BEFORE.listed(checked.of.config, checked.page.id.lang()),
        after: prose.placed(&AFTER),
    };
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut linked = None;
    for sentence in prose.sentences().iter().filter(|sentence| sentence.text == 0) {
        let words = prose.words(sentence);
        for found in abbreviations(words) {
            let abbreviation = &words[found.clone()];
            let start = sentence.plain.start;
            let said = start + found.start..start + found.end;
            // A link says by where it leads what its text means.
            let is_apart = |place| is_in(place, prose.body(sentence), said.start);
            if seen.contains(abbreviation) || is_apart(Linkable::Code) || is_apart(Linkable::Link) {
                continue;
            }
            let is_explained = is_known(checked, abbreviation)
                || is_spelt_out(words, &found, &ways)
                || abbreviations(&title).any(|at| {
                    title[at.clone()] == *abbreviation && is_spelt_out(&title, &at, &ways)
                });
            // A heading or a quotation need not explain what it says.
            if !is_explained && matches!(sentence.kind, BlockKind::Heading | BlockKind::Quotation) {
                continue;
            }
            seen.insert(abbreviation);
            let linked = linked.get_or_insert_with(|| linked_pages(checked));
            if !is_explained && !is_linked(checked, linked, &said) {
                report(checked, sentence, &said, abbreviation, findings);
            }
        }
    }
}

fn report(
    checked: &CheckedPage<'_>,
    sentence: &Sentence,
    said: &Range<usize>,
    abbreviation: &str,
    findings: &mut Findings,
) {
    let message = format!("`{abbreviation}` is not spelt out where the page first uses it");
    let span = checked.prose().span(checked, sentence, said);
    findings.report(Diagnostic::new(&READ_ABBREV_RULE, span, message).with_help(format!(
        "write what it stands for, with `({abbreviation})` after it; or give it a page that is linked"
    )));
}

fn is_known(checked: &CheckedPage<'_>, abbreviation: &str) -> bool {
    let (config, collection) = (checked.of.config, checked.collection);
    [&COMMON, &KNOWN]
        .iter()
        .any(|option| option.texts(config, collection).any(|known| known == abbreviation))
}

/// Returns the places of the abbreviations in `text`: two to six capitals and digits that begin
/// with a capital and stand as a word alone, such as "JAK" and, of "RCTs", "RCT".
///
/// Roman numerals are none, nor is a part of a longer name, such as "AA1" of "BRAVE-AA1", nor
/// is anything in a text that is all in capitals.
fn abbreviations(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_shouted = !text.chars().any(char::is_lowercase);
    let mut at = if is_shouted { text.len() } else { 0 };
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(|c: char| c.is_ascii_uppercase())?;
            let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
            let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |len| start + len);
            at = end;
            if is_alone(text, start..end) && is_abbreviation(&text[start..end]) {
                return Some(start..end);
            }
        }
    })
}

fn is_abbreviation(word: &str) -> bool {
    let capitals = word.bytes().filter(u8::is_ascii_uppercase).count();
    let is_roman = word.bytes().all(|byte| matches!(byte, b'I' | b'V' | b'X'));
    LENGTHS.contains(&word.len()) && capitals >= 2 && !is_roman
}

/// Tells whether the capitals at `range` are a word, and not a part of a longer name or of an
/// address.
fn is_alone(text: &str, range: Range<usize>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let after = after.strip_prefix('s').unwrap_or(after);
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_numeric();
    let goes_on = |mut rest: std::str::Chars<'_>, forward: bool| {
        let mut next = || if forward { rest.next() } else { rest.next_back() };
        match next() {
            Some('-' | '‑' | '–') => next().is_some_and(is_name),
            Some('.') => next().is_some_and(char::is_alphanumeric),
            Some(c) => c.is_alphanumeric() || matches!(c, '/' | '@' | '_' | '#' | '&' | '+'),
            None => false,
        }
    };
    !goes_on(before.chars(), false) && !goes_on(after.chars(), true)
}

/// Tells whether `text` says what the abbreviation at `range` stands for: before it, where it
/// stands in parentheses or after a word such as "or"; or after it, in parentheses or after words
/// such as "stands for".
fn is_spelt_out(text: &str, range: &Range<usize>, ways: &Ways<'_>) -> bool {
    /// How many words more than letters an abbreviation can stand for: "of", "and", "the".
    const SMALL_WORDS: usize = 4;
    let initial = &text[range.start..=range.start];
    let begins =
        |word: &str| word.get(..1).is_some_and(|first| first.eq_ignore_ascii_case(initial));
    let words = |text| {
        str::split(text, |c: char| !c.is_alphanumeric()).filter(|word: &&str| !word.is_empty())
    };
    let before = text[..range.start].trim_end_matches(['“', '"', '‘']);
    let after = text[range.end..].trim_start_matches('s').trim_start_matches(['”', '"', '’']);
    let is_after_long = before.rfind('(').is_some_and(|open| !before[open..].contains(')'))
        || ways.before.iter().any(|way| {
            let long = before.strip_suffix(char::is_whitespace).and_then(|b| b.strip_suffix(way));
            long.is_some_and(|long| !long.ends_with(char::is_alphanumeric))
        });
    let after = after.trim_start();
    let opened = after.strip_prefix('(');
    let long_after = opened.or_else(|| after.get(ways.after.at_start(after)?..));
    let length = range.len() + SMALL_WORDS;
    is_after_long && words(before).rev().take(length).any(begins)
        || long_after.is_some_and(|long| words(long).take(length).any(begins))
}

/// Returns the pages that the text links, by their names or by hand, and the page itself.
fn linked_pages<'a>(checked: &CheckedPage<'a>) -> BTreeSet<&'a PageId> {
    let linked =
        checked.linked.mentions.mentions.iter().filter_map(|mention| match &mention.outcome {
            MentionOutcome::Linked { target, .. }
            | MentionOutcome::Skipped {
                target,
                reason: SkipReason::OwnPage | SkipReason::ManualLink | SkipReason::Repeated,
            } => Some(target),
            _ => None,
        });
    linked.collect()
}

/// Tells whether the text at `said` is a name of one of `pages`, or a part of one.
fn is_linked(checked: &CheckedPage<'_>, pages: &BTreeSet<&PageId>, said: &Range<usize>) -> bool {
    let is_name = |mention: &&Mention| {
        let plain = mention.plain.range();
        mention.place == MentionPlace::Body && plain.start <= said.start && said.end <= plain.end
    };
    let mut names = checked.linked.mentions.mentions.iter().filter(is_name);
    names.any(|mention| match &mention.outcome {
        MentionOutcome::Linked { .. } => true,
        MentionOutcome::Skipped { target, .. } => pages.contains(target),
        MentionOutcome::Ambiguous { .. } => false,
    })
}

#[cfg(test)]
mod tests {
    use super::abbreviations;
    use crate::check::fixture::TestSite;

    fn site(book: &str, body: &str) -> TestSite {
        TestSite::new(book)
            .page("glossary/jak.md", "---\ntitle: Janus kinase\nabbr: JAK\n---\nAn enzyme.\n")
            .page("articles/x.md", &format!("---\ntitle: X\n---\n{body}\n"))
    }

    fn found(body: &str) -> Vec<String> {
        let found = site("", body).findings("read-abbrev");
        let word = |line: &String| line.split('`').nth(1).map(str::to_owned);
        found.iter().filter_map(word).collect()
    }

    #[test]
    fn abbreviations_are_words_of_capitals() {
        let of = |text| abbreviations(text).map(|at| &text[at]).collect::<Vec<&str>>();
        assert_eq!(
            of("The RCTs of JAK1, an AA-like (SALT) score, by the AAD."),
            ["RCT", "JAK1", "AA", "SALT", "AAD"]
        );
        for none in [
            "I, Part II, B12, HbA1c, mRNA and eGFR",
            "trials BRAVE-AA1 and CTP-543, COVID-19",
            "see https://x.org/ABC?x=DEF.html or a@BCD.org, A/B, AT&T, SNAKE_CASE",
            "ALL OF THIS IS SHOUTED",
            "the LITFULO brand",
        ] {
            assert_eq!(of(none), [""; 0], "{none}");
        }
    }

    #[test]
    fn an_abbreviation_is_spelt_out_at_its_first_use() {
        assert_eq!(
            site("", "It fell. A SALT of 20 is low; SALT again.").findings("read-abbrev"),
            ["articles/x.md:4:12 `SALT` is not spelt out where the page first uses it \
                | write what it stands for, with `(SALT)` after it; or give it a page that is linked"]
        );
        for spelt in [
            "The Severity of Alopecia Tool (SALT) is a score. SALT is low.",
            "The “severity of alopecia tool” (“SALT”).",
            "Two randomised trials (RCTs) ran.",
            "The SALT (Severity of Alopecia Tool) is a score.",
            "SALT stands for Severity of Alopecia Tool.",
            "The severity of alopecia tool, or SALT, is a score.",
            "The Severity of Alopecia Tool, called SALT, is a score.",
            "The SALT, short for Severity of Alopecia Tool, is a score.",
            "Their BMI fell on bupropion XL after COVID.",
            "## On SALT\n\nThe Severity of Alopecia Tool (SALT).",
            "> The SALT was low.\n\nYes.",
        ] {
            assert_eq!(found(spelt), [""; 0], "{spelt}");
        }
        assert_eq!(found("Hair fell (SALT 20)."), ["SALT"]);
        assert_eq!(found("Later the word was (RCT)."), ["RCT"]);
        assert_eq!(found("Some actor SALT ordered."), ["SALT"], "words are whole");
        assert_eq!(found("SALT fell. The Severity of Alopecia Tool (SALT) is low."), ["SALT"]);
    }

    #[test]
    fn what_is_linked_or_known_needs_no_words() {
        assert_eq!(found("JAK is an enzyme; JAK again. The DNA and `XYZ` stay."), [""; 0]);
        let own = "---\ntitle: Janus kinase\nabbr: JAK\n---\nJAK is an enzyme.\n";
        assert_eq!(TestSite::new("").page("glossary/jak.md", own).findings("read-abbrev"), [""; 0]);
        let book = "[checks]\nread-abbrev = { known = [\"SALT\"] }\n";
        assert_eq!(site(book, "A SALT of 20, a PGA of 1.").findings("read-abbrev").len(), 1);
        let unlinked = "---\ntitle: Y\nautolink: false\n---\nJAK is an enzyme.\n";
        assert_eq!(site("", "").page("articles/y.md", unlinked).findings("read-abbrev").len(), 1);
    }

    #[test]
    fn the_ways_to_spell_it_out_are_those_of_the_language() {
        let found = |name: &str| {
            let text = "---\ntitle: X\n---\nSALT steht für Severity of Alopecia Tool.\n";
            let site = TestSite::new("[languages.de]\n").page(name, text);
            site.findings("read-abbrev").len()
        };
        assert_eq!((found("articles/x.de.md"), found("articles/x.md")), (0, 1));
    }

    #[test]
    fn a_link_leads_to_what_it_says() {
        assert_eq!(found("See the [SALT score](https://x.org/)."), [""; 0]);
        assert_eq!(found("See the [SALT score](https://x.org/). A SALT of 20."), ["SALT"]);
    }

    #[test]
    fn a_title_can_spell_it_out() {
        let found = |title: &str| {
            let text = format!("---\ntitle: {title}\n---\nA SALT of 20 is low.\n");
            TestSite::new("").page("articles/x.md", &text).findings("read-abbrev").len()
        };
        assert_eq!(found("The Severity of Alopecia Tool (SALT)"), 0);
        assert_eq!(found("What SALT means"), 1);
    }
}
