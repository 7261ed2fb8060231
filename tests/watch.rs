//! Editors' ways of saving, and what else happens to the files of a site, each done for
//! real: the table in `serve/site_watcher.rs` row by row.

#![cfg(all(feature = "serve", unix))]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use galen::load::LoadPlan;
use galen::serve::{Changes, SiteWatcher};

/// How long nothing must come for all to have come; longer than anything waits for.
const REST: Duration = Duration::from_millis(300);

/// How long to wait for the first change before the test fails.
const PATIENCE: Duration = Duration::from_secs(20);

/// How many batches a write in place may come in: on a machine that is busy elsewhere,
/// its steps lie apart.
const FEW: usize = 2;

struct Site {
    dir: tempfile::TempDir,
    watcher: SiteWatcher,
}

/// What came of something, with the number of batches and the time until the first.
struct Outcome {
    changes: Changes,
    batches: usize,
}

impl Site {
    fn new(prepare: impl FnOnce(&Path)) -> Self {
        Self::polled(None, prepare)
    }

    fn polled(poll: Option<Duration>, prepare: impl FnOnce(&Path)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        fs::create_dir_all(root.join("content/articles")).unwrap();
        fs::write(root.join("book.toml"), "").unwrap();
        fs::write(root.join("content/articles/a.md"), "one\n").unwrap();
        fs::write(root.join("content/articles/b.md"), "two\n").unwrap();
        prepare(&root);
        let plan = plan(&root, "public");
        let watcher = SiteWatcher::start(&plan, poll).unwrap();
        Self { dir, watcher }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("site")
    }

    fn article(&self, name: &str) -> PathBuf {
        self.root().join("content/articles").join(name)
    }

    /// Gathers all that comes of what was done.
    fn outcome(&mut self) -> Outcome {
        let mut outcome = Outcome { changes: Changes::default(), batches: 0 };
        let mut until = Instant::now() + PATIENCE;
        while let Some(changes) = self.watcher.next_changes(Some(until)) {
            outcome.changes.extend(changes);
            outcome.batches += 1;
            until = Instant::now() + REST;
        }
        outcome
    }

    fn expect(&mut self, wanted: &[(&str, &str)]) -> usize {
        let outcome = self.outcome();
        self.compare(&outcome, wanted);
        outcome.batches
    }

    fn compare(&self, outcome: &Outcome, wanted: &[(&str, &str)]) {
        let root = self.root();
        let found: Vec<(String, &str)> = outcome
            .changes
            .iter()
            .map(|(path, what)| {
                let below = path.strip_prefix(&root).unwrap_or(path);
                (below.to_str().unwrap().to_owned(), what)
            })
            .collect();
        let wanted: Vec<(String, &str)> =
            wanted.iter().map(|(path, what)| ((*path).to_owned(), *what)).collect();
        assert_eq!(found, wanted);
    }

    /// Expects that nothing comes.
    fn expect_nothing(&mut self) {
        let changes = self.watcher.next_changes(Some(Instant::now() + REST));
        assert_eq!(changes, None);
    }
}

fn plan(root: &Path, output: &str) -> LoadPlan {
    LoadPlan {
        root: root.to_owned(),
        output_dir: output.into(),
        named_files: vec!["../common/refs.bib".to_owned()],
    }
}

const A_CHANGED: &[(&str, &str)] = &[("content/articles/a.md", "changed")];

#[test]
fn a_file_written_in_place_is_one_change() {
    let mut site = Site::new(|_| {});
    fs::write(site.article("a.md"), "new words\n").unwrap();
    assert!(site.expect(A_CHANGED) <= FEW);
}

#[test]
fn a_save_is_told_before_anything_could_have_been_waited_for() {
    let mut site = Site::new(|_| {});
    let mut shortest = Duration::MAX;
    for round in 0..10 {
        let temporary = site.article(".a.md.tmp");
        fs::write(&temporary, format!("round {round}\n")).unwrap();
        let started = Instant::now();
        fs::rename(&temporary, site.article("a.md")).unwrap();
        site.watcher.next_changes(Some(started + PATIENCE)).unwrap();
        shortest = shortest.min(started.elapsed());
    }
    // Less than the quiet that other events wait for.
    assert!(shortest < Duration::from_millis(10), "{shortest:?}");
}

