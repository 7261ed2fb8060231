//! The search as readers have it: the theme's script over a built site, run by Node, and in
//! a browser.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/mod.rs"]
mod support;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use galen::outputs::Content;
use serde_json::Value;
use support::BuiltSite;

/// A site in a temporary folder, with the files that the search reads.
struct PublishedSite(tempfile::TempDir);

impl PublishedSite {
    fn of(site: &BuiltSite) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in site.build.artifacts() {
            let Content::Bytes(bytes) = &file.content else { continue };
            let path = folder.path().join(&file.path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(folder)
    }

    /// Returns what the script finds for each query, in a language with a limit; `None`
    /// where there is no Node, which is said, and which is a failure where everything must
    /// be there (`GALEN_CI`).
    #[expect(clippy::print_stderr, reason = "a test that is skipped says so")]
    fn ask(&self, queries: &[String]) -> Option<Vec<Value>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let started = Command::new("node")
            .arg(root.join("tests/search/ask.mjs"))
            .arg(self.0.path())
            .arg(root.join("themes/default/static/search.js"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let Ok(mut node) = started else {
            assert_ne!(std::env::var("GALEN_CI").as_deref(), Ok("1"), "Node is lacking");
            eprintln!("skipped: there is no Node here");
            return None;
        };
        let mut input = node.stdin.take().unwrap();
        let lines = queries.join("\n");
        // It answers while it reads: a full pipe must not hold up both.
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
        let output = node.wait_with_output().unwrap();
        writer.join().unwrap();
        assert!(output.status.success());
        let lines = String::from_utf8(output.stdout).unwrap();
        Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
    }
}

fn urls(answer: &Value) -> Vec<&str> {
    let results = answer["results"].as_array().unwrap();
    results.iter().map(|hit| hit["url"].as_str().unwrap()).collect()
}

/// How many of the queries have their page among the first three results at least, in a
/// hundred.
const RECALL: usize = 95;

#[test]
fn readers_find_what_they_look_for() {
    let site = PublishedSite::of(&BuiltSite::of_repository());
    let rows: Vec<[&str; 3]> = include_str!("search/queries.tsv")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap())
        .collect();
    let queries: Vec<String> = rows.iter().map(|[_, query, _]| format!("en\t{query}")).collect();
    let Some(answers) = site.ask(&queries) else { return };
    assert_eq!(answers.len(), rows.len());
    let found = |(row, answer): &(&[&str; 3], &Value)| {
        urls(answer).iter().take(3).any(|url| *url == row[2])
    };
    let (found, missed): (Vec<_>, Vec<_>) = rows.iter().zip(&answers).partition(found);
    let missed: Vec<_> = missed.iter().map(|(row, answer)| (row[1], urls(answer))).collect();
    assert!(found.len() * 100 >= rows.len() * RECALL, "{missed:#?}");
}

#[test]
fn every_word_of_every_title_finds_its_page() {
    let site = BuiltSite::of_repository();
    let cards = site.build.site.pages.values().map(|entry| &entry.card);
    let pages: Vec<_> = cards
        .filter(|card| card.id.path() != "_index" && card.id.lang().as_str() == "en")
        .collect();
    let words = pages.iter().flat_map(|card| {
        let words = card.title.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| word.chars().count() > 2);
        let url = card.url.as_str().trim_start_matches('/');
        words.map(move |word| (format!("en\t{word} \t1000"), url))
    });
    let words: Vec<_> = words.collect();
    let queries: Vec<String> = words.iter().map(|(query, _)| query.clone()).collect();
    let Some(answers) = PublishedSite::of(&site).ask(&queries) else { return };
    let stop = [
        "the", "and", "what", "how", "with", "for", "who", "them", "when", "should", "not", "this",
        "its",
    ];
    for ((query, url), answer) in words.iter().zip(&answers) {
        let word = query.split('\t').nth(1).unwrap().trim().to_lowercase();
        assert!(
            urls(answer).contains(url) || stop.contains(&&*word),
            "{word}: {url} not in {answer}"
        );
    }
}

