//! Translations: `page.fr.md` is `page.md` in French. It states no fact again: what its
//! front matter leaves out is that of the original, and its text is its own.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::structural;
use crate::parse::page::{FrontMatter, Inherited};
use crate::parse::{Page, PageHead};

/// Returns what `page` says with the facts of `original`, which it translates.
pub fn inherit_facts(page: &Page, original: &Page) -> PageHead {
    Original::of(original).give_to(page)
}

/// What the translations of a page have of it.
struct Original {
    front: FrontMatter,
    source: crate::source::Source,
    yaml: Option<std::ops::Range<usize>>,
}

impl Original {
    /// Returns what translations of `page` have of it.
    fn of(page: &Page) -> Self {
        let mut front = page.front.clone();
        front.title = front
            .title
            .or_else(|| page.body.title.as_ref().map(|title| Arc::from(title.text.as_str())));
        Self { front, source: page.source.clone(), yaml: page.yaml.clone() }
    }

    /// Returns what a translation says with what its front matter leaves out.
    ///
    /// Its description and subtitle are text and stay its own; the original's old URLs,
    /// and what its words mean, are not the translation's.
    fn give_to(&self, page: &Page) -> PageHead {
        let mut head = PageHead::clone(page);
        let mut fields: BTreeSet<Arc<str>> = BTreeSet::new();
        let (front, original) = (&mut head.front, &self.front);
        let mut gave = |name: &str, given: bool| {
            if given {
                fields.insert(Arc::from(name));
            }
        };
        if page.body.title.is_none() {
            gave("title", fill(&mut front.title, &original.title));
        }
        gave("image", fill(&mut front.image, &original.image));
        gave("date", fill(&mut front.date, &original.date));
        gave("updated", fill(&mut front.updated, &original.updated));
        gave("weight", fill(&mut front.weight, &original.weight));
        gave("slug", fill(&mut front.slug, &original.slug));
        gave("permalink", fill(&mut front.permalink, &original.permalink));
        gave("template", fill(&mut front.template, &original.template));
        gave("toc", fill(&mut front.toc, &original.toc));
        gave("license", fill(&mut front.license, &original.license));
        gave("style", fill(&mut front.style, &original.style));
        gave("autolink", fill(&mut front.autolink, &original.autolink));
        gave("extra", fill(&mut front.extra, &original.extra));
        gave("tags", fill_list(&mut front.tags, &original.tags));
        gave("nocite", fill_list(&mut front.nocite, &original.nocite));
        gave("related", fill_list(&mut front.related, &original.related));
        if front.lists.is_empty() {
            front.lists.clone_from(&original.lists);
        }
        let mut allows = BTreeSet::new();
        for (rule, reason) in &original.allow {
            if !front.allow.iter().any(|(own, _)| own == rule) {
                front.allow.push((Arc::clone(rule), Arc::clone(reason)));
                allows.insert(Arc::clone(rule));
            }
        }
        front.noindex |= original.noindex;
        front.draft |= original.draft;
        for (name, value) in &original.fields {
            if !front.fields.contains_key(name) {
                front.fields.insert(Arc::clone(name), value.clone());
                fields.insert(Arc::clone(name));
            }
        }
        // What is required stands in the original, or is reported there.
        head.diagnostics.retain(|found| *found.rule != structural::FM_REQUIRED);
        let (source, yaml) = (self.source.clone(), self.yaml.clone());
        head.inherited = Some(Arc::new(Inherited { fields, allows, source, yaml }));
        head
    }
}

fn fill<T: Clone>(own: &mut Option<T>, original: &Option<T>) -> bool {
    let given = own.is_none() && original.is_some();
    if given {
        own.clone_from(original);
    }
    given
}

fn fill_list<T: Clone>(own: &mut Vec<T>, original: &[T]) -> bool {
    let given = own.is_empty() && !original.is_empty();
    if given {
        own.extend_from_slice(original);
    }
    given
}

#[cfg(test)]
mod tests {
    use crate::parse::page::FieldValue;
    use crate::resolve::fixture::WrittenSite;

    const BOOK: &str = "[languages.fr]\ntitle = \"Notes\"\n";

    fn site(translation: &str) -> WrittenSite {
        WrittenSite::new(BOOK)
            .page(
                "treatments/nova.md",
                "---\ntitle: Nova\ndate: 2026-01-02\ndescription: A drug.\nkind: drug\n\
                 brands: [Novix]\ntargets: [JAK1]\nredirect_from: /nova/\n---\nText.\n",
            )
            .page("treatments/nova.fr.md", translation)
    }

    #[test]
    fn facts_are_those_of_the_original_and_text_is_its_own() {
        let site = site("---\ndescription: Un médicament.\ntargets: []\n---\nTexte.\n");
        let french = site.pages.iter().find(|page| page.id.lang().as_str() == "fr").unwrap();
        let front = &french.front;
        assert_eq!(french.id.path(), "treatments/nova");
        assert_eq!(front.title.as_deref(), Some("Nova"));
        assert_eq!(front.description.as_deref(), Some("Un médicament."));
        assert_eq!(front.date.unwrap().to_string(), "2026-01-02");
        assert!(front.redirect_from.is_empty());
        assert!(front.fields.contains_key("kind") && front.fields.contains_key("brands"));
        assert_eq!(front.fields.get("targets"), Some(&FieldValue::List(Vec::new())));
        assert!(french.page().body.html.get().contains("Texte"));
    }

    #[test]
    fn links_by_the_originals_file_lead_to_the_translation() {
        let site = site("---\ntitle: Nouvelle\n---\n## Dose\n")
            .page("articles/x.fr.md", "---\ntitle: X\n---\n[a](../treatments/nova.md#dose)\n");
        let (_, linked) = site.linked("articles/x");
        let crate::resolve::LinkTarget::Page { id, .. } = &linked.links[0] else {
            panic!("{:?}", linked.links)
        };
        assert_eq!(id.lang().as_str(), "fr");
    }

    #[test]
    fn its_own_title_stands_also_as_a_heading() {
        let of = |text: &str| {
            let site = site(text);
            let french = site.pages.iter().find(|page| page.id.lang().as_str() == "fr").unwrap();
            super::super::contribute::page_title(&french.page()).to_string()
        };
        assert_eq!(of("---\ntitle: Nouvelle\n---\n"), "Nouvelle");
        assert_eq!(of("---\ntags: x\n---\n"), "Nova");
    }
}
