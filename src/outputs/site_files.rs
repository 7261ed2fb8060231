//! The files of the whole site, kept between builds.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;

use super::{
    ALL, Artifact, Content, Files, Keeper, Made, Make, Maker, Needs, OutputContext, static_files,
};

/// What the outputs of the whole site made.
#[derive(Debug, Default)]
pub struct SiteFiles {
    /// By the place in the list of outputs.
    made: BTreeMap<usize, Made>,
    /// The files at the paths of pages, once these were looked for.
    at_pages: Option<Vec<Diagnostic>>,
}

/// What was made anew, by the place in the list of outputs.
#[derive(Debug)]
pub struct FreshSiteFiles(Vec<(usize, Made)>);

/// From what length on a file is worth the work of a keeper, in bytes: shorter ones are many,
/// and a small part of all.
const LONG: usize = 64 * 1024;

/// When files of the whole site are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before the pages, which load them.
    BeforePages,
    /// Beside the pages.
    BesidePages,
}

/// What makes an output.
type Making = fn(&OutputContext<'_>) -> Made;

impl SiteFiles {
    /// Makes what is made then, from something that changed.
    pub fn make(&self, when: When, context: &OutputContext<'_>) -> FreshSiteFiles {
        let stale: Vec<(usize, Making)> = self.stale(when, context).collect();
        FreshSiteFiles(stale.into_par_iter().map(|(place, make)| (place, make(context))).collect())
    }

    /// Returns the outputs that are made again, by their places in the list.
    fn stale(
        &self,
        when: When,
        context: &OutputContext<'_>,
    ) -> impl Iterator<Item = (usize, Making)> {
        let wanted = ALL.iter().enumerate().filter(|(_, output)| output.is_on(context.config));
        wanted.filter_map(move |(place, output)| {
            let (needs, make) = match output.make {
                Make::Loaded(needs, make) if when == When::BeforePages => (needs, make),
                Make::Site(needs, make) if when == When::BesidePages => (needs, make),
                _ => return None,
            };
            let is_stale = !self.made.contains_key(&place)
                || context.changed == Needs::EVERYTHING
                || needs.touch(context.changed);
            is_stale.then_some((place, make))
        })
    }

    /// Returns the paths of the files that may be others when what is made then has been.
    pub fn stale_paths(&self, when: When, context: &OutputContext<'_>) -> Vec<String> {
        let made = self.stale(when, context).filter_map(|(place, _)| self.made.get(&place));
        made.flat_map(|made| &made.artifacts).map(|artifact| artifact.path.clone()).collect()
    }

    /// Offers what was made anew to `files`.
    pub fn offer(&mut self, fresh: FreshSiteFiles, files: &mut Files) {
        for (place, made) in fresh.0 {
            let last = self.made.remove(&place).unwrap_or_default();
            files.replace(Maker::Site(place), &last.artifacts, &made.artifacts);
            self.made.insert(place, made);
        }
    }

    /// Hands long files among those that were made anew to `keeper`, who keeps them in little
    /// room.
    pub fn keep(&self, fresh: &mut FreshSiteFiles, keeper: &dyn Keeper) {
        for (place, made) in &mut fresh.0 {
            let last = self.made.get(place);
            for Artifact { path, content } in &mut made.artifacts {
                let Content::Bytes(bytes) = &*content else { continue };
                if bytes.len() < LONG {
                    continue;
                }
                let last = last.and_then(|last| last.artifacts.iter().find(|a| a.path == *path));
                let kept = keeper.keep(path, bytes.to_vec(), last.map(|last| &last.content));
                *content = kept.unwrap_or_else(|| content.clone());
            }
        }
    }

    /// Looks for files of the site's own at the paths of pages, which are offered to `files`.
    pub fn note_clashes(&mut self, context: &OutputContext<'_>, files: &Files) {
        if self.at_pages.is_none() || context.changed.touch(Needs::PAGES.and(Needs::FILES)) {
            self.at_pages = Some(static_files::at_pages(context, files));
        }
    }

    /// Returns what is wrong with what they are made from.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        let made = self.made.values().flat_map(|made| &made.diagnostics);
        made.chain(self.at_pages.iter().flatten())
    }
}
