//! Where written links and images lead.
//!
//! Start with [`link_target`]. A link is looked up through the [`SiteReader`]
//! only, so that a page records every file, name and URL that its links rest on;
//! what might have been meant by a broken one is `check`'s to find.

use std::sync::Arc;

use crate::config::Config;
use crate::page_id::{Lang, PageId};
use crate::parse::body::{Link, LinkKind};
use crate::source::SourceId;
use crate::url::{UrlPath, encode_path, join_path, percent_decode};

use super::destination::{Scheme, Written, scheme};
use super::generated::old_url;
use super::linked::RelationTarget;
use super::names::page_named;
use super::own_places::{has_own, may_be_own};
use super::reader::SiteReader;

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// To a page of the site. Whether it has a place there that galen makes is known only
    /// once all pages are linked ([`LinkTarget::broken`] tells).
    Page {
        /// The page.
        id: PageId,
        /// The query, without its `?`.
        query: Option<Arc<str>>,
        /// The id in the page, without its `#`.
        anchor: Option<Arc<str>>,
    },
    /// To a file that the site publishes.
    File {
        /// The file.
        url: UrlPath,
        /// The query and the anchor, as written: a page of a document, a time of a film.
        rest: Arc<str>,
    },
    /// To a URL that no author's page has: the build may make something there. What it
    /// makes is known only once all pages are linked ([`LinkTarget::broken`] tells).
    Generated {
        /// The URL as written, perhaps without its final `/`.
        url: UrlPath,
        /// The query and the anchor, as written.
        rest: Arc<str>,
        /// What the link is where the build makes nothing there.
        otherwise: Box<LinkTarget>,
    },
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

impl LinkTarget {
    /// Returns why the link leads nowhere; `None` where it leads somewhere.
    pub fn broken(&self, reader: &SiteReader<'_>, config: &Config) -> Option<BrokenLink> {
        match self {
            LinkTarget::Broken(why) => Some(why.clone()),
            LinkTarget::Generated { url, otherwise, .. } => match generated_url(url, reader) {
                Some(_) => None,
                None => otherwise.broken(reader, config),
            },
            LinkTarget::Page { id, anchor: Some(anchor), .. } if may_be_own(anchor) => {
                let is_there = has_place(id, anchor, reader, config);
                let (page, anchor) = (id.clone(), Arc::clone(anchor));
                (!is_there).then_some(BrokenLink::Anchor { page, anchor })
            }
            LinkTarget::Page { .. } | LinkTarget::File { .. } | LinkTarget::External(_) => None,
        }
    }
}

/// Returns the URL that the build serves at `url`, with or without its final `/` or
/// `index.html`; `None` where it serves none.
pub fn generated_url(url: &UrlPath, reader: &SiteReader<'_>) -> Option<UrlPath> {
    let path = url.as_str();
    let folder = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
    let slash = format!("{path}/");
    let candidates = [Some(path), folder, Some(&slash)].into_iter().flatten().map(UrlPath::new);
    candidates.into_iter().find(|url| !reader.claimants(url).is_empty())
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
        /// The query and the anchor, as written: `#arrow` shows a part of a drawing.
        rest: Arc<str>,
        /// Its width and height in pixels, where they could be read.
        size: Option<(u32, u32)>,
    },
    /// An image of another site, as written.
    External(Arc<str>),
    /// No such file.
    Missing,
}

/// The page that a link stands on.
#[derive(Clone, Copy, Debug)]
pub struct LinkOrigin<'a> {
    /// The page.
    pub page: &'a PageId,
    /// Its file.
    pub source: &'a SourceId,
    /// The language to fall back on where the page's has no page of a name.
    pub default_lang: &'a Lang,
    /// The address of the site; empty where it has none.
    pub base_url: &'a str,
    /// Whether a link to the original of a translation leads to the translation in the
    /// language of the page.
    pub translates: bool,
}

/// Over how many redirects of the configuration a link is followed: those that lead in a
/// circle are found at their own place.
const MOST_REDIRECTS: usize = 10;

/// The folder of the pages.
const CONTENT: &str = "content";

/// The folder of the files that are copied as they are.
const STATIC: &str = "static";

