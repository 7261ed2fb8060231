//! Text as LaTeX, escaped so that it is itself again when it is read.

use crate::item::{Inline, InlineStyle, Text};

/// Appends text with every sign that means something in LaTeX escaped.
///
/// Letters beyond ASCII stay as they are. Braces become commands: an escaped brace (`\{`) counts
/// as a brace in BibTeX, and a lone one would break the file.
pub(super) fn escape(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    let mut space = out.is_empty();
    while let Some(c) = chars.next() {
        let was_space = std::mem::replace(&mut space, c.is_ascii_whitespace());
        match c {
            c if c.is_ascii_whitespace() || c.is_ascii_control() => {
                if !was_space && chars.peek().is_some() {
                    out.push(' ');
                }
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '{' => out.push_str("\\textbraceleft{}"),
            '}' => out.push_str("\\textbraceright{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '`' => out.push_str("\\textasciigrave{}"),
            '$' | '&' | '%' | '#' | '_' => {
                out.push('\\');
                out.push(c);
            }
            '\u{a0}' => out.push('~'),
            // Doubled, they would join into a dash or a quotation mark.
            '-' | '\'' => {
                out.push(c);
                if chars.peek() == Some(&c) {
                    out.push_str("{}");
                }
            }
            c => out.push(c),
        }
    }
}

/// Returns text as LaTeX, without its markup.
pub(super) fn plain(text: &Text) -> String {
    let mut out = String::with_capacity(text.as_str().len());
    escape(&text.to_plain(), &mut out);
    out
}

/// Returns text as LaTeX with its markup as commands.
pub(super) fn marked(text: &Text) -> String {
    let mut out = String::with_capacity(text.as_str().len() + 16);
    match text.inlines() {
        None => escape(text.as_str(), &mut out),
        Some(inlines) => push_inlines(inlines, &mut Case::Free, &mut out),
    }
    out
}

/// Returns a title as LaTeX: words with capitals are in braces, so that no style lowers them.
pub(super) fn title(text: &Text) -> String {
    let mut out = String::with_capacity(text.as_str().len() + 32);
    let mut case = Case::Title { first: true };
    match text.inlines() {
        None => push_words(text.as_str(), &mut case, &mut out),
        Some(inlines) => push_inlines(inlines, &mut case, &mut out),
    }
    out
}

/// Whether capitals are to be protected.
enum Case {
    /// The text is no title, or stands in braces already.
    Free,
    /// Every capital but that of the first word is protected.
    Title { first: bool },
}

fn push_inlines(inlines: &[Inline], case: &mut Case, out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Plain(text) => push_words(text, case, out),
            Inline::Styled(InlineStyle::NoCase, children) => {
                let mut inner = String::new();
                push_inlines(children, &mut Case::Free, &mut inner);
                // `{\x …}` is read as one letter, which braces do not protect.
                let special = inner.starts_with('\\');
                out.push_str(if special { "{{" } else { "{" });
                out.push_str(&inner);
                out.push_str(if special { "}}" } else { "}" });
                if let Case::Title { first } = case {
                    *first = false;
                }
            }
            Inline::Styled(style, children) => {
                let command = match style {
                    InlineStyle::Italic => "\\textit{",
                    InlineStyle::Bold => "\\textbf{",
                    InlineStyle::Superscript => "\\textsuperscript{",
                    InlineStyle::Subscript => "\\textsubscript{",
                    InlineStyle::SmallCaps => "\\textsc{",
                    InlineStyle::NoDecor | InlineStyle::NoCase => "{",
                };
                out.push_str(command);
                push_inlines(children, case, out);
                out.push('}');
            }
        }
    }
}

fn push_words(text: &str, case: &mut Case, out: &mut String) {
    let Case::Title { first } = case else { return escape_joined(text, out) };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let in_word = c.is_alphanumeric();
        let length = rest.find(|c: char| c.is_alphanumeric() != in_word).unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(length);
        let was_first = *first && in_word;
        *first &= !in_word;
        if in_word && !was_first && piece.contains(char::is_uppercase) {
            out.push('{');
            escape_joined(piece, out);
            out.push('}');
        } else {
            escape_joined(piece, out);
        }
        rest = tail;
    }
}

/// Escapes a part of a text: spaces at its ends separate it from the other parts.
fn escape_joined(text: &str, out: &mut String) {
    let mut escaped = String::with_capacity(text.len());
    escape(text, &mut escaped);
    let leading = text.starts_with(|c: char| c.is_ascii_whitespace());
    let trailing = text.ends_with(|c: char| c.is_ascii_whitespace());
    if leading && !out.ends_with(' ') && !out.is_empty() {
        out.push(' ');
    }
    out.push_str(&escaped);
    if trailing && !escaped.is_empty() {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_latex_are_escaped() {
        let mut out = String::new();
        escape("50% of {A_B} & C:\\x  y\n--''`é\u{a0}^~$#", &mut out);
        assert_eq!(
            out,
            "50\\% of \\textbraceleft{}A\\_B\\textbraceright{} \\& C:\\textbackslash{}x y \
             -{}-'{}'\\textasciigrave{}é~\\textasciicircum{}\\textasciitilde{}\\$\\#"
        );
    }

    #[test]
    fn capitals_of_titles_are_in_braces() {
        for (source, expected) in [
            (
                "JAK inhibitors in Germany: a DNA study",
                "JAK inhibitors in {Germany}: a {DNA} study",
            ),
            ("The <i>In vivo</i> role", "The \\textit{{In} vivo} role"),
            ("Of <span class=\"nocase\">iPhone use</span>", "Of {iPhone use}"),
            ("<span class=\"nocase\">&x</span>", "{{\\&x}}"),
            ("H<sub>2</sub>O", "H\\textsubscript{2}{O}"),
        ] {
            assert_eq!(title(&Text::new(source)), expected);
        }
    }
}
