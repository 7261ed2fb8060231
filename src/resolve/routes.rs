//! Which URL a page has, in either style.

use std::borrow::Cow;

use crate::citation::CitationKey;
use crate::config::{Collection, Config, UrlStyle};
use crate::fingerprint::Fingerprint;
use crate::page_id::Lang;
use crate::parse::PageHead;
use crate::pattern::fill;
use crate::url::{SlugStyle, UrlPath, percent_decode, slug, tag_slug};

/// How the name of a page's file ends.
const PAGE_EXTENSION: &str = ".html";

/// Where the pages of a site are.
#[derive(Clone, Copy, Debug)]
pub struct Routes<'a> {
    config: &'a Config,
}

impl<'a> Routes<'a> {
    /// Returns the routes that `config` asks for.
    pub fn new(config: &'a Config) -> Self {
        Self { config }
    }

    /// Returns the URL of an author's page.
    pub fn page(&self, page: &PageHead) -> UrlPath {
        let lang = page.id.lang();
        if let Some(permalink) = &page.front.permalink {
            return self.in_language(lang, &percent_decode(permalink));
        }
        let collection = page.collection.as_ref().and_then(|c| self.config.collections.get(c));
        if page.is_index {
            return match collection {
                Some(collection) => self.section(collection, &page.section, lang),
                None => self.in_language(lang, &folder_path(&self.slugs(&page.section))),
            };
        }
        let slug = match &page.front.slug {
            Some(slug) => slug.to_string(),
            None => self.slug(page.id.name()),
        };
        let path = match collection {
            Some(collection) => self.fill_permalink(collection, page, &slug),
            None => format!("{}{slug}/", folder_path(&self.slugs(&page.section))),
        };
        self.in_language(lang, &path)
    }

    /// Returns the URL of a page that the build makes in `collection` under `slug`.
    pub fn made(&self, collection: &Collection, slug: &str, lang: &Lang) -> UrlPath {
        let permalink = without_section(&collection.permalink);
        let path = fill(&permalink, |place| (place == "slug").then_some(slug.into()));
        self.in_language(lang, &path)
    }

    /// Returns the URL of the listing of `section` in `collection`; of the whole
    /// collection where the section is empty.
    pub fn section(&self, collection: &Collection, section: &str, lang: &Lang) -> UrlPath {
        let fixed = collection.permalink.split('{').next().unwrap_or("/");
        let base = &fixed[..fixed.rfind('/').map_or(0, |slash| slash + 1)];
        // A permalink that starts with its slug leaves no folder for the listing.
        let base = match base {
            "" | "/" => folder_path(&collection.folder),
            base => base.to_owned(),
        };
        match section.is_empty() {
            true => self.in_language(lang, &base),
            false => self.in_language(lang, &format!("{base}{}/", self.slugs(section))),
        }
    }

    /// Returns the URL of the home page.
    pub fn home(&self, lang: &Lang) -> UrlPath {
        self.in_language(lang, "/")
    }

    /// Returns the URL of the list of tags.
    pub fn tags(&self, lang: &Lang) -> UrlPath {
        self.in_language(lang, "/tags/")
    }

    /// Returns the URL of the listing of the tag with the slug `slug`.
    pub fn tag(&self, lang: &Lang, slug: &str) -> UrlPath {
        self.in_language(lang, &format!("/tags/{slug}/"))
    }

    /// Returns the URL of the search.
    pub fn search(&self, lang: &Lang) -> UrlPath {
        self.in_language(lang, "/search/")
    }

    /// Returns the URL of the index that the search asks.
    pub fn search_index(&self, lang: &Lang) -> UrlPath {
        UrlPath::new(&format!("/search/{lang}/index.json"))
    }

    /// Returns the URL of the bibliography.
    pub fn bibliography(&self, lang: &Lang) -> UrlPath {
        self.in_language(lang, "/references/")
    }

    /// Returns the URL of the page of the reference `key`.
    ///
    /// A key that is no URL segment of small letters gets one, told apart by a
    /// fingerprint, since hosts differ in what they do with capitals and signs.
    pub fn reference(&self, lang: &Lang, key: &CitationKey) -> UrlPath {
        let key = key.as_str();
        let plain = key.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_'));
        let segment = match plain {
            true => key.to_owned(),
            false => {
                let slug = slug(key, SlugStyle::Ascii);
                format!("{slug}-{}", Fingerprint::of(key.as_bytes()).short())
            }
        };
        self.in_language(lang, &format!("/references/{segment}/"))
    }

    /// Returns the URL of the page `number` (from 1) of what begins at `first`.
    pub fn numbered(&self, first: &UrlPath, part: &str, number: usize) -> UrlPath {
        if number == 1 {
            return first.clone();
        }
        let stem = first.as_str().trim_end_matches(".html").trim_end_matches('/');
        self.styled(format!("{stem}/{part}/{number}/"))
    }

    /// Returns the URL of the feed that follows the page at `listing`.
    pub fn feed(&self, listing: &UrlPath) -> UrlPath {
        let stem = listing.as_str().trim_end_matches(".html").trim_end_matches('/');
        UrlPath::new(&format!("{stem}/feed.xml"))
    }

