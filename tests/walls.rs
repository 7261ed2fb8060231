//! The walls of the house: which room may import which, who may touch the disk,
//! and where each heavy dependency has its door.
//!
//! The sources are read as tokens, so that paths in macros count too. What is
//! compiled for tests only is left out. `fixtures/walls-broken` breaks every rule
//! once, to show that each is looked at.

#[path = "walls/paths.rs"]
mod paths;

use std::fmt;
use std::path::Path;

use paths::{Module, UsedPath};

/// The floors, top first; a room imports only from floors below its own, and rooms
/// of one floor may import each other.
const FLOORS: &[&[&str]] = &[
    &["main"],
    &["cli"],
    &["serve"],
    &["pipeline"],
    &["write"],
    &["outputs"],
    &["render"],
    &["check"],
    &["resolve"],
    &["parse"],
    &["load"],
    &["external"],
    &["citation"],
    &["config"],
    &["diagnostic"],
    &[
        "source",
        "url",
        "fingerprint",
        "ids",
        "page_id",
        "html",
        "ordered",
        "packed",
        "pattern",
        "phrases",
        "byte_set",
    ],
];

/// Crates and parts of crates, each with the modules that may name it; of several that
/// a path leads through, the last one counts.
const DOORS: &[(&str, &[&str])] = &[
    ("std::fs", &["load", "write"]),
    ("std::process::Command", &["load::history"]),
    ("tera", &["render::templates"]),
    ("pulldown_cmark", &["parse::markdown"]),
    ("serde_yaml", &["parse::front_matter", "citation::notes"]),
    ("saphyr_parser", &["parse::front_matter"]),
    ("image", &["outputs::images"]),
    ("fast_image_resize", &["outputs::images"]),
    ("syntect", &["render::highlight"]),
    // Formatting has one door. The model of an item is the processor's, and those who
    // keep items name it.
    ("citeproc", &["citation::format_references", "citation::style"]),
    ("citeproc::item", &["citation"]),
    ("citeproc::read", &["citation::bibliography", "citation::notes"]),
    ("citeproc::write", &["citation::export"]),
    ("toml", &["config"]),
    ("annotate_snippets", &["diagnostic"]),
    ("walkdir", &["load", "write"]),
    ("aho_corasick", &["resolve::mentions"]),
    ("zstd_safe", &["packed"]),
    ("allocator", &["cli", "main"]),
    ("notify", &["serve::watch"]),
    ("axum", &["serve::http"]),
    ("tokio", &["serve::http"]),
    ("clap", &["cli"]),
    ("indicatif", &["cli"]),
    ("ureq", &["external::http_client"]),
    // Only a command that says so uses the network.
    ("crate::external::HttpClient", &["cli::external"]),
];

/// The doors of the CSL processor's crate.
const CITEPROC_DOORS: &[(&str, &[&str])] = &[
    ("hayagriva", &["styles"]),
    ("ciborium", &["styles"]),
    ("biblatex", &["read::bibtex"]),
    ("saphyr_parser", &["read::yaml"]),
    ("std::fs", &[]),
    ("galen", &[]),
];

/// Words of a preset's subject, which the engine does not say.
const SUBJECT_WORDS: &[&str] = &["treatment", "drug"];

/// Files that may say them: lists of the names of other files, and the rules of the
/// preset itself.
const SUBJECT_FILES: &[&str] = &["src/render/default_theme.rs", "src/check/rules/health"];

/// Something that a wall forbids.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Breach {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Returns the floor of the room that `module` belongs to, from the top.
fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// Returns what is wrong with the path `used` in `module`.
fn judge_import(module: &Module, used: &UsedPath) -> Option<String> {
    let target = used.in_crate(&module.path)?;
    let room = module.path.first().map_or("lib", String::as_str);
    let Some(imported) = target.first() else {
        return (room != "lib").then(|| "the whole crate is imported".to_owned());
    };
    if room == "lib" || room == imported {
        return None;
    }
    match (floor(room), floor(imported)) {
        (None, _) => Some(format!("the room `{room}` stands on no floor")),
        (_, None) => Some(format!("`{imported}` is no room")),
        (Some(own), Some(other)) if own > other => {
            Some(format!("`{room}` imports `{imported}`, which stands above it"))
        }
        _ => None,
    }
}

