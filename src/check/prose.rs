//! The sentences of a page's texts, as rules about words read them.
//!
//! [`Prose::of`] goes over a page once for all of these rules: it cuts the texts into
//! sentences, notes which of them cite, and looks for the words of every rule together
//! (`config/checks.rs`). A rule asks for [`Prose::sentences`] or [`Prose::found`], and for the
//! place of what it objects to.

use std::ops::Range;

use crate::config::checks::{EXCEPT, WORDS};
use crate::parse::body::HoleKind;
use crate::parse::text::BlockKind;
use crate::parse::{Body, FieldPath};
use crate::phrases::FoundPhrase;
use crate::resolve::citing::{cited_at, last_before};
use crate::resolve::explain::source_range;
use crate::source::Span;

use super::lint::CheckedPage;

/// The sentences of a page's body and Markdown fields.
#[derive(Debug, Default)]
pub struct Prose<'a> {
    texts: Vec<ProseText<'a>>,
    sentences: Vec<Sentence>,
    /// What was found of the rules' words, each with the sentence that it begins in; by place.
    found: Vec<(usize, FoundPhrase)>,
}

/// One text of a page.
#[derive(Debug)]
struct ProseText<'a> {
    /// The field that it stands in; `None` for the body.
    field: Option<FieldPath>,
    body: &'a Body,
}

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The text that it stands in: 0 is the body, then come the fields.
    pub text: usize,
    /// Its block, as an index into the text's blocks.
    pub block: usize,
    /// What the block is.
    pub kind: BlockKind,
    /// Its place in the plain text, without white space around it.
    pub plain: Range<usize>,
    /// Whether it cites: in itself, right after it, or by a note that does.
    pub cites: bool,
}

impl<'a> Prose<'a> {
    /// Returns the sentences of the texts of `checked`.
    pub(super) fn of(checked: &CheckedPage<'a>) -> Self {
        let mut prose = Self::default();
        for (field, body) in checked.texts() {
            prose.add(field, body);
        }
        if let Some(rules) = checked.of.config.checks.phrases(checked.page.id.lang()) {
            for (index, text) in prose.texts.iter().enumerate() {
                for found in rules.phrases.find(&text.body.text.plain) {
                    let sentence = prose.sentence_at(index, found.range.start);
                    prose.found.extend(sentence.map(|sentence| (sentence, found)));
                }
            }
        }
        prose
    }

    fn add(&mut self, field: Option<FieldPath>, body: &'a Body) {
        let (text, first) = (self.texts.len(), self.sentences.len());
        self.texts.push(ProseText { field, body });
        for (index, block) in body.text.blocks.iter().enumerate() {
            let found = body.text.sentences(index).into_iter();
            let found = found.filter(|plain| !plain.is_empty());
            self.sentences.extend(found.map(|plain| Sentence {
                text,
                block: index,
                kind: block.kind,
                plain,
                cites: false,
            }));
        }
        let notes = citing_notes(body);
        for hole in &body.holes {
            let plain = match hole.kind {
                HoleKind::Citation(index) => cited_at(body, &body.citations[index], hole.at),
                HoleKind::NoteReference { note, .. } if notes[note] => {
                    last_before(&body.text, hole.at).map(|last| last.start)
                }
                _ => None,
            };
            let sentence = plain.and_then(|plain| self.sentence_at(text, plain));
            if let Some(sentence) = sentence.filter(|sentence| *sentence >= first) {
                self.sentences[sentence].cites = true;
            }
        }
    }

    /// Returns the sentence of `text` that holds the plain offset `plain`, or is the last
    /// before it in its block.
    fn sentence_at(&self, text: usize, plain: usize) -> Option<usize> {
        let block = self.texts[text].body.text.block_at(plain)?;
        let after = self
            .sentences
            .partition_point(|sentence| (sentence.text, sentence.plain.start) <= (text, plain));
        let at = after.checked_sub(1)?;
        let sentence = &self.sentences[at];
        ((sentence.text, sentence.block) == (text, block)).then_some(at)
    }

    /// Returns the sentences, text by text, in order.
    pub fn sentences(&self) -> &[Sentence] {
        &self.sentences
    }

    /// Returns the sentences of the block in which `sentence` stands.
    pub fn block_of(&self, sentence: &Sentence) -> &[Sentence] {
        let key = (sentence.text, sentence.block);
        let start = self.sentences.partition_point(|s| (s.text, s.block) < key);
        let end = self.sentences.partition_point(|s| (s.text, s.block) <= key);
        &self.sentences[start..end]
    }

