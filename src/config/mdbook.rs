//! Recognises mdBook's `book.toml`, and says what its keys are called here.

use std::ops::Range;

use super::table::{Entry, TableReader};

/// What mdBook's keys are called here.
const EQUIVALENTS: &[(&str, &str)] = &[
    ("book.title", "`site.title`"),
    ("book.authors", "`publisher.name`, and `authors` in the front matter of a page"),
    ("book.description", "`site.description`"),
    ("book.language", "`site.language`"),
    ("book.src", "no key: pages are in `content/`"),
    ("output.html.theme", "`site.theme`"),
    ("output.html.default-theme", "no key: the theme follows the reader's system"),
    ("output.html.smart-punctuation", "`markdown.smart_punctuation`"),
    ("output.html.mathjax-support", "`markdown.math`"),
    ("output.html.additional-css", "`theme.stylesheets`"),
    ("output.html.git-repository-url", "`site.repository`"),
    ("output.html.edit-url-template", "`site.edit_url`"),
    ("output.html.site-url", "`site.base_url`"),
    ("output.html.redirect", "`[redirects]`"),
];

/// Reports each table of mdBook's once, with what its keys are called here.
pub(super) fn report(root: &mut TableReader<'_, '_>) {
    for entry in root.entries() {
        let mut place = entry.key_range.clone();
        let message = match &*entry.key {
            "book" => "`[book]` is mdBook's: here the title and language stand in `[site]`",
            "output" => "`[output]` is mdBook's: here outputs are switched in `[outputs]`",
            "preprocessor" => "`[preprocessor]` is mdBook's: galen runs no other programs",
            "build" => {
                let Some(key) = build_dir(&entry) else { continue };
                place = key;
                "`build.build-dir` is mdBook's: here it is `build.output_dir`"
            }
            _ => continue,
        };
        let findings = root.findings();
        let mut diagnostic =
            findings.unknown(place, message).with_label("this file was written for mdBook");
        let mut keys = Vec::new();
        if &*entry.key != "build" {
            leaves(&entry, &mut keys);
        }
        for key in keys {
            if let Some((_, here)) = EQUIVALENTS.iter().find(|(theirs, _)| *theirs == key) {
                diagnostic = diagnostic.with_help(format!("`{key}` is {here}"));
            }
        }
        findings.push(diagnostic);
    }
    root.accept(&["book", "output", "preprocessor"]);
}

/// Returns the place of mdBook's `build-dir` in the table `[build]`.
fn build_dir(build: &Entry<'_, '_>) -> Option<Range<usize>> {
    let entries = build.value.is_table().then(|| build.value.table()).flatten()?.entries();
    entries.into_iter().find(|entry| &*entry.key == "build-dir").map(|entry| entry.key_range)
}

/// Collects the keys below `entry`, joined by dots, that have an equivalent or no table.
fn leaves(entry: &Entry<'_, '_>, keys: &mut Vec<String>) {
    let path = entry.value.path();
    if !entry.value.is_table() || EQUIVALENTS.iter().any(|(key, _)| *key == path) {
        keys.push(path.to_owned());
        return;
    }
    for child in entry.value.table().map(|table| table.entries()).unwrap_or_default() {
        leaves(&child, keys);
    }
}
