//! What `galen check` learns of a site's past from git.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// Runs git at `root` on the day `day`; `None` where there is no git.
fn git(root: &Path, day: &str, words: &[&str]) -> Option<()> {
    let date = format!("{day}T12:00:00Z");
    let run = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(["-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"])
        .args(words)
        .env("GIT_AUTHOR_DATE", &date)
        .env("GIT_COMMITTER_DATE", &date)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .output()
        .ok()?;
    assert!(run.status.success(), "{words:?}: {}", String::from_utf8_lossy(&run.stderr));
    Some(())
}

/// Returns the lines about `corr-unlogged` that `galen check` of the site at `root` writes.
fn unlogged(root: &Path) -> Vec<String> {
    let run = assert_cmd::Command::cargo_bin("galen")
        .unwrap()
        .args(["check", "-v", "--color", "never", "--today", "2026-06-01", "--format", "json"])
        .arg("--root")
        .arg(root)
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let found = report["diagnostics"].as_array().unwrap().iter();
    let found = found.filter(|found| found["rule"] == "corr-unlogged");
    found.map(|found| found["message"].as_str().unwrap().to_owned()).collect()
}

fn article(text: &str) -> String {
    format!(
        "---\ntitle: X\ndescription: X.\nauthors: [bob]\ndisclosures: none\n\
        reviewers: [{{person: ada, date: 2026-03-01}}]\n---\n{text}\n"
    )
}

#[test]
fn a_text_that_changed_since_its_review_is_noted_whatever_its_name_was() {
    let dir = tempfile::tempdir().unwrap();
    let site = dir.path().join("repository/docs");
    let write = |path: &str, text: &str| {
        let path = site.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("book.toml", "[site]\ntitle = \"T\"\npreset = \"health\"\n");
    write("content/people/ada.md", "---\nname: Ada\n---\n");
    write("content/people/bob.md", "---\nname: Bob\n---\n");
    for name in ["old", "same", "rewrapped", "später"] {
        write(&format!("content/articles/{name}.md"), &article("One two three."));
    }
    let repository = site.parent().unwrap();
    if git(repository, "2026-02-01", &["init", "-q"]).is_none() {
        assert!(std::env::var_os("GALEN_CI").is_none(), "git is missing");
        eprintln!("skipped: there is no git");
        return;
    }
    assert_eq!(unlogged(&site), [""; 0], "nothing is known yet");
    let commit = |day: &str| {
        git(repository, day, &["add", "-A"]);
        git(repository, day, &["commit", "-qm", "Pages"]);
    };
    commit("2026-02-02");
    fs::rename(site.join("content/articles/old.md"), site.join("content/articles/new.md")).unwrap();
    write("content/articles/rewrapped.md", &article("One two\nthree."));
    commit("2026-03-02");
    assert_eq!(unlogged(&site), [""; 0]);

    write("content/articles/new.md", &article("One two four."));
    let said = ["the text is not the one that was reviewed on 2026-03-01, and nothing says so"; 2];
    assert_eq!(unlogged(&site), said[..1], "what is not committed counts");
    write("content/articles/später.md", &article("One."));
    commit("2026-03-03");
    assert_eq!(unlogged(&site), said);

    // Two branches change other parts of a page before its review.
    write("content/articles/merged.md", &article("One.\n\nTwo.\n\nThree."));
    commit("2026-02-03");
    git(repository, "2026-02-03", &["checkout", "-qb", "side"]);
    write("content/articles/merged.md", &article("1.\n\nTwo.\n\nThree."));
    commit("2026-02-04");
    git(repository, "2026-02-04", &["checkout", "-q", "-"]);
    write("content/articles/merged.md", &article("One.\n\nTwo.\n\n3."));
    commit("2026-02-05");
    git(repository, "2026-02-06", &["merge", "-q", "--no-edit", "side"]);
    assert_eq!(unlogged(&site), said, "the merge is what was reviewed");

    let clone = dir.path().join("clone");
    let url = format!("file://{}", repository.display());
    git(dir.path(), "2026-03-04", &["clone", "-q", "--depth", "1", &url, "clone"]);
    let not_evidenced = "changes since reviews are not evidenced: that needs the full history";
    assert_eq!(unlogged(&clone.join("docs")), [not_evidenced]);
}
