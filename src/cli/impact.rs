//! `galen impact`: every page and sentence that rests on one work.

use clap::Args;

use crate::citation::CitationKey;
use crate::ordered::IndexSet;
use crate::resolve::citing::citing_places;
use crate::resolve::flow::Flow;
use crate::resolve::quoting::Quoting;

use super::session::{Failure, Outcome, Session};
use super::site;
use super::terminal::counted;

/// The arguments of `galen impact`.
#[derive(Debug, Args)]
pub(super) struct Impact {
    /// The work's citation key
    key: String,
}

impl Impact {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let inputs = site::read_inputs(session)?;
        let built = site::build(session, &inputs, true)?;
        let key = CitationKey::new(self.key.trim_start_matches('@'));
        if built.bibliography.get(&key).is_none() {
            let near = built.bibliography.nearest(key.as_str());
            let near = near.first().map_or_else(String::new, |k| format!("; did you mean `{k}`?"));
            return Err(Failure::Usage(format!("the database has no entry `{key}`{near}")));
        }
        let mut pages = 0;
        let mut sentences = 0;
        let mut listed = String::new();
        for (id, entry) in &built.site.pages {
            let Some(resolved) = built.resolved.get(id) else { continue };
            let page = entry.page.glance();
            let collection =
                page.collection.as_ref().and_then(|name| built.config.collections.get(name));
            let flow = Flow::new(&page, &resolved.shown, collection);
            let own = page.front.style.as_ref();
            let style = built.styles.of_page(own, id.lang(), &built.config);
            let places = citing_places(&page, &flow, Quoting::new(style, &built.bibliography));
            // In the order of reading, a sentence that cites the work twice once.
            let of_key: IndexSet<_> = places
                .iter()
                .filter(|place| place.key == key)
                .map(|place| (place.section.as_ref().map(|(_, title)| title), &place.sentence))
                .collect();
            if of_key.is_empty() {
                continue;
            }
            pages += 1;
            sentences += of_key.len();
            listed.push_str(&format!("\n{}{}\n", session.way_to_site(), page.source.id));
            for (section, sentence) in of_key {
                let section = section.map_or_else(String::new, |title| format!("{title}: "));
                listed.push_str(&format!("  - {section}{sentence}\n"));
            }
        }
        let (pages, sentences) = (counted(pages, "page"), counted(sentences, "sentence"));
        let text = format!("{key}: {pages}, {sentences}\n{listed}");
        session.terminal.data(&text)?;
        Ok(Outcome::Clean)
    }
}
