//! Surfaces: the names by which text mentions entities.
//!
//! [`page_surfaces`] takes them from one page; a [`SurfaceSet`] gathers those of a
//! language from the site's facts, and `mentions` looks for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Collection;
use crate::fingerprint::Fingerprint;
use crate::page_id::{Lang, PageId};
use crate::parse::Page;
use crate::parse::page::{FieldValue, Surface};
use crate::parse::text::fold;

use super::contribute::page_title;
use super::facts::{Fact, FactKey, Facts};

/// The most letters that a surface of capitals has for its case to matter.
const MAX_ACRONYM: usize = 5;

/// Returns the surfaces of `page` by their folded form: its title and the values of
/// its collection's surface fields, in its own language.
///
/// Two that fold alike become one that keeps the restrictions of both; none where
/// the collection's pages are no entities.
pub fn page_surfaces(page: &Page, collection: &Collection) -> BTreeMap<Arc<str>, Arc<Surface>> {
    let mut surfaces = BTreeMap::new();
    if !collection.entity || page.is_index {
        return surfaces;
    }
    let title = std::iter::once(plain_surface(&page_title(page)));
    let fields = collection.fields.values().filter(|field| field.surface);
    let mut values = Vec::new();
    for field in fields {
        if let Some(value) = page.front.fields.get(&field.name) {
            gather(value, &mut values);
        }
    }
    let lang = page.id.lang().primary();
    for surface in title.chain(values) {
        let meant = surface.lang.as_deref().is_none_or(|tag| primary(tag) == lang);
        let key = surface_key(&surface.name);
        if !meant || key.is_empty() {
            continue;
        }
        let merged = match surfaces.remove(&key) {
            Some(earlier) => Arc::new(merge(&earlier, surface)),
            None => Arc::new(surface),
        };
        surfaces.insert(key, merged);
    }
    surfaces
}

fn plain_surface(name: &Arc<str>) -> Surface {
    Surface { name: Arc::clone(name), plural: true, ..Surface::default() }
}

/// Gathers the surfaces that a field holds.
pub fn gather(value: &FieldValue, into: &mut Vec<Surface>) {
    match value {
        FieldValue::Surface(surface) => into.push(Surface::clone(surface)),
        FieldValue::Text(name) => into.push(plain_surface(name)),
        FieldValue::List(values) => values.iter().for_each(|value| gather(value, into)),
        _ => {}
    }
}

fn merge(earlier: &Surface, later: Surface) -> Surface {
    // Who writes both PRP and prp means either.
    let differ = is_case_exact(earlier) != is_case_exact(&later);
    let either = || differ.then_some(false);
    Surface {
        exact_case: earlier.exact_case.or(later.exact_case).or_else(either),
        never_link: earlier.never_link || later.never_link,
        plural: earlier.plural && later.plural,
        ..earlier.clone()
    }
}

