//! The shop's own authority, and the certificate it gives the server.
//!
//! In: names and the time. Out: files. Must not: vouch for a name that the authority was not made for, or make a second
//! authority by mistake: every tablet would have to be told to trust it.

use std::fs;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
    date_time_ymd,
};

use super::name::{PRIVATE_NETWORKS, PRIVATE_ZONES};
use super::{Files, Name, Said, TlsFailed};

/// Days an authority holds: tablets are seldom kept longer.
const AUTHORITY_DAYS: u64 = 3_650;
/// Days a server's certificate holds: browsers take no longer ones, counted from the day before, because tablets'
/// clocks differ.
const SERVER_DAYS: u64 = 396;
/// Days before its end in which it is renewed.
pub const RENEWED_DAYS: i64 = 30;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Makes an authority and a server's certificate. `force`: also in place of others.
///
/// # Errors
/// When there is one, a name is missing, or a file cannot be written.
pub fn create(files: &Files, names: &[Name], force: bool, now: i64) -> Result<(), TlsFailed> {
    if names.is_empty() {
        return Err(TlsFailed::NoName);
    }
    if files.authority().exists() && !force {
        return Err(TlsFailed::AlreadyThere);
    }
    let today = day(now);
    let key = KeyPair::generate()?;
    let subject = format!("Custody authority of {}, {today}", names[0]);
    let mut params = issuer_params(&subject);
    params.name_constraints = Some(NameConstraints {
        permitted_subtrees: permitted(names),
        excluded_subtrees: Vec::new(),
    });
    hold(&mut params, today, AUTHORITY_DAYS);
    let certificate = params.self_signed(&key)?;
    // The key first: a certificate without one would look like an authority and be none.
    files.keep(&files.authority_key(), &key.serialize_pem())?;
    files.keep(&files.authority(), &certificate.pem())?;
    let said = Said::in_file(&files.authority())?;
    issue(files, &said, key, names, today)
}

/// Gives the server a new certificate, with other names where some are said.
///
/// # Errors
/// When there is no authority, it cannot vouch for a name, or a file cannot be written.
pub fn renew(files: &Files, names: Option<&[Name]>, now: i64) -> Result<(), TlsFailed> {
    let authority = Said::in_file(&files.authority())?;
    let names = match names {
        Some(names) => names.to_vec(),
        None => Said::in_file(&files.server())?.names,
    };
    if names.is_empty() {
        return Err(TlsFailed::NoName);
    }
    if let Some(outside) = names.iter().find(|name| !authority.may_vouch_for(name)) {
        return Err(TlsFailed::Outside(outside.clone()));
    }
    let path = files.authority_key();
    let key = fs::read_to_string(&path).map_err(|error| TlsFailed::File(path.clone(), error))?;
    let key = KeyPair::from_pem(&key).map_err(|_| TlsFailed::Unreadable(path, "key"))?;
    issue(files, &authority, key, &names, day(now))
}

/// Whether a certificate is to be renewed.
#[must_use]
pub fn is_due(said: &Said, now: i64) -> bool {
    days_left(said, now) < RENEWED_DAYS
}

/// Whole days a certificate still holds; below zero when it no longer does.
#[must_use]
pub fn days_left(said: &Said, now: i64) -> i64 {
    (said.until - now).div_euclid(DAY_MS)
}

/// Has the authority vouch for the server under a new key.
fn issue(
    files: &Files,
    authority: &Said,
    authority_key: KeyPair,
    names: &[Name],
    today: NaiveDate,
) -> Result<(), TlsFailed> {
    let issuer = Issuer::new(issuer_params(&authority.subject), authority_key);
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, names[0].to_string());
    params.subject_alt_names = names.iter().map(san).collect::<Result<_, _>>()?;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    hold(&mut params, today, SERVER_DAYS);
    let certificate = params.signed_by(&key, &issuer)?;
    let text = format!("{}{}", certificate.pem(), key.serialize_pem());
    files.keep(&files.server(), &text)
}

