//! The site's own files: those in `static/`, and those that lie beside pages.

use crate::diagnostic::{Diagnostic, structural};
use crate::resolve::{Fact, FactKey};
use crate::source::{SourceId, Span};

use super::{Artifact, Files, Made, Make, Maker, Needs, Output, OutputContext};

/// The site's own files.
pub(super) static STATIC_FILES: Output = Output {
    name: "static",
    summary: "the files in static/ and those beside pages, as they are",
    on_by_default: true,
    make: Make::Loaded(Needs::FILES, make),
};

fn make(context: &OutputContext<'_>) -> Made {
    let files = published(context).into_iter();
    let artifacts =
        files.filter_map(|(source, path)| Some(Artifact::copy(path, context.files.get(source)?)));
    Made { artifacts: artifacts.collect(), ..Made::default() }
}

/// Reports the files that would stand where a page does.
pub(super) fn at_pages(context: &OutputContext<'_>, files: &Files) -> Vec<Diagnostic> {
    let is_at_page = |path: &str| files.offers(Maker::Page, path);
    let at_pages = published(context).into_iter().filter(|(_, path)| is_at_page(path));
    at_pages
        .map(|(source, path)| {
            let message = format!("`{source}` would stand at `{path}`, where a page is");
            Diagnostic::new(&structural::URL_DUPLICATE, Span::file(source.clone()), message)
                .with_help("rename the file, or give the page another `slug`")
        })
        .collect()
}

/// Returns the files that are published with their paths.
fn published<'a>(context: &OutputContext<'a>) -> Vec<(&'a SourceId, String)> {
    let first = FactKey::File(SourceId::new(""));
    let facts = context.site.facts.listed_from(first);
    facts
        .map_while(|(key, facts)| match key {
            FactKey::File(source) => Some((source, facts)),
            _ => None,
        })
        .filter_map(|(source, facts)| {
            facts.iter().find_map(|(_, fact)| match fact {
                Fact::File(file) => Some((source, file.url.to_file_path())),
                _ => None,
            })
        })
        .collect()
}
