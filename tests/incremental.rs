//! A pipeline that builds again what changed makes the same site as one that builds
//! everything: after each of a random sequence of edits its files and findings are
//! compared with those of a first build, byte for byte; and no page is rendered again that
//! does not depend on the edit (`incremental/dependence.rs`).
//!
//! `GALEN_SEQUENCES` sets how many sequences of 20 edits are tried.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it measured"
)]

#[path = "incremental/dependence.rs"]
mod dependence;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use galen::fingerprint::Fingerprint;
use galen::load::{FileHandle, Inputs};
use galen::outputs::{Artifact, Content, InMemory};
use galen::page_id::PageId;
use galen::pipeline::{Build, BuildOptions, Pipeline};
use galen::render::view::RenderedPage;
use galen::source::{Source, SourceId};
use tempfile::TempDir;

use dependence::{Reason, State};

/// How many sequences are tried where nobody says otherwise.
const SEQUENCES: u64 = 12;
/// How many edits a sequence has.
const EDITS: usize = 20;

fn options() -> BuildOptions {
    options_on(TODAY)
}

fn options_on(today: &str) -> BuildOptions {
    BuildOptions {
        today: today.parse().unwrap(),
        drafts: false,
        future: false,
        noindex: false,
        base_url: None,
    }
}

/// A site whose files are changed at random.
struct Site {
    inputs: Inputs,
    random: Random,
    today: &'static str,
    /// Where the files are that are no text.
    folder: TempDir,
}

/// Numbers that look random, the same for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// The date that counts as today where nobody says otherwise.
const TODAY: &str = "2026-11-23";

const BOOK: &str = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n\
    preset = \"health\"\n[languages.fr]\ntitle = \"Un site\"\n";
const OTHER_BOOK: &str = "[site]\ntitle = \"Another site\"\npreset = \"health\"\n\
    [languages.fr]\ntitle = \"Un site\"\n[collections.articles]\npaginate_by = 2\n\
    [images]\nwidths = [100, 300]\n\
    [outputs]\nmarkdown-copies = true\nllms = true\n";
const SHOWN_BOOK: &str = "[site]\ntitle = \"A site of ours\"\nlicense = \"CC0-1.0\"\n\
    base_url = \"https://example.org\"\npreset = \"health\"\n[languages.fr]\n\
    title = \"Un site\"\n[[nav]]\npage = \"articles/a\"\n[theme]\naccent = \"#0a7\"\n\
    [publisher]\nname = \"We\"\npolicies = {privacy = \"about\"}\n";
const JUDGED_BOOK: &str = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n\
    preset = \"health\"\n[languages.fr]\ntitle = \"Un site\"\n[redirects]\n\
    \"/was/\" = \"/articles/b/\"\n[checks]\nlink-orphan = \"warn\"\nmeta-author = \"off\"\n";
const WORKS: &str = "@article{king2022, title={Two trials}, author={King, Brett}, year=2022, \
    journal={J}, doi={10.1056/x}}\n@article{kwon2023, title={A year}, author={Kwon, Ohsang}, \
    year=2023}\n@book{lee2020, title={Hair}, author={Roe, Jane}, year=2020}\n";
const OTHER_WORKS: &str = "@article{king2022, title={Three trials}, author={King, Brett}, \
    year=2022}\n@article{kwon2023, title={A year}, author={Roe, Jane}, year=2023}\n";
const TEMPLATE: &str = "{% extends \"default/article.html\" %}";
const OWN_THEME_BOOK: &str = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n\
    preset = \"health\"\ntheme = \"own\"\n[redirects]\n\"/was/\" = \"/articles/a/\"\n";
const OTHER_TEMPLATE: &str = "<h1>{{ page.title }}</h1>{{ page.body }}\
    {% for c in page.related %}{{ c.title }}{% endfor %}";
const BROKEN_TEMPLATE: &str = "{% if %}";

const IMAGES: [&str; 3] =
    ["content/articles/image.svg", "content/treatments/image.svg", "static/logo.svg"];
const PHOTOGRAPHS: [&str; 3] =
    ["content/articles/photo.png", "content/treatments/photo.png", "static/unseen.png"];

/// Returns an image of this size.
fn svg(width: u32, height: u32) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"/>")
}

