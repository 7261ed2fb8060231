//! A site in a temporary folder, the program that serves it, and a plain HTTP client.

#![allow(dead_code, reason = "each test uses its part")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long to wait for something that is to come.
const PATIENCE: Duration = Duration::from_secs(120);

/// A small site.
pub(crate) struct TestSite(tempfile::TempDir);

impl TestSite {
    pub(crate) fn new() -> Self {
        let site = Self(tempfile::tempdir().unwrap());
        // Every page is in the index of the search, and would be told with it.
        site.write("book.toml", "[site]\ntitle = \"A site\"\n[outputs]\nsearch = false\n");
        site.write("content/a.md", "---\ntitle: A\n---\nfirst words\n");
        site.write("content/b.md", "---\ntitle: B\n---\nother words\n");
        site
    }

    /// Returns the site that lies in `dir`.
    pub(crate) fn in_folder(dir: tempfile::TempDir) -> Self {
        Self(dir)
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    /// Saves a file as careful editors do: beside its place, then by a rename. Returns
    /// the moment of the rename.
    pub(crate) fn write(&self, name: &str, text: &str) -> Instant {
        let path = self.root().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let temporary: PathBuf = path.with_file_name(".saving~");
        fs::write(&temporary, text).unwrap();
        let moment = Instant::now();
        fs::rename(temporary, path).unwrap();
        moment
    }
}

/// What a program has said, and a bell for when it says more.
type Said = Arc<(Mutex<String>, Condvar)>;

/// A program that runs until it is dropped.
pub(crate) struct Program {
    child: Child,
    said: Said,
    url: String,
}

impl Program {
    pub(crate) fn serve(site: &TestSite, arguments: &[&str]) -> Self {
        Self::start("serve", site, arguments).with_url()
    }

    fn with_url(mut self) -> Self {
        let line = self.expect_line("serving at `");
        self.url = line.split('`').nth(1).unwrap().to_owned();
        self
    }

    /// Serves where the system watches one folder and no more; `None` where that cannot
    /// be had.
    pub(crate) fn serve_with_a_watch_limit(site: &TestSite) -> Option<Self> {
        const LIMIT: &str = "echo 1 > /proc/sys/user/max_inotify_watches";
        let limited = |script: &str| {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "sh", "-c", script, "sh"]);
            command
        };
        let can_limit = limited(LIMIT).stderr(Stdio::null()).status();
        if !can_limit.is_ok_and(|status| status.success()) {
            return None;
        }
        let mut command = limited(&format!("{LIMIT} && exec \"$@\""));
        command.arg(env!("CARGO_BIN_EXE_galen"));
        let program = Self::run(command, "serve", site, &["--port", "0"]);
        Some(program.with_url())
    }

    pub(crate) fn watch(site: &TestSite, arguments: &[&str]) -> Self {
        Self::start("watch", site, arguments)
    }

    fn start(command: &str, site: &TestSite, arguments: &[&str]) -> Self {
        Self::run(Command::new(env!("CARGO_BIN_EXE_galen")), command, site, arguments)
    }

    fn run(mut program: Command, command: &str, site: &TestSite, arguments: &[&str]) -> Self {
        let mut child = program
            .args([command, "--color", "never", "--today", "2026-11-23", "--root"])
            .arg(site.root())
            .args(arguments)
            .env_remove("GALEN_EDITOR_URL")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said: Said = Arc::default();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let heard = Arc::clone(&said);
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                heard.0.lock().unwrap().push_str(&format!("{line}\n"));
                heard.1.notify_all();
            }
        });
        Self { child, said, url: String::new() }
    }

    /// Returns the address of the site, with a final `/`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits for a line that holds `text`, and returns it.
    pub(crate) fn expect_line(&self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut said = self.said.0.lock().unwrap();
        loop {
            if let Some(line) = said.lines().find(|line| line.contains(text)) {
                return line.to_owned();
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "`{text}` was not said, but:\n{said}");
            said = self.said.1.wait_timeout(said, left).unwrap().0;
        }
    }

    pub(crate) fn events(&self) -> Events {
        self.events_since("")
    }

    /// Listens to what is told to one that knows what the query says.
    pub(crate) fn events_since(&self, query: &str) -> Events {
        let (authority, _) = authority_and_path(&self.url);
        let mut stream = TcpStream::connect(authority).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        write!(stream, "GET /__galen/events{query} HTTP/1.1\r\nHost: {authority}\r\n\r\n").unwrap();
        Events(BufReader::new(stream))
    }

    /// Returns the most memory that the program has had, and what it has, in MiB; nothing
    /// where the system does not tell.
    pub(crate) fn memory(&self) -> Option<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib / 1024)
        };
        Some((field("VmHWM:")?, field("VmRSS:")?))
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    pub(crate) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the server tells a listener.
pub(crate) struct Events(BufReader<TcpStream>);

impl Events {
    /// Waits for the next event.
    pub(crate) fn next(&mut self) -> serde_json::Value {
        loop {
            let mut line = String::new();
            assert_ne!(self.0.read_line(&mut line).unwrap(), 0, "the server hung up");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

/// What the server answers.
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

impl Response {
    /// Returns a header by its name in small letters; empty where there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// Fetches `path` below the site's address, or an absolute one.
pub(crate) fn get(url: &str, path: &str) -> Response {
    request(url, "GET", path, "")
}

/// Asks for `path` below the site's address, with further header lines.
pub(crate) fn request(url: &str, method: &str, path: &str, headers: &str) -> Response {
    let (authority, base) = authority_and_path(url);
    let path = if path.starts_with('/') { path.to_owned() } else { format!("{base}{path}") };
    request_of(url, method, &path, &format!("Host: {authority}\r\n{headers}"))
}

/// Asks for an absolute path with exactly these header lines.
pub(crate) fn request_of(url: &str, method: &str, path: &str, headers: &str) -> Response {
    let mut stream = TcpStream::connect(authority_and_path(url).0).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "{method} {path} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()));
    Response { status, headers: headers.collect(), body: body.to_owned() }
}

fn authority_and_path(url: &str) -> (&str, &str) {
    let rest = url.strip_prefix("http://").unwrap();
    rest.split_at(rest.find('/').unwrap())
}
