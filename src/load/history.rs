//! What the files of a site said before, as git keeps it.
//!
//! [`History`] is asked for one file on one day. [`GitHistory`] runs `git`: once for the list of
//! all changes of pages, when it is first asked, and once for all texts that anybody wants.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use jiff::civil::Date;

use crate::source::SourceId;

use super::named_id;

/// What files said before.
pub trait History: fmt::Debug + Send + Sync {
    /// Tells whether all of it is there: a clone may be shallow, or hold texts elsewhere.
    fn is_complete(&self) -> bool;

    /// Returns the versions of `file`, the newest first: the day of each, and what it said, where
    /// that is known.
    fn versions<'h>(
        &'h self,
        file: &SourceId,
    ) -> Box<dyn Iterator<Item = (Date, Option<String>)> + 'h>;
}

/// The history of a site's pages in the git repository that holds the site.
pub struct GitHistory {
    root: PathBuf,
    is_complete: bool,
    changes: OnceLock<Changes>,
    texts: Mutex<Option<Texts>>,
}

/// The versions of each file, the newest first.
#[derive(Debug, Default, PartialEq)]
struct Changes(BTreeMap<SourceId, Vec<Version>>);

/// A file as a commit left it.
#[derive(Clone, Debug, PartialEq)]
struct Version {
    commit: String,
    day: Date,
    /// Its path then, from the site's root.
    path: String,
}

/// A `git cat-file` that is asked for one text after another.
struct Texts {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl GitHistory {
    /// Returns the history of the site at `root`; `None` where it is in no repository, or there
    /// is no git.
    pub fn of(root: &Path) -> Option<Self> {
        let answer = output(git(root).args(["rev-parse", "--is-shallow-repository"]))?;
        let elsewhere = ["config", "--get-regexp", r"^remote\..*\.promisor$"];
        let is_complete = answer.trim() == "false" && output(git(root).args(elsewhere)).is_none();
        let (changes, texts) = (OnceLock::new(), Mutex::default());
        Some(Self { root: root.to_owned(), is_complete, changes, texts })
    }

    fn changes(&self) -> &Changes {
        self.changes.get_or_init(|| {
            let mut log = git(&self.root);
            log.args(["-c", "log.showSignature=false", "-c", "log.showRoot=true", "log", "-z"]);
            // A merge is told as one change of the branch that it went into.
            log.args(["--first-parent", "-m", "--name-status", "-M", "--relative", "--no-color"]);
            log.args(["--format=%x01%H %cs", "--", "content"]);
            // A repository without a commit has no log.
            output(&mut log).map_or_else(Changes::default, |log| Changes::of(&log))
        })
    }

    fn text(&self, version: &Version) -> Option<String> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.is_none() {
            *texts = Texts::start(&self.root).ok();
        }
        // A path with a dot is taken from where git runs.
        texts.as_mut()?.read(&format!("{}:./{}", version.commit, version.path)).ok()?
    }
}

impl History for GitHistory {
    fn is_complete(&self) -> bool {
        self.is_complete
    }

    fn versions<'h>(
        &'h self,
        file: &SourceId,
    ) -> Box<dyn Iterator<Item = (Date, Option<String>)> + 'h> {
        let versions = self.changes().0.get(file).into_iter().flatten();
        Box::new(versions.map(|version| (version.day, self.text(version))))
    }
}

impl fmt::Debug for GitHistory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GitHistory").field("root", &self.root).finish_non_exhaustive()
    }
}

/// Returns a `git` that runs at `root` and finds the repository from there.
fn git(root: &Path) -> Command {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).stdin(Stdio::null()).stderr(Stdio::null());
    // A hook tells of the repository that it runs for, by a path from elsewhere.
    git.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").env_remove("GIT_INDEX_FILE");
    // Nothing is fetched, and nobody is asked for a password.
    git.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
    git
}

/// Returns what `command` prints; `None` where it fails.
fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

