//! Where written links and images lead.

use std::sync::Arc;

use crate::page_id::PageId;
use crate::source::SourceId;
use crate::url::UrlPath;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// To a page of the site.
    Page {
        /// The page.
        id: PageId,
        /// The query, without its `?`.
        query: Option<Arc<str>>,
        /// The id in the page, without its `#`.
        anchor: Option<Arc<str>>,
    },
    /// To a file that the site publishes.
    File(UrlPath),
    /// Out of the site, as written.
    External(Arc<str>),
    /// Nowhere.
    Broken(BrokenLink),
}

/// Why a link leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrokenLink {
    /// The site has no page of that file, name or URL.
    Page,
    /// The site has no such file.
    File,
    /// The page is there, but not the place in it.
    Anchor {
        /// The page.
        page: PageId,
        /// The anchor, decoded.
        anchor: Arc<str>,
    },
    /// Several pages answer to the name.
    Ambiguous(Vec<PageId>),
    /// The path leaves the site's folder.
    Outside,
    /// The scheme would run a script or hold the target itself.
    Unsafe,
}

/// The file of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageTarget {
    /// A file of the site.
    File {
        /// The file.
        source: SourceId,
        /// Where it is published.
        url: UrlPath,
        /// Its width and height in pixels, where they could be read.
        size: Option<(u32, u32)>,
    },
    /// An image of another site, as written.
    External(Arc<str>),
    /// No such file.
    Missing,
}