#[test]
fn words_of_the_same_length_in_the_same_moment_are_a_change() {
    let mut site = Site::new(|_| {});
    for text in ["uno\n", "due\n", "tre\n", "sei\n"] {
        fs::write(site.article("a.md"), text).unwrap();
        let outcome = site.outcome();
        site.compare(&outcome, A_CHANGED);
    }
}

#[test]
fn vim_saves_by_rename() {
    let mut site = Site::new(|_| {});
    fs::write(site.article("4913"), "").unwrap();
    fs::remove_file(site.article("4913")).unwrap();
    fs::write(site.article(".a.md.swp"), "swap").unwrap();
    fs::rename(site.article("a.md"), site.article("a.md~")).unwrap();
    let mut file = File::create(site.article("a.md")).unwrap();
    file.write_all(b"new words\n").unwrap();
    file.sync_all().unwrap();
    drop(file);
    fs::remove_file(site.article("a.md~")).unwrap();
    assert!(site.expect(A_CHANGED) <= FEW);
}

#[test]
fn vim_saves_by_copy() {
    let mut site = Site::new(|_| {});
    fs::copy(site.article("a.md"), site.article("a.md~")).unwrap();
    fs::write(site.article("a.md"), "new words\n").unwrap();
    fs::remove_file(site.article("a.md~")).unwrap();
    assert!(site.expect(A_CHANGED) <= FEW);
}

#[test]
fn emacs_saves_with_lock_and_backup() {
    let mut site = Site::new(|_| {});
    symlink("me@host.123:456", site.article(".#a.md")).unwrap();
    fs::write(site.article("#a.md#"), "autosave").unwrap();
    fs::rename(site.article("a.md"), site.article("a.md~")).unwrap();
    fs::write(site.article("a.md"), "new words\n").unwrap();
    fs::remove_file(site.article("#a.md#")).unwrap();
    fs::remove_file(site.article(".#a.md")).unwrap();
    assert!(site.expect(A_CHANGED) <= FEW);
}

#[test]
fn jetbrains_saves_by_two_renames() {
    let mut site = Site::new(|_| {});
    fs::write(site.article("a.md___jb_tmp___"), "new words\n").unwrap();
    fs::rename(site.article("a.md"), site.article("a.md___jb_old___")).unwrap();
    fs::rename(site.article("a.md___jb_tmp___"), site.article("a.md")).unwrap();
    fs::remove_file(site.article("a.md___jb_old___")).unwrap();
    assert_eq!(site.expect(A_CHANGED), 1);
}

#[test]
fn helix_saves_beside_a_copy() {
    let mut site = Site::new(|_| {});
    fs::copy(site.article("a.md"), site.article("a.mdaB3x9Q.bck")).unwrap();
    fs::write(site.article("a.md"), "new words\n").unwrap();
    fs::remove_file(site.article("a.mdaB3x9Q.bck")).unwrap();
    assert!(site.expect(A_CHANGED) <= FEW);
}

#[test]
fn a_rename_over_the_file_is_one_change_whatever_the_other_name() {
    for name in [".goutputstream-X1Y2", "sedQmTa8f", "a.md.pXqyTR"] {
        let mut site = Site::new(|_| {});
        fs::write(site.article(name), "new words\n").unwrap();
        fs::rename(site.article(name), site.article("a.md")).unwrap();
        assert_eq!(site.expect(A_CHANGED), 1, "{name}");
    }
}

#[test]
fn a_file_deleted_and_written_anew_is_changed() {
    let mut site = Site::new(|_| {});
    fs::remove_file(site.article("a.md")).unwrap();
    std::thread::sleep(Duration::from_millis(20));
    fs::write(site.article("a.md"), "new words\n").unwrap();
    assert!(site.expect(A_CHANGED) <= FEW);
}

