//! Lints: a rule, and the function that looks for what it finds.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use crate::citation::bibliography::Entry;
use crate::citation::record::Record;
use crate::citation::style::StyleProblem;
use crate::citation::{Bibliography, CitationKey};
use crate::config::theme::ThemeConfig;
use crate::config::{Collection, Config, Field, Role};
use crate::diagnostic::{Diagnostic, Rule};
use crate::external::Answers;
use crate::load::history::History;
use crate::page_id::{Lang, PageId};
use crate::parse::front_matter::FieldLocator;
use crate::parse::page::{FieldStep, FieldValue};
use crate::parse::{Body, FieldPath, Page};
use crate::resolve::{Card, ImageTarget, LinkTarget, LinkedPage, Site, SiteReader};
use crate::source::{Source, SourceId, Span};

use super::prose::Prose;

/// A rule with the function that looks for what it finds.
#[derive(Debug)]
pub struct Lint {
    /// The rule.
    pub rule: &'static Rule,
    /// How it looks.
    pub check: Check,
}

/// What a lint looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// One page.
    Page(fn(&CheckedPage<'_>, &mut Findings)),
    /// One work that the site uses.
    Work(fn(&CheckedWork<'_>, &mut Findings)),
    /// All works that the site uses, in the order of their keys.
    Works(fn(&[CheckedWork<'_>], &mut Findings)),
    /// The site as a whole.
    Site(fn(&CheckedSite<'_>, &mut Findings)),
    /// Nothing: another part of `check` finds it.
    Elsewhere,
}

/// An option of a rule, beside `level`.
#[derive(Debug)]
pub struct RuleOption {
    /// The rule.
    pub rule: &'static Rule,
    /// Its name.
    pub name: &'static str,
    /// What it can be.
    pub kind: OptionKind,
}

/// What an option of a rule can be.
#[derive(Debug)]
pub enum OptionKind {
    /// A whole number from 1 to this one.
    Number(i64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    Texts,
    /// Lists of phrases, by language: those of the whole site, which no collection changes.
    Words,
    /// A table of texts, each with the text that is better.
    Pairs,
}

impl RuleOption {
    /// Returns the option `name` of `rule` for phrases.
    pub const fn words(rule: &'static Rule, name: &'static str) -> Self {
        Self { rule, name, kind: OptionKind::Words }
    }

    /// Tells whether `value` can be set.
    pub fn can_be(&self, value: &Value) -> bool {
        let is_texts = |value: &Value| {
            value.as_array().is_some_and(|texts| texts.iter().all(Value::is_string))
        };
        match self.kind {
            OptionKind::Number(most) => {
                value.as_i64().is_some_and(|number| (1..=most).contains(&number))
            }
            OptionKind::Word(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            OptionKind::Texts => is_texts(value),
            OptionKind::Words => {
                value.as_object().is_some_and(|languages| languages.values().all(is_texts))
            }
            OptionKind::Pairs => {
                value.as_object().is_some_and(|pairs| pairs.values().all(Value::is_string))
            }
        }
    }

    /// Says what the option must be.
    pub fn wanted(&self) -> String {
        match self.kind {
            OptionKind::Number(most) => format!("a whole number from 1 to {most}"),
            OptionKind::Word(words) => one_of(words),
            OptionKind::Texts => "a list of texts".to_owned(),
            OptionKind::Words => {
                "lists of phrases by language, such as `{ en = [\"a phrase\"] }`".to_owned()
            }
            OptionKind::Pairs => "a table of texts, such as `{ utilise = \"use\" }`".to_owned(),
        }
    }

    /// Returns what the number is for pages of `collection`, `usual` where nothing that it can
    /// be is said.
    pub fn number(&self, usual: i64, config: &Config, collection: Option<&Collection>) -> i64 {
        let said = config.checks.option(self.rule.id, self.name, collection);
        said.filter(|said| self.can_be(said)).and_then(Value::as_i64).unwrap_or(usual)
    }

    /// Returns the texts for pages of `collection`.
    pub fn texts<'a>(
        &self,
        config: &'a Config,
        collection: Option<&Collection>,
    ) -> impl Iterator<Item = &'a str> {
        let said = config.checks.option(self.rule.id, self.name, collection);
        said.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns what is better than `text` on pages of `collection`.
    pub fn better<'a>(
        &self,
        text: &str,
        config: &'a Config,
        collection: Option<&Collection>,
    ) -> Option<&'a str> {
        config.checks.option(self.rule.id, self.name, collection)?.get(text)?.as_str()
    }

    /// Returns the phrases for texts in the language `lang`.
    pub fn listed<'c>(&self, config: &'c Config, lang: &Lang) -> Vec<&'c str> {
        config.checks.listed(self.rule.id, self.name, lang)
    }

    /// Tells whether the word for pages of `collection` is `word`.
    pub fn is_word(&self, word: &str, config: &Config, collection: Option<&Collection>) -> bool {
        let said = config.checks.option(self.rule.id, self.name, collection);
        said.and_then(Value::as_str) == Some(word)
    }
}

/// Writes `words` as "`a`, `b` or `c`".
fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// The site that is checked.
#[derive(Clone, Copy, Debug)]
pub struct CheckedSite<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// `book.toml`, to point at its keys; `None` where the site has none.
    pub book: Option<&'a Source>,
    /// The theme, with its parents.
    pub theme: &'a ThemeConfig,
    /// The pages and their facts.
    pub site: &'a Site,
    /// The citation database.
    pub works: &'a Bibliography,
    /// The keys of the works that pages cite or list.
    pub used: &'a Arc<BTreeSet<CitationKey>>,
    /// The citation styles that could not be read, by the name that is written.
    pub style_problems: &'a BTreeMap<Arc<str>, StyleProblem>,
    /// The pages that are left out because they are drafts, by their file.
    pub drafts: &'a BTreeMap<SourceId, PageId>,
    /// Those that are left out because they are dated ahead, by their file.
    pub ahead: &'a BTreeMap<SourceId, PageId>,
    /// What the site's files said before, where that is asked for.
    pub history: Option<&'a dyn History>,
    /// The date of the build.
    pub today: Date,
    /// What other sites answered; `None` where they were not asked.
    pub answers: Option<&'a Answers>,
}

/// A work that is checked.
#[derive(Clone, Copy, Debug)]
pub struct CheckedWork<'a> {
    /// Its entry in the database.
    pub entry: &'a Entry,
    /// What the entry says, in plain words.
    pub record: &'a Record,
    /// The site that uses it.
    pub of: &'a CheckedSite<'a>,
}

/// One page that is checked, with everything that it leads to.
#[derive(Clone, Copy, Debug)]
pub struct CheckedPage<'a> {
    /// What its file says.
    pub page: &'a Page,
    /// What it leads to.
    pub linked: &'a LinkedPage,
    /// Its collection.
    pub collection: Option<&'a Collection>,
    /// The site that it belongs to.
    pub of: &'a CheckedSite<'a>,
    /// Other pages' facts; what is read here is recorded.
    pub reader: &'a SiteReader<'a>,
    /// What it takes long to make of the page, once that was asked for.
    pub made: &'a Made<'a>,
}

/// What several rules ask of a page and one makes.
#[derive(Debug, Default)]
pub struct Made<'a> {
    /// Its file, unpacked.
    text: OnceCell<Arc<str>>,
    /// Where the fields stand in its file.
    places: OnceCell<FieldLocator>,
    /// The sentences of its texts.
    prose: OnceCell<Prose<'a>>,
}

/// One text of a page with the targets of its links and images.
#[derive(Clone, Debug)]
pub struct LinkedText<'a> {
    /// The field that it stands in; `None` for the body.
    pub field: Option<&'a FieldPath>,
    /// The text.
    pub body: &'a Body,
    /// The targets of its links.
    pub links: &'a [LinkTarget],
    /// The files of its images.
    pub images: &'a [ImageTarget],
}

