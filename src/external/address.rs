//! The addresses that are asked, and those that are nobody's or nobody else's.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Names that belong to nobody, or only to the own network: RFC 2606, 6761, 6762, 8375.
const RESERVED_NAMES: &[&str] = &[
    "example",
    "example.com",
    "example.net",
    "example.org",
    "home.arpa",
    "internal",
    "invalid",
    "local",
    "localhost",
    "onion",
    "test",
];

/// The hosts of the DOI system.
const DOI_HOSTS: &[&str] = &["doi.org", "dx.doi.org", "www.doi.org"];

/// The DOIs of examples and tests, which lead nowhere.
const TEST_DOIS: &str = "/10.5555/";

/// Returns what is asked for the address `written`, without its anchor.
///
/// `None` where nobody is asked: an address of another scheme or of the site itself, below
/// `base_url`; one of the own network, and those that are reserved for examples. A host that
/// is not written in ASCII is not asked either.
pub fn address_to_ask(written: &str, base_url: &str) -> Option<String> {
    let written = written.trim();
    let (scheme, rest) = match written.strip_prefix("//") {
        Some(rest) => ("https".to_owned(), rest),
        None => {
            let (scheme, rest) = written.split_once("://")?;
            (scheme.to_ascii_lowercase(), rest)
        }
    };
    if !matches!(&*scheme, "http" | "https") {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    // Nobody's password is sent.
    let authority = authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
    let host = host(&authority);
    let is_test = DOI_HOSTS.contains(&host) && path.starts_with(TEST_DOIS);
    if !is_public(host) || is_test {
        return None;
    }
    let slash = if path.starts_with('/') { "" } else { "/" };
    let place = format!("{authority}{slash}{}", encoded(path));
    (!is_below(&place, base_url)).then(|| format!("{scheme}://{place}"))
}

/// Returns the host of an address that is asked.
pub(super) fn host_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    host(rest.split('/').next().unwrap_or_default())
}

/// Returns the host of `authority`, without its port.
fn host(authority: &str) -> &str {
    match authority.split_once(']') {
        Some((bracketed, _)) => bracketed.trim_start_matches('['),
        None => authority.split(':').next().unwrap_or_default(),
    }
}

/// Tells whether `host` can be reached from everywhere.
fn is_public(host: &str) -> bool {
    if let Ok(address) = host.parse::<IpAddr>() {
        return match address {
            IpAddr::V4(address) => is_public_v4(address),
            IpAddr::V6(address) => is_public_v6(address),
        };
    }
    let host = host.trim_end_matches('.');
    let is_name =
        host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
    let is_in = |name: &&str| {
        host.strip_suffix(*name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    is_name && host.contains('.') && !RESERVED_NAMES.iter().any(is_in)
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(address) = address.to_ipv4_mapped() {
        return is_public_v4(address);
    }
    let [first, second, ..] = address.segments();
    let is_documentation = (first, second) == (0x2001, 0x0db8);
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_unique_local()
        || address.is_unicast_link_local()
        || is_documentation)
}

/// Tells whether `place`, an address without its scheme, is one of the site at `base_url`.
fn is_below(place: &str, base_url: &str) -> bool {
    let base = base_url.split_once("://").map_or("", |(_, base)| base).trim_end_matches('/');
    let Some((start, rest)) = place.split_at_checked(base.len()) else { return false };
    let ends = rest.is_empty() || rest.starts_with(['/', '?']);
    !base.is_empty() && start.eq_ignore_ascii_case(base) && ends
}

/// Encodes what no address holds as it is; what is encoded already stays.
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                out.push_str(&format!("%{byte:02X}"));
            }
            0x21..=0x7e => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(written: &str) -> Option<String> {
        address_to_ask(written, "https://own.site.org/blog/")
    }

    #[test]
    fn an_address_is_asked_without_its_anchor_and_as_the_protocol_has_it() {
        for (written, expected) in [
            ("https://who.int", "https://who.int/"),
            ("HTTP://WHO.int:8080/A?b=c#d", "http://who.int:8080/A?b=c"),
            ("//who.int?q=1", "https://who.int/?q=1"),
            ("https://jane:secret@who.int/a", "https://who.int/a"),
            ("https://who.int/ä b%20c|d", "https://who.int/%C3%A4%20b%20c%7Cd"),
            ("https://8.8.8.8/", "https://8.8.8.8/"),
            ("https://[2a00:1450::1]/x", "https://[2a00:1450::1]/x"),
            ("https://own.site.org/blogs", "https://own.site.org/blogs"),
            ("https://doi.org/10.1000/182", "https://doi.org/10.1000/182"),
        ] {
            assert_eq!(asked(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn nobody_is_asked_for_what_is_nobody_elses() {
        for written in [
            "mailto:a@who.int",
            "ftp://who.int/",
            "/about/",
            "https://",
            "https://localhost:3000/",
            "https://app.localhost/",
            "https://intranet/",
            "https://printer.local/",
            "https://127.0.0.1/",
            "https://10.1.2.3/",
            "https://192.168.0.1:80/",
            "https://169.254.1.1/",
            "https://[::1]/",
            "https://[fe80::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://example.com/a",
            "https://www.example.org",
            "https://journal.test/",
            "https://müller.de/",
            "https://doi.org/10.5555/12345678",
            "https://own.site.org/blog",
            "http://own.site.org/blog/a#b",
        ] {
            assert_eq!(asked(written), None, "{written}");
        }
        assert!(address_to_ask("https://own.site.org/", "").is_some(), "there is no own address");
    }

    #[test]
    fn a_host_is_known_without_its_port() {
        assert_eq!(host_of("https://who.int:8080/a:b"), "who.int");
        assert_eq!(host_of("https://[2a00:1450::1]:80/x"), "2a00:1450::1");
    }
}
