//! The sentences of a page's texts, as rules about words read them.
//!
//! [`Prose::of`] goes over a page once for all of these rules: it cuts the texts into
//! sentences, notes which of them cite, and looks for the words of every rule together
//! (`config/checks.rs`). A rule asks for [`Prose::sentences`] or [`Prose::hits`], and for the
//! place of what it objects to.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::citation::syntax::Citation;
use crate::config::checks::{Placed, RulePhrases};
use crate::parse::body::HoleKind;
use crate::parse::page::FieldValue;
use crate::parse::text::{BlockKind, Linkable, TextIndex};
use crate::parse::{Body, FieldPath, Page};
use crate::resolve::citing::{cited_at, last_before};
use crate::resolve::mentions::Mention;
use crate::source::Span;

use super::hits::{Hit, Hits};
use super::lint::{CheckedPage, RuleOption};

/// The sentences of a page's body and Markdown fields.
#[derive(Debug, Default)]
pub struct Prose<'a> {
    texts: Vec<ProseText<'a>>,
    sentences: Vec<Sentence>,
    /// What sentences cite, each with its sentence; by sentence.
    citations: Vec<(usize, &'a Citation)>,
    /// The rules' words in the page's language; `None` where there are none.
    rules: Option<&'a RulePhrases>,
    /// Where sentences hold them: by list, then by place.
    hits: Vec<Hit>,
    /// Where the hits of each list end; those of the next begin there.
    list_ends: Vec<usize>,
}

/// One text of a page.
#[derive(Debug)]
struct ProseText<'a> {
    /// The field that it stands in; `None` for the body.
    field: Option<FieldPath>,
    body: &'a Body,
    /// What it mentions, by place.
    mentions: &'a [Mention],
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
    /// Whether it cites: in itself, right after it, by a note that does, or by the record
    /// that it is a text of.
    pub cites: bool,
}

impl<'a> Prose<'a> {
    /// Returns the sentences of the texts of `checked`.
    pub(super) fn of(checked: &CheckedPage<'a>) -> Self {
        let mut prose = Self::default();
        let mentions = mentions_by_field(&checked.linked.mentions.mentions);
        for (field, body) in checked.texts() {
            // What a translation leaves out is judged in its original, whose language it has.
            let is_own = |field| checked.page.written_in(field).0.id == checked.page.source.id;
            if field.as_ref().is_none_or(is_own) {
                let rests_on = field.as_ref().map(|field| sources(checked.page, field));
                let mentions = mentions.get(&field.as_ref()).copied().unwrap_or_default();
                prose.add(ProseText { field, body, mentions });
                prose.cite(body, &rests_on.unwrap_or_default());
            }
        }
        if let Some(rules) = checked.of.config.checks.phrases(checked.page.id.lang()) {
            prose.look_for(rules);
        }
        prose
    }

    fn add(&mut self, added: ProseText<'a>) {
        let text = self.texts.len();
        for (index, block) in added.body.text.blocks.iter().enumerate() {
            let found = added.body.text.sentences(index).into_iter();
            let found = found.filter(|plain| !plain.is_empty());
            self.sentences.extend(found.map(|plain| Sentence {
                text,
                block: index,
                kind: block.kind,
                plain,
                cites: false,
            }));
        }
        self.texts.push(added);
    }

    /// Looks for the words of `rules` in all sentences.
    fn look_for(&mut self, rules: &'a RulePhrases) {
        let mut found = Vec::new();
        let mut after = 0;
        for (index, text) in self.texts.iter().enumerate() {
            for phrase in rules.phrases.find(&text.body.text.plain) {
                let place = (index, phrase.range.start);
                while self.sentences.get(after).is_some_and(|s| (s.text, s.plain.start) <= place) {
                    after += 1;
                }
                let Some(at) = after.checked_sub(1) else { continue };
                let sentence = &self.sentences[at];
                if sentence.text == index && phrase.range.end <= sentence.plain.end {
                    found.push((phrase.list, Hit::new(index, at, &phrase.range)));
                }
            }
        }
        // They are in order by place.
        found.sort_by_key(|(list, _)| *list);
        self.list_ends =
            (0..rules.count()).map(|list| found.partition_point(|(of, _)| *of <= list)).collect();
        self.hits = found.into_iter().map(|(_, hit)| hit).collect();
        self.rules = Some(rules);
    }

