//! People on this device.
//!
//! The first time the server opens the person's seal with the PIN and gives this device's unlock secret.
//! The device then seals that secret under the PIN, and needs the server no more. A wrong PIN opens
//! nothing; there is nothing to compare it with.

use std::cell::RefCell;
use std::collections::BTreeMap;

use domain::id::ActorId;
use domain::pin::{COST, Cost, FAILURES_MAX, Stretch, wait_after};
use domain::sync::device::store::Store as _;
use minicbor::{Decode, Encode};
use web_sys::CryptoKey;

use crate::access::device_key::{self, KeyFailed};
use crate::platform::{clock, crypto, random};
use crate::store::core::Core;

/// A person's seal around the device's unlock secret.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
struct PersonSeal {
    /// How the PIN is stretched, behind the device's own secret.
    #[n(0)]
    kind: u8,
    /// Rounds, of PBKDF2.
    #[n(1)]
    rounds: u32,
    #[cbor(n(2), with = "minicbor::bytes")]
    salt: Vec<u8>,
    #[cbor(n(3), with = "minicbor::bytes")]
    sealed: Vec<u8>,
    /// Wrong PINs since the last right one.
    #[n(4)]
    failures: u32,
    /// What a try costs, of Argon2id.
    #[n(5)]
    cost: Option<Cost>,
    /// Digits of the PIN, so that nobody has to say when it ends.
    #[n(6)]
    digits: Option<u8>,
    /// How often the person's PIN had been changed when the seal was made.
    #[n(7)]
    pin_changes: Option<u32>,
    /// How often the person had been unlocked at the last try, as far as was known here.
    #[n(8)]
    unlocks: Option<u32>,
}

/// PBKDF2 with SHA-256: what devices did before they had Argon2id. Such a seal is made anew when it opens.
const PBKDF2: u8 = 1;
/// Argon2id.
const ARGON2ID: u8 = 2;

/// What the directory says of a person's PIN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// How often it was changed.
    pub pin_changes: Option<u32>,
    /// How often the person was let try PINs again.
    pub unlocks: Option<u32>,
}

/// What came of a PIN.
#[derive(Debug)]
pub enum Opened {
    /// It opened the seal: the device's unlock secret.
    Unlocked(Vec<u8>),
    /// It did not.
    Wrong {
        /// Tries before the person is locked here.
        tries_left: u32,
    },
    /// It was not looked at: too soon after the last wrong one.
    Wait {
        /// Seconds to wait.
        seconds: u32,
    },
    /// Too many wrong ones: nothing more is looked at until the directory says that somebody unlocked the person.
    Locked,
    /// This person was never here with this PIN: the server decides.
    Unknown,
}

thread_local! {
    /// When people last typed a wrong PIN, by the clock that nobody can set. A page that was loaded anew makes everybody
    /// wait from its beginning.
    static FAILED_AT: RefCell<BTreeMap<ActorId, u64>> = const { RefCell::new(BTreeMap::new()) };
}

/// How the names of people's seals begin.
const PEOPLE: &str = "person/";

fn name(actor: ActorId) -> String {
    format!("{PEOPLE}{}", actor.0)
}

/// Forgets a person who does not work here any more.
///
/// # Errors
/// When the storage fails.
pub async fn forget(core: &Core, actor: ActorId) -> Result<(), KeyFailed> {
    Ok(core.forget(&name(actor)).await?)
}

/// Everybody who is known on this device.
pub async fn people(core: &Core) -> Vec<ActorId> {
    let seals = core
        .read_all::<PersonSeal>(PEOPLE)
        .await
        .unwrap_or_default();
    let number = |(name, _): &(String, PersonSeal)| name.parse().ok().map(ActorId);
    seals.iter().filter_map(number).collect()
}

/// How many digits this person's PIN has, when the person was here before.
pub async fn digits(core: &Core, actor: ActorId) -> Option<usize> {
    let seal = core.read::<PersonSeal>(name(actor)).await.ok()??;
    seal.digits.map(usize::from)
}

/// Seconds until this person's next PIN is looked at.
fn wait(actor: ActorId, failures: u32) -> u32 {
    let since = FAILED_AT.with_borrow(|failed| failed.get(&actor).copied().unwrap_or(0));
    let passed = clock::monotonic().saturating_sub(since);
    let left = (u64::from(wait_after(failures)) * 1_000).saturating_sub(passed);
    u32::try_from(left.div_ceil(1_000)).unwrap_or(u32::MAX)
}

