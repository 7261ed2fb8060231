//! Where a page cites a work: the sentences, under which headings.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use crate::citation::CitationKey;
use crate::citation::syntax::Citation;
use crate::ordered::IndexMap;
use crate::parse::body::{Heading, Hole, HoleKind};
use crate::parse::page::FieldValue;
use crate::parse::text::{BlockKind, Sentences, TextBlock, TextIndex};
use crate::parse::{Body, Page};

use super::facts::Passage;
use super::flow::{Flow, Holder};
use super::quoting::Quoting;

/// One place of a page that cites a work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CitingPlace {
    /// The work.
    pub key: CitationKey,
    /// The sentence as plain text; the page's title for the source of a record that
    /// holds no text, and for a citation that stands by itself.
    pub sentence: Arc<str>,
    /// The heading that the sentence stands under: its anchor and its text.
    pub section: Option<(Arc<str>, Arc<str>)>,
}

/// Returns every place of `page` that cites a work, in the order in which it shows them.
pub fn citing_places(page: &Page, flow: &Flow<'_>, quoting: Quoting<'_>) -> Vec<CitingPlace> {
    let mut body = CitedText::of(&page.body, quoting);
    let mut places = Vec::new();
    for (citation, holder) in flow.places() {
        let sentence = match holder {
            Holder::Body => body.sentence(citation),
            Holder::Field(_, value) | Holder::Component(_, value) => {
                sentence_in_value(value, citation, quoting)
            }
            Holder::Inverse(record) => sentence_in_record(record, citation, quoting),
        };
        let title = || page.front.title.clone().unwrap_or_else(|| Arc::from(page.id.name()));
        let sentence = sentence.unwrap_or_else(title);
        let section = body.heading(citation, holder);
        let section =
            section.map(|heading| (Arc::clone(&heading.id), Arc::from(heading.text.as_str())));
        places.extend(citation.cites.iter().map(|cite| CitingPlace {
            key: cite.key.clone(),
            sentence: Arc::clone(&sentence),
            section: section.clone(),
        }));
    }
    places
}

/// Returns, for each citation of `page` in the order in which it shows them, what holds it
/// and the heading that readers meet it under; `None` before the first and in fields.
pub fn headings<'a>(page: &'a Page, flow: &Flow<'a>) -> Vec<(Holder<'a>, Option<&'a Heading>)> {
    let body = CitedText::of(&page.body, Quoting::default());
    let places = flow.places().into_iter();
    places.map(|(citation, holder)| (holder, body.heading(citation, holder))).collect()
}

/// Returns how the page speaks of each work that it cites.
pub(super) fn citing(
    page: &Page,
    flow: &Flow<'_>,
    quoting: Quoting<'_>,
) -> BTreeMap<CitationKey, Passage> {
    let mut passages: BTreeMap<CitationKey, Passage> = BTreeMap::new();
    for CitingPlace { key, sentence, section } in citing_places(page, flow, quoting) {
        let first = Passage { sentence, section, count: 0 };
        passages.entry(key).or_insert(first).count += 1;
    }
    passages
}

/// A text with the places of its citations.
struct CitedText<'a> {
    body: &'a Body,
    quoting: Quoting<'a>,
    sentences: Sentences<'a>,
    /// Where each citation, known by its address, stands in the HTML.
    holes: HashMap<*const Citation, usize>,
}

impl<'a> CitedText<'a> {
    fn of(body: &'a Body, quoting: Quoting<'a>) -> Self {
        let holes = body.holes.iter().filter_map(|hole| match hole.kind {
            HoleKind::Citation(index) => Some((&raw const body.citations[index], hole.at)),
            _ => None,
        });
        Self { body, quoting, sentences: Sentences::of(&body.text), holes: holes.collect() }
    }

    /// Returns the sentence that holds the plain offset `plain`.
    fn sentence_at(&mut self, plain: usize) -> Option<Arc<str>> {
        let words = |plain| self.quoting.words(self.body, plain);
        self.sentences.at(plain, words).map(|(_, sentence)| sentence)
    }

    /// Returns the sentence that `citation` stands in, or after, as [`cited_at`] says; a cell
    /// of a table that holds nothing else speaks of its row.
    fn sentence(&mut self, citation: &Citation) -> Option<Arc<str>> {
        let at = *self.holes.get(&std::ptr::from_ref(citation))?;
        match cited_at(self.body, citation, at) {
            Some(plain) => self.sentence_at(plain),
            None => self.row(at),
        }
    }

