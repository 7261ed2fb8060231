//! Text with the inline markup that CSL-JSON allows in titles and other fields.
//!
//! Most text has no markup and costs one string. Text with a `<` is parsed once, by
//! [`parse_inlines`], into a small tree.

use std::borrow::Cow;

/// A text value, its markup recognised.
///
/// Two texts are equal when their sources are.
#[derive(Clone, Debug)]
pub struct Text {
    source: Box<str>,
    /// `None` for text without markup.
    inlines: Option<Box<[Inline]>>,
}

/// A piece of text with markup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Text as it is.
    Plain(Box<str>),
    /// Marked text.
    Styled(InlineStyle, Box<[Inline]>),
}

/// What a piece of markup asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InlineStyle {
    /// `<i>`
    Italic,
    /// `<b>`
    Bold,
    /// `<sup>`
    Superscript,
    /// `<sub>`
    Subscript,
    /// `<sc>` or `<span style="font-variant: small-caps;">`
    SmallCaps,
    /// `<span class="nocase">`: no change of case.
    NoCase,
    /// `<span class="nodecor">`: no italics, bold or small capitals from outside.
    NoDecor,
}

impl InlineStyle {
    /// Returns the opening and the closing tag.
    pub const fn tags(self) -> (&'static str, &'static str) {
        match self {
            Self::Italic => ("<i>", "</i>"),
            Self::Bold => ("<b>", "</b>"),
            Self::Superscript => ("<sup>", "</sup>"),
            Self::Subscript => ("<sub>", "</sub>"),
            Self::SmallCaps => ("<span style=\"font-variant:small-caps;\">", "</span>"),
            Self::NoCase => ("<span class=\"nocase\">", "</span>"),
            Self::NoDecor => ("<span class=\"nodecor\">", "</span>"),
        }
    }
}

impl Text {
    /// Makes a text from its source, with markup recognised.
    pub fn new(source: impl Into<Box<str>>) -> Self {
        let source = source.into();
        let inlines = source
            .contains('<')
            .then(|| parse_inlines(&source))
            .filter(|inlines| has_style(inlines));
        Self { source, inlines: inlines.map(Vec::into_boxed_slice) }
    }

    /// Makes a text from pieces; the source is their markup.
    pub fn from_inlines(mut inlines: Vec<Inline>) -> Self {
        if let [Inline::Plain(text)] = &mut inlines[..] {
            return Self { source: std::mem::take(text), inlines: None };
        }
        let mut source = String::new();
        write_inlines(&inlines, &mut source);
        let styled = has_style(&inlines);
        Self { source: source.into(), inlines: styled.then(|| inlines.into_boxed_slice()) }
    }

    /// Returns the source, markup included.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// Returns the pieces of text with markup, or `None` where there is no markup.
    pub fn inlines(&self) -> Option<&[Inline]> {
        self.inlines.as_deref()
    }

    /// Returns the text without its markup.
    pub fn to_plain(&self) -> Cow<'_, str> {
        match &self.inlines {
            None => Cow::Borrowed(&self.source),
            Some(inlines) => {
                let mut plain = String::with_capacity(self.source.len());
                push_plain(inlines, &mut plain);
                Cow::Owned(plain)
            }
        }
    }

    /// Tells whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Text {}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)
    }
}

impl From<&str> for Text {
    fn from(source: &str) -> Self {
        Self::new(source)
    }
}

impl From<String> for Text {
    fn from(source: String) -> Self {
        Self::new(source)
    }
}

fn has_style(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| matches!(inline, Inline::Styled(..)))
}

fn push_plain(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Plain(text) => out.push_str(text),
            Inline::Styled(_, children) => push_plain(children, out),
        }
    }
}

fn write_inlines(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Plain(text) => out.push_str(text),
            Inline::Styled(style, children) => {
                let (open, close) = style.tags();
                out.push_str(open);
                write_inlines(children, out);
                out.push_str(close);
            }
        }
    }
}

/// A tag at the start of a text.
enum Tag {
    Open(InlineStyle),
    Close(&'static str),
}

/// How deep markup may nest; deeper tags stay text. It bounds recursion over hostile input.
const MAX_DEPTH: usize = 32;

/// Parses text with markup into pieces.
///
/// A tag that is unknown, is not closed, or closes nothing stays as text.
pub fn parse_inlines(source: &str) -> Vec<Inline> {
    let mut tree = Tree::default();
    let mut text_start = 0;
    let mut at = 0;
    while let Some(found) = source[at..].find('<') {
        let start = at + found;
        let Some((tag, length)) = read_tag(&source[start..]) else {
            at = start + 1;
            continue;
        };
        at = start + length;
        match tag {
            Tag::Open(style) if tree.levels.len() < MAX_DEPTH => {
                push_text(tree.pieces(), &source[text_start..start]);
                tree.levels.push(Level {
                    style,
                    tag: source[start..at].into(),
                    pieces: Vec::new(),
                });
                text_start = at;
            }
            Tag::Open(_) => {}
            Tag::Close(name) => {
                if let Some(depth) = tree.levels.iter().rposition(|open| closes(&open.tag, name)) {
                    push_text(tree.pieces(), &source[text_start..start]);
                    tree.close(depth);
                    text_start = at;
                }
            }
        }
    }
    push_text(tree.pieces(), &source[text_start..]);
    tree.abandon_down_to(0);
    tree.root
}

/// The pieces read so far, and the markup that is still open.
#[derive(Default)]
struct Tree {
    root: Vec<Inline>,
    levels: Vec<Level>,
}

/// Markup that is open, and what it holds so far.
struct Level {
    style: InlineStyle,
    tag: Box<str>,
    pieces: Vec<Inline>,
}

impl Tree {
    /// Returns the list that the next piece goes to.
    fn pieces(&mut self) -> &mut Vec<Inline> {
        self.levels.last_mut().map_or(&mut self.root, |level| &mut level.pieces)
    }

