//! From one file's text to a page: a pure function, with every place as a byte span.

pub mod body;
mod components;
pub mod document;
pub mod front_matter;
mod kept;
pub mod markdown;
mod math;
pub mod page;
pub mod place;
pub mod text;

pub use body::Body;
pub use kept::KeptPage;
pub use page::{FieldPath, FieldValue, FrontMatter, Page, PageHead};
