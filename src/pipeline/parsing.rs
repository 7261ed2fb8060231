//! Parsing every page, in parallel, and again what changed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, RuleKind, structural};
use crate::fingerprint::Fingerprint;
use crate::load::Inputs;
use crate::packed::Packer;
use crate::page_id::{Lang, PageId};
use crate::parse::KeptPage;
use crate::parse::document::parse_page;
use crate::resolve::translations::inherit_facts;
use crate::source::{Source, SourceId, Span};

use super::ground::Ground;
use super::{BuildOptions, content_path};

/// What is different among the pages that are built.
#[derive(Debug, Default)]
pub(super) struct PageChanges {
    /// Those that are new or were read again, in the order of their ids.
    pub(super) changed: Vec<Arc<KeptPage>>,
    /// Those that are built no more.
    pub(super) gone: Vec<PageId>,
    /// Whether files were read, or are gone, that make no page, such as a draft's.
    pub(super) has_left_out: bool,
}

/// The pages as they were read last.
///
/// A page is read from its file alone; a translation then has the facts of its original.
/// That two files make one page is a fault of theirs: the page is that of the last in the
/// order of the files, and nothing is published.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    read: BTreeMap<SourceId, (Fingerprint, Arc<KeptPage>)>,
    /// The files of each page.
    files: BTreeMap<PageId, BTreeSet<SourceId>>,
    translations: BTreeMap<SourceId, Translation>,
    /// The pages that are built.
    built: BTreeMap<PageId, Arc<KeptPage>>,
    drafts: BTreeMap<SourceId, PageId>,
    /// The pages dated ahead that are no drafts.
    ahead: BTreeMap<SourceId, PageId>,
    /// What makes it impossible to make a page right, by its file.
    faults: BTreeMap<SourceId, Vec<Arc<Diagnostic>>>,
    /// The date of the last update.
    today: Option<Date>,
    /// What packs the Markdown of pages; `None` where it is not packed.
    packer: Option<Arc<Packer>>,
}

/// A translation that has the facts of its original.
#[derive(Debug)]
struct Translation {
    own: Arc<KeptPage>,
    original: Arc<KeptPage>,
    page: Arc<KeptPage>,
}

impl Parsed {
    /// Knows no page yet; the Markdown of those that it reads goes to the `packer`.
    pub(super) fn packing(packer: Packer) -> Self {
        Self { packer: Some(Arc::new(packer)), ..Self::default() }
    }

    /// Returns the same without any page.
    pub(super) fn emptied(&self) -> Self {
        Self { packer: self.packer.clone(), ..Self::default() }
    }

    /// Tells whether pages are kept for long.
    pub(super) fn is_kept(&self) -> bool {
        self.packer.is_some()
    }

    /// Lets go of the texts of pages, until somebody asks for them.
    pub(super) fn let_go(&self) {
        let pages = self.read.values().map(|(_, page)| page);
        let translations = self.translations.values().map(|translation| &translation.page);
        pages.chain(translations).for_each(|page| page.let_go());
    }

    /// Puts by what is read of the texts when their pages are rendered, and not before.
    pub(super) fn put_by(&self) {
        let Some(packer) = &self.packer else { return };
        let pages: Vec<&Arc<KeptPage>> = self.built.values().collect();
        pages.into_par_iter().for_each(|page| packer.put_by(&page.page().body.html));
    }

    /// Reads the pages that changed, and leaves out drafts and those that are dated more
    /// than a day ahead.
    pub(super) fn update(
        &mut self,
        inputs: &Inputs,
        ground: &Ground,
        options: &BuildOptions,
    ) -> PageChanges {
        let mut touched = self.read(inputs, ground);
        touched.extend(self.dated_between(self.today, options.today));
        self.today = Some(options.today);
        let default_lang = &ground.config.site.language;
        let originals = touched.iter().filter(|id| id.lang() == default_lang);
        let translations: Vec<PageId> =
            originals.flat_map(|id| self.translations_of(id)).cloned().collect();
        touched.extend(translations);
        let mut changes = PageChanges::default();
        for id in touched {
            let page = self.choose(&id, ground, options);
            let last = match &page {
                Some(page) => self.built.insert(id.clone(), Arc::clone(page)),
                None => self.built.remove(&id),
            };
            match (page, last) {
                (Some(page), Some(last)) if Arc::ptr_eq(&last, &page) => {}
                (Some(page), _) => changes.changed.push(page),
                (None, Some(_)) => changes.gone.push(id),
                (None, None) => changes.has_left_out = true,
            }
        }
        changes
    }