fn issuer_params(subject: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, subject);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

fn hold(params: &mut CertificateParams, today: NaiveDate, days: u64) {
    let at = |date: NaiveDate| {
        let month = u8::try_from(date.month()).unwrap_or(1);
        date_time_ymd(date.year(), month, u8::try_from(date.day()).unwrap_or(1))
    };
    params.not_before = at(today.checked_sub_days(Days::new(1)).unwrap_or(today));
    params.not_after = at(today.checked_add_days(Days::new(days)).unwrap_or(today));
}

fn san(name: &Name) -> Result<SanType, rcgen::Error> {
    Ok(match name {
        Name::Dns(name) => SanType::DnsName(name.as_str().try_into()?),
        Name::Ip(address) => SanType::IpAddress(*address),
    })
}

/// What the authority may vouch for: what is private anyway, and the names it is made for.
fn permitted(names: &[Name]) -> Vec<GeneralSubtree> {
    let zones = PRIVATE_ZONES.map(|zone| GeneralSubtree::DnsName(zone.to_owned()));
    let networks = PRIVATE_NETWORKS.map(|(network, bits)| {
        GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(network, bits))
    });
    let own = names
        .iter()
        .filter(|name| !name.is_private())
        .map(|name| match name {
            Name::Dns(name) => GeneralSubtree::DnsName(name.clone()),
            Name::Ip(address) => {
                let bits = if address.is_ipv4() { 32 } else { 128 };
                GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(*address, bits))
            }
        });
    zones.into_iter().chain(networks).chain(own).collect()
}

