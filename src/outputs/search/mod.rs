//! The search of the site: an index in small files, which the reader's browser asks.
//!
//! [`SEARCH`] makes for each language a folder `search/LANG/` with `index.json`, which says
//! where everything is, and files whose names hold a fingerprint of their content:
//!
//! 1. **terms** (`shards`, from `postings`): sorted stems, each with the pages that have it
//!    and its weight in each. Whole names (titles of a few words, brands, aliases,
//!    abbreviations) are terms too, and stand beside their first word.
//! 2. **endings**: the same terms from their last letter to their first. A word with one
//!    error has either its first half or its last one right, so that what it was meant to
//!    be stands near it in one of the two lists.
//! 3. **records** (`records`): URL, title and description of the pages, 64 a file.
//!
//! A query of one word takes `index.json`, one file of terms, and the records of what is
//! shown. `page_terms` counts the terms of one page and weighs them, `words` makes stems,
//! and `index` keeps all of it from build to build. The other half is the theme's
//! `static/search.js`, which `tests/search.rs` runs over a built site.

mod index;
mod lexicon;
mod page_terms;
mod postings;
mod records;
mod shards;
mod words;

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::config::Collection;
use crate::page_id::Lang;
use crate::parse::document::WordsByLang;

use super::{Artifact, Made, Make, Needs, Output, OutputContext};

use index::{Files, Found, LanguageIndex, artifact};
use records::RECORDS_A_FILE;
use shards::Shard;

/// The index of the site's words, and the page that shows what was found.
pub static SEARCH: Output = Output {
    name: "search",
    summary: "the search: its page, and an index that the browser asks",
    on_by_default: true,
    make: Make::Site(Needs::PAGES.and(Needs::CARDS).and(Needs::TEXTS), make),
};

/// The version of the files' format.
const VERSION: u32 = 1;

/// What the words of the interface are called that the search shows.
const WORDS: &str = "search_";

/// The indexes as they were made last.
#[derive(Debug, Default)]
pub(super) struct SearchMemory {
    languages: Mutex<BTreeMap<Lang, LanguageIndex>>,
}

/// Pages that are listed together.
struct Group<'a> {
    name: &'a str,
    title: String,
    pages: Vec<Found<'a>>,
}

fn make(context: &OutputContext<'_>) -> Made {
    let memory = &context.memory.search.languages;
    let mut languages = memory.lock().expect("no output panics with the lock");
    let by_language = groups(context);
    languages.retain(|lang, _| by_language.contains_key(lang));
    let mut artifacts = Vec::new();
    for (lang, groups) in by_language {
        let folder = format!("search/{lang}/");
        let index = languages
            .entry(lang.clone())
            .or_insert_with(|| LanguageIndex::new(&lang, folder.clone()));
        let found: Vec<Found<'_>> = groups.iter().flat_map(|group| group.pages.clone()).collect();
        let files = index.update(&found).clone();
        let shards = files.terms.iter().chain(&files.endings);
        artifacts.extend(shards.map(|shard| artifact(shard, &folder)));
        artifacts.extend(files.records.iter().cloned());
        let directory = directory(&lang, &groups, &files, index, context.strings);
        artifacts.push(Artifact::new(format!("{folder}index.json"), directory.to_string()));
    }
    Made { artifacts, ..Made::default() }
}

/// Returns the pages of each language by their collections, in the order of the
/// configuration; stand-alone pages come last.
fn groups<'a>(context: &OutputContext<'a>) -> BTreeMap<Lang, Vec<Group<'a>>> {
    let written = context.site.pages.values().map(|entry| (&entry.card, Some(&entry.page)));
    let made = context.site.made.values().map(|card| (card, None));
    let mut groups: BTreeMap<Lang, Vec<Group<'a>>> = BTreeMap::new();
    for (card, page) in written.chain(made) {
        // The home page leads to all others, and is found by nobody who searches.
        if card.is_index && card.collection.is_none() && card.section.is_empty() {
            continue;
        }
        let lang = card.id.lang();
        let of_language = match groups.get_mut(lang) {
            Some(groups) => groups,
            None => groups.entry(lang.clone()).or_insert_with(|| empty_groups(lang, context)),
        };
        let collections = &context.config.collections;
        let place = card.collection.as_ref().and_then(|name| collections.get_index_of(name));
        let collection = place.map(|at| &collections[at]);
        of_language[place.unwrap_or(collections.len())].pages.push(Found {
            card,
            page,
            collection,
        });
    }
    for group in groups.values_mut().flatten() {
        group.pages.sort_by(|a, b| a.card.id.cmp(&b.card.id));
    }
    groups
}

fn empty_groups<'a>(lang: &Lang, context: &OutputContext<'a>) -> Vec<Group<'a>> {
    let group = |collection: &'a Collection| Group {
        name: &collection.name,
        title: context.collection_title(collection, lang),
        pages: Vec::new(),
    };
    let word = |key: &str| context.strings.get(lang).and_then(|words| words.get(key)).cloned();
    let alone = Group {
        name: "",
        title: word("search_other_pages").unwrap_or_default(),
        pages: Vec::new(),
    };
    context.config.collections.values().map(group).chain([alone]).collect()
}

/// Returns `index.json`: all that a browser has to know before its first query.
fn directory(
    lang: &Lang,
    groups: &[Group<'_>],
    files: &Files,
    index: &LanguageIndex,
    strings: &WordsByLang,
) -> Value {
    let mut first = 0;
    let groups = groups.iter().map(|group| {
        let start = first;
        first += group.pages.len();
        (group, start)
    });
    let groups: Vec<Value> = groups
        .filter(|(group, _)| !group.pages.is_empty())
        .map(|(group, start)| json!([group.name, group.title, start]))
        .collect();
    let words = strings.get(lang).into_iter().flatten();
    let words = words.filter_map(|(key, word)| Some((key.strip_prefix(WORDS)?, word)));
    let records = files.records.iter().map(|file| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        Value::from(name.trim_end_matches(".json"))
    });
    json!({
        "version": VERSION,
        "lang": lang.as_str(),
        "pages": first,
        "groups": groups,
        "terms": places(&files.terms),
        "endings": places(&files.endings),
        "records": records.collect::<Value>(),
        "recordsAFile": RECORDS_A_FILE,
        "stems": index.stemmer().rules,
        "words": words.map(|(key, word)| (key.to_owned(), Value::from(&**word))).collect::<Value>(),
    })
}

/// Returns the files by what they start at: that, and the file's name, in turn.
fn places(shards: &[Shard]) -> Value {
    shards.iter().flat_map(|shard| [&*shard.from, &*shard.fingerprint]).map(Value::from).collect()
}

#[cfg(test)]
mod tests;
