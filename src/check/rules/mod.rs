//! The rules, one file a family. [`ALL`] is the list: a rule is one line in it.

mod access;
mod citations;
mod claims;
mod components;
mod configuration;
mod corrections;
mod disclosure;
pub(super) mod external;
mod health;
mod images;
mod languages;
mod library;
mod links;
mod lists;
mod meta;
mod orphans;
mod persons;
mod plain_texts;
mod reading;
mod references;
mod relations;
mod review;
mod terms;
mod urls;

use crate::diagnostic::{self, Rule, structural};

use super::lint::{Check, Lint, RuleOption};

/// Malformed identifiers in front matter, which parsing finds.
static ID_BAD: Lint = Lint { rule: &diagnostic::ID_BAD, check: Check::Elsewhere };

/// Suppressions without a reason, which parsing finds.
static ALLOW_REASON: Lint = Lint { rule: &diagnostic::ALLOW_REASON, check: Check::Elsewhere };

/// Every lint, in the order in which they run.
pub static ALL: &[&Lint] = &[
    &urls::URL_DUPLICATE,
    &urls::URL_IMPOSSIBLE,
    &urls::REDIRECT_LOOP,
    &configuration::CONFIGURATION,
    &links::LINK_BROKEN,
    &links::IMAGE_MISSING,
    &images::IMAGE_BROKEN,
    &images::IMAGE_ATTRIBUTE,
    &links::LINK_AMBIGUOUS,
    &external::LINK_EXTERNAL,
    &external::WORK_EXTERNAL,
    &orphans::LINK_ORPHAN,
    &languages::LANG_UNDECLARED,
    &relations::RELATION_UNKNOWN,
    &relations::PERSON_UNKNOWN,
    &relations::RELATION_NEAR_MISS,
    &relations::TERM_UNKNOWN,
    &terms::TERM_COMMON_WORD,
    &lists::LISTS,
    &components::COMPONENT_UNKNOWN,
    &citations::CITE_UNKNOWN,
    &plain_texts::CITE_PLAIN,
    &citations::STYLE_MISSING,
    &citations::SRC_RETRACTED,
    &citations::SRC_CONCERN,
    &citations::SRC_PREPRINT,
    &citations::SRC_TERTIARY,
    &library::SRC_OLD,
    &library::CITE_UNUSED,
    &references::REF_REQUIRED,
    &references::REF_BAD_ID,
    &references::REF_NO_ID,
    &references::REF_YEAR,
    &references::REF_DOI_IN_URL,
    &references::REF_URL_REDIRECT,
    &references::REF_VOLUME_DIRTY,
    &references::REF_TITLE_SLUG,
    &references::CITE_DUPLICATE,
    &ID_BAD,
    &meta::META_AUTHOR,
    &meta::META_DESCRIPTION,
    &meta::META_DATE_ORDER,
    &review::REV_MISSING,
    &review::REV_UNDATED,
    &review::REV_STALE,
    &review::REV_BEFORE_UPDATE,
    &review::REV_SELF,
    &review::REV_CREDENTIAL,
    &review::PERS_FORMER,
    &persons::PERS_ROLE,
    &persons::PERS_BIO,
    &persons::PERS_ALIAS,
    &corrections::CORR_UNLOGGED,
    &corrections::CORR_NOT_EVIDENCED,
    &disclosure::DISC_MISSING,
    &disclosure::DISC_COMMERCIAL,
    &disclosure::SITE_POLICY,
    &disclosure::SITE_CONTACT,
    &health::boxed::BOXED_MISSING,
    &health::boxed::BOXED_ORDER,
    &health::boxed::BOXED_DISPLAY,
    &health::boxed::BOXED_MENTION,
    &health::effects::SIDE_FREQUENCY,
    &health::doses::DOSE_UNIT,
    &health::doses::DOSE_SOURCE,
    &health::names::GENERIC_FIRST,
    &health::risks::BENEFIT_NO_RISK,
    &health::evidence::EVID_CERTAINTY,
    &claims::CLAIM_STAT,
    &claims::CLAIM_STUDY,
    &claims::CLAIM_QUOTE,
    &claims::CLAIM_RELATIVE_TIME,
    &health::CLAIM_ABSOLUTE,
    &health::CLAIM_EXCLUSIVE,
    &health::CLAIM_APPROVAL,
    &health::contradiction::CLAIM_CONTRADICTION,
    &access::A11Y_ALT,
    &access::A11Y_HEADING,
    &access::A11Y_LINK_TEXT,
    &access::A11Y_TABLE,
    &reading::READ_GRADE,
    &reading::READ_ABBREV,
    &reading::READ_PLAIN,
    &super::suppress::ALLOW_UNUSED,
    &ALLOW_REASON,
];

