//! Who wrote a work, by name and ORCID, so that a person's works can be found.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use citeproc::item::{Name, NameVariable};

use crate::ids::{self, CustomScheme};

use super::bibliography::{Bibliography, Entry};
use super::key::CitationKey;

/// A person whose works are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownAuthor {
    /// The names under which they write, in the form of [`name_key`].
    pub names: BTreeSet<String>,
    /// Their ORCID, in its usual form.
    pub orcid: Option<String>,
}

/// Returns the form in which names are compared: small letters without marks, and one
/// space for all that is no letter or digit.
pub fn name_key(name: &str) -> String {
    let letters = name.nfd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let letters: String = letters.map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns an ORCID in its usual form, without its address.
pub fn orcid_key(orcid: &str) -> String {
    let none: indexmap::IndexMap<std::sync::Arc<str>, CustomScheme> = indexmap::IndexMap::new();
    ids::scheme("orcid", &none).map_or_else(|| orcid.to_owned(), |scheme| scheme.normalize(orcid))
}

impl KnownAuthor {
    /// Tells whether they are among the authors of `entry`: by ORCID where both have
    /// one, else by name.
    pub fn wrote(&self, entry: &Entry) -> bool {
        entry.item.names(NameVariable::Author).iter().any(|name| self.is(name))
    }

    fn is(&self, name: &Name) -> bool {
        match (&self.orcid, &name.orcid) {
            (Some(own), Some(written)) => *own == orcid_key(written),
            _ => self.is_named(name),
        }
    }

    fn is_named(&self, name: &Name) -> bool {
        if let Some(literal) = &name.literal {
            return self.names.contains(&name_key(literal));
        }
        let parts = [&name.dropping_particle, &name.non_dropping_particle, &name.family];
        let family: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
        let family = name_key(&family.join(" "));
        if family.is_empty() || !self.names.iter().any(|known| known.contains(&family)) {
            return false;
        }
        let given = name_key(name.given.as_deref().unwrap_or_default());
        let initials: Vec<&str> = given
            .split(' ')
            .filter_map(|word| word.get(..word.chars().next()?.len_utf8()))
            .collect();
        let given_forms = [given.clone(), initials.join(" "), initials.concat()];
        given_forms.iter().any(|given| {
            [format!("{given} {family}"), format!("{family} {given}")]
                .iter()
                .any(|form| self.names.contains(form.trim()))
        })
    }
}

/// Returns the works that each of `people` wrote, in the order of the database.
pub fn works_of<I: Ord + Clone>(
    people: &BTreeMap<I, KnownAuthor>,
    works: &Bibliography,
) -> BTreeMap<I, Vec<CitationKey>> {
    let mut found: BTreeMap<I, Vec<CitationKey>> = BTreeMap::new();
    if people.is_empty() {
        return found;
    }
    for entry in works.keys().filter_map(|key| works.get(key)) {
        for (id, _) in people.iter().filter(|(_, person)| person.wrote(entry)) {
            found.entry(id.clone()).or_default().push(entry.key.clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::CitationFile;
    use crate::source::{Source, SourceId};

    fn keys(names: &[&str], orcid: Option<&str>) -> Vec<String> {
        let json = r#"[
            {"id": "full", "type": "book", "author": [{"family": "Müller", "given": "Jane Mary"}]},
            {"id": "short", "type": "book", "author": [{"family": "Müller", "given": "J. M."}]},
            {"id": "other", "type": "book", "author": [{"family": "Müller", "given": "Joan",
                "ORCID": "https://orcid.org/0000-0002-1825-0097"}]},
            {"id": "group", "type": "book", "author": [{"literal": "BRAVE Investigators"}]},
            {"id": "editor", "type": "book", "editor": [{"family": "Müller", "given": "Jane Mary"}]}
        ]"#;
        let file = CitationFile::parse(&Source::new(SourceId::new("citations/a.json"), json));
        let works = Bibliography::merge([&file], []).0;
        let names = names.iter().map(|name| name_key(name)).collect();
        let person = KnownAuthor { names, orcid: orcid.map(orcid_key) };
        let found = works_of(&BTreeMap::from([((), person)]), &works);
        found.into_values().flatten().map(|key| key.to_string()).collect()
    }

    #[test]
    fn a_person_is_found_under_each_of_their_names() {
        assert_eq!(keys(&["Jane Mary Muller"], None), ["full"]);
        assert_eq!(keys(&["Jane Müller"], None), [""; 0]);
        assert_eq!(keys(&["Müller JM"], None), ["full", "short"]);
        assert_eq!(keys(&["J. M. Müller"], None), ["full", "short"]);
        assert_eq!(keys(&["brave investigators"], None), ["group"]);
    }

    #[test]
    fn an_orcid_decides_where_both_have_one() {
        let orcid = Some("0000-0002-1825-0097");
        assert_eq!(keys(&["Jane Mary Müller"], orcid), ["full", "other"]);
        assert_eq!(keys(&["Joan Müller"], Some("0000-0001-5109-3700")), [""; 0]);
        assert_eq!(keys(&["Joan Müller"], None), ["other"]);
    }
}
