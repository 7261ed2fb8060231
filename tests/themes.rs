//! The repository's own site in its second theme: what a theme changes, and what it keeps.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use support::BuiltSite;

const PAGE: &str = "treatments/baricitinib/index.html";

/// Builds the sample with a line more in the `[site]` of its `book.toml`, and text at its end.
fn sample_with(in_site: &str, at_end: &str) -> BuiltSite {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copy = tempfile::tempdir().unwrap();
    for folder in ["content", "citations", "static", "themes"] {
        for entry in walkdir::WalkDir::new(root.join(folder)) {
            let entry = entry.unwrap();
            let to = copy.path().join(entry.path().strip_prefix(root).unwrap());
            match entry.file_type().is_dir() {
                true => std::fs::create_dir_all(to).unwrap(),
                false => drop(std::fs::copy(entry.path(), to).unwrap()),
            }
        }
    }
    let mut book = std::fs::read_to_string(root.join("book.toml")).unwrap();
    book = book.replacen("[site]\n", &format!("[site]\n{in_site}\n"), 1);
    book.push_str(at_end);
    std::fs::write(copy.path().join("book.toml"), book).unwrap();
    BuiltSite::of(copy.path())
}

fn style(site: &BuiltSite) -> &str {
    // The search loads its own when it is opened.
    let is_style = |path: &str| path.ends_with(".css") && !path.starts_with("assets/search.");
    let mut styles = site.files.iter().filter(|(path, _)| is_style(path));
    let (_, style) = styles.next().expect("the site has a style sheet");
    assert_eq!(styles.next(), None, "and only one");
    style
}

#[test]
fn a_second_theme_changes_the_look_and_keeps_the_rest() {
    let site = sample_with("theme = \"ledger\"", "");
    assert_eq!(site.build.diagnostics, [], "it builds without a finding");
    let plain = BuiltSite::of_repository();
    let paths = |site: &BuiltSite| -> Vec<String> {
        site.files.keys().filter(|path| path.ends_with(".html")).cloned().collect()
    };
    assert_eq!(paths(&site), paths(&plain));

    let (ledger, default) = (style(&site), style(&plain));
    let own = ledger.strip_prefix(default).expect("its style sheet comes after the parent's");
    assert!(own.starts_with("/* Laid over the default theme. */"), "{own}");
    assert!(
        own.contains(":root{--accent:light-dark(#0b5d3b,#86d7ab);"),
        "its options set custom properties"
    );

    let page = site.file(PAGE);
    assert!(page.contains("High <span aria-hidden=\"true\">●●●●</span>"), "its component is used");
    assert!(plain.file(PAGE).contains("<span aria-hidden=\"true\">●●●●</span> High"));
    assert!(!page.contains("with-contents"), "its option reaches the templates");
}

#[test]
fn a_site_sets_one_colour_without_a_theme() {
    let site = BuiltSite::of_repository();
    let accent = "accent = { light = \"#7a1f3d\", dark = \"#f0a5b8\" }";
    let coloured = sample_with("", &format!("\n[theme]\n{accent}\n"));
    assert_eq!(coloured.build.diagnostics, []);
    let own = style(&coloured).strip_prefix(style(&site)).unwrap();
    assert_eq!(own, ":root{--accent:light-dark(#7a1f3d,#f0a5b8);}\n");
}

#[test]
fn a_site_of_files_has_no_link_to_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("book.toml", "[site]\ntitle = \"S\"\n[build]\nurls = \"file\"\n[[nav]]\npage = \"a\"\n");
    write("content/_index.md", "---\ntitle: Home\n---\nSee [a](a.md).\n");
    write("content/a.md", "---\ntitle: A\n---\nBack to [the first page](_index.md).\n");
    write("content/glossary/term.md", "---\ntitle: Term\n---\nA word.\n");
    let site = BuiltSite::of(folder.path());
    let mut links = 0;
    for (path, text) in site.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = scraper::Html::parse_document(text);
        for link in page.select(&scraper::Selector::parse("a[href]").unwrap()) {
            let to = link.attr("href").unwrap();
            assert!(to.starts_with('#') || to.contains(".html"), "{path} leads to {to}");
            links += 1;
        }
    }
    assert!(links > 15, "{links} links were looked at");
}