fn day(now: i64) -> NaiveDate {
    DateTime::<Utc>::from_timestamp_millis(now)
        .map(|instant| instant.date_naive())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::RootCertStore;
    use rustls::client::WebPkiServerVerifier;
    use rustls::client::danger::ServerCertVerifier as _;
    use rustls::crypto::ring;
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

    use super::*;
    use crate::config::DataDir;
    use crate::keys::random;

    /// 2026-11-29.
    const NOW: i64 = 1_795_910_400_000;

    struct Folder(Files);

    impl Folder {
        fn new() -> Self {
            let path = std::env::temp_dir().join(format!("custody-tls-{}", random::id()));
            Self(Files::of(&DataDir::new(path)))
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(self.0.0.parent().unwrap()));
        }
    }

    fn names(texts: &[&str]) -> Vec<Name> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_certificate_names_the_server_and_holds_thirteen_months() {
        let folder = Folder::new();
        let wanted = names(&["custody.shop.example", "192.168.1.20"]);
        create(&folder.0, &wanted, false, NOW).unwrap();
        let said = Said::in_file(&folder.0.server()).unwrap();
        assert_eq!(said.names, wanted);
        assert_eq!((said.until - said.from) / DAY_MS, 397);
        assert_eq!(days_left(&said, NOW), 396);
        assert!(said.from < NOW);
        let authority = Said::in_file(&folder.0.authority()).unwrap();
        assert!(authority.subject.contains("custody.shop.example"));
        assert_eq!(authority.fingerprint.len(), 32 * 3 - 1);
        #[cfg(unix)]
        for file in [folder.0.authority_key(), folder.0.server()] {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn an_authority_is_not_replaced_unless_somebody_insists() {
        let folder = Folder::new();
        let wanted = names(&["shop.lan"]);
        create(&folder.0, &wanted, false, NOW).unwrap();
        let before = Said::in_file(&folder.0.authority()).unwrap();
        let again = create(&folder.0, &wanted, false, NOW);
        assert!(matches!(again, Err(TlsFailed::AlreadyThere)));
        assert_eq!(Said::in_file(&folder.0.authority()).unwrap(), before);
        create(&folder.0, &wanted, true, NOW).unwrap();
        assert_ne!(Said::in_file(&folder.0.authority()).unwrap(), before);
        assert!(matches!(
            create(&folder.0, &[], true, NOW),
            Err(TlsFailed::NoName)
        ));
    }

    #[test]
    fn a_certificate_is_renewed_by_the_same_authority_with_the_same_names_or_others() {
        let folder = Folder::new();
        create(&folder.0, &names(&["shop.example"]), false, NOW).unwrap();
        let authority = Said::in_file(&folder.0.authority()).unwrap();
        let first = Said::in_file(&folder.0.server()).unwrap();
        let later = NOW + 370 * DAY_MS;
        assert!(!is_due(&first, NOW + 366 * DAY_MS) && is_due(&first, later));
        renew(&folder.0, None, later).unwrap();
        let second = Said::in_file(&folder.0.server()).unwrap();
        assert_eq!(second.names, first.names);
        assert_eq!(second.until - first.until, 370 * DAY_MS);
        let others = names(&["till.shop.example", "custody.local", "10.0.0.5"]);
        renew(&folder.0, Some(&others), later).unwrap();
        assert_eq!(Said::in_file(&folder.0.server()).unwrap().names, others);
        assert_eq!(Said::in_file(&folder.0.authority()).unwrap(), authority);
    }

    /// What a client that trusts the authority says of a server with this certificate.
    fn judge(
        files: &Files,
        certificate: &CertificateDer<'_>,
        name: &str,
    ) -> Result<(), rustls::Error> {
        let mut roots = RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(files.authority()).unwrap();
        roots.add(authority).unwrap();
        let provider = Arc::new(ring::default_provider());
        let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider);
        let name = ServerName::try_from(name.to_owned()).unwrap();
        let now = UnixTime::since_unix_epoch(Duration::from_millis(NOW.unsigned_abs()));
        let verifier = verifier.build().unwrap();
        let judged = verifier.verify_server_cert(certificate, &[], &name, &[], now);
        judged.map(drop)
    }

    #[test]
    fn a_stolen_authority_cannot_play_a_bank_to_the_tablets() {
        let folder = Folder::new();
        let files = &folder.0;
        create(files, &names(&["shop.example", "203.0.113.7"]), false, NOW).unwrap();
        let authority = Said::in_file(&files.authority()).unwrap();
        let judged = |name: &str| {
            // A thief does not ask what the authority was made for.
            let key = fs::read_to_string(files.authority_key()).unwrap();
            let key = KeyPair::from_pem(&key).unwrap();
            issue(files, &authority, key, &names(&[name]), day(NOW)).unwrap();
            let certificate = CertificateDer::from_pem_file(files.server()).unwrap();
            judge(files, &certificate, name)
        };
        for name in [
            "shop.example",
            "a.shop.example",
            "till.local",
            "192.168.7.7",
            "fd00::7",
            "203.0.113.7",
        ] {
            judged(name).unwrap();
        }
        for name in [
            "bank.example",
            "notshop.example",
            "203.0.113.8",
            "8.8.8.8",
            "2001:db8::1",
        ] {
            assert!(judged(name).is_err(), "{name}");
        }
    }

    #[test]
    fn an_authority_vouches_for_nothing_outside_the_shop() {
        let folder = Folder::new();
        let nothing = renew(&folder.0, None, NOW);
        assert!(matches!(nothing, Err(TlsFailed::NotThere)));
        create(
            &folder.0,
            &names(&["shop.example", "203.0.113.7"]),
            false,
            NOW,
        )
        .unwrap();
        let before = Said::in_file(&folder.0.server()).unwrap();
        for outside in ["bank.example", "notshop.example", "example", "203.0.113.8"] {
            let refused = renew(&folder.0, Some(&names(&["shop.example", outside])), NOW);
            assert!(matches!(refused, Err(TlsFailed::Outside(_))), "{outside}");
        }
        assert_eq!(Said::in_file(&folder.0.server()).unwrap(), before);
        renew(&folder.0, Some(&names(&["203.0.113.7"])), NOW).unwrap();
    }
}
