//! From disk to [`Inputs`]: every file that a site is made of, read once.
//!
//! This is the only place that reads the disk. Start with [`load`]: it walks the
//! folders of a site in order, tells text from binary by folder and extension,
//! and reads all of it in parallel. A text file becomes a [`Source`]; any other
//! file a [`FileHandle`], whose bytes are read when they are used.
//!
//! A file is named by its path below the root in Unicode's composed form (NFC),
//! with `/` between parts, so that a site means the same on every machine.

pub mod history;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;
use walkdir::{DirEntry, WalkDir};

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, structural};
use crate::external::Answers;
use crate::fingerprint::Fingerprint;
use crate::source::{Source, SourceId, Span};

use history::History;

/// The folders of a site that are read, in the root.
pub const FOLDERS: [&str; 5] = ["citations", "content", "static", "templates", "themes"];

/// The folder in the root that holds what galen keeps between builds.
pub const STATE_FOLDER: &str = ".galen";

/// Everything that a build reads.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// The text files.
    pub sources: BTreeMap<SourceId, Source>,
    /// The files that are copied or measured, never parsed.
    pub files: BTreeMap<SourceId, FileHandle>,
    /// What reading found: text that is not UTF-8, names that collide.
    pub diagnostics: Vec<Diagnostic>,
    /// What the files said before, for a command that wants to know.
    pub history: Option<Arc<dyn History>>,
    /// What other sites answered, where they were asked.
    pub answers: Option<Arc<Answers>>,
}

/// A file whose bytes stay on disk until they are used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHandle {
    /// Where it is, as an absolute path.
    pub path: Arc<Path>,
    /// Its length in bytes.
    pub length: u64,
    /// The fingerprint of its bytes when the site was loaded.
    pub fingerprint: Fingerprint,
}

/// Which files make up a site, beyond those in its usual folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoadPlan {
    /// The site's root.
    pub root: PathBuf,
    /// The output folder, which is never read, relative to the root or absolute.
    pub output_dir: PathBuf,
    /// Text files that the configuration names, as it names them: citation
    /// files, styles and lists of retractions that may lie outside the folders.
    pub named_files: Vec<String>,
}

impl LoadPlan {
    /// Returns what to read of the site in `root` with the configuration `config`,
    /// which is built into `output_dir`.
    pub fn new(root: &Path, output_dir: &Path, config: &Config) -> Self {
        Self {
            root: root.to_owned(),
            output_dir: output_dir.to_owned(),
            named_files: named_files(config),
        }
    }
}

/// Returns the text files that the configuration names, which may lie outside the
/// site's folders.
fn named_files(config: &Config) -> Vec<String> {
    let citations = &config.citations;
    let styles = config.languages.values().filter_map(|language| language.style.as_ref());
    let styles = styles
        .chain([&citations.style])
        .chain(&citations.publications_style)
        .filter(|style| style.ends_with(".csl"));
    let named: Vec<&Arc<str>> =
        citations.files.iter().chain(&citations.retractions).chain(styles).collect();
    named.into_iter().map(|name| name.to_string()).collect()
}

