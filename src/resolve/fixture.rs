//! A small site for tests, built from facts alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::page_id::{Lang, PageId};
use crate::parse::page::Surface;
use crate::parse::text::{BlockKind, TextBlock, TextIndex, fold};
use crate::source::SourceId;
use crate::url::UrlPath;

use super::facts::{AnchorFact, Card, ChangeSet, Fact, FactKey, FileFact};
use super::site::Site;
use super::surfaces::surface_key;

/// Returns the surface that a bare `name` is.
pub(crate) fn surface(name: &str) -> Surface {
    Surface { name: Arc::from(name), plural: true, ..Surface::default() }
}

/// Returns `text` as plain text, a paragraph a line.
pub(crate) fn plain_text(text: &str) -> TextIndex {
    let mut index = TextIndex::default();
    for line in text.lines() {
        let (kind, source) = (BlockKind::Prose, 0..0);
        index.push_block(
            line,
            TextBlock { kind, plain: 0..0, heading: None, component: None, source },
        );
    }
    index
}

/// A site whose pages have a title, anchors and surfaces, and no text.
pub(crate) struct TestSite {
    lang: Lang,
    site: Site,
}

impl TestSite {
    pub(crate) fn new(lang: &str) -> Self {
        Self { lang: Lang::new(lang), site: Site::default() }
    }

    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    pub(crate) fn id(&self, path: &str) -> PageId {
        PageId::new(path, self.lang.clone())
    }

    /// Adds the page of `content/FILE.md`; its collection is its first folder.
    pub(crate) fn page(mut self, file: &str, title: &str, anchors: &[&str]) -> Self {
        let id = self.id(file.strip_suffix("/index").unwrap_or(file));
        let source = SourceId::new(format!("content/{file}.md"));
        let url = UrlPath::new(&format!("/{}/", id.path()));
        let card = Card {
            id: id.clone(),
            title: Arc::from(title),
            url: url.clone(),
            collection: file.split_once('/').map(|(folder, _)| Arc::from(folder)),
            section: Arc::from(""),
            is_index: false,
            description: None,
            subtitle: None,
            image: None,
            date: None,
            updated: None,
            reviewed: None,
            weight: None,
            tags: Vec::new(),
            noindex: false,
            source: Some(source.clone()),
            texts: BTreeMap::new(),
        };
        let anchors: BTreeMap<Arc<str>, AnchorFact> =
            anchors.iter().map(|&id| (Arc::from(id), AnchorFact { name: None })).collect();
        let mut changes = ChangeSet::default();
        let names = [id.path().to_owned(), id.name().to_owned(), fold(title)];
        for name in names {
            let key = FactKey::Name(self.lang.clone(), Arc::from(name));
            changes.contribute(key, &id, Fact::Claim);
        }
        changes.contribute(FactKey::Page(id.clone()), &id, Fact::Card(Arc::new(card)));
        changes.contribute(FactKey::Source(source), &id, Fact::Claim);
        changes.contribute(FactKey::Url(url), &id, Fact::Claim);
        changes.contribute(FactKey::Anchors(id.clone()), &id, Fact::Anchors(Arc::new(anchors)));
        self.site.facts.apply(changes);
        self
    }

    /// Adds an old URL of the page at `path`.
    pub(crate) fn redirect(self, path: &str, url: &str) -> Self {
        let id = self.id(path);
        self.fact(FactKey::Url(UrlPath::new(url)), id, Fact::Claim)
    }

    /// Adds a file that is published at `url`.
    pub(crate) fn file(self, path: &str, url: &str) -> Self {
        let file = FileFact { url: UrlPath::new(url), size: None };
        let key = FactKey::File(SourceId::new(path));
        self.fact(key, PageId::files(), Fact::File(Arc::new(file)))
    }

    /// Adds a surface of the page at `path`.
    pub(crate) fn surface(self, path: &str, surface: Surface) -> Self {
        let id = self.id(path);
        let key = FactKey::Surface(self.lang.clone(), surface_key(&surface.name));
        self.fact(key, id, Fact::Surface(Arc::new(surface)))
    }

    fn fact(mut self, key: FactKey, contributor: PageId, fact: Fact) -> Self {
        let mut changes = ChangeSet::default();
        changes.contribute(key, &contributor, fact);
        self.site.facts.apply(changes);
        self
    }
}
