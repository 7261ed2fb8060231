//! A pipeline that builds again what changed makes the same site as one that builds
//! everything: after each of a random sequence of edits its files and findings are
//! compared with those of a first build, byte for byte; and no page is rendered again that
//! does not depend on the edit (`incremental/dependence.rs`); what a build says that it is
//! about to make, it makes (`incremental/foreseen.rs`).
//!
//! `GALEN_SEQUENCES` sets how many sequences of 20 edits are tried.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says what it measured"
)]

#[path = "incremental/dependence.rs"]
mod dependence;
#[path = "incremental/foreseen.rs"]
mod foreseen;
#[path = "incremental/site.rs"]
mod site;

use std::collections::BTreeMap;
use std::sync::Arc;

use galen::outputs::{Artifact, Content, InMemory, Packing};
use galen::packed::Packer;
use galen::page_id::PageId;
use galen::pipeline::{Build, BuildOptions, Pipeline};
use galen::render::view::RenderedPage;
use galen::source::SourceId;

use dependence::{Reason, State};
use foreseen::Foreseeing;
use site::{ARTICLES, BOOK, Site, TODAY, TREATMENTS, WORKS};

/// How many sequences are tried where nobody says otherwise.
const SEQUENCES: u64 = 12;
/// How many edits a sequence has.
const EDITS: usize = 20;

fn options() -> BuildOptions {
    options_on(TODAY)
}

