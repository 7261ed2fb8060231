//! `galen explain page`: what a page is made of, and what names it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::pipeline::Build;
use crate::resolve::{Reads, SitePage, SiteReader};

use super::super::rebuilt::LastRebuild;

/// Returns what a page is made of, and what names it.
///
/// `last` is what a server noted of its last rebuild.
pub(super) fn explain(entry: &SitePage, built: &Build, last: Option<&LastRebuild>) -> String {
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
        let asked = rendered.asked.iter().map(|name| format!("`{name}`"));
        lines.push(("drawn by", asked.collect::<Vec<_>>().join(", ")));
        lines.push(("made from", "its file, the theme, and of the site:".to_owned()));
        lines.extend(read(entry, built).into_iter().map(|fact| ("", fact)));
    }
    match last.map(|last| (last.reasons(&page.id), last.changed())) {
        Some((Some(reasons), changed)) => {
            lines.push(("last rebuild", format!("made again after {changed}:")));
            lines.extend(reasons.into_iter().map(|reason| ("", reason)));
        }
        Some((None, changed)) => {
            lines.push(("last rebuild", format!("not made again after {changed}")));
        }
        None => {}
    }
    let lines = lines.iter().map(|(label, value)| format!("  {label:<13}{value}\n"));
    format!("{}\n{}", page.id, lines.collect::<String>())
}

/// Returns what the page reads of the site, in words and in order.
fn read(entry: &SitePage, built: &Build) -> BTreeSet<String> {
    let id = &entry.page.id;
    let resolved = built.resolved.get(id);
    let links = resolved.into_iter().flat_map(|page| [&page.linked.reads, &page.shown_reads]);
    let all = links.chain(built.pages.get(id).map(|page| &page.reads)).flat_map(Reads::keys);
    all.map(|key| built.site.facts.key(key).to_string()).collect()
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