    /// Returns the cells of the row of a table that holds the position `at` of the HTML.
    fn row(&self, at: usize) -> Option<Arc<str>> {
        let (html, text) = (self.body.html.get(), &self.body.text);
        let start = html[..at].rfind("<tr")?;
        let end = start + html[start..].find("</tr>")?;
        let in_row = |block: &&TextBlock| {
            let shown = text.html_offset(block.plain.start());
            block.kind == BlockKind::Cell && shown.is_some_and(|at| (start..end).contains(&at))
        };
        let last = last_before(text, at).and_then(|last| text.block_at(last.start));
        let (before, after) = text.blocks.split_at(last.map_or(0, |last| last + 1));
        let first = before.len() - before.iter().rev().take_while(in_row).count();
        let cells = before[first..].iter().chain(after.iter().take_while(in_row));
        let cells: Vec<_> =
            cells.map(|cell| self.quoting.words(self.body, cell.plain.range())).collect();
        (at < end && !cells.is_empty()).then(|| Arc::from(cells.join(" · ")))
    }

    /// Returns the heading that readers meet `citation` under: in a note that of its first
    /// mark, in a component that of the component.
    fn heading(&self, citation: &Citation, holder: Holder<'_>) -> Option<&'a Heading> {
        let at = match holder {
            Holder::Field(..) | Holder::Inverse(_) => return None,
            Holder::Component(index, _) => {
                return self.heading_above(self.body.components[index].range.start);
            }
            Holder::Body => *self.holes.get(&std::ptr::from_ref(citation))?,
        };
        let body = self.body;
        let Some(note) = body.notes.iter().position(|note| note.html.contains(&at)) else {
            return self.heading_above(citation.range.start);
        };
        let is_mark = |hole: &&Hole| matches!(hole.kind, HoleKind::NoteReference { note: of, nth: 0 } if of == note);
        let mark = body.holes.iter().find(is_mark)?;
        let block = body.text.block_at(last_before(&body.text, mark.at)?.start)?;
        body.headings.get(body.text.blocks[block].heading? as usize)
    }

    /// Returns the heading above the place `at` in the source.
    fn heading_above(&self, at: usize) -> Option<&'a Heading> {
        let headings = &self.body.headings;
        let below = headings.partition_point(|heading| heading.range.start <= at);
        headings.get(below.checked_sub(1)?)
    }
}

/// Returns a plain offset in the sentence of `body` that `citation` stands in, or after, which
/// is at the position `at` of the HTML; `None` where it stands by itself.
///
/// That is the sentence of the last character before it, as what follows may begin
/// the next one; of one that names the author that of the name. At the start of a block,
/// which has none before it, it is the block's first.
pub fn cited_at(body: &Body, citation: &Citation, at: usize) -> Option<usize> {
    let text = &body.text;
    let before = last_before(text, at);
    let block = before.as_ref().and_then(|last| text.block_at(last.start));
    let holds = |block: usize| {
        let block = text.blocks.get(block)?;
        block.source.range().contains(&citation.range.start).then_some(block)
    };
    match before.filter(|_| block.and_then(holds).is_some()) {
        Some(last) if citation.narrative => Some(last.end),
        Some(last) => Some(last.start),
        None => Some(holds(block.map_or(0, |block| block + 1))?.plain.start()),
    }
}

/// Returns the place of the last character of the plain text that stands before the
/// position `at` of the HTML.
pub fn last_before(text: &TextIndex, at: usize) -> Option<Range<usize>> {
    let before = text.segments.partition_point(|segment| (segment.html as usize) < at);
    let plain = text.segments[before.checked_sub(1)?].plain.range();
    let last = text.plain[plain.clone()].chars().next_back()?;
    Some(plain.end - last.len_utf8()..plain.end)
}

/// Returns the sentence of the citation where `value` holds it: of a text its own,
/// of a record's source the record's first text.
fn sentence_in_value(
    value: &FieldValue,
    citation: &Citation,
    quoting: Quoting<'_>,
) -> Option<Arc<str>> {
    match value {
        FieldValue::Markdown(body) if body.citations.is_empty() => None,
        FieldValue::Markdown(body) => CitedText::of(body, quoting).sentence(citation),
        FieldValue::List(values) => {
            values.iter().find_map(|value| sentence_in_value(value, citation, quoting))
        }
        FieldValue::Record(record) => sentence_in_record(record, citation, quoting),
        _ => None,
    }
}

