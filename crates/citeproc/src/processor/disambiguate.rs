//! Telling ambiguous cites apart (CSL 1.0.2, "Disambiguation").
//!
//! The steps are those of the specification, in its order: names hidden by "et al." are added,
//! given names are added, hidden names are added with their given names, the condition
//! `disambiguate` becomes true, and year suffixes are added.

use super::Processor;
use super::registry::Registry;
use crate::cite::Position;
use crate::item::Item;
use crate::render::{Area, Context, Disambiguation, GivenLevel, NamesTrace, Renderer};
use crate::style::model::*;
use indexmap::IndexMap;

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
        items: (0..registry.len()).map(|index| registry.get(index).item.as_ref()).collect(),
        numbers: (0..registry.len()).map(|index| registry.get(index).number).collect(),
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
        unresolved = work.split_all(unresolved, Work::condition);
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
    items: Vec<&'w Item>,
    numbers: Vec<u32>,
    states: Vec<Disambiguation>,
}

impl<'w> Work<'w> {
    /// Renders a cite of an item as it would look in some state.
    fn cite(&self, index: usize, state: &Disambiguation) -> (String, Vec<NamesTrace>) {
        let cx = Context {
            item: self.items[index],
            area: Area::Citation,
            locator: None,
            position: Position::Subsequent,
            near_note: false,
            first_note: None,
            number: Some(self.numbers[index]),
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
        (text, renderer.trace)
    }

    /// Splits a set by what the cites of its members look like in their present state.
    fn groups(&self, set: &[usize]) -> Vec<Vec<usize>> {
        let mut groups: IndexMap<String, Vec<usize>> = IndexMap::new();
        for &index in set {
            let (text, _) = self.cite(index, &self.states[index]);
            groups.entry(text).or_default().push(index);
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
            let (_, trace) = self.cite(index, &self.states[index]);
            for (slot, own) in trace.into_iter().enumerate() {
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
                for level in levels(list) {
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
                for level in levels(list) {
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
        let mut people: Vec<Person<'w>> = Vec::new();
        for index in 0..self.items.len() {
            let (_, trace) = self.cite(index, &PLAIN);
            for (slot, list) in trace.into_iter().enumerate() {
                let names = self.items[index].names(list.variable);
                let count = if primary { 1 } else { names.len() };
                if primary && slot > 0 {
                    break;
                }
                for (place, name) in names.iter().take(count).enumerate() {
                    let list = list.clone();
                    people.push(Person { index, slot, place, name, list });
                }
            }
        }
        let render = |person: &Person<'w>, level: GivenLevel| -> String {
            person.text(self.processor.env.style.initialize_with_hyphen, level)
        };
        let mut by_base: IndexMap<String, Vec<usize>> = IndexMap::new();
        for (place, person) in people.iter().enumerate() {
            by_base.entry(render(person, GivenLevel::Plain)).or_default().push(place);
        }
        let mut changes = Vec::new();
        for members in by_base.values() {
            let differ = |level: GivenLevel, place: usize| {
                let own = render(&people[place], level);
                members.iter().any(|&other| render(&people[other], level) != own)
            };
            let clashes = |level: GivenLevel, place: usize| {
                let own = render(&people[place], level);
                members.iter().any(|&other| {
                    people[other].given_key() != people[place].given_key()
                        && render(&people[other], level) == own
                })
            };
            for &place in members {
                let person = &people[place];
                if !clashes(GivenLevel::Plain, place) {
                    continue;
                }
                let mut chosen = None;
                let initials = [GivenLevel::Initials];
                let all = levels(&person.list);
                let available = if initials_only && person.list.form == NameForm::Short {
                    &initials[..]
                } else if initials_only {
                    &[]
                } else {
                    &all[..]
                };
                for &level in available {
                    if differ(level, place) {
                        chosen = Some(level);
                    }
                    if !clashes(level, place) {
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
fn levels(list: &NamesTrace) -> Vec<GivenLevel> {
    match (list.form, list.initials) {
        (NameForm::Short, true) => vec![GivenLevel::Initials, GivenLevel::Full],
        (NameForm::Short, false) | (NameForm::Long, true) => vec![GivenLevel::Full],
        _ => Vec::new(),
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
