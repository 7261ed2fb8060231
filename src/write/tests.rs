//! Publishing, also on a disk that dies at any moment.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

struct Site {
    dir: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("content")).unwrap();
        Self { dir }
    }

    fn output(&self) -> OutputDir {
        OutputDir::new(self.dir.path(), Path::new("public")).unwrap()
    }

    fn publish(&self, files: &[(&str, &str)]) -> Result<PublishReport, WriteError> {
        publish(&self.output(), &artifacts(files))
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join("public").join(path)
    }

    fn put(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// The files in the output folder with their text, without the staging folder.
    fn files(&self) -> BTreeMap<String, String> {
        let root = self.dir.path().join("public");
        disk::files_below(&root)
            .unwrap_or_default()
            .into_iter()
            .map(|file| {
                let name = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                (name, fs::read_to_string(file).unwrap())
            })
            .filter(|(name, _)| !name.starts_with(STAGING_FOLDER))
            .collect()
    }
}

fn artifacts(files: &[(&str, &str)]) -> Vec<Artifact> {
    files.iter().map(|(path, text)| Artifact::new(*path, *text)).collect()
}

fn map(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

const OLD: &[(&str, &str)] =
    &[("index.html", "old"), ("a/index.html", "same"), ("b/c/index.html", "gone"), ("x.css", "1")];
const NEW: &[(&str, &str)] =
    &[("index.html", "new"), ("a/index.html", "same"), ("d/index.html", "added"), ("b", "file")];

#[test]
fn only_what_differs_is_written_and_only_our_own_leavings_are_deleted() {
    let site = Site::new();
    site.put("CNAME", "example.org");
    site.put("b/own.txt", "mine");
    let report = site.publish(OLD).unwrap();
    assert_eq!((report.written, report.files, report.bytes), (4, 4, 12));
    let before = fs::metadata(site.path("a/index.html")).unwrap().modified().unwrap();

    let new = [("index.html", "new"), ("a/index.html", "same")];
    let report = site.publish(&new).unwrap();
    assert_eq!(report, PublishReport { written: 1, unchanged: 1, deleted: 2, files: 2, bytes: 7 });
    let mut expected = map(&new);
    expected.extend(map(&[("CNAME", "example.org"), ("b/own.txt", "mine")]));
    assert_eq!(site.files(), expected);
    assert!(!site.path("b/c").exists());
    assert!(!site.path(STAGING_FOLDER).exists());
    assert_eq!(fs::metadata(site.path("a/index.html")).unwrap().modified().unwrap(), before);
}

#[test]
fn what_was_deleted_or_changed_by_hand_comes_back() {
    let site = Site::new();
    site.publish(OLD).unwrap();
    fs::remove_file(site.path("x.css")).unwrap();
    site.put("index.html", "odd");
    let report = site.publish(OLD).unwrap();
    assert_eq!((report.written, report.unchanged), (2, 2));
    assert_eq!(site.files(), map(OLD));
}

#[test]
fn a_leaving_that_somebody_rewrote_stays() {
    let site = Site::new();
    site.publish(OLD).unwrap();
    site.put("x.css", "somebody's own");
    assert_eq!(site.publish(&OLD[..3]).unwrap().deleted, 0);
    assert_eq!(site.files()["x.css"], "somebody's own");
}

#[test]
fn a_copied_output_folder_is_known_by_its_bytes() {
    let site = Site::new();
    site.publish(OLD).unwrap();
    fs::remove_dir_all(site.dir.path().join(load::STATE_FOLDER)).unwrap();
    let report = site.publish(OLD).unwrap();
    assert_eq!((report.written, report.unchanged), (0, 4));
}

#[test]
fn what_galen_does_not_know_is_replaced_only_when_asked_to() {
    let site = Site::new();
    site.publish(&[("index.html", "one"), ("old.html", "1")]).unwrap();
    fs::remove_dir_all(site.dir.path().join(load::STATE_FOLDER)).unwrap();
    site.put("notes.txt", "mine");

    let error = site.publish(&[("index.html", "two")]).unwrap_err();
    assert!(error.to_string().contains("--force"), "{error}");
    let output = site.output().taking_over();
    let report = publish(&output, &artifacts(&[("index.html", "two")])).unwrap();
    assert_eq!((report.written, report.deleted), (1, 0));
    let left = [("index.html", "two"), ("notes.txt", "mine"), ("old.html", "1")];
    assert_eq!(site.files(), map(&left));
    assert_eq!(site.publish(&[("index.html", "three")]).unwrap().written, 1);
}

#[test]
fn a_foreign_file_in_the_way_stops_everything() {
    let site = Site::new();
    site.put("index.html", "mine");
    site.put("a", "also mine");
    let error = site.publish(OLD).unwrap_err();
    let WriteError::Foreign { paths, .. } = &error else { panic!("{error}") };
    assert_eq!(paths, &["a", "index.html"]);
    assert_eq!(site.files(), map(&[("index.html", "mine"), ("a", "also mine")]));
    assert!(!site.path(STAGING_FOLDER).exists());
}

#[test]
fn a_foreign_file_is_found_in_a_folder_and_where_a_folder_is_needed() {
    let theirs = [("a/x/index.html", "mine"), ("b/y", "also mine")];
    let site = Site::new();
    theirs.iter().for_each(|(path, text)| site.put(path, text));
    let ours = [("a/x/index.html", "1"), ("a/z/index.html", "2"), ("b/y/c/index.html", "3")];
    let error = site.publish(&ours).unwrap_err();
    let WriteError::Foreign { paths, .. } = &error else { panic!("{error}") };
    assert_eq!(paths, &["a/x/index.html", "b/y"]);
    assert_eq!(site.files(), map(&theirs));
}

#[test]
fn a_page_may_become_a_folder_and_a_folder_a_page() {
    let site = Site::new();
    let one = [("a/index.html", "1"), ("b", "2")];
    let other = [("a", "1"), ("b/index.html", "2")];
    for files in [one, other, one] {
        site.publish(&files).unwrap();
        assert_eq!(site.files(), map(&files));
    }
}

#[test]
fn paths_that_leave_the_folder_are_refused() {
    let site = Site::new();
    for path in ["", "/etc/x", "../x", "a/../../x", "a//b", "./x", "a\\b", "a/\0", "a/"] {
        let error = site.publish(&[(path, "")]).unwrap_err();
        assert!(matches!(error, WriteError::BadPath(_)), "{path}: {error}");
    }
    let error = site.publish(&[("a", "1"), ("a", "2")]).unwrap_err();
    assert!(matches!(error, WriteError::Claimed(_)));
    assert_eq!(site.files(), BTreeMap::new());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_or_deleted_through_a_link() {
    let site = Site::new();
    let outside = tempfile::tempdir().unwrap();
    site.publish(&[("a/index.html", "1")]).unwrap();
    fs::rename(site.path("a"), outside.path().join("a")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("a"), site.path("a")).unwrap();
    let error = site.publish(&[("a/index.html", "2")]).unwrap_err();
    assert!(matches!(error, WriteError::Foreign { .. }));
    assert_eq!(site.publish(&[]).unwrap().deleted, 0);
    assert_eq!(fs::read_to_string(outside.path().join("a/index.html")).unwrap(), "1");
}

#[test]
fn folders_that_would_put_the_site_at_risk_are_refused() {
    let site = Site::new();
    let root = site.dir.path();
    for output in [".", "..", "/", "content", "content/public", "static", ".galen", "x/.."] {
        let result = OutputDir::new(root, Path::new(output));
        assert!(matches!(result, Err(WriteError::UnsafeOutput { .. })), "{output}");
    }
    for output in ["public", "build/site", "../sibling"] {
        assert!(OutputDir::new(root, Path::new(output)).is_ok(), "{output}");
    }
}

#[test]
fn clean_leaves_what_galen_did_not_write() {
    let site = Site::new();
    site.publish(OLD).unwrap();
    site.put("own.txt", "mine");
    fs::write(site.dir.path().join(load::STATE_FOLDER).join("kept.json"), "{}").unwrap();
    assert_eq!(clean(&site.output(), &["kept.json", "none.json"]).unwrap(), 4);
    assert_eq!(site.files(), map(&[("own.txt", "mine")]));
    assert!(!site.dir.path().join(load::STATE_FOLDER).exists());

    fs::remove_file(site.path("own.txt")).unwrap();
    site.publish(OLD).unwrap();
    clean(&site.output(), &[]).unwrap();
    assert!(!site.path("").exists());
}

#[test]
fn clean_leaves_the_record_of_another_output() {
    let site = Site::new();
    site.publish(OLD).unwrap();
    let root = site.dir.path();
    let other = OutputDir::new(root, Path::new("other")).unwrap();
    publish(&other, &[Artifact::new("a.html", "a")]).unwrap();
    fs::write(root.join(".galen/notes.txt"), "mine").unwrap();
    clean(&site.output(), &[]).unwrap();
    assert!(root.join(".galen/notes.txt").exists());
    // Its files are known, and can be replaced and deleted.
    let report = publish(&other, &[Artifact::new("b.html", "b")]).unwrap();
    assert_eq!((report.written, report.deleted), (1, 1));
}

#[test]
#[cfg(unix)]
fn a_file_is_replaced_as_a_whole_and_stays_what_it_is() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = tempfile::tempdir().unwrap();
    let (path, link) = (dir.path().join("a.md"), dir.path().join("b.md"));
    fs::write(&path, "one").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    symlink(&path, &link).unwrap();
    let before = fs::File::open(&path).unwrap();
    create_file(&link, "two", true).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "two");
    // Whoever reads the file meanwhile has all of what it was.
    assert_eq!(std::io::read_to_string(before).unwrap(), "one");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn a_new_file_replaces_nothing_unless_told_to() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("content/articles/a.md");
    create_file(&path, "one", false).unwrap();
    assert!(matches!(create_file(&path, "two", false), Err(WriteError::Exists(_))));
    create_file(&path, "three", true).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "three");
}

