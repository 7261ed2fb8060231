//! The reference list (CSL 1.0.2, "Bibliography-specific Options").

use super::entry::{Body, EntryText};
use super::memory::EntryKey;
use super::registry::{Registered, Registry};
use super::{Bibliography, Entry, Processor, disambiguate};
use crate::cite::Position;
use crate::item::Item;
use crate::output::buffer::{Buffer, Op, Tag};
use crate::output::{Display, Node, Output, finish, punctuation};
use crate::render::{Area, Context, Renderer};
use crate::style::model::*;
use crate::style::reads::NumberUse;
use std::sync::{Arc, OnceLock};

/// Renders the list.
pub(super) fn render(
    processor: &Processor,
    registry: &Registry<'_>,
    order: &[usize],
) -> Option<Bibliography> {
    let spec = processor.env.style.bibliography.as_ref()?;
    let mut entries = Vec::with_capacity(order.len());
    let mut previous: Option<Arc<EntryForm>> = None;
    for &index in order {
        let entry = registry.get(index);
        let form = form(processor, spec, entry);
        let replaced = previous
            .as_ref()
            .zip(spec.subsequent_author_substitute.as_deref())
            .and_then(|(before, substitute)| form.replaced(before, substitute, spec));
        let text = match replaced {
            Some(buffer) => Arc::new(finished(processor, spec, entry, buffer)),
            None => form.text(processor, spec, entry),
        };
        entries.push(Entry::new(registry.key(index), entry.number, text));
        previous = Some(form);
    }
    Some(Bibliography {
        entries,
        hanging_indent: spec.hanging_indent,
        second_field_align: spec.second_field_align,
        line_spacing: spec.line_spacing,
        entry_spacing: spec.entry_spacing,
    })
}

/// Renders every item as an entry that knows nothing of the entries around it.
///
/// A style without a list renders the items as citations would.
pub(super) fn unconnected(processor: &Processor, registry: &Registry<'_>) -> Vec<Entry> {
    let entries = (0..registry.len()).map(|index| (registry.key(index), registry.get(index)));
    entries
        .map(|(key, entry)| {
            let text = match &processor.env.style.bibliography {
                Some(spec) => form(processor, spec, entry).text(processor, spec, entry),
                None => {
                    let output = unnumbered(processor, entry);
                    Arc::new(EntryText::new(output, false, Body::Whole))
                }
            };
            Entry::new(key, entry.number, text)
        })
        .collect()
}

/// An entry as it is before it meets the one above it in the list.
#[derive(Debug)]
pub(super) struct EntryForm {
    buffer: Buffer,
    /// The names it begins with, in a style that replaces those that repeat.
    names: Option<ShownNames>,
    text: OnceLock<Arc<EntryText>>,
}

impl EntryForm {
    /// Returns the entry with the names replaced that repeat those of the entry before.
    fn replaced(
        &self,
        before: &EntryForm,
        substitute: &str,
        spec: &BibliographySpec,
    ) -> Option<Buffer> {
        let (before, names) = (before.names.as_ref()?, self.names.as_ref()?);
        if !names.repeats(before, spec.substitute_rule) {
            return None;
        }
        let mut buffer = self.buffer.clone();
        replace_names(&mut buffer, before, names, substitute, spec.substitute_rule);
        Some(buffer)
    }

    fn text(
        &self,
        processor: &Processor,
        spec: &BibliographySpec,
        entry: &Registered<'_>,
    ) -> Arc<EntryText> {
        let make = || Arc::new(finished(processor, spec, entry, self.buffer.clone()));
        Arc::clone(self.text.get_or_init(make))
    }
}

/// Renders an entry, or finds it rendered.
fn form(processor: &Processor, spec: &BibliographySpec, entry: &Registered<'_>) -> Arc<EntryForm> {
    let make = || {
        let mut buffer = layout_buffer(processor, spec, entry);
        // It is remembered for as long as the processor is.
        buffer.shrink();
        let replaces = spec.subsequent_author_substitute.is_some();
        let names = if replaces { shown_names(&buffer) } else { None };
        EntryForm { buffer, names, text: OnceLock::new() }
    };
    let Some(remembered) = entry.remembered() else { return Arc::new(make()) };
    let reads = processor.env.style.reads.bibliography;
    let key = EntryKey {
        number: (reads.number == NumberUse::Examined).then_some(entry.number),
        first_note: entry.first_note.filter(|_| reads.first_note),
        year_suffix: entry.year_suffix,
        condition: entry.disambiguation.condition > 0,
    };
    remembered.entries.get_or(key, make)
}

/// Renders one item as an entry without its number.
pub(super) fn single(processor: &Processor, item: &Item) -> Output {
    let registry = Registry::of_item(item);
    unnumbered(processor, registry.get(0))
}

