//! What changed about people, devices and passkeys, for those who answer for them.
//!
//! In: who asks. Out: the newest changes, and when each device was last heard of. Must not: show them to a role that
//! answers for none of it, or to a device that does not see all of the shop.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::event::encode;
use domain::facility::Right;
use domain::id::ActorId;
use domain::sync::enrol::DenialCode;
use serde::Deserialize;

use super::App;
use super::caller::{Asking, sees_everything};
use super::denial::{Denial, answer};
use crate::ingest::Directory;

/// Who asks, by the device's word: it counts only for somebody who has proven to be there.
#[derive(Deserialize)]
pub(super) struct RegisterQuery {
    actor: Option<u32>,
}

/// `GET /v1/stores/{store}/register?actor=`.
pub(super) async fn register(
    State(app): State<App>,
    Asking { device }: Asking,
    Query(query): Query<RegisterQuery>,
) -> Result<Response, Denial> {
    sees_everything(&device)?;
    let actor = ActorId(query.actor.ok_or(DenialCode::UnknownActor)?);
    let may = |directory: &Directory| directory.may(actor, Right::Administer);
    let directory = app.shop.directory_with(may).await;
    if !may(&directory) || !app.shop.has_proven(device, actor).await? {
        return Err(DenialCode::UnknownActor.into());
    }
    Ok(answer(encode(&app.shop.register().await?)))
}
