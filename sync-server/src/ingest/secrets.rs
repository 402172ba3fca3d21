//! What other systems gave the shop to prove itself to them: keys, passwords, the words webhooks are signed with.
//!
//! In: a name and a secret. Out: the secret again, to the part of this program that needs it; a fact in the log of what
//! became of it and by whom. Must not: keep one in clear, put one into a message, a line, a fact or an error, or be asked
//! for one over any line.
//!
//! Each is sealed under a key of its own, which follows from the server's key and the name. The server's key is in no
//! backup, so neither is what opens them.

use core::fmt;

use domain::custody::secrets::{SecretChange, SecretChanged};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::{ServerFact, Shop, Unavailable, Work};
use crate::keys::sealing::{open, seal};
use crate::log::{Failed, Log};

/// Bytes of a secret.
pub const BYTES_MAX: usize = 16_384;
/// Characters of a name.
pub const NAME_CHARS_MAX: usize = 64;
/// Secrets of a shop.
pub const SECRETS_MAX: usize = 100;
/// Characters of what the log says of whose command it was.
const OPERATOR_CHARS_MAX: usize = 64;

/// The name under which all of them stand.
const ALL: &str = "secrets";

/// A secret. Printed, it says nothing; when it goes, its bytes are written over.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// These bytes.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes, for whoever sends them to the system they are for.
    #[must_use]
    pub fn reveal(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        // Looked at afterwards, so that the writing is not left out as useless.
        self.0.fill(0);
        core::hint::black_box(self.0.as_slice());
    }
}

/// Why a secret is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// The name is none.
    Name,
    /// There is nothing to keep.
    Empty,
    /// It has more than [`BYTES_MAX`] bytes.
    TooLong,
    /// There are [`SECRETS_MAX`] already.
    TooMany,
}

/// A secret that is kept, without what it is.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Kept {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// When it was kept, by the server's clock.
    #[n(1)]
    pub at: i64,
    /// A few digits that are the same for the same secret.
    #[n(2)]
    pub mark: String,
    #[n(3)]
    sealed: ByteVec,
}

impl Shop {
    /// Keeps a secret, in place of an earlier one of that name. `operator`: whose command it is.
    ///
    /// # Errors
    /// When nothing was kept.
    pub async fn keep_secret(
        &self,
        name: String,
        secret: Secret,
        operator: Option<String>,
    ) -> Result<Result<Kept, NotKept>, Unavailable> {
        if let Err(why) = check(&name, secret.reveal()) {
            return Ok(Err(why));
        }
        self.change(1, move |work| keep(work, name, &secret, operator))
            .await
    }

    /// Forgets a secret. Returns whether there was one of that name. `operator`: whose command it is.
    ///
    /// # Errors
    /// When nothing was changed.
    pub async fn forget_secret(
        &self,
        name: String,
        operator: Option<String>,
    ) -> Result<bool, Unavailable> {
        self.change(1, move |work| {
            let mut all = all(work.log())?;
            let before = all.len();
            all.retain(|kept| kept.name != name);
            let is_gone = all.len() < before;
            if is_gone {
                put(work.log(), &all)?;
                tell(work, name, SecretChange::Forgotten, operator)?;
            }
            Ok(is_gone)
        })
        .await
    }

    /// The secrets that are kept, by their names.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn secrets(&self) -> Result<Vec<Kept>, Unavailable> {
        self.ask(|log| all(log)).await
    }

    /// A secret; `None` when there is none of that name.
    ///
    /// # Errors
    /// When the log cannot be read, or what is kept was not sealed with this server's key.
    pub async fn secret(&self, name: &str) -> Result<Option<Secret>, Unavailable> {
        let key = self.keys().secret_key(name);
        let name = name.to_owned();
        self.ask(move |log| {
            let Some(kept) = all(log)?.into_iter().find(|kept| kept.name == name) else {
                return Ok(None);
            };
            let opened = open(&key, &kept.sealed);
            let opened = opened.ok_or(Failed::Damaged("a secret that this key does not open"))?;
            Ok(Some(Secret::new(opened)))
        })
        .await
    }
}

fn check(name: &str, secret: &[u8]) -> Result<(), NotKept> {
    let is_letter = |letter: u8| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || b".-/".contains(&letter)
    };
    if name.is_empty() || name.len() > NAME_CHARS_MAX || !name.bytes().all(is_letter) {
        return Err(NotKept::Name);
    }
    match secret.len() {
        0 => Err(NotKept::Empty),
        length if length > BYTES_MAX => Err(NotKept::TooLong),
        _ => Ok(()),
    }
}

fn keep(
    work: &mut Work,
    name: String,
    secret: &Secret,
    operator: Option<String>,
) -> Result<Result<Kept, NotKept>, Failed> {
    let mut all = all(work.log())?;
    let before = all.len();
    all.retain(|kept| kept.name != name);
    let change = match all.len() < before {
        true => SecretChange::Replaced,
        false => SecretChange::Kept,
    };
    if all.len() >= SECRETS_MAX {
        return Ok(Err(NotKept::TooMany));
    }
    let keys = work.keys();
    let kept = Kept {
        at: work.now(),
        mark: keys.secret_mark(secret.reveal()),
        sealed: seal(&keys.secret_key(&name), secret.reveal()).into(),
        name,
    };
    all.push(kept.clone());
    all.sort_by(|one, other| one.name.cmp(&other.name));
    put(work.log(), &all)?;
    tell(work, kept.name.clone(), change, operator)?;
    Ok(Ok(kept))
}

/// Puts on record what became of a secret, in the same moment.
fn tell(
    work: &mut Work,
    name: String,
    change: SecretChange,
    operator: Option<String>,
) -> Result<(), Failed> {
    let operator = operator.map(|name| name.chars().take(OPERATOR_CHARS_MAX).collect());
    let changed = SecretChanged {
        name,
        change,
        operator,
    };
    work.record(ServerFact::plain(changed)).map(drop)
}

fn all(log: &dyn Log) -> Result<Vec<Kept>, Failed> {
    match log.meta(ALL)? {
        Some(bytes) => minicbor::decode(&bytes).map_err(|_| Failed::Damaged("the list of secrets")),
        None => Ok(Vec::new()),
    }
}

fn put(log: &dyn Log, all: &[Kept]) -> Result<(), Failed> {
    log.set_meta(ALL, &domain::event::encode(&all.to_vec()))
}
