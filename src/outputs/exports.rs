//! The works that the site and its pages rest on, for reference managers.

use std::collections::BTreeSet;

use crate::citation::bibliography::Entry;
use crate::citation::export::{BIBTEX, ExportFormat, FORMATS, RIS, export};
use crate::resolve::plan::PageKind;
use crate::resolve::routes::Routes;

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
    let entries: Vec<&Entry> = keys.filter_map(|key| context.bibliography.get(key)).collect();
    if entries.is_empty() {
        return Made::default();
    }
    let artifacts = FORMATS.iter().map(|format| {
        Artifact::new(format!("bibliography.{}", format.extension), text(format, &entries, context))
    });
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

fn of_pages(context: &OutputContext<'_>) -> Made {
    let mut made = Made::default();
    for page in context.pages.iter().filter(|page| !page.references.is_empty()) {
        if context.author_names(&page.id).is_empty() {
            continue;
        }
        // A page may list a work more than once, the export names it once.
        let mut seen = BTreeSet::new();
        let keys = page.references.iter().filter(|key| seen.insert(*key));
        let entries: Vec<&Entry> = keys.filter_map(|key| context.bibliography.get(key)).collect();
        offer(&page.url, &entries, context, &mut made);
    }
    made
}

fn of_references(context: &OutputContext<'_>) -> Made {
    let mut made = Made::default();
    for page in context.plan {
        let PageKind::Reference(key) = &page.kind else { continue };
        if let Some(entry) = context.bibliography.get(key) {
            offer(&page.url, &[entry], context, &mut made);
        }
    }
    made
}

fn offer(
    page: &crate::url::UrlPath,
    entries: &[&Entry],
    context: &OutputContext<'_>,
    made: &mut Made,
) {
    for format in OFFERED {
        let url = Routes::new(context.config).export(page, format.extension);
        made.artifacts.push(Artifact::new(url.to_file_path(), text(format, entries, context)));
    }
}

fn text(format: &ExportFormat, entries: &[&Entry], context: &OutputContext<'_>) -> String {
    let with_abstracts = context.config.citations.publish_abstracts;
    export(format, entries.iter().copied(), with_abstracts)
}
