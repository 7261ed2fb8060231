//! `galen serve` and `galen watch` as their users meet them: a program is started, files
//! are saved, and pages are fetched.

#![cfg(all(feature = "serve", unix))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "serve/program.rs"]
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use program::{Program, TestSite, get, request};

#[test]
fn pages_files_and_what_is_missing_are_served() {
    let site = TestSite::new();
    site.write("static/film.bin", "0123456789");
    let program = Program::serve(&site, &["--port", "0"]);
    let url = program.url();

    let home = get(url, "");
    assert_eq!(home.status, 200);
    assert_eq!(home.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(home.header("cache-control"), "no-store");
    assert!(home.body.contains("<script src=\"/__galen/client.js\""), "{}", home.body);

    let folder = get(url, "a?x=1");
    assert_eq!((folder.status, folder.header("location")), (307, "/a/?x=1"));
    assert!(get(url, "a/").body.contains("first words"));

    let missing = get(url, "nothing/here/");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("data-path=\"nothing/here/index.html\""));

    let part = request(url, "GET", "film.bin", "Range: bytes=2-4\r\n");
    assert_eq!((part.status, &*part.body), (206, "234"));
    assert_eq!(part.header("content-range"), "bytes 2-4/10");
    let outside = request(url, "GET", "film.bin", "Range: bytes=10-\r\n");
    assert_eq!((outside.status, outside.header("content-range")), (416, "bytes */10"));
    let tag = part.header("etag");
    let current =
        request(url, "GET", "film.bin", &format!("Range: bytes=0-0\r\nIf-Range: {tag}\r\n"));
    assert_eq!((current.status, &*current.body), (206, "0"));
    let other = request(url, "GET", "film.bin", "Range: bytes=0-0\r\nIf-Range: \"other\"\r\n");
    assert_eq!((other.status, &*other.body), (200, "0123456789"));
    assert_eq!(request(url, "GET", "film.bin", &format!("If-None-Match: {tag}\r\n")).status, 304);

    let head = request(url, "HEAD", "film.bin", "");
    assert_eq!((head.status, head.header("content-length"), &*head.body), (200, "10", ""));
    let head = request(url, "HEAD", "a/", "");
    let length = get(url, "a/").body.len().to_string();
    assert_eq!((head.status, head.header("content-length")), (200, &*length));
    assert_eq!(request(url, "POST", "a/", "").status, 405);
}

#[test]
fn nothing_outside_of_the_site_is_served_and_no_other_host_is_answered() {
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let url = program.url();
    for path in ["../book.toml", "%2e%2e/book.toml", "a/..%2f..%2fbook.toml", "/etc/passwd"] {
        assert_eq!(get(url, path).status, 404, "{path}");
    }
    let rebound = program::request_of(url, "GET", "/", "Host: evil.example\r\n");
    assert_eq!(rebound.status, 403);
    let events = program::request_of(url, "GET", "/__galen/events", "Host: evil.example:1\r\n");
    assert_eq!(events.status, 403);
    assert_eq!(program::request_of(url, "GET", "/", "Host: localhost:3000\r\n").status, 200);
}

#[test]
fn the_path_of_the_address_is_kept() {
    let site = TestSite::new();
    site.write("book.toml", "[site]\ntitle = \"T\"\nbase_url = \"https://example.org/docs/\"\n");
    let program = Program::serve(&site, &["--port", "0"]);
    assert!(program.url().ends_with("/docs/"), "{}", program.url());
    assert!(get(program.url(), "a/").body.contains("first words"));
    // The page for what is not there has its style and its links wherever it is shown.
    let missing = get(program.url(), "nothing/here/").body;
    assert!(missing.contains("<link rel=\"stylesheet\" href=\"/docs/assets/"), "{missing}");
    assert!(!missing.contains("example.org/docs/\""), "{missing}");
    for outside in ["/", "/docs"] {
        let response = program::request_of(program.url(), "GET", outside, "Host: localhost\r\n");
        assert_eq!((response.status, response.header("location")), (307, "/docs/"));
    }
}

#[test]
fn a_save_is_told_and_served() {
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let url = program.url();
    let mut events = program.events();
    assert_eq!(events.next()["changed"], serde_json::Value::Null);
    site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    let news = events.next();
    assert_eq!(news["changed"][0][0], "a/index.html");
    assert!(get(url, "a/").body.contains("new words"));
    program.expect_line("`content/a.md` changed: 1 page in ");

    fs::remove_file(site.root().join("content/a.md")).unwrap();
    let gone = events.next();
    let changed = gone["changed"].as_array().unwrap();
    assert!(changed.contains(&serde_json::json!(["a/index.html", null])), "{changed:?}");
    assert_eq!(get(url, "a/").status, 404);

    site.write("content/c.md", "---\ntitle: C\n---\nthird words\n");
    events.next();
    assert!(get(url, "c/").body.contains("third words"));
}

