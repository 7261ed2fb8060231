//! A parsed page: its front matter by field, and its body.
//!
//! A [`Page`] is its [`PageHead`], which it leads to by itself, and the text below.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::syntax::Citation;
use crate::config::ListQuery;
use crate::diagnostic::Diagnostic;
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::source::Source;

use super::body::Body;

/// One page as its file says it, before the rest of the site is known.
#[derive(Clone, Debug)]
pub struct Page {
    /// All but its text.
    pub head: Arc<PageHead>,
    /// The text.
    pub body: Arc<Body>,
}

impl Deref for Page {
    type Target = PageHead;

    fn deref(&self) -> &PageHead {
        &self.head
    }
}

/// What a page's file says, but its text.
#[derive(Clone, Debug)]
pub struct PageHead {
    /// Its name.
    pub id: PageId,
    /// The collection it belongs to; `None` for a stand-alone page.
    pub collection: Option<Arc<str>>,
    /// The folders below the collection's folder, joined by `/`; empty at its top.
    pub section: Arc<str>,
    /// Whether the file is an `_index.md`, which describes a folder's listing.
    pub is_index: bool,
    /// The file.
    pub source: Source,
    /// Where the YAML of the front matter stands in the source; `None` without one.
    pub yaml: Option<Range<usize>>,
    /// Where the text starts in the source.
    pub text_start: usize,
    /// The fields.
    pub front: FrontMatter,
    /// Of a translation, what it has of its original; parsing leaves it `None`.
    pub inherited: Option<Arc<Inherited>>,
    /// What parsing found.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a translation has of its original, where it is written.
#[derive(Clone, Debug)]
pub struct Inherited {
    /// The fields that the translation leaves out.
    pub fields: BTreeSet<Arc<str>>,
    /// The rules that only the original allows.
    pub allows: BTreeSet<Arc<str>>,
    /// The original's file.
    pub source: Source,
    /// Where the YAML of its front matter stands.
    pub yaml: Option<Range<usize>>,
}

impl PageHead {
    /// Returns the file in which the value at `field` is written, and where the YAML
    /// stands in it: the original's for what a translation leaves out.
    pub fn written_in(&self, field: &FieldPath) -> (&Source, Option<&Range<usize>>) {
        let first = match field.0.first() {
            Some(FieldStep::Name(name)) => Some(name),
            _ => None,
        };
        match &self.inherited {
            Some(inherited) if first.is_some_and(|name| inherited.fields.contains(name)) => {
                (&inherited.source, inherited.yaml.as_ref())
            }
            _ => (&self.source, self.yaml.as_ref()),
        }
    }
}

/// The fields of a page: those of every page by name, the collection's in a map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrontMatter {
    /// The title, or the name of a person.
    pub title: Option<Arc<str>>,
    /// The subtitle.
    pub subtitle: Option<Arc<str>>,
    /// What the page is about, in a sentence.
    pub description: Option<Arc<str>>,
    /// The image that stands for the page.
    pub image: Option<PageImage>,
    /// When it was published.
    pub date: Option<Date>,
    /// When it was last changed.
    pub updated: Option<Date>,
    /// The tags, in the author's order.
    pub tags: Vec<Arc<str>>,
    /// Its place among its siblings; those without one come last.
    pub weight: Option<i64>,
    /// The last part of its URL.
    pub slug: Option<Arc<str>>,
    /// Its URL, in place of the collection's pattern.
    pub permalink: Option<Arc<str>>,
    /// Old URLs and old ids that lead here.
    pub redirect_from: Vec<Arc<str>>,
    /// Its template, in place of the collection's.
    pub template: Option<Arc<str>>,
    /// Whether it shows a list of its contents; `None` leaves it to the theme.
    pub toc: Option<bool>,
    /// Its language, in place of the one that its file's name says.
    pub lang: Option<Arc<str>>,
    /// The licence of its text.
    pub license: Option<Arc<str>>,
    /// Its citation style, in place of the site's.
    pub style: Option<Arc<str>>,
    /// Works to list without citing them, or [`EVERYTHING`].
    pub nocite: Vec<Arc<str>>,
    /// Ids of pages to name as related.
    pub related: Vec<Arc<str>>,
    /// Rules that are suppressed on the page, each with its reason.
    pub allow: Vec<(Arc<str>, Arc<str>)>,
    /// Whether terms in it are linked; `None` leaves it to the configuration.
    pub autolink: Option<bool>,
    /// Which page a surface means here.
    pub terms: Vec<(Arc<str>, Arc<str>)>,
    /// The lists that its template shows, by name.
    pub lists: IndexMap<Arc<str>, ListQuery>,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
    /// Whether it is unfinished.
    pub draft: bool,
    /// Whatever the site's own templates read.
    pub extra: Option<FieldValue>,
    /// The fields that are not missing, although they have no value: those that unknown ones
    /// were likely meant for, and those whose value does not fit.
    pub misnamed: Vec<Arc<str>>,
    /// The collection's fields, in its order of declaration.
    pub fields: IndexMap<Arc<str>, FieldValue>,
}