#[test]
fn a_file_that_is_truncated_and_slowly_written_is_changed_in_the_end() {
    let mut site = Site::new(|_| {});
    let mut file = File::create(site.article("a.md")).unwrap();
    for word in ["new ", "words ", "in ", "steps\n"] {
        file.write_all(word.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(4));
    }
    drop(file);
    let batches = site.expect(A_CHANGED);
    assert!(batches <= 3, "{batches}");
}

#[test]
fn a_touch_or_a_save_without_a_change_is_nothing() {
    let mut site = Site::new(|_| {});
    fs::write(site.article("a.md"), "words\n").unwrap();
    site.outcome();
    fs::write(site.article("a.md"), "words\n").unwrap();
    site.expect_nothing();
    let file = OpenOptions::new().append(true).open(site.article("a.md")).unwrap();
    file.set_modified(std::time::SystemTime::now() + Duration::from_secs(60)).unwrap();
    site.expect_nothing();
}

#[test]
fn a_save_that_keeps_length_and_time_is_a_change() {
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_500_000_000);
    let write = |path: &Path, text: &str| {
        let mut file = OpenOptions::new().write(true).truncate(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file.set_modified(long_ago).unwrap();
    };
    for poll in [None, Some(Duration::from_millis(20))] {
        let mut site =
            Site::polled(poll, |root| write(&root.join("content/articles/a.md"), "one\n"));
        write(&site.article("a.md"), "six\n");
        site.expect(A_CHANGED);
    }
}

#[test]
fn a_link_that_leads_nowhere_is_a_file_of_the_site() {
    let mut site = Site::new(|_| {});
    symlink("none.md", site.article("c.md")).unwrap();
    site.expect(&[("content/articles/c.md", "added")]);
    fs::write(site.article("none.md"), "words\n").unwrap();
    site.expect(&[("content/articles/c.md", "changed"), ("content/articles/none.md", "added")]);
    fs::remove_file(site.article("none.md")).unwrap();
    site.expect(&[("content/articles/c.md", "changed"), ("content/articles/none.md", "deleted")]);
    fs::remove_file(site.article("c.md")).unwrap();
    site.expect(&[("content/articles/c.md", "deleted")]);
}

#[test]
fn a_deleted_file_is_deleted_after_a_moment() {
    let mut site = Site::new(|_| {});
    let started = Instant::now();
    fs::remove_file(site.article("a.md")).unwrap();
    let changes = site.watcher.next_changes(Some(started + PATIENCE)).unwrap();
    assert!(started.elapsed() >= Duration::from_millis(60));
    assert_eq!(changes.deleted.into_iter().collect::<Vec<_>>(), [site.article("a.md")]);
}

#[test]
fn a_renamed_file_goes_and_comes_in_one_batch() {
    let mut site = Site::new(|_| {});
    fs::rename(site.article("a.md"), site.article("c.md")).unwrap();
    let wanted = [("content/articles/a.md", "deleted"), ("content/articles/c.md", "added")];
    assert_eq!(site.expect(&wanted), 1);
}

#[test]
fn a_renamed_folder_takes_its_files_along_and_is_watched_on() {
    let mut site = Site::new(|root| {
        fs::create_dir(root.join("content/articles/deep")).unwrap();
        fs::write(root.join("content/articles/deep/c.md"), "three\n").unwrap();
    });
    let posts = site.root().join("content/posts");
    fs::rename(site.root().join("content/articles"), &posts).unwrap();
    let wanted = [
        ("content/articles/a.md", "deleted"),
        ("content/articles/b.md", "deleted"),
        ("content/articles/deep/c.md", "deleted"),
        ("content/posts/a.md", "added"),
        ("content/posts/b.md", "added"),
        ("content/posts/deep/c.md", "added"),
    ];
    assert!(site.expect(&wanted) <= FEW);
    fs::write(posts.join("deep/c.md"), "new words\n").unwrap();
    assert!(site.expect(&[("content/posts/deep/c.md", "changed")]) <= FEW);
    fs::rename(&posts, site.root().join("content/articles")).unwrap();
    site.outcome();
    fs::write(site.article("deep/c.md"), "newer words\n").unwrap();
    assert!(site.expect(&[("content/articles/deep/c.md", "changed")]) <= FEW);
}

