//! How every refusal looks: a status, and a code that devices match.
//!
//! In: what went wrong. Out: an HTTP answer. Must not: send inner text; that is logged.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::event::encode;
use domain::sync::enrol::{DenialCode, Denied};

use crate::ingest::Unavailable;

/// The type of every message from and to devices.
pub(super) const CBOR: HeaderValue = HeaderValue::from_static("application/cbor");

/// The type of what is packed already.
pub(super) const PACKED: HeaderValue = HeaderValue::from_static("application/gzip");

/// A refused request.
#[derive(Debug)]
pub(super) struct Denial(pub(super) Denied);

impl From<DenialCode> for Denial {
    fn from(code: DenialCode) -> Self {
        Self(Denied {
            code,
            tries_left: None,
        })
    }
}

impl From<Denied> for Denial {
    fn from(denied: Denied) -> Self {
        Self(denied)
    }
}

impl From<Unavailable> for Denial {
    fn from(error: Unavailable) -> Self {
        tracing::error!(%error, "a request could not be answered");
        DenialCode::Unavailable.into()
    }
}

/// The status that goes with a code.
pub(super) fn status(code: DenialCode) -> StatusCode {
    match code {
        DenialCode::Unreadable => StatusCode::BAD_REQUEST,
        DenialCode::UnknownDevice => StatusCode::UNAUTHORIZED,
        DenialCode::RevokedDevice
        | DenialCode::WrongCode
        | DenialCode::WrongPin
        | DenialCode::OutOfScope
        | DenialCode::UnknownActor => StatusCode::FORBIDDEN,
        DenialCode::Locked => StatusCode::LOCKED,
        DenialCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        DenialCode::Replayed => StatusCode::CONFLICT,
        DenialCode::NotFound => StatusCode::NOT_FOUND,
        DenialCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        let mut response = answer(encode(&self.0));
        *response.status_mut() = status(self.0.code);
        response
    }
}

/// A message to a device.
pub(super) fn answer(cbor: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(cbor));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, CBOR);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
