//! Citations of works that the database does not hold, or that were withdrawn.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::check::lint::{Check, CheckedPage, CheckedSite, Findings, Lint, leaf_values};
use crate::citation::CitationKey;
use crate::citation::bibliography::{Entry, SourceLevel, Status};
use crate::citation::style::{StyleProblem, judge_locale};
use crate::citation::syntax::Citation;
use crate::config::Role;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind, structural};
use crate::parse::FieldPath;
use crate::parse::front_matter::locate;
use crate::parse::page::{FieldStep, FieldValue};
use crate::source::Span;

static SRC_PREPRINT_RULE: Rule = Rule {
    id: "src-preprint",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A work that was not peer-reviewed is cited, and nothing tells readers so: \
        `preprint: true` in notes.yaml shows a label.",
};

static SRC_TERTIARY_RULE: Rule = Rule {
    id: "src-tertiary",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A page rests on a work that only retells what others found: `level: tertiary` \
        in notes.yaml.",
};

/// Preprints that nothing labels.
pub(super) static SRC_PREPRINT: Lint =
    Lint { rule: &SRC_PREPRINT_RULE, check: Check::Page(src_preprint) };

/// Works that retell.
pub(super) static SRC_TERTIARY: Lint =
    Lint { rule: &SRC_TERTIARY_RULE, check: Check::Page(src_tertiary) };

/// The prefixes of the DOIs of preprint servers.
const PREPRINT_DOIS: &[&str] = &[
    "10.48550/",
    "10.21203/rs.",
    "10.2139/ssrn",
    "10.20944/preprints",
    "10.31234/",
    "10.31219/",
    "10.36227/techrxiv",
    "10.26434/chemrxiv",
];

/// The prefix of the DOIs of Cold Spring Harbor Laboratory, which also has journals.
const COLD_SPRING_HARBOR: &str = "10.1101/";

/// The names of preprint servers, in small letters.
const PREPRINT_SERVERS: &[&str] = &[
    "medrxiv",
    "biorxiv",
    "arxiv",
    "research square",
    "ssrn",
    "psyarxiv",
    "osf preprints",
    "preprints.org",
    "preprints",
    "chemrxiv",
    "techrxiv",
];

/// Citations of unknown keys.
pub(super) static CITE_UNKNOWN: Lint =
    Lint { rule: &structural::CITE_UNKNOWN, check: Check::Page(cite_unknown) };

/// Citation styles that cannot be read.
pub(super) static STYLE_MISSING: Lint =
    Lint { rule: &structural::STYLE_MISSING, check: Check::Site(style_missing) };

static SRC_RETRACTED_RULE: Rule = Rule {
    id: "src-retracted",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "The page rests on a work that was retracted. Readers see the badge \
        whatever the level of this rule.",
};

static SRC_CONCERN_RULE: Rule = Rule {
    id: "src-concern",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "The page rests on a work about which its journal has voiced concern.",
};

/// Citations of retracted works.
pub(super) static SRC_RETRACTED: Lint =
    Lint { rule: &SRC_RETRACTED_RULE, check: Check::Page(src_retracted) };

/// Citations of works under an expression of concern.
pub(super) static SRC_CONCERN: Lint =
    Lint { rule: &SRC_CONCERN_RULE, check: Check::Page(src_concern) };

/// Where a page names a work.
pub(super) struct Use<'a> {
    pub(super) key: Cow<'a, CitationKey>,
    /// The field that it stands in; `None` for the body.
    field: Option<Arc<FieldPath>>,
    range: Range<usize>,
    /// Whether it is one of a person's own works rather than a source.
    pub(super) own_work: bool,
}

impl Use<'_> {
    pub(super) fn span(&self, checked: &CheckedPage<'_>) -> Span {
        checked.text_span(self.field.as_deref(), self.range.clone(), self.key.as_str())
    }

    /// Tells whether a comment allows findings of `rule` in the block that it stands in.
    pub(super) fn is_allowed(&self, rule: &Rule, checked: &CheckedPage<'_>) -> bool {
        let start = self.range.start;
        let allows = &checked.page.body.allows;
        self.field.is_none()
            && allows.iter().any(|allow| *allow.rule == *rule.id && allow.governs.contains(&start))
    }
}

