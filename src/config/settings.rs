//! The tables of `book.toml` other than the collections, each with its defaults.

use std::sync::Arc;

use serde_json::Value;

use crate::ordered::IndexMap;
use crate::page_id::Lang;
use crate::pattern::{Piece, pieces};
use crate::url::SlugStyle;

use super::table::TableReader;

/// `[site]`: what the site is.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteSettings {
    /// `title`: the site's name.
    pub title: Arc<str>,
    /// `description`: the site in a sentence, for search engines and feeds.
    pub description: Option<Arc<str>>,
    /// `base_url`: the address under which the site is published, without a final
    /// `/`; it may end in a path. Empty where none is set: then nothing that needs
    /// an absolute address (canonical links, feeds, the sitemap) can be complete.
    pub base_url: Arc<str>,
    /// `language`: the language of pages that name no other, a BCP 47 tag.
    pub language: Lang,
    /// `preset`: the collections to start from, `health` or `none`.
    pub preset: Arc<str>,
    /// `theme`: the name of the theme.
    pub theme: Arc<str>,
    /// `image`: a file below `static/` that stands for a page without an image of its own
    /// where pages are shared.
    pub image: Option<Arc<str>>,
    /// `license`: the licence of the texts, a name or an SPDX id.
    pub license: Option<Arc<str>>,
    /// `repository`: the address of the repository that holds the site's sources.
    pub repository: Option<Arc<str>>,
    /// `edit_url`: where a page can be edited; `{path}` stands for its file.
    pub edit_url: Option<Arc<str>>,
}

impl Default for SiteSettings {
    fn default() -> Self {
        Self {
            title: Arc::from("Untitled site"),
            description: None,
            base_url: Arc::from(""),
            language: Lang::new("en"),
            preset: Arc::from("health"),
            theme: Arc::from("default"),
            image: None,
            license: None,
            repository: None,
            edit_url: None,
        }
    }
}

/// `[publisher]`: who answers for the site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Publisher {
    /// `name`: the publisher's name.
    pub name: Option<Arc<str>>,
    /// `logo`: an image file below `static/`.
    pub logo: Option<Arc<str>>,
    /// `url`: the publisher's own address.
    pub url: Option<Arc<str>>,
    /// `contact`: an e-mail address or URL for corrections.
    pub contact: Option<Arc<str>>,
    /// `sourcing_notice`: how content is sourced, in Markdown, shown under articles.
    pub sourcing_notice: Option<Arc<str>>,
    /// `commercial_interest`: what the publisher earns and from whom, in Markdown.
    pub commercial_interest: Option<Arc<str>>,
    /// `policies`: the ids of the policy pages by kind (one of [`POLICIES`]).
    pub policies: IndexMap<&'static str, Arc<str>>,
}

/// The kinds of policy page that `publisher.policies` can name.
pub const POLICIES: &[&str] = &["editorial", "corrections", "advertising", "privacy"];

/// `[build]`: how pages become files.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildSettings {
    /// `output_dir`: the output folder below the site's root.
    pub output_dir: Arc<str>,
    /// `urls`: whether a page is a folder or a file.
    pub urls: UrlStyle,
    /// `drafts`: whether drafts are built without `--drafts`.
    pub drafts: bool,
    /// `slugs`: which letters a slug keeps, `"ascii"` or `"unicode"`.
    pub slugs: SlugStyle,
}

impl Default for BuildSettings {
    fn default() -> Self {
        Self {
            output_dir: Arc::from("public"),
            urls: UrlStyle::Directory,
            drafts: false,
            slugs: SlugStyle::Ascii,
        }
    }
}

/// Whether a page's URL is that of a folder or of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlStyle {
    /// `"directory"`: `/articles/jak/`, served by `articles/jak/index.html`.
    Directory,
    /// `"file"`: `/articles/jak.html`.
    File,
}

