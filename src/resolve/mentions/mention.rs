//! What a page mentions.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::page_id::PageId;
use crate::parse::FieldPath;
use crate::parse::text::{Extent, Linkable};
use crate::resolve::facts::Passage;

/// The mentions of one page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageMentions {
    /// Every mention, in the order in which the page shows them.
    pub mentions: Vec<Mention>,
    /// How the page speaks of each entity that it mentions, itself excepted.
    pub passages: BTreeMap<PageId, Arc<Passage>>,
}

/// One place where the text names an entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// The text that it stands in.
    pub place: MentionPlace,
    /// The folded surface that matched; plural forms go by their singular.
    pub surface: Arc<str>,
    /// The place in that text's plain text.
    pub plain: Extent,
    /// What became of it.
    pub outcome: MentionOutcome,
}

/// The text that a mention stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MentionPlace {
    /// The page's body.
    Body,
    /// A Markdown field.
    Field(FieldPath),
}

/// What became of a mention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MentionOutcome {
    /// It becomes a link.
    Linked {
        /// The page that it leads to.
        target: PageId,
        /// The text of the link in the body's HTML.
        html: Extent,
    },
    /// It stays text.
    Skipped {
        /// The page that it names.
        target: PageId,
        /// Why it stays text.
        reason: SkipReason,
    },
    /// It names several pages, and nothing on the page says which is meant.
    Ambiguous {
        /// The pages, by id.
        candidates: Vec<PageId>,
    },
}

/// Why a mention stays text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// It names the page that it stands on.
    OwnPage,
    /// The page or the site links no terms.
    Off,
    /// Its surface is never linked.
    NeverLinked,
    /// It stands in a field, which links nothing.
    Field,
    /// It stands in a component that links nothing.
    Component,
    /// It stands where terms are never linked.
    Place(Linkable),
    /// It runs across markup, such as the end of an emphasis.
    Markup,
    /// The author links to the page in the same scope.
    ManualLink,
    /// An earlier mention in the same scope is linked.
    Repeated,
}

impl Mention {
    /// Returns the page that it names; `None` where it may name several.
    pub fn target(&self) -> Option<&PageId> {
        match &self.outcome {
            MentionOutcome::Linked { target, .. } | MentionOutcome::Skipped { target, .. } => {
                Some(target)
            }
            MentionOutcome::Ambiguous { .. } => None,
        }
    }

    /// Returns the Markdown field that it stands in; `None` for the body.
    pub fn field(&self) -> Option<&FieldPath> {
        match &self.place {
            MentionPlace::Body => None,
            MentionPlace::Field(field) => Some(field),
        }
    }
}

impl PageMentions {
    /// Returns the links that mentions make in the body: their place in its HTML and
    /// their target, in order.
    pub fn links(&self) -> impl Iterator<Item = (Range<usize>, &PageId)> {
        self.mentions.iter().filter_map(|mention| match &mention.outcome {
            MentionOutcome::Linked { target, html } => Some((html.range(), target)),
            _ => None,
        })
    }
}
