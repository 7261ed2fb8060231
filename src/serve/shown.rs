//! What the server shows: the files of the site as they are after the last build, and
//! what is to be told to those who look at them.
//!
//! A build that makes many pages is told twice: when it is known which files it makes, from
//! when on each of them is shown as it will be ([`Shown::expect`]), and when it has ended
//! ([`Shown::take`]).

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::{Value, json};

use crate::diagnostic::{self, Diagnostic, Differences, Level};
use crate::fingerprint::Fingerprint;
use crate::load;
use crate::outputs::{Content, Upcoming};
use crate::source::{Source, SourceId, line_column};

use super::engine::{Engine, Update};
use super::pending::{Pending, Stage};

/// For how many tellings what they told is kept, of which a build may take two; who looks
/// away longer looks at all.
const HISTORY: usize = 64;

/// Of more files than this, only that they changed is told.
const TOLD: usize = 500;

/// How many findings a page shows at most; the others are counted.
const FINDINGS: usize = 40;

/// How many columns the frame of a finding has.
const FRAME_WIDTH: usize = 100;

/// What the server shows.
#[derive(Debug)]
pub(crate) struct Shown {
    /// The site's folder, for links to its files.
    root: PathBuf,
    /// How to open a file in the author's editor.
    editor: EditorLink,
    /// The number of what was told last of builds; 0 before the first.
    pub(crate) build: u64,
    /// The path of the site's address.
    pub(crate) base_path: String,
    /// What stands before it in the address.
    pub(crate) origin: String,
    files: BTreeMap<String, ShownFile>,
    /// What is being made.
    pending: Option<Pending>,
    /// The files that were shown before the build that makes them had ended.
    early: BTreeMap<String, Fingerprint>,
    /// The sum of what [`weight`] makes of each file: what tells one site from another.
    site: u128,
    /// The paths that each of the last builds changed, the latest last.
    history: VecDeque<(u64, Vec<String>)>,
    findings: Arc<[Arc<Diagnostic>]>,
    /// The files that the findings are about.
    found_in: BTreeMap<SourceId, Source>,
    /// The number of the build at which the findings, or what is stale, last changed.
    findings_build: u64,
    sources: Arc<BTreeMap<String, SourceId>>,
    stale: BTreeSet<String>,
    stale_for: Option<SourceId>,
}

/// A file that is shown.
#[derive(Clone, Debug)]
pub(crate) struct ShownFile {
    /// What it holds.
    pub(crate) content: Content,
    /// The fingerprint of its bytes.
    pub(crate) fingerprint: Fingerprint,
}

impl ShownFile {
    /// Returns the file that holds `content`.
    pub(crate) fn of(content: &Content) -> Self {
        let fingerprint = match content {
            Content::Bytes(bytes) => Fingerprint::of(bytes),
            Content::Packed(packed) => packed.fingerprint(),
            Content::Copy(file) => file.fingerprint,
        };
        Self { content: content.clone(), fingerprint }
    }
}

/// What stands at a path.
#[derive(Clone, Debug)]
pub(crate) enum Standing {
    /// This file.
    File(ShownFile),
    /// Nothing.
    Nothing,
    /// What the build makes that is going on.
    Later,
}

impl Shown {
    /// Returns what is shown before the first build of the site in `root`: nothing.
    pub(crate) fn new(root: &Path, editor: EditorLink) -> Self {
        Self {
            root: load::absolute_root(root).unwrap_or_else(|_| root.to_owned()),
            editor,
            build: 0,
            base_path: "/".to_owned(),
            origin: String::new(),
            files: BTreeMap::new(),
            pending: None,
            early: BTreeMap::new(),
            site: 0,
            history: VecDeque::new(),
            findings: Arc::default(),
            found_in: BTreeMap::new(),
            findings_build: 0,
            sources: Arc::default(),
            stale: BTreeSet::new(),
            stale_for: None,
        }
    }

    /// Returns what tells this site from another.
    pub(crate) fn site(&self) -> String {
        format!("{:032x}", self.site)
    }

    /// Returns what stands at `path`, for one who would wait for it.
    pub(crate) fn ask(&self, path: &str) -> Standing {
        let stage = self.pending.as_ref().map_or(Stage::AsBefore, |pending| pending.ask(path));
        match (stage, self.files.get(path)) {
            (Stage::Made(file), _) => Standing::File(file),
            (Stage::Later, _) => Standing::Later,
            (Stage::AsBefore, Some(file)) => Standing::File(file.clone()),
            // The build may make it: of files that are new, only pages are known before.
            (Stage::AsBefore, None) if self.pending.is_some() => Standing::Later,
            (Stage::AsBefore, None) => Standing::Nothing,
        }
    }

    /// Returns what is being made.
    pub(crate) fn pending(&self) -> Option<&Pending> {
        self.pending.as_ref()
    }

