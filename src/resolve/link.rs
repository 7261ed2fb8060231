//! Linking one page: everything that it points to, looked up.
//!
//! [`link_page`] is the whole of it. Fields are walked beside their declared types,
//! since the type says which pages a value may name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use crate::config::theme::ThemeConfig;
use crate::config::{Autolink, Collection, Config, Field, FieldType, Role};
use crate::ordered::IndexMap;
use crate::page_id::PageId;
use crate::parse::body::LinkKind;
use crate::parse::page::{FieldStep, FieldValue};
use crate::parse::{Body, FieldPath, Page};

use super::flow::{Flow, FlowItem, ShownRecords};
use super::linked::{LinkedField, LinkedPage, Relation};
use super::links::{ImageTarget, LinkOrigin, LinkTarget, image_target, link_target};
use super::mentions::{Automaton, MentionContext, MentionPlace, ShownText, find_mentions};
use super::names::page_named;
use super::quoting::Quoting;
use super::reader::SiteReader;
use super::site::Site;
use super::surfaces::surface_key;

/// Returns what `page` leads to in `site`; `automaton` finds the surfaces of its language.
pub fn link_page(
    page: &Page,
    config: &Config,
    theme: &ThemeConfig,
    automaton: &Automaton,
    site: &Site,
    quoting: Quoting<'_>,
) -> LinkedPage {
    let collection = page.collection.as_ref().and_then(|name| config.collections.get(name));
    let reader = SiteReader::new(site);
    let mut linker = Linker { page, config, reader: &reader, linked: LinkedPage::default() };
    linker.body();
    linker.front_matter(collection);
    let mut linked = linker.linked;
    let context = MentionContext {
        page: &page.id,
        about: about(collection, &linked),
        terms: terms(&linked),
        manual: manual_links(&page.body, &linked.links),
        unlinked: unlinked_components(&page.body, theme),
        autolink: autolink(page, config),
    };
    let texts = linkable_texts(page, collection);
    linked.mentions = find_mentions(&texts, automaton, &context, quoting);
    for mention in &linked.mentions.mentions {
        // The surface's facts decided what it means, so that the page depends on them.
        reader.surface(page.id.lang(), &mention.surface);
    }
    linked.reads = reader.into_reads();
    linked
}

struct Linker<'a> {
    page: &'a Page,
    config: &'a Config,
    reader: &'a SiteReader<'a>,
    linked: LinkedPage,
}

impl<'a> Linker<'a> {
    fn origin(&self) -> LinkOrigin<'a> {
        LinkOrigin {
            page: &self.page.id,
            source: &self.page.source.id,
            default_lang: &self.config.site.language,
            base_url: &self.config.site.base_url,
            translates: true,
        }
    }

    fn targets(&self, body: &Body) -> (Vec<LinkTarget>, Vec<ImageTarget>) {
        let origin = self.origin();
        let links = body.links.iter().map(|link| link_target(link, origin, self.reader));
        let images = body.images.iter().map(|image| image_target(&image.src, origin, self.reader));
        (links.collect(), images.collect())
    }

    fn body(&mut self) {
        (self.linked.links, self.linked.images) = self.targets(&self.page.body);
    }

    fn front_matter(&mut self, collection: Option<&Collection>) {
        let page = self.page;
        if let Some(image) = &page.front.image {
            self.linked.image = Some(image_target(&image.src, self.origin(), self.reader));
        }
        for (index, written) in page.front.related.iter().enumerate() {
            let path = [FieldStep::Name(Arc::from("related")), FieldStep::Index(index)];
            self.relation(FieldPath(path.into()), written, &[]);
        }
        for (surface, written) in &page.front.terms {
            let path = [FieldStep::Name(Arc::from("terms")), FieldStep::Name(surface.clone())];
            self.relation(FieldPath(path.into()), written, &[]);
        }
        if let Some(collection) = collection {
            let mut path = Vec::new();
            self.record(&page.front.fields, &collection.fields, &mut path);
        }
    }

    fn record(
        &mut self,
        values: &IndexMap<Arc<str>, FieldValue>,
        fields: &IndexMap<Arc<str>, Field>,
        path: &mut Vec<FieldStep>,
    ) {
        for (name, value) in values {
            if let Some(field) = fields.get(name) {
                path.push(FieldStep::Name(Arc::clone(name)));
                self.value(value, &field.ty, path);
                path.pop();
            }
        }
    }

    fn value(&mut self, value: &FieldValue, ty: &FieldType, path: &mut Vec<FieldStep>) {
        match (value, ty) {
            (FieldValue::Page(written), FieldType::Page { collections, .. }) => {
                self.relation(FieldPath(path.clone()), written, collections);
            }
            (FieldValue::Markdown(body), _) => {
                let (links, images) = self.targets(body);
                if !links.is_empty() || !images.is_empty() {
                    let field = FieldPath(path.clone());
                    self.linked.fields.push(LinkedField { field, links, images });
                }
            }
            (FieldValue::List(values), FieldType::List(item)) => {
                for (index, value) in values.iter().enumerate() {
                    path.push(FieldStep::Index(index));
                    self.value(value, item, path);
                    path.pop();
                }
            }
            // A scalar where a list was expected.
            (value, FieldType::List(item)) => self.value(value, item, path),
            (FieldValue::Record(values), FieldType::Record(fields)) => {
                self.record(values, fields, path);
            }
            (FieldValue::Record(values), FieldType::Map(item)) => {
                for (name, value) in values {
                    path.push(FieldStep::Name(Arc::clone(name)));
                    self.value(value, item, path);
                    path.pop();
                }
            }
            _ => {}
        }
    }

    fn relation(&mut self, field: FieldPath, written: &Arc<str>, collections: &[Arc<str>]) {
        let (lang, default_lang) = (self.page.id.lang(), &self.config.site.language);
        let target = page_named(written, collections, lang, default_lang, self.reader);
        let (written, collections) = (Arc::clone(written), collections.to_vec());
        self.linked.relations.push(Relation { field, written, collections, target });
    }
}

