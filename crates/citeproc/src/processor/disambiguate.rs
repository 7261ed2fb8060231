//! Telling ambiguous cites apart (CSL 1.0.2, "Disambiguation").
//!
//! The steps are those of the specification, in its order: names hidden by "et al." are added,
//! given names are added, hidden names are added with their given names, the condition
//! `disambiguate` becomes true, and year suffixes are added.

use super::Processor;
use super::memory::{Compared, ComparedKey};
use super::registry::{Registered, Registry};
use crate::cite::Position;
use crate::render::{Area, Context, Disambiguation, GivenLevel, NamesTrace, Renderer};
use crate::style::model::*;
use crate::style::reads::NumberUse;
use indexmap::IndexMap;
use std::sync::Arc;

static PLAIN: Disambiguation =
    Disambiguation { shown: Vec::new(), given: Vec::new(), condition: 0 };
static CONDITION: Disambiguation =
    Disambiguation { shown: Vec::new(), given: Vec::new(), condition: u32::MAX };

/// Returns the disambiguation that changes nothing.
pub(super) fn plain() -> &'static Disambiguation {
    &PLAIN
}

/// Returns the disambiguation of entries of the list, which know of the condition alone.
pub(super) fn condition_only(condition: u32) -> &'static Disambiguation {
    if condition > 0 { &CONDITION } else { &PLAIN }
}

/// Works out how the cites of each item are told apart.
pub(super) fn disambiguate(processor: &Processor, registry: &mut Registry<'_>, order: &[usize]) {
    let style = &processor.env.style;
    let spec = &style.citation;
    if !spec.add_names
        && !spec.add_givenname
        && !spec.add_year_suffix
        && style.disambiguate_tests == 0
    {
        return;
    }
    let mut work = Work {
        processor,
        entries: (0..registry.len()).map(|index| registry.get(index)).collect(),
        states: vec![Disambiguation::default(); registry.len()],
    };
    if spec.add_givenname && spec.givenname_rule != GivennameRule::ByCite {
        work.expand_names_globally(spec.givenname_rule);
    }
    let mut unresolved = work.ambiguous_sets((0..registry.len()).collect());
    if spec.add_names {
        unresolved = work.split_all(unresolved, Work::more_names);
    }
    if spec.add_givenname && spec.givenname_rule == GivennameRule::ByCite {
        unresolved = work.split_all(unresolved, Work::fuller_names);
        if spec.add_names {
            unresolved = work.split_all(unresolved, Work::more_fuller_names);
        }
    }
    if style.disambiguate_tests > 0 {
        unresolved = work.by_condition(unresolved, spec.add_year_suffix);
    }
    let states = std::mem::take(&mut work.states);
    let suffixes =
        if spec.add_year_suffix { year_suffixes(&unresolved, order) } else { Vec::new() };
    for (index, state) in states.into_iter().enumerate() {
        registry.get_mut(index).disambiguation = state;
    }
    for (index, suffix) in suffixes {
        registry.get_mut(index).year_suffix = Some(suffix);
    }
}

/// Numbers the members of each ambiguous set in the order of the list.
fn year_suffixes(sets: &[Vec<usize>], order: &[usize]) -> Vec<(usize, u32)> {
    let mut rank = vec![0; order.len()];
    for (place, &index) in order.iter().enumerate() {
        rank[index] = place;
    }
    let mut suffixes = Vec::new();
    for set in sets {
        let mut members = set.clone();
        members.sort_by_key(|&index| rank[index]);
        suffixes.extend(members.into_iter().enumerate().map(|(n, index)| (index, n as u32)));
    }
    suffixes
}

/// The items being told apart.
struct Work<'w> {
    processor: &'w Processor,
    entries: Vec<&'w Registered<'w>>,
    states: Vec<Disambiguation>,
}

impl<'w> Work<'w> {
    /// Renders a cite of an item as it would look in some state.
    fn cite(&self, index: usize, state: &Disambiguation) -> Arc<Compared> {
        let entry = self.entries[index];
        let number = match self.processor.env.style.reads.citation.number {
            NumberUse::Unused => None,
            NumberUse::Shown | NumberUse::Examined => Some(entry.number),
        };
        match entry.remembered() {
            Some(remembered) => {
                let key = ComparedKey { number, disambiguation: state.clone() };
                remembered.compared.get_or(key, || self.compared(entry, state))
            }
            None => Arc::new(self.compared(entry, state)),
        }
    }

