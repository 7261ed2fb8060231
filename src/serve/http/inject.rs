//! What the server adds to a page that it serves: one script, and what the script has
//! to know of the page. The published page has none of it.

use std::fmt::Write as _;

/// The path below which the server's own files are.
pub(crate) const OWN: &str = "/__galen/";

/// What the script has to know of a page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PageFacts<'a> {
    /// The server that serves it: another after each start.
    pub(crate) server: &'a str,
    /// The number of the build that it is from.
    pub(crate) build: u64,
    /// The fingerprint of the whole site.
    pub(crate) site: &'a str,
    /// The path of the file that serves it, or would.
    pub(crate) path: &'a str,
    /// Its own fingerprint; empty where there is no page.
    pub(crate) page: &'a str,
}

/// Returns `html` with the script of the server at the start of its head.
///
/// There it runs before a content security policy of the page is read, which has no say
/// over it then, and which the page keeps otherwise.
pub(crate) fn inject(html: &str, facts: PageFacts<'_>) -> String {
    let mut script = format!("<script src=\"{OWN}client.js\"");
    let attributes = [
        ("server", facts.server),
        ("build", &facts.build.to_string()),
        ("site", facts.site),
        ("path", facts.path),
        ("page", facts.page),
    ];
    for (name, value) in attributes {
        let _ = write!(script, " data-{name}=\"{}\"", crate::html::escape(value));
    }
    script.push_str("></script>");
    let at = start_of_head(html);
    format!("{}{script}{}", &html[..at], &html[at..])
}

/// Returns where the head's content starts: after `<head>`, or after what may stand
/// before a head that is not written.
fn start_of_head(html: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &html[at..];
        let next = at + rest.len() - rest.trim_start().len();
        let rest = &html[next..];
        let is_tag = |name: &str| {
            let after = rest.as_bytes().get(name.len());
            rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && after.is_some_and(|byte| *byte == b'>' || byte.is_ascii_whitespace())
        };
        let end = match () {
            () if rest.starts_with('\u{feff}') => Some('\u{feff}'.len_utf8()),
            () if rest.starts_with("<!--") => rest.find("-->").map(|end| end + 3),
            () if is_tag("<!doctype") || is_tag("<html") => rest.find('>').map(|end| end + 1),
            () if is_tag("<head") => {
                return rest.find('>').map_or(at, |end| next + end + 1);
            }
            () => None,
        };
        match end {
            Some(end) => at = next + end,
            None => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn injected(html: &str) -> String {
        let facts = PageFacts { server: "s", build: 1, site: "f", path: "a\"<", page: "p" };
        inject(html, facts).replace(
            "<script src=\"/__galen/client.js\" data-server=\"s\" data-build=\"1\" data-site=\"f\" \
             data-path=\"a&quot;&lt;\" data-page=\"p\"></script>",
            "|",
        )
    }

    #[test]
    fn the_script_is_the_first_thing_in_the_head() {
        let cases = [
            (
                "<!doctype html><html lang=\"en\"><head><meta></head>",
                "<!doctype html><html lang=\"en\"><head>|<meta></head>",
            ),
            (
                "<!-- <head> -->\n<HEAD class='x'>\n<title>",
                "<!-- <head> -->\n<HEAD class='x'>|\n<title>",
            ),
            ("<!DOCTYPE html>\n<header>no head", "<!DOCTYPE html>|\n<header>no head"),
            ("<html><title>T</title>", "<html>|<title>T</title>"),
            ("text", "|text"),
            ("", "|"),
            ("<!-- never closed <head>", "|<!-- never closed <head>"),
            ("<headline>", "|<headline>"),
            ("äöüäöüäöü", "|äöüäöüäöü"),
        ];
        for (html, expected) in cases {
            assert_eq!(injected(html), expected);
        }
    }
}