fn options_on(today: &str) -> BuildOptions {
    BuildOptions::on(today.parse().unwrap())
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
    // Packed files are known by their fingerprints: what is new is looked at, too.
    for (path, _) in &warm.changed {
        let [found, wanted] = [&warm_files, &cold_files].map(|files| files.get(path).map(text));
        assert!(found == wanted, "the bytes of {path} after {history:#?}");
    }
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
    let mut foreseen = 0;
    for seed in 0..sequences.unwrap_or(SEQUENCES) {
        let mut site = Site::new(seed);
        // As a server keeps them: whether files are packed yet, and texts at hand, is for
        // nobody to see.
        let (mut pipeline, keeper) = (Pipeline::kept(Packer::default()), Foreseeing::default());
        let mut history = vec![format!("seed {seed}")];
        let mut told = BTreeMap::new();
        let mut last: Option<(Build, State)> = None;
        for edit in 0..=EDITS {
            if edit > 0 {
                history.push(site.edit());
            }
            let options = options_on(site.today);
            let warm = pipeline.build(&keeper, &site.inputs, &options);
            foreseen += usize::from(keeper.compare(&warm, &history));
            if edit % 2 == 0 {
                keeper.packed.rest();
                pipeline.rest();
            }
            // Not by `build`, which gives nothing back: a process ends after it.
            let cold = Pipeline::default().build(&Packing::default(), &site.inputs, &options);
            compare(&warm, &cold, &history);
            follow(&mut told, &warm, &history);
            let now = State::new(&site.inputs, options.today, cold);
            if let Some((last, before)) = &last {
                counted.count([last, &warm], [before, &now], &history);
            }
            last = Some((warm, now));
        }
    }
    assert!(foreseen > 0, "no build foretold anything");
    println!("{foreseen} builds foretold what they made");
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
        let mut pipeline = Pipeline::kept(Packer::default());
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
    let mut pipeline = Pipeline::kept(Packer::default());
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
fn a_page_that_quotes_the_author_of_a_work_is_rendered_again_for_another_one() {
    let mut site = Site::new(1);
    site.put("content/articles/a.md", "---\ntitle: A\n---\n@kwon2023 tried Nova.\n");
    site.put("content/treatments/nova.md", "---\ntitle: nova\n---\nA drug.\n");
    let mut pipeline = Pipeline::kept(Packer::default());
    let mut last = pipeline.build(&InMemory, &site.inputs, &options());
    let mut after = |site: &Site| {
        let now = pipeline.build(&InMemory, &site.inputs, &options());
        let again = rendered(&last, &now).iter().map(ToString::to_string).collect::<Vec<_>>();
        last = now;
        again
    };
    site.put("citations/works.bib", &WORKS.replace("Kwon, Ohsang", "Roe, Jane"));
    let again = after(&site);
    for id in ["articles/a", "articles/_index", "treatments/nova", "@references/kwon2023"] {
        assert!(again.iter().any(|page| page == id), "{id}: {again:?}");
    }
    site.put("citations/works.bib", &WORKS.replace("Kwon, Ohsang", "Roe, Joan"));
    let again = after(&site);
    assert!(!again.iter().any(|page| page == "treatments/nova"), "the same words: {again:?}");
}

#[test]
fn a_translation_is_rendered_again_only_for_the_facts_of_its_original() {
    let original = |date: &str, words: &str| {
        format!("---\ntitle: A\ndescription: Short.\ndate: {date}\n---\n{words}\n")
    };
    let mut site = Site::new(1);
    site.put("content/articles/a.md", &original("2026-01-02", "Words."));
    site.put("content/articles/a.fr.md", "---\ntitle: B\n---\nMots.\n");
    let mut pipeline = Pipeline::kept(Packer::default());
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
fn the_files_of_a_draft_go_when_it_comes_and_come_when_it_goes() {
    let (page, draft) = ("content/articles/bundle/index.md", "---\ntitle: B\ndraft: true\n---\n");
    let mut site = Site::new(1);
    site.file("content/articles/bundle/x.pdf", Some(b"x"));
    let mut pipeline = Pipeline::kept(Packer::default());
    let mut publishes = |site: &Site| {
        let build = pipeline.build(&InMemory, &site.inputs, &options());
        build.files.get("articles/bundle/x.pdf").is_some()
    };
    assert!(publishes(&site));
    site.put(page, draft);
    assert!(!publishes(&site));
    site.remove(page);
    assert!(publishes(&site));
}

#[test]
fn a_file_with_other_bytes_is_published_anew() {
    let mut site = Site::new(1);
    let mut pipeline = Pipeline::kept(Packer::default());
    for bytes in [b"one", b"two"] {
        site.file("static/x.pdf", Some(bytes));
        let build = pipeline.build(&InMemory, &site.inputs, &options());
        let expected = site.inputs.files[&SourceId::new("static/x.pdf")].clone();
        assert!(build.files.get("x.pdf") == Some(&Content::Copy(expected)));
    }
}

#[test]
fn the_link_to_the_search_comes_and_goes_with_what_it_finds() {
    let (page, listed) = ("content/articles/a.md", "---\ntitle: A\ndate: 2026-01-01\n---\n");
    let mut site = Site::new(1);
    let written: Vec<_> = site.inputs.sources.keys().cloned().collect();
    for source in written.iter().filter(|source| source.as_str().starts_with("content/")) {
        site.remove(source.as_str());
    }
    site.put("content/_index.md", "---\ntitle: Home\n---\n");
    let mut kept = Pipeline::kept(Packer::default());
    let mut leads_to_it = |site: &Site, step: &str| {
        let warm = kept.build(&InMemory, &site.inputs, &options());
        let cold = Pipeline::kept(Packer::default()).build(&InMemory, &site.inputs, &options());
        compare(&warm, &cold, &[step.to_owned()]);
        text(&by_path(&warm)["index.html"]).contains("search-open")
    };
    assert!(!leads_to_it(&site, "nothing"));
    site.put(page, listed);
    assert!(leads_to_it(&site, "a page"));
    site.put(page, &listed.replace("date", "noindex: true\ndate"));
    assert!(leads_to_it(&site, "a page that is not to be listed"));
    site.put(page, listed);
    assert!(leads_to_it(&site, "a page that is listed"));
    site.remove(page);
    assert!(!leads_to_it(&site, "nothing again"));
}
