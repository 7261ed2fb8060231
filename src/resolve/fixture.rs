//! A small site for tests, built from facts alone.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::{Date, date};

use crate::citation::Bibliography;
use crate::config::theme::ThemeConfig;
use crate::config::{Config, FILE};
use crate::packed::Text;
use crate::page_id::{Lang, PageId};
use crate::parse::body::{Body, Heading};
use crate::parse::front_matter::{self, Schema};
use crate::parse::markdown::{self, MarkdownOptions};
use crate::parse::page::Surface;
use crate::parse::place::ContentPlace;
use crate::parse::text::{BlockKind, Extent, Linkable, Segment, TextBlock, TextIndex, fold};
use crate::parse::{KeptPage, Page, PageHead};
use crate::source::{Source, SourceId};
use crate::url::UrlPath;

use super::contribute::{card, contributions};
use super::derive::{linked_facts, shown_facts};
use super::facts::{AnchorFact, Card, ChangeSet, Fact, FactKey, FileFact};
use super::flow::{Flow, ShownRecords};
use super::generated::{
    export_claims, exports_of, generated_pages, page_claims, served_for, site_claims,
};
use super::link::link_page;
use super::linked::LinkedPage;
use super::made::{made_contributions, made_pages};
use super::mentions::Automaton;
use super::plan::{Plan, PlanNews, Wanted};
use super::publications::publications;
use super::quoting::Quoting;
use super::routes::Routes;
use super::site::{Site, SitePage};
use super::surfaces::{SurfaceSet, surface_key};
use super::translations::inherit_facts;

/// Returns the surface that a bare `name` is.
pub(crate) fn surface(name: &str) -> Surface {
    Surface { name: Arc::from(name), plural: true, ..Surface::default() }
}

/// Returns `text` as plain text, a paragraph a line.
pub(crate) fn plain_text(text: &str) -> TextIndex {
    let mut index = TextIndex::default();
    for line in text.lines() {
        let (kind, nowhere) = (BlockKind::Prose, Extent::default());
        index.push_block(
            line,
            TextBlock { kind, plain: nowhere, heading: None, component: None, source: nowhere },
        );
    }
    index
}

/// A parsed text built by hand: `[link]`, `` `code` ``, `{opted out}`, `*emphasis*`,
/// and `|` for a line break of the source.
#[derive(Default)]
pub(crate) struct TestBody {
    body: Body,
    html: String,
    component: Option<u32>,
}

impl TestBody {
    pub(crate) fn body(self) -> Body {
        Body { main_end: self.html.len(), html: Text::new(self.html), ..self.body }
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
        let html = &mut self.html;
        html.push_str("<p>");
        let start = self.body.text.plain.len();
        let usual = if kind == BlockKind::Heading { Linkable::Heading } else { Linkable::Yes };
        let mut linkable = usual;
        let mut plain = String::new();
        let mut segments = Vec::new();
        let segment = |plain: Range<usize>, html: usize, linkable| Segment {
            plain: Extent::new(plain),
            html: html as u32,
            linkable,
        };
        let mut from = (start, html.len());
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
            segments.push(segment(from.0..start + plain.len(), from.1, linkable));
            html.push_str(tag);
            if c == '|' {
                plain.push(' ');
            }
            linkable = next;
            from = (start + plain.len(), html.len());
        }
        segments.push(segment(from.0..start + plain.len(), from.1, linkable));
        html.push_str("</p>\n");
        let segments = segments.into_iter().filter(|segment| !segment.plain.is_empty());
        self.body.text.segments.extend(segments);
        let heading = self.body.headings.len().checked_sub(1).map(|index| index as u32);
        let (component, nowhere) = (self.component, Extent::default());
        let block = TextBlock { kind, plain: nowhere, heading, component, source: nowhere };
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
            collection: file.split_once('/').map(|(folder, _)| Arc::from(folder)),
            source: Some(source.clone()),
            ..Card::titled(id.clone(), title, url.clone())
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

    /// Adds a URL that the build serves by itself.
    pub(crate) fn generated(self, url: &str) -> Self {
        self.fact(FactKey::Url(UrlPath::new(url)), generated_pages(), Fact::Claim)
    }

