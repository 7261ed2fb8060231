//! How long an author waits: from the rename that saves a file to the news of it, and to
//! the new page over HTTP, as a browser gets them; and until all files are made that the
//! edit changes.
//!
//! ```sh
//! cargo bench --bench latency -- SITE [ROUNDS] [NAME…]
//! ```
//!
//! `SITE` is a health site with articles, treatments and a `.bib` file; it is copied to a
//! folder beside it first, so that the copy lies on the same file system. Each kind of
//! edit is made `ROUNDS` times (20 unless said otherwise); `NAME`s choose some kinds. The
//! name `memory` makes 1,000 edits instead, of text, titles and citations in turn, and tells
//! what the server holds after the first hundred and after all.
//! Without a site, nothing is measured.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement fails by panicking")]

#[path = "../tests/serve/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use program::{Events, Program, TestSite, get};

/// The folders and files that make up a site.
const PARTS: &[&str] = &["book.toml", "citations", "content", "static", "templates", "themes"];

const TEMPLATE: &str = include_str!("../themes/default/templates/page.html");

/// One edit: what it writes, and by what the page that it changes shows it.
struct Edit {
    file: String,
    /// The new text; `None` deletes the file.
    text: Option<String>,
    page: String,
    /// The status and words that the page has then.
    status: u16,
    shows: String,
}

/// A kind of edit: its name, and the edit of each round.
struct Kind {
    name: &'static str,
    edit: Box<dyn Fn(usize) -> Edit>,
}

/// What one edit took.
struct Took {
    news: Duration,
    page: Duration,
    /// Until every file was made, where pages were told of before that.
    all: Duration,
    /// How many files it changed; `None` for more than are listed.
    changed: Option<usize>,
}

fn main() {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let Some((site, rest)) = arguments.split_first() else {
        println!("latency: nothing is measured without a site; see benches/latency.rs");
        return;
    };
    let rounds = rest.first().and_then(|rounds| rounds.parse().ok());
    let names = &rest[usize::from(rounds.is_some())..];
    let site = copy(Path::new(site));
    let kinds = kinds(site.root());

    let started = Instant::now();
    let program = Program::serve(&site, &["--port", "0"]);
    println!("start: {:.2} s; {}", started.elapsed().as_secs_f64(), memory(&program));
    if names.iter().any(|name| name == MEMORY) {
        return remember(&site, &program, &kinds);
    }
    println!(
        "| edit | news ms: median (least–most) | page ms: median (least–most) | all ms: median \
         (least–most) | files changed |"
    );
    println!("|---|---|---|---|---|");
    let mut events = program.events();
    events.next();
    for kind in kinds.iter().filter(|kind| names.is_empty() || names.iter().any(|n| n == kind.name))
    {
        let took: Vec<Took> = (0..rounds.unwrap_or(20))
            .map(|round| {
                let edit = (kind.edit)(round);
                let before = fs::read_to_string(site.root().join(&edit.file)).unwrap();
                let took = measure(&site, &program, &mut events, &edit);
                site.write(&edit.file, &before);
                ended(&mut events);
                took
            })
            .collect();
        report(kind.name, &took);
    }
    println!("{}", memory(&program));
    std::thread::sleep(BREATH);
    println!("at rest: {}", memory(&program));
}

/// How long a server is left alone until it has given memory back.
const BREATH: Duration = Duration::from_secs(6);

/// The name that asks for the memory over time.
const MEMORY: &str = "memory";

/// After how many edits the memory is told.
const TOLD_AFTER: [usize; 5] = [100, 250, 500, 750, 1000];

/// Makes edits of text, titles and citations in turn, and tells what memory the server holds.
fn remember(site: &TestSite, program: &Program, kinds: &[Kind]) {
    let mut events = program.events();
    events.next();
    let kinds = &kinds[..3];
    let started = Instant::now();
    for round in 0..TOLD_AFTER[TOLD_AFTER.len() - 1] / 2 {
        let edit = (kinds[round % kinds.len()].edit)(round);
        let before = fs::read_to_string(site.root().join(&edit.file)).unwrap();
        measure(site, program, &mut events, &edit);
        // To take the edit back is another.
        site.write(&edit.file, &before);
        ended(&mut events);
        let edits = (round + 1) * 2;
        if TOLD_AFTER.contains(&edits) {
            let seconds = started.elapsed().as_secs_f64();
            println!("after {edits} edits in {seconds:.1} s: {}", memory(program));
        }
    }
}

