//! Enrolment of this device: once, with the server.
//!
//! In: a code from a manager, or nothing where the shop is a demo. Out: a certificate in the core
//! database. Must not: enrol twice by itself.

use domain::facility::Device;
use domain::id::StoreId;
use domain::permit::Holder;
use domain::sync::device::store::Store as _;
use domain::sync::enrol::{EnrolAnswer, EnrolAsk, Hello, enrol_hash};
use minicbor::{Decode, Encode};

use crate::access::device_key::{self, KeyFailed, NewKey};
use crate::store::core::Core;
use crate::store::idb::StoreFailed;
use crate::sync::http::{self, HttpFailed};

const CERTIFICATE: &str = "certificate";

/// What the server said when it took this device in.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Certificate {
    /// The shop.
    #[n(0)]
    pub store: StoreId,
    /// This device.
    #[n(1)]
    pub device: Device,
    /// The key receipts are signed with.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub server_key: Vec<u8>,
    /// Proves this device at a sign-in, where the browser cannot keep the device's key.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub boot_token: Vec<u8>,
    /// The shop's name, to be shown before anything is pulled.
    #[n(4)]
    pub store_name: String,
}

impl Certificate {
    /// The browser keeps no key of this device; PINs open it.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        !self.boot_token.is_empty()
    }

    /// For whom an order or a permit of the server has to be, to count here.
    #[must_use]
    pub fn holder(&self) -> Holder {
        Holder {
            store: self.store,
            device: self.device.id,
            generation: self.device.generation,
        }
    }
}

/// Why this device is not enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnrolFailed {
    /// The server said no, or could not be asked.
    Http(HttpFailed),
    /// This browser cannot hold a key.
    Key(KeyFailed),
    /// This browser cannot keep anything.
    Store(StoreFailed),
    /// This browser keeps things, and forgets them after a while.
    Forgetful,
}

impl From<HttpFailed> for EnrolFailed {
    fn from(cause: HttpFailed) -> Self {
        Self::Http(cause)
    }
}

impl From<KeyFailed> for EnrolFailed {
    fn from(cause: KeyFailed) -> Self {
        Self::Key(cause)
    }
}

impl From<StoreFailed> for EnrolFailed {
    fn from(cause: StoreFailed) -> Self {
        Self::Store(cause)
    }
}

/// The certificate of an earlier enrolment.
///
/// # Errors
/// When the storage cannot be read.
pub async fn certificate(core: &Core) -> Result<Option<Certificate>, StoreFailed> {
    core.read(CERTIFICATE).await
}

/// Forgets an enrolment that is over.
///
/// # Errors
/// When the storage fails.
pub async fn forget(core: &Core) -> Result<(), StoreFailed> {
    core.forget(CERTIFICATE).await
}

/// The key this device was enrolled with before, when the browser keeps it: with it the device stays the same, and
/// what it signed is taken in as its own.
async fn key_of_before(core: &Core) -> Result<Option<NewKey>, StoreFailed> {
    let Some(Certificate { device, .. }) = certificate(core).await? else {
        return Ok(None);
    };
    let kept = device_key::kept(core, device.key_kind).await?;
    Ok(kept.map(|signer| NewKey {
        signer,
        public: device.public_key,
        to_seal: None,
    }))
}

/// Asks the server to take this device in, with the key it had before or a new one.
///
/// # Errors
/// When the browser cannot hold a key, or the server says no.
pub async fn enrol(
    core: &Core,
    hello: &Hello,
    code: &str,
    name: &str,
) -> Result<(Certificate, NewKey), EnrolFailed> {
    let key = match key_of_before(core).await? {
        Some(key) => key,
        None => device_key::make(core).await?,
    };
    let hash = enrol_hash(code, &key.public);
    let proof = key.signer.sign(&hash.0).await.map_err(KeyFailed::Crypto)?;
    let ask = EnrolAsk {
        code: code.to_owned(),
        name: name.to_owned(),
        key_kind: key.signer.kind,
        public_key: key.public.clone(),
        proof,
    };
    let answer: EnrolAnswer = http::enrol(&ask).await?;
    let boot_token = if key.to_seal.is_some() {
        answer.boot_token
    } else {
        Vec::new()
    };
    let certificate = Certificate {
        store: answer.store,
        device: answer.device,
        server_key: answer.server_key,
        boot_token,
        store_name: hello.name.clone(),
    };
    core.keep(CERTIFICATE, &certificate).await?;
    Ok((certificate, key))
}
