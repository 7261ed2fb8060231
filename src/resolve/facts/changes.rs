//! What pages say anew, until it is applied.

use crate::page_id::PageId;

use super::{Fact, FactKey, Pass};

/// The facts that pages contribute in place of what they contributed before.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    pub(super) replacements: Vec<Replacement>,
}

#[derive(Clone, Debug)]
pub(super) struct Replacement {
    pub(super) contributor: PageId,
    /// `None` adds to what was said before.
    pub(super) pass: Option<Pass>,
    pub(super) facts: Vec<(FactKey, Fact)>,
}

impl ChangeSet {
    /// Contributes `facts`, in place of all that the contributor said in this pass.
    pub fn replace(&mut self, contributor: &PageId, pass: Pass, facts: Vec<(FactKey, Fact)>) {
        let (contributor, pass) = (contributor.clone(), Some(pass));
        self.replacements.push(Replacement { contributor, pass, facts });
    }

    /// Contributes `fact` beside all that the contributor said before.
    #[cfg(test)]
    pub(crate) fn contribute(&mut self, key: FactKey, contributor: &PageId, fact: Fact) {
        let contributor = contributor.clone();
        self.replacements.push(Replacement { contributor, pass: None, facts: vec![(key, fact)] });
    }

    /// Withdraws all that the contributor said, in every pass.
    pub fn withdraw(&mut self, contributor: &PageId) {
        for pass in [Pass::Own, Pass::Linked, Pass::Shown] {
            self.replace(contributor, pass, Vec::new());
        }
    }
}