    /// Closes the markup at this depth; what was opened inside it and not closed becomes text.
    fn close(&mut self, depth: usize) {
        self.abandon_down_to(depth + 1);
        if let Some(level) = self.levels.pop() {
            self.pieces().push(Inline::Styled(level.style, level.pieces.into()));
        }
    }

    fn abandon_down_to(&mut self, depth: usize) {
        while self.levels.len() > depth
            && let Some(level) = self.levels.pop()
        {
            let pieces = self.pieces();
            push_text(pieces, &level.tag);
            for piece in level.pieces {
                match piece {
                    Inline::Plain(text) => push_text(pieces, &text),
                    styled @ Inline::Styled(..) => pieces.push(styled),
                }
            }
        }
    }
}

fn push_text(pieces: &mut Vec<Inline>, text: &str) {
    if text.is_empty() {
        return;
    }
    if let Some(Inline::Plain(last)) = pieces.last_mut() {
        *last = [last, text].concat().into();
    } else {
        pieces.push(Inline::Plain(text.into()));
    }
}

fn closes(open: &str, name: &str) -> bool {
    open[1..].strip_prefix(name).is_some_and(|rest| rest.starts_with(['>', ' ']))
}

/// Reads the tag that `text` begins with, and its length in bytes.
fn read_tag(text: &str) -> Option<(Tag, usize)> {
    const SIMPLE: [(&str, Tag); 11] = [
        ("<i>", Tag::Open(InlineStyle::Italic)),
        ("<b>", Tag::Open(InlineStyle::Bold)),
        ("<sup>", Tag::Open(InlineStyle::Superscript)),
        ("<sub>", Tag::Open(InlineStyle::Subscript)),
        ("<sc>", Tag::Open(InlineStyle::SmallCaps)),
        ("</i>", Tag::Close("i")),
        ("</b>", Tag::Close("b")),
        ("</sup>", Tag::Close("sup")),
        ("</sub>", Tag::Close("sub")),
        ("</sc>", Tag::Close("sc")),
        ("</span>", Tag::Close("span")),
    ];
    for (pattern, tag) in SIMPLE {
        if text.starts_with(pattern) {
            return Some((tag, pattern.len()));
        }
    }
    let attributes = text.strip_prefix("<span ")?;
    let end = attributes.find('>')?;
    let attribute: String =
        attributes[..end].chars().filter(|c| !c.is_whitespace() && *c != ';').collect();
    let style = match attribute.replace('\'', "\"").as_str() {
        "class=\"nocase\"" => InlineStyle::NoCase,
        "class=\"nodecor\"" => InlineStyle::NoDecor,
        "style=\"font-variant:small-caps\"" | "class=\"smallcaps\"" => InlineStyle::SmallCaps,
        _ => return None,
    };
    Some((Tag::Open(style), "<span ".len() + end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Inline {
        Inline::Plain(text.into())
    }

    fn styled(style: InlineStyle, children: Vec<Inline>) -> Inline {
        Inline::Styled(style, children.into())
    }

    #[test]
    fn plain_text_has_no_tree() {
        for source in ["A title", "p < 0.05", "a < b > c", "<em>not ours</em>", "<i>open", "x</i>"]
        {
            let text = Text::new(source);
            assert_eq!(text.inlines(), None, "{source}");
            assert_eq!(text.to_plain(), source);
        }
    }

    #[test]
    fn markup_is_a_tree() {
        let text = Text::new("Role of <i>JAK<sub>1</sub></i> in <span class=\"nocase\">AA</span>");
        assert_eq!(
            text.inlines().unwrap(),
            [
                plain("Role of "),
                styled(
                    InlineStyle::Italic,
                    vec![plain("JAK"), styled(InlineStyle::Subscript, vec![plain("1")])]
                ),
                plain(" in "),
                styled(InlineStyle::NoCase, vec![plain("AA")]),
            ]
        );
        assert_eq!(text.to_plain(), "Role of JAK1 in AA");
    }

    #[test]
    fn small_capitals_have_several_spellings() {
        for tag in [
            "<sc>x</sc>",
            "<span style=\"font-variant:small-caps;\">x</span>",
            "<span style=\"font-variant: small-caps;\">x</span>",
            "<span style='font-variant: small-caps'>x</span>",
        ] {
            let expected = [styled(InlineStyle::SmallCaps, vec![plain("x")])];
            assert_eq!(Text::new(tag).inlines().unwrap(), expected, "{tag}");
        }
    }

    #[test]
    fn a_tag_left_open_inside_another_stays_text() {
        assert_eq!(
            parse_inlines("<i>a <b>c</i>"),
            [styled(InlineStyle::Italic, vec![plain("a <b>c")])]
        );
    }

    #[test]
    fn deep_nesting_is_bounded() {
        let text = Text::new("<i>".repeat(100_000) + &"</i>".repeat(100_000));
        assert!(text.to_plain().len() > 100_000);
    }

    #[test]
    fn pieces_make_their_source() {
        let pieces = vec![plain("a "), styled(InlineStyle::SmallCaps, vec![plain("b")])];
        let text = Text::from_inlines(pieces.clone());
        assert_eq!(Text::new(text.as_str()).inlines().unwrap(), pieces);
    }
}
