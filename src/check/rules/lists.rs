//! Lists in front matter that ask for what there is not.

use std::sync::Arc;

use jiff::civil::Date;

use crate::check::lint::{Check, CheckedPage, Findings, Lint};
use crate::check::suggest::nearest_name;
use crate::config::{Collection, FieldType, ListQuery, Sort};
use crate::diagnostic::{Diagnostic, Rule, nearest, structural};
use crate::parse::FieldPath;
use crate::parse::front_matter::locate_key;
use crate::resolve::linked::RelationTarget;
use crate::resolve::lists::{FILTERS, named_collections};
use crate::resolve::names::page_named;
use crate::source::Span;

/// Lists of an unknown collection, or by a field or value that its pages do not have.
pub(super) static LISTS: Lint = Lint { rule: &structural::FM_TYPE, check: Check::Page(lists) };

fn lists(checked: &CheckedPage<'_>, findings: &mut Findings) {
    for (name, query) in &checked.page.front.lists {
        let path = FieldPath::field("lists").name(Arc::clone(name));
        List { checked, query, path }.judge(findings);
    }
}

/// One list under judgement.
struct List<'c, 'a> {
    checked: &'c CheckedPage<'a>,
    query: &'a ListQuery,
    /// Where it stands.
    path: FieldPath,
}

impl List<'_, '_> {
    fn judge(&self, findings: &mut Findings) {
        let collections = &self.checked.of.config.collections;
        let wanted = &self.query.collection;
        let Some(collection) = collections.get(wanted) else {
            let message = format!("there is no collection `{wanted}`");
            let suggestion = nearest(wanted, collections.keys().map(|name| &**name));
            let found = self.wrong(&structural::FM_TYPE, &["collection"], message);
            return findings.report(found.with_suggestion(suggestion));
        };
        if let Some(sort) = &self.query.sort {
            self.sort(&Sort::parse(sort), collection, findings);
        }
        for (field, wanted) in &self.query.filter {
            self.filter(field, wanted, collection, findings);
        }
    }

    fn wrong(&self, rule: &'static Rule, steps: &[&str], message: String) -> Diagnostic {
        let path = steps.iter().fold(self.path.clone(), |path, step| path.name(*step));
        Diagnostic::new(rule, self.checked.field_span(&path), message)
    }

    fn sort(&self, sort: &Sort, collection: &Collection, findings: &mut Findings) {
        let field = &*sort.field;
        if Sort::OF_EVERY_PAGE.contains(&field) || collection.fields.contains_key(field) {
            return;
        }
        let name = &collection.name;
        let message = format!("pages in {name} have no field `{field}` to be sorted by");
        let sign = if sort.descending { "-" } else { "" };
        let suggestion = nearest_field(field, Sort::OF_EVERY_PAGE, collection);
        findings.report(
            self.wrong(&structural::FM_TYPE, &["sort"], message)
                .with_suggestion(suggestion.map(|field| format!("{sign}{field}"))),
        );
    }

    fn filter(&self, name: &str, wanted: &str, collection: &Collection, findings: &mut Findings) {
        let steps = ["filter", name];
        let Some(field) = collection.fields.get(name) else {
            let of_card = FILTERS.iter().find(|filter| filter.name == name);
            if let Some(filter) = of_card {
                if filter.is_date() {
                    self.typed(&steps, wanted, &FieldType::Date, findings);
                }
            } else {
                let message =
                    format!("pages in {} have no field `{name}` to be chosen by", collection.name);
                let of_all: Vec<&str> = FILTERS.iter().map(|filter| filter.name).collect();
                let suggestion = nearest_field(name, &of_all, collection);
                let path = self.path.clone().name("filter").name(name);
                let span = match self.checked.page.written_in(&path) {
                    (source, Some(yaml)) => locate_key(source, yaml, &path),
                    (source, None) => Span::file(source.id.clone()),
                };
                let found = Diagnostic::new(&structural::FM_TYPE, span, message);
                findings.report(found.with_suggestion(suggestion));
            }
            return;
        };
        if let FieldType::Enum(words) = field.ty.innermost()
            && !words.iter().any(|word| **word == *wanted)
        {
            let message = format!("`{name}` is never `{wanted}`");
            let found = self.wrong(&structural::FM_TYPE, &steps, message);
            findings
                .report(found.with_suggestion(nearest(wanted, words.iter().map(|word| &**word))));
        }
        match named_collections(&field.ty) {
            Some(collections) => self.page(&steps, wanted, collections, findings),
            None => self.typed(&steps, wanted, field.ty.innermost(), findings),
        }
    }

