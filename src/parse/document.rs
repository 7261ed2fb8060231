//! One Markdown file as a page.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::citation::style::QuotationMarks;
use crate::citation::syntax::LocatorTerms;
use crate::config::theme::ThemeConfig;
use crate::config::{Collection, Config, RawHtml as RawHtmlSetting};
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::ordered::IndexMap;
use crate::page_id::Lang;
use crate::source::Source;

use super::body::Body;
use super::front_matter::{self, Schema, Split};
use super::markdown::{self, AlertTitles, MarkdownOptions, RawHtml, TextLanguage};
use super::page::{FieldPath, FrontMatter, Page, PageHead};
use super::place::ContentPlace;
use super::text::LONGEST;

/// Ids that pages use beside those of their texts, so that no heading takes them: of entries,
/// citations and footnotes, which have one each, and of what templates put around a text.
const RESERVED_IDS: &[&str] = &[
    "cite-",
    "fn-",
    "fnref-",
    "ref-",
    "cite-this",
    "main",
    "mentions",
    "notes-list",
    "people",
    "reference-list",
    "related",
    "site-nav",
    "toc-title",
    "top",
];

/// The words of a theme's interface, by language and key.
pub type WordsByLang = BTreeMap<Lang, IndexMap<String, String>>;

/// Returns how the texts of a site are read, whose theme is `theme` and says `words`.
pub fn markdown_options(
    config: &Config,
    theme: &ThemeConfig,
    words: &WordsByLang,
) -> MarkdownOptions {
    let languages = [&config.site.language].into_iter().chain(config.languages.keys());
    let languages = languages.map(|lang| (lang.clone(), Arc::new(text_language(lang, words))));
    let languages: BTreeMap<Lang, Arc<TextLanguage>> = languages.collect();
    let lists = theme.lists.values().flat_map(IndexMap::keys).map(list_id);
    let by_collection = config.collections.iter();
    let by_collection = by_collection.map(|(name, c)| (Arc::clone(name), ids_of_parts(c)));
    MarkdownOptions {
        language: languages.get(&config.site.language).cloned().unwrap_or_default(),
        languages: Arc::new(languages),
        captioned: Arc::new(theme.captioned().map(str::to_owned).collect()),
        math: config.markdown.math,
        smart_punctuation: config.markdown.smart_punctuation,
        raw_html: match config.markdown.raw_html {
            RawHtmlSetting::Allow => RawHtml::Allow,
            RawHtmlSetting::Sanitize => RawHtml::Sanitize,
            RawHtmlSetting::Refuse => RawHtml::Refuse,
        },
        lift_title: true,
        reserved_ids: RESERVED_IDS.iter().map(|id| (*id).into()).chain(lists).collect(),
        reserved_by_collection: Arc::new(by_collection.collect()),
    }
}

/// Returns what the language `lang` brings to a text, where a theme says `words`.
fn text_language(lang: &Lang, words: &WordsByLang) -> TextLanguage {
    TextLanguage {
        locator_terms: LocatorTerms::of_lang(lang.as_str()),
        alert_titles: words.get(lang).map(AlertTitles::of_words).unwrap_or_default(),
        quotation_marks: QuotationMarks::of_lang(lang.as_str()),
    }
}

/// Returns the ids that pages of `collection` use for the parts that they show, so that no
/// heading takes them; one that ends with a hyphen begins several.
fn ids_of_parts(collection: &Collection) -> Vec<Arc<str>> {
    let parts = collection.display.iter().filter(|part| &***part != "body");
    let mut ids: Vec<Arc<str>> = parts
        .map(|part| match collection.fields.contains_key(part) {
            true => Arc::from(format!("field-{part}")),
            false => Arc::from(format!("inverse-{part}")),
        })
        .collect();
    if collection.people {
        ids.extend(["publications", "work-"].map(Arc::from));
    }
    ids
}

fn list_id(name: &Arc<str>) -> Arc<str> {
    Arc::from(format!("list-{name}"))
}