/// A disk that does so many things, half of the next one, and then nothing more:
/// what a killed process leaves.
struct DyingDisk {
    left: AtomicUsize,
    died: AtomicBool,
}

impl DyingDisk {
    fn step(&self, last_gasp: impl FnOnce()) -> io::Result<()> {
        let lived =
            self.left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if lived.is_ok() {
            return Ok(());
        }
        if !self.died.swap(true, Ordering::SeqCst) {
            last_gasp();
        }
        Err(io::Error::other("killed"))
    }
}

impl Disk for DyingDisk {
    fn create_dir_all(&self, path: &Path) -> io::Result<()> {
        self.step(|| {})?;
        RealDisk.create_dir_all(path)
    }
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.step(|| drop(fs::write(path, &bytes[..bytes.len() / 2])))?;
        RealDisk.write(path, bytes)
    }
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| drop(fs::write(to, "")))?;
        RealDisk.copy(from, to)
    }
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step(|| {})?;
        RealDisk.rename(from, to)
    }
    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step(|| {})?;
        RealDisk.remove_file(path)
    }
    fn remove_dir_all(&self, path: &Path) -> io::Result<()> {
        self.step(|| {})?;
        RealDisk.remove_dir_all(path)
    }
    fn remove_empty_dir(&self, path: &Path) {
        if self.step(|| {}).is_ok() {
            RealDisk.remove_empty_dir(path);
        }
    }
}

