//! What an author reads when the front matter or the configuration is at fault.

use galen::config::Config;
use galen::diagnostic::{Diagnostic, HumanStyle, human};
use galen::parse::Body;
use galen::parse::front_matter::{self, Schema};
use galen::source::{Source, SourceId};
use insta::assert_snapshot;

fn show(source: &Source, found: &[Diagnostic]) -> String {
    human(found, &|_| Some(source.text()), HumanStyle::default())
}

/// Returns what is said about the article `text`.
fn article(text: &str) -> String {
    let config = Config::default();
    let source = Source::new(SourceId::new("content/articles/jak.md"), text);
    let split = front_matter::split(&source.text());
    let schema = Schema::new(&config, config.collections.get("articles"));
    let markdown = |_: &str| (Body::default(), Vec::new());
    let (front, mut found) = front_matter::parse(&source, &split, schema, &markdown);
    if front.title.is_none() && found.is_empty() {
        found.extend(front_matter::missing_title(&source, &split, schema, &front));
    }
    show(&source, &found)
}

/// Returns what is said about the `book.toml` `text`.
fn book(text: &str) -> String {
    let source = Source::new(SourceId::new("book.toml"), text);
    show(&source, &Config::parse(&source).1)
}

#[test]
fn unknown_field() {
    assert_snapshot!(article("---\ntitle: JAK inhibitors\nlastmod: 2024-05-01\n---\n"), @r##"
    error[fm-unknown-field]: pages in articles have no field `lastmod`
     --> content/articles/jak.md:3:1
      |
    3 | lastmod: 2024-05-01
      | ^^^^^^^ unknown field
      |
      = help: here it is `updated`
      = help: write `updated`

    1 error
    "##);
    assert_snapshot!(article("---\ntitle: JAK inhibitors\nautors: [jane-doe]\n---\n"), @r##"
    error[fm-unknown-field]: pages in articles have no field `autors`
     --> content/articles/jak.md:3:1
      |
    3 | autors: [jane-doe]
      | ^^^^^^ unknown field
      |
      = help: did you mean `authors`?

    1 error
    "##);
}

#[test]
fn a_field_is_not_renamed_to_one_that_is_there() {
    let text = "---\ntitle: A\nupdated: 2024-05-02\nlastmod: 2024-05-01\n---\n";
    assert_snapshot!(article(text), @r##"
    error[fm-unknown-field]: pages in articles have no field `lastmod`
     --> content/articles/jak.md:4:1
      |
    4 | lastmod: 2024-05-01
      | ^^^^^^^ unknown field
      |
      = help: here it is `updated`
      = help: `updated` is given already: move what it lacks there, and delete this field

    1 error
    "##);
    let rivals = article("---\ntitle: A\nsummary: B\nexcerpt: C\n---\n");
    assert!(!rivals.contains("write `description`"), "{rivals}");
}

#[test]
fn wrong_type() {
    assert_snapshot!(article("---\ntitle: A\nevidence:\n  - outcome: hair regrowth\n    source: king2022\n    n: about 650\n---\n"), @r##"
    error[fm-type]: `evidence[0].n` must be a whole number, not `about 650`
     --> content/articles/jak.md:6:8
      |
    6 |     n: about 650
      |        ^^^^^^^^^

    1 error
    "##);
}

#[test]
fn several_at_once() {
    let text = "---\ntitle: [A]\ndraft: no\nids: {doi: 10.1000/182}\nevidence:\n  - {source: king2022, certainty: High}\n---\n";
    assert_snapshot!(article(text), @r##"
    error[fm-type]: `title` must be text, not a list
     --> content/articles/jak.md:2:8
      |
    2 | title: [A]
      |        ^^^

    error[fm-type]: `draft` must be `true` or `false`, not `no`
     --> content/articles/jak.md:3:8
      |
    3 | draft: no
      |        ^^
      |
      = help: did you mean `false`?

    error[fm-unknown-field]: pages in articles have no field `ids`
     --> content/articles/jak.md:4:1
      |
    4 | ids: {doi: 10.1000/182}
      | ^^^ unknown field
      |
      = help: `[collections.articles.fields]` in book.toml declares further fields; anything may stand under `extra`

    error[fm-required]: `evidence[0]` has no `outcome`
     --> content/articles/jak.md:6:5
      |
    6 |   - {source: king2022, certainty: High}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    error[fm-type]: `evidence[0].certainty` must be `high`, `moderate`, `low` or `very-low`, not `High`
     --> content/articles/jak.md:6:35
      |
    6 |   - {source: king2022, certainty: High}
      |                                   ^^^^
      |
      = help: did you mean `high`?

    5 errors
    "##);
}

#[test]
fn bad_date() {
    assert_snapshot!(article("---\ntitle: A\ndate: 2024-02-30\nupdated: 12/05/2024\nnext_review: 2025-06\n---\n"), @r##"
    error[fm-type]: `date` is not a date: `2024-02-30`
     --> content/articles/jak.md:3:7
      |
    3 | date: 2024-02-30
      |       ^^^^^^^^^^ February 2024 has 29 days

    error[fm-type]: `updated` is not a date: `12/05/2024`
     --> content/articles/jak.md:4:10
      |
    4 | updated: 12/05/2024
      |          ^^^^^^^^^^ expected the form 2024-05-31
      |
      = help: write `2024-05-12` or `2024-12-05`, whichever is meant

    error[fm-type]: `next_review` is not a date: `2025-06`
     --> content/articles/jak.md:5:14
      |
    5 | next_review: 2025-06
      |              ^^^^^^^ the day is missing
      |
      = help: a date has a year, a month and a day, such as `2024-05-31`

    3 errors
    "##);
}

#[test]
fn malformed_yaml() {
    assert_snapshot!(article("---\ntitle: JAK inhibitors: who benefits\n---\n"), @r##"
    error[yaml-syntax]: a value that holds a colon and a space must be quoted
     --> content/articles/jak.md:2:22
      |
    2 | title: JAK inhibitors: who benefits
      |                      ^ mapping values are not allowed in this context
      |
      = help: write `"JAK inhibitors: who benefits"`

    1 error
    "##);
    assert_snapshot!(article("---\ntitle: A\nevidence:\n\t- outcome: hair\n---\n"), @r##"
    error[yaml-syntax]: a tab cannot indent YAML
     --> content/articles/jak.md:4:1
      |
    4 |     - outcome: hair
      | ^^^^ found character that cannot start any token
      |
      = help: indent by spaces

    1 error
    "##);
    assert_snapshot!(article("---\ntitle: A\nevidence:\n  - outcome: hair\n    source: @king2022\n---\n"), @r##"
    error[yaml-syntax]: a plain value cannot start with `@`
     --> content/articles/jak.md:5:13
      |
    5 |     source: @king2022
      |             ^^^^^^^^^ found character that cannot start any token
      |
      = help: write the key alone, `king2022`, or in quotes: `"@king2022"`

    1 error
    "##);
    assert_snapshot!(article("---\ntitle: A\nevidence:\n  - outcome: hair\n    source: [@king2022, p. 4]\n---\n"), @r##"
    error[yaml-syntax]: a citation in brackets must be quoted
     --> content/articles/jak.md:5:13
      |
    5 |     source: [@king2022, p. 4]
      |             ^^^^^^^^^^^^^^^^^ found character that cannot start any token
      |
      = help: write `"[@king2022, p. 4]"`

    1 error
    "##);
    assert_snapshot!(article("---\ntitle: \"A\" and B\n---\n"), @r##"
    error[yaml-syntax]: text follows the closing quotation mark
     --> content/articles/jak.md:2:11
      |
    2 | title: "A" and B
      |           ^^^^^^ did not find expected key
      |
      = help: quote the whole value: `'"A" and B'`

    1 error
    "##);
    assert_snapshot!(article("---\ntitle: A\ntags: [a, b\ndraft: true\n---\n"), @r##"
    error[yaml-syntax]: this bracket is never closed
     --> content/articles/jak.md:3:7
      |
    3 | tags: [a, b
      |       ^ did not find expected ',' or ']'
      |
      = help: end the value with `]`

    1 error
    "##);
}

#[test]
fn unclosed_front_matter() {
    assert_snapshot!(article("---\ntitle: A\n\nThe text.\n"), @r##"
    error[yaml-syntax]: the front matter is never closed
     --> content/articles/jak.md:1:1
      |
    1 | ---
      | ^^^ it starts here
      |
      = help: end it with a line that holds only `---`

    1 error
    "##);
}

#[test]
fn empty_file() {
    assert_snapshot!(article(""), @r##"
    error[fm-required]: this file is empty: a page needs a `title`
    --> content/articles/jak.md:1:1
     = help: start the file with `---`, `title: …` and `---`, each on its own line

    1 error
    "##);
}

#[test]
fn no_front_matter() {
    assert_snapshot!(article("Only text.\n"), @r##"
    error[fm-required]: this page has no front matter, so it has no `title`
    --> content/articles/jak.md:1:1
     = help: start the file with `---`, `title: …` and `---`, each on its own line

    1 error
    "##);
}

#[test]
fn no_title() {
    assert_snapshot!(article("---\ntags: jak\n---\n\nThe text.\n"), @r##"
    error[fm-required]: this page has no `title`
     --> content/articles/jak.md:1:1
      |
    1 | ---
      | ^^^
      |
      = help: add `title: …`, or start the text with a first-level heading

    1 error
    "##);
}

#[test]
fn toml_front_matter() {
    assert_snapshot!(article("+++\ntitle = \"A\"\n+++\nText\n"), @r##"
    error[yaml-syntax]: this front matter is TOML, and galen reads YAML
     --> content/articles/jak.md:1:1
      |
    1 | +++
      | ^^^
      |
      = help: write `key: value` between two lines of `---`

    1 error
    "##);
}

#[test]
fn malformed_book_toml() {
    assert_snapshot!(book("[site]\ntitle = Hair loss\nlanguage = \"en\"\n\n[build\nurls = \"directory\"\n"), @r##"
    error[config-type]: this is not valid TOML: string values must be quoted, expected literal string
     --> book.toml:2:9
      |
    2 | title = Hair loss
      |         ^^^^^^^^^

    error[config-type]: this is not valid TOML: unclosed table, expected `]`
     --> book.toml:5:7
      |
    5 | [build
      |       ^

    2 errors
    "##);
}

#[test]
fn unknown_keys_and_wrong_types() {
    let text = "[site]\ntitel = \"Hair loss\"\nbase_url = \"example.org\"\n\n[build]\nurls = \"directories\"\ndrafts = \"yes\"\n\n\
                [collections.articles]\npaginate_by = 0\n\n[collections.articles.fields]\ndose = \"txt\"\n\n\
                [chekcs]\nclaim-stat = \"warn\"\n";
    assert_snapshot!(book(text), @r##"
    error[config-unknown]: `[site]` has no key `titel`
     --> book.toml:2:1
      |
    2 | titel = "Hair loss"
      | ^^^^^ unknown key
      |
      = help: did you mean `title`?

    error[config-type]: `site.base_url` must be an address with https://, not `example.org`
     --> book.toml:3:12
      |
    3 | base_url = "example.org"
      |            ^^^^^^^^^^^^^

    error[config-type]: `build.urls` must be `directory` or `file`, not `directories`
     --> book.toml:6:8
      |
    6 | urls = "directories"
      |        ^^^^^^^^^^^^^
      |
      = help: did you mean `directory`?

    error[config-type]: `build.drafts` must be `true` or `false`, not text
     --> book.toml:7:10
      |
    7 | drafts = "yes"
      |          ^^^^^ this is text

    error[config-type]: `collections.articles.paginate_by` must be a whole number above 0, not the number 0
      --> book.toml:10:15
       |
    10 | paginate_by = 0
       |               ^ this is the number 0

    error[config-type]: `collections.articles.fields.dose` has no type `txt`
      --> book.toml:13:8
       |
    13 | dose = "txt"
       |        ^^^^^
       |
       = help: did you mean `text`?
       = help: types are: text, markdown, date, boolean, integer, number, enum, page, citation, surface, ids, list, map, record, any, and `list of` any of them

    error[config-unknown]: book.toml has no table `chekcs`
      --> book.toml:15:2
       |
    15 | [chekcs]
       |  ^^^^^^ unknown key
       |
       = help: did you mean `checks`?

    7 errors
    "##);
}

#[test]
fn mdbook_book_toml() {
    let text = "[book]\ntitle = \"Hair loss\"\nauthors = [\"Jane Doe\"]\nsrc = \"src\"\n\n[build]\nbuild-dir = \"book\"\n\n\
                [output.html]\ngit-repository-url = \"https://github.com/a/b\"\n[output.html.redirect]\n\"/a.html\" = \"b.html\"\n";
    assert_snapshot!(book(text), @r##"
    error[config-unknown]: `[book]` is mdBook's: here the title and language stand in `[site]`
     --> book.toml:1:2
      |
    1 | [book]
      |  ^^^^ this file was written for mdBook
      |
      = help: `book.title` is `site.title`
      = help: `book.authors` is `publisher.name`, and `authors` in the front matter of a page
      = help: `book.src` is no key: pages are in `content/`

    error[config-unknown]: `build.build-dir` is mdBook's: here it is `build.output_dir`
     --> book.toml:7:1
      |
    7 | build-dir = "book"
      | ^^^^^^^^^ this file was written for mdBook

    error[config-unknown]: `[output]` is mdBook's: here outputs are switched in `[outputs]`
     --> book.toml:9:2
      |
    9 | [output.html]
      |  ^^^^^^ this file was written for mdBook
      |
      = help: `output.html.git-repository-url` is `site.repository`
      = help: `output.html.redirect` is `[redirects]`

    3 errors
    "##);
}

#[test]
fn missing_book_toml() {
    let source = Source::new(SourceId::new("book.toml"), "");
    assert_snapshot!(show(&source, &Config::missing().1), @r##"
    error[config-type]: there is no book.toml here, so this is not the root of a site
    --> book.toml:1:1
     = help: `galen init DIR` starts a site; `--root DIR` names the folder of one

    1 error
    "##);
}