impl CheckedSite<'_> {
    /// Tells whether the files of `static/` and those beside pages are published.
    pub fn publishes_files(&self) -> bool {
        !self.config.turns_off("static")
    }

    /// Returns the place of the key at `path` in `book.toml`, or of its nearest parent.
    pub fn book_span(&self, path: &[&str]) -> Span {
        match self.book {
            Some(book) => crate::config::locate(book, path),
            None => Span::file(SourceId::new(crate::config::FILE)),
        }
    }

    /// Returns the place of the key itself at `path` in `book.toml`.
    pub fn book_key_span(&self, path: &[&str]) -> Span {
        match self.book {
            Some(book) => crate::config::locate_key(book, path),
            None => Span::file(SourceId::new(crate::config::FILE)),
        }
    }
}

impl<'a> CheckedPage<'a> {
    /// Returns the place of `range` in the page's body.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.page.source.span(range)
    }

    /// Returns the place of the value at `field`, or of its nearest parent that the
    /// front matter holds.
    pub fn field_span(&self, field: &FieldPath) -> Span {
        match self.page.written_in(field) {
            (source, Some(yaml)) => {
                self.located(source, yaml, |places| source.span(places.value(field)))
            }
            (source, None) => Span::file(source.id.clone()),
        }
    }

    /// Returns the text of the page's file.
    pub fn source_text(&self) -> &'a Arc<str> {
        self.made.text.get_or_init(|| self.page.source.text())
    }

    /// Returns the text of `source`, which is the page's file or that of its original.
    fn text_of(&self, source: &Source) -> Arc<str> {
        match std::ptr::eq(source, &self.page.source) {
            true => Arc::clone(self.source_text()),
            false => source.text(),
        }
    }

    /// Asks where fields stand in the front matter of `source` at `yaml`; that of the page's
    /// own file is read once.
    fn located<T>(
        &self,
        source: &Source,
        yaml: &Range<usize>,
        place: impl FnOnce(&FieldLocator) -> T,
    ) -> T {
        match std::ptr::eq(source, &self.page.source) {
            true => place(self.made.places.get_or_init(|| FieldLocator::new(source, yaml))),
            false => place(&FieldLocator::new(source, yaml)),
        }
    }

    /// Returns the place of the field `name`, or else of the whole file.
    pub fn named_field_span(&self, name: &str) -> Span {
        self.field_span(&FieldPath(vec![FieldStep::Name(Arc::from(name))]))
    }

    /// Returns the place of the image that stands for the page, and the field that names it.
    pub fn image_span(&self) -> (Span, &'a str) {
        let field = self.collection.and_then(|collection| collection.field_with_role(Role::Image));
        let image = self.page.front.image.as_ref();
        let is_named = |field: &&Field| match self.page.front.fields.get(&field.name) {
            Some(FieldValue::Record(record)) => {
                let src = record.get("src").map(FieldValue::texts).unwrap_or_default();
                image.is_some_and(|image| src.iter().any(|src| **src == *image.src))
            }
            _ => false,
        };
        let name = field.filter(is_named).map_or("image", |field| &*field.name);
        (self.named_field_span(name), name)
    }

    /// Returns the place of `range` in the text `field`, where `text` stands.
    ///
    /// Ranges in a field count from the start of its value, which YAML may have folded: where
    /// it is not certain what they lead to, `text` is looked for.
    pub fn text_span(&self, field: Option<&FieldPath>, range: Range<usize>, text: &str) -> Span {
        let Some(field) = field else { return self.span(range) };
        match self.page.written_in(field) {
            (source, Some(yaml)) if !text.is_empty() => self.located(source, yaml, |places| {
                let file = self.text_of(source);
                let is_text = |range: &Range<usize>| {
                    places.scalar(field).and_then(|value| value.get(range.clone())) == Some(text)
                };
                let range = self.in_scalar(field, range, places);
                let certain = Some(range).filter(is_text);
                let certain = certain.and_then(|range| places.within(field, range, &file));
                source.span(certain.unwrap_or_else(|| places.find(field, text, &file)))
            }),
            _ => self.field_span(field),
        }
    }

    /// Returns the place of `range` in the text `field`, where that is certain.
    pub fn certain_span(&self, field: Option<&FieldPath>, range: Range<usize>) -> Option<Span> {
        let Some(field) = field else { return Some(self.span(range)) };
        let (source, yaml) = self.page.written_in(field);
        self.located(source, yaml?, |places| {
            let range = self.in_scalar(field, range, places);
            let place = places.within(field, range, &self.text_of(source));
            place.map(|place| source.span(place))
        })
    }

    /// Returns `range` of the value of `field` as one of its scalar: plain texts are kept without
    /// the white space around them.
    fn in_scalar(
        &self,
        field: &FieldPath,
        range: Range<usize>,
        places: &FieldLocator,
    ) -> Range<usize> {
        if matches!(self.page.front.value_at(field), Some(FieldValue::Markdown(_))) {
            return range;
        }
        let scalar = places.scalar(field).unwrap_or_default();
        let before = scalar.len() - scalar.trim_start().len();
        before + range.start..before + range.end
    }

    /// Returns the body and the Markdown fields that link or show images.
    pub fn linked_texts(&self) -> Vec<LinkedText<'a>> {
        linked_texts(self.page, self.linked)
    }

    /// Returns the place of the key itself at `field`, or of its nearest parent that the
    /// front matter holds.
    pub fn field_key_span(&self, field: &FieldPath) -> Span {
        match self.page.written_in(field) {
            (source, Some(yaml)) => {
                self.located(source, yaml, |places| source.span(places.key(field, 0)))
            }
            (source, None) => Span::file(source.id.clone()),
        }
    }

    /// Returns the body and all Markdown fields, each with its place.
    pub fn texts(&self) -> Vec<(Option<FieldPath>, &'a Body)> {
        let body: &Body = &self.page.body;
        let fields = leaf_values(self.page).into_iter().filter_map(|(field, value)| match value {
            FieldValue::Markdown(body) => Some((Some(field), &**body)),
            _ => None,
        });
        std::iter::once((None, body)).chain(fields).collect()
    }

    /// Returns the sentences of the page's texts.
    pub fn prose(&self) -> &'a Prose<'a> {
        self.made.prose.get_or_init(|| Prose::of(self))
    }

    /// Tells whether the page gives the field `name` of its collection a value, or likely
    /// means to, under a wrong name or by a value that does not fit.
    pub fn has_value(&self, name: &str) -> bool {
        if self.is_misnamed(name) {
            return true;
        }
        match self.page.front.fields.get(name) {
            None | Some(FieldValue::Null) => false,
            Some(FieldValue::List(values)) => !values.is_empty(),
            Some(_) => true,
        }
    }

    /// Tells whether an unknown field was likely meant for `name`, or its value does not fit; both
    /// are reported.
    pub fn is_misnamed(&self, name: &str) -> bool {
        self.page.front.misnamed.iter().any(|meant| **meant == *name)
    }

    /// Returns the value of the collection's field with `role`, and its name.
    pub fn field_with_role(&self, role: Role) -> Option<(&'a Arc<str>, &'a FieldValue)> {
        let field = self.collection?.field_with_role(role)?;
        Some((&field.name, self.page.front.fields.get(&field.name)?))
    }

    /// Returns the pages that the field with `role` names, with the place of each.
    pub fn named_by_role(&self, role: Role) -> Vec<(&'a FieldPath, &'a PageId)> {
        let Some((name, _)) = self.field_with_role(role) else { return Vec::new() };
        let relations = self.linked.relations.iter().filter(|relation| {
            matches!(relation.field.0.first(), Some(FieldStep::Name(first)) if first == name)
        });
        relations.filter_map(|r| Some((&r.field, r.target.page()?))).collect()
    }

    /// Returns what the page `id` shows of itself to others.
    pub fn card(&self, id: &PageId) -> Option<&'a Card> {
        self.reader.card(id).map(|card| &**card)
    }
}

