//! Identifier schemes: what an identifier looks like, its check digit, its address.

use std::sync::Arc;

use regex::Regex;

/// How the last character of an identifier follows from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckDigit {
    /// ISSN and ISBN-10: weights descend to 1, modulo 11, `X` is ten.
    Mod11,
    /// ORCID: ISO 7064 MOD 11-2, `X` is ten.
    Iso7064Mod11,
    /// ROR: ISO 7064 MOD 97-10 over the Crockford base-32 value.
    Iso7064Mod97,
    /// Luhn.
    Luhn,
    /// ISBN-13: weights 1 and 3, modulo 10.
    Mod10Weights13,
    /// CAS: weights from the right, modulo 10.
    CasMod10,
    /// UNII: the sum of the base-36 digits, modulo 36.
    Mod36,
    /// SNOMED CT: Verhoeff.
    Verhoeff,
}

impl CheckDigit {
    /// Every algorithm by the word that configuration uses for it.
    pub const ALL: &[(&str, CheckDigit)] = &[
        ("mod11", CheckDigit::Mod11),
        ("iso7064-mod11-2", CheckDigit::Iso7064Mod11),
        ("iso7064-mod97-10", CheckDigit::Iso7064Mod97),
        ("luhn", CheckDigit::Luhn),
        ("mod10-13", CheckDigit::Mod10Weights13),
        ("cas", CheckDigit::CasMod10),
        ("mod36", CheckDigit::Mod36),
        ("verhoeff", CheckDigit::Verhoeff),
    ];
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
        let whole = Regex::new(&format!("^(?:{pattern})$")).map_err(|error| error.to_string())?;
        Ok(Self {
            name: Arc::from(name),
            label: label.unwrap_or_else(|| Arc::from(name)),
            check_digit,
            url,
            pattern: whole,
        })
    }
}
