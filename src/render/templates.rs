//! The templates of a theme; the only door to Tera.

pub use tera::{Map, Value};
