use std::fs;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::outputs::Upcoming;
use crate::serve::http::Desk;
use crate::serve::shown::{EditorLink, Shown, ShownFile, Standing};

use super::*;

struct Site {
    dir: tempfile::TempDir,
    engine: Engine,
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        // Every page is in the index of the search, which would be told with it.
        let book = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org/docs/\"\n\
                    [outputs]\nsearch = false\n";
        fs::write(dir.path().join("book.toml"), book).unwrap();
        fs::create_dir(dir.path().join("content")).unwrap();
        fs::write(dir.path().join("content/a.md"), "---\ntitle: A\n---\nfirst words\n").unwrap();
        fs::write(dir.path().join("content/b.md"), "---\ntitle: B\n---\nother words\n").unwrap();
        let options = BuildOptions::on("2026-11-23".parse().unwrap());
        let engine = Engine::new(dir.path().to_owned(), None, options).unwrap();
        Self { dir, engine }
    }

    fn all(&mut self) -> Update {
        self.engine.update(None, &()).unwrap()
    }

    fn write(&mut self, name: &str, text: &str) -> Update {
        let path = self.dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let changes = Changes { modified: BTreeSet::from([path]), ..Changes::default() };
        self.engine.update(Some(&changes), &()).unwrap()
    }

    /// Returns a site of many pages, `p0` and so on, built, each of which says "one".
    fn of_many() -> Self {
        let site = Self::new();
        for page in 0..MANY {
            let page = site.dir.path().join(format!("content/p{page}.md"));
            fs::write(page, "---\ntitle: P\n---\nwords\n").unwrap();
        }
        fs::create_dir(site.dir.path().join("templates")).unwrap();
        fs::write(site.dir.path().join("templates/page.html"), "one {{ page.title }}").unwrap();
        site
    }

    fn write_before(&mut self, files: &[(&str, &str)], audience: &dyn Audience) -> Update {
        let write = |(name, text): &(&str, &str)| {
            let path = self.dir.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let modified = files.iter().map(write).collect();
        let changes = Changes { modified, ..Changes::default() };
        self.engine.update(Some(&changes), audience).unwrap()
    }

    fn page(&self, path: &str) -> String {
        text(self.engine.content(path).unwrap())
    }
}

fn rules(update: &Update) -> Vec<&str> {
    let errors = update.diagnostics.iter().filter(|finding| finding.is_structural_error());
    errors.map(|finding| finding.rule.id).collect()
}

#[test]
fn what_differs_is_told() {
    let mut site = Site::new();
    let first = site.all();
    assert_eq!(first.base_path, "/docs/");
    assert_eq!(first.sources["a/index.html"].as_str(), "content/a.md");
    assert!(first.changed.contains(&"b/index.html".to_owned()));
    let second = site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    assert_eq!(second.changed, ["a/index.html"]);
    assert_eq!(second.pages, 1);
    let why: Vec<String> = second.causes.iter().map(|why| format!("{why:?}")).collect();
    assert!(first.causes.is_empty() && why[0].starts_with("(a[en], [File"), "{why:?}");
    assert!(site.page("a/index.html").contains("new words"));
    let same = site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    assert_eq!(same.changed, Vec::<String>::new());
}

#[test]
fn it_is_known_which_file_a_page_comes_from_also_when_it_comes_back() {
    let mut site = Site::new();
    site.all();
    let draft = site.write("content/a.md", "---\ntitle: A\ndraft: true\n---\nwords\n");
    assert!(!draft.sources.contains_key("a/index.html"));
    let back = site.write("content/a.md", "---\ntitle: A\n---\nwords\n");
    assert_eq!(back.sources["a/index.html"].as_str(), "content/a.md");
}

