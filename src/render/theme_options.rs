//! A theme's options as a site sets them under `[theme]`: which there are, and the style
//! sheet that those make which stand for a custom property.
//!
//! An option that the theme lists under `[properties]` sets that custom property; every
//! other one reaches the templates alone. [`judge`] reports what cannot be meant,
//! [`style`] writes what can.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use serde_json::Value;

use crate::config::{self, theme::ThemeConfig};
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::ordered::IndexMap;
use crate::source::Source;

/// The options that a site sets, by name.
pub type ChosenOptions = IndexMap<Arc<str>, Value>;

/// The value of a custom property in light and in dark colours.
#[derive(Debug, PartialEq, Eq)]
struct Property {
    light: String,
    /// `None` where the one value holds for both.
    dark: Option<String>,
}

/// Returns what is wrong with the options that `book` sets: names that the theme does not
/// know, and values that are none of a custom property.
pub fn judge(theme: &ThemeConfig, chosen: &ChosenOptions, book: &Source) -> Vec<Diagnostic> {
    let known = || theme.options.keys().chain(theme.properties.keys()).map(String::as_str);
    let mut found = Vec::new();
    for (name, value) in chosen {
        if theme.properties.contains_key(&**name) {
            if property(value).is_none() {
                found.push(no_value(&format!("theme.{name}"), book, &["theme", name]));
            }
        } else if !known().any(|known| known == &**name) {
            let place = config::locate_key(book, &["theme", name]);
            let message = format!("the theme has no option `{name}`");
            found.push(
                Diagnostic::new(&structural::CONFIG_UNKNOWN, place, message)
                    .with_suggestion(nearest(name, known())),
            );
        }
    }
    found
}

/// Returns what is wrong with the defaults that the theme `own` gives to options; those in
/// `properties`, its parents' included, set a custom property.
pub(super) fn judge_defaults(
    own: &ThemeConfig,
    properties: &BTreeMap<String, String>,
    source: &Source,
) -> Vec<Diagnostic> {
    let wrong = own
        .options
        .iter()
        .filter(|(name, value)| properties.contains_key(*name) && property(value).is_none());
    wrong
        .map(|(name, _)| no_value(&format!("options.{name}"), source, &["options", name]))
        .collect()
}

fn no_value(key: &str, source: &Source, path: &[&str]) -> Diagnostic {
    let message = format!("`{key}` is no value of a style sheet");
    Diagnostic::new(&structural::CONFIG_TYPE, config::locate(source, path), message)
        .with_help("write one value, or `{ light = \"…\", dark = \"…\" }`")
}

/// Returns the style sheet that sets the theme's custom properties as the site, else the
/// theme's defaults, have them; empty where nothing is set.
///
/// Of two values, the colour scheme of the page tells which holds.
pub fn style(theme: &ThemeConfig, chosen: &ChosenOptions) -> String {
    let mut set = String::new();
    for (option, name) in &theme.properties {
        let value = chosen.get(option.as_str()).or_else(|| theme.options.get(option));
        let Some(value) = value.and_then(property) else { continue };
        let written = match value.dark {
            Some(dark) => write!(set, "{name}:light-dark({},{dark});", value.light),
            None => write!(set, "{name}:{};", value.light),
        };
        written.expect("writing to a string succeeds");
    }
    match set.is_empty() {
        true => set,
        false => format!(":root{{{set}}}\n"),
    }
}

/// Returns the value of a custom property; `None` for what no style sheet may hold there.
fn property(value: &Value) -> Option<Property> {
    match value {
        Value::Object(parts) => {
            let unknown = parts.keys().any(|key| key != "light" && key != "dark");
            let (light, dark) = (css_value(parts.get("light")?)?, css_value(parts.get("dark")?)?);
            (!unknown).then_some(Property { light, dark: Some(dark) })
        }
        value => Some(Property { light: css_value(value)?, dark: None }),
    }
}

/// Returns a value as a style sheet writes it; `None` where it would end its declaration.
fn css_value(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_closed = text.matches('"').count() % 2 == 0
        && text.matches('\'').count() % 2 == 0
        && text.matches('(').count() == text.matches(')').count();
    let breaks_out = text.contains([';', '{', '}', '<', '>', '\\', '@', '!', '\n'])
        || text.contains("/*")
        || text.to_ascii_lowercase().contains("url(");
    (!text.is_empty() && is_closed && !breaks_out).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    const THEME: &str = "[options]\nnotes = 'margin'\nradius = '2px'\n\
                         [properties]\naccent = '--accent'\nradius = '--radius'\n";

    fn theme() -> ThemeConfig {
        let source = Source::new(SourceId::new("themes/x/theme.toml"), THEME);
        let (theme, found) = ThemeConfig::parse(&source);
        assert_eq!(found, []);
        theme
    }

    fn chosen(toml: &str) -> (ChosenOptions, Source) {
        let book = Source::new(SourceId::new("book.toml"), &format!("[theme]\n{toml}"));
        let (config, _) = crate::config::Config::parse(&book);
        (config.theme.options.clone(), book)
    }

    #[test]
    fn an_option_sets_its_custom_property_over_the_themes_default() {
        assert_eq!(style(&theme(), &ChosenOptions::default()), ":root{--radius:2px;}\n");
        let (options, _) = chosen("radius = 0\naccent = { light = '#a00', dark = '#fbb' }");
        let css = style(&theme(), &options);
        assert_eq!(css, ":root{--accent:light-dark(#a00,#fbb);--radius:0;}\n");
    }

    #[test]
    fn nothing_set_is_nothing_written() {
        assert_eq!(style(&ThemeConfig::default(), &ChosenOptions::default()), "");
    }

    #[test]
    fn unknown_options_are_reported_with_the_nearest() {
        let (options, book) = chosen("acent = '#a00'\nnotes = 'end'");
        let found = judge(&theme(), &options, &book);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].help[0], "did you mean `accent`?");
        assert_eq!(found[0].span.range(), 8..13);
    }

    #[test]
    fn a_value_that_leaves_its_declaration_is_refused() {
        for value in [
            "'red;}body{display:none'",
            "'\"open'",
            "'url(https://e.org/x)'",
            "true",
            "{ light = '#000' }",
            "{ light = '#000', dark = '#fff', dim = '#888' }",
        ] {
            let (options, book) = chosen(&format!("accent = {value}"));
            assert_eq!(judge(&theme(), &options, &book).len(), 1, "{value}");
            assert!(!style(&theme(), &options).contains("--accent"), "{value}");
        }
    }

    #[test]
    fn a_theme_s_own_default_that_is_no_value_is_reported() {
        let text = "[options]\nradius = '2px'\naccent = '#a00;}'\nnotes = ';'\n";
        let source = Source::new(SourceId::new("themes/y/theme.toml"), text);
        let (own, _) = ThemeConfig::parse(&source);
        let found = judge_defaults(&own, &theme().properties, &source);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "`options.accent` is no value of a style sheet");
        assert_eq!(&text[found[0].span.range()], "'#a00;}'");
    }
}
