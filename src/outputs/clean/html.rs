//! The elements of a page as a tree, as far as a copy in Markdown needs it.
//!
//! The pages are written by templates: what an author's raw HTML leaves open ends with the
//! element around it.

/// A part of a page.
#[derive(Debug)]
pub(super) enum Node<'a> {
    /// Text as it is written, entities included.
    Text(&'a str),
    Element(Element<'a>),
}

/// An element with what is in it.
#[derive(Debug, Default)]
pub(super) struct Element<'a> {
    /// Its name, in small letters.
    pub(super) name: String,
    attributes: &'a str,
    pub(super) children: Vec<Node<'a>>,
}

impl<'a> Element<'a> {
    /// Returns the value of an attribute as it is written; empty where it has none.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a str> {
        let mut rest = self.attributes.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (own, after) = rest.split_at(end);
            let (value, after) = match after.strip_prefix('=') {
                Some(after) => value(after),
                None => ("", after),
            };
            if own.eq_ignore_ascii_case(name) {
                return Some(value);
            }
            rest = after.trim_start();
        }
        None
    }

    /// Tells whether it has a class.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|own| own.split_whitespace().any(|own| own == class))
    }
}

/// Splits what follows a `=` into the value and the rest.
fn value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Elements that have no end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements whose content is no HTML.
const RAW: &[&str] = &["script", "style", "textarea", "title"];

/// Returns the parts of `html`.
pub(super) fn nodes(html: &str) -> Vec<Node<'_>> {
    let mut open = vec![Element::default()];
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        push(&mut open, Node::Text(&rest[..start]));
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let end = tag_end(rest);
        let tag = &rest[1..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            close(&mut open, &name.trim().to_ascii_lowercase());
        } else if tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let tag = tag.trim_end_matches('/');
            let split = tag.find(char::is_whitespace).unwrap_or(tag.len());
            let (name, attributes) = tag.split_at(split);
            let name = name.to_ascii_lowercase();
            let element = Element { name, attributes, children: Vec::new() };
            if VOID.contains(&&*element.name) {
                push(&mut open, Node::Element(element));
            } else if RAW.contains(&&*element.name) {
                let end = format!("</{}", element.name);
                rest = rest.find(&end).map_or("", |at| &rest[at..]);
                open.push(element);
            } else {
                open.push(element);
            }
        }
    }
    push(&mut open, Node::Text(rest));
    while open.len() > 1 {
        close_last(&mut open);
    }
    open.pop().map(|root| root.children).unwrap_or_default()
}

/// Returns where a tag ends; a `>` in a quoted value does not end it.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn push<'a>(open: &mut [Element<'a>], node: Node<'a>) {
    if !matches!(node, Node::Text("")) {
        let last = open.last_mut().expect("the root stays open");
        last.children.push(node);
    }
}

fn close(open: &mut Vec<Element<'_>>, name: &str) {
    let Some(at) = open.iter().rposition(|element| element.name == name) else { return };
    while open.len() > at.max(1) {
        close_last(open);
    }
}

fn close_last(open: &mut Vec<Element<'_>>) {
    if let Some(element) = open.pop() {
        push(open, Node::Element(element));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_they_are_written() {
        let all = nodes("<a href='x>y' data-n=1 hidden class=\"a b\">t</a>");
        let [Node::Element(link)] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!(link.attribute("href"), Some("x>y"));
        assert_eq!((link.attribute("data-n"), link.attribute("hidden")), (Some("1"), Some("")));
        assert!(link.has_class("b") && link.attribute("title").is_none());
    }

    #[test]
    fn what_is_left_open_ends_with_what_is_around_it() {
        let all = nodes("<div><p>a<br><b>c</div></i>d<script>if (a < b) {}</script><");
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(matches!(&all[1], Node::Text("d")));
    }
}