#[test]
fn killed_at_any_moment_every_file_is_whole_and_the_next_build_completes() {
    let mut completed = false;
    let mut untouched = 0;
    for steps in 0..200 {
        let site = Site::new();
        site.publish(OLD).unwrap();
        site.put("own.txt", "mine");
        let disk = DyingDisk { left: AtomicUsize::new(steps), died: AtomicBool::new(false) };
        let output = site.output();
        let result = Publication::begin_on(&output, &disk).and_then(|publication| {
            artifacts(NEW).iter().try_for_each(|artifact| publication.stage(artifact))?;
            publication.commit()
        });

        let found = site.files();
        assert_eq!(found["own.txt"], "mine");
        let (old, new) = (map(OLD), map(NEW));
        for (path, text) in found.iter().filter(|(path, _)| *path != "own.txt") {
            assert!(
                old.get(path) == Some(text) || new.get(path) == Some(text),
                "after {steps} steps `{path}` holds {text:?}"
            );
        }
        if result.is_ok() {
            completed = true;
        } else if OLD.iter().all(|(path, text)| found.get(*path).is_some_and(|f| f == text)) {
            untouched += 1;
        }

        site.publish(NEW).unwrap();
        let mut expected = new;
        expected.insert("own.txt".into(), "mine".into());
        assert_eq!(site.files(), expected, "after {steps} steps and a build");
        assert!(!site.path(STAGING_FOLDER).exists());
        if completed {
            break;
        }
    }
    assert!(completed && untouched >= 8, "{untouched} of the deaths left the old site alone");
}

