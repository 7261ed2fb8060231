//! Raw HTML: its pieces, and what of it may reach a page.
//!
//! Whatever the option says, these never do: comments, scripts, style sheets and
//! `style`, event handlers, and addresses that hold a program or a document.

use std::ops::Range;

use crate::parse::body::HtmlAttributes;

/// A piece of raw HTML.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece<'a> {
    /// Text between tags, with its entities.
    Text(&'a str),
    /// What stands between `<!--` and `-->`, and the place of the whole.
    Comment(&'a str, Range<usize>),
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag, by its name in lower case.
    Close(String),
}

/// A start tag.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tag<'a> {
    /// The name in lower case.
    pub(super) name: String,
    /// The attributes as written, values without their quotes.
    pub(super) attributes: Vec<(&'a str, Option<&'a str>)>,
    /// The place in the HTML.
    pub(super) range: Range<usize>,
}

/// Which elements and attributes may pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Policy {
    /// All but what never may.
    All,
    /// Those of prose.
    Prose,
}

/// Elements that have no end tag.
const VOID: &[&str] =
    &["area", "br", "col", "embed", "hr", "img", "input", "param", "source", "track", "wbr"];

/// Elements that never pass, and their text neither.
const DROPPED_WHOLE: &[&str] = &["script", "style", "noscript", "template"];

/// Elements of which only the text passes.
const DROPPED_TAGS: &[&str] = &[
    "base",
    "body",
    "frame",
    "frameset",
    "head",
    "html",
    "link",
    "meta",
    "plaintext",
    "title",
    "xmp",
    "noembed",
    "noframes",
];

/// Elements that cannot stand in a line of text.
const BLOCK: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// The elements of prose that are no blocks.
const PROSE_INLINE: &[&str] = &[
    "a", "abbr", "audio", "b", "bdi", "bdo", "br", "cite", "code", "data", "del", "dfn", "em", "i",
    "img", "ins", "kbd", "mark", "picture", "q", "rp", "rt", "ruby", "s", "samp", "small",
    "source", "span", "strong", "sub", "sup", "time", "track", "u", "var", "video", "wbr",
];

/// Blocks that are not of prose.
const NOT_PROSE_BLOCK: &[&str] = &["dialog", "fieldset", "form", "main", "menu", "search"];

/// The attributes of prose, beside `aria-…`, `data-…` and `on…`, which never passes.
const PROSE_ATTRIBUTES: &[&str] = &[
    "abbr",
    "align",
    "alt",
    "cite",
    "class",
    "colspan",
    "controls",
    "datetime",
    "dir",
    "headers",
    "height",
    "href",
    "hreflang",
    "id",
    "kind",
    "label",
    "lang",
    "loading",
    "loop",
    "media",
    "muted",
    "open",
    "poster",
    "rel",
    "reversed",
    "role",
    "rowspan",
    "scope",
    "sizes",
    "span",
    "src",
    "srclang",
    "srcset",
    "start",
    "tabindex",
    "title",
    "translate",
    "type",
    "value",
    "width",
];

/// Attributes whose value is never an address, beside `aria-…` and `data-…`.
const TEXT_ATTRIBUTES: &[&str] =
    &["abbr", "alt", "class", "headers", "id", "label", "lang", "role", "title", "value"];

impl Policy {
    /// Tells whether the element `name` passes; in a line of text, blocks do not.
    pub(super) fn passes(self, name: &str, inline: bool) -> bool {
        let block = BLOCK.contains(&name);
        if (inline && block) || DROPPED_TAGS.contains(&name) || DROPPED_WHOLE.contains(&name) {
            return false;
        }
        match self {
            Self::All => true,
            Self::Prose => {
                PROSE_INLINE.contains(&name) || (block && !NOT_PROSE_BLOCK.contains(&name))
            }
        }
    }

    /// Tells whether the attribute `name` with the value `value` passes.
    fn passes_attribute(self, name: &str, value: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let well_formed = name.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c));
        if !well_formed || name.starts_with("on") || name == "style" || name == "srcdoc" {
            return false;
        }
        let named = name.starts_with("aria-") || name.starts_with("data-");
        let known = named || PROSE_ATTRIBUTES.contains(&name.as_str());
        let text = named || TEXT_ATTRIBUTES.contains(&name.as_str());
        (self == Self::All || known) && (text || value.split(',').all(is_safe_url))
    }
}