    /// Returns the pages that count as dated ahead on one of two days and not on the other.
    fn dated_between(&self, last: Option<Date>, today: Date) -> Vec<PageId> {
        let Some(last) = last.filter(|last| *last != today) else { return Vec::new() };
        let is_ahead = |date: Date, today| date > horizon(today);
        let pages = self.read.values().map(|(_, page)| page);
        let differs = |page: &&Arc<KeptPage>| {
            page.front.date.is_some_and(|date| is_ahead(date, last) != is_ahead(date, today))
        };
        // A translation may have its date of the original.
        let dated = pages.filter(differs).map(|page| &page.id);
        dated.flat_map(|id| self.translations_of(id)).cloned().collect()
    }

    /// Returns the pages that are built.
    pub(super) fn built(&self) -> Vec<&KeptPage> {
        self.built.values().map(|page| &**page).collect()
    }

    /// Returns the drafts that are left out, by their file.
    pub(super) fn drafts(&self) -> &BTreeMap<SourceId, PageId> {
        &self.drafts
    }

    /// Returns the pages that are left out because they are dated ahead, by their file.
    pub(super) fn ahead(&self) -> &BTreeMap<SourceId, PageId> {
        &self.ahead
    }

    /// Returns the drafts and the pages dated ahead, in the order of their files.
    pub(super) fn left_out(&self) -> Vec<PageId> {
        let left_out: BTreeMap<_, _> = self.drafts.iter().chain(&self.ahead).collect();
        left_out.into_values().cloned().collect()
    }

    /// Returns what makes it impossible to make a page right.
    pub(super) fn faults(&self) -> impl Iterator<Item = &Arc<Diagnostic>> {
        self.faults.values().flatten()
    }

    /// Reads the files that are new or have other text than before, and returns the pages
    /// that these and those that are gone make.
    fn read(&mut self, inputs: &Inputs, ground: &Ground) -> BTreeSet<PageId> {
        let (sources, gone) = self.differences(inputs);
        let parsed: Vec<KeptPage> = sources
            .par_iter()
            .map(|(path, source)| {
                let page = parse_page(source, path, &ground.config, &ground.markdown);
                if let Some(packer) = &self.packer {
                    source.pack(packer, path);
                }
                KeptPage::new(page, &ground.markdown)
            })
            .collect();
        let mut touched = BTreeSet::new();
        for file in gone {
            self.forget(&file, &mut touched);
        }
        for ((_, source), page) in sources.into_iter().zip(parsed) {
            let file = &source.id;
            self.forget(file, &mut touched);
            touched.insert(page.id.clone());
            self.files.entry(page.id.clone()).or_default().insert(file.clone());
            self.read.insert(file.clone(), (source.fingerprint, Arc::new(page)));
        }
        touched
    }

