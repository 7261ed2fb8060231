//! What the Markdown parser must not see, overwritten with as many bytes.
//!
//! Pandoc's citations would be taken for links, emphasis or table cells, and
//! component lines for definitions. They are overwritten in a copy of the text,
//! citations with commas (which mean nothing anywhere), component lines with a
//! processing instruction, which is an HTML block of one line. Offsets stay, so
//! that what was overwritten in code or raw HTML is read from the source again.

use std::ops::Range;

use memchr::{memchr, memchr2};

use crate::citation::syntax::{Citation, LocatorTerms, is_in_url, scan_in};
use crate::parse::components::{ComponentLine, component_lines, parse_attributes};

/// A text for the Markdown parser, and what was overwritten in it.
#[derive(Debug)]
pub(super) struct Mask {
    /// The text; `None` where nothing was overwritten.
    pub(super) text: Option<String>,
    /// The citations, ascending.
    pub(super) citations: Vec<Citation>,
    /// The component lines, ascending.
    pub(super) components: Vec<ComponentLine>,
    /// The sub- and superscripts, ascending, none in another.
    pub(super) scripts: Vec<Script>,
}

/// Text below or above the line, by the places of its delimiters, one byte each.
///
/// The Markdown parser sees these only where no letter stands beside them, which
/// leaves out `H~2~O`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) open: usize,
    pub(super) close: usize,
    /// `sub` or `sup`.
    pub(super) element: &'static str,
}

/// Masks the citations and component lines of `source`, and, where formulas are
/// read, the dollar signs that start none.
pub(super) fn mask(source: &str, math: bool, terms: &LocatorTerms) -> Mask {
    let components = component_lines(source);
    let in_component = |range: &Range<usize>| {
        let after = components.partition_point(|line| line.range.end <= range.start);
        components.get(after).is_some_and(|line| line.range.start < range.end)
    };
    let mut citations = scan_in(source, terms);
    citations.retain(|citation| !in_component(&citation.range));

    let mut edits: Vec<Edit> = citations
        .iter()
        .map(|citation| Edit { range: citation.range.clone(), fill: Fill::Inline })
        .collect();
    let lines = components.iter().map(|line| (line.range.clone(), Fill::Line));
    let (scripts, tildes) = scripts(source, &citations);
    let delimiters = scripts.iter().flat_map(|script| [script.open, script.close]);
    let inline = delimiters.chain(tildes).map(|at| at..at + 1);
    edits.extend(inline.map(|range| Edit { range, fill: Fill::Inline }));
    let inline = image_attributes(source).into_iter().chain(if math {
        plain_dollars(source)
    } else {
        Vec::new()
    });
    edits.extend(
        lines
            .chain(inline.map(|range| (range, Fill::Inline)))
            .map(|(range, fill)| Edit { range, fill }),
    );
    if edits.is_empty() {
        return Mask { text: None, citations, components, scripts };
    }
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let text = Some(overwrite(source, &edits));
    Mask { text, citations, components, scripts }
}

#[derive(Clone, Copy)]
enum Fill {
    /// Commas.
    Inline,
    /// An HTML block.
    Line,
}

struct Edit {
    range: Range<usize>,
    fill: Fill,
}

/// Returns `source` with `edits` made, which ascend; one inside another is left out.
fn overwrite(source: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(source.len());
    for Edit { range, fill } in edits {
        if range.start < out.len() {
            continue;
        }
        out.push_str(&source[out.len()..range.start]);
        match fill {
            Fill::Inline => commas(&source[range.clone()], &mut out),
            Fill::Line => {
                // The shortest line of colons is `<?>`, which starts and ends at once.
                out.push_str("<?");
                out.extend(std::iter::repeat_n(' ', range.len().saturating_sub(4)));
                out.push_str(if range.len() > 3 { "?>" } else { ">" });
            }
        }
    }
    out.push_str(&source[out.len()..]);
    out
}

/// Appends a comma for each byte of `text`; line ends, the markers of quotations
/// after them, and the bars of tables stay.
fn commas(text: &str, out: &mut String) {
    let mut line_start = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let marker = line_start && matches!(c, ' ' | '\t' | '>');
        let bar = c == '|' || (c == '\\' && chars.peek() == Some(&'|'));
        if marker || bar || c == '\n' || c == '\r' {
            out.push(c);
        } else {
            (0..c.len_utf8()).for_each(|_| out.push(','));
        }
        line_start = c == '\n' || marker;
    }
}

/// Attributes of images longer than this are text.
const LONGEST_ATTRIBUTES: usize = 500;

/// Returns the attributes in braces that follow images.
///
/// Those at the end of a heading are the heading's.
fn image_attributes(source: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(mark) = memchr(b'!', &source.as_bytes()[from..]) {
        let start = from + mark + 1;
        from = start;
        if !source[start..].starts_with('[') {
            continue;
        }
        let line_end = source[start..].find('\n').map_or(source.len(), |length| start + length);
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let heading = source[line_start..].trim_start_matches([' ', '>']).starts_with('#');
        let mut at = start;
        while let Some(brace) = source[at..line_end].find('{') {
            let open = at + brace;
            at = open + 1;
            if !source[..open].ends_with([')', ']']) {
                continue;
            }
            let limit = source.floor_char_boundary(line_end.min(open + LONGEST_ATTRIBUTES));
            if let Some(read) = parse_attributes(&source[..limit], open) {
                at = read.end;
                if !(heading && source[read.end..line_end].trim().is_empty()) {
                    found.push(open..read.end);
                }
            }
        }
        from = line_end;
    }
    found
}