/// The key that a PIN stands for on this device. `stretch` makes it of the device's secret and the PIN.
async fn key<S>(
    core: &Core,
    seal: &PersonSeal,
    pin: &str,
    stretch: S,
) -> Result<CryptoKey, KeyFailed>
where
    S: AsyncFnOnce(Stretch) -> Result<Vec<u8>, KeyFailed>,
{
    let secret = match device_key::pepper(core).await? {
        Some(pepper) => {
            crypto::pepper(&pepper, &[seal.salt.as_slice(), pin.as_bytes()].concat()).await?
        }
        None => pin.as_bytes().to_vec(),
    };
    let key = match seal.kind {
        PBKDF2 => crypto::stretch(&secret, &seal.salt, seal.rounds).await?,
        _ => {
            let salt = seal.salt.clone();
            let cost = seal.cost.unwrap_or(COST);
            stretch(Stretch { secret, salt, cost }).await?
        }
    };
    Ok(crypto::sealing_key(&key).await?)
}

/// Tries to open a person's seal. One from before the last change of the PIN, as far as is known here, is none any
/// more. The count of wrong tries is kept before the answer is given.
///
/// # Errors
/// When the storage, WebCrypto or `stretch` fails.
pub async fn open<S>(
    core: &Core,
    actor: ActorId,
    pin: &str,
    known: Known,
    stretch: S,
) -> Result<Opened, KeyFailed>
where
    S: AsyncFn(Stretch) -> Result<Vec<u8>, KeyFailed>,
{
    let Some(mut seal) = core.read::<PersonSeal>(name(actor)).await? else {
        return Ok(Opened::Unknown);
    };
    if seal.pin_changes < known.pin_changes {
        return Ok(Opened::Unknown);
    }
    if seal.failures >= FAILURES_MAX {
        if seal.unlocks == known.unlocks {
            return Ok(Opened::Locked);
        }
        seal.failures = 0;
    }
    let seconds = wait(actor, seal.failures);
    if seconds > 0 {
        return Ok(Opened::Wait { seconds });
    }
    seal.failures += 1;
    seal.unlocks = known.unlocks;
    core.keep(&name(actor), &seal).await?;
    FAILED_AT.with_borrow_mut(|failed| failed.insert(actor, clock::monotonic()));
    let key = key(core, &seal, pin, &stretch).await?;
    match crypto::open(&key, &seal.sealed).await? {
        Some(unlock) => {
            FAILED_AT.with_borrow_mut(|failed| failed.remove(&actor));
            if seal.kind == PBKDF2 {
                let pin_changes = seal.pin_changes;
                keep(core, actor, pin, &unlock, pin_changes, &stretch).await?;
            } else {
                seal.failures = 0;
                core.keep(&name(actor), &seal).await?;
            }
            Ok(Opened::Unlocked(unlock))
        }
        None if seal.failures >= FAILURES_MAX => Ok(Opened::Locked),
        None => Ok(Opened::Wrong {
            tries_left: FAILURES_MAX - seal.failures,
        }),
    }
}

/// Seals the device's unlock secret under a PIN that the server has just accepted.
///
/// # Errors
/// When the storage, WebCrypto or `stretch` fails.
pub async fn keep<S>(
    core: &Core,
    actor: ActorId,
    pin: &str,
    unlock: &[u8],
    pin_changes: Option<u32>,
    stretch: S,
) -> Result<(), KeyFailed>
where
    S: AsyncFnOnce(Stretch) -> Result<Vec<u8>, KeyFailed>,
{
    let mut seal = PersonSeal {
        kind: ARGON2ID,
        rounds: 0,
        salt: random::bytes::<16>().to_vec(),
        sealed: Vec::new(),
        failures: 0,
        cost: Some(COST),
        digits: u8::try_from(pin.len()).ok(),
        pin_changes,
        unlocks: None,
    };
    let key = key(core, &seal, pin, stretch).await?;
    seal.sealed = crypto::seal(&key, unlock).await?;
    core.keep(&name(actor), &seal).await?;
    Ok(())
}
