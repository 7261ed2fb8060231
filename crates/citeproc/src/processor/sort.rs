//! Sorting of entries and cites (CSL 1.0.2, "Sorting").

use super::Processor;
use super::registry::Registry;
use crate::cite::{LocatorLabel, Position};
use crate::item::{Date, Item, PartialDate, RangeEnd, TextVariable, Variable};
use crate::locale::primary_subtag;
use crate::render::{Area, Context, Renderer};
use crate::style::model::{SortKey, SortSource};
use crate::style::reads::NumberUse;
use icu_collator::options::CollatorOptions;
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale as IcuLocale;
use std::borrow::Cow;
use std::cmp::Ordering;

/// Compares text in the order of a language.
pub(super) struct Collator {
    inner: Option<CollatorBorrowed<'static>>,
}

impl Collator {
    pub(super) fn new(lang: &str) -> Self {
        let open = |lang: &str| {
            let locale: IcuLocale = lang.parse().ok()?;
            let preferences = CollatorPreferences::from(&locale);
            CollatorBorrowed::try_new(preferences, CollatorOptions::default()).ok()
        };
        Self { inner: open(lang).or_else(|| open(primary_subtag(lang))).or_else(|| open("en")) }
    }

    fn compare(&self, a: &str, b: &str) -> Ordering {
        match &self.inner {
            Some(collator) => collator.compare(a, b),
            None => a.cmp(b),
        }
    }
}

/// A value to sort by.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// Sorts last in either direction.
    Empty,
    Text(String),
    Number(i64),
}

fn compare(collator: &Collator, a: &Value, b: &Value, descending: bool) -> Ordering {
    let order = match (a, b) {
        (Value::Empty, Value::Empty) => return Ordering::Equal,
        (Value::Empty, _) => return Ordering::Greater,
        (_, Value::Empty) => return Ordering::Less,
        (Value::Number(a), Value::Number(b)) => a.cmp(b),
        (Value::Number(_), Value::Text(_)) => Ordering::Less,
        (Value::Text(_), Value::Number(_)) => Ordering::Greater,
        (Value::Text(a), Value::Text(b)) => collator.compare(a, b),
    };
    if descending { order.reverse() } else { order }
}

/// Returns the indices of the entries in the order of the list.
pub(super) fn bibliography_order(processor: &Processor, registry: &Registry<'_>) -> Vec<usize> {
    let order: Vec<usize> = (0..registry.len()).collect();
    let Some(bibliography) = &processor.env.style.bibliography else { return order };
    let keys = &bibliography.sort;
    if keys.is_empty() {
        return order;
    }
    let reads = processor.env.style.reads.bibliography_sort;
    let value = |index: usize| {
        let entry = registry.get(index);
        if let Some(remembered) = entry.remembered()
            && reads.number == NumberUse::Unused
        {
            // The number counts for nothing here.
            let cx = context(entry.item(), Area::Bibliography, 0, None);
            let make = || values(processor, keys, cx);
            return Cow::Borrowed(&**remembered.list_values.get_or_init(make));
        }
        let cx = context(entry.item(), Area::Bibliography, entry.number, entry.year_suffix);
        Cow::Owned(values(processor, keys, cx))
    };
    sorted(processor, order, keys, value)
}

/// What a cite brings to its sorting.
pub(super) struct CiteToSort<'a> {
    pub(super) index: usize,
    pub(super) locator: Option<(LocatorLabel, &'a str)>,
}

/// Returns cites in the order that the style asks for within a citation.
pub(super) fn cite_order(
    processor: &Processor,
    registry: &Registry<'_>,
    cites: &[CiteToSort<'_>],
) -> Vec<usize> {
    let order: Vec<usize> = (0..cites.len()).collect();
    let keys = &processor.env.style.citation.sort;
    if keys.is_empty() || cites.len() < 2 {
        return order;
    }
    let reads = processor.env.style.reads.citation_sort;
    let value = |place: usize| {
        let entry = registry.get(cites[place].index);
        if let Some(remembered) = entry.remembered()
            && reads.number == NumberUse::Unused
            && entry.year_suffix.is_none()
            && cites[place].locator.is_none()
        {
            let cx = context(entry.item(), Area::Citation, 0, None);
            let make = || values(processor, keys, cx);
            return Cow::Borrowed(&**remembered.cite_values.get_or_init(make));
        }
        let mut cx = context(entry.item(), Area::Citation, entry.number, entry.year_suffix);
        cx.locator = cites[place].locator;
        Cow::Owned(values(processor, keys, cx))
    };
    sorted(processor, order, keys, value)
}

fn sorted<'v>(
    processor: &Processor,
    order: Vec<usize>,
    keys: &[SortKey],
    value: impl Fn(usize) -> Cow<'v, [Value]>,
) -> Vec<usize> {
    let mut decorated: Vec<(Cow<'v, [Value]>, usize)> =
        order.into_iter().map(|index| (value(index), index)).collect();
    decorated.sort_by(|(a, _), (b, _)| {
        for ((a, b), key) in a.iter().zip(&**b).zip(keys) {
            let order = compare(&processor.collator, a, b, key.descending);
            if order != Ordering::Equal {
                return order;
            }
        }
        Ordering::Equal
    });
    decorated.into_iter().map(|(_, index)| index).collect()
}

fn context<'a>(item: &'a Item, area: Area, number: u32, suffix: Option<u32>) -> Context<'a> {
    Context {
        item,
        area,
        locator: None,
        position: Position::First,
        near_note: false,
        first_note: None,
        number: Some(number),
        year_suffix: suffix,
        disambiguation: super::disambiguate::plain(),
        suppress_names: false,
        suppress_number: false,
        sort: None,
        narrative: false,
        begins_sentence: false,
        comparing: false,
    }
}

