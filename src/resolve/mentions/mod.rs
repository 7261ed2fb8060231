//! Mentions: where a page's text names an entity, and which of them become links.

mod automaton;
mod mention;

pub use automaton::{Automaton, Match};
pub use mention::{Mention, MentionOutcome, MentionPlace, PageMentions, SkipReason};
