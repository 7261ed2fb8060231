//! From the path of a request to the path of a file of the site.

use crate::url::percent_decode;

/// What a path of a request may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file below the output folder, by its path.
    File(String),
    /// A file at this path or, where there is none, a folder of this name.
    FileOrFolder(String),
    /// Nothing that a site has.
    Nowhere,
    /// The path of the site itself, which the request leaves out.
    OutsideOfSite,
}

/// Returns what `path`, percent-encoded and absolute, stands for in a site whose address
/// has the path `base`.
pub(crate) fn place(path: &str, base: &str) -> Place {
    let path = percent_decode(path);
    let Some(below) = path.strip_prefix(base) else {
        return Place::OutsideOfSite;
    };
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', '\0']);
    let (folder, name) = below.rsplit_once('/').map_or((None, below), |(f, n)| (Some(f), n));
    if !folder.is_none_or(|folder| folder.split('/').all(is_plain)) {
        return Place::Nowhere;
    }
    match name {
        "" => Place::File(format!("{below}index.html")),
        name if is_plain(name) => Place::FileOrFolder(below.to_owned()),
        _ => Place::Nowhere,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str) -> Place {
        Place::File(path.to_owned())
    }

    #[test]
    fn folders_have_an_index_and_names_may_be_either() {
        assert_eq!(place("/", "/"), file("index.html"));
        assert_eq!(place("/a/b/", "/"), file("a/b/index.html"));
        assert_eq!(place("/a/b", "/"), Place::FileOrFolder("a/b".to_owned()));
        assert_eq!(place("/m%C3%BCnchen/", "/"), file("münchen/index.html"));
    }

    #[test]
    fn the_path_of_the_address_is_kept() {
        assert_eq!(place("/docs/a/", "/docs/"), file("a/index.html"));
        assert_eq!(place("/docs/", "/docs/"), file("index.html"));
        for outside in ["/", "/docs", "/a/", "/docsa/"] {
            assert_eq!(place(outside, "/docs/"), Place::OutsideOfSite, "{outside}");
        }
    }

    #[test]
    fn no_path_leads_out_of_the_site() {
        for wrong in [
            "/..",
            "/../",
            "/a/../b",
            "/%2e%2e/x",
            "/..%2fx",
            "/a/..%2f..%2fx",
            "//etc/passwd",
            "/a//b",
            "/.",
            "/a/./b",
            "/%00",
            "/a%5c..%5cx",
            "/a/%2e%2e/",
        ] {
            assert_eq!(place(wrong, "/"), Place::Nowhere, "{wrong}");
        }
    }
}