    /// Returns the pages' files that are new or have other text than before, and those
    /// that are gone.
    fn differences<'a>(&self, inputs: &'a Inputs) -> (Vec<(&'a str, &'a Source)>, Vec<SourceId>) {
        let mut before = self.read.iter().peekable();
        let (mut differ, mut gone) = (Vec::new(), Vec::new());
        for (id, source) in &inputs.sources {
            let Some(path) = content_path(id) else { continue };
            while let Some((file, _)) = before.next_if(|(file, _)| *file < id) {
                gone.push(file.clone());
            }
            let last = before.next_if(|(file, _)| *file == id);
            if last.is_none_or(|(_, (fingerprint, _))| *fingerprint != source.fingerprint) {
                differ.push((path, source));
            }
        }
        gone.extend(before.map(|(file, _)| file.clone()));
        (differ, gone)
    }

    /// Forgets what was read of a file, and notes the page that it made.
    fn forget(&mut self, file: &SourceId, touched: &mut BTreeSet<PageId>) {
        let Some((_, page)) = self.read.remove(file) else { return };
        if let Some(files) = self.files.get_mut(&page.id) {
            files.remove(file);
            if files.is_empty() {
                self.files.remove(&page.id);
            }
        }
        self.translations.remove(file);
        self.drafts.remove(file);
        self.ahead.remove(file);
        self.faults.remove(file);
        touched.insert(page.id.clone());
    }

    /// Returns the ids of the page in every language.
    fn translations_of<'a>(&'a self, id: &'a PageId) -> impl Iterator<Item = &'a PageId> {
        let ids = self.files.range(id.in_lang(&Lang::new(""))..).map(|(id, _)| id);
        ids.take_while(|other| other.path() == id.path())
    }

    /// Judges the files of the page `id`, and returns the page where it is built.
    fn choose(
        &mut self,
        id: &PageId,
        ground: &Ground,
        options: &BuildOptions,
    ) -> Option<Arc<KeptPage>> {
        let ahead = horizon(options.today);
        let builds_drafts = options.drafts || ground.config.build.drafts;
        let mut chosen: Option<Arc<KeptPage>> = None;
        for file in self.files.get(id).cloned().unwrap_or_default() {
            let page = self.inherited(&file, &ground.config.site.language);
            let is_draft = page.front.draft && !builds_drafts;
            let is_ahead = page.front.date.is_some_and(|date| date > ahead) && !options.future;
            note(&mut self.drafts, &file, is_draft.then(|| id.clone()));
            note(&mut self.ahead, &file, (is_ahead && !is_draft).then(|| id.clone()));
            // What is editorial is levelled and allowed with what the rules find.
            let structural = page
                .diagnostics
                .iter()
                .filter(|found| found.rule.kind == RuleKind::Structural && !is_draft && !is_ahead);
            let mut structural: Vec<_> = structural.cloned().map(Arc::new).collect();
            if !is_draft && !is_ahead {
                let twin = chosen.replace(page).map(|twin| two_files(&twin, &file));
                structural.extend(twin.map(Arc::new));
            }
            note(&mut self.faults, &file, (!structural.is_empty()).then_some(structural));
        }
        chosen
    }

    /// Returns the page of a file; a translation has the facts of its original.
    fn inherited(&mut self, file: &SourceId, default_lang: &Lang) -> Arc<KeptPage> {
        let (_, own) = &self.read[file];
        let original = self.files.get(&own.id.in_lang(default_lang));
        let original = original.filter(|_| own.id.lang() != default_lang);
        let Some((_, original)) = original.and_then(|files| self.read.get(files.last()?)) else {
            self.translations.remove(file);
            return Arc::clone(own);
        };
        let known = self.translations.get(file);
        if let Some(known) = known
            .filter(|known| Arc::ptr_eq(&known.own, own) && gives_as(original, &known.original))
        {
            return Arc::clone(&known.page);
        }
        let page = Arc::new(own.with_head(inherit_facts(&own.page(), &original.page())));
        let (own, original) = (Arc::clone(own), Arc::clone(original));
        let translation = Translation { own, original, page: Arc::clone(&page) };
        self.translations.insert(file.clone(), translation);
        page
    }
}

/// Tells whether translations have of both pages the same: their text is their own.
fn gives_as(original: &Arc<KeptPage>, earlier: &Arc<KeptPage>) -> bool {
    let facts = |page: &KeptPage| {
        let title = page.glance().body.title.as_ref().map(|title| title.text.clone());
        // Findings in what was given point at its place in the original's file.
        let yaml = page.yaml.clone().map(|range| page.source.text()[..range.end].to_owned());
        (title, yaml)
    };
    Arc::ptr_eq(original, earlier)
        || original.front == earlier.front && facts(original) == facts(earlier)
}

/// Returns the finding that `file` makes the same page as the file of `twin`.
fn two_files(twin: &KeptPage, file: &SourceId) -> Diagnostic {
    let (id, other) = (&twin.id, &twin.source.id);
    let message = format!("`{other}` and `{file}` both make the page `{id}`");
    Diagnostic::new(&structural::URL_DUPLICATE, Span::file(file.clone()), message)
        .with_related(Span::file(other.clone()), "the other file")
        .with_help("rename or delete one of them: only one can be published")
}

/// Returns the last day of which pages are not dated ahead.
fn horizon(today: Date) -> Date {
    today.checked_add(1.day()).unwrap_or(today)
}

/// Notes what is to be said of a file, be it nothing.
fn note<T>(of_files: &mut BTreeMap<SourceId, T>, file: &SourceId, what: Option<T>) {
    match what {
        Some(what) => of_files.insert(file.clone(), what),
        None => of_files.remove(file),
    };
}
