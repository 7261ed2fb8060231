//! Who wrote a work, by name and ORCID, so that a person's works can be found.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use citeproc::item::{Name, NameVariable};

use crate::ids;

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
    let mut key = String::with_capacity(name.len());
    let mut push = |c: char| match c.is_alphanumeric() {
        true => key.push(c),
        false if !key.is_empty() && !key.ends_with(' ') => key.push(' '),
        false => {}
    };
    match name.is_ascii() {
        true => name.chars().for_each(|c| push(c.to_ascii_lowercase())),
        false => {
            let letters = name.nfd().filter(|c| !is_combining_mark(*c));
            letters.flat_map(char::to_lowercase).for_each(push);
        }
    }
    key.truncate(key.trim_end().len());
    key
}

/// Returns an ORCID in its usual form, without its address.
pub fn orcid_key(orcid: &str) -> String {
    ids::built_in("orcid").map_or_else(|| orcid.to_owned(), |scheme| scheme.normalize(orcid))
}

impl KnownAuthor {
    /// Tells whether they are among the authors of `entry`: by ORCID where both have
    /// one, else by name.
    pub fn wrote(&self, entry: &Entry) -> bool {
        !People::new([(&(), self)]).authors_of(entry).is_empty()
    }
}

/// People by what tells them from others.
struct People<'a, I> {
    by_orcid: HashMap<&'a str, Vec<&'a I>>,
    /// By each name, each with their ORCID.
    by_name: HashMap<&'a str, Vec<(&'a I, Option<&'a str>)>>,
    /// The words of the names: who has none of them in their name is nobody known.
    words: HashSet<&'a str>,
}

impl<'a, I: Ord> People<'a, I> {
    fn new(people: impl IntoIterator<Item = (&'a I, &'a KnownAuthor)>) -> Self {
        let mut by_orcid: HashMap<&str, Vec<&I>> = HashMap::new();
        let mut by_name: HashMap<&str, Vec<(&I, Option<&str>)>> = HashMap::new();
        for (id, person) in people {
            let orcid = person.orcid.as_deref();
            if let Some(orcid) = orcid {
                by_orcid.entry(orcid).or_default().push(id);
            }
            for name in &person.names {
                by_name.entry(name).or_default().push((id, orcid));
            }
        }
        let words = by_name.keys().flat_map(|name| name.split(' ')).collect();
        Self { by_orcid, by_name, words }
    }

    /// Returns who of them is among the authors of `entry`.
    fn authors_of(&self, entry: &Entry) -> BTreeSet<&'a I> {
        let mut authors = BTreeSet::new();
        for name in entry.item.names(NameVariable::Author) {
            self.push_who_is(name, &mut authors);
        }
        authors
    }

    /// Notes who of them is `name`: by ORCID where both have one, else by name.
    fn push_who_is(&self, name: &Name, found: &mut BTreeSet<&'a I>) {
        let orcid = name.orcid.as_deref().map(orcid_key);
        if let Some(orcid) = &orcid {
            found.extend(self.by_orcid.get(orcid.as_str()).into_iter().flatten());
        }
        let mut push_named = |form: &str| {
            let named = self.by_name.get(form.trim()).into_iter().flatten();
            found.extend(
                named.filter(|(_, own)| orcid.is_none() || own.is_none()).map(|(id, _)| *id),
            );
        };
        if let Some(literal) = &name.literal {
            return push_named(&name_key(literal));
        }
        let parts = [&name.dropping_particle, &name.non_dropping_particle, &name.family];
        let family: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
        let family = name_key(&family.join(" "));
        if family.is_empty() || !family.split(' ').all(|word| self.words.contains(word)) {
            return;
        }
        let given = name_key(name.given.as_deref().unwrap_or_default());
        let initials: Vec<&str> = given
            .split(' ')
            .filter_map(|word| word.get(..word.chars().next()?.len_utf8()))
            .collect();
        for given in [given.clone(), initials.join(" "), initials.concat()] {
            push_named(&format!("{given} {family}"));
            push_named(&format!("{family} {given}"));
        }
    }
}

/// Returns the works of which each of `people` is an author, in the order of the database.
pub fn works_of<I: Ord + Clone>(
    people: &BTreeMap<I, KnownAuthor>,
    works: &Bibliography,
) -> BTreeMap<I, Vec<CitationKey>> {
    let mut found: BTreeMap<I, Vec<CitationKey>> = BTreeMap::new();
    if people.is_empty() {
        return found;
    }
    let people = People::new(people);
    for entry in works.keys().filter_map(|key| works.get(key)) {
        for id in people.authors_of(entry) {
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
    fn names_are_compared_by_their_letters() {
        assert_eq!(name_key("  O'Brien-Smith,  J. "), "o brien smith j");
        assert_eq!(name_key("Śmigły–Rydz"), "smigły rydz");
        assert_eq!(name_key("…"), "");
    }

    #[test]
    fn an_orcid_decides_where_both_have_one() {
        let orcid = Some("0000-0002-1825-0097");
        assert_eq!(keys(&["Jane Mary Müller"], orcid), ["full", "other"]);
        assert_eq!(keys(&["Joan Müller"], Some("0000-0001-5109-3700")), [""; 0]);
        assert_eq!(keys(&["Joan Müller"], None), ["other"]);
    }
}
