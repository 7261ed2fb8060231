//! `cs:text` (CSL 1.0.2, "Text"), and the values of variables.

use super::{Begun, Called, Renderer, number, text_case};
use crate::cite::LocatorLabel;
use crate::item::{DateVariable, Name, NameVariable, Text, TextVariable};
use crate::output::buffer::{Op, Tag};
use crate::output::content;
use crate::style::model::{TextCase, TextElement, TextSource};
use std::borrow::Cow;

impl<'a> Renderer<'a> {
    pub(super) fn text(&mut self, element: &TextElement) -> Called {
        let decor = &element.decor;
        match &element.source {
            TextSource::Variable { variable, short } => {
                let variable = self.in_form(*variable, *short);
                if self.is_suppressed(variable) {
                    return Called::EMPTY;
                }
                let url = if self.env.links { self.url(variable) } else { None };
                let open = self.begin_linked(decor, url);
                self.variable(variable);
                self.set_upright(open);
                let filled = self.end(decor, open);
                if filled {
                    self.note_rendered(variable);
                    self.shown |= variable != TextVariable::CitationNumber;
                }
                match variable {
                    // A style shows "(n.d.)" with or without a suffix.
                    TextVariable::YearSuffix if !filled => Called::NONE,
                    _ => Called::of(filled),
                }
            }
            TextSource::Macro(index) => {
                let env = self.env;
                let start = self.out.mark();
                let shown = self.shown;
                let open = self.begin(decor);
                let called = self.children(&env.style.macros[*index].children, "");
                if called.any && !called.filled {
                    // A macro is suppressed as a group is.
                    self.out.cut(start);
                    self.shown = shown;
                    return Called::EMPTY;
                }
                if self.end(decor, open) { Called::FILLED } else { called }
            }
            TextSource::Term { name, form, plural } => {
                if let Some(text) = self.term(name, *form, *plural) {
                    let begins = self.cx.begins_sentence && !self.shown;
                    let open = self.begin(decor);
                    let mark = self.out.mark();
                    self.out.push(text);
                    if begins {
                        let case = TextCase::CapitalizeFirst;
                        text_case::apply(&mut self.out, mark.index(), case, true);
                    }
                    self.shown |= self.end(decor, open);
                }
                Called::NONE
            }
            TextSource::Value(value) => {
                let open = self.begin(decor);
                content::push_value(&mut self.out, value);
                self.shown |= self.end(decor, open);
                Called::NONE
            }
            TextSource::Nothing => Called::EMPTY,
        }
    }

    /// Takes italics off a value in Chinese, Japanese or Korean, whose print has none.
    fn set_upright(&mut self, open: Begun) {
        let ops = open.inner.index();
        let is_cjk = |c: char| {
            matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
                | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
        };
        let upright = match self.out.ops.get(ops) {
            Some(Op::Text(span)) if ops + 1 == self.out.ops.len() => {
                let text = self.out.str(*span);
                text.starts_with(is_cjk)
                    && !text.contains(|c: char| c.is_alphanumeric() && !is_cjk(c))
            }
            _ => false,
        };
        if upright && let Some(Op::Open(Tag::Format(formatting))) = self.out.ops[..ops].last_mut() {
            formatting.font_style = None;
        }
    }

    /// Returns the variable to show for `form="short"`: the short one where there is one.
    fn in_form(&self, variable: TextVariable, short: bool) -> TextVariable {
        let item = self.cx.item;
        let short_form = match variable {
            TextVariable::Title => TextVariable::TitleShort,
            TextVariable::ContainerTitle => TextVariable::ContainerTitleShort,
            TextVariable::VolumeTitle => TextVariable::VolumeTitleShort,
            _ => return variable,
        };
        if short && item.has(short_form) { short_form } else { variable }
    }

