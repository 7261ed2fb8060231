//! The destination of a link, as its author wrote it.

/// Schemes that run a script, or hold or open what the site cannot vouch for.
const UNSAFE_SCHEMES: &[&str] = &["javascript", "vbscript", "data", "file", "blob"];

/// What kind of address a destination with a scheme is.
pub(super) enum Scheme {
    /// One of another site.
    External,
    /// One that is never linked.
    Unsafe,
}

/// Returns what kind of address `destination` is, or `None` for a place of this site.
pub(super) fn scheme(destination: &str) -> Option<Scheme> {
    // Browsers ignore these in a scheme, so that `java&#10;script:` would run.
    let mut letters = destination.chars().filter(|c| !c.is_whitespace() && !c.is_control());
    let mut scheme = String::new();
    let found = loop {
        match letters.next() {
            Some(':') => break scheme.len() > 1,
            Some(c) if c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.') => {
                scheme.push(c.to_ascii_lowercase());
            }
            _ => break false,
        }
    };
    if found && scheme.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let refused = UNSAFE_SCHEMES.contains(&scheme.as_str());
        return Some(if refused { Scheme::Unsafe } else { Scheme::External });
    }
    destination.starts_with("//").then_some(Scheme::External)
}

/// A destination taken apart, still percent-encoded.
pub(super) struct Written<'a> {
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
    pub(super) anchor: Option<&'a str>,
    /// What follows the path: both, with their signs.
    pub(super) rest: &'a str,
}

impl<'a> Written<'a> {
    /// Takes `destination` apart.
    pub(super) fn parse(destination: &'a str) -> Self {
        let (rest, anchor) = match destination.split_once('#') {
            Some((rest, anchor)) => (rest, Some(anchor)),
            None => (destination, None),
        };
        let (path, query) = match rest.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (rest, None),
        };
        Self { path, query, anchor, rest: &destination[path.len()..] }
    }
}
