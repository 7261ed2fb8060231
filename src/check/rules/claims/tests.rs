use proptest::prelude::*;

use crate::check::fixture::TestSite;
use crate::diagnostic::Level;

const WORKS: &str = "@article{k, title={K}, year={2020}, pages={1--9}} @online{web, title={W}} \
    @article{one, title={O}, pages={767628}}";

/// Returns a site with the article `body`.
fn site(book: &str, body: &str) -> TestSite {
    let page = format!("---\ntitle: X\n---\n{body}\n");
    TestSite::new(book)
        .works(WORKS, "")
        .page("treatments/nova.md", "---\ntitle: Nova\n---\n")
        .page("articles/x.md", &page)
}

/// Returns those of `texts`, each a paragraph of one page, in which `rule` finds something,
/// each as often as it does.
fn found<'t>(rule: &str, texts: &[&'t str]) -> Vec<&'t str> {
    let findings = site("", &texts.join("\n\n")).findings(rule);
    let line = |finding: &String| finding.split(':').nth(1)?.parse::<usize>().ok();
    let lines = findings.iter().map(|finding| line(finding).expect("a finding has a line"));
    let mut from = 4;
    let starts: Vec<usize> = texts
        .iter()
        .map(|text| {
            let start = from;
            from += text.lines().count() + 1;
            start
        })
        .collect();
    lines.map(|line| texts[starts.partition_point(|start| *start <= line) - 1]).collect()
}

fn assert_all_found(rule: &str, texts: &[&str]) {
    assert_eq!(found(rule, texts), texts);
}

fn assert_none_found(rule: &str, texts: &[&str]) {
    assert_eq!(found(rule, texts), [""; 0]);
}

#[test]
fn figures_without_a_source_are_found() {
    assert_all_found(
        "claim-stat",
        &[
            "It helped 39% of them.",
            "It helped 39 percent of them.",
            "It came in 5 of 8 men.",
            "It affects 1 in 50 people.",
            "It affects one in four women.",
            "The risk rose threefold.",
            "It is twice as common in men.",
            "It came 1.66 times as often.",
            "The groups differed (p < 0.05).",
            "The odds ratio was 1.48.",
            "The 95% confidence interval ran from 1.20 to 2.30.",
            "A 3-fold rise was seen.",
            "It helped 39% of them, and 12% of the others, and 1 in 8 of the rest.",
            "- It helped 39% of them.",
            "It helped 39% of them. @k says nothing of it, though.",
            "About 5% of patients had a rash.",
            "In all, 39% improved.",
            "Of the men, 60% preferred the foam.",
            "It sold twice as directed, and twice as often.",
            "The HR was 0.85.",
            "In row 3 the rate was 12%.",
            "Above 7% of patients had a rash.",
            "It should be noted that 39% improved.",
            "If your rash is back, it came in 39% of men.",
            "Below 20% of the men improved.",
            "Nearly half of those who use it improve.",
            "Roughly two-thirds of people improve.",
            "It has double the risk.",
        ],
    );
}

