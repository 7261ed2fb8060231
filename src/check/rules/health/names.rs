//! Names: the generic name of a treatment stands before its brands.

use std::collections::BTreeSet;

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::check::prose::is_code;
use crate::config::Role;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::page_id::PageId;
use crate::parse::body::Body;
use crate::parse::page::FieldValue;
use crate::parse::text::{BlockKind, TextBlock, fold};
use crate::resolve::mentions::{Mention, MentionPlace};
use crate::resolve::shown::component_pages;
use crate::resolve::surfaces::{gather, surface_key};

use super::collection_of;

static GENERIC_FIRST_RULE: Rule = Rule {
    id: "drug-generic-first",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A page names a treatment by a brand (a surface of the field with the role \
        `brand`) before any other name of it has stood there, so that readers who know it by \
        another brand are lost. \"Brand (generic)\" is fine, and the page's title counts.",
};

/// Brands before the generic name.
pub(in crate::check::rules) static GENERIC_FIRST: Lint =
    Lint { rule: &GENERIC_FIRST_RULE, check: Check::Page(drug_generic_first) };

fn drug_generic_first(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let mentions = &checked.linked.mentions.mentions;
    let mut seen: BTreeSet<&PageId> = BTreeSet::new();
    for (index, mention) in mentions.iter().enumerate() {
        let Some(target) = mention.target().filter(|target| **target != checked.page.id) else {
            continue;
        };
        if seen.contains(target) || text_of(checked, mention).is_none_or(is_verbatim(mention)) {
            continue;
        }
        seen.insert(target);
        if !is_brand(checked, target, &mention.surface)
            || has_stood(checked, target, mention)
            || is_explained(checked, mention, mentions.get(index + 1))
        {
            continue;
        }
        let Some(title) = checked.card(target).map(|card| &card.title) else { continue };
        let Some((body, _)) = text_of(checked, mention) else { continue };
        let written = &body.text.plain[mention.plain.range()];
        let message = format!("the brand “{written}” comes before the name of what it is");
        let range = body.text.source_range(&mention.plain.range());
        let field = match &mention.place {
            MentionPlace::Body => None,
            MentionPlace::Field(field) => Some(field),
        };
        let span = checked.text_span(field, range, written);
        findings.report(
            Diagnostic::new(&GENERIC_FIRST_RULE, span, message)
                .with_help(format!("say “{title}” first, such as “{title} ({written})”")),
        );
    }
}

/// Returns the text and the block in which `mention` stands.
fn text_of<'a>(checked: &CheckedPage<'a>, mention: &Mention) -> Option<(&'a Body, &'a TextBlock)> {
    let body: &Body = match &mention.place {
        MentionPlace::Body => &checked.page.body,
        MentionPlace::Field(field) => match checked.page.front.value_at(field)? {
            FieldValue::Markdown(body) => body,
            _ => return None,
        },
    };
    let block = body.text.block_at(mention.plain.start())?;
    Some((body, &body.text.blocks[block]))
}

/// Returns what tells whether `mention` stands in what others wrote, or in code.
fn is_verbatim(mention: &Mention) -> impl Fn((&Body, &TextBlock)) -> bool {
    let at = mention.plain.start();
    move |(body, block)| block.kind == BlockKind::Quotation || is_code(&body.text, at)
}

/// Tells whether the folded `surface` of the page `id` is one of its brands.
fn is_brand(checked: &CheckedPage<'_>, id: &PageId, surface: &str) -> bool {
    let brands = collection_of(checked, id).and_then(|c| c.field_with_role(Role::Brand));
    let Some((brands, card)) = brands.zip(checked.card(id)) else { return false };
    if card.title.eq_ignore_ascii_case(surface) {
        return false;
    }
    let mut surfaces = Vec::new();
    if let Some(value) = checked.reader.fields(id).and_then(|fields| fields.get(&brands.name)) {
        gather(value, &mut surfaces);
    }
    surfaces.iter().any(|brand| *surface_key(&brand.name) == *surface)
        && *surface_key(&card.title) != *surface
}