/// A failure of the machine while it read or wrote a file.
#[derive(Debug)]
pub struct FileError {
    /// What was tried, such as "read".
    pub action: &'static str,
    /// The file or folder.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl FileError {
    /// Returns the error of `action` on `path`.
    pub fn new(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self { action, path: path.to_owned(), source }
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} `{}`: {}", self.action, self.path.display(), self.source)
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Reads the configuration file of the site in `root`; `None` where there is none.
///
/// It comes with the finding that it is not UTF-8, where that is so.
///
/// # Errors
/// Fails where the file cannot be read.
pub fn read_config(root: &Path) -> Result<Option<(Source, Option<Diagnostic>)>, FileError> {
    let path = root.join(config::FILE);
    match fs::read(&path) {
        Ok(bytes) => Ok(Some(decode(SourceId::new(config::FILE), bytes))),
        Err(error) if error.kind() == io::ErrorKind::NotFound && root.is_dir() => Ok(None),
        Err(error) => Err(FileError::new("read", &path, error)),
    }
}

/// Reads every file of the site that `plan` describes.
///
/// # Errors
/// Fails where a file or folder cannot be read; the error names it. A link that leads
/// nowhere is reported among the inputs' diagnostics. A named file that is missing is left out, for the
/// configuration to report.
pub fn load(plan: &LoadPlan) -> Result<Inputs, FileError> {
    let root = absolute_root(&plan.root)?;
    let mut inputs = Inputs::default();
    let mut found: BTreeMap<SourceId, PathBuf> = BTreeMap::new();
    let walk = Walk { root: &root, output_dir: resolved(&root.join(&plan.output_dir)) };

    let config = root.join(config::FILE);
    if config.is_file() {
        found.insert(SourceId::new(config::FILE), config);
    }
    for folder in FOLDERS {
        for path in walk.files_in(folder)? {
            match walk.id_of(&path) {
                Ok(id) => insert(&mut found, &mut inputs.diagnostics, id, path),
                Err(finding) => inputs.diagnostics.push(*finding),
            }
        }
    }
    let mut named = BTreeMap::new();
    for name in &plan.named_files {
        let path = root.join(name);
        let id = named_id(name);
        if path.is_file() && !found.contains_key(&id) {
            named.insert(id, path);
        }
    }

    let text = found.into_iter().map(|(id, path)| (is_text(&id), id, path));
    let all: Vec<(bool, SourceId, PathBuf)> =
        text.chain(named.into_iter().map(|(id, path)| (true, id, path))).collect();
    let read: Vec<ReadFile> =
        all.into_par_iter().map(read_file).collect::<Result<_, FileError>>()?;
    for file in read {
        match file {
            ReadFile::Text(source, finding) => {
                inputs.diagnostics.extend(finding);
                inputs.sources.insert(source.id.clone(), source);
            }
            ReadFile::Other(id, handle) => {
                inputs.files.insert(id, handle);
            }
            ReadFile::Missing(finding) => inputs.diagnostics.push(*finding),
        }
    }
    Ok(inputs)
}

/// Reads the files at `paths` again: absolute paths, as a walk through the site gives
/// them. Those that are gone are taken out.
///
/// Returns the ids of the files; `None` where only [`load`] tells what they are, and
/// nothing was read.
///
/// # Errors
/// Fails where a file cannot be read; `inputs` may then hold part of what changed.
pub fn reload(
    inputs: &mut Inputs,
    plan: &LoadPlan,
    paths: &BTreeSet<PathBuf>,
) -> Result<Option<BTreeSet<SourceId>>, FileError> {
    let root = absolute_root(&plan.root)?;
    let walk = Walk { root: &root, output_dir: PathBuf::new() };
    let mut ids = BTreeMap::new();
    for path in paths {
        let below = path.strip_prefix(&root).ok().and_then(Path::to_str);
        let folder = below.and_then(|below| below.split(['/', '\\']).next());
        // Of two names that Unicode takes for one, only a walk tells which is read.
        if !folder.is_some_and(|folder| FOLDERS.contains(&folder))
            || !path.to_str().is_some_and(str::is_ascii)
        {
            return Ok(None);
        }
        let Ok(id) = walk.id_of(path) else { return Ok(None) };
        ids.insert(id, path);
    }
    for (id, path) in &ids {
        inputs.sources.remove(id);
        inputs.files.remove(id);
        inputs.diagnostics.retain(|finding| finding.source() != id);
        match read_file((is_text(id), id.clone(), (*path).clone())) {
            Ok(ReadFile::Text(source, finding)) => {
                inputs.diagnostics.extend(finding);
                inputs.sources.insert(id.clone(), source);
            }
            Ok(ReadFile::Other(id, handle)) => drop(inputs.files.insert(id, handle)),
            Ok(ReadFile::Missing(finding)) => inputs.diagnostics.push(*finding),
            Err(error) if error.source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(ids.into_keys().collect()))
}

/// Reads the bytes of a file.
///
/// # Errors
/// Fails where the file is gone or cannot be read.
pub fn read_bytes(handle: &FileHandle) -> Result<Vec<u8>, FileError> {
    fs::read(&handle.path).map_err(|error| FileError::new("read", &handle.path, error))
}

/// Opens a file to be read piece by piece, and returns its length.
///
/// # Errors
/// Fails where the file is gone or cannot be read.
pub fn open(handle: &FileHandle) -> Result<(impl Read + Seek + Send + use<>, u64), FileError> {
    let failed = |error| FileError::new("read", &handle.path, error);
    let file = File::open(&handle.path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    Ok((file, length))
}

/// Reads a text file that is no part of a site.
///
/// # Errors
/// Fails where the file cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    fs::read_to_string(path).map_err(|error| FileError::new("read", path, error))
}

/// Tells whether there is anything at `path`.
pub fn exists(path: &Path) -> bool {
    path.exists()
}

/// Tells whether `dir` holds nothing, or is not there.
///
/// # Errors
/// Fails where it is a file or cannot be listed.
pub fn is_empty_or_missing(dir: &Path) -> Result<bool, FileError> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(FileError::new("list", dir, error)),
    }
}

