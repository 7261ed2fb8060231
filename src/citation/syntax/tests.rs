use super::*;

fn keys(text: &str) -> Vec<String> {
    scan(text)
        .iter()
        .map(|citation| {
            let keys: Vec<_> = citation
                .cites
                .iter()
                .map(|cite| format!("{}{}", if cite.suppress_author { "-" } else { "" }, cite.key))
                .collect();
            let keys = keys.join("+");
            if citation.narrative { format!("({keys})") } else { keys }
        })
        .collect()
}

fn only(text: &str) -> Cite {
    let citation = parse_group(text, 0, &LocatorTerms::default())
        .unwrap_or_else(|| panic!("{text} is a group"));
    assert_eq!(citation.cites.len(), 1, "{text}");
    citation.cites.into_iter().next().unwrap()
}

fn place(text: &str) -> (Option<(&'static str, String)>, String) {
    let cite = only(&format!("[@k{text}]"));
    (cite.locator.map(|locator| (locator.label, locator.value)), cite.suffix)
}

fn at(label: &'static str, value: &str, suffix: &str) -> (Option<(&'static str, String)>, String) {
    (Some((label, value.to_owned())), suffix.to_owned())
}

#[test]
fn a_group_names_several_works_with_prefix_locator_and_suffix() {
    let text = "[@king2022, p. 1690; see @kwon2023, table 2 and passim]";
    let citation = parse_group(text, 100, &LocatorTerms::default()).unwrap();
    assert_eq!(citation.range, 100..100 + text.len());
    let [king, kwon] = &citation.cites[..] else { panic!("two works") };
    assert_eq!((king.key.as_str(), king.prefix.as_str()), ("king2022", ""));
    assert_eq!(king.locator, Some(Locator { label: "page", value: "1690".into() }));
    assert_eq!((kwon.prefix.as_str(), kwon.suffix.as_str()), ("see ", " and passim"));
    assert_eq!(kwon.locator, Some(Locator { label: "table", value: "2".into() }));
    assert_eq!(&text[kwon.key_range.start - 100..kwon.key_range.end - 100], "kwon2023");
}

#[test]
fn every_form_of_the_content_model_is_found() {
    assert_eq!(keys("x [@king2022]."), ["king2022"]);
    assert_eq!(keys("@king2022 found …"), ["(king2022)"]);
    assert_eq!(keys("@king2022 [p. 4] found"), ["(king2022)"]);
    assert_eq!(keys("[-@king2022]"), ["-king2022"]);
    assert_eq!(keys("King -@king2022 says"), ["-king2022"]);
    assert_eq!(keys("[@{odd key; [x]}]"), ["odd key; [x]"]);
    assert_eq!(keys(r"\@king2022 and [\@b]"), [""; 0]);
    assert_eq!(keys("`@king` and ``[@a] ` `` end"), [""; 0]);
    assert_eq!(keys("mail me@example.org or <x@y.z>"), [""; 0]);
    assert_eq!(keys("https://mastodon.social/@king and https://x.org/?q=@king"), [""; 0]);
    assert_eq!(keys("<!-- @king --> <i title='@x'>y</i>"), [""; 0]);
}

#[test]
fn brackets_pair_as_authors_mean_them() {
    assert_eq!(keys("[@a, chap. [2]]"), ["a"]);
    assert_eq!(keys("[@a][@b]"), ["a", "b"]);
    assert_eq!(keys("[[@a]]"), ["a"]);
    assert_eq!(keys("[t [@a] u](y.md)"), ["a"]);
    assert_eq!(keys("[as @a says](y.md)"), ["(a)"]);
    assert_eq!(keys("[@a](not a link)"), ["a"]);
    assert_eq!(keys("[@a]: https://example.org"), ["a"]);
    assert_eq!(keys("[see *also* @a]"), ["a"]);
    assert_eq!(keys("[see `]` @a]"), ["a"]);
    assert_eq!(keys("[[page|as @a says]]"), ["(a)"]);
    assert_eq!(keys("[text @a][ref]\n\n[ref]: x.md"), ["(a)"]);
    assert_eq!(keys("[open [@a] and [more"), ["a"]);
    assert_eq!(keys("see [\n\n@a]"), ["(a)"]);
    assert_eq!(keys("see [\n- @a]"), ["(a)"]);
}

#[test]
fn a_group_may_wrap_over_lines_also_in_a_quotation() {
    let found = scan("> text [see\n> also @a,\n> p. 3; @b].");
    assert_eq!(found.len(), 1);
    let cite = &found[0].cites[0];
    assert_eq!(cite.prefix, "see also ");
    assert_eq!(cite.locator, Some(Locator { label: "page", value: "3".into() }));
}

