//! The certificate in use: read at the start, renewed before it ends, read again when its files change.
//!
//! In: where it is. Out: what answers a handshake. Must not: answer with nothing because a file is half written; the
//! certificate before stays in use.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use tokio::sync::watch;

use super::{Files, Name, Said, TlsFailed, authority};
use crate::clock;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(60);

/// Where a certificate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The shop's own authority, which also renews it.
    Own(Files),
    /// Files that somebody brought, and renews.
    Brought {
        /// The certificate, and those between it and whoever is trusted.
        certificate: PathBuf,
        /// Its key.
        key: PathBuf,
    },
}

impl Source {
    fn certificate(&self) -> PathBuf {
        match self {
            Self::Own(files) => files.server(),
            Self::Brought { certificate, .. } => certificate.clone(),
        }
    }

    fn key(&self) -> PathBuf {
        match self {
            Self::Own(files) => files.server(),
            Self::Brought { key, .. } => key.clone(),
        }
    }

    /// What would show that a file is another than before.
    fn stamp(&self) -> [Option<(SystemTime, u64)>; 2] {
        [self.certificate(), self.key()].map(|path| {
            let found = fs::metadata(path).ok()?;
            Some((found.modified().ok()?, found.len()))
        })
    }

    fn load(&self) -> Result<(CertifiedKey, Said), TlsFailed> {
        let (path, key_path) = (self.certificate(), self.key());
        let chain = CertificateDer::pem_slice_iter(&read(&path)?).collect::<Result<Vec<_>, _>>();
        let no_certificate = || TlsFailed::Unreadable(path.clone(), "certificate");
        let chain = chain.map_err(|_| no_certificate())?;
        let said = chain.first().and_then(|first| Said::of(first));
        let said = said.ok_or_else(no_certificate)?;
        let key = PrivateKeyDer::from_pem_slice(&read(&key_path)?)
            .map_err(|_| TlsFailed::Unreadable(key_path, "key"))?;
        let certified = CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|error| TlsFailed::Unusable(path, error))?;
        Ok((certified, said))
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsFailed> {
    fs::read(path).map_err(|error| TlsFailed::File(path.to_owned(), error))
}

/// A server's certificate, kept good.
#[derive(Debug)]
pub struct Certificates {
    source: Source,
    config: Arc<ServerConfig>,
    used: Arc<Used>,
}

#[derive(Debug)]
struct Used(RwLock<Now>);

#[derive(Debug)]
struct Now {
    certified: Arc<CertifiedKey>,
    said: Said,
    stamp: [Option<(SystemTime, u64)>; 2],
}

impl ResolvesServerCert for Used {
    // Whatever name the other end asked for: it is for that end to see whether it is named.
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let now = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Some(Arc::clone(&now.certified))
    }
}

impl Certificates {
    /// Reads a certificate, and renews the shop's own when it is time.
    ///
    /// # Errors
    /// When there is none that can be used.
    pub fn open(source: Source) -> Result<Self, TlsFailed> {
        renew_when_due(&source, clock::now_ms());
        let stamp = source.stamp();
        let (certified, said) = source.load()?;
        let used = Arc::new(Used(RwLock::new(Now {
            certified: Arc::new(certified),
            said,
            stamp,
        })));
        let config = config(Arc::clone(&used))
            .map_err(|error| TlsFailed::Unusable(source.certificate(), error))?;
        Ok(Self {
            source,
            config: Arc::new(config),
            used,
        })
    }

    /// What a certificate says that could be used; nothing is renewed.
    ///
    /// # Errors
    /// When it could not.
    pub fn check(source: &Source) -> Result<Said, TlsFailed> {
        source.load().map(|(_, said)| said)
    }

    /// What answers handshakes.
    #[must_use]
    pub fn config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.config)
    }

    /// What the certificate in use says.
    #[must_use]
    pub fn said(&self) -> Said {
        let now = self.used.0.read().unwrap_or_else(PoisonError::into_inner);
        now.said.clone()
    }

    /// The first server it names.
    #[must_use]
    pub fn name(&self) -> Option<Name> {
        self.said().names.first().cloned()
    }

    /// The certificate of the shop's own authority, for tablets that are to trust it.
    #[must_use]
    pub fn authority(&self) -> Option<Vec<u8>> {
        let Source::Own(files) = &self.source else {
            return None;
        };
        let text = fs::read(files.authority()).ok()?;
        Some(CertificateDer::from_pem_slice(&text).ok()?.to_vec())
    }

    /// Renews what is due and takes in what has changed. Whatever goes wrong, the certificate before stays in use.
    pub fn look(&self, now: i64) {
        renew_when_due(&self.source, now);
        let stamp = self.source.stamp();
        {
            let mut kept = self.used.0.write().unwrap_or_else(PoisonError::into_inner);
            if kept.stamp == stamp {
                return;
            }
            // Also when it turns out to be no good, or that would be said each minute.
            kept.stamp = stamp;
        }
        match self.source.load() {
            Ok((certified, said)) => {
                tracing::info!(
                    until = clock::utc_text(said.until),
                    "the certificate was read again"
                );
                let mut kept = self.used.0.write().unwrap_or_else(PoisonError::into_inner);
                kept.certified = Arc::new(certified);
                kept.said = said;
            }
            Err(error) => {
                let words =
                    "the certificate's files changed and cannot be used; the one before stays";
                tracing::error!(%error, "{words}");
            }
        }
    }

    /// Looks now and then until the server is to end.
    pub async fn keep_good(self: Arc<Self>, mut stopping: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                // An error means that nobody can stop it any more, which is the same as being stopped.
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            let here = Arc::clone(&self);
            let looked = tokio::task::spawn_blocking(move || here.look(clock::now_ms())).await;
            debug_assert!(looked.is_ok(), "looking does not panic");
        }
    }
}

