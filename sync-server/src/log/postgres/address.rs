//! Where the server is, and how it is spoken to.
//!
//! In: a URL. Out: a connection. Must not: show the password, or send a shop's data through a network in clear
//! unless the URL says so.

use core::fmt;
use std::net::IpAddr;
use std::time::Duration;

use postgres::config::{Host, SslMode};
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::log::Failed;

/// Time for a connection to come about.
const CONNECT_MAX: Duration = Duration::from_secs(5);
/// Time after which a network that swallows everything counts as a lost connection.
const UNHEARD_MAX: Duration = Duration::from_secs(10);

/// Where a PostgreSQL server is, and who is to be let in: `postgres://user:password@host/database`.
///
/// Over a network the connection is encrypted and the server's certificate checked against the system's list, or
/// the one `SSL_CERT_FILE` names. `?sslmode=disable` goes without; on this machine nothing else is needed.
#[derive(Clone, PartialEq, Eq)]
pub struct Address(String);

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// When it is none. The sentence does not repeat it.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.parse::<Config>() {
            Ok(_) => Ok(Self(text.to_owned())),
            Err(_) => Err("an address is like postgres://user@host/database".to_owned()),
        }
    }

    /// Whether a password stands in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        let config = self.0.parse::<Config>();
        config.is_ok_and(|config| config.get_password().is_some())
    }

    /// Connects. Blocks.
    pub(super) fn connect(&self) -> Result<Client, Failed> {
        let mut config = self.0.parse::<Config>()?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_MAX);
        }
        config.tcp_user_timeout(UNHEARD_MAX);
        config.keepalives_idle(UNHEARD_MAX);
        config.application_name("custody");
        if !is_encrypted(&config) {
            config.ssl_mode(SslMode::Disable);
            return Ok(config.connect(NoTls)?);
        }
        config.ssl_mode(SslMode::Require);
        let (tls, oddities) = MakeRustlsConnect::with_native_certs().map_err(|errors| {
            let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
            Failed::Certificates(errors.join("; "))
        })?;
        for oddity in oddities {
            tracing::warn!(%oddity, "a certificate of the system cannot be used");
        }
        Ok(config.connect(tls)?)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(config) = self.0.parse::<Config>() else {
            return f.write_str("Address(..)");
        };
        f.debug_struct("Address")
            .field("hosts", &config.get_hosts())
            .field("database", &config.get_dbname())
            .finish_non_exhaustive()
    }
}

/// Whether the way to the server is to be encrypted.
fn is_encrypted(config: &Config) -> bool {
    let is_here = |host: &Host| match host {
        Host::Tcp(name) => {
            let address = name.parse::<IpAddr>();
            name == "localhost" || address.is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    match config.get_ssl_mode() {
        SslMode::Disable => false,
        SslMode::Prefer => {
            let addresses = config.get_hostaddrs();
            let are_here = match addresses {
                [] => config.get_hosts().iter().all(is_here),
                addresses => addresses.iter().all(IpAddr::is_loopback),
            };
            !are_here
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown_and_no_sentence_repeats_what_was_typed() {
        let address = Address::parse("postgres://ana:plum-kettle@db.example/custody").unwrap();
        let shown = format!("{address:?}");
        assert!(shown.contains("db.example"), "{shown}");
        assert!(!shown.contains("plum"), "{shown}");
        let refused = Address::parse("postgres://ana:plum-kettle@db:port/x").unwrap_err();
        assert!(!refused.contains("plum"), "{refused}");
    }

    #[test]
    fn only_a_server_on_this_machine_is_spoken_to_in_clear_unless_the_address_says_so() {
        let encrypted = |text: &str| is_encrypted(&text.parse().unwrap());
        assert!(encrypted("postgres://ana@db.example/custody"));
        assert!(encrypted("postgres://ana@10.0.0.7/custody"));
        assert!(encrypted("postgres://ana@localhost,db.example/custody"));
        assert!(encrypted(
            "postgres://ana@localhost/custody?sslmode=require"
        ));
        assert!(!encrypted("postgres://ana@localhost/custody"));
        assert!(!encrypted("postgres://ana@127.0.0.1/custody"));
        assert!(!encrypted("host=/var/run/postgresql user=ana"));
        assert!(!encrypted(
            "postgres://ana@db.example/custody?sslmode=disable"
        ));
    }
}
