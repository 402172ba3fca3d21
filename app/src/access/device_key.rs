//! The device's own key, and how this browser can keep it.
//!
//! A key that cannot be read out, kept by the browser itself, is best. Some browsers say they keep it and do
//! not (WebKitGTK gives an empty object back; others refuse): there the key is kept as sealed bytes that a
//! person's PIN opens, and in memory as a key that cannot be read out.

use domain::facility::KeyKind;
use domain::sync::device::store::Store as _;
use js_sys::Reflect;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::CryptoKey;

use crate::platform::crypto::{self, CryptoFailed};
use crate::store::core::Core;
use crate::store::idb::StoreFailed;

/// Name of the key in the store.
const KEPT: &str = "device-key";
/// Name of the sealed key in the store.
const SEALED: &str = "device-key-sealed";
/// Name of the secret that binds PINs to this device.
const PEPPER: &str = "pin-pepper";

/// A key that signs.
#[derive(Clone)]
pub struct Signer {
    /// Its kind.
    pub kind: KeyKind,
    key: CryptoKey,
}

impl Signer {
    /// Signs a hash.
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn sign(&self, hash: &[u8; 32]) -> Result<Vec<u8>, CryptoFailed> {
        crypto::sign(self.kind, &self.key, hash).await
    }
}

/// A new key, before the server knows it.
pub struct NewKey {
    /// It signs.
    pub signer: Signer,
    /// Its public half.
    pub public: Vec<u8>,
    /// Its private bytes, where the browser could not keep the key itself.
    pub to_seal: Option<Vec<u8>>,
}

/// Why there is no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyFailed {
    /// WebCrypto would not.
    Crypto(CryptoFailed),
    /// The storage would not.
    Store(StoreFailed),
}

impl From<CryptoFailed> for KeyFailed {
    fn from(cause: CryptoFailed) -> Self {
        Self::Crypto(cause)
    }
}

impl From<StoreFailed> for KeyFailed {
    fn from(cause: StoreFailed) -> Self {
        Self::Store(cause)
    }
}

impl From<JsValue> for KeyFailed {
    fn from(cause: JsValue) -> Self {
        Self::Crypto(cause.into())
    }
}

/// Makes the device's key in the best form this browser can really keep.
///
/// # Errors
/// When it can keep none.
pub async fn make(core: &Core) -> Result<NewKey, KeyFailed> {
    for kind in [KeyKind::Ed25519, KeyKind::P256] {
        let Ok(pair) = crypto::generate(kind, false).await else {
            continue;
        };
        let public = crypto::public_bytes(&pair).await?;
        let key = crypto::private_key(&pair)?;
        if core.keep_object(KEPT, &key).await.is_ok()
            && let Ok(Some(signer)) = kept(core, kind).await
            && proves(&signer, &public).await
        {
            keep_pepper(core).await;
            return Ok(NewKey {
                signer,
                public,
                to_seal: None,
            });
        }
        core.forget(KEPT).await?;
    }
    for kind in [KeyKind::Ed25519, KeyKind::P256] {
        let Ok(pair) = crypto::generate(kind, true).await else {
            continue;
        };
        let public = crypto::public_bytes(&pair).await?;
        let bytes = crypto::private_bytes(&crypto::private_key(&pair)?).await?;
        let key = crypto::private_from_bytes(kind, &bytes).await?;
        let signer = Signer { kind, key };
        if proves(&signer, &public).await {
            return Ok(NewKey {
                signer,
                public,
                to_seal: Some(bytes),
            });
        }
    }
    Err(KeyFailed::Crypto(CryptoFailed(
        "no kind of key works here".into(),
    )))
}

/// Signs and checks once: a key that only looks kept is found out here.
async fn proves(signer: &Signer, public: &[u8]) -> bool {
    let probe = [0x5a; 32];
    let Ok(signature) = signer.sign(&probe).await else {
        return false;
    };
    let Ok(public) = crypto::public_from_bytes(signer.kind, public).await else {
        return false;
    };
    crypto::verify(signer.kind, &public, &probe, &signature)
        .await
        .unwrap_or(false)
}

/// The key as the browser kept it, read over a new connection; `None` when it did not.
///
/// # Errors
/// When the storage cannot be read, which says nothing of the key.
pub async fn kept(core: &Core, kind: KeyKind) -> Result<Option<Signer>, StoreFailed> {
    let key = as_key(core.object_afresh(KEPT).await?);
    Ok(key.map(|key| Signer { kind, key }))
}

fn as_key(value: JsValue) -> Option<CryptoKey> {
    // An empty object passes a cast; only a real key names its algorithm.
    let algorithm = Reflect::get(&value, &"algorithm".into()).ok()?;
    (!algorithm.is_undefined()).then(|| value.unchecked_into())
}

/// A device secret for PINs; missing where the browser cannot keep keys.
async fn keep_pepper(core: &Core) {
    if let Ok(pepper) = crypto::generate_pepper().await {
        let _kept = core.keep_object(PEPPER, &pepper).await;
    }
}

/// The device's secret for PINs, where the browser keeps it.
///
/// # Errors
/// When the storage cannot be read. Without the secret a PIN opens nothing, and must not be counted as wrong.
pub async fn pepper(core: &Core) -> Result<Option<CryptoKey>, StoreFailed> {
    Ok(as_key(core.object_afresh(PEPPER).await?))
}

/// Forgets the secret that binds PINs to this device: whatever was sealed under one opens no more.
///
/// # Errors
/// When the storage fails.
pub async fn forget_pepper(core: &Core) -> Result<(), StoreFailed> {
    core.forget(PEPPER).await
}

/// Forgets the device's key in every form.
///
/// # Errors
/// When the storage fails.
pub async fn forget(core: &Core) -> Result<(), StoreFailed> {
    core.forget(SEALED).await?;
    core.forget(KEPT).await
}

/// Keeps the private bytes sealed.
///
/// # Errors
/// When sealing or keeping fails.
pub async fn keep_sealed(core: &Core, seal: &CryptoKey, bytes: &[u8]) -> Result<(), KeyFailed> {
    let sealed = crypto::seal(seal, bytes).await?;
    core.keep(SEALED, &minicbor::bytes::ByteVec::from(sealed))
        .await?;
    Ok(())
}

/// Opens the sealed private bytes; `None` when there are none or the seal is another's.
///
/// # Errors
/// When the storage or WebCrypto fails.
pub async fn unsealed(
    core: &Core,
    kind: KeyKind,
    seal: &CryptoKey,
) -> Result<Option<Signer>, KeyFailed> {
    let Some(sealed) = core.read::<minicbor::bytes::ByteVec>(SEALED).await? else {
        return Ok(None);
    };
    let Some(bytes) = crypto::open(seal, &sealed).await? else {
        return Ok(None);
    };
    let key = crypto::private_from_bytes(kind, &bytes).await?;
    Ok(Some(Signer { kind, key }))
}