/// Reads the Markdown file `source`, whose path below `content/` is `path`.
pub fn parse_page(source: &Source, path: &str, config: &Config, options: &MarkdownOptions) -> Page {
    let place = ContentPlace::of(path, config);
    let collection = place.collection.as_ref().and_then(|name| config.collections.get(name));
    // The page of a folder describes its listing: it has the fields of every page.
    let schema = Schema::new(config, collection.filter(|_| !place.is_index));
    let whole = source.text();
    let split = front_matter::split(&whole);
    let read_in = |lang: &Lang| {
        let in_lang = options.in_lang(lang);
        let fragment = |text: &str| markdown::parse_fragment(text, &source.id, &in_lang);
        front_matter::parse(
            source,
            &split,
            schema.in_lang(&in_lang.language.locator_terms),
            &fragment,
        )
    };
    let (mut front, mut diagnostics) = read_in(place.id.lang());
    let id = match declared_lang(source, &split, &front, config) {
        Some(Ok(lang)) if lang != *place.id.lang() => {
            (front, diagnostics) = read_in(&lang);
            place.id.in_lang(&lang)
        }
        Some(Ok(_)) => place.id,
        Some(Err(unknown)) => {
            diagnostics.push(unknown);
            place.id
        }
        None => place.id,
    };
    let options = text_options(&front, id.lang(), place.collection.as_ref(), options);
    let (body, found) = parse_text(source, split.body, &options);
    let is_readable = diagnostics.iter().chain(&found).all(|found| !hides_title(found.rule.id));
    diagnostics.extend(found);
    if front.title.is_none() && body.title.is_none() && !place.is_index && is_readable {
        diagnostics.extend(front_matter::missing_title(source, &split, schema, &front));
    }
    let head = PageHead {
        id,
        collection: place.collection,
        section: place.section,
        is_index: place.is_index,
        source: source.clone(),
        yaml: split.yaml,
        text_start: split.body,
        front,
        inherited: None,
        diagnostics,
    };
    Page { head: Arc::new(head), body: Arc::new(body) }
}

/// Returns how the text below the front matter `front` is read, in the language `lang`, of a
/// page of `collection`.
pub(super) fn text_options(
    front: &FrontMatter,
    lang: &Lang,
    collection: Option<&Arc<str>>,
    options: &MarkdownOptions,
) -> MarkdownOptions {
    // A heading beside a title of its own is a heading.
    let mut options =
        MarkdownOptions { lift_title: front.title.is_none(), ..options.in_lang(lang) };
    let of_parts = collection.and_then(|name| options.reserved_by_collection.get(name));
    options.reserved_ids.extend(of_parts.into_iter().flatten().cloned());
    options.reserved_ids.extend(front.lists.keys().map(list_id));
    options
}

/// Reads the text that starts at `start` in the source.
pub(super) fn parse_text(
    source: &Source,
    start: usize,
    options: &MarkdownOptions,
) -> (Body, Vec<Diagnostic>) {
    let whole = source.text();
    let is_too_long = whole.len() > LONGEST;
    let text = if is_too_long { "" } else { &whole[start..] };
    let (body, mut found) = markdown::parse(text, start, &source.id, options);
    found.extend(is_too_long.then(|| longer_than_read(source)));
    (body, found)
}

/// Returns the finding that the text is longer than the longest that is read.
fn longer_than_read(source: &Source) -> Diagnostic {
    let [length, most] = [source.text().len(), LONGEST].map(|bytes| bytes.div_ceil(1024 * 1024));
    let message = format!("`{}` has {length} MiB, and a page at most {most} MiB", source.id);
    Diagnostic::new(&structural::ENCODING, source.span(0..0), message)
        .with_help("write the text as several pages; data and images belong in files beside it")
}

