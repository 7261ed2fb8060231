//! `[checks]`: which rules apply, how strictly, and what they are told.
//!
//! What every site has comes first (`presets/base.toml`), then what its preset says, then
//! `book.toml`; each says what it says rule by rule and option by option, and lists of words
//! language by language. The list of rules judges names and values.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::collection::Collection;
use super::table::{TableReader, ValueReader};
use crate::diagnostic::Level;
use crate::ordered::IndexMap;
use crate::page_id::Lang;
use crate::phrases::Phrases;

/// The option in which a rule's words stand, by language.
pub const WORDS: &str = "words";

/// The option for the words of headings and links by which a rule knows what a text is about.
pub const SECTIONS: &str = "sections";

/// The option for the words that make what a rule looks for another thing, such as "not".
pub const EXCEPT: &str = "except";

/// The option for longer phrases in which the words of a rule mean another thing.
pub const IDIOMS: &str = "idioms";

/// The options whose phrases are looked for in all texts, by language.
const SEARCHED: &[&str] = &[
    WORDS, SECTIONS, EXCEPT, IDIOMS, "nouns", "verbs", "ratios", "uncited", "turns", "denials",
    "others", "advice",
];

/// Those whose phrases are only looked for right beside something, by language: most are of
/// words that every sentence holds.
const PLACED: &[&str] = &[
    "units",
    "between",
    "labels",
    "measures",
    "forms",
    "apart",
    "substances",
    "pronouns",
    "times",
    "unfinished",
    "after",
];

/// What the site says about its rules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CheckSettings {
    /// The rules by id, for the whole site.
    pub rules: IndexMap<Arc<str>, RuleSetting>,
    /// The rules by id, for one collection each; they win over `rules`.
    pub collections: IndexMap<Arc<str>, IndexMap<Arc<str>, RuleSetting>>,
    phrases: MadeOnce<BTreeMap<Box<str>, RulePhrases>>,
    pairs: MadeOnce<BTreeMap<Arc<str>, TextPairs>>,
}

/// What a site says about one rule: a word, or a table with `level` and options.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RuleSetting {
    /// The level; `None` leaves the rule's own.
    pub level: Option<RuleLevel>,
    /// The rule's options by name.
    pub options: IndexMap<Arc<str>, Value>,
}

/// The level that a site gives to a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleLevel {
    /// The rule is not run.
    Off,
    /// The rule's findings have this level.
    At(Level),
}

/// The words of all rules in one language.
#[derive(Clone, Debug, Default)]
pub struct RulePhrases {
    /// The rules and options that lists are of, each at the number of its list; in order.
    lists: Vec<(Arc<str>, &'static str)>,
    /// The words that are looked for everywhere.
    pub phrases: Phrases,
    /// Those that are only looked for beside something.
    placed: Phrases,
}

impl RulePhrases {
    /// Returns the number of the list in the option `option` of `rule`; `None` where it has
    /// none.
    pub fn list(&self, rule: &str, option: &str) -> Option<usize> {
        self.lists.binary_search_by(|(id, name)| (&**id, *name).cmp(&(rule, option))).ok()
    }

    /// Returns how many lists there are.
    pub fn count(&self) -> usize {
        self.lists.len()
    }

    /// Tells whether `text` holds a phrase of the list in the option `option` of `rule`.
    pub fn says(&self, rule: &str, option: &str, text: &str) -> bool {
        let list = self.list(rule, option);
        list.is_some_and(|list| self.phrases.find(text).iter().any(|found| found.list == list))
    }

    /// Returns the phrases of the list in the option `option` of `rule`, one of those that are
    /// looked for beside something.
    pub fn placed(&self, rule: &str, option: &str) -> Placed<'_> {
        self.list(rule, option).map_or_else(Placed::default, |list| Placed::new(&self.placed, list))
    }
}

/// Phrases that are looked for at one place of a text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Placed<'a> {
    /// The phrases, and the list that is meant; `None` where there are none.
    of: Option<(&'a Phrases, usize)>,
}

impl<'a> Placed<'a> {
    /// Returns those of `phrases` that are in `list`.
    pub fn new(phrases: &'a Phrases, list: usize) -> Self {
        Self { of: Some((phrases, list)) }
    }