fn measure(site: &TestSite, program: &Program, events: &mut Events, edit: &Edit) -> Took {
    let saved = match &edit.text {
        Some(text) => site.write(&edit.file, text),
        None => {
            let moment = Instant::now();
            fs::remove_file(site.root().join(&edit.file)).unwrap();
            moment
        }
    };
    loop {
        let news = events.next();
        let told = saved.elapsed();
        let page = get(program.url(), &edit.page);
        let served = saved.elapsed();
        // Should a batch come in two, the second counts.
        if page.status == edit.status && page.body.contains(&edit.shows) {
            let last = if news["pending"] == true { ended(events) } else { news };
            let changed = last["changed"].as_array().map(Vec::len);
            return Took { news: told, page: served, all: saved.elapsed(), changed };
        }
    }
}

/// Waits until a build has ended, and returns what is told then.
fn ended(events: &mut Events) -> serde_json::Value {
    loop {
        let news = events.next();
        if news["pending"] == false {
            return news;
        }
    }
}

/// Returns the kinds of edits of the site in `root`.
fn kinds(root: &Path) -> Vec<Kind> {
    let articles = texts(&root.join("content/articles"));
    let treatments = texts(&root.join("content/treatments"));
    let keys = keys(root);
    let treatment = owned(treatments.iter().next().unwrap());
    let words = words(&articles, &treatments, &treatment);
    // Rounds take one article after the other, from all over the site.
    let chosen: Vec<(String, String)> =
        articles.iter().step_by((articles.len() / 20).max(1)).map(owned).collect();
    let article = move |round: usize| chosen[round % chosen.len()].clone();
    let page = |name: &str| format!("articles/{name}/");
    let file = |name: &str| format!("content/articles/{name}.md");

    let body = {
        let article = article.clone();
        move |round| {
            let (name, text) = article(round);
            let shows = format!("Round {round} of the body.");
            let text = Some(format!("{text}\n{shows}\n"));
            Edit { file: file(&name), text, page: page(&name), status: 200, shows }
        }
    };
    let title = {
        let article = article.clone();
        move |round| {
            let (name, text) = article(round);
            let shows = format!("Round {round} of the title");
            let text = Some(with_field(&text, "title: ", &format!("title: \"{shows}\"")));
            Edit { file: file(&name), text, page: page(&name), status: 200, shows }
        }
    };
    let citation = {
        let article = article.clone();
        move |round: usize| {
            let (name, text) = article(round);
            let key = keys[round % keys.len()..].iter().find(|key| !text.contains(*key)).unwrap();
            let shows = format!("Round {round} of the citations");
            let text = Some(format!("{text}\n{shows} [@{key}].\n"));
            Edit { file: file(&name), text, page: page(&name), status: 200, shows }
        }
    };
    let brand = move |round: usize| {
        let (name, text) = &treatment;
        let (word, article) = &words[round % words.len()];
        let brands = brands(text).chain([word.as_str()]).collect::<Vec<_>>().join(", ");
        let text = Some(with_field(text, "brands: ", &format!("brands: [{brands}]")));
        let file = format!("content/treatments/{name}.md");
        Edit { file, text, page: page(article), status: 200, shows: format!(">{word}</a>") }
    };
    let deletion = {
        let article = article.clone();
        move |round| {
            let (name, _) = article(round);
            Edit {
                file: file(&name),
                text: None,
                page: page(&name),
                status: 404,
                shows: String::new(),
            }
        }
    };
    let template = move |round| {
        let (name, _) = article(round);
        let shows = format!("data-round=\"{round}\"");
        let text = Some(TEMPLATE.replacen("<article", &format!("<article {shows}"), 1));
        Edit { file: "templates/page.html".to_owned(), text, page: page(&name), status: 200, shows }
    };
    vec![
        Kind { name: "body", edit: Box::new(body) },
        Kind { name: "title", edit: Box::new(title) },
        Kind { name: "citation", edit: Box::new(citation) },
        Kind { name: "brand", edit: Box::new(brand) },
        Kind { name: "deletion", edit: Box::new(deletion) },
        Kind { name: "template", edit: Box::new(template) },
    ]
}

fn owned((name, text): (&String, &String)) -> (String, String) {
    (name.clone(), text.clone())
}

