//! Addresses in raw HTML beside those of links: the files that a tag embeds, and those
//! among which the reader's browser chooses.

use std::ops::Range;

use crate::html::unescape;
use crate::parse::body::{Candidate, HoleKind, Link, LinkKind};

use super::raw::within;
use super::raw_html::{Policy, Tag, is_looked_up};
use super::writer::Writer;

impl Writer<'_> {
    /// Writes the start tag `tag`; each address in it is a hole, looked up as that of a link.
    pub(super) fn open_embedding(&mut self, tag: &Tag<'_>, policy: Policy, place: &Range<usize>) {
        let html = self.attributes(tag, policy, place).into_tag(&tag.name);
        self.html.push_str(&html);
        let mut rest = within(self.input.source, place, tag)..place.end;
        let mut seen: Vec<&str> = Vec::new();
        for (name, value) in tag.addresses(policy) {
            if seen.iter().any(|earlier| earlier.eq_ignore_ascii_case(name)) {
                continue;
            }
            seen.push(name);
            self.html.push_str(&format!(" {}=\"", name.to_ascii_lowercase()));
            if name.eq_ignore_ascii_case("srcset") {
                for (index, (address, descriptor)) in candidates(value).into_iter().enumerate() {
                    self.html.push_str(if index == 0 { "" } else { ", " });
                    self.address(address, place, &mut rest);
                    self.html.push_str(if descriptor.is_empty() { "" } else { " " });
                    super::raw_html::push_escaped(descriptor, &mut self.html);
                }
            } else {
                self.address(value.trim(), place, &mut rest);
            }
            self.html.push('"');
        }
        self.html.push('>');
    }

    /// Leaves a hole for `address`.
    fn address(&mut self, address: &str, place: &Range<usize>, rest: &mut Range<usize>) {
        let index = self.embedded(address, place, rest);
        self.hole(HoleKind::Address(index));
    }

    /// Takes down `address` of the tag at `place` among the links, and returns its index there.
    ///
    /// It is looked for in `rest`, which then starts behind it, so that a tag is gone through
    /// once.
    fn embedded(&mut self, address: &str, place: &Range<usize>, rest: &mut Range<usize>) -> usize {
        let written = self.find_in(rest, address);
        if written != *rest {
            rest.start = written.end;
        }
        self.body.links.push(Link {
            kind: LinkKind::Embedded,
            destination: unescape(address),
            title: String::new(),
            empty: false,
            text: String::new(),
            range: self.place(place.clone()),
            destination_range: self.place(written),
            html: None,
        });
        self.body.links.len() - 1
    }

    /// Returns the files among which a browser chooses for the image `tag`.
    pub(super) fn image_candidates(
        &mut self,
        tag: &Tag<'_>,
        policy: Policy,
        place: &Range<usize>,
    ) -> Vec<Candidate> {
        let addresses = tag.addresses(policy).find(|(name, _)| !name.eq_ignore_ascii_case("src"));
        let mut rest = within(self.input.source, place, tag)..place.end;
        let found = candidates(addresses.map(|(_, value)| value).unwrap_or_default());
        found
            .into_iter()
            .map(|(address, descriptor)| Candidate {
                link: self.embedded(address, place, &mut rest),
                descriptor: descriptor.to_owned(),
            })
            .collect()
    }
}

impl<'a> Tag<'a> {
    /// Returns the attributes of the tag that hold addresses, with their values, where these
    /// pass.
    fn addresses(&self, policy: Policy) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.attributes.iter().filter_map(move |&(name, value)| {
            let value = value?;
            is_looked_up(&self.name, name, value, policy).then_some((name, value))
        })
    }
}

/// Returns the addresses of a `srcset` with their widths or densities, as browsers read it
/// (HTML, 4.8.4.3.10).
fn candidates(srcset: &str) -> Vec<(&str, &str)> {
    let mut candidates = Vec::new();
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if rest.is_empty() {
            return candidates;
        }
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let bare = address.trim_end_matches(',');
        if bare.len() < address.len() {
            candidates.push((bare, ""));
            rest = after;
            continue;
        }
        let end = after.find(',').unwrap_or(after.len());
        candidates.push((address, after[..end].trim()));
        rest = &after[end..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_srcset_is_read_as_browsers_read_it() {
        assert_eq!(candidates(" a.png 1x ,b,c.png  2x,"), [("a.png", "1x"), ("b,c.png", "2x")]);
        assert_eq!(candidates("a.png, b.png 320w,"), [("a.png", ""), ("b.png", "320w")]);
        assert_eq!(candidates(" , "), []);
    }
}
