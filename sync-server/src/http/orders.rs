//! Orders from other programs, and where they stand.
//!
//! # `POST /api/v1/orders`
//!
//! `Authorization: Bearer TOKEN`, made with `custody token create`. The body is JSON of at most 256 KiB, in the
//! form `sync_server::import::orders` describes: one order, or at most 500 in an array. Sending an order again is
//! safe and changes nothing; sending it different changes it; `"status": "cancelled"` withdraws it.
//!
//! A product nobody knows, neither its article number nor its name, refuses the order; `?products=add` adds it to
//! the catalogue instead, and the order is short until a package of that product comes in.
//!
//! Answers: 201 when at least one order is new, else 200, with
//! `{"results": [{"id": "PUB-1", "code": "K7-401", "action": "created"}]}`; the action is `created`, `same`,
//! `changed` or `cancelled`. 422 when an order is refused, with every field that is wrong:
//! `{"errors": [{"id": "PUB-2", "field": "lines[0].sku", "code": "product_unknown", "reason": "…"}],
//! "results": […]}`. Of an array the good orders are kept all the same and stand in `results`; the array can be
//! sent again as a whole once it is corrected. 400 when the body is no such JSON, 401 without a known token,
//! 413 when it is too large, 429 when it comes too often, 503 when the server cannot do it now; then nothing was
//! kept.
//!
//! # `GET /api/v1/orders/{source}/{id}`
//!
//! The same token. `{"id", "source", "code", "status", "version", "units_due", "units_picked", "slot", "lines"}`;
//! see `sync_server::projection::standing`. 404 when there is no such order.

use axum::Json;
use axum::extract::{Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::App;
use super::caller::read_body;
use super::rates::Claim;
use crate::import::orders::{OrderKey, read};
use crate::ingest::Unavailable;
use crate::ingest::orders::{Accepted, Action, OrderError, Taking, order_id};
use crate::keys::token_hash;
use crate::projection::standing;

const BODY_BYTES_MAX: usize = 262_144;
const ORDERS_MAX: usize = 500;

/// Why another program is not answered.
pub(super) enum Rejection {
    NoToken,
    TooLarge,
    Unreadable { code: &'static str, reason: String },
    NotFound,
    Unavailable(Unavailable),
}

impl From<Unavailable> for Rejection {
    fn from(error: Unavailable) -> Self {
        Self::Unavailable(error)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let (status, code, reason) = match self {
            Self::NoToken => (
                StatusCode::UNAUTHORIZED,
                "token_unknown",
                "The header Authorization: Bearer holds no token of this shop.".to_owned(),
            ),
            Self::TooLarge => (
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                format!("A request holds at most {BODY_BYTES_MAX} bytes and {ORDERS_MAX} orders."),
            ),
            Self::Unreadable { code, reason } => (StatusCode::BAD_REQUEST, code, reason),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "not_found",
                "There is no such order.".to_owned(),
            ),
            Self::Unavailable(error) => {
                tracing::error!(%error, "orders could not be taken");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "unavailable",
                    "Nothing was kept. Try again.".to_owned(),
                )
            }
        };
        let errors = json!({"errors": [{"field": "", "code": code, "reason": reason}]});
        (status, Json(errors)).into_response()
    }
}

#[derive(Serialize)]
struct Answer {
    results: Vec<Accepted>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<OrderError>,
}

/// The query of a request that brings orders.
#[derive(Deserialize)]
pub(super) struct AcceptQuery {
    products: Option<String>,
}

/// Takes orders.
pub(super) async fn accept(
    State(app): State<App>,
    Query(query): Query<AcceptQuery>,
    request: Request,
) -> Result<Response, Rejection> {
    // The body is read first: a line that is closed with a body still on it looks broken to the other end.
    let (parts, body) = request.into_parts();
    let body = read_body(&app, body, BODY_BYTES_MAX).await;
    check_token(&app, &parts).await?;
    let body = body.map_err(|_| Rejection::TooLarge)?;
    let orders = read(&body).map_err(|refused| Rejection::Unreadable {
        code: refused.code(),
        reason: refused.to_string(),
    })?;
    if orders.len() > ORDERS_MAX {
        return Err(Rejection::TooLarge);
    }
    let taking = Taking {
        keep_good: true,
        add_products: query.products.as_deref() == Some("add"),
    };
    let (outcomes, _) = app.shop.accept_document(orders, taking).await?;
    let mut answer = Answer {
        results: Vec::new(),
        errors: Vec::new(),
    };
    for outcome in outcomes {
        match outcome {
            Ok(accepted) => answer.results.push(accepted),
            Err(errors) => answer.errors.extend(errors),
        }
    }
    let created = |accepted: &Accepted| accepted.action == Action::Created;
    let status = if !answer.errors.is_empty() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else if answer.results.iter().any(created) {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(answer)).into_response())
}

/// Says where an order stands.
pub(super) async fn standing(
    State(app): State<App>,
    Path((source, id)): Path<(String, String)>,
    request: Request,
) -> Result<Response, Rejection> {
    check_token(&app, &request.into_parts().0).await?;
    let order = order_id(&OrderKey { source, id });
    let found = app
        .shop
        .read(move |ledger| ledger.orders.get(&order).map(standing::of))
        .await?;
    let standing = found.ok_or(Rejection::NotFound)?;
    Ok(Json(standing).into_response())
}

async fn check_token(app: &App, parts: &Parts) -> Result<(), Rejection> {
    let token = parts
        .headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or(Rejection::NoToken)?;
    let hash = token_hash(token.trim().as_bytes());
    let name = app.shop.ask(move |log| log.api_token(hash)).await?;
    match name {
        Some(_) => {
            app.gauge.proven(&parts.extensions, Claim::Program(hash));
            Ok(())
        }
        None => Err(Rejection::NoToken),
    }
}
