//! The words of a page that others quote: its sentences, and the start of its text.

use std::ops::Range;
use std::sync::Arc;

use crate::citation::syntax::Citation;
use crate::citation::{Bibliography, CitationStyle};
use crate::parse::Body;

/// Says what a page's citations show of authors where its words are quoted. The default knows
/// no names, for which the text has an ellipsis.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quoting<'a> {
    known: Option<(&'a CitationStyle, &'a Bibliography)>,
}

impl<'a> Quoting<'a> {
    /// Names the authors of `works` as `style` does, the page's.
    pub fn new(style: &'a CitationStyle, works: &'a Bibliography) -> Self {
        Self { known: Some((style, works)) }
    }

    /// Returns the plain text of `body` at `plain`, with the names that its citations show.
    pub(super) fn words(self, body: &Body, plain: Range<usize>) -> Arc<str> {
        let text = &body.text;
        let first = text.names.partition_point(|place| place.plain.start() < plain.start);
        let places = text.names[first..].iter().take_while(|place| place.plain.end() <= plain.end);
        let (mut words, mut from) = (String::new(), plain.start);
        for place in places {
            let citation = body.citations.get(place.citation as usize);
            let Some(names) = citation.and_then(|citation| self.names(citation)) else { continue };
            words.push_str(&text.plain[from..place.plain.start()]);
            words.push_str(&names);
            from = place.plain.end();
            // The full stop of "et al." ends the sentence, too.
            let after = &text.plain[from..plain.end];
            if names.ends_with('.') && after.starts_with('.') && !after.starts_with("..") {
                from += 1;
            }
        }
        let rest = &text.plain[from..plain.end];
        if words.is_empty() { Arc::from(rest) } else { Arc::from(words + rest) }
    }

    /// Returns the names that a narrative citation shows; `None` where it shows none, or the
    /// work is unknown.
    fn names(self, citation: &Citation) -> Option<String> {
        let (style, works) = self.known?;
        let first = citation.cites.first().filter(|cite| !cite.suppress_author)?;
        let names = style.short_names(works.item(first.key.as_str())?);
        (!names.trim().is_empty()).then(|| names.trim().to_owned())
    }
}