/// Renews the shop's own certificate. When that fails the old one is still there, and `custody doctor` says when it
/// ends.
fn renew_when_due(source: &Source, now: i64) {
    let Source::Own(files) = source else {
        return;
    };
    let Ok(said) = Said::in_file(&files.server()) else {
        return;
    };
    if !authority::is_due(&said, now) {
        return;
    }
    match authority::renew(files, None, now) {
        Ok(()) => tracing::info!("the certificate was renewed"),
        Err(error) => tracing::error!(%error, "the certificate could not be renewed"),
    }
}

fn config(used: Arc<Used>) -> Result<ServerConfig, rustls::Error> {
    // Named here, because a second library in the program may bring another.
    let provider: Arc<CryptoProvider> = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(used);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DataDir;
    use crate::keys::random;

    const DAY_MS: i64 = 86_400_000;

    struct Folder(PathBuf);

    impl Folder {
        fn new() -> (Self, Files) {
            let path = std::env::temp_dir().join(format!("custody-live-{}", random::id()));
            let files = Files::of(&DataDir::new(&path));
            (Self(path), files)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    fn names(text: &str) -> Vec<Name> {
        vec![text.parse().unwrap()]
    }

    #[test]
    fn a_certificate_about_to_end_is_renewed_at_the_start_and_while_the_server_runs() {
        let (_folder, files) = Folder::new();
        let now = clock::now_ms();
        authority::create(&files, &names("shop.lan"), false, now - 380 * DAY_MS).unwrap();
        let certificates = Certificates::open(Source::Own(files)).unwrap();
        let first = certificates.said();
        assert!((395..=396).contains(&authority::days_left(&first, now)));
        certificates.look(now);
        assert_eq!(certificates.said(), first);
        certificates.look(now + 370 * DAY_MS);
        assert!(certificates.said().until > first.until);
        assert_eq!(certificates.said().names, first.names);
    }

    #[test]
    fn files_that_change_are_read_again_and_bad_ones_change_nothing() {
        let (folder, files) = Folder::new();
        let now = clock::now_ms();
        authority::create(&files, &names("shop.lan"), false, now).unwrap();
        let (certificate, key) = (folder.0.join("cert.pem"), folder.0.join("key.pem"));
        fs::copy(files.server(), &certificate).unwrap();
        fs::copy(files.server(), &key).unwrap();
        let source = Source::Brought {
            certificate: certificate.clone(),
            key: key.clone(),
        };
        let certificates = Certificates::open(source).unwrap();
        let first = certificates.said();
        assert!(certificates.authority().is_none());

        fs::write(&certificate, "half of some").unwrap();
        certificates.look(now);
        assert_eq!(certificates.said(), first);
        // Another certificate whose key has not come yet.
        authority::renew(&files, Some(&names("other-name.shop.lan")), now).unwrap();
        fs::copy(files.server(), &certificate).unwrap();
        certificates.look(now);
        assert_eq!(certificates.said(), first);
        // Time stamps may be the same within a moment; lengths are not.
        let text = fs::read_to_string(files.server()).unwrap();
        fs::write(&key, format!("{text}\n")).unwrap();
        certificates.look(now);
        assert_eq!(certificates.said().names, names("other-name.shop.lan"));
    }

    #[test]
    fn a_server_does_not_start_with_a_certificate_that_cannot_be_used() {
        let (folder, files) = Folder::new();
        assert!(Certificates::open(Source::Own(files.clone())).is_err());
        let now = clock::now_ms();
        authority::create(&files, &names("shop.lan"), false, now).unwrap();
        let other = folder.0.join("other.key");
        fs::copy(files.authority_key(), &other).unwrap();
        let source = Source::Brought {
            certificate: files.server(),
            key: other,
        };
        let refused = Certificates::open(source);
        assert!(
            matches!(refused, Err(TlsFailed::Unusable(..))),
            "{refused:?}"
        );
    }
}
