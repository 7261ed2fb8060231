//! Fields that name pages and people who do not exist.

use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::check::suggest::{nearest_name, nearest_surface};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind, structural};
use crate::parse::FieldPath;
use crate::parse::page::FieldStep;
use crate::parse::text::fold;
use crate::resolve::linked::{Relation, RelationTarget};
use crate::resolve::surfaces::surface_key;

/// Fields that name a page that does not exist.
pub(super) static RELATION_UNKNOWN: Lint =
    Lint { rule: &structural::RELATION_UNKNOWN, check: Check::Page(relation_unknown) };

/// Fields that name a person without a page.
pub(super) static PERSON_UNKNOWN: Lint =
    Lint { rule: &structural::PERSON_UNKNOWN, check: Check::Page(person_unknown) };

static RELATION_NEAR_MISS_RULE: Rule = Rule {
    id: "relation-near-miss",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A field makes a page by naming it, and the title is nearly that of another \
        page: one of the two may be misspelt, and readers find what belongs together in two \
        places.",
};

/// Pages that are made by a name that nearly is another's.
pub(super) static RELATION_NEAR_MISS: Lint =
    Lint { rule: &RELATION_NEAR_MISS_RULE, check: Check::Page(relation_near_miss) };

static TERM_UNKNOWN_RULE: Rule = Rule {
    id: "term-unknown",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "The `terms` of a page say what a word means that is no name of any page, so \
        that nothing comes of it.",
};

/// Words under `terms` that name nothing.
pub(super) static TERM_UNKNOWN: Lint =
    Lint { rule: &TERM_UNKNOWN_RULE, check: Check::Page(term_unknown) };

fn term_unknown(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let lang = checked.page.id.lang();
    for (word, page) in &checked.page.front.terms {
        if !checked.reader.surface(lang, &surface_key(word)).is_empty() {
            continue;
        }
        findings.looked_everywhere();
        let steps = ["terms", word].map(|name| FieldStep::Name(Arc::from(name)));
        let span = checked.field_key_span(&FieldPath(steps.to_vec()));
        let message = format!("`{word}` is no name of any page, so that it is linked nowhere");
        findings.report(
            Diagnostic::new(&TERM_UNKNOWN_RULE, span, message)
                .with_label("not looked for")
                .with_suggestion(nearest_surface(checked.of.site, lang, word))
                .with_help(format!(
                    "or make it an alias of the page that it names, such as `{page}`"
                )),
        );
    }
}

fn relation_unknown(checked: &CheckedPage<'_>, findings: &mut Findings) {
    report(checked, findings, false, &structural::RELATION_UNKNOWN);
}

fn person_unknown(checked: &CheckedPage<'_>, findings: &mut Findings) {
    report(checked, findings, true, &structural::PERSON_UNKNOWN);
}

fn report(checked: &CheckedPage<'_>, findings: &mut Findings, people: bool, rule: &'static Rule) {
    let relations = checked.linked.relations.iter();
    for relation in relations.filter(|relation| names_people(checked, relation) == people) {
        let span = || checked.field_span(&relation.field);
        let written = &relation.written;
        match &relation.target {
            RelationTarget::Page(_) => {}
            RelationTarget::Unknown => {
                findings.looked_everywhere();
                findings.report(unknown(checked, relation, rule));
            }
            RelationTarget::Ambiguous(pages) => {
                let message = format!("`{written}` is a name of {} pages", pages.len());
                let names: Vec<String> = pages.iter().map(|id| format!("`{id}`")).collect();
                findings.report(
                    Diagnostic::new(rule, span(), message)
                        .with_label("which of them?")
                        .with_help(format!("write one of {}", names.join(", "))),
                );
            }
        }
    }
}

fn unknown(checked: &CheckedPage<'_>, relation: &Relation, rule: &'static Rule) -> Diagnostic {
    let (written, span) = (&relation.written, checked.field_span(&relation.field));
    let what = what_is_named(checked, relation);
    let is_named = |id: &&crate::page_id::PageId| [id.path(), id.name()].contains(&&**written);
    if let Some(page) = checked.of.ahead.values().find(is_named) {
        return Diagnostic::new(rule, span, format!("`{page}` is dated ahead"))
            .with_label("not published yet")
            .with_help("date it today or take its name away; `--future` builds such pages");
    }
    if let Some(draft) = checked.of.drafts.values().find(is_named) {
        let message = format!("`{draft}` is a draft");
        return Diagnostic::new(rule, span, message)
            .with_label("not published")
            .with_help("publish the draft or take its name away; `--drafts` builds drafts");
    }
    let lang = checked.page.id.lang();
    let near = nearest_name(checked.of.site, lang, &relation.collections, written);
    Diagnostic::new(rule, span, format!("there is no {what} `{written}`"))
        .with_label("names nothing")
        .with_suggestion(near)
}

fn relation_near_miss(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for relation in &checked.linked.relations {
        let card = relation.target.page().and_then(|id| checked.reader.card(id));
        let Some(made) = card.filter(|card| card.source.is_none()) else { continue };
        let Some(collection) = &made.collection else { continue };
        let members = checked.reader.members(made.id.lang(), collection).into_iter();
        let mut others = members.filter_map(|id| checked.reader.card(id)).filter(|card| {
            // Of two names that are both made, the later one is reported.
            !card.is_index && (card.source.is_some() || card.id < made.id)
        });
        if let Some(near) = others.find(|card| is_near_miss(&made.title, &card.title)) {
            let message =
                format!("`{}` makes a page of its own, beside `{}`", relation.written, near.title);
            findings.report(
                Diagnostic::new(
                    &RELATION_NEAR_MISS_RULE,
                    checked.field_span(&relation.field),
                    message,
                )
                .with_suggestion(Some(&near.title))
                .with_help("where they differ, allow it: `allow: {relation-near-miss: …}`"),
            );
        }
    }
}