    /// Returns the length of the longest of the phrases with which `text` begins.
    pub fn at_start(&self, text: &str) -> Option<usize> {
        let (phrases, list) = self.of?;
        phrases.longest_at_start(text, list)
    }
}

/// Texts of a rule, each with one that is better.
#[derive(Clone, Debug, Default)]
pub struct TextPairs {
    /// The texts, each a list of its own.
    pub phrases: Phrases,
    better: Vec<Box<str>>,
}

impl TextPairs {
    /// Returns what is better than the text with the number `text`.
    pub fn better(&self, text: usize) -> &str {
        &self.better[text]
    }
}

/// What is made of the rest of a value when it is first asked for, so that it makes no
/// difference to what the value equals.
#[derive(Clone, Debug, Default)]
struct MadeOnce<T>(OnceLock<T>);

impl<T> PartialEq for MadeOnce<T> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl CheckSettings {
    /// Returns what `base` says, and over it what `own` does.
    pub(super) fn over(
        mut base: IndexMap<Arc<str>, RuleSetting>,
        own: IndexMap<Arc<str>, RuleSetting>,
    ) -> IndexMap<Arc<str>, RuleSetting> {
        for (rule, own) in own {
            let setting = base.entry(rule).or_default();
            setting.level = own.level.or(setting.level);
            for (name, value) in own.options {
                match (setting.options.get_mut(&name), value) {
                    (Some(Value::Object(base)), Value::Object(own)) => base.extend(own),
                    (_, value) => {
                        setting.options.insert(name, value);
                    }
                }
            }
        }
        base
    }

    /// Returns the option `name` of `rule` for the pages of `collection`, which comes before
    /// what the site says.
    pub fn option(
        &self,
        rule: &str,
        name: &str,
        collection: Option<&Collection>,
    ) -> Option<&Value> {
        let own = collection.and_then(|c| self.collections.get(&c.name)?.get(rule));
        let settings = own.into_iter().chain(self.rules.get(rule));
        settings.into_iter().find_map(|setting| setting.options.get(name))
    }

    /// Tells whether a rule is off for the pages of `collection`.
    pub fn turns_one_off(&self, collection: Option<&Collection>) -> bool {
        let own = collection.and_then(|c| self.collections.get(&c.name)).into_iter();
        let mut settings = own.chain([&self.rules]).flat_map(IndexMap::values);
        settings.any(|setting| setting.level == Some(RuleLevel::Off))
    }

    /// Returns the words of all rules that run somewhere, in the language `lang`; `None` where
    /// no rule has any.
    pub fn phrases(&self, lang: &Lang) -> Option<&RulePhrases> {
        self.phrases.0.get_or_init(|| self.compiled()).get(lang.primary())
    }

    /// Returns the texts of `rule` that have a better one; `None` where it is told of none.
    pub fn pairs(&self, rule: &str) -> Option<&TextPairs> {
        self.pairs.0.get_or_init(|| self.paired()).get(rule)
    }

    fn paired(&self) -> BTreeMap<Arc<str>, TextPairs> {
        let mut paired = BTreeMap::new();
        for (rule, setting) in &self.rules {
            let Some(Value::Object(pairs)) = setting.options.get(WORDS) else { continue };
            let pairs = pairs.iter().filter_map(|(text, better)| Some((&**text, better.as_str()?)));
            let (texts, better): (Vec<&str>, Vec<&str>) = pairs.unzip();
            if !texts.is_empty() {
                let phrases = Phrases::new(texts.into_iter().enumerate());
                let better = better.into_iter().map(Box::from).collect();
                paired.insert(Arc::clone(rule), TextPairs { phrases, better });
            }
        }
        paired
    }