/// Returns the page's own texts in the order in which it shows them.
///
/// What it shows of others' records is theirs to mention.
pub fn linkable_texts<'a>(page: &'a Page, collection: Option<&Collection>) -> Vec<ShownText<'a>> {
    static NO_RECORDS: LazyLock<ShownRecords> = LazyLock::new(ShownRecords::default);
    texts(Flow::new(page, &NO_RECORDS, collection))
}

/// Returns the texts of `flow` in the order in which the page shows them.
fn texts(flow: Flow<'_>) -> Vec<ShownText<'_>> {
    let mut texts = Vec::new();
    for item in flow.items {
        match item {
            FlowItem::Body => {
                texts.push(ShownText { place: MentionPlace::Body, body: flow.body });
            }
            FlowItem::Field(name, value, _) => {
                let mut path = vec![FieldStep::Name(Arc::clone(name))];
                push_texts(value, &mut path, &mut texts);
            }
            FlowItem::Inverse(_) => {}
        }
    }
    texts
}

fn push_texts<'a>(
    value: &'a FieldValue,
    path: &mut Vec<FieldStep>,
    texts: &mut Vec<ShownText<'a>>,
) {
    let mut below = |step: FieldStep, value: &'a FieldValue| {
        path.push(step);
        push_texts(value, path, texts);
        path.pop();
    };
    match value {
        FieldValue::Markdown(body) => {
            let place = MentionPlace::Field(FieldPath(path.clone()));
            texts.push(ShownText { place, body });
        }
        FieldValue::List(values) => {
            for (index, value) in values.iter().enumerate() {
                below(FieldStep::Index(index), value);
            }
        }
        FieldValue::Record(values) => {
            for (name, value) in values {
                below(FieldStep::Name(Arc::clone(name)), value);
            }
        }
        _ => {}
    }
}

/// Returns how often terms are linked in `page`.
fn autolink(page: &Page, config: &Config) -> Autolink {
    match (page.front.autolink, config.markdown.autolink) {
        (Some(false), _) => Autolink::Off,
        (Some(true), Autolink::Off) => Autolink::Page,
        (_, site) => site,
    }
}

/// Returns the components in which the theme links nothing, the unknown included.
fn unlinked_components(body: &Body, theme: &ThemeConfig) -> BTreeSet<usize> {
    let components = body.components.iter().enumerate();
    components
        .filter(|(_, call)| !theme.components.get(&*call.name).is_some_and(|c| c.links))
        .map(|(index, _)| index)
        .collect()
}

/// Returns the pages that the page says it is about.
fn about(collection: Option<&Collection>, linked: &LinkedPage) -> BTreeSet<PageId> {
    let Some(field) = collection.and_then(|c| c.field_with_role(Role::About)) else {
        return BTreeSet::new();
    };
    let stands_in = |relation: &&Relation| matches!(relation.field.0.first(), Some(FieldStep::Name(name)) if *name == field.name);
    let relations = linked.relations.iter().filter(stands_in);
    relations.filter_map(|relation| relation.target.page().cloned()).collect()
}

/// Returns which page each term of the page's `terms` means.
fn terms(linked: &LinkedPage) -> BTreeMap<Arc<str>, PageId> {
    let named = |relation: &Relation| match relation.field.0.as_slice() {
        [FieldStep::Name(field), FieldStep::Name(surface)] if &**field == "terms" => {
            Some((surface_key(surface), relation.target.page()?.clone()))
        }
        _ => None,
    };
    linked.relations.iter().filter_map(named).collect()
}

