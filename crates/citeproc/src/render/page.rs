//! Page ranges (CSL 1.0.2, "Page Ranges").

use super::Renderer;
use crate::locale::TermForm;
use crate::style::model::PageRangeFormat;

impl<'a> Renderer<'a> {
    /// Returns pages with their ranges in the style's format and with the locale's delimiter.
    ///
    /// `pages` is false for locators that count something else, which keep their digits.
    pub(super) fn page_range(&self, value: &str, pages: bool) -> String {
        if !value.contains(['-', '–', '&', '\\']) {
            return value.to_owned();
        }
        let format = if pages { self.env.style.page_range_format } else { None };
        let delimiter = self.range_delimiter();
        let and = self.term("and", TermForm::Symbol, false).unwrap_or("&");
        let mut out = String::new();
        let mut start = 0;
        for (at, separator) in value.match_indices([',', '&', ';']) {
            push_range(&value[start..at], format, delimiter, &mut out);
            out.push_str(if separator == "&" { and } else { separator });
            start = at + separator.len();
        }
        push_range(&value[start..], format, delimiter, &mut out);
        out
    }
}

/// Appends one page or range, with the blanks around it.
fn push_range(piece: &str, format: Option<PageRangeFormat>, delimiter: &str, out: &mut String) {
    let trimmed = piece.trim();
    let lead = &piece[..piece.len() - piece.trim_start().len()];
    let tail = &piece[piece.trim_end().len()..];
    out.push_str(lead);
    // A hyphen behind a backslash is part of the page's name.
    if trimmed.contains("\\-") {
        out.push_str(&trimmed.replace("\\-", "-"));
        out.push_str(tail);
        return;
    }
    match split_range(trimmed) {
        None => out.push_str(trimmed),
        Some((first, last)) => match format {
            None => {
                out.push_str(first);
                out.push_str(delimiter);
                out.push_str(last);
            }
            Some(format) => push_formatted(first, last, format, delimiter, out),
        },
    }
    out.push_str(tail);
}

/// Splits `a-b` where both sides are single words.
fn split_range(text: &str) -> Option<(&str, &str)> {
    let mut parts = text.split(['-', '–']).filter(|part| !part.is_empty());
    let (first, last) = (parts.next()?.trim(), parts.next()?.trim());
    let is_word = |part: &str| {
        !part.is_empty()
            && part.chars().all(|c| {
                c.is_alphanumeric()
                    || c == '.'
                    || c == ':'
                    || c == '*'
                    || c == '<'
                    || c == '>'
                    || c == '/'
            })
    };
    (parts.next().is_none() && is_word(first) && is_word(last)).then_some((first, last))
}

/// Splits a page into what comes before its last digits, and these.
fn split_page(page: &str) -> (&str, &str) {
    let digits = page.len() - page.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    page.split_at(page.len() - digits)
}

fn push_formatted(
    first: &str,
    last: &str,
    format: PageRangeFormat,
    delimiter: &str,
    out: &mut String,
) {
    let (first_prefix, first_digits) = split_page(first);
    let (last_prefix, last_digits) = split_page(last);
    if first_digits.is_empty() && last_digits.is_empty() {
        // Roman numerals and the like are ranges too.
        out.extend([first, delimiter, last]);
        return;
    }
    let same_prefix = first_prefix == last_prefix;
    if first_digits.is_empty() || last_digits.is_empty() || !same_prefix {
        out.extend([first, "-", last]);
        return;
    }
    let expanded = expand(first_digits, last_digits);
    // Pages that count down are no range to abbreviate.
    if expanded.len() == first_digits.len() && *expanded < *first_digits {
        out.extend([first, delimiter, last]);
        return;
    }
    let shown = match format {
        PageRangeFormat::Expanded => expanded,
        PageRangeFormat::Minimal => minimal(first_digits, &expanded, 1),
        PageRangeFormat::MinimalTwo => minimal(first_digits, &expanded, 2),
        PageRangeFormat::Chicago15 => chicago(first_digits, &expanded, true),
        PageRangeFormat::Chicago16 => chicago(first_digits, &expanded, false),
    };
    let prefix = if format == PageRangeFormat::Expanded { last_prefix } else { "" };
    out.extend([first, delimiter, prefix, &shown]);
}

/// Writes the last page out where it was abbreviated: `42-5` is 42 to 45.
fn expand(first: &str, last: &str) -> String {
    if last.len() < first.len() {
        format!("{}{last}", &first[..first.len() - last.len()])
    } else {
        last.to_owned()
    }
}

/// Leaves out the digits that both pages share, but keeps some.
fn minimal(first: &str, last: &str, keep: usize) -> String {
    if first.len() != last.len() {
        return last.to_owned();
    }
    let shared = first.bytes().zip(last.bytes()).take_while(|(a, b)| a == b).count();
    let shown = (last.len() - shared).max(keep.min(last.len()));
    last[last.len() - shown..].to_owned()
}

/// Abbreviates by the rules of the Chicago Manual of Style.
fn chicago(first: &str, last: &str, fifteenth: bool) -> String {
    let value: u64 = first.parse().unwrap_or(u64::MAX);
    if value < 100 || value.is_multiple_of(100) || first.len() != last.len() {
        return last.to_owned();
    }
    if (1..10).contains(&(value % 100)) {
        return minimal(first, last, 1);
    }
    if fifteenth && first.len() == 4 {
        // The fifteenth edition writes all four digits when three of them change.
        let changed = minimal(first, last, 2);
        return if changed.len() >= 3 { last.to_owned() } else { changed };
    }
    minimal(first, last, 2)
}
