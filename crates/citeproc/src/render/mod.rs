//! Renders elements of a style for one item (CSL 1.0.2, "Rendering Elements").
//!
//! [`Renderer`] walks the compiled elements and writes into a buffer. It knows one cite or one
//! entry only; what depends on the document (numbers, positions, disambiguation) it is told in
//! a [`Context`].

mod condition;
mod date;
mod given;
mod label;
mod name;
mod names;
pub(crate) mod number;
mod page;
mod text;
mod text_case;

/// Returns given names as initials, for comparing names.
pub(crate) fn initials(given: &str, with: &str, hyphen: bool) -> String {
    given::initials(given, with, hyphen, true)
}

use crate::cite::{LocatorLabel, Position};
use crate::item::{DateVariable, Item, NameVariable, TextVariable, Variable};
use crate::locale::{Locale, TermForm, primary_subtag};
use crate::output::buffer::{Buffer, Mark, Op, Tag};
use crate::style::model::*;
use std::cell::Cell;

/// What all renderings with one style in one language share.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) style: std::sync::Arc<StyleData>,
    pub(crate) locale: Locale,
    /// DOI, PMID, PMCID and URL are links.
    pub(crate) links: bool,
    /// The language quotes with guillemets.
    pub(crate) guillemets: bool,
    /// The language quotes with curly double marks.
    pub(crate) curly: bool,
}

/// Says which layout is rendered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Area {
    Citation,
    Bibliography,
}

/// How a cite differs from its plain form so that it is unambiguous.
///
/// Lists of names are counted in the order in which they are rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Disambiguation {
    /// How many names each list shows at least.
    pub(crate) shown: Vec<u32>,
    /// How far each given name of each list is written out.
    pub(crate) given: Vec<Vec<GivenLevel>>,
    /// How many of the conditions `disambiguate` are true, in the order of evaluation.
    pub(crate) condition: u32,
}

/// How far a given name is written out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum GivenLevel {
    /// As the style asks.
    #[default]
    Plain,
    /// With initials.
    Initials,
    /// In full.
    Full,
}

/// What a rendering is told about its place in the document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) item: &'a Item,
    pub(crate) area: Area,
    pub(crate) locator: Option<(LocatorLabel, &'a str)>,
    pub(crate) position: Position,
    pub(crate) near_note: bool,
    pub(crate) first_note: Option<u32>,
    pub(crate) number: Option<u32>,
    pub(crate) year_suffix: Option<u32>,
    pub(crate) disambiguation: &'a Disambiguation,
    /// The first names are left out.
    pub(crate) suppress_names: bool,
    /// The number in the list is left out.
    pub(crate) suppress_number: bool,
    /// Set while a sort key is rendered.
    pub(crate) sort: Option<&'a SortKey>,
    /// The names are part of a sentence, which has "and" in words.
    pub(crate) narrative: bool,
    /// What the layout shows first begins a sentence.
    pub(crate) begins_sentence: bool,
    /// The rendering is compared with others: dates of access do not tell cites apart.
    pub(crate) comparing: bool,
}

/// What one rendered list of names looked like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NamesTrace {
    pub(crate) variable: NameVariable,
    pub(crate) total: u32,
    pub(crate) shown: u32,
    pub(crate) form: NameForm,
    pub(crate) initials: bool,
}

/// Tells what the variables that an element called had to show.
///
/// CSL 1.0.2, section "Group": a group whose variables are all empty is suppressed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Called {
    any: bool,
    filled: bool,
}

impl Called {
    const NONE: Called = Called { any: false, filled: false };
    const EMPTY: Called = Called { any: true, filled: false };
    const FILLED: Called = Called { any: true, filled: true };

    fn and(self, other: Called) -> Called {
        Called { any: self.any | other.any, filled: self.filled | other.filled }
    }

    fn of(filled: bool) -> Called {
        Called { any: true, filled }
    }
}

/// A set of variables.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct VariableSet {
    texts: u128,
    names: u32,
    dates: u8,
}

impl VariableSet {
    fn insert(&mut self, variable: Variable) {
        match variable {
            Variable::Text(v) => self.texts |= 1 << v as u32,
            Variable::Name(v) => self.names |= 1 << v as u32,
            Variable::Date(v) => self.dates |= 1 << v as u32,
        }
    }

