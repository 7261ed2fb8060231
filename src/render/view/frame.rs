//! What stands around every page: the site, the menu, breadcrumbs, the assets.

use std::sync::Arc;

use crate::page_id::{Lang, PageId};
use crate::render::assets::Assets;
use crate::render::value::{
    Value, list, map, map_by_name, no_entries, no_values, optional, optional_text, serialized, text,
};
use crate::resolve::plan::{PageKind, PlannedPage};
use crate::url::UrlPath;

use super::card;
use super::menu::{nav, page_link};
use super::scope::{PageScope, Strings};
use super::vantage::{Surroundings, is_own};

/// What stands around one page.
pub(super) struct Frame<'a> {
    /// The page's place in the plan.
    pub(super) planned: &'a PlannedPage,
    /// The page's title.
    pub(super) title: String,
    /// The way from the home page, the page itself left out.
    pub(super) breadcrumbs: Vec<(String, UrlPath)>,
    surroundings: Surroundings,
    words: Value,
    root: Value,
    /// The parts of `page` that every page has, before its own.
    pub(super) base: Vec<(&'static str, Value)>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(scope: &PageScope<'_>, planned: &'a PlannedPage) -> Self {
        let title = title(scope, planned, scope.id.lang());
        let breadcrumbs = breadcrumbs(scope, planned);
        Self {
            planned,
            surroundings: surroundings(scope),
            words: scope.site.words.get(scope.id.lang()).cloned().unwrap_or_else(no_entries),
            root: text(scope.url.root()),
            base: base(scope, planned, &title, &breadcrumbs),
            title,
            breadcrumbs,
        }
    }

    /// Returns what every template and component sees beside the page itself.
    pub(super) fn around(&self) -> Vec<(&'static str, Value)> {
        vec![
            ("site", self.surroundings.site.clone()),
            ("t", self.words.clone()),
            ("assets", self.surroundings.assets.clone()),
            ("root", self.root.clone()),
        ]
    }
}

/// Returns what stands around the page, which pages beside it share.
fn surroundings(scope: &PageScope<'_>) -> Surroundings {
    let is_shared = |made: &Surroundings| made.targets.iter().all(|to| !is_own(to, scope.url));
    let made = scope.vantage.surroundings.get().filter(|made| is_shared(made)).cloned();
    let made = made.unwrap_or_else(|| {
        let reader = scope.reader.fresh();
        let mut seen = scope.reading(&reader);
        let (site, assets) = (site(&seen), assets(&seen));
        let targets = seen.take_targets();
        let made = Surroundings { site, assets, targets, reads: Arc::new(reader.into_reads()) };
        if is_shared(&made) {
            // Another thread may have been quicker, with the same value.
            let _ = scope.vantage.surroundings.set(made.clone());
        }
        made
    });
    scope.reader.also(&made.reads);
    made
}

fn site(scope: &PageScope<'_>) -> Value {
    let config = scope.site.config;
    let settings = &config.site;
    let language = config.languages.get(scope.id.lang());
    let description =
        language.and_then(|l| l.description.as_ref()).or(settings.description.as_ref());
    let home = scope.site.routes.home(scope.id.lang());
    map([
        ("title", text(scope.site_title())),
        ("description", optional_text(description)),
        ("base_url", optional_text(Some(&settings.base_url).filter(|url| !url.is_empty()))),
        ("language", text(settings.language.as_str())),
        ("license", optional_text(settings.license.as_ref())),
        ("repository", optional_text(settings.repository.as_ref())),
        ("url", text(scope.relative(&home))),
        ("publisher", publisher(scope)),
        ("nav", list(config.nav.iter().map(|item| nav(item, scope)))),
        ("search_url", search_url(scope, &scope.site.routes.search(scope.id.lang()))),
        ("search_index", search_url(scope, &scope.site.routes.search_index(scope.id.lang()))),
        ("feed_url", feed_url(scope)),
        ("options", options(scope)),
        ("extra", serialized(&config.extra)),
    ])
}

/// Returns the link to what belongs to the search in the page's language; none where that has
/// no page to look for.
fn search_url(scope: &PageScope<'_>, url: &UrlPath) -> Value {
    let page = scope.site.routes.search(scope.id.lang());
    let is_made = scope.site.makes("search") && !scope.reader.claimants(&page).is_empty();
    optional_text(is_made.then(|| scope.relative(url)))
}

fn feed_url(scope: &PageScope<'_>) -> Value {
    let has_feed = scope.site.makes("feed") && !scope.site.config.site.base_url.is_empty();
    optional_text(
        has_feed.then(|| {
            scope.relative(&scope.site.routes.feed(&scope.site.routes.home(scope.id.lang())))
        }),
    )
}