    fn compared(&self, entry: &Registered<'_>, state: &Disambiguation) -> Compared {
        let cx = Context {
            item: entry.item(),
            area: Area::Citation,
            locator: None,
            position: Position::Subsequent,
            near_note: false,
            first_note: None,
            number: Some(entry.number),
            year_suffix: None,
            disambiguation: state,
            suppress_names: false,
            suppress_number: false,
            sort: None,
            narrative: false,
            begins_sentence: false,
            comparing: true,
        };
        let mut renderer = Renderer::new(&self.processor.env, cx);
        renderer.layout(&self.processor.env.style.citation.layout);
        let text = renderer.out.plain(0..renderer.out.ops.len());
        Compared { text, trace: renderer.trace }
    }

    /// Splits a set by what the cites of its members look like in their present state.
    fn groups(&self, set: &[usize]) -> Vec<Vec<usize>> {
        let cites: Vec<_> = set.iter().map(|&i| self.cite(i, &self.states[i])).collect();
        let mut groups: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for (cite, &index) in cites.iter().zip(set) {
            groups.entry(&cite.text).or_default().push(index);
        }
        groups.into_values().collect()
    }

    fn ambiguous_sets(&self, set: Vec<usize>) -> Vec<Vec<usize>> {
        self.groups(&set).into_iter().filter(|group| group.len() > 1).collect()
    }

    /// Applies a step to sets until none of them can be split further by it.
    fn split_all(
        &mut self,
        sets: Vec<Vec<usize>>,
        candidates: fn(&Self, &[usize]) -> Vec<Change>,
    ) -> Vec<Vec<usize>> {
        let mut queue: std::collections::VecDeque<Vec<usize>> = sets.into();
        let mut unresolved = Vec::new();
        while let Some(set) = queue.pop_front() {
            match self.split(&set, candidates) {
                Some(groups) => queue.extend(groups.into_iter().filter(|group| group.len() > 1)),
                None => unresolved.push(set),
            }
        }
        unresolved
    }

    /// Applies the first change that splits a set; without one the set stays as it was.
    fn split(
        &mut self,
        set: &[usize],
        candidates: fn(&Self, &[usize]) -> Vec<Change>,
    ) -> Option<Vec<Vec<usize>>> {
        let before: Vec<Disambiguation> = set.iter().map(|&i| self.states[i].clone()).collect();
        for change in candidates(self, set) {
            for &index in set {
                change.apply(&mut self.states[index]);
            }
            let groups = self.groups(set);
            if groups.len() > 1 {
                return Some(groups);
            }
            for (&index, state) in set.iter().zip(&before) {
                self.states[index].clone_from(state);
            }
        }
        None
    }

    /// Returns the longest lists of names among the cites of a set.
    fn lists(&self, set: &[usize]) -> Vec<NamesTrace> {
        let mut lists: Vec<NamesTrace> = Vec::new();
        for &index in set {
            let cite = self.cite(index, &self.states[index]);
            for (slot, own) in cite.trace.iter().copied().enumerate() {
                match lists.get_mut(slot) {
                    Some(list) => {
                        list.total = list.total.max(own.total);
                        list.shown = list.shown.max(own.shown);
                    }
                    None => lists.push(own),
                }
            }
        }
        lists
    }

