//! The program as its users meet it: exit statuses, streams, and what it leaves on disk.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

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
fn a_path_or_an_address_that_cannot_be_meant_ends_with_status_2() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let path = format!("{site}/content/artciles");
    let assert = galen(&["check", "--root", &site, &path]).code(2);
    let meant = format!("did you mean `{site}/content/articles`?");
    assert!(stderr(&assert).contains(&meant), "{}", stderr(&assert));
    assert_eq!(stdout(&assert), "");
    for address in ["nope", "https://", "https://x.org/?a=1", "https://x.org/#a"] {
        let assert = galen(&["build", "--root", &site, "-u", address]).code(2);
        assert!(stderr(&assert).contains("it must be an address"), "{}", stderr(&assert));
    }
}

#[test]
fn paths_lead_from_where_the_user_stands() {
    let dir = tempfile::tempdir().unwrap();
    let site = PathBuf::from(started(dir.path()));
    let page = "---\ntitle: A\n---\nSee [b](b.md).\n";
    fs::write(site.join("content/articles/a.md"), page).unwrap();
    let run = |below: &str, arguments: &[&str]| {
        let mut command = Command::cargo_bin("galen").unwrap();
        let command = command.current_dir(site.join(below)).args(["--color", "never"]);
        command.args(["--today", "2027-06-01"]).args(arguments).assert()
    };
    let places = [
        ("", ".", "content/articles/a.md:4:9"),
        ("", "./", "content/articles/a.md:4:9"),
        ("content/articles", "../..", "../../content/articles/a.md:4:9"),
        ("..", "site/", "site/content/articles/a.md:4:9"),
    ];
    for (below, root, place) in places {
        let assert = run(below, &["-r", root, "build"]).code(1);
        let said = stderr(&assert);
        assert!(said.contains(&format!("--> {place}\n")), "{place}: {said}");
    }
    let assert = run("content/articles", &["-r", "../..", "check", "b.md"]).code(2);
    assert!(stderr(&assert).contains("did you mean `../../content/articles/a.md`?"));
    let assert = run("content/articles", &["-r", "../..", "explain", "page", "a.md"]).success();
    assert!(stdout(&assert).contains("articles/a"), "{}", stdout(&assert));
    let public = site.join("public");
    fs::write(site.join("content/articles/b.md"), "---\ntitle: B\n---\n").unwrap();
    let assert = run("content/articles", &["-r", "../..", "build"]).success();
    let said = stderr(&assert);
    assert!(said.contains(&format!("into `{}`", public.display())), "{said}");
}

#[test]
fn a_quiet_command_that_fails_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let page = "---\ntitle: A\nauthors: [alex-example]\n---\n";
    fs::write(format!("{site}/content/articles/a.md"), page).unwrap();
    let quiet = ["--root", &site, "--today", "2027-06-01", "-q"];
    let assert = galen(&[&["check"], &quiet[..]].concat()).success();
    assert_eq!(stderr(&assert), "");
    let assert = galen(&[&["check", "--strict"], &quiet[..]].concat()).code(1);
    assert!(stderr(&assert).contains("warning[rev-missing]"), "{}", stderr(&assert));
    assert!(!stderr(&assert).contains("info["), "{}", stderr(&assert));
}

#[test]
fn a_fault_of_the_machine_ends_with_status_2_and_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let gone = dir.path().join("gone");
    let assert = galen(&["clean", "--root", gone.to_str().unwrap()]).code(2);
    assert!(stderr(&assert).contains("gone/book.toml"), "{}", stderr(&assert));
}

#[test]
fn outside_of_a_site_every_command_is_called_wrongly() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let (empty, inner) = (dir.path().join("empty"), format!("{site}/content/articles"));
    fs::create_dir(&empty).unwrap();
    let commands: &[&[&str]] = &[
        &["build"],
        &["check"],
        &["check", "--format", "json"],
        &["watch"],
        &["serve"],
        &["clean"],
        &["new", "article", "A"],
        &["theme", "list"],
        &["explain", "links", "a"],
        &["impact", "a"],
    ];
    for command in commands {
        let assert = galen(&[&["-r", empty.to_str().unwrap()], *command].concat()).code(2);
        let said = stderr(&assert);
        let ways = ["`galen init DIR` starts a site", "`--root DIR` names one"];
        assert!(ways.iter().all(|way| said.contains(way)), "{command:?}: {said}");
        assert_eq!(stdout(&assert), "", "{command:?}");
    }
    assert!(fs::read_dir(&empty).unwrap().next().is_none(), "nothing was made");
    let assert = galen(&["-r", &inner, "build"]).code(2);
    let way = format!("one is in `{inner}/../..`");
    assert!(stderr(&assert).contains(&way), "{}", stderr(&assert));
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
    assert!(all.contains("\ncite-unused (off, editorial"), "{all}");
    let one = stdout(&galen(&["explain", "rule", "encoding"]).success());
    assert!(one.starts_with("encoding (error, structural"), "{one}");
}

