//! `galen explain links`: what a page links to, what it mentions, and what became of it.

use crate::config::Config;
use crate::page_id::Lang;
use crate::parse::page::FieldStep;
use crate::parse::text::Linkable;
use crate::parse::{FieldPath, Page};
use crate::pipeline::Build;
use crate::resolve::in_language::url_in_language;
use crate::resolve::links::{BrokenLink, generated_url};
use crate::resolve::mentions::{Mention, MentionOutcome, MentionPlace, SkipReason};
use crate::resolve::{LinkTarget, SitePage, SiteReader};
use crate::source::line_column;

/// Returns the links of the page, written and made.
pub(super) fn explain(entry: &SitePage, built: &Build) -> String {
    let page = entry.page.glance();
    let mut text = format!("{} ({})\n", page.id, page.source.id);
    let Some(resolved) = built.resolved.get(&page.id) else { return text };
    let reader = SiteReader::new(&built.site);
    text.push_str("\nWritten links\n");
    for (link, target) in page.body.links.iter().zip(&resolved.linked.links) {
        let line = line_column(&page.source.text(), link.range.start).line;
        text.push_str(&format!(
            "  line {line:<5} {} → {}\n",
            link.destination,
            destination(target, page.id.lang(), &reader, &built.config)
        ));
    }
    text.push_str("\nTerms\n");
    for mention in &resolved.linked.mentions.mentions {
        text.push_str(&format!("  {}\n", described(mention, &page)));
    }
    let linked = resolved.linked.mentions.links().count();
    let all = resolved.linked.mentions.mentions.len();
    text.push_str(&format!("\n{linked} of {all} mentions of terms are linked\n"));
    text
}

/// Returns where a link on a page in the language `lang` leads.
fn destination(
    target: &LinkTarget,
    lang: &Lang,
    reader: &SiteReader<'_>,
    config: &Config,
) -> String {
    if let Some(reason) = target.broken(reader, config) {
        return format!("nowhere: {}", broken(&reason));
    }
    match target {
        LinkTarget::Page { id, anchor: Some(anchor), .. } => format!("{id}#{anchor}"),
        LinkTarget::Page { id, .. } => id.to_string(),
        LinkTarget::File { url, rest } => format!("{url}{rest}"),
        LinkTarget::External(_) => "another site".to_owned(),
        LinkTarget::Generated { url, otherwise, .. } if generated_url(url, reader).is_none() => {
            destination(otherwise, lang, reader, config)
        }
        LinkTarget::Generated { url, rest, .. } => {
            let own = url_in_language(url, lang, &config.site.language, reader);
            format!("{}{rest}", own.as_ref().unwrap_or(url))
        }
        LinkTarget::Broken(reason) => broken(reason),
    }
}

fn broken(reason: &BrokenLink) -> String {
    match reason {
        BrokenLink::Page => "there is no such page".to_owned(),
        BrokenLink::File => "there is no such file".to_owned(),
        BrokenLink::Anchor { page, anchor } => format!("{page} has no place `{anchor}`"),
        BrokenLink::Ambiguous(ids) => {
            let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
            format!("several pages answer to the name: {}", ids.join(", "))
        }
        BrokenLink::Outside => "the path leaves the site".to_owned(),
        BrokenLink::Unsafe => "the scheme is not allowed".to_owned(),
    }
}

fn described(mention: &Mention, page: &Page) -> String {
    let (place, text) = match &mention.place {
        MentionPlace::Body => {
            let index = &page.body.text;
            let at = mention.plain.start();
            let block = index.blocks.iter().find(|block| block.plain.range().contains(&at));
            let line = block.map_or(1, |b| line_column(&page.source.text(), b.source.start()).line);
            let written = index.plain.get(mention.plain.range());
            (format!("line {line:<5}"), written.unwrap_or(&mention.surface))
        }
        MentionPlace::Field(path) => (format!("{:<10}", field(path)), &*mention.surface),
    };
    let outcome = match &mention.outcome {
        MentionOutcome::Linked { target, .. } => format!("linked to {target}"),
        MentionOutcome::Skipped { target, reason } => {
            format!("names {target}, not linked: {}", skipped(*reason))
        }
        MentionOutcome::Ambiguous { candidates } => {
            let ids: Vec<String> = candidates.iter().map(ToString::to_string).collect();
            format!("not linked: it may mean {}", ids.join(" or "))
        }
    };
    format!("{place} “{text}” {outcome}")
}

fn field(path: &FieldPath) -> String {
    let steps = path.0.iter().map(|step| match step {
        FieldStep::Name(name) => name.to_string(),
        FieldStep::Index(index) => (index + 1).to_string(),
    });
    steps.collect::<Vec<_>>().join(".")
}

fn skipped(reason: SkipReason) -> &'static str {
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
