//! One Markdown file as a page.

use crate::config::{Config, RawHtml as RawHtmlSetting};
use crate::source::Source;

use super::front_matter::{self, Schema};
use super::markdown::{self, MarkdownOptions, RawHtml};
use super::page::Page;
use super::place::ContentPlace;

/// Ids that the templates of pages use, so that no heading takes them.
const RESERVED_IDS: &[&str] = &["main", "references", "notes", "toc", "top"];

/// Returns how the texts of a site are read.
pub fn markdown_options(config: &Config) -> MarkdownOptions {
    MarkdownOptions {
        math: config.markdown.math,
        smart_punctuation: config.markdown.smart_punctuation,
        raw_html: match config.markdown.raw_html {
            RawHtmlSetting::Allow => RawHtml::Allow,
            RawHtmlSetting::Sanitize => RawHtml::Sanitize,
            RawHtmlSetting::Refuse => RawHtml::Refuse,
        },
        lift_title: true,
        reserved_ids: RESERVED_IDS.iter().map(|id| (*id).into()).collect(),
        ..MarkdownOptions::default()
    }
}

/// Reads the Markdown file `source`, whose path below `content/` is `path`.
pub fn parse_page(source: &Source, path: &str, config: &Config, options: &MarkdownOptions) -> Page {
    let place = ContentPlace::of(path, config);
    let collection = place.collection.as_ref().and_then(|name| config.collections.get(name));
    // The page of a folder describes its listing: it has the fields of every page.
    let schema = Schema::new(config, collection.filter(|_| !place.is_index));
    let split = front_matter::split(&source.text);
    let fragment = |text: &str| markdown::parse_fragment(text, &source.id, options);
    let (front, mut diagnostics) = front_matter::parse(source, &split, schema, &fragment);
    // A heading beside a title of its own is a heading.
    let options = MarkdownOptions { lift_title: front.title.is_none(), ..options.clone() };
    let (body, found) =
        markdown::parse(&source.text[split.body..], split.body, &source.id, &options);
    let readable = diagnostics.iter().all(|diagnostic| !hides_title(diagnostic.rule.id));
    diagnostics.extend(found);
    if front.title.is_none() && body.title.is_none() && !place.is_index && readable {
        diagnostics.push(front_matter::missing_title(source, &split, schema));
    }
    Page {
        id: place.id,
        collection: place.collection,
        section: place.section,
        is_index: place.is_index,
        source: source.clone(),
        yaml: split.yaml,
        front,
        body,
        diagnostics,
    }
}

/// Tells whether front matter with a finding of the rule `id` may hold a title that
/// could not be read.
fn hides_title(id: &str) -> bool {
    id == "yaml-syntax"
}