#[test]
fn brackets_after_a_narrative_key_belong_to_it() {
    let found = scan("@a [p. 4; see @b, p. 5] and @c [@d] and @e [text](x.md) and @f [^1]");
    let shown: Vec<_> = found.iter().map(|c| (c.narrative, c.cites.len())).collect();
    assert_eq!(shown, [(true, 2), (true, 2), (true, 1), (true, 1)], "{found:?}");
    assert_eq!(found[0].cites[0].locator.as_ref().unwrap().value, "4");
    assert_eq!(found[0].cites[1].prefix, "see ");
    assert_eq!(keys("@a [-@b, p. 30; see also @c]"), ["(a+-b+c)"]);
    assert_eq!(keys("@a says [@b]"), ["(a)", "b"]);
}

#[test]
fn keys_end_as_pandoc_ends_them() {
    assert_eq!(
        keys("@a's and @b. And @c, @d: @e; (@f) @g_h? \"@i\""),
        ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)", "(g_h)", "(i)"]
    );
    assert_eq!(keys("@doi:10.1000/x_1.2 @a--b @x.y:z"), ["(doi:10.1000/x_1.2)", "(a)", "(x.y:z)"]);
    assert_eq!(keys("@Müller2020 @日本2020"), ["(Müller2020)", "(日本2020)"]);
    assert_eq!(keys("@ @, @- x@y a@b.c @@z"), [""; 0]);
    assert_eq!(keys("@{https://example.org/a?b=c} says"), ["(https://example.org/a?b=c)"]);
}

#[test]
fn malformed_groups_are_no_groups() {
    for text in ["[@]", "[see also]", "[a@b.org]", "[]", "@a", "[@a; and more]"] {
        assert_eq!(parse_group(text, 0, &LocatorTerms::default()), None, "{text}");
    }
    assert_eq!(keys("[@a; and more]"), ["(a)"]);
    assert_eq!(keys("[@a; ]"), ["a"]);
}

#[test]
fn keys_without_a_semicolon_are_several_works() {
    assert_eq!(keys("[@a, @b @c]"), ["a+b+c"]);
    let citation = parse_group("[@a, p. 3, see also @b]", 0, &LocatorTerms::default()).unwrap();
    assert_eq!(citation.cites[0].locator.as_ref().unwrap().value, "3");
    assert_eq!(citation.cites[1].prefix, "see also ");
}

#[test]
fn locators_are_read_by_pandocs_rules() {
    assert_eq!(place(", p. 33"), at("page", "33", ""));
    assert_eq!(place(" p.33"), at("page", "33", ""));
    assert_eq!(place(", 33"), at("page", "33", ""));
    assert_eq!(place(" 33-35"), at("page", "33-35", ""));
    assert_eq!(
        place(", pp. 33–35, 38-39 and nowhere else"),
        at("page", "33-35, 38-39", " and nowhere else")
    );
    assert_eq!(
        place(", pp. iv, vi-xi, (xv)-(xvii) with suffix here"),
        at("page", "iv, vi-xi, (xv)-(xvii)", " with suffix here")
    );
    assert_eq!(place("{ii, A, D-Z}, with a suffix"), at("page", "ii, A, D-Z", ", with a suffix"));
    assert_eq!(
        place(", {pp. iv, vi-xi, (xv)-(xvii)} with suffix"),
        at("page", "iv, vi-xi, (xv)-(xvii)", " with suffix")
    );
    assert_eq!(place("{}, 99 years later"), (None, ", 99 years later".into()));
    assert_eq!(place(", emphasis added"), (None, ", emphasis added".into()));
    assert_eq!(place(", §§ 3-4"), at("section", "3-4", ""));
    assert_eq!(place(", ¶ 7"), at("paragraph", "7", ""));
    assert_eq!(place(", chap. [2]"), at("chapter", "[2]", ""));
    assert_eq!(place(", Fig. 3a"), at("figure", "3a", ""));
    assert_eq!(place(", art. 5(1)(b)"), at("article-locator", "5(1)(b)", ""));
    assert_eq!(place(", sec. 5.1."), at("section", "5.1", "."));
    assert_eq!(place(", p. 3 I think"), at("page", "3", " I think"));
    assert_eq!(place(", pp. 3 & 5"), at("page", "3 & 5", ""));
    assert_eq!(place(", pages of text"), (None, ", pages of text".into()));
    assert_eq!(place(", pp. 33-35 and *passim*"), at("page", "33-35", " and <i>passim</i>"));
    assert_eq!(place(" [p. 30]"), (None, " [p. 30]".into()));
    assert_eq!(place(", vol. 2, p. 3"), at("volume", "2", ", p. 3"));
    assert_eq!(place(", p. (a)"), (None, ", p. (a)".into()));
    assert_eq!(place(", s.v. 12"), at("sub-verbo", "12", ""));
}

