//! `galen check --external`: other sites are asked, politely, and only there.
//!
//! The sites stand behind a proxy on this machine; nothing here uses another network.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use assert_cmd::Command;
use assert_cmd::assert::Assert;

/// The environment variables by which a proxy is named.
const PROXY_VARIABLES: [&str; 8] = [
    "ALL_PROXY",
    "all_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
];

/// A proxy that answers for all sites: `/here` is there, and nothing else is.
struct Proxy {
    address: String,
    requests: Receiver<String>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (tell, requests) = channel();
        thread::spawn(move || {
            for connection in listener.incoming() {
                let tell = tell.clone();
                thread::spawn(move || answer(connection.unwrap(), &tell));
            }
        });
        Self { address, requests }
    }

    /// Returns the requests since the last time, as `HOST METHOD PATH`, in order.
    fn asked(&self) -> Vec<String> {
        let mut asked: Vec<String> = self.requests.try_iter().collect();
        asked.sort();
        asked
    }
}

fn answer(mut connection: TcpStream, tell: &Sender<String>) {
    let mut reader = BufReader::new(connection.try_clone().unwrap());
    let opened = first_line(&mut reader);
    let host = opened.split([' ', ':']).nth(1).unwrap().to_owned();
    assert!(opened.starts_with("CONNECT "), "{opened}");
    write!(connection, "HTTP/1.1 200 OK\r\n\r\n").unwrap();
    loop {
        let line = first_line(&mut reader);
        let Some(asked) = line.strip_suffix(" HTTP/1.1") else { return };
        let status = if asked.ends_with("/here") { "200 OK" } else { "404 Not Found" };
        tell.send(format!("{host} {asked}")).unwrap();
        write!(connection, "HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
}

/// Returns the first line of a request; empty where none comes.
fn first_line(reader: &mut impl BufRead) -> String {
    let lines = reader.lines().map_while(Result::ok).take_while(|line| !line.is_empty());
    lines.collect::<Vec<_>>().into_iter().next().unwrap_or_default()
}

fn check(site: &Path, proxy: &str, arguments: &[&str]) -> Assert {
    let mut command = Command::cargo_bin("galen").unwrap();
    for variable in PROXY_VARIABLES {
        command.env_remove(variable);
    }
    command.env("HTTP_PROXY", proxy).env_remove("GITHUB_WORKSPACE");
    command.args(["--color", "never", "--today", "2027-06-01", "--root"]).arg(site);
    command.arg("check").args(arguments).assert()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// Writes a site with one page and one work.
fn write_site(root: &Path) {
    let files = [
        (
            "book.toml",
            "[site]\ntitle = \"S\"\nbase_url = \"http://own.site.eu\"\npreset = \"none\"\n",
        ),
        (
            "content/a.md",
            "---\ntitle: A\ndescription: A page that names addresses of other sites.\n---\n\
             See [what is here](http://one.who.eu/here), [what is gone](http://one.who.eu/gone#x)\n\
             and [gone again](http://one.who.eu/gone), [ours](http://own.site.eu/a/)\n\
             and [theirs](http://localhost/) [@w].\n",
        ),
        (
            "citations/library.bib",
            "@book{w, title={W}, author={Roe, Jane}, year={2020}, url={http://two.who.eu/work}}\n",
        ),
    ];
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

#[test]
fn other_sites_are_asked_once_and_their_answers_kept() {
    let (dir, proxy) = (tempfile::tempdir().unwrap(), Proxy::start());
    let site = dir.path();
    write_site(site);

    check(site, &proxy.address, &["--strict"]).success();
    assert_eq!(proxy.asked(), [""; 0], "nobody is asked without being told to");

    let assert = check(site, &proxy.address, &["--external"]).success();
    let text = stderr(&assert);
    assert!(text.contains("`http://one.who.eu/gone` is not reachable: 404 Not Found"), "{text}");
    assert!(text.contains("`http://two.who.eu/work` is not reachable: 404 Not Found"), "{text}");
    assert_eq!(text.matches("warning[link-external]").count(), 3, "each place is shown: {text}");
    let asked = [
        "one.who.eu GET /gone",
        "one.who.eu HEAD /gone",
        "one.who.eu HEAD /here",
        "two.who.eu GET /work",
        "two.who.eu HEAD /work",
    ];
    assert_eq!(proxy.asked(), asked);

    let again = check(site, &proxy.address, &["--external", "--strict", "--format", "json"]);
    let again = String::from_utf8(again.code(1).get_output().stdout.clone()).unwrap();
    assert_eq!(again.matches("\"link-external\"").count(), 3, "{again}");
    assert_eq!(proxy.asked(), [""; 0], "the answers are kept");

    fs::write(site.join(".galen/external-links.json"), "{").unwrap();
    let page = site.join("content/a.md");
    check(site, &proxy.address, &["--external", page.to_str().unwrap()]).success();
    assert_eq!(proxy.asked().len(), 3, "a damaged file is none, and only the page's are asked");

    check(site, &proxy.address, &["--external", "--write-baseline"]).success();
    check(site, &proxy.address, &["--external", "--strict"]).success();
    let mut clean = Command::cargo_bin("galen").unwrap();
    clean.arg("clean").arg("--root").arg(site).assert().success();
    assert!(!site.join(".galen").exists(), "`clean` takes the answers away");
}

#[test]
fn answers_that_cannot_be_kept_are_shown() {
    let (dir, proxy) = (tempfile::tempdir().unwrap(), Proxy::start());
    write_site(dir.path());
    fs::write(dir.path().join(".galen"), "no folder").unwrap();
    let text = stderr(&check(dir.path(), &proxy.address, &["--external"]).success());
    assert!(text.contains("the answers are not kept: "), "{text}");
    assert!(text.contains("`http://two.who.eu/work` is not reachable"), "{text}");
}

#[test]
fn without_a_network_the_command_fails_and_blames_no_page() {
    let dir = tempfile::tempdir().unwrap();
    write_site(dir.path());
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let assert = check(dir.path(), &proxy, &["--external"]).code(2);
    let text = stderr(&assert);
    assert!(text.contains("the network is not reachable: nothing is heard of"), "{text}");
    assert!(!text.contains("link-external"), "{text}");
    assert!(!dir.path().join(".galen").exists(), "nothing is kept of it");
}
