//! Names of pages as authors write them in fields and wikilinks.

use std::sync::Arc;

use crate::page_id::{Lang, PageId};
use crate::parse::text::fold;

use super::linked::RelationTarget;
use super::reader::SiteReader;

/// Returns the page that `name` stands for in the language `lang`: by its id, its
/// bare id, an old id, or else by its title or a surface.
///
/// With `collections`, only their pages count. A full id comes before a bare one.
/// Where the language has no page of that name, the one in `default_lang` is taken, or its
/// translation: what was renamed, or has another title, is the same page.
pub fn page_named(
    name: &str,
    collections: &[Arc<str>],
    lang: &Lang,
    default_lang: &Lang,
    reader: &SiteReader<'_>,
) -> RelationTarget {
    let candidates = candidates(name, collections, lang, reader);
    if candidates.is_empty() && lang != default_lang {
        let found = chosen(name, self::candidates(name, collections, default_lang, reader));
        let translation = |id: &PageId| reader.card(&id.in_lang(lang)).map(|card| card.id.clone());
        return match found.page().and_then(translation) {
            Some(translation) => RelationTarget::Page(translation),
            None => found,
        };
    }
    chosen(name, candidates)
}

fn candidates<'a>(
    name: &str,
    collections: &[Arc<str>],
    lang: &Lang,
    reader: &SiteReader<'a>,
) -> Vec<&'a PageId> {
    let allowed = |id: &&PageId| {
        let collection = || reader.card(id).and_then(|card| card.collection.as_ref());
        collections.is_empty() || collection().is_some_and(|name| collections.contains(name))
    };
    let mut candidates: Vec<&PageId> =
        reader.named(lang, name).into_iter().filter(allowed).collect();
    if candidates.is_empty() {
        candidates = reader.titled(lang, &fold(name)).into_iter().filter(allowed).collect();
    }
    candidates
}

fn chosen(name: &str, candidates: Vec<&PageId>) -> RelationTarget {
    let by_id = |matches: &dyn Fn(&PageId) -> bool| {
        let mut matching = candidates.iter().filter(|id| matches(id));
        matching.next().filter(|_| matching.next().is_none()).map(|&id| id.clone())
    };
    let unique = match *candidates {
        [only] => Some(only.clone()),
        _ => by_id(&|id| id.path() == name).or_else(|| by_id(&|id| id.name() == name)),
    };
    match unique {
        Some(id) => RelationTarget::Page(id),
        None if candidates.is_empty() => RelationTarget::Unknown,
        None => RelationTarget::Ambiguous(candidates.into_iter().cloned().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::fixture::{TestSite, WrittenSite};

    #[test]
    fn ids_come_before_titles_and_full_ids_before_bare_ones() {
        let site = TestSite::new("en")
            .page("jak", "The pathway", &[])
            .page("articles/jak", "Kinases", &[])
            .page("people/kinases", "Jane Roe", &[])
            .page("articles/roe", "Fish eggs", &[]);
        let en = Lang::new("en");
        let of = |name: &str, collections: &[&str]| {
            let collections: Vec<Arc<str>> = collections.iter().map(|&c| Arc::from(c)).collect();
            match page_named(name, &collections, &en, &en, &SiteReader::new(site.site())) {
                RelationTarget::Page(id) => id.path().to_owned(),
                other => format!("{other:?}"),
            }
        };
        assert_eq!(of("jak", &[]), "jak");
        assert_eq!(of("jak", &["articles"]), "articles/jak");
        assert_eq!(of("Kinases", &[]), "articles/jak");
        assert_eq!(of("kinases", &[]), "people/kinases");
        assert_eq!(of("jane  roe", &["people"]), "people/kinases");
        assert_eq!(of("roe", &["people"]), "Unknown");
    }

    #[test]
    fn the_default_language_stands_in() {
        let site = TestSite::new("en").page("treatments/nova", "Nova", &[]);
        let (fr, en) = (Lang::new("fr"), Lang::new("en"));
        let reader = SiteReader::new(site.site());
        let expected = RelationTarget::Page(site.id("treatments/nova"));
        assert_eq!(page_named("nova", &[], &fr, &en, &reader), expected);
        assert_eq!(page_named("nova", &[], &fr, &fr, &reader), RelationTarget::Unknown);
    }

    #[test]
    fn an_old_id_stands_for_the_page_in_every_language() {
        let site = WrittenSite::new("[languages.fr]\n")
            .page("articles/a.md", "---\ntitle: Hair\nredirect_from: [articles/was-a]\n---\n")
            .page("articles/a.fr.md", "---\ntitle: Cheveux\n---\n")
            .resolve();
        let (fr, en) = (Lang::new("fr"), Lang::new("en"));
        let reader = SiteReader::new(&site);
        for name in ["articles/was-a", "Hair", "Cheveux", "a"] {
            let expected = RelationTarget::Page(PageId::new("articles/a", fr.clone()));
            assert_eq!(page_named(name, &[], &fr, &en, &reader), expected, "{name}");
        }
    }
}
