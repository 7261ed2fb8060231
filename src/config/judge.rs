//! What the tables of `book.toml` say about each other: names that must exist, and
//! what cannot stand together.

use std::sync::Arc;

use super::collection::{Collection, Field, FieldType, Sort};
use super::settings::NavItem;
use super::{Config, locate, locate_key};
use crate::diagnostic::{Diagnostic, nearest, structural};
use crate::ordered::IndexMap;
use crate::source::Source;
use crate::url::encoded_path_fault;

/// Returns what in `config` does not fit together; the places are those of `source`.
pub(super) fn judge(config: &Config, source: &Source) -> Vec<Diagnostic> {
    let mut judge = Judge { source, found: Vec::new() };
    for collection in config.collections.values() {
        judge.collection(collection, config);
    }
    for (index, item) in config.nav.iter().enumerate() {
        judge.nav(item, vec!["nav".to_owned(), index.to_string()]);
    }
    let redirected = config.redirects.keys();
    for (old, fault) in redirected.filter_map(|old| Some((old, encoded_path_fault(old)?))) {
        let span = locate_key(source, &["redirects", old]);
        let message = format!("`{old}` cannot be a URL of this site: {fault}");
        judge.found.push(
            Diagnostic::new(&structural::CONFIG_TYPE, span, message)
                .with_help("write a path such as `/old/`"),
        );
    }
    if config.languages.contains_key(&config.site.language) {
        let language = config.site.language.as_str();
        let message = format!("`{language}` is the site's own language: `site.language` names it");
        judge.wrong(&["languages", language], message, None);
    }
    judge.found
}

struct Judge<'a> {
    source: &'a Source,
    found: Vec<Diagnostic>,
}

impl Judge<'_> {
    fn wrong(&mut self, path: &[&str], message: String, suggestion: Option<&str>) {
        let span = locate(self.source, path);
        let diagnostic = Diagnostic::new(&structural::CONFIG_TYPE, span, message);
        self.found.push(diagnostic.with_suggestion(suggestion));
    }

    fn collection(&mut self, collection: &Collection, config: &Config) {
        let name = &*collection.name;
        let field = &*collection.sort.field;
        if !Sort::OF_EVERY_PAGE.contains(&field) && !collection.fields.contains_key(field) {
            let known = Sort::OF_EVERY_PAGE.iter().copied();
            let known = known.chain(collection.fields.keys().map(|name| &**name));
            let message = format!("pages in {name} have no field `{field}` to be sorted by");
            self.wrong(&["collections", name, "sort"], message, nearest(field, known));
        }
        for other in config.collections.values().take_while(|other| other.name != collection.name) {
            if other.folder.trim_matches('/') == collection.folder.trim_matches('/') {
                let message = format!(
                    "`{name}` and `{}` are both in the folder `{}`",
                    other.name, collection.folder
                );
                self.wrong(&["collections", name, "folder"], message, None);
            }
        }
        for shadow in collection.fields.keys().filter(|name| config.page_fields.contains_key(*name))
        {
            let message = format!("every page has a field `{shadow}` already");
            self.wrong(&["collections", name, "fields", shadow], message, None);
        }
        let mut path = vec!["collections", name];
        self.targets(&collection.fields, &mut path, config);
    }

    /// Judges the collections that the fields point to.
    fn targets<'f>(
        &mut self,
        fields: &'f IndexMap<Arc<str>, Field>,
        path: &mut Vec<&'f str>,
        config: &Config,
    ) {
        path.push("fields");
        for (name, field) in fields {
            path.push(name);
            match field.ty.innermost() {
                FieldType::Page { collections, .. } => {
                    let unknown =
                        collections.iter().filter(|name| !config.collections.contains_key(*name));
                    for target in unknown {
                        let known = config.collections.keys().map(|name| &**name);
                        let message = format!("there is no collection `{target}`");
                        self.wrong(path, message, nearest(target, known));
                    }
                }
                FieldType::Record(record) => self.targets(record, path, config),
                _ => {}
            }
            path.pop();
        }
        path.pop();
    }

    fn nav(&mut self, item: &NavItem, path: Vec<String>) {
        if item.target.is_none() && item.children.is_empty() {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let message = "this entry of the menu has neither `page` nor `url` nor `children`";
            self.wrong(&path, message.to_owned(), None);
        }
        for (index, child) in item.children.iter().enumerate() {
            let mut path = path.clone();
            path.extend(["children".to_owned(), index.to_string()]);
            self.nav(child, path);
        }
    }
}