/// Returns every place where the page names a work: the body's citations, those of
/// its fields, and the keys that it lists without citing them (not `*`: a list of the
/// whole database names none).
pub(super) fn uses<'a>(checked: &CheckedPage<'a>) -> Vec<Use<'a>> {
    let page = checked.page;
    let mut uses = Vec::new();
    for citation in &page.body.citations {
        for cite in &citation.cites {
            let range = cite.key_range.clone();
            uses.push(Use { key: Cow::Borrowed(&cite.key), field: None, range, own_work: false });
        }
    }
    let works = checked.collection.and_then(|c| c.field_with_role(Role::Publications));
    for (path, value) in leaf_values(page) {
        let own_work = matches!(path.0.first(),
            Some(FieldStep::Name(name)) if works.is_some_and(|field| field.name == *name));
        let citations: &[Citation] = match value {
            FieldValue::Citation(citation) => std::slice::from_ref(&**citation),
            FieldValue::Markdown(body) => &body.citations,
            _ => continue,
        };
        let field = Some(Arc::new(path));
        for cite in citations.iter().flat_map(|citation| &citation.cites) {
            let (field, range) = (field.clone(), cite.key_range.clone());
            uses.push(Use { key: Cow::Borrowed(&cite.key), field, range, own_work });
        }
    }
    for (index, key) in page.front.nocite.iter().enumerate().filter(|(_, key)| &***key != "*") {
        let path = [FieldStep::Name("nocite".into()), FieldStep::Index(index)];
        uses.push(Use {
            key: Cow::Owned(CitationKey::new(Arc::clone(key))),
            field: Some(Arc::new(FieldPath(path.into()))),
            range: 0..0,
            own_work: false,
        });
    }
    uses
}

fn cite_unknown(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let works = checked.of.works;
    for place in uses(checked).into_iter().filter(|place| works.get(&*place.key).is_none()) {
        findings.looked_everywhere();
        let key = place.key.as_str();
        let message = format!("there is no entry `{key}` in the citation database");
        let found = Diagnostic::new(&structural::CITE_UNKNOWN, place.span(checked), message)
            .with_label("not in `citations/`");
        let near: Vec<String> = works.nearest(key).iter().map(|key| format!("`{key}`")).collect();
        findings.report(match near.as_slice() {
            [] => found,
            near => found.with_help(format!("did you mean {}?", near.join(" or "))),
        });
    }
}

fn style_missing(checked: &CheckedSite<'_>, findings: &mut Findings) {
    if let Some(locale) = &checked.config.citations.locale
        && let Err(near) = judge_locale(locale)
    {
        let message = format!("there are no words for citations in the language `{locale}`");
        let span = checked.book_span(&["citations", "locale"]);
        let found = Diagnostic::new(&structural::STYLE_MISSING, span, message);
        findings.report(found.with_suggestion(near).with_help("give a tag such as `de-AT`"));
    }
    if checked.style_problems.is_empty() {
        return;
    }
    let config = checked.config;
    let citations = &config.citations;
    let mut named = vec![(checked.book_span(&["citations", "style"]), &citations.style)];
    if let Some(style) = &citations.publications_style {
        named.push((checked.book_span(&["citations", "publications_style"]), style));
    }
    for (lang, settings) in &config.languages {
        if let Some(style) = &settings.style {
            named.push((checked.book_span(&["languages", lang.as_str(), "style"]), style));
        }
    }
    for page in checked.site.pages.values().map(|page| &page.page) {
        let path = FieldPath(vec![FieldStep::Name("style".into())]);
        if let (Some(style), (source, Some(yaml))) = (&page.front.style, page.written_in(&path)) {
            named.push((locate(source, yaml, &path), style));
        }
    }
    for (span, style) in named {
        if let Some(problem) = checked.style_problems.get(style) {
            findings.report(unusable_style(span, style, problem));
        }
    }
}

fn unusable_style(span: Span, style: &str, problem: &StyleProblem) -> Diagnostic {
    let found = |message: String| Diagnostic::new(&structural::STYLE_MISSING, span, message);
    match problem {
        StyleProblem::Unknown(near) => found(format!("there is no citation style `{style}`"))
            .with_suggestion(near.as_ref())
            .with_help("`galen cite styles` lists them; a file is named by its path: `citations/house.csl`"),
        StyleProblem::NoFile => found(format!("there is no style file `{style}`")),
        StyleProblem::Malformed(why, _) => found(format!("the style `{style}` cannot be read: {why}")),
        StyleProblem::NoParent(parent) => {
            found(format!("the style `{style}` depends on `{parent}`, which is not bundled"))
                .with_help("name the parent's own file instead")
        }
    }
}

fn has_status(status: Status) -> impl Fn(&Entry) -> bool {
    move |entry| entry.notes.status == Some(status)
}

fn src_retracted(checked: &CheckedPage<'_>, findings: &mut Findings) {
    report(checked, findings, has_status(Status::Retracted), &SRC_RETRACTED_RULE, |key| {
        (format!("`{key}` was retracted"), "cite what replaced it, or say why it is cited")
    });
}

