//! Renders one citation: its cites, sorted, grouped, collapsed and joined.

use super::collapse::{self, Join};
use super::memory::CiteKey;
use super::position::Place;
use super::registry::Registry;
use super::{Processor, narrative, sort};
use crate::cite::{Citation, Cite, CiteMode, LocatorLabel, Position};
use crate::output::buffer::{Buffer, Op, Tag};
use crate::output::{
    CiteMark, Formatting, Node, Output, VerticalAlign, content, finish, punctuation,
};
use crate::render::{Area, Context, Renderer};
use crate::style::model::{Collapse, StyleClass};
use crate::style::reads::NumberUse;
use std::sync::Arc;

/// A cite of a citation, rendered.
pub(super) struct Piece<'c> {
    pub(super) cite: &'c Cite,
    /// The place in the citation as the author wrote it.
    pub(super) index: usize,
    /// The item in the registry; `None` for an unknown key.
    pub(super) item: Option<usize>,
    pub(super) place: Place,
    pub(super) number: u32,
    pub(super) buffer: Arc<Buffer>,
    /// The names as they are shown, by which cites are grouped.
    pub(super) names: Arc<str>,
}

/// A cite as it is shown, without the author's affixes.
#[derive(Debug, Clone)]
pub(super) struct CiteForm {
    buffer: Arc<Buffer>,
    names: Arc<str>,
}

impl CiteForm {
    fn new(buffer: Buffer) -> Self {
        let names = buffer.find(Tag::Names).map(|names| buffer.plain(names)).unwrap_or_default();
        Self { buffer: Arc::new(buffer), names: names.into() }
    }
}

impl Piece<'_> {
    /// Returns the author's own text around the cite, or a locator, which keep it from being
    /// drawn into a range.
    pub(super) fn is_plain(&self) -> bool {
        self.has_no_affixes() && !self.has_locator()
    }

    /// Tells whether the author wrote nothing around the cite.
    pub(super) fn has_no_affixes(&self) -> bool {
        self.cite.prefix.is_empty() && self.cite.suffix.is_empty()
    }

    /// Tells whether what the cite shows first begins a sentence of a note.
    fn begins_sentence(&self, processor: &Processor) -> bool {
        if processor.env.style.class != StyleClass::Note {
            return false;
        }
        let prefix = self.cite.prefix.trim_end().trim_end_matches(['"', '”', '’', '\'', ')']);
        if prefix.is_empty() {
            return self.index == 0;
        }
        // One word with a full stop is an abbreviation: "Cf.".
        prefix.ends_with(['.', '?', '!']) && prefix.trim_start().contains(' ')
    }

    pub(super) fn has_locator(&self) -> bool {
        self.cite.locator.as_ref().is_some_and(|(_, value)| !value.trim().is_empty())
    }
}

/// Renders a citation.
pub(super) fn render(
    processor: &Processor,
    registry: &Registry<'_>,
    citation: &Citation,
    places: &[Place],
) -> Output {
    let composite = citation.cites.first().filter(|cite| cite.mode == CiteMode::Composite);
    let mut pieces = ordered(processor, registry, citation, places);
    for piece in &mut pieces {
        let form = form(processor, registry, piece);
        piece.buffer = form.buffer;
        piece.names = form.names;
        stand_in(processor, registry, piece);
    }
    let style = &processor.env.style.citation;
    let by_year = matches!(
        style.collapse,
        Some(Collapse::Year | Collapse::YearSuffix | Collapse::YearSuffixRanged)
    );
    if by_year || style.cite_group_delimiter.is_some() {
        collapse::group(&mut pieces);
    }
    let joins = collapse::joins(processor, registry, &mut pieces);
    let (output, shown) = assemble(processor, &pieces, &joins);
    match composite {
        Some(_) => with_author(processor, registry, citation, output, shown),
        None => output,
    }
}

/// Returns the cites in the order in which they are shown.
fn ordered<'c>(
    processor: &Processor,
    registry: &Registry<'_>,
    citation: &'c Citation,
    places: &[Place],
) -> Vec<Piece<'c>> {
    let nothing = CiteForm::new(Buffer::default());
    let mut known = Vec::new();
    let mut unknown = Vec::new();
    for (index, (cite, place)) in citation.cites.iter().zip(places).enumerate() {
        let item = registry.index_of(&cite.key);
        let piece = Piece {
            cite,
            index,
            item,
            place: *place,
            number: item.map_or(0, |item| registry.get(item).number),
            buffer: Arc::clone(&nothing.buffer),
            names: Arc::clone(&nothing.names),
        };
        if item.is_some() { known.push(piece) } else { unknown.push(piece) }
    }
    if !processor.env.style.citation.sort.is_empty() {
        let to_sort: Vec<sort::CiteToSort<'_>> = known
            .iter()
            .map(|piece| sort::CiteToSort {
                index: piece.item.unwrap_or_default(),
                locator: locator(piece.cite),
            })
            .collect();
        let order = sort::cite_order(processor, registry, &to_sort);
        let mut slots: Vec<Option<Piece<'c>>> = known.into_iter().map(Some).collect();
        known = order.into_iter().filter_map(|index| slots[index].take()).collect();
        known.extend(unknown);
        return known;
    }
    known.extend(unknown);
    known.sort_by_key(|piece| piece.index);
    known
}

