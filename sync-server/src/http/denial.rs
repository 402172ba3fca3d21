//! How every refusal looks: a status, and a code that devices match.
//!
//! In: what went wrong. Out: an HTTP answer. Must not: send inner text; that is logged.

use axum::Json;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use domain::event::encode;
use domain::sync::enrol::{DenialCode, Denied};
use serde_json::json;

use crate::ingest::Unavailable;
use crate::ingest::passkeys::Stopped;

/// The type of every message from and to devices.
pub(super) const CBOR: HeaderValue = HeaderValue::from_static("application/cbor");

/// The type of what is packed already.
pub(super) const PACKED: HeaderValue = HeaderValue::from_static("application/gzip");

/// A refused request.
#[derive(Debug)]
pub(super) struct Denial(pub(super) Denied);

impl From<DenialCode> for Denial {
    fn from(code: DenialCode) -> Self {
        Self(code.into())
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

impl From<Stopped> for Denial {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Denied(denied) => denied.into(),
            Stopped::Unavailable(error) => error.into(),
        }
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
        | DenialCode::PasskeyNeeded
        | DenialCode::WrongPasskey
        | DenialCode::NoPasskey
        | DenialCode::Nameless
        | DenialCode::NotApproved
        | DenialCode::Full
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

/// A refusal before anybody has looked what was asked: devices read a code, other programs a word and a reason.
pub(super) fn refused(
    uri: &Uri,
    status: StatusCode,
    code: DenialCode,
    word: &'static str,
    reason: &'static str,
) -> Response {
    let mut response = if uri.path().starts_with("/api/") {
        Json(json!({"errors": [{"field": "", "code": word, "reason": reason}]})).into_response()
    } else {
        Denial::from(code).into_response()
    };
    *response.status_mut() = status;
    response
}

/// A message to a device.
pub(super) fn answer(cbor: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(cbor));
    response.headers_mut().insert(header::CONTENT_TYPE, CBOR);
    response
}
