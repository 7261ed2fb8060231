//! The files of the whole site, kept between builds.

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;

use super::{ALL, Files, Made, Make, Maker, Needs, OutputContext, static_files};

/// What the outputs of the whole site made.
#[derive(Debug, Default)]
pub struct SiteFiles {
    /// By the place in the list of outputs; empty before the first build.
    made: Vec<Made>,
    at_pages: Vec<Diagnostic>,
}

/// What was made anew, by the place in the list of outputs.
#[derive(Debug)]
pub struct FreshSiteFiles(Vec<(usize, Made)>);

impl SiteFiles {
    /// Makes what is made from something that changed.
    pub fn make(&self, context: &OutputContext<'_>) -> FreshSiteFiles {
        let is_first = self.is_first(context);
        let made = ALL.par_iter().enumerate().filter_map(|(place, output)| {
            let Make::Site(needs, make) = output.make else { return None };
            let is_stale =
                output.is_on(context.config) && (is_first || needs.touch(context.changed));
            is_stale.then(|| (place, make(context)))
        });
        FreshSiteFiles(made.collect())
    }

    /// Offers what was made anew to `files`, which the pages were offered to.
    ///
    /// A file of the site's own at the path of a page is reported.
    pub fn offer(&mut self, fresh: FreshSiteFiles, context: &OutputContext<'_>, files: &mut Files) {
        let is_first = self.is_first(context);
        self.made.resize_with(ALL.len(), Made::default);
        for (place, made) in fresh.0 {
            files.replace(Maker::Site(place), &self.made[place].artifacts, &made.artifacts);
            self.made[place] = made;
        }
        if is_first || context.changed.touch(Needs::PAGES.and(Needs::FILES)) {
            self.at_pages = static_files::at_pages(context, files);
        }
    }

    fn is_first(&self, context: &OutputContext<'_>) -> bool {
        self.made.is_empty() || context.changed == Needs::EVERYTHING
    }

    /// Returns what is wrong with what they are made from.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.made.iter().flat_map(|made| &made.diagnostics).chain(&self.at_pages)
    }
}