fn sentence_in_record(
    record: &IndexMap<Arc<str>, FieldValue>,
    citation: &Citation,
    quoting: Quoting<'_>,
) -> Option<Arc<str>> {
    let inner = record.values().find_map(|value| sentence_in_value(value, citation, quoting));
    let holds = || record.values().any(|value| holds(value, citation));
    let first_text = || {
        record.values().find_map(|value| match value {
            FieldValue::Text(text) => Some(Arc::clone(text)),
            FieldValue::Markdown(body) => CitedText::of(body, quoting).sentence_at(0),
            _ => None,
        })
    };
    inner.or_else(|| holds().then(first_text).flatten())
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
    use crate::citation::{Bibliography, CitationFile, CitationStyle};
    use crate::resolve::fixture::WrittenSite;
    use crate::resolve::flow::ShownRecords;
    use crate::source::{Source, SourceId};

    fn page(text: &str) -> Page {
        let text = format!("---\ntitle: T\n---\n{text}\n");
        WrittenSite::new("").page("page.md", &text).pages[0].page()
    }

    /// Returns the sentence of each citation of a page with the text `text`.
    fn sentences(text: &str) -> Vec<String> {
        let page = page(text);
        let shown = ShownRecords::default();
        let flow = Flow::new(&page, &shown, None);
        let places = citing_places(&page, &flow, Quoting::default()).into_iter();
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
    fn a_quoted_sentence_names_the_authors_as_the_style_does() {
        let bib = "@book{a, author={Roe, Jane and Doe, John and Poe, Ann}} @book{b, title={Hair}}";
        let file = CitationFile::parse(&Source::new(SourceId::new("citations/a.bib"), bib));
        let works = Bibliography::merge([&file], []).0;
        let page = page("One fell. @a found it \\& @c … did. So did @b [p. 4].");
        let shown = ShownRecords::default();
        let of_style = |name: &str| {
            let style = citeproc::styles::bundled(name).expect("the style is bundled");
            let style = CitationStyle::new(&style, "en-US");
            let flow = Flow::new(&page, &shown, None);
            let places = citing_places(&page, &flow, Quoting::new(&style, &works)).into_iter();
            places.map(|place| place.sentence.to_string()).collect::<Vec<_>>()
        };
        let found = "Roe et al. found it & … … did.";
        assert_eq!(of_style("ama"), [found, found, "So did Hair."]);
        let found = "Roe, Doe and Poe found it & … … did.";
        assert_eq!(of_style("harvard")[0], found);
    }

    #[test]
    fn the_full_stop_of_names_ends_a_sentence_too() {
        let bib =
            "@book{a, author={Roe, Jane and Doe, John and Poe, Ann}} @book{b, author={Roe, A}}";
        let file = CitationFile::parse(&Source::new(SourceId::new("citations/a.bib"), bib));
        let works = Bibliography::merge([&file], []).0;
        let style = citeproc::styles::bundled("ama").expect("the style is bundled");
        let style = CitationStyle::new(&style, "en-US");
        let page = page("So says @a. And @b. Or @a...");
        let shown = ShownRecords::default();
        let flow = Flow::new(&page, &shown, None);
        let places = citing_places(&page, &flow, Quoting::new(&style, &works)).into_iter();
        let sentences: Vec<_> = places.map(|place| place.sentence.to_string()).collect();
        assert_eq!(sentences, ["So says Roe et al.", "And Roe.", "Or Roe et al.…"]);
    }

    #[test]
    fn a_citation_that_names_the_author_belongs_to_the_sentence_of_the_name() {
        assert_eq!(
            sentences("One fell. @a found it. So did @b [p. 4]. Two.\n\n@c rose. They said.\n"),
            ["a: … found it.", "b: So did ….", "c: … rose."]
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
            ["a: Item one.", "b: Item two.", "c: Cell. End", "d: cell", "e: A note.",]
        );
    }

    #[test]
    fn a_citation_by_itself_speaks_of_its_row_or_else_of_the_page() {
        assert_eq!(
            sentences(
                "Before.\n\n[@a]\n\n## Heading\n\n[@b]\n\n- [@c]\n\n\
                 | Study | Gain | Loss |\n|---|---|---|\n| [@d] | 38% | 2% |\n\
                 | [@e] | 33% | 1% |\n\nAfter.\n"
            ),
            ["a: T", "b: T", "c: T", "d: 38% · 2%", "e: 33% · 1%"]
        );
    }

    #[test]
    fn readers_meet_a_note_under_the_heading_of_its_mark() {
        let page =
            page("## One\n\nNoted[^n] here [@a].\n\n## Two\n\nMore [@b].\n\n[^n]: Note [@c].\n");
        let shown = ShownRecords::default();
        let headings = headings(&page, &Flow::new(&page, &shown, None)).into_iter();
        let headings = headings.map(|(_, heading)| heading.map(|heading| &*heading.text));
        assert_eq!(headings.collect::<Vec<_>>(), [Some("One"), Some("Two"), Some("One")]);
    }
}
