//! The site's configuration: `book.toml`, read over a preset.
//!
//! Start with [`Config::parse`]. Every table of the file is one struct of
//! [`settings`], every key one field of it; [`collection`] holds the collections,
//! which a preset and the site declare alike. The names of outputs, rules and
//! theme options are kept as written: the lists that own them judge them, and
//! [`locate`] finds their place in the file.

pub mod checks;
pub mod collection;
mod ids;
mod judge;
mod list_query;
mod mdbook;
mod preset;
mod schema;
pub mod settings;
mod table;
pub mod theme;
pub mod words;

pub use checks::{CheckSettings, RuleLevel, RuleSetting, WORDS};
pub use collection::{Collection, Field, FieldType, Role, Sort};
pub use list_query::ListQuery;
pub use settings::{
    Autolink, BuildSettings, CitationSettings, ImageSettings, LanguageSettings, MarkdownSettings,
    NavItem, NavTarget, Publisher, RawHtml, SiteSettings, ThemeSettings, UrlStyle,
};

use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, structural};
use crate::fingerprint::Fingerprint;
use crate::ids::CustomScheme;
use crate::ordered::IndexMap;
use crate::page_id::Lang;
use crate::source::{Source, SourceId, Span};
use table::{Findings, TableReader};

/// The name of the configuration file, at the site's root.
pub const FILE: &str = "book.toml";

/// Everything that `book.toml` says, with defaults for what it leaves out.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[site]`: what the site is.
    pub site: SiteSettings,
    /// `[publisher]`: who answers for it.
    pub publisher: Publisher,
    /// `[build]`: how pages become files.
    pub build: BuildSettings,
    /// `[citations]`: where works come from and how they are cited.
    pub citations: CitationSettings,
    /// `[collections.NAME]`: the preset's collections and the site's own, by name.
    pub collections: IndexMap<Arc<str>, Collection>,
    /// `[[nav]]`: the top menu.
    pub nav: Vec<NavItem>,
    /// `[redirects]`: old paths and where they lead, in the order of the file.
    pub redirects: IndexMap<Arc<str>, Arc<str>>,
    /// `[languages.TAG]`: the languages beside the site's own, in the order of the file.
    pub languages: IndexMap<Lang, LanguageSettings>,
    /// `[markdown]`: how texts are read.
    pub markdown: MarkdownSettings,
    /// `[images]`: which smaller variants are made of the images that pages show.
    pub images: ImageSettings,
    /// `[outputs]`: outputs by name, each on or off.
    pub outputs: IndexMap<Arc<str>, bool>,
    /// `[checks]`: which rules apply, and how strictly.
    pub checks: CheckSettings,
    /// `[theme]`: what the site asks of its theme.
    pub theme: ThemeSettings,
    /// `[ids.NAME]`: further identifier schemes by name.
    pub ids: IndexMap<Arc<str>, CustomScheme>,
    /// `[extra]`: whatever the site's own templates read.
    pub extra: Value,
    /// The fields that every page has, by name.
    pub page_fields: IndexMap<Arc<str>, Field>,
    fingerprint: Fingerprint,
}

impl Default for Config {
    /// Returns the configuration of an empty `book.toml`.
    fn default() -> Self {
        Self::parse(&Source::new(SourceId::new(FILE), "")).0
    }
}

impl Config {
    /// Reads `book.toml`, and reports everything in it that is unknown, malformed
    /// or of the wrong type; each such key has its default.
    pub fn parse(source: &Source) -> (Self, Vec<Diagnostic>) {
        let findings = Findings::new(source);
        let config = table::parse(&findings, |root| read(root, source.fingerprint));
        let mut found = findings.into_vec();
        found.extend(judge::judge(&config, source));
        crate::diagnostic::sort(&mut found);
        (config, found)
    }

    /// Returns the configuration of a site that has no `book.toml`, which is an error.
    pub fn missing() -> (Self, Vec<Diagnostic>) {
        let span = Span::file(SourceId::new(FILE));
        let message = "there is no book.toml here, so this is not the root of a site";
        let diagnostic = Diagnostic::new(&structural::CONFIG_TYPE, span, message)
            .with_help("`galen init DIR` starts a site; `--root DIR` names the folder of one");
        (Self::default(), vec![diagnostic])
    }

    /// Returns what the site is called in the language `lang`.
    pub fn title_in(&self, lang: &Lang) -> &Arc<str> {
        let language = self.languages.get(lang);
        language.and_then(|language| language.title.as_ref()).unwrap_or(&self.site.title)
    }

