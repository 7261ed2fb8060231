//! The reference list (CSL 1.0.2, "Bibliography-specific Options").

use super::registry::{Registered, Registry};
use super::{Bibliography, Entry, Processor, disambiguate};
use crate::cite::Position;
use crate::item::Item;
use crate::output::buffer::{Buffer, Op, Tag};
use crate::output::{Display, Node, Output, finish, punctuation};
use crate::render::{Area, Context, Renderer};
use crate::style::model::*;

/// Renders the list.
pub(super) fn render(
    processor: &Processor,
    registry: &Registry<'_>,
    order: &[usize],
) -> Option<Bibliography> {
    let spec = processor.env.style.bibliography.as_ref()?;
    let mut entries = Vec::with_capacity(order.len());
    let mut previous: Option<Vec<String>> = None;
    for &index in order {
        let entry = registry.get(index);
        let mut buffer = layout_buffer(processor, spec, entry, false);
        if let Some(substitute) = &spec.subsequent_author_substitute {
            let names = shown_names(&buffer);
            if let (Some(before), Some(names)) = (&previous, &names) {
                replace_names(&mut buffer, before, names, substitute, spec.substitute_rule);
            }
            previous = names;
        }
        entries.push(finished(processor, spec, registry.key(index), entry.number, buffer));
    }
    Some(Bibliography {
        entries,
        hanging_indent: spec.hanging_indent,
        second_field_align: spec.second_field_align,
        line_spacing: spec.line_spacing,
        entry_spacing: spec.entry_spacing,
    })
}

/// Renders one item as an entry without its number.
pub(super) fn single(processor: &Processor, item: &Item) -> Output {
    let registry = Registry::of_item(item);
    let entry = registry.get(0);
    let layout = match &processor.env.style.bibliography {
        Some(spec) => &spec.layout,
        None => &processor.env.style.citation.layout,
    };
    let mut cx = context(entry, Area::Bibliography);
    cx.suppress_number = true;
    let mut renderer = Renderer::new(&processor.env, cx);
    renderer.layout(layout);
    let mut out = renderer.out;
    if out.is_empty() {
        return Output::default();
    }
    out.push(&layout.decor.suffix);
    punctuation::settle(&mut out, processor.env.locale.punctuation_in_quote);
    let output = finish::finish(&out, 0..out.ops.len(), &processor.quotes, &[]);
    Output { nodes: without_blocks(output.nodes) }
}

/// Takes the content out of the blocks of a list entry, with a blank between them.
fn without_blocks(nodes: Vec<Node>) -> Vec<Node> {
    let mut flat: Vec<Node> = Vec::with_capacity(nodes.len());
    for node in nodes {
        match node {
            Node::Display(display, children) => {
                if !flat.is_empty() && display != Display::LeftMargin {
                    flat.push(Node::Text(" ".to_owned()));
                }
                flat.extend(without_blocks(children));
            }
            node => flat.push(node),
        }
    }
    flat
}

fn context<'a>(entry: &'a Registered<'_>, area: Area) -> Context<'a> {
    Context {
        item: &entry.item,
        area,
        locator: None,
        position: Position::First,
        near_note: false,
        first_note: entry.first_note,
        number: Some(entry.number),
        year_suffix: entry.year_suffix,
        disambiguation: disambiguate::condition_only(entry.disambiguation.condition),
        suppress_names: false,
        suppress_number: false,
        sort: None,
        narrative: false,
        begins_sentence: false,
    }
}

/// Renders an entry, with its first field and the rest apart where the style wants it.
fn layout_buffer(
    processor: &Processor,
    spec: &BibliographySpec,
    entry: &Registered<'_>,
    suppress_number: bool,
) -> Buffer {
    let mut cx = context(entry, Area::Bibliography);
    cx.suppress_number = suppress_number;
    let mut renderer = Renderer::new(&processor.env, cx);
    let layout = &spec.layout;
    renderer.out.push(&layout.decor.prefix);
    if spec.second_field_align.is_some() {
        renderer.layout_in_fields(layout);
    } else {
        renderer.layout(layout);
    }
    let mut out = renderer.out;
    if !out.is_empty() {
        push_suffix(&mut out, &layout.decor.suffix);
    }
    out
}

/// Appends the layout's suffix, inside the last block where the entry ends with one.
fn push_suffix(out: &mut Buffer, suffix: &str) {
    if suffix.is_empty() {
        return;
    }
    let ends_with_block = matches!(out.ops.last(), Some(Op::Close)) && last_is_display(out);
    if ends_with_block {
        out.ops.pop();
        out.push(suffix);
        out.ops.push(Op::Close);
    } else {
        out.push(suffix);
    }
}

