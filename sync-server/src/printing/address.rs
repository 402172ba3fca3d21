//! Which addresses a printer may have.
//!
//! In: what somebody typed. Out: an address, or why not. Must not: let a printer's address lead anywhere but to a printer of the shop's
//! own network: a server that connects to whatever it is told is a way into everything it can reach.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::way::Way;

/// The port printers take labels on.
pub const PORT: u16 = 9100;

/// The port print queues listen on.
pub const QUEUE_PORT: u16 = 631;
/// Letters of a queue's name at most, as in CUPS.
const QUEUE_LETTERS_MAX: usize = 127;
const SCHEME: &str = "ipp://";
const PRINTERS: &str = "/printers/";

/// A raw queue of CUPS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CupsQueue {
    /// Where its server listens.
    pub socket: SocketAddr,
    /// Its name there.
    name: String,
}

impl CupsQueue {
    /// Reads `ipp://192.168.1.5/printers/Zebra`, with a port or without.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (host, name) = text.strip_prefix(SCHEME)?.split_once(PRINTERS)?;
        let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || b"-_".contains(&letter);
        if name.is_empty() || name.len() > QUEUE_LETTERS_MAX || !name.bytes().all(is_letter) {
            return None;
        }
        Some(Self {
            socket: socket(host, QUEUE_PORT)?,
            name: name.to_owned(),
        })
    }

    /// Its place on its server.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{PRINTERS}{}", self.name)
    }
}

impl core::fmt::Display for CupsQueue {
    fn fmt(&self, form: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(form, "{SCHEME}{}{}", self.socket, self.path())
    }
}

fn socket(text: &str, port: u16) -> Option<SocketAddr> {
    let own = text.parse::<SocketAddr>();
    own.or_else(|_| {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        bare.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, port))
    })
    .ok()
}

/// Reads an address, with its port or without, or a queue's. `on_this_machine`: a program here passes labels on, on any port.
///
/// # Errors
/// Why it is none a printer may have.
pub fn parse(text: &str, on_this_machine: bool) -> Result<Way, String> {
    let (way, port) = if text.starts_with(SCHEME) {
        (CupsQueue::parse(text).map(Way::Queue), QUEUE_PORT)
    } else {
        (socket(text, PORT).map(Way::Port), PORT)
    };
    let Some(way) = way else {
        return Err(format!(
            "{text:?} is no address in numbers, such as 192.168.1.40, 192.168.1.40:{PORT} or, for a queue of CUPS, \
             {SCHEME}192.168.1.5{PRINTERS}Zebra"
        ));
    };
    let socket = match &way {
        Way::Port(socket) => *socket,
        Way::Queue(queue) => queue.socket,
    };
    if on_this_machine {
        return match socket.ip().is_loopback() {
            true => Ok(way),
            false => Err(format!("{} is not this machine", socket.ip())),
        };
    }
    if socket.port() != port {
        return Err(format!(
            "labels are taken on port {port} there, not {}",
            socket.port()
        ));
    }
    match is_private(socket.ip()) {
        true => Ok(way),
        false => Err(format!(
            "{} is no address of a shop's own network",
            socket.ip()
        )),
    }
}

/// Whether an address is of a network of one's own.
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_private_v4(ip),
        IpAddr::V6(ip) => is_private_v6(ip),
    }
}

fn is_private_v4(ip: Ipv4Addr) -> bool {
    ip.is_private()
}

/// Unique local addresses, fc00::/7. An IPv4 address in other clothes is none.
fn is_private_v6(ip: Ipv6Addr) -> bool {
    ip.segments()[0] & 0xfe00 == 0xfc00
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printers_are_in_the_shops_own_network_on_their_port() {
        for good in [
            "192.168.1.40",
            "10.0.0.9:9100",
            "172.31.255.1",
            "[fd12:3456::1]:9100",
            "fd00::7",
        ] {
            assert!(parse(good, false).is_ok(), "{good}");
        }
        for bad in [
            "printer.local",
            "127.0.0.1",
            "127.0.0.1:9100",
            "0.0.0.0",
            "169.254.169.254",
            "192.168.1.40:80",
            "172.32.0.1",
            "8.8.8.8",
            "::1",
            "[::ffff:10.0.0.1]:9100",
            "fe80::1",
            "2001:db8::1",
            "3232235816",
            "0x7f.1",
            "192.168.1.40:9100/",
            "user@10.0.0.9",
            "",
        ] {
            assert!(parse(bad, false).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_program_on_this_machine_is_on_this_machine() {
        assert!(parse("127.0.0.1:9101", true).is_ok() && parse("[::1]:631", true).is_ok());
        assert!(parse("192.168.1.40", true).is_err() && parse("0.0.0.0:9100", true).is_err());
    }

    #[test]
    fn a_queue_is_in_the_shops_own_network_on_its_port_and_has_a_plain_name() {
        let good = parse("ipp://192.168.1.5/printers/Zebra_GK420d", false).unwrap();
        let text = "ipp://192.168.1.5:631/printers/Zebra_GK420d";
        assert_eq!(good.to_string(), text);
        assert_eq!(Way::kept(text), Some(good));
        assert!(parse("ipp://127.0.0.1:8631/printers/z", true).is_ok());
        assert!(parse("ipp://[fd00::7]/printers/z", false).is_ok());
        for bad in [
            "ipp://192.168.1.5/",
            "ipp://192.168.1.5/printers/",
            "ipp://192.168.1.5/printers/a/../../admin",
            "ipp://192.168.1.5/printers/a?b",
            "ipp://192.168.1.5/printers/a b",
            "ipp://192.168.1.5/printers/a%20b",
            "ipp://192.168.1.5:9100/printers/z",
            "ipp://user@192.168.1.5/printers/z",
            "ipp://localhost/printers/z",
            "ipp://127.0.0.1/printers/z",
            "ipp://8.8.8.8/printers/z",
            "ipps://192.168.1.5/printers/z",
            "http://192.168.1.5:631/printers/z",
        ] {
            assert!(parse(bad, false).is_err(), "{bad}");
        }
    }
}