    /// Notes what the sentences of the last text, `body`, cite; all of them also cite
    /// `rests_on`.
    fn cite(&mut self, body: &'a Body, rests_on: &[&'a Citation]) {
        let text = self.texts.len() - 1;
        let first = self.sentences.partition_point(|sentence| sentence.text < text);
        let from = self.citations.len();
        for hole in &body.holes {
            let plain = match hole.kind {
                HoleKind::Citation(index) => cited_at(body, &body.citations[index], hole.at),
                HoleKind::NoteReference { .. } => {
                    last_before(&body.text, hole.at).map(|last| last.start)
                }
                _ => None,
            };
            let Some(sentence) = plain.and_then(|plain| self.sentence_at(text, plain)) else {
                continue;
            };
            match hole.kind {
                HoleKind::Citation(index) => {
                    self.citations.push((sentence, &body.citations[index]));
                }
                HoleKind::NoteReference { note, .. } => {
                    let cited = note_citations(body, note);
                    self.citations.extend(cited.map(|citation| (sentence, citation)));
                }
                _ => {}
            }
        }
        for sentence in first..self.sentences.len() {
            self.citations.extend(rests_on.iter().map(|citation| (sentence, *citation)));
        }
        self.citations[from..].sort_by_key(|(sentence, _)| *sentence);
        for (sentence, _) in &self.citations[from..] {
            self.sentences[*sentence].cites = true;
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

    /// Returns what `sentence` cites.
    pub fn citations(&self, sentence: &Sentence) -> impl Iterator<Item = &'a Citation> {
        let key = |s: &Sentence| (s.text, s.plain.start);
        let at = self.sentences.partition_point(|s| key(s) < key(sentence));
        let start = self.citations.partition_point(|(of, _)| *of < at);
        let cited = self.citations[start..].iter().take_while(move |(of, _)| *of == at);
        cited.map(|(_, citation)| *citation)
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

    /// Returns what `sentence` mentions, in order.
    pub fn mentions(&self, sentence: &Sentence) -> &'a [Mention] {
        let mentions = self.texts[sentence.text].mentions;
        let before = |at| mentions.partition_point(|mention| mention.plain.start() < at);
        &mentions[before(sentence.plain.start)..before(sentence.plain.end)]
    }

    /// Tells whether the place `at` of the text of `sentence` is code.
    pub fn is_code(&self, sentence: &Sentence, at: usize) -> bool {
        is_code(&self.body(sentence).text, at)
    }

    /// Returns where the phrases of `option` stand.
    pub fn hits(&self, option: &RuleOption) -> Hits<'_> {
        self.hits_of(option.rule.id, option.name)
    }

    /// Returns the phrases of `option` to look for beside something.
    pub fn placed(&self, option: &RuleOption) -> Placed<'a> {
        let rules = self.rules;
        rules.map_or_else(Placed::default, |rules| rules.placed(option.rule.id, option.name))
    }

    fn hits_of(&self, rule: &str, option: &str) -> Hits<'_> {
        let list = self.rules.and_then(|rules| rules.list(rule, option));
        let hits = list.map(|list| {
            let start = list.checked_sub(1).map_or(0, |before| self.list_ends[before]);
            &self.hits[start..self.list_ends[list]]
        });
        Hits::new(&self.sentences, hits.unwrap_or_default())
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
        self.certain_span(checked, sentence, said).unwrap_or_else(|| {
            let words = text.body.text.plain.get(said.clone()).unwrap_or_default();
            checked.text_span(text.field.as_ref(), 0..0, words)
        })
    }

    /// Returns the same where the place is certain, which in a field it may not be.
    pub fn certain_span(
        &self,
        checked: &CheckedPage<'_>,
        sentence: &Sentence,
        said: &Range<usize>,
    ) -> Option<Span> {
        let text = &self.texts[sentence.text];
        checked.certain_span(text.field.as_ref(), text.body.text.source_range(said))
    }
}

/// Tells whether the plain offset `at` of `text` is code.
pub fn is_code(text: &TextIndex, at: usize) -> bool {
    text.segment_at(at).is_some_and(|segment| segment.linkable == Linkable::Code)
}

/// Returns `mentions`, of which those of one text stand together, by the field that it stands in.
fn mentions_by_field(mentions: &[Mention]) -> BTreeMap<Option<&FieldPath>, &[Mention]> {
    let texts = mentions.chunk_by(|a, b| a.place == b.place);
    texts.map(|mentions| (mentions[0].field(), mentions)).collect()
}

/// Returns what the note `note` of `body` cites.
fn note_citations(body: &Body, note: usize) -> impl Iterator<Item = &Citation> {
    body.holes[body.notes[note].holes.clone()].iter().filter_map(|hole| match hole.kind {
        HoleKind::Citation(index) => Some(&body.citations[index]),
        _ => None,
    })
}

/// Returns what the records that hold the text at `field` cite as their source.
fn sources<'a>(page: &'a Page, field: &FieldPath) -> Vec<&'a Citation> {
    let outer = (1..field.0.len()).map(|steps| FieldPath(field.0[..steps].to_vec()));
    let records = outer.filter_map(|path| match page.front.value_at(&path) {
        Some(FieldValue::Record(record)) => Some(record),
        _ => None,
    });
    let values = records.flat_map(|record| record.values());
    let values = values.flat_map(|value| match value {
        FieldValue::List(values) => values.as_slice(),
        value => std::slice::from_ref(value),
    });
    let citations = values.filter_map(|value| match value {
        FieldValue::Citation(citation) => Some(&**citation),
        _ => None,
    });
    citations.collect()
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

    #[test]
    fn a_text_of_a_record_with_a_source_rests_on_it() {
        let text = "---\ntitle: A\nevidence: [{outcome: x, source: k, notes: One. Two.}]\n\
            changes: [{date: 2026-01-01, note: Three.}]\n---\n";
        let site = TestSite::new("").page("articles/a.md", text);
        let shown = site.with_checked("articles/a", |checked| {
            let prose = checked.prose();
            let keys = |sentence| {
                let cites = prose.citations(sentence).flat_map(|citation| &citation.cites);
                cites.map(|cite| cite.key.as_str()).collect::<Vec<_>>()
            };
            let shown = prose.sentences().iter();
            shown.map(|s| format!("{} {:?}", prose.words(s), keys(s))).collect::<Vec<_>>()
        });
        assert_eq!(shown, ["One. [\"k\"]", "Two. [\"k\"]", "Three. []"]);
    }
}
