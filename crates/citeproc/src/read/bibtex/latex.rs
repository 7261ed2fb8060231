//! LaTeX in the fields of a BibTeX file, turned into text with markup.
//!
//! [`parse`] is the entry. Accents and symbols become Unicode, font commands become markup,
//! braces that protect case become [`InlineStyle::NoCase`]. A command that is not known is left
//! out and its arguments are kept.

use crate::item::{Inline, InlineStyle, Text};

use super::pieces::Pieces;
use super::symbols;

/// Reads the LaTeX of a field.
pub(super) fn parse(source: &str) -> Vec<Inline> {
    let mut parser = Parser { source, at: 0, depth: 0, protected: false, in_math: false };
    let mut out = Pieces::with_capacity(source.len());
    while parser.at < source.len() {
        parser.pieces(&mut out);
        // A brace that closes nothing.
        parser.at += 1;
    }
    out.finish()
}

/// Reads a field whose markup is of no use, such as a name or a publisher.
pub(super) fn to_plain(source: &str) -> String {
    if is_plain(source) {
        return collapse_space(source);
    }
    Text::from_inlines(parse(source)).to_plain().into_owned()
}

/// Reads a field that keeps its fonts, but whose braces do not protect anything.
pub(super) fn to_text(source: &str) -> Text {
    if is_plain(source) {
        return collapse_space(source).into();
    }
    Text::from_inlines(without_protection(parse(source)))
}

/// Reads a field that is not typeset (an address, an identifier, a path).
pub(super) fn to_verbatim(source: &str) -> String {
    let source = source.trim();
    let source =
        source.strip_prefix("\\url{").and_then(|rest| rest.strip_suffix('}')).unwrap_or(source);
    if !source.bytes().any(|byte| matches!(byte, b'\\' | b'{' | b'}') || byte.is_ascii_whitespace())
    {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    let mut rest = source.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.peek() {
                Some('_' | '%' | '&' | '#' | '$' | '{' | '}' | '~' | '^') => {}
                _ => out.push(c),
            },
            '{' | '}' => {}
            c if c.is_whitespace() => {}
            c => out.push(c),
        }
    }
    // "\~{}" and "\textasciitilde" stand for a tilde in addresses.
    if out.contains("\\textasciitilde") { out.replace("\\textasciitilde", "~") } else { out }
}

/// Takes the protection of case out of a tree.
pub(super) fn without_protection(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out = Pieces::default();
    for inline in inlines {
        match inline {
            Inline::Plain(text) => out.text(&text),
            Inline::Styled(InlineStyle::NoCase, children) => {
                for child in without_protection(children.into_vec()) {
                    out.push(child);
                }
            }
            Inline::Styled(style, children) => {
                let children = without_protection(children.into_vec());
                out.push(Inline::Styled(style, children.into()));
            }
        }
    }
    out.finish()
}

/// Tells whether text means itself in LaTeX.
pub(super) fn is_plain(source: &str) -> bool {
    let mut rest = source.as_bytes();
    while let Some(at) = rest.iter().position(|&byte| MARKS[usize::from(byte)]) {
        // A hyphen or an apostrophe means something only where it is doubled.
        if !matches!(rest[at], b'-' | b'\'') || rest.get(at + 1) == Some(&rest[at]) {
            return false;
        }
        rest = &rest[at + 1..];
    }
    true
}

