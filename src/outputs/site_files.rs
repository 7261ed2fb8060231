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

impl SiteFiles {
    /// Makes what is made from something that changed, and offers it to `files`, which
    /// the pages were offered to.
    ///
    /// A file of the site's own at the path of a page is reported.
    pub fn update(&mut self, context: &OutputContext<'_>, files: &mut Files) {
        let changed = context.changed;
        let is_first = self.made.is_empty() || changed == Needs::EVERYTHING;
        self.made.resize_with(ALL.len(), Made::default);
        let made = ALL.par_iter().enumerate().filter_map(|(place, output)| {
            let Make::Site(needs, make) = output.make else { return None };
            let is_stale = output.is_on(context.config) && (is_first || needs.touch(changed));
            is_stale.then(|| (place, make(context)))
        });
        for (place, made) in made.collect::<Vec<_>>() {
            files.replace(Maker::Site(place), &self.made[place].artifacts, &made.artifacts);
            self.made[place] = made;
        }
        if is_first || changed.touch(Needs::PAGES.and(Needs::FILES)) {
            self.at_pages = static_files::at_pages(context, files);
        }
    }

    /// Returns what is wrong with what they are made from.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.made.iter().flat_map(|made| &made.diagnostics).chain(&self.at_pages)
    }
}
