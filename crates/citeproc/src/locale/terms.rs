//! The term table of a locale (CSL 1.0.2, "Terms", "Ordinal Suffixes", "Long Ordinals",
//! "Gender-specific Ordinals").

use std::collections::{HashMap, HashSet};

/// Names the form of a term.
///
/// CSL 1.0.2, section "Terms".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) enum TermForm {
    #[default]
    Long,
    Short,
    Verb,
    VerbShort,
    Symbol,
}

const FORMS: usize = 5;

impl TermForm {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "long" => Self::Long,
            "short" => Self::Short,
            "verb" => Self::Verb,
            "verb-short" => Self::VerbShort,
            "symbol" => Self::Symbol,
            _ => return None,
        })
    }

    /// The form to look up when a locale lacks this one.
    fn fallback(self) -> Option<Self> {
        match self {
            Self::Long => None,
            Self::Short | Self::Verb => Some(Self::Long),
            Self::VerbShort => Some(Self::Verb),
            Self::Symbol => Some(Self::Short),
        }
    }
}

/// Names the grammatical gender of a term or the gender a term variant agrees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) enum Gender {
    #[default]
    Neuter,
    Masculine,
    Feminine,
}

impl Gender {
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "masculine" => Self::Masculine,
            "feminine" => Self::Feminine,
            "neuter" => Self::Neuter,
            _ => return None,
        })
    }
}

/// Says which digits of a number an `ordinal-NN` term is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrdinalMatch {
    LastDigit,
    LastTwoDigits,
    WholeNumber,
}

/// Holds the texts of one form of a term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Term {
    pub(crate) single: Box<str>,
    pub(crate) multiple: Box<str>,
    pub(crate) gender: Gender,
}

/// One `ordinal-NN` term.
#[derive(Debug, Clone)]
struct OrdinalRule {
    number: u32,
    matches: OrdinalMatch,
    gender: Option<Gender>,
    text: Box<str>,
}

/// Holds the terms of a locale.
#[derive(Debug, Clone, Default)]
pub(crate) struct Terms {
    forms: HashMap<Box<str>, [Option<Term>; FORMS]>,
    gendered: Vec<(Box<str>, Gender, Term)>,
    ordinals: Vec<OrdinalRule>,
    default_ordinals: Vec<(Option<Gender>, Box<str>)>,
}

impl Terms {
    /// Adds a term, replacing one of the same name, form and gender.
    pub(crate) fn insert(
        &mut self,
        name: &str,
        form: TermForm,
        gender_form: Option<Gender>,
        term: Term,
    ) {
        match gender_form {
            Some(gender) => {
                self.gendered.retain(|(n, g, _)| !(&**n == name && *g == gender));
                self.gendered.push((name.into(), gender, term));
            }
            None => {
                let slots = self.forms.entry(name.into()).or_default();
                slots[form as usize] = Some(term);
            }
        }
    }

    /// Adds an ordinal suffix term; `number` is `None` for the term `ordinal` itself.
    pub(crate) fn insert_ordinal(
        &mut self,
        number: Option<u32>,
        matches: Option<OrdinalMatch>,
        gender: Option<Gender>,
        text: &str,
    ) {
        match number {
            None => {
                self.default_ordinals.retain(|(g, _)| *g != gender);
                self.default_ordinals.push((gender, text.into()));
            }
            Some(number) => {
                let default =
                    if number < 10 { OrdinalMatch::LastDigit } else { OrdinalMatch::LastTwoDigits };
                let matches = matches.unwrap_or(default);
                self.ordinals.retain(|rule| {
                    !(rule.number == number && rule.gender == gender && rule.matches == matches)
                });
                self.ordinals.push(OrdinalRule { number, matches, gender, text: text.into() });
            }
        }
    }

