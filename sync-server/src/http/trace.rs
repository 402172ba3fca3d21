//! One line per request.
//!
//! In: a request and its answer. Out: method, path, status, milliseconds. Must not: write a query, a header or
//! a body; they may name a person.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

/// Notes what became of a request.
pub(super) async fn request(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let ms = begun.elapsed().as_millis();
    let status = response.status().as_u16();
    // Paths of orders at other systems hold their identifiers, which are not ours to spread.
    let path = if path.starts_with("/api/") {
        "/api/"
    } else {
        path.as_str()
    };
    tracing::debug!(%method, path, status, ms, "request");
    response
}
