//! What the outputs make of a small site.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use super::*;
use crate::citation::bibliography::CitationFile;
use crate::citation::export::Exporter;
use crate::citation::{Bibliography, CitationKey};
use crate::load::FileHandle;
use crate::page_id::{Lang, PageId};
use crate::parse::document::WordsByLang;
use crate::render::assets::Assets;
use crate::render::templates::{Templates, Value};
use crate::render::theme::Theme;
use crate::render::view::RenderedPage;
use crate::resolve::plan::{PageKind, Plan, PlannedPage};
use crate::resolve::{Card, ChangeSet, Fact, FactKey, Site};
use crate::source::SourceId;
use crate::url::UrlPath;

/// A site of made pages, with all that outputs are made from.
struct Fixture {
    config_source: Source,
    config: Config,
    site: Site,
    plan: Vec<PlannedPage>,
    bibliography: Bibliography,
    files: BTreeMap<SourceId, FileHandle>,
    templates: Templates,
    words: Value,
    noindex: bool,
}

/// What a context borrows beside the fixture itself.
struct Kept {
    used: BTreeSet<CitationKey>,
    exporter: Exporter,
    memory: OutputMemory,
    images: ImageMemory,
    assets: Assets,
    strings: WordsByLang,
}

impl Kept {
    fn of(site: &Fixture) -> Self {
        Self {
            used: site.site.used_keys(&site.bibliography),
            exporter: Exporter::new(site.config.citations.publish_abstracts),
            memory: OutputMemory::default(),
            images: ImageMemory::default(),
            assets: Assets::default(),
            strings: BTreeMap::new(),
        }
    }
}

impl Fixture {
    fn new(config: &str) -> Self {
        let config_source = Source::new(SourceId::new("book.toml"), config);
        let (mut config, found) = Config::parse(&config_source);
        // It has tests of its own.
        config.outputs.entry(Arc::from("search")).or_insert(false);
        assert_eq!(found, []);
        let place = Span::file(SourceId::new("book.toml"));
        let (theme, _) = Theme::resolve(&BTreeMap::new(), "default", place);
        let mut fixture = Self {
            config_source,
            config,
            site: Site::default(),
            plan: Vec::new(),
            bibliography: Bibliography::default(),
            files: BTreeMap::new(),
            templates: Templates::new(&theme).0,
            words: crate::render::value::map([("moved", crate::render::value::text("Moved"))]),
            noindex: false,
        };
        fixture.plan("_index", "/", PageKind::Home, &[]);
        fixture
    }

    fn id(path: &str) -> PageId {
        PageId::new(path, Lang::new("en"))
    }

    fn plan(&mut self, path: &str, url: &str, kind: PageKind, members: &[&str]) {
        self.plan.push(PlannedPage {
            members: members.iter().map(|path| Self::id(path)).collect(),
            ..PlannedPage::new(Self::id(path), UrlPath::new(url), kind)
        });
    }

    fn page(mut self, path: &str, date: Option<&str>) -> Self {
        let url = format!("/{path}/");
        let title = format!("Title of <{path}>");
        let card = Card {
            collection: Some(Arc::from("articles")),
            description: Some(Arc::from("About it.")),
            date: date.map(|date| date.parse::<Date>().unwrap()),
            tags: vec![Arc::from("safety")],
            ..Card::titled(Self::id(path), &title, UrlPath::new(&url))
        };
        let (id, card) = (card.id.clone(), Arc::new(card));
        let mut changes = ChangeSet::default();
        changes.contribute(FactKey::Page(id.clone()), &id, Fact::Card(Arc::clone(&card)));
        self.site.facts.apply(changes);
        self.site.made.insert(id, card);
        self.plan(path, &url, PageKind::Made, &[]);
        self.plan[0].members.push(Self::id(path));
        self
    }

    /// Adds a work that the site cites.
    fn cited(mut self, bibtex: &str) -> Self {
        let source = Source::new(SourceId::new("citations/a.bib"), bibtex);
        let file = CitationFile::parse(&source);
        self.bibliography = Bibliography::merge([&file], None).0;
        let mut changes = ChangeSet::default();
        for key in self.bibliography.keys().filter(|key| key.as_str() != "unused") {
            let page = Self::id("articles/a");
            changes.contribute(FactKey::Lists(key.clone()), &page, Fact::Claim);
        }
        self.site.facts.apply(changes);
        self
    }

