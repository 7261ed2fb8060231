//! From what changed on disk to what changes on the site.
//!
//! [`Engine::update`] reads the files that changed and builds; [`Engine::make`] is the
//! one place that calls the pipeline. Where a file cannot be read as what it is (its
//! front matter is no YAML, a template does not parse, the configuration is malformed),
//! the site is built with the last text of it that could be, and what is wrong with the
//! new one is reported: an author half-way through a line still has a site.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::config::{self, Config};
use crate::diagnostic::{self, Diagnostic, structural};
use crate::load::{self, FileError, Inputs, LoadPlan};
use crate::outputs::{Artifact, Content, Packing};
use crate::packed::{Packer, Store};
use crate::page_id::PageId;
use crate::pipeline::{Build, BuildOptions, Cause, Pipeline};
use crate::source::{Source, SourceId};
use crate::write::Shelf;

use super::audience::{Audience, Showing};
use super::snapshot::Changes;

/// Builds a site again and again.
pub struct Engine {
    root: PathBuf,
    /// The output folder, where it is not for the configuration to say.
    output: Option<PathBuf>,
    options: BuildOptions,
    /// What says which date to take as today, where it is not the one of the options for ever.
    clock: Option<Clock>,
    plan: LoadPlan,
    /// The files as they are on disk.
    inputs: Inputs,
    /// Whether `inputs` holds all of them.
    is_read: bool,
    /// The last text of each file that could be read as what it is.
    good: BTreeMap<SourceId, Source>,
    /// The files whose newest text could not, with what is wrong with it.
    held: BTreeMap<SourceId, Vec<Arc<Diagnostic>>>,
    /// The pages that cannot be rendered, each with its last good version where it has one.
    unrendered: BTreeMap<String, Option<Content>>,
    /// The file that each page is written in, by the page's path.
    sources: Arc<BTreeMap<String, SourceId>>,
    pipeline: Pipeline,
    keeper: Packing,
}

/// Says which date it is.
type Clock = Box<dyn Fn() -> Date + Send + Sync>;

/// What a build made of the site.
#[derive(Debug, Default)]
pub struct Update {
    /// The paths of files that are new, have other bytes, or are gone; in order.
    pub changed: Vec<String>,
    /// How many pages were made again.
    pub pages: usize,
    /// The pages that were rendered again, each with the reasons; of a first build nothing is
    /// said.
    pub causes: Vec<(PageId, Vec<Cause>)>,
    /// How many pages there are.
    pub all_pages: usize,
    /// Everything that is wrong with the files as they are.
    pub diagnostics: Arc<[Arc<Diagnostic>]>,
    /// The file that each page is written in, by the page's path.
    pub sources: Arc<BTreeMap<String, SourceId>>,
    /// The pages that show an older state than their file, by their path.
    pub stale: BTreeSet<String>,
    /// The file that makes every page stale, where there is one.
    pub stale_for: Option<SourceId>,
    /// The path of the site's address, `/` or `/docs/`.
    pub base_path: String,
    /// What stands before that path in the site's address, `https://example.org`; empty
    /// where the address is not known.
    pub origin: String,
}

impl Update {
    /// Tells whether a page cannot be made right, so that nothing is to be published.
    pub fn has_structural_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.is_structural_error())
    }
}

impl Engine {
    /// Returns an engine for the site in `root`, which has not read anything yet but
    /// the configuration.
    ///
    /// `output` is the output folder where the configuration's does not count.
    ///
    /// # Errors
    /// Fails where the site cannot be found.
    pub fn new(
        root: PathBuf,
        output: Option<PathBuf>,
        options: BuildOptions,
    ) -> Result<Self, FileError> {
        // Without a place for temporary files everything is in memory.
        let shelf = Shelf::open().ok().map(|shelf| Arc::new(shelf) as Arc<dyn Store>);
        let mut engine = Self {
            root,
            output,
            options,
            clock: None,
            plan: LoadPlan::default(),
            inputs: Inputs::default(),
            is_read: false,
            good: BTreeMap::new(),
            held: BTreeMap::new(),
            unrendered: BTreeMap::new(),
            sources: Arc::default(),
            pipeline: Pipeline::kept(Packer::new(shelf.clone())),
            keeper: Packing::new(Packer::new(shelf)),
        };
        engine.plan = engine.read_plan()?;
        Ok(engine)
    }

    /// Takes the date anew of `clock` at each build.
    pub fn dated_by(self, clock: impl Fn() -> Date + Send + Sync + 'static) -> Self {
        Self { clock: Some(Box::new(clock)), ..self }
    }