/// Tells whether two titles are so much alike that one may be misspelt: by a letter in
/// six, a plural or case.
fn is_near_miss(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    let (length, other_length) = (one.chars().count(), other.chars().count());
    let most = (length.max(other_length) / 6).max(1);
    // As many letters as one is longer, the other lacks.
    length.abs_diff(other_length) <= most
        && one != other
        && strsim::damerau_levenshtein(&one, &other) <= most
}

/// Tells whether `relation` can only lead to people.
fn names_people(checked: &CheckedPage<'_>, relation: &Relation) -> bool {
    let collections = &checked.of.config.collections;
    !relation.collections.is_empty()
        && relation.collections.iter().all(|name| collections.get(name).is_some_and(|c| c.people))
}

/// Returns what `relation` leads to in the words of the configuration: "condition".
fn what_is_named<'a>(checked: &CheckedPage<'a>, relation: &Relation) -> &'a str {
    match relation.collections.as_slice() {
        [only] => checked.of.config.collections.get(only).map_or("page", |c| &c.singular),
        _ => "page",
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn site(fields: &str) -> TestSite {
        TestSite::new("")
            .page("people/jane-roe.md", "---\nname: Jane Roe\n---\n")
            .page("people/later.md", "---\nname: Later\ndraft: true\n---\n")
            .page("treatments/nova.md", "---\ntitle: Nova\n---\n")
            .page("articles/nova.md", "---\ntitle: On nova\n---\n")
            .page("articles/x.md", &format!("---\ntitle: X\n{fields}\n---\n"))
    }

    #[test]
    fn a_term_is_a_name_of_some_page() {
        let site = TestSite::new("")
            .page("treatments/nova.md", "---\ntitle: Nova\nbrands: [Novix®]\n---\n")
            .page("articles/x.md", "---\ntitle: X\nterms: {novix: nova, Novax: nova}\n---\n");
        let found = site.findings("term-unknown");
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("articles/x.md:3:22 `Novax` is no name"), "{found:?}");
        assert!(found[0].contains("did you mean `Nova`?"), "{found:?}");
    }

    #[test]
    fn what_is_named_by_id_or_title_is_known() {
        let site = site(
            "authors: [jane-roe, people/jane-roe, Jane Roe]\nabout: treatments/nova\nrelated: [articles/nova]",
        );
        assert_eq!(site.findings("person-unknown"), [""; 0]);
        assert_eq!(site.findings("relation-unknown"), [""; 0]);
    }

    #[test]
    fn an_unknown_person_is_shown_with_the_nearest() {
        assert_eq!(
            site("authors:\n  - jane-row").findings("person-unknown"),
            ["articles/x.md:4:5 there is no person `jane-row` | did you mean `jane-roe`?"]
        );
        assert_eq!(
            site("reviewers: [{person: nobody, date: 2026-01-02}]").findings("person-unknown"),
            ["articles/x.md:3:22 there is no person `nobody`"]
        );
        assert_eq!(
            site("authors: later").findings("person-unknown"),
            ["articles/x.md:3:10 `people/later` is a draft \
                | publish the draft or take its name away; `--drafts` builds drafts"]
        );
    }

    #[test]
    fn an_unknown_or_ambiguous_page_is_reported_wherever_it_is_named() {
        assert_eq!(
            site("about: [nova]\nrelated: [articles/novo]\nterms: {NV: treatments/nove}")
                .findings("relation-unknown"),
            [
                "articles/x.md:3:9 `nova` is a name of 2 pages \
                | write one of `articles/nova`, `treatments/nova`",
                "articles/x.md:4:11 there is no page `articles/novo` \
                | did you mean `articles/nova`?",
                "articles/x.md:5:13 there is no page `treatments/nove` \
                | did you mean `treatments/nova`?",
            ]
        );
    }

    #[test]
    fn a_name_makes_no_page_in_the_place_of_an_authors() {
        let treatment = "---\ntitle: A\nclass: JAK inhibitors\n---\n";
        let site = TestSite::new("")
            .page("classes/jak-inhibitors.md", "---\ntitle: Janus kinase inhibitors\n---\n")
            .page("treatments/a.md", treatment);
        assert_eq!(
            site.findings("relation-unknown"),
            ["treatments/a.md:3:8 there is no drug class `JAK inhibitors` \
                | did you mean `jak-inhibitors`?"]
        );
    }

    #[test]
    fn a_title_that_makes_a_page_is_no_near_miss_of_another() {
        let site = |class: &str| {
            TestSite::new("")
                .page("classes/jak.md", "---\ntitle: JAK inhibitors\n---\n")
                .page("treatments/a.md", &format!("---\ntitle: A\nclass: {class}\n---\n"))
                .page("treatments/b.md", "---\ntitle: B\nclass: Alpha blockers\n---\n")
        };
        assert_eq!(
            site("JAK inhibitor").findings("relation-near-miss"),
            ["treatments/a.md:3:8 `JAK inhibitor` makes a page of its own, beside \
                `JAK inhibitors` | did you mean `JAK inhibitors`? | where they differ, allow it: \
                `allow: {relation-near-miss: …}`"]
        );
        for fine in ["jak inhibitors", "Beta blockers", "jak"] {
            assert_eq!(site(fine).findings("relation-near-miss"), [""; 0], "{fine}");
        }
        assert_eq!(site("Alpha blocker").findings("relation-near-miss").len(), 1);
    }
}