/// Returns text with each run of white space made one space.
pub(super) fn collapse_space(source: &str) -> String {
    let source = source.trim_ascii();
    let mut before = 0;
    let single = source.bytes().all(|byte| {
        let odd = byte.is_ascii_whitespace() && (byte != b' ' || before == b' ');
        before = byte;
        !odd
    });
    if single {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    for word in source.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// How deep groups may nest; deeper braces are passed over. It bounds recursion.
const MAX_DEPTH: usize = 64;

struct Parser<'a> {
    source: &'a str,
    at: usize,
    depth: usize,
    /// Inside braces that protect case, further braces do nothing.
    protected: bool,
    /// Inside dollar signs, groups are formulas.
    in_math: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.source[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    /// Reads up to the brace that closes the group around, or to the end.
    fn pieces(&mut self, out: &mut Pieces) {
        if self.in_math {
            return self.formula(out);
        }
        while let Some(c) = self.peek() {
            match c {
                '}' => return,
                '{' => self.group(out),
                '\\' => self.command(out),
                '$' => self.math(out),
                '~' => {
                    self.at += 1;
                    out.char('\u{a0}');
                }
                '-' if self.eat("---") => out.char('—'),
                '-' if self.eat("--") => out.char('–'),
                '`' if self.eat("``") => out.char('“'),
                '`' if self.eat("`") => out.char('‘'),
                '\'' if self.eat("''") => out.char('”'),
                c if c.is_ascii_whitespace() => {
                    self.at += 1;
                    out.space();
                }
                c => {
                    // The sign itself, and all up to the next that may mean something.
                    let rest = &self.source.as_bytes()[self.at + c.len_utf8()..];
                    let mut before = 0;
                    let length = rest.iter().position(|&byte| {
                        let stop = RUN_ENDS[usize::from(byte)] || (byte == b' ' && before == b' ');
                        before = byte;
                        stop
                    });
                    let end = self.at + c.len_utf8() + length.unwrap_or(rest.len());
                    out.text(&self.source[self.at..end]);
                    self.at = end;
                }
            }
        }
    }

    /// Reads `{…}`.
    fn group(&mut self, out: &mut Pieces) {
        self.at += 1;
        if self.depth >= MAX_DEPTH {
            return;
        }
        // `{\"u}` is a letter, not a protected word.
        let special = self.rest().starts_with('\\');
        let protects = !special && !self.protected;
        let font = self.font_switch();
        let mut inner = Pieces::default();
        self.depth += 1;
        self.protected |= protects;
        self.pieces(&mut inner);
        self.protected &= !protects;
        self.depth -= 1;
        self.at += usize::from(self.at < self.source.len());
        let children = inner.finish_inner();
        match font {
            Some(style) => out.styled(style, children),
            None if protects && has_case(&children) => out.styled(InlineStyle::NoCase, children),
            None => children.into_iter().for_each(|child| out.push(child)),
        }
    }

    /// Reads a switch of fonts at the beginning of a group (`{\em …}`).
    fn font_switch(&mut self) -> Option<InlineStyle> {
        let name = self.rest().strip_prefix('\\')?;
        let length = name.bytes().take_while(u8::is_ascii_alphabetic).count();
        let style = match &name[..length] {
            "em" | "it" | "itshape" | "sl" | "slshape" => InlineStyle::Italic,
            "bf" | "bfseries" => InlineStyle::Bold,
            "sc" | "scshape" => InlineStyle::SmallCaps,
            _ => return None,
        };
        self.at += 1 + length;
        self.skip_space();
        Some(style)
    }

    fn command(&mut self, out: &mut Pieces) {
        self.at += 1;
        let rest = self.rest();
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters == 0 {
            let Some(c) = self.peek() else { return };
            self.at += c.len_utf8();
            return self.symbol(c, out);
        }
        let name = &rest[..letters];
        self.at += letters;
        if let Some(mark) = symbols::letter_accent(name) {
            self.skip_space();
            return self.accented(mark, out);
        }
        if let Some(style) = argument_style(name) {
            self.skip_space();
            let children = self.argument();
            return out.styled(style, children);
        }
        match name {
            "enquote" | "mkbibquote" => {
                self.skip_space();
                out.char('“');
                self.argument().into_iter().for_each(|child| out.push(child));
                out.char('”');
            }
            "url" | "path" | "nolinkurl" => out.text(&to_verbatim(self.raw_argument())),
            "href" => {
                self.raw_argument();
            }
            "noopsort" | "label" | "hspace" | "vspace" | "index" => {
                self.raw_argument();
            }
            "char" => {
                let length = self.rest().bytes().take_while(u8::is_ascii_digit).count();
                let code = self.rest()[..length].parse().ok().and_then(char::from_u32);
                self.at += length;
                out.text(code.map(String::from).unwrap_or_default().as_str());
            }
            _ => {
                if let Some(text) = symbols::symbol(name) {
                    out.text(text);
                    // `\alpha` swallows the space behind it, `\alpha{}` does not.
                    self.skip_space();
                    self.eat("{}");
                } else {
                    self.skip_space();
                }
            }
        }
    }

    /// Reads a command of one character that is no letter.
    fn symbol(&mut self, c: char, out: &mut Pieces) {
        match c {
            '`' | '\'' | '^' | '"' | '~' | '=' | '.' => {
                if let Some(mark) = symbols::accent(c) {
                    self.accented(mark, out);
                }
            }
            ' ' | '\n' | '\r' | '\t' | '\\' => out.space(),
            ',' => out.char('\u{202f}'),
            ';' | ':' => out.char('\u{a0}'),
            '-' | '/' | '!' | '(' | ')' | '[' | ']' | '@' => {}
            other => out.char(other),
        }
    }

    /// Reads the letter that carries an accent, and puts the two together.
    fn accented(&mut self, mark: char, out: &mut Pieces) {
        self.skip_space();
        let argument = self.argument();
        let text = Text::from_inlines(argument).to_plain().into_owned();
        let mut chars = text.chars();
        let Some(base) = chars.next() else {
            // `\~{}` and `\^{}` are the signs themselves.
            if let Some(sign) = symbols::bare_accent(mark) {
                out.char(sign);
            }
            return;
        };
        let base = match base {
            'ı' => 'i',
            'ȷ' => 'j',
            other => other,
        };
        match unicode_normalization::char::compose(base, mark) {
            Some(composed) => out.char(composed),
            None => {
                out.char(base);
                out.char(mark);
            }
        }
        out.text(chars.as_str());
    }

    /// Reads the argument of a command: a group, a command or a character.
    fn argument(&mut self) -> Vec<Inline> {
        let mut out = Pieces::default();
        match self.peek() {
            Some('{') if self.depth < MAX_DEPTH => {
                self.at += 1;
                self.depth += 1;
                self.pieces(&mut out);
                self.depth -= 1;
                self.at += usize::from(self.at < self.source.len());
            }
            Some('\\') if self.depth < MAX_DEPTH => {
                self.depth += 1;
                self.command(&mut out);
                self.depth -= 1;
            }
            Some('}') | None => {}
            Some(c) => {
                self.at += c.len_utf8();
                out.char(c);
            }
        }
        out.finish_inner()
    }

    /// Returns the source of a group, or nothing where none follows.
    fn raw_argument(&mut self) -> &'a str {
        self.skip_space();
        let rest = self.rest();
        if !rest.starts_with('{') {
            return "";
        }
        let mut depth = 0usize;
        for (offset, byte) in rest.bytes().enumerate() {
            match byte {
                b'{' => depth += 1,
                b'}' if depth == 1 => {
                    self.at += offset + 1;
                    return &rest[1..offset];
                }
                b'}' => depth -= 1,
                _ => {}
            }
        }
        self.at = self.source.len();
        &rest[1..]
    }

    /// Reads `$…$`; a dollar sign that is not closed is itself.
    fn math(&mut self, out: &mut Pieces) {
        let rest = &self.rest()[1..];
        let Some(length) = rest.find('$').filter(|length| *length > 0) else {
            self.at += 1;
            return out.char('$');
        };
        self.at += 1;
        let end = self.at + length;
        let mut inner = Pieces::default();
        let mut math = Parser {
            source: &self.source[..end],
            at: self.at,
            depth: self.depth + 1,
            protected: true,
            in_math: true,
        };
        while math.at < end {
            math.formula(&mut inner);
            math.at += 1;
        }
        self.at = end + 1;
        let children = inner.finish_inner();
        if !self.protected && has_case(&children) {
            out.styled(InlineStyle::NoCase, children);
        } else {
            children.into_iter().for_each(|child| out.push(child));
        }
    }

    fn formula(&mut self, out: &mut Pieces) {
        while let Some(c) = self.peek() {
            match c {
                '}' => return,
                '{' => {
                    self.at += 1;
                    if self.depth < MAX_DEPTH {
                        self.depth += 1;
                        self.formula(out);
                        self.depth -= 1;
                        self.at += usize::from(self.at < self.source.len());
                    }
                }
                '^' | '_' => {
                    self.at += 1;
                    let style =
                        if c == '^' { InlineStyle::Superscript } else { InlineStyle::Subscript };
                    let children = self.argument();
                    out.styled(style, children);
                }
                '\\' => self.command(out),
                '-' => {
                    self.at += 1;
                    // "10^{-3}" has a minus, "TGF$-\beta$" a hyphen.
                    let number = self.peek().is_some_and(|c| c.is_ascii_digit());
                    out.char(if number { '\u{2212}' } else { '-' });
                }
                c => {
                    self.at += c.len_utf8();
                    if c.is_ascii_whitespace() { out.space() } else { out.char(c) }
                }
            }
        }
    }
}

/// The bytes that may mean something other than themselves.
const MARKS: [bool; 256] = byte_set(b"\\{}$~-`'");

/// The bytes at which a run of text may end; a space only ends it where it follows another.
const RUN_ENDS: [bool; 256] = byte_set(b"\\{}$~-`'\n\r\t\x0c");

const fn byte_set(bytes: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut index = 0;
    while index < bytes.len() {
        table[bytes[index] as usize] = true;
        index += 1;
    }
    table
}

fn argument_style(name: &str) -> Option<InlineStyle> {
    Some(match name {
        "emph" | "textit" | "textsl" | "mkbibemph" | "mkbibitalic" | "mathit" => {
            InlineStyle::Italic
        }
        "textbf" | "mkbibbold" | "mathbf" => InlineStyle::Bold,
        "textsc" => InlineStyle::SmallCaps,
        "textsuperscript" | "mkbibsuperscript" => InlineStyle::Superscript,
        "textsubscript" | "mkbibsubscript" => InlineStyle::Subscript,
        _ => return None,
    })
}

/// Tells whether there is a letter whose case could be changed.
fn has_case(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Plain(text) => text.chars().any(|c| c.is_uppercase() || c.is_lowercase()),
        Inline::Styled(_, children) => has_case(children),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn markup(source: &str) -> String {
        Text::from_inlines(parse(source)).as_str().to_owned()
    }

    #[test]
    fn accents_and_letters_become_unicode() {
        for (source, expected) in [
            (r#"M{\"u}ller"#, "Müller"),
            (r#"M\"uller"#, "Müller"),
            (r"J{\'o}zef {\O}rsted", "Józef Ørsted"),
            (r"\'{\i}\^\i", "íî"),
            (r"\c{c}\v{s}\H{o}\k a\.z\u{g}", "çšőążğ"),
            (r"Erd{\H{o}}s", "Erdős"),
            (r#"{\aa}ngstr{\"o}m \ss{} \ae"#, "ångström ß æ"),
            (r"\~n \~{}x \textasciitilde y", "ñ ~x ~y"),
            (r"\v{}", "ˇ"),
            (r#"Na\"{\i}ve {\L}{\'o}d{\'z}"#, "Naïve Łódź"),
            (r"x\'", "x´"),
        ] {
            assert_eq!(markup(source), expected, "{source}");
        }
    }

    #[test]
    fn punctuation_and_symbols() {
        for (source, expected) in [
            ("a--b---c", "a–b—c"),
            ("``q'' `s'", "“q” ‘s'"),
            (r"50\% \& \$5 \_ \#", "50% & $5 _ #"),
            (r"H.~C.", "H.\u{a0}C."),
            (r"\textregistered{} \texttrademark", "® ™"),
            ("a\n  b\\ c", "a b c"),
            (r"\enquote{x}", "“x”"),
            (r"$5 only", "$5 only"),
            (r"\LaTeX{} \unknown{kept}", "LaTeX kept"),
        ] {
            let expected = expected.replace("kept", "<span class=\"nocase\">kept</span>");
            assert_eq!(markup(source), expected, "{source}");
        }
    }

    #[test]
    fn fonts_and_protection_become_markup() {
        for (source, expected) in [
            (r"\emph{In vivo} \textbf{x}", "<i>In vivo</i> <b>x</b>"),
            (r"{\em vivo} {\it a}", "<i>vivo</i> <i>a</i>"),
            (
                "the {JAK} {{A}B}",
                "the <span class=\"nocase\">JAK</span> <span class=\"nocase\">AB</span>",
            ),
            ("{2020} x", "2020 x"),
            (r"H\textsubscript{2}O", "H<sub>2</sub>O"),
            (r"CO$_2$ $10^{-3}$", "CO<sub>2</sub> 10<sup>−3</sup>"),
            (r"$\alpha$-synuclein", "<span class=\"nocase\">α</span>-synuclein"),
            (r"\href{http://x.org}{text}", "<span class=\"nocase\">text</span>"),
            (r"\url{http://x.org/a_b}", "http://x.org/a_b"),
        ] {
            assert_eq!(markup(source), expected, "{source}");
        }
    }

    #[test]
    fn unbalanced_braces_do_no_harm() {
        for (source, expected) in [
            ("a } b", "a b"),
            ("a {b", "a <span class=\"nocase\">b</span>"),
            (r"\emph{", ""),
            ("\\", ""),
        ] {
            assert_eq!(markup(source), expected, "{source}");
        }
        assert_eq!(to_plain(&"{".repeat(100_000)), "");
        to_plain(&"\\emph{".repeat(100_000));
        to_plain(&"\\'".repeat(100_000));
        to_plain(&"$^".repeat(1000));
    }

    #[test]
    fn addresses_are_not_typeset() {
        assert_eq!(to_verbatim(r"\url{http://x.org/a\_b\%20c--d}"), "http://x.org/a_b%20c--d");
        assert_eq!(to_verbatim(" 10.1000/{(SICI)}1 "), "10.1000/(SICI)1");
    }
}
