//! URL paths of a site, slugs, and the relative links between pages.

use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::fingerprint::Fingerprint;

/// A page's or file's place in the site: absolute, percent-decoded, without the
/// path of `base_url`. A page's ends in `/` or in a file name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Arc<str>);

impl UrlPath {
    /// Returns the path `path`, which gets a leading `/` where it has none.
    pub fn new(path: &str) -> Self {
        match path.starts_with('/') {
            true => Self(Arc::from(path)),
            false => Self(Arc::from(format!("/{path}"))),
        }
    }

    /// Returns the path with its leading `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the path of the file that serves this URL, below the output
    /// folder: `/a/` is served by `a/index.html`.
    pub fn to_file_path(&self) -> String {
        let path = &self.0[1..];
        match path.is_empty() || path.ends_with('/') {
            true => format!("{path}index.html"),
            false => path.to_owned(),
        }
    }

    /// Returns the shortest relative link from the page `from` to this path,
    /// percent-encoded, which works under any prefix.
    ///
    /// A folder URL is written with its trailing `/`; from a page to itself it is `./`
    /// or the file's name.
    pub fn relative_from(&self, from: &UrlPath) -> String {
        let folder = |path: &UrlPath| path.0.rfind('/').map_or(0, |slash| slash + 1);
        let (from_end, to_end) = (folder(from), folder(self));
        let (here, there) = (&from.0.as_bytes()[..from_end], &self.0.as_bytes()[..to_end]);
        let alike = here.iter().zip(there).take_while(|(a, b)| a == b).count();
        let shared = here[..alike].iter().rposition(|&byte| byte == b'/').map_or(0, |at| at + 1);
        let up = here[shared..].iter().filter(|&&byte| byte == b'/').count();
        let rest = &self.0[shared..];
        let mut link = String::with_capacity(up * 3 + rest.len() + 2);
        (0..up).for_each(|_| link.push_str("../"));
        // A first segment with a colon would read as a scheme (RFC 3986, section 4.2).
        let first = || rest.split('/').next().unwrap_or_default();
        if up == 0 && (rest.is_empty() || first().contains(':')) {
            link.push_str("./");
        }
        encode_path_into(rest, &mut link);
        link
    }

    /// Returns the way from the page at this path to the site's root, `./` or `../`
    /// once a folder.
    pub fn root(&self) -> String {
        match self.0[1..].matches('/').count() {
            0 => "./".to_owned(),
            folders => "../".repeat(folders),
        }
    }

    /// Returns the absolute address below `base_url`, percent-encoded.
    pub fn absolute(&self, base_url: &str) -> String {
        let mut address = base_url.trim_end_matches('/').to_owned();
        encode_path_into(&self.0, &mut address);
        address
    }
}

impl fmt::Debug for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns `path` with each of its segments percent-encoded (RFC 3986, `pchar`).
pub fn encode_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    encode_path_into(path, &mut out);
    out
}

/// Appends `path` with its segments percent-encoded to `out`.
fn encode_path_into(path: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut rest = path;
    while let Some(at) = rest.bytes().position(|byte| !STANDS_IN_PATH[usize::from(byte)]) {
        out.push_str(&rest[..at]);
        let encoded = rest[at..].chars().next().map_or(1, char::len_utf8);
        for byte in rest[at..at + encoded].bytes() {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        }
        rest = &rest[at + encoded..];
    }
    out.push_str(rest);
}

/// The bytes that stand in a path as they are.
const STANDS_IN_PATH: [bool; 256] = {
    let mut table = [false; 256];
    let signs = b"-._~!$()*+,;=:@/";
    let mut at = 0;
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] |= byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

/// Which letters a slug keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SlugStyle {
    /// Latin letters lose their marks; letters of other scripts are kept.
    #[default]
    Ascii,
    /// Every letter is kept with its marks, in NFC.
    Unicode,
}

/// Letters that have no decomposition, as [`SlugStyle::Ascii`] writes them.
const LATIN: &[(char, &str)] = &[
    ('ß', "ss"),
    ('æ', "ae"),
    ('œ', "oe"),
    ('ø', "o"),
    ('đ', "d"),
    ('ð', "d"),
    ('ł', "l"),
    ('þ', "th"),
    ('ı', "i"),
    ('ħ', "h"),
];

/// The names of the Greek letters, for one that stands alone (`TNF-α`).
const GREEK: &[(char, &str)] = &[
    ('α', "alpha"),
    ('β', "beta"),
    ('γ', "gamma"),
    ('δ', "delta"),
    ('ε', "epsilon"),
    ('ζ', "zeta"),
    ('η', "eta"),
    ('θ', "theta"),
    ('ι', "iota"),
    ('κ', "kappa"),
    ('λ', "lambda"),
    ('μ', "mu"),
    ('ν', "nu"),
    ('ξ', "xi"),
    ('ο', "omicron"),
    ('π', "pi"),
    ('ρ', "rho"),
    ('σ', "sigma"),
    ('τ', "tau"),
    ('υ', "upsilon"),
    ('φ', "phi"),
    ('χ', "chi"),
    ('ψ', "psi"),
    ('ω', "omega"),
];

