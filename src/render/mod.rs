//! From the site to HTML: views, filled texts, and templates.

pub mod assets;
pub mod body;
pub mod default_theme;
pub mod head;
pub mod highlight;
pub mod plural;
pub mod templates;
pub mod theme;
pub mod theme_options;
pub mod value;
pub mod view;
