//! Who the server is, and how a device becomes one of the shop's.
//!
//! In: nothing, or a key and a one-time code. Out: the pinned key, the device's entry. Must not: enrol without
//! a code, save in a demo on this machine.

use axum::extract::{Request, State};
use axum::response::Response;
use domain::event::encode;
use domain::sync::enrol::{DenialCode, EnrolAsk, Hello};

use super::App;
use super::caller::read_body;
use super::denial::{Denial, answer};
use crate::clock;

const ASK_BYTES_MAX: usize = 4_096;

/// `GET /v1/hello`: who answers here.
pub(super) async fn hello(State(app): State<App>) -> Response {
    let identity = app.shop.identity();
    let directory = app.shop.directory();
    let name = directory.store.as_ref().map(|store| store.name.clone());
    answer(encode(&Hello {
        store: identity.store,
        name: name.unwrap_or_default(),
        incarnation: identity.incarnation,
        server_key: app.shop.keys().public(),
        open_enrolment: app.open_enrolment,
        build: crate::BUILD.to_owned(),
        server_wall: clock::now_ms(),
    }))
}

/// `POST /v1/enrol`: take me in.
pub(super) async fn enrol(State(app): State<App>, request: Request) -> Result<Response, Denial> {
    let body = read_body(&app, request.into_body(), ASK_BYTES_MAX).await?;
    let ask: EnrolAsk = minicbor::decode(&body).map_err(|_| DenialCode::Unreadable)?;
    let enrolled = app.shop.enrol(ask, app.open_enrolment).await??;
    tracing::info!(device = %enrolled.device.id, generation = enrolled.device.generation, "enrolled");
    Ok(answer(encode(&enrolled)))
}