    fn contains(&self, variable: Variable) -> bool {
        match variable {
            Variable::Text(v) => self.texts & (1 << v as u32) != 0,
            Variable::Name(v) => self.names & (1 << v as u32) != 0,
            Variable::Date(v) => self.dates & (1 << v as u32) != 0,
        }
    }

    fn extend(&mut self, other: VariableSet) {
        self.texts |= other.texts;
        self.names |= other.names;
        self.dates |= other.dates;
    }
}

/// Renders elements for one item.
pub(crate) struct Renderer<'a> {
    env: &'a Environment,
    cx: Context<'a>,
    pub(crate) out: Buffer,
    /// Variables that a substitution has used up.
    suppressed: VariableSet,
    /// Variables rendered since a substitution began.
    rendered: VariableSet,
    in_substitute: bool,
    names_rendered: bool,
    year_suffix_shown: bool,
    pub(crate) trace: Vec<NamesTrace>,
    english: bool,
    /// A list of names was shown as a count.
    count_used: bool,
    /// How many conditions `disambiguate` were evaluated.
    conditions_seen: Cell<u32>,
    /// Something was shown other than the number of the entry and affixes.
    shown: bool,
}

impl<'a> Renderer<'a> {
    pub(crate) fn new(env: &'a Environment, cx: Context<'a>) -> Self {
        let mut out = match cx.area {
            Area::Citation => Buffer::with_capacity(64, 16),
            Area::Bibliography => Buffer::with_capacity(512, 96),
        };
        out.guillemets = env.guillemets;
        out.curly = env.curly;
        let english = match cx.item.str(TextVariable::Language) {
            Some(language) => primary_subtag(language).eq_ignore_ascii_case("en"),
            None => env.locale.is_english(),
        };
        Self {
            env,
            cx,
            out,
            suppressed: VariableSet::default(),
            rendered: VariableSet::default(),
            in_substitute: false,
            names_rendered: false,
            year_suffix_shown: false,
            trace: Vec::new(),
            english,
            count_used: false,
            conditions_seen: Cell::new(0),
            shown: false,
        }
    }

    /// Renders the children of a layout, without the layout's own affixes and formatting.
    pub(crate) fn layout(&mut self, layout: &Layout) {
        self.children(&layout.children, "");
    }

    /// Renders a layout whose first field stands apart (CSL 1.0.2, `second-field-align`).
    pub(crate) fn layout_in_fields(&mut self, layout: &Layout) {
        let mut fields = layout.children.iter();
        for first in fields.by_ref() {
            let mark = self.out.mark();
            let tag = Tag::Display(Display::LeftMargin);
            self.out.open(tag);
            let inner = self.out.mark();
            self.element(first, "");
            if self.out.is_empty_since(inner) {
                self.out.cut(mark);
                continue;
            }
            self.out.close(tag);
            break;
        }
        let mark = self.out.mark();
        let tag = Tag::Display(Display::RightInline);
        self.out.open(tag);
        let inner = self.out.mark();
        for field in fields {
            self.element(field, "");
        }
        if self.out.is_empty_since(inner) {
            self.out.cut(mark);
        } else {
            self.out.close(tag);
        }
    }

    /// Renders a macro, as sort keys do.
    pub(crate) fn macro_children(&mut self, index: usize) {
        let env = self.env;
        self.children(&env.style.macros[index].children, "");
    }

    /// Returns whether a list of names was shown as a count.
    pub(crate) fn shows_count(&self) -> bool {
        self.count_used
    }

    /// Renders elements in order, with a delimiter between those that show something.
    fn children(&mut self, elements: &[Element], delimiter: &str) -> Called {
        let mut called = Called::NONE;
        let mut started = false;
        for element in elements {
            let before = self.out.mark();
            if started && !delimiter.is_empty() {
                self.out.push(delimiter);
            }
            let content = self.out.mark();
            called = called.and(self.element(element, delimiter));
            if self.out.is_empty_since(content) {
                self.out.cut(before);
            } else {
                started = true;
            }
        }
        called
    }

    fn element(&mut self, element: &Element, delimiter: &str) -> Called {
        match element {
            Element::Text(text) => self.text(text),
            Element::Number(number) => self.number(number),
            Element::Label(label) => self.label(label),
            Element::Date(date) => self.date(date),
            Element::Names(names) => self.names(names),
            Element::Group(group) => self.group(group),
            // The delimiter of the group around it goes between the elements of a branch.
            Element::Choose(branches) => match self.branch(branches) {
                Some(branch) => self.children(&branch.children, delimiter),
                None => Called::NONE,
            },
        }
    }