    /// Step 1: one more hidden name at a time.
    fn more_names(&self, set: &[usize]) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut so_far = Vec::new();
        for (slot, list) in self.lists(set).iter().enumerate() {
            for count in list.shown + 1..=list.total {
                so_far.retain(
                    |part: &Part| !matches!(part, Part::Shown { slot: s, .. } if *s == slot),
                );
                so_far.push(Part::Shown { slot, count });
                changes.push(Change(so_far.clone()));
            }
        }
        changes
    }

    /// Step 2: one fuller given name at a time.
    fn fuller_names(&self, set: &[usize]) -> Vec<Change> {
        let mut changes = Vec::new();
        for (slot, list) in self.lists(set).iter().enumerate() {
            for name in 0..list.shown as usize {
                for &level in levels(list) {
                    changes.push(Change(vec![Part::Given { slot, name, level }]));
                }
            }
        }
        changes
    }

    /// Step 3: hidden names, each with a fuller given name.
    fn more_fuller_names(&self, set: &[usize]) -> Vec<Change> {
        let mut changes = Vec::new();
        for (slot, list) in self.lists(set).iter().enumerate() {
            for count in list.shown + 1..=list.total {
                for &level in levels(list) {
                    let name = count as usize - 1;
                    changes.push(Change(vec![
                        Part::Shown { slot, count },
                        Part::Given { slot, name, level },
                    ]));
                }
            }
        }
        changes
    }

    /// Applies step 4 to sets, and returns those that it leaves for year suffixes.
    ///
    /// Where a set is not resolved as a whole, year suffixes do it better; without these the
    /// condition is the last attempt, and stays true.
    fn by_condition(&mut self, sets: Vec<Vec<usize>>, has_suffixes: bool) -> Vec<Vec<usize>> {
        let mut unresolved = Vec::new();
        for set in sets {
            let before: Vec<Disambiguation> = set.iter().map(|&i| self.states[i].clone()).collect();
            let left = self.split_all(vec![set.clone()], Work::condition);
            if left.is_empty() {
                continue;
            }
            if has_suffixes {
                for (&index, state) in set.iter().zip(before) {
                    self.states[index] = state;
                }
                unresolved.push(set);
            } else {
                let all =
                    Change(vec![Part::Condition(self.processor.env.style.disambiguate_tests)]);
                for &index in left.iter().flatten() {
                    all.apply(&mut self.states[index]);
                }
                unresolved.extend(left);
            }
        }
        unresolved
    }

    /// Step 4: one more condition at a time.
    fn condition(&self, set: &[usize]) -> Vec<Change> {
        let reached = set.iter().map(|&index| self.states[index].condition).max().unwrap_or(0);
        let count = self.processor.env.style.disambiguate_tests;
        (reached + 1..=count).map(|level| Change(vec![Part::Condition(level)])).collect()
    }

    /// Gives every name that is ambiguous in itself a fuller form.
    fn expand_names_globally(&mut self, rule: GivennameRule) {
        let primary =
            matches!(rule, GivennameRule::PrimaryName | GivennameRule::PrimaryNameWithInitials);
        let initials_only = matches!(
            rule,
            GivennameRule::AllNamesWithInitials | GivennameRule::PrimaryNameWithInitials
        );
        let hyphen = self.processor.env.style.initialize_with_hyphen;
        let people = self.people(primary);
        let mut by_base: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (place, person) in people.iter().enumerate() {
            by_base.entry(person.text(hyphen, GivenLevel::Plain)).or_default().push(place);
        }
        let mut changes = Vec::new();
        for members in by_base.values().filter(|members| members.len() > 1) {
            let persons: Vec<&Person<'_>> = members.iter().map(|&place| &people[place]).collect();
            let bases = Likeness::of(&persons, hyphen, GivenLevel::Plain);
            let initials = Likeness::of(&persons, hyphen, GivenLevel::Initials);
            let full = Likeness::of(&persons, hyphen, GivenLevel::Full);
            for (place, person) in persons.iter().enumerate() {
                if !bases.clashes(place) {
                    continue;
                }
                let available: &[GivenLevel] = match (initials_only, person.list.form) {
                    (true, NameForm::Short) => &[GivenLevel::Initials],
                    (true, _) => &[],
                    (false, _) => levels(&person.list),
                };
                let mut chosen = None;
                for &level in available {
                    let likeness = if level == GivenLevel::Full { &full } else { &initials };
                    if likeness.differs() {
                        chosen = Some(level);
                    }
                    if !likeness.clashes(place) {
                        chosen = Some(level);
                        break;
                    }
                }
                if let Some(level) = chosen {
                    let part = Part::Given { slot: person.slot, name: person.place, level };
                    changes.push((person.index, Change(vec![part])));
                }
            }
        }
        for (index, change) in changes {
            change.apply(&mut self.states[index]);
        }
    }

    /// Returns the names that cites show, or the first of each cite.
    fn people(&self, primary: bool) -> Vec<Person<'w>> {
        let mut people: Vec<Person<'w>> = Vec::new();
        for (index, entry) in self.entries.iter().copied().enumerate() {
            let cite = self.cite(index, &PLAIN);
            for (slot, list) in cite.trace.iter().copied().enumerate() {
                if primary && slot > 0 {
                    break;
                }
                let (names, _) = crate::item::Name::split_others(entry.item().names(list.variable));
                let count = if primary { 1 } else { names.len() };
                for (place, name) in names.iter().take(count).enumerate() {
                    people.push(Person { index, slot, place, name, list });
                }
            }
        }
        people
    }
}

