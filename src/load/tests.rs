//! Reading a site from a real folder.

use super::*;

fn site(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    fs::write(dir.path().join(config::FILE), "").unwrap();
    dir
}

fn plan(root: &Path) -> LoadPlan {
    LoadPlan { root: root.to_owned(), output_dir: "public".into(), named_files: Vec::new() }
}

fn names<V>(map: &BTreeMap<SourceId, V>) -> Vec<&str> {
    map.keys().map(SourceId::as_str).collect()
}

#[test]
fn reading_files_again_gives_what_reading_everything_does() {
    let dir = site(&[
        ("content/a.md", b"one"),
        ("content/b.md", b"\xff"),
        ("content/c.md", b"three"),
        ("static/x.bin", b"x"),
    ]);
    let plan = plan(dir.path());
    let mut inputs = load(&plan).unwrap();
    let path = |name: &str| dir.path().join(name);
    fs::write(path("content/a.md"), "changed").unwrap();
    fs::write(path("content/b.md"), "mended").unwrap();
    fs::remove_file(path("content/c.md")).unwrap();
    fs::write(path("content/d.md"), "\u{fe}".as_bytes()).unwrap();
    fs::write(path("static/x.bin"), "longer").unwrap();
    let changed = ["content/a.md", "content/b.md", "content/c.md", "content/d.md"];
    let changed: BTreeSet<PathBuf> =
        changed.into_iter().chain(["static/x.bin"]).map(path).collect();
    let ids = reload(&mut inputs, &plan, &changed).unwrap().unwrap();
    assert_eq!(ids.len(), 5);
    let anew = load(&plan).unwrap();
    assert_eq!(names(&inputs.sources), names(&anew.sources));
    for (id, source) in &anew.sources {
        assert_eq!(inputs.sources[id].text(), source.text());
    }
    assert_eq!(inputs.files, anew.files);
    assert_eq!(inputs.diagnostics, anew.diagnostics);
    let book = BTreeSet::from([path("book.toml")]);
    assert_eq!(reload(&mut inputs, &plan, &book).unwrap(), None);
}

#[test]
fn text_and_binary_are_told_apart_by_folder_and_extension() {
    let dir = site(&[
        ("content/articles/a.md", b"# A"),
        ("content/articles/fig.png", b"\x89PNG"),
        ("citations/refs.bib", b""),
        ("static/robots.md", b"\xff"),
        ("themes/t/templates/page.html", b""),
        ("themes/t/static/site.css", b""),
        ("themes/t/static/font.woff2", b"abc"),
        ("notes/x.md", b"outside of every folder"),
    ]);
    let inputs = load(&plan(dir.path())).unwrap();
    assert_eq!(
        names(&inputs.sources),
        [
            "book.toml",
            "citations/refs.bib",
            "content/articles/a.md",
            "themes/t/static/site.css",
            "themes/t/templates/page.html"
        ]
    );
    assert_eq!(
        names(&inputs.files),
        ["content/articles/fig.png", "static/robots.md", "themes/t/static/font.woff2"]
    );
    let font = &inputs.files[&SourceId::new("themes/t/static/font.woff2")];
    assert_eq!((font.length, font.fingerprint), (3, Fingerprint::of(b"abc")));
    assert_eq!(read_bytes(font).unwrap(), b"abc");
    assert_eq!(inputs.diagnostics, []);
}

#[test]
fn dot_files_count_in_static_only_and_editors_files_nowhere() {
    let dir = site(&[
        ("content/.hidden.md", b""),
        ("content/a.md~", b""),
        ("content/#a.md#", b""),
        ("content/.a.md.swp", b""),
        ("content/4913", b""),
        ("content/.git/x.md", b""),
        ("static/.well-known/security.txt", b""),
        ("static/.nojekyll", b""),
        ("static/.DS_Store", b""),
        ("themes/t/static/.keep", b""),
    ]);
    let inputs = load(&plan(dir.path())).unwrap();
    assert_eq!(names(&inputs.sources), ["book.toml"]);
    assert_eq!(
        names(&inputs.files),
        ["static/.nojekyll", "static/.well-known/security.txt", "themes/t/static/.keep"]
    );
}

#[test]
fn the_output_folder_is_never_read() {
    let dir = site(&[("content/out/a.md", b""), ("content/b.md", b"")]);
    let plan = LoadPlan { output_dir: "content/out".into(), ..plan(dir.path()) };
    assert_eq!(names(&load(&plan).unwrap().sources), ["book.toml", "content/b.md"]);
}

#[test]
fn bad_bytes_are_reported_at_their_offset_and_the_rest_is_kept() {
    let dir = site(&[("content/a.md", b"\xef\xbb\xbfab\xe4c"), ("content/b.md", b"\xff\xfea\0")]);
    let inputs = load(&plan(dir.path())).unwrap();
    let finding = &inputs.diagnostics[0];
    assert_eq!(finding.message, "`content/a.md` is not valid UTF-8 at byte 5");
    let text = &inputs.sources[&SourceId::new("content/a.md")].text();
    assert_eq!(&text[finding.span.range()], "\u{fffd}");
    assert_eq!(&**text, "ab\u{fffd}c");
    assert_eq!(inputs.diagnostics[1].help, ["the file is UTF-16: save it as UTF-8"]);
}

