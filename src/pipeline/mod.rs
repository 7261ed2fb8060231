//! The stages in order: from a site's files to the files of its website.
//!
//! [`Pipeline::build`] is the whole of it. Each stage takes what the one before it made;
//! what a stage finds travels beside its value and is gathered here. A pipeline that is
//! kept builds again what changed, by the same stages; [`build`] uses one once.

mod causes;
mod database;
mod ground;
mod parsing;
mod rendering;
mod resolving;
mod settings;
#[cfg(test)]
mod tests;
mod turns;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check::{self, CheckedSite, WorkFindings};
use crate::citation::Bibliography;
use crate::citation::style::StyleSet;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, RuleKind};
use crate::load::Inputs;
use crate::outputs::{
    self, Artifact, Content, Files, ImageMemory, InMemory, Keeper, OutputContext, SiteFiles, When,
};
use crate::packed::Packer;
use crate::page_id::PageId;
use crate::render::value::no_entries;
use crate::render::view::{Heads, RenderedPage, Vantages, ViewSite};
use crate::resolve::Site;
use crate::resolve::linked::ResolvedPage;
use crate::resolve::plan::{Plan, PlanNews, Wanted};
use crate::resolve::routes::Routes;
use crate::source::SourceId;

pub use causes::Cause;

use ground::{Ground, GroundNews};
use parsing::{PageChanges, Parsed};
use rendering::{Renderer, Rendering};
use resolving::{Basis, Resolution};
use settings::Styles;

/// What a build is asked for, beyond the site's own files.
#[derive(Clone, Debug)]
pub struct BuildOptions {
    /// The date to take as today.
    pub today: Date,
    /// Whether drafts are built.
    pub drafts: bool,
    /// Whether pages dated ahead are built.
    pub future: bool,
    /// Whether search engines are asked to leave the whole site out.
    pub noindex: bool,
    /// The address under which the site is published, in place of the configured one.
    pub base_url: Option<String>,
}

impl BuildOptions {
    /// Returns the options of a build on the day `today` that is asked for nothing else.
    pub fn on(today: Date) -> Self {
        Self { today, drafts: false, future: false, noindex: false, base_url: None }
    }
}

/// A built site, not yet written.
#[derive(Debug)]
pub struct Build {
    /// The configuration.
    pub config: Arc<Config>,
    /// The pages and what they say to one another.
    pub site: Arc<Site>,
    /// What each author's page leads to and shows.
    pub resolved: Arc<BTreeMap<PageId, Arc<ResolvedPage>>>,
    /// The citation database.
    pub bibliography: Arc<Bibliography>,
    /// The citation styles that the site and its pages name.
    pub styles: Arc<StyleSet>,
    /// The pages, by their ids; their HTML is among the files.
    pub pages: Arc<BTreeMap<PageId, Arc<RenderedPage>>>,
    /// Every file of the website.
    pub files: Arc<Files>,
    /// The paths of the files that are new, have other bytes or are gone since the last
    /// build, each with what stood there; in order.
    pub changed: Vec<(String, Option<Content>)>,
    /// The pages that were rendered again, each with the reasons; none in a first build.
    pub causes: Vec<(PageId, Vec<Cause>)>,
    /// The pages that were left out: drafts, and those dated ahead.
    pub left_out: Vec<PageId>,
    /// Everything that was found, in order.
    pub diagnostics: Vec<Arc<Diagnostic>>,
}

impl Build {
    /// Returns every file of the website that nobody else keeps, in the order of the paths.
    pub fn artifacts(&self) -> Vec<Artifact> {
        self.files.artifacts().collect()
    }

    /// Tells whether a page cannot be made right, so that nothing is published.
    pub fn has_structural_errors(&self) -> bool {
        self.diagnostics.iter().any(|finding| finding.is_structural_error())
    }
}

/// What is to be rendered for whom, with what was found up to then.
struct Task<'a> {
    keeper: &'a dyn Keeper,
    inputs: &'a Inputs,
    options: &'a BuildOptions,
    found: &'a [Arc<Diagnostic>],
}

