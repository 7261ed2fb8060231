//! Cite grouping and collapsing (CSL 1.0.2, "Cite Grouping" and "Cite Collapsing").

use super::Processor;
use super::citation::{Piece, rendered};
use super::registry::Registry;
use crate::output::buffer::{Buffer, Op, Tag};
use crate::style::model::{Collapse, StyleClass};
use std::sync::Arc;

/// How a cite is joined to the one shown before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Join {
    pub(super) delimiter: String,
    /// The cite lies inside a range.
    pub(super) hidden: bool,
}

/// Moves cites with the same names next to the first of them.
pub(super) fn group(pieces: &mut Vec<Piece<'_>>) {
    let mut grouped: Vec<Piece<'_>> = Vec::with_capacity(pieces.len());
    for piece in std::mem::take(pieces) {
        let last_of_group = if piece.names.is_empty() {
            None
        } else {
            grouped.iter().rposition(|other| other.names == piece.names)
        };
        match last_of_group {
            Some(place) => grouped.insert(place + 1, piece),
            None => grouped.push(piece),
        }
    }
    *pieces = grouped;
}

/// Works out the delimiters, shortens collapsed cites, and hides those inside ranges.
pub(super) fn joins(
    processor: &Processor,
    registry: &Registry<'_>,
    pieces: &mut [Piece<'_>],
) -> Vec<Join> {
    let style = &processor.env.style.citation;
    match style.collapse {
        Some(Collapse::CitationNumber) => number_joins(processor, pieces),
        Some(collapse) => year_joins(processor, registry, pieces, collapse),
        None => {
            let layout = &*style.layout.delimiter;
            let grouped = style.cite_group_delimiter.as_deref().unwrap_or(layout);
            let mut joins = vec![Join::default(); pieces.len()];
            for index in 1..pieces.len() {
                let same = !pieces[index].names.is_empty()
                    && pieces[index].names == pieces[index - 1].names;
                joins[index].delimiter = if same { grouped } else { layout }.to_owned();
            }
            joins
        }
    }
}

/// Returns the end of the run of consecutive numbers that begins at `start`.
fn run_end(pieces: &[Piece<'_>], start: usize, shows_locators: bool) -> usize {
    let mut end = start;
    let numbered = |piece: &Piece<'_>| {
        piece.item.is_some()
            && (piece.is_plain() || (piece.has_no_affixes() && !shows_locators))
            && piece.buffer.find(Tag::CitationNumber).is_some()
    };
    if !numbered(&pieces[start]) {
        return end;
    }
    while end + 1 < pieces.len()
        && numbered(&pieces[end + 1])
        && pieces[end + 1].number == pieces[end].number + 1
    {
        end += 1;
    }
    end
}

fn number_joins(processor: &Processor, pieces: &[Piece<'_>]) -> Vec<Join> {
    let style = &processor.env.style.citation;
    let layout = &*style.layout.delimiter;
    let mut joins = vec![Join::default(); pieces.len()];
    let mut start = 0;
    while start < pieces.len() {
        let end = run_end(pieces, start, processor.env.style.reads.citation.locator);
        joins[start].delimiter = layout.to_owned();
        let is_range = end > start + 1;
        for (offset, join) in joins[start + 1..=end].iter_mut().enumerate() {
            if is_range {
                join.hidden = start + 1 + offset < end;
                join.delimiter = "–".to_owned();
            } else {
                join.delimiter = layout.to_owned();
            }
        }
        start = end + 1;
    }
    joins
}

/// Returns what a cite shows apart from its year suffix.
fn without_suffix(buffer: &Buffer) -> Option<String> {
    let suffix = buffer.find(Tag::YearSuffix)?;
    let mut text = buffer.plain(0..suffix.start);
    text.push('\u{0}');
    text.push_str(&buffer.plain(suffix.end..buffer.ops.len()));
    Some(text)
}

fn year_joins(
    processor: &Processor,
    registry: &Registry<'_>,
    pieces: &mut [Piece<'_>],
    collapse: Collapse,
) -> Vec<Join> {
    let style = &processor.env.style.citation;
    let layout = &*style.layout.delimiter;
    let own_within = style.cite_group_delimiter.as_deref();
    let within = own_within.unwrap_or(match processor.env.style.class {
        StyleClass::InText => ", ",
        StyleClass::Note => layout,
    });
    let between_suffixes = style.year_suffix_delimiter.as_deref().or(own_within).unwrap_or(layout);
    let after = style.after_collapse_delimiter.as_deref();
    let mut joins = vec![Join::default(); pieces.len()];
    let mut start = 0;
    let mut collapsed_before = false;
    while start < pieces.len() {
        let mut end = start;
        while end + 1 < pieces.len() && continues(&pieces[start], &pieces[end + 1]) {
            end += 1;
        }
        if start > 0 {
            let delimiter = if collapsed_before { after.unwrap_or(layout) } else { layout };
            joins[start].delimiter = delimiter.to_owned();
        }
        sort_by_suffix(registry, &mut pieces[start..=end]);
        for index in start + 1..=end {
            let shortened = rendered(processor, registry, &pieces[index], true);
            if !(shortened.is_empty() && processor.stand_ins) {
                pieces[index].buffer = Arc::new(shortened);
            }
            // A locator ends its cite as a whole group would.
            let delimiter = match after {
                Some(after) if pieces[index - 1].has_locator() => after,
                _ => within,
            };
            joins[index].delimiter = delimiter.to_owned();
        }
        if collapse != Collapse::Year {
            collapse_suffixes(
                processor,
                registry,
                &mut pieces[start..=end],
                &mut joins[start..=end],
                between_suffixes,
            );
            if collapse == Collapse::YearSuffixRanged {
                hide_suffix_ranges(registry, &pieces[start..=end], &mut joins[start..=end]);
            }
        }
        collapsed_before = end > start;
        start = end + 1;
    }
    joins
}

/// Tells whether a cite belongs to the group of cites that the one before it ends.
fn continues(first: &Piece<'_>, piece: &Piece<'_>) -> bool {
    let same_names = if piece.names.is_empty() {
        // Cites without names are alike when all but the suffix is.
        let body = without_suffix(&piece.buffer);
        body.is_some() && body == without_suffix(&first.buffer)
    } else {
        piece.names == first.names
    };
    piece.item.is_some() && same_names && piece.cite.prefix.is_empty()
}

/// Puts cites that differ in their year suffixes alone in the order of these.
fn sort_by_suffix(registry: &Registry<'_>, pieces: &mut [Piece<'_>]) {
    let bodies: Vec<Option<String>> = pieces
        .iter()
        .map(|piece| without_suffix(&piece.buffer).filter(|_| piece.is_plain()))
        .collect();
    let mut start = 0;
    while start < pieces.len() {
        let mut end = start + 1;
        while end < pieces.len() && bodies[end].is_some() && bodies[end] == bodies[start] {
            end += 1;
        }
        pieces[start..end]
            .sort_by_key(|piece| piece.item.and_then(|item| registry.get(item).year_suffix));
        start = end;
    }
}

/// Leaves only the year suffix of cites that repeat the year before them.
fn collapse_suffixes(
    processor: &Processor,
    registry: &Registry<'_>,
    pieces: &mut [Piece<'_>],
    joins: &mut [Join],
    delimiter: &str,
) {
    let mut bodies: Vec<Option<String>> = Vec::with_capacity(pieces.len());
    for piece in pieces.iter() {
        let body = if piece.is_plain() {
            without_suffix(&rendered(processor, registry, piece, true))
        } else {
            None
        };
        bodies.push(body);
    }
    for index in 1..pieces.len() {
        if bodies[index].is_none() || bodies[index] != bodies[index - 1] {
            continue;
        }
        let buffer = &pieces[index].buffer;
        let Some(suffix) = buffer.find(Tag::YearSuffix) else { continue };
        let mut only = Buffer::default();
        only.append(buffer, suffix);
        pieces[index].buffer = Arc::new(only);
        joins[index].delimiter = delimiter.to_owned();
    }
}

/// Tells whether a cite was reduced to its year suffix.
fn is_suffix_alone(piece: &Piece<'_>) -> bool {
    piece.buffer.ops.first() == Some(&Op::Open(Tag::YearSuffix))
        && piece.buffer.end_of(0) == piece.buffer.ops.len()
}

/// Hides the middle of runs of three and more consecutive suffixes.
fn hide_suffix_ranges(registry: &Registry<'_>, pieces: &[Piece<'_>], joins: &mut [Join]) {
    let suffix = |piece: &Piece<'_>| piece.item.and_then(|item| registry.get(item).year_suffix);
    let mut start = 0;
    while start < pieces.len() {
        let mut end = start;
        while end + 1 < pieces.len()
            && is_suffix_alone(&pieces[end + 1])
            && suffix(&pieces[end]).is_some()
            && suffix(&pieces[end + 1]) == suffix(&pieces[end]).map(|s| s + 1)
        {
            end += 1;
        }
        if end > start + 1 {
            for join in &mut joins[start + 1..end] {
                join.hidden = true;
            }
            joins[end].delimiter = "–".to_owned();
        }
        start = end + 1;
    }
}