/// The files below `dir` with their bytes.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = walkdir::WalkDir::new(dir).into_iter().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(dir).unwrap().to_str().unwrap().to_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

#[test]
fn a_started_site_builds_without_a_finding_and_again_without_a_write() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let build = ["-r", &site, "--today", "2027-06-01", "build", "--strict"];
    let assert = galen(&build).success();
    assert_eq!(stdout(&assert), "");
    let report = stderr(&assert);
    assert!(report.contains("0 errors, 0 warnings, 0 notes;"), "{report}");
    assert!(report.contains("today is 2027-06-01"), "{report}");
    let public = dir.path().join("site/public");
    let article =
        fs::read_to_string(public.join("articles/how-this-site-cites/index.html")).unwrap();
    assert!(article.contains("(PRISMA) helps its authors") && article.contains("Sam Sample"));
    let before = files(&public);

    let report = stderr(&galen(&build).success());
    assert!(report.contains(": 0 files written, "), "{report}");
    let elsewhere = dir.path().join("elsewhere");
    let out = elsewhere.to_str().unwrap();
    galen(&[&build[..], &["--out", out, "--jobs", "1"]].concat()).success();
    assert_eq!(files(&elsewhere), before);

    galen(&["-r", &site, "clean"]).success();
    assert!(!public.exists() && elsewhere.exists());
    galen(&["-r", &site, "clean", "--out", out]).success();
    assert!(!elsewhere.exists() && !dir.path().join("site/.galen").exists());
}

#[test]
fn a_structural_error_publishes_nothing_unless_allowed() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let build = ["-r", &site, "--today", "2027-06-01", "build"];
    galen(&build).success();
    let public = dir.path().join("site/public");
    let before = files(&public);
    let page = dir.path().join("site/content/about.md");
    fs::write(&page, "---\ntitle: About\ndescription: About it.\n---\n\nSee [@nobody2020].\n")
        .unwrap();

    let assert = galen(&build).code(1);
    let report = stderr(&assert);
    assert!(
        report.contains("error[cite-unknown]") && report.contains("content/about.md:6"),
        "{report}"
    );
    assert!(report.contains("nothing was published"), "{report}");
    assert_eq!(files(&public), before);

    galen(&[&build[..], &["--allow-errors"]].concat()).code(1);
    assert_ne!(files(&public), before);
}

#[test]
fn the_output_folder_cannot_be_the_site() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let content = format!("{site}/content");
    for out in [&site, &content] {
        let assert = galen(&["-r", &site, "build", "--out", out]).code(2);
        assert!(stderr(&assert).contains("will not write to"), "{}", stderr(&assert));
    }
}

#[test]
fn check_shows_what_concerns_the_paths_in_the_format_that_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let check = ["-r", &site, "--today", "2027-06-01", "check"];
    let report = stderr(&galen(&check).success());
    assert_eq!(report, "no findings\n");
    let page = dir.path().join("site/content/about.md");
    fs::write(&page, "---\ntitle: About\n---\n\nAbout us.\n").unwrap();
    let report = stderr(&galen(&check).success());
    assert_eq!(report, "no errors or warnings, 1 note (-v shows them)\n");
    fs::write(&page, "---\ntitle: About\n---\n\n[gone](gone.md)\n").unwrap();

    let assert = galen(&[&check[..], &["--format", "json"]].concat()).code(1);
    assert!(stdout(&assert).contains("\"rule\": \"link-broken\""), "{}", stdout(&assert));
    assert_eq!(stderr(&assert), "");
    let articles = format!("{site}/content/articles");
    galen(&[&check[..], &[&articles]].concat()).success();
    let outside = dir.path().to_str().unwrap();
    galen(&[&check[..], &[outside]].concat()).code(2);
    assert!(!dir.path().join("site/public").exists());
}

#[test]
fn annotations_name_files_from_where_they_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    fs::write(Path::new(&site).join("content/x.md"), "---\ntitel: X\n---\n").unwrap();
    let check = |format: &str, from: &Path, checkout: Option<&Path>| {
        let mut command = Command::cargo_bin("galen").unwrap();
        command.env_remove("GITHUB_WORKSPACE").current_dir(from);
        checkout.map(|checkout| command.env("GITHUB_WORKSPACE", checkout));
        stdout(&command.args(["-r", &site, "check", "--format", format]).assert().code(1))
    };
    let (root, site_root) = (dir.path(), Path::new(&site));
    assert!(check("github", root, None).contains(" file=site/content/x.md,"));
    assert!(check("github", site_root, None).contains(" file=content/x.md,"));
    assert!(check("github", site_root, Some(root)).contains(" file=site/content/x.md,"));
    assert!(check("sarif", root, None).contains("\"uri\": \"site/content/x.md\""));
    assert!(check("json", root, None).contains("\"content/x.md\""));
    // A site that lies elsewhere has no name from there.
    let elsewhere = tempfile::tempdir().unwrap();
    assert!(check("github", elsewhere.path(), None).contains(" file=content/x.md,"));
}