fn options(scope: &PageScope<'_>) -> Value {
    let defaults = &scope.site.theme.config.options;
    let chosen = &scope.site.config.theme.options;
    let defaults = defaults
        .iter()
        .filter(|(name, _)| !chosen.contains_key(name.as_str()))
        .map(|(name, value)| (name.to_string(), serialized(value)));
    let chosen = chosen.iter().map(|(name, value)| (name.to_string(), serialized(value)));
    map_by_name(defaults.chain(chosen))
}

fn publisher(scope: &PageScope<'_>) -> Value {
    let publisher = &scope.site.config.publisher;
    let Some(name) = &publisher.name else { return Value::none() };
    let policies = publisher.policies.iter().filter_map(|(kind, id)| {
        let (title, url) = page_link(id, scope)?;
        Some(map([("kind", text(kind)), ("title", text(title)), ("url", text(url))]))
    });
    let notice = |html: &Option<String>| html.as_deref().map(crate::render::value::html);
    let logo = publisher.logo.as_ref().map(|file| UrlPath::new(file));
    map([
        ("name", text(name)),
        ("url", optional_text(publisher.url.as_ref())),
        ("logo", optional_text(logo.map(|url| scope.relative(&url)))),
        ("contact", optional_text(publisher.contact.as_ref())),
        ("sourcing_notice", optional(notice(&scope.site.notices.sourcing))),
        ("commercial_interest", optional(notice(&scope.site.notices.commercial_interest))),
        ("policies", list(policies)),
    ])
}

fn assets(scope: &PageScope<'_>) -> Value {
    let none = Assets::default();
    let assets = if scope.site.makes("assets") { scope.site.assets } else { &none };
    let theme = &scope.site.theme.config;
    let links = |paths: &[String]| {
        list(paths.iter().filter_map(|path| Some(text(scope.relative(assets.url(path)?)))))
    };
    // The site's own style sheets come last, so that they may change the theme's.
    let own = scope.site.config.theme.stylesheets.iter();
    let own = own.map(|written| {
        let (path, rest) = written.split_at(written.find(['?', '#']).unwrap_or(written.len()));
        text(format!("{}{rest}", scope.relative(&UrlPath::new(path))))
    });
    let themed = assets.style().map(|url| text(scope.relative(url)));
    let files =
        map_by_name(assets.paths().map(|(path, url)| (path.to_owned(), text(scope.relative(url)))));
    let icon = theme.icon.as_ref().and_then(|path| assets.url(path));
    map([
        ("css", list(themed.into_iter().chain(own))),
        ("early", links(&theme.early_scripts)),
        ("js", links(&theme.scripts)),
        ("icon", optional_text(icon.map(|url| scope.relative(url)))),
        ("files", files),
    ])
}