    /// Returns the date that the site was built last with.
    pub fn today(&self) -> Date {
        self.options.today
    }

    /// Tells whether it is another date than that.
    pub fn is_outdated(&self) -> bool {
        self.clock.as_ref().is_some_and(|clock| clock() != self.options.today)
    }

    /// Returns which files make up the site.
    pub fn plan(&self) -> &LoadPlan {
        &self.plan
    }

    /// Returns every file of the website, in the order of the paths.
    pub fn artifacts(&self) -> Vec<Artifact> {
        let kept = |artifact: Artifact| match self.unrendered.get(&artifact.path) {
            Some(Some(content)) => Artifact { content: content.clone(), ..artifact },
            _ => artifact,
        };
        self.pipeline.files().artifacts().map(kept).collect()
    }

    /// Returns the file at `path`.
    pub fn content(&self, path: &str) -> Option<&Content> {
        match self.unrendered.get(path) {
            Some(Some(content)) => Some(content),
            _ => self.pipeline.files().get(path),
        }
    }

    /// Returns a text file as it is on disk.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.inputs.sources.get(id)
    }

    /// Does what can wait until whoever waits for an update has it.
    pub fn rest(&self) {
        self.keeper.rest();
        self.pipeline.rest();
    }

    /// Reads what changed, everything where that is `None`, and builds before an `audience`.
    ///
    /// # Errors
    /// Fails where a file cannot be read; the site is then as it was, and the next
    /// update reads everything.
    pub fn update(
        &mut self,
        changes: Option<&Changes>,
        audience: &dyn Audience,
    ) -> Result<Update, FileError> {
        let changed = self.read(changes)?;
        if let Some(clock) = &self.clock {
            self.options.today = clock();
        }
        self.retry(changed.as_ref());
        // What every page depends on is looked at before any page is made with it.
        let shapes_all = |id: &SourceId| is_template(id) || is_configuration(id);
        let may_shape = changed.as_ref().is_none_or(|ids| ids.iter().any(shapes_all));
        let mut is_held = may_shape && {
            let found = {
                let inputs = readable(&self.inputs, &self.held, &self.good);
                self.pipeline.foresee(&inputs, &self.options)
            };
            self.hold_unreadable(&found)
        };
        let mut build = self.make(audience);
        if self.hold_unreadable(&build.diagnostics) {
            is_held = true;
            let first = std::mem::take(&mut build.changed);
            let causes = std::mem::take(&mut build.causes);
            // The pipeline goes on with what nobody else holds.
            drop(build);
            build = self.make(audience);
            build.changed = changed_in_both(first, &build);
            build.causes.splice(0..0, causes);
        }
        self.note_good(changed.as_ref(), &build);
        let same_files = changes.is_some_and(|c| c.added.is_empty() && c.deleted.is_empty());
        Ok(self.take(build, changed.is_some() && same_files && !is_held))
    }

    /// Notes the texts that `build` could read as what they are.
    fn note_good(&mut self, changed: Option<&BTreeSet<SourceId>>, build: &Build) {
        let findings = build.diagnostics.iter().filter(|finding| is_unreadable(finding));
        let unreadable: BTreeSet<&SourceId> = findings.map(|finding| finding.source()).collect();
        let sources = &self.inputs.sources;
        let read: Vec<&Source> = match changed {
            Some(ids) => {
                let gone = ids.iter().filter(|id| !sources.contains_key(id));
                gone.for_each(|id| drop(self.good.remove(id)));
                ids.iter().filter_map(|id| sources.get(id)).collect()
            }
            None => {
                self.good.retain(|id, _| sources.contains_key(id));
                sources.values().collect()
            }
        };
        for source in read {
            if !self.held.contains_key(&source.id) && !unreadable.contains(&source.id) {
                self.good.insert(source.id.clone(), source.clone());
            }
        }
    }

    /// Makes the site of what was read, with the last good text of what is held.
    fn make(&mut self, audience: &dyn Audience) -> Build {
        let (good, sources) = (&self.good, &self.inputs.sources);
        let hides =
            |found: &[Arc<Diagnostic>]| newly_unreadable(found, good, sources).next().is_some();
        let keeper = Showing::new(&self.keeper, audience, &hides);
        let inputs = readable(&self.inputs, &self.held, good);
        self.pipeline.build(&keeper, &inputs, &self.options)
    }

    /// Reads what changed, and returns the files; `None` stands for all.
    fn read(&mut self, changes: Option<&Changes>) -> Result<Option<BTreeSet<SourceId>>, FileError> {
        let is_read = std::mem::take(&mut self.is_read);
        if let Some(changes) = changes.filter(|_| is_read) {
            let paths = [&changes.added, &changes.modified, &changes.deleted];
            let paths: BTreeSet<PathBuf> = paths.into_iter().flatten().cloned().collect();
            if let Some(ids) = load::reload(&mut self.inputs, &self.plan, &paths)? {
                self.is_read = true;
                return Ok(Some(ids));
            }
        }
        self.plan = self.read_plan()?;
        self.inputs = load::load(&self.plan)?;
        self.is_read = true;
        Ok(None)
    }

    fn read_plan(&self) -> Result<LoadPlan, FileError> {
        let config = load::read_config(&self.root)?;
        let config = config.map_or_else(Config::default, |(source, _)| Config::parse(&source).0);
        let output = match &self.output {
            Some(output) => output.clone(),
            None => PathBuf::from(config.build.output_dir.as_ref()),
        };
        Ok(LoadPlan::new(&self.root, &output, &config))
    }

    /// Gives up holding what may be readable since `changed` files changed.
    fn retry(&mut self, changed: Option<&BTreeSet<SourceId>>) {
        let Some(changed) = changed else { return self.held.clear() };
        // A template may be mended in another one, or by another theme.
        let may_mend = changed.iter().any(|id| is_template(id) || is_configuration(id));
        self.held.retain(|id, _| !(changed.contains(id) || may_mend && is_template(id)));
    }

    /// Holds the files that cannot be read as what they are, as `found` says, and could be
    /// earlier; tells whether there are any that are not held yet.
    fn hold_unreadable(&mut self, found: &[Arc<Diagnostic>]) -> bool {
        let unreadable = newly_unreadable(found, &self.good, &self.inputs.sources);
        let unreadable: BTreeSet<&SourceId> =
            unreadable.filter(|id| !self.held.contains_key(id)).collect();
        for id in &unreadable {
            let mut findings: Vec<Arc<Diagnostic>> =
                found.iter().filter(|found| found.source() == *id).cloned().collect();
            // What only follows from it, such as that there is no such template, has no
            // place in the text.
            if findings.iter().any(|found| is_unreadable(found) && found.span.end > 0) {
                findings.retain(|found| !is_unreadable(found) || found.span.end > 0);
            }
            self.held.insert((*id).clone(), findings);
        }
        !unreadable.is_empty()
    }

    /// Tells whether an author's page stands elsewhere than before, or may do so where all
    /// pages were made anew, of which no causes are told.
    fn has_other_paths(&self, build: &Build) -> bool {
        let stands_elsewhere = |id: &PageId| {
            let (Some(page), Some(entry)) = (build.pages.get(id), build.site.pages.get(id)) else {
                return false;
            };
            self.sources.get(&page.url.to_file_path()) != Some(&entry.page.source.id)
        };
        build.causes.is_empty() || build.causes.iter().any(|(id, _)| stands_elsewhere(id))
    }

    /// Takes in a build, and returns what is different in it; `same_files` says that it
    /// is of the same files, whatever is in them.
    fn take(&mut self, build: Build, same_files: bool) -> Update {
        let mut same_paths = !self.has_other_paths(&build);
        let mut update = Update {
            all_pages: build.pages.len(),
            base_path: base_path(&build.config.site.base_url),
            origin: origin(&build.config.site.base_url).to_owned(),
            causes: build.causes,
            ..Update::default()
        };
        let mut changed = Vec::with_capacity(build.changed.len());
        for (path, last) in build.changed {
            let now = build.files.get(&path);
            same_paths &= now.is_some() || !self.sources.contains_key(&path);
            let shown = match self.unrendered.remove(&path) {
                Some(good) => good,
                None => last,
            };
            let is_same = match now.is_some_and(|now| is_empty_page(&path, now)) {
                // It keeps its last good version.
                true => {
                    let is_new = shown.is_none();
                    self.unrendered.insert(path.clone(), shown);
                    !is_new
                }
                false => now == shown.as_ref(),
            };
            if !is_same {
                changed.push(path);
            }
        }
        update.stale.extend(self.unrendered.keys().cloned());
        if !(same_paths && same_files) {
            let written = build.pages.iter().filter_map(|(id, page)| {
                let source = &build.site.pages.get(id)?.page.source.id;
                Some((page.url.to_file_path(), source.clone()))
            });
            self.sources = Arc::new(written.collect());
        }
        let mut diagnostics = build.diagnostics;
        if !self.held.is_empty() {
            diagnostics.retain(|finding| !self.held.contains_key(finding.source()));
            diagnostics.extend(self.held.values().flatten().cloned());
            diagnostic::sort(&mut diagnostics);
            let stale = self.sources.iter().filter(|(_, id)| self.held.contains_key(id));
            update.stale.extend(stale.map(|(path, _)| path.clone()));
            let shapes_all = |id: &&SourceId| is_template(id) || id.as_str() == config::FILE;
            update.stale_for = self.held.keys().find(shapes_all).cloned();
        }
        update.diagnostics = Arc::from(diagnostics);
        let is_page = |path: &&String| path.ends_with(".html") && build.files.get(path).is_some();
        update.pages = changed.iter().filter(is_page).count();
        update.changed = changed;
        update.sources = Arc::clone(&self.sources);
        update
    }
}

