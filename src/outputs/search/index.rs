//! The index of one language, kept from build to build.
//!
//! [`LanguageIndex::update`] takes the pages as they are and returns the files. A page is
//! counted again where its file or its card changed; of the files those are written again
//! whose terms or records did. What comes out depends on the pages alone, and not on what
//! was there before: numbers of terms are private, and where a file ends follows from the
//! terms in it (`shards`).
//!
//! Pages are numbered in the order of their collections and ids, so that a page that comes
//! or goes renumbers those after it: then every list is put together anew, from terms that
//! are counted already.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Collection;
use crate::fingerprint::Fingerprint;
use crate::outputs::{Artifact, Content};
use crate::page_id::Lang;
use crate::parse::KeptPage;
use crate::resolve::Card;

use super::lexicon::{Lexicon, TermId};
use super::page_terms::{TITLE, TermCounter, Weighted};
use super::postings::Postings;
use super::records::{RECORDS_A_FILE, record};
use super::shards::{Shard, ShardWriter, ends, separator, size};
use super::words::Stemmer;

/// How many letters a word has at least that is found in spite of a typing error.
const SPELLED: usize = 4;

/// One page as it is found.
#[derive(Clone)]
pub(super) struct Found<'a> {
    /// What others show of it.
    pub(super) card: &'a Arc<Card>,
    /// Its file, where it has one.
    pub(super) page: Option<&'a Arc<KeptPage>>,
    /// Its collection.
    pub(super) collection: Option<&'a Collection>,
}

/// A page as it was counted.
#[derive(Clone, Debug)]
struct Counted {
    card: Arc<Card>,
    page: Option<Arc<KeptPage>>,
    terms: Arc<[Weighted]>,
}

/// The files of one index.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    /// The terms with their pages.
    pub(super) terms: Vec<Shard>,
    /// The terms from their last letter to their first, for words that begin otherwise.
    pub(super) endings: Vec<Shard>,
    /// The records of the pages.
    pub(super) records: Vec<Artifact>,
}

/// The index of one language.
#[derive(Debug)]
pub(super) struct LanguageIndex {
    folder: String,
    lexicon: Lexicon,
    pages: Vec<Counted>,
    postings: Postings,
    /// The terms of `Files::endings`, from their last letter to their first, in order.
    reversed: Vec<Box<str>>,
    files: Files,
}

impl LanguageIndex {
    /// Returns the index of `lang`, which has no page, and whose files go to `folder`.
    pub(super) fn new(lang: &Lang, folder: String) -> Self {
        Self {
            folder,
            lexicon: Lexicon::new(Arc::new(Stemmer::of(lang))),
            pages: Vec::new(),
            postings: Postings::default(),
            reversed: Vec::new(),
            files: Files::default(),
        }
    }

    /// Returns how words become stems.
    pub(super) fn stemmer(&self) -> &Stemmer {
        &self.lexicon.stemmer
    }

