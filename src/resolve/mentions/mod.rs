//! Mentions: where a page's text names an entity, and which of them become links.

mod automaton;
mod find;
mod mention;
mod passages;
mod starts;

pub use automaton::{Automaton, Match};
pub use find::{MentionContext, ShownText, find_mentions};
pub use mention::{Mention, MentionOutcome, MentionPlace, PageMentions, SkipReason};
