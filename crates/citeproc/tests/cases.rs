//! Runs the crate's own cases, which are in the format of the CSL test suite.
//!
//! Each file of `tests/cases` holds the cases of one part of the specification; a line
//! `#### NAME` begins a case.

mod support;

use std::path::Path;
use support::Case;

/// Fewer cases than this mean that files were not found.
const AT_LEAST: usize = 300;

#[test]
fn own_cases() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut files: Vec<_> = std::fs::read_dir(directory)
        .expect("the cases are there")
        .map(|entry| entry.expect("the directory can be read").path())
        .collect();
    files.sort();
    let mut count = 0;
    let mut failures = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a file of cases is text");
        for part in text.split("#### ").skip(1) {
            let name = part.lines().next().unwrap_or_default();
            let case = Case::parse(part);
            count += 1;
            match case.run() {
                Ok(actual) if actual == case.expected() => {}
                Ok(actual) => failures
                    .push(format!("{name}\n  expected: {}\n  actual:   {actual}", case.expected())),
                Err(error) => failures.push(format!("{name}\n  error: {error}")),
            }
        }
    }
    println!("cases: {} of {count} passed", count - failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(count >= AT_LEAST, "only {count} cases");
}
