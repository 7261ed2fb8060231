//! Filling the holes of a parsed text: one pass that copies HTML and asks for
//! what the text alone does not hold.

use std::ops::Range;

use crate::parse::body::{Hole, HoleKind};

/// What fills the holes of a text, in the order in which readers meet them.
pub trait Filler {
    /// Writes the citation `index`; returns how many bytes of the HTML that follows it
    /// stand before it, as the end of a sentence stands before a note's mark.
    fn citation(&mut self, index: usize, following: &str, out: &mut String) -> usize;
    /// Writes the start tag of the link `index`.
    fn link_start(&mut self, index: usize, out: &mut String);
    /// Writes the end tag of the link `index`, and its text where it has none.
    fn link_end(&mut self, index: usize, out: &mut String);
    /// Writes the address of the link `index` into the value of an attribute.
    fn address(&mut self, index: usize, out: &mut String);
    /// Writes the image `index`.
    fn image(&mut self, index: usize, out: &mut String);
    /// Writes the highlighted listing `index`.
    fn listing(&mut self, index: usize, out: &mut String);
    /// Writes the reference `nth` to the footnote `note`.
    fn note_reference(&mut self, note: usize, nth: usize, out: &mut String);
    /// Prepares the component `index`, whose inner text follows.
    fn component_start(&mut self, index: usize);
    /// Writes the component `index` around its inner text `inner`.
    fn component_end(&mut self, index: usize, inner: String, out: &mut String);
    /// Writes the start tag of the term link `index`; the end tag is always `</a>`.
    fn term_start(&mut self, index: usize, out: &mut String);
}

/// A stretch of the HTML that becomes a link to an entity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermLink {
    /// Where it starts in the HTML.
    pub start: usize,
    /// Where it ends in the HTML.
    pub end: usize,
}

/// Returns what stands in `range` of `html` with `holes` filled and its terms linked.
///
/// `terms` are ascending and do not overlap one another or a hole.
pub fn fill(
    html: &str,
    range: Range<usize>,
    holes: &[Hole],
    terms: &[TermLink],
    filler: &mut impl Filler,
) -> String {
    let mut output = vec![String::with_capacity(range.len() + range.len() / 4)];
    let terms = terms.iter().enumerate().skip_while(|(_, term)| term.start < range.start);
    let mut copier = Copier { html, position: range.start, terms: terms.peekable() };

    for (index, hole) in holes.iter().enumerate() {
        let out = output.last_mut().expect("the outermost text is never popped");
        copier.copy_until(hole.at, filler, out);
        match hole.kind {
            HoleKind::Citation(citation) => {
                let end = holes.get(index + 1).map_or(range.end, |next| next.at);
                let following = &html[copier.position..end];
                copier.position += filler.citation(citation, following, out);
            }
            HoleKind::LinkStart(index) => filler.link_start(index, out),
            HoleKind::LinkEnd(index) => filler.link_end(index, out),
            HoleKind::Address(index) => filler.address(index, out),
            HoleKind::Image(index) => filler.image(index, out),
            HoleKind::Listing(index) => filler.listing(index, out),
            HoleKind::NoteReference { note, nth } => filler.note_reference(note, nth, out),
            HoleKind::ComponentStart(index) => {
                filler.component_start(index);
                output.push(String::new());
            }
            HoleKind::ComponentEnd(index) => {
                let inner = output.pop().expect("a component ends after it started");
                let out = output.last_mut().expect("a component stands in a text");
                filler.component_end(index, inner, out);
            }
        }
    }
    let out = output.last_mut().expect("the outermost text is never popped");
    copier.copy_until(range.end, filler, out);
    output.pop().expect("the outermost text is never popped")
}

/// Copies the HTML between the holes.
struct Copier<'a, T: Iterator<Item = (usize, &'a TermLink)>> {
    html: &'a str,
    /// Up to here it is copied.
    position: usize,
    terms: std::iter::Peekable<T>,
}

impl<'a, T: Iterator<Item = (usize, &'a TermLink)>> Copier<'a, T> {
    /// Copies the HTML up to `end`, its terms as links.
    fn copy_until(&mut self, end: usize, filler: &mut impl Filler, out: &mut String) {
        while let Some((index, term)) = self.terms.next_if(|(_, term)| term.end <= end) {
            out.push_str(&self.html[self.position..term.start]);
            filler.term_start(index, out);
            out.push_str(&self.html[term.start..term.end]);
            out.push_str("</a>");
            self.position = term.end;
        }
        out.push_str(&self.html[self.position..end]);
        self.position = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packed::Text;
    use crate::parse::Body;

    #[derive(Default)]
    struct Marks;

    impl Filler for Marks {
        fn citation(&mut self, index: usize, following: &str, out: &mut String) -> usize {
            let taken = following.find(|c| c != '.').unwrap_or(following.len());
            out.push_str(&format!("{}[{index}]", &following[..taken]));
            taken
        }
        fn link_start(&mut self, index: usize, out: &mut String) {
            out.push_str(&format!("<a {index}>"));
        }
        fn link_end(&mut self, _: usize, out: &mut String) {
            out.push_str("</a>");
        }
        fn address(&mut self, _: usize, out: &mut String) {
            out.push_str("address");
        }
        fn image(&mut self, _: usize, out: &mut String) {
            out.push_str("<img>");
        }
        fn listing(&mut self, _: usize, out: &mut String) {
            out.push_str("<pre>");
        }
        fn note_reference(&mut self, note: usize, nth: usize, out: &mut String) {
            out.push_str(&format!("^{note}.{nth}"));
        }
        fn component_start(&mut self, _: usize) {}
        fn component_end(&mut self, index: usize, inner: String, out: &mut String) {
            out.push_str(&format!("<c{index}>{inner}</c{index}>"));
        }
        fn term_start(&mut self, index: usize, out: &mut String) {
            out.push_str(&format!("<a term{index}>"));
        }
    }

    fn body(html: &str, holes: &[(usize, HoleKind)]) -> Body {
        Body {
            html: Text::new(html),
            main_end: html.len(),
            main_holes: holes.len(),
            holes: holes.iter().map(|&(at, kind)| Hole { at, kind }).collect(),
            ..Body::default()
        }
    }

    fn fill_all(body: &Body, terms: &[TermLink]) -> String {
        fill(&body.html.get(), 0..body.main_end, &body.holes, terms, &mut Marks)
    }

    #[test]
    fn holes_are_filled_in_order_and_terms_are_wrapped() {
        let body =
            body("<p>JAK drugs</p>", &[(6, HoleKind::Citation(0)), (12, HoleKind::Citation(1))]);
        let html = fill_all(&body, &[TermLink { start: 7, end: 12 }]);
        assert_eq!(html, "<p>JAK[0] <a term0>drugs</a>[1]</p>");
    }

    #[test]
    fn a_citation_may_let_the_end_of_its_sentence_pass() {
        let body = body("<p>A. B.</p>", &[(4, HoleKind::Citation(0)), (7, HoleKind::Citation(1))]);
        assert_eq!(fill_all(&body, &[]), "<p>A.[0] B.[1]</p>");
    }

    #[test]
    fn components_nest_and_hold_what_stands_between() {
        let body = body(
            "<p>a</p><p>b</p>",
            &[
                (0, HoleKind::ComponentStart(0)),
                (8, HoleKind::ComponentStart(1)),
                (16, HoleKind::ComponentEnd(1)),
                (16, HoleKind::ComponentEnd(0)),
            ],
        );
        let html = fill_all(&body, &[]);
        assert_eq!(html, "<c0><p>a</p><c1><p>b</p></c1></c0>");
    }
}