fn src_concern(checked: &CheckedPage<'_>, findings: &mut Findings) {
    report(checked, findings, has_status(Status::Concern), &SRC_CONCERN_RULE, |key| {
        (format!("there is an expression of concern about `{key}`"), "look for a firmer source")
    });
}

fn src_preprint(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let is_unlabelled = |entry: &Entry| !entry.notes.preprint && is_preprint(entry);
    report(checked, findings, is_unlabelled, &SRC_PREPRINT_RULE, |key| {
        let message = format!("`{key}` is a preprint and is not labelled as one");
        (message, "say so in citations/notes.yaml: `preprint: true`; or cite the published article")
    });
}

fn src_tertiary(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let is_tertiary = |entry: &Entry| entry.notes.level == Some(SourceLevel::Tertiary);
    report(checked, findings, is_tertiary, &SRC_TERTIARY_RULE, |key| {
        (format!("`{key}` only retells what others found"), "cite what it retells")
    });
}

/// Tells whether a work stands where works stand before they are reviewed.
fn is_preprint(entry: &Entry) -> bool {
    let record = entry.description();
    let doi = record.identifiers.iter().find(|(scheme, _)| *scheme == "doi");
    let by_doi = doi.is_some_and(|(_, doi)| {
        let servers = doi.strip_prefix(COLD_SPRING_HARBOR).is_some_and(is_of_rxiv);
        servers || PREPRINT_DOIS.iter().any(|prefix| doi.starts_with(prefix))
    });
    let servers = [&record.container, &record.publisher].into_iter().flatten();
    by_doi
        || servers.map(|name| name.to_lowercase()).any(|n| PREPRINT_SERVERS.contains(&n.as_str()))
}

