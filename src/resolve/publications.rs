//! The works of people: those that their pages list, else those that the database
//! knows them to have written.

use std::collections::{BTreeMap, BTreeSet};

use crate::citation::authors::{KnownAuthor, name_key, orcid_key, works_of};
use crate::citation::{Bibliography, CitationKey};
use crate::config::{Collection, Config, Role};
use crate::page_id::PageId;
use crate::parse::PageHead;
use crate::parse::page::FieldValue;

use super::derive::push_keys;
use super::site::Site;
use super::surfaces::gather;

/// The scheme by which authors of works are known.
const ORCID: &str = "orcid";

/// Returns the works of each person of the site, by page, in the order in which the
/// page lists them, or else in that of the database.
pub fn publications(
    site: &Site,
    config: &Config,
    works: &Bibliography,
) -> BTreeMap<PageId, Vec<CitationKey>> {
    let mut listed = BTreeMap::new();
    let mut sought = BTreeMap::new();
    for (id, entry) in &site.pages {
        let page: &PageHead = &entry.page;
        let collection = page.collection.as_ref().and_then(|name| config.collections.get(name));
        let Some(collection) = collection.filter(|c| c.people && !page.is_index) else { continue };
        let Some(field) = collection.field_with_role(Role::Publications) else { continue };
        match page.front.fields.get(&field.name) {
            None | Some(FieldValue::Null) => {
                sought.insert(id.clone(), known_author(page, &entry.card.title, collection));
            }
            Some(value) => {
                let mut keys = Vec::new();
                push_keys(value, &mut keys);
                listed.insert(id.clone(), keys);
            }
        }
    }
    listed.extend(works_of(&sought, works));
    listed
}

/// Returns the names and the ORCID by which the person that `page` describes, whose name is
/// `title`, is known.
pub fn known_author(page: &PageHead, title: &str, collection: &Collection) -> KnownAuthor {
    let fields = &page.front.fields;
    let mut surfaces = Vec::new();
    for field in collection.fields.values().filter(|field| field.surface) {
        fields.get(&field.name).into_iter().for_each(|value| gather(value, &mut surfaces));
    }
    let mut names: BTreeSet<String> = surfaces.iter().map(|s| name_key(&s.name)).collect();
    names.insert(name_key(title));
    let text = |name: &str| match fields.get(name) {
        Some(FieldValue::Text(text)) => Some(&**text),
        _ => None,
    };
    if let (Some(given), Some(family)) = (text("given"), text("family")) {
        names.insert(name_key(&format!("{given} {family}")));
    }
    let mut ids = fields.values().filter_map(|value| match value {
        FieldValue::Ids(ids) => ids.iter().find(|(scheme, _)| **scheme == *ORCID),
        _ => None,
    });
    let orcid = ids.next().map(|(_, orcid)| orcid_key(orcid));
    KnownAuthor { names, orcid }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::CitationFile;
    use crate::resolve::fixture::WrittenSite;
    use crate::source::{Source, SourceId};

    #[test]
    fn works_are_those_listed_or_else_those_of_the_name() {
        let bib = "@book{a, author = {Roe, Jane}}\n@book{b, author = {Roe, J.}}\n\
            @book{c, author = {Doe, Joan}}\n";
        let file = CitationFile::parse(&Source::new(SourceId::new("citations/a.bib"), bib));
        let works = Bibliography::merge([&file], []).0;
        let person = |path: &str, fields: &str| {
            let site = WrittenSite::new("").page(path, &format!("---\n{fields}\n---\n"));
            let found = publications(&site.resolve(), &site.config, &works);
            found.into_values().flatten().map(|key| key.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(person("people/x.md", "name: Jane Roe"), ["a"]);
        assert_eq!(person("people/x.md", "name: Jane Roe\naliases: Roe J"), ["a", "b"]);
        assert_eq!(person("people/x.md", "name: Dr Roe\ngiven: Jane\nfamily: Roe"), ["a"]);
        assert_eq!(person("people/x.md", "name: Jane Roe\npublications: [c, b]"), ["c", "b"]);
        assert_eq!(person("people/x.md", "name: Jane Roe\npublications: []"), [""; 0]);
        assert_eq!(person("articles/x.md", "title: Jane Roe"), [""; 0]);
    }
}