/// Tells whether the last operation closes a block.
fn last_is_display(out: &Buffer) -> bool {
    let mut depth = 0usize;
    for op in out.ops.iter().rev() {
        match op {
            Op::Close | Op::CloseQuote => depth += 1,
            Op::Open(tag) => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return matches!(tag, Tag::Display(_));
                }
            }
            Op::Text(_) => {}
        }
    }
    false
}

/// Settles an entry and builds its output.
fn finished(
    processor: &Processor,
    spec: &BibliographySpec,
    key: &str,
    number: u32,
    mut buffer: Buffer,
) -> Entry {
    if !spec.layout.decor.formatting.is_none() && !buffer.is_empty() {
        let tag = Tag::Format(spec.layout.decor.formatting);
        buffer.ops.insert(0, Op::Open(tag));
        buffer.ops.push(Op::Close);
    }
    punctuation::settle(&mut buffer, processor.env.locale.punctuation_in_quote);
    let content = finish::finish(&buffer, 0..buffer.ops.len(), &processor.quotes, &[]);
    let part = |wanted: Display| {
        let nodes: Vec<Node> = content
            .nodes
            .iter()
            .filter_map(|node| match node {
                Node::Display(display, children) if *display == wanted => Some(children.clone()),
                _ => None,
            })
            .flatten()
            .collect();
        (!nodes.is_empty()).then_some(Output { nodes })
    };
    let (left_margin, right_inline) = match spec.second_field_align {
        Some(_) => (part(Display::LeftMargin), part(Display::RightInline)),
        None => (None, None),
    };
    Entry { key: key.to_owned(), number, content, left_margin, right_inline }
}

/// Returns the names with which an entry begins, one text for each.
fn shown_names(buffer: &Buffer) -> Option<Vec<String>> {
    let range = buffer.find(Tag::Names)?;
    let mut names = Vec::new();
    let mut index = range.start;
    while index < range.end {
        if buffer.ops[index] == Op::Open(Tag::Name) {
            let end = buffer.end_of(index);
            names.push(buffer.plain(index..end));
            index = end;
        } else {
            index += 1;
        }
    }
    if names.is_empty() {
        // A substituted title counts as one name.
        names.push(buffer.plain(range));
    } else {
        // The whole list too, since labels and "et al." must agree.
        names.push(buffer.plain(range));
    }
    Some(names)
}

/// Replaces names that repeat those of the entry before (CSL 1.0.2, "Reference Grouping").
fn replace_names(
    buffer: &mut Buffer,
    before: &[String],
    names: &[String],
    substitute: &str,
    rule: SubstituteRule,
) {
    let Some(range) = buffer.find(Tag::Names) else { return };
    let (Some((whole, single)), Some((whole_before, single_before))) =
        (names.split_last(), before.split_last())
    else {
        return;
    };
    let same = whole == whole_before;
    match rule {
        SubstituteRule::CompleteAll => {
            if same {
                replace(buffer, range, substitute);
            }
        }
        SubstituteRule::CompleteEach => {
            if same {
                replace_each(buffer, range, substitute, usize::MAX);
            }
        }
        SubstituteRule::PartialEach => {
            let count =
                single.iter().zip(single_before).take_while(|(own, before)| own == before).count();
            if count > 0 {
                replace_each(buffer, range, substitute, count);
            }
        }
        SubstituteRule::PartialFirst => {
            let repeats =
                matches!((single.first(), single_before.first()), (Some(a), Some(b)) if a == b);
            if repeats {
                replace_each(buffer, range, substitute, 1);
            }
        }
    }
}

/// Replaces everything in a range of operations by a text.
fn replace(buffer: &mut Buffer, range: std::ops::Range<usize>, substitute: &str) {
    let tail: Vec<Op> = buffer.ops.drain(range.start..).collect();
    buffer.push(substitute);
    buffer.ops.extend(&tail[range.len()..]);
}

/// Replaces the first names, each by itself.
fn replace_each(
    buffer: &mut Buffer,
    range: std::ops::Range<usize>,
    substitute: &str,
    count: usize,
) {
    let mut index = range.start;
    let mut end = range.end;
    let mut replaced = 0;
    while index < end && replaced < count {
        if buffer.ops[index] == Op::Open(Tag::Name) {
            let name_end = buffer.end_of(index);
            let before = buffer.ops.len();
            replace(buffer, index..name_end, substitute);
            end -= before - buffer.ops.len();
            replaced += 1;
        }
        index += 1;
    }
    if replaced == 0 && count > 0 {
        replace(buffer, range, substitute);
    }
}
