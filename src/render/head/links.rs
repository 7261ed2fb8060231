//! The `<link>` elements of a page.

use super::HeadLink;
use super::facts::{HeadKind, HeadPage, SiteFacts};

/// Returns the links of `page`: those to other sites' readers are absolute, those to
/// pages of this site relative.
pub(super) fn links(site: &SiteFacts, page: &HeadPage<'_>) -> Vec<HeadLink> {
    let mut links = Vec::new();
    if page.kind == HeadKind::NotFound {
        return links;
    }
    let link = |rel, href| HeadLink { rel, href, ..HeadLink::default() };
    if let Some(base) = &site.base_url {
        links.push(link("canonical", page.path.absolute(base)));
        if page.translations.len() > 1 {
            for (lang, path) in &page.translations {
                let href = path.absolute(base);
                let hreflang = Some(lang.to_string());
                links.push(HeadLink { hreflang, ..link("alternate", href) });
            }
            if let Some((_, path)) = page.translations.iter().find(|(l, _)| *l == site.language) {
                let hreflang = Some("x-default".to_owned());
                links.push(HeadLink { hreflang, ..link("alternate", path.absolute(base)) });
            }
        }
    }
    for (rel, path) in [("prev", &page.prev), ("next", &page.next)] {
        if let Some(path) = path {
            links.push(link(rel, path.relative_from(page.path)));
        }
    }
    for (title, path) in &page.feeds {
        links.push(HeadLink {
            media_type: Some("application/atom+xml"),
            title: Some(title.clone()),
            ..link("alternate", path.relative_from(page.path))
        });
    }
    if let Some(path) = &page.markdown {
        let media_type = Some("text/markdown");
        let href = path.relative_from(page.path);
        links.push(HeadLink { media_type, ..link("alternate", href) });
    }
    if let Some(url) = license_url(site, page) {
        links.push(link("license", url));
    }
    links
}

/// Returns the address of the licence of a page's text, where it is known.
pub(super) fn license_url(site: &SiteFacts, page: &HeadPage<'_>) -> Option<String> {
    let license = page.license.or(site.license.as_deref())?;
    if license.starts_with("https://") || license.starts_with("http://") {
        return Some(license.to_owned());
    }
    // "CC BY-SA 4.0" as people write it, "CC-BY-SA-4.0" as SPDX does.
    let words: Vec<String> =
        license.split([' ', '-']).map(str::to_ascii_lowercase).filter(|w| !w.is_empty()).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["cc0", version] => {
            Some(format!("https://creativecommons.org/publicdomain/zero/{version}/"))
        }
        ["cc", terms @ .., version]
            if terms.first() == Some(&"by")
                && terms.iter().all(|term| ["by", "sa", "nc", "nd"].contains(term)) =>
        {
            Some(format!("https://creativecommons.org/licenses/{}/{version}/", terms.join("-")))
        }
        _ => None,
    }
}
