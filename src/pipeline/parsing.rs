//! Parsing every file: pages in parallel, then the citation files.

use std::collections::BTreeMap;

use jiff::ToSpan;
use rayon::prelude::*;

use crate::citation::bibliography::{Bibliography, CitationFile};
use crate::citation::notes::NotesFile;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, RuleKind};
use crate::load::Inputs;
use crate::page_id::PageId;
use crate::parse::Page;
use crate::parse::document::parse_page;
use crate::parse::markdown::MarkdownOptions;
use crate::resolve::translations::inherit_facts;
use crate::source::{Source, SourceId};

use super::{BuildOptions, content_path};

/// The pages of a site.
pub(super) struct WrittenPages {
    /// Those that are built, in the order of their files.
    pub(super) pages: Vec<Page>,
    /// The drafts, by their file.
    pub(super) drafts: BTreeMap<SourceId, PageId>,
    /// The drafts and the pages that are dated ahead.
    pub(super) left_out: Vec<PageId>,
}

/// Parses the pages, and leaves out drafts and those that are dated more than a day
/// ahead.
pub(super) fn pages(
    inputs: &Inputs,
    config: &Config,
    markdown: &MarkdownOptions,
    options: &BuildOptions,
    found: &mut Vec<Diagnostic>,
) -> WrittenPages {
    let sources: Vec<(&str, &Source)> = inputs
        .sources
        .iter()
        .filter_map(|(id, source)| Some((content_path(id)?, source)))
        .collect();
    let mut parsed: Vec<Page> = sources
        .par_iter()
        .map(|(path, source)| parse_page(source, path, config, markdown))
        .collect();

    inherit_facts(&mut parsed, &config.site.language);

    let ahead = options.today.checked_add(1.day()).unwrap_or(options.today);
    let builds_drafts = options.drafts || config.build.drafts;
    let mut written =
        WrittenPages { pages: Vec::new(), drafts: BTreeMap::new(), left_out: Vec::new() };
    for mut page in parsed {
        let is_draft = page.front.draft && !builds_drafts;
        let is_ahead = page.front.date.is_some_and(|date| date > ahead) && !options.future;
        if is_draft {
            written.drafts.insert(page.source.id.clone(), page.id.clone());
        }
        if is_draft || is_ahead {
            written.left_out.push(page.id);
            continue;
        }
        // What is editorial is levelled and allowed with what the rules find.
        found.extend(
            page.diagnostics.extract_if(.., |found| found.rule.kind == RuleKind::Structural),
        );
        written.pages.push(page);
    }
    written
}

/// Reads the citation files that the configuration names, all of `citations/` where
/// it names none, and the notes on them.
pub(super) fn bibliography(
    inputs: &Inputs,
    config: &Config,
    found: &mut Vec<Diagnostic>,
) -> Bibliography {
    let named = &config.citations.files;
    let sources: Vec<&Source> = match named.is_empty() {
        true => inputs.sources.values().filter(|source| holds_works(&source.id)).collect(),
        false => named
            .iter()
            .filter_map(|path| inputs.sources.get(&crate::load::named_id(path)))
            .collect(),
    };
    let files: Vec<CitationFile> =
        sources.par_iter().map(|source| CitationFile::parse(source)).collect();
    let notes = inputs.sources.get(&SourceId::new(NOTES)).map(NotesFile::parse);
    let (bibliography, problems) = Bibliography::merge(&files, &notes);
    let in_files = files.into_iter().flat_map(|file| file.diagnostics);
    found.extend(in_files.chain(notes.into_iter().flat_map(|notes| notes.diagnostics)));
    found.extend(problems);
    bibliography
}

/// What the site adds to the works' records.
const NOTES: &str = "citations/notes.yaml";

/// Tells whether a file of `citations/` holds works, and not styles or tables.
fn holds_works(id: &SourceId) -> bool {
    let is_format =
        id.extension().is_some_and(|extension| !matches!(extension, "csl" | "csv" | "md" | "txt"));
    id.as_str().starts_with("citations/") && id.as_str() != NOTES && is_format
}
