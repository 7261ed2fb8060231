//! Publishing again and again: of a site that is watched, most files are as they were.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::outputs::Artifact;

use super::manifest::Manifest;
use super::{OutputDir, Publication, PublishReport, WriteError};

/// Publishes one version of a site after the other, and writes what differs.
#[derive(Debug)]
pub struct Publisher {
    output: OutputDir,
    /// What was written last; `None` before that.
    last: Option<Manifest>,
    /// The paths that changed since.
    changed: BTreeSet<String>,
}

impl Publisher {
    /// Returns a publisher to `output` that has published nothing.
    pub fn new(output: OutputDir) -> Self {
        Self { output, last: None, changed: BTreeSet::new() }
    }

    /// Notes that these files are others than before, or gone, whether they are published
    /// now or later.
    pub fn note(&mut self, changed: &[String]) {
        self.changed.extend(changed.iter().cloned());
    }

    /// Publishes the whole site. Of the files that were not noted, those that stand as they
    /// were published last are neither read nor written.
    ///
    /// # Errors
    /// Fails as [`publish`](super::publish) does.
    pub fn publish(&mut self, artifacts: &[Artifact]) -> Result<PublishReport, WriteError> {
        let publication = Publication::begin(&self.output)?;
        // Another build may have written other files of the same names.
        let is_ours = self.last.as_ref() == Some(&publication.before);
        artifacts.par_iter().try_for_each(|artifact| {
            match is_ours && !self.changed.contains(&artifact.path) {
                true => publication.stage_unchanged(artifact),
                false => publication.stage(artifact),
            }
        })?;
        let (report, after) = publication.commit_noting()?;
        self.last = Some(after);
        self.changed.clear();
        Ok(report)
    }
}