    fn file(mut self, path: &str, url: &str) -> Self {
        let source = SourceId::new(path);
        let mut changes = ChangeSet::default();
        let fact = crate::resolve::facts::FileFact { url: UrlPath::new(url), size: None };
        let fact = Fact::File(Arc::new(fact));
        changes.contribute(FactKey::File(source.clone()), &PageId::files(), fact);
        self.site.facts.apply(changes);
        let handle = FileHandle {
            path: Arc::from(std::path::Path::new(path)),
            length: 0,
            fingerprint: crate::fingerprint::Fingerprint::of(b""),
        };
        self.files.insert(source, handle);
        self
    }

    fn context<'a>(&'a self, plan: &'a Plan, kept: &'a Kept) -> OutputContext<'a> {
        OutputContext {
            config: &self.config,
            config_source: &self.config_source,
            site: &self.site,
            plan,
            bibliography: &self.bibliography,
            used: &kept.used,
            exporter: &kept.exporter,
            memory: &kept.memory,
            changed: Needs::EVERYTHING,
            images: &kept.images,
            files: &self.files,
            assets: &kept.assets,
            templates: &self.templates,
            words: &self.words,
            strings: &kept.strings,
            noindex: self.noindex,
        }
    }

    /// Returns the files around the pages, and those beside them.
    fn files(&self) -> Made {
        let plan = Plan::of(self.plan.clone());
        let kept = Kept::of(self);
        let context = self.context(&plan, &kept);
        let mut files = Files::default();
        for page in plan.pages() {
            files.offer(Maker::Page, page.url.to_file_path(), None);
        }
        let mut made = SiteFiles::default();
        make_all(&mut made, &context, &mut files);
        for page in plan.pages() {
            for BesideFile { path, text } in beside_page(&context, &rendered(page)) {
                let Artifact { path, content } = Artifact::new(path, text);
                files.offer(Maker::BesidePage, path, Some(content));
            }
        }
        let diagnostics = made.diagnostics().cloned().collect();
        Made { artifacts: files.artifacts().collect(), diagnostics }
    }

    fn paths(&self) -> Vec<String> {
        self.files().artifacts.into_iter().map(|artifact| artifact.path).collect()
    }

    fn text(&self, path: &str) -> String {
        let artifacts = self.files().artifacts;
        let artifact = artifacts.iter().find(|artifact| artifact.path == path);
        match &artifact.unwrap_or_else(|| panic!("no {path}")).content {
            Content::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
            other => panic!("{path} is {other:?}"),
        }
    }

    fn findings(&self) -> Vec<(String, &'static str, String)> {
        let found = self.files().diagnostics.into_iter();
        found.map(|d| (d.message, d.rule.id, format!("{:?}", d.span))).collect()
    }
}

/// Returns a page as it is rendered, which lists no work.
fn rendered(page: &PlannedPage) -> RenderedPage {
    RenderedPage {
        id: page.id.clone(),
        url: page.url.clone(),
        kind: page.kind.clone(),
        card: None,
        html: String::new(),
        references: Vec::new(),
        diagnostics: Vec::new(),
        reads: crate::resolve::Reads::default(),
        asked: Box::default(),
        turns: Vec::new(),
    }
}

const BASE: &str = "[site]\ntitle = \"S & T\"\nbase_url = \"https://example.org/b\"\n";

#[test]
fn the_sitemap_lists_what_may_be_found_with_the_day_of_the_last_change() {
    let mut site = Fixture::new(BASE).page("articles/a", Some("2027-01-02")).page("b", None);
    site.plan("@404", "/404.html", PageKind::NotFound, &[]);
    let sitemap = site.text("sitemap.xml");
    let places: Vec<&str> =
        sitemap.lines().filter(|line| line.contains("loc>") || line.contains("lastmod")).collect();
    assert_eq!(
        places,
        [
            "    <loc>https://example.org/b/</loc>",
            "    <lastmod>2027-01-02</lastmod>",
            "    <loc>https://example.org/b/articles/a/</loc>",
            "    <lastmod>2027-01-02</lastmod>",
            "    <loc>https://example.org/b/b/</loc>",
        ]
    );
    assert!(site.text("robots.txt").contains("\nSitemap: https://example.org/b/sitemap.xml\n"));
}

#[test]
fn a_great_sitemap_is_split_and_indexed() {
    let mut site = Fixture::new(BASE);
    for number in 0..50_000 {
        site.plan(&format!("p{number}"), &format!("/p{number}/"), PageKind::Made, &[]);
    }
    assert_eq!(site.paths().iter().filter(|path| path.starts_with("sitemap")).count(), 3);
    assert_eq!(site.text("sitemap-1.xml").matches("<loc>").count(), 50_000);
    assert_eq!(site.text("sitemap-2.xml").matches("<loc>").count(), 1);
    assert!(site.text("sitemap.xml").contains("<loc>https://example.org/b/sitemap-2.xml</loc>"));
}

