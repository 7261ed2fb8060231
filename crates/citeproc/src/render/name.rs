//! The order, form and formatting of a single name (CSL 1.0.2, "Name" and "Name-part Order").

use super::given::initials;
use super::{GivenLevel, Renderer};
use crate::item::Name;
use crate::output::buffer::Tag;
use crate::output::content;
use crate::style::model::*;

/// How one name of a list is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct NameShape<'s> {
    pub(super) options: &'s NameOptions,
    pub(super) family: &'s NamePart,
    pub(super) given: &'s NamePart,
    pub(super) inverted: bool,
    pub(super) level: GivenLevel,
}

/// The script of a name, on which its order depends.
fn is_romanesque(name: &Name) -> bool {
    let parts = [&name.family, &name.given, &name.suffix];
    parts.into_iter().flatten().any(|part| {
        part.chars().any(|c| {
            matches!(c,
                '-' | '0'..='9' | 'a'..='z' | 'A'..='Z'
                | '\u{0e01}'..='\u{0e5b}' | '\u{c0}'..='\u{17f}' | '\u{370}'..='\u{3ff}'
                | '\u{400}'..='\u{52f}' | '\u{590}'..='\u{5ff}' | '\u{600}'..='\u{6ff}'
                | '\u{1e00}'..='\u{1fff}' | '\u{180}'..='\u{24f}' | '\u{900}'..='\u{97f}'
                | '\u{10a0}'..='\u{10ff}' | '\u{530}'..='\u{58f}')
        })
    })
}

/// Tells whether a particle is written together with what follows.
fn sticks(particle: &str) -> bool {
    particle.ends_with(['\'', '’', '-', '\u{2010}', '\u{2011}', ' '])
}

impl<'a> Renderer<'a> {
    pub(super) fn name(&mut self, name: &Name, shape: NameShape<'_>) {
        if let Some(literal) = &name.literal {
            let open = self.begin(&shape.family.decor);
            content::push_markup(&mut self.out, literal);
            self.end(&shape.family.decor, open);
            return;
        }
        let form = shape.options.form.unwrap_or(NameForm::Long);
        let short = form == NameForm::Short && shape.level == GivenLevel::Plain;
        if !is_romanesque(name) {
            self.push_part(name.family.as_deref(), &shape.family.decor);
            if !short {
                if name.static_ordering && name.family.is_some() && name.given.is_some() {
                    self.out.push(" ");
                }
                self.push_part(name.given.as_deref(), &shape.given.decor);
            }
            return;
        }
        let given = self.given_name(name, &shape);
        let given = given.as_deref().filter(|given| !given.is_empty());
        if short {
            let open = self.begin(&shape.family.affixes);
            let demotes = self.env.style.demote_particle != DemoteParticle::Never;
            self.family(name, shape.family, !(demotes && self.cx.sort.is_some()));
            self.end(&shape.family.affixes, open);
            if name.family.is_none() {
                self.push_part(given, &shape.given.decor);
            }
            return;
        }
        if shape.inverted {
            self.inverted(name, given, &shape);
        } else if name.static_ordering {
            self.family(name, shape.family, true);
            if given.is_some() && name.family.is_some() {
                self.out.push(" ");
            }
            self.push_part(given, &shape.given.decor);
            self.suffix(name, shape.options, " ");
        } else {
            self.straight(name, given, &shape);
        }
    }

    /// Given name first: "Ludwig van Beethoven Jr.".
    ///
    /// The affixes of the family name take in its particles and the suffix.
    fn straight(&mut self, name: &Name, given: Option<&str>, shape: &NameShape<'_>) {
        let has_given = given.is_some();
        self.push_part(given, &shape.given.decor);
        let dropping = name.dropping_particle.as_deref();
        let has_family = name.family.is_some() || name.non_dropping_particle.is_some();
        if has_given && (has_family || dropping.is_some()) {
            self.out.push(" ");
        }
        let affixes = &shape.family.affixes;
        let open = self.begin(affixes);
        if let Some(particle) = dropping {
            self.push_part(Some(particle), &shape.given.plain);
            if has_family && !sticks(particle) {
                self.out.push(" ");
            }
        }
        self.family(name, shape.family, true);
        self.suffix(name, shape.options, if name.comma_suffix { ", " } else { " " });
        self.end(affixes, open);
    }

