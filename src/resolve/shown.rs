//! What a page shows of other pages' records: through components of its body, and
//! as the other side of their relations.

use std::sync::Arc;

use crate::config::theme::{ArgumentValue, Shown, ThemeConfig};
use crate::config::{Config, FieldType, Role};
use crate::ordered::IndexMap;
use crate::page_id::{Lang, PageId};
use crate::parse::Page;
use crate::parse::body::ComponentCall;
use crate::parse::page::FieldValue;

use super::facts::Card;
use super::flow::{
    ComponentRecords, InverseEntry, InverseRecords, ShownFields, ShownRecords, shown_order,
};
use super::linked::RelationTarget;
use super::names::page_named;
use super::reader::SiteReader;

/// Returns the records of other pages that `page` shows; a person's works, which need
/// the whole database, are left to [`super::publications`].
pub fn shown_records(
    page: &Page,
    config: &Config,
    theme: &ThemeConfig,
    reader: &SiteReader<'_>,
) -> ShownRecords {
    let components = page.body.components.iter();
    ShownRecords {
        components: components
            .map(|call| component_records(call, &page.id, config, theme, reader))
            .collect(),
        inverses: inverses(page, config, reader),
        publications: Vec::new(),
    }
}

fn component_records(
    call: &ComponentCall,
    page: &PageId,
    config: &Config,
    theme: &ThemeConfig,
    reader: &SiteReader<'_>,
) -> ComponentRecords {
    let shown = component_pages(call, page.lang(), config, theme, reader).into_iter();
    let pages = shown.map(|ComponentPage { argument, page, shows }| ShownFields {
        argument: Arc::from(argument),
        fields: shown_fields(&page, shows, config, reader),
        page,
    });
    ComponentRecords { pages: pages.collect() }
}

/// A page that an argument of a component names.
#[derive(Clone, Debug)]
pub struct ComponentPage<'a> {
    /// The argument.
    pub argument: &'a str,
    /// The page.
    pub page: PageId,
    /// What the component shows of it.
    pub shows: &'a [Shown],
}

/// Returns the pages that the arguments of `call`, on a page in the language `lang`, name, in
/// the order of the arguments.
pub fn component_pages<'a>(
    call: &ComponentCall,
    lang: &Lang,
    config: &Config,
    theme: &'a ThemeConfig,
    reader: &SiteReader<'_>,
) -> Vec<ComponentPage<'a>> {
    let Ok(component) = theme.component(&call.name) else { return Vec::new() };
    let pairs = call.attributes.pairs.iter();
    let (arguments, _) =
        component.read_call(&call.name, pairs.map(|pair| (&*pair.name, &*pair.value)));
    let mut pages = Vec::new();
    for (name, value) in &arguments {
        let written: &[Arc<str>] = match value {
            ArgumentValue::Page(written) => std::slice::from_ref(written),
            ArgumentValue::Pages(written) => written,
            _ => continue,
        };
        let Some((argument, declared)) = component.args.get_key_value(name) else { continue };
        let collections: Vec<Arc<str>> =
            declared.collections.iter().map(|c| Arc::from(c.as_str())).collect();
        let shows = component.shows.get(name).map(Vec::as_slice).unwrap_or_default();
        for written in written {
            let target = page_named(written, &collections, lang, &config.site.language, reader);
            if let RelationTarget::Page(page) = target {
                pages.push(ComponentPage { argument, page, shows });
            }
        }
    }
    pages
}

fn shown_fields(
    target: &PageId,
    shows: &[Shown],
    config: &Config,
    reader: &SiteReader<'_>,
) -> Vec<(Arc<str>, FieldValue)> {
    let card = reader.card(target);
    let collection = card
        .and_then(|card| card.collection.as_ref())
        .and_then(|name| config.collections.get(name));
    let (Some(collection), Some(fields)) = (collection, reader.fields(target)) else {
        return Vec::new();
    };
    let mut shown: IndexMap<Arc<str>, FieldValue> = IndexMap::default();
    for show in shows {
        let names = collection.fields.values().filter(|field| match show {
            Shown::Field(name) => *field.name == **name,
            Shown::Role(role) => field.role == Some(*role),
        });
        for field in names {
            let value = fields.get(&field.name).map_or(FieldValue::Null, |value| match value {
                FieldValue::List(_) => {
                    let ordered = shown_order(value, Some(field));
                    FieldValue::List(ordered.into_iter().cloned().collect())
                }
                single => single.clone(),
            });
            shown.entry(Arc::clone(&field.name)).or_insert(value);
        }
    }
    shown.into_iter().collect()
}