/// Builds a site again and again: what has not changed since the last build, and reads
/// nothing that has, is as it was.
///
/// A first build runs the same stages; nothing is known yet.
#[derive(Debug, Default)]
pub struct Pipeline {
    ground: Option<Ground>,
    parsed: Parsed,
    /// The variants of images, which hold whatever becomes of the ground.
    images: ImageMemory,
    resolution: Resolution,
    plan: Plan,
    styles: Option<Styles>,
    work_findings: WorkFindings,
    rendering: Rendering,
    site_files: SiteFiles,
    files: Arc<Files>,
    /// The files of the last build, where all are made anew.
    last_files: Option<Arc<Files>>,
}

/// Builds the site that `inputs` hold once, in memory.
pub fn build(inputs: &Inputs, options: &BuildOptions) -> Build {
    build_into(&InMemory, inputs, options)
}

/// Builds the site that `inputs` hold once; its pages go to `keeper`.
pub fn build_into(keeper: &dyn Keeper, inputs: &Inputs, options: &BuildOptions) -> Build {
    let mut pipeline = Pipeline::default();
    let built = pipeline.build(keeper, inputs, options);
    // Nothing is built again: what was kept for that would only be given back piece by piece.
    std::mem::forget(pipeline);
    built
}

impl Pipeline {
    /// Returns a pipeline that is kept for long: the texts of pages go to the `packer` while
    /// nobody reads them.
    pub fn kept(packer: Packer) -> Self {
        Self { parsed: Parsed::packing(packer), ..Self::default() }
    }

    /// Returns what is wrong with the configuration and the templates that `inputs` hold, where
    /// these are others than in the last build.
    pub fn foresee(&self, inputs: &Inputs, options: &BuildOptions) -> Vec<Arc<Diagnostic>> {
        self.ground.as_ref().map_or_else(Vec::new, |ground| ground.foresee(inputs, options))
    }

    /// Gives back what was kept at hand for a build.
    pub fn rest(&self) {
        self.parsed.let_go();
        // What a few pages show is soon shown again.
        if let Some(styles) = self.styles.as_ref().filter(|_| self.rendering.was_large()) {
            styles.set.forget_works();
        }
    }

    /// Returns every file of the website as it was built last.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Builds the site that `inputs` hold; its pages go to `keeper`, which keeps those
    /// that are not made again.
    pub fn build(&mut self, keeper: &dyn Keeper, inputs: &Inputs, options: &BuildOptions) -> Build {
        let (ground, news) = Ground::renewed(self.ground.take(), inputs, options);
        let news = news.unwrap_or_else(|| {
            self.start_anew();
            GroundNews::default()
        });
        self.forget(&news);
        let mut found: Vec<Arc<Diagnostic>> =
            inputs.diagnostics.iter().cloned().map(Arc::new).collect();
        found.extend(ground.found().cloned());
        let pages = self.parsed.update(inputs, &ground, options);
        found.extend(self.parsed.faults().cloned());
        self.read_styles(inputs, &ground, &pages);
        let styles = self.styles.as_ref().expect("the styles are read before they are used");
        let styles = &Arc::clone(&styles.set);
        let basis = Basis { inputs, ground: &ground, styles, works: news.works.as_ref() };
        self.resolution.update(pages, basis, &mut self.images);
        self.plan(&ground);
        self.rendering.renew(&news, &self.resolution.site);
        // The texts of a whole site are read once, by all that need them, and are let go of as
        // its pages are rendered. Later, whoever waits for a page need not wait for what is
        // wrong with others.
        let is_first = self.rendering.pages().is_empty();
        if is_first {
            self.parsed.put_by();
            self.judge(&ground, inputs, options, &mut found);
        }
        let task = Task { keeper, inputs, options, found: &found };
        self.render(&task, &ground, &news);
        if !is_first {
            self.judge(&ground, inputs, options, &mut found);
        }
        self.rendering.settle(&mut Arc::make_mut(&mut self.resolution.site).facts);
        found.extend(self.rendering.faults().cloned());
        found.extend(self.site_files.diagnostics().cloned().map(Arc::new));
        let mut found = self.rendering.findings().clone().with(found).into_vec();
        spare_unreadable(&mut found);
        let built = Build {
            config: Arc::clone(&ground.config),
            bibliography: Arc::clone(&ground.works),
            styles: Arc::clone(styles),
            site: Arc::clone(&self.resolution.site),
            resolved: Arc::clone(&self.resolution.resolved),
            pages: Arc::clone(self.rendering.pages()),
            changed: self.changed_files(),
            files: Arc::clone(&self.files),
            causes: self.rendering.take_causes(),
            left_out: self.parsed.left_out(),
            diagnostics: found,
        };
        self.ground = Some(ground);
        built
    }

