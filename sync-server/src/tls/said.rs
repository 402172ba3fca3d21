//! What a certificate says: whom it names, from when until when it holds.
//!
//! In: a certificate's bytes. Out: the same for people. Must not: judge; browsers do that.

use std::net::IpAddr;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::der::Decode as _;
use x509_cert::der::asn1::Utf8StringRef;
use x509_cert::der::oid::db::rfc4519::CN;
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{NameConstraints, SubjectAltName};

use super::{Name, TlsFailed};

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// What whoever it is about is called.
    pub subject: String,
    /// The servers it names.
    pub names: Vec<Name>,
    /// The zones of names it may vouch for; none for a server's.
    pub zones: Vec<String>,
    /// The single addresses it may vouch for.
    pub addresses: Vec<IpAddr>,
    /// When it begins to hold, in milliseconds since 1970.
    pub from: i64,
    /// When it no longer holds.
    pub until: i64,
    /// SHA-256 of it, as browsers and systems show it.
    pub fingerprint: String,
}

impl Said {
    /// Reads a certificate; of several in one file the first.
    ///
    /// # Errors
    /// When the file holds none.
    pub fn in_file(path: &Path) -> Result<Self, TlsFailed> {
        let bytes = std::fs::read(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => TlsFailed::NotThere,
            _ => TlsFailed::File(path.to_owned(), error),
        })?;
        let der = CertificateDer::from_pem_slice(&bytes).ok();
        let said = der.and_then(|der| Self::of(&der));
        said.ok_or_else(|| TlsFailed::Unreadable(path.to_owned(), "certificate"))
    }

    /// Reads a certificate's bytes.
    #[must_use]
    pub fn of(der: &[u8]) -> Option<Self> {
        let certificate = Certificate::from_der(der).ok()?.tbs_certificate;
        let alternatives = certificate.get::<SubjectAltName>().ok()?;
        let names = alternatives.map_or_else(Vec::new, |(_, names)| names.0);
        let limits = certificate.get::<NameConstraints>().ok()?;
        let limits = limits.and_then(|(_, limits)| limits.permitted_subtrees);
        let limits = limits.unwrap_or_default();
        let zones = limits.iter().filter_map(|limit| match &limit.base {
            GeneralName::DnsName(zone) => Some(zone.to_string()),
            _ => None,
        });
        let addresses = limits.iter().filter_map(|limit| match &limit.base {
            GeneralName::IpAddress(network) => single(network.as_bytes()),
            _ => None,
        });
        let subject = certificate.subject.0.iter().flat_map(|part| part.0.iter());
        let subject = subject.filter(|part| part.oid == CN).find_map(|part| {
            let text = part.value.decode_as::<Utf8StringRef<'_>>().ok()?;
            Some(text.as_str().to_owned())
        });
        let ms = |time: x509_cert::time::Time| {
            i64::try_from(time.to_unix_duration().as_millis()).unwrap_or(i64::MAX)
        };
        Some(Self {
            subject: subject.unwrap_or_default(),
            names: names.iter().filter_map(name).collect(),
            zones: zones.collect(),
            addresses: addresses.collect(),
            from: ms(certificate.validity.not_before),
            until: ms(certificate.validity.not_after),
            fingerprint: fingerprint(der),
        })
    }

    /// Whether it may vouch for a name.
    #[must_use]
    pub fn may_vouch_for(&self, name: &Name) -> bool {
        match name {
            Name::Dns(text) => self
                .zones
                .iter()
                .any(|zone| super::name::is_within(text, zone)),
            Name::Ip(address) => name.is_private() || self.addresses.contains(address),
        }
    }
}

fn name(name: &GeneralName) -> Option<Name> {
    match name {
        GeneralName::DnsName(name) => name.as_str().parse().ok(),
        GeneralName::IpAddress(bytes) => address(bytes.as_bytes()).map(Name::Ip),
        _ => None,
    }
}

fn address(bytes: &[u8]) -> Option<IpAddr> {
    match bytes.len() {
        4 => Some(IpAddr::from(<[u8; 4]>::try_from(bytes).ok()?)),
        16 => Some(IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?)),
        _ => None,
    }
}

/// The one address of a network of one: the address and as many bits of mask, all set.
fn single(bytes: &[u8]) -> Option<IpAddr> {
    let (network, mask) = bytes.split_at(bytes.len() / 2);
    let is_one = mask.iter().all(|byte| *byte == 0xff);
    is_one.then(|| address(network)).flatten()
}

fn fingerprint(der: &[u8]) -> String {
    let digest = Sha256::digest(der);
    let pairs: Vec<String> = digest.iter().map(|byte| format!("{byte:02X}")).collect();
    pairs.join(":")
}