/// Returns where `link`, written on the page `origin`, leads.
pub fn link_target(link: &Link, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> LinkTarget {
    match link.kind {
        LinkKind::Wikilink => wikilink_target(&link.destination, origin, reader),
        LinkKind::Markdown | LinkKind::Embedded => url_target(&link.destination, origin, reader),
    }
}

/// Returns the file of the image `src`, written on the page `origin`.
pub fn image_target(src: &str, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> ImageTarget {
    let own = own_path(src, origin.base_url);
    let file = |src: &str| {
        let (source, rest) = file_at(src, origin, reader)?;
        let file = reader.file(&source)?;
        let (url, rest) = (file.url.clone(), Arc::from(rest));
        Some(ImageTarget::File { source, url, rest, size: file.size })
    };
    match (scheme(src), own) {
        (Some(Scheme::Unsafe), _) => ImageTarget::Missing,
        // What the site has not may be there all the same.
        (Some(Scheme::External), own) => {
            own.and_then(|own| file(&own)).unwrap_or_else(|| ImageTarget::External(Arc::from(src)))
        }
        (None, _) => file(src).unwrap_or(ImageTarget::Missing),
    }
}

/// Returns the file that `destination` leads to, and the query and the anchor after it.
fn file_at<'d>(
    destination: &'d str,
    origin: LinkOrigin<'_>,
    reader: &SiteReader<'_>,
) -> Option<(SourceId, &'d str)> {
    let written = Written::parse(destination);
    let found = |path: &str| {
        let mut files = candidate_files(&percent_decode(path), origin.source).into_iter();
        files.find(|source| reader.file(source).is_some())
    };
    // What looks like an anchor or a query may be part of the file's name.
    let whole = || (!written.rest.is_empty()).then(|| found(destination)).flatten();
    let named = found(written.path).map(|file| (file, written.rest));
    named.or_else(|| Some((whole()?, "")))
}

/// Returns the path below the site's root of the file that the relative or
/// absolute `path`, written in the file `source`, stands for; `None` where it
/// leaves the site's folder. An absolute path starts at `content/`.
pub fn file_path(path: &str, source: &SourceId) -> Option<String> {
    match path.strip_prefix('/') {
        Some(absolute) => join_path(CONTENT, absolute),
        None => join_path(folder(source.as_str()), path),
    }
}

fn wikilink_target(written: &str, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> LinkTarget {
    let (name, anchor) = match written.split_once('#') {
        Some((name, anchor)) => (name.trim(), Some(anchor.trim())),
        None => (written.trim(), None),
    };
    if name.is_empty() {
        return at_anchor(origin.page, None, anchor, reader);
    }
    match page_named(name, &[], origin.page.lang(), origin.default_lang, reader) {
        RelationTarget::Page(id) => at_anchor(&id, None, anchor, reader),
        RelationTarget::Ambiguous(pages) => LinkTarget::Broken(BrokenLink::Ambiguous(pages)),
        RelationTarget::Unknown => LinkTarget::Broken(BrokenLink::Page),
    }
}

fn url_target(destination: &str, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> LinkTarget {
    let Some(own) = own_path(destination, origin.base_url) else {
        return path_target(destination, origin, reader, MOST_REDIRECTS);
    };
    // What the site has not may be there all the same: a shop, or an older part.
    let otherwise = LinkTarget::External(Arc::from(destination));
    // Who writes an address in full means the page in that very language.
    let origin = LinkOrigin { translates: false, ..origin };
    match path_target(&own, origin, reader, MOST_REDIRECTS) {
        LinkTarget::Generated { url, rest, .. } => {
            LinkTarget::Generated { url, rest, otherwise: Box::new(otherwise) }
        }
        LinkTarget::Broken(BrokenLink::Page | BrokenLink::File) => otherwise,
        target => target,
    }
}

/// Returns where `destination` leads, over at most `redirects` of the configuration.
fn path_target(
    destination: &str,
    origin: LinkOrigin<'_>,
    reader: &SiteReader<'_>,
    redirects: usize,
) -> LinkTarget {
    match scheme(destination) {
        Some(Scheme::Unsafe) => return LinkTarget::Broken(BrokenLink::Unsafe),
        Some(Scheme::External) => return LinkTarget::External(Arc::from(destination)),
        None => {}
    }
    let written = Written::parse(destination);
    let path = percent_decode(written.path);
    if path.is_empty() {
        return at_anchor(origin.page, written.query, written.anchor, reader);
    }
    if file_path(&path, origin.source).is_none() {
        return LinkTarget::Broken(BrokenLink::Outside);
    }
    if let Some(id) = page_at(&path, origin, reader) {
        let target = |id: &PageId| at_anchor(id, written.query, written.anchor, reader);
        let translated = translation(&id, origin, reader).map(|id| target(&id));
        return match translated {
            Some(found @ LinkTarget::Page { .. }) => found,
            _ => target(&id),
        };
    }
    let file = file_at(destination, origin, reader);
    if let Some((file, rest)) = file.and_then(|(file, rest)| Some((reader.file(&file)?, rest))) {
        return LinkTarget::File { url: file.url.clone(), rest: Arc::from(rest) };
    }
    let otherwise = if names_a_file(&path) { BrokenLink::File } else { BrokenLink::Page };
    match url_of(&path, origin, reader) {
        Some(url) => redirected((&url, &written), origin, reader, redirects).unwrap_or_else(|| {
            let otherwise = Box::new(LinkTarget::Broken(otherwise));
            LinkTarget::Generated { url, rest: Arc::from(written.rest), otherwise }
        }),
        None => LinkTarget::Broken(otherwise),
    }
}

/// Returns the path from the site's root of an address in full that lies in the site itself, at
/// `base_url`, with its query and anchor; `None` for any other.
fn own_path(destination: &str, base_url: &str) -> Option<String> {
    let host_and_path = |url: &str| {
        let (scheme, rest) = url.split_at_checked(url.find("//")?)?;
        matches!(scheme, "https:" | "http:" | "").then(|| rest[2..].to_owned())
    };
    let base = host_and_path(base_url)?;
    let rest = host_and_path(destination)?;
    let rest = rest.strip_prefix(base.trim_end_matches('/'))?;
    match rest.bytes().next() {
        Some(b'/') => Some(rest.to_owned()),
        None | Some(b'?' | b'#') => Some(format!("/{rest}")),
        Some(_) => None,
    }
}

/// Returns where the configuration's redirect at `url` takes a link that was `written` so, as
/// browsers follow it: with the redirect's query and the link's anchor, where each has one;
/// `None` where there is none, or where it leads to no page, file or address: what is wrong
/// with that is found at its own place.
fn redirected(
    (url, written): (&UrlPath, &Written<'_>),
    origin: LinkOrigin<'_>,
    reader: &SiteReader<'_>,
    redirects: usize,
) -> Option<LinkTarget> {
    let old = old_url(url.as_str());
    let leads = [url, &old].into_iter().find_map(|url| reader.redirect(url))?;
    let end = Written::parse(leads);
    let query = end.query.or(written.query).map(|query| format!("?{query}"));
    let anchor = written.anchor.or(end.anchor).map(|anchor| format!("#{anchor}"));
    let rest = [query, anchor].into_iter().flatten().collect::<String>();
    if leads.contains("://") {
        return Some(LinkTarget::External(Arc::from(format!("{}{rest}", end.path))));
    }
    let destination = format!("{}{rest}", encode_path(UrlPath::new(end.path).as_str()));
    match path_target(&destination, origin, reader, redirects.checked_sub(1)?) {
        // The place in the page is the link's to name.
        found @ LinkTarget::Broken(BrokenLink::Anchor { .. }) if written.anchor.is_some() => {
            Some(found)
        }
        // Of what galen makes it is known later whether it is there: the redirect is.
        LinkTarget::Broken(_) | LinkTarget::Generated { .. } => None,
        found => Some(found),
    }
}

/// Returns the translation of `id` into the language of the page that links to it by
/// its original's file, so that a translator need not touch the links.
fn translation(id: &PageId, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> Option<PageId> {
    let lang = origin.page.lang();
    if !origin.translates || lang == origin.default_lang || id.lang() != origin.default_lang {
        return None;
    }
    let translation = id.in_lang(lang);
    reader.card(&translation).map(|card| card.id.clone())
}

/// Returns the URL that the path of a link names as browsers read it; `None` for that
/// of a Markdown file, and for one above the site's root.
fn url_of(path: &str, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> Option<UrlPath> {
    if path.ends_with(".md") {
        return None;
    }
    if path.starts_with('/') {
        return Some(UrlPath::new(path));
    }
    let card = reader.card(origin.page)?;
    let url = join_path(folder(&card.url.as_str()[1..]), path)?;
    let slash = if path.ends_with('/') && !url.is_empty() { "/" } else { "" };
    Some(UrlPath::new(&format!("/{url}{slash}")))
}

/// Returns the page that the path of a Markdown link leads to: by its file with
/// or without the extension, by its folder, or by its URL.
fn page_at(path: &str, origin: LinkOrigin<'_>, reader: &SiteReader<'_>) -> Option<PageId> {
    let file = file_path(path, origin.source)?;
    if file.ends_with(".md") {
        return reader.made_by(&SourceId::new(file)).cloned();
    }
    if path.starts_with('/')
        && let Some(id) = page_with_url(path, reader)
    {
        return Some(id);
    }
    let by_file = [format!("{file}.md"), format!("{file}/index.md"), format!("{file}/_index.md")]
        .into_iter()
        .find_map(|file| reader.made_by(&SourceId::new(file)).cloned());
    if by_file.is_some() || path.starts_with('/') {
        return by_file;
    }
    // A relative link between URLs, as another generator would have wanted it.
    page_with_url(url_of(path, origin, reader)?.as_str(), reader)
}

/// Returns the page at the site's URL `path`, with or without its trailing `/`
/// or `index.html`; a redirect leads to the page that it leads to.
fn page_with_url(path: &str, reader: &SiteReader<'_>) -> Option<PageId> {
    let path =
        path.strip_suffix("index.html").filter(|folder| folder.ends_with('/')).unwrap_or(path);
    let mut claimants = reader.claimants(&UrlPath::new(path));
    if claimants.is_empty() && !path.ends_with('/') {
        claimants = reader.claimants(&UrlPath::new(&format!("{path}/")));
    }
    // What the build makes has no page of an author's to lead to.
    claimants.into_iter().find(|id| reader.card(id).is_some()).cloned()
}

/// Returns a link to `id`, broken where the page has no such anchor.
fn at_anchor(
    id: &PageId,
    query: Option<&str>,
    anchor: Option<&str>,
    reader: &SiteReader<'_>,
) -> LinkTarget {
    let anchor = anchor.map(percent_decode);
    // A text fragment asks the reader's browser to find words; "top" is every page's.
    let anchor = anchor.as_deref().map(|anchor| anchor.split(":~:").next().unwrap_or(anchor));
    let anchor: Option<Arc<str>> = anchor.filter(|anchor| !anchor.is_empty()).map(Arc::from);
    if let Some(anchor) = anchor.as_ref().filter(|anchor| &***anchor != "top") {
        // What the page cites is known later: see `LinkTarget::broken`.
        if !may_be_own(anchor) && !is_written(id, anchor, reader) {
            let (page, anchor) = (id.clone(), Arc::clone(anchor));
            return LinkTarget::Broken(BrokenLink::Anchor { page, anchor });
        }
    }
    LinkTarget::Page { id: id.clone(), query: query.map(Arc::from), anchor }
}

/// Tells whether an address of the page `id` that ends in `#` and `anchor`, as written, leads
/// to a place that it has: nothing and `top` do, and so does a fragment of text.
pub fn leads_into(id: &PageId, anchor: &str, reader: &SiteReader<'_>, config: &Config) -> bool {
    let decoded = percent_decode(anchor);
    match decoded.split(":~:").next().unwrap_or_default() {
        "" | "top" => true,
        anchor => has_place(id, &Arc::from(anchor), reader, config),
    }
}

/// Tells whether the page `id` has the place `anchor`, in its text or made by galen.
fn has_place(id: &PageId, anchor: &Arc<str>, reader: &SiteReader<'_>, config: &Config) -> bool {
    is_written(id, anchor, reader) || may_be_own(anchor) && has_own(id, anchor, reader, config)
}

/// Tells whether the text of the page `id` has the place `anchor`.
fn is_written(id: &PageId, anchor: &Arc<str>, reader: &SiteReader<'_>) -> bool {
    match reader.anchors(id) {
        Some(anchors) => anchors.contains_key(anchor),
        // What the build itself makes has the anchors that its template writes.
        None => id.is_generated(),
    }
}

/// Returns the files that `path` may stand for, the likelier first.
fn candidate_files(path: &str, source: &SourceId) -> Vec<SourceId> {
    let is_folder = path.ends_with('/');
    let path = path.trim_end_matches('/');
    let mut files: Vec<SourceId> = file_path(path, source).map(SourceId::new).into_iter().collect();
    if let Some(absolute) = path.strip_prefix('/') {
        files.extend(join_path(STATIC, absolute).map(SourceId::new));
        let page = is_folder.then(|| join_path(STATIC, &format!("{absolute}/index.html")));
        files.extend(page.flatten().map(SourceId::new));
    }
    files
}

/// Tells whether a broken path was more likely meant for a file than for a page.
fn names_a_file(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, extension)| {
        !stem.is_empty() && !matches!(extension, "md" | "html" | "htm")
    })
}

/// Returns the folder that holds `path`, without its trailing `/`.
fn folder(path: &str) -> &str {
    path.rfind('/').map_or("", |end| &path[..end])
}

#[cfg(test)]
mod tests;
