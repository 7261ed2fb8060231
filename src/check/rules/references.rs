//! The records of the works that pages cite or list: identifiers, and what a reader
//! needs to find a work.

use std::collections::HashMap;

use crate::check::lint::{Check, CheckedWork, Findings, Lint};
use crate::citation::bibliography::Entry;
use crate::citation::record::Creator;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::ids::{self, IdFault};
use crate::url::{SlugStyle, percent_decode, slug};

static REF_BAD_ID_RULE: Rule = Rule {
    id: "ref-bad-id",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "An identifier of a reference does not follow its scheme's syntax; a warning \
        where only its check digit is wrong.",
};

static REF_REQUIRED_RULE: Rule = Rule {
    id: "ref-required",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A reference has no title; a warning where it has no author or no year, or, \
        for a web page, no access date.",
};

static REF_NO_ID_RULE: Rule = Rule {
    id: "ref-no-id",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A journal article has no DOI, PMID or PMCID, so that readers must search for it.",
};

static REF_YEAR_RULE: Rule = Rule {
    id: "ref-year",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A reference appeared in a year that is yet to come.",
};

static REF_DOI_IN_URL_RULE: Rule = Rule {
    id: "ref-doi-in-url",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A reference has no DOI, but its address holds one.",
};

static REF_URL_REDIRECT_RULE: Rule = Rule {
    id: "ref-url-redirect",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "The address of a reference leads through a login, a proxy, a redirect or a \
        tracker, so that it will not work for readers.",
};

static REF_VOLUME_DIRTY_RULE: Rule = Rule {
    id: "ref-volume-dirty",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "The volume or issue of a reference holds a month or other words; supplements \
        and parts are fine.",
};

static REF_TITLE_SLUG_RULE: Rule = Rule {
    id: "ref-title-slug",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "The address of a reference ends in words that its title hardly holds: one of \
        the two may be another work's.",
};

static CITE_DUPLICATE_RULE: Rule = Rule {
    id: "cite-duplicate",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "Two entries that are used share a DOI or PMID, or title and year: the same \
        work would be listed twice.",
};

/// Malformed identifiers of references.
pub(super) static REF_BAD_ID: Lint =
    Lint { rule: &REF_BAD_ID_RULE, check: Check::Work(ref_bad_id) };

/// References without what names them.
pub(super) static REF_REQUIRED: Lint =
    Lint { rule: &REF_REQUIRED_RULE, check: Check::Work(ref_required) };

/// Articles without an identifier.
pub(super) static REF_NO_ID: Lint = Lint { rule: &REF_NO_ID_RULE, check: Check::Work(ref_no_id) };

/// References from the future.
pub(super) static REF_YEAR: Lint = Lint { rule: &REF_YEAR_RULE, check: Check::Work(ref_year) };

/// DOIs that stand in an address alone.
pub(super) static REF_DOI_IN_URL: Lint =
    Lint { rule: &REF_DOI_IN_URL_RULE, check: Check::Work(ref_doi_in_url) };

/// Addresses that lead through something.
pub(super) static REF_URL_REDIRECT: Lint =
    Lint { rule: &REF_URL_REDIRECT_RULE, check: Check::Work(ref_url_redirect) };

/// Volumes and issues that hold words.
pub(super) static REF_VOLUME_DIRTY: Lint =
    Lint { rule: &REF_VOLUME_DIRTY_RULE, check: Check::Work(ref_volume_dirty) };

/// Addresses that speak of something else than the title.
pub(super) static REF_TITLE_SLUG: Lint =
    Lint { rule: &REF_TITLE_SLUG_RULE, check: Check::Work(ref_title_slug) };

/// Works that are in the database twice.
pub(super) static CITE_DUPLICATE: Lint =
    Lint { rule: &CITE_DUPLICATE_RULE, check: Check::Works(cite_duplicate) };

/// The CSL type of articles in journals.
const ARTICLE: &str = "article-journal";
const WEB_PAGE: &str = "webpage";

/// What comes before a DOI in an address of the DOI system, and a DOI's own start.
const DOI_START: &str = "10.";

fn at_entry(rule: &'static Rule, entry: &Entry, message: String) -> Diagnostic {
    Diagnostic::new(rule, entry.span.clone(), message)
}

