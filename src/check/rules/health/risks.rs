//! Benefit and risk: who says the one says the other.

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::Sentence;
use crate::config::Role;
use crate::config::checks::{EXCEPT, SECTIONS, WORDS};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::text::{BlockKind, Linkable};
use crate::resolve::LinkTarget;

use super::notices::shows_any;
use super::{is_article, treatments_in};

static BENEFIT_NO_RISK_RULE: Rule = Rule {
    id: "drug-benefit-no-risk",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "An article says that a treatment does good (one of the `words` in a sentence \
        that names it, and none of `except` before) and nowhere what it risks: it has no section \
        on that (`sections`), shows no warning or side effects, and links to no page or place \
        about them.",
};

/// Benefits without risks.
pub(in crate::check::rules) static BENEFIT_NO_RISK: Lint =
    Lint { rule: &BENEFIT_NO_RISK_RULE, check: Check::Page(drug_benefit_no_risk) };

/// The words for a benefit.
pub(in crate::check::rules) static WORDS_OF_BENEFIT: RuleOption =
    RuleOption { rule: &BENEFIT_NO_RISK_RULE, name: WORDS, kind: OptionKind::Words };

/// The words that make one no assertion.
pub(in crate::check::rules) static EXCEPT_OF_BENEFIT: RuleOption =
    RuleOption { rule: &BENEFIT_NO_RISK_RULE, name: EXCEPT, kind: OptionKind::Words };

/// The words by which a heading, link or title is known to be about risks.
pub(in crate::check::rules) static SECTIONS_ON_RISK: RuleOption =
    RuleOption { rule: &BENEFIT_NO_RISK_RULE, name: SECTIONS, kind: OptionKind::Words };

fn drug_benefit_no_risk(checked: &CheckedPage<'_>, findings: &mut Findings) {
    if !is_article(checked) {
        return;
    }
    let prose = checked.prose();
    let except = prose.hits(&EXCEPT_OF_BENEFIT);
    // What stands before a first word that counts for nothing stands before the next, too.
    let words = prose.hits(&WORDS_OF_BENEFIT);
    let mut last = None;
    let mut firsts =
        words.iter().filter(|(sentence, _)| last.replace(*sentence) != Some(*sentence));
    let asserted = firsts.find(|(sentence, word)| {
        sentence.kind == BlockKind::Prose
            && !except.is_before(sentence, word.start, usize::MAX)
            && treatments_in(checked, sentence).next().is_some()
    });
    let Some((sentence, word)) = asserted else { return };
    if speaks_of_risks(checked) || links_to_risks(checked) {
        return;
    }
    let said = &prose.text(sentence)[word.clone()];
    let message = format!("“{said}” asserts a benefit, and the page says nothing of risks");
    let span = prose.span(checked, sentence, &word);
    findings.report(
        Diagnostic::new(&BENEFIT_NO_RISK_RULE, span, message)
            .with_help("add a section on side effects, or link to where they are told"),
    );
}

/// Tells whether the page has a section on risks, a link with words of them, or a component that
/// shows some.
fn speaks_of_risks(checked: &CheckedPage<'_>) -> bool {
    let prose = checked.prose();
    let is_link = |sentence: &Sentence, at: usize| {
        let segment = prose.body(sentence).text.segment_at(at);
        segment.is_some_and(|segment| segment.linkable == Linkable::Link)
    };
    prose.hits(&SECTIONS_ON_RISK).iter().any(|(sentence, words)| {
        sentence.kind == BlockKind::Heading || is_link(sentence, words.start)
    }) || shows_any(checked, &[Role::Notice, Role::Effects])
}

/// Tells whether the page leads to a page or a place whose name has words of risks.
fn links_to_risks(checked: &CheckedPage<'_>) -> bool {
    let rules = checked.of.config.checks.phrases(checked.page.id.lang());
    let says =
        |text: &str| rules.is_some_and(|rules| rules.says(BENEFIT_NO_RISK_RULE.id, SECTIONS, text));
    let fields = checked.linked.fields.iter().flat_map(|field| &field.links);
    let mut links = checked.linked.links.iter().chain(fields);
    let mut named = checked.linked.relations.iter().filter_map(|r| r.target.page());
    let says_title = |id| checked.card(id).is_some_and(|card| says(&card.title));
    links.any(|link| match link {
        LinkTarget::Page { id, anchor, .. } => {
            let is_place = anchor.as_ref().is_some_and(|a| says(&a.replace(['-', '_'], " ")));
            is_place || says_title(id)
        }
        _ => false,
    }) || named.any(says_title)
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found_at(path: &str, fields: &str, body: &str) -> Vec<String> {
        let theme = "[components.boxed-warning]\nargs.treatment = { type = \"page\" }\n\
            shows.treatment = [\"role:notice\"]\n[components.facts]\n\
            args.treatment = { type = \"page\" }\nshows.treatment = [\"role:brand\"]\n";
        TestSite::new("")
            .theme(theme)
            .page(
                "treatments/nova.md",
                "---\ntitle: Nova\nbrands: Zap\nboxed_warning: {text: It kills., source: k}\n---\n\
                    ## Side effects\n",
            )
            .page("conditions/gout.md", "---\ntitle: Gout\n---\n")
            .page("articles/harms-of-nova.md", "---\ntitle: The harms of Nova\n---\n")
            .page(path, &format!("---\ntitle: A\n{fields}---\n{body}\n"))
            .findings("drug-benefit-no-risk")
    }

    fn found(body: &str) -> Vec<String> {
        found_at("articles/a.md", "", body)
    }

    #[test]
    fn a_benefit_alone_is_found_once() {
        assert_eq!(
            found("Nova helps many people. Zap is effective."),
            ["articles/a.md:4:6 “helps” asserts a benefit, and the page says nothing of risks \
                | add a section on side effects, or link to where they are told"]
        );
        assert_eq!(found("Zap is very effective.\n\nSee [Nova](../treatments/nova.md).").len(), 1);
        assert_eq!(found("Nova helps. It risks little.").len(), 1, "no section, no link");
        assert_eq!(found("Nova helps.\n\n::: {.facts treatment=nova}\n:::\n").len(), 1);
        assert_eq!(found_at("articles/a.md", "key_points: Nova works.\n", "").len(), 1);
    }

    #[test]
    fn who_says_what_is_risked_or_asserts_nothing_is_fine() {
        for fine in [
            "Nova helps.\n\n## What it risks\n\nMuch: the risks.\n\n## Risks\n\nMany.",
            "Nova helps.\n\n## Who should not take it\n\nYou.",
            "Nova helps.\n\n::: {.boxed-warning treatment=nova}\n:::\n",
            "Nova helps, but [read of its side effects](https://x.org/nova).",
            "Nova helps: [read on](../treatments/nova.md#side-effects).",
            "Nova helps: [read on](harms-of-nova.md).",
            "Nova does not help, and nobody knows how it works.",
            "Whether Nova helps is unknown.",
            "It helps to rest in gout.",
            "Sleep helps. Nova is a drug.",
            "> Nova helps.",
            "## Nova helps",
        ] {
            assert_eq!(found(fine), [""; 0], "{fine}");
        }
        let related = "related: [articles/harms-of-nova]\n";
        assert_eq!(found_at("articles/a.md", related, "Nova helps."), [""; 0]);
    }

    #[test]
    fn only_articles_are_judged() {
        for path in ["a.md", "conditions/a.md", "treatments/a.md", "glossary/a.md"] {
            assert_eq!(found_at(path, "", "Nova helps."), [""; 0], "{path}");
        }
    }
}