    /// Plans the pages that have another place or show other passages.
    fn plan(&mut self, ground: &Ground) {
        let config = &ground.config;
        let resolution = &self.resolution;
        let wanted = Wanted {
            references: outputs::REFERENCES.is_on(config).then_some(&*ground.works),
            used: &resolution.used,
            tags: outputs::TAGS.is_on(config),
            search: outputs::SEARCH.is_on(config),
        };
        let news = PlanNews {
            edited: &resolution.edited,
            gone: &resolution.gone,
            is_restructured: resolution.is_restructured,
        };
        self.plan.update(&resolution.site, config, wanted, news);
        self.resolution.claim_generated(config, &self.plan);
        self.plan.settle(&mut Arc::make_mut(&mut self.resolution.site).facts);
    }

    /// Forgets the site, so that everything is made anew.
    fn start_anew(&mut self) {
        let (last, images) = (std::mem::take(&mut self.files), std::mem::take(&mut self.images));
        let parsed = self.parsed.emptied();
        *self = Self { parsed, images, last_files: Some(last), ..Self::default() };
    }

    /// Forgets what was made from what is different in another ground.
    fn forget(&mut self, news: &GroundNews) {
        if news.judges_otherwise() {
            self.rendering.judge_all();
            self.work_findings = WorkFindings::default();
        }
        if news.works.is_some() {
            self.plan.renew_works();
            // A style remembers the works that it formatted.
            self.styles = None;
        }
    }

    /// Returns what is different among the files since the last build.
    fn changed_files(&mut self) -> Vec<(String, Option<Content>)> {
        let changes = Arc::make_mut(&mut self.files).take_changes();
        match self.last_files.take() {
            Some(last) => self.files.changes_since(&last),
            None => changes,
        }
    }

    /// Reads the styles that the site and its pages name, which are about to be resolved anew
    /// where they are others.
    fn read_styles(&mut self, inputs: &Inputs, ground: &Ground, news: &PageChanges) {
        let last = |id: &PageId| {
            let entry = self.resolution.site.pages.get(id);
            entry.and_then(|entry| entry.page.front.style.as_ref())
        };
        let may_differ = news.gone.iter().any(|id| last(id).is_some())
            || news.changed.iter().any(|page| page.front.style.as_ref() != last(&page.id));
        if self.styles.is_some() && !may_differ {
            return;
        }
        let (config, pages) = (&ground.config, self.parsed.built());
        if self.styles.as_ref().is_none_or(|styles| !styles.are_of(config, &pages)) {
            self.styles = Some(Styles::read(inputs, config, &pages));
        }
    }

    fn judge(
        &mut self,
        ground: &Ground,
        inputs: &Inputs,
        options: &BuildOptions,
        found: &mut Vec<Arc<Diagnostic>>,
    ) {
        let none = BTreeMap::new();
        let checked = CheckedSite {
            config: &ground.config,
            book: ground.book.as_ref(),
            theme: &ground.theme.config,
            site: &self.resolution.site,
            works: &ground.works,
            used: &self.resolution.used,
            style_problems: self.styles.as_ref().map_or(&none, |styles| &styles.problems),
            drafts: self.parsed.drafts(),
            ahead: self.parsed.ahead(),
            history: inputs.history.as_deref(),
            today: options.today,
            answers: inputs.answers.as_deref(),
        };
        self.rendering.judge(&checked, &self.resolution);
        self.work_findings.update(&checked);
        found.extend(self.work_findings.iter().cloned());
        found.extend(check::check_site(&checked).into_iter().map(Arc::new));
    }

