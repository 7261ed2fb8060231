//! What a page says about itself to machines: `<meta>`, `<link>` and JSON-LD.
//!
//! Start with [`Head::of`], a pure function of what is known of the site and the page.
//! Everything that names an address needs the site's `base_url`; without one those
//! parts are left out, and the rest stands.
//!
//! [`meta`](Head::meta) holds the description and the instruction to search engines as
//! well as OpenGraph and Highwire tags; [`links`](Head::links) the canonical address,
//! translations, feeds, neighbours and the licence. A template prints both at once, as HTML.

mod facts;
mod json_ld;
mod links;
mod meta;
mod node;

pub use facts::{
    Byline, CitedWork, CreatorName, Credential, HeadKind, HeadPage, Identifier, ImageFacts,
    PersonFacts, Property, PublisherFacts, SiteFacts, SiteHead, ThingFacts, WorkFacts,
};
pub use node::WrittenNode;

use crate::html::escape_into;

use super::value::{self, Value};

/// What a page's `<head>` says beside title, style sheets and scripts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// The `<meta>` elements, in order.
    pub meta: Vec<Meta>,
    /// The `<link>` elements, in order.
    pub links: Vec<HeadLink>,
    /// The text of the JSON-LD script, safe to stand inside one.
    pub json_ld: Option<String>,
}

/// One `<meta>` element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// Its name, and the attribute that holds it.
    pub key: MetaKey,
    /// What it says.
    pub content: String,
}

/// The name of a `<meta>` element by the attribute that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetaKey {
    /// `name="…"`.
    Name(&'static str),
    /// `property="…"`, as RDFa vocabularies such as OpenGraph want it.
    Property(&'static str),
}

/// One `<link>` element.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadLink {
    /// What the target is to the page.
    pub rel: &'static str,
    /// The target, ready for `href`.
    pub href: String,
    /// The media type of the target.
    pub media_type: Option<&'static str>,
    /// The language of the target.
    pub hreflang: Option<String>,
    /// What the target is called.
    pub title: Option<String>,
}

impl Head {
    /// Returns the head of `page` on `site`.
    pub fn of(site: &SiteHead, page: &HeadPage<'_>) -> Self {
        Self {
            meta: meta::meta(&site.facts, page),
            links: links::links(&site.facts, page),
            json_ld: json_ld::json_ld(site, page),
        }
    }

    /// Returns the head as templates see it.
    pub fn to_value(&self) -> Value {
        value::map([
            ("elements", value::html(self.elements())),
            ("json_ld", value::optional(self.json_ld.as_ref().map(value::html))),
        ])
    }

    /// Returns the `<meta>` and `<link>` elements as HTML, each on a line of its own.
    fn elements(&self) -> String {
        let mut html = String::with_capacity(128 * (self.meta.len() + self.links.len()));
        for Meta { key, content } in &self.meta {
            let (attribute, name) = match key {
                MetaKey::Name(name) => ("name", name),
                MetaKey::Property(name) => ("property", name),
            };
            element(&mut html, "meta", [(attribute, Some(name)), ("content", Some(content))]);
        }
        for link in &self.links {
            let attributes = [
                ("rel", Some(link.rel)),
                ("href", Some(&link.href)),
                ("type", link.media_type),
                ("hreflang", link.hreflang.as_deref()),
                ("title", link.title.as_deref()),
            ];
            element(&mut html, "link", attributes);
        }
        html
    }
}

/// Appends an element without content, with those of `attributes` that have a value.
fn element<const N: usize>(html: &mut String, name: &str, attributes: [(&str, Option<&str>); N]) {
    html.push('<');
    html.push_str(name);
    for (attribute, value) in attributes {
        let Some(value) = value else { continue };
        html.push(' ');
        html.push_str(attribute);
        html.push_str("=\"");
        escape_into(value, html);
        html.push('"');
    }
    html.push_str(">\n");
}

#[cfg(test)]
mod tests;
