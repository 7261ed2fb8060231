use crate::check::fixture::TestSite;

const WORKS: &str = "@article{new, title={N}, year={2025}} @article{old, title={O}, year={2019}} \
    @article{edge, title={E}, date={2024-03}} @article{undated, title={U}}";

const NOVA: &str = "---\ntitle: Nova\nindications:\n\
    - {condition: baldness, status: approved, authority: FDA, date: 2022-06-13}\n\
    - {condition: baldness, status: off-label, authority: EMA}\n---\n";

/// Returns a site with the article `body`.
fn site(book: &str, body: &str) -> TestSite {
    TestSite::new(book)
        .works(WORKS, "")
        .page("treatments/nova.md", NOVA)
        .page("treatments/vega.md", "---\ntitle: Vega\n---\n")
        .page("conditions/baldness.md", "---\ntitle: Baldness\n---\n")
        .page("articles/x.md", &format!("---\ntitle: X\n---\n{body}\n"))
}

/// Returns those of `texts`, each a paragraph of one page, in which `rule` finds something,
/// each as often as it does.
fn found<'t>(rule: &str, texts: &[&'t str]) -> Vec<&'t str> {
    let findings = site("", &texts.join("\n\n")).findings(rule);
    let line = |finding: &String| finding.split(':').nth(1)?.parse::<usize>().ok();
    let lines = findings.iter().map(|finding| line(finding).expect("a finding has a line"));
    lines.map(|line| texts[(line - 4) / 2]).collect()
}

fn assert_all_found(rule: &str, texts: &[&str]) {
    assert_eq!(found(rule, texts), texts);
}

fn assert_none_found(rule: &str, texts: &[&str]) {
    assert_eq!(found(rule, texts), [""; 0]);
}

#[test]
fn promises_are_found() {
    assert_all_found(
        "claim-absolute",
        &[
            "Nova cures baldness.",
            "A miracle in a tube.",
            "Success is guaranteed.",
            "It has no side effects.",
            "It is 100 % safe.",
            "It is 100% safe [@new].",
            "It is completely safe.",
            "It works for everyone.",
            "It is a permanent cure.",
            "It does not help all, but it cures most.",
            "Not a cream; a miracle.",
            "They\u{2019}ve said it isn\u{2019}t one, but it\u{2019}s a miracle.",
            "Thousands were cured.",
            "It works without side effects and is guaranteed to last.",
            "Nova heals all.",
            "It eliminates hair loss.",
            "It is a cure; nobody doubts it.",
            "Nova is completely safe if used as directed.",
            "It is guaranteed unless you stop.",
            "Nova is risk-free, as it claims.",
            "After a month it cures all, in most.",
        ],
    );
}

#[test]
fn denials_questions_and_cited_cures_are_not() {
    assert_none_found(
        "claim-absolute",
        &[
            "There is no cure.",
            "Nova does not cure baldness.",
            "It cannot be guaranteed.",
            "Nothing cures it.",
            "A cure does not exist.",
            "No tablet, cream or lotion cures it.",
            "Does it cure baldness?",
            "In all, 80% were cured [@new].",
            "Beware of anyone who promises a cure.",
            "\u{201c}Miracle\u{201d} creams are sold online.",
            "It isn\u{2019}t risk-free.",
            "Nobody knows whether it cures anyone.",
            "## A miracle cure",
            "The procurement was curious.",
            "They had no risk factors.",
            "The no-risk group did well.",
            "It eliminates half of the dose.",
            "Eat little cured ham or cured meat.",
            "A cure is not known.",
            "The wound heals within a week.",
            "Wait until the skin heals.",
            "The kidney eliminates it.",
            "If you are told it is completely safe, ask.",
            "Once the infection is cured, stop.",
            "After the rash is cured, stop.",
            "In time, once the rash is cured, stop.",
            "Cure rates differ.",
            "We hope to find a cure.",
            "A cure has never been found.",
        ],
    );
}

#[test]
fn a_promise_is_shown_at_its_word() {
    assert_eq!(
        site("", "So it **cures** all.").findings("claim-absolute"),
        ["articles/x.md:4:9 `cures` promises more than a source can show \
            | say how many of how many were helped or harmed, and cite it"]
    );
    let page = "---\ntitle: X\n---\nIt cures all.\n";
    let people = TestSite::new("").page("people/jane.md", page);
    assert_eq!(people.findings("claim-absolute"), [""; 0]);
    let none = TestSite::new("[site]\npreset = \"none\"\n").page("x.md", page);
    assert_eq!(none.findings("claim-absolute"), [""; 0]);
}

#[test]
fn ranks_without_a_recent_source_are_found() {
    assert_all_found(
        "claim-exclusive",
        &[
            "Nova is the only tablet for it.",
            "Nova was the first of its kind.",
            "Nova is the best tablet.",
            "Nova is the safest of all.",
            "The most effective one is Nova.",
            "Nova is the gold standard.",
            "Nova is better than any cream.",
            "Nova is the best treatment [@old].",
            "Nova is the treatment of choice.",
            "Vega is the strongest.",
            "Nova is the only tablet, and vega the only cream.",
            "Nova was the first treatment for it.",
            "The safest choice is nova.",
            "Nova is the safest, so that nobody is to wait, nor is to stop.",
        ],
    );
}