fn ref_bad_id(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    for (name, written) in &record.identifiers {
        let Some(scheme) = ids::scheme(name, &checked.of.config.ids) else { continue };
        // A book may have several ISBNs, a journal two ISSNs.
        let several = matches!(*name, "isbn" | "issn");
        let values = written.split(|c: char| several && (c == ',' || c.is_whitespace()));
        for value in values.map(str::trim).filter(|value| !value.is_empty()) {
            let Err(fault) = scheme.check(&scheme.normalize(value)) else { continue };
            let (label, key) = (scheme.label(), &entry.key);
            let found = match fault {
                IdFault::Syntax => at_entry(
                    &REF_BAD_ID_RULE,
                    entry,
                    format!("`{value}` of `{key}` is not a {label}"),
                )
                .with_help(format!("a {label} looks like `{}`", scheme.example())),
                IdFault::CheckDigit => {
                    let message =
                        format!("the {label} `{value}` of `{key}` has a wrong check digit");
                    let mut found = at_entry(&REF_BAD_ID_RULE, entry, message)
                        .with_help("compare it with its source: a character is likely mistyped");
                    found.level = Level::Warning;
                    found
                }
            };
            findings.report(found);
        }
    }
}

fn ref_required(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    let mut missing = |what: &str, level: Level| {
        let message = format!("`{}` has no {what}", entry.key);
        let mut found = at_entry(&REF_REQUIRED_RULE, entry, message);
        found.level = level;
        findings.report(found);
    };
    if record.title.is_empty() {
        missing("title", Level::Error);
    }
    if record.authors.is_empty() && record.publisher.is_none() && record.container.is_none() {
        missing("author", Level::Warning);
    }
    // A page of the web may bear no date; what it said is known for the day it was read.
    let is_web_page = record.kind == WEB_PAGE;
    if is_web_page && record.accessed.is_none() {
        missing("access date", Level::Warning);
    } else if record.year.is_none() && !is_web_page {
        missing("year", Level::Warning);
    }
}

fn ref_no_id(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    let has_id =
        record.identifiers.iter().any(|(scheme, _)| matches!(*scheme, "doi" | "pmid" | "pmcid"));
    let has_ark = record.url.as_deref().is_some_and(|url| url.contains("ark:"));
    if record.kind == ARTICLE && !has_id && !has_ark {
        let message = format!("`{}` is an article without DOI, PMID or PMCID", entry.key);
        findings.report(at_entry(&REF_NO_ID_RULE, entry, message));
    }
}

fn ref_year(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    let this_year = i32::from(checked.of.today.year());
    if let Some(year) = record.year.filter(|year| *year > this_year) {
        let message = format!("`{}` is of {year}, which is yet to come", entry.key);
        findings.report(at_entry(&REF_YEAR_RULE, entry, message));
    }
}

fn ref_doi_in_url(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    let has_doi = record.identifiers.iter().any(|(scheme, _)| *scheme == "doi");
    let Some(doi) = record.url.as_deref().filter(|_| !has_doi).and_then(doi_in) else {
        return;
    };
    let message = format!("`{}` has no DOI, but its address holds `{doi}`", entry.key);
    let found = at_entry(&REF_DOI_IN_URL_RULE, entry, message);
    findings.report(found.with_help(format!("add it to the record: `{doi}`")));
}

/// Returns the DOI in an address.
fn doi_in(url: &str) -> Option<&str> {
    let start = url.find(&format!("/{DOI_START}"))? + 1;
    let doi = url[start..].split(['?', '#', '&']).next()?;
    let scheme = ids::built_in("doi")?;
    scheme.check(doi).is_ok().then_some(doi)
}

/// Signs of an address that is somebody's own way to a page, in small letters.
const DETOURS: &[&str] = &[
    "ezproxy",
    ".proxy.",
    "-proxy.",
    "proxy=",
    "/login",
    "/signin",
    "login?",
    "/redirect",
    "redirect=",
    "google.com/url?",
    "//bit.ly/",
    "//t.co/",
    "//tinyurl.com/",
    "//goo.gl/",
    "//lnkd.in/",
    "jsessionid=",
    "sessionid=",
    "session_id=",
    "utm_source=",
    "utm_medium=",
    "utm_campaign=",
];