/// Returns the inverses under which other pages name `page`: every inverse that a
/// field leading to its collection declares.
fn inverses(page: &Page, config: &Config, reader: &SiteReader<'_>) -> Vec<InverseRecords> {
    let Some(collection) = &page.collection else { return Vec::new() };
    inverse_names(collection, config)
        .into_iter()
        .filter_map(|name| inverse_records(&page.id, name, config, reader))
        .collect()
}

/// Returns the records that name the page `id` under the inverse `name`; of a page in
/// several languages those of the one in the language of `id`, or else of the first.
///
/// Each has the date of the relation, as a review does; what somebody wrote has its own.
pub fn inverse_records(
    id: &PageId,
    name: Arc<str>,
    config: &Config,
    reader: &SiteReader<'_>,
) -> Option<InverseRecords> {
    let related = reader.related(id, &name);
    let one_each = related.chunk_by(|(one, _), (other, _)| one.path() == other.path());
    let one_each = one_each.map(|alike| {
        let own = alike.iter().find(|(from, _)| from.lang() == id.lang());
        own.unwrap_or(&alike[0])
    });
    let mut pages: Vec<_> = one_each
        .filter_map(|(from, fact)| {
            let card = reader.card(from)?;
            let written =
                is_byline(card, &fact.field, config).then_some(card.date.or(card.updated));
            let entry = InverseEntry {
                page: PageId::clone(from),
                field: Arc::clone(&fact.field),
                records: fact.records.clone(),
                date: fact.date.or(written.flatten()),
            };
            Some((card.title.to_lowercase(), entry))
        })
        .collect();
    // The newest first where the relation has a date.
    pages.sort_by(|(title_a, a), (title_b, b)| {
        b.date.cmp(&a.date).then_with(|| title_a.cmp(title_b)).then_with(|| a.page.cmp(&b.page))
    });
    let pages: Vec<InverseEntry> = pages.into_iter().map(|(_, entry)| entry).collect();
    (!pages.is_empty()).then_some(InverseRecords { name, pages })
}

/// Tells whether the field of the page says who wrote it.
fn is_byline(card: &Card, field: &str, config: &Config) -> bool {
    let collection = card.collection.as_ref().and_then(|name| config.collections.get(name));
    let field = collection.and_then(|collection| collection.fields.get(field));
    field.is_some_and(|field| field.role == Some(Role::Author))
}

/// Returns the names under which pages of `collection` list who names them, in the
/// order of declaration.
pub fn inverse_names(collection: &str, config: &Config) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for other in config.collections.values() {
        for field in other.fields.values() {
            push_inverses(&field.ty, field.inverse.as_ref(), collection, &mut names);
        }
    }
    names
}

fn push_inverses(
    ty: &FieldType,
    inverse: Option<&Arc<str>>,
    collection: &str,
    names: &mut Vec<Arc<str>>,
) {
    match ty {
        FieldType::Page { collections, .. } => {
            let leads_here =
                collections.is_empty() || collections.iter().any(|name| **name == *collection);
            if let Some(inverse) = inverse.filter(|name| leads_here && !names.contains(name)) {
                names.push(Arc::clone(inverse));
            }
        }
        FieldType::List(item) => push_inverses(item, inverse, collection, names),
        FieldType::Record(fields) => {
            for field in fields.values() {
                push_inverses(&field.ty, field.inverse.as_ref(), collection, names);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::Bibliography;
    use crate::resolve::fixture::WrittenSite;

    #[test]
    fn of_a_page_in_several_languages_one_is_listed() {
        let about = "---\ntitle: X\nabout: [aa]\n---\n";
        let site = WrittenSite::new("[languages.de]\n[languages.fr]\n")
            .page("conditions/aa.md", "---\ntitle: AA\n---\n")
            .page("conditions/aa.fr.md", "---\ntitle: PA\n---\n")
            .page("articles/x.md", about)
            .page("articles/x.de.md", about)
            .page("articles/x.fr.md", about)
            .page("articles/y.de.md", about);
        let mut resolved = site.resolve();
        site.finish(&mut resolved, &Bibliography::default());
        let listed = |lang: &str| {
            let reader = SiteReader::new(&resolved);
            let id = PageId::new("conditions/aa", crate::page_id::Lang::new(lang));
            let names = inverse_names("conditions", &site.config).into_iter();
            let found = names.filter_map(|name| inverse_records(&id, name, &site.config, &reader));
            let pages = found.flat_map(|records| records.pages);
            pages.map(|entry| format!("{:?}", entry.page)).collect::<Vec<_>>()
        };
        assert_eq!(listed("en"), ["articles/x[en]", "articles/y[de]"]);
        assert_eq!(listed("fr"), ["articles/x[fr]"]);
    }
}