/// Tells whether the element `name` has no end tag.
pub(super) fn is_void(name: &str) -> bool {
    VOID.contains(&name)
}

/// Tells whether neither the element `name` nor its text passes.
pub(super) fn is_dropped_whole(name: &str) -> bool {
    DROPPED_WHOLE.contains(&name)
}

/// Tells whether `url` holds no program and no document of its own.
///
/// It is read as a browser reads it: entities resolved, white space and control
/// characters left out, whatever the case.
pub(super) fn is_safe_url(url: &str) -> bool {
    let mut start = String::new();
    let mut rest = url;
    while start.len() < "javascript:".len() {
        let Some((c, length)) = first_char(rest) else { break };
        rest = &rest[length..];
        if !c.is_whitespace() && !c.is_control() {
            start.push(c.to_ascii_lowercase());
        }
    }
    !["javascript:", "vbscript:", "data:"].iter().any(|scheme| start.starts_with(scheme))
}

/// Returns the first character of `text`, entities resolved, and its length there.
fn first_char(text: &str) -> Option<(char, usize)> {
    let c = text.chars().next()?;
    if c != '&' {
        return Some((c, c.len_utf8()));
    }
    let entity = &text[1..];
    for (name, meant) in [("colon;", ':'), ("tab;", '\t'), ("newline;", '\n')] {
        if entity.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return Some((meant, 1 + name.len()));
        }
    }
    let Some(number) = entity.strip_prefix('#') else { return Some((c, 1)) };
    let (digits, radix) = match number.strip_prefix(['x', 'X']) {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let length = digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
    let meant = u32::from_str_radix(&digits[..length], radix).ok().and_then(char::from_u32);
    let ended = usize::from(digits[length..].starts_with(';'));
    match meant {
        Some(meant) => Some((meant, text.len() - digits.len() + length + ended)),
        None => Some((c, 1)),
    }
}

impl<'a> Tag<'a> {
    /// Returns the value of the attribute `name`; empty where it has none.
    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        let mut named = self.attributes.iter().filter(|(n, _)| n.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.unwrap_or_default())
    }

    /// Returns the address of a link or an image, where it passes: it is looked up as
    /// that of Markdown's.
    pub(super) fn address(&self, policy: Policy) -> Option<&'a str> {
        let name = address_attribute(&self.name)?;
        let address = self.value(name)?.trim();
        (!address.is_empty() && policy.passes_attribute(name, address)).then_some(address)
    }
}

/// Returns the attribute that holds the address of a link or an image.
fn address_attribute(element: &str) -> Option<&'static str> {
    match element {
        "a" => Some("href"),
        "img" => Some("src"),
        _ => None,
    }
}

/// The attributes that hold an address, beside those of links and images.
const ADDRESSES: &[(&str, &[&str])] = &[
    ("area", &["href"]),
    ("audio", &["src"]),
    ("embed", &["src"]),
    ("iframe", &["src"]),
    ("img", &["srcset"]),
    ("object", &["data"]),
    ("source", &["src", "srcset"]),
    ("track", &["src"]),
    ("video", &["src", "poster"]),
];

/// Tells whether the attribute `name` of `element` holds an address that passes and is looked
/// up as that of a link.
pub(super) fn is_looked_up(element: &str, name: &str, value: &str, policy: Policy) -> bool {
    let known = ADDRESSES.iter().find(|(known, _)| *known == element);
    known.is_some_and(|(_, names)| names.iter().any(|own| own.eq_ignore_ascii_case(name)))
        && !value.trim().is_empty()
        && policy.passes_attribute(name, value)
}

