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
    by_name: HashMap<&'a str, Vec<(&'a I, &'a KnownAuthor)>>,
    /// The words of the names: who has none of them in their name is nobody known.
    words: HashSet<&'a str>,
}

impl<'a, I: Ord> People<'a, I> {
    fn new(people: impl IntoIterator<Item = (&'a I, &'a KnownAuthor)>) -> Self {
        let mut by_orcid: HashMap<&str, Vec<&I>> = HashMap::new();
        let mut by_name: HashMap<&str, Vec<(&I, &KnownAuthor)>> = HashMap::new();
        for (id, person) in people {
            if let Some(orcid) = person.orcid.as_deref() {
                by_orcid.entry(orcid).or_default().push(id);
            }
            for name in &person.names {
                by_name.entry(name).or_default().push((id, person));
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
        let mut push_named = |form: &str, may_be: &dyn Fn(&KnownAuthor) -> bool| {
            let named = self.by_name.get(form.trim()).into_iter().flatten();
            let named = named.filter(|(_, known)| orcid.is_none() || known.orcid.is_none());
            found.extend(named.filter(|(_, known)| may_be(known)).map(|(id, _)| *id));
        };
        if let Some(literal) = &name.literal {
            return push_named(&name_key(literal), &|_| true);
        }
        let parts = [&name.dropping_particle, &name.non_dropping_particle, &name.family];
        let family: Vec<&str> = parts.into_iter().filter_map(|part| part.as_deref()).collect();
        let family = name_key(&family.join(" "));
        if family.is_empty() || !family.split(' ').all(|word| self.words.contains(word)) {
            return;
        }
        let given = GivenNames::new(name.given.as_deref().unwrap_or_default());
        for form in both_orders(&given.key, &family) {
            push_named(&form, &|_| true);
        }
        // Jane and John have the same initials.
        let may_be = |known: &KnownAuthor| given.are_initials || given.agree(known, &family);
        for initials in [given.initials.join(" "), given.initials.concat()] {
            for form in both_orders(&initials, &family) {
                push_named(&form, &may_be);
            }
        }
    }
}

fn both_orders(given: &str, family: &str) -> [String; 2] {
    [format!("{given} {family}"), format!("{family} {given}")]
}

/// The given names of an author as a record has them.
struct GivenNames {
    /// In the form of [`name_key`].
    key: String,
    /// The first letter of each, in the form of [`name_key`].
    initials: Vec<String>,
    /// Whether the record has no more than the first letters ("J. M.", "JM").
    are_initials: bool,
}

impl GivenNames {
    fn new(given: &str) -> Self {
        let key = name_key(given);
        let words: Vec<&str> = given.split(|c: char| !c.is_alphanumeric()).collect();
        let are_initials = words.iter().all(|word| is_initials(word));
        let initials = match are_initials {
            true => key.chars().filter(|c| *c != ' ').map(String::from).collect(),
            false => {
                key.split(' ').filter_map(|word| word.chars().next()).map(String::from).collect()
            }
        };
        Self { key, initials, are_initials }
    }

    /// Tells whether `known` has a name with `family` that begins with the same given name
    /// in full, and no other given name that contradicts these.
    fn agree(&self, known: &KnownAuthor, family: &str) -> bool {
        known.names.iter().any(|name| {
            let rest = name.strip_suffix(family).or_else(|| name.strip_prefix(family));
            let (Some(rest), own) = (rest, &self.key) else { return false };
            let mut pairs = rest.split_whitespace().zip(own.split(' '));
            pairs.next().is_some_and(|(theirs, own)| theirs == own)
                && pairs.all(|(theirs, own)| match theirs.len().min(own.len()) {
                    1 => theirs.starts_with(own) || own.starts_with(theirs),
                    _ => theirs == own,
                })
        })
    }
}

/// Tells whether `word` is one letter, or a few capitals that each stand for a name.
fn is_initials(word: &str) -> bool {
    /// More capitals than that are a name in capitals.
    const MOST: usize = 3;
    let letters = word.chars().count();
    letters <= 1 || (letters <= MOST && word.chars().all(char::is_uppercase))
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
        assert_eq!(keys(&["Müller JM"], None), ["short"]);
        assert_eq!(keys(&["J. M. Müller"], None), ["short"]);
        assert_eq!(keys(&["Jane Müller", "Müller JM"], None), ["full", "short"]);
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

    #[test]
    fn initials_stand_for_no_other_given_name() {
        let bib = "@book{john, author={Roe, John}} @book{jane, author={Roe, Jane}} \
            @book{j, author={Roe, J.}} @book{mary, author={Roe, Jane M.}} \
            @book{ann, author={Roe, Jane Ann}} @book{jm, author={Roe, JM}}";
        let file = CitationFile::parse(&Source::new(SourceId::new("citations/a.bib"), bib));
        let works = Bibliography::merge([&file], []).0;
        let person = |names: [&str; 3]| KnownAuthor {
            names: names.iter().map(|name| name_key(name)).collect(),
            orcid: None,
        };
        let people = BTreeMap::from([
            ("jane", person(["Jane Roe", "Jane Mary Roe", "Roe J"])),
            ("john", person(["John Roe", "Roe J", "J. Roe"])),
            ("mary", person(["Jane Mary Roe", "Roe JM", "Roe JA"])),
        ]);
        let found = works_of(&people, &works);
        let keys = |id| found[id].iter().map(CitationKey::as_str).collect::<Vec<_>>();
        assert_eq!(keys("jane"), ["jane", "j"]);
        assert_eq!(keys("john"), ["john", "j"]);
        assert_eq!(keys("mary"), ["mary", "jm"]);
    }
}