/// Returns the parts of `page` that do not depend on its text, every key of the
/// contract with templates among them.
fn base(
    scope: &PageScope<'_>,
    planned: &PlannedPage,
    title: &str,
    breadcrumbs: &[(String, UrlPath)],
) -> Vec<(&'static str, Value)> {
    let config = scope.site.config;
    let lang = scope.id.lang();
    let card = scope.reader.card(scope.id);
    let collection_name = card.and_then(|card| card.collection.as_deref());
    let collection = match &planned.kind {
        PageKind::Listing { collection: Some(name), .. } => config.collections.get(name),
        _ => collection_name.and_then(|name| config.collections.get(name)),
    };
    let base_url = &config.site.base_url;
    // The start of the text stands for a description in what others say of the page, not
    // above the text itself.
    let own_description =
        card.filter(|card| !card.is_excerpt).and_then(|card| card.description.as_ref());
    let canonical = (!base_url.is_empty()).then(|| planned.url.absolute(base_url));
    vec![
        ("id", text(scope.id.path())),
        ("kind", text(kind_word(planned))),
        (
            "collection",
            optional(collection.map(|collection| {
                let url = scope.site.routes.section(collection, "", lang);
                map([
                    ("name", text(&collection.name)),
                    ("title", text(scope.collection_title(collection))),
                    ("singular", text(&collection.singular)),
                    ("url", text(scope.relative(&url))),
                ])
            })),
        ),
        ("people", Value::from(collection.is_some_and(|collection| collection.people))),
        ("lang", text(lang.as_str())),
        ("dir", text(if lang.is_right_to_left() { "rtl" } else { "ltr" })),
        ("title", text(title)),
        ("subtitle", optional_text(card.and_then(|card| card.subtitle.as_ref()))),
        ("description", optional_text(own_description)),
        ("canonical", optional_text(canonical)),
        ("path", text(planned.url.as_str())),
        ("url", text(scope.relative(&planned.url))),
        ("downloads", no_values()),
        (
            "image",
            optional(card.and_then(|card| {
                card.image.as_ref().map(|image| card::page_image(image, card, scope))
            })),
        ),
        ("date", card::optional_date(card.and_then(|card| card.date), scope)),
        ("updated", card::optional_date(card.and_then(|card| card.updated), scope)),
        ("tags", list(card.iter().flat_map(|card| &card.tags).map(|name| card::tag(name, scope)))),
        ("noindex", Value::from(scope.site.noindex || card.is_some_and(|card| card.noindex))),
        ("license", Value::none()),
        ("show_toc", Value::from(false)),
        ("toc", no_values()),
        ("before", no_values()),
        ("body", crate::render::value::html("")),
        ("after", no_values()),
        ("fields", no_entries()),
        ("authors", no_values()),
        ("reviewers", no_values()),
        ("reviewed", Value::none()),
        ("next_review", Value::none()),
        ("former", Value::none()),
        ("review_due", Value::from(false)),
        ("review_due_since", Value::none()),
        ("references", no_values()),
        ("notes", no_values()),
        ("terms", no_values()),
        ("mentions", no_passages()),
        ("cited_by", no_passages()),
        ("inverse", no_entries()),
        ("shared_notice", Value::none()),
        ("publications", no_values()),
        ("pages", no_values()),
        ("pagination", Value::none()),
        ("groups", no_values()),
        ("sections", no_values()),
        (
            "breadcrumbs",
            list(breadcrumbs.iter().map(|(title, url)| {
                map([("title", text(title)), ("url", text(scope.relative(url)))])
            })),
        ),
        ("prev", neighbour(planned.previous.as_ref(), scope)),
        ("next", neighbour(planned.next.as_ref(), scope)),
        ("related", no_values()),
        ("sidebar", no_values()),
        ("translations", translations(scope, planned)),
        ("lists", no_entries()),
        ("further", no_entries()),
        ("list", Value::none()),
        ("edit_url", Value::none()),
        ("source", optional_text(card.and_then(|card| card.source.as_ref()).map(|s| s.as_str()))),
        ("cite_this", Value::none()),
        ("reference", Value::none()),
        ("entries", no_values()),
        ("extra", Value::none()),
    ]
}

pub(super) fn no_passages() -> Value {
    map([
        ("total", Value::from(0)),
        ("entries", no_values()),
        ("more", Value::from(0)),
        ("more_url", Value::none()),
    ])
}

fn kind_word(planned: &PlannedPage) -> &'static str {
    match planned.kind {
        PageKind::Written | PageKind::Made => "page",
        PageKind::Home => "home",
        PageKind::Listing { ref section, .. } if !section.is_empty() => "section",
        PageKind::Listing { .. } => "listing",
        PageKind::Tags => "tags",
        PageKind::Tag { .. } => "tag",
        PageKind::Bibliography => "bibliography",
        PageKind::Reference(_) => "reference",
        PageKind::Search => "search",
        PageKind::NotFound => "not-found",
        PageKind::Mentions(_) | PageKind::CitedBy(_) | PageKind::List { .. } => "slice",
    }
}

/// Returns what the page is called in the language `lang`: its own, or another that has it.
fn title(scope: &PageScope<'_>, planned: &PlannedPage, lang: &Lang) -> String {
    let word = |key: &str| {
        scope.site.strings.get(lang).and_then(|words| words.get(key)).cloned().unwrap_or_default()
    };
    let id = match lang == scope.id.lang() {
        true => scope.id.clone(),
        false => scope.id.in_lang(lang),
    };
    if let Some(card) = scope.reader.card(&id) {
        return card.title.to_string();
    }
    match &planned.kind {
        PageKind::Home => scope.site.config.title_in(lang).to_string(),
        PageKind::Listing { collection, section } => match section.rsplit('/').next() {
            Some(folder) if !folder.is_empty() => folder.replace('-', " "),
            _ => collection.as_ref().and_then(|name| scope.collection(name)).map_or_else(
                || PageId::new(folder_of(&id), lang.clone()).name().to_owned(),
                |collection| scope.site.collection_title(collection, lang),
            ),
        },
        PageKind::Tags => word("tags"),
        PageKind::Tag { name, .. } => name.to_string(),
        PageKind::Bibliography => word("bibliography"),
        PageKind::Search => word("search"),
        PageKind::NotFound => word("not_found"),
        PageKind::Mentions(entity) | PageKind::List { page: entity, .. } => {
            let card = scope.reader.card(entity);
            card.map(|card| card.title.to_string()).unwrap_or_default()
        }
        PageKind::Reference(key) | PageKind::CitedBy(key) => {
            super::record::title(scope, key).unwrap_or_else(|| key.to_string())
        }
        PageKind::Written | PageKind::Made => scope.id.name().to_owned(),
    }
}