/// Tells whether the name of the page `id` stands above `mention` in what is no mention: the
/// page's own title, or a component that shows that page.
fn has_stood(checked: &CheckedPage<'_>, id: &PageId, mention: &Mention) -> bool {
    let (page, config, theme) = (checked.page, checked.of.config, checked.of.theme);
    let name = checked.card(id).map(|card| surface_key(&card.title)).unwrap_or_default();
    let own_title = checked.card(&page.id).map(|card| fold(&card.title)).unwrap_or_default();
    let is_in_title = own_title.match_indices(&*name).any(|(at, name)| {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !is_word(own_title[..at].chars().next_back())
            && !is_word(own_title[at + name.len()..].chars().next())
    });
    if is_in_title || mention.place != MentionPlace::Body {
        return is_in_title;
    }
    let Some((_, block)) = text_of(checked, mention) else { return false };
    let above = page.body.components.iter().filter(|c| c.range.start < block.source.start());
    above.into_iter().any(|call| {
        let shown = component_pages(call, page.id.lang(), config, theme, checked.reader);
        shown.iter().any(|shown| shown.page == *id)
    })
}

/// Tells whether the name follows at once in brackets: "Brand (generic)".
fn is_explained(checked: &CheckedPage<'_>, mention: &Mention, next: Option<&Mention>) -> bool {
    let Some(next) = next.filter(|next| next.place == mention.place) else { return false };
    let (end, start) = (mention.plain.end(), next.plain.start());
    let between = text_of(checked, mention).and_then(|(body, _)| body.text.plain.get(end..start));
    let is_bracket = |text: &str| text.trim_start_matches(['®', '™', '℠']).trim() == "(";
    next.target() == mention.target()
        && between.is_some_and(is_bracket)
        && next.target().is_some_and(|target| !is_brand(checked, target, &next.surface))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(title: &str, fields: &str, body: &str) -> Vec<String> {
        let theme = "[components.facts]\nargs.treatment = { type = \"page\" }\n\
            shows.treatment = [\"role:brand\"]\n";
        TestSite::new("")
            .theme(theme)
            .page(
                "treatments/nova.md",
                "---\ntitle: Nova\nbrands: [Zap]\naliases: [novum]\n---\nZap.\n",
            )
            .page("conditions/gout.md", "---\ntitle: Gout\naliases: [Podagra]\n---\n")
            .page("articles/a.md", &format!("---\ntitle: {title}\n{fields}---\n{body}\n"))
            .findings("drug-generic-first")
    }

    #[test]
    fn a_brand_before_the_name_is_found_at_its_first_place() {
        assert_eq!(
            found("A", "", "Many use Zap. Zap is Nova."),
            ["articles/a.md:4:10 the brand “Zap” comes before the name of what it is \
                | say “Nova” first, such as “Nova (Zap)”"]
        );
        let in_field = found("A", "key_points: Zap works.\n", "Nova is old.");
        assert_eq!(in_field.len(), 1, "{in_field:?}");
        assert!(in_field[0].starts_with("articles/a.md:3:13 "), "{in_field:?}");
        assert_eq!(found("A", "", "## Zap\n\nNova.").len(), 1);
        assert_eq!(found("Zap for all", "", "Zap.").len(), 1);
        assert_eq!(found("Supernova", "", "Zap.").len(), 1);
    }

    #[test]
    fn the_name_may_have_stood_anywhere_above() {
        for (title, fields, body) in [
            ("A", "", "Nova (Zap) is old."),
            ("A", "", "Zap (Nova) is old."),
            ("A", "", "Zap® (nova) is old."),
            ("A", "", "Novum, or Zap."),
            ("A", "", "## On nova\n\nZap."),
            ("What Nova does", "", "Zap."),
            ("A", "key_points: Nova works.\n", "Zap is old."),
            ("A", "", "::: {.facts treatment=nova}\n:::\n\nZap."),
            ("A", "", "Podagra is gout."),
            ("A", "", "> Zap!\n\n`Zap` and Nova."),
        ] {
            assert_eq!(found(title, fields, body), [""; 0], "{title} {fields} {body}");
        }
    }
}