/// Tells whether the end of a DOI is one of bioRxiv or medRxiv: a number of six to eight
/// digits, or a date with a number ("2020.03.24.20042937"). Those of journals begin with
/// letters ("gr.107524.110"), those of books are longer.
fn is_of_rxiv(suffix: &str) -> bool {
    let digits = |text: &str, range: std::ops::RangeInclusive<usize>| {
        range.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let parts: Vec<&str> = suffix.split('.').collect();
    match parts[..] {
        [number] => digits(number.split('v').next().unwrap_or_default(), 6..=8),
        [year, month, day, ..] => digits(year, 4..=4) && digits(month, 2..=2) && digits(day, 2..=2),
        _ => false,
    }
}

/// Reports each work that `is_meant` where the page first names it.
///
/// A block whose comment allows `rule` excuses the work there and nowhere else: the
/// finding that it drops is one beside that of the page's first other place.
fn report(
    checked: &CheckedPage<'_>,
    findings: &mut Findings,
    is_meant: impl Fn(&Entry) -> bool,
    rule: &'static Rule,
    words: impl Fn(&CitationKey) -> (String, &'static str),
) {
    let mut seen = BTreeSet::new();
    for place in uses(checked) {
        let meant = checked.of.works.get(&*place.key).is_some_and(&is_meant);
        let is_allowed = place.is_allowed(rule, checked);
        if place.own_work || !meant || (!is_allowed && seen.contains(&place.key)) {
            continue;
        }
        let (message, help) = words(&place.key);
        let found = Diagnostic::new(rule, place.span(checked), message);
        findings.report(found.with_help(help));
        if !is_allowed {
            seen.insert(place.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::citation::style::StyleProblem;

    const WORKS: &str = "@article{king2022, title={A}} @article{kwon2023, title={B}}";

    #[test]
    fn a_locale_without_words_is_reported() {
        let found = |locale: &str| {
            TestSite::new(&format!("[citations]\nlocale = \"{locale}\"\n"))
                .findings("style-missing")
        };
        let message = "there are no words for citations in the language `eng`";
        assert!(found("eng")[0].contains(message), "{:?}", found("eng"));
        for known in ["de", "de-XX", "en_US", "no", "nb-NO"] {
            assert_eq!(found(known), [""; 0], "{known}");
        }
    }

    fn site(notes: &str, path: &str, text: &str) -> TestSite {
        TestSite::new("").works(WORKS, notes).page(path, text)
    }

    #[test]
    fn an_unknown_key_is_shown_at_its_place_with_the_nearest() {
        let text = "---\ntitle: X\nnocite: [kwon2023, kwan2023]\n\
            key_points:\n  - Hair grows [@king2023].\n\
            evidence: [{outcome: hair, source: [king2022, quark1999]}]\n---\n\
            As [@king2022; @kign2022] say, and @kwon2023.\n";
        assert_eq!(
            site("", "articles/x.md", text).findings("cite-unknown"),
            [
                "articles/x.md:3:20 there is no entry `kwan2023` in the citation database \
                | did you mean `kwon2023`?",
                "articles/x.md:5:18 there is no entry `king2023` in the citation database \
                | did you mean `king2022`?",
                "articles/x.md:6:47 there is no entry `quark1999` in the citation database",
                "articles/x.md:8:17 there is no entry `kign2022` in the citation database \
                | did you mean `king2022`?",
            ]
        );
    }

    #[test]
    fn the_whole_database_may_be_listed() {
        let text = "---\ntitle: X\nnocite: \"*\"\n---\n";
        assert_eq!(site("", "articles/x.md", text).findings("cite-unknown"), [""; 0]);
    }

    #[test]
    fn a_retracted_source_is_reported_once_where_it_is_first_cited() {
        let notes = "king2022: {status: retracted}\nkwon2023: {status: concern}\n";
        let text = "---\ntitle: X\n---\nOne [@kwon2023]. Two [@king2022]. Three [@king2022].\n";
        let site_of = |notes| site(notes, "articles/x.md", text);
        assert_eq!(
            site_of(notes).findings("src-retracted"),
            ["articles/x.md:4:24 `king2022` was retracted \
                | cite what replaced it, or say why it is cited"]
        );
        assert_eq!(
            site_of(notes).findings("src-concern"),
            ["articles/x.md:4:7 there is an expression of concern about `kwon2023` \
                | look for a firmer source"]
        );
        assert_eq!(site_of("").findings("src-retracted"), [""; 0]);
    }

    #[test]
    fn a_block_that_allows_a_source_excuses_no_other() {
        let allow = "<!-- galen: allow src-retracted: history -->\n";
        let text = format!(
            "---\ntitle: X\n---\n{allow}One [@king2022].\n\nTwo [@king2022].\n\n\
             {allow}Three [@king2022].\n\nFour [@king2022].\n"
        );
        let site = site("king2022: {status: retracted}\n", "articles/x.md", &text);
        let found = site.findings("src-retracted");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("articles/x.md:7:7 "), "{found:?}");
        assert_eq!(site.findings("allow-unused"), [""; 0]);
    }

    #[test]
    fn a_work_that_is_only_listed_is_judged() {
        let text = "---\ntitle: X\nnocite: [kwon2023, king2022]\n---\n";
        let found = site("king2022: {status: retracted}\n", "articles/x.md", text)
            .findings("src-retracted");
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("articles/x.md:3:20 "), "{found:?}");
    }

    #[test]
    fn a_persons_own_list_only_shows_the_badge() {
        let text = "---\nname: Jane Roe\npublications: [king2022]\n---\n";
        let site = site("king2022: {status: retracted}\n", "people/jane.md", text);
        assert_eq!(site.findings("src-retracted"), [""; 0]);
    }

    #[test]
    fn an_unreadable_style_is_shown_wherever_it_is_named() {
        let site = TestSite::new("[citations]\nstyle = \"vancuver\"\n")
            .style_problem("vancuver", StyleProblem::Unknown(Some("vancouver".to_owned())))
            .style_problem("a.csl", StyleProblem::NoFile)
            .page("articles/x.md", "---\ntitle: X\nstyle: a.csl\n---\n");
        let found = site.findings("style-missing");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1], "articles/x.md:3:8 there is no style file `a.csl`");
        assert!(found[0].starts_with(
            "book.toml:2:9 there is no citation style `vancuver` | did you mean `vancouver`?"
        ));
    }

    #[test]
    fn preprints_are_labelled_and_retellings_avoided() {
        let works = "@article{a, title={A}, doi={10.1101/2020.01.01}} @article{b, title={B}, \
            journal={medRxiv}} @article{c, title={C}, journal={Nature}} \
            @article{d, title={D}, journal={Genome Res}, doi={10.1101/gr.107524.110}} \
            @article{e, title={E}, doi={10.1101/087619}}";
        let found = |rule: &str, notes: &str| {
            let text = "---\ntitle: X\n---\n[@a; @b; @c; @d; @e]\n";
            TestSite::new("").works(works, notes).page("articles/x.md", text).findings(rule).len()
        };
        assert_eq!(found("src-preprint", ""), 3);
        assert_eq!(found("src-preprint", "a: {preprint: true}\nb: {preprint: true}\n"), 1);
        assert_eq!(found("src-tertiary", "c: {level: tertiary}\n"), 1);
    }
}
