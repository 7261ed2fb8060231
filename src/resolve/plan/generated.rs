//! Pages that no author's file stands behind: tags, the bibliography and its works, the
//! further pages of declared lists.

use std::sync::Arc;

use crate::citation::CitationKey;
use crate::page_id::{Lang, PageId};
use crate::resolve::facts::{Fact, FactKey};
use crate::resolve::lists::listed;
use crate::resolve::order::in_order;
use crate::resolve::routes::Routes;
use crate::resolve::site::{Site, SitePage};

use super::listings::Lister;
use super::{PageKind, Part, PlannedPage, TagCount, WorkCount, part_id};

/// How many pages a listing shows by default on one page of a tag.
const TAG_PAGES: usize = 50;

/// How many works one page of the bibliography shows.
const LISTED_WORKS: usize = 250;

/// Returns the tags of a language, in the order of their slugs.
pub(super) fn tags(site: &Site, lang: &Lang) -> Vec<TagCount> {
    let first = FactKey::Tagged(lang.clone(), Arc::from(""));
    let tags = site.facts.listed_from(first).map_while(|(key, facts)| match key {
        FactKey::Tagged(of, slug) if of == lang => Some((slug, facts)),
        _ => None,
    });
    tags.filter_map(|(slug, facts)| {
        let name = facts.iter().find_map(|(_, fact)| match fact {
            Fact::Tag(name) => Some(Arc::clone(name)),
            _ => None,
        })?;
        Some(TagCount { slug: Arc::clone(slug), name, pages: facts.len() })
    })
    .collect()
}

/// Plans the page that lists the tags of a language.
pub(super) fn tag_list(tags: Vec<TagCount>, routes: Routes<'_>, lang: &Lang) -> PlannedPage {
    let id = PageId::new("@tags", lang.clone());
    PlannedPage { tags, ..PlannedPage::new(id, routes.tags(lang), PageKind::Tags) }
}

/// Plans the pages of a tag.
pub(super) fn tag(lister: &Lister<'_>, lang: &Lang, tag: &TagCount) -> Vec<PlannedPage> {
    let tagged = lister.reader.tagged(lang, &tag.slug).into_iter();
    let cards = tagged.filter_map(|id| lister.reader.card(id)).collect();
    let members =
        in_order(cards, None, lister.reader).into_iter().map(|card| card.id.clone()).collect();
    let id = PageId::new(format!("@tags/{}", tag.slug), lang.clone());
    let kind = PageKind::Tag { slug: Arc::clone(&tag.slug), name: Arc::clone(&tag.name) };
    let listing = PlannedPage::new(id, lister.routes.tag(lang, &tag.slug), kind);
    lister.parts(&listing, members, TAG_PAGES)
}

/// Plans the pages that list these works, in the order given.
pub(super) fn bibliography(
    site: &Site,
    works: &[CitationKey],
    routes: Routes<'_>,
    lang: &Lang,
) -> Vec<PlannedPage> {
    let (id, first) = (PageId::new("@references", lang.clone()), routes.bibliography(lang));
    let of = works.len().div_ceil(LISTED_WORKS);
    let count = |key: &CitationKey| WorkCount {
        key: key.clone(),
        pages: site.facts.under(&FactKey::Cites(key.clone())).len(),
    };
    let parts = (1..).zip(works.chunks(LISTED_WORKS)).map(|(number, chunk)| {
        let (id, url) = (part_id(&id, "page", number), routes.numbered(&first, "page", number));
        PlannedPage {
            works: chunk.iter().map(count).collect(),
            part: Part { number, of, first: first.clone(), segment: Arc::from("page") },
            ..PlannedPage::new(id, url, PageKind::Bibliography)
        }
    });
    parts.collect()
}

/// Plans the page of a work, without what it shows.
pub(super) fn work(key: &CitationKey, routes: Routes<'_>, lang: &Lang) -> PlannedPage {
    let id = PageId::new(format!("@references/{key}"), lang.clone());
    PlannedPage::new(id, routes.reference(lang, key), PageKind::Reference(key.clone()))
}

/// Plans the further pages of the lists that a page declares.
pub(super) fn list_parts(lister: &Lister<'_>, entry: &SitePage) -> Vec<PlannedPage> {
    let id = &entry.page.id;
    let mut parts = Vec::new();
    for (name, query) in &entry.page.front.lists {
        let Some(per_page) = query.per_page else { continue };
        let members = listed(query, id.lang(), lister.config, lister.reader);
        let (first, segment) = (&entry.card.url, lister.routes.slug(name));
        let of = members.len().div_ceil(per_page);
        for (number, chunk) in (1..).zip(members.chunks(per_page)).skip(1) {
            let segment: Arc<str> = Arc::from(segment.as_str());
            let own = lister.routes.numbered(first, &segment, number);
            let kind = PageKind::List { page: id.clone(), name: Arc::clone(name) };
            parts.push(PlannedPage {
                members: chunk.iter().map(|card| card.id.clone()).collect(),
                part: Part { number, of, first: first.clone(), segment: segment.clone() },
                ..PlannedPage::new(part_id(id, &segment, number), own, kind)
            });
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::source::{Source, SourceId};

    #[test]
    fn a_long_bibliography_is_on_several_pages_in_the_order_given() {
        let (config, _) = Config::parse(&Source::new(SourceId::new("book.toml"), ""));
        let keys: Vec<CitationKey> =
            (0..LISTED_WORKS + 1).rev().map(|n| CitationKey::new(format!("k{n}"))).collect();
        let (routes, lang) = (Routes::new(&config), Lang::new("en"));
        let pages = bibliography(&Site::default(), &keys, routes, &lang);
        let urls: Vec<String> = pages.iter().map(|page| page.url.to_string()).collect();
        assert_eq!(urls, ["/references/", "/references/page/2/"]);
        let listed = pages.iter().flat_map(|page| &page.works).map(|work| work.key.clone());
        assert_eq!(listed.collect::<Vec<_>>(), keys);
        assert_eq!((pages[1].part.number, pages[1].part.of), (2, 2));
    }
}
