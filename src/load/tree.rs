//! The shape of a site on disk: which files it has and what they look like from
//! outside, without reading them.
//!
//! [`tree`] walks as [`load`](super::load) does and finds the same files, links that lead
//! nowhere among them, but what it cannot see it leaves out instead of failing: between two looks at a tree anything
//! may come and go. Watching compares such trees.

use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use walkdir::WalkDir;

use crate::config;
use crate::fingerprint::Fingerprint;

use super::{FOLDERS, FileError, LoadPlan, Walk, fingerprint_of, in_theme_static, resolved};

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// Its length in bytes.
    pub length: u64,
    /// When it was changed, in nanoseconds since 1970; 0 where the system does not tell.
    pub modified: u64,
    /// When it was changed in any way, in nanoseconds since 1970: programs set the time of
    /// modification, this one the system alone; 0 where it keeps none.
    pub changed: u64,
    /// The number by which its file system knows it; 0 where there is none.
    pub inode: u64,
}

/// What stands at a path, links followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or nothing that can be looked at.
    Missing,
    /// A file.
    File(FileStat),
    /// A folder.
    Folder,
}

/// The files and folders of a site, or of a part of it.
///
/// The keys are absolute paths as the site names them: through its links, where it
/// has any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The files.
    pub files: BTreeMap<PathBuf, FileStat>,
    /// The folders, each with the place that it really is.
    pub folders: BTreeMap<PathBuf, PathBuf>,
    /// The files that are links, each with the place that it leads to.
    pub links: BTreeMap<PathBuf, PathBuf>,
}

/// Says which files are part of a site.
#[derive(Clone, Debug)]
pub struct Extent {
    root: PathBuf,
    output_dir: PathBuf,
    /// `book.toml` and the files that the configuration names.
    named: Vec<PathBuf>,
}

impl Extent {
    /// Returns the extent of the site that `plan` describes.
    ///
    /// # Errors
    /// Fails where the working directory, which a relative root starts from, is gone.
    pub fn new(plan: &LoadPlan) -> Result<Self, FileError> {
        let root = super::absolute_root(&plan.root)?;
        let named = [config::FILE].into_iter().chain(plan.named_files.iter().map(String::as_str));
        let named = named.map(|name| super::normalized(&root.join(name))).collect();
        Ok(Self { output_dir: resolved(&root.join(&plan.output_dir)), named, root })
    }

    /// Returns the site's root as an absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the files that are part of the site wherever they lie.
    pub fn named(&self) -> &[PathBuf] {
        &self.named
    }

    /// Returns the folders that are read, whether or not they are there.
    pub fn folders(&self) -> impl Iterator<Item = PathBuf> {
        FOLDERS.into_iter().map(|folder| self.root.join(folder))
    }

    /// Tells whether a file or folder at `path` would be part of the site, by its name.
    pub fn includes(&self, path: &Path) -> bool {
        if self.named.iter().any(|named| named == path) {
            return true;
        }
        let Ok(below) = path.strip_prefix(&self.root) else { return false };
        let mut parts = below.iter().map(|part| part.to_string_lossy());
        let Some(first) = parts.next().filter(|first| FOLDERS.contains(&&**first)) else {
            return false;
        };
        let dot_files = first == "static" || in_theme_static(&below.to_string_lossy());
        parts.all(|name| !super::ignored(&name, dot_files)) && !path.starts_with(&self.output_dir)
    }
}

/// Looks at every file of the site.
pub fn tree(extent: &Extent) -> Tree {
    let mut found = Tree::default();
    for folder in extent.folders() {
        walk(extent, &folder, &mut found);
    }
    for path in &extent.named {
        if let Found::File(stat) = stat(path) {
            found.files.insert(path.clone(), stat);
            note_link(path, &mut found);
        }
    }
    found
}

/// Looks at the folder `top` of the site and all that is below it: nothing where it is a link
/// that leads back to a folder above, which a walk from there would not follow.
pub fn subtree(extent: &Extent, top: &Path) -> Tree {
    let mut found = Tree::default();
    if !leads_back(extent, top) {
        walk(extent, top, &mut found);
    }
    found
}

fn leads_back(extent: &Extent, top: &Path) -> bool {
    let is_link = fs::symlink_metadata(top).is_ok_and(|metadata| metadata.is_symlink());
    let mut above = top.ancestors().skip(1).take_while(|folder| *folder != extent.root);
    is_link && above.any(|folder| resolved(folder) == resolved(top))
}

fn walk(extent: &Extent, top: &Path, found: &mut Tree) {
    let walk = Walk { root: &extent.root, output_dir: extent.output_dir.clone() };
    let below = top.strip_prefix(&extent.root).unwrap_or(top);
    let dot_files =
        below.starts_with("static") || in_theme_static(&format!("{}/", below.to_string_lossy()));
    // Folders that are no links lie in the place of their parent.
    let entries = WalkDir::new(top)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| walk.wanted(entry, dot_files));
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().filter(|path| extent.includes(path));
                note_dangling(path, found);
                continue;
            }
        };
        let Ok(metadata) = entry.metadata() else { continue };
        let is_link = entry.path_is_symlink();
        let path = entry.into_path();
        if metadata.is_dir() {
            let real = path
                .parent()
                .filter(|_| !is_link)
                .and_then(|parent| found.folders.get(parent))
                .zip(path.file_name())
                .map(|(parent, name)| parent.join(name))
                .or_else(|| fs::canonicalize(&path).ok());
            if let Some(real) = real {
                found.folders.insert(path, real);
            }
        } else if metadata.is_file() {
            found.files.insert(path.clone(), stat_of(&metadata));
            if is_link {
                note_link(&path, found);
            }
        }
    }
}

