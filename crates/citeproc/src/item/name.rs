//! The name of a person or a group.

/// A name, in the parts that CSL tells apart.
///
/// An absent part is `None`, never an empty string, when it comes from a reader.
///
/// Two names are equal that read alike, whatever else the record knows of the person.
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// The family name, without its particles where these are known.
    pub family: Option<Box<str>>,
    /// The given names.
    pub given: Option<Box<str>>,
    /// A particle that is dropped when the family name stands alone ("van" in "Ludwig van
    /// Beethoven").
    pub dropping_particle: Option<Box<str>>,
    /// A particle that stays with the family name ("de" in "Willem de Kooning").
    pub non_dropping_particle: Option<Box<str>>,
    /// "Jr.", "III" and the like.
    pub suffix: Option<Box<str>>,
    /// A name that is not to be taken apart: a group, or a person with one name.
    pub literal: Option<Box<str>>,
    /// A comma goes before the suffix.
    pub comma_suffix: bool,
    /// The family name stands first whatever the style says.
    pub static_ordering: bool,
    /// What the record says of `parse-names`: whether particles are to be found inside `family`
    /// and `given`. `None` leaves it to the processor.
    pub parse_names: Option<bool>,
    /// The person's ORCID as the record has it. CSL knows none; CSL-JSON in the wild and
    /// PubMed's records do.
    pub orcid: Option<Box<str>>,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        let flags = |name: &Self| (name.comma_suffix, name.static_ordering, name.parse_names);
        self.family == other.family
            && self.given == other.given
            && flags(self) == flags(other)
            && self.dropping_particle == other.dropping_particle
            && self.non_dropping_particle == other.non_dropping_particle
            && self.suffix == other.suffix
            && self.literal == other.literal
    }
}

impl Eq for Name {}

impl Name {
    /// Makes the name of a person.
    pub fn person(family: &str, given: &str) -> Self {
        Self { family: part(family), given: part(given), ..Self::default() }
    }

    /// Makes the name of a group.
    pub fn group(literal: &str) -> Self {
        Self { literal: part(literal), ..Self::default() }
    }

    /// Makes what stands at the end of a list for those whom it does not name: a group named
    /// "others", as BibTeX and CSL-JSON in the wild have it.
    pub fn others() -> Self {
        Self::group("others")
    }

    fn is_others(&self) -> bool {
        self.literal.as_deref() == Some("others")
    }

    /// Takes [`Name::others`] off the end of a list; also tells whether it was there.
    pub fn split_others(names: &[Self]) -> (&[Self], bool) {
        match names.split_last() {
            Some((last, named)) if !named.is_empty() && last.is_others() => (named, true),
            _ => (names, false),
        }
    }

    /// Tells whether no part of it holds text.
    pub fn is_empty(&self) -> bool {
        self.family.is_none()
            && self.given.is_none()
            && self.literal.is_none()
            && self.dropping_particle.is_none()
            && self.non_dropping_particle.is_none()
            && self.suffix.is_none()
    }

    /// Returns the name with its particles and its suffix moved out of `family` and `given`.
    ///
    /// The rules are those of citeproc-js: lower-case words that lead the family name are
    /// non-dropping ("de la Cruz", "d'Arc"), lower-case words that end the given names are
    /// dropping ("Ludwig van"), and what follows a comma in the given names is a suffix ("Martin
    /// Luther, Jr."; with `!` after the comma, it takes a comma in print). A family name in
    /// quotation marks is left as it is, without them. Particles already known are kept.
    pub fn with_particles_split(mut self) -> Self {
        if self.literal.is_some() || self.parse_names == Some(false) {
            return self;
        }
        if let Some(family) = self.family.take() {
            if let Some(quoted) = family.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                self.family = part(quoted);
            } else if self.non_dropping_particle.is_none() {
                let split = leading_particles(&family);
                self.non_dropping_particle = part(family[..split].trim_end());
                self.family = part(&family[split..]);
            } else {
                self.family = Some(family);
            }
        }
        if let Some(given) = self.given.take() {
            let mut rest: &str = &given;
            if self.suffix.is_none()
                && let Some((before, after)) = given.split_once(',')
            {
                let comma = after.starts_with('!');
                let suffix = after.trim_start_matches('!').trim();
                if !suffix.is_empty() {
                    self.suffix = part(suffix);
                    self.comma_suffix |= comma;
                    rest = before.trim_end();
                }
            }
            if self.dropping_particle.is_none() {
                let split = trailing_particles(rest);
                self.dropping_particle = part(rest[split..].trim());
                rest = rest[..split].trim_end();
            }
            self.given = part(rest);
        }
        self
    }
}

