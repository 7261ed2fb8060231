//! Smaller variants of the images that pages show, on a whole site.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use std::path::Path;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use scraper::{Html, Selector};
use support::BuiltSite;

/// Returns a site with these lines in its `book.toml`, whose pages show photographs.
fn site(book: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let site = "[site]\ntitle = \"A site\"\nbase_url = \"https://example.org\"\n";
    put("book.toml", format!("{site}{book}").as_bytes());
    let photo = photograph(600, 300);
    put("content/articles/scalp.jpg", &photo);
    put("content/articles/torn.png", b"no picture");
    put("content/articles/small.jpg", &photograph(100, 50));
    put(
        "content/articles/drawing.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='9'/>",
    );
    put("static/lead.jpg", &photo);
    put("static/archive.jpg", &photo);
    put("content/people/roe.md", b"---\ntitle: Jane Roe\nimage: {src: /lead.jpg, alt: Her}\n---\n");
    let article = "---\ntitle: X\nauthors: [roe]\nimage: {src: /lead.jpg, alt: The lead}\n---\n\
        ![A scalp](scalp.jpg) ![Half of it](scalp.jpg){width=200} ![Small](small.jpg)\n\n\
        ![Drawn](drawing.svg) <img src=\"scalp.jpg\" alt=\"Raw\"> ![Torn](torn.png)\n";
    put("content/articles/x.md", article.as_bytes());
    folder
}

fn photograph(width: u32, height: u32) -> Vec<u8> {
    let image = RgbImage::from_fn(width, height, |x, y| {
        let noise = x.wrapping_mul(7919) ^ y.wrapping_mul(104_729) ^ (x * y);
        Rgb([noise as u8, (noise >> 3) as u8, (noise >> 5) as u8])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(image).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn attribute(page: &Html, alt: &str, name: &str) -> Option<String> {
    let selector = Selector::parse(&format!("img[alt='{alt}']")).unwrap();
    let image = page.select(&selector).next().unwrap_or_else(|| panic!("there is an image {alt}"));
    image.attr(name).map(str::to_owned)
}

/// Returns the candidates of a `srcset`, the fingerprints in their names left out.
fn candidates(srcset: &str) -> Vec<String> {
    srcset
        .split(", ")
        .map(|candidate| {
            let parts: Vec<&str> = candidate.split('.').collect();
            let is_print =
                |part: &str| part.len() >= 8 && part.chars().all(|c| c.is_ascii_hexdigit());
            parts.into_iter().filter(|part| !is_print(part)).collect::<Vec<_>>().join(".")
        })
        .collect()
}

#[test]
fn photographs_come_in_several_widths_and_drawings_as_they_are() {
    let folder = site("[images]\nwidths = [150, 300, 900]\n");
    let built = BuiltSite::of(folder.path());
    let page = built.page("articles/x/index.html");
    let srcset = attribute(&page, "A scalp", "srcset").unwrap();
    let small = "../../assets/images/scalp-150.jpg 150w";
    let expected = [small, "../../assets/images/scalp-300.jpg 300w", "../scalp.jpg 600w"];
    assert_eq!(candidates(&srcset), expected);
    for candidate in srcset.split(", ") {
        let url = candidate.split(' ').next().unwrap();
        let path =
            url.strip_prefix("../../").or(url.strip_prefix("../").map(|_| "articles/scalp.jpg"));
        assert!(built.files.contains_key(path.unwrap()), "{url} is published");
    }
    let of = |name: &str| attribute(&page, "A scalp", name).unwrap_or_default();
    assert_eq!([of("width"), of("height"), of("loading")], ["600", "300", "lazy"]);
    assert!(of("sizes").contains("100vw"), "{}", of("sizes"));
    assert_eq!(attribute(&page, "Half of it", "sizes").unwrap(), "200px");
    assert!(attribute(&page, "Raw", "srcset").is_some());
    assert!(attribute(&page, "The lead", "srcset").unwrap().contains("lead-300."));
    for alt in ["Small", "Drawn", "Torn"] {
        assert_eq!(attribute(&page, alt, "srcset"), None, "{alt}");
    }
    let portrait = built.page("people/roe/index.html");
    assert_eq!(attribute(&portrait, "Her", "sizes").unwrap(), "152px");
    let made = |name: &str| built.files.keys().filter(|path| path.contains(name)).count();
    assert_eq!(made("assets/images/lead-"), 2);
    assert_eq!(made("assets/images/archive-"), 0, "nobody shows it");
}

#[test]
fn an_image_below_one_of_the_pages_that_show_it_is_found_from_each() {
    let folder = site("[images]\nwidths = []\n");
    let put = |path: &str, bytes: &[u8]| {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    put("static/articles/x/her.jpg", &photograph(100, 50));
    let roe = b"---\ntitle: Jane Roe\nimage: {src: /articles/x/her.jpg, alt: Her}\n---\n";
    put("content/people/roe.md", roe);
    for name in ["w", "y"] {
        let article = format!("---\ntitle: {name}\nauthors: [roe]\n---\nText.\n");
        put(&format!("content/articles/{name}.md"), article.as_bytes());
    }
    let built = BuiltSite::of(folder.path());
    let seen = |path: &str| {
        let page = built.page(path);
        let selector = Selector::parse(".person-card img").unwrap();
        page.select(&selector).next().unwrap().attr("src").map(str::to_owned)
    };
    assert_eq!(seen("articles/x/index.html").as_deref(), Some("her.jpg"));
    for path in ["articles/w/index.html", "articles/y/index.html"] {
        assert_eq!(seen(path).as_deref(), Some("../x/her.jpg"), "{path}");
    }
}

#[test]
fn an_image_that_cannot_be_read_is_reported_where_it_is_shown() {
    let folder = site("");
    let found = BuiltSite::of(folder.path()).build.diagnostics;
    let found: Vec<_> = found.iter().filter(|found| found.rule.id == "image-broken").collect();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].source().as_str(), "content/articles/x.md");
    let text = std::fs::read_to_string(folder.path().join(found[0].source().as_str())).unwrap();
    assert_eq!(&text[found[0].span.range()], "![Torn](torn.png)");
    assert!(found[0].message.contains("it does not begin like a picture"), "{}", found[0].message);
}

#[test]
fn variants_can_be_turned_off() {
    for book in ["[outputs]\nimages = false\n", "[images]\nwidths = []\n"] {
        let folder = site(book);
        let built = BuiltSite::of(folder.path());
        assert!(!built.files.keys().any(|path| path.starts_with("assets/images/")), "{book}");
        assert!(!built.file("articles/x/index.html").contains("srcset"), "{book}");
    }
}

#[test]
fn two_builds_make_the_same_bytes() {
    let of = |folder: &Path| BuiltSite::of(folder).build.artifacts();
    let folder = site("[images]\nwidths = [150]\n");
    let images = |path: &str| path.starts_with("assets/images/");
    let (one, other) = (of(folder.path()), of(folder.path()));
    let one: Vec<_> = one.iter().filter(|file| images(&file.path)).collect();
    let other: Vec<_> = other.iter().filter(|file| images(&file.path)).collect();
    assert_eq!(one.len(), 2);
    assert!(one == other);
}