/// `[citations]`: where works come from and how they are cited.
#[derive(Clone, Debug, PartialEq)]
pub struct CitationSettings {
    /// `style`: a bundled style's name or the path of a `.csl` file.
    pub style: Arc<str>,
    /// `publications_style`: the style of people's lists of works; `style` when `None`.
    pub publications_style: Option<Arc<str>>,
    /// `locale`: the language of the citations' own words; the page's when `None`.
    pub locale: Option<Arc<str>>,
    /// `files`: the citation files; all of `citations/` when empty.
    pub files: Vec<Arc<str>>,
    /// `retractions`: the table of retracted works; `citations/retractions.csv` when `None`.
    pub retractions: Option<Arc<str>>,
    /// `publish_abstracts`: whether abstracts are shown and exported.
    pub publish_abstracts: bool,
}

impl Default for CitationSettings {
    fn default() -> Self {
        Self {
            style: Arc::from("american-medical-association"),
            publications_style: None,
            locale: None,
            files: Vec::new(),
            retractions: None,
            publish_abstracts: false,
        }
    }
}

/// `[[nav]]`: one entry of the top menu.
#[derive(Clone, Debug, PartialEq)]
pub struct NavItem {
    /// `title`: what the menu shows; the page's own title when `None`.
    pub title: Option<Arc<str>>,
    /// `page` or `url`: where it leads; `None` for a heading over its children.
    pub target: Option<NavTarget>,
    /// `children`: the entries below it.
    pub children: Vec<NavItem>,
}

/// Where an entry of the menu leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NavTarget {
    /// `page`: a page by its id.
    Page(Arc<str>),
    /// `url`: a path of this site or an address.
    Url(Arc<str>),
}

/// `[languages.TAG]`: a language beside the site's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LanguageSettings {
    /// `title`: the site's name in the language.
    pub title: Option<Arc<str>>,
    /// `description`: the site in a sentence of the language.
    pub description: Option<Arc<str>>,
    /// `style`: the citation style of its pages; `citations.style` when `None`.
    pub style: Option<Arc<str>>,
}

/// `[markdown]`: how texts are read.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkdownSettings {
    /// `math`: whether `$…$` is math.
    pub math: bool,
    /// `smart_punctuation`: whether quotes curl and `--` becomes a dash.
    pub smart_punctuation: bool,
    /// `raw_html`: what becomes of HTML in the text.
    pub raw_html: RawHtml,
    /// `autolink`: how often a term is linked.
    pub autolink: Autolink,
}

impl Default for MarkdownSettings {
    fn default() -> Self {
        Self {
            math: false,
            smart_punctuation: true,
            raw_html: RawHtml::Allow,
            autolink: Autolink::Page,
        }
    }
}

/// What becomes of HTML in Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    /// `"allow"`: it is kept.
    Allow,
    /// `"sanitize"`: what could run or restyle the page is dropped.
    Sanitize,
    /// `"refuse"`: it is an error.
    Refuse,
}

/// How often a term of the site is linked in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Autolink {
    /// `"page"`: at its first mention in the page.
    Page,
    /// `"section"`: at its first mention in each section.
    Section,
    /// `"off"`: never, unless a page asks for it.
    Off,
}

/// `[images]`: which smaller variants are made of the images that pages show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageSettings {
    /// `widths`: the widths of the variants in pixels, ascending; none when empty.
    pub widths: Vec<u32>,
    /// `quality`: how well a variant in JPEG keeps the picture, from 1 to 100.
    pub quality: u8,
}

impl Default for ImageSettings {
    fn default() -> Self {
        Self { widths: vec![480, 960, 1440], quality: 80 }
    }
}

/// `[theme]`: what the site asks of its theme.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThemeSettings {
    /// `stylesheets`: further style sheets, files below `static/`.
    pub stylesheets: Vec<Arc<str>>,
    /// Everything else: the theme's own options, which the theme judges.
    pub options: IndexMap<Arc<str>, Value>,
}