/// Returns the root of a site as an absolute path without `..`, as messages show it.
///
/// # Errors
/// Fails where the working directory, which a relative path starts from, is gone.
pub fn absolute_root(root: &Path) -> Result<PathBuf, FileError> {
    let full = std::path::absolute(root).map_err(|error| FileError::new("find", root, error))?;
    // The folder above a link is the one above its target, so that words alone do not tell.
    match full.components().any(|part| part == Component::ParentDir) {
        true => Ok(fs::canonicalize(&full).unwrap_or(full)),
        false => Ok(full),
    }
}

/// Returns `path` with its links resolved, as far as it exists.
pub fn resolved(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut existing = normalized(path);
    loop {
        if let Ok(real) = fs::canonicalize(&existing) {
            return rest.iter().rev().fold(real, |path, part| path.join(part));
        }
        let Some(name) = existing.file_name().map(ToOwned::to_owned) else {
            return normalized(path);
        };
        rest.push(name);
        existing.pop();
    }
}

/// Returns `path` without `.` and `..`, by its words alone.
fn normalized(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                if !out.pop() {
                    out.push("..");
                }
            }
            other => out.push(other),
        }
    }
    out
}

enum ReadFile {
    Text(Source, Option<Diagnostic>),
    Other(SourceId, FileHandle),
    Missing(Box<Diagnostic>),
}

fn read_file((text, id, path): (bool, SourceId, PathBuf)) -> Result<ReadFile, FileError> {
    if leads_nowhere(&path) {
        return Ok(ReadFile::Missing(Box::new(dangling(id, &path))));
    }
    let failed = |error| FileError::new("read", &path, error);
    if text {
        let (source, finding) = decode(id, fs::read(&path).map_err(failed)?);
        let finding = finding.or_else(|| misnamed_page(&source.id));
        return Ok(ReadFile::Text(source, finding));
    }
    let (length, fingerprint) = File::open(&path).and_then(fingerprint_of).map_err(failed)?;
    let handle = FileHandle { path: Arc::from(path.as_path()), length, fingerprint };
    Ok(ReadFile::Other(id, handle))
}

/// Tells whether a link at `path` has a target that is not there.
fn leads_nowhere(path: &Path) -> bool {
    let missing = |error: io::Error| error.kind() != io::ErrorKind::PermissionDenied;
    fs::metadata(path).is_err_and(missing) && path.is_symlink()
}

/// Returns the finding that the link at `path`, which is a file of the site, leads nowhere.
fn dangling(id: SourceId, path: &Path) -> Diagnostic {
    let target = fs::read_link(path).unwrap_or_default();
    let message = format!("`{id}` is a link to `{}`, where nothing is", target.display());
    Diagnostic::new(&structural::FILE_MISSING, Span::file(id), message)
        .with_help("put its target in place, or delete the link")
}