/// Every option of a rule.
static OPTIONS: &[&RuleOption] = &[
    &library::YEARS,
    &reading::GRADE,
    &reading::KNOWN,
    &reading::COMMON,
    &reading::BEFORE,
    &reading::AFTER,
    &reading::SMOG,
    &reading::WORDS,
    &review::MONTHS,
    &review::MONTHS,
    &disclosure::COMMERCIAL_WORDS,
    &disclosure::COMMERCIAL_EXCEPT,
    &disclosure::COMMERCIAL_NOTHING,
    &disclosure::SHOP_HOSTS,
    &health::boxed::ORDER_WORDS,
    &health::boxed::MENTION_WORDS,
    &health::boxed::MENTION_EXCEPT,
    &health::doses::UNIT_UNITS,
    &health::doses::UNIT_BETTER,
    &health::doses::SOURCE_UNITS,
    &health::doses::SOURCE_WORDS,
    &health::doses::SOURCE_EXCEPT,
    &health::risks::WORDS_OF_BENEFIT,
    &health::risks::EXCEPT_OF_BENEFIT,
    &health::risks::SECTIONS_ON_RISK,
    &health::evidence::FIELDS,
    &health::evidence::SCALE,
    &review::MONTHS,
    &claims::WITHIN,
    &claims::STAT_WORDS,
    &claims::STAT_RATIOS,
    &claims::STAT_UNITS,
    &claims::STAT_BETWEEN,
    &claims::STAT_LABELS,
    &claims::STAT_MEASURES,
    &claims::STAT_FORMS,
    &claims::STAT_APART,
    &claims::STAT_SUBSTANCES,
    &claims::STAT_IDIOMS,
    &claims::STAT_EXCEPT,
    &claims::STAT_UNFINISHED,
    &claims::STUDY_WORDS,
    &claims::STUDY_NOUNS,
    &claims::STUDY_VERBS,
    &claims::STUDY_EXCEPT,
    &claims::STUDY_IDIOMS,
    &claims::LENGTH,
    &claims::QUOTE_EXCEPT,
    &claims::TIME_WORDS,
    &claims::TIME_IDIOMS,
    &claims::TIME_EXCEPT,
    &claims::TIME_UNITS,
    &health::ABSOLUTE_WORDS,
    &health::ABSOLUTE_UNCITED,
    &health::ABSOLUTE_EXCEPT,
    &health::ABSOLUTE_DENIALS,
    &health::ABSOLUTE_TIMES,
    &health::ABSOLUTE_TURNS,
    &health::ABSOLUTE_IDIOMS,
    &health::EXCLUSIVE_WORDS,
    &health::EXCLUSIVE_IDIOMS,
    &health::EXCLUSIVE_EXCEPT,
    &health::EXCLUSIVE_ADVICE,
    &health::EXCLUSIVE_MONTHS,
    &health::APPROVAL_WORDS,
    &health::APPROVAL_EXCEPT,
    &health::APPROVAL_TURNS,
    &health::APPROVAL_OTHERS,
    &health::APPROVAL_IDIOMS,
    &health::APPROVAL_PRONOUNS,
    &health::APPROVAL_AUTHORITIES,
    &health::APPROVAL_STATUS,
    &health::contradiction::CONTRADICTION_SAME,
    &health::contradiction::CONTRADICTION_VALUES,
    &health::contradiction::CONTRADICTION_TOLERANCE,
];

/// Returns every rule of the program, by id: those of the lints, and the structural
/// ones that parsing and loading find.
pub fn all_rules() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = structural::ALL.to_vec();
    rules.extend(ALL.iter().map(|lint| lint.rule));
    rules.sort_by_key(|rule| rule.id);
    rules.dedup_by_key(|rule| rule.id);
    rules
}
