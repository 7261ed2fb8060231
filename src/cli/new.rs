//! `galen new`: starts a page with its front matter.

use clap::Args;
use jiff::civil::Date;

use crate::config::{Collection, Config, Field, FieldType, Role};
use crate::diagnostic::nearest;
use crate::url::slug;
use crate::write;

use super::session::{Failure, Outcome, Session};

/// The word for a page that is in no collection.
const STAND_ALONE: &str = "page";

/// The arguments of `galen new`.
#[derive(Debug, Args)]
pub(super) struct New {
    /// What to start: a collection by its name or singular (`article`), or `page`
    #[arg(value_name = "KIND")]
    kind: String,
    /// The page's title, or the person's name; the file is named after it
    title: String,
}

impl New {
    pub(super) fn run(self, session: &Session) -> Result<Outcome, Failure> {
        let (config, _) = session.config()?;
        let collection = collection(&config, &self.kind)?;
        let slug = slug(&self.title, config.build.slugs);
        if slug.is_empty() {
            let message = format!("`{}` holds no letter or digit to name a file by", self.title);
            return Err(Failure::Usage(message));
        }
        let folder = match collection.map(|collection| collection.folder.trim_matches('/')) {
            Some(folder) if !folder.is_empty() => format!("content/{folder}"),
            _ => "content".to_owned(),
        };
        let path = session.root.join(&folder).join(format!("{slug}.md"));
        let text = page(collection, &self.title, session.today()?);
        write::create_file(&path, &text, false)?;
        session.terminal.say(&format!("wrote `{}`", path.display()));
        Ok(Outcome::Clean)
    }
}

/// Returns the collection that `kind` names; `None` for a stand-alone page.
fn collection<'a>(config: &'a Config, kind: &str) -> Result<Option<&'a Collection>, Failure> {
    let is_meant = |collection: &&Collection| {
        collection.name.eq_ignore_ascii_case(kind) || collection.singular.eq_ignore_ascii_case(kind)
    };
    if let Some(collection) = config.collections.values().find(is_meant) {
        return Ok(Some(collection));
    }
    if kind.eq_ignore_ascii_case(STAND_ALONE) {
        return Ok(None);
    }
    let singulars = config.collections.values().map(|collection| collection.singular.as_str());
    let kinds: Vec<&str> = singulars.chain([STAND_ALONE]).collect();
    let suggestion = nearest(kind, kinds.iter().copied()).map_or_else(
        || format!("there are: {}", kinds.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    Err(Failure::Usage(format!("there is no collection `{kind}`; {suggestion}")))
}

/// Returns a new page: the fields that it needs, and those it usually has as comments.
fn page(collection: Option<&Collection>, title: &str, today: Date) -> String {
    let is_person = collection.is_some_and(|collection| collection.people);
    let name_field = if is_person { "name" } else { "title" };
    let quoted = serde_json::Value::from(title);
    let mut yaml = format!("{name_field}: {quoted}\ndescription: \"\"\n");
    if !is_person {
        yaml.push_str(&format!("date: {today}\n"));
    }
    let fields = collection.into_iter().flat_map(|collection| collection.fields.values());
    for field in fields.filter(|field| &*field.name != name_field) {
        if field.required {
            yaml.push_str(&format!("{}: {}\n", field.name, example(field, today)));
        } else if is_usual(field, is_person) {
            yaml.push_str(&format!("# {}: {}\n", field.name, example(field, today)));
        }
    }
    format!("---\n{yaml}---\n\n")
}

/// Tells whether most pages of a collection have the field.
fn is_usual(field: &Field, is_person: bool) -> bool {
    let plain = matches!(field.ty, FieldType::Text | FieldType::Enum(_));
    field.surface
        || is_person && plain
        || matches!(
            field.role,
            Some(
                Role::Author
                    | Role::Reviewer
                    | Role::NextReview
                    | Role::About
                    | Role::Category
                    | Role::KeyPoints
                    | Role::Disclosure
                    | Role::Credentials
            )
        )
}

/// Returns a value of the field's type, as YAML in one line.
fn example(field: &Field, today: Date) -> String {
    value(&field.ty, &field.name, today)
}

fn value(ty: &FieldType, name: &str, today: Date) -> String {
    match ty {
        FieldType::Text | FieldType::Markdown | FieldType::Surface | FieldType::Any => {
            "\"\"".to_owned()
        }
        FieldType::Date => today.to_string(),
        FieldType::Boolean => "false".to_owned(),
        FieldType::Integer | FieldType::Number => "0".to_owned(),
        FieldType::Enum(words) => words.first().map_or("\"\"", |word| word).to_owned(),
        FieldType::Page { collections, .. } => match collections.first() {
            Some(collection) => format!("id-in-{collection}"),
            None => "page-id".to_owned(),
        },
        FieldType::Citation => "citation-key".to_owned(),
        FieldType::Ids => "{}".to_owned(),
        FieldType::Map(item) => format!("{{{name}: {}}}", value(item, name, today)),
        FieldType::List(item) => format!("[{}]", value(item, name, today)),
        FieldType::Record(fields) => {
            let pairs = fields
                .values()
                .filter(|field| field.required || field.role.is_some() || fields.len() <= 4)
                .map(|field| format!("{}: {}", field.name, value(&field.ty, &field.name, today)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::constant(2027, 6, 1)
    }

    #[test]
    fn a_collection_is_named_by_its_name_or_singular() {
        let config = Config::default();
        let named = |kind| collection(&config, kind).unwrap().map(|found| &*found.name);
        assert_eq!(named("article"), Some("articles"));
        assert_eq!(named("Articles"), Some("articles"));
        assert_eq!(named("page"), None);
        let failure = collection(&config, "artcle").unwrap_err().to_string();
        assert_eq!(failure, "there is no collection `artcle`; did you mean `article`?");
    }

    #[test]
    fn an_article_starts_with_what_articles_usually_have() {
        let config = Config::default();
        let text = page(config.collections.get("articles"), "What \"JAK\" is", today());
        let expected = r#"---
title: "What \"JAK\" is"
description: ""
date: 2027-06-01
# authors: [id-in-people]
# next_review: 2027-06-01
# about: [page-id]
# key_points: [""]
# disclosures: ""
# reviewers: [{person: id-in-people, date: 2027-06-01}]
---

"#;
        assert_eq!(text, expected);
    }

    #[test]
    fn a_person_has_a_name_and_no_date() {
        let config = Config::default();
        let text = page(config.collections.get("people"), "Ada", today());
        assert!(text.starts_with("---\nname: \"Ada\"\ndescription: \"\"\n"), "{text}");
        assert!(!text.contains("\nname: \"\"") && !text.contains("date:"), "{text}");
    }
}