fn ref_url_redirect(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    let Some(url) = &record.url else { return };
    let lower = url.to_lowercase();
    let Some(sign) = DETOURS.iter().find(|sign| holds_sign(&lower, sign)) else { return };
    let sign = sign.trim_matches(['/', '.', '-', '=', '?']);
    let message = format!("the address of `{}` is no lasting one: it holds `{sign}`", entry.key);
    let found = at_entry(&REF_URL_REDIRECT_RULE, entry, message);
    findings.report(match doi_in(url) {
        Some(doi) => found.with_help(format!("use the DOI in it: `{doi}`")),
        None => found.with_help("use the address of the page itself, or a DOI"),
    });
}

/// Tells whether an address holds `sign`: a part of its path as a whole, so that a page may be
/// called `/login-trial-results`.
fn holds_sign(url: &str, sign: &str) -> bool {
    let goes_on =
        |rest: &str| rest.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let mut found = url.match_indices(sign).map(|(at, _)| &url[at + sign.len()..]);
    let is_last_in_part = sign.starts_with('/') && !sign.ends_with('/');
    found.any(|rest| !is_last_in_part || !goes_on(rest))
}

/// Words that a volume or issue may hold, in small letters.
const VOLUME_WORDS: &[&str] = &[
    "suppl",
    "supplement",
    "supplements",
    "supplementum",
    "supp",
    "part",
    "spec",
    "special",
    "issue",
    "article",
    "art",
    "vol",
];

/// The months as words in front of a number begin.
const MONTHS: &[&str] =
    &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn ref_volume_dirty(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    for (what, value) in [("volume", &record.volume), ("issue", &record.issue)] {
        let Some(value) = value else { continue };
        let lower = value.to_lowercase();
        if lower.split(|c: char| !c.is_alphanumeric()).any(is_odd) {
            let message = format!("the {what} of `{}` is `{value}`", entry.key);
            let found = at_entry(&REF_VOLUME_DIRTY_RULE, entry, message);
            findings.report(found.with_help("a month belongs to the date"));
        }
    }
}

/// Tells whether a word of a volume or issue belongs to something else.
fn is_odd(word: &str) -> bool {
    let letters = &word[..word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len())];
    // A volume of Roman numerals is a number.
    let is_roman = letters.chars().all(|c| "ivxlcdm".contains(c));
    if letters.chars().count() <= 2 || VOLUME_WORDS.contains(&letters) || is_roman {
        return false;
    }
    // What mixes letters and digits is the number of an article, unless it begins with a month.
    letters == word || letters.get(..3).is_some_and(|start| MONTHS.contains(&start))
}

/// The fewest letters of a word that tells what a text is about.
const TELLING: usize = 4;

/// The fewest telling words of an address, and of a title, that can be compared.
const COMPARABLE: usize = 3;

/// The part of an address's words that its title holds at least: one in so many.
const ONE_IN: usize = 4;

fn ref_title_slug(checked: &CheckedWork<'_>, findings: &mut Findings) {
    let CheckedWork { entry, record, .. } = checked;
    let Some(words) = record.url.as_deref().and_then(slug_words) else { return };
    // What is in another script, or only a name, holds none of the words.
    let mut held = telling_words(&record.title);
    if held.len() < COMPARABLE {
        return;
    }
    let authors: Vec<String> = record.authors.iter().map(Creator::to_name).collect();
    let others = [&record.container, &record.publisher].into_iter().flatten().chain(&authors);
    held.extend(others.flat_map(|text| telling_words(text)));
    // Addresses are cut and words have endings.
    let is_held = |word: &&String| {
        held.iter().any(|held| held.starts_with(&***word) || word.starts_with(&**held))
    };
    if words.iter().filter(is_held).count() * ONE_IN < words.len() {
        let message = format!(
            "the address of `{}` speaks of `{}`, not of its title",
            entry.key,
            words.join(" ")
        );
        let found = at_entry(&REF_TITLE_SLUG_RULE, entry, message);
        findings.report(found.with_help("see whether it leads to this work"));
    }
}

/// Returns the telling words at the end of an address; `None` where it does not end in words.
fn slug_words(url: &str) -> Option<Vec<String>> {
    let (_, rest) = url.split_once("://")?;
    let path = rest.split(['?', '#']).next()?.split('/').skip(1);
    let segments: Vec<String> = path.map(percent_decode).collect();
    let words = |segment: &String| {
        let name = segment.rsplit_once('.').filter(|(_, ending)| ending.len() <= 5);
        let name = name.map_or(&**segment, |(name, _)| name);
        telling_words(&name.replace('_', "-"))
    };
    let last = segments.iter().rev().map(words).find(|words| !words.is_empty())?;
    (last.len() >= COMPARABLE).then_some(last)
}

