//! Documents: from citations and items to rendered citations and the reference list.
//!
//! [`Processor::process`] is the way in, and shows the order of the work: the items are
//! gathered and numbered (`registry`), positions worked out (`position`), the list sorted
//! (`sort`), ambiguous cites told apart (`disambiguate`), citations rendered (`citation`,
//! `collapse`), and the list rendered (`bibliography`).

mod bibliography;
mod citation;
mod collapse;
mod disambiguate;
mod entry;
mod memory;
mod narrative;
mod position;
mod registry;
mod sort;

use crate::cite::Citation;
use crate::item::Item;
use crate::locale::{Locale, TermForm};
use crate::output::Output;
use crate::output::finish::QuoteMarks;
use crate::render::Environment;
use crate::style::Style;
pub use crate::style::model::SecondFieldAlign;
pub use entry::Entry;
use registry::{ItemSource, Registry};
pub(crate) use sort::date_sort_key;
use std::sync::Arc;

/// Says how a processor renders, beyond what style and language say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// DOI, PMID, PMCID and URL become links.
    pub links: bool,
    /// A cite of which the style shows nothing shows the title in short, else the key.
    pub stand_ins: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { links: true, stand_ins: true }
    }
}

/// Renders documents with one style in one language.
///
/// It may be shared between threads. What it remembers of items that documents share
/// ([`Processor::process_shared`]) makes no difference but in time.
pub struct Processor {
    env: Environment,
    stand_ins: bool,
    quotes: QuoteMarks,
    collator: sort::Collator,
    memory: memory::Memory,
}

impl std::fmt::Debug for Processor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Processor")
            .field("style", &self.env.style.title)
            .field("locale", &self.env.locale.lang)
            .finish_non_exhaustive()
    }
}

/// Says in which order items that are cited and items that are only listed are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// The cited items in the order of their first cites, then the others.
    #[default]
    CitedFirst,
    /// The items of [`Document::nocite`] in their order, then those that only citations name.
    NociteFirst,
}

/// What a document cites.
#[derive(Debug, Clone, Copy, Default)]
pub struct Document<'d> {
    /// The citations, in the order of the document.
    pub citations: &'d [Citation],
    /// The keys of items that the list shows though nothing cites them.
    pub nocite: &'d [String],
    /// The order in which the items are numbered.
    pub order: Order,
}

impl<'d> Document<'d> {
    /// Makes a document of citations alone.
    pub fn of_citations(citations: &'d [Citation]) -> Self {
        Self { citations, ..Self::default() }
    }

    /// Makes a document that lists items without citing them.
    pub fn of_list(keys: &'d [String]) -> Self {
        Self { nocite: keys, ..Self::default() }
    }
}

/// A rendered document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The citations, in the order of [`Document::citations`].
    pub citations: Vec<Output>,
    /// The reference list; `None` when the style has none.
    pub bibliography: Option<Bibliography>,
    /// The keys for which there is no item, each once, in the order in which they appear.
    pub unknown_keys: Vec<String>,
}

/// A reference list (CSL 1.0.2, "Bibliography-specific Options").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bibliography {
    /// The entries, sorted as the style asks.
    pub entries: Vec<Entry>,
    /// Lines after the first are indented.
    pub hanging_indent: bool,
    /// The first field of each entry stands apart from the rest.
    pub second_field_align: Option<SecondFieldAlign>,
    /// The distance between lines, as a multiple of the usual one.
    pub line_spacing: u32,
    /// The distance between entries, in lines.
    pub entry_spacing: u32,
}

impl Processor {
    /// Makes a processor for a style.
    ///
    /// The language is that of `locale`, else that of the style, else American English. A
    /// language without a bundled locale is rendered with the nearest one.
    pub fn new(style: &Style, locale: Option<&str>, options: Options) -> Self {
        let lang = locale.or(style.default_locale()).unwrap_or("en-US");
        Self::build(style, Locale::for_style(lang, &style.data.locales, None), options)
    }

