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
    /// Tells whether what lies further back is not there, as in a shallow clone.
    fn is_shallow(&self) -> bool;

    /// Returns what `file` said at the end of `day`; `None` where that is not known.
    fn text_on(&self, file: &SourceId, day: Date) -> Option<String>;
}

/// The history of a site's pages in the git repository that holds the site.
pub struct GitHistory {
    root: PathBuf,
    is_shallow: bool,
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
        let (changes, texts) = (OnceLock::new(), Mutex::default());
        Some(Self { root: root.to_owned(), is_shallow: answer.trim() == "true", changes, texts })
    }

    fn changes(&self) -> &Changes {
        self.changes.get_or_init(|| {
            let mut log = git(&self.root);
            log.args(["-c", "core.quotePath=false", "-c", "log.showSignature=false", "log"]);
            log.args(["--format=%x01%H %cs", "--name-status", "-M", "--relative", "--no-color"]);
            // A repository without a commit has no log.
            output(log.args(["--", "content"]))
                .map_or_else(Changes::default, |log| Changes::of(&log))
        })
    }
}

impl History for GitHistory {
    fn is_shallow(&self) -> bool {
        self.is_shallow
    }

    fn text_on(&self, file: &SourceId, day: Date) -> Option<String> {
        let version = self.changes().0.get(file)?.iter().find(|version| version.day <= day)?;
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        if texts.is_none() {
            *texts = Texts::start(&self.root).ok();
        }
        // A path with a dot is taken from where git runs.
        texts.as_mut()?.read(&format!("{}:./{}", version.commit, version.path)).ok()?
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
    git
}

/// Returns what `command` prints; `None` where it fails.
fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

impl Changes {
    /// Reads a log: for each commit, newest first, a line with its name and day after U+0001, and
    /// one for each file with what became of it.
    fn of(log: &str) -> Self {
        let mut versions: BTreeMap<SourceId, Vec<Version>> = BTreeMap::new();
        // What files that were renamed later are called today, by the name that they had then.
        let mut today: HashMap<&str, SourceId> = HashMap::new();
        for commit in log.split('\u{1}').skip(1) {
            let mut lines = commit.lines();
            let Some((name, day)) = lines.next().and_then(|line| line.split_once(' ')) else {
                continue;
            };
            let Ok(day) = day.trim().parse::<Date>() else { continue };
            for line in lines {
                let mut parts = line.split('\t');
                let (kind, paths) = (parts.next().unwrap_or_default(), parts);
                let paths: Vec<&str> = paths.collect();
                let (before, path) = match (kind.chars().next(), paths.as_slice()) {
                    (Some('A' | 'M' | 'T'), [path]) => (None, *path),
                    (Some('R'), [before, path]) => (Some(*before), *path),
                    (Some('C'), [_, path]) => (None, *path),
                    _ => continue,
                };
                let id = today.remove(path).unwrap_or_else(|| named_id(path));
                let version = Version { commit: name.to_owned(), day, path: path.to_owned() };
                versions.entry(id.clone()).or_default().push(version);
                match kind.starts_with('A') {
                    // What had the name before is another file.
                    true => _ = today.insert(path, SourceId::new("")),
                    false => _ = today.insert(before.unwrap_or(path), id),
                }
            }
        }
        versions.remove(&SourceId::new(""));
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
        let log = "\u{1}c4 2026-04-01\n\nM\tcontent/new.md\nD\tcontent/gone.md\n\
            \u{1}c3 2026-03-01\n\nR090\tcontent/old.md\tcontent/new.md\nM\tcontent/b.md\n\
            \u{1}c2 2026-02-01\n\
            \u{1}c1 2026-01-01\n\nA\tcontent/old.md\nA\tcontent/b.md\nA\tcontent/gone.md\n";
        assert_eq!(
            versions(log, "content/new.md"),
            [
                "c4 2026-04-01 content/new.md",
                "c3 2026-03-01 content/new.md",
                "c1 2026-01-01 content/old.md"
            ]
        );
        assert_eq!(
            versions(log, "content/b.md"),
            ["c3 2026-03-01 content/b.md", "c1 2026-01-01 content/b.md"]
        );
        assert_eq!(versions(log, "content/old.md"), [""; 0]);
    }

    #[test]
    fn what_had_the_name_before_is_another_file() {
        let log = "\u{1}c3 2026-03-01\n\nA\tcontent/a.md\n\u{1}c2 2026-02-01\n\nD\tcontent/a.md\n\
            \u{1}c1 2026-01-01\n\nA\tcontent/a.md\n";
        assert_eq!(versions(log, "content/a.md"), ["c3 2026-03-01 content/a.md"]);
    }

    #[test]
    fn a_log_of_something_else_tells_nothing() {
        for odd in ["", "fatal: no", "\u{1}", "\u{1}c1 yesterday\n\nM\ta", "\u{1}c1 2026-01-01\nM"]
        {
            assert_eq!(Changes::of(odd), Changes::default(), "{odd:?}");
        }
    }
}
