//! Runs the CSL test suite.
//!
//! The suite is no part of the repository. Set `CSL_TEST_SUITE` to the directory
//! `processor-tests/humans` of a checkout; without it the test says that it was skipped.
//! `tests/suite-passed.txt` names the tests that must pass, and
//! `tests/suite-known-failures.txt` says of each other why it does not.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use support::Case;

enum Outcome {
    Passed,
    Failed(String),
    Panicked,
}

fn run(text: &str) -> Outcome {
    let result = catch_unwind(AssertUnwindSafe(|| {
        let case = Case::parse(text);
        (case.run(), case.expected())
    }));
    match result {
        Err(_) => Outcome::Panicked,
        Ok((Ok(actual), expected)) if actual == expected => Outcome::Passed,
        Ok((Ok(actual), expected)) => {
            Outcome::Failed(format!("expected:\n{expected}\nactual:\n{actual}"))
        }
        Ok((Err(error), expected)) => {
            Outcome::Failed(format!("expected:\n{expected}\nerror:\n{error}"))
        }
    }
}

fn listed(file: &str) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(file);
    std::fs::read_to_string(path)
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_whitespace().next())
        .map(|name| name.trim_end_matches(':').to_owned())
        .collect()
}

#[test]
fn suite() {
    let Some(directory) = std::env::var_os("CSL_TEST_SUITE") else {
        println!("suite: skipped, since CSL_TEST_SUITE names no directory");
        return;
    };
    // A relative path is meant from where cargo was called: the workspace, not the package.
    let mut directory = std::path::PathBuf::from(directory);
    if !directory.is_dir() {
        directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(directory);
    }
    let mut files: Vec<_> = std::fs::read_dir(&directory)
        .expect("CSL_TEST_SUITE is a directory")
        .map(|entry| entry.expect("the directory can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    let only = std::env::var("CSL_TEST_ONLY").ok();
    let must_pass = listed("suite-passed.txt");
    let mut by_category: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
    let mut passed = Vec::new();
    let mut broken = Vec::new();
    let mut panics = 0;
    for path in &files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).expect("a test is a text file");
        let category = name.split('_').next().unwrap_or_default().to_owned();
        let counted = by_category.entry(category).or_default();
        counted.0 += 1;
        let outcome = run(&text);
        if matches!(outcome, Outcome::Passed) {
            passed.push(name);
            continue;
        }
        if matches!(outcome, Outcome::Panicked) {
            panics += 1;
        }
        if let Outcome::Failed(detail) = &outcome
            && only.as_ref().is_some_and(|only| name.contains(only.as_str()))
        {
            println!("== {name}\n{detail}\n");
        }
        if must_pass.contains(&name) {
            broken.push(name.clone());
        }
        counted.1.push(name);
    }
    println!("suite: {} of {} passed, {panics} panics", passed.len(), files.len());
    for (category, (count, failures)) in &by_category {
        if !failures.is_empty() {
            println!("  {category}: {} of {count} fail", failures.len());
            for name in failures {
                println!("    {name}");
            }
        }
    }
    if let Some(path) = std::env::var_os("CSL_TEST_WRITE_PASSED") {
        std::fs::write(path, passed.join("\n") + "\n").expect("the list can be written");
    }
    assert!(broken.is_empty(), "these passed before: {broken:?}");
}
