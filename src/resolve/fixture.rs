//! A small site for tests, built from facts alone.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::page_id::{Lang, PageId};
use crate::parse::body::{Body, Heading};
use crate::parse::page::Surface;
use crate::parse::text::{BlockKind, Linkable, Segment, TextBlock, TextIndex, fold};
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

/// A parsed text built by hand: `[link]`, `` `code` ``, `{opted out}`, `*emphasis*`,
/// and `|` for a line break of the source.
#[derive(Default)]
pub(crate) struct TestBody {
    body: Body,
    component: Option<usize>,
}

impl TestBody {
    pub(crate) fn body(self) -> Body {
        Body { main_end: self.body.html.len(), ..self.body }
    }

    pub(crate) fn heading(mut self, text: &str) -> Self {
        let id = Arc::from(fold(text).replace(' ', "-"));
        self.body.headings.push(Heading {
            level: 2,
            id,
            explicit: false,
            text: text.to_owned(),
            range: 0..0,
        });
        self.block(BlockKind::Heading, text)
    }

    pub(crate) fn prose(self, text: &str) -> Self {
        self.block(BlockKind::Prose, text)
    }

    pub(crate) fn in_component(mut self, text: &str) -> Self {
        self.component = Some(0);
        let mut inside = self.prose(text);
        inside.component = None;
        inside
    }

    fn block(mut self, kind: BlockKind, written: &str) -> Self {
        let html = &mut self.body.html;
        html.push_str("<p>");
        let start = self.body.text.plain.len();
        let usual = if kind == BlockKind::Heading { Linkable::Heading } else { Linkable::Yes };
        let mut linkable = usual;
        let mut plain = String::new();
        let mut segments = Vec::new();
        let mut segment = Segment { plain: start..start, html: html.len(), linkable };
        let mut emphasised = false;
        for c in written.chars() {
            let (next, tag) = match c {
                '[' => (Linkable::Link, "<u>"),
                '`' if linkable == Linkable::Code => (usual, "</code>"),
                '`' => (Linkable::Code, "<code>"),
                '{' => (Linkable::OptedOut, "<span>"),
                ']' => (usual, "</u>"),
                '}' => (usual, "</span>"),
                '*' => (linkable, if emphasised { "</em>" } else { "<em>" }),
                '|' => (linkable, "\n"),
                c => {
                    escape_into(c.encode_utf8(&mut [0; 4]), html);
                    plain.push(c);
                    continue;
                }
            };
            emphasised ^= c == '*';
            segment.plain.end = start + plain.len();
            segments.push(segment);
            html.push_str(tag);
            if c == '|' {
                plain.push(' ');
            }
            linkable = next;
            let at = start + plain.len();
            segment = Segment { plain: at..at, html: html.len(), linkable };
        }
        segment.plain.end = start + plain.len();
        segments.push(segment);
        html.push_str("</p>\n");
        let segments = segments.into_iter().filter(|segment| !segment.plain.is_empty());
        self.body.text.segments.extend(segments);
        let (heading, component) = (self.body.headings.len().checked_sub(1), self.component);
        let source = 0..0;
        let block = TextBlock { kind, plain: 0..0, heading, component, source };
        self.body.text.push_block(&plain, block);
        self
    }
}

fn escape_into(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
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
        for name in [id.path(), id.name()] {
            let key = FactKey::Name(self.lang.clone(), Arc::from(name));
            changes.contribute(key, &id, Fact::Claim);
        }
        let title_key = FactKey::Title(self.lang.clone(), Arc::from(fold(title)));
        changes.contribute(title_key, &id, Fact::Claim);
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
        self.fact(FactKey::Url(UrlPath::new(url)), id, Fact::Redirect)
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