/// Returns the language that the front matter names, or the finding that the site has
/// no such language.
fn declared_lang(
    source: &Source,
    split: &Split,
    front: &FrontMatter,
    config: &Config,
) -> Option<Result<Lang, Diagnostic>> {
    let lang = Lang::new(Arc::clone(front.lang.as_ref()?));
    if lang == config.site.language || config.languages.contains_key(&lang) {
        return Some(Ok(lang));
    }
    let yaml = split.yaml.as_ref()?;
    let span = front_matter::locate(source, yaml, &FieldPath::field("lang"));
    let known = config.languages.keys().chain([&config.site.language]).map(Lang::as_str);
    let message = format!("the site has no language `{lang}`");
    let diagnostic = Diagnostic::new(&structural::FM_TYPE, span, message)
        .with_suggestion(nearest(lang.as_str(), known))
        .with_help(format!("a table `[languages.{lang}]` in book.toml adds it"));
    Some(Err(diagnostic))
}

/// Tells whether front matter with a finding of the rule `id` may hold a title that
/// could not be read.
fn hides_title(id: &str) -> bool {
    id == structural::YAML_SYNTAX.id || id == structural::ENCODING.id
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    fn page(text: &str) -> (Page, Vec<String>) {
        let book = "[languages.fr]\ntitle = \"Cheveux\"\n";
        let (config, _) = Config::parse(&Source::new(SourceId::new("book.toml"), book));
        let source = Source::new(SourceId::new("content/articles/a.md"), text);
        let words = [("alert_note".to_owned(), "Remarque".to_owned())].into_iter().collect();
        let words = BTreeMap::from([(Lang::new("fr"), words)]);
        let options = markdown_options(&config, &ThemeConfig::default(), &words);
        let page = parse_page(&source, "articles/a.md", &config, &options);
        let found = page.diagnostics.iter().map(|found| found.message.clone()).collect();
        (page, found)
    }

    #[test]
    fn the_front_matter_may_name_the_language() {
        let (french, found) = page("---\ntitle: A\nlang: fr\n---\n");
        assert_eq!((french.id.lang().as_str(), found.as_slice()), ("fr", [].as_slice()));
        let alert = |front: &str| page(&format!("---\ntitle: A\n{front}---\n> [!NOTE]\n> b\n")).0;
        assert!(alert("lang: fr\n").body.html.get().contains(">Remarque<"));
        assert!(alert("").body.html.get().contains(">Note<"));
        let (page, found) = page("---\ntitle: A\nlang: de\n---\n");
        assert_eq!(page.id.lang().as_str(), "en");
        assert_eq!(found, ["the site has no language `de`"]);
    }

    #[test]
    fn no_heading_takes_the_id_of_a_part_of_its_page() {
        let book = "[site]\npreset = \"health\"\n";
        let (config, _) = Config::parse(&Source::new(SourceId::new("book.toml"), book));
        let options = markdown_options(&config, &ThemeConfig::default(), &BTreeMap::new());
        let ids = |path: &str, text: &str| {
            let source = Source::new(SourceId::new(format!("content/{path}")), text);
            let page = parse_page(&source, path, &config, &options);
            page.body.headings.iter().map(|heading| heading.id.to_string()).collect::<Vec<_>>()
        };
        let headings = "## Field faq\n\n## Field trials\n\n## Work up\n\n## List new\n";
        let lists = "lists: {new: {collection: articles}}";
        assert_eq!(
            ids("articles/a.md", &format!("---\ntitle: A\n{lists}\n---\n{headings}")),
            ["section-field-faq", "field-trials", "work-up", "section-list-new"]
        );
        assert_eq!(
            ids("people/a.md", &format!("---\nname: A\n---\n{headings}## Publications\n")),
            ["field-faq", "field-trials", "section-work-up", "list-new", "section-publications"]
        );
    }

    #[test]
    fn a_text_that_is_too_long_is_not_read() {
        let (page, found) = page(&format!("# A\n\n{}", "word \n".repeat(LONGEST / 6)));
        assert_eq!(found, ["`content/articles/a.md` has 17 MiB, and a page at most 16 MiB"]);
        assert_eq!(*page.body, Body::default());
    }

    #[test]
    fn a_title_that_does_not_fit_is_not_missing_too() {
        assert_eq!(page("---\ntitle: [A]\n---\n").1, ["`title` must be text, not a list"]);
        assert_eq!(page("---\ntitle:\n---\n").1, ["this page has no `title`"]);
        assert_eq!(page("---\ntags: a\n---\n# A\n").1, [""; 0]);
    }
}
