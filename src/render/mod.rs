//! From the site to HTML: views, filled texts, and templates.

pub mod body;