/// Returns the attributes of `tag` that pass, but for those that `refuse` names.
///
/// Addresses that are looked up are left out too, and the title and alternative text of a
/// tag with the address of a link or image: whoever looks the address up writes them.
pub(super) fn passing_attributes(
    tag: &Tag<'_>,
    policy: Policy,
    mut refuse: impl FnMut(&str, &str) -> bool,
) -> HtmlAttributes {
    let mut passing = HtmlAttributes::default();
    let looked_up: &[&str] = match tag.address(policy).and(address_attribute(&tag.name)) {
        Some("href") => &["href", "title"],
        Some(_) => &["src", "title", "alt"],
        None => &[],
    };
    for (name, value) in &tag.attributes {
        let lower = name.to_ascii_lowercase();
        let raw = value.unwrap_or_default();
        let seen = passing.names.contains(&lower) || (lower == "class" && passing.class.is_some());
        let passes = policy.passes_attribute(name, raw) && !looked_up.contains(&lower.as_str());
        if seen || !passes || refuse(&lower, raw) {
            continue;
        }
        if is_looked_up(&tag.name, &lower, raw, policy) {
            passing.names.push(lower);
            continue;
        }
        let mut written = String::new();
        push_escaped(raw, &mut written);
        if lower == "class" {
            passing.class = Some(written);
            continue;
        }
        passing.others.push(' ');
        passing.others.push_str(name);
        if value.is_some() {
            passing.others.push_str("=\"");
            passing.others.push_str(&written);
            passing.others.push('"');
        }
        passing.names.push(lower);
    }
    passing
}

impl HtmlAttributes {
    /// Returns the start tag of the element `name` with these attributes, but for its `>`.
    pub(super) fn into_tag(self, name: &str) -> String {
        let class = self.class.map(|class| format!(" class=\"{class}\"")).unwrap_or_default();
        format!("<{name}{class}{}", self.others)
    }
}

/// Appends HTML text or a value with what could end it as entities; entities stay.
pub(super) fn push_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() && !matches!(c, '\n' | '\t') => {}
            c => out.push(c),
        }
    }
}

/// Returns the pieces of `html`; what is no tag is text.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut text_start = 0;
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let Some((piece, end)) = markup(html, start) else {
            at = start + 1;
            continue;
        };
        if text_start < start {
            pieces.push(Piece::Text(&html[text_start..start]));
        }
        pieces.extend(piece);
        (text_start, at) = (end, end);
    }
    if text_start < html.len() {
        pieces.push(Piece::Text(&html[text_start..]));
    }
    pieces
}

/// Reads the markup at `start`: its piece, if it has one, and where it ends.
fn markup(html: &str, start: usize) -> Option<(Option<Piece<'_>>, usize)> {
    let rest = &html[start..];
    if let Some(empty) = ["<!-->", "<!--->"].into_iter().find(|empty| rest.starts_with(empty)) {
        return Some((None, start + empty.len()));
    }
    if let Some(comment) = rest.strip_prefix("<!--") {
        // An unclosed comment reaches to the end, as in a browser.
        let (inner, length) = match comment.find("-->") {
            Some(end) => (&comment[..end], end + 7),
            None => (comment, rest.len()),
        };
        return Some((Some(Piece::Comment(inner, start..start + length)), start + length));
    }
    if rest.starts_with("<!") || rest.starts_with("<?") {
        let end = rest.find('>').map_or(html.len(), |end| start + end + 1);
        return Some((None, end));
    }
    let closing = rest.starts_with("</");
    let name_start = if closing { 2 } else { 1 };
    if !rest[name_start..].starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let is_name = |c: char| !c.is_whitespace() && !matches!(c, '/' | '>' | '<');
    let name = &rest[name_start..];
    let name = &name[..name.find(|c| !is_name(c)).unwrap_or(name.len())];
    let attributes_start = start + name_start + name.len();
    let (attributes, end) = attributes(html, attributes_start)?;
    let well_formed = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let name = name.to_ascii_lowercase();
    let piece = match (well_formed, closing) {
        (false, _) => None,
        (true, true) => Some(Piece::Close(name)),
        (true, false) => Some(Piece::Open(Tag { name, attributes, range: start..end })),
    };
    Some((piece, end))
}

/// An attribute's name and its value, if it has one.
type RawAttribute<'a> = (&'a str, Option<&'a str>);