    /// Takes in what a build is about to make. From now on that is shown, and waited for
    /// where it is not made yet.
    pub(crate) fn expect(&mut self, upcoming: &Upcoming<'_>) {
        self.build += 1;
        // An update may take two builds.
        self.end_pending();
        for artifact in &upcoming.made {
            let file = ShownFile::of(&artifact.content);
            self.early.insert(artifact.path.clone(), file.fingerprint);
            self.put(&artifact.path, Some(file));
        }
        let made = upcoming.made.iter().map(|artifact| &artifact.path);
        self.note(made.chain(&upcoming.pages).cloned().collect());
        self.pending = Some(Pending::new(upcoming));
    }

    /// Ends what is pending; what was shown of it is to be compared with what comes of it.
    fn end_pending(&mut self) {
        let made = self.pending.take().into_iter().flat_map(Pending::into_made);
        self.early.extend(made.map(|(path, file)| (path, file.fingerprint)));
    }

    /// Takes in what a build changed.
    pub(crate) fn take(&mut self, engine: &Engine, update: &Update) {
        self.build += 1;
        self.end_pending();
        let file = |path: &String| engine.content(path).map(ShownFile::of);
        let files: Vec<(&String, Option<ShownFile>)> =
            update.changed.par_iter().map(|path| (path, file(path))).collect();
        for (path, file) in files {
            self.put(path, file);
        }
        let mut changed = update.changed.clone();
        // A build that could not read a template may have shown pages as they did not stay.
        for (path, shown) in std::mem::take(&mut self.early) {
            let file = file(&path);
            if file.as_ref().map(|file| file.fingerprint) != Some(shown) {
                self.put(&path, file);
                changed.push(path);
            }
        }
        self.note(changed);
        let same = self.findings == update.diagnostics
            && self.stale == update.stale
            && self.stale_for == update.stale_for;
        if !same {
            self.findings_build = self.build;
            self.stale.clone_from(&update.stale);
            self.stale_for.clone_from(&update.stale_for);
        }
        self.take_findings(engine, &update.diagnostics);
        self.sources = Arc::clone(&update.sources);
        self.base_path.clone_from(&update.base_path);
        self.origin.clone_from(&update.origin);
    }

    /// Puts `file` in the place of what stands at `path`.
    fn put(&mut self, path: &str, file: Option<ShownFile>) {
        let before = match file {
            Some(file) => {
                self.site = self.site.wrapping_add(weight(path, file.fingerprint));
                self.files.insert(path.to_owned(), file)
            }
            None => self.files.remove(path),
        };
        if let Some(before) = before {
            self.site = self.site.wrapping_sub(weight(path, before.fingerprint));
        }
    }

    /// Notes that this build changed these files.
    fn note(&mut self, changed: Vec<String>) {
        self.history.push_back((self.build, changed));
        while self.history.len() > HISTORY {
            self.history.pop_front();
        }
    }

    /// Returns what tells the bytes of the file at `path` from others, where there is one and
    /// it is made.
    fn fingerprint(&self, path: &str) -> Option<Fingerprint> {
        match self.pending.as_ref().map_or(Stage::AsBefore, |pending| pending.stage(path)) {
            Stage::Made(file) => Some(file.fingerprint),
            Stage::Later => None,
            Stage::AsBefore => self.files.get(path).map(|file| file.fingerprint),
        }
    }

    /// Takes in the findings, with the files that they are about.
    fn take_findings(&mut self, engine: &Engine, findings: &Arc<[Arc<Diagnostic>]>) {
        let named = |found: &Vec<&Arc<Diagnostic>>| -> BTreeSet<SourceId> {
            let spans = found.iter().flat_map(|finding| {
                finding.related.iter().map(|(span, _)| span).chain([&finding.span])
            });
            spans.map(|span| span.source.clone()).collect()
        };
        let differences = Differences::between(&self.findings, findings);
        // What is gone from one place may be named at another still.
        for id in named(&differences.gone).union(&named(&differences.new)) {
            match engine.source(id) {
                Some(source) => self.found_in.insert(id.clone(), source.clone()),
                None => self.found_in.remove(id),
            };
        }
        self.findings = Arc::clone(findings);
    }

    /// Returns what to tell a listener who knows of the builds up to `known`, if of any.
    ///
    /// `changed` lists the files that changed since, each with its fingerprint, which is
    /// `null` where it is gone or not made yet; all of it is `null` where any file may have
    /// changed, or so many that each page had better ask for itself.
    pub(crate) fn news(&self, known: Option<u64>) -> Value {
        let changed = self.changed_since(known).filter(|changed| changed.len() <= TOLD);
        self.telling(changed)
    }

    /// Returns what to tell the page at `path` that is from the build `known`: the same as
    /// [`news`](Self::news), without the other pages.
    pub(crate) fn news_for(&self, path: &str, known: Option<u64>) -> Value {
        let mut changed = self.changed_since(known);
        if let Some(changed) = &mut changed {
            changed.retain(|changed| *changed == path || !changed.ends_with(".html"));
        }
        self.telling(changed)
    }

