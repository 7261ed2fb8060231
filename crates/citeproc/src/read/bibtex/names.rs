//! Lists of names in BibTeX's notation, and in BibLaTeX's extended one.

use super::latex;
use crate::item::Name;

/// Reads a list of names, joined by "and".
///
/// The "von" part of a name becomes a non-dropping particle, since it is shown wherever BibTeX
/// shows the family name. "and others" becomes [`Name::others`].
pub(super) fn parse(source: &str) -> Vec<Name> {
    split_outside_braces(source, is_and)
        .filter(|name| !name.is_empty())
        .map(|name| if name == "others" { Name::others() } else { parse_name(name) })
        .collect()
}

/// Splits a list such as that of publishers, joined by "and".
pub(super) fn split_list(source: &str) -> impl Iterator<Item = &str> {
    split_outside_braces(source, is_and).filter(|item| !item.is_empty())
}

/// Returns the length of " and " if `rest` begins with it.
fn is_and(rest: &str) -> Option<usize> {
    let inner = rest.trim_start();
    let space = rest.len() - inner.len();
    let word = inner.get(..3).filter(|word| space > 0 && word.eq_ignore_ascii_case("and"))?;
    let after = &inner[word.len()..];
    (after.is_empty() || after.starts_with(char::is_whitespace)).then(|| space + 3)
}

/// Splits text where `separator` finds one outside braces; the parts are trimmed.
fn split_outside_braces<'a>(
    source: &'a str,
    separator: impl Fn(&str) -> Option<usize> + 'a,
) -> impl Iterator<Item = &'a str> {
    let mut rest = Some(source);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut depth = 0i32;
        let mut escaped = false;
        for (at, c) in text.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '{' => depth += 1,
                '}' => depth -= 1,
                c if depth == 0 && (c.is_whitespace() || c == ',' || c == '~') => {
                    if let Some(length) = separator(&text[at..]) {
                        rest = Some(&text[at + length..]);
                        return Some(text[..at].trim());
                    }
                }
                _ => {}
            }
        }
        rest = None;
        Some(text.trim())
    })
}

fn parse_name(source: &str) -> Name {
    if let Some(group) = in_braces(source) {
        return Name::group(&latex::to_plain(group));
    }
    let comma = |rest: &str| rest.starts_with(',').then_some(1);
    let parts: Vec<&str> = split_outside_braces(source, comma).collect();
    if parts[0].contains('=')
        && let Some(name) = parse_extended(&parts)
    {
        return name;
    }
    match parts[..] {
        [whole] => parse_given_first(whole),
        [family, given] => make_name(family_words(family), given, ""),
        [family, suffix, given, ..] => make_name(family_words(family), given, suffix),
        [] => Name::default(),
    }
}

/// Returns what is inside braces that enclose the whole text.
pub(super) fn in_braces(source: &str) -> Option<&str> {
    let inner = source.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0i32;
    for c in inner.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return None;
        }
    }
    Some(inner)
}

/// Reads `family=Gogh, given=Vincent, prefix=van, useprefix=true`.
fn parse_extended(parts: &[&str]) -> Option<Name> {
    let mut name = Name::default();
    for part in parts {
        let (key, value) = part.split_once('=')?;
        let value = latex::to_plain(value.trim().trim_matches('"'));
        let value = (!value.is_empty()).then(|| value.into());
        match key.trim() {
            "family" => name.family = value,
            "given" => name.given = value,
            "prefix" => name.non_dropping_particle = value,
            "suffix" => name.suffix = value,
            "useprefix" if value.as_deref() == Some("false") => {
                name.dropping_particle = name.non_dropping_particle.take();
            }
            "useprefix" | "given-i" | "family-i" | "prefix-i" | "suffix-i" | "id" | "hash" => {}
            _ => return None,
        }
    }
    Some(name)
}

fn words(source: &str) -> Vec<&str> {
    let space = |rest: &str| {
        let c = rest.chars().next().filter(|c| c.is_whitespace() || *c == '~')?;
        Some(c.len_utf8())
    };
    split_outside_braces(source, space).filter(|word| !word.is_empty()).collect()
}

/// The particles and the family name.
struct Family {
    particles: String,
    name: String,
}

/// Splits "von Last": the particles end before the last capitalised run.
fn family_words(source: &str) -> Family {
    let words = words(source);
    // The last word is the name even where it is in lower case.
    let lower = words.iter().take(words.len().saturating_sub(1)).rposition(|word| is_lower(word));
    let split = match lower {
        Some(last) if is_lower(words[0]) => last + 1,
        _ => 0,
    };
    Family { particles: join(&words[..split]), name: join(&words[split..]) }
}

