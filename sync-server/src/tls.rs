//! TLS: a shop's own authority, the server's certificate, and what is in use of both.
//!
//! In: the shop's directory, or files that somebody brought. Out: certificates, what they say, and what answers a
//! handshake. Must not: let others read a key, put one into a backup or a message, or vouch for what is not the shop's.
//!
//! A shop on its own network has no public authority that would vouch for its server, and browsers keep keys and storage
//! only for servers somebody vouches for. So the shop makes an authority of its own, which each tablet is told to trust
//! once. It can vouch for the shop's names and for private networks and for nothing else: whoever steals its key cannot
//! play a bank to the tablets.

use core::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::admin::disk;
use crate::config::DataDir;

/// What a server is called.
pub mod name;
/// What a certificate says.
pub mod said;
/// The shop's own authority.
pub mod authority;
/// The certificate in use.
pub mod live;

pub use live::{Certificates, Source};
pub use name::Name;
pub use said::Said;

/// Where a shop keeps its authority and its certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Files(PathBuf);

impl Files {
    /// Those of a shop.
    #[must_use]
    pub fn of(dir: &DataDir) -> Self {
        Self(dir.tls())
    }

    /// The authority's certificate, which tablets are told to trust.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.0.join("authority.crt")
    }

    /// The authority's key.
    #[must_use]
    pub fn authority_key(&self) -> PathBuf {
        self.0.join("authority.key")
    }

    /// The server's certificate and its key, in one file so that they always go together.
    #[must_use]
    pub fn server(&self) -> PathBuf {
        self.0.join("server.pem")
    }

    /// Keeps a file that only this user reads: the old one or the new one, whole, whatever happens meanwhile.
    fn keep(&self, place: &Path, text: &str) -> Result<(), TlsFailed> {
        let failed = |error| TlsFailed::File(place.to_owned(), error);
        make_folder(&self.0).map_err(failed)?;
        let partial = disk::beside(place, ".new");
        let own = disk::own_empty(&partial).map_err(failed)?;
        let mut file = own.ok_or_else(|| failed(io::ErrorKind::ResourceBusy.into()))?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        disk::put_in_place(&partial, place).map_err(failed)
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        folder.mode(0o700);
    }
    folder.create(path)
}

/// Why there is no certificate.
#[derive(Debug)]
pub enum TlsFailed {
    /// A file could not be read or written.
    File(PathBuf, io::Error),
    /// Nobody has made one.
    NotThere,
    /// There is one already.
    AlreadyThere,
    /// It is not what it should be.
    Unreadable(PathBuf, &'static str),
    /// A server without a name.
    NoName,
    /// The authority was made for other names and cannot vouch for this one.
    Outside(Name),
    /// The library that makes certificates said no.
    Unmade(rcgen::Error),
    /// The certificate and its key cannot be used.
    Unusable(PathBuf, rustls::Error),
}

impl fmt::Display for TlsFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::NotThere => f.write_str(
                "this shop has no authority of its own; make one with `custody tls create`",
            ),
            Self::AlreadyThere => f.write_str(
                "this shop has an authority, and tablets may trust it, so it was left as it is; \
                 `custody tls renew --name NAME` changes the server's names, and --force makes a \
                 new authority, which every tablet must then be told to trust",
            ),
            Self::Unreadable(path, what) => write!(f, "{} holds no {what}", path.display()),
            Self::NoName => f.write_str(
                "the certificate would name no server; say with --name by which name or address \
                 tablets reach it",
            ),
            Self::Outside(name) => write!(
                f,
                "the authority was not made for {name} and can only vouch for private names and \
                 addresses besides its own; nothing was changed. `custody tls create --force --name \
                 {name}` makes a new one, which every tablet must then be told to trust"
            ),
            Self::Unmade(error) => write!(f, "no certificate could be made: {error}"),
            Self::Unusable(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl core::error::Error for TlsFailed {}

impl From<rcgen::Error> for TlsFailed {
    fn from(error: rcgen::Error) -> Self {
        Self::Unmade(error)
    }
}
