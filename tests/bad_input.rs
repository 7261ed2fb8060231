//! Bad input: what a person reads in the terminal, whole, for each kind of mistake.
//!
//! Each folder of `tests/fixtures/bad` is a small site with one kind of mistake; the
//! snapshot of its name holds the full message. No mistake may panic, publish
//! anything, or hide another.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::process::Command;

fn messages(case: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad").join(case);
    let out = tempfile::tempdir().unwrap();
    let built = Command::new(env!("CARGO_BIN_EXE_galen"))
        .current_dir(root)
        .args(["build", "--today", "2026-11-23", "--color", "never", "--quiet"])
        .arg("--out")
        .arg(out.path().join("public"))
        .env_remove("SOURCE_DATE_EPOCH")
        .output()
        .unwrap();
    assert_eq!(built.status.code(), Some(1), "errors in the author's files end with status 1");
    assert!(built.stdout.is_empty(), "findings go to standard error");
    let published = out.path().join("public");
    let is_empty = !published.exists() || published.read_dir().unwrap().next().is_none();
    assert!(is_empty, "nothing is published");
    String::from_utf8(built.stderr).unwrap()
}

macro_rules! bad_input {
    ($($name:ident = $case:literal;)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!($case, messages($case));
            }
        )*

        #[test]
        fn every_fixture_has_its_test() {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/bad");
            for entry in folder.read_dir().unwrap() {
                let name = entry.unwrap().file_name().into_string().unwrap();
                assert!([$($case),*].contains(&name.as_str()), "{name} is not tested");
            }
        }
    };
}

bad_input! {
    bad_date = "bad-date";
    broken_anchor = "broken-anchor";
    broken_link = "broken-link";
    conflicting_keys = "conflicting-keys";
    draft_link = "draft-link";
    duplicate_url = "duplicate-url";
    empty_file = "empty-file";
    invalid_utf8 = "invalid-utf8";
    malformed_bibtex = "malformed-bibtex";
    malformed_book_toml = "malformed-book-toml";
    malformed_yaml = "malformed-yaml";
    mdbook_book_toml = "mdbook-book-toml";
    missing_image = "missing-image";
    redirect_loop = "redirect-loop";
    several_at_once = "several-at-once";
    template_error = "template-error";
    unclosed_front_matter = "unclosed-front-matter";
    unknown_author = "unknown-author";
    unknown_book_toml_keys = "unknown-book-toml-keys";
    unknown_citation_key = "unknown-citation-key";
    unknown_component = "unknown-component";
    unknown_field = "unknown-field";
    unknown_style = "unknown-style";
    wrong_type = "wrong-type";
}