fn primary(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

/// Returns the form of the surface `name` by which it is looked up: folded, and
/// without trademark signs after it.
pub fn surface_key(name: &str) -> Arc<str> {
    Arc::from(fold(trim_marks(name)).trim())
}

/// Returns `name` without the trademark signs after it, which text may or may not show.
pub(super) fn trim_marks(name: &str) -> &str {
    name.trim_end_matches(|c: char| matches!(c, '®' | '™' | '℠') || c.is_whitespace())
}

/// Tells whether a mention must be written in the case of `surface`: where its author
/// says so, and where it is all capitals and short, as AA and IL-17 are.
pub fn is_case_exact(surface: &Surface) -> bool {
    surface.exact_case.unwrap_or_else(|| {
        let mut letters = surface.name.chars().filter(|c| c.is_alphabetic());
        let count = letters.clone().count();
        (1..=MAX_ACRONYM).contains(&count) && letters.all(char::is_uppercase)
    })
}

/// Returns the plural forms of a folded surface in the language `lang`; none where
/// the language has no rule or the surface no regular plural.
///
/// `acronym` stands for a surface whose case is exact, which takes `s` alone (AAs).
pub fn plural_forms(folded: &str, lang: &Lang, acronym: bool) -> Vec<String> {
    match lang.primary() {
        "en" => english_plurals(folded, acronym),
        _ => Vec::new(),
    }
}

fn english_plurals(folded: &str, acronym: bool) -> Vec<String> {
    let with = |stem: &str, ending: &str| format!("{stem}{ending}");
    let Some(last) = folded.chars().next_back().filter(char::is_ascii_lowercase) else {
        return Vec::new();
    };
    if acronym {
        return if last == 's' { Vec::new() } else { vec![with(folded, "s")] };
    }
    let before = folded.chars().rev().nth(1);
    let after_vowel = before.is_none_or(|c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u'));
    match last {
        's' if before == Some('s') => vec![with(folded, "es")],
        // Diabetes, psoriasis, virus: a plural already, none, or an irregular one.
        's' => Vec::new(),
        'x' | 'z' => vec![with(folded, "es")],
        'h' if before == Some('s') => vec![with(folded, "es")],
        // Both "rashes" and "stomachs": spelling does not tell how it is spoken.
        'h' if before == Some('c') => vec![with(folded, "es"), with(folded, "s")],
        'o' if !after_vowel => vec![with(folded, "s"), with(folded, "es")],
        'y' if !after_vowel => vec![with(&folded[..folded.len() - 1], "ies")],
        _ => vec![with(folded, "s")],
    }
}

/// The surfaces of one language, by their folded form.
#[derive(Clone, Debug, PartialEq)]
pub struct SurfaceSet {
    lang: Lang,
    surfaces: BTreeMap<Arc<str>, Vec<Claim>>,
}

/// A page that a surface names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The page.
    pub entity: PageId,
    /// The surface as its author wrote it.
    pub surface: Arc<Surface>,
}

impl SurfaceSet {
    /// Returns the surfaces of the language `lang` among `facts`.
    pub fn from_facts(facts: &Facts, lang: &Lang) -> Self {
        let first = FactKey::Surface(lang.clone(), Arc::from(""));
        let mut surfaces: BTreeMap<Arc<str>, Vec<Claim>> = BTreeMap::new();
        for (key, contributors) in facts.listed_from(first) {
            let FactKey::Surface(of, folded) = key else { break };
            if of != lang {
                break;
            }
            let claims = contributors.iter().filter_map(|(entity, fact)| match fact {
                Fact::Surface(surface) => {
                    Some(Claim { entity: entity.clone(), surface: Arc::clone(surface) })
                }
                _ => None,
            });
            surfaces.insert(Arc::clone(folded), claims.collect());
        }
        Self { lang: lang.clone(), surfaces }
    }

    /// Returns the surfaces whose folded form `keep` holds of: those that changed, to
    /// find the pages that they concern.
    pub fn filtered(&self, keep: impl Fn(&str) -> bool) -> Self {
        let kept = self.surfaces.iter().filter(|(folded, _)| keep(folded));
        Self {
            lang: self.lang.clone(),
            surfaces: kept.map(|(folded, claims)| (Arc::clone(folded), claims.clone())).collect(),
        }
    }

    /// Returns the language.
    pub fn lang(&self) -> &Lang {
        &self.lang
    }

    /// Returns the folded surfaces with the pages that each names, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &[Claim])> {
        self.surfaces.iter().map(|(folded, claims)| (folded, claims.as_slice()))
    }

    /// Tells whether there are none.
    pub fn is_empty(&self) -> bool {
        self.surfaces.is_empty()
    }

    /// Returns the fingerprint of everything that matching depends on.
    pub fn fingerprint(&self) -> Fingerprint {
        let mut parts: Vec<Vec<u8>> = vec![self.lang.as_str().into()];
        for (folded, claims) in &self.surfaces {
            parts.push(folded.as_bytes().to_vec());
            for Claim { entity, surface } in claims {
                parts.push(entity.path().into());
                parts.push(surface.name.as_bytes().to_vec());
                let flags = [is_case_exact(surface), surface.never_link, surface.plural];
                parts.push(flags.map(u8::from).to_vec());
            }
        }
        Fingerprint::of_parts(parts.iter().map(Vec::as_slice))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::fixture::{TestSite, surface};

    #[test]
    fn english_plurals_are_the_regular_ones() {
        let en = Lang::new("en-GB");
        for (singular, plurals) in [
            ("jak inhibitor", &["jak inhibitors"][..]),
            ("therapy", &["therapies"]),
            ("assay", &["assays"]),
            ("abscess", &["abscesses"]),
            ("rash", &["rashes"]),
            ("stomach", &["stomaches", "stomachs"]),
            ("reflex", &["reflexes"]),
            ("mosquito", &["mosquitos", "mosquitoes"]),
            ("diabetes", &[]),
            ("psoriasis", &[]),
            ("virus", &[]),
            ("il 17", &[]),
            ("sjögré", &[]),
        ] {
            assert_eq!(plural_forms(singular, &en, false), plurals, "{singular}");
        }
        assert_eq!(plural_forms("aa", &en, true), ["aas"]);
        assert!(plural_forms("therapie", &Lang::new("de"), false).is_empty());
    }

    #[test]
    fn short_capitals_and_what_says_so_keep_their_case() {
        for (name, exact) in [
            ("AA", true),
            ("IL-17", true),
            ("JAK1", true),
            ("ÄÖ", true),
            ("HbA1c", false),
            ("NSAIDS", false),
            ("JAK inhibitor", false),
            ("17", false),
        ] {
            assert_eq!(is_case_exact(&surface(name)), exact, "{name}");
        }
        let case = |earlier, later| is_case_exact(&merge(&surface(earlier), surface(later)));
        assert!(case("PRP", "PRP") && !case("PRP", "prp") && !case("prp", "PRP"));
        let said = Surface { exact_case: Some(true), ..surface("Nova") };
        assert!(is_case_exact(&merge(&surface("nova"), said)), "what is said holds for both");
        assert!(is_case_exact(&Surface { exact_case: Some(true), ..surface("Nova") }));
        assert!(!is_case_exact(&Surface { exact_case: Some(false), ..surface("AA") }));
    }

    #[test]
    fn the_set_does_not_depend_on_the_order_in_which_pages_come() {
        let forward = TestSite::new("en")
            .surface("a/x", surface("Nova"))
            .surface("b/y", surface("Vega"))
            .surface("b/y", surface("Nova"));
        let backward = TestSite::new("en")
            .surface("b/y", surface("Nova"))
            .surface("b/y", surface("Vega"))
            .surface("a/x", surface("Nova"));
        let en = Lang::new("en");
        let set = SurfaceSet::from_facts(&forward.site().facts, &en);
        assert_eq!(set, SurfaceSet::from_facts(&backward.site().facts, &en));
        assert_eq!(set.iter().map(|(folded, _)| &**folded).collect::<Vec<_>>(), ["nova", "vega"]);
        assert!(SurfaceSet::from_facts(&forward.site().facts, &Lang::new("de")).is_empty());
    }

    #[test]
    fn the_fingerprint_changes_with_whatever_changes_matching() {
        let of = |surface: Surface| {
            let site = TestSite::new("en").surface("a/x", surface);
            SurfaceSet::from_facts(&site.site().facts, &Lang::new("en")).fingerprint()
        };
        let plain = of(surface("Nova"));
        assert_eq!(plain, of(Surface { region: Some(Arc::from("US")), ..surface("Nova") }));
        assert_ne!(plain, of(Surface { plural: false, ..surface("Nova") }));
        assert_ne!(plain, of(Surface { never_link: true, ..surface("Nova") }));
        assert_ne!(plain, of(Surface { exact_case: Some(true), ..surface("Nova") }));
    }
}
