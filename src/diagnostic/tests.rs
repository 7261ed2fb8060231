//! Order, suggestions, and what the renderings show.

use std::sync::Arc;

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;
use crate::source::{SourceId, Span};

fn at(file: &str, range: Range<usize>) -> Span {
    Span::new(SourceId::new(file), range)
}

fn show(text: &str, diagnostics: &[Diagnostic]) -> String {
    human(diagnostics, &|_| Some(Arc::from(text)), HumanStyle::default())
}

#[test]
fn the_nearest_word_is_suggested_and_a_distant_one_is_not() {
    let fields = ["title", "authors", "updated"];
    assert_eq!(nearest("autors", fields), Some("authors"));
    assert_eq!(nearest("Title", fields), Some("title"));
    assert_eq!(nearest("quux", fields), None);
}

#[test]
fn an_offset_counts_the_bytes_of_the_file_with_its_mark() {
    let found = Diagnostic::new(&structural::FM_TYPE, at("a.md", 4..5), "wrong");
    let place = |text: &'static str| {
        let report = json::json(std::slice::from_ref(&found), &|_| Some(Arc::from(text)), "");
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        report["diagnostics"][0]["place"]["start"].to_string()
    };
    assert_eq!(place("---\na: b"), r#"{"line":2,"column":1,"offset":4}"#);
    assert_eq!(place("\u{feff}---\na: b"), r#"{"line":2,"column":1,"offset":7}"#);
}

#[test]
fn order_is_by_place_and_repeats_are_dropped() {
    let found = |start| {
        let message = if start == 2 { "a" } else { "b" };
        Diagnostic::new(&structural::FM_TYPE, at("a.md", start..start + 1), message)
    };
    let mut found = vec![found(9), found(2), found(9)];
    sort(&mut found);
    assert_eq!(found.iter().map(|d| d.span.start).collect::<Vec<_>>(), [2, 9]);
}

#[test]
fn a_finding_shows_its_place_label_related_places_help_and_fix() {
    let text = "---\ntitle: A\nlastmod: 2024-01-01\r\ntitle: B\n---\n";
    let finding =
        Diagnostic::new(&structural::FM_UNKNOWN_FIELD, at("a.md", 13..20), "no field `lastmod`")
            .with_label("unknown field")
            .with_related(at("a.md", 4..9), "the title")
            .with_help("here it is `updated`")
            .with_fix(13..20, "updated");
    assert_snapshot!(show(text, &[finding]), @r##"
    error[fm-unknown-field]: no field `lastmod`
     --> a.md:3:1
      |
    3 | lastmod: 2024-01-01
      | ^^^^^^^ unknown field
      |
     ::: a.md:2:1
      |
    2 | title: A
      | ----- the title
      |
      = help: here it is `updated`
      = help: write `updated`

    1 error
    "##);
}

#[test]
fn a_finding_about_a_whole_file_has_no_frame() {
    let finding = Diagnostic::new(&structural::ENCODING, at("a.md", 0..0), "not UTF-8");
    assert_snapshot!(show("", &[finding]), @r##"
    error[encoding]: not UTF-8
    --> a.md:1:1

    1 error
    "##);
}

#[test]
fn what_is_about_a_whole_file_comes_after_what_has_a_place_in_it() {
    let finding = |file: &str, range| Diagnostic::new(&structural::ENCODING, at(file, range), file);
    let mut found = vec![
        finding("b.md", 0..1),
        finding("a.md", 0..0),
        finding("a.md", 9..9),
        finding("a.md", 0..3),
    ];
    sort(&mut found);
    let places: Vec<_> = found.iter().map(|f| (f.source().as_str(), f.span.end)).collect();
    assert_eq!(places, [("a.md", 3), ("a.md", 9), ("a.md", 0), ("b.md", 1)]);
}

#[test]
fn a_long_line_is_cut_around_the_place() {
    let text = format!("{}é here {}\n", "word ".repeat(60), "more ".repeat(60));
    let start = text.find("here").unwrap();
    let finding = Diagnostic::new(&structural::LINK_BROKEN, at("a.md", start..start + 4), "x")
        .with_label("this");
    assert_snapshot!(show(&text, &[finding]), @r##"
    error[link-broken]: x
     --> a.md:1:303
      |
    1 | ...rd word word word word word word word é here more more more more more more more more more ...
      |                                            ^^^^ this

    1 error
    "##);
}

#[test]
fn ten_of_a_rule_are_shown_and_the_others_counted() {
    let found: Vec<Diagnostic> = (0..12)
        .map(|start| Diagnostic::new(&structural::FM_TYPE, at("a.md", start..start + 1), "odd"))
        .collect();
    let shown = show("abcdefghijklmnop", &found);
    assert_eq!(shown.matches("error[fm-type]").count(), 10);
    assert!(shown.ends_with("… and 2 more of fm-type\n12 errors\n"), "{shown}");
}

#[test]
fn machine_formats_name_the_place() {
    let text = "one\ntwö three\n";
    let finding =
        Diagnostic::new(&structural::CITE_UNKNOWN, at("a b.md", 9..14), "no `three`, 100%")
            .with_help("did you mean `tree`?")
            .with_fix(9..14, "tree");
    let render = |name: &str| {
        let (_, format) = FORMATS.iter().find(|(format, _)| *format == name).unwrap();
        format(std::slice::from_ref(&finding), &|_| Some(Arc::from(text)), "docs/")
    };
    assert_snapshot!(render("json"), @r##"
    {
      "version": 1,
      "diagnostics": [
        {
          "rule": "cite-unknown",
          "level": "error",
          "message": "no `three`, 100%",
          "place": {
            "file": "a b.md",
            "start": {
              "line": 2,
              "column": 5,
              "offset": 9
            },
            "end": {
              "line": 2,
              "column": 10,
              "offset": 14
            }
          },
          "help": [
            "did you mean `tree`?"
          ],
          "fix": {
            "place": {
              "file": "a b.md",
              "start": {
                "line": 2,
                "column": 5,
                "offset": 9
              },
              "end": {
                "line": 2,
                "column": 10,
                "offset": 14
              }
            },
            "replacement": "tree"
          }
        }
      ],
      "total": {
        "error": 1,
        "warning": 0,
        "info": 0
      }
    }
    "##);
    assert_snapshot!(render("github"), @"::error file=docs/a b.md,line=2,col=5,endLine=2,title=cite-unknown::no `three`, 100%25%0Adid you mean `tree`?");
    let sarif: serde_json::Value = serde_json::from_str(&render("sarif")).unwrap();
    let result = &sarif["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "cite-unknown");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "docs/a%20b.md");
    assert_eq!(place["region"]["startColumn"], 5);
    assert_eq!(
        result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"],
        "tree"
    );
}

proptest! {
    #[test]
    fn no_text_and_no_place_make_a_rendering_panic(
        text in "([a-z ]|\t|\r\n|\n|é|日|😀|\u{301}|\u{0}|\u{200d}|word word word word é ){0,60}",
        start in 0usize..500,
        length in 0usize..200,
        width in 0usize..120,
        label in "[a-z\né]{0,8}",
    ) {
        let span = at("a.md", start..start + length);
        let finding = Diagnostic::new(&structural::FM_TYPE, span.clone(), "odd\ntext")
            .with_label(label)
            .with_related(span, "there")
            .with_help("a\tb");
        let texts = |_: &SourceId| Some(Arc::from(&*text));
        for color in [false, true] {
            let style = HumanStyle { color, width, ..HumanStyle::default() };
            human(std::slice::from_ref(&finding), &texts, style);
        }
        for (_, format) in FORMATS {
            format(std::slice::from_ref(&finding), &texts, "");
            format(std::slice::from_ref(&finding), &|_| None, "");
        }
    }
}
