//! Facts in, state out, orders to devices.
//!
//! In: messages of proven devices. Out: signed receipts, pages, leases. Must not: answer an error for an event
//! that arrived; whatever is wrong with it stands in its receipt.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::event::encode;
use domain::id::Position;
use domain::sync::enrol::DenialCode;
use domain::sync::message::{ClaimAsk, Cursor, Incarnation, PUSH_EVENTS_MAX, Push, Seen};
use domain::sync::server::head::Reader;
use serde::Deserialize;

use super::App;
use super::caller::{Asking, FromDevice};
use super::denial::{Denial, answer};
use crate::ingest::Directory;
use crate::keys::random::unhex;

/// `POST /v1/stores/{store}/push`.
pub(super) async fn push(
    State(app): State<App>,
    FromDevice { device, message }: FromDevice<Push>,
) -> Result<Response, Denial> {
    let events: usize = message.chains.iter().map(|part| part.events.len()).sum();
    if events > PUSH_EVENTS_MAX || message.chains.len() > PUSH_EVENTS_MAX {
        return Err(DenialCode::TooLarge.into());
    }
    let signed = app.shop.push(device.id, message).await?;
    Ok(answer(encode(&signed)))
}

/// The query of a pull. Anything left out is that of a reader who has read nothing.
#[derive(Deserialize)]
pub(super) struct PullQuery {
    #[serde(default)]
    incarnation: String,
    #[serde(default)]
    position: u64,
    #[serde(default)]
    schema: u16,
    /// How many events stand under the newest head the device has seen; left out when it wants no head.
    seen: Option<u64>,
    /// Its signature on that head, in hexadecimal digits.
    signed: Option<String>,
}

/// `GET /v1/stores/{store}/pull?incarnation=&position=&schema=&seen=&signed=`.
pub(super) async fn pull(
    State(app): State<App>,
    Asking { device }: Asking,
    Query(query): Query<PullQuery>,
) -> Result<Response, Denial> {
    let incarnation = match query.incarnation.as_str() {
        "" => Incarnation::default(),
        text => {
            let bytes = unhex(text).and_then(|bytes| bytes.try_into().ok());
            Incarnation(bytes.ok_or(DenialCode::Unreadable)?)
        }
    };
    let cursor = Cursor {
        incarnation,
        position: Position(query.position),
        schema: query.schema,
    };
    let signature = match query.signed {
        None => None,
        Some(text) => Some(unhex(&text).ok_or(DenialCode::Unreadable)?),
    };
    let reader = query.seen.map(|size| Reader {
        device: device.id,
        seen: Seen { size, signature },
    });
    let page = app.shop.pull(cursor, reader).await?;
    Ok(answer(encode(&page)))
}

/// `POST /v1/stores/{store}/claim`.
pub(super) async fn claim(
    State(app): State<App>,
    FromDevice { device, message }: FromDevice<ClaimAsk>,
) -> Result<Response, Denial> {
    let works_here = |directory: &Directory| {
        let actor = directory.actors.get(&message.actor);
        actor.is_some_and(|actor| actor.active)
    };
    let directory = app.shop.directory_with(works_here).await;
    if !works_here(&directory) {
        return Err(DenialCode::UnknownActor.into());
    }
    let claimed = app.shop.claim(device.id, message).await?;
    Ok(answer(encode(&claimed)))
}
