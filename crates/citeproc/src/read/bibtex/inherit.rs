//! What an entry inherits by `xdata` and `crossref`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::syntax::{RawEntry, RawField, RawFile};
use crate::read::ReadError;

/// How many generations an entry inherits from; files in use have two.
const MAX_GENERATIONS: usize = 16;

/// How many entries are looked at for one entry; entries that name several others, which do the
/// same, would otherwise take time without bound.
const MAX_VISITS: usize = 256;

/// Adds the inherited fields to all entries, and reports keys that lead nowhere.
pub(super) fn resolve(file: &mut RawFile<'_>) {
    let refers = |entry: &RawEntry<'_>| {
        entry.fields.iter().any(|field| matches!(&*field.name, "xdata" | "crossref"))
    };
    let referring: Vec<usize> =
        (0..file.entries.len()).filter(|&index| refers(&file.entries[index])).collect();
    if referring.is_empty() {
        return;
    }
    let mut index = BTreeMap::new();
    for (position, entry) in file.entries.iter().enumerate() {
        index.entry(entry.key.to_lowercase()).or_insert(position);
    }
    // All is computed from the file as written, so that the order of entries plays no part.
    let mut resolved = Vec::with_capacity(referring.len());
    for &position in &referring {
        let mut walk = Walk { path: vec![position], visits: 0 };
        resolved.push(inherited(&file.entries, &index, &mut walk));
    }
    for (position, (fields, missing)) in referring.into_iter().zip(resolved) {
        let entry = &mut file.entries[position];
        entry.fields = fields;
        for key in missing {
            file.errors.push(
                ReadError::new(
                    format!("`{}` refers to `{key}`, which is not in this file", entry.key),
                    entry.key_span.clone(),
                )
                .with_help("the entry named in `crossref` or `xdata` must be in the same file"),
            );
        }
    }
}

/// A way from an entry to those that it inherits from.
struct Walk {
    /// The entries from the first to the present one.
    path: Vec<usize>,
    /// How many entries were looked at.
    visits: usize,
}

/// Returns the fields of the last entry of the walk with what they inherit, and the unknown keys.
fn inherited<'a>(
    entries: &[RawEntry<'a>],
    index: &BTreeMap<String, usize>,
    walk: &mut Walk,
) -> (Vec<RawField<'a>>, Vec<String>) {
    let Some(entry) = walk.path.last().map(|&position| &entries[position]) else {
        return Default::default();
    };
    let mut fields = entry.fields.clone();
    let mut missing = Vec::new();
    let references = entry.fields.iter().filter_map(|field| match &*field.name {
        "xdata" => Some((true, &field.value)),
        "crossref" => Some((false, &field.value)),
        _ => None,
    });
    // `xdata` belongs to the entry itself, so it goes before `crossref`.
    let (own, parents): (Vec<_>, Vec<_>) = references.partition(|(is_xdata, _)| *is_xdata);
    for (is_xdata, keys) in own.into_iter().chain(parents) {
        for key in keys.split(',').map(str::trim).filter(|key| !key.is_empty()) {
            let Some(&position) = index.get(&key.to_lowercase()) else {
                missing.push(key.to_owned());
                continue;
            };
            // A circle of references gives nothing more.
            let is_circle = walk.path.contains(&position);
            if is_circle || walk.path.len() > MAX_GENERATIONS || walk.visits >= MAX_VISITS {
                continue;
            }
            walk.visits += 1;
            walk.path.push(position);
            let (parent_fields, _) = inherited(entries, index, walk);
            walk.path.pop();
            let parent = &entries[position];
            for field in parent_fields {
                let name = if is_xdata {
                    Some(field.name.clone())
                } else {
                    inherited_name(&parent.kind, &entry.kind, &field.name)
                };
                if let Some(name) = name
                    && !fields.iter().any(|own| own.name == name)
                {
                    fields.push(RawField { name, value: field.value });
                }
            }
        }
    }
    (fields, missing)
}

/// Returns the name under which a child inherits a field, `None` where it does not.
fn inherited_name<'a>(parent: &str, child: &str, name: &Cow<'a, str>) -> Option<Cow<'a, str>> {
    let multi_volume = parent.starts_with("mv");
    let part_of_book = matches!(
        child,
        "inbook"
            | "incollection"
            | "inproceedings"
            | "conference"
            | "inreference"
            | "bookinbook"
            | "suppbook"
            | "suppcollection"
    );
    let in_periodical = parent == "periodical";
    Some(match name.as_ref() {
        "crossref" | "xref" | "xdata" | "ids" | "entryset" | "entrysubtype" | "execute"
        | "label" | "options" | "presort" | "related" | "relatedtype" | "shorthand" | "sortkey"
        | "keywords" | "abstract" | "annotation" | "file" | "note" | "pages" | "doi"
        | "shorttitle" => {
            return None;
        }
        "title" if multi_volume => Cow::Borrowed("maintitle"),
        "subtitle" if multi_volume => Cow::Borrowed("mainsubtitle"),
        "titleaddon" if multi_volume => Cow::Borrowed("maintitleaddon"),
        "title" if part_of_book => Cow::Borrowed("booktitle"),
        "subtitle" if part_of_book => Cow::Borrowed("booksubtitle"),
        "titleaddon" if part_of_book => Cow::Borrowed("booktitleaddon"),
        "title" if in_periodical => Cow::Borrowed("journaltitle"),
        "subtitle" if in_periodical => Cow::Borrowed("journalsubtitle"),
        // The author of a book is not that of a contribution to it.
        "author" if part_of_book => Cow::Borrowed("bookauthor"),
        _ => name.clone(),
    })
}

#[cfg(test)]
mod tests {
    use crate::item::{DateVariable, NameVariable, TextVariable};
    use crate::read::bibtex::read;

    #[test]
    fn a_chapter_takes_from_its_book_what_it_lacks() {
        let library = read(
            "@incollection{a, crossref={Book}, title={Chap}, author={Doe, J}, pages={3--4}}\n\
             @collection{book, title={The Coll}, editor={Ed, E}, crossref={all}, doi={10.1/x}}\n\
             @mvcollection{all, title={All}, publisher={P}, year=2010}",
        );
        assert_eq!(library.errors, []);
        let item = &library.entries[0].item;
        assert_eq!(item.str(TextVariable::Title), Some("Chap"));
        assert_eq!(item.str(TextVariable::ContainerTitle), Some("All"));
        assert_eq!(item.str(TextVariable::VolumeTitle), Some("The coll"));
        assert_eq!(item.str(TextVariable::Publisher), Some("P"));
        assert_eq!(item.names(NameVariable::Editor).len(), 1);
        assert!(item.has(DateVariable::Issued) && !item.has(TextVariable::Doi));
    }

    #[test]
    fn xdata_is_no_entry_and_circles_end() {
        let library = read(
            "@xdata{p, publisher={P}, location={L}, xdata={q}}\n@xdata{q, xdata={p}, series={S}}\n\
             @book{a, xdata={p, q, r}, title={T}}",
        );
        assert_eq!(library.entries.len(), 1);
        let item = &library.entries[0].item;
        assert_eq!(item.str(TextVariable::Publisher), Some("P"));
        assert_eq!(item.str(TextVariable::CollectionTitle), Some("S"));
        let messages: Vec<_> = library.errors.iter().map(|error| error.message.as_str()).collect();
        assert_eq!(messages, ["`a` refers to `r`, which is not in this file"]);
    }
}
