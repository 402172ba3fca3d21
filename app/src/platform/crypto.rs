//! Keys, signatures and sealing by WebCrypto.
//!
//! In: bytes. Out: bytes. Must not: keep a key anywhere; whoever asked does.

use domain::facility::KeyKind;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, CryptoKeyPair, SubtleCrypto};

use crate::platform::random;

/// WebCrypto would not. The text is for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CryptoFailed(pub String);

impl From<JsValue> for CryptoFailed {
    fn from(cause: JsValue) -> Self {
        let name = Reflect::get(&cause, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        Self(name.unwrap_or_else(|| format!("{cause:?}")))
    }
}

fn subtle() -> Result<SubtleCrypto, CryptoFailed> {
    let window = web_sys::window().ok_or(CryptoFailed("no window".into()))?;
    let subtle = window.crypto()?.subtle();
    // Outside a secure context the property is missing, which the binding does not say.
    if subtle.is_undefined() {
        Err(CryptoFailed("not a secure context".into()))
    } else {
        Ok(subtle)
    }
}

/// An object of JavaScript.
pub(super) fn object(fields: &[(&str, JsValue)]) -> Object {
    let object = Object::new();
    for (name, value) in fields {
        let done = Reflect::set(&object, &(*name).into(), value);
        debug_assert!(done.is_ok());
    }
    object
}

fn uses(names: &[&str]) -> Array {
    names.iter().map(|name| JsValue::from_str(name)).collect()
}

fn algorithm(kind: KeyKind) -> Object {
    match kind {
        KeyKind::Ed25519 => object(&[("name", "Ed25519".into())]),
        KeyKind::P256 => object(&[
            ("name", "ECDSA".into()),
            ("namedCurve", "P-256".into()),
            ("hash", "SHA-256".into()),
        ]),
    }
}

async fn bytes_of(promise: js_sys::Promise) -> Result<Vec<u8>, CryptoFailed> {
    Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
}

/// Makes a key pair. The private half cannot be read out unless `extractable`.
///
/// # Errors
/// When the browser does not have the kind.
pub async fn generate(kind: KeyKind, extractable: bool) -> Result<CryptoKeyPair, CryptoFailed> {
    let made = subtle()?.generate_key_with_object(
        &algorithm(kind),
        extractable,
        &uses(&["sign", "verify"]),
    )?;
    Ok(JsFuture::from(made).await?.unchecked_into())
}

/// The public half's bytes: 32 for Ed25519, 65 uncompressed for P-256.
///
/// # Errors
/// When the browser refuses.
pub async fn public_bytes(pair: &CryptoKeyPair) -> Result<Vec<u8>, CryptoFailed> {
    let public: CryptoKey = Reflect::get(pair, &"publicKey".into())?.unchecked_into();
    bytes_of(subtle()?.export_key("raw", &public)?).await
}

/// The private half of a pair.
///
/// # Errors
/// When it is not a pair.
pub fn private_key(pair: &CryptoKeyPair) -> Result<CryptoKey, CryptoFailed> {
    Ok(Reflect::get(pair, &"privateKey".into())?.unchecked_into())
}

/// The private half's PKCS#8 bytes, of an extractable key.
///
/// # Errors
/// When the key is not extractable.
pub async fn private_bytes(key: &CryptoKey) -> Result<Vec<u8>, CryptoFailed> {
    bytes_of(subtle()?.export_key("pkcs8", key)?).await
}

/// Takes PKCS#8 bytes back as a key that cannot be read out again.
///
/// # Errors
/// When they are not such a key.
pub async fn private_from_bytes(kind: KeyKind, bytes: &[u8]) -> Result<CryptoKey, CryptoFailed> {
    let data = Uint8Array::from(bytes);
    let made = subtle()?.import_key_with_object(
        "pkcs8",
        &data,
        &algorithm(kind),
        false,
        &uses(&["sign"]),
    )?;
    Ok(JsFuture::from(made).await?.unchecked_into())
}

/// Signs; 64 bytes.
///
/// # Errors
/// When the key is not of the kind.
pub async fn sign(kind: KeyKind, key: &CryptoKey, message: &[u8]) -> Result<Vec<u8>, CryptoFailed> {
    bytes_of(subtle()?.sign_with_object_and_u8_array(&algorithm(kind), key, message)?).await
}

/// Takes a public key.
///
/// # Errors
/// When the browser does not have the kind, or the bytes are no such key.
pub async fn public_from_bytes(kind: KeyKind, bytes: &[u8]) -> Result<CryptoKey, CryptoFailed> {
    let data = Uint8Array::from(bytes);
    let made = subtle()?.import_key_with_object(
        "raw",
        &data,
        &algorithm(kind),
        true,
        &uses(&["verify"]),
    )?;
    Ok(JsFuture::from(made).await?.unchecked_into())
}

/// Whether a signature is the key's.
///
/// # Errors
/// When the key is not of the kind.
pub async fn verify(
    kind: KeyKind,
    key: &CryptoKey,
    message: &[u8],
    signature: &[u8],
) -> Result<bool, CryptoFailed> {
    let checked = subtle()?.verify_with_object_and_u8_array_and_u8_array(
        &algorithm(kind),
        key,
        signature,
        message,
    )?;
    Ok(JsFuture::from(checked).await?.is_truthy())
}

/// Makes a key for [`pepper`], which cannot be read out.
///
/// # Errors
/// When the browser refuses.
pub async fn generate_pepper() -> Result<CryptoKey, CryptoFailed> {
    let kind = object(&[("name", "HMAC".into()), ("hash", "SHA-256".into())]);
    let made = subtle()?.generate_key_with_object(&kind, false, &uses(&["sign"]))?;
    Ok(JsFuture::from(made).await?.unchecked_into())
}

/// Binds bytes to this device's own secret.
///
/// # Errors
/// When the key is another one.
pub async fn pepper(key: &CryptoKey, message: &[u8]) -> Result<Vec<u8>, CryptoFailed> {
    bytes_of(subtle()?.sign_with_str_and_u8_array("HMAC", key, message)?).await
}

/// Stretches a secret by PBKDF2 with SHA-256 to 32 bytes.
///
/// # Errors
/// When the browser refuses.
pub async fn stretch(secret: &[u8], salt: &[u8], rounds: u32) -> Result<Vec<u8>, CryptoFailed> {
    let data = Uint8Array::from(secret);
    let base =
        subtle()?.import_key_with_str("raw", &data, "PBKDF2", false, &uses(&["deriveBits"]))?;
    let base: CryptoKey = JsFuture::from(base).await?.unchecked_into();
    let how = object(&[
        ("name", "PBKDF2".into()),
        ("hash", "SHA-256".into()),
        ("salt", Uint8Array::from(salt).into()),
        ("iterations", rounds.into()),
    ]);
    bytes_of(subtle()?.derive_bits_with_object(&how, &base, 256)?).await
}

/// A key that seals and opens, out of 32 bytes.
///
/// # Errors
/// When they are not 32.
pub async fn sealing_key(secret: &[u8]) -> Result<CryptoKey, CryptoFailed> {
    let data = Uint8Array::from(secret);
    let made = subtle()?.import_key_with_str(
        "raw",
        &data,
        "AES-GCM",
        false,
        &uses(&["encrypt", "decrypt"]),
    )?;
    Ok(JsFuture::from(made).await?.unchecked_into())
}

/// Bytes of a nonce in front of what is sealed.
const NONCE: usize = 12;

fn gcm(nonce: &[u8]) -> Object {
    object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(nonce).into()),
    ])
}

/// Seals: nonce, then ciphertext.
///
/// # Errors
/// When the browser refuses.
pub async fn seal(key: &CryptoKey, plain: &[u8]) -> Result<Vec<u8>, CryptoFailed> {
    let nonce = random::bytes::<NONCE>();
    let sealed = subtle()?.encrypt_with_object_and_u8_array(&gcm(&nonce), key, plain)?;
    let mut whole = nonce.to_vec();
    whole.extend(bytes_of(sealed).await?);
    Ok(whole)
}

/// Opens what was sealed under the same key; `None` when it was not.
///
/// # Errors
/// When the browser refuses for another reason.
pub async fn open(key: &CryptoKey, sealed: &[u8]) -> Result<Option<Vec<u8>>, CryptoFailed> {
    let Some((nonce, ciphertext)) = sealed.split_at_checked(NONCE) else {
        return Ok(None);
    };
    let opened = subtle()?.decrypt_with_object_and_u8_array(&gcm(nonce), key, ciphertext)?;
    match bytes_of(opened).await {
        Ok(plain) => Ok(Some(plain)),
        Err(CryptoFailed(name)) if name == "OperationError" => Ok(None),
        Err(other) => Err(other),
    }
}