    /// Lays other terms over these, form by form.
    ///
    /// Ordinal suffixes replace each other as a whole: a table that defines one of them hides
    /// all of the tables below it.
    pub(crate) fn overlay(&mut self, other: &Terms) {
        for (name, forms) in &other.forms {
            let slots = self.forms.entry(name.clone()).or_default();
            for (slot, form) in slots.iter_mut().zip(forms) {
                if form.is_some() {
                    slot.clone_from(form);
                }
            }
        }
        for (name, gender, term) in &other.gendered {
            self.insert(name, TermForm::Long, Some(*gender), term.clone());
        }
        if !other.ordinals.is_empty() || !other.default_ordinals.is_empty() {
            self.ordinals.clone_from(&other.ordinals);
            self.default_ordinals.clone_from(&other.default_ordinals);
        }
    }

    /// Fills in whole terms that are missing here.
    pub(crate) fn fill_from(&mut self, other: &Terms) {
        // A language that has a term in its genders alone has it.
        let known: HashSet<Box<str>> =
            self.gendered.iter().map(|(name, ..)| name.clone()).collect();
        let lacks = |forms: &HashMap<Box<str>, _>, name: &str| {
            !forms.contains_key(name) && !known.contains(name)
        };
        let gendered: Vec<_> =
            other.gendered.iter().filter(|(name, ..)| lacks(&self.forms, name)).cloned().collect();
        self.gendered.extend(gendered);
        for (name, forms) in &other.forms {
            if lacks(&self.forms, name) {
                self.forms.insert(name.clone(), forms.clone());
            }
        }
        if self.ordinals.is_empty() && self.default_ordinals.is_empty() {
            self.ordinals.clone_from(&other.ordinals);
            self.default_ordinals.clone_from(&other.default_ordinals);
        }
    }

    /// Returns a term in the form asked for or in the nearest fallback form.
    pub(crate) fn get(&self, name: &str, form: TermForm) -> Option<&Term> {
        let slots = self.forms.get(name)?;
        let mut form = Some(form);
        while let Some(f) = form {
            if let Some(term) = &slots[f as usize] {
                return Some(term);
            }
            form = f.fallback();
        }
        None
    }

    /// Returns a term's text.
    pub(crate) fn text(&self, name: &str, form: TermForm, plural: bool) -> Option<&str> {
        let term = self.get(name, form)?;
        Some(if plural { &term.multiple } else { &term.single })
    }

    /// Returns the variant of a term that agrees with a gender, or the term itself, or the first
    /// variant of a term that has no other.
    pub(crate) fn agreeing(&self, name: &str, gender: Gender) -> Option<&str> {
        let mut variants = self.gendered.iter().filter(|(n, ..)| &**n == name);
        let agreeing = variants.clone().find(|(_, g, _)| *g == gender);
        match agreeing {
            Some((_, _, term)) => Some(&term.single),
            None => self
                .text(name, TermForm::Long, false)
                .or_else(|| variants.next().map(|(_, _, term)| &*term.single)),
        }
    }

    /// Returns the grammatical gender of a term.
    pub(crate) fn gender(&self, name: &str) -> Gender {
        self.get(name, TermForm::Long).map(|t| t.gender).unwrap_or_default()
    }

    /// Returns the suffix that makes a number an ordinal.
    ///
    /// CSL 1.0.2, section "Ordinal Suffixes": the most specific match wins, and within it the
    /// variant that agrees in gender.
    pub(crate) fn ordinal_suffix(&self, number: u32, gender: Gender) -> &str {
        let passes = [
            (OrdinalMatch::WholeNumber, number),
            (OrdinalMatch::LastTwoDigits, number % 100),
            (OrdinalMatch::LastDigit, number % 10),
        ];
        let genders: &[Option<Gender>] =
            if gender == Gender::Neuter { &[None] } else { &[Some(gender), None] };
        for (matches, digits) in passes {
            let candidates =
                || self.ordinals.iter().filter(move |r| r.matches == matches && r.number == digits);
            for wanted in genders {
                if let Some(rule) = candidates().find(|r| r.gender == *wanted) {
                    return &rule.text;
                }
            }
        }
        for wanted in genders {
            if let Some((_, text)) = self.default_ordinals.iter().find(|(g, _)| g == wanted) {
                return text;
            }
        }
        ""
    }
}