#[test]
fn from_the_first_news_of_it_on_every_page_is_the_new_one() {
    const MANY: usize = 300;
    let site = TestSite::new();
    for page in 0..MANY {
        site.write(&format!("content/p{page}.md"), "---\ntitle: P\n---\nwords\n");
    }
    site.write("templates/page.html", "one {{ page.body }}");
    let program = Program::serve(&site, &["--port", "0"]);
    let mut events = program.events();
    events.next();
    for words in ["two", "three", "four"] {
        site.write("templates/page.html", &format!("{words} {{{{ page.body }}}}"));
        // Whether it is told before all is made is a matter of time.
        let news = events.next();
        let one = get(program.url(), &format!("p{}/", MANY - 1));
        assert!(one.body.contains(words), "{}", one.body);
        let tag = one.header("etag").split('"').nth(1).unwrap().to_owned();
        for page in 0..MANY {
            let page = get(program.url(), &format!("p{page}/"));
            assert!(page.status == 200 && page.body.contains(words), "{}", page.body);
        }
        assert_eq!(get(program.url(), "nothing/").status, 404);
        let last = if news["pending"] == true { events.next() } else { news };
        assert_eq!(last["pending"], false);
        let told = serde_json::json!([format!("p{}/index.html", MANY - 1), tag]);
        assert!(last["changed"].as_array().unwrap().contains(&told), "{last}");
    }
}

#[test]
fn a_page_knows_from_which_build_it_is() {
    const EDITS: usize = 40;
    let site = TestSite::new();
    site.write("content/a.md", "---\ntitle: A\n---\nstate 0\n");
    let program = Program::serve(&site, &["--port", "0"]);
    let url = program.url().to_owned();
    let mut events = program.events();
    let first = events.next()["build"].as_u64().unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    // Others look all the time: what they see, and from which build it says that it is.
    let looking: Vec<_> = (0..2)
        .map(|_| {
            let (url, is_over) = (url.clone(), Arc::clone(&is_over));
            std::thread::spawn(move || {
                let mut seen = BTreeSet::new();
                while !is_over.load(Ordering::Relaxed) {
                    let page = get(&url, "a/").body;
                    let word = |before: &str| {
                        let rest = page.split_once(before).unwrap().1;
                        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap().to_owned()
                    };
                    seen.insert((word("data-build=\""), word("state ")));
                }
                seen
            })
        })
        .collect();
    let mut states = BTreeMap::from([(first, "0".to_owned())]);
    for edit in 1..=EDITS {
        site.write("content/a.md", &format!("---\ntitle: A\n---\nstate {edit}\n"));
        let news = loop {
            let news = events.next();
            if !news["changed"].as_array().unwrap().is_empty() {
                break news;
            }
        };
        states.insert(news["build"].as_u64().unwrap(), edit.to_string());
    }
    is_over.store(true, Ordering::Relaxed);
    for (build, state) in looking.into_iter().flat_map(|looking| looking.join().unwrap()) {
        let build: u64 = build.parse().unwrap();
        let (_, expected) = states.range(..=build).next_back().unwrap();
        assert_eq!(state, *expected, "of the build {build}");
    }
}

#[test]
fn a_page_that_breaks_stays_as_it_was_and_what_is_wrong_is_told_until_it_is_mended() {
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let url = program.url();
    let mut events = program.events();
    let before = events.next()["findings"].clone();
    site.write("content/a.md", "---\ntitle: [A\n---\nnew words\n");
    let news = events.next();
    assert_ne!(news["findings"], before);
    assert!(get(url, "a/").body.contains("first words"));
    let findings = || -> serde_json::Value {
        serde_json::from_str(&get(url, "/__galen/findings?path=a/index.html").body).unwrap()
    };
    let found = findings();
    assert_eq!(found["stale"], "content/a.md");
    let shown = &found["shown"][0];
    assert_eq!((&shown["rule"], &shown["own"]), (&"yaml-syntax".into(), &true.into()));
    assert!(shown["frame"].as_str().unwrap().contains("title: [A"), "{shown}");
    let editor = shown["editor"].as_str().unwrap();
    assert!(editor.starts_with("vscode://file/"), "{editor}");
    assert!(editor.contains("/content/a.md:"), "{editor}");
    program.expect_line("error[yaml-syntax]");

    site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    events.next();
    assert!(get(url, "a/").body.contains("new words"));
    let mended = findings();
    assert_eq!((&mended["stale"], &mended["errors"]), (&serde_json::Value::Null, &0.into()));
}

#[test]
fn a_listener_that_comes_back_hears_what_it_missed() {
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0"]);
    let mut events = program.events();
    let first = events.next();
    drop(events);
    site.write("content/b.md", "---\ntitle: B\n---\nmore words\n");
    program.expect_line("`content/b.md` changed");
    let known = format!("?server={}&build={}", first["server"].as_str().unwrap(), first["build"]);
    let news = program.events_since(&known).next();
    assert_eq!(news["changed"][0][0], "b/index.html");
    let stranger = program.events_since("?server=other&build=1").next();
    assert_eq!(stranger["changed"], serde_json::Value::Null);

    // A page that is older than the connection asks for itself.
    site.write("static/own.css", "h1 { color: red }");
    program.expect_line("`static/own.css` added");
    let told = |page: &str, server: &str| -> serde_json::Value {
        let query = format!("/__galen/news?server={server}&build=1&path={page}");
        let news: serde_json::Value =
            serde_json::from_str(&get(program.url(), &query).body).unwrap();
        match &news["changed"] {
            serde_json::Value::Array(changed) => {
                changed.iter().map(|file| file[0].clone()).collect()
            }
            unknown => unknown.clone(),
        }
    };
    let server = first["server"].as_str().unwrap();
    let pages = |told: serde_json::Value| -> Vec<String> {
        let told: Vec<String> = serde_json::from_value(told).unwrap();
        told.into_iter().filter(|path| path.ends_with(".html") || path.ends_with(".css")).collect()
    };
    assert_eq!(pages(told("b/index.html", server)), ["b/index.html", "own.css"]);
    assert_eq!(pages(told("a/index.html", server)), ["own.css"]);
    assert_eq!(told("a/index.html", "other"), serde_json::Value::Null);
}

