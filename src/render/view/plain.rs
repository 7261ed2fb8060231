//! Texts that stand alone, without a page around them.

use crate::html::escape_into;
use crate::parse::Body;
use crate::render::body::{Filler, fill};

use super::element;

/// Returns the HTML of a text that stands alone, such as a notice: without
/// citations, and with links only to the places that it names in full.
pub fn plain_html(body: &Body) -> String {
    let holes = &body.holes[..body.main_holes];
    fill(&body.html.get(), 0..body.main_end, holes, &[], &mut PlainFiller { body })
}

/// Fills the holes of a text that belongs to no page.
struct PlainFiller<'a> {
    body: &'a Body,
}

impl Filler for PlainFiller<'_> {
    fn citation(&mut self, _: usize, _: &str, _: &mut String) -> usize {
        0
    }

    fn link_start(&mut self, index: usize, out: &mut String) {
        let link = &self.body.links[index];
        element::link_start(Some(&link.destination), link, out);
    }

    fn link_end(&mut self, index: usize, out: &mut String) {
        let link = &self.body.links[index];
        if link.empty {
            escape_into(&link.destination, out);
        }
        out.push_str("</a>");
    }

    fn address(&mut self, index: usize, out: &mut String) {
        escape_into(&self.body.links[index].destination, out);
    }

    fn image(&mut self, index: usize, out: &mut String) {
        escape_into(&self.body.images[index].alt, out);
    }

    fn listing(&mut self, index: usize, out: &mut String) {
        out.push_str("<pre>");
        escape_into(&self.body.listings[index].code, out);
        out.push_str("</pre>");
    }

    fn note_reference(&mut self, _: usize, _: usize, _: &mut String) {}

    fn component_start(&mut self, _: usize) {}

    fn component_end(&mut self, _: usize, inner: String, out: &mut String) {
        out.push_str(&inner);
    }

    fn term_start(&mut self, _: usize, _: &mut String) {}
}