/// Returns the words of a text that tell what it is about, as an address writes them.
fn telling_words(text: &str) -> Vec<String> {
    let is_telling =
        |word: &String| word.len() >= TELLING && word.bytes().all(|byte| byte.is_ascii_lowercase());
    // A slug as a whole may be cut.
    let parts = text.split(|c: char| c.is_whitespace() || "-‐–—/".contains(c));
    parts.map(|part| slug(part, SlugStyle::Ascii)).filter(is_telling).collect()
}

fn cite_duplicate(works: &[CheckedWork<'_>], findings: &mut Findings) {
    let mut seen: HashMap<&str, &Entry> = HashMap::new();
    for CheckedWork { entry, record, .. } in works {
        let earlier = record.marks.iter().find_map(|mark| seen.get(&**mark).copied());
        if let Some(earlier) = earlier.filter(|earlier| earlier.key != entry.key) {
            let message = format!("`{}` is the same work as `{}`", entry.key, earlier.key);
            findings.report(
                at_entry(&CITE_DUPLICATE_RULE, entry, message)
                    .with_related(earlier.span.clone(), "the other entry")
                    .with_help("cite one of them everywhere"),
            );
        }
        for mark in &record.marks {
            seen.entry(mark).or_insert(entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;
    use crate::diagnostic::Level;

    fn site(bib: &str, keys: &str) -> TestSite {
        let text = format!("---\ntitle: X\nnocite: [{keys}]\n---\n");
        TestSite::new("").works(bib, "").page("articles/x.md", &text)
    }

    fn messages(rule: &str, bib: &str, keys: &str) -> Vec<String> {
        let found = site(bib, keys).findings(rule);
        let message = |line: &String| line.split_once(' ').map(|(_, rest)| rest.to_owned());
        found.iter().filter_map(message).collect()
    }

    #[test]
    fn identifiers_of_used_works_are_checked() {
        let bib = "@book{a, title={A}, doi={11.5}, isbn={978-0-306-40615-8}}\n\
            @book{b, title={B}, isbn={978-0-306-40615-7, 0-306-40615-2}}\n@book{c, doi={x}}\n";
        assert_eq!(
            messages("ref-bad-id", bib, "a, b"),
            [
                "`11.5` of `a` is not a DOI | a DOI looks like `10.1056/NEJMoa2110343`",
                "the ISBN `978-0-306-40615-8` of `a` has a wrong check digit \
                | compare it with its source: a character is likely mistyped",
            ]
        );
        assert_eq!(site(bib, "a").levels("ref-bad-id"), [Level::Error, Level::Warning]);
        assert_eq!(messages("ref-bad-id", bib, "\"*\"").len(), 3, "a list of all uses each");
    }

    #[test]
    fn a_reference_has_title_author_and_year() {
        let bib = "@book{a, year={2020}}\n@book{b, title={B}, author={Roe, J}, year={2020}}\n";
        assert_eq!(
            messages("ref-required", bib, "a, b"),
            ["`a` has no author", "`a` has no title"]
        );
        assert_eq!(site(bib, "a").levels("ref-required"), [Level::Warning, Level::Error]);
        let bib = "@book{a, title={A}, author={Roe, J}}\n\
            @online{b, title={B}, author={Roe, J}, url={https://b.example/}, year={2020}}\n\
            @online{c, title={C}, author={Roe, J}, url={https://c.example/}, urldate={2026-01-02}}\n";
        let found = messages("ref-required", bib, "a, b, c");
        assert_eq!(found, ["`a` has no year", "`b` has no access date"]);
    }

    #[test]
    fn an_article_can_be_found_by_a_number() {
        let bib = "@article{a, title={A}, journal={J}}\n@article{b, title={B}, doi={10.1/b}}\n\
            @book{c, title={C}}\n";
        assert_eq!(
            messages("ref-no-id", bib, "a, b, c"),
            ["`a` is an article without DOI, PMID or PMCID"]
        );
    }

    #[test]
    fn years_to_come_and_hidden_dois_are_found() {
        let bib = "@book{a, title={A}, year={2031}, url={https://x.org/doi/full/10.1056/NEJMx?y=1}}\n\
            @book{b, title={B}, year={2026}, url={https://doi.org/10.1/x}, doi={10.1/x}}\n";
        assert_eq!(messages("ref-year", bib, "a, b"), ["`a` is of 2031, which is yet to come"]);
        assert_eq!(
            messages("ref-doi-in-url", bib, "a, b"),
            ["`a` has no DOI, but its address holds `10.1056/NEJMx` \
                | add it to the record: `10.1056/NEJMx`"]
        );
    }

    #[test]
    fn detours_and_words_in_numbers_are_found() {
        let bib = "@book{a, title={A}, url={https://x.org.ezproxy.uni.edu/doi/10.1056/NEJMx}}\n\
            @article{b, title={B}, doi={10.1/b}, volume={12 Suppl 1}, number={March}}\n\
            @article{c, title={C}, doi={10.1/c}, volume={XIV}, number={2 Pt B}, \
            url={https://x.org/a?utm_source=y}}\n";
        assert_eq!(
            messages("ref-url-redirect", bib, "a, b, c"),
            [
                "the address of `a` is no lasting one: it holds `ezproxy` \
                | use the DOI in it: `10.1056/NEJMx`",
                "the address of `c` is no lasting one: it holds `utm_source` \
                | use the address of the page itself, or a DOI",
            ]
        );
        assert_eq!(
            messages("ref-volume-dirty", bib, "a, b, c"),
            ["the issue of `b` is `March` | a month belongs to the date"]
        );
    }

    #[test]
    fn words_are_looked_at_as_a_whole() {
        let bib = "@book{a, title={A}, url={https://x.org/login-trial-results}}\n\
            @book{b, title={B}, url={https://x.org/a/redirected-nerves}}\n\
            @book{c, title={C}, url={https://x.org/login?to=/a}}\n\
            @book{d, title={D}, url={https://x.org/redirect}}\n";
        assert_eq!(messages("ref-url-redirect", bib, "a, b, c, d").len(), 2);
        let bib = "@article{a, title={A}, volume={eabc1234}, number={Supplementum 3}}\n\
            @article{b, title={B}, volume={12}, number={March2020}}\n\
            @article{c, title={C}, volume={12 Suppl1}, number={Spring}}\n";
        assert_eq!(messages("ref-volume-dirty", bib, "a, b, c").len(), 2);
    }

    #[test]
    fn an_address_that_speaks_of_something_else_is_found() {
        let found = |title: &str, address: &str| {
            let bib = format!("@book{{a, title={{{title}}}, url={{https://x.org/{address}}}}}");
            messages("ref-title-slug", &bib, "a").len()
        };
        let title = "Baricitinib for severe alopecia areata in adults";
        assert_eq!(found(title, "news/2022/minoxidil-helps-thinning-hair.html"), 1);
        assert_eq!(found(title, "minoxidil_helps_thinning_hair/12345/"), 1);
        assert_eq!(found(title, "a-vaccine-against-measles-areata-mumps?x=baricitinib"), 1);
        for fine in [
            "",
            "PMC123456/",
            "hair-blog/areata",
            "topics/news/minoxidil",
            "minoxidil-versus-alopecias",
            "Baricitinib-severe-alopecia-areat",
            "use-in-lactation-and-pregnancy",
            "10.1016/S0140-6736(22)00123-4",
            "d9e0-abcd1-efab2-cdef3",
        ] {
            assert_eq!(found(title, fine), 0, "{fine}");
        }
        let address = "minoxidil-helps-thinning-hair";
        assert_eq!(found("Regaine", address), 0, "a name may be described");
        assert_eq!(found("Миноксидил при выпадении волос", address), 0);
        assert_eq!(found("Sjögren syndrome: new guidance", "sjogrens-dry-eyes-mouths"), 0);
    }

    #[test]
    fn one_work_under_two_keys_is_found() {
        let bib = "@book{a, title={On Hair}, year={2020}}\n@book{b, title={On hair.}, year={2020}}\n\
            @book{c, title={On Hair}, year={2021}, doi={10.1/c}}\n@book{d, title={D}, doi={10.1/C}}\n";
        assert_eq!(
            messages("cite-duplicate", bib, "a, b, c, d"),
            [
                "`b` is the same work as `a` | cite one of them everywhere",
                "`d` is the same work as `c` | cite one of them everywhere",
            ]
        );
        assert_eq!(messages("cite-duplicate", bib, "a, c"), [""; 0]);
    }
}