/// Returns the finding that a page's name ends in capitals: where files are told apart by
/// case, links to `a.md` would not find it.
fn misnamed_page(id: &SourceId) -> Option<Diagnostic> {
    let is_page = id.as_str().starts_with("content/") && id.extension() != Some("md");
    is_page.then(|| {
        let message = format!("`{id}` makes no page: its name does not end in `.md`");
        Diagnostic::new(&structural::PAGE_NAME, Span::file(id.clone()), message)
            .with_help("rename it, so that it ends in small letters")
    })
}

/// Returns the length and fingerprint of what `file` holds, without keeping it.
pub(crate) fn fingerprint_of(mut file: impl Read) -> io::Result<(u64, Fingerprint)> {
    let mut hasher = Fingerprint::hasher();
    let mut buffer = vec![0; 64 * 1024];
    let mut length = 0;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok((length, hasher.finish())),
            Ok(read) => {
                length += read as u64;
                hasher.update(&buffer[..read]);
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Returns the text of `bytes`; what is not UTF-8 is replaced and reported.
///
/// The replacement keeps every offset up to the first bad byte, so that the
/// finding's place is right in the text as it is kept.
fn decode(id: SourceId, bytes: Vec<u8>) -> (Source, Option<Diagnostic>) {
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return (Source::new(id, &text), None),
        Err(error) => error.into_bytes(),
    };
    let offset = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    let mark = if bytes.starts_with("\u{feff}".as_bytes()) { '\u{feff}'.len_utf8() } else { 0 };
    let start = offset.saturating_sub(mark);
    let span = Span::new(id.clone(), start..start + char::REPLACEMENT_CHARACTER.len_utf8());
    let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let finding = Diagnostic::new(
        &structural::ENCODING,
        span,
        format!("`{id}` is not valid UTF-8 at byte {offset}"),
    )
    .with_label(format!("byte 0x{:02x} does not belong here", bytes[offset]))
    .with_help(match utf16 {
        true => "the file is UTF-16: save it as UTF-8",
        false => "save the file as UTF-8; it may be Latin-1 or Windows-1252",
    });
    (Source::new(id, &String::from_utf8_lossy(&bytes)), Some(finding))
}

/// Adds a file under its name; of two with the same name the first stays.
fn insert(
    found: &mut BTreeMap<SourceId, PathBuf>,
    diagnostics: &mut Vec<Diagnostic>,
    id: SourceId,
    path: PathBuf,
) {
    if found.contains_key(&id) {
        let message = format!(
            "two files are named `{id}`: their names differ only in how Unicode composes them"
        );
        let finding = Diagnostic::new(&structural::URL_DUPLICATE, Span::file(id), message)
            .with_help(format!("rename or delete `{}`", path.display()));
        diagnostics.push(finding);
        return;
    }
    found.insert(id, path);
}

/// One walk over the folders of a site.
struct Walk<'a> {
    root: &'a Path,
    output_dir: PathBuf,
}