    /// Takes in the pages as they are, in order, and returns the files.
    pub(super) fn update(&mut self, found: &[Found<'_>]) -> &Files {
        let is_as_many = self.pages.len() == found.len();
        let is_aligned = is_as_many
            && self.pages.iter().zip(found).all(|(known, found)| known.card.id == found.card.id);
        match is_aligned {
            true => self.follow(found),
            false => self.renumber(found),
        }
        &self.files
    }

    /// Counts the pages that changed, where the others stand where they stood.
    fn follow(&mut self, found: &[Found<'_>]) {
        let stale: Vec<usize> =
            (0..found.len()).filter(|at| !self.pages[*at].is_of(&found[*at])).collect();
        if stale.is_empty() {
            return;
        }
        let wanted: Vec<&Found<'_>> = stale.iter().map(|at| &found[*at]).collect();
        let counted = self.count(&wanted);
        let mut changed_records = BTreeSet::new();
        for (at, counted) in stale.into_iter().zip(counted) {
            let number = u32::try_from(at).expect("a site has fewer pages");
            let known = &self.pages[at];
            self.postings.replace(number, &known.terms, &counted.terms, &self.lexicon);
            if record(&known.card) != record(&counted.card) {
                changed_records.insert(at / RECORDS_A_FILE);
            }
            self.pages[at] = counted;
        }
        for file in changed_records {
            self.files.records[file] = self.record_file(file);
        }
        let changed = self.postings.take_changed();
        self.spell(&changed);
        self.files.terms = self.term_files(Some(&changed));
    }

    /// Puts everything together anew; pages that are as they were are not counted again.
    fn renumber(&mut self, found: &[Found<'_>]) {
        let earlier = std::mem::take(&mut self.pages);
        let mut earlier: HashMap<_, Counted> =
            earlier.into_iter().map(|page| (page.card.id.clone(), page)).collect();
        let known: Vec<Option<Counted>> = found
            .iter()
            .map(|found| earlier.remove(&found.card.id).filter(|known| known.is_of(found)))
            .collect();
        let wanted = found.iter().zip(&known).filter(|(_, known)| known.is_none());
        let wanted: Vec<&Found<'_>> = wanted.map(|(found, _)| found).collect();
        let mut counted = self.count(&wanted).into_iter();
        let pages = known.into_iter().map(|known| known.or_else(|| counted.next()));
        self.pages = pages.map(|page| page.expect("every page is counted")).collect();
        let terms: Vec<Arc<[Weighted]>> =
            self.pages.iter().map(|page| Arc::clone(&page.terms)).collect();
        self.postings = Postings::of(&terms, &self.lexicon);
        let files = self.pages.len().div_ceil(RECORDS_A_FILE);
        self.files.records = (0..files).map(|file| self.record_file(file)).collect();
        self.reversed = self.terms_to_spell();
        self.files.endings = ending_files(&self.reversed);
        self.files.terms = self.term_files(None);
    }

    /// Counts the terms of pages, many at once.
    fn count(&mut self, found: &[&Found<'_>]) -> Vec<Counted> {
        /// Fewer are counted where they are: the lexicons of others would have to be joined.
        const TOGETHER: usize = 64;
        if found.len() <= TOGETHER {
            let empty = Lexicon::new(Arc::clone(&self.lexicon.stemmer));
            let mut counter = TermCounter::new(std::mem::replace(&mut self.lexicon, empty));
            let counted = found.iter().map(|found| Counted::of(found, &mut counter)).collect();
            self.lexicon = counter.lexicon;
            return counted;
        }
        let size = found.len().div_ceil(rayon::current_num_threads() * 4).max(TOGETHER);
        let parts: Vec<(Vec<Counted>, Lexicon)> = found
            .par_chunks(size)
            .map(|found| {
                let lexicon = Lexicon::new(Arc::clone(&self.lexicon.stemmer));
                let mut counter = TermCounter::new(lexicon);
                let counted = found.iter().map(|found| Counted::of(found, &mut counter));
                (counted.collect(), counter.lexicon)
            })
            .collect();
        let mut all = Vec::with_capacity(found.len());
        for (mut pages, lexicon) in parts {
            let ids: Vec<TermId> =
                lexicon.terms().iter().map(|term| self.lexicon.id(term)).collect();
            pages.par_iter_mut().for_each(|page| page.renumber(&ids));
            all.append(&mut pages);
        }
        all
    }

    /// Writes the files of terms; those that hold none of the `changed` terms are as they
    /// were. `None` stands for all terms.
    fn term_files(&self, changed: Option<&BTreeSet<TermId>>) -> Vec<Shard> {
        let terms = self.postings.terms();
        let text = |id: TermId| &**self.lexicon.term(id);
        let pages = self.pages.len();
        let sizes = terms.iter().map(|id| {
            let kept = self.postings.pages(*id).len().min(super::postings::MOST_PAGES);
            (text(*id), size(text(*id), kept, pages))
        });
        let ends = ends(sizes);
        let mut dirty = vec![changed.is_none(); ends.len()];
        for id in changed.into_iter().flatten() {
            let at = terms.partition_point(|other| text(*other) < text(*id));
            let file = ends.partition_point(|end| *end <= at);
            if let Some(dirty) = dirty.get_mut(file) {
                *dirty = true;
            }
        }
        let known: BTreeMap<(&str, &str), &Shard> = self
            .files
            .terms
            .iter()
            .map(|shard| ((shard.first.as_str(), shard.last.as_str()), shard))
            .collect();
        let starts = std::iter::once(0).chain(ends.iter().copied());
        let ranges: Vec<(Range<usize>, bool)> =
            starts.zip(&ends).map(|(start, end)| start..*end).zip(dirty).collect();
        ranges
            .into_par_iter()
            .map(|(range, is_dirty)| {
                let (first, last) = (text(terms[range.start]), text(terms[range.end - 1]));
                let before = range.start.checked_sub(1).map(|at| text(terms[at]));
                let from = separator(before, first);
                let same = known.get(&(first, last)).filter(|_| !is_dirty);
                if let Some(same) = same {
                    return Shard { from, ..Shard::clone(same) };
                }
                let mut writer = ShardWriter::default();
                for id in &terms[range] {
                    let all = self.postings.pages(*id).len();
                    writer.postings(text(*id), all, &self.postings.kept(*id));
                }
                writer.finish(from, first, last)
            })
            .collect()
    }

    /// Tells whether a word that is spelled nearly like this term finds it.
    fn is_spelled(&self, id: TermId) -> bool {
        let term = self.lexicon.term(id);
        let pages = self.postings.pages(id);
        let is_word = term.chars().all(char::is_alphabetic) && term.chars().count() >= SPELLED;
        // A word that stands in one text alone may be an error itself.
        is_word && (pages.len() > 1 || pages.iter().any(|posting| posting.weight() >= TITLE))
    }

    fn terms_to_spell(&self) -> Vec<Box<str>> {
        let terms = self.postings.terms().iter().filter(|id| self.is_spelled(**id));
        let mut reversed: Vec<Box<str>> = terms.map(|id| reverse(self.lexicon.term(*id))).collect();
        reversed.par_sort_unstable();
        reversed
    }

    /// Follows the `changed` terms in the list of endings.
    fn spell(&mut self, changed: &BTreeSet<TermId>) {
        let mut is_as_before = true;
        for id in changed {
            let reversed = reverse(self.lexicon.term(*id));
            match (self.reversed.binary_search(&reversed), self.is_spelled(*id)) {
                (Ok(at), false) => {
                    self.reversed.remove(at);
                    is_as_before = false;
                }
                (Err(at), true) => {
                    self.reversed.insert(at, reversed);
                    is_as_before = false;
                }
                _ => {}
            }
        }
        if !is_as_before {
            self.files.endings = ending_files(&self.reversed);
        }
    }

    fn record_file(&self, file: usize) -> Artifact {
        let start = file * RECORDS_A_FILE;
        let end = (start + RECORDS_A_FILE).min(self.pages.len());
        let records: Vec<String> =
            self.pages[start..end].iter().map(|page| record(&page.card)).collect();
        let text = format!("[{}]", records.join(",\n"));
        let fingerprint = Fingerprint::of(text.as_bytes()).short();
        Artifact::new(format!("{}{fingerprint}.json", self.folder), text)
    }
}

impl Counted {
    fn of(found: &Found<'_>, counter: &mut TermCounter) -> Self {
        let terms = match found.page {
            Some(page) => counter.of_page(&page.page(), found.card, found.collection),
            None => counter.of_made(found.card),
        };
        Self { card: Arc::clone(found.card), page: found.page.cloned(), terms: Arc::from(terms) }
    }

    /// Tells whether it is the page as it is found.
    fn is_of(&self, found: &Found<'_>) -> bool {
        let is_same_page = match (&self.page, found.page) {
            (Some(known), Some(found)) => Arc::ptr_eq(known, found),
            (None, None) => true,
            _ => false,
        };
        is_same_page && (Arc::ptr_eq(&self.card, found.card) || self.card == *found.card)
    }

    /// Gives the terms the numbers that `ids` hold in the place of theirs.
    fn renumber(&mut self, ids: &[TermId]) {
        let mut terms: Vec<Weighted> = self
            .terms
            .iter()
            .map(|term| Weighted::new(ids[term.number() as usize], term.weight()))
            .collect();
        terms.sort_unstable();
        self.terms = Arc::from(terms);
    }
}

/// Returns the files of the terms that are written from their last letter to their first.
fn ending_files(reversed: &[Box<str>]) -> Vec<Shard> {
    let ends = ends(reversed.iter().map(|term| (&**term, size(term, 0, 0))));
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let ranges: Vec<Range<usize>> = starts.zip(&ends).map(|(start, end)| start..*end).collect();
    let files = ranges.into_par_iter().map(|range| {
        let before = range.start.checked_sub(1).map(|at| &*reversed[at]);
        let (first, last) = (&*reversed[range.start], &*reversed[range.end - 1]);
        let mut writer = ShardWriter::default();
        reversed[range.clone()].iter().for_each(|term| writer.term(term));
        writer.finish(separator(before, first), first, last)
    });
    files.collect()
}

fn reverse(term: &str) -> Box<str> {
    term.chars().rev().collect::<String>().into_boxed_str()
}

/// Returns the artifact of a file of terms.
pub(super) fn artifact(shard: &Shard, folder: &str) -> Artifact {
    let path = format!("{folder}{}.bin", shard.fingerprint);
    Artifact { path, content: Content::Bytes(Arc::clone(&shard.bytes)) }
}
