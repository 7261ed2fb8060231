//! The program as its users meet it: exit statuses, streams, and what it leaves on disk.

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;

fn galen(arguments: &[&str]) -> Assert {
    Command::cargo_bin("galen")
        .unwrap()
        .env_remove("SOURCE_DATE_EPOCH")
        .args(["--color", "never"])
        .args(arguments)
        .assert()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn started(dir: &Path) -> String {
    let site = dir.join("site").to_str().unwrap().to_owned();
    galen(&["init", &site, "--today", "2027-06-01"]).success();
    site
}

#[test]
fn wrong_usage_ends_with_status_2_and_nothing_on_standard_output() {
    let dir = tempfile::tempdir().unwrap();
    let empty = dir.path().to_str().unwrap();
    let wrong: [&[&str]; 6] = [
        &[],
        &["bulid"],
        &["clean", "--today", "yesterday"],
        &["clean", "-q", "-v"],
        &["clean", "--root", empty],
        &["explain", "rule", "no-such-rule"],
    ];
    for arguments in wrong {
        let assert = galen(arguments).code(2);
        assert_eq!(stdout(&assert), "", "{arguments:?}");
        assert_ne!(stderr(&assert), "", "{arguments:?}");
    }
}

#[test]
fn a_fault_of_the_machine_ends_with_status_2_and_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let gone = dir.path().join("gone");
    let assert = galen(&["clean", "--root", gone.to_str().unwrap()]).code(2);
    assert!(stderr(&assert).contains("gone/book.toml"), "{}", stderr(&assert));
}

#[test]
fn help_and_version_are_data() {
    for arguments in [["--help"], ["--version"], ["help"]] {
        let assert = galen(&arguments).success();
        assert!(stdout(&assert).contains("galen"), "{arguments:?}");
        assert_eq!(stderr(&assert), "");
    }
}

#[test]
fn init_replaces_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let article = dir.path().join("site/content/articles/how-this-site-cites.md");
    let text = fs::read_to_string(&article).unwrap();
    assert!(text.contains("date: 2027-06-01\n") && text.contains("next_review: 2028-06-01\n"));

    fs::write(&article, "mine").unwrap();
    fs::remove_file(dir.path().join("site/book.toml")).unwrap();
    galen(&["init", &site]).code(2);
    let assert = galen(&["init", &site, "--force"]).success();
    assert!(stderr(&assert).contains("kept `content/articles/how-this-site-cites.md`"));
    assert_eq!(fs::read_to_string(&article).unwrap(), "mine");
    assert!(dir.path().join("site/book.toml").exists());
}

#[test]
fn new_names_the_file_after_the_title_and_replaces_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let arguments = ["-r", &site, "--today", "2027-06-01", "new", "article", "Was ist Übelkeit?"];
    galen(&arguments).success();
    let path = dir.path().join("site/content/articles/was-ist-ubelkeit.md");
    let text = fs::read_to_string(path).unwrap();
    assert!(text.starts_with("---\ntitle: \"Was ist Übelkeit?\"\n"), "{text}");
    assert!(text.contains("\ndate: 2027-06-01\n"), "{text}");
    let assert = galen(&arguments).code(2);
    assert!(stderr(&assert).contains("was-ist-ubelkeit.md` exists already"));
}

#[test]
fn the_date_comes_from_the_flag_else_from_the_environment() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let new = |title: &str, arguments: &[&str]| {
        let mut command = Command::cargo_bin("galen").unwrap();
        command.env("SOURCE_DATE_EPOCH", "86400").args(["-r", &site, "new", "article", title]);
        command.args(arguments).assert().success();
        let path = dir.path().join(format!("site/content/articles/{title}.md"));
        fs::read_to_string(path).unwrap()
    };
    assert!(new("one", &[]).contains("date: 1970-01-02"));
    assert!(new("two", &["--today", "2027-06-01"]).contains("date: 2027-06-01"));
    Command::cargo_bin("galen")
        .unwrap()
        .env("SOURCE_DATE_EPOCH", "soon")
        .args(["-r", &site, "new", "article", "three"])
        .assert()
        .code(2);
}

#[test]
fn a_template_is_ejected_once() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let list = stdout(&galen(&["-r", &site, "theme", "list"]).success());
    assert!(
        list.lines()
            .any(|line| line.starts_with("templates/article.html") && line.ends_with("built in"))
    );
    galen(&["-r", &site, "theme", "eject", "article.html"]).success();
    galen(&["-r", &site, "theme", "eject", "article.html"]).code(2);
    let list = stdout(&galen(&["-r", &site, "theme", "list"]).success());
    assert!(
        list.lines()
            .any(|line| line.starts_with("templates/article.html") && line.ends_with("the site"))
    );
}

#[test]
fn completions_are_printed_for_every_shell() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let assert = galen(&["completions", shell]).success();
        assert!(stdout(&assert).contains("galen"), "{shell}");
    }
}

#[test]
fn rules_are_explained() {
    let all = stdout(&galen(&["explain", "rule"]).success());
    assert!(all.contains("\nlink-broken ("), "{all}");
    let one = stdout(&galen(&["explain", "rule", "encoding"]).success());
    assert!(one.starts_with("encoding (error, structural"), "{one}");
}
