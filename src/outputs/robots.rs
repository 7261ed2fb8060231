//! `robots.txt`: what crawlers may read, and where the sitemap is.

use crate::url::UrlPath;

use super::sitemap;
use super::{Artifact, Made, Make, Needs, Output, OutputContext};

/// The file for crawlers.
pub(super) static ROBOTS: Output = Output {
    name: "robots",
    summary: "robots.txt, for crawlers",
    on_by_default: true,
    make: Make::Site(Needs::PAGES.and(Needs::DATES), make),
};

fn make(context: &OutputContext<'_>) -> Made {
    // A site that is not to be listed is still read: its pages say so themselves, and
    // a page that may not be read can be listed by the links that lead to it.
    let mut text = "User-agent: *\nDisallow:\n".to_owned();
    let sitemap = context.address(&UrlPath::new(sitemap::PATH));
    if let Some(address) = sitemap.filter(|_| sitemap::exists(context)) {
        text.push_str(&format!("\nSitemap: {address}\n"));
    }
    Made { artifacts: vec![Artifact::new("robots.txt", text)], ..Made::default() }
}
