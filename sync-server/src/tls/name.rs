//! What a server is called: a name or an address.
//!
//! In: what somebody typed. Out: a name that a certificate can hold. Must not: take a name with a wildcard; nobody
//! vouches for servers that nobody has named.

use core::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use rustls::pki_types::DnsName;

/// A server's name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Name {
    /// A name that has to be looked up.
    Dns(String),
    /// An address.
    Ip(IpAddr),
}

/// It is neither a name nor an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAName;

impl fmt::Display for NotAName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this is neither a name such as custody.shop.lan nor an address such as 192.168.1.20; \
             leave out https:// and the port",
        )
    }
}

impl core::error::Error for NotAName {}

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Ip(address.to_canonical()));
        }
        let name = text.to_ascii_lowercase();
        // Four numbers that are no address, an underscore that browsers do not take.
        let is_number = name.rsplit('.').next().is_some_and(is_digits);
        if is_number || name.contains('_') || name.ends_with('.') {
            return Err(NotAName);
        }
        match DnsName::try_from(name.as_str()) {
            Ok(_) => Ok(Self::Dns(name)),
            Err(_) => Err(NotAName),
        }
    }
}

fn is_digits(label: &str) -> bool {
    label.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns(name) => f.write_str(name),
            Self::Ip(address) => write!(f, "{address}"),
        }
    }
}

impl Name {
    /// As it stands in an address, before the port.
    #[must_use]
    pub fn in_url(&self) -> String {
        match self {
            Self::Dns(name) => name.clone(),
            Self::Ip(IpAddr::V4(address)) => address.to_string(),
            Self::Ip(IpAddr::V6(address)) => format!("[{address}]"),
        }
    }

    /// Whether nobody outside a private network can have this name.
    #[must_use]
    pub fn is_private(&self) -> bool {
        match self {
            Self::Dns(name) => PRIVATE_ZONES.iter().any(|zone| is_within(name, zone)),
            Self::Ip(address) => PRIVATE_NETWORKS
                .iter()
                .any(|(network, bits)| is_in(*address, *network, *bits)),
        }
    }
}

/// Ends of names that are nobody's in public: RFC 6762, RFC 8375, RFC 6761, and what ICANN keeps free.
pub const PRIVATE_ZONES: [&str; 5] = ["local", "lan", "home.arpa", "internal", "localhost"];

/// Networks that are nobody's in public: this machine, RFC 1918, RFC 4193, and links.
pub const PRIVATE_NETWORKS: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16),
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7),
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10),
];

/// Whether a name is a zone's, or in it.
#[must_use]
pub fn is_within(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn is_in(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let other = address.to_bits() ^ network.to_bits();
            other.leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let other = address.to_bits() ^ network.to_bits();
            other.leading_zeros() >= u32::from(bits)
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_are_read_and_nothing_else() {
        for (text, read) in [
            ("Custody.Shop.LAN", "custody.shop.lan"),
            ("localhost", "localhost"),
            ("192.168.1.20", "192.168.1.20"),
            ("fd00:0::1", "fd00::1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
        ] {
            assert_eq!(text.parse::<Name>().unwrap().to_string(), read);
        }
        for text in [
            "",
            "https://shop.lan",
            "shop.lan:8765",
            "*.shop.lan",
            "shop lan",
            "10.0.0.256",
            "10.0.0",
            "shop.lan.",
            "a_b.lan",
            "-a.lan",
            "[::1]",
        ] {
            assert_eq!(text.parse::<Name>(), Err(NotAName), "{text}");
        }
    }

    #[test]
    fn private_is_what_nobody_outside_can_have() {
        let is_private = |text: &str| text.parse::<Name>().unwrap().is_private();
        for text in [
            "10.9.8.7",
            "172.31.0.1",
            "192.168.0.1",
            "127.0.0.1",
            "::1",
            "fd12::1",
            "fe80::1",
            "localhost",
            "custody.local",
            "a.b.home.arpa",
        ] {
            assert!(is_private(text), "{text}");
        }
        for text in [
            "8.8.8.8",
            "172.32.0.1",
            "::2",
            "2001:db8::1",
            "custody",
            "notlocal",
            "local.example",
            "shop.example",
        ] {
            assert!(!is_private(text), "{text}");
        }
    }
}
