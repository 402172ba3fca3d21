//! The description of every route, in the form of OpenAPI 3.1: for whoever connects another program, and for the test
//! that asks the server ten thousand things and holds every answer against it.
//!
//! In: nothing. Out: the file beside this one. Must not: fall behind; `tests/api/routes.rs` compares it with the routes,
//! and every answer it gets with the statuses named here.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};

const TEXT: &str = include_str!("openapi.json");
const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `GET /api/v1/openapi.json`.
pub(super) async fn openapi() -> Response {
    let mut response = TEXT.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}