fn locator(cite: &Cite) -> Option<(LocatorLabel, &str)> {
    cite.locator.as_ref().map(|(label, value)| (*label, value.as_str()))
}

/// Renders a cite, or finds it rendered.
fn form(processor: &Processor, registry: &Registry<'_>, piece: &Piece<'_>) -> CiteForm {
    let make = || CiteForm::new(rendered(processor, registry, piece, false));
    let reads = processor.env.style.reads.citation;
    let cite = piece.cite;
    let is_common = cite.locator.is_none() && cite.mode != CiteMode::AuthorOnly;
    let entry = piece.item.filter(|_| is_common).map(|item| registry.get(item));
    let Some((entry, remembered)) = entry.and_then(|entry| Some((entry, entry.remembered()?)))
    else {
        return make();
    };
    // A number is quicker written than looked up.
    if reads.number != NumberUse::Unused {
        return make();
    }
    let (position, near_note) = match reads.position {
        true => (piece.place.position, piece.place.near_note),
        false => (Position::First, false),
    };
    let key = CiteKey {
        position,
        near_note,
        first_note: piece.place.first_note.filter(|_| reads.first_note),
        year_suffix: entry.year_suffix,
        disambiguation: entry.disambiguation.clone(),
        suppress_names: cite.mode != CiteMode::Normal,
        begins_sentence: piece.begins_sentence(processor),
    };
    CiteForm::clone(&remembered.cites.get_or(key, make))
}

/// Gives a cite of which the style shows nothing what stands for it. The names of a narrative
/// cite are shown beside it.
fn stand_in(processor: &Processor, registry: &Registry<'_>, piece: &mut Piece<'_>) {
    let is_missed = piece.buffer.is_empty() && piece.cite.mode != CiteMode::Composite;
    if let Some(item) = piece.item.filter(|_| is_missed && processor.stand_ins) {
        piece.buffer = Arc::new(narrative::stand_in(registry.get(item).item()));
    }
}

/// Renders the content of a cite, without the author's affixes.
pub(super) fn rendered(
    processor: &Processor,
    registry: &Registry<'_>,
    piece: &Piece<'_>,
    without_names: bool,
) -> Buffer {
    let cite = piece.cite;
    let Some(item) = piece.item else { return marker(&cite.key) };
    let entry = registry.get(item);
    let suppress = matches!(cite.mode, CiteMode::SuppressAuthor | CiteMode::Composite);
    let cx = Context {
        item: entry.item(),
        area: Area::Citation,
        locator: locator(cite),
        position: piece.place.position,
        near_note: piece.place.near_note,
        first_note: piece.place.first_note,
        number: Some(entry.number),
        year_suffix: entry.year_suffix,
        disambiguation: &entry.disambiguation,
        suppress_names: without_names || suppress,
        suppress_number: false,
        sort: None,
        narrative: false,
        begins_sentence: piece.begins_sentence(processor),
        comparing: false,
    };
    let layout = &processor.env.style.citation.layout;
    if cite.mode == CiteMode::AuthorOnly {
        return narrative::names_buffer(processor, cx);
    }
    let mut renderer = Renderer::new(&processor.env, cx);
    renderer.layout(layout);
    renderer.out
}

/// Renders a key for which there is no item.
fn marker(key: &str) -> Buffer {
    let mut buffer = Buffer::default();
    let bold =
        Formatting { font_weight: Some(crate::output::FontWeight::Bold), ..Formatting::default() };
    buffer.open(Tag::Format(bold));
    buffer.push(key);
    buffer.push_joined("?");
    buffer.close(Tag::Format(bold));
    buffer
}