/// Returns what two builds changed, the `later` of which is still at hand.
fn changed_in_both(
    first: Vec<(String, Option<Content>)>,
    later: &Build,
) -> Vec<(String, Option<Content>)> {
    let mut stood: BTreeMap<String, Option<Content>> = later.changed.iter().cloned().collect();
    stood.extend(first);
    let differs =
        |(path, stood): &(String, Option<Content>)| later.files.get(path) != stood.as_ref();
    stood.into_iter().filter(differs).collect()
}

/// Returns `inputs` with the last `good` text of what is `held`.
fn readable<'a>(
    inputs: &'a Inputs,
    held: &BTreeMap<SourceId, Vec<Arc<Diagnostic>>>,
    good: &BTreeMap<SourceId, Source>,
) -> Cow<'a, Inputs> {
    let mut inputs = Cow::Borrowed(inputs);
    for good in held.keys().filter_map(|id| good.get(id)) {
        let inputs = inputs.to_mut();
        inputs.diagnostics.retain(|finding| *finding.source() != good.id);
        inputs.sources.insert(good.id.clone(), good.clone());
    }
    inputs
}

/// Returns the files that cannot be read as what they are, as `found` says, and of which
/// there is another text, a `good` one.
fn newly_unreadable<'a>(
    found: &'a [Arc<Diagnostic>],
    good: &BTreeMap<SourceId, Source>,
    sources: &BTreeMap<SourceId, Source>,
) -> impl Iterator<Item = &'a SourceId> {
    let unreadable = found.iter().filter(|finding| is_unreadable(finding));
    unreadable.map(|finding| finding.source()).filter(|id| {
        let text =
            |texts: &BTreeMap<SourceId, Source>| texts.get(*id).map(|source| source.fingerprint);
        let good = text(good);
        good.is_some() && good != text(sources)
    })
}