#[test]
fn doses_ages_dates_and_cited_figures_are_not() {
    assert_none_found(
        "claim-stat",
        &[
            "It helped 39% of them [@k].",
            "It helped 39% of them.[@k]",
            "It helped 39% of them.[^n]\n\n[^n]: So says [@k].",
            "Take 50 mg twice a day, at most 2 in 24 hours.",
            "People aged 12 to 17 took it for 24 weeks.",
            "It was approved on 13 June 2022.",
            "Use the 5% foam or the 2% solution.",
            "Use nova 5% at night.",
            "Nova 2% and 5% are sold.",
            "The 2% nova is for women.",
            "Nobody can be 100% sure.",
            "Come back at week 3 of 12.",
            "An odds ratio compares two odds.",
            "A 95% confidence interval is the usual one.",
            "There are JAK1, JAK2 and 2 others.",
            "## It helped 39% of them",
            "> It helped 39% of them.",
            "| Share |\n|---|\n| 39% |",
            "`39%`",
            "It sounds larger as \"twice as many\".",
            "Use 2.5% benzoyl peroxide.",
            "Use 2.5% benzoyl peroxide wash gel.",
            "Try 5% minoxidil at night.",
            "Minoxidil 2% or 5% is sold.",
            "Take it twice as directed.",
            "See row 3 of 12.",
            "Call if pain is 7 out of 10 or worse.",
            "Fill the bath to 20%.",
            "Keep the room at 40% humidity.",
            "Lift to 50% of your usual weight.",
            "Your oxygen should be above 92%.",
            "If your HbA1c is above 7%, tell your doctor.",
            "You may be asked to pay 20% of the cost.",
            "Some need twice as much sleep.",
            "Take 2 of 4 tablets now.",
            "The HR department has moved to a new place, at 4.5 km.",
        ],
    );
}

#[test]
fn a_figure_is_shown_once_a_sentence_at_its_place() {
    let findings = site("", "Of all, 39% and 12% did.\nSo did **8%**.").findings("claim-stat");
    assert_eq!(
        findings,
        [
            "articles/x.md:4:9 `39%` is said without a source \
                | cite what the figure is from, in the same sentence",
            "articles/x.md:5:10 `8%` is said without a source \
                | cite what the figure is from, in the same sentence",
        ]
    );
}

#[test]
fn a_figure_is_shown_with_all_its_words() {
    for (text, figure) in [
        ("Nine out of ten did.", "Nine out of ten"),
        ("It is twice as common.", "twice as common"),
        ("Of them, about half of, say, men did.", "about half of"),
        ("It came 1.66 times as often.", "1.66 times as often"),
    ] {
        let findings = site("", text).findings("claim-stat");
        assert!(findings[0].contains(&format!("`{figure}` is said")), "{findings:?}");
    }
}

#[test]
fn one_citation_serves_a_paragraph_where_the_site_says_so() {
    let book = "[checks.claim-stat]\nwithin = \"paragraph\"\n";
    let body = "It helped 39%. It harmed 5% [@k].\n\nIt helped 8%.";
    assert_eq!(site("", body).findings("claim-stat").len(), 2);
    let found = site(book, body).findings("claim-stat");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("articles/x.md:6:"), "{found:?}");
    let own = "[collections.articles.checks.claim-stat]\nwithin = \"paragraph\"\n";
    assert_eq!(site(own, body).findings("claim-stat").len(), 1);
}

#[test]
fn fields_are_judged_and_what_their_record_cites_counts() {
    let text = "---\ntitle: X\nkey_points: [\"It helped 39%.\"]\n\
        evidence: [{outcome: x, source: k, notes: It helped 38%.}]\n\
        changes: [{date: 2026-01-01, note: Mended 37%.}]\ndisclosures: 36% of the shares.\n---\n";
    let found = TestSite::new("").works(WORKS, "").page("articles/x.md", text);
    assert_eq!(found.findings("claim-stat").len(), 1);
    assert!(found.findings("claim-stat")[0].contains(":3:"));
}

#[test]
fn what_a_translation_has_of_its_original_is_judged_there() {
    let site = TestSite::new("[languages.fr]\n")
        .page("articles/a.md", "---\ntitle: A\nkey_points: It helped 39%.\n---\n")
        .page("articles/a.fr.md", "---\ntitle: A\n---\n");
    let found = site.findings("claim-stat");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("articles/a.md:3:"), "{found:?}");
}

#[test]
fn pages_that_nobody_answers_for_are_left_alone() {
    let body = "---\ntitle: X\n---\nIt helped 39%. Recently, studies found so.\n";
    let site = TestSite::new("").page("x.md", body).page("people/jane.md", body);
    for rule in ["claim-stat", "claim-study", "claim-relative-time"] {
        assert_eq!(site.findings(rule), [""; 0]);
    }
}