/// Returns the pages that the author's links lead to, each with the index of the
/// heading that the link stands under.
fn manual_links(body: &Body, targets: &[LinkTarget]) -> Vec<(Option<usize>, PageId)> {
    let links = body.links.iter().zip(targets);
    links
        .filter_map(|(link, target)| match target {
            LinkTarget::Page { id, .. } if link.kind != LinkKind::Embedded => {
                let before = |start: usize| start <= link.range.start;
                let headings = body.headings.partition_point(|heading| before(heading.range.start));
                Some((headings.checked_sub(1), id.clone()))
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::facts::FactKey;
    use crate::resolve::fixture::WrittenSite;

    fn site() -> WrittenSite {
        WrittenSite::new("")
            .page("people/jane.md", "---\nname: Jane Roe\n---\n")
            .page("treatments/nova.md", "---\ntitle: Nova\nbrands: [Novix®]\n---\n")
            .page("treatments/vega.md", "---\ntitle: Vega\n---\n")
    }

    /// Returns the texts of the links that terms of `articles/x` become.
    fn term_links(site: &WrittenSite) -> Vec<String> {
        let (page, linked) = site.linked("articles/x");
        linked.mentions.links().map(|(html, _)| page.body.html.get()[html].to_owned()).collect()
    }

    #[test]
    fn fields_are_looked_up_by_their_declared_types() {
        let text = "---\ntitle: X\nauthors: jane\nreviewers: [{person: Jane Roe}]\n\
            key_points: [\"See [it](../treatments/nova.md)\"]\nrelated: [treatments/vega]\n---\n";
        let (_, linked) = site().page("articles/x.md", text).linked("articles/x");
        let relations: Vec<String> = linked
            .relations
            .iter()
            .map(|relation| {
                let target = relation.target.page().map_or("nothing", PageId::path);
                format!("{} {target}", relation.field)
            })
            .collect();
        assert_eq!(
            relations,
            [
                "related[0] treatments/vega",
                "authors[0] people/jane",
                "reviewers[0].person people/jane",
            ]
        );
        assert_eq!(linked.fields.len(), 1);
        assert!(matches!(linked.fields[0].links[..], [LinkTarget::Page { .. }]));
    }

    #[test]
    fn terms_are_linked_as_page_and_configuration_ask() {
        let page = |fields: &str| {
            let text = format!(
                "---\ntitle: X\n{fields}\n---\nNovix and Vega.\n\n## Part\n\nNova and Vega.\n"
            );
            site().page("articles/x.md", &text)
        };
        assert_eq!(term_links(&page("")), ["Novix", "Vega"]);
        assert_eq!(term_links(&page("autolink: false")), [""; 0]);
        assert_eq!(term_links(&page("terms: {novix: treatments/vega}")), ["Novix", "Nova"]);

        let by_section = WrittenSite::new("[markdown]\nautolink = \"section\"\n")
            .page("treatments/nova.md", "---\ntitle: Nova\n---\n")
            .page("articles/x.md", "---\ntitle: X\n---\nNova nova\n\n## Part\n\nNova\n");
        assert_eq!(term_links(&by_section), ["Nova", "Nova"]);
    }

    #[test]
    fn a_link_that_shows_the_title_is_a_mention() {
        let text = "---\ntitle: X\n---\nHere. [[nova]] works. [](../treatments/vega.md) too.\n";
        let (_, linked) = site().page("articles/x.md", text).linked("articles/x");
        let passages = linked.mentions.passages.iter();
        let passages: Vec<_> =
            passages.map(|(id, passage)| (id.name(), &*passage.sentence, passage.count)).collect();
        assert_eq!(passages, [("nova", "Nova works.", 1), ("vega", "Vega too.", 1)]);
    }

    #[test]
    fn what_was_read_covers_terms_and_what_was_missing() {
        let text = "---\ntitle: X\nauthors: [nobody]\n---\nNovix [a](later.md)\n";
        let site = site().page("articles/x.md", text);
        let (page, linked) = site.linked("articles/x");
        let lang = page.id.lang();
        let surface = FactKey::Surface(lang.clone(), Arc::from("novix"));
        let name = FactKey::Name(lang.clone(), Arc::from("nobody"));
        for key in [surface, name] {
            assert!(linked.reads.contains(&key, &site.resolve().facts), "{key:?} was read");
        }
    }

    #[test]
    fn components_link_terms_where_the_theme_lets_them() {
        let of = |links: bool| {
            let theme = format!("[components.key-points]\nlinks = {links}\n");
            let text = "---\ntitle: X\n---\n::: key-points\nNova\n:::\n\nNOVA\n";
            term_links(&site().theme(&theme).page("articles/x.md", text))
        };
        assert_eq!(of(true), ["Nova"]);
        assert_eq!(of(false), ["NOVA"]);
    }
}
