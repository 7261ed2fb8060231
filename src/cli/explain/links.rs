//! `galen explain links`: what a page links to, what it mentions, and what became of it.

use crate::config::Config;
use crate::page_id::Lang;
use crate::parse::FieldPath;
use crate::parse::page::FieldStep;
use crate::pipeline::Build;
use crate::resolve::explain::{ExplainedMention, explain_links};
use crate::resolve::in_language::url_in_language;
use crate::resolve::links::{BrokenLink, generated_url};
use crate::resolve::{LinkTarget, SitePage, SiteReader};
use crate::source::Lines;

/// Returns the links of the page, written and made.
pub(super) fn explain(entry: &SitePage, built: &Build) -> String {
    let page = entry.page.glance();
    let mut text = format!("{} ({})\n", page.id, page.source.id);
    let Some(resolved) = built.resolved.get(&page.id) else { return text };
    let reader = SiteReader::new(&built.site);
    let lines = Lines::of(page.source.text());
    text.push_str("\nWritten links\n");
    for (link, target) in page.body.links.iter().zip(&resolved.linked.links) {
        let line = lines.line_column(link.range.start).line;
        text.push_str(&format!(
            "  line {line:<5} {} → {}\n",
            link.destination,
            destination(target, page.id.lang(), &reader, &built.config)
        ));
    }
    text.push_str("\nTerms\n");
    let mentions = explain_links(&page, &resolved.linked);
    for mention in &mentions {
        text.push_str(&format!("  {}\n", described(mention)));
    }
    let linked = mentions.iter().filter(|mention| mention.linked).count();
    let all = mentions.len();
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

fn described(mention: &ExplainedMention) -> String {
    let place = match (&mention.place, &mention.field) {
        (Some(place), _) => format!("line {:<5}", place.line),
        (None, path) => format!("{:<10}", path.as_ref().map(field).unwrap_or_default()),
    };
    let outcome = match mention.targets.as_slice() {
        [target] if mention.linked => format!("linked to {target}"),
        [target] => format!("names {target}, not linked: {}", mention.why),
        targets => {
            let ids: Vec<String> = targets.iter().map(ToString::to_string).collect();
            format!("not linked: it may mean {}", ids.join(" or "))
        }
    };
    format!("{place} “{}” {outcome}", mention.text)
}

fn field(path: &FieldPath) -> String {
    let steps = path.0.iter().map(|step| match step {
        FieldStep::Name(name) => name.to_string(),
        FieldStep::Index(index) => (index + 1).to_string(),
    });
    steps.collect::<Vec<_>>().join(".")
}