/// Returns `text` as one segment of a URL: lower-case words joined by hyphens.
///
/// Apostrophes are dropped (`alzheimers`), anything else that is neither letter
/// nor digit separates words. Empty where `text` holds no letter or digit.
pub fn slug(text: &str, style: SlugStyle) -> String {
    let normal: String = match style {
        _ if text.is_ascii() => text.to_owned(),
        SlugStyle::Ascii => text.nfkd().filter(|c| !is_latin_mark(*c)).nfc().collect(),
        SlugStyle::Unicode => text.nfkc().collect(),
    };
    let lower = normal.to_lowercase();
    let words = lower
        .split(|c: char| !is_slug_char(c) && !matches!(c, '\'' | '\u{2019}' | '\u{ad}'))
        .map(|word| slug_word(word, style))
        .filter(|word| !word.is_empty());
    shortened(words.collect::<Vec<String>>().join("-"))
}

/// How many bytes a slug has at most: a file's name may have 255, and a permalink or an
/// output adds to the slug.
const LONGEST_SLUG: usize = 200;

/// Returns `slug` cut at a word where it is too long for a file's name, and told apart from
/// others that begin like it by a fingerprint.
fn shortened(slug: String) -> String {
    if slug.len() <= LONGEST_SLUG {
        return slug;
    }
    let told_apart = Fingerprint::of(slug.as_bytes()).short();
    let begun = &slug[..slug.floor_char_boundary(LONGEST_SLUG - told_apart.len() - 1)];
    let end = begun.rfind('-').unwrap_or(begun.len());
    format!("{}-{told_apart}", &begun[..end])
}

/// Returns the segment of the URL of what lists the pages with the tag `name`.
///
/// A tag with a sign that its slug would lose, such as C++ or C#, is told apart by a
/// fingerprint. Tags that differ in case, accents, spaces or punctuation are one; one of
/// nothing but these has no segment.
pub fn tag_slug(name: &str, style: SlugStyle) -> String {
    let slug = slug(name, style);
    if !has_telling_sign(name) {
        return slug;
    }
    let spelling = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let told_apart = Fingerprint::of(spelling.as_bytes()).short();
    match slug.is_empty() {
        true => told_apart,
        false => format!("{slug}-{told_apart}"),
    }
}

/// Tells whether `name` has a sign that is neither part of a word nor between two.
fn has_telling_sign(name: &str) -> bool {
    let between = |c: char| c.is_whitespace() || "-‐‑–—_'’‘\"“”.,:;!?/&()[]·®™℠\u{ad}".contains(c);
    name.trim_start().starts_with('.') || name.chars().any(|c| !is_slug_char(c) && !between(c))
}

fn is_slug_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// Tells whether `c` is a mark that Latin letters carry; the marks of other
/// scripts, such as vowel signs, are part of the word.
fn is_latin_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn slug_word(word: &str, style: SlugStyle) -> String {
    let mut letters = word.chars().filter(|c| is_slug_char(*c));
    if style == SlugStyle::Unicode {
        return letters.collect();
    }
    if let (Some(letter), None) = (letters.next(), letters.next())
        && let Some((_, name)) = GREEK.iter().find(|(greek, _)| *greek == letter)
    {
        return (*name).to_owned();
    }
    let mut out = String::with_capacity(word.len());
    for letter in word.chars().filter(|c| is_slug_char(*c)) {
        match LATIN.iter().find(|(special, _)| *special == letter) {
            Some((_, plain)) => out.push_str(plain),
            None => out.push(letter),
        }
    }
    out
}

/// Returns `text` with its percent-encoded bytes decoded; what is no valid encoding,
/// or would be no text, stays as it is.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let digits = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

/// How many bytes a part of a path that an author writes has at most: a file's name may have
/// 255, with what the build adds to it.
const LONGEST_PART: usize = 240;

/// Says why the path `path`, as an author writes it, can be no place of the site; `None`
/// where it can.
pub fn path_fault(path: &str) -> Option<&'static str> {
    let mut parts = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    if path.contains("://") {
        return Some("it is an address of another site");
    }
    if path.contains(['?', '#']) {
        return Some("it has a query or an anchor");
    }
    if path.contains(|c: char| c == '\\' || c.is_control()) {
        return Some("it has a sign that no path has");
    }
    while let Some(part) = parts.next() {
        match part {
            "." | ".." => return Some("it has a part `.` or `..`"),
            "" if parts.peek().is_some() => return Some("it has an empty part"),
            part if part.len() > LONGEST_PART => {
                return Some("it has a part of more than 240 bytes");
            }
            _ => {}
        }
    }
    None
}

/// Says why the path `path`, in which signs may be percent-encoded, can be no place of the
/// site; `None` where it can.
pub fn encoded_path_fault(path: &str) -> Option<&'static str> {
    let decoded = percent_decode(path);
    // A query or an anchor begins where its sign stands as it is.
    path_fault(path).or_else(|| path_fault(&decoded.replace(['?', '#'], "_")))
}