#[test]
fn folders_made_in_one_breath_are_seen_to_the_bottom() {
    let mut site = Site::new(|_| {});
    let deep = site.root().join("content/x/y/z");
    fs::create_dir_all(&deep).unwrap();
    fs::write(deep.join("d.md"), "four\n").unwrap();
    site.expect(&[("content/x/y/z/d.md", "added")]);
    fs::write(deep.join("d.md"), "new words\n").unwrap();
    assert!(site.expect(&[("content/x/y/z/d.md", "changed")]) <= FEW);
}

#[test]
fn a_folder_moves_in_and_out_of_the_site() {
    let mut site = Site::new(|_| {});
    let outside = site.dir.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("e.md"), "five\n").unwrap();
    fs::rename(&outside, site.root().join("content/in")).unwrap();
    assert!(site.expect(&[("content/in/e.md", "added")]) <= FEW);
    fs::rename(site.root().join("content/in"), &outside).unwrap();
    assert!(site.expect(&[("content/in/e.md", "deleted")]) <= FEW);
    fs::write(outside.join("e.md"), "nobody's\n").unwrap();
    site.expect_nothing();
}

#[test]
fn a_folder_of_the_site_may_come_and_go_as_a_whole() {
    let mut site = Site::new(|_| {});
    let templates = site.root().join("templates");
    fs::create_dir(&templates).unwrap();
    fs::write(templates.join("page.html"), "").unwrap();
    site.expect(&[("templates/page.html", "added")]);
    fs::remove_dir_all(&templates).unwrap();
    assert!(site.expect(&[("templates/page.html", "deleted")]) <= FEW);
    fs::create_dir(&templates).unwrap();
    fs::write(templates.join("page.html"), "anew").unwrap();
    site.expect(&[("templates/page.html", "added")]);
    fs::write(templates.join("page.html"), "changed").unwrap();
    assert!(site.expect(&[("templates/page.html", "changed")]) <= FEW);
}

#[test]
fn a_folder_deleted_and_made_again_is_watched_on() {
    let mut site = Site::new(|_| {});
    let folder = site.root().join("content/articles");
    for round in 0..3 {
        fs::remove_dir_all(&folder).unwrap();
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.md"), format!("round {round}\n")).unwrap();
        fs::write(folder.join("b.md"), format!("round {round}\n")).unwrap();
        let wanted = [("content/articles/a.md", "changed"), ("content/articles/b.md", "changed")];
        site.expect(&wanted);
        fs::write(folder.join("a.md"), format!("again {round}\n")).unwrap();
        assert!(site.expect(A_CHANGED) <= FEW, "{round}");
    }
}

#[test]
fn a_change_of_branch_comes_whole_and_in_few_batches() {
    const FILES: usize = 3000;
    let many = |root: &Path, text: &str| {
        for index in 0..FILES {
            let folder = root.join(format!("content/articles/{}", index % 30));
            fs::create_dir_all(&folder).unwrap();
            // As git does: the old file is deleted, the new one written.
            let file = folder.join(format!("{index}.md"));
            let _ = fs::remove_file(&file);
            fs::write(file, format!("{text} {index}\n")).unwrap();
        }
    };
    let mut site = Site::new(|root| many(root, "one"));
    many(&site.root(), "another");
    let folder = site.root().join("content/articles/29");
    fs::remove_dir_all(&folder).unwrap();
    let outcome = site.outcome();
    assert_eq!(outcome.changes.modified.len(), FILES / 30 * 29);
    assert_eq!(outcome.changes.deleted.len(), FILES / 30);
    assert_eq!(outcome.changes.added.len(), 0);
    assert!(outcome.batches <= 10, "{} batches", outcome.batches);
    assert_eq!(site.watcher.files(), 3 + FILES / 30 * 29);
}