#[test]
fn a_port_that_is_asked_for_and_taken_is_a_failure() {
    let site = TestSite::new();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_galen"))
        .args(["serve", "--color", "never", "--port", &port, "--root"])
        .arg(site.root())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains(&format!("cannot listen on 127.0.0.1:{port}")), "{text}");
}

#[test]
fn ctrl_c_stops_at_once_with_listeners_there() {
    for signal in ["INT", "TERM"] {
        let site = TestSite::new();
        let mut program = Program::serve(&site, &["--port", "0"]);
        let mut events = program.events();
        events.next();
        let started = Instant::now();
        program.signal(signal);
        let status = program.wait();
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        assert_eq!(status.code(), Some(0), "{signal}");
    }
}

fn assert_serves_what_is_saved(site: &TestSite, program: &Program) {
    let mut events = program.events();
    events.next();
    site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    events.next();
    assert!(get(program.url(), "a/").body.contains("new words"));
}

#[test]
fn polling_says_so_and_serves_what_is_saved() {
    let site = TestSite::new();
    let program = Program::serve(&site, &["--port", "0", "--poll=20"]);
    program.expect_line("polling, as asked for");
    assert_serves_what_is_saved(&site, &program);
}

#[test]
fn where_the_system_watches_no_more_folders_it_polls_and_says_so() {
    let site = TestSite::new();
    let Some(program) = Program::serve_with_a_watch_limit(&site) else {
        eprintln!("skipped: the system lets nobody limit how many folders it watches");
        return;
    };
    program.expect_line("polling, since the system watches no more folders");
    assert_serves_what_is_saved(&site, &program);
}

#[test]
fn drafts_are_served_where_they_are_wanted() {
    let site = TestSite::new();
    site.write("content/d.md", "---\ntitle: D\ndraft: true\n---\nunripe words\n");
    assert_eq!(get(Program::serve(&site, &["--port", "0"]).url(), "d/").status, 404);
    let program = Program::serve(&site, &["--port", "0", "--drafts"]);
    assert_eq!(get(program.url(), "d/").status, 200);
}

#[test]
fn what_was_made_again_and_why_can_be_asked_for() {
    let site = TestSite::new();
    site.write("content/a.md", "---\ntitle: A\n---\nAfter [](b.md).\n");
    let program = Program::serve(&site, &["--port", "0", "--verbose"]);
    site.write("content/b.md", "---\ntitle: Another B\n---\nother words\n");
    program.expect_line("`content/b.md` changed: ");
    // The note is written before its words are said.
    program.expect_line("b (en): its file changed");
    assert!(get(program.url(), "a/").body.contains("Another B"));

    let explained = |page: &str| {
        let mut galen = Command::new(env!("CARGO_BIN_EXE_galen"));
        let output = galen.arg("-r").arg(site.root()).args(["explain", "page", page]).output();
        String::from_utf8(output.unwrap().stdout).unwrap()
    };
    let (a, b) = (explained("a"), explained("b"));
    assert!(a.contains("made again after `content/b.md` changed:"), "{a}");
    assert!(a.contains("what others show of `b` changed"), "{a}");
    assert!(b.contains("its file changed"), "{b}");
}

#[test]
fn watch_writes_what_changed_and_nothing_while_the_site_has_errors() {
    let site = TestSite::new();
    let program = Program::watch(&site, &[]);
    program.expect_line("built ");
    let page = |name: &str| site.root().join("public").join(name).join("index.html");
    let modified = |name: &str| fs::metadata(page(name)).unwrap().modified().unwrap();
    assert!(!fs::read_to_string(page("a")).unwrap().contains("__galen"));
    let b_before = modified("b");

    site.write("content/a.md", "---\ntitle: A\n---\nnew words\n");
    program.expect_line("`content/a.md` changed: 1 page; 1 file written");
    assert!(fs::read_to_string(page("a")).unwrap().contains("new words"));
    assert_eq!(modified("b"), b_before);

    site.write("content/a.md", "---\ntitle: [A\n---\nnewer words\n");
    program.expect_line("nothing was published");
    assert!(fs::read_to_string(page("a")).unwrap().contains("new words"));

    fs::remove_file(site.root().join("content/a.md")).unwrap();
    program.expect_line("1 deleted");
    assert!(!page("a").exists());
}