    /// Adds a redirect of the configuration.
    pub(crate) fn leads(self, from: &str, to: &str) -> Self {
        self.fact(FactKey::Url(UrlPath::new(from)), generated_pages(), Fact::Leads(Arc::from(to)))
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

/// The date taken as today.
pub(crate) const TODAY: Date = date(2026, 3, 1);

/// A site of written pages, parsed and linked as the program does it.
pub(crate) struct WrittenSite {
    pub(crate) book: Source,
    pub(crate) config: Config,
    pub(crate) theme: ThemeConfig,
    pub(crate) drafts: BTreeMap<SourceId, PageId>,
    /// The pages that are dated ahead of [`TODAY`].
    pub(crate) ahead: BTreeMap<SourceId, PageId>,
    pub(crate) pages: Vec<Arc<KeptPage>>,
    files: Vec<String>,
}

impl WrittenSite {
    /// Returns a site without pages that is configured by `book`, the text of a `book.toml`.
    pub(crate) fn new(book: &str) -> Self {
        let book = Source::new(SourceId::new(FILE), book);
        let config = Config::parse(&book).0;
        Self {
            book,
            config,
            theme: ThemeConfig::default(),
            drafts: BTreeMap::new(),
            ahead: BTreeMap::new(),
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
        let split = front_matter::split(&source.text());
        let options = MarkdownOptions::default();
        let field = |text: &str| markdown::parse_fragment(text, &source.id, &options);
        let (front, diagnostics) = front_matter::parse(&source, &split, schema, &field);
        assert_eq!(diagnostics, [], "{path} is well formed");
        let text = &source.text()[split.body..];
        let (body, diagnostics) = markdown::parse(text, split.body, &source.id, &options);
        assert_eq!(diagnostics, [], "{path} is well formed");
        if front.draft {
            self.drafts.insert(source.id.clone(), place.id);
            return self;
        }
        if front.date.is_some_and(|date| date > TODAY) {
            self.ahead.insert(source.id.clone(), place.id);
            return self;
        }
        let default_lang = &self.config.site.language;
        let original = place.id.in_lang(default_lang);
        let original =
            self.pages.iter().find(|page| page.id == original && place.id.lang() != default_lang);
        let original = original.map(|page| page.page());
        let head = PageHead {
            id: place.id,
            collection: place.collection,
            section: place.section,
            is_index: place.is_index,
            yaml: split.yaml,
            text_start: split.body,
            source,
            front,
            inherited: None,
            diagnostics,
        };
        let page = Page { head: Arc::new(head), body: Arc::new(body) };
        let kept = KeptPage::new(page.clone(), &Arc::new(options));
        self.pages.push(Arc::new(match original {
            Some(original) => kept.with_head(inherit_facts(&page, &original)),
            None => kept,
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

    /// Returns the site that the pages make.
    pub(crate) fn resolve(&self) -> Site {
        let mut site = Site::default();
        let mut changes = ChangeSet::default();
        let routes = Routes::new(&self.config);
        for kept in &self.pages {
            let page = kept.page();
            let collection =
                page.collection.as_ref().and_then(|name| self.config.collections.get(name));
            let (theme, slugs) = (&self.theme, self.config.build.slugs);
            let (url, quoting) = (routes.page(&page), Quoting::default());
            let card = Arc::new(card(&page, url, collection, quoting, slugs));
            for (key, fact) in contributions(&page, &card, collection, theme, slugs) {
                changes.contribute(key, &page.id, fact);
            }
            site.pages.insert(page.id.clone(), SitePage { page: Arc::clone(kept), card });
        }
        for (key, fact) in site_claims(&self.config) {
            changes.contribute(key, &generated_pages(), fact);
        }
        for file in &self.files {
            let path = file.strip_prefix("content").or(file.strip_prefix("static"));
            let url = UrlPath::new(path.expect("a file stands in content/ or static/"));
            let fact = Fact::File(Arc::new(FileFact { url, size: None }));
            changes.contribute(FactKey::File(SourceId::new(file.as_str())), &PageId::files(), fact);
        }
        site.facts.apply(changes);
        let pages = site.pages.values().map(|entry| &**entry.page);
        site.made = made_pages(pages, &self.config, &super::SiteReader::new(&site));
        let mut changes = ChangeSet::default();
        for (id, card) in &site.made {
            for (key, fact) in made_contributions(card, &self.config) {
                changes.contribute(key, id, fact);
            }
        }
        site.facts.apply(changes);
        site
    }

    /// Adds the facts of what the pages lead to and cite, and of what the build makes,
    /// the pages of cited `works` included.
    pub(crate) fn finish(&self, site: &mut Site, works: &Bibliography) {
        let mut changes = ChangeSet::default();
        let publications = publications(site, &self.config, works);
        for page in self.pages.iter().map(|page| page.page()) {
            let collection =
                page.collection.as_ref().and_then(|name| self.config.collections.get(name));
            let linked = self.link(&page, site);
            let publications = publications.get(&page.id).cloned().unwrap_or_default();
            let shown = ShownRecords { publications, ..ShownRecords::default() };
            let facts = linked_facts(&page, &linked, collection).into_iter();
            let flow = Flow::new(&page, &shown, collection);
            let shown = shown_facts(&page, &flow, Quoting::default());
            for (key, fact) in facts.chain(shown) {
                changes.contribute(key, &page.id, fact);
            }
        }
        site.facts.apply(changes);
        let used = Arc::new(site.used_keys(works));
        let wanted = Wanted { references: Some(works), used: &used, tags: true, search: true };
        let edited = site.pages.keys().cloned().collect();
        let news = PlanNews { edited: &edited, gone: &[], is_restructured: true };
        let mut plan = Plan::default();
        plan.update(site, &self.config, wanted, news);
        let config = &self.config;
        let mut claims = Vec::new();
        let planned = plan.pages();
        claims.extend(planned.map(|page| (served_for(&page.id), page_claims(page, site, config))));
        claims.extend(edited.iter().map(|id| (exports_of(id), export_claims(id, site, config))));
        let mut changes = ChangeSet::default();
        for (contributor, claims) in claims {
            for (key, fact) in claims {
                changes.contribute(key, &contributor, fact);
            }
        }
        site.facts.apply(changes);
    }

    /// Returns the page at `path`, with what it leads to.
    pub(crate) fn linked(&self, path: &str) -> (Page, LinkedPage) {
        let site = self.resolve();
        let mut pages = self.pages.iter();
        let page = pages.find(|page| page.id.path() == path).expect("the page is there");
        (page.page(), self.link(&page.page(), &site))
    }

    /// Returns what `page` leads to in `site`.
    pub(crate) fn link(&self, page: &Page, site: &Site) -> LinkedPage {
        let automaton = Automaton::new(&SurfaceSet::from_facts(&site.facts, page.id.lang()));
        link_page(page, &self.config, &self.theme, &automaton, site, Quoting::default())
    }
}
