//! Where a page cites a work: the sentences, under which headings.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::citation::CitationKey;
use crate::citation::syntax::Citation;
use crate::parse::body::HoleKind;
use crate::parse::page::FieldValue;
use crate::parse::text::{Sentences, TextBlock};
use crate::parse::{Body, Page};

use super::facts::Passage;
use super::flow::Flow;

/// One place of a page that cites a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitingPlace {
    /// The work.
    pub key: CitationKey,
    /// The sentence as plain text; the page's title for the source of a record that
    /// holds no text.
    pub sentence: Arc<str>,
    /// The heading that the sentence stands under: its anchor and its text.
    pub section: Option<(Arc<str>, Arc<str>)>,
}

/// Returns every place of `page` that cites a work, in the order in which it shows them.
pub fn citing_places(page: &Page, flow: &Flow<'_>) -> Vec<CitingPlace> {
    let mut body = CitedText::of(&page.body);
    let mut places = Vec::new();
    for citation in flow.citations() {
        let (sentence, section) = match body.sentence(citation) {
            Some(sentence) => (sentence, section(page, citation)),
            None => (sentence_in_fields(page, citation), None),
        };
        places.extend(citation.cites.iter().map(|cite| CitingPlace {
            key: cite.key.clone(),
            sentence: Arc::clone(&sentence),
            section: section.clone(),
        }));
    }
    places
}

/// Returns how the page speaks of each work that it cites.
pub(super) fn citing(page: &Page, flow: &Flow<'_>) -> BTreeMap<CitationKey, Passage> {
    let mut passages: BTreeMap<CitationKey, Passage> = BTreeMap::new();
    for CitingPlace { key, sentence, section } in citing_places(page, flow) {
        let first = Passage { sentence, section, count: 0 };
        passages.entry(key).or_insert(first).count += 1;
    }
    passages
}

fn section(page: &Page, citation: &Citation) -> Option<(Arc<str>, Arc<str>)> {
    let headings = &page.body.headings;
    let below = headings.partition_point(|heading| heading.range.start <= citation.range.start);
    let heading = headings.get(below.checked_sub(1)?)?;
    Some((Arc::clone(&heading.id), Arc::from(heading.text.as_str())))
}

/// A text with the places of its citations.
struct CitedText<'a> {
    body: &'a Body,
    sentences: Sentences<'a>,
    /// Where each citation, known by its address, stands in the HTML.
    holes: HashMap<*const Citation, usize>,
}

impl<'a> CitedText<'a> {
    fn of(body: &'a Body) -> Self {
        let holes = body.holes.iter().filter_map(|hole| match hole.kind {
            HoleKind::Citation(index) => Some((&raw const body.citations[index], hole.at)),
            _ => None,
        });
        Self { body, sentences: Sentences::of(&body.text), holes: holes.collect() }
    }

    /// Returns the sentence that `citation` stands in, or after; `None` where it is
    /// none of the text's.
    ///
    /// That is the sentence of the last character before it, as what follows may begin
    /// the next one; at the start of a block, which has none before it, the block's first.
    fn sentence(&mut self, citation: &Citation) -> Option<Arc<str>> {
        let at = *self.holes.get(&std::ptr::from_ref(citation))?;
        let text = &self.body.text;
        let before = text.segments.partition_point(|segment| (segment.html as usize) < at);
        let before = before.checked_sub(1).and_then(|index| {
            let plain = text.segments[index].plain.range();
            let (last, _) = text.plain[plain.clone()].char_indices().next_back()?;
            Some(plain.start + last)
        });
        let next = before.and_then(|plain| text.block_at(plain)).map_or(0, |block| block + 1);
        let begins = |block: &&TextBlock| block.source.range().contains(&citation.range.start);
        let begun = text.blocks.get(next).filter(begins).map(|block| block.plain.start());
        let (_, sentence) = self.sentences.at(begun.or(before)?)?;
        Some(sentence)
    }
}

/// Returns what stands in for the sentence of a citation of the front matter.
fn sentence_in_fields(page: &Page, citation: &Citation) -> Arc<str> {
    let mut fields = page.front.fields.values();
    fields
        .find_map(|value| sentence_in_value(value, citation))
        .or_else(|| page.front.title.clone())
        .unwrap_or_else(|| Arc::from(page.id.name()))
}

/// Returns the sentence of the citation where `value` holds it: of a text its own,
/// of a record's source the record's first text.
fn sentence_in_value(value: &FieldValue, citation: &Citation) -> Option<Arc<str>> {
    match value {
        FieldValue::Markdown(body) if body.citations.is_empty() => None,
        FieldValue::Markdown(body) => CitedText::of(body).sentence(citation),
        FieldValue::List(values) => {
            values.iter().find_map(|value| sentence_in_value(value, citation))
        }
        FieldValue::Record(values) => {
            let holds = values.values().any(|value| holds(value, citation));
            let first_text = || {
                values.values().find_map(|value| match value {
                    FieldValue::Text(text) | FieldValue::Page(text) => Some(Arc::clone(text)),
                    FieldValue::Markdown(body) => {
                        Sentences::of(&body.text).at(0).map(|(_, words)| words)
                    }
                    _ => None,
                })
            };
            let inner = values.values().find_map(|value| sentence_in_value(value, citation));
            inner.or_else(|| holds.then(first_text).flatten())
        }
        _ => None,
    }
}

fn holds(value: &FieldValue, citation: &Citation) -> bool {
    match value {
        FieldValue::Citation(own) => std::ptr::eq(&**own, citation),
        FieldValue::List(values) => values.iter().any(|value| holds(value, citation)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::fixture::WrittenSite;
    use crate::resolve::flow::ShownRecords;

    /// Returns the sentence of each citation of a page with the text `text`.
    fn sentences(text: &str) -> Vec<String> {
        let text = format!("---\ntitle: T\n---\n{text}\n");
        let page = WrittenSite::new("").page("page.md", &text).pages[0].page();
        let shown = ShownRecords::default();
        let places = citing_places(&page, &Flow::new(&page, &shown, None)).into_iter();
        places.map(|place| format!("{}: {}", place.key, place.sentence)).collect()
    }

    #[test]
    fn a_citation_belongs_to_the_sentence_that_it_stands_in_or_after() {
        assert_eq!(
            sentences(
                "One fell [@a]. Two rose.[@b] Three \\& *four* [@c] stayed. Five (p < 0.1) [@d].\n\n\
                 [@e] found six. Seven. Eight [@f; @g]"
            ),
            [
                "a: One fell.",
                "b: Two rose.",
                "c: Three & four stayed.",
                "d: Five (p < 0.1).",
                "e: found six.",
                "f: Eight",
                "g: Eight",
            ]
        );
    }

    #[test]
    fn a_citation_belongs_to_a_sentence_of_its_own_block() {
        assert_eq!(
            sentences(
                "Before. Last.\n\n- Item one [@a]. More.\n- [@b] Item two.\n\n\
                 | A | B |\n|---|---|\n| Cell. End | [@c] |\n| [@d] cell | x |\n\n\
                 Noted.[^1] After.\n\n[^1]: A note [@e]. Its end.\n"
            ),
            ["a: Item one.", "b: Item two.", "c: End", "d: cell", "e: A note.",]
        );
    }
}
