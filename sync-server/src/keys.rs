//! The server's own secret, and what is derived from it.
//!
//! In: the key file beside the database. Out: signatures, and one sub-key per purpose. Must not: put the
//! secret into the database, a log line or a message; a copy of the database alone opens nothing.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use domain::id::{DeviceId, Hash};
use domain::sync::message::{Signed, receipt_hash};
use domain::time::Day;
use ed25519_dalek::{Signer as _, SigningKey};

/// No core dumps.
pub mod memory;
/// Random bytes and identifiers.
pub mod random;
/// Authenticated encryption of small things.
pub mod sealing;
/// Many signatures at once.
pub mod together;

/// Other people's signatures.
pub use domain::signature;

/// Bytes of the secret.
const SEED_BYTES: usize = 32;
/// Bytes of what people compare of a secret.
const MARK_BYTES: usize = 4;

/// The server's secret.
pub struct ServerKeys {
    seed: [u8; SEED_BYTES],
    signing: SigningKey,
}

impl core::fmt::Debug for ServerKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("ServerKeys(..)")
    }
}

impl ServerKeys {
    /// Keys of a seed.
    #[must_use]
    pub fn from_seed(seed: [u8; SEED_BYTES]) -> Self {
        let signing =
            SigningKey::from_bytes(&Hash::of(&[b"custody-server-signing-1\n", seed.as_slice()]).0);
        Self { seed, signing }
    }

    /// Makes a secret and keeps it where only this user reads it. An existing file is never replaced.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path) -> io::Result<Self> {
        let seed = random::bytes::<SEED_BYTES>();
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(&seed)?;
        file.sync_all()?;
        Ok(Self::from_seed(seed))
    }

    /// Reads the secret.
    ///
    /// # Errors
    /// When the file is missing or not a key.
    pub fn load(path: &Path) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        let seed = <[u8; SEED_BYTES]>::try_from(bytes.as_slice())
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a server key"))?;
        Ok(Self::from_seed(seed))
    }

    /// The public key receipts are checked with.
    #[must_use]
    pub fn public(&self) -> Vec<u8> {
        self.signing.verifying_key().to_bytes().to_vec()
    }

    /// Signs a hash.
    #[must_use]
    pub fn sign(&self, hash: &Hash) -> Vec<u8> {
        self.signing.sign(&hash.0).to_bytes().to_vec()
    }

    /// Signs an answer.
    #[must_use]
    pub fn sign_answer(&self, bytes: Vec<u8>) -> Signed {
        let signature = self.sign(&receipt_hash(&bytes));
        Signed { bytes, signature }
    }

    /// What every person's PIN opens: the root of the devices' unlock secrets.
    #[must_use]
    pub fn unlock_root(&self) -> [u8; 32] {
        self.derive(b"custody-unlock-root-1\n", &[])
    }

    /// Mixed into every PIN, so that the database without this key gives nothing to guess at.
    #[must_use]
    pub fn pin_pepper(&self) -> [u8; 32] {
        self.derive(b"custody-pin-1\n", &[])
    }

    /// The key of one order's customer, from the random part in the database.
    #[must_use]
    pub fn customer_key(&self, part: &[u8]) -> [u8; 32] {
        self.derive(b"custody-customer-1\n", part)
    }

    /// The key of one secret of an outside system, by its name: kept under another name, it opens nothing.
    #[must_use]
    pub fn secret_key(&self, name: &str) -> [u8; 32] {
        self.derive(b"custody-secret-1\n", name.as_bytes())
    }

    /// A few digits that are the same for the same secret, for people who compare. Without this key nobody can try
    /// secrets out against them.
    #[must_use]
    pub fn secret_mark(&self, secret: &[u8]) -> String {
        let mark = self.derive(b"custody-secret-mark-1\n", secret);
        random::hex(&mark[..MARK_BYTES])
    }

    /// Stands for one person who buys here, by a name reduced to its letters and the day of birth. Only who has this
    /// key can make it, and nobody reads a name from it.
    #[must_use]
    pub fn buyer(&self, name: &str, born: Day) -> Hash {
        let person = format!("{born} {name}");
        Hash(self.derive(b"custody-buyer-1\n", person.as_bytes()))
    }

    fn derive(&self, purpose: &[u8], part: &[u8]) -> [u8; 32] {
        Hash::of(&[purpose, &self.seed, part]).0
    }
}

/// A device's unlock secret, from the root a PIN opened.
#[must_use]
pub fn unlock_secret(root: &[u8], device: DeviceId, generation: u32) -> Vec<u8> {
    let generation = generation.to_be_bytes();
    Hash::of(&[b"custody-unlock-1\n", root, &device.0, &generation])
        .0
        .to_vec()
}

/// What is kept of a token or code instead of itself. They are long and random, so a plain hash will do.
#[must_use]
pub fn token_hash(token: &[u8]) -> Hash {
    Hash::of(&[b"custody-token-1\n", token])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_file_is_never_replaced_and_reads_back() {
        let folder = std::env::temp_dir().join(format!("custody-keys-{}", random::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("server.key");
        let made = ServerKeys::create(&path).unwrap();
        assert!(ServerKeys::create(&path).is_err());
        assert_eq!(ServerKeys::load(&path).unwrap().public(), made.public());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn one_person_is_the_same_buyer_again_here_and_nobody_elsewhere() {
        let day = Day::parse("1980-02-29").unwrap();
        let here = ServerKeys::from_seed([1; 32]);
        assert_eq!(here.buyer("asample", day), here.buyer("asample", day));
        let others = [
            here.buyer("bsample", day),
            here.buyer("asample", Day(day.0 + 1)),
            ServerKeys::from_seed([2; 32]).buyer("asample", day),
        ];
        assert!(
            others
                .iter()
                .all(|other| *other != here.buyer("asample", day))
        );
    }

    #[test]
    fn every_device_and_every_enrolment_of_it_has_its_own_unlock_secret() {
        let root = ServerKeys::from_seed([1; 32]).unlock_root();
        let first = unlock_secret(&root, DeviceId([1; 16]), 1);
        assert_ne!(first, unlock_secret(&root, DeviceId([2; 16]), 1));
        assert_ne!(first, unlock_secret(&root, DeviceId([1; 16]), 2));
    }
}