#[test]
fn every_label_is_read_in_every_form() {
    for (written, label) in [
        ("appendices 2", "appendix"),
        ("book 1", "book"),
        ("bks. 1-2", "book"),
        ("chapters 4", "chapter"),
        ("cols. 2", "column"),
        ("eq. 2", "equation"),
        ("figs. 2", "figure"),
        ("fol. 3", "folio"),
        ("no. 4", "issue"),
        ("ll. 4-6", "line"),
        ("n. 5", "note"),
        ("opp. 5", "opus"),
        ("paras. 2", "paragraph"),
        ("pts. 3", "part"),
        ("sections 3", "section"),
        ("supp. 2", "supplement"),
        ("tbl. 3", "table"),
        ("vv. 3", "verse"),
        ("vols. 3", "volume"),
        ("r. 4", "rule"),
        ("scene 3", "scene"),
        ("timestamp 1:02", "timestamp"),
        ("loc. 12", "elocation"),
        ("CHAP. 3", "chapter"),
    ] {
        let (locator, suffix) = place(&format!(", {written}"));
        assert_eq!(locator.map(|(label, _)| label), Some(label), "{written}");
        assert_eq!(suffix, "", "{written}");
    }
}

#[test]
fn prefixes_and_suffixes_become_csl_rich_text() {
    let cite = only(r"[see *e.g.* **x**, `a*b` \* H~2~O don't -- @k, *emphasis* added...]");
    assert_eq!(cite.prefix, "see <i>e.g.</i> <b>x</b>, a*b * H<sub>2</sub>O don’t – ");
    assert_eq!(cite.suffix, ", <i>emphasis</i> added…");
}

#[test]
fn a_source_field_is_a_key_or_a_citation() {
    let key = parse_field(" king2022 ", &LocatorTerms::default()).unwrap();
    assert_eq!((key.cites[0].key.as_str(), key.range), ("king2022", 1..9));
    let group = parse_field("[@label, sec. 5.1]", &LocatorTerms::default()).unwrap();
    assert_eq!(group.cites[0].locator.as_ref().unwrap().label, "section");
    assert_eq!(
        parse_field("@label", &LocatorTerms::default()).unwrap().cites[0].key.as_str(),
        "label"
    );
    assert_eq!(parse_field("two words", &LocatorTerms::default()), None);
    assert_eq!(parse_field("", &LocatorTerms::default()), None);
    assert_eq!(parse_field("[no key]", &LocatorTerms::default()), None);
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn scanning_never_panics_and_ranges_lie_in_the_text(
            text in r"([ab1 .,;:@_\-\[\](){}<>`*'\n\\|^!/>é—]|@a|\[@b|p\. ){0,60}"
        ) {
            let mut end = 0;
            for citation in scan(&text) {
                prop_assert!(citation.range.start >= end);
                end = citation.range.end;
                prop_assert!(text.get(citation.range.clone()).is_some());
                prop_assert!(!citation.cites.is_empty());
                for cite in &citation.cites {
                    prop_assert_eq!(text.get(cite.key_range.clone()), Some(cite.key.as_str()));
                    prop_assert!(cite.key_range.start >= citation.range.start);
                    prop_assert!(cite.key_range.end <= citation.range.end);
                }
            }
        }

        #[test]
        fn groups_and_fields_of_any_text_are_read_without_panic(text in "\\PC{0,40}") {
            let _ = parse_group(&format!("[@k{text}]"), 7, &LocatorTerms::default());
            let _ = parse_group(&text, 0, &LocatorTerms::default());
            let _ = parse_field(&text, &LocatorTerms::default());
        }
    }
}

#[test]
fn places_are_named_in_the_language_of_the_text() {
    let german = LocatorTerms::of_lang("de");
    let place = |text: &str, terms: &LocatorTerms| {
        let citation = parse_group(&format!("[@k{text}]"), 0, terms).unwrap();
        let locator = citation.cites[0].locator.clone();
        locator.map(|locator| format!("{} {}", locator.label, locator.value))
    };
    for (text, expected) in [
        (", S. 3-5", "page 3-5"),
        (", Seiten 3, 5", "page 3, 5"),
        (", Kap. 2", "chapter 2"),
        (", Kapitel IV", "chapter IV"),
        (", Bd. 2", "volume 2"),
        (", Abb. 7", "figure 7"),
        (", p. 4", "page 4"),
    ] {
        assert_eq!(place(text, &german).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(place(", S. 3", &LocatorTerms::of_lang("en")), None);
    assert_eq!(place(", section 3", &LocatorTerms::of_lang("en")).as_deref(), Some("section 3"));
    assert_eq!(place(", p. 3", &LocatorTerms::of_lang("fr")).as_deref(), Some("page 3"));
    assert_eq!(place(", ÉDITION", &LocatorTerms::of_lang("fr")), None);
    let scanned = scan_in("@k [S. 3] und [@k, S. 4]", &german);
    let places = scanned.iter().filter_map(|c| c.cites[0].locator.as_ref());
    assert_eq!(places.map(|place| &*place.value).collect::<Vec<_>>(), ["3", "4"]);
}