    /// Returns the fingerprint of everything that the configuration says.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Tells whether pages are read, linked and planned alike under `self` and `other`: what
    /// differs, if anything, is only shown or judged.
    pub fn reads_as(&self, other: &Self) -> bool {
        self.unshown() == other.unshown()
    }

    /// Returns what the configuration says beside what is only shown or judged.
    fn unshown(&self) -> Self {
        let site = SiteSettings {
            base_url: Arc::clone(&self.site.base_url),
            language: self.site.language.clone(),
            preset: Arc::clone(&self.site.preset),
            theme: Arc::clone(&self.site.theme),
            ..SiteSettings::default()
        };
        Self {
            site,
            publisher: Publisher::default(),
            nav: Vec::new(),
            checks: CheckSettings::default(),
            theme: ThemeSettings::default(),
            extra: Value::Null,
            ..self.judged_alone()
        }
    }

    /// Tells whether pages are shown alike under `self` and `other`, too.
    pub fn shows_as(&self, other: &Self) -> bool {
        self.judged_alone() == other.judged_alone()
    }

    /// Returns what the configuration says beside what is judged and shown on no page.
    fn judged_alone(&self) -> Self {
        Self {
            redirects: IndexMap::default(),
            checks: CheckSettings::default(),
            fingerprint: Fingerprint::of(b""),
            ..self.clone()
        }
    }

    /// Tells whether the site turns the output `name` off, which is on by default.
    pub fn turns_off(&self, name: &str) -> bool {
        self.outputs.get(name) == Some(&false)
    }

    /// Returns the collection whose folder below `content/` holds the file at
    /// `path` (also below `content/`); of nested folders the innermost.
    pub fn collection_of(&self, path: &str) -> Option<&Collection> {
        self.collections
            .values()
            .filter(|collection| {
                let folder = collection.folder.trim_matches('/');
                path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
            })
            .max_by_key(|collection| collection.folder.len())
    }
}

/// Returns the place of the value at `path` in `book.toml` (keys from the root,
/// list indices in decimal), or of its nearest parent that the file holds.
///
/// The file is read again, so this is for error messages only.
pub fn locate(source: &Source, path: &[&str]) -> Span {
    table::locate(source, path)
}

/// Returns the place of the key at `path` in `book.toml`, else as [`locate`].
pub fn locate_key(source: &Source, path: &[&str]) -> Span {
    table::locate_key(source, path)
}

fn read(mut root: TableReader<'_, '_>, fingerprint: Fingerprint) -> Config {
    mdbook::report(&mut root);
    let site = root.table("site").map(settings::site).unwrap_or_default();
    let mut checks = CheckSettings::default();
    checks.rules = preset::checks(&site.preset);
    if let Some(table) = root.table("checks") {
        checks.rules = CheckSettings::over(checks.rules, checks::rules(&table));
    }
    let mut collections = preset::collections(&site.preset);
    if let Some(table) = root.table("collections") {
        schema::collections(&mut collections, &mut checks.collections, &table);
    }
    let config = Config {
        site,
        publisher: root.table("publisher").map(settings::publisher).unwrap_or_default(),
        build: root.table("build").map(settings::build).unwrap_or_default(),
        citations: root.table("citations").map(settings::citations).unwrap_or_default(),
        collections,
        nav: nav(&mut root),
        redirects: redirects(&mut root),
        languages: languages(&mut root),
        markdown: root.table("markdown").map(settings::markdown).unwrap_or_default(),
        images: root.table("images").map(settings::images).unwrap_or_default(),
        outputs: root.table("outputs").map(|table| settings::outputs(&table)).unwrap_or_default(),
        checks,
        theme: root.table("theme").map(settings::theme).unwrap_or_default(),
        ids: root.table("ids").map(|table| ids::schemes(&table)).unwrap_or_default(),
        extra: root.value("extra").map_or(Value::Null, |value| value.any()),
        page_fields: preset::page_fields(),
        fingerprint,
    };
    root.finish();
    config
}

fn nav(root: &mut TableReader<'_, '_>) -> Vec<NavItem> {
    let items = root.value("nav").map(|value| value.items()).unwrap_or_default();
    items.iter().filter_map(|item| item.table()).map(settings::nav_item).collect()
}

fn redirects(root: &mut TableReader<'_, '_>) -> IndexMap<Arc<str>, Arc<str>> {
    let entries = root.table("redirects").map(|table| table.entries()).unwrap_or_default();
    entries.into_iter().filter_map(|entry| Some((entry.key, entry.value.text()?))).collect()
}