/// Tells whether a file cannot be read as what it is.
fn is_unreadable(finding: &Diagnostic) -> bool {
    let rule = finding.rule.id;
    let id = finding.source();
    finding.is_structural_error()
        && (rule == structural::YAML_SYNTAX.id
            || rule == structural::ENCODING.id
            || rule == structural::TEMPLATE_ERROR.id && is_template(id)
            || rule == structural::CONFIG_TYPE.id && is_configuration(id))
}

fn is_template(id: &SourceId) -> bool {
    id.as_str().starts_with("templates/") || id.as_str().starts_with("themes/")
}

fn is_configuration(id: &SourceId) -> bool {
    id.as_str() == config::FILE || id.as_str().ends_with("/theme.toml")
}

fn is_empty_page(path: &str, content: &Content) -> bool {
    matches!(content, Content::Bytes(bytes) if bytes.is_empty()) && path.ends_with(".html")
}

/// Returns the scheme and the host of the address `base_url`; empty where it has none.
fn origin(base_url: &str) -> &str {
    let host = base_url.find("://").map_or(base_url.len(), |scheme| scheme + "://".len());
    let end = base_url[host..].find('/').map_or(base_url.len(), |path| host + path);
    if host < end { &base_url[..end] } else { "" }
}

/// Returns the path of the address `base_url`, with a `/` at both ends.
fn base_path(base_url: &str) -> String {
    let after_scheme = base_url.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_scheme.split_once('/').map_or("", |(_, path)| path);
    match path.trim_matches('/') {
        "" => "/".to_owned(),
        path => format!("/{path}/"),
    }
}

#[cfg(test)]
mod tests;
