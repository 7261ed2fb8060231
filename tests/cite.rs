//! `galen cite`: citation files on the command line, without a site.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;

const BIB: &str =
    "@article{okafor2021, author={Okafor, Ada and Lund, Erik}, title={Sleep & memory},
  journal={Gut}, year={2021}, volume={3}, pages={1--9}, doi={10.1000/a}, keywords={todo}}
@book{berg2021b, author={Berg, Pia}, title={On trials}, year={2021}, publisher={Acme}}
@book{berg2021a, author={Berg, Pia}, title={On cohorts}, year={2021}, publisher={Acme}}
";

fn galen(arguments: &[&str]) -> Assert {
    Command::cargo_bin("galen").unwrap().args(["--color", "never"]).args(arguments).assert()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn file(dir: &Path, name: &str, text: &str) -> String {
    let path: PathBuf = dir.join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn entries_are_listed_in_the_order_of_the_files() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", BIB);
    let ris = file(dir.path(), "b.ris", "TY  - BOOK\nID  - z\nTI  - Zed\nPY  - 2001\nER  - \n");
    let list = stdout(&galen(&["cite", "format", &bib, &ris]).success());
    assert_eq!(
        list.lines().collect::<Vec<_>>(),
        [
            "1. Okafor A, Lund E. Sleep & memory. Gut. 2021;3:1-9. doi:10.1000/a",
            "2. Berg P. On Trials. Acme; 2021.",
            "3. Berg P. On Cohorts. Acme; 2021.",
            "4. Zed. 2001.",
        ]
    );
}

#[test]
fn json_has_the_entries_by_key_without_the_number_of_the_list() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", BIB);
    let json = stdout(&galen(&["cite", "format", "--to", "json", &bib]).success());
    let object: Value = serde_json::from_str(&json).unwrap();
    let keys: Vec<&String> = object.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["okafor2021", "berg2021b", "berg2021a"]);
    assert_eq!(object["berg2021b"]["text"], "Berg P. On Trials. Acme; 2021.");
    assert_eq!(object["berg2021b"]["html"], "Berg P. <i>On Trials</i>. Acme; 2021.");
}

#[test]
fn works_alike_have_letters_and_no_dash_for_the_author() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", BIB);
    for (style, first, second) in [
        ("apa", "Berg, P. (2021b). On trials. Acme.", "Berg, P. (2021a). On cohorts. Acme."),
        (
            "chicago-author-date",
            "Berg, Pia. 2021b. On Trials. Acme.",
            "Berg, Pia. 2021a. On Cohorts. Acme.",
        ),
    ] {
        let keys = "--keys=berg2021b,berg2021a";
        let list = stdout(&galen(&["cite", "format", "-s", style, keys, &bib]).success());
        assert_eq!(list.lines().collect::<Vec<_>>(), [first, second], "{style}");
    }
}

#[test]
fn style_and_language_can_be_chosen() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", BIB);
    let style = file(
        dir.path(),
        "own.csl",
        r#"<style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text">
        <info><title>Own</title><id>own</id></info>
        <citation><layout><text variable="title"/></layout></citation>
        <bibliography><layout><text variable="title"/> <text term="and" prefix=" "/></layout>
        </bibliography></style>"#,
    );
    let arguments = ["cite", "format", "-s", &style, "-l", "de-DE", "-k", "okafor2021", &bib];
    assert_eq!(stdout(&galen(&arguments).success()), "Sleep & memory und\n");
    let html = stdout(&galen(&["cite", "format", "-t", "html", "-s", &style, &bib]).success());
    assert!(
        html.contains(
            "<div class=\"csl-entry\" data-key=\"okafor2021\">Sleep &amp; memory and</div>"
        ),
        "{html}"
    );
}

#[test]
fn every_format_can_be_converted_and_keeps_what_is_private() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", BIB);
    let json = stdout(&galen(&["cite", "convert", "--to", "csl-json", &bib]).success());
    let records: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(records[0]["id"], "okafor2021");
    assert_eq!(records[0]["keyword"], "todo");
    let ris = stdout(&galen(&["cite", "convert", "--to", "ris", &bib]).success());
    assert!(ris.starts_with("TY  - JOUR"), "{ris}");
    let again = file(dir.path(), "again.json", &json);
    let bibtex = stdout(&galen(&["cite", "convert", "--to", "bibtex", &again]).success());
    assert!(bibtex.starts_with("@article{okafor2021,"), "{bibtex}");
}

#[test]
fn the_styles_are_listed_with_their_names_and_their_licence() {
    let list = stdout(&galen(&["cite", "styles"]).success());
    let line = list.lines().find(|line| line.starts_with("american-medical-association ")).unwrap();
    assert!(line.contains("AMA Manual of Style") && line.contains("ama"), "{line}");
    assert!(list.contains("Attribution-ShareAlike 3.0"), "{list}");
}

#[test]
fn mistakes_in_files_are_shown_and_the_rest_is_listed() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", "@book{a, title={A}\n year=2020}\n@book{b, title={B}}\n");
    let assert = galen(&["cite", "format", &bib]).code(1);
    assert_eq!(stdout(&assert).lines().count(), 2);
    assert!(stderr(&assert).contains("bib-syntax"), "{}", stderr(&assert));
}

#[test]
fn wrong_usage_is_told_apart() {
    let dir = tempfile::tempdir().unwrap();
    let bib = file(dir.path(), "a.bib", BIB);
    for (arguments, said) in [
        (&["cite", "format", "-s", "appa", &bib][..], "did you mean `apa`?"),
        (&["cite", "format", "-k", "okafr2021", &bib], "did you mean `okafor2021`?"),
        (&["cite", "format", "gone.bib"], "gone.bib"),
        (&["cite", "format", "-s", "gone.csl", &bib], "gone.csl"),
        (&["cite", "convert", &bib], "--to"),
    ] {
        let assert = galen(arguments).code(2);
        assert_eq!(stdout(&assert), "", "{arguments:?}");
        assert!(stderr(&assert).contains(said), "{}", stderr(&assert));
    }
}