/// Reads attributes up to the end of the tag; `None` where the tag never ends.
fn attributes(html: &str, from: usize) -> Option<(Vec<RawAttribute<'_>>, usize)> {
    let mut attributes = Vec::new();
    let mut at = from;
    let take = |at: &mut usize, keep: &dyn Fn(char) -> bool| {
        let rest = &html[*at..];
        let taken = &rest[..rest.find(|c| !keep(c)).unwrap_or(rest.len())];
        *at += taken.len();
        taken
    };
    loop {
        take(&mut at, &|c| c.is_whitespace() || c == '/');
        if html[at..].starts_with('>') {
            return Some((attributes, at + 1));
        }
        let name = take(&mut at, &|c| !c.is_whitespace() && !matches!(c, '=' | '>' | '/'));
        if name.is_empty() && !html[at..].starts_with('=') {
            return None;
        }
        let after_name = at;
        take(&mut at, &|c: char| c.is_whitespace());
        if !html[at..].starts_with('=') {
            at = after_name;
            attributes.push((name, None));
            continue;
        }
        at += 1;
        take(&mut at, &|c: char| c.is_whitespace());
        let value = match html[at..].chars().next()? {
            quote @ ('"' | '\'') => {
                at += 1;
                let value = take(&mut at, &|c| c != quote);
                html[at..].starts_with(quote).then_some(())?;
                at += 1;
                value
            }
            _ => take(&mut at, &|c: char| !c.is_whitespace() && c != '>'),
        };
        if !name.is_empty() {
            attributes.push((name, Some(value)));
        }
    }
}

/// A comment that suppresses a finding: the rules' ids and the reason; `None` for a
/// comment that is not to galen.
///
/// # Errors
/// Says what is wrong with a comment to galen that means nothing.
pub(super) fn allow_comment(comment: &str) -> Result<Option<(Vec<&str>, &str)>, String> {
    let Some(rest) = comment.trim().strip_prefix("galen:") else { return Ok(None) };
    let rest = rest.trim_start();
    let word = rest.split(|c: char| c.is_whitespace() || c == ':').next().unwrap_or_default();
    if word != "allow" {
        return Err(match word.is_empty() {
            true => "this comment says nothing to galen".to_owned(),
            false => format!("galen knows no comment `{word}`, only `allow`"),
        });
    }
    let rest = &rest[word.len()..];
    let (rules, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let rules: Vec<&str> =
        rules.split([',', ' ', '\n', '\t', '\r']).filter(|rule| !rule.is_empty()).collect();
    match rules.is_empty() {
        true => Err("this `allow` names no rule".to_owned()),
        false => Ok(Some((rules, reason.trim()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_that_hold_programs_are_seen_through_their_disguises() {
        for url in [
            "javascript:x",
            " JaVaScRiPt:x",
            "java\nscript:x",
            "&#106;avascript:x",
            "javascript&colon;x",
            "&#x6A;avascript&#58;x",
            "data:text/html,x",
            "vbscript:x",
        ] {
            assert!(!is_safe_url(url), "{url}");
        }
        for url in ["https://x.org/data:x", "data.html", "#javascript", "", "a&b"] {
            assert!(is_safe_url(url), "{url}");
        }
    }

    #[test]
    fn tags_keep_only_attributes_that_pass() {
        let html =
            r#"<A HREF="x" onclick=y STYLE='z' foo srcset="a 1x, data:b 2x" title='Data: q"<'>"#;
        let pieces = pieces(html);
        let [Piece::Open(tag)] = &pieces[..] else { panic!("{pieces:?}") };
        let passing = passing_attributes(tag, Policy::All, |_, _| false);
        assert_eq!(tag.address(Policy::All), Some("x"));
        assert_eq!(passing.into_tag("a"), r#"<a foo"#);
        let unlinked = Tag { name: "i".to_owned(), ..tag.clone() };
        let passing = passing_attributes(&unlinked, Policy::All, |_, _| false);
        assert_eq!(passing.into_tag("i"), r#"<i HREF="x" foo title="Data: q&quot;&lt;""#);
    }

    #[test]
    fn what_is_no_tag_is_text() {
        assert_eq!(pieces("a < b <3 </ <x"), [Piece::Text("a < b <3 </ <x")]);
        assert_eq!(pieces("<!DOCTYPE html><?x?>y"), [Piece::Text("y")]);
        assert_eq!(pieces("<!-- a"), [Piece::Comment(" a", 0..6)]);
    }

    #[test]
    fn an_allow_comment_names_rules_and_a_reason() {
        assert_eq!(
            allow_comment(" galen: allow claim-stat, link-broken: an estimate: mine "),
            Ok(Some((vec!["claim-stat", "link-broken"], "an estimate: mine")))
        );
        assert_eq!(allow_comment("galen: allow x"), Ok(Some((vec!["x"], ""))));
        assert_eq!(allow_comment("note to self"), Ok(None));
        for wrong in ["galen: alow x: y", "galen: allow", "galen: allow : y", "galen:"] {
            assert!(allow_comment(wrong).is_err(), "{wrong}");
        }
    }
}
