//! Facts in, state out, orders to devices.
//!
//! In: messages of proven devices. Out: signed receipts, pages, leases. Must not: answer an error for an event
//! that arrived; whatever is wrong with it stands in its receipt.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use domain::event::encode;
use domain::id::{Hash, Position};
use domain::ledger::EntityKind;
use domain::sync::enrol::DenialCode;
use domain::sync::message::{
    ClaimAsk, Cursor, Incarnation, PULL_PAGES_MAX, PUSH_EVENTS_MAX, PullAsk, Push, Seen,
};
use domain::sync::page::PageName;
use domain::sync::scope::{Scope, ScopeHash};
use domain::sync::server::head::Reader;
use domain::sync::server::view::Read;
use serde::Deserialize;

use super::App;
use super::caller::{Asking, Booting, FromDevice, sees_everything};
use super::denial::{Denial, PACKED, answer};
use crate::ingest::Directory;
use crate::keys::random::unhex;

/// `POST /v1/stores/{store}/push`.
pub(super) async fn push(
    State(app): State<App>,
    Booting { device, message }: Booting<Push>,
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
    /// The scope hash of its cursor, in hexadecimal digits; left out by a reader of everything.
    scope: Option<String>,
    /// How many events stand under the newest head the device has seen; left out when it wants no head.
    seen: Option<u64>,
    /// Its signature on that head, in hexadecimal digits.
    signed: Option<String>,
    /// Pages wanted whole: kind and number with a point between, such as `8.13`, and commas between pages.
    #[serde(default)]
    whole: String,
    /// The reader can begin with a snapshot.
    #[serde(default)]
    snapshots: bool,
    /// The moment of the first page, in the midst of a view that begins anew.
    began: Option<u64>,
    /// The reader opens customers' cards itself: they come sealed for it. Apps from before read them in clear.
    #[serde(default)]
    sealed: bool,
}

impl PullQuery {
    fn cursor(&self) -> Option<Cursor> {
        let incarnation = match self.incarnation.as_str() {
            "" => Incarnation::default(),
            text => Incarnation(unhex(text)?.try_into().ok()?),
        };
        let scope = match &self.scope {
            None => None,
            Some(text) => Some(ScopeHash(unhex(text)?.try_into().ok()?)),
        };
        Some(Cursor {
            incarnation,
            position: Position(self.position),
            schema: self.schema,
            scope,
        })
    }

    fn whole(&self) -> Option<Vec<PageName>> {
        let pages = self.whole.split(',').filter(|page| !page.is_empty());
        let name = |page: &str| {
            let (kind, number) = page.split_once('.')?;
            Some(PageName {
                kind: EntityKind::from_number(kind.parse().ok()?)?,
                number: number.parse().ok()?,
            })
        };
        let pages: Option<Vec<PageName>> = pages.map(name).collect();
        pages.filter(|pages| pages.len() <= PULL_PAGES_MAX)
    }
}

/// `GET /v1/stores/{store}/pull?incarnation=&position=&schema=&scope=&whole=&snapshots=&began=&seen=&signed=&sealed=`. Status 410 and a `Gone`: begin with a snapshot.
pub(super) async fn pull(
    State(app): State<App>,
    Asking { device }: Asking,
    Query(query): Query<PullQuery>,
) -> Result<Response, Denial> {
    let (Some(cursor), Some(whole)) = (query.cursor(), query.whole()) else {
        return Err(DenialCode::Unreadable.into());
    };
    app.shop.heard_from(device.id, cursor);
    let ask = PullAsk {
        cursor,
        whole,
        snapshots: query.snapshots,
        began: query.began.map(Position),
    };
    let signature = match query.signed {
        None => None,
        Some(text) => Some(unhex(&text).ok_or(DenialCode::Unreadable)?),
    };
    let reader = query.seen.map(|size| Reader {
        device: device.id,
        seen: Seen { size, signature },
    });
    let cards = query.sealed.then(|| app.shop.card_keys(&device));
    Ok(
        match app
            .shop
            .pull(Scope::of(&device), ask, reader, cards)
            .await?
        {
            Read::Page(page) => answer(encode(&*page)),
            Read::Gone(gone) => {
                let mut response = answer(encode(&gone));
                *response.status_mut() = StatusCode::GONE;
                response
            }
        },
    )
}

/// `GET /v1/stores/{store}/snapshot`: the signed manifest of the snapshot there is.
pub(super) async fn snapshot(
    State(app): State<App>,
    Asking { device }: Asking,
) -> Result<Response, Denial> {
    sees_everything(&device)?;
    let signed = app.shop.snapshot().await?;
    Ok(answer(encode(&signed)))
}

/// `GET /v1/stores/{store}/chunks/{hash}`: a chunk of a snapshot, packed with gzip.
pub(super) async fn chunk(
    State(app): State<App>,
    Asking { device }: Asking,
    Path((_, name)): Path<(String, String)>,
) -> Result<Response, Denial> {
    sees_everything(&device)?;
    let name = unhex(&name).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let name = Hash(name.ok_or(DenialCode::NotFound)?);
    let chunk = app.shop.chunk(name).await?.ok_or(DenialCode::NotFound)?;
    let mut response = Response::new(Body::from(chunk));
    response.headers_mut().insert(header::CONTENT_TYPE, PACKED);
    Ok(response)
}

/// `GET /v1/stores/{store}/sums`: the sum of each page of what the device sees.
pub(super) async fn sums(
    State(app): State<App>,
    Asking { device }: Asking,
) -> Result<Response, Denial> {
    let sums = app.shop.sums(Scope::of(&device)).await?;
    Ok(answer(encode(&sums)))
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
    let claimed = app.shop.claim(device, message).await??;
    Ok(answer(encode(&claimed)))
}
