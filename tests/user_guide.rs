//! The user guide in `docs/`: it builds without a finding, and forgets no key, rule,
//! value or option.
//!
//! The tables of rules are written from the rules: `GALEN_UPDATE_DOCS=1 cargo test --test
//! user_guide` renews them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use galen::check::all_rules;
use galen::config::Config;
use galen::diagnostic::{Rule, RuleKind};
use galen::source::{Source, SourceId};
use support::BuiltSite;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")
}

fn page(path: &str) -> String {
    fs::read_to_string(docs().join("content").join(path)).unwrap()
}

/// Returns the text under the heading `title`, up to the next of its level or above.
fn section<'a>(page: &'a str, title: &str) -> &'a str {
    let heading = format!("\n## {title}\n");
    let start = page.find(&heading).unwrap_or_else(|| panic!("there is a section `{title}`"));
    let text = &page[start + heading.len()..];
    &text[..text.find("\n## ").unwrap_or(text.len())]
}

fn names(text: &str, word: &str) -> bool {
    text.contains(&format!("`{word}`"))
}

#[test]
fn the_guide_builds_without_a_finding() {
    let site = BuiltSite::of(&docs());
    let found: Vec<_> =
        site.build.diagnostics.iter().map(|f| format!("{}: {}", f.rule.id, f.message)).collect();
    assert_eq!(found, Vec::<String>::new());
    assert!(site.files.contains_key("guide/getting-started/index.html"));
}

/// Returns the keys that the table `table` of `book.toml` may have, as the message about an
/// unknown one lists them.
fn keys_of(table: &str) -> Vec<String> {
    let book = format!("{table}\nqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq = 1\n");
    let source = Source::new(SourceId::new("book.toml"), &book);
    let found = Config::parse(&source).1;
    let help = found.iter().flat_map(|found| &found.help);
    let known = help.filter_map(|help| help.strip_prefix("known here: ")).next_back();
    let known = known.unwrap_or_else(|| panic!("{table}: {found:?}"));
    known.split(", ").map(str::to_owned).collect()
}

#[test]
fn every_key_of_the_configuration_is_documented() {
    let page = page("reference/configuration.md");
    let tables = [
        ("[site]", "site"),
        ("[publisher]", "publisher"),
        ("[publisher.policies]", "publisher"),
        ("[build]", "build"),
        ("[citations]", "citations"),
        ("[collections.x]", "collections"),
        ("[collections.x.fields.f]", "collections"),
        ("[[nav]]", "nav"),
        ("[languages.fr]", "languages"),
        ("[markdown]", "markdown"),
        ("[ids.x]\npattern = 'x'", "ids"),
    ];
    for (table, title) in tables {
        let text = section(&page, title);
        for key in keys_of(table) {
            assert!(names(text, &key), "`{key}` of {table} is documented");
        }
    }
    for table in keys_of("") {
        section(&page, &table);
    }
    for output in galen::outputs::ALL {
        assert!(names(section(&page, "outputs"), output.name), "`{}` is documented", output.name);
    }
}

#[test]
fn every_field_of_a_page_is_documented() {
    let page = page("reference/front-matter.md");
    let config = Config::default();
    for field in config.page_fields.keys() {
        assert!(names(section(&page, "Every page"), field), "`{field}` is documented");
    }
    let health = section(&page, "The health preset");
    for (name, collection) in &config.collections {
        for field in collection.fields.keys() {
            assert!(names(health, field), "`{field}` of {name} is documented");
        }
    }
}