/// Returns the body and the Markdown fields of `page`, which leads to `linked`, that link or
/// show images.
pub fn linked_texts<'a>(page: &'a Page, linked: &'a LinkedPage) -> Vec<LinkedText<'a>> {
    let body =
        LinkedText { field: None, body: &page.body, links: &linked.links, images: &linked.images };
    let fields = linked.fields.iter().filter_map(|field| {
        let value = page.front.value_at(&field.field)?;
        let FieldValue::Markdown(body) = value else { return None };
        let (links, images) = (field.links.as_slice(), field.images.as_slice());
        Some(LinkedText { field: Some(&field.field), body, links, images })
    });
    std::iter::once(body).chain(fields).collect()
}

/// Returns the collection's values of `page` that hold no others, with their places,
/// in the order of the front matter's declaration.
pub fn leaf_values(page: &Page) -> Vec<(FieldPath, &FieldValue)> {
    let mut leaves = Vec::new();
    let mut path = Vec::new();
    for (name, value) in &page.front.fields {
        path.push(FieldStep::Name(Arc::clone(name)));
        gather(value, &mut path, &mut leaves);
        path.pop();
    }
    leaves
}

fn gather<'a>(
    value: &'a FieldValue,
    path: &mut Vec<FieldStep>,
    leaves: &mut Vec<(FieldPath, &'a FieldValue)>,
) {
    match value {
        FieldValue::List(values) => {
            for (index, value) in values.iter().enumerate() {
                path.push(FieldStep::Index(index));
                gather(value, path, leaves);
                path.pop();
            }
        }
        FieldValue::Record(values) => {
            for (name, value) in values {
                path.push(FieldStep::Name(Arc::clone(name)));
                gather(value, path, leaves);
                path.pop();
            }
        }
        value => leaves.push((FieldPath(path.clone()), value)),
    }
}

/// What lints found.
#[derive(Debug, Default)]
pub struct Findings {
    found: Vec<Diagnostic>,
    site_wide: bool,
}

impl Findings {
    /// Reports a finding.
    pub fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Notes that a finding depends on pages that no recorded key stands for, as a
    /// suggestion among all pages does.
    pub fn looked_everywhere(&mut self) {
        self.site_wide = true;
    }

    /// Returns the findings, and whether one depends on the whole site.
    pub fn into_parts(self) -> (Vec<Diagnostic>, bool) {
        (self.found, self.site_wide)
    }
}
