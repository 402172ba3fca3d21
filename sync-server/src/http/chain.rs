//! An order's chain of custody, for those who may read it.
//!
//! In: an order, and who asks. Out: events and links. Must not: show it to a role without that right, or to a device
//! that does not see all of the shop.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::event::encode;
use domain::facility::Right;
use domain::id::{ActorId, OrderId};
use domain::sync::enrol::DenialCode;
use serde::Deserialize;

use super::App;
use super::caller::{Asking, sees_everything};
use super::denial::{Denial, answer};
use crate::ingest::Directory;

/// Who asks, by the device's word: it counts only for somebody who has proven to be there.
#[derive(Deserialize)]
pub(super) struct ChainQuery {
    actor: Option<u32>,
}

/// `GET /v1/stores/{store}/orders/{order}/chain?actor=`.
pub(super) async fn chain(
    State(app): State<App>,
    Asking { device }: Asking,
    Path((_, order)): Path<(String, String)>,
    Query(query): Query<ChainQuery>,
) -> Result<Response, Denial> {
    // The links between an order's events are those of others.
    sees_everything(&device)?;
    let order = OrderId::parse(&order).map_err(|_| DenialCode::NotFound)?;
    let actor = ActorId(query.actor.ok_or(DenialCode::UnknownActor)?);
    let may = |directory: &Directory| directory.may(actor, Right::ReadChain);
    let directory = app.shop.directory_with(may).await;
    if !may(&directory) || !app.shop.has_proven(device, actor).await? {
        return Err(DenialCode::UnknownActor.into());
    }
    let chain = app.shop.order_chain(order).await?;
    let chain = chain.ok_or(DenialCode::NotFound)?;
    Ok(answer(encode(&chain)))
}
