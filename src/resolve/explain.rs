//! Why each term of a page is a link or not: what `galen explain links` shows.

use crate::page_id::PageId;
use crate::parse::page::FieldValue;
use crate::parse::text::Linkable;
use crate::parse::{Body, FieldPath, Page};
use crate::source::{LineColumn, Lines};

use super::linked::LinkedPage;
use super::mentions::{Mention, MentionOutcome, MentionPlace, SkipReason};

/// One mention of a page and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplainedMention {
    /// Where it stands in the page's file; `None` in a field.
    pub place: Option<LineColumn>,
    /// The field that it stands in.
    pub field: Option<FieldPath>,
    /// The words as written.
    pub text: String,
    /// The pages that it names; several where it is ambiguous.
    pub targets: Vec<PageId>,
    /// Whether it becomes a link.
    pub linked: bool,
    /// Why it stays text, in words; empty where it becomes a link.
    pub why: &'static str,
}

/// Returns every mention of `page` with what became of it and why, in the order in
/// which the page shows them.
pub fn explain_links(page: &Page, linked: &LinkedPage) -> Vec<ExplainedMention> {
    let lines = Lines::of(page.source.text());
    linked.mentions.mentions.iter().map(|mention| explained(page, mention, &lines)).collect()
}

fn explained(page: &Page, mention: &Mention, lines: &Lines) -> ExplainedMention {
    let (field, body) = match &mention.place {
        MentionPlace::Body => (None, Some(&*page.body)),
        MentionPlace::Field(field) => (Some(field.clone()), markdown_at(page, field)),
    };
    let text = body.and_then(|body| body.text.plain.get(mention.plain.range()));
    let place = field.is_none().then(|| {
        let place = page.body.text.source_range(&mention.plain.range());
        lines.line_column(place.start)
    });
    let (targets, linked, why) = match &mention.outcome {
        MentionOutcome::Linked { target, .. } => (vec![target.clone()], true, ""),
        MentionOutcome::Skipped { target, reason } => (vec![target.clone()], false, why(*reason)),
        MentionOutcome::Ambiguous { candidates } => {
            (candidates.clone(), false, "it names several pages")
        }
    };
    let text = text.unwrap_or_default().to_owned();
    ExplainedMention { place, field, text, targets, linked, why }
}

fn why(reason: SkipReason) -> &'static str {
    match reason {
        SkipReason::OwnPage => "it is this page",
        SkipReason::Off => "the page or the site links no terms",
        SkipReason::NeverLinked => "the term is never linked",
        SkipReason::Field => "it stands in a field, which links nothing",
        SkipReason::Component => "it stands in a component that links nothing",
        SkipReason::Place(Linkable::Heading) => "it stands in a heading",
        SkipReason::Place(Linkable::Link) => "it stands in a link",
        SkipReason::Place(Linkable::Code) => "it stands in code",
        SkipReason::Place(Linkable::Quotation) => "it stands in a quotation",
        SkipReason::Place(Linkable::Caption) => "it stands in a caption",
        SkipReason::Place(Linkable::OptedOut) => "the author opted out",
        SkipReason::Place(Linkable::Yes) => "it stands where nothing is linked",
        SkipReason::Markup => "it runs across markup",
        SkipReason::ManualLink => "the author links to the page",
        SkipReason::Repeated => "an earlier mention is linked",
    }
}

fn markdown_at<'a>(page: &'a Page, field: &FieldPath) -> Option<&'a Body> {
    match page.front.value_at(field)? {
        FieldValue::Markdown(body) => Some(body),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::fixture::WrittenSite;

    #[test]
    fn every_mention_is_listed_with_its_place_and_its_fate() {
        let text = "---\ntitle: X\nkey_points: Nova is new.\nabout: treatments/nova\n---\n\
            # On nova\n\nSee [Vega](../treatments/vega.md), `nova`, and the **nova** of\nVega\u{ae}.\n\n\
            > A nova\n\nAA and Novas.\n";
        let site = WrittenSite::new("")
            .page("treatments/nova.md", "---\ntitle: Nova\n---\n")
            .page("treatments/vega.md", "---\ntitle: Vega\n---\n")
            .page("conditions/alopecia.md", "---\ntitle: Alopecia\naliases: AA\n---\n")
            .page("glossary/amino-acid.md", "---\ntitle: Amino acid\nabbr: AA\n---\n")
            .page("articles/x.md", text);
        let (page, linked) = site.linked("articles/x");
        let rows: Vec<String> = explain_links(&page, &linked)
            .iter()
            .map(|row| {
                let place = match (&row.place, &row.field) {
                    (Some(at), _) => format!("{}:{}", at.line, at.column),
                    (None, Some(field)) => field.to_string(),
                    (None, None) => String::new(),
                };
                let targets: Vec<&str> = row.targets.iter().map(PageId::path).collect();
                format!("{place} {} → {}: {}", row.text, targets.join(", "), row.why)
            })
            .collect();
        assert_eq!(
            rows,
            [
                "key_points[0] Nova → treatments/nova: it stands in a field, which links nothing",
                "6:6 nova → treatments/nova: it stands in a heading",
                "8:6 Vega → treatments/vega: it stands in a link",
                "8:37 nova → treatments/nova: it stands in code",
                "8:54 nova → treatments/nova: ",
                "9:1 Vega → treatments/vega: the author links to the page",
                "11:5 nova → treatments/nova: it stands in a quotation",
                "13:1 AA → conditions/alopecia, glossary/amino-acid: it names several pages",
                "13:8 Novas → treatments/nova: an earlier mention is linked",
            ]
        );
    }
}