/// Returns the sub- and superscripts, by Pandoc's rule without white space in
/// them, and the single tildes that delimit none.
fn scripts(source: &str, citations: &[Citation]) -> (Vec<Script>, Vec<usize>) {
    let bytes = source.as_bytes();
    let (mut scripts, mut tildes) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(found) = memchr2(b'~', b'^', &bytes[at..]) {
        let open = at + found;
        let run = bytes[open..].iter().take_while(|&&byte| byte == bytes[open]).count();
        at = open + run;
        if run > 1 || is_escaped(bytes, open) || is_in(citations, open) {
            continue;
        }
        let closed = closing_script(source, open).filter(|&close| !is_in(citations, close));
        match closed {
            Some(close) => {
                let element = if bytes[open] == b'~' { "sub" } else { "sup" };
                scripts.push(Script { open, close, element });
                at = close + 1;
            }
            None if bytes[open] == b'~' => tildes.push(open),
            None => {}
        }
    }
    (scripts, tildes)
}

/// Returns the delimiter that ends the script that may start at `open`.
fn closing_script(source: &str, open: usize) -> Option<usize> {
    let delimiter = source.as_bytes()[open];
    let before = &source[..open];
    if is_in_url(source, open) || (delimiter == b'^' && before.ends_with('[')) {
        return None;
    }
    let inner = &source[open + 1..];
    let length = inner.find(|c: char| {
        c.is_whitespace() || matches!(c, '~' | '^' | '`' | '<' | '|' | '$' | '\\' | ']' | '(')
    })?;
    let close = open + 1 + length;
    if length == 0 || source.as_bytes()[close] != delimiter {
        return None;
    }
    let after = source[close + 1..].chars().next();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    // `~5–~10` says "about" twice, and `10^3–10^5` has no closing delimiters.
    let starts_word = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != ')');
    let about = starts_word && after.is_some_and(char::is_alphanumeric);
    let between_digits = is_digit(source[..close].chars().next_back()) && is_digit(after);
    (after != Some(char::from(delimiter)) && !about && !between_digits).then_some(close)
}

/// Tells whether `at` lies in one of `citations`.
fn is_in(citations: &[Citation], at: usize) -> bool {
    let next = citations.partition_point(|citation| citation.range.end <= at);
    citations.get(next).is_some_and(|citation| citation.range.start <= at)
}

/// Returns the dollar signs that neither open nor close a formula.
///
/// Pandoc's rule: the opening one has a character on its right, the closing one
/// has a character on its left and no digit on its right.
fn plain_dollars(source: &str) -> Vec<Range<usize>> {
    let bytes = source.as_bytes();
    let mut plain = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr(b'$', &bytes[at..]) {
        let start = at + found;
        at = start + 1;
        if is_escaped(bytes, start) {
            continue;
        }
        if bytes.get(at) == Some(&b'$') {
            at = source[at + 1..].find("$$").map_or(at + 1, |length| at + 1 + length + 2);
            continue;
        }
        match closing_dollar(source, start) {
            Some(end) => at = end + 1,
            None => plain.push(start..start + 1),
        }
    }
    plain
}

/// Returns the dollar sign in the paragraph that closes the formula opened at `start`.
fn closing_dollar(source: &str, start: usize) -> Option<usize> {
    let bytes = source.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    if is_space(start + 1) {
        return None;
    }
    let rest = &source[start + 1..];
    let limit = rest.find("\n\n").unwrap_or(rest.len());
    rest[..limit]
        .match_indices('$')
        .map(|(at, _)| start + 1 + at)
        .find(|&at| !is_escaped(bytes, at))
        .filter(|&at| !is_space(at - 1) && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
}

/// Tells whether an odd number of backslashes stands before `at`.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(source: &str) -> String {
        mask(source, true, &LocatorTerms::default()).text.unwrap_or_else(|| source.to_owned())
    }

    #[test]
    fn offsets_stay_and_lines_and_cells_stay_apart() {
        assert_eq!(masked("é [@ü,\n> p. 3] x"), "é ,,,,,\n> ,,,,, x");
        assert_eq!(masked("| [@a, p\\|x | @b] |"), "| ,,,,,,\\|,,|,,,, |");
        assert_eq!(masked(":::\n:::: a\n- ::: {.b}"), "<?>\n<?  ?>\n- <?    ?>");
    }

    #[test]
    fn only_dollar_signs_of_formulas_stay() {
        assert_eq!(masked("costs $20–$30 and $x$"), "costs ,20–,30 and $x$");
        assert_eq!(masked("$ x$ $x $ $x$5"), ", x, ,x , ,x,5");
        assert_eq!(masked(r"\$5 $$a$ b$$ $a\$b$"), r"\$5 $$a$ b$$ $a\$b$");
    }

    #[test]
    fn scripts_have_no_space_in_them() {
        let found = |text| mask(text, false, &LocatorTerms::default()).scripts.len();
        assert_eq!(found("H~2~O and 10^-3^ and \\~a~ and ~~b~~"), 2);
        assert_eq!(found("~5 to ~10, ^a b^, [^1][^2], https://x.org/~a/~b `~x~`"), 1);
        assert_eq!(found("~5–~10 10^3–10^5 (~5/~10)"), 0);
        assert_eq!(found("C~6~H~12~O~6~ m^2^ ^a^ (x)^2^"), 6);
        assert_eq!(masked("~5 to ~10"), ",5 to ,10");
    }

    #[test]
    fn attributes_of_images_are_masked_and_those_of_headings_are_not() {
        assert_eq!(masked("![a](b){width=4 .c_d}"), "![a](b),,,,,,,,,,,,,,");
        assert_eq!(masked("# ![a](b) {#c}"), "# ![a](b) {#c}");
        assert_eq!(masked("[a](b){c} {d}"), "[a](b){c} {d}");
    }
}
