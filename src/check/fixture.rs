//! Whole small sites for the tests of rules: files in, findings as lines out.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use crate::citation::style::StyleProblem;
use crate::citation::{Bibliography, CitationFile, NotesFile};
use crate::diagnostic::{self, Diagnostic, Level};
use crate::external::{Answer, Answers};
use crate::load::history::History;
use crate::resolve::SiteReader;
use crate::resolve::fixture::{TODAY, WrittenSite};
use crate::source::{Source, SourceId, line_column};

use super::lint::{CheckedPage, CheckedSite, Made};
use super::{WorkFindings, check_page, check_site};

/// A site under test; the health preset unless its `book.toml` says otherwise.
pub(crate) struct TestSite {
    written: WrittenSite,
    works: Bibliography,
    style_problems: BTreeMap<Arc<str>, StyleProblem>,
    earlier: Earlier,
    answers: Option<Answers>,
}

/// What files said before, each on one day.
#[derive(Clone, Debug, Default)]
struct Earlier {
    texts: BTreeMap<(SourceId, Date), String>,
    is_incomplete: bool,
}

impl History for Earlier {
    fn is_complete(&self) -> bool {
        !self.is_incomplete
    }

    fn versions<'h>(
        &'h self,
        file: &SourceId,
    ) -> Box<dyn Iterator<Item = (Date, Option<String>)> + 'h> {
        let file = file.clone();
        let versions = self.texts.iter().rev().filter(move |((of, _), _)| *of == file);
        Box::new(versions.map(|((_, day), text)| (*day, Some(text.clone()))))
    }
}

impl TestSite {
    /// Returns a site without pages that is configured by `book`.
    pub(crate) fn new(book: &str) -> Self {
        Self {
            written: WrittenSite::new(book),
            works: Bibliography::default(),
            style_problems: BTreeMap::new(),
            earlier: Earlier::default(),
            answers: None,
        }
    }

    /// Adds the page of the file `path` below `content/`.
    pub(crate) fn page(self, path: &str, text: &str) -> Self {
        Self { written: self.written.page(path, text), ..self }
    }

    /// Lets the file `path` below `content/` have said `text` on `day`.
    pub(crate) fn earlier(mut self, path: &str, day: &str, text: &str) -> Self {
        let (file, day) = (SourceId::new(format!("content/{path}")), day.parse().unwrap());
        self.earlier.texts.insert((file, day), text.to_owned());
        self
    }

    /// Lets the history not go back far enough.
    pub(crate) fn shallow(mut self) -> Self {
        self.earlier.is_incomplete = true;
        self
    }

    /// Adds a file that is no page.
    pub(crate) fn file(self, path: &str) -> Self {
        Self { written: self.written.file(path), ..self }
    }

    /// Sets the theme's `theme.toml`.
    pub(crate) fn theme(self, text: &str) -> Self {
        Self { written: self.written.theme(text), ..self }
    }

    /// Sets the citation database: BibTeX, and the notes on it.
    pub(crate) fn works(mut self, bibtex: &str, notes: &str) -> Self {
        let source = |path: &str, text: &str| Source::new(SourceId::new(path), text);
        let file = CitationFile::parse(&source("citations/a.bib", bibtex));
        let notes = NotesFile::parse(&source("citations/notes.yaml", notes));
        self.works = Bibliography::merge([&file], [&notes]).0;
        self
    }

    /// Sets what other sites answered.
    pub(crate) fn answers(self, answers: &[(&str, Answer)]) -> Self {
        let answers = answers.iter().map(|(address, answer)| ((*address).into(), answer.clone()));
        Self { answers: Some(answers.collect()), ..self }
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

    /// Returns the findings of the rule `rule` themselves, in the same order.
    pub(crate) fn diagnostics(&self, rule: &str) -> Vec<Diagnostic> {
        let found = self.check();
        found.iter().filter(|found| found.rule.id == rule).map(|f| (**f).clone()).collect()
    }

    /// Returns the levels of the findings of the rule `rule`.
    pub(crate) fn levels(&self, rule: &str) -> Vec<Level> {
        self.check().iter().filter(|found| found.rule.id == rule).map(|f| f.level).collect()
    }

    /// Returns what `ask` says of the page at `path`.
    pub(crate) fn with_checked<T>(
        &self,
        path: &str,
        ask: impl for<'a> FnOnce(&CheckedPage<'a>) -> T,
    ) -> T {
        self.with_site(|checked| {
            let mut pages = self.written.pages.iter().map(|kept| kept.page());
            let page = pages.find(|page| page.id.path() == path).expect("the page is there");
            let linked = self.written.link(&page, checked.site);
            let collection =
                page.collection.as_ref().and_then(|name| checked.config.collections.get(name));
            let (reader, made) = (SiteReader::new(checked.site), Made::default());
            let (page, linked) = (&page, &linked);
            ask(&CheckedPage {
                page,
                linked,
                collection,
                of: checked,
                reader: &reader,
                made: &made,
            })
        })
    }

    fn check(&self) -> Vec<Arc<Diagnostic>> {
        self.with_site(|checked| {
            let mut works = WorkFindings::default();
            works.update(checked);
            let mut found: Vec<_> = check_site(checked).into_iter().map(Arc::new).collect();
            found.extend(works.iter().cloned());
            for page in &self.written.pages {
                let page = page.page();
                let linked = self.written.link(&page, checked.site);
                found.extend(check_page(checked, &page, &linked).diagnostics);
            }
            diagnostic::sort(&mut found);
            found
        })
    }

    fn with_site<T>(&self, ask: impl FnOnce(&CheckedSite<'_>) -> T) -> T {
        let mut site = self.written.resolve();
        self.written.finish(&mut site, &self.works);
        let used = Arc::new(site.used_keys(&self.works));
        ask(&CheckedSite {
            config: &self.written.config,
            book: Some(&self.written.book),
            theme: &self.written.theme,
            site: &site,
            works: &self.works,
            used: &used,
            style_problems: &self.style_problems,
            drafts: &self.written.drafts,
            ahead: &self.written.ahead,
            history: Some(&self.earlier),
            today: TODAY,
            answers: self.answers.as_ref(),
        })
    }

    fn line(&self, found: &Diagnostic) -> String {
        let source = found.source();
        let text = match self.written.pages.iter().find(|page| page.source.id == *source) {
            Some(page) => page.source.text(),
            None => self.written.book.text(),
        };
        let at = line_column(&text, found.span.start);
        let file = source.as_str().trim_start_matches("content/");
        let help: String = found.help.iter().map(|help| format!(" | {help}")).collect();
        format!("{file}:{}:{} {}{help}", at.line, at.column, found.message)
    }
}