fn part(text: &str) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into())
}

/// The marks that end a particle written together with the name ("d'Arc", "al-Rashid").
const PARTICLE_JOINTS: [char; 5] = ['\'', '’', '-', '\u{2010}', '\u{2011}'];

/// Returns how many bytes at the start of a family name are particles.
fn leading_particles(family: &str) -> usize {
    let mut split = 0;
    loop {
        // "'t" is a word of its own, "v.d." an abbreviation of two.
        let rest = family[split..].trim_start_matches(['\'', '’']);
        if !rest.starts_with(char::is_lowercase) {
            return split;
        }
        let Some(end) = rest.find(|c: char| c.is_whitespace() || PARTICLE_JOINTS.contains(&c))
        else {
            return split;
        };
        let word = &rest[..end];
        let joint = rest[end..].chars().next().map_or(0, char::len_utf8);
        let after = &rest[end + joint..];
        let next = after.trim_start();
        let joined = !rest[end..].starts_with(char::is_whitespace);
        // "o'Neill" and "d'Arc" end a particle, "jean-marie" does not: only a name that starts
        // with a capital can follow a joint.
        if !word.chars().all(|c| c.is_lowercase() || c == '.')
            || next.is_empty()
            || (joined && (after.len() != next.len() || !next.starts_with(char::is_uppercase)))
        {
            return split;
        }
        split = family.len() - next.len();
    }
}

/// Returns the byte position in given names at which trailing particles begin.
fn trailing_particles(given: &str) -> usize {
    let mut split = given.len();
    for (start, word) in given.rmatch_indices(char::is_whitespace) {
        let word_start = start + word.len();
        let candidate = given[word_start..split].trim();
        let lower = !candidate.is_empty()
            && candidate.chars().all(|c| c.is_lowercase() || PARTICLE_JOINTS.contains(&c));
        if !lower {
            break;
        }
        split = word_start;
    }
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(family: &str, given: &str) -> Name {
        Name::person(family, given).with_particles_split()
    }

    #[test]
    fn lower_case_words_before_the_family_name_are_non_dropping() {
        for (family, particle, rest) in [
            ("de la Cruz", "de la", "Cruz"),
            ("d'Arc", "d'", "Arc"),
            ("al-Rashid", "al-", "Rashid"),
            ("van der Berg", "van der", "Berg"),
        ] {
            let name = split(family, "A");
            assert_eq!(name.non_dropping_particle.as_deref(), Some(particle), "{family}");
            assert_eq!(name.family.as_deref(), Some(rest), "{family}");
        }
    }

    #[test]
    fn names_without_particles_stay_whole() {
        for family in ["Van Buren", "hooks", "danah", "García", "\u{5f20}", "jean-marie"] {
            let name = split(family, "B");
            assert_eq!(name.family.as_deref(), Some(family));
            assert_eq!(name.non_dropping_particle, None);
        }
        assert_eq!(split("\"de la Cruz\"", "A").family.as_deref(), Some("de la Cruz"));
    }

    #[test]
    fn given_names_lose_dropping_particles_and_suffixes() {
        let name = split("Beethoven", "Ludwig van");
        assert_eq!(name.given.as_deref(), Some("Ludwig"));
        assert_eq!(name.dropping_particle.as_deref(), Some("van"));
        let name = split("King", "Martin Luther,! Jr.");
        assert_eq!(name.given.as_deref(), Some("Martin Luther"));
        assert_eq!(name.suffix.as_deref(), Some("Jr."));
        assert!(name.comma_suffix);
    }
}