impl Changes {
    /// Reads a log: for each commit, newest first, its name and day after U+0001, and for each
    /// file what became of it and its name, or both its names; all end with NUL.
    fn of(log: &str) -> Self {
        let mut versions: BTreeMap<SourceId, Vec<Version>> = BTreeMap::new();
        // What files are called today, by the name that they had then; `None` for files that
        // are no more.
        let mut today: HashMap<&str, Option<SourceId>> = HashMap::new();
        let mut commit = None;
        let mut parts = log.split('\0').map(str::trim_start);
        while let Some(part) = parts.next() {
            if let Some(head) = part.strip_prefix('\u{1}') {
                let (name, day) = head.split_once(' ').unwrap_or_default();
                commit = day.trim().parse::<Date>().ok().map(|day| (name, day));
                continue;
            }
            let before = part.starts_with(['R', 'C']).then(|| parts.next()).flatten();
            let Some(path) = parts.next() else { break };
            let (Some((commit, day)), false) = (commit, part.starts_with('D')) else { continue };
            let id = today.remove(path).unwrap_or_else(|| Some(named_id(path)));
            if let Some(id) = &id {
                let version = Version { commit: commit.to_owned(), day, path: path.to_owned() };
                versions.entry(id.clone()).or_default().push(version);
            }
            // What had the name before it was made is another file.
            let is_made = part.starts_with(['A', 'R', 'C']);
            today.insert(path, id.clone().filter(|_| !is_made));
            if let Some(before) = before.filter(|_| part.starts_with('R')) {
                today.insert(before, id);
            }
        }
        Self(versions)
    }
}

impl Texts {
    fn start(root: &Path) -> io::Result<Self> {
        let mut git = git(root);
        git.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = git.spawn()?;
        let questions = child.stdin.take();
        let answers = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    /// Returns the text that git knows as `object`; `None` where there is none.
    fn read(&mut self, object: &str) -> io::Result<Option<String>> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(questions, "{object}")?;
        questions.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        let mut parts = head.trim_end().rsplit(' ');
        let (length, kind) = (parts.next().and_then(|l| l.parse::<u64>().ok()), parts.next());
        let Some(length) = length.filter(|_| matches!(kind, Some("blob" | "tree" | "commit")))
        else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        self.answers.by_ref().take(length).read_to_end(&mut bytes)?;
        self.answers.read_line(&mut String::new())?;
        Ok((kind == Some("blob")).then(|| String::from_utf8_lossy(&bytes).into_owned()))
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        // Without questions it ends.
        self.questions = None;
        _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn versions(log: &str, file: &str) -> Vec<String> {
        let changes = Changes::of(log);
        let versions = changes.0.get(&SourceId::new(file)).into_iter().flatten();
        versions.map(|v| format!("{} {} {}", v.commit, v.day, v.path)).collect()
    }

    #[test]
    fn a_log_tells_the_versions_of_files_by_what_they_are_called_today() {
        let log = "\u{1}c4 2026-04-01\0\nM\0content/new.md\0D\0content/gone.md\0\
            \u{1}c3 2026-03-01\0\nR090\0content/old.md\0content/new.md\0M\0content/b\"c.md\0\
            \u{1}c2 2026-02-01\0\
            \u{1}c1 2026-01-01\0\nA\0content/old.md\0A\0content/b\"c.md\0A\0content/gone.md\0";
        assert_eq!(
            versions(log, "content/new.md"),
            [
                "c4 2026-04-01 content/new.md",
                "c3 2026-03-01 content/new.md",
                "c1 2026-01-01 content/old.md"
            ]
        );
        assert_eq!(
            versions(log, "content/b\"c.md"),
            ["c3 2026-03-01 content/b\"c.md", "c1 2026-01-01 content/b\"c.md"]
        );
        assert_eq!(versions(log, "content/old.md"), [""; 0]);
    }

    #[test]
    fn what_had_the_name_before_is_another_file() {
        let log = "\u{1}c3 2026-03-01\0\nA\0content/a.md\0\u{1}c2 2026-02-01\0\nD\0content/a.md\0\
            \u{1}c1 2026-01-01\0\nA\0content/a.md\0";
        assert_eq!(versions(log, "content/a.md"), ["c3 2026-03-01 content/a.md"]);
        let log = "\u{1}c5 2026-02-02\0\nR100\0content/draft.md\0content/a.md\0\
            \u{1}c4 2026-02-01\0\nD\0content/a.md\0\u{1}c3 2025-02-02\0\nM\0content/a.md\0\
            \u{1}c2 2025-02-01\0\nA\0content/a.md\0\u{1}c1 2025-01-01\0\nA\0content/draft.md\0";
        assert_eq!(
            versions(log, "content/a.md"),
            ["c5 2026-02-02 content/a.md", "c1 2025-01-01 content/draft.md"]
        );
    }

    #[test]
    fn a_log_of_something_else_tells_nothing() {
        let odd = ["", "fatal: no", "\u{1}", "\u{1}c1 yesterday\0\nM\0a", "\u{1}c1 2026-01-01\0M"];
        for odd in odd {
            assert_eq!(Changes::of(odd), Changes::default(), "{odd:?}");
        }
    }
}
