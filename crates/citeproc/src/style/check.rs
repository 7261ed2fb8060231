//! Checks that rendering a style ends, and finds out what it shows.

use super::model::*;
use crate::item::TextVariable;

/// How deep elements and macro calls may nest together; styles in use stay below 60.
const MAX_EXPANDED_DEPTH: usize = 250;

/// How many elements a style may amount to with every macro call written out.
///
/// Macros that call others twice each grow without bound; the largest styles in use amount to
/// some 100,000 elements.
const MAX_EXPANDED_SIZE: usize = 2_000_000;

/// The size and depth of an element with its macro calls written out.
#[derive(Debug, Clone, Copy, Default)]
struct Extent {
    size: usize,
    depth: usize,
}

impl Extent {
    fn beside(self, other: Extent) -> Extent {
        Extent { size: self.size.saturating_add(other.size), depth: self.depth.max(other.depth) }
    }

    fn within(self) -> Extent {
        Extent { size: self.size.saturating_add(1), depth: self.depth + 1 }
    }
}

#[derive(Clone, Copy)]
enum State {
    Unseen,
    Open,
    Done(Extent),
}

/// Finds macros that call each other in a circle, and styles that are too large.
pub(super) fn check_macros(data: &StyleData) -> Result<(), String> {
    let mut states = vec![State::Unseen; data.macros.len()];
    for index in 0..data.macros.len() {
        macro_extent(data, index, &mut states, 0)?;
    }
    let layouts = [Some(&data.citation.layout), data.bibliography.as_ref().map(|b| &b.layout)];
    for layout in layouts.into_iter().flatten() {
        children_extent(data, &layout.children, &mut states, 0)?;
    }
    Ok(())
}

fn macro_extent(
    data: &StyleData,
    index: usize,
    states: &mut Vec<State>,
    depth: usize,
) -> Result<Extent, String> {
    match states[index] {
        State::Done(extent) => return Ok(extent),
        State::Open => return Err("macros call each other in a circle".to_owned()),
        State::Unseen => states[index] = State::Open,
    }
    let extent = children_extent(data, &data.macros[index].children, states, depth + 1)?;
    states[index] = State::Done(extent);
    Ok(extent)
}

fn children_extent(
    data: &StyleData,
    children: &[Element],
    states: &mut Vec<State>,
    depth: usize,
) -> Result<Extent, String> {
    let mut total = Extent::default();
    for child in children {
        total = total.beside(element_extent(data, child, states, depth + 1)?);
    }
    let total = total.within();
    if total.depth > MAX_EXPANDED_DEPTH || depth > 2 * MAX_EXPANDED_DEPTH {
        return Err("macro calls are nested too deep".to_owned());
    }
    if total.size > MAX_EXPANDED_SIZE {
        return Err("macro calls amount to too many elements".to_owned());
    }
    Ok(total)
}

fn element_extent(
    data: &StyleData,
    element: &Element,
    states: &mut Vec<State>,
    depth: usize,
) -> Result<Extent, String> {
    match element {
        Element::Text(TextElement { source: TextSource::Macro(index), .. }) => {
            Ok(macro_extent(data, *index, states, depth)?.within())
        }
        Element::Group(group) => children_extent(data, &group.children, states, depth),
        Element::Names(names) => children_extent(data, &names.substitute, states, depth),
        Element::Choose(branches) => {
            let mut total = Extent::default();
            for branch in branches {
                total = total.beside(children_extent(data, &branch.children, states, depth)?);
            }
            Ok(total)
        }
        _ => Ok(Extent { size: 1, depth: 1 }),
    }
}

/// Tells whether a citation of the style shows the number of the entry.
pub(super) fn shows_citation_number(data: &StyleData) -> bool {
    shows(data, &data.citation.layout.children)
}

fn shows(data: &StyleData, children: &[Element]) -> bool {
    children.iter().any(|child| match child {
        Element::Text(text) => match &text.source {
            TextSource::Variable { variable, .. } => *variable == TextVariable::CitationNumber,
            TextSource::Macro(index) => shows(data, &data.macros[*index].children),
            _ => false,
        },
        Element::Number(number) => number.variable == TextVariable::CitationNumber,
        Element::Group(group) => shows(data, &group.children),
        Element::Names(names) => shows(data, &names.substitute),
        Element::Choose(branches) => branches.iter().any(|b| shows(data, &b.children)),
        _ => false,
    })
}
