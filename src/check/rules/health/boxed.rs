//! Boxed warnings: that one is whole, stands first, and is shown where it is spoken of.

use std::ops::Range;

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint, OptionKind, RuleOption};
use crate::check::prose::Sentence;
use crate::config::checks::{EXCEPT, WORDS};
use crate::config::theme::Shown;
use crate::config::{Collection, Field, FieldType, Role};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::page_id::PageId;
use crate::parse::FieldPath;
use crate::parse::page::FieldValue;
use crate::parse::text::BlockKind;
use crate::resolve::flow::BODY;

use super::notices::{first_notice, has_notice, has_own_notice};
use super::{cites, first_field, is_article, items, says_something, treatments_in};

static BOXED_MISSING_RULE: Rule = Rule {
    id: "drug-boxed-missing",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A boxed warning (a field with the role `notice`) has no text or no source, so \
        that readers are shown an empty box, or one that nobody can check.",
};

static BOXED_ORDER_RULE: Rule = Rule {
    id: "drug-boxed-order",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "Side effects stand before the boxed warning that the page shows: a section on \
        them (option `words`), or, in a collection's `display`, the field with the role \
        `effects`. What is gravest is read first.",
};

static BOXED_MENTION_RULE: Rule = Rule {
    id: "drug-boxed-mention",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "An article speaks of a boxed warning (option `words`) and mentions a \
        treatment that has one, but shows none, so that readers learn that there is a warning \
        and not what it says. A sentence that denies one (option `except`) does not count.",
};

/// Warnings without a text or a source.
pub(in crate::check::rules) static BOXED_MISSING: Lint =
    Lint { rule: &BOXED_MISSING_RULE, check: Check::Page(drug_boxed_missing) };

/// Sections on side effects before the warning.
pub(in crate::check::rules) static BOXED_ORDER: Lint =
    Lint { rule: &BOXED_ORDER_RULE, check: Check::Page(drug_boxed_order) };

/// Collections that display side effects before the warning.
pub(in crate::check::rules) static BOXED_DISPLAY: Lint =
    Lint { rule: &BOXED_ORDER_RULE, check: Check::Site(drug_boxed_display) };

/// Warnings that are spoken of and not shown.
pub(in crate::check::rules) static BOXED_MENTION: Lint =
    Lint { rule: &BOXED_MENTION_RULE, check: Check::Page(drug_boxed_mention) };

/// The words by which a heading is known to be about side effects.
pub(in crate::check::rules) static ORDER_WORDS: RuleOption =
    RuleOption { rule: &BOXED_ORDER_RULE, name: WORDS, kind: OptionKind::Words };

/// The words for a boxed warning.
pub(in crate::check::rules) static MENTION_WORDS: RuleOption =
    RuleOption { rule: &BOXED_MENTION_RULE, name: WORDS, kind: OptionKind::Words };

/// The words that deny one.
pub(in crate::check::rules) static MENTION_EXCEPT: RuleOption =
    RuleOption { rule: &BOXED_MENTION_RULE, name: EXCEPT, kind: OptionKind::Words };

/// How far before "boxed warning" a word that denies it may stand, in bytes: "does not carry
/// a", and not another clause.
const DENIAL_REACH: usize = 30;

fn drug_boxed_missing(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let Some((name, value)) = checked.field_with_role(Role::Notice) else { return };
    let Some(field) = checked.collection.and_then(|c| c.fields.get(name)) else { return };
    for (index, notice) in items(value) {
        let Some(lacking) = lacking(field, notice) else { continue };
        let path = FieldPath::field(name.clone());
        let path = index.into_iter().fold(path, FieldPath::index);
        let message = format!("the warning under `{name}` has no {}", lacking.what);
        findings.report(
            Diagnostic::new(&BOXED_MISSING_RULE, checked.field_span(&path), message)
                .with_help(lacking.help),
        );
    }
}

/// What a warning does not have.
struct Lacking {
    what: &'static str,
    help: String,
}

/// Returns what `notice`, a value of `field`, lacks that its type does not demand already.
fn lacking(field: &Field, notice: &FieldValue) -> Option<Lacking> {
    let is_text = |ty: &FieldType| matches!(ty, FieldType::Text | FieldType::Markdown);
    let text = first_field(&field.ty, is_text);
    let source = first_field(&field.ty, |ty| *ty == FieldType::Citation);
    let value = |of: &Field| match notice {
        FieldValue::Record(values) => values.get(&of.name),
        _ => None,
    };
    let has_text = match text {
        Some(text) => text.required || value(text).is_some_and(says_something),
        None => says_something(notice),
    };
    if !has_text {
        let name = text.map_or(&*field.name, |text| &*text.name);
        let help = format!("say what the label warns of under `{name}`, or take the warning away");
        return Some(Lacking { what: "text", help });
    }
    let is_demanded = source.is_some_and(|source| source.required);
    if is_demanded || cites(notice) {
        return None;
    }
    let help = match source {
        Some(source) => format!("cite the label under `{}`", source.name),
        None => "cite the label in its text".to_owned(),
    };
    Some(Lacking { what: "source", help })
}

