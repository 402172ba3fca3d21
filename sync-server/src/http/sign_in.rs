//! A person becomes known on a device: the PIN opens the person's secret, and that the device's.
//!
//! In: a person and a PIN. Out: 32 bytes. Must not: log a PIN, or try two hundred at once.

use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use domain::event::encode;
use domain::pin;
use domain::sync::enrol::{DenialCode, SignInAsk};

use super::App;
use super::caller::Booting;
use super::denial::{Denial, answer};
use super::passkeys::session;
use super::rates::too_many;

/// `POST /v1/stores/{store}/sign-in`.
pub(super) async fn sign_in(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    Booting { device, message }: Booting<SignInAsk>,
) -> Result<Response, Denial> {
    if message
        .new_pin
        .as_deref()
        .is_some_and(|new| pin::check(new).is_err())
    {
        return Err(DenialCode::Unreadable.into());
    }
    // Longer input is only work for the hash.
    if message.pin.len() > *pin::DIGITS.end() {
        return Err(DenialCode::Unreadable.into());
    }
    if let Err(wait) = app.gauge.person(message.actor) {
        tracing::warn!(device = %device.id, actor = message.actor.0, "too many sign-ins");
        return Ok(too_many(&uri, wait));
    }
    let turn = app.pin_tries.acquire().await;
    let _turn = turn.map_err(|_| DenialCode::Unavailable)?;
    let (actor, id) = (message.actor, device.id);
    match app.shop.sign_in(device, message, session(&headers)).await? {
        Ok(opened) => {
            tracing::info!(device = %id, actor = actor.0, "signed in");
            Ok(answer(encode(&opened)))
        }
        Err(denied) => {
            tracing::warn!(device = %id, actor = actor.0, code = ?denied.code, "not signed in");
            Err(denied.into())
        }
    }
}
