//! Collections as data: which fields a kind of page has, and what they mean.
//!
//! A preset and a site's `book.toml` are read into the same [`Collection`]s, and
//! nothing else in the program knows a collection by name. What the engine has to
//! know about a field it learns from the field's type and [`Role`].

use std::sync::Arc;

use crate::ordered::IndexMap;

/// One kind of page, such as the articles or the people of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    /// The name, which is also the table's name in `book.toml`.
    pub name: Arc<str>,
    /// The folder below `content/`.
    pub folder: String,
    /// What the collection is called as a whole, such as "Conditions".
    pub title: String,
    /// What one of its pages is called, such as "condition".
    pub singular: String,
    /// The URL of a page, with `{slug}`, `{section}`, `{year}`, `{month}`, `{day}` filled in;
    /// an empty part takes its slash with it.
    pub permalink: String,
    /// How its pages are ordered where no `weight` says otherwise.
    pub sort: Sort,
    /// How many pages one page of its listing shows; all when `None`.
    pub paginate_by: Option<usize>,
    /// Whether a reviewer and a review date are expected.
    pub reviewed: bool,
    /// Whether an author is expected.
    pub bylined: bool,
    /// Whether its pages show the tree of the collection.
    pub sidebar: bool,
    /// Whether its pages appear in the feed.
    pub feed: bool,
    /// Whether its pages are entities, whose surfaces other pages' text links to.
    pub entity: bool,
    /// Whether its pages are people or organisations, who write and review.
    pub people: bool,
    /// The template of its pages.
    pub template: String,
    /// The schema.org type of what a page describes, such as `MedicalCondition`.
    pub schema_type: Option<String>,
    /// The schema.org type of the page itself, such as `MedicalWebPage`.
    pub page_type: Option<String>,
    /// The fields beyond those that every page has, by name.
    pub fields: IndexMap<Arc<str>, Field>,
    /// The order in which a page shows its fields; `body` stands for the body, the
    /// inverse of a relation for the records of the pages that name this one.
    ///
    /// Citations are numbered in this order. A field that is not listed is not
    /// shown by the page itself (a component may still show it).
    pub display: Vec<Arc<str>>,
}

/// The order of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The field to compare; `title`, `date`, `updated` or a field of the collection.
    pub field: Arc<str>,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// One field of a collection or of a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name, as authors write it.
    pub name: Arc<str>,
    /// The type of its value.
    pub ty: FieldType,
    /// Whether a page without it is an error.
    pub required: bool,
    /// What the engine may take it for.
    pub role: Option<Role>,
    /// Whether its values are names by which text mentions the page.
    pub surface: bool,
    /// Whether cards of the page, such as those in lists, hold its short texts.
    pub card: bool,
    /// The name under which the target of the relation lists the pages that name it.
    pub inverse: Option<Arc<str>>,
    /// What readers see as its name.
    pub label: Option<String>,
    /// The schema.org types of what pages with one of an enumeration's words describe, in the
    /// place of the collection's.
    pub schema_types: IndexMap<Arc<str>, String>,
}

/// The type of a field's value. A scalar is accepted where a list is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldType {
    /// Plain text; numbers keep their source text.
    Text,
    /// Markdown that may cite.
    Markdown,
    /// An ISO 8601 calendar date.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A decimal number, kept as it was written.
    Number,
    /// One of these words.
    Enum(Vec<Arc<str>>),
    /// The id of a page in one of these collections; any page where the list is empty.
    Page {
        /// The collections to look in.
        collections: Vec<Arc<str>>,
        /// Whether a title that no page has makes a page in the first collection.
        create: bool,
    },
    /// A citation key, a list of keys, or a quoted Pandoc citation.
    Citation,
    /// A name by which text mentions the page, or a record that qualifies one.
    Surface,
    /// Identifiers by scheme.
    Ids,
    /// Several values of one type.
    List(Box<FieldType>),
    /// Values of one type under names of the author's choice.
    Map(Box<FieldType>),
    /// Named values.
    Record(IndexMap<Arc<str>, Field>),
    /// Anything, handed to the templates as it is.
    Any,
}