    /// Returns the files that changed after the build `known`, as far as that is kept.
    fn changed_since(&self, known: Option<u64>) -> Option<BTreeSet<&str>> {
        let known = known?;
        let (oldest, _) = self.history.front()?;
        let later = self.history.iter().filter(|(build, _)| *build > known);
        (*oldest <= known + 1)
            .then(|| later.flat_map(|(_, paths)| paths).map(String::as_str).collect())
    }

    fn telling(&self, changed: Option<BTreeSet<&str>>) -> Value {
        let changed = changed.map(|paths| {
            let fingerprint = |path: &str| self.fingerprint(path).map(|found| found.to_string());
            paths.into_iter().map(|path| json!([path, fingerprint(path)])).collect::<Vec<_>>()
        });
        json!({
            "build": self.build,
            "site": self.site(),
            "changed": changed,
            "pending": self.pending.is_some(),
            "findings": self.findings_build,
        })
    }

    /// Returns what a page at `path` says of the findings: all errors, and the warnings
    /// about its own file, which come first of their kind. Notes are for the terminal.
    pub(crate) fn findings(&self, path: &str) -> Value {
        let own = self.sources.get(path);
        let is_own = |finding: &Diagnostic| Some(finding.source()) == own;
        let mut shown: Vec<&Diagnostic> = self
            .findings
            .iter()
            .map(|finding| &**finding)
            .filter(|finding| {
                finding.level == Level::Error || finding.level == Level::Warning && is_own(finding)
            })
            .collect();
        shown.sort_by_key(|finding| {
            (!finding.is_structural_error(), !is_own(finding), std::cmp::Reverse(finding.level))
        });
        let more = shown.len().saturating_sub(FINDINGS);
        shown.truncate(FINDINGS);
        let count = |level| self.findings.iter().filter(|found| found.level == level).count();
        let stale = match self.stale.contains(path) {
            true => {
                own.or(self.stale_for.as_ref()).map(ToString::to_string).or(Some(String::new()))
            }
            false if path.ends_with(".html") => self.stale_for.as_ref().map(ToString::to_string),
            false => None,
        };
        json!({
            "findings": self.findings_build,
            "errors": count(Level::Error),
            "warnings": count(Level::Warning),
            "more": more,
            "stale": stale,
            "shown": shown.into_iter().map(|found| self.finding(found, is_own(found))).collect::<Vec<_>>(),
        })
    }

    fn finding(&self, finding: &Diagnostic, is_own: bool) -> Value {
        let text = |id: &SourceId| self.found_in.get(id).map(Source::text);
        let id = finding.source();
        let place = text(id).map(|text| line_column(&text, finding.span.start));
        let (line, column) = place.map_or((1, 1), |place| (place.line, place.column));
        let file = self.root.join(id.as_str());
        json!({
            "rule": finding.rule.id,
            "level": finding.level.name(),
            "structural": finding.is_structural_error(),
            "message": finding.message,
            "file": id.as_str(),
            "line": line,
            "column": column,
            "own": is_own,
            "frame": diagnostic::human_frame(finding, &text, FRAME_WIDTH),
            // What the theme compiled into the program holds is no file.
            "editor": text(id).map(|_| self.editor.to(&file, line, column)),
        })
    }
}

/// Returns a number for a file, in whose sum over all files each counts by itself.
fn weight(path: &str, fingerprint: Fingerprint) -> u128 {
    let both = Fingerprint::of_parts([path.as_bytes(), fingerprint.to_string().as_bytes()]);
    u128::from_str_radix(&both.to_string(), 16).expect("a fingerprint is 32 digits")
}

/// How a link opens a file in the author's editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorLink(String);

impl Default for EditorLink {
    fn default() -> Self {
        Self("vscode://file/{file}:{line}:{column}".to_owned())
    }
}

impl EditorLink {
    /// Returns the link of this pattern, in which `{file}`, `{line}` and `{column}`
    /// stand for the place.
    pub fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    /// Returns the link to a place, the file percent-encoded and without its first `/`
    /// where the pattern has one before it.
    fn to(&self, file: &Path, line: usize, column: usize) -> String {
        let file = file.to_string_lossy().replace('\\', "/");
        let mut file = crate::url::encode_path(&file);
        if self.0.contains("/{file}")
            && let Some(rest) = file.strip_prefix('/')
        {
            file = rest.to_owned();
        }
        self.0
            .replace("{line}", &line.to_string())
            .replace("{column}", &column.to_string())
            .replace("{file}", &file)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_opens_the_place_in_an_editor() {
        let file = Path::new("/home/me/my site/content/a.md");
        assert_eq!(
            EditorLink::default().to(file, 3, 7),
            "vscode://file/home/me/my%20site/content/a.md:3:7"
        );
        assert_eq!(
            EditorLink::new("idea://open?file={file}&line={line}").to(file, 3, 7),
            "idea://open?file=/home/me/my%20site/content/a.md&line=3"
        );
    }
}
