//! The files of a built site beside its pages.
//!
//! Start with [`files`], which asks every output that is switched on for its
//! [`Artifact`]s. An output is one static in one file, and one line in [`ALL`]. It reads
//! an [`OutputContext`] and nothing else. Where the site has a file of its own at the
//! same path (a `static/robots.txt`, say), that file stands.

mod artifact;
mod context;
mod exports;
mod feed;
mod redirects;
mod robots;
mod sitemap;
mod static_files;
mod theme_assets;
mod xml;

pub use artifact::{Artifact, Content, InMemory, Keeper};
pub use context::{OutputContext, OutputMemory};

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, nearest, structural};
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
    /// As files.
    Files(fn(&OutputContext<'_>) -> Made),
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

/// Every output; of two that make the same file, the earlier one does.
pub static ALL: &[&Output] = &[
    &static_files::STATIC_FILES,
    &theme_assets::THEME_ASSETS,
    &sitemap::SITEMAP,
    &feed::FEED,
    &robots::ROBOTS,
    &redirects::REDIRECTS,
    &exports::BIBLIOGRAPHY,
    &exports::PAGE_EXPORTS,
    &exports::REFERENCE_EXPORTS,
    &REFERENCES,
    &TAGS,
];

impl Output {
    /// Tells whether the site wants it.
    pub fn is_on(&self, config: &Config) -> bool {
        config.outputs.get(self.name).copied().unwrap_or(self.on_by_default)
    }
}

/// Returns all files of the site beside its pages, in the order of their paths.
///
/// A file at the path of a page is reported and left out.
pub fn files(context: &OutputContext<'_>) -> Made {
    let pages: BTreeSet<String> = context.plan.iter().map(|page| page.url.to_file_path()).collect();
    let mut files: BTreeMap<String, Artifact> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for output in ALL.iter().filter(|output| output.is_on(context.config)) {
        let Make::Files(make) = output.make else { continue };
        let made = make(context);
        diagnostics.extend(made.diagnostics);
        for artifact in made.artifacts {
            if !pages.contains(&artifact.path) {
                files.entry(artifact.path.clone()).or_insert(artifact);
            }
        }
    }
    diagnostics.extend(static_files::at_pages(context, &pages));
    Made { artifacts: files.into_values().collect(), diagnostics }
}

/// Reports the switches under `[outputs]` that no output has.
pub fn unknown_switches(config: &Config, source: &Source) -> Vec<Diagnostic> {
    let names = || ALL.iter().map(|output| output.name);
    let unknown = config.outputs.keys().filter(|name| names().all(|known| known != &***name));
    unknown
        .map(|name| {
            let place = config::locate(source, &["outputs", name]);
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