impl Walk<'_> {
    /// Returns the files in `folder` of the root, in the order of their names, with the links
    /// that lead nowhere.
    fn files_in(&self, folder: &str) -> Result<Vec<PathBuf>, FileError> {
        let top = self.root.join(folder);
        if leads_nowhere(&top) {
            return Ok(vec![top]);
        }
        if !top.exists() {
            return Ok(Vec::new());
        }
        let keeps_dot_files = folder == "static";
        let entries = WalkDir::new(&top)
            .follow_links(true)
            .sort_by_file_name()
            .into_iter()
            .filter_entry(|entry| self.wanted(entry, keeps_dot_files));
        let mut files = Vec::new();
        for entry in entries {
            match entry {
                Ok(entry) if entry.file_type().is_file() => files.push(entry.into_path()),
                Ok(_) => {}
                // The folder that a loop leads back to is being read already.
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let path = error.path().unwrap_or(&top).to_owned();
                    let name = path.file_name().and_then(|name| name.to_str());
                    let dot_files = keeps_dot_files || in_theme_static(&self.below_root(&path));
                    // An editor's lock is a link that leads nowhere.
                    if name.is_some_and(|name| ignored(name, dot_files)) {
                        continue;
                    }
                    if leads_nowhere(&path) {
                        files.push(path);
                    } else {
                        let source = error.into_io_error().unwrap_or_else(|| {
                            io::Error::other("the folder cannot be walked through")
                        });
                        return Err(FileError::new("read", &path, source));
                    }
                }
            }
        }
        Ok(files)
    }

    fn wanted(&self, entry: &DirEntry, keeps_dot_files: bool) -> bool {
        if entry.depth() == 0 {
            return true;
        }
        let Some(name) = entry.file_name().to_str() else { return true };
        let dot_files = keeps_dot_files || in_theme_static(&self.below_root(entry.path()));
        if ignored(name, dot_files) {
            return false;
        }
        let is_output = entry.file_type().is_dir()
            && (entry.path() == self.output_dir
                || entry.path_is_symlink() && resolved(entry.path()) == self.output_dir);
        !is_output
    }

    fn below_root(&self, path: &Path) -> String {
        path.strip_prefix(self.root).unwrap_or(path).to_string_lossy().into_owned()
    }

    /// Returns the id of the file at `path`, or the finding that it cannot have one.
    fn id_of(&self, path: &Path) -> Result<SourceId, Box<Diagnostic>> {
        let relative = path.strip_prefix(self.root).unwrap_or(path);
        let parts: Option<Vec<&str>> =
            relative.components().map(|part| part.as_os_str().to_str()).collect();
        let Some(parts) = parts else {
            let id = SourceId::new(relative.to_string_lossy());
            let message = format!("the name of `{id}` is not valid UTF-8");
            let finding = Diagnostic::new(&structural::ENCODING, Span::file(id), message)
                .with_help("rename the file or its folder");
            return Err(Box::new(finding));
        };
        Ok(SourceId::new(composed(&parts.join("/"))))
    }
}

/// Returns the id of a file that the configuration names `name`.
pub fn named_id(name: &str) -> SourceId {
    let path = normalized(Path::new(name));
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let joined = match parts.split_first() {
        Some((first, rest)) if path.is_absolute() => format!("{first}{}", rest.join("/")),
        _ => parts.join("/"),
    };
    SourceId::new(composed(&joined))
}

fn composed(path: &str) -> String {
    match path.is_ascii() {
        true => path.to_owned(),
        false => path.nfc().collect(),
    }
}

/// Tells whether a path below the root lies in the static folder of a theme.
fn in_theme_static(path: &str) -> bool {
    let mut parts = path.split(['/', '\\']);
    parts.next() == Some("themes") && parts.nth(1) == Some("static")
}

/// Tells whether a file or folder of this name is never part of a site.
fn ignored(name: &str, keeps_dot_files: bool) -> bool {
    let lower = name.to_ascii_lowercase();
    let swap = lower.starts_with('.')
        && [".swp", ".swo", ".swx"].iter().any(|extension| lower.ends_with(extension));
    name.starts_with(".#")
        || name.starts_with('#') && name.ends_with('#')
        || name.ends_with('~')
        || swap
        || lower.ends_with(".swp")
        // Vim writes a file of this name to see whether it may write in a folder.
        || name == "4913"
        // JetBrains' editors and Helix write beside a file before they replace it.
        || ["___jb_tmp___", "___jb_old___", "___jb_bak___", ".bck"]
            .iter()
            .any(|suffix| name.ends_with(suffix))
        || matches!(name, ".git" | ".hg" | ".svn" | STATE_FOLDER | ".DS_Store" | "Thumbs.db")
        || name.starts_with('.') && !keeps_dot_files
}

/// Tells whether a file is text that the build parses, by its folder and extension.
fn is_text(id: &SourceId) -> bool {
    let extension = id.extension().unwrap_or_default().to_ascii_lowercase();
    let extension = extension.as_str();
    match id.as_str().split('/').next() {
        Some(first) if first == config::FILE => true,
        Some("content") => extension == "md",
        Some("citations") => matches!(
            extension,
            "bib" | "csl" | "csv" | "json" | "nbib" | "ris" | "toml" | "yaml" | "yml"
        ),
        // A theme's style sheets are read, for the names of what they load.
        Some("templates" | "themes") => matches!(
            extension,
            "css" | "html" | "js" | "json" | "md" | "svg" | "toml" | "txt" | "xml"
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