    /// Reports a value that no field of the type `ty` can have.
    fn typed(&self, steps: &[&str], wanted: &str, ty: &FieldType, findings: &mut Findings) {
        let name = steps.last().copied().unwrap_or_default();
        let (fits, what) = match ty {
            FieldType::Integer => (wanted.parse::<i64>().is_ok(), "a whole number"),
            FieldType::Number => (wanted.parse::<f64>().is_ok(), "a number"),
            FieldType::Date => (wanted.parse::<Date>().is_ok(), "a date such as 2027-01-15"),
            FieldType::Boolean => {
                let is_one = |word: &&str| wanted.eq_ignore_ascii_case(word);
                (["true", "false"].iter().any(is_one), "`true` or `false`")
            }
            FieldType::Markdown | FieldType::Citation | FieldType::Ids | FieldType::Record(_) => {
                let message =
                    format!("pages cannot be chosen by `{name}`, which is no plain value");
                return findings.report(self.wrong(&structural::FM_TYPE, steps, message));
            }
            _ => return,
        };
        if !fits {
            let message = format!("`{name}` is {what}, never `{wanted}`");
            findings.report(self.wrong(&structural::FM_TYPE, steps, message));
        }
    }

    fn page(
        &self,
        steps: &[&str],
        wanted: &str,
        collections: &[Arc<str>],
        findings: &mut Findings,
    ) {
        let lang = self.checked.page.id.lang();
        let default_lang = &self.checked.of.config.site.language;
        let message = match page_named(wanted, collections, lang, default_lang, self.checked.reader)
        {
            RelationTarget::Page(_) => return,
            RelationTarget::Unknown => format!("there is no page `{wanted}`"),
            RelationTarget::Ambiguous(pages) => {
                format!("`{wanted}` is a name of {} pages", pages.len())
            }
        };
        findings.looked_everywhere();
        let found = self.wrong(&structural::RELATION_UNKNOWN, steps, message);
        let suggestion = nearest_name(self.checked.of.site, lang, collections, wanted);
        findings.report(found.with_suggestion(suggestion));
    }
}

/// Returns the field that was likely meant.
fn nearest_field<'a>(
    written: &str,
    of_all: &[&'a str],
    collection: &'a Collection,
) -> Option<&'a str> {
    let own = collection.fields.keys().map(|name| &**name);
    nearest(written, of_all.iter().copied().chain(own))
}

#[cfg(test)]
mod tests {
    use crate::check::fixture::TestSite;

    #[test]
    fn a_list_asks_for_what_there_is() {
        let found = |list: &str| {
            let site = TestSite::new("")
                .page("people/ann.md", "---\nname: Ann Lee\n---\n")
                .page("a.md", &format!("---\ntitle: A\nlists: {{l: {{{list}}}}}\n---\n"));
            [site.findings("fm-type"), site.findings("relation-unknown")].concat()
        };
        assert_eq!(
            found("collection: artcles"),
            ["a.md:3:25 there is no collection `artcles` | did you mean `articles`?"]
        );
        assert_eq!(
            found("collection: articles, sort: -dat"),
            ["a.md:3:41 pages in articles have no field `dat` to be sorted by \
                | did you mean `-date`?"]
        );
        assert_eq!(
            found("collection: articles, filter: {autors: ann}"),
            ["a.md:3:44 pages in articles have no field `autors` to be chosen by \
                | did you mean `authors`?"]
        );
        assert_eq!(
            found("collection: articles, filter: {audience: patient}"),
            ["a.md:3:54 `audience` is never `patient` | did you mean `patients`?"]
        );
        assert_eq!(
            found("collection: articles, filter: {authors: anm}"),
            ["a.md:3:53 there is no page `anm` | did you mean `ann`?"]
        );
        for (filter, message) in [
            ("date: soon", "`date` is a date such as 2027-01-15, never `soon`"),
            ("next_review: 2027", "`next_review` is a date such as 2027-01-15, never `2027`"),
            (
                "disclosures: none",
                "pages cannot be chosen by `disclosures`, which is no plain value",
            ),
        ] {
            let found = found(&format!("collection: articles, filter: {{{filter}}}"));
            assert!(found.len() == 1 && found[0].ends_with(message), "{found:?}");
        }
        let right = "collection: articles, sort: -reviewed, \
                     filter: {authors: Ann Lee, reviewers: ann, tags: x, audience: patients}";
        assert_eq!(found(right), [""; 0]);
    }
}
