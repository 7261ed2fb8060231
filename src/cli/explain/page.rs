//! `galen explain page`: what a page is made of, and what names it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::pipeline::Build;
use crate::resolve::{SitePage, SiteReader};

/// Returns what a page is made of, and what names it.
pub(super) fn explain(entry: &SitePage, built: &Build) -> String {
    let (page, card) = (&entry.page, &entry.card);
    let rendered = built.pages.get(&page.id);
    let reader = SiteReader::new(&built.site);
    let mut lines = vec![
        ("file", page.source.id.to_string()),
        ("url", card.url.to_string()),
        ("title", card.title.to_string()),
    ];
    if let Some(collection) = &page.collection {
        lines.push(("collection", collection.to_string()));
    }
    for (label, date) in
        [("date", card.date), ("updated", card.updated), ("reviewed", card.reviewed)]
    {
        lines.extend(date.map(|date| (label, date.to_string())));
    }
    let cites = rendered.map(|rendered| rendered.references.as_slice()).unwrap_or_default();
    let keys: BTreeSet<String> = cites.iter().map(ToString::to_string).collect();
    lines.push(("references", counted_list(keys)));
    if let Some(resolved) = built.resolved.get(&page.id) {
        let passages = &resolved.linked.mentions.passages;
        let named = passages.iter().map(|(id, passage)| format!("{id} ({})", passage.count));
        lines.push(("mentions", counted_list(named)));
    }
    let mentioned = reader.mentions(&page.id).into_iter();
    let mentioned = mentioned.map(|(id, passage)| format!("{id} ({})", passage.count));
    lines.push(("mentioned by", counted_list(mentioned)));
    for inverse in inverses(built) {
        let related: Vec<String> =
            reader.related(&page.id, &inverse).into_iter().map(|(id, _)| id.to_string()).collect();
        if !related.is_empty() {
            lines.push(("", format!("{inverse}: {}", counted_list(related))));
        }
    }
    if let Some(rendered) = rendered {
        let facts = rendered.reads.len();
        lines.push(("made from", format!("its file, the theme, and {facts} facts of other pages")));
    }
    let lines = lines.iter().map(|(label, value)| format!("  {label:<13}{value}\n"));
    format!("{}\n{}", page.id, lines.collect::<String>())
}

/// Returns the names under which fields list the pages that name a page.
fn inverses(built: &Build) -> BTreeSet<Arc<str>> {
    let names = built.config.collections.keys();
    names.flat_map(|name| crate::resolve::shown::inverse_names(name, &built.config)).collect()
}

fn counted_list(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    match items.len() {
        0 => "none".to_owned(),
        count => format!("{count}: {}", items.join(", ")),
    }
}