/// Takes a link that leads nowhere for a file, so that it is read, and reported, as one, and
/// again when its target is there.
fn note_dangling(path: Option<&Path>, found: &mut Tree) {
    if let Some(path) = path
        && let Found::File(stat) = stat(path)
    {
        found.files.insert(path.to_owned(), stat);
        note_link(path, found);
    }
}

fn note_link(path: &Path, found: &mut Tree) {
    if let Some(real) = real_place(path) {
        found.links.insert(path.to_owned(), real);
    }
}

/// Returns the place that `path` leads to, which need not be there, where it is another.
fn real_place(path: &Path) -> Option<PathBuf> {
    let expected = || {
        let target = fs::read_link(path).ok()?;
        Some(resolved(&path.parent()?.join(target)))
    };
    fs::canonicalize(path).ok().or_else(expected).filter(|real| real != path)
}

/// Tells what stands at `path`; a link that leads nowhere is a file.
pub fn stat(path: &Path) -> Found {
    match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => Found::Folder,
        Ok(metadata) if metadata.is_file() => Found::File(stat_of(&metadata)),
        Err(_) if super::leads_nowhere(path) => {
            fs::symlink_metadata(path).map_or(Found::Missing, |link| Found::File(stat_of(&link)))
        }
        _ => Found::Missing,
    }
}

/// Returns the place that the link at `path` leads to; `None` where it is no link.
pub fn link_target(path: &Path) -> Option<PathBuf> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
    is_link.then(|| real_place(path)).flatten()
}

fn stat_of(metadata: &Metadata) -> FileStat {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0);
    let (length, changed, inode) = (metadata.len(), changed(metadata), inode(metadata));
    FileStat { length, modified, changed, inode }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds =
        i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
    u64::try_from(nanoseconds).unwrap_or(0)
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> u64 {
    0
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Returns the present time as file systems count it, in nanoseconds since 1970.
pub fn file_time() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// Returns the fingerprint of the file at `path`, where it can be read.
pub fn fingerprint(path: &Path) -> Option<Fingerprint> {
    fingerprint_of(File::open(path).ok()?).ok().map(|(_, fingerprint)| fingerprint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::load;

    fn plan(root: &Path) -> LoadPlan {
        LoadPlan {
            root: root.to_owned(),
            output_dir: "content/out".into(),
            named_files: vec!["../common/refs.bib".to_owned()],
        }
    }

    fn site() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            "site/book.toml",
            "site/content/a.md",
            "site/content/.hidden.md",
            "site/content/out/a.html",
            "site/static/.htaccess",
            "site/themes/own/static/.dot",
            "site/other/no.md",
            "common/refs.bib",
        ];
        for file in files {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        dir
    }

    #[test]
    #[cfg(unix)]
    fn a_link_back_leads_nowhere() {
        let dir = site();
        let content = dir.path().join("site/content");
        let extent = Extent::new(&plan(&dir.path().join("site"))).unwrap();
        let before = tree(&extent);
        std::os::unix::fs::symlink(&content, content.join("loop")).unwrap();
        assert_eq!(subtree(&extent, &content.join("loop")), Tree::default());
        assert_eq!(tree(&extent).files, before.files);
        std::os::unix::fs::symlink(dir.path().join("common"), content.join("shared")).unwrap();
        assert_eq!(subtree(&extent, &content.join("shared")).files.len(), 1);
    }

    #[test]
    fn a_tree_has_the_files_that_loading_finds() {
        let dir = site();
        let root = dir.path().join("site");
        let extent = Extent::new(&plan(&root)).unwrap();
        let seen = tree(&extent);
        let loaded = load(&plan(&root)).unwrap();
        let loaded: Vec<PathBuf> = loaded
            .sources
            .keys()
            .chain(loaded.files.keys())
            .map(|id| crate::load::normalized(&root.join(id.as_str())))
            .collect();
        let mut loaded_sorted = loaded.clone();
        loaded_sorted.sort();
        let seen: Vec<PathBuf> = seen.files.into_keys().collect();
        assert_eq!(seen, loaded_sorted);
        assert!(seen.iter().all(|path| extent.includes(path)), "{seen:?}");
        for other in ["content/.hidden.md", "content/out/a.html", "other/no.md", "content/a.md~"] {
            assert!(!extent.includes(&root.join(other)), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_known_with_the_places_that_they_lead_to() {
        let dir = site();
        let root = dir.path().join("site");
        std::os::unix::fs::symlink(dir.path().join("common"), root.join("content/linked")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("common/refs.bib"), root.join("content/b.md"))
            .unwrap();
        let seen = tree(&Extent::new(&plan(&root)).unwrap());
        let shared = fs::canonicalize(dir.path().join("common")).unwrap();
        assert_eq!(seen.folders[&root.join("content/linked")], shared);
        assert!(seen.files.contains_key(&root.join("content/linked/refs.bib")));
        assert_eq!(seen.links[&root.join("content/b.md")], shared.join("refs.bib"));
    }
}