#[test]
fn a_page_whose_name_ends_in_capitals_is_reported() {
    let dir = site(&[("content/a.MD", b"---\ntitle: A\n---\n"), ("static/b.MD", b"")]);
    let inputs = load(&plan(dir.path())).unwrap();
    let found: Vec<&str> = inputs.diagnostics.iter().map(|found| &*found.message).collect();
    assert_eq!(found, ["`content/a.MD` makes no page: its name does not end in `.md`"]);
}

#[test]
fn names_are_composed_and_a_collision_is_reported() {
    let dir = site(&[("content/u\u{308}ber.md", b"decomposed")]);
    let inputs = load(&plan(dir.path())).unwrap();
    assert_eq!(names(&inputs.sources), ["book.toml", "content/über.md"]);

    fs::write(dir.path().join("content/über.md"), "composed").unwrap();
    let inputs = load(&plan(dir.path())).unwrap();
    assert_eq!(inputs.sources.len(), 2);
    assert_eq!(inputs.diagnostics[0].rule.id, "url-duplicate");
}

#[test]
fn a_named_file_may_lie_outside_and_may_be_missing() {
    let outside = site(&[("retractions.csv", b"doi")]);
    let dir = site(&[]);
    let path = outside.path().join("retractions.csv").to_string_lossy().into_owned();
    let plan = LoadPlan { named_files: vec![path.clone(), "gone.csl".into()], ..plan(dir.path()) };
    let inputs = load(&plan).unwrap();
    assert_eq!(&*inputs.sources[&named_id(&path)].text(), "doi");
    assert_eq!(inputs.sources.len(), 2);
    assert_eq!(named_id("./citations//x.csl"), SourceId::new("citations/x.csl"));
}

#[test]
fn a_folder_without_configuration_is_no_error_and_no_folder_is() {
    let dir = tempfile::tempdir().unwrap();
    assert!(read_config(dir.path()).unwrap().is_none());
    assert_eq!(load(&plan(dir.path())).unwrap().sources.len(), 0);
    let gone = dir.path().join("gone");
    assert_eq!(read_config(&gone).unwrap_err().path, gone.join("book.toml"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_are_not() {
    use std::os::unix::fs::symlink;
    let shared = site(&[("notes/n.md", b"n")]);
    let dir = site(&[("content/a.md", b"a")]);
    let content = dir.path().join("content");
    symlink(shared.path().join("notes"), content.join("notes")).unwrap();
    symlink(&content, content.join("loop")).unwrap();
    symlink("nobody@host.1", content.join(".#a.md")).unwrap();
    let inputs = load(&plan(dir.path())).unwrap();
    assert_eq!(names(&inputs.sources), ["book.toml", "content/a.md", "content/notes/n.md"]);
    assert_eq!(inputs.diagnostics, []);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_reported_and_the_rest_is_read() {
    use std::os::unix::fs::symlink;
    let dir = site(&[("content/a.md", b"a")]);
    let root = dir.path();
    fs::create_dir(root.join("static")).unwrap();
    symlink("nowhere.md", root.join("content/b.md")).unwrap();
    symlink("../gone", root.join("static/shared")).unwrap();
    symlink("themes", root.join("themes")).unwrap();
    let mut inputs = load(&plan(root)).unwrap();
    assert_eq!(names(&inputs.sources), ["book.toml", "content/a.md"]);
    let found = |inputs: &Inputs| {
        let found = inputs.diagnostics.iter();
        let mut found: Vec<_> =
            found.map(|found| format!("{}: {}", found.rule.id, found.message)).collect();
        found.sort();
        found
    };
    let expected = [
        "file-missing: `content/b.md` is a link to `nowhere.md`, where nothing is",
        "file-missing: `static/shared` is a link to `../gone`, where nothing is",
        "file-missing: `themes` is a link to `themes`, where nothing is",
    ];
    assert_eq!(found(&inputs), expected);
    let changed = BTreeSet::from([root.join("content/b.md")]);
    fs::write(root.join("content/nowhere.md"), "n").unwrap();
    reload(&mut inputs, &plan(root), &changed).unwrap().unwrap();
    assert_eq!(names(&inputs.sources), ["book.toml", "content/a.md", "content/b.md"]);
    assert_eq!(found(&inputs), expected[1..]);
    fs::remove_file(root.join("content/nowhere.md")).unwrap();
    reload(&mut inputs, &plan(root), &changed).unwrap().unwrap();
    assert_eq!(names(&inputs.sources), ["book.toml", "content/a.md"]);
    assert_eq!(found(&inputs), expected);
}
