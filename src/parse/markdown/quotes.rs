//! Quotation marks: which mark a straight one becomes, in the language of the text.
//!
//! The parser makes English marks of straight ones, one event for each. What it could not
//! pair it takes for an opening one, and a single one that closes is to it the same as an
//! apostrophe; both are told apart here.

use pulldown_cmark::Event;

use super::writer::Writer;

/// The English marks, as the parser writes them.
const OPEN: &str = "\u{201c}";
const CLOSE: &str = "\u{201d}";
const OPEN_INNER: &str = "\u{2018}";
const CLOSE_INNER: &str = "\u{2019}";

/// How many events before a single mark are searched for the one that it closes.
const REACH: usize = 200;

impl<'a> Writer<'a> {
    /// Returns the mark that the straight one of the text event `at` becomes, where that is
    /// another than the parser's; `None` for any other text.
    pub(super) fn quotation_mark(&self, at: usize) -> Option<&'a str> {
        let mark = self.mark_of(at)?;
        let closes = mark == OPEN && self.can_only_close(at);
        let marks = self.input.options.language.quotation_marks.as_ref();
        let Some(marks) = marks else { return closes.then_some(CLOSE) };
        match mark {
            OPEN if !closes => Some(&marks.open),
            OPEN | CLOSE => Some(&marks.close),
            OPEN_INNER => Some(&marks.open_inner),
            _ => self.closes_inner(at).then_some(&*marks.close_inner),
        }
    }

    /// Returns the parser's mark in the text event `at`, where a straight one is written.
    fn mark_of(&self, at: usize) -> Option<&'static str> {
        let (Event::Text(text), range) = self.input.events.get(at)? else { return None };
        let all = [OPEN, CLOSE, OPEN_INNER, CLOSE_INNER];
        let mark = all.into_iter().find(|mark| **mark == **text)?;
        let is_straight = matches!(self.input.source.get(range.clone()), Some("\"" | "'"));
        is_straight.then_some(mark)
    }

    /// Returns the characters before and after the text event `at`.
    fn around(&self, at: usize) -> (Option<char>, Option<char>) {
        let (source, range) = (self.input.source, &self.input.events[at].1);
        (source[..range.start].chars().next_back(), source[range.end..].chars().next())
    }

    /// Tells whether the mark of the event `at` stands after a word and before none, as in
    /// `6" long`.
    fn can_only_close(&self, at: usize) -> bool {
        let (Some(before), after) = self.around(at) else { return false };
        let closes = before.is_alphanumeric() || ".,;:!?)]}%\u{2026}\u{2019}'".contains(before);
        closes && after.is_none_or(|c| !c.is_alphanumeric())
    }

    /// Tells whether the single mark of the event `at` closes one that is open in its block,
    /// and is no apostrophe.
    fn closes_inner(&self, at: usize) -> bool {
        let is_inside = self.around(at).1.is_some_and(char::is_alphanumeric);
        if is_inside {
            return false;
        }
        let mut closed = 0;
        for earlier in (0..at).rev().take(REACH) {
            match &self.input.events[earlier].0 {
                Event::Start(tag) if !is_inline(tag) => return false,
                Event::Text(_) => match self.mark_of(earlier) {
                    Some(OPEN_INNER) if closed == 0 => return true,
                    Some(OPEN_INNER) => closed -= 1,
                    Some(CLOSE_INNER)
                        if self.around(earlier).1.is_none_or(|c| !c.is_alphanumeric()) =>
                    {
                        closed += 1;
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        false
    }
}

fn is_inline(tag: &pulldown_cmark::Tag<'_>) -> bool {
    use pulldown_cmark::Tag;
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{MarkdownOptions, TextLanguage, parse};
    use crate::citation::style::QuotationMarks;
    use crate::source::{Source, SourceId};

    fn in_lang(lang: &str, text: &str) -> String {
        let language = TextLanguage {
            quotation_marks: QuotationMarks::of_lang(lang),
            ..TextLanguage::default()
        };
        let options =
            MarkdownOptions { language: Arc::new(language), ..MarkdownOptions::default() };
        let source = Source::new(SourceId::new("a.md"), text);
        let (body, _) = parse(&source.text(), 0, &source.id, &options);
        body.text.plain.trim_end().to_owned()
    }

    #[test]
    fn straight_marks_become_those_of_the_language() {
        let text = "Er sagte \"das 'geht' so\", und Anna's Haus. \"**Fett**\"\n";
        assert_eq!(in_lang("de", text), "Er sagte „das ‚geht‘ so“, und Anna’s Haus. „Fett“");
        let french = in_lang("fr-FR", "Il dit \"non\". L'un.\n");
        assert_eq!(french.replace(['\u{a0}', '\u{202f}'], "~"), "Il dit «~non~». L’un.");
        assert_eq!(in_lang("en", "He's \"in 'it'\".\n"), "He’s “in ‘it’”.");
    }

    #[test]
    fn what_the_author_wrote_stays_and_a_mark_alone_closes_after_a_word() {
        assert_eq!(in_lang("de", "“so” und 6\" lang\n"), "“so” und 6“ lang");
        assert_eq!(
            in_lang("de", "die Jungs' Haus, 'und'\n\nJungs' \n"),
            "die Jungs’ Haus, ‚und‘\nJungs’"
        );
    }
}