/// The word among the works to list that stands for the whole database.
pub const EVERYTHING: &str = "*";

impl FrontMatter {
    /// Tells whether the page lists the whole database.
    pub fn lists_everything(&self) -> bool {
        self.nocite.iter().any(|key| &**key == EVERYTHING)
    }

    /// Returns the value that `path` leads to among the collection's fields.
    pub fn value_at(&self, path: &FieldPath) -> Option<&FieldValue> {
        let mut steps = path.0.iter();
        let Some(FieldStep::Name(first)) = steps.next() else { return None };
        steps.try_fold(self.fields.get(first)?, |value, step| match (value, step) {
            (FieldValue::Record(values), FieldStep::Name(name)) => values.get(name),
            (FieldValue::List(values), FieldStep::Index(index)) => values.get(*index),
            _ => None,
        })
    }
}

/// An image that stands for a page or a person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageImage {
    /// The file as written.
    pub src: Arc<str>,
    /// The alternative text.
    pub alt: Option<Arc<str>>,
    /// Who made it.
    pub credit: Option<Arc<str>>,
}

/// The value of a field, as its type read it.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Plain text, or one word of an enumeration.
    Text(Arc<str>),
    /// Parsed Markdown.
    Markdown(Arc<Body>),
    /// A calendar date.
    Date(Date),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A decimal number as it was written.
    Number(Arc<str>),
    /// A page by its id, title or alias, as it was written.
    Page(Arc<str>),
    /// Works that the record rests on.
    Citation(Arc<Citation>),
    /// A name by which text mentions the page.
    Surface(Arc<Surface>),
    /// Identifiers as `(scheme, value)`, in the order written.
    Ids(Vec<(Arc<str>, Arc<str>)>),
    /// Several values.
    List(Vec<FieldValue>),
    /// Named values, in the order of their declaration.
    Record(IndexMap<Arc<str>, FieldValue>),
    /// Nothing, where anything goes.
    Null,
}

impl FieldValue {
    /// Returns the short texts that the value holds, for sorting, filtering and cards:
    /// texts themselves, dates in ISO 8601, pages by their id. Records and Markdown
    /// hold none.
    pub fn texts(&self) -> Vec<Arc<str>> {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Page(text) => vec![Arc::clone(text)],
            Self::Date(date) => vec![Arc::from(date.to_string())],
            Self::Integer(number) => vec![Arc::from(number.to_string())],
            Self::Boolean(truth) => vec![Arc::from(truth.to_string())],
            Self::Surface(surface) => vec![Arc::clone(&surface.name)],
            Self::List(values) => values.iter().flat_map(Self::texts).collect(),
            Self::Markdown(_) | Self::Citation(_) | Self::Ids(_) | Self::Record(_) | Self::Null => {
                Vec::new()
            }
        }
    }
}

/// A name by which text mentions a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Surface {
    /// The name.
    pub name: Arc<str>,
    /// The language that it is used in; every language when `None`.
    pub lang: Option<Arc<str>>,
    /// The country that it is used in, for readers.
    pub region: Option<Arc<str>>,
    /// Since when it is used, as an ISO date or year.
    pub from: Option<Arc<str>>,
    /// Until when it was used.
    pub until: Option<Arc<str>>,
    /// Whether case must match; `None` leaves it to the rule for capitals.
    pub exact_case: Option<bool>,
    /// Whether a mention may become a link.
    pub never_link: bool,
    /// Whether plural forms match too.
    pub plural: bool,
}

/// The way to a value in the front matter: field names and list indices.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(pub Vec<FieldStep>);

impl FieldPath {
    /// Returns the way to the field `name` of the page.
    pub fn field(name: impl Into<Arc<str>>) -> Self {
        Self(vec![FieldStep::Name(name.into())])
    }

    /// Returns the way on to the field `name` of the record at this path.
    pub fn name(mut self, name: impl Into<Arc<str>>) -> Self {
        self.0.push(FieldStep::Name(name.into()));
        self
    }

    /// Returns the way on to the item `index`, from 0, of the list at this path.
    pub fn index(mut self, index: usize) -> Self {
        self.0.push(FieldStep::Index(index));
        self
    }
}

impl fmt::Display for FieldPath {
    /// Writes the path as `evidence[0].source`; the whole front matter is empty.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                FieldStep::Name(name) if position == 0 => f.write_str(name)?,
                FieldStep::Name(name) => write!(f, ".{name}")?,
                FieldStep::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// One step of a [`FieldPath`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldStep {
    /// Into a record, by name.
    Name(Arc<str>),
    /// Into a list, by index from 0.
    Index(usize),
}