#[test]
fn a_comment_allows_a_figure_in_its_block() {
    let body = "<!-- galen: allow claim-stat: our own count -->\nIt helped 39%.\n\nAnd 38%.";
    assert_eq!(site("", body).findings("claim-stat").len(), 1);
    assert_eq!(site("", body).findings("allow-unused"), [""; 0]);
}

#[test]
fn other_languages_have_their_words() {
    let site = TestSite::new("[languages.de]\n")
        .page("articles/x.md", "---\ntitle: X\n---\nBei 39 Prozent.\n")
        .page(
            "articles/x.de.md",
            "---\ntitle: X\n---\nBei 39 Prozent.\n\nBei 3 von 10.\n\nKürzlich fiel es.\n\n\
                In einer Studie fiel es.\n\nEs ist laut.\n\nLaut dem Arzt fiel es.\n\n\
                Der Begriff \u{201e}es fiel und fiel aus\u{201c} ist alt.\n\nLaut einer Studie fiel es.\n",
        );
    assert_eq!(site.findings("claim-study").len(), 2);
    assert_eq!(site.findings("claim-quote"), [""; 0]);
    assert_eq!(site.findings("claim-stat").len(), 2);
    assert_eq!(site.findings("claim-relative-time").len(), 1);
}

#[test]
fn studies_that_are_not_cited_are_found() {
    assert_all_found(
        "claim-study",
        &[
            "A trial found that it works.",
            "Studies show that hair returns.",
            "Research suggests a link.",
            "Researchers found no harm.",
            "A trial, which ran for a year, found little.",
            "One study of 300 people reported fewer falls.",
            "In a randomised trial it worked.",
            "In one study hair grew.",
            "According to experts it is safe.",
            "A meta-analysis of 12 trials confirmed it.",
            "It has been shown to work.",
            "Experts say so.",
            "The evidence suggests a small effect.",
            "It is clinically proven.",
            "Studies have long shown it; trials confirmed it.",
            "In clinical trials hair grew.",
            "According to a review it works.",
            "Experts agree that it works.",
        ],
    );
}

#[test]
fn definitions_questions_and_cited_studies_are_not() {
    assert_none_found(
        "claim-study",
        &[
            "A trial found that it works [@k].",
            "@k found in a trial that it works.",
            "A study is a test of a question.",
            "Ask whether the trial reported harms.",
            "If a trial finds no difference, look at the interval.",
            "Did the trial show a benefit?",
            "No study has shown it.",
            "The study began in 2020.",
            "Trials cost money.",
            "Two sources speak of the trials, and we show both.",
            "Readers found the study hard to read.",
            "The trial ended; what it shows is for others to say.",
            "## What the trials found",
            "| Trials found |\n|---|\n| x |",
            "When researchers report harms, they count people.",
            "Take it according to your doctor.",
            "The dose is set according to body weight.",
            "Use it according to the label.",
            "It is being tested in clinical trials.",
            "You can take part in a clinical trial.",
            "The data are shared where you agree.",
            "The research team found your address.",
            "A sleep study shows how you breathe.",
        ],
    );
}

#[test]
fn a_study_is_shown_at_its_name() {
    assert_eq!(
        site("", "Some say a trial of it found so.").findings("claim-study"),
        ["articles/x.md:4:12 what `trial` speaks of is not cited \
            | cite the study in the same sentence, or say that none is meant"]
    );
}

