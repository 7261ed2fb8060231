//! Positions of cites (CSL 1.0.2, "Choose", condition `position`, and "Note Distance").

use super::registry::Registry;
use crate::cite::{Citation, Cite, Position};

/// Where a cite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: Position,
    pub(super) near_note: bool,
    pub(super) first_note: Option<u32>,
}

/// Works out the position of every cite of a document, and the notes of first cites.
pub(super) fn positions(
    citations: &[Citation],
    near_note_distance: u32,
    registry: &mut Registry<'_>,
) -> Vec<Vec<Place>> {
    // The note of the latest cite of each item.
    let mut latest: Vec<Option<u32>> = vec![None; registry.len()];
    let mut seen: Vec<bool> = vec![false; registry.len()];
    let mut places = Vec::with_capacity(citations.len());
    for (number, citation) in citations.iter().enumerate() {
        let note = citation.note_number.filter(|note| *note > 0);
        let mut row = Vec::with_capacity(citation.cites.len());
        for (index, cite) in citation.cites.iter().enumerate() {
            let Some(item) = registry.index_of(&cite.key) else {
                row.push(Place { position: Position::First, near_note: false, first_note: None });
                continue;
            };
            let first_note = registry.get(item).first_note;
            let place = if let Some(position) = cite.position {
                let first_note = cite.first_reference_note_number.or(first_note);
                Place { position, near_note: cite.near_note, first_note }
            } else if !seen[item] {
                seen[item] = true;
                registry.get_mut(item).first_note = note;
                let first_note = cite.first_reference_note_number;
                Place { position: Position::First, near_note: false, first_note }
            } else {
                let before = match index {
                    0 => before_note(citations, number),
                    _ => citation.cites.get(index - 1),
                };
                let position = match before.filter(|before| before.key == cite.key) {
                    Some(before) => repeated(before, cite),
                    None => Position::Subsequent,
                };
                let near_note = match (note, latest[item]) {
                    (Some(note), Some(earlier)) => {
                        note.saturating_sub(earlier) <= near_note_distance
                    }
                    _ => false,
                };
                Place { position, near_note, first_note }
            };
            latest[item] = note;
            row.push(place);
        }
        places.push(row);
    }
    places
}

/// Returns the cite that the first cite of a citation may refer back to.
///
/// That is the one of the citation before, when it has no others; a note before counts as a
/// whole, whatever the number of citations in it.
fn before_note(citations: &[Citation], number: usize) -> Option<&Cite> {
    let before = &citations[..number];
    let previous = before.last()?;
    let note = previous.note_number.filter(|note| *note > 0);
    let same_note = note.is_some() && note == citations[number].note_number;
    if same_note {
        return previous.cites.last();
    }
    let cite = sole_item(previous)?;
    let others =
        before.iter().rev().skip(1).take_while(|c| note.is_some() && c.note_number == note);
    others.map(sole_item).all(|other| other.is_some_and(|o| o.key == cite.key)).then_some(cite)
}

/// Returns the cite of a citation that has but one, or one item alone.
fn sole_item(citation: &Citation) -> Option<&Cite> {
    let last = citation.cites.last()?;
    citation.cites.iter().all(|cite| cite.key == last.key).then_some(last)
}

/// Returns the position of a cite that follows a cite of the same item.
fn repeated(before: &Cite, cite: &Cite) -> Position {
    let text = |cite: &Cite| {
        cite.locator
            .as_ref()
            .map(|(label, value)| (*label, value.trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
    };
    match (text(before), text(cite)) {
        (None, None) => Position::Ibid,
        (None, Some(_)) => Position::IbidWithLocator,
        (Some(before), Some(own)) if before == own => Position::Ibid,
        (Some(_), Some(_)) => Position::IbidWithLocator,
        (Some(_), None) => Position::Subsequent,
    }
}
