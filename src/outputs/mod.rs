//! The files of a built site beside its pages.
//!
//! An output is one static in one file, and one line in [`ALL`]. It reads an
//! [`OutputContext`] and nothing else, and makes either files of the whole site, again
//! when something changed that it [`Needs`] ([`SiteFiles`]), or files beside a page, when
//! the page is rendered ([`beside_page`]). [`Files`] holds them all: where the site has a
//! file of its own at the same path (a `static/robots.txt`, say), that file stands.

mod artifact;
mod clean;
mod context;
mod exports;
mod feed;
mod files;
mod images;
mod needs;
mod redirects;
mod robots;
mod search;
mod site_files;
mod sitemap;
mod static_files;
mod theme_assets;
mod xml;

pub use artifact::{
    Artifact, BesideFile, Content, InMemory, Keeper, PackedFile, Packing, Upcoming,
};
pub use context::{OutputContext, OutputMemory};
pub use files::{Files, Maker};
pub use images::{IMAGES, ImageMemory};
pub use needs::Needs;
pub use search::SEARCH;
pub use site_files::{SiteFiles, When};

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::render::view::RenderedPage;
use crate::source::{Source, Span};

/// One kind of output, which a site can switch on or off under `[outputs]`.
#[derive(Debug)]
pub struct Output {
    /// The name of its switch.
    pub name: &'static str,
    /// What it is, in a few words.
    pub summary: &'static str,
    /// Whether it is made unless the site says otherwise.
    pub on_by_default: bool,
    /// How it is made.
    make: Make,
}

/// How an output is made.
#[derive(Debug)]
enum Make {
    /// As pages, which are planned and rendered like any other.
    Pages,
    /// As files of the whole site that pages load, before the pages are rendered, again when
    /// something changed that they need.
    Loaded(Needs, fn(&OutputContext<'_>) -> Made),
    /// As other files of the whole site, beside the pages, again when something changed that
    /// they need.
    Site(Needs, fn(&OutputContext<'_>) -> Made),
    /// As files beside a page, again when the page is rendered.
    BesidePage(fn(&OutputContext<'_>, &RenderedPage) -> Vec<BesideFile>),
}

/// What an output makes.
#[derive(Debug, Default)]
pub struct Made {
    /// The files.
    pub artifacts: Vec<Artifact>,
    /// What is wrong with what they are made from.
    pub diagnostics: Vec<Diagnostic>,
}

/// The page of each work that the site rests on, and the list of them.
pub static REFERENCES: Output = Output {
    name: "references",
    summary: "a page for each work that is cited, and the list of all",
    on_by_default: true,
    make: Make::Pages,
};

/// The page of each tag, and the list of them.
pub static TAGS: Output = Output {
    name: "tags",
    summary: "a page for each tag, and the list of all",
    on_by_default: true,
    make: Make::Pages,
};

/// Every output; of two that make the same file of the site, the earlier one does.
pub static ALL: &[&Output] = &[
    &static_files::STATIC_FILES,
    &theme_assets::THEME_ASSETS,
    &IMAGES,
    &sitemap::SITEMAP,
    &feed::FEED,
    &robots::ROBOTS,
    &SEARCH,
    &redirects::REDIRECTS,
    &exports::BIBLIOGRAPHY,
    &exports::PAGE_EXPORTS,
    &exports::REFERENCE_EXPORTS,
    &clean::MARKDOWN_COPIES,
    &clean::LLMS,
    &REFERENCES,
    &TAGS,
];

impl Output {
    /// Tells whether the site wants it.
    pub fn is_on(&self, config: &Config) -> bool {
        config.outputs.get(self.name).copied().unwrap_or(self.on_by_default)
    }
}

/// Returns the files that stand beside `page`.
pub fn beside_page(context: &OutputContext<'_>, page: &RenderedPage) -> Vec<BesideFile> {
    let wanted = ALL.iter().filter(|output| output.is_on(context.config));
    wanted
        .filter_map(|output| match output.make {
            Make::BesidePage(make) => Some(make(context, page)),
            _ => None,
        })
        .flatten()
        .collect()
}

/// Reports the switches under `[outputs]` that no output has.
pub fn unknown_switches(config: &Config, source: &Source) -> Vec<Diagnostic> {
    let names = || ALL.iter().map(|output| output.name);
    let unknown = config.outputs.keys().filter(|name| names().all(|known| known != &***name));
    unknown
        .map(|name| {
            let place = config::locate_key(source, &["outputs", name]);
            let message = format!("there is no output `{name}`");
            Diagnostic::new(&structural::CONFIG_UNKNOWN, place, message)
                .with_suggestion(nearest(name, names()))
                .with_help(format!("there are: {}", names().collect::<Vec<_>>().join(", ")))
        })
        .collect()
}

/// Returns the place of a key of `book.toml`, or the file where its text is not at hand.
fn config_place(context: &OutputContext<'_>, path: &[&str]) -> Span {
    config::locate(context.config_source, path)
}

#[cfg(test)]
pub(crate) mod tests;
