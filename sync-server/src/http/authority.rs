//! The certificate of the shop's own authority, to be installed on a tablet.
//!
//! In: nothing. Out: the certificate. Must not: say anything else of TLS.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};

use super::App;
use crate::tls::Certificates;

/// Where it is.
pub(super) const PATH: &str = "/authority.crt";
/// With this type tablets offer to install it.
const TYPE: HeaderValue = HeaderValue::from_static("application/x-x509-ca-cert");

/// `GET /authority.crt`.
pub(super) async fn certificate(State(app): State<App>) -> Response {
    match &app.certificates {
        Some(certificates) => answer(certificates),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// The certificate, where the shop has an authority of its own.
pub(super) fn answer(certificates: &Certificates) -> Response {
    let Some(der) = certificates.authority() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mut response = Response::new(Body::from(der));
    response.headers_mut().insert(header::CONTENT_TYPE, TYPE);
    response
}