#[test]
fn a_page_whose_front_matter_breaks_keeps_its_last_good_version_until_it_is_mended() {
    let mut site = Site::new();
    site.all();
    let broken = site.write("content/a.md", "---\ntitle: [A\n---\nnew words\n");
    assert_eq!(rules(&broken), ["yaml-syntax"]);
    assert_eq!(broken.changed, Vec::<String>::new());
    assert_eq!(broken.stale, BTreeSet::from(["a/index.html".to_owned()]));
    let other = site.write("content/b.md", "---\ntitle: B\n---\nmore words\n");
    assert_eq!(rules(&other), ["yaml-syntax"], "it is still broken");
    assert!(site.page("b/index.html").contains("more words"));
    let mended = site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    assert_eq!(rules(&mended), Vec::<&str>::new());
    assert_eq!(mended.stale, BTreeSet::new());
    assert!(site.page("a/index.html").contains("new words"));
}

#[test]
fn a_page_that_never_could_be_read_is_shown_as_it_is() {
    let mut site = Site::new();
    site.all();
    site.write("content/c.md", "---\ntitle: [C\n---\nfirst words\n");
    let broken = site.write("content/c.md", "---\ntitle: [C\n---\nsecond words\n");
    assert_eq!(rules(&broken), ["yaml-syntax"]);
    assert_eq!(broken.stale, BTreeSet::new());
    assert!(site.page("c/index.html").contains("second words"));
}

#[test]
fn a_template_that_breaks_is_replaced_by_its_last_good_text() {
    let mut site = Site::new();
    site.write("content/a.md", "---\ntitle: A\ntemplate: own.html\n---\nwords\n");
    site.write("templates/own.html", "<p>one {{ page.title }}</p>{{ page.body }}");
    let broken = site.write("templates/own.html", "<p>two {{ page.title </p>");
    assert_eq!(rules(&broken), ["template-error"]);
    assert_eq!(broken.stale_for.unwrap().as_str(), "templates/own.html");
    let body = site.write("content/a.md", "---\ntitle: A\ntemplate: own.html\n---\nnew words\n");
    assert_eq!(body.changed, ["a/index.html"]);
    assert!(site.page("a/index.html").starts_with("<p>one A</p>"));
    assert!(site.page("a/index.html").contains("new words"));
    let mended = site.write("templates/own.html", "<p>two {{ page.title }}</p>");
    assert_eq!(rules(&mended), Vec::<&str>::new());
    assert_eq!(mended.stale_for, None);
    assert!(site.page("a/index.html").starts_with("<p>two A</p>"));
}

#[test]
fn a_broken_configuration_leaves_the_site_as_it_was() {
    let mut site = Site::new();
    site.all();
    let book = site.dir.path().join("book.toml");
    let text = fs::read_to_string(&book).unwrap();
    let broken = site.write("book.toml", "[site]\ntitle = \"A sit\nbase_url = 3\n");
    assert!(rules(&broken).contains(&"config-type"));
    assert_eq!(broken.changed, Vec::<String>::new());
    assert_eq!(broken.base_path, "/docs/");
    let mended = site.write("book.toml", &text.replace("A site", "Another"));
    assert_eq!(rules(&mended), Vec::<&str>::new());
    assert!(site.page("a/index.html").contains("Another"));
}

#[test]
fn another_day_shows_what_depends_on_the_date() {
    let mut site = Site::new();
    let tomorrow = Arc::new(AtomicBool::new(false));
    let clock = Arc::clone(&tomorrow);
    let (day, next): (Date, Date) = ("2026-11-23".parse().unwrap(), "2026-11-24".parse().unwrap());
    site.engine =
        site.engine.dated_by(move || if clock.load(Ordering::Relaxed) { next } else { day });
    site.all();
    site.write("content/c.md", "---\ntitle: C\ndate: 2026-11-25\n---\nwords\n");
    assert!(site.engine.content("c/index.html").is_none(), "it is dated ahead");
    assert!(!site.engine.is_outdated());
    tomorrow.store(true, Ordering::Relaxed);
    assert!(site.engine.is_outdated());
    let update = site.engine.update(Some(&Changes::default()), &()).unwrap();
    assert!(site.page("c/index.html").contains("words"));
    assert!(update.changed.contains(&"c/index.html".to_owned()));
    assert!(!update.changed.contains(&"404.html".to_owned()), "{:?}", update.changed);
    assert_eq!((site.engine.today(), site.engine.is_outdated()), (next, false));
    let same = site.engine.update(Some(&Changes::default()), &()).unwrap();
    assert_eq!(same.changed, Vec::<String>::new());
}

