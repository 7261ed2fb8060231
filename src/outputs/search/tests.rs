//! The index of pages that come, change and go: it holds every word of every title, and
//! is the same whatever was there before.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::index::{Files, Found, LanguageIndex};
use super::*;
use crate::outputs::Content;
use crate::page_id::PageId;
use crate::resolve::Card;
use crate::url::UrlPath;

fn card(name: &str, title: &str) -> Arc<Card> {
    let id = PageId::new(format!("articles/{name}"), Lang::new("en"));
    let url = UrlPath::new(&format!("/articles/{name}/"));
    let description = Some(Arc::from("What it is about."));
    Arc::new(Card { description, ..Card::titled(id, title, url) })
}

fn index() -> LanguageIndex {
    LanguageIndex::new(&Lang::new("en"), "search/en/".into())
}

fn updated(index: &mut LanguageIndex, cards: &[Arc<Card>]) -> Files {
    let found = |card| Found { card, page: None, collection: None };
    index.update(&cards.iter().map(found).collect::<Vec<_>>()).clone()
}

/// The bytes of all files, in order.
fn bytes(files: &Files) -> Vec<Vec<u8>> {
    let shards = files.terms.iter().chain(&files.endings);
    let shards = shards.map(|shard| [shard.from.as_bytes(), &shard.bytes].concat());
    let records = files.records.iter().map(|file| match &file.content {
        Content::Bytes(bytes) => bytes.to_vec(),
        Content::Packed(_) | Content::Copy(_) => panic!("a record is made"),
    });
    shards.chain(records).collect()
}

/// Reads a number of seven bits a byte.
fn number(bytes: &mut &[u8]) -> usize {
    let end = bytes.iter().position(|byte| *byte < 0x80).unwrap() + 1;
    let (own, rest) = bytes.split_at(end);
    *bytes = rest;
    own.iter().rev().fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f))
}

/// Reads files of terms as a browser does: each term with its pages and their weights.
fn read(files: &[Shard]) -> BTreeMap<String, Vec<(usize, usize)>> {
    let mut terms = BTreeMap::new();
    for file in files {
        let mut rest: &[u8] = &file.bytes;
        let mut last = Vec::new();
        while !rest.is_empty() {
            let (shared, length) = (number(&mut rest), number(&mut rest));
            last.truncate(shared);
            last.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
            let all = number(&mut rest);
            let left_out = if all > 1 { number(&mut rest) } else { 0 };
            let mut page = 0;
            let pages = (0..all - left_out).map(|_| {
                let posting = number(&mut rest);
                page += posting >> 4;
                (page, posting & 15)
            });
            let pages = pages.collect();
            let term = String::from_utf8(last.clone()).unwrap();
            assert!(term.as_bytes() >= file.from.as_bytes(), "{term} stands before {}", file.from);
            terms.insert(term, pages);
        }
    }
    terms
}

fn titles() -> impl Strategy<Value = Vec<(u8, String)>> {
    let word = prop::sample::select(vec![
        "Hair", "loss", "trials", "Novix", "in", "the", "JAK1", "Sjögren", "α", "doses", "2 %",
    ]);
    let title = prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "));
    prop::collection::btree_map(0..40_u8, title, 0..30).prop_map(|map| map.into_iter().collect())
}

fn cards(titles: &[(u8, String)]) -> Vec<Arc<Card>> {
    titles.iter().map(|(name, title)| card(&format!("{name:03}"), title)).collect()
}

proptest! {
    #[test]
    fn every_word_of_a_title_leads_to_its_page(titles in titles()) {
        let mut index = index();
        let files = updated(&mut index, &cards(&titles));
        let terms = read(&files.terms);
        for (number, (_, title)) in titles.iter().enumerate() {
            for word in words::words(title) {
                let Some(stem) = index.stemmer().stem(&word) else { continue };
                let found = terms[&stem].iter().find(|(page, _)| *page == number);
                prop_assert!(found.is_some_and(|(_, weight)| *weight >= 8), "{} in {}", word, title);
            }
        }
    }

    #[test]
    fn what_was_there_before_leaves_no_trace(states in prop::collection::vec(titles(), 1..4)) {
        let mut kept = index();
        for titles in &states {
            let cards = cards(titles);
            let after = updated(&mut kept, &cards);
            prop_assert_eq!(bytes(&after), bytes(&updated(&mut index(), &cards)));
            // One page changes, and all stand where they stood.
            let Some((first, rest)) = cards.split_first() else { continue };
            let other = card(first.id.name(), "Quite another title about novae");
            let changed: Vec<_> = [other].into_iter().chain(rest.iter().cloned()).collect();
            let after = updated(&mut kept, &changed);
            prop_assert_eq!(bytes(&after), bytes(&updated(&mut index(), &changed)));
        }
    }
}

#[test]
fn an_edit_leaves_the_files_that_it_does_not_touch() {
    let title = |n: usize| format!("w{:05} x{:05} of y{:05}", n * 7 % 3001, n * 13 % 2999, n);
    let cards: Vec<_> = (0..3000).map(|n| card(&format!("{n:05}"), &title(n))).collect();
    let mut index = index();
    let before = updated(&mut index, &cards);
    assert!(before.terms.len() > 10, "{}", before.terms.len());
    let mut changed = cards;
    changed[70] = card("00070", &format!("{} zebra", title(70)));
    let after = updated(&mut index, &changed);
    let known: Vec<_> = before.terms.iter().map(|shard| Arc::as_ptr(&shard.bytes)).collect();
    let new = after.terms.iter().filter(|shard| !known.contains(&Arc::as_ptr(&shard.bytes)));
    assert!((1..=6).contains(&new.count()));
    let same = before.records.iter().zip(&after.records).filter(|(a, b)| a == b).count();
    assert_eq!(same + 1, before.records.len());
}

#[test]
fn a_name_is_a_term_of_its_own_beside_its_first_word() {
    let mut index = index();
    let files = updated(&mut index, &[card("a", "JAK inhibitors"), card("b", "Inhibitors of JAK")]);
    let terms: Vec<_> = read(&files.terms).into_iter().collect();
    let names: Vec<_> = terms.iter().filter(|(term, _)| term.ends_with(' ')).collect();
    assert_eq!(names[0], &("inhibitor jak ".to_owned(), vec![(1, 15)]));
    assert_eq!(names[1], &("jak inhibitor ".to_owned(), vec![(0, 15)]));
    let first = terms.iter().position(|(term, _)| term == "jak").unwrap();
    assert_eq!(terms[first + 1].0, "jak inhibitor ");
}