#[test]
fn pages_and_their_links_are_explained() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let explain = |words: &[&str]| {
        let all = [&["-r", &site, "--today", "2027-06-01", "explain"], words].concat();
        stdout(&galen(&all).success())
    };
    let links = explain(&["links", "content/articles/how-this-site-cites.md"]);
    assert!(links.contains("“systematic review” linked to glossary/systematic-review"), "{links}");
    let page = explain(&["page", "alex-example"]);
    assert!(page.starts_with("people/alex-example\n"), "{page}");
    assert!(page.contains("articles/how-this-site-cites"), "{page}");
    assert!(page.contains("what others show of `articles/how-this-site-cites`"), "{page}");
    assert!(!page.contains("last rebuild"), "nothing was rebuilt");
    galen(&["-r", &site, "explain", "page", "nobody"]).code(2);
}

#[test]
fn a_page_says_why_a_server_made_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let note = "{\"changed\": \"`content/a.md` changed\", \
                 \"pages\": {\"people/alex-example (en)\": [\"its file changed\"]}}";
    let state = Path::new(&site).join(".galen");
    fs::create_dir_all(&state).unwrap();
    fs::write(state.join("last-rebuild.json"), note).unwrap();
    let explain = |page| stdout(&galen(&["-r", &site, "explain", "page", page]).success());
    let again = explain("alex-example");
    assert!(again.contains("made again after `content/a.md` changed:"), "{again}");
    assert!(again.contains("its file changed"), "{again}");
    let not = explain("content/articles/how-this-site-cites.md");
    assert!(not.contains("not made again after `content/a.md` changed"), "{not}");
}

#[test]
fn findings_are_mended_accepted_and_found_anew() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let page = Path::new(&site).join("content/note.md");
    fs::write(&page, "---\ntitle: Note\nlastmod: 2027-01-02\n---\nSee [here](about.md).\n")
        .unwrap();
    let check = |arguments: &[&str]| {
        let today = ["check", "--root", &site, "--today", "2027-06-01", "--strict"];
        galen(&[&today, arguments].concat())
    };
    let assert = check(&["--fix"]).code(1);
    assert!(stderr(&assert).contains("made 1 change"), "{}", stderr(&assert));
    assert!(fs::read_to_string(&page).unwrap().contains("\nupdated: 2027-01-02\n"));
    assert!(stderr(&assert).contains("a11y-link-text"), "{}", stderr(&assert));

    check(&["--write-baseline"]).success();
    check(&[]).success();
    let text = fs::read_to_string(&page).unwrap() + "\nAnd [more](about.md).\n";
    fs::write(&page, text).unwrap();
    let assert = check(&[]).code(1);
    assert!(!stderr(&assert).contains("`here`"), "{}", stderr(&assert));
    assert!(stderr(&assert).contains("`more`"), "{}", stderr(&assert));
}

#[test]
fn impact_lists_every_sentence_that_rests_on_a_work() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let library = fs::read_to_string(Path::new(&site).join("citations/library.bib")).unwrap();
    let key = library.split(['{', ',']).nth(1).unwrap();
    let assert = galen(&["impact", key, "--root", &site, "--today", "2027-06-01"]).success();
    let text = stdout(&assert);
    assert!(text.starts_with(&format!("{key}: 1 page, ")), "{text}");
    assert!(text.contains("content/articles/how-this-site-cites.md"), "{text}");
    let page = Path::new(&site).join("content/articles/how-this-site-cites.md");
    let sentences = format!("\n\nZebras sleep [@{key}]. Ants do not [@{key}].\n");
    fs::write(&page, fs::read_to_string(&page).unwrap() + &sentences).unwrap();
    let assert = galen(&["impact", key, "--root", &site, "--today", "2027-06-01"]).success();
    let text = stdout(&assert);
    assert!(text.find("Zebras") < text.find("Ants do not"), "in the order of reading: {text}");
    galen(&["impact", "nobody1900", "--root", &site]).code(2);
}

#[test]
fn impact_names_authors_as_the_page_does() {
    let dir = tempfile::tempdir().unwrap();
    let site = started(dir.path());
    let root = Path::new(&site);
    let work = "@book{three, title={T}, author={Roe, A and Doe, B and Poe, C}}\n";
    fs::write(root.join("citations/three.bib"), work).unwrap();
    for style in ["ama", "harvard"] {
        let page = format!("---\ntitle: A\nstyle: {style}\n---\nSo says @three.\n");
        fs::write(root.join(format!("content/{style}.md")), page).unwrap();
    }
    let assert = galen(&["impact", "three", "--root", &site, "--today", "2027-06-01"]).success();
    let text = stdout(&assert);
    for (style, names) in [("ama", "Roe et al."), ("harvard", "Roe, Doe and Poe.")] {
        let page = format!("{site}/content/{style}.md\n  - So says {names}\n");
        assert!(text.contains(&page), "{page}: {text}");
    }
}