    /// CSL 1.0.2, section "Group".
    fn group(&mut self, group: &GroupElement) -> Called {
        let start = self.out.mark();
        let shown = self.shown;
        let open = self.begin(&group.decor);
        let called = self.children(&group.children, &group.delimiter);
        if called.any && !called.filled {
            self.out.cut(start);
            self.shown = shown;
            return Called::EMPTY;
        }
        if self.end(&group.decor, open) {
            // A group that shows something counts as a variable with a value.
            return Called::FILLED;
        }
        called
    }

    /// Opens what an element's attributes put around its content.
    fn begin(&mut self, decor: &Decor) -> Begun {
        self.begin_linked(decor, None)
    }

    /// Does the same for content that is a link.
    fn begin_linked(&mut self, decor: &Decor, url: Option<String>) -> Begun {
        let outer = self.out.mark();
        if let Some(display) = decor.display {
            self.out.open(Tag::Display(display));
        }
        let mut link = url.map(|url| {
            self.out.links.push(url.into());
            Tag::Link(self.out.links.len() as u32 - 1)
        });
        // `https://doi.org/` is written as a prefix, but belongs to the link.
        let prefix_is_address = decor.prefix.starts_with("http");
        if let Some(tag) = link.filter(|_| prefix_is_address) {
            self.out.open(tag);
        }
        self.out.push(&decor.prefix);
        if decor.quotes {
            self.out.open(Tag::Quote);
        }
        if !decor.formatting.is_none() {
            self.out.open(Tag::Format(decor.formatting));
        }
        if let Some(tag) = link.filter(|_| !prefix_is_address) {
            self.out.open(tag);
        }
        let link_outside = prefix_is_address && link.is_some();
        let link_inside = link.take().is_some() && !link_outside;
        Begun { outer, inner: self.out.mark(), link_inside, link_outside }
    }

    /// Closes it again; returns whether there was content.
    fn end(&mut self, decor: &Decor, begun: Begun) -> bool {
        if self.out.is_empty_since(begun.inner) {
            self.out.cut(begun.outer);
            return false;
        }
        let from = begun.inner.index();
        if decor.strip_periods {
            self.strip_periods(from);
        }
        if let Some(case) = decor.text_case {
            text_case::apply(&mut self.out, from, case, self.english);
        }
        if begun.link_inside {
            self.out.ops.push(Op::Close);
        }
        if !decor.formatting.is_none() {
            self.out.ops.push(Op::Close);
        }
        if decor.quotes {
            self.out.close(Tag::Quote);
        }
        if begun.link_outside {
            self.out.ops.push(Op::Close);
        }
        self.out.push(&decor.suffix);
        if decor.display.is_some() {
            self.out.ops.push(Op::Close);
        }
        true
    }

    /// CSL 1.0.2, section "Strip-periods".
    fn strip_periods(&mut self, from: usize) {
        for index in from..self.out.ops.len() {
            if let Op::Text(span) = self.out.ops[index]
                && self.out.str(span).contains('.')
            {
                let stripped = self.out.str(span).replace('.', "");
                self.out.replace(index, &stripped);
            }
        }
    }

    fn term(&self, name: &str, form: TermForm, plural: bool) -> Option<&'a str> {
        let env: &'a Environment = self.env;
        env.locale.terms.text(name, form, plural)
    }

    fn is_suppressed(&self, variable: impl Into<Variable>) -> bool {
        self.suppressed.contains(variable.into())
    }

    fn note_rendered(&mut self, variable: impl Into<Variable>) {
        if self.in_substitute {
            let variable = variable.into();
            self.rendered.insert(variable);
            self.suppressed.insert(variable);
        }
    }

    /// Returns a date variable, unless a substitution has used it up.
    fn date_value(&self, variable: DateVariable) -> Option<&'a crate::item::Date> {
        if self.is_suppressed(variable) { None } else { self.cx.item.date(variable) }
    }
}

/// Where the content of an element begins.
#[derive(Debug, Clone, Copy)]
struct Begun {
    outer: Mark,
    inner: Mark,
    link_inside: bool,
    link_outside: bool,
}
