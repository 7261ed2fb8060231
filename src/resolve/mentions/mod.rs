//! Mentions: where a page's text names an entity, and which of them become links.

mod mention;

pub use mention::{Mention, MentionOutcome, MentionPlace, PageMentions, SkipReason};