    /// Renders the pages, and makes the files around them.
    fn render(&mut self, task: &Task<'_>, ground: &Ground, news: &GroundNews) {
        let Task { keeper, inputs, options, found } = *task;
        let config = &*ground.config;
        let styles = self.styles.as_ref().expect("the styles are read before the pages are shown");
        let view = ViewSite {
            config,
            theme: &ground.theme,
            templates: &ground.templates,
            strings: &ground.words,
            words: &ground.shown_words,
            highlighter: &ground.highlighter,
            vantages: &Vantages::default(),
            heads: &Heads::default(),
            bibliography: &ground.works,
            styles: &styles.set,
            notices: &ground.notices,
            assets: &ground.assets,
            outputs: outputs::ALL.iter().filter(|o| o.is_on(config)).map(|o| o.name).collect(),
            routes: Routes::new(config),
            today: options.today,
            noindex: options.noindex,
        };
        let no_words = no_entries();
        let context = OutputContext {
            config,
            config_source: &ground.config_source,
            site: &self.resolution.site,
            plan: &self.plan,
            bibliography: &ground.works,
            used: &self.resolution.used,
            exporter: &ground.exporter,
            memory: &ground.memory,
            images: &self.images,
            files: &inputs.files,
            assets: &ground.assets,
            templates: &ground.templates,
            words: ground.shown_words.get(&config.site.language).unwrap_or(&no_words),
            strings: &ground.words,
            changed: self.resolution.differs(&self.plan, news),
            noindex: options.noindex,
        };
        let files = Arc::make_mut(&mut self.files);
        self.rendering.announce(&self.plan, files);
        let (view, resolution, plan) = (&view, &self.resolution, &self.plan);
        let is_kept = self.parsed.is_kept();
        let renderer = Renderer {
            keeper,
            view,
            context: &context,
            sources: &inputs.sources,
            resolution,
            news,
            is_kept,
        };
        let loaded = self.site_files.make(When::BeforePages, &context);
        self.site_files.offer(loaded, files);
        let stale = self.rendering.stale(resolution, plan);
        let make_others = |site_files: &SiteFiles| {
            let mut others = site_files.make(When::BesidePages, &context);
            if is_kept {
                site_files.keep(&mut others, keeper);
            }
            others
        };
        let pages = if self.rendering.pages().is_empty() {
            // Pages of a first build may be written at once, beside the site's files.
            let others = make_others(&self.site_files);
            self.site_files.offer(others, files);
            self.rendering.render(&renderer, &stale, files)
        } else {
            let paths = self.site_files.stale_paths(When::BesidePages, &context);
            keeper.begin(self.rendering.upcoming(&stale, paths, files, found));
            let (pages, others) = rayon::join(
                || self.rendering.render(&renderer, &stale, files),
                || make_others(&self.site_files),
            );
            self.site_files.offer(others, files);
            pages
        };
        self.site_files.note_clashes(&context, files);
        self.rendering.take(pages, files);
    }
}

/// Drops what editorial rules say of files whose front matter could not be read:
/// what seems missing there may well be written.
fn spare_unreadable(found: &mut Vec<Arc<Diagnostic>>) {
    let hides = ["yaml-syntax", "encoding", "fm-required"];
    let unreadable: BTreeSet<SourceId> = found
        .iter()
        .filter(|finding| hides.contains(&finding.rule.id))
        .map(|finding| finding.source().clone())
        .collect();
    if unreadable.is_empty() {
        return;
    }
    found.retain(|finding| {
        finding.rule.kind == RuleKind::Structural || !unreadable.contains(finding.source())
    });
}

/// A page's file with its place below `content/`.
fn content_path(id: &SourceId) -> Option<&str> {
    id.as_str().strip_prefix("content/").filter(|path| path.ends_with(".md"))
}