    fn compiled(&self) -> BTreeMap<Box<str>, RulePhrases> {
        let mut lists: BTreeMap<Box<str>, Vec<PhraseList<'_>>> = BTreeMap::new();
        for (lang, list) in self.searched() {
            let lists = lists.entry(lang).or_default();
            // `de` and `de-AT` are one language here.
            match lists.iter_mut().find(|l| l.rule == list.rule && l.option == list.option) {
                Some(same) => same.phrases.extend(list.phrases),
                None => lists.push(list),
            }
        }
        let compiled = lists.into_iter().map(|(lang, mut lists)| {
            lists.sort_by(|a, b| (&**a.rule, a.option).cmp(&(&**b.rule, b.option)));
            let of = |is_meant: fn(&str) -> bool| {
                let lists = lists.iter().enumerate().filter(|(_, list)| is_meant(list.option));
                Phrases::new(
                    lists.flat_map(|(at, list)| list.phrases.iter().map(move |w| (at, *w))),
                )
            };
            let phrases = of(|option| SEARCHED.contains(&option));
            let placed = of(|option| PLACED.contains(&option));
            let lists = lists.iter().map(|list| (Arc::clone(list.rule), list.option)).collect();
            (lang, RulePhrases { lists, phrases, placed })
        });
        compiled.collect()
    }

    /// Returns the lists of all rules that run somewhere, each with its language.
    fn searched(&self) -> impl Iterator<Item = (Box<str>, PhraseList<'_>)> {
        let runs_somewhere = |rule: &Arc<str>| {
            let own = self.collections.values().filter_map(|rules| rules.get(rule));
            own.into_iter().any(|setting| matches!(setting.level, Some(RuleLevel::At(_))))
        };
        let rules = self.rules.iter().filter(move |(rule, setting)| {
            setting.level != Some(RuleLevel::Off) || runs_somewhere(rule)
        });
        let options = rules.flat_map(|(rule, setting)| {
            SEARCHED
                .iter()
                .chain(PLACED)
                .filter_map(move |option| Some((rule, *option, setting.options.get(*option)?)))
        });
        options.flat_map(|(rule, option, value)| {
            let languages = value.as_object().into_iter().flatten();
            languages.filter_map(move |(tag, phrases)| {
                let phrases = phrases.as_array()?.iter().filter_map(Value::as_str);
                let list = PhraseList { rule, option, phrases: phrases.collect() };
                Some((Lang::new(tag.as_str()).primary().into(), list))
            })
        })
    }

    /// Returns the texts that the option `name` of `rule` lists for the language `lang`.
    pub fn listed(&self, rule: &str, name: &str, lang: &Lang) -> Vec<&str> {
        let setting = self.rules.get(rule);
        let option = setting.and_then(|setting| setting.options.get(name)?.as_object());
        let tagged = option.into_iter().flatten();
        let lists = tagged.filter(|(tag, _)| tag.split('-').next() == Some(lang.primary()));
        lists.flat_map(|(_, list)| list.as_array()).flatten().filter_map(Value::as_str).collect()
    }
}

/// One list of phrases of a rule.
struct PhraseList<'a> {
    rule: &'a Arc<str>,
    option: &'static str,
    phrases: Vec<&'a str>,
}