    /// Makes a processor for a style and a locale of the host's own.
    pub fn with_locale(style: &Style, locale: &Locale, options: Options) -> Self {
        let merged = Locale::for_style(locale.lang(), &style.data.locales, Some(locale));
        Self::build(style, merged, options)
    }

    fn build(style: &Style, locale: Locale, options: Options) -> Self {
        let mark = |name: &str, default: &str| -> Box<str> {
            locale.terms.text(name, TermForm::Long, false).unwrap_or(default).into()
        };
        let quotes = QuoteMarks {
            open: mark("open-quote", "“"),
            close: mark("close-quote", "”"),
            open_inner: mark("open-inner-quote", "‘"),
            close_inner: mark("close-inner-quote", "’"),
        };
        let collator = sort::Collator::new(&locale.lang);
        let guillemets = quotes.open.contains('«');
        let curly = quotes.open.contains('“');
        let env = Environment {
            style: style.data.clone(),
            locale,
            links: options.links,
            guillemets,
            curly,
        };
        let stand_ins = options.stand_ins;
        Self { env, stand_ins, quotes, collator, memory: memory::Memory::default() }
    }

    /// Returns the language in which it renders.
    pub fn lang(&self) -> &str {
        &self.env.locale.lang
    }

    /// Renders a document.
    ///
    /// `item` finds the item of a key. A key without an item is rendered as a marked key and
    /// reported in [`Rendered::unknown_keys`].
    pub fn process<'i>(
        &self,
        document: &Document<'_>,
        item: impl Fn(&str) -> Option<&'i Item>,
    ) -> Rendered {
        self.run(document, &|key| item(key).map(ItemSource::own))
    }

    /// Renders a document whose items other documents share.
    ///
    /// The result is that of [`Processor::process`]. The processor keeps the item and what it
    /// made of it, by key, so that an item which many documents cite is rendered once as far as
    /// the style allows; another item of the same key takes its place.
    pub fn process_shared<'i>(
        &self,
        document: &Document<'_>,
        item: impl Fn(&str) -> Option<&'i Arc<Item>>,
    ) -> Rendered {
        self.run(document, &|key| item(key).map(|item| ItemSource::Shared(self.memory.of(item))))
    }

    /// Forgets what it made of items that documents share, to give the memory back.
    pub fn forget(&self) {
        self.memory.clear();
    }

    fn run<'i>(
        &self,
        document: &Document<'_>,
        item: &dyn Fn(&str) -> Option<ItemSource<'i>>,
    ) -> Rendered {
        let mut registry = Registry::gather(document, item);
        let positions = position::positions(
            document.citations,
            self.env.style.citation.near_note_distance,
            &mut registry,
        );
        let order = sort::bibliography_order(self, &registry);
        registry.number(&order);
        disambiguate::disambiguate(self, &mut registry, &order);
        let citations = document
            .citations
            .iter()
            .zip(&positions)
            .map(|(citation, positions)| citation::render(self, &registry, citation, positions))
            .collect();
        let bibliography = bibliography::render(self, &registry, &order);
        Rendered { citations, bibliography, unknown_keys: registry.unknown_keys() }
    }

    /// Renders one item as an entry of the list, without its number.
    ///
    /// A style without a list renders the item as a citation would.
    pub fn format_entry(&self, item: &Item) -> Output {
        bibliography::single(self, item)
    }

    /// Renders items as a list in the order given, whatever the order of the style.
    ///
    /// They are numbered in that order, and no entry refers to the one before it; of two items of
    /// one key the first is listed.
    pub fn list<'i>(&self, items: impl IntoIterator<Item = &'i Item>) -> Vec<Entry> {
        let mut registry = Registry::of_items(items);
        let order = sort::bibliography_order(self, &registry);
        disambiguate::disambiguate(self, &mut registry, &order);
        bibliography::unconnected(self, &registry)
    }

    /// Renders the names of an item's authors in short, as a sentence names them: "Okafor and
    /// Lund", "Okafor et al.".
    pub fn short_names(&self, item: &Item) -> Output {
        narrative::short_names(self, item)
    }
}