/// Returns a photograph of this width.
fn png(width: u32) -> Vec<u8> {
    let noise = |x: u32, y: u32| x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ (x * y);
    let image = image::GrayImage::from_fn(width, 4, |x, y| image::Luma([noise(x, y) as u8]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

const ARTICLES: [&str; 6] = ["a", "b", "c", "d", "e", "deep/f"];
const TREATMENTS: [&str; 3] = ["nova", "vega", "lyra"];
const PEOPLE: [&str; 2] = ["roe", "king"];
const WORDS: [&str; 14] = [
    "Nova",
    "vega",
    "Novix",
    "the Lyra",
    "AA",
    "hair loss",
    "trial",
    "Starmab",
    "[@king2022]",
    "[@kwon2023, p. 4; @lee2020]",
    "@nobody",
    "[x](../treatments/nova.md)",
    "[[vega]]",
    "[y](b.md#part)",
];

impl Site {
    fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut site =
            Self { inputs: Inputs::default(), random: Random(seed), today: TODAY, folder };
        site.put("book.toml", BOOK);
        site.put("citations/works.bib", WORKS);
        for name in ARTICLES {
            site.article(name);
        }
        for name in TREATMENTS {
            site.treatment(name);
        }
        for name in PEOPLE {
            site.person(name);
        }
        site.put(
            "content/conditions/aa.md",
            "---\ntitle: Alopecia areata\naliases: [AA]\n---\nHair loss.\n",
        );
        site.file(PHOTOGRAPHS[0], Some(&png(600)));
        site.put("content/about.md", "---\ntitle: About\n---\nNova and [us](articles/a.md).\n");
        site
    }

    fn put(&mut self, path: &str, text: &str) {
        let id = SourceId::new(path);
        self.inputs.sources.insert(id.clone(), Source::new(id, text));
    }

    fn remove(&mut self, path: &str) {
        self.inputs.sources.remove(&SourceId::new(path));
    }

    /// Puts or takes away a file that is no text.
    fn file(&mut self, path: &str, bytes: Option<&[u8]>) {
        let id = SourceId::new(path);
        let Some(bytes) = bytes else {
            self.inputs.files.remove(&id);
            return;
        };
        let fingerprint = Fingerprint::of(bytes);
        let place = self.folder.path().join(fingerprint.to_string());
        std::fs::write(&place, bytes).unwrap();
        let length = bytes.len() as u64;
        self.inputs.files.insert(id, FileHandle { path: Arc::from(place), length, fingerprint });
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for section in 0..self.random.below(4) {
            if section > 0 {
                text.push_str(self.random.one(&["\n\n## Part\n\n", "\n\n## Other\n\n", "\n\n"]));
            }
            for _ in 0..self.random.below(8) {
                let word = self.random.one(&WORDS);
                let _ = write!(text, "{word}{}", self.random.one(&[" ", ". ", " and "]));
            }
        }
        if self.random.chance(15) {
            text.push_str("\n\n::: {.facts treatment=nova}\n:::\n");
        }
        if self.random.chance(10) {
            text.push_str("\n\n```rust\nfn main() {}\n```\n\n![An image](image.svg)\n");
        }
        if self.random.chance(20) {
            text.push_str("\n\n![A photograph](photo.png)\n");
        }
        text.push('\n');
        text
    }

    fn article(&mut self, name: &str) {
        let mut front = format!("title: {}\n", self.random.one(&["On Nova", "Hair", "Vega", "B"]));
        let date = self.random.one(&["2026-01-02", "2025-03-04", "2026-01-03", "2030-01-01"]);
        let _ = writeln!(front, "date: {date}");
        let optional = [
            "authors: [roe]\n",
            "authors: [king, roe]\n",
            "authors: [nobody]\n",
            "tags: [hair, skin]\n",
            "tags: [Skin]\n",
            "about: [aa]\n",
            "draft: true\n",
            "related: [articles/a, vega]\n",
            "style: ieee\n",
            "slug: other\n",
            "reviewers: [{person: king, date: 2026-02-03}]\n",
            "redirect_from: /old/\n",
            "evidence: [{outcome: Regrowth, condition: aa, certainty: low, source: king2022}]\n",
            "key_points: [\"Nova works [@king2022].\"]\n",
            "nocite: [lee2020]\n",
            "lists: {news: {collection: articles, sort: -date, limit: 2}}\n",
            "colour: red\n",
            "terms: {AA: conditions/aa}\n",
            "description: Words.\n",
        ];
        for line in optional {
            if self.random.chance(15) && !front.contains(line.split(':').next().unwrap()) {
                front.push_str(line);
            }
        }
        if self.random.chance(6) {
            front.push_str("tags: [broken\n");
        }
        let text = self.text();
        self.put(&format!("content/articles/{name}.md"), &format!("---\n{front}---\n{text}"));
    }

    fn treatment(&mut self, name: &str) {
        let mut front = format!("title: {name}\n");
        let optional = [
            "brands: [Novix]\n",
            "brands: [Novix, Starmab]\n",
            "aliases: [hair loss]\n",
            "class: JAK inhibitors\n",
            "class: Jak inhibitor\n",
            "alternatives: [vega]\n",
            "boxed_warning: {text: \"Beware [@king2022].\", source: king2022}\n",
            "evidence: [{outcome: Regrowth, condition: aa, source: kwon2023}]\n",
            "image: {src: image.svg, alt: A}\n",
            "image: {src: photo.png, alt: A}\n",
        ];
        for line in optional {
            if self.random.chance(30) && !front.contains(line.split(':').next().unwrap()) {
                front.push_str(line);
            }
        }
        let text = self.text();
        self.put(&format!("content/treatments/{name}.md"), &format!("---\n{front}---\n{text}"));
    }

    fn person(&mut self, name: &str) {
        let full = self.random.one(&["Jane Roe", "Brett King", "Jane Q. Roe"]);
        let works = self.random.one(&["", "publications: [kwon2023]\n"]);
        let text = self.text();
        self.put(
            &format!("content/people/{name}.md"),
            &format!("---\nname: {full}\n{works}---\n{text}"),
        );
    }

    /// Changes something, and says what.
    fn edit(&mut self) -> String {
        let article = ARTICLES[self.random.below(ARTICLES.len())];
        let path = format!("content/articles/{article}.md");
        match self.random.below(30) {
            0..=6 => {
                self.article(article);
                format!("write {path}")
            }
            7 => {
                self.remove(&path);
                format!("delete {path}")
            }
            8..=10 => {
                let name = TREATMENTS[self.random.below(TREATMENTS.len())];
                self.treatment(name);
                format!("write treatment {name}")
            }
            11 => {
                let name = TREATMENTS[self.random.below(TREATMENTS.len())];
                self.remove(&format!("content/treatments/{name}.md"));
                format!("delete treatment {name}")
            }
            12 => {
                let name = PEOPLE[self.random.below(PEOPLE.len())];
                self.person(name);
                format!("write person {name}")
            }
            13 => {
                let text = self.random.one(&[WORKS, OTHER_WORKS, "@article{"]);
                self.put("citations/works.bib", text);
                "write works".into()
            }
            14 => {
                let text = self.random.one(&[TEMPLATE, OTHER_TEMPLATE, BROKEN_TEMPLATE]);
                self.put("templates/article.html", text);
                "write template".into()
            }
            15 => {
                self.remove("templates/article.html");
                "delete template".into()
            }
            16 => {
                let text = self.random.one(&[
                    BOOK,
                    BOOK,
                    OTHER_BOOK,
                    OWN_THEME_BOOK,
                    SHOWN_BOOK,
                    JUDGED_BOOK,
                    "[site\n",
                ]);
                self.put("book.toml", text);
                "write book".into()
            }
            17 => {
                let text = self.text();
                let draft = self.random.one(&["", "draft: true\n"]);
                let text = format!("---\ntitle: En français\n{draft}---\n{text}");
                self.put(&format!("content/articles/{article}.fr.md"), &text);
                format!("translate {path}")
            }
            18 => {
                self.remove(&format!("content/articles/{article}.fr.md"));
                format!("delete translation of {path}")
            }
            19 => {
                let path = self.random.one(&IMAGES);
                let bytes = [Some(svg(20, 10)), Some(svg(30, 10)), None];
                let bytes = bytes[self.random.below(3)].clone();
                self.file(path, bytes.as_deref().map(str::as_bytes));
                format!("write or delete {path}")
            }
            20 => {
                let path = self.random.one(&PHOTOGRAPHS);
                let (wide, narrow) = (png(600), png(90));
                let broken = &wide[..wide.len() / 2];
                let bytes = [Some(&*wide), Some(&*narrow), Some(broken), None];
                let chosen = bytes[self.random.below(4)];
                self.file(path, chosen);
                format!("write or delete {path}")
            }
            21 => {
                let path = self.random.one(&["robots.txt", "x.pdf", "articles/b/index.html"]);
                let bytes = [Some("one"), Some("two"), None][self.random.below(3)];
                self.file(&format!("static/{path}"), bytes.map(str::as_bytes));
                format!("write or delete static/{path}")
            }
            22 => {
                let text = self.random.one(&["h1 { color: red }", "h1 { color: blue }"]);
                self.put("themes/default/static/galen.css", text);
                "write a style sheet".into()
            }
            23 => {
                let text = self.random.one(&[
                    "extends = \"default\"\n",
                    "extends = \"default\"\nstylesheets = [\"own.css\"]\n",
                    "extends = 3\n",
                ]);
                self.put("themes/own/theme.toml", text);
                self.put("themes/own/static/own.css", "p { margin: 0 }");
                "write a theme".into()
            }
            24 => {
                let text = self.random.one(&["doi\n10.1056/x\n", "doi\n10.1056/y\n"]);
                let header = "Record ID,Title,OriginalPaperDOI,RetractionNature\n";
                let doi = text.lines().nth(1).unwrap();
                let table = format!("{header}1,Two trials,{doi},Retraction\n");
                self.put("citations/retractions.csv", &table);
                "write retractions".into()
            }
            25 => {
                let text = self.random.one(&["king2022: {status: concern}\n", "nobody: {}\n", "["]);
                self.put("citations/notes.yaml", text);
                "write notes".into()
            }
            26 => {
                self.today = self.random.one(&[TODAY, "2026-11-24", "2027-03-01", "2030-06-01"]);
                format!("wait until {}", self.today)
            }
            27 | 28 => {
                let words = self.random.one(&["More words.", "More of Nova [@lee2020]."]);
                if let Some(source) = self.inputs.sources.get(&SourceId::new(path.as_str())) {
                    let text = format!("{}\n{words}\n", source.text);
                    self.put(&path, &text);
                }
                format!("add words to {path}")
            }
            _ => {
                let from = SourceId::new(path.as_str());
                if let Some(source) = self.inputs.sources.remove(&from) {
                    let to = self.random.one(&["moved", "b", "treatments"]);
                    let text = source.text.to_string();
                    self.put(&format!("content/articles/{to}.md"), &text);
                }
                format!("move {path}")
            }
        }
    }
}

fn by_path(build: &Build) -> BTreeMap<String, Artifact> {
    build.artifacts().into_iter().map(|artifact| (artifact.path.clone(), artifact)).collect()
}

/// Panics where two builds are not equal.
fn compare(warm: &Build, cold: &Build, history: &[String]) {
    let (warm_files, cold_files) = (by_path(warm), by_path(cold));
    for (path, file) in &cold_files {
        let found = warm_files.get(path);
        if found != Some(file) {
            let show = |file: Option<&Artifact>| format!("{:?}", file.map(text));
            panic!("{path} differs after {history:#?}\n{}\n{}", show(found), show(Some(file)));
        }
    }
    assert_eq!(warm_files.len(), cold_files.len(), "files after {history:#?}");
    let only = |of: &Build, not: &Build| -> Vec<String> {
        let found = of.diagnostics.iter().filter(|found| !not.diagnostics.contains(found));
        found.map(|found| format!("{found:?}")).collect()
    };
    let (more, less) = (only(warm, cold), only(cold, warm));
    assert!(warm.diagnostics == cold.diagnostics, "{more:#?} {less:#?} after {history:#?}");
    assert_eq!(warm.left_out, cold.left_out);
}

/// Changes `told` as the build says that the files changed; panics where they are others.
fn follow(told: &mut BTreeMap<String, Artifact>, build: &Build, history: &[String]) {
    for (path, before) in &build.changed {
        let known = told.remove(path).map(|artifact| artifact.content);
        assert!(known == *before, "what stood at {path} after {history:#?}");
        let now = build.files.get(path).cloned();
        assert!(now != known, "{path} is told to be different after {history:#?}");
        told.extend(now.map(|content| (path.clone(), Artifact { path: path.clone(), content })));
    }
    assert!(*told == by_path(build), "files that are told of after {history:#?}");
}

fn text(file: &Artifact) -> String {
    match &file.content {
        Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Content::Packed(packed) => String::from_utf8_lossy(&packed.unpacked()).into_owned(),
        Content::Copy(file) => format!("{file:?}"),
    }
}

/// How many pages were rendered again for each reason, and of how many the bytes differ.
#[derive(Default)]
struct Rendered(BTreeMap<Reason, (usize, usize)>);

impl Rendered {
    /// Counts the pages that a build rendered again; panics where one of them need not
    /// have been.
    fn count(&mut self, [last, warm]: [&Build; 2], [before, now]: [&State; 2], history: &[String]) {
        for id in rendered(last, warm) {
            let reason = now.reason(before, &id);
            let reason = reason
                .unwrap_or_else(|| panic!("{id} was rendered without need after {history:#?}"));
            let (all, other) = self.0.entry(reason).or_default();
            let path = warm.pages[&id].url.to_file_path();
            *all += 1;
            *other += usize::from(warm.files.get(&path) != last.files.get(&path));
        }
    }
}

#[test]
fn after_every_edit_the_site_is_that_of_a_first_build() {
    let sequences = std::env::var("GALEN_SEQUENCES").ok().and_then(|n| n.parse().ok());
    let mut counted = Rendered::default();
    for seed in 0..sequences.unwrap_or(SEQUENCES) {
        let mut site = Site::new(seed);
        let mut pipeline = Pipeline::default();
        let mut history = vec![format!("seed {seed}")];
        let mut told = BTreeMap::new();
        let mut last: Option<(Build, State)> = None;
        for edit in 0..=EDITS {
            if edit > 0 {
                history.push(site.edit());
            }
            let options = options_on(site.today);
            let warm = pipeline.build(&InMemory, &site.inputs, &options);
            // Not by `build`, which gives nothing back: a process ends after it.
            let cold = Pipeline::default().build(&InMemory, &site.inputs, &options);
            compare(&warm, &cold, &history);
            follow(&mut told, &warm, &history);
            let now = State::new(&site.inputs, options.today, cold);
            if let Some((last, before)) = &last {
                counted.count([last, &warm], [before, &now], &history);
            }
            last = Some((warm, now));
        }
    }
    for (reason, (all, other)) in counted.0 {
        println!("{reason:?}: {all} pages rendered again, {other} of them with other bytes");
    }
}

/// Returns the ids of the pages of `after` that were rendered anew since `before`.
fn rendered(before: &Build, after: &Build) -> Vec<PageId> {
    let is_new = |page: &&Arc<RenderedPage>| {
        before.pages.get(&page.id).is_none_or(|last| !Arc::ptr_eq(last, page))
    };
    after.pages.values().filter(is_new).map(|page| page.id.clone()).collect()
}

#[test]
fn a_page_is_rendered_again_only_where_it_depends_on_the_change() {
    let a = "content/articles/a.md";
    let page = |title: &str, words: &str| {
        format!("---\ntitle: {title}\ndescription: Short.\n---\n{words} about Nova [@king2022].\n")
    };
    let first = page("One", "Words");
    let after = |text: &str| {
        let mut site = Site::new(1);
        site.put(a, &first);
        site.put("content/articles/b.md", "---\ntitle: Two\n---\nSee [[articles/a]].\n");
        site.put("content/articles/c.md", "---\ntitle: Three\n---\nNothing.\n");
        site.put("content/treatments/nova.md", "---\ntitle: nova\n---\nA drug.\n");
        let mut pipeline = Pipeline::default();
        let before = pipeline.build(&InMemory, &site.inputs, &options());
        site.put(a, text);
        let again = rendered(&before, &pipeline.build(&InMemory, &site.inputs, &options()));
        again.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(after(&first), Vec::<String>::new());
    let longer = format!("{first}\nMore words.\n");
    assert_eq!(after(&longer), ["articles/a"]);
    let shown = after(&page("One", "Other words"));
    assert_eq!(shown, ["@references/king2022", "articles/a", "treatments/nova"]);
    let titled = after(&page("First", "Words"));
    let has = |id: &str| titled.iter().any(|page| page == id);
    assert!(has("articles/_index") && has("articles/b") && has("treatments/nova"), "{titled:?}");
    assert!(!has("people/roe") && !has("@404"), "{titled:?}");
}

#[test]
fn what_all_pages_are_shown_by_renders_again_only_the_pages_that_show_it() {
    let mut site = Site::new(1);
    for name in ARTICLES {
        let cites = if name == "a" { "Hair [@king2022]." } else { "Nothing." };
        site.put(
            &format!("content/articles/{name}.md"),
            &format!("---\ntitle: {name}\n---\n{cites}\n"),
        );
    }
    for name in TREATMENTS {
        site.remove(&format!("content/treatments/{name}.md"));
    }
    site.put("templates/article.html", "{% include \"part.html\" %}{{ page.body }}");
    site.put("templates/part.html", "<h1>{{ page.title }}</h1>");
    let mut pipeline = Pipeline::default();
    let mut last = pipeline.build(&InMemory, &site.inputs, &options());
    let mut after = |path: &str, text: &str| {
        site.put(path, text);
        let now = pipeline.build(&InMemory, &site.inputs, &options());
        let again = rendered(&last, &now).iter().map(ToString::to_string).collect::<Vec<_>>();
        last = now;
        again
    };
    let mut articles = ARTICLES.map(|name| format!("articles/{name}")).to_vec();
    articles.sort_unstable();
    assert_eq!(after("templates/part.html", "<h2>{{ page.title }}</h2>"), articles);
    assert_eq!(after("templates/unused.html", "<p>"), [""; 0]);
    assert_eq!(after("book.toml", &format!("# A note.\n{BOOK}")), [""; 0]);
    let further = format!("@book{{new1, title={{New}}, year=2021}}\n{WORKS}");
    assert_eq!(after("citations/works.bib", &further), [""; 0], "it is cited nowhere");
    let other = further.replace("Two trials", "Three trials");
    let citing = ["@references", "@references/king2022", "articles/a"];
    let again = after("citations/works.bib", &other);
    assert!(citing.iter().all(|id| again.iter().any(|page| page == id)), "{again:?}");
    assert!(!again.iter().any(|page| page == "articles/b" || page == "_index"), "{again:?}");
    let styled = after("themes/default/static/galen.css", "h1 { color: red }");
    assert!(!styled.iter().any(|page| page.starts_with("articles/a")), "{styled:?}");
    assert!(styled.iter().any(|page| page == "_index"), "{styled:?}");
}

#[test]
fn a_translation_is_rendered_again_only_for_the_facts_of_its_original() {
    let original = |date: &str, words: &str| {
        format!("---\ntitle: A\ndescription: Short.\ndate: {date}\n---\n{words}\n")
    };
    let mut site = Site::new(1);
    site.put("content/articles/a.md", &original("2026-01-02", "Words."));
    site.put("content/articles/a.fr.md", "---\ntitle: B\n---\nMots.\n");
    let mut pipeline = Pipeline::default();
    let before = pipeline.build(&InMemory, &site.inputs, &options());
    let french = |pages: Vec<PageId>| pages.iter().any(|id| format!("{id:?}") == "articles/a[fr]");
    site.put("content/articles/a.md", &original("2026-01-02", "Words. More words."));
    let longer = pipeline.build(&InMemory, &site.inputs, &options());
    assert!(!french(rendered(&before, &longer)));
    site.put("content/articles/a.md", &original("2026-01-03", "Words. More words."));
    let dated = pipeline.build(&InMemory, &site.inputs, &options());
    assert!(french(rendered(&longer, &dated)), "{:?}", rendered(&longer, &dated));
}

#[test]
fn a_file_with_other_bytes_is_published_anew() {
    let mut site = Site::new(1);
    let mut pipeline = Pipeline::default();
    for bytes in [b"one", b"two"] {
        site.file("static/x.pdf", Some(bytes));
        let build = pipeline.build(&InMemory, &site.inputs, &options());
        let expected = site.inputs.files[&SourceId::new("static/x.pdf")].clone();
        assert!(build.files.get("x.pdf") == Some(&Content::Copy(expected)));
    }
}
