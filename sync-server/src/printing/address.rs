//! Which addresses a printer may have.
//!
//! In: what somebody typed. Out: an address, or why not. Must not: let a printer's address lead anywhere but to a printer of the shop's
//! own network: a server that connects to whatever it is told is a way into everything it can reach.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The port printers take labels on.
pub const PORT: u16 = 9100;

/// Reads an address, with its port or without. `on_this_machine`: a program here passes labels on, on any port.
///
/// # Errors
/// Why it is none a printer may have.
pub fn parse(text: &str, on_this_machine: bool) -> Result<SocketAddr, String> {
    let socket = text.parse::<SocketAddr>();
    let socket = socket.or_else(|_| text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, PORT)));
    let Ok(socket) = socket else {
        return Err(format!(
            "{text:?} is no address in numbers, such as 192.168.1.40 or 192.168.1.40:{PORT}"
        ));
    };
    if on_this_machine {
        return match socket.ip().is_loopback() {
            true => Ok(socket),
            false => Err(format!("{} is not this machine", socket.ip())),
        };
    }
    if socket.port() != PORT {
        return Err(format!(
            "printers take labels on port {PORT}, not {}",
            socket.port()
        ));
    }
    match is_private(socket.ip()) {
        true => Ok(socket),
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
}