#[test]
fn the_path_of_an_address_has_a_slash_at_both_ends() {
    assert_eq!(base_path(""), "/");
    assert_eq!(base_path("https://example.org"), "/");
    assert_eq!(base_path("https://example.org/a/b"), "/a/b/");
    assert_eq!(origin("https://example.org/a/b"), "https://example.org");
    assert_eq!(origin("https://example.org"), "https://example.org");
    assert_eq!(origin(""), "");
}

/// How many pages [`Site::of_many`] has beside others.
const MANY: usize = 100;

/// Waits for one page, and notes what it is told.
#[derive(Default)]
struct Waiting {
    page: &'static str,
    awaited: Mutex<Option<usize>>,
    told: Mutex<Vec<String>>,
}

impl Audience for Waiting {
    fn expect(&self, upcoming: &Upcoming<'_>) {
        self.told.lock().unwrap().push(format!("{} pages", upcoming.pages.len()));
        let place = upcoming.pages.iter().position(|page| page == self.page);
        *self.awaited.lock().unwrap() = place;
    }

    fn awaited(&self) -> Option<usize> {
        self.awaited.lock().unwrap().take()
    }

    fn made(&self, path: &str, content: Option<&Content>) {
        let words = content.map_or("nothing".to_owned(), text);
        self.told.lock().unwrap().push(format!("{path}: {words}"));
    }
}

