//! The works that the site and its pages rest on, for reference managers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::citation::CitationKey;
use crate::citation::bibliography::Entry;
use crate::citation::export::{BIBTEX, ExportFormat, FORMATS, RIS};
use crate::render::view::RenderedPage;
use crate::resolve::plan::PageKind;
use crate::resolve::routes::Routes;
use crate::url::UrlPath;

use super::context::PageExports;
use super::{Artifact, Made, Make, Output, OutputContext};

/// The works of the whole site.
pub(super) static BIBLIOGRAPHY: Output = Output {
    name: "bibliography",
    summary: "bibliography.bib, .ris and .json: every work that the site rests on",
    on_by_default: true,
    make: Make::Files(bibliography),
};

/// The works of each page.
pub(super) static PAGE_EXPORTS: Output = Output {
    name: "page-exports",
    summary: "references.bib and .ris beside each page with an author and references",
    on_by_default: true,
    make: Make::Files(of_pages),
};

/// Each work by itself.
pub(super) static REFERENCE_EXPORTS: Output = Output {
    name: "reference-exports",
    summary: "references.bib and .ris beside each reference's page",
    on_by_default: false,
    make: Make::Files(of_references),
};

/// The formats that pages offer; a file a page and format is enough.
const OFFERED: [&ExportFormat; 2] = [&BIBTEX, &RIS];

fn bibliography(context: &OutputContext<'_>) -> Made {
    // In the order of the database, as its authors keep it.
    let used = context.site.used_keys();
    let keys = context.bibliography.keys().filter(|key| used.contains(*key));
    let keys: Vec<CitationKey> = keys.cloned().collect();
    if keys.is_empty() {
        return Made::default();
    }
    let mut last = context.memory.of_site.lock().expect("no output panics with the lock");
    if last.0 != keys {
        let entries: Vec<&Entry> =
            keys.iter().filter_map(|key| context.bibliography.get(key)).collect();
        let artifacts = FORMATS.iter().map(|format| {
            let path = format!("bibliography.{}", format.extension);
            Artifact::new(path, text(format, &entries, context))
        });
        *last = (keys, artifacts.collect());
    }
    Made { artifacts: last.1.clone(), ..Made::default() }
}

fn of_pages(context: &OutputContext<'_>) -> Made {
    let mut earlier = context.memory.of_pages.lock().expect("no output panics with the lock");
    let mut current = HashMap::new();
    let mut made = Made::default();
    for page in context.pages.iter().filter(|page| !page.references.is_empty()) {
        // A page that was not rendered again has the authors and works that it had.
        let known = earlier.remove(&page.id).filter(|last| Arc::ptr_eq(&last.page, page));
        let exports = known.unwrap_or_else(|| PageExports {
            page: Arc::clone(page),
            artifacts: of_page(page, context),
        });
        made.artifacts.extend(exports.artifacts.iter().cloned());
        current.insert(page.id.clone(), exports);
    }
    *earlier = current;
    made
}

fn of_page(page: &RenderedPage, context: &OutputContext<'_>) -> Vec<Artifact> {
    if context.author_names(&page.id).is_empty() {
        return Vec::new();
    }
    // A page may list a work more than once, the export names it once.
    let mut seen = BTreeSet::new();
    let keys = page.references.iter().filter(|key| seen.insert(*key));
    let entries: Vec<&Entry> = keys.filter_map(|key| context.bibliography.get(key)).collect();
    offered(&page.url, &entries, context)
}

fn of_references(context: &OutputContext<'_>) -> Made {
    let mut made = Made::default();
    for page in context.plan {
        let PageKind::Reference(key) = &page.kind else { continue };
        if let Some(entry) = context.bibliography.get(key) {
            made.artifacts.extend(offered(&page.url, &[entry], context));
        }
    }
    made
}

/// Returns the works in the formats that pages offer, beside the page at `page`.
fn offered(page: &UrlPath, entries: &[&Entry], context: &OutputContext<'_>) -> Vec<Artifact> {
    let routes = Routes::new(context.config);
    let artifacts = OFFERED.iter().map(|format| {
        let url = routes.export(page, format.extension);
        Artifact::new(url.to_file_path(), text(format, entries, context))
    });
    artifacts.collect()
}

fn text(format: &'static ExportFormat, entries: &[&Entry], context: &OutputContext<'_>) -> String {
    context.memory.exporter.write(format, entries)
}
