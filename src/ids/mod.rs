//! Identifier schemes: what an identifier looks like, its check digit, its address.
//!
//! A scheme is one entry of [`BUILT_IN`] or one table `[ids.NAME]` of a site; both
//! are a [`Scheme`]. Everything here is offline: an identifier that passes is well
//! formed, which does not mean that it names anything.

mod check_digit;
mod schemes;

pub use check_digit::CheckDigit;
pub use schemes::BUILT_IN;

use std::sync::Arc;

use regex::Regex;

use crate::ordered::IndexMap;

/// A scheme that comes with the program.
#[derive(Debug)]
pub struct BuiltIn {
    /// The name, as `ids` maps use it.
    pub name: &'static str,
    /// What readers see as its name.
    pub label: &'static str,
    /// What an identifier looks like, for messages.
    pub example: &'static str,
    /// What may stand before an identifier, such as its address, and is dropped;
    /// in lower case.
    prefixes: &'static [&'static str],
    /// Brings an identifier without prefix into its usual form.
    tidy: fn(&str) -> String,
    /// Tells whether an identifier in its usual form follows the syntax.
    syntax: fn(&str) -> bool,
    check_digit: Option<CheckDigit>,
    /// The address, with `{id}` where the identifier goes.
    url: Option<&'static str>,
}

/// A scheme that a site declares.
#[derive(Clone, Debug)]
pub struct CustomScheme {
    /// The name, as `ids` maps use it.
    pub name: Arc<str>,
    /// What readers see as its name.
    pub label: Arc<str>,
    /// How the last character follows from the others.
    pub check_digit: Option<CheckDigit>,
    /// The address of an identifier, with `{id}` where it goes.
    pub url: Option<Arc<str>>,
    pattern: Regex,
}

impl PartialEq for CustomScheme {
    fn eq(&self, other: &Self) -> bool {
        (&self.name, &self.label, self.check_digit, &self.url, self.pattern.as_str())
            == (&other.name, &other.label, other.check_digit, &other.url, other.pattern.as_str())
    }
}

impl CustomScheme {
    /// Returns the scheme whose identifiers match `pattern` as a whole.
    ///
    /// # Errors
    ///
    /// A sentence about what is wrong with the pattern.
    pub fn new(
        name: &str,
        label: Option<Arc<str>>,
        pattern: &str,
        check_digit: Option<CheckDigit>,
        url: Option<Arc<str>>,
    ) -> Result<Self, String> {
        // The pattern alone first: `)(` would be valid between the parentheses.
        let error = |error: regex::Error| match error {
            regex::Error::Syntax(text) => {
                text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
            }
            other => other.to_string(),
        };
        Regex::new(pattern).map_err(error)?;
        let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(error)?;
        Ok(Self {
            name: Arc::from(name),
            label: label.unwrap_or_else(|| Arc::from(name)),
            check_digit,
            url,
            pattern: whole,
        })
    }
}

/// An identifier scheme.
#[derive(Clone, Copy, Debug)]
pub enum Scheme<'a> {
    /// One that comes with the program.
    BuiltIn(&'static BuiltIn),
    /// One that the site declares.
    Custom(&'a CustomScheme),
}

/// What is wrong with an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// It does not follow its scheme's syntax.
    Syntax,
    /// Its check digit does not follow from the rest: it was mistyped.
    CheckDigit,
}

/// Returns the scheme `name`; a site's own wins over one that is built in.
pub fn scheme<'a>(name: &str, custom: &'a IndexMap<Arc<str>, CustomScheme>) -> Option<Scheme<'a>> {
    match custom.get(name) {
        Some(scheme) => Some(Scheme::Custom(scheme)),
        None => built_in(name),
    }
}

/// Returns the scheme `name` that comes with the program.
pub fn built_in(name: &str) -> Option<Scheme<'static>> {
    BUILT_IN.iter().find(|scheme| scheme.name == name).map(Scheme::BuiltIn)
}

impl<'a> Scheme<'a> {
    /// Returns the name, as `ids` maps use it.
    pub fn name(&self) -> &'a str {
        match self {
            Scheme::BuiltIn(scheme) => scheme.name,
            Scheme::Custom(scheme) => &scheme.name,
        }
    }

    /// Returns what readers see as its name.
    pub fn label(&self) -> &'a str {
        match self {
            Scheme::BuiltIn(scheme) => scheme.label,
            Scheme::Custom(scheme) => &scheme.label,
        }
    }

    /// Returns what an identifier looks like: an example, or the site's pattern.
    pub fn example(&self) -> &'a str {
        match self {
            Scheme::BuiltIn(scheme) => scheme.example,
            Scheme::Custom(scheme) => {
                let pattern = scheme.pattern.as_str();
                pattern.strip_prefix("^(?:").and_then(|p| p.strip_suffix(")$")).unwrap_or(pattern)
            }
        }
    }

    /// Returns `value` in its usual form: without the address or the scheme's name
    /// before it, with the case and the hyphens that the scheme is written with.
    pub fn normalize(&self, value: &str) -> String {
        let value = value.trim();
        match self {
            Scheme::BuiltIn(scheme) => (scheme.tidy)(without_prefix(value, scheme.prefixes)),
            Scheme::Custom(_) => value.to_owned(),
        }
    }

    /// Checks an identifier in its usual form.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn check(&self, normal: &str) -> Result<(), IdFault> {
        let (well_formed, check_digit) = match self {
            Scheme::BuiltIn(scheme) => ((scheme.syntax)(normal), scheme.check_digit),
            Scheme::Custom(scheme) => (scheme.pattern.is_match(normal), scheme.check_digit),
        };
        match check_digit {
            _ if !well_formed => Err(IdFault::Syntax),
            Some(algorithm) if !algorithm.holds(normal) => Err(IdFault::CheckDigit),
            _ => Ok(()),
        }
    }

    /// Returns the address of an identifier in its usual form; `None` where the
    /// scheme has none.
    pub fn url(&self, normal: &str) -> Option<String> {
        let template = match self {
            Scheme::BuiltIn(scheme) => scheme.url?,
            Scheme::Custom(scheme) => scheme.url.as_deref()?,
        };
        Some(template.replace("{id}", &crate::url::encode_path(normal)))
    }
}

/// Drops any of `prefixes` from the start of `value`, and white space after it.
fn without_prefix<'v>(value: &'v str, prefixes: &[&str]) -> &'v str {
    for prefix in prefixes {
        if let Some(start) = value.get(..prefix.len())
            && start.eq_ignore_ascii_case(prefix)
        {
            return value[prefix.len()..].trim_start();
        }
    }
    value
}
