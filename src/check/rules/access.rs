//! Whether everybody can read the page: images, headings, links.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::body::{Link, LinkKind};
use crate::resolve::LinkTarget;

static A11Y_ALT_RULE: Rule = Rule {
    id: "a11y-alt",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "An image has no alternative text, so that whoever cannot see it misses it. \
        One that adds nothing is marked `{decorative}`.",
};

static A11Y_HEADING_RULE: Rule = Rule {
    id: "a11y-heading",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A heading skips a level, or the page has a second first-level heading, so \
        that its outline misleads who moves by headings.",
};

static A11Y_LINK_TEXT_RULE: Rule = Rule {
    id: "a11y-link-text",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A link has no text, or one that says nothing about where it leads: \"here\", \
        \"read more\", a bare address. Screen readers list links without the words around them.",
};

/// Images without an alternative text.
pub(super) static A11Y_ALT: Lint = Lint { rule: &A11Y_ALT_RULE, check: Check::Page(a11y_alt) };

/// Headings out of order.
pub(super) static A11Y_HEADING: Lint =
    Lint { rule: &A11Y_HEADING_RULE, check: Check::Page(a11y_heading) };

/// Links whose text says nothing.
pub(super) static A11Y_LINK_TEXT: Lint =
    Lint { rule: &A11Y_LINK_TEXT_RULE, check: Check::Page(a11y_link_text) };

static A11Y_TABLE_RULE: Rule = Rule {
    id: "a11y-table",
    kind: RuleKind::Editorial,
    level: Level::Error,
    explanation: "A table has no header cells, so that screen readers cannot say what a number \
        stands for. One that only arranges is marked `role=\"presentation\"`.",
};

/// Tables without header cells.
pub(super) static A11Y_TABLE: Lint =
    Lint { rule: &A11Y_TABLE_RULE, check: Check::Page(a11y_table) };

fn a11y_table(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for (field, body) in checked.texts() {
        for table in &body.headless_tables {
            let span = checked.text_span(field.as_ref(), table.clone(), "");
            findings.report(
                Diagnostic::new(&A11Y_TABLE_RULE, span, "this table has no header cells")
                    .with_help("name its columns in the first row"),
            );
        }
    }
}

/// Texts of links that say nothing about where they lead.
const EMPTY_WORDS: &[&str] = &[
    "click here",
    "click",
    "here",
    "this",
    "this link",
    "this page",
    "link",
    "more",
    "read more",
    "learn more",
    "see more",
    "find out more",
    "details",
    "source",
];

fn a11y_alt(checked: &CheckedPage<'_>, findings: &mut Findings) {
    const HELP: &str = "say in words what the image shows";
    for text in checked.linked_texts() {
        for image in &text.body.images {
            let decorative = image.attributes.pairs.iter().any(|pair| &*pair.name == "decorative")
                || image.attributes.classes.iter().any(|class| &**class == "decorative");
            if image.alt.trim().is_empty() && !decorative {
                let span = checked.text_span(text.field, image.range.clone(), &image.src);
                let message = format!("the image `{}` has no alternative text", image.src);
                findings.report(
                    Diagnostic::new(&A11Y_ALT_RULE, span, message)
                        .with_help(format!("{HELP}, or mark it as decoration: `{{decorative}}`")),
                );
            }
        }
    }
    if let Some(image) = checked.page.front.image.as_ref().filter(|image| image.alt.is_none()) {
        let message = format!("the page's image `{}` has no alternative text", image.src);
        let (span, field) = checked.image_span();
        findings.report(
            Diagnostic::new(&A11Y_ALT_RULE, span, message)
                .with_help(format!("{HELP}: `{field}: {{src: …, alt: …}}`")),
        );
    }
}

/// The page's title is its first-level heading, so that the text starts at the second.
fn a11y_heading(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for (field, body) in checked.texts() {
        // Under which heading a field stands is for the template to say.
        let mut before = match &field {
            None => Some(1),
            Some(_) => None,
        };
        for heading in &body.headings {
            let last = before.replace(heading.level).unwrap_or(heading.level.max(2) - 1);
            let message = match heading.level {
                1 => format!("`{}` is a second first-level heading", heading.text),
                level if level > last + 1 => {
                    format!("`{}` skips from level {last} to level {level}", heading.text)
                }
                _ => continue,
            };
            let help = match heading.level {
                1 => "the page's title is the first; begin the text's with `##`".to_owned(),
                _ => format!("write `{}`", "#".repeat(usize::from(last) + 1)),
            };
            let span = checked.text_span(field.as_ref(), heading.range.clone(), &heading.text);
            findings.report(Diagnostic::new(&A11Y_HEADING_RULE, span, message).with_help(help));
        }
    }
}

fn a11y_link_text(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for text in checked.linked_texts() {
        for (link, target) in text.body.links.iter().zip(text.links) {
            if link.kind == LinkKind::Embedded {
                continue;
            }
            let is_named_later = link.empty && matches!(target, LinkTarget::Page { .. });
            let words = if link.empty { &*link.destination } else { link.text.trim() };
            let bare = link.empty
                || words.starts_with("http://")
                || words.starts_with("https://")
                || words.starts_with("www.");
            let plain = words.trim_end_matches(['.', '…', '!', '›', '»', '→', ' ']).to_lowercase();
            let is_silent = words.is_empty() && !is_labelled(link);
            let empty = is_silent || EMPTY_WORDS.contains(&plain.as_str());
            let broken = target.broken(checked.reader, checked.of.config).is_some();
            if is_named_later || broken || !(bare || empty) {
                continue;
            }
            let message = match bare {
                _ if is_silent => "this link has no text".to_owned(),
                true => format!("the link shows the bare address `{words}`"),
                false => format!("the link's text `{words}` does not say where it leads"),
            };
            let span = checked.text_span(text.field, link.range.clone(), words);
            findings.report(
                Diagnostic::new(&A11Y_LINK_TEXT_RULE, span, message)
                    .with_help("let the text name what is behind the link"),
            );
        }
    }
}

