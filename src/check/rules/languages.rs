//! Files that are named as translations into a language that the site does not have.

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::config::FILE;
use crate::diagnostic::{Diagnostic, Level, Rule, RuleKind};
use crate::page_id::Lang;
use crate::parse::place::{language, suffix};
use crate::source::Span;

static LANG_UNDECLARED_RULE: Rule = Rule {
    id: "lang-undeclared",
    kind: RuleKind::Editorial,
    level: Level::Warning,
    explanation: "A file is named as a translation, such as `page.fr.md`, but the site has no \
        such language, so that it is a page of its own in the site's language.",
};

/// Files that are named as translations into no language of the site.
pub(super) static LANG_UNDECLARED: Lint =
    Lint { rule: &LANG_UNDECLARED_RULE, check: Check::Page(lang_undeclared) };

/// The languages that a file is most likely translated into (ISO 639-1). Where another part
/// stands before the extension, it belongs to the name.
const LIKELY: &[&str] = &[
    "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs", "cy", "da", "de", "el", "en", "eo", "es",
    "et", "eu", "fa", "fi", "fr", "ga", "gl", "gu", "he", "hi", "hr", "hu", "hy", "id", "is", "it",
    "ja", "ka", "kk", "km", "kn", "ko", "ku", "lt", "lv", "mk", "mr", "ms", "mt", "my", "nb", "ne",
    "nl", "nn", "pa", "pl", "ps", "pt", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta",
    "te", "th", "tr", "uk", "ur", "uz", "vi", "zh", "zu",
];

fn lang_undeclared(checked: &CheckedPage<'_>, findings: &mut Findings) {
    let (page, config) = (checked.page, checked.of.config);
    let Some(tag) = suffix(page.source.id.as_str()) else { return };
    if page.front.lang.is_some() || !is_likely(tag) || language(tag, config).is_some() {
        return;
    }
    let tag = tag.replace('_', "-");
    let message =
        format!("the file is named as a translation, and the site has no language `{tag}`");
    let own = &config.site.language;
    let mut known = [own].into_iter().chain(config.languages.keys()).map(Lang::as_str);
    let near = known.find(|lang| same_language(lang, &tag));
    let found = Diagnostic::new(&LANG_UNDECLARED_RULE, Span::file(page.source.id.clone()), message)
        .with_suggestion(near);
    let found = match near == Some(own.as_str()) {
        true => {
            found.with_help(format!("a page in `{own}`, the site's own language, needs no tag"))
        }
        false => found,
    };
    findings.report(found.with_help(format!("a table `[languages.{tag}]` in {FILE} adds it")));
}

/// Tells whether `tag` has the shape of a language's, and its language is a likely one.
fn is_likely(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_']);
    let is_known = |part: &str| LIKELY.iter().any(|lang| lang.eq_ignore_ascii_case(part));
    let is_subtag = |part: &str| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    parts.next().is_some_and(is_known) && parts.all(is_subtag)
}

/// Tells whether both tags are of one language, as `pt` and `pt-BR`.
fn same_language(one: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    primary(one) == primary(other)
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    fn found(path: &str, fields: &str) -> Vec<String> {
        TestSite::new("[languages.pt-BR]\n[languages.fr]\n")
            .page(path, &format!("---\ntitle: A\n{fields}---\n"))
            .findings("lang-undeclared")
    }

    #[test]
    fn the_sites_own_language_may_have_been_meant() {
        let found = |book: &str, path: &str| {
            let site = TestSite::new(book).page(path, "---\ntitle: A\n---\n");
            site.findings("lang-undeclared")
        };
        let british = "[site]\nlanguage = \"en-GB\"\n[languages.en-US]\n";
        assert_eq!(
            found(british, "a.en.md"),
            ["a.en.md:1:1 the file is named as a translation, and the site has no language `en` \
                | did you mean `en-GB`? | a page in `en-GB`, the site's own language, needs no tag \
                | a table `[languages.en]` in book.toml adds it"]
        );
        for path in ["a.en-GB.md", "a.en_us.md", "a.md"] {
            assert_eq!(found(british, path), [""; 0], "{path}");
        }
        let near = found("", "a.en-AU.md");
        assert!(near[0].contains("`en-AU` | did you mean `en`? | "), "{near:?}");
    }

    #[test]
    fn a_file_that_is_named_as_a_translation_is_one() {
        let message = "the file is named as a translation, and the site has no language";
        for (path, tag) in [("articles/a.es.md", "es"), ("_index.zh_Hant.md", "zh-Hant")] {
            assert_eq!(
                found(path, ""),
                [format!(
                    "{path}:1:1 {message} `{tag}` | a table `[languages.{tag}]` in book.toml adds it"
                )]
            );
        }
        let near = found("articles/a.pt.md", "");
        assert!(near[0].contains("`pt` | did you mean `pt-BR`? | "), "{near:?}");
        for path in ["a.fr.md", "a.FR.md", "a.pt_BR.md", "a.en.md", "a.md", "node.js.md", "v1.2.md"]
        {
            assert_eq!(found(path, ""), [""; 0], "{path}");
        }
        assert_eq!(found("a.es.md", "lang: fr\n"), [""; 0]);
    }
}