#[test]
fn a_publisher_looks_at_the_bytes_of_what_changed_alone() {
    let site = Site::new();
    let mut publisher = Publisher::new(site.output());
    let written = |report: Result<PublishReport, WriteError>| report.unwrap().written;
    assert_eq!(written(publisher.publish(&artifacts(&[("a", "1"), ("b", "1")]))), 2);
    // Of `b` nobody said that it is another.
    publisher.note(&["a".to_owned()]);
    assert_eq!(written(publisher.publish(&artifacts(&[("a", "2"), ("b", "2")]))), 1);
    assert_eq!(site.files(), map(&[("a", "2"), ("b", "1")]));
    let same = artifacts(&[("a", "2"), ("b", "1")]);

    fs::remove_file(site.path("b")).unwrap();
    assert_eq!(written(publisher.publish(&same)), 1, "what was deleted by hand comes back");
    site.put("a", "long words");
    assert_eq!(written(publisher.publish(&same)), 1, "and what was changed");
    site.publish(&[("a", "3"), ("b", "3")]).unwrap();
    assert_eq!(written(publisher.publish(&same)), 2, "and what another build wrote");
    fs::remove_dir_all(site.dir.path().join("public")).unwrap();
    assert_eq!(written(publisher.publish(&same)), 2, "and the folder");

    publisher.note(&["a".to_owned()]);
    let gone = publisher.publish(&artifacts(&[("b", "1")])).unwrap();
    assert_eq!((gone.written, gone.deleted), (0, 1));
    assert_eq!(site.files(), map(&[("b", "1")]));
}

#[test]
fn what_a_publisher_could_not_write_is_written_the_next_time() {
    let site = Site::new();
    let mut publisher = Publisher::new(site.output());
    publisher.publish(&artifacts(&[("a", "1")])).unwrap();
    site.put("b", "somebody else's");
    publisher.note(&["a".to_owned(), "b".to_owned()]);
    assert!(publisher.publish(&artifacts(&[("a", "2"), ("b", "2")])).is_err());
    fs::remove_file(site.path("b")).unwrap();
    publisher.publish(&artifacts(&[("a", "2"), ("b", "2")])).unwrap();
    assert_eq!(site.files(), map(&[("a", "2"), ("b", "2")]));
}

#[test]
fn a_first_publication_that_is_given_up_leaves_nothing() {
    let site = Site::new();
    let output = site.output();
    let publication = Publication::begin(&output).unwrap();
    publication.stage(&Artifact::new("a/index.html", "a")).unwrap();
    assert!(site.path(STAGING_FOLDER).exists());
    drop(publication);
    let left: Vec<_> =
        fs::read_dir(site.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["content"]);
}