/// What the engine may take a field for, whatever the collection calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Who wrote the page.
    Author,
    /// Who reviewed the page, in a record with a date or as bare ids.
    Reviewer,
    /// A warning that is shown before anything else about harm.
    Notice,
    /// Records of what studies found.
    Evidence,
    /// Harms with their frequency.
    Effects,
    /// Approvals by an authority, with date and source.
    Approval,
    /// Names under which a trademark owner sells it.
    Brand,
    /// What the page is about.
    About,
    /// What the page belongs to, such as a class.
    Category,
    /// What else could be chosen in its place.
    Alternative,
    /// Works of a person.
    Publications,
    /// Conflicts of interest.
    Disclosure,
    /// The history of changes.
    Changes,
    /// Questions with answers.
    Questions,
    /// The points that matter most.
    KeyPoints,
    /// The date of the review, common to all reviewers that give none.
    Reviewed,
    /// The date by which the page is to be reviewed again.
    NextReview,
    /// What qualifies a person.
    Credentials,
    /// The date on which a person left.
    Former,
    /// A picture that stands for the page where it has no other, such as a photograph.
    Image,
}

impl Role {
    /// Every role by the word that configuration uses for it.
    pub const ALL: &[(&str, Role)] = &[
        ("author", Role::Author),
        ("reviewer", Role::Reviewer),
        ("notice", Role::Notice),
        ("evidence", Role::Evidence),
        ("effects", Role::Effects),
        ("approval", Role::Approval),
        ("brand", Role::Brand),
        ("about", Role::About),
        ("category", Role::Category),
        ("alternative", Role::Alternative),
        ("publications", Role::Publications),
        ("disclosure", Role::Disclosure),
        ("changes", Role::Changes),
        ("questions", Role::Questions),
        ("key-points", Role::KeyPoints),
        ("reviewed", Role::Reviewed),
        ("next-review", Role::NextReview),
        ("credentials", Role::Credentials),
        ("former", Role::Former),
        ("image", Role::Image),
    ];

    /// Returns the word that configuration and templates use for the role.
    pub fn word(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, role)| *role == self);
        known.map(|(word, _)| *word).expect("every role has its word")
    }
}

impl Sort {
    /// The fields of every page that can be sorted by, beside those of a collection.
    pub const OF_EVERY_PAGE: &[&str] = &["title", "date", "updated", "reviewed", "weight"];

    /// Returns the order that configuration writes as `date` or, for the greatest
    /// first, `-date`.
    pub fn parse(text: &str) -> Self {
        match text.strip_prefix('-') {
            Some(field) => Self { field: Arc::from(field), descending: true },
            None => Self { field: Arc::from(text), descending: false },
        }
    }

    /// Tells whether titles are compared.
    pub fn is_by_title(&self) -> bool {
        matches!(&*self.field, "title" | "name")
    }

    /// Tells whether it is the order of the alphabet.
    pub fn is_alphabetical(&self) -> bool {
        self.is_by_title() && !self.descending
    }
}

impl Field {
    /// Returns a field of the type `ty` with nothing else said about it.
    pub fn new(name: impl Into<Arc<str>>, ty: FieldType) -> Self {
        Self {
            name: name.into(),
            ty,
            required: false,
            role: None,
            surface: false,
            card: false,
            inverse: None,
            label: None,
            schema_types: IndexMap::default(),
        }
    }
}

impl FieldType {
    /// Returns the type of the items, through lists and maps.
    pub fn innermost(&self) -> &FieldType {
        match self {
            FieldType::List(item) | FieldType::Map(item) => item.innermost(),
            other => other,
        }
    }

    /// Returns the type of a list's items; a scalar's own.
    pub fn item(&self) -> &FieldType {
        match self {
            FieldType::List(item) => item,
            other => other,
        }
    }

    /// Returns the type of the items, through lists and maps, to be changed.
    pub(super) fn innermost_mut(&mut self) -> &mut FieldType {
        match self {
            FieldType::List(item) | FieldType::Map(item) => item.innermost_mut(),
            other => other,
        }
    }
}

impl Collection {
    /// Returns a collection with the defaults for the name `name` and no fields.
    pub fn named(name: &Arc<str>) -> Self {
        let title: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
        Self {
            name: Arc::clone(name),
            folder: name.to_string(),
            title: title + &name.chars().skip(1).collect::<String>(),
            singular: name.strip_suffix('s').unwrap_or(name).to_owned(),
            permalink: format!("/{name}/{{section}}/{{slug}}/"),
            sort: Sort::parse("title"),
            paginate_by: None,
            reviewed: false,
            bylined: false,
            sidebar: false,
            feed: false,
            entity: false,
            people: false,
            template: "page.html".to_owned(),
            schema_type: None,
            page_type: None,
            fields: IndexMap::default(),
            display: vec![Arc::from("body")],
        }
    }

    /// Returns the first field with `role`.
    pub fn field_with_role(&self, role: Role) -> Option<&Field> {
        self.fields.values().find(|field| field.role == Some(role))
    }
}
