//! From the site to HTML: views, filled texts, and templates.

pub mod body;
pub mod templates;
pub mod value;
