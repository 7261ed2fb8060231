//! Numbers: `cs:number` (CSL 1.0.2, "Number"), ordinals, Roman numerals, and what is numeric.

use super::{Called, Renderer};
use crate::item::TextVariable;
use crate::locale::TermForm;
use crate::output::content;
use crate::style::model::{NumberElement, NumberForm};
use std::borrow::Cow;

/// A part of a numeric value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'a> {
    Number(&'a str),
    Hyphen,
    /// A comma, with the blanks after it.
    Comma(&'a str),
    Ampersand,
}

/// Takes a numeric value apart; `None` when it is not numeric.
///
/// CSL 1.0.2, section "Choose", `is-numeric`: numbers may have letters before and after them,
/// and are separated by a comma, hyphen or ampersand.
fn tokens(value: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let c = rest.chars().next()?;
        let separator = match c {
            '-' | '–' | '\u{2011}' => Some(Token::Hyphen),
            ',' => {
                let blanks = rest[1..].len() - rest[1..].trim_start().len();
                Some(Token::Comma(&rest[..1 + blanks]))
            }
            '&' => Some(Token::Ampersand),
            _ => None,
        };
        if let Some(separator) = separator {
            if !matches!(tokens.last(), Some(Token::Number(_))) {
                return None;
            }
            tokens.push(separator);
            rest = rest[c.len_utf8()..].trim_start();
            continue;
        }
        if matches!(tokens.last(), Some(Token::Number(_))) {
            return None;
        }
        let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let number = &rest[..end];
        let digits =
            number.trim_start_matches(char::is_alphabetic).trim_end_matches(char::is_alphabetic);
        if digits.is_empty() || !number.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        tokens.push(Token::Number(number));
        rest = rest[end..].trim_start();
    }
    matches!(tokens.last(), Some(Token::Number(_))).then_some(tokens)
}

/// Tells whether a value is numeric.
pub(crate) fn is_numeric(value: &str) -> bool {
    tokens(value).is_some()
}

/// Tells whether a value consists of several numbers.
pub(super) fn is_several(value: &str, and: &str) -> bool {
    if let Some(tokens) = tokens(value) {
        return tokens.len() > 1;
    }
    if value.contains('\\') {
        return false;
    }
    let mut numbers = 0;
    // `12, fig. 3` is one page with a figure, `12 and 14` are two pages.
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '&' | '-' | '–');
    for word in value.split(separators).filter(|word| !word.is_empty()) {
        if word.contains(|c: char| c.is_ascii_digit()) || is_roman(word) {
            numbers += 1;
            if numbers > 1 {
                return true;
            }
        } else if word != and && word != "and" {
            return false;
        }
    }
    false
}

fn is_roman(word: &str) -> bool {
    let lower = word.chars().all(|c| "ivxlcdm".contains(c));
    let upper = word.chars().all(|c| "IVXLCDM".contains(c));
    lower || upper
}

/// Returns the first page of a page range.
pub(super) fn first_page(pages: &str) -> &str {
    let end = pages.find([',', '&', '-', '–', '—']).unwrap_or(pages.len());
    pages[..end].trim()
}

/// Returns the letters of a year suffix: a to z, then aa, ab and so on.
pub(crate) fn letters(index: u32) -> String {
    let mut rest = index + 1;
    let mut reversed = Vec::new();
    while rest > 0 {
        rest -= 1;
        reversed.push(char::from(b'a' + (rest % 26) as u8));
        rest /= 26;
    }
    reversed.iter().rev().collect()
}

/// Returns a number in small Roman numerals.
pub(super) fn roman(number: u32) -> String {
    const STEPS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if number == 0 || number >= 4000 {
        return number.to_string();
    }
    let mut rest = number;
    let mut out = String::new();
    for (value, text) in STEPS {
        while rest >= value {
            out.push_str(text);
            rest -= value;
        }
    }
    out
}

