//! Diagnostics: what is wrong in the author's files, where, and what would help.
//!
//! Every stage returns its diagnostics beside its value, so that a cached value
//! repeats its warnings. Start with [`Diagnostic`]; [`Rule`] says what kind of
//! finding it is. An error of the machine (disk, port) is never a diagnostic.
//!
//! [`human()`] renders findings for people, [`FORMATS`] lists the renderings for
//! programs. All take the texts through a function, so that nothing here reads a file.

mod github;
mod human;
mod json;
mod ordered;
mod place;
mod rule;
mod sarif;
#[cfg(test)]
mod tests;

pub use human::{HumanStyle, human, human_frame, total};
pub use ordered::Ordered;
pub use place::Texts;
pub use rule::{ALLOW_REASON, ID_BAD, Level, Rule, RuleKind, structural};

/// A rendering of findings for programs.
///
/// It takes the findings, the texts of the files, and where the site is for whoever reads the
/// report: what to put before the name of a file, `docs/` or nothing.
pub type MachineFormat = fn(&[Diagnostic], &Texts<'_>, &str) -> String;

/// The renderings for programs, by the name that `--format` takes.
pub static FORMATS: &[(&str, MachineFormat)] =
    &[("json", json::json), ("sarif", sarif::sarif), ("github", github::github)];

use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use crate::source::{SourceId, Span};

/// One finding in the author's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// How much it matters, after configuration.
    pub level: Level,
    /// What is wrong, in words that make sense alone.
    pub message: String,
    /// The smallest place that shows it; an empty span at 0 stands for the whole file.
    pub span: Span,
    /// What to say at that place; empty when the message says it all.
    pub label: Words,
    /// Further places, each with what it has to do with it.
    pub related: Vec<(Span, Words)>,
    /// What the author can do, one sentence each.
    pub help: Vec<Words>,
    /// The change that would mend it.
    pub fix: Option<Box<Fix>>,
}

/// Words of a finding; most are the same wherever a rule finds something.
pub type Words = Cow<'static, str>;

/// A change to one file that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// The bytes to replace.
    pub span: Span,
    /// What to put there.
    pub replacement: String,
}

impl Diagnostic {
    /// Returns a finding of `rule` at its default level.
    ///
    /// The message must make sense without the code frame: it is all that a
    /// machine format or a status line shows.
    pub fn new(rule: &'static Rule, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            message: message.into(),
            span,
            label: Words::default(),
            related: Vec::new(),
            help: Vec::new(),
            fix: None,
        }
    }

    /// Says something at the finding's own place.
    pub fn with_label(mut self, label: impl Into<Words>) -> Self {
        self.label = label.into();
        self
    }

    /// Points at a further place.
    pub fn with_related(mut self, span: Span, label: impl Into<Words>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    /// Adds a sentence of help.
    pub fn with_help(mut self, help: impl Into<Words>) -> Self {
        // Most findings have one, and a large site has very many findings.
        self.help.reserve_exact(1);
        self.help.push(help.into());
        self
    }

    /// Adds "did you mean …?" where there is a candidate.
    pub fn with_suggestion(self, candidate: Option<impl AsRef<str>>) -> Self {
        match candidate {
            Some(candidate) => self.with_help(format!("did you mean `{}`?", candidate.as_ref())),
            None => self,
        }
    }

    /// Adds the change that mends the finding.
    pub fn with_fix(mut self, range: Range<usize>, replacement: impl Into<String>) -> Self {
        let span = Span::new(self.span.source.clone(), range);
        self.fix = Some(Box::new(Fix { span, replacement: replacement.into() }));
        self
    }

    /// Tells whether the page cannot be made right.
    pub fn is_structural_error(&self) -> bool {
        self.rule.kind == RuleKind::Structural && self.level == Level::Error
    }

    /// Returns the file that it is about.
    pub fn source(&self) -> &SourceId {
        &self.span.source
    }
}

/// Puts diagnostics into the order in which they are shown: by file, place and rule; what is
/// about a file as a whole comes after what has a place in it.
pub fn sort<T: Borrow<Diagnostic> + PartialEq>(diagnostics: &mut Vec<T>) {
    diagnostics.sort_by(|a, b| order(a.borrow(), b.borrow()));
    diagnostics.dedup();
}

/// Compares two findings, of which those that differ in anything are not the same.
fn order(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let place = |found: &Diagnostic| (found.span.is_file(), found.span.start, found.span.end);
    let file = a.span.source.cmp(&b.span.source);
    file.then_with(|| place(a).cmp(&place(b)))
        .then_with(|| (a.rule.id, &a.message).cmp(&(b.rule.id, &b.message)))
        .then_with(|| (a.level, &a.label, &a.related).cmp(&(b.level, &b.label, &b.related)))
        .then_with(|| (&a.help, &a.fix).cmp(&(&b.help, &b.fix)))
}

/// How two lists of findings differ, each in the order of [`sort`].
///
/// What is one value in both costs no look at it; of two equal findings that were made
/// one after the other, the one is gone and the other new.
#[derive(Debug, Default)]
pub struct Differences<'a> {
    /// What only the earlier list has.
    pub gone: Vec<&'a Arc<Diagnostic>>,
    /// What only the later one has.
    pub new: Vec<&'a Arc<Diagnostic>>,
}

impl<'a> Differences<'a> {
    /// Compares `later` with `earlier`.
    pub fn between(earlier: &'a [Arc<Diagnostic>], later: &'a [Arc<Diagnostic>]) -> Self {
        let mut found = Self::default();
        let (mut before, mut after) = (earlier.iter().peekable(), later.iter().peekable());
        loop {
            let side = match (before.peek(), after.peek()) {
                (Some(old), Some(new)) if Arc::ptr_eq(old, new) => {
                    before.next();
                    after.next();
                    continue;
                }
                (Some(old), Some(new)) => order(old, new),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return found,
            };
            if side.is_le() {
                found.gone.extend(before.next());
            }
            if side.is_ge() {
                found.new.extend(after.next());
            }
        }
    }

    /// Tells whether the lists are of the same values.
    pub fn is_empty(&self) -> bool {
        self.gone.is_empty() && self.new.is_empty()
    }
}

/// Returns those of `found`, which are in the order of [`sort`], that are about `source`.
pub fn about<'a>(found: &'a [Arc<Diagnostic>], source: &SourceId) -> &'a [Arc<Diagnostic>] {
    let start = found.partition_point(|finding| finding.source() < source);
    let end = found.partition_point(|finding| finding.source() <= source);
    &found[start..end]
}

/// Returns the candidate that `word` most likely meant, if one is near enough.
///
/// Near enough is a Damerau-Levenshtein distance of at most a third of the
/// longer word; case is ignored. Of equals the first in the candidates' order wins.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = word.to_lowercase();
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let distance = strsim::damerau_levenshtein(&wanted, &candidate.to_lowercase());
            let longest = wanted.chars().count().max(candidate.chars().count());
            (distance <= longest.div_ceil(3)).then_some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}
