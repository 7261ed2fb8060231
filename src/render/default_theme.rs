//! The default theme, compiled in, so that a site needs no `themes/` at all.

use std::collections::BTreeMap;

use crate::source::{Source, SourceId};

/// What the ids of the files begin with.
pub const SOURCE_PREFIX: &str = "theme:";

/// Lists files below `themes/default/` with their text.
macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/themes/default/", $path)))),*]
    };
}

/// The files of the theme: path and text.
static FILES: &[(&str, &str)] =
    files!["i18n/en.toml", "static/galen.css", "templates/page.html", "theme.toml",];

/// Returns the files of the theme by their path inside it.
pub fn sources() -> BTreeMap<String, Source> {
    FILES
        .iter()
        .map(|(path, text)| {
            let id = SourceId::new(format!("{SOURCE_PREFIX}{path}"));
            ((*path).to_owned(), Source::new(id, text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn every_file_of_the_theme_is_compiled_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/default");
        let mut on_disk: Vec<String> = walkdir::WalkDir::new(&root)
            .into_iter()
            .map(Result::unwrap)
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(&root).unwrap();
                path.components()
                    .map(|part| part.as_os_str().to_str().unwrap())
                    .collect::<Vec<_>>()
                    .join("/")
            })
            .collect();
        on_disk.sort();
        let compiled_in: Vec<_> = sources().into_keys().collect();
        assert_eq!(compiled_in, on_disk);
    }
}
