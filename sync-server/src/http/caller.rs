//! Who asks, and is it really them?
//!
//! In: a request. Out: the device that signed it, and its message. Must not: look at a message before the
//! signature, or refuse a wrong clock.

use std::sync::PoisonError;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use domain::facility::Device;
use domain::id::{DeviceId, Hash, StoreId};
use domain::permit::Holder;
use domain::sync::enrol::{DenialCode, Denied, SignInAsk, request_hash};
use domain::sync::message::{ClaimAsk, PUSH_BYTES_MAX, Push, Signed};
use domain::sync::scope::Scope;
use domain::sync::wipe::{WipeOrder, wipe_hash};
use domain::time::Millis;
use minicbor::Decode;
use tokio_stream::StreamExt as _;

use super::App;
use super::denial::Denial;
use super::rates::Claim;
use crate::clock;
use crate::ingest::Directory;
use crate::keys::random::unhex;
use crate::keys::signature::verifies;
use crate::keys::token_hash;

/// Room for what stands around the events of a push.
const PUSH_FRAME_BYTES_MAX: usize = 131_072;

/// Bytes of a body that is too long that are still read before the line is closed.
const THROWN_AWAY_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A message a device may send.
pub(super) trait Message: for<'b> Decode<'b, ()> {
    /// Bytes it may have.
    const BYTES_MAX: usize;
    /// Taken also from a device that was revoked.
    const LATE: bool = false;
}

impl Message for Push {
    const BYTES_MAX: usize = PUSH_BYTES_MAX + PUSH_FRAME_BYTES_MAX;
    // What was done before the device was revoked is still a fact; the domain marks it.
    const LATE: bool = true;
}

impl Message for ClaimAsk {
    const BYTES_MAX: usize = 65_536;
}

impl Message for SignInAsk {
    const BYTES_MAX: usize = 4_096;
}

/// A device, proven by its signature, and what it says.
pub(super) struct FromDevice<M> {
    /// Who asks.
    pub(super) device: Device,
    /// What it says.
    pub(super) message: M,
}

impl<M: Message> FromRequest<App> for FromDevice<M> {
    type Rejection = Denial;

    async fn from_request(request: Request, app: &App) -> Result<Self, Denial> {
        let (mut parts, body) = request.into_parts();
        check_store(&mut parts, app).await?;
        let body = read_body(app, body, M::BYTES_MAX).await?;
        let signed = signed_by(app, &parts, &body).await?;
        let device = if M::LATE {
            signed.device
        } else {
            active(app, signed)?
        };
        let message = minicbor::decode(&body).map_err(|_| DenialCode::Unreadable)?;
        Ok(Self { device, message })
    }
}

/// A device, proven by its signature, that asks to see something.
pub(super) struct Asking {
    /// Who asks.
    pub(super) device: Device,
}

impl FromRequestParts<App> for Asking {
    type Rejection = Denial;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Denial> {
        check_store(parts, app).await?;
        let device = active(app, signed_by(app, parts, &[]).await?)?;
        Ok(Self { device })
    }
}

/// A device whose key may not be open: proven by its signature, or by its boot token. That is enough for a sign-in and, of
/// a device that was revoked, for what it signed before: nobody opens its key any more.
pub(super) struct Booting<M> {
    /// Who asks.
    pub(super) device: Device,
    /// What it says.
    pub(super) message: M,
}

impl<M: Message> FromRequest<App> for Booting<M> {
    type Rejection = Denial;

    async fn from_request(request: Request, app: &App) -> Result<Self, Denial> {
        if !request.headers().contains_key("custody-boot") {
            let FromDevice { device, message } = FromDevice::from_request(request, app).await?;
            return Ok(Self { device, message });
        }
        let (mut parts, body) = request.into_parts();
        check_store(&mut parts, app).await?;
        let body = read_body(app, body, M::BYTES_MAX).await?;
        let device = known(app, &parts.headers).await?;
        let token = header(&parts.headers, "custody-boot").and_then(unhex);
        let token = token_hash(&token.ok_or(DenialCode::UnknownDevice)?);
        let id = device.id;
        let kept = app.shop.ask(move |log| log.boot_token(id)).await?;
        if kept != Some(token) {
            return Err(DenialCode::UnknownDevice.into());
        }
        app.gauge.proven(&parts.extensions, Claim::Device(id));
        let message = minicbor::decode(&body).map_err(|_| DenialCode::Unreadable)?;
        match (device.active, M::LATE) {
            (true, false) | (false, true) => Ok(Self { device, message }),
            // Whoever can still open the key signs with it.
            (true, true) => Err(DenialCode::UnknownDevice.into()),
            // What was proven by no key of the device's own is answered with no order to it.
            (false, false) => Err(DenialCode::RevokedDevice.into()),
        }
    }
}

