//! The front matter as a whole: values, findings and their places.

use std::sync::{Arc, LazyLock};

use super::*;
use crate::packed::Text;
use crate::parse::page::{FieldPath, FieldValue};
use crate::source::SourceId;

/// Reads `yaml` as the front matter of a page of the collection `collection`.
fn read(collection: &str, yaml: &str) -> (FrontMatter, Vec<String>) {
    static CONFIG: LazyLock<Config> = LazyLock::new(Config::default);
    let config = &*CONFIG;
    let source = Source::new(SourceId::new("content/page.md"), &format!("---\n{yaml}---\n"));
    let markdown = |text: &str| {
        let mut body = Body { html: Text::new(text), main_end: text.len(), ..Body::default() };
        body.text.plain = Arc::from(text);
        let found = text.find("BAD").map(|at| {
            let span = crate::source::Span::new(SourceId::new("fragment"), at..at + 3);
            Diagnostic::new(&structural::CITE_UNKNOWN, span, "bad")
        });
        (body, found.into_iter().collect())
    };
    let schema = Schema::new(config, config.collections.get(collection));
    let (front, found) = parse(&source, &split(&source.text()), schema, &markdown);
    let shown = |found: &Diagnostic| {
        let help: String = found.help.iter().map(|help| format!(" ({help})")).collect();
        format!("{:?}: {}{help}", &source.text()[found.span.range()], found.message)
    };
    (front, found.iter().map(shown).collect())
}

fn findings(collection: &str, yaml: &str) -> Vec<String> {
    read(collection, yaml).1
}

fn text(value: &str) -> FieldValue {
    FieldValue::Text(Arc::from(value))
}

#[test]
fn text_keeps_what_was_written() {
    let (front, found) =
        read("", "title: 1.10\nsubtitle: yes\ntags: [2024-05-01, 0x1F, null, ~]\n");
    assert_eq!(found, [""; 0]);
    assert_eq!(front.title.as_deref(), Some("1.10"));
    assert_eq!(front.subtitle.as_deref(), Some("yes"));
    assert_eq!(front.tags, [Arc::from("2024-05-01"), Arc::from("0x1F")]);
}

#[test]
fn a_scalar_is_a_list_of_one_and_a_record_of_one_field() {
    let (front, found) = read(
        "treatments",
        "title: A\nbrands: Olumiant\nside_effects: acne\nindications:\n  condition: aa\n",
    );
    assert_eq!(found, [""; 0]);
    let FieldValue::List(brands) = &front.fields["brands"] else { panic!("a list") };
    assert!(matches!(&brands[0], FieldValue::Surface(surface) if &*surface.name == "Olumiant"));
    let FieldValue::List(effects) = &front.fields["side_effects"] else { panic!("a list") };
    let FieldValue::Record(effect) = &effects[0] else { panic!("a record") };
    assert_eq!(effect["name"], text("acne"));
    assert!(
        matches!(&front.fields["indications"], FieldValue::List(records) if records.len() == 1)
    );
}

#[test]
fn every_mismatch_is_noted_and_the_rest_is_read() {
    let (front, found) = read(
        "articles",
        "title: [a, b]\nweight: heavy\ndraft: yes\ndate: 2024-02-30\n\
         evidence:\n  - outcome: hair\n    n: many\n    source: {a: b}\n    certainty: hihg\n\
         description: fine\n",
    );
    assert_eq!(front.description.as_deref(), Some("fine"));
    assert_eq!(
        found,
        [
            r#""[a, b]": `title` must be text, not a list"#,
            r#""heavy": `weight` must be a whole number, not `heavy`"#,
            r#""yes": `draft` must be `true` or `false`, not `yes` (did you mean `true`?)"#,
            r#""2024-02-30": `date` is not a date: `2024-02-30`"#,
            r#""many": `evidence[0].n` must be a whole number, not `many`"#,
            r#""{a: b}": `evidence[0].source` must be a citation key or a list of keys, not a mapping"#,
            r#""hihg": `evidence[0].certainty` must be `high`, `moderate`, `low` or `very-low`, not `hihg` (did you mean `high`?)"#,
        ]
    );
}

#[test]
fn unknown_fields_are_explained() {
    let found = findings(
        "articles",
        "title: A\nlastmod: 2024-01-01\nautors: x\nquux: 1\nevidence: {outcome: a, source: b, sauce: c}\n",
    );
    assert_eq!(
        found,
        [
            r#""lastmod": pages in articles have no field `lastmod` (here it is `updated`)"#,
            r#""autors": pages in articles have no field `autors` (did you mean `authors`?)"#,
            r#""quux": pages in articles have no field `quux` (`[collections.articles.fields]` in book.toml declares further fields; anything may stand under `extra`)"#,
            r#""sauce": `evidence` has no field `sauce` (did you mean `source`?)"#,
        ]
    );
}

