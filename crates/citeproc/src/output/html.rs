//! Writes output as HTML.

use super::tree::{CiteMark, Node, Output, display_name, formatting_names};

/// A callback that wraps the HTML of a cite.
type CiteWrapper<'a> = &'a dyn Fn(&CiteMark, &str) -> String;

/// Says how HTML is written.
#[derive(Clone, Copy, Default)]
pub struct HtmlOptions<'a> {
    /// Write `style` attributes for what HTML has no element for. Without it these are classes
    /// (`csl-small-caps`), which a strict content security policy allows.
    pub style_attributes: bool,
    /// Write superscript characters (`²`, `ʳ`) as `sup` elements.
    pub superscript_tags: bool,
    /// Called with each cite and its HTML; returns the HTML to use, such as a link around it.
    pub wrap_cite: Option<CiteWrapper<'a>>,
}

impl std::fmt::Debug for HtmlOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HtmlOptions")
            .field("style_attributes", &self.style_attributes)
            .field("superscript_tags", &self.superscript_tags)
            .field("wrap_cite", &self.wrap_cite.is_some())
            .finish()
    }
}

impl Output {
    /// Returns the output as HTML, escaped so that it is safe as element content.
    pub fn to_html(&self, options: &HtmlOptions<'_>) -> String {
        let mut out = String::with_capacity(256);
        write_nodes(&self.nodes, options, &mut out);
        out
    }
}

fn write_nodes(nodes: &[Node], options: &HtmlOptions<'_>, out: &mut String) {
    for node in nodes {
        match node {
            Node::Text(text) if options.superscript_tags => {
                for c in text.chars() {
                    match superscript_base(c) {
                        Some(base) => out.extend(["<sup>", &base, "</sup>"]),
                        None => escape_into(c.encode_utf8(&mut [0; 4]), out),
                    }
                }
            }
            Node::Text(text) => escape_into(text, out),
            Node::Number(number) => out.push_str(&number.to_string()),
            Node::Formatted(formatting, children) => {
                for (name, value) in formatting_names(formatting).rev() {
                    open_tag(name, value, options, out);
                }
                write_nodes(children, options, out);
                for (name, value) in formatting_names(formatting) {
                    out.push_str(close_tag(name, value));
                }
            }
            Node::Quoted { open, close, children } => {
                escape_into(open, out);
                write_nodes(children, options, out);
                escape_into(close, out);
            }
            Node::Link { url, children } => {
                out.push_str("<a href=\"");
                escape_into(url, out);
                out.push_str("\">");
                write_nodes(children, options, out);
                out.push_str("</a>");
            }
            Node::Display(display, children) => {
                out.push_str("<div class=\"csl-");
                out.push_str(display_name(*display));
                out.push_str("\">");
                write_nodes(children, options, out);
                out.push_str("</div>");
            }
            Node::Cite(mark, children) => match options.wrap_cite {
                None => write_nodes(children, options, out),
                Some(wrap) => {
                    let mut inner = String::new();
                    write_nodes(children, options, &mut inner);
                    out.push_str(&wrap(mark, &inner));
                }
            },
        }
    }
}

fn open_tag(name: &str, value: &str, options: &HtmlOptions<'_>, out: &mut String) {
    match (name, value) {
        ("font-style", "italic") => out.push_str("<i>"),
        ("font-style", "oblique") => out.push_str("<em>"),
        ("font-weight", "bold") => out.push_str("<b>"),
        ("vertical-align", "sup") => out.push_str("<sup>"),
        ("vertical-align", "sub") => out.push_str("<sub>"),
        _ if options.style_attributes => {
            out.extend(["<span style=\"", name, ":", value, ";\">"]);
        }
        (_, "small-caps" | "underline" | "light") => {
            out.extend(["<span class=\"csl-", value, "\">"]);
        }
        _ => out.extend(["<span class=\"csl-", name, "-", value, "\">"]),
    }
}

fn close_tag(name: &str, value: &str) -> &'static str {
    match (name, value) {
        ("font-style", "italic") => "</i>",
        ("font-style", "oblique") => "</em>",
        ("font-weight", "bold") => "</b>",
        ("vertical-align", "sup") => "</sup>",
        ("vertical-align", "sub") => "</sub>",
        _ => "</span>",
    }
}

/// Appends text with the characters that HTML reads as markup replaced.
fn escape_into(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Returns what a superscript character raises.
fn superscript_base(c: char) -> Option<String> {
    match c {
        // Unicode does not say so of these four.
        '\u{2c0}' => return Some("\u{294}".to_owned()),
        '\u{2c1}' => return Some("\u{295}".to_owned()),
        '\u{6e5}' => return Some("\u{648}".to_owned()),
        '\u{6e6}' => return Some("\u{64a}".to_owned()),
        'ª' | 'º' | '²' | '³' | '¹' => {}
        '\u{2b0}'..='\u{2b8}' | '\u{2e0}'..='\u{2e4}' => {}
        '\u{1d2c}'..='\u{1d61}' | '\u{2070}'..='\u{207f}' => {}
        '\u{2120}' | '\u{2122}' | '\u{3192}'..='\u{319f}' => {}
        _ => return None,
    }
    let mut base = String::new();
    unicode_normalization::char::decompose_compatible(c, |part| base.push(part));
    (!base.starts_with(c)).then_some(base)
}