/// Returns `path` taken from the folder `base`, without `.`, `..` and empty parts;
/// `None` where it climbs above the root.
pub fn join_path(base: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_lower_case_words_joined_by_hyphens() {
        let ascii = |text| slug(text, SlugStyle::Ascii);
        assert_eq!(ascii("JAK inhibitors: who, when?"), "jak-inhibitors-who-when");
        assert_eq!(ascii("Sjögren's syndrome"), "sjogrens-syndrome");
        assert_eq!(ascii("Behçet’s, Straße & Æther"), "behcets-strasse-aether");
        assert_eq!(ascii("TNF-α / β-blockers"), "tnf-alpha-beta-blockers");
        assert_eq!(ascii("Ελλάδα"), "ελλαδα");
        assert_eq!(ascii("हिन्दी"), "हिन्दी");
        assert_eq!(ascii("  --  "), "");
        assert_eq!(slug("Sjögren’s", SlugStyle::Unicode), "sjögrens");
        assert_eq!(slug("I\u{307}stanbul", SlugStyle::Ascii), "istanbul");
    }

    #[test]
    fn a_slug_can_be_the_name_of_a_file() {
        let of = |text: &str| slug(text, SlugStyle::Ascii);
        let (words, run) = ("word ".repeat(40), "東".repeat(90));
        assert_eq!(of(&words).len(), 199);
        for long in [format!("{words} more"), format!("{words} other"), run, "x".repeat(300)] {
            let slug = of(&long);
            assert!((100..=200).contains(&slug.len()), "{slug}");
        }
        assert_ne!(of(&format!("{words} more")), of(&format!("{words} other")));
    }

    #[test]
    fn tags_that_a_sign_tells_apart_have_slugs_of_their_own() {
        let of = |name| tag_slug(name, SlugStyle::Ascii);
        assert_eq!([of("JAK inhibitors"), of("jak-inhibitors")], ["jak-inhibitors"; 2]);
        assert_eq!(of("Women’s health, Q&A (new)"), "womens-health-q-a-new");
        assert_eq!([of("C"), of("c")], ["c"; 2]);
        let apart = ["C", "C++", "C#", ".NET", "NET", "+", "*"].map(of);
        assert!(apart.iter().all(|slug| !slug.is_empty()));
        assert_eq!(apart.iter().collect::<std::collections::BTreeSet<_>>().len(), apart.len());
        assert_eq!(of("C++"), of(" c++"));
        assert!(of("C++").starts_with("c-"));
    }

    fn relative(to: &str, from: &str) -> String {
        UrlPath::new(to).relative_from(&UrlPath::new(from))
    }

    #[test]
    fn relative_links_climb_to_the_shared_folder() {
        assert_eq!(relative("/treatments/a/", "/articles/x/"), "../../treatments/a/");
        assert_eq!(relative("/articles/y/", "/articles/x/"), "../y/");
        assert_eq!(relative("/", "/articles/x/"), "../../");
        assert_eq!(relative("/", "/"), "./");
        assert_eq!(relative("/a/", "/"), "a/");
        assert_eq!(relative("/a.css", "/404.html"), "a.css");
        assert_eq!(relative("/articles/x/", "/articles/x/"), "./");
        assert_eq!(relative("/articles/x.html", "/articles/y.html"), "x.html");
    }

    #[test]
    fn a_colon_in_the_first_segment_is_not_a_scheme() {
        assert_eq!(relative("/a:b/", "/"), "./a:b/");
    }

    #[test]
    fn segments_are_percent_encoded() {
        assert_eq!(relative("/münchen 1/", "/"), "m%C3%BCnchen%201/");
        assert_eq!(
            UrlPath::new("/ä/").absolute("https://example.org/base/"),
            "https://example.org/base/%C3%A4/"
        );
    }

    #[test]
    fn percent_encoding_is_undone_where_it_is_one() {
        assert_eq!(percent_decode("m%C3%BCnchen%201"), "münchen 1");
        assert_eq!(percent_decode("100%"), "100%");
        assert_eq!(percent_decode("%+1%ff"), "%+1%ff");
    }

    #[test]
    fn a_path_of_the_site_has_plain_parts_alone() {
        for good in ["/", "/a/", "a/b.html", "/a.b/ü", "/.well-known/x", ""] {
            assert_eq!(path_fault(good), None, "{good}");
        }
        for wrong in ["//", "/a//b", "..", "/a/../b", "./x", "/a?b", "/a#b", "https://x", "a\\b"] {
            assert!(path_fault(wrong).is_some(), "{wrong}");
        }
        assert!(path_fault(&format!("/a/{}/", "x".repeat(241))).is_some());
        assert_eq!(path_fault(&format!("/a/{}/b/", "x".repeat(240))), None);
        assert_eq!(encoded_path_fault("/caf%C3%A9/a%3Fb%23/"), None);
        for wrong in ["/%2e%2e/", "/a%00/", "/a?b"] {
            assert!(encoded_path_fault(wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_folder_is_served_by_its_index() {
        assert_eq!(UrlPath::new("/").to_file_path(), "index.html");
        assert_eq!(UrlPath::new("/a/").to_file_path(), "a/index.html");
        assert_eq!(UrlPath::new("/a.html").to_file_path(), "a.html");
    }
}