pub(super) fn site(mut table: TableReader<'_, '_>) -> SiteSettings {
    let default = SiteSettings::default();
    let settings = SiteSettings {
        title: table.text("title").unwrap_or(default.title),
        description: table.text("description"),
        base_url: base_url(&mut table).unwrap_or(default.base_url),
        language: table.text("language").map_or(default.language, Lang::new),
        preset: table.word("preset", super::preset::NAMES).map_or(default.preset, Arc::from),
        theme: table.text("theme").unwrap_or(default.theme),
        image: table.text("image"),
        license: table.text("license"),
        repository: table.text("repository"),
        edit_url: edit_url(&mut table),
    };
    table.finish();
    settings
}

fn base_url(table: &mut TableReader<'_, '_>) -> Option<Arc<str>> {
    let value = table.value("base_url")?;
    let url = value.text()?;
    if let Err(wanted) = judge_base_url(&url) {
        let findings = table.findings();
        let message = format!("`site.base_url` must be {wanted}, not `{url}`");
        findings.push(findings.wrong(value.range(), message));
        return None;
    }
    Some(Arc::from(url.trim_end_matches('/')))
}

fn edit_url(table: &mut TableReader<'_, '_>) -> Option<Arc<str>> {
    let value = table.value("edit_url")?;
    let pattern = value.text()?;
    let findings = table.findings();
    let wrong = |message| findings.push(findings.wrong(value.range(), message));
    if !is_web_address(&pattern) {
        wrong(format!("`site.edit_url` must be an address with https://, not `{pattern}`"));
        return None;
    }
    let places = pieces(&pattern).filter_map(|piece| match piece {
        Piece::Place(name) => Some(name),
        Piece::Text(_) => None,
    });
    let places: Vec<&str> = places.collect();
    for name in places.iter().filter(|name| **name != "path") {
        wrong(format!("`site.edit_url` knows no `{{{name}}}`, only `{{path}}`, a page's file"));
    }
    if places.is_empty() {
        wrong("`site.edit_url` must hold `{path}`, where a page's file goes".to_owned());
    }
    places.contains(&"path").then(|| Arc::clone(&pattern))
}

/// Tells whether `url` is a whole address of the web.
fn is_web_address(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    !host.is_empty() && !url.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Tells whether a site can be published under `url`.
///
/// # Errors
/// Says what it must be, such as "an address with https://".
pub fn judge_base_url(url: &str) -> Result<(), &'static str> {
    if !is_web_address(url) {
        return Err("an address with https://");
    }
    match url.contains(['?', '#']) {
        true => Err("an address without a query or an anchor"),
        false => Ok(()),
    }
}

pub(super) fn publisher(mut table: TableReader<'_, '_>) -> Publisher {
    let publisher = Publisher {
        name: table.text("name"),
        logo: table.text("logo"),
        url: table.text("url"),
        contact: table.text("contact"),
        sourcing_notice: table.text("sourcing_notice"),
        commercial_interest: table.text("commercial_interest"),
        policies: table.table("policies").map(policies).unwrap_or_default(),
    };
    table.finish();
    publisher
}

fn policies(mut table: TableReader<'_, '_>) -> IndexMap<&'static str, Arc<str>> {
    let policies = POLICIES.iter().filter_map(|kind| Some((*kind, table.text(kind)?))).collect();
    table.finish();
    policies
}

pub(super) fn build(mut table: TableReader<'_, '_>) -> BuildSettings {
    let default = BuildSettings::default();
    let urls = [("directory", UrlStyle::Directory), ("file", UrlStyle::File)];
    let slugs = [("ascii", SlugStyle::Ascii), ("unicode", SlugStyle::Unicode)];
    let settings = BuildSettings {
        output_dir: table.text("output_dir").unwrap_or(default.output_dir),
        urls: table.word("urls", &urls).unwrap_or(default.urls),
        drafts: table.flag("drafts").unwrap_or(default.drafts),
        slugs: table.word("slugs", &slugs).unwrap_or(default.slugs),
    };
    // mdBook's name for the output folder gets a message of its own.
    table.accept(&["build-dir"]);
    table.finish();
    settings
}