/// Reads "First von Last".
fn parse_given_first(source: &str) -> Name {
    let words = words(source);
    let Some(last) = words.len().checked_sub(1) else { return Name::default() };
    let first_lower = words[..last].iter().position(|word| is_lower(word));
    let (given, family) = match first_lower {
        Some(start) => {
            let end =
                words[..last].iter().rposition(|word| is_lower(word)).map_or(start, |at| at + 1);
            let family = Family { particles: join(&words[start..end]), name: join(&words[end..]) };
            (join(&words[..start]), family)
        }
        None => {
            (join(&words[..last]), Family { particles: String::new(), name: join(&words[last..]) })
        }
    };
    make_decoded(family, &given, "")
}

fn make_name(family: Family, given: &str, suffix: &str) -> Name {
    make_decoded(family, &join(&words(given)), &latex::to_plain(suffix))
}

fn make_decoded(family: Family, given: &str, suffix: &str) -> Name {
    let part = |text: &str| (!text.is_empty()).then(|| text.into());
    Name {
        family: part(&family.name),
        given: part(given),
        non_dropping_particle: part(&family.particles),
        suffix: part(suffix),
        ..Name::default()
    }
}

/// Joins words, interpreting the LaTeX in them.
fn join(words: &[&str]) -> String {
    if let [word] = words
        && latex::is_plain(word)
    {
        return (*word).to_owned();
    }
    let mut out = String::new();
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        if latex::is_plain(word) {
            out.push_str(word);
        } else {
            out.push_str(&latex::to_plain(word));
        }
    }
    out
}

/// Tells whether the first letter of a word, outside braces, is in lower case.
fn is_lower(word: &str) -> bool {
    match word.chars().next() {
        // `{\'e}` is a letter, `{van Gogh}` hides its case.
        Some('{') if !word.starts_with("{\\") => false,
        Some('{' | '\\') => latex::to_plain(word)
            .chars()
            .find(|c| c.is_alphabetic())
            .is_some_and(char::is_lowercase),
        _ => word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows a name as `[particles|]family|given[|suffix]`, a group as `=name`.
    fn shown(source: &str) -> Vec<String> {
        parse(source)
            .iter()
            .map(|name| {
                if let Some(literal) = &name.literal {
                    return format!("={literal}");
                }
                [
                    &name.dropping_particle.as_ref().map(|text| format!("({text})").into()),
                    &name.non_dropping_particle.as_ref().map(|text| format!("<{text}>").into()),
                    &name.family,
                    &name.given,
                    &name.suffix,
                ]
                .into_iter()
                .flatten()
                .map(|part| part.to_string())
                .collect::<Vec<_>>()
                .join("|")
            })
            .collect()
    }

    #[test]
    fn the_forms_of_bibtex() {
        for (source, expected) in [
            ("King, Brett", "King|Brett"),
            ("Brett A. King", "King|Brett A."),
            ("de la Cruz, Maria", "<de la>|Cruz|Maria"),
            ("Ludwig van Beethoven", "<van>|Beethoven|Ludwig"),
            (
                "Charles Louis Xavier Joseph de la Vall{\\'e}e Poussin",
                "<de la>|Vallée Poussin|Charles Louis Xavier Joseph",
            ),
            ("van der Berg, Jr., H.~C.", "<van der>|Berg|H. C.|Jr."),
            ("Van Buren, Martin", "Van Buren|Martin"),
            ("{Van Buren}, {Mar}tin", "Van Buren|Martin"),
            ("M{\\\"u}ller, J{\\'o}zef", "Müller|Józef"),
            ("{\\O}rsted, Hans", "Ørsted|Hans"),
            ("{World Health Organization}", "=World Health Organization"),
            ("{Simon and Schuster}", "=Simon and Schuster"),
            ("Aristotle", "Aristotle"),
            ("hooks, bell", "hooks|bell"),
            ("\u{5f20}, \u{4e09}", "\u{5f20}|\u{4e09}"),
            ("family=Gogh, given=Vincent, prefix=van, useprefix=true", "<van>|Gogh|Vincent"),
            ("family=Gogh, given=Vincent, prefix=van, useprefix=false", "(van)|Gogh|Vincent"),
            (",", ""),
        ] {
            assert_eq!(shown(source).join(" & "), expected, "{source}");
        }
    }

    #[test]
    fn names_are_joined_by_and_outside_braces() {
        assert_eq!(
            shown("King, B. AND\n {Barnes and Noble} and Sandy, A and others"),
            ["King|B.", "=Barnes and Noble", "Sandy|A", "=others"]
        );
        assert!(parse("").is_empty());
        assert_eq!(shown("A, B and and C, D"), ["A|B", "C|D"]);
    }
}