/// Returns the folder that the page `id` describes, or its own path.
fn folder_of(id: &PageId) -> &str {
    id.path().rsplit_once("/_index").map_or(id.path(), |(folder, _)| folder)
}

fn neighbour(id: Option<&PageId>, scope: &PageScope<'_>) -> Value {
    optional(id.and_then(|id| scope.reader.card(id)).map(|found| card::card(found, scope)))
}

/// Returns the way from the home page to the page, itself left out.
fn breadcrumbs(scope: &PageScope<'_>, planned: &PlannedPage) -> Vec<(String, UrlPath)> {
    let routes = &scope.site.routes;
    let lang = scope.id.lang();
    let crumb = |title: &str, url: &UrlPath| (title.to_owned(), url.clone());
    let home_title = scope.strings.get("home").map_or("Home", String::as_str);
    let mut crumbs = Vec::new();
    if planned.kind != PageKind::Home && planned.kind != PageKind::NotFound {
        crumbs.push(crumb(home_title, &routes.home(lang)));
    }
    let (collection, section) = match (&planned.kind, scope.reader.card(scope.id)) {
        (PageKind::Listing { collection, section }, _) => (collection.clone(), section.clone()),
        (_, Some(card)) => (card.collection.clone(), card.section.clone()),
        _ => (None, std::sync::Arc::from("")),
    };
    let is_listing = matches!(planned.kind, PageKind::Listing { .. });
    if let Some(collection) = collection.as_deref().and_then(|name| scope.collection(name)) {
        let mut folders = vec![""];
        folders.extend(section.match_indices('/').map(|(end, _)| &section[..end]));
        if !section.is_empty() {
            folders.push(&section);
        }
        if is_listing {
            folders.pop();
        }
        for folder in folders {
            let path = match folder {
                "" => format!("{}/_index", collection.folder),
                folder => format!("{}/{folder}/_index", collection.folder),
            };
            let index = scope.reader.card(&PageId::new(path, lang.clone()));
            let title = match (index, folder.rsplit('/').next()) {
                (Some(card), _) => card.title.to_string(),
                (None, Some("") | None) => scope.collection_title(collection),
                (None, Some(name)) => name.replace('-', " "),
            };
            crumbs.push(crumb(&title, &routes.section(collection, folder, lang)));
        }
    }
    match &planned.kind {
        PageKind::Tag { .. } => {
            let title = scope.strings.get("tags").map_or("tags", String::as_str);
            crumbs.push(crumb(title, &routes.tags(lang)));
        }
        PageKind::Reference(_) | PageKind::CitedBy(_) => {
            let title = scope.strings.get("bibliography").map_or("references", String::as_str);
            crumbs.push(crumb(title, &routes.bibliography(lang)));
        }
        PageKind::Mentions(entity) | PageKind::List { page: entity, .. } => {
            if let Some(card) = scope.reader.card(entity) {
                crumbs.push(crumb(&card.title, &card.url));
            }
        }
        _ => {}
    }
    crumbs
}

/// Returns what a language calls itself, its tag where the theme does not speak it.
fn language_name<'a>(lang: &'a Lang, scope: &PageScope<'a>) -> &'a str {
    let strings = scope.site.strings.get(lang);
    let is_spoken =
        |strings: &&Strings| strings.get("language_tag").is_some_and(|tag| tag == lang.primary());
    let name = strings.filter(is_spoken).and_then(|strings| strings.get("language_name"));
    name.map_or(lang.as_str(), String::as_str)
}

/// Returns the page in the other languages that have it.
fn translations(scope: &PageScope<'_>, planned: &PlannedPage) -> Value {
    let others = scope.reader.translations(scope.id.path());
    list(others.into_iter().filter(|(lang, _)| *lang != scope.id.lang()).map(|(lang, url)| {
        map([
            ("lang", text(lang.as_str())),
            ("name", text(language_name(lang, scope))),
            ("title", text(title(scope, planned, lang))),
            ("url", text(scope.relative(url))),
        ])
    }))
}
