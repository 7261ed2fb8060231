//! The few HTML elements that the program itself writes into a text.

use std::fmt::Write as _;

use crate::html::escape_into;
use crate::parse::body::Image;
use crate::resolve::links::ImageTarget;

use super::scope::PageScope;

/// Writes the start tag of a link; without an address it is marked as broken.
pub(super) fn link_start(href: Option<&str>, title: &str, out: &mut String) {
    out.push_str("<a");
    match href {
        Some(href) => attribute("href", href, out),
        None => attribute("class", "broken", out),
    }
    if !title.is_empty() {
        attribute("title", title, out);
    }
    out.push('>');
}

/// Writes an image with its size, so that the page does not shift when it loads.
///
/// The attributes that an author may give are an id, classes, `width`, `height` and
/// `loading`; `decorative` only says that the missing text is meant.
pub(super) fn image(image: &Image, target: &ImageTarget, scope: &PageScope<'_>, out: &mut String) {
    let (src, size) = match target {
        ImageTarget::File { url, size, .. } => (scope.relative(url), *size),
        ImageTarget::External(address) => (address.to_string(), None),
        ImageTarget::Missing => {
            out.push_str("<span class=\"broken\">");
            escape_into(if image.alt.is_empty() { &image.src } else { &image.alt }, out);
            out.push_str("</span>");
            return;
        }
    };
    let given = |name: &str| {
        let pairs = image.attributes.pairs.iter();
        pairs.filter(|pair| &*pair.name == name).map(|pair| &*pair.value).next_back()
    };
    let pixels = |name: &str| given(name).and_then(|value| value.parse::<u32>().ok());
    out.push_str("<img");
    attribute("src", &src, out);
    attribute("alt", &image.alt, out);
    if !image.title.is_empty() {
        attribute("title", &image.title, out);
    }
    if let Some(id) = &image.attributes.id {
        attribute("id", id, out);
    }
    if !image.attributes.classes.is_empty() {
        attribute("class", &image.attributes.classes.join(" "), out);
    }
    if let Some((width, height)) = shown_size(size, pixels("width"), pixels("height")) {
        let written = write!(out, " width=\"{width}\" height=\"{height}\"");
        written.expect("writing to a string succeeds");
    }
    let loading = given("loading").filter(|value| *value == "eager").unwrap_or("lazy");
    attribute("loading", loading, out);
    out.push('>');
}

/// Returns the size to reserve: the asked one, its missing side in proportion.
fn shown_size(
    size: Option<(u32, u32)>,
    width: Option<u32>,
    height: Option<u32>,
) -> Option<(u32, u32)> {
    let scaled = |side: u32, to: u32, of: u32| {
        u32::try_from(u64::from(side) * u64::from(to) / u64::from(of.max(1))).unwrap_or(side)
    };
    match (width, height, size) {
        (Some(width), Some(height), _) => Some((width, height)),
        (Some(width), None, Some((w, h))) => Some((width, scaled(h, width, w))),
        (None, Some(height), Some((w, h))) => Some((scaled(w, height, h), height)),
        (None, None, size) => size,
        (_, _, None) => None,
    }
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_into(value, out);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_side_follows_the_proportions() {
        assert_eq!(shown_size(Some((800, 600)), Some(400), None), Some((400, 300)));
        assert_eq!(shown_size(Some((800, 600)), None, Some(60)), Some((80, 60)));
        assert_eq!(shown_size(None, Some(400), None), None);
        assert_eq!(shown_size(Some((0, 0)), Some(4), None), Some((4, 0)));
    }

    #[test]
    fn an_attribute_cannot_be_left() {
        let mut out = String::new();
        link_start(Some("a\"><script>"), "x'y", &mut out);
        assert_eq!(out, "<a href=\"a&quot;&gt;&lt;script&gt;\" title=\"x&#39;y\">");
    }
}