#[test]
fn git_changes_the_branch_of_a_site() {
    const FILES: usize = 2000;
    let git = |root: &Path, words: &[&str]| {
        let identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"];
        let mut command = std::process::Command::new("git");
        command.arg("-C").arg(root).args(identity).args(words);
        command.env_remove("GIT_DIR").env_remove("GIT_WORK_TREE").output()
    };
    let has_git = git(Path::new("."), &["--version"]).is_ok_and(|run| run.status.success());
    if !has_git {
        assert!(std::env::var_os("GALEN_CI").is_none(), "git is missing");
        eprintln!("skipped: there is no git");
        return;
    }
    let commit = |root: &Path, text: &str| {
        for index in 0..FILES {
            fs::write(root.join(format!("content/articles/{index}.md")), format!("{text}\n"))
                .unwrap();
        }
        git(root, &["add", "-A"]).unwrap();
        assert!(git(root, &["commit", "-qm", text]).unwrap().status.success());
    };
    let mut site = Site::new(|root| {
        git(root, &["init", "-q", "-b", "one"]).unwrap();
        commit(root, "one");
        git(root, &["checkout", "-qb", "two"]).unwrap();
        fs::remove_file(root.join("content/articles/a.md")).unwrap();
        fs::write(root.join("content/articles/c.md"), "three\n").unwrap();
        commit(root, "another");
    });
    assert!(git(&site.root(), &["checkout", "-q", "one"]).unwrap().status.success());
    let outcome = site.outcome();
    let named = |paths: &std::collections::BTreeSet<PathBuf>| {
        let names = paths.iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned());
        names.collect::<Vec<_>>()
    };
    assert_eq!(outcome.changes.modified.len(), FILES);
    assert_eq!(named(&outcome.changes.added), ["a.md"]);
    assert_eq!(named(&outcome.changes.deleted), ["c.md"]);
    assert!(outcome.batches <= 10, "{} batches", outcome.batches);
}

#[test]
fn what_happens_while_a_site_is_built_is_the_next_batch() {
    let mut site = Site::new(|_| {});
    fs::write(site.article("a.md"), "first\n").unwrap();
    let first = site.watcher.next_changes(Some(Instant::now() + PATIENCE)).unwrap();
    assert_eq!(first.modified.len(), 1);
    // A build takes its time, and the author goes on.
    fs::write(site.article("a.md"), "second\n").unwrap();
    fs::write(site.article("b.md"), "second\n").unwrap();
    std::thread::sleep(Duration::from_millis(50));
    let wanted = [("content/articles/a.md", "changed"), ("content/articles/b.md", "changed")];
    assert!(site.expect(&wanted) <= FEW);
}

#[test]
fn what_an_overflow_loses_is_found() {
    let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events");
    let Some(limit) = limit.ok().and_then(|text| text.trim().parse::<usize>().ok()) else {
        eprintln!("skipped: the system does not say how many events it keeps");
        return;
    };
    let mut site = Site::new(|root| {
        fs::create_dir(root.join("content/noise")).unwrap();
        fs::write(root.join("content/noise/n.md"), "").unwrap();
    });
    // More events than the system keeps, faster than they are read: writing one file in
    // turn with another is not folded into one event.
    let noise = [site.root().join("content/noise/n.md"), site.article("a.md")];
    let mut files = noise.map(|path| OpenOptions::new().append(true).open(path).unwrap());
    for _ in 0..limit {
        for file in &mut files {
            file.write_all(b".").unwrap();
        }
    }
    drop(files);
    fs::write(site.article("b.md"), "new words\n").unwrap();
    site.expect(&[
        ("content/articles/a.md", "changed"),
        ("content/articles/b.md", "changed"),
        ("content/noise/n.md", "changed"),
    ]);
    fs::write(site.article("b.md"), "newer words\n").unwrap();
    assert!(site.expect(&[("content/articles/b.md", "changed")]) <= FEW);
}

