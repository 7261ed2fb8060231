//! Parsing every file: pages in parallel, then the citation files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use rayon::prelude::*;

use crate::citation::bibliography::{Bibliography, CitationFile};
use crate::citation::notes::NotesFile;
use crate::citation::retractions::Retractions;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, RuleKind};
use crate::fingerprint::Fingerprint;
use crate::load::Inputs;
use crate::page_id::{Lang, PageId};
use crate::parse::Page;
use crate::parse::document::parse_page;
use crate::resolve::translations::inherit_facts;
use crate::source::{Source, SourceId};

use super::ground::Ground;
use super::{BuildOptions, content_path};

/// The pages of a site.
pub(super) struct WrittenPages {
    /// Those that are built, in the order of their files.
    pub(super) pages: Vec<Arc<Page>>,
    /// The drafts, by their file.
    pub(super) drafts: BTreeMap<SourceId, PageId>,
    /// The drafts and the pages that are dated ahead.
    pub(super) left_out: Vec<PageId>,
}

/// The pages as they were read last, drafts among them.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    pages: BTreeMap<SourceId, (Fingerprint, Arc<Page>)>,
    translations: BTreeMap<SourceId, Translation>,
}

/// A translation that has the facts of its original.
#[derive(Debug)]
struct Translation {
    own: Arc<Page>,
    original: Arc<Page>,
    page: Arc<Page>,
}

impl Parsed {
    /// Reads the pages that changed, and leaves out drafts and those that are dated more
    /// than a day ahead.
    pub(super) fn update(
        &mut self,
        inputs: &Inputs,
        ground: &Ground,
        options: &BuildOptions,
        found: &mut Vec<Arc<Diagnostic>>,
    ) -> WrittenPages {
        self.read(inputs, ground);
        let ahead = options.today.checked_add(1.day()).unwrap_or(options.today);
        let builds_drafts = options.drafts || ground.config.build.drafts;
        let mut written =
            WrittenPages { pages: Vec::new(), drafts: BTreeMap::new(), left_out: Vec::new() };
        for page in self.inherited(&ground.config.site.language) {
            let is_draft = page.front.draft && !builds_drafts;
            let is_ahead = page.front.date.is_some_and(|date| date > ahead) && !options.future;
            if is_draft {
                written.drafts.insert(page.source.id.clone(), page.id.clone());
            }
            if is_draft || is_ahead {
                written.left_out.push(page.id.clone());
                continue;
            }
            // What is editorial is levelled and allowed with what the rules find.
            let structural = |found: &&Diagnostic| found.rule.kind == RuleKind::Structural;
            found.extend(page.diagnostics.iter().filter(structural).cloned().map(Arc::new));
            written.pages.push(page);
        }
        written
    }

    /// Reads the files that are new or have other text than before.
    fn read(&mut self, inputs: &Inputs, ground: &Ground) {
        self.pages.retain(|id, _| inputs.sources.contains_key(id));
        let sources = inputs.sources.iter().filter_map(|(id, source)| {
            let path = content_path(id)?;
            let known = self.pages.get(id).is_some_and(|(last, _)| *last == source.fingerprint);
            (!known).then_some((path, source))
        });
        let sources: Vec<(&str, &Source)> = sources.collect();
        let parsed: Vec<Page> = sources
            .par_iter()
            .map(|(path, source)| parse_page(source, path, &ground.config, &ground.markdown))
            .collect();
        for ((_, source), page) in sources.into_iter().zip(parsed) {
            self.pages.insert(source.id.clone(), (source.fingerprint, Arc::new(page)));
        }
    }

    /// Returns the pages in the order of their files; translations have the facts of
    /// their originals, which are in `default_lang`.
    fn inherited(&mut self, default_lang: &Lang) -> Vec<Arc<Page>> {
        let is_translation = |page: &Page| page.id.lang() != default_lang;
        let wanted: BTreeSet<PageId> = self
            .pages
            .values()
            .filter(|(_, page)| is_translation(page))
            .map(|(_, page)| page.id.in_lang(default_lang))
            .collect();
        let originals = self.pages.values().filter(|(_, page)| wanted.contains(&page.id));
        let originals: BTreeMap<&PageId, &Arc<Page>> =
            originals.map(|(_, page)| (&page.id, page)).collect();
        let mut earlier = std::mem::take(&mut self.translations);
        let mut pages = Vec::with_capacity(self.pages.len());
        for (id, (_, own)) in &self.pages {
            let original = originals.get(&own.id.in_lang(default_lang));
            let Some(original) = original.filter(|_| is_translation(own)) else {
                pages.push(Arc::clone(own));
                continue;
            };
            let known = earlier.remove(id).filter(|known| {
                Arc::ptr_eq(&known.own, own) && Arc::ptr_eq(&known.original, original)
            });
            let known = known.unwrap_or_else(|| {
                let mut page = Page::clone(own);
                inherit_facts(&mut page, original);
                let (own, original) = (Arc::clone(own), Arc::clone(original));
                Translation { own, original, page: Arc::new(page) }
            });
            pages.push(Arc::clone(&known.page));
            self.translations.insert(id.clone(), known);
        }
        pages
    }
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
    let (mut bibliography, problems) = Bibliography::merge(&files, &notes);
    let table = config.citations.retractions.as_deref().unwrap_or(RETRACTIONS);
    if let Some(source) = inputs.sources.get(&crate::load::named_id(table)) {
        let retractions = Retractions::parse(source);
        retractions.mark(&mut bibliography);
        found.extend(retractions.diagnostics);
    }
    let in_files = files.into_iter().flat_map(|file| file.diagnostics);
    found.extend(in_files.chain(notes.into_iter().flat_map(|notes| notes.diagnostics)));
    found.extend(problems);
    bibliography
}

/// What the site adds to the works' records.
const NOTES: &str = "citations/notes.yaml";

/// The table of works that were retracted.
const RETRACTIONS: &str = "citations/retractions.csv";

/// Tells whether a file of `citations/` holds works, and not styles or tables.
fn holds_works(id: &SourceId) -> bool {
    let is_format =
        id.extension().is_some_and(|extension| !matches!(extension, "csl" | "csv" | "md" | "txt"));
    id.as_str().starts_with("citations/") && id.as_str() != NOTES && is_format
}
