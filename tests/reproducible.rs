//! The same site, byte for byte, wherever and however it is built; and no link that
//! depends on where it is served.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use galen::url::percent_decode;
use scraper::{Html, Selector};
use support::{BuiltSite, TODAY};

const FOLDERS: [&str; 5] = ["citations", "content", "static", "templates", "themes"];

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(root: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect();
    files.sort();
    files
}

/// Copies the repository's site to `to`, its files created in the order that `arrange` gives.
fn copy_site(to: &Path, arrange: impl Fn(&mut Vec<PathBuf>)) {
    let mut files = vec![repository().join("book.toml")];
    for folder in FOLDERS {
        if repository().join(folder).is_dir() {
            files.extend(files_below(&repository().join(folder)));
        }
    }
    arrange(&mut files);
    for file in files {
        let copy = to.join(file.strip_prefix(repository()).unwrap());
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(&file, copy).unwrap();
    }
}

fn build(root: &Path, jobs: &str, environment: &[(&str, &str)]) -> BTreeMap<PathBuf, Vec<u8>> {
    let built = Command::new(env!("CARGO_BIN_EXE_galen"))
        .args(["build", "--today", TODAY, "--jobs", jobs, "--root"])
        .arg(root)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let out = root.join("public");
    files_below(&out)
        .into_iter()
        .map(|file| (file.strip_prefix(&out).unwrap().to_owned(), fs::read(&file).unwrap()))
        .collect()
}

#[test]
fn two_clean_builds_are_equal_byte_for_byte() {
    let first = tempfile::tempdir().unwrap();
    let second = tempfile::tempdir().unwrap();
    let nested = second.path().join("a folder/with ümlaut");
    copy_site(first.path(), |_| {});
    copy_site(&nested, |files| files.reverse());
    let one = build(first.path(), "1", &[("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8")]);
    let two = build(&nested, "2", &[("TZ", "America/Los_Angeles"), ("LC_ALL", "C")]);
    assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
    for (path, bytes) in &one {
        assert!(bytes == &two[path], "{} differs", path.display());
    }
}

/// Returns the file that `link`, written on the page `from`, leads to under any prefix;
/// `None` for a link that leaves the site.
fn target(from: &str, link: &str) -> Option<String> {
    let link = link.split(['#', '?']).next().unwrap_or_default();
    if link.contains("://") || link.starts_with("mailto:") || link.starts_with("tel:") {
        return None;
    }
    assert!(!link.starts_with('/'), "{from}: {link} depends on where the site is served");
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => assert!(parts.pop().is_some(), "{from}: {link} leaves the site"),
            part => parts.push(part),
        }
    }
    let path = percent_decode(&parts.join("/"));
    match link.is_empty() {
        true => Some(from.to_owned()),
        false if link.ends_with('/') || link.ends_with("..") || path.is_empty() => {
            Some(format!("{path}/index.html").trim_start_matches('/').to_owned())
        }
        false => Some(path),
    }
}

#[test]
fn every_link_holds_under_any_path() {
    let site = BuiltSite::of_repository();
    let selector = Selector::parse("[href], [src]").unwrap();
    let with_id = Selector::parse("[id]").unwrap();
    let ids: BTreeMap<&str, BTreeSet<String>> = site
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".html"))
        .map(|(path, html)| {
            let page = Html::parse_document(html);
            let ids = page.select(&with_id).filter_map(|element| element.attr("id"));
            (path.as_str(), ids.map(str::to_owned).collect())
        })
        .collect();
    let mut checked = 0;
    for (path, html) in site.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = Html::parse_document(html);
        for element in page.select(&selector) {
            let rel = element.attr("rel").unwrap_or_default();
            if ["canonical", "alternate", "license", "next", "prev"].contains(&rel) {
                continue;
            }
            let link = element.attr("href").or(element.attr("src")).unwrap();
            let Some(target) = target(path, link) else { continue };
            assert!(site.files.contains_key(&target), "{path}: {link} leads to no file ({target})");
            if let Some((_, anchor)) = link.split_once('#').filter(|_| target.ends_with(".html")) {
                let anchor = percent_decode(anchor);
                assert!(ids[target.as_str()].contains(&anchor), "{path}: {link} leads to no place");
            }
            checked += 1;
        }
    }
    assert!(checked > 1000, "only {checked} links were there to check");
}
