//! People on this device.
//!
//! The first time the server opens the person's seal with the PIN and gives this device's unlock secret.
//! The device then seals that secret under the PIN, and needs the server no more. A wrong PIN opens
//! nothing; there is nothing to compare it with.

use domain::id::ActorId;
use minicbor::{Decode, Encode};
use web_sys::CryptoKey;

use crate::access::device_key::{self, KeyFailed};
use crate::platform::{crypto, random};
use crate::store::core::Core;

/// Rounds of PBKDF2-SHA-256: OWASP's least figure for it (Password Storage Cheat Sheet).
const ROUNDS: u32 = 600_000;
/// Wrong PINs in a row before only the server can let the person in again.
pub const TRIES_MAX: u32 = 5;

/// A person's seal around the device's unlock secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct PersonSeal {
    /// How the PIN is stretched: 1 is PBKDF2-SHA-256 behind the device's own secret.
    #[n(0)]
    kind: u8,
    /// Rounds.
    #[n(1)]
    rounds: u32,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: Vec<u8>,
    #[cbor(n(3), with = "minicbor::bytes")]
    sealed: Vec<u8>,
    /// Wrong PINs since the last right one.
    #[n(4)]
    failures: u32,
}

/// What came of a PIN.
pub enum Opened {
    /// It opened the seal: the device's unlock secret.
    Unlocked(Vec<u8>),
    /// It did not.
    Wrong {
        /// Tries before the person is locked here.
        tries_left: u32,
    },
    /// Too many wrong ones: the server decides.
    Locked,
    /// This person was never here: the server decides.
    Unknown,
}

fn name(actor: ActorId) -> String {
    format!("person/{}", actor.0)
}

async fn stretched(
    pepper: Option<&CryptoKey>,
    salt: &[u8],
    rounds: u32,
    pin: &str,
) -> Result<CryptoKey, KeyFailed> {
    let secret = match pepper {
        Some(pepper) => crypto::pepper(pepper, &[salt, pin.as_bytes()].concat()).await?,
        None => pin.as_bytes().to_vec(),
    };
    let key = crypto::stretch(&secret, salt, rounds).await?;
    Ok(crypto::sealing_key(&key).await?)
}

/// Tries to open a person's seal. The count of wrong tries is kept before the answer is given.
///
/// # Errors
/// When the storage or WebCrypto fails.
pub async fn open(core: &Core, actor: ActorId, pin: &str) -> Result<Opened, KeyFailed> {
    let Some(mut seal) = core.read::<PersonSeal>(name(actor)).await? else {
        return Ok(Opened::Unknown);
    };
    if seal.failures >= TRIES_MAX {
        return Ok(Opened::Locked);
    }
    seal.failures += 1;
    core.keep(&name(actor), &seal).await?;
    let pepper = device_key::pepper(core).await;
    let key = stretched(pepper.as_ref(), &seal.salt, seal.rounds, pin).await?;
    match crypto::open(&key, &seal.sealed).await? {
        Some(unlock) => {
            seal.failures = 0;
            core.keep(&name(actor), &seal).await?;
            Ok(Opened::Unlocked(unlock))
        }
        None if seal.failures >= TRIES_MAX => Ok(Opened::Locked),
        None => Ok(Opened::Wrong {
            tries_left: TRIES_MAX - seal.failures,
        }),
    }
}

/// Seals the device's unlock secret under a PIN that the server has just accepted.
///
/// # Errors
/// When the storage or WebCrypto fails.
pub async fn keep(core: &Core, actor: ActorId, pin: &str, unlock: &[u8]) -> Result<(), KeyFailed> {
    let salt = random::bytes::<16>();
    let pepper = device_key::pepper(core).await;
    let key = stretched(pepper.as_ref(), &salt, ROUNDS, pin).await?;
    let sealed = crypto::seal(&key, unlock).await?;
    let seal = PersonSeal {
        kind: 1,
        rounds: ROUNDS,
        salt: salt.to_vec(),
        sealed,
        failures: 0,
    };
    core.keep(&name(actor), &seal).await?;
    Ok(())
}