    /// Returns the words of `sentence`.
    pub fn words(&self, sentence: &Sentence) -> &'a str {
        &self.texts[sentence.text].body.text.plain[sentence.plain.clone()]
    }

    /// Returns the plain text that `sentence` is a part of.
    pub fn text(&self, sentence: &Sentence) -> &'a str {
        &self.texts[sentence.text].body.text.plain
    }

    /// Returns the body or Markdown field that `sentence` stands in.
    pub fn body(&self, sentence: &Sentence) -> &'a Body {
        self.texts[sentence.text].body
    }

    /// Returns the field that `sentence` stands in; `None` for the body.
    pub fn field(&self, sentence: &Sentence) -> Option<&FieldPath> {
        self.texts[sentence.text].field.as_ref()
    }

    /// Returns where the words of `rule` stand: the sentence, and the place in its text.
    pub fn found(
        &self,
        checked: &CheckedPage<'_>,
        rule: &str,
    ) -> impl Iterator<Item = (&Sentence, Range<usize>)> {
        self.listed(checked, rule, WORDS)
    }

    /// Returns where the phrases of the `option` of `rule` stand, as [`Self::found`].
    pub fn listed(
        &self,
        checked: &CheckedPage<'_>,
        rule: &str,
        option: &str,
    ) -> impl Iterator<Item = (&Sentence, Range<usize>)> {
        let rules = checked.of.config.checks.phrases(checked.page.id.lang());
        let list = rules.and_then(|rules| rules.list_of(rule, option));
        let found = self.found.iter().filter(move |(_, found)| Some(found.list) == list);
        found.map(|(sentence, found)| (&self.sentences[*sentence], found.range.clone()))
    }

    /// Tells whether a phrase of the option `except` of `rule` stands in `sentence` within the
    /// `reach` bytes before the plain offset `at`, such as "not" before a word.
    pub fn is_excepted(
        &self,
        checked: &CheckedPage<'_>,
        rule: &str,
        (sentence, at): (&Sentence, usize),
        reach: usize,
    ) -> bool {
        self.listed(checked, rule, EXCEPT)
            .any(|(of, range)| of == sentence && range.end <= at && at - range.end <= reach)
    }

    /// Returns the place in the file of the plain range `said` of the text in which
    /// `sentence` stands.
    pub fn span(
        &self,
        checked: &CheckedPage<'_>,
        sentence: &Sentence,
        said: &Range<usize>,
    ) -> Span {
        let text = &self.texts[sentence.text];
        let range = match text.field {
            None => source_range(text.body, &checked.page.source.text(), said),
            Some(_) => said.clone(),
        };
        let words = text.body.text.plain.get(said.clone()).unwrap_or_default();
        checked.text_span(text.field.as_ref(), range, words)
    }
}

/// Tells of each note of `body` whether its text cites.
fn citing_notes(body: &Body) -> Vec<bool> {
    let cites = |holes: &Range<usize>| {
        body.holes[holes.clone()].iter().any(|hole| matches!(hole.kind, HoleKind::Citation(_)))
    };
    body.notes.iter().map(|note| cites(&note.holes)).collect()
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    /// Returns the sentences of a page with the body `body`, each after `+` where it cites.
    fn sentences(body: &str) -> Vec<String> {
        let site = TestSite::new("[citations]\nstyle = \"american-medical-association\"\n")
            .works("@book{k, title = {T}, author = {King, A.}, year = {2020}}", "")
            .page("articles/a.md", &format!("---\ntitle: A\nkey_points: One [@k].\n---\n{body}"));
        site.with_checked("articles/a", |checked| {
            let prose = checked.prose();
            let shown = prose.sentences().iter().map(|sentence| {
                let sign = if sentence.cites { "+" } else { "-" };
                let field = prose.field(sentence).map(|f| format!("{f}: ")).unwrap_or_default();
                format!("{sign} {field}{}", prose.words(sentence))
            });
            shown.collect()
        })
    }

    #[test]
    fn sentences_cite_in_themselves_right_after_or_by_a_note() {
        let text = "One [@k] is so. Two is not. Three is.[@k] @k says four. Five.[^n]\n\n\
            - Item\n- Item [@k]\n\n[^n]: See [@k].\n";
        assert_eq!(
            sentences(text),
            [
                "+ One is so.",
                "- Two is not.",
                "+ Three is.",
                "+ … says four.",
                "+ Five.",
                "- Item",
                "+ Item",
                "+ See.",
                "+ key_points[0]: One.",
            ]
        );
    }
}
