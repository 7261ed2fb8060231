//! From one file's text to a page: a pure function, with every place as a byte span.

pub mod body;
pub mod front_matter;
pub mod page;
pub mod place;
pub mod text;

pub use body::Body;
pub use page::{FieldPath, FieldValue, FrontMatter, Page};