#[test]
fn quotations_without_a_source_are_found() {
    assert_all_found(
        "claim-quote",
        &[
            "He wrote: \"the hair came back at once\".",
            "The board called it a scandal: \"nobody had looked at the harms\".",
            "Critics say \"it never works in most people\" on every page.",
            "Its maker says \"it works in most people\" on every pack.",
            "\u{201c}The hair came back at once\u{201d}, she said.",
            "\u{ab}the hair came back at once\u{bb}, she said.",
            "- \"The hair came back at once.\"",
            "He wrote: \"The hair came back at once. Then it fell again.\" So it was.",
            "> The hair came back at once.",
            "She told us *\"the hair came back at once\"*.",
            "他说：“头发很快就长回来了”。",
            "彼は「髪はすぐに戻ってきた」と言った。",
            "\u{bb}The hair came back at once.\u{ab} So she said.",
            "Das ist so.『 Und dann sagt er noch 』vieles.",
            "He wrote \u{2018}the hair didn\u{2019}t come back at once\u{2019}.",
        ],
    );
}

#[test]
fn titles_terms_questions_and_cited_quotations_are_not() {
    assert_none_found(
        "claim-quote",
        &[
            "He wrote: \"the hair came back at once\" [@k, p. 4].",
            "He wrote: \"the hair came back at once.\" [@k, p. 4]",
            "He wrote: \"The hair came back at once. Then it fell.\" [@k, p. 4]",
            "She calls it \"a shame\".",
            "Search for \"hair loss in women\".",
            "Her book \"The Long Way Home Again\" is out.",
            "The phrase \"not shown to be safe\" is common.",
            "Ask \"how many out of how many?\"",
            "Readers want to know: \"what was it compared with?\"",
            "A 5\" ruler, a 6\" ruler and a 7\" ruler will do.",
            "> The hair came back at once [@k, p. 4].",
            "> The hair came back at once.\n\n[@k, p. 4]",
            "As he wrote [@k, p. 4]:\n\n> The hair came back at once.",
            "> The hair came back at once.\n\n\u{2014} King [@k, p. 4]",
            "\"Six times as many\" can mean little.",
            "He wrote: \"the hair came back at once\" [@one].",
            "> [!NOTE]\n> The hair came back at once.",
            "## \"The hair came back at once\"",
            "He wrote: \"the hair came back at once\" [@web].",
            "“The term “is “open “here.",
            "»Das ist so.« Und dann sagt er noch »vieles.«",
            "Das ist so.「Und dann」 sagt er.",
            "Say \"I am worried about my hair\" to your doctor.",
            "Tell your child: \"it is not your fault\".",
            "Choose \"allow this app to count\" in the app.",
            "Read the section \"how to take the tablets\" first.",
        ],
    );
}

#[test]
fn a_quotation_of_several_paragraphs_is_one() {
    let found = |body: &str| site("", body).findings("claim-quote").len();
    assert_eq!(found("> It came.\n>\n> Then it fell."), 1);
    assert_eq!(found("> It came.\n>\n> Then it fell [@k, p. 4]."), 0);
    assert_eq!(found("> It came.\n\nSo he said.\n\n> Then it fell out."), 1);
}

#[test]
fn a_quotation_says_where_in_a_long_work_it_stands() {
    let site = |body: &str| site("", body);
    let cited = site("He wrote: \"the hair came back at once\" [@k].");
    assert_eq!(
        cited.findings("claim-quote"),
        ["articles/x.md:4:12 the quotation does not say where in `k` it stands \
            | give the page or section: `[@k, p. 4]`"]
    );
    assert_eq!(cited.levels("claim-quote"), [Level::Info]);
    let bare = site("He wrote: \"the hair came back at once\".");
    assert_eq!(bare.levels("claim-quote"), [Level::Warning]);
}

#[test]
fn the_site_says_from_how_many_words_a_quotation_counts() {
    let book = "[checks.claim-quote]\nlength = 7\n";
    let body = "He wrote: \"the hair came back at once\".";
    assert_eq!(site(book, body).findings("claim-quote"), [""; 0]);
}