#[test]
fn a_feed_holds_the_dated_pages_newest_first() {
    let site = Fixture::new(BASE)
        .page("articles/a", Some("2027-01-02"))
        .page("articles/b", Some("2027-03-04"))
        .page("undated", None);
    let feed = site.text("feed.xml");
    assert!(feed.contains("<title>S &amp; T</title>"), "{feed}");
    assert!(feed.contains("<updated>2027-03-04T00:00:00Z</updated>"), "{feed}");
    let ids: Vec<&str> = feed.lines().filter(|line| line.starts_with("    <id>")).collect();
    assert_eq!(
        ids,
        [
            "    <id>https://example.org/b/articles/b/</id>",
            "    <id>https://example.org/b/articles/a/</id>"
        ]
    );
    assert!(feed.contains("<title>Title of &lt;articles/a&gt;</title>"), "{feed}");
}

#[test]
fn the_works_that_are_used_are_offered_without_what_is_private() {
    let bibtex = "@article{unused, title={U}}\n\
                  @article{king2022, title={Two trials}, author={King, B}, abstract={Long.}, \
                  note={mine}, file={/home/me/a.pdf}}\n";
    let site = Fixture::new("").page("articles/a", None).cited(bibtex);
    assert_eq!(
        site.paths(),
        ["bibliography.bib", "bibliography.json", "bibliography.ris", "robots.txt"]
    );
    for path in ["bibliography.bib", "bibliography.json", "bibliography.ris"] {
        let text = site.text(path);
        assert!(text.contains("Two trials") && text.contains("king2022"), "{path}: {text}");
        for private in ["unused", "Long.", "mine", "/home/me"] {
            assert!(!text.contains(private), "{path} holds {private}: {text}");
        }
    }
    let with_abstracts = "[citations]\npublish_abstracts = true\n";
    let site = Fixture::new(with_abstracts).page("articles/a", None).cited(bibtex);
    assert!(site.text("bibliography.ris").contains("Long."));
    let each = "[outputs]\nreference-exports = true\n";
    let mut site = Fixture::new(each).page("articles/a", None).cited(bibtex);
    let kind = PageKind::Reference(crate::citation::CitationKey::new("king2022"));
    site.plan("@references/king2022", "/references/king2022/", kind, &[]);
    assert!(site.text("references/king2022/references.bib").starts_with("@article{king2022,"));
}

#[test]
fn without_an_address_there_is_neither_sitemap_nor_feed() {
    let site = Fixture::new("").page("articles/a", Some("2027-01-02"));
    assert_eq!(site.paths(), ["robots.txt"]);
    assert_eq!(site.text("robots.txt"), "User-agent: *\nDisallow:\n");
}

#[test]
fn a_site_that_is_not_to_be_listed_has_no_sitemap() {
    let mut site = Fixture::new(BASE).page("articles/a", Some("2027-01-02"));
    site.noindex = true;
    assert_eq!(site.paths(), ["feed.xml", "robots.txt"]);
}

#[test]
fn an_output_can_be_switched_off_and_an_unknown_switch_is_reported() {
    let site = Fixture::new(&format!("{BASE}[outputs]\nrobots = false\nsitmap = false\n"));
    assert_eq!(site.paths(), ["feed.xml", "sitemap.xml"]);
    let found = unknown_switches(&site.config, &site.config_source);
    assert_eq!(found[0].message, "there is no output `sitmap`");
    assert_eq!(found[0].help[0], "did you mean `sitemap`?");
    let place = crate::source::line_column(&site.config_source.text(), found[0].span.start);
    assert_eq!(place.line, 6);
}

#[test]
fn the_sites_own_file_stands_in_place_of_an_output_but_not_of_a_page() {
    let site = Fixture::new("")
        .page("articles/a", None)
        .file("static/robots.txt", "/robots.txt")
        .file("static/articles/a/index.html", "/articles/a/index.html");
    let made = site.files();
    assert_eq!(made.artifacts.len(), 1);
    assert!(matches!(made.artifacts[0].content, Content::Copy(_)));
    assert_eq!(made.diagnostics[0].rule.id, "url-duplicate");
    assert_eq!(made.diagnostics[0].source().as_str(), "static/articles/a/index.html");
}