    /// Returns the item's value of a variable, or the locator.
    pub(super) fn text_value(&self, variable: TextVariable) -> Option<Cow<'a, Text>> {
        if variable == TextVariable::Locator {
            return self.locator().map(|(_, value)| Cow::Owned(Text::new(value)));
        }
        self.cx.item.text(variable).map(Cow::Borrowed)
    }

    /// Returns the cite's locator with its label.
    ///
    /// A locator may begin with a label of its own ("vol. 2").
    pub(super) fn locator(&self) -> Option<(LocatorLabel, &'a str)> {
        let (label, value) = self.cx.locator?;
        let value = value.trim();
        if value.is_empty() {
            return None;
        }
        if value.starts_with(|c: char| c.is_ascii_lowercase())
            && let Some((word, rest)) = value.split_once(' ')
            && rest.starts_with(|c: char| c.is_ascii_digit())
        {
            let found = LocatorLabel::ALL.iter().copied().find(|label| {
                let name = label.as_str();
                let terms = &self.env.locale.terms;
                name == word
                    || abbreviated_label(word) == Some(*label)
                    || [false, true].into_iter().any(|plural| {
                        terms.text(name, crate::locale::TermForm::Short, plural) == Some(word)
                    })
            });
            if let Some(found) = found {
                return Some((found, rest.trim_start()));
            }
        }
        Some((label, value))
    }

    /// Writes a variable's value.
    fn variable(&mut self, variable: TextVariable) {
        let cx = self.cx;
        match variable {
            TextVariable::CitationNumber => {
                if let Some(number) = cx.number
                    && !cx.suppress_number
                {
                    self.out.open(Tag::CitationNumber);
                    self.out.push(&number.to_string());
                    self.out.close(Tag::CitationNumber);
                }
            }
            TextVariable::YearSuffix => {
                if let Some(suffix) = cx.year_suffix {
                    self.push_year_suffix(suffix);
                }
            }
            TextVariable::FirstReferenceNoteNumber => {
                if let Some(note) = cx.first_note {
                    self.out.push(&note.to_string());
                }
            }
            TextVariable::CitationLabel => self.citation_label(),
            TextVariable::Locator => {
                if let Some((label, value)) = self.locator() {
                    let text = self.page_range(value, label == LocatorLabel::Page);
                    content::push_markup(&mut self.out, &text);
                }
            }
            TextVariable::Page => {
                if let Some(page) = cx.item.str(TextVariable::Page) {
                    let text = self.page_range(page, true);
                    content::push_markup(&mut self.out, &text);
                }
            }
            TextVariable::PageFirst => {
                let page = cx
                    .item
                    .str(TextVariable::PageFirst)
                    .or_else(|| cx.item.str(TextVariable::Page).map(number::first_page));
                if let Some(page) = page {
                    self.out.push(page);
                }
            }
            TextVariable::Doi => {
                if let Some(doi) = cx.item.str(TextVariable::Doi) {
                    self.out.push(bare_doi(doi));
                }
            }
            TextVariable::Url => {
                if let Some(url) = cx.item.str(TextVariable::Url) {
                    self.out.push(url);
                }
            }
            variable => {
                if let Some(value) = cx.item.text(variable) {
                    if variable.is_number()
                        && let Some(text) = self.plain_number(value.as_str())
                    {
                        self.out.push(&text);
                    } else {
                        content::push_value(&mut self.out, value);
                    }
                }
            }
        }
    }

    /// Writes the citation label, with its year suffix.
    pub(crate) fn citation_label(&mut self) {
        let label = match self.cx.item.str(TextVariable::CitationLabel) {
            Some(label) => label.to_owned(),
            None => self.made_label(),
        };
        self.out.push(&label);
        if let Some(suffix) = self.cx.year_suffix
            && !self.env.style.explicit_year_suffix
        {
            self.push_year_suffix(suffix);
        }
    }

    pub(super) fn push_year_suffix(&mut self, suffix: u32) {
        self.year_suffix_shown = true;
        self.out.open(Tag::YearSuffix);
        self.out.push_joined(&number::letters(suffix));
        self.out.close(Tag::YearSuffix);
    }

    /// Makes a citation label of the authors' family names and the year: `KinS22`.
    ///
    /// An item without names has the first letters of its title.
    fn made_label(&self) -> String {
        let item = self.cx.item;
        let names = item.name_lists().map(|(_, names)| names).next();
        let names = match item.names(NameVariable::Author) {
            [] => names.unwrap_or_default(),
            authors => authors,
        };
        let (names, _) = Name::split_others(names);
        let letters: &[usize] = match names.len() {
            0 | 1 => &[4],
            2 => &[2, 2],
            3 => &[2, 1, 1],
            _ => &[1, 1, 1, 1],
        };
        let mut label = String::new();
        for (name, &letters) in names.iter().zip(letters) {
            let name = name.family.as_deref().or(name.literal.as_deref()).unwrap_or_default();
            push_label_part(without_article(name).chars(), letters, &mut label);
        }
        if label.is_empty()
            && let Some(title) = item.text(TextVariable::Title)
        {
            let title = title.to_plain();
            let words = title.split_whitespace().filter(|word| !text_case::is_stop_word(word));
            push_label_part(words.flat_map(str::chars), 4, &mut label);
        }
        let year =
            item.date(DateVariable::Issued).and_then(|date| date.start).map_or(0, |d| d.year);
        label.push_str(&format!("{:02}", year.rem_euclid(100)));
        label
    }

    /// Returns the address that a variable's value stands for.
    fn url(&self, variable: TextVariable) -> Option<String> {
        let value = self.cx.item.str(variable)?.trim();
        let is_address = |v: &str| v.starts_with("https://") || v.starts_with("http://");
        match variable {
            TextVariable::Url => is_address(value).then(|| value.to_owned()),
            TextVariable::Doi => Some(format!("https://doi.org/{}", escaped(bare_doi(value)))),
            TextVariable::Pmid => {
                Some(format!("https://pubmed.ncbi.nlm.nih.gov/{}/", escaped(value)))
            }
            TextVariable::Pmcid => {
                let digits = value.trim_start_matches(|c: char| c.is_ascii_alphabetic());
                Some(format!("https://pmc.ncbi.nlm.nih.gov/articles/PMC{}/", escaped(digits)))
            }
            _ => None,
        }
    }
}

