//! Clean copies of the site, for programs that read text: each page in Markdown, and
//! `llms.txt`, which says what there is.

mod html;
mod markdown;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::page_id::{Lang, PageId};
use crate::render::view::RenderedPage;
use crate::resolve::Card;
use crate::resolve::plan::PageKind;
use crate::resolve::routes::{Routes, markdown_copy};
use crate::url::UrlPath;

use super::{Artifact, BesideFile, Made, Make, Needs, Output, OutputContext};

/// The pages in Markdown.
pub(super) static MARKDOWN_COPIES: Output = Output {
    name: "markdown-copies",
    summary: "each page in Markdown, beside it",
    on_by_default: false,
    make: Make::BesidePage(copy),
};

/// The list of what there is.
pub(super) static LLMS: Output = Output {
    name: "llms",
    summary: "llms.txt: what the site holds, for programs that read text",
    on_by_default: false,
    make: Make::Site(Needs::PAGES.and(Needs::CARDS), list),
};

fn copy(_: &OutputContext<'_>, page: &RenderedPage) -> Vec<BesideFile> {
    if matches!(page.kind, PageKind::NotFound | PageKind::Search) || page.html.is_empty() {
        return Vec::new();
    }
    let text = markdown::of_page(&page.html);
    vec![BesideFile { path: markdown_copy(&page.url).to_file_path(), text }]
}

fn list(context: &OutputContext<'_>) -> Made {
    let config = context.config;
    let languages: BTreeSet<&Lang> = context.site.pages.keys().map(PageId::lang).collect();
    let artifacts = languages.into_iter().map(|lang| {
        let home = Routes::new(config).home(lang);
        let url = UrlPath::new(&format!("{}llms.txt", home.as_str().replace(".html", "/")));
        Artifact::new(url.to_file_path(), text(lang, &url, context))
    });
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

fn text(lang: &Lang, own: &UrlPath, context: &OutputContext<'_>) -> String {
    let config = context.config;
    let language = config.languages.get(lang);
    let title = config.title_in(lang);
    let described = language.and_then(|l| l.description.as_ref());
    let described = described.or(config.site.description.as_ref());
    let mut text = format!("# {}\n", markdown::of_text(title));
    if let Some(description) = described {
        let _ = write!(text, "\n> {}\n", markdown::of_text(description));
    }
    let written = context.site.pages.values().map(|entry| &entry.card);
    let cards: Vec<&Card> = written
        .chain(context.site.made.values())
        .map(|card| &**card)
        .filter(|card| card.id.lang() == lang && !card.is_index && !card.noindex)
        .collect();
    let collections = config.collections.values().map(Some).chain([None]);
    for collection in collections {
        let name = collection.map(|collection| &*collection.name);
        let mut of: Vec<&Card> =
            cards.iter().filter(|card| card.collection.as_deref() == name).copied().collect();
        if of.is_empty() {
            continue;
        }
        of.sort_by(|a, b| a.id.cmp(&b.id));
        let named = |collection| context.collection_title(collection, lang);
        let heading = collection.map_or_else(|| title.to_string(), named);
        let _ = write!(text, "\n## {}\n\n", markdown::of_text(&heading));
        for card in of {
            let title = markdown::of_text(&card.title);
            let _ = write!(text, "- {}", markdown::link(&title, &address(card, own, context)));
            match &card.description {
                Some(description) => {
                    let _ = writeln!(text, ": {}", markdown::of_text(description));
                }
                None => text.push('\n'),
            }
        }
    }
    text
}

/// Returns where the page can be read, in Markdown where the site has that.
fn address(card: &Card, own: &UrlPath, context: &OutputContext<'_>) -> String {
    let url = match MARKDOWN_COPIES.is_on(context.config) {
        true => markdown_copy(&card.url),
        false => card.url.clone(),
    };
    context.address(&url).unwrap_or_else(|| url.relative_from(own))
}
