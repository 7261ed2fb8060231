//! What a view is made from: the site-wide parts, computed once a build, and the
//! page that is being made.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use crate::citation::{Bibliography, CitationKey, CitationStyle, StyleSet};
use crate::config::theme::{ArgumentType, ArgumentValue, Numbering};
use crate::config::{Collection, Config, Field, FieldType, Role, UrlStyle};
use crate::diagnostic::Diagnostic;
use crate::ids;
use crate::ordered::IndexMap;
use crate::page_id::{Lang, PageId};
use crate::parse::PageHead;
use crate::parse::body::ComponentCall;
use crate::parse::page::FieldValue;
use crate::render::assets::Assets;
use crate::render::highlight::Highlighter;
use crate::render::templates::{Context, Templates, asked_component};
use crate::render::theme::Theme;
use crate::render::value::{self, Value, context, list, map, optional_text, text, to_map};
use crate::resolve::facts::AnchorName;
use crate::resolve::in_language::url_in_language;
use crate::resolve::linked::RelationTarget;
use crate::resolve::links::{
    ImageTarget, LinkOrigin, LinkTarget, generated_url, image_target, link_target,
};
use crate::resolve::names::page_named;
use crate::resolve::routes::Routes;
use crate::resolve::{Card, SiteReader};
use crate::source::SourceId;
use crate::url::UrlPath;

use super::head::Heads;
use super::vantage::{Vantage, Vantages};

/// The words of the interface in one language, by key.
pub type Strings = IndexMap<String, String>;

/// What every view of a build is made from.
#[derive(Debug)]
pub struct ViewSite<'a> {
    /// The configuration.
    pub config: &'a Config,
    /// The theme.
    pub theme: &'a Theme,
    /// Its compiled templates.
    pub templates: &'a Templates,
    /// The words of the interface, by language.
    pub strings: &'a BTreeMap<Lang, Strings>,
    /// The same words as templates see them, made once for all pages.
    pub words: &'a BTreeMap<Lang, Value>,
    /// The highlighter of listings.
    pub highlighter: &'a Highlighter,
    /// What pages show alike.
    pub vantages: &'a Vantages,
    /// What the heads of pages have in common.
    pub heads: &'a Heads,
    /// The citation database.
    pub bibliography: &'a Bibliography,
    /// The citation styles.
    pub styles: &'a StyleSet,
    /// The publisher's notices.
    pub notices: &'a Notices,
    /// The theme's files as they are published.
    pub assets: &'a Assets,
    /// The names of the outputs that are made.
    pub outputs: BTreeSet<&'static str>,
    /// Whether search engines are asked to leave the whole site out.
    pub noindex: bool,
    /// Where pages are.
    pub routes: Routes<'a>,
    /// The date taken as today.
    pub today: Date,
}

/// The publisher's notices, as HTML.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Notices {
    /// How content is sourced.
    pub sourcing: Option<String>,
    /// What the publisher earns and from whom.
    pub commercial_interest: Option<String>,
}

impl ViewSite<'_> {
    /// Returns what a collection is called: as the configuration says, in another language
    /// than the site's in the words of that.
    pub(super) fn collection_title(&self, collection: &Collection, lang: &Lang) -> String {
        collection_title(collection, lang, self.config, self.strings)
    }

    /// Returns the citation style of `page`: its own, its language's, or the site's.
    pub(super) fn style_of(&self, page: &PageHead) -> &CitationStyle {
        self.styles.of_page(page.front.style.as_ref(), page.id.lang(), self.config)
    }

    /// Returns the citation style of pages in the language `lang`.
    pub(super) fn site_style(&self, lang: &Lang) -> &CitationStyle {
        self.styles.of_page(None, lang, self.config)
    }

    /// Returns the citation style of people's lists of works.
    pub(super) fn publications_style(&self, lang: &Lang) -> &CitationStyle {
        match &self.config.citations.publications_style {
            Some(name) => self.styles.get(name, lang),
            None => self.site_style(lang),
        }
    }

    /// Returns the collections whose pages are people.
    pub(super) fn people_collections(&self) -> Vec<Arc<str>> {
        let people = self.config.collections.values().filter(|collection| collection.people);
        people.map(|collection| Arc::clone(&collection.name)).collect()
    }

    /// Tells whether the output `name`, which pages link to, is made.
    pub(super) fn makes(&self, name: &str) -> bool {
        self.outputs.contains(name)
    }
}

