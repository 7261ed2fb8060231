//! The findings that a site has accepted for now: `.galen-baseline.json`.
//!
//! A finding is known by its rule, file and message, so that it stays known when the text
//! around it moves; what is structural is never accepted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, RuleKind};
use crate::load;
use crate::write;

use super::session::Failure;

/// The name of the file, at the site's root.
const FILE: &str = ".galen-baseline.json";

/// The findings that are accepted, with how often each was found.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Baseline {
    findings: Vec<Accepted>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Accepted {
    rule: String,
    file: String,
    message: String,
    count: usize,
}

/// A finding by its rule, file and message.
type Key = (String, String, String);

fn key(found: &Diagnostic) -> Key {
    (found.rule.id.to_owned(), found.source().to_string(), found.message.clone())
}

impl Baseline {
    /// Reads the baseline of the site in `root`; an empty one where it has none.
    pub(super) fn read(root: &Path) -> Result<Self, Failure> {
        let path = path(root);
        if !path.is_file() {
            return Ok(Self::default());
        }
        let text = load::read_text(&path)?;
        serde_json::from_str(&text).map_err(|error| {
            Failure::Usage(format!("`{FILE}` cannot be read: {error}; delete it to start anew"))
        })
    }

    /// Returns the baseline that accepts the editorial ones of `found`.
    pub(super) fn of(found: &[Arc<Diagnostic>]) -> Self {
        let mut counts: BTreeMap<Key, usize> = BTreeMap::new();
        for found in found.iter().filter(|found| found.rule.kind != RuleKind::Structural) {
            *counts.entry(key(found)).or_default() += 1;
        }
        let findings = counts.into_iter().map(|((rule, file, message), count)| Accepted {
            rule,
            file,
            message,
            count,
        });
        Self { findings: findings.collect() }
    }

    /// Writes the baseline of the site in `root`.
    pub(super) fn write(&self, root: &Path) -> Result<(), Failure> {
        let mut text = serde_json::to_string_pretty(self).expect("text and numbers are valid JSON");
        text.push('\n');
        Ok(write::create_file(&path(root), &text, true)?)
    }

    /// Returns how many findings it accepts.
    pub(super) fn len(&self) -> usize {
        self.findings.iter().map(|accepted| accepted.count).sum()
    }

    /// Drops from `found` what is accepted, each as often as it was found then.
    pub(super) fn subtract_from(&self, found: &mut Vec<Arc<Diagnostic>>) {
        let accepted = self.findings.iter();
        let accepted =
            accepted.map(|a| ((a.rule.clone(), a.file.clone(), a.message.clone()), a.count));
        let mut left: BTreeMap<Key, usize> = accepted.collect();
        found.retain(|found| {
            let editorial = found.rule.kind != RuleKind::Structural;
            match left.get_mut(&key(found)).filter(|count| editorial && **count > 0) {
                Some(count) => {
                    *count -= 1;
                    false
                }
                None => true,
            }
        });
    }
}

fn path(root: &Path) -> PathBuf {
    root.join(FILE)
}
