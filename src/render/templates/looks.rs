//! What each template draws with: itself, and whatever it may call in.
//!
//! Two sets of templates draw a page alike where all that the page asked for has the same
//! look in both. A template's text is searched for the names of others, so that a look may
//! hold more than a template really uses, and never less.

use std::collections::{BTreeMap, BTreeSet};

use crate::fingerprint::Fingerprint;
use crate::render::assets::Assets;

use super::{Templates, plain_name};

/// By what templates see the theme's files.
const ASSETS: &str = "assets";

/// The looks of the templates and components of a theme, by the names that pages ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    of: BTreeMap<String, Fingerprint>,
}

/// What a template calls in.
struct Calls<'a> {
    templates: BTreeSet<&'a str>,
    names_assets: bool,
}

impl Looks {
    /// Returns the looks of `templates`, whose pages load `assets`.
    pub fn of(templates: &Templates, assets: &Assets) -> Self {
        let whole = templates.sources.keys().map(String::as_str);
        let plain = whole.clone().map(|name| plain_name(name, &templates.sources));
        let standing: BTreeMap<&str, &str> = whole
            .chain(plain)
            .filter_map(|name| Some((name, templates.standing_for(name)?)))
            .collect();
        let components: BTreeMap<&str, BTreeSet<&str>> = templates
            .components
            .keys()
            .map(|name| (name.as_str(), templates.defining(name).collect()))
            .collect();
        let calls: BTreeMap<&str, Calls<'_>> = templates
            .sources
            .iter()
            .map(|(name, source)| {
                let text = source.text();
                let named = standing.iter().filter(|(name, _)| text.contains(**name));
                let used = tags(&text).filter_map(|tag| components.get(tag));
                let called = named.map(|(_, stands)| stands).chain(used.flatten()).copied();
                let names_assets = text.contains(ASSETS);
                (name.as_str(), Calls { templates: called.collect(), names_assets })
            })
            .collect();
        let loaded = Fingerprint::of(format!("{:?}", assets.urls().collect::<Vec<_>>()).as_bytes());
        let look = |starts: &BTreeSet<&str>| {
            let all = reachable(starts, &calls);
            let mut hasher = Fingerprint::hasher();
            for name in &all {
                hasher.update(name.as_bytes());
                hasher.update(b"\0");
                hasher.update(templates.sources[*name].fingerprint.to_string().as_bytes());
            }
            if all.iter().any(|name| calls[name].names_assets) {
                hasher.update(loaded.to_string().as_bytes());
            }
            hasher.finish()
        };
        let drawn = standing
            .iter()
            .map(|(name, stands)| ((*name).to_owned(), look(&BTreeSet::from([*stands]))));
        // A component is taken from the first that defines it; the others are part of it.
        let shown = components.iter().map(|(name, all)| (asked_component(name), look(all)));
        Self { of: drawn.chain(shown).collect() }
    }

    /// Returns the names that have another look than in `earlier`, or have one in one of
    /// both alone.
    pub fn differing_from(&self, earlier: &Self) -> BTreeSet<String> {
        let all = self.of.keys().chain(earlier.of.keys());
        all.filter(|name| self.of.get(*name) != earlier.of.get(*name)).cloned().collect()
    }
}

/// Returns the name by which a page asks for a component, as authors write it.
pub fn asked_component(name: &str) -> String {
    format!("<{}>", super::component_name(name))
}

/// Returns the names that follow a `<` in the text: components among them.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').skip(1).map(|after| {
        let after = after.trim_start();
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_.:".contains(c);
        &after[..after.find(|c| !is_part(c)).unwrap_or(after.len())]
    })
}

/// Returns `starts` and all that they call in, directly or not.
fn reachable<'a>(
    starts: &BTreeSet<&'a str>,
    calls: &BTreeMap<&'a str, Calls<'a>>,
) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&str> = starts.iter().copied().collect();
    while let Some(name) = open.pop() {
        if found.insert(name) {
            open.extend(calls.get(name).into_iter().flat_map(|calls| &calls.templates));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::FileHandle;
    use crate::render::theme::Theme;
    use crate::render::theme_options::ChosenOptions;
    use crate::source::{Source, SourceId, Span};

    const SITE: [(&str, &str); 6] = [
        ("templates/a.html", "{% extends \"base.html\" %}"),
        ("templates/b.html", "{{ <box/> }}"),
        ("templates/c.html", "alone"),
        ("templates/base.html", "{% include \"part.html\" %}"),
        ("templates/part.html", "part {{ assets.css }}"),
        ("templates/box.html", "{% component box() %}<b>{% endcomponent %}"),
    ];

    fn looks(files: &[(&str, &str)]) -> Looks {
        let source =
            |(id, text): &(&str, &str)| (SourceId::new(*id), Source::new(SourceId::new(*id), text));
        let sources = files.iter().map(source).collect();
        let (mut theme, _) =
            Theme::resolve(&sources, "plain", Span::file(SourceId::new("book.toml")));
        for layer in &mut theme.layers {
            layer.files.retain(|_, source| !source.id.as_str().starts_with("theme:"));
        }
        let (templates, found) = Templates::new(&theme);
        assert_eq!(found, []);
        let files = BTreeMap::<SourceId, FileHandle>::new();
        Looks::of(&templates, &Assets::of(&theme, &ChosenOptions::default(), &files))
    }

    /// Returns the looks of the site in which these files are added or replaced.
    fn looks_with(edits: &[(&str, &str)]) -> Looks {
        let site = SITE.into_iter().chain([("themes/plain/theme.toml", "")]);
        let kept = site.filter(|(id, _)| edits.iter().all(|(edited, _)| edited != id));
        looks(&kept.chain(edits.iter().copied()).collect::<Vec<_>>())
    }

    /// Returns what has another look in it.
    fn differing(edits: &[(&str, &str)]) -> Vec<String> {
        looks_with(edits).differing_from(&looks_with(&[])).into_iter().collect()
    }

    #[test]
    fn a_template_is_part_of_the_look_of_all_that_call_it_in() {
        assert_eq!(differing(&[]), [""; 0]);
        assert_eq!(differing(&[("templates/c.html", "x")]), ["c.html"]);
        assert_eq!(differing(&[("templates/base.html", "x")]), ["a.html", "base.html"]);
        let part = ["a.html", "base.html", "part.html"];
        assert_eq!(differing(&[("templates/part.html", "x")]), part);
        let boxed = differing(&[("templates/box.html", "{% component box() %}{% endcomponent %}")]);
        assert_eq!(boxed, ["<box>", "b.html", "box.html"]);
    }

    #[test]
    fn the_files_of_a_theme_are_part_of_the_look_of_what_names_them() {
        let part = ["a.html", "base.html", "part.html"];
        assert_eq!(differing(&[("themes/plain/static/x.js", "x")]), part);
    }

    #[test]
    fn a_template_that_comes_to_stand_before_another_is_another_look() {
        let later = [("themes/plain/templates/part.html", "further down")];
        assert_eq!(differing(&later), ["plain/part.html"]);
        let below = ("themes/plain/templates/d.html", "{% include \"part.html\" %}");
        let above = [below, ("templates/d.html", "further up")];
        let (before, after) = (looks_with(&[below]), looks_with(&above));
        let differing: Vec<String> = after.differing_from(&before).into_iter().collect();
        assert_eq!(differing, ["d.html"]);
    }
}
