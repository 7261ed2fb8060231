//! Who may ask: the `Host` of a request.
//!
//! A page of another site cannot read what this server says, unless it makes its own
//! name lead to this machine's address (DNS rebinding). Its requests then name that
//! name as their host, and are refused.

use std::net::IpAddr;

/// The hosts under which a server answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AllowedHosts {
    /// The address that the server is bound to.
    bound: IpAddr,
    /// The name or address that the user gave.
    given: Option<String>,
}

impl AllowedHosts {
    /// Returns the hosts of a server at the address `bound`, for which the user gave the
    /// name or address `given`.
    pub(crate) fn new(bound: IpAddr, given: Option<&str>) -> Self {
        let given = given.map(|given| given.trim_end_matches('.').to_ascii_lowercase());
        Self { bound, given }
    }

    /// Tells whether a request with this `Host` is answered: the names of this machine,
    /// the address that the server is bound to (any address where it is bound to all,
    /// since an address cannot be made to lead elsewhere), and what the user gave.
    pub(crate) fn allows(&self, host: &str) -> bool {
        let Some(name) = host_name(host) else { return false };
        let name = name.trim_end_matches('.').to_ascii_lowercase();
        if let Ok(address) = name.parse::<IpAddr>() {
            let address = address.to_canonical();
            return address.is_loopback()
                || address == self.bound.to_canonical()
                || self.bound.is_unspecified()
                || self.given.as_deref() == Some(&name);
        }
        name == "localhost" || name.ends_with(".localhost") || self.given.as_deref() == Some(&name)
    }
}

/// Returns the name or address in a `Host`, without its port and brackets; `None` where
/// it is none.
fn host_name(host: &str) -> Option<&str> {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, rest) = rest.split_once(']')?;
            address.parse::<std::net::Ipv6Addr>().ok()?;
            (address, rest.strip_prefix(':').or(rest.is_empty().then_some("0"))?)
        }
        None => host.split_once(':').unwrap_or((host, "0")),
    };
    (!name.is_empty() && port.parse::<u16>().is_ok()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hosts(bound: &str, given: Option<&str>) -> AllowedHosts {
        AllowedHosts::new(bound.parse().unwrap(), given)
    }

    #[test]
    fn the_machine_s_own_names_are_allowed_and_no_others() {
        let hosts = hosts("127.0.0.1", None);
        for own in [
            "localhost",
            "localhost:3000",
            "LOCALHOST.:3000",
            "site.localhost:1",
            "127.0.0.1",
            "127.0.0.1:3000",
            "127.9.9.9:80",
            "[::1]:3000",
            "[::1]",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(hosts.allows(own), "{own}");
        }
        for other in [
            "",
            ":3000",
            "evil.example",
            "evil.example:3000",
            "localhost.evil.example",
            "evillocalhost",
            "192.168.1.5:3000",
            "[::2]:3000",
            "[::1",
            "[::1]x",
            "[localhost]",
            "localhost:",
            "localhost:x",
            "localhost:3000:1",
            "127.0.0.1.evil.example",
        ] {
            assert!(!hosts.allows(other), "{other}");
        }
    }

    #[test]
    fn the_given_name_and_address_are_allowed() {
        let named = hosts("192.168.1.5", Some("Laptop.local"));
        for host in ["laptop.local:3000", "192.168.1.5:3000", "localhost:3000"] {
            assert!(named.allows(host), "{host}");
        }
        assert!(!named.allows("192.168.1.6:3000"));
        let all = hosts("0.0.0.0", Some("0.0.0.0"));
        assert!(all.allows("192.168.1.6:3000") && all.allows("[fe80::1]:3000"));
        assert!(!all.allows("rebound.evil.example:3000"));
    }
}