fn drug_boxed_order(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let prose = checked.prose();
    let heading = prose.hits(&ORDER_WORDS).iter().find(|(sentence, _)| {
        sentence.kind == BlockKind::Heading && prose.field(sentence).is_none()
    });
    let Some((heading, word)) = heading else { return };
    let place = match own_notice_place(checked) {
        Some(NoticePlace::BeforeBody) => return,
        Some(NoticePlace::AfterBody) => "the boxed warning, which stands after the text",
        None => match first_notice(checked) {
            Some(notice) if has_text_between(checked, heading, notice.range.start) => {
                "the boxed warning"
            }
            _ => return,
        },
    };
    let title = prose.words(heading);
    let span = prose.span(checked, heading, &word);
    let message = format!("the section “{title}” comes before {place}");
    findings.report(
        Diagnostic::new(&BOXED_ORDER_RULE, span, message)
            .with_help("show the warning first: above this section, or right at its start"),
    );
}

/// Where a page shows its own warning.
enum NoticePlace {
    BeforeBody,
    AfterBody,
}

/// Returns where the page shows its own warning; `None` where it has none or does not show it.
fn own_notice_place(checked: &CheckedPage<'_>) -> Option<NoticePlace> {
    let collection = checked.collection?;
    let notice = collection.field_with_role(Role::Notice)?;
    let at = displayed(collection, &notice.name).filter(|_| has_own_notice(checked))?;
    match displayed(collection, BODY).is_none_or(|body| at < body) {
        true => Some(NoticePlace::BeforeBody),
        false => Some(NoticePlace::AfterBody),
    }
}

/// Returns the place of `name` in what `collection` displays.
fn displayed(collection: &Collection, name: &str) -> Option<usize> {
    collection.display.iter().position(|displayed| **displayed == *name)
}

/// Tells whether text stands between `heading` and the place `at` of the source after it.
fn has_text_between(checked: &CheckedPage<'_>, heading: &Sentence, at: usize) -> bool {
    let blocks = checked.page.body.text.blocks[heading.block..].iter().skip(1);
    let mut texts = blocks.filter(|block| block.kind != BlockKind::Heading);
    let start = checked.page.body.text.blocks[heading.block].source.start();
    start < at && texts.any(|block| block.source.start() < at)
}

fn drug_boxed_display(checked: &CheckedSite<'_>, findings: &mut Findings) {
    for collection in checked.config.collections.values() {
        let of = |role| collection.field_with_role(role);
        let (Some(notice), Some(effects)) = (of(Role::Notice), of(Role::Effects)) else { continue };
        let (at, before) =
            (displayed(collection, &notice.name), displayed(collection, &effects.name));
        if at.zip(before).is_none_or(|(notice, effects)| notice < effects) {
            continue;
        }
        let message = format!(
            "{} show `{}` before the warning, `{}`",
            collection.name, effects.name, notice.name
        );
        let span = checked.book_span(&["collections", &collection.name, "display"]);
        findings.report(
            Diagnostic::new(&BOXED_ORDER_RULE, span, message)
                .with_help(format!("put `{}` first", notice.name)),
        );
    }
}

fn drug_boxed_mention(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let prose = checked.prose();
    let except = prose.hits(&MENTION_EXCEPT);
    let mut said = prose.hits(&MENTION_WORDS).iter();
    let said = said.find(|(sentence, word)| !except.is_before(sentence, word.start, DENIAL_REACH));
    let Some((sentence, word)) = said else { return };
    if has_own_notice(checked) || first_notice(checked).is_some() {
        return;
    }
    let own = checked.collection.and_then(|c| c.field_with_role(Role::Notice));
    let help = match own {
        Some(field) => format!("say what it warns of under `{}`", field.name),
        None if is_article(checked) => {
            let Some(flagged) = flagged(checked, sentence) else { return };
            shown_by(checked, flagged)
        }
        None => return,
    };
    report_mention(checked, (sentence, word), help, findings);
}