#[test]
fn denials_counts_and_recent_sources_are_not() {
    assert_none_found(
        "claim-exclusive",
        &[
            "Nova is the only tablet for it [@new].",
            "Nova is the only tablet for it [@old; @new].",
            "Nova is the only tablet for it [@edge].",
            "Nova is the only tablet for it [@undated].",
            "Nova is not the only tablet.",
            "Nobody knows whether nova is the best.",
            "For the first 12 weeks nova does little.",
            "In the first months of nova hair may fall.",
            "Take nova for the first time at night.",
            "Is nova the best?",
            "First, take nova.",
            "Nova helped only 3 people.",
            "Baldness is the best excuse.",
            "The only cost is time.",
            "It is one of the best; so is nova.",
            "## Nova, the best",
            "In the first eight weeks nova does little.",
            "After the first application of nova it may itch.",
            "Nova is the first-line drug.",
            "The safest choice in pregnancy is to stop nova.",
        ],
    );
}

#[test]
fn a_rank_says_what_its_sources_lack() {
    let found = |book: &str, cite: &str| {
        site(book, &format!("Nova is the only one{cite}.")).findings("claim-exclusive")
    };
    let help = "cite a recent source that compares, or say what it was compared with";
    assert_eq!(
        found("", ""),
        [format!("articles/x.md:4:9 `the only` is said of “Nova” and cites nothing | {help}")]
    );
    assert_eq!(
        found("", " [@old]"),
        [format!(
            "articles/x.md:4:9 `the only` is said of “Nova” and rests on works of more than 24 \
            months ago, such as `old` | {help}"
        )]
    );
    assert_eq!(found("[checks.claim-exclusive]\nmonths = 100\n", " [@old]"), [""; 0]);
    assert_eq!(found("[checks.claim-exclusive]\nmonths = 1\n", " [@new]").len(), 1);
}

#[test]
fn approvals_that_no_record_holds_are_found() {
    assert_all_found(
        "claim-approval",
        &[
            "The EMA approved nova in 2023.",
            "Nova was approved by the European Medicines Agency.",
            "Vega is FDA-approved.",
            "Vega was approved by the FDA in 2020.",
            "The Food and Drug Administration has approved vega.",
            "Nova is licensed by the MHRA.",
            "Vega has the approval of the FDA.",
            "In Japan the PMDA approved nova.",
            "Vega was cleared by the FDA.",
            "Health Canada authorised nova.",
            "Vega was not approved by the FDA for teenagers, but the EMA approved it in 2023.",
            "Nova is not sold in Europe; the EMA approved nova in 2023.",
            "The EMA approved nova, but not for children.",
            "Your doctor knows that the EMA approved nova.",
            "Vega was cleared in 2020 by the FDA.",
        ],
    );
}

#[test]
fn a_record_without_a_status_is_one_of_an_approval() {
    let comb = "---\ntitle: Comb\nindications: [{condition: baldness, \
        authority: \"FDA: cleared, K1\"}]\n---\n";
    let site = site("", "The FDA cleared the comb. The EMA approved the comb.")
        .page("treatments/comb.md", comb);
    let found = site.findings("claim-approval");
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("“Comb” by the EMA"), "{found:?}");
}

#[test]
fn approvals_on_record_and_denials_are_not() {
    assert_none_found(
        "claim-approval",
        &[
            "The FDA approved nova in 2022.",
            "Nova is FDA-approved.",
            "Nova was approved by the Food and Drug Administration.",
            "The EMA has not approved nova.",
            "No authority such as the EMA approved nova.",
            "Has the EMA approved nova?",
            "The FDA approved the label.",
            "Nova was approved by the board.",
            "Whether the EMA approved nova is unclear.",
            "The EMA looked at nova.",
            "Vega awaits approval by the FDA.",
            "## The EMA approved nova",
            "The rash cleared in the FDA trial of vega.",
            "The approval process of the FDA for vega is long.",
            "The pharmacist approved the refill of vega, as the FDA asks.",
            "Your insurer must approve vega, whatever the FDA says.",
            "The FDA looked at vega, but did not approve it.",
        ],
    );
}

#[test]
fn a_page_is_asked_for_its_own_record_where_it_names_nothing_else() {
    let text = "---\ntitle: Luna\nindications: [{condition: baldness, status: approved, \
        authority: FDA}]\n---\nApproved by the FDA. Approved by the EMA.\n";
    let site = TestSite::new("")
        .page("conditions/baldness.md", "---\ntitle: Baldness\n---\n")
        .page("treatments/luna.md", text);
    assert_eq!(
        site.findings("claim-approval"),
        ["treatments/luna.md:5:22 approval of “Luna” by the EMA is not evidenced \
            | record it on the page of “Luna”, with date and source, or say what is on record there"]
    );
}

#[test]
fn a_page_is_not_asked_for_the_approval_of_another() {
    let found = |body: &str| {
        let text = format!("---\ntitle: Luna\n---\n{body}\n");
        TestSite::new("").page("treatments/luna.md", &text).findings("claim-approval").len()
    };
    for own in [
        "Luna was approved by the EMA.",
        "It was approved by the EMA.",
        "The drug has the approval of the EMA.",
        "In 2020 it was first approved by the EMA.",
        "The EMA approved it in 2020.",
        "EMA-approved since 2020.",
    ] {
        assert_eq!(found(own), 1, "{own}");
    }
    for other in [
        "Zeta was approved by the EMA.",
        "The EMA approved zeta in 2020.",
        "A rival, zeta, was approved by the EMA.",
    ] {
        assert_eq!(found(other), 0, "{other}");
    }
}