#[test]
fn sentences_that_age_are_found() {
    assert_all_found(
        "claim-relative-time",
        &[
            "It was recently approved.",
            "It is currently sold in Britain.",
            "In recent years it became common.",
            "To date nobody knows.",
            "So far two people had it.",
            "The latest figures are better.",
            "New studies look at it.",
            "A cream is now available.",
            "At present there is no test.",
            "It was withdrawn last year.",
            "A newly approved pill costs more.",
            "Nowadays few use it.",
            "It currently costs 2000 mg of gold.",
            "It was recently given to 1950 people.",
            "If it itches, it is currently treated.",
            "It is now sold.",
            "At present there is none.",
        ],
    );
}

#[test]
fn dated_sentences_and_other_news_are_not() {
    assert_none_found(
        "claim-relative-time",
        &[
            "It was recently approved, in 2024.",
            "In March 2026 it was newly approved.",
            "New hair grows.",
            "A new habit takes weeks.",
            "Now and then it falls.",
            "Is it currently sold?",
            "So far as we know it is safe.",
            "Keep the list up to date.",
            "Come back after a month at the latest.",
            "## The latest news",
            "Now turn the page.",
            "So far, so good.",
            "Until now you may have felt alone.",
            "In the last year of life it is rare.",
            "Tell us if you currently take any.",
            "Wait if you have recently had a cold.",
            "It suits people who are currently well.",
            "Those who have recently moved may ask.",
            "List the medicines you currently take.",
        ],
    );
}

#[test]
fn words_are_the_sites_to_choose() {
    let book = "[checks]\nclaim-relative-time.words.en = [\"lately\"]\n";
    let found = site(book, "Lately it fell.\n\nRecently it rose.").findings("claim-relative-time");
    assert_eq!(
        found,
        ["articles/x.md:4:1 `Lately` is said without a date \
            | name the year: \"since 2024\", \"as of March 2026\""]
    );
}

#[test]
fn a_long_sentence_is_judged_in_one_pass() {
    /// How long one is, in bytes: where each word looks at all others, it takes minutes.
    const LENGTH: usize = 200_000;
    for part in [
        "not approved, cure ",
        "approved by the FDA ",
        "the only trial found 5% of 1in2,",
        "\u{201c}a\u{201c} recently",
        "\u{2018}a\u{2019}b 1.0 mg \u{bb}c.\u{ab} ",
        "Once cured, your doctor approved; the safest twice as ",
        "helps CI 95% if ",
    ] {
        let body = format!("Nova {}", part.repeat(LENGTH / part.len()));
        assert_eq!(site("", &body).findings("link-broken"), [""; 0]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_makes_a_rule_panic(
        text in proptest::collection::vec(
            proptest::sample::select(&[
                "39%", "\u{663}\u{669}\u{66a}", "1 in", "5 of 8", "p <", ".05", "100", " % ", "95% CI ",
                "hazard ratio", "1,", "2.5", "fold", "-", "\u{2013}", "\u{2019}", "isn\u{2019}t ", "but ",
                "\"", "\u{201c}", "\u{201d}", "\u{ab}", "\u{bb}", "\u{201e}", "\u{300e}", "\u{300f}", "\u{2018}", "\u{ab} ", ".\u{ab} So ", "hair fell out again ",
                "trial ", "found ", "according to ", "recently ", "so far as ", "cures", "no side effects ",
                "the only ", "nova ", "Nova 5%", "The FDA approved ", "European Medicines Agency ", ". ",
                "? ", ", ", "; ", ": ", " ", "\n", "\n\n", "\n> ", "\n- ", "[@k]", "@k ", "so.[^n] ", "`", "*",
                "\u{e9}", "\u{a0}", "\u{df}", "\u{4e2d}", "\u{2026}", "\u{1f600}",
            ][..]),
            0..40,
        )
    ) {
        let body = format!("Noted.[^n]\n\n{}\n\n[^n]: See [@k].\n", text.concat());
        let found = site("", &body).findings("claim-stat");
        prop_assert!(found.iter().all(|found| found.starts_with("articles/x.md:")), "{found:?}");
    }
}
