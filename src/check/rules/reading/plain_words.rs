//! Words for which the site has plainer ones.

use crate::check::lint::{Check, CheckedPage, Findings, Lint, OptionKind, RuleOption};
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::parse::text::{BlockKind, Linkable};

use super::is_in;

static READ_PLAIN_RULE: Rule = Rule {
    id: "read-plain",
    kind: RuleKind::Editorial,
    level: Level::Info,
    explanation: "A text uses words for which the site has plainer ones, in its own language: \
        option `words` of the whole site, a table such as `{ utilise = \"use\", \"prior to\" = \
        \"before\" }`. There are none by default.",
};

/// The words, each with the plainer one.
pub(in crate::check::rules) static WORDS: RuleOption = RuleOption {
    rule: &READ_PLAIN_RULE,
    name: crate::config::checks::WORDS,
    kind: OptionKind::Pairs,
};

/// Words that could be plainer.
pub(in crate::check::rules) static READ_PLAIN: Lint =
    Lint { rule: &READ_PLAIN_RULE, check: Check::Page(read_plain) };

fn read_plain(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let config = checked.of.config;
    let Some(pairs) = config.checks.pairs(READ_PLAIN_RULE.id) else { return };
    if checked.page.id.lang().primary() != config.site.language.primary() {
        return;
    }
    let prose = checked.prose();
    let own = prose.sentences().iter().filter(|sentence| sentence.kind != BlockKind::Quotation);
    for sentence in own {
        let words = prose.words(sentence);
        for found in pairs.phrases.find(words) {
            let start = sentence.plain.start;
            let said = start + found.range.start..start + found.range.end;
            if is_in(Linkable::Code, prose.body(sentence), said.start) {
                continue;
            }
            let (written, better) = (&words[found.range], pairs.better(found.list));
            let message = format!("`{written}` can be said in plainer words");
            let span = prose.span(checked, sentence, &said);
            let found = Diagnostic::new(&READ_PLAIN_RULE, span, message);
            findings.report(found.with_help(format!("say `{better}`")));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    const BOOK: &str =
        "[checks.read-plain]\nwords = { utilise = \"use\", \"prior to\" = \"before\" }\n";

    fn found(book: &str, path: &str, body: &str) -> Vec<String> {
        let text = format!("---\ntitle: X\nkey_points: [Never utilise it.]\n---\n{body}\n");
        TestSite::new(book).page(path, &text).findings("read-plain")
    }

    #[test]
    fn words_that_have_a_plainer_one_are_shown_where_they_stand() {
        let body = "They utilise it prior to noon.\n\n> We utilise it.\n\n`utilise` is utilised.";
        assert_eq!(
            found(BOOK, "articles/x.md", body),
            [
                "articles/x.md:3:20 `utilise` can be said in plainer words | say `use`",
                "articles/x.md:5:6 `utilise` can be said in plainer words | say `use`",
                "articles/x.md:5:17 `prior to` can be said in plainer words | say `before`",
            ]
        );
        assert_eq!(found("", "articles/x.md", body), [""; 0], "there are none by default");
    }

    #[test]
    fn the_words_are_those_of_the_sites_language() {
        let book = format!("{BOOK}[languages.fr]\n");
        assert_eq!(found(&book, "articles/x.fr.md", "On utilise cela."), [""; 0]);
    }

    #[test]
    fn pairs_are_texts() {
        let site = TestSite::new("[checks]\nread-plain = { words = [\"utilise\"] }\n");
        assert_eq!(
            site.findings("config-type"),
            ["book.toml:2:24 `read-plain.words` must be a table of texts, such as \
                `{ utilise = \"use\" }`, not [\"utilise\"]"]
        );
    }
}