    /// Family name first: "Beethoven, Ludwig van, Jr.".
    fn inverted(&mut self, name: &Name, given: Option<&str>, shape: &NameShape<'_>) {
        let separator = shape.options.sort_separator.as_deref().unwrap_or(", ");
        let demote = match self.env.style.demote_particle {
            DemoteParticle::Never => false,
            DemoteParticle::SortOnly => self.cx.sort.is_some(),
            DemoteParticle::DisplayAndSort => true,
        };
        let affixes = &shape.family.affixes;
        let open = self.begin(affixes);
        self.family(name, shape.family, !demote);
        self.end(affixes, open);
        let mark = self.out.mark();
        if name.family.is_some() {
            self.out.push(separator);
        }
        let affixes = &shape.given.affixes;
        let open = self.begin(affixes);
        let start = self.out.mark();
        self.push_part(given, &shape.given.plain);
        let demoted = name.non_dropping_particle.as_deref().filter(|_| demote);
        let particles = [(name.dropping_particle.as_deref(), shape.given), (demoted, shape.family)];
        for (particle, part) in particles {
            let Some(particle) = particle else { continue };
            if !self.out.is_empty_since(start) {
                self.out.push(" ");
            }
            self.push_part(Some(particle.trim_end()), &part.plain);
        }
        if !self.end(affixes, open) {
            self.out.cut(mark);
        }
        self.suffix(name, shape.options, separator);
    }

    /// Writes the family name, with the particle that stays before it, without affixes.
    fn family(&mut self, name: &Name, part: &NamePart, with_particle: bool) {
        let decor = &part.plain;
        if with_particle && let Some(particle) = name.non_dropping_particle.as_deref() {
            self.push_part(Some(particle), decor);
            if name.family.is_some() && !sticks(particle) {
                self.out.push(" ");
            }
        }
        self.push_part(name.family.as_deref(), decor);
    }

    fn suffix(&mut self, name: &Name, options: &NameOptions, separator: &str) {
        if let Some(suffix) = &name.suffix {
            self.out.push(separator);
            // Initials without stops go with a suffix without one: "Smith J Jr".
            match options.initialize_with.as_deref() {
                Some(with) if !with.contains('.') && suffix.contains('.') => {
                    content::push_markup(&mut self.out, &suffix.replace('.', ""));
                }
                _ => content::push_markup(&mut self.out, suffix),
            }
        }
    }

    fn push_part(&mut self, part: Option<&str>, decor: &Decor) {
        if let Some(part) = part {
            let open = self.begin(decor);
            content::push_markup(&mut self.out, part);
            self.end(decor, open);
        }
    }

    /// Returns the given name in the form asked for.
    fn given_name(&self, name: &Name, shape: &NameShape<'_>) -> Option<String> {
        let given = name.given.as_deref()?;
        let hyphen = self.env.style.initialize_with_hyphen;
        if shape.level == GivenLevel::Full {
            return Some(given.to_owned());
        }
        Some(match shape.options.initialize_with.as_deref() {
            // A style may ask for initials to tell names apart, and show none elsewhere.
            None if shape.level == GivenLevel::Initials => initials(given, "", hyphen, true),
            None => given.to_owned(),
            Some(with) => {
                let full = shape.options.initialize.unwrap_or(true);
                initials(given, with, hyphen, full)
            }
        })
    }

    /// Puts the names of an item that `render` writes into a tag of their own.
    pub(super) fn tagged(&mut self, tag: Tag, render: impl FnOnce(&mut Self)) {
        let mark = self.out.mark();
        self.out.open(tag);
        let inner = self.out.mark();
        render(self);
        if self.out.is_empty_since(inner) {
            self.out.cut(mark);
        } else {
            self.out.close(tag);
        }
    }
}
