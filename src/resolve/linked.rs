//! What one page's text leads to: its links, images, relations and mentions.
//!
//! A [`LinkedPage`] is made from a parsed page and the site's facts, and from
//! nothing else; it keeps the keys that were read, so that the page is linked
//! again when one of them changes. Rendering fills the body's holes from it, and
//! the rules judge it.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::page_id::PageId;
use crate::parse::FieldPath;
use crate::source::SourceId;

use super::flow::ShownRecords;
use super::links::{ImageTarget, LinkTarget};
use super::mentions::PageMentions;
use super::reader::Reads;

/// One page with everything that it points to looked up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LinkedPage {
    /// The targets of the body's links, in the order of [`crate::parse::Body::links`].
    pub links: Vec<LinkTarget>,
    /// The files of the body's images, in the order of [`crate::parse::Body::images`].
    pub images: Vec<ImageTarget>,
    /// The image that stands for the page.
    pub image: Option<ImageTarget>,
    /// The links and images of the Markdown fields, in the order in which the front
    /// matter holds them.
    pub fields: Vec<LinkedField>,
    /// Every place of the front matter that names a page, in order.
    pub relations: Vec<Relation>,
    /// The terms that the page mentions.
    pub mentions: PageMentions,
    /// The keys that were read, also those that had no facts.
    pub reads: Reads,
}

/// A page with everything looked up that it leads to and shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ResolvedPage {
    /// What it leads to.
    pub linked: LinkedPage,
    /// What it shows of other pages' records.
    pub shown: ShownRecords,
    /// The keys that were read for that.
    pub shown_reads: Reads,
}

/// A Markdown field with its links and images looked up.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkedField {
    /// Where the field stands.
    pub field: FieldPath,
    /// The targets of its links, in order.
    pub links: Vec<LinkTarget>,
    /// The files of its images, in order.
    pub images: Vec<ImageTarget>,
}

/// A value of the front matter that names a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Where the value stands.
    pub field: FieldPath,
    /// The value as written.
    pub written: Arc<str>,
    /// The collections that the page may belong to; any where the list is empty.
    pub collections: Vec<Arc<str>>,
    /// The page.
    pub target: RelationTarget,
}

/// The page that a field names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RelationTarget {
    /// This one.
    Page(PageId),
    /// Several pages answer to the name.
    Ambiguous(Vec<PageId>),
    /// None answers to it.
    Unknown,
}

impl LinkedPage {
    /// Returns the links and images of the Markdown field at `field`.
    pub fn field(&self, field: &FieldPath) -> Option<&LinkedField> {
        self.fields.iter().find(|linked| linked.field == *field)
    }

    /// Returns the files of the site that the page shows as images.
    pub fn image_files(&self) -> BTreeSet<&SourceId> {
        let fields = self.fields.iter().flat_map(|field| &field.images);
        let shown = self.images.iter().chain(&self.image).chain(fields);
        let files = shown.filter_map(|target| match target {
            ImageTarget::File { source, .. } => Some(source),
            _ => None,
        });
        files.collect()
    }

    /// Returns the page that the value at `field` names, where there is just one.
    pub fn relation(&self, field: &FieldPath) -> Option<&PageId> {
        self.relations
            .iter()
            .find(|relation| relation.field == *field)
            .and_then(|relation| relation.target.page())
    }
}

impl RelationTarget {
    /// Returns the page, where there is just one.
    pub fn page(&self) -> Option<&PageId> {
        match self {
            RelationTarget::Page(id) => Some(id),
            RelationTarget::Ambiguous(_) | RelationTarget::Unknown => None,
        }
    }
}