fn report_mention(
    checked: &CheckedPage<'_>,
    (sentence, word): (&Sentence, Range<usize>),
    help: String,
    findings: &mut Findings,
) {
    let span = checked.prose().span(checked, sentence, &word);
    let message = "the page speaks of a boxed warning and shows none";
    let found = Diagnostic::new(&BOXED_MENTION_RULE, span, message);
    findings.report(found.with_help(help));
}

/// Returns a treatment with a warning that the page mentions, of those in `sentence` the first.
fn flagged<'a>(checked: &CheckedPage<'a>, sentence: &Sentence) -> Option<&'a PageId> {
    let near = treatments_in(checked, sentence);
    let mut treatments = near.chain(checked.linked.mentions.passages.keys());
    treatments.find(|id| has_notice(checked, id))
}

/// Says how to show the warning of `treatment`.
fn shown_by(checked: &CheckedPage<'_>, treatment: &PageId) -> String {
    let components = checked.of.theme.components.iter();
    let mut shown = components.filter_map(|(name, component)| {
        let shows =
            |(_, shown): &(&String, &Vec<Shown>)| shown.contains(&Shown::Role(Role::Notice));
        Some((name, component.shows.iter().find(shows)?.0))
    });
    match shown.next() {
        Some((component, argument)) => format!(
            "show that of a treatment: `::: {{.{component} {argument}={}}}`",
            treatment.name()
        ),
        None => format!("show that of `{treatment}`"),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;

    const THEME: &str = "[components.boxed-warning]\nargs.treatment = { type = \"page\" }\n\
        shows.treatment = [\"role:notice\"]\n[components.facts]\n\
        args.treatment = { type = \"page\" }\nshows.treatment = [\"role:brand\"]\n";

    fn site(book: &str) -> TestSite {
        TestSite::new(book)
            .theme(THEME)
            .page(
                "treatments/nova.md",
                "---\ntitle: Nova\nboxed_warning: {text: It can kill., source: label}\n---\n",
            )
            .page("treatments/vega.md", "---\ntitle: Vega\n---\n")
    }

    #[test]
    fn a_warning_has_a_text_and_a_source() {
        let found = |warning: &str| {
            let text = format!("---\ntitle: Rigel\nboxed_warning: {warning}\n---\n");
            TestSite::new("").page("treatments/rigel.md", &text).findings("drug-boxed-missing")
        };
        assert_eq!(found("{text: It can kill., source: label}"), [""; 0]);
        assert_eq!(found("{text: \"It can kill [@label].\"}"), [""; 0], "the text cites");
        assert_eq!(
            found("{text: It can kill.}"),
            ["treatments/rigel.md:3:16 the warning under `boxed_warning` has no source \
                | cite the label under `source`"]
        );
        for empty in ["{source: label}", "{text: \" \", source: label}", "{}"] {
            assert_eq!(
                found(empty),
                ["treatments/rigel.md:3:16 the warning under `boxed_warning` has no text \
                    | say what the label warns of under `text`, or take the warning away"],
                "{empty}"
            );
        }
        assert_eq!(site("").levels("drug-boxed-missing"), []);
    }

    #[test]
    fn a_warning_of_another_type_is_judged_by_what_it_holds() {
        let book = "[site]\npreset = \"none\"\n[collections.agents]\nentity = true\n\
            [collections.agents.fields]\nalert = { type = \"markdown\", role = \"notice\" }\n";
        let found = |alert: &str| {
            let text = format!("---\ntitle: A\nalert: {alert}\n---\n");
            TestSite::new(book).page("agents/a.md", &text).findings("drug-boxed-missing")
        };
        assert_eq!(found("\"It burns [@label].\""), [""; 0]);
        assert_eq!(
            found("It burns."),
            [
                "agents/a.md:3:8 the warning under `alert` has no source | cite the label in its text"
            ]
        );
    }

    #[test]
    fn side_effects_come_after_the_warning() {
        let found = |body: &str| {
            let text = format!("---\ntitle: X\n---\n{body}\n");
            site("").page("articles/x.md", &text).findings("drug-boxed-order")
        };
        let warning = "::: {.boxed-warning treatment=nova}\n:::\n";
        assert_eq!(
            found(&format!("## Common side effects\n\nAcne.\n\n{warning}")),
            [
                "articles/x.md:4:11 the section “Common side effects” comes before the boxed warning \
                | show the warning first: above this section, or right at its start"
            ]
        );
        for fine in [
            format!("{warning}\n## Side effects\n\nAcne.\n"),
            format!("## Side effects\n\n{warning}\nAcne.\n"),
            format!("## Adverse events\n\n### The gravest\n\n{warning}\nAcne.\n"),
            "## Side effects\n\nAcne.\n".to_owned(),
            "## Side effects\n\nAcne.\n\n::: {.facts treatment=nova}\n:::\n".to_owned(),
            "## Side effects\n\nOf Vega.\n\n::: {.boxed-warning treatment=vega}\n:::\n".to_owned(),
            format!("## What it does\n\nSide effects.\n\n{warning}"),
        ] {
            assert_eq!(found(&fine), [""; 0], "{fine}");
        }
    }

    #[test]
    fn a_page_of_a_treatment_displays_its_warning_first() {
        let text = "---\ntitle: Rigel\nboxed_warning: {text: It can kill., source: label}\n\
            side_effects: [{name: acne, frequency: rare}]\n---\n## Safety\n\nText.\n";
        let found = |book: &str| {
            let site = site(book).page("treatments/rigel.md", text);
            site.findings("drug-boxed-order")
        };
        assert_eq!(found(""), [""; 0]);
        let book = |display: &str| format!("[collections.treatments]\ndisplay = [{display}]\n");
        assert_eq!(
            found(&book("\"side_effects\", \"boxed_warning\", \"body\"")),
            ["book.toml:2:11 treatments show `side_effects` before the warning, `boxed_warning` \
                | put `boxed_warning` first"]
        );
        assert_eq!(
            found(&book("\"body\", \"boxed_warning\", \"side_effects\"")),
            ["treatments/rigel.md:6:4 the section “Safety” comes before the boxed warning, which \
                stands after the text \
                | show the warning first: above this section, or right at its start"]
        );
    }

    #[test]
    fn who_speaks_of_a_warning_shows_it() {
        let found = |path: &str, body: &str| {
            let text = format!("---\ntitle: X\n---\n{body}\n");
            site("").page(path, &text).findings("drug-boxed-mention")
        };
        let told = "Nova carries a boxed warning.\n";
        assert_eq!(
            found("articles/x.md", told),
            ["articles/x.md:4:16 the page speaks of a boxed warning and shows none \
                | show that of a treatment: `::: {.boxed-warning treatment=nova}`"]
        );
        assert_eq!(found("articles/x.md", "Nova.\n\nIt has a Black Box warning.").len(), 1);
        let shown = "::: {.boxed-warning treatment=nova}\n:::\n";
        let own = "::: boxed-warning\nIt can kill.\n:::\n";
        for fine in [
            format!("{shown}\n{told}"),
            format!("{told}\n{own}"),
            "Vega carries a boxed warning.".to_owned(),
            "A boxed warning is the strongest.".to_owned(),
            "Nova has no boxed warning.".to_owned(),
            "Nova does not carry a boxed warning.".to_owned(),
            "The aircraft's box is black; Nova.".to_owned(),
        ] {
            assert_eq!(found("articles/x.md", &fine), [""; 0], "{fine}");
        }
        for elsewhere in ["x.md", "glossary/x.md", "conditions/x.md"] {
            assert_eq!(found(elsewhere, told), [""; 0], "{elsewhere}");
        }
    }

    #[test]
    fn a_treatment_that_speaks_of_its_warning_has_it() {
        let found = |fields: &str, body: &str| {
            let text = format!("---\ntitle: Rigel\n{fields}---\n{body}\n");
            site("").page("treatments/rigel.md", &text).findings("drug-boxed-mention")
        };
        let warning = "boxed_warning: {text: It can kill., source: label}\n";
        assert_eq!(found(warning, "It has a boxed warning."), [""; 0]);
        assert_eq!(found("", "We found no boxed warning on its label."), [""; 0]);
        assert_eq!(
            found("", "It has a boxed warning."),
            ["treatments/rigel.md:4:10 the page speaks of a boxed warning and shows none \
                | say what it warns of under `boxed_warning`"]
        );
    }

    #[test]
    fn without_words_nothing_is_looked_for() {
        let book = "[checks.drug-boxed-mention]\nwords.en = []\n\
            [checks]\ndrug-boxed-order = \"off\"\n";
        let text = "---\ntitle: X\n---\n## Safety\n\nNova has a boxed warning.\n\n\
            ::: {.boxed-warning treatment=nova}\n:::\n";
        let site = site(book).page("articles/x.md", text);
        assert_eq!(site.levels("drug-boxed-mention"), [] as [Level; 0]);
        assert_eq!(site.findings("drug-boxed-order"), [""; 0]);
    }
}
