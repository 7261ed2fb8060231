//! How many years of school a text asks for.

use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::Sentence;
use crate::check::syllables::syllables;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::page::FieldValue;
use crate::parse::text::BlockKind;
use crate::resolve::mentions::MentionPlace;

use super::is_read;

static READ_GRADE_RULE: Rule = Rule {
    id: "read-grade",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "The text of a page asks for more years of school than it should: its \
        Flesch-Kincaid grade is over the target (option `grade`, 8 by default), or its SMOG grade \
        over another (option `smog`, 14). The names of entities count as short words. A warning \
        where the `audience` has `patients`. English only.",
};

/// The most that the Flesch-Kincaid grade should be.
pub(in crate::check::rules) static GRADE: RuleOption =
    RuleOption { rule: &READ_GRADE_RULE, name: "grade", kind: OptionKind::Number(100) };

/// The most that the SMOG grade should be.
pub(in crate::check::rules) static SMOG: RuleOption =
    RuleOption { rule: &READ_GRADE_RULE, name: "smog", kind: OptionKind::Number(100) };

const USUAL_GRADE: i64 = 8;
const USUAL_SMOG: i64 = 14;

/// Pages that are hard to read.
pub(in crate::check::rules) static READ_GRADE: Lint =
    Lint { rule: &READ_GRADE_RULE, check: Check::Page(read_grade) };

/// Below how many words a text is too short to be measured.
const FEWEST_WORDS: u32 = 100;

/// Below how many sentences SMOG says nothing: it was made of samples of thirty.
const FEWEST_SENTENCES: u32 = 30;

/// From how many syllables on SMOG counts a word.
const POLYSYLLABLE: usize = 3;

/// How many words a sentence may have.
const LONG_SENTENCE: u32 = 25;

/// What was counted in a text.
#[derive(Debug, Default)]
struct Counts<'a> {
    sentences: u32,
    words: u32,
    syllables: u32,
    polysyllables: u32,
    long_sentences: u32,
    /// The sentence with the most words, and how many these are.
    longest: Option<(&'a Sentence, u32)>,
}

impl Counts<'_> {
    /// Returns the grade of Kincaid, Fishburne, Rogers and Chissom, "Derivation of new
    /// readability formulas", Naval Technical Training Command 1975.
    fn flesch_kincaid(&self) -> f64 {
        let per = |a: u32, b: u32| f64::from(a) / f64::from(b);
        0.39 * per(self.words, self.sentences) + 11.8 * per(self.syllables, self.words) - 15.59
    }

    /// Returns the grade of McLaughlin, "SMOG grading: a new readability formula", Journal of
    /// Reading 1969; `None` where there are too few sentences for it.
    fn smog(&self) -> Option<f64> {
        let sample = f64::from(FEWEST_SENTENCES) / f64::from(self.sentences);
        let grade = 3.1291 + 1.043 * (f64::from(self.polysyllables) * sample).sqrt();
        (self.sentences >= FEWEST_SENTENCES).then_some(grade)
    }
}

fn read_grade(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !is_read(checked) || checked.page.id.lang().primary() != "en" {
        return;
    }
    let counts = counts(checked);
    let Some((longest, words)) = counts.longest.filter(|_| counts.words >= FEWEST_WORDS) else {
        return;
    };
    let most =
        |option: &RuleOption, usual| option.number(usual, checked.of.config, checked.collection);
    let over = |grade: f64, most: i64, name: &str| {
        let grade = (grade * 10.0).round() / 10.0;
        (grade > most as f64).then(|| format!("grade {grade:.1} by {name}, over {most}"))
    };
    let kincaid = over(counts.flesch_kincaid(), most(&GRADE, USUAL_GRADE), "Flesch-Kincaid");
    let smog = counts.smog().and_then(|smog| over(smog, most(&SMOG, USUAL_SMOG), "SMOG"));
    let over: Vec<String> = kincaid.into_iter().chain(smog).collect();
    if over.is_empty() {
        return;
    }
    let message = format!(
        "the text reads at {}; sentences of more than {LONG_SENTENCE} words: {} of {}",
        over.join(", and "),
        counts.long_sentences,
        counts.sentences
    );
    let span = checked.prose().span(checked, longest, &longest.plain);
    let mut found = Diagnostic::new(&READ_GRADE_RULE, span, message)
        .with_label(format!("the longest sentence: {words} words"))
        .with_help("split the longest sentences, and say in short words what long ones say");
    if is_for_patients(checked) {
        found.level = Level::Warning;
    }
    findings.report(found);
}

fn is_for_patients(checked: &CheckedPage<'_>) -> bool {
    let audience = checked.page.front.fields.get("audience").map(FieldValue::texts);
    audience.is_some_and(|audience| audience.iter().any(|word| **word == *"patients"))
}

/// Counts the words of the body's running text: no headings, tables, captions or notes.
fn counts<'a>(checked: &CheckedPage<'a>) -> Counts<'a> {
    let prose = checked.prose();
    let names = names(checked);
    let mut names = &names[..];
    let mut counts = Counts::default();
    let read = prose.sentences().iter();
    for sentence in read.filter(|s| s.text == 0 && s.kind == BlockKind::Prose) {
        let before = counts.words;
        for (at, word) in words(prose.words(sentence)) {
            let at = sentence.plain.start + at;
            while names.first().is_some_and(|name| name.end <= at) {
                names = &names[1..];
            }
            match names.first().filter(|name| name.start <= at) {
                // A name is one word, however many it has.
                Some(name) if name.start < at => {}
                Some(_) => counts.add(1),
                None => counts.add(spoken_syllables(word)),
            }
        }
        let words = counts.words - before;
        if words == 0 {
            continue;
        }
        counts.sentences += 1;
        counts.long_sentences += u32::from(words > LONG_SENTENCE);
        if counts.longest.is_none_or(|(_, most)| words > most) {
            counts.longest = Some((sentence, words));
        }
    }
    counts
}