fn text(content: &Content) -> String {
    match content {
        Content::Bytes(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
        Content::Packed(packed) => String::from_utf8(packed.unpacked().to_vec()).unwrap(),
        Content::Copy(_) => panic!("it is a copy"),
    }
}

#[test]
fn of_many_pages_the_one_that_somebody_waits_for_is_made_first() {
    let mut site = Site::of_many();
    let audience = Waiting { page: "p77/index.html", ..Waiting::default() };
    site.engine.update(None, &audience).unwrap();
    assert_eq!(*audience.told.lock().unwrap(), [""; 0], "of a first build nothing is known");
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    alone.install(|| site.write_before(&[("templates/page.html", "two")], &audience));
    let told = audience.told.lock().unwrap();
    assert_eq!(told[..2], ["102 pages", "p77/index.html: two"]);
    assert_eq!(told.len(), 103, "each page is made once");
}

/// Returns what those who look at a site of many pages are told when a file is saved.
fn told_of(name: &str, text: &str) -> Vec<String> {
    let mut site = Site::of_many();
    site.all();
    let audience = Waiting::default();
    site.write_before(&[(name, text)], &audience);
    audience.told.into_inner().unwrap()
}

#[test]
fn few_pages_are_not_told_before_they_are_made() {
    assert_eq!(told_of("content/p1.md", "---\ntitle: P\n---\nother\n"), [""; 0]);
}

#[test]
fn no_page_is_made_with_a_template_that_cannot_be_read() {
    assert_eq!(told_of("templates/page.html", "two {{ page.title }}")[0], "102 pages");
    assert_eq!(told_of("templates/page.html", "two {{ page.title"), [""; 0]);
}

/// Returns a desk that shows the site, built.
fn desk(site: &mut Site) -> Desk {
    let shown = Shown::new(Path::new("/"), EditorLink::default());
    let desk = Desk::new(shown, IpAddr::V4(Ipv4Addr::LOCALHOST), None);
    let update = site.engine.update(None, &desk).unwrap();
    desk.built(&site.engine, &update);
    desk
}

fn shown_file(desk: &Desk, path: &str) -> ShownFile {
    match desk.look(|shown| shown.ask(path)) {
        Standing::File(file) => file,
        other => panic!("{path} is {other:?}"),
    }
}

#[test]
fn a_page_that_was_shown_early_and_did_not_stay_alone_is_told_at_the_end() {
    let mut site = Site::of_many();
    let own = |title: &str| format!("---\ntitle: {title}\ntemplate: own.html\n---\n");
    fs::write(site.dir.path().join("templates/own.html"), "own {{ page.title }}").unwrap();
    fs::write(site.dir.path().join("content/a.md"), own("A")).unwrap();
    fs::write(site.dir.path().join("content/b.md"), own("B")).unwrap();
    let desk = desk(&mut site);
    // Many pages change, and of two with another template one shows that it is wrong.
    let wrong = "wrong {{ page.title }}{% if page.title == \"A\" %}{{ page.no }}{% endif %}";
    let files = [("templates/page.html", "two"), ("templates/own.html", wrong)];
    let update = site.write_before(&files, &desk);
    assert_eq!(text(&shown_file(&desk, "b/index.html").content), "wrong B", "for a moment");
    let early = desk.look(|shown| shown.build);
    desk.built(&site.engine, &update);
    let file = shown_file(&desk, "b/index.html");
    assert_eq!(text(&file.content), "own B");
    let news = desk.look(|shown| shown.news_for("b/index.html", Some(early)));
    let now = serde_json::json!(["b/index.html", file.fingerprint.to_string()]);
    assert_eq!(news["changed"][0], now);
}

#[test]
fn pages_that_were_shown_and_did_not_stay_are_told_again() {
    let mut site = Site::of_many();
    let desk = desk(&mut site);
    let build = desk.look(|shown| shown.build);
    let file = |path: &str| shown_file(&desk, path);
    let words = |path: &str| text(&file(path).content);
    let told_since = |build| {
        let news = desk.look(|shown| shown.news_for("p1/index.html", Some(build)));
        news["changed"].clone()
    };
    assert_eq!(words("p1/index.html"), "one P");

    // It is found to be wrong when some pages have been made with it.
    let wrong = "two {{ page.title }}{% if page.title == \"A\" %}{{ page.no }}{% endif %}";
    let update = site.write_before(&[("templates/page.html", wrong)], &desk);
    assert_eq!(update.changed, [""; 0], "in the end, all is as it was");
    desk.built(&site.engine, &update);
    assert_eq!(words("p1/index.html"), "one P");
    // Those who took the first sight of it are told of the second.
    let now = serde_json::json!([["p1/index.html", file("p1/index.html").fingerprint.to_string()]]);
    assert_eq!([told_since(build), told_since(build + 1)], [now.clone(), now]);
    assert_eq!(told_since(desk.look(|shown| shown.build)), serde_json::json!([]));

    let three = [("templates/page.html", "three {{ page.title }}")];
    let update = site.write_before(&three, &desk);
    assert_eq!(words("p1/index.html"), "three P", "it is shown before the build has ended");
    let missing = || desk.look(|shown| shown.ask("nothing/index.html"));
    assert!(matches!(missing(), Standing::Later), "the build may make it");
    desk.built(&site.engine, &update);
    assert!(matches!(missing(), Standing::Nothing));
}

#[test]
fn a_template_is_not_held_for_what_is_wrong_with_the_configuration() {
    let mut site = Site::new();
    let book = "[site]\ntitle = \"A site\"\ntheme = \"own\"\n";
    let layout = site.dir.path().join("themes/own/templates/layout.html");
    fs::create_dir_all(layout.parent().unwrap()).unwrap();
    fs::write(layout, "own {{ page.title }}").unwrap();
    fs::write(site.dir.path().join("themes/own/theme.toml"), "").unwrap();
    site.write("templates/mine.html", "one");
    site.write("content/a.md", "---\ntitle: A\ntemplate: mine.html\n---\n");
    site.write("book.toml", book);
    let broken = site.write("book.toml", &book.replace("\"own\"", "\"ow"));
    assert_eq!(rules(&broken), ["config-type", "config-type"]);
    let update = site.write("templates/mine.html", "{% extends \"own/layout.html\" %}");
    assert_eq!(rules(&update), ["config-type", "config-type"]);
    assert_eq!(site.page("a/index.html"), "own A");

    // What it extends may come with another theme.
    site.write("book.toml", &book.replace("\"own\"", "\"default\""));
    let held = site.write("templates/mine.html", "{% extends \"own/layout.html\" %}{# #}");
    assert_eq!(rules(&held), ["template-error"]);
    let mended = site.write("book.toml", book);
    assert_eq!(rules(&mended), [""; 0]);
    assert_eq!(site.page("a/index.html"), "own A");
}
