//! The site's configuration: `book.toml`, read over a preset.

pub mod collection;

pub use collection::{Collection, Field, FieldType, Role, Sort};
