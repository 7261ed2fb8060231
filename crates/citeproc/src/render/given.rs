//! Initials of given names (CSL 1.0.2, "Name", `initialize` and `initialize-with`).

/// A given name taken apart at blanks, full stops and hyphens.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word<'a> {
    text: &'a str,
    /// A full stop follows, so that the word is an abbreviation.
    stopped: bool,
    /// A hyphen joins the word to the one before.
    hyphenated: bool,
}

fn words(given: &str) -> Vec<Word<'_>> {
    let mut words: Vec<Word<'_>> = Vec::new();
    let mut hyphenated = false;
    let mut rest = given;
    while !rest.is_empty() {
        let end = rest.find(|c: char| c.is_whitespace() || c == '.' || is_hyphen(c));
        let (text, tail) = rest.split_at(end.unwrap_or(rest.len()));
        let mut stopped = false;
        let mut separators = 0;
        let mut hyphen = false;
        for c in tail.chars() {
            match c {
                '.' => stopped = true,
                c if is_hyphen(c) => hyphen = true,
                c if c.is_whitespace() => {}
                _ => break,
            }
            separators += c.len_utf8();
        }
        if !text.is_empty() {
            words.push(Word { text, stopped, hyphenated });
        }
        hyphenated = hyphen;
        rest = &tail[separators..];
    }
    words
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}')
}

/// Splits the markup tags off both ends of a word.
fn split_tags(word: &str) -> (&str, &str, &str) {
    let mut start = 0;
    while word[start..].starts_with('<')
        && let Some(end) = word[start..].find('>')
    {
        start += end + 1;
    }
    let mut end = word.len();
    while end > start
        && word[start..end].ends_with('>')
        && let Some(open) = word[start..end].rfind('<')
    {
        end = start + open;
    }
    (&word[..start], &word[start..end], &word[end..])
}

/// Returns given names as initials.
///
/// `full` is false for `initialize="false"`: then only what is an initial already is brought
/// to the style's form, and names that are written out stay.
pub(super) fn initials(given: &str, with: &str, hyphen: bool, full: bool) -> String {
    let mut out = String::with_capacity(given.len());
    for word in words(given) {
        let (lead, text, trail) = split_tags(word.text);
        let Some(first) = text.chars().next() else { continue };
        let joined = word.hyphenated && !out.is_empty();
        if joined {
            let length = out.trim_end().len();
            out.truncate(length);
        }
        let is_letter = text.chars().nth(1).is_none();
        // A sign of transliteration or a digit is no letter to stand alone.
        let sign = matches!(first, '0'..='9' | '\u{2b0}'..='\u{2ff}' | '`' | '‘' | '’');
        let lower = (first.is_lowercase() || sign) && !word.stopped;
        let keep = if full {
            lower && !joined
        } else {
            !(word.stopped || is_letter && first.is_uppercase())
        };
        if keep {
            if joined {
                out.push('-');
            } else if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
            out.push_str(word.text);
            out.push(' ');
            continue;
        }
        if joined && hyphen {
            out.push('-');
        } else if joined && with.ends_with(' ') {
            out.push(' ');
        }
        out.push_str(lead);
        if word.stopped {
            out.push_str(text);
        } else {
            push_initial(text, &mut out);
        }
        out.push_str(with.trim_end());
        out.push_str(trail);
        out.push_str(&with[with.trim_end().len()..]);
    }
    let length = out.trim_end().len();
    out.truncate(length);
    out
}

/// Appends the initial of a word: its first letter, or a digraph that is written with two
/// capitals (`TSerendorj` gives `Ts`).
fn push_initial(word: &str, out: &mut String) {
    let upper = word.chars().take_while(|c| c.is_uppercase()).count();
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    let length = if upper > 1 && upper < letters { upper } else { 1 };
    for (index, c) in word.chars().take(length).enumerate() {
        if index == 0 {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_keep_abbreviations_and_particles() {
        assert_eq!(initials("John M.E.", ". ", true, true), "J. M. E.");
        assert_eq!(initials("Ph.M.E.", ".", true, true), "Ph.M.E.");
        assert_eq!(initials("ME", ".", true, true), "M.");
        assert_eq!(initials("ME.", " ", true, true), "ME");
        assert_eq!(initials("John Bertrand de Cusance", ".", true, true), "J.B. de C.");
    }

    #[test]
    fn hyphens_stay_where_the_style_wants_them() {
        assert_eq!(initials("Jean-Luc", ". ", true, true), "J.-L.");
        assert_eq!(initials("Jean-Luc", ".", false, true), "J.L.");
    }

    #[test]
    fn names_written_out_stay_when_only_initials_are_changed() {
        assert_eq!(initials("John M E", ".", true, false), "John M.E.");
        assert_eq!(initials("ME", ".", true, false), "ME");
    }
}