fn values(processor: &Processor, keys: &[SortKey], cx: Context<'_>) -> Vec<Value> {
    keys.iter().map(|key| value(processor, key, cx)).collect()
}

fn value<'a>(processor: &'a Processor, key: &'a SortKey, mut cx: Context<'a>) -> Value {
    cx.sort = Some(key);
    match key.source {
        SortSource::Nothing => Value::Empty,
        SortSource::Macro(index) => {
            let mut renderer = Renderer::new(&processor.env, cx);
            renderer.macro_children(index);
            let text = renderer.out.plain(0..renderer.out.ops.len());
            let is_number = renderer.shows_count() || shows_number(processor, index);
            if is_number && let Ok(number) = text.trim().parse() {
                return Value::Number(number);
            }
            text_value(&text)
        }
        SortSource::Variable(Variable::Text(TextVariable::CitationNumber)) => {
            cx.number.map_or(Value::Empty, |number| Value::Number(i64::from(number)))
        }
        SortSource::Variable(Variable::Text(TextVariable::Locator)) => match cx.locator {
            Some((_, text)) => number_value(text),
            None => Value::Empty,
        },
        SortSource::Variable(Variable::Text(TextVariable::CitationLabel)) => {
            let mut renderer = Renderer::new(&processor.env, cx);
            renderer.citation_label();
            text_value(&renderer.out.plain(0..renderer.out.ops.len()))
        }
        SortSource::Variable(Variable::Text(variable)) => match cx.item.text(variable) {
            Some(text) if variable.is_number() => number_value(&text.to_plain()),
            Some(text) => text_value(&text.to_plain()),
            None => Value::Empty,
        },
        SortSource::Variable(Variable::Date(variable)) => match cx.item.date(variable) {
            Some(date) => Value::Text(date_sort_key(date, true, true)),
            None => Value::Empty,
        },
        SortSource::Variable(Variable::Name(variable)) => {
            let mut renderer = Renderer::new(&processor.env, cx);
            renderer.sort_names(variable);
            let text = renderer.out.plain(0..renderer.out.ops.len());
            text_value(&text)
        }
    }
}

/// Tells whether a macro shows the citation number alone.
fn shows_number(processor: &Processor, index: usize) -> bool {
    use crate::style::model::{Element, TextSource};
    matches!(
        processor.env.style.macros[index].children.as_slice(),
        [Element::Text(text)] if matches!(
            text.source,
            TextSource::Variable { variable: TextVariable::CitationNumber, .. }
        )
    )
}

/// How many digits the numbers inside a value are compared with.
const NUMBER_WIDTH: usize = 10;

/// Returns the value of a number variable, whose numbers sort by what they count: "9", "10-19",
/// "113".
fn number_value(text: &str) -> Value {
    let mut padded = String::with_capacity(text.len() + NUMBER_WIDTH);
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, digits) = rest.split_at(start);
        let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        padded.push_str(before);
        padded.extend(std::iter::repeat_n('0', NUMBER_WIDTH.saturating_sub(length)));
        padded.push_str(&digits[..length]);
        rest = &digits[length..];
    }
    padded.push_str(rest);
    text_value(&padded)
}

/// Returns text as it is compared: punctuation does not count, blanks do.
fn text_value(text: &str) -> Value {
    let is_silent = |c: char| {
        c.is_ascii_punctuation() || matches!(c, '«' | '»' | '¿' | '¡' | '\u{2010}'..='\u{205e}')
    };
    let mut key = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_silent(*c)) {
        if !c.is_whitespace() {
            key.push(c);
        } else if !key.is_empty() && !key.ends_with(' ') {
            key.push(' ');
        }
    }
    key.truncate(key.trim_end().len());
    if key.is_empty() { Value::Empty } else { Value::Text(key) }
}

/// Returns a date as text that sorts in time.
///
/// Years before Christ come out in order too, and the parts left out sort before all others.
pub(crate) fn date_sort_key(date: &Date, months: bool, days: bool) -> String {
    let mut key = String::new();
    let push = |part: PartialDate, key: &mut String| {
        let year = i64::from(part.year) + 1_000_000;
        let month =
            if months { part.month.or(part.season.map(|s| s + 20)).unwrap_or(0) } else { 0 };
        let day = if days { part.day.unwrap_or(0) } else { 0 };
        key.push_str(&format!("{year:07}{month:02}{day:02}"));
    };
    match date.start {
        Some(start) => push(start, &mut key),
        None => return date.literal.as_deref().unwrap_or_default().to_owned(),
    }
    if let Some(RangeEnd::At(end)) = date.end {
        push(end, &mut key);
    }
    key
}
