//! The works that the site and its pages rest on, for reference managers.

use std::collections::BTreeSet;

use crate::citation::bibliography::Entry;
use crate::citation::export::{BIBTEX, ExportFormat, FORMATS, RIS};
use crate::render::view::RenderedPage;
use crate::resolve::plan::PageKind;
use crate::resolve::routes::Routes;
use crate::url::UrlPath;

use super::{Artifact, BesideFile, Made, Make, Needs, Output, OutputContext};

/// The works of the whole site.
pub(super) static BIBLIOGRAPHY: Output = Output {
    name: "bibliography",
    summary: "bibliography.bib, .ris and .json: every work that the site rests on",
    on_by_default: true,
    make: Make::Site(Needs::WORKS, bibliography),
};

/// The works of each page.
pub(super) static PAGE_EXPORTS: Output = Output {
    name: "page-exports",
    summary: "references.bib and .ris beside each page with an author and references",
    on_by_default: true,
    make: Make::BesidePage(of_page),
};

/// Each work by itself.
pub(super) static REFERENCE_EXPORTS: Output = Output {
    name: "reference-exports",
    summary: "references.bib and .ris beside each reference's page",
    on_by_default: false,
    make: Make::BesidePage(of_reference),
};

/// The formats that pages offer; a file a page and format is enough.
const OFFERED: [&ExportFormat; 2] = [&BIBTEX, &RIS];

fn bibliography(context: &OutputContext<'_>) -> Made {
    // In the order of the database, as its authors keep it.
    let entries: Vec<&Entry> =
        context.bibliography.iter().filter(|entry| context.used.contains(&entry.key)).collect();
    if entries.is_empty() {
        return Made::default();
    }
    let artifacts = FORMATS.iter().map(|format| {
        let path = format!("bibliography.{}", format.extension);
        Artifact::new(path, text(format, &entries, context))
    });
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

/// Returns the exports of what the page lists, where it has an author.
fn of_page(context: &OutputContext<'_>, page: &RenderedPage) -> Vec<BesideFile> {
    if page.references.is_empty() || context.author_names(&page.id).is_empty() {
        return Vec::new();
    }
    // A page may list a work more than once, the export names it once.
    let mut seen = BTreeSet::new();
    let keys = page.references.iter().filter(|key| seen.insert(*key));
    let entries: Vec<&Entry> = keys.filter_map(|key| context.bibliography.get(key)).collect();
    offered(&page.url, &entries, context)
}

/// Returns the exports of the work that the page is about.
fn of_reference(context: &OutputContext<'_>, page: &RenderedPage) -> Vec<BesideFile> {
    let PageKind::Reference(key) = &page.kind else { return Vec::new() };
    let entry = context.bibliography.get(key);
    entry.map(|entry| offered(&page.url, &[entry], context)).unwrap_or_default()
}

/// Returns the works in the formats that pages offer, beside the page at `page`.
fn offered(page: &UrlPath, entries: &[&Entry], context: &OutputContext<'_>) -> Vec<BesideFile> {
    let routes = Routes::new(context.config);
    let files = OFFERED.iter().map(|format| BesideFile {
        path: routes.export(page, format.extension).to_file_path(),
        text: text(format, entries, context),
    });
    files.collect()
}

fn text(format: &'static ExportFormat, entries: &[&Entry], context: &OutputContext<'_>) -> String {
    context.exporter.write(format, entries)
}