impl Counts<'_> {
    fn add(&mut self, syllables: usize) {
        self.words += 1;
        self.syllables += u32::try_from(syllables).unwrap_or(1);
        self.polysyllables += u32::from(syllables >= POLYSYLLABLE);
    }
}

/// Returns where the body names entities, in order.
fn names(checked: &CheckedPage<'_>) -> Vec<Range<usize>> {
    let mentions = checked.linked.mentions.mentions.iter();
    let in_body = mentions.filter(|mention| mention.place == MentionPlace::Body);
    let mut names: Vec<Range<usize>> = in_body.map(|mention| mention.plain.range()).collect();
    names.sort_unstable_by_key(|name| name.start);
    names
}

/// Returns the syllables of a word; one of numbers and of abbreviations in capitals.
fn spoken_syllables(word: &str) -> usize {
    let is_spelled = |c: char| c.is_numeric() || c.is_uppercase();
    match word.len() > 1 && word.chars().all(is_spelled) {
        true => 1,
        false => syllables(word),
    }
}

/// Returns the words of `text` with their places; hyphens part words, apostrophes do not.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '’');
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find(char::is_alphanumeric)?;
            let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |end| start + end);
            at = end;
            // What follows the point of "0.05" is no word of its own.
            let is_rest = text[..start].ends_with(['.', ','])
                && text[start..].starts_with(|c: char| c.is_ascii_digit());
            if !is_rest {
                return Some((start, &text[start..end]));
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::words;
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;

    const HARD: &str = "Immunosuppressive medications necessitate continuous laboratory \
        monitoring because unanticipated haematological abnormalities occasionally develop. ";
    const EASY: &str = "The hair grows back in most of them. ";

    fn site(book: &str, path: &str, fields: &str, body: &str) -> TestSite {
        TestSite::new(book)
            .page("classes/i.md", "---\ntitle: Immunosuppressive medications\n---\n")
            .page(path, &format!("---\ntitle: X\n{fields}---\n{body}\n"))
    }

    fn found(book: &str, path: &str, body: &str) -> Vec<String> {
        site(book, path, "", body).findings("read-grade")
    }

    #[test]
    fn words_are_parted_by_hyphens_and_not_by_apostrophes() {
        let of = |text| words(text).map(|(_, word)| word).collect::<Vec<_>>();
        assert_eq!(
            of("A well-known patient's “dose”: 0.05 mg, 1,000."),
            ["A", "well", "known", "patient's", "dose", "0", "mg", "1"]
        );
        assert_eq!(words("Ärzte: é").collect::<Vec<_>>(), [(0, "Ärzte"), (8, "é")]);
    }

    #[test]
    fn a_text_is_graded_and_its_longest_sentence_shown() {
        let long = format!("Then {}.", "it hurts ".repeat(14).trim());
        let body = format!("{}\n\n{long}", HARD.repeat(12));
        // 11 words and 45 syllables in each of twelve sentences, 29 and 29 in the last.
        assert_eq!(
            found("", "articles/x.md", &body),
            ["articles/x.md:6:1 the text reads at grade 30.9 by Flesch-Kincaid, over 8; \
                sentences of more than 25 words: 1 of 13 | split the longest sentences, and say \
                in short words what long ones say"]
        );
    }

    #[test]
    fn what_is_easy_short_or_no_text_is_not_graded() {
        let hard = HARD.repeat(12);
        assert_eq!(found("", "articles/x.md", &EASY.repeat(40)), [""; 0]);
        assert_eq!(found("", "articles/x.md", &HARD.repeat(5)), [""; 0], "too short");
        assert_eq!(found("", "people/x.md", &hard), [""; 0]);
        assert_eq!(found("", "articles/_index.md", &hard), [""; 0]);
        assert_eq!(found("[languages.de]\n", "articles/x.de.md", &hard), [""; 0]);
        assert_eq!(found("", "classes/x.md", &hard).len(), 1);
        let quoted = format!("> {hard}\n\n{}", EASY.repeat(20));
        assert_eq!(found("", "articles/x.md", &quoted), [""; 0]);
        let book = "[checks]\nread-grade = { grade = 40, smog = 40 }\n";
        assert_eq!(found(book, "articles/x.md", &hard), [""; 0]);
    }

    #[test]
    fn smog_is_asked_from_thirty_sentences_on() {
        let book = "[checks]\nread-grade = { grade = 40, smog = 14 }\n";
        assert_eq!(found(book, "articles/x.md", &HARD.repeat(29)), [""; 0]);
        let long = found(book, "articles/x.md", &HARD.repeat(30));
        assert_eq!(long.len(), 1);
        assert!(long[0].contains("by SMOG, over 14"), "{long:?}");
    }

    #[test]
    fn names_are_short_words() {
        let named = "Immunosuppressive medications help them now. ";
        assert_eq!(found("", "articles/x.md", &named.repeat(40)), [""; 0]);
        let other = "Immunosuppressive interventions help them now. ";
        assert_eq!(found("", "articles/x.md", &other.repeat(40)).len(), 1);
    }

    #[test]
    fn patients_are_warned_for() {
        let level =
            |fields| site("", "articles/x.md", fields, &HARD.repeat(12)).levels("read-grade");
        assert_eq!(level(""), [Level::Info]);
        assert_eq!(level("audience: [clinicians]\n"), [Level::Info]);
        assert_eq!(level("audience: [clinicians, patients]\n"), [Level::Warning]);
    }
}