/// Returns the entries of `[checks]`.
pub(super) fn rules(table: &TableReader<'_, '_>) -> IndexMap<Arc<str>, RuleSetting> {
    let levels = [
        ("error", RuleLevel::At(Level::Error)),
        ("warn", RuleLevel::At(Level::Warning)),
        ("info", RuleLevel::At(Level::Info)),
        ("off", RuleLevel::Off),
    ];
    let setting = |value: ValueReader<'_, '_>| -> Option<RuleSetting> {
        if !value.is_table() {
            let level = value.word(&levels)?;
            return Some(RuleSetting { level: Some(level), options: IndexMap::default() });
        }
        let mut table = value.table()?;
        let level = table.word("level", &levels);
        let options = table.remaining();
        let options = options.into_iter().map(|entry| (entry.key, entry.value.any())).collect();
        Some(RuleSetting { level, options })
    };
    let entries = table.entries();
    entries.into_iter().filter_map(|entry| Some((entry.key, setting(entry.value)?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::source::{Source, SourceId};

    fn settings(text: &str) -> CheckSettings {
        Config::parse(&Source::new(SourceId::new("book.toml"), text)).0.checks
    }

    #[test]
    fn words_are_found_in_their_language_unless_their_rule_is_off() {
        let words = |level: &str| {
            let text = format!(
                "[checks.claim-absolute]\nlevel = \"{level}\"\n\
                words.en = [\"cure*\"]\nwords.de-AT = [\"heilt\"]\n"
            );
            settings(&text)
        };
        let found = |settings: &CheckSettings, lang: &str, text: &str| {
            let rules = settings.phrases(&Lang::new(lang))?;
            let list = rules.list("claim-absolute", WORDS)?;
            let found = rules.phrases.find(text).into_iter();
            Some(found.filter(|found| found.list == list).count())
        };
        let on = words("warn");
        assert_eq!(found(&on, "en-GB", "It cures, heilt."), Some(1));
        assert_eq!(found(&on, "de", "It cures, heilt."), Some(1));
        assert_eq!(found(&on, "fr", "It cures, heilt."), None);
        assert_eq!(found(&words("off"), "en", "It cures."), None);
        let mut once = words("off");
        let on = RuleSetting { level: Some(RuleLevel::At(Level::Info)), ..RuleSetting::default() };
        let own = IndexMap::from_iter([(Arc::from("claim-absolute"), on)]);
        once.collections.insert(Arc::from("articles"), own);
        assert_eq!(found(&once, "en", "It cures."), Some(1), "one collection asks for it");
    }

    #[test]
    fn every_phrase_of_a_preset_is_found_in_itself() {
        let settings = settings("[checks]\ndrug-unit = \"warn\"\n");
        let mut count = 0;
        for (lang, list) in settings.searched() {
            let rules = settings.phrases(&Lang::new(&*lang)).expect("its language has words");
            let number = rules.list(list.rule, list.option).expect("it is a list");
            for phrase in list.phrases {
                let words = phrase.trim_end_matches('*');
                let length = match PLACED.contains(&list.option) {
                    true => rules.placed(list.rule, list.option).at_start(words),
                    false => {
                        let found = rules.phrases.find(words).into_iter();
                        let mut own = found.filter(|found| found.list == number);
                        own.find(|found| found.range.start == 0).map(|found| found.range.end)
                    }
                };
                assert_eq!(length, Some(words.len()), "{} {} {phrase}", list.rule, list.option);
                count += 1;
            }
        }
        assert!(count > 500, "{count}");
    }

    #[test]
    fn texts_of_a_rule_have_better_ones() {
        let settings = settings("[checks.read-plain]\nwords = { utilise = \"use\", b = 1 }\n");
        let pairs = settings.pairs("read-plain").unwrap();
        let found = pairs.phrases.find("They utilise b.");
        assert_eq!(found.iter().map(|f| pairs.better(f.list)).collect::<Vec<_>>(), ["use"]);
        assert!(settings.pairs("claim-stat").is_none());
        assert!(settings.phrases(&Lang::new("utilise")).is_none());
    }

    #[test]
    fn a_rule_has_further_lists_each_known_by_its_option() {
        let settings = settings(
            "[checks.drug-benefit-no-risk]\nwords.en = [\"helps\"]\n\
            except.en = [\"not\", \"helps\"]\nsections.en = [\"risks\"]\n",
        );
        let rules = settings.phrases(&Lang::new("en")).expect("there are words");
        let found = |option: &str| {
            let list = rules.list("drug-benefit-no-risk", option);
            let found = rules.phrases.find("It helps, not without risks.").into_iter();
            found.filter(|found| Some(found.list) == list).count()
        };
        assert_eq!((found(WORDS), found(EXCEPT), found(SECTIONS)), (1, 2, 1));
    }

    #[test]
    fn what_comes_later_says_more_option_by_option_and_language_by_language() {
        let of = |text: &str| {
            let setting = settings(text).rules.get("some-rule").cloned();
            IndexMap::from_iter(setting.map(|setting| (Arc::from("some-rule"), setting)))
        };
        let base = of("[checks.some-rule]\nlevel = \"info\"\nwithin = \"sentence\"\n\
            words = { en = [\"a\"], de = [\"b\"] }\n");
        let own = of("[checks.some-rule]\nwithin = \"paragraph\"\nwords = { en = [\"c\"] }\n");
        let both = &CheckSettings::over(base, own)["some-rule"];
        assert_eq!(both.level, Some(RuleLevel::At(Level::Info)));
        assert_eq!(both.options["within"], Value::from("paragraph"));
        assert_eq!(both.options["words"], serde_json::json!({"en": ["c"], "de": ["b"]}));
    }
}