/// Returns the brands of a treatment.
fn brands(text: &str) -> impl Iterator<Item = &str> {
    let line = text.lines().find_map(|line| line.strip_prefix("brands: ["));
    line.unwrap_or_default().trim_end_matches(']').split(", ").filter(|brand| !brand.is_empty())
}

/// Returns `text` with the line that starts with `field` replaced, or added at its top.
fn with_field(text: &str, field: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    match lines.iter().position(|line| line.starts_with(field)) {
        Some(index) => lines[index] = line,
        None => lines.insert(1, line),
    }
    lines.join("\n") + "\n"
}

/// Returns the keys of the site's works.
fn keys(root: &Path) -> Vec<String> {
    let files = fs::read_dir(root.join("citations")).unwrap();
    let paths: BTreeSet<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    let path = paths.into_iter().find(|path| path.extension().is_some_and(|e| e == "bib"));
    let text = fs::read_to_string(path.expect("the site has a .bib file")).unwrap();
    let starts = text.lines().filter(|line| line.starts_with('@'));
    let keys = starts.filter_map(|line| line.split_once('{')?.1.split_once(','));
    keys.map(|(key, _)| key.to_owned()).collect()
}

/// Returns words that stand in about one article of twenty each, and that no treatment is
/// called by, each with the name of one of these articles that does not name `treatment`
/// by another word.
fn words(
    articles: &BTreeMap<String, String>,
    treatments: &BTreeMap<String, String>,
    (treatment, its_text): &(String, String),
) -> Vec<(String, String)> {
    let called: Vec<&str> = brands(its_text).chain([treatment.as_str()]).collect();
    let mut found: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
    for (name, text) in articles {
        if called.iter().any(|called| text.contains(called)) {
            continue;
        }
        let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        // Plain running text only: what is in links and headings is not linked.
        let lines = body.lines().filter(|line| !line.contains(['#', '|', '>', ':', '[', '*']));
        let words: BTreeSet<&str> = lines.flat_map(|line| line.split(' ')).collect();
        for word in words {
            if word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_lowercase()) {
                found.entry(word).or_default().push(name);
            }
        }
    }
    let wanted = articles.len() / 20;
    let mut words: Vec<(&str, Vec<&String>)> = found
        .into_iter()
        .filter(|(word, _)| !treatments.values().any(|text| text.contains(word)))
        .collect();
    words.sort_by_key(|(word, names)| (names.len().abs_diff(wanted), *word));
    let words = words.into_iter().take(20);
    words.map(|(word, names)| (word.to_owned(), names[0].clone())).collect()
}

/// Returns the texts of the `.md` files in `folder` by their names without extension.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let texts = paths.filter_map(|path| {
        let name = path.file_name()?.to_str()?.strip_suffix(".md")?.to_owned();
        (!name.starts_with('_')).then(|| (name, fs::read_to_string(&path).unwrap()))
    });
    texts.collect()
}

/// Returns a copy of the site, with a template of its own to edit.
fn copy(site: &Path) -> TestSite {
    let site = fs::canonicalize(site).unwrap();
    let beside = tempfile::Builder::new().prefix("latency-").tempdir_in(site.parent().unwrap());
    let copy = TestSite::in_folder(beside.unwrap());
    for part in PARTS.iter().map(|part| site.join(part)).filter(|part| part.exists()) {
        copy_into(&part, &copy.root().join(part.file_name().unwrap()));
    }
    copy.write("templates/page.html", TEMPLATE);
    copy
}

fn copy_into(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy_into(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

fn report(name: &str, took: &[Took]) {
    let spread = |time: fn(&Took) -> Duration| {
        let mut times: Vec<f64> = took.iter().map(|took| time(took).as_secs_f64() * 1e3).collect();
        times.sort_by(f64::total_cmp);
        format!("{:.1} ({:.1}–{:.1})", times[times.len() / 2], times[0], times[times.len() - 1])
    };
    let mut changed: Vec<Option<usize>> = took.iter().map(|took| took.changed).collect();
    changed.sort_unstable();
    let changed = match changed[changed.len() / 2] {
        Some(count) => count.to_string(),
        None => "more than 500".to_owned(),
    };
    let [news, page, all] = [spread(|t| t.news), spread(|t| t.page), spread(|t| t.all)];
    println!("| {name} | {news} | {page} | {all} | {changed} |");
}

fn memory(program: &Program) -> String {
    match program.memory() {
        Some((most, now)) => format!("memory: {now} MiB, at most {most} MiB"),
        None => "memory: not known".to_owned(),
    }
}