fn languages(root: &mut TableReader<'_, '_>) -> IndexMap<Lang, LanguageSettings> {
    let entries = root.table("languages").map(|table| table.entries()).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|entry| {
            let table = entry.value.table()?;
            Some((Lang::new(entry.key), settings::language(table)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Config, Vec<Diagnostic>) {
        Config::parse(&Source::new(SourceId::new(FILE), text))
    }

    fn messages(text: &str) -> Vec<String> {
        parse(text).1.into_iter().map(|found| found.message).collect()
    }

    #[test]
    fn an_empty_file_is_the_defaults_over_the_health_preset() {
        let (config, found) = parse("");
        assert_eq!(found, []);
        let names: Vec<&str> = config.collections.keys().map(|name| &**name).collect();
        assert_eq!(
            names,
            ["articles", "treatments", "conditions", "classes", "people", "glossary"]
        );
        assert_eq!(&*config.citations.style, "american-medical-association");
    }

    #[test]
    fn a_base_url_has_a_host_and_neither_query_nor_anchor() {
        for good in ["https://x.org", "http://localhost:3000/a/", "https://x.org/docs"] {
            assert_eq!(settings::judge_base_url(good), Ok(()), "{good}");
        }
        for wrong in ["nope", "https://", "https:///a", "ftp://x.org", "https://x.org/a b", ""] {
            assert_eq!(settings::judge_base_url(wrong), Err("an address with https://"), "{wrong}");
        }
        for wrong in ["https://x.org?a=1", "https://x.org/#a"] {
            let text = format!("[site]\nbase_url = \"{wrong}\"\n");
            let message = format!(
                "`site.base_url` must be an address without a query or an anchor, not `{wrong}`"
            );
            assert_eq!(messages(&text), [message]);
            assert_eq!(&*parse(&text).0.site.base_url, "");
        }
    }

    #[test]
    fn every_finding_is_reported_and_the_rest_is_read() {
        let text = "[site]\ntitel = \"A\"\nbase_url = 3\nlanguage = \"de\"\n[bild]\nx = 1\n";
        let (config, _) = parse(text);
        assert_eq!(config.site.language.as_str(), "de");
        assert_eq!(
            messages(text),
            [
                "`[site]` has no key `titel`",
                "`site.base_url` must be text in quotes, not the number 3",
                "book.toml has no table `bild`",
            ]
        );
    }

    #[test]
    fn the_address_to_edit_a_page_at_holds_its_file() {
        let read = |url: &str| {
            let (config, found) = parse(&format!("[site]\nedit_url = \"{url}\"\n"));
            let found = found.into_iter().map(|found| found.message).collect::<Vec<_>>();
            (config.site.edit_url.is_some(), found)
        };
        assert_eq!(read("https://x.org/edit/{path}"), (true, vec![]));
        for (url, kept, message) in [
            ("edit/{path}", false, "must be an address with https://, not `edit/{path}`"),
            ("https://x.org/", false, "must hold `{path}`, where a page's file goes"),
            ("https://x.org/{file}", false, "knows no `{file}`, only `{path}`, a page's file"),
            ("https://x.org/{path}{line}", true, "knows no `{line}`, only `{path}`, a page's file"),
        ] {
            assert_eq!(read(url), (kept, vec![format!("`site.edit_url` {message}")]));
        }
    }

    #[test]
    fn tables_that_do_not_fit_together_are_found() {
        let text = "[[nav]]\ntitle = \"A\"\n[languages.en]\n[collections.trials]\nsort = \"-dat\"\n\
                    folder = \"articles\"\n[collections.trials.fields]\ntitle = \"text\"\n\
                    of = \"list of id-of(peple)\"\n";
        let found = parse(text).1;
        let shown: Vec<(&str, &str)> =
            found.iter().map(|found| (&text[found.span.range()], &*found.message)).collect();
        assert_eq!(
            shown,
            [
                ("[[nav]]", "this entry of the menu has neither `page` nor `url` nor `children`"),
                ("en", "`en` is the site's own language: `site.language` names it"),
                ("\"-dat\"", "pages in trials have no field `dat` to be sorted by"),
                ("\"articles\"", "`trials` and `articles` are both in the folder `articles`"),
                ("\"text\"", "every page has a field `title` already"),
                ("\"list of id-of(peple)\"", "there is no collection `peple`"),
            ]
        );
        let text = "[redirects]\n\"/a/\" = \"/b/\"\n\"//x/\" = \"/b/\"\n";
        let found = parse(text).1;
        assert_eq!(
            (found.len(), &text[found[0].span.range()], &*found[0].message),
            (1, "\"//x/\"", "`//x/` cannot be a URL of this site: it has an empty part")
        );
    }

    #[test]
    fn a_collection_of_the_site_s_own_is_read_whole() {
        let text = "[collections.standards]\nsingular = \"standard\"\nsort = \"-number\"\nreviewed = true\n\
                    display = [\"scope\", \"body\", \"replaced_by\"]\n[collections.standards.fields]\n\
                    number = { type = \"integer\", required = true }\nscope = \"markdown\"\n\
                    status = { type = \"enum\", values = [\"draft\", \"final\"] }\n\
                    replaces = { type = \"list of id-of(standards)\", inverse = \"replaced_by\" }\n\
                    [collections.standards.checks]\nrev-missing = \"error\"\n\
                    [checks.claim-stat]\nlevel = \"off\"\nwithin = \"paragraph\"\n[site]\npreset = \"none\"\n";
        let (config, found) = parse(text);
        assert_eq!(found, []);
        let standards = &config.collections["standards"];
        assert_eq!(
            (&*standards.title, &*standards.permalink),
            ("Standards", "/standards/{section}/{slug}/")
        );
        assert!(standards.sort.descending && standards.fields["number"].required);
        assert_eq!(standards.display.len(), 3);
        let rule = &config.checks.collections["standards"]["rev-missing"];
        assert_eq!(rule.level, Some(RuleLevel::At(crate::diagnostic::Level::Error)));
        let rule = &config.checks.rules["claim-stat"];
        assert_eq!(
            (rule.level, &rule.options["within"]),
            (Some(RuleLevel::Off), &Value::from("paragraph"))
        );
        assert!(!config.collections.contains_key("articles"));
    }

    #[test]
    fn widths_of_images_are_sorted_and_within_bounds() {
        let (config, found) =
            parse("[images]\nwidths = [960, 320, 960, 0, 99999]\nquality = 101\n");
        assert_eq!(config.images, ImageSettings { widths: vec![320, 960], quality: 80 });
        let messages: Vec<&str> = found.iter().map(|found| &*found.message).collect();
        assert_eq!(
            messages,
            [
                "`images.widths[3]` must be a whole number above 0, not the number 0",
                "`images.widths[4]` must be a number from 1 to 16384, not 99999",
                "`images.quality` must be a number from 1 to 100, not 101",
            ]
        );
        assert!(parse("[images]\nwidths = []\n").0.images.widths.is_empty());
    }

    #[test]
    fn every_preset_is_valid() {
        for (name, _) in preset::NAMES {
            let (_, found) = parse(&format!("[site]\npreset = \"{name}\"\n"));
            assert_eq!(found, [], "{name}");
        }
    }

    #[test]
    fn a_place_is_found_by_its_keys() {
        let text = "[site]\ntitle = \"A\"\n[[nav]]\npage = \"x\"\n[[nav]]\nchildren = [{ page = \"y\" }]\n";
        let source = Source::new(SourceId::new(FILE), text);
        let at = |path: &[&str]| &text[locate(&source, path).range()];
        assert_eq!(at(&["site", "title"]), "\"A\"");
        assert_eq!(at(&["nav", "1", "children", "0", "page"]), "\"y\"");
        assert_eq!(at(&["site", "none"]), "site");
        assert_eq!(&text[locate_key(&source, &["site", "title"]).range()], "title");
        assert_eq!(at(&["none"]), "");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(
            text in "(\\[|\\]|\\{|\\}|=|\"|'|,|\n|#|\\.| |[a-z]|[0-9]|-|é|site|collections|fields|articles|nav|type|checks|ids|display|\\[\\[nav\\]\\]\n|title = \"x\"\n|\\[collections\\.articles\\.fields\\]\n){0,40}"
        ) {
            let (config, found) = parse(&text);
            locate(&Source::new(SourceId::new(FILE), &text), &["site", "title"]);
            assert!(config.page_fields.len() > 10);
            for diagnostic in found {
                assert!(diagnostic.span.end <= text.len(), "{diagnostic:?}");
            }
        }
    }

    #[test]
    fn a_site_extends_one_field_of_a_presets_collection() {
        let text = "[collections.articles.fields.dose]\ntype = \"text\"\n\
                    [collections.articles.fields.evidence.fields]\nhazard = \"number\"\n";
        let (config, found) = parse(text);
        assert_eq!(found, []);
        let articles = &config.collections["articles"];
        assert_eq!(articles.fields["dose"].ty, FieldType::Text);
        assert!(articles.fields.contains_key("key_points"));
        let FieldType::Record(evidence) = articles.fields["evidence"].ty.innermost() else {
            panic!("evidence is a list of records");
        };
        assert!(evidence.contains_key("outcome") && evidence.contains_key("hazard"));
    }
}