/// Returns the label that an abbreviation at the start of a locator names, in any language.
fn abbreviated_label(word: &str) -> Option<LocatorLabel> {
    Some(match word {
        "bk." => LocatorLabel::Book,
        "ch." | "chap." => LocatorLabel::Chapter,
        "col." => LocatorLabel::Column,
        "fig." => LocatorLabel::Figure,
        "fol." => LocatorLabel::Folio,
        "l." | "ll." => LocatorLabel::Line,
        "n." | "nn." => LocatorLabel::Note,
        "no." => LocatorLabel::Issue,
        "op." => LocatorLabel::Opus,
        "p." | "pp." => LocatorLabel::Page,
        "para." => LocatorLabel::Paragraph,
        "pt." => LocatorLabel::Part,
        "sec." => LocatorLabel::Section,
        "s.v." => LocatorLabel::SubVerbo,
        "v." | "vrs." => LocatorLabel::Verse,
        "vol." => LocatorLabel::Volume,
        _ => return None,
    })
}

/// Appends the first letters of a name or title to a citation label, the first in upper case.
fn push_label_part(text: impl Iterator<Item = char>, letters: usize, label: &mut String) {
    for (place, c) in text.filter(|c| c.is_alphanumeric()).take(letters).enumerate() {
        if place == 0 {
            label.extend(c.to_uppercase());
        } else {
            label.extend(c.to_lowercase());
        }
    }
}

/// Returns a name without the particles or the article with which it begins.
fn without_article(name: &str) -> &str {
    let mut rest = name;
    while let Some((word, after)) = rest.split_once(' ') {
        let is_lower = word.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '\'' | '’'));
        if !is_lower && !["A", "An", "The"].contains(&word) {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// Returns a DOI without the address or label that some records keep in the field.
fn bare_doi(doi: &str) -> &str {
    let doi = doi.trim();
    ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:"]
        .iter()
        .find_map(|prefix| doi.strip_prefix(prefix))
        .map_or(doi, str::trim_start)
}

/// Escapes what may not stand in the path of an address.
fn escaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => out.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b':' | b';' | b'(' | b')' | b'@' | b',' | b'+' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