/// Renders an entry without its number.
fn unnumbered(processor: &Processor, entry: &Registered<'_>) -> Output {
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
    out.trim_end();
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
        item: entry.item(),
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
        begins_sentence: true,
        comparing: false,
    }
}

/// Renders an entry, with its first field and the rest apart where the style wants it.
fn layout_buffer(processor: &Processor, spec: &BibliographySpec, entry: &Registered<'_>) -> Buffer {
    let cx = context(entry, Area::Bibliography);
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
    entry: &Registered<'_>,
    mut buffer: Buffer,
) -> EntryText {
    if !spec.layout.decor.formatting.is_none() && !buffer.is_empty() {
        let tag = Tag::Format(spec.layout.decor.formatting);
        buffer.ops.insert(0, Op::Open(tag));
        buffer.ops.push(Op::Close);
    }
    punctuation::settle(&mut buffer, processor.env.locale.punctuation_in_quote);
    if spec.second_field_align.is_some() {
        buffer.trim_end();
    }
    let content = finish::finish(&buffer, 0..buffer.ops.len(), &processor.quotes, &[]);
    let in_fields = spec.second_field_align.is_some();
    let body = if in_fields && content.nodes.iter().any(is_right_inline) {
        Body::Field
    } else if processor.env.style.numeric {
        Body::Apart(unnumbered(processor, entry))
    } else {
        Body::Whole
    };
    EntryText::new(content, in_fields, body)
}

fn is_right_inline(node: &Node) -> bool {
    matches!(node, Node::Display(Display::RightInline, _))
}

/// The names with which an entry begins, as far as entries are compared by them.
#[derive(Debug)]
struct ShownNames {
    /// All of them, without labels.
    whole: String,
    /// Each by itself; a title that stands for names counts as one.
    single: Vec<String>,
}

impl ShownNames {
    /// Tells whether a rule replaces any of these names after those of the entry before.
    fn repeats(&self, before: &ShownNames, rule: SubstituteRule) -> bool {
        match rule {
            SubstituteRule::CompleteAll | SubstituteRule::CompleteEach => {
                self.whole == before.whole
            }
            SubstituteRule::PartialEach | SubstituteRule::PartialFirst => {
                self.single.first() == before.single.first()
            }
        }
    }
}

/// Returns the operations that hold names, without the labels beside them.
fn names_range(buffer: &Buffer) -> Option<std::ops::Range<usize>> {
    let names = buffer.find(Tag::Names)?;
    let lists = tagged(buffer, names.clone(), Tag::NameList);
    match (lists.first(), lists.last()) {
        (Some(first), Some(last)) => Some(first.start..last.end),
        // The tags of the names themselves stay.
        _ => Some(names.start + 1..names.end - 1),
    }
}

/// Returns the ranges of all such tags within some operations.
fn tagged(
    buffer: &Buffer,
    within: std::ops::Range<usize>,
    tag: Tag,
) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut index = within.start;
    while index < within.end {
        if buffer.ops[index] == Op::Open(tag) {
            let end = buffer.end_of(index);
            found.push(index..end);
            index = end;
        } else {
            index += 1;
        }
    }
    found
}

fn shown_names(buffer: &Buffer) -> Option<ShownNames> {
    let range = names_range(buffer)?;
    let whole = buffer.plain(range.clone());
    let names = tagged(buffer, range, Tag::Name);
    let mut single: Vec<String> = names.into_iter().map(|name| buffer.plain(name)).collect();
    if single.is_empty() {
        single.push(whole.clone());
    }
    Some(ShownNames { whole, single })
}

/// Replaces names that repeat those of the entry before (CSL 1.0.2, "Reference Grouping").
fn replace_names(
    buffer: &mut Buffer,
    before: &ShownNames,
    names: &ShownNames,
    substitute: &str,
    rule: SubstituteRule,
) {
    let Some(range) = names_range(buffer) else { return };
    let same = names.whole == before.whole;
    let shared = names.single.iter().zip(&before.single).take_while(|(own, b)| own == b).count();
    match rule {
        SubstituteRule::CompleteAll if same => replace(buffer, range, substitute),
        SubstituteRule::CompleteEach if same => {
            replace_each(buffer, range, substitute, usize::MAX);
        }
        SubstituteRule::PartialEach if shared > 0 => {
            replace_each(buffer, range, substitute, shared);
        }
        SubstituteRule::PartialFirst if shared > 0 => replace_each(buffer, range, substitute, 1),
        _ => {}
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
    let names = tagged(buffer, range.clone(), Tag::Name);
    if names.is_empty() {
        replace(buffer, range, substitute);
        return;
    }
    // From the last to the first, so that the ranges before stay where they are.
    for name in names.into_iter().take(count).rev() {
        replace(buffer, name, substitute);
    }
}
