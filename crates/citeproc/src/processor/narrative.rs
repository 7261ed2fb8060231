//! Names as part of a sentence: author-only and composite cites.

use super::Processor;
use super::registry::{Registered, Registry};
use crate::cite::Position;
use crate::item::{Item, NameVariable, TextVariable};
use crate::output::buffer::{Buffer, Tag};
use crate::output::{Output, content, finish, punctuation};
use crate::render::{Area, Context, Renderer};
use crate::style::model::*;

/// Renders the names of an item's authors in short.
pub(super) fn short_names(processor: &Processor, item: &Item) -> Output {
    let registry = Registry::of_item(item);
    names_of(processor, registry.get(0))
}

/// Renders the names of a registered item as its cites show them.
pub(super) fn names_of(processor: &Processor, entry: &Registered<'_>) -> Output {
    let cx = Context {
        item: entry.item(),
        area: Area::Citation,
        locator: None,
        position: Position::First,
        near_note: false,
        first_note: None,
        number: Some(entry.number),
        year_suffix: None,
        disambiguation: &entry.disambiguation,
        suppress_names: false,
        suppress_number: false,
        sort: None,
        narrative: true,
        begins_sentence: false,
        comparing: false,
    };
    let mut buffer = names_buffer(processor, cx);
    punctuation::settle(&mut buffer, processor.env.locale.punctuation_in_quote);
    finish::finish(&buffer, 0..buffer.ops.len(), &processor.quotes, &[])
}

/// Renders the names that a cite shows; a style whose cites show none, such as a numeric one,
/// gets family names, three and more of them abbreviated.
pub(super) fn names_buffer(processor: &Processor, cx: Context<'_>) -> Buffer {
    let style = &processor.env.style;
    let mut out = Buffer::default();
    if style.class == StyleClass::InText {
        let mut renderer = Renderer::new(&processor.env, cx);
        renderer.layout(&style.citation.layout);
        if let Some(names) = renderer.out.find(Tag::Names) {
            out.append(&renderer.out, names);
            return out;
        }
    }
    let mut renderer = Renderer::new(&processor.env, cx);
    let lists = [NameVariable::Author, NameVariable::Editor, NameVariable::Translator];
    let variable = lists.into_iter().find(|variable| cx.item.has(*variable));
    match variable {
        Some(variable) => renderer.short_list(variable),
        None => push_title(cx.item, &mut renderer.out),
    }
    renderer.out
}

/// Renders what stands for a cite of which the style shows nothing: the title in short, else
/// the key.
pub(super) fn stand_in(item: &Item) -> Buffer {
    let mut out = Buffer::default();
    push_title(item, &mut out);
    if out.is_empty() {
        out.push(&item.id);
    }
    out
}

fn push_title(item: &Item, out: &mut Buffer) {
    let title = item.text(TextVariable::TitleShort).or(item.text(TextVariable::Title));
    if let Some(title) = title {
        content::push_value(out, title);
    }
}
