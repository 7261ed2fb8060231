//! Whole small sites for the tests of rules: files in, findings as lines out.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::date;

use crate::citation::Bibliography;
use crate::citation::style::StyleProblem;
use crate::config::theme::ThemeConfig;
use crate::config::{Config, FILE};
use crate::diagnostic::{self, Diagnostic, Level};
use crate::page_id::PageId;
use crate::parse::Page;
use crate::parse::front_matter::{self, Schema};
use crate::parse::markdown::{self, MarkdownOptions};
use crate::parse::place::ContentPlace;
use crate::resolve::contribute::{card, contributions};
use crate::resolve::facts::FileFact;
use crate::resolve::mentions::Automaton;
use crate::resolve::routes::Routes;
use crate::resolve::surfaces::SurfaceSet;
use crate::resolve::{ChangeSet, Fact, FactKey, LinkedPage, Site, SitePage, link_page};
use crate::source::{Source, SourceId, line_column};
use crate::url::UrlPath;

use super::lint::CheckedSite;
use super::{check_page, check_site};

/// A site under test; the health preset unless its `book.toml` says otherwise.
pub(crate) struct TestSite {
    book: Source,
    config: Config,
    theme: ThemeConfig,
    works: Bibliography,
    style_problems: BTreeMap<Arc<str>, StyleProblem>,
    drafts: BTreeMap<SourceId, PageId>,
    pages: Vec<Arc<Page>>,
    files: Vec<String>,
}

impl TestSite {
    /// Returns a site without pages that is configured by `book`.
    pub(crate) fn new(book: &str) -> Self {
        let book = Source::new(SourceId::new(FILE), book);
        let config = Config::parse(&book).0;
        Self {
            book,
            config,
            theme: ThemeConfig::default(),
            works: Bibliography::default(),
            style_problems: BTreeMap::new(),
            drafts: BTreeMap::new(),
            pages: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Adds the page of the file `path` below `content/`.
    pub(crate) fn page(mut self, path: &str, text: &str) -> Self {
        let source = Source::new(SourceId::new(format!("content/{path}")), text);
        let place = ContentPlace::of(path, &self.config);
        let collection = place.collection.as_ref().and_then(|c| self.config.collections.get(c));
        let schema = Schema::new(&self.config, collection);
        let split = front_matter::split(&source.text);
        let options = MarkdownOptions::default();
        let field = |text: &str| markdown::parse_fragment(text, &source.id, &options);
        let (front, diagnostics) = front_matter::parse(&source, &split, schema, &field);
        assert_eq!(diagnostics, [], "{path} is well formed");
        let text = &source.text[split.body..];
        let (body, diagnostics) = markdown::parse(text, split.body, &source.id, &options);
        assert_eq!(diagnostics, [], "{path} is well formed");
        if front.draft {
            self.drafts.insert(source.id.clone(), place.id);
            return self;
        }
        self.pages.push(Arc::new(Page {
            id: place.id,
            collection: place.collection,
            section: place.section,
            is_index: place.is_index,
            yaml: split.yaml,
            source,
            front,
            body,
            diagnostics,
        }));
        self
    }

    /// Adds a file that is no page.
    pub(crate) fn file(mut self, path: &str) -> Self {
        self.files.push(path.to_owned());
        self
    }

    /// Sets the theme's `theme.toml`.
    pub(crate) fn theme(mut self, text: &str) -> Self {
        self.theme = ThemeConfig::parse(&Source::new(SourceId::new("theme.toml"), text)).0;
        self
    }

    /// Makes the style `name` unreadable.
    pub(crate) fn style_problem(mut self, name: &str, problem: StyleProblem) -> Self {
        self.style_problems.insert(Arc::from(name), problem);
        self
    }

    /// Returns the findings of the rule `rule`, each as `FILE:LINE:COLUMN message`, with
    /// its help after `|`, in the order in which they are shown.
    pub(crate) fn findings(&self, rule: &str) -> Vec<String> {
        let found = self.check();
        found.iter().filter(|found| found.rule.id == rule).map(|f| self.line(f)).collect()
    }

    /// Returns the levels of the findings of the rule `rule`.
    pub(crate) fn levels(&self, rule: &str) -> Vec<Level> {
        self.check().iter().filter(|found| found.rule.id == rule).map(|f| f.level).collect()
    }

    fn check(&self) -> Vec<Diagnostic> {
        let site = self.resolve();
        let checked = CheckedSite {
            config: &self.config,
            book: Some(&self.book),
            theme: &self.theme,
            site: &site,
            works: &self.works,
            style_problems: &self.style_problems,
            drafts: &self.drafts,
            today: date(2026, 3, 1),
        };
        let mut found = check_site(&checked);
        for page in &self.pages {
            let linked = self.link(page, &site);
            found.extend(check_page(&checked, page, &linked).diagnostics);
        }
        diagnostic::sort(&mut found);
        found
    }

    /// Returns the site that the pages make.
    pub(crate) fn resolve(&self) -> Site {
        let mut site = Site::default();
        let mut changes = ChangeSet::default();
        let routes = Routes::new(&self.config);
        for page in &self.pages {
            let collection =
                page.collection.as_ref().and_then(|name| self.config.collections.get(name));
            let card = Arc::new(card(page, routes.page(page), collection));
            let slugs = self.config.build.slugs;
            for (key, fact) in contributions(page, &card, collection, &self.theme, slugs) {
                changes.contribute(key, &page.id, fact);
            }
            site.pages.insert(page.id.clone(), SitePage { page: Arc::clone(page), card });
        }
        for file in &self.files {
            let path = file.strip_prefix("content").or(file.strip_prefix("static"));
            let url = UrlPath::new(path.expect("a file stands in content/ or static/"));
            let fact = Fact::File(Arc::new(FileFact { url, size: None }));
            changes.contribute(FactKey::File(SourceId::new(file.as_str())), &PageId::files(), fact);
        }
        site.facts.apply(changes);
        site
    }

    /// Returns the page at `path`, with what it leads to.
    pub(crate) fn linked(&self, path: &str) -> (Arc<Page>, LinkedPage) {
        let site = self.resolve();
        let page =
            self.pages.iter().find(|page| page.id.path() == path).expect("the page is there");
        (Arc::clone(page), self.link(page, &site))
    }

    fn link(&self, page: &Page, site: &Site) -> LinkedPage {
        let automaton = Automaton::new(&SurfaceSet::from_facts(&site.facts, page.id.lang()));
        link_page(page, &self.config, &self.theme, &automaton, site)
    }

    fn line(&self, found: &Diagnostic) -> String {
        let source = found.source();
        let text = match self.pages.iter().find(|page| page.source.id == *source) {
            Some(page) => &page.source.text,
            None => &self.book.text,
        };
        let at = line_column(text, found.span.start);
        let file = source.as_str().trim_start_matches("content/");
        let help: String = found.help.iter().map(|help| format!(" | {help}")).collect();
        format!("{file}:{}:{} {}{help}", at.line, at.column, found.message)
    }
}
