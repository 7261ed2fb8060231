//! Findings that are kept in order while some of them come and go.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Diagnostic, order};

/// From how many new findings on all are put in order again.
const MANY: usize = 256;

/// Findings in the order of [`super::sort`], none of them twice.
///
/// A site may have tens of thousands, of which an edit changes a few.
#[derive(Clone, Debug, Default)]
pub struct Ordered {
    findings: Vec<Arc<Diagnostic>>,
    /// Those that equal one of these: they stay when that goes.
    doubles: Vec<Arc<Diagnostic>>,
}

impl Ordered {
    /// Takes back `gone`, which are known by their address, and takes in `new`.
    pub fn replace(&mut self, gone: &[Arc<Diagnostic>], new: Vec<Arc<Diagnostic>>) {
        let gone: FxHashSet<_> = gone.iter().map(Arc::as_ptr).collect();
        if !gone.is_empty() {
            self.findings.retain(|finding| !gone.contains(&Arc::as_ptr(finding)));
            self.doubles.retain(|finding| !gone.contains(&Arc::as_ptr(finding)));
        }
        let new: Vec<_> = std::mem::take(&mut self.doubles).into_iter().chain(new).collect();
        if new.len() < MANY {
            return new.into_iter().for_each(|finding| self.insert(finding));
        }
        self.findings.extend(new);
        self.findings.sort_by(|a, b| order(a, b));
        let doubles = &mut self.doubles;
        self.findings.dedup_by(|later, earlier| {
            let is_double = later == earlier;
            if is_double {
                doubles.push(Arc::clone(later));
            }
            is_double
        });
    }

    /// Returns these and `more`.
    pub fn with(mut self, more: Vec<Arc<Diagnostic>>) -> Self {
        self.replace(&[], more);
        self
    }

    /// Returns the findings.
    pub fn into_vec(self) -> Vec<Arc<Diagnostic>> {
        self.findings
    }

    fn insert(&mut self, finding: Arc<Diagnostic>) {
        match self.findings.binary_search_by(|found| order(found, &finding)) {
            Ok(_) => self.doubles.push(finding),
            Err(at) => self.findings.insert(at, finding),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{ID_BAD, sort};
    use super::*;
    use crate::source::{SourceId, Span};

    /// Returns a finding of which there are few others.
    fn finding(number: usize) -> Arc<Diagnostic> {
        let source = SourceId::new(format!("content/{}.md", number % 3));
        let finding = Diagnostic::new(&ID_BAD, Span::new(source, number % 2..9), "a message");
        Arc::new(finding.with_help(format!("help {}", number % 5)))
    }

    proptest! {
        #[test]
        fn it_is_as_if_all_were_sorted(
            edits in prop::collection::vec((0..40_usize, 0..9_usize, 0..60_usize), 1..12),
            first in 0..600_usize,
        ) {
            let mut all: Vec<_> = (0..first).map(finding).collect();
            let mut ordered = Ordered::default();
            ordered.replace(&[], all.clone());
            for (at, gone, new) in edits {
                let gone: Vec<_> = all.drain(at.min(all.len())..(at + gone).min(all.len())).collect();
                let new: Vec<_> = (at..at + new).map(finding).collect();
                all.extend(new.iter().cloned());
                ordered.replace(&gone, new);
                let mut expected = all.clone();
                sort(&mut expected);
                prop_assert_eq!(ordered.clone().into_vec(), expected);
            }
        }
    }
}
