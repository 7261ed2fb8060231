//! The few HTML elements that the program itself writes into a text.

use std::fmt::Write as _;

use crate::html::escape_into;
use crate::parse::body::{HtmlAttributes, Image, Link};
use crate::resolve::links::ImageTarget;

use super::picture::{Picture, picture, shown_widths};
use super::scope::PageScope;

/// Writes the start tag of a link; without an address it is marked as broken.
pub(super) fn link_start(href: Option<&str>, link: &Link, out: &mut String) {
    out.push_str("<a");
    let class = link.html.as_ref().and_then(|html| html.class.as_deref()).unwrap_or_default();
    let broken = if href.is_none() { "broken" } else { "" };
    if let Some(href) = href {
        attribute("href", href, out);
    }
    let class = [broken, class].join(" ");
    if !class.trim().is_empty() {
        let written = write!(out, " class=\"{}\"", class.trim());
        written.expect("writing to a string succeeds");
    }
    if !link.title.is_empty() {
        attribute("title", &link.title, out);
    }
    out.push_str(link.html.as_ref().map_or("", |html| &html.others));
    out.push('>');
}

/// Writes an image with its size, so that the page does not shift when it loads.
///
/// The attributes that an author may give are an id, classes, `width`, `height` and
/// `loading`; `decorative` only says that the missing text is meant. `files` is the `srcset` of
/// raw HTML.
pub(super) fn image(
    image: &Image,
    target: &ImageTarget,
    files: &str,
    scope: &PageScope<'_>,
    out: &mut String,
) {
    let Some(Picture { src, size, srcset }) = picture(target, scope) else {
        out.push_str("<span class=\"broken\">");
        escape_into(if image.alt.is_empty() { &image.src } else { &image.alt }, out);
        out.push_str("</span>");
        return;
    };
    let given = |name: &str| {
        let pairs = image.attributes.pairs.iter();
        pairs.filter(|pair| &*pair.name == name).map(|pair| &*pair.value).next_back()
    };
    let pixels = |name: &str| given(name).and_then(|value| value.parse::<u32>().ok());
    out.push_str("<img");
    attribute("src", &src, out);
    let own = |name: &str| image.html.iter().flat_map(|html| &html.names).any(|own| own == name);
    if let Some(srcset) = srcset.filter(|_| !own("srcset") && !own("sizes")) {
        attribute("srcset", &srcset, out);
        // A width that the author gives is in pixels, and no page shows more of it.
        let given = pixels("width").map(|width| format!("{width}px"));
        if let Some(sizes) = given.as_deref().or_else(|| shown_widths(scope)) {
            attribute("sizes", sizes, out);
        }
    }
    if !files.is_empty() {
        attribute("srcset", files, out);
    }
    attribute("alt", &image.alt, out);
    if !image.title.is_empty() {
        attribute("title", &image.title, out);
    }
    if let Some(html) = &image.html {
        return html_image(html, size, out);
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

/// Ends the tag of an image of raw HTML: what its author says, and what they leave out.
fn html_image(html: &HtmlAttributes, size: Option<(u32, u32)>, out: &mut String) {
    if let Some(class) = &html.class {
        let written = write!(out, " class=\"{class}\"");
        written.expect("writing to a string succeeds");
    }
    out.push_str(&html.others);
    let says = |name: &str| html.names.iter().any(|given| given == name);
    if let Some((width, height)) = size.filter(|_| !says("width") && !says("height")) {
        let written = write!(out, " width=\"{width}\" height=\"{height}\"");
        written.expect("writing to a string succeeds");
    }
    if !says("loading") {
        attribute("loading", "lazy", out);
    }
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
    use crate::parse::markdown::{MarkdownOptions, parse};
    use crate::source::SourceId;

    #[test]
    fn a_missing_side_follows_the_proportions() {
        assert_eq!(shown_size(Some((800, 600)), Some(400), None), Some((400, 300)));
        assert_eq!(shown_size(Some((800, 600)), None, Some(60)), Some((80, 60)));
        assert_eq!(shown_size(None, Some(400), None), None);
        assert_eq!(shown_size(Some((0, 0)), Some(4), None), Some((4, 0)));
    }

    #[test]
    fn an_attribute_cannot_be_left() {
        let body = "[t](u \"x'y\") <a href=\"v\" class='c \" d' rel=nofollow>w</a>";
        let (source, options) = (SourceId::new("a.md"), MarkdownOptions::default());
        let links = parse(body, 0, &source, &options).0.links;
        let mut out = String::new();
        link_start(Some("a\"><script>"), &links[0], &mut out);
        assert_eq!(out, "<a href=\"a&quot;&gt;&lt;script&gt;\" title=\"x&#39;y\">");
        let mut out = String::new();
        link_start(None, &links[1], &mut out);
        assert_eq!(out, "<a class=\"broken c &quot; d\" rel=\"nofollow\">");
    }
}
