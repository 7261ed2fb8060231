//! The stages in order: from a site's files to the files of its website.
//!
//! [`build`] is the whole of it. Each stage takes what the one before it made;
//! what a stage finds travels beside its value and is gathered here.

mod parsing;
mod resolving;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rayon::prelude::*;

use crate::check::{self, CheckedSite};
use crate::citation::Bibliography;
use crate::config::Config;
use crate::diagnostic::{self, Diagnostic, RuleKind};
use crate::load::Inputs;
use crate::outputs::{self, Artifact, InMemory, Keeper, OutputContext};
use crate::page_id::PageId;
use crate::parse::document::markdown_options;
use crate::render::assets::Assets;
use crate::render::highlight::Highlighter;
use crate::render::templates::Templates;
use crate::render::value::{Value, map_by_name, text};
use crate::render::view::{RenderedPage, Vantages, ViewSite, render_page};
use crate::resolve::Site;
use crate::resolve::linked::ResolvedPage;
use crate::resolve::plan::{PlannedPage, Wanted, plan};
use crate::resolve::routes::Routes;
use crate::source::SourceId;

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

/// A built site, not yet written.
#[derive(Debug)]
pub struct Build {
    /// The configuration.
    pub config: Config,
    /// The pages and what they say to one another.
    pub site: Site,
    /// What each author's page leads to and shows.
    pub resolved: BTreeMap<PageId, ResolvedPage>,
    /// The citation database.
    pub bibliography: Bibliography,
    /// The pages, in the order of their ids; their HTML is among the artifacts.
    pub pages: Vec<RenderedPage>,
    /// Every file of the website that nobody else keeps, in the order of the paths.
    pub artifacts: Vec<Artifact>,
    /// The pages that were left out: drafts, and those dated ahead.
    pub left_out: Vec<PageId>,
    /// Everything that was found, in order.
    pub diagnostics: Vec<Diagnostic>,
}

impl Build {
    /// Tells whether a page cannot be made right, so that nothing is published.
    pub fn has_structural_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_structural_error)
    }
}

/// Builds the site that `inputs` hold, in memory.
pub fn build(inputs: &Inputs, options: &BuildOptions) -> Build {
    build_into(&InMemory, inputs, options)
}

/// Builds the site that `inputs` hold; its pages go to `keeper`.
pub fn build_into(keeper: &dyn Keeper, inputs: &Inputs, options: &BuildOptions) -> Build {
    let mut found = inputs.diagnostics.clone();
    let settings = settings::read(inputs, options, &mut found);
    let settings::Settings { config, book, theme } = &settings;
    let (templates, problems) = Templates::new(theme);
    found.extend(problems);

    let works = parsing::bibliography(inputs, config, &mut found);
    let words = settings::words(config, theme, &mut found);
    let markdown = markdown_options(config, &theme.config, &words);
    let written = parsing::pages(inputs, config, &markdown, options, &mut found);

    let mut site = resolving::site(written.pages, inputs, config, theme);
    let resolved = resolving::link(&mut site, config, theme, &works);
    let wanted = Wanted {
        references: outputs::REFERENCES.is_on(config).then_some(&works),
        tags: outputs::TAGS.is_on(config),
    };
    let mut planned = plan(&site, config, wanted);
    resolving::claim_generated(&mut site, config, &planned);
    // Two pages at one path are reported; the first by id is shown meanwhile.
    let mut paths = BTreeSet::new();
    planned.retain(|page| paths.insert(page.url.clone()));

    let (styles, style_problems) = settings::styles(inputs, config, &site);
    let checked = CheckedSite {
        config,
        book: book.as_ref(),
        theme: &theme.config,
        site: &site,
        works: &works,
        style_problems: &style_problems,
        drafts: &written.drafts,
        today: options.today,
    };
    let on_pages: Vec<_> = site
        .pages
        .par_iter()
        .map(|(id, entry)| check::check_page(&checked, &entry.page, &resolved[id].linked))
        .collect();
    found.extend(on_pages.into_iter().flat_map(|findings| findings.diagnostics));
    found.extend(check::check_site(&checked));

    let assets = Assets::of(theme, &inputs.files);
    let notices = settings::notices(config, &markdown);
    let shown_words: BTreeMap<_, Value> = words
        .iter()
        .map(|(lang, strings)| {
            let strings = strings.iter().map(|(key, word)| (key, text(word)));
            (lang.clone(), map_by_name(strings))
        })
        .collect();
    let view = ViewSite {
        config,
        theme,
        templates: &templates,
        strings: &words,
        words: &shown_words,
        highlighter: &Highlighter::default(),
        vantages: &Vantages::default(),
        bibliography: &works,
        styles: &styles,
        notices: &notices,
        assets: &assets,
        outputs: outputs::ALL.iter().filter(|o| o.is_on(config)).map(|o| o.name).collect(),
        routes: Routes::new(config),
        today: options.today,
        noindex: options.noindex,
    };
    let (pages, html) = render(keeper, &view, &site, &planned, &resolved);
    found.extend(pages.iter().flat_map(|page| page.diagnostics.iter().cloned()));

    let no_words = map_by_name(std::iter::empty::<(String, Value)>());
    let files = outputs::files(&OutputContext {
        config,
        config_source: &settings.config_source(),
        site: &site,
        plan: &planned,
        pages: &pages,
        bibliography: &works,
        files: &inputs.files,
        assets: &assets,
        templates: &templates,
        words: shown_words.get(&config.site.language).unwrap_or(&no_words),
        noindex: options.noindex,
    });
    found.extend(files.diagnostics);
    spare_unreadable(&mut found);
    diagnostic::sort(&mut found);

    let mut artifacts: Vec<Artifact> = html.into_iter().chain(files.artifacts).collect();
    artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    Build {
        config: settings.config,
        bibliography: works,
        resolved,
        pages,
        artifacts,
        left_out: written.left_out,
        diagnostics: found,
        site,
    }
}

/// Renders the pages; their HTML moves on, so that a large site need not hold it.
fn render(
    keeper: &dyn Keeper,
    view: &ViewSite<'_>,
    site: &Site,
    planned: &[PlannedPage],
    resolved: &BTreeMap<PageId, ResolvedPage>,
) -> (Vec<RenderedPage>, Vec<Artifact>) {
    let rendered = planned.par_iter().map(|page| {
        let mut rendered = render_page(view, site, page, resolved.get(&page.id));
        let html = std::mem::take(&mut rendered.html);
        let kept = keeper.keep(page.url.to_file_path(), html);
        (rendered, kept)
    });
    let (pages, kept): (_, Vec<Option<Artifact>>) = rendered.unzip();
    (pages, kept.into_iter().flatten().collect())
}

/// Drops what editorial rules say of files whose front matter could not be read:
/// what seems missing there may well be written.
fn spare_unreadable(found: &mut Vec<Diagnostic>) {
    let hides = ["yaml-syntax", "encoding", "fm-required"];
    let unreadable: BTreeSet<SourceId> = found
        .iter()
        .filter(|finding| hides.contains(&finding.rule.id))
        .map(|finding| finding.source().clone())
        .collect();
    found.retain(|finding| {
        finding.rule.kind == RuleKind::Structural || !unreadable.contains(finding.source())
    });
}

/// A page's file with its place below `content/`.
fn content_path(id: &SourceId) -> Option<&str> {
    id.as_str().strip_prefix("content/").filter(|path| path.ends_with(".md"))
}