/// Refuses a path that names another shop.
async fn check_store(parts: &mut Parts, app: &App) -> Result<(), Denial> {
    let params = RawPathParams::from_request_parts(parts, app)
        .await
        .map_err(|_| DenialCode::NotFound)?;
    let store = params.iter().find(|(name, _)| *name == "store");
    let ours = app.shop.identity().store;
    if store.is_some_and(|(_, text)| StoreId::parse(text) == Ok(ours)) {
        Ok(())
    } else {
        Err(DenialCode::NotFound.into())
    }
}

/// Reads a body of at most so many bytes. Of a longer one some more is read and thrown away: a client that is
/// still sending when the answer comes and the line closes would never see the answer.
pub(super) async fn read_body(
    app: &App,
    body: Body,
    bytes_max: usize,
) -> Result<Vec<u8>, DenialCode> {
    let read = tokio::time::timeout(app.limits.body_wait_max, read_all(body, bytes_max));
    // Whoever sends a byte now and then has only his line to lose.
    read.await.unwrap_or(Err(DenialCode::Unreadable))
}

async fn read_all(body: Body, bytes_max: usize) -> Result<Vec<u8>, DenialCode> {
    let mut parts = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut length = 0;
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| DenialCode::Unreadable)?;
        length += part.len();
        if length <= bytes_max {
            bytes.extend_from_slice(&part);
        } else if length > THROWN_AWAY_BYTES_MAX {
            break;
        }
    }
    if length > bytes_max {
        return Err(DenialCode::TooLarge);
    }
    Ok(bytes)
}

/// A device that signed a request.
struct SignedBy {
    device: Device,
    /// The hash that it signed.
    request: Hash,
}

async fn signed_by(app: &App, parts: &Parts, body: &[u8]) -> Result<SignedBy, Denial> {
    let headers = &parts.headers;
    let device = known(app, headers).await?;
    let time = header(headers, "custody-time").ok_or(DenialCode::UnknownDevice)?;
    let nonce_text = header(headers, "custody-nonce").ok_or(DenialCode::UnknownDevice)?;
    let nonce = unhex(nonce_text).and_then(|nonce| <[u8; 16]>::try_from(nonce).ok());
    let nonce = nonce.ok_or(DenialCode::UnknownDevice)?;
    let signature = header(headers, "custody-signature").and_then(unhex);
    let signature = signature.ok_or(DenialCode::UnknownDevice)?;
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let request = request_hash(parts.method.as_str(), target, time, nonce_text, body);
    if !verifies(device.key_kind, &device.public_key, &request, &signature) {
        return Err(DenialCode::UnknownDevice.into());
    }
    app.gauge
        .proven(&parts.extensions, Claim::Device(device.id));
    // Asking twice changes nothing, and browsers do it on their own.
    if parts.method != axum::http::Method::GET && !is_new(app, device.id, nonce).await? {
        return Err(DenialCode::Replayed.into());
    }
    app.shop.heard_of(device.id);
    Ok(SignedBy { device, request })
}

/// Whether neither this node nor another one has seen the request.
async fn is_new(app: &App, device: DeviceId, nonce: [u8; 16]) -> Result<bool, Denial> {
    let is_new_here = {
        let mut nonces = app.nonces.lock().unwrap_or_else(PoisonError::into_inner);
        nonces.is_new(device, nonce)
    };
    Ok(is_new_here && app.shop.is_new_request(device, nonce).await?)
}

async fn known(app: &App, headers: &HeaderMap) -> Result<Device, Denial> {
    let id = header(headers, "custody-device").and_then(|text| DeviceId::parse(text).ok());
    let id = id.ok_or(DenialCode::UnknownDevice)?;
    let knows = |directory: &Directory| directory.devices.contains_key(&id);
    let directory = app.shop.directory_with(knows).await;
    let device = directory.devices.get(&id);
    match device.filter(|device| !device.is_server) {
        Some(device) => Ok(device.clone()),
        None => Err(DenialCode::UnknownDevice.into()),
    }
}

/// The device, unless it was revoked: then the answer has the order to wipe itself in it.
fn active(app: &App, SignedBy { device, request }: SignedBy) -> Result<Device, Denial> {
    if device.active {
        return Ok(device);
    }
    let holder = Holder {
        store: app.shop.identity().store,
        device: device.id,
        generation: device.generation,
    };
    let bytes = WipeOrder::to(holder, request, Millis(clock::now_ms())).to_bytes();
    let signature = app.shop.keys().sign(&wipe_hash(&bytes));
    let wipe = Some(Signed { bytes, signature });
    let code = DenialCode::RevokedDevice;
    Err(Denied {
        wipe,
        ..code.into()
    }
    .into())
}

/// Refuses a device that does not see all of the shop: what is asked for is not kept apart by who may see it.
pub(super) fn sees_everything(device: &Device) -> Result<(), Denial> {
    match Scope::of(device) {
        Scope::Everything => Ok(()),
        Scope::Trip(_) => Err(DenialCode::OutOfScope.into()),
    }
}

fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}