#[test]
fn a_redirect_leads_to_the_end_of_its_chain() {
    let redirects = "[redirects]\n\"/old\" = \"/older/\"\n\"/older/\" = \"/articles/a#x\"\n\
                     \"/away/\" = \"https://example.com/?a&b\"\n\"/pdf/\" = \"/p.pdf\"\n";
    let site = Fixture::new(&format!("{BASE}{redirects}"))
        .page("articles/a", None)
        .file("static/p.pdf", "/p.pdf");
    assert_eq!(site.findings(), []);
    let page = site.text("old/index.html");
    assert!(page.contains(r#"content="0; url=../articles/a/#x""#), "{page}");
    assert!(page.contains(r#"href="https://example.org/b/articles/a/""#), "{page}");
    assert!(page.contains("Title of &lt;articles/a&gt;"), "{page}");
    assert!(site.text("away/index.html").contains("https://example.com/?a&amp;b"));
    assert!(site.text("pdf/index.html").contains(r#"url=../p.pdf""#));
}

#[test]
fn each_redirect_of_a_chain_leads_to_its_end_and_none_of_a_circle() {
    let redirects = "[redirects]\n\"/c/\" = \"/b/\"\n\"/a/\" = \"/articles/a/\"\n\"/b/\" = \"/a/\"\n\
                     \"/x/\" = \"/y/\"\n\"/y/\" = \"/x/\"\n\"/w/\" = \"/x/\"\n";
    let site = Fixture::new(&format!("{BASE}{redirects}")).page("articles/a", None);
    for path in ["a", "b", "c"] {
        assert!(site.text(&format!("{path}/index.html")).contains("url=../articles/a/"), "{path}");
    }
    assert!(
        !site.paths().iter().any(|path| ["w/", "x/", "y/"].iter().any(|at| path.starts_with(at)))
    );
}

#[test]
fn redirects_that_cannot_work_are_reported_at_their_place() {
    let redirects = "[redirects]\n\"/x/\" = \"/y/\"\n\"/y/\" = \"/x/\"\n\
                     \"/articles/a/\" = \"/\"\n\"/z/\" = \"/articles/b/\"\n";
    let site = Fixture::new(redirects).page("articles/a", None);
    let found = site.findings();
    let rules: Vec<&str> = found.iter().map(|(_, rule, _)| *rule).collect();
    // A circle is for the rule on redirects to report; no page is made for it.
    assert_eq!(rules, ["url-duplicate", "link-broken"]);
    assert_eq!(found[1].0, "the redirect from `/z/` leads to `/articles/b/`, where nothing is");
    assert!(site.paths().iter().all(|path| path == "robots.txt"));
}

#[test]
fn an_address_is_redirected_to_one_place() {
    let redirects = "[redirects]\n\"/old\" = \"/articles/a/\"\n\"/old/\" = \"/articles/b/\"\n\
                     \"/once\" = \"/articles/a/\"\n\"/once/\" = \"/articles/a\"\n";
    let site = Fixture::new(redirects).page("articles/a", None).page("articles/b", None);
    let found: Vec<String> = site.findings().into_iter().map(|(found, ..)| found).collect();
    assert_eq!(found, ["`/old/` is redirected to two places"]);
}

/// Makes the stale files of the whole site.
fn make_all(made: &mut SiteFiles, context: &OutputContext<'_>, files: &mut Files) {
    for when in [When::BeforePages, When::BesidePages] {
        made.offer(made.make(when, context), files);
    }
    made.note_clashes(context, files);
}

#[test]
fn what_needs_nothing_that_changed_is_not_made_again() {
    let config = "[outputs]\nrobots = false\n";
    let mut site = Fixture::new(&format!("{BASE}{config}")).page("articles/a", Some("2027-01-02"));
    let mut files = Files::default();
    let mut made = SiteFiles::default();
    let mut update = |site: &Fixture, changed: Needs| -> Vec<String> {
        let plan = Plan::of(site.plan.clone());
        let kept = Kept::of(site);
        let context = OutputContext { changed, ..site.context(&plan, &kept) };
        make_all(&mut made, &context, &mut files);
        files.take_changes().into_iter().map(|(path, _)| path).collect()
    };
    assert_eq!(update(&site, Needs::NOTHING), ["feed.xml", "sitemap.xml"], "the first time");
    site = site.page("articles/b", Some("2027-03-04"));
    assert_eq!(update(&site, Needs::ANCHORS.and(Needs::FILES)), [""; 0]);
    assert_eq!(update(&site, Needs::CARDS), ["feed.xml"]);
    assert_eq!(update(&site, Needs::DATES), ["sitemap.xml"]);
}