#[test]
fn names_without_words_and_words_without_spaces_are_found() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let book = "[site]\ntitle = \"A site\"\npreset = \"health\"\n[languages.zh]\ntitle = \"Z\"\n";
    write("book.toml", book);
    let term = |title: &str, fields: &str| format!("---\ntitle: {title}\n{fields}\n---\nA text.\n");
    write("content/glossary/odds-ratio.md", &term("Odds ratio", "abbr: OR\naliases: [AS, IT, D]"));
    for (name, title) in [
        ("cpp", "C++"),
        ("c-sharp", "\"C#\""),
        ("what", "What is it?"),
        ("hamlet", "To be or not to be"),
        ("x", "X"),
    ] {
        write(&format!("content/{name}.md"), &term(title, ""));
    }
    write("content/other.md", &term("Another", "").replace("A text.", "It is as to what or X, C."));
    write("content/hair.zh.md", &term("脱发治疗", ""));
    let site = PublishedSite::of(&BuiltSite::of(folder.path()));
    let odds = "glossary/odds-ratio/";
    let cases = [
        ("en\tOR", odds),
        ("en\tas", odds),
        ("en\tIT ", odds),
        ("en\td", odds),
        ("en\tan OR", odds),
        ("en\tC++", "cpp/"),
        ("en\tc#", "c-sharp/"),
        ("en\twhat is it", "what/"),
        ("en\tTo be, or not to be", "hamlet/"),
        ("en\tx", "x/"),
        ("zh\t治疗", "zh/hair/"),
        ("zh\t脱", "zh/hair/"),
        ("zh\t脱发治疗", "zh/hair/"),
    ];
    let Some(answers) = site.ask(&cases.map(|(query, _)| query.to_owned())) else { return };
    for ((query, url), answer) in cases.iter().zip(&answers) {
        assert_eq!(urls(answer).first(), Some(url), "{query}");
    }
    let none = site.ask(&["en\tthe".to_owned(), "zh\t疗治".to_owned()]).unwrap();
    assert!(none.iter().all(|answer| urls(answer).is_empty()), "{none:?}");
}

#[test]
fn a_result_quotes_the_sentence_and_names_its_section() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("book.toml", "[site]\ntitle = \"A site\"\n[languages.de]\ntitle = \"Eine Seite\"\n");
    write(
        "content/a.md",
        "---\ntitle: Stars\n---\nNothing here. It is empty.\n\n## Far away\n\n\
         The nova is bright. A *quiet* supernova, e.g. one nearby, was seen in 1054. It faded.\n\n\
         <section><h3 id=\"near\">Near</h3><p>The sun.</p></section>\n\n\
         The afterglow stays.\n",
    );
    write("content/b.md", "---\ntitle: Planets\n---\nA nova is quiet, and so is a star.\n");
    write("content/c.de.md", "---\ntitle: Sterne\n---\nHelle Sterne und Häuser.\n");
    let site = PublishedSite::of(&BuiltSite::of(folder.path()));
    let queries = [
        "en\tsupernovas",
        "en\t\"nova is bright\"",
        "de\tHaus",
        "de\thauser",
        "en\thauser",
        "en\tafterglow",
    ];
    let Some(answers) = site.ask(&queries.map(str::to_owned)) else { return };
    let sentence = "A quiet supernova, e.g. one nearby, was seen in 1054.";
    assert_eq!(urls(&answers[0]), ["a/"]);
    assert_eq!(answers[0]["excerpt"]["text"], sentence);
    assert_eq!(answers[0]["excerpt"]["id"], "far-away");
    assert_eq!(answers[0]["excerpt"]["section"], "Far away");
    // A heading names nothing beyond the section that it is in.
    assert_eq!(answers[5]["excerpt"]["section"], "Far away");
    // Both pages have the words, one has the phrase.
    assert_eq!(urls(&answers[1]), ["a/"]);
    assert_eq!(answers[1]["excerpt"]["text"], "The nova is bright.");
    // Each language has an index and rules of its own.
    assert_eq!(urls(&answers[3]), ["de/c/"]);
    assert_eq!(urls(&answers[4]), [""; 0]);
}