/// How names of one base form compare in a fuller form.
struct Likeness {
    /// Of each name: which of the texts it has.
    texts: Vec<usize>,
    /// Of each text: whether names that differ share it.
    shared: Vec<bool>,
}

impl Likeness {
    fn of(persons: &[&Person<'_>], hyphen: bool, level: GivenLevel) -> Self {
        let mut seen: IndexMap<String, (String, bool)> = IndexMap::new();
        let mut texts = Vec::with_capacity(persons.len());
        for person in persons {
            let text = person.text(hyphen, level);
            let given = person.given_key();
            texts.push(match seen.get_full_mut(&text) {
                Some((place, _, (first, shared))) => {
                    *shared |= *first != given;
                    place
                }
                None => seen.insert_full(text, (given, false)).0,
            });
        }
        Self { texts, shared: seen.into_values().map(|(_, shared)| shared).collect() }
    }

    /// Tells whether the form tells any of the names apart.
    fn differs(&self) -> bool {
        self.shared.len() > 1
    }

    /// Tells whether another name has the text of this one.
    fn clashes(&self, place: usize) -> bool {
        self.shared[self.texts[place]]
    }
}

/// A name at its place in an item.
struct Person<'w> {
    index: usize,
    slot: usize,
    place: usize,
    name: &'w crate::item::Name,
    list: NamesTrace,
}

impl Person<'_> {
    /// Returns the given names without what is a matter of spelling.
    fn given_key(&self) -> String {
        let given = self.name.given.as_deref().unwrap_or_default();
        given.chars().filter(|c| !c.is_whitespace() && *c != '.').collect()
    }

    /// Returns the name as text in a form, for comparison.
    fn text(&self, hyphen: bool, level: GivenLevel) -> String {
        let name = self.name;
        if let Some(literal) = &name.literal {
            return literal.to_string();
        }
        let mut text = String::new();
        for part in [&name.non_dropping_particle, &name.family].into_iter().flatten() {
            text.push_str(part);
            text.push(' ');
        }
        let given = name.given.as_deref().unwrap_or_default();
        let shown = match (level, self.list.form) {
            (GivenLevel::Full, _) => Some(given.to_owned()),
            (GivenLevel::Plain, NameForm::Short) => None,
            (GivenLevel::Initials, _) => Some(crate::render::initials(given, ".", hyphen)),
            _ if self.list.initials => Some(crate::render::initials(given, ".", hyphen)),
            _ => Some(given.to_owned()),
        };
        if let Some(shown) = shown {
            text.push('|');
            text.push_str(&shown);
        }
        text
    }
}

/// Returns the ways in which the names of a list can be written more fully.
fn levels(list: &NamesTrace) -> &'static [GivenLevel] {
    match (list.form, list.initials) {
        (NameForm::Short, true) => &[GivenLevel::Initials, GivenLevel::Full],
        (NameForm::Short, false) | (NameForm::Long, true) => &[GivenLevel::Full],
        _ => &[],
    }
}

/// A change to how cites look.
#[derive(Debug, Clone)]
struct Change(Vec<Part>);

#[derive(Debug, Clone, Copy)]
enum Part {
    Shown { slot: usize, count: u32 },
    Given { slot: usize, name: usize, level: GivenLevel },
    Condition(u32),
}

impl Change {
    fn apply(&self, state: &mut Disambiguation) {
        for part in &self.0 {
            match *part {
                Part::Shown { slot, count } => {
                    if state.shown.len() <= slot {
                        state.shown.resize(slot + 1, 0);
                    }
                    state.shown[slot] = state.shown[slot].max(count);
                }
                Part::Given { slot, name, level } => {
                    if state.given.len() <= slot {
                        state.given.resize(slot + 1, Vec::new());
                    }
                    let given = &mut state.given[slot];
                    if given.len() <= name {
                        given.resize(name + 1, GivenLevel::Plain);
                    }
                    given[name] = given[name].max(level);
                }
                Part::Condition(level) => state.condition = state.condition.max(level),
            }
        }
    }
}