/// Returns what the collection is called in the language, where its listing's page does not
/// say: in the words of the theme, else as it is declared.
pub fn collection_title(
    collection: &Collection,
    lang: &Lang,
    config: &Config,
    words: &BTreeMap<Lang, Strings>,
) -> String {
    let words = words.get(lang).filter(|_| *lang != config.site.language);
    let word = words.and_then(|words| words.get(&format!("collection_{}", collection.name)));
    word.unwrap_or(&collection.title).clone()
}

/// Where the page is that hosts show in place of one that is not there.
const NOT_FOUND: &str = "/404.html";

/// The page that is being made, and the parts of the site that it may read.
pub(super) struct PageScope<'a> {
    pub(super) site: &'a ViewSite<'a>,
    pub(super) reader: &'a SiteReader<'a>,
    pub(super) id: &'a PageId,
    pub(super) url: &'a UrlPath,
    pub(super) strings: &'a Strings,
    /// What it shows like the pages beside it.
    pub(super) vantage: Arc<Vantage>,
    /// Whether the cards that it shows are kept for the pages beside it alone: those on the
    /// further pages of a list are shown once there.
    pub(super) keeps_cards: bool,
    /// The places that it links to, where these are recorded.
    targets: Option<RefCell<Vec<UrlPath>>>,
    /// The number of each component of the body that has one.
    pub(super) component_numbers: Vec<Option<usize>>,
    /// Whether footnotes are lettered, since the citations are numbered.
    pub(super) lettered_notes: bool,
    /// What components see of the page.
    pub(super) surroundings: Shown,
    /// What rendering found.
    pub(super) diagnostics: RefCell<Vec<Diagnostic>>,
    /// The templates and components that were asked for, whether there are any or not.
    pub(super) asked: RefCell<BTreeSet<String>>,
}