pub(super) fn citations(mut table: TableReader<'_, '_>) -> CitationSettings {
    let default = CitationSettings::default();
    let settings = CitationSettings {
        style: table.text("style").unwrap_or(default.style),
        publications_style: table.text("publications_style"),
        locale: table.text("locale"),
        files: table.texts("files").unwrap_or(default.files),
        retractions: table.text("retractions"),
        publish_abstracts: table.flag("publish_abstracts").unwrap_or(default.publish_abstracts),
    };
    table.finish();
    settings
}

pub(super) fn nav_item(mut table: TableReader<'_, '_>) -> NavItem {
    let title = table.text("title");
    let page = table.text("page").map(NavTarget::Page);
    let url = table.text("url").map(NavTarget::Url);
    let children = table.value("children").map(|list| list.items()).unwrap_or_default();
    let children = children.iter().filter_map(|item| item.table()).map(nav_item).collect();
    table.finish();
    NavItem { title, target: page.or(url), children }
}

pub(super) fn language(mut table: TableReader<'_, '_>) -> LanguageSettings {
    let settings = LanguageSettings {
        title: table.text("title"),
        description: table.text("description"),
        style: table.text("style"),
    };
    table.finish();
    settings
}

pub(super) fn markdown(mut table: TableReader<'_, '_>) -> MarkdownSettings {
    let default = MarkdownSettings::default();
    let raw_html =
        [("allow", RawHtml::Allow), ("sanitize", RawHtml::Sanitize), ("refuse", RawHtml::Refuse)];
    let autolink =
        [("page", Autolink::Page), ("section", Autolink::Section), ("off", Autolink::Off)];
    let settings = MarkdownSettings {
        math: table.flag("math").unwrap_or(default.math),
        smart_punctuation: table.flag("smart_punctuation").unwrap_or(default.smart_punctuation),
        raw_html: table.word("raw_html", &raw_html).unwrap_or(default.raw_html),
        autolink: table.word("autolink", &autolink).unwrap_or(default.autolink),
    };
    table.finish();
    settings
}

pub(super) fn images(mut table: TableReader<'_, '_>) -> ImageSettings {
    let default = ImageSettings::default();
    let widths = table.value("widths").map(|list| {
        let widths = list.items().into_iter().filter_map(|item| within(&item, 1..=16_384));
        let mut widths: Vec<u32> = widths.collect();
        widths.sort_unstable();
        widths.dedup();
        widths
    });
    let quality = table.value("quality").and_then(|value| within(&value, 1..=100));
    table.finish();
    ImageSettings {
        widths: widths.unwrap_or(default.widths),
        quality: quality.and_then(|quality| u8::try_from(quality).ok()).unwrap_or(default.quality),
    }
}

/// Returns a whole number of `range`; what is none is reported.
fn within(
    value: &super::table::ValueReader<'_, '_>,
    range: std::ops::RangeInclusive<u32>,
) -> Option<u32> {
    let number = value.count()?;
    let inside = u32::try_from(number).ok().filter(|number| range.contains(number));
    if inside.is_none() {
        let (path, findings) = (value.path(), value.findings());
        let (first, last) = range.into_inner();
        let message = format!("`{path}` must be a number from {first} to {last}, not {number}");
        findings.push(findings.wrong(value.range(), message));
    }
    inside
}

/// Returns the entries of `[outputs]`; the list of outputs judges their names.
pub(super) fn outputs(table: &TableReader<'_, '_>) -> IndexMap<Arc<str>, bool> {
    table
        .entries()
        .into_iter()
        .filter_map(|entry| entry.value.flag().map(|on| (entry.key, on)))
        .collect()
}

pub(super) fn theme(mut table: TableReader<'_, '_>) -> ThemeSettings {
    let stylesheets = table.texts("stylesheets").unwrap_or_default();
    let options = table.remaining();
    let options = options.into_iter().map(|entry| (entry.key, entry.value.any())).collect();
    ThemeSettings { stylesheets, options }
}
