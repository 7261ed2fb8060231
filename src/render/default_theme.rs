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
static FILES: &[(&str, &str)] = files![
    "i18n/ar.toml",
    "i18n/de.toml",
    "i18n/en.toml",
    "static/galen.css",
    "static/highlight.css",
    "static/icon.svg",
    "static/page.js",
    "static/search.css",
    "static/search.js",
    "static/theme.js",
    "templates/404.html",
    "templates/article.html",
    "templates/bibliography.html",
    "templates/class.html",
    "templates/components/boxed-warning.html",
    "templates/components/certainty.html",
    "templates/components/compare.html",
    "templates/components/evidence.html",
    "templates/components/facts.html",
    "templates/components/faq.html",
    "templates/components/figure.html",
    "templates/components/key-points.html",
    "templates/components/summary.html",
    "templates/components/tab.html",
    "templates/components/table.html",
    "templates/components/tabs.html",
    "templates/components/tree.html",
    "templates/components/value.html",
    "templates/condition.html",
    "templates/home.html",
    "templates/listing.html",
    "templates/page.html",
    "templates/partials/approvals.html",
    "templates/partials/article-footer.html",
    "templates/partials/article-header.html",
    "templates/partials/boxed-warning.html",
    "templates/partials/breadcrumbs.html",
    "templates/partials/byline.html",
    "templates/partials/card-list.html",
    "templates/partials/changes.html",
    "templates/partials/cite-this.html",
    "templates/partials/content.html",
    "templates/partials/credentials.html",
    "templates/partials/downloads.html",
    "templates/partials/effects.html",
    "templates/partials/evidence.html",
    "templates/partials/field.html",
    "templates/partials/fields.html",
    "templates/partials/footer.html",
    "templates/partials/head-extra.html",
    "templates/partials/head.html",
    "templates/partials/header.html",
    "templates/partials/inverse.html",
    "templates/partials/listing-header.html",
    "templates/partials/lists.html",
    "templates/partials/mentions.html",
    "templates/partials/notes.html",
    "templates/partials/pagination.html",
    "templates/partials/person-card.html",
    "templates/partials/person-name.html",
    "templates/partials/publications.html",
    "templates/partials/questions.html",
    "templates/partials/records.html",
    "templates/partials/reference-list.html",
    "templates/partials/sections.html",
    "templates/partials/sidebar.html",
    "templates/partials/terms.html",
    "templates/partials/toc.html",
    "templates/person.html",
    "templates/redirect.html",
    "templates/reference.html",
    "templates/search.html",
    "templates/slice.html",
    "templates/tag.html",
    "templates/tags.html",
    "templates/term.html",
    "templates/treatment.html",
    "theme.toml",
];

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