#[test]
fn a_field_given_twice_and_a_missing_one_are_found() {
    let found = findings("articles", "title: A\ntitle: B\nfaq:\n  - q: Why?\n");
    assert_eq!(found, [r#""title": `title` is given twice"#, r#""q: Why?": `faq[0]` has no `a`"#,]);
}

#[test]
fn a_field_with_a_wrong_name_is_not_missing_too() {
    let found = findings("articles", "title: A\nevidence: {outcom: a, source: b}\n");
    assert_eq!(found, [r#""outcom": `evidence` has no field `outcom` (did you mean `outcome`?)"#]);
    let (front, _) = read("articles", "titel: A\nauthor: [jane]\nevidence: {sauce: b}\n");
    assert_eq!(front.misnamed.iter().map(|name| &**name).collect::<Vec<_>>(), ["title", "authors"]);
}

#[test]
fn a_field_whose_value_does_not_fit_is_not_missing_too() {
    let text =
        "title: A\ndate: last spring\nweight: heavy\nevidence: {outcome: [[a]], source: b}\n";
    let (front, found) = read("articles", text);
    assert_eq!(found.len(), 3, "{found:?}");
    assert_eq!(front.misnamed.iter().map(|name| &**name).collect::<Vec<_>>(), ["date", "weight"]);
}

#[test]
fn citations_are_keys_lists_or_pandoc_groups() {
    let (front, found) = read(
        "articles",
        "title: A\nevidence:\n- {outcome: a, source: king2022}\n- {outcome: b, source: [k1, \"@k2\"]}\n\
         - {outcome: c, source: \"[@k3]\"}\n- {outcome: d, source: a b}\n",
    );
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(r#""a b": `evidence[3].source` is not a citation"#), "{found:?}");
    let FieldValue::List(records) = &front.fields["evidence"] else { panic!("a list") };
    let keys: Vec<Vec<&str>> = records
        .iter()
        .filter_map(|record| match record {
            FieldValue::Record(fields) => match fields.get("source") {
                Some(FieldValue::Citation(citation)) => {
                    Some(citation.cites.iter().map(|cite| cite.key.as_str()).collect())
                }
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(keys, [vec!["king2022"], vec!["k1", "k2"], vec!["k3"]]);
}

#[test]
fn identifiers_are_normalised_and_checked() {
    let (front, found) = read(
        "people",
        "name: Ada\nids:\n  orcid: https://orcid.org/0000-0002-1825-0097\n  npi: 1234567890\n  ror: x\n  orcld: 1\n",
    );
    assert_eq!(front.title.as_deref(), Some("Ada"));
    let FieldValue::Ids(ids) = &front.fields["ids"] else { panic!("ids") };
    assert_eq!(ids[0], (Arc::from("orcid"), Arc::from("0000-0002-1825-0097")));
    assert_eq!(
        found,
        [
            r#""1234567890": `1234567890` is not a valid NPI: its check digit is wrong (compare it with its source: a character is likely mistyped)"#,
            r#""x": `x` is not a ROR (a ROR looks like `03vek6s52`)"#,
            r#""orcld": `ids` has no scheme `orcld` (did you mean `orcid`?)"#,
        ]
    );
}

#[test]
fn a_finding_inside_markdown_is_moved_to_its_place() {
    let yaml = "title: A\nkey_points:\n  - one BAD\n  - |\n    two\n    lines BAD\n  - \"quoted BAD\"\n  - >-\n    folded\n    BAD\n";
    assert_eq!(findings("articles", yaml), [r#""BAD": bad"#; 4]);
}

#[test]
fn reviewers_without_a_date_get_the_common_one() {
    let (front, found) = read(
        "articles",
        "title: A\nreviewed: 2024-05-01\nreviewers:\n  - jane\n  - {person: joe, date: 2023-01-01}\n",
    );
    assert_eq!(found, [""; 0]);
    let FieldValue::List(reviewers) = &front.fields["reviewers"] else { panic!("a list") };
    let dates: Vec<String> = reviewers
        .iter()
        .map(|reviewer| match reviewer {
            FieldValue::Record(fields) => match &fields["date"] {
                FieldValue::Date(date) => date.to_string(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(dates, ["2024-05-01", "2023-01-01"]);
}

#[test]
fn maps_lists_and_extra_are_read() {
    let (front, found) = read(
        "",
        "title: A\nterms: {AA: conditions/alopecia-areata}\nallow: {rev-missing: \"not yet\"}\n\
         lists:\n  latest: {collection: articles, filter: {tags: jak}, sort: -date, limit: 5}\n  \
         bad: {collection: x, limit: -1}\nextra: {n: 1, x: 1.5, list: [true, null, a]}\n",
    );
    assert_eq!(found, [r#""-1": `lists.bad.limit` must be a whole number above 0, not `-1`"#]);
    assert_eq!(front.terms, [(Arc::from("AA"), Arc::from("conditions/alopecia-areata"))]);
    assert_eq!(front.allow, [(Arc::from("rev-missing"), Arc::from("not yet"))]);
    assert_eq!(front.lists["latest"].limit, Some(5));
    assert_eq!(front.lists["latest"].filter, [(Arc::from("tags"), Arc::from("jak"))]);
    let Some(FieldValue::Record(extra)) = &front.extra else { panic!("a record") };
    assert_eq!(extra["n"], FieldValue::Integer(1));
    let list = vec![FieldValue::Boolean(true), FieldValue::Null, text("a")];
    assert_eq!(extra["list"], FieldValue::List(list));
}

#[test]
fn surfaces_may_be_records() {
    let (front, found) = read(
        "conditions",
        "title: A\naliases:\n- {name: AA, case: exact, plural: false}\n- {name: b, link: nevr}\n- {lang: de}\n",
    );
    let FieldValue::List(aliases) = &front.fields["aliases"] else { panic!("a list") };
    let FieldValue::Surface(first) = &aliases[0] else { panic!("a surface") };
    assert!(first.exact_case == Some(true) && !first.plural && !first.never_link);
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("did you mean `never`?"), "{found:?}");
    assert!(found[1].contains("`aliases[2]` has no `name`"), "{found:?}");
}

#[test]
fn odd_yaml_is_reported_and_never_fatal() {
    let cases = [
        ("title: {{ page.title }}\n", "must be text, not a mapping"),
        ("title: !include x\n", "not a value with a YAML tag"),
        ("title: !include [x]\n", "not a value with a YAML tag"),
        ("? [a]\n: b\ntitle: A\n", "a field's name must be plain text"),
        ("- a\n- b\n", "the front matter must be fields"),
        ("just text\n", "the front matter must be fields"),
        ("a: &x [1]\ntitle: *x\n", "the front matter uses a YAML alias"),
        ("title: A\ntags: [a\n", "this bracket is never closed"),
        ("title: \"A\n", "never closed"),
    ];
    for (yaml, wanted) in cases {
        let found = findings("", yaml);
        assert!(found.iter().any(|found| found.contains(wanted)), "{yaml}: {found:?}");
    }
}

#[test]
fn nothing_between_the_fences_is_no_finding() {
    assert_eq!(findings("", ""), [""; 0]);
    assert_eq!(findings("", "# only a comment\n"), [""; 0]);
    assert_eq!(findings("", "title:\n"), [""; 0]);
}

#[test]
fn a_path_leads_to_its_key_and_value() {
    let source = Source::new(
        SourceId::new("a.md"),
        "---\nägypten: ü\nlist:\n  - a: 1\n    b: [x, \"y\"]\nsource: [king2022, king2022b]\n---\n",
    );
    let yaml = split(&source.text()).yaml.unwrap();
    let shown = |span: crate::source::Span| source.text()[span.range()].to_owned();
    let path = FieldPath::field("list").index(0).name("b").index(1);
    assert_eq!(shown(locate(&source, &yaml, &path)), "\"y\"");
    let path = FieldPath::field("list").index(0).name("b");
    assert_eq!(shown(locate(&source, &yaml, &path)), "[x, \"y\"]");
    assert_eq!(shown(locate_key(&source, &yaml, &path)), "b");
    assert_eq!(shown(locate(&source, &yaml, &FieldPath::field("ägypten"))), "ü");
    assert_eq!(shown(locate(&source, &yaml, &FieldPath::field("none"))), "---");
    let locator = FieldLocator::new(&source, &yaml);
    let found = locator.find(&FieldPath::field("source"), "king2022b", &source.text());
    assert_eq!(&source.text()[found.clone()], "king2022b");
    assert_eq!(found.start, source.text().find("king2022b").unwrap());
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(yaml in "([a-z]{1,3}:|- |[\\[\\]{}&*!|>'\"#%@`,:?~\t ]|\n|  |title|aliases|ids|evidence|é|[0-9]){0,40}") {
        for collection in ["", "treatments", "people"] {
            let _ = read(collection, &format!("{yaml}\n"));
            let _ = read(collection, &format!("title: {yaml}\n"));
            let _ = read(collection, &format!("evidence:\n - {yaml}\n"));
        }
    }
}

#[test]
fn a_text_of_several_lines_has_no_white_space_at_its_ends() {
    let (front, found) = read("", "title: >\n  A\n  B\ndescription: |\n  C\n");
    assert_eq!((front.title.as_deref(), front.description.as_deref()), (Some("A B"), Some("C")));
    assert_eq!(found, [""; 0]);
}

#[test]
fn an_allow_says_why() {
    let (front, found) = read("", "title: A\nallow:\n  meta-author:\n  rev-missing: x\n");
    assert_eq!(front.allow.len(), 1);
    assert_eq!(
        found,
        ["\"meta-author\": this `allow` of `meta-author` gives no reason \
            (write it after the rule: `meta-author: reason`)"]
    );
}