#[test]
fn every_rule_is_documented() {
    let path = docs().join("content/reference/checks.md");
    let mut text = fs::read_to_string(&path).unwrap();
    for (mark, kind) in [("editorial", RuleKind::Editorial), ("structural", RuleKind::Structural)] {
        let is_structural = kind == RuleKind::Structural;
        let is_meant = |rule: &&Rule| (rule.kind == RuleKind::Structural) == is_structural;
        let row = |rule: &Rule| match is_structural {
            true => format!("| `{}` | {} |\n", rule.id, rule.explanation),
            false => format!("| `{}` | {} | {} |\n", rule.id, rule.usual_level(), rule.explanation),
        };
        let rows: String = all_rules().into_iter().filter(is_meant).map(row).collect();
        let head = match is_structural {
            true => "| rule | finds |\n|---|---|\n",
            false => "| rule | level | finds |\n|---|---|---|\n",
        };
        let open = format!("<!-- {mark} rules -->\n");
        let start = text.find(&open).unwrap() + open.len();
        let end = start + text[start..].find("<!-- end -->").unwrap();
        text.replace_range(start..end, &format!("\n{head}{rows}\n"));
    }
    if std::env::var_os("GALEN_UPDATE_DOCS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "GALEN_UPDATE_DOCS=1 renews the tables");
}

/// Returns the help of a command, and the commands below it.
fn help(command: &[&str]) -> (String, Vec<String>) {
    let run = Command::cargo_bin("galen").unwrap().args(command).arg("--help").assert().success();
    let text = String::from_utf8(run.get_output().stdout.clone()).unwrap();
    let below = text.split("Commands:\n").nth(1).unwrap_or_default();
    let below = below.lines().take_while(|line| !line.is_empty());
    let below = below.filter_map(|line| line.split_whitespace().next());
    (text.clone(), below.filter(|name| *name != "help").map(str::to_owned).collect())
}

/// Returns the long options that a help text lists.
fn options(help: &str) -> BTreeSet<String> {
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.filter_map(|line| line.split_whitespace().find(|w| w.starts_with("--")));
    words.map(|word| word.split(['[', '=', '.']).next().unwrap().to_owned()).collect()
}

#[test]
fn every_command_and_option_is_documented() {
    let page = page("reference/command-line.md");
    let (top, commands) = help(&[]);
    let global = options(&top);
    let says = |text: &str, option: &str| {
        text.match_indices(option).any(|(at, _)| {
            let next = text[at + option.len()..].chars().next();
            next.is_none_or(|c| !c.is_alphanumeric() && c != '-')
        })
    };
    for option in &global {
        assert!(says(&page, option), "`{option}` is documented");
    }
    for command in &commands {
        let text = section(&page, command);
        let (own, below) = help(&[command]);
        let mut found = options(&own);
        for name in &below {
            assert!(text.contains(&format!("galen {command} {name}")), "{command} {name}");
            found.extend(options(&help(&[command, name]).0));
        }
        for option in found.difference(&global) {
            assert!(says(text, option), "`{option}` of {command} is documented");
        }
    }
}

#[test]
fn every_value_of_a_template_is_documented() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("book.toml", "[site]\npreset = \"none\"\n");
    write("content/a.md", "---\ntitle: A\ndescription: B\n---\nText.\n");
    write("content/people/b.md", "---\nname: B\n---\n");
    let keys = "{% for key, value in page %}page.{{ key }} {% endfor %}\
        {% for key, value in site %}site.{{ key }} {% endfor %}\
        {% for key, value in assets %}{{ key }} {% endfor %}\
        {% for key, value in head %}{{ key }} {% endfor %}\
        {% for card in page.pages %}{% for key, value in card %}{{ key }} {% endfor %}{% endfor %}";
    write("templates/page.html", keys);
    write("templates/listing.html", keys);
    let site = BuiltSite::of(dir.path());
    let text = page("reference/templates.md");
    for path in ["a/index.html", "people/index.html"] {
        let found: BTreeSet<&str> = site.file(path).split_whitespace().collect();
        assert!(found.len() > 50, "{path} lists its values: {found:?}");
        for key in found {
            assert!(names(&text, key), "`{key}` is documented");
        }
    }
}

/// Returns the code blocks of the guide's chapters in a language, each with its file.
fn examples(language: &str) -> Vec<(String, String)> {
    let fence = format!("```{language}\n");
    let mut found = Vec::new();
    for folder in ["guide", "reference"] {
        for entry in fs::read_dir(docs().join("content").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            for block in text.split(&fence).skip(1) {
                found.push((name.clone(), block.split("```").next().unwrap().to_owned()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_example_of_configuration_is_understood() {
    let examples = examples("toml");
    assert!(examples.len() > 5);
    for (file, text) in examples.iter().filter(|(_, text)| !text.starts_with("# netlify")) {
        let found = match text.starts_with("extends") {
            true => {
                let source = Source::new(SourceId::new("themes/x/theme.toml"), text);
                galen::config::theme::ThemeConfig::parse(&source).1
            }
            false => Config::parse(&Source::new(SourceId::new("book.toml"), text)).1,
        };
        let found: Vec<_> = found.into_iter().map(|found| found.message).collect();
        assert_eq!(found, Vec::<String>::new(), "{file}:\n{text}");
    }
}

#[test]
fn every_example_of_front_matter_is_understood() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("book.toml", "");
    let mut pages = 0;
    for (index, (_, text)) in examples("yaml").iter().enumerate() {
        if text.starts_with("# .") {
            continue;
        }
        if text.starts_with("king2022:") {
            write("citations/notes.yaml", text);
        } else if text.starts_with("source:") {
            // Ways to write one field, each a page of its own.
            for (nth, line) in text.lines().filter(|line| line.starts_with("source")).enumerate() {
                let record = format!("evidence: [{{outcome: x, {line}}}]");
                write(
                    &format!("content/articles/s{nth}.md"),
                    &format!("---\ntitle: X\n{record}\n---\n"),
                );
            }
        } else {
            let (folder, title) = match text.contains("\nname:") || text.contains("name: ") {
                true if text.starts_with('#') => ("people", ""),
                _ => ("articles", "title: X\n"),
            };
            let page = format!("---\n{title}{text}---\n");
            write(&format!("content/{folder}/p{index}.md"), &page);
        }
        pages += 1;
    }
    assert!(pages > 6);
    let site = BuiltSite::of(dir.path());
    let about_form = ["yaml-syntax", "fm-unknown-field", "fm-type", "fm-required", "bib-syntax"];
    let found = site.build.diagnostics.iter().filter(|found| about_form.contains(&found.rule.id));
    let found: Vec<_> =
        found.map(|found| format!("{}: {}", found.source(), found.message)).collect();
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_example_of_a_command_is_understood() {
    let (_, commands) = help(&[]);
    let mut lines = 0;
    for (file, text) in examples("sh") {
        let calls = text.lines().filter_map(|line| line.trim().strip_prefix("galen "));
        for call in calls {
            let words: Vec<&str> = call.split_whitespace().take_while(|w| *w != "#").collect();
            assert!(commands.iter().any(|name| name == words[0]), "{file}: galen {call}");
            let known = options(&help(&[words[0]]).0);
            for option in words.iter().filter(|word| word.starts_with("--")) {
                assert!(known.contains(*option), "{file}: galen {call}");
            }
            lines += 1;
        }
    }
    assert!(lines > 5);
}