    /// Returns the URL at which the references of the page at `url` are offered in
    /// the format with the extension `extension`.
    pub fn export(&self, url: &UrlPath, extension: &str) -> UrlPath {
        let path = url.as_str();
        match path.strip_suffix(".html") {
            Some(stem) => UrlPath::new(&format!("{stem}.{extension}")),
            None => UrlPath::new(&format!("{path}references.{extension}")),
        }
    }

    /// Returns the slug of `name` in the site's style.
    pub fn slug(&self, name: &str) -> String {
        slug(name, self.config.build.slugs)
    }

    /// Returns the segment that stands for the tag `name` in URLs.
    pub fn tag_slug(&self, name: &str) -> String {
        tag_slug(name, self.config.build.slugs)
    }

    /// Returns the path of `page` by its collection's permalink.
    fn fill_permalink(&self, collection: &Collection, page: &PageHead, slug: &str) -> String {
        let date = page.front.date;
        let number = |part: Option<i16>, width: usize| match part {
            Some(number) => format!("{number:0width$}"),
            None => "0".repeat(width),
        };
        let permalink = match page.section.is_empty() {
            true => without_section(&collection.permalink),
            false => Cow::Borrowed(collection.permalink.as_str()),
        };
        fill(&permalink, |place| match place {
            "slug" => Some(slug.into()),
            "section" => Some(self.slugs(&page.section).into()),
            "year" => Some(number(date.map(|d| d.year()), 4).into()),
            "month" => Some(number(date.map(|d| i16::from(d.month())), 2).into()),
            "day" => Some(number(date.map(|d| i16::from(d.day())), 2).into()),
            _ => None,
        })
    }

    fn slugs(&self, section: &str) -> String {
        section.split('/').map(|part| self.slug(part)).collect::<Vec<_>>().join("/")
    }

    fn in_language(&self, lang: &Lang, path: &str) -> UrlPath {
        let path = path.trim_start_matches('/');
        match *lang == self.config.site.language {
            true => self.styled(format!("/{path}")),
            false => self.styled(format!("/{lang}/{path}")),
        }
    }

    /// Returns the URL of a page at `path`: a folder, or a file that ends in `.html`.
    ///
    /// A host serves a file without extension as no page, and what stands beside a page is
    /// named after it.
    fn styled(&self, mut path: String) -> UrlPath {
        if !path.ends_with('/') && !path.ends_with(PAGE_EXTENSION) {
            path.push('/');
        }
        match self.config.build.urls {
            UrlStyle::File if path.len() > 1 && path.ends_with('/') => {
                UrlPath::new(&format!("{}{PAGE_EXTENSION}", path.trim_end_matches('/')))
            }
            _ => UrlPath::new(&path),
        }
    }
}

fn folder_path(folder: &str) -> String {
    match folder.is_empty() {
        true => "/".to_owned(),
        false => format!("/{}/", folder.trim_matches('/')),
    }
}

/// Returns the permalink of pages in no section.
fn without_section(permalink: &str) -> Cow<'_, str> {
    match permalink.contains("{section}/") {
        true => Cow::Owned(permalink.replace("{section}/", "")),
        false => Cow::Borrowed(permalink),
    }
}

/// Returns the URL of the copy in Markdown of the page at `url`.
pub fn markdown_copy(url: &UrlPath) -> UrlPath {
    match url.as_str().strip_suffix(".html") {
        Some(stem) => UrlPath::new(&format!("{stem}.md")),
        None => UrlPath::new(&format!("{url}index.md")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::fixture::WrittenSite;

    /// Returns the URL of the page that `file` with this front matter makes.
    fn url(book: &str, file: &str, front: &str) -> String {
        let text = format!("---\ntitle: A\n{front}\n---\n");
        let site = WrittenSite::new(book).page(file, &text).resolve();
        site.pages.values().next().unwrap().card.url.to_string()
    }

    #[test]
    fn a_page_is_in_a_folder_or_a_file_of_html() {
        let (folders, files) = ("", "[build]\nurls = \"file\"\n");
        for (permalink, folder, file) in [
            ("/p", "/p/", "/p.html"),
            ("p/q/", "/p/q/", "/p/q.html"),
            ("/v1.2", "/v1.2/", "/v1.2.html"),
            ("/p.html", "/p.html", "/p.html"),
            ("/caf%C3%A9", "/café/", "/café.html"),
            ("/", "/", "/"),
        ] {
            let front = format!("permalink: {permalink}");
            assert_eq!(url(folders, "a.md", &front), folder);
            assert_eq!(url(files, "a.md", &front), file);
        }
        let notes = "[collections.notes]\npermalink = \"/notes/{slug}\"\n";
        assert_eq!(url(notes, "notes/a.md", ""), "/notes/a/");
    }

    #[test]
    fn a_page_is_below_the_listing_of_its_section() {
        let book = "[collections.docs]\n";
        assert_eq!(url(book, "docs/My Section/one.md", ""), "/docs/my-section/one/");
    }

    #[test]
    fn a_copy_in_markdown_stands_beside_its_page() {
        assert_eq!(markdown_copy(&UrlPath::new("/a/b/")).as_str(), "/a/b/index.md");
        assert_eq!(markdown_copy(&UrlPath::new("/a/b.html")).as_str(), "/a/b.md");
        assert_eq!(markdown_copy(&UrlPath::new("/")).as_str(), "/index.md");
    }
}
