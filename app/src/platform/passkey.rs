//! Passkeys: the browser asks the person's authenticator.
//!
//! In: a challenge. Out: what the authenticator said, byte for byte. Must not: believe any of it; the server does that.

use domain::sync::proof::{Assertion, Challenge, NewPasskey};
use js_sys::{Array, Function, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::platform::crypto::object;

/// Why the authenticator said nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PasskeyFailed {
    /// This browser has no passkeys here.
    Unsupported,
    /// The person cancelled, took too long, or has no such passkey; browsers do not say which.
    Cancelled,
    /// This authenticator has a passkey of this person already.
    AlreadyThere,
    /// The app's address is not one that can have passkeys.
    Nameless,
    /// Something else. The text is for the log.
    Broken(String),
}

impl From<JsValue> for PasskeyFailed {
    fn from(cause: JsValue) -> Self {
        let name = Reflect::get(&cause, &"name".into())
            .ok()
            .and_then(|name| name.as_string());
        match name.as_deref() {
            Some("NotAllowedError" | "AbortError") => Self::Cancelled,
            Some("InvalidStateError") => Self::AlreadyThere,
            Some("SecurityError") => Self::Nameless,
            Some("NotSupportedError") => Self::Unsupported,
            name => Self::Broken(name.map_or_else(|| format!("{cause:?}"), str::to_owned)),
        }
    }
}

/// Whether this browser knows passkeys.
#[must_use]
pub fn is_supported() -> bool {
    web_sys::window().is_some_and(|window| {
        let known = Reflect::get(&window, &"PublicKeyCredential".into());
        known.is_ok_and(|known| known.is_function())
    })
}

/// A browser's list of passkeys.
fn list(challenge: &Challenge) -> Array {
    let ids = challenge.passkeys.iter();
    let known = ids.map(|id| object(&[("type", "public-key".into()), ("id", bytes(id).into())]));
    known.collect()
}

fn bytes(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

/// Calls `navigator.credentials.create` or `get`; the credential, and what it says.
async fn ask(how: &str, options: Object) -> Result<(JsValue, JsValue), PasskeyFailed> {
    let window = web_sys::window().ok_or(PasskeyFailed::Unsupported)?;
    if !is_supported() {
        return Err(PasskeyFailed::Unsupported);
    }
    let credentials = Reflect::get(&window.navigator(), &"credentials".into())?;
    let call: Function = Reflect::get(&credentials, &how.into())?
        .dyn_into()
        .map_err(|_| PasskeyFailed::Unsupported)?;
    let asked = object(&[("publicKey", options.into())]);
    let promise: Promise = call.call1(&credentials, &asked)?.unchecked_into();
    let credential = JsFuture::from(promise).await?;
    let said = Reflect::get(&credential, &"response".into())?;
    Ok((credential, said))
}

fn part(of: &JsValue, name: &str) -> Result<Vec<u8>, PasskeyFailed> {
    let part = Reflect::get(of, &name.into())?;
    if part.is_undefined() || part.is_null() {
        return Err(PasskeyFailed::Broken(name.to_owned()));
    }
    Ok(Uint8Array::new(&part).to_vec())
}

/// One of the passkeys that the challenge names signs it.
///
/// # Errors
/// When none does.
pub async fn sign(challenge: &Challenge) -> Result<Assertion, PasskeyFailed> {
    let options = object(&[
        ("challenge", bytes(&challenge.bytes).into()),
        ("rpId", challenge.rp.as_str().into()),
        ("allowCredentials", list(challenge).into()),
        ("userVerification", "required".into()),
        ("timeout", challenge.lasts.into()),
    ]);
    let (credential, said) = ask("get", options).await?;
    Ok(Assertion {
        id: part(&credential, "rawId")?,
        client_data: part(&said, "clientDataJSON")?,
        authenticator_data: part(&said, "authenticatorData")?,
        signature: part(&said, "signature")?,
    })
}

/// An authenticator makes a new passkey.
///
/// # Errors
/// When none does.
pub async fn make(challenge: &Challenge) -> Result<NewPasskey, PasskeyFailed> {
    let name = challenge.user_name.as_str();
    let user = object(&[
        ("id", bytes(&challenge.user).into()),
        ("name", name.into()),
        ("displayName", name.into()),
    ]);
    let rp = object(&[
        ("id", challenge.rp.as_str().into()),
        ("name", "Custody".into()),
    ]);
    let kinds = challenge
        .algorithms
        .iter()
        .map(|number| object(&[("type", "public-key".into()), ("alg", (*number).into())]));
    let verified = object(&[
        // One that the authenticator keeps, where it can: then it knows whose it is.
        ("residentKey", "preferred".into()),
        ("userVerification", "required".into()),
    ]);
    let options = object(&[
        ("challenge", bytes(&challenge.bytes).into()),
        ("rp", rp.into()),
        ("user", user.into()),
        ("pubKeyCredParams", kinds.collect::<Array>().into()),
        ("excludeCredentials", list(challenge).into()),
        ("authenticatorSelection", verified.into()),
        ("attestation", "none".into()),
        ("timeout", challenge.lasts.into()),
    ]);
    let (credential, said) = ask("create", options).await?;
    Ok(NewPasskey {
        id: part(&credential, "rawId")?,
        client_data: part(&said, "clientDataJSON")?,
        attestation: part(&said, "attestationObject")?,
    })
}
