//! The library that a site draws on: how old its works are, and which nobody uses.

use std::collections::BTreeMap;

use jiff::ToSpan;

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint, OptionKind, RuleOption};
use crate::citation::bibliography::Entry;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::source::{SourceId, Span};

use super::citations::uses;

static SRC_OLD_RULE: Rule = Rule {
    id: "src-old",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A page rests on works that are older than some years (option `years`, 5 by \
        default), and newer ones may say otherwise; one finding counts those of a page. A work whose age does not count against it, \
        such as a landmark trial, a law or a method, is marked `seminal: true` in notes.yaml; \
        one with a `status` is judged by that.",
};

/// After how many years a source is old.
pub(super) static YEARS: RuleOption =
    RuleOption { rule: &SRC_OLD_RULE, name: "years", kind: OptionKind::Number(1000) };

/// After how many years a source is old where the option says nothing else.
const USUAL_YEARS: i64 = 5;

static CITE_UNUSED_RULE: Rule = Rule {
    id: "cite-unused",
    kind: RuleKind::Optional,
    level: Level::Info,
    explanation: "A citation file has entries that no page cites or lists; one finding counts \
        those of a file.",
};

/// Sources that may have been overtaken.
pub(super) static SRC_OLD: Lint = Lint { rule: &SRC_OLD_RULE, check: Check::Page(src_old) };

/// Entries of the database that nothing uses.
pub(super) static CITE_UNUSED: Lint =
    Lint { rule: &CITE_UNUSED_RULE, check: Check::Site(cite_unused) };

/// How many works a finding names.
const NAMED: usize = 3;

fn src_old(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let years = YEARS.number(USUAL_YEARS, checked.of.config, checked.collection);
    let Ok(oldest) = checked.of.today.checked_sub(years.years()) else { return };
    // What was retracted or corrected since has been looked at after it appeared.
    let is_old = |entry: &&Entry| {
        let notes = &entry.notes;
        let last = || entry.description().last_day();
        !notes.seminal && notes.status.is_none() && last().is_some_and(|day| day < oldest)
    };
    let mut old: Vec<&Entry> = Vec::new();
    let mut first: Option<Span> = None;
    for place in uses(checked).into_iter().filter(|place| !place.own_work) {
        let Some(entry) = checked.of.works.get(&*place.key).filter(is_old) else { continue };
        if place.is_allowed(&SRC_OLD_RULE, checked) {
            // The block excuses the work there and nowhere else.
            findings.report(aged(&[entry], years, place.span(checked)));
        } else if !old.iter().any(|known| known.key == entry.key) {
            first.get_or_insert_with(|| place.span(checked));
            old.push(entry);
        }
    }
    if let Some(span) = first {
        findings.report(aged(&old, years, span));
    }
}

fn aged(old: &[&Entry], years: i64, span: Span) -> Diagnostic {
    let year = |entry: &Entry| entry.description().year.map(|year| format!(" of {year}"));
    let named = named(old, |entry| format!("`{}`{}", entry.key, year(entry).unwrap_or_default()));
    let works = match old.len() {
        1 => "a work cited here".to_owned(),
        several => format!("{several} works cited here"),
    };
    let message = format!("{works} appeared over {years} years ago: {named}");
    Diagnostic::new(&SRC_OLD_RULE, span, message)
        .with_help("cite a newer source, or mark it in citations/notes.yaml: `seminal: true`")
}

