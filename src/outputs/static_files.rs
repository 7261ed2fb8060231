//! The site's own files: those in `static/`, and those that lie beside pages.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, structural};
use crate::resolve::{Fact, FactKey};
use crate::source::{SourceId, Span};

use super::{Artifact, Made, Make, Output, OutputContext};

/// The site's own files.
pub(super) static STATIC_FILES: Output = Output {
    name: "static",
    summary: "the files in static/ and those beside pages, as they are",
    on_by_default: true,
    make: Make::Files(make),
};

fn make(context: &OutputContext<'_>) -> Made {
    let files = published(context).into_iter();
    let artifacts =
        files.filter_map(|(source, path)| Some(Artifact::copy(path, context.files.get(source)?)));
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

/// Reports the files that would stand where a page does.
pub(super) fn at_pages(context: &OutputContext<'_>, pages: &BTreeSet<String>) -> Vec<Diagnostic> {
    let files = published(context).into_iter().filter(|(_, path)| pages.contains(path));
    files
        .map(|(source, path)| {
            let message = format!("`{source}` would stand at `{path}`, where a page is");
            Diagnostic::new(&structural::URL_DUPLICATE, Span::file(source.clone()), message)
                .with_help("rename the file, or give the page another `slug`")
        })
        .collect()
}

/// Returns the files that are published with their paths.
fn published<'a>(context: &OutputContext<'a>) -> Vec<(&'a SourceId, String)> {
    let facts = context.site.facts.iter();
    facts
        .filter_map(|(key, facts)| {
            let FactKey::File(source) = key else { return None };
            facts.iter().find_map(|(_, fact)| match fact {
                Fact::File(file) => Some((source, file.url.to_file_path())),
                _ => None,
            })
        })
        .collect()
}