/// Returns what is wrong with the path `used` in `module`, if it leads through a door.
fn judge_door(module: &Module, used: &UsedPath, doors: &[(&str, &[&str])]) -> Option<String> {
    if module.has_own(used.first()) {
        return None;
    }
    let path = used.text();
    let own = module.path.join("::");
    let leads = |to: &str| path == to || path.strip_prefix(to).is_some_and(|r| r.starts_with("::"));
    let stands_in =
        |room: &&str| own == *room || own.strip_prefix(room).is_some_and(|r| r.starts_with("::"));
    let (guarded, rooms) = doors
        .iter()
        .filter(|(guarded, _)| leads(guarded))
        .max_by_key(|(guarded, _)| guarded.len())?;
    (!rooms.iter().any(stands_in))
        .then(|| format!("`{own}` names `{guarded}`, whose door is elsewhere"))
}

/// Returns every breach below `root`, whose crate starts at `entries`.
fn breaches(root: &Path, entries: &[&str], doors: &[(&str, &[&str])], floors: bool) -> Vec<Breach> {
    let mut found = Vec::new();
    for module in entries.iter().flat_map(|entry| paths::modules(root, entry)) {
        for used in &module.used {
            let import = floors.then(|| judge_import(&module, used)).flatten();
            let door = judge_door(&module, used, doors);
            for what in import.into_iter().chain(door) {
                found.push(Breach { file: module.file.clone(), line: used.line, what });
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// Returns where the sources say a word of a preset's subject.
fn subject_words(root: &Path, entries: &[&str]) -> Vec<Breach> {
    let mut found = Vec::new();
    for module in entries.iter().flat_map(|entry| paths::modules(root, entry)) {
        if SUBJECT_FILES.iter().any(|file| module.file.starts_with(file)) {
            continue;
        }
        for (number, line) in module.lines() {
            let lower = line.to_lowercase();
            for word in SUBJECT_WORDS.iter().filter(|word| lower.contains(**word)) {
                let what = format!("the engine says `{word}`");
                found.push(Breach { file: module.file.clone(), line: number, what });
            }
        }
    }
    found.sort();
    found
}

fn shown(breaches: &[Breach]) -> String {
    breaches.iter().map(|breach| format!("{breach}\n")).collect()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

const ENTRIES: &[&str] = &["src/lib.rs", "src/main.rs"];

#[test]
fn rooms_import_downward_and_doors_are_kept() {
    let found = breaches(repository(), ENTRIES, DOORS, true);
    assert!(found.is_empty(), "\n{}", shown(&found));
}

#[test]
fn the_csl_processor_keeps_its_doors() {
    let found =
        breaches(&repository().join("crates/citeproc"), &["src/lib.rs"], CITEPROC_DOORS, false);
    assert!(found.is_empty(), "\n{}", shown(&found));
}

#[test]
fn the_engine_knows_no_subject() {
    let found = subject_words(repository(), ENTRIES);
    assert!(found.is_empty(), "\n{}", shown(&found));
}

#[test]
fn a_broken_house_is_found_out() {
    let root = repository().join("tests/fixtures/walls-broken");
    let found = breaches(&root, ENTRIES, DOORS, true);
    insta::assert_snapshot!(shown(&found), @r##"
    src/garage.rs:3: the room `garage` stands on no floor
    src/main.rs:7: `main` names `std::fs`, whose door is elsewhere
    src/parse/inner.rs:3: `parse::inner` names `pulldown_cmark`, whose door is elsewhere
    src/parse/inner.rs:4: `parse::inner` names `std::fs`, whose door is elsewhere
    src/parse/inner.rs:5: `parse::inner` names `tera`, whose door is elsewhere
    src/parse/inner.rs:8: `parse::inner` names `toml`, whose door is elsewhere
    src/parse/mod.rs:5: `parse` imports `check`, which stands above it
    src/parse/mod.rs:6: `parse` imports `render`, which stands above it
    src/parse/mod.rs:7: `parse` imports `render`, which stands above it
    src/parse/mod.rs:10: `parse` imports `check`, which stands above it
    src/parse/mod.rs:11: `parse` imports `render`, which stands above it
    src/parse/mod.rs:20: `parse` imports `render`, which stands above it
    src/source.rs:5: `garage` is no room
    "##);
    insta::assert_snapshot!(shown(&subject_words(&root, ENTRIES)), @r##"
    src/parse/mod.rs:14: the engine says `drug`
    src/parse/mod.rs:16: the engine says `treatment`
    "##);
}
