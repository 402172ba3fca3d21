//! How long a device may go on without the server.
//!
//! In: the people known on it. Out: a signed permit for each of them who works here. Must not: give one to a device
//! that was revoked, for somebody who was never there, or for longer than the rules say.

use axum::extract::State;
use axum::response::Response;
use domain::event::encode;
use domain::permit::{PERMIT_ACTORS_MAX, PermitAsk};
use domain::sync::enrol::DenialCode;

use super::App;
use super::caller::{FromDevice, Message};
use super::denial::{Denial, answer};

impl Message for PermitAsk {
    const BYTES_MAX: usize = 4_096;
}

/// `POST /v1/stores/{store}/permit`.
pub(super) async fn permit(
    State(app): State<App>,
    FromDevice { device, message }: FromDevice<PermitAsk>,
) -> Result<Response, Denial> {
    if message.actors.len() > PERMIT_ACTORS_MAX {
        return Err(DenialCode::TooLarge.into());
    }
    let permits = app.shop.permit(device, message).await?;
    Ok(answer(encode(&permits)))
}