impl<'a> Renderer<'a> {
    pub(super) fn number(&mut self, element: &NumberElement) -> Called {
        if self.is_suppressed(element.variable) {
            return Called::EMPTY;
        }
        let decor = &element.decor;
        let open = self.begin(decor);
        let item = self.cx.item;
        let value: Option<Cow<'a, str>> = match element.variable {
            TextVariable::CitationNumber => {
                self.cx.number.filter(|_| !self.cx.suppress_number).map(|n| n.to_string().into())
            }
            TextVariable::FirstReferenceNoteNumber => {
                self.cx.first_note.map(|n| n.to_string().into())
            }
            TextVariable::PageFirst => self
                .cx
                .item
                .str(TextVariable::PageFirst)
                .or_else(|| self.cx.item.str(TextVariable::Page).map(first_page))
                .map(Cow::from),
            TextVariable::Locator => self.locator().map(|(_, value)| value.into()),
            variable => item.str(variable).map(Cow::from),
        };
        if let Some(value) = value {
            self.push_number(element, &value);
        }
        let filled = self.end(decor, open);
        if filled {
            self.shown |= element.variable != TextVariable::CitationNumber;
            self.note_rendered(element.variable);
        }
        Called::of(filled)
    }

    fn push_number(&mut self, element: &NumberElement, value: &str) {
        if element.variable == TextVariable::Page {
            let pages = self.page_range(value, true);
            self.out.push(&pages);
            return;
        }
        let Some(tokens) = tokens(value) else {
            content::push_str(&mut self.out, value);
            return;
        };
        let mut text = String::new();
        for token in tokens {
            match token {
                Token::Number(number) => text.push_str(&self.formed(element, number)),
                Token::Hyphen => text.push_str(self.range_delimiter()),
                Token::Comma(comma) => text.push_str(comma),
                Token::Ampersand => {
                    let and = self.term("and", TermForm::Symbol, false).unwrap_or("&");
                    text.push(' ');
                    text.push_str(and);
                    text.push(' ');
                }
            }
        }
        self.out.push(&text);
    }

    /// Returns what the locale puts between the ends of a range.
    pub(super) fn range_delimiter(&self) -> &'a str {
        self.term("page-range-delimiter", TermForm::Long, false).unwrap_or("–")
    }

    /// Returns one number in the form that the element asks for.
    fn formed(&self, element: &NumberElement, number: &str) -> String {
        let Ok(value) = number.parse::<u32>() else { return number.to_owned() };
        match element.form {
            NumberForm::Numeric => number.to_owned(),
            NumberForm::Roman => roman(value),
            NumberForm::Ordinal => self.ordinal(value, element.variable.as_str()),
            NumberForm::LongOrdinal => {
                let name = format!("long-ordinal-{value:02}");
                let terms = &self.env.locale.terms;
                let gender = terms.gender(element.variable.as_str());
                let long =
                    if (1..=10).contains(&value) { terms.agreeing(&name, gender) } else { None };
                match long {
                    Some(text) => text.to_owned(),
                    None => self.ordinal(value, element.variable.as_str()),
                }
            }
        }
    }

    /// Returns a number with the ordinal suffix that agrees with a term.
    pub(super) fn ordinal(&self, value: u32, noun: &str) -> String {
        let terms = &self.env.locale.terms;
        let suffix = terms.ordinal_suffix(value, terms.gender(noun));
        format!("{value}{suffix}")
    }

    /// Returns a numeric value as text: ranges with a dash; `None` when it has none.
    pub(super) fn plain_number(&self, value: &str) -> Option<String> {
        let tokens = tokens(value)?;
        if !tokens.contains(&Token::Hyphen) {
            return None;
        }
        let mut text = String::new();
        for token in tokens {
            match token {
                Token::Number(number) => text.push_str(number),
                Token::Hyphen => text.push_str(self.range_delimiter()),
                Token::Comma(comma) => text.push_str(comma),
                Token::Ampersand => text.push_str(" & "),
            }
        }
        Some(text)
    }
}