/// Joins the cites and puts the layout's affixes and formatting around them.
///
/// Also tells whether anything but the layout's own affixes is shown.
fn assemble(processor: &Processor, pieces: &[Piece<'_>], joins: &[Join]) -> (Output, bool) {
    let layout = &processor.env.style.citation.layout;
    let mut marks: Vec<CiteMark> = Vec::with_capacity(pieces.len());
    let mut out = Buffer::with_capacity(64, 16);
    if !layout.decor.formatting.is_none() {
        out.open(Tag::Format(layout.decor.formatting));
    }
    // Names that are part of a sentence stand outside of the parentheses.
    let bare = pieces.iter().all(|piece| piece.cite.mode == CiteMode::AuthorOnly);
    if !bare {
        out.push(&layout.decor.prefix);
    }
    let content_start = out.mark();
    let mut hidden: Vec<usize> = Vec::new();
    let mut shown = false;
    for (piece, join) in pieces.iter().zip(joins) {
        if join.hidden {
            hidden.push(piece.index);
            continue;
        }
        if piece.buffer.is_empty() && piece.cite.prefix.is_empty() && piece.cite.suffix.is_empty() {
            continue;
        }
        // A prefix that begins with punctuation brings its own.
        let own_delimiter = piece
            .cite
            .prefix
            .trim_start_matches(['<', '>', '/'])
            .starts_with([',', '.', ';', ':', '!', '?']);
        if shown && !own_delimiter {
            out.push(&join.delimiter);
        }
        shown = true;
        let mark = CiteMark {
            index: piece.index,
            key: piece.cite.key.as_str().into(),
            hidden: std::mem::take(&mut hidden),
            unknown: piece.item.is_none(),
        };
        let tag = Tag::Cite(marks.len() as u32);
        marks.push(mark);
        if !piece.cite.prefix.is_empty() {
            content::push_markup(&mut out, &piece.cite.prefix);
            let spaced = piece
                .cite
                .prefix
                .ends_with(|c: char| c.is_whitespace() || "([‘“\u{2019}/-—–".contains(c));
            if !spaced && !piece.buffer.is_empty() {
                out.push(" ");
            }
        }
        out.open(tag);
        out.append(&piece.buffer, 0..piece.buffer.ops.len());
        out.close(tag);
        if !piece.cite.suffix.is_empty() {
            let joined = piece
                .cite
                .suffix
                .starts_with(|c: char| !c.is_alphanumeric() && c != '<' && c != '(' && c != '[');
            if !joined {
                out.push(" ");
            }
            // A comma of the author's own stays where it was put, outside of quotation marks.
            let rest = match piece.cite.suffix.strip_prefix(',') {
                Some(rest) => {
                    out.push_joined(",");
                    rest
                }
                None => &piece.cite.suffix,
            };
            content::push_markup(&mut out, rest);
        }
    }
    if out.is_empty_since(content_start) {
        return (Output::default(), false);
    }
    if !bare {
        out.push(&layout.decor.suffix);
    }
    if !layout.decor.formatting.is_none() {
        out.ops.push(Op::Close);
    }
    punctuation::settle(&mut out, processor.env.locale.punctuation_in_quote);
    let output = finish::finish(&out, 0..out.ops.len(), &processor.quotes, &marks);
    (output, shown)
}

/// Puts the author of the first cite before the citation, as part of the sentence.
fn with_author(
    processor: &Processor,
    registry: &Registry<'_>,
    citation: &Citation,
    rest: Output,
    shown: bool,
) -> Output {
    let Some(first) = citation.cites.first() else { return rest };
    let Some(item) = registry.index_of(&first.key) else { return rest };
    let entry = registry.get(item);
    let mut nodes = narrative::names_of(processor, entry).nodes;
    if nodes.is_empty() {
        if shown || !processor.stand_ins {
            return rest;
        }
        nodes.push(Node::Text(first.key.clone()));
    }
    // The names stand for the cite where nothing else of it is shown.
    if !shows_cite(&rest.nodes, 0) {
        let mark = CiteMark {
            index: 0,
            key: first.key.as_str().into(),
            hidden: Vec::new(),
            unknown: false,
        };
        nodes = vec![Node::Cite(mark, nodes)];
    }
    if shown {
        if !is_raised(&rest.nodes) {
            nodes.push(Node::Text(" ".to_owned()));
        }
        nodes.extend(rest.nodes);
    }
    Output { nodes }
}

/// Tells whether output shows the cite `index`, or a range that it lies in.
fn shows_cite(nodes: &[Node], index: usize) -> bool {
    nodes.iter().any(|node| match node {
        Node::Cite(mark, _) => mark.index == index || mark.hidden.contains(&index),
        Node::Formatted(_, children)
        | Node::Quoted { children, .. }
        | Node::Link { children, .. }
        | Node::Display(_, children) => shows_cite(children, index),
        Node::Text(_) | Node::Number(_) => false,
    })
}

/// Tells whether output begins with a superscript, before which there is no blank.
fn is_raised(nodes: &[Node]) -> bool {
    match nodes.first() {
        Some(Node::Formatted(formatting, children)) => {
            formatting.vertical_align == Some(VerticalAlign::Sup) || is_raised(children)
        }
        Some(Node::Cite(_, children)) => is_raised(children),
        _ => false,
    }
}
