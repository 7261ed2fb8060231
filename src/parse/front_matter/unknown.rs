//! Names that the schema does not declare, and what was likely meant.

use super::finding::Finding;
use super::read::{Fields, Reading};
use crate::diagnostic::nearest;
use crate::ids::BUILT_IN;

/// What fields of other generators are called here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("author", "authors"),
    ("byline", "authors"),
    ("reviewer", "reviewers"),
    ("reviewed_by", "reviewers"),
    ("lastmod", "updated"),
    ("last_modified_at", "updated"),
    ("modified", "updated"),
    ("dateModified", "updated"),
    ("published", "date"),
    ("publishDate", "date"),
    ("pubDate", "date"),
    ("datePublished", "date"),
    ("created", "date"),
    ("summary", "description"),
    ("excerpt", "description"),
    ("abstract", "description"),
    ("url", "permalink"),
    ("path", "permalink"),
    ("aliases", "redirect_from"),
    ("redirects", "redirect_from"),
    ("categories", "tags"),
    ("category", "tags"),
    ("keywords", "tags"),
    ("topics", "tags"),
    ("cover", "image"),
    ("thumbnail", "image"),
    ("featured_image", "image"),
    ("hero", "image"),
    ("layout", "template"),
    ("order", "weight"),
    ("position", "weight"),
    ("nav_order", "weight"),
    ("sidebar_position", "weight"),
    ("language", "lang"),
    ("csl", "style"),
    ("heading", "title"),
    ("name", "title"),
    ("title", "name"),
    ("table_of_contents", "toc"),
    ("sitemap_exclude", "noindex"),
    ("unpublished", "draft"),
    ("params", "extra"),
    ("questions", "faq"),
    ("takeaways", "key_points"),
    ("brand", "brands"),
    ("synonyms", "aliases"),
    ("orcid", "ids"),
    ("doi", "ids"),
    ("bio", "description"),
];

/// Fields whose values fit under the other name as they are, so that the key can
/// be renamed without looking.
const RENAMED: &[&str] = &[
    "author",
    "lastmod",
    "summary",
    "excerpt",
    "url",
    "categories",
    "keywords",
    "cover",
    "layout",
];

/// Returns the finding that the mapping at hand has the key `name`.
pub(super) fn finding(reading: &Reading<'_>, name: &str, fields: Fields<'_>) -> Finding {
    let message = match (fields, reading.schema.collection) {
        (Fields::Record(_), _) => format!("`{}` has no field `{name}`", reading.path),
        (Fields::Page(_), Some(collection)) => {
            format!("pages in {} have no field `{name}`", collection.name)
        }
        (Fields::Page(_), None) => format!("a page outside a collection has no field `{name}`"),
    };
    let finding = Finding::unknown(reading.path.clone(), name, message);
    let names = fields.names();
    if let Fields::Page(_) = fields
        && let Some((theirs, here)) =
            ELSEWHERE.iter().find(|(theirs, here)| *theirs == name && names.contains(here))
    {
        let finding = finding.help(format!("here it is `{here}`")).meaning(Some(here));
        return if RENAMED.contains(theirs) { finding.rename(here) } else { finding };
    }
    let suggestion = nearest(&name.replace('-', "_"), names.iter().copied());
    match (suggestion, fields) {
        (Some(_), _) => finding.suggest(suggestion).meaning(suggestion),
        (None, Fields::Record(_)) => finding.help(format!("its fields are {}", names.join(", "))),
        (None, Fields::Page(_)) => {
            let table = reading.schema.collection.map(|collection| &collection.name);
            match table {
                Some(name) => finding.help(format!(
                    "`[collections.{name}.fields]` in book.toml declares further fields; \
                     anything may stand under `extra`"
                )),
                None => finding.help("anything may stand under `extra`"),
            }
        }
    }
}

/// Returns the finding that `ids` has the key `name`, which is no scheme.
pub(super) fn scheme(reading: &Reading<'_>, name: &str) -> Finding {
    let own = reading.schema.ids.keys().map(|name| &**name);
    let names: Vec<&str> = BUILT_IN.iter().map(|scheme| scheme.name).chain(own).collect();
    let message = format!("`{}` has no scheme `{name}`", reading.path);
    let finding = Finding::unknown(reading.path.clone(), name, message).label("unknown scheme");
    match nearest(name, names.iter().copied()) {
        Some(scheme) => finding.suggest(Some(scheme)),
        None => finding
            .help(format!("known are {}; `[ids.NAME]` in book.toml adds one", names.join(", "))),
    }
}