/// The values that components see beside their arguments.
#[derive(Debug, Default)]
pub(super) struct Shown {
    around: Vec<(&'static str, Value)>,
    page: Vec<(&'static str, Value)>,
    /// Made of the values when the first component asks: most pages have none.
    context: OnceCell<Context>,
}

impl Shown {
    /// Returns the values `around` every page, and what is known of this `page` before
    /// its text is rendered.
    pub(super) fn new(
        around: Vec<(&'static str, Value)>,
        page: Vec<(&'static str, Value)>,
    ) -> Self {
        Self { around, page, context: OnceCell::new() }
    }

    fn context(&self) -> &Context {
        self.context.get_or_init(|| {
            let page = map(self.page.iter().cloned());
            context(self.around.iter().cloned().chain([("page", page)]))
        })
    }
}

impl<'a> PageScope<'a> {
    /// Returns the scope of the page `id` at `url`, of which nothing is known yet.
    pub(super) fn new(
        site: &'a ViewSite<'a>,
        reader: &'a SiteReader<'a>,
        id: &'a PageId,
        url: &'a UrlPath,
    ) -> Self {
        static NO_WORDS: LazyLock<Strings> = LazyLock::new(Strings::default);
        Self {
            site,
            reader,
            id,
            url,
            strings: site.strings.get(id.lang()).unwrap_or(&NO_WORDS),
            // What is not there has no place that others could share.
            vantage: match url.as_str() {
                NOT_FOUND => Arc::default(),
                _ => site.vantages.of(id.lang(), url),
            },
            keeps_cards: true,
            targets: None,
            component_numbers: Vec::new(),
            lettered_notes: false,
            surroundings: Shown::default(),
            diagnostics: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// Returns the scope of the same page with another reader, for a value that pages
    /// share; where it links to is recorded.
    pub(super) fn reading<'b>(&'b self, reader: &'b SiteReader<'b>) -> PageScope<'b>
    where
        'a: 'b,
    {
        PageScope {
            site: self.site,
            reader,
            id: self.id,
            url: self.url,
            strings: self.strings,
            vantage: Arc::clone(&self.vantage),
            keeps_cards: false,
            targets: Some(RefCell::default()),
            component_numbers: Vec::new(),
            lettered_notes: false,
            surroundings: Shown::default(),
            diagnostics: RefCell::default(),
            asked: RefCell::default(),
        }
    }

    /// Tells whether there is the template, and records that it was asked for.
    pub(super) fn has_template(&self, name: &str) -> bool {
        self.asked.borrow_mut().insert(name.to_owned());
        self.site.templates.contains(name)
    }

    /// Records that the page links to `url`.
    pub(super) fn leads_to(&self, url: &UrlPath) {
        if let Some(targets) = &self.targets {
            targets.borrow_mut().push(url.clone());
        }
    }

    /// Returns the places that were linked to, where these are recorded.
    pub(super) fn take_targets(&mut self) -> Vec<UrlPath> {
        self.targets.take().map(RefCell::into_inner).unwrap_or_default()
    }

    /// Returns the link from the page to `url`.
    pub(super) fn relative(&self, url: &UrlPath) -> String {
        self.leads_to(url);
        self.way_to(url)
    }

    /// Tells whether hosts show the page in place of any other, so that a relative link
    /// would lead elsewhere.
    fn is_shown_anywhere(&self) -> bool {
        self.url.as_str() == NOT_FOUND && !self.site.config.site.base_url.is_empty()
    }

    /// Returns the link from the page to `url`, which is recorded elsewhere.
    pub(super) fn way_to(&self, url: &UrlPath) -> String {
        let mut link = match self.is_shown_anywhere() {
            true => url.absolute(&self.site.config.site.base_url),
            false => url.relative_from(self.url),
        };
        // From a folder on disk, a link to a folder would show the list of its files.
        if self.site.config.build.urls == UrlStyle::File && link.ends_with('/') {
            link.push_str("index.html");
        }
        link
    }

    /// Returns the URL of a work's page, which is in the site's own language alone.
    pub(super) fn reference_url(&self, key: &CitationKey) -> UrlPath {
        self.site.routes.reference(&self.site.config.site.language, key)
    }

    /// Returns the address of a link's target, or `None` where it leads nowhere.
    pub(super) fn href(&self, target: &LinkTarget) -> Option<String> {
        match target {
            LinkTarget::Page { id, query, anchor } => {
                let card = self.reader.card(id)?;
                if target.broken(self.reader, self.site.config).is_some() {
                    return None;
                }
                let own = self.own_listing(id).filter(|_| anchor.is_none()).map(|(_, url)| url);
                let mut href = match (id == self.id, anchor) {
                    (true, Some(_)) => String::new(),
                    _ => self.relative(own.unwrap_or(&card.url)),
                };
                if let Some(query) = query {
                    href.push('?');
                    href.push_str(query);
                }
                if let Some(anchor) = anchor {
                    href.push('#');
                    href.push_str(anchor);
                }
                Some(href)
            }
            LinkTarget::File { url, rest } => Some(format!("{}{rest}", self.relative(url))),
            LinkTarget::Generated { url, rest, otherwise } => {
                let Some(url) = generated_url(url, self.reader) else {
                    return self.href(otherwise);
                };
                let own = self.in_own_language(&url);
                Some(format!("{}{rest}", self.relative(own.as_ref().unwrap_or(&url))))
            }
            LinkTarget::External(address) => Some(address.to_string()),
            LinkTarget::Broken(_) => None,
        }
    }

    /// Returns what a link without a text shows: the name of the place that it leads to.
    pub(super) fn target_name(&self, target: &LinkTarget) -> Option<String> {
        let LinkTarget::Page { id, anchor, .. } = target else { return None };
        let named = anchor.as_ref().and_then(|anchor| {
            Some(match self.reader.anchors(id)?.get(anchor)?.name.as_ref()? {
                AnchorName::Heading(text) => text.to_string(),
                AnchorName::Numbered(kind, number) => self.numbered_label(*kind, *number),
            })
        });
        let own = || self.own_listing(id).filter(|_| anchor.is_none()).map(|(title, _)| title);
        named.or_else(own).or_else(|| self.reader.card(id).map(|card| card.title.to_string()))
    }

    /// Returns where the page's language has what the site's own has at `url`.
    pub(super) fn in_own_language(&self, url: &UrlPath) -> Option<UrlPath> {
        url_in_language(url, self.id.lang(), &self.site.config.site.language, self.reader)
    }

    /// Returns the title and place of the home page or listing that galen makes in the page's
    /// language, where `id` is the author's in the site's own.
    pub(super) fn own_listing(&self, id: &PageId) -> Option<(String, &'a UrlPath)> {
        let (config, lang) = (self.site.config, self.id.lang());
        let folder = id.path().strip_suffix("_index")?.trim_end_matches('/');
        if *lang == config.site.language || *id.lang() != config.site.language {
            return None;
        }
        let places = self.reader.translations(id.path());
        let (_, url) = places.into_iter().find(|(of, _)| *of == lang)?;
        let collection =
            || config.collections.values().find(|of| of.folder.trim_matches('/') == folder);
        let title = match (folder, self.reader.card(&id.in_lang(lang))) {
            (_, Some(card)) => card.title.to_string(),
            ("", None) => self.site_title().to_owned(),
            (folder, None) => match collection() {
                Some(collection) => self.collection_title(collection),
                None => folder.rsplit('/').next().unwrap_or(folder).replace('-', " "),
            },
        };
        Some((title, url))
    }

    /// Returns where a link in the file of `owner` leads.
    pub(super) fn link(&self, link: &crate::parse::body::Link, owner: &PageId) -> LinkTarget {
        self.in_file_of(owner, |origin| link_target(link, origin, self.reader))
            .unwrap_or_else(|| LinkTarget::External(Arc::from(link.destination.as_str())))
    }

    /// Returns the file of an image that the file of `owner` names.
    pub(super) fn image_of(&self, src: &str, owner: &PageId) -> ImageTarget {
        self.in_file_of(owner, |origin| image_target(src, origin, self.reader))
            .unwrap_or(ImageTarget::Missing)
    }

    /// Returns the file of an image that the file of the page `owner` names.
    pub(super) fn image(&self, src: &str, owner: &Card) -> ImageTarget {
        self.image_of(src, &owner.id)
    }

    fn in_file_of<T>(&self, owner: &PageId, find: impl FnOnce(LinkOrigin<'_>) -> T) -> Option<T> {
        let source: &SourceId = self.reader.card(owner)?.source.as_ref()?;
        let site = &self.site.config.site;
        let (default_lang, base_url) = (&site.language, &*site.base_url);
        let translates = true;
        Some(find(LinkOrigin { page: owner, source, default_lang, base_url, translates }))
    }

    /// Returns the mark of the page's footnote `index`.
    pub(super) fn note_marker(&self, index: usize) -> String {
        match self.lettered_notes {
            true => letters(index),
            false => (index + 1).to_string(),
        }
    }

    /// Returns what the site is called in the page's language.
    pub(super) fn site_title(&self) -> &'a str {
        self.site.config.title_in(self.id.lang())
    }

    /// Returns what a collection is called in the page's language.
    pub(super) fn collection_title(&self, collection: &Collection) -> String {
        self.site.collection_title(collection, self.id.lang())
    }

    /// Returns what the collection is called in the page's language: as its listing's page
    /// says.
    pub(super) fn listing_title(&self, collection: &Collection) -> String {
        let index = PageId::new(format!("{}/_index", collection.folder), self.id.lang().clone());
        let card = self.reader.card(&index);
        card.map_or_else(|| self.collection_title(collection), |card| card.title.to_string())
    }

    /// Returns the collection `name`.
    pub(super) fn collection(&self, name: &str) -> Option<&'a Collection> {
        self.site.config.collections.get(name)
    }

    /// Returns the fields of the records that the field `name` of a page holds.
    pub(super) fn record_fields(
        &self,
        page: &Card,
        name: &str,
    ) -> Option<&'a IndexMap<Arc<str>, Field>> {
        let collection = self.collection(page.collection.as_deref()?)?;
        match &collection.fields.get(name)?.ty {
            FieldType::Record(fields) => Some(fields),
            FieldType::List(item) => match &**item {
                FieldType::Record(fields) => Some(fields),
                _ => None,
            },
            _ => None,
        }
    }

    /// Returns the best certainty among the findings on `page` that are about the page
    /// that is being made.
    pub(super) fn best_certainty(&self, page: &PageId) -> Option<Arc<str>> {
        let card = self.reader.card(page)?;
        let collection = self.collection(card.collection.as_deref()?)?;
        let field = collection.field_with_role(Role::Evidence)?;
        let FieldType::Record(fields) = field.ty.innermost() else { return None };
        let (scale, words) = fields.values().find_map(|field| match &field.ty {
            FieldType::Enum(words) => Some((&field.name, words)),
            _ => None,
        })?;
        let about = fields.values().find(|field| matches!(field.ty, FieldType::Page { .. }))?;
        let FieldType::Page { collections, .. } = &about.ty else { return None };
        let FieldValue::List(records) = self.reader.fields(page)?.get(&field.name)? else {
            return None;
        };
        let default_lang = &self.site.config.site.language;
        let own = RelationTarget::Page(self.id.clone());
        let mut grades: Vec<usize> = Vec::new();
        for record in records {
            let FieldValue::Record(record) = record else { continue };
            let (Some(FieldValue::Page(written)), Some(FieldValue::Text(word))) =
                (record.get(&about.name), record.get(scale))
            else {
                continue;
            };
            let named = page_named(written, collections, page.lang(), default_lang, self.reader);
            if named == own {
                grades.extend(words.iter().position(|known| known == word));
            }
        }
        // The scale is declared from the best to the worst.
        grades.into_iter().min().map(|grade| Arc::clone(&words[grade]))
    }

    /// Returns an identifier with its scheme's name and the address that it stands for.
    pub(super) fn identifier(&self, scheme: &str, value: &str) -> Value {
        let known = ids::scheme(scheme, &self.site.config.ids);
        let normal = known.as_ref().map(|scheme| scheme.normalize(value));
        let url = known.as_ref().zip(normal.as_ref()).and_then(|(scheme, id)| scheme.url(id));
        map([
            ("scheme", text(scheme)),
            ("label", text(known.as_ref().map_or(scheme, |scheme| scheme.label()))),
            ("value", text(normal.as_deref().unwrap_or(value))),
            ("url", optional_text(url)),
        ])
    }

    /// Returns the HTML of a component that the text calls, around its inner text.
    pub(super) fn component(
        &self,
        call: &ComponentCall,
        number: Option<usize>,
        mut records: IndexMap<Arc<str>, Vec<Value>>,
        inner: &str,
    ) -> String {
        let Ok(component) = self.site.theme.config.component(&call.name) else {
            return inner.to_owned();
        };
        let pairs = &call.attributes.pairs;
        let given = pairs.iter().map(|pair| (&*pair.name, &*pair.value));
        let (arguments, _) = component.read_call(&call.name, given);
        let mut values = to_map([
            ("id", optional_text(call.attributes.id.as_ref())),
            ("classes", list(call.attributes.classes.iter().map(text))),
        ]);
        if let (Some(numbering), Some(number)) = (component.numbered, number) {
            let label = self.numbered_label(numbering, number);
            values.insert("number".into(), Value::from(number));
            values.insert("label".into(), text(label));
        }
        for (name, declared) in &component.args {
            let mut shown = records.swap_remove(name.as_str()).unwrap_or_default();
            let value = match (declared.ty, arguments.get(name)) {
                (ArgumentType::Pages, _) => list(shown),
                (ArgumentType::Page, _) => shown.pop().unwrap_or_else(Value::none),
                (_, Some(ArgumentValue::Text(value))) => text(value),
                (_, Some(ArgumentValue::Number(value))) => value::number(value),
                (_, Some(ArgumentValue::Boolean(value))) => Value::from(*value),
                (_, _) => Value::none(),
            };
            values.insert(name.clone().into(), value);
        }
        self.asked.borrow_mut().insert(asked_component(&call.name));
        let rendered = self.site.templates.render_component(
            &call.name,
            values,
            Some(inner),
            self.surroundings.context(),
        );
        rendered.unwrap_or_else(|problem| {
            self.diagnostics.borrow_mut().push(*problem);
            inner.to_owned()
        })
    }

    /// Returns what a numbered component is called, such as "Figure 2".
    pub(super) fn numbered_label(&self, numbering: Numbering, number: usize) -> String {
        numbered_label(self.strings, numbering, number)
    }
}

/// Returns what a numbered component is called in the language of `strings`.
fn numbered_label(strings: &Strings, numbering: Numbering, number: usize) -> String {
    let key = match numbering {
        Numbering::Figure => "figure",
        Numbering::Table => "table",
    };
    let word = strings.get(key).map_or(key, String::as_str);
    format!("{word} {number}")
}

/// Returns `a` to `z`, then `aa`, `ab` and so on.
pub(super) fn letters(index: usize) -> String {
    let mut rest = index;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'a' + u8::try_from(rest % 26).expect("a remainder below 26")));
        match rest / 26 {
            0 => break,
            next => rest = next - 1,
        }
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        let marks: Vec<_> = [0, 1, 25, 26, 27, 701, 702].map(letters).to_vec();
        assert_eq!(marks, ["a", "b", "z", "aa", "ab", "zz", "aaa"]);
    }
}