#[test]
fn links_are_followed_and_each_real_folder_is_watched_once() {
    let mut site = Site::new(|root| {
        let outside = root.parent().unwrap().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("o.md"), "six\n").unwrap();
        fs::write(outside.join("single.md"), "seven\n").unwrap();
        symlink(&outside, root.join("content/linked")).unwrap();
        symlink(&outside, root.join("content/again")).unwrap();
        let elsewhere = root.parent().unwrap().join("elsewhere");
        fs::create_dir(&elsewhere).unwrap();
        fs::write(elsewhere.join("t.md"), "eight\n").unwrap();
        symlink(elsewhere.join("t.md"), root.join("content/target.md")).unwrap();
        symlink(root.join("content"), root.join("content/articles/loop")).unwrap();
    });
    let outside = site.dir.path().join("outside");
    fs::write(outside.join("o.md"), "new words\n").unwrap();
    let both = [("content/again/o.md", "changed"), ("content/linked/o.md", "changed")];
    assert!(site.expect(&both) <= FEW);
    fs::write(site.dir.path().join("elsewhere/t.md"), "new words\n").unwrap();
    assert!(site.expect(&[("content/target.md", "changed")]) <= FEW);
    fs::write(site.dir.path().join("elsewhere/other.md"), "nobody's\n").unwrap();
    site.expect_nothing();
    fs::remove_file(site.root().join("content/again")).unwrap();
    let gone = [("content/again/o.md", "deleted"), ("content/again/single.md", "deleted")];
    assert!(site.expect(&gone) <= FEW);
    fs::write(outside.join("o.md"), "newer words\n").unwrap();
    assert!(site.expect(&[("content/linked/o.md", "changed")]) <= FEW);
}

#[test]
fn a_link_that_is_switched_to_another_folder_is_followed() {
    let mut site = Site::new(|root| {
        for version in ["v1", "v2"] {
            let folder = root.parent().unwrap().join(version);
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("v.md"), version).unwrap();
        }
        symlink(root.parent().unwrap().join("v1"), root.join("content/current")).unwrap();
    });
    let fresh = site.dir.path().join("fresh");
    symlink(site.dir.path().join("v2"), &fresh).unwrap();
    fs::rename(&fresh, site.root().join("content/current")).unwrap();
    site.expect(&[("content/current/v.md", "changed")]);
    fs::write(site.dir.path().join("v2/v.md"), "v2.1").unwrap();
    assert!(site.expect(&[("content/current/v.md", "changed")]) <= FEW);
}

#[test]
fn the_output_and_what_galen_keeps_are_never_seen() {
    let mut site = Site::new(|_| {});
    site.watcher.set_plan(&plan(&site.root(), "content/built")).unwrap();
    for folder in ["public", ".galen", "content/built", ".git", "elsewhere"] {
        fs::create_dir_all(site.root().join(folder)).unwrap();
        fs::write(site.root().join(folder).join("x.md"), "not of the site\n").unwrap();
    }
    fs::write(site.root().join("notes.md"), "not of the site\n").unwrap();
    site.expect_nothing();
    fs::write(site.root().join("content/built/x.md"), "built again\n").unwrap();
    site.expect_nothing();
}

#[test]
fn the_configuration_and_named_files_outside_of_the_site_are_watched() {
    let mut site = Site::new(|root| {
        fs::create_dir(root.parent().unwrap().join("common")).unwrap();
    });
    let shared = site.dir.path().join("common/refs.bib");
    fs::write(&shared, "@book{a}").unwrap();
    let outcome = site.outcome();
    let added: Vec<PathBuf> = outcome.changes.added.into_iter().collect();
    assert_eq!(added, std::slice::from_ref(&shared));
    fs::write(&shared, "@book{ab}").unwrap();
    assert_eq!(site.outcome().changes.modified.into_iter().collect::<Vec<_>>(), [shared]);
    fs::write(site.root().join("book.toml"), "[site]\n").unwrap();
    assert!(site.expect(&[("book.toml", "changed")]) <= FEW);
}

#[test]
fn polling_finds_the_same() {
    let mut site = Site::polled(Some(Duration::from_millis(20)), |_| {});
    assert_eq!(site.watcher.take_doubt().unwrap().to_string(), "polling, as asked for");
    fs::write(site.article("a.md"), "new words\n").unwrap();
    fs::create_dir(site.root().join("static")).unwrap();
    fs::write(site.root().join("static/x.txt"), "x").unwrap();
    site.expect(&[("content/articles/a.md", "changed"), ("static/x.txt", "added")]);
    fs::remove_file(site.article("a.md")).unwrap();
    site.expect(&[("content/articles/a.md", "deleted")]);
}