/// Tells whether the tag of a link of raw HTML says where it leads.
fn is_labelled(link: &Link) -> bool {
    let names = link.html.iter().flat_map(|html| &html.names);
    !link.title.trim().is_empty()
        || names.into_iter().any(|name| name == "aria-label" || name == "aria-labelledby")
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(rule: &str, body: &str) -> Vec<String> {
        TestSite::new("")
            .file("static/a.png")
            .page("articles/x.md", &format!("---\ntitle: X\n---\n{body}\n"))
            .findings(rule)
    }

    #[test]
    fn an_image_has_words_or_is_decoration() {
        assert_eq!(found("a11y-alt", "![A scalp](/a.png) ![](/a.png){decorative}"), [""; 0]);
        assert_eq!(
            found("a11y-alt", "See ![](/a.png)."),
            ["articles/x.md:4:5 the image `/a.png` has no alternative text \
                | say in words what the image shows, or mark it as decoration: `{decorative}`"]
        );
    }

    #[test]
    fn headings_go_down_by_one_level() {
        assert_eq!(found("a11y-heading", "## A\n\n### B\n\n## C\n\n### D"), [""; 0]);
        assert_eq!(
            found("a11y-heading", "## A\n\n#### B\n\n# C"),
            [
                "articles/x.md:6:1 `B` skips from level 2 to level 4 | write `###`",
                "articles/x.md:8:1 `C` is a second first-level heading \
                | the page's title is the first; begin the text's with `##`",
            ]
        );
    }

    #[test]
    fn a_table_has_header_cells() {
        let headed = "| a | b |\n|---|---|\n| 1 | 2 |\n\n<table><tr><th>a</th></tr></table>\n\n\
            <table role=\"presentation\"><tr><td>a</td></tr></table>";
        assert_eq!(found("a11y-table", headed), [""; 0]);
        let headless = "|  |  |\n|---|---|\n| 1 | 2 |\n\n<table>\n<tr><td>a</td></tr>\n</table>";
        assert_eq!(
            found("a11y-table", headless),
            [
                "articles/x.md:4:1 this table has no header cells \
                | name its columns in the first row",
                "articles/x.md:8:1 this table has no header cells \
                | name its columns in the first row",
            ]
        );
    }

    #[test]
    fn the_text_of_a_link_says_where_it_leads() {
        let good = "[The label](https://example.org) [[articles/x]] [Here it is](#)";
        assert_eq!(found("a11y-link-text", good), [""; 0]);
        let bad = found("a11y-link-text", "[Here](#), [read more…](#) or <https://example.org>");
        assert_eq!(bad.len(), 3, "{bad:?}");
        assert!(bad[0].starts_with("articles/x.md:4:1 the link's text `Here` does not say"));
        assert!(bad[2].contains("the link shows the bare address `https://example.org`"));
    }

    #[test]
    fn a_link_has_a_text() {
        let good = "[](x.md) [[articles/x]] [`code`](#) [$x^2$](#) [![A](/a.png)](#) [*a*](#) \
            <a href=\"#\">b</a> <a href=\"#\" aria-label=\"Top\"></a> <a id=\"y\"></a> \
            <a href=\"#\"><img src=\"/a.png\" alt=\"A\"></a>\n\n\
            <p><a href=\"#\"><b>c</b></a></p>\n\n\
            <p><a href=\"#\"><svg aria-label=\"Top\"><path d=\"M0\"/></svg></a></p>\n\n\
            [<svg role=\"img\" aria-label=\"Top\"></svg>](#) <a href=\"#\"><i aria-label=\"Top\"></i></a>\n\n\
            <p><a href=\"#\"><svg><title>Top</title></svg></a></p>\n";
        assert_eq!(found("a11y-link-text", good), [""; 0]);
        let none = "this link has no text | let the text name what is behind the link";
        let hidden = "<a href=\"#\"><svg aria-hidden=\"true\" aria-label=\"Top\"></svg></a>";
        for link in ["<a href=\"#\"></a>", hidden, "[ ](#)", "[![](/a.png){decorative}](#)"] {
            assert_eq!(found("a11y-link-text", link), [format!("articles/x.md:4:1 {none}")]);
        }
        let bare = found("a11y-link-text", "[](/a.png)");
        assert!(bare[0].contains("the link shows the bare address `/a.png`"), "{bare:?}");
    }

    #[test]
    fn markdown_fields_are_read_by_everybody_too() {
        let page =
            "---\ntitle: X\nkey_points: [\"### a\\n\\n##### b\", \"| |\\n|-|\\n|x|\"]\n---\n";
        let site = TestSite::new("").page("articles/x.md", page);
        assert_eq!(
            site.findings("a11y-heading"),
            ["articles/x.md:3:30 `b` skips from level 3 to level 5 | write `####`"]
        );
        assert_eq!(site.findings("a11y-table").len(), 1);
    }
}
