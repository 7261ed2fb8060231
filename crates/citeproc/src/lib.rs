//! A CSL 1.0.2 citation processor.
//!
//! Read a style with [`Style::from_xml`] or take a bundled one from [`styles`], make a
//! [`Processor`] of it for a language, and give it the citations of a document:
//!
//! ```
//! use citeproc::item::{Item, ItemType, Name, NameVariable, TextVariable};
//! use citeproc::{Citation, Document, Options, Processor, styles};
//!
//! let mut item = Item::new("okafor2021", ItemType::Book);
//! item.set_text(TextVariable::Title, "Sleep and memory");
//! item.set_names(NameVariable::Author, vec![Name::person("Okafor", "Ada")]);
//!
//! let style = styles::bundled("apa").expect("the style is bundled");
//! let processor = Processor::new(&style, None, Options::default());
//! let citations = [Citation::of_keys(["okafor2021"])];
//! let rendered = processor.process(&Document::of_citations(&citations), |key| {
//!     (key == "okafor2021").then_some(&item)
//! });
//! assert_eq!(rendered.citations[0].to_plain(), "(Okafor, n.d.)");
//! ```
//!
//! The modules follow the parts of the specification: [`style`] and [`locale`] are read once;
//! `render` evaluates rendering elements for one item; `processor` works out numbers,
//! positions, disambiguation, sorting and collapsing for a document; [`output`] is the result.

mod cite;
mod error;
pub mod item;
pub mod locale;
pub mod output;
mod processor;
pub mod read;
mod render;
pub mod style;
pub mod styles;
pub mod write;

pub use cite::{Citation, Cite, CiteMode, LocatorLabel, Position};
pub use error::{Position as ErrorPosition, StyleError};
pub use locale::Locale;
pub use output::{HtmlOptions, Output};
pub use processor::{
    Bibliography, Document, Entry, Options, Order, Processor, Rendered, SecondFieldAlign,
};
pub use style::{Style, StyleClass};