/// Names the first of `entries`, and says how many more there are.
fn named(entries: &[&Entry], name: impl Fn(&Entry) -> String) -> String {
    let first: Vec<String> = entries.iter().take(NAMED).map(|entry| name(entry)).collect();
    match entries.len() - first.len() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

fn cite_unused(checked: &CheckedSite<'_>, findings: &mut Findings) {
    let mut files: BTreeMap<&SourceId, (usize, Vec<&Entry>)> = BTreeMap::new();
    for entry in checked.works.iter() {
        let (count, unused) = files.entry(&entry.span.source).or_default();
        *count += 1;
        if !checked.used.contains(&entry.key) {
            unused.push(entry);
        }
    }
    for (file, (count, unused)) in files {
        let Some(first) = unused.first() else { continue };
        let named = named(&unused, |entry| format!("`{}`", entry.key));
        let message =
            format!("{} of {count} entries of `{file}` are cited nowhere: {named}", unused.len());
        findings.report(Diagnostic::new(&CITE_UNUSED_RULE, first.span.clone(), message));
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn a_source_grows_old_unless_it_is_seminal() {
        let works = "@article{a, title={A}, year={2020}} @article{b, title={B}, year={2021}} \
            @article{c, title={C}, date={2021-02-28}} @article{d, title={D}, date={2021-02}} \
            @article{e, title={E}, date={2021-03-01}} @article{f, title={F}} \
            @article{g, title={G}, year={1936}} @article{h, title={H}, date={-0375}}";
        let found = |book: &str, path: &str, fields: &str| {
            let notes = "g: {seminal: true}\nh: {status: corrected}\n";
            let text = format!("---\n{fields}\n---\n[@f; @g; @h] [@a; @b; @c; @d; @e] [@a]\n");
            TestSite::new(book).works(works, notes).page(path, &text).findings("src-old")
        };
        let article = |book| found(book, "articles/x.md", "title: X");
        let help = "cite a newer source, or mark it in citations/notes.yaml: `seminal: true`";
        let three = "3 works cited here appeared over 5 years ago: `a` of 2020, `c` of 2021, \
            `d` of 2021";
        assert_eq!(article(""), [format!("articles/x.md:4:16 {three} | {help}")]);
        assert_eq!(article("[checks]\nsrc-old = { years = 6 }\n"), [""; 0]);
        let allowed =
            "title: X\nnocite: [c]\n---\n<!-- galen: allow src-old: of its time -->\nSee [@a].";
        let [other] = &found("", "articles/x.md", allowed)[..] else { panic!("one") };
        assert!(other.contains("3 works"), "the block excuses itself alone: {other}");
        let own = "[collections.articles.checks]\nsrc-old = { years = 4 }\n";
        let five = "articles/x.md:4:16 5 works cited here appeared over 4 years ago: `a` of 2020, \
            `b` of 2021, `c` of 2021 and 2 more";
        assert_eq!(article(own), [format!("{five} | {help}")]);
        let [elsewhere] = &found(own, "pages/x.md", "title: X")[..] else { panic!("one") };
        assert!(elsewhere.contains(three), "elsewhere the usual holds: {elsewhere}");
        let person = "name: Jane\npublications: [a]";
        let [person] = &found("", "people/jane.md", person)[..] else { panic!("one") };
        assert!(person.contains(three), "in the text it is a source: {person}");
    }

    #[test]
    fn entries_that_nothing_uses_are_counted_where_the_site_asks() {
        let works = "@book{a, title={A}} @book{b, title={B}} @book{c, title={C}} \
            @book{d, title={D}} @book{e, title={E}} @book{f, title={F}}";
        let found = |book: &str, fields: &str| {
            let text = format!("---\ntitle: X\n{fields}\n---\n[@b]\n");
            let site = TestSite::new(book).works(works, "").page("articles/x.md", &text);
            site.findings("cite-unused")
        };
        let on = "[checks]\ncite-unused = \"info\"\n";
        let [finding] = &found(on, "")[..] else { panic!("one finding a file") };
        assert!(finding.starts_with("citations/a.bib:"), "{finding}");
        assert!(
            finding.ends_with(
                " 5 of 6 entries of `citations/a.bib` are cited nowhere: `a`, `c`, `d` and 2 more"
            ),
            "{finding}"
        );
        assert_eq!(found("", ""), [""; 0], "off by default");
        assert_eq!(found(on, "nocite: \"*\""), [""; 0]);
        let three = "nocite: [a, c]";
        assert!(found(on, three)[0].ends_with("nowhere: `d`, `e`, `f`"), "{:?}", found(on, three));
    }
}
